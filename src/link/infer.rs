//! Static types of expressions, as far as they can be told without a class path.

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::CodeFacts;
use crate::facts::code::{
    CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, LocalIx, Mods, TypeIx, TypeRef, Usage,
};
use crate::source::FileIx;
use crate::text::Name;

/// How far a chain of expressions is followed.
const DEPTH: u16 = 48;

/// A type with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ty {
    pub sym: Sym,
    pub args: Vec<Option<Ty>>,
    /// An array: its elements have the type.
    pub array: bool,
}

impl Ty {
    fn plain(sym: Sym) -> Self {
        Self { sym, args: Vec::new(), array: false }
    }
    fn outside(name: &str) -> Self {
        Self::plain(Sym::Outside(Name::new(name)))
    }
}

/// What a base expression stands for.
#[derive(Clone, Debug)]
pub(super) enum Base {
    /// An object of this type.
    Value(Ty),
    /// The type itself.
    Type(Sym),
}

impl Base {
    pub(super) fn sym(&self) -> Sym {
        match self {
            Self::Value(ty) => ty.sym,
            Self::Type(sym) => *sym,
        }
    }
}

impl Linked<'_> {
    /// The type that a reference means.
    pub fn resolve_ref(&self, file: FileIx, around: Option<TypeIx>, ty: &TypeRef) -> Option<Ty> {
        self.ref_to_ty(file, around, ty, 0)
    }

    fn ref_to_ty(&self, file: FileIx, around: Option<TypeIx>, ty: &TypeRef, depth: u16) -> Option<Ty> {
        let sym = self.resolve_name(file, around, ty.name)?;
        let args = if depth < 6 {
            ty.args.iter().map(|a| self.ref_to_ty(file, around, a, depth + 1)).collect()
        } else {
            Vec::new()
        };
        Some(Ty { sym, args, array: ty.dims > 0 })
    }

    /// The type of an expression.
    pub fn type_of(&self, file: FileIx, expr: ExprIx) -> Option<Ty> {
        self.infer(file, expr, 0)
    }

    pub(super) fn infer(&self, file: FileIx, expr: ExprIx, depth: u16) -> Option<Ty> {
        if depth > DEPTH || !self.is_java(file) {
            return None;
        }
        if !self.is_java(file) {
            return self.rust_type_of(file, expr).map(|name| Ty::plain(Sym::Outside(name)));
        }
        let facts = self.facts(file)?;
        let e = &facts[expr];
        let around = self.type_of_callable(file, e.callable);
        match &e.kind {
            ExprKind::Local(local) => self.infer_local(file, *local, depth + 1),
            ExprKind::Name(name) => match self.find_field(file, around, *name) {
                Some((_, owner_file, field)) => self.field_type(owner_file, field),
                None => self.inherited_member(file, around, *name),
            },
            ExprKind::Select { base, name } => match self.base(file, *base, depth + 1)? {
                // `Outer.this`
                Base::Type(sym) if name.as_str() == "this" => Some(Ty::plain(sym)),
                Base::Value(ty) if ty.array => None,
                base => {
                    let id = match base.sym() {
                        Sym::Here(id) => id,
                        // Constants of outside types stand among what methods return.
                        Sym::Outside(owner) => {
                            return self
                                .instantiate(self.catalog.returns(owner, *name)?, &Ty::plain(Sym::Outside(owner)));
                        }
                    };
                    if let Some((owner_file, field)) = self.member_field(id, *name) {
                        return self.field_type(owner_file, field);
                    }
                    let info = &self.types[id];
                    let is_constant = self.facts(info.file)?[info.ix].constants.contains(name);
                    is_constant.then(|| Ty::plain(Sym::Here(id)))
                }
            },
            ExprKind::Call { base, name, args } => self.infer_call(file, *base, *name, args, around, depth + 1),
            ExprKind::New { ty, body, .. } => match body {
                Some(body) => Some(Ty::plain(Sym::Here(self.types.id(file, *body)))),
                None => self.resolve_ref(file, around, ty),
            },
            ExprKind::Cast { ty, .. } => self.resolve_ref(file, around, ty),
            ExprKind::Literal(Literal::Text(_)) | ExprKind::Concat(_) => Some(Ty::outside("java.lang.String")),
            ExprKind::ClassLiteral(_) => Some(Ty::outside("java.lang.Class")),
            ExprKind::This => Some(Ty::plain(Sym::Here(self.types.id(file, around?)))),
            ExprKind::Super => {
                let id = self.types.id(file, around?);
                self.types[id].supers.first().map(|(sup, _)| Ty::plain(*sup))
            }
            ExprKind::Choice(options) => options.iter().find_map(|o| self.infer(file, *o, depth + 1)),
            _ => None,
        }
    }

    /// A field that a class inherits from a type outside the tree (`vertx` of a verticle).
    fn inherited_member(&self, file: FileIx, around: Option<TypeIx>, name: Name) -> Option<Ty> {
        self.enclosing_types(file, around).into_iter().find_map(|ix| {
            let id = self.types.id(file, ix);
            self.types.closure(self.catalog, Sym::Here(id)).iter().find_map(|sym| match *sym {
                Sym::Outside(owner) => self.catalog.member(owner, name).map(|ty| Ty::plain(Sym::Outside(ty))),
                Sym::Here(_) => None,
            })
        })
    }

    pub(super) fn infer_local(&self, file: FileIx, local: LocalIx, depth: u16) -> Option<Ty> {
        let facts = self.facts(file)?;
        let l = &facts[local];
        let around = self.type_of_callable(file, l.callable);
        if let Some(ty) = &l.ty
            && ty.name.as_str() != "var"
        {
            return self.resolve_ref(file, around, ty);
        }
        if depth > DEPTH {
            return None;
        }
        if l.param && facts[l.callable].kind == CallableKind::Lambda {
            return self.infer_lambda_param(file, local, depth + 1);
        }
        let init = l.init?;
        let ty = self.infer(file, init, depth + 1)?;
        // `for (var x : xs)`: the initialiser is the iterable, told by its usage.
        if matches!(facts[init].usage, Usage::ToLocal(_)) { Some(ty) } else { self.element(ty) }
    }

    fn element(&self, ty: Ty) -> Option<Ty> {
        if ty.array {
            return Some(Ty { array: false, ..ty });
        }
        ty.args.into_iter().next().flatten()
    }

    fn infer_lambda_param(&self, file: FileIx, local: LocalIx, depth: u16) -> Option<Ty> {
        let facts = self.facts(file)?;
        let callable = facts[local].callable;
        let position = facts[callable].params.iter().position(|p| *p == local)?;
        let (call, _) = self.lambda_argument(file, callable)?;
        let ExprKind::Call { base: Some(base), name, .. } = &facts[call].kind else { return None };
        let receiver = match self.base(file, *base, depth + 1)? {
            Base::Value(ty) => ty,
            Base::Type(sym) => Ty::plain(sym),
        };
        self.types.closure(self.catalog, receiver.sym).iter().find_map(|sym| {
            let params = self.catalog.lambda_params(self.types.name(*sym), *name)?;
            self.instantiate(*params.get(position)?, &receiver)
        })
    }

    /// What stands before a dot: a value or a type.
    pub(super) fn base(&self, file: FileIx, expr: ExprIx, depth: u16) -> Option<Base> {
        if depth > DEPTH {
            return None;
        }
        let facts = self.facts(file)?;
        let e = &facts[expr];
        if let Some(ty) = self.infer(file, expr, depth) {
            return Some(Base::Value(ty));
        }
        match &e.kind {
            ExprKind::Name(name) => {
                let around = self.type_of_callable(file, e.callable);
                self.resolve_name(file, around, *name).map(Base::Type)
            }
            ExprKind::Select { .. } => {
                let dotted = dotted_name(facts, expr)?;
                // A member that is no type is a value of unknown type.
                if !dotted.last_segment().starts_with(char::is_uppercase) {
                    return None;
                }
                let around = self.type_of_callable(file, e.callable);
                self.resolve_name(file, around, dotted).map(Base::Type)
            }
            _ => None,
        }
    }

    fn infer_call(
        &self,
        file: FileIx,
        base: Option<ExprIx>,
        name: Name,
        args: &[ExprIx],
        around: Option<TypeIx>,
        depth: u16,
    ) -> Option<Ty> {
        let receiver = match base {
            Some(base) => match self.base(file, base, depth)? {
                Base::Value(ty) => ty,
                Base::Type(sym) => Ty::plain(sym),
            },
            None => Ty::plain(self.unqualified_owner(file, around, name)?),
        };
        // `<T> T bean(Class<T> type)`: an object of the class that it is given.
        if self.returns_own_parameter(&receiver, name) {
            let facts = self.facts(file)?;
            let class = args.iter().rev().find_map(|arg| match &facts[*arg].kind {
                ExprKind::ClassLiteral(ty) => Some(ty),
                _ => None,
            });
            return class.and_then(|ty| self.resolve_ref(file, around, ty));
        }
        self.return_type(&receiver, name)
    }

    /// Is one of the methods of this name generic in what it returns?
    fn returns_own_parameter(&self, receiver: &Ty, name: Name) -> bool {
        self.types.closure(self.catalog, receiver.sym).iter().any(|sym| match *sym {
            Sym::Here(id) => self.facts(self.types[id].file).is_some_and(|facts| {
                self.types.methods(id, name).iter().map(|m| &facts[*m]).any(|callable| {
                    callable.returns.as_ref().is_some_and(|r| callable.type_params.contains(&r.name) && r.dims == 0)
                })
            }),
            Sym::Outside(_) => false,
        })
    }

    /// What `name` returns when called on `receiver`.
    fn return_type(&self, receiver: &Ty, name: Name) -> Option<Ty> {
        for sym in self.types.closure(self.catalog, receiver.sym).iter() {
            match *sym {
                Sym::Here(id) => {
                    let Some(callable) = self.types.methods(id, name).first() else { continue };
                    let info = &self.types[id];
                    let facts = self.facts(info.file)?;
                    let returns = facts[*callable].returns.as_ref()?;
                    if facts[*callable].type_params.contains(&returns.name) {
                        return None;
                    }
                    if let Some(at) = facts[info.ix].type_params.iter().position(|p| *p == returns.name) {
                        return receiver.args.get(at).cloned().flatten();
                    }
                    return self.resolve_ref(info.file, Some(info.ix), returns);
                }
                Sym::Outside(owner) => {
                    if let Some(returns) = self.catalog.returns(owner, name) {
                        return self.instantiate(returns, receiver);
                    }
                }
            }
        }
        if let Sym::Here(id) = receiver.sym
            && let Some((file, field)) = accessed(name).and_then(|field| self.member_field(id, field))
        {
            return self.field_type(file, field);
        }
        let outside = |sym: &Sym| matches!(sym, Sym::Outside(_));
        (outside(&receiver.sym) && is_fluent(self.types.name(receiver.sym), name)).then(|| receiver.clone())
    }

    /// A catalogue type (`$0`, `this`, `java.util.Set<$0>`) for a receiver.
    fn instantiate(&self, pattern: Name, receiver: &Ty) -> Option<Ty> {
        if pattern.as_str() == "this" {
            return Some(receiver.clone());
        }
        if let Some(index) = pattern.strip_prefix('$') {
            return receiver.args.get(index.parse::<usize>().ok()?).cloned().flatten();
        }
        let Some((name, args)) = pattern.split_once('<') else { return Some(Ty::outside(&pattern)) };
        let args = split_arguments(args.strip_suffix('>').unwrap_or(args));
        let args = args.into_iter().map(|a| self.instantiate(Name::new(a), receiver)).collect();
        Some(Ty { args, ..Ty::outside(name) })
    }

    /// The type whose method an unqualified call means: the innermost one that has or inherits it,
    /// a static import, or the innermost type when nothing is known.
    pub(super) fn unqualified_owner(&self, file: FileIx, around: Option<TypeIx>, name: Name) -> Option<Sym> {
        let chain = self.enclosing_types(file, around);
        for ix in &chain {
            let id = self.types.id(file, *ix);
            if self.find_method(Sym::Here(id), name).is_some() {
                return Some(Sym::Here(id));
            }
        }
        let scope = &self.scopes[file.0 as usize];
        if let Some((owner, _)) = scope.static_members(name).first().and_then(|path| path.rsplit_once('.')) {
            return self.resolve_full(file, Name::new(owner));
        }
        for owner in scope.static_wildcards() {
            let sym = self.resolve_full(file, *owner)?;
            let known = match sym {
                Sym::Here(_) => self.find_method(sym, name).is_some(),
                Sym::Outside(owner) => self.catalog.returns(owner, name).is_some(),
            };
            if known {
                return Some(sym);
            }
        }
        // An inherited method of a class outside the tree.
        let inherits =
            |id: TypeId| self.types.closure(self.catalog, Sym::Here(id)).iter().any(|s| matches!(s, Sym::Outside(_)));
        let ids = chain.iter().map(|ix| self.types.id(file, *ix));
        ids.clone().find(|id| inherits(*id)).or_else(|| ids.clone().next()).map(Sym::Here)
    }

    /// The declaration of a method on a type or its supertypes in the workspace.
    pub fn find_method(&self, sym: Sym, name: Name) -> Option<(TypeId, CallableIx)> {
        self.types.closure(self.catalog, sym).iter().find_map(|sym| match *sym {
            Sym::Here(id) => self.types.methods(id, name).first().map(|m| (id, *m)),
            Sym::Outside(_) => None,
        })
    }

    /// The field that a simple name means inside a type: its own, an outer or inherited one, or a
    /// static import.
    pub fn find_field(&self, file: FileIx, around: Option<TypeIx>, name: Name) -> Option<(TypeId, FileIx, FieldIx)> {
        for ix in self.enclosing_types(file, around) {
            let id = self.types.id(file, ix);
            if let Some((file, field)) = self.member_field(id, name) {
                return Some((id, file, field));
            }
        }
        for path in self.scopes[file.0 as usize].static_members(name) {
            let (owner, _) = path.rsplit_once('.')?;
            if let Some(Sym::Here(id)) = self.resolve_full(file, Name::new(owner))
                && let Some((file, field)) = self.member_field(id, name)
            {
                return Some((id, file, field));
            }
        }
        for owner in self.scopes[file.0 as usize].static_wildcards() {
            if let Some(Sym::Here(id)) = self.resolve_full(file, *owner)
                && let Some((file, field)) = self.member_field(id, name)
            {
                return Some((id, file, field));
            }
        }
        None
    }

    /// A field of a type or of its supertypes in the workspace.
    pub fn member_field(&self, id: TypeId, name: Name) -> Option<(FileIx, FieldIx)> {
        self.types.closure(self.catalog, Sym::Here(id)).iter().find_map(|sym| match *sym {
            Sym::Here(id) => self.types.field(id, name).map(|f| (self.types[id].file, f)),
            Sym::Outside(_) => None,
        })
    }

    /// The field that an expression reads or writes.
    pub fn field_of(&self, file: FileIx, expr: ExprIx) -> Option<(FileIx, FieldIx)> {
        if !self.is_java(file) {
            return self.rust_field_of(file, expr);
        }
        let facts = self.facts(file)?;
        let e = &facts[expr];
        match &e.kind {
            ExprKind::Name(name) => {
                let around = self.type_of_callable(file, e.callable);
                self.find_field(file, around, *name).map(|(_, file, field)| (file, field))
            }
            // `Outer.this.field` is set within a call-back, whose moment is not known.
            ExprKind::Select { base, .. } if is_outer_this(facts, *base) => None,
            ExprKind::Select { base, name } => match self.base(file, *base, 0)?.sym() {
                Sym::Here(id) => self.member_field(id, *name),
                Sym::Outside(_) => None,
            },
            _ => None,
        }
    }

    fn field_type(&self, file: FileIx, field: FieldIx) -> Option<Ty> {
        let facts = self.facts(file)?;
        let f = &facts[field];
        self.resolve_ref(file, f.owner, &f.ty)
    }

    /// The call or construction that a lambda is given to, and its position there.
    pub fn lambda_argument(&self, file: FileIx, callable: CallableIx) -> Option<(ExprIx, u8)> {
        let lambda = self.lambdas.get(file.0 as usize)?.get(&callable)?;
        match self.facts(file)?[*lambda].usage {
            Usage::Argument(call, at) => Some((call, at)),
            _ => None,
        }
    }

    /// Does a field hold for the class rather than for each object?
    pub fn is_static(&self, file: FileIx, field: FieldIx) -> bool {
        self.facts(file).is_some_and(|f| f[field].mods.has(Mods::STATIC))
    }
}

