//! Copies of what lies elsewhere: loaded when empty, loaded once, fetched again by a timer.

use super::super::types::Sym;
use super::super::{Linked, ReachSet};
use super::access::{Access, Assigned, Mutation};
use super::moments::makes;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, LocalIx, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// `if (rules.isEmpty()) { rules.putAll(service.getAll()); }`: whatever else changes it does so beside its source.
pub(super) fn is_loaded_when_empty(linked: &Linked<'_>, file: FileIx, field: FieldIx, late: &[&Mutation]) -> bool {
    let loads = |m: &&Mutation| {
        let Some(facts) = linked.facts(m.file).filter(|_| m.file == file) else { return false };
        let here = linked.named_callable(file, m.callable);
        let asks = || {
            facts.exprs.iter().any(|e| match &e.kind {
                ExprKind::Call { base: Some(base), name, .. } => {
                    matches!(name.as_str(), "isEmpty" | "size")
                        && e.span.start < m.span.start
                        && linked.named_callable(file, e.callable) == here
                        && linked.field_of(file, *base) == Some((file, field))
                }
                _ => false,
            })
        };
        matches!(m.name.as_str(), "putAll" | "addAll") && is_fetched(facts, m.call) && asks()
    };
    let beside = |m: &&Mutation| loads(m) || matches!(m.name.as_str(), "clear" | "put" | "remove" | "invalidateAll");
    late.iter().any(loads) && late.iter().all(beside)
}

/// The first argument comes from a call, also through a local.
fn is_fetched(facts: &CodeFacts, call: ExprIx) -> bool {
    let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
    args.first().is_some_and(|arg| is_call(facts, *arg))
}

/// The same of the last argument.
fn last_is_fetched(facts: &CodeFacts, call: ExprIx) -> bool {
    let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
    args.last().is_some_and(|arg| is_call(facts, *arg))
}

fn is_call(facts: &CodeFacts, value: ExprIx) -> bool {
    match &facts[value].kind {
        ExprKind::Call { .. } => true,
        ExprKind::Local(local) => {
            let local = *local;
            !facts[local].param && facts.exprs.iter().any(|e| {
                e.usage == Usage::ToLocal(local)
                    && matches!(&e.kind, ExprKind::Call { name, .. } if !matches!(name.as_str(), "get" | "getAndSet"))
            })
        }
        _ => false,
    }
}

/// Is the value `true`, and has the method asked the flag before?
pub(super) fn raises_once(linked: &Linked<'_>, a: &Assigned, field: (FileIx, FieldIx)) -> bool {
    let Some(facts) = linked.facts(a.file) else { return false };
    let raised = a.value.is_some_and(|v| match &facts[v].kind {
        ExprKind::Literal(Literal::Bool(true)) => true,
        ExprKind::Select { name, .. } => name.as_str() == "TRUE",
        _ => false,
    });
    let here = linked.named_callable(a.file, a.callable);
    raised
        && facts[here].kind == CallableKind::Method
        && facts[here].params.is_empty()
        && (0..facts.exprs.len() as u32).map(ExprIx).any(|e| {
            facts[e].span.start < a.span.start
                && matches!(facts[e].kind, ExprKind::Name(_) | ExprKind::Select { .. })
                && linked.named_callable(a.file, facts[e].callable) == here
                && linked.field_of(a.file, e) == Some(field)
        })
}

/// Filled by methods that take nothing and turn a flag of the same class, which nothing turns back.
pub(super) fn is_filled_once(
    linked: &Linked<'_>,
    uses: &Uses,
    all: &rustc_hash::FxHashMap<(FileIx, FieldIx), Access>,
    file: FileIx,
    field: FieldIx,
    late: &[&Mutation],
) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let owner = facts[field].owner;
    let once = |method: CallableIx| {
        (0..facts.fields.len() as u32).map(FieldIx).filter(|f| facts[*f].owner == owner).any(|flag| {
            let boolean = matches!(facts[flag].ty.name.as_str(), "boolean" | "Boolean");
            let Some(access) = all.get(&(file, flag)).filter(|_| boolean) else { return false };
            let mut assigns = access.assigns.iter().filter(|a| !makes(linked, a.file, a.callable, owner)).peekable();
            assigns.peek().is_some()
                && assigns.all(|a| {
                    a.file == file
                        && linked.named_callable(file, a.callable) == method
                        && raises_once(linked, a, (file, flag))
                })
        })
    };
    !late.is_empty()
        && late.iter().all(|m| {
            let here = linked.named_callable(m.file, m.callable);
            if m.file != file || !matches!(m.name.as_str(), "put" | "putAll" | "add" | "addAll" | "putIfAbsent") {
                return false;
            }
            if once(here) {
                return true;
            }
            let Some(callers) = uses.callers(linked, file, here) else { return false };
            !callers.is_empty()
                && callers.iter().all(|(at, call)| {
                    let by = linked.facts(*at).map(|f| linked.named_callable(*at, f[*call].callable));
                    *at == file && by.is_some_and(once)
                })
        })
}

/// A reference to what a method that takes nothing has fetched, on a timer and where there is none yet.
pub(super) fn is_fetched_again(linked: &Linked<'_>, late: &[&Mutation]) -> bool {
    let fetches = |m: &&Mutation| {
        let Some(facts) = linked.facts(m.file) else { return false };
        let here = linked.named_callable(m.file, m.callable);
        matches!(m.name.as_str(), "set" | "lazySet" | "getAndSet")
            && facts[here].params.is_empty()
            && is_fetched(facts, m.call)
    };
    !late.is_empty()
        && late.iter().all(fetches)
        && late.iter().any(|m| linked.reach(m.file, m.callable).has(ReachSet::BACKGROUND))
}

