//! Conditions on string literals: one pass over a literal asks for all of them.

use aho_corasick::AhoCorasick;

use super::compile::{LeafIx, lower};
use crate::link::Glob;

/// The patterns of all conditions on texts, in lower case.
pub(super) struct Texts {
    patterns: Vec<(Glob, LeafIx)>,
    /// Finds the longest piece of each pattern; none when it cannot be built.
    pieces: Option<AhoCorasick>,
}

impl Texts {
    /// Makes patterns ready; their braces are written out.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = (&'p str, LeafIx)>) -> Self {
        let patterns: Vec<(Glob, LeafIx)> =
            patterns.map(|(pattern, leaf)| (Glob::new(&lower(pattern)), leaf)).collect();
        let pieces = AhoCorasick::new(patterns.iter().map(|(glob, _)| glob.longest())).ok();
        Self { patterns, pieces }
    }

    /// The conditions that a text meets, letter case ignored.
    pub(super) fn find(&self, text: &str, out: &mut Vec<LeafIx>) {
        let text = lower(text);
        match &self.pieces {
            Some(pieces) => {
                let near = pieces.find_overlapping_iter(&*text).map(|found| &self.patterns[found.pattern().as_usize()]);
                out.extend(near.filter(|(glob, _)| glob.matches(&text)).map(|(_, leaf)| *leaf));
            }
            None => out.extend(self.patterns.iter().filter(|(glob, _)| glob.matches(&text)).map(|(_, leaf)| *leaf)),
        }
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
}
