//! Types of Rust code: as declared, with paths in full and aliases replaced.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::modules::{Home, join};
use super::paths::{Item, Paths};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, FieldIx, TypeKind, TypeRef};
use crate::source::FileIx;
use crate::text::Name;

/// A type with its arguments. A type parameter is `'T`; what is not known is `_`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::link) struct Rt {
    pub name: Name,
    pub args: Arc<[Rt]>,
}

impl Rt {
    pub(super) fn plain(name: &str) -> Self {
        Self { name: Name::new(name), args: Arc::new([]) }
    }

    pub(super) fn of(name: &str, args: Vec<Rt>) -> Self {
        Self { name: Name::new(name), args: args.into() }
    }

    /// Nothing is known of it, or only that a caller decides.
    pub(super) fn is_open(&self) -> bool {
        self.name.starts_with(['\'', '_']) || self.name.is_empty()
    }
}

/// Where a type is written.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub module: Name,
    pub params: &'a [Name],
    /// What `Self` means.
    pub this: Option<&'a Rt>,
}

/// Types, their methods, fields and traits.
#[derive(Default)]
pub(in crate::link) struct Declared {
    methods: FxHashMap<(Name, Name), Vec<(FileIx, CallableIx)>>,
    fields: FxHashMap<(Name, Name), (FileIx, FieldIx)>,
    /// Traits of the workspace by type, types by trait.
    traits: FxHashMap<Name, Vec<Name>>,
    impls: FxHashMap<Name, Vec<Name>>,
    /// All traits of a type, those from outside too.
    all_traits: FxHashMap<Name, Vec<Name>>,
    /// Methods by name alone.
    by_name: FxHashMap<Name, Vec<(FileIx, CallableIx)>>,
}

impl Declared {
    pub(super) fn new(paths: &Paths, homes: &[Home], code: &[Option<&CodeFacts>]) -> Self {
        let mut declared = Self::default();
        for (i, facts) in code.iter().enumerate() {
            let (Some(facts), home) = (facts, homes[i]) else { continue };
            if home.module.is_empty() {
                continue;
            }
            let file = FileIx(i as u32);
            // An `impl` block has many methods: its names are resolved once.
            let mut known: FxHashMap<(Name, Name), Name> = FxHashMap::default();
            let mut resolve = |module: Name, name: Name| {
                *known.entry((module, name)).or_insert_with(|| paths.resolve(join(home.module, module), name))
            };
            for (c, callable) in facts.callables.iter().enumerate() {
                let ix = CallableIx(c as u32);
                if callable.name.is_empty() {
                    continue;
                }
                let owner = match (&callable.self_type, callable.owner) {
                    (Some(ty), _) => resolve(callable.module, ty.name),
                    (None, Some(owner)) => join(join(home.module, facts[owner].module), facts[owner].name),
                    (None, None) => continue,
                };
                declared.methods.entry((owner, callable.name)).or_default().push((file, ix));
                declared.by_name.entry(callable.name).or_default().push((file, ix));
                if let Some(of) = &callable.of_trait {
                    let of = resolve(callable.module, of.name);
                    let all = declared.all_traits.entry(owner).or_default();
                    if !all.contains(&of) {
                        all.push(of);
                    }
                    if matches!(paths.item(of), Some(Item::Type(..))) {
                        let traits = declared.traits.entry(owner).or_default();
                        if !traits.contains(&of) {
                            traits.push(of);
                            declared.impls.entry(of).or_default().push(owner);
                        }
                    }
                }
            }
            for (f, field) in facts.fields.iter().enumerate() {
                if let Some(owner) = field.owner {
                    let owner = join(join(home.module, facts[owner].module), facts[owner].name);
                    declared.fields.entry((owner, field.name)).or_insert((file, FieldIx(f as u32)));
                }
            }
            for ty in facts.types.iter().filter(|t| !t.supers.is_empty() && t.kind != TypeKind::Alias) {
                let owner = join(join(home.module, ty.module), ty.name);
                for sup in &ty.supers {
                    let of = resolve(ty.module, sup.name);
                    let traits = declared.traits.entry(owner).or_default();
                    if of != owner && !traits.contains(&of) && matches!(paths.item(of), Some(Item::Type(..))) {
                        traits.push(of);
                        declared.impls.entry(of).or_default().push(owner);
                    }
                }
            }
        }
        declared
    }

