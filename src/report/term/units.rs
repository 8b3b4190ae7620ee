//! The units: what is assessed, and the libraries that they share.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use anstyle::Style;
use rustc_hash::FxBuildHasher;

use super::Page;
use super::paint;
use super::table::{self, Cell, Column};
use super::text::{count, days, seconds, wrap};
use crate::report::model::{Report, UnitReport};
use crate::report::safe;
use crate::rules::model::Severity;

/// The severities as columns, the gravest first.
const SEVERITIES: [(Severity, &str); 4] =
    [(Severity::Blocker, "BLK"), (Severity::Major, "MAJ"), (Severity::Minor, "MIN"), (Severity::Info, "INF")];

/// How many findings weigh on a unit, by severity.
type Weights<'a> = HashMap<&'a str, [usize; SEVERITIES.len()], FxBuildHasher>;

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let weights = weigh(page.report);
    let (assessed, others): (Vec<_>, Vec<_>) = page.report.units.iter().partition(|unit| unit.readiness.is_some());
    if !assessed.is_empty() {
        let remark = " · dearest first · findings include those of libraries · ! INIT near its limit";
        page.heading(&format!("Services and jobs ({})", assessed.len()), remark, out)?;
        write_assessed(page, &assessed, &weights, out)?;
    }
    let (unread, others): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|unit| matches!(unit.kind.as_str(), "service" | "job"));
    let (libraries, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|unit| unit.kind == "library");
    let weighty = |unit: &&&UnitReport| weights.contains_key(unit.name.as_str()) || costs(unit);
    let burdened: Vec<&UnitReport> = libraries.iter().filter(weighty).copied().collect();
    if !burdened.is_empty() {
        let remark = " · what fixing them costs once, for all who use them";
        page.heading(&format!("Libraries ({})", burdened.len()), remark, out)?;
        write_libraries(page, &burdened, &weights, out)?;
    }
    write_unread(page, &unread, out)?;
    write_others(page, libraries.len() - burdened.len(), &others, out)
}

fn costs(unit: &UnitReport) -> bool {
    unit.effort.as_ref().is_some_and(|effort| effort.person_days > 0.0)
}

fn write_assessed(
    page: &Page<'_>,
    units: &[&UnitReport],
    weights: &Weights<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let target = page.report.summary.target;
    let verdict_title = target.map_or("VERDICT".to_owned(), |target| target.as_str().to_uppercase());
    let mut columns = vec![
        Column::new("UNIT").min(12),
        Column::new("KIND").expendable(5),
        Column::new("TIER"),
        Column::new("DAYS").right(),
        Column::new("READY").right().expendable(1),
        Column::new(&verdict_title),
        Column::new("COLD").right().expendable(2),
    ];
    columns.extend(SEVERITIES.map(|(_, title)| Column::new(title).right().expendable(3)));
    columns.push(Column::new("TOP REASON").min(16).expendable(4));
    let rows: Vec<Vec<Cell>> = units
        .iter()
        .map(|unit| {
            let verdict = target.and_then(|target| unit.verdicts.get(&target));
            let tier = unit.effort.as_ref().map_or("", |effort| effort.tier.as_str());
            let word = verdict.map_or("", |verdict| verdict.verdict.as_str());
            let mut row = vec![
                Cell::styled(safe(&unit.name), Style::new().bold()),
                Cell::new(safe(&unit.kind)),
                Cell::styled(safe(tier), paint::tier(tier)),
                Cell::new(unit.effort.as_ref().map(days).unwrap_or_default()),
                Cell::new(unit.readiness.map(|n| n.to_string()).unwrap_or_default()),
                Cell::styled(safe(word), paint::verdict(word)),
                cold_start(unit),
            ];
            row.extend(severities(unit, weights));
            row.push(Cell::new(safe(&top_reason(page, unit)).into_owned()));
            row
        })
        .collect();
    table::write(&columns, &rows, page.options.width, &page.paint, out)
}

/// The median; the terms and what SnapStart makes of it are for `--verbose`.
fn cold_start(unit: &UnitReport) -> Cell {
    let Some(cold) = &unit.cold_start else { return Cell::new("") };
    match cold.warning {
        Some(_) => Cell::styled(format!("!{}", seconds(cold.p50_ms)), paint::severity(Severity::Major)),
        None => Cell::new(seconds(cold.p50_ms)),
    }
}

