//! When an access happens: while an object is made, in its life, at its end.

use super::super::{Linked, ReachSet};
use super::access::{Access, Assigned, Mutation};
use super::names::{START_UP, TEAR_DOWN};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, Literal, Mods, TypeIx, TypeKind, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// Code that runs after the first request may have come. What nobody is seen to call counts, unless
/// it is a plain setter.
pub(super) fn runs_after_start(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let reach = linked.reach(file, callable);
    if reach.any() {
        return reach.at_run_time();
    }
    let named = linked.named_callable(file, callable);
    matches!(facts[named].kind, CallableKind::Method | CallableKind::Lambda)
}

/// A task that start-up code hands over once: `init() { executor.submit(() -> { id = read(); }); }`.
pub(super) fn is_startup_task(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let Some(lambda) = linked.lambdas.get(file.0 as usize).and_then(|l| l.get(&callable)) else { return false };
    let Usage::Argument(to, _) = facts[*lambda].usage else { return false };
    let once = match &facts[to].kind {
        ExprKind::Call { name, .. } => matches!(name.as_str(), "execute" | "submit" | "runAsync" | "supplyAsync"),
        ExprKind::New { ty, .. } => ty.name.last_segment() == "Thread",
        _ => false,
    };
    let body = facts[callable].body;
    once && linked.reach(file, linked.named_callable(file, callable)) == ReachSet::STARTUP
        && !facts.loops.iter().any(|l| body.contains(l.span))
}

/// `start() { subscription = …; }`, undone by `stop() { subscription = null; }`: the running of the object.
pub(super) fn starts(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let name = facts[linked.named_callable(assigned.file, assigned.callable)].name;
    START_UP.iter().any(|p| name.starts_with(p))
        && !linked.reach(assigned.file, assigned.callable).has(ReachSet::REQUEST)
}

/// Taken from the settings of the process (`limit = Integer.parseInt(env.getProperty("limit"))`) by code that
/// start-up runs as well, or handed over by them (`config.getIntProperty("limit", v -> limit = v)`).
pub(super) fn is_setting(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let Some(value) = assigned.value else { return false };
    let mut value = value;
    if let ExprKind::Local(local) = facts[value].kind {
        let handed = linked.lambdas.get(assigned.file.0 as usize).and_then(|l| l.get(&assigned.callable));
        if facts[local].param
            && let Some(lambda) = handed
        {
            let Usage::Argument(to, _) = facts[*lambda].usage else { return false };
            let ExprKind::Call { name, .. } = &facts[to].kind else { return false };
            return facts[local].callable == assigned.callable && name.starts_with("get") && name.contains("Property");
        }
        // `try { limit = config.getInt("limit"); } catch (…) { limit = 3; }`
        let set = || {
            let calls = |e: &Expr| e.usage == Usage::ToLocal(local) && matches!(e.kind, ExprKind::Call { .. });
            facts.exprs.iter().position(calls).map(|e| ExprIx(e as u32))
        };
        let Some(init) = facts[local].init.or_else(set) else { return false };
        value = init;
    }
    let within = facts[value].span;
    // A client is made with the properties of its process, whoever makes it.
    let made = facts[linked.named_callable(assigned.file, assigned.callable)].kind == CallableKind::Constructor;
    (made || linked.reach(assigned.file, assigned.callable).has(ReachSet::STARTUP))
        && (0..facts.exprs.len() as u32)
            .map(ExprIx)
            .any(|e| within.contains(facts[e].span) && asks_settings(linked, assigned.file, facts, e))
}

