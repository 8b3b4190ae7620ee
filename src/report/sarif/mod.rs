//! The report as SARIF 2.1.0, as GitHub code scanning takes it: one run, at most 5,000 results.

mod notes;
mod results;
mod rules;
mod text;
mod uri;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Message, ResultColumnKind, RunAutomationDetails, SCHEMA_URL, Tool, ToolComponent,
    Version,
};

use super::json;
use super::model::Report;
use super::options::Options;
use results::Results;

/// GitHub keeps so many results of a run and drops the others without a word.
pub const MAX_RESULTS: usize = 5_000;

/// What paths are relative to.
const ROOT: &str = "SRCROOT";

/// The log, with results made one by one while they are written: a result of `serde_sarif` takes
/// some 2 KB.
#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: Version,
    runs: [Run<'a>; 1],
}

/// What we fill of [`serde_sarif::sarif::Run`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    automation_details: RunAutomationDetails,
    original_uri_base_ids: BTreeMap<&'static str, ArtifactLocation>,
    column_kind: String,
    invocations: [Invocation; 1],
    results: Results<'a>,
}

/// Writes the report as SARIF.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let results = Results::new(report, options);
    let root = ArtifactLocation { description: Some(message("The root of the repository.")), ..Default::default() };
    let run = Run {
        tool: Tool::builder().driver(driver(report)).build(),
        automation_details: RunAutomationDetails { id: Some(automation_id(report, options)), ..Default::default() },
        original_uri_base_ids: BTreeMap::from([(ROOT, root)]),
        column_kind: ResultColumnKind::Utf16CodeUnits.to_string(),
        invocations: [notes::invocation(report, options, &results)],
        results,
    };
    json::pretty(&Log { schema: SCHEMA_URL, version: Version::V2_1_0, runs: [run] }, out)
}

fn driver(report: &Report) -> ToolComponent {
    let tool = &report.tool;
    let mut driver = ToolComponent::builder().name(tool.name.as_str()).build();
    driver.version = Some(tool.version.clone());
    driver.semantic_version = Some(tool.version.clone());
    driver.information_uri = Some(env!("CARGO_PKG_REPOSITORY").to_owned()).filter(|uri| !uri.is_empty());
    driver.rules = Some(report.rules.iter().map(|(id, rule)| rules::descriptor(id, rule)).collect());
    driver
}

/// GitHub takes what stands before the last `/` as the category of the analysis.
fn automation_id(report: &Report, options: &Options) -> String {
    match options.category.trim_matches('/') {
        "" => format!("{}/", report.tool.name),
        category => format!("{}/{category}/", report.tool.name),
    }
}

fn message(text: impl Into<String>) -> Message {
    Message { text: Some(text.into()), ..Default::default() }
}

#[cfg(test)]
mod tests;
