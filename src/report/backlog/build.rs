//! From the terms of each unit's sum to stories, and from stories to epics.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::{Backlog, By, Epic, Priority, Story, waves};
use crate::report::model::{EffortTerm, FindingReport, Report, UnitReport};
use crate::report::parts::{is_assessed, own_terms};
use crate::rules::model::Severity;

/// Terms below this many days are one story of small changes: a ticket each would cost more to keep
/// than to do.
const SMALL: f64 = 0.25;

/// Lever of the stories that gather small terms.
const SMALL_CHANGES: &str = "small changes";

/// Label and lever of the stories that make the move.
const BASE: &str = "base";

/// Makes the backlog.
pub fn build(report: &Report, by: By) -> Backlog {
    let plan = waves::plan(report);
    let mut stories: BTreeMap<usize, Vec<Story>> = BTreeMap::new();
    for ix in &plan.order {
        stories.insert(*ix, unit_stories(report, &report.units[*ix]));
    }
    let ids = |unit: &UnitReport| format!("u-{}", hash(&unit_key(report, unit), "epic"));
    let of_libraries: BTreeMap<&str, Vec<String>> = plan
        .order
        .iter()
        .filter(|ix| !is_assessed(&report.units[**ix]))
        .map(|ix| (report.units[*ix].name.as_str(), stories[ix].iter().map(|s| s.id.clone()).collect()))
        .collect();
    let mut epics = Vec::new();
    for ix in &plan.order {
        let unit = &report.units[*ix];
        let mut stories = stories.remove(ix).unwrap_or_default();
        block(unit, &mut stories, &of_libraries);
        let wave = plan.waves.get(ix).copied().unwrap_or(1);
        stories.iter_mut().for_each(|story| story.wave = wave);
        let mut labels = vec!["faasible".to_owned(), unit.kind.clone()];
        labels.extend(unit.effort.iter().filter(|_| is_assessed(unit)).map(|e| e.tier.clone()));
        let (title, description) = epic_text(report, unit);
        epics.push(Epic { id: ids(unit), title, description, wave, labels, stories });
    }
    let mut backlog = Backlog { epics };
    if by == By::Lever {
        backlog = by_lever(backlog);
    }
    backlog
}

fn epic_text(report: &Report, unit: &UnitReport) -> (String, String) {
    if !is_assessed(unit) {
        let title = format!("Make library {} fit", unit.name);
        return (title, "Shared by several services: done once, it helps all of them, so it comes first.".to_owned());
    }
    let target = report.summary.target.map(|t| t.to_string()).unwrap_or_default();
    let verdict = report.summary.target.and_then(|target| unit.verdicts.get(&target));
    let keeps = verdict.is_some_and(|verdict| verdict.verdict == "keep");
    let title = if keeps {
        format!("Keep {} where it is, or rewrite it for {target}", unit.name)
    } else {
        format!("Move {} to {target}", unit.name)
    };
    let mut lines = Vec::new();
    if let (Some(effort), Some(readiness)) = (&unit.effort, unit.readiness) {
        lines.push(format!(
            "{:.1} person-days ({:.1}–{:.1}), tier {}, readiness {readiness} of 100. Shared libraries are part of \
             that and have epics of their own.",
            effort.person_days, effort.low, effort.high, effort.tier
        ));
    }
    if let Some(verdict) = verdict {
        lines.push(format!("Verdict: {}: {}.", verdict.verdict, verdict.reasons.join("; ")));
    }
    lines.extend(neighbours(report, unit));
    (title, lines.join(" "))
}

/// Whom it talks to, and who must find it at its new address.
fn neighbours(report: &Report, unit: &UnitReport) -> Vec<String> {
    let told = |how: &str| -> BTreeSet<&str> {
        unit.talks_to.iter().filter(|talk| talk.how == how).map(|talk| talk.unit.as_str()).collect()
    };
    let callers: BTreeSet<&str> = callers(report, unit).collect();
    let parts = [("Calls", told("http")), ("Sends messages to", told("queue")), ("Is called by", callers)];
    let known = parts.into_iter().filter(|(_, names)| !names.is_empty());
    known.map(|(what, names)| format!("{what} {}.", names.into_iter().collect::<Vec<_>>().join(", "))).collect()
}

fn callers<'a>(report: &'a Report, unit: &'a UnitReport) -> impl Iterator<Item = &'a str> {
    let calls = |other: &&UnitReport| other.talks_to.iter().any(|t| t.how == "http" && t.unit == unit.name);
    report.units.iter().filter(calls).map(|other| other.name.as_str())
}

