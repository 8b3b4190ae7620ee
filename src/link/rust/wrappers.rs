//! Functions of the workspace that start a task with what they are given.
//!
//! `fn spawn_named<F>(future: F, name: &str) -> JoinHandle<F::Output> { tokio::spawn(future) }`: where
//! it is called, a task starts as surely as at the `tokio::spawn` within. Readers name both places: the
//! one in the function is where the pool is chosen, each call is a task to move.

use rustc_hash::{FxHashMap, FxHashSet};

use super::RustCode;
use super::roles::starts_task;
use super::work::task_span;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, LocalIx, TypeRef};
use crate::source::FileIx;
use crate::text::Name;

/// By function, what it starts its argument with.
pub(super) fn find(rust: &RustCode, code: &[Option<&CodeFacts>]) -> FxHashMap<(FileIx, CallableIx), Name> {
    let mut found: FxHashMap<(FileIx, CallableIx), Name> = FxHashMap::default();
    // Wrappers of wrappers: few layers are ever seen.
    for _ in 0..4 {
        let before = found.len();
        for (i, facts) in code.iter().enumerate() {
            let file = FileIx(i as u32);
            if let Some(facts) = facts
                && !rust.home(file).test
            {
                in_file(rust, facts, file, &mut found);
            }
        }
        if found.len() == before {
            break;
        }
    }
    found
}

fn in_file(rust: &RustCode, facts: &CodeFacts, file: FileIx, found: &mut FxHashMap<(FileIx, CallableIx), Name>) {
    for (i, expr) in facts.exprs.iter().enumerate() {
        let ExprKind::Call { args, .. } = &expr.kind else { continue };
        let ix = ExprIx(i as u32);
        let Some(callee) = rust.callee(file, ix) else { continue };
        let started = match callee.target {
            Some(target) => found.get(&target).copied(),
            None => starts_task(&callee.path).then_some(callee.path),
        };
        let Some(started) = started else { continue };
        let mut around = Some(expr.callable);
        for _ in 0..64 {
            let Some(at) = around else { break };
            around = facts[at].outer;
            if facts[at].name.is_empty() || found.contains_key(&(file, at)) {
                continue;
            }
            let given = given(rust, facts, file, at);
            if !given.is_empty() && args.iter().any(|a| runs(rust, facts, file, *a, &given)) {
                found.insert((file, at), started);
            }
            break;
        }
    }
}

/// Parameters that can run, and locals that are as good as them.
fn given(rust: &RustCode, facts: &CodeFacts, file: FileIx, callable: CallableIx) -> FxHashSet<LocalIx> {
    let c = &facts[callable];
    let runs = |ty: &TypeRef| {
        (c.type_params.contains(&ty.name) && !c.data_params.contains(&ty.name))
            || matches!(ty.name.last_segment(), "Future" | "Fn" | "FnMut" | "FnOnce" | "BoxFuture" | "IntoFuture")
            || (matches!(ty.name.last_segment(), "Box" | "Pin" | "Arc")
                && ty.args.iter().any(|a| {
                    matches!(a.name.last_segment(), "Future" | "Fn" | "FnMut" | "FnOnce")
                        || a.args.iter().any(|a| a.name.last_segment() == "Future")
                }))
    };
    let mut given: FxHashSet<LocalIx> = c
        .params
        .iter()
        .copied()
        .filter(|p| facts[*p].ty.as_ref().is_some_and(runs) && !is_signal(&facts[*p].name))
        .collect();
    // `let actor = factory();`
    let called: Vec<ExprIx> = given
        .iter()
        .flat_map(|p| rust.uses(file, *p))
        .filter_map(|u| match facts[*u].usage {
            crate::facts::code::Usage::Base(call) => Some(call),
            _ => None,
        })
        .filter(|call| matches!(&facts[*call].kind, ExprKind::Call { name, .. } if name.is_empty()))
        .collect();
    for call in called {
        let bound = rust.inferred[file.0 as usize].bound.get(&call);
        given.extend(bound.into_iter().flatten().copied());
    }
    given
}

/// Does what is started run one of these?
fn runs(rust: &RustCode, facts: &CodeFacts, file: FileIx, arg: ExprIx, given: &FxHashSet<LocalIx>) -> bool {
    let task = task_span(facts, arg);
    given.iter().any(|local| {
        rust.uses(file, *local).iter().any(|used| {
            if !task.contains(facts[*used].span) {
                return false;
            }
            use crate::facts::code::Usage;
            match facts[*used].usage {
                // It is the task.
                _ if facts[*used].span == facts[arg].span => true,
                Usage::Awaited => true,
                Usage::Base(call) => {
                    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.is_empty() || is_adapter(name))
                }
                // It is handed on whole: `in_scope(|| run(hub, f))`, `actor_loop(actor, …)`.
                Usage::Argument(call, _) => match &facts[call].kind {
                    ExprKind::Call { base: None, .. } => true,
                    ExprKind::Call { name, .. } => {
                        matches!(name.as_str(), "in_scope" | "with_default" | "scope" | "enter")
                    }
                    _ => false,
                },
                _ => false,
            }
        })
    })
}

/// A future that tells a task to end is not the task.
fn is_signal(name: &str) -> bool {
    name.split('_').any(|word| matches!(word, "shutdown" | "signal" | "cancel" | "cancellation" | "stop" | "quit"))
}

fn is_adapter(name: &str) -> bool {
    matches!(
        name,
        "instrument" | "in_current_span" | "with_context" | "bind_hub" | "boxed" | "with_subscriber" | "map" | "clone"
    )
}
