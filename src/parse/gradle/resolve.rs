//! Replaces variables by their values, as far as the file itself tells.

use std::collections::HashMap;

use super::lexer::{Kind as T, tokens};
use super::raw::{Dependency, Target};
use super::syntax::{chain, variable};
use crate::facts::manifest::{GradleDependency, GradleFacts, GradleTarget};

/// Longest text that a replacement may give, and how often a value may name another one.
const MAX_TEXT: usize = 4096;
const MAX_ROUNDS: usize = 6;
/// Most dependencies that one variable may stand for.
const MAX_LIST: usize = 200;

/// Values by name.
#[derive(Default)]
pub(super) struct Variables(HashMap<String, String>);

impl Variables {
    pub(super) fn insert(&mut self, name: &str, value: &str) {
        // `X` for `Versions.X`, as code within the object writes it.
        if let Some((_, short)) = name.rsplit_once('.') {
            self.0.entry(short.to_owned()).or_insert_with(|| value.to_owned());
        }
        self.0.insert(name.to_owned(), value.to_owned());
    }

    /// `text` with its variables replaced; an unknown one stays as `$name`.
    pub(super) fn expand(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for _ in 0..MAX_ROUNDS {
            if !text.contains('$') {
                break;
            }
            let next = self.expand_once(&text);
            if next == text || next.len() > MAX_TEXT {
                break;
            }
            text = next;
        }
        text
    }

    fn expand_once(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let tail = &rest[at + 1..];
            let (inner, after) = match tail.strip_prefix('{') {
                Some(braced) => match braced.find('}') {
                    Some(end) => (&braced[..end], &braced[end + 1..]),
                    None => ("", tail),
                },
                None => {
                    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                    let end = tail.find(|c| !word(c)).unwrap_or(tail.len());
                    let name = tail[..end].trim_end_matches('.');
                    (name, &tail[name.len()..])
                }
            };
            // `$version.RELEASE`: in Kotlin, and when there is no such member, only the first word is the name.
            let (inner, after) = match inner.split_once('.') {
                Some((word, _))
                    if !tail.starts_with('{') && !self.0.contains_key(inner) && self.0.contains_key(word) =>
                {
                    (word, &tail[word.len()..])
                }
                _ => (inner, after),
            };
            let name = name_of(inner);
            match name.as_ref().and_then(|name| self.0.get(name)) {
                Some(value) => out.push_str(value),
                None => {
                    let written = &rest[at..rest.len() - after.len()];
                    match name {
                        Some(name) if !name.is_empty() => out.extend(["$", &name]),
                        _ => out.push_str(written),
                    }
                }
            }
            rest = after;
            if out.len() > MAX_TEXT {
                break;
            }
        }
        out.push_str(rest);
        out
    }

    /// The values of a variable that is a coordinate or a list of them.
    fn list(&self, name: &str) -> Vec<&str> {
        if let Some(value) = self.0.get(name) {
            return vec![value];
        }
        (0..MAX_LIST).map_while(|i| self.0.get(&format!("{name}[{i}]"))).map(String::as_str).collect()
    }
}

/// The name in `${…}`, when it is a plain one.
fn name_of(expression: &str) -> Option<String> {
    if expression.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return (!expression.is_empty()).then(|| expression.to_owned());
    }
    let tokens = tokens(expression, false);
    let (links, rest) = chain(&tokens);
    let elvis = rest.first().is_some_and(|t| t.is("?:"));
    let is_name = !links.is_empty() && tokens.first().is_some_and(|t| t.kind == T::Ident);
    (is_name && (rest.is_empty() || elvis)).then(|| variable(&links))
}

/// Finishes one dependency: usually one, for a variable that is a list several.
pub(super) fn dependency(raw: Dependency, variables: &Variables, facts: &mut GradleFacts) {
    let Dependency { mut base, target, rich_version } = raw;
    base.configuration = variables.expand(&base.configuration);
    let target = match target {
        Target::Catalog { alias, platform } => {
            let own = format!("libs.{alias}");
            match variables.list(&own).is_empty() {
                true => Target::Known(GradleTarget::Catalog(alias)),
                false => Target::Variable { name: own, platform },
            }
        }
        other => other,
    };
    let found: Vec<GradleTarget> = match target {
        Target::Known(GradleTarget::Project(path)) => vec![GradleTarget::Project(variables.expand(&path))],
        Target::Known(target) => {
            if matches!(target, GradleTarget::Catalog(_)) {
                base.expression.clear();
            }
            vec![target]
        }
        Target::Text { text, platform } => module(&variables.expand(&text), platform).into_iter().collect(),
        Target::Parts { group, artifact, version, platform } => vec![GradleTarget::Module {
            group: variables.expand(&group),
            artifact: variables.expand(&artifact),
            version: variables.expand(&version),
            platform,
        }],
        Target::Variable { name, platform } => {
            let values = variables.list(&name);
            values.into_iter().filter_map(|v| module(&variables.expand(v), platform)).collect()
        }
        Target::Catalog { .. } | Target::Computed => Vec::new(),
    };
    if found.is_empty() {
        facts.unresolved += 1;
        facts.dependencies.push(base);
        return;
    }
    for mut target in found {
        if let GradleTarget::Module { version, .. } = &mut target
            && version.is_empty()
        {
            *version = variables.expand(&rich_version);
        }
        let known = !matches!(target, GradleTarget::Unknown);
        let expression = if known { String::new() } else { base.expression.clone() };
        facts.dependencies.push(GradleDependency { target, expression, ..base.clone() });
    }
}

/// `group:artifact:version`, with a classifier or `@type` left out.
pub(super) fn module(text: &str, platform: bool) -> Option<GradleTarget> {
    // A colon within `${…}` divides nothing.
    let mut depth = 0usize;
    let mut parts = text.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ':' && depth == 0
    });
    let (group, artifact) = (parts.next()?, parts.next()?);
    let version = parts.next().unwrap_or_default();
    let plain = |s: &str| s.split('@').next().unwrap_or_default().trim().to_owned();
    let (group, artifact, version) = (plain(group), plain(artifact), plain(version));
    (!group.is_empty() && !artifact.is_empty()).then_some(GradleTarget::Module { group, artifact, version, platform })
}
