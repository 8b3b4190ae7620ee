//! The pipeline: walk, read, parse, group, link, match, assess, report.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::assess::{self, Coefficients, ColdSources, ColdStartData, Fleet, cold_starts};
use crate::cache::{Cache, Run};
use crate::config::RuleConfig;
use crate::cost;
use crate::facts::{FileFacts, Note};
use crate::findings::baseline::Baseline;
use crate::findings::changed::Changed;
use crate::findings::suppress::{self, Directive};
use crate::findings::{self, Finding, fingerprint};
use crate::link::catalog::RawCatalog;
use crate::link::talks::{Talk, TalksData, talks};
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
    /// What is other about rules here, by index in the rule set.
    pub rules: BTreeMap<usize, RuleConfig>,
    /// Findings that do not count, beside those that comments suppress.
    pub suppress: Vec<suppress::Entry>,
    /// Coefficients that replace those of the catalog.
    pub effort: serde_json::Value,
    /// Traffic to compute what services cost from.
    pub cost: Option<cost::Request>,
    /// Findings that are known; effort counts them all the same.
    pub baseline: Option<Baseline>,
    /// Only findings on these lines; effort counts the others all the same.
    pub changed: Option<Changed>,
    /// Where facts of unchanged files are kept between runs.
    pub cache: Option<PathBuf>,
    /// Threads; 0 for one per core.
    pub threads: usize,
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
            rules: BTreeMap::new(),
            suppress: Vec::new(),
            effort: serde_json::Value::Object(serde_json::Map::new()),
            cost: None,
            baseline: None,
            changed: None,
            cache: None,
            threads: 0,
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
    /// The cache cannot be used.
    #[error("cannot use the cache {path}: {source}")]
    Cache {
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
    /// Comments that suppress.
    pub suppressions: BTreeMap<FileIx, Vec<Directive>>,
    /// Bytes and lines of what was read.
    pub bytes: u64,
    pub lines: u64,
    /// With a cache: the key of each file, as [`Run::file`] makes it.
    keys: Vec<u128>,
}

/// Scans the tree under `root`.
///
/// # Errors
/// When there is nothing at `root`, or the built-in data is broken. Anything wrong with a single
/// file becomes an entry of the report's `skipped`.
pub fn scan(root: &Path, options: &Options, rules: &RuleSet) -> Result<Report, Error> {
    in_pool(options.threads, || {
        let workspace = walk(root, options)?;
        let Some(cache) = open_cache(options)? else {
            return judge(root, options, rules, survey(workspace, options, None));
        };
        let asked = again::asked(root, options, rules);
        if let Some(report) = again::report(&cache, &asked, &workspace) {
            return Ok(report);
        }
        let surveyed = survey(workspace, options, Some(&cache));
        let run = again::run(&asked, &surveyed.workspace, &surveyed.keys);
        let report = judge(root, options, rules, surveyed)?;
        cache.keep_report(&run, &report);
        Ok(report)
    })
}

