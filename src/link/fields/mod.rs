//! What the workspace does to each field: shared or not, changed when, used for what.

mod access;
mod alone;
mod anew;
mod callers;
mod content;
mod entry;
mod kept;
mod memory;
mod moments;
mod names;
mod pure;
mod reloaded;
mod renewed;
mod served;
mod shared;
mod siblings;
mod unread;
mod uses;
mod wrappers;

use rustc_hash::{FxHashMap, FxHashSet};

use self::access::{Access, Assigned, Mutation, accesses};
use self::alone::{ends_with_holder, is_handed_reference, is_of_tasks};
use self::anew::is_made_anew;
use self::callers::{Callers, begins, clears_at_end, readers};
use self::content::{
    Content, content_role, finds_program, holds_queues, is_own, is_plugged, is_scalar, listens, of_clients,
    of_components, of_names, of_program, only_names,
};
use self::entry::{is_emptied_after, is_set_on_entry};
use self::kept::{Aged, SetterCalls, aged, is_own_count, is_set_once, is_task_own, only_compared, setter_calls};
use self::memory::{Nature, holds_clients, holds_live, interns, is_client, is_live, nature, only_cancels};
use self::moments::{
    closes, is_clock, is_first_filling, is_idle_setter, is_setting, is_startup_task, is_tear_down, is_turn, is_wiring,
    latches, makes, resets, runs_after_start, starts, takes_turn,
};
use self::names::{MAPS, MUTABLE, QUEUES};
use self::pure::{asks_nobody, is_pure_memo};
use self::reloaded::{
    Grows, grows, is_fetched_again, is_filled_once, is_kept_reference, is_loaded_when_empty, is_under_new_key,
    only_notes, raises_once,
};
use self::renewed::is_renewed_setting;
use self::served::{Passes, changes_at_run_time, passes};
use self::shared::{Shared, singletons};
use self::unread::{Asked, asked};
use self::uses::Uses;
use self::wrappers::wrappers;
use super::infer::Ty;
use super::types::{Sym, TypeId};
use super::{Linked, ReachSet, stores};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, Mods, Target, TypeIx, Usage};
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

pub(super) fn analyse(linked: &Linked<'_>) -> Vec<Vec<FieldUse>> {
    use rayon::prelude::*;
    // Each of these works mostly by itself.
    let (((singletons, wrappers), (loop_flags, setter_calls)), (partial, (callers, uses))) = rayon::join(
        || {
            rayon::join(
                || {
                    let singletons = singletons(linked);
                    let wrappers = wrappers(linked, &singletons);
                    (singletons, wrappers)
                },
                || (stores::loop_flags(linked), setter_calls(linked)),
            )
        },
        || {
            let of_file = |i: usize| accesses(linked, FileIx(i as u32));
            let partial = (0..linked.code.len()).into_par_iter().map(of_file);
            let partial: Vec<FxHashMap<(FileIx, FieldIx), Access>> = partial.collect();
            (partial, rayon::join(|| Callers::new(linked), || Uses::new(linked)))
        },
    );
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
    let known =
        Known { singletons, wrappers, loop_flags, aged: aged(linked, &all), setter_calls, callers, uses, all: &all };
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
            siblings::mark(linked, &known.uses, file, facts, &mut uses);
            uses
        })
        .collect()
}

/// What is known of the workspace before any field is judged.
struct Known<'a> {
    singletons: Shared,
    wrappers: FxHashMap<TypeId, Sym>,
    loop_flags: FxHashSet<(FileIx, FieldIx)>,
    aged: Aged,
    setter_calls: SetterCalls,
    callers: Callers,
    uses: Uses,
    all: &'a FxHashMap<(FileIx, FieldIx), Access>,
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
    drop_indexes_of_caches(linked, file, facts, uses);
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

