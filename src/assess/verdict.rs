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
}

pub(super) fn decide(model: &Model<'_>, ix: UnitIx, carried: &[&Finding], target: Target) -> Verdict {
    let unit = &model.units[ix];
    if target == Target::Workers && unit.languages.iter().any(|l| matches!(*l, "java" | "kotlin" | "scala")) {
        return Verdict { decision: Decision::Keep, reasons: vec!["there is no JVM on this target".to_owned()] };
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
    let decision = match effort.tier {
        _ if !impossible.is_empty() => Decision::Keep,
        Tier::T1 => Decision::Move,
        Tier::T2 => Decision::Adapt,
        Tier::T3 | Tier::T4 => Decision::Refactor,
        Tier::T5 => Decision::Keep,
    };
    let mut reasons: Vec<String> = impossible.iter().map(|id| format!("{id} cannot be had on this target")).collect();
    if let Some(by) = &effort.tier_by {
        reasons.push(format!("{by} sets the tier"));
    }
    reasons
        .push(format!("{:.1} person-days ({:.1}–{:.1}), {}", effort.person_days, effort.low, effort.high, effort.tier));
    let largest = effort.terms.iter().filter(|t| t.kind != TermKind::Base).take(3);
    reasons.extend(largest.map(|t| {
        let places = if t.sites == 1 { "1 place".to_owned() } else { format!("{} places", t.sites) };
        format!("{}: {} days, {places}", t.what, t.person_days)
    }));
    Verdict { decision, reasons }
}
