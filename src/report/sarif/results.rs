//! Findings as SARIF results, the weightiest first.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxBuildHasher;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactContent, CodeFlow, Location, LogicalLocation, PhysicalLocation, PropertyBag, Region, Result as SarifResult,
    ResultLevel, Suppression, ThreadFlow, ThreadFlowLocation,
};

use super::rules::level;
use super::text::{DESCRIPTION, bounded, plain};
use super::{MAX_RESULTS, message, uri};
use crate::report::model::{FindingReport, RelatedReport, Report, SuppressionReport};
use crate::report::options::Options;

/// Further places of one result; GitHub bounds them too.
const MAX_RELATED: usize = 50;
/// Those of them that the message links to.
const MAX_LINKS: usize = 5;
/// Steps from a handler to a place; the last one, the place itself, comes on top.
const MAX_STEPS: usize = 50;
/// Units named as burdened; the number of all is told.
const MAX_BURDENS: usize = 20;

/// The results of a run; each is made when it is serialised.
pub(super) struct Results<'a> {
    report: &'a Report,
    options: &'a Options,
    /// The weightiest first, then those that are suppressed.
    shown: Vec<&'a FindingReport>,
    rules: HashMap<&'a str, i64, FxBuildHasher>,
}

impl<'a> Results<'a> {
    pub(super) fn new(report: &'a Report, options: &'a Options) -> Self {
        let mut shown: Vec<&FindingReport> = report.by_priority().iter().map(|ix| &report.findings[*ix]).collect();
        if options.suppressed {
            shown.extend(&report.suppressed);
        }
        shown.truncate(MAX_RESULTS);
        let rules = report.rules.keys().map(String::as_str).zip(0..).collect();
        Self { report, options, shown, rules }
    }

    /// Findings that are beyond the bound.
    pub(super) fn left_out(&self) -> usize {
        self.report.findings.len().saturating_sub(self.shown.len())
    }

    fn result(&self, finding: &FindingReport) -> SarifResult {
        let mut result = SarifResult::builder().message(message(text(finding))).build();
        result.rule_id = Some(finding.rule.clone());
        result.rule_index = self.rules.get(finding.rule.as_str()).copied();
        result.level = Some(if finding.dead { ResultLevel::Note } else { level(finding.severity) });
        result.locations = Some(vec![self.location(finding)]);
        let related = finding.related.iter().take(MAX_RELATED).zip(1..);
        let related: Vec<Location> = related.map(|(related, id)| self.related(related, id)).collect();
        result.related_locations = Some(related).filter(|related| !related.is_empty());
        result.code_flows = self.code_flows(finding);
        result.partial_fingerprints = Some(fingerprints(finding)).filter(|all| !all.is_empty());
        result.suppressions = finding.suppression.as_ref().map(|s| vec![suppression(s)]);
        result.properties = Some(properties(finding));
        result
    }

    fn location(&self, finding: &FindingReport) -> Location {
        let logical = LogicalLocation { fully_qualified_name: Some(finding.context.clone()), ..Default::default() };
        let mut physical = self.physical(&finding.path, region(finding));
        if !finding.snippet.is_empty() {
            physical.context_region = Some(Region {
                start_line: Some(finding.line.max(1).into()),
                snippet: Some(ArtifactContent { text: Some(finding.snippet.clone()), ..Default::default() }),
                ..Default::default()
            });
        }
        Location {
            physical_location: Some(physical),
            logical_locations: (!finding.context.is_empty()).then(|| vec![logical]),
            ..Default::default()
        }
    }

    fn related(&self, related: &RelatedReport, id: i64) -> Location {
        Location { id: Some(id), ..self.further(related) }
    }

    fn further(&self, place: &RelatedReport) -> Location {
        let region = Region {
            start_line: Some(place.line.max(1).into()),
            start_column: Some(place.column.max(1).into()),
            ..Default::default()
        };
        Location {
            message: Some(message(bounded(&plain(&place.note), DESCRIPTION, "related"))),
            physical_location: Some(self.physical(&place.path, region)),
            ..Default::default()
        }
    }

