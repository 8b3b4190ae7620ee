//! The report as lines of JSON, for DuckDB, jq and the like: each tells by `type` what it is.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::json::line;
use super::model::Report;
use super::options::Options;

/// Writes a `report` line, then a line per `unit`, `finding`, `rule` and `skipped` path.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let head = json!({
        "schema_version": report.schema_version,
        "tool": report.tool,
        "workspace": report.workspace,
        "summary": report.summary,
        "cost": report.cost,
    });
    line(&tagged("report", &head, None)?, out)?;
    report.units.iter().try_for_each(|unit| line(&tagged("unit", unit, None)?, out))?;
    report.findings.iter().try_for_each(|finding| line(&tagged("finding", finding, None)?, out))?;
    report.rules.iter().try_for_each(|(id, rule)| line(&tagged("rule", rule, Some(id))?, out))?;
    report.skipped.iter().try_for_each(|skipped| line(&tagged("skipped", skipped, None)?, out))
}

fn tagged<T: Serialize>(kind: &str, value: &T, id: Option<&str>) -> io::Result<Value> {
    let mut object = serde_json::Map::new();
    object.insert("type".to_owned(), kind.into());
    if let Some(id) = id {
        object.insert("id".to_owned(), id.into());
    }
    if let Value::Object(fields) = serde_json::to_value(value)? {
        object.extend(fields);
    }
    Ok(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_line_is_an_object_that_tells_its_type() {
        let report = sample::hostile();
        let text = sample::render(&report, write, &Options::default());
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
        let expected = [1, report.units.len(), report.findings.len(), report.rules.len(), report.skipped.len()];
        assert_eq!(["report", "unit", "finding", "rule", "skipped"].map(of), expected);
        assert_eq!(lines.len(), expected.iter().sum::<usize>());
    }
}
