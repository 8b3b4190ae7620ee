//! Linking small workspaces.

use crate::facts::code::{CallableIx, ExprIx, FieldIx};
use crate::facts::{Body, FileFacts};
use crate::link::{Linked, ReachSet, RustUse};
use crate::rules::model::FieldRole;
use crate::source::{FileIx, FileKind, Role, SourceFile, Workspace};
use crate::text::Name;
use crate::units::Units;

/// Links the files and hands them on.
fn linked(files: &[(&str, &str)], then: impl FnOnce(&Linked<'_>)) {
    let mut files = files.to_vec();
    files.sort();
    let mut workspace = Workspace::default();
    let mut facts = Vec::new();
    for (path, text) in &files {
        let rust = path.ends_with(".rs");
        let kind = if rust { FileKind::Rust } else { FileKind::Cargo };
        workspace.files.push(SourceFile { path: (*path).into(), kind, role: Role::Main });
        let mut notes = Vec::new();
        let body = if rust {
            Body::Code(Box::new(crate::parse::rust::parse(text, &mut notes)))
        } else {
            Body::Cargo(Box::new(crate::parse::cargo::parse(path, text, &mut notes)))
        };
        facts.push(FileFacts { body, ..FileFacts::default() });
    }
    let units = Units { all: Vec::new(), of_file: vec![None; files.len()], notes: Vec::new() };
    let catalog = crate::link::catalog::tests::catalog();
    let known = [Name::new("tokio::task::spawn"), Name::new("moka::future::Cache::builder")];
    then(&Linked::new(&workspace, &facts, &units, &catalog, &known));
}

fn file(linked: &Linked<'_>, path: &str) -> FileIx {
    let at = linked.workspace.files.iter().position(|f| &*f.path == path);
    FileIx(at.expect("a file of the workspace") as u32)
}

fn calls(linked: &Linked<'_>, path: &str) -> Vec<&'static str> {
    let paths = linked.rust_paths(file(linked, path));
    paths.iter().filter(|p| p.usage == RustUse::Call).map(|p| p.path.as_str()).collect()
}

fn reach(linked: &Linked<'_>, path: &str, name: &str) -> ReachSet {
    let file = file(linked, path);
    let facts = linked.facts(file).expect("code");
    let at = facts.callables.iter().position(|c| c.name.as_str() == name).expect("a callable");
    linked.reach(file, CallableIx(at as u32))
}

fn joined(code: &str) -> Vec<bool> {
    let mut found = Vec::new();
    linked(&[("Cargo.toml", "[package]\nname='app'"), ("src/main.rs", code)], |linked| {
        let file = file(linked, "src/main.rs");
        let spawns = linked.rust_paths(file).into_iter().filter(|p| p.path.ends_with("spawn"));
        found = spawns.map(|p| linked.is_joined(file, p.expr.unwrap_or(ExprIx(0)))).collect();
    });
    found
}

fn roles(code: &str, field: &str) -> Vec<FieldRole> {
    let mut found = Vec::new();
    linked(&[("Cargo.toml", "[package]\nname='app'"), ("src/lib.rs", code)], |linked| {
        let file = file(linked, "src/lib.rs");
        let facts = linked.facts(file).expect("code");
        let at = facts.fields.iter().position(|f| f.name.as_str() == field).expect("a field");
        found = linked.field_use(file, FieldIx(at as u32)).roles;
    });
    found
}

const ROOT: (&str, &str) = ("Cargo.toml", "[workspace]\nmembers=['a','b-core']");
const A: (&str, &str) = (
    "a/Cargo.toml",
    "[package]\nname='a'\n[dependencies]\nb-core={path='../b-core'}\nrt={package='tokio',version='1'}",
);
const B: (&str, &str) = ("b-core/Cargo.toml", "[package]\nname='b-core'\n[dependencies]\ntokio='1'\nmoka='1'");

#[test]
fn paths_go_through_crates_renames_and_re_exports() {
    linked(
        &[
            ROOT,
            A,
            B,
            ("b-core/src/lib.rs", "mod pool; pub use pool::{Pool, open as start}; pub use tokio::task as tasks;"),
            (
                "b-core/src/pool.rs",
                "pub struct Pool; impl Pool { pub fn get(&self) -> u8 { 0 } } pub fn open() -> Pool { Pool }",
            ),
            (
                "a/src/main.rs",
                "use b_core::*; use rt::task::*; mod inner { pub fn f() { super::g(); crate::g(); } } fn g() {}
                 fn main() { start().get(); b_core::tasks::spawn(x()); spawn(y()); rt::spawn(z()); inner::f(); }",
            ),
        ],
        |linked| {
            let found = calls(linked, "a/src/main.rs");
            for wanted in ["b_core::pool::open", "b_core::pool::Pool::get", "tokio::task::spawn", "tokio::spawn"] {
                assert!(found.contains(&wanted), "{wanted} in {found:?}");
            }
            assert_eq!(found.iter().filter(|p| **p == "tokio::task::spawn").count(), 2);
            assert_eq!(found.iter().filter(|p| p.ends_with("main::g")).count(), 2);
        },
    );
}

#[test]
fn types_come_from_fields_builders_and_returns() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'\n[dependencies]\nmoka='1'\ntokio='1'"),
            (
                "src/lib.rs",
                "use std::sync::{Arc, Mutex}; use tokio::sync::mpsc;
                 type Shared = Arc<Mutex<Store>>;
                 struct Store { client: reqwest::Client }
                 impl Store { fn make() -> Result<Self, ()> { todo!() } fn put(&self) { self.client.post(1).send(); } }
                 struct App { store: Shared, jobs: Vec<Store> }
                 impl App { fn run(&self) {
                    self.store.lock().unwrap().put();
                    let s = Store::make()?; s.put();
                    for j in self.jobs.iter() { j.put(); }
                    let (tx, mut rx) = mpsc::channel::<u8>(4);
                    tx.send(1); rx.recv().await;
                    moka::future::Cache::builder().max_capacity(9).build();
                 } }",
            ),
        ],
        |linked| {
            let found = calls(linked, "src/lib.rs");
            assert_eq!(found.iter().filter(|p| **p == "app::Store::put").count(), 3, "{found:?}");
            for wanted in [
                "reqwest::Client::post",
                "std::sync::Mutex::lock",
                "tokio::sync::mpsc::Sender::send",
                "tokio::sync::mpsc::Receiver::recv",
                "moka::future::Cache::max_capacity",
            ] {
                assert!(found.contains(&wanted), "{wanted} in {found:?}");
            }
        },
    );
}

