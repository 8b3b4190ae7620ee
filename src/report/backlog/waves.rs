//! In which order units are best moved.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::model::{Report, UnitReport};
use crate::report::parts::is_assessed;

/// Units that have work, in order, each with its wave from 1.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Indices into the report's units.
    pub(super) order: Vec<usize>,
    pub(super) waves: BTreeMap<usize, usize>,
}

/// Waves go by tier, so that what is cheap and ready comes first and gives experience for the rest. A
/// service that waits for another's answer comes no earlier than that one, if this costs it one wave
/// at most; a queue between two lets each move by itself. A library comes in the wave of the first
/// service that waits for it. Within a wave libraries come first, then those who are called before
/// those who call, those who read a queue before those who write it; else what saves most a month
/// per day of work, where that is known, and what is ready soonest.
pub(super) fn plan(report: &Report) -> Plan {
    let talks = Talks::new(report);
    let mut ranks: BTreeMap<usize, u32> = BTreeMap::new();
    for (ix, unit) in report.units.iter().enumerate().filter(|(_, unit)| is_assessed(unit)) {
        ranks.insert(ix, rank(report, unit));
    }
    wait(&mut ranks, &talks);
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
    let waves: BTreeMap<usize, usize> =
        ranks.into_iter().map(|(ix, rank)| (ix, used.partition_point(|r| *r < rank) + 1)).collect();
    let mut order: Vec<usize> = waves.keys().copied().collect();
    order.sort_by(|a, b| {
        let (unit_a, unit_b) = (&report.units[*a], &report.units[*b]);
        let days = |unit: &UnitReport| unit.effort.as_ref().map_or(0.0, |effort| effort.person_days);
        let wave = waves[a].cmp(&waves[b]);
        wave.then(is_assessed(unit_a).cmp(&is_assessed(unit_b)))
            .then(worth(unit_b).total_cmp(&worth(unit_a)))
            .then(unit_b.readiness.cmp(&unit_a.readiness))
            .then(days(unit_a).total_cmp(&days(unit_b)))
            .then_with(|| unit_a.name.cmp(&unit_b.name))
    });
    let mut plan = Plan { order: Vec::with_capacity(order.len()), waves };
    let same = |a: &usize, b: &usize| {
        plan.waves[a] == plan.waves[b] && is_assessed(&report.units[*a]) == is_assessed(&report.units[*b])
    };
    let parts: Vec<Vec<usize>> = order.chunk_by(same).map(<[usize]>::to_vec).collect();
    plan.order = parts.into_iter().flat_map(|part| talks.called_first(part)).collect();
    plan
}

/// Puts callers behind those whose answer they wait for, by one wave at most.
fn wait(ranks: &mut BTreeMap<usize, u32>, talks: &Talks) {
    let own = ranks.clone();
    let movable = |ix: &usize| own.get(ix).is_some_and(|rank| *rank < KEEP);
    // Each rank grows once, so this ends after as many rounds as there are units.
    loop {
        let late: Vec<usize> = own
            .keys()
            .filter(|ix| movable(ix) && ranks[ix] == own[ix])
            .filter(|ix| talks.calls(**ix).iter().any(|to| movable(to) && ranks[to] == own[ix] + 1))
            .copied()
            .collect();
        if late.is_empty() {
            return;
        }
        late.into_iter().for_each(|ix| _ = ranks.entry(ix).and_modify(|rank| *rank += 1));
    }
}

/// Rank of what is better kept where it is.
const KEEP: u32 = 9;

/// Who talks to whom, by index of the unit.
struct Talks {
    calls: Vec<BTreeSet<usize>>,
    /// Calls and queues.
    all: Vec<BTreeSet<usize>>,
}

impl Talks {
    fn new(report: &Report) -> Self {
        let named: BTreeMap<&str, usize> =
            report.units.iter().enumerate().map(|(ix, u)| (u.name.as_str(), ix)).collect();
        let of = |unit: &UnitReport, http: bool| {
            let talks = unit.talks_to.iter().filter(|talk| !http || talk.how == "http");
            talks.filter_map(|talk| named.get(talk.unit.as_str()).copied()).collect()
        };
        let list = |http: bool| report.units.iter().map(|unit| of(unit, http)).collect();
        Self { calls: list(true), all: list(false) }
    }

    fn calls(&self, ix: usize) -> &BTreeSet<usize> {
        &self.calls[ix]
    }

    /// Those first whom nobody left waits for; where all wait in a circle, the first as given.
    fn called_first(&self, mut left: Vec<usize>) -> Vec<usize> {
        let mut out = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let waits = |ix: &usize| left.iter().any(|other| other != ix && self.all[*ix].contains(other));
            let next = left.iter().position(|ix| !waits(ix)).unwrap_or(0);
            out.push(left.remove(next));
        }
        out
    }
}

