//! What the columns of a traffic file mean, told by their headers in any order.

use super::time::{hour, shown};
use super::units::{Measure, factor};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Service,
    Deployment,
    Image,
    Time,
    /// Mean requests of a row's hour, or of the month.
    Requests,
    Peak,
    Mean,
    P50,
    P95,
    P99,
    Memory,
    PodMemory,
    Cpu,
    Replicas,
    MaxReplicas,
    Cold,
    Init,
    Payload,
    Latency,
    Pool,
    Calls,
    Cost,
    FrontDoor,
    /// All hours in one cell.
    Series,
    /// The requests of an hour, in order.
    Hour(i32),
}

impl Role {
    pub(super) fn measure(self) -> Option<Measure> {
        Some(match self {
            Self::Service | Self::Deployment | Self::Image | Self::Time | Self::Calls | Self::FrontDoor => return None,
            Self::Requests | Self::Peak | Self::Series | Self::Hour(_) => Measure::Rate,
            Self::Mean | Self::P50 | Self::P95 | Self::P99 | Self::Init | Self::Latency => Measure::Duration,
            Self::Memory | Self::PodMemory | Self::Payload => Measure::Memory,
            Self::Cold => Measure::Share,
            Self::Cpu => Measure::Cpu,
            Self::Replicas | Self::MaxReplicas | Self::Pool => Measure::Count,
            Self::Cost => Measure::Money,
        })
    }
}

/// A column and the factor of its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) at: usize,
    pub(super) role: Role,
    pub(super) factor: f64,
}

/// The columns of a header, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) known: Vec<Column>,
    pub(super) problems: Vec<String>,
}

impl Columns {
    pub(super) fn read(header: &[&[u8]]) -> Self {
        let mut out = Self::default();
        for (at, cell) in header.iter().enumerate() {
            let text = shown_whole(cell);
            if text.trim().is_empty() {
                continue;
            }
            let Some((role, unit)) = role(&text) else {
                out.problems.push(format!("column '{}' is not known: left out", shown(cell)));
                continue;
            };
            let factor = match role.measure() {
                None => 1.0,
                Some(measure) => match factor(measure, &unit) {
                    Some(factor) => factor,
                    None => {
                        out.problems.push(format!(
                            "column '{}': unit '{}' is not known: left out",
                            shown(cell),
                            shown(unit.as_bytes())
                        ));
                        continue;
                    }
                },
            };
            if out.known.iter().any(|c| c.role == role) {
                out.problems.push(format!("column '{}' says what an earlier one says: left out", shown(cell)));
                continue;
            }
            out.known.push(Column { at, role, factor });
        }
        out
    }

    pub(super) fn get(&self, role: Role) -> Option<Column> {
        self.known.iter().copied().find(|c| c.role == role)
    }

    /// Columns that are an hour each.
    pub(super) fn hours(&self) -> impl Iterator<Item = (Column, i32)> + '_ {
        self.known.iter().filter_map(|c| match c.role {
            Role::Hour(hour) => Some((*c, hour)),
            _ => None,
        })
    }
}

fn shown_whole(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().chars().take(200).collect()
}

/// Role and unit of a header such as `p95 latency (ms)`, `requests_per_hour`, `Memory [MiB]`.
fn role(header: &str) -> Option<(Role, String)> {
    let lower = header.to_lowercase();
    if let Some(at) = numbered(&lower) {
        return Some((Role::Hour(at), String::new()));
    }
    if lower.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && let Ok(at) = hour(header.as_bytes())
    {
        return Some((Role::Hour(at.at), String::new()));
    }
    let (name, mut unit) = match lower.find(['(', '[']) {
        Some(at) => (lower[..at].to_owned(), lower[at..].trim_matches(['(', ')', '[', ']', ' ']).to_owned()),
        None => (lower.clone(), String::new()),
    };
    let mut words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '/' | '$')).collect();
    words.retain(|w| !w.is_empty());
    if unit.is_empty() {
        unit = unit_in(&mut words);
    }
    unit.retain(|c| !c.is_whitespace());
    let has = |any: &[&str]| words.iter().any(|w| any.contains(w));
    let rate = || {
        has(&["requests", "request", "req", "reqs", "calls", "invocations", "traffic", "hits", "rate", "count", "load"])
    };
    let of_rate = || factor(Measure::Rate, &unit).is_some() && factor(Measure::Duration, &unit).is_none();
    let peak = has(&["peak", "max", "maximum", "highest"]);
    let role = match words.as_slice() {
        ["service" | "name" | "app" | "application" | "function" | "unit" | "job"]
        | ["service" | "app" | "application" | "function", "name"] => Role::Service,
        ["deployment" | "workload" | "controller" | "controllername"]
        | ["deployment" | "workload" | "controller", "name"] => Role::Deployment,
        ["image" | "container"] | ["container" | "image", "image" | "name"] => Role::Image,
        ["time" | "timestamp" | "date" | "datetime" | "hour" | "ts" | "when"] => Role::Time,
        ["calls" | "downstream"] if unit.is_empty() => Role::Calls,
        ["front" | "frontdoor" | "gateway"] | ["front", "door"] => Role::FrontDoor,
        ["series" | "hourly" | "hours"] | ["hourly", "requests" | "series"] => Role::Series,
        _ if has(&["payload", "body", "size"]) && !has(&["pool"]) => Role::Payload,
        _ if has(&["pool"]) => Role::Pool,
        _ if has(&["replicas", "pods", "instances"]) => {
            if peak {
                Role::MaxReplicas
            } else {
                Role::Replicas
            }
        }
        _ if has(&["cpu", "vcpu", "vcpus", "cores"]) => Role::Cpu,
        _ if has(&["memory", "mem", "ram"]) => {
            if has(&["pod", "request", "requests", "limit"]) {
                Role::PodMemory
            } else {
                Role::Memory
            }
        }
        _ if has(&["cost", "bill", "usd", "$"]) => Role::Cost,
        _ if has(&["init", "startup"])
            || (has(&["cold"]) && factor(Measure::Duration, &unit).is_some() && !unit.is_empty()) =>
        {
            Role::Init
        }
        _ if has(&["cold"]) => Role::Cold,
        _ if has(&["p50", "median"]) => Role::P50,
        _ if has(&["p95", "p90"]) => Role::P95,
        _ if has(&["p99"]) => Role::P99,
        _ if has(&["duration", "latency", "time"]) => {
            if peak || has(&["need", "slo", "budget", "limit"]) {
                Role::Latency
            } else {
                Role::Mean
            }
        }
        _ if rate() || of_rate() => {
            if peak {
                Role::Peak
            } else {
                Role::Requests
            }
        }
        ["mean" | "avg" | "average"] if factor(Measure::Duration, &unit).is_some() && !unit.is_empty() => Role::Mean,
        ["mean" | "avg" | "average"] => Role::Requests,
        ["peak" | "max" | "highest"] => Role::Peak,
        _ => return None,
    };
    Some((role, unit))
}

