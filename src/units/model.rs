//! The units of a workspace as plain data.

use crate::facts::Note;
use crate::facts::code::CallableIx;
use crate::source::{FileIx, RelPath};
use crate::text::{Name, Span};

/// Index of a unit in [`Units::all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIx(pub u32);

/// What a unit is. Only services and jobs are assessed; libraries pass their findings on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    Service,
    Job,
    Library,
    Frontend,
    Tool,
    Infra,
}

impl UnitKind {
    /// The kind with this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Service, Self::Job, Self::Library, Self::Frontend, Self::Tool, Self::Infra]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// As written in reports and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Job => "job",
            Self::Library => "library",
            Self::Frontend => "frontend",
            Self::Tool => "tool",
            Self::Infra => "infra",
        }
    }

    /// Services and jobs get an effort, a tier and verdicts.
    pub fn is_assessed(self) -> bool {
        matches!(self, Self::Service | Self::Job)
    }
}

/// All units of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// Sorted by directory, then name.
    pub all: Vec<Unit>,
    /// For each file of the workspace the unit that it belongs to: the nearest one above it.
    pub of_file: Vec<Option<UnitIx>>,
    /// Manifests that contradict themselves or name what is not there.
    pub notes: Vec<(FileIx, Note)>,
}

impl std::ops::Index<UnitIx> for Units {
    type Output = Unit;
    fn index(&self, ix: UnitIx) -> &Unit {
        &self.all[ix.0 as usize]
    }
}

impl Units {
    /// All units with their index.
    pub fn iter(&self) -> impl Iterator<Item = (UnitIx, &Unit)> {
        self.all.iter().enumerate().map(|(i, u)| (UnitIx(i as u32), u))
    }

    /// The unit of a file.
    pub fn of(&self, file: FileIx) -> Option<UnitIx> {
        self.of_file.get(file.0 as usize).copied().flatten()
    }
}

/// Anything with a manifest or deployment of its own.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Artifact, crate, project or directory name; unique within the workspace (the directory is added on a clash).
    pub name: String,
    /// Directory relative to the root; `.` for the root itself.
    pub dir: RelPath,
    pub kind: UnitKind,
    /// Nobody runs it for the business: a part of the build, a test of others, retired code, or a library that
    /// only such units and tests use. What is found in it is worth knowing, and no more.
    pub aside: bool,
    /// Maven packaging `pom`: what lies in its own `src/main` is compiled by nobody.
    pub groups: bool,
    /// `java`, `rust`, `kotlin`, `javascript`, `go`, `python`, …: the main source files below it, most files first.
    pub languages: Vec<&'static str>,
    /// Why it is a unit, and why of this kind.
    pub evidence: Vec<Evidence>,
    /// Its manifest.
    pub manifest: Option<FileIx>,
    /// What it gets at run time from outside the tree, direct and through parents, plugins, first-party libraries and starters.
    pub dependencies: Vec<Dependency>,
    /// First-party libraries it uses, transitively, sorted.
    pub libraries: Vec<UnitIx>,
    /// Effective settings, later ones winning already applied; sorted by key.
    pub settings: Vec<EffectiveSetting>,
    /// Its Dockerfiles.
    pub containers: Vec<FileIx>,
    /// The scripts that these start.
    pub scripts: Vec<FileIx>,
    /// Its deployment objects: file and index within the file's objects.
    pub objects: Vec<(FileIx, u32)>,
    pub runtime: Runtime,
    /// Main methods of Java that do not start the service: small programs beside it, trials of a class.
    pub side_mains: Vec<(FileIx, CallableIx)>,
    /// Main source files and their lines.
    pub files: u32,
    /// Test source files seen (by name only).
    pub test_files: u32,
}

impl Unit {
    /// Languages whose sources are read for findings.
    pub const ANALYSED: &[&str] = &["java", "rust"];

    /// Is there anything to judge it by? A unit all in other languages is found, and no more.
    pub fn is_analysed(&self) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|l| Self::ANALYSED.contains(l))
    }
}

/// Why we believe something about a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// For people: "spring-boot-maven-plugin repackages it", "main class com.x.App starts Spring".
    pub what: String,
    pub file: Option<FileIx>,
    pub span: Option<Span>,
}

/// When a dependency is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Compile,
    Runtime,
    Provided,
    Test,
    /// Maven and Cargo build-time only, optional and not turned on.
    Build,
}

impl Scope {
    /// As written in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compile => "compile",
            Self::Runtime => "runtime",
            Self::Provided => "provided",
            Self::Test => "test",
            Self::Build => "build",
        }
    }

    /// Is it on the class path, or linked, in production?
    pub fn ships(self) -> bool {
        matches!(self, Self::Compile | Self::Runtime)
    }
}

/// An effective dependency on something outside the tree.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// `group:artifact`, or `cargo:crate`.
    pub coordinate: Name,
    /// Resolved where the tree tells; else empty.
    pub version: String,
    pub scope: Scope,
    /// The manifest line where it comes from: its own, its parent's, its library's, its starter's.
    pub file: FileIx,
    pub span: Span,
    /// The way it arrives, outermost first: parent pom, library unit, starter; empty when the unit's own manifest names it.
    pub via: Vec<Name>,
    /// Named by a manifest (its own, a parent's, a library's): false when a curated table of starters brings it in.
    pub declared: bool,
    /// Only a list of resolved packages names it: an SBOM, a dependency tree, a lock file.
    pub exact: bool,
    /// Cargo features that are on.
    pub features: Vec<Name>,
}

/// A setting that holds for a unit.
#[derive(Clone, Debug)]
pub struct EffectiveSetting {
    /// Canonical key.
    pub key: Name,
    /// With placeholders replaced by their value or default where known.
    pub value: String,
    pub file: FileIx,
    pub span: Span,
    /// The profile it needs; empty when it always holds.
    pub profile: Name,
    /// Its profile is active as far as the tree tells (always true for none).
    pub active: bool,
    /// It was overridden by another one and does not count.
    pub overridden: bool,
}

/// What runs a unit.
#[derive(Clone, Debug, Default)]
pub struct Runtime {
    /// `spring-boot`, `quarkus`, `micronaut`, `dropwizard`, `vertx`, `servlet`, `axum`, `actix-web`, `lambda`, …; empty when unknown.
    pub framework: String,
    pub framework_version: String,
    /// Java feature release that it is compiled for: 8, 11, 17, 21, 25.
    pub java: Option<u16>,
    /// Java feature release of the image that runs it.
    pub image_java: Option<u16>,
    /// It already runs on Lambda (handler, function manifest).
    pub lambda: bool,
    /// The web layer: `servlet`, `reactive`, `http` (Rust and others), `none`.
    pub web: String,
}

impl Runtime {
    /// The Java release that runs it today: its image's, else the one it is compiled for. An image with an older one
    /// than the code needs is another program's.
    pub fn java_in_use(&self) -> Option<u16> {
        self.image_java.filter(|image| self.java.is_none_or(|java| *image >= java)).or(self.java)
    }
}
