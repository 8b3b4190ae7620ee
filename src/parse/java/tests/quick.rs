//! The quick reader against tree-sitter: equal facts, or no answer.

use crate::facts::Note;
use crate::parse::java::{flat, quick, tree, visit};

/// Facts by tree-sitter alone, and by the quick reader; none where that gives up.
fn both(text: &str) -> (String, Option<String>) {
    let mut parser = tree_sitter::Parser::new();
    let mut buffer = flat::Buffer::default();
    let mut notes: Vec<Note> = Vec::new();
    let tree = tree::parse(&mut parser, text).unwrap();
    let seen = buffer.fill(&tree, text);
    let slow = visit(&buffer, seen.generated, text, &mut notes);
    if let Some((_, line)) = seen.error {
        notes.push(Note::whole(format!("line {line}")));
    }
    let slow = format!("{slow:?} {notes:?}");
    notes.clear();
    let found = quick::Quick::default().read(text, &mut buffer.entries);
    let fast = found.map(|generated| format!("{:?} {notes:?}", visit(&buffer, generated, text, &mut Vec::new())));
    (slow, fast)
}

const MEMBERS: [&str; 16] = [
    "static { init(); } { count = 1; } ; static int a = 1, b[] = {1, 2,}, c;",
    "@A @B(1) @C(x = {1, @D}, y = A.class) private final Map<String, ? extends List<int[]>> m = new HashMap<>();",
    "C(int a, final String... b) throws E, F { this(a); } <T extends A & B<T>> C() { super(); go(); }",
    "public abstract <K, V> Map.Entry<K, V>[] of(K[] a, V b[])[] throws IOException;",
    "int i = 0x1FL + 017 + 0 + 1_000 + 0b1 == 1 ? 2 : 3; double d = 1.5e-3 + .5f + 2d + 1e9;",
    "Object o = (Runnable) () -> { }; Object p = (String) x.y(), q = (int) -1, r = (a) + 1, s = (A<B>) (c);",
    "Object o = x -> y -> x + y; Object p = (a, b) -> a, q = (int a, B b) -> { return a; }, r = () -> 1;",
    "Object o = A::b, p = A.B::new, q = int[]::new, r = A[]::new, s = List<String>::new, t = this::x, u = super::y;",
    "Object o = int.class, p = a.b.C.class, q = A[].class, r = a.b().c[1].d, s = C.this.x, t = a.<B>c(d);",
    "Object o = new A(1) { int x; }, p = new int[2][3][], q = new int[][] {{1}, {}}, r = a.new B(), s = new A<>().b();",
    "boolean b = a instanceof B && !(c instanceof final D d) || e < f && g > h | i >> 1 >= j >>> 2 << 3;",
    "String s = \"a\\n\\u00e4\\\"\" + 'c' + '\\'' + \"\"\"\n  text\n  \"\"\" + null + true;",
    "enum E implements I { A, @X B(1) { void m() { } }, C, ; int x; E() { } void m() { } }",
    "record R<T>(int a, @X T b) implements I { R { check(a); } static int z; } interface J<T> extends K, L { int A = 1; default void m() { } }",
    "@interface X { int a() default 1; String[] b() default {}; int C = 1; class D { } }",
    "/** c */ int x /* d */ = /* e */ 1; // f",
];

const STATEMENTS: [&str; 13] = [
    "if (a) b(); else if (c) ; else { d(); } while (a) ; do x++; while (--y > 0);",
    "for (int i = 0, n = 2; i < n; i++, n--) a(); for (;;) ; for (i = 0, j = 1; ; ) { break; }",
    "for (final String s : list) go(s); for (Map.Entry<A, B> e : m.entrySet()) ; out: for (;;) { continue out; }",
    "try (A a = b(); c; this.d) { e(); } catch (final F | G g) { throw g; } finally { h(); } try { } finally { }",
    "switch (a) { case 1: case 2: x(); break; case A.B: default: y(); } switch (a) { }",
    "int r = switch (a) { case A, B -> 1; case \"c\" -> { yield(); } default -> throw new E(); };",
    "synchronized (this) { assert a > b : \"c\"; return; } ",
    "A a; A.B<C> b = null; A[] c = {}; int[] d, e[]; final var f = 1; @X int g; foo.bar = 1; foo[1] += 2; a >>= 1; a >>>= 2;",
    "class L { } final class M { } interface N { } enum O { P } record Q(int a) { }",
    "a = b = c ? d : e ? f : g; a ? b : c; i++; --i; a.b().c().d(); (a).b(); ((A) b).c(); -a * ~b; (a & b) == 0;",
    "x(a < b, c > d); x((A) b, (a), (a) * b, (a.b) - c);",
    "foo: { break foo; } return a -> b ? c : d;",
    "list.stream().map(x -> { return new A<B, C>(x) { }; }).toArray(String[]::new)[0].trim();",
];

