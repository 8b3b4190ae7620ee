//! Tasks that are handed over, and what they come to: loops of their own, figures for metrics; classes that nobody makes.

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, ExprIx, ExprKind, Mods, Target, TypeIx, TypeKind};
use crate::rules::model::LoopKind;
use crate::source::{FileIx, Role};
use crate::text::Name;

/// Types that take figures for whoever collects them.
const METRICS: &[&str] = &[
    "io.micrometer.*",
    "io.prometheus.*",
    "com.codahale.metrics.*",
    "io.opentelemetry.api.metrics.*",
    "org.eclipse.microprofile.metrics.*",
    "com.netflix.spectator.api.*",
    "*Metrics",
    "*MetricsMonitor",
    "*Gauge",
];

/// Starts of the names of calls that read, say what is to be read, or wait for it.
const READS: &[&str] = &[
    "get",
    "is",
    "has",
    "find",
    "count",
    "retrieve",
    "list",
    "select",
    "query",
    "fetch",
    "read",
    "load",
    "size",
    "exists",
    "setStatus",
    "setLimit",
    "setPage",
    "subscribeOn",
    "toList",
    "toBlocking",
    "single",
    "block",
    "of",
];

/// Names of what asks a store.
const STORES: &[&str] = &["*Repository", "*Dao", "*DAO", "*Mapper", "*Store"];

/// Types of the JDK that hand something over.
const ACTING: &[&str] =
    &["java.util.concurrent.*Executor*", "java.lang.Thread", "java.lang.Runnable", "java.util.Timer"];

/// Types of the JDK whose calls stay within the process.
const LOCAL: &[&str] = &["java.lang.*", "java.util.*", "java.time.*", "java.text.*", "java.math.*", "org.slf4j.*"];

/// Annotations that make no object of a class.
pub(super) const SILENT: &[&str] = &[
    "Slf4j",
    "Log4j2",
    "Log",
    "CommonsLog",
    "Data",
    "Getter",
    "Setter",
    "Builder",
    "ToString",
    "AllArgsConstructor",
    "NoArgsConstructor",
    "RequiredArgsConstructor",
    "SuppressWarnings",
    "Deprecated",
    "Nullable",
    "Nonnull",
    "NonNull",
    "NotNull",
    "VisibleForTesting",
    "SafeVarargs",
    "SneakyThrows",
    "EnableScheduling",
    "EnableAsync",
];

