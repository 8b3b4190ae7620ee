//! What the work at a place comes to: the calls of a loop, or of the task that a call starts.

use rustc_hash::FxHashSet;

use super::super::Linked;
use super::paths::Item;
use super::roles::starts_task;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, LocalIx, Loop, Mods, Usage};
use crate::rules::model::LoopKind;
use crate::source::FileIx;
use crate::text::{Name, Span};

/// More calls than this are no small work.
const MAX_CALLS: usize = 256;
/// Parts of the names of functions that ask whether the process is about to end.
const SHUTTING_DOWN: &[&str] = &["shutting_down", "shutdown_requested", "is_terminating", "is_stopping"];

impl Linked<'_> {
    /// What a Rust loop calls, condition included, functions of the tree looked into.
    pub fn rust_work_of_loop(&self, file: FileIx, ix: u32, known: &dyn Fn(&str) -> bool) -> Vec<Name> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        self.rust_work_within(file, &[whole(&facts.loops[ix as usize])], known)
    }

    /// What the task calls that a Rust call starts; for a timer what the loops of its function call that tick.
    pub fn rust_work_of_call(&self, file: FileIx, call: ExprIx, known: &dyn Fn(&str) -> bool) -> Vec<Name> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return Vec::new() };
        let target = self.rust.callee(file, call).and_then(|c| c.target);
        if target.is_some_and(|t| self.rust.wrappers.contains_key(&t)) || starts_task(&self.rust_callee(file, call)) {
            let spans: Vec<Span> = args.iter().map(|arg| task_span(facts, *arg)).collect();
            if args.iter().any(|arg| self.is_made_value(file, facts, *arg)) {
                // An actor: what it does stands in its methods.
                return vec![Name::new("spawn")];
            }
            return self.rust_work_within(file, &spans, known);
        }
        // `period.map(|p| interval(p))`: the function that keeps what the closure makes.
        let kept = self.value_local(file, facts, call);
        let around = kept.map_or(facts[call].callable, |local| facts[local].callable);
        let loops: Vec<Span> = facts
            .loops
            .iter()
            .filter(|l| within(facts, l.callable, around) && l.body.start > facts[call].span.start)
            .map(|l| Span { start: l.span.start, end: l.body.end })
            .collect();
        let mut arms = self.timer_arms(file, facts, call, &loops);
        // `_ = interval.tick() => {}`: what is done each time stands below.
        let acts = |e: &crate::facts::code::Expr| matches!(e.kind, ExprKind::Call { .. } | ExprKind::Macro { .. });
        if !facts.exprs.iter().any(|e| acts(e) && arms.iter().any(|arm| arm.contains(e.span))) {
            arms.clear();
        }
        self.rust_work_within(file, if arms.is_empty() { &loops } else { &arms }, known)
    }

    /// The local that a value ends up in, through adapters and closures: `IntervalStream::new(interval(period)).fuse()`.
    fn value_local(&self, file: FileIx, facts: &CodeFacts, value: ExprIx) -> Option<LocalIx> {
        let mut at = value;
        for _ in 0..16 {
            at = match facts[at].usage {
                Usage::ToLocal(local) => return Some(local),
                Usage::Base(call) | Usage::Argument(call, _) => call,
                Usage::Returned if facts[facts[at].callable].name.is_empty() => {
                    self.lambda_argument(file, facts[at].callable)?.0
                }
                _ => return None,
            };
        }
        None
    }

    /// A value that a function of the tree makes, neither a future nor something to call.
    fn is_made_value(&self, file: FileIx, facts: &CodeFacts, arg: ExprIx) -> bool {
        let made = match facts[arg].kind {
            ExprKind::Local(local) => facts[local].init,
            _ => Some(arg),
        };
        let Some(target) = made.and_then(|made| self.rust.callee(file, made)?.target) else { return false };
        let Some(there) = self.facts(target.0) else { return false };
        let function = &there[target.1];
        let own = |ty: &crate::facts::code::TypeRef| {
            ty.name.as_str() == "Self" || function.self_type.as_ref().is_some_and(|this| this.name == ty.name)
        };
        !function.mods.has(Mods::ASYNC) && function.returns.as_ref().is_some_and(own)
    }

    /// The arms of `select!` within these loops that a timer's ticks lead to.
    fn timer_arms(&self, file: FileIx, facts: &CodeFacts, timer: ExprIx, loops: &[Span]) -> Vec<Span> {
        let Some(timer) = self.value_local(file, facts, timer) else { return Vec::new() };
        let mut arms = Vec::new();
        for expr in facts.exprs.iter().filter(|e| loops.iter().any(|l| l.contains(e.span))) {
            let ExprKind::Macro { name, args } = &expr.kind else { continue };
            if !name.last_segment().starts_with("select") {
                continue;
            }
            for (i, arm) in args.iter().enumerate() {
                let ticks = self.rust.uses(file, timer).iter().any(|u| facts[*arm].span.contains(facts[*u].span));
                let end = args.get(i + 1).map_or(expr.span.end, |next| facts[*next].span.start);
                if ticks && facts[*arm].span.end < end {
                    arms.push(Span { start: facts[*arm].span.end, end });
                }
            }
        }
        arms
    }

    /// Does the task that a Rust call starts consist of a loop that runs as long as the process?
    pub fn starts_loop(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
        args.iter().any(|arg| {
            let target = self.rust.callee(file, *arg).and_then(|c| c.target);
            let (home, span) = match target.and_then(|(home, ix)| Some((home, self.facts(home)?[ix].body))) {
                Some(there) => there,
                None => (file, task_span(facts, *arg)),
            };
            let Some(facts) = self.facts(home) else { return false };
            facts.loops.iter().any(|l| {
                span.contains(l.body) && matches!(self.loop_kind(home, l), Some(LoopKind::Daemon | LoopKind::Consumer))
            })
        })
    }

    /// Does the function start what it is given?
    pub fn is_rust_wrapper(&self, file: FileIx, function: CallableIx) -> bool {
        self.rust.wrappers.contains_key(&(file, function))
    }

    /// Does a Rust loop answer through a channel that came with the work?
    pub fn rust_loop_answers(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let all = whole(&facts.loops[ix as usize]);
        self.answers_within(file, facts, all)
            || self.takes_questions(file, facts, all) && sends(facts, all)
            || self.takes_senders(file, facts, all)
            || self.renews_a_state(facts, all)
            || self
                .rust_stretches_of_loop(file, ix)
                .into_iter()
                .any(|(home, span)| self.answers_what_it_takes(home, span))
    }

    /// Does the task that a Rust call starts do so?
    pub fn rust_task_answers(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
        self.starts_an_answerer(file, call)
            || args.iter().any(|arg| {
                let span = task_span(facts, *arg);
                // One that goes round: what sends a single result is waited for in other ways.
                facts.loops.iter().any(|l| span.contains(l.body) && self.answers_within(file, facts, whole(l)))
            })
            || self.rust_stretches_of_task(file, call).into_iter().skip(1).any(|(home, span)| {
                // `spawn(move || work_off(receiver))`: the loop stands in the function.
                let Some(there) = self.facts(home) else { return false };
                let takes = |l: &Loop| {
                    matches!(l.source.map(|s| &there[s].kind), Some(ExprKind::Call { name, .. })
                        if matches!(name.as_str(), "blocking_recv" | "recv_blocking"))
                };
                there.loops.iter().any(|l| {
                    span.contains(l.body)
                        && takes(l)
                        && (self.answers_within(home, there, whole(l))
                            || self.takes_questions(home, there, whole(l)) && sends(there, whole(l)))
                })
            })
    }

    /// Does a stretch take messages that bring the sender for their answer?
    fn takes_questions(&self, file: FileIx, facts: &CodeFacts, span: Span) -> bool {
        facts.exprs.iter().any(|e| {
            let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
            span.contains(e.span)
                && matches!(
                    name.as_str(),
                    "recv" | "recv_async" | "next" | "recv_many" | "blocking_recv" | "recv_blocking"
                )
                && self.rust.type_of(file, *base).is_some_and(|ty| ty.args.iter().any(|a| self.brings_a_sender(a.name)))
        })
    }

    /// `while let Some((key, reply)) = asked.recv().await`: the message is the sender for the answer, or a pair with it.
    fn takes_senders(&self, file: FileIx, facts: &CodeFacts, span: Span) -> bool {
        let is_sender = |ty: &super::types::Rt| ty.name.contains("oneshot") && ty.name.last_segment() == "Sender";
        facts.exprs.iter().any(|e| {
            let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
            span.contains(e.span)
                && matches!(name.as_str(), "recv" | "recv_async" | "next")
                && self.rust.type_of(file, *base).is_some_and(|ty| {
                    ty.args.iter().any(|a| is_sender(a) || a.name.as_str() == "()" && a.args.iter().any(is_sender))
                })
        })
    }

    /// `let asked = state.subscribe(); loop { asked.wait_for(…); state.send_modify(…) }`: a worker that puts a shared state
    /// right when it is asked to, while those who want the state wait for it.
    fn renews_a_state(&self, facts: &CodeFacts, span: Span) -> bool {
        let on = |wanted: &dyn Fn(&str) -> bool| -> Vec<LocalIx> {
            let calls = facts.exprs_within(span).map(|(_, e)| e);
            calls
                .filter_map(|e| match &e.kind {
                    ExprKind::Call { base: Some(base), name, .. } if wanted(name) => match facts[*base].kind {
                        ExprKind::Local(local) => Some(local),
                        _ => None,
                    },
                    _ => None,
                })
                .collect()
        };
        let senders = on(&|name| matches!(name, "send_modify" | "send_replace" | "send_if_modified"));
        let asked = on(&|name| matches!(name, "wait_for" | "changed"));
        asked.iter().any(|receiver| {
            let Some(ExprKind::Call { base: Some(base), name, .. }) = facts[*receiver].init.map(|i| &facts[i].kind)
            else {
                return false;
            };
            name.as_str() == "subscribe" && matches!(facts[*base].kind, ExprKind::Local(l) if senders.contains(&l))
        })
    }

    /// `handles.push(spawn(work(token)))`, twice in one function: do both calls start the same function with as much?
    pub fn starts_alike(&self, file: FileIx, one: ExprIx, other: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let started = |call: ExprIx| match &facts[call].kind {
            ExprKind::Call { args, .. } => match args.last().map(|arg| &facts[*arg].kind) {
                Some(ExprKind::Call { base: None, name, args }) => Some((*name, args.len())),
                _ => None,
            },
            _ => None,
        };
        starts_task(&self.rust_callee(file, one)) && started(one).is_some() && started(one) == started(other)
    }

    /// Does the function that starts a task abort it as well?
    pub fn is_aborted_here(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let Usage::ToLocal(handle) = facts[call].usage else { return false };
        self.rust.uses(file, handle).iter().any(|used| match facts[*used].usage {
            // Another task may do so after the function has ended.
            Usage::Base(end) if facts[end].callable == facts[call].callable => {
                matches!(&facts[end].kind, ExprKind::Call { name, .. } if name.as_str() == "abort")
            }
            _ => false,
        })
    }

    /// Does a place stand in what an `if` runs only when the process is about to end: `if is_shutting_down() { … }`?
    pub fn is_while_shutting_down(&self, file: FileIx, at: Span) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let asks = |e: &crate::facts::code::Expr| match &e.kind {
            ExprKind::Call { name, .. } => {
                e.usage == Usage::Other && SHUTTING_DOWN.iter().any(|part| name.last_segment().contains(part))
            }
            _ => false,
        };
        facts.exprs.iter().enumerate().filter(|(_, e)| e.span.end <= at.start && asks(e)).any(|(i, e)| {
            let turned = |other: &crate::facts::code::Expr| match other.kind {
                ExprKind::Unary { base, .. } => base == ExprIx(i as u32),
                ExprKind::Binary { left, right, .. } => left == ExprIx(i as u32) || right == ExprIx(i as u32),
                _ => false,
            };
            // The arm that follows at once.
            let arms = facts.branches.iter().filter_map(|arms| arms.first());
            arms.filter(|arm| arm.start >= e.span.end && arm.contains(at)).any(|arm| {
                let between =
                    |other: &crate::facts::code::Expr| other.span.start >= e.span.end && other.span.end <= arm.start;
                !facts.exprs.iter().any(|other| between(other) || turned(other))
            })
        })
    }

    /// A method whose argument brings the sender for its answer, and that sends.
    fn answers_what_it_takes(&self, file: FileIx, span: Span) -> bool {
        let Some(facts) = self.facts(file).filter(|facts| sends(facts, span)) else { return false };
        facts.callables.iter().filter(|c| c.body == span).any(|c| {
            c.params.iter().filter_map(|p| facts[*p].ty.as_ref()).any(|ty| {
                let ty = self.rust_written_type(file, ty);
                self.brings_a_sender(ty.name)
            })
        })
    }

    /// A type of the tree with a field that holds the sender of a single answer.
    fn brings_a_sender(&self, ty: Name) -> bool {
        let is_sender = |ty: &Name| ty.contains("oneshot");
        // `struct Reply(oneshot::Sender<…>)` as a part of the message.
        let wraps_one = |ty: &Name| {
            let within = self.types_within(*ty);
            within.len() <= 3 && within.iter().any(is_sender)
        };
        self.types_within(ty).iter().any(|ty| is_sender(ty) || wraps_one(ty))
    }

    /// The types of the fields of a type of the tree.
    fn types_within(&self, ty: Name) -> Vec<Name> {
        let Some(Item::Type(home, ix)) = self.rust.paths.item(ty) else { return Vec::new() };
        let Some(there) = self.facts(home) else { return Vec::new() };
        let fields = there.fields.iter().enumerate().filter(|(_, f)| f.owner == Some(ix));
        fields.flat_map(|(i, _)| self.rust_field_types(home, FieldIx(i as u32))).collect()
    }

    fn answers_within(&self, file: FileIx, facts: &CodeFacts, body: Span) -> bool {
        facts.exprs.iter().any(|e| {
            let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
            if !body.contains(e.span) || name.as_str() != "send" {
                return false;
            }
            let typed = || self.rust_type_of(file, *base).is_some_and(|ty| ty.contains("oneshot"));
            match &facts[*base].kind {
                // Made outside of the loop it would be a channel like any other.
                ExprKind::Local(local) => {
                    body.contains(facts[*local].span) && (names_answer(&facts[*local].name) || typed())
                }
                ExprKind::Select { name, .. } => names_answer(name) || typed(),
                _ => false,
            }
        })
    }

    /// A method of a trait that only fails, or does nothing, says nothing of what a call of it does where others implement it.
    fn others_of_the_trait(&self, (file, at): (FileIx, CallableIx), facts: &CodeFacts) -> Vec<(FileIx, CallableIx)> {
        let function = &facts[at];
        let in_trait = function.of_trait.as_ref().map(|ty| ty.name.last_segment());
        let Some(wanted) = in_trait.filter(|_| self.only_gives_up(file, facts, function.body)) else {
            return Vec::new();
        };
        let fits = |(home, other): &(FileIx, CallableIx)| {
            (*home, *other) != (file, at)
                && !self.rust.home(*home).test
                && self.facts(*home).is_some_and(|there| {
                    there[*other].params.len() == function.params.len()
                        && there[*other].of_trait.as_ref().is_some_and(|ty| ty.name.last_segment() == wanted)
                })
        };
        self.rust.declared.named(function.name).iter().filter(|one| fits(one)).take(8).copied().collect()
    }

    /// Does a body do nothing, or only fail?
    fn only_gives_up(&self, file: FileIx, facts: &CodeFacts, body: Span) -> bool {
        facts.exprs_within(body).all(|(i, e)| match &e.kind {
            ExprKind::Call { name, .. } | ExprKind::Macro { name, .. } => {
                let made = self.rust.callee(file, i).is_none_or(|c| c.target.is_none());
                let variant = name.as_str().contains("::") && name.last_segment().starts_with(char::is_uppercase);
                made && (variant || IDLE.contains(&name.last_segment()))
            }
            _ => e.usage != Usage::Awaited,
        })
    }

    fn rust_work_within(&self, file: FileIx, spans: &[Span], known: &dyn Fn(&str) -> bool) -> Vec<Name> {
        let mut out = Vec::new();
        let mut seen: FxHashSet<(FileIx, CallableIx)> = FxHashSet::default();
        let mut open: Vec<(FileIx, Span, u8)> = spans.iter().map(|s| (file, *s, 0)).collect();
        while let Some((file, span, depth)) = open.pop() {
            let Some(facts) = self.facts(file) else { continue };
            for (i, expr) in facts.exprs_within(span) {
                let name = match &expr.kind {
                    ExprKind::Call { name, .. } | ExprKind::Macro { name, .. } => *name,
                    // A future from elsewhere may do anything.
                    ExprKind::Local(local) if expr.usage == Usage::Awaited => {
                        let inside = facts[*local].init.is_some_and(|init| span.contains(facts[init].span));
                        out.extend((!inside).then(|| Name::new("await")));
                        continue;
                    }
                    ExprKind::Select { .. } if expr.usage == Usage::Awaited => Name::new("await"),
                    _ => continue,
                };
                let callee = self.rust.callee(file, i);
                if let Some(target) = callee.and_then(|c| c.target)
                    && depth < 3
                    && !callee.is_some_and(|c| known(&c.path))
                    && let Some(there) = self.facts(target.0)
                {
                    if seen.insert(target) {
                        open.push((target.0, there[target.1].body, depth + 1));
                    }
                    for (home, other) in self.others_of_the_trait(target, there) {
                        let body = self.facts(home).map(|facts| facts[other].body);
                        open.extend(body.filter(|_| seen.insert((home, other))).map(|body| (home, body, depth + 1)));
                    }
                    continue;
                }
                let path = callee.map(|c| c.path).filter(|p| !p.is_empty());
                let called = path.unwrap_or(name);
                if !out.contains(&called) {
                    out.push(called);
                }
                if out.len() > MAX_CALLS || seen.len() > MAX_CALLS {
                    return Vec::new();
                }
            }
        }
        out
    }
}

