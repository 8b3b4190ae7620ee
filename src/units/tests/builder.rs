//! Makes a workspace and its facts by hand.

use crate::facts::code::*;
use crate::facts::deploy::ObjectSource;
use crate::facts::manifest::{GradleDependency, GradleFile, GradlePlugin, GradleScope, GradleTarget};
use crate::facts::{Body, CodeFacts, Entry, FileFacts, GradleFacts, ObjectFacts, OtherManifest};
use crate::parse;
use crate::source::{FileKind, SourceFile, Workspace, role_of};
use crate::text::{Name, Span};
use crate::units::{Scope, Unit, UnitKind, Units, UnitsConfig, group};

#[derive(Default)]
pub(super) struct Tree {
    files: Vec<(String, FileKind, Body)>,
    unread: Vec<(&'static str, &'static str, u32)>,
    pub(super) config: UnitsConfig,
}

impl Tree {
    pub(super) fn with(mut self, path: &str, kind: FileKind, body: Body) -> Self {
        self.files.push((path.to_string(), kind, body));
        self
    }

    /// A `pom.xml` around this content.
    pub(super) fn pom(self, dir: &str, content: &str) -> Self {
        let text = format!("<project><modelVersion>4.0.0</modelVersion>{content}</project>");
        let path = at(dir, "pom.xml");
        let facts = parse::maven::parse(&path, &text, &mut Vec::new());
        self.with(&path, FileKind::Maven, Body::Maven(Box::new(facts)))
    }

    pub(super) fn cargo(self, dir: &str, text: &str) -> Self {
        let path = at(dir, "Cargo.toml");
        let facts = parse::cargo::parse(&path, text, &mut Vec::new());
        self.with(&path, FileKind::Cargo, Body::Cargo(Box::new(facts)))
    }

    pub(super) fn docker(self, path: &str, text: &str) -> Self {
        let facts = parse::dockerfile::parse(path, text, &mut Vec::new());
        self.with(path, FileKind::Container, Body::Container(Box::new(facts)))
    }

    pub(super) fn settings(self, path: &str, text: &str) -> Self {
        let facts = parse::settings::parse(path, text, &mut Vec::new());
        self.with(path, FileKind::Settings, Body::Settings(Box::new(facts)))
    }

    pub(super) fn script(self, path: &str, text: &str) -> Self {
        self.with(path, FileKind::Script, Body::Script(parse::script::parse(text)))
    }

    /// A pipeline.
    pub(super) fn ci(self, path: &str, text: &str) -> Self {
        let steps = parse::ci::parse(path, text, &mut Vec::new());
        self.with(path, FileKind::Ci, Body::Ci(steps))
    }

    /// An SBOM, a tree, a lock file.
    pub(super) fn resolved(self, path: &str, text: &str) -> Self {
        let mut notes = Vec::new();
        let facts = parse::resolved::parse(path, text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        self.with(path, FileKind::Resolved, Body::Resolved(Box::new(facts)))
    }

    pub(super) fn objects(self, path: &str, objects: Vec<ObjectFacts>) -> Self {
        self.with(path, FileKind::Deploy, Body::Objects(objects))
    }

    pub(super) fn gradle(self, path: &str, facts: GradleFacts) -> Self {
        self.with(path, FileKind::Gradle, Body::Gradle(Box::new(facts)))
    }

    pub(super) fn other(self, path: &str, language: &str, dependencies: &[&str], runnable: bool) -> Self {
        let facts = OtherManifest {
            language: language.to_string(),
            dependencies: dependencies.iter().map(ToString::to_string).collect(),
            runnable,
            ..OtherManifest::default()
        };
        self.with(path, FileKind::OtherManifest, Body::Other(Box::new(facts)))
    }

    /// A class without anything of interest.
    pub(super) fn class(self, path: &str) -> Self {
        let mut code = Code::new("com.shop");
        code.class("Plain", &[]);
        self.with(path, FileKind::Java, Body::Code(Box::new(code.facts)))
    }

    /// A class with a `main` that calls `call` (`Type.method`), `Type` imported from `import`.
    pub(super) fn main(self, path: &str, import: &str, call: (&str, &str)) -> Self {
        let mut code = Code::new("com.shop");
        code.import(import);
        let owner = code.class("App", &[]);
        let main = code.method("main", Some(owner), CallableKind::Method);
        code.call(main, call.0, call.1);
        self.with(path, FileKind::Java, Body::Code(Box::new(code.facts)))
    }

    /// A Spring Boot application class.
    pub(super) fn spring(self, path: &str) -> Self {
        self.main(path, "org.springframework.boot.SpringApplication", ("SpringApplication", "run"))
    }

    /// A Rust file: functions with the paths that they call.
    pub(super) fn rust(self, path: &str, functions: &[(&str, &[&str])]) -> Self {
        let mut code = Code::new("");
        for (name, calls) in functions {
            let at = code.method(name, None, CallableKind::Function);
            for call in *calls {
                code.free_call(at, call);
            }
        }
        self.with(path, FileKind::Rust, Body::Code(Box::new(code.facts)))
    }

    pub(super) fn code(self, path: &str, kind: FileKind, code: Code) -> Self {
        self.with(path, kind, Body::Code(Box::new(code.facts)))
    }

    pub(super) fn unread(mut self, dir: &'static str, language: &'static str, count: u32) -> Self {
        self.unread.push((dir, language, count));
        self
    }

    pub(super) fn group(mut self) -> Found {
        self.files.sort_by(|a, b| a.0.cmp(&b.0));
        let files = self.files.iter().map(|(path, kind, _)| SourceFile {
            path: path.as_str().into(),
            kind: *kind,
            role: role_of(path),
        });
        let unread = self.unread.iter().map(|(dir, language, n)| ((*dir).into(), *language, *n)).collect();
        let workspace = Workspace { files: files.collect(), unread, ..Workspace::default() };
        let facts: Vec<FileFacts> =
            self.files.into_iter().map(|(_, _, body)| FileFacts { body, notes: Vec::new() }).collect();
        let units = group(&workspace, &facts, &self.config);
        Found { units, workspace }
    }
}

fn at(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_string() } else { format!("{dir}/{name}") }
}

