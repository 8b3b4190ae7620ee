//! Reading and checking `faasible.toml`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use globset::Glob;

use super::{Config, Problem, Suppress};

/// What the file is called at the root of a workspace.
pub const NAME: &str = "faasible.toml";

/// Larger ones are something else.
const MAX_BYTES: u64 = 1 << 20;

/// A configuration with the file it was read from.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub config: Config,
    /// None when there is no file.
    pub path: Option<PathBuf>,
    shown: String,
    text: String,
}

impl File {
    /// Reads the file that was named, or else `faasible.toml` at the root, or else nothing.
    ///
    /// # Errors
    /// When a file that was named is not there, or what it says is not understood.
    pub fn find(root: &Path, named: Option<&Path>) -> Result<Self, Problem> {
        let path = named.map_or_else(|| root.join(NAME), Path::to_owned);
        // Nothing outside the tree is read unless the user names it: a link is left alone.
        if named.is_none() && !path.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
            return Ok(Self::default());
        }
        let shown = path.to_string_lossy().replace('\\', "/");
        let shown = shown.strip_prefix("./").unwrap_or(&shown).to_owned();
        if path.metadata().is_ok_and(|meta| meta.len() > MAX_BYTES) {
            return Err(Problem::whole(&shown, "larger than 1 MiB"));
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Problem::whole(&shown, format!("cannot be read: {error}")))?;
        let mut file = Self::parse(&shown, &text)?;
        file.path = Some(path);
        Ok(file)
    }

    /// Reads the text of a configuration; `shown` is what its file is called in errors.
    ///
    /// # Errors
    /// When it is no TOML, does not fit the schema, or a value makes no sense.
    pub fn parse(shown: &str, text: &str) -> Result<Self, Problem> {
        let config: Config = toml::from_str(text).map_err(|error| match error.span() {
            Some(span) => Problem::at(shown, text, span, error.message()),
            None => Problem::whole(shown, error.message()),
        })?;
        let file = Self { config, path: None, shown: shown.to_owned(), text: text.to_owned() };
        file.check()?;
        Ok(file)
    }

    /// A problem with a part of this file.
    pub fn problem(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        Problem::at(&self.shown, &self.text, span, message)
    }

    /// A problem with a table, told at its header and, when the message names a key, at the key.
    pub fn problem_in(&self, table: &str, message: &str) -> Problem {
        let headers = [format!("[{table}"), format!("{table} ="), format!("{table}.")];
        let key = message.split('`').nth(1).unwrap_or(table);
        let mut offset = 0;
        let mut inside = None;
        for line in self.text.split_inclusive('\n') {
            let bare = line.trim_start();
            let start = offset + line.len() - bare.len();
            if headers.iter().any(|header| bare.starts_with(header.as_str())) {
                inside = inside.or(Some(start..start + bare.trim_end().len()));
            }
            if inside.is_some()
                && let Some(at) = line.find(key)
                && (key != table || inside.is_none())
            {
                return self.problem(offset + at..offset + at + key.len(), message);
            }
            offset += line.len();
        }
        inside.map_or_else(|| Problem::whole(&self.shown, message), |span| self.problem(span, message))
    }

    /// Every rule that is named must be known.
    ///
    /// # Errors
    /// Names the first that is not; `suggest` may know what was meant.
    pub fn check_rules(
        &self,
        known: impl Fn(&str) -> bool,
        suggest: impl Fn(&str) -> Option<String>,
    ) -> Result<(), Problem> {
        let suppressed = self.config.suppress.iter().map(|entry| &entry.rule).filter(|rule| *rule.get_ref() != "*");
        for name in self.config.rules.keys().chain(suppressed) {
            if !known(name.get_ref()) {
                let hint = suggest(name.get_ref()).map(|id| format!(": did you mean '{id}'?")).unwrap_or_default();
                return Err(self.problem(name.span(), format!("there is no rule '{}'{hint}", name.get_ref())));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Problem> {
        let config = &self.config;
        for glob in config.scan.exclude.iter().chain(config.suppress.iter().map(|entry| &entry.path)) {
            if let Err(error) = Glob::new(glob.get_ref()) {
                return Err(self.problem(glob.span(), format!("not a glob: {}", error.kind())));
            }
        }
        if let Some(Suppress { reason, .. }) = config.suppress.iter().find(|e| e.reason.get_ref().trim().is_empty()) {
            return Err(self.problem(reason.span(), "say why it is suppressed"));
        }
        for days in [config.gates.max_effort, config.gates.max_fleet_effort].into_iter().flatten() {
            if !days.is_finite() || days < 0.0 {
                return Err(self.problem_in("gates", "person-days are a number from 0"));
            }
        }
        if config.gates.min_readiness.is_some_and(|least| least > 100) {
            return Err(self.problem_in("gates", "`min-readiness` lies between 0 and 100"));
        }
        for amount in [config.cost.budget, config.cost.day_rate].into_iter().flatten() {
            if !amount.is_finite() || amount < 0.0 {
                return Err(self.problem_in("cost", "`budget` and `day-rate` are numbers from 0"));
            }
        }
        Ok(())
    }
}
