//! Text of a scanned tree, made harmless to look at.

use std::borrow::Cow;

/// The text with everything replaced that a terminal would obey or a reader would not see: control
/// characters, escape sequences, line ends, marks that turn the direction of writing.
///
/// One character stays one character, so that columns stay true.
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) { Cow::Owned(text.chars().map(visible).collect()) } else { Cow::Borrowed(text) }
}

/// A path within an address: everything escaped that an address or a terminal takes as its own.
pub fn percent(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Is it obeyed or passed over rather than shown?
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        _ if is_hidden(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_nothing_of_their_own() {
        assert_eq!(percent("/a b/ü\x1b"), "/a%20b/%C3%BC%1B");
    }

    #[test]
    fn escapes_become_visible_and_columns_stay() {
        let hostile = "a\x1b[31mb\u{9b}2J\r\n\tc\x7f\u{202e}d\u{feff}";
        let shown = safe(hostile);
        assert_eq!(shown, "a␛[31mb\u{fffd}2J␍␊ c␡\u{fffd}d\u{fffd}");
        assert_eq!(shown.chars().count(), hostile.chars().count());
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(safe("grüße 世界 👩‍🚀"), Cow::Borrowed(_)));
    }
}
