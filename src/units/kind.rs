//! What a unit is. The table is [`decide`]: the first line that fits wins.

use super::input::{Build, Draft};
use super::model::{Evidence, UnitKind};
use super::packaging::Packaging;
use super::starts::Signs;
use super::words::{
    ends_in_tests, in_test_dir, is_archive_dir, is_build_dir, is_cli_name, is_example, is_helper_name, is_load_name,
    is_test_name, lies_among_examples, lies_below_tests,
};
use crate::source::{FileIx, is_test_folder};
use crate::text::Span;

/// All that the decision rests on.
pub(super) struct Case<'a> {
    pub(super) draft: &'a Draft,
    pub(super) signs: &'a Signs,
    pub(super) packaging: &'a Packaging,
    /// Rust: it has binaries; a package without any is a library whatever its code says.
    pub(super) has_bins: bool,
    /// Units that ship it as a library (test harnesses left out).
    pub(super) dependents: usize,
    /// Others name it, but only for their tests.
    pub(super) only_for_tests: bool,
    /// A package of Cargo.
    pub(super) is_cargo: bool,
    /// Its images are those of a store, proxy or tool.
    pub(super) infra_image: Option<Evidence>,
    /// Its image is a web server that hands out files.
    pub(super) static_image: bool,
    /// A long-running workload (Deployment, compose service with its build or image, Procfile web).
    pub(super) workload: Option<Evidence>,
    /// CI builds an image of it.
    pub(super) built: Option<Evidence>,
    /// A workload that ends (Job, CronJob).
    pub(super) job: Option<Evidence>,
    /// A serverless function.
    pub(super) function: Option<Evidence>,
    /// Rust: the package itself depends on a crate that runs Lambda functions.
    pub(super) lambda_crate: Option<Evidence>,
    /// It depends itself on a library for screens or prompts at a terminal, and on nothing for the web.
    pub(super) terminal: Option<Evidence>,
    /// Rust: the package itself depends on a crate for windows.
    pub(super) desktop: Option<Evidence>,
    /// Rust: the package itself depends on a crate that only tests need.
    pub(super) harness: Option<Evidence>,
    /// Rust: and it needs, for what it runs, a part of the tree that is there for tests.
    pub(super) built_for_tests: bool,
    /// A build beside it leaves it out (no module of the aggregator above, excluded from the workspace).
    pub(super) left_out: bool,
    /// It was part of a build that names it no more, and nothing else builds it.
    pub(super) retired: bool,
    /// Something that runs batch work only: Spring Batch or Task without a web layer.
    pub(super) batch_only: bool,
    /// It declares a library of migrations itself: a plain program that does so migrates and ends.
    pub(super) migrates: Option<Evidence>,
    /// Its images start nothing.
    pub(super) starts_nothing: bool,
    /// A service is among the libraries that it packs.
    pub(super) packs_service: bool,
    /// A main function in the libraries that it packs.
    pub(super) packs_main: Option<Evidence>,
    /// Its image starts a test or load generator.
    pub(super) tests_others: Option<Evidence>,
    /// Only tests use it: it lies among them, and nothing outside deploys it.
    pub(super) among_tests: bool,
    /// The description in its manifest says that it puts load on others.
    pub(super) says_load: bool,
    /// Dependencies of its manifests in other languages.
    pub(super) other: OtherSigns,
}

/// What manifests of languages that are not analysed say.
#[derive(Clone, Debug, Default)]
pub(super) struct OtherSigns {
    pub(super) is_any: bool,
    pub(super) browser: Option<String>,
    pub(super) server: Option<String>,
    pub(super) testing: Option<String>,
    pub(super) infrastructure: Option<String>,
    pub(super) lambda: Option<String>,
    pub(super) runnable: bool,
    pub(super) aggregator: bool,
}

