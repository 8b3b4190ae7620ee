//! What must hold for every service.

use proptest::prelude::*;

use super::{candidate, prices, service, settings};
use crate::config::{Architecture, FrontDoor};
use crate::cost::model::CostReport;
use crate::cost::quotas::FleetPeak;
use crate::cost::sensitivity::break_even;
use crate::cost::workload::{Rates, Workload};
use crate::cost::{Settings, evaluate, targets};
use crate::rules::model::Target;

fn front() -> impl Strategy<Value = FrontDoor> {
    use FrontDoor as F;
    prop::sample::select(vec![F::None, F::FunctionUrl, F::HttpApi, F::RestApi, F::Alb])
}

prop_compose! {
    fn workload()(
        rates in prop::collection::vec((0.0..500.0f64, 0.01..1.0f64), 1..6),
        seconds in 0.001..20.0f64,
        memory in 128.0..10_240.0f64,
        init in 0.0..15.0f64,
        cold in prop::option::of(0.0..1.0f64),
        front in front(),
        jvm in any::<bool>(),
    ) -> Workload {
        let all: f64 = rates.iter().map(|(_, share)| share).sum();
        let rates = Rates(rates.into_iter().map(|(rps, share)| (rps, share / all)).collect());
        let peak_rps = rates.highest() * 2.0;
        Workload { rates, peak_rps, duration_s: seconds, memory_mb: memory, init_s: init, cold, front, jvm, ..service(0.0) }
    }
}

fn report(workload: &Workload, settings: &Settings) -> CostReport {
    evaluate(&[candidate(workload.clone())], FleetPeak::default(), settings).0.remove(0)
}

/// On every target, by name.
fn all(workload: &Workload) -> Vec<(String, f64)> {
    let settings = settings();
    let ways = |target: &Target| targets::of(*target, workload, &settings);
    Target::ALL.iter().flat_map(ways).map(|o| (o.name, o.usd)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// More traffic never costs less: on no target, with estimated cold starts too.
    #[test]
    fn monotone_in_traffic(w in workload(), factor in 0.0..1.0f64) {
        for ((name, less), (_, more)) in all(&w.scaled(factor, 1.0)).into_iter().zip(all(&w)) {
            prop_assert!(less <= more * (1.0 + 1e-9) + 1e-12, "{}: {} > {}", name, less, more);
        }
    }

    /// Slower requests never cost less.
    #[test]
    fn monotone_in_duration(w in workload(), factor in 0.0..1.0f64) {
        for ((name, less), (_, more)) in all(&w.scaled(1.0, factor)).into_iter().zip(all(&w)) {
            prop_assert!(less <= more * (1.0 + 1e-9) + 1e-12, "{}: {} > {}", name, less, more);
        }
    }

    /// Below the one rate where the costs cross Lambda is cheaper, above it dearer.
    #[test]
    fn one_crossover(w in workload(), below in 0.0..0.999f64, above in 1.001..50.0f64) {
        let settings = settings();
        prop_assume!(w.rates.mean() > 0.0);
        if let Some(rate) = break_even(&w, &settings) {
            let at = |factor: f64| report(&w.scaled(rate / w.rates.mean() * factor, 1.0), &settings).saving;
            prop_assert!(at(below) >= 0.0);
            prop_assert!(at(above) <= 0.0);
        }
    }

    /// No traffic costs nothing on demand, whatever the service; instances and plans are paid all the same.
    #[test]
    fn no_traffic(w in workload()) {
        for (name, usd) in all(&w.scaled(0.0, 1.0)) {
            let floor = matches!(name.as_str(), "lambda-managed-instances" | "lambda-provisioned" | "cloud-run-instance" | "workers");
            prop_assert_eq!(usd > 0.0, floor, "{}: {}", name, usd);
        }
        prop_assert!(report(&w.scaled(0.0, 1.0), &settings()).today > 0.0);
    }

    /// A front door that has its price lowers the rate from which on Lambda is dearer.
    #[test]
    fn a_front_door_lowers_the_break_even(w in workload()) {
        let rate = |front| break_even(&Workload { front, ..w.clone() }, &settings());
        if let (Some(bare), Some(rest)) = (rate(FrontDoor::None), rate(FrontDoor::RestApi)) {
            prop_assert!(rest < bare, "{} {}", rest, bare);
        }
    }

    /// Each figure is the sum of its terms, and ARM is never dearer.
    #[test]
    fn sums_and_architectures(w in workload()) {
        let report = report(&w, &settings());
        for option in &report.options {
            let sum: f64 = option.terms.iter().map(|t| t.usd).sum();
            prop_assert!((sum - option.usd).abs() <= 1e-9 * option.usd.max(1.0), "{}", option.name);
        }
        prop_assert!((report.today - report.target - report.saving).abs() < 1e-9);
        let of = |architecture| targets::plain(Target::Lambda, &w, &Settings { architecture, ..settings() }).map(|o| o.usd);
        prop_assert!(of(Architecture::Arm) <= of(Architecture::X86));
    }

    /// A share of requests is a share, and falls with the rate.
    #[test]
    fn cold_shares(w in workload(), rps in 1e-6..100.0f64) {
        let w = Workload { cold: None, ..w };
        let share = |rps: f64| w.cold_per_second(rps, &prices()) / rps;
        prop_assert!((0.0..=1.0).contains(&share(rps)));
        prop_assert!(share(rps * 2.0) <= share(rps) + 1e-12);
    }
}
