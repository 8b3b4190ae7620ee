//! The rule set: the built-in rules, and those of the user on top.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::Value;
use walkdir::WalkDir;

use super::check::{Defaults, Problem, RuleFile, check_defaults, check_rule, check_together, closest, read_yaml};
use super::embedded::{self, Catalog, Rules, filled_in, plain_rules};
use super::model::{Rule, Severity};

/// Why rules could not be loaded; the text is for people and shows each place.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// Files that break the schema or a check.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
    /// A directory that was named but is none.
    #[error("{path} is not a directory with rules")]
    NoDirectory {
        /// As named.
        path: String,
    },
    /// Data that the user's configuration changes into something that does not fit.
    #[error("{reason}")]
    Override {
        /// Why.
        reason: String,
    },
    /// Data embedded by the build that does not fit its reader.
    #[error("the built-in {what} cannot be read: {reason}")]
    Embedded {
        /// Which.
        what: String,
        /// Why.
        reason: String,
    },
}

fn list(problems: &[Problem]) -> String {
    let all: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let count = match problems.len() {
        1 => "1 problem in the rules".to_owned(),
        n => format!("{n} problems in the rules"),
    };
    format!("{count}\n\n{}", all.join("\n\n"))
}

/// Rules with all targets filled in, and the data that goes with them.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Sorted by id.
    pub rules: Rules,
    catalog: Catalog,
    /// Fixtures of the user's own rules, by id.
    examples: BTreeMap<String, String>,
    /// For people: which rules of the user replace built-in ones.
    pub notes: Vec<String>,
}

impl RuleSet {
    /// The rules that come with the program.
    ///
    /// # Errors
    /// When the program was built wrongly.
    pub fn builtin() -> Result<Self, RuleError> {
        Self::load(&[])
    }

    /// No rules at all: for what needs the units only.
    ///
    /// # Errors
    /// When the program was built wrongly.
    pub fn empty() -> Result<Self, RuleError> {
        Ok(Self::assemble(Vec::new().into(), Catalog::default(), BTreeMap::new(), Vec::new()))
    }

    /// The built-in rules with those of the user's directories on top: a rule of the same id
    /// replaces the built-in one, and `catalog/<name>.yaml` replaces the built-in data of that name.
    ///
    /// # Errors
    /// All problems of all files at once.
    pub fn load(dirs: &[PathBuf]) -> Result<Self, RuleError> {
        let mut catalog = Catalog::default();
        if dirs.is_empty() {
            // The build has checked these, one by one and together.
            return Ok(Self::assemble(Rules::builtin(), catalog, BTreeMap::new(), Vec::new()));
        }
        let mut notes = Vec::new();
        let mut files: BTreeMap<String, RuleFile> = plain_rules(&catalog)?
            .into_iter()
            .map(|rule| {
                let file = RuleFile {
                    path: format!("built-in rule {}", rule.id),
                    stem: rule.id.clone(),
                    folder: None,
                    text: String::new(),
                    rule,
                };
                (file.stem.clone(), file)
            })
            .collect();
        let mut read = UserFiles::default();
        for dir in dirs {
            read.directory(dir)?;
        }
        let mut problems = read.problems;
        for file in read.rules {
            problems.extend(check_rule(&file));
            let path = file.path.clone();
            if let Some(old) = files.insert(file.rule.id.clone(), file) {
                notes.push(format!("{path} replaces {}", old.path));
            }
        }
        for (name, path, value) in read.catalog {
            notes.push(format!("{path} replaces the built-in data '{name}'"));
            catalog.replace(name, value);
        }
        let mut files: Vec<RuleFile> = files.into_values().collect();
        // The user's last, so that a clash is told of the file that can be changed.
        files.sort_by_key(|file| !file.text.is_empty());
        problems.extend(check_together(&files));
        if !problems.is_empty() {
            problems.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
            problems.dedup();
            return Err(RuleError::Invalid(problems));
        }
        let rules = filled_in(files.into_iter().map(|file| file.rule).collect(), &catalog)?;
        Ok(Self::assemble(rules.into(), catalog, read.examples, notes))
    }

    fn assemble(rules: Rules, catalog: Catalog, examples: BTreeMap<String, String>, notes: Vec<String>) -> Self {
        Self { rules, catalog, examples, notes }
    }

    /// The rule of this id or alias, and its index in `rules`.
    pub fn find(&self, name: &str) -> Option<(usize, &Rule)> {
        let ix = *self.rules.names().get(name)?;
        Some((ix, self.rules.get(ix)?))
    }

    /// All that is other than in the rules that come with the program, to be printed.
    pub fn own(&self) -> impl Debug {
        let list = (!self.rules.is_builtin()).then_some(&*self.rules);
        (list, self.catalog.own())
    }

