//! In which order units are best moved.

use std::collections::BTreeMap;

use crate::report::levers::is_assessed;
use crate::report::model::{Report, UnitReport};

/// Units that have work, in order, each with its wave from 1.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Indices into the report's units.
    pub(super) order: Vec<usize>,
    pub(super) waves: BTreeMap<usize, usize>,
}

/// Waves go by tier, so that what is cheap and ready comes first and gives experience for the rest;
/// a library comes in the wave of the first service that waits for it.
pub(super) fn plan(report: &Report) -> Plan {
    let mut ranks: BTreeMap<usize, u32> = BTreeMap::new();
    for (ix, unit) in report.units.iter().enumerate().filter(|(_, unit)| is_assessed(unit)) {
        ranks.insert(ix, rank(report, unit));
    }
    for (ix, library) in report.units.iter().enumerate() {
        let works = !is_assessed(library) && library.effort.as_ref().is_some_and(|effort| effort.person_days > 0.0);
        if !works {
            continue;
        }
        let users = report.units.iter().enumerate().filter(|(_, user)| pays_for(user, library));
        // One that no service pays for is last: nothing waits for it.
        let rank = users.filter_map(|(user, _)| ranks.get(&user).copied()).min().unwrap_or(u32::MAX);
        ranks.insert(ix, rank);
    }
    let mut used: Vec<u32> = ranks.values().copied().collect();
    used.sort_unstable();
    used.dedup();
    let waves = ranks.into_iter().map(|(ix, rank)| (ix, used.partition_point(|r| *r < rank) + 1)).collect();
    let mut plan = Plan { order: Vec::new(), waves };
    plan.order = plan.waves.keys().copied().collect();
    plan.order.sort_by(|a, b| {
        let (unit_a, unit_b) = (&report.units[*a], &report.units[*b]);
        let days = |unit: &UnitReport| unit.effort.as_ref().map_or(0.0, |effort| effort.person_days);
        let wave = plan.waves[a].cmp(&plan.waves[b]);
        wave.then(is_assessed(unit_a).cmp(&is_assessed(unit_b)))
            .then(unit_b.readiness.cmp(&unit_a.readiness))
            .then(days(unit_a).total_cmp(&days(unit_b)))
            .then_with(|| unit_a.name.cmp(&unit_b.name))
    });
    plan
}

/// By tier; what is better kept where it is comes last.
fn rank(report: &Report, unit: &UnitReport) -> u32 {
    let verdict = report.summary.target.and_then(|target| unit.verdicts.get(&target));
    if verdict.is_some_and(|verdict| verdict.verdict == "keep") {
        return 9;
    }
    let tier = unit.effort.as_ref().and_then(|effort| effort.tier.strip_prefix('T'));
    tier.and_then(|digit| digit.parse().ok()).unwrap_or(8)
}

fn pays_for(user: &UnitReport, library: &UnitReport) -> bool {
    let mut terms = user.effort.iter().flat_map(|effort| &effort.terms);
    terms.any(|term| term.kind == "library" && term.what == library.name)
}
