//! Version catalogs: `libs.versions.toml`, and the same in `settings.gradle`.

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

use super::lexer::{Kind as T, Token, span};
use super::syntax::chain;
use crate::facts::Note;
use crate::facts::manifest::{CatalogEntry, GradleFacts, GradleFile};
use crate::parse::toml_tree::{pairs, read, string, strings, table};

/// An alias as scripts write it: `spring-boot_web` is `spring.boot.web`.
pub(super) fn normalised(alias: &str) -> String {
    alias.replace(['-', '_'], ".")
}

/// Reads `libs.versions.toml`.
pub(super) fn parse(text: &str, notes: &mut Vec<Note>) -> GradleFacts {
    let root = read(text, notes);
    let mut out = Vec::new();
    let sections = [("versions", "version"), ("libraries", "library"), ("bundles", "bundle"), ("plugins", "plugin")];
    for (section, kind) in sections {
        for pair in table(&root, &[section]).map(pairs).unwrap_or_default() {
            let (target, version) = match kind {
                "version" => (String::new(), version_of(pair.value)),
                "bundle" => {
                    let members: Vec<_> = strings(Some(pair.value)).iter().map(|a| normalised(a)).collect();
                    (members.join(","), String::new())
                }
                _ => line(kind, pair.value),
            };
            out.push(CatalogEntry {
                alias: normalised(pair.key),
                kind: kind.to_owned(),
                target,
                version,
                span: pair.span,
            });
        }
    }
    resolve_references(&mut out);
    GradleFacts { file: GradleFile::Catalog, catalog: out, ..GradleFacts::default() }
}

/// Marks a version as the name of another entry until [`resolve_references`] has run.
const REFERENCE: char = '\u{0}';

/// Target and version of a library or plugin.
fn line(kind: &str, value: &DeValue<'_>) -> (String, String) {
    if let Some(text) = value.as_str() {
        let (target, version) = divide(kind, text);
        return (target.to_owned(), version.to_owned());
    }
    let Some(detail) = value.as_table() else {
        return Default::default();
    };
    let target = match (kind, string(detail, "module"), string(detail, "id")) {
        ("plugin", _, id) => id.to_owned(),
        (_, "", _) => format!("{}:{}", string(detail, "group"), string(detail, "name")),
        (_, module, _) => module.to_owned(),
    };
    (target, detail.get("version").map(|v| version_of(v.get_ref())).unwrap_or_default())
}

/// `group:artifact:version` or `plugin:version` in two.
fn divide<'a>(kind: &str, text: &'a str) -> (&'a str, &'a str) {
    let skip = if kind == "plugin" { 0 } else { text.find(':').map_or(text.len(), |at| at + 1) };
    match text[skip..].find(':') {
        Some(at) => (&text[..skip + at], &text[skip + at + 1..]),
        None => (text, ""),
    }
}

/// `"1"`, `{ ref = "x" }`, `{ strictly = "1" }`.
fn version_of(value: &DeValue<'_>) -> String {
    let rich = |t: &DeTable<'_>| {
        let named = ["strictly", "require", "prefer"].into_iter().map(|key| string(t, key)).find(|v| !v.is_empty());
        named.unwrap_or_default().to_owned()
    };
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Table(t) if !string(t, "ref").is_empty() => format!("{REFERENCE}{}", normalised(string(t, "ref"))),
        DeValue::Table(t) => rich(t),
        _ => String::new(),
    }
}

/// Puts versions in place of the names of versions.
pub(super) fn resolve_references(entries: &mut [CatalogEntry]) {
    let versions = entries.iter().filter(|e| e.kind == "version");
    let versions: HashMap<String, String> = versions.map(|e| (e.alias.clone(), e.version.clone())).collect();
    for entry in entries {
        if let Some(name) = entry.version.strip_prefix(REFERENCE) {
            entry.version = versions.get(name).cloned().unwrap_or_default();
        }
    }
}

/// A statement of `versionCatalogs { … }`: `library('a', 'g', 'n').versionRef('v')` and the like.
pub(super) fn statement(statement: &[Token<'_>], out: &mut Vec<CatalogEntry>) {
    let (links, rest) = chain(statement);
    let Some(first) = links.first() else { return };
    let list = first.args.unwrap_or(rest);
    let texts: Vec<&str> = list.iter().filter(|t| t.kind == T::Str).map(|t| t.text).collect();
    let Some((alias, texts)) = texts.split_first() else { return };
    let link = |name: &str| links.iter().find(|l| l.name == name).and_then(|l| l.string());
    let reference = link("versionRef").map(|name| format!("{REFERENCE}{}", normalised(name)));
    let written = reference.or_else(|| link("version").filter(|_| links.len() > 1).map(str::to_owned));
    let (kind, target, version) = match (first.name, texts) {
        ("version", [version, ..]) => ("version", String::new(), (*version).to_owned()),
        ("library", [group, name, ..]) => ("library", format!("{group}:{name}"), String::new()),
        ("library" | "plugin", [text]) => {
            let (target, version) = divide(first.name, text);
            (first.name, target.to_owned(), version.to_owned())
        }
        ("bundle", members) => {
            let members: Vec<_> = members.iter().map(|m| normalised(m)).collect();
            ("bundle", members.join(","), String::new())
        }
        ("alias", _) => match (link("to"), link("toPluginId")) {
            (Some(text), _) => {
                let (target, version) = divide("library", text);
                ("library", target.to_owned(), version.to_owned())
            }
            (None, Some(id)) => ("plugin", id.to_owned(), String::new()),
            (None, None) => return,
        },
        _ => return,
    };
    let (alias, span) = (normalised(alias), span(statement));
    out.push(CatalogEntry { alias, kind: kind.to_owned(), target, version: written.unwrap_or(version), span });
}
