//! What the workspace does to each field: shared or not, changed when, used for what.

mod access;
mod callers;
mod content;
mod kept;
mod moments;
mod names;
mod pure;
mod shared;
mod wrappers;

use rustc_hash::{FxHashMap, FxHashSet};

use self::access::{Access, Assigned, Mutation, accesses};
use self::callers::{Callers, begins, clears_at_end, readers};
use self::content::{
    Content, content_role, finds_program, holds_queues, is_own, is_plugged, is_scalar, listens, of_clients, of_names,
    of_program, only_names,
};
use self::kept::{Aged, SetterCalls, aged, is_own_count, is_set_once, only_compared, setter_calls};
use self::moments::{
    closes, is_clock, is_first_filling, is_idle_setter, is_setting, is_startup_task, is_tear_down, is_turn, is_wiring,
    latches, makes, resets, runs_after_start, starts, takes_turn,
};
use self::names::{MAPS, MUTABLE, QUEUES};
use self::pure::is_pure_memo;
use self::shared::{Shared, singletons};
use self::wrappers::wrappers;
use super::infer::Ty;
use super::types::{Sym, TypeId};
use super::{Linked, ReachSet, stores};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprKind, FieldIx, Mods, Target, TypeIx};
use crate::rules::model::FieldRole;
use crate::source::FileIx;
use crate::text::Span;

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
    let known = Known {
        singletons,
        wrappers,
        loop_flags,
        aged: aged(linked, &all),
        setter_calls: setter_calls(linked),
        callers: Callers::new(linked),
    };
    (0..linked.code.len())
        .into_par_iter()
        .map(|i| {
            let file = FileIx(i as u32);
            let Some(facts) = linked.facts(file) else { return Vec::new() };
            if !linked.is_java(file) {
                return Vec::new();
            }
            let mut uses: Vec<FieldUse> = (0..facts.fields.len())
                .map(|f| FieldIx(f as u32))
                .map(|f| judge(linked, &known, file, f, all.get(&(file, f))))
                .collect();
            drop_indexes(linked, file, facts, &mut uses);
            uses
        })
        .collect()
}

/// What is known of the workspace before any field is judged.
struct Known {
    singletons: Shared,
    wrappers: FxHashMap<TypeId, Sym>,
    loop_flags: FxHashSet<(FileIx, FieldIx)>,
    aged: Aged,
    setter_calls: SetterCalls,
    callers: Callers,
}

/// What a class called a cache changes together with its memory is an index of it, and told with it.
fn drop_indexes(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, uses: &mut [FieldUse]) {
    let writers = |found: &FieldUse| -> FxHashSet<CallableIx> {
        found.writes.iter().filter(|w| w.0 == file).map(|w| linked.named_callable(file, w.1)).collect()
    };
    let memories: Vec<(TypeIx, FxHashSet<CallableIx>)> = uses
        .iter()
        .zip(&facts.fields)
        .filter(|(found, _)| found.roles.contains(&FieldRole::MemoCache))
        .filter_map(|(found, field)| Some((field.owner?, writers(found))))
        .filter(|(owner, _)| facts[*owner].name.contains("Cache"))
        .collect();
    if memories.is_empty() {
        return;
    }
    for (found, field) in uses.iter_mut().zip(&facts.fields) {
        let at = writers(found);
        let together =
            |(owner, with): &(TypeIx, FxHashSet<CallableIx>)| field.owner == Some(*owner) && !at.is_disjoint(with);
        // Its counters are statistics.
        let counts = ["Integer", "Long", "Adder"].iter().any(|end| field.ty.name.ends_with(end));
        if !counts && found.roles.contains(&FieldRole::ContentMutated) && memories.iter().any(together) {
            found.roles.retain(|role| *role != FieldRole::ContentMutated);
        }
    }
}

