//! What the workspace does to each field: shared or not, changed when, used for what.

use rustc_hash::{FxHashMap, FxHashSet};

use super::infer::Ty;
use super::types::{Sym, TypeId};
use super::{Linked, stores};
use crate::facts::CodeFacts;
use crate::facts::code::{
    CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, Mods, Target, TypeIx, TypeKind, Usage,
};
use crate::rules::model::FieldRole;
use crate::source::FileIx;
use crate::text::{Name, Span};

/// The answer for one field.
#[derive(Clone, Debug, Default)]
pub struct FieldUse {
    /// All requests see the same field: static, or in a singleton.
    pub shared: bool,
    /// Sorted.
    pub roles: Vec<FieldRole>,
    /// Where it is changed at run time: the first such places.
    pub writes: Vec<(FileIx, CallableIx, Span)>,
}

const MAPS: &[&str] = &[
    "java.util.Map",
    "com.google.common.collect.Multimap",
    "com.google.common.collect.Table",
    "com.google.common.cache.Cache",
    "com.github.benmanes.caffeine.cache.Cache",
];
const QUEUES: &[&str] = &["java.util.Queue"];
const MUTATORS: &[&str] = &[
    "put",
    "putAll",
    "putIfAbsent",
    "remove",
    "removeAll",
    "removeIf",
    "retainAll",
    "clear",
    "add",
    "addAll",
    "addFirst",
    "addLast",
    "push",
    "pop",
    "offer",
    "offerFirst",
    "offerLast",
    "poll",
    "pollFirst",
    "pollLast",
    "take",
    "drainTo",
    "compute",
    "computeIfAbsent",
    "computeIfPresent",
    "merge",
    "replace",
    "replaceAll",
    "set",
    "lazySet",
    "getAndSet",
    "compareAndSet",
    "incrementAndGet",
    "decrementAndGet",
    "getAndIncrement",
    "getAndDecrement",
    "addAndGet",
    "getAndAdd",
    "updateAndGet",
    "getAndUpdate",
    "accumulateAndGet",
    "getAndAccumulate",
    "increment",
    "decrement",
    "accumulate",
    "reset",
    "insertElementAt",
    "addElement",
    "removeElement",
    "setElementAt",
    "append",
    "insert",
    "deleteCharAt",
    "setLength",
    "setProperty",
    "invalidate",
    "invalidateAll",
    "removeFirst",
    "removeLast",
    "sort",
    "enqueue",
];
const MUTABLE: &[&str] = &[
    "java.util.Collection",
    "java.util.Map",
    "java.util.concurrent.atomic.AtomicInteger",
    "java.util.concurrent.atomic.AtomicLong",
    "java.util.concurrent.atomic.AtomicBoolean",
    "java.util.concurrent.atomic.AtomicReference",
    "java.util.concurrent.atomic.AtomicIntegerArray",
    "java.util.concurrent.atomic.AtomicLongArray",
    "java.util.concurrent.atomic.LongAdder",
    "java.util.concurrent.atomic.LongAccumulator",
    "java.util.concurrent.atomic.DoubleAdder",
    "java.lang.StringBuilder",
    "java.lang.StringBuffer",
    "java.util.BitSet",
    "com.google.common.collect.Multimap",
    "com.google.common.collect.Table",
    "com.google.common.cache.Cache",
    "com.github.benmanes.caffeine.cache.Cache",
    "com.google.common.collect.Multiset",
    "com.google.common.util.concurrent.AtomicLongMap",
];
/// Methods of a class that is as good as the collection it holds.
const WRAPPED: &[&str] = &["put", "add", "remove", "offer"];
const READERS: &[&str] =
    &["get", "getIfPresent", "getOrDefault", "containsKey", "contains", "getAllPresent", "getAll", "asMap"];

/// A place where a field is given a value.
struct Assigned {
    file: FileIx,
    callable: CallableIx,
    span: Span,
    lazy: bool,
    value: Option<ExprIx>,
}

