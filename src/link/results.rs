//! What becomes of a thread or a task: given back by a factory, completing the answer of a request.

use super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{
    CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, LocalIx, Mods, TypeIx, TypeKind, TypeRef, Usage,
};
use crate::source::{FileIx, Role};
use crate::text::{Name, Span};

/// Simple names of what stands for a result that comes later.
const RESULTS: &[&str] = &[
    "*Future",
    "*Promise",
    "*Deferred*",
    "*Emitter",
    "*Sink",
    "WebAsyncTask",
    "AsyncResponse",
    "AsyncContext",
    "SseEventSink",
    "StreamObserver",
    "ServerCallStreamObserver",
    "ChannelHandlerContext",
    "HttpServerExchange",
    "HttpExchange",
    "RoutingContext",
];

/// Those of them by which a request is answered that was kept open: whoever has one answers it.
const OPEN: &[&str] = &["*Deferred*", "*Emitter", "AsyncContext", "AsyncResponse", "SseEventSink"];

/// What a handler of a server writes its answer to.
const WRITERS: &[&str] = &["ChannelHandlerContext", "HttpServerExchange", "HttpExchange", "RoutingContext"];

/// Starts of the names of calls that hang a further step on a future, or ask how it stands.
const STEPS: &[&str] = &[
    "when",
    "then",
    "exceptionally",
    "handle",
    "orTimeout",
    "completeOnTimeout",
    "isDone",
    "addListener",
    "addCallback",
];

/// What one thread reads while another writes.
const PIPES: &[&str] =
    &["*InputStream", "*Reader", "*BlockingQueue", "*BlockingDeque", "*Iterator", "Flux", "Publisher"];

/// Give a future back that is complete.
const FINISHED: &[&str] = &["completedFuture", "completedStage", "failedFuture", "failedStage", "immediateFuture"];

/// Made empty, it is completed by others.
const PROMISE: &str = "java.util.concurrent.CompletableFuture";

