//! A run with nothing changed since the last one: its report is in the cache.

use std::path::Path;

use rayon::prelude::*;

use super::Options;
use crate::cache::{Asked, Cache, Run};
use crate::report::model::Report;
use crate::rules::RuleSet;
use crate::source::{self, Workspace};

/// All that tells in a report beside the tree.
pub(super) fn asked(root: &Path, options: &Options, rules: &RuleSet) -> Asked {
    // Named one by one: of a new option it has to be said whether it tells.
    let Options {
        walk,
        only,
        units,
        target,
        rules: configured,
        suppress,
        effort,
        cost,
        baseline,
        changed,
        cache: _,
        threads: _,
        observer: _,
    } = options;
    let own = rules.own();
    Asked::new(&(root, (walk, only, units, target), (configured, suppress, effort), (cost, baseline, changed), own))
}

/// A run over files of these keys.
pub(super) fn run(asked: &Asked, workspace: &Workspace, keys: &[u128]) -> Run {
    asked.of(&(&workspace.root, &workspace.skipped, &workspace.unread, &workspace.tests), keys)
}

/// The report of the last run, when all files are still what they were. They are read for it: times of
/// change say little in a fresh checkout.
pub(super) fn report(cache: &Cache, asked: &Asked, workspace: &Workspace) -> Option<Report> {
    if !cache.may_answer(asked) {
        return None;
    }
    let key = |file| Run::file(file, &source::read(&workspace.root, file));
    let keys: Vec<u128> = workspace.files.par_iter().map(key).collect();
    cache.report(&run(asked, workspace, &keys))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::{Options, open_cache, scan, walk};
    use crate::config::RuleConfig;
    use crate::findings::suppress::Entry;
    use crate::report::model::Report;
    use crate::rules::RuleSet;
    use crate::rules::model::{Severity, Target};

    const APP: &str = "package shop; import java.util.concurrent.*;
public class App { ExecutorService pool = Executors.newFixedThreadPool(2); public static void main(String[] a) {} }";

    /// Is the report of the last run used?
    fn is_used(root: &Path, options: &Options, rules: &RuleSet) -> bool {
        let cache = open_cache(options).unwrap().unwrap();
        super::report(&cache, &super::asked(root, options, rules), &walk(root, options).unwrap()).is_some()
    }

    fn text(report: &Report) -> String {
        serde_json::to_string(report).unwrap()
    }

    #[test]
    fn a_report_is_used_until_anything_changes() {
        let (dir, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (root, rules) = (dir.path(), RuleSet::builtin().unwrap());
        fs::create_dir_all(root.join("src/main/java/shop")).unwrap();
        fs::write(root.join("pom.xml"), "<project><artifactId>a</artifactId></project>").unwrap();
        fs::write(root.join("src/main/java/shop/App.java"), APP).unwrap();
        let options = Options { cache: Some(cache.path().to_owned()), threads: 1, ..Options::default() };
        let plain = text(&scan(root, &Options { cache: None, ..options.clone() }, &rules).unwrap());
        let fill = || assert_eq!(text(&scan(root, &options, &rules).unwrap()), plain);
        assert!(!is_used(root, &options, &rules), "nothing is kept yet");
        fill();
        assert!(is_used(root, &options, &rules));
        fill();
        assert!(is_used(root, &Options { threads: 2, ..options.clone() }, &rules), "threads tell nothing");

        let off = RuleConfig { enabled: false, severity: None };
        let others = [
            Options { target: Target::Workers, ..options.clone() },
            Options { only: vec!["src".into()], ..options.clone() },
            Options { rules: [(0, off)].into(), ..options.clone() },
            Options { suppress: vec![Entry::new("*", "src", "why")], ..options.clone() },
            Options { effort: serde_json::json!({ "x": 1 }), ..options.clone() },
            Options { baseline: Some(Default::default()), ..options.clone() },
            Options { changed: Some(Default::default()), ..options.clone() },
            Options { cost: Some(Default::default()), ..options.clone() },
            Options { walk: crate::source::WalkOptions { tests: true, ..Default::default() }, ..options.clone() },
        ];
        assert!(!others.iter().any(|other| is_used(root, other, &rules)));
        let mut own = rules.clone();
        own.set_severity(0, Severity::Info);
        assert!(!is_used(root, &options, &own), "another rule");

        let file = root.join("src/main/java/shop/App.java");
        fs::write(&file, APP.replace("(2)", "(3)")).unwrap();
        assert!(!is_used(root, &options, &rules), "a file of the same length, changed");
        fs::write(&file, APP).unwrap();
        assert!(is_used(root, &options, &rules), "and changed back");
        for more in ["src/main/java/shop/B.java", "src/test/java/shop/BTest.java", "web/a.ts"] {
            let more = root.join(more);
            fs::create_dir_all(more.parent().unwrap()).unwrap();
            fs::write(&more, "class B {}").unwrap();
            assert!(!is_used(root, &options, &rules), "{more:?}");
            fs::remove_file(more).unwrap();
        }
        assert!(is_used(root, &options, &rules));
        for entry in walkdir::WalkDir::new(cache.path()).into_iter().flatten().filter(|e| e.file_type().is_file()) {
            fs::write(entry.path(), "broken").unwrap();
        }
        fill();
    }
}