/// The outcome.
pub(super) struct Found {
    pub(super) units: Units,
    pub(super) workspace: Workspace,
}

impl Found {
    pub(super) fn unit(&self, dir: &str) -> &Unit {
        self.units.all.iter().find(|u| &*u.dir == dir).unwrap_or_else(|| panic!("no unit at {dir}"))
    }

    pub(super) fn kind(&self, dir: &str) -> UnitKind {
        self.unit(dir).kind
    }

    /// `dir kind` of all units.
    pub(super) fn kinds(&self) -> Vec<String> {
        self.units.all.iter().map(|u| format!("{} {}", u.dir, u.kind.as_str())).collect()
    }

    /// `group:artifact@version` that ship.
    pub(super) fn shipped(&self, dir: &str) -> Vec<String> {
        let all = self.unit(dir).dependencies.iter().filter(|d| d.scope.ships());
        all.map(
            |d| if d.version.is_empty() { d.coordinate.to_string() } else { format!("{}@{}", d.coordinate, d.version) },
        )
        .collect()
    }

    pub(super) fn scope(&self, dir: &str, coordinate: &str) -> Option<Scope> {
        self.unit(dir).dependencies.iter().find(|d| d.coordinate.as_str() == coordinate).map(|d| d.scope)
    }

    /// The way by which a dependency arrives, and the file that names it.
    pub(super) fn way(&self, dir: &str, coordinate: &str) -> String {
        let found = self.unit(dir).dependencies.iter().find(|d| d.coordinate.as_str() == coordinate);
        let found = found.unwrap_or_else(|| panic!("{dir} has no {coordinate}"));
        let via: Vec<&str> = found.via.iter().map(|v| v.as_str()).collect();
        format!("{}: {}", self.path(found.file), via.join(" > "))
    }

    /// What the evidence of a unit says.
    pub(super) fn because(&self, dir: &str) -> Vec<&str> {
        self.unit(dir).evidence.iter().map(|e| e.what.as_str()).collect()
    }

    /// The value that holds for a key.
    pub(super) fn setting(&self, dir: &str, key: &str) -> Option<String> {
        let all = &self.unit(dir).settings;
        all.iter().find(|s| s.key.as_str() == key && s.active && !s.overridden).map(|s| s.value.clone())
    }

    pub(super) fn path(&self, file: crate::source::FileIx) -> &str {
        &self.workspace[file].path
    }
}

/// Code facts, one piece after the other.
pub(super) struct Code {
    pub(super) facts: CodeFacts,
}

impl Code {
    pub(super) fn new(package: &str) -> Self {
        Self { facts: CodeFacts { package: Name::new(package), ..CodeFacts::default() } }
    }

    pub(super) fn import(&mut self, path: &str) {
        let (path, wildcard) = path.strip_suffix(".*").map_or((path, false), |p| (p, true));
        self.facts.imports.push(Import {
            path: Name::new(path),
            alias: None,
            wildcard,
            is_static: false,
            reexport: false,
            module: Name::default(),
            span: Span::default(),
        });
    }

