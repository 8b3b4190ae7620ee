//! Gradle projects, read tolerantly: settings, builds, applied scripts, convention plugins, catalogs.

use rustc_hash::{FxHashMap, FxHashSet};

use super::input::{Declared, External, Input, Internal};
use super::model::Scope;
use super::paths;
use crate::facts::manifest::{GradleDependency, GradleFile, GradleScope, GradleTarget};
use crate::facts::{Body, Entry, GradleFacts};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// A script that speaks for a project, and how it comes to do so.
struct Script<'a> {
    file: FileIx,
    facts: &'a GradleFacts,
    /// The project's own script or one that it applies; else only what speaks for sub-projects counts.
    own: Speaks,
    via: Vec<Name>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Own,
    /// A build script of a project above.
    Above,
}

/// One project.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) dir: String,
    /// `build.gradle(.kts)`; sub-projects may do without.
    pub(super) build: Option<FileIx>,
    /// The directory of the settings that include it.
    pub(super) root: String,
    /// `rootProject.name` for the root itself.
    pub(super) root_name: Option<String>,
    /// The settings' statement.
    pub(super) included: Option<(FileIx, Span)>,
}

/// All Gradle projects of the workspace.
pub(super) struct Gradle<'a> {
    input: &'a Input<'a>,
    pub(super) projects: Vec<Project>,
    by_dir: FxHashMap<String, usize>,
    /// `(root, ":a:b")` to directory, where the settings say something else than the path.
    moved: FxHashMap<(String, String), String>,
    /// Convention plugins by id or class name.
    conventions: FxHashMap<String, Vec<FileIx>>,
    /// Catalog files and property files by directory.
    catalogs: FxHashMap<&'a str, FileIx>,
    properties: FxHashMap<&'a str, FileIx>,
}

