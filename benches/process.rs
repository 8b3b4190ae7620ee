//! The whole program over made-up fleets of growing size: `cargo bench --bench process -- [SERVICES…]`.
//!
//! Each size is scanned several times, JSON and SARIF written; the run with the median CPU time
//! counts. Time, processor time, memory and the shares of the stages are what `--timings` says.

#![allow(clippy::print_stdout)]

mod fleet;

use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 5;

/// What one run took, by the names that `--timings` prints.
type Figures = std::collections::BTreeMap<String, f64>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![50, 500, 5000];
    }
    println!(
        "{:>8} {:>8} {:>7} {:>8} {:>8} {:>8} {:>9} {:>7}  shares of the stages",
        "services", "files", "MB", "wall s", "CPU s", "peak MiB", "files/s", "MB/s"
    );
    for services in sizes {
        let dir = std::env::temp_dir().join(format!("faasible-bench-{}-{services}", std::process::id()));
        let tree = dir.join("tree");
        let written = fleet::write(&tree, services, 1)?;
        let mut runs = (0..ROUNDS).map(|_| scan(&dir, &tree)).collect::<Result<Vec<_>, _>>()?;
        std::fs::remove_dir_all(&dir)?;
        runs.sort_by(|a, b| figure(a, "cpu").total_cmp(&figure(b, "cpu")));
        let median = &runs[ROUNDS / 2];
        let (wall, mb) = (figure(median, "all") / 1000.0, written.bytes as f64 / 1e6);
        let shares: Vec<String> = ["walk", "read", "units", "link", "match", "assess", "write"]
            .iter()
            .map(|stage| format!("{stage} {:.0} %", figure(median, stage) / figure(median, "all") * 100.0))
            .collect();
        println!(
            "{services:>8} {:>8} {mb:>7.1} {wall:>8.2} {:>8.2} {:>8.0} {:>9.0} {:>7.1}  {}",
            written.files,
            figure(median, "cpu") / 1000.0,
            figure(median, "peak memory"),
            written.files as f64 / wall,
            mb / wall,
            shares.join(", ")
        );
    }
    Ok(())
}

fn figure(figures: &Figures, name: &str) -> f64 {
    figures.get(name).copied().unwrap_or(f64::NAN)
}

fn scan(dir: &Path, tree: &Path) -> Result<Figures, Box<dyn std::error::Error>> {
    let out = Command::new(env!("CARGO_BIN_EXE_faasible"))
        .args(["scan", "--timings", "-o"])
        .arg(dir.join("report.json"))
        .arg("-o")
        .arg(dir.join("report.sarif"))
        .arg(tree)
        .output()?;
    let text = String::from_utf8_lossy(&out.stderr);
    if !out.status.success() {
        return Err(format!("the scan failed: {text}").into());
    }
    let mut figures = Figures::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [name @ .., value, "ms" | "MiB"] = words.as_slice()
            && let Ok(value) = value.parse()
        {
            figures.insert(name.join(" "), value);
        }
    }
    Ok(figures)
}
