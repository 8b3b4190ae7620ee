//! HOCON (`application.conf` of Akka, Pekko, Play and Typesafe Config), flattened. Includes and substitutions
//! are left as they are written.

use super::flat::{Document, MAX_DEPTH};
use crate::facts::Note;
use crate::text::Span;

/// What is open: an object, or a list with its next index.
enum Open {
    Object(String),
    List(String, usize),
}

/// Reads the one document of a HOCON file.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<Document> {
    let mut document = Document { span: Span::new(0, text.len()), ..Document::default() };
    let mut reader = Reader { text, at: 0 };
    // The braces around the whole are optional.
    let mut open = vec![Open::Object(String::new())];
    loop {
        reader.skip(|b| b.is_ascii_whitespace() || b == b',');
        let Some(next) = reader.peek() else { break };
        if open.len() > MAX_DEPTH {
            notes.push(Note::at(Span::new(reader.at, reader.at), "nested too deep: the rest is left out"));
            break;
        }
        match next {
            b'}' | b']' => {
                reader.at += 1;
                if open.len() > 1 {
                    open.pop();
                }
                continue;
            }
            b'{' if open.len() == 1 && document.entries.is_empty() => {
                reader.at += 1;
                continue;
            }
            _ => {}
        }
        let start = reader.at;
        let key = match open.last_mut() {
            Some(Open::List(key, index)) => {
                *index += 1;
                format!("{key}[{}]", *index - 1)
            }
            Some(Open::Object(prefix)) => {
                let key = reader.key();
                if key.is_empty() || key.starts_with("include ") {
                    reader.line();
                    continue;
                }
                if prefix.is_empty() { key } else { format!("{prefix}.{key}") }
            }
            None => break,
        };
        reader.skip(|b| matches!(b, b' ' | b'\t'));
        match reader.peek() {
            Some(b'{') => {
                reader.at += 1;
                open.push(Open::Object(key));
            }
            Some(b'[') => {
                reader.at += 1;
                open.push(Open::List(key, 0));
            }
            _ => {
                let value = reader.value();
                if !document.push(&key, &value, Span::new(start, reader.at)) {
                    notes.push(Note::at(Span::new(start, reader.at), "too many settings: the rest is left out"));
                    break;
                }
            }
        }
    }
    if document.entries.is_empty() { Vec::new() } else { vec![document] }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn starts_with(&self, what: &str) -> bool {
        self.text.as_bytes()[self.at.min(self.text.len())..].starts_with(what.as_bytes())
    }

    /// Passes over bytes and comments.
    fn skip(&mut self, blank: impl Fn(u8) -> bool) {
        while let Some(next) = self.peek() {
            if next == b'#' || self.starts_with("//") {
                self.line();
            } else if blank(next) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Passes over the rest of the line.
    fn line(&mut self) {
        while self.peek().is_some_and(|b| b != b'\n') {
            self.at += 1;
        }
    }

    /// A path up to its `=`, `:` or `{`, which but for the brace is passed over.
    fn key(&mut self) -> String {
        let start = self.at;
        let mut quoted = false;
        while let Some(next) = self.peek() {
            match next {
                b'"' => quoted = !quoted,
                b'\n' => break,
                b'=' | b':' | b'{' | b'}' if !quoted => break,
                _ => {}
            }
            self.at += 1;
        }
        let key = self.slice(start).trim().trim_end_matches('+').trim_end().replace('"', "");
        if matches!(self.peek(), Some(b'=' | b':')) {
            self.at += 1;
        }
        key
    }

    /// A scalar up to the end of its line or list, without quotes.
    fn value(&mut self) -> String {
        let start = self.at;
        if self.starts_with("\"\"\"") {
            self.at += 3;
            while self.at < self.text.len() && !self.starts_with("\"\"\"") {
                self.at += 1;
            }
            let text = self.slice(start + 3).to_owned();
            self.at = (self.at + 3).min(self.text.len());
            return text;
        }
        let (mut quoted, mut placeholder) = (false, false);
        while let Some(next) = self.peek() {
            match next {
                b'\n' => break,
                b'\\' if quoted => self.at += 1,
                b'"' => quoted = !quoted,
                b'{' if !quoted => placeholder = true,
                b'}' if placeholder => placeholder = false,
                b',' | b'}' | b']' | b'#' if !quoted && !placeholder => break,
                b'/' if !quoted && self.starts_with("// ") => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.text.len());
        self.slice(start).trim().trim_matches('"').to_owned()
    }

    /// From `start` to here, or nothing where that is not the border of a character.
    fn slice(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(text: &str) -> Vec<(String, String)> {
        let documents = parse("application.conf", text, &mut Vec::new());
        documents.iter().flat_map(|d| &d.entries).map(|e| (e.key.to_string(), e.value.clone())).collect()
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn objects_lists_and_paths() {
        let text = "include \"base\"\nakka {\n  actor.provider = cluster # here\n  remote.artery { canonical.port = 2551 }\n  cluster.seed-nodes = [\n    \"akka://S@a:1\",\n    \"akka://S@b:2\"]\n}\ndb.default.url=\"jdbc:h2:mem:x\"\nplay.modules += \"a.B\" // more\n";
        let found = [
            ("akka.actor.provider", "cluster"),
            ("akka.remote.artery.canonical.port", "2551"),
            ("akka.cluster.seed-nodes[0]", "akka://S@a:1"),
            ("akka.cluster.seed-nodes[1]", "akka://S@b:2"),
            ("db.default.url", "jdbc:h2:mem:x"),
            ("play.modules", "a.B"),
        ];
        assert_eq!(read(text), pairs(&found));
    }

    #[test]
    fn json_placeholders_and_long_texts() {
        let text = "{ \"a\": { \"b\": 1, \"c\": [ { \"d\": true } ] }, e: ${HOST}\":80\", f = \"\"\"x\ny\"\"\" }";
        let found = [("a.b", "1"), ("a.c[0].d", "true"), ("e", "${HOST}\":80"), ("f", "x\ny")];
        assert_eq!(read(text), pairs(&found));
    }

    #[test]
    fn broken_input_ends() {
        for text in ["a {", "}}}]]", "a = \"", "= =", "a [", "\"", "a = \\", "ä { ö = \"ü", "a = \"x\\"] {
            read(text);
        }
        read(&"a{".repeat(10_000));
        read(&"[".repeat(10_000));
    }
}