/// What is changed only beside a cache of a library and by its removal listener is an index of it.
fn drop_indexes_of_caches(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, uses: &mut [FieldUse]) {
    let is_cache = |f: usize| {
        let mut cache = false;
        linked.each_field_type(file, FieldIx(f as u32), &mut |name| cache |= names::CACHES.contains(&name.as_str()));
        cache
    };
    let writers = |f: &FieldUse| -> FxHashSet<CallableIx> {
        f.writes.iter().filter(|w| w.0 == file).map(|w| linked.named_callable(file, w.1)).collect()
    };
    let caches: Vec<(Option<TypeIx>, FxHashSet<CallableIx>)> =
        (0..uses.len()).filter(|f| is_cache(*f)).map(|f| (facts.fields[f].owner, writers(&uses[f]))).collect();
    if caches.is_empty() {
        return;
    }
    for (f, found) in uses.iter_mut().enumerate() {
        if !found.roles.contains(&FieldRole::ContentMutated) || is_cache(f) {
            continue;
        }
        let own = facts.fields[f].owner;
        // The listener is a lambda or object that the constructor hands over.
        let listens =
            found.writes.iter().any(|w| w.0 == file && makes(linked, file, linked.named_callable(file, w.1), own));
        let beside = |at: &FxHashSet<CallableIx>| {
            found.writes.iter().all(|w| {
                let here = linked.named_callable(file, w.1);
                w.0 == file && (at.contains(&here) || makes(linked, file, here, own))
            })
        };
        if listens && caches.iter().any(|(owner, at)| *owner == own && !at.is_empty() && beside(at)) {
            found.roles.push(FieldRole::Twin);
        }
    }
}

