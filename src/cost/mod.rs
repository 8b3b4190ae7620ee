//! Is it worth it: what services cost where they are and where they may go, and what their traffic asks of limits.
//!
//! Traffic files (`traffic`) and the tree (`join`) make workloads; each is priced where it runs (`today`) and on
//! every target (`targets`), compared (`sensitivity`), held against limits (`quotas`, `chains`) and decided on
//! (`decide`); `mix` orders the fleet.

mod chains;
mod decide;
mod join;
pub mod mix;
pub mod model;
mod pods;
pub mod prices;
pub mod quotas;
pub mod sensitivity;
mod targets;
mod text;
mod today;
pub mod traffic;
pub mod workload;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::config::{Architecture, FrontDoor, Home};
use crate::rules::model::Target;

pub use join::{Keys, Tree};
use mix::Item;
use model::{CostReport, CostTerm, FleetCost, TrafficReport};
use prices::Prices;
use quotas::FleetPeak;
use text::term;
use traffic::Traffic;
use workload::Workload;

use crate::units::UnitIx;

/// What a computation rests on beside the workloads.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub prices: Prices,
    pub target: Target,
    pub architecture: Architecture,
    /// Where pods run; none for a bill where there is one, else the cluster's nodes.
    pub today: Option<Home>,
    pub free_tier: bool,
    /// Person-days that may be spent.
    pub budget: Option<f64>,
    /// What brings requests where nothing else is told.
    pub front: Option<FrontDoor>,
    /// Services that call one another and wait, the caller first.
    pub chains: Vec<Vec<String>>,
}

/// What is asked of a scan: traffic that was read, and how to count.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub traffic: Traffic,
    pub settings: Settings,
}

/// The cost of units, and of all.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub units: BTreeMap<UnitIx, CostReport>,
    pub fleet: FleetCost,
}

/// The cost of the services of a tree.
pub fn of_tree(tree: &Tree<'_>, request: &Request) -> Outcome {
    let Request { traffic, settings } = request;
    let settings = Settings { target: tree.target, ..settings.clone() };
    let joined = join::join(tree, traffic, settings.front, &settings.chains, &settings.prices);
    let (ixs, candidates): (Vec<UnitIx>, Vec<Candidate>) = joined.candidates.into_iter().unzip();
    let (reports, mut fleet) = evaluate(&candidates, traffic.fleet_peak(&settings.prices), &settings);
    told(&mut fleet, traffic);
    fleet.unmatched = joined.unmatched;
    fleet.without_traffic = joined.without_traffic;
    Outcome { units: ixs.into_iter().zip(reports).collect(), fleet }
}

/// The cost of the services of traffic files alone, in their order.
pub fn of_traffic(request: &Request) -> (Vec<CostReport>, FleetCost) {
    let Request { traffic, settings } = request;
    let told_any = |s: &&traffic::Service| s.series.hours() > 0 || s.facts.rps.is_some() || s.facts.peak_rps.is_some();
    let (asked, silent): (Vec<_>, Vec<_>) = traffic.services.iter().partition(told_any);
    let none = pods::Found::default();
    let mut candidates: Vec<Candidate> =
        asked.iter().map(|s| join::from_traffic(s, settings.front, &none, &settings.prices)).collect();
    for pair in settings.chains.iter().flat_map(|chain| chain.windows(2)) {
        let caller = candidates.iter_mut().find(|c| c.name == pair[0]);
        caller.into_iter().for_each(|c| c.workload.calls.push(pair[1].clone()));
    }
    let (reports, mut fleet) = evaluate(&candidates, traffic.fleet_peak(&settings.prices), settings);
    told(&mut fleet, traffic);
    fleet.unmatched = silent.iter().map(|s| s.name.clone()).collect();
    (reports, fleet)
}

fn told(fleet: &mut FleetCost, traffic: &Traffic) {
    fleet.files.clone_from(&traffic.files);
    fleet.problems.clone_from(&traffic.problems);
    fleet.more_problems = traffic.more_problems;
}

