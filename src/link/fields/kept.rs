//! Fields that belong to another one or only tell whether something is new: the age of a cached value,
//! the version of a setting, what the next value is compared with.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::types::Sym;
use super::super::{Linked, ReachSet};
use super::access::{Access, Assigned};
use super::moments::{is_clock, is_tear_down, makes, resets};
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{
    AssignOp, CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, LocalIx, Mods, Usage,
};
use crate::source::FileIx;
use crate::text::Name;

/// Values that are looked up again when they are too old, with the times that tell their age.
#[derive(Default)]
pub(super) struct Aged {
    /// Fields that hold a value until it is too old.
    pub(super) values: FxHashSet<(FileIx, FieldIx)>,
    /// Fields that hold when such a value was fetched.
    pub(super) ages: FxHashSet<(FileIx, FieldIx)>,
}

/// `if (now - fetched > AGE) { value = fetch(); fetched = now; } return value;`
pub(super) fn aged(linked: &Linked<'_>, all: &FxHashMap<(FileIx, FieldIx), Access>) -> Aged {
    let mut out = Aged::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(file)) else { continue };
        let late = |f: u32| -> Vec<&Assigned> {
            let access = all.get(&(file, FieldIx(f)));
            let made = |a: &&Assigned| makes(linked, a.file, a.callable, facts[FieldIx(f)].owner);
            access.into_iter().flat_map(|a| &a.assigns).filter(|a| !made(a) && !is_tear_down(linked, a)).collect()
        };
        let fields = 0..facts.fields.len() as u32;
        let times: Vec<u32> = fields
            .clone()
            .filter(|f| {
                let late = late(*f);
                late.iter().any(|a| is_clock(linked, a))
                    && late
                        .iter()
                        .all(|a| a.file == file && (is_clock(linked, a) || resets(linked, a) || is_zero(facts, a)))
            })
            .collect();
        if times.is_empty() {
            continue;
        }
        let compared = compared(linked, file, facts);
        let returned: FxHashSet<(FileIx, FieldIx)> = facts
            .exprs
            .iter()
            .enumerate()
            .filter(|(_, e)| e.usage == Usage::Returned)
            .filter_map(|(e, _)| linked.field_of(file, ExprIx(e as u32)))
            .collect();
        for time in times.iter().filter(|t| compared.contains(&(file, FieldIx(**t)))) {
            let at: FxHashSet<CallableIx> =
                late(*time).iter().map(|a| linked.named_callable(file, a.callable)).collect();
            let values = fields.clone().filter(|f| {
                let late = late(*f);
                let beside = |a: &&&Assigned| a.file == file && at.contains(&linked.named_callable(file, a.callable));
                let only_tasks = late.iter().filter(beside).all(|a| {
                    let reach = linked.reach(a.file, a.callable);
                    reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST)
                });
                !times.contains(f)
                    && facts[FieldIx(*f)].owner == facts[FieldIx(*time)].owner
                    && returned.contains(&(file, FieldIx(*f)))
                    && !only_tasks
                    && late.iter().any(|a| beside(&a))
                    && late.iter().all(|a| beside(&a) || a.lazy || resets(linked, a))
            });
            let values: Vec<u32> = values.collect();
            if !values.is_empty() {
                out.ages.insert((file, FieldIx(*time)));
                out.values.extend(values.into_iter().map(|f| (file, FieldIx(f))));
            }
        }
    }
    out
}

fn is_zero(facts: &CodeFacts, assigned: &Assigned) -> bool {
    assigned.value.is_some_and(|v| match &facts[v].kind {
        ExprKind::Literal(Literal::Int(_)) => true,
        ExprKind::Unary { base, .. } => matches!(facts[*base].kind, ExprKind::Literal(_)),
        _ => false,
    })
}

/// Fields that `<`, `>` and the like ask.
fn compared(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts) -> FxHashSet<(FileIx, FieldIx)> {
    let orders = |op: &str| matches!(op, "<" | ">" | "<=" | ">=");
    let mut spans: Vec<_> = facts
        .exprs
        .iter()
        .filter(|e| matches!(&e.kind, ExprKind::Binary { op, .. } if orders(op.as_str())))
        .map(|e| e.span)
        .collect();
    // `expires.isBefore(now)`
    let asks = |name: &str| matches!(name, "isBefore" | "isAfter" | "before" | "after" | "between");
    spans.extend(
        facts
            .exprs
            .iter()
            .filter(|e| matches!(&e.kind, ExprKind::Call { name, .. } if asks(name.as_str())))
            .map(|e| e.span),
    );
    let names = facts.exprs.iter().enumerate().filter(|(_, e)| {
        matches!(e.kind, ExprKind::Name(_) | ExprKind::Select { .. }) && spans.iter().any(|s| s.contains(e.span))
    });
    names.filter_map(|(e, _)| linked.field_of(file, ExprIx(e as u32))).collect()
}

