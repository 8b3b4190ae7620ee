//! What the page's script is given: the report, with what repeats told once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::report::model::{FindingReport, Report};
use crate::report::parts;
use crate::report::safe;
use crate::rules::model::{Category, Confidence, Severity, Target};

/// The data. Every text is harmless to look at; escaping for HTML is the script's work, which never
/// makes markup out of text.
pub(super) fn data(report: &Report) -> Value {
    let mut table = Table::default();
    let rules: BTreeMap<&str, usize> = report.rules.keys().enumerate().map(|(ix, id)| (id.as_str(), ix)).collect();
    let findings: Vec<Value> = report.findings.iter().map(|f| finding(f, report, &rules, &mut table)).collect();
    let mut skipped: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in &report.skipped {
        skipped.entry(&one.reason).or_default().push(&one.path);
    }
    let skipped: Vec<Value> = skipped.into_iter().map(|(reason, paths)| json!([reason, paths])).collect();
    let mut data = json!({
        "schema_version": report.schema_version,
        "tool": report.tool,
        "workspace": report.workspace,
        "summary": report.summary,
        "words": {
            "targets": Target::ALL,
            "categories": Category::ALL,
            "severities": Severity::ALL,
            "confidences": Confidence::ALL,
        },
        "units": report.units,
        "parts": parts::parts(report),
        "levers": report.levers,
        "rules": report.rules.iter().map(|(id, rule)| json!([id, rule])).collect::<Vec<_>>(),
        "skipped": skipped,
    });
    harmless(&mut data);
    // These are harmless by the way they are made.
    data["findings"] = findings.into();
    data["texts"] = table.texts.into();
    data
}

/// Texts that repeat: paths, names of units.
#[derive(Default)]
struct Table {
    texts: Vec<String>,
    known: BTreeMap<String, usize>,
}

impl Table {
    fn put(&mut self, text: &str) -> usize {
        if let Some(ix) = self.known.get(text) {
            return *ix;
        }
        let ix = self.texts.len();
        self.texts.push(safe(text).into_owned());
        self.known.insert(text.to_owned(), ix);
        ix
    }
}

/// A finding with short keys and without what is empty: ten thousand of them must load at once.
fn finding(f: &FindingReport, report: &Report, rules: &BTreeMap<&str, usize>, table: &mut Table) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| _ = out.insert(key.to_owned(), value);
    put("r", rules.get(f.rule.as_str()).copied().map_or_else(|| safe(&f.rule).into(), Value::from));
    put("u", table.put(&f.unit).into());
    put("s", (f.severity as usize).into());
    put("c", (f.confidence as usize).into());
    put("p", table.put(&f.path).into());
    put("l", f.line.into());
    put("k", f.column.into());
    // The rule's title stands above its findings already.
    let title = report.rules.get(&f.rule).map_or("", |rule| rule.title.as_str());
    let message = f.message.strip_prefix(title).map_or(f.message.as_str(), |rest| rest.trim_start_matches(": "));
    if !message.is_empty() {
        put("m", safe(message).into());
    }
    if !f.context.is_empty() {
        put("x", table.put(&f.context).into());
    }
    if !f.reach.is_empty() {
        put("h", f.reach.iter().map(|reach| table.put(reach)).collect());
    }
    if f.dead {
        put("d", true.into());
    }
    if !f.also.is_empty() {
        put("a", f.also.iter().map(|rule| table.put(rule)).collect());
    }
    if !f.related.is_empty() {
        put("n", f.related.iter().map(|r| json!([table.put(&r.path), r.line, table.put(&r.note)])).collect());
    }
    if !f.flow.is_empty() {
        put("f", f.flow.iter().map(|r| json!([table.put(&r.path), r.line, table.put(&r.note)])).collect());
    }
    if !f.burdens.is_empty() {
        put("b", f.burdens.iter().map(|unit| table.put(unit)).collect());
    }
    if !f.snippet.is_empty() {
        put("t", json!(cut(f).map(safe)));
    }
    out.into()
}

/// The source line before, at and behind the place.
fn cut(f: &FindingReport) -> [&str; 3] {
    let line = f.snippet.as_str();
    let Some(start) = f.column.checked_sub(f.snippet_column).filter(|_| f.snippet_column > 0) else {
        return [line, "", ""];
    };
    let start = byte_at(line, start);
    let end = match f.end_line == f.line {
        true => byte_at(line, f.end_column.saturating_sub(f.snippet_column)).max(start),
        false => line.len(),
    };
    [&line[..start], &line[start..end], &line[end..]]
}

/// Where in the text so many UTF-16 units end.
fn byte_at(text: &str, units: u32) -> usize {
    let mut seen = 0;
    let mut chars = text.char_indices();
    chars
        .find(|(_, c)| {
            seen += c.len_utf16();
            seen > units as usize
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Makes every text within harmless; keys are ours or names of rules.
fn harmless(value: &mut Value) {
    match value {
        Value::String(text) => *text = safe(text).into_owned(),
        Value::Array(values) => values.iter_mut().for_each(harmless),
        Value::Object(values) => values.values_mut().for_each(harmless),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_place_is_cut_out_of_its_line() {
        let mut f = sample::finding("r", "u", "p", 1);
        assert_eq!(cut(&f), ["ExecutorService größe½ = foo(", "newFixedThreadPool(10)", ");"]);
        f.end_line = 2;
        assert_eq!(cut(&f)[1], "newFixedThreadPool(10));");
        f.column = 900;
        assert_eq!(cut(&f)[1], "");
        f.snippet_column = 0;
        assert_eq!(cut(&f)[0], f.snippet);
        f.column = 0;
        f.snippet_column = 5;
        assert_eq!(cut(&f)[0], f.snippet);
    }

    #[test]
    fn repeated_texts_are_told_once() {
        let data = data(&sample::report());
        let texts = data["texts"].as_array().unwrap();
        assert_eq!(texts.iter().filter(|text| *text == "order").count(), 1);
        assert_eq!(data["findings"].as_array().unwrap().len(), 5);
        assert_eq!(data["findings"][0]["m"], "Thread pool created in service code: `Executors.newFixedThreadPool`");
        assert_eq!(data["findings"][1]["m"], "`Executors.newFixedThreadPool`");
    }
}
