use super::dump::*;
use super::{body, read};
use crate::facts::code::{ExprKind, Literal};

fn has(text: &str, expected: &[&str]) {
    let f = body(text);
    let roots = roots(&f);
    for e in expected {
        assert!(roots.contains(&(*e).to_owned()), "{e} in {roots:#?}");
    }
}

#[test]
fn usages() {
    has(
        "java.util.concurrent.Executors.newFixedThreadPool(1);",
        &["dropped: java.util.concurrent.Executors.newFixedThreadPool(1)"],
    );
    has("var x = a.b(c(1), new D<>(2));", &["to x': a.b(c(1), new D(2))"]);
    has(
        "int x; x = make(); this.y = make(); Other.Z = make(); field = make();",
        &["to x': make()", "to field: make()"],
    );
    has("run(() -> go());", &["returned: go()", "dropped: run(->)"]);
    has("return (Foo) get();", &["returned: get()", "returned: (Foo)get()"]);
    has("Foo f = p > 0 ? a() : b();", &["to f': a()", "to f': b()", "to f': choice(a(), b())"]);
    has("use(x = make());", &["to field: make()"]);
    has("if (check()) {}", &["other: check()"]);
    has("(p > 1 ? a() : b()).run();", &["dropped: choice(a(), b()).run()"]);
}

#[test]
fn shapes() {
    has(
        "f(A::b, this::c, ArrayList::new, int[]::new, super::d, java.util.List::of);",
        &["dropped: f(A::b, this::c, ArrayList::new, int[]::new, super::d, java.util.List::of)"],
    );
    has("f(int.class, Foo.class, a.B[].class);", &["dropped: f(int.class, Foo.class, a.B[].class)"]);
    has("f(new int[] {1, 2}, new String[p]);", &["dropped: f([1, 2], ?)"]);
    has(
        "f(\"a\" + p + 'c', 60 * 1000 + 5, p + 1, s + s, -5, !field);",
        &["dropped: f(concat(\"a\", p', 99), ((60 * 1000) + 5), (p' + 1), concat(s', s'), -5, !field)"],
    );
    has(
        "f(0xFF, 1_000L, 1.5f, true, null, '\\n', \"x\\ty\");",
        &["dropped: f(255, 1000, 1.5, true, null, 10, \"x\\ty\")"],
    );
    has(
        "C.this.field.x(); Outer.super.y(); super.z();",
        &["dropped: C.this.field.x()", "dropped: super.y()", "dropped: super.z()"],
    );
    has("arr[idx()].go(a[1]); outer.new Inner(1);", &["other: idx()", "dropped: ?.go(?)", "dropped: new Inner(1)"]);
    has(
        "int y = switch (p) { case 1 -> one(); case 2 -> { log(); yield two(); } default -> throw new X(); };",
        &["to y': one()", "to y': two()", "dropped: log()", "to y': choice(one(), two())"],
    );
    has(
        "switch (p) { case 1: a(); break; default: b(); } switch (p) { case 1 -> c(); }",
        &["dropped: a()", "dropped: b()", "dropped: c()"],
    );
    has("Object o = (Runnable & Serializable) () -> x();", &["to o': (Runnable)->"]);
    has(
        "synchronized (lock()) { a(); } assert ok() : why(); throw new E(s);",
        &["other: lock()", "dropped: a()", "other: ok()", "other: why()", "other: new E(s')"],
    );
    has("a(b -> c -> d(b, c));", &["returned: d(b', c')"]);
}

#[test]
fn places_of_calls_and_constructions() {
    let text = "class C { Object o = a.b(\n  1).c(new x.Y<Z>());  }";
    let f = read(text);
    let at = |e: &crate::facts::code::Expr| (e.at.of(text).to_owned(), e.span.of(text).to_owned());
    let calls: Vec<_> =
        f.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Call { .. } | ExprKind::New { .. })).map(at).collect();
    assert_eq!(calls[0], ("b".into(), "a.b(\n  1)".into()));
    assert_eq!(calls[1], ("x.Y".into(), "new x.Y<Z>()".into()));
    assert_eq!(calls[2].0, "c");
}

#[test]
fn inner_before_outer() {
    let f = body("a(b(c(), d() + e()), x -> f(g()), p > 1 ? h() : i());");
    for (i, e) in f.exprs.iter().enumerate() {
        let inner: Vec<u32> = match &e.kind {
            ExprKind::Call { base, args, .. } => base.iter().chain(args.iter()).map(|e| e.0).collect(),
            ExprKind::Choice(es) | ExprKind::Concat(es) => es.iter().map(|e| e.0).collect(),
            _ => Vec::new(),
        };
        assert!(inner.iter().all(|inner| (*inner as usize) < i));
    }
}

#[test]
fn text_blocks() {
    let f = read("class C { String s = \"\"\"\n      a\n        b \\\n      c\n      \"\"\"; }");
    assert!(f.exprs.iter().any(|e| e.kind == ExprKindText("a\n  b c\n")));
}

