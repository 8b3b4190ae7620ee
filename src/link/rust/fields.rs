//! What the workspace does to statics and to the fields of what requests share.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{FieldUse, Linked};
use super::known;
use super::types::Rt;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, Mods, Usage};
use crate::rules::model::FieldRole;
use crate::source::FileIx;
use crate::text::{Name, Span};

/// Methods that change what they are called on.
pub(super) const MUTATORS: &[&str] = &[
    "insert",
    "remove",
    "push",
    "push_back",
    "push_front",
    "pop",
    "pop_front",
    "pop_back",
    "entry",
    "clear",
    "retain",
    "extend",
    "drain",
    "get_mut",
    "get_or_insert_with",
    "get_or_insert",
    "replace",
    "take",
    "append",
    "truncate",
    "put",
    "store",
    "swap",
    "fetch_add",
    "fetch_sub",
    "fetch_or",
    "fetch_and",
    "fetch_max",
    "fetch_min",
    "fetch_update",
    "compare_exchange",
    "compare_exchange_weak",
    "compare_and_swap",
    "rcu",
    "alter",
    "alter_all",
    "remove_if",
    "set",
    "borrow_mut",
    "replace_with",
    "send",
    "try_send",
    "send_replace",
    "send_modify",
    "update",
    "upsert",
    "pop_lru",
    "iter_mut",
    "values_mut",
    "sort",
    "split_off",
    "enqueue",
    "inc",
    "dec",
    "add",
    "insert_async",
    "remove_async",
    "acquire",
    "try_acquire",
    "acquire_owned",
    "try_acquire_owned",
    "acquire_many",
];
/// Methods of a lock that only look.
const READERS: &[&str] = &[
    "get",
    "contains",
    "contains_key",
    "len",
    "is_empty",
    "iter",
    "values",
    "keys",
    "clone",
    "cloned",
    "as_ref",
    "load",
    "peek",
    "first",
    "last",
    "is_some",
    "is_none",
    "copied",
    "to_owned",
    "to_vec",
    "get_key_value",
    "load_full",
];

/// How a field can change although it is shared.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Inner {
    Lock,
    /// `RwLock`: only `write` changes it.
    ReadWrite,
    Map,
    Atomic,
    Swap,
    Once,
    Channel,
}

/// What makes a type changeable, and what it holds.
pub(super) fn inner_of(ty: &Rt) -> Option<(Inner, Option<&Rt>)> {
    let mut at = ty;
    let mut once = None;
    for _ in 0..8 {
        let simple = at.name.last_segment();
        let kind = match simple {
            "Mutex" | "ReentrantMutex" | "FairMutex" | "RefCell" | "Cell" | "UnsafeCell" => Inner::Lock,
            "RwLock" => Inner::ReadWrite,
            "DashMap" | "DashSet" | "SegQueue" | "ArrayQueue" | "SkipMap" | "CHashMap" | "ConcurrentQueue" => {
                Inner::Map
            }
            "ArcSwap" | "ArcSwapOption" | "ArcSwapAny" => Inner::Swap,
            "Sender" | "UnboundedSender" | "SyncSender" if !is_signal(&at.name) => Inner::Channel,
            "Semaphore" => Inner::Atomic,
            _ if simple.starts_with("Atomic") => Inner::Atomic,
            "OnceCell" | "OnceLock" | "OnceMap" => {
                // Filled while it waits: what it holds comes from elsewhere. Others are constants that come late.
                if at.name.contains("async") || at.name.starts_with("tokio") {
                    once = Some((Inner::Once, at.args.first()));
                }
                at = at.args.first()?;
                continue;
            }
            _ if known::is_transparent(at) => {
                at = &at.args[0];
                continue;
            }
            _ => return once,
        };
        return Some((kind, at.args.first()));
    }
    once
}

/// Channels of one value only tell that something happened.
fn is_signal(path: &str) -> bool {
    path.contains("watch") || path.contains("oneshot")
}

