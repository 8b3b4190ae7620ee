//! Fields that nobody but their own makers and takers have to do with: the tasks of one class, the request that is
//! still open, the class whose state they refer to.

use super::super::Linked;
use super::super::ReachSet;
use super::super::infer::Ty;
use super::super::types::Sym;
use super::access::{Access, Assigned, Mutation};
use super::moments::makes;
use super::shared::Shared;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, Usage};
use crate::source::FileIx;
use crate::text::Name;
use rustc_hash::FxHashMap;

/// How methods are called by which an object takes itself out of a register.
const ENDS: &[&str] = &["close", "cancel", "dispose", "unsubscribe", "unregister", "remove", "release", "deregister"];

/// What gives the right to do so.
const HANDLES: &[&str] =
    &["Closeable", "AutoCloseable", "Runnable", "Disposable", "Registration", "Subscription", "Handle", "Cancellable"];

/// Calls that run a lambda when what they are made on has ended.
const AT_END: &[&str] = &[
    "whenComplete",
    "whenCompleteAsync",
    "handle",
    "doFinally",
    "doOnTerminate",
    "doOnCancel",
    "doAfterTerminate",
    "orTimeout",
    "onTermination",
];

/// Is each use of the field one of background tasks within its class, or of the start of the class? What is handed to
/// others is theirs as well, but for numbers and texts, by which a task asks where to go on.
pub(super) fn is_of_tasks(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let decl = &facts[field];
    let mut tasks = false;
    let plain = matches!(
        decl.ty.name.last_segment(),
        "long" | "int" | "boolean" | "Long" | "Integer" | "Boolean" | "String" | "Date" | "Timestamp" | "Instant"
    );
    let only = uses.of_field(file, field).iter().all(|(at, e)| {
        if *at != file || !plain && matches!(facts[*e].usage, Usage::Argument(..) | Usage::Returned | Usage::ToField) {
            return false;
        }
        let callable = facts[*e].callable;
        let reach = linked.reach(file, callable);
        let making = makes(linked, file, callable, decl.owner);
        let runs = reach.has(ReachSet::BACKGROUND) && !is_called_by_others(linked, uses, file, callable);
        tasks |= runs && !making;
        making
            || !reach.has(ReachSet::REQUEST)
                && (runs || reach.has(ReachSet::STARTUP) && !reach.has(ReachSet::BACKGROUND))
    });
    decl.mods.has(Mods::PRIVATE) && only && tasks
}

/// Whatever tasks of other classes do with it is the state of the program.
fn is_called_by_others(linked: &Linked<'_>, uses: &Uses, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return true };
    let method = linked.named_callable(file, callable);
    let own = facts[method].mods.has(Mods::PRIVATE);
    !own && uses.callers(linked, file, method).is_none_or(|callers| callers.iter().any(|(at, _)| *at != file))
}

/// Does what is put in take itself out again when it ends: by the `close()` that its holder is given, or by a step
/// that hangs on the end of the request's own future?
pub(super) fn ends_with_holder(linked: &Linked<'_>, ty: &Ty, late: &[&Mutation]) -> bool {
    let removes: Vec<&&Mutation> =
        late.iter().filter(|m| m.name.starts_with("remove") || m.name.as_str() == "computeIfPresent").collect();
    let adds = |m: &&&Mutation| {
        matches!(m.name.as_str(), "put" | "putIfAbsent" | "computeIfAbsent" | "compute" | "add" | "merge")
    };
    if removes.is_empty() || !late.iter().any(|m| adds(&m)) {
        return false;
    }
    let by_handle = |m: &Mutation| {
        let Some(facts) = linked.facts(m.file) else { return false };
        let returned = linked.lambda_usage(m.file, m.callable) == Some(Usage::Returned);
        let method = &facts[linked.named_callable(m.file, m.callable)];
        let handle = method.returns.as_ref().is_some_and(|ty| HANDLES.iter().any(|end| ty.name.ends_with(end)));
        returned && handle && late.iter().any(|other| adds(&other) && same_method(linked, m, other))
    };
    let at_end = |m: &Mutation| {
        let Some(facts) = linked.facts(m.file) else { return false };
        let Some(Usage::Argument(to, _)) = linked.lambda_usage(m.file, m.callable) else { return false };
        matches!(&facts[to].kind, ExprKind::Call { name, .. } if AT_END.contains(&name.as_str()))
            && late.iter().any(|other| adds(&other) && same_method(linked, m, other))
    };
    removes.iter().all(|m| by_handle(m) || at_end(m)) || ends_itself(linked, ty, &removes)
}

