//! Tasks and timers that end with what somebody waits for: they write a channel that is drained by who
//! made it, or feed the body of an answer.

use rustc_hash::FxHashSet;

use super::super::Linked;
use super::super::graph::ReachSet;
use super::roles::starts_task;
use super::work::task_span;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, LocalIx, Mods, TypeRef, Usage};
use crate::source::FileIx;
use crate::text::Span;

/// Senders are followed through so many locals and parameters.
const MAX_VALUES: usize = 48;
const MAX_CALLERS: usize = 8;

/// Where a value ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Waited for where it is.
    Read,
    /// Given back to the caller.
    Returned,
}

impl Linked<'_> {
    /// Does a task write a channel that the function reads which made it, however many calls up?
    pub(super) fn feeds_a_channel(&self, file: FileIx, facts: &CodeFacts, spawn: ExprIx) -> bool {
        self.receivers_of(file, facts, spawn).into_iter().any(|(home, receiver)| {
            let Some(there) = self.facts(home) else { return false };
            let maker = there[self.named_callable(home, there[receiver].callable)].name;
            // For the life of the process.
            let for_ever = matches!(maker.as_str(), "main" | "run" | "start" | "serve" | "launch" | "spawn" | "new");
            let ends = self.ends_of(home, there, receiver);
            ends.contains(&End::Returned) || (!for_ever && ends.contains(&End::Read))
        })
    }

    /// Does a function that comes to an end read the channel empty that a task writes?
    pub fn is_drained(&self, file: FileIx, spawn: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        self.receivers_of(file, facts, spawn).into_iter().any(|(home, receiver)| {
            let Some(there) = self.facts(home) else { return false };
            let maker = there[self.named_callable(home, there[receiver].callable)].name;
            let for_ever = ["main", "run", "start", "serve", "launch", "spawn", "new"].contains(&maker.as_str());
            // A single message may come long before the task is done, or only tell somebody to end.
            let one = there[receiver].init.is_some_and(|init| self.rust_callee(home, init).contains("oneshot"));
            !for_ever && !one && self.ends_of(home, there, receiver).contains(&End::Read)
        })
    }

    /// Does the value of a call become (part of) the stream that a request is answered with?
    pub fn is_part_of_answer(&self, file: FileIx, value: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        self.answers_with(file, facts, value, 0) || self.in_a_task_that_answers(file, facts, value)
    }

    /// `let (tx, mut rx) = channel(8); spawn(async move { while let Some(asked) = rx.recv().await { … } }); … stream`: does
    /// a loop read a channel whose function gives a stream back, and keeps the sender nowhere? It ends with the stream.
    pub fn ends_with_maker(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let l = &facts.loops[ix as usize];
        let Some(ExprKind::Call { base: Some(base), .. }) = l.source.map(|s| &facts[s].kind) else { return false };
        let ExprKind::Local(read) = facts[*base].kind else { return false };
        let Some(inferred) = self.rust.inferred.get(file.0 as usize) else { return false };
        let function = facts[read].callable;
        let kept = |used: &ExprIx| match facts[*used].usage {
            Usage::ToField | Usage::Returned => true,
            Usage::Argument(to, _) => matches!(facts[to].kind, ExprKind::New { .. }),
            _ => false,
        };
        // What a client streams in ends with its request as well.
        let takes_stream = facts[function]
            .params
            .iter()
            .filter_map(|p| facts[*p].ty.as_ref())
            .any(|ty| names_one(ty, &|name| name == "Streaming"));
        let streams = ["Sse", "EventStream", "Receiver", "UnboundedReceiver"];
        let gives_stream = facts[function]
            .returns
            .as_ref()
            .is_some_and(|ty| names_one(ty, &|name| name.ends_with("Stream") || streams.contains(&name)));
        (takes_stream || gives_stream)
            && inferred.bound.iter().any(|(init, locals)| {
                let [sender, receiver] = locals.as_slice() else { return false };
                *receiver == read && makes_channel(facts, *init) && !self.rust.uses(file, *sender).iter().any(kept)
            })
    }

    /// A timer within a task whose channel is the answer.
    fn in_a_task_that_answers(&self, file: FileIx, facts: &CodeFacts, value: ExprIx) -> bool {
        let at = facts[value].span;
        (0..facts.exprs.len()).map(|i| ExprIx(i as u32)).any(|call| {
            facts[call].span.contains(at)
                && matches!(&facts[call].kind, ExprKind::Call { args, .. }
                    if args.iter().any(|a| task_span(facts, *a).contains(at)))
                && self.starts_rust_task(file, call)
                && self.receivers_of(file, facts, call).into_iter().any(|(home, receiver)| {
                    self.facts(home).is_some_and(|there| {
                        let uses = self.rust.uses(home, receiver).to_vec();
                        uses.into_iter().any(|u| self.answers_with(home, there, u, 0))
                    })
                })
        })
    }

    fn answers_with(&self, file: FileIx, facts: &CodeFacts, value: ExprIx, depth: u8) -> bool {
        let mut ends = Vec::new();
        self.follow(file, facts, value, 0, &mut ends);
        if depth > 3 || !ends.contains(&End::Returned) {
            return false;
        }
        let function = self.named_callable(file, facts[value].callable);
        let Some(returns) = facts[function].returns.as_ref() else { return false };
        if names(returns, &["Response", "HttpResponse", "Sse", "EventStream", "Body", "BoxBody"]) {
            return true;
        }
        names(returns, &["Stream", "BoxStream", "ReceiverStream", "EventSource"]) && {
            let calls = self.rust_calls_of(file, function);
            !calls.is_empty()
                && calls.len() <= MAX_CALLERS
                && calls.iter().all(|(home, call)| {
                    self.facts(*home).is_some_and(|there| self.answers_with(*home, there, *call, depth + 1))
                })
        }
    }

    /// The receivers of the channels that a task holds senders of.
    fn receivers_of(&self, file: FileIx, facts: &CodeFacts, spawn: ExprIx) -> Vec<(FileIx, LocalIx)> {
        let ExprKind::Call { args, .. } = &facts[spawn].kind else { return Vec::new() };
        let tasks: Vec<Span> = args.iter().map(|arg| task_span(facts, *arg)).collect();
        let inside = |span: Span| tasks.iter().any(|t| t.contains(span));
        let mut open: Vec<(FileIx, LocalIx)> = Vec::new();
        for expr in facts.exprs.iter().filter(|e| inside(e.span)) {
            if let ExprKind::Local(local) = expr.kind
                && !inside(facts[local].span)
            {
                open.push((file, local));
            }
        }
        let mut seen: FxHashSet<(FileIx, LocalIx)> = FxHashSet::default();
        let mut out = Vec::new();
        while let Some((home, local)) = open.pop() {
            if seen.len() > MAX_VALUES || !seen.insert((home, local)) {
                continue;
            }
            let Some(there) = self.facts(home) else { continue };
            match there[local].init {
                Some(init) => {
                    let bound = self.rust.inferred.get(home.0 as usize).and_then(|i| i.bound.get(&init));
                    if let Some([sender, receiver]) = bound.map(Vec::as_slice)
                        && makes_channel(there, init)
                    {
                        let read_inside =
                            home == file && self.rust.uses(home, *receiver).iter().any(|u| inside(there[*u].span));
                        if *sender == local && !read_inside {
                            out.push((home, *receiver));
                        }
                    } else if let Some(from) = cloned(there, init) {
                        open.push((home, from));
                    }
                }
                None if there[local].param => self.args_for(home, there, local, &mut open),
                None => {}
            }
        }
        out
    }

    /// What callers give for a parameter, where it is a local of theirs or a clone of one.
    fn args_for(&self, file: FileIx, facts: &CodeFacts, local: LocalIx, open: &mut Vec<(FileIx, LocalIx)>) {
        let callable = facts[local].callable;
        let Some(at) = facts[callable].params.iter().position(|p| *p == local) else { return };
        for (home, there, args) in self.rust_args_of(file, callable, MAX_CALLERS) {
            open.extend(args.get(at).and_then(|arg| cloned(there, *arg)).map(|from| (home, from)));
        }
    }

    fn ends_of(&self, file: FileIx, facts: &CodeFacts, local: LocalIx) -> Vec<End> {
        let mut ends = Vec::new();
        for used in self.rust.uses(file, local).iter().take(32) {
            self.follow(file, facts, *used, 0, &mut ends);
        }
        ends
    }

    /// Follows a value to where it is waited for or given back.
    fn follow(&self, file: FileIx, facts: &CodeFacts, value: ExprIx, depth: u8, ends: &mut Vec<End>) {
        let (mut at, mut handed) = (value, false);
        for _ in 0..24 {
            at = match facts[at].usage {
                Usage::Awaited if handed => return,
                Usage::Awaited => return ends.push(End::Read),
                Usage::Returned => match self.handed_on(file, facts, facts[at].callable) {
                    Some(call) => call,
                    None => return ends.push(End::Returned),
                },
                Usage::Base(call) => match &facts[call].kind {
                    ExprKind::Call { name, .. }
                        if matches!(name.as_str(), "recv" | "recv_timeout" | "iter" | "into_iter" | "try_iter")
                            && facts[call].usage != Usage::Awaited =>
                    {
                        return ends.push(End::Read);
                    }
                    ExprKind::Call { name, .. } if name.as_str() == "tick" => return,
                    _ => call,
                },
                Usage::Argument(call, _) => match &facts[call].kind {
                    ExprKind::Call { .. } if starts_task(&self.rust_callee(file, call)) => return,
                    ExprKind::Call { .. } if self.starts_rust_task(file, call) => return,
                    // Handed to another: `mailbox.send(receiver)`.
                    ExprKind::Call { base: Some(_), .. } => return,
                    ExprKind::Call { base: None, name, .. } => {
                        let wraps = matches!(
                            name.last_segment(),
                            "new" | "from" | "pin" | "Some" | "Ok" | "timeout" | "from_stream" | "wrap_stream"
                        );
                        handed |= !wraps;
                        // A future that works by itself later on.
                        let target = self.rust.callee(file, call).and_then(|c| c.target);
                        let later = target.and_then(|(home, f)| Some(self.facts(home)?[f].mods.has(Mods::ASYNC)));
                        if later == Some(true) && facts[call].usage != Usage::Awaited {
                            return;
                        }
                        call
                    }
                    _ => call,
                },
                // `Ok(Run { events: receiver })`, a value of another type than the function's own; a stream of one's own.
                Usage::ToField => {
                    let own = facts[self.named_callable(file, facts[at].callable)].self_type.as_ref();
                    let asked = self.reach(file, facts[at].callable).has(ReachSet::REQUEST);
                    let made = facts.exprs.iter().position(|e| match &e.kind {
                        ExprKind::New { args, ty, .. } => {
                            args.contains(&at)
                                && (asked || self.is_stream(file, ty))
                                && ty.name.as_str() != "Self"
                                && own.is_none_or(|own| own.name.last_segment() != ty.name.last_segment())
                        }
                        _ => false,
                    });
                    match made {
                        Some(made) => ExprIx(made as u32),
                        None => return,
                    }
                }
                Usage::ToLocal(local) if depth < 6 => {
                    for used in self.rust.uses(file, local).iter().take(16) {
                        self.follow(file, facts, *used, depth + 1, ends);
                    }
                    return;
                }
                _ => return,
            };
        }
    }

    /// A type of the tree that others read as a stream.
    fn is_stream(&self, file: FileIx, ty: &TypeRef) -> bool {
        let name = self.rust_written_type(file, ty).name;
        self.rust_traits_of(name).iter().any(|of| of.last_segment() == "Stream")
    }

    /// The call that takes a closure's answers; nothing where they leave the function.
    fn handed_on(&self, file: FileIx, facts: &CodeFacts, callable: CallableIx) -> Option<ExprIx> {
        if !facts[callable].name.is_empty() {
            return None;
        }
        self.lambda_argument(file, callable).map(|(call, _)| call)
    }
}