/// An atomic that is asked for nothing but whether it is still the same: the last value
/// (`same(last.getAndSet(now), now)`), the version of a setting.
pub(super) fn only_compared(linked: &Linked<'_>, file: FileIx, field: FieldIx, access: &Access) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let decl = &facts[field];
    if !decl.mods.has(Mods::PRIVATE) || !access.assigns.iter().all(|a| makes(linked, a.file, a.callable, decl.owner)) {
        return false;
    }
    let mut asked = false;
    for m in &access.mutations {
        match usage_of(facts, m.call) {
            _ if m.file != file => return false,
            Use::None => {}
            Use::Same => asked = true,
            Use::Returned | Use::Other => return false,
        }
    }
    for (at, callable, _, call) in &access.reads {
        match usage_of(facts, *call) {
            _ if *at != file => return false,
            Use::Same => asked = true,
            Use::Returned if compares_what_it_gives(linked, file, linked.named_callable(file, *callable)) => {
                asked = true;
            }
            _ => return false,
        }
    }
    // Handed on, it is out of sight.
    let handed = facts.exprs.iter().enumerate().any(|(e, expr)| {
        matches!(&expr.kind, ExprKind::Name(name) | ExprKind::Select { name, .. } if *name == decl.name)
            && !matches!(expr.usage, Usage::Base(_))
            && !facts.assigns.iter().any(|a| a.target == ExprIx(e as u32))
            && linked.field_of(file, ExprIx(e as u32)) == Some((file, field))
    });
    asked && !handed
}

enum Use {
    None,
    Same,
    Returned,
    Other,
}

fn usage_of(facts: &CodeFacts, call: ExprIx) -> Use {
    let equal = |name: &Name| name.as_str() == "equals" || name.ends_with("Equals") || name.ends_with("SafeEquals");
    let same = facts.exprs.iter().any(|e| match &e.kind {
        ExprKind::Binary { op, left, right } => matches!(op.as_str(), "==" | "!=") && (*left == call || *right == call),
        _ => false,
    });
    match facts[call].usage {
        _ if same => Use::Same,
        Usage::Dropped => Use::None,
        Usage::Returned => Use::Returned,
        Usage::Base(to) | Usage::Argument(to, _) => match &facts[to].kind {
            ExprKind::Call { name, .. } if equal(name) => Use::Same,
            _ => Use::Other,
        },
        _ => Use::Other,
    }
}

/// Do the callers of a version's getter compare it, and reckon nothing with it?
fn compares_what_it_gives(linked: &Linked<'_>, file: FileIx, getter: CallableIx) -> bool {
    let Some(name) = linked.facts(file).map(|facts| facts[getter].name) else { return false };
    let lower = name.to_lowercase();
    if !["version", "epoch", "generation", "revision", "modcount"].iter().any(|word| lower.ends_with(word)) {
        return false;
    }
    let mut same = false;
    for (i, facts) in linked.code.iter().enumerate() {
        let at = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(at)) else { continue };
        for (e, expr) in facts.exprs.iter().enumerate() {
            let e = ExprIx(e as u32);
            if !matches!(&expr.kind, ExprKind::Call { name: called, .. } if *called == name) {
                continue;
            }
            let target = linked.callee(at, e).target;
            if !target.is_some_and(|(id, callable)| linked.types[id].file == file && callable == getter) {
                continue;
            }
            match usage_of(facts, e) {
                Use::Same => same = true,
                Use::None => {}
                // Kept to be compared later.
                Use::Other if matches!(expr.usage, Usage::ToLocal(_) | Usage::Argument(..) | Usage::ToField) => {}
                Use::Returned | Use::Other => return false,
            }
        }
    }
    same
}

/// Calls of setters over the whole workspace: on what type, and whether only where the getter gave null or on what was
/// just made.
pub(super) type SetterCalls = FxHashMap<Name, Vec<(Option<Sym>, bool)>>;

