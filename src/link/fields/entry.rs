//! Fields that each way to their value sets first: at the entry of a public method, for the helpers below it, or
//! by a call that the same request makes before. Nothing of an earlier request can be met in them.

use rustc_hash::FxHashSet;

use super::super::{Linked, ReachSet};
use super::access::{Access, Assigned, Mutation};
use super::callers::runs_at_once;
use super::unread::{Asked, shown};
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{AssignOp, CallableIx, CallableKind, ExprIx, FieldIx, Literal};
use crate::facts::code::{ExprKind, Usage};
use crate::source::FileIx;
use crate::text::Span;

/// So many steps up from what sets the value, and from what reads it.
const DEPTH: u8 = 4;

/// More calls than this are not looked through.
const MOST: usize = 100;

/// A place in a method from which on the value is the new one.
struct Start {
    file: FileIx,
    method: CallableIx,
    span: Span,
}

/// `check(rows) { seen = rows; each(rows); }`, with `seen` asked for by private helpers of `check` alone; or
/// `parser.parse(in); …; parser.warnings()` wherever the warnings are asked for.
pub(super) fn is_set_on_entry(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx, access: &Access) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let places = uses.of_field(file, field);
    if places.is_empty() || places.len() > MOST || places.iter().any(|(at, _)| *at != file) {
        return false;
    }
    let sets = access.assigns.iter().filter(|a| is_set(linked, file, facts, a)).map(|a| (a.callable, a.span));
    let clears =
        access.mutations.iter().filter(|m| is_cleared(file, facts, m)).map(|m| (m.callable, facts[m.call].span));
    let mut starts: Vec<Start> = Vec::new();
    for (callable, span) in sets.chain(clears) {
        // A task may run at any time.
        if linked.named_callable(file, callable) == callable {
            starts.push(Start { file, method: callable, span });
        }
    }
    if starts.is_empty() {
        return false;
    }
    let own = starts.len();
    lead_on(linked, uses, &mut starts);
    // What others set while a task runs is the task's state.
    let by_others = starts[..own].iter().any(|s| !linked.reach(s.file, s.method).has(ReachSet::BACKGROUND));
    let mut asked = false;
    places.iter().all(|(_, e)| {
        let at = facts[*e].span;
        // The place itself is the new beginning.
        if starts[..own].iter().any(|s| s.span.contains(at) && facts[s.method].body.contains(at))
            || is_only_set(facts, *e)
        {
            return true;
        }
        let here = linked.named_callable(file, facts[*e].callable);
        if facts[here].kind != CallableKind::Method || shown(linked, file, facts, *e) == Asked::Nobody {
            // What the making of the object does with it is over; a text for people decides nothing.
            return true;
        }
        asked = true;
        if by_others && linked.reach(file, facts[*e].callable).has(ReachSet::BACKGROUND) {
            return false;
        }
        is_settled(linked, uses, &starts, file, facts[*e].callable, at, 0)
    }) && asked
}

/// `run() { try { each(); } finally { batch.clear(); } }`, with `batch` filled below `each` alone: nothing is left.
pub(super) fn is_emptied_after(
    linked: &Linked<'_>,
    uses: &Uses,
    file: FileIx,
    field: FieldIx,
    access: &Access,
) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let places = uses.of_field(file, field);
    if places.is_empty() || places.len() > MOST || places.iter().any(|(at, _)| *at != file) {
        return false;
    }
    let clears: Vec<Start> = access
        .mutations
        .iter()
        .filter(|m| is_cleared(file, facts, m))
        .map(|m| Start { file, method: m.callable, span: facts[m.call].span })
        .filter(|s| dominates(facts, s.method, s.span, facts[s.method].body))
        .collect();
    let mut fills = access
        .mutations
        .iter()
        .filter(|m| ["add", "put", "push", "offer", "append"].iter().any(|p| m.name.starts_with(p)))
        .peekable();
    !clears.is_empty()
        && fills.peek().is_some()
        && fills.all(|m| is_cleared_later(linked, uses, &clears, m.file, m.callable, m.span, 0))
}

fn is_cleared_later(
    linked: &Linked<'_>,
    uses: &Uses,
    clears: &[Start],
    file: FileIx,
    callable: CallableIx,
    at: Span,
    depth: u8,
) -> bool {
    let method = linked.named_callable(file, callable);
    if clears.iter().any(|s| (s.file, s.method) == (file, method) && at.end <= s.span.start) {
        return true;
    }
    if depth >= DEPTH || linked.is_handler(file, method) || uses.may_be_called_from_outside(linked, file, method) {
        return false;
    }
    let Some(callers) = uses.callers(linked, file, method) else { return false };
    !callers.is_empty()
        && callers.len() < MOST
        && callers.iter().all(|(home, call)| {
            let Some(facts) = linked.facts(*home) else { return false };
            *home == file
                && is_cleared_later(linked, uses, clears, *home, facts[*call].callable, facts[*call].span, depth + 1)
        })
}

