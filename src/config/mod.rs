//! The user's configuration: `faasible.toml`.
//!
//! What is written there holds for every run; the command line wins over it.

mod cost;
mod problem;
mod read;
mod section;
mod units;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::rules::model::{Severity, Target};

pub use cost::{Architecture, CostConfig, FrontDoor, Home};
pub use problem::Problem;
pub use read::{File, NAME};
pub use section::set_numbers;
pub use units::{AddUnit, JoinUnits, RenameUnit, UnitsConfig};

/// Everything that `faasible.toml` may say.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Where the services are to move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Baseline of known findings, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    pub scan: ScanConfig,
    pub units: UnitsConfig,
    /// By id or former id of the rule.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RuleConfig>"))]
    pub rules: BTreeMap<Spanned<String>, RuleConfig>,
    pub gates: Gates,
    /// Coefficients that replace those of `rules/catalog/effort.yaml`, in the same shape.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, serde_json::Value>"))]
    pub effort: toml::Table,
    pub cost: CostConfig,
    /// Findings that do not count, by rule and path.
    pub suppress: Vec<Suppress>,
}

/// `[scan]`: what is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScanConfig {
    /// Globs of paths to leave out.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub exclude: Vec<Spanned<String>>,
    /// Read test sources too.
    pub tests: bool,
    /// Read files that `.gitignore` names.
    pub no_ignore: bool,
}

/// `[rules.<id>]`: what is other about a rule here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleConfig {
    pub enabled: bool,
    /// The rule's severity; its adjustments to context may still lower it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
}

impl Default for RuleConfig {
    fn default() -> Self {
        Self { enabled: true, severity: None }
    }
}

/// `[gates]`: when a scan fails.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gates {
    /// A finding has at least this severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// A service or job takes more person-days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_effort: Option<f64>,
    /// The whole fleet takes more person-days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_fleet_effort: Option<f64>,
    /// A service or job is less ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_readiness: Option<u32>,
}

/// `[[suppress]]`: findings of a rule below a path that do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Suppress {
    /// Id or former id of the rule; `*` for every rule.
    #[cfg_attr(test, schemars(with = "String"))]
    pub rule: Spanned<String>,
    /// Glob of paths relative to the root; a directory stands for all below it.
    #[cfg_attr(test, schemars(with = "String"))]
    pub path: Spanned<String>,
    /// Why.
    #[cfg_attr(test, schemars(with = "String"))]
    pub reason: Spanned<String>,
}

#[cfg(test)]
mod tests;