/// From what was read to the report.
fn judge(root: &Path, options: &Options, rules: &RuleSet, surveyed: Surveyed) -> Result<Report, Error> {
    let tell = teller(options);
    if says_nothing(&surveyed, options) {
        return Ok(nothing(root, options, rules, &surveyed));
    }
    tell(Event::Stage("link"));
    let mut rules = Cow::Borrowed(rules);
    for (ix, config) in &options.rules {
        if let Some(severity) = config.severity {
            rules.to_mut().set_severity(*ix, severity);
        }
    }
    let rules = &*rules;
    let coefficients: Coefficients = rules.catalog_with("effort", &options.effort)?;
    let off = |ix: usize| options.rules.get(&ix).is_some_and(|config| !config.enabled);
    let compiled = Compiled::new(&rules.rules);
    let catalog = JavaCatalog::new(rules.catalog::<RawCatalog>("java")?);
    let Surveyed { workspace, facts, units, .. } = &surveyed;
    let linked = Linked::new(workspace, facts, units, &catalog, &compiled.known_types());

    tell(Event::Stage("match"));
    let mut matches = evaluate(&compiled, &linked, facts);
    matches.retain(|m| !off(m.rule));
    matches.iter_mut().for_each(|m| m.also.retain(|ix| !off(*ix)));
    let mut findings = findings::build::build(&rules.rules, &linked, &matches);
    findings.retain(|f| within(&options.only, &workspace[f.file].path));
    findings::locate::locate(&mut findings, |file| read_again(workspace, file));
    let names = fingerprint::Names {
        rule: &|ix| rules.rules[ix].id.as_str(),
        unit: &|ix| units[ix].name.as_str(),
        path: &|ix| &workspace[ix].path,
    };
    fingerprint::assign(&mut findings, &names);

    let comments = surveyed.suppressions.iter().filter(|(file, _)| within(&options.only, &workspace[**file].path));
    let comments: BTreeMap<FileIx, Vec<Directive>> = comments.map(|(file, list)| (*file, list.clone())).collect();
    let known = suppress::Known { find: &|name| Some(rules.find(name)?.0), off: &off, path: names.path };
    let (mut own, mut notes) = suppress::apply(&mut findings, &comments, &options.suppress, &known);
    for finding in &mut own {
        let rule = &rules.rules[finding.rule];
        (finding.severity, finding.confidence) = (rule.severity, rule.confidence);
        finding.unit = units.of(finding.file);
        finding.carriers = finding.unit.into_iter().collect();
    }
    fingerprint::assign(&mut own, &names);
    findings.append(&mut own);

    tell(Event::Stage("assess"));
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
    let talks = placed(workspace, talks(&linked, facts, &rules.catalog::<TalksData>("talks")?));
    let cost = match &options.cost {
        None => None,
        Some(request) => {
            let keys: cost::Keys = rules.catalog("cost")?;
            let target = options.target;
            let rules = &rules.rules;
            let tree = cost::Tree { rules, units, facts, fleet: &fleet, talks: &talks, target, keys: &keys };
            Some(cost::of_tree(&tree, request))
        }
    };
    notes.extend(known_before(options, rules, &mut findings, workspace));
    Ok(assemble(&Sources {
        root: &root.to_string_lossy(),
        rules,
        workspace,
        units,
        matches: &matches,
        findings: &findings,
        fleet: &fleet,
        talks: &talks,
        cost: cost.as_ref(),
        skipped: &surveyed.skipped,
        notes: &notes,
        bytes: surveyed.bytes,
        lines: surveyed.lines,
        target: options.target,
        only: &options.only,
    }))
}

/// Is there nothing that a rule could be asked about, and nothing to tell beside it?
fn says_nothing(surveyed: &Surveyed, options: &Options) -> bool {
    let told = options.cost.is_some() || options.baseline.is_some() || !options.suppress.is_empty();
    surveyed.workspace.files.is_empty() && surveyed.units.all.is_empty() && !told
}

/// The report of a tree without a file: no rule is read for it.
fn nothing(root: &Path, options: &Options, rules: &RuleSet, surveyed: &Surveyed) -> Report {
    assemble(&Sources {
        root: &root.to_string_lossy(),
        rules,
        workspace: &surveyed.workspace,
        units: &surveyed.units,
        matches: &[],
        findings: &[],
        fleet: &Fleet::default(),
        talks: &[],
        cost: None,
        skipped: &surveyed.skipped,
        notes: &[],
        bytes: surveyed.bytes,
        lines: surveyed.lines,
        target: options.target,
        only: &options.only,
    })
}

/// Marks what is not new. It comes after the assessment: what a service takes does not depend on
/// what somebody has seen before.
fn known_before(options: &Options, rules: &RuleSet, findings: &mut [Finding], workspace: &Workspace) -> Option<String> {
    if let Some(changed) = &options.changed {
        changed.apply(findings, |file| &workspace[file].path);
    }
    let baseline = options.baseline.as_ref()?;
    let content =
        |f: &Finding| fingerprint::content(&rules.rules[f.rule].id, &workspace[f.file].path, &f.context, &f.snippet);
    let gone = baseline.apply(findings, content, |path| within(&options.only, path));
    let first = gone.first()?;
    let entries = if gone.len() == 1 { "entry" } else { "entries" };
    let (count, rule, path) = (gone.len(), &first.rule, &first.path);
    Some(format!(
        "{count} {entries} of the baseline found no more, such as {rule} in {path}: 'faasible baseline prune'"
    ))
}

/// Finds the units under `root`, without asking any rule.
///
/// # Errors
/// As [`scan`].
pub fn find_units(root: &Path, options: &Options) -> Result<Surveyed, Error> {
    in_pool(options.threads, || {
        let workspace = walk(root, options)?;
        Ok(survey(workspace, options, open_cache(options)?.as_ref()))
    })
}

fn walk(root: &Path, options: &Options) -> Result<Workspace, Error> {
    teller(options)(Event::Stage("walk"));
    source::walk(root, &options.walk).map_err(|source| Error::Root { path: root.display().to_string(), source })
}

fn open_cache(options: &Options) -> Result<Option<Cache>, Error> {
    let open =
        |dir: &PathBuf| Cache::open(dir).map_err(|source| Error::Cache { path: dir.display().to_string(), source });
    options.cache.as_ref().map(open).transpose()
}

