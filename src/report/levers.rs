//! What one decision takes away from the whole fleet: a rule's pattern everywhere, or a shared library.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::{EffortTerm, Report, UnitReport};

/// A lever, with what it moves.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Lever {
    /// `base`, `rule`, `library` or `role`: what the term is for.
    pub kind: String,
    /// A rule's id, a library's name, a reason.
    pub what: String,
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    pub sites: usize,
    /// Names of the services and jobs that it makes easier to move, sorted.
    pub units: Vec<String>,
}

/// What the fleet's total is made of, by rule and base: dearest first. Their sum is the total.
pub fn parts(report: &Report) -> Vec<Lever> {
    let mut found: BTreeMap<(&str, &str), Lever> = BTreeMap::new();
    for unit in &report.units {
        let users = users(report, unit);
        for term in own_terms(unit) {
            let lever = found.entry((&term.kind, &term.what)).or_default();
            lever.add(term);
            lever.units.extend(users.iter().cloned());
        }
    }
    finish(found.into_values())
}

/// The shared libraries that burden services, dearest first. Their days are part of those that
/// [`parts`] tells by rule.
pub fn libraries(report: &Report) -> Vec<Lever> {
    let found = report.units.iter().filter(|unit| !is_assessed(unit)).filter_map(|unit| {
        let effort = unit.effort.as_ref()?;
        Some(Lever {
            kind: "library".to_owned(),
            what: unit.name.clone(),
            person_days: effort.person_days,
            low: effort.low,
            high: effort.high,
            sites: own_terms(unit).map(|term| term.sites).sum(),
            units: users(report, unit),
        })
    });
    finish(found)
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

impl Lever {
    fn add(&mut self, term: &EffortTerm) {
        self.kind.clone_from(&term.kind);
        self.what.clone_from(&term.what);
        self.person_days += term.person_days;
        self.low += term.low;
        self.high += term.high;
        self.sites += term.sites;
    }
}

fn finish(levers: impl Iterator<Item = Lever>) -> Vec<Lever> {
    let mut levers: Vec<Lever> = levers.collect();
    for lever in &mut levers {
        for days in [&mut lever.person_days, &mut lever.low, &mut lever.high] {
            *days = (*days * 100.0).round() / 100.0;
        }
        lever.units.sort();
        lever.units.dedup();
    }
    levers.sort_by(|a, b| b.person_days.total_cmp(&a.person_days).then_with(|| a.what.cmp(&b.what)));
    levers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn parts_make_the_total() {
        let report = sample::report();
        let sum: f64 = parts(&report).iter().map(|lever| lever.person_days).sum();
        assert!((sum - report.summary.person_days).abs() < 0.05, "{sum}");
        let names: Vec<String> = parts(&report).into_iter().map(|lever| lever.what).collect();
        assert_eq!(names, ["executor-service", "Spring Boot behind an adapter"]);
    }

    #[test]
    fn libraries_name_those_who_pay() {
        let mut report = sample::report();
        let terms = &mut report.units[0].effort.as_mut().unwrap().terms;
        terms.push(EffortTerm { kind: "library".into(), what: "common".into(), ..terms[0].clone() });
        let levers = libraries(&report);
        assert_eq!((levers.len(), levers[0].what.as_str()), (1, "common"));
        assert_eq!(levers[0].units, ["order"]);
    }
}
