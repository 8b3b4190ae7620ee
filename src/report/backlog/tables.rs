//! CSV for the importers of trackers, each with the columns that it documents.

use std::io::{self, Write};

use super::forms::{body, epic_body, title};
use super::{Backlog, Epic, Priority, Story};
use crate::report::csv::row;

/// Hours that a day counts in `Original Estimate`, as Jira's default has it.
const HOURS: f64 = 8.0;

/// Jira: a header without punctuation, `Epic Link` naming an `Epic Name`, estimates in seconds, and
/// a column per label and per blocking issue, all of the same name.
/// See <https://confluence.atlassian.com/adminjiraserver/importing-data-from-csv-938847533.html>.
pub(super) fn jira(backlog: &Backlog, out: &mut dyn Write) -> io::Result<()> {
    let stories = || backlog.epics.iter().flat_map(|epic| &epic.stories);
    let labels = stories().map(|s| s.labels.len()).chain(backlog.epics.iter().map(|e| e.labels.len())).max();
    let labels = labels.unwrap_or(0) + 1;
    let blockers = stories().map(|story| story.blocked_by.len()).max().unwrap_or(0);
    let mut header: Vec<&str> = JIRA.to_vec();
    header.extend(std::iter::repeat_n("Labels", labels));
    header.extend(std::iter::repeat_n("Blocked by", blockers));
    row(out, &header)?;
    for epic in &backlog.epics {
        let name = epic_name(epic);
        let cells =
            [&epic.id, "Epic", &title(&epic.title), &epic_body(epic), "Medium", &name, "", "", ""].map(str::to_owned);
        row(out, &padded(cells, labelled(&epic.labels, epic.wave), labels, &[], blockers))?;
        for story in &epic.stories {
            let seconds = (story.person_days * HOURS * 3600.0).round() as u64;
            let cells = [
                story.id.clone(),
                "Story".to_owned(),
                title(&story.title),
                body(story),
                story.priority.as_str().to_owned(),
                String::new(),
                name.clone(),
                format!("{:.2}", story.person_days),
                seconds.to_string(),
            ];
            row(out, &padded(cells, labelled(&story.labels, story.wave), labels, &story.blocked_by, blockers))?;
        }
    }
    Ok(())
}

pub(super) const JIRA: &[&str] = &[
    "Issue Id",
    "Issue Type",
    "Summary",
    "Description",
    "Priority",
    "Epic Name",
    "Epic Link",
    "Story Points",
    "Original Estimate",
];

/// Epic names must be told apart by the importer.
fn epic_name(epic: &Epic) -> String {
    format!("{} {}", title(&epic.title), epic.id)
}

/// Jira's labels hold no blanks.
fn labelled(labels: &[String], wave: usize) -> Vec<String> {
    let labels = labels.iter().map(|label| label.split_whitespace().collect::<Vec<_>>().join("-"));
    labels.chain([format!("wave-{wave}")]).collect()
}

fn padded<const N: usize>(
    cells: [String; N],
    labels: Vec<String>,
    label_columns: usize,
    blockers: &[String],
    blocker_columns: usize,
) -> Vec<String> {
    let mut out = Vec::from(cells);
    out.extend(labels);
    out.resize(N + label_columns, String::new());
    out.extend_from_slice(blockers);
    out.resize(N + label_columns + blocker_columns, String::new());
    out
}

/// Linear: a row per story, in the columns of its own export, which its importer reads; the epic is the project.
/// See `LinearCsvImporter` in <https://github.com/linear/linear>.
pub(super) fn linear(backlog: &Backlog, out: &mut dyn Write) -> io::Result<()> {
    row(out, LINEAR)?;
    for epic in &backlog.epics {
        for story in &epic.stories {
            row(
                out,
                &[
                    story.id.clone(),
                    String::new(),
                    title(&story.title),
                    body(story),
                    "Backlog".to_owned(),
                    // Linear estimates in whole points.
                    format!("{:.0}", story.person_days.ceil()),
                    linear_priority(story).to_owned(),
                    title(&epic.title),
                    String::new(),
                    String::new(),
                    labelled(&story.labels, story.wave).join(", "),
                    String::new(),
                ],
            )?;
        }
    }
    Ok(())
}

pub(super) const LINEAR: &[&str] = &[
    "Id",
    "Team",
    "Title",
    "Description",
    "Status",
    "Estimate",
    "Priority",
    "Project",
    "Creator",
    "Assignee",
    "Labels",
    "Archived",
];

fn linear_priority(story: &Story) -> &'static str {
    match story.priority {
        Priority::Highest => "Urgent",
        Priority::High => "High",
        Priority::Medium => "Medium",
        Priority::Low => "Low",
    }
}

/// Azure Boards: `Title 1` holds epics and `Title 2` what is below them; no ID, as items are new: by the id
/// among the tags they are found again. Descriptions are HTML there. It takes 1,000 items at a time.
/// See <https://learn.microsoft.com/azure/devops/boards/queries/import-work-items-from-csv>.
pub(super) fn azure(backlog: &Backlog, out: &mut dyn Write) -> io::Result<()> {
    row(out, AZURE)?;
    for epic in &backlog.epics {
        let mut tags = labelled(&epic.labels, epic.wave);
        tags.push(epic.id.clone());
        let tags = tags.join("; ");
        row(out, &["Epic", &title(&epic.title), "", &html(&epic_body(epic)), "2", "", &tags])?;
        for story in &epic.stories {
            let priority = match story.priority {
                Priority::Highest => "1",
                Priority::High => "2",
                Priority::Medium => "3",
                Priority::Low => "4",
            };
            let mut tags = labelled(&story.labels, story.wave);
            tags.push(story.id.clone());
            let points = format!("{:.2}", story.person_days);
            let tags = tags.join("; ");
            row(out, &["User Story", "", &title(&story.title), &html(&body(story)), priority, &points, &tags])?;
        }
    }
    Ok(())
}

pub(super) const AZURE: &[&str] =
    &["Work Item Type", "Title 1", "Title 2", "Description", "Priority", "Story Points", "Tags"];

/// The lines of a body as HTML; nothing in them is markup.
fn html(markdown: &str) -> String {
    let mut out = String::new();
    for line in markdown.lines() {
        // The body has escaped what would be a tag already.
        let line = line.replace("&lt;", "<").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        match line.strip_prefix("### ") {
            Some(heading) => out += &format!("<h3>{heading}</h3>"),
            None if line.is_empty() => {}
            None => {
                out += &format!("<div>{}</div>", line.strip_prefix("- [ ] ").map_or(line.clone(), |l| format!("☐ {l}")))
            }
        }
    }
    out
}
