//! Units: what is deployed, what is shared, and what each of them brings along.
//!
//! [`group`] reads top to bottom: candidates, their code and packaging, dependencies, deployments,
//! kinds, settings.

mod candidates;
mod cargo;
mod ci;
mod collector;
mod dependencies;
mod deploy;
mod exact;
mod gradle;
pub(crate) mod helm;
mod holds;
mod images;
mod input;
mod kind;
mod maven;
pub mod model;
mod named;
mod naming;
mod other;
mod packaging;
mod paths;
mod runtime;
mod settings;
mod starters;
mod starts;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::code::CallableIx;
use crate::facts::{Body, FileFacts, Note};
use crate::source::{FileIx, FileKind, Role, Workspace};
use crate::text::Name;
use input::{Build, Draft, Input};

pub use crate::config::{AddUnit, JoinUnits, RenameUnit, UnitsConfig};
pub use model::{Dependency, EffectiveSetting, Evidence, Runtime, Scope, Unit, UnitIx, UnitKind, Units};

/// Is this the image of a store, a proxy or a tool rather than of a service?
pub fn is_infra_image(image: &str) -> bool {
    starters::infra_image(image).is_some()
}

/// Groups the files of a workspace into units. `facts` are parallel to `workspace.files`.
pub fn group(workspace: &Workspace, facts: &[FileFacts], config: &UnitsConfig) -> Units {
    let input = Input::new(workspace, facts);
    let maven = maven::Maven::new(&input);
    let gradle = gradle::Gradle::new(&input);
    let cargo = cargo::Cargo::new(&input);

    let mut drafts = candidates::from_manifests(&input, &maven, &gradle, config);
    count_files(&input, &mut drafts);
    candidates::add_deployments(
        &input,
        &mut drafts,
        &|file, drafts| holds::covers(&input, file, drafts, &cargo),
        &|packer, drafts| holds::packs(packer, drafts, &maven),
    );
    let removed: FxHashSet<String> = config.remove.iter().map(|d| paths::normal(d)).collect();
    drafts.retain(|d| !removed.contains(&d.dir));
    let mut packed: Vec<_> = drafts.iter().map(|d| packaging::read(&input, d, &maven, &gradle)).collect();
    let names = bin_names(&drafts, &cargo);
    let deployed = deploy::attribute(&input, &mut drafts, &mut packed, &names);
    count_files(&input, &mut drafts);
    name_units(&mut drafts, config);

    let graph = dependencies::Graph::new(&input, &drafts, &maven, &gradle, &cargo);
    let effective: Vec<_> = drafts
        .par_iter()
        .enumerate()
        .map(|(i, draft)| graph.effective(i, &drafts, &images::cargo_features(&input, draft)))
        .collect();

    let unit_of = files_to_units(&input, &drafts, config);
    let signs = read_signs(&input, &drafts, &unit_of, &cargo, &effective);
    let is_harness = |i: usize| words::is_test_name(&drafts[i].dir, &drafts[i].name);
    let dependents = graph.dependents(&|i| !is_harness(i) && !drafts[i].groups);
    let tested_with = graph.tested_with();
    let files = settings::Files::new(&input, &drafts, &unit_of, &deployed);

    let cyclic: Vec<FileIx> =
        drafts.iter().zip(&effective).filter(|(_, e)| e.cyclic).filter_map(|(draft, _)| draft.manifest).collect();
    let libraries: Vec<Vec<usize>> =
        effective.iter().map(|e| e.libraries.iter().map(|u| u.0 as usize).collect()).collect();
    let users = graph.users(&drafts);
    let runs_alone: Vec<bool> = (0..drafts.len()).map(|i| packed[i].own && packed[i].runnable.is_some()).collect();
    let mut all = Vec::with_capacity(drafts.len());
    for (i, (mut draft, mut effective)) in drafts.into_iter().zip(effective).enumerate() {
        let (infra_image, image_kind) = images::infra(&input, &draft).unzip();
        let case = kind::Case {
            signs: &signs[i],
            packaging: &packed[i],
            has_bins: matches!(draft.build, Build::Cargo(manifest) if !cargo.bins(manifest).is_empty()),
            dependents: dependents[i],
            only_for_tests: dependents[i] == 0 && tested_with[i],
            is_cargo: matches!(draft.build, Build::Cargo(_)),
            static_image: image_kind == Some(starters::InfraImage::Proxy) && images::hands_out_files(&input, &draft),
            infra_image,
            workload: deployed[i].workload.clone(),
            job: deployed[i].job.clone(),
            built: deployed[i].built.clone(),
            function: deployed[i].function.clone(),
            lambda_crate: lambda_crate(&effective.dependencies),
            terminal: own_crate(&effective.dependencies, starters::is_of_terminals, "a program for the terminal")
                .filter(|_| !runtime::ships(&effective.dependencies, "org.springframework:spring-web")),
            desktop: own_crate(&effective.dependencies, starters::is_of_desktops, "a program with windows of its own"),
            harness: own_crate(&effective.dependencies, starters::is_for_tests, "a harness of tests"),
            built_for_tests: graph.is_built_for_tests(i),
            left_out: is_left_out(&draft, &maven, &cargo, &input),
            retired: dependents[i] == 0 && is_retired(&draft, &maven, &gradle, &input),
            migrates: own_crate(&effective.dependencies, starters::migrates, "it migrates a database and ends"),
            batch_only: is_batch_only(&effective.dependencies),
            other: other::signs(&input, &draft),
            starts_nothing: images::start_nothing(&input, &draft),
            packs_service: libraries[i]
                .iter()
                .any(|l| signs[*l].mains.iter().any(|m| m.starts.is_some()) && runs_alone[*l]),
            packs_main: if runs_alone[i] { main_of(&libraries[i], &signs) } else { None },
            tests_others: images::tests_others(&input, &draft),
            says_load: words::says_load(description(&input, &draft)),
            among_tests: deployed[i].is_among_tests(&input, &draft),
            draft: &draft,
        };
        let (decided, because) = kind::decide(&case);
        let (aside, only_for_tests) = (kind::is_aside(&case), case.only_for_tests);
        // A store's image, or one that only builds: nobody ports it.
        let of_others =
            case.infra_image.is_some() || case.starts_nothing || starters::infra_image(&draft.name).is_some();
        let runtime = runtime::read(
            &input,
            &draft,
            &effective.dependencies,
            &signs[i],
            deployed[i].function.is_some(),
            &maven,
            &gradle,
        );
        let java = runtime::java_setting(&draft, &runtime, &maven, &gradle);
        let built = runtime::build_settings(&input, &draft, &runtime, &maven, &gradle);
        let kind = draft.kind.unwrap_or(decided);
        let is_cargo = case.is_cargo;
        if kind == UnitKind::Library {
            withhold(&mut effective.dependencies, &graph.optional(i));
        }
        match draft.kind {
            Some(_) => draft.evidence.extend(deployed[i].job.clone().or(deployed[i].workload.clone())),
            None => draft.evidence.extend(because),
        }
        draft.evidence.extend(graph.evidence(i).iter().cloned());
        all.push(Unit {
            dir: if draft.dir.is_empty() { Arc::from(".") } else { Arc::from(draft.dir.as_str()) },
            name: draft.name,
            kind,
            aside: match kind {
                UnitKind::Tool => aside,
                UnitKind::Library => aside && only_for_tests,
                UnitKind::Infra => of_others,
                _ => false,
            },
            groups: kind == UnitKind::Library
                && draft.groups
                && matches!(draft.build, Build::Maven(_))
                && gradle.project_at(&draft.dir).is_none(),
            languages: draft.languages.iter().map(|(l, _)| *l).collect(),
            evidence: draft.evidence,
            manifest: draft.manifest,
            settings: files
                .effective(i, &libraries[i], &deployed[i].variables, &|name| {
                    let Build::Maven(pom) = draft.build else { return None };
                    let text = maven.resolve(pom, &format!("${{{name}}}"));
                    (!text.contains("${")).then_some(text)
                })
                .into_iter()
                .chain(java)
                .chain(built)
                .collect(),
            dependencies: effective.dependencies,
            libraries: effective.libraries,
            scripts: {
                let mut all: Vec<FileIx> =
                    draft.containers.iter().flat_map(|file| images::scripts(&input, *file)).collect();
                all.sort_unstable();
                all.dedup();
                all
            },
            containers: draft.containers,
            objects: draft.objects,
            runtime,
            side_mains: side_mains(&signs[i], kind, is_cargo),
            files: draft.files,
            test_files: draft.test_files,
        });
    }
    set_libraries_aside(&mut all, &users);
    set_examples_aside(&mut all);
    let of_file = unit_of.iter().map(|u| u.map(|u| UnitIx(u as u32))).collect();
    let circles = cyclic.into_iter().map(|file| (file, Note::whole("its modules depend on each other in a circle")));
    let mut notes: Vec<(FileIx, Note)> =
        maven.notes().into_iter().chain(circles).chain(candidates::templates(&input)).collect();
    notes.sort_by_key(|(file, note)| (*file, note.span));
    Units { all, of_file, notes }
}

