//! Libraries that do nothing unless code names them: who names them (`rules/catalog/libraries.yaml`).

use std::sync::LazyLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::compile::matches;
use super::model::OneOrMany;
use super::site::{Fact, Site};
use crate::facts::code::{CodeFacts, ExprKind, Literal};
use crate::facts::{Body, FileFacts};
use crate::link::Linked;
use crate::source::{FileIx, Role};
use crate::text::{Name, Span};
use crate::units::UnitIx;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    of: Vec<String>,
    packages: Vec<String>,
    /// Beside one of these it acts by being there.
    #[serde(default)]
    beside: Vec<String>,
    /// It acts by being there, in a program; a library of the tree that names none of it only hands it on.
    #[serde(default)]
    acts: bool,
}

/// An entry, its patterns ready to match.
#[derive(Debug)]
struct Known {
    of: OneOrMany,
    packages: Vec<String>,
    beside: OneOrMany,
    acts: bool,
}

static ENTRIES: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let json = include_str!(concat!(env!("OUT_DIR"), "/catalog/libraries.json"));
    let read: Vec<Entry> = serde_json::from_str(json).unwrap_or_default();
    let many = OneOrMany::Many;
    let known = |e: Entry| Known { of: many(e.of), packages: e.packages, beside: many(e.beside), acts: e.acts };
    read.into_iter().map(known).collect()
});

/// What is known of a library at a line of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its code names it, or nobody can tell.
    Named,
    /// No code of this module names it, and a module that it is made of declares it too: there.
    Declared(FileIx, Span),
    /// No code of this module, of what it is made of, or of what is made of it names it.
    Unnamed,
}

/// For each library of the catalogue the units whose files name it.
#[derive(Debug, Default)]
pub(super) struct Libraries {
    named: FxHashSet<(usize, UnitIx)>,
    /// Units of Java code alone: who names a library can be told.
    told: FxHashSet<UnitIx>,
    of: FxHashMap<Name, usize>,
}

impl Libraries {
    /// Looks over all files once, if a unit has a library of the catalogue.
    pub(super) fn new(linked: &Linked<'_>, facts: &[FileFacts]) -> Self {
        let mut of = FxHashMap::default();
        for (_, unit) in linked.units.iter() {
            for d in unit.dependencies.iter().filter(|d| d.declared && d.scope.ships()) {
                if of.contains_key(&d.coordinate) {
                    continue;
                }
                if let Some(ix) = ENTRIES.iter().position(|e| matches(&e.of, &d.coordinate)) {
                    of.insert(d.coordinate, ix);
                }
            }
        }
        if of.is_empty() {
            return Self::default();
        }
        // By the first segment, of which there are few.
        let mut heads: FxHashMap<&str, Vec<(usize, &str)>> = FxHashMap::default();
        let mut known: Vec<usize> = of.values().copied().collect();
        known.sort_unstable();
        known.dedup();
        for ix in known {
            for package in &ENTRIES[ix].packages {
                heads.entry(head(package)).or_default().push((ix, package));
            }
        }
        let named = (0..facts.len())
            .into_par_iter()
            .filter_map(|i| Some((FileIx(i as u32), linked.unit(FileIx(i as u32))?)))
            .filter(|(file, _)| linked.workspace[*file].role == Role::Main)
            .flat_map_iter(|(file, unit)| {
                let mut out = FxHashSet::default();
                let mut see = |text: &str| {
                    for (ix, package) in heads.get(head(text)).into_iter().flatten() {
                        if text.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
                            out.insert((*ix, unit));
                        }
                    }
                };
                match linked.facts(file) {
                    Some(code) => names(code, &mut see),
                    None => {
                        if let Body::Settings(settings) = &facts[file.0 as usize].body {
                            settings.settings.iter().for_each(|s| see(s.value.trim()));
                        }
                    }
                }
                out
            })
            .collect();
        let told = linked.units.iter().filter(|(_, u)| u.files > 0 && u.languages == ["java"]).map(|(ix, _)| ix);
        Self { named, told: told.collect(), of }
    }

    /// Does code of the unit name the library? None where that cannot be told.
    pub(super) fn is_named(&self, unit: UnitIx, coordinate: Name) -> Option<bool> {
        let entry = self.of.get(&coordinate)?;
        let named = self.named.contains(&(*entry, unit));
        (named || self.told.contains(&unit)).then_some(named)
    }

    /// How the library at a line of a manifest stands.
    pub(super) fn standing(&self, linked: &Linked<'_>, site: &Site) -> Standing {
        let Fact::Dependency(unit, ix) = site.fact else { return Standing::Named };
        let dependency = &linked.units[unit].dependencies[ix as usize];
        let Some(entry) = self.of.get(&dependency.coordinate).copied().filter(|_| dependency.declared) else {
            return Standing::Named;
        };
        if ENTRIES[entry].acts {
            return Standing::Named;
        }
        // The module that declares it; what a parent declares is each module's own.
        let origin = linked.unit(dependency.file).filter(|o| linked.units[unit].libraries.contains(o)).unwrap_or(unit);
        let names = |unit: UnitIx| self.named.contains(&(entry, unit)) || !self.told.contains(&unit);
        let beside = &ENTRIES[entry].beside;
        let woken = |unit: UnitIx| linked.units[unit].dependencies.iter().any(|d| matches(beside, &d.coordinate));
        if names(origin) || woken(origin) || woken(unit) {
            return Standing::Named;
        }
        let below = &linked.units[origin].libraries;
        let there = below.iter().filter(|l| linked.units[**l].files > 0).find_map(|l| {
            let own = |d: &&crate::units::Dependency| d.coordinate == dependency.coordinate && d.scope.ships();
            let found = linked.units[*l].dependencies.iter().find(own)?;
            (linked.unit(found.file) == Some(*l) && found.file != dependency.file).then_some((found.file, found.span))
        });
        if let Some((file, span)) = there {
            return Standing::Declared(file, span);
        }
        let empty = |unit: &UnitIx| linked.units[*unit].files == 0;
        let above = linked.units.iter().filter(|(_, u)| u.libraries.contains(&origin)).map(|(ix, _)| ix);
        if below.iter().copied().chain(above).filter(|u| !empty(u)).any(names) {
            return Standing::Named;
        }
        Standing::Unnamed
    }
}

fn head(text: &str) -> &str {
    text.split('.').next().unwrap_or(text)
}

/// What code names: imports, full names in text.
fn names(code: &CodeFacts, see: &mut dyn FnMut(&str)) {
    code.imports.iter().for_each(|import| see(&import.path));
    for expr in &code.exprs {
        if let ExprKind::Literal(Literal::Text(text)) = &expr.kind {
            see(text);
        }
    }
}
