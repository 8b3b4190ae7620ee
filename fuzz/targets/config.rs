//! What people write for the tool itself: configuration, rules, fixtures, baselines, reports to merge.
#![no_main]

use faasible::config::File;
use faasible::findings::baseline::Baseline;
use faasible::report::model::Report;
use faasible::rules::check::{RuleFile, check_rule, read_yaml};
use faasible::rules::fixture;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    // A problem is shown with its line and a caret; showing it must hold too.
    match first % 5 {
        0 => drop(File::parse("faasible.toml", &text).map_err(|problem| problem.to_string())),
        1 => drop(Baseline::parse(&text)),
        2 => drop(fixture::parse("a.md", &text).map_err(|all| all.iter().map(ToString::to_string).collect::<String>())),
        3 => drop(serde_json::from_str::<Report>(&text)),
        _ => match read_yaml("scheduler/a.yaml", &text) {
            Err(problem) => drop(problem.to_string()),
            Ok(rule) => {
                let (path, stem, folder) = ("scheduler/a.yaml".into(), "a".into(), Some("scheduler".into()));
                let file = RuleFile { path, stem, folder, text: text.into_owned(), rule };
                check_rule(&file).iter().for_each(|problem| drop(problem.to_string()));
            }
        },
    }
});
