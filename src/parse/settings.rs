//! Application settings: YAML and properties with their profiles.

use super::flat::{Document, below};
use toml::de::{DeTable, DeValue};

use super::{hocon, properties, toml_tree, yaml};
use crate::facts::settings::{SettingsKind, canonical_key};
use crate::facts::{Note, Setting, SettingsFacts};
use crate::source::is_environment;
use crate::text::{Name, Span};

/// Reads an application settings file.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> SettingsFacts {
    from_documents(path, &documents(path, text, notes))
}

/// The documents of a YAML or properties file, told apart by the file's name.
pub(super) fn documents(path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<Document> {
    match path.rsplit('.').next() {
        Some("properties") => properties::parse(path, text, notes),
        Some("conf") => hocon::parse(path, text, notes),
        _ => yaml::parse(path, text, notes),
    }
}

/// Most settings of a TOML file, and how deep its tables may lie.
const MAX_TOML: usize = 4_000;
const DEEPEST_TOML: usize = 32;

/// Reads the TOML that a program of one's own is configured with.
pub(super) fn from_toml(text: &str, notes: &mut Vec<Note>) -> SettingsFacts {
    let mut facts = SettingsFacts { kind: SettingsKind::Toml, ..SettingsFacts::default() };
    flatten(&toml_tree::read(text, notes), "", DEEPEST_TOML, &mut facts.settings);
    facts.settings.sort_by_key(|setting| setting.span);
    facts
}

fn flatten(table: &DeTable<'_>, above: &str, depth: usize, out: &mut Vec<Setting>) {
    for pair in toml_tree::pairs(table) {
        let key = if above.is_empty() { pair.key.to_owned() } else { format!("{above}.{}", pair.key) };
        value(&key, pair.value, pair.span, depth, out);
    }
}

fn value(key: &str, value_: &DeValue<'_>, span: Span, depth: usize, out: &mut Vec<Setting>) {
    if depth == 0 || out.len() >= MAX_TOML {
        return;
    }
    let text = match value_ {
        DeValue::Table(table) => return flatten(table, key, depth - 1, out),
        DeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                value(&format!("{key}[{i}]"), item.get_ref(), span, depth - 1, out);
            }
            return;
        }
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(time) => time.to_string(),
    };
    out.push(Setting {
        key: Name::new(&canonical_key(key)),
        written: Name::new(key),
        value: text,
        profile: Name::new(""),
        span,
    });
}

/// Documents as settings.
pub(super) fn from_documents(path: &str, documents: &[Document]) -> SettingsFacts {
    let mut facts = SettingsFacts { profile: Name::new(&file_profile(path)), ..SettingsFacts::default() };
    for document in documents {
        let profile = document_profile(document);
        for entry in &document.entries {
            let (key_profile, key) = quarkus_profile(&entry.key);
            let profile = key_profile.map_or(profile, Name::new);
            facts.settings.push(Setting {
                key: Name::new(&canonical_key(key)),
                written: Name::new(key),
                value: entry.value.clone(),
                profile,
                span: entry.span,
            });
        }
    }
    facts
}

/// Do these look like the settings of an application, whatever the file is called?
pub(super) fn look_like_settings(document: &Document) -> bool {
    const ROOTS: &[&str] =
        &["spring", "server.port", "quarkus", "micronaut", "eureka", "management.endpoints", "dubbo"];
    // Dropwizard, whose file may have any name.
    const DROPWIZARD: &[&str] = &[
        "server.applicationConnectors",
        "server.adminConnectors",
        "server.connector",
        "server.applicationContextPath",
        "database.driverClass",
        "logging.appenders",
    ];
    let of_dropwizard = DROPWIZARD.iter().any(|root| document.has_root(root));
    of_dropwizard || ROOTS.iter().any(|root| document.has_root(root))
}

/// `application-prod.yml` gives `prod`; other settings only when the last word names an environment.
fn file_profile(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    for base in ["application-", "bootstrap-", "microservice-"] {
        if let Some(profile) = stem.strip_prefix(base) {
            return profile.to_owned();
        }
    }
    match stem.rsplit_once('-') {
        Some((_, last)) if is_environment(&last.to_ascii_lowercase()) && last != "default" => last.to_owned(),
        _ => String::new(),
    }
}

/// The profiles that a document asks for, as written: `prod`, `!dev`, `a,b`.
fn document_profile(document: &Document) -> Name {
    let mut profiles = Vec::new();
    for entry in &document.entries {
        let key = canonical_key(&entry.key);
        let asks = |root: &str| below(&key, root).is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
        if (asks("spring.config.activate.onprofile") || asks("spring.profiles")) && !entry.value.is_empty() {
            profiles.push(entry.value.trim());
        }
    }
    Name::new(&profiles.join(","))
}

/// Quarkus: `%dev.quarkus.http.port`.
fn quarkus_profile(key: &str) -> (Option<&str>, &str) {
    match key.strip_prefix('%').and_then(|rest| rest.trim_start_matches('"').split_once('.')) {
        Some((profile, rest)) if !profile.is_empty() => (Some(profile.trim_end_matches('"')), rest),
        _ => (None, key),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::SettingsFacts;

    fn read(path: &str, text: &str) -> SettingsFacts {
        parse(path, text, &mut Vec::new())
    }

    fn setting(facts: &SettingsFacts, key: &str) -> Vec<(String, String)> {
        let of_key = facts.settings.iter().filter(|s| s.key.as_str() == key);
        of_key.map(|s| (s.value.clone(), s.profile.to_string())).collect()
    }

    #[test]
    fn keys_are_canonical_and_profiles_known() {
        let text = "server.tomcat:\n  max-threads: 9\nspring:\n  servlet:\n    multipart.maxFileSize: 10MB\n---\nspring:\n  config.activate.on-profile: prod\nserver.tomcat.maxThreads: 5\n---\nspring.profiles: [a, b]\nx_y: 1\n";
        let facts = read("src/main/resources/application-eu.yml", text);
        assert_eq!(facts.profile.as_str(), "eu");
        let threads = [("9".to_owned(), String::new()), ("5".to_owned(), "prod".to_owned())];
        assert_eq!(setting(&facts, "server.tomcat.maxthreads"), threads);
        assert_eq!(setting(&facts, "spring.servlet.multipart.maxfilesize").len(), 1);
        assert_eq!(setting(&facts, "xy"), [("1".to_owned(), "a,b".to_owned())]);
    }

    #[test]
    fn profile_from_the_file_name() {
        let profile = |path| read(path, "a=1").profile.to_string();
        assert_eq!(profile("config/admin/shop-admin-prod.properties"), "prod");
        assert_eq!(profile("bootstrap-dev.properties"), "dev");
        assert_eq!(profile("persistence-h2.properties"), "");
        assert_eq!(profile("application.properties"), "");
    }

    #[test]
    fn quarkus_profiles_stand_in_the_key() {
        let facts = read("application.properties", "%dev.quarkus.http.port=1\nquarkus.http.port=2\n");
        let ports = [("1".to_owned(), "dev".to_owned()), ("2".to_owned(), String::new())];
        assert_eq!(setting(&facts, "quarkus.http.port"), ports);
    }
}
