//! Crates and their module trees: where each file stands, and whether it is there for tests only.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::code::Module;
use crate::facts::manifest::CargoSection;
use crate::facts::{Body, CargoFacts, CodeFacts, FileFacts};
use crate::parse::rust::feature_of_tests;
use crate::source::{FileIx, FileKind, Workspace};
use crate::text::Name;

/// Where a file stands in its crate.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::link) struct Home {
    /// The module that the file is the body of: `shop::orders`, `shop.main` for the root of a binary.
    pub module: Name,
    /// The root module of its crate.
    pub root: Name,
    /// Index of its package.
    pub package: Option<u32>,
    /// Only tests reach it.
    pub test: bool,
}

/// A Cargo package.
#[derive(Default)]
pub(super) struct Package {
    /// The names of other crates in its code, with what they are called in full.
    pub externs: FxHashMap<Name, Name>,
    /// Features that nothing but features made for tests turn on.
    pub for_tests: FxHashSet<Name>,
}

/// The module trees of all crates.
#[derive(Default)]
pub(super) struct Modules {
    pub homes: Vec<Home>,
    pub packages: Vec<Package>,
    /// Modules whose body is a file that another crate of the package has already taken.
    pub twins: Vec<(Name, Name)>,
    /// Root modules of binaries.
    pub binaries: FxHashSet<Name>,
}

struct Root {
    file: FileIx,
    name: Name,
    package: u32,
    test: bool,
}

impl Modules {
    pub(super) fn new(workspace: &Workspace, facts: &[FileFacts], code: &[Option<&CodeFacts>]) -> Self {
        let by_path: FxHashMap<&str, FileIx> = workspace
            .files
            .iter()
            .enumerate()
            .filter(|(_, f)| f.kind == FileKind::Rust)
            .map(|(i, f)| (&*f.path, FileIx(i as u32)))
            .collect();
        let mut modules = Self { homes: vec![Home::default(); code.len()], ..Self::default() };
        if by_path.is_empty() {
            return modules;
        }
        let manifests: Vec<(&str, &CargoFacts)> = workspace
            .files
            .iter()
            .zip(facts)
            .filter_map(|(file, facts)| match &facts.body {
                Body::Cargo(cargo) => Some((parent(&file.path), &**cargo)),
                _ => None,
            })
            .collect();
        let mut dirs: FxHashMap<&str, u32> = FxHashMap::default();
        let asked: FxHashSet<&str> = manifests
            .iter()
            .flat_map(|(_, c)| c.dependencies.iter().chain(&c.workspace_dependencies))
            .filter(|d| d.section != CargoSection::Dev)
            .flat_map(|d| d.features.iter().map(String::as_str))
            .collect();
        for (dir, cargo) in &manifests {
            let Some(package) = &cargo.package else { continue };
            dirs.insert(dir, modules.packages.len() as u32);
            let table = manifests
                .iter()
                .filter(|(d, c)| c.is_workspace && within(dir, d))
                .max_by_key(|(d, _)| d.len())
                .map(|(_, c)| *c);
            let mut externs = FxHashMap::default();
            externs.insert(snake(&package.name), snake(&package.name));
            for dependency in cargo.dependencies.iter().filter(|d| d.section != CargoSection::Build) {
                let inherited = table
                    .filter(|_| dependency.inherited)
                    .and_then(|t| t.workspace_dependencies.iter().find(|d| d.name == dependency.name));
                let package = inherited.map_or(&dependency.package, |d| &d.package);
                externs.insert(snake(&dependency.name), snake(package));
            }
            modules.packages.push(Package { externs, for_tests: features_of_tests(cargo, &asked) });
        }
        let roots = roots(&by_path, &manifests, &dirs);
        modules.binaries = roots.iter().filter(|r| r.name.contains('.')).map(|r| r.name).collect();
        modules.grow(&roots, &by_path, workspace, code);
        modules.place_the_rest(workspace, &dirs);
        modules
    }

