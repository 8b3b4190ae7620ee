//! Suppressions: `faasible: ignore[rule, rule] reason` in a comment, and `[[suppress]]` in
//! `faasible.toml`. What they cover stays among the findings, but does not count.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};

use super::comments::comments;
use super::{Finding, Place};
use crate::source::{FileIx, FileKind};
use crate::text::{LineIndex, Span};

/// Id of the rule for a suppression that does not say why.
pub const WITHOUT_REASON: &str = "suppression-without-reason";
/// Id of the rule for a suppression that covers nothing.
pub const UNUSED: &str = "unused-suppression";
/// What every such comment begins with.
pub const MARK: &str = "faasible:";

/// Which lines a comment speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// From the first line to the last, both counted.
    Lines(u32, u32),
    File,
}

/// A comment that suppresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    scope: Scope,
    /// As written; `*` for every rule.
    rules: Vec<String>,
    reason: String,
    /// Where it stands, for findings about it.
    span: Span,
    place: Place,
    snippet: String,
    snippet_column: u32,
}

/// An entry of `faasible.toml`.
#[derive(Clone, Debug)]
pub struct Entry {
    rule: String,
    path: String,
    globs: Vec<GlobMatcher>,
    reason: String,
}

impl Entry {
    /// Findings of a rule (`*` for all) at paths that fit a glob, or below a directory that does.
    /// A glob that is not well formed fits nothing; the configuration refuses it before.
    pub fn new(rule: &str, path: &str, reason: &str) -> Self {
        let bare = path.trim_start_matches("./").trim_end_matches('/');
        let anywhere = if bare.contains('/') { bare.to_owned() } else { format!("**/{bare}") };
        let globs = [anywhere.clone(), format!("{anywhere}/**")];
        let globs = globs.iter().filter_map(|glob| GlobBuilder::new(glob).literal_separator(true).build().ok());
        let globs = globs.map(|glob| glob.compile_matcher()).collect();
        Self { rule: rule.to_owned(), path: path.to_owned(), globs, reason: reason.to_owned() }
    }
}

/// The suppressing comments of one file.
pub fn directives(kind: FileKind, path: &str, text: &str) -> Vec<Directive> {
    if memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_none() {
        return Vec::new();
    }
    let index = LineIndex::new(text);
    let comments = comments(kind, path, text);
    // Lines on which a comment stands, to tell what the next line of code is.
    let commented: BTreeMap<u32, usize> =
        comments.iter().rev().map(|comment| (index.position(to_u32(comment.start)).line, comment.start)).collect();
    let alone = |line: u32| {
        let text = index.line(line).trim_start();
        let opened = commented.contains_key(&line) && text.starts_with(['/', '*', '#', '!', '<']);
        // Lines within a block comment begin as the writer likes.
        let within = commented.get(&line).is_some_and(|start| index.position(to_u32(*start)).column == 1);
        opened || within
    };
    let last = index.count();
    let next_code = |line: u32| {
        ((line + 1)..=last).find(|line| !index.line(*line).trim().is_empty() && !alone(*line)).unwrap_or(line)
    };
    let mut out = Vec::new();
    let mut open: Vec<Directive> = Vec::new();
    for comment in &comments {
        let lead = comment.text.len() - comment.text.trim_start_matches(['/', '*', '!', '#', ' ', '\t']).len();
        let Some(rest) = comment.text[lead..].strip_prefix(MARK) else { continue };
        let Some((verb, rules, reason)) = words(rest) else { continue };
        let span = Span::new(comment.start + lead, comment.start + comment.text.trim_end().len());
        let (from, to) = index.range(span);
        let line = from.line;
        let snippet = comment.text[lead..].trim_end();
        let mut directive = Directive {
            scope: Scope::File,
            rules,
            reason,
            span,
            place: Place { line, column: from.column, end_line: to.line, end_column: to.column },
            snippet: snippet.chars().take(super::locate::SNIPPET_CHARS).collect(),
            snippet_column: from.column,
        };
        directive.scope = match verb {
            Verb::Line if alone(line) => Scope::Lines(next_code(line), next_code(line)),
            Verb::Line => Scope::Lines(line, line),
            Verb::NextLine => Scope::Lines(next_code(line), next_code(line)),
            Verb::File => Scope::File,
            Verb::Start => {
                directive.scope = Scope::Lines(line, u32::MAX);
                open.push(directive);
                continue;
            }
            Verb::End => {
                let ends = |d: &Directive| directive.rules.is_empty() || d.rules == directive.rules;
                if let Some(at) = open.iter().rposition(ends) {
                    let mut ended = open.remove(at);
                    if let Scope::Lines(first, _) = ended.scope {
                        ended.scope = Scope::Lines(first, line);
                    }
                    out.push(ended);
                }
                continue;
            }
        };
        out.push(directive);
    }
    // What is never closed holds to the end of the file.
    out.extend(open);
    out.sort_by_key(|d| d.span);
    out
}