/// `x = …`, of something else than what it was.
fn is_set(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, a: &Assigned) -> bool {
    let null = a.value.is_none_or(|v| matches!(facts[v].kind, ExprKind::Literal(Literal::Null)));
    let whole = facts.assigns.iter().any(|assign| assign.span == a.span && assign.op == AssignOp::Set);
    // `last = next(last)` goes on from what was there.
    let anew = a.value.is_some_and(|v| {
        let within = facts[v].span;
        let target = facts.assigns.iter().find(|assign| assign.span == a.span).map(|assign| assign.target);
        let own = target.and_then(|t| linked.field_of(file, t));
        !facts.exprs.iter().enumerate().any(|(e, expr)| {
            within.contains(expr.span)
                && matches!(expr.kind, ExprKind::Name(_) | ExprKind::Select { .. })
                && own.is_some()
                && linked.field_of(file, ExprIx(e as u32)) == own
        })
    });
    a.file == file && !a.lazy && !null && whole && anew && facts[a.callable].kind == CallableKind::Method
}

/// `found.clear()`
fn is_cleared(file: FileIx, facts: &CodeFacts, m: &Mutation) -> bool {
    m.file == file
        && matches!(m.name.as_str(), "clear" | "setLength")
        && facts[m.call].usage == Usage::Dropped
        && facts[m.callable].kind == CallableKind::Method
}

/// The target of a plain assignment that is none of the starts: `x = null` at the end.
fn is_only_set(facts: &CodeFacts, e: ExprIx) -> bool {
    facts.assigns.iter().any(|a| a.target == e && a.op == AssignOp::Set)
}

/// Adds the calls that come past one of the starts, a few methods up.
fn lead_on(linked: &Linked<'_>, uses: &Uses, starts: &mut Vec<Start>) {
    let mut known: FxHashSet<(FileIx, CallableIx)> = FxHashSet::default();
    let mut from = 0;
    for _ in 0..DEPTH {
        let to = starts.len();
        for ix in from..to {
            let (file, method, span) = (starts[ix].file, starts[ix].method, starts[ix].span);
            let Some(facts) = linked.facts(file) else { continue };
            // What is told of an event may be told by others too, and the value is meant to stay.
            let told = facts[method].name.strip_prefix("on").is_some_and(|rest| rest.starts_with(char::is_uppercase));
            if told || !dominates(facts, method, span, facts[method].body) || !known.insert((file, method)) {
                continue;
            }
            for (at, call) in uses.callers(linked, file, method).into_iter().flatten() {
                let Some(facts) = linked.facts(at) else { continue };
                let callable = facts[call].callable;
                if starts.len() < MOST
                    && facts[callable].kind == CallableKind::Method
                    && matches!(facts[call].kind, ExprKind::Call { .. })
                {
                    starts.push(Start { file: at, method: callable, span: facts[call].span });
                }
            }
        }
        from = to;
    }
}

/// Does every way through the method that comes to the second place (or to its end) come past the first?
fn dominates(facts: &CodeFacts, method: CallableIx, first: Span, then: Span) -> bool {
    let body = facts[method].body;
    let arms = facts.branches.iter().flat_map(|arms| arms.iter()).chain(facts.loops.iter().map(|l| &l.body));
    let within = |arm: &Span| body.contains(*arm) && arm.contains(first) && !(arm.contains(then) && *arm != then);
    !arms.into_iter().any(within)
}

/// Is the value set before this place is reached, in the method or by each of its callers?
fn is_settled(
    linked: &Linked<'_>,
    uses: &Uses,
    starts: &[Start],
    file: FileIx,
    callable: CallableIx,
    at: Span,
    depth: u8,
) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let method = linked.named_callable(file, callable);
    // A task that is handed over runs again, and aside.
    let aside = callable != method
        && linked.reach(file, callable).has(ReachSet::BACKGROUND)
        && !runs_at_once(linked, file, facts, callable);
    let before = |s: &Start| {
        (s.file, s.method) == (file, method)
            && (!aside || facts[callable].body.contains(s.span))
            && s.span.end <= at.start
            && dominates(facts, method, s.span, at)
    };
    if starts.iter().any(before) {
        return true;
    }
    if aside
        || depth >= DEPTH
        || facts[method].kind != CallableKind::Method
        || linked.is_handler(file, method)
        || uses.may_be_called_from_outside(linked, file, method)
    {
        return false;
    }
    let Some(callers) = uses.callers(linked, file, method) else { return false };
    !callers.is_empty()
        && callers.len() < MOST
        && callers.iter().all(|(home, call)| {
            let Some(facts) = linked.facts(*home) else { return false };
            let by = linked.named_callable(*home, facts[*call].callable);
            let (within, span) = (facts[*call].callable, facts[*call].span);
            (*home, by) == (file, method) || is_settled(linked, uses, starts, *home, within, span, depth + 1)
        })
}
