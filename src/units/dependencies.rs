//! Effective dependencies: a unit's own, those of the libraries it ships, and what starters bring.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cargo::{self, Cargo, CargoEdge};
use super::gradle::Gradle;
use super::input::{Build, Declared, Draft, External, Input, Internal};
use super::maven::Maven;
use super::model::{Dependency, Scope, UnitIx};
use super::starters;
use crate::text::Name;

/// Chains of starters in the table are short; this only guards against a loop.
const MAX_STARTERS: usize = 256;

/// What every unit names, by draft.
pub(super) struct Graph<'a> {
    declared: Vec<Declared>,
    /// Cargo packages: features decide, for each unit that ships them.
    edges: FxHashMap<usize, Vec<CargoEdge>>,
    tables: FxHashMap<usize, &'a [(String, Vec<String>)]>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(
        input: &'a Input<'a>,
        drafts: &[Draft],
        maven: &Maven<'a>,
        gradle: &Gradle<'a>,
        cargo: &Cargo<'a>,
    ) -> Self {
        let by_manifest: FxHashMap<_, _> =
            drafts.iter().enumerate().filter_map(|(i, d)| Some((d.manifest?, i))).collect();
        let by_dir: FxHashMap<&str, usize> = drafts.iter().enumerate().map(|(i, d)| (d.dir.as_str(), i)).collect();
        let mut graph = Self { declared: Vec::new(), edges: FxHashMap::default(), tables: FxHashMap::default() };
        for (i, draft) in drafts.iter().enumerate() {
            let declared = match draft.build {
                Build::Maven(pom) => maven.declared(pom, &|ix| by_manifest.get(&ix).copied().filter(|u| *u != i)),
                Build::Gradle(project) => gradle.declared(project, &|dir| by_dir.get(dir).copied().filter(|u| *u != i)),
                Build::Cargo(manifest) => {
                    let edges = cargo.declared(manifest, &|ix| by_manifest.get(&ix).copied().filter(|u| *u != i));
                    let table = cargo.features(manifest);
                    let declared = cargo::settle(&edges, &cargo::turn_on(table, &[], true));
                    graph.edges.insert(i, edges);
                    graph.tables.insert(i, table);
                    declared
                }
                Build::Other(_) | Build::None => Declared::default(),
            };
            graph.declared.push(declared);
        }
        let _ = input;
        graph
    }

    /// How many units ship each unit as a library; `counts` leaves some dependents out.
    pub(super) fn dependents(&self, counts: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let mut out = vec![0; self.declared.len()];
        for (i, declared) in self.declared.iter().enumerate() {
            if !counts(i) {
                continue;
            }
            let targets: FxHashSet<usize> =
                declared.internals.iter().filter(|e| e.scope.ships() && e.unit != i).map(|e| e.unit).collect();
            let mut targets: Vec<usize> = targets.into_iter().collect();
            targets.sort_unstable();
            for target in targets {
                out[target] += 1;
            }
        }
        out
    }

    /// What a unit names itself as optional.
    pub(super) fn optional(&self, unit: usize) -> FxHashSet<Name> {
        let optional = self.declared[unit].externals.iter().filter(|e| e.optional);
        optional.map(|e| Name::new(&format!("{}:{}", e.group, e.artifact))).collect()
    }

    /// For each unit those that name it, and whether they ship it.
    /// A published artifact of the same name (stubs of a contract, say) is taken for the unit that makes it.
    pub(super) fn users(&self, drafts: &[Draft]) -> Vec<Vec<(usize, bool)>> {
        let mut out = vec![Vec::new(); self.declared.len()];
        let named: FxHashMap<&str, usize> = drafts.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
        for (i, declared) in self.declared.iter().enumerate() {
            for edge in declared.internals.iter().filter(|e| e.unit != i) {
                out[edge.unit].push((i, edge.scope.ships()));
            }
            for external in &declared.externals {
                if let Some(unit) = named.get(external.artifact.as_str()).filter(|unit| **unit != i) {
                    out[*unit].push((i, external.scope.ships()));
                }
            }
        }
        out
    }

    /// The features that a unit's program turns on in each package it is made of.
    fn features(&self, unit: usize, extra: &[String]) -> FxHashMap<usize, Declared> {
        let mut asked: FxHashMap<usize, (FxHashSet<String>, bool)> = FxHashMap::default();
        asked.insert(unit, (extra.iter().cloned().collect(), true));
        let mut settled: FxHashMap<usize, Declared> = FxHashMap::default();
        let mut queue = VecDeque::from([unit]);
        while let Some(at) = queue.pop_front() {
            let (Some(edges), Some((features, default))) = (self.edges.get(&at), asked.get(&at)) else { continue };
            let mut features: Vec<String> = features.iter().cloned().collect();
            features.sort();
            let table = self.tables.get(&at).copied().unwrap_or_default();
            let declared = cargo::settle(edges, &cargo::turn_on(table, &features, *default));
            for edge in declared.internals.iter().filter(|e| e.scope.ships()) {
                let new = !asked.contains_key(&edge.unit);
                let entry = asked.entry(edge.unit).or_default();
                let mut grown = edge.features.iter().filter(|f| entry.0.insert((*f).clone())).count() > 0;
                grown |= edge.default_features && !entry.1;
                entry.1 |= edge.default_features;
                if grown || new {
                    queue.push_back(edge.unit);
                }
            }
            settled.insert(at, declared);
        }
        settled
    }

    /// The effective dependencies and the libraries of a unit. `extra` are features that its build turns on.
    pub(super) fn effective(&self, unit: usize, drafts: &[Draft], extra: &[String]) -> Effective {
        let settled = if self.edges.contains_key(&unit) { self.features(unit, extra) } else { FxHashMap::default() };
        let of = |i: usize| settled.get(&i).unwrap_or(&self.declared[i]);
        let mut out = Collector { exclusions: of(unit).exclusions.clone(), ..Collector::default() };
        let gradle_or_cargo = !matches!(drafts[unit].build, Build::Maven(_));
        // Breadth first: the nearest mention wins, as Maven has it.
        let mut queue = VecDeque::from([(unit, Scope::Compile, Vec::<Name>::new(), Vec::<(String, String)>::new())]);
        let mut seen = FxHashSet::from_iter([unit]);
        let mut libraries = Vec::new();
        while let Some((at, scope, via, excluded)) = queue.pop_front() {
            for external in &of(at).externals {
                if at != unit && (!external.scope.ships() || external.optional) {
                    continue;
                }
                out.add(external, scope, &via, &excluded, gradle_or_cargo);
            }
            for Internal { unit: target, scope: own, optional, exclusions, .. } in &of(at).internals {
                let blocked = at != unit && *optional;
                if !own.ships() || blocked || excludes(&excluded, "", &drafts[*target].name) || !seen.insert(*target) {
                    continue;
                }
                libraries.push(*target);
                let mut via = via.clone();
                via.push(Name::new(&drafts[*target].name));
                let mut excluded = excluded.clone();
                excluded.extend(exclusions.iter().cloned());
                queue.push_back((*target, both(scope, *own), via, excluded));
            }
        }
        out.bring_starters();
        libraries.sort_unstable();
        Effective { dependencies: out.finish(), libraries: libraries.into_iter().map(|i| UnitIx(i as u32)).collect() }
    }
}

