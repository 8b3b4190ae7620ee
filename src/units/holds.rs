//! Whose program an image holds: told by what its Dockerfile starts, takes along, builds, and by where it lies.

use super::candidates::Dirs;
use super::cargo::Cargo;
use super::images::{base_image, command_lines, container, tokens_of, words};
use super::input::{Build, Draft, Input};
use super::maven::Maven;
use super::{paths, starters};
use crate::facts::deploy::{Instruction, Stage};
use crate::source::FileIx;

/// The units that an image holds: all programs that its targets start; else the one that it takes along, copies or builds.
pub(super) fn covers(input: &Input<'_>, file: FileIx, drafts: &[Draft], cargo: &Cargo<'_>) -> Vec<usize> {
    let Some(stages) = container(input, file).map(|c| c.stages.as_slice()) else { return Vec::new() };
    // `--modules=vdev,docs` starts no `vdev`.
    let lines = final_stages(stages).flat_map(|stage| command_lines(input, file, stage));
    let started: Vec<&str> = lines.flat_map(tokens_of).collect();
    // A script may start it: `COPY --from=build /app/target/release/orders /usr/bin/`.
    let copies = final_stages(stages).flat_map(|s| &s.instructions);
    let copies = copies.filter(|i| matches!(i.keyword.as_str(), "COPY" | "ADD"));
    let built = copies.flat_map(sources).filter(|path| path.contains("target/"));
    let held = |programs: Vec<&str>| -> Vec<usize> {
        let holds = |draft: &Draft| match draft.build {
            Build::Cargo(manifest) => cargo.bins(manifest).iter().any(|(name, _)| programs.contains(&name.as_str())),
            _ => false,
        };
        drafts.iter().enumerate().filter(|(_, d)| holds(d)).map(|(at, _)| at).collect()
    };
    // A helper may lie beside the program that is started.
    let by_start = held(started.into_iter().map(paths::base).collect());
    if !by_start.is_empty() {
        return by_start;
    }
    let by_copy = held(built.map(paths::base).collect());
    if let [only] = by_copy[..] {
        return vec![only];
    }
    let dirs = Dirs::new(drafts);
    by_artifact(stages, drafts, &dirs)
        .or_else(|| by_final_name(input, stages, drafts))
        .or_else(|| by_sources(input.dir(file), stages, drafts, &dirs))
        .or_else(|| by_build(stages, drafts, &dirs))
        .into_iter()
        .collect()
}

/// The stages that can be run: the last one, and those that start something and that no other is built on.
fn final_stages(stages: &[Stage]) -> impl Iterator<Item = &Stage> {
    stages.iter().enumerate().filter_map(|(at, stage)| {
        let is_base = || stages.iter().any(|s| stage.name.as_deref().is_some_and(|name| s.image == name));
        (at + 1 == stages.len() || (starts(stage).next().is_some() && !is_base())).then_some(stage)
    })
}

fn starts(stage: &Stage) -> impl Iterator<Item = &Instruction> {
    stage.instructions.iter().filter(|i| matches!(i.keyword.as_str(), "ENTRYPOINT" | "CMD"))
}

/// The one unit among those found.
fn only(found: impl Iterator<Item = usize>) -> Option<usize> {
    let mut one = None;
    for unit in found {
        match one {
            Some(known) if known != unit => return None,
            _ => one = Some(unit),
        }
    }
    one
}

/// What the last stage takes of a build's output: `COPY --from=build /src/orders/target/*.jar app.jar`.
fn by_artifact(stages: &[Stage], drafts: &[Draft], dirs: &Dirs) -> Option<usize> {
    let last = stages.last()?;
    let copies = last.instructions.iter().filter(|i| matches!(i.keyword.as_str(), "COPY" | "ADD"));
    let found = copies.flat_map(|copy| sources(copy)).filter_map(|path| {
        let end = OUTPUTS.iter().filter_map(|output| path.find(output)).min()?;
        let folder = path[..end].trim_start_matches('/');
        // The tree may lie anywhere in the stage that builds: `/workspace/orders`.
        let mut tails = std::iter::successors(Some(folder), |tail| tail.split_once('/').map(|(_, rest)| rest));
        tails.find_map(|tail| dirs.at(tail).filter(|o| !tail.is_empty() && drafts[*o].has_sources()))
    });
    only(found)
}

/// What the last stage takes by the name that Maven gives to the archive: `ADD shop-agent-[0-9]*-bin.tar.gz /opt/`.
fn by_final_name(input: &Input<'_>, stages: &[Stage], drafts: &[Draft]) -> Option<usize> {
    /// Shorter ones are anybody's: `app`, `demo`.
    const MIN_NAME: usize = 6;
    // The name up to its version, which is a pattern on one side and a property on the other.
    let stem =
        |text: &str| text.split(['$', '[', '*', '?']).next().unwrap_or("").trim_end_matches(['-', '_']).to_owned();
    let copies = stages.last()?.instructions.iter().filter(|i| matches!(i.keyword.as_str(), "COPY" | "ADD"));
    let taken: Vec<String> = copies
        .flat_map(|copy| copy.text.split_whitespace())
        .filter(|word| [".jar", ".war", ".tar.gz", ".tgz", ".zip"].iter().any(|end| word.ends_with(end)))
        .map(|word| stem(paths::base(word)))
        .collect();
    let named = |draft: &Draft| {
        let Build::Maven(pom) = draft.build else { return false };
        let name = input.maven(pom).map_or(String::new(), |facts| stem(&facts.final_name));
        draft.has_sources() && name.len() >= MIN_NAME && taken.contains(&name)
    };
    only(drafts.iter().enumerate().filter(|(_, draft)| named(draft)).map(|(at, _)| at))
}