/// Beside a main method that starts the service, and in a library, other main methods run nothing that is deployed.
fn side_mains(signs: &starts::Signs, kind: UnitKind, is_cargo: bool) -> Vec<(FileIx, CallableIx)> {
    let started = signs.mains.iter().any(|m| m.starts.is_some());
    if is_cargo || !(kind == UnitKind::Library || kind == UnitKind::Service && started) {
        return Vec::new();
    }
    signs.mains.iter().filter(|m| m.starts.is_none()).map(|m| (m.file, m.at)).collect()
}

/// What a library only offers to work with (`<optional>`) is not handed on to those who use it.
fn withhold(dependencies: &mut [Dependency], optional: &FxHashSet<Name>) {
    for dependency in dependencies.iter_mut().filter(|d| d.scope.ships()) {
        let own = dependency.via.is_empty() && optional.contains(&dependency.coordinate);
        if own || dependency.via.first().is_some_and(|via| optional.contains(via)) {
            dependency.scope = Scope::Provided;
        }
    }
}

/// Libraries of tests: only tests name them, or tools beside them that are set aside themselves; crates that nothing names.
fn set_libraries_aside(all: &mut [Unit], users: &[Vec<(usize, bool)>]) {
    // Libraries of libraries of tests, a few levels down.
    let served = all.iter().any(|u| u.kind.is_assessed() && u.languages.contains(&"rust"));
    for _ in 0..8 {
        let fits = |i: usize| {
            // Crates beside a service that only programs for people are made of.
            let of_tools = served && all[i].languages.first() == Some(&"rust");
            let of_tests = |(user, ships): &(usize, bool)| {
                let user = &all[*user];
                let around = paths::parent(&all[i].dir);
                !ships
                    || user.aside && !around.is_empty() && paths::within(&user.dir, around)
                    || of_tools && (user.kind == UnitKind::Tool || user.kind == UnitKind::Library && user.aside)
            };
            // No program of the workspace is made of it.
            let bound = || all[i].dependencies.iter().any(|d| starters::is_of_bindings(&d.coordinate));
            let unused = of_tools && users[i].is_empty() && !bound();
            all[i].kind == UnitKind::Library
                && !all[i].aside
                && (unused || !users[i].is_empty() && users[i].iter().all(of_tests))
        };
        let found: Vec<usize> = (0..all.len()).filter(|i| fits(*i)).collect();
        if found.is_empty() {
            return;
        }
        for i in found {
            all[i].aside = true;
        }
    }
}

