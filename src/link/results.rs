//! What becomes of a thread or a task: given back by a factory, completing the answer of a request.

use super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, LocalIx, Mods, TypeIx, TypeKind, TypeRef, Usage};
use crate::source::{FileIx, Role};
use crate::text::Span;

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

    /// Is what comes of the call thrown away, but for steps that hang on it and feed nothing?
    pub fn is_left_alone(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let callable = facts[expr].callable;
        let steps = |from: ExprIx| {
            let top = super::joins::chain_top(facts, from);
            let span = facts[top].span;
            let feeds = (0..facts.locals.len()).map(|i| LocalIx(i as u32)).any(|local| {
                facts[local].callable == callable
                    && result_type(facts, local)
                        .is_some_and(|ty| RESULTS.iter().any(|p| super::glob(p, ty.name.last_segment())))
                    && facts.exprs.iter().any(|e| {
                        // The value itself is the base of the chain.
                        matches!(e.kind, ExprKind::Local(l) if l == local)
                            && span.contains(e.span)
                            && e.span.start > facts[from].span.start
                    })
            });
            facts[top].usage == Usage::Dropped
                && !feeds
                && super::joins::chain_names(facts, from).all(|n| STEPS.iter().any(|s| n.starts_with(s)))
        };
        match facts[super::joins::chain_top(facts, expr)].usage {
            Usage::Dropped => steps(expr),
            Usage::ToLocal(local) => facts
                .exprs
                .iter()
                .enumerate()
                .filter(|(_, e)| matches!(e.kind, ExprKind::Local(l) if l == local))
                .all(|(i, _)| steps(ExprIx(i as u32))),
            _ => false,
        }
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

fn is_returned(facts: &CodeFacts, callable: CallableIx, local: LocalIx) -> bool {
    facts.exprs.iter().any(|e| {
        e.callable == callable && e.usage == Usage::Returned && matches!(e.kind, ExprKind::Local(l) if l == local)
    })
}
