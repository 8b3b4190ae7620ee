//! Reads a `Cargo.toml` as it is written; inheritance from the workspace is left to units.

use toml::de::{DeTable, DeValue};

use crate::facts::Note;
use crate::facts::manifest::{CargoDependency, CargoFacts, CargoLib, CargoPackage, CargoSection};
use crate::parse::toml_tree::{boolean, pairs, read, string, string_list, strings, table};

/// Reads a `Cargo.toml`.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> CargoFacts {
    let root = read(text, notes);
    let workspace = table(&root, &["workspace"]);
    let mut facts = CargoFacts {
        package: package(&root),
        is_workspace: workspace.is_some(),
        members: workspace.map(|t| string_list(t, "members")).unwrap_or_default(),
        exclude: workspace.map(|t| string_list(t, "exclude")).unwrap_or_default(),
        ..CargoFacts::default()
    };
    sections(&root, None, &mut facts.dependencies);
    for target in table(&root, &["target"]).map(pairs).unwrap_or_default() {
        if let Some(inner) = target.value.as_table() {
            sections(inner, Some(target.key), &mut facts.dependencies);
        }
    }
    facts.dependencies.sort_by_key(|d| d.span);
    if let Some(shared) = workspace.and_then(|t| table(t, &["dependencies"])) {
        dependencies(shared, CargoSection::Normal, None, &mut facts.workspace_dependencies);
    }
    for feature in table(&root, &["features"]).map(pairs).unwrap_or_default() {
        facts.features.push((feature.key.to_owned(), strings(Some(feature.value))));
    }
    facts
}

/// The dependency tables of the manifest itself or of one `[target.…]`; old spellings included.
fn sections(root: &DeTable<'_>, target: Option<&str>, out: &mut Vec<CargoDependency>) {
    let known = [
        ("dependencies", CargoSection::Normal),
        ("dev-dependencies", CargoSection::Dev),
        ("dev_dependencies", CargoSection::Dev),
        ("build-dependencies", CargoSection::Build),
        ("build_dependencies", CargoSection::Build),
    ];
    for (name, section) in known {
        if let Some(list) = table(root, &[name]) {
            dependencies(list, section, target, out);
        }
    }
}

fn dependencies(list: &DeTable<'_>, section: CargoSection, target: Option<&str>, out: &mut Vec<CargoDependency>) {
    for pair in pairs(list) {
        let mut dependency = CargoDependency {
            name: pair.key.to_owned(),
            package: pair.key.to_owned(),
            default_features: true,
            section,
            target: target.map(str::to_owned),
            span: pair.span,
            ..CargoDependency::default()
        };
        match pair.value {
            DeValue::String(version) => dependency.version = version.to_string(),
            DeValue::Table(detail) => describe(detail, &mut dependency),
            _ => {}
        }
        out.push(dependency);
    }
}

fn describe(detail: &DeTable<'_>, out: &mut CargoDependency) {
    let renamed = string(detail, "package");
    if !renamed.is_empty() {
        out.package = renamed.to_owned();
    }
    out.version = string(detail, "version").to_owned();
    out.path = detail.get("path").and_then(|v| v.get_ref().as_str()).map(str::to_owned);
    out.inherited = boolean(detail, "workspace") == Some(true);
    out.optional = boolean(detail, "optional") == Some(true);
    out.default_features =
        boolean(detail, "default-features").or_else(|| boolean(detail, "default_features")).unwrap_or(true);
    out.features = string_list(detail, "features");
}

fn package(root: &DeTable<'_>) -> Option<CargoPackage> {
    // `[project]` is the spelling of Cargo's first years.
    let (name, head) = ["package", "project"].into_iter().find_map(|k| Some((k, table(root, &[k])?)))?;
    let list = |key| root.get(key).and_then(|v| v.get_ref().as_array());
    let bin = |value: &DeValue<'_>| {
        let bin = value.as_table()?;
        let path = Some(string(bin, "path")).filter(|p| !p.is_empty()).map(str::to_owned);
        Some((string(bin, "name").to_owned(), path))
    };
    let lib = table(root, &["lib"]).map(|lib| CargoLib {
        path: Some(string(lib, "path")).filter(|p| !p.is_empty()).map(str::to_owned),
        proc_macro: boolean(lib, "proc-macro").or_else(|| boolean(lib, "proc_macro")).unwrap_or(false),
    });
    let key_of = |table: &DeTable<'_>, key: &str| pairs(table).into_iter().find(|p| p.key == key).map(|p| p.span);
    Some(CargoPackage {
        name: string(head, "name").to_owned(),
        version: inheritable(head, "version"),
        edition: inheritable(head, "edition"),
        description: inheritable(head, "description"),
        bins: list("bin").into_iter().flat_map(|a| a.iter()).filter_map(|v| bin(v.get_ref())).collect(),
        lib,
        default_run: Some(string(head, "default-run")).filter(|s| !s.is_empty()).map(str::to_owned),
        no_auto_bins: boolean(head, "autobins") == Some(false),
        metadata: table(head, &["metadata"])
            .map(|t| pairs(t).iter().map(|p| p.key.to_owned()).collect())
            .unwrap_or_default(),
        span: key_of(head, "name").or_else(|| key_of(root, name)).unwrap_or_default(),
    })
}

