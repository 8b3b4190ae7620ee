//! A story's text, as several forms need it.

use super::{Epic, Story};
use crate::report::safe;

/// Sites told in one story; the rest is counted.
const SITES: usize = 50;

/// The body as Markdown, without its title. Texts of the tree cannot end a code span or make a link.
pub(super) fn body(story: &Story) -> String {
    let mut out = String::new();
    let mut part = |title: &str, text: String| {
        if !text.is_empty() {
            out.push_str(&format!("### {title}\n\n{text}\n\n"));
        }
    };
    part("Why", prose(&story.why));
    part("What to do", prose(&story.approach));
    part("Where", sites(story));
    part("Done when", story.acceptance.iter().map(|a| format!("- [ ] {}", prose(a))).collect::<Vec<_>>().join("\n"));
    part("Estimate", estimate(story.person_days, story.low, story.high));
    part("Read on", story.links.iter().map(|link| format!("- {}", prose(link))).collect::<Vec<_>>().join("\n"));
    if !story.blocked_by.is_empty() {
        part("Blocked by", story.blocked_by.join(", "));
    }
    out.push_str(&marker(&story.id));
    out
}

/// An epic's body.
pub(super) fn epic_body(epic: &Epic) -> String {
    let (days, low, high) = epic.days();
    format!("{}\n\n{}\n\n{}", prose(&epic.description), estimate(days, low, high), marker(&epic.id))
}

/// By this a second run finds what the first has made.
pub(super) fn marker(id: &str) -> String {
    format!("faasible-id: {id}")
}

pub(super) fn estimate(days: f64, low: f64, high: f64) -> String {
    format!("{days:.2} person-days ({low:.2}–{high:.2})")
}

fn sites(story: &Story) -> String {
    let mut lines: Vec<String> = story.sites.iter().take(SITES).map(|site| format!("- {}", code(site))).collect();
    if story.sites.len() > SITES {
        lines.push(format!("- and {} more", story.sites.len() - SITES));
    }
    lines.join("\n")
}

/// A code span that nothing within ends.
pub(super) fn code(text: &str) -> String {
    let text = safe(text).replace('`', "'").replace("](", "] (");
    format!("`{text}`")
}

/// Text with lines of its own: nothing hidden, no markup of HTML, no link made by a scanned tree.
pub(super) fn prose(text: &str) -> String {
    let lines: Vec<String> = text.trim().split('\n').map(|line| escape(&safe(line))).collect();
    lines.join("\n")
}

/// One line for a title.
pub(super) fn title(text: &str) -> String {
    let text = safe(text).replace("](", "] (");
    match text.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Outside code spans, which show everything as it is.
fn escape(text: &str) -> String {
    let mut parts = Vec::new();
    let spans = text.split('`').count();
    for (ix, part) in text.split('`').enumerate() {
        let is_code = ix % 2 == 1 && ix + 1 < spans;
        parts.push(if is_code { part.to_owned() } else { part.replace('<', "&lt;").replace("](", "] (") });
    }
    parts.join("`")
}
