use super::{Config, File};
use crate::rules::model::{Severity, Target};

const FULL: &str = r#"
target = "cloud-run"
baseline = "known.json"

[scan]
exclude = ["legacy/**"]
tests = true

[units]
remove = ["tools/x"]
[[units.add]]
dir = "a"
kind = "service"

[rules.executor-service]
enabled = false
[rules.static-collection]
severity = "info"

[gates]
fail-on = "major"
max-effort = 20
min-readiness = 30

[effort.base]
http = 2.5

[[suppress]]
rule = "executor-service"
path = "orders/**"
reason = "joined before the answer"
"#;

fn error(text: &str) -> String {
    File::parse("faasible.toml", text).unwrap_err().to_string()
}

#[test]
fn everything_reads_and_survives_being_shown() {
    let config = File::parse("faasible.toml", FULL).unwrap().config;
    assert_eq!(config.target, Some(Target::CloudRun));
    assert_eq!(config.units.add[0].kind, "service");
    assert!(config.rules.iter().any(|(id, rule)| id.get_ref() == "executor-service" && !rule.enabled));
    assert_eq!((config.gates.fail_on, config.gates.max_effort), (Some(Severity::Major), Some(20.0)));
    let shown = toml::to_string(&config).unwrap();
    let again: Config = toml::from_str(&shown).unwrap();
    assert_eq!(toml::to_string(&again).unwrap(), shown);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let text = error("[scan]\nexlude = []\n");
    assert!(text.starts_with("faasible.toml:2:1: unknown field `exlude`"), "{text}");
    assert!(text.ends_with("2 | exlude = []\n  | ^^^^^^"), "{text}");
    assert!(error("target = \"lamda\"").starts_with("faasible.toml:1:10: "));
    assert!(error("[scan]\nexclude = [\"a{\"]").starts_with("faasible.toml:2:12: not a glob"));
    let text = error("[[suppress]]\nrule = \"x\"\npath = \"*\"\nreason = \" \"\n");
    assert!(text.starts_with("faasible.toml:4:10: say why"), "{text}");
    assert!(error("[[suppress]]\nrule = \"x\"\npath = \"*\"\n").contains("missing field `reason`"));
    assert!(error("[gates]\nfail-on = \"major\"\nmin-readiness = 300\n").starts_with("faasible.toml:3:1: "));
    assert!(error("x = [").starts_with("faasible.toml:1:"));
}

#[test]
fn rules_must_be_known() {
    let file = File::parse("f", FULL).unwrap();
    assert!(file.check_rules(|_| true, |_| None).is_ok());
    let problem = file.check_rules(|id| id != "static-collection", |_| Some("one".to_owned())).unwrap_err();
    assert!(problem.to_string().starts_with("f:17:8: there is no rule 'static-collection': did you mean 'one'?"));
}

#[test]
fn a_file_is_optional_unless_it_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert!(File::find(dir.path(), None).unwrap().path.is_none());
    assert!(File::find(dir.path(), Some(&dir.path().join("x.toml"))).is_err());
    std::fs::write(dir.path().join("faasible.toml"), FULL).unwrap();
    assert_eq!(File::find(dir.path(), None).unwrap().config.baseline.as_deref(), Some("known.json"));
}
