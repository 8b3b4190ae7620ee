//! What runs at a loop or in a task, and where the values come from that it waits for.
//!
//! A loop over the messages of a subscription, and the task around the loop, are one thing with the
//! subscription: rules that tell the one look here for the other.

use rustc_hash::FxHashSet;

use super::super::Linked;
use super::paths::Item;
use super::roles::starts_task;
use super::work::{task_span, whole};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, LocalIx, Usage};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// Text that runs in a row, by file.
pub type Stretch = (FileIx, Span);

/// A local, with the steps that led to it.
type Value = (FileIx, LocalIx, u8);

/// Values are followed through so many locals; a parameter counts twice.
const MAX_STEPS: u8 = 6;
/// More stretches than this are no small work.
const MAX_STRETCHES: usize = 96;
/// Values are followed through so many locals, parameters and fields.
const MAX_VALUES: usize = 96;
/// Calls of one function beyond this say nothing about its parameters.
const MAX_CALLERS: usize = 12;

/// The file of an actor's type, its name, and its handlers by their messages.
type Actor = (FileIx, Name, Vec<(Name, CallableIx)>);

/// Calls that wait for what comes from a listener, timer or connection.
const READS: &[&str] = &[
    "next",
    "try_next",
    "next_message",
    "select_next_some",
    "poll",
    "poll_next",
    "poll_next_unpin",
    "recv",
    "recv_async",
    "recv_timeout",
    "try_recv",
    "receive",
    "receive_all",
    "receive_messages",
    "accept",
    "tick",
    "changed",
    "for_each",
    "for_each_concurrent",
    "try_for_each",
    "try_for_each_concurrent",
    "take_until",
    "recv_from",
    "recv_buf_from",
    "serve_connection",
    "serve_connection_with_upgrades",
];