fn unit_stories(report: &Report, unit: &UnitReport) -> Vec<Story> {
    let (base, rest): (Vec<&EffortTerm>, Vec<&EffortTerm>) = own_terms(unit).partition(|term| term.kind == "base");
    let (small, large): (Vec<&EffortTerm>, Vec<&EffortTerm>) =
        rest.into_iter().partition(|term| term.person_days < SMALL);
    let mut stories: Vec<Story> = large.into_iter().map(|term| term_story(report, unit, term)).collect();
    if !small.is_empty() {
        stories.push(small_story(report, unit, &small));
    }
    // The move itself comes last: it is what the others make possible.
    if !base.is_empty() {
        stories.push(base_story(report, unit, &base));
    }
    stories
}

/// The move itself: all that has no place in the code.
fn base_story(report: &Report, unit: &UnitReport, terms: &[&EffortTerm]) -> Story {
    let lines: Vec<String> =
        terms.iter().map(|term| format!("- {}: {} ({:.2} days)", term.what, term.how, term.person_days)).collect();
    let callers: Vec<&str> = callers(report, unit).collect();
    let found = (!callers.is_empty())
        .then(|| format!("Those who call {} reach it at its new address: {}", unit.name, callers.join(", ")));
    Story {
        id: format!("s-{}", hash(&unit_key(report, unit), BASE)),
        title: format!("{}: package, deploy, measure, switch over", unit.name),
        unit: unit.name.clone(),
        lever: BASE.to_owned(),
        lever_title: "Package, deploy, measure, switch over".to_owned(),
        approach: lines.join("\n"),
        acceptance: vec![
            format!(
                "{} answers a request (or handles an event) on the target, from a deployment that is code",
                unit.name
            ),
            "Cold start and response time under load are measured and accepted".to_owned(),
            "The way back to the old deployment has been tried".to_owned(),
        ]
        .into_iter()
        .chain(found)
        .collect(),
        person_days: terms.iter().map(|term| term.person_days).sum(),
        low: terms.iter().map(|term| term.low).sum(),
        high: terms.iter().map(|term| term.high).sum(),
        labels: vec!["faasible".to_owned(), BASE.to_owned()],
        ..Story::default()
    }
}

fn term_story(report: &Report, unit: &UnitReport, term: &EffortTerm) -> Story {
    let rule = report.rules.get(&term.what).filter(|_| term.kind == "rule");
    let findings = findings(report, unit, &term.what);
    let title = rule.map_or(term.what.as_str(), |rule| rule.title.as_str());
    let mut labels = vec!["faasible".to_owned()];
    labels.push(rule.map_or_else(|| term.kind.clone(), |rule| rule.category.to_string()));
    let done = match rule {
        Some(_) => format!(
            "`faasible scan` finds nothing of `{}` in {}, or each place left is suppressed with a reason",
            term.what, unit.name
        ),
        None => format!("{}: {title}: settled for {}", unit.kind, unit.name),
    };
    let works = "The tests of what was changed pass, also when two instances run at once and one is stopped";
    let acceptance = vec![done, works.to_owned()];
    Story {
        id: format!("s-{}", hash(&unit_key(report, unit), &story_key(term))),
        title: format!("{}: {title}", unit.name),
        unit: unit.name.clone(),
        lever: term.what.clone(),
        lever_title: title.to_owned(),
        why: rule.map_or_else(String::new, |rule| rule.why.clone()),
        approach: rule.map_or_else(|| term.how.clone(), |rule| rule.fix.clone()),
        sites: findings.iter().flat_map(|finding| sites(finding)).collect(),
        acceptance,
        person_days: term.person_days,
        low: term.low,
        high: term.high,
        priority: priority(rule.map(|rule| findings.iter().map(|f| f.severity).max().unwrap_or(rule.severity))),
        labels,
        links: rule.map(|rule| rule.links.clone()).unwrap_or_default(),
        ..Story::default()
    }
}

