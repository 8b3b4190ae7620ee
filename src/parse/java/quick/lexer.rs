//! From text to tokens; none for anything that is not plain Java.

use super::token::{T, Token, keyword};

/// The tokens of a file and what belongs to them; kept from file to file.
#[derive(Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    /// For each opening parenthesis the index of the closing one.
    pub(super) closing: Vec<u32>,
    /// Comments in source order.
    pub(super) comments: Vec<(u32, u32)>,
    open: Vec<u32>,
}

impl Tokens {
    /// Replaces the contents by the tokens of `text`.
    pub(super) fn read(&mut self, text: &str) -> Option<()> {
        self.list.clear();
        self.closing.clear();
        self.comments.clear();
        self.open.clear();
        let bytes = text.as_bytes();
        u32::try_from(bytes.len()).ok()?;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at;
            let kind = match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    at += 1;
                    continue;
                }
                b'/' if bytes.get(at + 1) == Some(&b'/') => {
                    at = line_end(bytes, at);
                    self.comments.push((start as u32, at as u32));
                    continue;
                }
                b'/' if bytes.get(at + 1) == Some(&b'*') => {
                    at += 4 + text.get(at + 2..)?.find("*/")?;
                    self.comments.push((start as u32, at as u32));
                    continue;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                    at += 1 + bytes[at + 1..].iter().take_while(|b| is_part(**b)).count();
                    let word = &bytes[start..at];
                    if word == b"_" {
                        return None;
                    }
                    keyword(word)
                }
                b'0'..=b'9' => number(bytes, &mut at)?,
                b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => number(bytes, &mut at)?,
                b'"' => string(bytes, &mut at)?,
                b'\'' => character(bytes, &mut at)?,
                _ => punctuation(bytes, &mut at)?,
            };
            self.push(kind, start, at)?;
        }
        self.open.is_empty().then_some(())
    }

    fn push(&mut self, kind: T, start: usize, end: usize) -> Option<()> {
        let index = self.list.len() as u32;
        self.list.push(Token { kind, start: start as u32, end: end as u32 });
        self.closing.push(0);
        match kind {
            T::LeftParen => self.open.push(index),
            T::RightParen => self.closing[self.open.pop()? as usize] = index,
            _ => {}
        }
        Some(())
    }
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at)
}

/// A number; none for the spellings that hardly anybody uses.
fn number(bytes: &[u8], at: &mut usize) -> Option<T> {
    let start = *at;
    let hex = bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'X'));
    let mut point = false;
    let mut exponent = false;
    while let Some(byte) = bytes.get(*at) {
        match byte {
            b'.' if !point && !hex && !exponent && bytes.get(*at + 1).is_none_or(|b| !matches!(b, b'.')) => {
                point = true
            }
            b'e' | b'E' if !hex => exponent = true,
            b'+' | b'-' if exponent && matches!(bytes[*at - 1], b'e' | b'E') => {}
            b if is_part(*b) => {}
            _ => break,
        }
        *at += 1;
    }
    let word = &bytes[start..*at];
    let (last, body) = word.split_last()?;
    let digits = |body: &[u8], digit: fn(&u8) -> bool| {
        body.first().is_some_and(digit) && body.last().is_some_and(digit) && body.iter().all(|b| digit(b) || *b == b'_')
    };
    if hex {
        if bytes.get(*at) == Some(&b'.') {
            return None;
        }
        let body = if matches!(last, b'l' | b'L') { body } else { word };
        return digits(body.get(2..)?, u8::is_ascii_hexdigit).then_some(T::Hex);
    }
    if point || exponent {
        let plain = word.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
        let body = if matches!(last, b'f' | b'F' | b'd' | b'D') { body } else { word };
        let plain = plain || body.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
        let ends = body.last().is_some_and(|b| b.is_ascii_digit() || *b == b'.');
        let once = body.iter().filter(|b| matches!(b, b'e' | b'E')).count() <= 1;
        return (plain && ends && once && body.len() > 1).then_some(T::Float);
    }
    match last {
        b'f' | b'F' | b'd' | b'D' => {
            let leading = body.first() == Some(&b'0') && body.len() > 1;
            (!leading && body.iter().all(u8::is_ascii_digit)).then_some(T::Float)
        }
        _ => {
            let body = if matches!(last, b'l' | b'L') { body } else { word };
            if body == b"0" {
                Some(T::Decimal)
            } else if body.first() == Some(&b'0') {
                body.iter().all(|b| (b'0'..=b'7').contains(b)).then_some(T::Octal)
            } else {
                digits(body, u8::is_ascii_digit).then_some(T::Decimal)
            }
        }
    }
}

