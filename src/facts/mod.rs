//! Facts: language-neutral statements with a place, made by parsers and judged by nobody here.
//!
//! Plain data only: no I/O, no parser, no rule. One [`FileFacts`] per file that was read.

pub mod ci;
pub mod code;
pub mod deploy;
pub mod manifest;
pub mod resolved;
pub mod settings;

use serde::{Deserialize, Serialize};

use crate::text::{Name, Span};

pub use ci::CiStep;
pub use code::CodeFacts;
pub use deploy::{ContainerFacts, Instruction, ObjectFacts};
pub use manifest::{CargoFacts, GradleFacts, MavenFacts, OtherManifest};
pub use resolved::ResolvedFacts;
pub use settings::{Setting, SettingsFacts};

/// What one file says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileFacts {
    /// The facts, by the kind of file.
    pub body: Body,
    /// What the parser could not read; each becomes an entry of the report's `skipped` list.
    pub notes: Vec<Note>,
}

/// The facts of one kind of file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub enum Body {
    /// Nothing was read: an unknown kind, or a file that could not be parsed at all.
    #[default]
    None,
    /// Java or Rust source.
    Code(Box<CodeFacts>),
    /// A `pom.xml`.
    Maven(Box<MavenFacts>),
    /// `build.gradle(.kts)`, `settings.gradle(.kts)`, a version catalog, `gradle.properties`.
    Gradle(Box<GradleFacts>),
    /// A `Cargo.toml`.
    Cargo(Box<CargoFacts>),
    /// A manifest of a language that is not analysed yet (`package.json`, `go.mod`, …).
    Other(Box<OtherManifest>),
    /// An SBOM, a dependency tree, a lock file.
    Resolved(Box<ResolvedFacts>),
    /// A pipeline of continuous integration.
    Ci(Vec<CiStep>),
    /// Classes that the container loads by name.
    Registrations(Vec<Registration>),
    /// Application settings: YAML, properties, logging configuration.
    Settings(Box<SettingsFacts>),
    /// A Dockerfile.
    Container(Box<ContainerFacts>),
    /// Kubernetes objects, Helm templates, compose services, skaffold and serverless files.
    Objects(Vec<ObjectFacts>),
    /// A shell script: what it exports, and how it starts Java.
    Script(Vec<Instruction>),
}

/// Something in a file that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Where, when known.
    pub span: Option<Span>,
    /// What, for people: "not well-formed XML: …".
    pub reason: String,
}

impl Note {
    /// A note on the file as a whole.
    pub fn whole(reason: impl Into<String>) -> Self {
        Self { span: None, reason: reason.into() }
    }

    /// A note on a place.
    pub fn at(span: Span, reason: impl Into<String>) -> Self {
        Self { span: Some(span), reason: reason.into() }
    }
}

/// A class that a file of `META-INF` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// What it is registered as: `org.springframework.boot.autoconfigure.EnableAutoConfiguration`.
    pub by: Name,
    /// Fully qualified, nested classes with a point.
    pub class: Name,
    pub span: Span,
}

/// A key and its value with their place: the smallest fact of any keyed format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Dotted path: `spec.template.spec.containers[0].image`.
    pub key: Name,
    /// The scalar as written, unquoted; empty for a key without a value.
    pub value: String,
    /// The line that sets it (key and value).
    pub span: Span,
}
