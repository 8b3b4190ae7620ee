//! Rust paths: what each call, macro, attribute, type and trait implementation names in full.

use rustc_hash::FxHashMap;

use super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, Mods, Target, TypeIx, TypeRef};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// How a path is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RustUse {
    Call,
    Macro,
    Attribute,
    Type,
    Impl,
    Import,
}

impl RustUse {
    /// As written in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Macro => "macro",
            Self::Attribute => "attribute",
            Self::Type => "type",
            Self::Impl => "impl",
            Self::Import => "import",
        }
    }
}

/// A use of a path.
#[derive(Clone, Copy, Debug)]
pub struct RustPath {
    pub usage: RustUse,
    /// In full as far as known: `tokio::spawn`, `std::sync::Mutex`.
    pub path: Name,
    pub at: Span,
    pub expr: Option<ExprIx>,
    pub callable: Option<CallableIx>,
    pub ty: Option<TypeIx>,
    pub field: Option<FieldIx>,
    /// In test code.
    pub test: bool,
}

impl Linked<'_> {
    /// All path uses of a Rust file.
    pub fn rust_paths(&self, file: FileIx) -> Vec<RustPath> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        if self.is_java(file) {
            return Vec::new();
        }
        let uses = Uses::new(facts);
        let mut out = Vec::new();
        let in_test = |c: CallableIx| test_callable(facts, c);
        for (i, expr) in facts.exprs.iter().enumerate() {
            let ix = ExprIx(i as u32);
            let callable = Some(expr.callable);
            let (usage, path) = match &expr.kind {
                ExprKind::Call { base: None, name, .. } => (RustUse::Call, uses.resolve(*name)),
                ExprKind::Call { base: Some(base), name, .. } => {
                    let ty = self.rust_type_of(facts, &uses, *base, 0);
                    let method = match ty {
                        Some(ty) => format!("{ty}::{name}"),
                        None => format!("?::{name}"),
                    };
                    (RustUse::Call, Name::new(&method))
                }
                ExprKind::Macro { name, .. } => (RustUse::Macro, uses.resolve(*name)),
                ExprKind::New { ty, .. } => (RustUse::Call, uses.resolve(ty.name)),
                _ => continue,
            };
            let test = in_test(expr.callable);
            out.push(RustPath { usage, path, at: expr.at, expr: Some(ix), callable, ty: None, field: None, test });
        }
        for annotation in &facts.annotations {
            let (callable, ty, field, test) = match annotation.target {
                Target::Callable(c) => (Some(c), None, None, in_test(c)),
                Target::Type(t) => (None, Some(t), None, facts[t].mods.has(Mods::TEST)),
                Target::Field(f) => (None, facts[f].owner, Some(f), facts[f].mods.has(Mods::TEST)),
                _ => (None, None, None, false),
            };
            let path = uses.resolve(annotation.name);
            let usage = RustUse::Attribute;
            out.push(RustPath { usage, path, at: annotation.span, expr: None, callable, ty, field, test });
        }
        for (i, field) in facts.fields.iter().enumerate() {
            let test = field.mods.has(Mods::TEST) || field.owner.is_some_and(|o| facts[o].mods.has(Mods::TEST));
            let mut add = |path: Name| {
                out.push(RustPath {
                    usage: RustUse::Type,
                    path,
                    at: field.span,
                    expr: None,
                    callable: None,
                    ty: field.owner,
                    field: Some(FieldIx(i as u32)),
                    test,
                });
            };
            each_type(&field.ty, &uses, &mut add, 0);
        }
        for param in facts.locals.iter().filter(|l| l.param) {
            let (callable, test) = (Some(param.callable), in_test(param.callable));
            let Some(ty) = &param.ty else { continue };
            let mut add = |path: Name| {
                let usage = RustUse::Type;
                out.push(RustPath { usage, path, at: ty.span, expr: None, callable, ty: None, field: None, test });
            };
            each_type(ty, &uses, &mut add, 0);
        }
        let mut impls: FxHashMap<(Name, Name), ()> = FxHashMap::default();
        for (i, callable) in facts.callables.iter().enumerate() {
            if let (Some(of), Some(on)) = (&callable.of_trait, &callable.self_type)
                && impls.insert((of.name, on.name), ()).is_none()
            {
                let ix = CallableIx(i as u32);
                let path = uses.resolve(of.name);
                let usage = RustUse::Impl;
                let (test, ty) = (in_test(ix), callable.owner);
                out.push(RustPath { usage, path, at: of.span, expr: None, callable: Some(ix), ty, field: None, test });
            }
        }
        for import in &facts.imports {
            let usage = RustUse::Import;
            let (path, at) = (import.path, import.span);
            out.push(RustPath { usage, path, at, expr: None, callable: None, ty: None, field: None, test: false });
        }
        out
    }

    /// All types within a field's type, resolved.
    pub(super) fn rust_field_types(&self, file: FileIx, field: FieldIx) -> Vec<Name> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let uses = Uses::new(facts);
        let mut out = Vec::new();
        each_type(&facts[field].ty, &uses, &mut |name| out.push(name), 0);
        out
    }

    /// The type path of an expression, by declaration or construction.
    fn rust_type_of(&self, facts: &CodeFacts, uses: &Uses, expr: ExprIx, depth: u8) -> Option<Name> {
        if depth > 24 {
            return None;
        }
        match &facts[expr].kind {
            ExprKind::Local(local) => {
                let local = &facts[*local];
                match (&local.ty, local.init) {
                    (Some(ty), _) => Some(uses.inner(ty)),
                    (None, Some(init)) => self.rust_type_of(facts, uses, init, depth + 1),
                    _ => None,
                }
            }
            // `Type::new(..)`, `Type::builder()`: the type itself, as far as names tell.
            ExprKind::Call { base: None, name, .. } => {
                let path = uses.resolve(*name);
                let (ty, _) = path.rsplit_once("::")?;
                ty.rsplit("::").next()?.starts_with(char::is_uppercase).then(|| Name::new(ty))
            }
            ExprKind::Call { base: Some(base), .. } => self.rust_type_of(facts, uses, *base, depth + 1),
            ExprKind::New { ty, .. } => Some(uses.resolve(ty.name)),
            ExprKind::Select { base, name } => {
                let owner = match &facts[*base].kind {
                    ExprKind::This => self.rust_owner(facts, facts[expr].callable)?,
                    _ => {
                        let ty = self.rust_type_of(facts, uses, *base, depth + 1)?;
                        TypeIx(facts.types.iter().position(|t| t.name == ty)? as u32)
                    }
                };
                let field = facts.fields.iter().find(|f| f.owner == Some(owner) && f.name == *name)?;
                Some(uses.inner(&field.ty))
            }
            ExprKind::Name(name) => {
                let field = facts.fields.iter().find(|f| f.owner.is_none() && f.name == *name)?;
                Some(uses.inner(&field.ty))
            }
            _ => None,
        }
    }

    fn rust_owner(&self, facts: &CodeFacts, callable: CallableIx) -> Option<TypeIx> {
        let mut at = Some(callable);
        for _ in 0..64 {
            let c = &facts[at?];
            if c.owner.is_some() {
                return c.owner;
            }
            at = c.outer;
        }
        None
    }
}

