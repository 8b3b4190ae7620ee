//! Comments of every format that is read, found without a parser: only what lies outside strings.

use crate::source::FileKind;

/// One line of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment<'t> {
    /// Byte offset of `text`.
    pub(super) start: usize,
    /// Without the marks that open and close it.
    pub(super) text: &'t str,
}

/// How comments and strings are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// `//`, `/* */`; strings as in Java, Groovy and Kotlin.
    C { single_quoted: bool, nested: bool },
    /// `<!-- -->`.
    Xml,
    /// `#` behind a blank or at the start of a line; quoted strings.
    Hash,
    /// A whole line that begins with one of these.
    Line(&'static [char]),
}

fn syntax(kind: FileKind, path: &str) -> Option<Syntax> {
    let ends = |ending: &str| path.len() >= ending.len() && path.to_ascii_lowercase().ends_with(ending);
    if ends(".properties") {
        return Some(Syntax::Line(&['#', '!']));
    }
    if ends(".yml") || ends(".yaml") || ends(".toml") {
        return Some(Syntax::Hash);
    }
    if ends(".xml") || ends(".csproj") {
        return Some(Syntax::Xml);
    }
    Some(match kind {
        FileKind::Java => Syntax::C { single_quoted: true, nested: false },
        FileKind::Rust => Syntax::C { single_quoted: false, nested: true },
        FileKind::Gradle => Syntax::C { single_quoted: true, nested: false },
        FileKind::Container | FileKind::Script | FileKind::Deploy => Syntax::Line(&['#']),
        _ => return None,
    })
}

/// All comments of a text, line by line, in order.
pub(super) fn comments<'t>(kind: FileKind, path: &str, text: &'t str) -> Vec<Comment<'t>> {
    match syntax(kind, path) {
        Some(Syntax::C { single_quoted, nested }) => c_like(text, single_quoted, nested),
        Some(Syntax::Xml) => xml(text),
        Some(Syntax::Hash) => hash(text),
        Some(Syntax::Line(marks)) => whole_lines(text, marks),
        None => Vec::new(),
    }
}

fn push<'t>(out: &mut Vec<Comment<'t>>, text: &'t str, start: usize, end: usize) {
    let mut at = start;
    for line in text[start..end].split_inclusive('\n') {
        out.push(Comment { start: at, text: line.trim_end_matches(['\n', '\r']) });
        at += line.len();
    }
}

fn find(text: &str, from: usize, needle: &str) -> usize {
    text.get(from..).and_then(|rest| rest.find(needle)).map_or(text.len(), |at| from + at)
}

fn c_like(text: &str, single_quoted: bool, nested: bool) -> Vec<Comment<'_>> {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") {
            let end = find(text, at, "\n");
            push(&mut out, text, at + 2, end);
            at = end;
        } else if rest.starts_with(b"/*") {
            let end = block_end(bytes, at, nested);
            let inner = if bytes[..end].ends_with(b"*/") && end >= at + 4 { end - 2 } else { end };
            push(&mut out, text, (at + 2).min(inner), inner);
            at = end;
        } else if rest.starts_with(b"\"\"\"") {
            at = string_end(bytes, at + 3, b"\"\"\"", true);
        } else if nested && rest[0] == b'r' && !before_is_word(bytes, at) && raw_quotes(rest).is_some() {
            let hashes = raw_quotes(rest).unwrap_or_default();
            let close = format!("\"{}", "#".repeat(hashes));
            at = (find(text, at + hashes + 2, &close) + close.len()).min(bytes.len());
        } else if rest[0] == b'"' {
            at = string_end(bytes, at + 1, b"\"", nested);
        } else if rest[0] == b'\'' && single_quoted {
            at = string_end(bytes, at + 1, b"'", false);
        } else if rest.starts_with(b"'\"'") || rest.starts_with(b"'\\\"'") {
            at += 3;
        } else {
            at += 1;
        }
    }
    out
}

fn before_is_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') && bytes[at - 1] != b'b'
}

/// `r##"` has two.
fn raw_quotes(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
    (rest.get(1 + hashes) == Some(&b'"')).then_some(hashes)
}

/// Behind the closing quotes; a string that may not span lines ends with its line.
fn string_end(bytes: &[u8], mut at: usize, close: &[u8], lines: bool) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' if !lines => return at,
            _ if bytes[at..].starts_with(close) => return at + close.len(),
            _ => at += 1,
        }
    }
    bytes.len()
}