    /// From the handler of a request to the finding.
    fn code_flows(&self, finding: &FindingReport) -> Option<Vec<CodeFlow>> {
        if finding.flow.is_empty() {
            return None;
        }
        let steps = finding.flow.iter().take(MAX_STEPS).map(|step| self.further(step));
        let here = Location {
            message: Some(message(bounded(&plain(&finding.message), DESCRIPTION, &finding.rule))),
            physical_location: Some(self.physical(&finding.path, region(finding))),
            ..Default::default()
        };
        let step = |location| ThreadFlowLocation { location: Some(location), ..Default::default() };
        let locations: Vec<ThreadFlowLocation> = steps.chain([here]).map(step).collect();
        let thread = ThreadFlow::builder().locations(locations).build();
        Some(vec![CodeFlow::builder().thread_flows(vec![thread]).build()])
    }

    fn physical(&self, path: &str, region: Region) -> PhysicalLocation {
        PhysicalLocation {
            artifact_location: uri::location(path, self.options),
            region: Some(region),
            ..Default::default()
        }
    }
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.shown.iter().map(|finding| self.result(finding)))
    }
}

fn suppression(said: &SuppressionReport) -> Suppression {
    let kind = if said.in_source { "inSource" } else { "external" };
    let mut suppression = Suppression::builder().kind(json!(kind)).build();
    suppression.status = Some(json!("accepted"));
    suppression.justification = Some(plain(&said.reason)).filter(|reason| !reason.trim().is_empty());
    suppression
}

/// The message, with links to the first further places.
fn text(finding: &FindingReport) -> String {
    let mut text = bounded(&plain(&finding.message), DESCRIPTION, &finding.rule);
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    let notes = finding.related.iter().take(MAX_LINKS).zip(1..);
    let links: Vec<String> = notes.map(|(related, id)| format!("[{}]({id})", link_text(&related.note))).collect();
    if !links.is_empty() {
        text += &format!(" See {}", links.join(", "));
        let rest = finding.related.len() - links.len();
        if rest > 0 {
            text += &format!(" and {rest} more");
        }
        text.push('.');
    }
    text
}

/// Brackets would end the link's text.
fn link_text(note: &str) -> String {
    bounded(&plain(note).replace(['[', ']'], ""), 80, "here")
}

/// One line only: GitHub shows an annotation in a pull request when all lines of its region changed.
fn region(finding: &FindingReport) -> Region {
    let line = finding.line.max(1);
    let column = finding.column.max(1);
    let end = if finding.end_line == finding.line {
        Some(finding.end_column)
    } else if finding.snippet.is_empty() {
        None
    } else {
        // To the end of the line, as far as it is known.
        let length = u32::try_from(finding.snippet.encode_utf16().count()).unwrap_or(u32::MAX);
        Some(finding.snippet_column.saturating_add(length))
    };
    Region {
        start_line: Some(line.into()),
        start_column: Some(column.into()),
        end_line: Some(line.into()),
        end_column: end.map(|end| end.max(column).into()),
        ..Default::default()
    }
}

fn fingerprints(finding: &FindingReport) -> BTreeMap<String, String> {
    [("primaryLocationLineHash", &finding.line_hash), ("faasible/v1", &finding.fingerprint)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect()
}

fn properties(finding: &FindingReport) -> PropertyBag {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    let mut put = |key: &str, value: Value| all.insert(key.to_owned(), value);
    put("category", json!(finding.category));
    put("severity", json!(finding.severity));
    put("confidence", json!(finding.confidence));
    put("reach", json!(finding.reach));
    if !finding.unit.is_empty() {
        put("unit", json!(finding.unit));
    }
    if !finding.symbol.is_empty() {
        put("symbol", json!(finding.symbol));
    }
    if finding.dead {
        put("dead", json!(true));
    }
    if !finding.also.is_empty() {
        put("also", json!(finding.also));
    }
    if !finding.burdens.is_empty() {
        put("burdens", json!(&finding.burdens[..finding.burdens.len().min(MAX_BURDENS)]));
        put("burdensTotal", json!(finding.burdens.len()));
    }
    PropertyBag { tags: None, additional_properties: all }
}
