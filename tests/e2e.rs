//! The whole program over `fixtures/shop`, and over trees that are broken.
//!
//! After a change of rules: `INSTA_UPDATE=always cargo test --test e2e`, then read the difference.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta_cmd::assert_cmd_snapshot;
use serde_json::Value;

const SHOP: &str = "fixtures/shop";

fn faasible(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(insta_cmd::get_cargo_bin("faasible"));
    command.args(args).current_dir(dir).env("NO_COLOR", "1").env("COLUMNS", "120").env_remove("CLICOLOR_FORCE");
    command
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Standard output of a run that must end with this code.
fn run(dir: &Path, args: &[&str], code: i32) -> String {
    let out = faasible(dir, args).output().unwrap();
    assert_eq!(out.status.code(), Some(code), "{args:?}\n{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn json(dir: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&run(dir, args, 0)).unwrap()
}

fn shop() -> Value {
    json(here(), &["scan", SHOP, "-f", "json"])
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A tree of these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

const POM: &str = "<project><groupId>g</groupId><artifactId>svc</artifactId><version>1</version></project>";
const POOL: &str = "package a;
import java.util.concurrent.*;
import org.springframework.boot.SpringApplication;
import org.springframework.stereotype.Service;
@Service class A {
    ExecutorService pool = Executors.newFixedThreadPool(2); { Desk.lend(pool); }
    public static void main(String[] args) { SpringApplication.run(A.class, args); }
}
";

#[test]
fn report_for_people() {
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"(?m)^faasible .*$", "[version, root, files, lines, rules]");
        settings
    };
    settings.bind(|| assert_cmd_snapshot!("terminal", faasible(here(), &["scan", SHOP])));
}

#[test]
fn units_of_the_shop() {
    assert_cmd_snapshot!("units", faasible(here(), &["units", SHOP]));
}

/// What scripts read: names and kinds of units, and where which rule was met. Effort has its own tests.
#[test]
fn stable_fields_of_the_json_report() {
    let report = shop();
    assert_eq!(report["schema_version"], "1.0");
    assert_eq!(report["workspace"]["root"], SHOP);
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["schema_version", "tool", "workspace", "summary", "units", "findings", "rules", "levers", "skipped"]
    );
    let mut found = Vec::new();
    for finding in list(&report["findings"]) {
        let [path, severity, category, rule] =
            ["path", "severity", "category", "rule"].map(|field| text(&finding[field]).to_owned());
        found.push(format!("{path}:{} {severity} {category}/{rule}", finding["line"]));
        assert!(!text(&finding["fingerprint"]).is_empty());
    }
    found.sort();
    insta::assert_snapshot!("findings", found.join("\n"));
}

#[test]
fn cold_starts_and_levers_add_up() {
    let report = shop();
    let units = list(&report["units"]);
    let unit = |name: &str| units.iter().find(|u| u["name"] == name).unwrap();
    for cold in units.iter().map(|u| &u["cold_start"]).filter(|c| !c.is_null()) {
        let sum: u64 = list(&cold["terms"]).iter().map(|t| t["ms"].as_u64().unwrap()).sum();
        assert_eq!(cold["p50_ms"].as_u64(), Some(sum), "{cold:#}");
    }
    let has = |name: &str, part: &str| unit(name)["cold_start"].to_string().contains(part);
    assert!(has("catalog", "1 JPA entities") && has("catalog", "near the limit"));
    assert!(has("gateway", "Eureka client") && has("billing", "SnapStart begins at Java 11"));
    assert!(has("search-api", "Rust on provided.al2023") && unit("storefront")["cold_start"].is_null());

    let lever = list(&report["levers"]).iter().find(|l| l["what"] == "shop-common").unwrap();
    assert_eq!(lever["person_days"], unit("shop-common")["effort"]["person_days"]);
    let carried = list(&lever["services"]).iter().flat_map(|s| list(&unit(text(s))["effort"]["terms"]));
    let whole = |t: &Value| t["whole"].as_f64().or(t["person_days"].as_f64()).unwrap();
    let carried: f64 = carried.filter(|t| t["kind"] == "library").map(whole).sum();
    assert!((lever["saves"].as_f64().unwrap() - carried).abs() < 0.011, "{lever:#}");
}

