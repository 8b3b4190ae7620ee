//! The end of the report: the sums, and what is not in them.

use std::io::{self, Write};

use super::Page;
use super::cost;
use super::paint;
use super::text::{count, range};
use crate::report::safe;
use crate::rules::model::Severity;

/// Units by kind, in this order; others by name behind them.
const KINDS: [&str; 6] = ["service", "job", "library", "frontend", "tool", "infra"];
/// Skipped paths that are listed unless asked for all.
const SKIPPED: usize = 5;

/// Writes the summary; `shown` findings were written above it.
pub(super) fn write(page: &Page<'_>, shown: usize, out: &mut dyn Write) -> io::Result<()> {
    let report = page.report;
    let summary = &report.summary;
    page.heading("Summary", "", out)?;
    line("units", &units(page), out)?;
    let tiers: Vec<String> = summary
        .tiers
        .iter()
        .map(|(tier, n)| format!("{} {n}", page.paint.with(paint::tier(tier), &safe(tier))))
        .collect();
    if !tiers.is_empty() {
        line("tiers", &tiers.join(" · "), out)?;
    }
    let effort = range(summary.person_days, summary.low, summary.high);
    let target = summary.target.map(|target| format!(" for {target}")).unwrap_or_default();
    line("effort", &format!("{effort} person-days{target}, shared libraries counted once"), out)?;
    if let Some(sum) = cost::sum(report) {
        line("cost", &sum, out)?;
    }
    line("findings", &findings(page), out)?;
    let mut left_out = Vec::new();
    if shown < report.findings.len() {
        left_out.push(format!("{} not shown here", count(report.findings.len() - shown, "finding")));
    }
    if summary.suppressed > 0 {
        left_out.push(format!("{} suppressed or in the baseline", count(summary.suppressed, "finding")));
    }
    if !report.skipped.is_empty() {
        left_out.push(format!("{} skipped in whole or in part", count(report.skipped.len(), "path")));
    }
    let left_out = if left_out.is_empty() { "nothing".to_owned() } else { left_out.join("; ") };
    line("left out", &left_out, out)?;
    skipped(page, out)
}

fn line(label: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {label:<9} {text}")
}

fn units(page: &Page<'_>) -> String {
    let units = &page.report.summary.units;
    let known = KINDS.iter().filter_map(|kind| Some((*kind, *units.get(*kind)?)));
    let others = units.iter().filter(|(kind, _)| !KINDS.contains(&kind.as_str())).map(|(kind, n)| (kind.as_str(), *n));
    let parts: Vec<String> = known.chain(others).map(|(kind, n)| safe(&count(n, kind)).into_owned()).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn findings(page: &Page<'_>) -> String {
    let counts = &page.report.summary.findings;
    let parts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter_map(|severity| {
            let n = counts.get(severity.as_str()).filter(|n| **n > 0)?;
            Some(format!("{n} {}", page.paint.with(paint::severity(*severity), severity.as_str())))
        })
        .collect();
    if parts.is_empty() {
        return "none".to_owned();
    }
    let dead = page.report.findings.iter().filter(|finding| finding.dead).count();
    let dead = if dead > 0 { format!("; {dead} of them in code that nobody reaches") } else { String::new() };
    parts.join(", ") + &dead
}

fn skipped(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let all = &page.report.skipped;
    let shown = if page.options.verbose { all.len() } else { all.len().min(SKIPPED) };
    for skipped in &all[..shown] {
        let text = format!("{}: {}", safe(&skipped.path), safe(&skipped.reason));
        line("", &page.paint.dim(&text), out)?;
    }
    if shown < all.len() {
        let text = format!("and {} more; --verbose lists them", all.len() - shown);
        line("", &page.paint.dim(&text), out)?;
    }
    Ok(())
}
