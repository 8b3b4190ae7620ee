//! Colours, and what they mean.

use anstyle::{AnsiColor, Style};

use crate::rules::model::Severity;

const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// Puts styles around text, or leaves it plain.
pub(super) struct Paint {
    color: bool,
}

impl Paint {
    pub(super) fn new(color: bool) -> Self {
        Self { color }
    }

    /// Is the output coloured?
    pub(super) fn is_on(&self) -> bool {
        self.color
    }

    pub(super) fn with(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() && style != Style::new() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    pub(super) fn strong(&self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub(super) fn dim(&self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }
}

/// The style of a tier.
pub(super) fn tier(tier: &str) -> Style {
    match tier {
        "T1" | "T2" => GREEN,
        "T3" => YELLOW,
        "T4" => RED,
        "T5" => RED.bold(),
        _ => Style::new(),
    }
}

/// The style of a verdict.
pub(super) fn verdict(verdict: &str) -> Style {
    match verdict {
        "move" => GREEN,
        "adapt" => CYAN,
        "refactor" => YELLOW,
        "keep" => RED,
        _ => Style::new(),
    }
}

/// The style of a severity.
pub(super) fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Blocker => RED.bold(),
        Severity::Major => YELLOW,
        Severity::Minor => CYAN,
        Severity::Info => Style::new(),
    }
}