/// `if (empty(all.get())) { all.set(repository.findAll()); } return all.get();`: fetched where there is none yet.
pub(super) fn is_kept_reference(linked: &Linked<'_>, access: &Access, late: &[&Mutation]) -> bool {
    let keeps = |m: &&Mutation| {
        let Some(facts) = linked.facts(m.file) else { return false };
        let here = linked.named_callable(m.file, m.callable);
        let gives = facts[here].returns.as_ref().is_some_and(|ty| !matches!(ty.name.as_str(), "void" | "Void"));
        let asked = |after: bool| {
            access.reads.iter().any(|(file, callable, _, read)| {
                *file == m.file
                    && linked.named_callable(*file, *callable) == here
                    && (facts[*read].span.start > m.span.start) == after
            })
        };
        let under = facts.branches.iter().flat_map(|arms| arms.iter()).any(|arm| arm.contains(m.span));
        matches!(m.name.as_str(), "set" | "compareAndSet" | "lazySet")
            && gives
            && under
            && facts[here].params.is_empty()
            && last_is_fetched(facts, m.call)
            && asked(false)
            && asked(true)
    };
    !late.is_empty() && late.iter().all(keeps)
}

/// A cache of a library that notes that, or when, something has happened: nothing can look that up again.
pub(super) fn only_notes(linked: &Linked<'_>, late: &[&Mutation]) -> bool {
    let mut puts = late.iter().filter(|m| m.name.starts_with("put")).peekable();
    puts.peek().is_some()
        && puts.all(|m| {
            let Some(facts) = linked.facts(m.file) else { return false };
            let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
            let [_, value] = args.as_ref() else { return false };
            match &facts[*value].kind {
                ExprKind::Literal(_) => true,
                ExprKind::Name(name) => {
                    linked.field_of(m.file, *value).is_some() && !name.chars().any(char::is_lowercase)
                }
                ExprKind::Select { name, .. } => matches!(name.as_str(), "TRUE" | "FALSE"),
                ExprKind::New { ty, args, .. } => args.is_empty() && ty.name.last_segment() == "Date",
                ExprKind::Call { name, args, .. } => {
                    args.is_empty() && matches!(name.as_str(), "now" | "currentTimeMillis" | "nanoTime")
                }
                _ => false,
            }
        })
}

/// A table of results that are filled on after they were put, or of numbers that are counted up where they are looked
/// up: no memory of what lies elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Grows {
    No,
    /// Data is gathered in the values.
    Gathers,
    /// The values only count.
    Counts,
}

/// Methods that add to what they are called on.
const ADDS: &[&str] = &["add", "append", "offer", "push", "put", "merge", "record", "accumulate", "collect"];

/// Those that count.
const COUNTS: &[&str] = &["incr", "decr", "addAndGet", "getAndAdd", "getAndIncr", "getAndDecr"];

pub(super) fn grows(linked: &Linked<'_>, late: &[&Mutation]) -> Grows {
    let mut found = Grows::No;
    for m in late.iter().take(64) {
        let Some(facts) = linked.facts(m.file) else { continue };
        let ExprKind::Call { args, .. } = &facts[m.call].kind else { continue };
        let puts = matches!(m.name.as_str(), "put" | "putIfAbsent");
        if !puts && m.name.as_str() != "computeIfAbsent" {
            continue;
        }
        let value = args.last().map(|a| &facts[*a].kind);
        let made = |local: LocalIx| {
            facts.exprs.iter().any(|e| e.usage == Usage::ToLocal(local) && matches!(e.kind, ExprKind::New { .. }))
        };
        let local: Option<LocalIx> = match (facts[m.call].usage, value) {
            (Usage::ToLocal(local), _) if !puts => Some(local),
            (_, Some(ExprKind::Local(local))) if puts && made(*local) => Some(*local),
            _ => None,
        };
        let Some(local) = local else { continue };
        // A client or scheduler is given work by its methods; only collections and types of the tree gather.
        let gathers = linked
            .local_type(m.file, local)
            .is_some_and(|ty| matches!(ty.sym, Sym::Here(_)) || linked.types.name(ty.sym).starts_with("java."));
        if !gathers {
            continue;
        }
        for e in facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local)) {
            let Usage::Base(call) = e.usage else { continue };
            let ExprKind::Call { name, .. } = &facts[call].kind else { continue };
            let starts = |list: &[&str]| list.iter().any(|p| name.starts_with(p));
            // A builder or what is read further is no data.
            let done = facts[call].usage == Usage::Dropped;
            if starts(COUNTS) {
                found = Grows::Counts;
            } else if starts(ADDS) && done && facts[call].span.start > m.span.start && !name.ends_with("Listener") {
                return Grows::Gathers;
            }
        }
    }
    found
}

/// Kept under a number that is made here and handed out: nobody else can find it again.
pub(super) fn is_under_new_key(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let new_id = |e: ExprIx| {
        let within = facts[e].span;
        facts.exprs.iter().any(|e| {
            let made = |name: &Name| {
                let lower = name.to_lowercase();
                lower.contains("uuid") || lower.contains("uniq") || lower == "nextid" || lower == "generateid"
            };
            within.contains(e.span) && matches!(&e.kind, ExprKind::Call { name, .. } if made(name))
        })
    };
    m.name.starts_with("put")
        && args.len() == 2
        && match &facts[args[0]].kind {
            ExprKind::Local(local) => !facts[*local].param && facts[*local].init.is_some_and(new_id),
            ExprKind::Call { .. } => new_id(args[0]),
            _ => false,
        }
}