/// What [`Graph::effective`] gives.
pub(super) struct Effective {
    pub(super) dependencies: Vec<Dependency>,
    pub(super) libraries: Vec<UnitIx>,
}

fn both(outer: Scope, inner: Scope) -> Scope {
    if outer == Scope::Compile { inner } else { outer }
}

fn excludes(list: &[(String, String)], group: &str, artifact: &str) -> bool {
    list.iter().any(|(g, a)| {
        (g == "*" || g.is_empty() || g == group || group.is_empty())
            && (a == "*" || a.is_empty() || a == artifact)
            && !(g.is_empty() && a.is_empty())
    })
}

#[derive(Default)]
struct Collector {
    all: Vec<(Dependency, Vec<(String, String)>)>,
    by_coordinate: FxHashMap<Name, usize>,
    exclusions: Vec<(String, String)>,
}

impl Collector {
    /// `widest`: a shipping mention wins over one that does not ship (Gradle, Cargo); else the nearest wins.
    fn add(&mut self, external: &External, outer: Scope, via: &[Name], excluded: &[(String, String)], widest: bool) {
        let External { group, artifact, .. } = external;
        if excludes(&self.exclusions, group, artifact) || excludes(excluded, group, artifact) {
            return;
        }
        let coordinate = Name::new(&format!("{group}:{artifact}"));
        let scope = if external.scope.ships() { both(outer, external.scope) } else { external.scope };
        let mut dependency = Dependency {
            coordinate,
            version: external.version.clone(),
            scope,
            file: external.file,
            span: external.span,
            via: via.iter().chain(&external.via).copied().collect(),
            declared: true,
            features: external.features.clone(),
        };
        let mut exclusions = external.exclusions.clone();
        exclusions.extend(excluded.iter().cloned());
        match self.by_coordinate.get(&coordinate) {
            Some(known) => {
                let (old, _) = &mut self.all[*known];
                if widest && scope.ships() && !old.scope.ships() {
                    self.all[*known] = (dependency, exclusions);
                } else if scope.ships() && old.scope.ships() {
                    dependency.features.append(&mut old.features);
                    dependency.features.sort();
                    dependency.features.dedup();
                    old.features = dependency.features;
                }
            }
            None => {
                self.by_coordinate.insert(coordinate, self.all.len());
                self.all.push((dependency, exclusions));
            }
        }
    }

    fn bring_starters(&mut self) {
        let mut at = 0;
        let mut brought = 0;
        while at < self.all.len() {
            let (by, exclusions) = self.all[at].clone();
            at += 1;
            if !by.scope.ships() {
                continue;
            }
            for coordinate in starters::brought_by(&by.coordinate) {
                let (group, artifact) = coordinate.split_once(':').unwrap_or(("", coordinate));
                let name = Name::new(coordinate);
                let dropped = excludes(&exclusions, group, artifact) || excludes(&self.exclusions, group, artifact);
                if dropped || brought >= MAX_STARTERS || self.by_coordinate.contains_key(&name) {
                    continue;
                }
                brought += 1;
                let mut via = by.via.clone();
                via.push(by.coordinate);
                let dependency = Dependency {
                    coordinate: name,
                    version: String::new(),
                    scope: by.scope,
                    file: by.file,
                    span: by.span,
                    via,
                    declared: false,
                    features: Vec::new(),
                };
                self.by_coordinate.insert(name, self.all.len());
                self.all.push((dependency, exclusions.clone()));
            }
        }
    }

    fn finish(self) -> Vec<Dependency> {
        let mut all: Vec<Dependency> = self.all.into_iter().map(|(d, _)| d).collect();
        all.sort_by_key(|d| (d.coordinate, d.file, d.span));
        all
    }
}
