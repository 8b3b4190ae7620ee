//! `schema/report.schema.json`, made of the model; `UPDATE_SCHEMA=1 cargo test --lib schema` writes it.

mod sums;

use std::path::Path;

use super::model::Report;
use super::sample;

const PATH: &str = "schema/report.schema.json";

fn schema() -> String {
    let mut schema = schemars::schema_for!(Report);
    schema.insert("title".to_owned(), "Report of faasible".into());
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}

#[test]
fn the_schema_is_that_of_the_model() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, schema()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema(), "{PATH} is out of date: UPDATE_SCHEMA=1 cargo test --lib schema");
}

#[test]
fn reports_fit_it() {
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema()).unwrap()).unwrap();
    for report in [sample::report(), sample::hostile()] {
        let value = serde_json::to_value(&report).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut broken = serde_json::to_value(sample::report()).unwrap();
    broken["units"][0]["name"] = 1.into();
    assert!(!validator.is_valid(&broken));
}
