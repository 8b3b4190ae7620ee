//! Settings that are read at the start and again when they change.

use super::super::{Linked, ReachSet};
use super::moments::asks_settings;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, Target};
use crate::source::FileIx;
use crate::text::Name;

/// Is each of these places in code that is told of a change and asks the settings again, or of changed settings?
pub(super) fn is_renewed_setting(linked: &Linked<'_>, uses: &Uses, at: &[(FileIx, CallableIx)]) -> bool {
    let fits = |(file, callable): &(FileIx, CallableIx)| {
        if uses.is_for_tests(linked, *file, *callable) {
            return true;
        }
        let named = linked.named_callable(*file, *callable);
        match hears(linked, uses, *file, named, 0) {
            Hears::Settings => true,
            Hears::Change => asks(linked, *file, named) || asks_nothing_of_event(linked, *file, named),
            Hears::No => false,
        }
    };
    !at.is_empty() && at.iter().all(fits)
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Hears {
    No,
    Change,
    Settings,
}

/// Is the method told of changes, or run only by what is, beside start-up code?
fn hears(linked: &Linked<'_>, uses: &Uses, file: FileIx, named: CallableIx, depth: u8) -> Hears {
    let Some(facts) = linked.facts(file) else { return Hears::No };
    let c = &facts[named];
    let by_name = match told_by(c.name) {
        Hears::No if is_handed_settings(facts, named) => Hears::Settings,
        Hears::No if listens(linked, file, named) => Hears::Change,
        known => known,
    };
    if c.kind != CallableKind::Method || by_name != Hears::No || depth > 2 {
        return by_name;
    }
    let reach = linked.reach(file, named);
    let Some(callers) = uses.callers(linked, file, named).filter(|_| reach.at_run_time()) else { return Hears::No };
    let mut least = Hears::Settings;
    let mut any = false;
    for (at, call) in callers {
        let Some(facts) = linked.facts(at) else { return Hears::No };
        let by = linked.named_callable(at, facts[call].callable);
        let starts = facts[by].kind != CallableKind::Method || linked.reach(at, by) == ReachSet::STARTUP;
        if starts || (at, by) == (file, named) || uses.is_for_tests(linked, at, by) || uses.is_dead(linked, at, by) {
            continue;
        }
        any = true;
        let heard = hears(linked, uses, at, by, depth + 1);
        if heard < least {
            least = heard;
        }
    }
    if any { least } else { Hears::No }
}

/// `updated(Dictionary<String, ?> settings)`, `modified(Map<String, Object> settings)`: the container hands the settings
/// over anew.
fn is_handed_settings(facts: &CodeFacts, named: CallableIx) -> bool {
    let c = &facts[named];
    let marked =
        || facts.annotations.iter().any(|a| a.target == Target::Callable(named) && a.name.last_segment() == "Modified");
    match c.params.as_slice() {
        [.., settings] => {
            let given = facts[*settings].ty.as_ref().map(|ty| ty.name.last_segment());
            c.name.as_str() == "updated" && given == Some("Dictionary") || marked()
        }
        [] => false,
    }
}

/// `globalPropertyChanged`, `onConfigChange`: settings; `onEvent`, `onChange`: any change.
fn told_by(name: Name) -> Hears {
    let lower = name.to_lowercase();
    let settings =
        ["property", "properties", "config", "setting", "environment"].iter().any(|word| lower.contains(word));
    let changes = ["change", "delete", "refresh", "update"].iter().any(|word| lower.contains(word));
    let listens = name.starts_with("on") || lower.ends_with("changed") || lower.ends_with("deleted");
    match () {
        () if settings && changes && listens => Hears::Settings,
        () if matches!(
            name.as_str(),
            "onEvent" | "onApplicationEvent" | "onChange" | "onChanged" | "onFileChange" | "fileChanged"
        ) =>
        {
            Hears::Change
        }
        () => Hears::No,
    }
}

/// An event that the program itself sends while it runs.
fn listens(linked: &Linked<'_>, file: FileIx, named: CallableIx) -> bool {
    linked.facts(file).is_some_and(|facts| {
        facts.annotations.iter().any(|a| {
            a.target == Target::Callable(named)
                && matches!(
                    a.name.last_segment(),
                    "EventListener" | "TransactionalEventListener" | "ApolloConfigChangeListener"
                )
        })
    })
}

/// What it sets is worked out from something else than what it is told: a call, and no parameter in sight but in logs.
fn asks_nothing_of_event(linked: &Linked<'_>, file: FileIx, named: CallableIx) -> bool {
    linked.facts(file).is_some_and(|facts| {
        let body = facts[named].body;
        let params = &facts[named].params;
        let logs = |e: &Expr| {
            facts.exprs.iter().any(|log| {
                log.span.contains(e.span)
                    && matches!(&log.kind, ExprKind::Call { name, .. }
                        if matches!(name.as_str(), "info" | "debug" | "warn" | "trace"))
            })
        };
        let asked = |e: &Expr| matches!(e.kind, ExprKind::Local(l) if params.contains(&l)) && !logs(e);
        let calls = |e: &Expr| matches!(e.kind, ExprKind::Call { .. });
        let within = || facts.exprs_within(body).map(|(_, e)| e);
        within().any(calls) && !within().any(asked)
    })
}

/// Does the method itself ask the settings, or read a file of them?
fn asks(linked: &Linked<'_>, file: FileIx, named: CallableIx) -> bool {
    linked.facts(file).is_some_and(|facts| {
        let body = facts[named].body;
        (0..facts.exprs.len() as u32)
            .map(ExprIx)
            .any(|e| {
                let reads = matches!(&facts[e].kind, ExprKind::New { ty, .. } if matches!(ty.name.last_segment(), "FileReader" | "FileInputStream"));
                body.contains(facts[e].span) && (reads || asks_settings(linked, file, facts, e))
            })
    })
}
