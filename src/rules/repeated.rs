//! A dependency that a library declares and that each program made of it declares too.
//!
//! What it takes is told once for each program, in its own manifest; at the library it is information.

use rustc_hash::FxHashSet;

use super::eval::Match;
use super::model::Severity;
use super::site::{Fact, Site};
use crate::link::Linked;
use crate::units::UnitIx;

/// Makes information of what all programs made of a library tell themselves, gravely or not.
pub(super) fn tell_at_programs(linked: &Linked<'_>, all: &mut [Match]) {
    let declared = |site: &Site| match site.fact {
        Fact::Dependency(unit, _) => site.unit.filter(|own| *own == unit && linked.unit(site.file) == Some(unit)),
        _ => None,
    };
    let told: FxHashSet<(usize, UnitIx)> = all
        .iter()
        .filter_map(|m| Some((m.rule, declared(&m.site)?)))
        .filter(|(_, unit)| linked.units[*unit].kind.is_assessed())
        .collect();
    if told.is_empty() {
        return;
    }
    for m in all.iter_mut().filter(|m| m.severity > Severity::Info) {
        let Some(unit) = declared(&m.site).filter(|unit| !linked.units[*unit].kind.is_assessed()) else { continue };
        let programs = || linked.units.iter().filter(|(_, u)| u.kind.is_assessed() && u.libraries.contains(&unit));
        if programs().next().is_some() && programs().all(|(ix, _)| told.contains(&(m.rule, ix))) {
            m.severity = Severity::Info;
            m.title = format!("{}, declared by the programs too", m.title);
        }
    }
}