/// A call that changes what a field holds.
struct Mutation {
    file: FileIx,
    callable: CallableIx,
    span: Span,
    name: Name,
    call: ExprIx,
}

/// How methods are called that end an object's life.
const TEAR_DOWN: &[&str] = &[
    "destroy",
    "close",
    "shutdown",
    "stop",
    "unset",
    "dispose",
    "tearDown",
    "cleanup",
    "cleanUp",
    "release",
    "deactivate",
    "undeploy",
    "unbind",
];

#[derive(Default)]
struct Access {
    assigns: Vec<Assigned>,
    mutations: Vec<Mutation>,
    reads: Vec<(FileIx, CallableIx, Name)>,
}

pub(super) fn analyse(linked: &Linked<'_>) -> Vec<Vec<FieldUse>> {
    use rayon::prelude::*;
    let singletons = singletons(linked);
    let wrappers = wrappers(linked, &singletons);
    let loop_flags = stores::loop_flags(linked);
    let partial: Vec<FxHashMap<(FileIx, FieldIx), Access>> =
        (0..linked.code.len()).into_par_iter().map(|i| accesses(linked, FileIx(i as u32))).collect();
    let mut all: FxHashMap<(FileIx, FieldIx), Access> = FxHashMap::default();
    for map in partial {
        // Merged key by key: the order of keys does not matter, that of files does and is kept.
        #[allow(clippy::iter_over_hash_type)]
        for (key, access) in map {
            let into = all.entry(key).or_default();
            into.assigns.extend(access.assigns);
            into.mutations.extend(access.mutations);
            into.reads.extend(access.reads);
        }
    }
    (0..linked.code.len())
        .into_par_iter()
        .map(|i| {
            let file = FileIx(i as u32);
            let Some(facts) = linked.facts(file) else { return Vec::new() };
            if !linked.is_java(file) {
                return Vec::new();
            }
            (0..facts.fields.len())
                .map(|f| FieldIx(f as u32))
                .map(|f| judge(linked, &singletons, &wrappers, &loop_flags, file, f, all.get(&(file, f))))
                .collect()
        })
        .collect()
}

/// Types of which one object serves all requests.
struct Shared {
    /// Singletons.
    whole: FxHashSet<TypeId>,
    /// Held by singletons: what they collect is shared. Their plain fields are mostly set while the holder is set up.
    contents: FxHashSet<TypeId>,
}

impl Shared {
    fn has(&self, id: TypeId) -> bool {
        self.whole.contains(&id) || self.contents.contains(&id)
    }
}

