//! `gradle.properties`.

use super::raw::entry;
use crate::facts::Entry;
use crate::text::Span;

/// The pairs of a properties file; `\` at a line's end goes on with the next one.
pub(super) fn parse(text: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        let mut line = String::new();
        loop {
            let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
            let piece = text[at..end].trim_start().trim_end_matches('\r');
            at = (end + 1).min(text.len());
            let comment = line.is_empty() && piece.starts_with(['#', '!']);
            let slashes = piece.bytes().rev().take_while(|b| *b == b'\\').count();
            let goes_on = slashes % 2 == 1 && !comment && at < text.len();
            if !comment {
                line.push_str(if goes_on { &piece[..piece.len() - 1] } else { piece });
            }
            if !goes_on {
                break;
            }
        }
        let line = line.trim_start_matches('\u{feff}');
        let cut = separator(line);
        let (key, value) = (unescape(&line[..cut]), &line[cut..]);
        if key.is_empty() {
            continue;
        }
        let value = value.trim_start();
        let value = value.strip_prefix(['=', ':']).unwrap_or(value).trim();
        let end = start + text[start..at].trim_end().len();
        let begin = start + (text[start..end].len() - text[start..end].trim_start().len());
        out.push(entry(&key, &unescape(value), Span::new(begin, end)));
    }
    out
}

/// Where the key ends.
fn separator(line: &str) -> usize {
    let mut escaped = false;
    for (i, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '=' | ':' | ' ' | '\t' => return i,
            _ => {}
        }
    }
    line.len()
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => {
                let code: String = chars.clone().take(4).collect();
                match u32::from_str_radix(&code, 16).ok().and_then(char::from_u32) {
                    Some(c) if code.len() == 4 => {
                        out.push(c);
                        chars.nth(3);
                    }
                    _ => out.push('u'),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
