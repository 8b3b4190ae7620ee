//! Patterns that begin with a `*`, and conditions on string literals: one pass over a text asks for all of them.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::compile::{LeafIx, lower};
use crate::link::Glob;

/// So few are compared one by one.
const FEW: usize = 8;

/// Patterns found by the longest text that each must hold.
#[derive(Default)]
pub(super) struct Pieces {
    patterns: Vec<(Glob, LeafIx)>,
    /// Made when first asked; none when it cannot be built.
    finder: OnceLock<Option<AhoCorasick>>,
}

impl Pieces {
    pub(super) fn new(patterns: Vec<(Glob, LeafIx)>) -> Self {
        Self { patterns, finder: OnceLock::new() }
    }

    /// Adds the conditions of all patterns that match, some of them several times.
    pub(super) fn find(&self, text: &str, out: &mut Vec<LeafIx>) {
        let build = || AhoCorasick::new(self.patterns.iter().map(|(glob, _)| glob.longest())).ok();
        let many = self.patterns.len() > FEW;
        match many.then(|| self.finder.get_or_init(build).as_ref()).flatten() {
            Some(finder) => {
                let near = finder.find_overlapping_iter(text).map(|found| &self.patterns[found.pattern().as_usize()]);
                out.extend(near.filter(|(glob, _)| glob.matches(text)).map(|(_, leaf)| *leaf));
            }
            None => out.extend(self.patterns.iter().filter(|(glob, _)| glob.matches(text)).map(|(_, leaf)| *leaf)),
        }
    }
}

/// The patterns of all conditions on texts, in lower case.
pub(super) struct Texts(Pieces);

impl Texts {
    /// Makes patterns ready; their braces are written out.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = (&'p str, LeafIx)>) -> Self {
        Self(Pieces::new(patterns.map(|(pattern, leaf)| (Glob::new(&lower(pattern)), leaf)).collect()))
    }

    /// The conditions that a text meets, letter case ignored.
    pub(super) fn find(&self, text: &str, out: &mut Vec<LeafIx>) {
        self.0.find(&lower(text), out);
        out.sort_unstable();
        out.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn finds_every_condition_once() {
        let texts = Texts::new([("*:h2:*", 0), ("jdbc:*:mem:*", 1), ("*H2*mem*", 0), ("x", 2), ("*", 3)].into_iter());
        let find = |text: &str| {
            let mut out = Vec::new();
            texts.find(text, &mut out);
            out
        };
        assert_eq!(find("JDBC:H2:mem:a"), [0, 1, 3]);
        assert_eq!((find("x"), find("xx"), find("")), (vec![2, 3], vec![3], vec![3]));
    }

    #[test]
    fn many_are_found_as_few_are() {
        let words = ["pool", "size", "max", "ool-s", "", "zz", "a*b", "x*", "e", "-max"];
        let patterns: Vec<_> = words.iter().enumerate().map(|(i, w)| (format!("*{w}*"), i as u32)).collect();
        assert!(patterns.len() > super::FEW);
        let texts = Texts::new(patterns.iter().map(|(p, i)| (p.as_str(), *i)));
        for text in ["", "pool-size-max", "zaxbz", "poolsizemax", "a", "zzz", "x"] {
            let mut found = Vec::new();
            texts.find(text, &mut found);
            let expected = patterns.iter().filter(|(p, _)| crate::link::glob(p, text)).map(|(_, i)| *i);
            assert_eq!(found, expected.collect::<Vec<_>>(), "{text}");
        }
    }
}
