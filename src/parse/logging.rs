//! Logging configuration: which appenders exist, where they write, and whether any logger uses them.
//!
//! Each appender gives `appender.<name>.class`, `.file` (when it has one) and `.referenced` (`true` when the root, a
//! logger, or a referenced wrapping appender names it). Those within `<springProfile>` carry that profile.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

use super::settings::documents;
use super::{flat::Document, xml};
use crate::facts::settings::{SettingsKind, canonical_key};
use crate::facts::{Entry, Note, Setting, SettingsFacts};
use crate::text::{Name, Span};

/// No program has more.
const MAX_APPENDERS: usize = 1_000;

/// Reads a logging configuration: XML, YAML or properties.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> SettingsFacts {
    let mut found = Found::default();
    if path.ends_with(".xml") {
        if let Some(document) = xml::document(text, notes) {
            found.xml(text, document.root_element());
        }
    } else {
        for document in documents(path, text, notes) {
            if document.entries.iter().any(|e| e.key.starts_with("log4j.")) {
                found.log4j1(&document);
            } else if document.has_root("Configuration") || document.has_root("configuration") {
                found.log4j2_yaml(&document);
            } else {
                found.log4j2_properties(&document);
            }
        }
    }
    found.settle()
}

/// An appender, by whatever format.
#[derive(Default)]
struct Appender {
    name: String,
    class: String,
    file: String,
    profile: String,
    span: Span,
    /// Appenders that it hands its events on to.
    wraps: Vec<String>,
}

#[derive(Default)]
struct Found {
    appenders: Vec<Appender>,
    /// Names that loggers refer to.
    roots: BTreeSet<String>,
    properties: BTreeMap<String, String>,
    includes: Vec<(String, Span)>,
}

/// Spring Boot's ready-made parts that write to a file: `(resource, refers to it itself)`.
const SPRING_FILE_PARTS: &[(&str, bool)] = &[
    ("org/springframework/boot/logging/logback/base.xml", true),
    ("org/springframework/boot/logging/logback/file-appender.xml", false),
    ("org/springframework/boot/logging/logback/structured-file-appender.xml", false),
];

impl Found {
    /// Logback, log4j 1 and log4j 2 in XML: they differ in names only.
    fn xml(&mut self, text: &str, root: Node<'_, '_>) {
        for node in root.descendants().filter(Node::is_element) {
            if self.appenders.len() >= MAX_APPENDERS {
                break;
            }
            let tag = node.tag_name().name();
            let span = xml::line(text, node);
            match tag.to_ascii_lowercase().as_str() {
                "include" => self.include(attribute(node, &["resource", "file", "url"]), span),
                "appender-ref" | "appenderref" => self.reference(node),
                "property" | "springproperty" | "variable" => self.property(node),
                "appender" => {
                    let appender = xml_appender(node, span);
                    // One that another makes for each user or host.
                    if node.ancestors().skip(1).any(|a| a.has_tag_name("appender")) {
                        self.roots.insert(appender.name.clone());
                    }
                    self.appenders.push(appender);
                }
                // log4j 2: the element's name is the class.
                _ if node.parent_element().is_some_and(|p| p.tag_name().name().eq_ignore_ascii_case("appenders")) => {
                    let mut appender = xml_appender(node, span);
                    tag.clone_into(&mut appender.class);
                    self.appenders.push(appender);
                }
                _ => {}
            }
        }
        // What includes a part says which of them are in use, unless the part does; another part may do so too.
        let own = self.appenders.iter().any(|a| self.roots.contains(&a.name));
        let computed = |name: &str| name.contains("${") && !self.appenders.iter().any(|a| a.name == name);
        let parts = self.includes.iter().any(|(part, _)| !part.starts_with("org/springframework/boot/"));
        if parts || root.has_tag_name("included") && !own || self.roots.iter().any(|name| computed(name)) {
            self.roots.extend(self.appenders.iter().map(|a| a.name.clone()));
        }
    }

