//! Which unit a deployment object belongs to: by image, then name, then place.

use rustc_hash::FxHashMap;

use super::candidates::{Dirs, is_function};
use super::ci;
use super::images;
use super::input::{Build, Draft, Input};
use super::kind;
use super::model::{Evidence, UnitKind};
use super::naming::{Names, flat};
use super::packaging::Packaging;
use super::{paths, starters};
use crate::facts::deploy::ObjectSource;
use crate::facts::{Body, ObjectFacts};
use crate::source::{FileIx, Role};
use crate::text::Span;

/// An environment variable or command-line property that a deployment sets.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) file: FileIx,
    pub(super) span: Span,
}

/// What the deployments say about one unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Deployed {
    pub(super) workload: Option<Evidence>,
    pub(super) job: Option<Evidence>,
    pub(super) function: Option<Evidence>,
    /// CI builds an image of it.
    pub(super) built: Option<Evidence>,
    pub(super) variables: Vec<Variable>,
}

impl Deployed {
    /// Does the unit lie among tests, and does nothing outside them deploy it?
    pub(super) fn is_among_tests(&self, input: &Input<'_>, draft: &Draft) -> bool {
        let outside = |(file, at): &&(FileIx, u32)| {
            let Some(Body::Objects(objects)) = input.body(*file) else { return false };
            let workload = objects.get(*at as usize).is_some_and(is_workload);
            workload && !kind::is_among_tests(input.dir(*file), false, false)
        };
        let source = |(file, at): &(FileIx, u32)| match input.body(*file) {
            Some(Body::Objects(objects)) => objects.get(*at as usize).map(|o| o.source),
            _ => None,
        };
        let deployed: Vec<_> = draft.objects.iter().filter(outside).filter_map(source).collect();
        let in_cluster = deployed.iter().any(|source| *source != ObjectSource::Compose);
        kind::is_among_tests(&draft.dir, in_cluster, !deployed.is_empty() || self.function.is_some())
    }
}

/// Gives every deployment object to its unit, and collects what they say about it. A folder of jobs whose
/// images belong to nobody becomes a unit of its own.
pub(super) fn attribute(
    input: &Input<'_>,
    drafts: &mut Vec<Draft>,
    packaging: &mut Vec<Packaging>,
    extra_names: &[(usize, String)],
) -> Vec<Deployed> {
    let dirs = Dirs::new(drafts);
    let objects = all_objects(input);
    let mut extra: Vec<(usize, String)> = extra_names.to_vec();
    for (file, _, object) in &objects {
        extra.extend(built_images(input.dir(*file), object, &dirs));
    }
    for draft in drafts.iter() {
        let Some(unit) = draft.packs_for.as_deref().and_then(|dir| dirs.at(dir)) else { continue };
        extra.extend([(unit, draft.name.clone()), (unit, paths::base(&draft.dir).to_string())]);
    }
    let names = Names::new(drafts, packaging, &extra);
    let charts = charts(input, &objects, &names, drafts);
    let mut owners: Vec<Option<usize>> = vec![None; objects.len()];
    let mut by_workload: FxHashMap<String, usize> = FxHashMap::default();
    for (slot, (file, _, object)) in objects.iter().enumerate() {
        if !is_workload(object) {
            continue;
        }
        let path = input.path(*file);
        let built = built_by(input, path, object, drafts);
        owners[slot] = built.or_else(|| owner_of_workload(path, object, &dirs, &names, &charts, drafts));
        if let Some(owner) = owners[slot] {
            by_workload.insert(flat(&object.name), owner);
            for entry in object.entries.iter().filter(|e| refers(e.key.as_str())) {
                by_workload.entry(format!("@{}", entry.value)).or_insert(owner);
            }
        }
    }
    for (slot, (file, _, object)) in objects.iter().enumerate() {
        if owners[slot].is_none() && !is_workload(object) {
            owners[slot] = owner_of_other(input.path(*file), object, &dirs, &names, &by_workload, &charts, drafts);
        }
    }
    let by_ci = ci::deployed(input, drafts, &|name| names.find(name));
    add_job_folders(input, &objects, &mut owners, drafts, packaging);
    let mut deployed = collect(input, &objects, &owners, drafts);
    for (unit, evidence) in by_ci {
        deployed[unit].built.get_or_insert(evidence);
    }
    deployed
}

type Placed<'a> = (FileIx, u32, &'a ObjectFacts);

