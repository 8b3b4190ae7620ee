//! Parsers: bytes to facts. They never fail and judge nothing; what they cannot read becomes a note.

use crate::facts::deploy::ObjectSource;
use crate::facts::{Body, FileFacts, Note, SettingsFacts};
use crate::source::FileKind;

pub mod cargo;
pub mod ci;
pub mod deploy;
pub mod dockerfile;
mod flat;
pub mod gradle;
pub mod hocon;
pub mod java;
pub mod logging;
pub mod maven;
pub mod other;
pub mod properties;
pub mod registrations;
pub mod resolved;
pub mod rust;
pub mod script;
pub mod settings;
pub mod toml_tree;
pub mod xml;
pub mod xml_tree;
pub mod yaml;

pub use flat::Document;

/// Turns one file into facts. `path` is relative to the root, with `/`; `text` is decoded UTF-8.
pub fn parse(kind: FileKind, path: &str, text: &str) -> FileFacts {
    let mut notes = Vec::new();
    let body = match kind {
        FileKind::Java => Body::Code(Box::new(java::parse(text, &mut notes))),
        FileKind::Rust => Body::Code(Box::new(rust::parse(text, &mut notes))),
        FileKind::Maven => Body::Maven(Box::new(maven::parse(path, text, &mut notes))),
        FileKind::Gradle => Body::Gradle(Box::new(gradle::parse(path, text, &mut notes))),
        FileKind::Cargo => Body::Cargo(Box::new(cargo::parse(path, text, &mut notes))),
        FileKind::OtherManifest => Body::Other(Box::new(other::parse(path, text, &mut notes))),
        FileKind::Ci => Body::Ci(ci::parse(path, text, &mut notes)),
        FileKind::Registrations => Body::Registrations(registrations::parse(path, text, &mut notes)),
        FileKind::Resolved => Body::Resolved(Box::new(resolved::parse(path, text, &mut notes))),
        FileKind::Settings | FileKind::Deploy => settings_or_objects(kind, path, text, &mut notes),
        FileKind::Logging => settings_body(logging::parse(path, text, &mut notes)),
        FileKind::Toml => settings_body(settings::from_toml(text, &mut notes)),
        FileKind::Xml if is_logging_xml(text) => settings_body(logging::parse(path, text, &mut notes)),
        FileKind::Xml => settings_body(xml::parse(path, text, &mut notes)),
        FileKind::Script => Body::Script(script::parse(text)),
        FileKind::Container => Body::Container(Box::new(dockerfile::parse(path, text, &mut notes))),
    };
    FileFacts { body, notes }
}

fn settings_body(facts: SettingsFacts) -> Body {
    Body::Settings(Box::new(facts))
}

/// Names and folders only suggest which of the two a YAML file is; its content decides.
fn settings_or_objects(kind: FileKind, path: &str, text: &str, notes: &mut Vec<Note>) -> Body {
    if kind == FileKind::Deploy && path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case("procfile")) {
        return Body::Objects(deploy::parse(path, text, notes));
    }
    let documents = settings::documents(path, text, notes);
    if kind == FileKind::Settings && !documents.iter().any(deploy::is_kubernetes) {
        return settings_body(settings::from_documents(path, &documents));
    }
    let objects = deploy::from_documents(path, &documents);
    let deploys = objects.iter().any(|o| o.source != ObjectSource::BuildConfig);
    if !deploys && documents.iter().any(settings::look_like_settings) {
        return settings_body(settings::from_documents(path, &documents));
    }
    Body::Objects(objects)
}

/// Logging configuration under a name of its own.
fn is_logging_xml(text: &str) -> bool {
    xml::root_name(text).is_some_and(|root| root.eq_ignore_ascii_case("configuration"))
        && (text.contains("<appender") || text.contains("<Appenders"))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::Body;
    use crate::source::FileKind;

    #[test]
    fn content_decides_between_settings_and_deployments() {
        let k8s = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
        assert!(matches!(parse(FileKind::Settings, "config/a.yml", k8s).body, Body::Objects(o) if o.len() == 1));
        let spring = "spring:\n  application.name: a\nserver.port: 1\n";
        assert!(
            matches!(parse(FileKind::Deploy, "orders.yml", spring).body, Body::Settings(s) if s.settings.len() == 2)
        );
        assert!(matches!(
            parse(FileKind::Deploy, "values.yaml", "spring: {a: 1}\n").body,
            Body::Settings(_) | Body::Objects(_)
        ));
    }
}
