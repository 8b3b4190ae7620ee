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
                    let (called, leads) = match tokens.peek() {
                        Some(TokenTree::Group(group)) => (group.delimiter() == Delimiter::Parenthesis, false),
                        Some(TokenTree::Punct(punct)) => (false, matches!(punct.as_char(), ':' | '!')),
                        _ => (false, false),
                    };
                    if called || behind && !leads {
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

    /// Notes the names in an attribute, those in texts that mean functions too: `#[serde(default = "limits::most")]`.
    pub(super) fn mention_words(&mut self, tokens: &TokenStream) {
        if self.test {
            return;
        }
        let mut open = vec![tokens.clone()];
        while let Some(tokens) = open.pop() {
            let mut key = String::new();
            let mut tokens = tokens.into_iter().peekable();
            while let Some(token) = tokens.next() {
                match token {
                    TokenTree::Group(group) => open.push(group.stream()),
                    TokenTree::Ident(ident) => {
                        // `nest(path = "/jobs", api = jobs::Api)` names the module only.
                        let leads = matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':');
                        if !leads {
                            let name = self.name(&ident);
                            self.facts.mentions.push(name);
                        }
                        key = ident.to_string();
                    }
                    TokenTree::Literal(literal) if means_function(&key) => {
                        let text = literal.to_string();
                        if text.starts_with('"') && text.len() < 128 {
                            let words = text.split(|c: char| c != '_' && !c.is_ascii_alphanumeric());
                            self.facts.mentions.extend(words.filter(|w| !w.is_empty()).map(Name::new));
                        }
                    }
                    TokenTree::Literal(_) | TokenTree::Punct(_) => {}
                }
            }
        }
    }
}

/// Keys of attributes whose text is a path or an expression.
fn means_function(key: &str) -> bool {
    let parts = ["with", "default", "getter", "func", "custom", "schema", "parse", "remote", "skip_", "key", "convert"];
    parts.iter().any(|part| key.contains(part)) || matches!(key, "try_from" | "from" | "into" | "bound" | "crate")
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