    fn include(&mut self, resource: &str, span: Span) {
        if resource.is_empty() {
            return;
        }
        self.includes.push((resource.to_owned(), span));
        if let Some((_, refers)) = SPRING_FILE_PARTS.iter().find(|(part, _)| *part == resource) {
            self.appenders.push(Appender {
                name: "FILE".to_owned(),
                class: "ch.qos.logback.core.rolling.RollingFileAppender".to_owned(),
                file: "${LOG_FILE}".to_owned(),
                span,
                ..Appender::default()
            });
            if *refers {
                self.roots.insert("FILE".to_owned());
            }
        }
    }

    fn reference(&mut self, node: Node<'_, '_>) {
        let name = attribute(node, &["ref"]);
        // Within an appender it is a hand-over, which `xml_appender` reads.
        let within_appender = node.ancestors().skip(1).any(|a| {
            let of = a.parent_element().map_or("", |p| p.tag_name().name());
            a.tag_name().name() == "appender" || of.eq_ignore_ascii_case("appenders")
        });
        if !within_appender && !name.is_empty() {
            self.roots.insert(name.to_owned());
        }
    }

    fn property(&mut self, node: Node<'_, '_>) {
        let name = attribute(node, &["name"]);
        let value = attribute(node, &["value", "defaultValue"]);
        let value = if value.is_empty() { xml::own_text(node) } else { value };
        if !name.is_empty() && !value.is_empty() {
            self.properties.insert(name.to_owned(), value.to_owned());
        }
    }

    /// `log4j.appender.A=class`, `log4j.appender.A.File=…`, `log4j.rootLogger=INFO, A`.
    fn log4j1(&mut self, document: &Document) {
        for entry in &document.entries {
            let key = entry.key.as_str();
            if let Some(rest) = key.strip_prefix("log4j.appender.") {
                let (name, attribute) = rest.split_once('.').unwrap_or((rest, ""));
                match attribute.to_ascii_lowercase().as_str() {
                    "" => self.named(name, entry).class.clone_from(&entry.value),
                    "file" => self.named(name, entry).file.clone_from(&entry.value),
                    "appender-ref" => self.named(name, entry).wraps.push(entry.value.clone()),
                    _ => {}
                }
            } else if ["log4j.rootLogger", "log4j.rootCategory", "log4j.logger.", "log4j.category."]
                .iter()
                .any(|p| key.starts_with(p))
            {
                self.roots.extend(entry.value.split(',').skip(1).map(|name| name.trim().to_owned()));
            } else if !key.starts_with("log4j.") {
                self.properties.insert(key.to_owned(), entry.value.clone());
            }
        }
    }

    /// `appender.x.type=RollingFile`, `appender.x.name=R`, `rootLogger.appenderRef.y.ref=R`.
    fn log4j2_properties(&mut self, document: &Document) {
        let mut names = BTreeMap::new();
        for entry in &document.entries {
            let key = entry.key.as_str();
            if let Some((id, "name")) = key.strip_prefix("appender.").and_then(|rest| rest.split_once('.')) {
                names.insert(id.to_owned(), entry.value.clone());
            }
        }
        for entry in &document.entries {
            let key = entry.key.as_str();
            if let Some((id, attribute)) = key.strip_prefix("appender.").and_then(|rest| rest.split_once('.')) {
                let name = names.get(id).map_or(id, String::as_str).to_owned();
                self.log4j2_attribute(&name, attribute, entry);
            } else if let Some(name) = key.strip_prefix("property.") {
                self.properties.insert(name.to_owned(), entry.value.clone());
            } else if key.ends_with(".ref") && (key.starts_with("rootLogger.") || key.starts_with("logger.")) {
                self.roots.insert(entry.value.clone());
            } else if key == "rootLogger" || (key.starts_with("logger.") && entry.value.contains(',')) {
                self.roots.extend(entry.value.split(',').skip(1).map(|name| name.trim().to_owned()));
            }
        }
    }