/// Programs in a folder of examples that nothing deploys, beside services that are: they show how those are used.
fn set_examples_aside(all: &mut [Unit]) {
    let shown = |u: &Unit| u.dir.split('/').any(|part| part == "examples");
    let bare = |u: &Unit| u.containers.is_empty() && u.objects.is_empty();
    let served = all.iter().any(|u| u.kind.is_assessed() && !shown(u));
    for unit in all.iter_mut().filter(|u| served && shown(u) && bare(u) && !u.runtime.lambda) {
        unit.aside = true;
    }
}

/// Does a file lie in a folder of documents, samples or retired code of its unit, where nothing is deployed from?
pub fn is_set_aside(path: &str, unit: &Unit) -> bool {
    let within = if &*unit.dir == "." { Some(path) } else { path.strip_prefix(&*unit.dir) };
    let first = within.and_then(|rest| rest.trim_start_matches('/').split_once('/'));
    first.is_some_and(|(folder, _)| words::is_side_folder(folder))
}

/// Sorts, names, and makes names unique.
fn name_units(drafts: &mut [Draft], config: &UnitsConfig) {
    for draft in drafts.iter_mut() {
        if draft.name.is_empty() || draft.name.contains("${") {
            let base = paths::base(&draft.dir);
            draft.name = if base.is_empty() { "root".to_string() } else { base.to_string() };
        }
        if let Some(rename) = config.rename.iter().find(|r| paths::normal(&r.dir) == draft.dir) {
            draft.name.clone_from(&rename.name);
        }
    }
    let mut count: FxHashMap<String, u32> = FxHashMap::default();
    for draft in drafts.iter() {
        *count.entry(draft.name.clone()).or_default() += 1;
    }
    for draft in drafts.iter_mut() {
        if count.get(&draft.name).is_some_and(|n| *n > 1) {
            let dir = if draft.dir.is_empty() { "." } else { &draft.dir };
            draft.name = format!("{} ({dir})", draft.name);
        }
    }
}