fn singletons(linked: &Linked<'_>) -> Shared {
    let mut set = FxHashSet::default();
    for (id, info) in linked.types.iter() {
        let Some(facts) = linked.facts(info.file) else { continue };
        if linked.is_singleton_by_itself(info.file, info.ix) {
            set.insert(id);
        }
        let decl = &facts[info.ix];
        if decl.kind == TypeKind::Enum && decl.constants.len() == 1 {
            set.insert(id);
        }
    }
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts else { continue };
        if !linked.is_java(file) {
            continue;
        }
        // `@Bean Foo foo() { return new Foo(…); }`
        for (c, callable) in facts.callables.iter().enumerate() {
            let c = CallableIx(c as u32);
            if callable.kind == CallableKind::Method
                && linked.has_annotation(file, Target::Callable(c), &linked.catalog.bean_method_annotations)
            {
                // Also through a local: `Foo foo = new Foo(); …; return foo;`.
                let declared = callable.returns.as_ref().and_then(|t| linked.resolve_ref(file, callable.owner, t));
                for (e, expr) in facts.exprs.iter().enumerate() {
                    if expr.callable == c
                        && matches!(expr.usage, Usage::Returned | Usage::ToLocal(_))
                        && let ExprKind::New { body: None, .. } = expr.kind
                        && let Some(made @ Sym::Here(id)) = linked.callee(file, ExprIx(e as u32)).owner
                        && declared
                            .as_ref()
                            .is_some_and(|d| linked.types.closure(linked.catalog, made).contains(&d.sym))
                    {
                        set.insert(id);
                    }
                }
            }
        }
        // A task that puts itself on the timer again keeps its fields from run to run.
        for expr in &facts.exprs {
            if let ExprKind::Call { name, args, .. } = &expr.kind
                && name.starts_with("schedule")
                && args.iter().any(|a| matches!(facts[*a].kind, ExprKind::This))
                && let named = &facts[linked.named_callable(file, expr.callable)]
                && named.name.as_str() == "run"
                && let Some(owner) = named.owner
            {
                set.insert(linked.types.id(file, owner));
            }
        }
        // A task that start-up code makes once and that runs again and again.
        for (e, expr) in facts.exprs.iter().enumerate() {
            if let ExprKind::New { body: None, .. } = expr.kind
                && linked.reach(file, expr.callable).has(super::ReachSet::STARTUP)
                && !linked.reach(file, expr.callable).has(super::ReachSet::REQUEST)
                && let Some(Sym::Here(id)) = linked.callee(file, ExprIx(e as u32)).owner
                && linked.overrides(id, Name::new("run"), &linked.catalog.background_methods)
            {
                set.insert(id);
            }
        }
    }
    let mut held = stores::held(linked, &mut set);
    // What a singleton inherits is shared as well.
    add_supers(linked, &mut set);
    add_supers(linked, &mut held);
    Shared { whole: set, contents: held }
}

fn add_supers(linked: &Linked<'_>, set: &mut FxHashSet<TypeId>) {
    let mut supers: Vec<TypeId> = Vec::new();
    for (id, _) in linked.types.iter().filter(|(id, _)| set.contains(id)) {
        supers.extend(linked.types.closure(linked.catalog, Sym::Here(id)).iter().filter_map(|s| match s {
            Sym::Here(id) => Some(*id),
            Sym::Outside(_) => None,
        }));
    }
    set.extend(supers);
}

fn accesses(linked: &Linked<'_>, file: FileIx) -> FxHashMap<(FileIx, FieldIx), Access> {
    let mut map: FxHashMap<(FileIx, FieldIx), Access> = FxHashMap::default();
    let Some(facts) = linked.facts(file) else { return map };
    if !linked.is_java(file) {
        return map;
    }
    for assign in &facts.assigns {
        if let Some(field) = linked.field_of(file, assign.target) {
            map.entry(field).or_default().assigns.push(Assigned {
                file,
                callable: assign.callable,
                span: assign.span,
                lazy: assign.lazy,
                value: assign.value,
            });
        }
    }
    for (ix, expr) in facts.exprs.iter().enumerate() {
        if let ExprKind::Call { base: Some(base), name, .. } = &expr.kind {
            let mutates = MUTATORS.contains(&name.as_str());
            if !mutates && !READERS.contains(&name.as_str()) {
                continue;
            }
            let Some(field) = linked.field_of(file, *base) else { continue };
            let access = map.entry(field).or_default();
            if mutates {
                let call = ExprIx(ix as u32);
                access.mutations.push(Mutation { file, callable: expr.callable, span: expr.at, name: *name, call });
            } else {
                access.reads.push((file, expr.callable, *name));
            }
        }
    }
    map
}

