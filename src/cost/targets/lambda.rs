//! Lambda: on demand, with provisioned concurrency, on Managed Instances; and its front doors.

use crate::config::{Architecture, FrontDoor};
use crate::cost::Settings;
use crate::cost::model::{CostOption, CostTerm};
use crate::cost::prices::Prices;
use crate::cost::text::{amount, term};
use crate::cost::workload::Workload;

/// The architecture of the settings first, then the other one, then provisioned concurrency.
pub(super) fn options(workload: &Workload, settings: &Settings) -> Vec<CostOption> {
    let mut out =
        vec![on_demand(workload, settings, Architecture::X86), on_demand(workload, settings, Architecture::Arm)];
    if settings.architecture == Architecture::Arm {
        out.reverse();
    }
    out.push(provisioned(workload, settings));
    out
}

/// GB-seconds a month on demand.
pub(crate) fn gb_seconds(workload: &Workload, prices: &Prices) -> f64 {
    workload.busy_seconds(prices) * workload.gb()
}

/// USD of so many GB-seconds, by the tiers of a month.
pub(crate) fn tiered(gb_s: f64, architecture: Architecture, prices: &Prices) -> f64 {
    let p = &prices.lambda;
    let (rates, from) = match architecture {
        Architecture::X86 => ([*p.x86, *p.x86_second, *p.x86_third], [*p.x86_second_from, *p.x86_third_from]),
        Architecture::Arm => ([*p.arm, *p.arm_second, *p.arm_third], [*p.arm_second_from, *p.arm_third_from]),
    };
    let first = gb_s.min(from[0]);
    let second = (gb_s - from[0]).clamp(0.0, (from[1] - from[0]).max(0.0));
    first * rates[0] + second * rates[1] + (gb_s - first - second).max(0.0) * rates[2]
}

pub(super) fn on_demand(workload: &Workload, settings: &Settings, architecture: Architecture) -> CostOption {
    let prices = &settings.prices;
    let (requests, gb) = (workload.requests(prices), workload.gb());
    let run = requests * workload.duration_s * gb;
    let all = gb_seconds(workload, prices);
    let usd = tiered(all, architecture, prices);
    let share = if all > 0.0 { run / all } else { 1.0 };
    let cold = workload.cold_share(prices) * 100.0;
    let price = amount(if all > 0.0 { usd / all } else { *prices.lambda.x86 });
    let mut terms = vec![
        request_term(requests, *prices.lambda.request),
        term(
            "duration",
            usd * share,
            format!("{} × {} s × {} GB × ${price}", amount(requests), amount(workload.duration_s), amount(gb)),
        ),
        term(
            "cold starts",
            usd * (1.0 - share),
            format!("{}% of them × {} s × {} GB × ${price}", amount(cold), amount(workload.init_s), amount(gb)),
        ),
    ];
    terms.extend(front(workload, prices));
    let name = if architecture == Architecture::X86 { "lambda" } else { "lambda-arm" };
    option(name, terms, "")
}

/// Environments held for the highest hour, so that no request is cold.
fn provisioned(workload: &Workload, settings: &Settings) -> CostOption {
    let prices = &settings.prices;
    let (requests, gb) = (workload.requests(prices), workload.gb());
    let highest = workload.peak_rps.max(workload.rates.highest());
    let held = (highest * workload.duration_s).max(highest / *prices.limits.environment_rps).ceil().max(1.0);
    let (hold, run) = (held * gb * prices.seconds(), requests * workload.duration_s * gb);
    let mut terms = vec![
        request_term(requests, *prices.lambda.request),
        term(
            "provisioned",
            hold * *prices.lambda.provisioned,
            format!("{} environments × {} GB all month", amount(held), amount(gb)),
        ),
        term(
            "duration",
            run * *prices.lambda.provisioned_run,
            format!("{} × {} s × {} GB", amount(requests), amount(workload.duration_s), amount(gb)),
        ),
    ];
    terms.extend(front(workload, prices));
    option("lambda-provisioned", terms, "no request is cold; x86")
}

/// Instances of one's own: at least one in each zone, paid whether anybody asks or not.
pub(super) fn managed(workload: &Workload, settings: &Settings) -> CostOption {
    let prices = &settings.prices;
    let p = &prices.managed_instances;
    let per_instance = *p.instance_vcpu * *p.utilisation * *p.requests_per_vcpu;
    let needed = (workload.peak_rps * workload.duration_s * *p.buffer / per_instance).ceil();
    let instances = needed.max(*p.instances);
    let usd = instances * *p.instance_hour * *prices.month.hours * (1.0 + *p.fee);
    let how = format!(
        "{} instances × ${} an hour, and {}%",
        amount(instances),
        amount(*p.instance_hour),
        amount(*p.fee * 100.0)
    );
    let mut terms = vec![request_term(workload.requests(prices), *prices.lambda.request), term("instances", usd, how)];
    terms.extend(front(workload, prices));
    option("lambda-managed-instances", terms, "several services can share the instances; the code must be thread-safe")
}

pub(super) fn request_term(requests: f64, price: f64) -> CostTerm {
    term("requests", requests * price, format!("{} × ${} a million", amount(requests), amount(price * 1e6)))
}

/// What brings the requests. A load balancer's own hours are shared by the fleet and stand there.
fn front(workload: &Workload, prices: &Prices) -> Option<CostTerm> {
    let doors = &prices.front_door;
    let requests = workload.requests(prices);
    let (what, price) = match workload.front {
        FrontDoor::None | FrontDoor::FunctionUrl => return None,
        FrontDoor::HttpApi => ("HTTP API", *doors.http_api),
        FrontDoor::RestApi => ("REST API", *doors.rest_api),
        FrontDoor::Alb => ("load balancer", *doors.alb_lcu_hour / (*doors.alb_lcu_rps * 3600.0)),
    };
    Some(term(what, requests * price, format!("{} × ${} a million", amount(requests), amount(price * 1e6))))
}

pub(super) fn option(name: &str, terms: Vec<CostTerm>, note: &str) -> CostOption {
    let usd = terms.iter().map(|t| t.usd).sum();
    CostOption { name: name.to_owned(), usd, terms, note: note.to_owned() }
}
