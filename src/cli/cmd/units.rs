//! `faasible units`.

use super::input::{configuration, options, roots};
use crate::cli::Exit;
use crate::cli::args::{ListFormat, UnitsArgs};
use crate::cli::output::Console;
use crate::cli::progress::Progress;
use crate::engine;
use crate::report::{Options, term};
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: UnitsArgs, console: &Console) -> anyhow::Result<Exit> {
    let roots = roots(&[args.path])?;
    let progress = Progress::new(console);
    let mut options = options(&args.input, &roots, &configuration(&args.input, &roots)?);
    options.observer = Some(progress.observer());
    let result = engine::scan(&roots.root, &options, &RuleSet::empty()?);
    progress.finish();
    let mut units = result?.units;
    if units.is_empty() {
        console.warn(&format!("no manifest or deployment was found in {}", roots.root.display()));
        return Ok(Exit::Nothing);
    }
    units.sort_by(|a, b| (&a.dir, &a.name).cmp(&(&b.dir, &b.name)));
    let form =
        Options { color: console.color(), width: console.width(), verbose: console.verbose, ..Options::default() };
    console.print(|out| match args.format {
        ListFormat::Term => term::write_units(&units, &form, out),
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &units)?;
            writeln!(out)
        }
    })?;
    Ok(Exit::Done)
}
