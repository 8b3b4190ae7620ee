//! The command line as scripts see it: exit codes, streams, files.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn faasible(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_faasible"))
        .args(args)
        .current_dir(dir)
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap()
}

/// Code, standard output, standard error.
fn run(dir: &Path, args: &[&str]) -> (i32, String, String) {
    let out = faasible(dir, args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

#[test]
fn wrong_usage_is_told_on_stderr_and_ends_with_2() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    for (args, expected) in [
        (&["scan", "--nonsense"][..], "unexpected argument"),
        (&["scan", "--target", "lamda"], "a similar value exists: 'lambda'"),
        (&["scan", "nowhere"], "cannot scan nowhere"),
        (&["scan", "file"], "it is a file; name the directory"),
        (&["scan", "-o", "report.pdf"], "cannot tell a format by the ending"),
        (&["scan", "-o", "no/report.json"], "there is no directory no"),
        (&["scan", "--rules", "nowhere"], "nowhere is not a directory with rules"),
        (&["explain", "no-such-rule-at-all"], "'faasible rules list' shows all"),
        (&["rules", "new", "nonsense"], "CATEGORY/ID"),
        (&["rules", "new", "nonsense/x"], "no such category"),
        (&["rules", "new", "other/../x"], "cannot be the id of a rule"),
    ] {
        let (code, out, err) = run(dir.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(expected), "{args:?}: {err}");
        assert!(err.starts_with("error: "), "{args:?}: {err}");
    }
}

#[test]
fn nothing_to_scan_ends_with_3_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["scan", "-q", "-o", "a.json"]);
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(err.starts_with("warning: nothing to scan in ."), "{err}");
    assert!(!dir.path().join("a.json").exists());
}

#[test]
fn help_and_version_go_to_stdout() {
    let dir = tempfile::tempdir().unwrap();
    for args in [&["--help"][..], &["scan", "--help"], &["rules", "new", "-h"], &["--version"]] {
        let (code, out, err) = run(dir.path(), args);
        assert_eq!((code, err.as_str()), (0, ""), "{args:?}");
        assert!(out.contains("faasible"), "{args:?}: {out}");
    }
}

#[test]
fn every_builtin_rule_can_be_explained() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, _) = run(dir.path(), &["rules", "list", "--format", "json"]);
    assert_eq!(code, 0);
    let rules: serde_json::Value = serde_json::from_str(&out).unwrap();
    let rules = rules.as_array().unwrap();
    assert!(!rules.is_empty());
    for rule in rules.iter().take(10) {
        let id = rule["id"].as_str().unwrap();
        let (code, out, _) = run(dir.path(), &["explain", id]);
        assert_eq!(code, 0);
        for part in ["\nWhy\n", "\nWhat to do\n", "\nEffort\n", "\nTargets\n"] {
            assert!(out.contains(part), "{id}: {out}");
        }
    }
}

#[test]
fn a_new_rule_is_valid_and_never_overwrites() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, err) = run(dir.path(), &["rules", "new", "scheduler/my-timer"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("rules/scheduler/my-timer.yaml\nfixtures/rules/my-timer.md\n"), "{out}");
    let (code, out, _) = run(dir.path(), &["explain", "my-timer", "--rules", "rules"]);
    assert_eq!(code, 0);
    assert!(out.contains("Found: A client that connects in a service"), "{out}");
    let (code, _, err) = run(dir.path(), &["rules", "new", "scheduler/my-timer"]);
    assert_eq!(code, 2);
    assert!(err.contains("exists already; nothing was written"), "{err}");
}

#[test]
fn a_bad_rule_is_shown_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &["rules", "new", "scheduler/my-timer"]);
    let path = dir.path().join("rules/scheduler/my-timer.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("severity: minor", "severity: smal")).unwrap();
    for args in [&["rules", "test"][..], &["scan", "--rules", "rules"]] {
        let (code, _, err) = run(dir.path(), args);
        assert_eq!(code, 2);
        assert!(err.contains("rules/scheduler/my-timer.yaml:7:11: "), "{err}");
        assert!(err.contains("^^^^"), "{err}");
    }
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_faasible"))
        .args(["rules", "list", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&out.stderr), "");
}

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/shop");

