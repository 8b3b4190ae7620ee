//! Values of literals.

use super::flat::Node;
use super::kinds::Kind;
use crate::facts::code::Literal;
use crate::text::Name;

/// Longer texts are cut: they are data, and interned names live as long as the process.
const LONGEST: usize = 4096;

/// The value of a literal node; none for a malformed one.
pub(super) fn literal(node: Node<'_>) -> Option<Literal> {
    let text = node.text();
    Some(match node.kind() {
        Kind::String => Literal::Text(Name::new(&string(text))),
        Kind::Char => {
            let inner = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''))?;
            Literal::Int(i64::from(u32::from(unescape(inner).chars().next()?)))
        }
        Kind::True => Literal::Bool(true),
        Kind::False => Literal::Bool(false),
        Kind::Null => Literal::Null,
        Kind::Decimal => Literal::Int(integer(text, 10)?),
        Kind::Hex => Literal::Int(integer(text.get(2..)?, 16)?),
        Kind::Octal => Literal::Int(integer(text, 8)?),
        Kind::Binaries => Literal::Int(integer(text.get(2..)?, 2)?),
        Kind::Float => {
            let digits = text.replace('_', "");
            Literal::Float(digits.trim_end_matches(['f', 'F', 'd', 'D']).parse().ok()?)
        }
        _ => return None,
    })
}

fn integer(text: &str, radix: u32) -> Option<i64> {
    let digits = text.trim_end_matches(['l', 'L']);
    let long = digits.len() < text.len();
    let digits = if digits.contains('_') { digits.replace('_', "") } else { digits.to_owned() };
    let value = u64::from_str_radix(&digits, radix).ok()?;
    // Java reads 0xFFFFFFFF as -1: other radices spell the bits.
    if radix != 10 && !long && value > 0x7FFF_FFFF && value <= 0xFFFF_FFFF {
        return Some(i64::from(value as u32 as i32));
    }
    Some(if radix == 10 { i64::try_from(value).unwrap_or(i64::MAX) } else { value as i64 })
}

fn string(text: &str) -> String {
    let mut value = match text.strip_prefix("\"\"\"") {
        Some(block) => unescape(&unindent(block.strip_suffix("\"\"\"").unwrap_or(block))),
        None => {
            let inner = text.strip_prefix('"').unwrap_or(text);
            let inner = inner.strip_suffix('"').unwrap_or(inner);
            if inner.contains('\\') { unescape(inner) } else { inner.to_owned() }
        }
    };
    if value.len() > LONGEST {
        let mut end = LONGEST;
        while !value.is_char_boundary(end) {
            end -= 1;
        }
        value.truncate(end);
    }
    value
}

/// A text block without its incidental white space.
fn unindent(block: &str) -> String {
    let body = block.split_once('\n').map_or("", |(_, body)| body);
    let lines: Vec<&str> = body.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l)).collect();
    let last = lines.len().saturating_sub(1);
    let indent = lines
        .iter()
        .enumerate()
        .filter(|(i, l)| *i == last || !l.trim().is_empty())
        .map(|(_, l)| l.len() - l.trim_start().len())
        .min()
        .unwrap_or(0);
    let stripped: Vec<&str> = lines.iter().map(|l| l.get(indent..).unwrap_or("").trim_end()).collect();
    stripped.join("\n")
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('s') => out.push(' '),
            Some('\n') | None => {}
            Some('u') => {
                while chars.next_if_eq(&'u').is_some() {}
                let mut code = 0;
                for _ in 0..4 {
                    let Some(digit) = chars.next_if(char::is_ascii_hexdigit) else { break };
                    code = code * 16 + digit.to_digit(16).unwrap_or(0);
                }
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(first @ '0'..='7') => {
                let mut code = first.to_digit(8).unwrap_or(0);
                for _ in 0..if first <= '3' { 2 } else { 1 } {
                    let Some(digit) = chars.next_if(|c| c.is_digit(8)) else { break };
                    code = code * 8 + digit.to_digit(8).unwrap_or(0);
                }
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{integer, string};

    #[test]
    fn integers() {
        assert_eq!(integer("1_000L", 10), Some(1000));
        assert_eq!(integer("FFFFFFFF", 16), Some(-1));
        assert_eq!(integer("FFFFFFFFL", 16), Some(0xFFFF_FFFF));
        assert_eq!(integer("017", 8), Some(15));
        assert_eq!(integer("99999999999999999999", 10), None);
    }

    #[test]
    fn texts() {
        assert_eq!(string(r#""a\n\"\u0041\\\101""#), "a\n\"A\\A");
        assert_eq!(string("\"\"\"\n    a\n      b \\\n    c\n    \"\"\""), "a\n  b c\n");
        assert_eq!(string("\"unterminated"), "unterminated");
        assert_eq!(string(&format!("\"{}\"", "é".repeat(4000))).len(), 4096);
    }
}