/// The kind of a unit and the evidence for it.
pub(super) fn decide(case: &Case<'_>) -> (UnitKind, Vec<Evidence>) {
    let Case { draft, signs, packaging, .. } = case;
    let containers = if case.starts_nothing { &[][..] } else { draft.containers.as_slice() };
    let container = containers.first().map(|file| at("Dockerfile of its own", *file, None));
    let built = || container.clone().or(case.built.clone()).filter(|_| case.infra_image.is_none());
    let deployed = case.workload.clone().or_else(built);
    let main = signs.mains.iter().find(|m| m.starts.is_some() || m.endless).or(signs.mains.first());
    let noun = if case.has_bins { "binary" } else { "main class" };
    let started =
        main.and_then(|m| m.starts.map(|what| at(format!("{noun} {} starts {what}", m.name), m.file, Some(m.span))));
    let looping =
        main.filter(|m| m.endless).map(|m| at(format!("{} runs until it is stopped", m.name), m.file, Some(m.span)));
    let plain = main.map(|m| at(format!("{} has a main function", m.name), m.file, Some(m.span)));
    let lambda = case.function.clone().or_else(|| {
        signs.lambda.as_ref().map(|(file, span, name)| at(format!("{name} is a Lambda handler"), *file, Some(*span)))
    });
    let own_packaging = packaging.runnable.clone().filter(|_| packaging.own && !packaging.weak);
    let deployable = deployed.is_some() || own_packaging.is_some() || case.function.is_some();
    let with = |kind: UnitKind, parts: Vec<Option<Evidence>>| {
        let images = [container.clone(), case.built.clone()].map(|one| one.filter(|_| kind.is_assessed()));
        let mut evidence: Vec<Evidence> = Vec::new();
        for part in parts.into_iter().chain(images).flatten() {
            if !evidence.contains(&part) {
                evidence.push(part);
            }
        }
        (kind, evidence)
    };
    let note = |what: &str| Some(Evidence { what: what.to_string(), file: None, span: None });

    if is_build_dir(&draft.dir) {
        return with(UnitKind::Tool, vec![note("part of the build or of its checks")]);
    }
    if packaging.archive == "maven-plugin" {
        return with(UnitKind::Tool, vec![note("a plugin of the build")]);
    }
    if case.infra_image.is_some() && signs.mains.is_empty() && case.other.server.is_none() {
        let kind = if case.static_image || case.other.browser.is_some() { UnitKind::Frontend } else { UnitKind::Infra };
        return with(kind, vec![case.infra_image.clone(), case.workload.clone()]);
    }
    if case.tests_others.is_some() {
        return with(UnitKind::Tool, vec![case.tests_others.clone()]);
    }
    if packaging.testing.is_some() && !draft.has_sources() {
        return with(UnitKind::Tool, vec![packaging.testing.clone()]);
    }
    if case.among_tests && (deployable || started.is_some()) {
        return with(UnitKind::Tool, vec![note("lies among tests, and nothing else deploys it"), started]);
    }
    if (case.says_load || is_load_name(&draft.dir, &draft.name)) && started.is_none() {
        return with(UnitKind::Tool, vec![note("its name or description says that it puts load on others"), plain]);
    }
    if in_test_dir(&draft.dir) && !draft.has_analysed_sources() {
        return with(UnitKind::Tool, vec![note("lies among tests")]);
    }
    if (is_test_name(&draft.dir, &draft.name) && !deployable)
        || draft.dir.split('/').any(is_test_folder)
        || case.other.testing.is_some()
    {
        return with(UnitKind::Tool, vec![note("its name and contents say that it tests others"), plain]);
    }
    let plain_crate =
        case.is_cargo && !case.has_bins && case.function.is_none() && draft.has_sources() && !case.only_for_tests;
    // What others use shows more than how something is done.
    let shows = case.is_cargo && case.lambda_crate.is_none() && !(plain_crate && case.dependents > 0);
    // A folder of examples may hold services that people take as they are.
    let idle = started.is_none() && lambda.is_none();
    let example = || is_example(&draft.dir, &draft.name) || idle && lies_among_examples(&draft.dir, &draft.name);
    if shows && !deployable && example() {
        return with(UnitKind::Tool, vec![note("an example")]);
    }
    if plain_crate && case.dependents == 0 && case.harness.is_some() {
        return with(UnitKind::Tool, vec![case.harness.clone()]);
    }
    if case.has_bins && is_harness(case) {
        return with(UnitKind::Tool, vec![case.harness.clone(), plain]);
    }
    if plain_crate {
        return with(UnitKind::Library, vec![note("nothing starts or deploys it by itself")]);
    }
    if case.is_cargo && case.has_bins && case.dependents == 0 && !deployable && is_helper_name(&draft.name) {
        return with(UnitKind::Tool, vec![note("its name says that it is a helper of developers"), plain]);
    }
    // An image or service of the same name holds something else.
    if case.has_bins && case.desktop.is_some() && draft.containers.is_empty() {
        return with(UnitKind::Tool, vec![case.desktop.clone(), plain]);
    }
    // Whatever it listens on, people start it at a terminal.
    if case.has_bins && case.terminal.is_some() && !deployable {
        return with(UnitKind::Tool, vec![case.terminal.clone(), plain]);
    }
    // It runs for as long as somebody types.
    if !case.is_cargo && started.is_some() && case.terminal.is_some() && deployed.is_none() {
        return with(UnitKind::Tool, vec![case.terminal.clone(), started]);
    }
    if is_archive_dir(&draft.dir) && case.workload.is_none() {
        return with(UnitKind::Tool, vec![note("lies among documents or retired code")]);
    }
    if case.has_bins && (case.lambda_crate.is_some() || lambda.is_some()) && started.is_none() {
        return with(UnitKind::Service, vec![lambda.or(case.lambda_crate.clone()), deployed]);
    }
    if lambda.is_some() && (signs.mains.is_empty() || started.is_none()) && !is_library_of(case) {
        return with(UnitKind::Service, vec![lambda, deployed]);
    }
    if draft.packs && container.is_some() {
        return with(UnitKind::Infra, vec![container.clone(), note("packs an image of what others build")]);
    }
    if draft.manifest.is_none() && case.starts_nothing && case.workload.is_none() {
        return with(UnitKind::Infra, vec![note("its image starts nothing")]);
    }
    if case.packs_service && !draft.has_sources() {
        return with(UnitKind::Library, vec![note("packs a service that stands for itself")]);
    }
    if draft.packs_for.is_some() {
        return with(UnitKind::Library, vec![note("packs a service that stands for itself")]);
    }
    if packaging.server.is_some() {
        return with(UnitKind::Service, vec![packaging.server.clone(), deployed]);
    }
    if draft.groups || (packaging.aggregator && container.is_none()) {
        return with(UnitKind::Library, vec![note("groups modules, has no code of its own")]);
    }
    if is_retired(case) {
        return with(
            UnitKind::Tool,
            vec![note("the build that its parent belongs to names it no more"), started, plain],
        );
    }
    if case.left_out && !deployable {
        return with(UnitKind::Tool, vec![note("the build above it leaves it out"), started, plain]);
    }
    if packaging.archive == "ear" && draft.manifest.is_some() {
        return with(UnitKind::Service, vec![note("packed as an enterprise archive"), deployed]);
    }
    // Even without a source of its own: an overlay packs what other modules and its web folder hold.
    if packaging.archive == "war" {
        if case.dependents > 0 && own_packaging.is_none() && deployed.is_none() {
            return with(UnitKind::Library, vec![note("a web archive that another unit packs")]);
        }
        return with(UnitKind::Service, vec![note("packed as a web archive"), started, own_packaging, deployed]);
    }
    if case.has_bins || !signs.mains.is_empty() {
        let job = case.job.clone().filter(|_| case.workload.is_none());
        if job.is_some() {
            return with(UnitKind::Job, vec![job, started, plain]);
        }
    }
    if started.is_some() {
        if is_library_of(case) {
            return with(
                UnitKind::Library,
                vec![started, note("others use it and nothing packs or deploys it by itself")],
            );
        }
        let kind = if case.batch_only { UnitKind::Job } else { UnitKind::Service };
        return with(kind, vec![started, packaging.runnable.clone(), packaging.in_profile.clone(), deployed]);
    }
    if case.has_bins && looping.is_some() && !is_library_of(case) {
        return with(UnitKind::Service, vec![looping, deployed]);
    }
    if let Some((file, span, what)) = signs.application
        && !is_library_of(case)
    {
        return with(
            UnitKind::Service,
            vec![Some(at(format!("declares {what}"), file, Some(span))), packaging.runnable.clone(), deployed],
        );
    }
    if draft.has_sources() && packaging.runnable.is_some() && own_packaging.is_some() && !is_library_of(case) {
        // The main class may be written in a language that is not read, or come from a library.
        let readable = draft.languages.iter().all(|(l, _)| *l == "java");
        if packaging.needs_no_main || !readable || plain.is_none() && deployed.is_some() {
            return with(UnitKind::Service, vec![own_packaging, deployed]);
        }
    }
    // Started by hand, in an image or not: `shop-cli`, `shopctl`.
    // A workload of that name may be the server that it talks to.
    let runs = case.workload.is_some() && (container.is_some() || case.built.is_some());
    if case.is_cargo && !runs && looping.is_none() && is_cli_name(&draft.dir, &draft.name) {
        return with(UnitKind::Tool, vec![plain, note("a program for the command line")]);
    }
    if case.other.is_any || (!draft.languages.is_empty() && draft.manifest.is_none()) {
        return other_language(case, deployed);
    }
    if deployed.is_some() && case.migrates.is_some() && plain.is_some() && looping.is_none() {
        return with(UnitKind::Job, vec![case.migrates.clone(), deployed, plain]);
    }
    if deployed.is_some() && draft.has_sources() && !is_bystander(case) {
        return with(UnitKind::Service, vec![deployed, plain]);
    }
    // A program put together from modules: `application` at the root, the code in `:cli`.
    if case.packs_main.is_some() && container.is_some() && !draft.has_sources() && case.dependents == 0 {
        return with(UnitKind::Service, vec![case.packs_main.clone(), own_packaging, deployed]);
    }
    if draft.manifest.is_none() && (container.is_some() || draft.files == 0) {
        return with(UnitKind::Infra, vec![container.clone(), note("holds no program, only an image or its settings")]);
    }
    if plain.is_some() && case.dependents == 0 {
        return with(UnitKind::Tool, vec![plain, note("it starts no server and nothing deploys it")]);
    }
    if case.only_for_tests {
        return with(UnitKind::Library, vec![note("only tests of others use it")]);
    }
    with(UnitKind::Library, vec![note("nothing starts or deploys it by itself")])
}

