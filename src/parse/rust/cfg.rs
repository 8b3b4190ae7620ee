//! `#[cfg(…)]` and test attributes.

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::{Attribute, Meta};

use crate::text::Name;

/// What the `cfg` attributes of something ask for.
#[derive(Default)]
pub(super) struct Cfg {
    /// It is there in tests only (or in tests too, next to a feature made for them), or on other systems
    /// than those that functions run on.
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
                cfg.test |= holds(list.tokens.clone(), 0) == Some(false);
            }
        }
        cfg
    }

    /// Are what these attributes stand on and the Linux of a function never there together?
    pub(super) fn is_off(attrs: &[Attribute]) -> bool {
        attrs.iter().any(|attr| match &attr.meta {
            Meta::List(list) if list.path.is_ident("cfg") => holds(list.tokens.clone(), 0) == Some(false),
            _ => false,
        })
    }

    /// Does the condition of a `cfg!` never hold on the Linux of a function?
    pub(super) fn is_never(condition: TokenStream) -> bool {
        holds(condition, 0) == Some(false)
    }

    /// Reads what stands between the brackets of `#[cfg(…)]`.
    pub(super) fn within(attribute: TokenStream) -> Self {
        let mut tokens = attribute.into_iter();
        let (Some(TokenTree::Ident(word)), Some(TokenTree::Group(group))) = (tokens.next(), tokens.next()) else {
            return Self::default();
        };
        if word != "cfg" {
            return Self::default();
        }
        let mut cfg = Self::read(group.stream());
        cfg.test |= holds(group.stream(), 0) == Some(false);
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

/// Does a condition hold on the Linux of a function? None where features or unknown words decide.
fn holds(condition: TokenStream, depth: u8) -> Option<bool> {
    if depth > 16 {
        return None;
    }
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(word)] => match word.to_string().as_str() {
            "unix" => Some(true),
            // Set by hand for checks, or while somebody works on it, never for what is deployed.
            "debug_assertions" | "test" | "windows" | "miri" | "loom" | "fuzzing" | "docsrs" | "kani" => Some(false),
            _ => None,
        },
        [TokenTree::Ident(key), TokenTree::Punct(_), TokenTree::Literal(value)] => {
            let value = value.to_string();
            match (key.to_string().as_str(), value.trim_matches('"')) {
                ("target_os", "linux") | ("target_family", "unix") => Some(true),
                ("target_os" | "target_family", _) => Some(false),
                ("feature", name) if feature_of_tests(name) => Some(false),
                _ => None,
            }
        }
        [TokenTree::Ident(word), TokenTree::Group(inner), ..] => {
            let parts: Vec<Option<bool>> = list(inner.stream()).map(|p| holds(p, depth + 1)).collect();
            let is = |value: bool| parts.contains(&Some(value));
            let open = parts.contains(&None);
            match word.to_string().as_str() {
                "not" => parts.first().copied().flatten().map(|p| !p),
                "all" if is(false) => Some(false),
                "any" if is(true) => Some(true),
                "all" | "any" if open => None,
                "all" => Some(true),
                "any" => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Features that exist for the tests of others, for those who look for a fault, or for another system.
pub fn feature_of_tests(feature: &str) -> bool {
    feature.split(['-', '_']).any(|w| {
        matches!(
            w,
            "test" | "tests" | "testing" | "testsuite" | "mock" | "mocks" | "bench" | "debug" | "chaos" | "windows"
        )
    })
}

/// The parts between commas.
fn list(tokens: TokenStream) -> impl Iterator<Item = TokenStream> {
    let mut parts: Vec<TokenStream> = vec![TokenStream::new()];
    for token in tokens {
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(p), _) if p.as_char() == ',' => parts.push(TokenStream::new()),
            (_, Some(last)) => last.extend([token]),
            _ => {}
        }
    }
    parts.into_iter().filter(|p| !p.is_empty())
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
