//! What the traffic asks of limits: findings of a kind of their own, with the numbers in them.

use crate::config::FrontDoor;

use super::model::QuotaReport;
use super::prices::Prices;
use super::text::amount;
use super::workload::Workload;

/// Cold requests beyond this share are what the slowest hundredth of callers sees.
const COLD_SHARE: f64 = 0.01;

/// Blocker above the limit, major from `near` of it on, else nothing.
fn severity(value: f64, limit: f64, near: f64) -> Option<&'static str> {
    match value {
        v if v > limit => Some("blocker"),
        v if v > near * limit => Some("major"),
        _ => None,
    }
}

struct Found<'a> {
    name: &'a str,
    out: Vec<QuotaReport>,
}

impl Found<'_> {
    fn add(
        &mut self,
        id: &str,
        severity: Option<&str>,
        (value, limit, unit): (f64, f64, &str),
        message: String,
        remedy: &str,
    ) {
        let Some(severity) = severity else { return };
        self.out.push(QuotaReport {
            id: id.to_owned(),
            severity: severity.to_owned(),
            value,
            limit,
            unit: unit.to_owned(),
            message: format!("{}: {message}", self.name),
            remedy: remedy.to_owned(),
        });
    }
}

/// Of one service.
pub(super) fn of_service(workload: &Workload, prices: &Prices) -> Vec<QuotaReport> {
    let mut found = Found { name: &workload.name, out: Vec::new() };
    concurrency(workload, prices, &mut found);
    connections(workload, prices, &mut found);
    sizes(workload, prices, &mut found);
    times(workload, prices, &mut found);
    found.out
}

fn concurrency(workload: &Workload, prices: &Prices, found: &mut Found<'_>) {
    let limits = &prices.limits;
    let needed = workload.environments(workload.peak_rps, prices).ceil();
    let most = (*limits.concurrency - *limits.unreserved).max(0.0);
    let load = format!(
        "{} requests/s at the peak × {} s take {} environments",
        amount(workload.peak_rps),
        amount(workload.duration_s),
        amount(needed)
    );
    found.add(
        "function-concurrency",
        severity(needed, most, *limits.warn_share),
        (needed, most, "environments"),
        format!("{load}; {} can be reserved", amount(most)),
        "Ask for a higher quota of concurrent executions (L-B99A9384), shorten the requests, or use Managed Instances.",
    );
    let idle = workload.environments(workload.rates.mean(), prices);
    let step = (needed - idle).max(0.0) * *limits.burst_s / prices.assumed.ramp_s.max(*limits.burst_s);
    found.add(
        "burst-rate",
        severity(step, *limits.burst, *limits.warn_share),
        (step, *limits.burst, "environments"),
        format!(
            "from {} to {} environments within {} s are {} more each {} s; {} are allowed",
            amount(idle.ceil()),
            amount(needed),
            amount(*prices.assumed.ramp_s),
            amount(step),
            amount(*limits.burst_s),
            amount(*limits.burst)
        ),
        "Hold provisioned concurrency for the peak, or put a queue in front.",
    );
    let by_rate = workload.peak_rps / *limits.environment_rps;
    let by_time = workload.peak_rps * workload.duration_s;
    let tight = by_rate > by_time && by_rate > 1.0 && by_rate > *limits.concurrency * 0.1;
    found.add(
        "request-rate",
        tight.then_some("minor"),
        (by_rate, by_time, "environments"),
        format!(
            "{} requests/s at {} a second for each environment take {} environments, though {} would do by their time",
            amount(workload.peak_rps),
            amount(*limits.environment_rps),
            amount(by_rate.ceil()),
            amount(by_time.ceil())
        ),
        "Count with this many in quotas; requests shorter than 100 ms do not lower it.",
    );
}

fn connections(workload: &Workload, prices: &Prices, found: &mut Found<'_>) {
    let Some(pool) = workload.pool.filter(|pool| *pool > 0.0) else { return };
    let limits = &prices.limits;
    let environments = workload.environments(workload.peak_rps, prices).ceil();
    let (needed, most) = (environments * pool, *limits.db_connections);
    found.add(
        "db-connections",
        severity(needed, most, *limits.db_warn_share),
        (needed, most, "connections"),
        format!(
            "{} environments × {} connections in each pool are {} of {} that the database is taken to allow",
            amount(environments),
            amount(pool),
            amount(needed),
            amount(most)
        ),
        "A pool of 1 in each environment, and RDS Proxy; or reserve no more environments than connections ÷ pool.",
    );
}

