//! Cargo packages: targets, workspace inheritance, features.

use rustc_hash::{FxHashMap, FxHashSet};

use super::input::{Declared, External, Input, Internal};
use super::model::Scope;
use super::paths;
use crate::facts::CargoFacts;
use crate::facts::manifest::{CargoDependency, CargoSection};
use crate::source::FileIx;
use crate::text::Name;

/// All Cargo manifests of the workspace.
pub(super) struct Cargo<'a> {
    input: &'a Input<'a>,
    /// Manifests by directory.
    by_dir: FxHashMap<&'a str, FileIx>,
    /// Source files by directory of their package's `src/bin`.
    bin_files: FxHashMap<&'a str, Vec<FileIx>>,
}

impl<'a> Cargo<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let mut by_dir = FxHashMap::default();
        let mut bin_files: FxHashMap<&str, Vec<FileIx>> = FxHashMap::default();
        for (ix, file, _) in input.files() {
            let dir = paths::parent(&file.path);
            if input.cargo(ix).is_some() {
                by_dir.insert(dir, ix);
            } else if file.path.ends_with(".rs") {
                let bin_dir = if paths::base(&file.path) == "main.rs" { paths::parent(dir) } else { dir };
                if let Some(package) = bin_dir.strip_suffix("src/bin") {
                    bin_files.entry(package.trim_end_matches('/')).or_default().push(ix);
                }
            }
        }
        Self { input, by_dir, bin_files }
    }

    /// The binaries of a package: name and root file.
    pub(super) fn bins(&self, manifest: FileIx) -> Vec<(String, FileIx)> {
        let Some(package) = self.input.cargo(manifest).and_then(|c| c.package.as_ref()) else { return Vec::new() };
        let dir = self.input.dir(manifest);
        let mut out: Vec<(String, FileIx)> = Vec::new();
        for (name, path) in &package.bins {
            let guesses = match path {
                Some(path) => vec![path.clone()],
                None => {
                    vec![format!("src/bin/{name}.rs"), format!("src/bin/{name}/main.rs"), "src/main.rs".to_string()]
                }
            };
            let found = guesses.iter().find_map(|g| self.input.find(&paths::join(dir, g)?));
            out.extend(found.map(|file| (name.clone(), file)));
        }
        if !package.no_auto_bins {
            let main = paths::join(dir, "src/main.rs").and_then(|p| self.input.find(&p));
            let auto = main.map(|file| (package.name.clone(), file));
            let by_path = self.bin_files.get(dir).into_iter().flatten().map(|file| {
                let path = self.input.path(*file);
                let name =
                    if paths::base(path) == "main.rs" { paths::base(paths::parent(path)) } else { paths::stem(path) };
                (name.to_string(), *file)
            });
            for (name, file) in auto.into_iter().chain(by_path) {
                if !out.iter().any(|(_, known)| *known == file) {
                    out.push((name, file));
                }
            }
        }
        out
    }

    fn is_macro(&self, manifest: FileIx) -> bool {
        let package = self.input.cargo(manifest).and_then(|c| c.package.as_ref());
        package.and_then(|p| p.lib.as_ref()).is_some_and(|l| l.proc_macro)
    }

    /// The manifest with the `[workspace]` table that a package belongs to.
    fn root(&self, manifest: FileIx) -> Option<(FileIx, &'a CargoFacts)> {
        paths::ancestors(self.input.dir(manifest)).find_map(|dir| {
            let ix = *self.by_dir.get(dir)?;
            let facts = self.input.cargo(ix)?;
            facts.is_workspace.then_some((ix, facts))
        })
    }

    /// Is it built by the workspace around it? A package that no workspace names stands for itself.
    pub(super) fn is_left_out(&self, manifest: FileIx) -> bool {
        let dir = self.input.dir(manifest);
        let Some((root, facts)) = self.root(manifest).filter(|(root, _)| *root != manifest) else { return false };
        let Some(relative) = dir.strip_prefix(self.input.dir(root)).map(|r| r.trim_start_matches('/')) else {
            return false;
        };
        facts.exclude.iter().any(|e| paths::within(relative, &paths::normal(e)))
    }

    /// What a package names, the workspace's table applied. Optional ones are marked; features decide later.
    pub(super) fn declared(&self, manifest: FileIx, unit_of: &dyn Fn(FileIx) -> Option<usize>) -> Vec<CargoEdge> {
        let Some(facts) = self.input.cargo(manifest) else { return Vec::new() };
        let root = self.root(manifest);
        let mut out = Vec::new();
        for dependency in &facts.dependencies {
            let table = root.filter(|_| dependency.inherited);
            let base = table.and_then(|(ix, root)| {
                Some((ix, root.workspace_dependencies.iter().find(|d| d.name == dependency.name)?))
            });
            let (path_from, path) = match (&dependency.path, base) {
                (Some(path), _) => (manifest, Some(path)),
                (None, Some((ix, inherited))) => (ix, inherited.path.as_ref()),
                _ => (manifest, None),
            };
            let target = path
                .and_then(|p| paths::join(self.input.dir(path_from), p))
                .and_then(|dir| self.by_dir.get(dir.as_str()).copied());
            let mut edge = CargoEdge::new(manifest, dependency, base.map(|(_, d)| d), target.and_then(unit_of));
            // What a procedural macro is made of runs in the compiler.
            if edge.external.scope.ships() && target.is_some_and(|t| self.is_macro(t)) {
                edge.external.scope = Scope::Build;
            }
            out.push(edge);
        }
        out
    }

    /// `[features]` of a package.
    pub(super) fn features(&self, manifest: FileIx) -> &'a [(String, Vec<String>)] {
        self.input.cargo(manifest).map_or(&[], |c| c.features.as_slice())
    }
}

