//! A summary in Markdown: for the page of a job, or a comment on a pull request.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::model::{FindingReport, Report, UnitReport};
use super::options::Options;
use super::safe;
use crate::rules::model::Target;

/// Rows of each table; a summary has no room for more.
const MAX_ROWS: usize = 50;

/// Writes the summary.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    let target = summary.target.unwrap_or_default();
    writeln!(out, "## faasible: what moving to {target} takes\n")?;
    let assessed: Vec<&UnitReport> = report.units.iter().filter(|unit| unit.readiness.is_some()).collect();
    writeln!(
        out,
        "{} services and jobs, **{:.1} person-days** ({:.1} – {:.1}), {} findings{}.\n",
        assessed.len(),
        summary.person_days,
        summary.low,
        summary.high,
        report.findings.len(),
        if summary.suppressed > 0 {
            format!(", {} more suppressed or known", summary.suppressed)
        } else {
            String::new()
        }
    )?;
    units(&assessed, target, options, out)?;
    targets(&assessed, options, out)?;
    findings(report, options, out)?;
    for note in &report.notes {
        writeln!(out, "\nNote: {}", text(note))?;
    }
    if !report.skipped.is_empty() {
        writeln!(out, "\n{} files or directories were not read, or not in full.", report.skipped.len())?;
    }
    out.flush()
}

fn units(assessed: &[&UnitReport], target: Target, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if assessed.is_empty() {
        return Ok(());
    }
    writeln!(out, "| Service | Tier | Person-days | Readiness | Verdict |\n|---|---|--:|--:|---|")?;
    let shown = if options.verbose { assessed.len() } else { MAX_ROWS };
    for unit in assessed.iter().take(shown) {
        let (tier, days) = unit.effort.as_ref().map_or(("", 0.0), |effort| (&effort.tier, effort.person_days));
        let verdict = unit.verdicts.get(&target).map_or("", |verdict| &verdict.verdict);
        let readiness = unit.readiness.unwrap_or_default();
        writeln!(out, "| {} | {tier} | {days:.1} | {readiness} | {verdict} |", text(&unit.name))?;
    }
    if assessed.len() > shown {
        writeln!(out, "\nand {} more.", assessed.len() - shown)?;
    }
    Ok(())
}

/// All targets side by side.
fn targets(assessed: &[&UnitReport], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let told: BTreeSet<Target> = assessed.iter().flat_map(|unit| unit.verdicts.keys().copied()).collect();
    if told.len() < 2 {
        return Ok(());
    }
    let heads: Vec<String> = told.iter().map(|target| format!(" {target} |")).collect();
    writeln!(out, "\n| Service |{}\n|---|{}", heads.concat(), "---|".repeat(told.len()))?;
    let shown = if options.verbose { assessed.len() } else { MAX_ROWS };
    for unit in assessed.iter().take(shown) {
        let cells = told.iter().map(|target| {
            let Some(verdict) = unit.verdicts.get(target) else { return " |".to_owned() };
            let days = verdict.person_days.map(|days| format!(", {days:.1}")).unwrap_or_default();
            format!(" {}{days} |", text(&verdict.verdict))
        });
        writeln!(out, "| {} |{}", text(&unit.name), cells.collect::<String>())?;
    }
    Ok(())
}

fn findings(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if report.findings.is_empty() {
        return writeln!(out, "\nNo findings.");
    }
    writeln!(out, "\n| Severity | Finding | Rule | Place |\n|---|---|---|---|")?;
    let order = report.by_priority();
    let shown = if options.verbose { order.len() } else { MAX_ROWS };
    for finding in order.iter().take(shown).map(|ix| &report.findings[*ix]) {
        let FindingReport { severity, message, rule, path, line, .. } = finding;
        writeln!(out, "| {severity} | {} | {} | {}:{line} |", text(message), text(rule), text(path))?;
    }
    if order.len() > shown {
        writeln!(out, "\nand {} more.", order.len() - shown)?;
    }
    Ok(())
}

/// Text that Markdown and HTML leave alone.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in safe(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A mention would call somebody, a bare address would be a link.
            '@' => out.push_str("&#64;"),
            ':' => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '!' | '~' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn snapshot() {
        insta::assert_snapshot!(sample::render(&sample::report(), write, &Options::default()));
    }

    #[test]
    fn no_text_of_the_tree_is_markup() {
        let text = sample::render(&sample::hostile(), write, &Options::default());
        for forbidden in ["<script", "](http", "https:", "::error"] {
            assert!(!text.contains(forbidden), "{forbidden}");
        }
        let rows = text.lines().filter(|line| line.starts_with("| blocker")).count();
        assert_eq!(rows, 1);
    }
}
