//! The pipeline: walk, read, parse, group, link, match, assess, report.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::assess::{self, Coefficients, ColdSources, ColdStartData, cold_starts};
use crate::facts::{FileFacts, Note};
use crate::findings::{self, fingerprint};
use crate::link::catalog::RawCatalog;
use crate::link::{JavaCatalog, Linked};
use crate::parse::parse;
use crate::report::assemble::{Sources, assemble};
use crate::report::model::Report;
use crate::rules::compile::Compiled;
use crate::rules::eval::evaluate;
use crate::rules::model::Target;
use crate::rules::{RuleError, RuleSet};
use crate::source::{self, FileIx, Skipped, WalkOptions, Workspace};
use crate::text::LineIndex;
use crate::units::{self, Units, UnitsConfig};

/// How to scan.
#[derive(Clone)]
pub struct Options {
    /// What to leave out.
    pub walk: WalkOptions,
    /// Only findings below these paths, relative to the root with `/`; empty for everything.
    pub only: Vec<String>,
    /// What the user says about units.
    pub units: UnitsConfig,
    /// The target that effort is computed for.
    pub target: Target,
    /// Threads; 0 for one per core.
    pub threads: usize,
    /// Parse only files in which a rule's word occurs; findings are the same without.
    pub gate: bool,
    /// Is told how far the scan is.
    pub observer: Option<Observer>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            walk: WalkOptions::default(),
            only: Vec::new(),
            units: UnitsConfig::default(),
            target: Target::Lambda,
            threads: 0,
            gate: true,
            observer: None,
        }
    }
}

/// Who is told how far the scan is; called from many threads.
pub type Observer = Arc<dyn Fn(Event) + Send + Sync>;

