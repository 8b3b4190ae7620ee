use insta::assert_snapshot;

use super::{Dump, dump};

#[test]
fn use_trees_give_one_import_per_leaf() {
    let text = "
        use std::{self, fs, io::{self as sio, Read as _, *}};
        pub(crate) use ::a::r#type::B;
        extern crate serde as s;
        mod m { pub use super::x::*; fn f() { use tokio::spawn as go; go(); } }";
    assert_snapshot!(dump(text, Dump::imports), @r"
    std
    std::fs
    std::io as sio
    std::io::Read as _
    std::io::*
    a::type::B pub
    serde as s
    super::x::* pub in m
    tokio::spawn as go in m
    ");
}

#[test]
fn modules_know_file_test_and_feature() {
    let text = r#"
        mod a;
        #[path = "other/b.rs"] pub mod b;
        #[cfg(all(test, unix))] mod tests { mod deep; }
        #[cfg(any(test, feature = "testsuite"))] mod fixtures;
        #[cfg(feature = "jobs")] mod jobs;
        #[cfg(not(test))] mod real;"#;
    assert_snapshot!(dump(text, Dump::modules), @r"
    |a external
    |b external at other/b.rs
    |tests test
    tests|deep external test
    |fixtures external test if testsuite
    |jobs external if jobs
    |real external
    ");
}

#[test]
fn a_whole_file_can_be_a_test() {
    let text = "#![cfg(test)] fn helper() {} static X: u8 = 1;";
    assert_snapshot!(dump(text, Dump::callables), @r"
    Function helper() [test]
    FieldInit X() [static test]
    ");
}

#[test]
fn types_and_their_fields() {
    let text = r#"
        #[derive(Debug, serde::Serialize)] #[repr(C)]
        pub struct State<T> { #[allow(dead_code)] pub cache: Arc<Mutex<HashMap<String, T>>>, conns: [Conn; 4] }
        struct Wrapper(pub Box<dyn Fn(u8) -> String + Send>, &'static [u8]);
        enum Command { Stop, Run(mpsc::Sender<u8>), Named { n: (u8, u16) } }
        union U { a: u8 }
        trait Job: Send + Debug { fn run(&self); fn name(&self) -> String { String::new() } }
        type Pool = bb8::Pool<Manager>;
        impl Actor for State<u8> { type Context = (); }"#;
    assert_snapshot!(dump(text, Dump::types), @r"
    Struct State [pub]: Actor
    Struct Wrapper
    Enum Command = Stop|Run|Named
    Union U
    Trait Job: Send + Debug
    Alias Pool: bb8::Pool<Manager>
    ");
    assert_snapshot!(dump(text, Dump::fields), @r"
    State.cache: Arc<Mutex<HashMap<String, T>>> [pub]
    State.conns: Conn[]
    Wrapper.0: Box<Fn<u8, String>> [pub]
    Wrapper.1: u8[]
    Command.Run::0: mpsc::Sender<u8>
    Command.Named::n: ()<u8, u16>
    U.a: u8
    ");
    assert_snapshot!(dump(text, Dump::annotations), @r"
    State #Debug()
    State #serde::Serialize()
    ");
}

#[test]
fn callables_know_owner_trait_and_modifiers() {
    let text = r#"
        #[tokio::main(flavor = "multi_thread", worker_threads = 2)]
        async fn main() -> anyhow::Result<()> { let f = |x: u8, y| async move { x }; Ok(()) }
        mod m { pub struct S<T>(T);
            impl<T> S<T> { pub const N: usize = 3; pub unsafe fn new<U>(t: T, (a, b): (U, u8)) -> Self { fn inner() {} S(t) } }
            impl<T> super::Job for S<T> { async fn run(&mut self, State(app): State<App>, _: u8) -> impl Future<Output = ()> { } } }
        unsafe extern "C" { pub fn getpid() -> i32; static mut ENV: u8; }
        #[unsafe(no_mangle)] pub extern "C" fn hook() {}
        #[cfg(test)] mod tests { use super::*; #[tokio::test] async fn t() {} fn helper() {} }
        #[get("/x", guard = "g")] fn handler() {}"#;
    assert_snapshot!(dump(text, Dump::callables), @r"
    Function main() -> anyhow::Result<()> [async]
    0/Closure (x: u8, y)
    1/AsyncBlock () [async]
    FieldInit S.N() on S<T> [static]
    Method S.new(t: T, _: ()<U, u8>) -> Self on S<T> [pub unsafe]
    4/Function inner()
    Method S.run(_: State<App>, _: u8) -> Future<()> on S<T> of super::Job [async]
    Function getpid() -> i32 [pub native]
    Function hook() [pub]
    Function t() [async test]
    Function helper() [test]
    Function handler()
    ");
    assert_snapshot!(dump(text, Dump::annotations), @r#"
    main() #tokio::main(flavor="multi_thread", worker_threads=2)
    hook() #no_mangle()
    t() #tokio::test()
    handler() #get(value="/x", guard="g")
    "#);
    assert_snapshot!(dump(text, Dump::locals), @r"
    f = Closure#1
    a: U
    b: u8
    app: App
    ");
}

#[test]
fn statics_of_all_kinds() {
    let text = r#"
        static COUNT: AtomicU64 = AtomicU64::new(0);
        pub static mut RAW: u8 = 0;
        const LIMIT: Duration = Duration::from_secs(60 * 5);
        static CELL: once_cell::sync::Lazy<Cache> = Lazy::new(|| Cache::builder().build());
        lazy_static! { /// doc
            pub static ref RE: Regex = Regex::new("a").unwrap(); static ref M: Mutex<u8> = Mutex::new(1); }
        thread_local! { static BUF: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) }; }
        fn f() { static LOCAL: AtomicBool = AtomicBool::new(true); }"#;
    assert_snapshot!(dump(text, Dump::fields), @r#"
    COUNT: AtomicU64 = AtomicU64::new(0) [static]
    RAW: u8 = 0 [static pub mut]
    LIMIT: Duration = Duration::from_secs((60 * 5)) [static final]
    CELL: once_cell::sync::Lazy<Cache> = Lazy::new(Closure#4) [static]
    RE: Regex = Regex::new("a").unwrap() [static pub]
    M: Mutex<u8> = Mutex::new(1) [static]
    BUF: RefCell<Vec<u8>> = RefCell::new(Vec::new()) [static thread-local]
    LOCAL: AtomicBool = AtomicBool::new(true) [static]
    "#);
    assert_snapshot!(dump(text, Dump::callables), @r"
    FieldInit COUNT() [static]
    FieldInit RAW() [static]
    FieldInit LIMIT() [static]
    FieldInit CELL() [static]
    3/Closure ()
    FieldInit RE() [static]
    FieldInit M() [static]
    FieldInit BUF() [static]
    Function f()
    8/FieldInit LOCAL() [static]
    ");
}

#[test]
fn generated_files_say_so() {
    for (text, expected) in [
        ("// This file is @generated by prost-build.\nfn f() {}", true),
        ("/* automatically generated by rust-bindgen 0.7 */", true),
        ("fn f() { let header = \"// @generated\"; }", false),
        ("#[derive(Clone, PartialEq, ::prost::Message)] struct A { b: ::prost::alloc::string::String }", true),
    ] {
        assert_eq!(super::facts(text).generated, expected, "{text}");
    }
}
