//! Every rule at work: a test per case of `fixtures/rules/*.md`, named `<rule>::<heading>`, and per
//! rule one that its fixture shows a hit and an ok in every language it claims.

#![allow(clippy::print_stderr)] // its own harness: there is no other way to tell

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use faasible::engine;
use faasible::rules::RuleSet;
use faasible::rules::fixture::{Case, Fixture, Observed, check_coverage, parse, run_case};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let rules = match RuleSet::builtin() {
        Ok(rules) => Arc::new(rules.for_fixtures()),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials = Vec::new();
    let mut fixtures = Vec::new();
    for (path, text) in files("fixtures/rules") {
        match parse(&path, &text) {
            Ok(fixture) => fixtures.push(fixture),
            Err(problems) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                trials.push(Trial::test(path, move || Err(Failed::from(problems.join("\n\n")))));
            }
        }
    }
    for fixture in &fixtures {
        trials.push(names(fixture, &rules));
        for case in &fixture.cases {
            let (case, rules) = (case.clone(), Arc::clone(&rules));
            let name = format!("{}::{}", case.rule, case.heading);
            trials.push(Trial::test(name, move || check(&case, &rules)));
        }
    }
    for rule in &rules.rules {
        let fixture = fixtures.iter().find(|fixture| fixture.rule == rule.id);
        let lacks = check_coverage(rule, fixture);
        trials.push(Trial::test(format!("{}::coverage", rule.id), move || result(lacks)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The fixture is for a rule, and expects nothing of rules that do not exist.
fn names(fixture: &Fixture, rules: &RuleSet) -> Trial {
    let known = |id: &str| rules.find(id).is_some_and(|(_, rule)| rule.id == id);
    let mut unknown = fixture.unknown_rules(known);
    if !known(&fixture.rule) {
        unknown.push(format!("{}: there is no rule '{}'", fixture.path, fixture.rule));
    }
    Trial::test(format!("{}::names", fixture.rule), move || result(unknown))
}

fn check(case: &Case, rules: &RuleSet) -> Result<(), Failed> {
    let failures = run_case(case, |root| observe(root, rules));
    result(failures.iter().map(ToString::to_string).collect())
}

fn observe(root: &Path, rules: &RuleSet) -> Result<Vec<Observed>, String> {
    let report = engine::scan(root, &engine::Options::default(), rules).map_err(|error| error.to_string())?;
    Ok(Observed::of_findings(report.findings.iter().map(|finding| {
        (finding.rule.as_str(), finding.also.as_slice(), finding.path.as_str(), finding.line, finding.message.as_str())
    })))
}

fn result(failures: Vec<String>) -> Result<(), Failed> {
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// The Markdown files of a directory with their text, sorted.
fn files(dir: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = walkdir::WalkDir::new(dir)
        .into_iter()
        .flatten()
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "md"))
        .filter_map(|entry| {
            let path = entry.path().to_string_lossy().replace('\\', "/");
            std::fs::read_to_string(entry.path()).ok().map(|text| (path, text))
        })
        .collect();
    out.sort();
    out
}
