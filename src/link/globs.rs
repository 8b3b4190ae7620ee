//! The one glob of the tool: `*` stands for any text. Linear in practice, quadratic at worst.

use memchr::memmem;

/// Does `text` match `pattern`?
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            back = Some((p + 1, t));
            p += 1;
        } else if p < pattern.len() && pattern[p] == text[t] {
            p += 1;
            t += 1;
        } else if let Some((after, start)) = back {
            back = Some((after, start + 1));
            p = after;
            t = start + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|b| *b == b'*')
}

/// A pattern taken apart, for those that many texts are compared with.
#[derive(Clone, Debug)]
pub struct Glob {
    head: Box<str>,
    /// What must follow, each piece behind the one before it.
    inner: Box<[Box<str>]>,
    /// What it ends with; none without any `*`.
    tail: Option<Box<str>>,
}

impl Glob {
    /// Takes a pattern apart.
    pub fn new(pattern: &str) -> Self {
        let Some((head, rest)) = pattern.split_once('*') else {
            return Self { head: pattern.into(), inner: Box::default(), tail: None };
        };
        let (inner, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
        let inner = inner.split('*').filter(|piece| !piece.is_empty()).map(Box::from).collect();
        Self { head: head.into(), inner, tail: Some(tail.into()) }
    }

    /// The text before the first `*`.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The longest text that must occur.
    pub fn longest(&self) -> &str {
        let pieces = self.inner.iter().chain(&self.tail).map(|piece| &**piece);
        pieces.fold(&*self.head, |longest, piece| if piece.len() > longest.len() { piece } else { longest })
    }

    /// As [`glob`].
    pub fn matches(&self, text: &str) -> bool {
        let text = text.as_bytes();
        let Some(tail) = &self.tail else { return text == self.head.as_bytes() };
        let rest = text.strip_prefix(self.head.as_bytes());
        let Some(mut rest) = rest.and_then(|rest| rest.strip_suffix(tail.as_bytes())) else { return false };
        // The leftmost place of each piece leaves the most to the others.
        self.inner.iter().all(|piece| {
            let at = memmem::find(rest, piece.as_bytes());
            rest = at.map_or(rest, |at| &rest[at + piece.len()..]);
            at.is_some()
        })
    }
}

/// `{a,b}.c` stands for `a.c` and `b.c`; several groups multiply.
pub fn braces(pattern: &str) -> Vec<String> {
    let Some(open) = pattern.find('{') else { return vec![pattern.to_owned()] };
    let Some(close) = pattern[open..].find('}').map(|c| open + c) else { return vec![pattern.to_owned()] };
    let (head, tail) = (&pattern[..open], &pattern[close + 1..]);
    let tails = braces(tail);
    // Without a comma they are plain text: `${name}`.
    if !pattern[open + 1..close].contains(',') {
        return tails.iter().map(|tail| format!("{}{tail}", &pattern[..=close])).collect();
    }
    pattern[open + 1..close]
        .split(',')
        .flat_map(|choice| tails.iter().map(move |tail| format!("{head}{}{tail}", choice.trim())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Glob, braces, glob};

    #[test]
    fn taken_apart_it_says_the_same() {
        let patterns = ["", "*", "**", "a", "a*", "*a", "a*b", "a*b*c", "*ab*ab*", "a**b", "*ab*b", "ab*ba"];
        let texts = ["", "a", "b", "ab", "aba", "abb", "aXbYc", "abab", "ababab", "aXb", "abba", "aab"];
        for pattern in patterns {
            for text in texts {
                assert_eq!(Glob::new(pattern).matches(text), glob(pattern, text), "{pattern} {text}");
            }
        }
        assert_eq!((Glob::new("ab*abc*d").head(), Glob::new("ab*abc*d").longest()), ("ab", "abc"));
    }

    #[test]
    fn star_is_any_text() {
        assert!(glob("new*", "newFixedThreadPool") && glob("*", "") && glob("a*b*c", "aXbYbZc"));
        assert!(!glob("new*", "renew") && !glob("a*b", "abc") && !glob("", "x"));
    }

    #[test]
    fn braces_multiply() {
        assert_eq!(braces("{javax,jakarta}.ejb.{A,B}").len(), 4);
        assert_eq!(braces("plain"), ["plain"]);
        assert_eq!(braces("${name}.{a,b}"), ["${name}.a", "${name}.b"]);
    }
}
