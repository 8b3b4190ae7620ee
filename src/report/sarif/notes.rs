//! What a reader of the results should know is not in them.

use serde_json::json;
use serde_sarif::sarif::{
    Invocation, Location, Notification, NotificationLevel, PhysicalLocation, ReportingDescriptorReference,
};

use super::results::Results;
use super::text::{DESCRIPTION, bounded, plain};
use super::{message, uri};
use crate::report::model::Report;
use crate::report::options::Options;

/// Notes on skipped paths; the number of all is told.
pub(super) const MAX_SKIPPED: usize = 1_000;

/// A file or directory that was not read, or not in full.
const SKIPPED: &str = "not-read";
/// Findings that are not among the results.
const LEFT_OUT: &str = "left-out";

/// Parts of the configuration or baseline that have no use.
const UNUSED: &str = "unused";

/// The scan, with a note for each thing that it passed over.
pub(super) fn invocation(report: &Report, options: &Options, results: &Results<'_>) -> Invocation {
    let mut notes = Vec::new();
    let (total, left_out, cut) = (report.findings.len(), results.left_out(), results.cut());
    if left_out > 0 {
        let text = format!(
            "{left_out} of {total} findings are left out, those that weigh least: code scanning takes no more than {}.",
            super::MAX_RESULTS
        );
        notes.push(note(LEFT_OUT, NotificationLevel::Warning, text));
    }
    if cut > 0 {
        let text = format!(
            "{cut} findings are told without their further places and the way to them: code scanning takes no larger file."
        );
        notes.push(note(LEFT_OUT, NotificationLevel::Warning, text));
    }
    if report.summary.suppressed > 0 {
        let text = format!("{} findings are suppressed or in the baseline.", report.summary.suppressed);
        notes.push(note(LEFT_OUT, NotificationLevel::Note, text));
    }
    for text in report.notes.iter().take(MAX_SKIPPED) {
        notes.push(note(UNUSED, NotificationLevel::Note, bounded(&plain(text), DESCRIPTION, "A note.")));
    }
    for skipped in report.skipped.iter().take(MAX_SKIPPED) {
        let text = bounded(&plain(&skipped.reason), DESCRIPTION, "Not read.");
        let mut note = note(SKIPPED, NotificationLevel::Warning, text);
        note.locations = uri::location(&skipped.path, options).map(|file| {
            let physical = PhysicalLocation { artifact_location: Some(file), ..Default::default() };
            vec![Location { physical_location: Some(physical), ..Default::default() }]
        });
        notes.push(note);
    }
    let rest = report.skipped.len().saturating_sub(MAX_SKIPPED);
    if rest > 0 {
        notes.push(note(SKIPPED, NotificationLevel::Warning, format!("{rest} more paths were not read.")));
    }
    let mut invocation = Invocation::builder().execution_successful(true).build();
    invocation.tool_execution_notifications = Some(notes);
    invocation
}

/// The id stands alone: the multitool takes descriptors of notes for rules, and wants help for them.
fn note(id: &str, level: NotificationLevel, text: String) -> Notification {
    let mut note = Notification::builder().message(message(text)).build();
    note.level = Some(json!(level));
    note.descriptor = Some(ReportingDescriptorReference { id: Some(id.to_owned()), ..Default::default() });
    note
}