/// `env.getProperty(…)`, `Boolean.getBoolean(…)`, `config.getInt(…)`.
pub(super) fn asks_settings(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, call: ExprIx) -> bool {
    let ExprKind::Call { name, .. } = &facts[call].kind else { return false };
    match name.as_str() {
        "getProperty" | "getRequiredProperty" | "getGlobalProperty" | "getenv" | "loadProperties" => true,
        "getBoolean" | "getInt" | "getInteger" | "getLong" | "getString" | "getConfig" | "getDuration" => {
            let owner = linked.callee(file, call).owner.map(|owner| linked.types.name(owner));
            let kept = ["Config", "Configuration", "Environment", "Properties", "Settings"];
            owner.is_some_and(|owner| {
                kept.iter().any(|end| owner.ends_with(end))
                    || matches!(owner.as_str(), "java.lang.Boolean" | "java.lang.Integer" | "java.lang.Long")
            })
        }
        _ => false,
    }
}

/// Looked up in the container: `scheme = context.getBean(Scheme.class)`, or made where it has none.
pub(super) fn is_wiring(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let looks_up = |name: &str| name.starts_with("getBean") || name.starts_with("getRegisteredComponent");
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let Some(value) = assigned.value else { return false };
    let here = linked.named_callable(assigned.file, assigned.callable);
    let asks = |e: &Expr| {
        let named = matches!(&e.kind, ExprKind::Call { name, .. } if looks_up(name.as_str()));
        named && linked.named_callable(assigned.file, e.callable) == here
    };
    let within = facts[value].span;
    let made = matches!(&facts[value].kind, ExprKind::New { args, body: None, .. } if args.is_empty());
    facts.exprs.iter().any(|e| asks(e) && (made || within.contains(e.span)))
}

/// `x = null`, or a setter: what is kept is forgotten or replaced by what is now true.
pub(super) fn resets(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let c = &facts[assigned.callable];
    let setter = c.kind == CallableKind::Method && c.name.starts_with("set") && c.params.len() == 1;
    setter || assigned.value.is_some_and(|v| matches!(facts[v].kind, ExprKind::Literal(Literal::Null)))
}

/// `last = System.currentTimeMillis()`, also through a local.
pub(super) fn is_clock(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let Some(mut value) = assigned.value else { return false };
    if let ExprKind::Local(local) = facts[value].kind
        && let Some(init) = facts[local].init
    {
        value = init;
    }
    // `new Timestamp(System.currentTimeMillis())`
    if let ExprKind::New { ty, args, body: None } = &facts[value].kind {
        match args.as_ref() {
            [inner] => value = *inner,
            [] => return ty.name.last_segment() == "Date",
            _ => return false,
        }
    }
    matches!(&facts[value].kind, ExprKind::Call { name, args, .. }
        if args.is_empty() && matches!(name.as_str(), "currentTimeMillis" | "nanoTime" | "now"))
}

/// The next of a few in turn: `next = (next + 1) % servers.size()`.
pub(super) fn is_turn(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let rest = |e: ExprIx| matches!(&facts[e].kind, ExprKind::Binary { op, .. } if op.as_str() == "%");
    assigned.value.is_some_and(rest)
}

/// `servers.get(next.getAndIncrement() % servers.size())`, `next.getAndUpdate(n -> (n + 1) % size)`.
pub(super) fn takes_turn(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let of = |e: ExprIx| facts[e].span;
    facts.exprs.iter().enumerate().any(|(ix, e)| {
        let ExprKind::Binary { op, left, right } = &e.kind else { return false };
        let by_local = match (facts[m.call].usage, &facts[*left].kind) {
            (Usage::ToLocal(to), ExprKind::Local(local)) => to == *local,
            _ => false,
        };
        op.as_str() == "%"
            && (by_local || of(*left).contains(of(m.call)) || args.iter().any(|arg| of(*arg).contains(e.span)))
            // Of a fixed number it is part of a value, unless it is asked whether it is time for something.
            && (!matches!(facts[*right].kind, ExprKind::Literal(_)) || is_compared(facts, ExprIx(ix as u32)))
    })
}

fn is_compared(facts: &CodeFacts, expr: ExprIx) -> bool {
    facts.exprs.iter().any(|e| match &e.kind {
        ExprKind::Binary { op, left, right } => matches!(op.as_str(), "==" | "!=") && (*left == expr || *right == expr),
        _ => false,
    })
}

