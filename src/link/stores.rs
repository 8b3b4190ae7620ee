//! Closer looks at how fields are used: flags of loops, maps that take in rather than remember,
//! types whose objects others hold.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableKind, Expr, ExprIx, ExprKind, FieldIx, LocalIx, Mods, Usage};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// Calls that put something into what they are called on.
const PUTS: &[&str] = &["add", "addAll", "put", "putAll", "putIfAbsent", "offer", "push", "remove", "computeIfAbsent"];

/// Calls that count or note in what they are called on.
const NOTES: &[&str] = &["increment", "incrementAndGet", "getAndIncrement", "addAndGet", "update", "record", "append"];

/// Fields that loops ask whether to go on (`while (running)`, `while (!stopped.get())`).
pub(super) fn loop_flags(linked: &Linked<'_>) -> FxHashSet<(FileIx, FieldIx)> {
    let mut out = FxHashSet::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(file)) else { continue };
        // Waiting for a flag that somebody else raises is no loop of the flag's owner.
        for flag in facts.loops.iter().filter(|l| !l.guarded_wait).flat_map(|l| &l.flags) {
            let asked = match facts[*flag].kind {
                ExprKind::Call { base: Some(base), .. } => base,
                _ => *flag,
            };
            let Some((owner, field)) = linked.field_of(file, asked) else { continue };
            let Some(facts) = linked.facts(owner) else { continue };
            if matches!(facts[field].ty.name.last_segment(), "boolean" | "Boolean" | "AtomicBoolean") {
                out.insert((owner, field));
            }
        }
    }
    out
}

/// The types all of whose objects are held by a static field or by a field of a singleton
/// (`private final Engine engine = new Engine();`): requests share what they collect. One that a static
/// field of its own holds (`INSTANCE`) is a singleton too. A type that is also made elsewhere is a value,
/// even if it has constants (`Money.ZERO`).
pub(super) fn held(linked: &Linked<'_>, singletons: &mut FxHashSet<TypeId>) -> FxHashSet<TypeId> {
    // Where the objects of each type go: to static fields (none), or to fields of these types.
    let mut holders: FxHashMap<TypeId, Vec<TypeId>> = FxHashMap::default();
    let mut values: FxHashSet<TypeId> = FxHashSet::default();
    let mut instances: FxHashSet<TypeId> = FxHashSet::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        // A test that makes one shares it with nobody.
        let Some(facts) = facts.filter(|_| linked.is_java(file) && linked.workspace[file].role != Role::Test) else {
            continue;
        };
        let assigned: FxHashMap<ExprIx, ExprIx> =
            facts.assigns.iter().filter_map(|a| a.value.map(|value| (value, a.target))).collect();
        let made: FxHashMap<ExprIx, FieldIx> = facts
            .fields
            .iter()
            .enumerate()
            .filter_map(|(f, field)| field.init.map(|init| (init, FieldIx(f as u32))))
            .collect();
        for (e, expr) in facts.exprs.iter().enumerate() {
            let e = ExprIx(e as u32);
            let (ExprKind::New { body: None, .. }, Some(Sym::Here(id))) = (&expr.kind, linked.callee(file, e).owner)
            else {
                continue;
            };
            let field = made.get(&e).map(|f| (file, *f)).or_else(|| linked.field_of(file, *assigned.get(&e)?));
            let held = field.and_then(|(f, ix)| {
                let field = &linked.facts(f)?[ix];
                Some((field.mods.has(Mods::STATIC), linked.types.id(f, field.owner?)))
            });
            match held {
                Some((true, owner)) => {
                    holders.entry(id).or_default();
                    let owner = &linked.types[owner];
                    let around = linked.enclosing_types(owner.file, Some(owner.ix));
                    if around.iter().any(|ix| linked.types.id(owner.file, *ix) == id) {
                        instances.insert(id);
                    }
                }
                Some((false, owner)) => holders.entry(id).or_default().push(owner),
                None => drop(values.insert(id)),
            }
        }
    }
    // `Cache<V>` is a collection of one's own: told of where it is held.
    let generic = |id: &TypeId| {
        let info = &linked.types[*id];
        linked.facts(info.file).is_some_and(|facts| !facts[info.ix].type_params.is_empty())
    };
    let candidates: Vec<TypeId> =
        linked.types.iter().map(|(id, _)| id).filter(|id| holders.contains_key(id) && !values.contains(id)).collect();
    singletons.extend(candidates.iter().filter(|id| instances.contains(id)));
    let mut held = FxHashSet::default();
    // What the held hold in turn, a few levels down.
    for _ in 0..4 {
        let shared = |id: &TypeId| singletons.contains(id) || held.contains(id);
        let found: Vec<TypeId> = candidates
            .iter()
            .copied()
            .filter(|id| !shared(id) && !generic(id) && holders[id].iter().all(shared))
            .collect();
        if found.is_empty() {
            break;
        }
        held.extend(found);
    }
    held
}

