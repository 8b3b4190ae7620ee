//! Fingerprints: by which a baseline and a tracker know a finding again.
//!
//! A fingerprint is made of the rule's id, the unit's name, the file's name, the `Class.method` around
//! it, the source line with its white space folded, and a number among equals. So it survives lines
//! that move, files that move to another directory, units that move, and new indentation. A
//! renamed class, method or file, or another text on the line, makes a new finding. So does another
//! unit, as copies of a class in several units must not be taken for each other; a baseline knows
//! a finding that moved there by its [`content`].

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use xxhash_rust::xxh3::Xxh3;

use super::Finding;
use crate::source::FileIx;
use crate::units::UnitIx;

/// How the indices in a finding are called.
pub struct Names<'a> {
    /// Id of a rule.
    pub rule: &'a dyn Fn(usize) -> &'a str,
    /// Name of a unit.
    pub unit: &'a dyn Fn(UnitIx) -> &'a str,
    /// Path of a file.
    pub path: &'a dyn Fn(FileIx) -> &'a str,
}

/// Gives each finding its fingerprint; snippets must be there already.
///
/// Pass all findings at once, suppressed ones too: equals are numbered by file and place, and a
/// suppression must not rename its neighbours.
pub fn assign(findings: &mut [Finding], names: &Names<'_>) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&ix| {
        let finding = &findings[ix];
        (finding.file, finding.span, ix)
    });
    let mut seen: HashMap<u128, u32, FxBuildHasher> = HashMap::default();
    for ix in order {
        let finding = &mut findings[ix];
        let key = key(finding, names);
        let ordinal = seen.entry(key).or_default();
        let mut hasher = Xxh3::new();
        hasher.update(&key.to_le_bytes());
        hasher.update(&ordinal.to_le_bytes());
        *ordinal += 1;
        finding.fingerprint = format!("{:032x}", hasher.digest128());
    }
}

fn key(finding: &Finding, names: &Names<'_>) -> u128 {
    let unit = finding.unit.map_or("", |unit| (names.unit)(unit));
    hashed((names.rule)(finding.rule), unit, (names.path)(finding.file), &finding.context, &finding.snippet)
}

/// What stays of a finding when its file moves to another unit; not unique.
pub fn content(rule: &str, path: &str, context: &str, snippet: &str) -> String {
    format!("{:032x}", hashed(rule, "", path, context, snippet))
}

fn hashed(rule: &str, unit: &str, path: &str, context: &str, snippet: &str) -> u128 {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let line: Vec<&str> = snippet.split_whitespace().collect();
    let mut hasher = Xxh3::new();
    for part in [rule, unit, file_name, context, &line.join(" ")] {
        // The length keeps ("a", "bc") apart from ("ab", "c").
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.digest128()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::finding;
    use crate::text::Span;

    fn assigned(mut findings: Vec<Finding>, dir: &str) -> Vec<String> {
        let path = format!("{dir}/A.java");
        let names = Names { rule: &|ix| ["one", "two"][ix], unit: &|_| "shop", path: &|_| &path };
        assign(&mut findings, &names);
        findings.into_iter().map(|f| f.fingerprint).collect()
    }

    fn at(start: usize, snippet: &str) -> Finding {
        Finding { span: Span::new(start, start + 1), snippet: snippet.to_owned(), ..finding() }
    }

    #[test]
    fn survives_moved_lines_directories_and_indentation() {
        let before = assigned(vec![at(10, "pool = new  Pool(3);")], "a/src");
        let after = assigned(vec![at(900, "pool =\tnew Pool(3);")], "b/c");
        assert_eq!(before, after);
        assert_eq!(before[0].len(), 32);
    }

    #[test]
    fn equals_are_numbered_by_place_not_by_order_of_arrival() {
        let forward = assigned(vec![at(1, "x"), at(2, "x")], "a");
        let backward = assigned(vec![at(2, "x"), at(1, "x")], "a");
        assert_ne!(forward[0], forward[1]);
        assert_eq!(forward, [backward[1].clone(), backward[0].clone()]);
    }

    #[test]
    fn every_part_counts() {
        let base = at(1, "x");
        let all = assigned(
            vec![
                base.clone(),
                Finding { rule: 1, ..base.clone() },
                Finding { context: "A.run".into(), ..base.clone() },
                Finding { unit: Some(UnitIx(0)), ..base.clone() },
                at(1, "y"),
            ],
            "a",
        );
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }

    /// Baselines are kept for years: the value itself is a promise.
    #[test]
    fn the_value_is_stable() {
        assert_eq!(assigned(vec![at(1, "x")], "a"), ["9f1c4cc1ba655224817767e97d115cfa"]);
    }
}
