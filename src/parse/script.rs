//! Shell scripts that images start: what they export, and the command lines of programs with the variables put in.

use std::collections::BTreeMap;

use crate::facts::Instruction;
use crate::text::{Name, Span};

/// Longer scripts start no service.
const MAX_LINES: usize = 2_000;
/// Variables are not put in beyond this length.
const MAX_TEXT: usize = 8_192;

/// `ENV` for what is exported, `CMD` for what starts Java or takes the script's place (`exec`), `SH` for every other line
/// that may do something, with the variables put in; in order.
pub fn parse(text: &str) -> Vec<Instruction> {
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    let mut out = Vec::new();
    for (span, line) in lines(text).take(MAX_LINES) {
        let line = line.trim();
        let (assignment, exported) = match line.strip_prefix("export ") {
            Some(rest) => (rest.trim_start(), true),
            None => (line, false),
        };
        if let Some((name, value)) = assigned(assignment) {
            let value = expand(value, &variables);
            if exported {
                out.push(Instruction { keyword: Name::new("ENV"), text: format!("{name} {value}"), span });
            }
            variables.insert(name.to_owned(), value);
        } else if starts_java(line) || line.starts_with("exec ") {
            out.push(Instruction { keyword: Name::new("CMD"), text: expand(line, &variables), span });
        } else if !is_structure(line) {
            out.push(Instruction { keyword: Name::new("SH"), text: expand(line, &variables), span });
        }
    }
    out
}

/// Logical lines: comments left out, continued lines joined.
fn lines(text: &str) -> impl Iterator<Item = (Span, String)> {
    let mut at = 0;
    let mut open: Option<(usize, String)> = None;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let content = line.trim_end();
        let (from, mut joined) = open.take().unwrap_or((start, String::new()));
        if joined.is_empty() && content.trim_start().starts_with('#') {
            return None;
        }
        if let Some(part) = content.strip_suffix('\\')
            && joined.len() < MAX_TEXT
        {
            joined.push_str(part);
            open = Some((from, joined));
            return None;
        }
        joined.push_str(content);
        (!joined.trim().is_empty()).then(|| (Span::new(from, start + content.len()), joined))
    })
}

/// `NAME=value`, `NAME="a b"`: an assignment and nothing after it.
fn assigned(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let value = value.trim();
    let whole = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.len() > 1 && value.ends_with(quote),
        _ => !value.contains(char::is_whitespace),
    };
    (is_name && whole).then(|| (name, value.trim_matches(['"', '\''])))
}

/// `fi`, `done`, `;;`: nothing is done there; what is printed is no command.
fn is_structure(line: &str) -> bool {
    const SAYS: &[&str] = &["echo", "printf", "log", "info", "warn", "debug"];
    let first = line.split([' ', ';']).next().unwrap_or("");
    matches!(first, "fi" | "done" | "else" | "then" | "do" | "esac" | "{" | "}" | "" | ")")
        || SAYS.contains(&first) && !line.contains(['>', '|', '&', ';'])
}

fn starts_java(line: &str) -> bool {
    let mut words = line.split_whitespace().map(|w| w.trim_matches(['"', '\'']));
    let is_java = |w: &str| matches!(w.rsplit('/').next(), Some("java" | "${JAVA}" | "$JAVA"));
    words.any(is_java) && words.any(|w| w.starts_with('-') || w.starts_with('$'))
}

/// Puts in the variables that the script sets; the others stay.
fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, used) = match after.strip_prefix('{') {
            Some(braced) => match braced.find('}') {
                Some(end) => (&braced[..end], end + 2),
                None => ("", 0),
            },
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                (&after[..end], end)
            }
        };
        match variables.get(name) {
            Some(value) if out.len() + value.len() < MAX_TEXT => out.push_str(value),
            _ => out.push_str(&rest[at..=at + used]),
        }
        rest = &after[used..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(text: &str) -> Vec<(String, String)> {
        parse(text).into_iter().map(|i| (i.keyword.to_string(), i.text)).collect()
    }

    #[test]
    fn exports_and_java() {
        let text = "#!/bin/sh\n# java -jar no.jar\nexport POOL=\"3\"\nJAVA_OPTS=\"-Xmx2g\"\nJAVA_OPTS=\"${JAVA_OPTS} -Da=b\"\n\
            if [ -n \"$X\" ]; then\n  echo java\nfi\nexec java $JAVA_OPTS \\\n  -Dc=d -jar /app.jar --e.f=g $@\n";
        assert_eq!(
            read(text),
            [
                ("ENV".to_owned(), "POOL 3".to_owned()),
                ("SH".to_owned(), "if [ -n \"$X\" ]; then".to_owned()),
                ("CMD".to_owned(), "exec java -Xmx2g -Da=b   -Dc=d -jar /app.jar --e.f=g $@".to_owned())
            ]
        );
    }

    #[test]
    fn whatever_it_holds_it_is_read() {
        for text in ["$", "${", "a=$a", "export =", "A=\"", "java", "java $", "\\", "\\\n\\", "A=${A}${A}\nexport B=$A"]
        {
            read(text);
        }
    }
}
