//! Checks of rule files beyond their schema, and how problems are shown to people. Shared by
//! `build.rs` (the built-in rules) and [`super::load`] (the user's own); needs only std, serde
//! and the YAML reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::check_parts::check_parts;
use super::model::{Category, Fit, Rule, Target};

/// Conditions within conditions, as deep as anybody can read.
const MAX_DEPTH: usize = 40;

/// Fit by category and target: `rules/catalog/targets.yaml`.
pub type Defaults = BTreeMap<Category, BTreeMap<Target, Fit>>;

/// Something wrong in a file, and where. Its `Display` shows the line with a caret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// As people can open it.
    pub path: String,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// How many characters are meant.
    pub width: usize,
    /// The text of the line.
    pub source: String,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Problem {
    /// A problem with a file as a whole.
    pub fn whole(path: &str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into(), ..Self::default() }
    }

    /// A problem at a line and column.
    pub fn at(path: &str, text: &str, line: usize, column: usize, message: impl Into<String>) -> Self {
        let source = text.lines().nth(line.saturating_sub(1)).unwrap_or("").to_owned();
        let word = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '*');
        let width = source.chars().skip(column.saturating_sub(1)).take_while(word).count().max(1);
        Self { path: path.to_owned(), line, column, width, source, message: message.into(), help: String::new() }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clean = |text: &str| text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
        let (path, message, source): (String, String, String) =
            (clean(&self.path), clean(&self.message), clean(&self.source));
        if self.line == 0 {
            write!(f, "{path}: {message}")?;
        } else {
            let margin = " ".repeat(self.line.to_string().len());
            let indent = " ".repeat(self.column.saturating_sub(1));
            let carets = "^".repeat(self.width.max(1));
            write!(f, "{path}:{}:{}: {message}\n{margin} |\n{} | {source}", self.line, self.column, self.line)?;
            write!(f, "\n{margin} | {indent}{carets}")?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  = help: {}", self.help)?;
        }
        Ok(())
    }
}

/// A rule with the file it came from.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// As people can open it.
    pub path: String,
    /// Name of the file without ending.
    pub stem: String,
    /// Name of the folder; none when it lies at the top of a user's rule directory.
    pub folder: Option<String>,
    pub text: String,
    pub rule: Rule,
}

impl RuleFile {
    /// A problem at `needle` below the top-level `key`; at the key, or the first line, when it is not to be found.
    pub fn problem(&self, key: &str, needle: &str, message: impl Into<String>) -> Problem {
        if self.text.is_empty() {
            return Problem::whole(&self.path, message);
        }
        let (line, column) = locate(&self.text, key, needle);
        let mut problem = Problem::at(&self.path, &self.text, line, column, message);
        if !needle.is_empty() && problem.source.chars().skip(column - 1).collect::<String>().starts_with(needle) {
            problem.width = needle.chars().count();
        }
        problem
    }
}

/// Reads YAML into any schema; a problem says where it does not fit.
///
/// # Errors
/// When the text is no YAML or does not fit the schema.
pub fn read_yaml<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, Problem> {
    let mut options = serde_saphyr::Options::default();
    options.with_snippet = false;
    // `on` is a key of conditions, not a yes.
    options.strict_booleans = true;
    if let Some(budget) = options.budget.as_mut() {
        budget.max_depth = MAX_DEPTH;
    }
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let error = error.without_snippet();
        let message = serde_saphyr::Error::to_string(error);
        let Some(place) = error.location().filter(|place| place.line() > 0) else {
            return Problem::whole(path, message);
        };
        let (line, column) = (to_usize(place.line()), to_usize(place.column()));
        // The reader ends its message with the place, which already stands before it.
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        Problem::at(path, text, line, column.max(1), message)
    })
}

