//! Facts of files in which a tool wrote down what it resolved: SBOMs, dependency trees, lock files.

use serde::{Deserialize, Serialize};

/// What wrote the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResolvedBy {
    /// CycloneDX JSON.
    #[default]
    CycloneDx,
    /// SPDX 2 JSON.
    Spdx,
    /// Output of `mvn dependency:tree`, text or JSON.
    MavenTree,
    /// `gradle.lockfile`: a list without paths, of the project that it lies in.
    GradleLock,
    /// `Cargo.lock`: all members of a workspace, every feature and platform.
    CargoLock,
}

impl ResolvedBy {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CycloneDx => "CycloneDX",
            Self::Spdx => "SPDX",
            Self::MavenTree => "mvn dependency:tree",
            Self::GradleLock => "Gradle lock file",
            Self::CargoLock => "Cargo lock file",
        }
    }
}

/// Packages and which of them needs which.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ResolvedFacts {
    pub by: ResolvedBy,
    pub packages: Vec<ResolvedPackage>,
    /// It tells who needs whom; else everything belongs to the roots.
    pub has_edges: bool,
}

/// One package.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ResolvedPackage {
    /// Empty where the file does not tell; `cargo` for crates.
    pub group: String,
    pub artifact: String,
    pub version: String,
    pub presence: Presence,
    /// Indices of what it needs.
    pub needs: Vec<u32>,
    /// The file speaks of it, or it is made here: it may be a unit of the tree.
    pub root: bool,
}

/// Whether a package is there in production.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Presence {
    #[default]
    Ships,
    /// To compile against: the container or the JDK has it at run time.
    Provided,
    Test,
}