fn is_outer_this(facts: &CodeFacts, expr: ExprIx) -> bool {
    matches!(&facts[expr].kind, ExprKind::Select { name, .. } if name.as_str() == "this")
}

/// `a.b.C` from a chain of selects over a plain name.
pub(super) fn dotted_name(facts: &CodeFacts, expr: ExprIx) -> Option<Name> {
    let mut parts = Vec::new();
    let mut at = expr;
    while parts.len() < 32 {
        match &facts[at].kind {
            ExprKind::Select { base, name } => {
                parts.push(*name);
                at = *base;
            }
            ExprKind::Name(name) => {
                parts.push(*name);
                parts.reverse();
                let parts: Vec<&str> = parts.iter().map(|p| p.as_str()).collect();
                return Some(Name::new(&parts.join(".")));
            }
            _ => return None,
        }
    }
    None
}

fn split_arguments(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut start = 0;
    let mut out = Vec::new();
    for (i, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            ',' if depth == 0 => {
                out.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    out.push(text[start..].trim());
    out
}

/// The field behind `getName()` or `isReady()`: asked for where no such method is declared, as Lombok writes it.
fn accessed(name: Name) -> Option<Name> {
    let rest = name.strip_prefix("get").or_else(|| name.strip_prefix("is"))?;
    let first = rest.chars().next().filter(char::is_ascii_uppercase)?;
    Some(Name::new(&format!("{}{}", first.to_ascii_lowercase(), &rest[1..])))
}

/// Builders outside the tree return themselves unless the method builds or gets something.
fn is_fluent(owner: Name, method: Name) -> bool {
    let terminal = ["build", "get", "is", "has", "create", "execute", "run", "start", "call", "to"];
    let builder = owner.last_segment().ends_with("Builder");
    let setter = ["with", "set", "add", "enable", "disable", "use"].iter().any(|p| method.starts_with(p));
    (builder || setter) && !terminal.iter().any(|t| method.starts_with(t))
}