impl Linked<'_> {
    /// A stream or queue made by the method, filled by the task and returned to who reads it.
    fn fills_returned(&self, facts: &CodeFacts, callable: CallableIx, local: LocalIx, task: Span) -> bool {
        let decl = &facts[local];
        let made = decl.init.is_some_and(|init| matches!(facts[init].kind, ExprKind::New { .. }));
        made && !decl.param
            && result_type(facts, local).is_some_and(|ty| PIPES.iter().any(|p| super::glob(p, ty.name.last_segment())))
            && mentions(facts, task, local)
            && is_returned(facts, callable, local)
    }

    /// Does a lambda give the value back, not started? Then it is what a factory makes.
    pub fn is_given_back(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let callable = facts[expr].callable;
        if facts[callable].kind != CallableKind::Lambda {
            return false;
        }
        match facts[expr].usage {
            Usage::Returned => true,
            Usage::ToLocal(local) => {
                let uses = || facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local));
                let starts = |usage: Usage| matches!(usage, Usage::Base(p) if matches!(&facts[p].kind, ExprKind::Call { name, .. } if name.as_str() == "start"));
                uses().any(|e| e.usage == Usage::Returned) && !uses().any(|e| starts(e.usage))
            }
            _ => false,
        }
    }

    /// Does the task that the call hands over complete what the method around it returns, or got as the answer to complete?
    pub fn feeds_result(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let (span, callable) = (facts[call].span, facts[call].callable);
        (0..facts.locals.len()).map(|i| LocalIx(i as u32)).any(|local| {
            let decl = &facts[local];
            let of = |list: &[&str], ty: &TypeRef| list.iter().any(|p| super::glob(p, ty.name.last_segment()));
            let open = |ty: &TypeRef| of(OPEN, ty) || ty.args.iter().any(|ty| of(OPEN, ty));
            let Some(ty) = result_type(facts, local).filter(|_| decl.callable == callable) else { return false };
            (open(&ty) || of(RESULTS, &ty) && (decl.param || is_returned(facts, callable, local)))
                && mentions(facts, span, local)
                || self.fills_returned(facts, callable, local, span)
        })
    }

    /// Does the task fill a stream or queue that its method gives back, or write the answer of a server?
    pub(super) fn feeds_reader(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let (span, callable) = (facts[call].span, facts[call].callable);
        (0..facts.locals.len()).map(|i| LocalIx(i as u32)).filter(|l| facts[*l].callable == callable).any(|local| {
            let writes = facts[local].param
                && result_type(facts, local).is_some_and(|ty| WRITERS.contains(&ty.name.last_segment()))
                && mentions(facts, span, local);
            writes || self.fills_returned(facts, callable, local, span)
        })
    }

    /// Is the future that the method gives back one of work under way, neither finished nor left to others to complete?
    pub fn is_under_way(&self, home: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(home) else { return false };
        let of_interface = facts[method].owner.is_some_and(|ty| facts[ty].kind == TypeKind::Interface);
        if self.works(home, method) || of_interface || facts[method].mods.has(Mods::ABSTRACT) {
            return true;
        }
        let body = facts[method].body;
        let mut calls = false;
        for (i, e) in facts.exprs_within(body) {
            let owner = || self.callee(home, i).owner.map(|owner| self.types.name(owner));
            match &e.kind {
                ExprKind::Call { name, .. } if FINISHED.contains(&name.as_str()) => return false,
                ExprKind::New { .. } if owner().is_some_and(|name| name.as_str() == PROMISE) => return false,
                ExprKind::Call { .. } => calls = true,
                _ => {}
            }
        }
        calls
    }

    /// Is what comes of the call thrown away, but for steps that hang on it and feed nothing?
    pub fn is_left_alone(&self, file: FileIx, expr: ExprIx) -> bool {
        self.is_java(file) && self.left_alone(file, expr, 0)
    }

    fn left_alone(&self, file: FileIx, expr: ExprIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 4) else { return false };
        let top = super::joins::chain_top(facts, expr);
        let named = |names: &[&str], n: &Name| names.iter().any(|s| n.starts_with(s));
        if !super::joins::chain_names(facts, expr).all(|n| named(STEPS, &n)) {
            return false;
        }
        // The value may be what the call is given.
        let own = match &facts[expr].kind {
            ExprKind::Call { args, .. } if depth > 0 => args.first().and_then(|a| match facts[*a].kind {
                ExprKind::Local(local) => Some(local),
                _ => None,
            }),
            _ => None,
        };
        match facts[top].usage {
            Usage::Dropped => !feeds_another(facts, expr, top, own),
            Usage::ToLocal(local) => !feeds_another(facts, expr, top, own) && self.local_left_alone(file, local, depth),
            Usage::Argument(call, at) => {
                let ExprKind::Call { base, name, .. } = &facts[call].kind else { return false };
                let thrown = |call: ExprIx| facts[super::joins::chain_top(facts, call)].usage == Usage::Dropped;
                if let Some((at, local)) = self.parameter(file, call, at) {
                    return self.local_left_alone(at, local, depth + 1) && self.left_alone(file, call, depth + 1);
                }
                // `futures.put(id, future)`, where nobody waits for what the map holds.
                if let Some(base) = base.filter(|_| named(&["put", "add", "offer"], name) && thrown(call)) {
                    return self
                        .field_of(file, base)
                        .is_some_and(|(at, field)| at == file && self.waits_for_none(file, field));
                }
                // A helper out of sight that sets a limit of time.
                name.contains("Timeout")
                    && !named(&["get", "wait", "await", "join", "block"], name)
                    && self.left_alone(file, call, depth + 1)
            }
            // What a helper gives back is its caller's.
            Usage::Returned => depth > 0 || self.callers_leave_alone(file, facts[top].callable, 0),
            _ => false,
        }
    }

    /// Do all callers of a method throw away what it gives back, but for steps that hang on it?
    fn callers_leave_alone(&self, file: FileIx, method: CallableIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 5) else { return false };
        if facts[method].kind != CallableKind::Method || self.is_handler(file, method) {
            return false;
        }
        let sites = self.call_sites(file, method);
        !sites.is_empty()
            && sites.iter().all(|(at, call)| {
                let Some(there) = self.facts(*at) else { return false };
                match there[super::joins::chain_top(there, *call)].usage {
                    Usage::Returned => self.callers_leave_alone(*at, there[*call].callable, depth + 1),
                    Usage::Dropped => self.left_alone(*at, *call, 1),
                    _ => false,
                }
            })
    }

    fn local_left_alone(&self, file: FileIx, local: LocalIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts
            .exprs
            .iter()
            .enumerate()
            .filter(|(_, e)| matches!(e.kind, ExprKind::Local(l) if l == local))
            .all(|(i, _)| self.left_alone(file, ExprIx(i as u32), depth))
    }

    /// Is a collection of futures only filled and cleared by its class, and does nobody wait for one of them?
    fn waits_for_none(&self, file: FileIx, field: FieldIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let decl = &facts[field];
        let named =
            |kind: &ExprKind| matches!(kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if *n == decl.name);
        decl.mods.has(Mods::PRIVATE)
            && facts.exprs.iter().enumerate().filter(|(_, e)| named(&e.kind)).all(|(i, e)| {
                if self.field_of(file, ExprIx(i as u32)) != Some((file, field)) {
                    return true;
                }
                let Usage::Base(call) = e.usage else { return false };
                let ExprKind::Call { name, .. } = &facts[call].kind else { return false };
                match name.as_str() {
                    "put" | "putIfAbsent" | "add" | "offer" | "containsKey" | "isEmpty" | "size" | "clear" => true,
                    "get" | "remove" => match facts[super::joins::chain_top(facts, call)].usage {
                        Usage::ToLocal(local) => {
                            !self.local_is_joined(file, local) && !is_returned(facts, facts[local].callable, local)
                        }
                        // `whenComplete((done, error) -> running.remove(id))`
                        Usage::Returned if facts[e.callable].kind == CallableKind::Lambda => true,
                        Usage::Dropped | Usage::Other => {
                            !super::joins::chain_names(facts, call).any(|n| matches!(n.as_str(), "get" | "join"))
                        }
                        _ => false,
                    },
                    _ => false,
                }
            })
    }

    /// An interface, or an abstract class that others in the workspace extend.
    pub fn is_stub(&self, file: FileIx, ty: TypeIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let decl = &facts[ty];
        decl.kind == TypeKind::Interface
            || decl.mods.has(Mods::ABSTRACT)
                && self
                    .types
                    .subtypes(self.types.id(file, ty))
                    .iter()
                    .any(|sub| self.workspace[self.types[*sub].file].role == Role::Main)
    }

    /// A method of an interface that a controller implements, which is told there.
    pub fn is_served_by_subtype(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let m = &facts[method];
        let Some(owner) = m.owner.filter(|o| facts[*o].kind == TypeKind::Interface) else { return false };
        self.types.subtypes(self.types.id(file, owner)).iter().any(|sub| {
            let at = self.types[*sub].file;
            let Some(of_sub) = self.facts(at) else { return false };
            let mut same = self.types.methods(*sub, m.name).iter();
            same.any(|c| of_sub[*c].params.len() == m.params.len() && self.is_handler(at, *c))
        })
    }

    /// Does the method return a future for which all its callers wait?
    pub fn all_callers_wait(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let later = facts[method].returns.as_ref().is_some_and(|ty| ty.name.last_segment().ends_with("Future"));
        if !later {
            return false;
        }
        let mut any = false;
        for (i, code) in self.code.iter().enumerate() {
            let at = FileIx(i as u32);
            let Some(code) = code.filter(|_| self.is_java(at) && self.workspace[at].role == Role::Main) else {
                continue;
            };
            for (e, expr) in code.exprs.iter().enumerate() {
                let called = matches!(&expr.kind, ExprKind::Call { name, .. } if *name == facts[method].name);
                let ix = ExprIx(e as u32);
                if !called
                    || self.callee(at, ix).target.is_none_or(|(id, t)| (self.types[id].file, t) != (file, method))
                {
                    continue;
                }
                if expr.usage == Usage::Dropped || !self.is_joined(at, ix) {
                    return false;
                }
                any = true;
            }
        }
        any
    }

    /// A main method beside the one that starts the service.
    pub fn is_side_main(&self, file: FileIx, callable: CallableIx) -> bool {
        self.unit(file).is_some_and(|u| self.units[u].side_mains.contains(&(file, callable)))
    }
}

