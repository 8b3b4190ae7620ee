//! The one serialised report. `schema_version` grows when a field changes its meaning or goes;
//! new fields may come without notice.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::cost::model::{
    AssumptionReport, BudgetReport, CostOption, CostReport, CostTerm, CurvePoint, FleetCost, ProblemReport,
    QuotaReport, SensitivityReport, TrafficReport,
};

use crate::rules::model::{Category, Confidence, Fit, Severity, Target};

/// Version of this schema.
pub const SCHEMA_VERSION: &str = "1.0";

/// Everything a scan has to say.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    pub schema_version: String,
    pub tool: ToolInfo,
    pub workspace: WorkspaceInfo,
    pub summary: Summary,
    /// Assessed units by effort, dearest first; then the others by name.
    pub units: Vec<UnitReport>,
    /// By unit order, then severity, path, line.
    pub findings: Vec<FindingReport>,
    /// The rules that were met, by id.
    pub rules: BTreeMap<String, RuleInfo>,
    /// What is worth fixing once for many, by days saved per day spent.
    #[serde(default)]
    pub levers: Vec<LeverReport>,
    /// What the fleet costs; only where traffic was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<FleetCost>,
    /// What was not looked at, and why; sorted by path.
    pub skipped: Vec<SkippedReport>,
    /// Findings that do not count, or are not new; each says why. In the order of `findings`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<FindingReport>,
    /// What else a reader should know: entries of the configuration or a baseline that are not used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A fix that is made once and saves work in several services.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LeverReport {
    /// `library`, `rule`.
    pub kind: String,
    /// The library's name, or the rule's id.
    pub what: String,
    /// To fix it once.
    pub person_days: f64,
    /// How the figure comes about.
    pub how: String,
    /// The services and jobs that it burdens.
    pub services: Vec<String>,
    /// What the terms of those services carry of it.
    pub saves: f64,
    /// `saves` / `person_days`.
    pub ratio: f64,
}

/// What a service needs before its first answer; milliseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ColdStartReport {
    /// The sum of `terms`.
    pub p50_ms: u32,
    pub p99_ms: u32,
    /// None where SnapStart cannot be had.
    pub snapstart_p50_ms: Option<u32>,
    pub snapstart_p99_ms: Option<u32>,
    pub terms: Vec<ColdStartTerm>,
    /// What stands against SnapStart.
    pub obstacles: Vec<String>,
    /// It comes near the limit of INIT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// A line of the sum.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ColdStartTerm {
    /// `runtime`, `framework`, `library`, `own`, `first-call`.
    #[serde(default)]
    pub part: String,
    pub what: String,
    pub ms: u32,
    /// The formula where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ToolInfo {
    pub name: String,
    pub version: String,
    /// How many rules were loaded.
    pub rules: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WorkspaceInfo {
    /// As the user named it, with `/`; `.` for the current directory.
    pub root: String,
    /// Files read.
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Source lines read.
    pub lines: u64,
}

/// The fleet in a few numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// The target that effort is computed for.
    pub target: Option<Target>,
    /// Units by kind.
    pub units: BTreeMap<String, usize>,
    /// Assessed units by tier.
    pub tiers: BTreeMap<String, usize>,
    /// Sum over assessed units plus shared libraries, each counted once; person-days.
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    /// Findings by severity.
    pub findings: BTreeMap<String, usize>,
    /// Findings left out because suppressed or in the baseline.
    pub suppressed: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnitReport {
    pub name: String,
    /// Relative to the root; `.` for the root.
    pub dir: String,
    /// `service`, `job`, `library`, `frontend`, `tool`, `infra`.
    pub kind: String,
    pub languages: Vec<String>,
    /// `spring-boot 3.2`, `axum`, … as far as known.
    pub framework: String,
    /// Names of first-party libraries it uses.
    pub libraries: Vec<String>,
    /// Why it is a unit of this kind.
    pub evidence: Vec<EvidenceReport>,
    /// Services and jobs: their own; libraries: what fixing them costs once.
    pub effort: Option<EffortReport>,
    /// 0–100, 100 = drop-in; assessed units only.
    pub readiness: Option<u32>,
    /// By target; assessed units only.
    pub verdicts: BTreeMap<Target, VerdictReport>,
    /// What speaks for an easy move; never subtracted.
    pub boosters: Vec<String>,
    /// Findings by category, its own and (`shared`) those of libraries it reaches.
    pub categories: BTreeMap<Category, usize>,
    /// The services that it calls or sends messages to, as far as names in code and settings tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub talks_to: Vec<TalkReport>,
    /// Services and jobs in Java or Rust; an estimate within a factor of about 1.4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_start: Option<ColdStartReport>,
    /// Only where traffic was given for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostReport>,
}

