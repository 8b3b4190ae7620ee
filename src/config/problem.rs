//! Something wrong in the configuration, shown with its place.

use std::fmt;
use std::ops::Range;

/// What is wrong, and where. Its `Display` shows the line with a caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    path: String,
    /// Line and column from 1, width in characters, and the line's text; none for the file as a whole.
    place: Option<(usize, usize, usize, String)>,
    message: String,
}

impl std::error::Error for Problem {}

impl Problem {
    /// A problem with the file as a whole.
    pub fn whole(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), place: None, message: message.into() }
    }

    /// A problem with a range of bytes of the text.
    pub fn at(path: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let inside = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (start, end) = (inside(span.start), inside(span.end.max(span.start)));
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let source = text[line_start..].lines().next().unwrap_or("").to_owned();
        let shown = text[start..end].lines().next().unwrap_or("");
        let line = text[..start].matches('\n').count() + 1;
        let column = text[line_start..start].chars().count() + 1;
        let place = Some((line, column, shown.chars().count().max(1), source));
        Self { path: path.to_owned(), place, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean = |text: &str| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        let (path, message) = (clean(&self.path), clean(&self.message));
        let Some((line, column, width, source)) = &self.place else { return write!(f, "{path}: {message}") };
        let margin = " ".repeat(line.to_string().len());
        let indent = " ".repeat(column - 1);
        write!(f, "{path}:{line}:{column}: {message}\n{margin} |\n{line} | {}", clean(source))?;
        write!(f, "\n{margin} | {indent}{}", "^".repeat(*width))
    }
}
