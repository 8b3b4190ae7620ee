//! Factors of the effort model from finished moves: least squares with a ridge towards 1, so that
//! a few moves stay near the defaults.

use std::collections::BTreeMap;

use super::Coefficients;
use super::coefficients::BASE_GROUP;

/// How much the defaults weigh: half as much as one move whose days are all of one group.
const RIDGE: f64 = 0.5;

/// Factors stay within these, whatever the rows say.
const BOUNDS: (f64, f64) = (0.2, 5.0);

/// The interplay bends the sum; so many steps straighten it out.
const STEPS: usize = 25;

/// A finished move.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub service: String,
    /// Person-days that it took.
    pub actual: f64,
    /// Estimated days by group, before any fitted factor and without the interplay.
    pub days: BTreeMap<String, f64>,
}

/// What came of it. Errors are factors: 1.3 means off by 30 % in a typical case, up or down.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// By group, rounded to hundredths.
    pub factors: BTreeMap<String, f64>,
    /// With the defaults.
    pub before: f64,
    /// With the fit, each move predicted by a fit to the others.
    pub after: f64,
    /// By move: the estimate with the defaults, and by the fit to the others.
    pub estimates: Vec<(f64, f64)>,
}

/// Fits the factors to the moves.
pub fn calibrate(moves: &[Move], coefficients: &Coefficients) -> Fitted {
    let groups: Vec<&str> = std::iter::once(BASE_GROUP).chain(coefficients.groups.keys().map(String::as_str)).collect();
    let case = Case { groups: &groups, coefficients };
    let ones = vec![1.0; groups.len()];
    let estimates: Vec<(f64, f64)> = (0..moves.len())
        .map(|left_out| {
            let others: Vec<&Move> = moves.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, m)| m).collect();
            let one = &moves[left_out];
            (case.estimate(one, &ones), case.estimate(one, &case.fit(&others)))
        })
        .collect();
    let error = |of: fn(&(f64, f64)) -> f64| {
        let logs = moves.iter().zip(&estimates).map(|(one, pair)| (of(pair).max(0.1) / one.actual.max(0.1)).ln().abs());
        (logs.sum::<f64>() / moves.len().max(1) as f64).exp()
    };
    let (before, after) = (error(|pair| pair.0), error(|pair| pair.1));
    let all: Vec<&Move> = moves.iter().collect();
    let factors = case.fit(&all).into_iter().map(|factor| (factor * 100.0).round() / 100.0);
    Fitted { factors: groups.iter().map(|group| (*group).to_owned()).zip(factors).collect(), before, after, estimates }
}

struct Case<'a> {
    groups: &'a [&'a str],
    coefficients: &'a Coefficients,
}

impl Case<'_> {
    fn days(&self, one: &Move, group: usize) -> f64 {
        one.days.get(self.groups[group]).copied().unwrap_or(0.0)
    }

    /// Days of the changes, without the base, under these factors.
    fn changes(&self, one: &Move, factors: &[f64]) -> f64 {
        (1..self.groups.len()).map(|g| self.days(one, g) * factors[g]).sum()
    }

    fn estimate(&self, one: &Move, factors: &[f64]) -> f64 {
        let changes = self.changes(one, factors);
        self.days(one, 0) * factors[0] + changes + self.coefficients.interplay(changes)
    }

    fn fit(&self, moves: &[&Move]) -> Vec<f64> {
        let n = self.groups.len();
        let ones = vec![1.0; n];
        let mut factors = ones.clone();
        for _ in 0..STEPS {
            let mut matrix = vec![vec![0.0; n + 1]; n];
            for (g, row) in matrix.iter_mut().enumerate() {
                row[g] = RIDGE;
            }
            for one in moves {
                let changes = self.changes(one, &factors);
                let bend = if changes > 0.0 { 1.0 + self.coefficients.interplay(changes) / changes } else { 1.0 };
                // Half-way between what was estimated and what it took: neither error weighs more.
                let scale = (self.estimate(one, &ones).max(0.5) * one.actual.max(0.5)).sqrt();
                let x: Vec<f64> = (0..n).map(|g| self.days(one, g) * if g == 0 { 1.0 } else { bend } / scale).collect();
                let missing = one.actual / scale - x.iter().sum::<f64>();
                for (g, row) in matrix.iter_mut().enumerate() {
                    for (cell, other) in row.iter_mut().zip(&x) {
                        *cell += x[g] * other;
                    }
                    row[n] += x[g] * missing;
                }
            }
            let shift = solve(matrix);
            factors = shift.iter().map(|by| (1.0 + by).clamp(BOUNDS.0, BOUNDS.1)).collect();
        }
        factors
    }
}