/// A string or a text block without anything odd in it.
fn string(bytes: &[u8], at: &mut usize) -> Option<T> {
    if bytes[*at..].starts_with(b"\"\"\"") {
        let body = &bytes[*at + 3..];
        let end = body.iter().position(|b| matches!(b, b'"' | b'\\'))?;
        if !body[end..].starts_with(b"\"\"\"") || body.get(end + 3) == Some(&b'"') {
            return None;
        }
        *at += end + 6;
        return Some(T::String);
    }
    *at += 1;
    loop {
        match bytes.get(*at)? {
            b'"' => break,
            b'\n' => return None,
            b'\\' => {
                if !matches!(
                    bytes.get(*at + 1)?,
                    b'b' | b'f' | b'n' | b'r' | b't' | b's' | b'"' | b'\'' | b'\\' | b'0'..=b'7'
                ) && !is_unicode(bytes, *at)
                {
                    return None;
                }
                *at += 2;
            }
            _ => *at += 1,
        }
    }
    *at += 1;
    Some(T::String)
}

fn is_unicode(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1) == Some(&b'u')
        && bytes.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
}

fn character(bytes: &[u8], at: &mut usize) -> Option<T> {
    *at += 1;
    let start = *at;
    loop {
        match bytes.get(*at)? {
            b'\'' => break,
            b'\n' => return None,
            b'\\' => {
                if matches!(bytes.get(*at + 1)?, b'\n' | b'\r') {
                    return None;
                }
                *at += 2;
            }
            _ => *at += 1,
        }
    }
    let empty = *at == start;
    *at += 1;
    (!empty).then_some(T::Char)
}

fn punctuation(bytes: &[u8], at: &mut usize) -> Option<T> {
    let second = bytes.get(*at + 1).copied().unwrap_or(0);
    let (kind, length) = match (bytes[*at], second) {
        (b'(', _) => (T::LeftParen, 1),
        (b')', _) => (T::RightParen, 1),
        (b'{', _) => (T::LeftBrace, 1),
        (b'}', _) => (T::RightBrace, 1),
        (b'[', _) => (T::LeftBracket, 1),
        (b']', _) => (T::RightBracket, 1),
        (b';', _) => (T::Semicolon, 1),
        (b',', _) => (T::Comma, 1),
        (b'@', _) => (T::At, 1),
        (b'?', _) => (T::Question, 1),
        (b'~', _) => (T::Tilde, 1),
        (b'.', b'.') => (bytes.get(*at + 2) == Some(&b'.')).then_some((T::Ellipsis, 3))?,
        (b'.', _) => (T::Dot, 1),
        (b':', b':') => (T::ColonColon, 2),
        (b':', _) => (T::Colon, 1),
        (b'-', b'>') => (T::Arrow, 2),
        (b'+', b'+') => (T::PlusPlus, 2),
        (b'-', b'-') => (T::MinusMinus, 2),
        (b'=', b'=') => (T::Equal, 2),
        (b'!', b'=') => (T::NotEqual, 2),
        (b'<', b'=') => (T::LessEqual, 2),
        (b'<', b'<') if bytes.get(*at + 2) == Some(&b'=') => (T::Update, 3),
        (b'<', b'<') => (T::ShiftLeft, 2),
        (b'&', b'&') => (T::AndAnd, 2),
        (b'|', b'|') => (T::OrOr, 2),
        (b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^', b'=') => (T::Update, 2),
        (b'=', _) => (T::Assign, 1),
        (b'!', _) => (T::Bang, 1),
        (b'<', _) => (T::Less, 1),
        // Alone, because it may close type arguments: operators are put together where they are read.
        (b'>', _) => (T::Greater, 1),
        (b'+', _) => (T::Plus, 1),
        (b'-', _) => (T::Minus, 1),
        (b'*', _) => (T::Star, 1),
        (b'/', _) => (T::Slash, 1),
        (b'%', _) => (T::Percent, 1),
        (b'&', _) => (T::And, 1),
        (b'|', _) => (T::Or, 1),
        (b'^', _) => (T::Xor, 1),
        _ => return None,
    };
    *at += length;
    Some(kind)
}
