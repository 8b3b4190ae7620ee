//! What of the model's inputs stands in code and deployment: beans, classes, entities, options.

use crate::facts::Body;
use crate::facts::FileFacts;
use crate::facts::code::{CodeFacts, Target, TypeIx, TypeKind};
use crate::facts::deploy::ObjectSource;
use crate::link::Linked;
use crate::source::{FileIx, Role};
use crate::units::UnitIx;

use super::model::Case;

/// Sums over the files of a unit and over the classes of libraries that it reaches.
pub(super) fn count(linked: &Linked<'_>, files: &[Vec<FileIx>], unit: UnitIx, case: &mut Case) {
    for of in std::iter::once(unit).chain(linked.units[unit].libraries.iter().copied()) {
        for file in &files[of.0 as usize] {
            let Some(facts) = linked.facts(*file) else { continue };
            for i in 0..facts.types.len() {
                let ix = TypeIx(i as u32);
                if of == unit || linked.reaches_type(unit, *file, ix) {
                    count_type(linked, *file, facts, ix, case);
                }
            }
        }
    }
}

fn count_type(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, ix: TypeIx, case: &mut Case) {
    let decl = &facts[ix];
    if decl.name.is_empty() || decl.kind == TypeKind::AnnotationType {
        return;
    }
    case.types += 1;
    // Files without annotations are the most.
    if facts.annotations.is_empty() {
        return;
    }
    let on_type = linked.annotations_on(file, Target::Type(ix));
    case.beans += u32::from(on_type.iter().any(|a| linked.catalog.singleton_annotations.contains(a)));
    case.entities += u32::from(on_type.iter().any(|a| a.ends_with(".persistence.Entity")));
}

/// `@Bean` methods of a unit's files, one pass per file.
pub(super) fn bean_methods(linked: &Linked<'_>, file: FileIx, reached: &dyn Fn(TypeIx) -> bool) -> u32 {
    let Some(facts) = linked.facts(file) else { return 0 };
    let mut methods: Vec<_> = facts
        .annotations
        .iter()
        .filter_map(|a| match a.target {
            Target::Callable(c) => Some((c, a.name)),
            _ => None,
        })
        .filter(|(c, name)| {
            let owner = facts[*c].owner;
            owner.is_some_and(reached)
                && linked
                    .resolve_name(file, owner, *name)
                    .is_some_and(|sym| linked.catalog.bean_method_annotations.contains(&linked.types.name(sym)))
        })
        .map(|(c, _)| c)
        .collect();
    methods.dedup();
    methods.len() as u32
}

/// The Java files of each unit that run in production.
pub(super) fn java_files(linked: &Linked<'_>) -> Vec<Vec<FileIx>> {
    let mut out = vec![Vec::new(); linked.units.all.len()];
    for (i, file) in linked.workspace.files.iter().enumerate() {
        let ix = FileIx(i as u32);
        let counts = matches!(file.role, Role::Main | Role::Generated) && linked.facts(ix).is_some();
        if let Some(unit) = linked.unit(ix).filter(|_| counts && linked.is_java(ix)) {
            out[unit.0 as usize].push(ix);
        }
    }
    out
}

/// Storage that SnapStart does not go with.
#[derive(Default)]
pub(super) struct Storage {
    pub(super) shared: Option<String>,
    pub(super) large_tmp: Option<String>,
}

/// Reads Dockerfiles and deployment objects of a unit.
pub(super) fn deployment(linked: &Linked<'_>, facts: &[FileFacts], unit: UnitIx, case: &mut Case) -> Storage {
    let unit = &linked.units[unit];
    let mut storage = Storage::default();
    case.image = !unit.containers.is_empty();
    for file in &unit.containers {
        let Some(Body::Container(container)) = facts.get(file.0 as usize).map(|f| &f.body) else { continue };
        for stage in &container.stages {
            case.native |= stage.image.contains("native");
            for instruction in &stage.instructions {
                case.c1 |= instruction.text.contains("TieredStopAtLevel=1");
                case.native |= ["native-image", "-Pnative", "-Dnative", "nativeCompile"]
                    .iter()
                    .any(|sign| instruction.text.contains(sign));
            }
        }
    }
    for (file, ix) in &unit.objects {
        let Some(Body::Objects(objects)) = facts.get(file.0 as usize).map(|f| &f.body) else { continue };
        let Some(object) = objects.get(*ix as usize) else { continue };
        for entry in &object.entries {
            case.c1 |= entry.value.contains("TieredStopAtLevel=1");
            let key = entry.key.to_ascii_lowercase();
            let last = key.rsplit('.').next().unwrap_or_default();
            let name = last.split('[').next().unwrap_or_default();
            if name == "claimname" || key.contains("filesystemconfigs") || key.contains("filesystemconfig.") {
                storage.shared.get_or_insert_with(|| entry.key.to_string());
            }
            if object.source != ObjectSource::Serverless {
                continue;
            }
            let number = entry.value.trim().parse::<f64>().ok();
            match (name, number) {
                ("memorysize", Some(mb)) if mb >= 128.0 => case.memory_mb = Some(mb),
                ("ephemeralstoragesize", Some(mb)) if mb > 512.0 => storage.large_tmp = Some(entry.value.clone()),
                ("size", Some(mb)) if key.contains("ephemeralstorage") && mb > 512.0 => {
                    storage.large_tmp = Some(entry.value.clone());
                }
                ("architectures" | "architecture", _) => case.arm |= entry.value == "arm64",
                ("packagetype", _) => case.image |= entry.value == "Image",
                _ => {}
            }
        }
    }
    storage
}
