//! Component scans: which classes of a library the container of a service finds by itself.

use rustc_hash::FxHashMap;

use super::types::{Sym, TypeId};
use super::{Linked, glob};
use crate::facts::code::{Annotation, ExprKind, Target, TypeIx};
use crate::facts::{Body, CodeFacts, FileFacts};
use crate::source::FileIx;
use crate::text::Name;
use crate::units::UnitIx;

/// A class that a container may pick up.
pub(super) struct Pick {
    pub(super) ty: TypeId,
    package: Name,
    found: Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// By anyone: `@Path`, `@WebServlet`, an auto-configuration.
    Always,
    /// By a scan of its package.
    ByScan,
    /// When nothing tells how: a servlet, a runner without an annotation.
    WhenUnsure,
}

/// The classes of these files that a container may pick up.
pub(super) fn picks(linked: &Linked<'_>, files: &[FileIx]) -> Vec<Pick> {
    let mut out = Vec::new();
    for file in files {
        let Some(facts) = linked.facts(*file) else { continue };
        for i in 0..facts.types.len() {
            let ix = TypeIx(i as u32);
            if let Some(found) = found(linked, *file, facts, ix) {
                out.push(Pick { ty: linked.types.id(*file, ix), package: facts.package, found });
            }
        }
    }
    out
}

fn found(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, ix: TypeIx) -> Option<Found> {
    let catalog = linked.catalog;
    let annotations = linked.annotations_on(file, Target::Type(ix));
    let named = |part: &str| annotations.iter().any(|a| a.last_segment().contains(part));
    // An auto-configuration is named in a file of META-INF; its own marks show it.
    if named("AutoConfigur") || named("ConditionalOn") || facts[ix].name.ends_with("AutoConfiguration") {
        return Some(Found::Always);
    }
    let marks = annotations.iter().filter(|a| {
        catalog.singleton_annotations.contains(a)
            || catalog.request_classes.contains(a)
            || catalog.not_shared_annotations.contains(a)
    });
    let mut spring = false;
    for mark in marks {
        if !mark.starts_with("org.springframework.") {
            return Some(Found::Always);
        }
        spring = true;
    }
    if spring {
        return Some(Found::ByScan);
    }
    linked.is_singleton_by_itself(file, ix).then_some(Found::WhenUnsure)
}

/// What Spring loads by its name in a file of `META-INF`, by the unit of that file. Other keys are loaded only by
/// those who ask for them.
pub(super) fn registered(linked: &Linked<'_>, facts: &[FileFacts]) -> FxHashMap<UnitIx, Vec<TypeId>> {
    let mut out: FxHashMap<UnitIx, Vec<TypeId>> = FxHashMap::default();
    for (i, facts) in facts.iter().enumerate() {
        let (Body::Registrations(all), Some(unit)) = (&facts.body, linked.unit(FileIx(i as u32))) else { continue };
        for registration in all.iter().filter(|r| r.by.starts_with("org.springframework.")) {
            let types = named(linked, &registration.class);
            // Of several classes of one name the unit's own, else all: its libraries decide.
            let own: Vec<TypeId> = types.iter().copied().filter(|t| linked.types[*t].unit == Some(unit)).collect();
            out.entry(unit).or_default().extend(if own.is_empty() { types } else { own });
        }
    }
    out
}

/// The declared types with this fully-qualified name.
fn named(linked: &Linked<'_>, fqn: &str) -> Vec<TypeId> {
    let mut end = fqn.len();
    // `a.b.Outer.Inner`: the package ends where a top-level type is found.
    while let Some((package, rest)) = fqn[..end].rsplit_once('.') {
        let mut found = linked.types.top(Name::new(package), Name::new(rest)).to_vec();
        if !found.is_empty() {
            for nested in fqn[end..].split('.').filter(|n| !n.is_empty()) {
                found = found.iter().filter_map(|t| linked.types.nested(*t, Name::new(nested))).collect();
            }
            return found;
        }
        end = package.len();
    }
    Vec::new()
}

/// The packages that a service's container scans.
#[derive(Default)]
pub(super) struct Packages {
    /// There is a scan that we can read.
    known: bool,
    /// Something else adds beans: XML, a computed package.
    unsure: bool,
    patterns: Vec<String>,
}

impl Packages {
    /// Does the container find it?
    pub(super) fn see(&self, pick: &Pick) -> bool {
        let unsure = self.unsure || !self.known;
        match pick.found {
            Found::Always => true,
            Found::WhenUnsure => unsure,
            Found::ByScan => unsure || self.patterns.iter().any(|p| within(p, &pick.package)),
        }
    }

    /// Adds what an annotation of the service says.
    pub(super) fn read(&mut self, linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, annotation: &Annotation) {
        let simple = annotation.name.last_segment();
        let scans = simple.ends_with("Scan") || simple.ends_with("Scans");
        let application =
            matches!(simple, "SpringBootApplication" | "SpringCloudApplication") || simple == "ComponentScan";
        self.unsure |= matches!(simple, "ImportResource" | "ImportSelector");
        let mut named = false;
        for (key, value) in &annotation.args {
            let by_text =
                matches!(key.as_str(), "basePackages" | "scanBasePackages") || scans && key.as_str() == "value";
            let by_class = matches!(key.as_str(), "basePackageClasses" | "scanBasePackageClasses");
            if by_class && let ExprKind::ClassLiteral(ty) = &facts[*value].kind {
                let around = around(linked, file, annotation.target);
                let of_type = linked.resolve_name(file, around, ty.name).map(|sym| package(linked, sym));
                self.patterns.push(of_type.unwrap_or(facts.package).to_string());
                named = true;
            } else if by_text {
                match linked.constant(file, *value) {
                    Some(text) => {
                        let parts = text.split([',', ';', ' ']).filter(|p| !p.is_empty());
                        self.patterns.extend(parts.map(|p| p.trim_end_matches(".**").to_owned()));
                    }
                    None => self.unsure = true,
                }
                named = true;
            }
        }
        if application {
            self.known = true;
            if !named {
                self.patterns.push(facts.package.to_string());
            }
        }
    }
}

fn package(linked: &Linked<'_>, sym: Sym) -> Name {
    match sym {
        Sym::Here(id) => linked.facts(linked.types[id].file).map_or_else(Name::default, |f| f.package),
        Sym::Outside(name) => name.rsplit_once('.').map_or_else(Name::default, |(package, _)| Name::new(package)),
    }
}

fn within(pattern: &str, package: &str) -> bool {
    if pattern.is_empty() || pattern.contains('$') {
        return true;
    }
    if pattern.contains('*') {
        return glob(pattern, package) || glob(&format!("{pattern}.*"), package);
    }
    package.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The declared type around an annotation's place.
pub(super) fn around(linked: &Linked<'_>, file: FileIx, target: Target) -> Option<TypeIx> {
    let facts = linked.facts(file)?;
    match target {
        Target::Type(ty) => Some(ty),
        Target::Callable(c) => linked.type_of_callable(file, c),
        Target::Field(field) => facts[field].owner,
        Target::Local(local) => linked.type_of_callable(file, facts[local].callable),
        Target::Annotation(_) | Target::File => None,
    }
}