fn all_objects<'a>(input: &Input<'a>) -> Vec<Placed<'a>> {
    let mut out = Vec::new();
    for (ix, file, body) in input.files() {
        let Body::Objects(objects) = body else { continue };
        if !matches!(file.role, Role::Vendored | Role::Generated | Role::Test) && !file.path.contains("/src/test/") {
            out.extend(objects.iter().zip(0u32..).map(|(object, at)| (ix, at, object)));
        }
    }
    out
}

/// `(unit, image)` that skaffold and build configurations tell.
fn built_images(dir: &str, object: &ObjectFacts, dirs: &Dirs) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    if !matches!(object.source, ObjectSource::Skaffold | ObjectSource::BuildConfig) {
        return out;
    }
    for entry in &object.entries {
        let key = entry.key.as_str();
        let Some((prefix, last)) = key.rsplit_once('.') else { continue };
        if !matches!(last, "image" | "image-name" | "imageName" | "image_name" | "tags") {
            continue;
        }
        let value = |tails: &[&str]| tails.iter().find_map(|tail| object.get(&format!("{prefix}.{tail}")));
        let project = value(&["jib.project"]).map(|p| p.trim_start_matches(':').replace(':', "/"));
        let context = value(&["context", "work-dir", "workdir", "path", "dir"]);
        let from = |path: &str| {
            [paths::join(dir, path), paths::join("", path)].into_iter().flatten().find_map(|p| dirs.at(&p))
        };
        let unit = project.as_deref().and_then(|p| {
            let below = context.and_then(|c| paths::join(dir, c)).and_then(|c| dirs.at(&paths::join(&c, p)?));
            below.or_else(|| from(p))
        });
        let unit = unit.or_else(|| from(context.unwrap_or(".")));
        if let Some(unit) = unit {
            out.push((unit, starters::image_name(&entry.value).to_string()));
        }
    }
    out
}

/// Helm charts: directory to unit, by the chart's name, its image, its directory.
fn charts(input: &Input<'_>, objects: &[Placed<'_>], names: &Names, drafts: &[Draft]) -> FxHashMap<String, usize> {
    let mut out = FxHashMap::default();
    let dirs = Dirs::new(drafts);
    for (file, _, object) in objects.iter().filter(|(_, _, o)| o.source == ObjectSource::Chart) {
        let dir = input.dir(*file);
        let image =
            object.entries.iter().find(|e| matches!(e.key.as_str(), "image.repository" | "image.name" | "image"));
        let found = image
            .and_then(|e| names.find(starters::image_name(&e.value)))
            .or_else(|| names.find(object.get("name").unwrap_or("")))
            .or_else(|| names.find(paths::base(dir)))
            .or_else(|| near(dir, &dirs, drafts));
        if let Some(unit) = found {
            out.entry(dir.to_string()).or_insert(unit);
        }
    }
    out
}

fn chart_of(path: &str, charts: &FxHashMap<String, usize>) -> Option<usize> {
    paths::ancestors(paths::parent(path)).find_map(|dir| charts.get(dir).copied())
}

/// The unit that a file lies in, when that unit has a program of its own and is not the root.
fn near(dir: &str, dirs: &Dirs, drafts: &[Draft]) -> Option<usize> {
    dirs.above(dir).filter(|o| !drafts[*o].dir.is_empty() && drafts[*o].has_sources())
}

fn is_workload(object: &ObjectFacts) -> bool {
    let kind = object.kind.as_str();
    match object.source {
        ObjectSource::Compose | ObjectSource::Procfile | ObjectSource::Serverless => true,
        ObjectSource::Kubernetes | ObjectSource::Helm | ObjectSource::Kustomize => {
            matches!(
                kind,
                "Deployment"
                    | "StatefulSet"
                    | "DaemonSet"
                    | "ReplicaSet"
                    | "Pod"
                    | "Job"
                    | "CronJob"
                    | "Rollout"
                    | "DeploymentConfig"
            ) || (kind == "Service" && object.entries.iter().any(|e| e.key.ends_with("containers[0].image")))
        }
        ObjectSource::Chart | ObjectSource::Skaffold | ObjectSource::BuildConfig => false,
    }
}

/// Is this a key by which a workload uses another object?
fn refers(key: &str) -> bool {
    ["claimName", "configMapRef.name", "configMapKeyRef.name", "configMap.name", "serviceAccountName"]
        .iter()
        .any(|end| key.ends_with(end))
}

/// The images of a workload, side containers after the first, initialisers last.
fn images_of(object: &ObjectFacts) -> Vec<&str> {
    let image = |init: bool| {
        object
            .entries
            .iter()
            .filter(move |e| e.key.last_segment() == "image" && e.key.contains("initContainers") == init)
            .map(|e| e.value.as_str())
    };
    image(false).chain(image(true)).collect()
}

