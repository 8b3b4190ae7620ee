//! Verdicts: per unit and target, always with reasons.

use super::effort::{Model, TermKind};
use crate::findings::Finding;
use crate::rules::model::{Fit, Severity, Target, Tier};
use crate::units::UnitIx;

/// What to do with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// As it is, behind an adapter.
    Move,
    /// With about a week of work.
    Adapt,
    /// With weeks to months of work.
    Refactor,
    /// Leave it on containers.
    Keep,
}

impl Decision {
    /// What follows from the tier, unless something cannot be had on the target at all.
    pub fn of(tier: Tier, impossible: bool) -> Self {
        match tier {
            _ if impossible => Self::Keep,
            Tier::T1 => Self::Move,
            Tier::T2 => Self::Adapt,
            Tier::T3 | Tier::T4 => Self::Refactor,
            Tier::T5 => Self::Keep,
        }
    }

    /// As written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Adapt => "adapt",
            Self::Refactor => "refactor",
            Self::Keep => "keep",
        }
    }
}

/// A decision and what it rests on.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub decision: Decision,
    pub reasons: Vec<String>,
    /// What a move there takes, in person-days; none where it was not reckoned.
    pub person_days: Option<f64>,
    pub tier: Tier,
    /// Rules whose pattern cannot be had there.
    pub impossible: Vec<String>,
}

/// Why nothing on the JVM moves to a target that runs none; its days are not reckoned.
const NO_JVM: &str = "there is no JVM on this target";

pub(super) fn decide(model: &Model<'_>, ix: UnitIx, carried: &[&Finding], target: Target) -> Verdict {
    let unit = &model.units[ix];
    if target == Target::Workers && unit.languages.iter().any(|l| matches!(*l, "java" | "kotlin" | "scala")) {
        return Verdict {
            decision: Decision::Keep,
            reasons: vec![NO_JVM.to_owned()],
            person_days: None,
            tier: Tier::T5,
            impossible: Vec::new(),
        };
    }
    let effort = model.service(ix, carried, target);
    let mut impossible: Vec<&str> = carried
        .iter()
        .filter(|f| f.severity >= Severity::Major)
        .filter(|f| model.rules[f.rule].targets.get(&target) == Some(&Fit::Impossible))
        .map(|f| model.rules[f.rule].id.as_str())
        .collect();
    impossible.sort_unstable();
    impossible.dedup();
    let decision = Decision::of(effort.tier, !impossible.is_empty());
    let mut reasons: Vec<String> = impossible.iter().map(|id| format!("{id} cannot be had on this target")).collect();
    if let Some(by) = &effort.tier_by {
        reasons.push(format!("{by} sets the tier"));
    }
    if let Some(replacement) = effort.floors.iter().find_map(|floor| floor.replaced_by.as_ref()) {
        reasons.push(format!("replaced by {} in about {} person-days", replacement.what, replacement.effort));
    }
    reasons
        .push(format!("{:.1} person-days ({:.1}–{:.1}), {}", effort.person_days, effort.low, effort.high, effort.tier));
    let largest = effort.terms.iter().filter(|t| t.kind != TermKind::Base).take(3);
    reasons.extend(largest.map(|t| {
        let places = if t.sites == 1 { "1 place".to_owned() } else { format!("{} places", t.sites) };
        format!("{}: {} days, {places}", t.what, t.person_days)
    }));
    let impossible = impossible.into_iter().map(str::to_owned).collect();
    Verdict { decision, reasons, person_days: Some(effort.person_days), tier: effort.tier, impossible }
}
