//! Memories of what is worked out from the key alone.

use super::super::Linked;
use super::super::infer::Ty;
use super::super::types::Sym;
use super::access::Mutation;
use super::content::{is_scalar, of_program};
use super::memory::values;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, Literal, Mods, TypeKind, Usage};
use crate::source::FileIx;

/// Types whose objects follow from what they are made of.
const VALUES: &[&str] = &["Pattern", "Format", "Formatter", "Expression", "Template", "Matcher", "Parser"];

/// Endings of types whose objects turn one form into another, by what they are made of.
const CODERS: &[&str] = &["Decoder", "Encoder", "DatumReader", "DatumWriter", "ObjectReader", "ObjectWriter"];

/// Types of schemas, which services bring along and parse once.
const SCHEMAS: &[&str] =
    &["javax.xml.validation.Schema", "com.networknt.schema.Schema", "com.networknt.schema.JsonSchema"];

/// Packages whose classes do no input or output (what does is in `java.io`, `java.nio`, `java.net`, `java.sql`).
const PURE: &[&str] = &[
    "java.lang.",
    "java.util.",
    "java.text.",
    "java.time.",
    "java.math.",
    "org.slf4j.",
    "org.apache.commons.lang",
    "com.google.common.base.",
    "com.google.common.collect.",
];

/// Packages of meters: a map of them finds what a registry holds anyway.
const METERS: &[&str] =
    &["io.micrometer.core.instrument.", "io.prometheus.", "com.codahale.metrics.", "io.opentelemetry.api.metrics."];

/// Keys and values are values, and nothing is asked of another process to work them out.
pub(super) fn is_pure_memo(linked: &Linked<'_>, ty: &Ty, late: &[&Mutation]) -> bool {
    let [Some(key), Some(value)] = ty.args.as_slice() else { return false };
    let plain = |ty: &Ty| {
        let name = linked.types.name(ty.sym);
        ["java.lang.", "java.time.", "java.math.", "java.util.Locale"].iter().any(|p| name.starts_with(p))
    };
    if METERS.iter().any(|p| linked.types.name(value.sym).starts_with(p)) {
        return true;
    }
    // `Cache<ResolvableType, Boolean>`: what holds for a class.
    if of_program(linked, ty) && is_scalar(&linked.types.name(value.sym)) {
        return true;
    }
    // `INSTANCES.computeIfAbsent(kind, Compiler::new)`: one for each constant of the program.
    let constant = matches!(key.sym, Sym::Here(id) if {
        let info = &linked.types[id];
        linked.facts(info.file).is_some_and(|facts| facts[info.ix].kind == TypeKind::Enum)
    });
    if constant && !late.is_empty() && late.iter().all(|m| is_made_of_key(linked, m)) {
        return true;
    }
    let codes = CODERS.iter().any(|ending| linked.types.name(value.sym).ends_with(ending));
    if codes && !late.is_empty() && late.iter().all(|m| is_made_of_key(linked, m)) {
        return true;
    }
    // What is read from a text that comes with the program.
    let schema = SCHEMAS.contains(&linked.types.name(value.sym).as_str());
    if schema
        && !late.is_empty()
        && late.iter().all(|m| !linked.works(m.file, linked.named_callable(m.file, m.callable)))
    {
        return true;
    }
    let parsed = VALUES.iter().any(|ending| linked.types.name(value.sym).ends_with(ending));
    plain(key)
        && (parsed || plain(value))
        && late.iter().all(|m| {
            !matches!(m.name.as_str(), "put" | "putIfAbsent" | "computeIfAbsent" | "compute" | "merge")
                || is_worked_out(linked, m, parsed)
        })
}

