//! Validates the rules and embeds them: `rules/**/*.yaml` as one JSON list, `rules/catalog/*.yaml`
//! by name, the fixtures as examples. A bad rule stops the build with its file, line and a caret.
//! What lies below `rules` gets its data as files of its own: JSON reads many times faster than YAML.
#![allow(clippy::print_stdout)] // how a build script talks to cargo

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;
use walkdir::WalkDir;

use check::{Defaults, Problem, RuleFile};
use model::Rule;

// The files that the library reads rules with; what the build does not use of them is no matter.
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/check.rs"]
mod check;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/check_parts.rs"]
mod check_parts;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/model.rs"]
mod model;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/pattern.rs"]
mod pattern;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/quantity.rs"]
mod quantity;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/ties.rs"]
mod ties;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/visit.rs"]
mod visit;
#[allow(dead_code, unreachable_pub, unused)]
#[path = "src/rules/words.rs"]
mod words;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    if Path::new("fixtures/rules").exists() {
        println!("cargo::rerun-if-changed=fixtures/rules");
    }
    let mut problems = Vec::new();
    println!("cargo::rustc-env=FAASIBLE_PARSERS={}", fingerprint_of_parsers(&mut problems));
    let rules = read_rules(&mut problems);
    let catalog = read_catalog(&mut problems);
    let examples = read_examples(&mut problems);
    let part = |name: &str| serde_json::to_string(catalog.get(name).unwrap_or(&Value::Null));
    let written = ["rules.json", "catalog.json", "examples.json", "images.json", "starters.json"]
        .iter()
        .zip([
            serde_json::to_string(&rules),
            serde_json::to_string(&catalog),
            serde_json::to_string(&examples),
            part("images"),
            part("starters"),
        ])
        .try_for_each(|(name, json)| {
            let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join(name);
            json.map_err(std::io::Error::other).and_then(|json| std::fs::write(out, json))
        });
    if let Err(error) = written {
        problems.push(Problem::whole("OUT_DIR", error.to_string()));
    }
    for line in problems.iter().flat_map(|problem| problem.to_string().lines().map(str::to_owned).collect::<Vec<_>>()) {
        println!("cargo::error={line}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A name for what makes facts of files, and for the facts' shape: other sources, another name. It
/// keeps the cache from giving what another build has made.
fn fingerprint_of_parsers(problems: &mut Vec<Problem>) -> String {
    let mut hasher = DefaultHasher::new();
    for dir in ["src/facts", "src/parse", "src/text", "src/bits.rs", "Cargo.toml"] {
        println!("cargo::rerun-if-changed={dir}");
        let ending = if dir.ends_with(".toml") { "toml" } else { "rs" };
        for path in files_below(dir, ending, problems) {
            shown(&path).hash(&mut hasher);
            read(&path, problems).hash(&mut hasher);
        }
    }
    format!("{:016x}", hasher.finish())
}

fn read_rules(problems: &mut Vec<Problem>) -> Vec<Rule> {
    let mut files = Vec::new();
    for path in files_below("rules", "yaml", problems) {
        if path.starts_with("rules/catalog") {
            continue;
        }
        let Some(text) = read(&path, problems) else { continue };
        let name = shown(&path);
        let folder = path.parent().and_then(Path::file_name).map(|folder| folder.to_string_lossy().into_owned());
        match check::read_yaml(&name, &text) {
            Ok(rule) => files.push(RuleFile { path: name, stem: stem(&path), folder, text, rule }),
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(files.iter().flat_map(check::check_rule));
    problems.extend(check::check_together(&files));
    for file in &files {
        // What is embedded must say the same as what was written.
        let json = serde_json::to_value(&file.rule);
        let again = json.as_ref().ok().and_then(|json| serde_json::from_value::<Rule>(json.clone()).ok());
        if json.ok() != again.and_then(|rule| serde_json::to_value(rule).ok()) {
            problems.push(Problem::whole(&file.path, "the rule does not survive being written as JSON"));
        }
    }
    let mut rules: Vec<Rule> = files.into_iter().map(|file| file.rule).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

fn read_catalog(problems: &mut Vec<Problem>) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    for path in files_below("rules/catalog", "yaml", problems) {
        let Some(text) = read(&path, problems) else { continue };
        let name = shown(&path);
        if stem(&path) == "targets" {
            match check::read_yaml::<Defaults>(&name, &text) {
                Ok(defaults) => problems.extend(check::check_defaults(&name, &defaults)),
                Err(problem) => problems.push(problem),
            }
        }
        match check::read_yaml::<Value>(&name, &text) {
            Ok(value) => _ = out.insert(stem(&path), value),
            Err(problem) => problems.push(problem),
        }
    }
    if !out.contains_key("targets") {
        problems.push(Problem::whole("rules/catalog/targets.yaml", "the file is missing"));
    }
    out
}

fn read_examples(problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    if Path::new("fixtures/rules").exists() {
        for path in files_below("fixtures/rules", "md", problems) {
            if let Some(text) = read(&path, problems) {
                out.insert(stem(&path), text);
            }
        }
    }
    out
}

fn files_below(dir: &str, ending: &str, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in WalkDir::new(dir).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() && entry.path().extension().is_some_and(|e| e == ending) => {
                out.push(entry.into_path());
            }
            Ok(entry) if entry.path().extension().is_some_and(|e| e == "yml") => {
                problems.push(Problem::whole(&shown(entry.path()), "call it .yaml"));
            }
            Ok(_) => {}
            Err(error) => problems.push(Problem::whole(dir, error.to_string())),
        }
    }
    out
}

fn read(path: &Path, problems: &mut Vec<Problem>) -> Option<String> {
    std::fs::read_to_string(path).map_err(|error| problems.push(Problem::whole(&shown(path), error.to_string()))).ok()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
