//! Keyed documents of any format, flattened to entries, and the bounds that hold for all of them.

use crate::facts::Entry;
use crate::text::{Name, Span};

/// More entries than this are data, not settings.
pub(super) const MAX_ENTRIES: usize = 20_000;
/// Longer keys are data.
pub(super) const MAX_KEY: usize = 400;
/// Longer values are kept to this many bytes.
pub(super) const MAX_VALUE: usize = 64 << 10;
/// Deeper levels are left out.
pub(super) const MAX_DEPTH: usize = 64;

/// One document of a file.
#[derive(Debug, Default)]
pub struct Document {
    /// Scalars by dotted path, in the order of the text.
    pub entries: Vec<Entry>,
    /// The whole document.
    pub span: Span,
    /// Go or Jinja templates stand in it.
    pub templated: bool,
}

impl Document {
    /// The value at a path.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|e| e.key.as_str() == key).map(|e| e.value.as_str())
    }

    /// Does a path begin with this top-level key?
    pub fn has_root(&self, root: &str) -> bool {
        self.entries.iter().any(|e| below(&e.key, root).is_some())
    }

    /// Adds an entry within the bounds; `false` when there is no room for any more.
    pub(super) fn push(&mut self, key: &str, value: &str, span: Span) -> bool {
        if self.entries.len() >= MAX_ENTRIES {
            return false;
        }
        if key.len() <= MAX_KEY {
            self.entries.push(Entry { key: Name::new(key), value: bounded(value).to_owned(), span });
        }
        true
    }
}

/// What is left of a path below `root`: `""` for the root itself, `[0].x` or `x.y` below it.
pub(super) fn below<'k>(key: &'k str, root: &str) -> Option<&'k str> {
    let rest = key.strip_prefix(root)?;
    match rest.as_bytes().first() {
        None => Some(rest),
        Some(b'.') => Some(&rest[1..]),
        Some(b'[') => Some(rest),
        Some(_) => None,
    }
}

/// At most [`MAX_VALUE`] bytes of a value.
fn bounded(value: &str) -> &str {
    let mut end = value.len().min(MAX_VALUE);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}
