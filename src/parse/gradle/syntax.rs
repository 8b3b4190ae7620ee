//! Small parts of syntax: chains of calls, argument lists, values.

use super::lexer::{Kind, Token};

/// A name of a chain such as `tasks.named("x").get`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'a, 't> {
    pub name: &'t str,
    /// Tokens between its parentheses, when it is a call.
    pub args: Option<&'a [Token<'t>]>,
    /// First name between `<` and `>`.
    pub generic: Option<&'t str>,
}

impl<'t> Link<'_, 't> {
    /// The first string among the arguments.
    pub(super) fn string(&self) -> Option<&'t str> {
        self.args?.iter().find(|t| t.kind == Kind::Str).map(|t| t.text)
    }

    fn is_empty_call(&self) -> bool {
        self.args.is_some_and(<[Token<'_>]>::is_empty)
    }
}

/// An argument, with its name when it has one (`group: 'x'`, `group = "x"`, `"a" to "b"`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Arg<'a, 't> {
    pub key: Option<&'t str>,
    pub tokens: &'a [Token<'t>],
}

/// The index of the bracket that closes the one at `open`, or the end.
pub(super) fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return i;
            }
        }
    }
    tokens.len()
}

/// The chain at the start of `tokens`, and what follows it.
pub(super) fn chain<'a, 't>(tokens: &'a [Token<'t>]) -> (Vec<Link<'a, 't>>, &'a [Token<'t>]) {
    let mut links: Vec<Link<'a, 't>> = Vec::new();
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        if !matches!(token.kind, Kind::Ident | Kind::Str) {
            break;
        }
        let mut link = Link { name: token.text, args: None, generic: None };
        i += 1;
        if let Some((generic, next)) = generics(tokens, i) {
            link.generic = generic;
            i = next;
        }
        if tokens.get(i).is_some_and(|t| t.is("(")) {
            let close = closing(tokens, i);
            link.args = Some(&tokens[i + 1..close]);
            i = (close + 1).min(tokens.len());
        }
        links.push(link);
        // An index with a string is a member: `versions['spring']`.
        while let [open, key, close, ..] = &tokens[i..]
            && open.is("[")
            && key.kind == Kind::Str
            && close.is("]")
            && tokens[i - 1].end == open.start
        {
            links.push(Link { name: key.text, args: None, generic: None });
            i += 3;
        }
        let mut dot = i;
        // A closure between two links: `subprojects.findAll { … }.each`.
        while tokens.get(dot).is_some_and(|t| t.is("{}")) {
            dot += 1;
        }
        let joined = tokens.get(dot).is_some_and(|t| matches!(t.text, "." | "?." | "*." | "::") && t.kind == Kind::Op);
        if !joined || !tokens.get(dot + 1).is_some_and(|t| matches!(t.kind, Kind::Ident | Kind::Str)) {
            break;
        }
        i = dot + 1;
    }
    (links, &tokens[i..])
}

/// `<X>` before a call, as in `apply<X>()`.
fn generics<'t>(tokens: &[Token<'t>], at: usize) -> Option<(Option<&'t str>, usize)> {
    if !tokens.get(at)?.is("<") {
        return None;
    }
    let close = tokens[at..].iter().take(12).position(|t| t.is(">"))? + at;
    let next = tokens.get(close + 1);
    let used = next.is_none_or(|t| t.is("(") || t.is(".") || t.is("{}"));
    let last = tokens[at..close].iter().rfind(|t| t.kind == Kind::Ident).map(|t| t.text);
    used.then_some((last, close + 1))
}

/// Drops receivers that mean the project at hand, so that `project.ext.x` is `ext.x`.
pub(super) fn own<'l, 'a, 't>(mut links: &'l [Link<'a, 't>]) -> &'l [Link<'a, 't>] {
    while let [first, _, ..] = links
        && matches!(first.name, "project" | "this" | "rootProject" | "target" | "getProject" | "getRootProject")
        && first.args.is_none_or(<[Token<'_>]>::is_empty)
    {
        links = &links[1..];
    }
    links
}

/// Takes off parentheses that enclose all of `tokens`; some, not any number.
pub(super) fn unwrap<'a, 't>(mut tokens: &'a [Token<'t>]) -> &'a [Token<'t>] {
    for _ in 0..MAX_DEPTH {
        let Some(first) = tokens.first() else { break };
        if !first.is("(") || closing(tokens, 0) + 1 != tokens.len() {
            break;
        }
        tokens = &tokens[1..tokens.len() - 1];
    }
    tokens
}

/// Splits at the commas outside of brackets.
pub(super) fn args<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<Arg<'a, 't>> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (i, token) in tokens.iter().enumerate() {
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is(",") {
            push_arg(&tokens[start..i], &mut out);
            start = i + 1;
        }
    }
    push_arg(&tokens[start..], &mut out);
    out
}

