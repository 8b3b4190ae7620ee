//! Units: what is deployed, what is shared, and what each of them brings along.
//!
//! [`group`] reads top to bottom: candidates, their code and packaging, dependencies, deployments,
//! kinds, settings.

mod candidates;
mod cargo;
mod dependencies;
mod deploy;
mod exact;
mod gradle;
mod images;
mod input;
mod kind;
mod maven;
pub mod model;
mod other;
mod packaging;
mod paths;
mod runtime;
mod settings;
mod starters;
mod starts;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::FileFacts;
use crate::source::{FileIx, FileKind, Role, Workspace};
use input::{Build, Draft, Input};

pub use crate::config::{AddUnit, JoinUnits, RenameUnit, UnitsConfig};
pub use model::{Dependency, EffectiveSetting, Evidence, Runtime, Scope, Unit, UnitIx, UnitKind, Units};

/// Is this the image of a store, a proxy or a tool rather than of a service?
pub fn is_infra_image(image: &str) -> bool {
    starters::infra_image(image).is_some()
}

/// Groups the files of a workspace into units. `facts` are parallel to `workspace.files`.
pub fn group(workspace: &Workspace, facts: &[FileFacts], config: &UnitsConfig) -> Units {
    let input = Input::new(workspace, facts);
    let maven = maven::Maven::new(&input);
    let gradle = gradle::Gradle::new(&input);
    let cargo = cargo::Cargo::new(&input);

    let mut drafts = candidates::from_manifests(&input, &maven, &gradle, config);
    count_files(&input, &mut drafts);
    candidates::add_deployments(&input, &mut drafts, &|file, drafts| images::covers(&input, file, drafts, &cargo));
    let removed: FxHashSet<String> = config.remove.iter().map(|d| paths::normal(d)).collect();
    drafts.retain(|d| !removed.contains(&d.dir));
    let mut packed: Vec<_> = drafts.iter().map(|d| packaging::read(&input, d, &maven, &gradle)).collect();
    let names = bin_names(&drafts, &cargo);
    let deployed = deploy::attribute(&input, &mut drafts, &mut packed, &names);
    count_files(&input, &mut drafts);
    name_units(&mut drafts, config);

    let graph = dependencies::Graph::new(&input, &drafts, &maven, &gradle, &cargo);
    let effective: Vec<_> = drafts
        .par_iter()
        .enumerate()
        .map(|(i, draft)| graph.effective(i, &drafts, &images::cargo_features(&input, draft)))
        .collect();

    let unit_of = files_to_units(&input, &drafts, config);
    let signs = read_signs(&input, &drafts, &unit_of, &cargo, &effective);
    let is_harness = |i: usize| kind::is_test_name(&drafts[i].dir, &drafts[i].name);
    let dependents = graph.dependents(&|i| !is_harness(i) && !drafts[i].groups);
    let tested_with = graph.tested_with();
    let files = settings::Files::new(&input, &drafts, &unit_of);

    let libraries: Vec<Vec<usize>> =
        effective.iter().map(|e| e.libraries.iter().map(|u| u.0 as usize).collect()).collect();
    let mut all = Vec::with_capacity(drafts.len());
    for (i, (mut draft, effective)) in drafts.into_iter().zip(effective).enumerate() {
        let (infra_image, image_kind) = images::infra(&input, &draft).unzip();
        let case = kind::Case {
            signs: &signs[i],
            packaging: &packed[i],
            has_bins: matches!(draft.build, Build::Cargo(manifest) if !cargo.bins(manifest).is_empty()),
            dependents: dependents[i],
            only_for_tests: dependents[i] == 0 && tested_with[i],
            is_cargo: matches!(draft.build, Build::Cargo(_)),
            static_image: image_kind == Some(starters::InfraImage::Proxy) && images::hands_out_files(&input, &draft),
            infra_image,
            workload: deployed[i].workload.clone(),
            job: deployed[i].job.clone(),
            function: deployed[i].function.clone(),
            lambda_crate: lambda_crate(&effective.dependencies),
            left_out: is_left_out(&draft, &maven, &cargo, &input),
            batch_only: is_batch_only(&effective.dependencies),
            other: other::signs(&input, &draft),
            tests_others: images::tests_others(&input, &draft),
            draft: &draft,
        };
        let (decided, because) = kind::decide(&case);
        let runtime =
            runtime::read(&draft, &effective.dependencies, &signs[i], deployed[i].function.is_some(), &maven, &gradle);
        let kind = draft.kind.unwrap_or(decided);
        match draft.kind {
            Some(_) => draft.evidence.extend(deployed[i].job.clone().or(deployed[i].workload.clone())),
            None => draft.evidence.extend(because),
        }
        draft.evidence.extend(graph.evidence(i).iter().cloned());
        all.push(Unit {
            dir: if draft.dir.is_empty() { Arc::from(".") } else { Arc::from(draft.dir.as_str()) },
            name: draft.name,
            kind,
            languages: draft.languages.iter().map(|(l, _)| *l).collect(),
            evidence: draft.evidence,
            manifest: draft.manifest,
            settings: files.effective(i, &libraries[i], &deployed[i].variables),
            dependencies: effective.dependencies,
            libraries: effective.libraries,
            containers: draft.containers,
            objects: draft.objects,
            runtime,
            files: draft.files,
            test_files: draft.test_files,
        });
    }
    let of_file = unit_of.iter().map(|u| u.map(|u| UnitIx(u as u32))).collect();
    Units { all, of_file }
}

