//! Plugins, and files that are applied.

use super::context::Context;
use super::lexer::{Kind as T, Token, span};
use super::raw::entry;
use super::syntax::{Link, args, chain, scalar, variable};
use crate::facts::manifest::{GradleFacts, GradlePlugin};
use crate::text::Span;

/// A line of `plugins { … }`. One with `apply false`, or of `pluginManagement`, only tells a version.
pub(super) fn declared(context: &Context, statement: &[Token<'_>], applies: bool, facts: &mut GradleFacts) {
    let [first, rest @ ..] = statement else { return };
    let string = rest.iter().find(|t| t.kind == T::Str).map(|t| t.text);
    let id = match (first.text, string) {
        ("id", Some(id)) => id.to_owned(),
        ("id", None) => return facts.unresolved += 1,
        ("kotlin", Some(name)) => format!("org.jetbrains.kotlin.{name}"),
        ("alias", _) => {
            let links = chain(statement).0;
            let inner = links.first().and_then(|l| l.args).unwrap_or(rest);
            variable(&chain(inner).0)
        }
        _ if first.kind == T::Ident && rest.is_empty() => first.text.to_owned(),
        _ if first.kind == T::Ident => {
            // `com.acme.conventions`: an accessor of a plugin of the build itself.
            let (links, rest) = chain(statement);
            if !rest.is_empty() || links.iter().any(|l| l.args.is_some()) {
                return;
            }
            links.iter().map(|l| l.name).collect::<Vec<_>>().join(".")
        }
        _ => return,
    };
    let at = rest.iter().position(|t| t.names("version"));
    let apply = rest.iter().position(|t| t.names("apply"));
    let version = at.and_then(|at| version(&rest[at..apply.filter(|a| *a > at).unwrap_or(rest.len())]));
    let off = apply.is_some_and(|at| rest[at..].iter().any(|t| t.names("false")));
    let version = version.unwrap_or_default();
    if applies && !off {
        facts.plugins.push(GradlePlugin {
            id,
            version,
            scope: context.scope,
            project: context.projects.first().cloned(),
            span: span(statement),
        });
    } else if !version.is_empty() {
        facts.settings.push(entry(&format!("plugins.{id}.version"), &version, span(statement)));
    }
}

/// What follows the word `version`: `"1"`, `("1")`, `libs.versions.x.get()`.
fn version(tokens: &[Token<'_>]) -> Option<String> {
    let (links, rest) = chain(tokens);
    let value = links.first()?.args.unwrap_or(rest);
    let value = match value.last() {
        Some(t) if t.is(".") => &value[..value.len() - 1],
        _ => value,
    };
    scalar(value)
}

/// `apply plugin: 'x'`, `apply(from = "y")`, `apply<X>()`, `pluginManager.apply(X)`; false for anything else.
pub(super) fn apply_statement(
    context: &Context,
    links: &[Link<'_, '_>],
    rest: &[Token<'_>],
    facts: &mut GradleFacts,
) -> bool {
    let Some(last) = links.last().filter(|l| l.name == "apply") else {
        return false;
    };
    if let Some(name) = last.generic {
        push(context, name.to_owned(), Span::default(), facts);
        return true;
    }
    let list = args(last.args.unwrap_or(rest));
    for arg in &list {
        match arg.key {
            Some(key) => applied(context, key, arg.tokens, facts),
            None if links.len() > 1 => applied(context, "plugin", arg.tokens, facts),
            None => {}
        }
    }
    true
}

/// One argument of `apply`.
pub(super) fn applied(context: &Context, key: &str, value: &[Token<'_>], facts: &mut GradleFacts) {
    match key {
        "plugin" => {
            let id = match value {
                [only] if only.kind == T::Str => only.text.to_owned(),
                _ => {
                    let (links, _) = chain(value);
                    let names = links.iter().map(|l| l.name);
                    if links.first().is_some_and(|l| l.name == "libs") {
                        variable(&links).trim_end_matches(".pluginId").trim_end_matches(".get").to_owned()
                    } else {
                        let mut named = names.filter(|n| !matches!(*n, "class" | "java"));
                        named.next_back().unwrap_or_default().to_owned()
                    }
                }
            };
            if !id.is_empty() {
                push(context, id, span(value), facts);
            }
        }
        "from" => {
            if let Some(path) = value.iter().rfind(|t| t.kind == T::Str) {
                let root = value.first().is_some_and(|t| t.names("rootProject") || t.names("rootDir"));
                let path = path.text;
                facts.applied_files.push(if root { format!("$rootDir/{path}") } else { path.to_owned() });
            }
        }
        _ => {}
    }
}

fn push(context: &Context, id: String, span: Span, facts: &mut GradleFacts) {
    let project = context.projects.first().cloned();
    facts.plugins.push(GradlePlugin { id, version: String::new(), scope: context.scope, project, span });
}
