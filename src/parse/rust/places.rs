//! From the token positions of `proc-macro2` to byte offsets in the file.

use proc_macro2::LineColumn;
use proc_macro2::extra::DelimSpan;

use crate::text::Span;

/// Translates positions of one text.
///
/// `proc-macro2` counts characters; its line and column are found much faster than its byte offsets,
/// and in a line of ASCII the column is a byte offset already.
pub(super) struct Places {
    base: usize,
    lines: Vec<Line>,
}

struct Line {
    start: usize,
    /// The text, when columns have to be counted in it.
    wide: Option<Box<str>>,
}

/// Lines longer than this are not counted through for each token.
const LONG: usize = 2000;

impl Places {
    /// Positions in `code`, which begins at byte `base` of the file.
    pub(super) fn new(code: &str, base: usize) -> Self {
        let mut start = 0;
        let lines = code.split('\n').map(|line| {
            let wide = (!line.is_ascii()).then(|| line.into());
            let at = base + start;
            start += line.len() + 1;
            Line { start: at, wide }
        });
        Self { base, lines: lines.collect() }
    }

    /// The bytes of a token.
    pub(super) fn of(&self, span: proc_macro2::Span) -> Span {
        match (self.offset(span.start()), self.offset(span.end())) {
            (Some(start), Some(end)) => Span::new(start, end),
            _ => {
                let range = span.byte_range();
                self.bytes(range.start, range.end)
            }
        }
    }

    /// These bytes of the code.
    pub(super) fn bytes(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    fn offset(&self, place: LineColumn) -> Option<usize> {
        let line = self.lines.get(place.line.saturating_sub(1))?;
        match &line.wide {
            None => Some(line.start + place.column),
            Some(text) if text.len() > LONG => None,
            Some(text) => {
                let before: usize = text.chars().take(place.column).map(char::len_utf8).sum();
                Some(line.start + before)
            }
        }
    }

    /// The bytes from the opening to the closing delimiter, both included.
    pub(super) fn group(&self, span: &DelimSpan) -> Span {
        self.of(span.join())
    }

    /// The bytes from the first to the last of two tokens.
    pub(super) fn between(&self, first: proc_macro2::Span, last: proc_macro2::Span) -> Span {
        join(self.of(first), self.of(last))
    }
}

/// From the start of one span to the end of another.
pub(super) fn join(first: Span, last: Span) -> Span {
    Span { start: first.start, end: last.end.max(first.start) }
}
