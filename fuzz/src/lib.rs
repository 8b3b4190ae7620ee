//! What the targets share: any bytes become facts, and what is said about them holds.

use faasible::parse::parse;
use faasible::source::FileKind;

/// Parses the bytes as each of the given files, one of which the first byte picks.
///
/// # Panics
/// When a place that the parser names does not lie in the text.
pub fn check(data: &[u8], files: &[(FileKind, &str)]) {
    let Some((first, rest)) = data.split_first() else { return };
    let (kind, path) = if let [only] = files { *only } else { files[usize::from(*first) % files.len()] };
    let data = if files.len() == 1 { data } else { rest };
    let text = String::from_utf8_lossy(data);
    let facts = parse(kind, path, &text);
    for note in &facts.notes {
        assert!(!note.reason.is_empty(), "a note that says nothing");
        if let Some(span) = note.span {
            let range = span.start as usize..span.end as usize;
            assert!(text.get(range).is_some(), "a note's place lies in the text: {note:?}");
        }
    }
}
