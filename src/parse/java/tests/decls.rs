use super::dump::*;
use super::{body, read};
use crate::facts::code::Mods;

#[test]
fn header_of_a_file() {
    let f =
        read("@Deprecated package a.b;\nimport java.util.*;\nimport static a.X.y;\nimport static a.Z.*;\nimport c.D;");
    assert_eq!(&*f.package, "a.b");
    let imports: Vec<_> = f.imports.iter().map(|i| (&*i.path, i.wildcard, i.is_static)).collect();
    assert_eq!(
        imports,
        [("java.util", true, false), ("a.X.y", false, true), ("a.Z", true, true), ("c.D", false, false)]
    );
    assert_eq!(annotations(&f), ["@Deprecated() on file"]);
}

#[test]
fn nested_local_and_anonymous_types() {
    let f = read(
        "class A<T extends B, U> extends p.Base<T> implements I, J<String[]> {
           interface N extends X, Y {}
           void m() { class L { int v; } new Thread(\"t\") { public void run() { go(); } }; }
         }",
    );
    assert_eq!(
        types(&f),
        [
            "Class A[\"T\", \"U\"] : p.Base<T> I J<String[]>",
            "Interface A.N : X Y",
            "Class A.L :  in m",
            "Anonymous A. : Thread in m"
        ]
    );
    assert_eq!(callables(&f), ["Method A.m()", "Method .run() <- Method m"]);
    assert!(roots(&f).contains(&"dropped: new Thread(\"t\"){}".to_owned()));
    assert!(roots(&f).contains(&"dropped: go()".to_owned()));
}

#[test]
fn enums_with_arguments_and_bodies() {
    let f = read(
        "enum E implements I { A, B(new Foo(), 2), C { void f() {} }; private final Foo x; E() {} E(Foo x, int n) { this.x = x; } }",
    );
    assert_eq!(types(&f), ["Enum E : I [\"A\", \"B\", \"C\"]", "Anonymous E. : E in C"]);
    assert_eq!(
        callables(&f),
        [
            "FieldInit E.B()",
            "FieldInit E.C()",
            "Method .f() <- FieldInit C",
            "Constructor E.<init>()",
            "Constructor E.<init>(Foo x, int n)"
        ]
    );
    assert_eq!(roots(&f), ["to field: new E(new Foo(), 2)", "to field: new E(){}", "other: this.x", "to field: x'"]);
    assert_eq!(assigns(&f), ["this.x = x'"]);
    assert!(f.callables[0].mods.has(Mods::STATIC));
}

#[test]
fn records() {
    let f = read("record P(@Min(1) int x, List<String> ys) implements S { static int n = 1; }");
    assert_eq!(types(&f), ["Record P : S"]);
    assert_eq!(fields(&f), ["P.x int", "P.ys List<String>", "P.n int = 1"]);
    assert!(f.fields[0].mods.has(Mods::FINAL));
    assert_eq!(callables(&f)[1..], ["Constructor P.<init>(int x, List<String> ys)", "FieldInit P.n()"]);
    assert_eq!(annotations(&f)[0], "@Min(value=1) on field x");
    let f = read("record P(int x) { P { check(x); } }");
    assert_eq!(callables(&f), ["Constructor P.<init>(int x)"]);
    assert!(roots(&f).contains(&"dropped: check(x')".to_owned()));
    let f = read("record P(int x) { P(int x) { this.x = x; } P() { this(1); } }");
    assert_eq!(callables(&f), ["Constructor P.<init>(int x)", "Constructor P.<init>()"]);
    assert!(roots(&f).contains(&"dropped: this(1)".to_owned()));
}

#[test]
fn members_and_initialisers() {
    let f = read(
        "abstract class C { static final int A = 1, B[] = {1, 2}; volatile boolean on; static { boot(); } { local(); }
           abstract <T> Map<String, T> get(final String... keys); native synchronized void n(); }",
    );
    assert_eq!(fields(&f), ["C.A int = 1", "C.B int[] = [1, 2]", "C.on boolean"]);
    assert_eq!(
        callables(&f),
        [
            "FieldInit C.A()",
            "FieldInit C.B()",
            "StaticInit C.()",
            "InstanceInit C.()",
            "Method C.get(String[] keys): Map<String,T>",
            "Method C.n()"
        ]
    );
    assert!(f.fields[2].mods.has(Mods::VOLATILE) && !f.fields[2].mods.has(Mods::STATIC));
    assert!(f.callables[5].mods.has(Mods::NATIVE | Mods::SYNCHRONIZED));
    let f = read(
        "interface I { int MAX = 3; void a(); default void b() {} static void c() {} @interface Q { int n() default 7; } }",
    );
    assert!(f.fields[0].mods.has(Mods::STATIC | Mods::FINAL | Mods::PUBLIC));
    assert!(f.callables[1].mods.has(Mods::ABSTRACT) && !f.callables[2].mods.has(Mods::ABSTRACT));
    assert!(roots(&f).contains(&"returned: 7".to_owned()));
}