/// The unit whose Dockerfile a Compose service is built with.
fn built_by(input: &Input<'_>, path: &str, object: &ObjectFacts, drafts: &[Draft]) -> Option<usize> {
    if object.source != ObjectSource::Compose {
        return None;
    }
    let context = object.get("build.context").or_else(|| object.get("build"))?;
    let context = paths::join(paths::parent(path), context)?;
    let file = input.find(&paths::join(&context, object.get("build.dockerfile").unwrap_or("Dockerfile"))?)?;
    drafts.iter().position(|d| !d.dir.is_empty() && d.containers.contains(&file))
}

/// A store's image, or one that only the chart's values name where those values or the container are called like a
/// store: `{{ .Values.postgresql.image.repository }}`.
fn is_infrastructure(image: &str, object: &ObjectFacts) -> bool {
    if !image.contains("{{") {
        return starters::infra_image(image).is_some();
    }
    let parts = image.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
    let container = object.entries.iter().find(|e| e.key.ends_with("containers[0].name")).map(|e| e.value.as_str());
    parts.chain(container).any(|name| !name.is_empty() && starters::infra_image(name).is_some())
}

fn owner_of_workload(
    path: &str,
    object: &ObjectFacts,
    dirs: &Dirs,
    names: &Names,
    charts: &FxHashMap<String, usize>,
    drafts: &[Draft],
) -> Option<usize> {
    let dir = paths::parent(path);
    match object.source {
        ObjectSource::Compose => {
            let context = object.get("build.context").or_else(|| object.get("build"));
            let built = context.and_then(|c| paths::join(dir, c)).and_then(|c| {
                let dockerfile = object.get("build.dockerfile").and_then(|d| paths::join(&c, d));
                let by_file = dockerfile
                    .and_then(|d| dirs.at(paths::parent(&d)).or_else(|| near(paths::parent(&d), dirs, drafts)));
                by_file.or_else(|| dirs.at(&c)).or_else(|| near(&c, dirs, drafts))
            });
            if built.is_some_and(|b| !drafts[b].dir.is_empty() || drafts.len() == 1) {
                return built;
            }
        }
        ObjectSource::Procfile => return dirs.above(dir),
        ObjectSource::Serverless => {
            let code = object.entries.iter().find(|e| e.key.last_segment() == "CodeUri").map(|e| e.value.as_str());
            let code = code
                .and_then(|c| paths::join(dir, c))
                .and_then(|c| dirs.above(&c).filter(|o| !drafts[*o].dir.is_empty()));
            // A description of the cloud above many modules is nobody's program.
            return code.or_else(|| dirs.above(dir).filter(|o| !drafts[*o].groups));
        }
        _ => {}
    }
    let images = images_of(object);
    if images.first().is_some_and(|image| is_official(image) && starters::infra_image(image).is_some()) {
        return None;
    }
    let by_image = images.iter().find_map(|image| names.find(starters::image_name(image)));
    let by_value = || images.iter().flat_map(|image| value_names(image)).find_map(|name| names.find(name));
    if let Some(found) = by_image.or_else(by_value) {
        return Some(packed_instead(found, drafts).unwrap_or(found));
    }
    if images.first().is_some_and(|image| is_infrastructure(image, object)) {
        return None;
    }
    // Another project's image: `name: orders` with `image: acme/other` is not this tree's unit, but images
    // are often named by a registry's habits, so the object's own name still counts.
    let named = names.find(&object.name).map(|found| packed_instead(found, drafts).unwrap_or(found));
    named.or_else(|| chart_of(path, charts)).or_else(|| match object.source {
        ObjectSource::Compose => None,
        _ => near(dir, dirs, drafts),
    })
}

/// `orders` of `{{ .Values.orders.image.repository }}`, in a chart of many services.
fn value_names(image: &str) -> impl Iterator<Item = &str> {
    const WORDS: &[&str] =
        &["image", "images", "repository", "name", "tag", "registry", "global", "app", "services", "deployment"];
    let path = image.split_once(".Values.").map_or("", |(_, rest)| rest);
    let path = path.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))).next().unwrap_or("");
    path.split('.').filter(|word| word.len() > 2 && !WORDS.contains(word))
}

/// `postgres:17`, `docker.io/library/mysql`: nobody's own, whatever a folder is called.
fn is_official(image: &str) -> bool {
    let image = image.trim_start_matches("docker.io/").trim_start_matches("library/");
    !image.split(['@', ':']).next().unwrap_or(image).contains('/')
}

