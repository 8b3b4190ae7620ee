//! The additive model: base + J × (libraries + classes + beans) / CPU + J × first call / CPU.
//!
//! Every term is rounded before it is added, so that the median is the sum of what is shown.

use std::collections::BTreeSet;

use super::coefficients::{ColdStartData, Table, matches};

/// What the model is asked about.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Coordinates of what manifests name and starters bring.
    pub libraries: Vec<String>,
    /// Coordinates that only a list of resolved packages names: the terms of `libraries` have what lies below them in
    /// general, so that these count where they make a row of their own.
    pub resolved: Vec<String>,
    pub beans: u32,
    /// Declared types of the service and of its libraries as far as it reaches them.
    pub types: u32,
    pub entities: u32,
    pub java: Option<u16>,
    pub rust: bool,
    pub image: bool,
    pub arm: bool,
    /// The second compiler is off by an option.
    pub c1: bool,
    /// It starts within the first request instead of in INIT.
    pub lazy: bool,
    pub native: bool,
    /// Restore and checkpoint hooks prime it.
    pub primed: bool,
    /// It answers HTTP.
    pub web: bool,
    pub memory_mb: Option<f64>,
}

/// A line of the sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColdTerm {
    pub part: Part,
    pub what: String,
    pub ms: u32,
    /// The formula where it is more than the number.
    pub how: String,
}

/// What takes the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The JVM, the native runtime, the image it comes in.
    Runtime,
    Framework,
    Library,
    /// Classes, beans and entities of the service.
    Own,
    /// What happens for the first time within the first request.
    FirstCall,
}

impl Part {
    /// As written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Framework => "framework",
            Self::Library => "library",
            Self::Own => "own",
            Self::FirstCall => "first-call",
        }
    }
}

/// The estimate with its lines.
#[derive(Clone, Debug, Default)]
pub struct Estimate {
    pub p50_ms: u32,
    pub p90_ms: u32,
    pub p99_ms: u32,
    /// Median and 99th percentile; none where SnapStart cannot be had.
    pub snapstart: Option<(u32, u32)>,
    pub terms: Vec<ColdTerm>,
    /// What it says of the limit of INIT.
    pub warning: Option<String>,
}

/// The estimate for a case.
pub fn estimate(data: &ColdStartData, table: &Table<'_>, case: &Case) -> Estimate {
    let mut sum = Sum { data, case, terms: Vec::new() };
    sum.base();
    let calls = sum.libraries(table);
    if !case.rust {
        sum.own();
    }
    let init: u32 = sum.terms.iter().map(|t| t.ms).sum();
    if !case.rust {
        sum.first_call(calls);
    }
    let warning = sum.init_limit(init);
    let image = if case.image { if case.rust { data.image_extra.rust } else { data.image_extra.java } } else { 0.0 };
    let restored: u32 = sum.terms.iter().filter(|t| t.what != RESTART).map(|t| t.ms).sum();
    let mut terms = sum.terms;
    if case.native && !case.rust {
        let base = terms.first().map_or(0, |t| t.ms);
        let rest: u32 = terms.iter().map(|t| t.ms).sum::<u32>().saturating_sub(base);
        terms = vec![
            term(Part::Runtime, "native image", data.native.base, String::new()),
            term(
                Part::Own,
                "what the JVM would add, compiled ahead",
                data.native.factor * f64::from(rest),
                format!("{} × {rest}", data.native.factor),
            ),
        ];
    }
    if image > 0.0 {
        terms.push(term(Part::Runtime, "container image", image, String::new()));
    }
    terms.retain(|t| t.ms > 0);
    let p50: u32 = terms.iter().map(|t| t.ms).sum();
    let p99 = if case.rust { data.percentiles.rust_p99 } else { data.percentiles.p99 };
    Estimate {
        p50_ms: p50,
        p90_ms: times(p50, data.percentiles.p90),
        p99_ms: times(p50, p99),
        snapstart: snapstart(data, case, restored),
        terms,
        warning: warning.filter(|_| !case.native),
    }
}

const RESTART: &str = "INIT stopped at its limit and begun again";

fn snapstart(data: &ColdStartData, case: &Case, p50: u32) -> Option<(u32, u32)> {
    let s = &data.snapstart;
    if case.rust || case.native || case.java.is_some_and(|java| java < s.min_java) {
        return None;
    }
    let (factor, floor) = if case.primed { (s.primed_factor, s.primed_floor) } else { (s.factor, s.floor) };
    // What starts faster than the floor gains nothing.
    let median = (factor * f64::from(p50)).max(floor).min(f64::from(p50)).round() as u32;
    Some((median, times(median, s.p99)))
}

fn times(ms: u32, factor: f64) -> u32 {
    (f64::from(ms) * factor).round() as u32
}

fn term(part: Part, what: &str, ms: f64, how: String) -> ColdTerm {
    ColdTerm { part, what: what.to_owned(), ms: ms.round() as u32, how }
}

struct Sum<'a> {
    data: &'a ColdStartData,
    case: &'a Case,
    terms: Vec<ColdTerm>,
}

