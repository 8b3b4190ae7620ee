//! What the fleet's total is made of: each rule's pattern everywhere, and what every move costs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::{EffortTerm, Report, UnitReport};

/// A part of the total.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Part {
    /// `base` or `rule`: what the term is for.
    pub kind: String,
    /// A rule's id, a reason.
    pub what: String,
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    pub sites: usize,
    /// Names of the services and jobs that carry it, sorted.
    pub units: Vec<String>,
}

/// What the fleet's total is made of, by rule and base: dearest first. Their sum is the total.
pub fn parts(report: &Report) -> Vec<Part> {
    let mut found: BTreeMap<(&str, &str), Part> = BTreeMap::new();
    for unit in &report.units {
        let users = users(report, unit);
        for term in own_terms(unit) {
            let part = found.entry((&term.kind, &term.what)).or_default();
            part.add(term);
            part.units.extend(users.iter().cloned());
        }
    }
    finish(found.into_values())
}

/// Is it a service or job that was assessed?
pub fn is_assessed(unit: &UnitReport) -> bool {
    unit.readiness.is_some()
}

/// The terms that stand for work in the unit's own files.
pub fn own_terms(unit: &UnitReport) -> impl Iterator<Item = &EffortTerm> {
    unit.effort.iter().flat_map(|effort| &effort.terms).filter(|term| term.kind != "library")
}

/// Itself, or the services that pay for the library.
fn users(report: &Report, unit: &UnitReport) -> Vec<String> {
    if is_assessed(unit) {
        return vec![unit.name.clone()];
    }
    let pays = |user: &&UnitReport| {
        let mut terms = user.effort.iter().flat_map(|effort| &effort.terms);
        is_assessed(user) && terms.any(|term| term.kind == "library" && term.what == unit.name)
    };
    report.units.iter().filter(pays).map(|user| user.name.clone()).collect()
}

impl Part {
    fn add(&mut self, term: &EffortTerm) {
        self.kind.clone_from(&term.kind);
        self.what.clone_from(&term.what);
        self.person_days += term.person_days;
        self.low += term.low;
        self.high += term.high;
        self.sites += term.sites;
    }
}

fn finish(parts: impl Iterator<Item = Part>) -> Vec<Part> {
    let mut parts: Vec<Part> = parts.collect();
    for part in &mut parts {
        for days in [&mut part.person_days, &mut part.low, &mut part.high] {
            *days = (*days * 100.0).round() / 100.0;
        }
        part.units.sort();
        part.units.dedup();
    }
    parts.sort_by(|a, b| b.person_days.total_cmp(&a.person_days).then_with(|| a.what.cmp(&b.what)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn parts_make_the_total() {
        let report = sample::report();
        let sum: f64 = parts(&report).iter().map(|part| part.person_days).sum();
        assert!((sum - report.summary.person_days).abs() < 0.05, "{sum}");
        let names: Vec<String> = parts(&report).into_iter().map(|part| part.what).collect();
        assert_eq!(names, ["executor-service", "Spring Boot behind an adapter"]);
    }
}