/// Several terms that are too small for a story each.
fn small_story(report: &Report, unit: &UnitReport, terms: &[&EffortTerm]) -> Story {
    let parts: Vec<Story> = terms.iter().map(|term| term_story(report, unit, term)).collect();
    let categories: BTreeSet<String> = parts.iter().flat_map(|part| part.labels.iter().skip(1).cloned()).collect();
    let titles: Vec<&str> = parts.iter().map(|part| part.lever_title.as_str()).collect();
    Story {
        id: format!("s-{}", hash(&unit_key(report, unit), SMALL_CHANGES)),
        title: format!("{}: {SMALL_CHANGES}", unit.name),
        unit: unit.name.clone(),
        lever: SMALL_CHANGES.to_owned(),
        lever_title: "Small changes".to_owned(),
        why: format!("Each takes less than {SMALL} days: {}.", titles.join("; ")),
        approach: parts.iter().map(|p| format!("- {}: {}", p.lever_title, p.approach)).collect::<Vec<_>>().join("\n"),
        sites: parts.iter().flat_map(|part| part.sites.iter().cloned()).collect(),
        acceptance: parts.iter().filter_map(|part| part.acceptance.first().cloned()).collect(),
        person_days: parts.iter().map(|part| part.person_days).sum(),
        low: parts.iter().map(|part| part.low).sum(),
        high: parts.iter().map(|part| part.high).sum(),
        priority: parts.iter().map(|part| part.priority).max().unwrap_or_default(),
        labels: std::iter::once("faasible".to_owned()).chain(categories).collect(),
        ..Story::default()
    }
}

/// The move waits for everything else of the unit, and for its libraries.
fn block(unit: &UnitReport, stories: &mut [Story], libraries: &BTreeMap<&str, Vec<String>>) {
    let own: Vec<String> = stories.iter().filter(|s| !is_base(s)).map(|s| s.id.clone()).collect();
    let terms = unit.effort.iter().flat_map(|effort| &effort.terms);
    let shared: Vec<String> = terms
        .filter(|term| term.kind == "library")
        .filter_map(|term| libraries.get(term.what.as_str()))
        .flatten()
        .cloned()
        .collect();
    for story in stories.iter_mut().filter(|story| is_base(story)) {
        story.blocked_by = shared.iter().chain(&own).cloned().collect();
    }
}

fn is_base(story: &Story) -> bool {
    story.labels.iter().any(|label| label == BASE)
}

fn by_lever(backlog: Backlog) -> Backlog {
    let mut epics: BTreeMap<String, Epic> = BTreeMap::new();
    for story in backlog.epics.into_iter().flat_map(|epic| epic.stories) {
        let epic = epics.entry(story.lever.clone()).or_insert_with(|| Epic {
            id: format!("l-{}", hash(&story.lever, "lever")),
            title: story.lever_title.clone(),
            description: story.why.clone(),
            wave: story.wave,
            labels: story.labels.clone(),
            stories: Vec::new(),
        });
        epic.wave = epic.wave.min(story.wave);
        epic.stories.push(story);
    }
    let mut epics: Vec<Epic> = epics.into_values().collect();
    epics.sort_by(|a, b| a.wave.cmp(&b.wave).then(b.days().0.total_cmp(&a.days().0)).then_with(|| a.id.cmp(&b.id)));
    Backlog { epics }
}

fn findings<'a>(report: &'a Report, unit: &UnitReport, rule: &str) -> Vec<&'a FindingReport> {
    report.findings.iter().filter(|f| f.rule == rule && f.unit == unit.name && !f.dead).collect()
}

fn sites(finding: &FindingReport) -> Vec<String> {
    let first = format!("{}:{} {}", finding.path, finding.line, finding.message);
    let others = finding.related.iter().map(|related| format!("{}:{} {}", related.path, related.line, related.note));
    std::iter::once(first).chain(others).collect()
}

fn priority(severity: Option<Severity>) -> Priority {
    match severity {
        Some(Severity::Blocker) => Priority::Highest,
        Some(Severity::Major) => Priority::High,
        Some(Severity::Info) => Priority::Low,
        Some(Severity::Minor) | None => Priority::Medium,
    }
}

fn story_key(term: &EffortTerm) -> String {
    format!("{}\0{}", term.kind, term.what)
}

/// What tells the unit from all others, and stays when it moves, as long as its name is its own.
fn unit_key(report: &Report, unit: &UnitReport) -> String {
    match report.units.iter().filter(|other| other.name == unit.name).count() {
        1 => unit.name.clone(),
        _ => format!("{}\0{}", unit.name, unit.dir),
    }
}

fn hash(unit: &str, what: &str) -> String {
    format!("{:010x}", xxh3_64(format!("{unit}\0\0{what}").as_bytes()) >> 24)
}
