//! The one glob of the tool: `*` stands for any text. Linear in practice, quadratic at worst.

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
    use super::{braces, glob};

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
