//! Names in what is not read as code: bodies of macros, texts of attributes.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::text::Name;

use super::walker::Walker;

/// Groups nested deeper are not looked at.
const DEEPEST: u8 = 24;

impl Walker<'_> {
    /// Notes the functions that tokens may call: what stands before parentheses or behind `::` and `.`.
    pub(super) fn mention_calls(&mut self, tokens: &TokenStream) {
        if !self.test {
            self.mention_within(tokens.clone(), 0);
        }
    }

    fn mention_within(&mut self, tokens: TokenStream, depth: u8) {
        if depth > DEEPEST {
            return;
        }
        let mut tokens = tokens.into_iter().peekable();
        let mut behind = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(ident) => {
                    let called = match tokens.peek() {
                        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
                        Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
                        _ => false,
                    };
                    if called || behind {
                        let name = self.name(&ident);
                        self.facts.mentions.push(name);
                    }
                    behind = false;
                }
                TokenTree::Group(group) => {
                    self.mention_within(group.stream(), depth + 1);
                    behind = false;
                }
                TokenTree::Punct(punct) => behind = matches!(punct.as_char(), ':' | '.'),
                TokenTree::Literal(_) => behind = false,
            }
        }
    }

    /// Notes all names in an attribute, those within texts too: `#[serde(default = "limits::most")]`.
    pub(super) fn mention_words(&mut self, tokens: &TokenStream) {
        if self.test {
            return;
        }
        let mut open = vec![tokens.clone()];
        while let Some(tokens) = open.pop() {
            for token in tokens {
                match token {
                    TokenTree::Group(group) => open.push(group.stream()),
                    TokenTree::Ident(ident) => {
                        let name = self.name(&ident);
                        self.facts.mentions.push(name);
                    }
                    TokenTree::Literal(literal) => {
                        let text = literal.to_string();
                        if text.starts_with('"') && text.len() < 128 {
                            let words = text.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                            self.facts.mentions.extend(words.filter(|w| !w.is_empty()).map(Name::new));
                        }
                    }
                    TokenTree::Punct(_) => {}
                }
            }
        }
    }
}

/// Macros whose arguments are expressions, and read as such.
pub(super) fn is_plain(name: &str) -> bool {
    matches!(
        name,
        "vec"
            | "format"
            | "format_args"
            | "print"
            | "println"
            | "eprint"
            | "eprintln"
            | "write"
            | "writeln"
            | "trace"
            | "debug"
            | "info"
            | "warn"
            | "error"
            | "panic"
            | "unreachable"
            | "todo"
            | "unimplemented"
            | "assert"
            | "assert_eq"
            | "assert_ne"
            | "debug_assert"
            | "debug_assert_eq"
            | "anyhow"
            | "bail"
            | "ensure"
            | "matches"
            | "select"
            | "join"
            | "try_join"
            | "stream"
            | "try_stream"
            | "cfg_if"
            | "thread_local"
            | "lazy_static"
            | "stringify"
            | "concat"
            | "env"
            | "include_str"
            | "include_bytes"
    )
}
