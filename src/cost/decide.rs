//! What to do with a service, when its effort and its money are known.

use super::model::CostOption;
use super::text::amount;
use super::workload::Workload;
use super::{Candidate, Settings};

/// What to do, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// `move`, `adapt`, `refactor`, `keep`.
    pub(super) decision: String,
    /// `cost`, `effort`, `latency`, `compute`, `state`.
    pub(super) by: &'static str,
    pub(super) reason: String,
    pub(super) payback_months: Option<f64>,
}

/// Does somebody wait for answers that a cold start would delay too often?
pub(super) fn needs_warmth(workload: &Workload, settings: &Settings) -> bool {
    let slow = workload.p99_s.max(workload.duration_s);
    workload.latency_s.is_some_and(|most| {
        slow <= most && slow + workload.init_p99_s > most && workload.cold_share(&settings.prices) > 0.01
    })
}

/// Effort speaks first: what cannot be had is kept at any price. Then money.
pub(super) fn decide(candidate: &Candidate, today: f64, target: &CostOption, settings: &Settings) -> Choice {
    let workload = &candidate.workload;
    let verdict = candidate.verdict.as_ref();
    let word = verdict.map_or("move", |v| v.word.as_str());
    let choice = |decision: &str, by, reason: String, payback_months| Choice {
        decision: decision.to_owned(),
        by,
        reason,
        payback_months,
    };
    let saving = today - target.usd;
    let payback = candidate.days.filter(|_| saving > 0.0).map(|days| days * *settings.prices.assumed.day_rate / saving);
    if let Some(verdict) = verdict.filter(|v| v.word == "keep") {
        let by = if verdict.state { "state" } else { "effort" };
        return choice("keep", by, verdict.reason.clone(), payback);
    }
    let sums = format!("${} a month instead of ${}", amount(target.usd), amount(today));
    if saving <= 0.0 {
        if needs_warmth(workload, settings) {
            return choice("keep", "latency", format!("without cold starts {sums}"), None);
        }
        let busy = workload.rates.mean() * workload.duration_s;
        if busy >= 1.0 {
            let why = format!("busy with {} requests at any time: {sums}", amount(busy));
            return choice("keep", "compute", why, None);
        }
        return choice("keep", "cost", sums, None);
    }
    let horizon = *settings.prices.assumed.horizon_months;
    match payback {
        Some(months) if months > horizon => {
            let why = format!(
                "would save ${} a month, but pays back only in {} months, after the {} that count",
                amount(saving),
                amount(months),
                amount(horizon)
            );
            choice("keep", "effort", why, payback)
        }
        Some(months) => choice(word, "cost", format!("{sums}; pays back in {} months", amount(months)), payback),
        None => choice(word, "cost", sums, None),
    }
}