/// What the assessment of effort says of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VerdictWord {
    /// `move`, `adapt`, `refactor`, `keep`.
    pub word: String,
    pub reason: String,
    /// It is state that stands in the way.
    pub state: bool,
}

/// A service whose cost is asked for.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub workload: Workload,
    /// Its name in the traffic file.
    pub name: String,
    /// `exact`, `deployment`, `image`, `file`.
    pub matched_by: &'static str,
    /// None without code.
    pub verdict: Option<VerdictWord>,
    /// Person-days in all; none without code.
    pub days: Option<f64>,
    /// Of these, its shares of the work in libraries.
    pub shares: f64,
    /// What fixing each library takes, for whoever comes first.
    pub libraries: BTreeMap<String, f64>,
    /// Hours that the traffic file tells of.
    pub hours: u32,
    /// What was not known, and what was taken for it.
    pub assumed: Vec<String>,
}

/// The cost of each candidate, in their order, and of all.
pub fn evaluate(candidates: &[Candidate], peak: FleetPeak, settings: &Settings) -> (Vec<CostReport>, FleetCost) {
    let mut reports: Vec<CostReport> = candidates.par_iter().map(|c| of_one(c, settings)).collect();
    let workloads: Vec<&Workload> = candidates.iter().map(|c| &c.workload).collect();
    let by_name: BTreeMap<&str, usize> = workloads.iter().enumerate().map(|(ix, w)| (w.name.as_str(), ix)).collect();
    for (name, quota) in chains::quotas(&workloads, &settings.prices) {
        if let Some(ix) = by_name.get(name.as_str()) {
            reports[*ix].quotas.push(quota);
        }
    }
    let fleet = fleet(candidates, &reports, peak, settings);
    (reports, fleet)
}

fn of_one(candidate: &Candidate, settings: &Settings) -> CostReport {
    let (workload, prices) = (&candidate.workload, &settings.prices);
    let mut options = today::options(workload, prices);
    let today = today::home(&options, settings.today).map_or(0.0, |o| o.usd);
    let ways = targets::of(settings.target, workload, settings);
    let warm =
        ways.iter().find(|o| o.name == "lambda-provisioned").filter(|_| decide::needs_warmth(workload, settings));
    let target = warm.or_else(|| ways.first()).cloned().unwrap_or_default();
    let choice = if ways.is_empty() {
        decide::Choice {
            decision: "keep".to_owned(),
            by: "effort",
            reason: format!("there is no way to run it on {}", settings.target),
            payback_months: None,
        }
    } else {
        decide::decide(candidate, today, &target, settings)
    };
    options.extend(targets::options(workload, settings));
    options.retain(|o| o.usd.is_finite());
    options.sort_by(|a, b| a.usd.total_cmp(&b.usd).then_with(|| a.name.cmp(&b.name)));
    // What cannot be had saves nothing.
    let usd = if ways.is_empty() { today } else { target.usd };
    CostReport {
        name: candidate.name.clone(),
        matched_by: candidate.matched_by.to_owned(),
        traffic: TrafficReport {
            requests_per_month: workload.requests(prices),
            average_rps: workload.rates.mean(),
            peak_rps: workload.peak_rps,
            hours: candidate.hours,
            duration_ms: workload.duration_s * 1000.0,
            memory_mb: workload.memory_mb,
            cold_share: workload.cold_share(prices),
            concurrency: workload.environments(workload.peak_rps, prices),
        },
        today,
        target: usd,
        target_option: target.name,
        saving: today - usd,
        decision: choice.decision,
        decided_by: choice.by.to_owned(),
        reason: choice.reason,
        payback_months: choice.payback_months,
        break_even_rps: sensitivity::break_even(workload, settings),
        sensitivity: sensitivity::table(workload, settings),
        options,
        quotas: quotas::of_service(workload, prices),
        assumed: candidate.assumed.clone(),
    }
}

