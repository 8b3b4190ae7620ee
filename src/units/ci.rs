//! What continuous integration builds into images: a module that it names there is deployed.

use super::candidates::Dirs;
use super::input::{Draft, Input};
use super::model::Evidence;
use super::paths;
use crate::facts::{Body, CiStep};
use crate::source::FileIx;

/// Signs that a step makes or ships an image or an archive that runs.
const BUILDS: &[&str] = &[
    "docker/build-push-action",
    "docker build",
    "docker buildx",
    "docker push",
    "podman build",
    "buildah",
    "kaniko",
    "jib:build",
    ":jib",
    " jib",
    "build-image",
    "bootBuildImage",
    "docker@2",
    "docker.build",
    "aws lambda",
    "cargo lambda",
    "kubectl ",
    "helm upgrade",
    "run deploy",
];

/// More values of a matrix than this name no modules.
const MAX_VALUES: usize = 400;

/// `(draft, evidence)` for every module whose image a pipeline builds. `by_name` finds a module by what images call it.
pub(super) fn deployed(
    input: &Input<'_>,
    drafts: &[Draft],
    by_name: &dyn Fn(&str) -> Option<usize>,
) -> Vec<(usize, Evidence)> {
    let dirs = Dirs::new(drafts);
    let mut out: Vec<(usize, Evidence)> = Vec::new();
    for (file, _, body) in input.files() {
        let Body::Ci(steps) = body else { continue };
        for step in steps.iter().filter(|s| BUILDS.iter().any(|sign| s.text.contains(sign))) {
            for unit in units_of(step, drafts, &dirs, by_name) {
                if !out.iter().any(|(known, _)| *known == unit) {
                    out.push((unit, evidence(file, step)));
                }
            }
        }
    }
    out
}

fn evidence(file: FileIx, step: &CiStep) -> Evidence {
    Evidence { what: "built into an image by CI".to_owned(), file: Some(file), span: Some(step.span) }
}

fn units_of(step: &CiStep, drafts: &[Draft], dirs: &Dirs, by_name: &dyn Fn(&str) -> Option<usize>) -> Vec<usize> {
    let is_module = |unit: &usize| !drafts[*unit].dir.is_empty() && drafts[*unit].has_sources();
    let mut out = Vec::new();
    let spoken = |name: &str| -> Vec<String> {
        ["matrix.", "$", "${", "$("].iter().map(|before| format!("{before}{name}")).collect()
    };
    for (name, values) in &step.matrix {
        let spoken = spoken(name);
        if !spoken.iter().any(|s| step.text.contains(s)) {
            continue;
        }
        for value in values.iter().take(MAX_VALUES) {
            let by_path = paths::join("", value).and_then(|p| dirs.at(&p));
            out.extend(by_path.or_else(|| by_name(paths::base(value))).filter(is_module));
        }
    }
    // A path that stands there in full: `context: services/orders`, `-f orders/Dockerfile`, `-pl orders`, `:a:orders:jib`.
    for word in
        step.text.lines().filter(|line| !line.trim_start().starts_with('#') && !runs_tool(line)).flat_map(arguments)
    {
        let project = word.strip_prefix(':').and_then(|w| w.rsplit_once(':')).map(|(p, _)| p.replace(':', "/"));
        let path = project.as_deref().unwrap_or(word);
        let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
        let path = path.strip_suffix("/Dockerfile").unwrap_or(path);
        if !path.is_empty() && !path.contains('$') {
            out.extend(dirs.at(path).filter(is_module));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Does a line run a program of the tree (`cargo run -p helper`), or put it on the machine that builds?
fn runs_tool(line: &str) -> bool {
    ["cargo run", "cargo install", "cargo r "].iter().any(|sign| line.contains(sign))
}

/// The words of a line of shell or settings, the names of commands left out: what a step runs is not what it makes.
fn arguments(line: &str) -> impl Iterator<Item = &str> {
    let command = |before: &str| {
        let before = before.trim_end();
        before.is_empty()
            || ["&&", "||", "|", ";", "$("].iter().any(|sign| before.ends_with(sign))
            || [" then", " do", " else", "sudo", "exec", "time"].iter().any(|word| before.ends_with(word))
            || ["run:", "command:", "script:"].iter().any(|key| before.ends_with(key))
            || before.ends_with("]:")
    };
    let cut = |c: char| matches!(c, ' ' | '\t' | '"' | '\'' | ',' | '=' | '(' | ')' | '[' | ']' | ';');
    let mut at = 0;
    line.split(cut).filter(move |word| {
        let (start, end) = (at, at + word.len());
        // Cut at characters of one byte.
        at = end + 1;
        let called = !word.contains('/')
            && line.get(end..).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c != ','));
        !(called && command(line.get(..start).unwrap_or("")))
    })
}
