//! Effort: a sum that the reader can redo, line by line.
//!
//! For each rule `min(cap, first + each · (n − 1)^exponent)`, weighted by confidence, severity and
//! target; rules of one group share the dearest `first`. All displayed figures are rounded before
//! they are added, so that every total is the sum of what is shown.

use std::collections::BTreeMap;

use super::Coefficients;
use super::coefficients::{BASE_GROUP, Interplay};
use super::nature::{self, Floor};
use crate::findings::Finding;
use crate::rules::model::{Confidence, Fit, Rule, Severity, Target, Tier};
use crate::units::{UnitIx, UnitKind, Units};

/// What a line of the sum is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TermKind {
    Base,
    Rule,
    Library,
}

impl TermKind {
    /// As written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Rule => "rule",
            Self::Library => "library",
        }
    }
}

/// A line of the sum; figures in person-days, rounded to hundredths.
#[derive(Clone, Debug)]
pub struct Term {
    pub kind: TermKind,
    pub what: String,
    pub how: String,
    pub sites: usize,
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    /// Of work in a library that others share: what it takes whoever comes first.
    pub whole: Option<f64>,
    /// Of a library: the terms that make it.
    pub parts: Vec<Term>,
}

/// What the term of the interplay is called.
pub const INTERPLAY: &str = "interplay of the changes";

/// A sum with its tier.
#[derive(Clone, Debug, Default)]
pub struct Effort {
    pub person_days: f64,
    pub low: f64,
    pub high: f64,
    pub tier: Tier,
    /// What set the tier when it is not the days: a rule's id.
    pub tier_by: Option<String>,
    /// What tells the nature of the unit, whatever the days; the highest tier first.
    pub floors: Vec<Floor>,
    pub terms: Vec<Term>,
}

/// The model with everything it reads.
pub(super) struct Model<'a> {
    pub(super) rules: &'a [Rule],
    pub(super) units: &'a Units,
    pub(super) coefficients: &'a Coefficients,
    /// Services and jobs that carry work in a library, by library.
    pub(super) users: BTreeMap<UnitIx, usize>,
}

/// Findings of one rule in one place of the sum.
struct Cluster<'f> {
    rule: usize,
    findings: Vec<&'f Finding>,
}

