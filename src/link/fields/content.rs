//! What becomes of what a field holds: a memory, a queue, a registry, a store.

use super::super::infer::Ty;
use super::super::types::Sym;
use super::super::{Linked, ReachSet, stores};
use super::access::{Access, Mutation};
use super::memory::classes_below;
use super::names::PLUGGED;
use super::shared::Shared;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, Mods, TypeKind, Usage};
use crate::rules::model::FieldRole;
use crate::source::FileIx;
use crate::text::Name;

/// What a field holds.
pub(super) struct Content {
    pub(super) name: Name,
    pub(super) map: bool,
    pub(super) queue: bool,
    /// More than flags and numbers.
    pub(super) data: bool,
    /// Keyed by classes or methods: as many entries as the program has, the same in every process.
    pub(super) of_program: bool,
    /// A plain map that its name, or that of its class, calls a cache.
    pub(super) called_cache: bool,
    /// Its values are queues or buffers, which others fill.
    pub(super) filled_by_others: bool,
    /// The pools, threads and locks of the process itself, or weak references: nothing that must outlive it.
    pub(super) own: bool,
    /// Futures: what is asked for right now.
    pub(super) in_flight: bool,
    /// Listeners, handlers and the like: parts of the program.
    pub(super) plugged: bool,
    /// Names alone: tables, columns, packages.
    pub(super) of_names: bool,
    /// Connections, sessions and the like: they come and go with those who use the program.
    pub(super) of_clients: bool,
    /// Of these, what others call when something happens.
    pub(super) listens: bool,
}