fn judge(linked: &Linked<'_>, known: &Known<'_>, file: FileIx, field: FieldIx, access: Option<&Access>) -> FieldUse {
    let Known { singletons, wrappers, loop_flags, aged, setter_calls, callers, uses, all } = known;
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
            && !uses.is_for_tests(linked, f, c)
            && !is_unused_helper(linked, uses, access, f, c)
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
        let idle = |a: &Assigned| {
            is_idle_setter(linked, a.file, a.callable)
                || is_setting(linked, a)
                || uses.is_handed_settings(linked, a.file, a.callable)
                || uses.is_uncalled_setter(linked, a.file, a.callable)
        };
        let once = |a: &Assigned| {
            a.lazy
                || idle(a)
                || begins(linked, a)
                || is_wiring(linked, a)
                || raises_once(linked, a, (file, field))
                || is_set_once(linked, setter_calls, a)
                || uses.only_by_startup(linked, a.file, a.callable)
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
        } else if holds_many(linked, file, field)
            && (is_renewed(linked, uses, &late)
                || access.mutations.is_empty() && late.iter().all(|a| is_replaced_on_change(linked, a)))
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
            if role == FieldRole::Reassigned {
                if is_own_count(linked, file, field) || is_task_own(linked, uses, file, field) {
                    roles.push(FieldRole::OwnCount);
                }
                if is_made_anew(linked, uses, file, field, access, &late)
                    || is_set_on_entry(linked, uses, file, field, access)
                {
                    roles.push(FieldRole::MadeAnew);
                }
                if late.iter().all(|a| is_rebuilt(linked, a)) {
                    roles.push(FieldRole::Handles);
                }
                if is_handed_reference(linked, uses, singletons, all, (file, field), &late) {
                    roles.push(FieldRole::Twin);
                }
                if !holds_many(linked, file, field) && is_of_tasks(linked, uses, file, field) {
                    let outside = linked
                        .resolve_ref(file, decl.owner, &decl.ty)
                        .is_some_and(|ty| matches!(ty.sym, Sym::Outside(name) if !name.starts_with("java.")));
                    // An object of a library is no number of where the task is.
                    roles.push(if outside { FieldRole::Handles } else { FieldRole::Cursor });
                }
            }
            if matches!(role, FieldRole::Reassigned | FieldRole::Snapshot)
                && linked.resolve_ref(file, decl.owner, &decl.ty).is_some_and(|ty| is_live(linked, ty.sym))
            {
                roles.push(FieldRole::Handles);
            }
            if role == FieldRole::MemoCache
                && late.iter().any(|a| is_part(linked, a))
                && late.iter().all(|a| is_part(linked, a) || resets(linked, a))
            {
                roles.push(FieldRole::Handles);
            }
            if role == FieldRole::MemoCache
                && linked.resolve_ref(file, decl.owner, &decl.ty).is_some_and(|ty| is_client(linked, ty.sym))
            {
                roles.push(FieldRole::Handles);
            }
            let by_requests = || late.iter().any(|a| linked.reach(a.file, a.callable).has(ReachSet::REQUEST));
            if role == FieldRole::Stamp && by_requests() && only_background_asks(linked, uses, file, field) {
                roles.push(FieldRole::Twin);
            }
            let of_parts = || {
                let ty = linked.resolve_ref(file, decl.owner, &decl.ty);
                ty.is_some_and(|ty| of_program(linked, &ty))
            };
            if role == FieldRole::Snapshot && of_parts() {
                roles.push(FieldRole::PureMemo);
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
                let wired = || {
                    matches!(m.name.as_str(), "add" | "addAll" | "put" | "putAll")
                        && is_idle_setter(linked, m.file, linked.named_callable(m.file, m.callable))
                };
                run_time(m.file, m.callable)
                    && !is_first_filling(linked, access, decl.name, m)
                    && !uses.only_by_startup(linked, m.file, m.callable)
                    && !wired()
                    && !clears_at_end(linked, m)
                    && (in_loop || !closes(linked, m))
            })
            .collect();
        if is(MUTABLE) && !late.is_empty() && in_loop {
            roles.push(FieldRole::Lifecycle);
        } else if !late.is_empty() && late.iter().all(|m| takes_turn(linked, m)) {
            // Whose turn it is may begin anew at any time.
        } else if !late.is_empty() && late.iter().all(|m| clears_count(linked, m)) {
            // Nothing counts.
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
            let health = is_health(linked, &late);
            let data = !ty.args.last().is_some_and(|a| a.as_ref().is_some_and(scalar)) || health;
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
            let grown = match role {
                FieldRole::MemoCache if !of_program(linked, &ty) => grows(linked, &late),
                _ => Grows::No,
            };
            let role = match role {
                FieldRole::ContentMutated
                    if is(&["java.util.concurrent.atomic.AtomicReference"]) && is_fetched_again(linked, &late) =>
                {
                    roles.push(FieldRole::Refreshed);
                    FieldRole::Snapshot
                }
                FieldRole::ContentMutated
                    if is(&["java.util.concurrent.atomic.AtomicReference"])
                        && is_kept_reference(linked, access, &late) =>
                {
                    FieldRole::MemoCache
                }
                FieldRole::MemoCache if late.iter().any(|m| is_under_new_key(linked, m)) => FieldRole::ContentMutated,
                FieldRole::MemoCache if is(names::CACHES) && only_notes(linked, &late) => FieldRole::ContentMutated,
                FieldRole::Snapshot if is(names::CACHES) && only_notes(linked, &late) => FieldRole::ContentMutated,
                role => role,
            };
            let nature = match role {
                FieldRole::MemoCache if grown == Grows::Gathers => Nature::Table,
                FieldRole::MemoCache if grown == Grows::Counts => Nature::Statistics,
                FieldRole::MemoCache => nature(linked, all, access, &ty, &late),
                FieldRole::ContentMutated if is(&["java.util.Map"]) && interns(linked, all, access, &late) => {
                    Nature::Pure
                }
                _ => Nature::Results,
            };
            let role = match nature {
                Nature::Table | Nature::Statistics => FieldRole::ContentMutated,
                _ if health && role == FieldRole::Snapshot => {
                    roles.push(FieldRole::Refreshed);
                    FieldRole::ContentMutated
                }
                _ => role,
            };
            if nature == Nature::Statistics {
                roles.push(FieldRole::Refreshed);
            }
            if role == FieldRole::ContentMutated
                && (is_loaded_when_empty(linked, file, field, &late)
                    || is_filled_once(linked, uses, all, file, field, &late))
            {
                roles.push(FieldRole::Reloaded);
            }
            if nature == Nature::Handles
                || holds_live(linked, &ty)
                || role == FieldRole::ContentMutated
                    && (holds_clients(linked, &ty) && !of_clients(linked, &ty)
                        || only_cancels(linked, access, &ty)
                        || !of_clients(linked, &ty) && ends_with_holder(linked, &ty, &late))
            {
                roles.push(FieldRole::Handles);
            }
            if nature == Nature::Pure
                || role == FieldRole::MemoCache && (is_pure_memo(linked, &ty, &late) || asks_nobody(linked, &late))
            {
                roles.push(FieldRole::PureMemo);
            }
            if role == FieldRole::ContentMutated
                && (is_set_on_entry(linked, uses, file, field, access)
                    || is_emptied_after(linked, uses, file, field, access))
            {
                roles.push(FieldRole::MadeAnew);
            }
            if role == FieldRole::ContentMutated
                && (is_task_own(linked, uses, file, field)
                    || holds_many(linked, file, field) && is_of_tasks(linked, uses, file, field))
            {
                roles.push(FieldRole::OwnCount);
            }
            if role == FieldRole::ContentMutated && only_names(linked, access, &late) {
                roles.push(FieldRole::OwnCount);
            }
            let registry = plugged && role == FieldRole::Snapshot
                || role == FieldRole::ContentMutated && of_components(linked, singletons, &ty);
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
        if late.is_empty() && is(names::CACHES) {
            if holds_live(linked, &ty) {
                roles.push(FieldRole::Handles);
            }
            let loads = loads(linked, access);
            if !loads.is_empty() && is_pure_memo(linked, &ty, &loads.iter().collect::<Vec<_>>()) {
                roles.push(FieldRole::PureMemo);
            }
        }
    }
    if roles.contains(&FieldRole::Reassigned) || roles.contains(&FieldRole::ContentMutated) {
        match passes(linked, uses, file, field, &found.writes) {
            Passes::Requests => roles.push(FieldRole::Served),
            Passes::Between => roles.push(FieldRole::Between),
            Passes::No => {}
        }
    }
    // What only the start of the program asks for is no copy that requests read.
    if roles.contains(&FieldRole::Refreshed) && only_startup_asks(linked, uses, file, field) {
        roles.retain(|role| *role != FieldRole::Refreshed);
    }
    let filled = [FieldRole::ContentMutated, FieldRole::MemoCache];
    if roles.iter().any(|r| filled.contains(r))
        && !found.writes.is_empty()
        && !changes_at_run_time(linked, &found.writes)
    {
        roles.push(FieldRole::StartOnly);
    }
    let changed = [FieldRole::Reassigned, FieldRole::ContentMutated, FieldRole::Stamp];
    if roles.iter().any(|r| changed.contains(r)) {
        match asked(linked, uses, file, field) {
            Asked::Nobody => roles.push(FieldRole::Unread),
            Asked::Figures => roles.push(FieldRole::Figures),
            Asked::Code => {}
        }
        let at: Vec<(FileIx, CallableIx)> = found.writes.iter().map(|(f, c, _)| (*f, *c)).collect();
        if is_renewed_setting(linked, uses, &at) {
            roles.push(FieldRole::Renewed);
        }
    }
    roles.sort();
    roles.dedup();
    found.roles = roles;
    found
}