/// Does the call keep what it was handed (`clients.putIfAbsent(id, client)`,
/// `byTopic.computeIfAbsent(topic, k -> new HashSet<>()).add(client)`), rather than what it has worked out?
pub(super) fn takes_in(linked: &Linked<'_>, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
    let handed = match args.as_ref() {
        // `names.put(name, name)` notes what was seen, or keeps one of equal texts.
        [key, value] if same_local(facts, *key, *value) => false,
        [.., value] => handed_in(facts, *value) || is_container(linked, file, *value),
        [] => false,
    };
    handed || gathers(facts, call)
}

/// `item = new Item(); item.setCode(code); items.put(phone, item);` in a method that gives nothing back: what the
/// caller has handed over, in an object of its own, with the time at most. It is asked for later, by others.
pub(super) fn wraps_in(linked: &Linked<'_>, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
    let [key, value] = args.as_ref() else { return false };
    let method = linked.named_callable(file, facts[call].callable);
    if facts[method].returns.as_ref().is_some_and(|ty| !matches!(ty.name.as_str(), "void" | "boolean" | "Boolean")) {
        return false;
    }
    let mut inputs: Vec<ExprIx> = Vec::new();
    match &facts[*value].kind {
        ExprKind::New { args, body: None, .. } => inputs.extend(args.iter()),
        ExprKind::Local(local) if !facts[*local].param => {
            let Some(init) = facts[*local].init else { return false };
            let ExprKind::New { args, body: None, .. } = &facts[init].kind else { return false };
            inputs.extend(args.iter());
            for e in &facts.exprs {
                let ExprKind::Call { base: Some(base), name, args } = &e.kind else { continue };
                let on_it = matches!(facts[*base].kind, ExprKind::Local(l) if l == *local);
                if on_it && name.starts_with("set") {
                    inputs.extend(args.iter());
                }
            }
        }
        _ => return false,
    }
    let handed = |e: ExprIx| handed_in(facts, e) && !same_local(facts, e, *key);
    let known = |e: ExprIx| {
        handed_in(facts, e)
            || matches!(facts[peel(facts, e)].kind, ExprKind::Literal(_))
            || tells_time(linked, file, peel(facts, e))
    };
    inputs.iter().any(|e| handed(*e)) && inputs.iter().all(|e| known(*e))
}

/// `LocalDateTime.now().plusMinutes(1)`
fn tells_time(linked: &Linked<'_>, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let mut at = call;
    for _ in 0..8 {
        let ExprKind::Call { base: Some(base), .. } = &facts[at].kind else { return false };
        if matches!(linked.callee(file, at).owner, Some(Sym::Outside(name))
            if name.starts_with("java.time.") || name.as_str() == "java.lang.System")
        {
            return true;
        }
        at = *base;
    }
    false
}

