//! What a block is, told by the statement that opens it.

use std::ops::Range;
use std::rc::Rc;

use super::lexer::{Kind as T, Token};
use super::syntax::{Link, chain, own};
use crate::facts::manifest::GradleScope;

/// What stands in a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Statements of any sort.
    #[default]
    Script,
    /// Nothing that is read.
    Skip,
    Dependencies,
    /// `implementation('x') { … }`.
    DependencyClosure,
    /// `version { strictly '1' }` in such a closure.
    RichVersion,
    DependencyManagement,
    Plugins,
    /// `pluginManagement { … }`, and `plugins` within: versions only.
    PluginManagement,
    PluginVersions,
    Apply,
    /// `ext { … }`.
    Ext,
    /// `val x by extra { … }`; the name is the path.
    ExtraValue,
    /// `object Versions { … }`.
    Object,
    /// `configurations { … }` as far as it speaks for production code.
    Configurations,
    /// `sourceSets { … }`, `suites { … }`: each block within is a set with its own configurations.
    SourceSets,
    VersionCatalogs,
}

/// What holds for the statements of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub kind: Kind,
    pub scope: GradleScope,
    /// Set in `project(':x') { … }`.
    pub projects: Rc<[String]>,
    /// Dotted path of the blocks around, for settings; the name of an [`Kind::Object`] or [`Kind::ExtraValue`].
    pub path: String,
    /// Source set, when it is not the main one.
    pub source_set: String,
    /// The dependencies that a [`Kind::DependencyClosure`] belongs to.
    pub dependencies: Range<usize>,
}

/// Longest path that is kept.
const MAX_PATH: usize = 200;
/// Most projects of one `configure([…])`; more are read as all of them.
const MAX_PROJECTS: usize = 64;

/// Words that open a block without changing what it speaks of.
const TRANSPARENT: &[&str] = &[
    "if",
    "else",
    "for",
    "while",
    "try",
    "catch",
    "finally",
    "switch",
    "when",
    "do",
    "with",
    "run",
    "let",
    "also",
    "each",
    "forEach",
    "all",
    "configureEach",
    "afterEvaluate",
    "beforeEvaluate",
    "projectsEvaluated",
    "settingsEvaluated",
    "fun",
    "def",
    "void",
    "public",
    "private",
    "protected",
    "override",
    "static",
    "abstract",
    "final",
    "synchronized",
    "new",
    "return",
    "dependencyResolutionManagement",
    "gradle",
    "named",
    "withId",
    "withPlugin",
    "plugins",
    "pluginManager",
    "apply",
    "enum",
    "tap",
    "class",
    "interface",
    "internal",
    "open",
    "data",
    "inline",
];

/// Blocks that hold nothing we read.
const SKIPPED: &[&str] = &[
    "repositories",
    "publishing",
    "uploadArchives",
    "signing",
    "pom",
    "withXml",
    "doLast",
    "doFirst",
    "initscript",
    "resolutionStrategy",
    "mavenPublishing",
    "constraints",
    "components",
    "modules",
    "artifactTypes",
    "attributesSchema",
    "dependencySubstitution",
    "publications",
    "distributionManagement",
    "license",
];

