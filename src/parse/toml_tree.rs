//! Reading TOML with places: thin helpers over the `toml` crate, which bounds nesting itself.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::facts::Note;
use crate::text::Span;

/// Errors told per file.
const MAX_NOTES: usize = 3;

/// Reads `text`; what is wrong with it becomes notes, and the rest is still given.
pub fn read<'t>(text: &'t str, notes: &mut Vec<Note>) -> DeTable<'t> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(MAX_NOTES) {
        let reason = format!("not valid TOML: {}", error.message());
        notes.push(Note { span: error.span().map(|s| Span::new(s.start, s.end)), reason });
    }
    table.into_inner()
}

/// A key with its place, and its value.
pub struct Pair<'a, 't> {
    pub key: &'a str,
    pub span: Span,
    pub value: &'a DeValue<'t>,
}

/// The pairs of a table in the order of the file.
pub fn pairs<'a, 't>(table: &'a DeTable<'t>) -> Vec<Pair<'a, 't>> {
    let mut out: Vec<_> = table
        .iter()
        .map(|(key, value)| Pair { key: key.get_ref(), span: span_of(key), value: value.get_ref() })
        .collect();
    out.sort_by_key(|pair| pair.span);
    out
}

/// A place as our span.
pub fn span_of<T>(value: &Spanned<T>) -> Span {
    Span::new(value.span().start, value.span().end)
}

/// The table at a path of keys.
pub fn table<'a, 't>(table: &'a DeTable<'t>, path: &[&str]) -> Option<&'a DeTable<'t>> {
    path.iter().try_fold(table, |table, key| table.get(*key)?.get_ref().as_table())
}

/// A string, or `""`.
pub fn string<'a>(table: &'a DeTable<'_>, key: &str) -> &'a str {
    table.get(key).and_then(|value| value.get_ref().as_str()).unwrap_or("")
}

/// A boolean, when there.
pub fn boolean(table: &DeTable<'_>, key: &str) -> Option<bool> {
    table.get(key).and_then(|value| value.get_ref().as_bool())
}

/// The strings of an array; nothing for anything else.
pub fn strings(value: Option<&DeValue<'_>>) -> Vec<String> {
    let array = value.and_then(DeValue::as_array);
    array.into_iter().flat_map(|a| a.iter()).filter_map(|v| v.get_ref().as_str().map(str::to_owned)).collect()
}

/// The strings of the array at `key`.
pub fn string_list(table: &DeTable<'_>, key: &str) -> Vec<String> {
    strings(table.get(key).map(Spanned::get_ref))
}
