//! Where units may be: every manifest, and every container or deployment that has none.

use rustc_hash::{FxHashMap, FxHashSet};

use super::gradle::Gradle;
use super::holds;
use super::input::{Build, Draft, Input};
use super::maven::Maven;
use super::model::UnitKind;
use super::paths;
use crate::config::UnitsConfig;
use crate::facts::deploy::ObjectSource;
use crate::facts::manifest::GradleFile;
use crate::facts::{Body, Note, ObjectFacts, OtherManifest};
use crate::source::{FileIx, FileKind, Role, is_template};

/// Directories by path, to find the nearest one above.
pub(super) struct Dirs(FxHashMap<String, usize>);

impl Dirs {
    pub(super) fn new(drafts: &[Draft]) -> Self {
        Self(drafts.iter().enumerate().map(|(i, d)| (d.dir.clone(), i)).collect())
    }

    pub(super) fn at(&self, dir: &str) -> Option<usize> {
        self.0.get(dir).copied()
    }

    /// The unit of a directory: the nearest one above, or itself.
    pub(super) fn above(&self, dir: &str) -> Option<usize> {
        paths::ancestors(dir).find_map(|d| self.at(d))
    }
}

/// All units that manifests make, sorted by directory.
pub(super) fn from_manifests(
    input: &Input<'_>,
    maven: &Maven<'_>,
    gradle: &Gradle<'_>,
    config: &UnitsConfig,
) -> Vec<Draft> {
    let removed: FxHashSet<String> = config.remove.iter().map(|d| paths::normal(d)).collect();
    let mut found: FxHashMap<String, Draft> = FxHashMap::default();
    for (ix, file, body) in input.files() {
        if skip_manifest(&file.path, file.role) {
            continue;
        }
        let dir = paths::parent(&file.path);
        if is_copy(input, dir, paths::base(&file.path)) {
            continue;
        }
        let pattern = match body {
            Body::Maven(pom) => is_pattern(&pom.artifact),
            Body::Cargo(cargo) => cargo.package.as_ref().is_some_and(|p| is_pattern(&p.name)),
            Body::Other(other) => is_pattern(&other.name),
            _ => false,
        };
        if pattern {
            continue;
        }
        let (build, name) = match body {
            Body::Maven(pom) => (Build::Maven(ix), maven.resolve(ix, &pom.artifact)),
            Body::Cargo(cargo) => (Build::Cargo(ix), cargo.package.as_ref().map_or(String::new(), |p| p.name.clone())),
            Body::Gradle(facts) if facts.file == GradleFile::Build && paths::stem(&file.path).starts_with("build") => {
                match gradle.project_at(dir) {
                    Some(project) => {
                        (Build::Gradle(project), gradle.projects[project].root_name.clone().unwrap_or_default())
                    }
                    None => continue,
                }
            }
            Body::Other(other) if !is_aside(dir) => (Build::Other(ix), short_name(other)),
            _ => continue,
        };
        let draft = found.entry(dir.to_string()).or_insert_with(|| Draft { dir: dir.to_string(), ..Draft::default() });
        if let Build::Other(_) = build {
            draft.others.push(ix);
        }
        if rank(build) < rank(draft.build) {
            draft.groups = match body {
                Body::Maven(pom) => pom.packaging == "pom",
                Body::Cargo(cargo) => cargo.is_workspace && cargo.package.is_none() && draft.others.is_empty(),
                _ => false,
            };
            draft.packs = matches!(body, Body::Maven(pom) if draft.groups && pom.modules.is_empty());
            draft.build = build;
            draft.manifest = Some(ix);
            draft.name = name;
        }
    }
    for draft in found.values_mut().filter(|d| matches!(d.build, Build::Cargo(_)) && !d.others.is_empty()) {
        draft.groups = false;
    }
    for draft in found.values_mut().filter(|d| d.packs && !d.others.is_empty()) {
        // A program in another language that Maven only builds.
        (draft.groups, draft.packs) = (false, false);
    }
    for (i, project) in gradle.projects.iter().enumerate() {
        if let Some((settings, span)) = project.included
            && !found.contains_key(&project.dir)
            && !skip_manifest(&format!("{}/build.gradle", project.dir), Role::Main)
        {
            let mut draft = Draft {
                dir: project.dir.clone(),
                build: Build::Gradle(i),
                manifest: Some(project.build.unwrap_or(settings)),
                ..Draft::default()
            };
            draft.because("included by the Gradle settings", Some(settings), Some(span));
            found.insert(project.dir.clone(), draft);
        }
    }
    add_build_src(input, &mut found);
    for add in &config.add {
        let dir = paths::normal(&add.dir);
        let draft = found.entry(dir.clone()).or_insert_with(|| Draft { dir, ..Draft::default() });
        draft.kind = UnitKind::parse(&add.kind);
        draft.because("named in the configuration", None, None);
        if !add.name.is_empty() {
            draft.name.clone_from(&add.name);
        }
    }
    let mut drafts: Vec<Draft> = found.into_values().filter(|d| !removed.contains(&d.dir)).collect();
    drafts.sort_by(|a, b| a.dir.cmp(&b.dir));
    drafts
}

