use serde_json::Value;

use super::*;
use crate::report::model::{FindingReport, RelatedReport, RuleInfo, SkippedReport};
use crate::report::sample::{self, render};
use crate::rules::model::{Fit, Severity, Target};

fn parsed(report: &Report, options: &Options) -> Value {
    let log: Value = serde_json::from_str(&render(report, write, options)).unwrap();
    let errors = schema_errors(&log);
    assert!(errors.is_empty(), "{errors:#?}");
    check_for_github(&log["runs"][0]);
    log["runs"][0].clone()
}

fn schema_errors(log: &Value) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What GitHub asks for beyond the schema.
fn check_for_github(run: &Value) {
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        assert_ne!(rule["name"], rule["id"]);
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().unwrap();
            assert!(!text.is_empty());
        }
        for short in ["shortDescription", "fullDescription"] {
            assert!(rule[short]["text"].as_str().unwrap().chars().count() <= 1_024);
        }
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= rules::MAX_TAGS);
        assert!(rule["properties"].get("security-severity").is_none());
    }
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/%".contains(&b);
        assert!(!uri.starts_with('/') && uri.bytes().all(allowed), "{uri}");
        let region = &place["region"];
        assert_eq!(region["startLine"], region["endLine"]);
        assert!(region["startLine"].as_u64() >= Some(1) && region["startColumn"].as_u64() >= Some(1));
        assert!(region["endColumn"].is_null() || region["endColumn"].as_u64() >= region["startColumn"].as_u64());
    }
}

#[test]
fn snapshot() {
    let options = Options { prefix: "services/my shop".into(), category: "nightly".into(), ..Options::default() };
    parsed(&sample::report(), &options);
    insta::with_settings!({ filters => vec![(r#""(informationUri)": "[^"]*",\n\s*"#, "")] }, {
        insta::assert_snapshot!(render(&sample::report(), write, &options));
    });
}

#[test]
fn hostile_texts_make_valid_sarif_without_links() {
    let mut report = sample::hostile();
    report.findings[0].line = 0;
    report.findings[0].column = 0;
    report.findings[1].end_line = 99;
    let run = parsed(&report, &Options::default());
    for result in run["results"].as_array().unwrap() {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.contains("](https:"), "{text}");
    }
}

#[test]
fn nothing_found_is_valid() {
    let mut report = sample::report();
    report.findings.clear();
    report.suppressed.clear();
    report.rules.clear();
    report.skipped.clear();
    report.summary.suppressed = 0;
    let run = parsed(&report, &Options::default());
    assert_eq!(run["results"], Value::Array(Vec::new()));
    assert_eq!(run["automationDetails"]["id"], "faasible/");
}

#[test]
fn the_weightiest_are_kept_and_the_rest_is_told() {
    let mut report = sample::report();
    let one = sample::finding("executor-service", "order", "A.java", 1);
    report.findings = (0..MAX_RESULTS as u32 + 7)
        .map(|line| {
            let severity = Severity::ALL[line as usize % Severity::ALL.len()];
            FindingReport { severity, line, end_line: line, ..one.clone() }
        })
        .collect();
    report.skipped = (0..notes::MAX_SKIPPED + 3)
        .map(|n| SkippedReport { path: format!("f{n}"), reason: "too large".into() })
        .collect();
    let text = render(&report, write, &Options::default());
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), MAX_RESULTS);
    let rank = |result: &Value| result["properties"]["severity"].as_str().unwrap().parse::<Severity>().unwrap();
    assert!(results.is_sorted_by_key(|result| std::cmp::Reverse(rank(result))));
    assert_eq!(results.iter().filter(|result| rank(result) == Severity::Info).count(), 1_252 - 7);
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes.len(), 1 + 1 + 1 + notes::MAX_SKIPPED + 1);
    assert_eq!(
        notes[0]["message"]["text"],
        "7 of 5007 findings are left out, those that weigh least: code scanning takes no more than 5000."
    );
    assert_eq!(notes.last().unwrap()["message"]["text"], "3 more paths were not read.");
}