/// Where builds put what they make.
const OUTPUTS: &[&str] =
    &["/target/", "/build/libs/", "/build/install/", "/build/distributions/", "/build/quarkus-app/"];

/// Sources of one unit alone.
fn by_sources(base: &str, stages: &[Stage], drafts: &[Draft], dirs: &Dirs) -> Option<usize> {
    let copies = stages.iter().flat_map(|s| &s.instructions).filter(|i| is_copy(i));
    let found = copies.flat_map(|copy| sources(copy)).filter(|path| !is_data(path)).filter_map(|source| {
        // The context is the Dockerfile's directory or, more often for a shared one, the root.
        let paths = [paths::join(base, source), paths::join("", source)];
        paths.iter().flatten().find_map(|p| dirs.above(p).filter(|o| is_own(&drafts[*o], p)))
    });
    only(found)
}

/// What the build commands name: `mvn -pl orders package`, `gradlew :orders:bootJar`, a script with the artifact.
fn by_build(stages: &[Stage], drafts: &[Draft], dirs: &Dirs) -> Option<usize> {
    let runs = stages.iter().flat_map(|s| &s.instructions).filter(|i| i.keyword.as_str() == "RUN");
    let builds = runs.filter(|i| ["mvn", "maven", "gradle"].iter().any(|tool| i.text.contains(tool)));
    let is_module = |o: &usize| !drafts[*o].dir.is_empty() && drafts[*o].has_sources();
    let mut found = Vec::new();
    for run in builds {
        let mut names_projects = false;
        for token in tokens_of(&run.text) {
            let list = token.strip_prefix("-pl=").or(token.strip_prefix("--projects="));
            for word in list.unwrap_or(token).split(',') {
                let project = word.strip_prefix(':').and_then(|w| w.rsplit_once(':')).map(|(p, _)| p.replace(':', "/"));
                let path = project.as_deref().unwrap_or(word.trim_start_matches(':')).trim_start_matches("./");
                let named = || drafts.iter().position(|d| path.contains('-') && d.name == path);
                let is_path = project.is_some() || names_projects || list.is_some();
                let at = if is_path { dirs.at(path) } else { None };
                found.extend(at.or_else(named).filter(is_module));
            }
            names_projects = matches!(token, "-pl" | "--projects" | "-p" | "--project-dir");
        }
    }
    only(found.into_iter())
}

/// The module that a module for packing takes in: the only one of the tree that it depends on, or the one that its name
/// begins with (`shop-admin-dist`).
pub(super) fn packs(packer: &Draft, drafts: &[Draft], maven: &Maven<'_>) -> Option<usize> {
    let Build::Maven(pom) = packer.build else { return None };
    let unit_of = |file: FileIx| drafts.iter().position(|d| d.manifest == Some(file));
    let taken = maven.declared(pom, &unit_of).internals;
    let taken = || taken.iter().map(|i| i.unit).filter(|unit| drafts[*unit].has_sources());
    let begins = |unit: &usize| packer.name.strip_prefix(&drafts[*unit].name).is_some_and(|rest| rest.starts_with('-'));
    only(taken()).or_else(|| only(taken().filter(begins)))
}

/// `docker/orders/Dockerfile`: the folder has the name of one unit, and the image runs a program.
pub(super) fn namesake(input: &Input<'_>, file: FileIx, home: &str, drafts: &[Draft]) -> Option<usize> {
    let (image, _) = base_image(input, file)?;
    let stages = &container(input, file)?.stages;
    let holds_program = starters::infra_image(image).is_none() && stages.iter().any(|s| starts(s).next().is_some());
    if !holds_program || home.is_empty() {
        return None;
    }
    let name = paths::base(home);
    let is_program = |d: &&Draft| d.has_sources() && d.manifest.is_some() && !d.dir.is_empty();
    let with = |fits: &dyn Fn(&Draft) -> bool| {
        only(drafts.iter().enumerate().filter(|(_, d)| is_program(d) && fits(d)).map(|(i, _)| i))
    };
    with(&|d| paths::base(&d.dir) == name).or_else(|| with(&|d| d.name == name))
}

/// What a copy takes, options and the place it goes to left out.
fn sources(copy: &Instruction) -> Vec<&str> {
    let mut all: Vec<&str> = words(&copy.text).filter(|w| !w.starts_with("--")).collect();
    if copy.text.contains("--from") {
        // `--from=build` is cut at the sign of equality.
        let stage = copy.text.split("--from=").nth(1).and_then(|rest| rest.split_whitespace().next());
        all.retain(|w| Some(*w) != stage);
    }
    all.pop();
    all
}

fn is_copy(instruction: &Instruction) -> bool {
    matches!(instruction.keyword.as_str(), "COPY" | "ADD") && !instruction.text.contains("--from")
}

/// Settings, schemas and manifests: an image for a database takes them along from the program that uses it, and a build
/// of one module the manifests of all.
fn is_data(path: &str) -> bool {
    let name = paths::base(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    path.contains("/resources/")
        || path.contains("src/test/")
        || matches!(
            extension,
            "sql"
                | "cql"
                | "ddl"
                | "xml"
                | "yml"
                | "yaml"
                | "json"
                | "conf"
                | "cfg"
                | "properties"
                | "sh"
                | "proto"
                | "md"
                | "txt"
                | "toml"
                | "lock"
                | "gradle"
                | "kts"
                | "csv"
                | "crt"
                | "pem"
                | "env"
        )
}

fn is_own(draft: &Draft, path: &str) -> bool {
    !draft.dir.is_empty() && draft.has_sources() && paths::within(path, &draft.dir)
}