/// `up.put(name, true)` and `up.put(name, false)`: how things stand, found out again and again.
fn is_health(linked: &Linked<'_>, late: &[&Mutation]) -> bool {
    let puts = |wanted: bool| {
        late.iter().any(|m| {
            let Some(facts) = linked.facts(m.file) else { return false };
            let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
            m.name.as_str() == "put"
                && args
                    .last()
                    .is_some_and(|a| matches!(facts[*a].kind, ExprKind::Literal(Literal::Bool(b)) if b == wanted))
        })
    };
    puts(true) && puts(false)
}

fn only_startup_asks(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx) -> bool {
    let asked = uses.of_field(file, field).iter().filter(|(at, e)| !uses.is_target(*at, *e)).filter(|(at, e)| {
        linked.facts(*at).is_some_and(|facts| match facts[*e].usage {
            Usage::Base(call) => facts[call].usage != Usage::Dropped,
            _ => true,
        })
    });
    let mut asked = asked.peekable();
    asked.peek().is_some()
        && asked.all(|(at, e)| {
            linked.facts(*at).is_some_and(|facts| linked.reach(*at, facts[*e].callable) == ReachSet::STARTUP)
        })
}

/// A time that only background code asks for: when it was used last, to let go of what is idle.
fn only_background_asks(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx) -> bool {
    let mut asked = uses.of_field(file, field).iter().filter(|(at, e)| !uses.is_target(*at, *e)).peekable();
    asked.peek().is_some()
        && asked.all(|(at, e)| {
            let Some(facts) = linked.facts(*at) else { return false };
            let reach = linked.reach(*at, facts[*e].callable);
            *at == file && reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST)
        })
}

/// `count.set(0)`, `count.getAndSet(0)`
fn clears_count(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    matches!(m.name.as_str(), "set" | "getAndSet")
        && matches!(args.as_ref(), [zero] if matches!(facts[*zero].kind, ExprKind::Literal(Literal::Int(0))))
}

/// A helper that nothing in the tree runs: private, or one that adds to what start-up code has filled.
fn is_unused_helper(linked: &Linked<'_>, uses: &Uses, access: &Access, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let named = linked.named_callable(file, callable);
    let c = &facts[named];
    let starts = |m: &Mutation| {
        let reach = linked.reach(m.file, m.callable);
        m.file == file && linked.named_callable(file, m.callable) != named && reach.any() && !reach.at_run_time()
    };
    let adds = || {
        c.mods.has(Mods::STATIC)
            && facts[named].params.len() == 1
            && !linked.reach(file, named).any()
            && access.mutations.iter().any(starts)
    };
    (c.mods.has(Mods::PRIVATE) || adds()) && uses.is_dead(linked, file, named)
}

