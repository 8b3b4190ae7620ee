//! The coefficients of the effort model: `rules/catalog/effort.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rules::model::{Category, Confidence, Fit, Severity, Tier};

/// All of them; the file says what each means.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Coefficients {
    #[serde(rename = "as_of")]
    pub as_of: String,
    pub base: Base,
    /// SnapStart, priming and measuring for slow JVM frameworks; person-days.
    pub jvm_start: f64,
    pub upgrade: Upgrade,
    pub untested: Untested,
    /// Factor on the net days of every rule.
    pub overhead: f64,
    /// Share of a rule's days in a unit that runs on Lambda already.
    pub lambda_share: f64,
    pub repeat_exponent: f64,
    /// Looking again, in one service, at a library that was fixed once for several; person-days.
    pub shared_check: f64,
    pub interplay: Interplay,
    /// Factors fitted to finished moves, by group; what is not named is 1.
    pub fitted: BTreeMap<String, f64>,
    /// Categories that share a fitted factor.
    pub groups: BTreeMap<String, Vec<Category>>,
    pub confidence: BTreeMap<Confidence, Weight>,
    pub fit: BTreeMap<Fit, f64>,
    pub severity: BTreeMap<Severity, f64>,
    pub tiers: BTreeMap<Tier, f64>,
    pub readiness_half: f64,
}

/// Base effort by kind of unit; person-days.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    pub http: f64,
    pub job: f64,
    pub other: f64,
    pub lambda: f64,
}

/// Upgrades that come first; person-days.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Upgrade {
    pub spring_boot_1: f64,
}

/// Diseconomy of scale: beyond `from` person-days all changes of a service together count as
/// `from × (days / from)^exponent`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interplay {
    pub from: f64,
    pub exponent: f64,
}

/// Code without tests: what is changed there must be checked in another way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Untested {
    /// A unit with fewer source files per test file than this counts as tested.
    pub files_per_test: u32,
    /// Person-days per source file.
    pub each: f64,
    pub cap: f64,
}

/// Share of a term that counts, and the bounds of its range.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    pub weight: f64,
    pub low: f64,
    pub high: f64,
}

/// Name of the fitted factor of base terms.
pub(crate) const BASE_GROUP: &str = "base";

impl Coefficients {
    /// The group whose fitted factor holds for a category.
    pub fn group(&self, category: Category) -> &str {
        self.groups.iter().find(|(_, of)| of.contains(&category)).map_or("", |(name, _)| name)
    }

    /// The fitted factor of a group.
    pub fn factor(&self, group: &str) -> f64 {
        self.fitted.get(group).copied().unwrap_or(1.0)
    }

    /// What many changes in one service take beyond their sum: tests of the whole, a rollout in steps.
    pub fn interplay(&self, days: f64) -> f64 {
        let Interplay { from, exponent } = self.interplay;
        if days <= from || from <= 0.0 { 0.0 } else { from * (days / from).powf(exponent) - days }
    }

    /// The tier of an effort.
    pub fn tier(&self, person_days: f64) -> Tier {
        let bound = |t: &Tier| self.tiers.get(t).copied().unwrap_or(f64::INFINITY);
        [Tier::T1, Tier::T2, Tier::T3, Tier::T4].into_iter().find(|t| person_days < bound(t)).unwrap_or(Tier::T5)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Coefficients;
    use crate::rules::model::Tier;

    pub(crate) fn coefficients() -> Coefficients {
        serde_saphyr::from_str(include_str!("../../rules/catalog/effort.yaml")).expect("the coefficients read")
    }

    #[test]
    fn tiers_by_days() {
        let c = coefficients();
        assert_eq!(c.tier(1.9), Tier::T1);
        assert_eq!(c.tier(5.0), Tier::T2);
        assert_eq!(c.tier(12.0), Tier::T3);
        assert_eq!(c.tier(30.0), Tier::T4);
        assert_eq!(c.tier(90.0), Tier::T5);
    }
}