#[test]
fn annotations_nested_and_flattened() {
    let f = read(
        "@Caching(evict = { @CacheEvict(\"a\"), @CacheEvict(value = {\"b\", X.C}, all = true) }) class C {
           @Value(\"${x}\") int f; @Bean(name = \"n\") int m(@Qualifier(\"q\") int p) { @SuppressWarnings({}) int l; return 1; } }",
    );
    assert_eq!(
        annotations(&f),
        [
            "@Caching() on C",
            "@CacheEvict(value=\"a\") on @Caching",
            "@CacheEvict(value=\"b\", value=X.C, all=true) on @Caching",
            "@Value(value=\"${x}\") on field f",
            "@Bean(name=\"n\") on m()",
            "@Qualifier(value=\"q\") on local p",
            "@SuppressWarnings() on local l"
        ]
    );
    assert_eq!(callables(&f), ["FieldInit <annotations>()", "Method C.m(int p): int"]);
}

#[test]
fn scopes() {
    let f = body(
        "for (int i = 0; i < p; i++) use(i); use(i); { int z = 1; use(z); } use(z);
         for (String e : all()) use(e); try (In in = open(); field2) { use(in); } catch (A | B ex) { use(ex); }
         if (s instanceof String t && use(t)) {} if (!(s instanceof Foo w)) return; use(w); use(t);",
    );
    let calls: Vec<_> = roots(&f).into_iter().filter(|r| r.contains("use(")).collect();
    assert_eq!(
        calls,
        [
            "dropped: use(i')",
            "dropped: use(i)",
            "dropped: use(z')",
            "dropped: use(z)",
            "dropped: use(e')",
            "dropped: use(in')",
            "dropped: use(ex')",
            "other: use(t')",
            "other: (? && use(t'))",
            "dropped: use(w')",
            "dropped: use(t)"
        ]
    );
    assert!(roots(&f).contains(&"resource: open()".to_owned()));
    assert!(locals(&f).contains(&"String e = all()".to_owned()), "{:?}", locals(&f));
    assert!(locals(&f).contains(&"A ex*".to_owned()));
}

#[test]
fn lambdas_see_outer_locals_and_fields_of_anonymous_classes_hide_them() {
    let f = body(
        "Runnable r = () -> use(p); f((a, b) -> { return a; }); g((String x) -> x); h(y -> y.z());
         new T() { int p; void q() { use(p, s); } };",
    );
    assert_eq!(
        callables(&f),
        [
            "Method C.m(int p, String s)",
            "Lambda C.() <- Method m",
            "Lambda C.(a, b) <- Method m",
            "Lambda C.(String x) <- Method m",
            "Lambda C.(y) <- Method m",
            "Method .q() <- Method m"
        ]
    );
    for expected in
        ["returned: use(p')", "returned: a'", "returned: x'", "returned: y'.z()", "dropped: use(p, s')", "to r': ->"]
    {
        assert!(roots(&f).contains(&expected.to_owned()), "{expected} in {:#?}", roots(&f));
    }
}

#[test]
fn patterns_in_switches_and_records() {
    let f = body(
        "switch (field) { case Circle c when c.r() > 1 -> use(c); case P(int a, var b) -> use(a, b); default -> {} } if (s instanceof P(Q(var d), int e)) use(d, e);",
    );
    for expected in ["dropped: use(c')", "dropped: use(a', b')", "dropped: use(d', e')"] {
        assert!(roots(&f).contains(&expected.to_owned()), "{expected} in {:#?}", roots(&f));
    }
}

#[test]
fn test_classes() {
    let f = read("import org.junit.jupiter.api.Test; class A { @Test void t() {} class N { int x; } } class B {}");
    let marks: Vec<_> = f.types.iter().map(|t| t.mods.has(Mods::TEST)).collect();
    assert_eq!(marks, [true, true, false]);
    assert!(f.callables[0].mods.has(Mods::TEST) && f.fields[0].mods.has(Mods::TEST));
    let f = read("import com.acme.Test; class A { @Test void t() {} }");
    assert!(!f.types[0].mods.has(Mods::TEST));
}

#[test]
fn generated_files() {
    for yes in [
        "// Generated by the protocol buffer compiler.  DO NOT EDIT!\nclass A {}",
        "/* Licence: do as you like. */\n/**\n * Autogenerated by Thrift Compiler (0.9.3)\n */\nclass A {}",
        "class A { // @@protoc_insertion_point(class_scope:a)\n }",
        "class O { static class M extends com.google.protobuf.GeneratedMessageV3 {} }",
        "class FooGrpc { static Object getServiceDescriptor() { return null; } }",
    ] {
        assert!(read(yes).generated, "{yes}");
    }
    for no in [
        "@javax.annotation.Generated(\"SpringBootCodegen\") class A {}",
        "class A { /* Generated by hand */ String s = \"DO NOT EDIT\"; }",
        "class A extends GeneratedMessageV3 {}",
    ] {
        assert!(!read(no).generated, "{no}");
    }
}
