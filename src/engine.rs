//! engine
use std::path::Path;
use std::sync::Arc;

use crate::report::model::{Report, SCHEMA_VERSION, Summary, ToolInfo, WorkspaceInfo};
use crate::rules::RuleSet;
use crate::rules::model::Target;
use crate::source::WalkOptions;

/// How to scan.
#[derive(Clone)]
pub struct Options {
    /// What to leave out.
    pub walk: WalkOptions,
    /// Only what lies below these paths, relative to the root with `/`; empty for everything.
    pub only: Vec<String>,
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
    Root { path: String, source: std::io::Error },
}

/// Scans the tree under `root`.
///
/// # Errors
/// When there is nothing at `root`.
pub fn scan(root: &Path, options: &Options, rules: &RuleSet) -> Result<Report, Error> {
    let tell = |event| options.observer.iter().for_each(|observer| observer(event));
    tell(Event::Stage("walk"));
    let workspace = crate::source::walk(root, &options.walk)
        .map_err(|source| Error::Root { path: root.display().to_string(), source })?;
    tell(Event::Files(workspace.files.len()));
    Ok(Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: ToolInfo { name: "faasible".into(), version: env!("CARGO_PKG_VERSION").into(), rules: rules.rules.len() },
        workspace: WorkspaceInfo { root: ".".into(), files: workspace.files.len(), bytes: 0, lines: 0 },
        summary: Summary { target: Some(options.target), ..Summary::default() },
        units: Vec::new(),
        findings: Vec::new(),
        rules: std::collections::BTreeMap::new(),
        skipped: Vec::new(),
    })
}