/// `if (service.getSender() == null) service.setSender(sender);`
pub(super) fn setter_calls(linked: &Linked<'_>) -> SetterCalls {
    let mut out = SetterCalls::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(file)) else { continue };
        // What is asked for null, by the getter.
        let null = |e: ExprIx| matches!(facts[e].kind, ExprKind::Literal(Literal::Null));
        let mut asked: FxHashMap<Name, Vec<ExprIx>> = FxHashMap::default();
        for (e, expr) in facts.exprs.iter().enumerate() {
            if let ExprKind::Binary { op, left, right } = &expr.kind
                && op.as_str() == "=="
                && null(*right)
                && let ExprKind::Call { name, .. } = &facts[*left].kind
                && let Some(property) = name.strip_prefix("get")
            {
                asked.entry(Name::new(&format!("set{property}"))).or_default().push(ExprIx(e as u32));
            }
        }
        for (e, expr) in facts.exprs.iter().enumerate() {
            if let ExprKind::Call { base: base @ Some(_), name, args } = &expr.kind
                && args.len() == 1
                && name.starts_with("set")
            {
                let before =
                    |ask: &ExprIx| facts[*ask].callable == expr.callable && facts[*ask].span.start < expr.span.start;
                let guarded = asked.get(name).is_some_and(|list| list.iter().any(before));
                // `X x = new X(); x.setA(a);`: still being made.
                let made = base.is_some_and(|base| match facts[base].kind {
                    ExprKind::Local(local) => is_new(facts, local),
                    // `x = new X(); x.setA(a);`
                    ExprKind::Name(name) => facts.assigns.iter().any(|a| {
                        a.callable == expr.callable
                            && a.span.end <= expr.span.start
                            && matches!(facts[a.target].kind, ExprKind::Name(n) if n == name)
                            && a.value.is_some_and(|v| matches!(facts[v].kind, ExprKind::New { .. }))
                    }),
                    _ => false,
                });
                out.entry(*name).or_default().push((linked.callee(file, ExprIx(e as u32)).owner, guarded || made));
            }
        }
    }
    out
}

/// Was the local given nothing but new objects?
fn is_new(facts: &CodeFacts, local: LocalIx) -> bool {
    let init = facts[local].init.is_some_and(|init| matches!(facts[init].kind, ExprKind::New { .. }));
    let mut given = facts.exprs.iter().filter(|e| e.usage == Usage::ToLocal(local)).peekable();
    init || !facts[local].param
        && given.peek().is_some()
        && given.all(|e| matches!(e.kind, ExprKind::New { .. } | ExprKind::Literal(Literal::Null)))
}

/// A plain setter that is called only where nothing was set, or on new objects: wiring.
pub(super) fn is_set_once(linked: &Linked<'_>, calls: &SetterCalls, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let c = &facts[assigned.callable];
    let Some(owner) = c.owner.filter(|_| c.kind == CallableKind::Method && c.params.len() == 1) else { return false };
    let Some(calls) = calls.get(&c.name) else { return false };
    let own = Sym::Here(linked.types.id(assigned.file, owner));
    let above = linked.types.closure(linked.catalog, own);
    let mut meant = calls.iter().filter(|(on, _)| {
        on.is_none_or(|on| above.contains(&on) || linked.types.closure(linked.catalog, on).contains(&own))
    });
    let mut any = false;
    meant.all(|(_, guarded)| {
        any = true;
        *guarded
    }) && any
}

/// `count++` in a task with a class of its own, asked by nothing but this task.
pub(super) fn is_own_count(linked: &Linked<'_>, file: FileIx, field: FieldIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let decl = &facts[field];
    let Some(owner) = decl.owner.filter(|_| decl.mods.has(Mods::PRIVATE)) else { return false };
    let mine = |e: ExprIx| linked.field_of(file, e) == Some((file, field));
    let task = linked.overrides(linked.types.id(file, owner), Name::new("run"), &linked.catalog.background_methods);
    let mut counts = facts.assigns.iter().filter(|a| a.op == AssignOp::Update && mine(a.target));
    task && counts.next().is_some()
        && facts.exprs.iter().enumerate().all(|(e, expr)| {
            let named =
                matches!(&expr.kind, ExprKind::Name(name) | ExprKind::Select { name, .. } if *name == decl.name);
            if !named || !mine(ExprIx(e as u32)) || makes(linked, file, expr.callable, decl.owner) {
                return true;
            }
            let reach = linked.reach(file, expr.callable);
            reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST)
        })
}

/// A field of a task with a class of its own that nothing but the task names: where it stands, what it counts. What it
/// asks others with is a cursor, and no matter of its own.
pub(super) fn is_task_own(linked: &Linked<'_>, uses: &Uses, file: FileIx, field: FieldIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let decl = &facts[field];
    let Some(owner) = decl.owner.filter(|_| !decl.mods.has(Mods::STATIC)) else { return false };
    let task = linked.overrides(linked.types.id(file, owner), Name::new("run"), &linked.catalog.background_methods);
    let counts = matches!(
        decl.ty.name.last_segment(),
        "long" | "int" | "Long" | "Integer" | "String" | "Date" | "Timestamp" | "Instant"
    );
    let places = uses.of_field(file, field);
    task && !places.is_empty()
        && places.iter().all(|(at, e)| {
            let asks = counts && matches!(facts[*e].usage, Usage::Argument(..));
            *at == file
                && (makes(linked, file, facts[*e].callable, decl.owner)
                    || linked.enclosing_types(file, linked.type_of_callable(file, facts[*e].callable)).contains(&owner)
                        && !linked.reach(file, facts[*e].callable).has(ReachSet::REQUEST)
                        && (uses.is_target(file, *e)
                            || linked.reach(file, facts[*e].callable).has(ReachSet::BACKGROUND))
                        && !asks)
        })
}
