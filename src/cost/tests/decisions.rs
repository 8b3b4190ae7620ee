//! Decisions, limits, and the order of the fleet.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{candidate, service, settings};
use crate::config::FrontDoor;
use crate::cost::mix::{Item, curve, within};
use crate::cost::model::{CostReport, QuotaReport};
use crate::cost::quotas::FleetPeak;
use crate::cost::workload::{Pods, Workload};
use crate::cost::{Candidate, Settings, VerdictWord, evaluate};
use crate::rules::model::Target;

fn one(candidate: Candidate) -> CostReport {
    evaluate(&[candidate], FleetPeak::default(), &settings()).0.remove(0)
}

fn judged(workload: Workload, word: &str, days: f64) -> Candidate {
    let verdict = VerdictWord { word: word.to_owned(), reason: "it is so".to_owned(), state: false };
    Candidate { verdict: Some(verdict), days: Some(days), ..candidate(workload) }
}

fn quota<'a>(report: &'a CostReport, id: &str) -> Option<&'a QuotaReport> {
    report.quotas.iter().find(|q| q.id == id)
}

#[test]
fn money_and_effort_decide_together() {
    let idle = service(0.01);
    let report = one(judged(idle.clone(), "adapt", 2.0));
    assert_eq!((report.decision.as_str(), report.decided_by.as_str()), ("adapt", "cost"));
    // Two days at $800 ÷ the saving.
    assert!((report.payback_months.unwrap() - 1600.0 / report.saving).abs() < 1e-9);
    let report = one(judged(idle.clone(), "refactor", 30.0));
    assert_eq!((report.decision.as_str(), report.decided_by.as_str()), ("keep", "effort"));
    assert!(report.payback_months.unwrap() > 36.0);
    let kept = one(judged(idle.clone(), "keep", 80.0));
    assert_eq!((kept.decision.as_str(), kept.reason.as_str()), ("keep", "it is so"));
    let mut state = judged(idle, "keep", 3.0);
    state.verdict.as_mut().unwrap().state = true;
    assert_eq!(one(state).decided_by, "state");
    let busy = one(judged(service(60.0), "move", 1.0));
    assert_eq!((busy.decision.as_str(), busy.decided_by.as_str(), busy.payback_months), ("keep", "compute", None));
    // Short requests behind a dear front door: it is not the computing.
    let fee = Workload { duration_s: 0.01, front: FrontDoor::RestApi, ..service(30.0) };
    assert_eq!(one(judged(fee, "move", 1.0)).decided_by, "cost");
}

#[test]
fn who_cannot_wait_pays_for_warmth() {
    let rare = Workload { cold: Some(0.5), latency_s: Some(1.0), p99_s: 0.3, ..service(0.01) };
    let report = one(judged(rare.clone(), "move", 1.0));
    assert_eq!((report.target_option.as_str(), report.decision.as_str()), ("lambda-provisioned", "move"));
    let large = Workload { memory_mb: 8192.0, ..rare };
    let report = one(judged(large, "move", 1.0));
    assert_eq!((report.decision.as_str(), report.decided_by.as_str()), ("keep", "latency"));
    assert_eq!(quota(&report, "cold-share").unwrap().severity, "major");
}

#[test]
fn there_is_no_jvm_on_workers() {
    let settings = Settings { target: Target::Workers, ..settings() };
    let of =
        |jvm| evaluate(&[candidate(Workload { jvm, ..service(0.1) })], FleetPeak::default(), &settings).0.remove(0);
    assert_eq!((of(true).decision.as_str(), of(true).saving), ("keep", 0.0));
    assert_eq!(of(false).target_option, "workers");
}

#[test]
fn limits_with_their_numbers() {
    let busy = Workload {
        peak_rps: 8_000.0,
        pool: Some(10.0),
        payload_mb: Some(7.0),
        p99_s: 45.0,
        init_p99_s: 11.0,
        front: FrontDoor::RestApi,
        memory_mb: 12_000.0,
        ..service(100.0)
    };
    let report = one(candidate(busy));
    let of = |id: &str| quota(&report, id).unwrap_or_else(|| panic!("no {id}: {:#?}", report.quotas));
    assert_eq!((of("function-concurrency").value, of("function-concurrency").severity.as_str()), (800.0, "major"));
    assert_eq!((of("db-connections").value, of("db-connections").limit), (8_000.0, 900.0));
    assert!(of("db-connections").message.contains("800 environments × 10 connections in each pool are 8,000 of 900"));
    assert_eq!(of("payload").severity, "blocker");
    assert_eq!((of("duration").value, of("duration").limit), (45_000.0, 29_000.0));
    assert_eq!(of("init-time").severity, "blocker");
    assert_eq!(of("memory").limit, 10_240.0);
    assert!(quota(&report, "burst-rate").is_none());
    // 20 ms at 20,000 requests a second: 400 environments by time, 2,000 by the limit of 10 a second in each.
    let short = one(candidate(Workload { duration_s: 0.02, peak_rps: 20_000.0, ..service(100.0) }));
    assert_eq!(short.traffic.concurrency, 2_000.0);
    assert_eq!(quota(&short, "request-rate").map(|q| (q.value, q.limit)), Some((2_000.0, 400.0)));
    let steep = one(candidate(Workload { duration_s: 1.0, peak_rps: 9_000.0, ..service(100.0) }));
    // From 100 to 9,000 environments within a minute: 1,483 each ten seconds.
    assert_eq!(quota(&steep, "burst-rate").map(|q| q.value.round()), Some(1_483.0));
    assert!(one(candidate(service(0.5))).quotas.is_empty());
}

