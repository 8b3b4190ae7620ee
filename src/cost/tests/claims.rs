//! The worked examples that the model was made from, with what they assume.
//!
//! Prices of us-east-1: m7g.xlarge $0.1632 an hour, 60 % of a node in use, 730 hours, Lambda x86 at $0.0000166667 a
//! GB-second and $0.20 a million requests, no free tier.

use super::{candidate, prices, service, settings};
use crate::config::{Architecture, FrontDoor, Home};
use crate::cost::model::CostReport;
use crate::cost::quotas::FleetPeak;
use crate::cost::sensitivity::break_even;
use crate::cost::workload::{Pods, Rates, Workload};
use crate::cost::{Settings, evaluate};

fn near(value: f64, expected: f64, within: f64) {
    assert!((value - expected).abs() <= within, "{value} is not {expected} ± {within}");
}

fn cost(workload: Workload, settings: &Settings) -> CostReport {
    evaluate(&[candidate(workload)], FleetPeak::default(), settings).0.remove(0)
}

fn option(report: &CostReport, name: &str) -> f64 {
    report.options.iter().find(|o| o.name == name).unwrap_or_else(|| panic!("no {name}")).usd
}

/// Two pods of half a vCPU and 1 GiB.
#[test]
fn a_pod() {
    let report = cost(service(1.0), &settings());
    near(report.today, 49.64, 0.005);
    near(option(&report, "fargate"), 36.04, 0.005);
    near(option(&report, "karpenter"), 49.64 * 0.6 / 0.8, 0.005);
}

/// The rate from which on Lambda is dearer than that pod, by duration, memory, architecture, and front door.
#[test]
fn break_even_table() {
    let rate = |ms: f64, mb: f64, architecture, front, home| {
        let workload = Workload { duration_s: ms / 1000.0, memory_mb: mb, front, ..service(1.0) };
        break_even(&workload, &Settings { architecture, today: Some(home), ..settings() }).unwrap()
    };
    let (x86, arm) = (Architecture::X86, Architecture::Arm);
    let (nodes, none) = (Home::Kubernetes, FrontDoor::None);
    near(rate(100.0, 1024.0, x86, none, nodes), 10.1, 0.05);
    near(rate(100.0, 1024.0, x86, none, Home::Fargate), 7.3, 0.05);
    near(rate(100.0, 1024.0, x86, FrontDoor::FunctionUrl, nodes), 10.1, 0.05);
    near(rate(100.0, 1024.0, x86, FrontDoor::HttpApi, nodes), 6.6, 0.05);
    near(rate(100.0, 1024.0, x86, FrontDoor::RestApi, nodes), 3.5, 0.05);
    near(rate(50.0, 512.0, arm, none, nodes), 35.0, 0.5);
    near(rate(20.0, 512.0, arm, none, nodes), 57.0, 0.5);
    near(rate(500.0, 1024.0, x86, none, nodes), 2.2, 0.05);
    near(rate(200.0, 2048.0, x86, none, nodes), 2.75, 0.05);
}

/// In closed form: today ÷ (seconds of a month × (request + front door + duration × memory × price)).
#[test]
fn break_even_is_the_closed_form() {
    for (ms, gb) in [(100.0, 1.0), (20.0, 0.5), (700.0, 3.0)] {
        let workload = Workload { duration_s: ms / 1000.0, memory_mb: gb * 1024.0, ..service(3.0) };
        let today: f64 = 2.0 * (0.5f64 / 4.0) * 0.1632 * 730.0 / 0.6;
        let expected = today / (2.628e6 * (0.2e-6 + ms / 1000.0 * gb * 1.66667e-5));
        near(break_even(&workload, &settings()).unwrap(), expected, expected * 1e-4);
    }
}

/// The cold starts of one million requests at 5.3 s and 1 GB.
#[test]
fn cold_starts_are_billed() {
    let cold = Workload { cold: Some(1.0), init_s: 5.3, ..service(1e6 / 2.628e6) };
    let warm = Workload { cold: Some(0.0), ..cold.clone() };
    near(cost(cold, &settings()).target - cost(warm, &settings()).target, 88.33, 0.01);
}

/// 500 services, each the pod above, and a control plane of $73. 400 of them are idle: 0.01 requests a second, half
/// of them cold for 3 s. 100 are steady at 50 requests a second of 100 ms and 1 GB, none cold, no front door: each
/// costs five times its pod. In sum nothing changes.
#[test]
fn a_fleet_of_500_balances() {
    let idle = Workload { cold: Some(0.5), init_s: 3.0, ..service(0.01) };
    let fleet = |steady: f64| {
        let one = |ix: usize, w: &Workload| candidate(Workload { name: format!("s{ix}"), ..w.clone() });
        let all: Vec<_> = (0..500).map(|ix| one(ix, &if ix < 400 { idle.clone() } else { service(steady) })).collect();
        evaluate(&all, FleetPeak::default(), &settings())
    };
    let (services, sum) = fleet(50.0);
    near(sum.today, 24_893.0, 1.0);
    near(services[0].target, 0.71, 0.005);
    near(services[0].today / services[0].target, 70.0, 1.0);
    near(services[499].target, 245.28, 0.01);
    near(services[499].target / services[499].today, 5.0, 0.1);
    near(sum.target, 24_810.0, 5.0);
    near(sum.target / sum.today, 0.997, 0.001);
    // What the sum hides: moving the idle ones alone saves nearly four fifths of all.
    assert!(services.iter().enumerate().all(|(ix, s)| (s.decision == "keep") == (ix >= 400)));
    assert_eq!(services[499].decided_by, "compute");
    near(sum.mix, 24_893.0 - 400.0 * (49.64 - 0.706), 5.0);
    near(fleet(50.6).1.target / sum.today, 1.0, 0.01);
    near(fleet(10.0).1.target, 5_188.0, 3.0);
    near(fleet(100.0).1.target, 49_339.0, 10.0);
}