impl Model<'_> {
    /// Everything that moving a service or job takes.
    pub(super) fn service(&self, ix: UnitIx, carried: &[&Finding], target: Target) -> Effort {
        let mut terms = self.base_terms(ix);
        let (own, by_library) = self.parts(ix, carried, target);
        terms.extend(own);
        let mut checked = Vec::new();
        for (library, parts) in by_library {
            let (term, spared) = self.library_term(library, parts);
            checked.push(spared.min(self.coefficients.shared_check));
            terms.push(term);
        }
        terms.extend(self.check_of_shared(&checked));
        terms.extend(self.interplay(&terms));
        let mut effort = self.sum(terms);
        nature::raise(&mut effort, nature::floors(self.rules, carried, target));
        effort
    }

    /// The service's share of the work in a library, and what its other users spare it.
    fn library_term(&self, library: UnitIx, mut parts: Vec<Term>) -> (Term, f64) {
        let days = |parts: &[Term]| round(parts.iter().map(|t| t.person_days).sum());
        let whole = days(&parts);
        let users = self.users.get(&library).copied().unwrap_or(1).max(1);
        if users > 1 {
            for part in &mut parts {
                part.whole = Some(part.person_days);
                let share = |days: f64| round(days / users as f64);
                (part.person_days, part.low, part.high) = (share(part.person_days), share(part.low), share(part.high));
                part.how = format!("({}) ÷ {users} (shared)", part.how);
            }
        }
        let names: Vec<String> = parts.iter().map(|t| format!("{} {:.2}", t.what, t.person_days)).collect();
        let shared = if users > 1 { format!(" (shared by {users})") } else { String::new() };
        let term = Term {
            kind: TermKind::Library,
            what: self.units[library].name.clone(),
            how: format!("{}{shared}", names.join(" + ")),
            sites: parts.iter().map(|t| t.sites).sum(),
            person_days: days(&parts),
            low: round(parts.iter().map(|t| t.low).sum()),
            high: round(parts.iter().map(|t| t.high).sum()),
            whole: (users > 1).then_some(whole),
            parts,
        };
        let spared = round(whole - term.person_days);
        (term, spared)
    }

    /// What is fixed once for all is looked at again in each service that uses it.
    fn check_of_shared(&self, checked: &[f64]) -> Option<Term> {
        let checked: Vec<f64> = checked.iter().copied().filter(|days| *days > 0.0).collect();
        let days = round(checked.iter().sum());
        (days > 0.0).then(|| Term {
            kind: TermKind::Base,
            what: "check of shared libraries".to_owned(),
            how: format!(
                "at most {} for each of {} that others use too",
                self.coefficients.shared_check,
                checked.len()
            ),
            sites: 0,
            person_days: days,
            low: round(days * 0.7),
            high: round(days * 1.5),
            whole: None,
            parts: Vec::new(),
        })
    }

    /// What the changes take together beyond their sum.
    fn interplay(&self, terms: &[Term]) -> Option<Term> {
        let changes = || terms.iter().filter(|t| t.kind != TermKind::Base);
        let days = round(changes().map(|t| t.person_days).sum());
        let person_days = round(self.coefficients.interplay(days));
        if person_days <= 0.0 {
            return None;
        }
        let Interplay { from, exponent } = self.coefficients.interplay;
        let bound = |f: fn(&Term) -> f64| round(self.coefficients.interplay(changes().map(f).sum()));
        Some(Term {
            kind: TermKind::Base,
            what: INTERPLAY.to_owned(),
            how: format!("tested and rolled out together: {from} × ({days} ÷ {from})^{exponent} − {days}"),
            sites: 0,
            person_days,
            low: bound(|t| t.low).min(person_days),
            high: bound(|t| t.high).max(person_days),
            whole: None,
            parts: Vec::new(),
        })
    }

    /// The terms of rules: those of the unit's own sites, and those of each library that it reaches.
    pub(super) fn parts(
        &self,
        ix: UnitIx,
        carried: &[&Finding],
        target: Target,
    ) -> (Vec<Term>, BTreeMap<UnitIx, Vec<Term>>) {
        let there = self.units[ix].runtime.lambda && target == Target::Lambda;
        let share = if there { self.coefficients.lambda_share } else { 1.0 };
        let mut own = Vec::new();
        let mut by_library: BTreeMap<UnitIx, Vec<&Finding>> = BTreeMap::new();
        for finding in carried.iter().copied() {
            match finding.unit.filter(|_| self.in_library(ix, finding)) {
                // What runs on Lambda runs there with its libraries.
                Some(_) if there => {}
                Some(library) => by_library.entry(library).or_default().push(finding),
                None => own.push(finding),
            }
        }
        let libraries = by_library.into_iter().map(|(library, f)| (library, self.rule_terms(&f, target, 1.0)));
        (self.rule_terms(&own, target, share), libraries.filter(|(_, terms)| !terms.is_empty()).collect())
    }

    /// What fixing a library takes, once. `below` are the findings of the libraries that it builds on.
    pub(super) fn shared(&self, ix: UnitIx, carried: &[&Finding], below: &[&Finding], target: Target) -> Effort {
        let own: Vec<&Finding> = carried.iter().copied().filter(|f| f.unit == Some(ix) && !f.declared).collect();
        let mut effort = self.sum(self.rule_terms(&own, target, 1.0));
        let mut floors = nature::floors(self.rules, &own, target);
        // A part of a cluster or a store is one too; lesser natures stay with the library that has them.
        floors.extend(nature::floors(self.rules, below, target).into_iter().filter(|floor| floor.tier == Tier::T5));
        nature::raise(&mut effort, floors);
        effort
    }

    /// Code of a library that the unit uses; what a manifest or setting declares is the unit's own.
    fn in_library(&self, ix: UnitIx, finding: &Finding) -> bool {
        !finding.declared && finding.unit.is_some_and(|u| u != ix && self.units[u].kind == UnitKind::Library)
    }

    fn base_terms(&self, ix: UnitIx) -> Vec<Term> {
        let unit = &self.units[ix];
        let c = self.coefficients;
        let mut terms = Vec::new();
        let factor = c.factor(BASE_GROUP);
        let mut add = |what: &str, how: &str, days: f64| {
            let days = days * factor;
            let how = match (factor - 1.0).abs() > f64::EPSILON {
                true => format!("{how}, × {factor} (fitted)"),
                false => how.to_owned(),
            };
            terms.push(Term {
                kind: TermKind::Base,
                what: what.to_owned(),
                how,
                whole: None,
                parts: Vec::new(),
                sites: 0,
                person_days: round(days),
                low: round(days * 0.7),
                high: round(days * 1.5),
            });
        };
        if unit.runtime.lambda {
            add("runs on Lambda already", "review only", c.base.lambda);
            return terms;
        }
        let (what, days) = match (unit.kind, unit.runtime.web.as_str()) {
            (UnitKind::Job, _) => ("function for a job", c.base.job),
            (_, "" | "none") => ("function without HTTP", c.base.other),
            _ => ("HTTP service through an adapter", c.base.http),
        };
        add(what, "packaging, IAM, infrastructure as code, logs, load test", days);
        if unit.runtime.framework.starts_with("spring")
            || matches!(unit.runtime.framework.as_str(), "dropwizard" | "servlet")
        {
            add("slow JVM start", "SnapStart, priming, measuring", c.jvm_start);
        }
        if unit.runtime.framework == "spring-boot" && unit.runtime.framework_version.starts_with("1.") {
            add("Spring Boot 1", "upgrade first: the Java container adapter starts at Boot 2", c.upgrade.spring_boot_1);
        }
        let untested = &c.untested;
        if unit.test_files.saturating_mul(untested.files_per_test) < unit.files {
            let how = format!(
                "{} files with tests for {} source files: check by hand, or write tests",
                unit.test_files, unit.files
            );
            add("hardly tested", &how, (untested.each * f64::from(unit.files)).min(untested.cap));
        }
        terms
    }

    fn rule_terms(&self, findings: &[&Finding], target: Target, share: f64) -> Vec<Term> {
        let mut by_rule: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        for finding in findings.iter().copied().filter(|f| f.severity != Severity::Info) {
            by_rule.entry(finding.rule).or_default().push(finding);
        }
        let clusters: Vec<Cluster<'_>> =
            by_rule.into_iter().map(|(rule, findings)| Cluster { rule, findings }).collect();
        // The dearest first of each group pays for the design; the others count as further sites.
        let mut leader: BTreeMap<&str, usize> = BTreeMap::new();
        for cluster in &clusters {
            if let Some(group) = &self.rules[cluster.rule].effort.group {
                let best = leader.entry(group).or_insert(cluster.rule);
                if self.rules[cluster.rule].effort.first > self.rules[*best].effort.first {
                    *best = cluster.rule;
                }
            }
        }
        let mut terms: Vec<Term> = clusters
            .iter()
            .filter_map(|cluster| {
                let group = self.rules[cluster.rule].effort.group.as_deref();
                let leads = group.is_none_or(|g| leader.get(g) == Some(&cluster.rule));
                self.rule_term(cluster, leads, target, share)
            })
            .collect();
        terms.sort_by(|a, b| b.person_days.total_cmp(&a.person_days).then_with(|| a.what.cmp(&b.what)));
        terms
    }

    /// Of the fix of one rule in one unit, the design that can be shared and what each place takes by itself.
    pub(super) fn shares(&self, rule: usize, findings: &[&Finding], target: Target) -> (f64, f64) {
        let cluster = Cluster { rule, findings: findings.to_vec() };
        let days = |leads: bool| self.rule_term(&cluster, leads, target, 1.0).map_or(0.0, |term| term.person_days);
        let (whole, places) = (days(true), days(false));
        let places = places.min(whole);
        (round(whole - places), places)
    }

    fn rule_term(&self, cluster: &Cluster<'_>, leads: bool, target: Target, share: f64) -> Option<Term> {
        let rule = &self.rules[cluster.rule];
        let c = self.coefficients;
        let fit = rule.targets.get(&target).copied().unwrap_or(Fit::Hostile);
        let fit_weight = c.fit.get(&fit).copied().unwrap_or(1.0);
        if fit_weight == 0.0 {
            return None;
        }
        let sites = cluster.findings.len();
        let e = &rule.effort;
        let (raw, formula) = if leads {
            let repeats = (sites - 1) as f64;
            let raw = e.first + e.each * repeats.powf(c.repeat_exponent);
            let formula = if sites == 1 {
                format!("{}", e.first)
            } else {
                format!("{} + {} × {}^{}", e.first, e.each, sites - 1, c.repeat_exponent)
            };
            (raw, formula)
        } else {
            let raw = e.each * (sites as f64).powf(c.repeat_exponent);
            (raw, format!("{} × {}^{} (design shared)", e.each, sites, c.repeat_exponent))
        };
        let capped = raw.min(e.cap);
        let severity = cluster.findings.iter().map(|f| f.severity).max().unwrap_or(Severity::Minor);
        let severity_weight = c.severity.get(&severity).copied().unwrap_or(1.0);
        let confidence = mean_confidence(&cluster.findings);
        let weight = c.confidence.get(&confidence).copied()?;
        let fitted = c.factor(c.group(rule.category));
        let base = capped * fit_weight * severity_weight * c.overhead * share * fitted;
        let days = base * weight.weight;
        if days < 0.005 {
            return None;
        }
        let mut how = formula;
        if capped < raw {
            how = format!("min({}, {how})", e.cap);
        }
        let factors = [
            (c.overhead, "overhead"),
            (share, "runs there already"),
            (severity_weight, severity.as_str()),
            (fit_weight, fit.as_str()),
            (weight.weight, confidence.as_str()),
            (fitted, "fitted"),
        ];
        let weighs = |factor: f64| (factor - 1.0).abs() > f64::EPSILON;
        if how.contains(" + ") && capped >= raw && factors.iter().any(|(factor, _)| weighs(*factor)) {
            how = format!("({how})");
        }
        for (factor, name) in factors {
            if weighs(factor) {
                how.push_str(&format!(" × {factor} ({name})"));
            }
        }
        Some(Term {
            kind: TermKind::Rule,
            what: rule.id.clone(),
            how,
            sites,
            person_days: round(days),
            low: round(base * weight.low).min(round(days)),
            high: round(base * weight.high).max(round(days)),
            whole: None,
            parts: Vec::new(),
        })
    }

    fn sum(&self, terms: Vec<Term>) -> Effort {
        let total = |f: fn(&Term) -> f64| round(terms.iter().map(f).sum());
        let person_days = total(|t| t.person_days);
        Effort {
            person_days,
            low: total(|t| t.low),
            high: total(|t| t.high),
            tier: self.coefficients.tier(person_days),
            tier_by: None,
            floors: Vec::new(),
            terms,
        }
    }
}

/// The confidence of most of them, the lower one on a tie.
fn mean_confidence(findings: &[&Finding]) -> Confidence {
    let mut counts = [0usize; 3];
    for finding in findings {
        counts[finding.confidence as usize] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    Confidence::ALL.iter().copied().find(|c| counts[*c as usize] == most).unwrap_or(Confidence::Medium)
}

/// To hundredths of a person-day.
pub(super) fn round(days: f64) -> f64 {
    (days * 100.0).round() / 100.0
}
