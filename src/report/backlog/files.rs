//! For GitHub: issues as its API takes them, and as files that need no script to be read.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::forms::{body, epic_body, title};
use super::{Backlog, Epic, Story};
use crate::report::json::pretty;

/// A file of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Without directory; made of ids only.
    pub name: String,
    pub text: String,
}

/// A JSON array: each element is what `POST /repos/{owner}/{repo}/issues` takes, and `faasible`
/// with the id, the epic and what blocks it. Epics come before their stories.
pub(super) fn github(backlog: &Backlog, out: &mut dyn Write) -> io::Result<()> {
    let mut issues: Vec<Value> = Vec::new();
    for epic in &backlog.epics {
        issues.push(json!({
            "title": title(&epic.title),
            "body": epic_body(epic),
            "labels": labels(&epic.labels, epic.wave, "epic"),
            "faasible": { "id": epic.id, "wave": epic.wave },
        }));
        issues.extend(epic.stories.iter().map(|story| {
            json!({
                "title": title(&story.title),
                "body": body(story),
                "labels": labels(&story.labels, story.wave, ""),
                "faasible": {
                    "id": story.id,
                    "epic": epic.id,
                    "wave": story.wave,
                    "blocked_by": story.blocked_by,
                    "person_days": story.person_days,
                },
            })
        }));
    }
    pretty(&issues, out)
}

/// A Markdown file with front matter per epic and story, named by id so that a second run replaces it.
pub fn files(backlog: &Backlog) -> Vec<File> {
    let mut files = Vec::new();
    for epic in &backlog.epics {
        files.push(epic_file(epic));
        files.extend(epic.stories.iter().map(|story| story_file(story, epic)));
    }
    files
}

fn epic_file(epic: &Epic) -> File {
    let head = [
        ("title", json!(title(&epic.title))),
        ("labels", json!(labels(&epic.labels, epic.wave, "epic"))),
        ("id", json!(epic.id)),
        ("wave", json!(epic.wave)),
    ];
    File { name: format!("{}.md", epic.id), text: with_front_matter(&head, &epic_body(epic)) }
}

fn story_file(story: &Story, epic: &Epic) -> File {
    let head = [
        ("title", json!(title(&story.title))),
        ("labels", json!(labels(&story.labels, story.wave, ""))),
        ("id", json!(story.id)),
        ("epic", json!(epic.id)),
        ("wave", json!(story.wave)),
        ("estimate_days", json!(story.person_days)),
        ("blocked_by", json!(story.blocked_by)),
    ];
    File { name: format!("{}.md", story.id), text: with_front_matter(&head, &body(story)) }
}

/// JSON is YAML: nothing in a value can end it.
fn with_front_matter(head: &[(&str, Value)], body: &str) -> String {
    let lines: Vec<String> = head.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("---\n{}\n---\n\n{body}\n", lines.join("\n"))
}

fn labels(own: &[String], wave: usize, extra: &str) -> Vec<String> {
    let extra = (!extra.is_empty()).then(|| extra.to_owned());
    own.iter().cloned().chain([format!("wave-{wave}")]).chain(extra).collect()
}
