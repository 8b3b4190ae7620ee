//! Which types several requests or tasks share, statics hold, and tasks own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Linked;
use super::super::graph::ReachSet;
use super::fields::{Access, MUTATORS, behind, changes, inner_of, is_table};
use super::types::Rt;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, Mods, TypeIx, TypeRef};
use crate::rules::model::LoopKind;
use crate::source::FileIx;
use crate::text::Name;

impl Linked<'_> {
    /// Types whose values several requests or tasks hold at once.
    pub(super) fn rust_shared_types(&self) -> FxHashSet<Name> {
        let mut found: FxHashSet<Name> = FxHashSet::default();
        let mut todo: Vec<Name> = Vec::new();
        let mut fields: FxHashMap<Name, Vec<(FileIx, FieldIx)>> = FxHashMap::default();
        for (i, facts) in self.code.iter().enumerate() {
            let file = FileIx(i as u32);
            let Some(facts) = facts.filter(|_| !self.is_java(file)) else { continue };
            if self.rust.home(file).test {
                continue;
            }
            for (f, field) in facts.fields.iter().enumerate() {
                let ix = FieldIx(f as u32);
                match field.owner {
                    Some(owner) => fields.entry(self.rust_type_path(file, owner)).or_default().push((file, ix)),
                    None => todo.extend(self.rust_field_types(file, ix)),
                }
                if may_share(&field.ty, 0)
                    && let Some(ty) = self.rust_field_type(file, ix)
                {
                    todo.extend(shared_within(&ty));
                }
            }
            for local in &facts.locals {
                if let Some(ty) = local.ty.as_ref().filter(|t| may_share(t, 0)) {
                    todo.extend(shared_within(&self.rust_written_type(file, ty)));
                }
            }
            for (c, callable) in facts.callables.iter().enumerate() {
                if let Some(ty) = callable.self_type.as_ref()
                    && self.is_handler(file, CallableIx(c as u32))
                {
                    todo.push(self.rust_written_type(file, ty).name);
                }
            }
        }
        while let Some(name) = todo.pop() {
            if found.insert(name) {
                for (file, field) in fields.get(&name).into_iter().flatten() {
                    todo.extend(self.rust_field_types(*file, *field));
                }
            }
        }
        found
    }

    /// Types whose values tasks own: given to what starts a task, and what these hold.
    pub(super) fn rust_task_types(&self) -> FxHashSet<Name> {
        let mut todo: Vec<Name> = Vec::new();
        let mut fields: FxHashMap<Name, Vec<(FileIx, FieldIx)>> = FxHashMap::default();
        for (i, facts) in self.code.iter().enumerate() {
            let file = FileIx(i as u32);
            let Some(facts) = facts.filter(|_| !self.is_java(file) && !self.is_rust_test_file(file)) else { continue };
            for (f, field) in facts.fields.iter().enumerate() {
                if let Some(owner) = field.owner {
                    fields.entry(self.rust_type_path(file, owner)).or_default().push((file, FieldIx(f as u32)));
                }
            }
            for (i, expr) in facts.exprs.iter().enumerate() {
                let ExprKind::Call { args, .. } = &expr.kind else { continue };
                let Some(callee) = self.rust.callee(file, ExprIx(i as u32)) else { continue };
                if callee.target.is_some_and(|t| self.rust.wrappers.contains_key(&t))
                    && !self.in_test(file, expr.callable)
                {
                    todo.extend(args.iter().filter_map(|a| self.rust.type_of(file, *a)).map(|t| behind(t).name));
                }
            }
        }
        todo.extend(self.rust_long_lived());
        let mut found = FxHashSet::default();
        while let Some(name) = todo.pop() {
            let Some(list) = fields.get(&name) else { continue };
            if found.insert(name) {
                let held = list.iter().filter_map(|(file, field)| self.rust_field_type(*file, *field));
                todo.extend(held.flat_map(|t| {
                    let inner = super::known::element(&t).map(|e| behind(&e).name);
                    [Some(behind(&t).name), inner].into_iter().flatten().collect::<Vec<_>>()
                }));
            }
        }
        found
    }

    /// Types whose values live as long as the process by what they are: actors, layers around a service,
    /// and those with a method that never ends.
    pub(super) fn rust_long_lived(&self) -> Vec<Name> {
        let mut out = Vec::new();
        for (i, facts) in self.code.iter().enumerate() {
            let file = FileIx(i as u32);
            let Some(facts) = facts.filter(|_| !self.is_java(file) && !self.is_rust_test_file(file)) else { continue };
            for t in 0..facts.types.len() {
                let ix = TypeIx(t as u32);
                let lives =
                    |of: &Name| of.last_segment() == "Actor" || of.starts_with("tower") && of.ends_with("::Service");
                if self.rust_traits(file, ix).iter().any(lives) {
                    out.push(self.rust_type_path(file, ix));
                }
            }
            for l in &facts.loops {
                let method = self.named_callable(file, l.callable);
                let Some(ty) = facts[method].self_type.as_ref() else { continue };
                let reach = self.reach(file, method);
                let runs = reach.has(ReachSet::BACKGROUND) || reach.has(ReachSet::STARTUP);
                let endless = || matches!(self.loop_kind(file, l), Some(LoopKind::Daemon | LoopKind::Consumer));
                if runs && !self.in_test(file, method) && endless() {
                    out.push(self.rust_written_type(file, ty).name);
                }
            }
        }
        out
    }

    /// Types with a field that changes after they were made.
    pub(super) fn rust_changing_types(&self, all: &FxHashMap<(FileIx, FieldIx), Access>) -> FxHashSet<Name> {
        let late = |file: FileIx, callable: CallableIx| {
            let reach = self.reach(file, callable);
            !reach.any() || reach.at_run_time()
        };
        let changed = |((file, field), access): (&(FileIx, FieldIx), &Access)| {
            let owner = self.facts(*file).and_then(|f| f[*field].owner)?;
            let ty = self.rust_field_type(*file, *field);
            let changed = access.assigns.iter().any(|(f, c, ..)| late(*f, *c))
                || ty.is_some_and(|ty| {
                    let inner = inner_of(&ty).map(|(inner, _)| inner);
                    access.calls.iter().any(|(f, c, _, m, after)| match inner {
                        Some(inner) => changes(inner, *m, after) && late(*f, *c),
                        None => is_table(&ty) && MUTATORS.contains(&m.as_str()) && late(*f, *c),
                    })
                });
            changed.then(|| self.rust_type_path(*file, owner))
        };
        all.iter().filter_map(changed).collect()
    }

    /// Does the workspace declare the type?
    pub(super) fn is_rust_declared(&self, name: Name) -> bool {
        matches!(self.rust.paths.item(name), Some(super::paths::Item::Type(..)))
    }

    /// Types of the workspace that statics hold: does one of their fields change?
    pub(super) fn rust_static_types(&self, all: &mut FxHashMap<(FileIx, FieldIx), Access>) -> FxHashMap<Name, bool> {
        let mut within: FxHashMap<Name, bool> = FxHashMap::default();
        let each = |then: &mut dyn FnMut(FileIx, FieldIx, Option<TypeIx>)| {
            for (i, facts) in self.code.iter().enumerate() {
                let file = FileIx(i as u32);
                let Some(facts) = facts.filter(|_| !self.is_java(file) && !self.is_rust_test_file(file)) else {
                    continue;
                };
                for (f, field) in facts.fields.iter().enumerate().filter(|(_, f)| !f.mods.has(Mods::TEST)) {
                    then(file, FieldIx(f as u32), field.owner);
                }
            }
        };
        each(&mut |file, field, owner| {
            if owner.is_none()
                && let Some(ty) = self.rust_field_type(file, field)
                && inner_of(&ty).is_none()
            {
                within.insert(behind(&ty).name, false);
                all.entry((file, field)).or_default();
            }
        });
        each(&mut |file, field, owner| {
            let Some(changed) = owner.and_then(|o| within.get_mut(&self.rust_type_path(file, o))) else { return };
            let inner = self.rust_field_type(file, field).and_then(|t| inner_of(&t).map(|(inner, _)| inner));
            if let (Some(inner), Some(access)) = (inner, all.get(&(file, field))) {
                *changed |= access.calls.iter().any(|(.., m, after)| changes(inner, *m, after));
            }
        });
        within
    }
}

/// Does a written type name something that makes sharing?
fn may_share(ty: &TypeRef, depth: u8) -> bool {
    matches!(ty.name.last_segment(), "Arc" | "Data" | "State" | "Extension")
        || (depth < 8 && ty.args.iter().any(|a| may_share(a, depth + 1)))
}

/// What stands behind shared pointers within a type.
fn shared_within(ty: &Rt) -> Vec<Name> {
    let mut out = Vec::new();
    let mut open = vec![(ty, false)];
    while let Some((at, behind)) = open.pop() {
        if behind {
            out.push(at.name);
        }
        let shares = behind || matches!(at.name.last_segment(), "Arc" | "Data" | "State" | "Extension");
        open.extend(at.args.iter().map(|a| (a, shares)));
    }
    out
}
