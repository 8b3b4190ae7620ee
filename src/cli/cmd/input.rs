//! From paths on the command line to what the engine scans.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::assess::Coefficients;
use crate::cli::args::InputArgs;
use crate::config::{File, Suppress};
use crate::engine::Options;
use crate::findings::suppress::Entry;
use crate::report::model::{Report, SCHEMA_VERSION};
use crate::rules::RuleSet;
use crate::source::WalkOptions;

/// What to scan.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Roots {
    /// The workspace's root.
    pub(super) root: PathBuf,
    /// Only what lies below these, relative to the root with `/`; empty for everything.
    pub(super) only: Vec<String>,
    /// The way from the repository's root to the workspace's; empty when they are one.
    pub(super) prefix: String,
}

/// Checks the paths, and finds what several of them have in common.
pub(super) fn roots(paths: &[PathBuf]) -> anyhow::Result<Roots> {
    let mut full = Vec::new();
    for path in paths {
        let shown = path.display();
        let found = path.canonicalize().with_context(|| format!("cannot scan {shown}"))?;
        if !found.is_dir() {
            bail!("cannot scan {shown}: it is a file; name the directory that holds the services");
        }
        full.push(found);
    }
    full.sort();
    // A directory below another one is scanned with it; sorting has put it behind.
    full.dedup_by(|later, kept| later.starts_with(&*kept));
    let Some(first) = full.first() else { bail!("name a directory to scan") };
    let common = full.iter().skip(1).fold(first.clone(), |common, path| {
        common.ancestors().find(|above| path.starts_with(above)).unwrap_or(Path::new("/")).to_owned()
    });
    let prefix = repository(&common).and_then(|top| common.strip_prefix(top).ok().map(slashes)).unwrap_or_default();
    let only = match full.as_slice() {
        [_] => Vec::new(),
        many => many.iter().filter_map(|path| path.strip_prefix(&common).ok().map(slashes)).collect(),
    };
    // One path stands in the report as it was named.
    let root = match paths {
        [one] => one.clone(),
        _ => common,
    };
    Ok(Roots { root, only, prefix })
}

/// The nearest directory above with a `.git`. Nothing in it is read.
fn repository(path: &Path) -> Option<&Path> {
    path.ancestors().find(|above| above.join(".git").exists())
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The configuration that holds for a root.
pub(super) fn configuration(input: &InputArgs, roots: &Roots) -> anyhow::Result<File> {
    if input.no_config {
        return Ok(File::default());
    }
    Ok(File::find(&roots.root, input.config.as_deref())?)
}

/// The engine's options that all scanning commands share: the configuration with the command line
/// over it.
pub(super) fn options(input: &InputArgs, roots: &Roots, file: &File) -> Options {
    let config = &file.config;
    let excluded = config.scan.exclude.iter().map(|glob| glob.get_ref().clone());
    Options {
        walk: WalkOptions {
            no_ignore: input.no_ignore || config.scan.no_ignore,
            tests: input.tests || config.scan.tests,
            exclude: excluded.chain(input.exclude.iter().cloned()).collect(),
        },
        only: roots.only.clone(),
        units: config.units.clone(),
        target: config.target.unwrap_or_default(),
        cache: input.cache.clone(),
        threads: input.threads,
        ..Options::default()
    }
}

/// What the configuration says about rules and effort.
pub(super) fn configure(options: &mut Options, file: &File, rules: &RuleSet) -> anyhow::Result<()> {
    let known = |id: &str| rules.find(id).is_some();
    file.check_rules(known, |id| rules.suggest(id).map(str::to_owned))?;
    let config = &file.config;
    let find = |id: &str| rules.find(id).map(|(ix, _)| ix);
    options.rules = config.rules.iter().filter_map(|(id, rule)| Some((find(id.get_ref())?, rule.clone()))).collect();
    let entry = |s: &Suppress| Entry::new(s.rule.get_ref(), s.path.get_ref(), s.reason.get_ref());
    options.suppress = config.suppress.iter().map(entry).collect();
    options.effort = serde_json::to_value(&config.effort)?;
    if let Err(error) = rules.catalog_with::<Coefficients>("effort", &options.effort) {
        return Err(file.problem_in("effort", &error.to_string()).into());
    }
    Ok(())
}

/// Reads a report that an earlier run wrote as JSON.
pub(super) fn read_report(path: &Path) -> anyhow::Result<Report> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
    let report: Report = serde_json::from_str(&text)
        .with_context(|| format!("{shown} is no report of this program (schema {SCHEMA_VERSION})"))?;
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    if major(&report.schema_version) != major(SCHEMA_VERSION) {
        bail!("{shown} has schema version {}, this program knows {SCHEMA_VERSION}", report.schema_version);
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::roots;

    #[test]
    fn several_paths_have_a_common_root() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        for name in ["repo/.git", "repo/fleet/a/x", "repo/fleet/ab", "repo/file"] {
            std::fs::create_dir_all(top.join(name)).unwrap();
        }
        std::fs::write(top.join("f"), "").unwrap();
        let fleet = top.join("repo/fleet");
        let found = roots(&[fleet.join("ab"), fleet.join("a"), fleet.join("a/x")]).unwrap();
        assert_eq!(
            (found.root, found.only, found.prefix),
            (fleet.clone(), vec!["a".into(), "ab".into()], "fleet".into())
        );
        let found = roots(&[fleet.join("a/../ab")]).unwrap();
        assert_eq!((found.root, found.only.len(), found.prefix.as_str()), (fleet.join("a/../ab"), 0, "fleet/ab"));
        assert!(roots(&[top.join("f")]).unwrap_err().to_string().contains("it is a file"));
        assert!(roots(&[top.join("no")]).is_err());
    }
}
