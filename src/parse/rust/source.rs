//! From text to `syn` items: the whole file, or what can be saved of it.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Attribute, Item};

use super::places::Places;
use crate::facts::Note;
use crate::text::Span;

/// What was parsed of a file.
pub(super) struct Source {
    pub(super) attrs: Vec<Attribute>,
    pub(super) items: Vec<Item>,
}

/// Where the code begins: behind a byte order mark and a `#!` line.
pub(super) fn code_start(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = &text[mark..];
    if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
        return mark + rest.find('\n').unwrap_or(rest.len());
    }
    mark
}

impl Source {
    /// Parses `code`; none when it cannot even be split into tokens.
    pub(super) fn parse(code: &str, places: &Places, notes: &mut Vec<Note>) -> Option<Self> {
        let tokens = match TokenStream::from_str(code) {
            Ok(tokens) => tokens,
            Err(error) => {
                notes.push(Note::at(places.of(error.span()), "not valid Rust: a token or delimiter is malformed"));
                return None;
            }
        };
        match syn::parse2::<syn::File>(tokens) {
            Ok(file) => Some(Self { attrs: file.attrs, items: file.items }),
            Err(error) => {
                notes.push(Note::at(place_of(&error, places, code), format!("not valid Rust: {error}")));
                // Tokens are made anew rather than copied for every file beforehand.
                TokenStream::from_str(code).ok().map(Self::salvage)
            }
        }
    }

    /// The top-level items that parse by themselves.
    fn salvage(tokens: TokenStream) -> Self {
        let (attrs, rest) = leading_attributes(tokens);
        let mut items = Vec::new();
        let mut pending = Vec::new();
        for token in rest {
            let ends = ends_item(&token, &pending);
            pending.push(token);
            if ends && let Ok(item) = syn::parse2::<Item>(pending.drain(..).collect()) {
                items.push(item);
            }
        }
        Self { attrs, items }
    }
}

fn place_of(error: &syn::Error, places: &Places, code: &str) -> Span {
    let span = places.of(error.span());
    // Where more was expected, at the last character, which may have several bytes.
    let last = code.char_indices().next_back().map_or(0, |(at, _)| at);
    if span.end > span.start { span } else { places.bytes(last, code.len()) }
}

fn leading_attributes(tokens: TokenStream) -> (Vec<Attribute>, TokenStream) {
    let split = |input: syn::parse::ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_inner)?;
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    split.parse2(tokens.clone()).unwrap_or_else(|_| (Vec::new(), tokens))
}

/// Does this token end the top-level item that `pending` begins?
fn ends_item(token: &TokenTree, pending: &[TokenTree]) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            // `use a::{b};` and `const A: B = C { … };` go on behind the brace.
            !pending.iter().any(|token| match token {
                TokenTree::Ident(word) => word == "use",
                TokenTree::Punct(punct) => punct.as_char() == '=',
                _ => false,
            })
        }
        _ => false,
    }
}