#[derive(Default)]
pub(super) struct Access {
    /// Method, the methods that follow, where.
    pub calls: Vec<(FileIx, CallableIx, Span, Name, Vec<Name>)>,
    pub assigns: Vec<(FileIx, CallableIx, Span, bool)>,
    /// Something may ask for what is in it.
    pub read: bool,
    /// It is handed on as a whole.
    pub passed: bool,
}

/// What tasks keep.
struct Tasks {
    /// Types whose values tasks own.
    types: FxHashSet<Name>,
    /// Types with a field that changes after they were made.
    changing: FxHashSet<Name>,
    /// Types whose values end with the request that makes them.
    passing: FxHashSet<Name>,
}

impl Linked<'_> {
    /// The use of the fields and statics of Rust files.
    pub(in crate::link) fn rust_field_uses(&self) -> Vec<Vec<FieldUse>> {
        let files: Vec<FileIx> = (0..self.code.len()).map(|i| FileIx(i as u32)).collect();
        let of_rust = |file: FileIx| self.facts(file).filter(|_| !self.is_java(file));
        let mut all: FxHashMap<(FileIx, FieldIx), Access> = FxHashMap::default();
        for file in &files {
            if let Some(facts) = of_rust(*file) {
                self.rust_accesses(*file, facts, &mut all);
            }
        }
        let shared = self.rust_shared_types();
        let within = self.rust_static_types(&mut all);
        let passing = self.rust_made_per_request(&self.rust_long_lived());
        let tasks = Tasks { passing, types: self.rust_task_types(), changing: self.rust_changing_types(&all) };
        files
            .par_iter()
            .map(|file| {
                let Some(facts) = of_rust(*file) else { return Vec::new() };
                let fields = (0..facts.fields.len()).map(|f| FieldIx(f as u32));
                fields
                    .map(|f| self.rust_field_use(*file, facts, f, (&shared, &within, &tasks), all.get(&(*file, f))))
                    .collect()
            })
            .collect()
    }

    fn rust_accesses(&self, file: FileIx, facts: &CodeFacts, all: &mut FxHashMap<(FileIx, FieldIx), Access>) {
        for assign in &facts.assigns {
            if let Some(field) = self.rust_field_of(file, assign.target)
                && !self.in_test(file, assign.callable)
            {
                let access = all.entry(field).or_default();
                access.assigns.push((file, assign.callable, assign.span, assign.lazy));
            }
        }
        for (i, expr) in facts.exprs.iter().enumerate() {
            if let ExprKind::Name(_) = &expr.kind
                && !matches!(expr.usage, Usage::Base(_))
                && let Some(field) = self.rust_field_of(file, ExprIx(i as u32))
            {
                let access = all.entry(field).or_default();
                (access.read, access.passed) = (true, true);
            }
            let ExprKind::Call { base: Some(base), name, .. } = &expr.kind else { continue };
            if let Some(field) = self.rust_field_behind(file, facts, *base)
                && !self.in_test(file, expr.callable)
            {
                let after = self.rust_calls_after(file, facts, ExprIx(i as u32));
                let access = all.entry(field).or_default();
                access.read |= !matches!(name.as_str(), "store" | "swap") || expr.usage != Usage::Dropped;
                access.calls.push((file, expr.callable, expr.at, *name, after));
            }
        }
    }

    /// The field that an expression means, also through a local: `let Some(limit) = &self.limit else …`.
    fn rust_field_behind(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx) -> Option<(FileIx, FieldIx)> {
        let mut at = expr;
        for _ in 0..4 {
            if let Some(field) = self.rust_field_of(file, at) {
                return Some(field);
            }
            at = match &facts[at].kind {
                ExprKind::Local(local) => facts[*local].init?,
                ExprKind::Call { base: Some(base), name, .. }
                    if matches!(name.as_str(), "as_ref" | "as_mut" | "as_deref" | "as_deref_mut" | "clone") =>
                {
                    *base
                }
                // `Arc::clone(&self.marks)`.
                ExprKind::Call { base: None, name, args } if name.ends_with("Arc::clone") => *args.first()?,
                ExprKind::Unary { base, .. } => *base,
                _ => return None,
            };
        }
        None
    }

    /// What is done with the guard of a lock: the calls that follow, also through a local.
    fn rust_calls_after(&self, file: FileIx, facts: &CodeFacts, call: ExprIx) -> Vec<Name> {
        let mut names: Vec<Name> = super::super::joins::chain_names(facts, call).take(16).collect();
        let top = super::super::joins::chain_top(facts, call);
        if let Usage::ToLocal(local) = facts[top].usage {
            // `*guard = …`.
            let fills =
                |a: &crate::facts::code::Assign| matches!(facts[a.target].kind, ExprKind::Local(l) if l == local);
            if facts.assigns.iter().any(fills) {
                names.push(Name::new("replace"));
            }
            for used in self.rust.uses(file, local).iter().take(32) {
                names.extend(super::super::joins::chain_names(facts, *used).take(4));
            }
        }
        names
    }

    fn rust_field_use(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        field: FieldIx,
        (shared, within, tasks): (&FxHashSet<Name>, &FxHashMap<Name, bool>, &Tasks),
        access: Option<&Access>,
    ) -> FieldUse {
        let decl = &facts[field];
        let mut found = FieldUse {
            shared: decl.owner.map_or(decl.mods.has(Mods::STATIC) && !decl.mods.has(Mods::FINAL), |o| {
                shared.contains(&self.rust_type_path(file, o))
            }),
            ..FieldUse::default()
        };
        if self.rust_meters(file, field) {
            found.roles.push(FieldRole::Meters);
        }
        if decl.owner.is_some_and(|o| tasks.passing.contains(&self.rust_type_path(file, o))) {
            found.roles.push(FieldRole::OneRequest);
        }
        if self.is_only_lent(file, field) {
            found.roles.push(FieldRole::Twin);
        }
        let ty = self.rust_field_type(file, field);
        if ty.as_ref().is_some_and(guards_work) {
            found.roles.push(FieldRole::Handles);
        } else if ty.as_ref().is_some_and(holds_marks) {
            found.roles.push(FieldRole::Marks);
        }
        if let Some(owner) = decl.owner
            && within.contains_key(&self.rust_type_path(file, owner))
        {
            // Told at the static.
            return found;
        }
        let Some(access) = access else { return found };
        let late = |file: FileIx, callable: CallableIx| {
            let reach = self.reach(file, callable);
            !reach.any() || reach.at_run_time()
        };
        // What lies behind a lock is told at the lock; a plain field changes only through `&mut`.
        if decl.mods.has(Mods::MUTABLE) {
            let assigned: Vec<_> = access.assigns.iter().filter(|(f, c, ..)| late(*f, *c)).collect();
            if !assigned.is_empty() {
                let lazy = assigned.iter().all(|(.., lazy)| *lazy);
                found.roles.push(if lazy { FieldRole::LazyInit } else { FieldRole::Reassigned });
                found.writes.extend(assigned.iter().map(|(f, c, at, _)| (*f, *c, *at)));
            }
        }
        let inner = ty.as_ref().and_then(inner_of);
        if inner.is_none()
            && decl.owner.is_none()
            && ty.as_ref().is_some_and(|t| within.get(&behind(t).name).copied().unwrap_or(false))
        {
            found.writes.extend(access.calls.iter().map(|(f, c, at, ..)| (*f, *c, *at)));
            found.roles.push(FieldRole::ContentMutated);
        }
        if decl.owner.is_some() && matches!(inner, Some((Inner::Atomic, _))) {
            // A flag or number of one object says little; rules may still ask for its type.
            return found;
        }
        if decl.owner.is_none() && !access.read && !access.calls.is_empty() {
            found.roles.push(FieldRole::Unread);
        }
        if decl.owner.is_none() && !access.passed && self.is_read_for_texts(access) {
            found.roles.push(FieldRole::Unread);
        }
        if let Some((inner, content)) = inner {
            let all: Vec<_> = access.calls.iter().filter(|(.., m, after)| changes(inner, *m, after)).collect();
            let changes: Vec<_> = all.iter().copied().filter(|(f, c, ..)| late(*f, *c)).collect();
            if changes.is_empty() && !all.is_empty() && decl.owner.is_some() {
                found.roles.push(FieldRole::Registry);
            }
            if !changes.is_empty() {
                found.writes.extend(changes.iter().map(|(f, c, at, ..)| (*f, *c, *at)));
                let writes: Vec<_> = changes.iter().map(|(f, c, ..)| (*f, *c)).collect();
                if decl.owner.is_none() && !content.map(behind).is_some_and(is_table) && self.is_set_at_start(&writes) {
                    found.roles.push(FieldRole::SetterOnly);
                    return found;
                }
                let table = if inner == Inner::Map { ty.as_ref().map(behind) } else { content.map(behind) };
                if table.is_some_and(is_set) && self.marks_work_under_way(access) {
                    found.roles.push(FieldRole::Handles);
                }
                found.roles.push(self.rust_role(inner, content, access, &writes));
            }
        } else if let Some(ty) = &ty
            && decl.owner.is_some_and(|o| tasks.types.contains(&self.rust_type_path(file, o)))
        {
            // What a task owns it keeps as long as the process runs.
            let within = tasks.changing.contains(&behind(ty).name);
            let is_change = |(f, c, _, m, _): &&(FileIx, CallableIx, Span, Name, Vec<Name>)| {
                late(*f, *c) && (within || is_table(ty) && MUTATORS.contains(&m.as_str()))
            };
            let changes: Vec<_> = access.calls.iter().filter(is_change).collect();
            let assigned: Vec<_> = access.assigns.iter().filter(|(f, c, ..)| late(*f, *c)).collect();
            if !changes.is_empty() || (!assigned.is_empty() && (is_table(ty) || self.is_rust_declared(behind(ty).name)))
            {
                found.shared = true;
                found.writes.extend(changes.iter().map(|(f, c, at, ..)| (*f, *c, *at)));
                found.writes.extend(assigned.iter().map(|(f, c, at, _)| (*f, *c, *at)));
                found.roles.push(FieldRole::ContentMutated);
            }
        }
        found.roles.sort();
        found.roles.dedup();
        found
    }

    fn rust_role(
        &self,
        inner: Inner,
        content: Option<&Rt>,
        access: &Access,
        writes: &[(FileIx, CallableIx)],
    ) -> FieldRole {
        let called = |list: &[&str]| {
            access
                .calls
                .iter()
                .any(|(.., m, after)| list.contains(&m.as_str()) || after.iter().any(|a| list.contains(&a.as_str())))
        };
        let simple = content.map_or("", |c| c.name.last_segment());
        match inner {
            Inner::Once => return FieldRole::LazyInit,
            Inner::Channel => return FieldRole::Queue,
            Inner::Swap => return FieldRole::Snapshot,
            _ => {}
        }
        if matches!(simple, "VecDeque" | "BinaryHeap" | "Vec")
            && called(&["push", "push_back", "push_front"])
            && called(&["pop", "pop_front", "pop_back", "drain"])
        {
            return FieldRole::Queue;
        }
        let is_map = inner == Inner::Map || simple.contains("Map") || simple.contains("Cache");
        // One function looks it up and fills it.
        let memo = is_map
            && called(&["get", "entry", "contains_key"])
            && writes.iter().any(|(file, callable)| {
                let here = |list: &[&str]| {
                    access.calls.iter().any(|(f, c, _, m, after)| {
                        f == file
                            && self.named_callable(*f, *c) == self.named_callable(*file, *callable)
                            && (list.contains(&m.as_str()) || after.iter().any(|a| list.contains(&a.as_str())))
                    })
                };
                // What the same function takes out again was put in to wait for the rest.
                !here(&["remove"])
                    && (here(&["get", "contains_key"]) && here(&["insert", "put"])
                        || here(&["or_insert_with", "or_try_insert_with", "get_or_insert_with"]))
            });
        if memo {
            return FieldRole::MemoCache;
        }
        FieldRole::ContentMutated
    }
}