fn same_method(linked: &Linked<'_>, a: &Mutation, b: &Mutation) -> bool {
    a.file == b.file && linked.named_callable(a.file, a.callable) == linked.named_callable(b.file, b.callable)
}

/// `class Entry implements Closeable { public void close() { unregister(this); } }`
fn ends_itself(linked: &Linked<'_>, ty: &Ty, removes: &[&&Mutation]) -> bool {
    let mut at = ty;
    for _ in 0..3 {
        match at.args.last() {
            Some(Some(inner)) => at = inner,
            _ => break,
        }
    }
    let Sym::Here(id) = at.sym else { return false };
    let info = &linked.types[id];
    let Some(facts) = linked.facts(info.file).filter(|_| linked.is_java(info.file)) else { return false };
    let takes_out = |file: FileIx, method: CallableIx| {
        removes.iter().any(|m| m.file == file && linked.named_callable(file, m.callable) == method)
    };
    let ends = |c: CallableIx| {
        let body = facts[c].body;
        takes_out(info.file, c)
            || facts.exprs_within(body).any(|(i, e)| {
                let called = matches!(e.kind, ExprKind::Call { .. });
                let target = called.then(|| linked.callee(info.file, i).target).flatten();
                target.is_some_and(|(id, method)| takes_out(linked.types[id].file, method))
            })
    };
    (0..facts.callables.len() as u32).map(CallableIx).any(|c| {
        let callable = &facts[c];
        callable.owner == Some(info.ix)
            && callable.kind == CallableKind::Method
            && callable.params.is_empty()
            && ENDS.contains(&callable.name.as_str())
            && ends(c)
    })
}

/// `provider.setTable(table)`: what each caller hands in is a field of a class that serves all requests, and is told
/// there.
pub(super) fn is_handed_reference(
    linked: &Linked<'_>,
    uses: &Uses,
    shared: &Shared,
    all: &FxHashMap<(FileIx, FieldIx), Access>,
    own: (FileIx, FieldIx),
    late: &[&Assigned],
) -> bool {
    let told = |at: FileIx, value: ExprIx| {
        let Some(field) = linked.field_of(at, value).filter(|field| *field != own) else { return false };
        let Some(facts) = linked.facts(field.0) else { return false };
        let decl = &facts[field.1];
        let serves = decl.owner.is_some_and(|o| shared.has(linked.types.id(field.0, o)));
        let changed = all.get(&field).is_some_and(|a| {
            a.assigns.iter().any(|a| !makes(linked, a.file, a.callable, decl.owner)) || !a.mutations.is_empty()
        });
        serves && changed
    };
    let handed = |a: &Assigned| {
        let Some(facts) = linked.facts(a.file) else { return false };
        let method = linked.named_callable(a.file, a.callable);
        let Some(position) = parameter(facts, method, a.value) else { return false };
        uses.callers(linked, a.file, method).is_some_and(|callers| {
            !callers.is_empty()
                && callers.iter().all(|(at, call)| {
                    let args = linked.facts(*at).map(|f| &f[*call].kind);
                    let Some(ExprKind::Call { args, .. }) = args else { return false };
                    args.get(position).is_some_and(|value| told(*at, *value))
                })
        })
    };
    !late.is_empty() && late.iter().all(|a| handed(a))
}

fn parameter(facts: &CodeFacts, method: CallableIx, value: Option<ExprIx>) -> Option<usize> {
    let ExprKind::Local(local) = facts[value?].kind else { return None };
    facts[method].params.iter().position(|p| *p == local)
}

/// The methods of the containers by which they begin the life of a filter or servlet.
pub(super) fn is_init_of_container(linked: &Linked<'_>, file: FileIx, method: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let c = &facts[method];
    let Some(owner) = c.owner.filter(|_| c.name.as_str() == "init" && c.params.len() <= 1) else { return false };
    let above = linked.types.closure(linked.catalog, Sym::Here(linked.types.id(file, owner)));
    above.iter().any(|s| {
        let name: Name = linked.types.name(*s);
        ["javax.servlet.", "jakarta.servlet."].iter().any(|p| name.starts_with(p))
    })
}
