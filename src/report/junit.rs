//! Test results in the dialect of JUnit: a suite per unit, a case per finding.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::model::{FindingReport, Report};
use super::options::Options;
use super::path::from_repository;
use super::safe;
use crate::rules::model::Severity;

/// Writes the findings as test results. One that only informs, or that nobody reaches, is skipped; a
/// service without findings has one case that passes.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<&FindingReport>> = BTreeMap::new();
    for unit in report.units.iter().filter(|unit| unit.readiness.is_some()) {
        suites.entry(&unit.name).or_default();
    }
    for finding in &report.findings {
        suites.entry(&finding.unit).or_default().push(finding);
    }
    let failures = report.findings.iter().filter(|f| fails(f)).count();
    let tests: usize = suites.values().map(|findings| findings.len().max(1)).sum();
    let skipped = report.findings.len() - failures;
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="faasible" tests="{tests}" failures="{failures}" skipped="{skipped}" errors="0">"#
    )?;
    for (unit, findings) in &suites {
        let name = if unit.is_empty() { "(no unit)" } else { unit };
        let failures = findings.iter().filter(|f| fails(f)).count();
        let (tests, skipped) = (findings.len().max(1), findings.len() - failures);
        let name = escape(name);
        writeln!(
            out,
            r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" skipped="{skipped}" errors="0">"#
        )?;
        if findings.is_empty() {
            writeln!(out, r#"    <testcase classname="{name}" name="no findings"/>"#)?;
        }
        for finding in findings {
            case(report, finding, options, &name, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}

fn fails(finding: &FindingReport) -> bool {
    finding.severity > Severity::Info && !finding.dead
}

fn case(
    report: &Report,
    finding: &FindingReport,
    options: &Options,
    unit: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = from_repository(&finding.path, options);
    let (path, rule, line) = (escape(&path), escape(&finding.rule), finding.line.max(1));
    let message = escape(&finding.message);
    writeln!(out, r#"    <testcase classname="{unit}" name="{rule} {path}:{line}" file="{path}" line="{line}">"#)?;
    if fails(finding) {
        writeln!(out, r#"      <failure type="{}" message="{message}">"#, finding.severity)?;
        writeln!(out, "{path}:{line}: {}", escape(&finding.snippet))?;
        if let Some(info) = report.rules.get(&finding.rule) {
            writeln!(out, "{}", escape(info.fix.trim()))?;
        }
        writeln!(out, "      </failure>")?;
    } else {
        writeln!(out, r#"      <skipped message="{message}"/>"#)?;
    }
    writeln!(out, "    </testcase>")
}

/// Text for elements and attributes; control characters are not allowed in XML at all.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&quick_xml::escape::escape(Cow::as_ref(&safe(line))));
    }
    // Not characters of XML, and shown by nothing.
    out.retain(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn is_well_formed_and_counts_right() {
        for report in [sample::report(), sample::hostile()] {
            let text = sample::render(&report, write, &Options::default());
            let document = roxmltree::Document::parse(&text).unwrap();
            let count = |tag: &str| document.descendants().filter(|n| n.has_tag_name(tag)).count();
            let told = |key: &str| document.root_element().attribute(key).unwrap().parse::<usize>().unwrap();
            assert_eq!(
                (count("testcase"), count("failure"), count("skipped")),
                (told("tests"), told("failures"), told("skipped"))
            );
            assert_eq!((told("tests"), told("failures"), told("skipped")), (6, 3, 2));
        }
    }
}
