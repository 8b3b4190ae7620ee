//! `faasible rules test`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;

use crate::cli::Exit;
use crate::cli::args::TestArgs;
use crate::cli::output::{BOLD, Console};
use crate::engine;
use crate::report::safe;
use crate::rules::RuleSet;
use crate::rules::fixture::{self, Case, Failure, Fixture, Observed, check_coverage, run_case};

pub(in crate::cli) fn run(args: &TestArgs, console: &Console) -> anyhow::Result<Exit> {
    let set = RuleSet::load(std::slice::from_ref(&args.dir))?;
    let own = own_rules(&args.dir)?;
    let (fixtures, mut failures) = fixtures(&args.dir, &set)?;
    let rules = set.for_fixtures();
    let cases: Vec<_> = fixtures.values().flat_map(|fixture| &fixture.cases).collect();
    failures.extend(run_all(&cases, &rules).iter().map(ToString::to_string));
    for rule in set.rules.iter().filter(|rule| own.contains(&rule.id)) {
        failures.extend(check_coverage(rule, fixtures.get(&rule.id)));
    }
    console.print(|out| {
        for failure in &failures {
            let lines: Vec<_> = failure.lines().map(safe).collect();
            writeln!(out, "{}", lines.join("\n"))?;
        }
        let (rules, cases, failed) = (own.len(), cases.len(), failures.len());
        writeln!(out, "{BOLD}rules: {rules}, cases: {cases}, failures: {failed}{BOLD:#}")
    })?;
    Ok(if failures.is_empty() { Exit::Done } else { Exit::Findings })
}

/// Runs the cases on threads of their own: a scan uses the pool of workers, which would start one case within another.
fn run_all(cases: &[&Case], rules: &RuleSet) -> Vec<Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = cases.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let run = |part: &[&Case]| -> Vec<Failure> {
            part.iter().flat_map(|case| run_case(case, |root| observe(root, rules))).collect()
        };
        let started: Vec<_> = cases.chunks(part).map(|part| scope.spawn(move || run(part))).collect();
        let panicked = |panic| std::panic::resume_unwind(panic);
        started.into_iter().flat_map(|thread| thread.join().unwrap_or_else(panicked)).collect()
    })
}

/// The findings under `root`, as fixtures see them.
fn observe(root: &Path, rules: &RuleSet) -> Result<Vec<Observed>, String> {
    let report = engine::scan(root, &engine::Options::default(), rules).map_err(|error| error.to_string())?;
    Ok(Observed::of_findings(report.findings.iter().map(|finding| {
        (finding.rule.as_str(), finding.also.as_slice(), finding.path.as_str(), finding.line, finding.message.as_str())
    })))
}

/// The ids of the rules in the directory: those that need a fixture.
fn own_rules(dir: &Path) -> anyhow::Result<Vec<String>> {
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", dir.display()))?;
        let path = entry.path();
        let inner = path.strip_prefix(dir).unwrap_or(path);
        if path.extension().is_some_and(|e| e == "yaml" || e == "yml") && !inner.starts_with("catalog") {
            out.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    Ok(out)
}

/// The fixtures of the directory by rule, and what is wrong with them.
fn fixtures(dir: &Path, set: &RuleSet) -> anyhow::Result<(BTreeMap<String, Fixture>, Vec<String>)> {
    let (mut fixtures, mut failures) = (BTreeMap::new(), Vec::new());
    for (id, path) in fixture::find_files(dir) {
        let shown = path.to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
        if set.find(&id).is_none() {
            failures.push(format!("{shown}: there is no rule '{id}'"));
        }
        match fixture::parse(&shown, &text) {
            Ok(fixture) => {
                failures.extend(fixture.unknown_rules(|id| set.find(id).is_some_and(|(_, rule)| rule.id == id)));
                fixtures.insert(id, fixture);
            }
            Err(problems) => failures.extend(problems.iter().map(ToString::to_string)),
        }
    }
    Ok((fixtures, failures))
}