/// Maven before Gradle before Cargo before the rest, when a directory has several.
fn rank(build: Build) -> u8 {
    match build {
        Build::Maven(_) => 0,
        Build::Gradle(_) => 1,
        Build::Cargo(_) => 2,
        Build::Other(_) => 3,
        Build::None => 4,
    }
}

/// Manifests of fixtures, archetypes, front ends bundled into a Java module, and of others' code.
fn skip_manifest(path: &str, role: Role) -> bool {
    let inside = |part: &str| path.starts_with(&part[1..]) || path.contains(part);
    matches!(role, Role::Vendored | Role::Generated)
        || ["/src/main/", "/src/test/", "/node_modules/", "/target/", "/build/resources/", "/.mvn/"]
            .iter()
            .any(|p| inside(p))
        || (role == Role::Test && inside("/resources/"))
}

/// Manifests that are patterns for new projects: a note, and no unit.
pub(super) fn templates(input: &Input<'_>) -> Vec<(FileIx, Note)> {
    let found = input.files().filter(|(_, file, body)| match body {
        Body::Maven(pom) => is_template(&file.path) || is_pattern(&pom.artifact),
        Body::Cargo(cargo) => is_template(&file.path) || cargo.package.as_ref().is_some_and(|p| is_pattern(&p.name)),
        Body::Gradle(facts) => facts.file == GradleFile::Build && is_template(&file.path),
        Body::Other(other) => is_template(&file.path) || is_pattern(&other.name),
        _ => false,
    });
    found.map(|(ix, ..)| (ix, Note::whole("a template for new projects, not a unit"))).collect()
}

/// `{{project-name}}`, `${artifactId}` as the name of an artifact itself.
fn is_pattern(name: &str) -> bool {
    name.contains("{{") || matches!(name.trim(), "${artifactId}" | "${rootArtifactId}")
}

/// Checked-in build output: the same manifest stands one directory higher.
fn is_copy(input: &Input<'_>, dir: &str, name: &str) -> bool {
    matches!(paths::base(dir), "bin" | "out" | "build" | "dist" | "target" | "classes")
        && paths::join(paths::parent(dir), name).is_some_and(|p| input.find(&p).is_some())
}

/// A module of Go goes by a whole path, with its major version: `acme.io/shop/orders/v2`.
fn short_name(manifest: &OtherManifest) -> String {
    let is_version =
        |part: &str| part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let part = || manifest.name.rsplit('/').find(|part| !is_version(part));
    if manifest.language == "go" { part().unwrap_or_default().to_string() } else { manifest.name.clone() }
}

/// Requirements of documentation and the like.
fn is_aside(dir: &str) -> bool {
    matches!(paths::base(dir), "docs" | "doc" | "requirements" | ".github" | "website" | ".devcontainer")
}

/// `buildSrc` is a build of its own, with or without a script.
fn add_build_src(input: &Input<'_>, found: &mut FxHashMap<String, Draft>) {
    for (_, file, _) in input.files() {
        let Some((before, _)) = file.path.split_once("buildSrc/src/") else { continue };
        if before.is_empty() || before.ends_with('/') {
            let dir = format!("{before}buildSrc");
            found.entry(dir.clone()).or_insert_with(|| Draft { dir, name: "buildSrc".to_string(), ..Draft::default() });
        }
    }
}

