//! Paths in full: `use`, aliases, globs, re-exports, the names of other crates, the prelude.

use rustc_hash::{FxHashMap, FxHashSet};

use super::modules::{Home, Modules, join};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, FieldIx, TypeIx, TypeKind};
use crate::source::FileIx;
use crate::text::Name;

/// Something that the workspace declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Module,
    Type(FileIx, TypeIx),
    Function(FileIx, CallableIx),
    Static(FileIx, FieldIx),
}

/// What the `use` declarations of a module bring.
#[derive(Default)]
struct Uses {
    names: FxHashMap<Name, Name>,
    globs: Vec<Name>,
    package: Option<u32>,
    root: Name,
}

/// All paths of the workspace.
#[derive(Default)]
pub(super) struct Paths {
    /// Modules and types.
    items: FxHashMap<Name, Item>,
    /// Functions and statics: they share names with modules and types without hiding them.
    values: FxHashMap<Name, Item>,
    uses: FxHashMap<Name, Uses>,
    /// Targets of type aliases, in the words of their module.
    aliases: FxHashMap<Name, (Name, Name)>,
    twins: FxHashMap<Name, Name>,
    externs: Vec<FxHashMap<Name, Name>>,
    /// Paths of other crates that rules name, and what they begin with.
    known: FxHashSet<Name>,
    roots: FxHashSet<Name>,
}

/// Bounds one resolution: steps left, and the modules whose globs are being looked through.
struct Search {
    fuel: u32,
    trail: Vec<Name>,
}

impl Search {
    fn step(&mut self) -> Option<()> {
        self.fuel = self.fuel.checked_sub(1)?;
        Some(())
    }
}

impl Paths {
    pub(super) fn new(modules: Modules, code: &[Option<&CodeFacts>], known: &[Name]) -> (Self, Vec<Home>) {
        let mut paths = Self::default();
        for name in known {
            let mut at = *name;
            while paths.known.insert(at)
                && let Some((outer, _)) = at.as_str().rsplit_once("::")
            {
                at = Name::new(outer);
            }
        }
        paths.twins = modules.twins.into_iter().collect();
        paths.externs = modules.packages.into_iter().map(|p| p.externs).collect();
        for (i, facts) in code.iter().enumerate() {
            let home = modules.homes[i];
            if let Some(facts) = facts
                && !home.module.is_empty()
            {
                paths.roots.insert(home.root);
                paths.declare(FileIx(i as u32), facts, home);
            }
        }
        (paths, modules.homes)
    }

    fn declare(&mut self, file: FileIx, facts: &CodeFacts, home: Home) {
        let new = || Uses { package: home.package, root: home.root, ..Uses::default() };
        self.items.insert(home.module, Item::Module);
        self.uses.entry(home.module).or_insert_with(new);
        for module in &facts.modules {
            let full = join(join(home.module, module.within), module.name);
            if !module.external {
                self.items.insert(full, Item::Module);
                self.uses.entry(full).or_insert_with(new);
            }
        }
        for (i, ty) in facts.types.iter().enumerate() {
            let module = join(home.module, ty.module);
            let full = join(module, ty.name);
            self.items.entry(full).or_insert(Item::Type(file, TypeIx(i as u32)));
            if let (TypeKind::Alias, Some(target)) = (ty.kind, ty.supers.first()) {
                self.aliases.entry(full).or_insert((module, target.name));
            }
        }
        for (i, callable) in facts.callables.iter().enumerate() {
            if callable.kind == CallableKind::Function && callable.outer.is_none() {
                let full = join(join(home.module, callable.module), callable.name);
                self.values.entry(full).or_insert(Item::Function(file, CallableIx(i as u32)));
            }
        }
        for (i, field) in facts.fields.iter().enumerate().filter(|(_, f)| f.owner.is_none()) {
            let full = join(join(home.module, field.module), field.name);
            self.values.entry(full).or_insert(Item::Static(file, FieldIx(i as u32)));
        }
        for import in &facts.imports {
            let uses = self.uses.entry(join(home.module, import.module)).or_insert_with(new);
            if import.wildcard {
                uses.globs.push(import.path);
            } else {
                let name = import.alias.unwrap_or_else(|| Name::new(import.path.last_segment()));
                uses.names.entry(name).or_insert(import.path);
            }
        }
    }

    /// What the workspace declares under a full path; of a module and a function with one name, the module.
    pub(super) fn item(&self, path: Name) -> Option<Item> {
        self.items.get(&path).or_else(|| self.values.get(&path)).copied()
    }

    /// The same where a value is meant: of a module and a function with one name, the function.
    pub(super) fn value(&self, path: Name) -> Option<Item> {
        self.values.get(&path).or_else(|| self.items.get(&path)).copied()
    }

    /// A path as written in a module, in full.
    pub(super) fn resolve(&self, module: Name, path: Name) -> Name {
        let search = &mut Search { fuel: 160, trail: Vec::new() };
        let path = self.absolute(module, path, None, search);
        self.full(path, search)
    }

