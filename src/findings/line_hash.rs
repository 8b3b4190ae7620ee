//! The line hash by which GitHub code scanning recognises an alert after lines have moved.
//!
//! GitHub's upload action computes it when a SARIF file lacks it, its REST API does not; ours equals
//! theirs, so that both ways of uploading give the same alerts.

use std::collections::HashMap;
use std::fmt;

use rustc_hash::FxBuildHasher;

/// How many characters, from the start of its line on, make a hash.
const WINDOW: usize = 100;
const FACTOR: u64 = 37;
const END_OF_FILE: u16 = u16::MAX;
const LF: u16 = b'\n' as u16;

/// The hash of a line, and how many lines so far have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineHash {
    hash: u64,
    count: u32,
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.count)
    }
}

/// The hash of each of the first `wanted` lines of `text`, or of a few more; shown as `{hexadecimal}:{how many lines so far have it}`.
///
/// A hash covers the next 100 UTF-16 units from the start of the line, over line ends but without
/// blanks and tabs. Every kind of line end counts as one `\n`, a lone `\r` too.
pub fn line_hashes(text: &str, wanted: usize) -> Vec<LineHash> {
    let (mut units, starts) = significant(text, wanted);
    units.resize(units.len() + WINDOW, 0);
    // The hash of any stretch is the difference of two prefixes: one multiplication a unit.
    let mut prefix = 0u64;
    let prefixes: Vec<u64> = std::iter::once(0)
        .chain(units.iter().map(|unit| {
            prefix = prefix.wrapping_mul(FACTOR).wrapping_add(u64::from(*unit));
            prefix
        }))
        .collect();
    let beyond = (0..WINDOW).fold(1u64, |power, _| power.wrapping_mul(FACTOR));
    let mut seen: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
    starts
        .into_iter()
        .map(|start| {
            let hash = prefixes[start + WINDOW].wrapping_sub(prefixes[start].wrapping_mul(beyond));
            let count = seen.entry(hash).or_default();
            *count += 1;
            LineHash { hash, count: *count }
        })
        .collect()
}

/// The units that take part in the hashes of the first lines, and where among them each line starts.
fn significant(text: &str, wanted: usize) -> (Vec<u16>, Vec<usize>) {
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut starts = vec![0];
    let mut after_cr = false;
    for c in text.chars() {
        let line_end = match c {
            // A blank between `\r` and `\n` parts them: GitHub then sees two line ends.
            ' ' | '\t' => {
                after_cr = false;
                continue;
            }
            '\n' if after_cr => {
                after_cr = false;
                continue;
            }
            '\n' | '\r' => true,
            _ => false,
        };
        after_cr = c == '\r';
        if line_end {
            units.push(LF);
            // What follows is part of no hash that is wanted.
            if wanted.checked_sub(1).and_then(|last| starts.get(last)).is_some_and(|start| units.len() > start + WINDOW)
            {
                break;
            }
            starts.push(units.len());
        } else {
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        }
    }
    units.push(END_OF_FILE);
    (units, starts)
}

#[cfg(test)]
mod tests {
    fn line_hashes(text: &str) -> Vec<String> {
        super::line_hashes(text, usize::MAX).iter().map(ToString::to_string).collect()
    }

    const GREETINGS: [&str; 7] = [
        "e9496ae3ebfced30:1",
        "fb7c023a8b9ccb3f:1",
        "ce8ba1a563dcdaca:1",
        "e20e36e16fcb0cc8:1",
        "b3edc88f2938467e:1",
        "c8e28b0b4002a3a0:1",
        "c129715d7a2bc9a3:1",
    ];

    #[test]
    fn equals_the_values_of_github() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
    }

    #[test]
    fn all_line_ends_are_one() {
        for end in ["\n", "\r", "\r\n"] {
            let text = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n".replace('\n', end);
            assert_eq!(line_hashes(&text), GREETINGS, "{end:?}");
        }
        assert_eq!(line_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"), GREETINGS);
    }

    #[test]
    fn equal_lines_are_numbered() {
        let hashes = line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        let (same, rest) = hashes.split_at(6);
        for (i, hash) in same.iter().enumerate() {
            assert_eq!(*hash, format!("a7f2ff13bc495cf2:{}", i + 1));
        }
        assert_eq!(
            rest,
            [
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1"
            ]
        );
    }

    #[test]
    fn the_first_lines_are_hashed_alike_without_the_rest() {
        let text = (0..90).map(|i| format!("line {}\r\n", i % 7)).collect::<String>();
        let all = super::line_hashes(&text, usize::MAX);
        for wanted in 1..90 {
            let first = super::line_hashes(&text, wanted);
            assert_eq!(first[..wanted], all[..wanted]);
        }
    }

    #[test]
    fn lines_are_those_of_the_line_index() {
        let text = "a\r\n\r\n ü𝄞\n\t\nend";
        assert_eq!(line_hashes(text).len(), crate::text::LineIndex::new(text).count() as usize);
    }
}
