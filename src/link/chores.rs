//! Tasks that belong to something which is told elsewhere: they read what a child process says, start a listener,
//! renew a cache.

use super::Linked;
use super::types::Sym;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, LocalIx, Target, TypeIx, Usage};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// Calls that take what a child process writes.
const STREAMS: &[&str] = &["getErrorStream", "getInputStream", "errorReader", "inputReader"];

/// Calls that see to the end of a child process.
const ENDS: &[&str] = &["waitFor", "destroy", "destroyForcibly", "exitValue", "onExit", "read", "readLine"];

/// Calls that begin what then runs by itself.
const BEGINS: &[&str] = &["start", "connect", "subscribe", "open", "run"];

/// Calls that say nothing of what a task does.
const IDLE: &[&str] = &[
    "sleep",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "getMessage",
    "setName",
    "currentThread",
    "interrupt",
    "println",
    "printStackTrace",
];

/// What a task that serves makes and calls, all of one list.
const SERVES: &[&[&str]] = &[&["ServerBootstrap"], &["bind", "closeFuture"], &["blockUntilShutdown"]];

/// Caches of a process.
const CACHES: &[&str] = &[
    "org.springframework.cache.Cache",
    "org.springframework.cache.CacheManager",
    "com.github.benmanes.caffeine.cache.*Cache",
    "com.google.common.cache.*Cache",
    "org.ehcache.Cache",
    "javax.cache.Cache",
];

/// Calls that renew what a cache holds.
const RENEWS: &[&str] =
    &["put", "putIfAbsent", "putAll", "invalidate", "invalidateAll", "clear", "evict", "evictIfPresent", "refresh"];

