//! From spans to places that people can open: reads the source of what was found once more.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::line_hash::line_hashes;
use super::{Finding, Place};
use crate::source::FileIx;
use crate::text::{LineIndex, Span};

/// The longest snippet, in characters.
pub const SNIPPET_CHARS: usize = 200;
/// What is shown before the place when only a part of its line fits.
const LEAD_CHARS: usize = 40;

/// One span that wants a place.
struct Wanted {
    finding: usize,
    part: Part,
    span: Span,
}

/// Whose span it is: the finding's own, its n-th related place, the n-th step to it.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Own,
    Related(usize),
    Flow(usize),
}

#[derive(Default)]
struct Located {
    place: Place,
    snippet: String,
    snippet_column: u32,
    line_hash: String,
}

/// Fills places, snippets and line hashes of all findings.
///
/// `read` must give the same text that the spans were taken from; it is asked once per file. Where it
/// gives nothing, the place is the first line and the snippet stays empty.
pub fn locate(findings: &mut [Finding], read: impl Fn(FileIx) -> Option<String> + Sync) {
    let located: Vec<(Wanted, Located)> = by_file(findings)
        .into_par_iter()
        .flat_map_iter(|(file, wanted)| {
            let text = read(file);
            look_up(text.as_deref(), wanted)
        })
        .collect();
    for (wanted, found) in located {
        let Some(finding) = findings.get_mut(wanted.finding) else { continue };
        let further = match wanted.part {
            Part::Own => {
                finding.place = found.place;
                finding.snippet = found.snippet;
                finding.snippet_column = found.snippet_column;
                finding.line_hash = found.line_hash;
                continue;
            }
            Part::Related(n) => finding.related.get_mut(n),
            Part::Flow(n) => finding.flow.get_mut(n),
        };
        if let Some(further) = further {
            further.place = found.place;
        }
    }
}

fn by_file(findings: &[Finding]) -> Vec<(FileIx, Vec<Wanted>)> {
    let mut files: BTreeMap<FileIx, Vec<Wanted>> = BTreeMap::new();
    for (ix, finding) in findings.iter().enumerate() {
        let mut put = |file, part, span| files.entry(file).or_default().push(Wanted { finding: ix, part, span });
        put(finding.file, Part::Own, finding.span);
        finding.related.iter().enumerate().for_each(|(n, r)| put(r.file, Part::Related(n), r.span));
        finding.flow.iter().enumerate().for_each(|(n, r)| put(r.file, Part::Flow(n), r.span));
    }
    files.into_iter().collect()
}

fn look_up(text: Option<&str>, wanted: Vec<Wanted>) -> Vec<(Wanted, Located)> {
    let Some(text) = text else {
        let first_line = Place { line: 1, column: 1, end_line: 1, end_column: 1 };
        return wanted.into_iter().map(|w| (w, Located { place: first_line.clone(), ..Located::default() })).collect();
    };
    let index = LineIndex::new(text);
    // Further places need no hash.
    let own = wanted.iter().filter(|w| w.part == Part::Own);
    let last = own.map(|w| index.position(w.span.start).line as usize).max();
    let hashes = last.map_or_else(Vec::new, |last| line_hashes(text, last));
    wanted
        .into_iter()
        .map(|wanted| {
            let (start, end) = index.range(wanted.span);
            let place = Place { line: start.line, column: start.column, end_line: end.line, end_column: end.column };
            if wanted.part != Part::Own {
                return (wanted, Located { place, ..Located::default() });
            }
            let (snippet, snippet_column) = snippet(text, &index, wanted.span);
            let line_hash = hashes.get(start.line as usize - 1).map(ToString::to_string).unwrap_or_default();
            (wanted, Located { place, snippet, snippet_column, line_hash })
        })
        .collect()
}

