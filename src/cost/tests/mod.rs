//! The model held against worked examples and against what must always be so.

mod claims;
mod decisions;
mod invariants;

use super::prices::Prices;
use super::workload::{Pods, Rates, Workload};
use super::{Candidate, Settings};
use crate::config::FrontDoor;

pub(crate) fn prices() -> Prices {
    serde_saphyr::from_str(include_str!("../../../rules/catalog/prices.yaml")).expect("the prices read")
}

pub(super) fn settings() -> Settings {
    Settings { prices: prices(), ..Settings::default() }
}

/// A service of 100 ms and 1 GB without a front door, its pods twice half a vCPU and 1 GiB: $49.64 a month on nodes.
pub(super) fn service(rps: f64) -> Workload {
    Workload {
        rates: Rates::steady(rps),
        peak_rps: rps,
        cold: Some(0.0),
        front: FrontDoor::None,
        pods: Some(Pods { vcpu: 0.5, gib: 1.0, least: 2.0, most: 2.0, job: false }),
        ..Workload::new("svc", &prices())
    }
}

pub(super) fn candidate(workload: Workload) -> Candidate {
    Candidate {
        name: workload.name.clone(),
        matched_by: "file",
        verdict: None,
        days: None,
        shares: 0.0,
        libraries: Default::default(),
        hours: 0,
        assumed: Vec::new(),
        workload,
    }
}

#[test]
fn every_figure_has_a_source_and_a_unit() {
    let list = prices().list();
    assert!(list.len() > 80, "{}", list.len());
    for figure in list {
        assert!(!figure.source.is_empty() && !figure.as_of.is_empty(), "{figure:?}");
        assert!(!figure.unit.is_empty() || figure.what == "assumed.duration-sigma", "{figure:?}");
    }
    prices().check().unwrap();
}