/// The unit of each file: the nearest directory above that is a unit, joins applied.
fn files_to_units(input: &Input<'_>, drafts: &[Draft], config: &UnitsConfig) -> Vec<Option<usize>> {
    let dirs = candidates::Dirs::new(drafts);
    let joins: Vec<(String, Option<usize>)> = config
        .join
        .iter()
        .flat_map(|j| j.dirs.iter().map(|d| (paths::normal(d), dirs.at(&paths::normal(&j.into)))))
        .collect();
    let mut memo: FxHashMap<&str, Option<usize>> = FxHashMap::default();
    let find = |dir: &str| {
        let joined = joins.iter().find(|(from, into)| into.is_some() && paths::within(dir, from));
        joined.and_then(|(_, into)| *into).or_else(|| dirs.above(dir))
    };
    input
        .workspace
        .files
        .iter()
        .map(|file| {
            let dir = paths::parent(&file.path);
            *memo.entry(dir).or_insert_with(|| find(dir))
        })
        .collect()
}

/// The first main function in the units that one packs.
fn main_of(libraries: &[usize], signs: &[starts::Signs]) -> Option<Evidence> {
    let main = libraries.iter().find_map(|l| signs[*l].mains.first())?;
    Some(Evidence { what: format!("{} has a main function", main.name), file: Some(main.file), span: Some(main.span) })
}

/// Counts source files by language for every unit.
fn count_files(input: &Input<'_>, drafts: &mut [Draft]) {
    let dirs = candidates::Dirs::new(drafts);
    let mut languages: Vec<BTreeMap<&'static str, u32>> = vec![BTreeMap::new(); drafts.len()];
    for draft in drafts.iter_mut() {
        (draft.files, draft.test_files) = (0, 0);
    }
    for (_, file, body) in input.files() {
        let language = match file.kind {
            FileKind::Java => "java",
            FileKind::Rust => "rust",
            _ => continue,
        };
        let Some(unit) = dirs.above(paths::parent(&file.path)) else { continue };
        match file.role {
            Role::Test | Role::Vendored => {}
            _ => {
                drafts[unit].files += 1;
                *languages[unit].entry(language).or_default() += 1;
                // Rust's tests mostly stand in the file that they test.
                drafts[unit].test_files += u32::from(matches!(body, Body::Code(code) if code.has_tests()));
            }
        }
    }
    for (dir, count) in &input.workspace.tests {
        let dir = if &**dir == "." { "" } else { dir };
        if let Some(unit) = dirs.above(dir) {
            drafts[unit].test_files += count;
        }
    }
    for (dir, language, count) in &input.workspace.unread {
        let dir = if &**dir == "." { "" } else { dir };
        let Some(unit) = dirs.above(dir) else { continue };
        drafts[unit].files += count;
        *languages[unit].entry(language).or_default() += count;
    }
    for (draft, languages) in drafts.iter_mut().zip(languages) {
        draft.languages = languages.into_iter().collect();
        draft.languages.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    }
}

/// Binary names of packages, by which images may call them.
fn bin_names(drafts: &[Draft], cargo: &cargo::Cargo<'_>) -> Vec<(usize, String)> {
    let bins = drafts.iter().enumerate().filter_map(|(i, d)| match d.build {
        Build::Cargo(manifest) => Some((i, cargo.bins(manifest))),
        _ => None,
    });
    bins.flat_map(|(i, bins)| bins.into_iter().map(move |(name, _)| (i, name))).collect()
}

/// The signs of the code, main functions followed into what they call.
fn read_signs(
    input: &Input<'_>,
    drafts: &[Draft],
    unit_of: &[Option<usize>],
    cargo: &cargo::Cargo<'_>,
    effective: &[dependencies::Effective],
) -> Vec<starts::Signs> {
    let mut bins: FxHashMap<FileIx, String> = FxHashMap::default();
    for draft in drafts {
        if let Build::Cargo(manifest) = draft.build {
            bins.extend(cargo.bins(manifest).into_iter().map(|(name, file)| (file, name)));
        }
    }
    let mut signs = starts::read(input, unit_of, drafts.len(), &bins);
    let callables = starts::Callables::new(input, unit_of);
    signs.par_iter_mut().enumerate().for_each(|(i, signs)| {
        let closure: FxHashSet<usize> =
            effective[i].libraries.iter().map(|u| u.0 as usize).chain(std::iter::once(i)).collect();
        let starts::Signs { mains, lambda, .. } = signs;
        for main in mains.iter_mut() {
            callables.follow(main, &closure, lambda);
        }
    });
    signs
}