#[test]
fn modules_of_tests_have_no_paths() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'"),
            (
                "src/lib.rs",
                "mod real; #[cfg(test)] mod fakes; #[cfg(feature = \"testing\")] mod kit; #[path = \"odd/place.rs\"] mod there;",
            ),
            ("src/real.rs", "fn f() { std::fs::write(1, 2); }"),
            ("src/fakes.rs", "mod deep; fn f() { std::fs::write(1, 2); }"),
            ("src/fakes/deep.rs", "fn f() { std::fs::write(1, 2); }"),
            ("src/kit.rs", "fn f() { std::fs::write(1, 2); }"),
            ("src/odd/place.rs", "pub fn f() { super::real::f(); }"),
        ],
        |linked| {
            for path in ["src/fakes.rs", "src/fakes/deep.rs", "src/kit.rs"] {
                assert!(calls(linked, path).is_empty(), "{path}");
            }
            assert_eq!(calls(linked, "src/real.rs"), ["std::fs::write"]);
            assert_eq!(calls(linked, "src/odd/place.rs"), ["app::real::f"]);
        },
    );
}

#[test]
fn calls_of_wrappers_start_tasks() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'\n[dependencies]\ntokio='1'"),
            (
                "src/main.rs",
                "fn named<F: Future>(f: F, name: &str) { tokio::spawn(f); }
                 fn again<F: Future>(f: F) { named(async move { f.await }, \"x\") }
                 fn data(n: u32) { tokio::spawn(async move { work(n) }); }
                 fn main() { named(job(), \"a\"); again(job()); data(3); }",
            ),
        ],
        |linked| {
            let file = file(linked, "src/main.rs");
            let found = linked.rust_paths(file);
            let spawns: Vec<_> = found.iter().filter(|p| p.path.as_str() == "tokio::spawn").collect();
            // Two written ones, two calls of wrappers from outside of wrappers.
            assert_eq!(spawns.len(), 4, "{found:?}");
        },
    );
}

#[test]
fn code_is_reached_by_routes_main_and_tasks() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'\n[dependencies]\naxum='1'\ntokio='1'"),
            (
                "src/main.rs",
                "use axum::{Router, routing::get};
                 async fn list() { shared() } fn shared() {} fn set_up() {} async fn refresh() {} fn idle() {}
                 #[tokio::main] async fn main() { set_up(); tokio::spawn(refresh()); Router::new().route(\"/\", get(list)); }",
            ),
        ],
        |linked| {
            assert_eq!(reach(linked, "src/main.rs", "list"), ReachSet::REQUEST);
            assert_eq!(reach(linked, "src/main.rs", "shared"), ReachSet::REQUEST);
            assert_eq!(reach(linked, "src/main.rs", "set_up"), ReachSet::STARTUP);
            assert_eq!(reach(linked, "src/main.rs", "refresh"), ReachSet::BACKGROUND);
            assert!(!reach(linked, "src/main.rs", "idle").any());
        },
    );
}