/// Solves `n` equations, each row its coefficients and then its right side. The ridge keeps the
/// diagonal away from zero, so no rows need to change places.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for at in 0..n {
        let (done, rest) = rows.split_at_mut(at + 1);
        let pivot = &done[at];
        for row in rest {
            let factor = row[at] / pivot[at];
            for (cell, above) in row.iter_mut().zip(pivot).skip(at) {
                *cell -= factor * above;
            }
        }
    }
    let mut out = vec![0.0; n];
    for at in (0..n).rev() {
        let known: f64 = (at + 1..n).map(|other| rows[at][other] * out[other]).sum();
        out[at] = (rows[at][n] - known) / rows[at][at];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::coefficients::tests::coefficients;

    /// A service whose groups carry these days, and what it took under other factors.
    fn finished(n: usize, factors: &BTreeMap<&str, f64>) -> Vec<Move> {
        let c = coefficients();
        (0..n)
            .map(|i| {
                let days = [
                    ("base", 2.0 + (i % 3) as f64 / 4.0),
                    ("background", (i % 5) as f64),
                    ("state", ((i * 7) % 4) as f64),
                    ("edge", ((i * 3) % 7) as f64),
                    ("start", 0.5 + (i % 2) as f64),
                ];
                let of = |group: &str| factors.get(group).copied().unwrap_or(1.0);
                let changes: f64 = days[1..].iter().map(|(group, days)| days * of(group)).sum();
                Move {
                    service: format!("s{i}"),
                    actual: days[0].1 * of("base") + changes + c.interplay(changes),
                    days: days.iter().map(|(group, days)| ((*group).to_owned(), *days)).collect(),
                }
            })
            .collect()
    }

    #[test]
    fn what_the_model_says_already_changes_nothing() {
        let fitted = calibrate(&finished(12, &BTreeMap::new()), &coefficients());
        assert!(fitted.factors.values().all(|factor| (factor - 1.0).abs() < 0.011), "{:?}", fitted.factors);
        assert!((fitted.before - 1.0).abs() < 1e-9);
    }

    #[test]
    fn many_moves_show_which_group_is_dearer() {
        let truth = BTreeMap::from([("background", 2.0), ("base", 0.6)]);
        let fitted = calibrate(&finished(60, &truth), &coefficients());
        assert!(fitted.factors["background"] > 1.7, "{:?}", fitted.factors);
        assert!(fitted.factors["base"] < 0.8, "{:?}", fitted.factors);
        assert!((fitted.factors["edge"] - 1.0).abs() < 0.1, "{:?}", fitted.factors);
        assert!(fitted.after < fitted.before && fitted.after < 1.1, "{fitted:?}");
    }

    #[test]
    fn few_moves_stay_near_the_defaults() {
        let truth = BTreeMap::from([("background", 4.0), ("state", 4.0), ("edge", 4.0), ("start", 4.0), ("base", 4.0)]);
        let one = calibrate(&finished(1, &truth), &coefficients());
        let many = calibrate(&finished(40, &truth), &coefficients());
        for (group, factor) in &one.factors {
            assert!((1.0..3.0).contains(factor), "{group} {factor}");
            assert!(many.factors[group] > *factor, "{group}");
        }
        assert_eq!(calibrate(&[], &coefficients()).factors["base"], 1.0);
    }

    #[test]
    fn absurd_rows_stay_within_bounds() {
        let mut moves = finished(30, &BTreeMap::new());
        moves.iter_mut().for_each(|one| one.actual = 1e9);
        let fitted = calibrate(&moves, &coefficients());
        assert!(fitted.factors.values().all(|f| (BOUNDS.0..=BOUNDS.1).contains(f)), "{:?}", fitted.factors);
    }

    #[test]
    fn equations_are_solved() {
        let solved = solve(vec![vec![2.0, 1.0, 5.0], vec![1.0, 3.0, 10.0]]);
        assert!((solved[0] - 1.0).abs() < 1e-12 && (solved[1] - 3.0).abs() < 1e-12);
    }
}
