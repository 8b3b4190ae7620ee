//! What services cost, what moving them saves, and what their traffic asks of limits.

use std::io::{self, Write};

use anstyle::Style;

use super::Page;
use super::paint;
use super::table::{self, Cell, Column};
use super::text::{count, grouped, wrap};
use crate::report::model::{CostReport, FleetCost, QuotaReport, Report, UnitReport};
use crate::report::{money, safe};
use crate::rules::model::Severity;

/// Rows of each table, unless all are asked for.
const ROWS: usize = 30;
/// Steps of the curve.
const STEPS: usize = 10;
/// Problems of the traffic files.
const PROBLEMS: usize = 10;

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(fleet) = &page.report.cost else { return Ok(()) };
    services(page, fleet, out)?;
    curve(page, fleet, out)?;
    limits(page, fleet, out)?;
    if page.options.verbose {
        money::priced(page.report).into_iter().try_for_each(|(unit, cost)| details(page, unit, cost, out))?;
    }
    remarks(page, fleet, out)
}

fn shown(page: &Page<'_>, all: usize, most: usize) -> usize {
    if page.options.verbose { all } else { all.min(most) }
}

fn services(page: &Page<'_>, fleet: &FleetCost, out: &mut dyn Write) -> io::Result<()> {
    let priced = money::priced(page.report);
    if priced.is_empty() {
        return Ok(());
    }
    let remark = " · USD a month · what saves most first";
    page.heading(&format!("Cost ({})", count(priced.len(), "service")), remark, out)?;
    let target = page.report.summary.target.map_or("TARGET".to_owned(), |t| t.as_str().to_uppercase());
    let columns = [
        Column::new("UNIT").min(12),
        Column::new("REQUESTS").right().expendable(3),
        Column::new("TODAY").right(),
        Column::new(&target).right(),
        Column::new("SAVES").right(),
        Column::new("EVEN AT").right().expendable(2),
        Column::new("MONTHS").right().expendable(1),
        Column::new("DECISION"),
        Column::new("BY").expendable(4),
    ];
    let n = shown(page, priced.len(), ROWS);
    let mut rows: Vec<Vec<Cell>> = priced
        .iter()
        .take(n)
        .map(|(unit, cost)| {
            vec![
                Cell::styled(safe(&unit.name), Style::new().bold()),
                Cell::new(grouped(cost.traffic.requests_per_month.round() as u64)),
                Cell::new(money::usd(cost.today)),
                Cell::new(money::usd(cost.target)),
                Cell::new(money::usd(cost.saving)),
                Cell::new(cost.break_even_rps.map(|rps| format!("{}/s", money::short(rps))).unwrap_or_default()),
                Cell::new(cost.payback_months.map(money::short).unwrap_or_default()),
                Cell::styled(safe(&cost.decision), paint::verdict(&cost.decision)),
                Cell::new(safe(&cost.decided_by)),
            ]
        })
        .collect();
    let sum = |what: &str, today: String, target: String, saves: String| {
        let plain = [what.to_owned(), String::new(), today, target, saves];
        let mut row: Vec<Cell> = plain.into_iter().map(|t| Cell::styled(t, Style::new().bold())).collect();
        row.extend((0..4).map(|_| Cell::default()));
        row
    };
    rows.push(sum("all moved", money::usd(fleet.today), money::usd(fleet.target), money::usd(fleet.saving)));
    rows.push(sum("best mix", money::usd(fleet.today), money::usd(fleet.mix), money::usd(fleet.today - fleet.mix)));
    table::write(&columns, &rows, page.options.width, &page.paint, out)?;
    if n < priced.len() {
        writeln!(out, "{}", page.paint.dim(&format!("and {} more; --verbose lists them", priced.len() - n)))?;
    }
    for term in &fleet.shared {
        let text = format!("shared: {} {} ({})", safe(&term.what), money::usd(term.usd), safe(&term.how));
        writeln!(out, "{}", page.paint.dim(&text))?;
    }
    Ok(())
}

