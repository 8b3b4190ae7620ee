//! Prometheus: what its HTTP API answers to a range query, for the usual metrics of requests.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Deserialize;

use super::Traffic;
use super::time::shown;
use crate::cost::prices::Prices;

/// More is no answer of a query.
const MOST: u64 = 1 << 30;

/// Labels that name a service, the surest first: Istio, Spring's http_server_requests, nginx-ingress, Kubernetes.
const NAMES: &[&str] = &[
    "destination_workload",
    "destination_service_name",
    "destination_canonical_service",
    "exported_service",
    "service",
    "application",
    "app",
    "deployment",
    "workload",
    "job",
];

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    status: String,
    #[serde(default)]
    error: String,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType", default)]
    kind: String,
    #[serde(default)]
    result: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

/// What the values of a line are.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Requests a second: `rate(…)`.
    Rate,
    /// A counter that only grows.
    Counter,
    /// Seconds or milliseconds of a request, by factor.
    Duration(f64),
    /// A counter of the time that all requests together took, by the factor to milliseconds.
    Time(f64),
    /// Buckets and highest values: neither requests nor their mean.
    Other,
}

/// Reads one answer, or several in a list.
pub(super) fn read(traffic: &mut Traffic, input: impl Read, prices: &Prices) -> Result<(), String> {
    let mut text = String::new();
    input.take(MOST).read_to_string(&mut text).map_err(|error| error.to_string())?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let place = |error: serde_json::Error| format!("no answer of Prometheus: {error}");
    let answers: Vec<Answer> = if text.starts_with('[') {
        serde_json::from_str(text).map_err(place)?
    } else {
        vec![serde_json::from_str(text).map_err(place)?]
    };
    for answer in answers {
        if answer.status == "error" {
            return Err(format!("an error of Prometheus: {}", shown(answer.error.as_bytes())));
        }
        let Some(data) = answer.data else { return Err("no answer of Prometheus: there is no 'data'".to_owned()) };
        if data.kind != "matrix" {
            return Err(format!(
                "the result is a '{}'; a range query (query_range) gives a 'matrix'",
                shown(data.kind.as_bytes())
            ));
        }
        lines(traffic, data.result, *prices.assumed.duration_ms);
    }
    Ok(())
}

/// Series of one service (its pods, its status codes) are added up.
fn lines(traffic: &mut Traffic, result: Vec<Line>, assumed_ms: f64) {
    let mut hours: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
    let mut times: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    // Milliseconds that the requests took, and how many these were, of metrics that tell both.
    let mut spent: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (ix, line) in result.into_iter().enumerate() {
        let number = ix as u64 + 1;
        let Some(name) = NAMES.iter().find_map(|label| line.metric.get(*label)).filter(|n| !n.is_empty()) else {
            traffic.problem(
                number,
                "result without a label that names a service (such as destination_workload, service, app): left out"
                    .to_owned(),
            );
            continue;
        };
        let values = values(traffic, number, &line.values);
        match kind(&line.metric, &values) {
            Kind::Duration(factor) => {
                let sum = times.entry(name.clone()).or_default();
                for (_, value) in &values {
                    *sum = (sum.0 + 1.0, sum.1 + value * factor);
                }
            }
            Kind::Time(factor) => {
                let all: f64 = hourly(&values, counter(&values)).values().sum();
                spent.entry(name.clone()).or_default().0 += all * factor;
            }
            Kind::Other => {}
            kind => {
                if line.metric.get("__name__").is_some_and(|name| name.ends_with("_count")) {
                    spent.entry(name.clone()).or_default().1 += hourly(&values, kind).values().sum::<f64>();
                }
                let of_name = hours.entry(name.clone()).or_default();
                for (hour, requests) in hourly(&values, kind) {
                    *of_name.entry(hour).or_default() += requests;
                }
            }
        }
    }
    let names: Vec<String> = hours.keys().chain(times.keys()).cloned().collect();
    for name in names {
        let Some(ix) = traffic.service(&name, 0) else { continue };
        if let Some((count, sum)) = times.remove(&name).filter(|(count, _)| *count > 0.0)
            && let Some(service) = traffic.services.get_mut(ix as usize)
        {
            service.facts.mean_ms.get_or_insert(sum / count);
        }
        if let Some((ms, count)) = spent.remove(&name).filter(|(ms, count)| *ms > 0.0 && *count > 0.0)
            && let Some(service) = traffic.services.get_mut(ix as usize)
        {
            service.facts.mean_ms.get_or_insert(ms / count);
        }
        for (hour, requests) in hours.remove(&name).unwrap_or_default() {
            traffic.hour(ix, hour, requests, None, assumed_ms, 0);
        }
    }
}

