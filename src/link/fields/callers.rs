//! Who runs the code that changes a field: nobody, or only the making of the object.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::graph::AT_ONCE;
use super::super::types::Sym;
use super::super::{Linked, ReachSet};
use super::access::{Assigned, Mutation};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, TypeIx, Usage};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// What is known of callers over the whole workspace.
pub(super) struct Callers {
    /// Names that main code calls anywhere, on what is not declared outside the tree.
    called: FxHashSet<Name>,
    /// Private methods that only the constructors and initialisers of their own class call.
    making: FxHashSet<(FileIx, CallableIx)>,
}

impl Callers {
    pub(super) fn new(linked: &Linked<'_>) -> Self {
        use rayon::prelude::*;
        let by_file = |i: usize| {
            let file = FileIx(i as u32);
            let facts = linked.facts(file).filter(|_| linked.is_java(file))?;
            if linked.workspace[file].role == Role::Test {
                return None;
            }
            let mut called: FxHashSet<Name> = FxHashSet::default();
            for (ix, expr) in facts.exprs.iter().enumerate() {
                if let ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } = &expr.kind
                    && !called.contains(name)
                    && !matches!(linked.callee(file, ExprIx(ix as u32)).owner, Some(Sym::Outside(_)))
                {
                    called.insert(*name);
                }
            }
            Some((called, only_making(linked, file, facts)))
        };
        let parts: Vec<_> = (0..linked.code.len()).into_par_iter().map(by_file).collect();
        let mut out = Self { called: FxHashSet::default(), making: FxHashSet::default() };
        for (i, part) in parts.into_iter().enumerate() {
            let Some((called, making)) = part else { continue };
            out.called.extend(called);
            out.making.extend(making.into_iter().map(|c| (FileIx(i as u32), c)));
        }
        out
    }

    /// No code of the workspace calls a method of this name, and nothing outside can be seen to, while other methods of
    /// the class are called: what is not called at all may be called by what is not in the tree.
    pub(super) fn is_idle(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        let named = linked.named_callable(file, callable);
        let c = &facts[named];
        c.kind == CallableKind::Method
            && !self.called.contains(&c.name)
            && !linked.reach(file, named).any()
            && (c.mods.has(Mods::PRIVATE) || c.mods.has(Mods::STATIC) || !extends_outside(linked, file, named))
            && facts.callables.iter().zip(0..).any(|(other, ix)| {
                other.owner == c.owner && other.kind == CallableKind::Method && linked.reach(file, CallableIx(ix)).any()
            })
    }

    /// The making of an object of this type: its constructors and initialisers, and the private methods that only
    /// they call.
    pub(super) fn is_making(
        &self,
        linked: &Linked<'_>,
        file: FileIx,
        callable: CallableIx,
        of: Option<TypeIx>,
    ) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        makes(linked, file, facts, callable, of, &|c| self.making.contains(&(file, c)))
    }
}

fn extends_outside(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(owner) = linked.type_of_callable(file, callable) else { return false };
    let id = linked.types.id(file, owner);
    linked.types.closure(linked.catalog, Sym::Here(id)).iter().any(|s| match s {
        Sym::Outside(name) => !matches!(name.last_segment(), "Object" | "Serializable" | "Cloneable" | "Comparable"),
        Sym::Here(_) => false,
    })
}

fn makes(
    linked: &Linked<'_>,
    file: FileIx,
    facts: &CodeFacts,
    callable: CallableIx,
    of: Option<TypeIx>,
    known: &dyn Fn(CallableIx) -> bool,
) -> bool {
    let mut at = callable;
    for _ in 0..16 {
        let c = &facts[at];
        match c.kind {
            CallableKind::Constructor | CallableKind::InstanceInit => return c.owner == of,
            CallableKind::FieldInit => return c.owner == of && !c.mods.has(Mods::STATIC),
            CallableKind::Method => return c.owner == of && known(at),
            CallableKind::Lambda if runs_at_once(linked, file, facts, at) => {}
            _ => return false,
        }
        let Some(outer) = c.outer else { return false };
        at = outer;
    }
    false
}

