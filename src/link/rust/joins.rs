//! Whether a task's handle is waited for in the function that starts it.

use super::super::Linked;
use super::super::graph::ReachSet;
use super::roles::starts_task;
use super::work::task_span;
use crate::facts::CodeFacts;
use crate::facts::code::{
    CallableIx, CallableKind, Expr, ExprIx, ExprKind, LocalIx, Loop, LoopExit, LoopForm, TypeRef, Usage,
};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// Calls on a handle or set of tasks that wait for it.
const WAITS: &[&str] = &["join", "join_next", "join_all", "join_next_with_id", "await", "block_on", "shutdown"];
/// Calls that hand a future on.
const PASSES: &[&str] = &[
    "timeout",
    "timeout_at",
    "pin",
    "select",
    "Some",
    "Ok",
    "Box::pin",
    "new",
    "from",
    "flatten",
    "AbortOnDropHandle",
    "fuse",
    "join_all",
    "try_join_all",
    "join",
    "try_join",
    "join3",
    "select_all",
    "try_select",
    "block_on",
];
/// Calls that put something into a collection.
const COLLECTS: &[&str] = &["push", "push_back", "insert", "extend", "push_front"];

/// Neither `()` nor only whether it went well.
pub(super) fn gives_a_value(ty: &TypeRef) -> bool {
    match ty.name.last_segment() {
        "Result" | "Option" => ty.args.first().is_some_and(gives_a_value),
        "()" => !ty.args.is_empty(),
        name => !matches!(name, "!" | "Self" | "ExitCode" | "ExitStatus" | "impl" | "Box"),
    }
}

fn is_clone(facts: &CodeFacts, call: ExprIx) -> bool {
    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.as_str() == "clone")
}

/// The field whose content a local holds: `if let Some(map) = this.in_flight.as_mut()`.
fn field_behind(facts: &CodeFacts, local: LocalIx) -> Option<Name> {
    let mut at = facts[local].init?;
    for _ in 0..4 {
        at = match &facts[at].kind {
            ExprKind::Call { base: Some(base), name, .. }
                if matches!(name.as_str(), "as_mut" | "get_mut" | "lock" | "borrow_mut" | "unwrap") =>
            {
                *base
            }
            ExprKind::Unary { base, .. } => *base,
            ExprKind::Select { name, .. } => return Some(*name),
            _ => return None,
        };
    }
    None
}

fn is_drop(facts: &CodeFacts, call: ExprIx) -> bool {
    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.last_segment() == "drop")
}

