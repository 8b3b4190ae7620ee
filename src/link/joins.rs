//! Whether what is started is also waited for in the same place.

use super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{ExprIx, ExprKind, LocalIx, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// Calls that wait for a task, on the task itself.
const WAITS: &[&str] = &[
    "get",
    "join",
    "getNow",
    "resultNow",
    "block",
    "blockLast",
    "blockFirst",
    "blockOptional",
    "await",
    "awaitTermination",
    "sync",
    "waitFor",
    "invokeAll",
    "invokeAny",
];

/// Calls that wait, wherever they stand in the same method.
const BARRIERS: &[&str] = &["awaitTermination", "invokeAll", "invokeAny", "join"];

impl Linked<'_> {
    /// Is the value of this call or construction waited for before its method returns?
    pub fn is_joined(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        if !self.is_java(file) {
            return self.is_rust_joined(file, expr);
        }
        let top = chain_top(facts, expr);
        if chain_names(facts, expr).any(|n| WAITS.contains(&n.as_str())) {
            return true;
        }
        match facts[top].usage {
            Usage::Awaited | Usage::Resource => return true,
            Usage::ToLocal(local) if self.local_is_joined(file, local) => return true,
            // Whoever gets it waits for the end; a latch here tells only that it has begun.
            Usage::ToLocal(local) if is_returned(facts, local) => return false,
            Usage::Argument(call, _) if is_barrier(facts, call) => return true,
            _ => {}
        }
        self.method_waits(file, expr) || self.latch_is_awaited(file, expr)
    }

    /// A latch that the task counts down, and on which a method around waits, itself or through a helper.
    fn latch_is_awaited(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let task = facts[expr].span;
        (0..facts.locals.len()).map(|i| LocalIx(i as u32)).any(|latch| {
            let decl = &facts[latch];
            let named = decl.ty.as_ref().is_some_and(|ty| ty.name.ends_with("CountDownLatch"));
            let used = || facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == latch));
            let call = |e: &crate::facts::code::Expr| match e.usage {
                Usage::Base(call) | Usage::Argument(call, _) => Some(call),
                _ => None,
            };
            let named_as = |e: &crate::facts::code::Expr, part: &str| {
                call(e).is_some_and(|call| match &facts[call].kind {
                    ExprKind::Call { name, .. } => name.to_lowercase().contains(part),
                    _ => false,
                })
            };
            named
                && !decl.param
                && used().any(|e| task.contains(e.span) && named_as(e, "countdown"))
                && used().any(|e| e.callable == decl.callable && !task.contains(e.span) && named_as(e, "await"))
        })
    }

    /// The method that starts it waits on a latch, a pool or all of its futures.
    fn method_waits(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let method = self.named_callable(file, facts[expr].callable);
        let body = facts[method].body;
        facts.exprs.iter().enumerate().any(|(i, e)| {
            let ExprKind::Call { base, name, .. } = &e.kind else { return false };
            if !body.contains(e.span) || e.span == facts[expr].span {
                return false;
            }
            if BARRIERS.contains(&name.as_str()) {
                // `String.join`, `Thread.join` of something else: only tasks and threads count.
                return name.as_str() != "join"
                    || self.waits_on_task(file, ExprIx(i as u32), *base)
                    || self.chain(file, ExprIx(i as u32)).iter().any(|n| n.as_str() == "allOf");
            }
            // `while (pool.getActiveCount() > 0) sleep();`
            if matches!(name.as_str(), "isTerminated" | "getActiveCount") {
                return facts.loops.iter().any(|l| {
                    l.span.contains(e.span) && !l.body.contains(facts[expr].span) && l.callable == facts[expr].callable
                });
            }
            // No future comes of `execute`, and one of something else tells nothing of it.
            let of_another = || match base.map(|base| &facts[base].kind) {
                Some(ExprKind::Local(local)) => {
                    name.as_str() == "get"
                        && runs_lambda_untold(facts, expr)
                        && !super::results::mentions(facts, facts[expr].span, *local)
                }
                _ => false,
            };
            matches!(name.as_str(), "await" | "get")
                && !of_another()
                && (self.waits_on_task(file, ExprIx(i as u32), *base)
                    || base.is_some_and(|base| self.is_shared_future(file, base, name, facts[expr].span)))
        })
    }

    /// A future of the project's own that the task is given to complete, or the task itself.
    fn is_shared_future(&self, file: FileIx, base: ExprIx, call: &Name, task: crate::text::Span) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let ExprKind::Local(local) = facts[base].kind else { return false };
        let named = facts[local]
            .ty
            .as_ref()
            .is_some_and(|ty| ["Future", "Latch", "Promise", "Barrier"].iter().any(|end| ty.name.ends_with(end)));
        (named || call.as_str() == "await") && super::results::mentions(facts, task, local)
    }

    fn waits_on_task(&self, file: FileIx, call: ExprIx, base: Option<ExprIx>) -> bool {
        let owner = self.callee(file, call).owner.or_else(|| base.and_then(|b| self.type_of(file, b)).map(|t| t.sym));
        let Some(owner) = owner else { return false };
        self.types.closure(self.catalog, owner).iter().any(|s| {
            matches!(
                self.types.name(*s).as_str(),
                "java.util.concurrent.Future"
                    | "java.util.concurrent.CountDownLatch"
                    | "java.util.concurrent.CyclicBarrier"
                    | "java.util.concurrent.Phaser"
                    | "java.lang.Thread"
                    | "java.lang.Process"
            )
        })
    }

    pub(super) fn local_is_joined(&self, file: FileIx, local: LocalIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.exprs.iter().any(|e| match (&e.kind, e.usage) {
            (ExprKind::Local(l), Usage::Base(parent)) if *l == local => match &facts[parent].kind {
                ExprKind::Call { name, .. } => {
                    WAITS.contains(&name.as_str()) || chain_names(facts, parent).any(|n| WAITS.contains(&n.as_str()))
                }
                _ => false,
            },
            (ExprKind::Local(l), Usage::Awaited) => *l == local,
            (ExprKind::Local(l), Usage::Argument(call, _)) if *l == local => is_barrier(facts, call),
            _ => false,
        })
    }
}

