//! Lines that changed since a revision, read from the output of `git diff -U0`.

use std::collections::BTreeMap;

use super::Finding;
use crate::source::FileIx;

/// Changed lines by path: first and last, both counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    files: BTreeMap<String, Vec<(u32, u32)>>,
}

impl Changed {
    /// Reads a diff without context lines.
    pub fn parse(diff: &str) -> Self {
        let mut changed = Self::default();
        let mut path: Option<String> = None;
        // Lines of a hunk may look like headers: they are counted, not looked at.
        let mut body = 0u32;
        for line in diff.lines() {
            if body > 0 && line.starts_with(['+', '-']) {
                body -= 1;
            } else if let Some(name) = line.strip_prefix("+++ ") {
                path = unquote(name.trim_end_matches('\t')).strip_prefix("b/").map(str::to_owned);
            } else if let Some((old, new)) = line.strip_prefix("@@ -").and_then(|rest| rest.split_once(" +")) {
                let (_, removed) = range(old);
                let (first, count) = range(new.split(' ').next().unwrap_or(""));
                body = removed.saturating_add(count);
                if let Some(path) = path.as_ref().filter(|_| count > 0) {
                    let last = first.saturating_add(count - 1);
                    changed.files.entry(path.clone()).or_default().push((first, last));
                }
            }
        }
        changed
    }

    /// A file that is new as a whole.
    pub fn whole(&mut self, path: &str) {
        self.files.insert(path.to_owned(), vec![(0, u32::MAX)]);
    }

    /// Marks findings on other lines as suppressed.
    pub fn apply<'p>(&self, findings: &mut [Finding], path: impl Fn(FileIx) -> &'p str) {
        for finding in findings.iter_mut().filter(|f| f.suppressed.is_none()) {
            let ranges = self.files.get(path(finding.file)).map_or(&[][..], Vec::as_slice);
            let (from, to) = (finding.place.line, finding.place.end_line.max(finding.place.line));
            if !ranges.iter().any(|(first, last)| *first <= to && from <= *last) {
                finding.suppressed = Some("on a line that did not change".to_owned());
                finding.suppressed_outside = true;
            }
        }
    }
}

/// `12,3` or `12`.
fn range(text: &str) -> (u32, u32) {
    let (first, count) = text.split_once(',').unwrap_or((text, "1"));
    (first.parse().unwrap_or(0), count.parse().unwrap_or(0))
}

/// Git quotes names with control characters, quotes and backslashes as C does.
fn unquote(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return name.to_owned() };
    let mut out = Vec::new();
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b't') => out.push(b'\t'),
            Some(b'n') => out.push(b'\n'),
            Some(digit @ b'0'..=b'3') => {
                let rest = [bytes.next(), bytes.next()].map(|b| b.unwrap_or(b'0').wrapping_sub(b'0') & 7);
                out.push(((digit - b'0') << 6) | (rest[0] << 3) | rest[1]);
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Place;

    #[test]
    fn findings_on_changed_lines_stay() {
        let diff = "diff --git a/x/A.java b/x/A.java\n--- a/x/A.java\n+++ b/x/A.java\n@@ -3,0 +4,2 @@ class A {\n+one\n\
                    +++ b/not/a/header\n@@ -9 +11 @@\n-old\n+new\n@@ -20,2 +20,0 @@\n-a\n-b\n\
                    --- /dev/null\n+++ \"b/x/\\303\\274 \\\"q\\\".java\"\n@@ -0,0 +1 @@\n+x\n";
        let mut changed = Changed::parse(diff);
        changed.whole("new.yml");
        let files = ["x/A.java", "x/ü \"q\".java", "new.yml", "other"];
        let at = |file: u32, line: u32, end_line: u32| Finding {
            file: FileIx(file),
            place: Place { line, end_line, ..Place::default() },
            ..Finding::default()
        };
        let mut findings = [
            at(0, 3, 3),
            at(0, 4, 4),
            at(0, 5, 5),
            at(0, 6, 6),
            at(0, 9, 12),
            at(0, 20, 20),
            at(1, 1, 1),
            at(2, 7, 7),
            at(3, 4, 4),
        ];
        changed.apply(&mut findings, |file| files[file.0 as usize]);
        let stay: Vec<bool> = findings.iter().map(|f| f.suppressed.is_none()).collect();
        assert_eq!(stay, [false, true, true, false, true, false, true, true, false]);
    }

    #[test]
    fn odd_text_is_no_harm() {
        for text in ["@@ -", "@@ -1 +", "+++ \"\\", "+++ \"b/\\3\"\n@@ -1 +4294967295,9 @@", "@@ -x,y +z @@"] {
            Changed::parse(text);
        }
    }
}