    /// `Configuration.Appenders.RollingFile[0].fileName`.
    fn log4j2_yaml(&mut self, document: &Document) {
        let mut names = BTreeMap::new();
        let split = |entry: &Entry| -> Option<(String, String)> {
            let rest = strip_ignore_case(&entry.key, "configuration.appenders.")?;
            let (id, attribute) = rest.split_once('.')?;
            Some((id.to_owned(), attribute.to_owned()))
        };
        for entry in &document.entries {
            if let Some((id, attribute)) = split(entry)
                && attribute == "name"
            {
                names.insert(id, entry.value.clone());
            }
        }
        for entry in &document.entries {
            if let Some((id, attribute)) = split(entry) {
                let name = names.get(&id).unwrap_or(&id).clone();
                let class = id.split('[').next().unwrap_or(&id);
                let appender = self.named(&name, entry);
                if appender.class.is_empty() {
                    class.clone_into(&mut appender.class);
                }
                self.log4j2_attribute(&name, &attribute, entry);
            } else if strip_ignore_case(&entry.key, "configuration.loggers.").is_some() && entry.key.ends_with(".ref") {
                self.roots.insert(entry.value.clone());
            }
        }
    }

    fn log4j2_attribute(&mut self, name: &str, attribute: &str, entry: &Entry) {
        let appender = self.named(name, entry);
        match attribute.to_ascii_lowercase().as_str() {
            "type" => appender.class.clone_from(&entry.value),
            "filename" => appender.file.clone_from(&entry.value),
            "filepattern" if appender.file.is_empty() => appender.file.clone_from(&entry.value),
            other if other.ends_with(".ref") => appender.wraps.push(entry.value.clone()),
            _ => {}
        }
    }

    fn named(&mut self, name: &str, entry: &Entry) -> &mut Appender {
        let full = self.appenders.len() >= MAX_APPENDERS;
        let known = self.appenders.iter().position(|a| a.name == name).or(full.then_some(MAX_APPENDERS - 1));
        let at = known.unwrap_or_else(|| {
            self.appenders.push(Appender { name: name.to_owned(), span: entry.span, ..Appender::default() });
            self.appenders.len() - 1
        });
        &mut self.appenders[at]
    }

    fn settle(self) -> SettingsFacts {
        let used = self.used();
        let mut facts = SettingsFacts { kind: SettingsKind::Logging, ..SettingsFacts::default() };
        let mut put = |key: String, value: String, profile: &str, span: Span| {
            let (key, written) = (Name::new(&canonical_key(&key)), Name::new(&key));
            facts.settings.push(Setting { key, written, value, profile: Name::new(profile), span });
        };
        for (resource, span) in &self.includes {
            put("include".to_owned(), resource.clone(), "", *span);
        }
        let mut told = BTreeSet::new();
        for appender in &self.appenders {
            // The same one in another branch of a choice.
            if !told.insert((&appender.name, &appender.class, &appender.file)) {
                continue;
            }
            let (name, profile) = (&appender.name, appender.profile.as_str());
            // Nothing is written to what no logger names.
            let root = if used.contains(name.as_str()) { "appender" } else { "unused-appender" };
            put(format!("{root}.{name}.class"), self.resolve(&appender.class), profile, appender.span);
            if !appender.file.is_empty() {
                put(format!("appender.{name}.file"), self.resolve(&appender.file), profile, appender.span);
            }
            put(
                format!("appender.{name}.referenced"),
                used.contains(name.as_str()).to_string(),
                profile,
                appender.span,
            );
            if !profile.is_empty() {
                put(format!("appender.{name}.profile"), profile.to_owned(), profile, appender.span);
            }
        }
        facts
    }

