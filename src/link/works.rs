//! Small questions about code: does a method do real work, is it test code, what is a field's type.

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, LoopForm, Mods, Target, TypeIx, TypeKind, Usage};
use crate::source::{FileIx, Role};
use crate::text::{Name, Span};

/// Types whose calls reach disks, networks or stores.
const WORKERS: &[&str] = &[
    "java.io.*Stream",
    "java.io.*Writer",
    "java.io.*Reader",
    "java.io.RandomAccessFile",
    "java.nio.file.Files",
    "java.nio.channels.*",
    "java.net.*Socket*",
    "java.net.*Connection",
    "java.sql.*",
    "javax.sql.*",
    "*Repository",
    "*.mapper.*Mapper",
    "*Dao",
    "*RestTemplate",
    "*RestOperations",
    "*JdbcTemplate",
    "*MongoTemplate",
    "*RedisTemplate",
    "*ElasticsearchTemplate",
    "*KafkaTemplate",
    "*EntityManager",
    "org.hibernate.Session",
    "org.springframework.jdbc.*",
    "org.springframework.data.*",
    "org.springframework.amqp.*",
    "*S3Client",
    "*AmazonS3",
    "*MongoClient",
    "*VectorStore",
    "io.grpc.Server*",
    "org.apache.kafka.clients.*",
];

/// Calls that start something which then runs by itself.
const STARTS: &[(&str, &[&str])] = &[
    ("java.util.concurrent.Executor", &["execute", "submit", "schedule*", "invoke*"]),
    ("java.lang.Thread", &["start"]),
    ("java.util.Timer", &["schedule*"]),
    ("org.springframework.scheduling.TaskScheduler", &["schedule*"]),
];

/// Calls that reach another service.
const ACTIONS: &[(&str, &[&str])] = &[
    ("java.lang.Runtime", &["exec"]),
    ("java.lang.ProcessBuilder", &["start"]),
    ("*WebClient*", &["retrieve", "exchange*", "block*"]),
    ("*HttpClient*", &["execute", "send*", "get*", "post*", "exchange*"]),
    ("okhttp3.*", &["execute", "enqueue"]),
    ("com.rabbitmq.client.ConnectionFactory", &["newConnection"]),
    ("*.jms.*ConnectionFactory", &["create*Connection", "createContext"]),
    ("org.eclipse.paho.*Mqtt*Client", &["connect*"]),
    ("com.hivemq.client.mqtt.*Client", &["connect*"]),
    ("io.nats.client.Nats", &["connect*"]),
    ("io.lettuce.core.*Client", &["connect*"]),
    ("io.vertx.*.*Client", &["getConnection", "rxGetConnection", "query*", "rxQuery*", "connect", "rxConnect"]),
    ("io.vertx.*sqlclient.*", &["execute*", "rxExecute*"]),
    ("org.snmp4j.Snmp", &["listen"]),
    ("retrofit2.Call", &["execute", "enqueue"]),
    ("io.etcd.jetcd.*", &["get", "put", "watch", "grant", "lock"]),
    ("javax.naming.directory.*Context", &["search", "lookup"]),
    ("com.alibaba.nacos.api.config.ConfigService", &["getConfig*", "publishConfig*"]),
    ("com.alibaba.nacos.api.NacosFactory", &["create*"]),
    ("org.springframework.security.oauth2.jwt.*JwtDecoders", &["from*Location"]),
];

/// Interfaces whose calls go to another service: the container makes them from their annotation.
const REMOTES: &[&str] = &[
    "org.springframework.cloud.openfeign.FeignClient",
    "org.springframework.cloud.netflix.feign.FeignClient",
    "org.springframework.web.service.annotation.HttpExchange",
    "org.eclipse.microprofile.rest.client.inject.RegisterRestClient",
    "io.micronaut.http.client.annotation.Client",
];

/// Interfaces whose methods are for later: what an anonymous class of theirs does is not done now.
const FOR_LATER: &[&str] = &["com.google.common.cache.CacheLoader", "com.github.benmanes.caffeine.cache.*CacheLoader"];

/// Interfaces and classes of what runs on another thread.
const TASKS: &[&str] = &["java.lang.Runnable", "java.util.concurrent.Callable"];

