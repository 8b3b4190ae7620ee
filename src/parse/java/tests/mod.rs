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

#[test]
fn the_expressions_of_a_stretch_are_all_that_lie_in_it() {
    let methods: String = (0..60).map(|i| format!("void m{i}() {{ a(b({i}), () -> c(d.e({i}).f())); }}\n")).collect();
    let facts = read(&format!("class A {{\n{methods}}}"));
    assert!(facts.exprs.len() > 300);
    for callable in &facts.callables {
        let within = facts.exprs.iter().filter(|e| callable.body.contains(e.span)).map(|e| e.span);
        let found = facts.exprs_within(callable.body).map(|(i, e)| {
            assert_eq!(facts[i].span, e.span);
            e.span
        });
        assert_eq!(found.collect::<Vec<_>>(), within.collect::<Vec<_>>());
    }
}
