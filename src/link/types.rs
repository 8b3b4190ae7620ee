//! The table of declared types, and supertypes across the tree and the catalogue.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{JavaCatalog, Linked};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, FieldIx, TypeIx};
use crate::source::{FileIx, Workspace};
use crate::text::Name;
use crate::units::{UnitIx, Units};

/// A type declared in the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// A resolved type: declared here, or known by its fully-qualified name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sym {
    Here(TypeId),
    Outside(Name),
}

/// A declared type and where it comes from.
#[derive(Clone, Debug)]
pub struct TypeInfo {
    /// `org.shop.Outer.Inner`; anonymous classes are `Outer.$1`.
    pub fqn: Name,
    pub file: FileIx,
    pub ix: TypeIx,
    pub unit: Option<UnitIx>,
    /// Direct supertypes with the type arguments as resolved names.
    pub supers: Vec<(Sym, Box<[Name]>)>,
}

/// All types that the workspace declares.
#[derive(Default)]
pub struct Types {
    all: Vec<TypeInfo>,
    /// First id of each file.
    base: Vec<u32>,
    top: FxHashMap<(Name, Name), Vec<TypeId>>,
    nested: FxHashMap<(TypeId, Name), TypeId>,
    methods: FxHashMap<(TypeId, Name), Vec<CallableIx>>,
    fields: FxHashMap<(TypeId, Name), FieldIx>,
    subtypes: FxHashMap<TypeId, Vec<TypeId>>,
    /// Supertypes of each type, itself first; filled when the supertypes are resolved.
    closures: Vec<Box<[Sym]>>,
}

impl std::ops::Index<TypeId> for Types {
    type Output = TypeInfo;
    fn index(&self, id: TypeId) -> &TypeInfo {
        &self.all[id.0 as usize]
    }
}

impl Types {
    /// Enters all declarations; supertypes come later.
    pub(crate) fn declare(workspace: &Workspace, units: &Units, code: &[Option<&CodeFacts>]) -> Self {
        let mut types = Self::default();
        for (i, facts) in code.iter().enumerate() {
            let file = FileIx(i as u32);
            types.base.push(types.all.len() as u32);
            let Some(facts) = facts else { continue };
            if workspace[file].kind == crate::source::FileKind::Java {
                types.declare_file(file, units.of(file), facts);
            } else {
                // Rust types get an id, so that asking is safe, but cannot be found by name.
                let unit = units.of(file);
                let infos = facts.types.iter().enumerate();
                types.all.extend(infos.map(|(i, decl)| TypeInfo {
                    fqn: Name::new(&format!("::{}", decl.name)),
                    file,
                    ix: TypeIx(i as u32),
                    unit,
                    supers: Vec::new(),
                }));
            }
        }
        types
    }

    fn declare_file(&mut self, file: FileIx, unit: Option<UnitIx>, facts: &CodeFacts) {
        let base = self.all.len() as u32;
        for (i, decl) in facts.types.iter().enumerate() {
            let ix = TypeIx(i as u32);
            let id = TypeId(base + i as u32);
            let outer = decl.outer.map(|o| TypeId(base + o.0));
            let simple = if decl.name.is_empty() { Name::new(&format!("${i}")) } else { decl.name };
            let fqn = match outer.and_then(|o| self.all.get(o.0 as usize)) {
                Some(outer) => Name::new(&format!("{}.{simple}", outer.fqn)),
                None if facts.package.is_empty() => simple,
                None => Name::new(&format!("{}.{simple}", facts.package)),
            };
            self.all.push(TypeInfo { fqn, file, ix, unit, supers: Vec::new() });
            if decl.name.is_empty() || decl.callable.is_some() {
                continue;
            }
            match outer {
                Some(outer) => {
                    self.nested.insert((outer, simple), id);
                }
                None => self.top.entry((facts.package, simple)).or_default().push(id),
            }
        }
        for (i, callable) in facts.callables.iter().enumerate() {
            if let Some(owner) = callable.owner
                && !callable.name.is_empty()
            {
                self.methods.entry((TypeId(base + owner.0), callable.name)).or_default().push(CallableIx(i as u32));
            }
        }
        for (i, field) in facts.fields.iter().enumerate() {
            if let Some(owner) = field.owner {
                self.fields.insert((TypeId(base + owner.0), field.name), FieldIx(i as u32));
            }
        }
    }

    /// The id of a file's declaration.
    pub fn id(&self, file: FileIx, ix: TypeIx) -> TypeId {
        TypeId(self.base[file.0 as usize] + ix.0)
    }

