//! Levers: what is fixed once and spares work in several services.
//!
//! A library costs once what its own terms say and spares what its users' terms carry of it. A rule
//! costs its design once (the dearest of its users) and each place by itself, and spares what the
//! terms of all its users carry. Ranked by days spared per day spent.

use std::collections::BTreeMap;

use super::Assessment;
use super::effort::{Model, TermKind, round};
use crate::findings::Finding;
use crate::rules::model::{Severity, Target};
use crate::units::UnitIx;

/// What a lever is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeverKind {
    Library,
    Rule,
}

impl LeverKind {
    /// As written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Rule => "rule",
        }
    }
}

/// Something worth fixing once; figures in person-days.
#[derive(Clone, Debug)]
pub struct Lever {
    pub kind: LeverKind,
    /// The library's name or the rule's id.
    pub what: String,
    pub person_days: f64,
    pub how: String,
    /// Whom it burdens.
    pub services: Vec<UnitIx>,
    pub saves: f64,
}

impl Lever {
    /// Days saved per day spent.
    pub fn ratio(&self) -> f64 {
        if self.person_days > 0.0 { round(self.saves / self.person_days) } else { 0.0 }
    }
}

/// What the terms of services carry.
#[derive(Default)]
struct Burden {
    days: f64,
    services: Vec<UnitIx>,
}

impl Burden {
    fn add(&mut self, service: UnitIx, days: f64) {
        self.days += days;
        if self.services.last() != Some(&service) {
            self.services.push(service);
        }
    }
}

/// Everything that burdens two services or more, the best first.
pub(super) fn levers(
    model: &Model<'_>,
    assessed: &[Assessment],
    of_unit: &[Vec<&Finding>],
    target: Target,
) -> Vec<Lever> {
    let mut libraries: BTreeMap<UnitIx, Burden> = BTreeMap::new();
    let mut rules: BTreeMap<String, Burden> = BTreeMap::new();
    for (ix, unit) in model.units.iter() {
        if !unit.kind.is_assessed() || !unit.is_analysed() {
            continue;
        }
        let (own, by_library) = model.parts(ix, &of_unit[ix.0 as usize], target);
        for (library, terms) in &by_library {
            libraries.entry(*library).or_default().add(ix, terms.iter().map(|t| t.person_days).sum());
        }
        for term in own.iter().chain(by_library.values().flatten()) {
            rules.entry(term.what.clone()).or_default().add(ix, term.person_days);
        }
    }
    let mut out: Vec<Lever> = libraries
        .into_iter()
        .filter_map(|(library, burden)| {
            let effort = assessed[library.0 as usize].effort.as_ref()?;
            let terms = effort.terms.iter().filter(|t| t.kind == TermKind::Rule);
            let how: Vec<String> = terms.map(|t| format!("{} {:.2}", t.what, t.person_days)).collect();
            let name = model.units[library].name.clone();
            Some(lever(LeverKind::Library, name, effort.person_days, how.join(" + "), burden))
        })
        .collect();
    let places = places(model, of_unit, target);
    out.extend(rules.into_iter().filter_map(|(rule, burden)| {
        let (design, each, places) = places.get(rule.as_str())?;
        let how = format!("{design:.2} for the design once + {each:.2} in {places} units");
        Some(lever(LeverKind::Rule, rule, round(design + each), how, burden))
    }));
    // What saves no more than it costs is no lever.
    out.retain(|l| l.services.len() > 1 && l.person_days > 0.0 && l.saves > l.person_days);
    out.sort_by(|a, b| {
        let by_ratio = b.ratio().total_cmp(&a.ratio());
        by_ratio.then(b.saves.total_cmp(&a.saves)).then_with(|| (a.kind, &a.what).cmp(&(b.kind, &b.what)))
    });
    out
}

fn lever(kind: LeverKind, what: String, person_days: f64, how: String, burden: Burden) -> Lever {
    Lever { kind, what, person_days, how, saves: round(burden.days), services: burden.services }
}

/// By rule: its dearest design, the work in all units where it must be fixed, and how many those are.
fn places<'m>(model: &'m Model<'_>, of_unit: &[Vec<&Finding>], target: Target) -> BTreeMap<&'m str, (f64, f64, usize)> {
    let mut out: BTreeMap<&str, (f64, f64, usize)> = BTreeMap::new();
    for (ix, _) in model.units.iter() {
        let mut here: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        for finding in of_unit[ix.0 as usize].iter().copied() {
            // Code is fixed where it stands; what a manifest declares, by each who has it.
            let burdens = finding.carriers.iter().any(|u| model.units[*u].kind.is_assessed());
            if (finding.declared || finding.unit == Some(ix)) && finding.severity != Severity::Info && burdens {
                here.entry(finding.rule).or_default().push(finding);
            }
        }
        for (rule, findings) in here {
            let (design, each) = model.shares(rule, &findings, target);
            let entry = out.entry(&model.rules[rule].id).or_default();
            entry.0 = entry.0.max(design);
            entry.1 += each;
            entry.2 += usize::from(design + each > 0.0);
        }
    }
    out
}
