//! `#[cfg(…)]` and test attributes.

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::{Attribute, Meta};

use crate::text::Name;

/// What the `cfg` attributes of something ask for.
#[derive(Default)]
pub(super) struct Cfg {
    /// It is there in tests only (or in tests too, next to a feature made for them).
    pub(super) test: bool,
    /// Features that must be on.
    pub(super) features: Vec<Literal>,
}

impl Cfg {
    /// Reads all `cfg` attributes.
    pub(super) fn of(attrs: &[Attribute]) -> Self {
        let mut cfg = Self::default();
        for attr in attrs {
            if let Meta::List(list) = &attr.meta
                && list.path.is_ident("cfg")
            {
                cfg.scan(list.tokens.clone(), false);
            }
        }
        cfg
    }

    /// Reads the condition of one `cfg`.
    pub(super) fn read(condition: TokenStream) -> Self {
        let mut cfg = Self::default();
        cfg.scan(condition, false);
        cfg
    }

    /// The first feature asked for.
    pub(super) fn feature(&self) -> Option<Name> {
        self.features.first().map(|literal| Name::new(literal.to_string().trim_matches('"')))
    }

    fn scan(&mut self, tokens: TokenStream, negated: bool) {
        let mut word = String::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    word = ident.to_string();
                    self.test |= word == "test" && !negated;
                }
                TokenTree::Group(group) => self.scan(group.stream(), negated != (word == "not")),
                TokenTree::Literal(literal) if word == "feature" && !negated => {
                    self.features.push(literal);
                }
                _ => {}
            }
        }
    }
}

/// `#[test]`, `#[tokio::test]`, `#[rstest]` and the like.
pub(super) fn marks_test(attr: &Attribute) -> bool {
    let Some(last) = attr.path().segments.last() else { return false };
    let words = ["test", "bench", "rstest", "test_case", "quickcheck", "wasm_bindgen_test", "test_matrix"];
    words.iter().any(|word| last.ident == word)
}

/// Is what carries these attributes made for tests?
pub(super) fn for_tests(attrs: &[Attribute]) -> bool {
    Cfg::of(attrs).test || attrs.iter().any(marks_test)
}