/// `computeIfAbsent(key, Made::new)`, `computeIfAbsent(key, k -> new Made(k))`, `put(key, new Made(key))`
fn is_made_of_key(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let [key, value] = args.as_ref() else { return false };
    let made = |e: ExprIx, key: ExprIx| match &facts[e].kind {
        ExprKind::New { args, body: None, .. } => args.iter().all(|a| match (&facts[*a].kind, &facts[key].kind) {
            (ExprKind::Local(a), ExprKind::Local(k)) => {
                a == k || facts[*a].param && facts[*a].callable != facts[*k].callable
            }
            // `Model.get()`: the one of the library.
            (ExprKind::Call { base: Some(base), args, .. }, _) => {
                args.is_empty() && matches!(&facts[*base].kind, ExprKind::Name(n) if n.starts_with(char::is_uppercase))
            }
            (kind, _) => matches!(kind, ExprKind::Literal(_)),
        }),
        _ => false,
    };
    match &facts[*value].kind {
        ExprKind::MethodRef { name, .. } => name.as_str() == "new",
        ExprKind::Lambda(body) => {
            let span = facts[*body].body;
            let mut returned = facts
                .exprs
                .iter()
                .enumerate()
                .filter(|(_, e)| e.usage == Usage::Returned && span.contains(e.span) && e.callable == *body);
            returned.next().is_some_and(|(e, _)| made(ExprIx(e as u32), *key)) && returned.next().is_none()
        }
        _ => m.name.as_str() != "computeIfAbsent" && made(*value, *key),
    }
}

fn is_worked_out(linked: &Linked<'_>, m: &Mutation, parsed: bool) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let method = linked.named_callable(m.file, m.callable);
    if parsed {
        return !linked.works(m.file, method);
    }
    // The loader of `computeIfAbsent(key, this::load)` counts as called by the method.
    let handed = match &facts[m.call].kind {
        ExprKind::Call { args, .. } => args.iter().find_map(|a| match facts[*a].kind {
            ExprKind::MethodRef { .. } => Some(*a),
            _ => None,
        }),
        _ => None,
    };
    match handed {
        Some(loader) => is_pure_call(linked, m.file, loader, 0),
        None => is_pure(linked, m.file, method, 0),
    }
}

fn is_pure(linked: &Linked<'_>, file: FileIx, callable: CallableIx, depth: u8) -> bool {
    let Some(facts) = linked.facts(file).filter(|_| depth < 4) else { return false };
    // What an interface asks for may come from anywhere.
    if facts[callable].owner.is_some_and(|o| facts[o].kind == TypeKind::Interface)
        || facts[callable].mods.has(Mods::ABSTRACT)
    {
        return false;
    }
    let body = facts[callable].body;
    facts.exprs_within(body).all(|(i, e)| match &e.kind {
        // What is made from texts and numbers only.
        ExprKind::New { args, .. } => args.iter().all(|a| {
            matches!(&facts[*a].kind, ExprKind::Local(_) | ExprKind::Literal(Literal::Text(_) | Literal::Int(_)))
        }),
        ExprKind::Call { .. } | ExprKind::MethodRef { .. } => is_pure_call(linked, file, i, depth),
        _ => e.usage != Usage::Awaited,
    })
}

fn is_pure_call(linked: &Linked<'_>, file: FileIx, call: ExprIx, depth: u8) -> bool {
    let callee = linked.callee(file, call);
    match callee.owner {
        Some(Sym::Outside(name)) => {
            PURE.iter().any(|p| name.starts_with(p))
                && !name.starts_with("java.util.concurrent.atomic.")
                && !["Executor", "ExecutorService", "Future"].iter().any(|end| name.ends_with(end))
                && !matches!(
                    name.as_str(),
                    "java.lang.Runtime" | "java.lang.Process" | "java.util.UUID" | "java.util.Random"
                )
        }
        Some(Sym::Here(_)) => {
            callee.target.is_some_and(|(id, target)| is_pure(linked, linked.types[id].file, target, depth + 1))
        }
        None => false,
    }
}

/// Packages that turn one form into another, or read what lies beside the program, and ask nobody else.
const BESIDE: &[&str] = &[
    "java.io.",
    "java.nio.file.",
    "java.nio.charset.",
    "com.fasterxml.jackson.",
    "tools.jackson.",
    "com.google.gson.",
    "org.yaml.snakeyaml.",
    "com.networknt.",
    "software.amazon.awssdk.regions.",
];

/// Endings of types whose methods fetch.
const SERVES: &[&str] =
    &["Repository", "Service", "Client", "Dao", "DAO", "Mapper", "Provider", "Store", "Manager", "Api", "Gateway"];