/// Calls of a body that does nothing but fail or give a constant.
const IDLE: &[&str] = &[
    "Err",
    "Ok",
    "Some",
    "to_string",
    "into",
    "to_owned",
    "from",
    "new",
    "format",
    "anyhow",
    "bail",
    "unimplemented",
    "unreachable",
    "todo",
    "panic",
    "default",
    "not_supported",
    "unsupported",
];

/// `sender.send(…)` on what the stretch itself brings.
fn sends(facts: &CodeFacts, span: Span) -> bool {
    facts.exprs.iter().any(|e| {
        let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
        span.contains(e.span)
            && name.as_str() == "send"
            && match facts[*base].kind {
                ExprKind::Local(local) => span.contains(facts[local].span),
                ExprKind::Select { .. } => true,
                _ => false,
            }
    })
}

/// Condition or source, and body.
pub(super) fn whole(one: &Loop) -> Span {
    Span { start: one.span.start.min(one.body.start), end: one.body.end.max(one.span.end) }
}

/// `reply_tx`, `callback`, `respond_to`.
fn names_answer(name: &str) -> bool {
    let words = ["cb", "callback", "reply", "resp", "respond", "responder", "response", "answer", "oneshot", "ack"];
    name.split('_').any(|word| words.contains(&word))
}

/// The text of what is started: the argument, or the block that a local stands for.
pub(super) fn task_span(facts: &CodeFacts, arg: ExprIx) -> Span {
    match facts[arg].kind {
        ExprKind::Local(local) => match facts[local].init {
            Some(init) => facts[init].span,
            None => facts[arg].span,
        },
        _ => facts[arg].span,
    }
}

/// Is a callable this one, or written in it?
fn within(facts: &CodeFacts, callable: CallableIx, around: CallableIx) -> bool {
    let mut at = Some(callable);
    for _ in 0..64 {
        match at {
            Some(here) if here == around => return true,
            Some(here) => at = facts[here].outer,
            None => return false,
        }
    }
    false
}