impl Linked<'_> {
    /// A pool that its function makes for itself, and that only runs what it waits for.
    pub(super) fn is_local_pool(&self, file: FileIx, facts: &CodeFacts, made: ExprIx, depth: u8) -> bool {
        let mut at = made;
        for _ in 0..12 {
            at = match facts[at].usage {
                Usage::Base(call) => call,
                Usage::ToLocal(local) => return self.only_runs_at_once(file, facts, local, depth),
                _ => return false,
            };
        }
        false
    }

    fn only_runs_at_once(&self, file: FileIx, facts: &CodeFacts, pool: LocalIx, depth: u8) -> bool {
        let uses = self.rust.uses(file, pool);
        !uses.is_empty()
            && uses.iter().all(|used| match facts[*used].usage {
                Usage::Base(call) => matches!(&facts[call].kind, ExprKind::Call { name, .. }
                    if matches!(name.as_str(), "install" | "scope" | "scope_fifo" | "in_place_scope" | "join" | "broadcast" | "current_num_threads")),
                Usage::Argument(call, at) if depth < 3 => {
                    let target = self.rust.callee(file, call).and_then(|c| c.target);
                    target.is_some_and(|(home, function)| {
                        self.facts(home).is_some_and(|there| {
                            let param = there[function].params.get(at as usize);
                            param.is_some_and(|p| self.only_runs_at_once(home, there, *p, depth + 1))
                        })
                    })
                }
                _ => false,
            })
    }
}

