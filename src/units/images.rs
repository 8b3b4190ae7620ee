//! What Dockerfiles say of an image: its base, its Java, what it starts and sets.

use super::input::{Draft, Input};
use super::model::Evidence;
use super::starters::{self, InfraImage};
use crate::facts::deploy::{Instruction, Stage};
use crate::facts::{Body, ContainerFacts};
use crate::source::FileIx;
use crate::text::Span;

pub(super) fn container<'a>(input: &Input<'a>, file: FileIx) -> Option<&'a ContainerFacts> {
    match input.body(file) {
        Some(Body::Container(container)) => Some(container),
        _ => None,
    }
}

fn last_stage<'a>(input: &Input<'a>, file: FileIx) -> Option<&'a Stage> {
    container(input, file)?.stages.last()
}

/// The image that the last stage is based on, through stages of the same file.
pub(super) fn base_image<'a>(input: &Input<'a>, file: FileIx) -> Option<(&'a str, &'a Stage)> {
    let stages = &container(input, file)?.stages;
    let last = stages.last()?;
    let mut stage = last;
    for _ in 0..stages.len() {
        let Some(from) = stages.iter().find(|s| s.name.as_deref() == Some(stage.image.as_str())) else { break };
        stage = from;
    }
    Some((&stage.image, last))
}

/// The infrastructure that a unit's images are, and whether it is a web server.
pub(super) fn infra(input: &Input<'_>, draft: &Draft) -> Option<(Evidence, InfraImage)> {
    let mut found = None;
    for file in &draft.containers {
        let (image, stage) = base_image(input, *file)?;
        let kind = starters::infra_image(image)?;
        let what = format!("its image is built on {image}");
        found.get_or_insert((Evidence { what, file: Some(*file), span: Some(stage.span) }, kind));
    }
    found
}

/// The Java release of the image that runs a unit.
pub(super) fn java(input: &Input<'_>, draft: &Draft) -> Option<u16> {
    draft.containers.iter().find_map(|file| {
        let (image, _) = base_image(input, *file)?;
        java_of(&with_build_arguments(input, draft, image))
    })
}

/// `${BASE}` without a default: what Compose gives for it.
fn with_build_arguments(input: &Input<'_>, draft: &Draft, image: &str) -> String {
    let mut image = image.to_owned();
    for (file, at) in &draft.objects {
        let Some(Body::Objects(objects)) = input.body(*file) else { continue };
        for entry in objects.get(*at as usize).map_or(&[][..], |o| o.entries.as_slice()) {
            let Some(argument) = entry.key.strip_prefix("build.args") else { continue };
            let (name, value) = match argument.strip_prefix('.') {
                Some(name) => (name, entry.value.as_str()),
                None => entry.value.split_once('=').unwrap_or_default(),
            };
            if !name.is_empty() && image.contains('$') {
                image = image.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
            }
        }
    }
    image
}

/// The Java release that an image's name tells: `eclipse-temurin:17-jre`, `tomcat:9-jdk11`, `distroless/java21-debian12`.
pub(super) fn java_of(image: &str) -> Option<u16> {
    let image = image.split('@').next().unwrap_or(image).to_ascii_lowercase();
    let last = image.rsplit('/').next().unwrap_or(&image);
    let (name, tag) = last.split_once(':').unwrap_or((last, ""));
    let number = |text: &str| {
        let text = text.trim_start_matches(['-', '_', ':']).trim_start_matches("open-");
        let text = text.strip_prefix("1.").unwrap_or(text);
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u16>().ok().filter(|n| (6..40).contains(n))
    };
    let after = |text: &str, word: &str| text.match_indices(word).find_map(|(at, _)| number(&text[at + word.len()..]));
    let words = ["openjdk", "jdk", "jre", "java", "temurin", "corretto", "semeru", "zulu", "liberica"];
    if let Some(found) = [tag, name].iter().find_map(|text| words.iter().find_map(|word| after(text, word))) {
        return Some(found);
    }
    let is_java = words.iter().chain(&["dragonwell", "sapmachine", "graalvm", "ibmjava"]).any(|w| name.contains(w));
    if is_java { number(tag) } else { None }
}

/// Does a web server's image take files along to hand them out?
pub(super) fn hands_out_files(input: &Input<'_>, draft: &Draft) -> bool {
    draft.containers.iter().filter_map(|file| last_stage(input, *file)).any(|stage| {
        let copies = stage.instructions.iter().filter(|i| matches!(i.keyword.as_str(), "COPY" | "ADD"));
        let pages = |path: &str| {
            path.split('/')
                .any(|part| matches!(part, "html" | "www" | "htdocs" | "static" | "dist" | "public" | "webapp"))
        };
        copies.flat_map(|i| words(&i.text)).any(pages)
    })
}

