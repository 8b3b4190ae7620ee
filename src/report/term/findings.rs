//! The findings, each with its line of source.

use std::collections::HashSet;
use std::io::{self, Write};

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::Page;
use super::text::{count, first_sentence, wrap};
use crate::report::model::{FindingReport, RuleInfo};
use crate::report::{percent, safe};
use crate::rules::model::{Confidence, Severity};

/// Further places that are listed unless asked for all.
const FURTHER: usize = 3;

/// Beyond this column the place is named but no source is shown: it would be laid out in full first.
const INDENT: usize = 10_000;

/// Writes the weightiest findings by unit and tells how many were written.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<usize> {
    let all = &page.report.findings;
    let mut chosen = page.report.by_priority();
    chosen.truncate(page.options.max_findings.unwrap_or(usize::MAX));
    chosen.sort_unstable();
    let renderer = if page.paint.is_on() { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(page.options.width);
    let mut explained = HashSet::new();
    let mut unit: Option<&str> = None;
    for finding in chosen.iter().map(|ix| &all[*ix]) {
        if unit != Some(&finding.unit) {
            unit = Some(&finding.unit);
            let title = match finding.unit.as_str() {
                "" => "Findings outside all units".to_owned(),
                name => format!("Findings in {}", safe(name)),
            };
            page.heading(&title, "", out)?;
        }
        let rule = page.report.rules.get(&finding.rule).filter(|_| explained.insert(finding.rule.as_str()));
        let group = group(page, finding, rule);
        writeln!(out, "\n{}", linked(page, finding, renderer.render(&[group])))?;
    }
    let hidden = all.len() - chosen.len();
    if hidden > 0 {
        let above = if chosen.is_empty() { "" } else { "; those above weigh most" };
        let remark = format!("{} not shown{above}.", count(hidden, "finding"));
        writeln!(out, "\n{}", page.paint.dim(&remark))?;
    }
    Ok(chosen.len())
}

/// A finding; with its rule's remedy where the rule is met for the first time.
fn group<'a>(page: &Page<'_>, finding: &'a FindingReport, rule: Option<&'a RuleInfo>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Blocker => Level::ERROR,
        Severity::Major => Level::WARNING,
        Severity::Minor => Level::INFO,
        Severity::Info => Level::NOTE,
    };
    let title = level.with_name(finding.severity.as_str()).primary_title(safe(&finding.message));
    let mut group = Group::with_title(title.id(safe(&finding.rule)));
    group = match source(finding) {
        Some(source) => group.element(source),
        None => group.element(
            Origin::path(safe(&finding.path)).line(finding.line as usize).char_column(finding.column as usize),
        ),
    };
    let room = page.options.width.saturating_sub(12 + finding.line.to_string().len()).max(30);
    for note in notes(finding, page.options.verbose) {
        group = group.element(Level::NOTE.message(wrap(&note, room).join("\n")));
    }
    if let Some(rule) = rule {
        if page.options.verbose {
            group = group.element(Level::NOTE.with_name("why").message(wrap(&rule.why, room).join("\n")));
        }
        if let Some(fits) = rule.fits() {
            group = group.element(Level::NOTE.with_name("targets").message(wrap(&fits, room).join("\n")));
        }
        let fix = if page.options.verbose { &rule.fix } else { first_sentence(&rule.fix) };
        group = group.element(Level::HELP.message(wrap(fix, room).join("\n")));
    }
    group
}

/// Makes the path above the source a link, for terminals that can (OSC 8).
fn linked(page: &Page<'_>, finding: &FindingReport, text: String) -> String {
    let path = safe(&finding.path);
    if page.options.links.is_empty() {
        return text;
    }
    let place = format!("{path}:{}", finding.line);
    let target = format!("{}/{}", page.options.links, percent(&finding.path));
    text.replacen(&place, &format!("\x1b]8;;{target}\x1b\\{place}\x1b]8;;\x1b\\"), 1)
}

/// The line of source with the place underlined; `None` when nothing is known of it.
fn source(finding: &FindingReport) -> Option<Snippet<'_, Annotation<'_>>> {
    let snippet = safe(&finding.snippet);
    let length = snippet.chars().count();
    let start = chars_before(&snippet, finding.column.checked_sub(finding.snippet_column)?).min(length.checked_sub(1)?);
    let end = match finding.end_line == finding.line {
        true => chars_before(&snippet, finding.end_column.saturating_sub(finding.snippet_column)),
        false => length,
    };
    // Blanks stand for what was trimmed, so that the renderer tells the true column.
    let indent = finding.snippet_column.saturating_sub(1) as usize;
    if indent > INDENT {
        return None;
    }
    let indent = " ".repeat(indent);
    let at = |chars: usize| indent.len() + snippet.char_indices().nth(chars).map_or(snippet.len(), |(i, _)| i);
    let span = at(start)..at(end.clamp(start + 1, length));
    let source = Snippet::source(format!("{indent}{snippet}")).path(safe(&finding.path));
    Some(source.line_start(finding.line as usize).annotation(AnnotationKind::Primary.span(span)))
}

/// How many characters the first `units` UTF-16 units make.
fn chars_before(text: &str, units: u32) -> usize {
    let mut seen = 0;
    text.chars()
        .take_while(|c| {
            seen += c.len_utf16();
            seen <= units as usize
        })
        .count()
}

fn notes(finding: &FindingReport, verbose: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let mut about = Vec::new();
    if !finding.context.is_empty() {
        about.push(format!("in `{}`", finding.context));
    }
    if finding.dead {
        about.push("nobody reaches it: costs nothing".to_owned());
    } else if !finding.reach.is_empty() {
        about.push(format!("reached by {}", finding.reach.join(", ")));
    }
    if finding.confidence != Confidence::High {
        about.push(format!("confidence {}", finding.confidence));
    }
    if !about.is_empty() {
        notes.push(about.join("; "));
    }
    if !finding.also.is_empty() {
        notes.push(format!("also met: {}", finding.also.join(", ")));
    }
    if !finding.burdens.is_empty() {
        notes.push(format!("burdens {}: {}", count(finding.burdens.len(), "unit"), some(&finding.burdens, verbose)));
    }
    if verbose && !finding.flow.is_empty() {
        let steps = finding.flow.iter().map(|step| format!("{} at {}:{}", step.note, step.path, step.line));
        notes.push(steps.collect::<Vec<_>>().join(", "));
    }
    let shown = if verbose { usize::MAX } else { FURTHER };
    for related in finding.related.iter().take(shown) {
        notes.push(format!("{}: {}:{}:{}", related.note, related.path, related.line, related.column));
    }
    let rest = finding.related.len().saturating_sub(shown);
    if rest > 0 {
        notes.push(format!("and {}", count(rest, "further place")));
    }
    notes
}

fn some(names: &[String], verbose: bool) -> String {
    let shown = if verbose { names.len() } else { names.len().min(FURTHER) };
    let rest = names.len() - shown;
    let mut text = names[..shown].join(", ");
    if rest > 0 {
        text += &format!(" and {rest} more");
    }
    text
}
