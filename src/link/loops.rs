//! What a loop is: a daemon, perhaps one, a consumer, or bounded.

use super::Linked;
use crate::facts::code::{Expr, ExprIx, ExprKind, Literal, Loop, LoopExit, LoopForm, Usage};
use crate::rules::model::LoopKind;
use crate::source::FileIx;
use crate::text::Name;

/// Calls that wait for something from outside the loop.
const BLOCKING: &[&str] = &[
    "sleep",
    "take",
    "poll",
    "drain",
    "drainTo",
    "await",
    "accept",
    "receive",
    "select",
    "park",
    "parkNanos",
    "wait",
    "read",
    "readLine",
    "brpop",
    "blpop",
    "xread",
    "xreadGroup",
    "recv",
    "tick",
    "next",
    "interval",
    "join",
    "sleepUninterruptibly",
];

/// Those of them that parsers and iterators have too.
const READS: &[&str] = &["read", "readLine", "next", "accept", "select", "join", "drain", "receive", "tick"];

/// What Rust code awaits to learn what comes next.
const FOLLOWED: &[&str] = &[
    "accept",
    "accept_bi",
    "accept_uni",
    "changed",
    "next",
    "notified",
    "read_datagram",
    "recv",
    "recv_async",
    "recv_from",
    "recv_many",
    "tick",
    "try_next",
];

/// Those that give something as long as somebody sends.
const ENDLESS: &[&str] =
    &["recv", "recv_async", "recv_many", "changed", "tick", "upgrade", "next_message", "accept", "notified"];

/// Calls whose answer says that the program is about to end.
const LIFECYCLE: &[&str] = &[
    "isInterrupted",
    "interrupted",
    "isShutdown",
    "isTerminated",
    "isTerminating",
    "isCancelled",
    "is_cancelled",
    "isClosed",
    "isRunning",
    "isStopped",
    "isStopping",
    "isActive",
    "isAlive",
    "isDestroyed",
    "isStarted",
    "isDone",
    "hasStopped",
];

