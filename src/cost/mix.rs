//! The best mix: what to move first, and what a budget of days buys.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{BudgetReport, CurvePoint};

/// A service that would save something.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub name: String,
    /// Person-days of its own.
    pub days: f64,
    /// Person-days in libraries, by their name: whoever comes first pays.
    pub libraries: BTreeMap<String, f64>,
    /// USD a month.
    pub saving: f64,
}

/// Cells of the exact choice's table; beyond, the greedy choice and its bound must do.
const CELLS: usize = 50_000_000;
/// Days are counted in tenths.
const TENTHS: f64 = 10.0;

/// In the order that saves most per day. After each step the libraries that it has fixed cost nothing any more.
pub fn curve(items: &[Item]) -> Vec<CurvePoint> {
    let mut paid: BTreeSet<&str> = BTreeSet::new();
    let mut users: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (ix, item) in items.iter().enumerate() {
        for library in item.libraries.keys() {
            users.entry(library).or_default().push(ix);
        }
    }
    let mut queue: BTreeSet<Step> = items.iter().enumerate().map(|(ix, item)| step(ix, item, &paid)).collect();
    let mut out: Vec<CurvePoint> = Vec::with_capacity(items.len());
    let (mut days, mut saving) = (0.0, 0.0);
    while let Some(best) = queue.pop_first() {
        let item = &items[best.ix];
        let fresh: Vec<&str> = item.libraries.keys().map(String::as_str).filter(|l| !paid.contains(l)).collect();
        let cost = marginal(item, &paid);
        days += cost;
        saving += item.saving;
        out.push(CurvePoint {
            service: item.name.clone(),
            days: cost,
            saving: item.saving,
            cumulative_days: days,
            cumulative_saving: saving,
        });
        let touched: BTreeSet<usize> = fresh.iter().flat_map(|l| users[l].iter().copied()).collect();
        let waiting: Vec<usize> =
            touched.into_iter().filter(|ix| queue.remove(&step(*ix, &items[*ix], &paid))).collect();
        paid.extend(fresh);
        queue.extend(waiting.into_iter().map(|ix| step(ix, &items[ix], &paid)));
    }
    out
}

/// The order of the curve: cheapest per saving first, then the larger saving, then the name.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    cost: f64,
    saving: f64,
    ix: usize,
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_cost = self.cost.total_cmp(&other.cost);
        by_cost.then(other.saving.total_cmp(&self.saving)).then(self.ix.cmp(&other.ix))
    }
}

fn step(ix: usize, item: &Item, paid: &BTreeSet<&str>) -> Step {
    Step { cost: marginal(item, paid) / item.saving, saving: item.saving, ix }
}

fn marginal(item: &Item, paid: &BTreeSet<&str>) -> f64 {
    item.days + item.libraries.iter().filter(|(l, _)| !paid.contains(l.as_str())).map(|(_, d)| d).sum::<f64>()
}

/// What to move within so many days. Exact where no two services share a library and the table is not too large;
/// else by the curve, with the bound that no choice can pass.
pub fn within(items: &[Item], budget: f64) -> BudgetReport {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let shared = items.iter().flat_map(|i| i.libraries.keys()).any(|library| !seen.insert(library));
    let capacity = (budget * TENTHS + 1e-9).floor().clamp(0.0, CELLS as f64) as usize;
    let none = BTreeSet::new();
    let weights: Vec<usize> =
        items.iter().map(|i| (marginal(i, &none) * TENTHS - 1e-9).ceil().clamp(0.0, CELLS as f64) as usize).collect();
    let all: usize = weights.iter().fold(0, |sum, w| sum.saturating_add(*w));
    let capacity = capacity.min(all);
    let bound = bound(items, budget);
    if !shared && items.len().saturating_mul(capacity + 1) <= CELLS {
        let chosen = knapsack(items, &weights, capacity);
        let total: f64 = chosen.iter().map(|ix| items[*ix].saving).sum();
        return told(items, &chosen, budget, total, true);
    }
    let chosen = greedy(items, budget);
    told(items, &chosen, budget, bound, false)
}

fn told(items: &[Item], chosen: &[usize], budget: f64, bound: f64, exact: bool) -> BudgetReport {
    let mut paid = BTreeSet::new();
    let (mut days, mut saving) = (0.0, 0.0);
    for ix in chosen {
        days += marginal(&items[*ix], &paid);
        saving += items[*ix].saving;
        paid.extend(items[*ix].libraries.keys().map(String::as_str));
    }
    let services = chosen.iter().map(|ix| items[*ix].name.clone()).collect();
    let bound = bound.max(saving);
    BudgetReport { budget, services, days, saving, bound, exact: exact || bound <= saving }
}

/// Dynamic programming over tenths of days.
fn knapsack(items: &[Item], weights: &[usize], capacity: usize) -> Vec<usize> {
    let mut best = vec![0.0f64; capacity + 1];
    let mut taken: Vec<Vec<u64>> = Vec::with_capacity(items.len());
    for (item, weight) in items.iter().zip(weights) {
        let mut row = vec![0u64; capacity / 64 + 1];
        for room in (*weight..=capacity).rev() {
            let with = best[room - weight] + item.saving;
            if with > best[room] {
                best[room] = with;
                row[room / 64] |= 1 << (room % 64);
            }
        }
        taken.push(row);
    }
    let mut room = capacity;
    let mut chosen = Vec::new();
    for ix in (0..items.len()).rev() {
        if taken[ix][room / 64] >> (room % 64) & 1 == 1 {
            chosen.push(ix);
            room -= weights[ix];
        }
    }
    chosen.reverse();
    chosen
}

/// Along the curve, leaving out what no longer fits; or the one service that saves most, if that is more.
fn greedy(items: &[Item], budget: f64) -> Vec<usize> {
    let by_name: BTreeMap<&str, usize> = items.iter().enumerate().map(|(ix, item)| (item.name.as_str(), ix)).collect();
    let mut paid = BTreeSet::new();
    let (mut left, mut chosen) = (budget, Vec::new());
    for point in curve(items) {
        let Some(ix) = by_name.get(point.service.as_str()).copied() else { continue };
        let cost = marginal(&items[ix], &paid);
        if cost <= left + 1e-9 {
            left -= cost;
            chosen.push(ix);
            paid.extend(items[ix].libraries.keys().map(String::as_str));
        }
    }
    let none = BTreeSet::new();
    let fitting = (0..items.len()).filter(|ix| marginal(&items[*ix], &none) <= budget + 1e-9);
    let single = fitting.max_by(|a, b| items[*a].saving.total_cmp(&items[*b].saving));
    let sum: f64 = chosen.iter().map(|ix| items[*ix].saving).sum();
    match single {
        Some(one) if items[one].saving > sum => vec![one],
        _ => chosen,
    }
}

/// No choice saves more: parts of services may be taken, and shared libraries cost nothing.
fn bound(items: &[Item], budget: f64) -> f64 {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for library in items.iter().flat_map(|i| i.libraries.keys()) {
        *count.entry(library).or_default() += 1;
    }
    let least = |item: &Item| {
        let own = item.libraries.iter().filter(|(l, _)| count[l.as_str()] == 1).map(|(_, d)| d).sum::<f64>();
        item.days + own
    };
    let mut order: Vec<(f64, f64)> = items.iter().map(|i| (least(i), i.saving)).collect();
    order.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (mut left, mut sum) = (budget, 0.0);
    for (days, saving) in order {
        if days <= left {
            left -= days;
            sum += saving;
        } else {
            return sum + saving * left / days;
        }
    }
    sum
}
