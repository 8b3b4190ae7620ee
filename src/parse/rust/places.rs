//! From the token positions of `proc-macro2` to byte offsets in the file.

use proc_macro2::extra::DelimSpan;

use crate::text::Span;

/// Translates positions of one text. `proc-macro2` counts characters; in a text of ASCII only they
/// are bytes, and line and column are found much faster than its own byte offsets.
pub(super) struct Places {
    base: usize,
    /// Offsets of the lines, when the text is ASCII.
    lines: Option<Vec<usize>>,
}

impl Places {
    /// Positions in `code`, which begins at byte `base` of the file.
    pub(super) fn new(code: &str, base: usize) -> Self {
        let lines = code.is_ascii().then(|| {
            let ends = code.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
            std::iter::once(0).chain(ends).collect()
        });
        Self { base, lines }
    }

    /// The bytes of a token.
    pub(super) fn of(&self, span: proc_macro2::Span) -> Span {
        let Some(lines) = &self.lines else {
            let range = span.byte_range();
            return Span::new(self.base + range.start, self.base + range.end);
        };
        let offset = |place: proc_macro2::LineColumn| {
            let line = lines.get(place.line.saturating_sub(1)).copied().unwrap_or(0);
            self.base + line + place.column
        };
        Span::new(offset(span.start()), offset(span.end()))
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
