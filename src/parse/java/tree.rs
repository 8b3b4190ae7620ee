//! From text to a syntax tree, but not at any price.

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// More type arguments than this are never open at once in real code; tree-sitter's memory grows with their square.
const OPEN_ANGLES: usize = 2000;

/// Calls of the watch that every file may take, however small.
const LEAST_CALLS: usize = 20_000;

/// Parses; none when that would take unreasonable time or memory.
///
/// On some hostile texts the work grows with the square of the length (thousands of `case 1:`
/// outside a `switch`). The limit is a hundred times the steps that a file of that size needs. It
/// counts steps and not seconds: a report must not depend on how busy the machine is.
pub(super) fn parse(parser: &mut Parser, text: &str) -> Option<Tree> {
    parser.set_language(&tree_sitter_java::LANGUAGE.into()).ok()?;
    if is_tangled(text) {
        return None;
    }
    // tree-sitter asks once in a hundred steps; real code takes one step for some four bytes.
    let limit = LEAST_CALLS.saturating_add(text.len() / 4);
    let mut calls = 0_usize;
    let mut watch = |_: &ParseState| {
        calls += 1;
        if calls > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    let mut read = |at: usize, _| bytes.get(at..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut read, None, Some(ParseOptions::new().progress_callback(&mut watch)));
    if tree.is_none() {
        parser.reset();
    }
    tree
}

/// Are thousands of type arguments opened without anything but names between them?
fn is_tangled(text: &str) -> bool {
    if text.bytes().filter(|b| *b == b'<').count() <= OPEN_ANGLES {
        return false;
    }
    let mut open = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'<' => open += 1,
            b'>' => open = open.saturating_sub(1),
            b'.' | b',' | b'?' | b'@' | b'&' | b'[' | b']' | b'_' | b'$' | b'/' | b'*' => {}
            _ if byte.is_ascii_punctuation() => open = 0,
            _ => {}
        }
        if open > OPEN_ANGLES {
            return true;
        }
    }
    false
}