/// `client = ClientFactory.createClient(properties)` in a method that takes nothing: the same kind of handle once more.
fn is_rebuilt(linked: &Linked<'_>, a: &Assigned) -> bool {
    let Some(facts) = linked.facts(a.file) else { return false };
    let Some(value) = a.value else { return false };
    let method = &facts[linked.named_callable(a.file, a.callable)];
    if let ExprKind::New { body: None, .. } = facts[value].kind {
        let client = linked.callee(a.file, value).owner.is_some_and(|made| is_client(linked, made));
        return client && method.params.is_empty() && method.kind == CallableKind::Method;
    }
    let ExprKind::Call { base, name, .. } = &facts[value].kind else { return false };
    let factory = match (linked.callee(a.file, value).owner, base.map(|b| &facts[b].kind)) {
        (Some(owner), _) => linked.types.name(owner).ends_with("Factory"),
        (None, Some(ExprKind::Name(name))) => name.ends_with("Factory"),
        _ => false,
    };
    factory && (name.starts_with("create") || name.starts_with("new")) && method.params.is_empty()
}

/// A part of the program: looked up in the container, or the object itself.
fn is_part(linked: &Linked<'_>, a: &Assigned) -> bool {
    let own = |v: ExprIx| linked.facts(a.file).is_some_and(|facts| matches!(facts[v].kind, ExprKind::This));
    is_wiring(linked, a) || a.value.is_some_and(own)
}

/// `cache.get(key, loader)` as what fills it.
fn loads(linked: &Linked<'_>, access: &Access) -> Vec<Mutation> {
    let loads = access.reads.iter().filter_map(|(file, callable, name, call)| {
        let facts = linked.facts(*file)?;
        let ExprKind::Call { args, .. } = &facts[*call].kind else { return None };
        let name = if name.as_str() == "get" && args.len() == 2 { Name::new("computeIfAbsent") } else { return None };
        Some(Mutation { file: *file, callable: *callable, span: facts[*call].at, name, call: *call })
    });
    loads.collect()
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
fn is_renewed(linked: &Linked<'_>, uses: &Uses, late: &[&Assigned]) -> bool {
    let renews = |a: &Assigned| {
        let Some(facts) = linked.facts(a.file) else { return false };
        let method = &facts[linked.named_callable(a.file, a.callable)];
        let again = ["refresh", "reload", "rebuild", "load", "init", "sync"].iter().any(|p| method.name.starts_with(p));
        let loaded = a.value.is_some_and(|v| match facts[v].kind {
            ExprKind::Call { .. } => true,
            ExprKind::Local(local) => !facts[local].param,
            // `new HashMap<>(loaded)`
            ExprKind::New { ref args, body: None, .. } => {
                matches!(args.as_ref(), [one] if matches!(facts[*one].kind, ExprKind::Local(l) if !facts[l].param))
            }
            _ => false,
        });
        loaded && (method.params.is_empty() || again)
    };
    let in_turn = |a: &&Assigned| {
        let Some(facts) = linked.facts(a.file) else { return false };
        let named = linked.named_callable(a.file, a.callable);
        let renews = |name: Name| ["refresh", "reload", "rebuild"].iter().any(|p| name.starts_with(p));
        let asked = || {
            let callers = uses.callers(linked, a.file, named).filter(|_| facts[named].mods.has(Mods::PRIVATE));
            callers.is_some_and(|by| {
                !by.is_empty()
                    && by
                        .iter()
                        .all(|(_, call)| renews(facts[linked.named_callable(a.file, facts[*call].callable)].name))
            })
        };
        linked.reach(a.file, a.callable).has(ReachSet::BACKGROUND) || renews(facts[named].name) || asked()
    };
    late.iter().all(|a| is_refresh(linked, a) && !is_set(linked, a))
        || late.iter().any(in_turn) && late.iter().all(|a| renews(a))
}

/// `memberChange(Collection<Member> now) { Map<…> members = new …; …; this.members = members; }`: somebody else keeps
/// the list, and tells when it is another one.
fn is_replaced_on_change(linked: &Linked<'_>, a: &Assigned) -> bool {
    let Some(facts) = linked.facts(a.file) else { return false };
    let method = &facts[linked.named_callable(a.file, a.callable)];
    let made = a.value.is_some_and(|v| match facts[v].kind {
        ExprKind::Local(local) => facts[local]
            .init
            .is_some_and(|init| matches!(facts[init].kind, ExprKind::New { .. } | ExprKind::Call { .. })),
        _ => false,
    });
    let told = ["Change", "Changes", "Changed", "Refreshed"].iter().any(|end| method.name.ends_with(end));
    made && told && !method.params.is_empty() && !linked.is_handler(a.file, linked.named_callable(a.file, a.callable))
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