impl Linked<'_> {
    /// What kind of loop it is; none for bounded ones.
    pub fn loop_kind(&self, file: FileIx, l: &Loop) -> Option<LoopKind> {
        if l.guarded_wait {
            return None;
        }
        if self.is_java(file) { self.java_loop(file, l) } else { self.rust_loop(file, l) }
    }

    fn java_loop(&self, file: FileIx, l: &Loop) -> Option<LoopKind> {
        if l.form == LoopForm::ForEach {
            return None;
        }
        let lifecycle = !l.endless && !l.flags.is_empty() && l.flags.iter().all(|f| self.is_lifecycle(file, *f));
        if !l.endless && !lifecycle {
            return None;
        }
        let local_flag =
            self.facts(file).is_some_and(|f| l.flags.iter().any(|e| matches!(f[*e].kind, ExprKind::Local(_))));
        if local_flag && !self.blocks(file, l) {
            return None;
        }
        match l.exit {
            LoopExit::Never | LoopExit::OnlyLifecycle => Some(LoopKind::Daemon),
            // Reading until an exception ends it is a bounded read unless something blocks by design.
            LoopExit::OnlyThrow if self.blocks(file, l) || self.waits_for_tasks(file, l) => Some(LoopKind::Daemon),
            LoopExit::OnlyThrow => Some(LoopKind::MaybeDaemon),
            // Who asks whether the thread was interrupted means to run as long as it does.
            LoopExit::OnFailure if lifecycle && self.asks_interruption(file, l) => Some(LoopKind::Daemon),
            LoopExit::OnFailure | LoopExit::Conditional if lifecycle => None,
            LoopExit::OnFailure | LoopExit::Conditional => {
                (self.blocks(file, l) && !self.only_reads(file, l)).then_some(LoopKind::MaybeDaemon)
            }
        }
    }

    /// `if (tries == MOST) throw e;`, `if (System.nanoTime() >= deadline) return;`: a number from outside the loop that is
    /// never set anew there, or a time that stands fast, is compared in each round.
    pub fn counts_tries(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let Some(l) = facts.loops.get(ix as usize) else { return false };
        let outer = |e: ExprIx| match facts[e].kind {
            ExprKind::Local(local) => {
                let set = |e: &Expr| e.usage == Usage::ToLocal(local) && l.body.contains(e.span);
                (!l.body.contains(facts[local].span) && !facts.exprs.iter().any(set)).then_some(local)
            }
            _ => None,
        };
        let counted = |e: ExprIx| {
            outer(e).is_some_and(|local| {
                let local = &facts[local];
                local.ty.as_ref().is_some_and(|ty| matches!(ty.name.as_str(), "int" | "long"))
                    && local.init.is_some_and(|init| matches!(facts[init].kind, ExprKind::Literal(Literal::Int(_))))
            })
        };
        let clock = |e: ExprIx| {
            matches!(&facts[e].kind, ExprKind::Call { name, args, .. }
                if args.is_empty() && matches!(name.as_str(), "nanoTime" | "currentTimeMillis" | "now"))
        };
        facts.exprs.iter().filter(|e| l.body.contains(e.span)).any(|e| {
            let ExprKind::Binary { op, left, right } = &e.kind else { return false };
            let orders = matches!(op.as_str(), "<" | ">" | "<=" | ">=");
            (orders || op.as_str() == "==") && (counted(*left) || counted(*right))
                || orders && (clock(*left) && outer(*right).is_some() || outer(*left).is_some() && clock(*right))
        })
    }

    /// Does the loop of a task run for as long as a flag or an interruption lets it, whatever else may end it? (Java)
    pub(super) fn lasts(&self, file: FileIx, l: &Loop) -> bool {
        if !self.is_java(file) || l.form == LoopForm::ForEach || l.guarded_wait {
            return false;
        }
        let asked = || !l.flags.is_empty() && l.flags.iter().all(|f| self.is_lifecycle(file, *f));
        matches!(self.java_loop(file, l), Some(LoopKind::Daemon | LoopKind::Consumer))
            || !l.endless && asked() && (self.asks_interruption(file, l) || self.blocks(file, l))
    }

    fn asks_interruption(&self, file: FileIx, l: &Loop) -> bool {
        let asks = |kind: &ExprKind| matches!(kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "isInterrupted" | "interrupted"));
        self.facts(file).is_some_and(|facts| l.flags.iter().any(|flag| asks(&facts[*flag].kind)))
    }

    /// Reads a stream to its end, and waits for nothing else; a socket's may have none.
    fn only_reads(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let socket =
            facts.imports.iter().any(|i| i.path.ends_with("Socket") || i.wildcard && i.path.as_str() == "java.net");
        let mut waits = facts.exprs.iter().enumerate().filter(|(_, e)| {
            l.body.contains(e.span)
                && matches!(&e.kind, ExprKind::Call { name, .. } if BLOCKING.contains(&name.last_segment()))
        });
        !socket
            && waits.all(|(i, e)| {
                matches!(&e.kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "read" | "readLine"))
                    && self.callee(file, ExprIx(i as u32)).owner.is_some_and(|o| {
                        let closure = self.types.closure(self.catalog, o);
                        closure.iter().any(|s| self.types.name(*s).starts_with("java.io."))
                    })
            })
    }

    /// `while (true) { publish(task.get()); }`
    fn waits_for_tasks(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.exprs.iter().enumerate().any(|(i, e)| {
            l.body.contains(e.span)
                && matches!(&e.kind, ExprKind::Call { name, .. } if name.as_str() == "get")
                && self.callee(file, ExprIx(i as u32)).owner.is_some_and(|o| {
                    let closure = self.types.closure(self.catalog, o);
                    closure.iter().any(|s| self.types.name(*s).as_str() == "java.util.concurrent.Future")
                })
        })
    }

    fn rust_loop(&self, file: FileIx, l: &Loop) -> Option<LoopKind> {
        match l.form {
            LoopForm::WhileLet => {
                let source = self.source_call(file, l.source?)?;
                if self.reads_own_tasks(file, l)
                    || self.reads_for_its_caller(file, l)
                    || self.reads_a_result(file, l)
                    || self.reads_its_function(file, l)
                    || self.reads_what_is_left(file, l)
                {
                    return None;
                }
                let endless = |name: &str| ENDLESS.contains(&name);
                if endless(source.last_segment()) || self.takes_from_shared(file, l.source?, &endless) {
                    return Some(LoopKind::Consumer);
                }
                self.awaits_what_comes(file, l.source?).then_some(LoopKind::Follows)
            }
            LoopForm::Loop | LoopForm::While => {
                let flag = !l.endless && !l.flags.is_empty() && l.flags.iter().all(|f| self.is_lifecycle(file, *f));
                if !l.endless && !flag {
                    return self.asks_what_comes(file, l).then_some(LoopKind::Consumer);
                }
                match l.exit {
                    LoopExit::Never | LoopExit::OnlyLifecycle => Some(LoopKind::Daemon),
                    // Nothing but a failure ends it, and it waits each time: `loop { handle(rx.recv().await?); }`.
                    LoopExit::OnlyThrow if self.waits(file, l) => Some(LoopKind::Daemon),
                    LoopExit::OnlyThrow if self.blocks(file, l) => Some(LoopKind::MaybeDaemon),
                    _ => self.follows(file, l).then_some(LoopKind::Follows),
                }
            }
            _ => None,
        }
    }

    /// `rx.recv().preemptible(&mut end).await`; not an iterator's `next()`, which nobody awaits.
    fn awaits_what_comes(&self, file: FileIx, source: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|facts| facts[source].usage == Usage::Awaited) else { return false };
        let mut at = source;
        while let ExprKind::Call { base: Some(base), name, .. } = &facts[at].kind {
            if FOLLOWED.contains(&name.as_str()) {
                return true;
            }
            at = *base;
        }
        false
    }

    /// `while rx.recv().await.is_ok() { … }`: the condition waits, and whoever sends says how long it goes on.
    fn asks_what_comes(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        facts.exprs.iter().any(|e| {
            e.span.start >= l.span.start
                && e.span.end <= l.body.start
                && e.usage == Usage::Awaited
                && matches!(&e.kind, ExprKind::Call { base: Some(_), name, .. } if ENDLESS.contains(&name.as_str()))
        })
    }

    /// Does a Rust loop wait for a channel, a connection or the clock in each round?
    fn follows(&self, file: FileIx, l: &Loop) -> bool {
        self.facts(file).is_some_and(|facts| {
            facts.exprs.iter().any(|e| {
                l.body.contains(e.span)
                    && e.callable == l.callable
                    && match &e.kind {
                        ExprKind::Call { base: None, name, .. } => {
                            matches!(name.last_segment(), "sleep" | "sleep_until")
                        }
                        // Awaited at once, or as `rx.recv().preemptible(&mut end).await`.
                        ExprKind::Call { base: Some(_), name, .. } => {
                            FOLLOWED.contains(&name.as_str())
                                && matches!(e.usage, Usage::Awaited | Usage::Base(_) | Usage::Argument(..))
                        }
                        ExprKind::Macro { name, .. } => name.last_segment() == "select",
                        _ => false,
                    }
            })
        })
    }

    /// `Jobs::next_job().await`, which locks a channel of the whole process and takes from it.
    fn takes_from_shared(&self, file: FileIx, source: ExprIx, endless: &dyn Fn(&str) -> bool) -> bool {
        let Some(ExprKind::Call { base: None, .. }) = self.facts(file).map(|f| &f[source].kind) else { return false };
        let Some((home, function)) = self.rust_target(file, source) else { return false };
        let Some(there) = self.facts(home) else { return false };
        let body = there[function].body;
        let within = |span: crate::text::Span| body.contains(span);
        let calls = |wanted: &dyn Fn(&str) -> bool| {
            there.exprs.iter().any(
                |e| matches!(&e.kind, ExprKind::Call { base: Some(_), name, .. } if within(e.span) && wanted(name)),
            )
        };
        calls(endless) && calls(&|name| name == "lock") && !there.loops.iter().any(|l| within(l.span))
    }

    /// The name of the call whose value a loop takes.
    fn source_call(&self, file: FileIx, expr: ExprIx) -> Option<Name> {
        match &self.facts(file)?[expr].kind {
            ExprKind::Call { name, .. } => Some(*name),
            _ => None,
        }
    }

    /// Does the expression ask whether the program goes on? A field (any name), or a call that says so.
    fn is_lifecycle(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        match &facts[expr].kind {
            // The parser lets only locals through that are named like the flag of a thread.
            ExprKind::Local(_) => self.is_java(file),
            ExprKind::Name(_) => self.flag_field(file, expr),
            ExprKind::Select { .. } => self.flag_field(file, expr) || !self.is_java(file),
            ExprKind::Call { base, name, .. } => {
                if LIFECYCLE.contains(&name.as_str()) {
                    return true;
                }
                // `running.get()`, `stop.load(..)` on a flag that is a field.
                let reads = matches!(name.as_str(), "get" | "load" | "getAcquire" | "getPlain");
                // The parser lets only those locals through that are flags of who handed the loop over.
                let local = |b: ExprIx| matches!(facts[b].kind, ExprKind::Local(_));
                reads && base.is_some_and(|b| self.flag_field(file, b) || local(b) || !self.is_java(file))
            }
            _ => false,
        }
    }

    /// A field that can hold a flag: boolean, `AtomicBoolean`.
    fn flag_field(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some((owner, field)) = self.field_of(file, expr) else { return false };
        let Some(facts) = self.facts(owner) else { return false };
        matches!(facts[field].ty.name.last_segment(), "boolean" | "Boolean" | "AtomicBoolean")
    }

    /// Does a Rust loop wait for time or for others each time round?
    fn waits(&self, file: FileIx, l: &Loop) -> bool {
        const WAITING: &[&str] =
            &["sleep", "sleep_until", "recv", "recv_from", "tick", "accept", "receive", "xread", "brpop", "blpop"];
        self.facts(file).is_some_and(|facts| {
            facts.exprs.iter().any(|e| {
                l.body.contains(e.span)
                    && match &e.kind {
                        ExprKind::Call { name, .. } => WAITING.contains(&name.last_segment()),
                        ExprKind::Macro { name, .. } => name.last_segment() == "select",
                        _ => false,
                    }
            })
        })
    }

    fn blocks(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.exprs.iter().enumerate().any(|(i, e)| {
            l.body.contains(e.span)
                && match &e.kind {
                    ExprKind::Call { name, .. } => {
                        BLOCKING.contains(&name.last_segment())
                            && !(READS.contains(&name.as_str()) && self.is_own_and_quick(file, ExprIx(i as u32)))
                            && !self.only_looks(file, ExprIx(i as u32))
                    }
                    _ => false,
                }
        })
    }

    /// `queue.poll()` waits for nothing.
    fn only_looks(&self, file: FileIx, call: ExprIx) -> bool {
        let kind = self.facts(file).map(|facts| &facts[call].kind);
        matches!(kind, Some(ExprKind::Call { name, args, .. }) if name.as_str() == "poll" && args.is_empty())
            && self.is_java(file)
            && self.callee(file, call).owner.is_some_and(|owner| {
                let closure = self.types.closure(self.catalog, owner);
                closure.iter().any(|s| self.types.name(*s).starts_with("java.util."))
            })
    }

    /// A method of the workspace of such a name that waits for nothing: a parser's `read`.
    fn is_own_and_quick(&self, file: FileIx, call: ExprIx) -> bool {
        let Some((owner, target)) = self.callee(file, call).target else { return false };
        let at = self.types[owner].file;
        self.facts(at).is_some_and(|f| {
            let body = f[target].body;
            body.start < body.end
                && !f.exprs.iter().any(|e| {
                    body.contains(e.span)
                        && matches!(&e.kind, ExprKind::Call { name, .. } if BLOCKING.contains(&name.as_str()))
                })
        })
    }
}
