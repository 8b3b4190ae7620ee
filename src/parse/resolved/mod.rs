//! What a tool has resolved: SBOMs, `mvn dependency:tree`, lock files of Gradle and Cargo.

mod cargo_lock;
mod cyclonedx;
mod gradle_lock;
mod maven_tree;
mod purl;
mod spdx;
#[cfg(test)]
mod tests;

use crate::facts::{Note, ResolvedFacts};

/// Reads such a file. Its name only suggests what it is: other content gives no packages.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> ResolvedFacts {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    if name == "cargo.lock" {
        return cargo_lock::parse(text);
    }
    if name.ends_with(".lockfile") {
        return gradle_lock::parse(text);
    }
    if !name.ends_with(".json") {
        return maven_tree::parse_text(text);
    }
    let start = text.trim_start();
    if !start.starts_with('{') {
        return ResolvedFacts::default();
    }
    let read = if text.contains("\"bomFormat\"") {
        cyclonedx::parse(text)
    } else if text.contains("\"spdxVersion\"") {
        spdx::parse(text)
    } else if text.contains("\"artifactId\"") {
        maven_tree::parse_json(text)
    } else {
        return ResolvedFacts::default();
    };
    read.unwrap_or_else(|error| {
        notes.push(Note::whole(format!("the list of dependencies is not well formed: {error}")));
        ResolvedFacts::default()
    })
}