fn push_arg<'a, 't>(tokens: &'a [Token<'t>], out: &mut Vec<Arg<'a, 't>>) {
    match tokens {
        [] => {}
        [key, sign, value @ ..]
            if matches!(key.kind, Kind::Ident | Kind::Str | Kind::Num)
                && (sign.is(":") || sign.is("=") || sign.names("to")) =>
        {
            out.push(Arg { key: Some(key.text), tokens: value });
        }
        _ => out.push(Arg { key: None, tokens }),
    }
}

/// A chain as a variable's name: `rootProject.ext.versions.spring.get()` is `versions.spring`.
pub(super) fn variable(links: &[Link<'_, '_>]) -> String {
    let mut links = own(links);
    while let [head @ .., last] = links
        && !head.is_empty()
        && last.is_empty_call()
    {
        links = head;
    }
    let mut names: Vec<&str> = Vec::new();
    for link in links {
        match (link.name, link.string()) {
            ("property" | "getProperty" | "findProperty" | "gradleProperty" | "get" | "getValue", Some(name)) => {
                names.clear();
                names.push(name);
            }
            ("ext" | "extra" | "gradle" | "properties", _) if links.len() > 1 => {}
            (name, _) => names.push(name),
        }
    }
    names.join(".")
}

/// A scalar: a string or number, a sum of them, a variable as `$name`; none for anything computed.
pub(super) fn scalar(tokens: &[Token<'_>]) -> Option<String> {
    let tokens = unwrap(tokens);
    if let Some(at) = tokens.iter().position(|t| t.is("?:")) {
        // The default of `findProperty('x') ?: '1'`.
        return simple(unwrap(&tokens[at + 1..]));
    }
    if !tokens.iter().any(|t| t.is("+")) {
        return simple(tokens);
    }
    let mut out = String::new();
    for part in tokens.split(|t| t.is("+")) {
        out.push_str(&simple(unwrap(part))?);
    }
    Some(out)
}

fn simple(tokens: &[Token<'_>]) -> Option<String> {
    let first = tokens.first()?;
    match first.kind {
        Kind::Num => return Some(first.text.to_owned()),
        Kind::Str => {
            let plain = match &tokens[1..] {
                [] => true,
                [next, ..] => next.is(".") || next.names("as") || next.is("{}"),
            };
            return plain.then(|| first.text.to_owned());
        }
        _ => {}
    }
    let (links, rest) = chain(tokens);
    if !rest.is_empty() && !rest[0].names("as") {
        return None;
    }
    let names: Vec<&str> = links.iter().map(|l| l.name).collect();
    match names.as_slice() {
        [] => None,
        ["true" | "false"] => Some(names[0].to_owned()),
        [.., "JavaVersion", version] if version.starts_with("VERSION_") => {
            Some(version.trim_start_matches("VERSION_").replace('_', "."))
        }
        [.., "JavaLanguageVersion", "of"] | [.., "JavaVersion", "toVersion"] => match links.last()?.args? {
            [version] if version.kind == Kind::Ident => Some(format!("${}", version.text)),
            [version] => Some(version.text.to_owned()),
            inner => Some(format!("${}", variable(&chain(inner).0))),
        },
        _ => {
            let called = links.iter().any(|l| l.args.is_some_and(|a| !a.is_empty()) && l.string().is_none());
            (!called && links.iter().all(|l| l.name != "new")).then(|| format!("${}", variable(&links)))
        }
    }
}

/// Deepest nesting of maps and lists that is read.
const MAX_DEPTH: usize = 8;

/// The scalars of a value by path: of a map `key.name`, of a list `key[0]`.
pub(super) fn flatten<'a, 't>(
    key: &str,
    tokens: &'a [Token<'t>],
    depth: usize,
    out: &mut Vec<(String, String, &'a [Token<'t>])>,
) {
    let tokens = unwrap(tokens);
    let inner = match tokens.first() {
        Some(t) if t.is("[") => Some(&tokens[1..closing(tokens, 0)]),
        Some(t) if t.kind == Kind::Ident && (t.text.ends_with("Of") || t.text == "arrayOf") => {
            chain(tokens).0.first().and_then(|l| l.args)
        }
        _ => None,
    };
    match inner {
        Some(inner) if depth < MAX_DEPTH => {
            for (i, arg) in args(inner).into_iter().enumerate() {
                let path = match arg.key {
                    Some(name) => format!("{key}.{name}"),
                    None => format!("{key}[{i}]"),
                };
                flatten(&path, arg.tokens, depth + 1, out);
            }
        }
        Some(_) => {}
        None => {
            if let Some(value) = scalar(tokens) {
                out.push((key.to_owned(), value, tokens));
            }
        }
    }
}
