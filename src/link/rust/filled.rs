//! What fields are given, in struct literals and assignments.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Linked;
use super::RustCode;
use crate::facts::CodeFacts;
use crate::facts::code::{ExprIx, ExprKind, FieldIx, Mods};
use crate::source::FileIx;

/// Values by the field that they go to.
pub(super) type Filled = FxHashMap<(FileIx, FieldIx), Vec<(FileIx, ExprIx)>>;

/// What fields are given outside of tests.
pub(super) fn find(code: &RustCode, files: &[Option<&CodeFacts>]) -> Filled {
    let mut found = Filled::default();
    for (i, facts) in files.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| !code.home(file).test) else { continue };
        for (e, expr) in facts.exprs.iter().enumerate() {
            let ExprKind::New { args, .. } = &expr.kind else { continue };
            if facts[expr.callable].mods.has(Mods::TEST) {
                continue;
            }
            let ix = ExprIx(e as u32);
            let path = code.callee(file, ix).map(|c| c.path).unwrap_or_default();
            let ty = code.type_of(file, ix).map(|ty| ty.name).unwrap_or_default();
            for value in args {
                let Ok(at) = facts.filled.binary_search_by_key(value, |(v, _)| *v) else { continue };
                let (_, name) = facts.filled[at];
                if let Some(field) = code.declared.field(path, name).or_else(|| code.declared.field(ty, name)) {
                    found.entry(field).or_default().push((file, *value));
                }
            }
        }
        for assign in facts.assigns.iter().filter(|a| !facts[a.callable].mods.has(Mods::TEST)) {
            let field = code.callee(file, assign.target).and_then(|c| c.field);
            if let (Some(value), Some(field)) = (assign.value, field) {
                found.entry(field).or_default().push((file, value));
            }
        }
    }
    found
}

impl Linked<'_> {
    /// `Unit { names: Arc::clone(&self.names) }`: does a field get nothing but what fields of other types hold?
    pub(super) fn is_only_lent(&self, file: FileIx, field: FieldIx) -> bool {
        let given = self.rust.filled.get(&(file, field)).map_or(&[][..], Vec::as_slice);
        let owner = self.facts(file).and_then(|facts| facts[field].owner);
        let lent = |(home, value): &(FileIx, ExprIx)| {
            let Some(there) = self.facts(*home) else { return false };
            let of = match &there[*value].kind {
                ExprKind::Call { base: None, name, args } if name.ends_with("Arc::clone") => args.first().copied(),
                ExprKind::Call { base: Some(base), name, .. } if name.as_str() == "clone" => Some(*base),
                _ => None,
            };
            let of = of.map(|of| match there[of].kind {
                ExprKind::Unary { base, .. } => base,
                _ => of,
            });
            of.and_then(|of| self.rust_field_of(*home, of)).is_some_and(|(other, lender)| {
                let lends = self.facts(other).and_then(|facts| facts[lender].owner);
                lends.is_some() && (other, lends) != (file, owner)
            })
        };
        owner.is_some() && !given.is_empty() && given.iter().all(lent)
    }
}

/// The values of fields on which a method calls `persist`.
pub(super) fn persisted(code: &RustCode, files: &[Option<&CodeFacts>]) -> FxHashSet<(FileIx, ExprIx)> {
    let mut found = FxHashSet::default();
    for (i, facts) in files.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| !code.home(file).test) else { continue };
        for expr in &facts.exprs {
            if let ExprKind::Call { base: Some(base), name, .. } = &expr.kind
                && matches!(name.as_str(), "persist" | "persist_noclobber")
                && let Some(field) = code.callee(file, *base).and_then(|c| c.field)
            {
                found.extend(code.filled.get(&field).into_iter().flatten().copied());
            }
        }
    }
    found
}