#[test]
fn handles_are_followed_to_where_they_are_awaited() {
    let of = |body: &str| joined(&format!("async fn f() {{ {body} }}"));
    assert_eq!(of("tokio::spawn(a()).await;"), [true]);
    assert_eq!(of("tokio::spawn(a());"), [false]);
    assert_eq!(of("let h = tokio::spawn(a()); b(); h.await;"), [true]);
    assert_eq!(of("let h = tokio::spawn(a()); self.h = h;"), [false]);
    assert_eq!(of("let mut v = vec![]; for x in y { v.push(tokio::spawn(a(x))); } for h in v { h.await; }"), [true]);
    assert_eq!(of("let v: Vec<_> = y.map(|x| tokio::spawn(a(x))).collect(); join_all(v).await;"), [true]);
    assert_eq!(of("let h = tokio::spawn(a()); let g = tokio::spawn(b()); tokio::try_join!(h, g);"), [true, true]);
    assert_eq!(of("let t = std::thread::spawn(a); t.join().unwrap();"), [true]);
}

#[test]
fn statics_and_shared_fields_tell_what_becomes_of_them() {
    let head = "use std::sync::*; use std::collections::HashMap; use std::sync::atomic::AtomicBool;";
    let lib = |body: &str| format!("{head}{body}");
    let memo = lib("static SEEN: LazyLock<Mutex<HashMap<u8, u8>>> = x();
        pub fn f(k: u8) -> u8 { if let Some(v) = SEEN.lock().unwrap().get(&k) { return *v; } SEEN.lock().unwrap().insert(k, 1); 1 }");
    assert_eq!(roles(&memo, "SEEN"), [FieldRole::MemoCache]);
    let fixed = lib("static WORDS: LazyLock<Vec<u8>> = x(); pub fn f() -> usize { WORDS.len() }");
    assert_eq!(roles(&fixed, "WORDS"), []);
    let held =
        lib("struct App { state: Arc<RwLock<u8>> } impl App { pub fn f(&self) { *self.state.write().unwrap() = 1; } }");
    assert_eq!(roles(&held, "state"), [FieldRole::ContentMutated]);
    let read =
        lib("struct App { state: Arc<RwLock<u8>> } impl App { pub fn f(&self) -> u8 { *self.state.read().unwrap() } }");
    assert_eq!(roles(&read, "state"), []);
    let inner =
        lib("struct Flags { on: AtomicBool } static FLAGS: Flags = x(); pub fn f() { FLAGS.on.store(true, o); }");
    assert_eq!(roles(&inner, "FLAGS"), [FieldRole::ContentMutated]);
    assert_eq!(roles(&inner, "on"), []);
}

#[test]
fn cyclic_uses_end() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'"),
            ("src/lib.rs", "mod a; mod b; pub use a::*; pub use b::*; fn f() { nowhere::g(); a::h(); x(); }"),
            ("src/a.rs", "pub use crate::b::*; pub use super::*; pub use crate::a::q as q; pub type T = T;"),
            (
                "src/b.rs",
                "pub use crate::a::*; pub use crate::x as y; pub use crate::y as x; fn k(t: crate::a::T) { t.f() }",
            ),
        ],
        |linked| assert!(calls(linked, "src/lib.rs").contains(&"nowhere::g")),
    );
}