    /// The id or alias that `name` is most likely a misspelling of.
    pub fn suggest(&self, name: &str) -> Option<&str> {
        let names: Vec<&str> = self.rules.names().keys().map(String::as_str).collect();
        let within = || names.iter().copied().find(|known| name.len() > 3 && known.contains(name));
        closest(name, &names).or_else(within)
    }

    /// The data of `rules/catalog/<name>.yaml`.
    ///
    /// # Errors
    /// When there is none of that name, or it does not fit `T`.
    pub fn catalog<T: DeserializeOwned>(&self, name: &str) -> Result<T, RuleError> {
        self.catalog.read(name)
    }

    /// The data of `rules/catalog/<name>.yaml` with parts of it replaced, at any depth.
    ///
    /// # Errors
    /// When there is none of that name, or the outcome does not fit `T`.
    pub fn catalog_with<T: DeserializeOwned>(&self, name: &str, over: &Value) -> Result<T, RuleError> {
        let mut value = self.catalog::<Value>(name)?;
        merge(&mut value, over);
        let fail = |error: serde_json::Error| RuleError::Override { reason: error.to_string() };
        T::deserialize(value).map_err(fail)
    }

    /// Gives a rule another severity. Its adjustments to context may lower it further, never raise it.
    pub fn set_severity(&mut self, ix: usize, severity: Severity) {
        self.rules.change(|rules| {
            let Some(rule) = rules.get_mut(ix) else { return };
            rule.severity = severity;
            for adjusted in rule.adjust.iter_mut().filter_map(|adjust| adjust.severity.as_mut()) {
                *adjusted = severity.min(*adjusted);
            }
        });
    }

    /// The fixture of a rule: literate Markdown.
    pub fn example(&self, id: &str) -> Option<String> {
        if let Some(own) = self.examples.get(id) {
            return Some(own.clone());
        }
        embedded::example(id)
    }

    /// The same rules with boosters reported like findings, so that fixtures can expect them.
    pub fn for_fixtures(&self) -> Self {
        let mut out = self.clone();
        out.rules.change(|rules| rules.iter_mut().for_each(|rule| rule.booster = false));
        out
    }
}

/// Puts `over` into `value`: objects key by key, anything else as a whole. The nesting of `over` is
/// bounded by the reader of the configuration.
fn merge(value: &mut Value, over: &Value) {
    match (value, over) {
        (Value::Object(map), Value::Object(over)) => {
            for (key, new) in over {
                merge(map.entry(key.clone()).or_insert(Value::Null), new);
            }
        }
        (value, over) => *value = over.clone(),
    }
}

/// What was read from the user's directories.
#[derive(Default)]
struct UserFiles {
    rules: Vec<RuleFile>,
    /// Name, path, content.
    catalog: Vec<(String, String, Value)>,
    examples: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl UserFiles {
    fn directory(&mut self, dir: &Path) -> Result<(), RuleError> {
        if !dir.is_dir() {
            return Err(RuleError::NoDirectory { path: shown(dir) });
        }
        for entry in WalkDir::new(dir).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_file() => self.file(dir, entry.path()),
                Ok(_) => {}
                Err(error) => self.problems.push(Problem::whole(&shown(dir), error.to_string())),
            }
        }
        for (id, path) in super::fixture::find_files(dir) {
            match std::fs::read_to_string(&path) {
                Ok(text) => _ = self.examples.insert(id, text),
                Err(error) => self.problems.push(Problem::whole(&shown(&path), error.to_string())),
            }
        }
        Ok(())
    }

    fn file(&mut self, dir: &Path, path: &Path) {
        if !path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            return;
        }
        let name = shown(path);
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().filter(|parent| *parent != dir).and_then(Path::file_name);
        let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return self.problems.push(Problem::whole(&name, error.to_string())),
        };
        if path.strip_prefix(dir).is_ok_and(|inner| inner.starts_with("catalog")) {
            match read_yaml(&name, &text) {
                Ok(value) => self.data(stem, name, &text, value),
                Err(problem) => self.problems.push(problem),
            }
            return;
        }
        match read_yaml(&name, &text) {
            Ok(rule) => self.rules.push(RuleFile { path: name, stem, folder, text, rule }),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn data(&mut self, stem: String, path: String, text: &str, value: Value) {
        if stem == "targets" {
            match read_yaml::<Defaults>(&path, text) {
                Ok(defaults) => self.problems.extend(check_defaults(&path, &defaults)),
                Err(problem) => self.problems.push(problem),
            }
        }
        self.catalog.push((stem, path, value));
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests;
