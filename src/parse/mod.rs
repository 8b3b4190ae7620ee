//! Parsers: bytes to facts. They never fail and judge nothing; what they cannot read becomes a note.

use crate::facts::{Body, FileFacts, Note};
use crate::source::FileKind;

pub mod dockerfile;
mod flat;
pub mod java;
pub mod logging;
pub mod properties;
pub mod rust;
pub mod settings;
pub mod xml;
pub mod yaml;

pub use flat::Document;

pub mod cargo;
pub mod gradle;
pub mod maven;
pub mod other;
pub mod toml_tree;
pub mod xml_tree;

/// Turns one file into facts. `path` is relative to the root, with `/`; `text` is decoded UTF-8.
pub fn parse(kind: FileKind, path: &str, text: &str) -> FileFacts {
    let mut notes = Vec::new();
    let body = match kind {
        FileKind::Java => Body::Code(Box::new(java::parse(text, &mut notes))),
        FileKind::Rust => Body::Code(Box::new(rust::parse(text, &mut notes))),
        _ => {
            notes.push(Note::whole(format!("{path}: no reader yet")));
            Body::None
        }
    };
    FileFacts { body, notes }
}