fn judge(
    linked: &Linked<'_>,
    singletons: &Shared,
    wrappers: &FxHashMap<TypeId, Sym>,
    loop_flags: &FxHashSet<(FileIx, FieldIx)>,
    file: FileIx,
    field: FieldIx,
    access: Option<&Access>,
) -> FieldUse {
    let Some(facts) = linked.facts(file) else { return FieldUse::default() };
    let decl = &facts[field];
    let is_static = decl.mods.has(Mods::STATIC);
    let owner = decl.owner.map(|o| linked.types.id(file, o));
    let whole = is_static || owner.is_some_and(|o| singletons.whole.contains(&o));
    let shared = whole || owner.is_some_and(|o| singletons.has(o));
    let mut found = FieldUse { shared, ..FieldUse::default() };
    let Some(access) = access else { return found };
    if linked.has_annotation(file, Target::Field(field), &linked.catalog.injection_annotations) {
        return found;
    }
    // An object that is being made is nobody else's yet.
    let run_time = |f: FileIx, c: CallableIx| {
        runs_after_start(linked, f, c) && (is_static || f != file || !makes(linked, f, c, decl.owner))
    };
    let mut roles: Vec<FieldRole> = Vec::new();

    let late: Vec<_> =
        access.assigns.iter().filter(|a| run_time(a.file, a.callable) && !is_tear_down(linked, a)).collect();
    if !late.is_empty() {
        found.writes.extend(late.iter().map(|a| (a.file, a.callable, a.span)));
        let idle = |a: &Assigned| is_idle_setter(linked, a.file, a.callable);
        roles.push(if late.iter().all(|a| idle(a)) {
            FieldRole::SetterOnly
        } else if late.iter().all(|a| a.lazy || idle(a)) {
            FieldRole::LazyInit
        } else if loop_flags.contains(&(file, field)) {
            FieldRole::Lifecycle
        } else {
            FieldRole::Reassigned
        });
    }

    if let Some(ty) = linked.resolve_ref(file, decl.owner, &decl.ty) {
        // A workspace class around a collection is as good as the collection.
        let wrapped = match ty.sym {
            Sym::Here(id) => wrappers.get(&id).copied(),
            Sym::Outside(_) => None,
        };
        let closure = linked.types.closure(linked.catalog, wrapped.unwrap_or(ty.sym));
        let is = |list: &[&str]| closure.iter().any(|s| list.contains(&linked.types.name(*s).as_str()));
        let in_loop = loop_flags.contains(&(file, field));
        let late: Vec<_> = access
            .mutations
            .iter()
            .filter(|m| {
                run_time(m.file, m.callable) && !is_first_filling(linked, access, m) && (in_loop || !closes(linked, m))
            })
            .collect();
        if is(MUTABLE) && !late.is_empty() && in_loop {
            roles.push(FieldRole::Lifecycle);
        } else if is(MUTABLE) && !late.is_empty() {
            found.writes.extend(late.iter().map(|m| (m.file, m.callable, m.span)));
            let scalar = |ty: &Ty| is(&["java.util.Map"]) && is_scalar(&linked.types.name(ty.sym));
            let data = !ty.args.last().is_some_and(|a| a.as_ref().is_some_and(scalar));
            roles.push(content_role(
                linked,
                access,
                &late,
                Content {
                    name: decl.name,
                    map: is(MAPS),
                    queue: is(QUEUES),
                    data,
                    of_program: is(MAPS) && of_program(linked, &ty),
                },
            ));
        } else if is(MUTABLE) && !access.mutations.is_empty() && !access.reads.is_empty() {
            roles.push(FieldRole::Snapshot);
        }
    }
    if !whole && shared {
        roles.retain(|r| !matches!(r, FieldRole::Reassigned | FieldRole::SetterOnly | FieldRole::LazyInit));
    }
    roles.sort();
    roles.dedup();
    found.roles = roles;
    found
}

/// What a field holds.
struct Content {
    name: Name,
    map: bool,
    queue: bool,
    /// More than flags and numbers.
    data: bool,
    /// Keyed by classes or methods: as many entries as the program has, the same in every process.
    of_program: bool,
}

