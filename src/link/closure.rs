//! What a service reaches of the libraries it uses.
//!
//! A library's class burdens a service when the service's container picks it up, when it is made or
//! named by code that the service reaches, or when one of its methods is called from there. Where
//! that cannot be told, everything counts as reached: too much rather than too little.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use super::scan::{Packages, Pick, picks};
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, CallableKind, ExprKind, Mods, TypeIx};
use crate::source::FileIx;
use crate::units::UnitIx;

/// How often beans that were picked up may widen the scan.
const ROUNDS: usize = 16;

/// What one service reaches of its libraries.
#[derive(Default)]
pub(super) struct Closure {
    calls: FxHashSet<u32>,
    /// Named at least.
    touched: FxHashSet<TypeId>,
    /// There are objects of it.
    made: FxHashSet<TypeId>,
}

impl Linked<'_> {
    /// Does the service run this piece of one of its libraries? Code is told by its callable, other
    /// places by the type around them.
    pub fn reaches(&self, service: UnitIx, file: FileIx, callable: Option<CallableIx>, ty: Option<TypeIx>) -> bool {
        let Some(closure) = self.closure_over(service, file) else { return true };
        let Some(callable) = callable else {
            return ty.is_none_or(|ty| closure.touched.contains(&self.types.id(file, ty)));
        };
        if closure.calls.contains(&(self.graph.id(file, callable) as u32)) {
            return true;
        }
        // Nobody calls it as far as we see: then its class decides.
        let unseen = !self.graph.reach(file, callable).any();
        let Some(owner) = self.type_of_callable(file, callable).filter(|_| unseen) else { return false };
        let id = self.types.id(file, owner);
        let named = self.named_callable(file, callable);
        let on_type = self.facts(file).is_some_and(|f| f[named].mods.has(Mods::STATIC));
        if on_type { closure.touched.contains(&id) } else { closure.made.contains(&id) }
    }

    /// Does the service load this type of its own or of one of its libraries?
    pub fn reaches_type(&self, service: UnitIx, file: FileIx, ty: TypeIx) -> bool {
        self.closure_over(service, file).is_none_or(|closure| closure.touched.contains(&self.types.id(file, ty)))
    }

    /// None where all is reached: its own files, languages other than Java, services we cannot read.
    fn closure_over(&self, service: UnitIx, file: FileIx) -> Option<&Closure> {
        let closure = self.closures.get(service.0 as usize)?.as_ref()?;
        (self.is_java(file) && self.unit(file) != Some(service)).then_some(closure)
    }
}

/// By unit.
pub(super) fn closures(linked: &Linked<'_>) -> Vec<Option<Closure>> {
    let mut files: Vec<Vec<FileIx>> = vec![Vec::new(); linked.units.all.len()];
    for i in 0..linked.code.len() {
        let file = FileIx(i as u32);
        if let Some(unit) = linked.unit(file).filter(|_| linked.facts(file).is_some() && linked.is_java(file)) {
            files[unit.0 as usize].push(file);
        }
    }
    let used: FxHashSet<UnitIx> = linked
        .units
        .iter()
        .filter(|(_, u)| u.kind.is_assessed())
        .flat_map(|(_, u)| u.libraries.iter().copied())
        .collect();
    let of_library: FxHashMap<UnitIx, Vec<Pick>> =
        used.into_par_iter().map(|unit| (unit, picks(linked, &files[unit.0 as usize]))).collect();
    let units: Vec<_> = linked.units.iter().collect();
    units
        .into_par_iter()
        .map(|(ix, unit)| {
            let readable = unit.languages.iter().all(|l| !matches!(*l, "kotlin" | "scala" | "groovy"));
            let own = &files[ix.0 as usize];
            if !unit.kind.is_assessed() || unit.libraries.is_empty() || own.is_empty() || !readable {
                return None;
            }
            let mut walk = Walk {
                linked,
                scope: unit.libraries.iter().copied().chain([ix]).collect(),
                closure: Closure::default(),
                packages: Packages::default(),
                files: FxHashSet::default(),
                members: FxHashMap::default(),
                held: FxHashMap::default(),
                todo: Vec::new(),
            };
            walk.service(own, &unit.libraries, &of_library);
            Some(walk.closure)
        })
        .collect()
}

enum Step {
    Call(u32),
    Touch(TypeId),
    Make(TypeId),
}

struct Walk<'a, 'w> {
    linked: &'a Linked<'w>,
    scope: FxHashSet<UnitIx>,
    closure: Closure,
    packages: Packages,
    /// Files that were looked at.
    files: FxHashSet<FileIx>,
    /// The callables of each type of a file that was looked at.
    members: FxHashMap<TypeId, Vec<CallableIx>>,
    /// The declared types of its objects' fields.
    held: FxHashMap<TypeId, Vec<TypeId>>,
    todo: Vec<Step>,
}

