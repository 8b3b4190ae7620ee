//! Code Quality of GitLab: a list of findings in the format of Code Climate.

use std::io::{self, Write};

use serde::Serialize;

use super::json::pretty;
use super::model::{FindingReport, Report};
use super::options::Options;
use super::path::from_repository;
use crate::rules::model::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    description: &'a str,
    check_name: &'a str,
    /// Must be unique within the report.
    fingerprint: &'a str,
    severity: &'static str,
    categories: [&'static str; 1],
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the findings as a Code Quality report, the weightiest first.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.by_priority().into_iter().map(|ix| &report.findings[ix]);
    let issues: Vec<Issue<'_>> = findings.map(|finding| issue(finding, options)).collect();
    pretty(&issues, out)
}

fn issue<'a>(finding: &'a FindingReport, options: &Options) -> Issue<'a> {
    let begin = finding.line.max(1);
    Issue {
        kind: "issue",
        description: &finding.message,
        check_name: &finding.rule,
        fingerprint: &finding.fingerprint,
        severity: match finding.severity {
            _ if finding.dead => "info",
            Severity::Blocker => "blocker",
            Severity::Major => "major",
            Severity::Minor => "minor",
            Severity::Info => "info",
        },
        categories: ["Compatibility"],
        location: Location {
            path: from_repository(&finding.path, options),
            lines: Lines { begin, end: finding.end_line.max(begin) },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn has_what_gitlab_asks_for() {
        let options = Options { prefix: "shops".into(), ..Options::default() };
        let text = sample::render(&sample::report(), write, &options);
        let issues: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(issues.len(), 5);
        assert_eq!(issues[0]["severity"], "blocker");
        for issue in &issues {
            for key in ["description", "check_name", "fingerprint"] {
                assert!(issue[key].as_str().is_some_and(|text| !text.is_empty()));
            }
            assert!(issue["location"]["path"].as_str().unwrap().starts_with("shops/"));
            assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
        }
    }
}
