use super::{Problem, RuleFile, check_rule, closest, is_kebab, read_yaml};

const RULE: &str = "id: x
title: X
category: other
severity: minor
confidence: low
when:
  any:
    - WHEN
effort: { first: 1, cap: 2 }
why: because
fix: drop it
";

fn check(when: &str) -> Vec<String> {
    let text = RULE.replace("WHEN", when);
    let rule = read_yaml("x.yaml", &text).unwrap();
    let file = RuleFile { path: "x.yaml".into(), stem: "x".into(), folder: None, text, rule };
    check_rule(&file).iter().map(|problem| format!("{}:{} {}", problem.line, problem.column, problem.message)).collect()
}

#[test]
fn sound_conditions_pass() {
    for when in [
        "call: { on: a.B, name: \"*\" }",
        "setting: { key: \"a.*\", above: 30s }",
        "dependency: { of: [\"cargo:moka\", \"a:b*\"], features: future }",
        "all: [ { loop: { kind: daemon } }, { not: { import: a.b } } ]",
        "field: { static: true, role: memo-cache }",
        "rust: { path: std::thread::spawn, kind: call }",
    ] {
        assert_eq!(check(when), [] as [&str; 0], "{when}");
    }
}

#[test]
fn unsound_conditions_are_told_with_their_place() {
    for (when, expected) in [
        ("call: { name: \"*\" }", "8:7 any method of any type is too much"),
        ("setting: { key: a, above: lots }", "8:33 'above': 'lots' is no number"),
        ("dependency: h2", "8:19 'h2' names no dependency"),
        ("annotation: { type: a.B, on: metod }", "8:36 'on': 'metod' is not known"),
        ("all: [ { not: { import: a.b } } ]", "8:16 'not' cannot be the first of 'all'"),
        ("not: { import: a.b }", "8:7 'not' cannot select sites; it may only follow another condition of 'all'"),
        ("container: { instruction: volume }", "8:33 'volume' is not upper case"),
        ("import: []", "6:1 a condition names nothing"),
        ("text: \"a{b\"", "8:14 'text': '{' without '}'"),
    ] {
        assert_eq!(check(when), [expected], "{when}");
    }
}

#[test]
fn kebab_case() {
    assert!(is_kebab("executor-service") && is_kebab("h2"));
    for bad in ["", "-a", "a-", "a--b", "A", "a_b", "2a"] {
        assert!(!is_kebab(bad), "{bad}");
    }
}

#[test]
fn misspelt_words_find_their_neighbour() {
    assert_eq!(closest("executor-servce", &["executor-service", "spring-async"]), Some("executor-service"));
    assert_eq!(closest("banana", &["executor-service"]), None);
}

#[test]
fn problems_cannot_escape_into_the_terminal() {
    let problem = Problem::at("a.yaml", "\u{1b}[31mid: x", 1, 1, "bad \u{7}");
    assert!(!problem.to_string().contains(['\u{1b}', '\u{7}']));
}
