use proptest::prelude::*;

use super::dump::roots;
use super::read_any;

/// Reads on a small stack, as worker threads have.
fn on_small_stack(text: String) -> (usize, Vec<String>) {
    let run = move || {
        let (facts, notes) = read_any(&text);
        (facts.exprs.len(), notes.into_iter().map(|n| n.reason).collect())
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

fn method(body: &str) -> String {
    format!("class C {{ void m() {{ {body} }} }}")
}

#[test]
fn deep_nesting_is_cut_with_one_note() {
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("{", "a();", "}"),
        ("f(", "1", ")"),
        ("if (x) {", "a();", "}"),
        ("x -> ", "1", ""),
        ("!", "a", ""),
        ("new A() { int x = ", "1", "; }"),
        ("a[", "1", "]"),
        ("(int) ", "1", ""),
        ("x = ", "1", ""),
    ] {
        let statement = open.starts_with(['{', 'i']);
        let deep = if open.len() == 1 { 100_000 } else { 20_000 };
        let nested = format!("{}{inner}{}", open.repeat(deep), close.repeat(deep));
        let text = method(&if statement { nested } else { format!("x = {nested};") });
        let (_, notes) = on_small_stack(text);
        assert!(notes.len() <= 2, "{open}: {notes:?}");
    }
    for text in ["class A { ".repeat(20_000), "@A(".repeat(20_000)] {
        on_small_stack(text);
    }
}

#[test]
fn every_shape_at_the_bound_fits_a_small_stack() {
    for (open, inner, close) in [
        ("f(", "1", ")"),
        ("if (x) { ", "a();", " }"),
        ("for (;;) { try { switch (x) { default: ", "a();", " } } finally { } }"),
        ("run(() -> { ", "a();", " });"),
        ("new A() { void m() { ", "a();", " } };"),
        ("class L { void m() { ", "a();", " } }"),
        ("x = ", "1", ""),
    ] {
        for depth in [40, 100, 300] {
            let nested = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            on_small_stack(method(&format!("{nested};")));
        }
    }
}

#[test]
fn long_chains_are_read_whole() {
    let many = 20_000;
    let (exprs, notes) = on_small_stack(method(&format!("String s = \"a\"{};", " + b()".repeat(many))));
    assert!(exprs > many && notes.is_empty(), "{notes:?}");
    let (exprs, notes) = on_small_stack(method(&format!("a{};", ".b(1)".repeat(many))));
    assert!(exprs > 2 * many && notes.is_empty(), "{notes:?}");
    let (exprs, notes) = on_small_stack(method(&format!("int i = 1{};", " * 2 - 3".repeat(many))));
    assert!(exprs > 2 * many && notes.is_empty(), "{notes:?}");
    let (exprs, notes) = on_small_stack(method(&format!("if (a()) b(); {}", "else if (c()) d(); ".repeat(5000))));
    assert!(exprs > 10_000 && notes.is_empty(), "{notes:?}");
    let (exprs, notes) = on_small_stack(method(&format!("x = {} z;", "a() ? b() : ".repeat(5000))));
    assert!(exprs > 10_000 && notes.is_empty(), "{notes:?}");
}

#[test]
fn facts_around_syntax_errors_stand() {
    let text = "package p;\nclass A {\n  void a() { x(); }\n  void b() { int = ; y( }\n  void c() { z(); }\n}";
    let (facts, notes) = read_any(text);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].reason.contains("line 4"), "{}", notes[0].reason);
    let roots = roots(&facts);
    assert!(roots.iter().any(|r| r.contains("x()")) && roots.iter().any(|r| r.contains("z()")), "{roots:?}");
}

#[test]
fn empty_and_odd_files() {
    for text in ["", "\u{feff}class A {}", "\0", "}}}}", "\"", "'", "/*", "class", "@", "a.b.", "void main() { go(); }"]
    {
        read_any(text);
    }
    assert_eq!(super::read("\u{feff}class A {}").types.len(), 1);
    assert_eq!(super::read("void main() { go(); }").callables.len(), 1);
}

#[test]
fn what_would_take_for_ever_is_given_up() {
    for hostile in ["A<", "A<?, B, A<"] {
        let (facts, notes) = read_any(&method(&hostile.repeat(50_000)));
        assert!(facts.types.is_empty());
        assert_eq!(notes.len(), 1);
    }
    assert_eq!(super::read("class A {}").types.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "\\PC*") {
        read_any(&text);
    }

    #[test]
    fn any_mixture_of_java_is_read(parts in proptest::collection::vec(prop::sample::select(vec![
        "class A", "{", "}", "(", ")", ";", "void m()", "while (true)", "for (;;)", "if (x == null)", "else", "return", "x", "=", "new T()",
        "->", "switch (x)", "case 1:", "default ->", "yield", "\"s\"", "1", "+", ".", "a()", "@A", "@A({1, @B})", "try", "catch (E e)", "finally",
        "instanceof T t", "?", ":", ",", "[", "]", "record R(int x)", "enum E { A, B }", "int x = 1;", "<T>", "::", "static", "break;",
        "l:", "continue l;", "throw", "this", "super", "import a.*;", "package p;", "é", "/* c", "*/", "// l\n",
    ]), 0..60)) {
        read_any(&parts.join(" "));
    }
}