#[test]
fn the_fleet_shares_one_account() {
    let peak = FleetPeak { rps: 20_000.0, environments: 1_200.0 };
    let quotas = evaluate(&[candidate(service(1.0))], peak, &settings()).1.quotas;
    let told: Vec<_> = quotas.iter().map(|q| (q.id.as_str(), q.severity.as_str(), q.limit)).collect();
    assert_eq!(told, [("account-concurrency", "blocker", 900.0), ("request-rate", "blocker", 10_000.0)]);
}

#[test]
fn chains_add_up_even_when_they_are_rings() {
    let link = |name: &str, calls: &[&str]| {
        let calls = calls.iter().map(|c| (*c).to_owned()).collect();
        let w = Workload { name: name.to_owned(), calls, p99_s: 2.0, init_p99_s: 8.0, ..service(1.0) };
        candidate(Workload { front: FrontDoor::RestApi, ..w })
    };
    let fleet = [link("a", &["b", "x"]), link("b", &["c", "d"]), link("c", &["b"]), link("d", &[])];
    let reports = evaluate(&fleet, FleetPeak::default(), &settings()).0;
    let chain = quota(&reports[0], "sync-chain").unwrap();
    assert_eq!((chain.value, chain.limit, chain.severity.as_str()), (30_000.0, 29_000.0, "blocker"));
    assert!(chain.message.starts_with("a → b → c: 30 s"), "{}", chain.message);
    assert!(reports[1..].iter().all(|r| quota(r, "sync-chain").is_none()));
}

#[test]
fn pods_follow_an_autoscaler_and_jobs_end() {
    use crate::cost::workload::Rates;
    let pods = Pods { vcpu: 0.5, gib: 1.0, least: 2.0, most: 6.0, job: false };
    let rates = Rates(vec![(10.0, 0.25), (0.0, 0.75)]);
    let scaled = Workload { rates, pods: Some(pods), ..service(0.0) };
    // 2 + 4 × 2.5 ÷ 10 = 3 pods.
    assert!((one(candidate(scaled)).today - 49.64 * 1.5).abs() < 0.01);
    let job = Workload { duration_s: 3600.0, pods: Some(Pods { job: true, ..pods }), ..service(1.0 / 86_400.0) };
    // An hour a day.
    assert!((one(candidate(job)).today - 24.82 / 24.0).abs() < 0.01);
    let billed = Workload { billed: Some(77.0), ..service(1.0) };
    assert_eq!(one(candidate(billed)).today, 77.0);
}

fn item(name: &str, days: f64, library: Option<(&str, f64)>, saving: f64) -> Item {
    let libraries = library.map(|(l, d)| (l.to_owned(), d)).into_iter().collect();
    Item { name: name.to_owned(), days, libraries, saving }
}

#[test]
fn a_library_is_paid_once_along_the_curve() {
    let items = [
        item("lonely", 2.0, None, 90.0),
        item("first", 1.0, Some(("lib", 3.0)), 200.0),
        item("second", 1.0, Some(("lib", 3.0)), 100.0),
    ];
    let told: Vec<_> = curve(&items).into_iter().map(|p| (p.service, p.days, p.cumulative_days)).collect();
    let told: Vec<_> = told.iter().map(|(s, d, c)| (s.as_str(), *d, *c)).collect();
    assert_eq!(told, [("first", 4.0, 4.0), ("second", 1.0, 5.0), ("lonely", 2.0, 7.0)]);
    let plan = within(&items, 5.0);
    assert_eq!((plan.services, plan.saving, plan.exact), (vec!["first".to_owned(), "second".to_owned()], 300.0, false));
    assert!(plan.bound >= 300.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The exact choice is the best of all subsets; any choice keeps to the budget and the bound.
    #[test]
    fn the_best_choice(raw in prop::collection::vec((0u32..60, 1u32..1000, prop::option::of(0u8..2)), 1..9), budget in 0u32..150) {
        let budget = f64::from(budget) / 10.0;
        for shared in [false, true] {
            let items: Vec<Item> = raw.iter().enumerate().map(|(ix, (tenths, saving, library))| {
                let name = library.filter(|_| shared).map(|l| if l == 0 { "x" } else { "y" });
                item(&format!("s{ix}"), f64::from(*tenths) / 10.0, name.map(|n| (n, 1.5)), f64::from(*saving))
            }).collect();
            let mut best = 0.0f64;
            for set in 0u32..1 << items.len() {
                let chosen: Vec<&Item> = (0..items.len()).filter(|ix| set >> ix & 1 == 1).map(|ix| &items[ix]).collect();
                let libraries: BTreeMap<&String, &f64> = chosen.iter().flat_map(|i| &i.libraries).collect();
                let days: f64 = chosen.iter().map(|i| i.days).sum::<f64>() + libraries.values().copied().sum::<f64>();
                if days <= budget + 1e-6 {
                    best = best.max(chosen.iter().map(|i| i.saving).sum());
                }
            }
            let plan = within(&items, budget);
            prop_assert!(plan.days <= budget + 1e-6);
            prop_assert!(plan.saving <= best + 1e-6 && best <= plan.bound + 1e-6, "{plan:?} {best}");
            if plan.exact {
                prop_assert!((plan.saving - best).abs() < 1e-6, "{plan:?} {best}");
            }
            if !shared {
                prop_assert!(plan.exact);
            }
            let all = curve(&items);
            prop_assert_eq!(all.len(), items.len());
        }
    }
}