pub(super) fn content_role(linked: &Linked<'_>, access: &Access, late: &[&Mutation], content: Content) -> FieldRole {
    let named = |list: &[&str]| access.mutations.iter().any(|m| list.contains(&m.name.as_str()));
    if content.queue
        && named(&["offer", "add", "put", "offerLast", "addLast", "push"])
        && (named(&["take", "poll", "drainTo", "pollFirst", "pop"])
            || access.mutations.iter().any(|m| takes(linked, m)))
    {
        return FieldRole::Queue;
    }
    if content.in_flight && (!content.map || late.iter().any(|m| late.iter().any(|other| goes_again(linked, m, other))))
    {
        return FieldRole::Lifecycle;
    }
    if content.own {
        return FieldRole::Registry;
    }
    if is_handed_over(linked, access, late) {
        return FieldRole::Lifecycle;
    }
    let requested = late.iter().any(|m| linked.reach(m.file, m.callable).has(ReachSet::REQUEST));
    if content.listens && (!requested || content.of_program) {
        return FieldRole::Registry;
    }
    if content.map {
        let in_one_method = |m: &Mutation| {
            (answers(linked, m, content.data) || is_asked_again(linked, access, m))
                // What goes again before the method ends was handed over or in work, not remembered.
                && !access.mutations.iter().any(|other| goes_again(linked, m, other))
                && access.reads.iter().any(|(rf, rc, ..)| {
                    *rf == m.file && linked.named_callable(*rf, *rc) == linked.named_callable(m.file, m.callable)
                })
        };
        let mut remembers = false;
        // Looked up, fetched on a miss and kept: a memory, even if others put in what they know.
        let mut fetches = false;
        let mut takes_in = false;
        // A few tell what all are for; each is looked up in the whole file.
        for m in late.iter().take(64) {
            match m.name.as_str() {
                "put" | "putIfAbsent" if is_put_on_a_miss(linked, access, m) => fetches = true,
                "computeIfAbsent" | "put" | "putIfAbsent"
                    if stores::takes_in(linked, m.file, m.call) || stores::wraps_in(linked, m.file, m.call) =>
                {
                    takes_in = true
                }
                "computeIfAbsent" => remembers = true,
                "put" | "putIfAbsent" if in_one_method(m) => {
                    remembers = true;
                    fetches |= is_fetched(linked, m);
                }
                _ => {}
            }
        }
        // Called a cache, filled with what was worked out elsewhere, and asked: through helpers of its own.
        let cache = content.called_cache && named(&["put", "putIfAbsent"]) && !access.reads.is_empty();
        // Parts of the program that others hand in, by class.
        if content.of_program && !fetches && !remembers {
            return FieldRole::Registry;
        }
        if content.of_program || !content.filled_by_others && (fetches || (remembers || cache) && !takes_in) {
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
    if !requested
        && !content.of_clients
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
    // `rule.addColumn(…)`, handed to code that calls it back while the program is set up.
    let wired = |m: &&Mutation| !linked.reach(m.file, m.callable).any() && matches!(m.name.as_str(), "put" | "add");
    if content.of_names && late.iter().all(wired) && by_name(&["add", "register", "with"]) {
        return FieldRole::Registry;
    }
    if content.plugged
        && !requested
        && by_name(&["add", "remove", "register", "unregister", "deregister", "subscribe", "unsubscribe", "set", "on"])
    {
        return FieldRole::Registry;
    }
    let only_background = late.iter().all(|m| {
        let reach = linked.reach(m.file, m.callable);
        reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST)
    });
    // What only background code reads as well is its own book-keeping.
    let read_by_others = content.name.to_lowercase().contains("cache")
        || access.reads.iter().any(|(f, c, ..)| {
            let reach = linked.reach(*f, *c);
            reach.has(ReachSet::REQUEST) || !reach.has(ReachSet::BACKGROUND)
        });
    let refilled = content.data && is_refilled(linked, late);
    if refilled || only_background && content.data && read_by_others {
        FieldRole::Snapshot
    } else {
        FieldRole::ContentMutated
    }
}

/// `refresh() { map.clear(); map.putAll(load()); }` on a timer: a copy of what lies elsewhere, whoever else keeps it
/// up to date.
fn is_refilled(linked: &Linked<'_>, late: &[&Mutation]) -> bool {
    late.iter().filter(|m| m.name.as_str() == "clear").any(|clear| {
        let fills = |m: &&&Mutation| {
            clear.span.start < m.span.start
                && matches!(m.name.as_str(), "put" | "putAll" | "add" | "addAll")
                && same_method(linked, clear, m)
        };
        linked.reach(clear.file, clear.callable).has(ReachSet::BACKGROUND) && late.iter().any(|m| fills(&m))
    })
}

/// `get(k) { v = map.get(k); if (v == null) { load(k); … } return v; }`, `load(k) { …; map.put(k, v); }`
fn is_put_on_a_miss(linked: &Linked<'_>, access: &Access, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let filler = linked.named_callable(m.file, m.callable);
    let value = match &facts[m.call].kind {
        ExprKind::Call { args, .. } => args.last().copied(),
        _ => None,
    };
    if value.is_some_and(|v| matches!(facts[v].kind, ExprKind::New { .. } | ExprKind::Local(_)) && is_made(facts, v)) {
        return false;
    }
    access.reads.iter().any(|(file, callable, name, read)| {
        let reader = linked.named_callable(*file, *callable);
        *file == m.file
            && reader != filler
            && matches!(name.as_str(), "get" | "getIfPresent")
            && gives(linked, *file, reader)
            && facts.exprs.iter().enumerate().any(|(ix, e)| {
                matches!(&e.kind, ExprKind::Call { name, .. } if *name == facts[filler].name)
                    && e.span.start > facts[*read].span.start
                    && linked.named_callable(*file, e.callable) == reader
                    && linked
                        .callee(*file, ExprIx(ix as u32))
                        .target
                        .is_some_and(|(id, target)| linked.types[id].file == *file && target == filler)
            })
    })
}

/// A new object, also through a local.
fn is_made(facts: &CodeFacts, value: ExprIx) -> bool {
    match facts[value].kind {
        ExprKind::New { .. } => true,
        ExprKind::Local(local) => {
            facts.exprs.iter().any(|e| e.usage == Usage::ToLocal(local) && matches!(e.kind, ExprKind::New { .. }))
        }
        _ => false,
    }
}

/// Does the method give something, other than whether it did?
fn gives(linked: &Linked<'_>, file: FileIx, method: CallableIx) -> bool {
    linked.facts(file).is_some_and(|facts| {
        facts[method].returns.as_ref().is_some_and(|ty| !matches!(ty.name.as_str(), "void" | "boolean" | "Void"))
    })
}

/// `if (urls.get(k) == null) { urls.put(k, …); } url = urls.get(k);` in a method that gives nothing.
fn is_asked_again(linked: &Linked<'_>, access: &Access, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let here = linked.named_callable(m.file, m.callable);
    let mut before = false;
    let mut after = false;
    for (file, callable, name, read) in &access.reads {
        if *file == m.file && linked.named_callable(*file, *callable) == here {
            before |= facts[*read].span.start < m.span.start;
            after |= facts[*read].span.start > m.span.start
                && name.as_str() == "get"
                && matches!(facts[*read].usage, Usage::ToLocal(_) | Usage::Argument(..));
        }
    }
    let value = match &facts[m.call].kind {
        ExprKind::Call { args, .. } => args.last().copied(),
        _ => None,
    };
    before && after && !value.is_some_and(|v| is_made(facts, v)) && !stores::takes_in(linked, m.file, m.call)
}

/// The value put comes from a call: it was looked up somewhere, not taken in and not made on the spot.
fn is_fetched(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let called = |e: ExprIx| matches!(facts[e].kind, ExprKind::Call { .. });
    let Some(value) = args.last().copied() else { return false };
    let here = linked.named_callable(m.file, m.callable);
    gives(linked, m.file, here)
        && match facts[value].kind {
            ExprKind::Local(local) if !facts[local].param => (0..facts.exprs.len() as u32)
                .map(ExprIx)
                .any(|v| facts[v].usage == Usage::ToLocal(local) && called(v) && !asks_map(facts, v)),
            _ => called(value),
        }
}

/// `map.get(k)` fetches nothing.
fn asks_map(facts: &CodeFacts, call: ExprIx) -> bool {
    matches!(&facts[call].kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "get" | "getIfPresent" | "getOrDefault" | "remove"))
}