    /// The methods of this name that a type has: its own, else those of its traits.
    pub(super) fn method(&self, ty: Name, name: Name) -> &[(FileIx, CallableIx)] {
        if let Some(own) = self.methods.get(&(ty, name)) {
            return own;
        }
        let traits = self.traits.get(&ty).map_or(&[][..], Vec::as_slice);
        let found = traits.iter().find_map(|t| {
            let above = || self.traits.get(t)?.iter().find_map(|t| self.methods.get(&(*t, name)));
            self.methods.get(&(*t, name)).or_else(above)
        });
        found.map_or(&[], Vec::as_slice)
    }

    /// Methods of this name, whatever their type.
    pub(super) fn named(&self, name: Name) -> &[(FileIx, CallableIx)] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn field(&self, ty: Name, name: Name) -> Option<(FileIx, FieldIx)> {
        self.fields.get(&(ty, name)).copied()
    }

    /// The traits that a type implements with methods of its own.
    pub(super) fn traits_of(&self, ty: Name) -> &[Name] {
        self.all_traits.get(&ty).map_or(&[], Vec::as_slice)
    }

    /// The types that implement a trait of the workspace.
    pub(super) fn implementors(&self, of: Name) -> &[Name] {
        self.impls.get(&of).map_or(&[], Vec::as_slice)
    }
}

/// Resolves written types.
pub(super) struct TypeResolver<'a, 'w> {
    pub paths: &'a Paths,
    pub homes: &'a [Home],
    pub code: &'a [Option<&'w CodeFacts>],
}

impl<'w> TypeResolver<'_, 'w> {
    pub(super) fn resolve(&self, place: Place<'_>, ty: &TypeRef) -> Rt {
        self.at_depth(place, ty, 0)
    }

    fn at_depth(&self, place: Place<'_>, ty: &TypeRef, depth: u8) -> Rt {
        if depth > 16 {
            return Rt::plain("_");
        }
        let args: Vec<Rt> = ty.args.iter().map(|a| self.at_depth(place, a, depth + 1)).collect();
        let mut made = match ty.name.as_str() {
            "Self" => place.this.cloned().unwrap_or_else(|| Rt::plain("_")),
            "()" | "fn" | "!" | "_" | "impl" | "dyn" => Rt { name: ty.name, args: args.into() },
            name if place.params.contains(&ty.name) => Rt::plain(&format!("'{name}")),
            name if name.split_once("::").is_some_and(|(h, _)| h == "Self" || place.params.contains(&Name::new(h))) => {
                Rt::plain("_")
            }
            _ => {
                let full = self.paths.resolve(place.module, ty.name);
                self.alias(full, &args, depth).unwrap_or_else(|| {
                    // `KafkaResult<T>`, `RedisResult<T>`: other crates name theirs so.
                    let of_others = !args.is_empty() && full.ends_with("Result") && self.paths.item(full).is_none();
                    let name = if of_others { Name::new("std::result::Result") } else { full };
                    Rt { name, args: args.into() }
                })
            }
        };
        for _ in 0..ty.dims.min(4) {
            made = Rt::of("[]", vec![made]);
        }
        made
    }

    /// What an alias of the workspace stands for.
    fn alias(&self, full: Name, args: &[Rt], depth: u8) -> Option<Rt> {
        let Some(Item::Type(file, ix)) = self.paths.item(full) else { return None };
        let decl = &self.code[file.0 as usize]?[ix];
        if decl.kind != TypeKind::Alias {
            return None;
        }
        let module = join(self.homes[file.0 as usize].module, decl.module);
        let place = Place { module, params: &decl.type_params, this: None };
        let target = self.at_depth(place, decl.supers.first()?, depth + 4);
        Some(substitute(&target, &decl.type_params, args, 0))
    }
}

/// Puts arguments in place of parameters.
pub(super) fn substitute(ty: &Rt, params: &[Name], args: &[Rt], depth: u8) -> Rt {
    if depth > 12 || params.is_empty() || args.is_empty() {
        return ty.clone();
    }
    if let Some(param) = ty.name.as_str().strip_prefix('\'') {
        let at = params.iter().position(|p| p.as_str() == param);
        return at.and_then(|at| args.get(at)).cloned().unwrap_or_else(|| ty.clone());
    }
    Rt { name: ty.name, args: ty.args.iter().map(|a| substitute(a, params, args, depth + 1)).collect() }
}
