//! Cold starts: what each service needs before its first answer, plain and restored from a snapshot.

mod coefficients;
mod count;
mod model;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub use coefficients::{ColdStartData, Table};
pub use model::{Case, ColdTerm, Estimate, estimate};

use crate::facts::FileFacts;
use crate::findings::Finding;
use crate::link::Linked;
use crate::rules::eval::Match;
use crate::rules::model::{Rule, Severity};
use crate::source::FileIx;
use crate::units::{Unit, UnitIx};

/// An estimate, and what stands against SnapStart.
#[derive(Clone, Debug, Default)]
pub struct ColdStart {
    pub estimate: Estimate,
    pub obstacles: Vec<String>,
}

/// What estimates are made of.
pub struct ColdSources<'a, 'w> {
    pub rules: &'a [Rule],
    pub linked: &'a Linked<'w>,
    pub facts: &'a [FileFacts],
    pub matches: &'a [Match],
    pub findings: &'a [Finding],
    pub data: &'a ColdStartData,
}

/// Estimates by unit; none for what is not assessed, or neither Java nor Rust.
pub fn cold_starts(sources: &ColdSources<'_, '_>) -> Vec<Option<ColdStart>> {
    let linked = sources.linked;
    let table = Table::new(sources.data);
    let files = count::java_files(linked);
    let carried = carried(sources);
    let hooked = hooked(sources);
    let units: Vec<(UnitIx, &Unit)> = linked.units.iter().collect();
    units.par_iter().map(|(ix, unit)| of_unit(sources, &table, &files, &carried, &hooked, *ix, unit)).collect()
}

fn of_unit(
    sources: &ColdSources<'_, '_>,
    table: &Table<'_>,
    files: &[Vec<FileIx>],
    carried: &[BTreeMap<&str, usize>],
    hooked: &BTreeSet<UnitIx>,
    ix: UnitIx,
    unit: &Unit,
) -> Option<ColdStart> {
    let jvm = is_jvm(unit);
    let rust = !jvm && unit.languages.first() == Some(&"rust");
    if !unit.kind.is_assessed() || !unit.is_analysed() || !(jvm || rust) {
        return None;
    }
    let linked = sources.linked;
    let ships = unit.dependencies.iter().filter(|d| d.scope.ships());
    let web = unit.runtime.web.as_str();
    let met = &carried[ix.0 as usize];
    let mut case = Case {
        libraries: ships.clone().filter(|d| !d.exact).map(|d| d.coordinate.to_string()).collect(),
        resolved: ships.filter(|d| d.exact).map(|d| d.coordinate.to_string()).collect(),
        java: unit.runtime.java_in_use(),
        rust,
        lazy: met.contains_key("spring-context-in-handler"),
        primed: hooked.contains(&ix) || unit.libraries.iter().any(|library| hooked.contains(library)),
        web: !matches!(web, "" | "none"),
        ..Case::default()
    };
    if jvm {
        count::count(linked, files, ix, &mut case);
        let units = std::iter::once(ix).chain(unit.libraries.iter().copied());
        for file in units.flat_map(|u| &files[u.0 as usize]) {
            case.beans += count::bean_methods(linked, *file, &|ty| linked.reaches_type(ix, *file, ty));
        }
    }
    let storage = count::deployment(linked, sources.facts, ix, &mut case);
    let estimate = estimate(sources.data, table, &case);
    let obstacles = obstacles(sources, &case, &storage, met);
    Some(ColdStart { estimate, obstacles })
}

/// A unit without sources of its own is judged by what it ships.
fn is_jvm(unit: &Unit) -> bool {
    match unit.languages.first() {
        Some(first) => matches!(*first, "java" | "kotlin" | "scala" | "groovy"),
        None => unit.dependencies.iter().any(|d| d.scope.ships() && !d.coordinate.starts_with("cargo:")),
    }
}

/// By unit, how many findings of each rule weigh on it.
fn carried<'a>(sources: &ColdSources<'a, '_>) -> Vec<BTreeMap<&'a str, usize>> {
    let mut out = vec![BTreeMap::new(); sources.linked.units.all.len()];
    for finding in sources.findings.iter().filter(|f| !f.dead && f.suppressed.is_none()) {
        let id = sources.rules[finding.rule].id.as_str();
        // A constructor that only assigns is information, no obstacle.
        if finding.severity == Severity::Info && id == "bean-constructor-work" {
            continue;
        }
        for carrier in &finding.carriers {
            *out[carrier.0 as usize].entry(id).or_default() += 1;
        }
    }
    out
}

/// Units with hooks for checkpoint and restore.
fn hooked(sources: &ColdSources<'_, '_>) -> BTreeSet<UnitIx> {
    let hook = sources.rules.iter().position(|r| r.id == "snapstart-hook");
    sources.matches.iter().filter(|m| Some(m.rule) == hook).filter_map(|m| m.site.unit).collect()
}

fn obstacles(
    sources: &ColdSources<'_, '_>,
    case: &Case,
    storage: &count::Storage,
    met: &BTreeMap<&str, usize>,
) -> Vec<String> {
    let min = sources.data.snapstart.min_java;
    if case.rust {
        return vec!["Rust runs on an OS-only runtime, which has no SnapStart; it needs none".to_owned()];
    }
    let mut out = Vec::new();
    let mut add = |text: String| out.push(text);
    if case.native {
        add("a native image runs on an OS-only runtime, which has no SnapStart".to_owned());
    }
    if let Some(java) = case.java.filter(|java| *java < min) {
        add(format!("Java {java}: SnapStart begins at Java {min}"));
    }
    if case.image {
        add("packed as a container image: SnapStart takes zip archives on a managed runtime only".to_owned());
    }
    if let Some(key) = &storage.shared {
        add(format!("mounts a shared volume ({key}): SnapStart does not go with EFS"));
    }
    if let Some(mb) = &storage.large_tmp {
        add(format!("{mb} MB of /tmp: SnapStart takes 512 MB at most"));
    }
    for (rule, text) in &sources.data.obstacle_rules {
        if let Some(n) = met.get(rule.as_str()) {
            add(format!("{text} ({rule}, {n} {})", if *n == 1 { "site" } else { "sites" }));
        }
    }
    out
}
