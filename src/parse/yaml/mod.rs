//! YAML, flattened: strict where it is YAML, tolerant where it is a template or broken.

mod flatten;
mod mask;
mod tolerant;

use saphyr_parser::Parser;

use super::flat::Document;
use crate::facts::Note;
use crate::text::Span;

/// More documents in one file are data.
const MAX_DOCUMENTS: usize = 2_000;

/// Reads the documents of a YAML file. What is no YAML is read by indentation instead, and noted
/// when it is no template either.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<Document> {
    let mut documents = Vec::new();
    for (start, chunk) in chunks(text) {
        if documents.len() >= MAX_DOCUMENTS {
            notes.push(Note::at(Span::new(start, start), "too many documents: the rest is left out"));
            break;
        }
        let masked = mask::mask(chunk);
        let source = masked.text.as_deref().unwrap_or(chunk);
        let events = flatten::collect(Parser::new_from_str(source));
        let mut read = match events {
            Ok(events) => flatten::flatten(&events, chunk, start, masked.text.as_deref(), notes),
            Err(problem) => {
                if !masked.templated {
                    let at = Span::new(start, start + chunk.len());
                    notes.push(Note::at(at, format!("not valid YAML, read by indentation: {problem}")));
                }
                vec![tolerant::read(chunk, start, notes)]
            }
        };
        for document in &mut read {
            document.span = Span::new(start, start + chunk.len());
            document.templated = masked.templated;
        }
        documents.extend(read.into_iter().filter(|d| !d.entries.is_empty()));
    }
    documents
}

/// The text between lines that begin with `---`: a mistake in one document then spares the others.
fn chunks(text: &str) -> Vec<(usize, &str)> {
    let mut chunks = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])) {
            chunks.push((start, &text[start..at]));
            start = at;
        }
        at += line.len();
    }
    chunks.push((start, &text[start..]));
    chunks.retain(|(_, chunk)| !chunk.trim().is_empty());
    chunks
}

#[cfg(test)]
mod tests;