#[test]
fn a_library_burdens_whom_it_reaches() {
    let pom = |name: &str, more: &str| {
        format!("<project><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{more}</project>")
    };
    let uses = "<dependencies><dependency><groupId>g</groupId><artifactId>lib</artifactId><version>1</version>\
                </dependency></dependencies>";
    let app = |package: &str, body: &str| {
        format!(
            "package {package}; @org.springframework.boot.autoconfigure.SpringBootApplication public class App {{
             public static void main(String[] a) {{ org.springframework.boot.SpringApplication.run(App.class); {body} }} }}"
        )
    };
    let (one, two) = (app("a.one", "lib.Pool.go();"), app("a.two", ""));
    let (pom_lib, pom_one, pom_two) = (pom("lib", ""), pom("one", uses), pom("two", uses));
    let pool = "package lib; import java.util.concurrent.*; public class Pool {
         static final ExecutorService POOL = Executors.newFixedThreadPool(2);
         public static void go() { POOL.submit(() -> {}); } }";
    let dir = tree(&[
        ("lib/pom.xml", &pom_lib),
        ("lib/src/main/java/lib/Pool.java", pool),
        ("one/pom.xml", &pom_one),
        ("one/src/main/java/a/one/App.java", &one),
        ("two/pom.xml", &pom_two),
        ("two/src/main/java/a/two/App.java", &two),
    ]);
    let report = json(dir.path(), &["scan", "-f", "json"]);
    let pools: Vec<&Value> =
        list(&report["findings"]).iter().filter(|f| text(&f["path"]).ends_with("Pool.java")).collect();
    assert!(!pools.is_empty(), "{report:#}");
    for finding in pools {
        assert_eq!(finding["burdens"], serde_json::json!(["one"]), "{finding:#}");
    }
}

