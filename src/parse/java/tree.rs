//! From text to a syntax tree, but not at any price.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// More type arguments than this are never open at once in real code; tree-sitter's memory grows with their square.
const OPEN_ANGLES: usize = 2000;

/// Parses; none when that would take unreasonable time or memory.
///
/// On some hostile texts the work grows with the square of the length (thousands of `case 1:`
/// outside a `switch`). The limit is a hundred times what a file of that size needs, so that a
/// loaded machine does not make it bite on real code.
pub(super) fn parse(parser: &mut Parser, text: &str) -> Option<Tree> {
    parser.set_language(&tree_sitter_java::LANGUAGE.into()).ok()?;
    if is_tangled(text) {
        return None;
    }
    let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let limit = Duration::from_secs(2).saturating_add(Duration::from_micros(size.saturating_mul(10)));
    let start = Instant::now();
    let mut watch =
        |_: &ParseState| if start.elapsed() > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
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
