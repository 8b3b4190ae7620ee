//! Templates within YAML, blotted out byte by byte so that the rest can be parsed in place.

use std::ops::Range;

/// What [`mask`] did.
#[derive(Default)]
pub(super) struct Masked {
    /// As long as the original; none when nothing had to be masked.
    pub text: Option<String>,
    /// Go or Jinja templates stand in it.
    pub templated: bool,
}

/// Stands for a masked byte for a while.
const HOLE: u8 = 1;
/// Stands for it in the end: a letter that means nothing in YAML.
const BLOT: u8 = b'x';

/// Blots out `{{ … }}` and `{% … %}`, and lines that hold nothing else; also Maven's `@name@`, which YAML forbids
/// at the beginning of a value.
pub(super) fn mask(text: &str) -> Masked {
    let mut holes = templates(text, "{{", "}}");
    holes.extend(templates(text, "{%", "%}"));
    let templated = !holes.is_empty();
    let placeholders = maven_placeholders(text);
    if holes.is_empty() && placeholders.is_empty() {
        return Masked::default();
    }
    let mut bytes = text.as_bytes().to_vec();
    blot(&mut bytes, &placeholders, BLOT);
    blot(&mut bytes, &holes, HOLE);
    for line in bytes.split_mut(|b| *b == b'\n') {
        // Control structures, comments and included blocks are lines of their own: they become blank.
        let alone = line.iter().all(|b| *b == HOLE || b.is_ascii_whitespace());
        for byte in line.iter_mut().filter(|b| **b == HOLE) {
            *byte = if alone { b' ' } else { BLOT };
        }
    }
    // Holes begin and end at ASCII delimiters, so this stays valid UTF-8.
    Masked { text: String::from_utf8(bytes).ok(), templated }
}

fn blot(bytes: &mut [u8], ranges: &[Range<usize>], with: u8) {
    for range in ranges {
        for byte in bytes[range.clone()].iter_mut().filter(|b| !matches!(b, b'\n' | b'\r')) {
            *byte = with;
        }
    }
}

fn templates(text: &str, open: &str, close: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(open).map(|i| at + i) {
        let Some(end) = text[start..].find(close).map(|i| start + i + close.len()) else {
            break;
        };
        found.push(start..end);
        at = end;
    }
    found
}

fn maven_placeholders(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('@').map(|i| at + i) {
        let name = text[start + 1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || b"._-".contains(b)).count();
        let end = start + 1 + name + 1;
        if name > 0 && text.as_bytes().get(end - 1) == Some(&b'@') {
            found.push(start..end);
            at = end;
        } else {
            at = start + 1;
        }
    }
    found
}
