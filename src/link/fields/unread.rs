//! Fields that are written and that nothing asks for.

use super::super::Linked;
use super::super::types::Sym;
use super::names::MUTATORS;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{AssignOp, CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, Target, Usage};
use crate::source::FileIx;

/// Annotations of a class that make getters which the code does not show.
const GETTERS: &[&str] = &["Data", "Getter", "Value", "ManagedResource", "XmlRootElement", "Entity", "Document"];

/// Is the field named only to be changed, to be copied to another object of its type, or by code that nothing runs?
pub(super) fn is_unread(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let Some(owner) = facts[field].owner else { return false };
    if facts[field].mods.has(Mods::PUBLIC) || facts[field].mods.has(Mods::PROTECTED) {
        return false;
    }
    let shown = facts.annotations.iter().any(|a| match a.target {
        Target::Field(at) => at == field,
        Target::Type(at) => at == owner && GETTERS.contains(&a.name.last_segment()),
        _ => false,
    });
    let managed = facts[owner].supers.iter().any(|s| s.name.ends_with("MBean") || s.name.ends_with("MXBean"));
    let places = uses.of_field(file, field);
    let own = Sym::Here(linked.types.id(file, owner));
    !shown && !managed && !places.is_empty() && places.iter().all(|(at, e)| !reads(linked, uses, own, *at, *e))
}

fn reads(linked: &Linked<'_>, uses: &Uses, own: Sym, file: FileIx, place: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return true };
    if uses.is_target(file, place) {
        let kept = |a: &crate::facts::code::Assign| {
            a.target == place
                && a.op == AssignOp::Update
                && facts.exprs.iter().any(|e| {
                    e.callable == a.callable
                        && e.span != a.span
                        && e.span.contains(a.span)
                        && !matches!(e.kind, ExprKind::Lambda(_))
                })
        };
        return facts.assigns.iter().any(kept);
    }
    let here = linked.named_callable(file, facts[place].callable);
    let read = match facts[place].usage {
        Usage::Base(call) if facts[call].usage == Usage::Returned && is_accessor(facts, here) => {
            return getter_is_used(linked, uses, own, file, here);
        }
        Usage::Base(call) => match &facts[call].kind {
            ExprKind::Call { name, .. } => {
                !(MUTATORS.contains(&name.as_str()) && matches!(facts[call].usage, Usage::Dropped))
            }
            _ => true,
        },
        Usage::Argument(call, _) => !is_copied(linked, facts, own, file, call),
        // Who has an object may well be shown what it gives.
        Usage::Returned if is_accessor(facts, here) => return getter_is_used(linked, uses, own, file, here),
        _ => true,
    };
    let read = read && !is_logged(facts, place);
    read && !uses.is_dead(linked, file, here)
}

fn is_accessor(facts: &CodeFacts, callable: CallableIx) -> bool {
    let c = &facts[callable];
    c.kind == CallableKind::Method && c.params.is_empty() && !c.mods.has(Mods::STATIC)
}

/// `log.info("limits: {}", limits.get())`
fn is_logged(facts: &CodeFacts, place: ExprIx) -> bool {
    let mut at = place;
    for _ in 0..4 {
        match facts[at].usage {
            Usage::Base(call) => at = call,
            Usage::Argument(call, _) => {
                return matches!(&facts[call].kind, ExprKind::Call { name, .. }
                    if matches!(name.as_str(), "trace" | "debug" | "info" | "warn" | "error"));
            }
            _ => return false,
        }
    }
    false
}

/// `copy.setLimit(limit)` on another object of the same type.
fn is_copied(linked: &Linked<'_>, facts: &CodeFacts, own: Sym, file: FileIx, call: ExprIx) -> bool {
    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.starts_with("set"))
        && linked.callee(file, call).owner == Some(own)
}

/// Does anything but the copying of the object and dead code call the getter?
fn getter_is_used(linked: &Linked<'_>, uses: &Uses, own: Sym, file: FileIx, getter: CallableIx) -> bool {
    if linked.is_handler(file, getter)
        || linked.facts(file).is_none_or(|f| f.annotations.iter().any(|a| a.target == Target::Callable(getter)))
    {
        return true;
    }
    let Some(callers) = uses.callers(linked, file, getter) else { return true };
    // What is called nowhere may be called by what prints the object.
    callers.is_empty()
        || !callers.iter().all(|(at, call)| {
            let Some(facts) = linked.facts(*at) else { return false };
            let copied = match facts[*call].usage {
                Usage::Argument(to, _) => is_copied(linked, facts, own, *at, to),
                _ => false,
            };
            copied || uses.is_dead(linked, *at, facts[*call].callable)
        })
}
