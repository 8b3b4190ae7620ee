//! A dependency that a library of the tree declares, and that its programs have anyway.
//!
//! A library whose code names it is told: work waits there. Where its code does not, or cannot be read, what it takes
//! is told at the programs that declare it too, or at another library of theirs; here it is information.

use rustc_hash::FxHashSet;

use super::eval::Match;
use super::libraries::Libraries;
use super::model::Severity;
use super::site::{Fact, Site};
use crate::link::Linked;
use crate::units::UnitIx;

/// Makes information of what the programs tell themselves, gravely or not, or another library of theirs.
pub(super) fn tell_at_programs(linked: &Linked<'_>, libraries: &Libraries, all: &mut [Match]) {
    let of = |site: &Site| match site.fact {
        Fact::Dependency(unit, ix) if site.unit == Some(unit) => {
            // What a library hands on is the library's.
            let origin = linked.unit(site.file).filter(|o| linked.units[unit].libraries.contains(o));
            Some((origin.unwrap_or(unit), linked.units[unit].dependencies[ix as usize].coordinate))
        }
        _ => None,
    };
    let named = |site: &Site| of(site).and_then(|(unit, coordinate)| libraries.is_named(unit, coordinate));
    // Whose own manifest declares it, and who is not seen to leave it unused.
    let told: FxHashSet<(usize, UnitIx)> = all
        .iter()
        .filter_map(|m| Some((m.rule, of(&m.site)?.0, m)))
        .filter(|(_, unit, m)| linked.unit(m.site.file) == Some(*unit))
        .filter(|(_, unit, m)| {
            linked.units[*unit].kind.is_assessed() || m.severity > Severity::Info && named(&m.site) != Some(false)
        })
        .map(|(rule, unit, _)| (rule, unit))
        .collect();
    if told.is_empty() {
        return;
    }
    for m in all.iter_mut().filter(|m| m.severity > Severity::Info) {
        let Some((unit, _)) = of(&m.site).filter(|(unit, _)| !linked.units[*unit].kind.is_assessed()) else { continue };
        let named = named(&m.site);
        if named == Some(true) {
            continue;
        }
        let programs = || linked.units.iter().filter(|(_, u)| u.kind.is_assessed() && u.libraries.contains(&unit));
        if programs().next().is_none() {
            continue;
        }
        let other = |l: &UnitIx| *l != unit && told.contains(&(m.rule, *l));
        let title = if programs().all(|(ix, _)| told.contains(&(m.rule, ix))) {
            "declared by the programs too"
        } else if named == Some(false)
            && programs().all(|(ix, u)| told.contains(&(m.rule, ix)) || u.libraries.iter().any(other))
        {
            "which no code here names, told at another library"
        } else {
            continue;
        };
        m.severity = Severity::Info;
        m.title = format!("{}, {title}", m.title);
    }
}
