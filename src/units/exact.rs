//! Which list of resolved packages speaks for which unit, and whether it still fits its manifest.

use rustc_hash::{FxHashMap, FxHashSet};

use super::gradle::Gradle;
use super::input::{Build, Declared, Draft, Input};
use super::maven::Maven;
use super::model::Evidence;
use super::paths;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};
use crate::facts::{Body, ResolvedFacts};
use crate::source::{FileIx, Role};

/// The list that holds for a unit.
#[derive(Clone, Debug)]
pub(super) struct Exact<'a> {
    pub(super) file: FileIx,
    pub(super) facts: &'a ResolvedFacts,
    /// The unit itself in the list; none in a list without edges.
    pub(super) root: Option<u32>,
    /// Packages that are units of the tree.
    pub(super) local: FxHashMap<u32, usize>,
}

impl Exact<'_> {
    pub(super) fn package(&self, ix: u32) -> &ResolvedPackage {
        &self.facts.packages[ix as usize]
    }
}

/// The lists of all units, by draft.
#[derive(Default)]
pub(super) struct Lists<'a> {
    by_unit: FxHashMap<usize, Exact<'a>>,
    evidence: FxHashMap<usize, Vec<Evidence>>,
}

impl<'a> Lists<'a> {
    pub(super) fn new(
        input: &Input<'a>,
        drafts: &[Draft],
        declared: &[Declared],
        maven: &Maven<'_>,
        gradle: &Gradle<'_>,
    ) -> Self {
        let identities: Vec<_> = drafts.iter().map(|d| identity(d, input, maven, gradle)).collect();
        let mut by_artifact: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (unit, (_, artifact)) in identities.iter().enumerate().filter(|(_, (_, a))| !a.is_empty()) {
            by_artifact.entry(artifact).or_default().push(unit);
        }
        let mut candidates: Vec<Vec<Candidate<'a>>> = vec![Vec::new(); drafts.len()];
        let mut lists = Self::default();
        for (ix, file, body) in input.files() {
            let Body::Resolved(facts) = body else { continue };
            if facts.packages.is_empty() || matches!(file.role, Role::Vendored | Role::Test | Role::Generated) {
                continue;
            }
            let dir = paths::parent(&file.path);
            if facts.by == ResolvedBy::GradleLock {
                let owner = drafts.iter().position(|d| d.dir == dir && matches!(d.build, Build::Gradle(_)));
                if let Some(owner) = owner {
                    candidates[owner].push(Candidate { file: ix, facts, root: None, own: true, near: usize::MAX });
                }
                continue;
            }
            let local = locals(facts, dir, drafts, &identities, &by_artifact);
            let mut of_ours = false;
            for (package, unit) in in_order(&local) {
                let own = facts.packages[package as usize].root;
                of_ours |= own;
                // Within somebody's tree a module has only what was left for it there.
                let whole = facts.has_edges && matches!(facts.by, ResolvedBy::CycloneDx | ResolvedBy::Spdx);
                if !own && !whole {
                    continue;
                }
                let near = shared(dir, &drafts[unit].dir);
                candidates[unit].push(Candidate { file: ix, facts, root: Some(package), own, near });
            }
            // A list of something else, left over or copied: say so where it lies.
            if let (false, Some(root)) = (of_ours, facts.packages.iter().find(|p| p.root))
                && let Some(unit) = drafts.iter().position(|d| d.dir == dir)
            {
                let what = format!("a list of dependencies is not used: it speaks of {}", root.artifact);
                lists.evidence.entry(unit).or_default().push(Evidence { what, file: Some(ix), span: None });
            }
        }
        for (unit, mut all) in candidates.into_iter().enumerate() {
            all.sort_by_key(|c| (!c.own, std::cmp::Reverse(c.near), !c.facts.has_edges, c.file));
            for candidate in all {
                let dir = paths::parent(input.path(candidate.file));
                let local = locals(candidate.facts, dir, drafts, &identities, &by_artifact);
                let Candidate { file, facts, root, .. } = candidate;
                let exact = Exact { file, facts, root, local: local.into_iter().collect() };
                let (missing, all) = misfit(&exact, &declared[unit], matches!(drafts[unit].build, Build::Maven(_)));
                let by = facts.by.as_str();
                let fits = missing * 4 <= all;
                let what = match fits {
                    true => format!("exact dependencies known ({by})"),
                    false => format!("{by} is not used: {missing} of {all} direct dependencies are missing or differ"),
                };
                let evidence = lists.evidence.entry(unit).or_default();
                evidence.push(Evidence { what, file: Some(file), span: None });
                if fits {
                    lists.by_unit.insert(unit, exact);
                    break;
                }
            }
        }
        lists
    }