/// `k -> new ArrayList<>()`, `HashSet::new`: a place to put things, no result.
fn is_container(linked: &Linked<'_>, file: FileIx, value: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let made = match &facts[value].kind {
        ExprKind::Lambda(body) => {
            let span = facts[*body].body;
            let makes = |kind: &ExprKind| match kind {
                ExprKind::New { .. } => true,
                // `ConcurrentHashMap.newKeySet()`
                ExprKind::Call { name, .. } => {
                    name.starts_with("new") && (name.ends_with("Set") || name.ends_with("List"))
                }
                _ => false,
            };
            let mut returned = facts
                .exprs
                .iter()
                .enumerate()
                .filter(|(_, e)| e.usage == Usage::Returned && span.contains(e.span) && makes(&e.kind));
            returned.next().map(|(e, _)| ExprIx(e as u32))
        }
        _ => None,
    };
    let Some(made) = made else { return false };
    let args = match &facts[made].kind {
        ExprKind::New { args, body: None, .. } => args,
        ExprKind::Call { .. } => return true,
        _ => return false,
    };
    let empty = args.iter().all(|a| matches!(facts[*a].kind, ExprKind::Literal(_) | ExprKind::Name(_)));
    let Some(owner) = linked.callee(file, made).owner else { return false };
    // A map within a map may well be a memory with two keys.
    let closure = linked.types.closure(linked.catalog, owner);
    let holds = |name: Name| {
        name.as_str() == "java.util.Collection"
            || ["Set", "List", "Queue", "Deque"].iter().any(|end| name.ends_with(end))
            || name.starts_with("java.util.concurrent.atomic.") && !name.ends_with("Reference")
    };
    empty && closure.iter().any(|s| holds(linked.types.name(*s)))
}

pub(super) fn same_local(facts: &CodeFacts, a: ExprIx, b: ExprIx) -> bool {
    matches!((&facts[a].kind, &facts[b].kind), (ExprKind::Local(a), ExprKind::Local(b)) if a == b)
}

/// The value found is itself a collection that is then added to.
fn gathers(facts: &CodeFacts, call: ExprIx) -> bool {
    let adds = |e: ExprIx| matches!(facts[e].kind, ExprKind::Call { name, .. } if PUTS.contains(&name.as_str()) || NOTES.contains(&name.as_str()));
    match facts[call].usage {
        Usage::Base(next) => adds(next),
        Usage::ToLocal(local) => facts.exprs.iter().any(|e| {
            matches!(&e.kind, ExprKind::Call { base: Some(base), name, .. }
                if PUTS.contains(&name.as_str()) && matches!(facts[*base].kind, ExprKind::Local(l) if l == local))
        }),
        _ => false,
    }
}

/// A parameter of the method as it came, also through a lambda (`k -> client`).
fn handed_in(facts: &CodeFacts, value: ExprIx) -> bool {
    match facts[peel(facts, value)].kind {
        ExprKind::Local(local) => facts[local].param && facts[facts[local].callable].kind == CallableKind::Method,
        ExprKind::Lambda(body) => {
            let span = facts[body].body;
            let value = facts.exprs.iter().find(|e| e.usage == Usage::Returned && span.contains(e.span));
            let peeled = |e: &Expr| match e.kind {
                ExprKind::Cast { base, .. } => facts[peel(facts, base)].kind.clone(),
                ref kind => kind.clone(),
            };
            value.is_some_and(|e| match peeled(e) {
                ExprKind::Local(local) => is_param(facts, local),
                _ => false,
            })
        }
        _ => false,
    }
}

/// `(Client) client` through a local of the lambda too.
fn is_param(facts: &CodeFacts, local: LocalIx) -> bool {
    let of_method = |l: LocalIx| facts[l].param && facts[facts[l].callable].kind == CallableKind::Method;
    of_method(local)
        || facts[local].init.is_some_and(|init| match facts[peel(facts, init)].kind {
            ExprKind::Local(from) => of_method(from),
            _ => false,
        })
}

/// What stands under casts.
fn peel(facts: &CodeFacts, value: ExprIx) -> ExprIx {
    let mut at = value;
    for _ in 0..8 {
        let ExprKind::Cast { base, .. } = facts[at].kind else { break };
        at = base;
    }
    at
}