fn to_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Checks one rule by itself.
pub fn check_rule(file: &RuleFile) -> Vec<Problem> {
    let rule = &file.rule;
    let mut out = Vec::new();
    if rule.id != file.stem {
        let message = format!("the id '{}' is not the name of the file, '{}'", rule.id, file.stem);
        out.push(file.problem("id", &rule.id, message));
    }
    for id in std::iter::once(&rule.id).chain(&rule.aliases) {
        if !is_kebab(id) {
            let key = if *id == rule.id { "id" } else { "aliases" };
            out.push(
                file.problem(key, id, format!("'{id}' is not kebab-case"))
                    .help("small letters and digits, words joined by single '-'"),
            );
        }
    }
    if let Some(folder) = &file.folder
        && folder != rule.category.as_str()
    {
        let message = format!("the category '{}' is not the folder, '{folder}'", rule.category);
        out.push(file.problem("category", rule.category.as_str(), message));
    }
    for (key, text) in [("title", &rule.title), ("why", &rule.why), ("fix", &rule.fix)] {
        if text.trim().is_empty() {
            out.push(file.problem(key, "", format!("'{key}' is empty")));
        }
    }
    if rule.title.contains('\n') || rule.title.trim_end().ends_with('.') {
        out.push(file.problem("title", "", "a title is one line without a full stop"));
    }
    for link in &rule.links {
        if !link.starts_with("https://") && !link.starts_with("http://") {
            out.push(file.problem("links", link, "a link begins with https://"));
        }
    }
    check_effort(file, &mut out);
    check_parts(file, &mut out);
    out
}

fn check_effort(file: &RuleFile, out: &mut Vec<Problem>) {
    let effort = &file.rule.effort;
    for (key, value) in [("first", effort.first), ("each", effort.each), ("cap", effort.cap)] {
        if !value.is_finite() || !(0.0..=250.0).contains(&value) {
            out.push(file.problem("effort", key, format!("'{key}' is {value}: person-days lie between 0 and 250")));
        }
    }
    if effort.first > effort.cap {
        let message = format!("'first' ({}) is above 'cap' ({})", effort.first, effort.cap);
        out.push(file.problem("effort", "first", message));
    }
}

/// Checks rules against each other: one name, one rule; `over` names rules that exist.
pub fn check_together(files: &[RuleFile]) -> Vec<Problem> {
    let mut out = Vec::new();
    let mut names: BTreeMap<&str, &RuleFile> = BTreeMap::new();
    for file in files {
        for name in std::iter::once(&file.rule.id).chain(&file.rule.aliases) {
            if let Some(other) = names.insert(name, file) {
                let key = if *name == file.rule.id { "id" } else { "aliases" };
                out.push(file.problem(key, name, format!("'{name}' is already the name of {}", other.path)));
            }
        }
    }
    for file in files {
        for over in &file.rule.over {
            let message = match names.get(over.as_str()) {
                None => format!("'over' names '{over}', which is no rule"),
                Some(other) if other.rule.id == file.rule.id => "a rule cannot stand over itself".to_owned(),
                Some(_) => continue,
            };
            let ids: Vec<&str> = names.keys().copied().collect();
            let help = closest(over, &ids).map(|id| format!("did you mean '{id}'?")).unwrap_or_default();
            out.push(file.problem("over", over, message).help(help));
        }
    }
    out
}

/// Every category has a fit for every target.
pub fn check_defaults(path: &str, defaults: &Defaults) -> Vec<Problem> {
    let mut out = Vec::new();
    for category in Category::ALL {
        let given: BTreeSet<Target> =
            defaults.get(category).map(|row| row.keys().copied().collect()).unwrap_or_default();
        let missing: Vec<&str> = Target::ALL.iter().filter(|t| !given.contains(t)).map(|t| t.as_str()).collect();
        if !missing.is_empty() {
            out.push(Problem::whole(path, format!("category '{category}' lacks: {}", missing.join(", "))));
        }
    }
    out
}

fn is_kebab(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

/// Line and column of `needle` below the top-level `key`.
fn locate(text: &str, key: &str, needle: &str) -> (usize, usize) {
    let is_key = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let Some(start) = text.lines().position(is_key) else {
        return (1, 1);
    };
    if needle.is_empty() {
        return (start + 1, 1);
    }
    for (at, line) in text.lines().enumerate().skip(start) {
        let from = if at == start { key.len() } else { 0 };
        if at > start && line.starts_with(|c: char| c.is_alphabetic()) {
            break;
        }
        if let Some(found) = line.get(from..).and_then(|rest| rest.find(needle)) {
            return (at + 1, line[..from + found].chars().count() + 1);
        }
    }
    (start + 1, 1)
}

/// The candidate that `word` is most likely a misspelling of.
pub fn closest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let best = candidates.iter().map(|one| (distance(word, one), *one)).min()?;
    (best.0 <= word.chars().count().max(3) / 3).then_some(best.1)
}

/// How many letters must be changed, added or dropped.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

// The path is given because `build.rs` includes this file too, and a formatter follows it there.
#[cfg(test)]
#[path = "check/tests.rs"]
mod tests;
