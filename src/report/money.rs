//! Words for money that several formats use.

use super::model::{BudgetReport, CostReport, FleetCost, QuotaReport, Report, UnitReport};
use crate::rules::model::Severity;

/// `$1,234`, below a hundred with cents; `−` for what is lost.
pub(super) fn usd(value: f64) -> String {
    let sign = if value < -0.005 { "−" } else { "" };
    let size = value.abs();
    let text = if size < 99.995 { format!("{size:.2}") } else { format!("{size:.0}") };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (ix, digit) in whole.chars().enumerate() {
        if ix > 0 && (whole.len() - ix).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}${grouped}{rest}")
}

/// Two digits that mean something: `0.31`, `6.6`, `57`, `0.0042`.
pub(super) fn short(value: f64) -> String {
    match value {
        v if !v.is_finite() => String::new(),
        v if v >= 10.0 => format!("{v:.0}"),
        v if v >= 1.0 => format!("{v:.1}"),
        v if v >= 0.01 => format!("{v:.2}"),
        v if v > 0.0 => format!("{v:.4}"),
        _ => "0".to_owned(),
    }
}

/// Units whose cost is known, what saves most first.
pub(super) fn priced(report: &Report) -> Vec<(&UnitReport, &CostReport)> {
    let mut out: Vec<_> = report.units.iter().filter_map(|unit| Some((unit, unit.cost.as_ref()?))).collect();
    out.sort_by(|a, b| b.1.saving.total_cmp(&a.1.saving).then_with(|| a.0.name.cmp(&b.0.name)));
    out
}

/// Limits of the fleet and of services, the gravest first.
pub(super) fn quotas<'a>(report: &'a Report, fleet: &'a FleetCost) -> Vec<&'a QuotaReport> {
    let of_units = report.units.iter().filter_map(|unit| unit.cost.as_ref()).flat_map(|cost| &cost.quotas);
    let mut out: Vec<&QuotaReport> = fleet.quotas.iter().chain(of_units).collect();
    let rank = |q: &QuotaReport| Severity::ALL.iter().rposition(|s| s.as_str() == q.severity);
    out.sort_by_key(|q| std::cmp::Reverse(rank(q)));
    out
}

/// What a budget buys.
pub(super) fn budget(budget: &BudgetReport) -> String {
    let n = budget.services.len();
    let services = if n == 1 { "1 service".to_owned() } else { format!("{n} services") };
    let how = if budget.exact {
        "no choice saves more".to_owned()
    } else {
        format!("no choice saves more than {}", usd(budget.bound))
    };
    let names = match budget.services.as_slice() {
        [] => String::new(),
        names if names.len() <= 20 => format!(": {}", names.join(", ")),
        names => format!(": {}, …", names[..20].join(", ")),
    };
    format!(
        "{} days buy {services} for {:.1} days, {} a month; {how}{names}",
        short(budget.budget),
        budget.days,
        usd(budget.saving)
    )
}

/// The traffic in a sentence.
pub(super) fn traffic(cost: &CostReport) -> String {
    let t = &cost.traffic;
    let from = match t.hours {
        0 => "means".to_owned(),
        hours => format!("{hours} hours"),
    };
    format!(
        "{}/s on average and {}/s at the peak, {} ms, {} MB, {}% cold, {} environments; from {from}, matched by {}",
        short(t.average_rps),
        short(t.peak_rps),
        short(t.duration_ms),
        short(t.memory_mb),
        short(t.cold_share * 100.0),
        short(t.concurrency.ceil()),
        cost.matched_by
    )
}

/// What a reader must know of the figures.
pub(super) fn remarks(fleet: &FleetCost) -> Vec<String> {
    let listed = |names: &[String]| match names.len() {
        n if n > 10 => format!("{} and {} more", names[..10].join(", "), n - 10),
        _ => names.join(", "),
    };
    let mut out = vec![format!(
        "Prices as of {}, {} a person-day; `faasible prices` lists all that is assumed.",
        fleet.as_of,
        usd(fleet.day_rate)
    )];
    if !fleet.unmatched.is_empty() {
        out.push(format!("In the traffic, but no unit of that name: {}.", listed(&fleet.unmatched)));
    }
    if !fleet.without_traffic.is_empty() {
        out.push(format!("Without traffic, hence without cost: {}.", listed(&fleet.without_traffic)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        assert_eq!(
            [0.0, 0.706, 49.64, 99.999, 24_893.4, -0.004, -411.1].map(usd),
            ["$0.00", "$0.71", "$49.64", "$100", "$24,893", "$0.00", "−$411"]
        );
        assert_eq!([0.0, 0.00423, 0.31, 6.6, 57.3].map(short), ["0", "0.0042", "0.31", "6.6", "57"]);
    }
}