/// Put in under a number that was made for this call, and taken out before the method ends: an argument that is
/// passed aside.
fn is_handed_over(linked: &Linked<'_>, access: &Access, late: &[&Mutation]) -> bool {
    let passes = |m: &Mutation| {
        let Some(facts) = linked.facts(m.file) else { return false };
        let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
        let own = args.first().is_some_and(|key| match facts[*key].kind {
            ExprKind::Local(local) => {
                let made = facts[local]
                    .init
                    .is_some_and(|init| matches!(facts[init].kind, ExprKind::Call { .. } | ExprKind::New { .. }));
                made && !facts[local].param
            }
            _ => false,
        });
        // `map.put(k, v); return …;` leaves it there.
        let leaves = |other: &Mutation| {
            facts
                .exprs
                .iter()
                .any(|e| e.usage == Usage::Returned && m.span.start < e.span.start && e.span.start < other.span.start)
        };
        own && facts[m.call].usage == Usage::Dropped
            && late.iter().any(|other| goes_again(linked, m, other) && !leaves(other))
    };
    let (puts, rest): (Vec<&Mutation>, Vec<&Mutation>) = late.iter().copied().partition(|m| m.name.as_str() == "put");
    !puts.is_empty()
        && puts.iter().all(|m| passes(m))
        && rest.iter().all(|m| m.name.as_str() == "remove" && puts.iter().any(|put| same_method(linked, put, m)))
        && access.reads.iter().all(|(_, _, name, _)| name.as_str() == "get")
}

/// `"consumer-" + count.incrementAndGet()` as the name of a client or thread.
pub(super) fn only_names(linked: &Linked<'_>, access: &Access, late: &[&Mutation]) -> bool {
    access.reads.is_empty()
        && late.iter().all(|m| {
            let Some(facts) = linked.facts(m.file) else { return false };
            let at = facts[m.call].span;
            facts.exprs.iter().any(|e| {
                let text = matches!(e.kind, ExprKind::Concat(_)) && e.span.contains(at);
                let Usage::Argument(to, _) = e.usage else { return false };
                let names = match &facts[to].kind {
                    ExprKind::Call { name, .. } => {
                        let lower = name.to_lowercase();
                        lower.ends_with("clientid") || lower.ends_with("name") || lower.ends_with("thread")
                    }
                    ExprKind::New { ty, .. } => ty.name.ends_with("Thread"),
                    _ => false,
                };
                text && names
            })
        })
}

/// What belongs to the process that runs.
const OWN: &[&str] = &[
    "java.util.concurrent.Executor",
    "java.lang.Thread",
    "java.util.concurrent.locks.Lock",
    "java.util.concurrent.locks.ReadWriteLock",
    "java.util.concurrent.locks.ReentrantLock",
    "java.util.concurrent.locks.ReentrantReadWriteLock",
    "java.util.concurrent.Semaphore",
];

