//! From byte offsets to lines and columns.

use super::Span;

/// A place as people count it: both numbers start at 1.
///
/// The column counts UTF-16 code units, as SARIF and most editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
}

/// The line starts of one text. A line ends at `\n`; a `\r` before it belongs to the line end.
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// Columns are bytes then, and a line of many megabytes costs nothing to count.
    ascii: bool,
}

impl<'t> LineIndex<'t> {
    /// Reads the line starts of `text`.
    pub fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| u32::try_from(i + 1).unwrap_or(u32::MAX)));
        Self { text, starts, ascii: text.is_ascii() }
    }

    /// Line and column of a byte offset; an offset past the end gives the end of the text.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let row = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.starts[row] as usize;
        let column = if self.ascii { offset - start } else { self.text[start..offset].encode_utf16().count() } + 1;
        Position { line: to_u32(row + 1), column: to_u32(column) }
    }

    /// Where a span begins and ends.
    pub fn range(&self, span: Span) -> (Position, Position) {
        (self.position(span.start), self.position(span.end))
    }

    /// The text of a line, counted from 1, without its line end; `""` past the end.
    pub fn line(&self, line: u32) -> &'t str {
        let row = (line as usize).saturating_sub(1);
        let Some(start) = self.starts.get(row) else {
            return "";
        };
        let end = self.starts.get(row + 1).map_or(self.text.len(), |next| *next as usize);
        self.text[*start as usize..end].trim_end_matches(['\n', '\r'])
    }

    /// How many lines the text has; a final line end opens no further line.
    pub fn count(&self) -> u32 {
        let ends_with_newline = self.text.ends_with('\n');
        to_u32(self.starts.len() - usize::from(ends_with_newline && self.starts.len() > 1))
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position};
    use crate::text::Span;

    #[test]
    fn counts_lines_and_utf16_columns() {
        let index = LineIndex::new("a\r\nü𝄞x\n");
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
        assert_eq!(index.position(9), Position { line: 2, column: 4 });
        assert_eq!(index.line(1), "a");
        assert_eq!(index.line(2), "ü𝄞x");
        assert_eq!(index.line(9), "");
        assert_eq!(index.count(), 2);
        let (start, end) = index.range(Span::new(3, 999));
        assert_eq!((start.line, end.line), (2, 3));
    }
}