    /// Follows `mod` declarations: first what production code reaches, then what only tests do.
    fn grow(
        &mut self,
        roots: &[Root],
        by_path: &FxHashMap<&str, FileIx>,
        workspace: &Workspace,
        code: &[Option<&CodeFacts>],
    ) {
        let mut todo: Vec<(FileIx, Home, bool)> = Vec::new();
        let mut later = Vec::new();
        for root in roots.iter().rev() {
            let home = Home { module: root.name, root: root.name, package: Some(root.package), test: root.test };
            if root.test { later.push((root.file, home, true)) } else { todo.push((root.file, home, true)) }
        }
        while let Some((file, home, is_root)) = todo.pop().or_else(|| later.pop()) {
            let taken = self.homes[file.0 as usize].module;
            if !taken.is_empty() {
                if taken != home.module {
                    self.twins.push((home.module, taken));
                }
                continue;
            }
            self.homes[file.0 as usize] = home;
            let Some(facts) = code[file.0 as usize] else { continue };
            for module in facts.modules.iter().filter(|m| m.external) {
                let path = &workspace[file].path;
                let Some(target) = body_of(path, is_root, module).into_iter().find_map(|p| by_path.get(p.as_str()))
                else {
                    continue;
                };
                let within = join(home.module, module.within);
                let test = home.test
                    || module.test
                    || is_test_module(module.name.as_str())
                    || module.feature.is_some_and(|f| self.is_for_tests(home.package, f));
                let inner = Home { module: join(within, module.name), test, ..home };
                if test { later.push((*target, inner, false)) } else { todo.push((*target, inner, false)) }
            }
        }
    }

    /// Files that no `mod` names (macros, generated lists): by their path.
    fn place_the_rest(&mut self, workspace: &Workspace, dirs: &FxHashMap<&str, u32>) {
        for (i, file) in workspace.files.iter().enumerate() {
            if file.kind != FileKind::Rust || !self.homes[i].module.is_empty() {
                continue;
            }
            let mut dir = parent(&file.path);
            let package = loop {
                if let Some(package) = dirs.get(dir) {
                    break Some((dir, *package));
                }
                if dir.is_empty() {
                    break None;
                }
                dir = parent(dir);
            };
            let inner = package.map_or(&*file.path, |(dir, _)| file.path[dir.len()..].trim_start_matches('/'));
            let inner = inner.strip_prefix("src/").unwrap_or(inner);
            let inner = inner.strip_suffix(".rs").unwrap_or(inner);
            let inner = inner.strip_suffix("/mod").unwrap_or(inner);
            let root = match package {
                Some((_, p)) => self.name_of(p),
                None => Name::new(&format!(".{}", parent(&file.path).replace('/', "."))),
            };
            let module = join(root, Name::new(&inner.replace('/', "::")));
            let test = file.path.ends_with("build.rs") && inner == "build";
            self.homes[i] = Home { module, root, package: package.map(|(_, p)| p), test };
        }
    }

    fn is_for_tests(&self, package: Option<u32>, feature: Name) -> bool {
        feature_of_tests(&feature) || package.is_some_and(|p| self.packages[p as usize].for_tests.contains(&feature))
    }

    fn name_of(&self, package: u32) -> Name {
        let known = self.homes.iter().find(|h| h.package == Some(package) && !h.root.contains('.'));
        known.map_or_else(|| Name::new(&format!(".{package}")), |h| h.root)
    }
}

/// Features of a package that are turned on by features made for tests, and by no other feature or package.
fn features_of_tests(cargo: &CargoFacts, asked: &FxHashSet<&str>) -> FxHashSet<Name> {
    let mut found: FxHashSet<Name> = FxHashSet::default();
    // A feature behind another feature behind another: deeper nobody goes.
    for _ in 0..4 {
        let known = found.len();
        for (name, _) in cargo.features.iter().filter(|(name, _)| !asked.contains(name.as_str())) {
            let mut by = cargo.features.iter().filter(|(_, on)| on.contains(name)).peekable();
            let tests = |by: &str| feature_of_tests(by) || found.contains(&Name::new(by));
            if by.peek().is_some() && by.all(|(by, _)| tests(by)) {
                found.insert(Name::new(name));
            }
        }
        if found.len() == known {
            break;
        }
    }
    found
}

