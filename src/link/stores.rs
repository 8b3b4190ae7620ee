//! Closer looks at how fields are used: flags of loops, maps that take in rather than remember,
//! types of which there are many objects.

use rustc_hash::FxHashSet;

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableKind, ExprIx, ExprKind, FieldIx, Mods, Usage};
use crate::source::FileIx;

/// Calls that put something into what they are called on.
const PUTS: &[&str] = &["add", "addAll", "put", "putAll", "putIfAbsent", "offer", "push", "remove", "computeIfAbsent"];

/// Fields that loops ask whether to go on (`while (running)`, `while (!stopped.get())`).
pub(super) fn loop_flags(linked: &Linked<'_>) -> FxHashSet<(FileIx, FieldIx)> {
    let mut out = FxHashSet::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(file)) else { continue };
        // Waiting for a flag that somebody else raises is no loop of the flag's owner.
        for flag in facts.loops.iter().filter(|l| !l.guarded_wait).flat_map(|l| &l.flags) {
            let asked = match facts[*flag].kind {
                ExprKind::Call { base: Some(base), .. } => base,
                _ => *flag,
            };
            let Some((owner, field)) = linked.field_of(file, asked) else { continue };
            let Some(facts) = linked.facts(owner) else { continue };
            if matches!(facts[field].ty.name.last_segment(), "boolean" | "Boolean" | "AtomicBoolean") {
                out.insert((owner, field));
            }
        }
    }
    out
}

/// Types that are constructed elsewhere than for a static field.
pub(super) fn made_anew(linked: &Linked<'_>) -> FxHashSet<TypeId> {
    let mut out = FxHashSet::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(file)) else { continue };
        let constants: FxHashSet<ExprIx> =
            facts.fields.iter().filter(|f| f.mods.has(Mods::STATIC)).filter_map(|f| f.init).collect();
        for (e, expr) in facts.exprs.iter().enumerate() {
            let e = ExprIx(e as u32);
            if let ExprKind::New { body: None, .. } = expr.kind
                && !constants.contains(&e)
                && expr.usage != Usage::ToField
                && let Some(Sym::Here(id)) = linked.callee(file, e).owner
            {
                out.insert(id);
            }
        }
    }
    out
}

/// Does the call keep what it was handed (`clients.putIfAbsent(id, client)`,
/// `byTopic.computeIfAbsent(topic, k -> new HashSet<>()).add(client)`), rather than what it has worked out?
pub(super) fn takes_in(linked: &Linked<'_>, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
    let handed = match args.as_ref() {
        // `names.put(name, name)` notes what was seen, or keeps one of equal texts.
        [key, value] if same_local(facts, *key, *value) => false,
        [.., value] => handed_in(facts, *value),
        [] => false,
    };
    handed || gathers(facts, call)
}

fn same_local(facts: &CodeFacts, a: ExprIx, b: ExprIx) -> bool {
    matches!((&facts[a].kind, &facts[b].kind), (ExprKind::Local(a), ExprKind::Local(b)) if a == b)
}

/// The value found is itself a collection that is then added to.
fn gathers(facts: &CodeFacts, call: ExprIx) -> bool {
    let adds = |e: ExprIx| matches!(facts[e].kind, ExprKind::Call { name, .. } if PUTS.contains(&name.as_str()));
    match facts[call].usage {
        Usage::Base(next) => adds(next),
        Usage::ToLocal(local) => facts.exprs.iter().any(|e| {
            matches!(&e.kind, ExprKind::Call { base: Some(base), name, .. }
                if PUTS.contains(&name.as_str()) && matches!(facts[*base].kind, ExprKind::Local(l) if l == local))
        }),
        _ => false,
    }
}

/// A parameter of the method as it came, also through a lambda (`k -> client`).
fn handed_in(facts: &CodeFacts, value: ExprIx) -> bool {
    match facts[value].kind {
        ExprKind::Local(local) => facts[local].param && facts[facts[local].callable].kind == CallableKind::Method,
        ExprKind::Lambda(body) => {
            let span = facts[body].body;
            let value = facts.exprs.iter().find(|e| e.usage == Usage::Returned && span.contains(e.span));
            value.is_some_and(|e| match e.kind {
                ExprKind::Local(local) => {
                    facts[local].param && facts[facts[local].callable].kind == CallableKind::Method
                }
                _ => false,
            })
        }
        _ => false,
    }
}