/// A string, or `workspace` for `x.workspace = true`: neither a version nor an edition is ever called so.
fn inheritable(table: &DeTable<'_>, key: &str) -> String {
    match table.get(key).map(|v| v.get_ref()) {
        Some(DeValue::String(text)) => text.to_string(),
        Some(DeValue::Table(t)) if boolean(t, "workspace") == Some(true) => "workspace".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::manifest::{CargoFacts, CargoSection};

    fn read(text: &str) -> CargoFacts {
        let mut notes = Vec::new();
        let facts = parse("Cargo.toml", text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        facts
    }

    const MANIFEST: &str = r#"
[package]
name = "orders"
version.workspace = true
edition = "2024"
default-run = "server"
autobins = false
metadata.lambda.memory = 128

[lib]
path = "src/all.rs"

[[bin]]
name = "server"
path = "src/server.rs"
[[bin]]
name = "other"

[dependencies]
axum = "0.8"
tokio = { version = "1", features = ["full"], default-features = false }
serde.workspace = true
pg = { package = "tokio-postgres", version = "0.7", optional = true }
common = { path = "../common" }

[dependencies.sqlx]
version = "0.8"
features = ["runtime-tokio"]

[dev-dependencies]
insta = "1"

[target.'cfg(unix)'.dependencies]
libc = "0.2"
[target.x86_64-pc-windows-gnu.build-dependencies]
cc = "1"

[features]
default = ["pg"]
"#;

    #[test]
    fn reads_all_dependency_tables() {
        let facts = read(MANIFEST);
        let names: Vec<_> = facts.dependencies.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["axum", "tokio", "serde", "pg", "common", "sqlx", "insta", "libc", "cc"]);
        let find = |name: &str| facts.dependencies.iter().find(|d| d.name == name).unwrap();
        assert_eq!(find("axum").version, "0.8");
        assert!(find("axum").default_features && !find("tokio").default_features);
        assert_eq!(find("tokio").features, ["full"]);
        assert!(find("serde").inherited);
        assert_eq!((find("pg").package.as_str(), find("pg").optional), ("tokio-postgres", true));
        assert_eq!(find("common").path.as_deref(), Some("../common"));
        assert_eq!(find("sqlx").span.of(MANIFEST), "sqlx");
        assert_eq!(find("insta").section, CargoSection::Dev);
        assert_eq!(find("libc").target.as_deref(), Some("cfg(unix)"));
        assert_eq!((find("cc").section, find("cc").target.is_some()), (CargoSection::Build, true));
        assert_eq!(facts.features, [("default".to_owned(), vec!["pg".to_owned()])]);
    }

    #[test]
    fn reads_the_package() {
        let package = read(MANIFEST).package.unwrap();
        assert_eq!((package.name.as_str(), package.version.as_str()), ("orders", "workspace"));
        assert_eq!(package.bins[0], ("server".to_owned(), Some("src/server.rs".to_owned())));
        assert_eq!(package.bins[1], ("other".to_owned(), None));
        assert_eq!(package.lib.unwrap().path.as_deref(), Some("src/all.rs"));
        assert_eq!(package.default_run.as_deref(), Some("server"));
        assert!(package.no_auto_bins);
        assert_eq!(package.metadata, ["lambda"]);
        assert_eq!(package.span.of(MANIFEST), "name");
    }

    #[test]
    fn reads_a_workspace() {
        let facts = read(
            "[workspace]\nmembers = [\"a\", \"crates/*\"]\nexclude = [\"x\"]\n[workspace.dependencies]\nserde = { version = \"1\" }\n",
        );
        assert!(facts.is_workspace && facts.package.is_none());
        assert_eq!(facts.members, ["a", "crates/*"]);
        assert_eq!(facts.exclude, ["x"]);
        assert_eq!(facts.workspace_dependencies[0].version, "1");
        assert!(facts.dependencies.is_empty());
    }

    #[test]
    fn a_broken_line_costs_a_note_only() {
        let mut notes = Vec::new();
        let facts =
            parse("Cargo.toml", "[package]\nname = \"a\"\nversion = 1.2.3\n[dependencies]\nb = \"1\"\n", &mut notes);
        assert!(!notes.is_empty());
        assert_eq!(facts.package.unwrap().name, "a");
        assert_eq!(facts.dependencies.len(), 1);
        let deep = format!("a = {}", "[".repeat(100_000));
        parse("Cargo.toml", &deep, &mut notes);
        let deep = format!("[{}]", "a.".repeat(100_000));
        parse("Cargo.toml", &deep, &mut notes);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(\\[\\[?|]]?|package|dependencies|workspace|\\.|=|\"|'''|\\{|}|,|true|\n|.){0,40}") {
            parse("Cargo.toml", &text, &mut Vec::new());
        }
    }
}