#[test]
fn the_json_report_fits_its_schema() {
    let schema = fs::read_to_string(here().join("schema/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&shop()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn every_category_is_shown() {
    let rules = json(here(), &["rules", "list", "--format", "json"]);
    let of = |value: &Value| list(value).iter().map(|v| text(&v["category"]).to_owned()).collect::<BTreeSet<_>>();
    let shown = of(&shop()["findings"]);
    assert_eq!(shown, of(&rules));
    assert_eq!(shown.len(), 16);
}

/// `at most info: …` in a comment holds for its line.
#[test]
fn traps_stay_silent() {
    let report = shop();
    let rank = |severity: &str| ["info", "minor", "major", "blocker"].iter().position(|s| *s == severity).unwrap();
    let mut traps = 0;
    for file in files(&here().join(SHOP)) {
        let Ok(source) = fs::read_to_string(&file) else { continue };
        let path = file.strip_prefix(here().join(SHOP)).unwrap().to_string_lossy().replace('\\', "/");
        for (ix, line) in source.lines().enumerate().filter(|_| !path.ends_with(".md")) {
            let Some((_, rest)) = line.split_once("at most ") else { continue };
            let most = rank(rest.split(':').next().unwrap());
            traps += 1;
            for finding in list(&report["findings"]) {
                let here = finding["path"] == path.as_str() && finding["line"] == ix + 1;
                assert!(!here || rank(text(&finding["severity"])) <= most, "{line}\n{finding:#}");
            }
        }
    }
    assert!(traps >= 20, "{traps}");
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out
}

#[test]
fn a_library_burdens_those_who_use_it() {
    let report = shop();
    let pool = list(&report["findings"])
        .iter()
        .find(|f| f["unit"] == "shop-common" && f["rule"] == "executor-service")
        .expect("the pool of the library is found");
    assert_eq!(pool["burdens"], serde_json::json!(["catalog", "notification", "order"]));
}

#[test]
fn the_sum_can_be_redone() {
    for unit in list(&shop()["units"]).iter().filter(|unit| !unit["effort"].is_null()) {
        let effort = &unit["effort"];
        let sum: f64 = list(&effort["terms"]).iter().map(|term| term["person_days"].as_f64().unwrap()).sum();
        assert!((sum - effort["person_days"].as_f64().unwrap()).abs() < 0.001, "{unit:#}");
    }
}

#[test]
fn sarif_keeps_its_schema() {
    let log = json(here(), &["scan", SHOP, "-f", "sarif"]);
    let schema = fs::read_to_string(here().join("tests/data/sarif-2.1.0.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(list(&log["runs"]).len(), 1);
    assert_eq!(list(&log["runs"][0]["results"]).len(), list(&shop()["findings"]).len());
}

#[test]
fn output_is_the_same_with_any_number_of_threads() {
    for format in ["term", "json", "sarif"] {
        let of = |threads| run(here(), &["scan", SHOP, "-f", format, "-v", "--threads", threads], 0);
        let one = of("1");
        assert!(one == of("2") && one == of("2"), "{format}");
    }
}

#[test]
fn names_written_in_full_need_no_import() {
    let app = "package a; public class App { public static void main(String[] a) {
        org.springframework.boot.SpringApplication.run(App.class, a); } }";
    let bean = "package a; @org.springframework.stereotype.Service public class S {
        final java.util.concurrent.ExecutorService pool = java.util.concurrent.Executors.newFixedThreadPool(3); }";
    let dir = tree(&[("pom.xml", POM), ("src/main/java/a/App.java", app), ("src/main/java/a/S.java", bean)]);
    let report = json(dir.path(), &["scan", "-f", "json"]);
    assert_eq!(report["units"][0]["kind"], "service", "{report:#}");
    assert!(list(&report["findings"]).iter().any(|f| f["rule"] == "executor-service"), "{report:#}");
}

#[test]
fn several_reports_in_one_run() {
    let dir = tree(&[("svc/pom.xml", POM), ("svc/src/main/java/a/A.java", POOL)]);
    let out = run(dir.path(), &["scan", "-q", "-o", "a.json", "-o", "b.sarif", "-o", "c.txt"], 0);
    assert_eq!(out, "");
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert!(read("a.json").contains("\"schema_version\""));
    assert!(read("b.sarif").contains("\"2.1.0\""));
    assert!(read("c.txt").contains("executor-service"));
}

#[test]
fn broken_files_are_told_and_the_rest_is_reported() {
    let dir = tree(&[
        ("svc/pom.xml", POM),
        ("svc/src/main/java/a/A.java", POOL),
        ("svc/src/main/java/a/Half.java", "package a; class Half { void run( { Executors."),
        ("svc/src/main/resources/application.yml", "spring:\n  a: [1\n\tb: }\n"),
        ("broken/pom.xml", "<project><artifactId>broken</artifact"),
        ("svc/src/main/java/a/D.java/keep.txt", ""),
    ]);
    fs::write(dir.path().join("svc/src/main/java/a/Binary.java"), [0, 159, 146, 150, 0, 1]).unwrap();
    let report = json(dir.path(), &["scan", "-f", "json"]);
    assert!(list(&report["findings"]).iter().any(|f| f["rule"] == "executor-service"), "{report:#}");
    let skipped: Vec<&str> = list(&report["skipped"]).iter().map(|s| text(&s["path"])).collect();
    for name in ["a/Half.java", "a/Binary.java", "application.yml", "broken/pom.xml"] {
        assert!(skipped.iter().any(|path| path.ends_with(name)), "{name}: {skipped:?}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_loops_do_not_hang() {
    let dir = tree(&[("svc/pom.xml", POM), ("svc/src/main/java/a/A.java", POOL)]);
    let source = dir.path().join("svc/src/main/java/a");
    std::os::unix::fs::symlink(dir.path(), source.join("loop")).unwrap();
    assert!(Command::new("mkfifo").arg(source.join("Pipe.java")).status().unwrap().success());
    let report = json(dir.path(), &["scan", "-f", "json"]);
    let pools = list(&report["findings"]).iter().filter(|f| f["rule"] == "executor-service");
    assert_eq!(pools.count(), 1);
}

#[test]
fn findings_fail_a_build_only_when_asked_to() {
    let dir = tree(&[("svc/pom.xml", POM), ("svc/src/main/java/a/A.java", POOL)]);
    run(dir.path(), &["scan"], 0);
    run(dir.path(), &["scan", "--fail-on", "major"], 1);
    run(dir.path(), &["scan", "--fail-on", "blocker"], 0);
    let all = json(dir.path(), &["scan", "-f", "json"]);
    let few = json(dir.path(), &["scan", "-f", "json", "--min-severity", "blocker"]);
    assert_eq!(few["findings"], serde_json::json!([]));
    assert_eq!(few["units"], all["units"], "what is left out still counts");
}

#[test]
fn bad_input_is_named() {
    let dir = tree(&[
        ("rules/scheduler/x.yaml", "id: x\ntitle: X\ncategory: scheduler\nseverity: grave\n"),
        ("svc/pom.xml", POM),
    ]);
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"(?s)\[possible values:[^\]]*\]", "[possible values]");
        settings
    };
    settings.bind(|| {
        assert_cmd_snapshot!("no_such_path", faasible(dir.path(), &["scan", "nowhere"]));
        assert_cmd_snapshot!("bad_rule", faasible(dir.path(), &["scan", "svc", "--rules", "rules"]));
        assert_cmd_snapshot!("bad_format", faasible(dir.path(), &["scan", "svc", "-f", "pdf"]));
    });
    let empty = tempfile::tempdir().unwrap();
    assert_cmd_snapshot!("nothing_to_scan", faasible(empty.path(), &["scan"]));
}

/// A plain service over a database: its size says nothing about its way to a function.
#[test]
fn plain_services_are_small_whatever_their_size() {
    let pom = "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.springframework.boot</groupId>\
        <artifactId>spring-boot-starter-parent</artifactId><version>3.3.0</version></parent><groupId>shop</groupId>\
        <artifactId>stock</artifactId><version>1</version><properties><java.version>21</java.version></properties><dependencies>\
        <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>\
        <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-jpa</artifactId></dependency>\
        <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency></dependencies><build><plugins>\
        <plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>";
    let settings = "spring:\n  datasource:\n    url: jdbc:postgresql://db/stock\n  jpa:\n    hibernate:\n      ddl-auto: validate\n";
    let main = "package shop;\nimport org.springframework.boot.SpringApplication;\n\
        import org.springframework.boot.autoconfigure.SpringBootApplication;\n@SpringBootApplication\npublic class Stock {\n\
        public static void main(String[] args) { SpringApplication.run(Stock.class, args); }\n}\n";
    let effort = |controllers: usize| {
        let mut files = vec![
            ("stock/pom.xml".to_owned(), pom.to_owned()),
            ("stock/src/main/resources/application.yml".to_owned(), settings.to_owned()),
            ("stock/src/main/java/shop/Stock.java".to_owned(), main.to_owned()),
        ];
        for i in 0..controllers {
            let text = format!(
                "package shop;\nimport java.util.List;\nimport org.springframework.data.jpa.repository.JpaRepository;\n\
                 import org.springframework.web.bind.annotation.GetMapping;\nimport org.springframework.web.bind.annotation.RestController;\n\
                 interface Items{i} extends JpaRepository<Item{i}, Long> {{}}\n\
                 @jakarta.persistence.Entity class Item{i} {{ @jakarta.persistence.Id private Long id; private String name; \
                 public String getName() {{ return name; }} public void setName(String name) {{ this.name = name; }} }}\n\
                 @RestController\npublic class Controller{i} {{\n    private final Items{i} items;\n    \
                 public Controller{i}(Items{i} items) {{ this.items = items; }}\n    @GetMapping(\"/items{i}\")\n    \
                 public List<Item{i}> all() {{ return items.findAll(); }}\n}}\n"
            );
            files.push((format!("stock/src/main/java/shop/Controller{i}.java"), text));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let dir = tree(&files);
        json(dir.path(), &["scan", "-f", "json"])["units"][0]["effort"].clone()
    };
    let (small, large) = (effort(1), effort(100));
    let changes = |effort: &Value| -> f64 {
        list(&effort["terms"])
            .iter()
            .filter(|t| text(&t["kind"]) == "rule")
            .map(|t| t["person_days"].as_f64().unwrap())
            .sum()
    };
    assert!((changes(&small) - changes(&large)).abs() < 0.005, "{small}\n{large}");
    for effort in [&small, &large] {
        assert!(matches!(text(&effort["tier"]), "T1" | "T2"), "{effort}");
    }
}
