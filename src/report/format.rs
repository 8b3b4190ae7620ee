//! The formats by name and by file name. A new format is one file and one line here.

use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use super::model::Report;
use super::options::Options;
use super::{csv, github, gitlab, html, json, junit, markdown, ndjson, sarif, term};

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident => $name:literal, [$($suffix:literal),*], $write:path;)*) => {
        /// A form that a report can take.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format { $($(#[$doc])* $variant),* }

        impl Format {
            /// All of them.
            pub const ALL: &'static [Format] = &[$(Format::$variant),*];

            /// As written on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Ends of the names of files that hold it.
            fn suffixes(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($suffix),*]),* }
            }

            fn writer(self) -> fn(&Report, &Options, &mut dyn Write) -> io::Result<()> {
                match self { $(Self::$variant => $write),* }
            }
        }
    };
}

formats! {
    /// For people at a terminal.
    Term => "term", [".txt"], term::write;
    /// For people in a browser.
    Html => "html", [".html", ".htm"], html::write;
    /// The whole report, for programs.
    Json => "json", [".json"], json::write;
    /// The report as lines of JSON, for DuckDB and jq.
    Ndjson => "ndjson", [".ndjson", ".jsonl"], ndjson::write;
    /// The units, for spreadsheets.
    Csv => "csv", [".csv"], csv::write;
    /// The findings, for spreadsheets.
    FindingsCsv => "findings-csv", [".findings.csv"], csv::write_findings;
    /// For code scanning.
    Sarif => "sarif", [".sarif", ".sarif.json"], sarif::write;
    /// Workflow commands: annotations in GitHub Actions.
    Github => "github", [], github::write;
    /// Code Quality report of GitLab.
    Gitlab => "gitlab", [".gitlab.json", ".codequality.json"], gitlab::write;
    /// Test results, as many CI servers read them.
    Junit => "junit", [".xml"], junit::write;
    /// A summary, for a job or a comment.
    Markdown => "markdown", [".md"], markdown::write;
}

impl Format {
    /// The format that a file's name asks for.
    pub fn from_extension(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let fitting = Self::ALL.iter().flat_map(|format| format.suffixes().iter().map(move |suffix| (suffix, *format)));
        // The longest wins: `x.sarif.json` is SARIF.
        fitting.filter(|(suffix, _)| name.ends_with(**suffix)).max_by_key(|(suffix, _)| suffix.len()).map(|(_, f)| f)
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|format| format.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|format| format.as_str()).collect();
            format!("unknown format '{}', known are: {}", super::safe(text), known.join(", "))
        })
    }
}

/// Writes a report in a format.
///
/// # Errors
/// Those of `out`.
pub fn render(report: &Report, format: Format, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    format.writer()(report, options, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn names_and_extensions() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(*format));
        }
        assert_eq!(
            "excel".parse::<Format>(),
            Err("unknown format 'excel', known are: term, html, json, ndjson, csv, findings-csv, sarif, github, gitlab, \
                 junit, markdown"
                .to_owned())
        );
        let of = |path: &str| Format::from_extension(Path::new(path));
        assert_eq!(of("out/Report.SARIF"), Some(Format::Sarif));
        assert_eq!(of("a.sarif.json"), Some(Format::Sarif));
        assert_eq!(of("a.json"), Some(Format::Json));
        assert_eq!(of("gl.codequality.json"), Some(Format::Gitlab));
        assert_eq!((of("a.xml"), of("a.md")), (Some(Format::Junit), Some(Format::Markdown)));
        assert_eq!(of("a.txt"), Some(Format::Term));
        assert_eq!(of("json"), None);
        assert_eq!(of("a.pdf"), None);
    }

    #[test]
    fn every_format_is_deterministic_and_harmless() {
        let report = sample::hostile();
        for format in Format::ALL {
            let render = || {
                let mut out = Vec::new();
                super::render(&report, *format, &Options::default(), &mut out).unwrap();
                String::from_utf8(out).unwrap()
            };
            let text = render();
            assert_eq!(text, render(), "{format}");
            let hidden = text.replace("\r\n", "\n").chars().find(|c| *c != '\n' && super::super::safe::is_hidden(*c));
            assert_eq!(hidden, None, "{format}");
        }
    }
}
