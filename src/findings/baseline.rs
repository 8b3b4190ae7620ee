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
    /// See [`super::fingerprint::content`]; empty in older files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// How many findings have this fingerprint.
    pub count: usize,
}

impl Baseline {
    /// A baseline of these findings; `count` is that of each entry.
    pub fn new(findings: impl Iterator<Item = Known>) -> Self {
        let mut counts: BTreeMap<Known, usize> = BTreeMap::new();
        findings.for_each(|known| *counts.entry(Known { count: 0, ..known }).or_default() += known.count);
        Self { version: VERSION, findings: counts.into_iter().map(|(known, count)| Known { count, ..known }).collect() }
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

    /// What of it is still there; what moved to another unit is told as it is now.
    #[must_use]
    pub fn pruned(&self, now: &Self) -> Self {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        now.findings.iter().for_each(|k| *left.entry(&k.fingerprint).or_default() += k.count);
        let mut still = Vec::new();
        let mut moved: BTreeMap<&str, usize> = BTreeMap::new();
        for known in &self.findings {
            let there = left.get_mut(known.fingerprint.as_str());
            let count = there.map_or(0, |there| take(there, known.count));
            still.push(Known { count, ..known.clone() });
            *moved.entry(&known.content).or_default() += known.count - count;
        }
        for known in now.findings.iter().filter(|known| !known.content.is_empty()) {
            let Some(there) = moved.get_mut(known.content.as_str()) else { continue };
            let new = left.get_mut(known.fingerprint.as_str()).map_or(0, |new| take(new, *there));
            *there -= new;
            still.push(Known { count: new, ..known.clone() });
        }
        Self::new(still.into_iter().filter(|known| known.count > 0))
    }

    /// Marks the findings that it knows as suppressed; returns its entries that are found no more,
    /// among those whose path is looked at.
    pub fn apply(
        &self,
        findings: &mut [Finding],
        content: impl Fn(&Finding) -> String,
        looked_at: impl Fn(&str) -> bool,
    ) -> Vec<&Known> {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for known in &self.findings {
            *left.entry(&known.fingerprint).or_default() += known.count;
        }
        let mut new = Vec::new();
        for finding in findings {
            // One that a comment suppresses uses its entry up all the same.
            let known = left.get_mut(finding.fingerprint.as_str()).map_or(0, |count| take(count, 1));
            if known == 1 { mark(finding) } else { new.push(finding) }
        }
        // What is left may have moved to another unit.
        let mut moved: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for known in self.findings.iter().filter(|known| !known.content.is_empty()) {
            let count = left.get(known.fingerprint.as_str()).map_or(0, |count| known.count.min(*count));
            moved.entry(&known.content).or_default().extend(vec![known.fingerprint.as_str(); count]);
        }
        moved.retain(|_, entries| !entries.is_empty());
        if moved.is_empty() {
            new.clear();
        }
        for finding in new {
            if let Some(entry) = moved.get_mut(content(finding).as_str()).and_then(Vec::pop) {
                left.entry(entry).and_modify(|count| _ = take(count, 1));
                mark(finding);
            }
        }
        let gone = |known: &&Known| left.get(known.fingerprint.as_str()).is_some_and(|count| *count > 0);
        self.findings.iter().filter(|known| looked_at(&known.path)).filter(gone).collect()
    }
}

/// Takes so many away, or what there is; tells how many.
fn take(from: &mut usize, wanted: usize) -> usize {
    let taken = wanted.min(*from);
    *from -= taken;
    taken
}

fn mark(finding: &mut Finding) {
    if finding.suppressed.is_none() {
        finding.suppressed = Some("in the baseline".to_owned());
        finding.suppressed_outside = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(fingerprints: &[&str]) -> Vec<Finding> {
        fingerprints.iter().map(|f| Finding { fingerprint: (*f).to_owned(), ..Finding::default() }).collect()
    }

    fn known(path: &str, fingerprint: &str, content: &str) -> Known {
        let [path, fingerprint, content] = [path, fingerprint, content].map(str::to_owned);
        Known { path, rule: "pool".into(), fingerprint, content, count: 1 }
    }

    fn shown(findings: &[Finding]) -> Vec<&str> {
        findings.iter().filter(|f| f.suppressed.is_none()).map(|f| f.fingerprint.as_str()).collect()
    }

    #[test]
    fn only_what_is_new_stays_and_what_is_gone_is_told() {
        let all = [known("a/A.java", "f1", ""), known("a/A.java", "f1", ""), known("b/B.java", "f2", "")];
        let baseline = Baseline::new(all.into_iter());
        assert_eq!((baseline.len(), Baseline::parse(&baseline.to_text()).unwrap()), (3, baseline.clone()));
        let mut findings = with(&["f1", "f1", "f1", "f3"]);
        let gone = baseline.apply(&mut findings, |_| String::new(), |_| true);
        assert_eq!(gone.iter().map(|k| k.path.as_str()).collect::<Vec<_>>(), ["b/B.java"]);
        assert_eq!(shown(&findings), ["f1", "f3"]);
        let below = |path: &str| path.starts_with('a');
        assert!(baseline.apply(&mut with(&["f1", "f1"]), |_| String::new(), below).is_empty());
        let now = Baseline::new([known("c/A.java", "f1", ""), known("x", "f9", "")].into_iter());
        assert_eq!(baseline.pruned(&now).to_text().matches("fingerprint").count(), 1);
        assert_eq!(baseline.pruned(&now).len(), 1);
    }

    #[test]
    fn what_moved_to_another_unit_is_known() {
        let baseline = Baseline::new([known("a/A.java", "f1", "c"), known("b/A.java", "f2", "c")].into_iter());
        let of = |finding: &Finding| if finding.fingerprint == "f9" { "d".to_owned() } else { "c".to_owned() };
        let mut findings = with(&["f1", "f3", "f4", "f9"]);
        assert!(baseline.apply(&mut findings, of, |_| true).is_empty());
        assert_eq!(shown(&findings), ["f4", "f9"], "one moved, one is new");
        let now = Baseline::new([known("a/A.java", "f1", "c"), known("z/A.java", "f3", "c")].into_iter());
        let pruned = baseline.pruned(&now);
        assert_eq!(pruned.findings.iter().map(|k| k.path.as_str()).collect::<Vec<_>>(), ["a/A.java", "z/A.java"]);
        let more = Baseline::new(
            [known("a/A.java", "f1", "c"), known("z/A.java", "f3", "c"), known("y/A.java", "f4", "c")].into_iter(),
        );
        assert_eq!(baseline.pruned(&more).len(), 2, "nothing new is taken in");
    }

    #[test]
    fn other_files_are_refused() {
        assert!(Baseline::parse("{}").unwrap_err().starts_with("not a baseline"));
        assert!(Baseline::parse("{\"version\":2,\"findings\":[]}").unwrap_err().contains("version 2"));
    }
}