/// `handlers.forEach(h -> …)`
pub(super) fn runs_at_once(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, lambda: CallableIx) -> bool {
    let Some(expr) = linked.lambdas.get(file.0 as usize).and_then(|l| l.get(&lambda)) else { return false };
    let Usage::Argument(to, _) = facts[*expr].usage else { return false };
    matches!(&facts[to].kind, ExprKind::Call { name, .. } if AT_ONCE.contains(&name.as_str()))
}

fn only_making(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts) -> FxHashSet<CallableIx> {
    let private: FxHashSet<Name> = facts
        .callables
        .iter()
        .filter(|c| c.kind == CallableKind::Method && c.mods.has(Mods::PRIVATE) && !c.mods.has(Mods::STATIC))
        .map(|c| c.name)
        .collect();
    let mut callers: FxHashMap<CallableIx, Vec<Option<CallableIx>>> = FxHashMap::default();
    for (ix, expr) in facts.exprs.iter().enumerate().filter(|_| !private.is_empty()) {
        let (name, by) = match &expr.kind {
            ExprKind::Call { name, .. } => (name, Some(expr.callable)),
            // What is handed on may run at any time.
            ExprKind::MethodRef { name, .. } => (name, None),
            _ => continue,
        };
        if private.contains(name)
            && let Some((owner, method)) = linked.callee(file, ExprIx(ix as u32)).target
            && linked.types[owner].file == file
        {
            callers.entry(method).or_default().push(by);
        }
    }
    let mut out: FxHashSet<CallableIx> = FxHashSet::default();
    // Helpers of helpers, a few levels down.
    for _ in 0..3 {
        let fits = |m: CallableIx, by: &Option<CallableIx>| {
            by.is_some_and(|c| makes(linked, file, facts, c, facts[m].owner, &|c| out.contains(&c)))
        };
        let found: Vec<CallableIx> = callers
            .iter()
            .filter(|(m, by)| !out.contains(m) && by.iter().all(|by| fits(**m, by)))
            .map(|(m, _)| *m)
            .collect();
        if found.is_empty() {
            break;
        }
        out.extend(found);
    }
    out.retain(|m| facts[*m].mods.has(Mods::PRIVATE));
    out
}

/// `close() { clients.clear(); }`: the end of the object.
pub(super) fn clears_at_end(linked: &Linked<'_>, m: &Mutation) -> bool {
    let Some(facts) = linked.facts(m.file) else { return false };
    let c = &facts[linked.named_callable(m.file, m.callable)];
    let ends = ["destroy", "close", "shutdown", "stop", "dispose", "tearDown", "deactivate", "undeploy"];
    c.params.is_empty()
        && ends.iter().any(|end| {
            c.name.strip_prefix("do").unwrap_or(&c.name).to_lowercase().trim_end_matches("all") == end.to_lowercase()
        })
        && matches!(m.name.as_str(), "remove" | "clear" | "removeAll" | "removeIf" | "invalidateAll")
        && !linked.reach(m.file, m.callable).has(ReachSet::REQUEST)
}

/// `init(…) { home = …; }`, called by code whose moment is not known, but by no request and no task.
pub(super) fn begins(linked: &Linked<'_>, a: &Assigned) -> bool {
    let Some(facts) = linked.facts(a.file) else { return false };
    let name = facts[linked.named_callable(a.file, a.callable)].name;
    let reach = linked.reach(a.file, a.callable);
    let starts =
        ["start", "doStart", "startup", "open", "setup", "setUp", "configure", "launch", "doInit", "bootstrap"];
    (name.starts_with("init") || starts.contains(&name.as_str()))
        && !reach.has(ReachSet::REQUEST)
        && !reach.has(ReachSet::BACKGROUND)
}

/// Where the field's own file asks for its value.
pub(super) fn readers(linked: &Linked<'_>, file: FileIx, field: FieldIx) -> Vec<CallableIx> {
    let Some(facts) = linked.facts(file) else { return Vec::new() };
    let named = facts[field].name;
    let reads = facts.exprs.iter().enumerate().filter(|(e, expr)| {
        matches!(&expr.kind, ExprKind::Name(name) | ExprKind::Select { name, .. } if *name == named)
            && linked.field_of(file, ExprIx(*e as u32)) == Some((file, field))
            && !facts.assigns.iter().any(|a| a.target == ExprIx(*e as u32))
    });
    reads.map(|(_, e)| e.callable).collect()
}
