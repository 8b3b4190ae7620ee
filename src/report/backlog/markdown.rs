//! The backlog for people, wave by wave.

use std::io::{self, Write};

use super::Backlog;
use super::forms::{body, estimate, marker, prose, title};
use crate::report::model::Report;

pub(super) fn write(backlog: &Backlog, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Backlog of {}\n", prose(&title(&report.workspace.root)))?;
    let stories: usize = backlog.epics.iter().map(|epic| epic.stories.len()).sum();
    let summary = &report.summary;
    writeln!(
        out,
        "{} epics, {stories} stories, {}.\n",
        backlog.epics.len(),
        estimate(summary.person_days, summary.low, summary.high)
    )?;
    let mut wave = 0;
    for epic in &backlog.epics {
        if epic.wave != wave {
            wave = epic.wave;
            writeln!(out, "# Wave {wave}\n")?;
        }
        let (days, low, high) = epic.days();
        writeln!(out, "## {}\n\n{}\n", prose(&title(&epic.title)), prose(&epic.description))?;
        writeln!(out, "{}\n\n{}\n", estimate(days, low, high), marker(&epic.id))?;
        for story in &epic.stories {
            writeln!(out, "### {}\n", prose(&title(&story.title)))?;
            let labels: Vec<&str> = story.labels.iter().map(String::as_str).collect();
            writeln!(out, "Priority {} · labels {}\n", story.priority.as_str(), labels.join(", "))?;
            writeln!(out, "{}\n", body(story).replace("\n### ", "\n#### ").replacen("### ", "#### ", 1))?;
        }
    }
    Ok(())
}