/// Under `#[test]` or `#[cfg(test)]`.
fn test_callable(facts: &CodeFacts, callable: CallableIx) -> bool {
    let mut at = Some(callable);
    for _ in 0..128 {
        let Some(ix) = at else { return false };
        if facts[ix].mods.has(Mods::TEST) {
            return true;
        }
        at = facts[ix].outer;
    }
    false
}

/// Pointers and wrappers that method calls see through.
const TRANSPARENT: &[&str] = &[
    "Arc",
    "Rc",
    "Box",
    "Option",
    "Result",
    "LazyLock",
    "Lazy",
    "OnceLock",
    "OnceCell",
    "RefCell",
    "Mutex",
    "RwLock",
    "Data",
    "State",
    "Extension",
    "Pin",
    "Cow",
];

fn each_type(ty: &TypeRef, uses: &Uses, add: &mut dyn FnMut(Name), depth: u8) {
    add(uses.resolve(ty.name));
    if depth < 12 {
        ty.args.iter().for_each(|arg| each_type(arg, uses, add, depth + 1));
    }
}

/// What the `use` declarations of a file bring.
struct Uses {
    names: FxHashMap<Name, Name>,
}

impl Uses {
    fn new(facts: &CodeFacts) -> Self {
        let mut names = FxHashMap::default();
        for import in facts.imports.iter().filter(|i| !i.wildcard) {
            names.insert(import.alias.unwrap_or_else(|| Name::new(import.path.last_segment())), import.path);
        }
        Self { names }
    }

    fn resolve(&self, path: Name) -> Name {
        let (head, rest) = path.split_once("::").map_or((path.as_str(), None), |(h, r)| (h, Some(r)));
        match (self.names.get(&Name::new(head)), rest) {
            (Some(full), Some(rest)) => Name::new(&format!("{full}::{rest}")),
            (Some(full), None) => *full,
            (None, _) => path,
        }
    }

    /// The type that method calls reach through pointers and wrappers.
    fn inner(&self, ty: &TypeRef) -> Name {
        let mut at = ty;
        for _ in 0..8 {
            if TRANSPARENT.contains(&at.name.last_segment())
                && let [first, ..] = &*at.args
            {
                at = first;
            } else {
                break;
            }
        }
        self.resolve(at.name)
    }
}
