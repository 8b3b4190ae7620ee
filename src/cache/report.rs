//! The report of the last run: where nothing has changed since, it is the report of this one.

use std::fmt::{self, Debug, Write};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::Xxh3;

use super::{Cache, key, sealed, sweep, whole};
use crate::report::model::Report;
use crate::source::{Decoded, Skipped, SourceFile};

/// So many reports are kept, of different trees or options.
const KEPT: usize = 8;
/// A larger one is made anew each time.
const MOST_BYTES: usize = 64 << 20;
/// Then the whole is done again, and the entries of files count as used.
const AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What was asked, by this build: whatever tells in a report beside the tree.
pub struct Asked(Sink);

impl Asked {
    /// `what` shows all of it when it is printed.
    pub fn new(what: &dyn Debug) -> Self {
        let mut sink = Sink(Xxh3::new());
        // Nothing that is hashed fails to be.
        let _ = write!(sink, "{} {} {what:?}", env!("CARGO_PKG_VERSION"), env!("FAASIBLE_BUILD"));
        Self(sink)
    }

    /// The run over such a tree: what the walk tells beside its files, and the key of each file, in order.
    pub fn of(&self, beside: &dyn Debug, files: &[u128]) -> Run {
        let slot = self.slot();
        let mut sink = Sink(self.0.0.clone());
        let _ = write!(sink, "{beside:?}");
        files.iter().for_each(|file| sink.0.update(&file.to_le_bytes()));
        Run { slot, digest: sink.0.digest128() }
    }

    fn slot(&self) -> u64 {
        self.0.0.digest()
    }
}

/// What a report depends on, as one number: the build, what was asked, and the tree.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of what was asked: the place of the entry.
    slot: u64,
    digest: u128,
}

impl Run {
    /// The key of a file: all that may be known of it.
    pub fn file(file: &SourceFile, read: &Result<Decoded, Skipped>) -> u128 {
        let mut hasher = Xxh3::new();
        hasher.update(&[file.role as u8]);
        match read {
            Ok(Decoded { text, note: None }) => hasher.update(&key(file.kind, &file.path, text).to_le_bytes()),
            other => hasher.update(format!("{file:?} {other:?}").as_bytes()),
        }
        hasher.digest128()
    }
}

/// Hashes what is written.
pub(super) struct Sink(Xxh3);

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

impl Cache {
    /// May there be a report for what is asked? Then it pays to ask for the files.
    pub fn may_answer(&self, asked: &Asked) -> bool {
        let meta = self.report_path(asked.slot()).metadata();
        meta.is_ok_and(|meta| sweep::since(&meta, SystemTime::now()) < AGE)
    }

    /// The report of the last run that was asked this, when it is one of the same files.
    pub fn report(&self, run: &Run) -> Option<Report> {
        let path = self.report_path(run.slot);
        let bytes = fs::read(path).ok()?;
        let (digest, json) = whole(&bytes)?.split_first_chunk::<16>()?;
        if u128::from_le_bytes(*digest) != run.digest {
            return None;
        }
        serde_json::from_slice(json).ok()
    }

    /// Keeps the report of a run. One that would not read back as it is, or is very large, is not kept.
    pub fn keep_report(&self, run: &Run, report: &Report) {
        let json = serde_json::to_vec(report).ok().filter(|json| json.len() <= MOST_BYTES);
        let same = |json: &Vec<u8>| {
            let again = serde_json::from_slice::<Report>(json).ok()?;
            Some(serde_json::to_vec(&again).ok()? == *json)
        };
        let Some(json) = json.filter(|json| same(json) == Some(true)) else { return };
        let bytes = sealed(run.digest.to_le_bytes().into_iter().chain(json).collect());
        // A full disk makes the next run slower, and nothing else.
        if self.put(&self.report_path(run.slot), &bytes).is_ok() {
            leave_youngest(&self.dir.join(REPORTS));
        }
    }

    fn report_path(&self, slot: u64) -> PathBuf {
        self.dir.join(REPORTS).join(format!("{REPORTS}-{slot:016x}"))
    }
}

/// The folder, and the beginning of its entries' names.
const REPORTS: &str = "re";

/// Deletes what is beyond the number that is kept.
fn leave_youngest(dir: &Path) {
    let now = SystemTime::now();
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let age = |entry: &fs::DirEntry| Some((sweep::since(&entry.metadata().ok()?, now), entry.path()));
    let mut all: Vec<(Duration, PathBuf)> = entries.filter_map(|entry| age(&entry)).collect();
    all.sort();
    all.iter().skip(KEPT).for_each(|(_, path)| _ = fs::remove_file(path));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::source::{FileKind, Role};

    #[test]
    fn a_report_is_kept_for_the_same_run_only() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let report = sample::report();
        let (asked, other) = (Asked::new(&"a"), Asked::new(&"b"));
        let run = asked.of(&(), &[1, 2]);
        assert!(cache.report(&run).is_none() && !cache.may_answer(&asked));
        cache.keep_report(&run, &report);
        assert!(cache.may_answer(&asked) && !cache.may_answer(&other));
        let again = cache.report(&run).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), serde_json::to_string(&report).unwrap());
        for changed in [asked.of(&(), &[2, 1]), asked.of(&(), &[1, 3]), asked.of(&0, &[1, 2]), other.of(&(), &[1, 2])] {
            assert!(cache.report(&changed).is_none());
        }
        let path = cache.report_path(run.slot);
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        for damage in [&bytes[..], b"", b"x", &[0; 40]] {
            fs::write(&path, damage).unwrap();
            assert!(cache.report(&run).is_none());
        }
        cache.keep_report(&run, &report);
        let old = fs::File::options().write(true).open(&path).unwrap();
        old.set_modified(SystemTime::now() - AGE).unwrap();
        assert!(!cache.may_answer(&asked), "too old");
    }

    #[test]
    fn few_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let runs: Vec<Run> = (0..KEPT as u64 + 3).map(|i| Asked::new(&i).of(&(), &[])).collect();
        runs.iter().for_each(|run| cache.keep_report(run, &sample::report()));
        assert_eq!(fs::read_dir(dir.path().join(&cache.dir).join(REPORTS)).unwrap().count(), KEPT);
    }

    #[test]
    fn whatever_is_known_of_a_file_is_in_its_key() {
        let file = |path: &str, kind, role| SourceFile { path: path.into(), kind, role };
        let read = |text: &str, note: Option<&str>| Ok(Decoded { text: text.into(), note: note.map(Into::into) });
        let java = file("A.java", FileKind::Java, Role::Main);
        let failed = |reason: &str| Err(Skipped { path: "A.java".into(), reason: reason.into() });
        let keys = [
            Run::file(&java, &read("a", None)),
            Run::file(&java, &read("b", None)),
            Run::file(&java, &read("a", Some("lossy"))),
            Run::file(&java, &failed("binary")),
            Run::file(&java, &failed("too large")),
            Run::file(&file("B.java", FileKind::Java, Role::Main), &read("a", None)),
            Run::file(&file("A.java", FileKind::Rust, Role::Main), &read("a", None)),
            Run::file(&file("A.java", FileKind::Java, Role::Test), &read("a", None)),
        ];
        let distinct: std::collections::BTreeSet<u128> = keys.into_iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