    /// With its first name resolved. `own` is the name that an import of this path gives.
    fn absolute(&self, module: Name, path: Name, own: Option<Name>, search: &mut Search) -> Name {
        let (head, rest) = split(path);
        let outer = |m: Name| m.as_str().rsplit_once("::").map_or(m, |(o, _)| Name::new(o));
        let uses = self.uses.get(&module);
        let base = match head.as_str() {
            "crate" | "$crate" => uses.map_or(module, |u| u.root),
            "self" => module,
            "super" => {
                let (mut at, mut rest) = (outer(module), rest);
                while split(rest).0.as_str() == "super" {
                    at = outer(at);
                    rest = split(rest).1;
                }
                return join(at, rest);
            }
            // `mod work; pub use work::work;`.
            _ if own == Some(head) && matches!(self.items.get(&join(module, head)), Some(Item::Module)) => {
                return join(join(module, head), rest);
            }
            _ if own == Some(head) => return self.external(module, head).map_or(path, |full| join(full, rest)),
            _ => match self.lookup(module, head, !rest.is_empty(), search) {
                Some(full) => full,
                None => self.external(module, head).or_else(|| prelude(&head)).unwrap_or(head),
            },
        };
        join(base, rest)
    }

    /// Is it the root module of a crate of the workspace?
    pub(super) fn is_root(&self, name: Name) -> bool {
        self.roots.contains(&name)
    }

    fn external(&self, module: Name, head: Name) -> Option<Name> {
        let full = match head.as_str() {
            "core" | "alloc" => Some(Name::new("std")),
            _ => self.externs.get(self.uses.get(&module)?.package? as usize)?.get(&head).copied(),
        }?;
        // A package whose library is elsewhere keeps its name.
        Some(full)
    }

    /// A name that a module declares or imports. A path that goes on (`leads`) cannot begin with a function.
    fn lookup(&self, module: Name, name: Name, leads: bool, search: &mut Search) -> Option<Name> {
        search.step()?;
        let full = join(module, name);
        // A function called like its module: `mod work; use work::work; work();`.
        if !leads
            && matches!(self.items.get(&full), Some(Item::Module))
            && let Some(path) = self.uses.get(&module).and_then(|u| u.names.get(&name))
            && path.last_segment() == name.as_str()
            && *path != name
        {
            return Some(self.absolute(module, *path, Some(name), search));
        }
        let declares = |full: &Name| self.items.contains_key(full) || (!leads && self.values.contains_key(full));
        if declares(&full) {
            return Some(full);
        }
        if let Some(twin) = self.twins.get(&full) {
            return Some(*twin);
        }
        let uses = self.uses.get(&module)?;
        if let Some(path) = uses.names.get(&name) {
            return Some(self.absolute(module, *path, Some(name), search));
        }
        if uses.globs.is_empty() || search.trail.contains(&module) {
            return None;
        }
        search.trail.push(module);
        let found = uses.globs.iter().find_map(|glob| {
            let from = self.absolute(module, *glob, None, search);
            let from = self.full(from, search);
            let full = join(from, name);
            if declares(&full) || self.known.contains(&full) {
                return Some(full);
            }
            match self.items.get(&from) {
                Some(Item::Module) => self.lookup(from, name, leads, search),
                _ => None,
            }
        });
        search.trail.pop();
        found
    }

    /// Re-exports and aliases followed.
    fn full(&self, path: Name, search: &mut Search) -> Name {
        let mut path = path;
        for _ in 0..24 {
            match self.step(path, search) {
                Some(next) if next != path => path = next,
                _ => break,
            }
        }
        path
    }

    fn step(&self, path: Name, search: &mut Search) -> Option<Name> {
        search.step()?;
        let (head, mut rest) = split(path);
        if !self.roots.contains(&head) {
            return None;
        }
        let mut at = head;
        while !rest.is_empty() {
            let (name, after) = split(rest);
            let next = join(at, name);
            match self.items.get(&next) {
                Some(Item::Module) => (at, rest) = (next, after),
                Some(Item::Type(..)) if !after.is_empty() => {
                    let (module, target) = self.aliases.get(&next)?;
                    return Some(join(self.absolute(*module, *target, Some(name), search), after));
                }
                Some(_) => return None,
                None if after.is_empty() && self.values.contains_key(&next) => return None,
                None => return Some(join(self.lookup(at, name, !after.is_empty(), search)?, after)),
            }
        }
        None
    }
}

/// The first name of a path, and the rest.
pub(super) fn split(path: Name) -> (Name, Name) {
    match path.as_str().split_once("::") {
        Some((head, rest)) => (Name::new(head), Name::new(rest)),
        None => (path, Name::default()),
    }
}

fn prelude(name: &str) -> Option<Name> {
    let full = match name {
        "Vec" => "std::vec::Vec",
        "String" => "std::string::String",
        "Box" => "std::boxed::Box",
        "Option" => "std::option::Option",
        "Result" => "std::result::Result",
        _ => return None,
    };
    Some(Name::new(full))
}
