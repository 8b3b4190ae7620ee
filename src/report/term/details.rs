//! Each assessed unit on its own: the sum behind its effort, and the verdict of every target.

use std::io::{self, Write};

use anstyle::Style;

use super::Page;
use super::paint;
use super::table::{self, Cell, Column};
use super::text::{seconds, width, wrap};
use crate::report::model::{ColdStartReport, EffortReport, UnitReport};
use crate::report::safe;
use crate::rules::model::Severity;

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let told = |unit: &&UnitReport| unit.readiness.is_some() || unit.effort.is_some();
    page.report.units.iter().filter(told).try_for_each(|unit| write_unit(page, unit, out))
}

fn write_unit(page: &Page<'_>, unit: &UnitReport, out: &mut dyn Write) -> io::Result<()> {
    let facts = [unit.kind.as_str(), &unit.dir, &unit.languages.join(", "), &unit.framework];
    let facts: Vec<_> = facts.iter().filter(|fact| !fact.is_empty()).map(|fact| safe(fact)).collect();
    page.heading(&safe(&unit.name), &format!(" · {}", facts.join(" · ")), out)?;
    for evidence in &unit.evidence {
        let place = match (&evidence.path, evidence.line) {
            (Some(path), Some(line)) => format!(" ({path}:{line})"),
            (Some(path), None) => format!(" ({path})"),
            (None, _) => String::new(),
        };
        item(page, "known by", Style::new(), &format!("{}{place}", evidence.what), out)?;
    }
    write_targets(page, unit, out)?;
    for talk in &unit.talks_to {
        let text = format!("{} ({} {}, {}:{})", talk.unit, talk.how, talk.what, talk.path, talk.line);
        item(page, "talks to", Style::new(), &text, out)?;
    }
    for booster in &unit.boosters {
        item(page, "helps", Style::new(), booster, out)?;
    }
    unit.cold_start.as_ref().map_or(Ok(()), |cold| write_cold_start(page, cold, out))?;
    unit.effort.as_ref().map_or(Ok(()), |effort| write_effort(page, effort, out))
}

/// All targets side by side, and why for the one that effort is computed for.
fn write_targets(page: &Page<'_>, unit: &UnitReport, out: &mut dyn Write) -> io::Result<()> {
    if unit.verdicts.is_empty() {
        return Ok(());
    }
    let columns = [
        Column::new("  TARGET"),
        Column::new("VERDICT"),
        Column::new("TIER"),
        Column::new("DAYS").right(),
        Column::new("MOSTLY").min(24).expendable(1),
    ];
    let rows: Vec<Vec<Cell>> = unit
        .verdicts
        .iter()
        .map(|(target, verdict)| {
            // The days stand in a column of their own.
            let reasons = verdict.reasons.iter().filter(|reason| !reason.contains("person-days ("));
            let reasons: Vec<_> = reasons.map(|reason| safe(reason)).collect();
            vec![
                Cell::new(format!("  {target}")),
                Cell::styled(safe(&verdict.verdict), paint::verdict(&verdict.verdict)),
                Cell::styled(safe(&verdict.tier), paint::tier(&verdict.tier)),
                Cell::new(verdict.person_days.map(|days| format!("{days:.1}")).unwrap_or_default()),
                Cell::new(reasons.join("; ")),
            ]
        })
        .collect();
    table::write(&columns, &rows, page.options.width, &page.paint, out)?;
    let chosen = page.report.summary.target.and_then(|target| Some((target, unit.verdicts.get(&target)?)));
    let Some((target, verdict)) = chosen else { return Ok(()) };
    let label = format!("{target}, {}", verdict.verdict);
    item(page, &label, paint::verdict(&verdict.verdict), &verdict.reasons.join("; "), out)
}

/// The estimate with its terms, and what stands against SnapStart.
fn write_cold_start(page: &Page<'_>, cold: &ColdStartReport, out: &mut dyn Write) -> io::Result<()> {
    let terms: Vec<String> = cold
        .terms
        .iter()
        .map(|t| match t.how.as_str() {
            "" => format!("{} {}", t.what, t.ms),
            how => format!("{} {} ({how})", t.what, t.ms),
        })
        .collect();
    let sum = format!("{} at p50, {} at p99 = {}", seconds(cold.p50_ms), seconds(cold.p99_ms), terms.join(" + "));
    item(page, "cold start, estimated", Style::new(), &sum, out)?;
    if let Some(warning) = &cold.warning {
        item(page, "beware", paint::severity(Severity::Major), warning, out)?;
    }
    if let (Some(p50), Some(p99)) = (cold.snapstart_p50_ms, cold.snapstart_p99_ms) {
        item(page, "with SnapStart", Style::new(), &format!("{} at p50, {} at p99", seconds(p50), seconds(p99)), out)?;
    }
    cold.obstacles.iter().try_for_each(|text| item(page, "against SnapStart", Style::new(), text, out))
}

/// A labelled text, on lines of its own when it is long.
fn item(page: &Page<'_>, label: &str, style: Style, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let label = safe(label);
    let painted = page.paint.with(style, &label);
    let lines = wrap(text, page.options.width.saturating_sub(4).max(30));
    match lines.as_slice() {
        [] => writeln!(out, "  {painted}"),
        [one] if width(&label) + width(one) + 4 <= page.options.width => writeln!(out, "  {painted}: {one}"),
        lines => {
            writeln!(out, "  {painted}:")?;
            lines.iter().try_for_each(|line| writeln!(out, "    {line}"))
        }
    }
}

fn write_effort(page: &Page<'_>, effort: &EffortReport, out: &mut dyn Write) -> io::Result<()> {
    let columns = [
        Column::new("  DAYS").right(),
        Column::new("RANGE").expendable(2),
        Column::new("FOR"),
        Column::new("WHAT").min(16),
        Column::new("HOW").min(20).expendable(1),
    ];
    let sum = Cell::styled(format!("{:.1}", effort.person_days), Style::new().bold());
    let tier = Cell::styled(safe(&effort.tier), paint::tier(&effort.tier));
    let range = |low: f64, high: f64| Cell::new(format!("{low:.1}–{high:.1}"));
    let mut rows: Vec<Vec<Cell>> = effort
        .terms
        .iter()
        .map(|term| {
            vec![
                Cell::new(format!("{:.2}", term.person_days)),
                range(term.low, term.high),
                Cell::new(safe(&term.kind)),
                Cell::new(safe(&term.what)),
                Cell::new(safe(&term.how)),
            ]
        })
        .collect();
    rows.push(vec![sum, range(effort.low, effort.high), Cell::new("sum"), tier]);
    // Whoever asks for details wants to redo the sum: nothing of it is cut.
    table::write(&columns, &rows, usize::MAX, &page.paint, out)
}
