//! The nature of a unit: what is replaced or kept rather than ported, whatever the days say.

use std::collections::BTreeMap;

use super::effort::Effort;
use crate::findings::Finding;
use crate::rules::model::{Fit, Replacement, Rule, Severity, Target, Tier};

/// A rule that tells the nature of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Floor {
    /// The rule's id.
    pub rule: String,
    /// The tier is at least this one.
    pub tier: Tier,
    /// What stands in for a service of this nature.
    pub replaced_by: Option<Replacement>,
}

/// What the findings say about nature on a target, the highest tier first. What a manifest alone
/// declares says so only where it stands in the way by itself.
pub(super) fn floors(rules: &[Rule], carried: &[&Finding], target: Target) -> Vec<Floor> {
    let mut found: BTreeMap<&str, Floor> = BTreeMap::new();
    for finding in carried.iter().filter(|f| !f.declared || f.severity == Severity::Blocker) {
        let rule = &rules[finding.rule];
        let fit = rule.targets.get(&target).copied().unwrap_or(Fit::Hostile);
        // What the place itself tells of the unit holds where the pattern as such would only work.
        let least = if finding.floor == rule.floor { Fit::Hostile } else { Fit::Works };
        if finding.severity == Severity::Info || fit < least {
            continue;
        }
        if let Some(tier) = finding.floor {
            let floor = || Floor { rule: rule.id.clone(), tier, replaced_by: rule.replaced_by.clone() };
            let known = found.entry(&rule.id).or_insert_with(floor);
            known.tier = known.tier.max(tier);
        }
    }
    sorted(found.into_values().collect())
}

fn sorted(mut floors: Vec<Floor>) -> Vec<Floor> {
    // A nature that has a managed replacement says more than one that has none.
    floors.sort_by(|a, b| {
        let by_tier = b.tier.cmp(&a.tier).then(b.replaced_by.is_some().cmp(&a.replaced_by.is_some()));
        by_tier.then_with(|| a.rule.cmp(&b.rule))
    });
    floors.dedup_by(|a, b| a.rule == b.rule);
    floors
}

/// Raises the tier to the nature.
pub(super) fn raise(effort: &mut Effort, floors: Vec<Floor>) {
    effort.floors = sorted(floors);
    if let Some(floor) = effort.floors.first().filter(|floor| floor.tier > effort.tier) {
        effort.tier = floor.tier;
        effort.tier_by = Some(floor.rule.clone());
    }
}
