//! Settings beside those that are deployed: of developers, of samples, of profiles that change nothing.

use crate::link::Linked;
use crate::rules::site::{Fact, Site};
use crate::source::{FileIx, FileKind};
use crate::units::EffectiveSetting;

/// Profiles and files of developers.
const THEIRS: &[&str] = &["dev", "develop", "development", "local", "localhost", "test", "testing", "ci"];

/// Names of files that show how settings are written.
const SHOWN: &[&str] = &["example", "examples", "sample", "samples"];

/// Is the setting one that no deployment reads, as far as the tree tells?
pub(super) fn is_beside(linked: &Linked<'_>, site: &Site) -> bool {
    if matches!(site.fact, Fact::Instruction(..) | Fact::Object(..)) {
        return is_for_desks(linked, site.file);
    }
    let Fact::Setting(unit, ix) = site.fact else { return false };
    let settings = &linked.units[unit].settings;
    let setting = &settings[ix as usize];
    is_of_developers(settings, setting)
        || is_repeated(linked, settings, setting)
        || is_sample(linked, setting.file)
        || linked.unit(setting.file).is_some_and(|u| linked.units[u].aside)
}

/// A setting for the machines of developers, which another profile has for where the service runs.
fn is_of_developers(settings: &[EffectiveSetting], setting: &EffectiveSetting) -> bool {
    let theirs = |profile: &str| THEIRS.contains(&profile);
    theirs(&setting.profile)
        && settings.iter().any(|s| s.key == setting.key && !s.profile.is_empty() && !theirs(&s.profile))
}

/// Of a profile that is off: the same value holds without it, or a deployment gives another one whatever the profile.
fn is_repeated(linked: &Linked<'_>, settings: &[EffectiveSetting], setting: &EffectiveSetting) -> bool {
    let deployed = |s: &EffectiveSetting| {
        matches!(linked.workspace[s.file].kind, FileKind::Deploy | FileKind::Container | FileKind::Script)
    };
    let holds = |s: &&EffectiveSetting| s.key == setting.key && s.profile.is_empty() && s.active;
    !setting.profile.is_empty()
        && !setting.active
        && settings.iter().filter(holds).any(|s| deployed(s) || s.value == setting.value)
}

/// `Dockerfile.dev` beside `Dockerfile`, `docker-compose.local.yml` beside `docker-compose.yml`.
fn is_for_desks(linked: &Linked<'_>, file: FileIx) -> bool {
    let own = &linked.workspace[file];
    let dir = own.path.rfind('/').map_or(0, |at| at + 1);
    let is_one = |name: &str| {
        let lower = name.to_ascii_lowercase();
        own.kind == FileKind::Container || lower.starts_with("docker-compose") || lower.starts_with("compose")
    };
    let of_desks = |name: &str| {
        let lower = name.to_ascii_lowercase();
        lower.split(['-', '_', '.']).any(|word| THEIRS.contains(&word) || word == "debug")
    };
    let name = &own.path[dir..];
    is_one(name)
        && of_desks(name)
        && linked.workspace.files.iter().filter(|f| f.kind == own.kind).any(|f| {
            let beside = f.path.strip_prefix(&own.path[..dir]).filter(|name| !name.contains('/'));
            beside.is_some_and(|name| is_one(name) && !of_desks(name))
        })
}

/// `registry-mysql-example.yaml`, or `registry-dev.yaml` beside `registry.yaml`.
fn is_sample(linked: &Linked<'_>, file: FileIx) -> bool {
    let path = &linked.workspace[file].path;
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, end)) = name.rsplit_once('.') else { return false };
    let mut words = stem.split(['-', '_', '.']).map(str::to_ascii_lowercase).skip(1);
    if words.clone().any(|word| SHOWN.contains(&word.as_str())) {
        return true;
    }
    // Profiles of a framework are told by what turns them on.
    let profile = ["application", "bootstrap"].iter().any(|start| stem.starts_with(start));
    let first = stem.split(['-', '_', '.']).next().unwrap_or(stem);
    let plain = if dir.is_empty() { format!("{first}.{end}") } else { format!("{dir}/{first}.{end}") };
    !profile
        && words.any(|word| THEIRS.contains(&word.as_str()))
        && linked.workspace.files.iter().any(|f| *f.path == *plain)
}
