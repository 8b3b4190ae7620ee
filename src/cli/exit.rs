//! How the program ends: part of its interface, as scripts depend on it.

use std::process::ExitCode;

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the work is done.
    Done,
    /// 1: findings at or above `--fail-on`, or new against the baseline; fixtures that fail.
    Findings,
    /// 2: wrong usage, configuration or rules, or something that could not be read or written.
    Usage,
    /// 3: there was nothing to scan.
    Nothing,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Nothing => 3,
        })
    }
}