fn curve(page: &Page<'_>, fleet: &FleetCost, out: &mut dyn Write) -> io::Result<()> {
    if fleet.curve.is_empty() {
        return Ok(());
    }
    page.heading(
        &format!("What to move first ({})", grouped(fleet.curve.len() as u64)),
        " · by saving for each person-day",
        out,
    )?;
    let columns = [
        Column::new("SERVICE").min(12),
        Column::new("DAYS").right(),
        Column::new("SAVES").right(),
        Column::new("SUM OF DAYS").right(),
        Column::new("SUM SAVED").right(),
    ];
    let n = shown(page, fleet.curve.len(), STEPS);
    let row = |point: &crate::report::model::CurvePoint| {
        vec![
            Cell::styled(safe(&point.service), Style::new().bold()),
            Cell::new(format!("{:.1}", point.days)),
            Cell::new(money::usd(point.saving)),
            Cell::new(format!("{:.1}", point.cumulative_days)),
            Cell::new(money::usd(point.cumulative_saving)),
        ]
    };
    let rows: Vec<Vec<Cell>> = fleet.curve.iter().take(n).map(row).collect();
    table::write(&columns, &rows, page.options.width, &page.paint, out)?;
    if n < fleet.curve.len() {
        writeln!(out, "{}", page.paint.dim(&format!("and {} more; --verbose lists them", fleet.curve.len() - n)))?;
    }
    match &fleet.budget {
        Some(budget) => text(page, &money::budget(budget), out),
        None => Ok(()),
    }
}

/// Limits of services and of the fleet, the gravest first.
fn limits(page: &Page<'_>, fleet: &FleetCost, out: &mut dyn Write) -> io::Result<()> {
    let all = money::quotas(page.report, fleet);
    if all.is_empty() {
        return Ok(());
    }
    page.heading(&format!("Limits ({})", grouped(all.len() as u64)), " · what the traffic asks of them", out)?;
    let n = shown(page, all.len(), ROWS);
    for quota in &all[..n] {
        limit(page, quota, out)?;
    }
    if n < all.len() {
        writeln!(out, "{}", page.paint.dim(&format!("and {} more; --verbose lists them", all.len() - n)))?;
    }
    Ok(())
}

fn limit(page: &Page<'_>, quota: &QuotaReport, out: &mut dyn Write) -> io::Result<()> {
    let severity = Severity::ALL.iter().find(|s| s.as_str() == quota.severity);
    let style = severity.map_or(Style::new(), |s| paint::severity(*s));
    let label = format!("{}[{}]", safe(&quota.severity), safe(&quota.id));
    text(page, &format!("{label}: {}", quota.message), out).and_then(|()| match page.options.verbose {
        true => writeln!(out, "    {}", page.paint.with(style, &safe(&quota.remedy))),
        false => Ok(()),
    })
}

fn text(page: &Page<'_>, text: &str, out: &mut dyn Write) -> io::Result<()> {
    for (ix, line) in wrap(text, page.options.width.saturating_sub(4).max(30)).iter().enumerate() {
        let indent = if ix == 0 { "" } else { "    " };
        writeln!(out, "{indent}{line}")?;
    }
    Ok(())
}

/// Every way to run a service with its sum, and how firm the figure is.
fn details(page: &Page<'_>, unit: &UnitReport, cost: &CostReport, out: &mut dyn Write) -> io::Result<()> {
    page.heading(&format!("Cost of {}", safe(&unit.name)), "", out)?;
    text(page, &format!("{}: {}", cost.decision, cost.reason), out)?;
    text(page, &money::traffic(cost), out)?;
    for option in &cost.options {
        let terms: Vec<String> =
            option.terms.iter().map(|t| format!("{} {} ({})", t.what, money::usd(t.usd), t.how)).collect();
        let note = if option.note.is_empty() { String::new() } else { format!("; {}", option.note) };
        text(page, &format!("  {} {} = {}{note}", option.name, money::usd(option.usd), terms.join(" + ")), out)?;
    }
    for row in &cost.sensitivity {
        let (today, target, saving) = (money::usd(row.today), money::usd(row.target), money::usd(row.saving));
        text(page, &format!("  {}: today {today}, target {target}, saves {saving}", row.what), out)?;
    }
    cost.assumed.iter().try_for_each(|note| text(page, &format!("  assumed: {note}"), out))
}

fn remarks(page: &Page<'_>, fleet: &FleetCost, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    for line in money::remarks(fleet) {
        text(page, &line, out)?;
    }
    let n = shown(page, fleet.problems.len(), PROBLEMS);
    for problem in &fleet.problems[..n] {
        text(page, &format!("{}:{}: {}", problem.file, problem.line, problem.message), out)?;
    }
    let more = fleet.problems.len() - n + fleet.more_problems;
    if more > 0 {
        writeln!(out, "and {} more in the traffic files", count(more, "problem"))?;
    }
    Ok(())
}

/// The line of the summary.
pub(super) fn sum(report: &Report) -> Option<String> {
    let fleet = report.cost.as_ref()?;
    let target = report.summary.target.map(|t| t.to_string()).unwrap_or_default();
    Some(format!(
        "{} a month today, {} all on {target}, {} in the best mix",
        money::usd(fleet.today),
        money::usd(fleet.target),
        money::usd(fleet.mix)
    ))
}
