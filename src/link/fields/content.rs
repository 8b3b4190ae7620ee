//! What becomes of what a field holds: a memory, a queue, a registry, a store.

use super::super::infer::Ty;
use super::super::types::Sym;
use super::super::{Linked, ReachSet, stores};
use super::access::{Access, Mutation};
use super::names::PLUGGED;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprKind, TypeKind};
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
    /// Futures: what is asked for right now.
    pub(super) in_flight: bool,
    /// Listeners, handlers and the like: parts of the program.
    pub(super) plugged: bool,
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
    if content.in_flight && late.iter().any(|m| late.iter().any(|other| goes_again(linked, m, other))) {
        return FieldRole::Lifecycle;
    }
    if content.map {
        let in_one_method = |m: &Mutation| {
            answers(linked, m.file, m.callable)
                // What goes again before the method ends was handed over or in work, not remembered.
                && !access.mutations.iter().any(|other| goes_again(linked, m, other))
                && access.reads.iter().any(|(rf, rc, ..)| {
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
        // Called a cache, filled with what was worked out elsewhere, and asked: through helpers of its own.
        let cache = content.called_cache && named(&["put", "putIfAbsent"]) && !access.reads.is_empty();
        if content.of_program || !content.filled_by_others && (remembers || cache) && !takes_in {
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
    let requested = late.iter().any(|m| linked.reach(m.file, m.callable).has(ReachSet::REQUEST));
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
    let in_background = late.iter().any(|m| linked.reach(m.file, m.callable).has(ReachSet::BACKGROUND));
    if content.plugged
        && !requested
        && !in_background
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
    if only_background && content.data && read_by_others { FieldRole::Snapshot } else { FieldRole::ContentMutated }
}

/// A method that gives what it looks up, rather than one that adds or registers.
fn answers(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let named = &facts[linked.named_callable(file, callable)];
    named.returns.as_ref().is_some_and(|ty| ty.name.as_str() != "Void")
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
        Sym::Outside(name) => matches!(name.as_str(), "java.lang.String" | "java.lang.Class"),
    };
    let keyed = match ty.args.as_slice() {
        [Some(key), _] => by_name(key),
        [_] => true,
        _ => false,
    };
    let name = linked.types.name(element.sym);
    keyed && PLUGGED.iter().any(|ending| name.ends_with(ending))
}

/// `Map<Class<?>, …>` and the like.
pub(super) fn of_program(linked: &Linked<'_>, ty: &Ty) -> bool {
    let Some(Some(key)) = ty.args.first() else { return false };
    let name = linked.types.name(key.sym);
    name.as_str() == "java.lang.Class" || name.starts_with("java.lang.reflect.")
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
