//! Money from end to end: the shop with a week of its traffic, traffic alone, prices of one's own.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SHOP: [&str; 4] = ["scan", "fixtures/shop", "--traffic", "fixtures/shop-traffic.csv"];

fn faasible(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(insta_cmd::get_cargo_bin("faasible"));
    command.args(args).current_dir(dir).env("NO_COLOR", "1").env("COLUMNS", "120").env_remove("CLICOLOR_FORCE");
    command.output().unwrap()
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(dir: &Path, args: &[&str]) -> String {
    let out = faasible(dir, args);
    assert!(out.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn fails(dir: &Path, args: &[&str]) -> String {
    let out = faasible(dir, args);
    assert_eq!(out.status.code(), Some(2), "{args:?}");
    String::from_utf8(out.stderr).unwrap()
}

fn json(dir: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&run(dir, &[args, &["-f", "json"]].concat())).unwrap()
}

fn cost<'a>(report: &'a Value, name: &str) -> &'a Value {
    &report["units"].as_array().unwrap().iter().find(|u| u["name"] == name).unwrap()["cost"]
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn names(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

#[test]
fn the_shop_and_its_traffic() {
    let report = json(here(), &[&SHOP[..], &["--budget", "12"]].concat());
    let fleet = &report["cost"];
    assert_eq!(names(&fleet["files"]), ["fixtures/shop-traffic.csv"]);
    assert_eq!(names(&fleet["unmatched"]), ["stranger"]);
    assert_eq!(names(&fleet["without_traffic"]), ["billing", "search-indexer", "report-job", "storefront"]);
    let order = cost(&report, "order");
    assert_eq!((order["matched_by"].as_str(), order["traffic"]["hours"].as_u64()), (Some("exact"), Some(168)));
    // Its cold start is the estimate that stands beside it, its pool the default of its data source.
    let unit = report["units"].as_array().unwrap().iter().find(|u| u["name"] == "order").unwrap();
    let init = number(&unit["cold_start"]["p50_ms"]) / 1000.0;
    assert!(order["options"].to_string().contains(&format!("× {} s", (init * 100.0).round() / 100.0)), "{init}");
    assert!(number(&order["sensitivity"][1]["target"]) > number(&order["target"]));
    let priced: Vec<&Value> =
        report["units"].as_array().unwrap().iter().map(|u| &u["cost"]).filter(|c| !c.is_null()).collect();
    assert_eq!(priced.len(), fleet["services"].as_u64().unwrap() as usize);
    let sum = |field: &str| priced.iter().map(|c| number(&c[field])).sum::<f64>();
    assert!((sum("today") + 73.0 - number(&fleet["today"])).abs() < 0.01);
    for one in &priced {
        assert!((number(&one["today"]) - number(&one["target"]) - number(&one["saving"])).abs() < 1e-6);
        let words = ["move", "adapt", "refactor", "keep"];
        assert!(words.contains(&one["decision"].as_str().unwrap()) && !one["reason"].as_str().unwrap().is_empty());
    }
    let budget = &fleet["budget"];
    assert!(number(&budget["days"]) <= 12.0 && number(&budget["saving"]) <= number(&budget["bound"]) + 1e-9);
    let curve = fleet["curve"].as_array().unwrap();
    assert!(!curve.is_empty());
    assert!(curve.windows(2).all(|w| number(&w[0]["cumulative_saving"]) < number(&w[1]["cumulative_saving"])));
    // Every problem has its line.
    assert!(fleet["problems"].as_array().unwrap().is_empty());
}

#[test]
fn every_format_tells_of_money() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let files = ["r.txt", "r.md", "r.csv", "r.html", "r.ndjson"].map(path);
    let outputs: Vec<&str> = files.iter().flat_map(|f| ["-o", f.as_str()]).collect();
    let shown = run(here(), &[&SHOP[..], &outputs].concat());
    assert!(shown.contains("Cost (") && shown.contains("best mix") && shown.contains("What to move first"), "{shown}");
    let read = |ix: usize| fs::read_to_string(&files[ix]).unwrap();
    assert!(read(1).contains("### Cost"));
    assert!(
        read(2).lines().next().unwrap().ends_with("cost_today,cost_target,saving,payback_months,decision,decided_by")
    );
    assert!(read(3).contains("fleetCost()") && read(3).contains("break_even_rps"));
    assert!(read(4).lines().next().unwrap().contains("\"cost\":{"));
    // The same bytes with one thread as with several.
    let one = run(here(), &[&SHOP[..], &["-f", "json", "--threads", "1"]].concat());
    assert_eq!(one, run(here(), &[&SHOP[..], &["-f", "json", "--threads", "3"]].concat()));
}

#[test]
fn names_match_by_deployment_and_by_image() {
    let dir = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (name, deployment, image) in
        [("alpha", "alpha", "x/alpha"), ("beta", "beta-live", "x/beta"), ("gamma", "gamma", "x/third-thing")]
    {
        put(
            &format!("{name}/pom.xml"),
            &format!("<project><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version></project>"),
        );
        put(
            &format!("{name}/src/main/java/p/App.java"),
            "package p; @org.springframework.boot.autoconfigure.SpringBootApplication public class App {
             public static void main(String[] a) { org.springframework.boot.SpringApplication.run(App.class, a); } }",
        );
        put(
            &format!("{name}/k8s.yaml"),
            &format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {deployment}}}\nspec:\n  replicas: 2\n  template:\n    spec:\n      containers:\n      - name: a\n        image: {image}:1\n        env: [{{name: JAVA_OPTS, value: -Xmx512m}}]\n        resources: {{requests: {{cpu: 500m, memory: 1Gi}}}}\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {deployment}}}\nspec: {{scaleTargetRef: {{name: {deployment}}}, minReplicas: 2, maxReplicas: 2}}\n"
            ),
        );
    }
    put(
        "t.csv",
        "service,rps,mean (ms),front door\nAlpha,0.01,100,none\nshop/beta-live,0.01,100,none\nthird-thing,0.01,100,none\nnobody,1,1,none\n",
    );
    put("faasible.toml", "[cost]\ntraffic = [\"t.csv\"]\nday-rate = 500\n");
    let report = json(dir.path(), &["scan", "."]);
    for (name, way) in [("alpha", "exact"), ("beta", "deployment"), ("gamma", "image")] {
        let cost = cost(&report, name);
        assert_eq!(cost["matched_by"], way, "{name}");
        // Two pods of half a vCPU and 1 GiB; a heap of 512 MB with 250 beside it.
        assert!((number(&cost["today"]) - 49.64).abs() < 0.01, "{cost:#}");
        assert_eq!(number(&cost["traffic"]["memory_mb"]), 762.0);
    }
    assert_eq!((names(&report["cost"]["unmatched"]), number(&report["cost"]["day_rate"])), (vec!["nobody"], 500.0));
    put("faasible.toml", "[cost]\ntraffic = [\"../t.csv\"]\n");
    assert!(fails(dir.path(), &["scan", "."]).contains("one beside or below the configuration"));
    put("faasible.toml", "[cost]\ntrafic = []\n");
    assert!(fails(dir.path(), &["scan", "."]).contains("faasible.toml:2:1: unknown field `trafic`"));
    put("faasible.toml", "[cost]\ntraffic = [\"t.csv\"]\n[cost.prices.lambda]\nreqest = 1\n");
    assert!(fails(dir.path(), &["scan", "."]).contains("faasible.toml:4:1: "));
}

