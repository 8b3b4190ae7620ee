//! Patterns with a `*`, found by what they begin with: a text is compared with the few that begin as it does.

use super::compile::LeafIx;
use super::texts::Pieces;
use crate::link::Glob;

/// Patterns of one kind of condition.
#[derive(Default)]
pub(super) struct Index {
    /// Sorted by their heads.
    groups: Vec<Group>,
    /// Those that begin with a `*`.
    headless: Pieces,
}

/// The patterns of one head.
struct Group {
    head: Box<str>,
    /// The group with the longest head that this one's begins with.
    shorter: Option<usize>,
    patterns: Vec<(Glob, LeafIx)>,
}

impl Index {
    /// Puts patterns in order.
    pub(super) fn new(patterns: Vec<(Glob, LeafIx)>) -> Self {
        let (headless, mut patterns): (Vec<_>, Vec<_>) =
            patterns.into_iter().partition(|(glob, _)| glob.head().is_empty());
        patterns.sort_by(|(a, _), (b, _)| a.head().cmp(b.head()));
        let mut groups: Vec<Group> = Vec::new();
        for pattern in patterns {
            let head = pattern.0.head();
            match groups.last_mut() {
                Some(group) if *group.head == *head => group.patterns.push(pattern),
                _ => {
                    let mut shorter = groups.len().checked_sub(1);
                    while let Some(at) = shorter.filter(|at| !head.starts_with(&*groups[*at].head)) {
                        shorter = groups[at].shorter;
                    }
                    groups.push(Group { head: head.into(), shorter, patterns: vec![pattern] });
                }
            }
        }
        Self { groups, headless: Pieces::new(headless) }
    }

    /// Adds the conditions of all patterns that match.
    pub(super) fn find(&self, text: &str, out: &mut Vec<LeafIx>) {
        self.headless.find(text, out);
        // All heads that the text begins with are on the way up from the last one that is not greater.
        let mut next = self.groups.partition_point(|group| *group.head <= *text).checked_sub(1);
        while let Some(at) = next {
            let group = &self.groups[at];
            if text.starts_with(&*group.head) {
                out.extend(group.patterns.iter().filter(|(glob, _)| glob.matches(text)).map(|(_, leaf)| *leaf));
            }
            next = group.shorter;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::link::{Glob, glob};

    #[test]
    fn finds_what_each_pattern_would() {
        let patterns = ["*", "a*", "ab*", "abc*", "abd*x", "b*", "*c", "ab.*", "a*c", "abc*c", "ac*", "\u{fc}*"];
        let index = Index::new(patterns.iter().enumerate().map(|(i, p)| (Glob::new(p), i as u32)).collect());
        for text in ["", "a", "ab", "abc", "abcc", "abdyx", "abe", "ab.c", "b", "c", "zc", "\u{fc}b", "aca"] {
            let mut found = Vec::new();
            index.find(text, &mut found);
            found.sort_unstable();
            found.dedup();
            let expected = patterns.iter().enumerate().filter(|(_, p)| glob(p, text)).map(|(i, _)| i as u32);
            assert_eq!(found, expected.collect::<Vec<_>>(), "{text}");
        }
    }
}