impl Linked<'_> {
    /// Is the value of this expression waited for before its function returns?
    pub(in crate::link) fn is_rust_joined(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        // `set.spawn(…)`: the set is what is waited for.
        if let ExprKind::Call { base: Some(base), name, .. } = &facts[expr].kind
            && name.starts_with("spawn")
            && self.rust_callee(file, expr).contains("JoinSet")
            && let ExprKind::Local(local) = facts[*base].kind
        {
            return self.local_is_waited_for(file, facts, local, 0) || self.callers_wait_for_set(file, facts, local);
        }
        self.value_is_waited_for(file, facts, expr, 0)
            || self.callers_wait(file, facts, expr)
            || self.feeds_what_is_read(file, facts, expr)
            || self.feeds_a_channel(file, facts, expr)
            || self.is_polled_future(file, facts, expr)
            || self.sends_its_answer(file, expr)
            || self.feeds_a_child(file, facts, expr)
            || (self.rust_callee(file, expr).ends_with("ThreadPoolBuilder::new")
                && self.is_local_pool(file, facts, expr, 0))
    }

    /// Writes the input of a child process whose output the function itself reads, or whose end it waits for.
    fn feeds_a_child(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx) -> bool {
        let ExprKind::Call { args, .. } = &facts[expr].kind else { return false };
        let Some(task) = args.last().map(|arg| task_span(facts, *arg)) else { return false };
        let here = self.named_callable(file, facts[expr].callable);
        let body = facts[here].body;
        let selects = |span: Span, wanted: &str| {
            facts.exprs.iter().any(|e| {
                span.contains(e.span) && matches!(&e.kind, ExprKind::Select { name, .. } if name.as_str() == wanted)
            })
        };
        let writes = facts.exprs.iter().any(|e| {
            let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
            let ExprKind::Local(local) = facts[*base].kind else { return false };
            task.contains(e.span)
                && name.as_str() == "write_all"
                && facts[local].init.is_some_and(|init| selects(facts[init].span, "stdin"))
        });
        writes
            && (selects(body, "stdout")
                || facts.exprs.iter().any(|e| {
                    body.contains(e.span)
                        && matches!(&e.kind, ExprKind::Call { base: Some(_), name, .. }
                            if matches!(name.as_str(), "wait" | "wait_with_output"))
                }))
    }

    /// A job of a pool for computations that sends what it comes to over a channel for one answer: who asked waits.
    fn sends_its_answer(&self, file: FileIx, expr: ExprIx) -> bool {
        let callee = self.rust_callee(file, expr);
        (callee.starts_with("rayon") || callee.starts_with("threadpool::"))
            && self.rust_stretches_of_task(file, expr).into_iter().any(|(home, span)| {
                let Some(there) = self.facts(home) else { return false };
                there.exprs.iter().any(|e| {
                    let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
                    span.contains(e.span)
                        && name.as_str() == "send"
                        && self.rust_type_of(home, *base).is_some_and(|ty| ty.contains("oneshot"))
                })
            })
    }

    /// `fn ask(…) -> JoinHandle<…> { tokio::spawn(…) }`: do all that call it wait?
    fn callers_wait(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx) -> bool {
        let around = facts[expr].callable;
        if facts[expr].usage != Usage::Returned || !self.is_rust_function(file, around) {
            return false;
        }
        let calls = self.rust_calls_of(file, around);
        !calls.is_empty()
            && calls.len() < 32
            && calls.iter().all(|(home, call)| {
                self.facts(*home).is_some_and(|there| self.value_is_waited_for(*home, there, *call, 1))
            })
    }

    /// `let (tx, rx) = channel(8); spawn(async move { tx.send(…) }); while let Some(row) = rx.recv().await { … }`:
    /// the task ends with what is read from it, here or where the receiver is streamed to.
    fn feeds_what_is_read(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx) -> bool {
        let ExprKind::Call { args, .. } = &facts[expr].kind else { return false };
        let Some(task) = args.last().map(|arg| task_span(facts, *arg)) else { return false };
        let Some(inferred) = self.rust.inferred.get(file.0 as usize) else { return false };
        let around = facts[expr].callable;
        let here = facts[around].body;
        let in_task = |local: LocalIx| self.rust.uses(file, local).iter().any(|u| task.contains(facts[*u].span));
        inferred.bound.iter().any(|(init, locals)| {
            let [sender, receiver] = locals.as_slice() else { return false };
            let makes = matches!(&facts[*init].kind, ExprKind::Call { name, .. }
                if matches!(name.last_segment(), "channel" | "unbounded_channel" | "bounded" | "unbounded" | "duplex"));
            makes
                && here.contains(facts[*init].span)
                && in_task(*sender)
                && !in_task(*receiver)
                && self.rust.uses(file, *receiver).iter().any(|used| self.is_read(facts, *used))
        })
    }

    /// Does a `while let` read a channel whose sender only tasks of the same function hold? It ends with them.
    pub(in crate::link) fn reads_own_tasks(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let Some(inferred) = self.rust.inferred.get(file.0 as usize) else { return false };
        let Some(ExprKind::Call { base: Some(base), .. }) = l.source.map(|s| &facts[s].kind) else { return false };
        let ExprKind::Local(read) = facts[*base].kind else { return false };
        if matches!(facts[facts[read].callable].name.as_str(), "main" | "run" | "start" | "serve" | "launch") {
            return false;
        }
        let in_task = |used: &ExprIx| self.is_in_task(file, facts, *used);
        // `let tx = tx.clone();` for one task.
        let cloned = |used: &ExprIx| {
            let Usage::Base(call) = facts[*used].usage else { return false };
            let Usage::ToLocal(local) = facts[call].usage else { return false };
            is_clone(facts, call) && self.rust.uses(file, local).iter().all(in_task)
        };
        let dropped = |used: &ExprIx| matches!(facts[*used].usage, Usage::Argument(call, _) if is_drop(facts, call));
        inferred.bound.iter().any(|(init, locals)| {
            let [sender, receiver] = locals.as_slice() else { return false };
            let uses = self.rust.uses(file, *sender);
            *receiver == read
                && facts[*init].callable == l.callable
                && uses.iter().any(|used| in_task(used) || cloned(used))
                && uses.iter().all(|used| in_task(used) || cloned(used) || dropped(used))
        })
    }

    /// `while let Some(part) = body.recv().await { if part.is_empty() { break; } … } Ok(size)`: what is handed in for one
    /// call is read to its end, and the caller waits for what comes of it.
    pub(in crate::link) fn reads_for_its_caller(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file).filter(|_| l.exit == LoopExit::Conditional) else { return false };
        let Some(ExprKind::Call { base: Some(base), .. }) = l.source.map(|s| &facts[s].kind) else { return false };
        let ExprKind::Local(read) = facts[*base].kind else { return false };
        let function = &facts[l.callable];
        let long =
            |word: &str| matches!(word, "main" | "run" | "start" | "serve" | "launch" | "worker" | "loop" | "task");
        function.params.contains(&read)
            && matches!(function.kind, CallableKind::Function | CallableKind::Method)
            && !function.name.split('_').any(long)
            && function.returns.as_ref().is_some_and(gives_a_value)
    }

    /// `let (tx, mut rx) = channel(8); let task = spawn(async move { while let Some(row) = rx.recv().await { … } });
    /// … drop(tx); task.await`: the loop ends with what its function sends, which waits for the task.
    pub(in crate::link) fn reads_its_function(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let Some(inferred) = self.rust.inferred.get(file.0 as usize) else { return false };
        let Some(ExprKind::Call { base: Some(base), .. }) = l.source.map(|s| &facts[s].kind) else { return false };
        let ExprKind::Local(read) = facts[*base].kind else { return false };
        let function = facts[read].callable;
        if l.callable == function
            || matches!(facts[function].name.as_str(), "main" | "run" | "start" | "serve" | "launch")
        {
            return false;
        }
        // Not where the sender lives on in something.
        let stays = |used: &ExprIx| match facts[*used].usage {
            Usage::ToField | Usage::Returned => true,
            Usage::Argument(to, _) => matches!(facts[to].kind, ExprKind::New { .. }),
            _ => false,
        };
        let made_here = inferred.bound.iter().any(|(init, locals)| {
            let [sender, receiver] = locals.as_slice() else { return false };
            *receiver == read && facts[*init].callable == function && !self.rust.uses(file, *sender).iter().any(stays)
        });
        made_here
            && (0..facts.exprs.len()).map(|i| ExprIx(i as u32)).any(|call| {
                facts[call].callable == function
                    && facts[call].span.contains(l.body)
                    && matches!(&facts[call].kind, ExprKind::Call { args, .. }
                        if args.last().is_some_and(|a| task_span(facts, *a).contains(l.body)))
                    && starts_task(&self.rust_callee(file, call))
                    && self.value_is_waited_for(file, facts, call, 0)
            })
    }

    /// `drop(self.sender); while let Some(done) = self.receiver.recv().await { … }`: nothing comes any more.
    pub(in crate::link) fn reads_what_is_left(&self, file: FileIx, l: &Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let sender = |arg: ExprIx| {
            let name = match &facts[arg].kind {
                ExprKind::Local(local) => facts[*local].name,
                ExprKind::Select { name, .. } => *name,
                _ => return false,
            };
            name.split('_').any(|word| matches!(word, "tx" | "sender" | "senders" | "txs"))
        };
        facts.exprs.iter().any(|e| {
            e.callable == l.callable
                && e.span.end <= l.span.start.min(l.body.start)
                && matches!(&e.kind, ExprKind::Call { base: None, name, args }
                    if name.last_segment() == "drop" && args.first().is_some_and(|arg| sender(*arg)))
        })
    }

    /// Does an expression stand in what a call of the same function starts as a task?
    fn is_in_task(&self, file: FileIx, facts: &CodeFacts, used: ExprIx) -> bool {
        let span = facts[used].span;
        facts.exprs.iter().enumerate().any(|(i, e)| {
            e.span.contains(span)
                && matches!(&e.kind, ExprKind::Call { args, .. }
                    if args.last().is_some_and(|a| task_span(facts, *a).contains(span))
                        && starts_task(&self.rust_callee(file, ExprIx(i as u32))))
        })
    }

    /// Is a receiver read, returned, or made the body of an answer?
    fn is_read(&self, facts: &CodeFacts, used: ExprIx) -> bool {
        let mut at = used;
        for _ in 0..12 {
            at = match facts[at].usage {
                Usage::Awaited | Usage::Returned => return true,
                Usage::Base(parent) => parent,
                Usage::Argument(call, _) => match &facts[call].kind {
                    ExprKind::New { .. } => call,
                    ExprKind::Call { name, .. }
                        if matches!(
                            name.last_segment(),
                            "new"
                                | "from"
                                | "Ok"
                                | "Some"
                                | "from_stream"
                                | "pin"
                                | "wrap_stream"
                                | "StreamBody"
                                | "Body"
                        ) =>
                    {
                        call
                    }
                    _ => return false,
                },
                _ => return false,
            };
        }
        false
    }

    /// `spawn(connection)` after `tokio_postgres::connect(…)`: what drives a connection of a client goes with it.
    pub(super) fn drives_connection(&self, file: FileIx, facts: &CodeFacts, spawn: ExprIx) -> bool {
        let ExprKind::Call { args, .. } = &facts[spawn].kind else { return false };
        let Some(inferred) = self.rust.inferred.get(file.0 as usize) else { return false };
        let spans: Vec<Span> = args.iter().map(|arg| task_span(facts, *arg)).collect();
        inferred.bound.iter().any(|(init, locals)| {
            // Down `connect(…).await?` and `.unwrap()`.
            let mut made = *init;
            let mut connects = false;
            for _ in 0..8 {
                let callee = self.rust.callee(file, made);
                let own = callee.is_some_and(|c| c.target.is_some());
                let path = callee.map(|c| c.path).unwrap_or_default();
                connects |= !own && matches!(path.last_segment(), "connect" | "connect_raw" | "handshake");
                let is_local = |part: &&ExprIx| matches!(facts[**part].kind, ExprKind::Local(_));
                let before = match &facts[made].kind {
                    ExprKind::Call { base, .. } => *base,
                    // `match connect(…).await { Ok(both) => both, Err(e) => return … }`.
                    ExprKind::Choice(parts) => parts.iter().find(is_local).copied(),
                    ExprKind::Local(local) => facts[*local].init,
                    _ => None,
                };
                let Some(before) = before else { break };
                made = before;
            }
            let [_, driver] = locals.as_slice() else { return false };
            let name = facts[*driver].name;
            connects
                && (name.contains("conn") || name.contains("driver"))
                && self
                    .rust
                    .uses(file, *driver)
                    .iter()
                    .any(|u| args.contains(u) || spans.iter().any(|s| s.contains(facts[*u].span)))
        })
    }

    pub(super) fn value_is_waited_for(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, depth: u8) -> bool {
        if depth > 12 {
            return false;
        }
        match facts[expr].usage {
            Usage::Awaited => true,
            Usage::ToLocal(local) => self.local_is_waited_for(file, facts, local, depth + 1),
            Usage::Base(parent) => match &facts[parent].kind {
                ExprKind::Call { name, .. } if WAITS.contains(&name.as_str()) => true,
                // The handle is replaced by something that does not wait.
                ExprKind::Call { name, .. }
                    if matches!(name.as_str(), "abort_handle" | "abort" | "is_finished" | "id") =>
                {
                    false
                }
                _ => self.value_is_waited_for(file, facts, parent, depth + 1),
            },
            Usage::Argument(call, at) => match &facts[call].kind {
                ExprKind::Macro { name, .. } => {
                    let name = name.last_segment();
                    name.contains("join")
                        || name.starts_with("select")
                        || name == "pin"
                        || (name == "vec" && self.value_is_waited_for(file, facts, call, depth + 1))
                }
                ExprKind::Call { base: Some(base), name, .. } if COLLECTS.contains(&name.as_str()) => {
                    match facts[*base].kind {
                        ExprKind::Local(local) => {
                            self.local_is_waited_for(file, facts, local, depth + 1)
                                || field_behind(facts, local)
                                    .is_some_and(|field| self.collection_is_polled(file, facts, call, field))
                        }
                        ExprKind::Select { name, .. } => self.collection_is_polled(file, facts, call, name),
                        _ => false,
                    }
                }
                ExprKind::Call { name, .. } if name.last_segment() == "block_on" => true,
                ExprKind::Call { name, .. } if PASSES.contains(&name.last_segment()) => {
                    self.value_is_waited_for(file, facts, call, depth + 1)
                }
                ExprKind::List(_) => self.value_is_waited_for(file, facts, call, depth + 1),
                ExprKind::Call { .. } => self.taken_by_what_waits(file, facts, call, at as usize, depth),
                _ => false,
            },
            // `Search { tasks }`: on to where a request takes the field.
            Usage::ToField => {
                let ExprKind::Local(local) = facts[expr].kind else { return false };
                let takes = |e: &Expr| matches!(&e.kind, ExprKind::New { args, .. } if args.contains(&expr));
                let made = facts.exprs.iter().position(takes).map(|i| ExprIx(i as u32));
                made.is_some_and(|made| self.field_is_waited_for(file, made, facts[local].name, depth + 1))
            }
            // `tasks.map(|task| spawn(task)).collect()`: on to what takes the closure's answers.
            Usage::Returned => {
                let mapped = self.lambda_argument(file, facts[expr].callable);
                match mapped {
                    Some((call, _))
                        if matches!(
                            &facts[call].kind,
                            ExprKind::Call { name, .. }
                                if matches!(name.last_segment(), "map" | "filter_map" | "flat_map" | "scope" | "map_or" | "then")
                        ) =>
                    {
                        self.value_is_waited_for(file, facts, call, depth + 1)
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// `join_and_log(handle).await`, `measure(name, handle)`: a function of the tree that waits for what it is given,
    /// and whose own result is waited for.
    fn taken_by_what_waits(&self, file: FileIx, facts: &CodeFacts, call: ExprIx, at: usize, depth: u8) -> bool {
        let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
        let Some((home, function)) = self.rust.callee(file, call).and_then(|c| c.target) else { return false };
        let Some(there) = self.facts(home) else { return false };
        // `Type::method(receiver, …)` counts the receiver.
        let extra = args.len().saturating_sub(there[function].params.len());
        let Some(param) = at.checked_sub(extra).and_then(|at| there[function].params.get(at)) else { return false };
        (facts[call].usage == Usage::Awaited || self.value_is_waited_for(file, facts, call, depth + 1))
            && (self.local_is_waited_for(home, there, *param, depth + 2)
                || self.goes_into_future(
                    home,
                    there,
                    |arg| matches!(there[arg].kind, ExprKind::Local(l) if l == *param),
                ))
    }

    /// `fn add(set: &mut JoinSet<…>) { set.spawn(…) }`: do all that call it wait for the set?
    fn callers_wait_for_set(&self, file: FileIx, facts: &CodeFacts, set: LocalIx) -> bool {
        let around = facts[set].callable;
        let Some(at) = facts[around].params.iter().position(|p| *p == set) else { return false };
        let calls: Vec<_> = self.rust_args_of(file, around, 8).collect();
        !calls.is_empty()
            && calls.iter().all(|(home, there, args)| {
                let extra = args.len().saturating_sub(facts[around].params.len());
                let mut given = args.get(at + extra.min(1)).copied();
                while let Some(ExprKind::Unary { base, .. }) = given.map(|g| &there[g].kind) {
                    given = Some(*base);
                }
                match given.map(|g| &there[g].kind) {
                    Some(ExprKind::Local(local)) => self.local_is_waited_for(*home, there, *local, 1),
                    _ => false,
                }
            })
    }

    fn local_is_waited_for(&self, file: FileIx, facts: &CodeFacts, local: LocalIx, depth: u8) -> bool {
        if depth > 12 {
            return false;
        }
        self.rust.uses(file, local).iter().take(64).any(|used| {
            self.value_is_waited_for(file, facts, *used, depth + 1)
                || self.each_is_waited_for(file, facts, *used, depth)
        })
    }

    /// Does a request wait for what a field of this name holds? Looked for where the type is declared.
    fn field_is_waited_for(&self, file: FileIx, made: ExprIx, name: Name, depth: u8) -> bool {
        let Some(ty) = self.rust.type_of(file, made) else { return false };
        let Some((home, field)) = self.rust.declared.field(ty.name, name) else { return false };
        let Some(facts) = self.facts(home) else { return false };
        let maker = self.facts(file).map(|f| (file, self.named_callable(file, f[made].callable)));
        (0..facts.exprs.len()).map(|i| ExprIx(i as u32)).any(|at| {
            self.rust_field_of(home, at) == Some((home, field))
                && (self.reach(home, facts[at].callable).has(ReachSet::REQUEST)
                    || maker.is_some_and(|maker| self.made_and_finished(maker, (home, facts[at].callable))))
                && (self.value_is_waited_for(home, facts, at, depth) || self.each_is_waited_for(home, facts, at, depth))
        })
    }

    /// `let search = Search::start(…); … search.finish().await`: one function makes the value and sees it to its end.
    fn made_and_finished(&self, maker: (FileIx, CallableIx), (home, inside): (FileIx, CallableIx)) -> bool {
        let ends = self.rust_calls_of(home, self.named_callable(home, inside));
        ends.iter().any(|(at, call)| {
            let Some(facts) = self.facts(*at) else { return false };
            let around = facts[self.named_callable(*at, facts[*call].callable)].name;
            let ExprKind::Call { base: Some(base), .. } = &facts[*call].kind else { return false };
            let ExprKind::Local(local) = facts[*base].kind else { return false };
            let mut made = facts[local].init;
            // Down `start(…).await?`.
            for _ in 0..4 {
                let Some(now) = made else { return false };
                if self.rust.callee(*at, now).is_some_and(|c| c.target == Some(maker)) {
                    return !matches!(around.as_str(), "main" | "run" | "start" | "serve" | "launch");
                }
                made = match &facts[now].kind {
                    ExprKind::Call { base, .. } => *base,
                    ExprKind::Unary { base, .. } => Some(*base),
                    _ => None,
                };
            }
            false
        })
    }

    /// `self.in_flight.push_back(spawn(…))` in a future or stream that polls the same field to its end.
    fn collection_is_polled(&self, file: FileIx, facts: &CodeFacts, push: ExprIx, field: Name) -> bool {
        let here = self.named_callable(file, facts[push].callable);
        facts.exprs.iter().any(|e| {
            let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return false };
            let ExprKind::Select { name: of, .. } = &facts[*base].kind else { return false };
            let polls = name.starts_with("poll")
                || matches!(name.as_str(), "next" | "join_next" | "get_mut" | "as_mut" | "iter_mut" | "retain");
            let around = self.named_callable(file, e.callable);
            *of == field && polls && (around == here || facts[around].name.starts_with("poll"))
        })
    }

    /// `Answer { handle: spawn(…) }`, given back: a future of the tree's own that polls the handle.
    fn is_polled_future(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx) -> bool {
        let local = match facts[expr].usage {
            Usage::ToLocal(local) => Some(local),
            _ => None,
        };
        self.goes_into_future(file, facts, |arg| {
            arg == expr || matches!(facts[arg].kind, ExprKind::Local(l) if Some(l) == local)
        })
    }

    /// Is such a value given back within a future of the tree's own?
    fn goes_into_future(&self, file: FileIx, facts: &CodeFacts, is: impl Fn(ExprIx) -> bool) -> bool {
        facts.exprs.iter().enumerate().any(|(i, e)| {
            matches!(&e.kind, ExprKind::New { args, .. } if args.iter().any(|arg| is(*arg)))
                && e.usage == Usage::Returned
                && self.rust.type_of(file, ExprIx(i as u32)).is_some_and(|ty| {
                    self.rust.declared.traits_of(ty.name).iter().any(|of| of.last_segment() == "Future")
                })
        })
    }

    /// `for handle in handles { handle.await }`, also through `handles.into_iter()`.
    fn each_is_waited_for(&self, file: FileIx, facts: &CodeFacts, used: ExprIx, depth: u8) -> bool {
        let top = super::super::joins::chain_top(facts, used);
        if !facts.loops.iter().any(|l| l.source == Some(top) && l.form != LoopForm::While) {
            return false;
        }
        let bound = self.rust.inferred.get(file.0 as usize).and_then(|i| i.bound.get(&top));
        bound.into_iter().flatten().any(|l| self.local_is_waited_for(file, facts, *l, depth + 1))
    }
}
