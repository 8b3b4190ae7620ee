//! From a simple name to the type it means, by the language's own order of look-up.

use rustc_hash::FxHashMap;

use super::Linked;
use super::catalog::Externals;
use super::types::{Sym, TypeId};
use crate::facts::CodeFacts;
use crate::facts::code::TypeIx;
use crate::source::FileIx;
use crate::text::Name;

/// An imported type, taken apart once.
#[derive(Clone, Copy)]
struct Imported {
    fqn: Name,
    package: Name,
    simple: Name,
}

impl Imported {
    fn new(fqn: Name) -> Self {
        let (package, simple) = fqn.rsplit_once('.').unwrap_or(("", &fqn));
        Self { fqn, package: Name::new(package), simple: Name::new(simple) }
    }
}

/// What a file imports.
#[derive(Default)]
pub struct FileScope {
    /// Simple name to what is imported.
    single: FxHashMap<Name, Imported>,
    /// Packages and types imported with a wildcard.
    wildcards: Vec<Name>,
    /// Simple member name to `Type.member`.
    statics: FxHashMap<Name, Vec<Name>>,
    static_wildcards: Vec<Name>,
    /// Simple name to fully-qualified name, for what wildcards and `java.lang` are known to bring.
    known: FxHashMap<Name, Name>,
}

impl FileScope {
    pub(crate) fn new(facts: &CodeFacts, externals: &Externals) -> Self {
        let mut scope = Self::default();
        for import in &facts.imports {
            match (import.is_static, import.wildcard) {
                (false, false) => {
                    let imported = Imported::new(import.path);
                    scope.single.insert(imported.simple, imported);
                }
                (false, true) => scope.wildcards.push(import.path),
                (true, false) => {
                    scope.statics.entry(Name::new(import.path.last_segment())).or_default().push(import.path);
                }
                (true, true) => scope.static_wildcards.push(import.path),
            }
        }
        // Only names that occur are looked up: types, annotations and expressions of this file.
        let mut occurring: Vec<Name> = Vec::new();
        let mut add = |name: Name| {
            let head = name.split('.').next().unwrap_or("");
            if head.starts_with(char::is_uppercase) {
                occurring.push(if head.len() == name.len() { name } else { Name::new(head) });
            }
        };
        visit_type_names(facts, &mut add);
        occurring.sort_unstable();
        occurring.dedup();
        for simple in occurring {
            let hit = scope.wildcards.iter().find(|package| externals.has(**package, simple));
            if let Some(package) = hit {
                scope.known.insert(simple, Name::new(&format!("{package}.{simple}")));
            } else if externals.is_java_lang(simple) {
                scope.known.insert(simple, Name::new(&format!("java.lang.{simple}")));
            }
        }
        scope
    }

    /// Members that a static import may mean: `Type.member`.
    pub(crate) fn static_members(&self, member: Name) -> &[Name] {
        self.statics.get(&member).map_or(&[], Vec::as_slice)
    }

    /// Types whose members are imported with a wildcard.
    pub(crate) fn static_wildcards(&self) -> &[Name] {
        &self.static_wildcards
    }
}

/// Calls `add` with every name of the facts that may mean a type.
fn visit_type_names(facts: &CodeFacts, add: &mut dyn FnMut(Name)) {
    use crate::facts::code::{ExprKind, TypeRef};
    fn all(ty: &TypeRef, add: &mut dyn FnMut(Name), depth: u8) {
        add(ty.name);
        if depth < 16 {
            ty.args.iter().for_each(|arg| all(arg, add, depth + 1));
        }
    }
    for decl in &facts.types {
        decl.supers.iter().for_each(|t| all(t, add, 0));
    }
    for callable in &facts.callables {
        callable.returns.iter().for_each(|t| all(t, add, 0));
    }
    facts.fields.iter().for_each(|f| all(&f.ty, add, 0));
    facts.locals.iter().flat_map(|l| &l.ty).for_each(|t| all(t, add, 0));
    facts.annotations.iter().for_each(|a| add(a.name));
    for expr in &facts.exprs {
        match &expr.kind {
            ExprKind::Name(name) => add(*name),
            ExprKind::New { ty, .. } | ExprKind::ClassLiteral(ty) | ExprKind::Cast { ty, .. } => all(ty, add, 0),
            _ => {}
        }
    }
}

