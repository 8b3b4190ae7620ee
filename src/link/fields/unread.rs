//! Fields that are written and that nothing asks for, or only what people look at.

use super::super::Linked;
use super::super::types::Sym;
use super::names::MUTATORS;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{
    AssignOp, CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, Target, TypeIx, TypeRef, Usage,
};
use crate::source::FileIx;
use crate::text::Span;

/// Annotations of a class that make getters which the code does not show.
const GETTERS: &[&str] = &["Data", "Getter", "Value", "ManagedResource", "XmlRootElement", "Entity", "Document"];

/// Calls that make a text of a value.
const TEXTS: &[&str] = &["valueOf", "toString", "format", "formatted", "join"];

/// Calls that add to a text, or to what describes the program.
const ADDS: &[&str] = &["append", "concat", "println", "printf", "print"];

/// Starts and ends of the names of methods that describe how things stand.
const DESCRIBES: (&[&str], &[&str]) =
    (&["toString", "describe", "dump", "print"], &["State", "Status", "Info", "Summary", "Description", "Report"]);

/// Calls that write a line of the log.
const LEVELS: &[&str] = &["trace", "debug", "info", "warn", "error", "log", "severe", "warning", "fine"];

/// Types of which a health check is one, by their last word.
const HEALTH: &[&str] = &["HealthIndicator", "HealthContributor", "HealthCheck"];

/// Who asks for the value of a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Asked {
    /// Nobody, or what writes a line of the log or a text for people.
    Nobody,
    /// A gauge, or a bean of the management.
    Figures,
    Code,
}

/// Is the field named only to be changed, to be copied to another object of its type, to be shown, or by code that
/// nothing runs?
pub(super) fn asked(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx) -> Asked {
    let Some(facts) = linked.facts(file) else { return Asked::Code };
    let Some(owner) = facts[field].owner else { return Asked::Code };
    if facts[field].mods.has(Mods::PUBLIC) || facts[field].mods.has(Mods::PROTECTED) {
        return Asked::Code;
    }
    let shown = facts.annotations.iter().any(|a| match a.target {
        Target::Field(at) => at == field,
        Target::Type(at) => at == owner && GETTERS.contains(&a.name.last_segment()),
        _ => false,
    });
    let places = uses.of_field(file, field);
    if shown || places.is_empty() {
        return Asked::Code;
    }
    let own = Sym::Here(linked.types.id(file, owner));
    places.iter().map(|(at, e)| reads(linked, uses, own, *at, *e)).max().unwrap_or(Asked::Code)
}

fn reads(linked: &Linked<'_>, uses: &Uses, own: Sym, file: FileIx, place: ExprIx) -> Asked {
    let Some(facts) = linked.facts(file) else { return Asked::Code };
    if uses.is_target(file, place) {
        let kept = |a: &crate::facts::code::Assign| {
            a.target == place
                && a.op == AssignOp::Update
                && facts.exprs.iter().any(|e| {
                    e.callable == a.callable
                        && e.span != a.span
                        && e.span.contains(a.span)
                        && !matches!(e.kind, ExprKind::Lambda(_))
                })
        };
        return if facts.assigns.iter().any(kept) { Asked::Code } else { Asked::Nobody };
    }
    let here = linked.named_callable(file, facts[place].callable);
    let read = match facts[place].usage {
        Usage::Base(call) if facts[call].usage == Usage::Returned && is_accessor(facts, here) => {
            return getter_is_used(linked, uses, own, file, here);
        }
        Usage::Base(call) => match &facts[call].kind {
            ExprKind::Call { name, .. } => {
                !(MUTATORS.contains(&name.as_str()) && matches!(facts[call].usage, Usage::Dropped))
            }
            _ => true,
        },
        Usage::Argument(call, _) => !is_copied(linked, facts, own, file, call),
        // Who has an object may well be shown what it gives.
        Usage::Returned if is_accessor(facts, here) => return getter_is_used(linked, uses, own, file, here),
        _ => true,
    };
    if !read || uses.is_dead(linked, file, here) || is_of_health(facts, here) {
        return Asked::Nobody;
    }
    if only_for_log(linked, file, facts, place) {
        return Asked::Nobody;
    }
    shown(linked, file, facts, place)
}

