//! What a unit gets at run time, while it is put together: mentions in manifests first, then what comes below them, by
//! the table of starters or by a list that a tool has resolved.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::exact::Exact;
use super::input::{Draft, External};
use super::model::{Dependency, Scope};
use super::starters;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};
use crate::text::{Name, Span};

/// Chains of starters in the table are short; this only guards against a loop.
const MAX_STARTERS: usize = 256;

pub(super) fn both(outer: Scope, inner: Scope) -> Scope {
    if outer == Scope::Compile { inner } else { outer }
}

pub(super) fn excludes(list: &[(String, String)], group: &str, artifact: &str) -> bool {
    list.iter().any(|(g, a)| {
        (g == "*" || g.is_empty() || g == group || group.is_empty())
            && (a == "*" || a.is_empty() || a == artifact)
            && !(g.is_empty() && a.is_empty())
    })
}

/// Dependencies by coordinate, with what is excluded below each.
#[derive(Default)]
pub(super) struct Collector {
    all: Vec<(Dependency, Vec<(String, String)>)>,
    by_coordinate: FxHashMap<Name, usize>,
    exclusions: Vec<(String, String)>,
}

impl Collector {
    /// With what is dropped everywhere.
    pub(super) fn new(exclusions: Vec<(String, String)>) -> Self {
        Self { exclusions, ..Self::default() }
    }

    /// `widest`: a shipping mention wins over one that does not ship (Gradle, Cargo); else the nearest wins.
    pub(super) fn add(
        &mut self,
        external: &External,
        outer: Scope,
        via: &[Name],
        excluded: &[(String, String)],
        widest: bool,
    ) {
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
    pub(super) fn bring_starters(&mut self, only: Option<&FxHashSet<Name>>) {
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
    pub(super) fn take_list(&mut self, exact: &Exact<'_>) {
        let shipped = |p: &&ResolvedPackage| p.presence == Presence::Ships && !p.root;
        let here: Vec<u32> =
            (0u32..).zip(&exact.facts.packages).filter(|(_, p)| shipped(p)).map(|(ix, _)| ix).collect();
        let here: Vec<u32> = here.into_iter().filter(|ix| !exact.local.contains_key(ix)).collect();
        let names: FxHashSet<Name> = here.iter().map(|ix| coordinate(exact.package(*ix))).collect();
        self.bring_starters(Some(&names));
        for ix in here {
            self.take(exact, ix, None, Vec::new());
        }
    }

    /// A list with edges, breadth first: each package comes on its shortest path.
    pub(super) fn take_graph(&mut self, exact: &Exact<'_>, drafts: &[Draft]) {
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
        let members = std::iter::once(root).chain(
            exact
                .facts
                .packages
                .iter()
                .zip(0u32..)
                .filter_map(|(p, ix)| (p.root && ix != root && exact.local.contains_key(&ix)).then_some(ix)),
        );
        let mut by_name: FxHashMap<&str, u32> = FxHashMap::default();
        for ix in members.flat_map(|member| &exact.package(member).needs) {
            by_name.entry(&exact.package(*ix).artifact).or_insert(*ix);
        }
        let named = self
            .all
            .iter()
            .filter(|(d, _)| d.scope.ships() && d.declared)
            .filter_map(|(d, _)| by_name.get(d.coordinate.strip_prefix("cargo:")?).copied());
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

    pub(super) fn finish(self) -> Vec<Dependency> {
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
    matches!(
        name,
        "syn" | "quote" | "cc" | "cmake" | "bindgen" | "pkg-config" | "vcpkg" | "prost-build" | "tonic-build"
    ) || ["-macros", "-macros-core", "-macro", "_macros", "-derive", "_derive", "-codegen", "-build", "-impl"]
        .iter()
        .any(|end| name.ends_with(end))
}
