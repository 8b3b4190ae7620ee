//! Services that call one another and wait: how long the first caller may have to.

use std::collections::BTreeMap;

use crate::config::FrontDoor;

use super::model::QuotaReport;
use super::prices::Prices;
use super::text::amount;
use super::workload::Workload;

/// Longer chains are cut; no call goes through so many services.
const DEPTH: usize = 16;
/// Ways that are tried from one service.
const WAYS: usize = 5_000;

/// Chains whose time at p99, with every link cold, comes near the limit of the front door. By the service that
/// begins the chain.
pub(super) fn quotas(workloads: &[&Workload], prices: &Prices) -> Vec<(String, QuotaReport)> {
    let by_name: BTreeMap<&str, &Workload> = workloads.iter().map(|w| (w.name.as_str(), *w)).collect();
    let called = |name: &str| workloads.iter().any(|w| w.name != name && w.calls.iter().any(|c| c == name));
    let limits = &prices.limits;
    let mut out = Vec::new();
    for first in workloads.iter().filter(|w| !w.calls.is_empty() && !called(&w.name)) {
        let mut search = Search { by_name: &by_name, ways: WAYS, best: (0.0, Vec::new()) };
        search.walk(first, &mut Vec::new(), 0.0);
        let (seconds, names) = search.best;
        let (limit, whose) = match first.front {
            FrontDoor::HttpApi => (*limits.http_api_s, "an HTTP API"),
            _ => (*limits.rest_api_s, "a REST API"),
        };
        if names.len() < 2 || seconds <= limit * *limits.warn_share {
            continue;
        }
        let severity = if seconds > limit { "blocker" } else { "major" };
        let quota = QuotaReport {
            id: "sync-chain".to_owned(),
            severity: severity.to_owned(),
            value: seconds * 1000.0,
            limit: limit * 1000.0,
            unit: "ms".to_owned(),
            message: format!(
                "{}: {} s at p99 when each is cold; {whose} waits {} s, and every one of them is billed while it waits",
                names.join(" → "),
                amount(seconds),
                amount(limit)
            ),
            remedy: "Put an event or a queue between them, or keep what is called within the caller.".to_owned(),
        };
        out.push((first.name.clone(), quota));
    }
    out
}

struct Search<'a> {
    by_name: &'a BTreeMap<&'a str, &'a Workload>,
    ways: usize,
    best: (f64, Vec<&'a str>),
}

impl<'a> Search<'a> {
    /// Depth is bounded by `DEPTH`, the whole by `WAYS`; a service stands in a chain once.
    fn walk(&mut self, at: &'a Workload, path: &mut Vec<&'a str>, before: f64) {
        if self.ways == 0 || path.len() >= DEPTH || path.contains(&at.name.as_str()) {
            return;
        }
        self.ways -= 1;
        path.push(&at.name);
        let seconds = before + at.p99_s.max(at.duration_s) + at.init_p99_s;
        if seconds > self.best.0 {
            self.best = (seconds, path.clone());
        }
        for name in &at.calls {
            if let Some(next) = self.by_name.get(name.as_str()) {
                self.walk(next, path, seconds);
            }
        }
        path.pop();
    }
}
