//! Stand-in for the formats.
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use super::model::Report;
use super::options::Options;

/// A form that a report can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Term,
    Json,
}
impl Format {
    pub const ALL: &'static [Format] = &[Format::Term, Format::Json];
    pub fn as_str(self) -> &'static str {
        if self == Self::Json { "json" } else { "term" }
    }
    pub fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "txt" => Some(Self::Term),
            _ => None,
        }
    }
}
impl FromStr for Format {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.iter().copied().find(|f| f.as_str() == text).ok_or_else(|| format!("unknown format '{text}'"))
    }
}
pub fn render(report: &Report, _format: Format, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}