fn block_end(bytes: &[u8], start: usize, nested: bool) -> usize {
    let (mut at, mut depth) = (start + 2, 1);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else if nested && bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn xml(text: &str) -> Vec<Comment<'_>> {
    let (mut out, mut at) = (Vec::new(), 0);
    loop {
        let comment = find(text, at, "<!--");
        let data = find(&text[..comment], at, "<![CDATA[");
        if data < comment {
            at = find(text, data, "]]>");
            continue;
        }
        if comment == text.len() {
            return out;
        }
        let end = find(text, comment + 4, "-->");
        push(&mut out, text, comment + 4, end);
        at = end;
    }
}

/// YAML and TOML. A quote that is not closed on its line is an apostrophe, or the text of a block.
fn hash(text: &str) -> Vec<Comment<'_>> {
    let (mut out, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let opens = at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b',' | b'[' | b'{' | b'=' | b':' | b'(');
            match bytes[at] {
                b'#' if at == 0 || matches!(bytes[at - 1], b' ' | b'\t') || closes(bytes[at - 1]) => {
                    push(&mut out, text, start + at + 1, start + line.trim_end_matches(['\n', '\r']).len());
                    break;
                }
                quote @ (b'"' | b'\'') if opens => {
                    let mut end = at + 1;
                    while end < bytes.len() && bytes[end] != quote {
                        end += if bytes[end] == b'\\' && quote == b'"' { 2 } else { 1 };
                    }
                    at = if end < bytes.len() { end + 1 } else { at + 1 };
                }
                _ => at += 1,
            }
        }
        start += line.len();
    }
    out
}

/// TOML needs no blank before `#`.
fn closes(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b']' | b'}')
}

fn whole_lines<'t>(text: &'t str, marks: &[char]) -> Vec<Comment<'t>> {
    let (mut out, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        if bare.starts_with(marks) {
            let from = start + line.len() - bare.len() + 1;
            push(&mut out, text, from, start + line.trim_end_matches(['\n', '\r']).len());
        }
        start += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> Vec<String> {
        let kind = crate::source::classify(path).unwrap();
        let all = comments(kind, path, text);
        for one in &all {
            assert!(text[one.start..].starts_with(one.text));
        }
        all.into_iter().map(|c| c.text.trim().to_owned()).collect()
    }

    #[test]
    fn of_every_format() {
        let java = "a(\"// no\"); // one\n/* two\n * three */ c('\"'); // four\nT t = \"\"\"\n // no\n \\\"\"\" \"\"\"; //five";
        assert_eq!(of("A.java", java), ["one", "two", "* three", "four", "five"]);
        let rust =
            "let s = r#\"// no \" \"#; // one\nfn f<'a>(c: '\"', b'\\\"') /* /* in */ out */ {} \"a\n// no\" // two";
        assert_eq!(of("a.rs", rust), ["one", "/* in */ out", "two"]);
        assert_eq!(of("build.gradle", "x 'https://no' // one\n"), ["one"]);
        assert_eq!(of("pom.xml", "<a><!-- one --><![CDATA[<!-- no -->]]><!-- two"), ["one", "two"]);
        assert_eq!(of("application.yml", "a: 'x # no' # one\nb: it's#no # two\n#three"), ["one", "two", "three"]);
        assert_eq!(of("Cargo.toml", "a = \"x # no\"# one\n"), ["one"]);
        assert_eq!(of("application.properties", "a = b # no\n  ! one\r\n#two"), ["one", "two"]);
        assert_eq!(of("Dockerfile", "RUN a # no\n # one\n"), ["one"]);
        assert_eq!(of("package.json", "// {}"), [] as [&str; 0]);
    }

    #[test]
    fn broken_text_is_no_harm() {
        for text in ["\"\\", "/*", "/*/", "'", "\"\"\"", "r#\"", "//", "ü\"\\ü", "<!--", "<![CDATA[", "a: \"\\", "#"]
        {
            for path in
                ["A.java", "a.rs", "pom.xml", "a/application.yml", "Cargo.toml", "Dockerfile", "gradle.properties"]
            {
                of(path, text);
            }
        }
    }
}