#[test]
fn equals_tree_sitter() {
    let members =
        MEMBERS.map(|m| format!("// h\npackage a.b;\nimport static a.B.*;\nimport c.D;\n\nclass C {{ {m} }}\n"));
    let statements = STATEMENTS.map(|s| format!("class C {{ void m() {{ {s} }} }}"));
    for text in members.iter().chain(&statements) {
        let (slow, fast) = both(text);
        if let Some(fast) = fast {
            assert_eq!(fast, slow, "{text}");
        }
    }
}

#[test]
fn reads_what_people_write() {
    for text in [
        "class C { int a = (int) b; Map<A, B[]> c = new HashMap<>(); }",
        "class C { void m() { for (A a : b) { a.b(x -> x.y(), A::new); } if (a < b && c > d) return; } }",
        "class C { @A(b = \"c\") int m(@D final E e) throws F { switch (e) { case A: return 1; default: } return 2; } }",
    ] {
        let (slow, fast) = both(text);
        assert_eq!(fast, Some(slow), "{text}");
    }
}

#[test]
fn gives_up_where_it_is_not_sure() {
    for text in [
        "class C { void m() { a( } }",
        "class C { int x = 08; }",
        "class C { int x = 0x1.8p1; }",
        "class C { int \\u0041; }",
        "class C { int ä; }",
        "class C { Object o = (a) - b; }",
        "class C { int x = - i++; }",
        "class C { void m(Object o) { switch (o) { case A(int b) -> c(); default -> { } } } }",
        "class C { void m() { x(); this(1); } }",
        "class C { String s = \"\"\"\n a \"b\" \\n\"\"\"; }",
        "class C { List<@A B> x; }",
        "sealed interface C permits D { }",
        "void main() { }",
        "class C { void m() { yield 1; } }",
        "class C { /* }",
        "class C { String s = \"a; }",
    ] {
        assert_eq!(both(text).1, None, "{text}");
    }
    let deep = format!("class C {{ int x = {}1{}; }}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(quick::Quick::default().read(&deep, &mut Vec::new()), None);
}

/// Names, spans and lines of comments decide what is generated, on both ways alike.
#[test]
fn generated_code_is_told_alike() {
    for text in
        ["// Generated by x\nclass C { }", "class C { // Generated by x\n }", "/* a */ /** @generated */ class C { }"]
    {
        let (slow, fast) = both(text);
        assert_eq!(fast, Some(slow), "{text}");
    }
}

/// `FAASIBLE_CORPUS=DIR cargo test --release --lib java::tests::quick -- --ignored --nocapture`
#[test]
#[ignore = "needs a directory of repositories"]
#[allow(clippy::print_stdout)]
fn equals_tree_sitter_on_real_code() {
    let Ok(root) = std::env::var("FAASIBLE_CORPUS") else { return };
    let (mut read, mut left) = (0, 0);
    for entry in walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok) {
        let Some(text) =
            entry.path().extension().filter(|e| *e == "java").and_then(|_| std::fs::read_to_string(entry.path()).ok())
        else {
            continue;
        };
        let (slow, fast) = both(&text);
        match fast {
            Some(fast) if fast != slow => println!("{} differs", entry.path().display()),
            Some(_) => read += 1,
            None => left += 1,
        }
    }
    println!("{read} files equal, {left} left to tree-sitter");
}
