//! Assessment: effort, tier, readiness and verdicts, from findings and coefficients.

pub mod calibrate;
mod coefficients;
pub mod cold_start;
mod effort;
mod levers;
mod nature;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

pub use coefficients::Coefficients;
pub use cold_start::{ColdSources, ColdStart, ColdStartData, cold_starts};
pub use effort::{Effort, INTERPLAY, Term, TermKind};
pub use levers::{Lever, LeverKind};
pub use nature::Floor;
pub use verdict::{Decision, Verdict};

use crate::findings::Finding;
use crate::rules::model::{Rule, Severity, Target, Tier};
use crate::units::{UnitIx, UnitKind, Units};

/// What is said of one unit.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// Services and jobs: all that they pay; libraries: what fixing them costs once.
    pub effort: Option<Effort>,
    /// 0–100; assessed units only.
    pub readiness: Option<u32>,
    /// Assessed units only.
    pub verdicts: BTreeMap<Target, Verdict>,
    /// Assessed units in Java or Rust; see [`cold_starts`].
    pub cold_start: Option<ColdStart>,
}

/// The whole fleet.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    /// By unit.
    pub units: Vec<Assessment>,
    /// Sum over assessed units of their own terms, plus each library once; person-days.
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    /// What is worth fixing once for many, the best first.
    pub levers: Vec<Lever>,
}

/// Assesses all units for a target.
pub fn assess(
    rules: &[Rule],
    units: &Units,
    findings: &[Finding],
    target: Target,
    coefficients: &Coefficients,
) -> Fleet {
    let mut of_unit: Vec<Vec<&Finding>> = vec![Vec::new(); units.all.len()];
    for finding in findings.iter().filter(|f| f.suppressed.is_none() && !f.dead) {
        for carrier in &finding.carriers {
            of_unit[carrier.0 as usize].push(finding);
        }
    }
    let mut natures: BTreeMap<UnitIx, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.suppressed.is_none() && !f.dead && !f.declared) {
        if let Some(unit) = finding.unit.filter(|_| finding.floor.is_some()) {
            natures.entry(unit).or_default().push(finding);
        }
    }
    let users = library_users(units, findings);
    let model = effort::Model { rules, units, coefficients, users };
    let mut fleet = Fleet::default();
    for (ix, unit) in units.iter() {
        let carried = &of_unit[ix.0 as usize];
        let mut assessment = Assessment::default();
        if unit.kind.is_assessed() && unit.is_analysed() {
            let effort = model.service(ix, carried, target);
            assessment.readiness = Some(readiness(&effort, coefficients));
            assessment.verdicts = Target::ALL.iter().map(|t| (*t, verdict::decide(&model, ix, carried, *t))).collect();
            fleet.add(effort.terms.iter().filter(|t| t.kind != TermKind::Library));
            assessment.effort = Some(effort);
        } else if unit.kind == UnitKind::Library {
            // Of a library in use only what somebody reaches must be fixed.
            let used = is_used(units, ix);
            let carried: Vec<&Finding> = carried.iter().copied().filter(|f| !used || f.carriers.len() > 1).collect();
            let below = unit.libraries.iter().flat_map(|library| natures.get(library).into_iter().flatten().copied());
            let below: Vec<&Finding> = below.collect();
            let effort = model.shared(ix, &carried, &below, target);
            if !effort.terms.is_empty() {
                if used {
                    fleet.add(effort.terms.iter());
                }
                assessment.effort = Some(effort);
            }
        }
        fleet.units.push(assessment);
    }
    fleet.levers = levers::levers(&model, &fleet.units, &of_unit, target);
    fleet
}

/// How many services and jobs carry work in each library.
fn library_users(units: &Units, findings: &[Finding]) -> BTreeMap<UnitIx, usize> {
    let mut users: BTreeMap<UnitIx, BTreeSet<UnitIx>> = BTreeMap::new();
    let counts = |f: &&Finding| f.suppressed.is_none() && !f.dead && !f.declared && f.severity != Severity::Info;
    for finding in findings.iter().filter(counts) {
        let Some(library) = finding.unit.filter(|u| units[*u].kind == UnitKind::Library) else { continue };
        let assessed = finding.carriers.iter().filter(|u| units[**u].kind.is_assessed() && units[**u].is_analysed());
        users.entry(library).or_default().extend(assessed);
    }
    users.into_iter().map(|(library, users)| (library, users.len())).collect()
}

fn is_used(units: &Units, library: UnitIx) -> bool {
    units.iter().any(|(_, u)| u.kind.is_assessed() && u.libraries.contains(&library))
}

impl Fleet {
    /// Adds the estimates of cold starts, given by unit.
    pub fn add_cold_starts(&mut self, estimates: Vec<Option<ColdStart>>) {
        for (assessment, cold_start) in self.units.iter_mut().zip(estimates) {
            assessment.cold_start = cold_start;
        }
    }

    fn add<'t>(&mut self, terms: impl Iterator<Item = &'t Term>) {
        for term in terms {
            self.person_days += term.person_days;
            self.low += term.low;
            self.high += term.high;
        }
    }
}

/// 100 for nothing to do; a service that is better kept is never above 10.
fn readiness(effort: &Effort, coefficients: &Coefficients) -> u32 {
    let value = 100.0 / (1.0 + effort.person_days / coefficients.readiness_half);
    let capped = if effort.tier == Tier::T5 { value.min(10.0) } else { value };
    capped.round() as u32
}