/// Does the image start a program that tests or loads others?
pub(super) fn tests_others(input: &Input<'_>, draft: &Draft) -> Option<Evidence> {
    let mut found = None;
    for file in &draft.containers {
        let (image, stage) = base_image(input, *file)?;
        let start = stage.instructions.iter().find(|i| {
            matches!(i.keyword.as_str(), "ENTRYPOINT" | "CMD")
                && words(&i.text).any(|w| TEST_PROGRAMS.contains(&super::paths::base(w)))
        });
        let built_on = TEST_PROGRAMS.contains(&starters::image_name(image)).then_some(stage.span);
        let span = start.map(|s| s.span).or(built_on)?;
        // An image for tests beside the one of the program says nothing about the program.
        let what = "its image starts a test or load generator".to_string();
        found.get_or_insert(Evidence { what, file: Some(*file), span: Some(span) });
    }
    found
}

/// Do the images start nothing? A system or a tool chain without a command only builds, checks or generates.
pub(super) fn start_nothing(input: &Input<'_>, draft: &Draft) -> bool {
    !draft.containers.is_empty()
        && draft.containers.iter().all(|file| {
            let started = container(input, *file).into_iter().flat_map(|c| &c.stages).flat_map(|s| &s.instructions);
            let mut started = started.filter(|i| matches!(i.keyword.as_str(), "ENTRYPOINT" | "CMD"));
            started.next().is_none()
                && base_image(input, *file).is_some_and(|(image, _)| starters::is_bare_image(image))
        })
}

/// Programs that test or load others.
const TEST_PROGRAMS: &[&str] =
    &["locust", "k6", "jmeter", "gatling", "cypress", "playwright", "artillery", "vegeta", "wrk", "newman"];

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', ',', '[', ']', '"', '\'', '=']).filter(|w| !w.is_empty())
}

/// What a shell or an exec form starts or hands on, options as a whole.
pub(super) fn tokens_of(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '[', ']', '"', '\'']).map(|w| w.trim_matches(',')).filter(|w| !w.is_empty())
}

/// The command lines that an image starts: `ENTRYPOINT`, `CMD`, and those of the scripts that these name.
pub(super) fn command_lines<'a>(input: &Input<'a>, file: FileIx, stage: &'a Stage) -> Vec<&'a str> {
    let mut out = Vec::new();
    for start in stage.instructions.iter().filter(|i| matches!(i.keyword.as_str(), "ENTRYPOINT" | "CMD")) {
        out.push(start.text.as_str());
        for script in tokens_of(&start.text).filter(|word| word.ends_with(".sh")) {
            let script = script_of(input, file, &stage.instructions, super::paths::base(script));
            let Some(Body::Script(lines)) = script.and_then(|at| input.body(at)) else { continue };
            out.extend(lines.iter().filter(|l| l.keyword.as_str() == "CMD").map(|l| l.text.as_str()));
        }
    }
    out
}

/// The scripts that the image starts.
pub(super) fn scripts(input: &Input<'_>, file: FileIx) -> Vec<FileIx> {
    let instructions = last_stage(input, file).map_or(&[][..], |s| s.instructions.as_slice());
    let starts = instructions.iter().filter(|i| matches!(i.keyword.as_str(), "ENTRYPOINT" | "CMD"));
    let named = starts.flat_map(|start| tokens_of(&start.text)).filter(|word| word.ends_with(".sh"));
    named
        .filter_map(|script| script_of(input, file, instructions, super::paths::base(script)))
        .filter(|script| matches!(input.body(*script), Some(Body::Script(_))))
        .collect()
}

/// `ENV` of the last stage and `-Dkey=value` of what it starts, scripts included: key, value, place.
pub(super) fn environment(input: &Input<'_>, file: FileIx) -> Vec<(String, String, FileIx, Span)> {
    let mut out = Vec::new();
    let instructions = last_stage(input, file).map_or(&[][..], |s| s.instructions.as_slice());
    for instruction in instructions {
        set_by(instruction, file, &mut out);
        if matches!(instruction.keyword.as_str(), "ENTRYPOINT" | "CMD") {
            for script in tokens_of(&instruction.text).filter(|word| word.ends_with(".sh")) {
                let Some(script) = script_of(input, file, instructions, super::paths::base(script)) else { continue };
                let Some(Body::Script(lines)) = input.body(script) else { continue };
                for line in lines {
                    set_by(line, script, &mut out);
                }
            }
        }
    }
    out
}

