use std::collections::BTreeSet;

use super::*;
use crate::report::csv::tests::read;
use crate::report::model::EffortTerm;
use crate::report::sample;

/// The sample, with the library's work told in the order service's sum.
fn report() -> Report {
    let mut report = sample::report();
    let terms = &mut report.units[0].effort.as_mut().unwrap().terms;
    terms.push(EffortTerm { kind: "library".into(), what: "common".into(), ..terms[0].clone() });
    report
}

fn text(report: &Report, by: By, form: Form) -> String {
    let mut out = Vec::new();
    write(&build(report, by), report, form, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn stories(backlog: &Backlog) -> Vec<&Story> {
    backlog.epics.iter().flat_map(|epic| &epic.stories).collect()
}

#[test]
fn stories_make_the_total_whatever_the_epics() {
    let report = report();
    let ids = |backlog: &Backlog| stories(backlog).iter().map(|story| story.id.clone()).collect::<BTreeSet<_>>();
    let (by_service, by_lever) = (build(&report, By::Service), build(&report, By::Lever));
    assert_eq!(ids(&by_service), ids(&by_lever));
    assert_eq!(ids(&by_service).len(), stories(&by_service).len());
    for backlog in [by_service, by_lever] {
        let sum: f64 = stories(&backlog).iter().map(|story| story.person_days).sum();
        assert!((sum - report.summary.person_days).abs() < 0.05, "{sum}");
    }
}

#[test]
fn waves_begin_with_what_is_easy_and_libraries_precede_their_users() {
    let backlog = build(&report(), By::Service);
    let order: Vec<(usize, &str)> = backlog.epics.iter().map(|epic| (epic.wave, epic.title.as_str())).collect();
    assert_eq!(order, [(1, "Move mailer to lambda"), (2, "Make library common fit"), (2, "Move order to lambda")]);
    let library: Vec<&String> = backlog.epics[1].stories.iter().map(|story| &story.id).collect();
    let last = backlog.epics[2].stories.last().unwrap();
    assert!(library.iter().all(|id| last.blocked_by.contains(id)), "{last:?}");
    // What blocks comes earlier, so nothing blocks itself in a circle.
    let mut seen = BTreeSet::new();
    for story in stories(&backlog) {
        assert!(story.blocked_by.iter().all(|id| seen.contains(id)), "{}", story.title);
        seen.insert(&story.id);
    }
}

#[test]
fn ids_stay_when_places_and_days_change() {
    let before = build(&report(), By::Service);
    let mut report = report();
    report.findings.iter_mut().for_each(|finding| finding.line += 10);
    for term in report.units.iter_mut().filter_map(|unit| unit.effort.as_mut()).flat_map(|e| &mut e.terms) {
        term.person_days += 1.0;
    }
    let after = build(&report, By::Service);
    assert_eq!(
        stories(&before).iter().map(|s| &s.id).collect::<BTreeSet<_>>(),
        stories(&after).iter().map(|s| &s.id).collect::<BTreeSet<_>>()
    );
}

#[test]
fn small_terms_share_a_story() {
    let mut report = report();
    let terms = &mut report.units[0].effort.as_mut().unwrap().terms;
    for what in ["a", "b"] {
        terms.push(EffortTerm { what: what.into(), kind: "rule".into(), person_days: 0.1, ..terms[0].clone() });
    }
    let backlog = build(&report, By::Service);
    let small: Vec<&Story> = stories(&backlog).into_iter().filter(|s| s.lever == "small changes").collect();
    assert_eq!(small.len(), 1);
    assert!((small[0].person_days - 0.2).abs() < 1e-9);
    assert_eq!(small[0].acceptance.len(), 2);
}

#[test]
fn jira_links_each_story_to_an_epic() {
    for report in [report(), sample::hostile()] {
        let table = read(&text(&report, By::Service, Form::Jira));
        let header = &table[0];
        let at = |name: &str| header.iter().position(|column| column == name).unwrap();
        assert!(header.iter().all(|column| column.chars().all(|c| c.is_alphanumeric() || c == ' ')));
        assert!(table.iter().all(|row| row.len() == header.len()));
        let names: BTreeSet<&String> = table.iter().skip(1).map(|row| &row[at("Epic Name")]).collect();
        for row in &table[1..] {
            assert!(!row[at("Summary")].is_empty());
            match row[at("Issue Type")].as_str() {
                "Epic" => assert!(!row[at("Epic Name")].is_empty()),
                "Story" => {
                    assert!(names.contains(&row[at("Epic Link")]));
                    let days: f64 = row[at("Story Points")].parse().unwrap();
                    let seconds: f64 = row[at("Original Estimate")].parse().unwrap();
                    assert!((days * 28_800.0 - seconds).abs() <= 144.0, "{days} {seconds}");
                    assert!(row[at("Labels")..].iter().all(|label| !label.contains(' ')));
                }
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn linear_and_azure_have_the_columns_that_their_importers_read() {
    for report in [report(), sample::hostile()] {
        let backlog = build(&report, By::Service);
        let linear = read(&text(&report, By::Service, Form::Linear));
        assert_eq!(linear[0], tables::LINEAR);
        assert_eq!(linear.len(), 1 + stories(&backlog).len());
        let priorities = ["Urgent", "High", "Medium", "Low"];
        for (row, story) in linear[1..].iter().zip(stories(&backlog)) {
            assert_eq!((row.len(), &row[0]), (tables::LINEAR.len(), &story.id));
            assert!(row[5].parse::<u32>().is_ok() && priorities.contains(&row[6].as_str()), "{row:?}");
        }
        let azure = read(&text(&report, By::Service, Form::Azure));
        assert_eq!(azure[0], tables::AZURE);
        assert_eq!(azure.len(), 1 + backlog.epics.len() + stories(&backlog).len());
        let ids = backlog.epics.iter().flat_map(|e| std::iter::once(&e.id).chain(e.stories.iter().map(|s| &s.id)));
        for (row, id) in azure[1..].iter().zip(ids) {
            let own = if row[0] == "Epic" { (&row[1], &row[2]) } else { (&row[2], &row[1]) };
            assert!(row.len() == tables::AZURE.len() && !own.0.is_empty() && own.1.is_empty(), "{row:?}");
            assert!(["1", "2", "3", "4"].contains(&row[4].as_str()) && row[6].ends_with(id.as_str()), "{row:?}");
            // Only the tags that the form itself makes.
            let bare =
                ["<h3>", "</h3>", "<div>", "</div>"].iter().fold(row[3].clone(), |text, tag| text.replace(tag, ""));
            assert!(!bare.contains(['<', '>']), "{bare}");
        }
    }
}

#[test]
fn every_form_is_harmless() {
    let report = sample::hostile();
    for form in [Form::Markdown, Form::Jira, Form::Linear, Form::Azure, Form::Github] {
        let text = text(&report, By::Service, form);
        let hidden = text.replace("\r\n", "\n").chars().find(|c| *c != '\n' && crate::report::safe::is_hidden(*c));
        assert_eq!(hidden, None, "{form:?}");
        assert!(!text.contains("](https://evil"), "{form:?}");
        if matches!(form, Form::Jira | Form::Linear | Form::Azure) {
            for cell in read(&text).into_iter().flatten() {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
    }
    let mut names = BTreeSet::new();
    for file in files(&build(&report, By::Service)) {
        assert!(file.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'), "{}", file.name);
        assert_eq!(file.text.lines().filter(|line| *line == "---").count(), 2);
        assert!(names.insert(file.name));
    }
}

#[test]
fn a_story_says_why_where_what_and_when_it_is_done() {
    let text = text(&report(), By::Service, Form::Markdown);
    for part in [
        "# Wave 1",
        "## Make library common fit",
        "#### Why",
        "#### What to do",
        "#### Where",
        "- [ ] ",
        "faasible-id: s-",
    ] {
        assert!(text.contains(part), "{part}");
    }
}