/// An image named like the product holds the program that the product's Dockerfile starts: `shop` the program
/// `shop-server` of the same workspace, where `shop` itself has no image and the other one has one made outside of its folder.
fn packed_instead(found: usize, drafts: &[Draft]) -> Option<usize> {
    let is_cargo = |draft: &Draft| matches!(draft.build, Build::Cargo(_));
    if !is_cargo(&drafts[found]) || !drafts[found].containers.is_empty() {
        return None;
    }
    let mut packed = drafts.iter().enumerate().filter(|(_, d)| is_cargo(d) && !d.groups && !d.containers.is_empty());
    let (only, draft) = packed.next()?;
    let extends = draft.name.strip_prefix(drafts[found].name.as_str()).is_some_and(|rest| rest.starts_with(['-', '_']));
    (packed.next().is_none() && extends).then_some(only)
}

fn owner_of_other(
    path: &str,
    object: &ObjectFacts,
    dirs: &Dirs,
    names: &Names,
    by_workload: &FxHashMap<String, usize>,
    charts: &FxHashMap<String, usize>,
    drafts: &[Draft],
) -> Option<usize> {
    if !matches!(object.source, ObjectSource::Kubernetes | ObjectSource::Helm | ObjectSource::Kustomize) {
        return None;
    }
    let target = [
        "spec.scaleTargetRef.name",
        "spec.selector.app",
        "spec.selector.app.kubernetes.io/name",
        "spec.selector.io.kompose.service",
    ];
    let named = target.iter().filter_map(|key| object.get(key)).find_map(|name| by_workload.get(&flat(name)).copied());
    // The service of a store beside the program.
    let of_store = target.iter().filter_map(|key| object.get(key)).any(|name| starters::infra_image(name).is_some());
    if named.is_none() && of_store {
        return None;
    }
    named
        .or_else(|| by_workload.get(&format!("@{}", object.name)).copied())
        .or_else(|| by_workload.get(&flat(&object.name)).copied())
        .or_else(|| names.find(&object.name))
        .or_else(|| chart_of(path, charts))
        .or_else(|| near(paths::parent(path), dirs, drafts))
}