fn content_role(linked: &Linked<'_>, access: &Access, late: &[&Mutation], content: Content) -> FieldRole {
    let named = |list: &[&str]| access.mutations.iter().any(|m| list.contains(&m.name.as_str()));
    if content.queue
        && named(&["offer", "add", "put", "offerLast", "addLast", "push"])
        && named(&["take", "poll", "drainTo", "pollFirst", "pop", "remove"])
    {
        return FieldRole::Queue;
    }
    if content.map {
        let in_one_method = |m: &Mutation| {
            answers(linked, m.file, m.callable)
                && access.reads.iter().any(|(rf, rc, _)| {
                    *rf == m.file && linked.named_callable(*rf, *rc) == linked.named_callable(m.file, m.callable)
                })
        };
        let mut remembers = false;
        let mut takes_in = false;
        // A few tell what all are for; each is looked up in the whole file.
        for m in late.iter().take(64) {
            match m.name.as_str() {
                "computeIfAbsent" | "put" | "putIfAbsent" if stores::takes_in(linked, m.file, m.call) => {
                    takes_in = true
                }
                "computeIfAbsent" => remembers = true,
                "put" | "putIfAbsent" if in_one_method(m) => remembers = true,
                _ => {}
            }
        }
        if content.of_program || remembers && !takes_in {
            return FieldRole::MemoCache;
        }
    }
    let by_name = |prefixes: &[&str]| {
        late.iter().all(|m| {
            let named = |facts: &CodeFacts| facts[linked.named_callable(m.file, m.callable)].name;
            let name = linked.facts(m.file).map(named).unwrap_or_default();
            prefixes.iter().any(|p| name.starts_with(p))
        })
    };
    let requested = late.iter().any(|m| linked.reach(m.file, m.callable).has(super::ReachSet::REQUEST));
    if !requested
        && by_name(&[
            "register",
            "unregister",
            "deregister",
            "addListener",
            "removeListener",
            "subscribe",
            "unsubscribe",
        ])
    {
        return FieldRole::Registry;
    }
    let only_background = late.iter().all(|m| {
        let reach = linked.reach(m.file, m.callable);
        reach.has(super::ReachSet::BACKGROUND) && !reach.has(super::ReachSet::REQUEST)
    });
    // What only background code reads as well is its own book-keeping.
    let read_by_others = content.name.to_lowercase().contains("cache")
        || access.reads.iter().any(|(f, c, _)| {
            let reach = linked.reach(*f, *c);
            reach.has(super::ReachSet::REQUEST) || !reach.has(super::ReachSet::BACKGROUND)
        });
    if only_background && content.data && read_by_others { FieldRole::Snapshot } else { FieldRole::ContentMutated }
}

/// A method that gives what it looks up, rather than one that adds or registers.
fn answers(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let named = &facts[linked.named_callable(file, callable)];
    named.returns.is_some() && !["add", "register", "put", "save", "set"].iter().any(|p| named.name.starts_with(p))
}

/// `Map<Class<?>, …>` and the like.
fn of_program(linked: &Linked<'_>, ty: &Ty) -> bool {
    let Some(Some(key)) = ty.args.first() else { return false };
    let name = linked.types.name(key.sym);
    name.as_str() == "java.lang.Class" || name.starts_with("java.lang.reflect.")
}

/// Flags and numbers are state of the program; anything larger is a copy of data.
fn is_scalar(name: &str) -> bool {
    ["java.lang.Boolean", "java.lang.Integer", "java.lang.Long"].contains(&name)
        || name.starts_with("java.util.concurrent.atomic.")
}

