//! Effective dependencies: a unit's own, those of the libraries it ships, and what starters bring.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cargo::{self, Cargo, CargoEdge};
use super::collector::{Collector, both, excludes};
use super::exact::Lists;
use super::gradle::Gradle;
use super::input::{Build, Declared, Draft, External, Input, Internal};
use super::maven::{self, Maven};
use super::model::{Dependency, Evidence, Scope, UnitIx};
use crate::text::Name;

/// What every unit names, by draft.
pub(super) struct Graph<'a> {
    declared: Vec<Declared>,
    /// Cargo packages: features decide, for each unit that ships them.
    edges: FxHashMap<usize, Vec<CargoEdge>>,
    tables: FxHashMap<usize, &'a [(String, Vec<String>)]>,
    /// What tools have resolved.
    lists: Lists<'a>,
    maven: &'a Maven<'a>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(
        input: &'a Input<'a>,
        drafts: &[Draft],
        maven: &'a Maven<'a>,
        gradle: &Gradle<'a>,
        cargo: &Cargo<'a>,
    ) -> Self {
        let by_manifest: FxHashMap<_, _> =
            drafts.iter().enumerate().filter_map(|(i, d)| Some((d.manifest?, i))).collect();
        let by_dir: FxHashMap<&str, usize> = drafts.iter().enumerate().map(|(i, d)| (d.dir.as_str(), i)).collect();
        let mut graph = Self {
            declared: Vec::new(),
            edges: FxHashMap::default(),
            tables: FxHashMap::default(),
            lists: Lists::default(),
            maven,
        };
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
        graph.lists = Lists::new(input, drafts, &graph.declared, maven, gradle);
        graph
    }

    /// Which lists of resolved packages hold for a unit, and which do not.
    pub(super) fn evidence(&self, unit: usize) -> &[Evidence] {
        self.lists.evidence(unit)
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

    /// Does a package need, outside its own tests, what another one of the tree offers for tests?
    pub(super) fn is_built_for_tests(&self, unit: usize) -> bool {
        let for_tests = |e: &&CargoEdge| {
            let asks = |feature: &&crate::text::Name| super::starters::is_feature_for_tests(feature);
            e.unit.is_some() && !e.optional && e.external.scope.ships() && e.external.features.iter().any(|f| asks(&f))
        };
        self.edges.get(&unit).is_some_and(|edges| edges.iter().find(for_tests).is_some())
    }

    /// The units that others name for their tests.
    pub(super) fn tested_with(&self) -> Vec<bool> {
        let mut out = vec![false; self.declared.len()];
        for (i, declared) in self.declared.iter().enumerate() {
            for edge in declared.internals.iter().filter(|e| e.unit != i && e.scope == Scope::Test) {
                out[edge.unit] = true;
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

    /// A dependency of a library as the dependency management of its user has it.
    fn managed(&self, user: &Draft, external: &External) -> Option<External> {
        let Build::Maven(pom) = user.build else { return None };
        let (version, entry) = self.maven.management(pom, &external.group, &external.artifact)?;
        let mut out = external.clone();
        if !version.is_empty() {
            out.version = version;
        }
        out.scope = maven::scope_of(&entry.scope).unwrap_or(out.scope);
        out.exclusions.extend(entry.exclusions.iter().cloned());
        Some(out)
    }

    /// The effective dependencies and the libraries of a unit. `extra` are features that its build turns on.
    pub(super) fn effective(&self, unit: usize, drafts: &[Draft], extra: &[String]) -> Effective {
        let settled = if self.edges.contains_key(&unit) { self.features(unit, extra) } else { FxHashMap::default() };
        let of = |i: usize| settled.get(&i).unwrap_or(&self.declared[i]);
        let mut out = Collector::new(of(unit).exclusions.clone());
        let gradle_or_cargo = !matches!(drafts[unit].build, Build::Maven(_));
        // Breadth first: the nearest mention wins, as Maven has it.
        let mut queue = VecDeque::from([(unit, Scope::Compile, Vec::<Name>::new(), Vec::<(String, String)>::new())]);
        let mut seen = FxHashSet::from_iter([unit]);
        let mut libraries = Vec::new();
        let mut cyclic = false;
        while let Some((at, scope, via, excluded)) = queue.pop_front() {
            for external in &of(at).externals {
                if at != unit && (!external.scope.ships() || external.optional) {
                    continue;
                }
                let managed = (at != unit).then(|| self.managed(&drafts[unit], external)).flatten();
                out.add(managed.as_ref().unwrap_or(external), scope, &via, &excluded, gradle_or_cargo);
            }
            for Internal { unit: target, scope: own, optional, exclusions, .. } in &of(at).internals {
                let blocked = at != unit && *optional;
                cyclic |= own.ships() && *target == unit;
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
        match self.lists.of(unit) {
            Some(exact) if exact.root.is_none() || !exact.facts.has_edges => out.take_list(exact),
            Some(exact) => out.take_graph(exact, drafts),
            None => out.bring_starters(None),
        }
        libraries.sort_unstable();
        Effective {
            dependencies: out.finish(),
            libraries: libraries.into_iter().map(|i| UnitIx(i as u32)).collect(),
            cyclic,
        }
    }
}

/// What [`Graph::effective`] gives.
pub(super) struct Effective {
    pub(super) dependencies: Vec<Dependency>,
    pub(super) libraries: Vec<UnitIx>,
    /// It comes back to itself.
    pub(super) cyclic: bool,
}
