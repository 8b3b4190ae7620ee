//! One cause that shows at several places: a task around a loop, a loop over a subscription.
//!
//! The listener, timer or loop speaks; what only carries it is shown as information.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::eval::Match;
use super::model::{OneOrMany, Rule, Severity, Tie};
use super::site::Fact;
use crate::facts::code::ExprIx;
use crate::link::{Linked, Stretch};
use crate::source::FileIx;
use crate::text::Span;

/// The places of graver findings, by rule and file.
type Told<'r> = FxHashMap<(&'r str, FileIx), Vec<(Span, Fact)>>;

/// Makes information of what is told elsewhere.
pub(super) fn tell_once(rules: &[Rule], linked: &Linked<'_>, all: &mut [Match]) {
    let mut named: FxHashSet<&str> = FxHashSet::default();
    for told_at in rules.iter().flat_map(|r| &r.told_at) {
        named.extend(told_at.rules.list().iter().map(String::as_str));
    }
    let mut told = Told::default();
    for m in all.iter().filter(|m| m.severity > Severity::Info) {
        let id = rules[m.rule].id.as_str();
        if named.contains(id) && !linked.is_java(m.site.file) {
            told.entry((id, m.site.file)).or_default().push((m.site.at, m.site.fact));
        }
    }
    let titles: Vec<Option<&str>> = all.par_iter().map(|m| title(rules, linked, &told, m)).collect();
    for (m, title) in all.iter_mut().zip(titles) {
        if let Some(title) = title {
            m.severity = Severity::Info;
            m.title = title.to_owned();
        }
    }
}

/// The title of a match that is told elsewhere.
fn title<'r>(rules: &'r [Rule], linked: &Linked<'_>, told: &Told<'_>, m: &Match) -> Option<&'r str> {
    let rule = &rules[m.rule];
    if rule.told_at.is_empty() || m.severity == Severity::Info || linked.facts(m.site.file).is_none() {
        return None;
    }
    let file = m.site.file;
    if linked.is_java(file) {
        return None;
    }
    let stretches = match m.site.fact {
        Fact::Loop(ix) => linked.rust_stretches_of_loop(file, ix),
        Fact::Expr(call) => linked.rust_stretches_of_task(file, call),
        _ => return None,
    };
    let mut sources: Option<Vec<Stretch>> = None;
    let holds = |ids: &OneOrMany, at: &[Stretch]| {
        at.iter().any(|stretch| {
            ids.list().iter().any(|id| {
                let places = told.get(&(id.as_str(), stretch.0)).map_or(&[][..], Vec::as_slice);
                places.iter().any(|(at, fact)| {
                    stretch.1.contains(*at) && *fact != m.site.fact && !in_a_task(linked, *stretch, *at)
                })
            })
        })
    };
    let found = rule.told_at.iter().find(|told_at| match told_at.by {
        Tie::Work => holds(&told_at.rules, &stretches),
        Tie::Source => {
            let sources = sources.get_or_insert_with(|| linked.sources_of(&stretches));
            holds(&told_at.rules, sources)
        }
        Tie::Restart => match m.site.fact {
            Fact::Loop(ix) => linked.only_restarts(file, ix) && holds(&told_at.rules, &stretches),
            _ => false,
        },
        Tie::Around => match m.site.fact {
            Fact::Expr(call) => around(linked, told, &told_at.rules, file, call),
            _ => false,
        },
    });
    found.map(|told_at| told_at.title.as_str())
}

/// Does a place lie in a task that the stretch starts beside itself?
fn in_a_task(linked: &Linked<'_>, (file, span): Stretch, at: Span) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    linked.tasks_within(file, facts, span).iter().any(|task| task.contains(at))
}

/// Does the call stand in a loop that is told, or in one over what a told listener accepts?
fn around(linked: &Linked<'_>, told: &Told<'_>, ids: &OneOrMany, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let at = facts[call].span;
    ids.list().iter().any(|id| {
        let places = told.get(&(id.as_str(), file)).map_or(&[][..], Vec::as_slice);
        places.iter().any(|(_, fact)| match fact {
            Fact::Loop(ix) => facts.loops[*ix as usize].body.contains(at),
            _ => false,
        })
    })
}
