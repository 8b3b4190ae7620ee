//! Reads Gradle builds tolerantly: scripts in Groovy and Kotlin, convention plugins, version
//! catalogs and `gradle.properties`. Nothing is evaluated: notations are recognised, variables are
//! replaced where the same file tells their value.

mod catalog;
mod context;
mod depend;
mod lexer;
mod plugins;
mod raw;
mod resolve;
mod statement;
mod syntax;
mod walk;

#[cfg(test)]
mod tests;

use crate::facts::manifest::{GradleFacts, GradleFile};
use crate::facts::{Entry, Note};

/// Reads one file of a Gradle build; which sort it is, its name tells.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> GradleFacts {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.ends_with(".properties") {
        let documents = crate::parse::properties::parse(path, text, notes);
        // Gradle would keep blanks at the end of a value, which nobody means.
        let trimmed = |entry: Entry| Entry { value: entry.value.trim_end().to_owned(), ..entry };
        let properties = documents.into_iter().flat_map(|document| document.entries).map(trimmed).collect();
        return GradleFacts { file: GradleFile::Properties, properties, ..GradleFacts::default() };
    }
    if name.ends_with(".toml") {
        return catalog::parse(text, notes);
    }
    let script = name.ends_with(".gradle") || name.ends_with(".gradle.kts");
    let file = if script && name.starts_with("settings.") { GradleFile::Settings } else { GradleFile::Build };
    let kotlin = name.ends_with(".kts") || name.ends_with(".kt");
    let mut reader = statement::Reader::new(file, script);
    walk::walk(text, kotlin, &mut reader);
    reader.finish(notes)
}