/// Workspace classes around a collection: a field of a mutable type that their `put`, `add` or
/// `remove` changes. Each with the type of that field.
fn wrappers(linked: &Linked<'_>, singletons: &Shared) -> FxHashMap<TypeId, Sym> {
    let mut out = FxHashMap::default();
    let mut by_file: FxHashMap<FileIx, FxHashSet<FieldIx>> = FxHashMap::default();
    for (id, info) in linked.types.iter() {
        let changes = WRAPPED.iter().any(|m| !linked.types.methods(id, Name::new(m)).is_empty());
        // Of a singleton the field within is told.
        let Some(facts) = linked.facts(info.file).filter(|_| changes && !singletons.has(id)) else { continue };
        let handed = by_file.entry(info.file).or_insert_with(|| handed_on(linked, info.file));
        for (ix, field) in facts.fields.iter().enumerate() {
            if field.owner != Some(info.ix) || field.mods.has(Mods::STATIC) {
                continue;
            }
            let Some(ty) = linked.resolve_ref(info.file, field.owner, &field.ty) else { continue };
            let closure = linked.types.closure(linked.catalog, ty.sym);
            let mutable = closure.iter().any(|s| MUTABLE.contains(&linked.types.name(*s).as_str()));
            if mutable && handed.contains(&FieldIx(ix as u32)) {
                out.entry(id).or_insert(ty.sym);
            }
        }
    }
    out
}

/// Fields that a `put`, `add`, … of their own type hands on to. (`put` of an HTTP client does not.)
fn handed_on(linked: &Linked<'_>, file: FileIx) -> FxHashSet<FieldIx> {
    let Some(facts) = linked.facts(file) else { return FxHashSet::default() };
    let to = facts.exprs.iter().filter_map(|e| {
        let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return None };
        let here = &facts[linked.named_callable(file, e.callable)];
        if !WRAPPED.contains(&here.name.as_str()) || !MUTATORS.contains(&name.as_str()) {
            return None;
        }
        let (owner, field) = linked.field_of(file, *base)?;
        (owner == file && here.owner == facts[field].owner).then_some(field)
    });
    to.collect()
}

/// Code that runs after the first request may have come. What nobody is seen to call counts, unless
/// it is a plain setter.
fn runs_after_start(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let reach = linked.reach(file, callable);
    if reach.any() {
        return reach.at_run_time();
    }
    let named = linked.named_callable(file, callable);
    matches!(facts[named].kind, CallableKind::Method | CallableKind::Lambda)
}

/// `void setX(T x) { this.x = x; }` that only the container, or nobody, calls.
fn is_idle_setter(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let c = &facts[callable];
    c.kind == CallableKind::Method
        && (c.name.starts_with("set") || c.name.starts_with("with"))
        && c.params.len() == 1
        && !linked.reach(file, callable).at_run_time()
}

/// Is the callable the one that makes an object of this type?
fn makes(linked: &Linked<'_>, file: FileIx, callable: CallableIx, owner: Option<TypeIx>) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let c = &facts[callable];
    matches!(c.kind, CallableKind::Constructor | CallableKind::InstanceInit | CallableKind::FieldInit)
        && c.owner == owner
}

/// `close() { connection = null; }`: the end of the object, no state that the next request meets.
fn is_tear_down(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let name = facts[linked.named_callable(assigned.file, assigned.callable)].name;
    assigned.value.is_some_and(|v| matches!(facts[v].kind, ExprKind::Literal(Literal::Null)))
        && TEAR_DOWN.iter().any(|p| name.starts_with(p))
}

/// `shutdown() { if (!closed.compareAndSet(false, true)) return; … }`: a flag that is raised at the end.
fn closes(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let raised = args.last().is_some_and(|a| matches!(facts[*a].kind, ExprKind::Literal(Literal::Bool(true))));
    let name = facts[linked.named_callable(m.file, m.callable)].name;
    raised
        && matches!(m.name.as_str(), "set" | "compareAndSet" | "getAndSet")
        && TEAR_DOWN.iter().any(|p| name.starts_with(p))
}

/// `if (all == null) { all = new ArrayList<>(); all.add(…); }` in a method that takes nothing: the
/// filling belongs to the making.
fn is_first_filling(linked: &Linked<'_>, access: &Access, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let named = linked.named_callable(m.file, m.callable);
    facts[named].params.is_empty()
        && access.assigns.iter().any(|a| {
            a.lazy
                && a.file == m.file
                && a.span.start < m.span.start
                && linked.named_callable(a.file, a.callable) == named
        })
}
