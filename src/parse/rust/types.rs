//! Types and paths as written.

use syn::{
    GenericArgument, GenericParam, Generics, Path, PathArguments, QSelf, ReturnType, Type, TypeParamBound,
    WherePredicate,
};

use crate::facts::code::TypeRef;
use crate::text::{Name, Span};

use super::places::join;
use super::walker::Walker;

/// Traits of what is read, written, shown or sent.
const DATA: &[&str] = &[
    "Read",
    "BufRead",
    "AsyncRead",
    "AsyncBufRead",
    "Write",
    "AsyncWrite",
    "Stream",
    "Sink",
    "Iterator",
    "IntoIterator",
    "Display",
    "Debug",
    "ToString",
    "Into",
    "AsRef",
    "Serialize",
    "Deserialize",
    "DeserializeOwned",
];

/// Traits of what runs.
const RUNS: &[&str] = &["Future", "IntoFuture", "Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"];

impl Walker<'_> {
    /// A path without its generic arguments: `a::b`.
    pub(super) fn path_name(&self, path: &Path) -> Name {
        match path.segments.first() {
            Some(only) if path.segments.len() == 1 => self.name(&only.ident),
            _ => self.joined(path, 0, None),
        }
    }

    /// A path that may begin with a type: `<Vec<T> as Trait>::f` is `Vec::f`.
    pub(super) fn qualified_name(&self, qself: Option<&QSelf>, path: &Path) -> Name {
        match qself {
            Some(qself) => self.joined(path, qself.position, Some(self.type_ref(&qself.ty).name)),
            None => self.path_name(path),
        }
    }

    fn joined(&self, path: &Path, skip: usize, first: Option<Name>) -> Name {
        let segments = path.segments.iter().skip(skip).map(|segment| self.name(&segment.ident).as_str());
        let names: Vec<_> = first.iter().map(|name| name.as_str()).chain(segments).collect();
        Name::new(&names.join("::"))
    }

    /// Where a path stands, from its first to its last name.
    pub(super) fn path_span(&self, path: &Path) -> Span {
        match (path.segments.first(), path.segments.last()) {
            (Some(first), Some(last)) => self.places.between(first.ident.span(), last.ident.span()),
            _ => Span::default(),
        }
    }

    /// A path as a type.
    pub(super) fn path_type(&self, path: &Path) -> TypeRef {
        let args = path.segments.last().map_or_else(Vec::new, |segment| self.path_args(&segment.arguments));
        TypeRef { name: self.path_name(path), args: args.into(), dims: 0, span: self.path_span(path) }
    }

    fn path_args(&self, arguments: &PathArguments) -> Vec<TypeRef> {
        match arguments {
            PathArguments::None => Vec::new(),
            PathArguments::AngleBracketed(args) => args
                .args
                .iter()
                .filter_map(|arg| match arg {
                    GenericArgument::Type(ty) => Some(self.type_ref(ty)),
                    GenericArgument::AssocType(assoc) => Some(self.type_ref(&assoc.ty)),
                    GenericArgument::Constraint(constraint) => self.first_bound(constraint.bounds.iter()),
                    _ => None,
                })
                .collect(),
            PathArguments::Parenthesized(args) => {
                let inputs = args.inputs.iter().map(|input| self.type_ref(&input.ty));
                inputs.chain(self.returned(&args.output)).collect()
            }
        }
    }

    fn first_bound<'b>(&self, mut bounds: impl Iterator<Item = &'b TypeParamBound>) -> Option<TypeRef> {
        bounds.find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(self.path_type(&bound.path)),
            _ => None,
        })
    }

    /// The traits of a list of bounds.
    pub(super) fn bounds<'b>(&self, bounds: impl Iterator<Item = &'b TypeParamBound>) -> Vec<TypeRef> {
        bounds.filter_map(|bound| self.first_bound(std::iter::once(bound))).collect()
    }

    /// A type; references, pointers and brackets are peeled, `impl` and `dyn` give their first trait.
    pub(super) fn type_ref(&self, ty: &Type) -> TypeRef {
        let named = |name: &str, args: Vec<TypeRef>, span: Span| TypeRef {
            name: Name::new(name),
            args: args.into(),
            dims: 0,
            span,
        };
        match ty {
            Type::Path(path) => {
                let mut of = self.path_type(&path.path);
                if path.qself.is_some() {
                    of.name = self.qualified_name(path.qself.as_ref(), &path.path);
                }
                of
            }
            Type::Reference(reference) => self.type_ref(&reference.elem),
            Type::Ptr(pointer) => self.type_ref(&pointer.elem),
            Type::Paren(paren) => self.type_ref(&paren.elem),
            Type::Group(group) => self.type_ref(&group.elem),
            Type::Slice(slice) => self.array_of(&slice.elem),
            Type::Array(array) => self.array_of(&array.elem),
            Type::Tuple(tuple) => {
                let elems = tuple.elems.iter().map(|elem| self.type_ref(elem)).collect();
                named("()", elems, self.places.group(&tuple.paren_token.span))
            }
            Type::ImplTrait(of) => {
                let span = self.places.of(of.impl_token.span);
                self.first_bound(of.bounds.iter()).unwrap_or_else(|| named("impl", Vec::new(), span))
            }
            Type::TraitObject(of) => {
                self.first_bound(of.bounds.iter()).unwrap_or_else(|| named("dyn", Vec::new(), Span::default()))
            }
            Type::FnPtr(pointer) => {
                let inputs = pointer.inputs.iter().map(|input| self.type_ref(&input.ty));
                let args = inputs.chain(self.returned(&pointer.output)).collect();
                named("fn", args, self.places.of(pointer.fn_token.span))
            }
            Type::Macro(of) => {
                let span = self.path_span(&of.mac.path);
                named(&format!("{}!", self.path_name(&of.mac.path)), Vec::new(), span)
            }
            Type::Never(never) => named("!", Vec::new(), self.places.of(never.bang_token.span)),
            Type::Infer(infer) => named("_", Vec::new(), self.places.of(infer.underscore_token.span)),
            _ => named("_", Vec::new(), Span::default()),
        }
    }

    fn array_of(&self, elem: &Type) -> TypeRef {
        let mut of = self.type_ref(elem);
        of.dims = of.dims.saturating_add(1);
        of
    }

    /// A return type; none for `()`.
    pub(super) fn returned(&self, output: &ReturnType) -> Option<TypeRef> {
        match output {
            ReturnType::Type(_, ty) if !matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()) => {
                Some(self.type_ref(ty))
            }
            _ => None,
        }
    }

    /// The names of type parameters.
    pub(super) fn type_params(&self, generics: &Generics) -> Vec<Name> {
        let names = generics.params.iter().filter_map(|param| match param {
            GenericParam::Type(param) => Some(self.name(&param.ident)),
            _ => None,
        });
        names.collect()
    }

    /// The type parameters whose bounds, here or in `where`, say that they hold data, and none that they run.
    pub(super) fn data_params(&self, generics: &Generics) -> Vec<Name> {
        let mut out = Vec::new();
        for param in generics.type_params() {
            let mut bounds: Vec<&TypeParamBound> = param.bounds.iter().collect();
            for predicate in generics.where_clause.iter().flat_map(|w| &w.predicates) {
                if let WherePredicate::Type(of) = predicate
                    && matches!(&of.bounded_ty, Type::Path(path) if path.path.is_ident(&param.ident))
                {
                    bounds.extend(&of.bounds);
                }
            }
            let named = |words: &[&str]| {
                bounds.iter().any(|b| match b {
                    TypeParamBound::Trait(of) => {
                        of.path.segments.last().is_some_and(|last| words.iter().any(|w| last.ident == *w))
                    }
                    _ => false,
                })
            };
            if named(DATA) && !named(RUNS) {
                out.push(self.name(&param.ident));
            }
        }
        out
    }

    /// A path of an expression, from its first token to its last.
    pub(super) fn whole_path_span(&self, qself: Option<&QSelf>, path: &Path) -> Span {
        let names = self.path_span(path);
        let first = qself.map_or(names, |qself| self.places.of(qself.lt_token.span));
        let last = match path.segments.last().map(|segment| &segment.arguments) {
            Some(PathArguments::AngleBracketed(args)) => self.places.of(args.gt_token.span),
            _ => names,
        };
        join(first, last)
    }
}
