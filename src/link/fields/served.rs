//! Proof that what a shared field holds passes from one request to another: a request changes it, and what another
//! request runs asks for it.

use super::super::infer::Ty;
use super::super::types::Sym;
use super::super::{Linked, ReachSet};
use super::names::MUTATORS;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{AssignOp, CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, TypeKind, Usage};
use crate::source::FileIx;
use crate::text::Span;

/// Where a field is changed.
type Writes = [(FileIx, CallableIx, Span)];

/// Between whom the value of a field passes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Passes {
    /// Nobody is seen to hand it to anybody.
    No,
    /// From a task to who asks it, or from a request to a task.
    Between,
    /// From a request to the next.
    Requests,
}

/// Is it changed by requests, by tasks, or by call-backs that start-up does not make as well?
pub(super) fn changes_at_run_time(linked: &Linked<'_>, writes: &Writes) -> bool {
    writes.iter().any(|(file, callable, _)| {
        let reach = linked.reach(*file, *callable);
        reach.has(ReachSet::REQUEST)
            || reach.has(ReachSet::BACKGROUND)
            || reach.has(ReachSet::OUTSIDE) && !reach.has(ReachSet::STARTUP)
    })
}

/// From whom to whom does the value pass?
pub(super) fn passes(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx, writes: &Writes) -> Passes {
    let by = |who: ReachSet| writes.iter().any(|(at, c, _)| linked.reach(*at, *c).has(who));
    let (requests, tasks) = (by(ReachSet::REQUEST), by(ReachSet::BACKGROUND));
    if !(requests || tasks && is_data(linked, file, field)) {
        return Passes::No;
    }
    let asked = uses.of_field(file, field).iter().filter_map(|(at, e)| asks(linked, uses, writes, *at, *e));
    let found = asked.map(|reach| {
        let only_tasks = reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST);
        match requests {
            true if !only_tasks && reach.of_service().any() => Passes::Requests,
            true if only_tasks => Passes::Between,
            false if reach.has(ReachSet::REQUEST) || reach.has(ReachSet::OUTSIDE) => Passes::Between,
            _ => Passes::No,
        }
    });
    found.max().unwrap_or(Passes::No)
}

/// Who runs the code that asks for the value there; none where nothing is asked that an earlier change has left.
fn asks(linked: &Linked<'_>, uses: &Uses, writes: &Writes, at: FileIx, place: ExprIx) -> Option<ReachSet> {
    let facts = linked.facts(at)?;
    let changes = match facts[place].usage {
        Usage::Base(call) => {
            matches!(&facts[call].kind, ExprKind::Call { name, .. } if MUTATORS.contains(&name.as_str()))
                && facts[call].usage == Usage::Dropped
        }
        _ => false,
    };
    // `count += n` goes on from what was there.
    let goes_on = || facts.assigns.iter().any(|a| a.target == place && a.op == AssignOp::Update);
    if uses.is_target(at, place) {
        return goes_on().then(|| linked.reach(at, facts[place].callable));
    }
    if changes {
        return None;
    }
    let here = linked.named_callable(at, facts[place].callable);
    if facts[here].kind != CallableKind::Method {
        return None;
    }
    // The method that changes it meets what was there only before it does, and may look only whether it is another.
    let reach = linked.reach(at, facts[place].callable);
    let mine = |(file, c, _): &&(FileIx, CallableIx, Span)| *file == at && linked.named_callable(at, *c) == here;
    // What a request sets while a task runs is for the task.
    let told = !reach.has(ReachSet::REQUEST)
        && writes.iter().any(|w| !mine(&w) && linked.reach(w.0, w.1).has(ReachSet::REQUEST));
    let first = writes.iter().filter(mine).map(|(.., span)| *span).min_by_key(|span| span.start);
    if let Some(first) = first.filter(|_| !told)
        && (facts[place].span.start >= first.end || only_equals(facts, place))
    {
        return None;
    }
    Some(reach)
}

/// `!now.equals(last)`, `last != now`
fn only_equals(facts: &CodeFacts, place: ExprIx) -> bool {
    let equals = |call: ExprIx| {
        matches!(&facts[call].kind, ExprKind::Call { name, .. }
            if matches!(name.as_str(), "equals" | "equalsIgnoreCase" | "isNull" | "nonNull") || name.ends_with("Equals"))
    };
    match facts[place].usage {
        Usage::Base(call) | Usage::Argument(call, _) => equals(call),
        _ => facts.exprs.iter().any(|e| match &e.kind {
            ExprKind::Binary { op, left, right } => {
                matches!(op.as_str(), "==" | "!=") && (*left == place || *right == place)
            }
            _ => false,
        }),
    }
}

/// Numbers, texts, times, constants and collections: no part of the running process.
fn is_data(linked: &Linked<'_>, file: FileIx, field: FieldIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let decl = &facts[field];
    let primitive = decl.ty.name.as_str().starts_with(char::is_lowercase) && !decl.ty.name.contains('.');
    primitive
        || decl.ty.dims > 0
        || linked.resolve_ref(file, decl.owner, &decl.ty).is_some_and(|ty| is_value(linked, &ty, 0))
}

fn is_value(linked: &Linked<'_>, ty: &Ty, depth: u8) -> bool {
    match ty.sym {
        Sym::Here(id) => {
            let info = &linked.types[id];
            linked
                .facts(info.file)
                .is_some_and(|facts| matches!(facts[info.ix].kind, TypeKind::Enum | TypeKind::Record))
        }
        Sym::Outside(name) => {
            let plain = ["java.lang.", "java.time.", "java.math.", "java.util.", "java.sql."];
            plain.iter().any(|p| name.starts_with(p))
                && !["Thread", "Timer", "Lock", "Executor", "Service", "Future", "Runnable", "ClassLoader"]
                    .iter()
                    .any(|end| name.ends_with(end))
                && (!name.ends_with("AtomicReference")
                    || depth < 2 && ty.args.iter().flatten().all(|arg| is_value(linked, arg, depth + 1)))
        }
    }
}