/// Pools, threads, locks and weak references, also within maps and sets.
pub(super) fn is_own(linked: &Linked<'_>, ty: &Ty) -> bool {
    let mut at = ty;
    for depth in 0..4 {
        let Some(Some(inner)) = at.args.last() else { return false };
        let name = linked.types.name(inner.sym);
        // A map of weak references may be a memory.
        if name.ends_with("WeakReference") || name.ends_with("PhantomReference") {
            return depth > 0 || ty.args.len() == 1;
        }
        let closure = linked.types.closure(linked.catalog, inner.sym);
        let runs = |s: &Sym| OWN.contains(&linked.types.name(*s).as_str());
        if closure.iter().any(runs) {
            return true;
        }
        at = inner;
    }
    false
}

/// A method that gives what it looks up, rather than one that adds or registers.
fn answers(linked: &Linked<'_>, m: &Mutation, data: bool) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let named = &facts[linked.named_callable(m.file, m.callable)];
    // `seen.put(id, id)` keeps whether.
    let notes = match &facts[m.call].kind {
        ExprKind::Call { args, .. } => match args.as_ref() {
            [key, value] => stores::same_local(facts, *key, *value),
            _ => false,
        },
        _ => false,
    };
    // Whether something was done is no answer, unless such answers are what is kept.
    let done = |ty: &str| ty == "Void" || data && !notes && ty == "boolean";
    named.returns.as_ref().is_some_and(|ty| !done(ty.name.as_str()))
        && !["add", "register", "put", "save", "set"].iter().any(|p| named.name.starts_with(p))
}

/// `queue.remove()` takes the next; `queue.remove(x)` forgets one.
fn takes(linked: &Linked<'_>, m: &Mutation) -> bool {
    let none = |facts: &CodeFacts| matches!(&facts[m.call].kind, ExprKind::Call { args, .. } if args.is_empty());
    m.name.as_str() == "remove" && linked.facts(m.file).is_some_and(none)
}

/// `map.put(k, v); …; map.remove(k);` in one method.
fn goes_again(linked: &Linked<'_>, m: &Mutation, other: &Mutation) -> bool {
    other.name.as_str() == "remove" && m.span.start < other.span.start && same_method(linked, m, other)
}

fn same_method(linked: &Linked<'_>, a: &Mutation, b: &Mutation) -> bool {
    a.file == b.file && linked.named_callable(a.file, a.callable) == linked.named_callable(b.file, b.callable)
}

/// `List<OrderListener>`, `Map<String, OrderHandler>`.
pub(super) fn is_plugged(linked: &Linked<'_>, ty: &Ty) -> bool {
    let Some(Some(element)) = ty.args.last() else { return false };
    // What is kept by an identifier comes and goes with what it identifies.
    let by_name = |key: &Ty| match key.sym {
        Sym::Here(id) => {
            let info = &linked.types[id];
            linked.facts(info.file).is_some_and(|facts| facts[info.ix].kind == TypeKind::Enum)
        }
        Sym::Outside(name) => matches!(name.as_str(), "java.lang.String" | "java.lang.Class" | "java.lang.Object"),
    };
    let keyed = match ty.args.as_slice() {
        [Some(key), _] => by_name(key),
        [_] => true,
        _ => false,
    };
    let name = linked.types.name(element.sym);
    keyed && PLUGGED.iter().any(|ending| name.ends_with(ending))
}

/// `Set<String>`, `Map<String, Class<?>>`
pub(super) fn of_names(linked: &Linked<'_>, ty: &Ty) -> bool {
    let name = |arg: &Option<Ty>| {
        arg.as_ref()
            .is_some_and(|arg| matches!(linked.types.name(arg.sym).as_str(), "java.lang.String" | "java.lang.Class"))
    };
    !ty.args.is_empty() && ty.args.iter().all(name)
}

/// `Map<Channel, Session>`
pub(super) fn of_clients(linked: &Linked<'_>, ty: &Ty) -> bool {
    ty.args.iter().flatten().any(|arg| {
        let name = linked.types.name(arg.sym);
        ["Session", "Connection", "Endpoint", "Channel", "Emitter", "Socket", "SocketAddress", "Subscription"]
            .iter()
            .any(|ending| name.ends_with(ending))
    })
}

/// `Map<String, OrderListener>`, `Map<Class<?>, List<OrderListener>>`, not what is kept by an identifier.
pub(super) fn listens(linked: &Linked<'_>, ty: &Ty) -> bool {
    let by_name = |key: &Ty| matches!(linked.types.name(key.sym).as_str(), "java.lang.String" | "java.lang.Class");
    if let [Some(key), _] = ty.args.as_slice()
        && !by_name(key)
    {
        return false;
    }
    let mut at = ty;
    for _ in 0..3 {
        let Some(Some(inner)) = at.args.last() else { return false };
        let name = linked.types.name(inner.sym);
        if ["Listener", "Observer", "Watcher", "Interceptor", "Subscriber"].iter().any(|ending| name.ends_with(ending))
        {
            return true;
        }
        at = inner;
    }
    false
}