/// `if (warned.add(id)) { log.warn("…"); }`, `if (last + DAY < now) { log.warn("…"); last = now; }`: asked only whether
/// to write the same line again.
fn only_for_log(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, place: ExprIx) -> bool {
    let Some(field) = linked.field_of(file, place).filter(|_| !facts.plain.is_empty()) else { return false };
    let value = match facts[place].usage {
        Usage::Base(call) => call,
        _ => place,
    };
    let is_own = |e: ExprIx| linked.field_of(file, e) == Some(field);
    let only_logs = |arm: Span| {
        let mut logs = false;
        let fits = facts.exprs_within(arm).all(|(_, e)| match (e.usage, &e.kind) {
            (Usage::ToLocal(_), _) => false,
            (Usage::Dropped, ExprKind::Call { base: Some(base), name, .. }) => {
                let log = linked.is_log_call(file, *base) && LEVELS.contains(&name.as_str());
                logs |= log;
                log || is_own(*base)
            }
            (Usage::Dropped, kind) => !matches!(kind, ExprKind::Call { .. } | ExprKind::New { .. }),
            _ => true,
        });
        fits && logs && facts.assigns.iter().filter(|a| arm.contains(a.span)).all(|a| is_own(a.target))
    };
    let within = |span: Span, asked: bool| {
        let about = |[condition, arm]: &&[Span; 2]| condition.contains(span) || !asked && arm.contains(span);
        facts.plain.iter().filter(about).any(|[_, arm]| only_logs(*arm))
    };
    match facts[value].usage {
        Usage::ToLocal(local) => {
            let uses = || facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local));
            uses().any(|e| within(e.span, true)) && uses().all(|e| within(e.span, false))
        }
        _ => within(facts[value].span, true),
    }
}

/// What a health check of this class keeps for itself.
fn is_of_health(facts: &CodeFacts, method: CallableIx) -> bool {
    let c = &facts[method];
    let checks = |ty: &TypeRef| HEALTH.iter().any(|end| ty.name.ends_with(end));
    matches!(c.name.as_str(), "health" | "doHealthCheck" | "check")
        && c.owner.is_some_and(|o| facts[o].supers.iter().any(checks))
}

fn is_accessor(facts: &CodeFacts, callable: CallableIx) -> bool {
    let c = &facts[callable];
    c.kind == CallableKind::Method && c.params.is_empty() && !c.mods.has(Mods::STATIC)
}

/// `log.info("limits: {}", limits.get())`, `Gauge.builder("limits", limits, Map::size)`
pub(super) fn shown(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, place: ExprIx) -> Asked {
    let mut at = place;
    let method = facts[linked.named_callable(file, facts[place].callable)].name;
    let describes =
        DESCRIBES.0.iter().any(|p| method.starts_with(p)) || DESCRIBES.1.iter().any(|p| method.ends_with(p));
    for _ in 0..12 {
        at = match facts[at].usage {
            Usage::Base(call) => call,
            Usage::Argument(call, _) if is_gauge(linked, file, facts, call) => return Asked::Figures,
            Usage::Argument(call, _) => match &facts[call].kind {
                ExprKind::Call { name, .. } => match name.as_str() {
                    "trace" | "debug" | "info" | "warn" | "error" | "withDetail" | "withDetails" => {
                        return Asked::Nobody;
                    }
                    name if TEXTS.contains(&name) => call,
                    name if ADDS.contains(&name) && describes => return Asked::Nobody,
                    _ => return Asked::Code,
                },
                _ => return Asked::Code,
            },
            Usage::Returned => match linked.lambda_usage(file, facts[at].callable) {
                Some(Usage::Argument(call, _)) if is_gauge(linked, file, facts, call) => return Asked::Figures,
                None if describes && at != place => return Asked::Nobody,
                _ => return Asked::Code,
            },
            _ => match around(facts, at) {
                Some(text) => text,
                None => return Asked::Code,
            },
        };
    }
    Asked::Code
}