impl Linked<'_> {
    /// What a Rust loop runs, calls of the tree's own functions looked into. Tasks that it starts are left out.
    pub fn rust_stretches_of_loop(&self, file: FileIx, ix: u32) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        self.rust_stretches(vec![(file, whole(&facts.loops[ix as usize]), 0)], 2)
    }

    /// The same for the task that a call starts.
    pub fn rust_stretches_of_task(&self, file: FileIx, call: ExprIx) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return Vec::new() };
        let spans = args.iter().map(|arg| (file, task_span(facts, *arg), 0)).collect();
        self.rust_stretches(spans, 3)
    }

    /// The same from the given stretches on.
    pub fn rust_stretches_from(&self, from: &[Stretch]) -> Vec<Stretch> {
        self.rust_stretches(from.iter().map(|(file, span)| (*file, *span, 0)).collect(), 2)
    }

    /// Does a Rust call start a task with what it is given?
    pub fn starts_rust_task(&self, file: FileIx, call: ExprIx) -> bool {
        let callee = self.rust.callee(file, call);
        callee.is_some_and(|c| match c.target {
            Some(target) => self.rust.wrappers.contains_key(&target),
            None => starts_task(&c.path),
        })
    }

    /// Does the loop do little but call what goes on for ever: restart, log, count and sleep?
    pub fn only_restarts(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let l = &facts.loops[ix as usize];
        // `let task = spawn(…); match task.await { Err(e) if e.is_panic() => …, _ => unreachable!() }`.
        let tasks: Vec<Span> = facts
            .exprs
            .iter()
            .enumerate()
            .filter(|(i, e)| {
                l.body.contains(e.span)
                    && self.starts_rust_task(file, ExprIx(*i as u32))
                    && self.is_awaited_by_name(file, facts, e, l.body)
            })
            .map(|(_, e)| e.span)
            .collect();
        let in_task = |e: &Expr| tasks.iter().any(|task| task.contains(e.span));
        let calls = facts.exprs.iter().enumerate().filter(|(_, e)| {
            l.body.contains(e.span)
                && matches!(e.kind, ExprKind::Call { .. })
                && e.usage == Usage::Awaited
                && !in_task(e)
        });
        let mut own = tasks.len();
        for (i, e) in calls {
            let ExprKind::Call { name, .. } = &e.kind else { continue };
            if !self.rust_targets(file, ExprIx(i as u32), *name).is_empty() {
                own += 1;
            } else if !matches!(
                name.last_segment(),
                "sleep" | "sleep_until" | "tick" | "recv" | "cancelled" | "changed"
            ) {
                return false;
            }
        }
        own == 1
    }

    fn rust_stretches(&self, mut open: Vec<(FileIx, Span, u8)>, deep: u8) -> Vec<Stretch> {
        let mut out: Vec<Stretch> = Vec::new();
        let mut seen: FxHashSet<Stretch> = FxHashSet::default();
        while let Some((file, span, depth)) = open.pop() {
            if !seen.insert((file, span)) {
                continue;
            }
            out.push((file, span));
            if out.len() > MAX_STRETCHES {
                break;
            }
            let Some(facts) = self.facts(file).filter(|_| depth < deep) else { continue };
            let tasks = self.tasks_within(file, facts, span);
            for (i, expr) in facts.exprs_within(span) {
                let ExprKind::Call { name, .. } = &expr.kind else { continue };
                if tasks.iter().any(|t| t.contains(expr.span)) {
                    continue;
                }
                let targets = self.rust_targets(file, i, *name);
                // Of a namesake elsewhere nobody knows whether it is meant.
                let known = self.rust.callee(file, i).is_some_and(|c| c.target.is_some());
                let one_here = targets.len() == 1 && targets[0].0 == file;
                if !known && !one_here {
                    continue;
                }
                for (home, target) in targets {
                    if let Some(there) = self.facts(home).filter(|_| !self.rust.home(home).test) {
                        open.push((home, there[target].body, depth + 1));
                    }
                }
            }
        }
        out
    }

    /// The text of the tasks that are started within a stretch.
    pub fn tasks_within(&self, file: FileIx, facts: &CodeFacts, span: Span) -> Vec<Span> {
        let mut out = Vec::new();
        for (i, expr) in facts.exprs.iter().enumerate().filter(|(_, e)| span.contains(e.span) && e.span != span) {
            let ExprKind::Call { args, .. } = &expr.kind else { continue };
            // `spawn_blocking(…).await` runs in place.
            let in_place = expr.usage == Usage::Awaited
                || self.is_awaited_by_name(file, facts, expr, span)
                || self.helper_waits(file, ExprIx(i as u32));
            if !in_place && self.starts_rust_task(file, ExprIx(i as u32)) {
                out.extend(args.iter().map(|a| task_span(facts, *a)).filter(|s| *s != span));
            }
        }
        out
    }

    /// Does the helper that a call hands a task to wait for its end itself?
    fn helper_waits(&self, file: FileIx, call: ExprIx) -> bool {
        let target = self.rust.callee(file, call).and_then(|c| c.target);
        let Some((home, helper)) = target.filter(|t| self.rust.wrappers.contains_key(t)) else { return false };
        let Some(there) = self.facts(home) else { return false };
        let body = there[helper].body;
        there.exprs_within(body).any(|(i, _)| {
            let callee = self.rust.callee(home, i);
            callee.is_some_and(|c| c.target.is_none() && starts_task(&c.path))
                && self.value_is_waited_for(home, there, i, 0)
        })
    }

    /// `let task = spawn_blocking(…); task.await`, both in the stretch.
    fn is_awaited_by_name(&self, file: FileIx, facts: &CodeFacts, task: &Expr, span: Span) -> bool {
        let Usage::ToLocal(handle) = task.usage else { return false };
        let awaited = |used: &ExprIx| facts[*used].usage == Usage::Awaited && span.contains(facts[*used].span);
        self.rust.uses(file, handle).iter().any(awaited)
    }

    /// Where the values come from that a stretch reads from: texts that made them, and calls on them.
    pub fn sources_of(&self, stretches: &[Stretch]) -> Vec<Stretch> {
        let mut out: Vec<Stretch> = Vec::new();
        let mut open: Vec<Value> = Vec::new();
        let mut seen: FxHashSet<(FileIx, LocalIx)> = FxHashSet::default();
        for (file, span) in stretches {
            let Some(facts) = self.facts(*file) else { continue };
            for expr in facts.exprs_within(*span).map(|(_, e)| e) {
                let ExprKind::Call { base: Some(base), name, .. } = &expr.kind else { continue };
                if !READS.contains(&name.as_str()) {
                    continue;
                }
                match self.rust_root(facts, *base) {
                    Root::Local(local) => open.push((*file, local, 0)),
                    Root::This => out.extend(self.methods_beside(*file, facts, expr.callable)),
                    Root::None => {}
                }
            }
        }
        // The nearest first.
        let mut next = 0;
        while let Some((file, local, steps)) = open.get(next).copied() {
            next += 1;
            if steps > MAX_STEPS || !seen.insert((file, local)) {
                continue;
            }
            if seen.len() > MAX_VALUES {
                break;
            }
            let Some(facts) = self.facts(file) else { continue };
            // `client.subscribe(…)`: calls on the value, or on what was made with it.
            let mates: &[LocalIx] = facts[local]
                .init
                .and_then(|init| self.rust.inferred.get(file.0 as usize)?.bound.get(&init))
                .map_or(&[], Vec::as_slice);
            for mate in std::iter::once(&local).chain(mates) {
                for used in self.rust.uses(file, *mate) {
                    if let Usage::Base(call) = facts[*used].usage {
                        out.push((file, facts[call].span));
                    }
                }
            }
            if let Some(init) = facts[local].init {
                self.value_sources(file, facts, facts[init].span, steps + 1, &mut out, &mut open);
            } else if facts[local].param {
                self.given_by_callers(file, facts, (local, steps + 2), &mut out, &mut open);
            }
        }
        out
    }

    /// What made a value: the text, the functions called there, the locals in it.
    fn value_sources(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        span: Span,
        steps: u8,
        out: &mut Vec<Stretch>,
        open: &mut Vec<Value>,
    ) {
        out.push((file, span));
        for (i, expr) in facts.exprs_within(span) {
            match &expr.kind {
                ExprKind::Local(local) => open.push((file, *local, steps)),
                ExprKind::Call { .. } => {
                    let target = self.rust.callee(file, i).and_then(|c| c.target);
                    let body = target.and_then(|(home, at)| Some((home, self.facts(home)?[at].body)));
                    out.extend(body);
                }
                _ => {}
            }
        }
    }

    fn given_by_callers(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        (local, steps): (LocalIx, u8),
        out: &mut Vec<Stretch>,
        open: &mut Vec<Value>,
    ) {
        let callable = facts[local].callable;
        let Some(at) = facts[callable].params.iter().position(|p| *p == local) else { return };
        if !matches!(facts[callable].kind, CallableKind::Function | CallableKind::Method) {
            return;
        }
        for (home, there, args) in self.rust_args_of(file, callable, MAX_CALLERS) {
            // `Type::method(receiver, …)` counts the receiver.
            let extra = args.len().saturating_sub(facts[callable].params.len());
            if let Some(arg) = args.get(at + extra.min(1)) {
                self.value_sources(home, there, there[*arg].span, steps, out, open);
            }
        }
    }

    /// The methods of the type that a method belongs to.
    fn methods_beside(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        callable: crate::facts::code::CallableIx,
    ) -> Vec<Stretch> {
        let here = &facts[self.named_callable(file, callable)];
        let Some(this) = here.self_type.as_ref().map(|t| t.name) else { return Vec::new() };
        let of_type = facts.callables.iter().filter(|c| c.self_type.as_ref().is_some_and(|t| t.name == this));
        of_type.map(|c| (file, c.body)).collect()
    }

    /// What stands around a place and may take what a listener accepts: loops, and calls of `for_each`.
    pub fn rounds_about(&self, file: FileIx, at: Span) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut out: Vec<Stretch> =
            facts.loops.iter().filter(|l| l.body.contains(at)).map(|l| (file, whole(l))).collect();
        out.extend(facts.exprs.iter().filter(|e| e.span.contains(at)).filter_map(|e| match &e.kind {
            ExprKind::Call { name, .. } if name.contains("for_each") => Some((file, e.span)),
            _ => None,
        }));
        out
    }

    /// The text of an expression.
    pub fn span_of(&self, file: FileIx, expr: ExprIx) -> Span {
        self.facts(file).map_or(Span { start: 0, end: 0 }, |facts| facts[expr].span)
    }

    /// The calls of the function that a callable is, or stands in; none where there are many.
    pub fn calls_of_function(&self, file: FileIx, callable: CallableIx) -> Vec<(FileIx, ExprIx)> {
        let calls = self.rust_calls_of(file, self.named_callable(file, callable));
        if calls.len() > 4 { Vec::new() } else { calls.to_vec() }
    }

    /// The calls of the function that a place stands in; none where there are many.
    pub fn calls_of_function_around(&self, file: FileIx, call: ExprIx) -> Vec<(FileIx, ExprIx)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let calls = self.rust_calls_of(file, self.named_callable(file, facts[call].callable));
        if calls.len() > 4 { Vec::new() } else { calls.to_vec() }
    }

    /// Does a stretch accept connections?
    pub fn accepts(&self, (file, span): Stretch) -> bool {
        self.facts(file).is_some_and(|facts| {
            facts.exprs.iter().any(|e| {
                span.contains(e.span)
                    && matches!(&e.kind, ExprKind::Call { base: Some(_), name, .. } if name.as_str() == "accept")
            })
        })
    }

    /// For a message that an actor sends to itself later on: the actor, the message, and who sends it.
    pub fn self_message(&self, file: FileIx, call: ExprIx) -> Option<(Name, Name, Sender)> {
        let facts = self.facts(file)?;
        let ExprKind::Call { args, .. } = &facts[call].kind else { return None };
        let message = match &facts[*args.last()?].kind {
            ExprKind::New { ty, .. } => ty.name,
            ExprKind::Name(name) => *name,
            ExprKind::Call { base: None, name, .. } => *name,
            ExprKind::Local(local) => match (&facts[*local].ty, facts[*local].init.map(|i| &facts[i].kind)) {
                (Some(ty), _) => ty.name,
                (None, Some(ExprKind::New { ty, .. })) => ty.name,
                (None, Some(ExprKind::Name(name))) => *name,
                _ => return None,
            },
            _ => return None,
        };
        let function = &facts[self.named_callable(file, facts[call].callable)];
        let actor = function.self_type.as_ref()?.name;
        let handles = function
            .of_trait
            .as_ref()
            .is_some_and(|of| of.args.iter().any(|a| a.name.last_segment() == message.last_segment()));
        let starts = matches!(function.name.as_str(), "initialize" | "started" | "on_start" | "pre_start" | "init");
        let sender = match (handles, starts) {
            (true, _) => Sender::Handler,
            (false, true) => Sender::Start,
            (false, false) => Sender::Other,
        };
        Some((actor, message, sender))
    }

    /// For a call that starts a value of a type of the tree: the file of the type, its name, and the messages that it handles
    /// (`impl Handler<Message> for Type`), those left out that only end it.
    pub fn messages_of_actor(&self, file: FileIx, call: ExprIx) -> Option<(FileIx, Name, Vec<Name>)> {
        let (home, ty, handlers) = self.handlers_of_actor(file, call)?;
        Some((home, ty, handlers.into_iter().map(|(message, _)| message).collect()))
    }

    /// Does a call start an actor that gives an answer to every message that it handles?
    pub(super) fn starts_an_answerer(&self, file: FileIx, call: ExprIx) -> bool {
        let Some((home, _, handlers)) = self.handlers_of_actor(file, call) else { return false };
        let Some(facts) = self.facts(home) else { return false };
        handlers.iter().all(|(_, handler)| {
            let body = facts[*handler].body;
            let mut given = facts.exprs_within(body).map(|(_, e)| e).filter_map(|e| match &e.kind {
                ExprKind::Call { base: None, name, args } if name.last_segment() == "Ok" => args.first(),
                _ => None,
            });
            // `Ok(())` is no answer; a future or value of another kind may be one.
            let given_nothing = |arg: &ExprIx| facts[*arg].span.end - facts[*arg].span.start == 2;
            facts[*handler].returns.is_some() && !given.any(given_nothing)
        })
    }

    fn handlers_of_actor(&self, file: FileIx, call: ExprIx) -> Option<Actor> {
        let ExprKind::Call { args, .. } = &self.facts(file)?[call].kind else { return None };
        let mut ty = self.rust.type_of(file, *args.last()?)?;
        while let Some(inner) = ty.args.first().filter(|_| super::known::is_transparent(ty)) {
            ty = inner;
        }
        let ty = ty.name;
        let Some(Item::Type(home, _)) = self.rust.paths.item(ty) else { return None };
        let facts = self.facts(home)?;
        let mut handlers = Vec::new();
        for (i, c) in facts.callables.iter().enumerate() {
            let at = CallableIx(i as u32);
            let of_it = c.self_type.as_ref().is_some_and(|this| this.name.last_segment() == ty.last_segment());
            let Some(handles) = c.of_trait.as_ref().filter(|of| of_it && of.name.last_segment() == "Handler") else {
                continue;
            };
            let message = handles.args.first()?.name.last_segment();
            let ends = ["Decommission", "Shutdown", "Stop", "Quit"].iter().any(|word| message.starts_with(word));
            if c.name.as_str() == "handle" && !ends && !self.in_test(home, at) {
                handlers.push((Name::new(message), at));
            }
        }
        (!handlers.is_empty()).then_some((home, ty, handlers))
    }

    /// What a chain of calls and selects begins with.
    fn rust_root(&self, facts: &CodeFacts, expr: ExprIx) -> Root {
        let mut at = expr;
        for _ in 0..32 {
            match &facts[at].kind {
                ExprKind::Local(local) => return Root::Local(*local),
                ExprKind::This => return Root::This,
                ExprKind::Select { base, .. } | ExprKind::Call { base: Some(base), .. } => at = *base,
                ExprKind::Unary { base, .. } => at = *base,
                _ => return Root::None,
            }
        }
        Root::None
    }
}

/// Who sends a message to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// What runs when the actor starts.
    Start,
    Other,
    /// The handler of that very message.
    Handler,
}

enum Root {
    Local(LocalIx),
    This,
    None,
}