/// The package's own dependency on a crate that runs Lambda functions.
fn lambda_crate(dependencies: &[Dependency]) -> Option<Evidence> {
    let crates = ["cargo:lambda_runtime", "cargo:lambda_http", "cargo:lambda-extension", "cargo:lambda_extension"];
    let own = |d: &&Dependency| d.declared && d.via.is_empty() && d.scope.ships();
    let found = dependencies.iter().filter(own).find(|d| crates.contains(&d.coordinate.as_str()))?;
    let what = format!("depends on {}", found.coordinate.trim_start_matches("cargo:"));
    Some(Evidence { what, file: Some(found.file), span: Some(found.span) })
}

/// The package's own dependency on a crate that says what it is for.
fn own_crate(dependencies: &[Dependency], says: fn(&str) -> bool, what: &str) -> Option<Evidence> {
    let own = |d: &&Dependency| d.declared && d.via.is_empty() && d.scope.ships();
    let found = dependencies.iter().filter(own).find(|d| says(&d.coordinate))?;
    let what = format!("{what}, with {}", found.coordinate.trim_start_matches("cargo:"));
    Some(Evidence { what, file: Some(found.file), span: Some(found.span) })
}

/// What the manifest of a package says that it is.
fn description<'a>(input: &Input<'a>, draft: &Draft) -> &'a str {
    let Build::Cargo(manifest) = draft.build else { return "" };
    let package = input.cargo(manifest).and_then(|cargo| cargo.package.as_ref());
    package.map_or("", |package| &package.description)
}

/// Left out by the build around it: no module of the aggregator above, or excluded from the workspace.
fn is_left_out(draft: &Draft, maven: &maven::Maven<'_>, cargo: &cargo::Cargo<'_>, input: &Input<'_>) -> bool {
    match draft.build {
        Build::Maven(_) => {
            let aggregators = paths::ancestors(&draft.dir).skip(1).filter_map(|dir| {
                let pom = input.maven(input.find(&paths::join(dir, "pom.xml")?)?)?;
                let names_modules = !pom.modules.is_empty() || pom.profiles.iter().any(|p| !p.modules.is_empty());
                Some((dir, names_modules))
            });
            let above: Vec<_> = aggregators.filter(|(_, names)| *names).collect();
            !above.is_empty() && !maven.is_module(&draft.dir)
        }
        Build::Cargo(manifest) => cargo.is_left_out(manifest),
        _ => false,
    }
}

/// Taken out of the build that it was part of: its parent lies in the tree, no pom names it as a module any more, and
/// modules beside it are named. What stands apart with a parent elsewhere is built on its own, and so is what a
/// pipeline names.
fn is_retired(draft: &Draft, maven: &maven::Maven<'_>, gradle: &gradle::Gradle<'_>, input: &Input<'_>) -> bool {
    let out = match draft.build {
        Build::Maven(pom) => {
            maven.chain(pom).len() > 1 && !maven.is_module(&draft.dir) && maven.has_module_in(paths::parent(&draft.dir))
        }
        Build::Gradle(project) => gradle.is_left_out(project),
        _ => false,
    };
    if draft.dir.is_empty() || !out {
        return false;
    }
    let named = |text: &str| {
        let words = text.split(|c: char| c.is_whitespace() || "\"',=:;()[]".contains(c));
        words.map(|w| w.trim_start_matches("./").trim_end_matches('/')).any(|w| paths::within(w, &draft.dir))
    };
    let steps = || input.files().filter_map(|(_, _, body)| if let Body::Ci(steps) = body { Some(steps) } else { None });
    !steps().flatten().any(|step| named(&step.text))
}

/// Spring Batch or Cloud Task and no web layer: it runs and ends.
fn is_batch_only(dependencies: &[Dependency]) -> bool {
    let ships = |prefix: &str| runtime::ships(dependencies, prefix);
    let batch = [
        "org.springframework.boot:spring-boot-starter-batch",
        "org.springframework.batch:",
        "org.springframework.cloud:spring-cloud-starter-task",
    ];
    let serves = [
        "org.springframework:spring-webmvc",
        "org.springframework:spring-webflux",
        "org.springframework.kafka:",
        "org.springframework.amqp:",
        "org.springframework:spring-jms",
        "org.springframework.boot:spring-boot-starter-quartz",
    ];
    batch.iter().any(|b| ships(b)) && !serves.iter().any(|s| ships(s))
}
