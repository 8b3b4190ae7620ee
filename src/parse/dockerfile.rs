//! Dockerfiles: stages and instructions, read line by line.

use std::collections::BTreeMap;

use crate::facts::deploy::{Instruction, Stage};
use crate::facts::{ContainerFacts, Note};
use crate::text::{Name, Span};

/// No image has more.
const MAX_INSTRUCTIONS: usize = 5_000;
/// Commands of one `RUN`, directories of one `VOLUME`.
const MAX_PARTS: usize = 1_000;
/// Longer texts are kept to this many bytes.
const MAX_TEXT: usize = 64 << 10;

const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Reads a Dockerfile.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> ContainerFacts {
    let mut facts = ContainerFacts::default();
    // `ARG`s before the first `FROM` hold for all of them.
    let mut args: BTreeMap<String, String> = BTreeMap::new();
    let mut lines = Lines::new(text);
    let (mut count, mut noted) = (0, false);
    while let Some((line, span)) = lines.next_logical() {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((line.as_str(), ""));
        let (keyword, rest) = (keyword.to_ascii_uppercase(), rest.trim());
        if !KEYWORDS.contains(&keyword.as_str()) {
            if !noted {
                notes.push(Note::at(span, "no Dockerfile instruction: left out"));
            }
            noted = true;
            continue;
        }
        count += 1;
        if count > MAX_INSTRUCTIONS {
            notes.push(Note::at(span, "too many instructions: the rest is left out"));
            break;
        }
        if keyword == "FROM" {
            facts.stages.push(stage(rest, span, &args));
            continue;
        }
        let text = lines.with_here_documents(&keyword, rest);
        let span = Span { start: span.start, end: span.end.max(lines.last_end) };
        if keyword == "ARG" && facts.stages.is_empty() {
            for word in text.split_whitespace() {
                if let Some((name, value)) = word.split_once('=') {
                    args.insert(name.to_owned(), substitute(unquote(value), &args));
                }
            }
        }
        if let Some(stage) = facts.stages.last_mut() {
            let parts = match keyword.as_str() {
                "RUN" => commands(&text),
                "VOLUME" => directories(&text),
                _ => vec![exec_form(&text).unwrap_or(text)],
            };
            let keyword = Name::new(&keyword);
            let made = parts.into_iter().map(|text| Instruction { keyword, text: bounded(text), span });
            stage.instructions.extend(made.take(MAX_PARTS));
        }
    }
    facts
}

/// `--platform=x image AS name`.
fn stage(rest: &str, span: Span, args: &BTreeMap<String, String>) -> Stage {
    let mut words = rest.split_whitespace().skip_while(|word| word.starts_with("--"));
    let image = words.next().map_or_else(String::new, |image| substitute(unquote(image), args));
    let name = words.next().filter(|word| word.eq_ignore_ascii_case("as")).and_then(|_| words.next());
    Stage { image, name: name.map(str::to_owned), span, instructions: Vec::new() }
}

