//! Reads statements, each by what its block is.

use std::ops::Range;

use super::catalog;
use super::context::{Context, Kind, segment};
use super::depend;
use super::lexer::{Kind as T, Token, span};
use super::plugins;
use super::raw::{Dependency, entry};
use super::resolve::{self, Variables};
use super::syntax::{Link, args, chain, flatten, own, scalar, variable};
use crate::facts::manifest::{GradleFacts, GradleFile, GradleScope};
use crate::facts::{Entry, Note};
use crate::text::Span;

/// More dependencies than this in one file are left out.
const MAX_DEPENDENCIES: usize = 20_000;

/// Collects what the statements of a script say.
pub(super) struct Reader {
    /// A script; else the source of a plugin or of constants, where assignments are just code.
    script: bool,
    facts: GradleFacts,
    dependencies: Vec<Dependency>,
}

impl Reader {
    pub(super) fn new(file: GradleFile, script: bool) -> Self {
        let facts = GradleFacts { file, ..GradleFacts::default() };
        Self { script, facts, dependencies: Vec::new() }
    }

    /// Replaces variables and gives the facts.
    pub(super) fn finish(mut self, notes: &mut Vec<Note>) -> GradleFacts {
        let mut variables = Variables::default();
        for entry in self.facts.settings.iter().filter(|e| !e.key.contains('.')).chain(&self.facts.properties) {
            variables.insert(&entry.key, &entry.value);
        }
        for raw in std::mem::take(&mut self.dependencies) {
            if self.facts.dependencies.len() >= MAX_DEPENDENCIES {
                notes.push(Note::whole(format!("more than {MAX_DEPENDENCIES} dependencies: the others are left out")));
                break;
            }
            resolve::dependency(raw, &variables, &mut self.facts);
        }
        for plugin in &mut self.facts.plugins {
            plugin.version = variables.expand(&plugin.version);
            plugin.id = variables.expand(&plugin.id);
        }
        for (name, _) in &mut self.facts.includes {
            *name = variables.expand(name);
        }
        let before = self.facts.includes.len();
        self.facts.includes.retain(|(name, _)| !name.contains('$'));
        self.facts.unresolved += (before - self.facts.includes.len()) as u32;
        for (_, dir) in &mut self.facts.project_dirs {
            *dir = in_root(&variables.expand(dir)).to_owned();
        }
        for file in &mut self.facts.applied_files {
            *file = variables.expand(file);
        }
        catalog::resolve_references(&mut self.facts.catalog);
        self.facts
    }

