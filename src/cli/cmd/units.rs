//! `faasible units`.

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

use super::input::{options, roots};
use crate::cli::Exit;
use crate::cli::args::{ListFormat, UnitsArgs};
use crate::cli::output::Console;
use crate::cli::progress::Progress;
use crate::engine;
use crate::report::model::UnitReport;
use crate::report::safe;
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: UnitsArgs, console: &Console) -> anyhow::Result<Exit> {
    let roots = roots(&[args.path])?;
    let progress = Progress::new(console);
    let mut options = options(&args.input, &roots);
    options.observer = Some(progress.observer());
    let result = engine::scan(&roots.root, &options, &RuleSet::empty()?);
    progress.finish();
    let mut units = result?.units;
    if units.is_empty() {
        console.warn(&format!("no manifest or deployment was found in {}", roots.root.display()));
        return Ok(Exit::Nothing);
    }
    units.sort_by(|a, b| (&a.dir, &a.name).cmp(&(&b.dir, &b.name)));
    console.print(|out| match args.format {
        ListFormat::Term => writeln!(out, "{}", table(&units, console)),
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &units)?;
            writeln!(out)
        }
    })?;
    Ok(Exit::Done)
}

fn table(units: &[UnitReport], console: &Console) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(console.width()).unwrap_or(u16::MAX));
    table.set_header(["UNIT", "KIND", "LANGUAGES", "FRAMEWORK", "DIRECTORY", "WHY"]);
    for unit in units {
        let why = unit.evidence.first().map_or("", |evidence| evidence.what.as_str());
        let languages = unit.languages.join(", ");
        let cells = [&unit.name, &unit.kind, &languages, &unit.framework, &unit.dir, why];
        table.add_row(cells.map(|cell| safe(cell).into_owned()));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
