//! Cost and limits in Markdown.

use std::io::{self, Write};

use super::markdown::{MAX_ROWS, text};
use super::model::Report;
use super::money;
use super::options::Options;

pub(super) fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let Some(fleet) = &report.cost else { return Ok(()) };
    let target = report.summary.target.unwrap_or_default();
    let priced = money::priced(report);
    writeln!(
        out,
        "\n### Cost\n\n{} services: **{} a month today**, {} all on {target}, **{} in the best mix**.",
        priced.len(),
        money::usd(fleet.today),
        money::usd(fleet.target),
        money::usd(fleet.mix)
    )?;
    let shown = if options.verbose { priced.len() } else { MAX_ROWS };
    if !priced.is_empty() {
        writeln!(
            out,
            "\n| Service | Today | {target} | Saves | Pays back in | Decision | Because |\n|---|--:|--:|--:|--:|---|---|"
        )?;
    }
    for (unit, cost) in priced.iter().take(shown) {
        let months = cost.payback_months.map(|m| format!("{} months", money::short(m))).unwrap_or_default();
        let (today, there, saving) = (money::usd(cost.today), money::usd(cost.target), money::usd(cost.saving));
        let (name, reason) = (text(&unit.name), text(&cost.reason));
        writeln!(out, "| {name} | {today} | {there} | {saving} | {months} | {} | {reason} |", text(&cost.decision))?;
    }
    more(priced.len(), shown, out)?;
    if !fleet.curve.is_empty() {
        writeln!(out, "\n| Move first | Days | Saves a month | Sum of days | Sum saved |\n|---|--:|--:|--:|--:|")?;
        for point in fleet.curve.iter().take(shown) {
            let (saving, sum) = (money::usd(point.saving), money::usd(point.cumulative_saving));
            writeln!(
                out,
                "| {} | {:.1} | {saving} | {:.1} | {sum} |",
                text(&point.service),
                point.days,
                point.cumulative_days
            )?;
        }
        more(fleet.curve.len(), shown, out)?;
    }
    if let Some(budget) = &fleet.budget {
        writeln!(out, "\n{}", text(&money::budget(budget)))?;
    }
    let quotas = money::quotas(report, fleet);
    if !quotas.is_empty() {
        writeln!(out, "\n| Severity | Limit | What |\n|---|---|---|")?;
        for quota in quotas.iter().take(shown) {
            writeln!(out, "| {} | {} | {} |", text(&quota.severity), text(&quota.id), text(&quota.message))?;
        }
        more(quotas.len(), shown, out)?;
    }
    for line in money::remarks(fleet) {
        writeln!(out, "\n{}", text(&line))?;
    }
    for problem in fleet.problems.iter().take(MAX_ROWS) {
        writeln!(out, "- {}, line {}: {}", text(&problem.file), problem.line, text(&problem.message))?;
    }
    Ok(())
}

fn more(all: usize, shown: usize, out: &mut dyn Write) -> io::Result<()> {
    if all > shown { writeln!(out, "\nand {} more.", all - shown) } else { Ok(()) }
}
