//! `faasible merge`.

use std::path::Path;

use anyhow::Context;

use super::input::read_report;
use super::scan::output;
use crate::cli::Exit;
use crate::cli::args::MergeArgs;
use crate::cli::output::{Console, write_file};
use crate::report::model::Report;
use crate::report::{self, Format, merge};

pub(in crate::cli) fn run(args: &MergeArgs, console: &Console) -> anyhow::Result<Exit> {
    let outputs = args.output.iter().map(|path| output(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut reports: Vec<(String, Report)> = Vec::new();
    for path in &args.reports {
        let name = name(path, &reports);
        reports.push((name, read_report(path)?));
    }
    let report = merge::merge(reports)?;
    let mut form = report::Options { verbose: console.verbose, ..report::Options::default() };
    for (path, format) in &outputs {
        write_file(path, |out| report::render(&report, *format, &form, out))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    form.color = console.color();
    form.width = console.width();
    let asked = args.format.or((outputs.is_empty() && !console.quiet).then_some(Format::Json));
    if let Some(format) = asked {
        console.print(|out| report::render(&report, format, &form, out))?;
    }
    Ok(Exit::Done)
}

/// The file's name without its ending, or that of its directory for `…/shop/report.json`; told
/// apart by a number.
fn name(path: &Path, known: &[(String, Report)]) -> String {
    let text = |part: Option<&std::ffi::OsStr>| part.map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = text(path.file_stem());
    let parent = text(path.parent().and_then(Path::file_name));
    let plain = matches!(stem.as_str(), "report" | "faasible") && !parent.is_empty();
    let base = if plain { parent } else { stem };
    let taken = |name: &str| known.iter().any(|(other, _)| other == name);
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(base)
}
