use super::*;
use crate::report::sample::{self, render};

fn options(width: usize) -> Options {
    Options { width, ..Options::default() }
}

#[test]
fn snapshot() {
    insta::assert_snapshot!("wide", render(&sample::report(), write, &options(140)));
    insta::assert_snapshot!("narrow", render(&sample::report(), write, &options(60)));
    let verbose = Options { verbose: true, ..options(100) };
    insta::assert_snapshot!("verbose", render(&sample::report(), write, &verbose));
}

#[test]
fn limits_are_told() {
    let text = render(&sample::report(), write, &Options { max_findings: Some(1), ..options(100) });
    assert!(text.contains("scheduled-task"), "the weightiest is kept");
    assert!(text.contains("4 findings not shown; those above weigh most."));
    assert!(text.contains("4 findings not shown here; 3 findings suppressed or in the baseline; 2 paths skipped"));
}

#[test]
fn colour_adds_nothing_but_colour() {
    for verbose in [false, true] {
        let of = |color| render(&sample::report(), write, &Options { color, verbose, ..options(60) });
        let (plain, coloured) = (of(false), of(true));
        assert!(!plain.contains('\x1b') && coloured.contains('\x1b'));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }
}

#[test]
fn hostile_texts_are_harmless_in_full_too() {
    let text = render(&sample::hostile(), write, &Options { verbose: true, ..options(100) });
    assert_eq!(text.chars().find(|c| *c != '\n' && crate::report::safe::is_hidden(*c)), None);
    assert!(!text.lines().any(|line| line.starts_with("::error")), "no commands for a CI runner");
}

#[test]
fn nothing_found_is_said() {
    let mut report = sample::report();
    report.units.clear();
    report.findings.clear();
    report.skipped.clear();
    report.levers.clear();
    report.cost = None;
    report.summary = Default::default();
    insta::assert_snapshot!(render(&report, write, &options(80)), @r"
    faasible 0.1.0 · ./shop · 412 files · 56,789 lines · 87 rules

    Summary
      units     none
      effort    0.0 (0.0–0.0) person-days, shared libraries counted once
      findings  none
      left out  nothing
    ");
}

#[test]
fn odd_places_do_not_panic() {
    let mut report = sample::report();
    for (line, column, end_line, end_column, snippet_column, snippet) in [
        (0, 0, 0, 0, 0, ""),
        (1, 9, 1, 3, 5, "ü𝄞"),
        (1, 1, 9, 1, 5, "x"),
        (1, 5_100, 1, 5_120, 5_060, "the middle of a long line the middle of a long line the middle of a long line"),
        (u32::MAX, u32::MAX, u32::MAX, u32::MAX, 1, "世界"),
        (3, 5, 3, 5, 5, "   "),
    ] {
        let finding = &mut report.findings[0];
        (finding.line, finding.column, finding.end_line, finding.end_column) = (line, column, end_line, end_column);
        (finding.snippet_column, finding.snippet) = (snippet_column, snippet.to_owned());
        for width in [0, 1, 20, 100] {
            render(&report, write, &options(width));
        }
    }
}

#[test]
fn places_are_links_where_the_terminal_knows_them() {
    let mut report = sample::report();
    report.findings[0].path = "a b\x1b]8;;evil.java".into();
    let options = Options { links: "file:///top".into(), ..Options::default() };
    let text = sample::render(&report, write, &options);
    assert!(
        text.contains("\x1b]8;;file:///top/a%20b%1B%5D8%3B%3Bevil.java\x1b\\a b␛]8;;evil.java:12\x1b]8;;\x1b\\"),
        "{text}"
    );
    assert_eq!(text.matches("\x1b]8;;").count(), 2 * report.findings.len());
    assert!(!sample::render(&report, write, &Options::default()).contains('\x1b'));
}
