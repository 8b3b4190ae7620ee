//! Baselines: findings that are known and shall not be told again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Finding;

/// Version of the file.
const VERSION: u32 = 1;

/// The file: fingerprints, and for people the rule and path of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    /// Sorted by path, rule and fingerprint, so that changes of the file read well.
    findings: Vec<Known>,
}

/// A known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub path: String,
    pub rule: String,
    pub fingerprint: String,
    /// How many findings have this fingerprint.
    pub count: usize,
}

impl Baseline {
    /// A baseline of these findings: path, rule, fingerprint.
    pub fn new<'a>(findings: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Self {
        let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        findings.for_each(|key| *counts.entry(key).or_default() += 1);
        let known = |((path, rule, fingerprint), count): ((&str, &str, &str), usize)| Known {
            path: path.to_owned(),
            rule: rule.to_owned(),
            fingerprint: fingerprint.to_owned(),
            count,
        };
        Self { version: VERSION, findings: counts.into_iter().map(known).collect() }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is no baseline, or one of a later version.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| format!("not a baseline: {error}"))?;
        if read.version != VERSION {
            return Err(format!("a baseline of version {}, this program reads version {VERSION}", read.version));
        }
        Ok(read)
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.findings.iter().map(|known| known.count).sum()
    }

    /// Does it know none?
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// What of it is still there.
    #[must_use]
    pub fn pruned(&self, now: &Self) -> Self {
        let counts: BTreeMap<&str, usize> = now.findings.iter().map(|k| (k.fingerprint.as_str(), k.count)).collect();
        let still = |known: &Known| {
            let count = known.count.min(counts.get(known.fingerprint.as_str()).copied().unwrap_or(0));
            (count > 0).then(|| Known { count, ..known.clone() })
        };
        Self { version: VERSION, findings: self.findings.iter().filter_map(still).collect() }
    }

    /// Marks the findings that it knows as suppressed; returns its entries that are found no more,
    /// among those whose path is looked at.
    pub fn apply(&self, findings: &mut [Finding], looked_at: impl Fn(&str) -> bool) -> Vec<&Known> {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for known in &self.findings {
            *left.entry(&known.fingerprint).or_default() += known.count;
        }
        for finding in findings {
            // One that a comment suppresses uses its entry up all the same.
            if let Some(count) = left.get_mut(finding.fingerprint.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                if finding.suppressed.is_none() {
                    finding.suppressed = Some("in the baseline".to_owned());
                    finding.suppressed_outside = true;
                }
            }
        }
        let gone = |known: &&Known| left.get(known.fingerprint.as_str()).is_some_and(|count| *count > 0);
        self.findings.iter().filter(|known| looked_at(&known.path)).filter(gone).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(fingerprints: &[&str]) -> Vec<Finding> {
        fingerprints.iter().map(|f| Finding { fingerprint: (*f).to_owned(), ..Finding::default() }).collect()
    }

    #[test]
    fn only_what_is_new_stays_and_what_is_gone_is_told() {
        let known = [("a/A.java", "pool", "f1"), ("a/A.java", "pool", "f1"), ("b/B.java", "loop", "f2")];
        let baseline = Baseline::new(known.into_iter());
        assert_eq!((baseline.len(), Baseline::parse(&baseline.to_text()).unwrap()), (3, baseline.clone()));
        let mut findings = with(&["f1", "f1", "f1", "f3"]);
        let gone = baseline.apply(&mut findings, |_| true);
        assert_eq!(gone.iter().map(|k| k.rule.as_str()).collect::<Vec<_>>(), ["loop"]);
        assert_eq!(findings.iter().filter(|f| f.suppressed.is_none()).count(), 2);
        assert!(baseline.apply(&mut with(&["f1", "f1"]), |path| path.starts_with('a')).is_empty());
        let now = Baseline::new([("c/A.java", "pool", "f1"), ("x", "new", "f9")].into_iter());
        assert_eq!(baseline.pruned(&now).to_text().matches("fingerprint").count(), 1);
        assert_eq!(baseline.pruned(&now).len(), 1);
    }

    #[test]
    fn other_files_are_refused() {
        assert!(Baseline::parse("{}").unwrap_err().starts_with("not a baseline"));
        assert!(Baseline::parse("{\"version\":2,\"findings\":[]}").unwrap_err().contains("version 2"));
    }
}
