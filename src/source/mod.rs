//! Finding and classifying files: the only place that touches the scanned directories.

mod file;
mod ignored;
mod kind;
mod role;
mod walk;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use file::{Decoded, read};
pub use kind::{FileKind, classify, is_environment};
pub use role::{Role, is_template, is_test_folder, role_of};
pub use walk::{WalkOptions, walk};

/// Index of a file in [`Workspace::files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileIx(pub u32);

/// A path relative to the workspace root, with `/` on every system.
pub type RelPath = Arc<str>;

/// A file that the scan may read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative path with `/`.
    pub path: RelPath,
    pub kind: FileKind,
    pub role: Role,
}

/// The tree under scan: what is there, before anything is read.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Absolute path of the root.
    pub root: PathBuf,
    /// Files of a kind that is read, sorted by path.
    pub files: Vec<SourceFile>,
    /// Directories and files that exist but could not be listed, or were left out for cause.
    pub skipped: Vec<Skipped>,
    /// How many main source files of languages that are not analysed lie in each directory: `(dir, language, count)`, sorted.
    pub unread: Vec<(RelPath, &'static str, u32)>,
    /// How many test source files lie in each directory, by name alone, in the list or not: `(dir, count)`, sorted.
    pub tests: Vec<(RelPath, u32)>,
}

impl std::ops::Index<FileIx> for Workspace {
    type Output = SourceFile;
    fn index(&self, ix: FileIx) -> &SourceFile {
        &self.files[ix.0 as usize]
    }
}

/// Something that was not looked at, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// Relative path with `/`.
    pub path: String,
    /// For people.
    pub reason: String,
}