/// One service talks to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TalkReport {
    /// Name of the unit that is talked to.
    pub unit: String,
    /// `http`: it waits for an answer. `queue`: through a topic or queue.
    pub how: String,
    /// The name by which the service is called, or that of the topic.
    pub what: String,
    /// Where it is said.
    pub path: String,
    pub line: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EvidenceReport {
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EffortReport {
    /// The sum of `terms`, rounded to a tenth.
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    /// `T1` … `T5`.
    pub tier: String,
    /// What tells the nature of the unit: its tier is at least the highest of these, whatever the days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub floors: Vec<FloorReport>,
    pub terms: Vec<EffortTerm>,
}

/// A rule that tells the nature of a unit: a gateway, a registry, a store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FloorReport {
    pub rule: String,
    pub tier: String,
    /// What stands in for it when it is not ported, and what that takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<ReplacementReport>,
}

/// A managed service in place of one's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ReplacementReport {
    pub what: String,
    pub person_days: f64,
}

/// A line of the sum.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EffortTerm {
    /// `base`, `rule`, `library`, `role`.
    pub kind: String,
    /// What it is for: a rule id, a library's name, a reason.
    pub what: String,
    /// The formula with its numbers: "1.5 + 0.3 × (4 − 1)^0.75, × 0.9 (confidence)".
    pub how: String,
    /// Sites it stands for.
    pub sites: usize,
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    /// Of work in a library that other services share: what it takes whoever comes first; `person_days` is the share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<f64>,
    /// Of a library: the terms that make this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<EffortTerm>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerdictReport {
    /// `move`, `adapt`, `refactor`, `keep`.
    pub verdict: String,
    pub reasons: Vec<String>,
    /// What a move to this target takes; none where it was not reckoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_days: Option<f64>,
    /// On this target.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// Rules whose pattern cannot be had on this target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impossible: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FindingReport {
    pub rule: String,
    pub category: Category,
    pub severity: Severity,
    pub confidence: Confidence,
    /// Name of the unit whose file it stands in; empty outside all units.
    pub unit: String,
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
    pub message: String,
    pub fingerprint: String,
    /// `primaryLocationLineHash` as GitHub computes it.
    pub line_hash: String,
    /// What was matched.
    pub symbol: String,
    /// `Class.method` around it.
    pub context: String,
    /// `request`, `startup`, `background`, `nobody`.
    pub reach: Vec<String>,
    /// Nobody reaches it: no effort.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dead: bool,
    /// Other rules met by the same construct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedReport>,
    /// The methods through which a request comes here, by the shortest chain of calls, its handler first;
    /// empty where no request is seen to come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flow: Vec<RelatedReport>,
    /// Names of the units it burdens, when it stands in a library.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub burdens: Vec<String>,
    /// The source line: trimmed, and of a long line the part around the place.
    pub snippet: String,
    /// The column at which `snippet` begins in its line; 0 when nothing is known of the source.
    #[serde(default)]
    pub snippet_column: u32,
    /// Why it does not count, or is not new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<SuppressionReport>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SuppressionReport {
    /// By a comment in the file, or from outside: configuration, baseline, revision.
    pub in_source: bool,
    /// May be empty.
    pub reason: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RelatedReport {
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub note: String,
}

/// What a report needs to know of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuleInfo {
    pub title: String,
    pub category: Category,
    pub severity: Severity,
    pub confidence: Confidence,
    pub why: String,
    pub fix: String,
    pub links: Vec<String>,
    pub targets: BTreeMap<Target, Fit>,
    /// How often it was met.
    pub findings: usize,
}

impl RuleInfo {
    /// Where the pattern is fine and where it is not; none when all targets take it alike.
    pub fn fits(&self) -> Option<String> {
        let on = |fit: Fit, words: &str| {
            let targets = self.targets.iter().filter(|(_, of)| **of == fit);
            let names: Vec<&str> = targets.map(|(target, _)| target.as_str()).collect();
            (!names.is_empty()).then(|| format!("{words} on {}", names.join(", ")))
        };
        let words = [
            (Fit::Ok, "fine"),
            (Fit::Works, "works with care"),
            (Fit::Hostile, "to be rebuilt"),
            (Fit::Impossible, "cannot be had"),
        ];
        let parts: Vec<String> = words.into_iter().filter_map(|(fit, words)| on(fit, words)).collect();
        (parts.len() > 1).then(|| parts.join("; "))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SkippedReport {
    pub path: String,
    pub reason: String,
}
