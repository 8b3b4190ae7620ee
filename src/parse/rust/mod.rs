//! Rust source to facts, through `syn`.
//!
//! `syn` neither recovers from errors nor bounds its recursion: [`depth`] decides first whether and
//! on what stack a text may be parsed, and a text that does not parse as a whole is read item by item.

mod annotations;
mod asides;
mod assigns;
mod branches;
mod calls;
mod cfg;
mod depth;
mod exprs;
mod generated;
mod imports;
mod items;
mod lifecycle;
mod literals;
mod locals;
mod loops;
mod macros;
mod mentions;
mod places;
mod select;
mod source;
mod statements;
mod statics;
#[cfg(test)]
mod tests;
mod types;
mod walker;

use std::thread;

use crate::facts::{CodeFacts, Note};
use crate::text::Span;

pub use cfg::feature_of_tests;
use places::Places;
use source::Source;
use walker::Walker;

/// Reads a file. What cannot be read becomes a note; the rest is kept.
pub fn parse(text: &str, notes: &mut Vec<Note>) -> CodeFacts {
    match depth::of(text) {
        depth::Depth::Shallow => read(text, notes),
        depth::Depth::Deep => match on_big_stack(text) {
            Ok((facts, found)) => {
                notes.extend(found);
                facts
            }
            Err(error) => {
                notes.push(Note::whole(format!("nested deeply, and no thread to parse it on: {error}")));
                unread(text)
            }
        },
        depth::Depth::TooDeep(offset) => {
            let reason = "nested too deeply to be parsed safely";
            notes.push(Note::at(Span::new(offset, (offset + 1).min(text.len())), reason));
            unread(text)
        }
    }
}

/// The little that is known of a file whose code was not read.
fn unread(text: &str) -> CodeFacts {
    CodeFacts { generated: generated::is_generated(text), ..CodeFacts::default() }
}

fn on_big_stack(text: &str) -> std::io::Result<(CodeFacts, Vec<Note>)> {
    thread::scope(|scope| {
        let handle = thread::Builder::new().stack_size(depth::BIG_STACK).spawn_scoped(scope, || {
            let mut notes = Vec::new();
            (read(text, &mut notes), notes)
        })?;
        handle.join().map_err(|_| std::io::Error::other("the parser failed"))
    })
}

fn read(text: &str, notes: &mut Vec<Note>) -> CodeFacts {
    let facts = read_within_spans(text, notes);
    // Otherwise each thread keeps the text and lines of every file it has ever parsed.
    proc_macro2::extra::invalidate_current_thread_spans();
    facts
}

fn read_within_spans(text: &str, notes: &mut Vec<Note>) -> CodeFacts {
    let start = source::code_start(text);
    let places = Places::new(&text[start..], start);
    let Some(source) = Source::parse(&text[start..], &places, notes) else {
        return unread(text);
    };
    let mut walker = Walker::new(text, places);
    walker.file(&source.attrs, &source.items);
    let mut facts = walker.finish();
    facts.generated = generated::is_generated(text);
    facts
}
