//! What a memory of earlier results really is: handles kept for reuse, parts of the program, or a table.

use rustc_hash::FxHashMap;

use super::super::Linked;
use super::super::infer::Ty;
use super::super::types::{Sym, TypeId};
use super::access::{Access, Assigned, Mutation};
use super::content::{finds_program, of_program};
use super::moments::makes;
use super::names::{CALLED_BACK, CLIENTS, ENDS, LIVE};
use crate::facts::CodeFacts;
use crate::facts::code::{AssignOp, CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, TypeKind, Usage};
use crate::source::FileIx;

/// The nature of what is filled on a miss.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nature {
    /// Results that may grow stale.
    Results,
    /// It follows from the key, or from the program.
    Pure,
    /// Clients, tasks, connections.
    Handles,
    /// State that others change: a table.
    Table,
    /// Objects that count, one for each key.
    Statistics,
}

type All = FxHashMap<(FileIx, FieldIx), Access>;

pub(super) fn nature(linked: &Linked<'_>, all: &All, access: &Access, ty: &Ty, late: &[&Mutation]) -> Nature {
    if interns(linked, all, access, late) {
        return Nature::Pure;
    }
    if deep(ty, 0, &mut |sym| linked.types.name(sym).ends_with("Future") && !is_live(linked, sym)) {
        return Nature::Table;
    }
    let made: Vec<(FileIx, ExprIx)> = late.iter().flat_map(|m| values(linked, m)).collect();
    let Some(value) = ty.args.last().and_then(Option::as_ref) else { return Nature::Results };
    let by_making = |(file, e): &(FileIx, ExprIx)| {
        let Some(facts) = linked.facts(*file) else { return false };
        match &facts[*e].kind {
            ExprKind::New { .. } => true,
            ExprKind::Call { name, .. } => ["create", "make", "open", "connect", "start", "newInstance", "build"]
                .iter()
                .any(|p| name.starts_with(p)),
            _ => false,
        }
    };
    // Looked up in the program itself.
    let in_program = |(file, e): &(FileIx, ExprIx)| {
        linked.facts(*file).is_some_and(|facts| match &facts[*e].kind {
            ExprKind::Call { name, .. } => {
                name.starts_with("getBean") || name.contains("Proxy") || name.starts_with("proxy")
            }
            _ => false,
        })
    };
    if !made.is_empty() && made.iter().all(in_program) {
        return Nature::Pure;
    }
    let of_arguments = |(file, e): &(FileIx, ExprIx)| {
        linked.facts(*file).is_some_and(|facts| match &facts[*e].kind {
            ExprKind::New { body: None, args, .. } => args.iter().all(|arg| is_at_hand(facts, *arg)),
            _ => false,
        }) && only_keeps_arguments(linked, all, linked.callee(*file, *e).owner)
    };
    if !made.is_empty() && made.iter().all(of_arguments) && !is_client(linked, value.sym) {
        return Nature::Pure;
    }
    if !made.is_empty() && made.iter().all(by_making) {
        // `retrofit.create(Orders.class)`: the client of an interface, made by a library.
        let of_interface = |(file, e): &(FileIx, ExprIx)| {
            linked.facts(*file).is_some_and(|facts| match &facts[*e].kind {
                ExprKind::Call { name, args, .. } => {
                    matches!(name.as_str(), "create" | "target" | "build" | "newInstance")
                        && args.iter().any(|a| matches!(facts[*a].kind, ExprKind::ClassLiteral(_)))
                        && matches!(linked.callee(*file, *e).owner, None | Some(Sym::Outside(_)))
                }
                _ => false,
            }) && is_interface(linked, value.sym)
        };
        if made.iter().all(of_interface) {
            return Nature::Handles;
        }
        let opened = |(file, e): &(FileIx, ExprIx)| {
            linked.facts(*file).is_some_and(|facts| {
                matches!(&facts[*e].kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "open" | "connect"))
            })
        };
        if is_client(linked, value.sym) || runs(linked, value.sym) || made.iter().all(opened) {
            return Nature::Handles;
        }
        let fresh = |(file, e): &(FileIx, ExprIx)| {
            linked.facts(*file).is_some_and(|facts| match &facts[*e].kind {
                ExprKind::New { args, .. } => {
                    args.is_empty() && !is_stateful(linked, all, linked.callee(*file, *e).owner)
                }
                _ => false,
            })
        };
        if of_program(linked, ty) && made.iter().all(fresh) {
            return Nature::Pure;
        }
        let made_alone = made.iter().all(|(file, e)| {
            linked.facts(*file).is_some_and(|facts| match &facts[*e].kind {
                ExprKind::Call { name, .. } => name.starts_with("create"),
                _ => false,
            })
        });
        if made_alone && is_abstract_state(linked, all, value.sym) {
            return Nature::Table;
        }
        let counts = |(file, e): &(FileIx, ExprIx)| {
            linked.facts(*file).is_some_and(|facts| matches!(facts[*e].kind, ExprKind::New { .. }))
                && is_counting(linked, all, linked.callee(*file, *e).owner)
        };
        if made.iter().all(counts) {
            return Nature::Statistics;
        }
    }
    if of_program(linked, ty) && (finds_program(linked, ty) || deep(value, 0, &mut |sym| is_class(linked, sym))) {
        return Nature::Pure;
    }
    Nature::Results
}

