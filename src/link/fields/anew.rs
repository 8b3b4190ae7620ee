//! Fields that are made anew before each use: nothing of an earlier request can be met in them.

use super::super::Linked;
use super::access::{Access, Assigned};
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{AssignOp, CallableIx, Expr, ExprIx, ExprKind, FieldIx, LocalIx, Usage};
use crate::source::FileIx;
use crate::text::Span;

/// A scratch pad (`rows = new ArrayList<>(); fill(rows); return rows;` in each method that asks for it), or the last
/// input with what was made of it, compared on each use.
pub(super) fn is_made_anew(
    linked: &Linked<'_>,
    uses: &Uses,
    file: FileIx,
    field: FieldIx,
    access: &Access,
    late: &[&Assigned],
) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    if late.iter().any(|a| a.file != file) || uses.of_field(file, field).iter().any(|(at, _)| *at != file) {
        return false;
    }
    is_scratch(linked, uses, facts, file, field, access) || is_last_input(linked, uses, facts, file, field, late)
}

fn is_scratch(
    linked: &Linked<'_>,
    uses: &Uses,
    facts: &CodeFacts,
    file: FileIx,
    field: FieldIx,
    access: &Access,
) -> bool {
    let made = |a: &&Assigned| a.value.is_some_and(|v| matches!(facts[v].kind, ExprKind::New { .. }));
    let first = |here: CallableIx| {
        let here = access.assigns.iter().filter(|a| a.file == file && linked.named_callable(file, a.callable) == here);
        here.filter(made).map(|a| a.span.start).min()
    };
    let mut asked = false;
    let clean = uses.of_field(file, field).iter().all(|(_, e)| {
        if uses.is_target(file, *e) {
            return true;
        }
        asked = true;
        let here = linked.named_callable(file, facts[*e].callable);
        first(here).is_some_and(|at| at < facts[*e].span.start)
    });
    asked && clean
}

/// `if (!now.equals(last)) { parsed = parse(now); last = now; }`, with `now` asked for in the same method.
fn is_last_input(
    linked: &Linked<'_>,
    uses: &Uses,
    facts: &CodeFacts,
    file: FileIx,
    field: FieldIx,
    late: &[&Assigned],
) -> bool {
    let Some(first) = late.first() else { return false };
    let here = linked.named_callable(file, first.callable);
    let within = |field: FieldIx| {
        uses.of_field(file, field).iter().all(|(at, e)| {
            *at == file
                && (linked.named_callable(file, facts[*e].callable) == here
                    || super::moments::makes(linked, file, facts[*e].callable, facts[field].owner))
        })
    };
    if !within(field) {
        return false;
    }
    // The field itself, or another one that is set beside it, holds the last input.
    facts.assigns.iter().filter(|a| a.op == AssignOp::Set && linked.named_callable(file, a.callable) == here).any(|a| {
        let Some((_, last)) = linked.field_of(file, a.target).filter(|(at, _)| *at == file) else { return false };
        let Some(ExprKind::Local(now)) = a.value.map(|v| &facts[v].kind) else { return false };
        let asked = facts[*now].init.is_some_and(|init| matches!(facts[init].kind, ExprKind::Call { .. }));
        asked && !facts[*now].param && within(last) && compares(linked, facts, file, last, *now, a.span)
    })
}

fn compares(linked: &Linked<'_>, facts: &CodeFacts, file: FileIx, last: FieldIx, now: LocalIx, before: Span) -> bool {
    let is_last = |e: ExprIx| linked.field_of(file, e) == Some((file, last));
    let is_now = |e: ExprIx| matches!(facts[e].kind, ExprKind::Local(local) if local == now);
    let both = |a: ExprIx, b: ExprIx| is_last(a) && is_now(b) || is_now(a) && is_last(b);
    let same = |e: &Expr| match &e.kind {
        ExprKind::Binary { op, left, right } => matches!(op.as_str(), "==" | "!=") && both(*left, *right),
        ExprKind::Call { base, name, args } if name.ends_with("quals") => match (base, args.as_ref()) {
            (_, [a, b]) => both(*a, *b),
            (Some(base), [a]) => both(*base, *a),
            _ => false,
        },
        _ => false,
    };
    facts.exprs.iter().any(|e| e.span.start < before.start && e.usage != Usage::Dropped && same(e))
}
