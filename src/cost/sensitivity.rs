//! How firm a figure is: the rate at which two costs meet, and months a little different from this one.

use super::Settings;
use super::model::SensitivityReport;
use super::workload::{Rates, Workload};
use super::{targets, today};

/// No service is asked more often; above, the target counts as cheaper at any rate.
const MOST_RPS: f64 = 1e7;
/// As near as the rate is told.
const NEAR: f64 = 1e-5;

/// The mean rate from which on the target is dearer than today, if the load keeps its shape. None where one of them
/// is cheaper at any rate.
pub fn break_even(workload: &Workload, settings: &Settings) -> Option<f64> {
    let mut shape = workload.clone();
    if shape.rates.mean() <= 0.0 {
        shape.rates = Rates::steady(1.0);
    }
    let mean = shape.rates.mean();
    let dearer = |factor: f64| {
        let scaled = shape.scaled(factor, 1.0);
        let target = targets::plain(settings.target, &scaled, settings)?.usd;
        Some(target > today::usd(&scaled, settings.today, &settings.prices)?)
    };
    if dearer(0.0)? {
        return None;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while !dearer(high)? {
        (low, high) = (high, high * 2.0);
        if high * mean > MOST_RPS {
            return None;
        }
    }
    while high - low > NEAR * high {
        let middle = (low + high) / 2.0;
        if dearer(middle)? {
            high = middle
        } else {
            low = middle
        }
        if high * mean < f64::MIN_POSITIVE * 1e10 {
            return None;
        }
    }
    Some(high * mean)
}

/// Half as much again and half as much, of traffic and of duration.
pub(super) fn table(workload: &Workload, settings: &Settings) -> Vec<SensitivityReport> {
    let months = [
        ("traffic −50 %", 0.5, 1.0),
        ("traffic +50 %", 1.5, 1.0),
        ("duration −50 %", 1.0, 0.5),
        ("duration +50 %", 1.0, 1.5),
    ];
    let row = |(what, traffic, duration): (&str, f64, f64)| {
        let scaled = workload.scaled(traffic, duration);
        let today = today::usd(&scaled, settings.today, &settings.prices)?;
        let target = targets::plain(settings.target, &scaled, settings)?.usd;
        Some(SensitivityReport { what: what.to_owned(), today, target, saving: today - target })
    };
    months.into_iter().filter_map(row).collect()
}