/// `if (made.compareAndSet(false, true)) …`: done once.
pub(super) fn latches(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let raised = args.last().is_some_and(|a| matches!(facts[*a].kind, ExprKind::Literal(Literal::Bool(true))));
    // A task that notes once and for all that something has happened.
    let reach = linked.reach(m.file, m.callable);
    let once = m.name.as_str() == "set" && reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST);
    raised && (once || matches!(m.name.as_str(), "compareAndSet" | "getAndSet"))
}

/// `void setX(T x) { this.x = x; }` that only the container, or nobody, calls.
pub(super) fn is_idle_setter(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let c = &facts[callable];
    c.kind == CallableKind::Method
        && (c.name.starts_with("set") || c.name.starts_with("with"))
        && c.params.len() == 1
        && !serves(linked.reach(file, callable))
}

/// Run by requests or tasks, or by what is not known and not by start-up.
fn serves(reach: ReachSet) -> bool {
    reach.has(ReachSet::REQUEST)
        || reach.has(ReachSet::BACKGROUND)
        || reach.has(ReachSet::OUTSIDE) && !reach.has(ReachSet::STARTUP)
}

/// Is the callable the one that makes an object of this type?
pub(super) fn makes(linked: &Linked<'_>, file: FileIx, callable: CallableIx, owner: Option<TypeIx>) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let c = &facts[callable];
    matches!(c.kind, CallableKind::Constructor | CallableKind::InstanceInit | CallableKind::FieldInit)
        && c.owner == owner
}

/// `close() { connection = null; }`: the end of the object, no state that the next request meets.
pub(super) fn is_tear_down(linked: &Linked<'_>, assigned: &Assigned) -> bool {
    let Some(facts) = linked.facts(assigned.file) else { return false };
    let named = linked.named_callable(assigned.file, assigned.callable);
    // `stop() { new Closing() { void run() { client = null; } }.run(); }`
    let outer = facts[named].owner.filter(|o| facts[*o].kind == TypeKind::Anonymous).and_then(|o| facts[o].callable);
    let outer = outer.map(|c| linked.named_callable(assigned.file, c));
    assigned.value.is_some_and(|v| matches!(facts[v].kind, ExprKind::Literal(Literal::Null | Literal::Bool(_))))
        && [Some(named), outer].into_iter().flatten().any(|c| TEAR_DOWN.iter().any(|p| facts[c].name.starts_with(p)))
}

/// `shutdown() { if (!closed.compareAndSet(false, true)) return; … }`: a flag that is raised at the end.
pub(super) fn closes(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let ExprKind::Call { args, .. } = &facts[m.call].kind else { return false };
    let raised = args.last().is_some_and(|a| matches!(facts[*a].kind, ExprKind::Literal(Literal::Bool(true))));
    let name = facts[linked.named_callable(m.file, m.callable)].name;
    raised
        && matches!(m.name.as_str(), "set" | "compareAndSet" | "getAndSet")
        && TEAR_DOWN.iter().any(|p| name.starts_with(p))
}

/// `if (all == null) { all = new ArrayList<>(); all.add(…); }` in a method that takes nothing: the
/// filling belongs to the making. Or in a private method that is called while nothing is there:
/// `if (all.isEmpty()) { load(); }`.
pub(super) fn is_first_filling(linked: &Linked<'_>, access: &Access, field: Name, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let named = linked.named_callable(m.file, m.callable);
    let asked_for = facts[named].mods.has(Mods::PRIVATE)
        && facts.guarded.iter().any(|g| {
            let target = (g.place == field).then(|| linked.callee(m.file, g.call).target).flatten();
            target.is_some_and(|(id, method)| linked.types[id].file == m.file && method == named)
        });
    if asked_for {
        return true;
    }
    facts[named].params.is_empty()
        && access.assigns.iter().any(|a| {
            a.lazy
                && a.file == m.file
                && a.span.start < m.span.start
                && linked.named_callable(a.file, a.callable) == named
        })
}
