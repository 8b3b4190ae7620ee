//! The program in continuous integration: suppressions, baselines, gates, configuration, cache.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const POM: &str = "<project><groupId>g</groupId><artifactId>svc</artifactId><version>1</version></project>";

fn class(fields: &str) -> String {
    format!(
        "package a;\nimport java.util.concurrent.*;\nimport org.springframework.boot.SpringApplication;\n\
         import org.springframework.stereotype.Service;\n@Service class A {{\n{fields}\n\
         public static void main(String[] args) {{ SpringApplication.run(A.class, args); }}\n}}\n"
    )
}

/// Pools that are handed on: one that gets no task is information only.
const OLD: &str = "    ExecutorService one = Executors.newFixedThreadPool(2); { Desk.lend(one); }";
const NEW: &str = "    ExecutorService two = Executors.newCachedThreadPool(); { Desk.lend(two); }";

/// A repository with one service that has one thread pool.
fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "svc/pom.xml", POM);
    put(dir.path(), "svc/src/main/java/a/A.java", &class(OLD));
    dir
}

fn put(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Code, standard output, standard error.
fn run(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faasible"));
    command.args(args).current_dir(dir).env("NO_COLOR", "1").env_remove("FAASIBLE_CACHE");
    let out = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

/// The report of a scan, and its exit code.
fn scan(dir: &Path, args: &[&str]) -> (i32, Value) {
    let (code, out, err) = run(dir, &[&["scan", "-f", "json"], args].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{args:?}: {err}")))
}

fn found(report: &Value, rule: &str) -> Vec<u64> {
    let all = report["findings"].as_array().unwrap().iter();
    let mut lines: Vec<u64> = all.filter(|f| f["rule"] == rule).map(|f| f["line"].as_u64().unwrap()).collect();
    lines.sort_unstable();
    lines
}

fn days(report: &Value) -> f64 {
    report["units"][0]["effort"]["person_days"].as_f64().unwrap()
}

fn git(dir: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
    let out = Command::new("git").args(identity).args(args).current_dir(dir).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn a_pull_request_that_adds_a_pool_has_one_new_finding() {
    let dir = repository();
    let dir = dir.path();
    let (code, _, err) = run(dir, &["baseline", "create"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(run(dir, &["baseline", "create"]).0, 2, "it is not overwritten");
    let (code, before) = scan(dir, &["--baseline", "faasible-baseline.json"]);
    assert_eq!((code, before["findings"].as_array().unwrap().len()), (0, 0));
    let effort = days(&before);

    // Lines move, and one is added.
    put(dir, "svc/src/main/java/a/A.java", &class(&format!("\n\n{OLD}\n{NEW}")));
    let (code, report) = scan(dir, &["--baseline", "faasible-baseline.json"]);
    assert_eq!((code, report["findings"].as_array().unwrap().len()), (1, 1), "{:#}", report["findings"]);
    assert_eq!(report["findings"][0]["line"], 9);
    assert!(days(&report) > effort, "a baseline does not change what a service takes");
    let reasons = report["suppressed"].as_array().unwrap();
    assert!(reasons.iter().all(|f| f["suppression"]["reason"] == "in the baseline"));
    assert_eq!(scan(dir, &["--baseline", "faasible-baseline.json", "--fail-on", "blocker"]).0, 0);

    assert_eq!(run(dir, &["baseline", "update"]).0, 0);
    assert_eq!(scan(dir, &["--baseline", "faasible-baseline.json"]).0, 0);

    // What is gone is told, and can be dropped without taking anything new in.
    put(dir, "svc/src/main/java/a/A.java", &class(NEW));
    let (_, report) = scan(dir, &["--baseline", "faasible-baseline.json"]);
    assert!(report["notes"][0].as_str().unwrap().contains("of the baseline found no more"), "{:?}", report["notes"]);
    assert_eq!(run(dir, &["baseline", "prune"]).0, 0);
    let (code, report) = scan(dir, &["--baseline", "faasible-baseline.json"]);
    assert_eq!((code, report.get("notes")), (0, None));
}

#[test]
fn only_changed_lines_since_a_revision() {
    let dir = repository();
    let dir = dir.path();
    git(dir, &["init", "-q", "-b", "main"]);
    git(dir, &["add", "."]);
    git(dir, &["commit", "-q", "-m", "one"]);
    put(dir, "svc/src/main/java/a/A.java", &class(&format!("{OLD}\n{NEW}")));
    let (code, report) = scan(dir, &["--since", "main", "--fail-on", "minor"]);
    assert_eq!((code, found(&report, "executor-service")), (1, vec![7]));
    let (_, report) = scan(&dir.join("svc"), &["--since", "HEAD"]);
    assert_eq!(found(&report, "executor-service"), [7], "paths are relative to what is scanned");
    put(dir, "b/pom.xml", &POM.replace("svc", "b"));
    put(dir, "b/src/main/java/a/A.java", &class(OLD));
    assert_eq!(found(&scan(dir, &["--since", "main"]).1, "executor-service"), [6, 7], "new files are new as a whole");
    for rev in ["nonsense", "--output=x"] {
        let (code, _, err) = run(dir, &["scan", &format!("--since={rev}")]);
        assert_eq!(code, 2, "{err}");
    }
    assert!(!dir.join("x").exists());
}

#[test]
fn suppressions_in_comments_do_not_count() {
    let dir = repository();
    let dir = dir.path();
    let (_, before) = scan(dir, &[]);
    assert_eq!(found(&before, "executor-service"), [6]);
    let said = format!("{OLD} // faasible: ignore[executor-service] joined before the answer");
    put(dir, "svc/src/main/java/a/A.java", &class(&said));
    let (_, report) = scan(dir, &[]);
    assert_eq!(found(&report, "executor-service"), [] as [u64; 0]);
    assert_eq!(report["summary"]["suppressed"], 1);
    assert!(days(&report) < days(&before));
    let sarif: Value = serde_json::from_str(&run(dir, &["scan", "-f", "sarif"]).1).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<&Value> = results.iter().filter(|r| r.get("suppressions").is_some()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "inSource");
    let (_, out, _) = run(dir, &["scan", "-f", "sarif", "--no-suppressed"]);
    assert!(!out.contains("suppressions\""));

    let said = format!("{OLD} // faasible: ignore[executor-service]\n// faasible: ignore[no-such-rule] x\nint a;");
    put(dir, "svc/src/main/java/a/A.java", &class(&said));
    let (code, report) = scan(dir, &["--fail-on", "minor"]);
    assert_eq!(code, 0);
    assert_eq!(found(&report, "suppression-without-reason"), [6]);
    assert_eq!(found(&report, "unused-suppression"), [7]);
    assert_eq!(run(dir, &["explain", "unused-suppression"]).0, 0);
}

#[test]
fn the_configuration_holds_and_the_command_line_wins() {
    let dir = repository();
    let dir = dir.path();
    let (_, before) = scan(dir, &[]);
    let with = |text: &str, args: &[&str]| {
        put(dir, "faasible.toml", text);
        scan(dir, args)
    };
    let off = "[rules.executor-service]\nenabled = false\n";
    assert_eq!(found(&with(off, &[]).1, "executor-service"), [] as [u64; 0]);
    assert_eq!(found(&with(off, &["--no-config"]).1, "executor-service"), [6]);
    let (_, report) = with("[rules.executor-service]\nseverity = \"info\"\n", &[]);
    assert_eq!(report["findings"][0]["severity"], "info");
    let (_, report) = with("[[suppress]]\nrule = \"executor-service\"\npath = \"svc\"\nreason = \"x\"\n", &[]);
    assert_eq!(report["suppressed"][0]["suppression"]["in_source"], false);
    let (_, report) = with("[[suppress]]\nrule = \"executor-service\"\npath = \"other\"\nreason = \"x\"\n", &[]);
    assert!(report["notes"][0].as_str().unwrap().contains("suppresses nothing"));
    let dear = days(&with("[effort.base]\nhttp = 11\njob = 11\nother = 11\n", &[]).1);
    assert!((9.0..11.0).contains(&(dear - days(&before))), "{dear}");
    assert_eq!(with("[gates]\nfail-on = \"minor\"\n", &[]).0, 1);
    assert_eq!(with("[gates]\nfail-on = \"minor\"\n", &["--fail-on", "blocker"]).0, 0);
    assert_eq!(with("target = \"cloud-run\"\n", &[]).1["summary"]["target"], "cloud-run");
    assert_eq!(with("target = \"cloud-run\"\n", &["--target", "workers"]).1["summary"]["target"], "workers");
    assert_eq!(with("[[units.add]]\ndir = \"svc\"\nkind = \"job\"\n", &[]).1["units"][0]["kind"], "job");
    assert_eq!(run(dir, &["baseline", "create", "--output", "known.json"]).0, 0);
    let (code, report) = with("baseline = \"known.json\"\n", &[]);
    assert_eq!((code, report["findings"].as_array().unwrap().len()), (0, 0));
    for outside in ["/dev/zero", "../known.json", "none.json"] {
        put(dir, "faasible.toml", &format!("baseline = \"{outside}\"\n"));
        let (code, _, err) = run(dir, &["scan"]);
        assert!(code == 2 && err.contains("no baseline"), "{err}");
    }
    put(dir, "faasible.toml", "[scan]\nexclude = [\"svc\"]\n");
    assert_eq!(run(dir, &["scan"]).0, 3);

    for (text, expected) in [
        ("[scan]\nexlude = []\n", "faasible.toml:2:1: unknown field"),
        (
            "[rules.executor-servise]\nenabled = false\n",
            "faasible.toml:1:8: there is no rule 'executor-servise': did you mean 'executor-service'?",
        ),
        ("[effort.base]\nhtpp = 2\n", "faasible.toml:2:1: "),
        ("[effort]\nreadiness-half = \"much\"\n", "faasible.toml:1:1: "),
    ] {
        put(dir, "faasible.toml", text);
        let (code, out, err) = run(dir, &["scan"]);
        assert_eq!((code, out.as_str()), (2, ""), "{text}");
        assert!(err.contains(expected) && err.contains("^"), "{err}");
    }
    fs::remove_file(dir.join("faasible.toml")).unwrap();
    assert_eq!(run(dir, &["scan", "--config", "faasible.toml"]).0, 2);
}

#[test]
fn what_is_shown_of_the_configuration_can_be_read_again() {
    let dir = repository();
    let dir = dir.path();
    put(dir, "own.toml", "[effort.base]\nhttp = 3.5\n[rules.executor-service]\nseverity = \"info\"\n");
    let (code, out, err) = run(dir, &["config", "show", "--config", "own.toml", "--exclude", "x"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("http = 3.5") && out.contains("exclude = [\"x\"]") && out.contains("readiness-half"), "{out}");
    put(dir, "faasible.toml", &out);
    let (code, again, err) = run(dir, &["config", "show"]);
    assert_eq!(code, 0, "{err}");
    let body = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(body(&again), body(&out));
}

#[test]
fn gates_by_effort_and_readiness() {
    let dir = repository();
    for (args, expected) in [
        (&["--max-effort", "0.1"][..], 1),
        (&["--max-effort", "500"], 0),
        (&["--max-fleet-effort", "0.1"], 1),
        (&["--min-readiness", "100"], 1),
        (&["--min-readiness", "0"], 0),
        (&["--min-readiness", "101"], 2),
        (&["--max-effort", "-1"], 2),
        (&["--fail-on", "major"], 1),
        (&["--fail-on", "blocker"], 0),
    ] {
        let (code, _, err) = run(dir.path(), &[&["scan"], args].concat());
        assert_eq!(code, expected, "{args:?}: {err}");
    }
}

#[test]
fn one_sarif_file_per_service() {
    let dir = repository();
    let dir = dir.path();
    put(dir, "b/pom.xml", &POM.replace("svc", "b"));
    put(dir, "b/src/main/java/a/A.java", &class(NEW));
    assert_eq!(run(dir, &["scan", "-q", "-o", "r.sarif", "--sarif-split", "service"]).0, 0);
    for service in ["svc", "b"] {
        let log: Value =
            serde_json::from_str(&fs::read_to_string(dir.join(format!("r.{service}.sarif"))).unwrap()).unwrap();
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
        assert_eq!(log["runs"][0]["automationDetails"]["id"], format!("faasible/{service}/"));
        let uris = log["runs"][0]["results"].as_array().unwrap().iter();
        let uris: Vec<&str> =
            uris.map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()).collect();
        assert!(!uris.is_empty() && uris.iter().all(|uri| uri.starts_with(&format!("{service}/"))), "{uris:?}");
    }
    assert!(!dir.join("r.sarif").exists());
}

#[test]
fn the_cache_changes_nothing_but_time() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop");
    let cache = tempfile::tempdir().unwrap();
    let (dir, place) = (shop.parent().unwrap(), cache.path().join("c"));
    let place = place.to_str().unwrap();
    let plain = run(dir, &["scan", "shop", "-f", "json"]).1;
    for _ in 0..2 {
        assert_eq!(run(dir, &["scan", "shop", "-f", "json", "--cache", place]).1, plain);
    }
    let entries = || walkdir::WalkDir::new(place).into_iter().flatten().filter(|e| e.file_type().is_file());
    assert!(entries().count() > 10);
    for entry in entries() {
        fs::write(entry.path(), "broken").unwrap();
    }
    assert_eq!(run(dir, &["scan", "shop", "-f", "json", "--cache", place]).1, plain);
    put(cache.path(), "file", "");
    let (code, _, err) = run(dir, &["scan", "shop", "--cache", cache.path().join("file").to_str().unwrap()]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn completions_and_manual() {
    let dir = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, err) = run(dir.path(), &["completions", shell]);
        assert!((code, err.as_str()) == (0, "") && out.contains("fail-on"), "{shell}");
    }
    let (code, out, _) = run(dir.path(), &["man"]);
    assert!(code == 0 && out.contains(".TH faasible"), "{out}");
    let (code, out, _) = run(dir.path(), &["man", "rules", "test"]);
    assert!(code == 0 && out.contains(".TH faasible-rules-test") && out.contains("faasible rules test"), "{out}");
    assert_eq!(run(dir.path(), &["man", "nonsense"]).0, 2);
    assert_eq!(run(dir.path(), &["man", "--output", "pages"]).0, 0);
    let pages: Vec<String> = fs::read_dir(dir.path().join("pages"))
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .collect();
    // One for each command that the help names, and for what is below those.
    let (_, help, _) = run(dir.path(), &["--help"]);
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("    "));
    for command in commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        let page = format!("faasible-{command}.1");
        assert!(pages.contains(&page), "{page} is not among {pages:?}");
        let text = fs::read_to_string(dir.path().join("pages").join(&page)).unwrap();
        assert!(text.contains(&format!(".TH faasible-{command} ")), "{text}");
    }
    for page in ["faasible.1", "faasible-baseline-create.1", "faasible-config-show.1"] {
        assert!(pages.contains(&page.to_owned()), "{page} is not among {pages:?}");
    }
}

/// What the shells make of the completions, where they are installed.
#[test]
fn shells_read_their_completions() {
    let dir = tempfile::tempdir().unwrap();
    let (_, script, _) = run(dir.path(), &["completions", "bash"]);
    fs::write(dir.path().join("faasible.bash"), script).unwrap();
    let ask = "source ./faasible.bash; COMP_WORDS=(faasible scan --fail); COMP_CWORD=2; \
               _faasible faasible --fail scan; echo \"${COMPREPLY[@]}\"";
    let Ok(out) = Command::new("bash").args(["--norc", "-c", ask]).current_dir(dir.path()).output() else { return };
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(told.contains("--fail-on"), "{told}{}", String::from_utf8_lossy(&out.stderr));
    for (shell, check) in [("zsh", "-n"), ("fish", "--no-execute")] {
        let (_, script, _) = run(dir.path(), &["completions", shell]);
        let path = dir.path().join(format!("faasible.{shell}"));
        fs::write(&path, script).unwrap();
        let Ok(out) = Command::new(shell).arg(check).arg(&path).output() else { continue };
        assert!(out.status.success(), "{shell}: {}", String::from_utf8_lossy(&out.stderr));
    }
}
