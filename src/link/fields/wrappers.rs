//! Workspace classes that are as good as the collection they hold.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Linked;
use super::super::types::{Sym, TypeId};
use super::names::{COLLECTIONS, MUTATORS, WRAPPED};
use super::shared::Shared;
use crate::facts::code::{ExprKind, FieldIx, Mods};
use crate::source::FileIx;
use crate::text::Name;

/// Workspace classes around a collection: a field that their `put`, `add` or
/// `remove` changes. Each with the type of that field.
pub(super) fn wrappers(linked: &Linked<'_>, singletons: &Shared) -> FxHashMap<TypeId, Sym> {
    let mut out = FxHashMap::default();
    let mut by_file: FxHashMap<FileIx, FxHashSet<FieldIx>> = FxHashMap::default();
    for (id, info) in linked.types.iter() {
        let changes = WRAPPED.iter().any(|m| !linked.types.methods(id, Name::new(m)).is_empty());
        // Of a singleton the field within is told.
        let Some(facts) = linked.facts(info.file).filter(|_| changes && !singletons.has(id)) else { continue };
        let handed = by_file.entry(info.file).or_insert_with(|| handed_on(linked, info.file));
        for (ix, field) in facts.fields.iter().enumerate() {
            if field.owner != Some(info.ix) || field.mods.has(Mods::STATIC) {
                continue;
            }
            let Some(ty) = linked.resolve_ref(info.file, field.owner, &field.ty) else { continue };
            let closure = linked.types.closure(linked.catalog, ty.sym);
            let collection = closure.iter().any(|s| COLLECTIONS.contains(&linked.types.name(*s).as_str()));
            if collection && handed.contains(&FieldIx(ix as u32)) {
                out.entry(id).or_insert(ty.sym);
            }
        }
    }
    out
}

/// Fields that a `put`, `add`, … of their own type hands on to. (`put` of an HTTP client does not.)
fn handed_on(linked: &Linked<'_>, file: FileIx) -> FxHashSet<FieldIx> {
    let Some(facts) = linked.facts(file) else { return FxHashSet::default() };
    let to = facts.exprs.iter().filter_map(|e| {
        let ExprKind::Call { base: Some(base), name, .. } = &e.kind else { return None };
        let here = &facts[linked.named_callable(file, e.callable)];
        if !WRAPPED.contains(&here.name.as_str()) || !MUTATORS.contains(&name.as_str()) {
            return None;
        }
        let (owner, field) = linked.field_of(file, *base)?;
        (owner == file && here.owner == facts[field].owner).then_some(field)
    });
    to.collect()
}