/// A step of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A stage of this name begins: `walk`, `read`, `link`, …
    Stage(&'static str),
    /// So many files will be read.
    Files(usize),
    /// One of them was.
    FileRead,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The root cannot be listed.
    #[error("cannot list {path}: {source}")]
    Root {
        /// As named.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The data that comes with the rules does not read.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The threads cannot be started.
    #[error("cannot start the worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// A workspace read and grouped, before any rule is asked.
pub struct Surveyed {
    pub workspace: Workspace,
    pub facts: Vec<FileFacts>,
    pub units: Units,
    /// What could not be read or understood.
    pub skipped: Vec<Skipped>,
    /// Bytes and lines of what was read.
    pub bytes: u64,
    pub lines: u64,
}

/// Scans the tree under `root`.
///
/// # Errors
/// When there is nothing at `root`, or the built-in data is broken. Anything wrong with a single
/// file becomes an entry of the report's `skipped`.
pub fn scan(root: &Path, options: &Options, rules: &RuleSet) -> Result<Report, Error> {
    in_pool(options.threads, || {
        let tell = teller(options);
        let surveyed = survey(root, options)?;

        tell(Event::Stage("link"));
        let compiled = Compiled::new(&rules.rules);
        let catalog = JavaCatalog::new(rules.catalog::<RawCatalog>("java")?);
        let Surveyed { workspace, facts, units, .. } = &surveyed;
        let linked = Linked::new(workspace, facts, units, &catalog, &compiled.known_types());

        tell(Event::Stage("match"));
        let matches = evaluate(&compiled, &linked, facts);
        let mut findings = findings::build::build(&rules.rules, &linked, &matches);
        findings.retain(|f| within(&options.only, &workspace[f.file].path));
        findings::locate::locate(&mut findings, |file| read_again(workspace, file));
        fingerprint::assign(
            &mut findings,
            &fingerprint::Names {
                rule: &|ix| rules.rules[ix].id.as_str(),
                unit: &|ix| units[ix].name.as_str(),
                path: &|ix| &workspace[ix].path,
            },
        );

        tell(Event::Stage("assess"));
        let coefficients: Coefficients = rules.catalog("effort")?;
        let mut fleet = assess::assess(&rules.rules, units, &findings, options.target, &coefficients);
        let data: ColdStartData = rules.catalog("cold-start")?;
        fleet.add_cold_starts(cold_starts(&ColdSources {
            rules: &rules.rules,
            linked: &linked,
            facts,
            matches: &matches,
            findings: &findings,
            data: &data,
        }));
        Ok(assemble(&Sources {
            root: &root.to_string_lossy(),
            rules,
            workspace,
            units,
            matches: &matches,
            findings: &findings,
            fleet: &fleet,
            skipped: &surveyed.skipped,
            bytes: surveyed.bytes,
            lines: surveyed.lines,
            target: options.target,
            only: &options.only,
        }))
    })
}

/// Finds the units under `root`, without asking any rule.
///
/// # Errors
/// As [`scan`].
pub fn find_units(root: &Path, options: &Options) -> Result<Surveyed, Error> {
    in_pool(options.threads, || survey(root, options))
}

fn survey(root: &Path, options: &Options) -> Result<Surveyed, Error> {
    let tell = teller(options);
    tell(Event::Stage("walk"));
    let workspace =
        source::walk(root, &options.walk).map_err(|source| Error::Root { path: root.display().to_string(), source })?;

    tell(Event::Files(workspace.files.len()));
    tell(Event::Stage("read"));
    let read: Vec<ReadFile> = (0..workspace.files.len())
        .into_par_iter()
        .map(|ix| {
            let file = read_and_parse(&workspace, FileIx(ix as u32));
            tell(Event::FileRead);
            file
        })
        .collect();
    let mut skipped = workspace.skipped.clone();
    let (mut bytes, mut lines) = (0, 0);
    let mut facts = Vec::with_capacity(read.len());
    for file in read {
        bytes += file.bytes;
        lines += file.lines;
        skipped.extend(file.skipped);
        facts.push(file.facts);
    }
    skipped.sort();
    skipped.dedup();

    tell(Event::Stage("units"));
    let units = units::group(&workspace, &facts, &options.units);
    Ok(Surveyed { workspace, facts, units, skipped, bytes, lines })
}

#[derive(Default)]
struct ReadFile {
    facts: FileFacts,
    skipped: Vec<Skipped>,
    bytes: u64,
    lines: u64,
}

fn read_and_parse(workspace: &Workspace, ix: FileIx) -> ReadFile {
    let file = &workspace[ix];
    let skip = |reason: String| Skipped { path: file.path.to_string(), reason };
    let decoded = match source::read(&workspace.root, file) {
        Ok(decoded) => decoded,
        Err(skipped) => return ReadFile { skipped: vec![skipped], ..ReadFile::default() },
    };
    // A parser that panics is a fault of ours; it must not take the other files with it.
    let facts = catch_unwind(AssertUnwindSafe(|| parse(file.kind, &file.path, &decoded.text))).unwrap_or_else(|_| {
        FileFacts { notes: vec![Note::whole("internal error: the parser failed")], ..FileFacts::default() }
    });
    let index = (!facts.notes.is_empty()).then(|| LineIndex::new(&decoded.text));
    let mut skipped: Vec<Skipped> = decoded.note.map(&skip).into_iter().collect();
    for note in &facts.notes {
        let place = note.span.zip(index.as_ref()).map(|(span, index)| index.position(span.start).line);
        skipped.push(skip(place.map_or_else(|| note.reason.clone(), |line| format!("line {line}: {}", note.reason))));
    }
    let lines = decoded.text.bytes().filter(|b| *b == b'\n').count() as u64;
    ReadFile { facts, skipped, bytes: decoded.text.len() as u64, lines }
}

fn read_again(workspace: &Workspace, file: FileIx) -> Option<String> {
    source::read(&workspace.root, &workspace[file]).ok().map(|decoded| decoded.text)
}

/// Is the path one of those asked for, or below one of them?
pub(crate) fn within(only: &[String], path: &str) -> bool {
    only.is_empty()
        || only
            .iter()
            .any(|o| path.strip_prefix(o.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

fn teller(options: &Options) -> impl Fn(Event) + Sync + '_ {
    |event| options.observer.iter().for_each(|observer| observer(event))
}

fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build()?.install(work)
}
