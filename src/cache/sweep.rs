//! What keeps a cache from growing for ever. An entry's time of change is when it was last used, to the day.

use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use walkdir::WalkDir;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// By its time of change it is known when the cache was swept.
const SWEPT: &str = "swept";

/// What may stay.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Since the last use of an entry.
    age: Duration,
    /// Of all entries, those of other versions too.
    bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { age: DAY * 30, bytes: 1 << 30 }
    }
}

/// Says that an entry is in use. It is written at most once a day.
pub(super) fn used(path: &Path, now: SystemTime) {
    let old = path.metadata().is_ok_and(|meta| since(&meta, now) > DAY);
    if old && let Ok(file) = File::options().write(true).open(path) {
        // Who may not write here has a cache that others keep.
        let _ = file.set_modified(now);
    }
}

/// Deletes what is beyond the bounds, once a day. Runs beside this one lose an entry at worst, and make
/// it anew.
pub(super) fn daily(dir: &Path, now: SystemTime, bounds: Bounds) {
    let mark = dir.join(SWEPT);
    if mark.metadata().is_ok_and(|meta| since(&meta, now) < DAY) {
        return;
    }
    // The mark comes first: of two runs at once one sweeps.
    let marked = File::create(&mark).and_then(|file| file.set_modified(now));
    if marked.is_ok() {
        sweep(dir, now, bounds);
    }
}

fn sweep(dir: &Path, now: SystemTime, bounds: Bounds) {
    let mut entries: Vec<(Duration, u64, PathBuf)> = Vec::new();
    // `v<version>/<two letters>/<entry>`: nothing else is ours.
    for entry in WalkDir::new(dir).min_depth(3).max_depth(3).into_iter().flatten() {
        let Ok(meta) = entry.metadata() else { continue };
        if meta.is_file() && is_ours(dir, entry.path()) {
            entries.push((since(&meta, now), meta.len(), entry.into_path()));
        }
    }
    // The youngest first, then by path, so that equal ages are told apart.
    entries.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    let mut bytes = 0;
    for (age, size, path) in entries {
        bytes += size;
        if age > bounds.age || bytes > bounds.bytes {
            let _ = fs::remove_file(path);
        }
    }
}

fn is_ours(dir: &Path, path: &Path) -> bool {
    let Ok(inner) = path.strip_prefix(dir) else { return false };
    let parts: Vec<&str> = inner.iter().filter_map(|part| part.to_str()).collect();
    let [version, letters, name] = parts[..] else { return false };
    version.starts_with('v') && letters.len() == 2 && name.starts_with(letters)
}

pub(super) fn since(meta: &Metadata, now: SystemTime) -> Duration {
    let changed = meta.modified().unwrap_or(now);
    now.duration_since(changed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(dir: &Path, path: &str, bytes: usize, age: Duration, now: SystemTime) {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, vec![0; bytes]).unwrap();
        File::options().write(true).open(path).unwrap().set_modified(now - age).unwrap();
    }

    fn there(dir: &Path) -> Vec<String> {
        let files = WalkDir::new(dir).into_iter().flatten().filter(|e| e.file_type().is_file());
        let mut names: Vec<String> = files.map(|e| e.file_name().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_old_or_too_much_goes_once_a_day() {
        let dir = tempfile::tempdir().unwrap();
        let (dir, now) = (dir.path(), SystemTime::now());
        let bounds = Bounds { age: DAY * 30, bytes: 250 };
        entry(dir, "v1-a/aa/aa-young", 100, DAY, now);
        entry(dir, "v1-a/ab/ab-middle", 100, DAY * 2, now);
        entry(dir, "v1-a/ac/ac-too-much", 100, DAY * 3, now);
        entry(dir, "v0-b/ad/ad-old", 1, DAY * 31, now);
        entry(dir, "v0-b/ad/ad-draft.tmp", 1, DAY * 31, now);
        entry(dir, "mine/xx/xx-not-ours", 900, DAY * 99, now);
        entry(dir, "v1-a/xx/other", 900, DAY * 99, now);
        daily(dir, now, bounds);
        assert_eq!(there(dir), ["aa-young", "ab-middle", "other", "swept", "xx-not-ours"]);
        entry(dir, "v1-a/ae/ae-old", 1, DAY * 31, now);
        daily(dir, now + DAY / 2, bounds);
        assert!(there(dir).contains(&"ae-old".to_owned()), "swept less than a day ago");
        daily(dir, now + DAY, bounds);
        assert!(!there(dir).contains(&"ae-old".to_owned()));
    }

    #[test]
    fn what_is_used_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (dir, now) = (dir.path(), SystemTime::now());
        entry(dir, "v1-a/aa/aa-used", 1, DAY * 31, now);
        entry(dir, "v1-a/aa/aa-new", 1, DAY / 2, now);
        used(&dir.join("v1-a/aa/aa-used"), now);
        used(&dir.join("v1-a/aa/aa-new"), now);
        used(&dir.join("v1-a/aa/aa-gone"), now);
        daily(dir, now, Bounds::default());
        assert_eq!(there(dir), ["aa-new", "aa-used", "swept"]);
        let kept = dir.join("v1-a/aa/aa-new").metadata().unwrap();
        assert_eq!(since(&kept, now), DAY / 2, "not written again within the day");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let now = SystemTime::now();
        entry(other.path(), "aa/aa-old", 1, DAY * 99, now);
        std::os::unix::fs::symlink(other.path(), dir.path().join("v1-a")).unwrap();
        daily(dir.path(), now, Bounds::default());
        assert_eq!(there(other.path()), ["aa-old"]);
    }
}
