//! A reader by line and indentation for what is not YAML: templates that bend the grammar, mistakes.

use crate::facts::Note;
use crate::parse::flat::{Document, MAX_DEPTH};
use crate::text::Span;

/// An open level: its indentation, the length of its path, and the next list index below it.
struct Level {
    indent: usize,
    path: usize,
    item: Option<usize>,
}

/// Reads one document that begins at byte `start` of the file.
pub(super) fn read(chunk: &str, start: usize, notes: &mut Vec<Note>) -> Document {
    let mut document = Document::default();
    let mut path = String::new();
    let mut levels: Vec<Level> = Vec::new();
    // Indentation of the key whose block text (`|`, `>`) is being skipped.
    let mut block: Option<usize> = None;
    let mut at = 0;
    for line in chunk.split_inclusive('\n') {
        let offset = at;
        at += line.len();
        let body = line.trim_start_matches(' ');
        let mut indent = line.len() - body.len();
        let mut body = body.trim_end();
        if body.is_empty() || body.starts_with(['#', '%']) || body.starts_with("---") || is_action(body) {
            continue;
        }
        match block {
            Some(outer) if indent > outer => continue,
            _ => block = None,
        }
        while let Some(rest) = item(body) {
            enter_item(&mut levels, &mut path, indent);
            let inner = rest.trim_start();
            indent += body.len() - inner.len();
            body = inner;
            if levels.len() >= MAX_DEPTH {
                break;
            }
        }
        close_to(&mut levels, &mut path, indent);
        let Some((key, value)) = key_value(body) else {
            let in_item = levels.last().is_some_and(|l| l.item.is_some());
            if in_item && !body.is_empty() {
                let span = Span::new(start + offset + indent, start + offset + line.trim_end().len());
                document.push(&path, unquote(strip_comment(body)), span);
            }
            continue;
        };
        if levels.len() >= MAX_DEPTH {
            continue;
        }
        let base = path.len();
        levels.push(Level { indent, path: base, item: None });
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(unquote(key));
        let value = strip_comment(value);
        if value.starts_with(['|', '>']) {
            block = Some(indent);
        }
        let value = if block.is_some() { "" } else { unquote(value) };
        let span = Span::new(start + offset + indent, start + offset + line.trim_end().len());
        // A key without a value is most often the parent of what follows.
        if (!value.is_empty() || block.is_some()) && !document.push(&path, value, span) {
            notes.push(Note::at(span, "too many settings: the rest is left out"));
            break;
        }
    }
    document
}

/// A line of nothing but a template action.
fn is_action(line: &str) -> bool {
    line.starts_with("{{") && line.ends_with("}}") && line.matches("{{").count() == 1
}

/// The rest of a line that begins a list item.
fn item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('-')?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some(rest)
}

/// Leaves the levels that are no parents of a key at this indentation.
fn close_to(levels: &mut Vec<Level>, path: &mut String, indent: usize) {
    while let Some(last) = levels.last() {
        if last.indent < indent {
            break;
        }
        path.truncate(last.path);
        levels.pop();
    }
}

/// Opens the next item of the list at this indentation; a list may stand as deep as its key.
fn enter_item(levels: &mut Vec<Level>, path: &mut String, indent: usize) {
    let mut next = 0;
    while let Some(last) = levels.last() {
        if last.indent < indent || (last.indent == indent && last.item.is_none()) {
            break;
        }
        if last.indent == indent {
            next = last.item.map_or(0, |i| i + 1);
        }
        path.truncate(last.path);
        levels.pop();
    }
    levels.push(Level { indent, path: path.len(), item: Some(next) });
    path.push_str(&format!("[{next}]"));
}

/// `key: value`; quotes and template actions around the key are stepped over.
fn key_value(line: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut braces = 0_u32;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if at == 0 || braces > 0 => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, ':') if braces == 0 && (at + 1 == line.len() || line[at + 1..].starts_with([' ', '\t'])) => {
                return Some((line[..at].trim_end(), line[at + 1..].trim()));
            }
            _ => {}
        }
    }
    None
}

fn strip_comment(value: &str) -> &str {
    if value.starts_with(['"', '\'']) {
        return value;
    }
    if value.starts_with('#') {
        return "";
    }
    value.find(" #").map_or(value, |at| value[..at].trim_end())
}

fn unquote(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.split(quote).next());
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