/// Does a call on the field change it?
pub(super) fn changes(inner: Inner, method: Name, after: &[Name]) -> bool {
    let mutates = |name: &Name| MUTATORS.contains(&name.as_str());
    match inner {
        Inner::Lock if method.contains("lock") || method.starts_with("borrow") || method.as_str() == "with" => {
            after.iter().any(mutates) || !after.iter().any(|n| READERS.contains(&n.as_str()))
        }
        Inner::ReadWrite => method.contains("write") || mutates(&method),
        Inner::Once => method.starts_with("get_or") || method.as_str() == "set",
        // Counting up makes identifiers and statistics.
        Inner::Atomic => mutates(&method) && method.as_str() != "fetch_add",
        _ => mutates(&method),
    }
}

/// A map, set or queue.
pub(super) fn is_table(ty: &Rt) -> bool {
    let simple = ty.name.last_segment();
    known::is_container(ty) && (simple.ends_with("Map") || simple.ends_with("Set") || simple == "LruCache")
}

/// A set, or a map to nothing.
fn is_set(ty: &Rt) -> bool {
    let to_nothing = |value: &Rt| value.name.as_str() == "()" && value.args.is_empty();
    is_table(ty) && (ty.name.ends_with("Set") || ty.args.get(1).map(behind).is_some_and(to_nothing))
}