fn is_interface(linked: &Linked<'_>, sym: Sym) -> bool {
    let Sym::Here(id) = sym else { return false };
    let info = &linked.types[id];
    linked.facts(info.file).is_some_and(|facts| facts[info.ix].kind == TypeKind::Interface)
}

fn is_class(linked: &Linked<'_>, sym: Sym) -> bool {
    let name = linked.types.name(sym);
    name.as_str() == "java.lang.Class" || name.starts_with("java.lang.reflect.")
}

/// Objects of the running process: tasks, threads, sockets, servlets.
pub(super) fn holds_live(linked: &Linked<'_>, ty: &Ty) -> bool {
    let is_queue = || {
        linked.types.closure(linked.catalog, ty.sym).iter().any(|s| linked.types.name(*s).as_str() == "java.util.Queue")
    };
    ty.args.iter().flatten().any(|arg| deep(arg, 0, &mut |sym| is_live(linked, sym)))
        // Work that waits its turn is data; what is called back is part of the program.
        || ty.args.iter().flatten().any(|arg| deep(arg, 0, &mut is_called_back)) && !is_queue()
}

/// A function, or what ends something, as a value.
fn is_called_back(sym: Sym) -> bool {
    matches!(sym, Sym::Outside(name) if name.starts_with("java.util.function.") || CALLED_BACK.contains(&name.as_str()))
}

pub(super) fn is_live(linked: &Linked<'_>, sym: Sym) -> bool {
    let live = |sym: Sym| {
        linked.types.closure(linked.catalog, sym).iter().any(|s| {
            let name = linked.types.name(*s);
            LIVE.contains(&name.as_str()) || name.ends_with("ClassLoader")
        })
    };
    live(sym) || wraps(linked, sym, &live)
}

/// A class of the tree that holds such an object and nothing else but numbers: when it was made, how often it was used.
fn wraps(linked: &Linked<'_>, sym: Sym, live: &dyn Fn(Sym) -> bool) -> bool {
    let Sym::Here(id) = sym else { return false };
    let info = &linked.types[id];
    let Some(facts) = linked.facts(info.file).filter(|_| linked.is_java(info.file)) else { return false };
    let mut any = false;
    let all = facts.fields.iter().filter(|f| f.owner == Some(info.ix) && !f.mods.has(Mods::STATIC)).all(|f| {
        let holds = linked.resolve_ref(info.file, f.owner, &f.ty).is_some_and(|ty| live(ty.sym));
        any |= holds;
        holds || matches!(f.ty.name.as_str(), "long" | "int" | "boolean" | "Long" | "Integer" | "Boolean")
    });
    any && all
}

/// Of a type, or of what its arguments hold.
fn deep(ty: &Ty, depth: u8, holds: &mut dyn FnMut(Sym) -> bool) -> bool {
    holds(ty.sym) || depth < 4 && ty.args.iter().flatten().any(|arg| deep(arg, depth + 1, holds))
}