/// `channel(8)`, or one of two such calls.
fn makes_channel(facts: &CodeFacts, init: ExprIx) -> bool {
    match &facts[init].kind {
        ExprKind::Call { name, .. } => {
            matches!(name.last_segment(), "channel" | "unbounded_channel" | "bounded" | "unbounded" | "duplex" | "sync_channel")
        }
        ExprKind::Choice(options) => options.iter().any(|o| {
            matches!(&facts[*o].kind, ExprKind::Call { name, .. }
                if matches!(name.last_segment(), "channel" | "unbounded_channel" | "bounded" | "unbounded" | "sync_channel"))
        }),
        _ => false,
    }
}

/// `sender`, `sender.clone()`, `Sender::clone(&sender)`.
fn cloned(facts: &CodeFacts, expr: ExprIx) -> Option<LocalIx> {
    match &facts[expr].kind {
        ExprKind::Local(local) => Some(*local),
        ExprKind::Call { base: Some(base), name, .. } if name.as_str() == "clone" => cloned(facts, *base),
        // `EventSender::new(sender)` writes the channel as well.
        ExprKind::Call { base: None, name, args }
            if matches!(name.last_segment(), "clone" | "new" | "from" | "Some") =>
        {
            cloned(facts, *args.first()?)
        }
        _ => None,
    }
}

/// Does a written type name one of these?
fn names(ty: &TypeRef, words: &[&str]) -> bool {
    names_one(ty, &|name| words.contains(&name))
}

fn names_one(ty: &TypeRef, wanted: &dyn Fn(&str) -> bool) -> bool {
    let mut open = vec![ty];
    while let Some(at) = open.pop() {
        if wanted(at.name.last_segment()) {
            return true;
        }
        open.extend(at.args.iter());
    }
    false
}
