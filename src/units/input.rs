//! What grouping reads, and the units while they are being made.

use rustc_hash::FxHashMap;

use super::model::{Evidence, UnitKind};
use super::paths;
use crate::facts::{Body, CargoFacts, CodeFacts, FileFacts, MavenFacts, OtherManifest};
use crate::source::{FileIx, SourceFile, Workspace};
use crate::text::Span;

/// The workspace and the facts of its files.
pub(super) struct Input<'a> {
    pub(super) workspace: &'a Workspace,
    facts: &'a [FileFacts],
    by_path: FxHashMap<&'a str, FileIx>,
}

impl<'a> Input<'a> {
    pub(super) fn new(workspace: &'a Workspace, facts: &'a [FileFacts]) -> Self {
        let by_path = workspace.files.iter().zip(0u32..).map(|(file, i)| (&*file.path, FileIx(i))).collect();
        Self { workspace, facts, by_path }
    }

    /// All files in path order.
    pub(super) fn files(&self) -> impl Iterator<Item = (FileIx, &'a SourceFile, &'a Body)> {
        self.workspace.files.iter().zip(self.facts).zip(0u32..).map(|((file, facts), i)| (FileIx(i), file, &facts.body))
    }

    /// The file with exactly this path.
    pub(super) fn find(&self, path: &str) -> Option<FileIx> {
        self.by_path.get(path).copied()
    }

    pub(super) fn path(&self, file: FileIx) -> &'a str {
        &self.workspace.files[file.0 as usize].path
    }

    /// The directory of a file.
    pub(super) fn dir(&self, file: FileIx) -> &'a str {
        paths::parent(self.path(file))
    }

    pub(super) fn body(&self, file: FileIx) -> Option<&'a Body> {
        self.facts.get(file.0 as usize).map(|f| &f.body)
    }

    pub(super) fn maven(&self, file: FileIx) -> Option<&'a MavenFacts> {
        match self.body(file) {
            Some(Body::Maven(pom)) => Some(pom),
            _ => None,
        }
    }

    pub(super) fn cargo(&self, file: FileIx) -> Option<&'a CargoFacts> {
        match self.body(file) {
            Some(Body::Cargo(cargo)) => Some(cargo),
            _ => None,
        }
    }

    pub(super) fn other(&self, file: FileIx) -> Option<&'a OtherManifest> {
        match self.body(file) {
            Some(Body::Other(other)) => Some(other),
            _ => None,
        }
    }

    pub(super) fn code(&self, file: FileIx) -> Option<&'a CodeFacts> {
        match self.body(file) {
            Some(Body::Code(code)) => Some(code),
            _ => None,
        }
    }
}

/// What builds a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Build {
    Maven(FileIx),
    /// Index of the project in [`super::gradle::Gradle`].
    Gradle(usize),
    Cargo(FileIx),
    Other(FileIx),
    /// A Dockerfile or a deployment object alone.
    #[default]
    None,
}

/// A unit in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The root is empty.
    pub(super) dir: String,
    pub(super) name: String,
    pub(super) build: Build,
    pub(super) manifest: Option<FileIx>,
    pub(super) kind: Option<UnitKind>,
    pub(super) evidence: Vec<Evidence>,
    /// Manifests of languages that are not analysed, in the same directory.
    pub(super) others: Vec<FileIx>,
    pub(super) containers: Vec<FileIx>,
    pub(super) objects: Vec<(FileIx, u32)>,
    /// Main source files by language, most files first, then by name.
    pub(super) languages: Vec<(&'static str, u32)>,
    pub(super) files: u32,
    pub(super) test_files: u32,
    /// It only groups modules (Maven packaging `pom`): what lies loose in it is built by nobody.
    pub(super) groups: bool,
    /// Maven packaging `pom` without modules: it packs what others build, or is a parent.
    pub(super) packs: bool,
    /// The directory of the module whose image it packs, which is that module's.
    pub(super) packs_for: Option<String>,
}

impl Draft {
    /// Has it a program in any language?
    pub(super) fn has_sources(&self) -> bool {
        !self.groups && !self.languages.is_empty()
    }

    /// Has it a program that is read?
    pub(super) fn has_analysed_sources(&self) -> bool {
        self.languages.iter().any(|(language, _)| super::Unit::ANALYSED.contains(language))
    }

    /// Adds evidence at a place.
    pub(super) fn because(&mut self, what: impl Into<String>, file: Option<FileIx>, span: Option<Span>) {
        let evidence = Evidence { what: what.into(), file, span };
        if !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
    }
}

/// An external dependency while it travels from where it is named to whom it reaches.
#[derive(Clone, Debug)]
pub(super) struct External {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    pub(super) scope: super::Scope,
    pub(super) optional: bool,
    pub(super) file: FileIx,
    pub(super) span: Span,
    pub(super) via: Vec<crate::text::Name>,
    pub(super) exclusions: Vec<(String, String)>,
    pub(super) features: Vec<crate::text::Name>,
}

/// A dependency on another unit.
#[derive(Clone, Debug)]
pub(super) struct Internal {
    /// Index of the draft.
    pub(super) unit: usize,
    pub(super) scope: super::Scope,
    pub(super) optional: bool,
    pub(super) exclusions: Vec<(String, String)>,
    /// Cargo: what the dependent asks for.
    pub(super) features: Vec<String>,
    pub(super) default_features: bool,
}

/// What a unit's own manifests name, parents and convention plugins included.
#[derive(Clone, Debug, Default)]
pub(super) struct Declared {
    pub(super) externals: Vec<External>,
    pub(super) internals: Vec<Internal>,
    /// Dropped everywhere below (Gradle's `configurations.all { exclude … }`).
    pub(super) exclusions: Vec<(String, String)>,
}
