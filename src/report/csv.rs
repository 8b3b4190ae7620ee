//! CSV that a spreadsheet may open: quoted where needed, and never a formula.

use std::io::{self, Write};

use super::model::{FindingReport, Report, UnitReport};
use super::options::Options;
use super::safe;

/// Writes the units, a row each.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    row(out, UNIT_COLUMNS)?;
    let target = report.summary.target;
    report.units.iter().try_for_each(|unit| row(out, &unit_row(unit, target)))
}

/// Writes the findings, a row each.
///
/// # Errors
/// Those of `out`.
pub fn write_findings(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    row(out, FINDING_COLUMNS)?;
    report.findings.iter().try_for_each(|finding| row(out, &finding_row(finding)))
}

const UNIT_COLUMNS: &[&str] = &[
    "name",
    "dir",
    "kind",
    "languages",
    "framework",
    "libraries",
    "tier",
    "person_days",
    "low",
    "high",
    "readiness",
    "verdict",
    "reasons",
    "findings",
    "requests_per_month",
    "cost_today",
    "cost_target",
    "saving",
    "payback_months",
    "decision",
    "decided_by",
];

fn unit_row(unit: &UnitReport, target: Option<crate::rules::model::Target>) -> Vec<String> {
    let effort = unit.effort.as_ref();
    let days = |of: fn(&super::model::EffortReport) -> f64| effort.map(|e| of(e).to_string()).unwrap_or_default();
    let verdict = target.and_then(|target| unit.verdicts.get(&target));
    let cost = unit.cost.as_ref();
    let money = |of: fn(&super::model::CostReport) -> Option<f64>| {
        cost.and_then(of).map(|usd| format!("{usd:.2}")).unwrap_or_default()
    };
    vec![
        unit.name.clone(),
        unit.dir.clone(),
        unit.kind.clone(),
        unit.languages.join(" "),
        unit.framework.clone(),
        unit.libraries.join(" "),
        effort.map(|e| e.tier.clone()).unwrap_or_default(),
        days(|e| e.person_days),
        days(|e| e.low),
        days(|e| e.high),
        unit.readiness.map(|r| r.to_string()).unwrap_or_default(),
        verdict.map(|v| v.verdict.clone()).unwrap_or_default(),
        verdict.map(|v| v.reasons.join("; ")).unwrap_or_default(),
        unit.categories.values().sum::<usize>().to_string(),
        cost.map(|c| format!("{:.0}", c.traffic.requests_per_month)).unwrap_or_default(),
        money(|c| Some(c.today)),
        money(|c| Some(c.target)),
        money(|c| Some(c.saving)),
        money(|c| c.payback_months),
        cost.map(|c| c.decision.clone()).unwrap_or_default(),
        cost.map(|c| c.decided_by.clone()).unwrap_or_default(),
    ]
}

const FINDING_COLUMNS: &[&str] = &[
    "rule",
    "category",
    "severity",
    "confidence",
    "unit",
    "path",
    "line",
    "column",
    "message",
    "symbol",
    "context",
    "reach",
    "dead",
    "burdens",
    "snippet",
    "fingerprint",
];

fn finding_row(f: &FindingReport) -> Vec<String> {
    vec![
        f.rule.clone(),
        f.category.to_string(),
        f.severity.to_string(),
        f.confidence.to_string(),
        f.unit.clone(),
        f.path.clone(),
        f.line.to_string(),
        f.column.to_string(),
        f.message.clone(),
        f.symbol.clone(),
        f.context.clone(),
        f.reach.join(" "),
        f.dead.to_string(),
        f.burdens.join(" "),
        f.snippet.clone(),
        f.fingerprint.clone(),
    ]
}

/// Writes a row.
pub(super) fn row<S: AsRef<str>>(out: &mut dyn Write, cells: &[S]) -> io::Result<()> {
    for (ix, one) in cells.iter().enumerate() {
        if ix > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(one.as_ref()).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// A cell: no formula, no hidden character, quoted where it must be. Line ends of ours are kept.
fn cell(text: &str) -> String {
    // What a spreadsheet takes for a formula is told by the first character that is no blank.
    let formula =
        text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let lines: Vec<_> = text.split('\n').map(safe).collect();
    let mut text = lines.join("\n");
    if formula && text.parse::<f64>().is_err() {
        text.insert(0, '\'');
    }
    match text.contains([',', '"', '\n', ';']) || text.starts_with(' ') || text.ends_with(' ') {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn no_cell_is_a_formula() {
        for evil in ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"] {
            let shown = cell(evil);
            let bare = shown.trim_start_matches('"');
            assert!(bare.starts_with('\''), "{evil:?}: {shown:?}");
        }
        assert_eq!(cell("a=b"), "a=b");
        assert_eq!(cell("-3.5"), "-3.5");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }

    #[test]
    fn rows_read_back() {
        let report = sample::hostile();
        for (write, columns, rows) in [
            (write as fn(&Report, &Options, &mut dyn Write) -> io::Result<()>, UNIT_COLUMNS, report.units.len()),
            (write_findings, FINDING_COLUMNS, report.findings.len()),
        ] {
            let table = read(&sample::render(&report, write, &Options::default()));
            assert_eq!(table[0], columns);
            assert_eq!(table.len(), rows + 1);
            assert!(table.iter().all(|row| row.len() == columns.len()));
        }
    }

    /// Reads CSV.
    pub(crate) fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut cell)),
                '\r' if !quoted => {}
                '\n' if !quoted => {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                _ => cell.push(c),
            }
        }
        rows
    }
}
