//! Statics, constants, `lazy_static!` and `thread_local!`.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Expr, ForeignItemStatic, ImplItemConst, ItemConst, ItemStatic, StaticMutability, Token, Type, Visibility,
};

use crate::facts::code::{CallableKind, FieldDecl, FieldIx, Mods, Target, TypeRef, Usage};
use crate::text::Span;

use super::imports::visibility_start;
use super::items::visibility;
use super::walker::{Walker, index};

/// A static of any form.
struct Static<'a> {
    attrs: &'a [Attribute],
    ident: &'a Ident,
    ty: &'a Type,
    init: Option<&'a Expr>,
    mods: Mods,
    decl: Span,
}

/// `[pub] static [ref] NAME: Type [= expr];` in a macro.
pub(super) struct MacroStatic {
    attrs: Vec<Attribute>,
    vis: Visibility,
    static_token: Token![static],
    ident: Ident,
    ty: Type,
    init: Option<Expr>,
}

impl Parse for MacroStatic {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let static_token = input.parse()?;
        input.parse::<Option<Token![ref]>>()?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        let init = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        if !input.is_empty() {
            input.parse::<Token![;]>()?;
        }
        Ok(Self { attrs, vis, static_token, ident, ty, init })
    }
}

impl Walker<'_> {
    pub(super) fn static_item(&mut self, item: &ItemStatic) {
        let mutable = if matches!(item.mutability, StaticMutability::Mut(_)) { Mods::MUTABLE } else { Mods::default() };
        self.add_static(
            &Static {
                attrs: &item.attrs,
                ident: &item.ident,
                ty: &item.ty,
                init: Some(&item.expr),
                mods: Mods::STATIC | mutable | visibility(&item.vis),
                decl: self.static_span(&item.vis, item.static_token.span, item.semi_token.span),
            },
            None,
        );
    }

    pub(super) fn const_item(&mut self, item: &ItemConst) {
        self.add_static(
            &Static {
                attrs: &item.attrs,
                ident: &item.ident,
                ty: &item.ty,
                init: Some(&item.expr),
                mods: Mods::STATIC | Mods::FINAL | visibility(&item.vis),
                decl: self.static_span(&item.vis, item.const_token.span, item.semi_token.span),
            },
            None,
        );
    }

    pub(super) fn associated_const(&mut self, item: &ImplItemConst, owner: Option<&TypeRef>) {
        self.add_static(
            &Static {
                attrs: &item.attrs,
                ident: &item.ident,
                ty: &item.ty,
                init: Some(&item.expr),
                mods: Mods::STATIC | Mods::FINAL | visibility(&item.vis),
                decl: self.static_span(&item.vis, item.const_token.span, item.semi_token.span),
            },
            owner,
        );
    }

    pub(super) fn foreign_static(&mut self, item: &ForeignItemStatic) {
        let mutable = if matches!(item.mutability, StaticMutability::Mut(_)) { Mods::MUTABLE } else { Mods::default() };
        self.add_static(
            &Static {
                attrs: &item.attrs,
                ident: &item.ident,
                ty: &item.ty,
                init: None,
                mods: Mods::STATIC | Mods::NATIVE | mutable | visibility(&item.vis),
                decl: self.static_span(&item.vis, item.static_token.span, item.semi_token.span),
            },
            None,
        );
    }

    /// The items of a `lazy_static!` or `thread_local!`.
    pub(super) fn macro_statics(&mut self, items: &[MacroStatic], mods: Mods) {
        for item in items {
            self.add_static(
                &Static {
                    attrs: &item.attrs,
                    ident: &item.ident,
                    ty: &item.ty,
                    init: item.init.as_ref(),
                    mods: Mods::STATIC | mods | visibility(&item.vis),
                    decl: self.static_span(&item.vis, item.static_token.span, item.ident.span()),
                },
                None,
            );
        }
    }

    fn static_span(&self, vis: &Visibility, keyword: proc_macro2::Span, end: proc_macro2::Span) -> Span {
        self.places.between(visibility_start(vis).unwrap_or(keyword), end)
    }

    fn add_static(&mut self, of: &Static<'_>, owner: Option<&TypeRef>) {
        let field = FieldIx(index(self.facts.fields.len()));
        let name = self.name(of.ident);
        let span = self.places.of(of.ident.span());
        let mods = of.mods | self.mods();
        let ty = self.type_ref(of.ty);
        let decl = FieldDecl { name, owner: None, module: self.module, ty, init: None, mods, span, decl: of.decl };
        self.facts.fields.push(decl);
        if let Some(owner) = owner {
            self.associated.push((field, owner.name));
        }
        self.annotations(of.attrs, Target::Field(field));
        let Some(init) = of.init else { return };
        let mut callable = self.new_callable(CallableKind::FieldInit, name, span);
        callable.self_type = owner.cloned();
        callable.mods.insert(Mods::STATIC);
        callable.body = of.decl;
        let callable = self.add_callable(callable);
        let value = self.within(callable, false, |walker| walker.value(init, Usage::ToField));
        self.facts[field].init = Some(value.ix);
        let end = value.span.end.max(of.decl.end);
        self.facts[field].decl.end = end;
        self.facts[callable].body.end = end;
    }
}
