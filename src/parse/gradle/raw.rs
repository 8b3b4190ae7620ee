//! What a script says before its variables are known.

use crate::facts::Entry;
use crate::facts::manifest::{GradleDependency, GradleTarget};
use crate::text::Span;

/// A dependency's target as written.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Known(GradleTarget),
    /// `g:a:v`, variables in it.
    Text {
        text: String,
        platform: bool,
    },
    /// Map notation.
    Parts {
        group: String,
        artifact: String,
        version: String,
        platform: bool,
    },
    /// `libs.x`, unless the file itself has such a variable.
    Catalog {
        alias: String,
        platform: bool,
    },
    /// A variable that may hold a coordinate, or several.
    Variable {
        name: String,
        platform: bool,
    },
    /// Something computed.
    Computed,
}

/// A dependency; variables not yet replaced.
#[derive(Clone, Debug)]
pub(super) struct Dependency {
    pub base: GradleDependency,
    pub target: Target,
    /// From `version { strictly '1' }`.
    pub rich_version: String,
}

/// An entry whose value may hold variables.
pub(super) fn entry(key: &str, value: &str, span: Span) -> Entry {
    Entry { key: key.into(), value: value.to_owned(), span }
}