#[test]
fn functions_do_not_hide_modules() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'\n[dependencies]\ntokio='1'"),
            (
                "src/main.rs",
                "use tokio::{signal, task}; async fn signal() { signal::ctrl_c().await; } static task: u8 = 1;
                 fn main() { signal(); task::spawn(x()); }",
            ),
        ],
        |linked| {
            let found = calls(linked, "src/main.rs");
            for wanted in ["tokio::signal::ctrl_c", "app.main::signal", "tokio::task::spawn"] {
                assert!(found.contains(&wanted), "{wanted} in {found:?}");
            }
        },
    );
}

#[test]
fn what_tasks_keep() {
    let kept = "use std::collections::HashMap;
        struct Plane { name: String, model: Model, ready: bool, last: Plan }
        struct Model { tables: HashMap<u8, u8> }
        struct Plan { at: u8 }
        impl Model { fn add(&mut self) { self.tables.insert(1, 1); } }
        impl Plane {
            pub async fn run(mut self) { loop { self.model.add(); self.ready = true; self.last = Plan { at: 1 }; wait().await; } }
        }
        pub fn start(plane: Plane) { tokio::spawn(async move { plane.run().await }); }";
    assert_eq!(roles(kept, "tables"), [FieldRole::ContentMutated]);
    assert_eq!(roles(kept, "model"), [FieldRole::ContentMutated]);
    assert_eq!(roles(kept, "last"), [FieldRole::ContentMutated]);
    assert_eq!(roles(kept, "name"), []);
    assert_eq!(roles(kept, "ready"), []);
    let passing = "use std::collections::HashMap; struct Words { seen: HashMap<u8, u8> }
        impl Words { pub fn add(&mut self) { self.seen.insert(1, 1); } } pub fn count() { Words::new().add(); }";
    assert_eq!(roles(passing, "seen"), []);
    let guard = "struct App { repo: Arc<Mutex<Option<u8>>> }
        impl App { pub fn f(&self) { let mut r = self.repo.lock(); if r.is_none() { *r = Some(1); } } }";
    assert_eq!(roles(guard, "repo"), [FieldRole::ContentMutated]);
    let through = "struct Shield { limit: Option<Semaphore> } static SHIELD: LazyLock<Shield> = x();
        impl Shield { pub fn f(&self) { let Some(l) = &self.limit else { return }; l.try_acquire(); } }";
    assert_eq!(roles(through, "SHIELD"), [FieldRole::ContentMutated]);
}

#[test]
fn other_systems_do_not_count() {
    let code = "#[cfg(windows)] fn a() { tokio::spawn(x()); } #[cfg(not(unix))] fn b() { tokio::spawn(x()); }
        #[cfg(target_os = \"macos\")] fn c() { tokio::spawn(x()); } #[cfg(any(unix, windows))] fn d() { tokio::spawn(x()); }
        #[cfg(all(unix, feature = \"x\"))] fn e() { tokio::spawn(x()); } #[cfg(not(windows))] fn f() { tokio::spawn(x()); }";
    linked(&[("Cargo.toml", "[package]\nname='app'"), ("src/lib.rs", code)], |linked| {
        let paths = linked.rust_paths(file(linked, "src/lib.rs"));
        let counted = paths.iter().filter(|p| p.path.ends_with("spawn") && !p.test).count();
        assert_eq!(counted, 3);
    });
}

#[test]
fn a_loop_without_end_is_the_background() {
    let code = "fn main() { once(); loop { again(); std::thread::sleep(x()); } } fn once() {} fn again() {}";
    linked(&[("Cargo.toml", "[package]\nname='app'"), ("src/main.rs", code)], |linked| {
        assert!(reach(linked, "src/main.rs", "again").has(ReachSet::BACKGROUND));
        assert!(!reach(linked, "src/main.rs", "once").has(ReachSet::BACKGROUND));
    });
}

