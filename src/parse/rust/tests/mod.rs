#![allow(clippy::unwrap_used)]

mod dump;
mod exprs;
mod hostile;
mod items;
mod loops;
mod macros;

use dump::Dump;

/// The facts of a text that must parse without notes.
fn facts(text: &str) -> crate::facts::CodeFacts {
    let mut notes = Vec::new();
    let facts = super::parse(text, &mut notes);
    assert_eq!(notes, []);
    facts
}

/// One kind of facts, a line for each, in the compact form of [`dump`].
fn dump(text: &str, what: fn(&Dump) -> Vec<String>) -> String {
    let facts = facts(text);
    what(&Dump { facts, text: text.to_string() }).join("\n")
}

/// Expressions of a function body: those that no other expression takes, with their use.
fn body(stmts: &str) -> String {
    dump(&format!("async fn f(p: P) {{ {stmts} }}"), Dump::roots)
}
