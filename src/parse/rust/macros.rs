//! Macro calls, read as far as their tokens are Rust.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Block, Expr, Ident, Item, Macro, MacroDelimiter, Stmt, Token};

use crate::facts::code::{ExprKind, Mods, Usage};
use crate::text::Span;

use super::cfg::Cfg;
use super::mentions;
use super::places::join;
use super::statics::MacroStatic;
use super::walker::{Value, Walker};

/// Each level reads the tokens of all levels below it anew; nobody writes this many.
const MACROS_WITHIN_MACROS: u32 = 24;

impl Walker<'_> {
    /// A macro in an expression or statement; none when it only declares items or locals.
    pub(super) fn macro_call(&mut self, mac: &Macro) -> Option<Value> {
        if self.macros == MACROS_WITHIN_MACROS {
            return None;
        }
        self.macros += 1;
        let value = self.read_macro(mac);
        self.macros -= 1;
        value
    }

    fn read_macro(&mut self, mac: &Macro) -> Option<Value> {
        let name = self.path_name(&mac.path);
        let last = name.last_segment();
        if !mentions::is_plain(last) {
            self.mention_calls(&mac.tokens);
        }
        if self.declares(last, mac) {
            return None;
        }
        let at = self.path_span(&mac.path);
        let span = join(at, self.macro_close(mac));
        let args = match last {
            "json"
            | "quote"
            | "quote_spanned"
            | "parse_quote"
            | "parse_quote_spanned"
            | "stringify"
            | "html"
            | "view"
            | "rsx"
            | "asm"
            | "global_asm" => Vec::new(),
            "select" | "select_biased" => return Some(self.select_macro(mac, name, span, at)),
            "stream" | "try_stream" | "async_block" | "gen" => return Some(self.stream_macro(mac, name, span, at)),
            "matches" | "assert_matches" | "debug_assert_matches" => arguments(&mac.tokens, 1),
            _ => arguments(&mac.tokens, usize::MAX),
        };
        if args.is_empty() && matches!(mac.delimiter, MacroDelimiter::Brace(_)) && skimmed(last) {
            let stmts = Block::parse_within.parse2(mac.tokens.clone()).unwrap_or_default();
            self.statements(&stmts, false);
        }
        let mut args: Vec<_> = args.iter().map(|arg| self.expr(arg).ix).collect();
        if last == "format" {
            args.extend(captured(&mac.tokens).iter().map(|arg| self.expr(arg).ix));
        }
        if last == "vec" {
            let list = self.push(ExprKind::List(args.clone().into()), span, at);
            self.arguments(&args, list.ix);
            return Some(list);
        }
        let call = self.push(ExprKind::Macro { name, args: args.clone().into() }, span, at);
        self.arguments(&args, call.ix);
        match last {
            "join" | "try_join" | "poll" | "ready" => args.iter().for_each(|arg| self.use_as(*arg, Usage::Awaited)),
            "panic" | "unreachable" | "todo" | "unimplemented" | "bail" | "ensure" | "try" => self.throws(),
            _ => {}
        }
        Some(call)
    }

    fn macro_close(&self, mac: &Macro) -> Span {
        self.places.of(match &mac.delimiter {
            MacroDelimiter::Paren(paren) => paren.span.close(),
            MacroDelimiter::Brace(brace) => brace.span.close(),
            MacroDelimiter::Bracket(bracket) => bracket.span.close(),
        })
    }

    /// A macro between items.
    pub(super) fn item_macro(&mut self, mac: &Macro) {
        let name = self.path_name(&mac.path);
        if name.as_str() == "macro_rules" {
            self.mention_calls(&mac.tokens);
        }
        if name.as_str() == "macro_rules" || self.declares(name.last_segment(), mac) {
            return;
        }
        // `cfg_net! { pub fn … }`: items of this place behind a condition or with something added.
        if self.callable.is_none()
            && matches!(mac.delimiter, MacroDelimiter::Brace(_))
            && let Ok(found) = items.parse2(mac.tokens.clone())
            && !found.is_empty()
            && self.macros < MACROS_WITHIN_MACROS
        {
            self.macros += 1;
            found.iter().for_each(|item| self.item(item));
            self.macros -= 1;
            return;
        }
        let scope = self.here();
        self.within(scope, true, |walker| walker.macro_call(mac));
    }

    /// Macros whose content is items or statics.
    fn declares(&mut self, name: &str, mac: &Macro) -> bool {
        let mods = match name {
            "lazy_static" => Mods::default(),
            "thread_local" | "task_local" => Mods::THREAD_LOCAL,
            "cfg_if" | "cfg_select" => {
                self.braced_items(mac.tokens.clone());
                return true;
            }
            "macro_rules" => return true,
            _ => return false,
        };
        let parser = |input: ParseStream<'_>| {
            let mut items = Vec::new();
            while !input.is_empty() {
                items.push(input.parse::<MacroStatic>()?);
            }
            Ok(items)
        };
        let items = parser.parse2(mac.tokens.clone()).unwrap_or_default();
        self.macro_statics(&items, mods);
        true
    }

    /// `cfg_if! { if #[cfg(a)] { … } else { … } }` and `cfg_select! { a => { … } _ => { … } }`: the content of all branches.
    fn braced_items(&mut self, tokens: TokenStream) {
        let mut condition = Cfg::default();
        let mut before = TokenStream::new();
        for token in tokens {
            let group = match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => group,
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                    condition = Cfg::within(group.stream());
                    continue;
                }
                token => {
                    before.extend([token]);
                    continue;
                }
            };
            let selected = std::mem::take(&mut before);
            if selected.clone().into_iter().any(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == '>')) {
                condition = Cfg::read(selected);
            }
            let outside = self.test;
            self.test |= std::mem::take(&mut condition).test;
            let parsed = match self.callable {
                Some(_) => Block::parse_within.parse2(group.stream()),
                None => items.parse2(group.stream()).map(|items| items.into_iter().map(Stmt::Item).collect()),
            };
            self.statements(&parsed.unwrap_or_default(), false);
            self.test = outside;
        }
    }

    /// `stream! { … }`: statements that run when polled.
    fn stream_macro(&mut self, mac: &Macro, name: crate::text::Name, span: Span, at: Span) -> Value {
        let stmts = Block::parse_within.parse2(mac.tokens.clone()).unwrap_or_default();
        let body = self.async_body(at, span, |walker| {
            walker.statements(&stmts, false);
        });
        let call = self.push(ExprKind::Macro { name, args: [body.ix].into() }, span, at);
        self.arguments(&[body.ix], call.ix);
        call
    }
}

