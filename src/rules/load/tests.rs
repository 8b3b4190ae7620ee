use std::path::PathBuf;

use super::{RuleError, RuleSet};
use crate::rules::model::{Fit, Target};

const RULE: &str = "id: my-pool
title: Our own pool
category: thread-pool
severity: minor
confidence: low
when: { any: [ { new: com.acme.Pool } ] }
effort: { first: 1, cap: 2 }
targets: { lambda: ok }
why: because
fix: drop it
";

fn dir(files: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = dir.path().to_owned();
    (dir, vec![path])
}

fn problems(files: &[(&str, &str)]) -> String {
    let (guard, dirs) = dir(files);
    let error = RuleSet::load(&dirs).unwrap_err();
    assert!(matches!(error, RuleError::Invalid(_)), "{error}");
    error.to_string().replace(&format!("{}/", guard.path().display()), "")
}

#[test]
fn builtin_rules_have_all_targets() {
    let set = RuleSet::builtin().unwrap();
    for rule in &set.rules {
        assert_eq!(rule.targets.len(), Target::ALL.len(), "{}", rule.id);
        assert_eq!(set.find(&rule.id).unwrap().1.id, rule.id);
    }
    assert!(RuleSet::empty().unwrap().rules.is_empty());
}

#[test]
fn own_rules_come_on_top() {
    let (_guard, dirs) = dir(&[("thread-pool/my-pool.yaml", RULE), ("top/.hidden", "")]);
    let set = RuleSet::load(&dirs).unwrap();
    let (_, rule) = set.find("my-pool").unwrap();
    assert_eq!(rule.targets[&Target::Lambda], Fit::Ok);
    assert_eq!(rule.targets[&Target::Workers], Fit::Impossible);
    assert_eq!(set.rules.len(), RuleSet::builtin().unwrap().rules.len() + 1);
    assert_eq!(set.suggest("my-pol"), Some("my-pool"));
}

#[test]
fn an_own_rule_replaces_the_builtin_one_with_a_note() {
    let builtin = RuleSet::builtin().unwrap();
    let id = builtin.rules[0].id.clone();
    let text = RULE.replace("my-pool", &id);
    let (_guard, dirs) = dir(&[(&format!("{id}.yaml"), &text)]);
    let set = RuleSet::load(&dirs).unwrap();
    assert_eq!(set.rules.len(), builtin.rules.len());
    assert_eq!(set.find(&id).unwrap().1.title, "Our own pool");
    assert!(set.notes[0].ends_with(&format!("replaces built-in rule {id}")), "{:?}", set.notes);
}

#[test]
fn a_misspelt_field_is_shown_with_a_caret() {
    let text = problems(&[("my-pool.yaml", &RULE.replace("severity", "severty"))]);
    // The list of fields grows with the schema.
    let list = text.lines().find_map(|line| line.split_once("expected one of ")).map_or("", |(_, list)| list);
    assert!(list.contains("severity"), "{text}");
    insta::assert_snapshot!(text.replace(list, "…"), @r"
    1 problem in the rules

    my-pool.yaml:4:1: unknown field `severty`, expected one of …
      |
    4 | severty: minor
      | ^^^^^^^^
    ");
}

#[test]
fn all_problems_are_told_at_once() {
    let rule = RULE
        .replace("id: my-pool", "id: My_Pool\naliases: [executor-service]\nover: [executor-servce]")
        .replace("com.acme.Pool", "\"com.{acme.Pool\"")
        .replace("first: 1", "first: 9")
        .replace("because", "\" \"");
    let text = problems(&[("scheduler/my-pool.yaml", &rule)]);
    let told: Vec<&str> = text.lines().filter(|line| line.starts_with("scheduler/") || line.contains("help")).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    scheduler/my-pool.yaml:1:5: the id 'My_Pool' is not the name of the file, 'my-pool'
    scheduler/my-pool.yaml:1:5: 'My_Pool' is not kebab-case
      = help: small letters and digits, words joined by single '-'
    scheduler/my-pool.yaml:2:11: 'executor-service' is already the name of built-in rule executor-service
    scheduler/my-pool.yaml:3:8: 'over' names 'executor-servce', which is no rule
      = help: did you mean 'executor-service'?
    scheduler/my-pool.yaml:5:11: the category 'thread-pool' is not the folder, 'scheduler'
    scheduler/my-pool.yaml:8:24: 'new': '{' without '}'
    scheduler/my-pool.yaml:9:11: 'first' (9) is above 'cap' (2)
    scheduler/my-pool.yaml:11:1: 'why' is empty
    ");
}

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    let deep = format!("{}{}{}", "{ not: ".repeat(50_000), "{ text: x }", " }".repeat(50_000));
    problems(&[("my-pool.yaml", &RULE.replace("{ new: com.acme.Pool }", &deep))]);
    problems(&[("my-pool.yaml", &"- ".repeat(100_000))]);
    problems(&[("my-pool.yaml", "\u{0}")]);
}

#[test]
fn a_missing_directory_is_told() {
    let error = RuleSet::load(&[PathBuf::from("/no/such/dir")]).unwrap_err();
    assert_eq!(error.to_string(), "/no/such/dir is not a directory with rules");
}