struct ExprKindText(&'static str);
impl PartialEq<ExprKindText> for ExprKind {
    fn eq(&self, other: &ExprKindText) -> bool {
        matches!(self, ExprKind::Literal(Literal::Text(t)) if &**t == other.0)
    }
}

fn assigned(text: &str) -> Vec<String> {
    assigns(&body(text))
}

#[test]
fn assignments() {
    assert_eq!(
        assigned(
            "field = 1; this.field += 2; field++; --C.n; map[0] = p; this.grid[1][2]++; p = 3; p++; int[] l = {}; l[0] = 1;"
        ),
        ["field = 1", "this.field ~ 2", "field ~ ", "C.n ~ ", "map = p'", "this.grid ~ "]
    );
    assert_eq!(assigned("a = b = make();"), ["b = make()", "a = make()"]);
    assert_eq!(assigned("getX().y = 1;"), ["getX().y = 1"]);
}

#[test]
fn lazy_assignments() {
    for lazy in [
        "if (inst == null) inst = new C();",
        "if (null == C.inst) { log(); inst = new C(); }",
        "if (inst == null) { synchronized (C.class) { if (inst == null) { inst = new C(); } } }",
        "if (inst != null) { return; } log(); inst = new C();",
        "if (inst != null) { use(); } else { inst = new C(); }",
        "if (p > 1 && inst == null) inst = new C();",
        "if (inst == null || inst.isEmpty()) inst = new C();",
        "if (!inst.isPresent()) inst = new C();",
        "inst = inst != null ? inst : new C();",
        "inst = inst == null ? new C() : inst;",
        "return inst != null ? inst : (inst = new C());",
        "C c = inst; if (c == null) { inst = c = new C(); }",
        "if (this.slots[p] == null) { this.slots[p] = new C(); }",
        "if (StringUtils.isEmpty(inst)) inst = new C();",
        "if (lease == 0) { lease = grant(); }",
        "if (-1 == lease) lease = grant();",
        "if (Objects.isNull(inst) || Objects.isNull(other)) { inst = new C(); other = new D(); }",
        "if (!made) { made = true; }",
        "if (made) return; log(); made = true;",
        "if (made == false) made = true;",
        "if (first) { first = false; }",
        "synchronized (this) { if (!this.made) { use(); this.made = true; } }",
    ] {
        let found = assigned(lazy);
        assert!(found.iter().any(|a| a.ends_with(" lazy")), "{lazy}: {found:?}");
    }
    for eager in [
        "inst = new C();",
        "if (inst != null) inst = new C();",
        "if (other == null) inst = new C();",
        "if (inst == null || p > 1) inst = new C();",
        "if (inst == null) { log(); } inst = new C();",
        "{ if (inst != null) return; } inst = new C();",
        "inst = other == null ? new C() : other;",
        "if (inst == null) inst += s;",
        "if (!made) { made = p > 1; }",
        "if (made) { made = true; }",
        "if (!made) { other = true; }",
        "if (!made) { log(); } made = true;",
    ] {
        let found = assigned(eager);
        assert!(!found.iter().any(|a| a.ends_with(" lazy")), "{eager}: {found:?}");
    }
}

#[test]
fn what_is_set_with_a_flag() {
    let found = assigned("if (!made) { inst = new C(); slots = 3; made = true; } late = 1;");
    assert_eq!(found, ["inst = new C() lazy", "slots = 3 lazy", "made = true lazy", "late = 1"]);
    let found = assigned("if (inst == null) { slots = 3; inst = new C(); } late = 1;");
    assert_eq!(found, ["slots = 3 lazy", "inst = new C() lazy", "late = 1"]);
    // The flag is somebody else's.
    assert_eq!(assigned("if (!closed) { inst = new C(); }"), ["inst = new C()"]);
    assert_eq!(assigned("if (!closed) { inst = new C(); } closed = true;"), ["inst = new C()", "closed = true"]);
}

#[test]
fn calls_under_a_check() {
    let guarded = |text: &str| {
        let facts = body(text);
        let shown = |g: &crate::facts::code::Guarded| match &facts[g.call].kind {
            ExprKind::Call { name, .. } => format!("{name} {}", g.place),
            _ => String::new(),
        };
        facts.guarded.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(guarded("if (inst == null) load();"), ["load inst"]);
    assert_eq!(guarded("if (C.inst != null) return; C.load();"), ["load inst"]);
    assert_eq!(guarded("if (!this.made) { synchronized (this) { this.make(1); } }"), ["make made"]);
    assert_eq!(guarded("if (inst == null) { C inst = find(); set(inst); }"), ["find inst", "set inst"]);
    assert_eq!(guarded("C c = find(); if (c == null) load();"), [""; 0]);
    assert_eq!(guarded("load(); if (p > 1) load(); if (inst == null) other.load();"), [""; 0]);
}