fn survey(workspace: Workspace, options: &Options, cache: Option<&Cache>) -> Surveyed {
    let tell = teller(options);
    tell(Event::Files(workspace.files.len()));
    tell(Event::Stage("read"));
    let read: Vec<ReadFile> = (0..workspace.files.len())
        .into_par_iter()
        .map(|ix| {
            let file = read_and_parse(&workspace, FileIx(ix as u32), cache);
            tell(Event::FileRead);
            file
        })
        .collect();
    let mut skipped = workspace.skipped.clone();
    let (mut bytes, mut lines) = (0, 0);
    let mut facts = Vec::with_capacity(read.len());
    let mut suppressions = BTreeMap::new();
    let mut keys = Vec::new();
    for (ix, file) in read.into_iter().enumerate() {
        if !file.suppressions.is_empty() {
            suppressions.insert(FileIx(ix as u32), file.suppressions);
        }
        bytes += file.bytes;
        lines += file.lines;
        skipped.extend(file.skipped);
        keys.extend(file.key);
        facts.push(file.facts);
    }
    tell(Event::Stage("units"));
    units::helm::apply(&workspace, &mut facts);
    let units = units::group(&workspace, &facts, &options.units);
    for (file, note) in &units.notes {
        // Only these are read again: there is hardly ever one.
        let at = note.span.zip(read_again(&workspace, *file));
        let line = at.map(|(span, text)| LineIndex::new(&text).position(span.start).line);
        let reason = line.map_or_else(|| note.reason.clone(), |line| format!("line {line}: {}", note.reason));
        skipped.push(Skipped { path: workspace[*file].path.to_string(), reason });
    }
    skipped.sort();
    skipped.dedup();
    Surveyed { workspace, facts, units, skipped, suppressions, bytes, lines, keys }
}

#[derive(Default)]
struct ReadFile {
    facts: FileFacts,
    skipped: Vec<Skipped>,
    suppressions: Vec<Directive>,
    bytes: u64,
    lines: u64,
    key: Option<u128>,
}

fn read_and_parse(workspace: &Workspace, ix: FileIx, cache: Option<&Cache>) -> ReadFile {
    let file = &workspace[ix];
    let skip = |reason: String| Skipped { path: file.path.to_string(), reason };
    let read = source::read(&workspace.root, file);
    let key = cache.map(|_| Run::file(file, &read));
    let decoded = match read {
        Ok(decoded) => decoded,
        Err(skipped) => return ReadFile { skipped: vec![skipped], key, ..ReadFile::default() },
    };
    // A parser that panics is a fault of ours; it must not take the other files with it.
    let fresh = || catch_unwind(AssertUnwindSafe(|| parse(file.kind, &file.path, &decoded.text))).ok();
    let kept = match cache {
        Some(cache) => cache.facts(file.kind, &file.path, &decoded.text, fresh),
        None => fresh(),
    };
    let facts = kept.unwrap_or_else(|| FileFacts {
        notes: vec![Note::whole("internal error: the parser failed")],
        ..FileFacts::default()
    });
    let index = (!facts.notes.is_empty()).then(|| LineIndex::new(&decoded.text));
    let mut skipped: Vec<Skipped> = decoded.note.map(&skip).into_iter().collect();
    for note in &facts.notes {
        let place = note.span.zip(index.as_ref()).map(|(span, index)| index.position(span.start).line);
        skipped.push(skip(place.map_or_else(|| note.reason.clone(), |line| format!("line {line}: {}", note.reason))));
    }
    let lines = decoded.text.bytes().filter(|b| *b == b'\n').count() as u64;
    let suppressions = suppress::directives(file.kind, &file.path, &decoded.text);
    ReadFile { facts, skipped, suppressions, bytes: decoded.text.len() as u64, lines, key }
}

/// With the line of each place.
fn placed(workspace: &Workspace, talks: Vec<Talk>) -> Vec<(Talk, u32)> {
    let files: BTreeSet<FileIx> = talks.iter().map(|talk| talk.file).collect();
    let texts: BTreeMap<FileIx, String> =
        files.into_par_iter().filter_map(|file| Some((file, read_again(workspace, file)?))).collect();
    let indices: BTreeMap<FileIx, LineIndex<'_>> =
        texts.iter().map(|(file, text)| (*file, LineIndex::new(text))).collect();
    let line = |talk: &Talk| indices.get(&talk.file).map_or(1, |index| index.position(talk.span.start).line);
    talks.into_iter().map(|talk| (line(&talk), talk)).map(|(line, talk)| (talk, line)).collect()
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

mod again;

#[cfg(test)]
mod tests;