/// Adds the units that only a Dockerfile or a function manifest shows, and gives every Dockerfile to its unit.
/// `covers` tells the drafts that images of this Dockerfile hold, when its commands name them; `packs` the one that a
/// module for packing takes in.
pub(super) fn add_deployments(
    input: &Input<'_>,
    drafts: &mut Vec<Draft>,
    covers: &dyn Fn(FileIx, &[Draft]) -> Vec<usize>,
    packs: &dyn Fn(&Draft, &[Draft]) -> Option<usize>,
) {
    let dirs = Dirs::new(drafts);
    let mut made: FxHashMap<String, Draft> = FxHashMap::default();
    for (ix, file, body) in input.files() {
        if skip_deployment(&file.path, file.role) {
            continue;
        }
        let dir = paths::parent(&file.path);
        match body {
            Body::Container(container) if !container.stages.is_empty() && file.kind == FileKind::Container => {
                let home = context_dir(dir);
                let own = dirs.at(home).filter(|o| is_home(&drafts[*o]));
                let mut owners = own.map_or_else(|| covers(ix, drafts), |own| vec![own]);
                if owners.is_empty() {
                    // A container below a real module is the module's, unless it is one of its resources.
                    owners.extend(dirs.above(home).filter(|above| {
                        let above = &drafts[*above];
                        is_home(above) && paths::within(home, &above.dir) && !above.dir.is_empty()
                    }));
                }
                for owner in owners.iter().filter(|_| !is_resource(dir)) {
                    drafts[*owner].containers.push(ix);
                }
                match owners.first() {
                    Some(_) => {}
                    None if let Some(packer) = packer(home, &dirs, drafts) => match packs(&drafts[packer], drafts) {
                        Some(owner) => {
                            drafts[packer].packs_for = Some(drafts[owner].dir.clone());
                            drafts[owner].containers.push(ix);
                        }
                        None => drafts[packer].containers.push(ix),
                    },
                    None if dirs.at(home).is_none()
                        && !is_resource(dir)
                        && let Some(owner) = holds::namesake(input, ix, home, drafts) =>
                    {
                        drafts[owner].containers.push(ix);
                    }
                    None if dirs.at(home).is_some() => {
                        if let Some(owner) = dirs.at(home) {
                            drafts[owner].containers.push(ix);
                        }
                    }
                    None => {
                        let draft = made
                            .entry(home.to_string())
                            .or_insert_with(|| Draft { dir: home.to_string(), ..Draft::default() });
                        draft.containers.push(ix);
                    }
                }
            }
            Body::Objects(objects)
                if dirs.above(dir).is_none_or(|o| drafts[o].dir.is_empty())
                    && !dir.is_empty()
                    && objects.iter().any(|o| o.source == ObjectSource::Serverless && is_function(o)) =>
            {
                made.entry(dir.to_string()).or_insert_with(|| Draft { dir: dir.to_string(), ..Draft::default() });
            }
            _ => {}
        }
    }
    drafts.extend(made.into_values());
    drafts.sort_by(|a, b| a.dir.cmp(&b.dir));
}

/// Function resources of serverless and SAM files.
pub(super) fn is_function(object: &ObjectFacts) -> bool {
    object.kind.to_ascii_lowercase().contains("function")
}

/// The module without sources that a Dockerfile lies in, or right below: `packaging/docker/Dockerfile`.
fn packer(home: &str, dirs: &Dirs, drafts: &[Draft]) -> Option<usize> {
    let owner = dirs.at(home).or_else(|| dirs.at(paths::parent(home)))?;
    (drafts[owner].packs && !drafts[owner].dir.is_empty()).then_some(owner)
}

fn skip_deployment(path: &str, role: Role) -> bool {
    matches!(role, Role::Vendored | Role::Generated | Role::Test)
        || path.split('/').any(|part| matches!(part, ".devcontainer" | "node_modules" | ".gitpod" | "cross-images"))
}

/// Does it build something itself? An aggregator does not.
fn is_home(draft: &Draft) -> bool {
    draft.has_sources() || (matches!(draft.build, Build::Other(_)) && !draft.groups)
}

/// `svc/src/main/docker`, `svc/docker`: the directory that the Dockerfile speaks for.
fn context_dir(dir: &str) -> &str {
    for tail in ["/src/main/docker", "/src/docker", "/deploy/docker"] {
        if let Some(home) = dir.strip_suffix(tail) {
            return home;
        }
    }
    dir
}

/// Images kept under resources: database migrations, test fixtures.
fn is_resource(dir: &str) -> bool {
    format!("/{dir}/").contains("/resources/")
}