    /// All of them, in order of files.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeInfo)> {
        self.all.iter().enumerate().map(|(i, t)| (TypeId(i as u32), t))
    }

    /// Top-level types of this package and name: several when modules hold copies.
    pub fn top(&self, package: Name, simple: Name) -> &[TypeId] {
        self.top.get(&(package, simple)).map_or(&[], Vec::as_slice)
    }

    /// A directly nested type.
    pub fn nested(&self, outer: TypeId, simple: Name) -> Option<TypeId> {
        self.nested.get(&(outer, simple)).copied()
    }

    /// Methods of exactly this type.
    pub fn methods(&self, id: TypeId, name: Name) -> &[CallableIx] {
        self.methods.get(&(id, name)).map_or(&[], Vec::as_slice)
    }

    /// A field of exactly this type.
    pub fn field(&self, id: TypeId, name: Name) -> Option<FieldIx> {
        self.fields.get(&(id, name)).copied()
    }

    /// Direct subtypes in the workspace.
    pub fn subtypes(&self, id: TypeId) -> &[TypeId] {
        self.subtypes.get(&id).map_or(&[], Vec::as_slice)
    }

    /// All subtypes in the workspace, itself left out.
    pub fn all_subtypes(&self, id: TypeId) -> Vec<TypeId> {
        let mut seen = FxHashSet::default();
        let mut out = Vec::new();
        let mut todo = vec![id];
        while let Some(at) = todo.pop() {
            for sub in self.subtypes(at) {
                if seen.insert(*sub) {
                    out.push(*sub);
                    todo.push(*sub);
                }
            }
        }
        out.sort();
        out
    }

    /// The name of a resolved type.
    pub fn name(&self, sym: Sym) -> Name {
        match sym {
            Sym::Here(id) => self[id].fqn,
            Sym::Outside(name) => name,
        }
    }

    /// The type and all its supertypes, near ones first, as far as they are known.
    pub fn closure(&self, catalog: &JavaCatalog, sym: Sym) -> Cow<'_, [Sym]> {
        if let Sym::Here(id) = sym
            && let Some(known) = self.closures.get(id.0 as usize)
        {
            return Cow::Borrowed(known);
        }
        Cow::Owned(self.walk_up(catalog, sym))
    }

    fn walk_up(&self, catalog: &JavaCatalog, sym: Sym) -> Vec<Sym> {
        let mut out = vec![sym];
        let mut next = 0;
        while next < out.len() && out.len() < 512 {
            match out[next] {
                Sym::Here(id) => {
                    for (sup, _) in &self[id].supers {
                        if !out.contains(sup) {
                            out.push(*sup);
                        }
                    }
                }
                Sym::Outside(name) => {
                    for sup in catalog.supertypes(name) {
                        let sup = Sym::Outside(*sup);
                        if !out.contains(&sup) {
                            out.push(sup);
                        }
                    }
                }
            }
            next += 1;
        }
        out
    }

    pub(super) fn set_supers(&mut self, supers: Vec<Vec<(Sym, Box<[Name]>)>>) {
        self.subtypes.clear();
        for (i, list) in supers.into_iter().enumerate() {
            for (sup, _) in &list {
                if let Sym::Here(sup) = sup {
                    self.subtypes.entry(*sup).or_default().push(TypeId(i as u32));
                }
            }
            self.all[i].supers = list;
        }
    }

    fn close(&mut self, catalog: &JavaCatalog) {
        self.closures = (0..self.all.len())
            .map(|i| self.walk_up(catalog, Sym::Here(TypeId(i as u32))).into_boxed_slice())
            .collect();
    }
}

impl Linked<'_> {
    /// Twice: nested types that are inherited resolve only once the first round is known.
    pub(super) fn resolve_supertypes(&mut self) {
        use rayon::prelude::*;
        for _ in 0..2 {
            let resolved: Vec<Vec<(Sym, Box<[Name]>)>> = self
                .types
                .all
                .par_iter()
                .map(|info| {
                    let Some(facts) = self.facts(info.file) else { return Vec::new() };
                    let decl = &facts[info.ix];
                    let around = decl.outer.or_else(|| decl.callable.and_then(|c| self.type_of_callable(info.file, c)));
                    decl.supers
                        .iter()
                        .filter_map(|sup| {
                            let sym = self.resolve_name(info.file, around, sup.name)?;
                            let args = sup.args.iter().map(|a| {
                                self.resolve_name(info.file, Some(info.ix), a.name)
                                    .map_or(a.name, |s| self.types.name(s))
                            });
                            Some((sym, args.collect()))
                        })
                        .filter(|(sym, _)| *sym != Sym::Here(self.types.id(info.file, info.ix)))
                        .collect()
                })
                .collect();
            self.types.set_supers(resolved);
        }
        self.types.close(self.catalog);
    }
}