fn fleet(candidates: &[Candidate], reports: &[CostReport], peak: FleetPeak, settings: &Settings) -> FleetCost {
    let prices = &settings.prices;
    let control = today::shared(prices);
    let on_target = shared_on_target(candidates, reports, settings);
    let today = reports.iter().map(|r| r.today).sum::<f64>() + if reports.is_empty() { 0.0 } else { control.usd };
    let target = reports.iter().map(|r| r.target).sum::<f64>() + on_target.iter().map(|t| t.usd).sum::<f64>();
    let moved = |r: &&CostReport| r.decision != "keep";
    let all_move = reports.iter().all(|r| moved(&r));
    let saved: f64 = reports.iter().filter(moved).map(|r| r.saving).sum();
    let items = items(candidates, reports);
    let mut shared = if reports.is_empty() { Vec::new() } else { vec![control.clone()] };
    shared.extend(on_target);
    FleetCost {
        as_of: prices.as_of.clone(),
        day_rate: *prices.assumed.day_rate,
        services: reports.len(),
        today,
        target,
        saving: today - target,
        mix: if all_move { target } else { today - saved },
        shared,
        curve: mix::curve(&items),
        budget: settings.budget.map(|budget| mix::within(&items, budget)),
        quotas: quotas::of_fleet(peak, reports.len(), prices),
        assumptions: prices.list(),
        ..FleetCost::default()
    }
}

/// Services that would save something and can move.
fn items(candidates: &[Candidate], reports: &[CostReport]) -> Vec<Item> {
    let able = |c: &Candidate| c.verdict.as_ref().is_none_or(|v| v.word != "keep");
    let both = candidates.iter().zip(reports).filter(|(c, r)| r.saving > 0.0 && able(c));
    both.map(|(c, r)| Item {
        name: c.workload.name.clone(),
        days: (c.days.unwrap_or(0.0) - c.shares).max(0.0),
        libraries: c.libraries.clone(),
        saving: r.saving,
    })
    .collect()
}

/// What the sums of services do not know of one another: tiers, the free tier, a plan, a load balancer.
fn shared_on_target(candidates: &[Candidate], reports: &[CostReport], settings: &Settings) -> Vec<CostTerm> {
    let prices = &settings.prices;
    let mut out = Vec::new();
    if candidates.is_empty() {
        return out;
    }
    if settings.target == Target::Workers {
        let twice = reports.iter().filter(|r| r.target_option == "workers").count().saturating_sub(1) as f64;
        out.push(term("plan", -twice * *prices.workers.month, "paid once for the account".to_owned()));
    }
    if settings.target != Target::Lambda {
        return out;
    }
    let demand = || candidates.iter().zip(reports).filter(|(_, r)| r.target_option != "lambda-provisioned");
    let each: Vec<f64> = demand().map(|(c, _)| targets::gb_seconds(&c.workload, prices)).collect();
    let sum: f64 = each.iter().sum();
    let alone: f64 = each.iter().map(|gb_s| targets::tiered(*gb_s, settings.architecture, prices)).sum();
    let together = targets::tiered(sum, settings.architecture, prices);
    if alone - together > 0.005 {
        out.push(term("tiers", together - alone, "GB-seconds of all services count together".to_owned()));
    }
    if settings.free_tier {
        let requests: f64 = candidates.iter().map(|c| c.workload.requests(prices)).sum();
        let free = requests.min(*prices.lambda.free_requests) * *prices.lambda.request;
        let left = targets::tiered((sum - *prices.lambda.free_gb_s).max(0.0), settings.architecture, prices);
        out.push(term("free tier", -(free + together - left), "once for the account".to_owned()));
    }
    if candidates.iter().any(|c| c.workload.front == FrontDoor::Alb) {
        let usd = *prices.front_door.alb_hour * *prices.month.hours;
        out.push(term("load balancer", usd, "its hours, once for the fleet".to_owned()));
    }
    out
}
