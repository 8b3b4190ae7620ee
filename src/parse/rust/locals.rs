//! Patterns to locals.

use syn::{Member, Pat, PatTupleStruct, Path};

use crate::facts::code::{ExprIx, ExprKind, Local, LocalIx, TypeRef, Usage};
use crate::text::{Name, Span};

use super::places::join;
use super::walker::{Walker, index};

impl Walker<'_> {
    /// A parameter. One that is taken apart (`State(state): State<App>`) is the parameter `_` plus a
    /// local for each name in it.
    pub(super) fn param(&mut self, pat: &Pat, ty: Option<TypeRef>) -> LocalIx {
        let (pat, ty) = match pat {
            Pat::Type(typed) => (&*typed.pat, Some(self.type_ref(&typed.ty))),
            _ => (pat, ty),
        };
        match peeled(pat) {
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let (name, span) = (self.name(&ident.ident), self.places.of(ident.ident.span()));
                self.add_local(name, ty, None, true, span)
            }
            other => {
                let span = self.pattern_span(other);
                let ix = self.add_local(Name::new("_"), ty.clone(), None, true, span);
                self.bind(other, ty, None);
                ix
            }
        }
    }

    fn add_local(&mut self, name: Name, ty: Option<TypeRef>, init: Option<ExprIx>, param: bool, span: Span) -> LocalIx {
        let callable = self.here();
        let ix = LocalIx(index(self.facts.locals.len()));
        self.facts.locals.push(Local { name, ty, init, part: None, callable, param, span });
        if name.as_str() != "_" {
            self.scope.push((name, ix));
        }
        ix
    }

    /// The locals of a pattern; `init` is what is taken apart. Gives the first of them.
    pub(super) fn bind(&mut self, pat: &Pat, ty: Option<TypeRef>, init: Option<ExprIx>) -> Option<LocalIx> {
        match pat {
            Pat::Ident(ident) => {
                let name = self.name(&ident.ident);
                // `None` and `LIMIT` are patterns too, and no names for anything.
                let plain = ident.by_ref.is_none() && ident.mutability.is_none() && ident.subpat.is_none();
                if plain && name.starts_with(char::is_uppercase) {
                    return None;
                }
                let span = self.places.of(ident.ident.span());
                let ix = self.add_local(name, ty, init, false, span);
                if let Some((_, inner)) = &ident.subpat {
                    self.bind(inner, None, None);
                }
                Some(ix)
            }
            Pat::Type(typed) => {
                let ty = self.type_ref(&typed.ty);
                self.bind(&typed.pat, Some(ty), init)
            }
            Pat::Reference(reference) => self.bind(&reference.pat, ty, init),
            Pat::Paren(paren) => self.bind(&paren.pat, ty, init),
            Pat::Guard(guard) => self.bind(&guard.pat, ty, init),
            // Every case binds the same names.
            Pat::Or(or) => self.bind(or.cases.first()?, ty, init),
            Pat::Tuple(tuple) => self.bind_tuple(tuple.elems.iter(), ty, init),
            Pat::TupleStruct(of) => self.bind_wrapped(of, ty, init),
            Pat::Struct(of) => first(of.fields.iter().map(|field| {
                let local = self.bind(&field.pat, None, None);
                let name = match &field.member {
                    Member::Named(name) => self.name(name).to_string(),
                    Member::Unnamed(at) => at.index.to_string(),
                };
                self.taken_from(local, &field.pat, &of.path, &name);
                local
            })),
            Pat::Slice(slice) => first(slice.elems.iter().map(|elem| self.bind(elem, None, None))),
            _ => None,
        }
    }

    /// `(tx, rx)`: each with its part of the value where the value is a tuple, else with the whole.
    fn bind_tuple<'p>(
        &mut self,
        elems: impl ExactSizeIterator<Item = &'p Pat>,
        ty: Option<TypeRef>,
        init: Option<ExprIx>,
    ) -> Option<LocalIx> {
        let parts = match init.map(|ix| &self.facts[ix].kind) {
            Some(ExprKind::List(parts)) if parts.len() == elems.len() => Some(parts.clone()),
            _ => None,
        };
        let types = ty.filter(|ty| ty.name.as_str() == "()" && ty.args.len() == elems.len());
        let bound = elems.enumerate().map(|(n, elem)| {
            let part = parts.as_ref().map(|parts| parts[n]);
            let local = self.bind(elem, types.as_ref().map(|ty| ty.args[n].clone()), part.or(init));
            if let (Some(part), Some(local)) = (part, local) {
                self.use_as(part, Usage::ToLocal(local));
            }
            local
        });
        first(bound)
    }

    /// `Some(x)` and `Ok(x)` stand for what they wrap, as `?` does; `State(x): State<T>` gives `x: T`.
    fn bind_wrapped(&mut self, of: &PatTupleStruct, ty: Option<TypeRef>, init: Option<ExprIx>) -> Option<LocalIx> {
        let name = self.path_name(&of.path).last_segment();
        let transparent = matches!(name, "Some" | "Ok");
        let inner = ty.filter(|ty| match ty.name.last_segment() {
            "Option" => name == "Some",
            "Result" => name == "Ok",
            other => other == name && ty.args.len() == 1,
        });
        let inner = inner.and_then(|ty| ty.args.first().cloned());
        let only = of.elems.len() == 1;
        let bound = of.elems.iter().enumerate().map(|(n, elem)| {
            let local = self.bind(elem, inner.clone().filter(|_| only), init.filter(|_| only && transparent));
            self.unwrapped.extend(local);
            if !matches!(name, "Some" | "Ok" | "Err") && inner.is_none() {
                self.taken_from(local, elem, &of.path, &n.to_string());
            }
            local
        });
        first(bound)
    }

    /// Keeps which field of `path` a plain name in a pattern stands for.
    fn taken_from(&mut self, local: Option<LocalIx>, pat: &Pat, path: &Path, field: &str) {
        if let (Some(local), Pat::Ident(_)) = (local, peeled(pat)) {
            self.facts.locals[local.0 as usize].part = Some(Name::new(&format!("{}::{field}", self.path_name(path))));
        }
    }

    fn pattern_span(&self, pat: &Pat) -> Span {
        match pat {
            Pat::TupleStruct(of) => join(self.path_span(&of.path), self.places.group(&of.paren_token.span)),
            Pat::Struct(of) => join(self.path_span(&of.path), self.places.group(&of.brace_token.span)),
            Pat::Tuple(tuple) => self.places.group(&tuple.paren_token.span),
            Pat::Slice(slice) => self.places.group(&slice.bracket_token.span),
            Pat::Wild(wild) => self.places.of(wild.underscore_token.span),
            Pat::Ident(ident) => self.places.of(ident.ident.span()),
            _ => Span::default(),
        }
    }
}

/// All of them are made; the first counts.
fn first(mut bound: impl Iterator<Item = Option<LocalIx>>) -> Option<LocalIx> {
    let mut found = None;
    for local in bound.by_ref() {
        found = found.or(local);
    }
    found
}

fn peeled(mut pat: &Pat) -> &Pat {
    loop {
        pat = match pat {
            Pat::Reference(reference) => &reference.pat,
            Pat::Paren(paren) => &paren.pat,
            _ => return pat,
        }
    }
}