impl Linked<'_> {
    /// What the call runs: lambdas, method references, `run` of what is made for it.
    pub fn task_bodies(&self, file: FileIx, call: ExprIx) -> Vec<(FileIx, CallableIx)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let (ExprKind::Call { args, .. } | ExprKind::New { args, .. }) = &facts[call].kind else { return Vec::new() };
        args.iter().flat_map(|arg| self.task_of_argument(file, *arg)).collect()
    }

    /// What runs when an argument is put on a thread.
    pub(super) fn task_of_argument(&self, file: FileIx, arg: ExprIx) -> Vec<(FileIx, CallableIx)> {
        self.task_root(file, arg).into_iter().map(|(file, callable, _)| (file, callable)).collect()
    }

    /// The same with the class of the object that runs it.
    pub(super) fn task_root(&self, file: FileIx, arg: ExprIx) -> Vec<(FileIx, CallableIx, Option<TypeId>)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut arg = arg;
        for _ in 0..2 {
            match facts[arg].kind {
                ExprKind::Local(local) => arg = facts[local].init.unwrap_or(arg),
                ExprKind::Cast { base, .. } => arg = base,
                _ => {}
            }
        }
        let of = |id: TypeId| self.task_of(id).into_iter().map(|(f, c)| (f, c, Some(id))).collect();
        match &facts[arg].kind {
            ExprKind::Lambda(callable) => vec![(file, *callable, None)],
            ExprKind::MethodRef { .. } => {
                let target = self.callee(file, arg).target;
                target.map(|(id, target)| (self.types[id].file, target, None)).into_iter().collect()
            }
            ExprKind::New { body: Some(ty), .. } => of(self.types.id(file, *ty)),
            ExprKind::New { body: None, .. } => match self.callee(file, arg).owner {
                Some(Sym::Here(id)) => of(id),
                _ => Vec::new(),
            },
            ExprKind::This => {
                let owner = self.type_of_callable(file, facts[arg].callable);
                owner.map(|ty| of(self.types.id(file, ty))).unwrap_or_default()
            }
            // `private final Runnable poll = () -> …;`
            ExprKind::Name(_) | ExprKind::Select { .. } => {
                let field = self.field_of(file, arg);
                let init = field.and_then(|(at, field)| Some((at, self.facts(at)?[field].init?)));
                let made = |(at, init): &(FileIx, ExprIx)| {
                    let kind = self.facts(*at).map(|f| &f[*init].kind);
                    matches!(kind, Some(ExprKind::Lambda(_) | ExprKind::MethodRef { .. } | ExprKind::New { .. }))
                };
                match init.filter(made) {
                    Some((at, init)) => self.task_root(at, init),
                    None => self.root_by_type(file, arg),
                }
            }
            ExprKind::Local(_) => self.root_by_type(file, arg),
            _ => Vec::new(),
        }
    }

    /// What an object runs by its declared type, where that is a class of the tree.
    fn root_by_type(&self, file: FileIx, arg: ExprIx) -> Vec<(FileIx, CallableIx, Option<TypeId>)> {
        let Some(Sym::Here(id)) = self.type_of(file, arg).map(|ty| ty.sym) else { return Vec::new() };
        let filled = |(at, method): &(FileIx, CallableIx)| {
            self.facts(*at).is_some_and(|facts| facts[*method].body.start < facts[*method].body.end)
        };
        self.task_of(id).into_iter().filter(filled).map(|(f, c)| (f, c, Some(id))).collect()
    }

    /// What an object of the type does on a thread, its own or inherited.
    pub fn task_of(&self, id: TypeId) -> Vec<(FileIx, CallableIx)> {
        let methods = ["run", "call"].into_iter().filter_map(|name| self.find_method(Sym::Here(id), Name::new(name)));
        methods.map(|(id, m)| (self.types[id].file, m)).collect()
    }

    /// Does the callable run a loop that ends only with the process?
    pub fn is_daemon(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let body = facts[callable].body;
        facts.loops.iter().any(|l| {
            body.contains(l.span) && matches!(self.loop_kind(file, l), Some(LoopKind::Daemon | LoopKind::Consumer))
        })
    }

    /// Copies figures of this process into metrics, and does nothing else that counts.
    pub fn only_measures(&self, file: FileIx, callable: CallableIx) -> bool {
        let mut fed = false;
        !self.works(file, callable) && self.measures(file, callable, 0, &mut fed) && fed
            || self.measures_what_it_reads(file, callable)
    }

    /// Reads what is stored elsewhere and sets figures to it, in a file that deals with metrics, and does nothing else.
    fn measures_what_it_reads(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let of_metrics = facts.imports.iter().any(|i| METRICS.iter().any(|p| super::glob(p, &i.path)));
        let body = facts[callable].body;
        let mut fed = false;
        of_metrics
            && facts.exprs_within(body).all(|(i, e)| {
                let (ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. }) = &e.kind else { return true };
                let owner = self.callee(file, i).owner.map(|owner| self.types.name(owner));
                let is = |list: &[&str]| owner.is_some_and(|own| list.iter().any(|p| super::glob(p, &own)));
                if is(&["java.util.concurrent.atomic.*"]) || is(METRICS) {
                    fed = true;
                    return true;
                }
                // What is set although its type is not known: `gauges.get(name).set(count)`.
                if owner.is_none() && name.as_str() == "set" {
                    fed = true;
                    return true;
                }
                let vague = match self.callee(file, i).target {
                    Some((id, target)) => self.is_open(id, target) && !is(STORES),
                    None => false,
                };
                !is(ACTING) && !vague && (is(LOCAL) || READS.iter().any(|p| name.starts_with(p)))
            })
            && fed
    }

    fn measures(&self, file: FileIx, callable: CallableIx, depth: u8, fed: &mut bool) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 4) else { return false };
        let body = facts[callable].body;
        facts.exprs_within(body).all(|(i, e)| {
            let (ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. }) = &e.kind else { return true };
            let callee = self.callee(file, i);
            let Some(owner) = callee.owner else { return false };
            let own = self.types.name(owner);
            let is = |list: &[&str]| list.iter().any(|p| super::glob(p, &own));
            if is(METRICS) {
                *fed = true;
                return true;
            }
            if is(LOCAL) {
                return true;
            }
            let reads = ["get", "is", "size", "count", "has"].iter().any(|p| name.starts_with(p));
            callee.target.is_some_and(|(id, target)| {
                let at = self.types[id].file;
                let told = self.facts(at).is_some_and(|f| {
                    !f[target].mods.has(Mods::ABSTRACT) && f[self.types[id].ix].kind != TypeKind::Interface
                });
                told && (reads && !self.works(at, target) || self.measures(at, target, depth + 1, fed))
            })
        })
    }

    /// Is the method one that others fill in?
    pub(super) fn is_open(&self, id: TypeId, method: CallableIx) -> bool {
        let info = &self.types[id];
        self.facts(info.file).is_none_or(|facts| {
            facts[method].mods.has(Mods::ABSTRACT)
                || facts[info.ix].kind == TypeKind::Interface && !facts[method].mods.has(Mods::DEFAULT)
        })
    }

    /// Does anything make an object of the class? An annotation on it, XML, code that makes or names it, a subclass,
    /// or a type outside the tree that it extends; whoever uses a library may make its classes.
    pub fn is_component(&self, file: FileIx, ty: TypeIx) -> bool {
        let library = self.unit(file).is_none_or(|u| self.units[u].kind == crate::units::UnitKind::Library);
        library || self.is_made(file, ty, true)
    }

    /// Is it a class that nothing makes an object of, whatever the JDK may do with one, in a unit that services use?
    pub fn is_never_made(&self, file: FileIx, ty: TypeIx) -> bool {
        let used = self.is_shipped(file);
        let started = self
            .facts(file)
            .is_none_or(|facts| facts.callables.iter().any(|c| c.owner == Some(ty) && c.name.as_str() == "main"));
        used && !started && !self.is_made(file, ty, false)
    }

    fn is_made(&self, file: FileIx, ty: TypeIx, by_jdk: bool) -> bool {
        let Some(facts) = self.facts(file) else { return true };
        let decl = &facts[ty];
        let id = self.types.id(file, ty);
        let annotated =
            facts.annotations.iter().any(|a| a.target == Target::Type(ty) && !SILENT.contains(&a.name.last_segment()));
        let outside = self.types.closure(self.catalog, Sym::Here(id)).iter().any(|s| {
            matches!(s, Sym::Outside(name) if !(matches!(name.last_segment(), "Object" | "Serializable" | "Runnable")
                || !by_jdk && name.starts_with("java.")))
        });
        annotated
            || outside
            || decl.kind != TypeKind::Class
            || decl.outer.is_some()
            || !self.types.subtypes(id).is_empty()
            || self.made_once.contains(&id)
            || self.registered.values().any(|list| list.contains(&id))
            || self.is_named(id)
    }

    /// Does main code other than its own make an object of the type, or name it as a class?
    fn is_named(&self, id: TypeId) -> bool {
        self.code.iter().enumerate().any(|(i, facts)| {
            let file = FileIx(i as u32);
            let Some(facts) = facts.filter(|_| self.is_java(file) && self.workspace[file].role != Role::Test) else {
                return false;
            };
            facts.exprs.iter().enumerate().any(|(e, expr)| match &expr.kind {
                ExprKind::New { .. } => self.callee(file, ExprIx(e as u32)).owner == Some(Sym::Here(id)),
                // A class that names itself does so for its logger.
                ExprKind::ClassLiteral(ty) => {
                    let around = self.type_of_callable(file, expr.callable);
                    let itself = file == self.types[id].file && around == Some(self.types[id].ix);
                    !itself && self.resolve_name(file, around, ty.name) == Some(Sym::Here(id))
                }
                _ => false,
            })
        })
    }
}