fn items(input: ParseStream<'_>) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(input.parse()?);
    }
    Ok(items)
}

/// Unknown `name! { … }` may hold statements; grammars of their own are better left alone.
fn skimmed(name: &str) -> bool {
    !matches!(name, "json" | "quote" | "html" | "view" | "rsx" | "asm" | "parse_quote")
}

/// The arguments that are expressions, also behind `name =`, `name:`, `%` and `?`; at most `limit` parts are looked at.
fn arguments(tokens: &TokenStream, limit: usize) -> Vec<Expr> {
    let parser = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        let mut parts = 0;
        while !input.is_empty() {
            parts += 1;
            if parts <= limit
                && let Some(expr) = argument(input)
            {
                found.push(expr);
            }
            // To the next comma: whatever stands there is no expression.
            while !input.is_empty() && !input.peek(Token![,]) && !input.peek(Token![;]) {
                input.parse::<TokenTree>()?;
            }
            if !input.is_empty() {
                input.parse::<TokenTree>()?;
            }
        }
        Ok(found)
    };
    parser.parse2(tokens.clone()).unwrap_or_default()
}

/// `format!("{dir}/{name}.json")`: the variables that stand in the text itself.
fn captured(tokens: &TokenStream) -> Vec<Expr> {
    let Some(TokenTree::Literal(literal)) = tokens.clone().into_iter().next() else { return Vec::new() };
    let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal).into()) else { return Vec::new() };
    let (span, value) = (text.span(), text.value().replace("{{", ""));
    let names = value.split('{').skip(1).take(16).filter_map(|part| {
        let name = part.split(['}', ':']).next().unwrap_or_default();
        syn::parse_str::<Ident>(name).ok()
    });
    let variable = |mut name: Ident| {
        name.set_span(span);
        Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: name.into() })
    };
    names.map(variable).collect()
}

/// One argument; the input stands behind it or, when it is no expression, where it stood or a little further.
fn argument(input: ParseStream<'_>) -> Option<Expr> {
    while input.peek(syn::Ident)
        && ((input.peek2(Token![=]) && !input.peek2(Token![==]) && !input.peek2(Token![=>]))
            || (input.peek2(Token![:]) && !input.peek2(Token![::])))
    {
        input.parse::<Ident>().ok()?;
        input.parse::<TokenTree>().ok()?;
    }
    if input.peek(Token![%]) || input.peek(Token![?]) {
        input.parse::<TokenTree>().ok()?;
    }
    let ahead = input.fork();
    let expr = ahead.parse::<Expr>().ok()?;
    if !ahead.is_empty() && !ahead.peek(Token![,]) && !ahead.peek(Token![;]) {
        return None;
    }
    input.advance_to(&ahead);
    Some(expr)
}