/// 500 services of a test system, each one pod of a quarter vCPU and half a GiB that never sleeps: $12.41. A million
/// requests a month each, 100 ms at 1 GB, one in twenty cold for 3 s: $4.37. Three times cheaper.
#[test]
fn a_test_system_is_three_times_cheaper() {
    let fleet = |requests: f64| {
        let small = Pods { vcpu: 0.25, gib: 0.5, least: 1.0, most: 1.0, job: false };
        let one = Workload { cold: Some(0.05), init_s: 3.0, pods: Some(small), ..service(requests / 2.628e6) };
        let all: Vec<_> = (0..500).map(|ix| candidate(Workload { name: format!("s{ix}"), ..one.clone() })).collect();
        evaluate(&all, FleetPeak::default(), &settings())
    };
    let (services, sum) = fleet(1.0e6);
    near(services[0].today, 12.41, 0.005);
    near(services[0].target, 4.37, 0.005);
    near(sum.today, 6_278.0, 1.0);
    near(sum.target, 2_183.0, 1.0);
    near(sum.today / sum.target, 2.9, 0.05);
    near(sum.today / fleet(0.1e6).1.target, 29.0, 0.5);
    near(sum.today / fleet(0.5e6).1.target, 5.8, 0.1);
    near(sum.today / fleet(2.0e6).1.target, 1.4, 0.05);
    // A cluster that sleeps at night and over the weekend is up for 30 % of the time: then it is the cheaper one.
    assert!(0.3 * sum.today < sum.target);
}

/// Managed Instances cost the same whoever asks: three m7g.xlarge and 15 %, $411. Against on demand at 1 GB they pay
/// from 247, 123 and 49 million requests a month on, at 100, 200 and 500 ms.
#[test]
fn managed_instances_have_a_floor() {
    for (ms, millions) in [(100.0, 247.0), (200.0, 123.0), (500.0, 49.0)] {
        let at = |factor: f64| {
            let rps = millions * 1e6 / 2.628e6 * factor;
            let w = Workload { duration_s: ms / 1000.0, ..service(rps) };
            let report = cost(w, &settings());
            (option(&report, "lambda"), option(&report, "lambda-managed-instances"))
        };
        let ((below, floor), (above, instances)) = (at(0.985), at(1.015));
        assert!(below < floor && instances < above, "{ms}");
    }
    near(option(&cost(service(0.0), &settings()), "lambda-managed-instances"), 411.0, 0.5);
}

/// An isolated call of 2 GB and 100 ms: Flex bills a second, $52 a million, Lambda $3.5.
#[test]
fn azure_bills_a_second_at_least() {
    let per_million = |rps: f64, name: &str| {
        let w = Workload { memory_mb: 2048.0, ..service(rps) };
        let report = cost(w, &settings());
        let requests = match name {
            "azure-flex" => 0.4,
            _ => 0.2,
        };
        option(&report, name) / (rps * 2.628e6) * 1e6 - requests
    };
    near(per_million(1e-6, "azure-flex"), 52.0, 0.1);
    near(per_million(1e-6, "lambda"), 3.33, 0.01);
    // Many at once share the second.
    assert!(per_million(200.0, "azure-flex") < 1.0);
}

/// Above 6 billion GB-seconds a month the price falls, over all services together.
#[test]
fn tiers_hold_for_the_fleet() {
    let one = Workload { duration_s: 1.0, ..service(1_500.0) };
    let all: Vec<_> = (0..2).map(|ix| candidate(Workload { name: format!("s{ix}"), ..one.clone() })).collect();
    let (services, sum) = evaluate(&all, FleetPeak::default(), &settings());
    let gb_s: f64 = 2.0 * 1_500.0 * 2.628e6;
    let expected = 6e9 * 1.66667e-5 + (gb_s - 6e9) * 1.5e-5 + 2.0 * 1_500.0 * 2.628e6 * 0.2e-6;
    near(sum.target, expected, 1.0);
    assert!(services.iter().map(|s| s.target).sum::<f64>() > sum.target);
}

/// A series of two kinds of hours costs what its hours cost.
#[test]
fn hours_add_up() {
    let rates = Rates(vec![(2.0, 0.25), (0.0, 0.75)]);
    let w = Workload { rates, ..service(0.0) };
    near(cost(w, &settings()).target, cost(service(0.5), &settings()).target, 1e-9);
}

#[test]
fn the_free_tier_is_left_out_unless_asked_for() {
    let one = [candidate(service(0.1))];
    let plain = evaluate(&one, FleetPeak::default(), &settings()).1;
    let free = evaluate(&one, FleetPeak::default(), &Settings { free_tier: true, ..settings() }).1;
    assert!(plain.target > 0.4);
    near(free.target, 0.0, 1e-9);
    near(*prices().lambda.free_requests, 1e6, 0.0);
}