/// `LruCache<Key, Instant>`, also behind a lock: when something was seen, or that it was.
fn holds_marks(ty: &Rt) -> bool {
    let table = match inner_of(ty) {
        Some((Inner::Lock | Inner::ReadWrite, Some(content))) => behind(content),
        _ => behind(ty),
    };
    table.args.get(1).map(behind).is_some_and(|value| {
        matches!(value.name.last_segment(), "Instant" | "SystemTime" | "bool")
            || value.name.as_str() == "()" && value.args.is_empty()
    })
}

/// `HashMap<Key, Arc<Mutex<()>>>`, `OnceCell<()>`: locks that keep a piece of work from being done twice at once; nothing
/// is kept in them.
fn guards_work(ty: &Rt) -> bool {
    let pointed = |ty: &Rt| {
        let mut at = ty;
        for _ in 0..8 {
            match (at.name.last_segment(), at.args.first()) {
                ("Arc" | "Rc" | "Box" | "Option" | "Weak", Some(inner)) => at = inner,
                _ => break,
            }
        }
        at.clone()
    };
    let guards = |ty: &Rt| {
        let of_nothing = || ty.args.first().is_some_and(|inner| inner.name.as_str() == "()" && inner.args.is_empty());
        match ty.name.last_segment() {
            "Mutex" | "RwLock" | "OnceCell" | "OnceLock" => of_nothing(),
            "Semaphore" | "OwnedSemaphorePermit" | "Notify" | "Barrier" => true,
            _ => false,
        }
    };
    let whole = pointed(ty);
    if matches!(whole.name.last_segment(), "OnceCell" | "OnceLock") && guards(&whole) {
        return true;
    }
    let table = match inner_of(ty) {
        Some((Inner::Lock | Inner::ReadWrite, Some(content))) => behind(content),
        _ => behind(ty),
    };
    table.args.get(1).is_some_and(|value| guards(&pointed(value)))
}

/// What stands behind pointers and lazy cells.
pub(super) fn behind(ty: &Rt) -> &Rt {
    let mut at = ty;
    for _ in 0..8 {
        if !known::is_transparent(at) {
            break;
        }
        at = &at.args[0];
    }
    at
}
