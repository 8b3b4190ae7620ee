//! Items: types, functions, `impl` blocks.

use proc_macro2::Ident;
use syn::{
    Attribute, Block, Fields, FnArg, ForeignItem, Generics, ImplItem, Item, ItemEnum, ItemForeignMod, ItemImpl,
    ItemTrait, Safety, Signature, TraitItem, Visibility,
};

use crate::facts::code::{CallableKind, FieldDecl, FieldIx, Mods, Target, TypeDecl, TypeIx, TypeKind, TypeRef};
use crate::text::{Name, Span};

use super::cfg;
use super::imports::visibility_start;
use super::walker::{Walker, index};

/// What the methods of one `impl` or `trait` share.
#[derive(Clone, Default)]
struct Surrounding {
    owner: Option<TypeIx>,
    self_type: Option<TypeRef>,
    of_trait: Option<TypeRef>,
    type_params: Vec<Name>,
    data_params: Vec<Name>,
}

/// The parts of a function that its forms have in common.
struct Function<'a> {
    attrs: &'a [Attribute],
    vis: &'a Visibility,
    sig: &'a Signature,
    block: Option<&'a Block>,
    kind: CallableKind,
    mods: Mods,
    end: proc_macro2::Span,
}

impl Walker<'_> {
    /// The whole file.
    pub(super) fn file(&mut self, attrs: &[Attribute], items: &[Item]) {
        self.file_attributes(attrs);
        for item in items {
            self.item(item);
        }
    }

    /// One item, at any level.
    pub(super) fn item(&mut self, item: &Item) {
        let attrs: &[Attribute] = match item {
            Item::Const(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::ForeignMod(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Trait(item) => &item.attrs,
            _ => &[],
        };
        let outside = self.test;
        self.test |= cfg::for_tests(attrs);
        match item {
            Item::Use(item) => self.use_item(item),
            Item::ExternCrate(item) => self.extern_crate(item),
            Item::Mod(item) => self.module(item),
            Item::Const(item) => self.const_item(item),
            Item::Static(item) => self.static_item(item),
            Item::Macro(item) => self.item_macro(&item.mac),
            Item::Fn(item) => self.function(
                &Function {
                    attrs: &item.attrs,
                    vis: &item.vis,
                    sig: &item.sig,
                    block: Some(&item.block),
                    kind: CallableKind::Function,
                    mods: Mods::default(),
                    end: item.block.brace_token.span.close(),
                },
                Surrounding::default(),
            ),
            Item::ForeignMod(item) => self.foreign(item),
            Item::Impl(item) => self.implementation(item),
            Item::Trait(item) => self.trait_item(item),
            Item::Struct(item) => {
                let end = match (&item.semi_token, &item.fields) {
                    (Some(semi), _) => semi.span,
                    (None, Fields::Named(named)) => named.brace_token.span.close(),
                    _ => item.ident.span(),
                };
                let start = item.struct_token.span;
                let ty =
                    self.type_decl(TypeKind::Struct, &item.ident, &item.vis, (&item.attrs, start, end), &item.generics);
                self.fields(&item.fields, ty, "");
            }
            Item::Union(item) => {
                let end = item.fields.brace_token.span.close();
                let place = (&item.attrs[..], item.union_token.span, end);
                let ty = self.type_decl(TypeKind::Union, &item.ident, &item.vis, place, &item.generics);
                self.fields(&Fields::Named(item.fields.clone()), ty, "");
            }
            Item::Enum(item) => self.enumeration(item),
            Item::Type(item) => {
                let place = (&item.attrs[..], item.type_token.span, item.semi_token.span);
                let ty = self.type_decl(TypeKind::Alias, &item.ident, &item.vis, place, &item.generics);
                let target = self.type_ref(&item.ty);
                self.facts[ty].supers.push(target);
            }
            Item::TraitAlias(item) => {
                let place = (&item.attrs[..], item.trait_token.span, item.semi_token.span);
                let ty = self.type_decl(TypeKind::Trait, &item.ident, &item.vis, place, &item.generics);
                self.facts[ty].supers = self.bounds(item.bounds.iter());
            }
            _ => {}
        }
        self.test = outside;
    }

    /// Where an item begins: its first attribute, its visibility, or its keyword.
    fn start(&self, attrs: &[Attribute], vis: &Visibility, keyword: proc_macro2::Span) -> proc_macro2::Span {
        let attr = attrs.first().map(|attr| attr.pound_token.span);
        attr.or_else(|| visibility_start(vis)).unwrap_or(keyword)
    }

    fn type_decl(
        &mut self,
        kind: TypeKind,
        ident: &Ident,
        vis: &Visibility,
        (attrs, keyword, end): (&[Attribute], proc_macro2::Span, proc_macro2::Span),
        generics: &Generics,
    ) -> TypeIx {
        let ix = TypeIx(index(self.facts.types.len()));
        let decl = TypeDecl {
            name: self.name(ident),
            kind,
            outer: None,
            callable: self.callable,
            module: self.module,
            supers: Vec::new(),
            type_params: self.type_params(generics),
            constants: Vec::new(),
            mods: self.mods() | visibility(vis),
            span: self.places.of(ident.span()),
            body: self.places.between(self.start(attrs, vis, keyword), end),
        };
        self.types.entry((self.module, decl.name)).or_insert(ix);
        self.facts.types.push(decl);
        self.annotations(attrs, Target::Type(ix));
        ix
    }

    fn fields(&mut self, fields: &Fields, owner: TypeIx, prefix: &str) {
        for (n, field) in fields.iter().enumerate() {
            let name = match &field.ident {
                Some(ident) => self.name(ident).to_string(),
                None => n.to_string(),
            };
            let ty = self.type_ref(&field.ty);
            let span = field.ident.as_ref().map_or(ty.span, |ident| self.places.of(ident.span()));
            let start = field.attrs.first().map(|attr| self.places.of(attr.pound_token.span)).unwrap_or(span);
            let decl = Span { start: start.start.min(span.start), end: ty.span.end.max(span.end) };
            let ix = FieldIx(index(self.facts.fields.len()));
            self.facts.fields.push(FieldDecl {
                name: Name::new(&format!("{prefix}{name}")),
                owner: Some(owner),
                module: self.module,
                ty,
                init: None,
                mods: self.mods() | visibility(&field.vis),
                span,
                decl,
            });
            self.annotations(&field.attrs, Target::Field(ix));
        }
    }

    /// The fields of variants stand as `Variant::field`.
    fn enumeration(&mut self, item: &ItemEnum) {
        let place = (&item.attrs[..], item.enum_token.span, item.brace_token.span.close());
        let ty = self.type_decl(TypeKind::Enum, &item.ident, &item.vis, place, &item.generics);
        for variant in &item.variants {
            let name = self.name(&variant.ident);
            self.facts[ty].constants.push(name);
            self.fields(&variant.fields, ty, &format!("{name}::"));
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        let surrounding = Surrounding {
            owner: None,
            self_type: Some(self.type_ref(&item.self_ty)),
            of_trait: item.trait_.as_ref().map(|(path, _)| self.path_type(path)),
            type_params: self.type_params(&item.generics),
            data_params: self.data_params(&item.generics),
        };
        let ty = surrounding.self_type.as_ref().and_then(|ty| self.type_named(ty.name, self.module));
        self.annotations(&item.attrs, ty.map_or(Target::File, Target::Type));
        for member in &item.items {
            match member {
                ImplItem::Fn(member) => {
                    let function = Function {
                        attrs: &member.attrs,
                        vis: &member.vis,
                        sig: &member.sig,
                        block: Some(&member.block),
                        kind: CallableKind::Method,
                        mods: Mods::default(),
                        end: member.block.brace_token.span.close(),
                    };
                    let outside = self.test;
                    self.test |= cfg::for_tests(&member.attrs);
                    self.function(&function, surrounding.clone());
                    self.test = outside;
                }
                ImplItem::Const(member) => {
                    self.associated_const(member, surrounding.self_type.as_ref());
                }
                ImplItem::Macro(member) => self.item_macro(&member.mac),
                _ => {}
            }
        }
        // Without a method there is no callable to carry the trait.
        if !item.items.iter().any(|member| matches!(member, ImplItem::Fn(_)))
            && item.modifiers.polarity.is_none()
            && let (Some(of_trait), Some(ty)) = (surrounding.of_trait, surrounding.self_type)
        {
            self.bodiless.push((ty.name, self.module, of_trait));
        }
    }

    fn trait_item(&mut self, item: &ItemTrait) {
        let place = (&item.attrs[..], item.trait_token.span, item.brace_token.span.close());
        let ty = self.type_decl(TypeKind::Trait, &item.ident, &item.vis, place, &item.generics);
        self.facts[ty].supers = self.bounds(item.supertraits.iter());
        let type_params = self.type_params(&item.generics);
        for member in &item.items {
            match member {
                TraitItem::Fn(member) => {
                    let end = match (&member.default, &member.semi_token) {
                        (Some(block), _) => block.brace_token.span.close(),
                        (None, Some(semi)) => semi.span,
                        (None, None) => member.sig.paren_token.span.close(),
                    };
                    let function = Function {
                        attrs: &member.attrs,
                        vis: &Visibility::Inherited,
                        sig: &member.sig,
                        block: member.default.as_ref(),
                        kind: CallableKind::Method,
                        mods: if member.default.is_some() { Mods::DEFAULT } else { Mods::ABSTRACT },
                        end,
                    };
                    let type_params = type_params.clone();
                    self.function(&function, Surrounding { owner: Some(ty), type_params, ..Surrounding::default() });
                }
                TraitItem::Macro(member) => self.item_macro(&member.mac),
                _ => {}
            }
        }
    }

    /// `extern "C" { … }`: functions that somebody else brings.
    fn foreign(&mut self, item: &ItemForeignMod) {
        let first = self.facts.callables.len();
        for member in &item.items {
            match member {
                ForeignItem::Fn(member) => {
                    let function = Function {
                        attrs: &member.attrs,
                        vis: &member.vis,
                        sig: &member.sig,
                        block: None,
                        kind: CallableKind::Function,
                        mods: Mods::NATIVE,
                        end: member.semi_token.span,
                    };
                    self.function(&function, Surrounding::default());
                }
                ForeignItem::Static(member) => self.foreign_static(member),
                _ => {}
            }
        }
        let target = if first < self.facts.callables.len() {
            Target::Callable(crate::facts::code::CallableIx(index(first)))
        } else {
            Target::File
        };
        self.annotations(&item.attrs, target);
    }

    fn function(&mut self, function: &Function<'_>, surrounding: Surrounding) {
        let sig = function.sig;
        let mut callable = self.new_callable(function.kind, self.name(&sig.ident), self.places.of(sig.ident.span()));
        let keyword = first_keyword(sig);
        callable.body = self.places.between(self.start(function.attrs, function.vis, keyword), function.end);
        callable.owner = surrounding.owner;
        callable.self_type = surrounding.self_type;
        callable.of_trait = surrounding.of_trait;
        callable.type_params = surrounding.type_params;
        callable.type_params.extend(self.type_params(&sig.generics));
        callable.data_params = surrounding.data_params;
        callable.data_params.extend(self.data_params(&sig.generics));
        callable.returns = self.returned(&sig.output);
        callable.mods = callable.mods | function.mods | visibility(function.vis);
        if sig.asyncness.is_some() {
            callable.mods.insert(Mods::ASYNC);
        }
        if matches!(sig.safety, Safety::Unsafe(_)) {
            callable.mods.insert(Mods::UNSAFE);
        }
        let ix = self.add_callable(callable);
        self.annotations(function.attrs, Target::Callable(ix));
        self.within(ix, false, |walker| {
            for input in &sig.inputs {
                if let FnArg::Typed(input) = input {
                    let ty = walker.type_ref(&input.ty);
                    let local = walker.param(&input.pat, Some(ty));
                    walker.facts[ix].params.push(local);
                    walker.annotations(&input.attrs, Target::Local(local));
                }
            }
            if let Some(block) = function.block {
                walker.body(block);
            }
        });
    }
}

fn first_keyword(sig: &Signature) -> proc_macro2::Span {
    if let Some(token) = &sig.constness {
        return token.span;
    }
    if let Some(token) = &sig.asyncness {
        return token.span;
    }
    match (&sig.safety, &sig.abi) {
        (Safety::Unsafe(token), _) => token.span,
        (Safety::Safe(token), _) => token.span,
        (_, Some(abi)) => abi.extern_token.span,
        _ => sig.fn_token.span,
    }
}

/// `PUBLIC`, when nothing restricts it.
pub(super) fn visibility(vis: &Visibility) -> Mods {
    if matches!(vis, Visibility::Public(_)) { Mods::PUBLIC } else { Mods::default() }
}