/// `Map<Class<?>, …>` and the like.
pub(super) fn of_program(linked: &Linked<'_>, ty: &Ty) -> bool {
    let Some(Some(key)) = ty.args.first() else { return false };
    names_program(linked, key.sym)
        || match key.sym {
            // `record Key(Class<?> handler, Class<?> handled)`
            Sym::Here(id) => {
                let info = &linked.types[id];
                linked.facts(info.file).is_some_and(|facts| {
                    let mut parts = facts
                        .fields
                        .iter()
                        .filter(|f| f.owner == Some(info.ix) && !f.mods.has(Mods::STATIC))
                        .map(|f| linked.resolve_ref(info.file, f.owner, &f.ty))
                        .peekable();
                    parts.peek().is_some() && parts.all(|ty| ty.is_some_and(|ty| names_program(linked, ty.sym)))
                })
            }
            Sym::Outside(_) => false,
        }
}

/// `Class`, `Method` and the like.
fn names_program(linked: &Linked<'_>, sym: Sym) -> bool {
    let name = linked.types.name(sym);
    matches!(name.as_str(), "java.lang.Class" | "org.springframework.core.ResolvableType")
        || name.starts_with("java.lang.reflect.")
}

/// `Map<String, OrderService>`: what most of its kind are, beans, are parts of the program.
pub(super) fn of_components(linked: &Linked<'_>, beans: &Shared, ty: &Ty) -> bool {
    let Some(Some(element)) = ty.args.last() else { return false };
    let by_name = match ty.args.as_slice() {
        [Some(key), _] => names_program(linked, key.sym) || linked.types.name(key.sym).as_str() == "java.lang.String",
        [_] => true,
        _ => false,
    };
    let Sym::Here(id) = element.sym else { return false };
    let below = classes_below(linked, id);
    by_name && !below.is_empty() && below.iter().filter(|id| beans.whole.contains(id)).count() * 2 > below.len()
}

/// Flags and numbers are state of the program; anything larger is a copy of data.
pub(super) fn is_scalar(name: &str) -> bool {
    ["java.lang.Boolean", "java.lang.Integer", "java.lang.Long"].contains(&name)
        || name.starts_with("java.util.concurrent.atomic.")
}

/// The type of the values: behind references (`SoftReference<…>`), `Optional` and atomics too.
fn values<'t>(linked: &Linked<'_>, ty: &'t Ty) -> Option<&'t Ty> {
    let mut at = ty.args.last()?.as_ref()?;
    for _ in 0..4 {
        let name = linked.types.name(at.sym);
        let wraps = matches!(name.last_segment(), "Optional" | "AtomicReference" | "Supplier")
            || name.ends_with("Reference") && !at.args.is_empty();
        match at.args.first() {
            Some(Some(inner)) if wraps => at = inner,
            _ => break,
        }
    }
    Some(at)
}

/// `Map<String, Class<?>>`, `Map<Key, WeakReference<Method>>`: found by name, the same in every process.
pub(super) fn finds_program(linked: &Linked<'_>, ty: &Ty) -> bool {
    values(linked, ty).is_some_and(|value| {
        let name = linked.types.name(value.sym);
        matches!(name.as_str(), "java.lang.Class" | "java.lang.invoke.MethodHandle")
            || matches!(
                name.as_str(),
                "java.lang.reflect.Method" | "java.lang.reflect.Constructor" | "java.lang.reflect.Field"
            )
    })
}

/// `Map<String, BlockingQueue<Order>>`, `Map<String, EvictingQueue<Line>>`.
pub(super) fn holds_queues(linked: &Linked<'_>, ty: &Ty) -> bool {
    values(linked, ty).is_some_and(|value| {
        let closure = linked.types.closure(linked.catalog, value.sym);
        let queue = closure.iter().any(|s| linked.types.name(*s).as_str() == "java.util.Queue");
        let name = linked.types.name(value.sym);
        queue || ["Queue", "Deque", "RingBuffer"].iter().any(|ending| name.ends_with(ending))
    })
}