/// Calls that rules tell of where they are: servers, hooks, scripts of a database.
const TOLD: &[(&str, &[&str])] = &[
    ("io.grpc.Server*", &["*"]),
    ("java.lang.Runtime", &["addShutdownHook"]),
    ("org.springframework.jdbc.datasource.init.*", &["*"]),
    ("org.springframework.core.io.*Resource", &["exists"]),
];

/// Methods by which a container starts an object.
const BEGIN: &[&str] =
    &["run", "start", "onApplicationEvent", "afterPropertiesSet", "afterSingletonsInstantiated", "contextInitialized"];

/// Calls that keep a lambda for what may happen later.
const REGISTERS: &[&str] = &["register*", "add*Listener", "add*Callback", "add*Handler", "add*Hook", "on*", "set*"];

/// Annotations that name the environments which have a bean, and under what key.
const ENVIRONMENTS: &[(&str, &str)] = &[("Profile", "value"), ("Requires", "env"), ("IfBuildProfile", "value")];

/// Making and setting up is no work yet.
const SETUP: &[&str] = &[
    "set*",
    "with*",
    "build*",
    "new*",
    "of",
    "create",
    "add*",
    "register*",
    "is*",
    "toString",
    "mutate",
    "default*",
    "getInterceptors",
    "getMessageConverters",
];

fn is_test_environment(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(['-', '_', '.']).any(|word| matches!(word, "test" | "tests" | "testing" | "mock" | "unittest"))
        && !name.contains(['!', '&', '|'])
}

/// An interface of more kinds may do anything.
const MOST_KINDS: usize = 8;

/// How far a look for work has come.
#[derive(Default)]
struct Look {
    seen: Vec<(FileIx, CallableIx)>,
    /// What is started and runs by itself does not count.
    no_tasks: bool,
    /// What implements an interface of the tree counts as well.
    below: bool,
}