impl Linked<'_> {
    /// The type that a name means inside `around`: simple (`Map`), nested (`Map.Entry`) or full.
    pub fn resolve_name(&self, file: FileIx, around: Option<TypeIx>, name: Name) -> Option<Sym> {
        if !self.is_java(file) {
            return Some(Sym::Outside(self.rust_name(file, name)));
        }
        if name.is_empty() || name.as_str() == "var" {
            return None;
        }
        let (head, rest) = match name.split_once('.') {
            Some((head, rest)) => (Name::new(head), Some(rest)),
            None => (name, None),
        };
        match (self.resolve_simple(file, around, head), rest) {
            (Some(sym), None) => Some(sym),
            (Some(sym), Some(rest)) => Some(self.descend(sym, rest)),
            (None, None) => None,
            (None, Some(_)) => self.resolve_full(file, name),
        }
    }

    /// `java.util.Map.Entry`, when the leading segments look like a package.
    pub(super) fn resolve_full(&self, file: FileIx, name: Name) -> Option<Sym> {
        let mut package_end = None;
        let mut from = 0;
        for segment in name.split('.') {
            if segment.starts_with(char::is_uppercase) {
                package_end = Some(from);
                break;
            }
            from += segment.len() + 1;
        }
        let end = package_end?;
        if end == 0 {
            return None;
        }
        let package = Name::new(&name[..end - 1]);
        let rest = &name[end..];
        let (simple, inner) = rest.split_once('.').map_or((rest, None), |(s, r)| (s, Some(r)));
        match self.pick(file, self.types.top(package, Name::new(simple)), true) {
            Some(id) => Some(inner.map_or(Sym::Here(id), |inner| self.descend(Sym::Here(id), inner))),
            None => Some(Sym::Outside(name)),
        }
    }

    fn descend(&self, sym: Sym, rest: &str) -> Sym {
        let mut at = sym;
        for segment in rest.split('.') {
            let segment = Name::new(segment);
            let here = match at {
                Sym::Here(id) => self.nested_or_inherited(id, segment, 0),
                Sym::Outside(_) => None,
            };
            at = match here {
                Some(sym) => sym,
                None => Sym::Outside(Name::new(&format!("{}.{segment}", self.types.name(at)))),
            };
        }
        at
    }

    fn nested_or_inherited(&self, id: TypeId, simple: Name, depth: u8) -> Option<Sym> {
        if let Some(found) = self.types.nested(id, simple) {
            return Some(Sym::Here(found));
        }
        if depth > 8 {
            return None;
        }
        self.types[id].supers.iter().find_map(|(sup, _)| match sup {
            Sym::Here(sup) => self.nested_or_inherited(*sup, simple, depth + 1),
            Sym::Outside(_) => None,
        })
    }

    fn resolve_simple(&self, file: FileIx, around: Option<TypeIx>, simple: Name) -> Option<Sym> {
        let facts = self.facts(file)?;
        let scope = &self.scopes[file.0 as usize];
        for ix in self.enclosing(file, around) {
            let decl = &facts[ix];
            if decl.type_params.contains(&simple) {
                return None;
            }
            let id = self.types.id(file, ix);
            if decl.name == simple {
                return Some(Sym::Here(id));
            }
            if let Some(found) = self.nested_or_inherited(id, simple, 0) {
                return Some(found);
            }
        }
        if let Some(local) = facts.types.iter().position(|t| t.name == simple && t.callable.is_some()) {
            return Some(Sym::Here(self.types.id(file, TypeIx(local as u32))));
        }
        if let Some(imported) = scope.single.get(&simple) {
            return Some(self.import_target(file, *imported));
        }
        if let Some(id) = self.pick(file, self.types.top(facts.package, simple), false) {
            return Some(Sym::Here(id));
        }
        for package in &scope.wildcards {
            if let Some(id) = self.pick(file, self.types.top(*package, simple), true) {
                return Some(Sym::Here(id));
            }
            if let Some(Sym::Here(outer)) = self.resolve_full(file, *package)
                && let Some(found) = self.nested_or_inherited(outer, simple, 0)
            {
                return Some(found);
            }
        }
        if let Some(fqn) = scope.known.get(&simple) {
            return Some(Sym::Outside(*fqn));
        }
        let imported = scope.statics.get(&simple).and_then(|paths| paths.first());
        imported.map(|path| self.import_target(file, Imported::new(*path)))
    }

    fn import_target(&self, file: FileIx, imported: Imported) -> Sym {
        let Imported { fqn, package, simple } = imported;
        if !package.is_empty() {
            if let Some(id) = self.pick(file, self.types.top(package, simple), true) {
                return Sym::Here(id);
            }
            if package.rsplit('.').next().is_some_and(|s| s.starts_with(char::is_uppercase)) {
                return self.resolve_full(file, fqn).unwrap_or(Sym::Outside(fqn));
            }
        }
        Sym::Outside(fqn)
    }

    /// Of several modules' copies of a type the one that this file sees: its own unit's, then its
    /// libraries', then (only for names that were imported) a sole copy anywhere.
    fn pick(&self, file: FileIx, candidates: &[TypeId], imported: bool) -> Option<TypeId> {
        if candidates.is_empty() {
            return None;
        }
        let unit = self.unit(file);
        let of = |id: TypeId| self.types[id].unit;
        if let Some(id) = candidates.iter().find(|id| self.types[**id].file == file) {
            return Some(*id);
        }
        if let Some(id) = candidates.iter().find(|id| of(**id) == unit) {
            return Some(*id);
        }
        let libraries = unit.map_or(&[][..], |u| &self.units[u].libraries);
        if let Some(id) = candidates.iter().find(|id| of(**id).is_some_and(|u| libraries.contains(&u))) {
            return Some(*id);
        }
        match candidates {
            [only] if imported => Some(*only),
            _ => None,
        }
    }
}