/// The line on which `span` starts, trimmed; of a long line the part around the span. With the column
/// at which it begins.
fn snippet(text: &str, index: &LineIndex<'_>, span: Span) -> (String, u32) {
    let mut at = (span.start as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let line = &text[line_start..line_end];
    let trimmed = line.trim();
    let mut start = line_start + (line.len() - line.trim_start().len());
    let end = start + trimmed.len();
    let before = at.saturating_sub(start);
    let past_window = after_chars(trimmed, SNIPPET_CHARS) < (span.end as usize).min(end).saturating_sub(start);
    if past_window && let Some((lead, _)) = text[start..start + before].char_indices().rev().nth(LEAD_CHARS - 1) {
        start += lead;
    }
    let shown = &text[start..end];
    let shown = shown[..after_chars(shown, SNIPPET_CHARS)].trim_end();
    (shown.to_owned(), index.position(u32::try_from(start).unwrap_or(u32::MAX)).column)
}

/// The byte offset behind the first `n` characters.
fn after_chars(text: &str, n: usize) -> usize {
    text.char_indices().nth(n).map_or(text.len(), |(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Related;
    use crate::findings::testing::finding;

    fn located(text: &str, span: Span) -> Finding {
        let mut all = [Finding { span, ..finding() }];
        locate(&mut all, |_| Some(text.to_owned()));
        let [one] = all;
        one
    }

    #[test]
    fn fills_place_snippet_and_hash() {
        let text = "class A {\r\n\tü = new Pool(3);\r\n}\r\n";
        let start = text.find("new").unwrap();
        let one = located(text, Span::new(start, start + 11));
        assert_eq!(one.place, Place { line: 2, column: 6, end_line: 2, end_column: 17 });
        assert_eq!((one.snippet.as_str(), one.snippet_column), ("ü = new Pool(3);", 2));
        assert_eq!(one.line_hash, line_hashes(text, 2)[1].to_string());
    }

    #[test]
    fn of_a_long_line_the_place_is_shown() {
        let text = format!("{}HERE{}", "x".repeat(5_000), "y".repeat(5_000));
        let one = located(&text, Span::new(5_000, 5_004));
        assert_eq!(one.snippet.chars().count(), SNIPPET_CHARS);
        assert_eq!(one.snippet_column, 5_001 - LEAD_CHARS as u32);
        assert_eq!(one.snippet.find("HERE"), Some(LEAD_CHARS));

        let near = located(&text, Span::new(2, 9));
        assert_eq!(near.snippet_column, 1);
        let whole = located(&text, Span::new(0, 10_000));
        assert_eq!((whole.snippet_column, whole.snippet.len()), (1, SNIPPET_CHARS));
    }

    #[test]
    fn spans_that_fit_no_text_are_survived() {
        for text in ["", "ü", "\n\n", "   "] {
            for (start, end) in [(0, 0), (1, 1), (9, 99), (1, 0)] {
                let one = located(text, Span { start, end });
                assert!(one.place.line >= 1 && one.place.column >= 1, "{text:?} {start}");
                assert!(!one.line_hash.is_empty() || text == "\n\n", "{text:?} {start}");
            }
        }
    }

    #[test]
    fn unreadable_files_give_the_first_line() {
        let mut all = [finding()];
        locate(&mut all, |_| None);
        assert_eq!(all[0].place.line, 1);
        assert_eq!((all[0].snippet.as_str(), all[0].line_hash.as_str(), all[0].snippet_column), ("", "", 0));
    }

    #[test]
    fn each_file_is_read_once() {
        let related = |file, start| Related {
            file: FileIx(file),
            span: Span::new(start, start + 1),
            place: Place::default(),
            note: String::new(),
        };
        let mut all = [
            Finding { file: FileIx(1), related: vec![related(0, 2), related(1, 0)], ..finding() },
            Finding { file: FileIx(0), flow: vec![related(1, 2)], ..finding() },
        ];
        let reads = std::sync::Mutex::new(Vec::new());
        locate(&mut all, |file| {
            reads.lock().unwrap().push(file.0);
            Some("a\nb\n".to_owned())
        });
        let mut reads = reads.into_inner().unwrap();
        reads.sort_unstable();
        assert_eq!(reads, [0, 1]);
        assert_eq!(all[0].related[0].place.line, 2);
        assert_eq!(all[0].related[1].place.line, 1);
        assert_eq!(all[1].flow[0].place.line, 2);
    }
}