#[test]
fn one_service_in_depth() {
    let dir = tempfile::tempdir().unwrap();
    let (code, out, _) = run(dir.path(), &["scan", SHOP, "--service", "order"]);
    assert_eq!(code, 0);
    assert!(out.contains("Findings in order") && out.contains("Findings in shop-common"), "{out}");
    assert!(!out.contains("Findings in billing"), "{out}");
    let (code, _, err) = run(dir.path(), &["scan", SHOP, "--service", "ordr"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is no unit 'ordr'; there are: pricing-service, order,"), "{err}");
}

#[test]
fn backlog_from_a_tree_and_from_its_report_are_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (code, _, err) = run(dir.path(), &["scan", SHOP, "-q", "-o", "r.json", "-o", "r.html", "-o", "r.findings.csv"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for (format, start) in [
        ("markdown", "# Backlog of "),
        ("csv", "Issue Id,Issue Type,Summary,Description,Priority,Epic Name,Epic Link,"),
        ("github", "[\n  {\n    \"title\": "),
        ("linear", "Id,Team,Title,Description,"),
        ("azure", "Work Item Type,Title 1,Title 2,"),
    ] {
        let (code, scanned, _) = run(dir.path(), &["backlog", SHOP, "--format", format]);
        assert_eq!(code, 0);
        assert!(scanned.starts_with(start), "{format}: {scanned}");
        let (_, read, _) = run(dir.path(), &["backlog", "--report", "r.json", "--format", format]);
        assert_eq!(scanned, read, "{format}");
    }
    let (code, _, err) = run(dir.path(), &["backlog", "--report", "r.json", "--format", "github-issues"]);
    assert_eq!(code, 2);
    assert!(err.contains("--output DIR"), "{err}");
    let issues = &["backlog", "--report", "r.json", "--format", "github-issues", "--output", "issues", "--by", "lever"];
    let files = || {
        assert_eq!(run(dir.path(), issues).0, 0);
        let entries = std::fs::read_dir(dir.path().join("issues")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    // A second run replaces, and doubles nothing.
    let first = files();
    assert!(first.len() > 20);
    assert_eq!(first, files());
}

#[test]
fn reports_of_repositories_become_one() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["east.json", "west.json"] {
        assert_eq!(run(dir.path(), &["scan", SHOP, "-q", "-o", name]).0, 0);
    }
    let (code, out, _) = run(dir.path(), &["merge", "east.json", "west.json"]);
    assert_eq!(code, 0);
    let merged: serde_json::Value = serde_json::from_str(&out).unwrap();
    let one: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(dir.path().join("east.json")).unwrap()).unwrap();
    let count = |report: &serde_json::Value, key: &str| report[key].as_array().unwrap().len();
    for key in ["units", "findings", "skipped"] {
        assert_eq!(count(&merged, key), 2 * count(&one, key));
    }
    assert!(merged["findings"][0]["path"].as_str().unwrap().starts_with("east/"));
    let (code, _, err) = run(dir.path(), &["merge", "nothing.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot read nothing.json"), "{err}");
}

const WORKER: &str = "package shop;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Orders {
    private final ExecutorService pool = Executors.newFixedThreadPool(4);

    public static void main(String[] args) {
        SpringApplication.run(Orders.class, args);
    }

    @PostMapping(\"/orders\")
    public void take() {
        pool.submit(() -> System.out.println(\"taken\"));
    }
}
";

/// Services of the same kind, each with a pool.
fn fleet(names: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        let java = dir.path().join(name).join("src/main/java/shop");
        std::fs::create_dir_all(&java).unwrap();
        let pom = format!(
            "<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>{name}</artifactId>\
             <version>1</version><parent><groupId>org.springframework.boot</groupId>\
             <artifactId>spring-boot-starter-parent</artifactId><version>3.3.0</version></parent><dependencies>\
             <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId>\
             </dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId>\
             <artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
        );
        std::fs::write(dir.path().join(name).join("pom.xml"), pom).unwrap();
        std::fs::write(java.join("Orders.java"), WORKER).unwrap();
    }
    dir
}

#[test]
fn what_if_is_the_same_from_a_scan_and_from_a_report() {
    let dir = fleet(&["orders", "mails"]);
    let (code, scanned, err) = run(dir.path(), &["whatif", "--fix", "thread-pool", "-f", "json"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(run(dir.path(), &["scan", "-q", "-o", "report.json"]).0, 0);
    let args = ["whatif", "--report", "report.json", "--fix", "thread-pool", "-f", "json"];
    assert_eq!(run(dir.path(), &args), (0, scanned.clone(), String::new()));
    let outcome: serde_json::Value = serde_json::from_str(&scanned).unwrap();
    assert_eq!(outcome["units"].as_array().unwrap().len(), 2);
    let (before, after) = (&outcome["before"]["person_days"], &outcome["after"]["person_days"]);
    assert!(after.as_f64().unwrap() < before.as_f64().unwrap(), "{outcome}");

    let (code, table, _) = run(dir.path(), &["whatif", "--report", "report.json", "--fix", "executor-service"]);
    assert_eq!(code, 0);
    for part in ["SPEND", "executor-service", "Services and jobs that change (2)", "Fleet:"] {
        assert!(table.contains(part), "{table}");
    }
    for (args, expected) in [
        (&["whatif", "--report", "report.json", "--fix", "executor-servic"][..], "did you mean 'executor-service'?"),
        (&["whatif", "--report", "report.json", "--fix", "orders"], "no rule, no category and no shared library"),
        (
            &["whatif", "--report", "report.json", "--fix", "scheduler", "--target", "cloud-run"],
            "was made for target lambda",
        ),
        (&["whatif", "--fix"], "a value is required"),
    ] {
        let (code, out, err) = run(dir.path(), args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        assert!(err.contains(expected), "{args:?}: {err}");
    }
}

#[test]
fn calibration_is_written_to_the_configuration_and_used() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let dir = fleet(&names);
    std::fs::write(dir.path().join("faasible.toml"), "# ours\n[gates]\nmax-effort = 90.0 # far away\n").unwrap();
    let rows: String = names.iter().map(|name| format!("{name},12\n")).collect();
    let actuals = format!("service,person-days\n{rows}nobody,3\na,many\n");
    std::fs::write(dir.path().join("actuals.csv"), actuals).unwrap();
    let days = |report: &str| {
        assert_eq!(run(dir.path(), &["scan", "-q", "-o", report]).0, 0);
        let text = std::fs::read_to_string(dir.path().join(report)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["summary"]["person_days"].as_f64().unwrap()
    };
    let before = days("before.json");

    let (code, out, err) = run(dir.path(), &["calibrate", "actuals.csv", "--dry-run"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("Typical error: factor") && out.contains("[effort.fitted]"), "{out}");
    for told in ["actuals.csv:8: there is no service 'nobody'", "actuals.csv:9: 'many' is no number"] {
        assert!(err.contains(told), "{err}");
    }
    let config = || std::fs::read_to_string(dir.path().join("faasible.toml")).unwrap();
    assert!(!config().contains("fitted"));

    assert_eq!(run(dir.path(), &["calibrate", "actuals.csv"]).0, 0);
    let written = config();
    assert!(written.starts_with("# ours\n[gates]\nmax-effort = 90.0 # far away\n\n[effort.fitted]\n"), "{written}");
    let after = days("after.json");
    assert!(after > before * 1.2 && after < 6.0 * 12.0, "{before} {after}");
    // What was fitted is not fitted again.
    assert_eq!(run(dir.path(), &["calibrate", "actuals.csv"]).0, 0);
    assert_eq!(config(), written);
    let (code, _, err) = run(dir.path(), &["calibrate", "actuals.csv", "--report", "after.json"]);
    assert!(code == 2 && err.contains("was made with fitted factors"), "{err}");
}