fn roots(
    by_path: &FxHashMap<&str, FileIx>,
    manifests: &[(&str, &CargoFacts)],
    dirs: &FxHashMap<&str, u32>,
) -> Vec<Root> {
    let mut out: Vec<Root> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut add = |path: &str, name: Name, package: u32, test: bool, out: &mut Vec<Root>| {
        if let Some(file) = by_path.get(path)
            && seen.insert(*file)
        {
            out.push(Root { file: *file, name, package, test });
        }
    };
    for (dir, cargo) in manifests {
        let (Some(package), Some(ix)) = (&cargo.package, dirs.get(dir)) else { continue };
        let name = snake(&package.name);
        let lib = package.lib.as_ref().and_then(|l| l.path.as_deref()).unwrap_or("src/lib.rs");
        add(&under(dir, lib), name, *ix, false, &mut out);
        for (bin, path) in &package.bins {
            let root = Name::new(&format!("{name}.{}", bin.replace('-', "_")));
            let guesses = match path {
                Some(path) => vec![path.clone()],
                None => vec![format!("src/bin/{bin}.rs"), format!("src/bin/{bin}/main.rs"), "src/main.rs".into()],
            };
            guesses.iter().for_each(|g| add(&under(dir, g), root, *ix, false, &mut out));
        }
        add(&under(dir, "src/main.rs"), Name::new(&format!("{name}.main")), *ix, false, &mut out);
        add(&under(dir, "build.rs"), Name::new(&format!("{name}.build")), *ix, true, &mut out);
    }
    // Targets that are found by their place.
    let mut paths: Vec<&str> = by_path.keys().copied().collect();
    paths.sort_unstable();
    for path in paths {
        let base = path.rsplit('/').next().unwrap_or(path);
        let (place, stem) = match base {
            "main.rs" => (parent(parent(path)), parent(path).rsplit('/').next().unwrap_or_default()),
            _ => (parent(path), base.strip_suffix(".rs").unwrap_or(base)),
        };
        for (folder, test) in [("src/bin", false), ("tests", true), ("benches", true), ("examples", true)] {
            let Some(package) = place.strip_suffix(folder).map(|d| d.trim_end_matches('/')) else { continue };
            let Some(ix) = dirs.get(package) else { continue };
            let cargo = manifests.iter().find(|(d, _)| *d == package).and_then(|(_, c)| c.package.as_ref());
            let name = cargo.map(|p| snake(&p.name)).unwrap_or_default();
            add(path, Name::new(&format!("{name}.{}", stem.replace('-', "_"))), *ix, test, &mut out);
        }
    }
    out
}

/// The files that may be the body of `mod name;`.
fn body_of(path: &str, is_root: bool, module: &Module) -> Vec<String> {
    let dir = parent(path);
    let base = path.rsplit('/').next().unwrap_or(path);
    let own = is_root || matches!(base, "mod.rs" | "lib.rs" | "main.rs");
    let mut folder = dir.to_string();
    if !own {
        folder = under(&folder, base.strip_suffix(".rs").unwrap_or(base));
    }
    let inline = module.within.replace("::", "/");
    if let Some(written) = &module.path {
        let from = if inline.is_empty() { dir.to_string() } else { under(&folder, &inline) };
        return vec![normal(&under(&from, written))];
    }
    if !inline.is_empty() {
        folder = under(&folder, &inline);
    }
    vec![under(&folder, &format!("{}.rs", module.name)), under(&folder, &format!("{}/mod.rs", module.name))]
}

/// Helpers of tests that are compiled always.
fn is_test_module(name: &str) -> bool {
    matches!(
        name,
        "test_util"
            | "test_utils"
            | "testutil"
            | "testutils"
            | "test_helper"
            | "test_helpers"
            | "test_support"
            | "test_fixtures"
            | "test_doubles"
            | "mock"
            | "mocks"
            | "fake"
            | "fakes"
    )
}

/// `a` + `b` as a path.
pub(super) fn join(a: Name, b: Name) -> Name {
    match (a.is_empty(), b.is_empty()) {
        (_, true) => a,
        (true, _) => b,
        _ => Name::new(&format!("{a}::{b}")),
    }
}

fn snake(name: &str) -> Name {
    Name::new(&name.replace('-', "_"))
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

fn under(dir: &str, inner: &str) -> String {
    if dir.is_empty() { inner.to_string() } else { format!("{dir}/{inner}") }
}

fn within(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