#[test]
fn traffic_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join("t.csv"),
        "service,rps,mean (ms),memory (MB),cold %,init (ms),cpu,pod memory (GiB),replicas\n\
        idle,0.01,100,1024,50,3000,0.5,1,2\nsteady,50,100,1024,0,0,0.5,1,2\nbad,-1,100,1024,0,0,0.5,1,2\n",
    )
    .unwrap();
    let report = json(dir.path(), &["cost", "t.csv", "--front-door", "none"]);
    assert!((number(&cost(&report, "idle")["target"]) - 0.71).abs() < 0.01);
    assert!((number(&cost(&report, "idle")["today"]) - 49.64).abs() < 0.01);
    assert_eq!(cost(&report, "steady")["decision"], "keep");
    assert_eq!(report["cost"]["problems"][0]["line"], 4);
    let shown = run(dir.path(), &["cost", "t.csv"]);
    assert!(
        shown.contains("idle") && shown.contains("t.csv:4: -1 is negative") && !shown.contains("Summary"),
        "{shown}"
    );
    let dear = json(dir.path(), &["cost", "t.csv", "--front-door", "rest-api"]);
    assert!(number(&cost(&dear, "steady")["target"]) > 2.0 * number(&cost(&report, "steady")["target"]) - 30.0);
    assert_eq!(faasible(dir.path(), &["cost", "no.csv"]).status.code(), Some(2));
    fs::write(dir.path().join("e.csv"), "service,rps\n").unwrap();
    assert_eq!(faasible(dir.path(), &["cost", "e.csv"]).status.code(), Some(3));
}

#[test]
fn prices_of_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let shown = run(dir.path(), &["prices"]);
    assert!(shown.contains("as of 2026-11-23") && shown.contains("aws.amazon.com/lambda/pricing"), "{shown}");
    // What is shown as YAML can be given back.
    let yaml = run(dir.path(), &["prices", "--format", "yaml"]);
    fs::write(dir.path().join("all.yaml"), &yaml).unwrap();
    assert_eq!(run(dir.path(), &["prices", "--prices", "all.yaml", "--format", "yaml"]), yaml);
    fs::write(
        dir.path().join("own.yaml"),
        "lambda:\n  request: 0.0000004\nkubernetes:\n  utilisation: { value: 0.3, source: measured }\n",
    )
    .unwrap();
    let list: Value =
        serde_json::from_str(&run(dir.path(), &["prices", "--prices", "own.yaml", "--format", "json"])).unwrap();
    let of = |name: &str| list.as_array().unwrap().iter().find(|f| f["what"] == name).unwrap().clone();
    assert_eq!(
        (of("lambda.request")["value"].as_f64(), of("lambda.request")["source"].as_str()),
        (Some(4e-7), Some("your own"))
    );
    assert_eq!(
        (of("lambda.request")["unit"].as_str(), of("kubernetes.utilisation")["source"].as_str()),
        (Some("USD/request"), Some("measured"))
    );
    fs::write(dir.path().join("t.csv"), "service,rps,replicas\na,1,1\n").unwrap();
    let today = |args: &[&str]| number(&cost(&json(dir.path(), &[&["cost", "t.csv"], args].concat()), "a")["today"]);
    assert!((today(&["--prices", "own.yaml"]) / today(&[]) - 2.0).abs() < 1e-9);
    for (text, expected) in [
        ("lambda:\n  reqest: 1\n", "bad.yaml:2:3: "),
        ("lambda:\n  request: -1\n", "a number from 0"),
        ("lambda:\n  request: .nan\n", "bad.yaml"),
        ("kubernetes:\n  utilisation: 0\n", "bad.yaml:2:3: `kubernetes.utilisation` must be above 0"),
        ("kubernetes:\n  utilisation: 60\n", "is a share"),
        ("- 1\n", "no table of prices"),
        ("a: [\n", "bad.yaml"),
    ] {
        fs::write(dir.path().join("bad.yaml"), text).unwrap();
        let error = fails(dir.path(), &["prices", "--prices", "bad.yaml"]);
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}
