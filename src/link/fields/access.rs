//! Where each field is assigned, changed and read.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Linked;
use super::names::{MUTATORS, READERS};
use crate::facts::CodeFacts;
use crate::facts::code::{AssignOp, CallableIx, ExprIx, ExprKind, FieldIx, Mods};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// A place where a field is given a value.
pub(super) struct Assigned {
    pub(super) file: FileIx,
    pub(super) callable: CallableIx,
    pub(super) span: Span,
    pub(super) lazy: bool,
    pub(super) value: Option<ExprIx>,
}

/// A call that changes what a field holds.
pub(super) struct Mutation {
    pub(super) file: FileIx,
    pub(super) callable: CallableIx,
    pub(super) span: Span,
    pub(super) name: Name,
    pub(super) call: ExprIx,
}

#[derive(Default)]
pub(super) struct Access {
    pub(super) assigns: Vec<Assigned>,
    pub(super) mutations: Vec<Mutation>,
    pub(super) reads: Vec<(FileIx, CallableIx, Name, ExprIx)>,
}

pub(super) fn accesses(linked: &Linked<'_>, file: FileIx) -> FxHashMap<(FileIx, FieldIx), Access> {
    let mut map: FxHashMap<(FileIx, FieldIx), Access> = FxHashMap::default();
    let Some(facts) = linked.facts(file) else { return map };
    if !linked.is_java(file) {
        return map;
    }
    let lazy = lazy_methods(linked, file, facts);
    for assign in &facts.assigns {
        if let Some(field) = linked.field_of(file, assign.target) {
            map.entry(field).or_default().assigns.push(Assigned {
                file,
                callable: assign.callable,
                span: assign.span,
                lazy: assign.lazy
                    || assign.op == AssignOp::Set && lazy.contains(&linked.named_callable(file, assign.callable)),
                value: assign.value,
            });
        }
    }
    for (ix, expr) in facts.exprs.iter().enumerate() {
        if let ExprKind::Call { base: Some(base), name, .. } = &expr.kind {
            let mutates = MUTATORS.contains(&name.as_str());
            if !mutates && !READERS.contains(&name.as_str()) {
                continue;
            }
            let Some(field) = linked.field_of(file, *base) else { continue };
            let access = map.entry(field).or_default();
            if mutates {
                let call = ExprIx(ix as u32);
                access.mutations.push(Mutation { file, callable: expr.callable, span: expr.at, name: *name, call });
            } else {
                access.reads.push((file, expr.callable, *name, ExprIx(ix as u32)));
            }
        }
    }
    map
}

/// Private methods that are called only under a check of a field which they set: `if (x == null) load();`.
fn lazy_methods(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts) -> FxHashSet<CallableIx> {
    let called = |call: ExprIx| {
        let (owner, method) = linked.callee(file, call).target?;
        (linked.types[owner].file == file && facts[method].mods.has(Mods::PRIVATE)).then_some(method)
    };
    let mut checked: FxHashMap<CallableIx, FxHashMap<ExprIx, Vec<Name>>> = FxHashMap::default();
    for guarded in &facts.guarded {
        if let Some(method) = called(guarded.call) {
            checked.entry(method).or_default().entry(guarded.call).or_default().push(guarded.place);
        }
    }
    if checked.is_empty() {
        return FxHashSet::default();
    }
    let mut calls: FxHashMap<CallableIx, usize> = FxHashMap::default();
    for (ix, expr) in facts.exprs.iter().enumerate() {
        if matches!(expr.kind, ExprKind::Call { .. } | ExprKind::MethodRef { .. })
            && let Some(method) = called(ExprIx(ix as u32))
        {
            *calls.entry(method).or_default() += 1;
        }
    }
    let sets = |method: CallableIx, places: &[Name]| {
        facts.assigns.iter().any(|a| {
            let name = match &facts[a.target].kind {
                ExprKind::Name(name) | ExprKind::Select { name, .. } => *name,
                _ => return false,
            };
            a.op == AssignOp::Set && linked.named_callable(file, a.callable) == method && places.contains(&name)
        })
    };
    let fits = |(method, by_call): &(CallableIx, FxHashMap<ExprIx, Vec<Name>>)| {
        calls.get(method) == Some(&by_call.len()) && by_call.values().all(|places| sets(*method, places))
    };
    checked.into_iter().filter(fits).map(|(method, _)| method).collect()
}