/// The script of this name that an image takes along, or that lies beside its Dockerfile.
fn script_of(input: &Input<'_>, file: FileIx, instructions: &[Instruction], name: &str) -> Option<FileIx> {
    let base = input.dir(file);
    let copies = instructions.iter().filter(|i| matches!(i.keyword.as_str(), "COPY" | "ADD"));
    let copied = copies.flat_map(|i| words(&i.text)).flat_map(|source| {
        let folder = super::paths::join(source, name);
        let own = (super::paths::base(source) == name).then(|| source.to_owned());
        own.into_iter().chain(folder)
    });
    let paths = copied.chain(std::iter::once(name.to_owned()));
    paths
        .flat_map(|path| [super::paths::join(base, &path), super::paths::join("", &path)])
        .flatten()
        .find_map(|path| input.find(&path))
}

/// What one instruction sets.
fn set_by(instruction: &Instruction, file: FileIx, out: &mut Vec<(String, String, FileIx, Span)>) {
    let text = instruction.text.as_str();
    match instruction.keyword.as_str() {
        "ENV" => {
            let first = text.split_whitespace().next().unwrap_or("");
            if first.contains('=') {
                for pair in text.split_whitespace() {
                    if let Some((key, value)) = pair.split_once('=') {
                        let value = value.trim_matches(['"', '\'']).to_string();
                        out.push((key.to_string(), value, file, instruction.span));
                    }
                }
            } else if let Some((key, value)) = text.split_once(char::is_whitespace) {
                out.push((key.to_string(), value.trim().to_string(), file, instruction.span));
            }
        }
        "ENTRYPOINT" | "CMD" => {
            let set = system_properties(text).map(|(k, v)| (k.to_string(), v.to_string(), file, instruction.span));
            out.extend(set);
        }
        _ => {}
    }
}

/// `-Dspring.profiles.active=prod` and `--server.port=80` in a command line.
pub(super) fn system_properties(command: &str) -> impl Iterator<Item = (&str, &str)> {
    command.split([' ', '\t', '\n', ',', '"', '\'', '[', ']']).filter_map(|word| {
        let rest = word.strip_prefix("-D").or_else(|| word.strip_prefix("--").filter(|r| r.contains('.')))?;
        rest.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())
    })
}

/// Cargo features that the build commands of an image turn on.
pub(super) fn cargo_features(input: &Input<'_>, draft: &Draft) -> Vec<String> {
    let mut out = Vec::new();
    for file in &draft.containers {
        for stage in container(input, *file).map_or(&[][..], |c| c.stages.as_slice()) {
            let arguments = |name: &str| {
                stage.instructions.iter().filter(|i| matches!(i.keyword.as_str(), "ARG" | "ENV")).find_map(|i| {
                    let (key, value) = i.text.trim().split_once('=')?;
                    (key == name).then(|| value.trim_matches(['"', '\'']).to_string())
                })
            };
            for run in stage.instructions.iter().filter(|i| i.keyword.as_str() == "RUN" && i.text.contains("cargo")) {
                let mut words = run.text.split_whitespace();
                while let Some(word) = words.next() {
                    let list = match word.split_once('=') {
                        Some(("--features", list)) => Some(list),
                        _ if word == "--features" || word == "-F" => words.next(),
                        _ => None,
                    };
                    let Some(list) = list.map(|l| l.trim_matches(['"', '\''])) else { continue };
                    let variable = list.strip_prefix('$').map(|v| v.trim_matches(['{', '}']));
                    let list = variable.map_or_else(|| Some(list.to_string()), arguments).unwrap_or_default();
                    out.extend(
                        list.split([',', ' ']).filter(|f| !f.is_empty() && !f.contains('$')).map(ToString::to_string),
                    );
                }
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

#[cfg(test)]
mod tests {
    use super::java_of;

    #[test]
    fn images_tell_their_java_release() {
        let all = [
            ("eclipse-temurin:17-jre-alpine", Some(17)),
            ("openjdk:8-jdk-alpine", Some(8)),
            ("java:8", Some(8)),
            ("docker.io/library/openjdk:11.0.4-jre-slim", Some(11)),
            ("adoptopenjdk/openjdk11:alpine", Some(11)),
            ("gcr.io/distroless/java21-debian12", Some(21)),
            ("tomcat:9-jdk11-temurin", Some(11)),
            ("tomcat:8.5-jre8", Some(8)),
            ("azul/zulu-openjdk:1.8.0-192", Some(8)),
            ("ibm-semeru-runtimes:open-17-jre", Some(17)),
            ("registry.access.redhat.com/ubi8/openjdk-17:1.14", Some(17)),
            ("amazoncorretto:21@sha256:00", Some(21)),
            ("tomcat:9", None),
            ("alpine:3.18", None),
            ("eclipse-temurin:latest", None),
            ("${BASE}", None),
        ];
        for (image, expected) in all {
            assert_eq!(java_of(image), expected, "{image}");
        }
    }
}