fn sizes(workload: &Workload, prices: &Prices, found: &mut Found<'_>) {
    let limits = &prices.limits;
    let limit = match workload.front {
        FrontDoor::Alb => *limits.alb_payload_mb,
        FrontDoor::HttpApi | FrontDoor::RestApi => limits.payload_mb.min(*limits.api_payload_mb),
        FrontDoor::None | FrontDoor::FunctionUrl => *limits.payload_mb,
    };
    if let Some(mb) = workload.payload_mb {
        found.add(
            "payload",
            severity(mb, limit, *limits.warn_share),
            (mb, limit, "MB"),
            format!("payloads of up to {} MB; {} MB pass", amount(mb), amount(limit)),
            "Put large bodies on S3 by presigned addresses, or stream the response.",
        );
    }
    found.add(
        "memory",
        severity(workload.memory_mb, *limits.memory_max, 1.0),
        (workload.memory_mb, *limits.memory_max, "MB"),
        format!(
            "{} MB of memory; a function has {} MB at most",
            amount(workload.memory_mb),
            amount(*limits.memory_max)
        ),
        "Managed Instances give up to 32 GB; or keep it on containers.",
    );
}

fn times(workload: &Workload, prices: &Prices, found: &mut Found<'_>) {
    let limits = &prices.limits;
    let (limit, whose) = match workload.front {
        FrontDoor::RestApi => (*limits.rest_api_s, "the REST API"),
        FrontDoor::HttpApi => (*limits.http_api_s, "the HTTP API"),
        _ => (*limits.function_s, "a function"),
    };
    let slow = workload.p99_s.max(workload.duration_s);
    let ms = |s: f64| s * 1000.0;
    found.add(
        "duration",
        severity(slow, limit, *limits.warn_share),
        (ms(slow), ms(limit), "ms"),
        format!("requests of {} s; {whose} ends them after {} s", amount(slow), amount(limit)),
        "Answer at once and do the work behind a queue, or with Step Functions.",
    );
    found.add(
        "init-time",
        severity(workload.init_p99_s, *limits.init_s, 0.8),
        (ms(workload.init_p99_s), ms(*limits.init_s), "ms"),
        format!(
            "a cold start of {} s at p99; INIT is stopped after {} s and done again",
            amount(workload.init_p99_s),
            amount(*limits.init_s)
        ),
        "SnapStart, less work at start-up, or provisioned concurrency.",
    );
    let share = workload.cold_share(prices);
    let wait = workload.init_p99_s + slow;
    let late = workload.latency_s.is_some_and(|most| wait > most);
    let grave = if late { "major" } else { "minor" };
    found.add(
        "cold-share",
        (share > COLD_SHARE).then_some(grave),
        (share, COLD_SHARE, "share"),
        format!(
            "{}% of the requests wait for a cold start, so that p99 is about {} s",
            amount(share * 100.0),
            amount(wait)
        ),
        "SnapStart or provisioned concurrency, if somebody waits for the answer.",
    );
}

/// What a fleet asks of an account in its busiest hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FleetPeak {
    pub rps: f64,
    pub environments: f64,
}

/// Of the whole fleet, which shares one account and region.
pub(super) fn of_fleet(peak: FleetPeak, services: usize, prices: &Prices) -> Vec<QuotaReport> {
    let limits = &prices.limits;
    let name = format!("{services} services in one account and region");
    let mut found = Found { name: &name, out: Vec::new() };
    let most = (*limits.concurrency - *limits.unreserved).max(0.0);
    let needed = peak.environments.ceil();
    found.add(
        "account-concurrency",
        severity(needed, most, *limits.warn_share),
        (needed, most, "environments"),
        format!(
            "{} environments at once in the busiest hour; the quota is {}, and {} of it stay unreserved",
            amount(needed),
            amount(*limits.concurrency),
            amount(*limits.unreserved)
        ),
        "Ask for a higher quota of concurrent executions (L-B99A9384) before the first service moves, or use several accounts.",
    );
    let most = *limits.environment_rps * *limits.concurrency;
    found.add(
        "request-rate",
        severity(peak.rps, most, *limits.warn_share),
        (peak.rps, most, "requests/s"),
        format!(
            "{} requests/s in the busiest hour; the account allows {} for each concurrent execution, {} in all",
            amount(peak.rps),
            amount(*limits.environment_rps),
            amount(most)
        ),
        "The limit grows with the quota of concurrent executions: ask for rate ÷ 10.",
    );
    found.out
}