/// The text that the value is put together with: `"found " + n`.
fn around(facts: &CodeFacts, part: ExprIx) -> Option<ExprIx> {
    let span = facts[part].span;
    let texts = facts.exprs.iter().zip(0..).filter(|(e, _)| matches!(e.kind, ExprKind::Concat(_)) && e.span != span);
    texts.filter(|(e, _)| e.span.contains(span)).min_by_key(|(e, _)| e.span.end - e.span.start).map(|(_, i)| ExprIx(i))
}

/// A call that sets a gauge up.
fn is_gauge(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, call: ExprIx) -> bool {
    let ExprKind::Call { name, base, .. } = &facts[call].kind else { return false };
    if name.starts_with("gauge") || name.starts_with("registerGauge") || name.starts_with("newGauge") {
        return true;
    }
    let gauge = |name: &str| ["Gauge", "FunctionCounter", "FunctionTimer"].iter().any(|end| name.ends_with(end));
    name.as_str() == "builder"
        && match (linked.callee(file, call).owner, base.map(|b| &facts[b].kind)) {
            (Some(owner), _) => gauge(&linked.types.name(owner)),
            (None, Some(ExprKind::Name(name))) => gauge(name),
            _ => false,
        }
}

/// `copy.setLimit(limit)` on another object of the same type.
fn is_copied(linked: &Linked<'_>, facts: &CodeFacts, own: Sym, file: FileIx, call: ExprIx) -> bool {
    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.starts_with("set"))
        && linked.callee(file, call).owner == Some(own)
}

/// Does anything but the copying of the object, what shows it, and dead code call the getter?
fn getter_is_used(linked: &Linked<'_>, uses: &Uses, own: Sym, file: FileIx, getter: CallableIx) -> Asked {
    let Some(facts) = linked.facts(file) else { return Asked::Code };
    let Some(callers) = uses.callers(linked, file, getter) else { return Asked::Code };
    let asked = callers.iter().map(|(at, call)| {
        let Some(facts) = linked.facts(*at) else { return Asked::Code };
        let copied = match facts[*call].usage {
            Usage::Argument(to, _) => is_copied(linked, facts, own, *at, to),
            _ => false,
        };
        match copied || uses.is_dead(linked, *at, facts[*call].callable) {
            true => Asked::Nobody,
            false => shown(linked, *at, facts, *call),
        }
    });
    let asked = asked.max();
    if is_managed(linked, facts, file, getter) {
        return asked.unwrap_or(Asked::Figures).max(Asked::Figures);
    }
    if linked.is_handler(file, getter) || facts.annotations.iter().any(|a| a.target == Target::Callable(getter)) {
        return Asked::Code;
    }
    // What is called nowhere may be called by what prints the object.
    asked.unwrap_or(Asked::Code)
}

/// An attribute of a bean of the management: annotated, or of an interface called so.
fn is_managed(linked: &Linked<'_>, facts: &CodeFacts, file: FileIx, getter: CallableIx) -> bool {
    let marked = |a: &crate::facts::code::Annotation| {
        a.target == Target::Callable(getter) && a.name.last_segment() == "ManagedAttribute"
    };
    let Some(owner): Option<TypeIx> = facts[getter].owner else { return false };
    let managed = |ty: &TypeRef| ty.name.ends_with("MBean") || ty.name.ends_with("MXBean");
    let declared = || {
        let above = linked.types.closure(linked.catalog, Sym::Here(linked.types.id(file, owner)));
        above.iter().any(|s| match s {
            Sym::Here(id) => {
                let bean = ["MBean", "MXBean"].iter().any(|end| linked.types.name(*s).ends_with(end));
                bean && !linked.types.methods(*id, facts[getter].name).is_empty()
            }
            Sym::Outside(_) => false,
        })
    };
    facts.annotations.iter().any(marked) || facts[owner].supers.iter().any(managed) && declared()
}
