#![allow(clippy::unwrap_used)]

mod corpus;
mod decls;
mod dump;
mod exprs;
mod loops;
mod robust;

use super::parse;
use crate::facts::{CodeFacts, Note};

/// The facts of a text that must be understood fully.
fn read(text: &str) -> CodeFacts {
    let (facts, notes) = read_any(text);
    assert_eq!(notes, [], "{text}");
    facts
}

fn read_any(text: &str) -> (CodeFacts, Vec<Note>) {
    let mut notes = Vec::new();
    let facts = parse(text, &mut notes);
    (facts, notes)
}

/// The facts of statements in a method `m` of a class `C`.
fn body(statements: &str) -> CodeFacts {
    read(&format!("class C {{ int field; static C inst; void m(int p, String s) {{ {statements} }} }}"))
}
