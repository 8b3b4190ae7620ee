//! Java: one pass from text to facts.
//!
//! [`quick`] reads plain code into a flat list of nodes in source order. Where it gives up, tree-sitter
//! parses (it recovers from errors), and [`flat`] copies its tree into the same list. A hand-written
//! [`visit::Visitor`] turns the list into [`CodeFacts`]. Recursion is bounded by [`visit::DEEPEST`];
//! chains of calls, operands, `else if` and `? :` are walked in loops.

mod annotations;
mod exits;
mod exprs;
mod flat;
mod generated;
mod guards;
mod kinds;
mod literals;
mod loops;
mod members;
mod operators;
mod patterns;
mod quick;
mod scope;
mod stmts;
mod switches;
mod testing;
mod tree;
mod typerefs;
mod types;
mod visit;

#[cfg(test)]
mod tests;

use std::cell::RefCell;

use tree_sitter::Parser;

use crate::facts::{CodeFacts, Note};

#[derive(Default)]
struct Scratch {
    quick: quick::Quick,
    parser: Option<Parser>,
    buffer: flat::Buffer,
}

/// Buffers grow with the longest file; those of longer ones than this (bytes) are not kept.
const KEPT: usize = 1 << 20;

thread_local! {
    /// A parser and its buffers are dear to make and serve every file that the thread reads.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Reads a file. Syntax errors cost one note; the facts around them stand.
pub fn parse(text: &str, notes: &mut Vec<Note>) -> CodeFacts {
    SCRATCH.with_borrow_mut(|scratch| {
        let facts = read(scratch, text, notes);
        // What a huge file made them grow to is given back.
        if text.len() > KEPT {
            *scratch = Scratch::default();
        }
        facts
    })
}

fn read(scratch: &mut Scratch, text: &str, notes: &mut Vec<Note>) -> CodeFacts {
    if let Some(generated) = scratch.quick.read(text, &mut scratch.buffer.entries) {
        return visit(&scratch.buffer, generated, text, notes);
    }
    let parser = scratch.parser.get_or_insert_with(Parser::new);
    let Some(tree) = tree::parse(parser, text) else {
        notes.push(Note::whole("too tangled to be parsed as Java"));
        return CodeFacts::default();
    };
    let seen = scratch.buffer.fill(&tree, text);
    if let Some((span, line)) = seen.error {
        notes.push(Note::at(span, format!("syntax not understood near line {line}")));
    }
    visit(&scratch.buffer, seen.generated, text, notes)
}

fn visit(buffer: &flat::Buffer, generated: bool, text: &str, notes: &mut Vec<Note>) -> CodeFacts {
    let mut visitor = visit::Visitor::new(text, notes);
    if let Some(root) = flat::Node::root(buffer, text) {
        visitor.file(root);
    }
    let visit::Visitor { mut facts, turned, under_flags, .. } = visitor;
    guards::settle(&mut facts, &turned, &under_flags);
    facts.generated = generated || generated::by_structure(&facts);
    testing::mark(&mut facts);
    facts.shrink();
    facts
}
