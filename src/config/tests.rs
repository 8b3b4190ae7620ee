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

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/config.schema.json");

fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Config);
    schema.insert("title".to_owned(), "faasible.toml".into());
    serde_json::to_value(schema).unwrap()
}

#[test]
fn the_schema_is_that_of_the_configuration() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, &text).unwrap();
    }
    let kept = std::fs::read_to_string(SCHEMA).unwrap_or_default();
    assert!(kept == text, "schema/config.schema.json is out of date: UPDATE_SCHEMA=1 cargo test --lib schema");
}

/// The example of the documentation is read by both, and a mistake by neither.
#[test]
fn the_schema_takes_what_the_program_takes() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).unwrap();
    let (_, rest) = docs.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert!(example.starts_with("#:schema https://") && example.contains("/schema/config.schema.json\n"));
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let fits = |text: &str| validator.is_valid(&serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap());
    let reads = |text: &str| File::parse("faasible.toml", text).is_ok();
    assert!(fits(example) && reads(example), "{:?}", File::parse("faasible.toml", example).err());
    for wrong in [
        "tagret = \"lambda\"",
        "target = \"moon\"",
        "[scan]\nexclude = \"x\"",
        "[rules.x]\nseverity = \"huge\"",
        "[[suppress]]\nrule = \"x\"\npath = \"y\"",
        "[gates]\nmax-efort = 3",
        "[[units.add]]\ndirectory = \"x\"",
    ] {
        assert!(!fits(wrong) && !reads(wrong), "{wrong}");
    }
}
