//! Tasks that look after the process alone: they measure, log, tidy what it holds, look whether its own files changed.

use super::types::Sym;
use super::{Linked, TypeId};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, LocalIx, Mods, TypeIx, TypeKind, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// Types of figures and logs.
const FIGURES: &[&str] = &[
    "io.micrometer.*",
    "io.prometheus.*",
    "com.codahale.metrics.*",
    "io.opentelemetry.api.metrics.*",
    "org.eclipse.microprofile.metrics.*",
    "org.slf4j.*",
    "org.apache.logging.*",
    "org.apache.commons.logging.*",
    "java.util.logging.*",
];

/// Types of the JDK that run, send or hand over something.
const ACTING: &[&str] = &[
    "java.util.concurrent.*Executor*",
    "java.util.concurrent.ForkJoinPool",
    "java.util.concurrent.CompletableFuture",
    "java.util.concurrent.*Future",
    "java.util.concurrent.CountDownLatch",
    "java.util.Timer",
    "java.util.function.*",
    "java.lang.Thread",
    "java.lang.Process*",
    "java.lang.Runnable",
    "java.util.concurrent.Callable",
    "java.lang.reflect.*",
    "java.util.ServiceLoader",
];

/// Types of the JDK whose calls stay within the process.
const LOCAL: &[&str] = &["java.lang.*", "java.util.*", "java.time.*", "java.text.*", "java.math.*"];

/// Starts of the names of calls that only ask.
const ASKS: &[&str] = &[
    "get",
    "is",
    "has",
    "size",
    "count",
    "contains",
    "values",
    "keySet",
    "entrySet",
    "stream",
    "map",
    "filter",
    "collect",
    "sum",
    "equals",
    "toString",
    "hashCode",
    "iterator",
    "next",
    "all",
    "length",
    "exists",
    "lastModified",
    "name",
    "current",
];

/// Calls that change what a collection holds.
const FILLS: &[&str] =
    &["put*", "add*", "offer*", "push*", "compute*", "merge*", "replace*", "set", "addAll", "poll*", "take"];

/// Calls that take out of it.
const TAKES: &[&str] = &["remove*", "clear", "retainAll"];

/// Calls that let go of what nobody uses, whatever they are made on.
const LETS_GO: &[&str] = &["closeIdle*", "closeExpired*", "evict*", "cleanUp", "purge*", "removeExpired*", "trim*"];

/// What no timer ends that only tidies.
const PARTS: &[&str] = &[
    "java.util.concurrent.*",
    "java.lang.*",
    "*ApplicationContext",
    "*Server",
    "*.Stage",
    "*Container",
    "*Transaction",
];

const DEPTH: u8 = 5;

#[derive(Default)]
struct Look {
    seen: Vec<(FileIx, CallableIx)>,
    /// Something was measured, logged or let go.
    fed: bool,
    /// Where something was taken out of a collection.
    taken: Vec<FileIx>,
}

