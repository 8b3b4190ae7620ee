//! Effective dependencies: a unit's own, those of the libraries it ships, and what starters bring.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cargo::{self, Cargo, CargoEdge};
use super::exact::{Exact, Lists};
use super::gradle::Gradle;
use super::input::{Build, Declared, Draft, External, Input, Internal};
use super::maven::Maven;
use super::model::{Dependency, Evidence, Scope, UnitIx};
use super::starters;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};
use crate::text::{Name, Span};

/// Chains of starters in the table are short; this only guards against a loop.
const MAX_STARTERS: usize = 256;

/// What every unit names, by draft.
pub(super) struct Graph<'a> {
    declared: Vec<Declared>,
    /// Cargo packages: features decide, for each unit that ships them.
    edges: FxHashMap<usize, Vec<CargoEdge>>,
    tables: FxHashMap<usize, &'a [(String, Vec<String>)]>,
    /// What tools have resolved.
    lists: Lists<'a>,
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
        let mut graph = Self {
            declared: Vec::new(),
            edges: FxHashMap::default(),
            tables: FxHashMap::default(),
            lists: Lists::default(),
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
        match self.lists.of(unit) {
            Some(exact) if exact.root.is_none() || !exact.facts.has_edges => out.take_list(exact),
            Some(exact) => out.take_graph(exact, drafts),
            None => out.bring_starters(None),
        }
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
            exact: false,
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

    /// Adds what starters bring, by the curated table; with `only`, no more than these.
    fn bring_starters(&mut self, only: Option<&FxHashSet<Name>>) {
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
                if only.is_some_and(|only| !only.contains(&name)) {
                    continue;
                }
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
                    exact: false,
                    features: Vec::new(),
                };
                self.by_coordinate.insert(name, self.all.len());
                self.all.push((dependency, exclusions.clone()));
            }
        }
    }

    /// A list without edges: what the table of starters explains goes that way, the rest is in the list.
    fn take_list(&mut self, exact: &Exact<'_>) {
        let shipped = |p: &&ResolvedPackage| p.presence == Presence::Ships && !p.root;
        let here: Vec<u32> = (0u32..).zip(&exact.facts.packages).filter(|(_, p)| shipped(p)).map(|(ix, _)| ix).collect();
        let here: Vec<u32> = here.into_iter().filter(|ix| !exact.local.contains_key(ix)).collect();
        let names: FxHashSet<Name> = here.iter().map(|ix| coordinate(exact.package(*ix))).collect();
        self.bring_starters(Some(&names));
        for ix in here {
            self.take(exact, ix, None, Vec::new());
        }
    }

    /// A list with edges, breadth first: each package comes on its shortest path.
    fn take_graph(&mut self, exact: &Exact<'_>, drafts: &[Draft]) {
        let Some(root) = exact.root else { return };
        let mut queue = match exact.facts.by {
            ResolvedBy::CargoLock => self.crates(exact, root),
            _ => VecDeque::from([(root, None, Vec::new())]),
        };
        let mut seen: FxHashSet<u32> = queue.iter().map(|(ix, ..)| *ix).collect();
        while let Some((at, above, path)) = queue.pop_front() {
            let package = exact.package(at);
            // What the path goes on from: the last mention in a manifest, and what came after it.
            let (above, path) = if at == root {
                (above, path)
            } else if let Some(unit) = exact.local.get(&at) {
                (above, [path, vec![Name::new(&drafts[*unit].name)]].concat())
            } else if package.presence != Presence::Ships {
                if exact.facts.by == ResolvedBy::MavenTree {
                    self.narrow(package);
                }
                continue;
            } else {
                self.take(exact, at, above, path.clone());
                let name = coordinate(package);
                match self.by_coordinate.get(&name).filter(|known| !self.all[**known].0.exact) {
                    Some(known) => (Some(*known), Vec::new()),
                    None => (above, [path, vec![name]].concat()),
                }
            };
            if exact.facts.by == ResolvedBy::CargoLock && is_build_crate(&package.artifact) {
                continue;
            }
            for next in &package.needs {
                let off = exact.facts.by == ResolvedBy::CargoLock && self.is_turned_off(package, exact.package(*next));
                if !off && seen.insert(*next) {
                    queue.push_back((*next, above, path.clone()));
                }
            }
        }
    }

    /// The crates that ship, as manifests and features have it: a lock file lists those of tests and builds too.
    fn crates(&self, exact: &Exact<'_>, root: u32) -> VecDeque<Step> {
        let members = std::iter::once(root).chain(exact.facts.packages.iter().zip(0u32..).filter_map(|(p, ix)| {
            (p.root && ix != root && exact.local.contains_key(&ix)).then_some(ix)
        }));
        let mut by_name: FxHashMap<&str, u32> = FxHashMap::default();
        for ix in members.flat_map(|member| &exact.package(member).needs) {
            by_name.entry(&exact.package(*ix).artifact).or_insert(*ix);
        }
        let named = self.all.iter().filter(|(d, _)| d.scope.ships() && d.declared).filter_map(|(d, _)| {
            by_name.get(d.coordinate.strip_prefix("cargo:")?).copied()
        });
        named.map(|ix| (ix, None, Vec::new())).collect()
    }

    /// Cargo locks `sqlx-sqlite` for every user of `sqlx`, whatever its features.
    fn is_turned_off(&self, parent: &ResolvedPackage, child: &ResolvedPackage) -> bool {
        let driver = child.artifact.strip_prefix(parent.artifact.as_str()).and_then(|rest| rest.strip_prefix('-'));
        let known = self.by_coordinate.get(&coordinate(parent)).map(|at| &self.all[*at].0);
        driver.is_some_and(|driver| {
            matches!(driver, "mysql" | "postgres" | "sqlite" | "mssql")
                && known.is_none_or(|d| !d.features.iter().any(|f| f.starts_with(driver)))
        })
    }

    /// Takes over a package: its version where the manifests name it, else the package itself.
    fn take(&mut self, exact: &Exact<'_>, ix: u32, above: Option<usize>, path: Vec<Name>) {
        let package = exact.package(ix);
        let name = coordinate(package);
        if let Some(known) = self.by_coordinate.get(&name) {
            let (known, _) = &mut self.all[*known];
            if !known.exact && known.scope.ships() && !package.version.is_empty() {
                known.version.clone_from(&package.version);
            }
            return;
        }
        let above = above.map(|at| &self.all[at].0);
        let (scope, file, span, mut via) = match above {
            Some(above) => (above.scope, above.file, above.span, [above.via.clone(), vec![above.coordinate]].concat()),
            None => (Scope::Compile, exact.file, Span::default(), vec![Name::new(exact.facts.by.as_str())]),
        };
        via.extend(path);
        self.by_coordinate.insert(name, self.all.len());
        let dependency = Dependency {
            coordinate: name,
            version: package.version.clone(),
            scope,
            file,
            span,
            via,
            declared: false,
            exact: true,
            features: Vec::new(),
        };
        self.all.push((dependency, Vec::new()));
    }

    /// Maven found a narrower scope than the manifests let expect.
    fn narrow(&mut self, package: &ResolvedPackage) {
        let Some(known) = self.by_coordinate.get(&coordinate(package)) else { return };
        let (known, _) = &mut self.all[*known];
        if known.scope.ships() {
            known.scope = if package.presence == Presence::Test { Scope::Test } else { Scope::Provided };
        }
    }

    fn finish(self) -> Vec<Dependency> {
        let mut all: Vec<Dependency> = self.all.into_iter().map(|(d, _)| d).collect();
        all.sort_by_key(|d| (d.coordinate, d.file, d.span));
        all
    }
}

/// A package on its way: its index, the last mention in a manifest above it, what came after that.
type Step = (u32, Option<usize>, Vec<Name>);

fn coordinate(package: &ResolvedPackage) -> Name {
    Name::new(&format!("{}:{}", package.group, package.artifact))
}

/// Crates that run in the compiler or build others: what they need does not ship. A lock file does not tell.
fn is_build_crate(name: &str) -> bool {
    matches!(name, "syn" | "quote" | "cc" | "cmake" | "bindgen" | "pkg-config" | "vcpkg" | "prost-build" | "tonic-build")
        || ["-macros", "-macros-core", "-macro", "_macros", "-derive", "_derive", "-codegen", "-build", "-impl"]
            .iter()
            .any(|end| name.ends_with(end))
}