/// Replaces `$X`, `${X}`, `${X:-default}` where the value or a default is known.
fn substitute(text: &str, args: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, default, end) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((body, _)) => {
                let name = body.split(':').next().unwrap_or(body);
                (name, body.split_once(":-").map(|(_, default)| default), at + 1 + body.len() + 2)
            }
            None => {
                let length = after.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
                (&after[..length], None, at + 1 + length)
            }
        };
        match args.get(name).map(String::as_str).filter(|v| !v.is_empty()).or(default) {
            Some(value) if out.len() < MAX_TEXT => out.push_str(value),
            _ => out.push_str(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    bounded(out)
}

fn unquote(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

fn bounded(mut text: String) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// `["java", "-jar", "a.jar"]` as `java -jar a.jar`.
fn exec_form(text: &str) -> Option<String> {
    if !text.starts_with('[') {
        return None;
    }
    serde_json::from_str::<Vec<String>>(text).ok().map(|words| words.join(" "))
}

/// The commands of a `RUN`, each by itself: what one of them names says nothing of its neighbours.
fn commands(text: &str) -> Vec<String> {
    if let Some(words) = exec_form(text) {
        return vec![words];
    }
    let parts = text.split(['\n', ';', '|', '&']).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.map(str::to_owned).collect();
    if parts.is_empty() { vec![text.to_owned()] } else { parts }
}

/// The directories of a `VOLUME`: a list, or words.
fn directories(text: &str) -> Vec<String> {
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(list) if !list.is_empty() => list,
        _ => text.split_whitespace().map(|word| unquote(word).to_owned()).collect(),
    }
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
    /// `\`, or what the directive `# escape=` says.
    escape: char,
    /// Where the last line that was read ends.
    last_end: u32,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let directives = text.lines().take_while(|line| line.trim_start().starts_with('#'));
        let backtick = directives
            .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
            .any(|(name, value)| name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`");
        Self { text, at: 0, escape: if backtick { '`' } else { '\\' }, last_end: 0 }
    }

    fn next_line(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        self.at += line.len();
        let line = line.trim_end();
        self.last_end = Span::new(start, start + line.len()).end;
        Some((start, line))
    }

    /// The next instruction, continuation lines joined; comments and blank lines may stand between them.
    fn next_logical(&mut self) -> Option<(String, Span)> {
        let mut joined = String::new();
        let mut begin = None;
        let mut end = 0;
        while let Some((start, line)) = self.next_line() {
            let body = line.trim_start();
            if body.is_empty() || body.starts_with('#') {
                continue;
            }
            let from = *begin.get_or_insert(start + (line.len() - body.len()));
            end = start + line.len();
            match body.strip_suffix(self.escape) {
                Some(part) => {
                    joined.push_str(part.trim_end());
                    joined.push(' ');
                }
                None => {
                    joined.push_str(body);
                    return Some((joined, Span::new(from, end)));
                }
            }
        }
        begin.map(|from| (joined.trim_end().to_owned(), Span::new(from, end)))
    }

    /// `RUN <<EOF`: the lines up to `EOF` belong to the instruction.
    fn with_here_documents(&mut self, keyword: &str, rest: &str) -> String {
        let mut text = rest.to_owned();
        if !matches!(keyword, "RUN" | "COPY" | "ADD") {
            return text;
        }
        for word in rest.split_whitespace().filter_map(|word| word.strip_prefix("<<")) {
            let end = word.trim_start_matches('-').trim_matches(['"', '\'']);
            if !end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                continue;
            }
            while let Some((_, line)) = self.next_line() {
                if line.trim() == end {
                    break;
                }
                text.push('\n');
                text.push_str(line);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::ContainerFacts;

    fn read(text: &str) -> ContainerFacts {
        parse("Dockerfile", text, &mut Vec::new())
    }

    #[test]
    fn stages_arguments_and_forms() {
        let text = "# syntax=x\nARG V=21\nARG BASE=eclipse:${V}\nFROM --platform=linux/amd64 maven:3 AS build\nRUN a \\\n  # no\n\n  && b\n\nfrom ${BASE}-jre\nENV A=1\nEXPOSE ${PORT:-8080}\nCMD [\"java\", \"-jar\"]\nENTRYPOINT exec java \\";
        let facts = read(text);
        assert_eq!(facts.stages.len(), 2);
        assert_eq!((facts.stages[0].image.as_str(), facts.stages[0].name.as_deref()), ("maven:3", Some("build")));
        let texts: Vec<&str> = facts.stages[0].instructions.iter().map(|i| i.text.as_str()).collect();
        assert_eq!(texts, ["a", "b"]);
        assert_eq!(facts.stages[1].image, "eclipse:21-jre");
        let texts: Vec<&str> = facts.stages[1].instructions.iter().map(|i| i.text.as_str()).collect();
        assert_eq!(texts, ["A=1", "${PORT:-8080}", "java -jar", "exec java"]);
        assert!(facts.stages[0].instructions[0].span.of(text).starts_with("RUN a"));
    }

    #[test]
    fn here_documents_and_other_escapes() {
        let facts = read("FROM a\nRUN <<EOF\nUSER x\nFROM no\nEOF\nUSER y\nRUN a <<'E' b\n1\n");
        assert_eq!(facts.stages.len(), 1);
        let texts: Vec<&str> = facts.stages[0].instructions.iter().map(|i| i.text.as_str()).collect();
        assert_eq!(texts, ["<<EOF", "USER x", "FROM no", "y", "a <<'E' b", "1"]);
        let facts = read("# escape=`\nFROM a\nCOPY C:\\ `\n  D:\\\nUSER u\n");
        assert_eq!(facts.stages[0].instructions[0].text, "C:\\ D:\\");
    }

    #[test]
    fn each_command_and_directory_stands_for_itself() {
        let facts =
            read("FROM a\nRUN apk add x && wget b/fonts/c ; tar x | cat\nVOLUME [\"/etc/a\", \"/data\"]\nVOLUME /b /c");
        let texts: Vec<&str> = facts.stages[0].instructions.iter().map(|i| i.text.as_str()).collect();
        assert_eq!(texts, ["apk add x", "wget b/fonts/c", "tar x", "cat", "/etc/a", "/data", "/b", "/c"]);
    }

    #[test]
    fn what_is_no_dockerfile_is_noted_once() {
        let mut notes = Vec::new();
        let facts = parse("Dockerfile", "export const a = 1\nmore\n", &mut notes);
        assert!(facts.stages.is_empty() && notes.len() == 1);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(FROM |ARG a=|RUN <<|EOF|\\\\|\n|\r|#|\\$\\{?|[a:}ü\\[\"]){0,30}") {
            for stage in read(&text).stages {
                for i in stage.instructions {
                    proptest::prop_assert!(i.span.end as usize <= text.len());
                }
            }
        }
    }
}