/// The declared type; of `var` and the like the constructed one.
fn result_type(facts: &CodeFacts, local: LocalIx) -> Option<TypeRef> {
    facts[local].ty.clone().filter(|ty| ty.name.as_str() != "var").or_else(|| match &facts[facts[local].init?].kind {
        ExprKind::New { ty, .. } => Some((**ty).clone()),
        _ => None,
    })
}

/// Does the local stand within the span?
pub(super) fn mentions(facts: &CodeFacts, span: Span, local: LocalIx) -> bool {
    facts.exprs.iter().any(|e| span.contains(e.span) && matches!(e.kind, ExprKind::Local(l) if l == local))
}

/// Does a step of the chain complete another result of the same method than the value itself?
fn feeds_another(facts: &CodeFacts, from: ExprIx, top: ExprIx, own: Option<LocalIx>) -> bool {
    let (span, callable) = (facts[top].span, facts[from].callable);
    (0..facts.locals.len()).map(|i| LocalIx(i as u32)).filter(|local| Some(*local) != own).any(|local| {
        facts[local].callable == callable
            && result_type(facts, local)
                .is_some_and(|ty| RESULTS.iter().any(|p| super::glob(p, ty.name.last_segment())))
            && facts.exprs.iter().any(|e| {
                // The value itself is the base of the chain.
                matches!(e.kind, ExprKind::Local(l) if l == local)
                    && span.contains(e.span)
                    && e.span.start > facts[from].span.start
            })
    })
}

fn is_returned(facts: &CodeFacts, callable: CallableIx, local: LocalIx) -> bool {
    facts.exprs.iter().any(|e| {
        e.callable == callable && e.usage == Usage::Returned && matches!(e.kind, ExprKind::Local(l) if l == local)
    })
}
