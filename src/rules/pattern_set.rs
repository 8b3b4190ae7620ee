//! Many patterns asked at once: exact names by look-up, the rest by its literal beginning.

use rustc_hash::FxHashMap;

use super::pattern::{Glob, Pattern};

/// Patterns with a value each; asks all of them about one text.
#[derive(Clone, Debug)]
pub struct PatternSet<T> {
    exact: FxHashMap<String, Vec<T>>,
    /// By the literal text before the first `*`.
    globs: FxHashMap<String, Vec<(Glob, T)>>,
    /// The lengths of those texts, ascending.
    lengths: Vec<usize>,
}

impl<T> Default for PatternSet<T> {
    fn default() -> Self {
        Self { exact: FxHashMap::default(), globs: FxHashMap::default(), lengths: Vec::new() }
    }
}

impl<T: Copy + Ord> PatternSet<T> {
    /// Adds a pattern over names.
    pub fn insert(&mut self, pattern: &Pattern, value: T) {
        for glob in pattern.alternatives() {
            if let Some(exact) = glob.exact() {
                self.exact.entry(exact.to_owned()).or_default().push(value);
                continue;
            }
            let prefix = glob.prefix();
            if let Err(at) = self.lengths.binary_search(&prefix.len()) {
                self.lengths.insert(at, prefix.len());
            }
            self.globs.entry(prefix.to_owned()).or_default().push((glob.clone(), value));
        }
    }

    /// The values of all patterns that fit, ascending, each once.
    pub fn find(&self, text: &str) -> Vec<T> {
        let mut found: Vec<T> = self.exact.get(text).cloned().unwrap_or_default();
        for glob in self.candidates(text) {
            if glob.0.matches(text) {
                found.push(glob.1);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Does any pattern fit?
    pub fn matches(&self, text: &str) -> bool {
        self.exact.contains_key(text) || self.candidates(text).any(|(glob, _)| glob.matches(text))
    }

    /// No pattern was added.
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.globs.is_empty()
    }

    fn candidates<'s>(&'s self, text: &'s str) -> impl Iterator<Item = &'s (Glob, T)> {
        self.lengths
            .iter()
            .map_while(move |length| (*length <= text.len()).then(|| text.get(..*length)))
            .flatten()
            .filter_map(|prefix| self.globs.get(prefix))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, PatternSet};

    #[test]
    fn finds_exact_names_and_globs_in_order() {
        let mut set = PatternSet::default();
        for (value, pattern) in
            ["java.util.concurrent.*", "*Executors", "{javax,jakarta}.ejb.Timer", "java.util.*"].iter().enumerate()
        {
            set.insert(&Pattern::name(pattern).unwrap(), value);
        }
        assert_eq!(set.find("java.util.concurrent.Executors"), [0, 1, 3]);
        assert_eq!(set.find("jakarta.ejb.Timer"), [2]);
        assert_eq!(set.find("ü"), [] as [usize; 0]);
        assert!(set.matches("java.util.List"));
        assert!(!set.matches("java.lang.String"));
        assert!(PatternSet::<u8>::default().is_empty());
    }
}