#[test]
fn many_further_places_are_bounded_and_counted() {
    let mut report = sample::report();
    report.findings.truncate(1);
    report.findings[0].related = (1..=200)
        .map(|line| RelatedReport { path: "A.java".into(), line, column: 1, note: "also [here]".into() })
        .collect();
    report.findings[0].burdens = (0..300).map(|n| format!("unit-{n}")).collect();
    let run = parsed(&report, &Options::default());
    let result = &run["results"][0];
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 50);
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains("See [also here](1), ") && text.ends_with(" and 195 more."), "{text}");
    assert_eq!(result["properties"]["burdensTotal"], 300);
}

/// Sixty thousand findings, each as large as one can be: no limit of GitHub is passed.
#[test]
fn limits_hold_on_a_huge_report() {
    let mut report = sample::report();
    let rule =
        RuleInfo { title: "t".repeat(3_000), why: "w ".repeat(3_000), ..report.rules["executor-service"].clone() };
    let targets = Target::ALL.iter().map(|target| (*target, Fit::Hostile)).collect();
    let rule = RuleInfo { targets, ..rule };
    report.rules = (0..400).map(|n| (format!("rule-{n:03}"), rule.clone())).collect();
    let place = |n: usize, of: usize| RelatedReport {
        path: format!("service-{}/src/main/java/com/example/part{}/Class{n}_{of}.java", n % 500, n * 7919 % 10_007),
        line: (n * 31 + of) as u32 % 4_000 + 1,
        column: 9,
        note: format!("calls Class{n}_{of}.method{}", n * of % 97),
    };
    report.findings = (0..60_000)
        .map(|n| FindingReport {
            severity: Severity::ALL[n % Severity::ALL.len()],
            message: format!("{} {n}", "m".repeat(n % 3_000)),
            related: (0..120).map(|of| place(n, of)).take(if n % 9 == 0 && n < 24_000 { 120 } else { 2 }).collect(),
            flow: (0..n % 30).map(|of| place(n, of)).collect(),
            fingerprint: format!("{:032x}", n as u128 * 0x9e37_79b9_7f4a_7c15_f39c_c060),
            ..sample::finding(&format!("rule-{:03}", n % 400), "order", &place(n, 0).path, n as u32 + 1)
        })
        .collect();
    let text = render(&report, write, &Options::default());
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    check_for_github(run);
    let list = |value: &Value| value.as_array().map_or(0, Vec::len);
    let results = run["results"].as_array().unwrap();
    assert_eq!((list(&log["runs"]), results.len(), list(&run["tool"]["driver"]["rules"])), (1, MAX_RESULTS, 400));
    let mut further = 0;
    for result in results {
        let steps = list(&result["codeFlows"][0]["threadFlows"][0]["locations"]);
        let related = list(&result["relatedLocations"]);
        assert!(list(&result["locations"]) + related <= 100 && steps <= 1_000);
        assert!(result["message"]["text"].as_str().unwrap().chars().count() <= 1_500);
        further += related + steps.saturating_sub(1);
    }
    assert!(further > 10_000 && further <= results::MAX_FURTHER, "{further}");
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let notes: Vec<&str> = notes.iter().map(|note| note["message"]["text"].as_str().unwrap()).collect();
    assert!(notes[0].starts_with("55000 of 60000 findings are left out"), "{notes:?}");
    assert!(
        notes[1].ends_with("without their further places and the way to them: code scanning takes no larger file.")
    );
    assert!(zipped(text) < 10_000_000);
}

/// Bytes of what would be uploaded; 0 where there is no gzip.
fn zipped(text: String) -> usize {
    use std::process::{Command, Stdio};
    let gzip = Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut gzip) = gzip else { return 0 };
    let mut input = gzip.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let out = gzip.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    out.stdout.len()
}