/// `pool.execute(() -> …)`
fn runs_lambda_untold(facts: &CodeFacts, call: ExprIx) -> bool {
    match &facts[call].kind {
        ExprKind::Call { name, args, .. } => {
            name.as_str() == "execute" && args.len() == 1 && matches!(facts[args[0]].kind, ExprKind::Lambda(_))
        }
        _ => false,
    }
}

fn is_returned(facts: &CodeFacts, local: LocalIx) -> bool {
    facts.exprs.iter().any(|e| matches!(e.kind, ExprKind::Local(l) if l == local) && e.usage == Usage::Returned)
}

/// The outermost expression of the chain of calls that starts here.
pub(super) fn chain_top(facts: &CodeFacts, expr: ExprIx) -> ExprIx {
    let mut at = expr;
    for _ in 0..512 {
        match facts[at].usage {
            Usage::Base(parent) => at = parent,
            _ => break,
        }
    }
    at
}

/// Names of the calls that follow in the same chain.
pub(super) fn chain_names(facts: &CodeFacts, expr: ExprIx) -> impl Iterator<Item = Name> + '_ {
    let mut at = expr;
    std::iter::from_fn(move || {
        for _ in 0..512 {
            match facts[at].usage {
                Usage::Base(parent) => {
                    at = parent;
                    if let ExprKind::Call { name, .. } = &facts[at].kind {
                        return Some(*name);
                    }
                }
                _ => return None,
            }
        }
        None
    })
}

fn is_barrier(facts: &CodeFacts, call: ExprIx) -> bool {
    let ExprKind::Call { name, .. } = &facts[call].kind else {
        return matches!(&facts[call].kind, ExprKind::Macro { name, .. } if name.last_segment().contains("join") || name.last_segment() == "select");
    };
    let named =
        matches!(name.last_segment(), "allOf" | "anyOf" | "invokeAll" | "invokeAny" | "join_all" | "try_join_all");
    named
        && (matches!(facts[chain_top(facts, call)].usage, Usage::Awaited | Usage::Returned)
            || chain_names(facts, call).any(|n| WAITS.contains(&n.as_str())))
}

impl Linked<'_> {
    /// Names of the calls in the same chain, before and after this one.
    pub fn chain(&self, file: FileIx, expr: ExprIx) -> Vec<Name> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut names: Vec<Name> = chain_names(facts, expr).collect();
        let mut at = expr;
        for _ in 0..512 {
            match &facts[at].kind {
                ExprKind::Call { base, name, .. } => {
                    names.push(*name);
                    match base {
                        Some(base) => at = *base,
                        None => break,
                    }
                }
                ExprKind::Select { base, .. } => at = *base,
                _ => break,
            }
        }
        names
    }

    /// The arguments of the calls that follow in the chain.
    pub fn arguments_of_chain(&self, file: FileIx, expr: ExprIx) -> Vec<&[ExprIx]> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let (mut at, mut out) = (expr, Vec::new());
        for _ in 0..512 {
            let Usage::Base(parent) = facts[at].usage else { break };
            at = parent;
            if let ExprKind::Call { args, .. } = &facts[at].kind {
                out.push(&args[..]);
            }
        }
        out
    }

    /// What becomes of the value of the whole chain.
    pub fn chain_usage(&self, file: FileIx, expr: ExprIx) -> Usage {
        self.facts(file).map_or(Usage::Other, |facts| facts[chain_top(facts, expr)].usage)
    }
}
