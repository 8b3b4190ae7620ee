//! What the fleet would take after some fixes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;

use super::paint::{self, Paint};
use super::table::{self, Cell, Column};
use super::text::count;
use crate::report::whatif::{FleetState, UnitChange, UnitState, WhatIf};
use crate::report::{Options, safe};

/// Services that are listed unless asked for all.
const TOP: usize = 30;

/// Writes it as text, coloured when the options say so.
///
/// # Errors
/// Those of `out`.
pub fn write_what_if(outcome: &WhatIf, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(options.color);
    writeln!(out, "{}", paint.strong(&format!("What if · target {} · person-days", outcome.target)))?;
    let rows: Vec<Vec<Cell>> = outcome
        .fixes
        .iter()
        .map(|fix| {
            vec![
                Cell::styled(safe(fix.fix.name()), Style::new().bold()),
                Cell::new(format!("{:.1}", fix.person_days)),
                Cell::new(format!("{:.1}", fix.saves)),
                Cell::new(format!("{:.1}", fix.ratio)),
                Cell::new(format!("{}: {}", fix.services.len(), safe(&fix.services.join(", ")))),
            ]
        })
        .collect();
    let columns = [
        Column::new("FIX").min(16),
        Column::new("SPEND").right(),
        Column::new("SAVE").right(),
        Column::new("PER DAY").right(),
        Column::new("FOR").min(16).expendable(1),
    ];
    table::write(&columns, &rows, options.width, &paint, out)?;
    units(outcome, options, &paint, out)?;
    fleet(outcome, &paint, out)
}

fn units(outcome: &WhatIf, options: &Options, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    if outcome.units.is_empty() {
        return writeln!(out, "\nNo service or job changes.");
    }
    writeln!(out, "\n{}", paint.strong(&format!("Services and jobs that change ({})", outcome.units.len())))?;
    let shown = if options.verbose { outcome.units.len() } else { TOP };
    let rows: Vec<Vec<Cell>> = outcome.units.iter().take(shown).map(row).collect();
    let columns = [
        Column::new("UNIT").min(12),
        Column::new("DAYS").right(),
        Column::new("THEN").right(),
        Column::new("TIER"),
        Column::new("THEN"),
        Column::new("VERDICT"),
        Column::new("THEN"),
    ];
    table::write(&columns, &rows, options.width, paint, out)?;
    let hidden = outcome.units.len().saturating_sub(shown);
    if hidden > 0 {
        writeln!(out, "{}", paint.dim(&format!("and {hidden} more: --verbose lists all")))?;
    }
    Ok(())
}

fn row(change: &UnitChange) -> Vec<Cell> {
    let days = |state: &UnitState| Cell::new(format!("{:.1}", state.person_days));
    let tier = |state: &UnitState| Cell::styled(safe(&state.tier), paint::tier(&state.tier));
    let verdict = |state: &UnitState| Cell::styled(safe(&state.verdict), paint::verdict(&state.verdict));
    let UnitChange { name, before, after } = change;
    let name = Cell::styled(safe(name), Style::new().bold());
    vec![name, days(before), days(after), tier(before), tier(after), verdict(before), verdict(after)]
}

fn fleet(outcome: &WhatIf, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let (before, after) = (&outcome.before, &outcome.after);
    writeln!(
        out,
        "\n{} {:.1} person-days, then {:.1}; {} as before",
        paint.strong("Fleet:"),
        before.person_days,
        after.person_days,
        count(outcome.unchanged, "service"),
    )?;
    let line = |label: &str, of: fn(&FleetState) -> &BTreeMap<String, usize>| {
        format!("{label} {}, then {}", counts(of(before)), counts(of(after)))
    };
    writeln!(out, "  {}", line("tiers", |state| &state.tiers))?;
    writeln!(out, "  {}", line("verdicts", |state| &state.verdicts))
}

fn counts(of: &BTreeMap<String, usize>) -> String {
    let counts: Vec<String> = of.iter().map(|(word, n)| format!("{n} {}", safe(word))).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
}
