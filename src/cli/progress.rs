//! How far a scan is, and how long its stages took.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::output::Console;
use crate::engine::{Event, Observer};

/// Watches a scan: a bar on stderr when that is a terminal, and a clock.
pub(super) struct Progress {
    bar: ProgressBar,
    clock: Arc<Mutex<Clock>>,
}

struct Clock {
    begun: Instant,
    stages: Vec<(&'static str, Instant)>,
}

impl Progress {
    pub(super) fn new(console: &Console) -> Self {
        let bar = if console.shows_progress() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{msg:12} {wide_bar} {human_pos}/{human_len}") {
            bar.set_style(style);
        }
        // A short scan draws nothing: the bar appears with the first tick of a long one.
        if console.shows_progress() {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar, clock: Arc::new(Mutex::new(Clock { begun: Instant::now(), stages: Vec::new() })) }
    }

    /// What the scan calls.
    pub(super) fn observer(&self) -> Observer {
        let (bar, clock) = (self.bar.clone(), Arc::clone(&self.clock));
        Arc::new(move |event| match event {
            Event::Stage(name) => {
                bar.set_message(name);
                clock.lock().unwrap_or_else(PoisonError::into_inner).stages.push((name, Instant::now()));
            }
            Event::Files(count) => bar.set_length(count as u64),
            Event::FileRead => bar.inc(1),
        })
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// A step after the scan itself begins.
    pub(super) fn stage(&self, name: &'static str) {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner).stages.push((name, Instant::now()));
    }

    /// One line per stage, one for the whole, and what the system says of the process.
    pub(super) fn timings(&self) -> String {
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut out = String::new();
        let ends = clock.stages.iter().skip(1).map(|(_, begun)| *begun).chain([now]);
        let whole = ("all", now.duration_since(clock.begun));
        let stages = clock.stages.iter().zip(ends).map(|((name, begun), end)| (*name, end.duration_since(*begun)));
        let stages = stages.chain([whole]).chain(cpu_time().map(|cpu| ("cpu", cpu)));
        for (name, took) in stages {
            // Writing to a string does not fail.
            let _ = writeln!(out, "{name:12} {:8.1} ms", took.as_secs_f64() * 1000.0);
        }
        if let Some(peak) = peak_memory() {
            let _ = writeln!(out, "{:12} {:8.1} MiB", "peak memory", peak / 1024.0);
        }
        out
    }
}

/// Processor time of this process in user and system mode; only Linux tells it without foreign code.
fn cpu_time() -> Option<Duration> {
    // The kernel counts in hundredths of a second wherever it shows these fields (USER_HZ).
    const TICK: Duration = Duration::from_millis(10);
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program stands in brackets and may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u32 = fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
    Some(TICK * ticks)
}

/// The most memory this process ever held, in KiB.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
