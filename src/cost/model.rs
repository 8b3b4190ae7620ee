//! What a report says of money and quotas. Money is in USD a month of 730 hours.

use serde::{Deserialize, Serialize};

/// What a service costs where it is, and where it may go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CostReport {
    /// What the traffic file calls the service.
    pub name: String,
    /// How that name was matched to the unit: `exact`, `deployment`, `image`; `file` without code.
    pub matched_by: String,
    pub traffic: TrafficReport,
    /// Where it runs now.
    pub today: f64,
    /// On the target, in the way that `target_option` names.
    pub target: f64,
    /// Name of the entry of `options` that `target` is taken from.
    pub target_option: String,
    /// `today` − `target`; negative where the target is dearer.
    pub saving: f64,
    /// `move`, `adapt`, `refactor`, `keep`: effort and money together.
    pub decision: String,
    /// What decides: `cost`, `effort`, `latency`, `compute`, `state`.
    pub decided_by: String,
    pub reason: String,
    /// Effort × day rate ÷ `saving`; none where nothing is saved or the effort is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payback_months: Option<f64>,
    /// The rate, in mean requests a second, from which on the target is dearer than today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even_rps: Option<f64>,
    /// What it costs today and on every target, the cheapest first.
    pub options: Vec<CostOption>,
    /// The same month with more or less traffic, faster or slower.
    pub sensitivity: Vec<SensitivityReport>,
    /// What the traffic asks of limits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<QuotaReport>,
    /// What was not in the traffic file, and what was taken in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// The traffic of a service, in the figures that the cost is computed from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TrafficReport {
    pub requests_per_month: f64,
    /// Mean requests a second.
    pub average_rps: f64,
    /// Requests a second at the peak within the busiest hour.
    pub peak_rps: f64,
    /// Hours that the file tells of; 0 where it gives means only.
    pub hours: u32,
    /// Mean.
    pub duration_ms: f64,
    /// The memory of a function.
    pub memory_mb: f64,
    /// Share of requests that wait for a cold start, 0 to 1.
    pub cold_share: f64,
    /// Environments needed at the peak.
    pub concurrency: f64,
}

/// One way to run a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CostOption {
    /// `kubernetes`, `fargate`, `lambda`, `lambda-arm`, `cloud-run`, …
    pub name: String,
    /// The sum of `terms`.
    pub usd: f64,
    pub terms: Vec<CostTerm>,
    /// What must be known to read the figure.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A line of the sum.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CostTerm {
    pub what: String,
    pub usd: f64,
    /// The formula with its numbers.
    pub how: String,
}

/// A month that is a little different.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SensitivityReport {
    /// `traffic −50 %`, `duration +50 %`, …
    pub what: String,
    pub today: f64,
    pub target: f64,
    pub saving: f64,
}

/// A limit, and how near the traffic comes to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct QuotaReport {
    /// `account-concurrency`, `function-concurrency`, `burst-rate`, `request-rate`, `db-connections`, `sync-chain`,
    /// `payload`, `duration`, `memory`, `cold-share`, `init-time`.
    pub id: String,
    /// `blocker`: over the limit; `major`: near it; `minor`: worth knowing.
    pub severity: String,
    pub value: f64,
    pub limit: f64,
    /// Of both: `environments`, `requests/s`, `connections`, `ms`, `MB`, `share`.
    pub unit: String,
    pub message: String,
    pub remedy: String,
}

/// The whole fleet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FleetCost {
    /// The traffic files, as the user named them.
    pub files: Vec<String>,
    /// Of the oldest price.
    pub as_of: String,
    /// USD a person-day.
    pub day_rate: f64,
    /// Services whose cost is known.
    pub services: usize,
    /// All of them where they are now, with what they share.
    pub today: f64,
    /// All of them moved, whether it pays or not.
    pub target: f64,
    pub saving: f64,
    /// The best mix: only those moved whose decision is not `keep`.
    pub mix: f64,
    /// What the sums over services do not hold: control plane, tiers of price.
    pub shared: Vec<CostTerm>,
    /// What to move, in the order that saves most per day: cumulative saving over cumulative effort.
    pub curve: Vec<CurvePoint>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetReport>,
    /// What the fleet as a whole asks of limits.
    pub quotas: Vec<QuotaReport>,
    /// Names in the traffic files that are no unit's.
    pub unmatched: Vec<String>,
    /// Services and jobs that no traffic file names.
    pub without_traffic: Vec<String>,
    /// What could not be read in the traffic files; the rest is computed.
    pub problems: Vec<ProblemReport>,
    /// Problems that were found beyond those listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_problems: usize,
    /// What was assumed, with its source.
    pub assumptions: Vec<AssumptionReport>,
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// A step of the curve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CurvePoint {
    pub service: String,
    /// What this step adds: a library that an earlier step has fixed costs nothing any more.
    pub days: f64,
    /// USD a month.
    pub saving: f64,
    pub cumulative_days: f64,
    pub cumulative_saving: f64,
}

/// What a number of days buys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BudgetReport {
    /// Person-days that may be spent.
    pub budget: f64,
    pub services: Vec<String>,
    pub days: f64,
    /// USD a month.
    pub saving: f64,
    /// No choice within the budget saves more than this.
    pub bound: f64,
    /// The choice is the best there is, not only near the bound.
    pub exact: bool,
}

/// Something wrong in a traffic file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ProblemReport {
    pub file: String,
    /// From 1; 0 for the file as a whole.
    pub line: u64,
    pub message: String,
}

/// A figure that the sums rest on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct AssumptionReport {
    /// `lambda.request`, `kubernetes.utilisation`, …
    pub what: String,
    pub value: f64,
    pub unit: String,
    pub source: String,
    pub as_of: String,
}