impl Linked<'_> {
    /// Does the callable measure, log or tidy, and nothing else that counts? What removes entries only does so when
    /// those who read them check the age themselves.
    pub fn only_tidies(&self, file: FileIx, callable: CallableIx) -> bool {
        if self.only_measures(file, callable) {
            return true;
        }
        let mut look = Look::default();
        !self.works(file, callable)
            && self.tidies(file, callable, 0, &mut look)
            && look.fed
            && look.taken.iter().all(|file| self.readers_check_age(*file, &look.seen))
    }

    /// `metricsService::update`: a method of a library's type for figures, which is named after them.
    pub(super) fn measures_outside(&self, file: FileIx, task: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let callee = self.callee(file, task);
        matches!(facts[task].kind, ExprKind::MethodRef { .. })
            && callee.target.is_none()
            && callee.owner.is_some_and(|owner| {
                let name = self.types.name(owner);
                name.last_segment().contains("Metric") || FIGURES.iter().any(|p| super::glob(p, &name))
            })
    }

    /// The lambdas written in a class.
    pub fn lambdas_of(&self, file: FileIx, ty: TypeIx) -> Vec<(FileIx, CallableIx)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let body = facts[ty].body;
        let lambdas = facts.callables.iter().zip(0..).filter(|(c, _)| {
            c.kind == CallableKind::Lambda
                && body.contains(c.body)
                && c.outer.is_none_or(|outer| facts[outer].kind != CallableKind::Lambda)
        });
        lambdas.map(|(_, ix)| (file, CallableIx(ix))).collect()
    }

    /// Does the loop take elements from a queue, set their answer and wake who waits on them, while each sender waits?
    pub fn loop_answers_waiters(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let Some(l) = facts.loops.get(ix as usize) else { return false };
        let calls = |local: LocalIx, names: &[&str]| {
            let on = |e: &Expr| matches!(e.kind, ExprKind::Local(l) if l == local);
            facts.exprs.iter().filter(|e| on(e)).any(|e| match e.usage {
                Usage::Base(call) => {
                    matches!(&facts[call].kind, ExprKind::Call { name, .. } if names.contains(&name.as_str()))
                }
                _ => false,
            })
        };
        let given = |call: ExprIx| match &facts[call].kind {
            ExprKind::Call { base: Some(base), args, .. } => self.field_of(file, *base).zip(args.first().copied()),
            _ => None,
        };
        facts.locals.iter().zip(0..).any(|(decl, taken)| {
            let taken = LocalIx(taken);
            let Some(init) = decl.init.filter(|init| l.body.contains(facts[*init].span)) else { return false };
            let ExprKind::Call { base: Some(base), name, .. } = &facts[init].kind else { return false };
            let Some(queue) = self.field_of(file, *base).filter(|_| matches!(name.as_str(), "take" | "poll")) else {
                return false;
            };
            if !calls(taken, &["notifyAll", "notify", "countDown", "complete", "completeExceptionally"]) {
                return false;
            }
            let mut sent = facts.exprs.iter().enumerate().filter_map(|(i, e)| {
                let ExprKind::Call { name, .. } = &e.kind else { return None };
                let puts = matches!(name.as_str(), "offer" | "put" | "add");
                let (to, what) = given(ExprIx(i as u32)).filter(|_| puts)?;
                (to == queue).then_some(what)
            });
            let first = sent.next();
            let waits = |what: ExprIx| matches!(facts[what].kind, ExprKind::Local(l) if calls(l, &["wait", "get", "join", "await"]));
            first.is_some_and(waits) && sent.all(waits)
        })
    }

    fn tidies(&self, file: FileIx, callable: CallableIx, depth: u8, look: &mut Look) -> bool {
        if look.seen.contains(&(file, callable)) {
            return true;
        }
        let Some(facts) = self.facts(file).filter(|_| depth < DEPTH && look.seen.len() < 100) else { return false };
        look.seen.push((file, callable));
        let body = facts[callable].body;
        let calls = facts.exprs_within(body);
        calls.map(|(i, _)| i).all(|expr| self.is_tidy(file, facts, expr, depth, look))
    }

    fn is_tidy(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, depth: u8, look: &mut Look) -> bool {
        let (name, arity) = match &facts[expr].kind {
            ExprKind::Call { name, args, .. } => (name, Some(args.len())),
            ExprKind::MethodRef { name, .. } => (name, None),
            _ => return true,
        };
        let named = |list: &[&str]| list.iter().any(|p| super::glob(p, name));
        let asks = ASKS.iter().any(|p| name.starts_with(p));
        if named(LETS_GO) && self.callee(file, expr).target.is_none() {
            look.fed = true;
            return true;
        }
        let callee = self.callee(file, expr);
        // A client that is let go; a pool or the program itself is another thing.
        let closes = arity == Some(0) && named(&["close", "shutdown", "disconnect"]);
        let ends = |owner: Sym| {
            let closure = self.types.closure(self.catalog, owner);
            closure.iter().any(|s| PARTS.iter().any(|p| super::glob(p, &self.types.name(*s))))
        };
        if closes && callee.target.is_none() && callee.owner.is_some_and(|owner| !ends(owner)) {
            look.fed = true;
            return true;
        }
        let Some(owner) = callee.owner else {
            let ExprKind::Call { base: Some(base), .. } = facts[expr].kind else { return asks };
            let view = matches!(&facts[base].kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "values" | "keySet" | "entrySet"));
            if view && named(TAKES) {
                look.taken.push(file);
                look.fed = true;
                return true;
            }
            // What is worked out from a value of the JDK: `Duration.between(a, b).toMillis()`.
            return asks || named(&["to*"]);
        };
        if let Some((id, target)) = callee.target {
            let target = arity.and_then(|n| self.overload(id, *name, n)).map_or(target, |(_, m)| m);
            return self.is_tidy_here(id, *name, target, asks, depth, look);
        }
        let closure = self.types.closure(self.catalog, owner);
        let is = |list: &[&str]| closure.iter().any(|s| list.iter().any(|p| super::glob(p, &self.types.name(*s))));
        if is(FIGURES) {
            look.fed |= !matches!(name.as_str(), "error" | "isDebugEnabled" | "isInfoEnabled" | "getLogger");
            return true;
        }
        if is(ACTING) {
            return asks && name.as_str() != "get" && !is(&["java.util.function.*"]);
        }
        if is(&["java.io.File", "java.nio.file.Path"]) {
            return asks;
        }
        if !is(LOCAL) {
            return asks || named(&["to*", "format*", "of*", "from*", "parse*", "valueOf"]);
        }
        if is(&["java.util.Collection", "java.util.Map", "java.util.Iterator", "java.util.concurrent.*Queue"]) {
            if named(TAKES) {
                look.taken.push(file);
                look.fed = true;
                return true;
            }
            return !named(FILLS) || self.is_on_local(facts, expr);
        }
        if is(&["java.util.concurrent.atomic.*"]) {
            look.fed |= name.as_str() == "set";
            return true;
        }
        !matches!(name.as_str(), "exit" | "halt" | "notify" | "notifyAll" | "wait" | "load" | "loadLibrary")
    }

    /// A method of the tree: asks for something, or tidies itself; of an interface all that stand behind it.
    fn is_tidy_here(&self, id: TypeId, name: Name, target: CallableIx, asks: bool, depth: u8, look: &mut Look) -> bool {
        let at = self.types[id].file;
        let Some(facts) = self.facts(at) else { return false };
        let open = facts[target].mods.has(Mods::ABSTRACT) || facts[self.types[id].ix].kind == TypeKind::Interface;
        if !open {
            return asks && !self.works(at, target) || self.tidies(at, target, depth + 1, look);
        }
        let kinds = self.types.all_subtypes(id);
        let mut methods = kinds
            .iter()
            .flat_map(|k| self.types.methods(*k, name).iter().map(|m| (self.types[*k].file, *m)))
            .peekable();
        methods.peek().is_some()
            && methods.all(|(f, m)| asks && !self.works(f, m) || self.tidies(f, m, depth + 1, look))
    }

    /// Is the call made on what the method itself has made?
    fn is_on_local(&self, facts: &CodeFacts, call: ExprIx) -> bool {
        let ExprKind::Call { base: Some(base), .. } = facts[call].kind else { return false };
        match facts[base].kind {
            ExprKind::Local(local) => facts[local]
                .init
                .is_some_and(|init| matches!(facts[init].kind, ExprKind::New { .. } | ExprKind::Call { .. })),
            _ => false,
        }
    }

    /// Does each method of the file that looks something up in a field's map, the task's own apart, ask for the age too?
    fn readers_check_age(&self, file: FileIx, task: &[(FileIx, CallableIx)]) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let mut any = false;
        let all = facts.exprs.iter().enumerate().all(|(i, e)| {
            let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return true };
            let method = self.named_callable(file, e.callable);
            let reads = matches!(name.as_str(), "get" | "getOrDefault" | "getIfPresent")
                && self.field_of(file, *base).is_some()
                && self.callee(file, ExprIx(i as u32)).owner.is_some_and(|o| {
                    self.types.closure(self.catalog, o).contains(&Sym::Outside(Name::new("java.util.Map")))
                });
            if !reads || task.contains(&(file, method)) {
                return true;
            }
            any = true;
            let body = facts[method].body;
            facts.exprs.iter().any(|e| {
                body.contains(e.span)
                    && matches!(&e.kind, ExprKind::Call { name, .. } if name.contains("xpire") || name.contains("Stale")
                        || matches!(name.as_str(), "currentTimeMillis" | "nanoTime" | "now"))
            })
        });
        any && all
    }
}
