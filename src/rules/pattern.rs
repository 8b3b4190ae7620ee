//! Patterns over names and values: `*` stands for any text, `{a,b}` for either. Only std, because
//! `build.rs` checks patterns with this file.

/// More alternatives than this in one pattern are a mistake.
const MAX_ALTERNATIVES: usize = 256;
/// Braces within braces beyond this depth are a mistake.
const MAX_BRACES: usize = 4;

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    alternatives: Vec<Glob>,
    ignore_case: bool,
}

/// One alternative: literal pieces with any text between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// At least one; `a*b` gives `a`, `b`; a leading or trailing `*` gives an empty piece.
    pieces: Vec<String>,
}

impl Pattern {
    /// A pattern over names: case counts.
    ///
    /// # Errors
    /// For people: what is wrong with the pattern.
    pub fn name(text: &str) -> Result<Self, String> {
        let alternatives = expand(text)?.iter().map(|one| Glob::new(one)).collect();
        Ok(Self { alternatives, ignore_case: false })
    }

    /// A pattern over values: case does not count.
    ///
    /// # Errors
    /// For people: what is wrong with the pattern.
    pub fn value(text: &str) -> Result<Self, String> {
        let alternatives = expand(&text.to_lowercase())?.iter().map(|one| Glob::new(one)).collect();
        Ok(Self { alternatives, ignore_case: true })
    }

    /// Does all of `text` fit?
    pub fn matches(&self, text: &str) -> bool {
        if self.ignore_case && text.chars().any(|c| !c.is_ascii() || c.is_ascii_uppercase()) {
            let lower = text.to_lowercase();
            return self.alternatives.iter().any(|glob| glob.matches(&lower));
        }
        self.alternatives.iter().any(|glob| glob.matches(text))
    }

    /// The alternatives, braces expanded.
    pub fn alternatives(&self) -> &[Glob] {
        &self.alternatives
    }

    /// The texts it stands for, when it holds no `*` and case counts: what an index can look up.
    pub fn exact(&self) -> Option<Vec<&str>> {
        if self.ignore_case {
            return None;
        }
        self.alternatives.iter().map(Glob::exact).collect()
    }
}

impl Glob {
    fn new(text: &str) -> Self {
        Self { pieces: text.split('*').map(str::to_owned).collect() }
    }

    /// The text, when there is no `*` in it.
    pub fn exact(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The literal text it begins with; empty when it begins with `*`.
    pub fn prefix(&self) -> &str {
        self.pieces.first().map_or("", String::as_str)
    }

    /// The literal text it ends with; empty when it ends with `*`.
    pub fn suffix(&self) -> &str {
        self.pieces.last().map_or("", String::as_str)
    }

    /// Does all of `text` fit? Linear in both: the leftmost fit of each inner piece is the best one.
    pub fn matches(&self, text: &str) -> bool {
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else {
            return false;
        };
        if self.pieces.len() == 1 {
            return first == text;
        }
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for piece in &self.pieces[1..self.pieces.len() - 1] {
            let Some(at) = rest.find(piece.as_str()) else {
                return false;
            };
            rest = &rest[at + piece.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

/// All texts that the braces of `text` stand for. Braces without a comma are plain text (`${name}`).
///
/// # Errors
/// Nothing in the pattern, control characters, braces that do not close, too many alternatives.
pub fn expand(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Err("an empty pattern matches nothing".to_owned());
    }
    if text.trim() != text {
        return Err("a pattern may not begin or end with a space".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("a pattern may not hold control characters".to_owned());
    }
    expand_within(text, 0)
}

fn expand_within(text: &str, depth: usize) -> Result<Vec<String>, String> {
    if depth > MAX_BRACES {
        return Err(format!("braces are nested deeper than {MAX_BRACES}"));
    }
    let mut out = vec![String::new()];
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        append(&mut out, &[rest[..open].to_owned()])?;
        if rest[open..].starts_with('}') {
            return Err("'}' without '{'".to_owned());
        }
        let inner = &rest[open + 1..];
        let (close, commas) = closing(inner).ok_or("'{' without '}'")?;
        if commas.is_empty() {
            append(&mut out, &[rest[open..open + close + 2].to_owned()])?;
        } else {
            let mut options = Vec::new();
            let mut start = 0;
            for end in commas.into_iter().chain([close]) {
                options.extend(expand_within(&inner[start..end], depth + 1)?);
                start = end + 1;
            }
            append(&mut out, &options)?;
        }
        rest = &inner[close + 1..];
    }
    append(&mut out, &[rest.to_owned()])?;
    Ok(out)
}

/// Where the brace that stands before `text` closes, and the commas on its own level.
fn closing(text: &str) -> Option<(usize, Vec<usize>)> {
    let (mut depth, mut commas) = (0usize, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((at, commas)),
            '}' => depth -= 1,
            ',' if depth == 0 => commas.push(at),
            _ => {}
        }
    }
    None
}

fn append(out: &mut Vec<String>, options: &[String]) -> Result<(), String> {
    if out.len() * options.len() > MAX_ALTERNATIVES {
        return Err(format!("the braces stand for more than {MAX_ALTERNATIVES} texts"));
    }
    *out = out.iter().flat_map(|head| options.iter().map(move |tail| format!("{head}{tail}"))).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Pattern, expand};

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::name(pattern).unwrap().matches(text)
    }

    #[test]
    fn stars_stand_for_any_text() {
        assert!(fits("java.util.concurrent.Executors", "java.util.concurrent.Executors"));
        assert!(!fits("java.util.concurrent.Executors", "java.util.concurrent.ExecutorService"));
        assert!(fits("new*", "newFixedThreadPool"));
        assert!(fits("new*", "new"));
        assert!(!fits("new*", "renew"));
        assert!(fits("moka::*::Cache::builder", "moka::future::Cache::builder"));
        assert!(fits("*", ""));
        assert!(fits("*.url", "spring.datasource.url"));
        assert!(fits("a*b*c", "a-b-b-c"));
        assert!(!fits("ab*ba", "aba"));
        assert!(fits("a**b", "ab"));
    }

    #[test]
    fn braces_stand_for_either() {
        assert!(fits("{javax,jakarta}.servlet.*", "jakarta.servlet.http.HttpSession"));
        assert!(!fits("{javax,jakarta}.servlet.*", "javaxjakarta.servlet.X"));
        assert_eq!(expand("a{b,c{d,e}}").unwrap(), ["ab", "acd", "ace"]);
        assert_eq!(expand("x{,s}").unwrap(), ["x", "xs"]);
        assert_eq!(expand("${HOME}/{a,b}").unwrap(), ["${HOME}/a", "${HOME}/b"]);
    }

    #[test]
    fn bad_patterns_are_told() {
        for bad in ["", " a", "a{b", "a}b", "{{{{{{a,b},c},d},e},f},g}", "a\u{7}"] {
            assert!(expand(bad).is_err(), "{bad:?}");
        }
        assert!(expand(&"{a,b}".repeat(9)).is_err());
        assert!(expand(&"{".repeat(100_000)).is_err());
    }

    #[test]
    fn values_ignore_case_and_only_names_are_exact() {
        let value = Pattern::value("*jdbc:H2:*").unwrap();
        assert!(value.matches("JDBC:h2:mem:test"));
        assert!(value.exact().is_none());
        assert_eq!(Pattern::name("{a,b}.c").unwrap().exact(), Some(vec!["a.c", "b.c"]));
        assert_eq!(Pattern::name("a.*").unwrap().exact(), None);
    }
}