/// USD a month per person-day; 0 where nothing is known of money.
fn worth(unit: &UnitReport) -> f64 {
    let days = unit.effort.as_ref().map_or(1.0, |effort| effort.person_days.max(0.1));
    unit.cost.as_ref().map_or(0.0, |cost| cost.saving / days)
}

/// By tier; what is better kept where it is, by its code or by its cost, comes last.
fn rank(report: &Report, unit: &UnitReport) -> u32 {
    let verdict = report.summary.target.and_then(|target| unit.verdicts.get(&target));
    let dear = unit.cost.as_ref().is_some_and(|cost| cost.decision == "keep");
    if dear || verdict.is_some_and(|verdict| verdict.verdict == "keep") {
        return KEEP;
    }
    let tier = unit.effort.as_ref().and_then(|effort| effort.tier.strip_prefix('T'));
    tier.and_then(|digit| digit.parse().ok()).unwrap_or(8)
}

fn pays_for(user: &UnitReport, library: &UnitReport) -> bool {
    let mut terms = user.effort.iter().flat_map(|effort| &effort.terms);
    terms.any(|term| term.kind == "library" && term.what == library.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::TalkReport;
    use crate::report::sample;

    /// Name, tier and talks: how, and to whom.
    type Sample<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    fn ordered(units: &[Sample<'_>]) -> Vec<(String, usize)> {
        let mut report = sample::report();
        let model = report.units[0].clone();
        report.units = units
            .iter()
            .map(|(name, tier, talks)| {
                let talk = |(how, to): &(&str, &str)| TalkReport {
                    unit: (*to).to_owned(),
                    how: (*how).to_owned(),
                    what: "x".into(),
                    path: "A.java".into(),
                    line: 1,
                };
                let mut unit = UnitReport { name: (*name).to_owned(), ..model.clone() };
                unit.talks_to = talks.iter().map(talk).collect();
                if let Some(effort) = &mut unit.effort {
                    effort.tier = (*tier).to_owned();
                }
                unit
            })
            .collect();
        let plan = plan(&report);
        plan.order.iter().map(|ix| (report.units[*ix].name.clone(), plan.waves[ix])).collect()
    }

    fn named(order: &[(String, usize)]) -> Vec<(&str, usize)> {
        order.iter().map(|(name, wave)| (name.as_str(), *wave)).collect()
    }

    #[test]
    fn who_is_called_comes_before_who_calls() {
        let order = ordered(&[
            ("a", "T1", &[("http", "b"), ("queue", "d")]),
            ("b", "T2", &[("http", "c")]),
            ("c", "T2", &[]),
            ("d", "T2", &[]),
        ]);
        assert_eq!(named(&order), [("c", 1), ("b", 1), ("d", 1), ("a", 1)]);
    }

    #[test]
    fn nobody_waits_longer_than_a_wave_nor_for_a_queue() {
        let order = ordered(&[
            ("a", "T1", &[("http", "c")]),
            ("b", "T1", &[("queue", "d")]),
            ("c", "T3", &[]),
            ("d", "T2", &[("http", "c"), ("http", "gone")]),
        ]);
        assert_eq!(named(&order), [("a", 1), ("b", 1), ("c", 2), ("d", 2)]);
    }

    #[test]
    fn what_saves_most_comes_first_and_what_costs_more_last() {
        let cost = |saving: f64, decision: &str| {
            Some(crate::cost::model::CostReport { saving, decision: decision.into(), ..Default::default() })
        };
        let mut report = sample::report();
        let model = report.units[0].clone();
        let unit = |name: &str, cost| UnitReport { name: name.into(), talks_to: Vec::new(), cost, ..model.clone() };
        report.units = vec![
            unit("a", cost(-3.0, "keep")),
            unit("b", cost(5.0, "move")),
            unit("c", None),
            unit("d", cost(80.0, "move")),
        ];
        let plan = plan(&report);
        let order: Vec<&str> = plan.order.iter().map(|ix| report.units[*ix].name.as_str()).collect();
        assert_eq!(order, ["d", "b", "c", "a"]);
        assert_eq!((plan.waves[&1], plan.waves[&0]), (1, 2));
    }

    #[test]
    fn circles_end() {
        let order = ordered(&[("a", "T1", &[("http", "b")]), ("b", "T2", &[("http", "a"), ("http", "b")])]);
        assert_eq!(named(&order), [("a", 1), ("b", 1)]);
    }
}
