//! A setting that a further file of the same unit repeats word by word is said once.

use rustc_hash::FxHashMap;

use super::eval::Match;
use super::site::Fact;
use crate::link::Linked;
use crate::source::FileKind;

/// Leaves the place that the framework reads by itself, else the first, and lists the others in it.
pub(super) fn fold(linked: &Linked<'_>, all: &mut Vec<Match>) {
    let mut first: FxHashMap<(usize, u32, &str, &str), usize> = FxHashMap::default();
    let mut told_by: Vec<Option<usize>> = vec![None; all.len()];
    for (i, m) in all.iter().enumerate() {
        let Fact::Setting(unit, ix) = m.site.fact else { continue };
        let setting = &linked.units[unit].settings[ix as usize];
        // What differs by profile is looked at in each of them.
        if !setting.profile.is_empty() || linked.workspace[m.site.file].kind != FileKind::Settings {
            continue;
        }
        let key = (m.rule, unit.0, setting.key.as_str(), setting.value.as_str());
        let Some(known) = first.get_mut(&key) else {
            first.insert(key, i);
            continue;
        };
        if all[*known].site.file == m.site.file {
            continue;
        }
        if is_main(linked, m) && !is_main(linked, &all[*known]) {
            told_by[*known] = Some(i);
            *known = i;
        } else {
            told_by[i] = Some(*known);
        }
    }
    if told_by.iter().all(Option::is_none) {
        return;
    }
    for i in 0..all.len() {
        if let Some(by) = told_by[i] {
            let site = all[i].site;
            all[by].further.push(site);
        }
    }
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        told_by[at - 1].is_none()
    });
}

fn is_main(linked: &Linked<'_>, m: &Match) -> bool {
    let path = &linked.workspace[m.site.file].path;
    path.rsplit('/').next().is_some_and(|name| name.starts_with("application") || name.starts_with("bootstrap"))
}
