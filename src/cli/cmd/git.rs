//! What changed since a revision, asked of `git`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::findings::changed::Changed;

/// Lines that differ, in the working tree, from where the current branch and `rev` parted. Paths are
/// relative to `root`.
pub(super) fn changed_since(root: &Path, rev: &str) -> anyhow::Result<Changed> {
    // What the scanned repository configures must not be run: no external diff, no filter for text.
    let diff = git(
        root,
        &["diff", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--src-prefix=a/"],
        &["--dst-prefix=b/", "--relative", "--merge-base", "--end-of-options", rev, "--"],
    )?;
    let mut changed = Changed::parse(&diff);
    let new = git(root, &["ls-files", "-z", "--others", "--exclude-standard"], &[])?;
    new.split('\0').filter(|path| !path.is_empty()).for_each(|path| changed.whole(path));
    Ok(changed)
}

fn git(root: &Path, args: &[&str], more: &[&str]) -> anyhow::Result<String> {
    let out = Command::new("git")
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotepath=off", "-c", "diff.ignoreSubmodules=all", "-C"])
        .arg(root)
        .args(args)
        .args(more)
        .output()
        .context("--since needs git")?;
    if !out.status.success() {
        bail!("git: {}", String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}