impl Linked<'_> {
    /// Does the thread or task read what a child process writes, while the method sees to the end of that process? Of
    /// a class: is each object of it made to do so?
    pub fn drains_child(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let method = self.named_callable(file, facts[expr].callable);
        let takes = |span: Span| {
            facts.exprs.iter().enumerate().any(|(i, e)| {
                let named = matches!(&e.kind, ExprKind::Call { name, .. } if STREAMS.contains(&name.as_str()));
                named && span.contains(e.span) && self.is_of_process(file, ExprIx(i as u32))
            })
        };
        let span = facts[expr].span;
        let locals = facts.exprs_within(span).map(|(_, e)| e).filter_map(|e| match e.kind {
            ExprKind::Local(local) => facts[local].init,
            _ => None,
        });
        let mut spans = vec![span];
        spans.extend(locals.map(|init| facts[init].span));
        let body = facts[method].body;
        spans.into_iter().any(takes)
            && facts.exprs.iter().any(|e| {
                body.contains(e.span)
                    && !span.contains(e.span)
                    && matches!(&e.kind, ExprKind::Call { name, .. } if ENDS.contains(&name.as_str()))
            })
    }

    /// Is each object of the class made to read what a child process writes?
    pub fn all_drain(&self, file: FileIx, ty: TypeIx) -> bool {
        let id = self.types.id(file, ty);
        let made = self.types.methods(id, Name::new("<init>"));
        let sites: Vec<_> = made.iter().flat_map(|c| self.call_sites(file, *c)).collect();
        !sites.is_empty() && sites.iter().all(|(at, expr)| self.drains_child(*at, *expr))
    }

    fn is_of_process(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(owner) = self.callee(file, call).owner else { return false };
        let process = Sym::Outside(Name::new("java.lang.Process"));
        self.types.closure(self.catalog, owner).contains(&process)
    }

    /// Is the program that is prepared here never started: a local that is only set up?
    pub fn is_never_started(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let Usage::ToLocal(local) = facts[expr].usage else { return false };
        let uses = facts.exprs.iter().enumerate().filter(|(_, e)| matches!(e.kind, ExprKind::Local(l) if l == local));
        uses.map(|(i, e)| (ExprIx(i as u32), e)).all(|(ix, e)| {
            matches!(e.usage, Usage::Base(_))
                && facts[super::joins::chain_top(facts, ix)].usage == Usage::Dropped
                && !super::joins::chain_names(facts, ix).any(|name| name.starts_with("start"))
        })
    }

    /// Does the task that is handed over nothing but begin something outside the tree, perhaps after a pause?
    pub fn only_begins(&self, file: FileIx, call: ExprIx) -> bool {
        let bodies = self.task_bodies(file, call);
        !bodies.is_empty()
            && bodies.iter().all(|(at, body)| {
                let Some(facts) = self.facts(*at) else { return false };
                let span = facts[*body].body;
                let mut begins = false;
                let only = facts.exprs_within(span).all(|(i, e)| {
                    let ExprKind::Call { name, .. } = &e.kind else { return true };
                    let outside = || {
                        let owner = self.callee(*at, i).owner;
                        matches!(owner, Some(Sym::Outside(name)) if !name.starts_with("java."))
                    };
                    if BEGINS.contains(&name.as_str()) && outside() {
                        begins = true;
                        return true;
                    }
                    IDLE.contains(&name.as_str())
                });
                only && begins
            })
    }

    /// Does the task serve: bind a server, and wait until that is closed?
    pub fn task_serves(&self, file: FileIx, call: ExprIx) -> bool {
        let bodies = self.task_bodies(file, call);
        !bodies.is_empty()
            && bodies.iter().all(|(at, body)| {
                self.own_reach(*at, *body, None).iter().any(|(at, callable)| {
                    let Some(facts) = self.facts(*at) else { return false };
                    let span = facts[*callable].body;
                    let calls = |wanted: &str| {
                        facts.exprs.iter().any(|e| {
                            span.contains(e.span)
                                && match &e.kind {
                                    ExprKind::Call { name, .. } => name.as_str() == wanted,
                                    ExprKind::New { ty, .. } => ty.name.last_segment() == wanted,
                                    _ => false,
                                }
                        })
                    };
                    SERVES.iter().any(|all| all.iter().all(|name| calls(name)))
                })
            })
    }

    /// Does the method renew a cache of its process with what a method loads that is cached anyway, or only empty it?
    pub fn renews_cache(&self, file: FileIx, method: CallableIx) -> bool {
        let marked = |target: CallableIx, at: FileIx, names: &[&str]| {
            let annotations = self.annotations_on(at, Target::Callable(target));
            annotations.iter().any(|a| names.contains(&a.last_segment()))
        };
        if marked(method, file, &["CacheEvict", "Caching"]) && !self.works(file, method) {
            return true;
        }
        let cached =
            |(at, c): &(FileIx, CallableIx)| (*at, *c) != (file, method) && marked(*c, *at, &["Cacheable", "CachePut"]);
        let mut own = self.own_reach(file, method, None);
        // What is cached loads as it may.
        let loads: Vec<_> =
            own.iter().filter(|m| cached(m)).flat_map(|(at, c)| self.own_reach(*at, *c, None)).collect();
        own.retain(|m| !loads.contains(m));
        let mut renews = false;
        let only = own.iter().all(|(at, callable)| {
            let Some(facts) = self.facts(*at) else { return false };
            let body = facts[*callable].body;
            facts.exprs_within(body).all(|(i, e)| {
                let ix = i;
                let (ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. }) = &e.kind else { return true };
                let callee = self.callee(*at, ix);
                let cache = callee.owner.is_some_and(|owner| {
                    let closure = self.types.closure(self.catalog, owner);
                    closure.iter().any(|s| CACHES.iter().any(|c| super::glob(c, &self.types.name(*s))))
                });
                let found = || match &e.kind {
                    ExprKind::Call { base: Some(base), .. } => {
                        matches!(&facts[*base].kind, ExprKind::Call { name, .. } if name.as_str() == "getCache")
                    }
                    _ => false,
                };
                let cache = cache || callee.owner.is_none() && found();
                renews |= cache && RENEWS.contains(&name.as_str());
                let told = callee.target.map(|(id, target)| (self.types[id].file, target));
                cache
                    || told.is_some_and(|m| own.contains(&m) || loads.contains(&m) || cached(&m))
                    || !self.works_at(*at, ix)
            })
        });
        only && renews && !loads.is_empty()
    }

    /// The task that a local holds, where the local is given to what puts it on a thread.
    pub(super) fn local_is_handed_over(&self, file: FileIx, local: LocalIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.exprs.iter().any(|e| match (&e.kind, e.usage) {
            (ExprKind::Local(l), Usage::Argument(to, _)) => *l == local && self.hands_over(file, to, 0),
            _ => false,
        })
    }
}
