//! What a reader of the results should know is not in them.

use serde_json::json;
use serde_sarif::sarif::{
    Invocation, Location, MultiformatMessageString, Notification, NotificationLevel, PhysicalLocation,
    ReportingDescriptor, ReportingDescriptorReference,
};

use super::text::{DESCRIPTION, bounded, plain};
use super::{message, uri};
use crate::report::model::Report;
use crate::report::options::Options;

/// Notes on skipped paths; the number of all is told.
pub(super) const MAX_SKIPPED: usize = 1_000;

const SKIPPED: (&str, &str, &str) = ("not-read", "NotRead", "A file or directory that was not read, or not in full.");
const LEFT_OUT: (&str, &str, &str) = ("left-out", "LeftOut", "Findings that are not among the results.");

/// The notifications that may come.
pub(super) fn descriptors() -> Vec<ReportingDescriptor> {
    [SKIPPED, LEFT_OUT]
        .map(|(id, name, text)| {
            let text = MultiformatMessageString::builder().text(text).build();
            let mut descriptor = ReportingDescriptor::builder().id(id).build();
            descriptor.name = Some(name.to_owned());
            descriptor.short_description = Some(text.clone());
            descriptor.full_description = Some(text);
            descriptor
        })
        .into()
}

/// The scan, with a note for each thing that it passed over.
pub(super) fn invocation(report: &Report, options: &Options, left_out: usize) -> Invocation {
    let mut notes = Vec::new();
    let total = report.findings.len();
    if left_out > 0 {
        let text = format!(
            "{left_out} of {total} findings are left out, those that weigh least: code scanning takes no more than {}.",
            super::MAX_RESULTS
        );
        notes.push(note(&LEFT_OUT, 1, NotificationLevel::Warning, text));
    }
    if report.summary.suppressed > 0 {
        let text = format!("{} findings are suppressed or in the baseline.", report.summary.suppressed);
        notes.push(note(&LEFT_OUT, 1, NotificationLevel::Note, text));
    }
    for skipped in report.skipped.iter().take(MAX_SKIPPED) {
        let text = bounded(&plain(&skipped.reason), DESCRIPTION, "Not read.");
        let mut note = note(&SKIPPED, 0, NotificationLevel::Warning, text);
        note.locations = uri::location(&skipped.path, options).map(|file| {
            let physical = PhysicalLocation { artifact_location: Some(file), ..Default::default() };
            vec![Location { physical_location: Some(physical), ..Default::default() }]
        });
        notes.push(note);
    }
    let rest = report.skipped.len().saturating_sub(MAX_SKIPPED);
    if rest > 0 {
        notes.push(note(&SKIPPED, 0, NotificationLevel::Warning, format!("{rest} more paths were not read.")));
    }
    let mut invocation = Invocation::builder().execution_successful(true).build();
    invocation.tool_execution_notifications = Some(notes);
    invocation
}

/// `index` is that of the descriptor in [`descriptors`].
fn note((id, ..): &(&str, &str, &str), index: i64, level: NotificationLevel, text: String) -> Notification {
    let mut note = Notification::builder().message(message(text)).build();
    note.level = Some(json!(level));
    note.descriptor =
        Some(ReportingDescriptorReference { id: Some((*id).to_owned()), index: Some(index), ..Default::default() });
    note
}