/// A value that the caller has, or a part of it: nothing is asked for, computed or drawn.
fn is_at_hand(facts: &CodeFacts, value: ExprIx) -> bool {
    match &facts[value].kind {
        ExprKind::Local(_) | ExprKind::Literal(_) | ExprKind::ClassLiteral(_) | ExprKind::Name(_) => true,
        ExprKind::Select { base, .. } => is_at_hand(facts, *base),
        ExprKind::Call { base: Some(base), args, .. } => {
            args.is_empty() && matches!(facts[*base].kind, ExprKind::Local(_))
        }
        _ => false,
    }
}

/// Does the type do nothing but keep texts and numbers that its constructor is given?
fn only_keeps_arguments(linked: &Linked<'_>, all: &All, made: Option<Sym>) -> bool {
    let Some(Sym::Here(id)) = made else { return false };
    let info = &linked.types[id];
    let Some(facts) = linked.facts(info.file).filter(|_| !changed(linked, all, made)) else { return false };
    let mut fields = facts.fields.iter().filter(|f| f.owner == Some(info.ix) && !f.mods.has(Mods::STATIC)).peekable();
    let plain = |f: &crate::facts::code::FieldDecl| {
        let name = f.ty.name.last_segment();
        f.ty.dims == 0
            && f.init.is_none()
            && matches!(
                name,
                "String" | "int" | "long" | "boolean" | "Integer" | "Long" | "Boolean" | "double" | "Duration"
            )
    };
    let own = |c: &crate::facts::code::Callable| c.owner == Some(info.ix) && c.kind == CallableKind::Constructor;
    // A service of the tree behind a super class may do more.
    let alone = facts[info.ix].supers.iter().all(|s| s.name.last_segment() == "Serializable");
    let busy = facts.callables.iter().filter(|c| own(c)).any(|c| {
        facts
            .exprs
            .iter()
            .any(|e| c.body.contains(e.span) && matches!(e.kind, ExprKind::Call { .. } | ExprKind::New { .. }))
    });
    alone && !busy && fields.peek().is_some() && fields.all(plain)
}

/// A map or reference to clients of other systems, made again in each process.
pub(super) fn holds_clients(linked: &Linked<'_>, ty: &Ty) -> bool {
    let one = matches!(
        linked.types.name(ty.sym).as_str(),
        "java.util.Map"
            | "java.util.HashMap"
            | "java.util.concurrent.ConcurrentHashMap"
            | "java.util.concurrent.ConcurrentMap"
            | "java.util.concurrent.atomic.AtomicReference"
    );
    // Connections of who uses the program are told elsewhere.
    let outside = |sym: Sym| matches!(sym, Sym::Outside(name) if !name.starts_with("java."));
    one && ty.args.last().and_then(Option::as_ref).is_some_and(|value| {
        outside(value.sym) && CLIENTS.iter().any(|end| linked.types.name(value.sym).ends_with(end))
    })
}

/// Handles of tasks that are asked for nothing: put, taken out and cancelled.
pub(super) fn only_cancels(linked: &Linked<'_>, access: &Access, ty: &Ty) -> bool {
    let has = |id: TypeId, names: &[&str]| {
        names.iter().any(|n| !linked.types.methods(id, crate::text::Name::new(n)).is_empty())
    };
    let handle = |sym: Sym| match sym {
        Sym::Here(id) => has(id, &["cancel"]) && has(id, &["isCancelled", "isExpired", "isDone"]),
        Sym::Outside(name) => name.ends_with(".Timeout") || name.ends_with(".Disposable"),
    };
    access.reads.is_empty() && ty.args.last().and_then(Option::as_ref).is_some_and(|value| handle(value.sym))
}

/// By its name, or because it must be closed.
pub(super) fn is_client(linked: &Linked<'_>, sym: Sym) -> bool {
    let name = linked.types.name(sym);
    if CLIENTS.iter().any(|end| name.ends_with(end)) {
        return true;
    }
    linked.types.closure(linked.catalog, sym).iter().any(|s| match s {
        Sym::Here(id) => {
            let info = &linked.types[*id];
            linked.facts(info.file).is_some_and(|facts| {
                facts.callables.iter().any(|c| {
                    c.owner == Some(info.ix)
                        && c.kind == CallableKind::Method
                        && c.params.is_empty()
                        && ENDS.contains(&c.name.as_str())
                })
            })
        }
        Sym::Outside(name) => matches!(name.as_str(), "java.lang.AutoCloseable" | "java.io.Closeable"),
    })
}

