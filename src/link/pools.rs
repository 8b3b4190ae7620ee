//! What becomes of a pool: every task that is put on it, through fields, factories and the project's own helpers.

use rustc_hash::FxHashSet;

use super::Linked;
use super::beans::Spot;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, FieldIx, LocalIx, Mods, Target, Usage};
use crate::source::FileIx;

/// A task put on a pool.
pub(super) struct Put {
    pub(super) file: FileIx,
    /// The call that hands it over: the outermost helper's.
    pub(super) call: ExprIx,
    /// The pool gets it with a delay or a period.
    pub(super) timed: bool,
    /// A helper on the way waits for it.
    pub(super) awaited: bool,
    /// What it runs; nothing where that is not seen.
    pub(super) bodies: Vec<(FileIx, CallableIx)>,
    /// It runs a method of a library for figures.
    pub(super) measures: bool,
}

/// Steps of a builder of pools.
const STEPS: &[&str] = &["threads", "threadFactory", "removeOnCancelPolicy", "shutdownTime", "build"];

/// So many places are looked at for one pool.
const MOST_PLACES: usize = 400;

/// A task is followed through so many helpers.
const MOST_HELPERS: u8 = 4;

/// Starts of the names of calls that leave the tasks of a pool as they are.
const NEUTRAL: &[&str] = &[
    "shutdown",
    "isShutdown",
    "isTerminat",
    "await",
    "get",
    "set",
    "allow",
    "prestart",
    "remove",
    "purge",
    "close",
    "is",
    "initialize",
    "afterPropertiesSet",
];

/// Types that handle events and messages on the pool that they are given.
const HANDLERS: &[&str] = &["*EventMulticaster", "*ListenerContainer*", "*ContainerFactory", "*Channel", "*EventBus"];

/// How long a task waits on a timer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// No timer gets it.
    NoTimer,
    /// It is due at once.
    None,
    /// It waits.
    Some,
    /// As long as the caller says with this argument.
    Parameter(usize),
}

#[derive(Default)]
struct Follow {
    seen: FxHashSet<(FileIx, ExprIx)>,
    puts: Vec<Put>,
    /// It is kept in a field, or given out by a container, and each use of it is one that is known.
    kept: bool,
    vague: bool,
    /// What is out of sight does not end the search.
    partial: bool,
    /// A framework runs its tasks on it.
    handed: bool,
}