    /// Appenders that events reach, through wrapping ones too.
    fn used(&self) -> BTreeSet<&str> {
        let mut used = BTreeSet::new();
        let mut open: Vec<&str> = self.roots.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            if used.insert(name) {
                open.extend(
                    self.appenders.iter().filter(|a| a.name == name).flat_map(|a| &a.wraps).map(String::as_str),
                );
            }
        }
        used
    }

    /// Replaces the file's own properties; a default (`${X:-y}`) stands where the value is unknown.
    fn resolve(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..4 {
            let Some(next) = self.resolve_once(&text) else { break };
            text = next;
        }
        text
    }

    fn resolve_once(&self, text: &str) -> Option<String> {
        const MAX_RESOLVED: usize = 2_000;
        let mut out = String::new();
        let (mut rest, mut changed) = (text, false);
        while let Some(at) = rest.find("${") {
            // The innermost placeholder first: `${A:-${B}}`.
            let inner = rest[at + 2..].find('}').map(|end| &rest[at + 2..at + 2 + end])?;
            let start = inner.rfind("${").map_or(at, |nested| at + 2 + nested);
            let end = at + 2 + inner.len();
            let body = &rest[start + 2..end];
            let (name, default) = body.split_once(":-").map_or((body, None), |(name, default)| (name, Some(default)));
            out.push_str(&rest[..start]);
            match self.properties.get(name).map(String::as_str).or(default) {
                Some(value) => {
                    changed = true;
                    out.push_str(value);
                }
                None => out.push_str(&rest[start..=end]),
            }
            rest = &rest[end + 1..];
            if out.len() > MAX_RESOLVED {
                return None;
            }
        }
        out.push_str(rest);
        changed.then_some(out)
    }
}

fn xml_appender(node: Node<'_, '_>, span: Span) -> Appender {
    let mut appender = Appender {
        name: attribute(node, &["name"]).to_owned(),
        class: attribute(node, &["class", "type"]).to_owned(),
        file: attribute(node, &["fileName", "filename", "filePattern"]).to_owned(),
        span,
        ..Appender::default()
    };
    for inner in node.descendants().skip(1).filter(Node::is_element) {
        match inner.tag_name().name().to_ascii_lowercase().as_str() {
            "appender-ref" | "appenderref" => appender.wraps.push(attribute(inner, &["ref"]).to_owned()),
            "file" => xml::own_text(inner).clone_into(&mut appender.file),
            "filenamepattern" if appender.file.is_empty() => xml::own_text(inner).clone_into(&mut appender.file),
            "param" if attribute(inner, &["name"]).eq_ignore_ascii_case("file") => {
                attribute(inner, &["value"]).clone_into(&mut appender.file);
            }
            _ => {}
        }
    }
    let profile = node.ancestors().find(|a| a.tag_name().name().eq_ignore_ascii_case("springprofile"));
    appender.profile = profile.map_or("", |p| attribute(p, &["name"])).to_owned();
    appender
}

fn attribute<'a>(node: Node<'a, '_>, names: &[&str]) -> &'a str {
    names.iter().find_map(|name| node.attribute(*name)).map_or("", str::trim)
}