    /// Reads a statement of a `dependencies` block; the range of what it declares, when it does.
    pub(super) fn dependencies(&mut self, context: &Context, statement: &[Token<'_>]) -> Option<Range<usize>> {
        let found = depend::read(context, statement)?;
        let start = self.dependencies.len();
        if start < MAX_DEPENDENCIES {
            self.dependencies.extend(found);
        }
        Some(start..self.dependencies.len())
    }

    /// Reads any statement that was not read when its block began.
    pub(super) fn statement(&mut self, context: &Context, statement: &[Token<'_>]) {
        match context.kind {
            Kind::Skip => {}
            Kind::Dependencies => {
                if !self.declaration(context, statement) {
                    self.dependencies(context, statement);
                }
            }
            Kind::DependencyClosure => {
                let found = exclusion(statement);
                for dependency in self.dependencies.get_mut(context.dependencies.clone()).unwrap_or_default() {
                    dependency.base.exclusions.extend(found.clone());
                }
            }
            Kind::RichVersion => self.rich_version(context, statement),
            Kind::DependencyManagement => self.managed(context, statement),
            Kind::Plugins => plugins::declared(context, statement, true, &mut self.facts),
            Kind::PluginVersions => plugins::declared(context, statement, false, &mut self.facts),
            Kind::PluginManagement => {}
            Kind::Apply => {
                let list = [("plugin", "plugin"), ("from", "from")];
                let (links, rest) = chain(statement);
                let key = links.first().and_then(|l| list.iter().find(|(name, _)| *name == l.name));
                if let (Some((_, key)), Some(link)) = (key, links.first()) {
                    plugins::applied(context, key, link.args.unwrap_or(rest), &mut self.facts);
                }
            }
            Kind::Configurations => {
                if !plain_configuration(statement) {
                    return;
                }
                if context.scope != GradleScope::Buildscript {
                    self.facts.exclusions.extend(exclusion(statement));
                }
            }
            Kind::VersionCatalogs => catalog::statement(statement, &mut self.facts.catalog),
            Kind::ExtraValue => {
                if let Some(value) = scalar(statement) {
                    self.facts.properties.push(entry(&context.path, &value, span(statement)));
                }
            }
            Kind::Script | Kind::Ext | Kind::Object | Kind::SourceSets => self.general(context, statement),
        }
    }

    fn rich_version(&mut self, context: &Context, statement: &[Token<'_>]) {
        let (links, rest) = chain(statement);
        let Some(link) = links.first().filter(|l| matches!(l.name, "strictly" | "require" | "prefer")) else { return };
        let Some(version) = scalar(link.args.unwrap_or(rest)) else { return };
        for dependency in self.dependencies.get_mut(context.dependencies.clone()).unwrap_or_default() {
            dependency.rich_version.clone_from(&version);
        }
    }

    /// Boms are kept as settings: they tell versions, and are no dependencies.
    fn managed(&mut self, context: &Context, statement: &[Token<'_>]) {
        let (links, rest) = chain(statement);
        let Some(link) = links.first().filter(|l| l.name == "mavenBom") else { return };
        let Some(value) = scalar(link.args.unwrap_or(rest)) else { return };
        let key = format!("{}dependencyManagement.imports.mavenBom", prefix(context));
        self.facts.settings.push(entry(&key, &value, span(statement)));
    }

    fn general(&mut self, context: &Context, statement: &[Token<'_>]) {
        if self.declaration(context, statement) {
            return;
        }
        let (all, rest) = chain(statement);
        if all.len() == 2 && all[0].name == "rootProject" && matches!(all[1].name, "name" | "setName") {
            let value = all[1].args.or(rest.strip_prefix_op("=")).and_then(scalar);
            self.facts.root_name = value.or(self.facts.root_name.take());
            return;
        }
        let links = own(&all);
        let (Some(first), Some(last)) = (links.first(), links.last()) else { return };
        if let [project, dir, ..] = links
            && project.name == "project"
            && matches!(dir.name, "projectDir" | "setProjectDir")
        {
            let path = dir.args.unwrap_or(rest).iter().rfind(|t| t.kind == T::Str);
            if let (Some(name), Some(path)) = (project.string(), path) {
                self.facts.project_dirs.push((name.to_owned(), path.text.to_owned()));
            }
            return;
        }
        if plugins::apply_statement(context, links, rest, &mut self.facts) {
            return;
        }
        if self.facts.file == GradleFile::Settings && first.name.starts_with("include") && links.len() == 1 {
            return self.include(first, rest);
        }
        if self.dependency_call(context, links, rest) {
            return;
        }
        if first.name == "configurations" || (context.kind == Kind::Script && last.name == "exclude" && links.len() > 1)
        {
            let tests = links.iter().any(|l| l.name.contains("est"));
            if last.name == "exclude" && !tests && context.scope != GradleScope::Buildscript {
                self.facts.exclusions.extend(exclusion_of(last, rest));
            }
            return;
        }
        self.setting(context, statement, links, rest);
    }

    /// `include ':a', ':b'`; `includeFlat` names siblings of the root.
    fn include(&mut self, link: &Link<'_, '_>, rest: &[Token<'_>]) {
        let list = link.args.unwrap_or(rest);
        let mut strings = list.iter().filter(|t| t.kind == T::Str).peekable();
        match link.name {
            "include" | "includeFlat" if strings.peek().is_none() => self.facts.unresolved += 1,
            "include" => {
                self.facts.includes.extend(strings.map(|t| (t.text.to_owned(), Span::new(t.start, t.end))));
            }
            "includeFlat" => {
                for t in strings {
                    self.facts.includes.push((t.text.to_owned(), Span::new(t.start, t.end)));
                    self.facts.project_dirs.push((format!(":{}", t.text), format!("../{}", t.text)));
                }
            }
            "includeBuild" => {
                let named = strings.map(|t| entry("includeBuild", t.text, Span::new(t.start, t.end)));
                self.facts.settings.extend(named);
            }
            _ => {}
        }
    }

    /// `project.dependencies.add("implementation", "…")`, `project.dependencies.implementation("…")`.
    fn dependency_call(&mut self, context: &Context, links: &[Link<'_, '_>], rest: &[Token<'_>]) -> bool {
        let at = links.iter().position(|l| matches!(l.name, "dependencies" | "getDependencies"));
        let Some(at) = at.filter(|at| at + 1 < links.len()) else {
            return false;
        };
        // `configurations.implementation.dependencies.add(project.dependencies.create("…"))`.
        let owner = links[..at].last().map(|l| l.string().unwrap_or(l.name));
        let call = &links[at + 1];
        let Some(list) = call.args else {
            // Command style: `dependencies.compile 'x'`.
            if at + 2 == links.len() && !rest.is_empty() {
                let found = depend::of(context, call.name, rest);
                self.dependencies.extend(found);
            }
            return true;
        };
        if call.name == "add" && args(list).len() == 1 {
            if let Some(owner) = owner.filter(|_| at > 0) {
                let found = depend::of(context, owner, list);
                self.dependencies.extend(found);
            }
            return true;
        }
        let lowercase = call.name.starts_with(|c: char| c.is_lowercase());
        let other = ["create", "platform", "project", "all", "each", "forEach", "matching", "withType", "constraints"];
        if lowercase && !other.contains(&call.name) {
            let found = match call.name {
                "add" | "addProvider" => depend::added(context, list),
                name => Some(depend::of(context, name, list)),
            };
            self.dependencies.extend(found.unwrap_or_default());
        }
        true
    }

    /// `def x = …`, `val x by extra(…)`, `ext.x = …`, and in `ext { … }` plain `x = …`.
    fn declaration(&mut self, context: &Context, statement: &[Token<'_>]) -> bool {
        let modifiers =
            ["final", "static", "const", "private", "public", "internal", "protected", "lateinit", "override"];
        let skip = statement.iter().take_while(|t| t.kind == T::Ident && modifiers.contains(&t.text)).count();
        let constant = statement[..skip].iter().any(|t| matches!(t.text, "static" | "const"));
        let body = &statement[skip..];
        let declared = match body {
            [keyword, name, rest @ ..]
                if matches!(keyword.text, "val" | "var" | "def")
                    && keyword.kind == T::Ident
                    && name.kind == T::Ident =>
            {
                Some((name.text, rest))
            }
            [kind, name, equals, ..] if kind.kind == T::Ident && name.kind == T::Ident && equals.is("=") => {
                Some((name.text, &body[2..]))
            }
            _ => None,
        };
        if let Some((name, rest)) = declared {
            let value = match rest.iter().take(24).position(|t| t.is("=")) {
                Some(at) => &rest[at + 1..],
                None if rest.len() > 2 && rest[0].names("by") && rest[1].names("extra") => {
                    chain(&rest[1..]).0[0].args.unwrap_or_default()
                }
                None => return true,
            };
            let in_object = context.kind == Kind::Object && (constant || body[0].names("val") || !self.script);
            let key = if in_object { format!("{}.{name}", context.path) } else { name.to_owned() };
            self.properties(&key, value, statement);
            return true;
        }
        self.extra(context, statement)
    }

    /// Assignments to extra properties.
    fn extra(&mut self, context: &Context, statement: &[Token<'_>]) -> bool {
        let (links, rest) = chain(statement);
        let by_name = links.iter().any(|l| matches!(l.name, "ext" | "extra")) && links.len() > 1;
        if !by_name && context.kind != Kind::Ext {
            return false;
        }
        if let Some(call) = links.last().filter(|l| matches!(l.name, "set" | "add"))
            && let [key, value] = args(call.args.unwrap_or_default()).as_slice()
            && let Some(key) = scalar(key.tokens)
        {
            self.properties(&key, value.tokens, statement);
            return true;
        }
        if let Some(value) = rest.strip_prefix_op("=") {
            self.properties(&variable(&links), value, statement);
            return true;
        }
        false
    }

    fn properties(&mut self, key: &str, value: &[Token<'_>], statement: &[Token<'_>]) {
        let mut found = Vec::new();
        flatten(key, value, 0, &mut found);
        let single = found.len() == 1;
        let place = |tokens: &[Token<'_>]| if single { span(statement) } else { span(tokens) };
        let entries = found.iter().map(|(key, value, tokens)| entry(key, value, place(tokens)));
        self.facts.properties.extend(entries);
    }

    /// `a.b = value`, `a.b.set(value)`, `a value`, `a(value)`.
    fn setting(&mut self, context: &Context, statement: &[Token<'_>], links: &[Link<'_, '_>], rest: &[Token<'_>]) {
        let [head @ .., last] = links else { return };
        let (names, value) = match (last.args, rest) {
            (Some(value), _) if matches!(last.name, "set" | "convention" | "value") && !head.is_empty() => {
                (head, value)
            }
            (None, [equals, value @ ..]) if equals.is("=") => (links, value),
            (Some(value), []) if !context.path.is_empty() || links.len() == 1 => (links, value),
            (None, value) if links.len() == 1 && is_literal(value) => (links, value),
            _ => return,
        };
        let key = match names {
            [only] => only.name.to_owned(),
            [.., named] => match segment(&names[..names.len() - 1], &names[0], &names[names.len() - 2]) {
                owner if owner.is_empty() => named.name.to_owned(),
                owner => format!("{owner}.{}", named.name),
            },
            [] => return,
        };
        if matches!(key.rsplit('.').next(), Some("sourceCompatibility" | "targetCompatibility" | "release")) {
            if let Some(value) = scalar(value) {
                let name = key.rsplit('.').next().unwrap_or(&key);
                self.facts.properties.push(entry(name, &value, span(statement)));
            }
            return;
        }
        if !self.script && context.path.is_empty() {
            return;
        }
        let key = match context.path.is_empty() {
            true => format!("{}{key}", prefix(context)),
            false => format!("{}{}.{key}", prefix(context), context.path),
        };
        let mut found = Vec::new();
        flatten(&key, value, 0, &mut found);
        let entries = found.iter().map(|(key, value, _)| entry(key, value, span(statement)));
        self.facts.settings.extend(entries.filter(|e: &Entry| !e.value.is_empty()));
    }
}

/// For whom a setting speaks, when not for this project.
fn prefix(context: &Context) -> String {
    match (context.scope, context.projects.first()) {
        (GradleScope::Subprojects, _) => "subprojects.".to_owned(),
        (GradleScope::Allprojects, _) => "allprojects.".to_owned(),
        (GradleScope::Buildscript, _) => "buildscript.".to_owned(),
        (GradleScope::Own, Some(project)) => format!("project({project})."),
        (GradleScope::Own, None) => String::new(),
    }
}

/// One string, number or `true`/`false`.
fn is_literal(tokens: &[Token<'_>]) -> bool {
    match tokens {
        [only] => matches!(only.kind, T::Str | T::Num) || matches!(only.text, "true" | "false"),
        [first, ..] => first.text == "JavaVersion" || first.text == "JavaLanguageVersion",
        [] => false,
    }
}

/// In `configurations { … }`: does the statement speak for all, or for production code?
fn plain_configuration(statement: &[Token<'_>]) -> bool {
    !statement.iter().take(3).any(|t| t.kind == T::Ident && (t.text.starts_with("test") || t.text.contains("Test")))
}

/// `exclude group: 'g', module: 'm'`, behind whatever receiver.
fn exclusion(statement: &[Token<'_>]) -> Option<(String, String)> {
    let (links, rest) = chain(statement);
    exclusion_of(links.last().filter(|l| l.name == "exclude")?, rest)
}

fn exclusion_of(link: &Link<'_, '_>, rest: &[Token<'_>]) -> Option<(String, String)> {
    let list = link.args.unwrap_or(rest);
    let list = list.strip_prefix_op("[").unwrap_or(list);
    let list = if list.last().is_some_and(|t| t.is("]")) { &list[..list.len() - 1] } else { list };
    let list = args(list);
    let part = |key: &str, at: usize| {
        let arg = list.iter().find(|a| a.key == Some(key)).or(list.get(at).filter(|a| a.key.is_none()));
        arg.and_then(|a| scalar(a.tokens)).filter(|s| !s.is_empty())
    };
    let (group, module) = (part("group", 0), part("module", 1));
    if group.is_none() && module.is_none() {
        return None;
    }
    let any = || "*".to_owned();
    Some((group.unwrap_or_else(any), module.unwrap_or_else(any)))
}

/// A path below the root, without the variable that says so.
fn in_root(path: &str) -> &str {
    let variables = ["$rootDir", "$settingsDir", "$projectDir", "$rootProject.projectDir"];
    let rest = variables.iter().find_map(|v| path.strip_prefix(v)).unwrap_or(path);
    if rest.len() == path.len() { path } else { rest.trim_start_matches('/') }
}

/// The tokens after an operator.
trait StripOperator<'a, 't> {
    fn strip_prefix_op(self, op: &str) -> Option<&'a [Token<'t>]>;
}

impl<'a, 't> StripOperator<'a, 't> for &'a [Token<'t>] {
    fn strip_prefix_op(self, op: &str) -> Option<&'a [Token<'t>]> {
        self.split_first().filter(|(first, _)| first.is(op)).map(|(_, rest)| rest)
    }
}