/// Sorts, names, and makes names unique.
fn name_units(drafts: &mut [Draft], config: &UnitsConfig) {
    for draft in drafts.iter_mut() {
        if draft.name.is_empty() || draft.name.contains("${") {
            let base = paths::base(&draft.dir);
            draft.name = if base.is_empty() { "root".to_string() } else { base.to_string() };
        }
        if let Some(rename) = config.rename.iter().find(|r| paths::normal(&r.dir) == draft.dir) {
            draft.name.clone_from(&rename.name);
        }
    }
    let mut count: FxHashMap<String, u32> = FxHashMap::default();
    for draft in drafts.iter() {
        *count.entry(draft.name.clone()).or_default() += 1;
    }
    for draft in drafts.iter_mut() {
        if count.get(&draft.name).is_some_and(|n| *n > 1) {
            let dir = if draft.dir.is_empty() { "." } else { &draft.dir };
            draft.name = format!("{} ({dir})", draft.name);
        }
    }
}

/// The unit of each file: the nearest directory above that is a unit, joins applied.
fn files_to_units(input: &Input<'_>, drafts: &[Draft], config: &UnitsConfig) -> Vec<Option<usize>> {
    let dirs = candidates::Dirs::new(drafts);
    let joins: Vec<(String, Option<usize>)> = config
        .join
        .iter()
        .flat_map(|j| j.dirs.iter().map(|d| (paths::normal(d), dirs.at(&paths::normal(&j.into)))))
        .collect();
    let mut memo: FxHashMap<&str, Option<usize>> = FxHashMap::default();
    let find = |dir: &str| {
        let joined = joins.iter().find(|(from, into)| into.is_some() && paths::within(dir, from));
        joined.and_then(|(_, into)| *into).or_else(|| dirs.above(dir))
    };
    input
        .workspace
        .files
        .iter()
        .map(|file| {
            let dir = paths::parent(&file.path);
            *memo.entry(dir).or_insert_with(|| find(dir))
        })
        .collect()
}

/// Counts source files by language for every unit.
fn count_files(input: &Input<'_>, drafts: &mut [Draft]) {
    let dirs = candidates::Dirs::new(drafts);
    let mut languages: Vec<BTreeMap<&'static str, u32>> = vec![BTreeMap::new(); drafts.len()];
    for draft in drafts.iter_mut() {
        (draft.files, draft.test_files) = (0, 0);
    }
    for (_, file, _) in input.files() {
        let language = match file.kind {
            FileKind::Java => "java",
            FileKind::Rust => "rust",
            _ => continue,
        };
        let Some(unit) = dirs.above(paths::parent(&file.path)) else { continue };
        match file.role {
            Role::Test => drafts[unit].test_files += 1,
            Role::Vendored => {}
            _ => {
                drafts[unit].files += 1;
                *languages[unit].entry(language).or_default() += 1;
            }
        }
    }
    for (dir, language, count) in &input.workspace.unread {
        let dir = if &**dir == "." { "" } else { dir };
        let Some(unit) = dirs.above(dir) else { continue };
        drafts[unit].files += count;
        *languages[unit].entry(language).or_default() += count;
    }
    for (draft, languages) in drafts.iter_mut().zip(languages) {
        draft.languages = languages.into_iter().collect();
        draft.languages.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    }
}

