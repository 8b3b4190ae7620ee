//! Validates the rules and embeds them: `rules/**/*.yaml` as one JSON list, `rules/catalog/*.yaml`
//! by name, the fixtures as examples. A bad rule stops the build with its file, line and a caret.
//! What lies below `rules` gets its data as files of its own: JSON reads many times faster than YAML.
#![allow(clippy::print_stdout)] // how a build script talks to cargo

use std::collections::BTreeMap;
use std::ffi::OsStr;
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
    // What makes facts of files, and the facts' shape.
    let parsers = ["src/facts", "src/parse", "src/text", "src/bits.rs", "Cargo.toml"];
    println!("cargo::rustc-env=FAASIBLE_PARSERS={}", fingerprint(&parsers, &mut problems));
    // All that a report is made of, libraries included.
    let whole = ["src", "rules", "build.rs", "Cargo.toml", "Cargo.lock"];
    println!("cargo::rustc-env=FAASIBLE_BUILD={}", fingerprint(&whole, &mut problems));
    let rules = read_rules(&mut problems);
    let catalog = read_catalog(&mut problems);
    let examples = read_examples(&mut problems);
    if let Err(error) = write_out(&rules, &catalog, &examples) {
        problems.push(Problem::whole("OUT_DIR", error.to_string()));
    }
    for line in problems.iter().flat_map(|problem| problem.to_string().lines().map(str::to_owned).collect::<Vec<_>>()) {
        println!("cargo::error={line}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the program includes. Each part of the catalogue is a text of its own: a run reads those that it needs.
fn write_out(
    rules: &[Rule],
    catalog: &BTreeMap<String, Value>,
    examples: &BTreeMap<String, String>,
) -> std::io::Result<()> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    let write = |name: &str, json: serde_json::Result<String>| std::fs::write(out.join(name), json?);
    write("rules.json", serde_json::to_string(rules))?;
    write("examples.json", serde_json::to_string(examples))?;
    std::fs::create_dir_all(out.join("catalog"))?;
    let mut code = "const CATALOG: &[(&str, &str)] = &[\n".to_owned();
    for (name, value) in catalog {
        write(&format!("catalog/{name}.json"), serde_json::to_string(value))?;
        code += &format!("    ({name:?}, include_str!(concat!(env!(\"OUT_DIR\"), \"/catalog/{name}.json\"))),\n");
    }
    let engine = catalog.get("suppressions").and_then(Value::as_array).map_or(0, Vec::len);
    code += &format!("];\nconst COUNT: usize = {};\n", rules.len() + engine);
    std::fs::write(out.join("embedded.rs"), code)
}

/// A name for these sources: others, another name. It keeps the cache from giving what another build has made.
fn fingerprint(sources: &[&str], problems: &mut Vec<Problem>) -> String {
    let mut hasher = DefaultHasher::new();
    // The lock file is not part of every package.
    for source in sources.iter().filter(|source| Path::new(source).exists()) {
        println!("cargo::rerun-if-changed={source}");
        let ending = Path::new(source).extension().and_then(OsStr::to_str);
        for path in files_below(source, ending.unwrap_or(if *source == "rules" { "yaml" } else { "rs" }), problems) {
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
