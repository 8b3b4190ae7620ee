//! `faasible whatif`.

use anyhow::{anyhow, bail};

use super::input::{configuration, configure, options, read_report, roots};
use crate::assess::Coefficients;
use crate::cli::Exit;
use crate::cli::args::{ListFormat, WhatIfArgs};
use crate::cli::output::Console;
use crate::cli::progress::Progress;
use crate::engine;
use crate::report::{self, term, whatif};
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: &WhatIfArgs, console: &Console) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(&args.rules)?;
    let roots = roots(std::slice::from_ref(&args.path))?;
    let file = configuration(&args.input, &roots)?;
    let mut scan = options(&args.input, &roots, &file);
    configure(&mut scan, &file, &rules)?;
    scan.target = args.target.unwrap_or(scan.target);
    let report = match &args.report {
        Some(path) => {
            let report = read_report(path)?;
            if let Some((asked, made)) = args.target.zip(report.summary.target).filter(|(asked, made)| asked != made) {
                bail!("{} was made for target {made}: scan again for {asked}", path.display());
            }
            report
        }
        None => {
            let progress = Progress::new(console);
            scan.observer = Some(progress.observer());
            let report = engine::scan(&roots.root, &scan, &rules);
            progress.finish();
            report?
        }
    };
    let coefficients: Coefficients = rules.catalog_with("effort", &scan.effort)?;
    let known = |name: &str| rules.find(name).map(|(_, rule)| rule.id.clone());
    let fixes = whatif::fixes(&report, &args.fix, &known).map_err(|message| {
        let hint = args.fix.iter().find_map(|name| rules.suggest(name).filter(|_| message.contains(name.as_str())));
        hint.map_or_else(|| anyhow!("{message}"), |id| anyhow!("{message}: did you mean '{id}'?"))
    })?;
    let outcome = whatif::what_if(&report, &fixes, &coefficients);
    let form = report::Options {
        color: console.color(),
        width: console.width(),
        verbose: console.verbose,
        ..report::Options::default()
    };
    console.print(|out| match args.format {
        ListFormat::Term => term::write_what_if(&outcome, &form, out),
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &outcome)?;
            writeln!(out)
        }
    })?;
    Ok(Exit::Done)
}
