//! Python's three sorts of manifest.

use toml::de::DeValue;

use crate::facts::{Note, OtherManifest};
use crate::parse::toml_tree::{pairs, read, string, string_list, table};

/// Lists that are read in one file: each may search the whole of it.
const MAX_LISTS: usize = 8;

fn manifest() -> OtherManifest {
    OtherManifest { language: "python".to_owned(), ..OtherManifest::default() }
}

/// The name in `requests[socks]>=2; python_version > '3'`.
fn requirement(text: &str) -> Option<String> {
    let text = text.trim();
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = text.find(|c| !part(c)).unwrap_or(text.len());
    let starts = text.starts_with(char::is_alphanumeric);
    (starts && !text[end..].starts_with(['/', ':'])).then(|| text[..end].to_owned())
}

/// `requirements.txt`.
pub(super) fn requirements(text: &str) -> OtherManifest {
    OtherManifest { dependencies: text.lines().filter_map(requirement).collect(), ..manifest() }
}

/// `pyproject.toml` of PEP 621, Poetry and uv.
pub(super) fn pyproject(text: &str, notes: &mut Vec<Note>) -> OtherManifest {
    let root = read(text, notes);
    let mut out = manifest();
    let heads = [table(&root, &["project"]), table(&root, &["tool", "poetry"])];
    for head in heads.into_iter().flatten() {
        if out.name.is_empty() {
            out.name = string(head, "name").to_owned();
        }
        out.dependencies.extend(string_list(head, "dependencies").iter().filter_map(|r| requirement(r)));
        if let Some(list) = table(head, &["dependencies"]) {
            let named = pairs(list).into_iter().map(|p| p.key).filter(|key| *key != "python");
            out.dependencies.extend(named.map(str::to_owned));
        }
        for script in table(head, &["scripts"]).map(pairs).unwrap_or_default() {
            let target = DeValue::as_str(script.value).unwrap_or_default();
            out.scripts.push((script.key.to_owned(), target.to_owned()));
        }
    }
    out.runnable = !out.scripts.is_empty();
    out.aggregator = table(&root, &["tool", "uv", "workspace"]).is_some();
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Text(&'t str),
    Sign(u8),
}

/// `setup.py`: the arguments `name` and `install_requires`, written out or a variable above.
pub(super) fn setup(text: &str) -> OtherManifest {
    let tokens = tokens(text);
    let mut out = manifest();
    for value in values(&tokens, "name") {
        if let Some(Token::Text(name)) = value.first() {
            out.name = (*name).to_owned();
        }
    }
    for value in values(&tokens, "install_requires").take(MAX_LISTS) {
        let value = match value.first() {
            Some(Token::Word(variable)) => values(&tokens, variable).next().unwrap_or_default(),
            _ => value,
        };
        out.dependencies.extend(list(value).filter_map(requirement));
    }
    out.runnable = tokens.iter().any(|t| matches!(t, Token::Text(s) if s.contains("console_scripts")));
    out
}

/// What stands behind each `name =`.
fn values<'a, 't>(tokens: &'a [Token<'t>], name: &'a str) -> impl Iterator<Item = &'a [Token<'t>]> {
    (0..tokens.len().saturating_sub(2))
        .filter(move |i| tokens[*i] == Token::Word(name) && tokens[i + 1] == Token::Sign(b'='))
        .map(|i| &tokens[i + 2..])
}

/// The strings of a list.
fn list<'t>(tokens: &[Token<'t>]) -> impl Iterator<Item = &'t str> {
    let is_list = matches!(tokens.first(), Some(Token::Sign(b'[' | b'(')));
    let inner = tokens.iter().take_while(move |t| is_list && !matches!(t, Token::Sign(b']' | b')')));
    inner.filter_map(|t| if let Token::Text(text) = t { Some(*text) } else { None })
}

/// Words, strings and signs of Python source.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(b) = bytes.get(i).copied() {
        match b {
            b'#' => i += bytes[i..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - i),
            b'"' | b'\'' => {
                let long = bytes[i..].starts_with(&[b, b, b]);
                let width = if long { 3 } else { 1 };
                let start = i + width;
                let mut end = start;
                while end < bytes.len() && !bytes[end..].starts_with(&[b; 3][..width]) && (long || bytes[end] != b'\n')
                {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let end = end.min(bytes.len());
                out.push(Token::Text(text.get(start..end).unwrap_or_default()));
                i = end + width;
            }
            _ if b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii() => {
                let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii();
                let end = i + bytes[i..].iter().position(|b| !word(b)).unwrap_or(bytes.len() - i);
                out.push(Token::Word(text.get(i..end).unwrap_or_default()));
                i = end;
            }
            _ => {
                if !b.is_ascii_whitespace() {
                    out.push(Token::Sign(b));
                }
                i += 1;
            }
        }
    }
    out
}
