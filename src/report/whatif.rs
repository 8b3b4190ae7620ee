//! What the fleet would take after some fixes: the terms of what is fixed go, everything else is
//! reckoned again from what stays.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::model::{EffortReport, EffortTerm, Report, UnitReport};
use super::parts::{is_assessed, own_terms};
use crate::assess::{Coefficients, Decision, INTERPLAY};
use crate::rules::model::{Category, Target, Tier};

/// Something that is fixed everywhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", content = "what", rename_all = "kebab-case")]
pub enum Fix {
    /// The pattern of a rule, by id.
    Rule(String),
    /// Everything in a shared library, by name.
    Library(String),
    /// The patterns of all rules of a category.
    Category(Category),
}

impl Fix {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Rule(name) | Self::Library(name) => name,
            Self::Category(category) => category.as_str(),
        }
    }
}

/// The fleet before and after.
#[derive(Clone, Debug, Serialize)]
pub struct WhatIf {
    pub target: Target,
    /// Each by itself, the best first: by days saved per day spent.
    pub fixes: Vec<FixReport>,
    pub before: FleetState,
    pub after: FleetState,
    /// Services and jobs that change, those that gain most first.
    pub units: Vec<UnitChange>,
    /// Services and jobs that stay as they are.
    pub unchanged: usize,
}

/// What one fix alone does; person-days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FixReport {
    #[serde(flatten)]
    pub fix: Fix,
    /// To fix it everywhere, once.
    pub person_days: f64,
    /// What the services and jobs carry less, together.
    pub saves: f64,
    /// `saves` / `person_days`.
    pub ratio: f64,
    /// Names of the services and jobs that carry less.
    pub services: Vec<String>,
}

/// The fleet in a few numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FleetState {
    /// Sum over services and jobs plus shared libraries, each counted once; person-days.
    pub person_days: f64,
    pub tiers: BTreeMap<String, usize>,
    pub verdicts: BTreeMap<String, usize>,
}

/// A service or job that changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitChange {
    pub name: String,
    pub before: UnitState,
    pub after: UnitState,
}

/// What is said of a service or job.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitState {
    pub person_days: f64,
    pub tier: String,
    pub verdict: String,
}

/// Makes fixes of names: a rule's id, a library's name, a category; `rule:`, `library:` or
/// `category:` in front tells apart what has the same name.
///
/// # Errors
/// Names what is none of these.
pub fn fixes(
    report: &Report,
    names: &[String],
    rule: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeSet<Fix>, String> {
    names.iter().map(|name| fix(report, name, rule)).collect()
}

fn fix(report: &Report, name: &str, rule: &dyn Fn(&str) -> Option<String>) -> Result<Fix, String> {
    let (only, plain) = match name.split_once(':') {
        Some((kind @ ("rule" | "library" | "category"), rest)) => (kind, rest),
        _ => ("", name),
    };
    let wanted = |kind: &str| only.is_empty() || only == kind;
    let known = || rule(plain).or_else(|| report.rules.contains_key(plain).then(|| plain.to_owned()));
    if let Some(id) = wanted("rule").then(known).flatten() {
        return Ok(Fix::Rule(id));
    }
    if let Some(category) = plain.parse().ok().filter(|_| wanted("category")) {
        return Ok(Fix::Category(category));
    }
    let library = |unit: &&UnitReport| unit.name == plain && !is_assessed(unit);
    if wanted("library") && report.units.iter().any(|unit| library(&unit)) {
        return Ok(Fix::Library(plain.to_owned()));
    }
    Err(format!("'{name}' is no rule, no category and no shared library of this report"))
}

/// The fleet without what is fixed.
pub fn what_if(report: &Report, fixed: &BTreeSet<Fix>, coefficients: &Coefficients) -> WhatIf {
    let target = report.summary.target.unwrap_or_default();
    let all = Case { report, fixed, coefficients, target };
    let changes = all.changes();
    let mut fixes: Vec<FixReport> = fixed.iter().map(|fix| all.alone(fix)).collect();
    fixes.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then(b.saves.total_cmp(&a.saves)).then_with(|| a.fix.cmp(&b.fix)));
    let state = |of: fn(&UnitChange) -> &UnitState, person_days: f64| {
        let mut state = FleetState { person_days: round(person_days), ..FleetState::default() };
        for change in &changes {
            *state.tiers.entry(of(change).tier.clone()).or_default() += 1;
            *state.verdicts.entry(of(change).verdict.clone()).or_default() += 1;
        }
        state
    };
    let before = state(|change| &change.before, report.summary.person_days);
    let after = state(|change| &change.after, report.summary.person_days - all.fleet_saves());
    let (mut units, same): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.before != change.after);
    let gain = |change: &UnitChange| change.before.person_days - change.after.person_days;
    units.sort_by(|a, b| gain(b).total_cmp(&gain(a)).then_with(|| a.name.cmp(&b.name)));
    WhatIf { target, fixes, before, after, units, unchanged: same.len() }
}

struct Case<'a> {
    report: &'a Report,
    fixed: &'a BTreeSet<Fix>,
    coefficients: &'a Coefficients,
    target: Target,
}