enum Verb {
    Line,
    NextLine,
    Start,
    End,
    File,
}

/// The verb, the rules and the reason behind `faasible:`.
fn words(text: &str) -> Option<(Verb, Vec<String>, String)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(text.len());
    let verb = match &text[..end] {
        "ignore" => Verb::Line,
        "ignore-next-line" => Verb::NextLine,
        "ignore-start" => Verb::Start,
        "ignore-end" => Verb::End,
        "ignore-file" => Verb::File,
        _ => return None,
    };
    let rest = text[end..].trim_start();
    let (rules, reason) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((rules, reason)) => {
            (rules.split(',').map(|r| r.trim().to_owned()).filter(|r| !r.is_empty()).collect(), reason)
        }
        None => (Vec::new(), rest),
    };
    let reason = reason.trim().trim_start_matches([':', '-', '–', '—']).trim();
    Some((verb, rules, reason.to_owned()))
}

/// Names of rules, as far as suppressions need them.
pub struct Known<'a> {
    /// Index of an id or former id.
    pub find: &'a dyn Fn(&str) -> Option<usize>,
    /// Turned off by the configuration: its findings are not there to be suppressed.
    pub off: &'a dyn Fn(usize) -> bool,
    pub path: &'a dyn Fn(FileIx) -> &'a str,
}

/// Marks what is suppressed, and returns findings about the suppressions themselves, and notes about
/// unused entries of the configuration.
pub fn apply(
    findings: &mut [Finding],
    comments: &BTreeMap<FileIx, Vec<Directive>>,
    entries: &[Entry],
    known: &Known<'_>,
) -> (Vec<Finding>, Vec<String>) {
    let mut used: BTreeMap<(FileIx, usize, usize), ()> = BTreeMap::new();
    let mut entries_used = vec![false; entries.len()];
    for finding in findings.iter_mut() {
        let is = |name: &str| name == "*" || (known.find)(name) == Some(finding.rule);
        let mut reason = None;
        for (d, directive) in comments.get(&finding.file).into_iter().flatten().enumerate() {
            if !directive.covers(&finding.place) {
                continue;
            }
            for (r, _) in directive.rules.iter().enumerate().filter(|(_, rule)| is(rule)) {
                used.insert((finding.file, d, r), ());
                reason.get_or_insert_with(|| (directive.reason.clone(), false));
            }
        }
        for (entry, used) in entries.iter().zip(&mut entries_used) {
            if is(&entry.rule) && entry.globs.iter().any(|glob| glob.is_match((known.path)(finding.file))) {
                *used = true;
                reason.get_or_insert_with(|| (entry.reason.clone(), true));
            }
        }
        if let Some((reason, outside)) = reason {
            finding.suppressed = Some(reason);
            finding.suppressed_outside = outside;
        }
    }
    let mut own = Vec::new();
    for (file, directives) in comments {
        for (d, directive) in directives.iter().enumerate() {
            if directive.reason.is_empty()
                && let Some(rule) = (known.find)(WITHOUT_REASON).filter(|ix| !(known.off)(*ix))
            {
                own.push(directive.finding(*file, rule, "Suppression without a reason".to_owned()));
            }
            let Some(rule) = (known.find)(UNUSED).filter(|ix| !(known.off)(*ix)) else { continue };
            if directive.rules.is_empty() {
                let message = "Suppression that names no rule: write ignore[rule] and the reason".to_owned();
                own.push(directive.finding(*file, rule, message));
            }
            for (r, name) in directive.rules.iter().enumerate() {
                let message = match (known.find)(name) {
                    _ if used.contains_key(&(*file, d, r)) => continue,
                    Some(ix) if (known.off)(ix) => continue,
                    None if name != "*" => format!("Suppression of '{name}', which is no rule"),
                    _ => format!("Suppression of '{name}' that suppresses nothing"),
                };
                own.push(directive.finding(*file, rule, message));
            }
        }
    }
    let unused = entries.iter().zip(&entries_used).filter(|(_, used)| !**used);
    let notes = unused
        .map(|(e, _)| {
            format!("the suppression of '{}' at '{}' in the configuration suppresses nothing", e.rule, e.path)
        })
        .collect();
    (own, notes)
}

impl Directive {
    /// A finding is covered by the line on which it begins or ends: the comment may stand behind
    /// either when a construct takes several.
    fn covers(&self, place: &Place) -> bool {
        match self.scope {
            Scope::File => true,
            Scope::Lines(first, last) => {
                (first..=last).contains(&place.line) || (first == last && place.end_line == first)
            }
        }
    }

    fn finding(&self, file: FileIx, rule: usize, message: String) -> Finding {
        Finding {
            rule,
            file,
            span: self.span,
            place: self.place.clone(),
            declared: true,
            message,
            symbol: self.rules.join(", "),
            snippet: self.snippet.clone(),
            snippet_column: self.snippet_column,
            ..Finding::default()
        }
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