/// Times and numbers in their order; what is none is told once for each series.
fn values(traffic: &mut Traffic, number: u64, raw: &[(f64, String)]) -> Vec<(f64, f64)> {
    let mut bad = 0;
    let mut out: Vec<(f64, f64)> = Vec::with_capacity(raw.len());
    for (time, text) in raw {
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() && value >= 0.0 && time.is_finite() && time.abs() < 1e11 => {
                out.push((*time, value))
            }
            _ => bad += 1,
        }
    }
    if bad > 0 {
        let first = raw.iter().find(|(_, t)| t.parse::<f64>().map_or(true, |v| !v.is_finite() || v < 0.0));
        let first = first.map(|(_, text)| shown(text.as_bytes())).unwrap_or_default();
        traffic.problem(
            number,
            format!("result {number}: {bad} values such as '{first}' are no numbers from 0: left out"),
        );
    }
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out.dedup_by(|later, kept| later.0 == kept.0);
    out
}

/// By the metric's name; without one, as `rate()` and `sum()` leave none, the values are rates.
fn kind(metric: &BTreeMap<String, String>, values: &[(f64, f64)]) -> Kind {
    let name = metric.get("__name__").map_or("", String::as_str);
    let factor = if name.contains("millisecond") { 1.0 } else { 1000.0 };
    if name.ends_with("_bucket") || name.ends_with("_max") {
        return Kind::Other;
    }
    if name.ends_with("_sum") {
        return Kind::Time(factor);
    }
    let timed = name.contains("duration") || name.contains("latency") || metric.contains_key("quantile");
    if timed && !name.ends_with("_count") {
        return Kind::Duration(factor);
    }
    let counts = name.ends_with("_total") || name.ends_with("_count") || name.ends_with("_requests");
    if counts { counter(values) } else { Kind::Rate }
}

/// What a counter's name promises: `rate()` may have been kept under the same name.
fn counter(values: &[(f64, f64)]) -> Kind {
    let grows = values.len() > 1 && values.windows(2).all(|w| w[1].1 >= w[0].1 || w[1].1 < w[0].1 / 2.0);
    if grows { Kind::Counter } else { Kind::Rate }
}

/// Requests of each hour. A sample of a rate stands for the time up to the next one's; so hours with few samples are
/// not taken for hours with few requests.
fn hourly(values: &[(f64, f64)], kind: Kind) -> BTreeMap<i32, f64> {
    let mut out: BTreeMap<i32, f64> = BTreeMap::new();
    let hour = |time: f64| (time / 3600.0).floor() as i32;
    if kind == Kind::Counter {
        for pair in values.windows(2) {
            let ((_, before), (time, now)) = (pair[0], pair[1]);
            // A counter that falls was started anew.
            *out.entry(hour(time - 0.001)).or_default() += if now >= before { now - before } else { now };
        }
        return out;
    }
    let mut sums: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for (time, rps) in values {
        let slot = sums.entry(hour(*time)).or_default();
        *slot = (slot.0 + rps, slot.1 + 1.0);
    }
    for (hour, (sum, count)) in sums {
        out.insert(hour, sum / count * 3600.0);
    }
    out
}
