//! What finished moves took: a table of services and person-days, set beside what a report estimates.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{EffortTerm, Report, UnitReport};
use super::parts::is_assessed;
use crate::assess::calibrate::Move;
use crate::assess::{Coefficients, INTERPLAY};

/// The moves that can be used, and what is wrong with the other rows, by line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Actuals {
    pub moves: Vec<Move>,
    pub problems: Vec<(usize, String)>,
}

/// Words that name the columns, as far as they are named.
const SERVICE: &[&str] = &["service", "unit", "name", "component", "project", "module", "dir", "directory", "path"];
const DAYS: &[&str] = &["days", "day", "effort", "actual", "actuals", "pd", "pt"];

/// Reads rows of a service's name or directory and its person-days. A header may name the columns;
/// commas, semicolons and tabs part them.
pub fn read(text: &str, report: &Report, coefficients: &Coefficients) -> Actuals {
    let mut out = Actuals::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut columns: Option<(usize, usize)> = None;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() || row.trim_start().starts_with('#') {
            continue;
        }
        let cells = cells(row);
        let first = columns.is_none();
        let (name_at, days_at) = *columns.get_or_insert_with(|| header(&cells).unwrap_or((0, 1)));
        if first && header(&cells).is_some() {
            continue;
        }
        let (Some(name), Some(days)) = (cells.get(name_at), cells.get(days_at)) else {
            out.problems.push((line, "needs a service and its person-days".to_owned()));
            continue;
        };
        let actual = match number(days) {
            Some(actual) if actual.is_finite() && actual > 0.0 => actual,
            _ => {
                out.problems.push((line, format!("'{days}' is no number of person-days above 0")));
                continue;
            }
        };
        match find(report, name) {
            Err(problem) => out.problems.push((line, problem)),
            Ok(unit) if !seen.insert(&unit.name) => {
                out.problems.push((line, format!("'{name}' is named a second time")));
            }
            Ok(unit) => {
                out.moves.push(Move { service: unit.name.clone(), actual, days: days_of(report, unit, coefficients) });
            }
        }
    }
    out
}

fn find<'r>(report: &'r Report, name: &str) -> Result<&'r UnitReport, String> {
    let wanted = name.trim().trim_end_matches('/');
    let fits = |unit: &&UnitReport| unit.name == wanted || unit.dir == wanted;
    let mut found = report.units.iter().filter(fits);
    match (found.next(), found.next()) {
        (None, _) => Err(format!("there is no service '{name}'")),
        (Some(_), Some(_)) => Err(format!("several units are called '{name}': name the directory")),
        (Some(unit), None) if !is_assessed(unit) => Err(format!("'{name}' is no service or job that was assessed")),
        (Some(unit), None) => Ok(unit),
    }
}

/// Estimated days by group.
fn days_of(report: &Report, unit: &UnitReport, coefficients: &Coefficients) -> BTreeMap<String, f64> {
    let mut out = BTreeMap::new();
    let terms = unit.effort.iter().flat_map(|effort| &effort.terms);
    terms.for_each(|term| add(report, term, coefficients, &mut out));
    out
}

fn add(report: &Report, term: &EffortTerm, coefficients: &Coefficients, out: &mut BTreeMap<String, f64>) {
    let group = match term.kind.as_str() {
        "library" => return term.parts.iter().for_each(|part| add_rule(report, part, coefficients, out)),
        "rule" => return add_rule(report, term, coefficients, out),
        _ if term.what == INTERPLAY => return,
        _ => "base",
    };
    *out.entry(group.to_owned()).or_default() += term.person_days;
}

fn add_rule(report: &Report, term: &EffortTerm, coefficients: &Coefficients, out: &mut BTreeMap<String, f64>) {
    let group = report.rules.get(&term.what).map_or("", |rule| coefficients.group(rule.category));
    *out.entry(group.to_owned()).or_default() += term.person_days;
}

/// The columns that a header names; none when the row is none.
fn header(cells: &[String]) -> Option<(usize, usize)> {
    if cells.iter().any(|cell| number(cell).is_some()) {
        return None;
    }
    let named = |words: &[&str]| {
        cells.iter().position(|cell| {
            let cell = cell.to_lowercase();
            cell.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
        })
    };
    let days = named(DAYS)?;
    Some((named(SERVICE).filter(|at| *at != days).unwrap_or(usize::from(days == 0)), days))
}

fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    cell.parse().ok().or_else(|| cell.replace(',', ".").parse().ok())
}

/// The cells of a row; quotes keep a separator, and are doubled to stand for themselves.
fn cells(row: &str) -> Vec<String> {
    let separator = ['\t', ';', ','].into_iter().find(|c| row.contains(*c)).unwrap_or(',');
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            c if c == separator && !quoted => cells.push(String::new()),
            c => cell.push(c),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn coefficients() -> Coefficients {
        crate::rules::RuleSet::load(&[]).unwrap().catalog("effort").unwrap()
    }

    fn read_sample(text: &str) -> Actuals {
        read(text, &sample::report(), &coefficients())
    }

    #[test]
    fn headers_and_separators_are_taken_as_they_come() {
        let texts = [
            "service,person-days\norder,30\nmailer,1.5\n",
            "\u{feff}Team;Actual person days;Service name\r\nx;30;order\r\ny;1,5;mailer\r\n",
            "# moved in spring\n\norder\t30\nmailer\t1.5",
            "\"order\",\"30\"\nmailer , 1.5",
        ];
        for text in texts {
            let read = read_sample(text);
            assert_eq!(read.problems, [], "{text}");
            let got: Vec<(&str, f64)> = read.moves.iter().map(|m| (m.service.as_str(), m.actual)).collect();
            assert_eq!(got, [("order", 30.0), ("mailer", 1.5)], "{text}");
        }
    }

    #[test]
    fn bad_rows_are_told_by_line_and_left_out() {
        let read = read_sample("service,days\norder,many\nnobody,3\ncommon,3\norder\nmailer,0\norder,3\norder,4\n");
        let lines: Vec<usize> = read.problems.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 8]);
        assert!(read.problems[1].1.contains("no service 'nobody'"));
        assert!(read.problems[2].1.contains("no service or job"));
        assert_eq!(read.moves.len(), 1);
    }

    #[test]
    fn days_are_told_by_group() {
        let read = read_sample("order,30");
        assert_eq!(read.moves[0].days, BTreeMap::from([("background".into(), 17.625), ("base".into(), 5.875)]));
    }
}