fn judge(linked: &Linked<'_>, known: &Known, file: FileIx, field: FieldIx, access: Option<&Access>) -> FieldUse {
    let Known { singletons, wrappers, loop_flags, aged, setter_calls, callers } = known;
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
        runs_after_start(linked, f, c)
            && !is_startup_task(linked, f, c)
            && !callers.is_idle(linked, f, c)
            && (is_static
                || f != file
                || !makes(linked, f, c, decl.owner) && !callers.is_making(linked, f, c, decl.owner))
    };
    let mut roles: Vec<FieldRole> = Vec::new();

    let late: Vec<_> =
        access.assigns.iter().filter(|a| run_time(a.file, a.callable) && !is_tear_down(linked, a)).collect();
    let stopped = access.assigns.len() > late.len() && access.assigns.iter().any(|a| is_tear_down(linked, a));
    let incidental = late.iter().all(|a| is_turn(linked, a)) || stopped && late.iter().all(|a| starts(linked, a));
    if !late.is_empty() && !incidental {
        found.writes.extend(late.iter().map(|a| (a.file, a.callable, a.span)));
        let idle = |a: &Assigned| is_idle_setter(linked, a.file, a.callable) || is_setting(linked, a);
        let once = |a: &Assigned| {
            a.lazy || idle(a) || begins(linked, a) || is_wiring(linked, a) || is_set_once(linked, setter_calls, a)
        };
        let role = if late.iter().all(|a| idle(a)) {
            FieldRole::SetterOnly
        } else if late.iter().all(|a| once(a)) {
            FieldRole::LazyInit
        } else if aged.values.contains(&(file, field)) {
            FieldRole::MemoCache
        } else if late.iter().any(|a| a.lazy) && late.iter().all(|a| a.lazy || resets(linked, a)) {
            // Fetched on first use, and put right when the source has changed.
            FieldRole::MemoCache
        } else if late.iter().all(|a| is_clock(linked, a)) {
            FieldRole::Stamp
        } else if loop_flags.contains(&(file, field)) {
            FieldRole::Lifecycle
        } else if holds_many(linked, file, field) && is_renewed(linked, &late)
            || late.iter().all(|a| is_refresh(linked, a) && !is_set(linked, a) && !is_handed_in(linked, a))
                && is_for_requests(linked, file, field)
        {
            roles.push(FieldRole::Refreshed);
            FieldRole::Snapshot
        } else if late.iter().all(|a| is_refresh(linked, a)) && holds_many(linked, file, field) {
            FieldRole::Snapshot
        } else {
            FieldRole::Reassigned
        };
        // The plain fields of what singletons hold are mostly set while the holder is set up.
        // The age of a value belongs to the value.
        let age = aged.ages.contains(&(file, field));
        if !age && (whole || !shared || role == FieldRole::Lifecycle) {
            if role == FieldRole::Reassigned && is_own_count(linked, file, field) {
                roles.push(FieldRole::OwnCount);
            }
            roles.push(role);
        }
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
                run_time(m.file, m.callable)
                    && !is_first_filling(linked, access, decl.name, m)
                    && !clears_at_end(linked, m)
                    && (in_loop || !closes(linked, m))
            })
            .collect();
        if is(MUTABLE) && !late.is_empty() && in_loop {
            roles.push(FieldRole::Lifecycle);
        } else if !late.is_empty() && late.iter().all(|m| takes_turn(linked, m)) {
            // Whose turn it is may begin anew at any time.
        } else if is(MUTABLE) && !late.is_empty() && late.iter().all(|m| latches(linked, m)) {
            found.writes.extend(late.iter().map(|m| (m.file, m.callable, m.span)));
            roles.push(FieldRole::LazyInit);
        } else if is(&["java.util.Map"]) && finds_program(linked, &ty) && in_lookup(linked, &late, access) {
            // Classes and methods by name: part of the program.
        } else if is(MUTABLE) && !is(MAPS) && !late.is_empty() && only_compared(linked, file, field, access) {
            found.writes.extend(late.iter().map(|m| (m.file, m.callable, m.span)));
            roles.push(FieldRole::Compared);
        } else if is(MUTABLE) && !late.is_empty() {
            found.writes.extend(late.iter().map(|m| (m.file, m.callable, m.span)));
            let is_future = |ty: &Ty| linked.types.name(ty.sym).ends_with("Future");
            let scalar = |ty: &Ty| is(&["java.util.Map"]) && is_scalar(&linked.types.name(ty.sym));
            let data = !ty.args.last().is_some_and(|a| a.as_ref().is_some_and(scalar));
            let owner = decl.owner.map(|o| facts[o].name).unwrap_or_default();
            let called_cache = owner.contains("Cache") || decl.name.to_lowercase().contains("cache");
            let plugged = is_plugged(linked, &ty);
            let role = content_role(
                linked,
                access,
                &late,
                Content {
                    name: decl.name,
                    map: is(MAPS),
                    queue: is(QUEUES),
                    data,
                    of_program: is(MAPS) && of_program(linked, &ty),
                    own: is_own(linked, &ty),
                    called_cache: called_cache && is(&["java.util.Map"]),
                    in_flight: ty.args.last().is_some_and(|a| a.as_ref().is_some_and(is_future)),
                    filled_by_others: is(MAPS) && holds_queues(linked, &ty),
                    plugged,
                    listens: listens(linked, &ty),
                    of_clients: of_clients(linked, &ty),
                    of_names: of_names(linked, &ty),
                },
            );
            if role == FieldRole::MemoCache && is_pure_memo(linked, &ty, &late) {
                roles.push(FieldRole::PureMemo);
            }
            if role == FieldRole::ContentMutated && only_names(linked, access, &late) {
                roles.push(FieldRole::OwnCount);
            }
            let registry = plugged && role == FieldRole::Snapshot;
            if role == FieldRole::Snapshot && !registry {
                roles.push(FieldRole::Refreshed);
            }
            roles.push(if registry { FieldRole::Registry } else { role });
        } else if is(MUTABLE)
            && access.mutations.iter().any(|m| !callers.is_idle(linked, m.file, m.callable))
            && !access.reads.is_empty()
        {
            roles.push(if is_plugged(linked, &ty) { FieldRole::Registry } else { FieldRole::Snapshot });
        }
    }
    roles.sort();
    roles.dedup();
    found.roles = roles;
    found
}