/// A task, or an object with a thread or pool of its own.
fn runs(linked: &Linked<'_>, sym: Sym) -> bool {
    let is = |sym: Sym, list: &[&str]| {
        linked.types.closure(linked.catalog, sym).iter().any(|s| list.contains(&linked.types.name(*s).as_str()))
    };
    if is(sym, &["java.lang.Runnable"]) {
        return true;
    }
    let Sym::Here(id) = sym else { return false };
    let info = &linked.types[id];
    let Some(facts) = linked.facts(info.file) else { return false };
    facts.fields.iter().any(|field| {
        field.owner == Some(info.ix)
            && !field.mods.has(Mods::STATIC)
            && linked
                .resolve_ref(info.file, field.owner, &field.ty)
                .is_some_and(|ty| is(ty.sym, &["java.util.concurrent.Executor", "java.lang.Thread"]))
    })
}

/// What the call puts in: through locals, and from the lambda of `computeIfAbsent`.
pub(super) fn values(linked: &Linked<'_>, m: &Mutation) -> Vec<(FileIx, ExprIx)> {
    let Some(facts) = linked.facts(m.file) else { return Vec::new() };
    let ExprKind::Call { args, name, .. } = &facts[m.call].kind else { return Vec::new() };
    if !matches!(name.as_str(), "put" | "putIfAbsent" | "computeIfAbsent") {
        return Vec::new();
    }
    let Some(value) = args.last().copied() else { return Vec::new() };
    let found = match facts[value].kind {
        ExprKind::Lambda(body) => {
            let span = facts[body].body;
            let returned = |(_, e): &(usize, &crate::facts::code::Expr)| {
                e.usage == Usage::Returned && span.contains(e.span) && e.callable == body
            };
            facts.exprs.iter().enumerate().filter(returned).map(|(e, _)| ExprIx(e as u32)).collect()
        }
        _ => vec![value],
    };
    found.into_iter().flat_map(|e| through(facts, e)).map(|e| (m.file, e)).collect()
}

/// What a local was given, else the expression itself.
fn through(facts: &CodeFacts, value: ExprIx) -> Vec<ExprIx> {
    let ExprKind::Local(local) = facts[value].kind else { return vec![value] };
    let given = |(_, e): &(usize, &crate::facts::code::Expr)| {
        // `v = map.get(k)` asked before.
        e.usage == Usage::ToLocal(local)
            && !matches!(&e.kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "get" | "getIfPresent" | "putIfAbsent"))
    };
    let given: Vec<ExprIx> = facts.exprs.iter().enumerate().filter(given).map(|(e, _)| ExprIx(e as u32)).collect();
    if given.is_empty() { vec![value] } else { given }
}

/// `names.put(name, name)`, `envs.putIfAbsent(name, new Env(name))`: one of equal values is kept.
pub(super) fn interns(linked: &Linked<'_>, all: &All, access: &Access, late: &[&Mutation]) -> bool {
    let puts: Vec<&&Mutation> =
        late.iter().filter(|m| matches!(m.name.as_str(), "put" | "putIfAbsent" | "computeIfAbsent")).collect();
    let others = ["put", "putIfAbsent", "computeIfAbsent", "invalidate", "remove", "clear"];
    // `if (seen.containsKey(k)) …` asks for no value.
    let asks = access.reads.iter().any(|(.., name, _)| matches!(name.as_str(), "containsKey" | "contains"));
    let gets = access.reads.iter().any(|(file, .., call)| {
        linked.facts(*file).is_some_and(|facts| {
            let facts = &facts[*call];
            matches!(facts.usage, Usage::Returned | Usage::ToLocal(_))
        })
    });
    !puts.is_empty()
        && gets
        && late.iter().all(|m| others.contains(&m.name.as_str()))
        && puts.iter().all(|m| {
            let Some(facts) = linked.facts(m.file) else { return false };
            let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
            let [key, value] = args.as_ref() else { return false };
            let ExprKind::Local(key) = facts[*key].kind else { return false };
            let is_key = |e: &ExprIx| matches!(facts[*e].kind, ExprKind::Local(local) if local == key);
            is_key(value) && !asks
                || match &facts[*value].kind {
                    ExprKind::New { args, body: None, .. } => {
                        // `new WeakReference<>(name)` is the key itself.
                        let refers = |made: Option<Sym>| matches!(made, Some(Sym::Outside(name)) if name.starts_with("java.lang.ref."));
                        let made = linked.callee(m.file, *value).owner;
                        !args.is_empty()
                            && args.iter().all(is_key)
                            && (refers(made) || !is_stateful(linked, all, made))
                    }
                    _ => false,
                }
        })
}

