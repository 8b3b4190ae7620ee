//! Workflow commands of GitHub Actions: an annotation per finding, the weightiest first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::model::{FindingReport, Report};
use super::options::Options;
use super::path::from_repository;
use super::safe;
use crate::rules::model::Severity;

/// GitHub shows so many annotations of one level of one step, and drops the others without a word.
const MAX_PER_LEVEL: usize = 10;

/// Writes the findings as workflow commands.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left_out = 0;
    for finding in report.by_priority().into_iter().map(|ix| &report.findings[ix]) {
        let level = level(finding);
        let count = told.entry(level).or_default();
        *count += 1;
        if *count > MAX_PER_LEVEL && !options.verbose {
            left_out += 1;
            continue;
        }
        let title = report.rules.get(&finding.rule).map_or(finding.rule.as_str(), |rule| &rule.title);
        write!(
            out,
            "::{level} file={},line={}",
            property(&from_repository(&finding.path, options)),
            finding.line.max(1)
        )?;
        if finding.end_line == finding.line && finding.column > 0 {
            write!(out, ",col={},endColumn={}", finding.column, finding.end_column.max(finding.column))?;
        }
        writeln!(out, ",title={}::{} [{}]", property(title), data(&finding.message), data(&finding.rule))?;
    }
    if left_out > 0 {
        writeln!(
            out,
            "{left_out} more findings: GitHub shows {MAX_PER_LEVEL} annotations of a level, --verbose prints all"
        )?;
    }
    out.flush()
}

fn level(finding: &FindingReport) -> &'static str {
    match finding.severity {
        _ if finding.dead => "notice",
        Severity::Blocker => "error",
        Severity::Major => "warning",
        Severity::Minor | Severity::Info => "notice",
    }
}

/// The text of a command. What ends a line is gone already.
fn data(text: &str) -> String {
    safe(text).replace('%', "%25")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn snapshot() {
        let options = Options { prefix: "shops/a,b".into(), ..Options::default() };
        insta::assert_snapshot!(sample::render(&sample::report(), write, &options));
    }

    #[test]
    fn no_text_can_add_a_command_and_few_are_shown() {
        let report = sample::hostile();
        let text = sample::render(&report, write, &Options::default());
        assert_eq!(text.lines().count(), report.findings.len());
        let mut report = sample::report();
        report.findings = (1..=25).map(|line| sample::finding("executor-service", "u", "a.java", line)).collect();
        let text = sample::render(&report, write, &Options::default());
        assert_eq!(text.matches("::warning ").count(), MAX_PER_LEVEL);
        assert!(text.ends_with("15 more findings: GitHub shows 10 annotations of a level, --verbose prints all\n"));
        let all = sample::render(&report, write, &Options { verbose: true, ..Options::default() });
        assert_eq!(all.lines().count(), 25);
    }
}
