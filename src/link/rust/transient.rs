//! Types whose values are made while a request is answered, and that nothing keeps beyond it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Linked;
use super::super::graph::ReachSet;
use super::fields::behind;
use super::types::Rt;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, Mods};
use crate::source::FileIx;
use crate::text::Name;

impl Linked<'_> {
    /// All such types: each construction that can be seen is reached by requests or tasks and not by the start, one of them
    /// by a request, and no static, no service and no type that is made otherwise holds one.
    pub(super) fn rust_made_per_request(&self, lasting: &[Name]) -> FxHashSet<Name> {
        let mut made: FxHashMap<Name, Made> = FxHashMap::default();
        let mut fields: FxHashMap<Name, Vec<(FileIx, FieldIx)>> = FxHashMap::default();
        let mut roots: Vec<Name> = lasting.to_vec();
        for (i, facts) in self.code.iter().enumerate() {
            let file = FileIx(i as u32);
            let Some(facts) = facts.filter(|_| !self.is_java(file) && !self.is_rust_test_file(file)) else { continue };
            for (f, field) in facts.fields.iter().enumerate().filter(|(_, f)| !f.mods.has(Mods::TEST)) {
                let ix = FieldIx(f as u32);
                match field.owner {
                    Some(owner) => fields.entry(self.rust_type_path(file, owner)).or_default().push((file, ix)),
                    None => roots.extend(self.rust_field_types(file, ix)),
                }
            }
            for (c, callable) in facts.callables.iter().enumerate() {
                let ix = CallableIx(c as u32);
                if self.is_handler(file, ix)
                    && let Some(ty) = callable.self_type.as_ref()
                {
                    roots.push(self.rust_written_type(file, ty).name);
                }
            }
            for (i, expr) in facts.exprs.iter().enumerate() {
                if self.in_test(file, expr.callable) {
                    continue;
                }
                let Some(name) = self.made_type(file, ExprIx(i as u32)) else { continue };
                let own = facts[expr.callable].self_type.as_ref().map(|ty| self.rust_written_type(file, ty).name);
                let around = self.named_callable(file, expr.callable);
                let into = made.entry(name).or_default();
                if own == Some(name) {
                    // Who calls the constructor makes one.
                    into.lost |= self.rust_calls_of(file, around).is_empty();
                    continue;
                }
                let reach = self.reach(file, expr.callable);
                into.lost |= reach.has(ReachSet::STARTUP);
                into.by_request |= reach.has(ReachSet::REQUEST);
            }
        }
        let mut seen: FxHashSet<Name> = FxHashSet::default();
        while let Some(name) = roots.pop() {
            if seen.insert(name) {
                roots.extend(
                    fields
                        .get(&name)
                        .into_iter()
                        .flatten()
                        .flat_map(|(file, field)| self.rust_field_types(*file, *field)),
                );
            }
        }
        let mut found: FxHashSet<Name> = FxHashSet::default();
        #[allow(clippy::iter_over_hash_type)] // A set is made of it.
        for (name, made) in &made {
            if made.by_request && !made.lost && !seen.contains(name) {
                found.insert(*name);
            }
        }
        self.without_lasting_holders(found, &fields)
    }

    /// Takes out what another type holds that is not made so itself.
    fn without_lasting_holders(
        &self,
        mut found: FxHashSet<Name>,
        fields: &FxHashMap<Name, Vec<(FileIx, FieldIx)>>,
    ) -> FxHashSet<Name> {
        let mut held: FxHashMap<Name, Vec<Name>> = FxHashMap::default();
        let mut open: Vec<Name> = Vec::new();
        #[allow(clippy::iter_over_hash_type)] // The order does not matter for what is left.
        for (owner, list) in fields {
            let within = list.iter().flat_map(|(file, field)| self.rust_field_types(*file, *field));
            held.entry(*owner).or_default().extend(within);
            if !found.contains(owner) {
                open.push(*owner);
            }
        }
        while let Some(owner) = open.pop() {
            for name in held.get(&owner).into_iter().flatten() {
                if *name != owner && found.remove(name) {
                    open.push(*name);
                }
            }
        }
        found
    }

    /// The type that an expression makes a value of.
    fn made_type(&self, file: FileIx, expr: ExprIx) -> Option<Name> {
        let facts = self.facts(file)?;
        match &facts[expr].kind {
            ExprKind::New { .. } => {}
            ExprKind::Call { base: None, .. } => {}
            _ => return None,
        }
        let ty: Rt = self.rust.type_of(file, expr)?.clone();
        let name = behind(&ty).name;
        self.is_rust_declared(name).then_some(name)
    }
}

/// Where the values of a type are made.
#[derive(Default)]
struct Made {
    by_request: bool,
    /// At the start, by nobody that is known, or who makes them cannot be seen.
    lost: bool,
}