impl Context {
    /// The context of a block that `head` opens; `emitted` are the dependencies that `head` itself declares.
    pub(super) fn enter(&self, head: &[Token<'_>], emitted: Option<Range<usize>>) -> Self {
        let mut inner = self.clone();
        if let Some(range) = emitted {
            inner.kind = Kind::DependencyClosure;
            inner.dependencies = range;
            return inner;
        }
        let (all, _) = chain(head);
        let links = own(&all);
        let (Some(first), Some(last)) = (links.first(), links.last()) else {
            return inner;
        };
        match self.kind {
            Kind::Skip | Kind::DependencyManagement | Kind::VersionCatalogs | Kind::ExtraValue => return inner,
            Kind::Dependencies => {
                if !TRANSPARENT.contains(&first.name) && !TRANSPARENT.contains(&last.name) {
                    inner.kind = Kind::Skip;
                }
                return inner;
            }
            Kind::DependencyClosure => {
                inner.kind = if first.name == "version" { Kind::RichVersion } else { Kind::Skip };
                return inner;
            }
            Kind::PluginManagement => {
                inner.kind = if first.name == "plugins" { Kind::PluginVersions } else { Kind::Skip };
                return inner;
            }
            _ => {}
        }
        inner.enter_script(head, links, first, last);
        inner
    }

    fn enter_script(&mut self, head: &[Token<'_>], links: &[Link<'_, '_>], first: &Link<'_, '_>, last: &Link<'_, '_>) {
        if self.enter_declaration(head) || self.enter_scope(links, first, last) {
            return;
        }
        let is_dependencies = |l: &Link<'_, '_>| matches!(l.name, "dependencies" | "getDependencies");
        let through = matches!(last.name, "apply" | "run" | "also" | "with" | "tap");
        let with = first.name == "with" && first.args.is_some_and(|a| a.iter().any(|t| t.names("dependencies")));
        if is_dependencies(last) || with || (through && links.iter().rev().nth(1).is_some_and(is_dependencies)) {
            if let [.., set, _] = links
                && (self.kind == Kind::SourceSets || links.iter().any(|l| l.name == "sourceSets"))
            {
                self.source_set = set_name(&[], set);
            }
            self.kind = Kind::Dependencies;
        } else if SKIPPED.contains(&last.name) {
            self.kind = Kind::Skip;
        } else if let Some(kind) = self.special(links, first) {
            self.kind = kind;
        } else if self.kind == Kind::Configurations {
            if is_for_tests(last.string().unwrap_or(last.name)) {
                self.kind = Kind::Skip;
            }
        } else if self.kind == Kind::SourceSets {
            self.kind = Kind::Script;
            self.source_set = set_name(head, last);
            // What is said of every suite is said of tests.
            if self.source_set.is_empty() && self.path.ends_with("testing") {
                self.source_set = "test".to_owned();
            }
        } else if first.name == "sourceSets" || (first.name == "suites" && self.path.ends_with("testing")) {
            self.kind = Kind::SourceSets;
            if links.len() > 1 {
                self.kind = Kind::Script;
                self.source_set = set_name(head, last);
            }
        } else {
            if self.kind == Kind::Object {
                // The body of a method.
                self.kind = Kind::Script;
                self.path.clear();
            }
            self.extend_path(links, first, last);
        }
    }

    fn special(&self, links: &[Link<'_, '_>], first: &Link<'_, '_>) -> Option<Kind> {
        Some(match first.name {
            "dependencyManagement" => Kind::DependencyManagement,
            "pluginManagement" => Kind::PluginManagement,
            "plugins" if links.len() == 1 && first.args.is_none() && self.path.is_empty() => Kind::Plugins,
            "versionCatalogs" => Kind::VersionCatalogs,
            "apply" if links.len() == 1 && first.args.is_none() => Kind::Apply,
            "ext" | "extra" => Kind::Ext,
            "configurations" | "getConfigurations" => {
                let named = links.iter().skip(1).any(|l| is_for_tests(l.string().unwrap_or(l.name)));
                if named { Kind::Skip } else { Kind::Configurations }
            }
            _ => return None,
        })
    }

    /// `object X {`, `class X {`, `val x by extra {`.
    fn enter_declaration(&mut self, head: &[Token<'_>]) -> bool {
        let head = &head[..head.len().min(8)];
        if let Some(at) = head.iter().position(|t| t.names("extra"))
            && at > 1
            && head[at - 1].names("by")
        {
            self.kind = Kind::ExtraValue;
            self.path = head[at - 2].text.to_owned();
            return true;
        }
        let keyword =
            head.iter().position(|t| t.kind == T::Ident && matches!(t.text, "object" | "class" | "interface"));
        let Some([_, name, ..]) = keyword.map(|at| &head[at..]) else {
            return false;
        };
        if name.kind != T::Ident || keyword.is_some_and(|at| at > 0 && head[at - 1].kind == T::Op) {
            return false;
        }
        let nested = self.kind == Kind::Object && self.path.len() < MAX_PATH;
        self.path = if nested { format!("{}.{}", self.path, name.text) } else { name.text.to_owned() };
        self.kind = Kind::Object;
        true
    }

    /// `subprojects {`, `configure(…) {`, `project(':x') {`, `buildscript {`.
    fn enter_scope(&mut self, links: &[Link<'_, '_>], first: &Link<'_, '_>, last: &Link<'_, '_>) -> bool {
        let scope = match first.name {
            "buildscript" => GradleScope::Buildscript,
            "subprojects" | "childProjects" | "getSubprojects" => GradleScope::Subprojects,
            "allprojects" | "getAllprojects" => GradleScope::Allprojects,
            "configure" if first.args.is_some() && first.generic.is_none() => {
                let args = first.args.unwrap_or_default();
                let has = |name| args.iter().any(|t| t.names(name));
                let projects = named_projects(args);
                if has("allprojects") {
                    GradleScope::Allprojects
                } else if has("subprojects") || projects.is_empty() || projects.len() > MAX_PROJECTS {
                    GradleScope::Subprojects
                } else {
                    self.projects = projects.into();
                    GradleScope::Own
                }
            }
            "project" if links.len() == 1 && last.args.is_some() => {
                let Some(path) = last.string() else { return false };
                self.projects = Rc::from([path.to_owned()]);
                GradleScope::Own
            }
            _ => return false,
        };
        if self.scope != GradleScope::Buildscript && scope != GradleScope::Own {
            self.scope = scope;
        }
        self.kind = Kind::Script;
        true
    }

    fn extend_path(&mut self, links: &[Link<'_, '_>], first: &Link<'_, '_>, last: &Link<'_, '_>) {
        let segment = segment(links, first, last);
        if segment.is_empty() || self.path.len() + segment.len() > MAX_PATH {
            return;
        }
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(&segment);
    }
}

/// What a block adds to the path of settings: `tasks.named("bootJar") {` adds `bootJar`.
pub(super) fn segment(links: &[Link<'_, '_>], first: &Link<'_, '_>, last: &Link<'_, '_>) -> String {
    let extension = |name: &str| match name {
        "JavaPluginExtension" | "JavaPluginConvention" => "java".to_owned(),
        _ => {
            let mut chars = name.trim_end_matches("Extension").chars();
            chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
        }
    };
    let creates = matches!(last.name, "named" | "getByName" | "register" | "create" | "maybeCreate");
    let chosen = matches!(last.name, "withType" | "configure" | "the" | "getByType" | "configureEach");
    if creates && let Some(name) = last.string() {
        return name.to_owned();
    }
    if chosen {
        let link = links.iter().rev().find(|l| l.generic.is_some() || l.args.is_some_and(|a| !a.is_empty()));
        let argument = |l: &Link<'_, '_>| l.args.and_then(<[Token<'_>]>::first).map(|t| extension(t.text));
        let name = link.and_then(|l| l.generic.map(extension).or_else(|| argument(l)));
        return name.unwrap_or_default();
    }
    if TRANSPARENT.contains(&first.name) || TRANSPARENT.contains(&last.name) {
        return String::new();
    }
    let names: Vec<&str> = links.iter().map(|l| l.name).filter(|n| *n != "tasks").collect();
    names.join(".")
}

/// The paths in `project(':a'), project(":b")`.
fn named_projects(args: &[Token<'_>]) -> Vec<String> {
    let calls = args.windows(3).filter(|w| w[0].names("project") && w[1].is("(") && w[2].kind == T::Str);
    calls.map(|w| w[2].text.to_owned()).collect()
}

/// `main`, `commonMain` and `jvmMain` count as the main source set: empty.
fn set_name(head: &[Token<'_>], last: &Link<'_, '_>) -> String {
    let declared = match head {
        [keyword, name, by, ..] if matches!(keyword.text, "val" | "var") && by.names("by") => Some(name.text),
        _ => None,
    };
    let name = declared.or_else(|| last.string()).unwrap_or(last.name);
    if TRANSPARENT.contains(&name) || matches!(name, "main" | "commonMain" | "jvmMain" | "configureEach") {
        return String::new();
    }
    name.to_owned()
}

/// Is a configuration, by its name, only for tests?
fn is_for_tests(name: &str) -> bool {
    name.starts_with("test") || name.contains("Test")
}