fn write_libraries(
    page: &Page<'_>,
    units: &[&UnitReport],
    weights: &Weights<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut users: HashMap<&str, Vec<&str>, FxBuildHasher> = HashMap::default();
    for unit in page.report.units.iter().filter(|unit| unit.readiness.is_some()) {
        for library in &unit.libraries {
            users.entry(library).or_default().push(&unit.name);
        }
    }
    let mut columns = vec![Column::new("LIBRARY").min(12), Column::new("DAYS").right()];
    columns.extend(SEVERITIES.map(|(_, title)| Column::new(title).right().expendable(2)));
    columns.push(Column::new("USED BY").min(16).expendable(3));
    let rows: Vec<Vec<Cell>> = units
        .iter()
        .map(|unit| {
            let effort = unit.effort.as_ref().map(days).unwrap_or_default();
            let mut row = vec![Cell::styled(safe(&unit.name), Style::new().bold()), Cell::new(effort)];
            row.extend(severities(unit, weights));
            row.push(match users.get(unit.name.as_str()) {
                None => Cell::styled("no service or job", Style::new().dimmed()),
                Some(users) => Cell::new(format!("{}: {}", users.len(), safe(&users.join(", ")))),
            });
            row
        })
        .collect();
    table::write(&columns, &rows, page.options.width, &page.paint, out)
}

/// Services and jobs in languages that are not analysed.
fn write_unread(page: &Page<'_>, units: &[&UnitReport], out: &mut dyn Write) -> io::Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    let named = |unit: &&UnitReport| format!("{} ({})", unit.name, unit.languages.join(", "));
    let names: Vec<String> = units.iter().map(named).collect();
    writeln!(out)?;
    for line in wrap(&format!("Found but not analysed yet: {}.", names.join(", ")), page.options.width) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn write_others(page: &Page<'_>, quiet: usize, others: &[&UnitReport], out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in others {
        *kinds.entry(&unit.kind).or_default() += 1;
    }
    let mut parts: Vec<String> = kinds.iter().map(|(kind, n)| safe(&count(*n, kind)).into_owned()).collect();
    if quiet > 0 {
        parts.insert(0, format!("{} without findings", count(quiet, "library")));
    }
    if parts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", page.paint.dim(&format!("Not assessed: {}.", parts.join(", "))))
}

fn severities<'a>(unit: &UnitReport, weights: &Weights<'a>) -> impl Iterator<Item = Cell> + use<'a> {
    let counts = weights.get(unit.name.as_str()).copied().unwrap_or_default();
    SEVERITIES.into_iter().zip(counts).map(|((severity, _), n)| match n {
        0 => Cell::styled("-", Style::new().dimmed()),
        n => Cell::styled(n.to_string(), paint::severity(severity)),
    })
}

/// Findings in the unit itself and those in libraries that it uses.
fn weigh(report: &Report) -> Weights<'_> {
    let mut weights = Weights::default();
    for finding in &report.findings {
        let Some(at) = SEVERITIES.iter().position(|(severity, _)| *severity == finding.severity) else { continue };
        let burdened = finding.burdens.iter().filter(|unit| **unit != finding.unit);
        for unit in burdened.chain(Some(&finding.unit)).filter(|unit| !unit.is_empty()) {
            weights.entry(unit).or_default()[at] += 1;
        }
    }
    weights
}

/// Why the verdict, unless it is the effort that stands in a column of its own; then what costs most.
fn top_reason(page: &Page<'_>, unit: &UnitReport) -> String {
    let verdict = page.report.summary.target.and_then(|target| unit.verdicts.get(&target));
    if let Some(reason) = verdict.and_then(|verdict| verdict.reasons.first())
        && !reason.contains("person-days")
    {
        return reason.clone();
    }
    let terms = unit.effort.iter().flat_map(|effort| &effort.terms).filter(|term| term.kind != "base");
    // Of equals the first, hence in reverse.
    let dearest = terms.rev().max_by(|a, b| a.person_days.total_cmp(&b.person_days));
    dearest.map(|term| format!("{} ({:.1} days)", term.what, term.person_days)).unwrap_or_default()
}
