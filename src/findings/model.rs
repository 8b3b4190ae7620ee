//! A finding as plain data.

use crate::rules::model::{Confidence, Reach, Severity, Tier};
use crate::source::FileIx;
use crate::text::Span;
use crate::units::UnitIx;

/// A place that people can open. Lines and columns start at 1; columns count UTF-16 units.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// A further place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub file: FileIx,
    pub span: Span,
    pub place: Place,
    /// What it shows: "also here", "the method is called from".
    pub note: String,
}

/// A rule met at a place.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// Index in the rule set.
    pub rule: usize,
    /// The unit whose file it stands in.
    pub unit: Option<UnitIx>,
    pub file: FileIx,
    pub span: Span,
    /// The units that pay for it: its own, those that use its library, those that inherit the line.
    pub carriers: Vec<UnitIx>,
    /// It stands on a dependency or setting rather than in code.
    pub declared: bool,
    /// Filled when the source is read again for the report.
    pub place: Place,
    pub severity: Severity,
    pub confidence: Confidence,
    /// The tier of who pays is at least this one.
    pub floor: Option<Tier>,
    /// One sentence: what was found here.
    pub message: String,
    /// What was matched: `java.util.concurrent.Executors.newFixedThreadPool`.
    pub symbol: String,
    /// `Class.method` around it, for people and for the fingerprint.
    pub context: String,
    /// Who reaches it.
    pub reach: Vec<Reach>,
    /// Nobody reaches it: reported, but costs nothing.
    pub dead: bool,
    /// Other rules met by the same construct.
    pub also: Vec<usize>,
    pub related: Vec<Related>,
    /// The methods through which a request comes here, its handler first.
    pub flow: Vec<Related>,
    /// The source line, for people: trimmed, and of a long line the part around the place.
    pub snippet: String,
    /// The column at which `snippet` begins in its line; 0 when nothing is known of the source.
    pub snippet_column: u32,
    /// `primaryLocationLineHash` as GitHub computes it; empty when the source cannot be read.
    pub line_hash: String,
    /// Stable under moved lines: hash of rule, unit, context, normalised line, ordinal.
    pub fingerprint: String,
    /// Why it does not count, when suppressed.
    pub suppressed: Option<String>,
    /// It is suppressed by the configuration, a baseline or a revision rather than by a comment.
    pub suppressed_outside: bool,
}
