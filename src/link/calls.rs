//! From a method to those who call it, and from a field that holds a pool to its uses. Test code is left out.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, Target};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// Ends of the names of types that run tasks.
const POOLS: &[&str] = &["Executor", "ExecutorService", "Scheduler", "Timer", "Pool"];

/// Annotations that have nobody call a method.
const SILENT: &[&str] = &["Override", "SuppressWarnings", "Deprecated", "SafeVarargs"];

/// The two look-ups.
#[derive(Default)]
pub(super) struct Calls {
    calls: FxHashMap<(TypeId, Name), Vec<(FileIx, ExprIx)>>,
    pools: FxHashMap<(FileIx, FieldIx), Vec<(FileIx, ExprIx)>>,
}

impl Calls {
    pub(super) fn new(linked: &Linked<'_>) -> Self {
        let java = |i: usize| {
            let file = FileIx(i as u32);
            (linked.is_java(file) && linked.workspace[file].role != Role::Test).then_some(file)
        };
        let pools: FxHashSet<Name> = (0..linked.code.len())
            .filter_map(java)
            .filter_map(|file| linked.facts(file))
            .flat_map(|facts| &facts.fields)
            .filter(|f| POOLS.iter().any(|end| f.ty.name.ends_with(end)))
            .map(|f| f.name)
            .collect();
        let parts: Vec<_> = (0..linked.code.len())
            .into_par_iter()
            .filter_map(java)
            .map(|file| {
                let (mut calls, mut uses) = (Vec::new(), Vec::new());
                let Some(facts) = linked.facts(file) else { return (file, calls, uses) };
                for (i, e) in facts.exprs.iter().enumerate() {
                    let ix = ExprIx(i as u32);
                    match &e.kind {
                        ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => {
                            calls.extend(linked.callee(file, ix).target.map(|(id, _)| ((id, *name), ix)));
                        }
                        ExprKind::New { .. } => {
                            if let Some(Sym::Here(id)) = linked.callee(file, ix).owner {
                                calls.push(((id, Name::new("<init>")), ix));
                            }
                        }
                        ExprKind::Name(name) | ExprKind::Select { name, .. } if pools.contains(name) => {
                            uses.extend(linked.field_of(file, ix).map(|field| (field, ix)));
                        }
                        _ => {}
                    }
                }
                (file, calls, uses)
            })
            .collect();
        let mut out = Self::default();
        for (file, calls, uses) in parts {
            for (key, expr) in calls {
                out.calls.entry(key).or_default().push((file, expr));
            }
            for (field, expr) in uses {
                out.pools.entry(field).or_default().push((file, expr));
            }
        }
        out
    }
}

impl Linked<'_> {
    /// The calls, constructions and method references in main code that mean a method, by the name and the number of
    /// its parameters; through what it overrides too.
    pub(super) fn call_sites(&self, file: FileIx, method: CallableIx) -> Vec<(FileIx, ExprIx)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let c = &facts[method];
        let Some(owner) = c.owner else { return Vec::new() };
        let id = self.types.id(file, owner);
        let arity = c.params.len();
        let fits = |(at, expr): &&(FileIx, ExprIx)| match self.facts(*at).map(|f| &f[*expr].kind) {
            Some(ExprKind::Call { args, .. } | ExprKind::New { args, .. }) => args.len() == arity,
            _ => true,
        };
        let of = |sym: &Sym| match sym {
            Sym::Here(id) => self.calls.calls.get(&(*id, c.name)),
            Sym::Outside(_) => None,
        };
        let closure = self.types.closure(self.catalog, Sym::Here(id));
        let inherits = c.kind == CallableKind::Method && !c.mods.has(Mods::STATIC) && !c.mods.has(Mods::PRIVATE);
        let types = if inherits { &closure[..] } else { &closure[..1] };
        types.iter().filter_map(of).flatten().filter(fits).copied().collect()
    }

    /// Where main code names a field that holds a pool; none where the field is no such one.
    pub(super) fn pool_uses(&self, file: FileIx, field: FieldIx) -> Option<&[(FileIx, ExprIx)]> {
        self.calls.pools.get(&(file, field)).map(Vec::as_slice)
    }

    /// The overload of a method that takes so many arguments.
    pub(super) fn overload(&self, id: TypeId, name: Name, arity: usize) -> Option<(FileIx, CallableIx)> {
        let file = self.types[id].file;
        let facts = self.facts(file)?;
        let fits = |m: &&CallableIx| facts[**m].params.len() == arity;
        self.types.methods(id, name).iter().find(fits).map(|m| (file, *m))
    }

    /// May a container or a type outside the tree call the method?
    pub(super) fn is_called_from_outside(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return true };
        let of = |a: &&crate::facts::code::Annotation| a.target == Target::Callable(method);
        facts.annotations.iter().filter(of).any(|a| !SILENT.contains(&a.name.last_segment()))
            || facts.annotations.iter().filter(of).any(|a| a.name.as_str() == "Override")
                && facts[method].owner.is_some_and(|owner| {
                    let id = self.types.id(file, owner);
                    !self.types[id].supers.iter().any(|(sup, _)| self.find_method(*sup, facts[method].name).is_some())
                })
    }
}
