//! A cache of what parsers read, by content: an unchanged file is not parsed again.
//!
//! A key is made of the file's text, path and kind and of the program itself, its parsers included:
//! an entry is right or it is not found. Entries are written beside and renamed, so that parallel runs
//! never see half of one; what does not read back is taken for absent. Entries that no run has used for
//! a month go, and of more than a gigabyte the oldest.
//!
//! Beside the facts lies the report of the last run, for a run with nothing changed: see [`Asked`].

mod report;
mod sweep;

pub use report::{Asked, Run};

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::facts::FileFacts;
use crate::source::FileKind;

/// Says what the directory is to those who come across it, and to tools that make backups.
const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by faasible; may be deleted at any time.\n";
/// Smaller texts are parsed faster than an entry is read.
const MIN_BYTES: usize = 512;

/// A directory of entries.
#[derive(Debug)]
pub struct Cache {
    dir: PathBuf,
    drafts: AtomicU64,
}

#[derive(Serialize, Deserialize)]
struct Entry<F> {
    /// The key once more: a file under a wrong name is no entry.
    key: u128,
    facts: F,
}

impl Cache {
    /// Opens the cache, which comes into being when it is not there.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open(dir: &Path) -> std::io::Result<Self> {
        // Entries of other versions lie apart: they go when nobody has used them for long.
        let own = dir.join(format!("v{}-{}", env!("CARGO_PKG_VERSION"), env!("FAASIBLE_PARSERS")));
        fs::create_dir_all(&own)?;
        let tag = dir.join("CACHEDIR.TAG");
        if !tag.exists() {
            fs::write(tag, TAG)?;
            fs::write(dir.join(".gitignore"), "*\n")?;
        }
        sweep::daily(dir, SystemTime::now(), sweep::Bounds::default());
        Ok(Self { dir: own, drafts: AtomicU64::new(0) })
    }

    /// The facts of a file, from the cache or else made and kept. Facts of a parser that failed must
    /// not come here: `make` says so by giving none.
    pub fn facts(
        &self,
        kind: FileKind,
        path: &str,
        text: &str,
        make: impl FnOnce() -> Option<FileFacts>,
    ) -> Option<FileFacts> {
        if text.len() < MIN_BYTES {
            return make();
        }
        let key = key(kind, path, text);
        if let Some(facts) = self.read(key) {
            return Some(facts);
        }
        let facts = make()?;
        // A full disk makes the next run slower, and nothing else.
        let _ = self.write(key, &facts);
        Some(facts)
    }

    fn read(&self, key: u128) -> Option<FileFacts> {
        let path = self.path(key);
        let bytes = fs::read(&path).ok()?;
        let body = whole(&bytes)?;
        let entry: Entry<FileFacts> = postcard::from_bytes(body).ok()?;
        sweep::used(&path, SystemTime::now());
        (entry.key == key).then_some(entry.facts)
    }

    fn write(&self, key: u128, facts: &FileFacts) -> std::io::Result<()> {
        let bytes = sealed(postcard::to_stdvec(&Entry { key, facts }).map_err(std::io::Error::other)?);
        self.put(&self.path(key), &bytes)
    }

    /// Writes an entry beside its place, and moves it there.
    fn put(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let number = self.drafts.fetch_add(1, Ordering::Relaxed);
        let draft = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
        let written = fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, path));
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written
    }

    fn path(&self, key: u128) -> PathBuf {
        let name = format!("{key:032x}");
        self.dir.join(&name[..2]).join(name)
    }
}

/// With a sum behind it, by which damage is seen.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = xxh3_64(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// What was sealed; none when it was damaged since.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (body, sum) = bytes.split_last_chunk::<8>()?;
    (xxh3_64(body) == u64::from_le_bytes(*sum)).then_some(body)
}

fn key(kind: FileKind, path: &str, text: &str) -> u128 {
    let mut hasher = Xxh3::new();
    for part in [path, &format!("{kind:?}"), text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.digest128()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    fn samples() -> Vec<(FileKind, &'static str, String)> {
        let pad = |text: &str, comment: &str| format!("{text}\n{}", format!("{comment} padding\n").repeat(60));
        let java = "package a; class A { java.util.concurrent.ExecutorService p = java.util.concurrent.Executors.newFixedThreadPool(2); void f() { while (true) { p.submit(() -> 1); } } }";
        vec![
            (FileKind::Java, "A.java", pad(java, "//")),
            (
                FileKind::Rust,
                "a.rs",
                pad("#[tokio::main] async fn main() { loop { tokio::spawn(f(1, \"x\")); } }", "//"),
            ),
            (
                FileKind::Maven,
                "pom.xml",
                format!("<project><artifactId>a</artifactId><!-- {} --></project>", "x".repeat(600)),
            ),
            (FileKind::Cargo, "Cargo.toml", pad("[package]\nname = \"a\"\n[dependencies]\ntokio = \"1\"", "#")),
            (FileKind::Settings, "application.yml", pad("server: {port: 1}\nspring.profiles.active: a", "#")),
            (FileKind::Container, "Dockerfile", pad("FROM a\nRUN b", "#")),
            (FileKind::Deploy, "k.yaml", pad("apiVersion: v1\nkind: Service\nmetadata: {name: a}", "#")),
            (
                FileKind::Gradle,
                "build.gradle",
                pad("plugins { id 'java' }\ndependencies { implementation 'a:b:1' }", "//"),
            ),
            (FileKind::Java, "Broken.java", pad("class { ((", "//")),
        ]
    }

    #[test]
    fn what_is_read_back_is_what_was_made() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        for (kind, path, text) in samples() {
            let fresh = parse(kind, path, &text);
            assert!(cache.facts(kind, path, &text, || None).is_none(), "{path}: empty at first");
            cache.facts(kind, path, &text, || Some(fresh.clone()));
            let kept = cache.facts(kind, path, &text, || None).unwrap();
            assert_eq!(format!("{kept:?}"), format!("{fresh:?}"), "{path}");
            assert!(cache.facts(kind, "other", &text, || None).is_none(), "{path}: the path counts");
        }
    }

    #[test]
    fn broken_entries_are_ignored_and_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let (kind, path, text) = samples().remove(0);
        let fresh = parse(kind, path, &text);
        let file = cache.path(key(kind, path, &text));
        for damage in [&b""[..], b"x", &[0; 40], &[0xff; 4000]] {
            cache.facts(kind, path, &text, || Some(fresh.clone()));
            fs::write(&file, damage).unwrap();
            assert!(cache.facts(kind, path, &text, || None).is_none());
            cache.facts(kind, path, &text, || Some(fresh.clone()));
            assert!(cache.facts(kind, path, &text, || None).is_some());
        }
        let mut bytes = fs::read(&file).unwrap();
        bytes[20] ^= 1;
        fs::write(&file, bytes).unwrap();
        assert!(cache.facts(kind, path, &text, || None).is_none());
    }

    #[test]
    fn parallel_runs_do_not_disturb_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let samples = samples();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let cache = Cache::open(dir.path()).unwrap();
                    for (kind, path, text) in samples.iter().cycle().take(200) {
                        let facts = cache.facts(*kind, path, text, || Some(parse(*kind, path, text))).unwrap();
                        assert_eq!(facts.notes, parse(*kind, path, text).notes);
                    }
                });
            }
        });
        let drafts = walkdir::WalkDir::new(dir.path()).into_iter().flatten();
        assert!(!drafts.into_iter().any(|e| e.file_name().to_string_lossy().ends_with(".tmp")));
    }
}