#[test]
fn what_a_command_holds_and_begins_is_beside_the_service_too() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'"),
            (
                "src/main.rs",
                "mod serve; mod tidy; mod guard;
                 enum Subcommand { Serve(serve::Options), Tidy(Box<tidy::Options>), Show { with: tidy::Shown } }
                 fn main() {
                     use Subcommand as S;
                     match parsed() {
                         Some(S::Serve(c)) => c.run(),
                         Some(S::Tidy(c)) => c.run(),
                         Some(S::Show { with }) => with.run(),
                         None => serve::Options::default().run(),
                     }
                 }",
            ),
            ("src/serve.rs", "pub struct Options; impl Options { pub fn run(&self) { tokio::spawn(work()); lock().reset(); } } async fn work() {} fn lock() -> crate::guard::Guard {}"),
            (
                "src/tidy.rs",
                "pub struct Options; impl Options { pub fn run(&self) { tokio::spawn(async { sweep().await }); } } async fn sweep() { tokio::spawn(deep()); } async fn deep() {}
                 pub struct Shown; impl Shown { pub fn run(&self) { tokio::spawn(again()); } } async fn again() { shared() } fn shared() {}",
            ),
            (
                "src/guard.rs",
                "pub struct Guard; impl std::ops::Deref for Guard { type Target = Repo; fn deref(&self) -> &Repo { todo() } } pub struct Repo; impl Repo { pub fn reset(&self) {} }",
            ),
        ],
        |linked| {
            let tidy = |name: &str| reach(linked, "src/tidy.rs", name).is_aside();
            assert_eq!(["sweep", "deep", "again", "shared"].map(tidy), [true; 4]);
            assert!(reach(linked, "src/serve.rs", "work").has(ReachSet::BACKGROUND));
            assert!(reach(linked, "src/guard.rs", "reset").has(ReachSet::STARTUP), "through the guard");
        },
    );
}

#[test]
fn commands_and_development_are_beside_the_service() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'"),
            (
                "src/main.rs",
                "enum Command { Serve, Tidy }
                 fn main() {
                     match command() { Command::Serve => serve(), Command::Tidy => tidy() }
                     if mode() == Mode::Development { reload(); }
                     if mode() != Mode::Development { warm(); }
                 }
                 fn serve() { shared(); } fn tidy() { shared(); own(); } fn own() {} fn shared() {} fn reload() {} fn warm() {}",
            ),
            (
                "src/one.rs",
                "enum RowCommand { Add, Remove }
                 fn change(c: RowCommand) { match c { RowCommand::Add => add(), RowCommand::Remove => remove() } }
                 fn add() {} fn remove() {}",
            ),
        ],
        |linked| {
            let aside = |name: &str| reach(linked, "src/main.rs", name).is_aside();
            assert_eq!(["tidy", "own", "reload"].map(aside), [true; 3]);
            assert_eq!(["serve", "shared", "warm", "main"].map(aside), [false; 4]);
            assert!(reach(linked, "src/main.rs", "shared").has(ReachSet::STARTUP));
            assert!(!reach(linked, "src/one.rs", "add").is_aside(), "none of them serves");
        },
    );
}

#[test]
fn what_ends_the_program_early_and_what_a_trait_hands_to_a_command_is_beside_the_service() {
    linked(
        &[
            ("Cargo.toml", "[package]\nname='app'"),
            (
                "src/main.rs",
                "struct Args { create_api_key: bool, run_changes: bool, drop: Option<String>, worker: bool, bad: bool, cmd: AppCommand }
                 enum AppCommand { Host(Host), New(New) }
                 struct Host; struct New;
                 trait Handle { fn handle(&self); }
                 impl Handle for AppCommand { fn handle(&self) { match self { AppCommand::Host(c) => c.handle(), AppCommand::New(c) => c.handle() } } }
                 impl Handle for Host { fn handle(&self) { hosted() } }
                 impl Handle for New { fn handle(&self) { made() } }
                 fn any<C: Handle>(c: C) { c.handle() }
                 fn main() {
                     let args = Args::parse();
                     if args.create_api_key { create(); return; } if args.run_changes { changed(); return; }
                     if let Some(name) = args.drop.as_ref() { dropped(name); std::process::exit(0); }
                     if args.worker { work(); return; }
                     if args.drop.is_none() { usual(); return; }
                     if cfg!(feature = \"e2e_tests\") { trial(); }
                     let other = load();
                     if other.create_key { also(); return; }
                     any(args.cmd);
                 }
                 fn create() {} fn dropped(n: &str) {} fn work() {} fn usual() {} fn also() {} fn changed() {} fn hosted() {} fn made() {} fn trial() {}",
            ),
        ],
        |linked| {
            let aside = |name: &str| reach(linked, "src/main.rs", name).is_aside();
            assert_eq!(["create", "changed", "dropped", "made", "trial"].map(aside), [true; 5]);
            assert_eq!(["work", "usual", "also", "hosted"].map(aside), [false; 4]);
        },
    );
}
