//! Paths as the readers of a whole repository see them.

use super::options::Options;

/// The path from the repository's root.
pub(super) fn from_repository(path: &str, options: &Options) -> String {
    match options.prefix.trim_matches('/') {
        "" => path.to_owned(),
        prefix => format!("{prefix}/{path}"),
    }
}
