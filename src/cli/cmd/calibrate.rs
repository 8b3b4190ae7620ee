//! `faasible calibrate`.

use std::path::PathBuf;

use anyhow::{Context, bail};

use super::input::{configuration, configure, options, read_report, roots};
use crate::assess::Coefficients;
use crate::assess::calibrate::{Fitted, calibrate};
use crate::cli::Exit;
use crate::cli::args::CalibrateArgs;
use crate::cli::output::{BOLD, Console, DIM, write_file};
use crate::cli::progress::Progress;
use crate::config::{File, NAME, set_numbers};
use crate::engine;
use crate::report::actuals::{Actuals, read};
use crate::report::model::Report;
use crate::report::safe;
use crate::rules::RuleSet;

/// Where the factors stand in the configuration.
const TABLE: &str = "effort.fitted";

pub(in crate::cli) fn run(args: &CalibrateArgs, console: &Console) -> anyhow::Result<Exit> {
    if args.input.no_config && !args.dry_run {
        bail!("--no-config leaves nothing to write to: add --dry-run");
    }
    let shown = args.actuals.display().to_string();
    let text = std::fs::read_to_string(&args.actuals).with_context(|| format!("cannot read {shown}"))?;
    let rules = RuleSet::load(&args.rules)?;
    let roots = roots(std::slice::from_ref(&args.path))?;
    let file = configuration(&args.input, &roots)?;
    let mut scan = options(&args.input, &roots, &file);
    configure(&mut scan, &file, &rules)?;
    scan.target = args.target.unwrap_or(scan.target);
    // Fitted to the model as it is, not to what was fitted before.
    if let Some(over) = scan.effort.as_object_mut() {
        over.remove("fitted");
    }
    let coefficients: Coefficients = rules.catalog_with("effort", &scan.effort)?;
    let report = match &args.report {
        Some(path) => unfitted(read_report(path)?, path)?,
        None => {
            let progress = Progress::new(console);
            scan.observer = Some(progress.observer());
            let report = engine::scan(&roots.root, &scan, &rules);
            progress.finish();
            report?
        }
    };
    let actuals = read(&text, &report, &coefficients);
    for (line, problem) in &actuals.problems {
        console.warn(&format!("{shown}:{line}: {problem}; the row is left out"));
    }
    if actuals.moves.is_empty() {
        bail!("{shown} has no row that can be used: each needs a service of this tree and its person-days");
    }
    let fitted = calibrate(&actuals.moves, &coefficients);
    console.print(|out| show(&actuals, &fitted, out))?;
    if fitted.after >= fitted.before {
        console.warn("the fit does not predict better than the defaults: nothing is written");
        return Ok(Exit::Done);
    }
    let path = file.path.clone().unwrap_or_else(|| roots.root.join(NAME));
    write(&path, &fitted, args.dry_run, console)?;
    Ok(Exit::Done)
}

/// A report whose days hold factors already cannot be fitted again.
fn unfitted(report: Report, path: &std::path::Path) -> anyhow::Result<Report> {
    let mut terms = report.units.iter().flat_map(|unit| &unit.effort).flat_map(|effort| &effort.terms);
    if terms.any(|term| term.how.contains("(fitted)")) {
        bail!("{} was made with fitted factors: scan the tree, or without its configuration", path.display());
    }
    Ok(report)
}

fn show(actuals: &Actuals, fitted: &Fitted, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let width = actuals.moves.iter().map(|one| one.service.chars().count()).max().unwrap_or(0).max(7);
    writeln!(out, "{BOLD}{:<width$}  {:>7}  {:>8}  {:>8}{BOLD:#}", "SERVICE", "ACTUAL", "DEFAULT", "FITTED")?;
    for (one, (before, after)) in actuals.moves.iter().zip(&fitted.estimates) {
        let gap = " ".repeat(width - one.service.chars().count());
        writeln!(out, "{}{gap}  {:>7.1}  {before:>8.1}  {after:>8.1}", safe(&one.service), one.actual)?;
    }
    writeln!(out, "{DIM}fitted: each by the factors that the other rows give{DIM:#}\n")?;
    for (group, factor) in &fitted.factors {
        writeln!(out, "{group:<12} × {factor}")?;
    }
    writeln!(
        out,
        "\nTypical error: factor {:.2} with the defaults, {:.2} fitted (leave-one-out, {} moves)",
        fitted.before,
        fitted.after,
        actuals.moves.len()
    )
}

fn write(path: &PathBuf, fitted: &Fitted, dry_run: bool, console: &Console) -> anyhow::Result<()> {
    let shown = path.display().to_string();
    let before = match path.is_file() {
        true => std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?,
        false => String::new(),
    };
    let after = set_numbers(&before, TABLE, &fitted.factors);
    let section = set_numbers("", TABLE, &fitted.factors);
    if let Err(problem) = File::parse(&shown, &after) {
        bail!("cannot add the factors to {shown}; write them by hand:\n{section}\n{problem}");
    }
    if dry_run {
        return Ok(console.print(|out| write!(out, "\n# for {}\n{section}", safe(&shown)))?);
    }
    write_file(path, |out| out.write_all(after.as_bytes())).with_context(|| format!("cannot write {shown}"))?;
    console.note(&format!("[{TABLE}] written to {shown}"));
    Ok(())
}