    pub(super) fn class(&mut self, name: &str, supers: &[&str]) -> TypeIx {
        let ty = |name: &&str| TypeRef { name: Name::new(name), args: Box::default(), dims: 0, span: Span::default() };
        self.facts.types.push(TypeDecl {
            name: Name::new(name),
            kind: TypeKind::Class,
            outer: None,
            callable: None,
            module: Name::default(),
            supers: supers.iter().map(ty).collect(),
            type_params: Vec::new(),
            constants: Vec::new(),
            mods: Mods::PUBLIC,
            span: Span::default(),
            body: Span::default(),
        });
        TypeIx(self.facts.types.len() as u32 - 1)
    }

    pub(super) fn method(&mut self, name: &str, owner: Option<TypeIx>, kind: CallableKind) -> CallableIx {
        let at = self.facts.callables.len();
        self.facts.callables.push(Callable {
            kind,
            name: Name::new(name),
            owner,
            self_type: None,
            of_trait: None,
            outer: None,
            module: Name::default(),
            params: Vec::new(),
            returns: None,
            type_params: Vec::new(),
            data_params: Vec::new(),
            mods: Mods::PUBLIC | Mods::STATIC,
            span: Span::new(at * 100, at * 100 + 5),
            body: Span::new(at * 100, at * 100 + 99),
        });
        CallableIx(at as u32)
    }

    fn expr(&mut self, kind: ExprKind, callable: CallableIx) -> ExprIx {
        self.facts.exprs.push(Expr {
            kind,
            span: Span::default(),
            at: Span::default(),
            callable,
            usage: Usage::Dropped,
        });
        ExprIx(self.facts.exprs.len() as u32 - 1)
    }

    pub(super) fn call(&mut self, callable: CallableIx, base: &str, name: &str) {
        let base = self.expr(ExprKind::Name(Name::new(base)), callable);
        self.expr(ExprKind::Call { base: Some(base), name: Name::new(name), args: Box::default() }, callable);
    }

    /// String literals, one after the other.
    pub(super) fn texts(&mut self, texts: &[&str]) {
        for text in texts {
            let at = self.expr(ExprKind::Literal(Literal::Text(Name::new(text))), CallableIx(0));
            let start = at.0 * 40 + 1000;
            self.facts.exprs[at.0 as usize].span = Span::new(start as usize, start as usize + text.len());
        }
    }

    pub(super) fn free_call(&mut self, callable: CallableIx, path: &str) {
        self.expr(ExprKind::Call { base: None, name: Name::new(path), args: Box::default() }, callable);
    }
}

/// The objects of a deployment file, which must be read without a note.
pub(super) fn deploy(path: &str, text: &str) -> Vec<ObjectFacts> {
    let mut notes = Vec::new();
    let objects = parse::deploy::parse(path, text, &mut notes);
    assert!(notes.is_empty(), "{path}: {notes:?}");
    objects
}

/// A deployment object with these entries.
pub(super) fn object(source: ObjectSource, kind: &str, name: &str, entries: &[(&str, &str)]) -> ObjectFacts {
    ObjectFacts {
        source,
        kind: Name::new(kind),
        name: name.to_string(),
        entries: entries.iter().map(|(k, v)| entry(k, v)).collect(),
        span: Span::default(),
    }
}

pub(super) fn entry(key: &str, value: &str) -> Entry {
    Entry { key: Name::new(key), value: value.to_string(), span: Span::default() }
}

pub(super) fn gradle_plugin(id: &str, scope: GradleScope) -> GradlePlugin {
    GradlePlugin { id: id.to_string(), scope, ..GradlePlugin::default() }
}

pub(super) fn gradle_module(configuration: &str, coordinate: &str, scope: GradleScope) -> GradleDependency {
    let mut parts = coordinate.split(':').map(ToString::to_string);
    let mut next = || parts.next().unwrap_or_default();
    let target = GradleTarget::Module { group: next(), artifact: next(), version: next(), platform: false };
    GradleDependency { configuration: configuration.to_string(), target, scope, ..GradleDependency::default() }
}

pub(super) fn gradle_project(configuration: &str, path: &str) -> GradleDependency {
    GradleDependency {
        configuration: configuration.to_string(),
        target: GradleTarget::Project(path.to_string()),
        ..GradleDependency::default()
    }
}

pub(super) fn gradle_file(file: GradleFile) -> GradleFacts {
    GradleFacts { file, ..GradleFacts::default() }
}