impl Linked<'_> {
    /// Does the callable, or what it calls within four levels, do more than assign? Calls that do
    /// input or output, start threads or reach other services; loops that never end.
    pub fn works(&self, file: FileIx, callable: CallableIx) -> bool {
        self.works_within(file, callable, 0, &mut Look::default())
    }

    /// Does it work only in so far as it starts tasks, timers and threads?
    pub fn only_starts_tasks(&self, file: FileIx, callable: CallableIx) -> bool {
        let mut look = Look { no_tasks: true, ..Look::default() };
        self.works(file, callable) && !self.works_within(file, callable, 0, &mut look)
    }

    /// Do the methods by which the container starts an object of the type only start tasks, as far as they work at all?
    pub fn start_only_starts_tasks(&self, file: FileIx, ty: TypeIx) -> bool {
        let id = self.types.id(file, ty);
        let methods = BEGIN.iter().flat_map(|name| self.types.methods(id, Name::new(name)));
        let mut working = methods.filter(|m| self.works(file, **m)).peekable();
        working.peek().is_some() && working.all(|m| self.only_starts_tasks(file, *m) && self.starts_itself(file, *m))
    }

    /// Each call that makes the method work, or a method of its own below it, starts something itself: what another
    /// class does may be more than is seen.
    fn starts_itself(&self, file: FileIx, method: CallableIx) -> bool {
        let own = self.own_reach(file, method, None);
        own.iter().all(|(at, callable)| {
            let Some(facts) = self.facts(*at) else { return false };
            let body = facts[*callable].body;
            facts.exprs.iter().enumerate().all(|(i, e)| {
                let expr = ExprIx(i as u32);
                if !body.contains(e.span) || self.is_for_later(*at, *callable, e.callable, true) {
                    return true;
                }
                let callee = self.callee(*at, expr);
                let here = callee.target.is_some_and(|(id, target)| own.contains(&(self.types[id].file, target)));
                let told = match &e.kind {
                    ExprKind::Call { name, .. } => callee.owner.is_some_and(|owner| self.is_told(owner, *name)),
                    ExprKind::MethodRef { .. } => true,
                    _ => false,
                };
                here || told || self.hands_over(*at, expr, 0) || !self.call_works(*at, expr, 0, &mut Look::default())
            })
        })
    }

    /// The first call within the callable that makes it work: what a finding on a constructor points to.
    pub fn work_site(&self, file: FileIx, callable: CallableIx) -> Option<Span> {
        let facts = self.facts(file)?;
        let body = facts[callable].body;
        let mut look = Look::default();
        facts.exprs.iter().enumerate().find_map(|(i, e)| {
            let now = body.contains(e.span) && !self.is_for_later(file, callable, e.callable, false);
            (now && self.call_works(file, ExprIx(i as u32), 0, &mut look)).then_some(e.at)
        })
    }

    /// Does the call do input or output, or reach another service?
    pub(super) fn works_at(&self, file: FileIx, expr: ExprIx) -> bool {
        self.call_works(file, expr, 0, &mut Look::default())
    }

    fn call_works(&self, file: FileIx, expr: ExprIx, depth: u8, look: &mut Look) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let name = match &facts[expr].kind {
            ExprKind::Call { name, .. } => Some(*name),
            ExprKind::MethodRef { name, .. } => {
                if look.no_tasks
                    && let Usage::Argument(to, _) = facts[expr].usage
                    && self.hands_over(file, to, 0)
                {
                    return false;
                }
                Some(*name)
            }
            ExprKind::New { .. } => None,
            _ => return false,
        };
        if look.no_tasks && self.hands_over(file, expr, 0) && !self.is_joined(file, expr) {
            return false;
        }
        let callee = self.callee(file, expr);
        if look.no_tasks && name.zip(callee.owner).is_some_and(|(name, owner)| self.is_told(owner, name)) {
            return false;
        }
        let store = |owner: Sym| look.below && self.types.name(owner).ends_with("DAO");
        name.zip(callee.owner).is_some_and(|(name, owner)| self.is_work(owner, name) || store(owner))
            || callee.target.is_some_and(|(id, target)| self.works_within(self.types[id].file, target, depth + 1, look))
            || callee.target.is_some_and(|(id, target)| {
                let owner = self.type_of_callable(file, facts[expr].callable);
                let filled = owner.map(|owner| self.filled_in(self.types.id(file, owner), id, target));
                filled.unwrap_or_default().iter().any(|(at, own)| self.works_within(*at, *own, depth + 1, look))
            })
            || look.below
                && callee.target.filter(|(id, target)| self.is_open(*id, *target)).is_some_and(|(id, target)| {
                    self.implementations(id, target).iter().any(|(at, m)| self.works_within(*at, *m, depth + 1, look))
                })
    }

    /// Does the call, or what implements what it calls, do input or output, or reach another service?
    pub(super) fn works_below(&self, file: FileIx, expr: ExprIx) -> bool {
        self.call_works(file, expr, 0, &mut Look { below: true, ..Look::default() })
    }

    /// The methods of main code that fill an open one in; not those of an interface that many implement.
    fn implementations(&self, id: TypeId, method: CallableIx) -> Vec<(FileIx, CallableIx)> {
        let Some(facts) = self.facts(self.types[id].file) else { return Vec::new() };
        let (name, params) = (facts[method].name, facts[method].params.len());
        let kinds = self.types.all_subtypes(id);
        if kinds.len() > MOST_KINDS {
            return Vec::new();
        }
        let methods = kinds.iter().flat_map(|sub| {
            let at = self.types[*sub].file;
            self.types.methods(*sub, name).iter().map(move |m| (at, *m))
        });
        let fits = |(at, m): &(FileIx, CallableIx)| {
            self.workspace[*at].role == Role::Main && self.facts(*at).is_some_and(|f| f[*m].params.len() == params)
        };
        methods.filter(fits).collect()
    }

    /// What the subtypes put in place of an abstract method of the class itself.
    fn filled_in(&self, caller: TypeId, owner: TypeId, method: CallableIx) -> Vec<(FileIx, CallableIx)> {
        let declared = &self.types[owner];
        let Some(facts) = self.facts(declared.file) else { return Vec::new() };
        let m = &facts[method];
        let own = caller == owner || self.types.closure(self.catalog, Sym::Here(caller)).contains(&Sym::Here(owner));
        if !own || !m.mods.has(Mods::ABSTRACT) || facts[declared.ix].kind != TypeKind::Class {
            return Vec::new();
        }
        let mut out = Vec::new();
        for sub in self.types.subtypes(owner) {
            let at = self.types[*sub].file;
            let Some(of_sub) = self.facts(at).filter(|_| self.workspace[at].role == Role::Main) else { continue };
            let same = |c: &&CallableIx| of_sub[**c].params.len() == m.params.len();
            out.extend(self.types.methods(*sub, m.name).iter().filter(same).map(|c| (at, *c)));
        }
        out
    }

    fn works_within(&self, file: FileIx, callable: CallableIx, depth: u8, look: &mut Look) -> bool {
        // What stands apart from the tasks may lie deeper.
        let most = if look.no_tasks { 6 } else { 4 };
        if depth > most || look.seen.contains(&(file, callable)) || look.seen.len() > 200 {
            return false;
        }
        look.seen.push((file, callable));
        let Some(facts) = self.facts(file) else { return false };
        let body = facts[callable].body;
        let endless = |l: &crate::facts::code::Loop| l.endless && l.form != LoopForm::ForEach && body.contains(l.span);
        if !look.no_tasks && facts.loops.iter().any(endless) {
            return true;
        }
        let no_tasks = look.no_tasks;
        let mut exprs = facts.exprs.iter().enumerate();
        exprs.any(|(i, e)| {
            body.contains(e.span)
                && !self.is_for_later(file, callable, e.callable, no_tasks)
                && self.call_works(file, ExprIx(i as u32), depth, look)
        })
    }

    /// Does the call or construction put what it is given on a thread or a timer, itself or within a helper?
    pub(super) fn hands_over(&self, file: FileIx, expr: ExprIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 3) else { return false };
        let callee = self.callee(file, expr);
        let Some(owner) = callee.owner else { return false };
        let closure = self.types.closure(self.catalog, owner);
        let is = |pattern: &str| closure.iter().any(|s| super::glob(pattern, &self.types.name(*s)));
        match &facts[expr].kind {
            ExprKind::New { .. } => {
                closure.iter().any(|s| self.catalog.background_constructors.contains(&self.types.name(*s)))
            }
            ExprKind::Call { name, args, .. } => {
                let listed = |(ty, methods): &(&str, &[&str])| methods.iter().any(|m| super::glob(m, name)) && is(ty);
                let known = closure.iter().any(|s| {
                    let methods = self.catalog.background_calls.get(&self.types.name(*s));
                    methods.is_some_and(|m| m.iter().any(|m| m == name || super::glob(m, name)))
                });
                known
                    || STARTS.iter().any(listed)
                    || callee.target.filter(|_| !args.is_empty()).is_some_and(|(id, target)| {
                        let at = self.types[id].file;
                        self.facts(at).is_some_and(|f| {
                            let body = f[target].body;
                            let mut calls = f.exprs_within(body);
                            calls.any(|(i, e)| {
                                // A helper hands on what it is given.
                                let ExprKind::Call { args, .. } = &e.kind else { return false };
                                let given = |a: &ExprIx| matches!(f[*a].kind, ExprKind::Local(l) if f[l].param);
                                args.iter().any(given) && self.hands_over(at, i, depth + 1)
                            })
                        })
                    })
            }
            _ => false,
        }
    }

    /// Does `inner` lie in a class within `outer` that only a cache will call, or in a lambda that is only registered?
    fn is_for_later(&self, file: FileIx, outer: CallableIx, inner: CallableIx, no_tasks: bool) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let mut at = inner;
        for _ in 0..128 {
            if at == outer {
                return false;
            }
            let c = &facts[at];
            let given = || match self.lambda_usage(file, at) {
                Some(Usage::Argument(to, _)) => self.hands_over(file, to, 0),
                Some(Usage::ToLocal(local)) => self.local_is_handed_over(file, local),
                _ => false,
            };
            if self.is_registered(file, at) || no_tasks && given() {
                return true;
            }
            let anonymous = c.owner.filter(|o| facts[*o].kind == TypeKind::Anonymous);
            if let Some(ix) = anonymous {
                let closure = self.types.closure(self.catalog, Sym::Here(self.types.id(file, ix)));
                let loads = |s: &Sym| {
                    let is = |list: &[&str]| list.iter().any(|p| super::glob(p, &self.types.name(*s)));
                    is(FOR_LATER) || no_tasks && is(TASKS)
                };
                if closure.iter().any(loads) {
                    return true;
                }
            }
            let Some(next) = c.outer else { return false };
            at = next;
        }
        false
    }

    /// `registry.onReload(() -> …)`: the lambda runs when something happens.
    fn is_registered(&self, file: FileIx, lambda: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let Some(Usage::Argument(to, _)) = self.lambda_usage(file, lambda) else { return false };
        let ExprKind::Call { name, .. } = &facts[to].kind else { return false };
        REGISTERS.iter().any(|p| super::glob(p, name))
    }

    pub(super) fn lambda_usage(&self, file: FileIx, lambda: CallableIx) -> Option<Usage> {
        let expr = self.lambdas.get(file.0 as usize)?.get(&lambda)?;
        self.facts(file).map(|facts| facts[*expr].usage)
    }

    fn is_told(&self, owner: Sym, method: Name) -> bool {
        let closure = self.types.closure(self.catalog, owner);
        let is = |pattern: &str| closure.iter().any(|s| super::glob(pattern, &self.types.name(*s)));
        TOLD.iter().any(|(ty, methods)| methods.iter().any(|m| super::glob(m, &method)) && is(ty))
    }

    fn is_work(&self, owner: Sym, method: Name) -> bool {
        let closure = self.types.closure(self.catalog, owner);
        let named = |patterns: &[&str]| patterns.iter().any(|p| super::glob(p, &method));
        let is = |pattern: &str| closure.iter().any(|s| super::glob(pattern, &self.types.name(*s)));
        ACTIONS.iter().chain(STARTS).any(|(ty, methods)| named(methods) && is(ty))
            || (!named(SETUP) && WORKERS.iter().any(|w| is(w)))
            || self.is_remote(owner)
    }

    /// An interface of the tree that stands for another service.
    fn is_remote(&self, owner: Sym) -> bool {
        let Sym::Here(id) = owner else { return false };
        let ty = &self.types[id];
        self.annotations_on(ty.file, Target::Type(ty.ix)).iter().any(|a| REMOTES.iter().any(|r| super::glob(r, a)))
    }

    /// A bean that only the environment of tests has: `@Profile("test")`, `@Requires(env = Environment.TEST)`.
    pub fn is_for_tests(&self, file: FileIx, callable: Option<CallableIx>, ty: Option<TypeIx>) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let method = callable.map(|c| Target::Callable(self.named_callable(file, c)));
        let targets: Vec<Target> = self.enclosing_types(file, ty).into_iter().map(Target::Type).chain(method).collect();
        facts.annotations.iter().filter(|a| targets.contains(&a.target)).any(|a| {
            let Some((_, key)) = ENVIRONMENTS.iter().find(|(name, _)| a.name.last_segment() == *name) else {
                return false;
            };
            let mut named = a.args.iter().filter(|(name, _)| name.as_str() == *key).peekable();
            named.peek().is_some()
                && named.all(|(_, value)| match &facts[*value].kind {
                    ExprKind::Select { name, .. } if name.as_str() == "TEST" => true,
                    _ => self.constant(file, *value).is_some_and(|text| is_test_environment(&text)),
                })
        })
    }

    /// Rust code under `#[test]` or `#[cfg(test)]`.
    pub fn in_test(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        if self.is_rust_test_file(file) {
            return true;
        }
        let mut at = Some(callable);
        for _ in 0..128 {
            let Some(ix) = at else { return false };
            let c = &facts[ix];
            if c.mods.has(Mods::TEST) || c.owner.is_some_and(|o| facts[o].mods.has(Mods::TEST)) {
                return true;
            }
            at = c.outer;
        }
        false
    }

    /// Calls `see` with the field's type and its supertypes (Java), or with all types within it (Rust).
    pub fn each_field_type(&self, file: FileIx, field: FieldIx, see: &mut dyn FnMut(Name)) {
        let Some(facts) = self.facts(file) else { return };
        let decl = &facts[field];
        if !self.is_java(file) {
            return self.rust_field_types(file, field).into_iter().for_each(see);
        }
        // Primitives are asked for by their own name.
        let Some(sym) = self.resolve_name(file, decl.owner, decl.ty.name) else { return see(decl.ty.name) };
        // `Random random = new SecureRandom()` is both.
        let made = decl.init.filter(|init| matches!(facts[*init].kind, ExprKind::New { .. }));
        let made = made.and_then(|init| self.callee(file, init).owner).filter(|made| *made != sym);
        for sym in [Some(sym), made].into_iter().flatten() {
            self.types.closure(self.catalog, sym).iter().for_each(|s| see(self.types.name(*s)));
        }
    }
}
