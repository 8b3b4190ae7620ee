//! Whatever the text, there are facts or a note, never a crash.

use proptest::prelude::*;

use crate::facts::Note;
use crate::parse::rust::parse;

fn notes(text: &str) -> Vec<Note> {
    let mut notes = Vec::new();
    parse(text, &mut notes);
    notes
}

/// Parses on the small stack that worker threads have.
fn notes_on_small_stack(text: String) -> Vec<Note> {
    let run = move || notes(&text);
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn deep_nesting_is_refused() {
    let n = 100_000;
    let wrap = |open: &str, inner: &str, close: &str| {
        format!("fn f() {{ let x = {}{inner}{}; }}", open.repeat(n), close.repeat(n))
    };
    let texts = [
        wrap("(", "1", ")"),
        wrap("[", "1", "]"),
        wrap("{", "1", "}"),
        wrap("!", "x", ""),
        wrap("&", "x", ""),
        wrap("-", "1", ""),
        wrap("|a, b| ", "1", ""),
        wrap("|| ", "1", ""),
        wrap("return ", "1", ""),
        wrap("", "a", ".b()"),
        wrap("", "a", ".b::<A, B>()"),
        wrap("", "a", "?"),
        wrap("", "a", "[0]"),
        wrap("", "a", "()"),
        wrap("", "1", " + 1"),
        wrap("", "a", " as Vec<A, B>"),
        wrap("", "if a {}", " else if b {}"),
        wrap("", "if a {}", " else if {b} {}"),
        wrap("a = ", "1", ""),
        wrap("f(", "1", ")"),
        wrap("m!(", "1", ")"),
        wrap("async { ", "1", "}"),
        wrap("match x { _ => ", "1", "}"),
        wrap("unsafe { ", "1", "}"),
        format!("type X = {}u8{};", "Box<".repeat(n), ">".repeat(n)),
        format!("type X = {}u8{};", "Box< A, ".repeat(n), ">".repeat(n)),
        format!("type X = {}u8;", "&".repeat(n)),
        format!("type X = {}u8;", "fn(A, B) -> ".repeat(n)),
        format!("fn f() {{ let {}x = 1; }}", "&".repeat(n)),
        format!("fn f() {{ let {}x{} = 1; }}", "Some(".repeat(n), ")".repeat(n)),
        format!("use {}a{};", "a::{".repeat(n), "}".repeat(n)),
        format!("use {}a;", "a::".repeat(n)),
        format!("#![{}{}]", "a(".repeat(n), ")".repeat(n)),
        "(".repeat(n),
        ")".repeat(n),
        "/*".repeat(n),
        "mod a {".repeat(n) + &"}".repeat(n),
    ];
    for text in texts {
        let head: String = text.chars().take(40).collect();
        assert!(!notes_on_small_stack(text).is_empty(), "{head}");
    }
}

/// Just below the limit, in all the ways to nest, on a small stack.
#[test]
fn nesting_below_the_limit_is_parsed() {
    for n in [18, 100, 350] {
        let wrap = |open: &str, inner: &str, close: &str| {
            format!("fn f() {{ let x = {}{inner}{}; }}", open.repeat(n), close.repeat(n))
        };
        let texts = [
            wrap("(", "1", ")"),
            wrap("[", "1", "]"),
            wrap("{", "1", "}"),
            wrap("!", "x", ""),
            wrap("|a, b| ", "1", ""),
            wrap("", "a", ".b()"),
            wrap("", "1", " + 1"),
            wrap("", "if a {}", " else if b {}"),
            wrap("f(", "1", ")"),
            wrap("m!(", "1", ")"),
            wrap("async { ", "1", "}"),
            wrap("match x { _ => ", "1", "}"),
            wrap("if x { ", "1", "} else { 2 }"),
            format!("type X = {}u8{};", "Box<".repeat(n), ">".repeat(n)),
            format!("fn f() {{ let {}x{} = 1; }}", "Some(".repeat(n), ")".repeat(n)),
            "mod a {".repeat(n) + &"}".repeat(n),
        ];
        for text in texts {
            let head: String = text.chars().take(40).collect();
            assert_eq!(notes_on_small_stack(text), [], "{n}: {head}");
        }
    }
}

#[test]
fn long_tables_are_not_deep() {
    let n = 5_000;
    let texts = [
        format!("static T: [u8; 1] = [{}];", "A | B, ".repeat(n)),
        format!("fn f() {{ {} }}", "a.b().c(); ".repeat(n)),
        format!("fn f(x: u8) {{ match x {{ {} }} }}", "(A, _) => { g() } ".repeat(n)),
        format!("fn f(x: u8) {{ match x {{ {} }} }}", "A | B if c => g(1), ".repeat(n)),
        "fn f() -> Vec<u8> { a } ".repeat(n),
        "impl A for B { fn c(&self) -> d::E { if x { y } else { z } } } ".repeat(n),
        format!("fn f() {{ {} }}", "if x { y } ".repeat(n)),
        format!("fn f() {{ let x = [{}]; }}", "1 << 3, a < b, 'x', \"y\", ".repeat(100)),
    ];
    for text in texts {
        let head: String = text.chars().take(60).collect();
        assert_eq!(notes_on_small_stack(text), [], "{head}");
    }
}

#[test]
fn what_parses_is_kept_when_something_does_not() {
    let text = "#![cfg(test)]\nuse a::{b};\nfn good() { tokio::spawn(x); }\nfn bad( { }\nconst C: S = S { a: 1 };\nstruct T;\nlet x = 1;\nfn also() {}\n";
    let mut found = Vec::new();
    let facts = parse(text, &mut found);
    let names: Vec<_> = facts.callables.iter().map(|callable| callable.name.as_str()).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(names, Vec::<&str>::new(), "an open bracket leaves no items to split");

    let text = text.replace("fn bad( { }", "fn bad(a b) { }");
    let mut found = Vec::new();
    let facts = parse(&text, &mut found);
    let names: Vec<_> = facts.callables.iter().map(|callable| callable.name.as_str()).collect();
    assert_eq!(names, ["good", "C", "also"]);
    assert_eq!(facts.imports.len(), 1);
    assert_eq!(found.len(), 1);
    assert!(found[0].reason.starts_with("not valid Rust: "), "{found:?}");
    let at = found[0].span.unwrap();
    assert_eq!(at.of(&text), "b");
}

#[test]
fn the_place_of_an_early_end_is_a_whole_character() {
    for (text, place) in [("fn a() -> \u{e9}", "\u{e9}"), ("use", "e"), ("#!/usr/bin/run\nuse a", "a")] {
        let mut found = Vec::new();
        parse(text, &mut found);
        assert_eq!(found.len(), 1, "{text}");
        let at = found[0].span.unwrap();
        assert_eq!(text.get(at.start as usize..at.end as usize), Some(place), "{text}: {at:?}");
    }
}

proptest! {
    #[test]
    fn any_text_gives_facts_or_notes(text in any::<String>()) {
        notes(&text);
    }

    #[test]
    fn any_tokens_give_facts_or_notes(parts in prop::collection::vec(prop::sample::select(vec![
        "fn ", "f", "(", ")", "{", "}", "[", "]", "<", ">", "|", "&", "!", "#", "'a", "'", "\"", "r#", "loop ", "while ",
        "let ", "=", "=>", ";", ",", ".", "?", "await", "async ", "move ", "select!", "tokio::", "break ", "return ", "if ",
        "else ", "match ", "_", "1", "ü", "\n", "//", "/*", "*/", "impl ", "struct ", "lazy_static!", "static ref ", ":",
        "mod ", "use ", "::", "*", "-", "+", "cfg(test)", "vec!", "for ", "in ", "self", "\u{feff}", "b'", "1.0e",
    ]), 0..60)) {
        notes(&parts.concat());
    }

    #[test]
    fn any_function_body_gives_facts_or_notes(parts in prop::collection::vec(prop::sample::select(vec![
        "x", "(y)", "{ z }", "[0]", ".a()", ".b", "?", ".await", " + ", " = ", "; ", "let q = ", "if x { y } ", "else { z } ",
        "loop { break } ", "match x { _ => y } ", "|a| ", "async { w } ", "vec![1, x] ", "select! { a = b => c } ", "return ",
        "&mut ", "*", "!", "\"é\" ", "'l: ", "break 'l ", "while let Some(v) = rx.recv().await { v } ", "for i in 0..n { i } ",
    ]), 0..30)) {
        notes(&format!("fn f() {{ {} }}", parts.concat()));
    }
}
