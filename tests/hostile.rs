//! Whatever lies in a tree, the rest of it is reported: nesting, sizes, encodings, names, files that
//! cannot be read or change meanwhile, and outputs that cannot be written.
#![allow(clippy::unwrap_used)]

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::Value;

const POM: &str = "<project><groupId>g</groupId><artifactId>svc</artifactId><version>1</version></project>";
const POOL: &str = "package a;
import java.util.concurrent.*;
import org.springframework.boot.SpringApplication;
import org.springframework.stereotype.Service;
@Service class A {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    public static void main(String[] args) { SpringApplication.run(A.class, args); }
}
";

fn faasible(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faasible"));
    command.args(args).current_dir(dir).env("NO_COLOR", "1").env("COLUMNS", "120").env_remove("CLICOLOR_FORCE");
    command
}

fn put(dir: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A service with one pool, beside which the test puts what is hostile.
fn service() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "svc/pom.xml", POM);
    put(dir.path(), "svc/src/main/java/a/A.java", POOL);
    dir
}

fn report(out: &Output) -> Value {
    assert_eq!(out.status.code(), Some(0), "{:?} {}", out.status, String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn scan(dir: &Path) -> Value {
    report(&faasible(dir, &["scan", "-f", "json"]).output().unwrap())
}

/// Where pools are found, as `path:line`.
fn pools(report: &Value) -> Vec<String> {
    let found = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "executor-service");
    found.map(|f| format!("{}:{}", f["path"].as_str().unwrap(), f["line"])).collect()
}

/// Why a file was passed over, or in part.
fn reason(report: &Value, path: &str) -> String {
    let skipped = report["skipped"].as_array().unwrap().iter();
    let of_file = skipped.filter(|s| s["path"].as_str().unwrap().ends_with(path));
    of_file.map(|s| s["reason"].as_str().unwrap()).collect::<Vec<_>>().join("; ")
}

const ONE: &str = "svc/src/main/java/a/A.java:6";

#[test]
fn a_hundred_thousand_levels_deep() {
    const N: usize = 100_000;
    let nest = |head: &str, open: &str, middle: &str, close: &str, tail: &str| {
        format!("{head}{}{middle}{}{tail}", open.repeat(N), close.repeat(N))
    };
    let (class, main) = ("class B { Object o = ", "fn main() { let a = ");
    let files = [
        ("B1.java", nest(class, "(", "1", ")", "; }")),
        ("B2.java", nest("class B { void m() ", "{", "", "}", " }")),
        ("B3.java", nest(class, "a(", "", ")", "; }")),
        ("B4.java", nest(class, "new A() { Object o = ", "1", "; }", "; }")),
        ("B5.java", nest("class B { ", "List<", "A", ">", " x; }")),
        ("B6.java", nest(class, "x -> ", "1", "", "; }")),
        ("B7.java", nest(class, "1 + ", "1", "", "; }")),
        ("B8.java", nest(class, "a", ".b()", "", "; }")),
        ("B9.java", nest("class B { void m() { ", "if (a) ", ";", "", " } }")),
        ("BA.java", nest("", "class B { ", "", "}", "")),
        ("BB.java", nest("class B { ", "@A(", "1", ")", " int x; }")),
        ("b1.rs", nest(main, "(", "1", ")", "; }")),
        ("b2.rs", nest("fn main() ", "{", "", "}", "")),
        ("b3.rs", nest(main, "&", "1", "", "; }")),
        ("b4.rs", nest(main, "!", "1", "", "; }")),
        ("b5.rs", nest(main, "vec![", "1", "]", "; }")),
        ("b6.rs", nest("type A = ", "Vec<", "u8", ">", ";")),
        ("b7.rs", nest("", "mod a { ", "", "}", "")),
        ("b8.rs", nest(main, "1 + ", "1", "", "; }")),
        ("b9.rs", nest(main, "a", ".b()", "", "; }")),
        ("beans.xml", nest("", "<a>", "", "</a>", "")),
        ("a/pom.xml", nest("<project>", "<a>", "", "</a>", "</project>")),
        ("application.yml", nest("a: ", "[", "1", "]", "\n")),
        ("application-b.yml", nest("a: ", "{a: ", "1", "}", "\n")),
        ("application-c.yml", nest("a: ", "- ", "1", "", "\n")),
        ("application-d.yml", nest("", "? ", "1", "", "\n")),
        ("application.properties", nest("a=", "${", "b", "}", "\n")),
        ("b/package.json", nest("{\"a\": ", "[", "", "]", "}")),
        ("c/Cargo.toml", nest("a = ", "[", "", "]", "\n")),
        ("d/Cargo.toml", nest("", "a.", "a", "", " = 1\n")),
        ("e/build.gradle", nest("", "a {\n", "", "}\n", "")),
        ("f/build.gradle.kts", nest("val a = ", "(", "1", ")", "\n")),
        ("g/Dockerfile", nest("FROM a\nRUN ", "b \\\n", "c", "", "\n")),
        ("h/Dockerfile", nest("FROM a\nENV A=", "${A:-", "", "}", "\n")),
        ("k8s/a.yaml", nest("apiVersion: v1\nkind: Pod\nspec: ", "[", "", "]", "\n")),
        ("charts/a/templates/a.yaml", nest("", "{{ if a }}", "a: 1", "{{ end }}", "\n")),
    ];
    let dir = service();
    for (path, text) in &files {
        let folder = if path.ends_with(".java") { "svc/src/main/java/a" } else { "svc/src/main/resources" };
        let folder = if path.ends_with(".rs") { "rust/src" } else { folder };
        put(dir.path(), &if path.contains('/') { (*path).to_owned() } else { format!("{folder}/{path}") }, text);
    }
    put(dir.path(), "rust/Cargo.toml", "[package]\nname = \"rust\"\nversion = \"1.0.0\"\n");
    let report = scan(dir.path());
    assert!(pools(&report).contains(&ONE.to_owned()));
    assert!(!report["skipped"].to_string().contains("internal error"), "{:#}", report["skipped"]);
}

/// Three hundred fields of types of three hundred fields of types of three hundred: each type is looked at once.
#[test]
fn types_that_hold_each_other_many_times_over() {
    let dir = service();
    put(
        dir.path(),
        "r/Cargo.toml",
        "[package]\nname = \"r\"\nversion = \"0.1.0\"\n[dependencies]\naxum = \"0.8\"\ntokio = \"1\"\n",
    );
    let wide = |own: &str, of: &str| {
        let fields: String = (0..300).map(|i| format!("    f{i}: {of},\n")).collect();
        format!("pub struct {own} {{\n{fields}}}\n")
    };
    let types = [wide("A", "Box<B>"), wide("B", "Box<C>"), wide("C", "Box<D>"), wide("D", "Box<A>")].concat();
    let main = "use std::sync::{Arc, Mutex};
use axum::{Router, extract::State, routing::get};
#[derive(Clone)]
struct App { held: Arc<Mutex<A>>, count: Arc<Mutex<Vec<u64>>> }
#[tokio::main]
async fn main() {
    let app = Router::new().route(\"/\", get(hit)).with_state(App::new());
    axum::serve(tokio::net::TcpListener::bind(\"0.0.0.0:80\").await.unwrap(), app).await.unwrap();
}
async fn hit(State(app): State<App>) {
    app.count.lock().unwrap().push(1);
    *app.held.lock().unwrap() = next();
}
";
    put(dir.path(), "r/src/main.rs", format!("{main}{types}"));
    let report = scan(dir.path());
    assert_eq!(pools(&report), ["svc/src/main/java/a/A.java:6"]);
    let state = report["findings"].as_array().unwrap().iter().filter(|f| f["path"] == "r/src/main.rs");
    assert!(state.filter(|f| f["category"] == "mutable-state").count() > 0, "{report}");
}

#[test]
fn a_line_of_200_mb_and_shorter_ones() {
    let dir = service();
    let huge = dir.path().join("svc/src/main/java/a/Huge.java");
    fs::write(&huge, "class Huge { int a = 1").unwrap();
    // Sparse: the rest takes no room on the disk.
    fs::File::options().write(true).open(&huge).unwrap().set_len(200 << 20).unwrap();
    let long = format!("class Long {{ int a = 1{}; }}", " + 1".repeat(1 << 19));
    put(dir.path(), "svc/src/main/java/a/Long.java", long);
    put(dir.path(), "svc/src/main/resources/application.yml", format!("a: {}\n", "x".repeat(3 << 20)));
    let report = scan(dir.path());
    assert_eq!(pools(&report), [ONE]);
    assert!(reason(&report, "Huge.java").contains("larger than"), "{:#}", report["skipped"]);
    assert_eq!(reason(&report, "application.yml"), "");
}

/// A tree of files that hold next to nothing.
fn tiny(folders: usize) -> Value {
    let dir = service();
    for folder in 0..folders {
        let path = dir.path().join(format!("svc/src/main/java/f{folder}"));
        fs::create_dir(&path).unwrap();
        for file in 0..1000 {
            fs::write(path.join(format!("C{file}.java")), "").unwrap();
        }
    }
    scan(dir.path())
}

#[test]
fn ten_thousand_empty_files() {
    assert_eq!(pools(&tiny(10)), [ONE]);
}

/// Takes minutes to write: `cargo test --release --test hostile -- --ignored`.
#[test]
#[ignore = "writes a million files"]
fn a_million_empty_files() {
    assert_eq!(pools(&tiny(1000)), [ONE]);
}

#[test]
fn the_same_is_found_in_every_encoding() {
    let utf16 = || [0xfeff].into_iter().chain(POOL.encode_utf16());
    let crlf = POOL.replace('\n', "\r\n");
    for (name, bytes) in [
        ("byte order mark", format!("\u{feff}{POOL}").into_bytes()),
        ("CRLF", crlf.clone().into_bytes()),
        ("mark and CRLF", format!("\u{feff}{crlf}").into_bytes()),
        ("UTF-16, little end first", utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16, big end first", utf16().flat_map(u16::to_be_bytes).collect()),
        ("Latin-1 in a comment", [POOL.as_bytes(), b"// caf\xe9\n"].concat()),
    ] {
        let dir = service();
        put(dir.path(), "svc/src/main/java/a/A.java", bytes);
        assert_eq!(pools(&scan(dir.path())), [ONE], "{name}");
    }
}

#[test]
fn names_are_harmless_in_every_format() {
    const BAD: &str = "x\u{1b}[31m\n::error::<img src=x onerror=alert(1)>=cmd()";
    let dir = service();
    let bad = dir.path().join("svc/src/main/java").join(BAD.replace('/', "_"));
    fs::create_dir_all(&bad).unwrap();
    fs::write(bad.join("B.java"), POOL).unwrap();
    fs::write(bad.join("Half.java"), "class {").unwrap();
    assert_eq!(pools(&scan(dir.path())).len(), 2);
    for format in
        ["term", "markdown", "html", "csv", "findings-csv", "ndjson", "json", "sarif", "github", "gitlab", "junit"]
    {
        let out = faasible(dir.path(), &["scan", "-v", "-f", format]).output().unwrap();
        assert_eq!(out.status.code(), Some(0), "{format}");
        for text in [&out.stdout, &out.stderr] {
            let text = String::from_utf8_lossy(text);
            assert!(!text.contains('\u{1b}'), "{format}: an escape in {text}");
            // Spreadsheets read a quoted cell of several lines; whoever runs workflow commands reads these.
            if matches!(format, "term" | "markdown" | "github") {
                assert!(!text.lines().any(|line| line.starts_with("::error::<img")), "{format}: a command of its own");
            }
            if matches!(format, "html" | "markdown") {
                assert!(!text.contains("<img src=x"), "{format}: markup of a name");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_tree_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = service();
    let dir = service();
    symlink(outside.path(), dir.path().join("outside")).unwrap();
    symlink(outside.path().join("svc/src/main/java/a/A.java"), dir.path().join("svc/src/main/java/a/Link.java"))
        .unwrap();
    symlink("/dev/zero", dir.path().join("svc/src/main/java/a/Zero.java")).unwrap();
    symlink("gone", dir.path().join("svc/src/main/java/a/Gone.java")).unwrap();
    symlink(dir.path(), dir.path().join("svc/again")).unwrap();
    let report = scan(dir.path());
    assert_eq!(pools(&report), [ONE]);
    for name in ["outside", "Link.java", "Zero.java"] {
        assert!(reason(&report, name).contains("symbolic link"), "{name}: {:#}", report["skipped"]);
    }
}

/// Root may read everything; so the program runs as somebody else where the tests run as root.
#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let dir = service();
    let source = dir.path().join("svc/src/main/java/a");
    fs::write(source.join("Secret.java"), POOL).unwrap();
    put(dir.path(), "svc/src/main/java/closed/C.java", POOL);
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(dir.path(), 0o755);
    allow(&source.join("Secret.java"), 0o000);
    let closed = dir.path().join("svc/src/main/java/closed");
    allow(&closed, 0o000);
    let copy = dir.path().join("faasible");
    fs::copy(env!("CARGO_BIN_EXE_faasible"), &copy).unwrap();
    let mut command = Command::new(copy);
    command.args(["scan", "svc", "-f", "json"]).current_dir(dir.path());
    if fs::metadata(dir.path()).unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    let report = report(&command.output().unwrap());
    allow(&closed, 0o755);
    assert_eq!(pools(&report).len(), 1, "{:?}", pools(&report));
    assert!(reason(&report, "a/Secret.java").contains("cannot be read"), "{:#}", report["skipped"]);
    assert!(reason(&report, "java/closed").contains("cannot be listed"), "{:#}", report["skipped"]);
}

#[test]
fn files_that_change_and_vanish_meanwhile() {
    let dir = service();
    let source = dir.path().join("svc/src/main/java/a");
    let names: Vec<_> = (0..400).map(|n| source.join(format!("B{n}.java"))).collect();
    for name in &names {
        fs::write(name, POOL).unwrap();
    }
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0_usize;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let name = &names[round * 7 % names.len()];
                match round % 3 {
                    0 => drop(fs::remove_file(name)),
                    1 => drop(fs::write(name, &POOL[..round % POOL.len()])),
                    _ => drop(fs::write(name, POOL)),
                }
                round += 1;
            }
        });
        for _ in 0..5 {
            let out = faasible(dir.path(), &["scan", "-f", "json"]).output();
            let ok = out.as_ref().is_ok_and(|out| out.status.code() == Some(0));
            if !ok {
                stop.store(true, std::sync::atomic::Ordering::Relaxed);
            }
            assert!(pools(&report(&out.unwrap())).contains(&ONE.to_owned()));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// Whenever it is stopped, the report is the old one or the new one.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_half_report() {
    let dir = service();
    for n in 0..200 {
        put(dir.path(), &format!("svc/src/main/java/a/B{n}.java"), POOL);
    }
    let old = "{\"old\": true}";
    let path = dir.path().join("report.json");
    fs::write(&path, old).unwrap();
    for wait in (0..600).step_by(40) {
        let mut child = faasible(dir.path(), &["scan", "svc", "-q", "-o", "report.json"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().is_ok());
        child.wait().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let whole = text == old || serde_json::from_str::<Value>(&text).is_ok_and(|report| report["units"].is_array());
        assert!(whole, "after {wait} ms: {} bytes", text.len());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let dir = service();
    fs::create_dir(dir.path().join("out")).unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.path().join("out/report.json")).unwrap();
    let out = faasible(dir.path(), &["scan", "svc", "-q", "-o", "out/report.json"]).output().unwrap();
    let told = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{told}");
    assert!(told.contains("report.json") && told.contains("No space left"), "{told}");
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let out = faasible(dir.path(), &["scan", "svc", "-f", "json"]).stdout(full).output().unwrap();
    assert_eq!(out.status.code(), Some(2), "{}", String::from_utf8_lossy(&out.stderr));
}

/// Files of every kind that is read, in a service of their own.
const KINDS: &[&str] = &[
    "src/main/java/b/B.java",
    "src/main.rs",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Cargo.toml",
    "package.json",
    "src/main/resources/application.yml",
    "src/main/resources/application.properties",
    "src/main/resources/logback.xml",
    "src/main/resources/beans.xml",
    "Dockerfile",
    "docker-compose.yml",
    "k8s/a.yaml",
    "charts/a/templates/a.yaml",
    "Procfile",
    ".gitignore",
];

/// Bytes that look like the format now and then.
fn contents() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "class ",
        "{",
        "}",
        "(",
        ")",
        "<",
        ">",
        "\"",
        "'",
        "/*",
        "*/",
        "//",
        "#",
        "\n",
        "\t",
        ": ",
        "- ",
        "&a ",
        "*a ",
        "${",
        "a",
        "=",
        "fn ",
        "mod ",
        "use ",
        "<project>",
        "<!DOCTYPE a [",
        "<parent>",
        "FROM ",
        "apiVersion: v1\n",
        "kind: List\n",
        "{{",
        "}}",
        "import ",
        "@A",
        "->",
        "::",
        ".",
        ",",
        ";",
        "\\",
        "\u{0}",
        "\u{feff}",
        "é",
        "\u{1f600}",
        "include ':a'",
        "[workspace]\n",
        "---\n",
        "|\n",
        "\\u0",
    ];
    let word = proptest::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let any = proptest::collection::vec(any::<u8>(), 0..20);
    proptest::collection::vec(prop_oneof![9 => word, 1 => any], 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// No bytes in any file end the run, or change what is found in the files of another service.
    #[test]
    fn any_bytes_leave_the_neighbours_alone(files in proptest::collection::vec((proptest::sample::select(KINDS.to_vec()), contents()), 1..8)) {
        let dir = service();
        for (path, bytes) in &files {
            put(dir.path(), &format!("other/{path}"), bytes);
        }
        let report = scan(dir.path());
        prop_assert!(pools(&report).contains(&ONE.to_owned()), "{:?}", pools(&report));
        prop_assert!(!report["skipped"].to_string().contains("internal error"), "{:#}", report["skipped"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let dir = service();
    let bad = dir.path().join("svc/src/main/java/a").join(OsStr::from_bytes(b"B\xff.java"));
    fs::write(bad, POOL).unwrap();
    let report = scan(dir.path());
    assert_eq!(pools(&report), [ONE]);
    assert!(report["skipped"].to_string().contains("not valid UTF-8"), "{:#}", report["skipped"]);
}