impl Case<'_> {
    fn changes(&self) -> Vec<UnitChange> {
        let assessed = self.report.units.iter().filter(|unit| is_assessed(unit));
        assessed.filter_map(|unit| self.change(unit, unit.effort.as_ref()?)).collect()
    }

    fn change(&self, unit: &UnitReport, effort: &EffortReport) -> Option<UnitChange> {
        let verdict = unit.verdicts.get(&self.target);
        let word = verdict.map_or("", |verdict| verdict.verdict.as_str());
        let before = UnitState { person_days: effort.person_days, tier: effort.tier.clone(), verdict: word.to_owned() };
        let person_days = round(effort.person_days - self.saves(effort));
        let stays = |rule: &str| self.stays(unit, rule);
        let floors = effort.floors.iter().filter(|floor| stays(&floor.rule));
        let floors = floors.filter_map(|floor| floor.tier.parse::<Tier>().ok());
        let tier = floors.max().unwrap_or_default().max(self.coefficients.tier(person_days));
        let decided = match verdict {
            // Not reckoned there: nothing that is fixed would change it.
            Some(verdict) if verdict.person_days.is_none() && !verdict.tier.is_empty() => word,
            _ => Decision::of(tier, verdict.is_some_and(|v| v.impossible.iter().any(|rule| stays(rule)))).as_str(),
        };
        let after = UnitState { person_days, tier: tier.to_string(), verdict: decided.to_owned() };
        Some(UnitChange { name: unit.name.clone(), before, after })
    }

    /// Days of a term that the fixes take away.
    fn removed(&self, term: &EffortTerm) -> f64 {
        match term.kind.as_str() {
            "rule" if self.fixes_rule(&term.what) => term.person_days,
            "library" if self.fixed.contains(&Fix::Library(term.what.clone())) => term.person_days,
            "library" => round(term.parts.iter().map(|part| self.removed(part)).sum()),
            _ => 0.0,
        }
    }

    fn fixes_rule(&self, id: &str) -> bool {
        let category = self.report.rules.get(id).map(|rule| Fix::Category(rule.category));
        self.fixed.contains(&Fix::Rule(id.to_owned())) || category.is_some_and(|fix| self.fixed.contains(&fix))
    }

    /// What a service carries less, the interplay of its changes with it.
    fn saves(&self, effort: &EffortReport) -> f64 {
        let removed: f64 = effort.terms.iter().map(|term| self.removed(term)).sum();
        round(removed + self.interplay_saves(effort, removed))
    }

    fn interplay_saves(&self, effort: &EffortReport, removed: f64) -> f64 {
        let Some(term) = effort.terms.iter().find(|term| term.what == INTERPLAY) else { return 0.0 };
        let changes: f64 = effort.terms.iter().filter(|t| t.kind != "base").map(|t| t.person_days).sum();
        match removed > 0.0 {
            true => round(term.person_days - self.coefficients.interplay(round(changes - removed))),
            false => 0.0,
        }
    }

    /// Does the pattern still stand in this unit or a library of it?
    fn stays(&self, unit: &UnitReport, rule: &str) -> bool {
        if self.fixes_rule(rule) {
            return false;
        }
        let here = |place: &str| place == unit.name || unit.libraries.iter().any(|library| library == place);
        let mut places = self.report.findings.iter().filter(|f| f.rule == rule && here(&f.unit)).peekable();
        places.peek().is_none() || places.any(|f| !self.fixed.contains(&Fix::Library(f.unit.clone())))
    }

    /// What the fleet takes less: a library's own terms once, those of services and jobs each.
    fn fleet_saves(&self) -> f64 {
        let units = self.report.units.iter();
        units.map(|unit| self.own_saves(unit) + self.unit_interplay(unit)).sum()
    }

    fn unit_interplay(&self, unit: &UnitReport) -> f64 {
        let Some(effort) = unit.effort.as_ref().filter(|_| is_assessed(unit)) else { return 0.0 };
        self.interplay_saves(effort, effort.terms.iter().map(|term| self.removed(term)).sum())
    }

    fn own_saves(&self, unit: &UnitReport) -> f64 {
        if !is_assessed(unit) {
            if !self.is_used(unit) {
                return 0.0;
            }
            if self.fixed.contains(&Fix::Library(unit.name.clone())) {
                return own_terms(unit).map(|term| term.person_days).sum();
            }
        }
        own_terms(unit).map(|term| self.removed(term)).sum()
    }

    fn is_used(&self, library: &UnitReport) -> bool {
        let assessed = |unit: &&UnitReport| matches!(unit.kind.as_str(), "service" | "job");
        self.report.units.iter().filter(assessed).any(|unit| unit.libraries.contains(&library.name))
    }

    /// What one of the fixes does by itself.
    fn alone(&self, fix: &Fix) -> FixReport {
        let fixed = BTreeSet::from([fix.clone()]);
        let case = Case { fixed: &fixed, ..*self };
        let mut saves = 0.0;
        let mut services = Vec::new();
        for unit in self.report.units.iter().filter(|unit| is_assessed(unit)) {
            let less = unit.effort.as_ref().map_or(0.0, |effort| case.saves(effort));
            if less > 0.0 {
                saves += less;
                services.push(unit.name.clone());
            }
        }
        services.sort();
        // A lever knows that a design is made once; else each place is paid as its unit's sum says.
        let lever = self.report.levers.iter().find(|lever| match fix {
            Fix::Rule(id) => lever.kind == "rule" && lever.what == *id,
            Fix::Library(name) => lever.kind == "library" && lever.what == *name,
            Fix::Category(_) => false,
        });
        let spent = lever
            .map_or_else(|| self.report.units.iter().map(|unit| case.own_saves(unit)).sum(), |lever| lever.person_days);
        let (person_days, saves) = (round(spent), round(saves));
        let ratio = if person_days > 0.0 { round(saves / person_days) } else { 0.0 };
        FixReport { fix: fix.clone(), person_days, saves, ratio, services }
    }
}

fn round(days: f64) -> f64 {
    (days * 100.0).round() / 100.0
}
