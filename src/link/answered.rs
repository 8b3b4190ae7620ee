//! Whether a request that is kept open is answered by what its own handler starts (Java).

use super::Linked;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, LocalIx, Usage};
use crate::source::FileIx;

/// Types that keep a request open until somebody sets their result.
const KEPT: &[&str] = &["*DeferredResult"];

/// Starts of the names of calls that run a lambda once the future before them is done, or on a pool.
const STEPS: &[&str] = &[
    "when",
    "then",
    "handle",
    "exceptionally",
    "addCallback",
    "execute",
    "submit",
    "runAsync",
    "supplyAsync",
    "ifPresent",
    "forEach",
];

/// Starts of the names of calls by which the result is asked, or told what to do at its end.
const ASIDE: &[&str] = &["on", "is", "has", "get"];

/// Results are followed through so many helpers.
const MOST_HELPERS: u8 = 2;

impl Linked<'_> {
    /// Does the handler set each result that it makes itself, at once or when a task ends that it starts?
    pub fn is_answered_here(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let is_kept = |local: &LocalIx| {
            facts[*local].init.is_some_and(|init| {
                matches!(&facts[init].kind, ExprKind::New { ty, body: None, .. }
                    if KEPT.iter().any(|p| super::glob(p, ty.name.last_segment())))
            })
        };
        let mut kept = (0..facts.locals.len())
            .map(|i| LocalIx(i as u32))
            .filter(|local| facts[*local].callable == method && is_kept(local))
            .peekable();
        kept.peek().is_some()
            && kept.all(|local| {
                let mut answered = false;
                self.stays_here(file, local, 0, &mut answered) && answered
            })
    }

    fn stays_here(&self, file: FileIx, local: LocalIx, depth: u8, answered: &mut bool) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth <= MOST_HELPERS) else { return false };
        let starts = |name: &str, list: &[&str]| list.iter().any(|p| name.starts_with(p));
        let uses = |e: &&Expr| matches!(e.kind, ExprKind::Local(l) if l == local);
        facts.exprs.iter().filter(uses).all(|e| match e.usage {
            Usage::Returned => true,
            Usage::Base(call) => match &facts[call].kind {
                ExprKind::Call { name, .. } if name.starts_with("set") => {
                    let own = self.runs_for(file, e.callable, facts[local].callable);
                    *answered |= own == Some(true);
                    own.is_some()
                }
                ExprKind::Call { name, .. } => starts(name, ASIDE),
                _ => false,
            },
            Usage::Argument(call, at) => match self.parameter(file, call, at) {
                Some((at, param)) => self.stays_here(at, param, depth + 1, answered),
                None => false,
            },
            _ => false,
        })
    }

    /// Do the lambdas between a place and the method around it run for this call of the method? `Some(false)`: only
    /// when the time of the request is over.
    fn runs_for(&self, file: FileIx, inner: CallableIx, method: CallableIx) -> Option<bool> {
        let facts = self.facts(file)?;
        let (mut at, mut acts) = (inner, true);
        for _ in 0..16 {
            if at == method {
                return Some(acts);
            }
            if facts[at].kind != CallableKind::Lambda {
                return None;
            }
            let Some(Usage::Argument(to, _)) = self.lambda_usage(file, at) else { return None };
            let ExprKind::Call { name, .. } = &facts[to].kind else { return None };
            let step = STEPS.iter().any(|p| name.starts_with(p));
            let late = matches!(name.as_str(), "onTimeout" | "onError" | "onCompletion");
            // A helper of the tree itself that runs what it is given.
            let helper = self.callee(file, to).target.is_some() && at != inner;
            if !step && !late && !helper {
                return None;
            }
            acts &= !late;
            at = facts[at].outer?;
        }
        None
    }

    /// Is the call made on a local that is opened and closed in the same method, and that goes nowhere else?
    pub fn is_of_one_call(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let (ExprKind::Call { base: Some(base), .. } | ExprKind::MethodRef { base, .. }) = facts[expr].kind else {
            return false;
        };
        let ExprKind::Local(local) = facts[base].kind else { return false };
        if facts[local].param || facts[facts[local].callable].kind != CallableKind::Method {
            return false;
        }
        let mut closed = facts[local].init.is_some_and(|init| facts[init].usage == Usage::Resource);
        let stays =
            facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local)).all(|e| match e.usage {
                Usage::Base(call) => {
                    closed |= matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.as_str() == "close");
                    true
                }
                Usage::Argument(..) | Usage::Returned | Usage::ToField => false,
                _ => true,
            });
        closed && stays
    }

    /// Is what is made here kept in a local of a method that gives a stream back, and is a stream made of it there?
    pub fn is_within_returned_stream(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let Usage::ToLocal(local) = facts[super::joins::chain_top(facts, expr)].usage else { return false };
        let method = &facts[self.named_callable(file, facts[local].callable)];
        let streams = ["Flux", "Mono", "Publisher", "Multi", "Uni", "Flowable", "Observable"];
        let gives = method.returns.as_ref().is_some_and(|ty| streams.contains(&ty.name.last_segment()));
        let mut drawn = false;
        let stays =
            facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local)).all(|e| match e.usage {
                Usage::Base(call) => {
                    drawn |= matches!(&facts[call].kind, ExprKind::Call { name, .. }
                        if name.starts_with("asFlux") || name.starts_with("asMono") || name.starts_with("to"));
                    true
                }
                Usage::Argument(..) | Usage::ToField | Usage::Returned => false,
                _ => true,
            });
        gives && drawn && stays
    }

    /// Does a stage of the stream, or what it calls, do input or output, or reach another service?
    pub fn stage_works(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let after = (facts[expr].span.end, facts[super::joins::chain_top(facts, expr)].span.end);
        facts.exprs.iter().enumerate().any(|(i, e)| {
            let call = ExprIx(i as u32);
            matches!(e.kind, ExprKind::Call { .. } | ExprKind::MethodRef { .. } | ExprKind::New { .. })
                && e.span.end > after.0
                && e.span.end <= after.1
                && self.works_below(file, call)
        })
    }

    /// Is the object that is made kept in a local of its method, and asked there without going anywhere else?
    pub fn stays_in_method(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let Usage::ToLocal(local) = facts[super::joins::chain_top(facts, expr)].usage else { return false };
        let kept = |e: &&crate::facts::code::Expr| matches!(e.kind, ExprKind::Local(l) if l == local);
        facts.exprs.iter().filter(kept).all(|e| matches!(e.usage, Usage::Base(_)))
    }

    /// Does a chain of a stream only collect, by what getters of its elements say?
    pub fn only_collects(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let plain = |name: &str| {
            [
                "get",
                "is",
                "to",
                "equals",
                "identity",
                "valueOf",
                "collect",
                "groupingBy",
                "joining",
                "distinct",
                "sorted",
                "map",
                "filter",
            ]
            .iter()
            .any(|p| name.starts_with(p))
        };
        let after = (facts[expr].span.end, facts[super::joins::chain_top(facts, expr)].span.end);
        let mut collects = false;
        facts.exprs.iter().enumerate().all(|(i, e)| {
            let name = match &e.kind {
                ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => name,
                ExprKind::New { .. } if e.span.start >= after.0 && e.span.end <= after.1 => return false,
                _ => return true,
            };
            // The calls of the chain itself begin where the stream does.
            if e.span.end <= after.0 || e.span.end > after.1 || e.span.start > after.1 {
                return true;
            }
            let call = ExprIx(i as u32);
            collects |= matches!(name.as_str(), "collect" | "toList");
            let target = || self.callee(file, call).target.map(|(id, method)| (self.types[id].file, method));
            let pure = || target().is_some_and(|(at, method)| self.is_pure_method(at, method));
            (plain(name) || pure()) && !self.works_at(file, call)
        }) && collects
    }

    /// Does each caller in the tree say how long to sleep, and is it short (milliseconds)?
    pub fn is_short_pause(&self, file: FileIx, call: ExprIx, most: f64) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
        let Some(ExprKind::Local(local)) = args.first().map(|a| &facts[*a].kind) else { return false };
        let method = facts[*local].callable;
        let Some(at) = facts[method].params.iter().position(|p| p == local) else { return false };
        let mut sites = self.call_sites(file, method).into_iter().peekable();
        !self.is_called_from_outside(file, method)
            && sites.peek().is_some()
            && sites.all(|(home, site)| {
                let Some(there) = self.facts(home) else { return false };
                let ExprKind::Call { args, .. } = &there[site].kind else { return false };
                let said = args.get(at).and_then(|a| self.constant(home, *a));
                said.and_then(|v| v.trim_end_matches(['L', 'l']).parse::<f64>().ok()).is_some_and(|v| v <= most)
            })
    }
}