impl<'a> Gradle<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let mut gradle = Self {
            input,
            projects: Vec::new(),
            by_dir: FxHashMap::default(),
            moved: FxHashMap::default(),
            conventions: FxHashMap::default(),
            catalogs: FxHashMap::default(),
            properties: FxHashMap::default(),
        };
        gradle.read_projects();
        gradle
    }

    fn facts(&self, file: FileIx) -> Option<&'a GradleFacts> {
        match self.input.body(file) {
            Some(Body::Gradle(facts)) => Some(facts),
            _ => None,
        }
    }

    fn read_projects(&mut self) {
        let mut source_dirs = FxHashSet::default();
        let mut named = FxHashMap::default();
        for (ix, file, body) in self.input.files() {
            let dir = paths::parent(&file.path);
            if matches!(body, Body::Code(_)) {
                source_dirs.extend(paths::ancestors(dir).take_while(|d| paths::base(d) != "src"));
                source_dirs.extend(paths::ancestors(dir).filter(|d| paths::base(d) == "src").map(paths::parent));
            }
            let Body::Gradle(facts) = body else { continue };
            match facts.file {
                GradleFile::Catalog => _ = self.catalogs.insert(dir, ix),
                GradleFile::Properties => _ = self.properties.insert(dir, ix),
                GradleFile::Settings => {}
                GradleFile::Build if matches!(paths::base(&file.path), "build.gradle" | "build.gradle.kts") => {
                    self.add_project(dir, dir).build = Some(ix);
                }
                GradleFile::Build => {
                    self.read_convention(ix, &file.path);
                    // `buildFileName = "${project.name}.gradle"` in the settings of a project of many modules.
                    let name = paths::base(&file.path);
                    if name.strip_suffix(".kts").unwrap_or(name).strip_suffix(".gradle") == Some(paths::base(dir)) {
                        named.insert(dir, ix);
                    }
                }
            }
        }
        for (ix, file, body) in self.input.files() {
            let Body::Gradle(facts) = body else { continue };
            if facts.file != GradleFile::Settings {
                continue;
            }
            let root = paths::parent(&file.path);
            self.add_project(root, root).root_name.clone_from(&facts.root_name);
            for (path, dir) in &facts.project_dirs {
                if let Some(dir) = paths::join(root, dir.trim_start_matches('/')) {
                    self.moved.insert((root.to_string(), canonical(path)), dir);
                }
            }
            for (include, span) in &facts.includes {
                let dir = self.dir_of(root, include);
                let known = self.by_dir.contains_key(&dir);
                if known || source_dirs.contains(dir.as_str()) {
                    let build = named.get(dir.as_str()).copied();
                    let project = self.add_project(&dir, root);
                    project.root = root.to_string();
                    project.included = Some((ix, *span));
                    project.build = project.build.or(build);
                }
            }
        }
        self.resolve_root_names();
    }

    /// `rootProject.name = serviceName`: what `gradle.properties` beside it says, else the folder's name.
    fn resolve_root_names(&mut self) {
        for at in 0..self.projects.len() {
            let Some(text) = self.projects[at].root_name.take_if(|name| name.contains('$')) else { continue };
            let beside = self.properties.get(self.projects[at].dir.as_str()).and_then(|file| self.facts(*file));
            let name = beside.map(|facts| self.value(at, facts, &text));
            self.projects[at].root_name = name.filter(|name| !name.contains('$'));
        }
    }

    /// Do the settings above include several projects of the same folder by name, and not this one, which has no
    /// settings of its own? Nothing can build it.
    pub(super) fn is_left_out(&self, project: usize) -> bool {
        let Project { dir, included, root_name, .. } = &self.projects[project];
        let parent = paths::parent(dir);
        let of_build = |name: &str| ["build", "gradle"].iter().any(|start| name.starts_with(start));
        if included.is_some() || root_name.is_some() || dir.is_empty() || of_build(paths::base(dir)) {
            return false;
        }
        let settings = ["settings.gradle", "settings.gradle.kts"]
            .iter()
            .any(|name| paths::join(dir, name).is_some_and(|path| self.input.find(&path).is_some()));
        let beside = self.projects.iter().filter(|p| p.included.is_some() && paths::parent(&p.dir) == parent);
        !settings && beside.take(2).count() == 2
    }

    fn add_project(&mut self, dir: &str, root: &str) -> &mut Project {
        let at = *self.by_dir.entry(dir.to_string()).or_insert_with(|| {
            self.projects.push(Project {
                dir: dir.to_string(),
                build: None,
                root: root.to_string(),
                root_name: None,
                included: None,
            });
            self.projects.len() - 1
        });
        &mut self.projects[at]
    }

    /// `my.java-conventions.gradle.kts` is the plugin `my.java-conventions`; `FtgoPlugin.groovy` the class.
    fn read_convention(&mut self, file: FileIx, path: &str) {
        let name = paths::base(path);
        let id = [".gradle.kts", ".gradle", ".groovy", ".kt", ".java"].iter().find_map(|end| name.strip_suffix(end));
        if let Some(id) = id {
            self.conventions.entry(id.to_string()).or_default().push(file);
        }
    }

    /// The directory of `:a:b` below a settings root.
    fn dir_of(&self, root: &str, project: &str) -> String {
        let path = canonical(project);
        let moved = self.moved.get(&(root.to_string(), path.clone()));
        moved.cloned().unwrap_or_else(|| {
            paths::join(root, &path.replace(':', "/").trim_matches('/').replace("//", "/")).unwrap_or_default()
        })
    }

    /// The directory of a project that another one names. Settings may give all sub-projects the name of the root as
    /// a prefix, in code that is not run here: `:shop-core` is `core`, or the project moved to that name.
    fn dir_named(&self, root: &str, project: &str) -> String {
        let dir = self.dir_of(root, project);
        if self.by_dir.contains_key(&dir) {
            return dir;
        }
        let name = self.by_dir.get(root).and_then(|at| self.projects[*at].root_name.as_deref()).unwrap_or_default();
        let (above, last) = project.rsplit_once(':').unwrap_or(("", project));
        let short = last.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')).filter(|_| !name.is_empty());
        let short = short.map(|rest| self.dir_of(root, &format!("{above}:{rest}")));
        short.filter(|short| self.by_dir.contains_key(short)).unwrap_or(dir)
    }

    pub(super) fn project_at(&self, dir: &str) -> Option<usize> {
        self.by_dir.get(dir).copied()
    }

    /// All scripts that speak for a project: its own first.
    fn scripts(&self, project: usize) -> Vec<Script<'a>> {
        let Project { dir, root, .. } = &self.projects[project];
        let mut out = Vec::new();
        let mut seen = FxHashSet::default();
        for above in paths::ancestors(dir) {
            let build = self.project_at(above).and_then(|p| self.projects[p].build);
            if let Some(build) = build {
                let own = if above == dir { Speaks::Own } else { Speaks::Above };
                let via = if above == dir { Vec::new() } else { vec![Name::new(self.input.path(build))] };
                self.follow(build, own, via, root, &mut seen, &mut out);
            }
            if above == root {
                break;
            }
        }
        out
    }

    /// A script, the scripts it applies and the convention plugins that it uses.
    fn follow(
        &self,
        file: FileIx,
        own: Speaks,
        via: Vec<Name>,
        root: &str,
        seen: &mut FxHashSet<FileIx>,
        out: &mut Vec<Script<'a>>,
    ) {
        let mut queue = vec![(file, own, via)];
        while let Some((file, own, via)) = queue.pop() {
            let Some(facts) = self.facts(file) else { continue };
            if !seen.insert(file) {
                continue;
            }
            for applied in &facts.applied_files {
                if let Some(found) = self.applied(file, applied, root) {
                    let mut via = via.clone();
                    via.push(Name::new(self.input.path(found)));
                    queue.push((found, own, via));
                }
            }
            for plugin in &facts.plugins {
                let speaks = matches!(
                    (own, plugin.scope),
                    (_, GradleScope::Allprojects)
                        | (Speaks::Own, GradleScope::Own)
                        | (Speaks::Above, GradleScope::Subprojects)
                );
                let short = plugin.id.rsplit('.').next().unwrap_or(&plugin.id);
                let found = self.conventions.get(&plugin.id).or_else(|| self.conventions.get(short));
                if let Some(found) = found.filter(|_| speaks).and_then(|all| self.nearest(file, all)) {
                    let mut via = via.clone();
                    via.push(Name::new(&plugin.id));
                    queue.push((found, Speaks::Own, via));
                }
            }
            out.push(Script { file, facts, own, via });
        }
    }

    fn nearest(&self, from: FileIx, all: &[FileIx]) -> Option<FileIx> {
        let here = self.input.path(from);
        let shared = |ix: FileIx| self.input.path(ix).bytes().zip(here.bytes()).take_while(|(a, b)| a == b).count();
        all.iter().copied().max_by_key(|ix| (shared(*ix), std::cmp::Reverse(*ix)))
    }

    /// `apply from: "$rootDir/gradle/java.gradle"`.
    fn applied(&self, from: FileIx, written: &str, root: &str) -> Option<FileIx> {
        let rooted = [
            "$rootDir/",
            "${rootDir}/",
            "$rootProject.projectDir/",
            "${rootProject.projectDir}/",
            "${project.rootDir}/",
        ]
        .iter()
        .find_map(|prefix| written.strip_prefix(prefix));
        let path = match rooted {
            Some(rest) => paths::join(root, rest),
            None => paths::join(self.input.dir(from), written),
        };
        path.and_then(|p| self.input.find(&p))
            .or_else(|| self.input.find(&paths::join(root, rooted.unwrap_or(written))?))
    }

    /// The plugins of a project with their places and versions.
    pub(super) fn plugins(&self, project: usize) -> Vec<(String, String, FileIx, Span)> {
        let mut out = Vec::new();
        for script in self.scripts(project) {
            for plugin in &script.facts.plugins {
                let holds = match script.own {
                    Speaks::Own => matches!(plugin.scope, GradleScope::Own | GradleScope::Allprojects),
                    Speaks::Above => matches!(plugin.scope, GradleScope::Subprojects | GradleScope::Allprojects),
                };
                if holds {
                    out.push((
                        plugin.id.clone(),
                        self.value(project, script.facts, &plugin.version),
                        script.file,
                        plugin.span,
                    ));
                }
            }
        }
        out
    }

    /// A setting or property of a project's own scripts or those above it.
    pub(super) fn setting(&self, project: usize, keys: &[&str]) -> Option<String> {
        self.setting_entry(project, keys).map(|(_, e)| e.value.clone())
    }

    /// Where that setting is written.
    pub(super) fn setting_entry(&self, project: usize, keys: &[&str]) -> Option<(FileIx, &'a Entry)> {
        let all = self.scripts(project).into_iter();
        let entries: Vec<(FileIx, &'a Entry)> =
            all.flat_map(|s| s.facts.settings.iter().chain(&s.facts.properties).map(move |e| (s.file, e))).collect();
        let plain = entries.iter().find(|(_, e)| keys.contains(&e.key.as_str()));
        let nested = || entries.iter().find(|(_, e)| keys.iter().any(|k| e.key.ends_with(&format!(".{k}"))));
        plain.or_else(nested).copied()
    }

    /// The version of a Gradle plugin as the class path of a build script tells it.
    pub(super) fn classpath_version(&self, project: usize, artifact: &str) -> Option<(String, FileIx, Span)> {
        let scripts = self.scripts(project);
        let buildscript = scripts.iter().flat_map(|s| {
            s.facts.dependencies.iter().filter(|d| d.scope == GradleScope::Buildscript).map(move |d| (s, d))
        });
        let own = buildscript.filter_map(|(script, dependency)| match &dependency.target {
            GradleTarget::Module { artifact: found, version, .. } if found == artifact => {
                Some((self.value(project, script.facts, version), script.file, dependency.span))
            }
            _ => None,
        });
        own.into_iter().find(|(version, ..)| !version.is_empty())
    }

    /// A catalog's plugin or library version by its target.
    pub(super) fn catalog_version(&self, project: usize, target: &str) -> Option<String> {
        let (_, catalog) = self.catalog(project, "libs")?;
        catalog.catalog.iter().find(|e| e.target == target && !e.version.is_empty()).map(|e| e.version.clone())
    }

    fn catalog(&self, project: usize, name: &str) -> Option<(FileIx, &'a GradleFacts)> {
        let _ = name;
        let root = &self.projects[project].root;
        let file = paths::ancestors(root).find_map(|dir| {
            self.catalogs.get(paths::join(dir, "gradle")?.as_str()).or_else(|| self.catalogs.get(dir))
        })?;
        Some((*file, self.facts(*file)?))
    }

    /// Replaces `$x` and `${x}` by what the script, the scripts above or `gradle.properties` say.
    fn value(&self, project: usize, facts: &GradleFacts, text: &str) -> String {
        let Some(start) = text.find('$') else { return text.to_string() };
        let rest = text[start + 1..].trim_start_matches('{');
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(rest.len());
        let key = &rest[..end];
        let short = key.rsplit('.').next().unwrap_or(key);
        let known = |facts: &GradleFacts| {
            let found = facts.properties.iter().find(|e| e.key.as_str() == key || e.key.last_segment() == short);
            found.map(|e| e.value.clone()).filter(|v| !v.contains('$'))
        };
        let Project { dir, root, .. } = &self.projects[project];
        let above = paths::ancestors(dir).flat_map(|d| {
            let build = self.project_at(d).and_then(|p| self.projects[p].build);
            [build, self.properties.get(d).copied()]
        });
        let above: Vec<_> = above.flatten().chain(self.properties.get(root.as_str()).copied()).collect();
        let value = known(facts).or_else(|| above.into_iter().filter_map(|f| self.facts(f)).find_map(known));
        match value {
            Some(value) => format!("{}{}{}", &text[..start], value, rest[end..].trim_start_matches('}')),
            None => text.to_string(),
        }
    }

    /// All dependencies that scripts name for a project.
    pub(super) fn declared(&self, project: usize, unit_of: &dyn Fn(&str) -> Option<usize>) -> Declared {
        let mut out = Declared::default();
        let own_path = self.path_of(project);
        for script in self.scripts(project) {
            out.exclusions.extend(script.facts.exclusions.iter().cloned());
            for dependency in &script.facts.dependencies {
                let holds = match (&dependency.project, script.own, dependency.scope) {
                    (_, _, GradleScope::Buildscript) => false,
                    (Some(named), ..) => canonical(named) == own_path,
                    (None, Speaks::Own, GradleScope::Own | GradleScope::Allprojects) => true,
                    (None, Speaks::Above, GradleScope::Subprojects | GradleScope::Allprojects) => true,
                    _ => false,
                };
                if holds {
                    self.add(&mut out, project, &script, dependency, unit_of);
                }
            }
        }
        out
    }

    /// `:a:b` of a project.
    fn path_of(&self, project: usize) -> String {
        let Project { dir, root, .. } = &self.projects[project];
        let moved = self.moved.iter().find(|((r, _), d)| r == root && *d == dir).map(|((_, path), _)| path.clone());
        moved.unwrap_or_else(|| {
            let rest = if root.is_empty() { dir } else { dir.strip_prefix(root.as_str()).unwrap_or(dir) };
            canonical(&rest.replace('/', ":"))
        })
    }

    fn add(
        &self,
        out: &mut Declared,
        project: usize,
        script: &Script<'_>,
        dependency: &GradleDependency,
        unit_of: &dyn Fn(&str) -> Option<usize>,
    ) {
        let scope = scope_of(&dependency.configuration);
        let mut push = |group: &str, artifact: &str, version: String, file: FileIx, span: Span| {
            out.externals.push(External {
                group: group.to_string(),
                artifact: artifact.to_string(),
                version,
                scope,
                optional: false,
                file,
                span,
                via: script.via.clone(),
                exclusions: dependency.exclusions.clone(),
                features: Vec::new(),
            });
        };
        match &dependency.target {
            GradleTarget::Module { platform: true, .. } | GradleTarget::Unknown => {}
            GradleTarget::Module { group, artifact, version, .. } => {
                push(group, artifact, self.value(project, script.facts, version), script.file, dependency.span);
            }
            GradleTarget::Project(path) => {
                if let Some(unit) = unit_of(&self.dir_named(&self.projects[project].root, path)) {
                    out.internals.push(Internal {
                        unit,
                        scope,
                        optional: false,
                        exclusions: dependency.exclusions.clone(),
                        features: Vec::new(),
                        default_features: true,
                    });
                }
            }
            GradleTarget::Catalog(alias) => {
                let Some((_, catalog)) = self.catalog(project, "libs") else { return };
                let alias = alias.strip_prefix("bundles.").unwrap_or(alias);
                let find = |alias: &str| catalog.catalog.iter().find(|e| e.alias == alias.replace(['-', '_'], "."));
                let entries = match find(alias) {
                    Some(bundle) if bundle.kind == "bundle" => {
                        bundle.target.split(',').filter_map(|a| find(a.trim())).collect()
                    }
                    Some(entry) => vec![entry],
                    None => Vec::new(),
                };
                for entry in entries {
                    if let Some((group, artifact)) = entry.target.split_once(':') {
                        push(group, artifact, entry.version.clone(), script.file, dependency.span);
                    }
                }
            }
        }
    }
}

fn canonical(path: &str) -> String {
    format!(":{}", path.trim_matches(':'))
}

/// The scope that a configuration's name stands for; an unknown one is the build's own business.
fn scope_of(configuration: &str) -> Scope {
    let lower = configuration.to_ascii_lowercase();
    match lower.as_str() {
        "implementation" | "api" | "compile" | "quarkusdev" => Scope::Compile,
        "runtime" | "runtimeonly" => Scope::Runtime,
        "compileonly" | "compileonlyapi" | "providedcompile" | "providedruntime" => Scope::Provided,
        _ if lower.contains("test") => Scope::Test,
        _ if lower.ends_with("mainimplementation") || lower.ends_with("mainapi") => Scope::Compile,
        _ => Scope::Build,
    }
}