/// Binary names of packages, by which images may call them.
fn bin_names(drafts: &[Draft], cargo: &cargo::Cargo<'_>) -> Vec<(usize, String)> {
    let bins = drafts.iter().enumerate().filter_map(|(i, d)| match d.build {
        Build::Cargo(manifest) => Some((i, cargo.bins(manifest))),
        _ => None,
    });
    bins.flat_map(|(i, bins)| bins.into_iter().map(move |(name, _)| (i, name))).collect()
}

/// The signs of the code, main functions followed into what they call.
fn read_signs(
    input: &Input<'_>,
    drafts: &[Draft],
    unit_of: &[Option<usize>],
    cargo: &cargo::Cargo<'_>,
    effective: &[dependencies::Effective],
) -> Vec<starts::Signs> {
    let mut bins: FxHashMap<FileIx, String> = FxHashMap::default();
    for draft in drafts {
        if let Build::Cargo(manifest) = draft.build {
            bins.extend(cargo.bins(manifest).into_iter().map(|(name, file)| (file, name)));
        }
    }
    let mut signs = starts::read(input, unit_of, drafts.len(), &bins);
    let callables = starts::Callables::new(input, unit_of);
    signs.par_iter_mut().enumerate().for_each(|(i, signs)| {
        let closure: FxHashSet<usize> =
            effective[i].libraries.iter().map(|u| u.0 as usize).chain(std::iter::once(i)).collect();
        let starts::Signs { mains, lambda, .. } = signs;
        for main in mains.iter_mut() {
            callables.follow(main, &closure, lambda);
        }
    });
    signs
}

/// The package's own dependency on a crate that runs Lambda functions.
fn lambda_crate(dependencies: &[Dependency]) -> Option<Evidence> {
    let crates = ["cargo:lambda_runtime", "cargo:lambda_http", "cargo:lambda-extension", "cargo:lambda_extension"];
    let own = |d: &&Dependency| d.declared && d.via.is_empty() && d.scope.ships();
    let found = dependencies.iter().filter(own).find(|d| crates.contains(&d.coordinate.as_str()))?;
    let what = format!("depends on {}", found.coordinate.trim_start_matches("cargo:"));
    Some(Evidence { what, file: Some(found.file), span: Some(found.span) })
}

/// Left out by the build around it: no module of the aggregator above, or excluded from the workspace.
fn is_left_out(draft: &Draft, maven: &maven::Maven<'_>, cargo: &cargo::Cargo<'_>, input: &Input<'_>) -> bool {
    match draft.build {
        Build::Maven(_) => {
            let aggregators = paths::ancestors(&draft.dir).skip(1).filter_map(|dir| {
                let pom = input.maven(input.find(&paths::join(dir, "pom.xml")?)?)?;
                let names_modules = !pom.modules.is_empty() || pom.profiles.iter().any(|p| !p.modules.is_empty());
                Some((dir, names_modules))
            });
            let above: Vec<_> = aggregators.filter(|(_, names)| *names).collect();
            !above.is_empty() && !maven.is_module(&draft.dir)
        }
        Build::Cargo(manifest) => cargo.is_left_out(manifest),
        _ => false,
    }
}

/// Spring Batch or Cloud Task and no web layer: it runs and ends.
fn is_batch_only(dependencies: &[Dependency]) -> bool {
    let ships = |prefix: &str| runtime::ships(dependencies, prefix);
    let batch = [
        "org.springframework.boot:spring-boot-starter-batch",
        "org.springframework.batch:",
        "org.springframework.cloud:spring-cloud-starter-task",
    ];
    let serves = [
        "org.springframework:spring-webmvc",
        "org.springframework:spring-webflux",
        "org.springframework.kafka:",
        "org.springframework.amqp:",
        "org.springframework:spring-jms",
        "org.springframework.boot:spring-boot-starter-quartz",
    ];
    batch.iter().any(|b| ships(b)) && !serves.iter().any(|s| ships(s))
}