/// A folder outside all units that holds nothing but jobs is a job of its own.
fn add_job_folders(
    input: &Input<'_>,
    objects: &[Placed<'_>],
    owners: &mut [Option<usize>],
    drafts: &mut Vec<Draft>,
    packaging: &mut Vec<Packaging>,
) {
    let dirs = Dirs::new(drafts);
    let mut folders: Vec<(&str, Vec<usize>, bool)> = Vec::new();
    for (slot, (file, _, object)) in objects.iter().enumerate().filter(|(_, (_, _, o))| is_workload(o)) {
        let dir = input.dir(*file);
        let is_job = matches!(object.kind.as_str(), "Job" | "CronJob");
        let program = owners[slot].is_some_and(|o| drafts[o].has_sources());
        match folders.iter_mut().rev().take(1).find(|(d, ..)| *d == dir) {
            Some((_, slots, only)) => {
                slots.push(slot);
                *only &= is_job && !program;
            }
            None => folders.push((dir, vec![slot], is_job && !program)),
        }
    }
    let mut made: Vec<(&str, &str, usize)> = Vec::new();
    for (dir, slots, only_jobs) in folders {
        let above = dirs.above(dir);
        if !only_jobs || dir.is_empty() || dirs.at(dir).is_some() || above.is_some_and(|o| !drafts[o].dir.is_empty()) {
            continue;
        }
        // A patch or another environment's version of jobs that stand in a folder before.
        let known = |slot: &usize| {
            let (_, _, object) = objects[*slot];
            made.iter().find(|(kind, name, _)| (*kind, *name) == (object.kind.as_str(), object.name.as_str()))
        };
        if slots.iter().all(|slot| known(slot).is_some() || images_of(objects[*slot].2).is_empty()) {
            for slot in slots {
                owners[slot] = known(&slot).map(|(_, _, unit)| *unit);
            }
            continue;
        }
        for slot in slots {
            let object = objects[slot].2;
            made.push((object.kind.as_str(), object.name.as_str(), drafts.len()));
            owners[slot] = Some(drafts.len());
        }
        drafts.push(Draft { dir: dir.to_string(), kind: Some(UnitKind::Job), ..Draft::default() });
        packaging.push(Packaging::default());
    }
}

fn collect(input: &Input<'_>, objects: &[Placed<'_>], owners: &[Option<usize>], drafts: &mut [Draft]) -> Vec<Deployed> {
    let mut out = vec![Deployed::default(); drafts.len()];
    let maps: FxHashMap<&str, &Placed<'_>> =
        objects.iter().filter(|(_, _, o)| o.kind.as_str() == "ConfigMap").map(|p| (p.2.name.as_str(), p)).collect();
    // One object may lie in the tree several times: plain, rendered, per environment.
    let mut kept: FxHashMap<(usize, &str, &str), usize> = FxHashMap::default();
    for (slot, (file, _, object)) in objects.iter().enumerate() {
        let Some(owner) = owners[slot] else { continue };
        let inside = |slot: usize| {
            !drafts[owner].dir.is_empty() && paths::within(input.path(objects[slot].0), &drafts[owner].dir)
        };
        let key = (owner, object.kind.as_str(), object.name.as_str());
        let known = kept.get(&key).copied();
        if known.is_none_or(|k| objects[k].0 != *file && inside(slot) && !inside(k)) {
            kept.insert(key, slot);
        }
    }
    let mut slots: Vec<usize> = kept.into_values().collect();
    slots.sort_unstable();
    for slot in slots {
        let (file, at, object) = &objects[slot];
        let Some(owner) = owners[slot] else { continue };
        drafts[owner].objects.push((*file, *at));
        let deployed = &mut out[owner];
        let evidence = |what: String| Some(Evidence { what, file: Some(*file), span: Some(object.span) });
        let name = &object.name;
        match (object.source, object.kind.as_str()) {
            (ObjectSource::Serverless, _) if is_function(object) => {
                deployed.function =
                    deployed.function.take().or_else(|| evidence(format!("deployed as the function {name}")));
            }
            (ObjectSource::Compose, _) => {
                deployed.workload = deployed.workload.take().or_else(|| evidence(format!("compose service {name}")));
            }
            (ObjectSource::Procfile, "release" | "console") => {}
            (ObjectSource::Procfile, _) => {
                deployed.workload = deployed.workload.take().or_else(|| evidence(format!("Procfile process {name}")));
            }
            (_, kind @ ("Job" | "CronJob")) => {
                deployed.job = deployed.job.take().or_else(|| evidence(format!("Kubernetes {kind} {name}")));
            }
            (ObjectSource::Kubernetes | ObjectSource::Helm | ObjectSource::Kustomize, kind) if is_workload(object) => {
                deployed.workload = deployed.workload.take().or_else(|| evidence(format!("Kubernetes {kind} {name}")));
            }
            _ => {}
        }
        if is_workload(object) {
            variables(*file, object, &maps, &mut deployed.variables);
        }
    }
    for (draft, deployed) in drafts.iter().zip(&mut out) {
        let mut own = Vec::new();
        for file in &draft.containers {
            let set = images::environment(input, *file).into_iter();
            own.extend(set.map(|(key, value, file, span)| Variable { key, value, file, span }));
        }
        // The image's own values come first, a deployment overrides them.
        own.append(&mut deployed.variables);
        deployed.variables = own;
    }
    out
}

/// The environment of a workload's containers.
fn variables(file: FileIx, object: &ObjectFacts, maps: &FxHashMap<&str, &Placed<'_>>, out: &mut Vec<Variable>) {
    for (at, entry) in object.entries.iter().enumerate() {
        let key = entry.key.as_str();
        let set = |key: &str, value: &str| Variable {
            key: key.to_string(),
            value: value.to_string(),
            file,
            span: entry.span,
        };
        if object.source == ObjectSource::Compose {
            if let Some(name) = key.strip_prefix("environment.") {
                out.push(set(name, &entry.value));
            } else if key.starts_with("environment[") {
                let (name, value) = entry.value.split_once('=').unwrap_or((&entry.value, ""));
                out.push(set(name, value));
            } else if key.starts_with("command") || key.starts_with("entrypoint") {
                out.extend(images::system_properties(&entry.value).map(|(k, v)| set(k, v)));
            }
        } else if let Some(value_key) = key.strip_suffix(".name").filter(|k| k.ends_with(']') && k.contains(".env[")) {
            let value_key = format!("{value_key}.value");
            if let Some(value) = object.entries[at..].iter().take(4).find(|e| e.key.as_str() == value_key) {
                out.push(Variable { key: entry.value.clone(), value: value.value.clone(), file, span: value.span });
            }
        } else if key.ends_with("configMapRef.name") {
            let Some((file, _, map)) = maps.get(entry.value.as_str()) else { continue };
            for data in &map.entries {
                if let Some(name) = data.key.strip_prefix("data.") {
                    out.push(Variable {
                        key: name.to_string(),
                        value: data.value.clone(),
                        file: *file,
                        span: data.span,
                    });
                }
            }
        } else if key.contains(".args[") || key.contains(".command[") {
            out.extend(images::system_properties(&entry.value).map(|(k, v)| set(k, v)));
        }
    }
}