/// Filled by what looks things up: a loader of classes, or a method that asks the same map first.
fn in_lookup(linked: &Linked<'_>, late: &[&Mutation], access: &Access) -> bool {
    !late.is_empty()
        && late.iter().all(|m| {
            let here = linked.named_callable(m.file, m.callable);
            m.name.as_str() == "computeIfAbsent"
                || access.reads.iter().any(|(f, c, ..)| *f == m.file && linked.named_callable(*f, *c) == here)
        })
}

/// A whole new collection takes the place of the old one, now and then or when its source has changed: neither
/// emptied nor handed in.
fn is_renewed(linked: &Linked<'_>, late: &[&Assigned]) -> bool {
    let renews = |a: &Assigned| {
        let Some(facts) = linked.facts(a.file) else { return false };
        let method = &facts[linked.named_callable(a.file, a.callable)];
        let again = ["refresh", "reload", "rebuild", "load", "init", "sync"].iter().any(|p| method.name.starts_with(p));
        let loaded = a.value.is_some_and(|v| match facts[v].kind {
            ExprKind::Call { .. } => true,
            ExprKind::Local(local) => !facts[local].param,
            _ => false,
        });
        loaded && (method.params.is_empty() || again)
    };
    let in_turn = |a: &&Assigned| {
        let Some(facts) = linked.facts(a.file) else { return false };
        let name = facts[linked.named_callable(a.file, a.callable)].name;
        linked.reach(a.file, a.callable).has(ReachSet::BACKGROUND)
            || ["refresh", "reload", "rebuild"].iter().any(|p| name.starts_with(p))
    };
    late.iter().all(|a| is_refresh(linked, a) && !is_set(linked, a))
        || late.iter().any(in_turn) && late.iter().all(|a| renews(a))
}

/// What a setter was given, or a flag turned.
fn is_set(linked: &Linked<'_>, a: &Assigned) -> bool {
    let Some(facts) = linked.facts(a.file) else { return false };
    a.value.is_none_or(|v| match facts[v].kind {
        ExprKind::Local(local) => {
            facts[local].param && facts[linked.named_callable(a.file, a.callable)].name.starts_with("set")
        }
        ExprKind::Literal(_) => true,
        _ => false,
    })
}

/// A parameter of the method as it came: what somebody else has worked out.
fn is_handed_in(linked: &Linked<'_>, a: &Assigned) -> bool {
    let Some(facts) = linked.facts(a.file) else { return false };
    a.value.is_some_and(|v| matches!(facts[v].kind, ExprKind::Local(local) if facts[local].param))
}

/// Is the value, which tasks renew, asked for by others alone? What the tasks ask for themselves is their progress.
fn is_for_requests(linked: &Linked<'_>, file: FileIx, field: FieldIx) -> bool {
    let at = readers(linked, file, field);
    !at.is_empty()
        && at.iter().all(|c| {
            let reach = linked.reach(file, *c);
            reach.has(ReachSet::REQUEST) || !reach.has(ReachSet::BACKGROUND)
        })
}

/// Background code alone puts a new one in place.
fn is_refresh(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let reach = linked.reach(assigned.file, assigned.callable);
    reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST)
}

/// A collection or map.
fn holds_many(linked: &Linked<'_>, file: FileIx, field: FieldIx) -> bool {
    let mut found = false;
    linked.each_field_type(file, field, &mut |name| {
        found |= matches!(name.as_str(), "java.util.Collection" | "java.util.Map");
    });
    found
}
