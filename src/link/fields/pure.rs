//! Memories of what is worked out from the key alone.

use super::super::Linked;
use super::super::infer::Ty;
use super::super::types::Sym;
use super::access::Mutation;
use super::content::{is_scalar, of_program};
use crate::facts::code::{CallableIx, ExprIx, ExprKind, Literal, Mods, TypeKind, Usage};
use crate::source::FileIx;

/// Types whose objects follow from what they are made of.
const VALUES: &[&str] = &["Pattern", "Format", "Formatter", "Expression", "Template", "Matcher", "Parser"];

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
    let parsed = VALUES.iter().any(|ending| linked.types.name(value.sym).ends_with(ending));
    plain(key)
        && (parsed || plain(value))
        && late.iter().all(|m| {
            !matches!(m.name.as_str(), "put" | "putIfAbsent" | "computeIfAbsent" | "compute" | "merge")
                || is_worked_out(linked, m, parsed)
        })
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
    facts.exprs.iter().enumerate().filter(|(_, e)| body.contains(e.span)).all(|(i, e)| match &e.kind {
        // What is made from texts and numbers only.
        ExprKind::New { args, .. } => args.iter().all(|a| {
            matches!(&facts[*a].kind, ExprKind::Local(_) | ExprKind::Literal(Literal::Text(_) | Literal::Int(_)))
        }),
        ExprKind::Call { .. } | ExprKind::MethodRef { .. } => is_pure_call(linked, file, ExprIx(i as u32), depth),
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
