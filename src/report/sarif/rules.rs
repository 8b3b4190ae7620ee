//! Rules as SARIF describes them.

use std::fmt::Write;

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ResultLevel,
};

use super::text::{DESCRIPTION, bounded, pascal_case};
use crate::report::model::RuleInfo;
use crate::rules::model::Severity;

/// GitHub keeps so many tags.
pub(super) const MAX_TAGS: usize = 10;

/// How loud a severity is.
pub(super) fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Blocker => ResultLevel::Error,
        Severity::Major => ResultLevel::Warning,
        Severity::Minor | Severity::Info => ResultLevel::Note,
    }
}

/// A rule with all that GitHub shows of it.
pub(super) fn descriptor(id: &str, rule: &RuleInfo) -> ReportingDescriptor {
    let mut descriptor = ReportingDescriptor::builder().id(id).build();
    descriptor.name = Some(pascal_case(id));
    descriptor.short_description = Some(plain(bounded(&rule.title, DESCRIPTION, id)));
    descriptor.full_description = Some(plain(bounded(&rule.why, DESCRIPTION, &rule.title)));
    descriptor.help = Some(help(rule));
    descriptor.help_uri = rule.links.iter().find(|link| is_web_link(link)).cloned();
    descriptor.default_configuration =
        Some(ReportingConfiguration { level: Some(json!(level(rule.severity))), ..Default::default() });
    descriptor.properties = Some(properties(rule));
    descriptor
}

fn plain(text: String) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// A `security-severity` must not stand here: it would make a security alert of it.
fn properties(rule: &RuleInfo) -> PropertyBag {
    let weight = match rule.severity {
        Severity::Blocker => "error",
        Severity::Major => "warning",
        Severity::Minor | Severity::Info => "recommendation",
    };
    let mut tags = vec!["faas".to_owned(), rule.category.to_string()];
    tags.extend(rule.targets.iter().map(|(target, fit)| format!("{target}:{fit}")));
    tags.truncate(MAX_TAGS);
    PropertyBag {
        tags: Some(tags),
        additional_properties: [
            ("precision".to_owned(), json!(rule.confidence)),
            ("problem.severity".to_owned(), json!(weight)),
            ("severity".to_owned(), json!(rule.severity)),
        ]
        .into(),
    }
}

fn help(rule: &RuleInfo) -> MultiformatMessageString {
    let mut text = format!("{}\n\n{}\n\nRemedy: {}", rule.title, rule.why.trim(), rule.fix.trim());
    let mut markdown = format!(
        "# {}\n\n**Category** {} · **severity** {} · **confidence** {}\n\n## Why\n\n{}\n\n## Remedy\n\n{}\n",
        rule.title,
        rule.category,
        rule.severity,
        rule.confidence,
        rule.why.trim(),
        rule.fix.trim()
    );
    // Writing to a string cannot fail.
    if !rule.targets.is_empty() {
        markdown.push_str("\n## Targets\n\n| target | fit |\n|---|---|\n");
        for (target, fit) in &rule.targets {
            let _ = writeln!(markdown, "| {target} | {fit} |");
        }
    }
    if !rule.links.is_empty() {
        markdown.push_str("\n## Links\n\n");
        for link in &rule.links {
            let _ = write!(text, "\n{link}");
            let _ = match is_web_link(link) {
                true => writeln!(markdown, "- <{link}>"),
                false => writeln!(markdown, "- {link}"),
            };
        }
    }
    MultiformatMessageString::builder().text(text).markdown(markdown).build()
}

fn is_web_link(link: &str) -> bool {
    (link.starts_with("https://") || link.starts_with("http://"))
        && !link.contains(|c: char| c.is_whitespace() || c == '>')
}