/// A dependency of a package.
#[derive(Clone, Debug)]
pub(super) struct CargoEdge {
    /// The name that features use.
    pub(super) name: String,
    pub(super) optional: bool,
    pub(super) external: External,
    /// The draft, for a path within the tree.
    pub(super) unit: Option<usize>,
    pub(super) default_features: bool,
}

impl CargoEdge {
    fn new(file: FileIx, own: &CargoDependency, base: Option<&CargoDependency>, unit: Option<usize>) -> Self {
        let written = base.unwrap_or(own);
        let mut features: Vec<Name> = written.features.iter().chain(&own.features).map(|f| Name::new(f)).collect();
        features.sort();
        features.dedup();
        let scope = match own.section {
            CargoSection::Normal => Scope::Compile,
            CargoSection::Dev => Scope::Test,
            CargoSection::Build => Scope::Build,
        };
        Self {
            name: own.name.clone(),
            optional: own.optional,
            external: External {
                group: "cargo".to_string(),
                artifact: written.package.clone(),
                version: written.version.clone(),
                scope,
                optional: own.optional,
                file,
                span: own.span,
                via: Vec::new(),
                exclusions: Vec::new(),
                features,
            },
            unit,
            default_features: written.default_features,
        }
    }
}

/// What a set of features turns on in a package.
#[derive(Debug, Default)]
pub(super) struct TurnedOn {
    /// Optional dependencies that are there.
    dependencies: FxHashSet<String>,
    /// Features asked of dependencies.
    asked: FxHashMap<String, Vec<String>>,
}

/// Follows `[features]` from the ones that are asked for.
pub(super) fn turn_on(table: &[(String, Vec<String>)], asked: &[String], default: bool) -> TurnedOn {
    let by_name: FxHashMap<&str, &Vec<String>> = table.iter().map(|(name, list)| (name.as_str(), list)).collect();
    let mut out = TurnedOn::default();
    let mut queue: Vec<&str> = asked.iter().map(String::as_str).collect();
    if default {
        queue.push("default");
    }
    let mut seen = FxHashSet::default();
    while let Some(item) = queue.pop() {
        if !seen.insert(item) {
            continue;
        }
        if let Some(name) = item.strip_prefix("dep:") {
            out.dependencies.insert(name.to_string());
        } else if let Some((name, feature)) = item.split_once('/') {
            let weak = name.ends_with('?');
            let name = name.trim_end_matches('?');
            if !weak {
                out.dependencies.insert(name.to_string());
            }
            out.asked.entry(name.to_string()).or_default().push(feature.to_string());
        } else if let Some(list) = by_name.get(item) {
            queue.extend(list.iter().map(String::as_str));
        } else {
            out.dependencies.insert(item.to_string());
        }
    }
    out
}

/// The dependencies of a package under these features.
pub(super) fn settle(edges: &[CargoEdge], on: &TurnedOn) -> Declared {
    let mut out = Declared::default();
    for edge in edges {
        let mut external = edge.external.clone();
        if edge.optional && !on.dependencies.contains(&edge.name) {
            external.scope = Scope::Build;
        } else if let Some(asked) = on.asked.get(&edge.name) {
            external.features.extend(asked.iter().map(|f| Name::new(f)));
            external.features.sort();
            external.features.dedup();
        }
        external.optional = false;
        match edge.unit {
            Some(unit) => out.internals.push(Internal {
                unit,
                scope: external.scope,
                optional: false,
                exclusions: Vec::new(),
                features: external.features.iter().map(ToString::to_string).collect(),
                default_features: edge.default_features,
            }),
            None => out.externals.push(external),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        rows.iter().map(|(n, l)| (n.to_string(), l.iter().map(ToString::to_string).collect())).collect()
    }

    #[test]
    fn features_turn_dependencies_on() {
        let table = table(&[
            ("default", &["kafka"]),
            ("kafka", &["dep:rdkafka", "storage/s3", "metrics?/prom"]),
            ("loop", &["loop", "default"]),
        ]);
        let on = turn_on(&table, &["loop".to_string(), "old".to_string()], false);
        assert!(on.dependencies.contains("rdkafka") && on.dependencies.contains("storage"));
        assert!(on.dependencies.contains("old"), "the implicit feature of an optional dependency");
        assert!(!on.dependencies.contains("metrics"));
        assert_eq!(on.asked["metrics"], ["prom"]);
        assert!(turn_on(&table, &[], false).dependencies.is_empty());
    }
}
