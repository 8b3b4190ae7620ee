//! Attributes to annotations.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, MetaList, Path, Token};

use crate::facts::code::{Annotation, ExprIx, Target};
use crate::text::{Name, Span};

use super::cfg::Cfg;
use super::walker::Walker;

/// Attributes that say nothing about what the code does when it runs.
const SILENT: [&str; 21] = [
    "doc",
    "allow",
    "warn",
    "deny",
    "forbid",
    "expect",
    "inline",
    "must_use",
    "serde",
    "repr",
    "non_exhaustive",
    "default",
    "error",
    "from",
    "source",
    "rustfmt",
    "cold",
    "track_caller",
    "automatically_derived",
    "deprecated",
    "clippy",
];

impl Walker<'_> {
    /// Records the attributes of something.
    pub(super) fn annotations(&mut self, attrs: &[Attribute], target: Target) {
        for attr in attrs {
            let span = self.places.between(attr.pound_token.span, attr.bracket_token.span.close());
            if let Meta::List(list) = &attr.meta
                && !["doc", "derive", "cfg", "allow", "expect"].iter().any(|word| list.path.is_ident(word))
            {
                self.mention_words(&list.tokens);
            }
            self.meta(&attr.meta, target, span);
        }
    }

    fn meta(&mut self, meta: &Meta, target: Target, span: Span) {
        let path = meta.path();
        if path.segments.first().is_some_and(|first| SILENT.iter().any(|word| first.ident == word)) {
            return;
        }
        match meta {
            Meta::List(list) if path.is_ident("derive") => self.derives(list.tokens.clone(), target),
            Meta::List(list) if path.is_ident("unsafe") => {
                if let Ok(inner) = syn::parse2::<Meta>(list.tokens.clone()) {
                    self.meta(&inner, target, span);
                }
            }
            Meta::List(list) if path.is_ident("cfg_attr") => self.conditional(list.tokens.clone(), target, span),
            Meta::List(list) if path.is_ident("cfg") => self.features(list, target, span),
            Meta::List(list) => {
                let args = self.meta_args(list.tokens.clone(), target);
                self.annotate(path, target, args, span);
            }
            Meta::NameValue(pair) => {
                let value = self.constants(&pair.value, target);
                let args = value.into_iter().map(|ix| (Name::new("value"), ix)).collect();
                self.annotate(path, target, args, span);
            }
            Meta::Path(_) => self.annotate(path, target, Vec::new(), span),
        }
    }

    fn annotate(&mut self, path: &Path, target: Target, args: Vec<(Name, ExprIx)>, span: Span) {
        let name = self.path_name(path);
        self.facts.annotations.push(Annotation { name, target, args, span });
    }

    fn derives(&mut self, tokens: TokenStream, target: Target) {
        let parser = Punctuated::<Path, Token![,]>::parse_terminated;
        for path in parser.parse2(tokens).into_iter().flatten() {
            let span = self.path_span(&path);
            self.annotate(&path, target, Vec::new(), span);
        }
    }

    /// `cfg_attr(condition, attributes…)`: the attributes, unless the condition asks for tests.
    fn conditional(&mut self, tokens: TokenStream, target: Target, span: Span) {
        let split = |input: ParseStream<'_>| {
            let condition = input.parse::<Meta>()?;
            input.parse::<Token![,]>()?;
            Ok((condition, Punctuated::<Meta, Token![,]>::parse_terminated(input)?))
        };
        let Ok((condition, metas)) = split.parse2(tokens) else { return };
        if condition.path().is_ident("test") {
            return;
        }
        for meta in metas {
            self.meta(&meta, target, span);
        }
    }

    /// `cfg(feature = "x")`: the features asked for, also within `all` and `any`.
    fn features(&mut self, list: &MetaList, target: Target, span: Span) {
        let mut args = Vec::new();
        for feature in Cfg::read(list.tokens.clone()).features {
            let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::new(feature) });
            args.extend(self.constants(&value, target).into_iter().map(|ix| (Name::new("feature"), ix)));
        }
        if !args.is_empty() {
            self.annotate(&list.path, target, args, span);
        }
    }

    /// `name = value` pairs and plain values; anything else in the list says nothing here.
    fn meta_args(&mut self, tokens: TokenStream, target: Target) -> Vec<(Name, ExprIx)> {
        let mut args = Vec::new();
        for part in split_at_commas(tokens) {
            let (name, value) = match &part[..] {
                [TokenTree::Ident(name), TokenTree::Punct(punct), value @ ..]
                    if punct.as_char() == '=' && !value.is_empty() =>
                {
                    (self.name(name), value)
                }
                value => (Name::new("value"), value),
            };
            if let Ok(value) = syn::parse2::<Expr>(value.iter().cloned().collect()) {
                args.extend(self.constants(&value, target).into_iter().map(|ix| (name, ix)));
            }
        }
        args
    }

    /// The entries of a constant value: one, or one per element of a list.
    fn constants(&mut self, value: &Expr, target: Target) -> Vec<ExprIx> {
        let values: Vec<_> = match value {
            Expr::Array(list) => list.elems.iter().collect(),
            Expr::Lit(_) | Expr::Unary(_) | Expr::Path(_) => vec![value],
            _ => return Vec::new(),
        };
        let scope = match target {
            Target::Callable(callable) => callable,
            _ => self.here(),
        };
        self.within(scope, false, |walker| values.iter().map(|value| walker.expr(value).ix).collect())
    }

    /// Is the file as a whole under a condition? Records it and the other inner attributes.
    pub(super) fn file_attributes(&mut self, attrs: &[Attribute]) {
        self.test |= Cfg::of(attrs).test;
        self.annotations(attrs, Target::File);
    }
}

fn split_at_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => parts.push(Vec::new()),
            (_, Some(part)) => part.push(token),
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