fn strip_ignore_case<'k>(key: &'k str, prefix: &str) -> Option<&'k str> {
    let head = key.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &key[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(path: &str, text: &str) -> Vec<(String, String, String)> {
        let facts = parse(path, text, &mut Vec::new());
        facts.settings.iter().map(|s| (s.written.to_string(), s.value.clone(), s.profile.to_string())).collect()
    }

    fn has(all: &[(String, String, String)], key: &str, value: &str) {
        assert!(all.iter().any(|(k, v, _)| k == key && v == value), "{key}={value} in {all:#?}");
    }

    #[test]
    fn a_part_that_others_include() {
        let part = "<included><appender name='ALL' class='ch.qos.logback.core.rolling.RollingFileAppender'><file>/logs/a.log</file></appender></included>";
        let facts = parse("logback/file-appender.xml", part, &mut Vec::new());
        let referenced = facts.settings.iter().find(|s| s.key.ends_with(".referenced")).map(|s| s.value.as_str());
        assert_eq!(referenced, Some("true"));
    }

    #[test]
    fn logback() {
        let all = read(
            "logback-spring.xml",
            r#"<configuration>
  <include resource="org/springframework/boot/logging/logback/defaults.xml"/>
  <property name="DIR" value="/var/log"/>
  <springProperty name="APP" source="spring.application.name" defaultValue="shop"/>
  <appender name="F" class="ch.qos.logback.core.rolling.RollingFileAppender"><file>${DIR}/${APP}.log</file></appender>
  <appender name="A" class="ch.qos.logback.classic.AsyncAppender"><appender-ref ref="F"/></appender>
  <appender name="UNUSED" class="ch.qos.logback.core.FileAppender"><file>${X:-/tmp}/x.log</file></appender>
  <springProfile name="prod"><appender name="P" class="c"/><root><appender-ref ref="P"/></root></springProfile>
  <root level="info"><appender-ref ref="A"/></root>
</configuration>"#,
        );
        has(&all, "appender.F.file", "/var/log/shop.log");
        has(&all, "appender.F.referenced", "true");
        has(&all, "appender.A.referenced", "true");
        has(&all, "appender.UNUSED.referenced", "false");
        has(&all, "appender.UNUSED.file", "/tmp/x.log");
        assert!(all.iter().any(|(k, _, p)| k == "appender.P.class" && p == "prod"));
        let base = read(
            "logback.xml",
            r#"<configuration><include resource="org/springframework/boot/logging/logback/base.xml"/></configuration>"#,
        );
        has(&base, "appender.FILE.referenced", "true");
    }

    #[test]
    fn log4j_in_all_its_forms() {
        let one = "log4j.rootLogger=INFO, A, R\nlog4j.appender.R=org.apache.log4j.RollingFileAppender\nlog4j.appender.R.File=${dir}/x.log\ndir=/logs\nlog4j.appender.N=org.apache.log4j.FileAppender\n";
        let all = read("log4j.properties", one);
        has(&all, "appender.R.file", "/logs/x.log");
        has(&all, "appender.R.referenced", "true");
        has(&all, "appender.N.referenced", "false");
        let two = "appender.roll.type = RollingFile\nappender.roll.name = R\nappender.roll.fileName = a.log\nrootLogger.appenderRef.x.ref = R\n";
        let all = read("log4j2.properties", two);
        has(&all, "appender.R.class", "RollingFile");
        has(&all, "appender.R.referenced", "true");
        let xml = r#"<Configuration><Appenders><RollingFile name="R" fileName="a.log"/><Async name="S"><AppenderRef ref="R"/></Async></Appenders><Loggers><Root><AppenderRef ref="S"/></Root></Loggers></Configuration>"#;
        let all = read("log4j2.xml", xml);
        has(&all, "appender.R.class", "RollingFile");
        has(&all, "appender.R.referenced", "true");
        has(&all, "appender.S.class", "Async");
        let yaml = "Configuration:\n  Appenders:\n    RollingFile:\n    - name: R\n      fileName: a.log\n  Loggers:\n    Root:\n      AppenderRef:\n      - ref: R\n";
        let all = read("log4j2.yml", yaml);
        has(&all, "appender.R.class", "RollingFile");
        has(&all, "appender.R.file", "a.log");
        has(&all, "appender.R.referenced", "true");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(name in "[${}:\\-aü]{0,12}", tag in "(appender|Appenders|root|include)") {
            let text = format!("<c><property name='a' value='${{a}}'/><{tag} name='x' ref='x' resource='{name}'><file>{name}</file></{tag}></c>");
            parse("logback.xml", &text, &mut Vec::new());
        }
    }
}