    pub(super) fn of(&self, unit: usize) -> Option<&Exact<'a>> {
        self.by_unit.get(&unit)
    }

    pub(super) fn evidence(&self, unit: usize) -> &[Evidence] {
        self.evidence.get(&unit).map_or(&[], Vec::as_slice)
    }
}

/// A list that names a unit.
#[derive(Clone)]
struct Candidate<'a> {
    file: FileIx,
    facts: &'a ResolvedFacts,
    root: Option<u32>,
    /// The list was made for it, not for something that uses it.
    own: bool,
    /// Directories that the list and the unit share.
    near: usize,
}

/// Group (where the build tells) and artifact under which others know a unit.
fn identity(draft: &Draft, input: &Input<'_>, maven: &Maven<'_>, gradle: &Gradle<'_>) -> (String, String) {
    match draft.build {
        Build::Maven(pom) => {
            let property = |name: &str| maven.property(pom, name).map(|v| maven.resolve(pom, &v)).unwrap_or_default();
            (property("project.groupId"), property("project.artifactId"))
        }
        Build::Gradle(project) => {
            let name = gradle.projects[project].root_name.as_deref().unwrap_or(paths::base(&draft.dir));
            (String::new(), name.to_owned())
        }
        Build::Cargo(manifest) => {
            let package = input.cargo(manifest).and_then(|c| c.package.as_ref());
            ("cargo".to_owned(), package.map_or(String::new(), |p| p.name.clone()))
        }
        Build::Other(_) | Build::None => Default::default(),
    }
}

/// The packages of a list that are units of the tree: of several units of one name the nearest.
fn locals(
    facts: &ResolvedFacts,
    dir: &str,
    drafts: &[Draft],
    identities: &[(String, String)],
    by_artifact: &FxHashMap<&str, Vec<usize>>,
) -> FxHashMap<u32, usize> {
    let mut out = FxHashMap::default();
    let group_of_root = facts.packages.iter().find(|p| p.root).map_or("", |p| p.group.as_str());
    for (package, ix) in facts.packages.iter().zip(0u32..) {
        let Some(units) = by_artifact.get(package.artifact.as_str()) else { continue };
        let fits = |unit: &&usize| {
            let group = &identities[**unit].0;
            if facts.by == ResolvedBy::CargoLock {
                return package.root && group == "cargo" && paths::within(&drafts[**unit].dir, dir);
            }
            // Gradle builds do not always say their group: that of the list's subject is theirs.
            let group = if group.is_empty() { group_of_root } else { group };
            *group == package.group || package.root && (group.is_empty() || package.group.is_empty())
        };
        let mut units: Vec<usize> = units.iter().filter(fits).copied().collect();
        units.sort_by_key(|unit| std::cmp::Reverse(shared(dir, &drafts[*unit].dir)));
        match units.as_slice() {
            [only] => _ = out.insert(ix, *only),
            [first, second, ..] if shared(dir, &drafts[*first].dir) > shared(dir, &drafts[*second].dir) => {
                out.insert(ix, *first);
            }
            _ => {}
        }
    }
    out
}

fn in_order(local: &FxHashMap<u32, usize>) -> Vec<(u32, usize)> {
    let mut all: Vec<(u32, usize)> = local.iter().map(|(package, unit)| (*package, *unit)).collect();
    all.sort_unstable();
    all
}

/// How many leading directories two paths share; an exact match counts once more.
fn shared(a: &str, b: &str) -> usize {
    let same = a.split('/').zip(b.split('/')).take_while(|(x, y)| x == y && !x.is_empty()).count();
    same + usize::from(a == b)
}

/// How many of the direct dependencies the list lacks, or has in another version, and how many there are.
fn misfit(exact: &Exact<'_>, declared: &Declared, versions_hold: bool) -> (usize, usize) {
    let all: FxHashMap<(&str, &str), &ResolvedPackage> =
        exact.facts.packages.iter().map(|p| ((p.group.as_str(), p.artifact.as_str()), p)).collect();
    let direct: Option<FxHashSet<u32>> = exact.root.map(|root| exact.package(root).needs.iter().copied().collect());
    let own: Vec<_> = declared
        .externals
        .iter()
        .filter(|e| e.scope.ships() && !e.optional && !e.group.contains('$') && !e.artifact.contains('$'))
        .collect();
    let differs = |version: &str, written: &str| {
        let plain = !written.is_empty() && !written.contains(['$', '[', '(', ',']);
        versions_hold && plain && version != written
    };
    let lacks = |e: &&&super::input::External| match all.get(&(e.group.as_str(), e.artifact.as_str())) {
        None => true,
        Some(found) => {
            let others = direct.iter().flatten().map(|ix| exact.package(*ix));
            let mut same = others.filter(|p| p.group == e.group && p.artifact == e.artifact);
            same.next().unwrap_or(found).presence == Presence::Ships && differs(&found.version, &e.version)
        }
    };
    (own.iter().filter(lacks).count(), own.len())
}