impl Walk<'_, '_> {
    fn service(&mut self, own: &[FileIx], libraries: &[UnitIx], of_library: &FxHashMap<UnitIx, Vec<Pick>>) {
        for file in own {
            let Some(facts) = self.linked.facts(*file) else { continue };
            self.read_file(*file);
            self.todo.extend((0..facts.types.len()).map(|i| Step::Make(self.linked.types.id(*file, TypeIx(i as u32)))));
            let id = |i: usize| self.linked.graph.id(*file, CallableIx(i as u32)) as u32;
            self.todo.extend((0..facts.callables.len()).map(|i| Step::Call(id(i))));
        }
        let registered = libraries.iter().filter_map(|l| self.linked.registered.get(l)).flatten();
        self.todo.extend(registered.map(|ty| Step::Make(*ty)));
        for _ in 0..ROUNDS {
            self.drain();
            let picks = libraries.iter().filter_map(|l| of_library.get(l)).flatten();
            let new = picks.filter(|p| !self.closure.made.contains(&p.ty) && self.packages.see(p));
            let new: Vec<Step> = new.map(|p| Step::Make(p.ty)).collect();
            if new.is_empty() {
                return;
            }
            self.todo.extend(new);
        }
    }

    fn drain(&mut self) {
        while let Some(step) = self.todo.pop() {
            match step {
                Step::Call(id) => self.call(id),
                Step::Touch(ty) => self.touch(ty),
                Step::Make(ty) => self.make(ty),
            }
        }
    }

    fn call(&mut self, id: u32) {
        let linked = self.linked;
        let (file, callable) = linked.graph.place(id);
        let in_scope = linked.unit(file).is_some_and(|u| self.scope.contains(&u));
        if !in_scope || !self.closure.calls.insert(id) {
            return;
        }
        self.todo.extend(linked.graph.edges[id as usize].iter().map(|to| Step::Call(*to)));
        let mentions = linked.graph.mentions(id).iter();
        self.todo.extend(mentions.map(|(_, ty, made)| if *made { Step::Make(*ty) } else { Step::Touch(*ty) }));
        let Some(facts) = linked.facts(file) else { return };
        if let Some(owner) = facts[callable].owner {
            let id = linked.types.id(file, owner);
            let on_type = facts[callable].mods.has(Mods::STATIC) || facts[callable].kind == CallableKind::StaticInit;
            self.todo.push(if on_type { Step::Touch(id) } else { Step::Make(id) });
        }
    }

    /// Naming a type runs its static initialisers.
    fn touch(&mut self, ty: TypeId) {
        let info = &self.linked.types[ty];
        let in_scope = info.unit.is_some_and(|u| self.scope.contains(&u));
        if !in_scope || !self.closure.touched.insert(ty) {
            return;
        }
        self.read_file(info.file);
        self.push_members(ty, |facts, c| match facts[c].kind {
            CallableKind::StaticInit => true,
            CallableKind::FieldInit => facts[c].mods.has(Mods::STATIC),
            _ => false,
        });
    }

    /// An object runs its constructors, and whatever calls it back may call.
    fn make(&mut self, ty: TypeId) {
        let info = &self.linked.types[ty];
        let in_scope = info.unit.is_some_and(|u| self.scope.contains(&u));
        if !in_scope || !self.closure.made.insert(ty) {
            return;
        }
        self.read_file(info.file);
        self.todo.push(Step::Touch(ty));
        self.todo.extend(info.supers.iter().filter_map(|(sup, _)| match sup {
            Sym::Here(sup) => Some(Step::Make(*sup)),
            Sym::Outside(_) => None,
        }));
        // What is injected exists, whether it is called or not.
        let held = self.held.get(&ty).into_iter().flatten();
        self.todo.extend(held.map(|held| Step::Make(*held)));
        let (linked, file) = (self.linked, info.file);
        self.push_members(ty, |facts, c| match facts[c].kind {
            CallableKind::Constructor | CallableKind::InstanceInit | CallableKind::FieldInit => true,
            _ => linked.graph.seeds[linked.graph.id(file, c)],
        });
    }

    fn push_members(&mut self, ty: TypeId, wanted: impl Fn(&crate::facts::CodeFacts, CallableIx) -> bool) {
        let linked = self.linked;
        let file = linked.types[ty].file;
        self.read_file(file);
        let Some(facts) = linked.facts(file) else { return };
        let members = self.members.get(&ty).map_or(&[][..], Vec::as_slice);
        let ids = members.iter().filter(|c| wanted(facts, **c)).map(|c| linked.graph.id(file, *c) as u32);
        self.todo.extend(ids.map(Step::Call));
    }

    /// Members of a file's types, and what its annotations name: other annotations, imported classes,
    /// packages to scan.
    fn read_file(&mut self, file: FileIx) {
        if !self.files.insert(file) {
            return;
        }
        let linked = self.linked;
        let Some(facts) = linked.facts(file) else { return };
        for (i, callable) in facts.callables.iter().enumerate() {
            if let Some(owner) = callable.owner {
                self.members.entry(linked.types.id(file, owner)).or_default().push(CallableIx(i as u32));
            }
        }
        for field in facts.fields.iter().filter(|f| !f.mods.has(Mods::STATIC)) {
            if let Some(owner) = field.owner
                && let Some(Sym::Here(held)) = linked.resolve_name(file, Some(owner), field.ty.name)
            {
                self.held.entry(linked.types.id(file, owner)).or_default().push(held);
            }
        }
        for annotation in &facts.annotations {
            let around = super::scan::around(linked, file, annotation.target);
            if let Some(Sym::Here(id)) = linked.resolve_name(file, around, annotation.name) {
                self.todo.push(Step::Touch(id));
            }
            for (_, value) in &annotation.args {
                if let ExprKind::ClassLiteral(ty) = &facts[*value].kind
                    && let Some(Sym::Here(id)) = linked.resolve_name(file, around, ty.name)
                {
                    self.todo.push(Step::Make(id));
                }
            }
            self.packages.read(linked, file, facts, annotation);
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
