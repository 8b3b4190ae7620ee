//! The rewrite backlog: what a team loads into its tracker. A story is what one remedy removes from
//! one unit; its days are terms of the unit's sum, so that all stories make the fleet's total.

mod build;
mod files;
mod forms;
mod markdown;
mod tables;
mod waves;

use std::io::{self, Write};

pub use build::build;
pub use files::{File, files};

use super::model::Report;

/// Epics and their stories, in the order in which they are best done.
#[derive(Clone, Debug, Default)]
pub struct Backlog {
    /// By wave; within a wave libraries first, then what is ready soonest.
    pub epics: Vec<Epic>,
}

/// What belongs together: a unit's way, or a lever.
#[derive(Clone, Debug, Default)]
pub struct Epic {
    /// Stays the same over runs.
    pub id: String,
    pub title: String,
    pub description: String,
    pub wave: usize,
    pub labels: Vec<String>,
    pub stories: Vec<Story>,
}

/// A piece of work for one team.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// Hash of unit and remedy: stays the same over runs.
    pub id: String,
    pub title: String,
    /// Name of the unit that is worked on.
    pub unit: String,
    /// What the term of the sum is for; joins stories of one lever.
    pub lever: String,
    pub lever_title: String,
    pub why: String,
    /// What to do.
    pub approach: String,
    /// Where, and what was met there.
    pub sites: Vec<String>,
    /// Done when.
    pub acceptance: Vec<String>,
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    pub priority: Priority,
    pub labels: Vec<String>,
    pub links: Vec<String>,
    /// Ids of stories to be done before.
    pub blocked_by: Vec<String>,
    pub wave: usize,
}

/// How pressing, in the words that trackers share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Low,
    #[default]
    Medium,
    High,
    Highest,
}

/// What an epic is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// An epic per service and per shared library.
    #[default]
    Service,
    /// An epic per pattern, over all units.
    Lever,
}

/// Forms that a tracker reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Markdown,
    /// For Jira's CSV importer.
    Jira,
    /// For Linear's CSV importer.
    Linear,
    /// For the import of work items into Azure Boards.
    Azure,
    /// A JSON array of issues as GitHub's API takes them.
    Github,
}

/// Writes the backlog in a form.
///
/// # Errors
/// Those of `out`.
pub fn write(backlog: &Backlog, report: &Report, form: Form, out: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Markdown => markdown::write(backlog, report, out),
        Form::Jira => tables::jira(backlog, out),
        Form::Linear => tables::linear(backlog, out),
        Form::Azure => tables::azure(backlog, out),
        Form::Github => files::github(backlog, out),
    }
}

impl Priority {
    /// As Jira calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Highest => "Highest",
        }
    }
}

impl Epic {
    /// Days of all stories, with their range.
    pub fn days(&self) -> (f64, f64, f64) {
        self.stories.iter().fold((0.0, 0.0, 0.0), |(d, l, h), s| (d + s.person_days, l + s.low, h + s.high))
    }
}

#[cfg(test)]
mod tests;
