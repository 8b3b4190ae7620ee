//! The coefficients of the cold-start model: `rules/catalog/cold-start.yaml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::link::{Glob, braces};

/// All of them; the file says what each means.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ColdStartData {
    #[serde(rename = "as_of")]
    pub as_of: String,
    pub sources: Vec<String>,
    pub memory_mb: f64,
    pub vcpu_mb: f64,
    pub base: Vec<JavaBase>,
    pub assumed_java: u16,
    pub rust_base: f64,
    pub image_extra: ImageExtra,
    pub default_jit: DefaultJit,
    pub per_bean: f64,
    pub per_class: f64,
    pub classes_per_type: f64,
    pub per_entity: f64,
    pub first_call: FirstCall,
    pub unknown_library: UnknownLibrary,
    pub percentiles: Percentiles,
    pub snapstart: SnapStart,
    pub native: Native,
    pub init_limit: InitLimit,
    /// By rule id.
    pub obstacle_rules: BTreeMap<String, String>,
    pub libraries: Vec<Row>,
    pub light: Vec<String>,
}

/// INIT of hello world.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct JavaBase {
    pub java: u16,
    pub ms: f64,
    #[serde(default)]
    pub arm_ms: Option<f64>,
}

/// What a container image adds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageExtra {
    pub java: f64,
    pub rust: f64,
}

/// What the second compiler costs where it is on.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DefaultJit {
    pub below_java: u16,
    pub factor: f64,
}

/// CPU time of the first call.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstCall {
    pub remote: f64,
    pub web: f64,
}

/// The weak prior for what the table does not hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnknownLibrary {
    pub ms: f64,
    pub most: f64,
}

/// Factors over the median.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Percentiles {
    pub p90: f64,
    pub p99: f64,
    pub rust_p99: f64,
}

/// What SnapStart leaves of a cold start.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SnapStart {
    pub factor: f64,
    pub floor: f64,
    pub primed_factor: f64,
    pub primed_floor: f64,
    pub p99: f64,
    pub min_java: u16,
}

/// Compiled ahead of time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    pub base: f64,
    pub factor: f64,
}

/// The time INIT has.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InitLimit {
    pub ms: f64,
    pub warn_ms: f64,
}

/// A library, or several that count as one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub what: String,
    pub ms: f64,
    /// For each further coordinate that matches.
    #[serde(default)]
    pub more: f64,
    /// `classes`, `measured`, `estimate`.
    pub from: String,
    /// It is a framework, or the part of one that every service on it has.
    #[serde(default)]
    pub framework: bool,
    /// It calls out on first use.
    #[serde(default)]
    pub call: bool,
    /// Rows that count within this one.
    #[serde(default)]
    pub covers: Vec<String>,
    pub any: Vec<String>,
    /// Coordinates that do not count as a further match.
    #[serde(default)]
    pub but: Vec<String>,
}

/// The patterns of the table, made ready.
pub struct Table<'d> {
    pub(super) rows: Vec<(&'d Row, Vec<Glob>, Vec<Glob>)>,
    light: Vec<Glob>,
}

impl<'d> Table<'d> {
    /// Makes the rows of `data` ready for look-up.
    pub fn new(data: &'d ColdStartData) -> Self {
        let expand = |list: &[String]| list.iter().flat_map(|p| braces(p)).map(|p| Glob::new(&p)).collect::<Vec<_>>();
        Self {
            rows: data.libraries.iter().map(|row| (row, expand(&row.any), expand(&row.but))).collect(),
            light: expand(&data.light),
        }
    }

    /// Neither in the table nor known to weigh nothing.
    pub(super) fn is_unknown(&self, coordinate: &str) -> bool {
        !coordinate.starts_with("cargo:")
            && !matches(&self.light, coordinate)
            && !self.rows.iter().any(|(_, any, _)| matches(any, coordinate))
    }
}

/// Does one of the patterns match?
pub(super) fn matches(patterns: &[Glob], coordinate: &str) -> bool {
    patterns.iter().any(|p| p.matches(coordinate))
}

#[cfg(test)]
pub(crate) fn data() -> ColdStartData {
    serde_saphyr::from_str(include_str!("../../../rules/catalog/cold-start.yaml")).expect("the data reads")
}

#[cfg(test)]
mod tests {
    #[test]
    fn rows_cover_rows_that_are_there() {
        let data = super::data();
        for row in &data.libraries {
            for covered in &row.covers {
                let at = |what: &str| data.libraries.iter().position(|r| r.what == what);
                assert!(at(covered) > at(&row.what), "{} covers {covered}, which must stand below it", row.what);
            }
            assert!(matches!(row.from.as_str(), "classes" | "measured" | "estimate"), "{}", row.what);
        }
    }
}
