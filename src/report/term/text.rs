//! Words and numbers for people.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::model::EffortReport;

/// A number with its digits in groups: `56,789`.
pub(super) fn grouped(n: impl TryInto<u64>) -> String {
    let digits = n.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 file`, `2 files`, `3 libraries`.
pub(super) fn count(n: usize, one: &str) -> String {
    let number = grouped(n as u64);
    match one.strip_suffix('y') {
        _ if n == 1 => format!("{number} {one}"),
        Some(stem) => format!("{number} {stem}ies"),
        None if one == "infra" => format!("{number} {one}"),
        None => format!("{number} {one}s"),
    }
}

/// `23.5 (18.0–31.0)`.
pub(super) fn days(effort: &EffortReport) -> String {
    range(effort.person_days, effort.low, effort.high)
}

/// `5.2s`; below a second in milliseconds.
pub(super) fn seconds(ms: u32) -> String {
    if ms < 1000 { format!("{ms}ms") } else { format!("{:.1}s", f64::from(ms) / 1000.0) }
}

/// `23.5 (18.0–31.0)`.
pub(super) fn range(days: f64, low: f64, high: f64) -> String {
    format!("{days:.1} ({low:.1}–{high:.1})")
}

/// Columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text, cut to so many columns with `…` where it is longer.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let mut kept = String::new();
    for c in text.chars() {
        let Some(rest) = left.checked_sub(c.width().unwrap_or(0)) else { break };
        left = rest;
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    if columns > 0 {
        kept.push('…');
    }
    kept
}

/// The text in lines of at most so many columns, broken between words; a longer word stays whole.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = usize::MAX;
    for word in text.split_whitespace() {
        let word = crate::report::safe(word);
        let wide = width(&word);
        match lines.last_mut() {
            Some(line) if used.saturating_add(1 + wide) <= columns => {
                line.push(' ');
                line.push_str(&word);
                used += 1 + wide;
            }
            _ => {
                lines.push(word.into_owned());
                used = wide;
            }
        }
    }
    lines
}

/// The first sentence.
pub(super) fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let end = text.char_indices().find(|&(i, c)| {
        matches!(c, '.' | '!' | '?')
            && text[i + 1..].chars().next().is_none_or(char::is_whitespace)
            && !abbreviated(&text[..i])
    });
    end.map_or(text, |(i, _)| &text[..=i])
}

/// Does a dot behind this belong to an abbreviation?
fn abbreviated(text: &str) -> bool {
    ["e.g", "i.e", "etc", "vs", "approx", "ca", "no"]
        .iter()
        .any(|short| text.strip_suffix(short).is_some_and(|before| !before.ends_with(char::is_alphanumeric)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_plurals() {
        assert_eq!(grouped(7u64), "7");
        assert_eq!(grouped(1_234_567u64), "1,234,567");
        assert_eq!(count(1, "library"), "1 library");
        assert_eq!(count(2000, "library"), "2,000 libraries");
        assert_eq!(count(0, "file"), "0 files");
    }

    #[test]
    fn cutting_knows_wide_characters() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("longer text", 7), "longer…");
        assert_eq!(cut("世界世界", 5), "世界…");
        assert_eq!(cut("世界世界", 4), "世…");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn wrapping_keeps_words() {
        assert_eq!(wrap("one two  three\nfour", 9), ["one two", "three", "four"]);
        assert_eq!(wrap("averylongword b", 4), ["averylongword", "b"]);
        assert!(wrap("", 9).is_empty());
    }

    #[test]
    fn sentences_end_at_a_dot_before_white_space() {
        assert_eq!(first_sentence("Use java.util.Map, e.g. this. Then that."), "Use java.util.Map, e.g. this.");
        assert_eq!(first_sentence("No end"), "No end");
    }
}
