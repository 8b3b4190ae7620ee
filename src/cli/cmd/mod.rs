//! The commands, a file each.

pub(super) mod backlog;
pub(super) mod baseline;
pub(super) mod calibrate;
pub(super) mod config_show;
pub(super) mod explain;
mod gates;
mod git;
mod input;
pub(super) mod merge;
pub(super) mod rules_list;
pub(super) mod rules_new;
pub(super) mod rules_test;
pub(super) mod scan;
pub(super) mod shell;
mod split;
pub(super) mod units;
pub(super) mod whatif;
