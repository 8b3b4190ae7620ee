//! Edges and roots of Rust code for the call graph.

use super::super::Linked;
use super::super::graph::ReachSet;
use super::roles::{is_set_up, is_web, starts_task};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, Usage};
use crate::rules::model::LoopKind;
use crate::source::FileIx;
use crate::text::{Name, Span};
use crate::units::UnitKind;

/// What one file adds to the graph.
#[derive(Default)]
pub(in crate::link) struct RustEdges {
    /// From a callable of the file to any callable.
    pub edges: Vec<(CallableIx, (FileIx, CallableIx))>,
    pub seeds: Vec<((FileIx, CallableIx), ReachSet)>,
    /// Tasks and what runs for ever, by the callable that begins it.
    pub begun: Vec<(CallableIx, (FileIx, CallableIx))>,
    pub handlers: Vec<(FileIx, CallableIx)>,
    /// Functions that others may call if nobody here does.
    pub offered: Vec<CallableIx>,
    /// Methods of a trait that a method of the same name hands commands beside the service to.
    pub commands: Vec<(FileIx, CallableIx)>,
}

/// When something that can run does so, by what it is given to.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Now,
    Background,
    Request,
}

/// More methods of one name than this say nothing about who is called.
const NAMESAKES: usize = 6;

impl Linked<'_> {
    /// Calls and roots of a Rust file.
    pub(in crate::link) fn rust_edges(&self, file: FileIx) -> RustEdges {
        let mut out = RustEdges::default();
        let Some(facts) = self.facts(file) else { return out };
        if self.rust.home(file).test {
            return out;
        }
        for (i, c) in facts.callables.iter().enumerate() {
            let ix = CallableIx(i as u32);
            if self.is_rust_handler(file, ix) {
                out.handlers.push((file, ix));
            } else if self.is_rust_main(file, ix) || c.kind == CallableKind::FieldInit {
                let of_tool = self.is_rust_main(file, ix)
                    && self.unit(file).is_some_and(|unit| self.units[unit].kind == UnitKind::Tool);
                let set = if of_tool { ReachSet::ASIDE } else { ReachSet::STARTUP };
                out.seeds.push(((file, ix), set));
            } else if self.is_rust_function(file, ix) && self.is_rust_callback(file, ix) {
                out.seeds.push(((file, ix), ReachSet::OUTSIDE));
            } else if self.is_rust_api(file, ix) {
                out.offered.push(ix);
            }
        }
        out.handlers.extend(self.rust_routes(file).into_iter().map(|c| (file, c)));
        let endless: Vec<Span> = facts
            .loops
            .iter()
            .filter(|l| matches!(self.loop_kind(file, l), Some(LoopKind::Daemon | LoopKind::Consumer)))
            .map(|l| l.body)
            .collect();
        for i in 0..facts.exprs.len() {
            let ix = ExprIx(i as u32);
            let (known, begun, handlers) = (out.edges.len(), out.begun.len(), out.handlers.len());
            self.rust_edge(file, facts, ix, &mut out);
            if facts.asides.iter().any(|aside| aside.contains(facts[ix].span)) {
                let mut to: Vec<_> = out.edges.drain(known..).map(|(_, to)| to).collect();
                to.extend(out.begun.drain(begun..).map(|(_, to)| to));
                to.extend(out.handlers.drain(handlers..));
                // Somebody gives the commands, also where it is not seen who.
                let holder = self.named_callable(file, facts[ix].callable);
                out.offered.push(holder);
                let from = &facts[holder];
                if from.of_trait.is_some() {
                    let same = |(at, c): &&(FileIx, CallableIx)| {
                        self.facts(*at).is_some_and(|f| f[*c].of_trait.is_some() && f[*c].name == from.name)
                    };
                    out.commands.extend(to.iter().filter(same));
                }
                out.seeds.extend(to.into_iter().map(|to| (to, ReachSet::ASIDE)));
                continue;
            }
            // What a loop calls that never ends is called for ever, also when start-up code entered it.
            if endless.iter().any(|body| body.contains(facts[ix].span)) {
                out.begun.extend_from_slice(&out.edges[known..]);
            }
        }
        let handlers = out.handlers.clone();
        out.seeds.extend(handlers.into_iter().map(|h| (h, ReachSet::REQUEST)));
        out
    }

    fn rust_edge(&self, file: FileIx, facts: &CodeFacts, ix: ExprIx, out: &mut RustEdges) {
        let expr = &facts[ix];
        let from = expr.callable;
        match &expr.kind {
            ExprKind::Lambda(callable) => {
                self.rust_run(file, facts, ix, from, (file, *callable), out);
            }
            ExprKind::Call { base: Some(_), name, .. } => {
                for target in self.rust_targets(file, ix, *name) {
                    self.rust_call(file, facts, ix, from, target, out);
                }
            }
            ExprKind::Call { base: None, .. } => {
                let callee = self.rust.callee(file, ix);
                if let Some(target) = callee.and_then(|c| c.target) {
                    self.rust_call(file, facts, ix, from, target, out);
                }
            }
            ExprKind::Name(_) => {
                let callee = self.rust.callee(file, ix);
                if let Some(target) = callee.and_then(|c| c.target) {
                    self.rust_run(file, facts, ix, from, target, out);
                }
            }
            _ => {}
        }
    }

    /// The methods that a call may mean.
    pub(super) fn rust_targets(&self, file: FileIx, ix: ExprIx, name: Name) -> Vec<(FileIx, CallableIx)> {
        let Some(callee) = self.rust.callee(file, ix) else { return Vec::new() };
        if let Some(target) = callee.target {
            let mut targets = vec![target];
            // A method of a trait may be that of any type that implements it.
            if let Some((owner, _)) = callee.path.as_str().rsplit_once("::") {
                let types = self.rust.declared.implementors(Name::new(owner));
                targets.extend(types.iter().take(256).flat_map(|t| self.rust.declared.method(*t, name)));
            }
            return targets;
        }
        // `impl Deref for Guard`: a method that the guard does not have is of what it guards.
        let of = callee.path.as_str().rsplit_once("::").map_or("?", |(of, _)| of);
        let derefs = || self.rust.declared.traits_of(Name::new(of)).iter().any(|t| t.last_segment() == "Deref");
        if of != "?" && !derefs() {
            return Vec::new();
        }
        // Of an unknown receiver's type only the name and the number of arguments are known.
        let given = match self.facts(file).map(|f| &f[ix].kind) {
            Some(ExprKind::Call { args, .. }) => args.len(),
            _ => 0,
        };
        let takes = |(f, c): &&(FileIx, CallableIx)| self.facts(*f).is_some_and(|f| f[*c].params.len() == given);
        let named = self.rust.declared.named(name);
        let fit: Vec<_> = named.iter().filter(takes).copied().take(NAMESAKES + 1).collect();
        if fit.len() > NAMESAKES { Vec::new() } else { fit }
    }

    /// A call: its target runs in the caller, or in the task that its future is given to.
    fn rust_call(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        ix: ExprIx,
        from: CallableIx,
        target: (FileIx, CallableIx),
        out: &mut RustEdges,
    ) {
        match self.rust_when(file, facts, ix) {
            When::Background => out.begun.push((from, target)),
            _ => out.edges.push((from, target)),
        }
    }

    /// A function, closure or block that is named but not called here.
    fn rust_run(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        ix: ExprIx,
        from: CallableIx,
        target: (FileIx, CallableIx),
        out: &mut RustEdges,
    ) {
        match self.rust_when(file, facts, ix) {
            When::Now => out.edges.push((from, target)),
            When::Background => out.begun.push((from, target)),
            When::Request => out.handlers.push(target),
        }
    }

    /// `web::get().to(handler)`: a call of an unknown type in a chain that a web framework began.
    fn builds_on_web(&self, file: FileIx, facts: &CodeFacts, call: ExprIx) -> bool {
        const OF_RESULTS: &[&str] = &[
            "map_err",
            "unwrap_or_else",
            "or_else",
            "ok_or_else",
            "inspect_err",
            "with_context",
            "unwrap_or",
            "inspect",
        ];
        let mut at = call;
        for _ in 0..64 {
            let ExprKind::Call { base, name, .. } = &facts[at].kind else { return false };
            if OF_RESULTS.contains(&name.last_segment()) {
                return false;
            }
            let path = self.rust_callee(file, at);
            if !path.is_empty() && !path.starts_with("?::") {
                return is_web(&path);
            }
            let Some(base) = base else { return false };
            if facts[*base].usage == Usage::Awaited {
                return false;
            }
            at = *base;
        }
        false
    }

    fn rust_when(&self, file: FileIx, facts: &CodeFacts, ix: ExprIx) -> When {
        let mut at = ix;
        for _ in 0..16 {
            match facts[at].usage {
                Usage::Argument(call, _) => match &facts[call].kind {
                    ExprKind::Call { name, .. } => {
                        let Some(callee) = self.rust.callee(file, call) else { return When::Now };
                        let path = callee.path;
                        if callee.target.is_some_and(|t| self.rust.wrappers.contains_key(&t))
                            || (callee.target.is_none() && starts_task(&path))
                        {
                            return When::Background;
                        }
                        let function = !matches!(facts[ix].kind, ExprKind::Call { .. });
                        let of_web = || is_web(&path) || self.builds_on_web(file, facts, call);
                        if callee.target.is_none() && function && !is_set_up(&path) && of_web() {
                            return When::Request;
                        }
                        // `Box::pin(work())`, `service_fn(handler)`.
                        if matches!(name.last_segment(), "pin" | "new" | "Some" | "Ok" | "from_fn" | "wrap_fn") {
                            at = call;
                            continue;
                        }
                        return When::Now;
                    }
                    ExprKind::Macro { name, .. } => {
                        let routes = matches!(name.last_segment(), "routes" | "catchers" | "openapi_get_routes");
                        return if routes { When::Request } else { When::Now };
                    }
                    ExprKind::List(_) => at = call,
                    _ => return When::Now,
                },
                // `work().instrument(span)` in the same place.
                Usage::Base(call) => match &facts[call].kind {
                    ExprKind::Call { name, .. }
                        if matches!(
                            name.as_str(),
                            "instrument" | "in_current_span" | "bind_hub" | "boxed" | "with_subscriber" | "map"
                        ) =>
                    {
                        at = call;
                    }
                    _ => return When::Now,
                },
                // `let task = async { … }; spawn(task)`.
                Usage::ToLocal(local) => match self.rust.uses(file, local) {
                    [only] => at = *only,
                    _ => return When::Now,
                },
                _ => return When::Now,
            }
        }
        When::Now
    }
}