/// Is what fills a memory worked out from its key, from settings and from files of the program, whoever asks and
/// whenever? What another part of the program or another process tells may be another thing tomorrow.
pub(super) fn asks_nobody(linked: &Linked<'_>, late: &[&Mutation]) -> bool {
    let mut fills = late
        .iter()
        .filter(|m| matches!(m.name.as_str(), "put" | "putIfAbsent" | "computeIfAbsent" | "compute"))
        .peekable();
    fills.peek().is_some()
        && fills.all(|m| {
            let Some(facts) = linked.facts(m.file) else { return false };
            let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
            let Some(value) = args.last() else { return false };
            // What is filled or changed later is no result.
            if values(linked, m).iter().any(|(file, e)| is_changed_later(linked, *file, *e)) {
                return false;
            }
            let mut seen = Vec::new();
            match facts[*value].kind {
                ExprKind::Lambda(body) => asks_none(linked, m.file, body, &mut seen),
                ExprKind::MethodRef { .. } => is_told_here(linked, m.file, *value, &mut seen),
                _ => {
                    // What nobody is given on the way was brought by somebody else.
                    let method = linked.named_callable(m.file, m.callable);
                    let gives = facts[method].returns.as_ref().is_some_and(|ty| ty.name.as_str() != "void");
                    gives && asks_none(linked, m.file, method, &mut seen)
                }
            }
        })
}

/// A new collection, or a new object with fields that are not final.
fn is_changed_later(linked: &Linked<'_>, file: FileIx, value: ExprIx) -> bool {
    let made = linked.facts(file).is_some_and(|facts| matches!(facts[value].kind, ExprKind::New { .. }));
    made && match linked.callee(file, value).owner {
        Some(Sym::Here(id)) => {
            let info = &linked.types[id];
            linked.facts(info.file).is_none_or(|facts| {
                facts[info.ix].kind != TypeKind::Record
                    && facts
                        .fields
                        .iter()
                        .any(|f| f.owner == Some(info.ix) && !f.mods.has(Mods::STATIC) && !f.mods.has(Mods::FINAL))
            })
        }
        Some(Sym::Outside(name)) => name.starts_with("java.util."),
        None => true,
    }
}

/// A method of an interface, or an abstract one.
fn is_declared_only(linked: &Linked<'_>, file: FileIx, method: CallableIx) -> bool {
    linked.facts(file).is_some_and(|facts| {
        let c = &facts[method];
        c.mods.has(Mods::ABSTRACT) || c.owner.is_some_and(|o| facts[o].kind == TypeKind::Interface)
    })
}

fn asks_none(linked: &Linked<'_>, file: FileIx, callable: CallableIx, seen: &mut Vec<(FileIx, CallableIx)>) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    if seen.contains(&(file, callable)) {
        return true;
    }
    seen.push((file, callable));
    if seen.len() > 40 || is_declared_only(linked, file, callable) {
        return false;
    }
    facts.exprs_within(facts[callable].body).all(|(i, e)| match &e.kind {
        ExprKind::Call { .. } | ExprKind::MethodRef { .. } | ExprKind::New { .. } => {
            is_told_here(linked, file, i, seen)
        }
        _ => true,
    })
}