/// JavaScript, Go, Python, …: told by their manifest and deployment alone.
fn other_language(case: &Case<'_>, deployed: Option<Evidence>) -> (UnitKind, Vec<Evidence>) {
    let other = &case.other;
    let uses = |what: &str, name: &Option<String>| {
        name.as_ref().map(|n| Evidence { what: format!("{what}: {n}"), file: case.draft.manifest, span: None })
    };
    let (kind, evidence) = if other.infrastructure.is_some() && deployed.is_none() {
        (UnitKind::Infra, uses("describes infrastructure", &other.infrastructure))
    } else if other.lambda.is_some() {
        (UnitKind::Service, uses("a function", &other.lambda))
    } else if other.browser.is_some() && other.server.is_none() {
        (UnitKind::Frontend, uses("runs in the browser", &other.browser))
    } else if case.static_image && other.server.is_none() {
        (UnitKind::Frontend, case.infra_image.clone())
    } else if case.job.is_some() && case.workload.is_none() {
        (UnitKind::Job, case.job.clone())
    } else if deployed.is_some() {
        (UnitKind::Service, deployed)
    } else if other.server.is_some() && other.runnable {
        (UnitKind::Service, uses("serves requests", &other.server))
    } else if other.runnable && !other.aggregator {
        (UnitKind::Tool, None)
    } else {
        (UnitKind::Library, None)
    };
    (kind, evidence.into_iter().collect())
}