/// Does an object of this type change after it was made? What is declared outside the tree may.
fn is_stateful(linked: &Linked<'_>, all: &All, made: Option<Sym>) -> bool {
    let Some(Sym::Here(_)) = made else { return true };
    changed(linked, all, made)
}

/// An interface of the tree all of whose classes change after they were made.
fn is_abstract_state(linked: &Linked<'_>, all: &All, sym: Sym) -> bool {
    let Sym::Here(id) = sym else { return false };
    let below = classes_below(linked, id);
    !below.is_empty() && below.iter().all(|id| changed(linked, all, Some(Sym::Here(*id))))
}

/// The classes of the tree that stand behind an interface or abstract class; none behind a class of its own.
pub(super) fn classes_below(linked: &Linked<'_>, id: TypeId) -> Vec<TypeId> {
    let concrete = |id: &TypeId| {
        let info = &linked.types[*id];
        linked
            .facts(info.file)
            .is_some_and(|facts| facts[info.ix].kind == TypeKind::Class && !facts[info.ix].mods.has(Mods::ABSTRACT))
    };
    if concrete(&id) {
        return Vec::new();
    }
    linked.types.all_subtypes(id).into_iter().filter(concrete).collect()
}

/// Does it count, by numbers and atomics that its methods change?
fn is_counting(linked: &Linked<'_>, all: &All, made: Option<Sym>) -> bool {
    let Some(made) = made else { return false };
    linked.types.closure(linked.catalog, made).iter().any(|s| {
        let Sym::Here(id) = s else { return false };
        let info = &linked.types[*id];
        let Some(facts) = linked.facts(info.file) else { return false };
        (0..facts.fields.len() as u32).map(FieldIx).any(|f| {
            let field = &facts[f];
            let Some(access) = all.get(&(info.file, f)).filter(|_| field.owner == Some(info.ix)) else { return false };
            let updates = |a: &Assigned| {
                linked.facts(a.file).is_some_and(|f| {
                    f.assigns.iter().any(|assign| assign.span == a.span && assign.op == AssignOp::Update)
                })
            };
            let name = field.ty.name.last_segment();
            let counts = ["incr", "decr", "add", "getAndIncr", "getAndDecr", "getAndAdd"];
            match name {
                "int" | "long" => access.assigns.iter().any(updates),
                _ if name.starts_with("Atomic") || name.ends_with("Adder") => {
                    access.mutations.iter().any(|m| counts.iter().any(|p| m.name.starts_with(p)))
                }
                _ => false,
            }
        })
    })
}

fn changed(linked: &Linked<'_>, all: &All, made: Option<Sym>) -> bool {
    let Some(Sym::Here(id)) = made else { return false };
    let above: Vec<TypeId> = linked
        .types
        .closure(linked.catalog, Sym::Here(id))
        .iter()
        .filter_map(|s| match s {
            Sym::Here(id) => Some(*id),
            Sym::Outside(_) => None,
        })
        .collect();
    above.iter().any(|id| {
        let info = &linked.types[*id];
        let Some(facts) = linked.facts(info.file) else { return false };
        (0..facts.fields.len() as u32).map(FieldIx).any(|f| {
            let field = &facts[f];
            let Some(access) = all.get(&(info.file, f)).filter(|_| field.owner == Some(info.ix)) else { return false };
            // Set while it is set up.
            let sets = |file: FileIx, c: CallableIx| linked.facts(file).is_some_and(|f| f[c].name.starts_with("set"));
            let late = |file: FileIx, c: CallableIx| !makes(linked, file, c, field.owner) && !sets(file, c);
            !field.mods.has(Mods::STATIC)
                && (access.assigns.iter().any(|a| late(a.file, a.callable))
                    || access.mutations.iter().any(|m| late(m.file, m.callable)))
        })
    })
}
