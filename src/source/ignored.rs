//! What version control and the user leave out.

use std::path::Path;
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Names of the files that hold ignore patterns; the later one wins.
pub(super) const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// An ignore file larger than this is no ignore file.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// The ignore files that hold in one directory, nearest first.
#[derive(Clone, Default)]
pub(super) struct Ignores(Option<Arc<Link>>);

struct Link {
    matcher: Gitignore,
    outer: Ignores,
}

impl Ignores {
    /// The ignore files above `root`, up to the repository that it lies in; none outside a repository.
    pub(super) fn above(root: &Path) -> Self {
        let Some(repository) = root.ancestors().find(|dir| dir.join(".git").exists()) else {
            return Self::default();
        };
        let mut ignores = Self::default().with(repository, &[".git/info/exclude"]);
        let between: Vec<&Path> = root.ancestors().skip(1).take_while(|dir| dir.starts_with(repository)).collect();
        for dir in between.into_iter().rev() {
            ignores = ignores.with(dir, &IGNORE_FILES);
        }
        ignores
    }

    /// These, and nearer ones from the named files of `dir`.
    pub(super) fn with(self, dir: &Path, files: &[&str]) -> Self {
        let mut builder = GitignoreBuilder::new(dir);
        for file in files {
            let path = dir.join(file);
            // Asked before opening: a pipe would wait for ever.
            if path.symlink_metadata().is_ok_and(|m| m.is_file() && m.len() <= MAX_IGNORE_FILE) {
                // A pattern that is not understood is left out; the rest of the file counts.
                let _partial = builder.add(&path);
            }
        }
        match builder.build() {
            Ok(matcher) if !matcher.is_empty() => Self(Some(Arc::new(Link { matcher, outer: self }))),
            _ => self,
        }
    }

    /// Nothing is left out.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Is this file or directory left out? Its parents must have been asked before.
    pub(super) fn hide(&self, path: &Path, is_dir: bool) -> bool {
        let mut ignores = self;
        while let Some(link) = &ignores.0 {
            match link.matcher.matched(path, is_dir) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => ignores = &link.outer,
            }
        }
        false
    }
}

/// The user's globs, over paths relative to the root.
///
/// # Errors
/// Names the glob that is not well formed.
pub(super) fn exclusions(globs: &[String]) -> std::io::Result<GlobSet> {
    let invalid = |e: globset::Error| std::io::Error::new(std::io::ErrorKind::InvalidInput, format!("exclude: {e}"));
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = glob.trim_start_matches("./").trim_end_matches('/');
        let anywhere = if glob.contains('/') { glob.to_owned() } else { format!("**/{glob}") };
        set.add(Glob::new(&anywhere).map_err(invalid)?);
        set.add(Glob::new(&format!("{anywhere}/**")).map_err(invalid)?);
    }
    set.build().map_err(invalid)
}
