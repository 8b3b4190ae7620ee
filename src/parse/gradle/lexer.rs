//! Tokens of Groovy, Kotlin and Java source, as far as a build script needs them.

use crate::text::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name; back quotes taken off.
    Ident,
    /// A string of any quotes; the text is what stands between them.
    Str,
    /// A number.
    Num,
    /// Everything else: brackets and operators.
    Op,
    /// A line end.
    Newline,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub start: usize,
    pub end: usize,
}

impl<'t> Token<'t> {
    /// Is it this operator?
    pub(super) fn is(&self, op: &str) -> bool {
        self.kind == Kind::Op && self.text == op
    }

    /// Is it this name?
    pub(super) fn names(&self, name: &str) -> bool {
        self.kind == Kind::Ident && self.text == name
    }

    pub(super) fn opens(&self) -> bool {
        self.kind == Kind::Op && matches!(self.text, "(" | "[")
    }

    pub(super) fn closes(&self) -> bool {
        self.kind == Kind::Op && matches!(self.text, ")" | "]")
    }
}

/// From the first to the last of `tokens`.
pub(super) fn span(tokens: &[Token<'_>]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => Span::new(first.start, last.end),
        _ => Span::default(),
    }
}

const OPERATORS: [&str; 12] = ["->", "?:", "?.", "*.", "::", "==", "!=", "<=", ">=", "&&", "||", "+="];

/// The tokens of `text`, without comments. `kotlin` lets block comments nest and knows no slashy strings.
pub(super) fn tokens(text: &str, kotlin: bool) -> Vec<Token<'_>> {
    let mut lexer = Lexer { text, bytes: text.as_bytes(), at: 0, kotlin, out: Vec::new() };
    if text.starts_with("#!") {
        lexer.skip_line();
    }
    while lexer.at < text.len() {
        lexer.next();
    }
    lexer.out
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    kotlin: bool,
    out: Vec<Token<'t>>,
}

impl<'t> Lexer<'t> {
    fn starts(&self, what: &str) -> bool {
        self.bytes[self.at..].starts_with(what.as_bytes())
    }

    fn push(&mut self, kind: Kind, inner: (usize, usize), start: usize, end: usize) {
        let text = self.text.get(inner.0..inner.1).unwrap_or("");
        self.out.push(Token { kind, text, start, end });
        self.at = end;
    }

    fn next(&mut self) {
        let start = self.at;
        match self.bytes[start] {
            b'\n' => self.push(Kind::Newline, (start, start + 1), start, start + 1),
            b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
            // A backslash joins two lines in Groovy.
            b'\\' if matches!(self.bytes.get(start + 1), Some(b'\n' | b'\r')) => {
                self.at += if self.starts("\\\r\n") { 3 } else { 2 };
            }
            b'/' if self.starts("//") => self.skip_line(),
            b'/' if self.starts("/*") => self.skip_block_comment(),
            b'/' if !self.kotlin && self.value_may_start() => self.slashy(),
            b'$' if !self.kotlin && self.starts("$/") => self.quoted("$/", "/$", false),
            b'"' if self.starts("\"\"\"") => self.quoted("\"\"\"", "\"\"\"", true),
            b'\'' if self.starts("'''") => self.quoted("'''", "'''", true),
            b'"' => self.line_string(b'"'),
            b'\'' => self.line_string(b'\''),
            b'`' => self.back_quoted(),
            b if b.is_ascii_digit() => self.number(),
            b if is_name_byte(b) => self.name(),
            _ => self.operator(),
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0usize;
        let mut multiline = false;
        while self.at < self.bytes.len() {
            if self.starts("/*") && (depth == 0 || self.kotlin) {
                depth += 1;
                self.at += 2;
            } else if self.starts("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    break;
                }
            } else {
                multiline |= self.bytes[self.at] == b'\n';
                self.at += 1;
            }
        }
        if multiline {
            self.push(Kind::Newline, (self.at, self.at), self.at, self.at);
        }
    }

    /// May a value stand here? Then `/` opens a string, else it divides.
    fn value_may_start(&self) -> bool {
        match self.out.last() {
            None => true,
            Some(t) => match t.kind {
                Kind::Newline => false,
                Kind::Op => !matches!(t.text, ")" | "]" | "}"),
                _ => false,
            },
        }
    }

    fn slashy(&mut self) {
        let start = self.at;
        let mut i = start + 1;
        while i < self.bytes.len() && !matches!(self.bytes[i], b'/' | b'\n') {
            i += if self.bytes[i] == b'\\' { 2 } else { 1 };
        }
        if self.bytes.get(i) == Some(&b'/') {
            self.push(Kind::Str, (start + 1, i), start, i + 1);
        } else {
            self.operator();
        }
    }

    fn quoted(&mut self, open: &str, close: &str, escapes: bool) {
        let start = self.at;
        let inner = start + open.len();
        let mut i = inner;
        while i < self.bytes.len() && !self.bytes[i..].starts_with(close.as_bytes()) {
            i += if escapes && !self.kotlin && self.bytes[i] == b'\\' { 2 } else { 1 };
        }
        let i = i.min(self.bytes.len());
        self.push(Kind::Str, (inner, i), start, (i + close.len()).min(self.bytes.len()));
    }

    /// `'…'` or `"…"`; one that is not closed ends with its line. `${…}` may hold quotes of its own.
    fn line_string(&mut self, quote: u8) {
        let start = self.at;
        let mut i = start + 1;
        let mut braces = 0usize;
        let mut inner_quote = 0u8;
        while let Some(b) = self.bytes.get(i).copied() {
            match b {
                b'\n' => break,
                b'\\' => i += 1,
                b'$' if quote == b'"' && braces == 0 && self.bytes.get(i + 1) == Some(&b'{') => {
                    braces = 1;
                    i += 1;
                }
                _ if braces > 0 && inner_quote != 0 && b == inner_quote => inner_quote = 0,
                _ if braces > 0 && inner_quote != 0 => {}
                b'"' | b'\'' if braces > 0 => inner_quote = b,
                b'{' if braces > 0 => braces += 1,
                b'}' if braces > 0 => braces -= 1,
                _ if b == quote => break,
                _ => {}
            }
            i += 1;
        }
        let i = i.min(self.bytes.len());
        let closed = usize::from(self.bytes.get(i) == Some(&quote));
        self.push(Kind::Str, (start + 1, i), start, i + closed);
    }

    fn back_quoted(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start + 1..];
        match rest.iter().position(|b| matches!(b, b'`' | b'\n')) {
            Some(n) if rest[n] == b'`' => self.push(Kind::Ident, (start + 1, start + 1 + n), start, start + n + 2),
            _ => self.operator(),
        }
    }

    fn number(&mut self) {
        let start = self.at;
        let mut i = start;
        while let Some(b) = self.bytes.get(i) {
            let dot = *b == b'.' && self.bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
            if !(b.is_ascii_alphanumeric() || *b == b'_' || dot) {
                break;
            }
            i += 1;
        }
        self.push(Kind::Num, (start, i), start, i);
    }

    fn name(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let end = start + rest.iter().position(|b| !is_name_byte(*b)).unwrap_or(rest.len());
        self.push(Kind::Ident, (start, end), start, end);
    }

    fn operator(&mut self) {
        let start = self.at;
        let len = OPERATORS.iter().find(|op| self.starts(op)).map_or(1, |op| op.len());
        self.push(Kind::Op, (start, start + len), start, start + len);
    }
}

/// Names, and all that is not ASCII, so that no token cuts a character.
fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'@') || !b.is_ascii()
}