impl Linked<'_> {
    /// Do all tasks of the pool that is made here only look after the process itself?
    pub fn pool_only_tidies(&self, file: FileIx, pool: ExprIx) -> bool {
        self.puts(file, pool).is_some_and(|puts| {
            let tidies = |p: &Put| !p.bodies.is_empty() && p.bodies.iter().all(|(f, c)| self.only_tidies(*f, *c));
            puts.iter().all(|p| p.measures || tidies(p))
        })
    }

    /// Has the pool no clock to keep, and does it run nothing but loops that are told themselves?
    pub fn pool_only_loops(&self, file: FileIx, pool: ExprIx) -> bool {
        self.puts(file, pool).is_some_and(|puts| {
            puts.iter().all(|p| {
                !p.timed && !p.bodies.is_empty() && p.bodies.iter().all(|(f, c)| self.task_loops(*f, *c, None))
            })
        })
    }

    /// Does the pool get tasks, and each of them at once: nothing for its clock?
    pub fn pool_is_untimed(&self, file: FileIx, pool: ExprIx) -> bool {
        self.puts(file, pool).is_some_and(|puts| puts.iter().all(|p| !p.timed))
    }

    /// Is the pool kept, and does nobody put a task on it?
    pub fn pool_is_idle(&self, file: FileIx, pool: ExprIx) -> bool {
        let mut follow = Follow::default();
        let known = self.is_java(file) && self.follow_value(file, pool, &mut follow);
        known && follow.kept && !follow.vague && follow.puts.is_empty()
    }

    /// Is every task of the pool waited for by who hands it over?
    pub fn pool_is_joined(&self, file: FileIx, pool: ExprIx) -> bool {
        self.puts(file, pool).is_some_and(|puts| puts.iter().all(|p| !p.timed && self.is_awaited(p)))
    }

    fn is_awaited(&self, p: &Put) -> bool {
        p.awaited || self.is_joined(p.file, p.call) || self.feeds_reader(p.file, p.call)
    }

    /// Is a task of the pool seen that nobody waits for and that does more than look after the process, or does a
    /// method with `@Async` run on the pool?
    pub fn pool_is_detached(&self, file: FileIx, pool: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let mut follow = Follow { partial: true, ..Follow::default() };
        self.follow_value(file, pool, &mut follow);
        let left = |p: &Put| {
            let thrown = self.chain_usage(p.file, p.call) == Usage::Dropped || self.is_left_alone(p.file, p.call);
            let tidies = !p.bodies.is_empty() && p.bodies.iter().all(|(f, c)| self.only_tidies(*f, *c));
            thrown && !tidies && !self.is_awaited(p)
        };
        let method = self.named_callable(file, facts[pool].callable);
        // A helper that several beans share.
        let beans = || {
            self.call_sites(file, method).into_iter().any(|(at, call)| {
                self.facts(at)
                    .is_some_and(|f| f[call].usage == Usage::Returned && self.async_runs_on(at, f[call].callable))
            })
        };
        follow.handed || follow.puts.iter().any(left) || self.async_runs_on(file, method) || beans()
    }

    /// `multicaster.setTaskExecutor(pool)`: events and messages are handled on it, and nobody waits.
    fn runs_events_on(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(ExprKind::Call { name, .. }) = self.facts(file).map(|facts| &facts[call].kind) else { return false };
        let owner = self.callee(file, call).owner.map(|owner| self.types.name(owner));
        name.starts_with("set")
            && name.ends_with("Executor")
            && owner.is_some_and(|own| HANDLERS.iter().any(|p| super::glob(p, own.last_segment())))
    }

    /// Is the future kept in a field, and asked for its end only by methods that nobody calls?
    pub fn is_never_awaited(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|f| f[expr].usage == Usage::ToField) else { return false };
        let Some(target) = facts.assigns.iter().find(|a| a.value == Some(expr)).map(|a| a.target) else { return false };
        let Some((at, field)) = self.field_of(file, target).filter(|(at, _)| *at == file) else { return false };
        let decl = &facts[field];
        if !decl.mods.has(Mods::PRIVATE) {
            return false;
        }
        let named =
            |kind: &ExprKind| matches!(kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if *n == decl.name);
        facts.exprs.iter().enumerate().filter(|(_, e)| named(&e.kind)).all(|(i, e)| {
            let ix = ExprIx(i as u32);
            if self.field_of(file, ix) != Some((at, field)) || facts.assigns.iter().any(|a| a.target == ix) {
                return true;
            }
            let method = self.named_callable(file, e.callable);
            let idle = facts[method].kind == CallableKind::Method
                && !self.is_called_from_outside(file, method)
                && self.call_sites(file, method).is_empty();
            idle || matches!(e.usage, Usage::Other)
                || matches!(e.usage, Usage::Base(call) if matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.starts_with("is") || name.starts_with("cancel")))
        })
    }

    /// Does the method give the local, to which the pool goes, another one before: in the other branch?
    pub fn is_other_branch(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let Usage::ToLocal(local) = facts[expr].usage else { return false };
        facts.exprs.iter().any(|e| {
            e.usage == Usage::ToLocal(local)
                && e.span.end <= facts[expr].span.start
                && matches!(e.kind, ExprKind::New { .. } | ExprKind::Call { .. })
        })
    }

    /// Every task put on the pool; none where one is out of sight, or there is no task at all.
    fn puts(&self, file: FileIx, pool: ExprIx) -> Option<Vec<Put>> {
        let mut follow = Follow::default();
        let known = self.is_java(file) && self.follow_value(file, pool, &mut follow);
        (known && !follow.puts.is_empty()).then_some(follow.puts)
    }

    fn follow_value(&self, file: FileIx, value: ExprIx, f: &mut Follow) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        if !f.seen.insert((file, value)) {
            return true;
        }
        if f.seen.len() > MOST_PLACES {
            return false;
        }
        match facts[value].usage {
            Usage::Base(call) => self.on_pool(file, call, f),
            Usage::ToLocal(local) => self.follow_local(file, local, f),
            Usage::ToField => self.follow_field(file, value, f),
            Usage::Returned => self.follow_callers(file, facts[value].callable, f),
            Usage::Argument(call, at) => match &facts[call].kind {
                ExprKind::Call { name, .. } if name.starts_with("shutdown") || name.starts_with("close") => true,
                // `CompletableFuture.runAsync(task, pool)`
                ExprKind::Call { name, .. } if at == 1 && matches!(name.as_str(), "runAsync" | "supplyAsync") => {
                    self.given(file, call, 0, (false, false), f, 0);
                    true
                }
                // One pool per key, and the method gives out the one that is asked for.
                ExprKind::Call { name, .. }
                    if matches!(name.as_str(), "put" | "putIfAbsent") && gives_pool(facts, facts[call].callable) =>
                {
                    self.follow_callers(file, facts[call].callable, f)
                }
                _ => match self.parameter(file, call, at) {
                    Some((at, local)) => self.follow_local(at, local, f),
                    None => {
                        f.handed |= self.runs_events_on(file, call);
                        false
                    }
                },
            },
            Usage::Dropped => true,
            Usage::Other | Usage::Resource => {
                f.vague = true;
                true
            }
            Usage::Awaited => false,
        }
    }

    /// A pool that a container gives out.
    fn follow_bean(&self, file: FileIx, method: CallableIx, f: &mut Follow) -> bool {
        let Some(holders) = self.bean_holders(file, method) else { return false };
        f.kept = true;
        let asked = self.call_sites(file, method).into_iter().map(|(at, call)| (at, Spot::Asked(call)));
        holders.into_iter().chain(asked).all(|(at, spot)| {
            let seen = match spot {
                Spot::Field(field) => self.follow_uses(at, field, f),
                Spot::Parameter(local) => self.follow_local(at, local, f),
                Spot::Asked(call) => {
                    // `(Executor) context.getBean("name")`
                    let cast = |e: &Expr| matches!(e.kind, ExprKind::Cast { base, .. } if base == call);
                    let cast = self.facts(at).and_then(|facts| facts.exprs.iter().position(cast));
                    self.follow_value(at, cast.map_or(call, |i| ExprIx(i as u32)), f)
                }
                Spot::Unseen => false,
            };
            seen || f.partial
        })
    }

    fn follow_uses(&self, file: FileIx, field: FieldIx, f: &mut Follow) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let given_out = facts.annotations.iter().any(|a| {
            let here = a.target == Target::Field(field) || facts[field].owner.map(Target::Type) == Some(a.target);
            here && matches!(a.name.last_segment(), "Getter" | "Data" | "Value")
        });
        f.vague |= given_out;
        self.pool_uses(file, field).unwrap_or_default().iter().all(|(at, expr)| {
            let target = self.facts(*at).is_some_and(|f| f.assigns.iter().any(|a| a.target == *expr));
            target || self.follow_value(*at, *expr, f) || f.partial
        })
    }

    fn follow_local(&self, file: FileIx, local: LocalIx, f: &mut Follow) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let uses = facts.exprs.iter().enumerate().filter(|(_, e)| matches!(e.kind, ExprKind::Local(l) if l == local));
        uses.map(|(i, _)| ExprIx(i as u32)).all(|expr| self.follow_value(file, expr, f) || f.partial)
    }

    fn follow_field(&self, file: FileIx, value: ExprIx, f: &mut Follow) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let assigned =
            facts.assigns.iter().find(|a| a.value == Some(value)).and_then(|a| self.field_of(file, a.target));
        let init = || facts.fields.iter().position(|f| f.init == Some(value));
        let field = assigned.or_else(|| init().map(|i| (file, FieldIx(i as u32))));
        let Some((file, field)) = field else { return false };
        // One that nothing names is found only by its type.
        let pool = self
            .facts(file)
            .is_some_and(|facts| super::calls::POOLS.iter().any(|end| facts[field].ty.name.ends_with(end)));
        f.kept = true;
        (pool || self.pool_uses(file, field).is_some()) && self.follow_uses(file, field, f)
    }

    fn follow_callers(&self, file: FileIx, method: CallableIx, f: &mut Follow) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        if facts[method].kind == CallableKind::Method && self.bean_names(file, method).is_some() {
            return self.follow_bean(file, method, f);
        }
        if facts[method].kind != CallableKind::Method || self.is_called_from_outside(file, method) {
            return false;
        }
        self.call_sites(file, method).iter().all(|(at, expr)| {
            let called = self.facts(*at).is_some_and(|f| matches!(f[*expr].kind, ExprKind::Call { .. }));
            called && self.follow_value(*at, *expr, f) || f.partial
        })
    }

    /// The parameter of the tree's own method that takes an argument.
    pub(super) fn parameter(&self, file: FileIx, call: ExprIx, at: u8) -> Option<(FileIx, LocalIx)> {
        let (ExprKind::Call { args, .. } | ExprKind::New { args, body: None, .. }) = &self.facts(file)?[call].kind
        else {
            return None;
        };
        let (id, target) = self.callee(file, call).target?;
        let name = self.facts(self.types[id].file)?[target].name;
        let (file, target) = self.overload(id, name, args.len())?;
        let method = &self.facts(file)?[target];
        // An abstract method may do anything with it.
        (!method.mods.has(Mods::ABSTRACT) && method.body.start < method.body.end)
            .then(|| method.params.get(usize::from(at)).map(|l| (file, *l)))
            .flatten()
    }

    /// A call on the pool.
    fn on_pool(&self, file: FileIx, call: ExprIx, f: &mut Follow) -> bool {
        let Some(ExprKind::Call { name, .. }) = self.facts(file).map(|facts| &facts[call].kind) else { return false };
        if ["execute", "submit", "schedule", "invokeAll", "invokeAny"].iter().any(|p| name.starts_with(p)) {
            self.given(file, call, 0, (name.starts_with("schedule"), false), f, 0);
            return true;
        }
        // `environment.scheduledExecutorService("a").threads(1).build()`
        if STEPS.contains(&name.as_str()) {
            return self.follow_value(file, call, f);
        }
        NEUTRAL.iter().any(|p| name.starts_with(p))
    }

    /// Who gives the task at a position of a call; `how`: on a timer, and waited for by a helper.
    fn given(&self, file: FileIx, call: ExprIx, at: usize, how: (bool, bool), f: &mut Follow, depth: u8) {
        let Some(facts) = self.facts(file) else { return };
        let arg = match &facts[call].kind {
            ExprKind::Call { args, .. } | ExprKind::New { args, .. } => args.get(at).copied(),
            _ => None,
        };
        let arg = arg.map(|arg| match facts[arg].kind {
            ExprKind::Cast { base, .. } => base,
            _ => arg,
        });
        if let Some(ExprKind::Local(local)) = arg.map(|arg| &facts[arg].kind)
            && let method = facts[*local].callable
            && facts[method].kind == CallableKind::Method
            && let Some(position) = facts[method].params.iter().position(|p| p == local)
            && depth < MOST_HELPERS
        {
            let sites = self.call_sites(file, method);
            f.vague |= sites.is_empty();
            let how = (how.0, how.1 || self.is_joined(file, call));
            for (at, call) in sites {
                self.given(at, call, position, how, f, depth + 1);
            }
            return;
        }
        let bodies = arg.map(|arg| self.task_of_argument(file, arg)).unwrap_or_default();
        let measures = bodies.is_empty() && arg.is_some_and(|arg| self.measures_outside(file, arg));
        f.puts.push(Put { file, call, timed: how.0, awaited: how.1, bodies, measures });
    }

    /// Does nobody in main code call the helper around a place that makes a pool for its callers, or hands their task on?
    pub fn is_uncalled_helper(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let method = facts[expr].callable;
        let c = &facts[method];
        if c.kind != CallableKind::Method
            || matches!(c.name.as_str(), "main" | "run" | "call")
            || self.is_called_from_outside(file, method)
            || facts.annotations.iter().any(|a| a.target == Target::Callable(method) && a.name.as_str() == "Override")
        {
            return false;
        }
        let passes = match &facts[expr].kind {
            // A bean's method may have callers that are not seen.
            ExprKind::Call { args, .. } if c.mods.has(Mods::STATIC) => {
                args.first().is_some_and(|a| matches!(facts[*a].kind, ExprKind::Local(l) if c.params.contains(&l)))
            }
            _ => false,
        };
        let makes = match &facts[expr].kind {
            ExprKind::Call { name, .. } => name.starts_with("new"),
            _ => true,
        };
        (passes || makes && gives_back(facts, expr)) && self.call_sites(file, method).is_empty()
    }

    /// Does the method around give back what is made here, at once or after it has set it up?
    pub fn is_given_out(&self, file: FileIx, expr: ExprIx) -> bool {
        self.facts(file).is_some_and(|facts| gives_back(facts, expr))
    }

    /// With which delay a call puts a task on a timer, itself or through helpers.
    pub fn delay(&self, file: FileIx, call: ExprIx) -> Delay {
        self.delay_within(file, call, 0)
    }

    fn delay_within(&self, file: FileIx, call: ExprIx, depth: u8) -> Delay {
        let Some(facts) = self.facts(file).filter(|_| depth <= MOST_HELPERS && self.is_java(file)) else {
            return Delay::NoTimer;
        };
        let ExprKind::Call { name, args, .. } = &facts[call].kind else { return Delay::NoTimer };
        let of = |arg: Option<&ExprIx>| match arg {
            Some(arg) => match (self.constant(file, *arg), &facts[*arg].kind) {
                (Some(value), _) if value.trim_end_matches(['L', 'l']) == "0" => Delay::None,
                // `Instant.now()`, `new Date()`
                (None, ExprKind::Call { name, args, .. }) if name.as_str() == "now" && args.is_empty() => Delay::None,
                (None, ExprKind::New { ty, args, .. }) if ty.name.as_str() == "Date" && args.is_empty() => Delay::None,
                (None, ExprKind::Local(l)) => match facts[facts[call].callable].params.iter().position(|p| p == l) {
                    Some(at) => Delay::Parameter(at),
                    None => Delay::Some,
                },
                _ => Delay::Some,
            },
            None => Delay::Some,
        };
        let callee = self.callee(file, call);
        let Some((id, _)) = callee.target else {
            let timer = name.as_str() == "schedule"
                && callee.owner.is_some_and(|o| {
                    self.types.closure(self.catalog, o).iter().any(|s| {
                        ["ScheduledExecutorService", "TaskScheduler"].iter().any(|t| self.types.name(*s).ends_with(t))
                    })
                });
            return if timer { of(args.get(1)) } else { Delay::NoTimer };
        };
        let Some((at, method)) = self.overload(id, *name, args.len()) else { return Delay::NoTimer };
        let Some(within) = self.facts(at) else { return Delay::NoTimer };
        let inner = within.exprs.iter().enumerate().filter(|(_, e)| e.callable == method);
        let mut delays = inner.map(|(i, _)| self.delay_within(at, ExprIx(i as u32), depth + 1));
        match delays.find(|d| *d != Delay::NoTimer) {
            Some(Delay::Parameter(at)) => of(args.get(at)),
            Some(delay) => delay,
            None => Delay::NoTimer,
        }
    }

    /// Do only request handlers make an object of the type whose constructor or initialiser the place is in?
    pub fn is_made_by_handlers(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        if facts[callable].kind != CallableKind::Constructor {
            return false;
        }
        let sites = self.call_sites(file, callable);
        !sites.is_empty()
            && sites.iter().all(|(at, expr)| {
                self.facts(*at).is_some_and(|f| self.is_handler(*at, self.named_callable(*at, f[*expr].callable)))
            })
    }
}

/// Does the method say that it gives out a pool?
fn gives_pool(facts: &CodeFacts, method: CallableIx) -> bool {
    facts[method]
        .returns
        .as_ref()
        .is_some_and(|ty| ["Executor", "ExecutorService", "Scheduler"].iter().any(|end| ty.name.ends_with(end)))
}

/// Is the value returned, at once or by way of a local that is only set up, or named to others, in between?
pub(super) fn gives_back(facts: &CodeFacts, expr: ExprIx) -> bool {
    match facts[super::joins::chain_top(facts, expr)].usage {
        Usage::Returned => true,
        Usage::ToLocal(local) => {
            let mut returned = false;
            let uses = facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local));
            uses.into_iter().all(|e| match e.usage {
                Usage::Returned => {
                    returned = true;
                    true
                }
                Usage::Argument(call, _) => matches!(&facts[call].kind, ExprKind::Call { name, .. }
                    if ["register", "add", "put", "monitor", "bind"].iter().any(|p| name.starts_with(p))),
                Usage::Base(call) => {
                    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.starts_with("set") || name.starts_with("allow"))
                }
                _ => false,
            }) && returned
        }
        _ => false,
    }
}