/// Does the call work on what is at hand?
fn is_told_here(linked: &Linked<'_>, file: FileIx, call: ExprIx, seen: &mut Vec<(FileIx, CallableIx)>) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let (name, base, args) = match &facts[call].kind {
        ExprKind::Call { name, base, args } => (Some(*name), *base, args.len()),
        ExprKind::MethodRef { name, base } => (Some(*name), Some(*base), 1),
        ExprKind::New { args, .. } => (None, None, args.len()),
        _ => return false,
    };
    let timed = |name: &str| matches!(name, "currentTimeMillis" | "nanoTime" | "now" | "randomUUID" | "random");
    if name.is_some_and(|name| timed(&name)) {
        return false;
    }
    // A part of what the caller has.
    let part = args == 0 && base.is_some_and(|b| matches!(facts[b].kind, ExprKind::Local(_)));
    let callee = linked.callee(file, call);
    match (callee.owner, callee.target) {
        (Some(Sym::Outside(owner)), _) => {
            let listed = |list: &[&str]| list.iter().any(|p| owner.starts_with(p));
            (listed(PURE) || listed(BESIDE))
                && !owner.starts_with("java.util.concurrent.atomic.")
                && !["Executor", "ExecutorService", "Future", "Runtime", "Process", "Random"]
                    .iter()
                    .any(|end| owner.ends_with(end))
        }
        (Some(Sym::Here(owner)), Some((id, target))) => {
            let serves = || SERVES.iter().any(|end| linked.types.name(Sym::Here(owner)).ends_with(end));
            let at = linked.types[id].file;
            let declared = || is_declared_only(linked, at, target);
            part && declared() && !serves() || asks_none(linked, at, target, seen)
        }
        // Made by the compiler: accessors and constructors.
        (Some(Sym::Here(_)), None) => part || name.is_none(),
        (None, _) => {
            let of_field = base.is_some_and(|b| linked.field_of(file, b).is_some());
            name.is_none_or(|name| !of_field && ON_VALUES.iter().any(|p| name.starts_with(p)))
        }
    }
}

/// Starts of the names of calls that work on what they are made on, whatever that is.
const ON_VALUES: &[&str] = &[
    "get", "is", "has", "stream", "map", "filter", "collect", "flatMap", "toString", "equals", "matches", "size",
    "contains", "of", "toList", "toSet", "builder", "build",
];

impl Linked<'_> {
    /// Does what the method gives follow from its arguments alone, by work on values and collections? Getters of
    /// objects that are no parts of the program count as values.
    pub fn is_pure_method(&self, file: FileIx, method: CallableIx) -> bool {
        self.facts(file).is_some_and(|facts| {
            let gives = facts[method].returns.as_ref().is_some_and(|ty| ty.name.as_str() != "void");
            gives && !facts[method].params.is_empty() && works_on_values(self, file, method, 0)
        })
    }
}

fn works_on_values(linked: &Linked<'_>, file: FileIx, callable: CallableIx, depth: u8) -> bool {
    let Some(facts) = linked.facts(file).filter(|_| depth < 6) else { return false };
    let c = &facts[callable];
    if c.owner.is_some_and(|o| facts[o].kind == TypeKind::Interface) || c.mods.has(Mods::ABSTRACT) {
        return false;
    }
    let on_values = |name: &str| ON_VALUES.iter().any(|p| name.starts_with(p));
    facts.exprs_within(c.body).all(|(i, e)| {
        let call = i;
        let name = match &e.kind {
            ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => *name,
            ExprKind::New { ty, .. } => {
                return !["Stream", "Reader", "Writer", "File", "Thread", "Client"]
                    .iter()
                    .any(|end| ty.name.ends_with(end));
            }
            _ => return true,
        };
        let callee = linked.callee(file, call);
        // What the object was made with may ask anything.
        let on_part = match &e.kind {
            ExprKind::Call { base: Some(base), .. } | ExprKind::MethodRef { base, .. } => linked
                .field_of(file, *base)
                .is_some_and(|(at, f)| linked.facts(at).is_some_and(|facts| !facts[f].mods.has(Mods::STATIC))),
            _ => false,
        };
        match callee.owner {
            _ if on_part => false,
            Some(Sym::Outside(_)) => is_pure_call(linked, file, call, 0),
            Some(Sym::Here(id)) => {
                let info = &linked.types[id];
                let kind = linked.facts(info.file).map(|f| f[info.ix].kind);
                let part = kind != Some(TypeKind::Enum) && linked.is_singleton_by_itself(info.file, info.ix)
                    || linked.facts(info.file).is_some_and(|f| f[info.ix].kind == TypeKind::Interface);
                match callee.target {
                    Some((id, target)) if part => {
                        // A method of the same bean.
                        linked.types[id].file == file && works_on_values(linked, file, target, depth + 1)
                    }
                    Some((id, target)) => {
                        on_values(&name) || works_on_values(linked, linked.types[id].file, target, depth + 1)
                    }
                    None => !part && on_values(&name),
                }
            }
            None => on_values(&name),
        }
    })
}