impl Sum<'_> {
    fn base(&mut self) {
        let data = self.data;
        if self.case.rust {
            self.terms.push(term(Part::Runtime, "Rust on provided.al2023", data.rust_base, String::new()));
            return;
        }
        let java = self.case.java.unwrap_or(data.assumed_java);
        let row = data.base.iter().rev().find(|b| b.java <= java).or(data.base.first());
        let ms = row.map_or(0.0, |b| b.arm_ms.filter(|_| self.case.arm).unwrap_or(b.ms));
        let assumed = if self.case.java.is_none() { " (assumed)" } else { "" };
        self.terms.push(term(Part::Runtime, &format!("Java {java} runtime{assumed}"), ms, String::new()));
    }

    /// The factor of the compiler.
    fn jit(&self) -> f64 {
        let jit = &self.data.default_jit;
        let java = self.case.java.unwrap_or(self.data.assumed_java);
        if self.case.rust || self.case.c1 || java >= jit.below_java { 1.0 } else { jit.factor }
    }

    /// The share of one vCPU outside INIT.
    fn cpu(&self) -> f64 {
        (self.case.memory_mb.unwrap_or(self.data.memory_mb) / self.data.vcpu_mb).clamp(0.05, 1.0)
    }

    /// Adds what takes `ms` at one vCPU with C1; `formula` is what `ms` comes from.
    fn add(&mut self, part: Part, what: &str, ms: f64, formula: String, cpu: f64) {
        let jit = self.jit();
        let mut how = formula;
        let plain = format!("{ms}");
        for (factor, shown) in [(jit, format!(" × {jit} (default JIT)")), (1.0 / cpu, format!(" / {cpu:.3} (vCPU)"))] {
            if (factor - 1.0).abs() > 1e-9 {
                if how.is_empty() {
                    how.clone_from(&plain);
                }
                how.push_str(&shown);
            }
        }
        self.terms.push(term(part, what, ms * jit / cpu, how));
    }

    fn init_cpu(&self) -> f64 {
        if self.case.lazy { self.cpu() } else { 1.0 }
    }

    /// Adds a term for each row that is met; tells whether one of them calls out.
    fn libraries(&mut self, table: &Table<'_>) -> bool {
        let mut covered: BTreeSet<&str> = BTreeSet::new();
        let mut calls = false;
        let libraries: BTreeSet<&str> = self.case.libraries.iter().map(String::as_str).collect();
        for (row, any, but) in &table.rows {
            let mut met: Vec<&str> = libraries.iter().copied().filter(|l| matches(any, l)).collect();
            if met.is_empty() {
                met.extend(self.case.resolved.iter().map(String::as_str).find(|l| matches(any, l)));
            }
            if met.is_empty() {
                continue;
            }
            calls |= row.call;
            if covered.contains(row.what.as_str()) {
                continue;
            }
            covered.extend(row.covers.iter().map(String::as_str));
            let further = met.iter().filter(|l| !matches(but, l)).count().saturating_sub(1);
            let (ms, formula) = match further as f64 * row.more {
                more if more > 0.0 => (row.ms + more, format!("{} + {further} × {}", row.ms, row.more)),
                _ => (row.ms, String::new()),
            };
            let part = if row.framework { Part::Framework } else { Part::Library };
            self.add(part, &row.what, ms, formula, self.init_cpu());
        }
        let unknown = libraries.iter().filter(|l| table.is_unknown(l)).count();
        if unknown > 0 && !self.case.rust {
            let prior = &self.data.unknown_library;
            let ms = (unknown as f64 * prior.ms).min(prior.most);
            let what = format!("{unknown} other {}", if unknown == 1 { "library" } else { "libraries" });
            self.add(
                Part::Library,
                &what,
                ms,
                format!("min({}, {unknown} × {})", prior.most, prior.ms),
                self.init_cpu(),
            );
        }
        calls
    }

    fn own(&mut self) {
        let Case { beans, types, entities, .. } = *self.case;
        let data = self.data;
        let classes = (f64::from(types) * data.classes_per_type).round();
        let lines = [
            ("classes of its own", classes, data.per_class),
            ("beans", f64::from(beans), data.per_bean),
            ("JPA entities", f64::from(entities), data.per_entity),
        ];
        for (what, count, each) in lines {
            if count > 0.0 {
                self.add(
                    Part::Own,
                    &format!("{count} {what}"),
                    count * each,
                    format!("{count} × {each}"),
                    self.init_cpu(),
                );
            }
        }
    }

    fn first_call(&mut self, calls: bool) {
        let first = &self.data.first_call;
        let (what, ms) = match (calls, self.case.web) {
            (true, _) => ("first call to a database, broker or service", first.remote),
            (false, true) => ("first web request", first.web),
            (false, false) => return,
        };
        // Always within the invocation, on the function's own share of a CPU.
        self.add(Part::FirstCall, what, ms, String::new(), self.cpu());
    }

    /// Adds the second pass of an INIT that is too long, and warns of one that comes near.
    fn init_limit(&mut self, init: u32) -> Option<String> {
        let limit = &self.data.init_limit;
        if self.case.lazy || self.case.rust {
            return None;
        }
        let slow = f64::from(init) * self.data.percentiles.p99;
        let seconds = |ms: f64| format!("{:.1} s", ms / 1000.0);
        if f64::from(init) > limit.ms {
            self.terms.push(term(Part::FirstCall, RESTART, limit.ms, String::new()));
            return Some(format!(
                "INIT takes about {} and is stopped at {}: it begins again in the first request",
                seconds(f64::from(init)),
                seconds(limit.ms)
            ));
        }
        (slow >= limit.warn_ms).then(|| {
            let near = if slow >= limit.ms { "over" } else { "near" };
            format!("INIT takes {} at p99, {near} the limit of {}", seconds(slow), seconds(limit.ms))
        })
    }
}

#[cfg(test)]
mod tests;