/// Of a tool: does nobody run it for the business? Parts of the build, tests of others, retired code.
pub(super) fn is_aside(case: &Case<'_>) -> bool {
    let Case { draft, .. } = case;
    is_build_dir(&draft.dir)
        || case.packaging.archive == "maven-plugin"
        || !case.is_cargo && is_example(&draft.dir, &draft.name)
        || is_archive_dir(&draft.dir)
        || is_test_name(&draft.dir, &draft.name)
        || draft.dir.split('/').any(is_test_folder)
        || case.only_for_tests
        || is_retired(case)
        || case.tests_others.is_some()
        || case.among_tests
        || case.has_bins && is_harness(case)
        || case.packaging.testing.is_some()
        || case.other.testing.is_some()
}

/// A workload goes by its name, and yet it is what others are made of: no main class, no packing, no image, and
/// units that ship it, or nothing but Java, in which a main class would have been seen.
fn is_bystander(case: &Case<'_>) -> bool {
    matches!(case.draft.build, Build::Maven(_) | Build::Gradle(_))
        && (case.dependents > 0 || case.draft.languages.iter().all(|(language, _)| *language == "java"))
        && case.signs.mains.is_empty()
        && case.draft.containers.is_empty()
        && case.built.is_none()
        && !(case.packaging.own && case.packaging.runnable.is_some())
}

/// A program that is built out of crates of tests and of what others offer for tests, and that nobody deploys.
fn is_harness(case: &Case<'_>) -> bool {
    case.harness.is_some() && case.built_for_tests && case.workload.is_none() && case.function.is_none()
}

/// `test-images/registry` is of the tests unless a cluster runs it; `lab-test` may be a business's own word, so any
/// deployment outside counts.
pub(super) fn is_among_tests(dir: &str, in_cluster: bool, deployed: bool) -> bool {
    lies_below_tests(dir) && !in_cluster || ends_in_tests(dir) && !deployed
}

/// Out of its build, and neither an image nor a deployment of its own.
fn is_retired(case: &Case<'_>) -> bool {
    case.retired
        && case.workload.is_none()
        && case.job.is_none()
        && case.function.is_none()
        && case.built.is_none()
        && case.draft.containers.is_empty()
}

/// Others ship it, and nothing packs or deploys it by itself. A profile of its own that builds an image of what
/// its main class starts makes a program of it.
fn is_library_of(case: &Case<'_>) -> bool {
    let starts = case.signs.mains.iter().any(|m| m.starts.is_some());
    case.dependents > 0
        && !(starts && case.packaging.image_in_profile)
        && case.workload.is_none()
        && case.function.is_none()
        && case.draft.containers.is_empty()
        && case.built.is_none()
        && !(case.packaging.own && !case.packaging.weak && case.packaging.runnable.is_some())
}

fn at(what: impl Into<String>, file: FileIx, span: Option<Span>) -> Evidence {
    Evidence { what: what.into(), file: Some(file), span }
}
