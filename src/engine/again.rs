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
