//! A whole scan of a random tree: every file parsed, linked, judged, and written in every format.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use faasible::engine::{Options, scan};
use faasible::report::{self, Format};
use faasible::rules::RuleSet;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::builtin().expect("built-in rules are checked by the build"));

/// Where a file can lie; two services and a library, so that linking has something to do.
const PATHS: &[&str] = &[
    "pom.xml",
    "a/pom.xml",
    "a/src/main/java/a/A.java",
    "a/src/main/java/a/B.java",
    "a/src/main/resources/application.yml",
    "a/src/main/resources/bootstrap.properties",
    "a/src/main/resources/logback.xml",
    "a/Dockerfile",
    "b/build.gradle",
    "b/src/main/java/b/B.java",
    "b/src/main/resources/beans.xml",
    "settings.gradle",
    "lib/pom.xml",
    "lib/src/main/java/lib/Lib.java",
    "c/Cargo.toml",
    "c/src/main.rs",
    "c/src/lib.rs",
    "d/package.json",
    "docker-compose.yml",
    "k8s/a.yaml",
    "charts/a/templates/deployment.yaml",
    "charts/a/values.yaml",
    "Procfile",
    ".gitignore",
];

#[derive(Arbitrary, Debug)]
struct Tree<'a> {
    files: Vec<(u8, &'a [u8])>,
}

libfuzzer_sys::fuzz_target!(|tree: Tree<'_>| {
    let dir = tempfile::tempdir().expect("a directory for the tree");
    for (at, bytes) in &tree.files {
        let path = dir.path().join(PATHS[usize::from(*at) % PATHS.len()]);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("its directories");
        std::fs::write(path, bytes).expect("its file");
    }
    let Ok(report) = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &RULES) else { return };
    for entry in &report.skipped {
        assert!(!entry.reason.contains("internal error"), "{entry:?}");
    }
    for format in Format::ALL {
        report::render(&report, *format, &report::Options::default(), &mut std::io::sink()).expect("a report");
    }
});
