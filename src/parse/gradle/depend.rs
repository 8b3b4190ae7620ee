//! Dependency notations.

use super::context::Context;
use super::lexer::{Kind as T, Token, span};
use super::raw::{Dependency, Target};
use super::syntax::{Arg, Link, args, chain, closing, own, scalar, unwrap, variable};
use crate::facts::manifest::{GradleDependency, GradleTarget};
use crate::text::Span;

/// How many wrappers (`platform(testFixtures(…))`, lists of lists) are looked through.
const MAX_WRAPPERS: usize = 6;

/// Calls and words in `dependencies { … }` that name no configuration.
const NO_CONFIGURATION: &[&str] = &[
    "because",
    "version",
    "group",
    "modules",
    "components",
    "constraints",
    "attributesSchema",
    "artifactTypes",
    "registerTransform",
    "return",
    "throw",
    "assert",
    "exclude",
    "import",
    "apply",
    "println",
    "print",
    "logger",
    "def",
    "val",
    "var",
    "final",
    "break",
    "continue",
    "it",
    "each",
    "if",
    "for",
    "while",
    "mavenBom",
    "require",
];

/// Reads a statement of a `dependencies` block; none when it is no dependency.
pub(super) fn read(context: &Context, statement: &[Token<'_>]) -> Option<Vec<Dependency>> {
    let statement = skip_condition(statement);
    let (all, rest) = chain(statement);
    let mut links = own(&all);
    if let [first, _, ..] = links
        && first.name == "dependencies"
    {
        links = &links[1..];
    }
    let call = links.first()?;
    if NO_CONFIGURATION.contains(&call.name) {
        return None;
    }
    match call.args {
        Some(list) if matches!(call.name, "add" | "addProvider" | "addProviderConvertible") => added(context, list),
        Some(list) => Some(targets(context, call.name, &args(list))),
        None if links.len() == 1 => {
            let first = rest.first()?;
            let argument = matches!(first.kind, T::Str | T::Ident) || first.opens();
            // `implementation x = 1` and the like: a typed declaration.
            let declares = first.kind == T::Ident && rest.get(1).is_some_and(|t| t.is("="));
            (argument && !declares).then(|| targets(context, call.name, &args(rest)))
        }
        None => None,
    }
}

/// The arguments of a configuration that is called as a method.
pub(super) fn of(context: &Context, configuration: &str, list: &[Token<'_>]) -> Vec<Dependency> {
    targets(context, configuration, &args(list))
}

/// The arguments of `add("implementation", …)`.
pub(super) fn added(context: &Context, list: &[Token<'_>]) -> Option<Vec<Dependency>> {
    let list = args(list);
    let (configuration, rest) = list.split_first()?;
    let configuration = scalar(configuration.tokens)?;
    // A constant such as `JavaPlugin.IMPLEMENTATION_CONFIGURATION_NAME`.
    let constant = configuration.rsplit('.').next().and_then(|c| c.strip_suffix("_CONFIGURATION_NAME"));
    let name = match constant {
        Some(constant) => camel_case(constant),
        None => configuration,
    };
    Some(targets(context, &name, rest))
}

/// `TEST_IMPLEMENTATION` as `testImplementation`.
fn camel_case(constant: &str) -> String {
    let mut out = String::new();
    for (i, word) in constant.split('_').enumerate() {
        let (first, rest) = word.split_at(word.len().min(1));
        out.push_str(&if i == 0 { first.to_ascii_lowercase() } else { first.to_owned() });
        out.push_str(&rest.to_ascii_lowercase());
    }
    out
}

/// Takes `if (…)` and `else` off a statement without braces.
fn skip_condition<'a, 't>(mut statement: &'a [Token<'t>]) -> &'a [Token<'t>] {
    while let [first, rest @ ..] = statement {
        if first.names("else") || first.is("{}") {
            statement = rest;
        } else if first.names("if") && rest.first().is_some_and(|t| t.is("(")) {
            statement = &statement[(closing(statement, 1) + 1).min(statement.len())..];
        } else {
            break;
        }
    }
    statement
}

/// The dependencies that the arguments of a configuration name.
fn targets(context: &Context, configuration: &str, list: &[Arg<'_, '_>]) -> Vec<Dependency> {
    let mut base = GradleDependency {
        configuration: configuration.to_owned(),
        scope: context.scope,
        ..GradleDependency::default()
    };
    if !context.source_set.is_empty() {
        let mut chars = configuration.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        base.configuration = context.source_set.chars().chain(first).chain(chars).collect();
    }
    let mut out = Vec::new();
    collect(&base, list, 0, &mut out);
    if context.projects.is_empty() {
        return out;
    }
    let for_project = |project: &String| {
        let mut copy = out.clone();
        copy.iter_mut().for_each(|d| d.base.project = Some(project.clone()));
        copy
    };
    context.projects.iter().flat_map(for_project).collect()
}

fn collect(base: &GradleDependency, list: &[Arg<'_, '_>], depth: usize, out: &mut Vec<Dependency>) {
    let all = match (list.first(), list.last()) {
        (Some(first), Some(last)) => {
            let (first, last) = (span(first.tokens), span(last.tokens));
            Span { start: first.start, end: last.end }
        }
        _ => return,
    };
    let push = |target: Target, span: Span, expression: String, out: &mut Vec<Dependency>| {
        let base = GradleDependency { span, expression, ..base.clone() };
        out.push(Dependency { base, target, rich_version: String::new() });
    };
    if let Some(target) = parts(list) {
        return push(target, all, String::new(), out);
    }
    for (i, arg) in list.iter().enumerate() {
        let tokens = unwrap(arg.tokens);
        if arg.key.is_some() || tokens.iter().all(|t| t.is("{}")) {
            continue;
        }
        if tokens[0].is("[") && depth < MAX_WRAPPERS {
            collect(base, &args(&tokens[1..closing(tokens, 0)]), depth + 1, out);
            continue;
        }
        let target = single(tokens, false, 0);
        // A further argument that is none of ours configures the first.
        if i > 0 && matches!(target, Target::Computed | Target::Variable { .. }) && tokens[0].kind == T::Ident {
            let (links, _) = chain(tokens);
            if links.iter().any(|l| l.args.is_some()) {
                continue;
            }
        }
        push(target, span(tokens), tokens.iter().take(24).map(|t| t.text).collect(), out);
    }
}

/// Map notation, and Kotlin's `implementation("group", "name", "version")`.
fn parts(list: &[Arg<'_, '_>]) -> Option<Target> {
    let by_key = |key: &str| {
        let arg = list.iter().find(|a| a.key == Some(key));
        arg.map(|a| scalar(a.tokens).unwrap_or_else(|| "$?".to_owned()))
    };
    if let Some(artifact) = by_key("name") {
        let (group, version) = (by_key("group").unwrap_or_default(), by_key("version").unwrap_or_default());
        return Some(Target::Parts { group, artifact, version, platform: false });
    }
    let positional: Option<Vec<&str>> = list
        .iter()
        .map(|a| match a.tokens {
            [only] if a.key.is_none() && only.kind == T::Str && !only.text.contains([':', '$']) => Some(only.text),
            _ => None,
        })
        .collect();
    match positional?.as_slice() {
        [group, artifact, rest @ ..] => Some(Target::Parts {
            group: (*group).to_owned(),
            artifact: (*artifact).to_owned(),
            version: rest.first().copied().unwrap_or_default().to_owned(),
            platform: false,
        }),
        _ => None,
    }
}

/// What one argument names.
fn single(tokens: &[Token<'_>], platform: bool, depth: usize) -> Target {
    let tokens = unwrap(tokens);
    if tokens.first().is_some_and(|t| t.kind == T::Str) || tokens.iter().any(|t| t.is("+")) {
        return scalar(tokens).map_or(Target::Computed, |text| Target::Text { text, platform });
    }
    let (all, rest) = chain(tokens);
    let mut links = own(&all);
    if let [first, _, ..] = links
        && matches!(first.name, "dependencies" | "getDependencies")
    {
        links = &links[1..];
    }
    let Some(call) = links.first() else {
        return Target::Computed;
    };
    // `platform 'x'` and `project ':x'` without parentheses.
    let inner = call.args.or(Some(rest).filter(|r| links.len() == 1 && !r.is_empty()));
    match (call.name, inner) {
        (_, None) => member(links, platform),
        ("platform" | "enforcedPlatform", Some(inner)) => wrapped(inner, true, depth),
        ("testFixtures" | "create" | "variantOf" | "optional" | "provider", Some(inner)) => {
            wrapped(inner, platform, depth)
        }
        ("project", Some(inner)) => project(inner),
        ("kotlin", Some(inner)) => {
            let strings: Vec<&str> = inner.iter().filter(|t| t.kind == T::Str).map(|t| t.text).collect();
            strings.first().map_or(Target::Computed, |name| Target::Parts {
                group: "org.jetbrains.kotlin".to_owned(),
                artifact: format!("kotlin-{name}"),
                version: strings.get(1).copied().unwrap_or_default().to_owned(),
                platform,
            })
        }
        (
            "files" | "fileTree" | "npm" | "devNpm" | "peerNpm" | "gradleApi" | "gradleTestKit" | "localGroovy"
            | "gradleKotlinDsl" | "embeddedKotlin",
            _,
        ) => Target::Known(GradleTarget::Unknown),
        _ => member(links, platform),
    }
}

fn wrapped(inner: &[Token<'_>], platform: bool, depth: usize) -> Target {
    if depth >= MAX_WRAPPERS {
        return Target::Computed;
    }
    let list = args(inner);
    match parts(&list) {
        Some(Target::Parts { group, artifact, version, .. }) => Target::Parts { group, artifact, version, platform },
        _ => list.first().map_or(Target::Computed, |arg| single(arg.tokens, platform, depth + 1)),
    }
}

/// `project(':x')`, `project(path: ':x', configuration: 'y')`.
fn project(inner: &[Token<'_>]) -> Target {
    let list = args(inner);
    let path = list.iter().find(|a| a.key == Some("path")).or(list.first().filter(|a| a.key.is_none()));
    match path.and_then(|arg| scalar(arg.tokens)) {
        Some(path) => Target::Known(GradleTarget::Project(path)),
        None => Target::Computed,
    }
}

/// A chain without a known call: a catalog's alias, a project's accessor, a variable.
fn member(links: &[Link<'_, '_>], platform: bool) -> Target {
    let found = links.iter().find(|l| matches!(l.name, "findLibrary" | "findBundle" | "findPlugin"));
    if let Some(link) = found {
        let prefix = match link.name {
            "findBundle" => "bundles.",
            "findPlugin" => "plugins.",
            _ => "",
        };
        let alias = link.string().map(|name| format!("{prefix}{}", super::catalog::normalised(name)));
        return alias.map_or(Target::Computed, |alias| Target::Catalog { alias, platform });
    }
    let Some(first) = links.first() else {
        return Target::Computed;
    };
    if links.last().is_some_and(|l| l.name == "BOM_COORDINATES") {
        let text = "org.springframework.boot:spring-boot-dependencies".to_owned();
        return Target::Text { text, platform: true };
    }
    if matches!(first.name, "sourceSets" | "configurations" | "files" | "gradle" | "rootProject" | "project") {
        return Target::Known(GradleTarget::Unknown);
    }
    if links.iter().any(|l| l.args.is_some_and(|a| !a.is_empty()) && l.string().is_none()) {
        return Target::Computed;
    }
    let name = variable(links);
    match name.split_once('.') {
        Some(("projects", path)) => Target::Known(GradleTarget::Project(format!(":{}", path.replace('.', ":")))),
        Some((root, alias)) if root == "libs" || root.ends_with("Libs") => {
            Target::Catalog { alias: alias.to_owned(), platform }
        }
        _ => Target::Variable { name, platform },
    }
}
