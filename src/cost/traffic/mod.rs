//! Traffic files: CSV, Prometheus' JSON, and the CSV of OpenCost and Kubecost. What cannot be read is told with
//! its line, and the rest is used.

mod blocks;
mod columns;
mod csv;
mod json;
mod opencost;
mod row;
mod series;
mod time;
mod units;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use rustc_hash::FxHashMap;

use super::model::ProblemReport;
use super::prices::Prices;
use super::quotas::FleetPeak;
pub use row::Facts;
pub use series::Series;
use series::{Added, FleetHours};

/// Problems that are listed; the others are counted.
const LISTED: usize = 100;
/// Services that one file may tell of.
const MOST_SERVICES: usize = 200_000;

/// What the traffic files say.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// In the order of the files.
    pub services: Vec<Service>,
    by_name: FxHashMap<String, u32>,
    /// The files, as the user named them.
    pub files: Vec<String>,
    pub problems: Vec<ProblemReport>,
    /// Problems beyond those listed.
    pub more_problems: usize,
    fleet: FleetHours,
}

/// A service as the files tell of it.
#[derive(Clone, Debug, Default)]
pub struct Service {
    pub name: String,
    pub facts: Facts,
    pub series: Series,
    /// Sums over a series with durations: requests, milliseconds.
    timed: (f64, f64),
    /// Index of the file and line of the first row.
    place: (usize, u64),
}

impl Service {
    /// Mean milliseconds of a request, weighted by requests.
    pub fn duration_ms(&self) -> Option<f64> {
        let (requests, ms) = self.timed;
        if requests > 0.0 { Some(ms / requests) } else { self.facts.mean_ms }
    }
}

/// A file that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TrafficError {
    /// It is not there, or may not be read.
    #[error("cannot read {path}: {source}")]
    Io { path: String, source: std::io::Error },
    /// It is something else.
    #[error("{path}: {reason}")]
    Shape { path: String, reason: String },
}

impl Traffic {
    /// Reads a file and adds what it says.
    ///
    /// # Errors
    /// When it cannot be read, or is no traffic file.
    pub fn read(&mut self, path: &Path, prices: &Prices) -> Result<(), TrafficError> {
        let shown = path.to_string_lossy().replace('\\', "/");
        let io = |source| TrafficError::Io { path: shown.clone(), source };
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.is_dir() {
            return Err(TrafficError::Shape { path: shown, reason: "a directory; name a file".to_owned() });
        }
        self.read_from(file, &shown, prices)
    }

    /// Reads what a file holds; `shown` is its name in messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_from(&mut self, input: impl Read, shown: &str, prices: &Prices) -> Result<(), TrafficError> {
        self.files.push(shown.to_owned());
        let io = |source| TrafficError::Io { path: shown.to_owned(), source };
        let mut input = BufReader::with_capacity(1 << 16, input);
        let start = std::io::BufRead::fill_buf(&mut input).map_err(io)?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        let done = match start.first() {
            None => Err("it is empty".to_owned()),
            Some(b'{' | b'[') => json::read(self, input, prices),
            Some(_) => csv::read(self, input, prices),
        };
        done.map_err(|reason| TrafficError::Shape { path: shown.to_owned(), reason })?;
        self.finish();
        Ok(())
    }

    /// The busiest hour of all series together, and the peaks of the services that have none.
    pub fn fleet_peak(&self, prices: &Prices) -> FleetPeak {
        let factor = *prices.assumed.peak_factor;
        let (requests, seconds) = self.fleet.highest();
        let mut peak = FleetPeak { rps: requests / 3600.0 * factor, environments: seconds / 3600.0 * factor };
        for service in self.services.iter().filter(|s| s.series.hours() == 0) {
            let rps = service.facts.peak_rps.or(service.facts.rps.map(|rps| rps * factor)).unwrap_or(0.0);
            peak.rps += rps;
            peak.environments += rps * service.duration_ms().unwrap_or(*prices.assumed.duration_ms) / 1000.0;
        }
        peak.environments = peak.environments.max(peak.rps / *prices.limits.environment_rps);
        peak
    }

    fn problem(&mut self, line: u64, message: String) {
        if self.problems.len() >= LISTED {
            self.more_problems += 1;
            return;
        }
        let file = self.files.last().cloned().unwrap_or_default();
        self.problems.push(ProblemReport { file, line, message });
    }

    /// The service of a name, new or known; none when there are too many.
    fn service(&mut self, name: &str, line: u64) -> Option<u32> {
        if let Some(ix) = self.by_name.get(name) {
            return Some(*ix);
        }
        if self.services.len() >= MOST_SERVICES {
            self.problem(line, format!("more than {MOST_SERVICES} services: left out"));
            return None;
        }
        let ix = self.services.len() as u32;
        self.by_name.insert(name.to_owned(), ix);
        let place = (self.files.len() - 1, line);
        self.services.push(Service { name: name.to_owned(), place, ..Service::default() });
        Some(ix)
    }

    /// Adds an hour of a service.
    fn hour(&mut self, ix: u32, hour: i32, requests: f64, ms: Option<f64>, assumed_ms: f64, line: u64) {
        let Some(service) = self.services.get_mut(ix as usize) else { return };
        match service.series.add(hour, requests, line) {
            Added::New => {
                if let Some(ms) = ms {
                    service.timed.0 += requests;
                    service.timed.1 += requests * ms;
                }
                let ms = ms.or(service.facts.mean_ms).unwrap_or(assumed_ms);
                self.fleet.add(hour, requests, requests * ms / 1000.0);
            }
            Added::Twice => {
                let message = format!(
                    "a second value of '{}' for {} (a row for each hour is wanted, in UTC or with its offset): left out",
                    service.name,
                    time::readable(hour)
                );
                self.problem(line, message);
            }
            Added::Far => {
                let message = format!("'{}': more than ten years from its other hours: left out", service.name);
                self.problem(line, message);
            }
        }
    }

    /// Tells of holes in series, when all of a file is known.
    fn finish(&mut self) {
        let file = self.files.len() - 1;
        let holes: Vec<(u64, String)> = self
            .services
            .iter_mut()
            .filter(|service| service.place.0 == file && service.series.missing() > 0)
            .map(|service| {
                let line = service.series.hole.take().unwrap_or(service.place.1);
                let n = service.series.missing();
                let hours = if n == 1 { "hour is" } else { "hours are" };
                (
                    line,
                    format!(
                        "'{}': {n} {hours} missing in its series; they are taken to be like the others",
                        service.name
                    ),
                )
            })
            .collect();
        for (line, message) in holes {
            self.problem(line, message);
        }
        let shown = self.files[file].clone();
        let from = self.problems.iter().position(|p| p.file == shown).unwrap_or(0);
        // Problems of one kind are found together; people read a file from its top.
        self.problems[from..].sort_by_key(|p| p.line);
    }
}
