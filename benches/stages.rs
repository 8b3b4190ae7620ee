//! Each stage by itself, over a made-up fleet of 50 services: `cargo bench --bench stages`.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use faasible::engine::{Options, Surveyed, find_units, scan};
use faasible::link::catalog::RawCatalog;
use faasible::link::{JavaCatalog, Linked};
use faasible::parse::parse;
use faasible::report::model::Report;
use faasible::report::{self, Format};
use faasible::rules::RuleSet;
use faasible::rules::compile::Compiled;
use faasible::rules::eval::evaluate;
use faasible::source::{FileKind, WalkOptions, walk};
use faasible::units;

mod fleet;

const SERVICES: usize = 50;

static TREE: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = std::env::temp_dir().join(format!("faasible-stages-{}", std::process::id()));
    fleet::write(&dir, SERVICES, 1).expect("a fleet in the directory for temporary files");
    dir
});
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::builtin().expect("the build has checked the rules"));
static SURVEY: LazyLock<Surveyed> = LazyLock::new(|| find_units(&TREE, &one_thread()).expect("the fleet reads"));
static REPORT: LazyLock<Report> = LazyLock::new(|| scan(&TREE, &one_thread(), &RULES).expect("the fleet scans"));

fn main() {
    divan::main();
    // Nothing to tell when it is gone already.
    let _ = std::fs::remove_dir_all(&*TREE);
}

fn one_thread() -> Options {
    Options { threads: 1, ..Options::default() }
}

/// Path and text of all files of a kind.
fn texts(kind: FileKind) -> Vec<(String, String)> {
    let read = |path: &str| std::fs::read_to_string(TREE.join(path)).expect("a file of the fleet");
    let files = SURVEY.workspace.files.iter().filter(|file| file.kind == kind);
    files.map(|file| (file.path.to_string(), read(&file.path))).collect()
}

fn catalog() -> JavaCatalog {
    JavaCatalog::new(RULES.catalog::<RawCatalog>("java").expect("the build has checked the catalog"))
}

#[divan::bench]
fn rules_load_and_compile() -> usize {
    let rules = RuleSet::builtin().expect("the build has checked the rules");
    let compiled = Compiled::new(&rules.rules);
    compiled.known_types().len()
}

#[divan::bench]
fn walk_tree(bencher: Bencher<'_, '_>) {
    let root: &Path = &TREE;
    bencher.counter(ItemsCount::new(SURVEY.workspace.files.len())).bench(|| walk(root, &WalkOptions::default()));
}

#[divan::bench(args = [FileKind::Java, FileKind::Rust, FileKind::Maven, FileKind::Settings, FileKind::Deploy, FileKind::Container])]
fn parse_files(bencher: Bencher<'_, '_>, kind: FileKind) {
    let files = texts(kind);
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| files.iter().map(|(path, text)| parse(kind, path, black_box(text)).notes.len()).sum::<usize>());
}

#[divan::bench]
fn group_units(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(SERVICES))
        .bench(|| units::group(&SURVEY.workspace, &SURVEY.facts, &Default::default()));
}

#[divan::bench]
fn link(bencher: Bencher<'_, '_>) {
    let (catalog, compiled) = (catalog(), Compiled::new(&RULES.rules));
    let known = compiled.known_types();
    let s: &Surveyed = &SURVEY;
    bencher.counter(ItemsCount::new(SERVICES)).bench(|| {
        black_box(Linked::new(&s.workspace, &s.facts, &s.units, &catalog, &known));
    });
}

#[divan::bench]
fn match_rules(bencher: Bencher<'_, '_>) {
    let (catalog, compiled) = (catalog(), Compiled::new(&RULES.rules));
    let s: &Surveyed = &SURVEY;
    let linked = Linked::new(&s.workspace, &s.facts, &s.units, &catalog, &compiled.known_types());
    bencher.counter(ItemsCount::new(SERVICES)).bench(|| evaluate(&compiled, &linked, &s.facts));
}

#[divan::bench]
fn whole_scan(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(SERVICES)).bench(|| scan(&TREE, &one_thread(), &RULES));
}

#[divan::bench(args = Format::ALL)]
fn write_report(bencher: Bencher<'_, '_>, format: Format) {
    let report: &Report = &REPORT;
    bencher.bench(|| report::render(report, format, &report::Options::default(), &mut std::io::sink()));
}
