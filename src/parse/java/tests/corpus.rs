//! Measurements on real repositories; run by hand:
//! `FAASIBLE_ONLY=pure|full` leaves one half out, for `perf stat`:
//! `FAASIBLE_CORPUS=DIR cargo test --release --lib java::tests::corpus -- --ignored --nocapture`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn java_files(dir: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.map(walkdir::DirEntry::into_path).filter(|p| p.extension().is_some_and(|e| e == "java")).collect()
}

#[test]
#[ignore = "needs a directory of repositories"]
#[allow(clippy::print_stdout)]
fn parses_real_code_fast_and_whole() {
    let Ok(root) = std::env::var("FAASIBLE_CORPUS") else { return };
    let texts: Vec<(PathBuf, String)> = java_files(Path::new(&root))
        .into_iter()
        .filter_map(|p| Some((p.clone(), String::from_utf8_lossy(&std::fs::read(p).ok()?).into_owned())))
        .collect();
    let bytes: usize = texts.iter().map(|(_, t)| t.len()).sum();
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_java::LANGUAGE.into()).unwrap();
    let (mut pure, mut full) = (Duration::MAX, Duration::MAX);
    let mut noted = Vec::new();
    let only = std::env::var("FAASIBLE_ONLY").unwrap_or_default();
    for _ in 0..3 {
        let start = Instant::now();
        for (_, text) in texts.iter().filter(|_| only != "full") {
            std::hint::black_box(parser.parse(text, None));
        }
        pure = pure.min(start.elapsed());
        noted.clear();
        let start = Instant::now();
        for (path, text) in texts.iter().filter(|_| only != "pure") {
            let mut notes = Vec::new();
            std::hint::black_box(super::parse(text, &mut notes));
            noted.extend(notes.into_iter().map(|n| (path, n.reason)));
        }
        full = full.min(start.elapsed());
    }
    println!(
        "{} files, {bytes} bytes: pure {pure:?}, full {full:?}, ratio {:.3}",
        texts.len(),
        full.as_secs_f64() / pure.as_secs_f64()
    );
    for (path, reason) in &noted {
        println!("{}: {reason}", path.display());
    }
    assert!(noted.len() * 100 <= texts.len(), "{} notes", noted.len());
}

/// Lists the loops that may run for ever, to be compared by eye.
#[test]
#[ignore = "needs a directory of repositories"]
#[allow(clippy::print_stdout)]
fn lists_daemon_loops() {
    let Ok(root) = std::env::var("FAASIBLE_CORPUS") else { return };
    for path in java_files(Path::new(&root)) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let facts = super::parse(&text, &mut Vec::new());
        let lines = crate::text::LineIndex::new(&text);
        for (shown, found) in super::dump::loops(&facts).into_iter().zip(&facts.loops) {
            if found.endless || !found.flags.is_empty() {
                println!("{}:{} {shown}", path.display(), lines.position(found.span.start).line);
            }
        }
    }
}
