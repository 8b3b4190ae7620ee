//! Java `.properties`: line continuations, escapes, and Spring's `#---` between documents.

use super::flat::Document;
use crate::facts::Note;
use crate::text::Span;

/// Reads the documents of a properties file.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<Document> {
    let mut documents = vec![Document::default()];
    let mut lines = Lines { text, at: 0 };
    let mut start = 0;
    while let Some(line) = lines.next_logical() {
        let Some(document) = documents.last_mut() else { break };
        if line.is_separator(text) {
            document.span = Span::new(start, line.start);
            start = line.end;
            documents.push(Document::default());
            continue;
        }
        if line.comment || line.text.is_empty() {
            continue;
        }
        let (key, value) = split(&line.text);
        if !document.push(&unescape(key), &unescape(value), Span::new(line.start, line.end)) {
            notes.push(Note::at(Span::new(line.start, line.end), "too many settings: the rest is left out"));
            break;
        }
    }
    if let Some(document) = documents.last_mut() {
        document.span = Span::new(start, text.len());
    }
    documents.retain(|d| !d.entries.is_empty());
    documents
}

/// A logical line: continuations joined, blanks before it dropped.
struct Line {
    text: String,
    comment: bool,
    start: usize,
    end: usize,
}

impl Line {
    fn is_separator(&self, text: &str) -> bool {
        self.comment && matches!(text.get(self.start..self.end).map(str::trim_end), Some("#---" | "!---"))
    }
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    /// The next line without its end, and where it begins.
    fn next_natural(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        self.at += length;
        self.at += if rest[length..].starts_with("\r\n") { 2 } else { usize::from(length < rest.len()) };
        Some((start, &rest[..length]))
    }

    fn next_logical(&mut self) -> Option<Line> {
        let (at, raw) = self.next_natural()?;
        let body = raw.trim_start_matches(BLANKS);
        let start = at + (raw.len() - body.len());
        let comment = body.starts_with(['#', '!']);
        let mut line = Line { text: String::new(), comment, start, end: start + body.trim_end().len() };
        if comment {
            return Some(line);
        }
        let mut part = body;
        while ends_in_continuation(part) {
            line.text.push_str(&part[..part.len() - 1]);
            let Some((at, raw)) = self.next_natural() else {
                return Some(line);
            };
            part = raw.trim_start_matches(BLANKS);
            line.end = at + raw.trim_end().len();
        }
        line.text.push_str(part);
        Some(line)
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\u{c}'];

/// An odd number of backslashes at the end.
fn ends_in_continuation(line: &str) -> bool {
    line.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

/// At the first unescaped `=`, `:` or blank.
fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if matches!(c, '=' | ':') || BLANKS.contains(&c) {
            let rest = line[at..].trim_start_matches(BLANKS);
            let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
            return (&line[..at], rest.trim_matches(BLANKS));
        }
    }
    (line, "")
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let digits: String = rest.clone().take_while(char::is_ascii_hexdigit).take(4).collect();
                let decoded = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                match decoded {
                    Some(code) => {
                        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                        rest.nth(3);
                    }
                    None => out.push('u'),
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(text: &str) -> Vec<(String, String)> {
        let documents = parse("a.properties", text, &mut Vec::new());
        documents.iter().flat_map(|d| &d.entries).map(|e| (e.key.to_string(), e.value.clone())).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn separators_escapes_and_continuations() {
        let text = "a=1\r\n b : 2 \n! no\n# no=1\nc 3\nd.e=x,\\\n    y\nf\\ g=\\u00e9\\t|\nempty\nurl=jdbc\\:h2\\:mem\nend=\\\\\nlast=1\\";
        let expected = [
            pair("a", "1"),
            pair("b", "2"),
            pair("c", "3"),
            pair("d.e", "x,y"),
            pair("f g", "é\t|"),
            pair("empty", ""),
            pair("url", "jdbc:h2:mem"),
            pair("end", "\\"),
            pair("last", "1"),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn documents_and_spans() {
        let text = "a=1\n#---\nspring.config.activate.on-profile=dev\n  b = 2\n";
        let documents = parse("x", text, &mut Vec::new());
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[1].entries[1].span.of(text), "b = 2");
    }
}
