//! Texts within the bounds that GitHub sets.

use crate::report::safe;

/// Longest description of a rule, longest message.
pub(super) const DESCRIPTION: usize = 1_024;

/// At most so many characters; an empty text, which GitHub does not take, becomes `instead`.
pub(super) fn bounded(text: &str, max: usize, instead: &str) -> String {
    let text = text.trim();
    let text = if text.is_empty() { instead } else { text };
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some(_) => {
            let cut = text.char_indices().nth(max.saturating_sub(1)).map_or(0, |(i, _)| i);
            format!("{}…", text[..cut].trim_end())
        }
    }
}

/// Text of the scanned tree for a message: nothing hidden, and no links of its own making.
pub(super) fn plain(text: &str) -> String {
    safe(text).replace("](", "] (")
}

/// `executor-service` gives `ExecutorService`; never the id itself, which SARIF wants to differ.
pub(super) fn pascal_case(id: &str) -> String {
    let mut name = String::new();
    for word in id.split(|c: char| !c.is_alphanumeric()) {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    // Validators compare without regard to case.
    if name.eq_ignore_ascii_case(id) || name.is_empty() {
        name.push_str("Rule");
    }
    bounded(&name, 255, "Rule")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        assert_eq!(bounded("  ", 9, "x"), "x");
        assert_eq!(bounded("abcdef", 6, ""), "abcdef");
        assert_eq!(bounded("äbcdef", 4, ""), "äbc…");
        assert_eq!(plain("[a](1) \x1b"), "[a] (1) ␛");
    }

    #[test]
    fn names_differ_from_ids() {
        assert_eq!(pascal_case("executor-service"), "ExecutorService");
        assert_eq!(pascal_case("Pool"), "PoolRule");
        assert_eq!(pascal_case("mybatis"), "MybatisRule");
        assert_eq!(pascal_case("-"), "Rule");
    }
}