/// Takes the unit out of the words: `duration ms`, `requests per hour`, `avg rps`.
fn unit_in(words: &mut Vec<&str>) -> String {
    if let Some(at) = words.iter().position(|w| *w == "per") {
        let unit = format!("per{}", words[at + 1..].concat());
        words.truncate(at);
        return unit;
    }
    const UNITS: &[&str] = &[
        "ms",
        "msec",
        "millis",
        "milliseconds",
        "us",
        "micros",
        "s",
        "sec",
        "secs",
        "seconds",
        "mb",
        "mib",
        "mi",
        "gb",
        "gib",
        "gi",
        "kb",
        "kib",
        "bytes",
        "rps",
        "rpm",
        "rph",
        "qps",
        "%",
        "percent",
        "pct",
        "millicores",
        "ratio",
        "share",
    ];
    match words.last() {
        Some(last) if UNITS.contains(last) => {
            let unit = (*last).to_owned();
            words.pop();
            unit
        }
        _ => match words.last().and_then(|last| last.split_once('/').map(|(word, unit)| (word, format!("/{unit}")))) {
            Some((word, unit)) => {
                words.pop();
                if !word.is_empty() {
                    words.push(word);
                }
                unit
            }
            None => String::new(),
        },
    }
}

/// `h0`, `h8759`, `hour_17`.
fn numbered(header: &str) -> Option<i32> {
    let rest = header.strip_prefix("hour").or_else(|| header.strip_prefix('h'))?;
    rest.trim_start_matches(['_', ' ', '-']).parse().ok().filter(|hour| (0..200_000).contains(hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &str) -> Option<(Role, f64)> {
        let columns = Columns::read(&[header.as_bytes()]);
        columns.known.first().map(|c| (c.role, c.factor))
    }

    #[test]
    fn headers_in_many_words() {
        for (header, role, factor) in [
            ("Service", Role::Service, 1.0),
            ("service_name", Role::Service, 1.0),
            ("timestamp", Role::Time, 1.0),
            ("requests", Role::Requests, 1.0 / 3600.0),
            ("requests_per_hour", Role::Requests, 1.0 / 3600.0),
            ("Requests/s", Role::Requests, 1.0),
            ("avg rps", Role::Requests, 1.0),
            ("average (rpm)", Role::Requests, 1.0 / 60.0),
            ("peak_rps", Role::Peak, 1.0),
            ("peak (requests/h)", Role::Peak, 1.0 / 3600.0),
            ("mean duration (ms)", Role::Mean, 1.0),
            ("mean_ms", Role::Mean, 1.0),
            ("p95 latency [s]", Role::P95, 1000.0),
            ("p99", Role::P99, 1.0),
            ("max latency (ms)", Role::Latency, 1.0),
            ("Memory (GiB)", Role::Memory, 1024.0),
            ("memory_mb", Role::Memory, 1.0),
            ("pod memory (GiB)", Role::PodMemory, 1024.0),
            ("cpu (m)", Role::Cpu, 0.001),
            ("cold (%)", Role::Cold, 0.01),
            ("cold ratio", Role::Cold, 1.0),
            ("cold start (ms)", Role::Init, 1.0),
            ("max replicas", Role::MaxReplicas, 1.0),
            ("request size (KB)", Role::Payload, 1.0 / 1024.0),
            ("pool size", Role::Pool, 1.0),
            ("cost (USD/month)", Role::Cost, 1.0),
            ("front door", Role::FrontDoor, 1.0),
            ("h17", Role::Hour(17), 1.0 / 3600.0),
            ("2026-01-01T00:00Z", Role::Hour(490_896), 1.0 / 3600.0),
            ("series", Role::Series, 1.0 / 3600.0),
            ("calls", Role::Calls, 1.0),
            ("calls/h", Role::Requests, 1.0 / 3600.0),
        ] {
            assert_eq!(told(header), Some((role, factor)), "{header}");
        }
    }

    #[test]
    fn what_is_not_known_is_told() {
        let columns = Columns::read(&[b"service", b"weather", b"duration (fortnights)", b"p50", b"median"]);
        assert_eq!(columns.known.len(), 2);
        assert_eq!(columns.problems.len(), 3, "{:?}", columns.problems);
        assert!(columns.problems[1].contains("unit 'fortnights' is not known"));
    }
}
