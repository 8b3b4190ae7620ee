//! From traffic files and a tree to services whose cost can be computed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::assess::{Assessment, Decision, Fleet, TermKind};
use crate::config::FrontDoor;
use crate::facts::FileFacts;
use crate::link::talks::{How, Talk};
use crate::rules::model::{Category, Rule, Target};
use crate::units::{Unit, UnitIx, UnitKind, Units};

use super::pods::{self, Found};
use super::prices::Prices;
use super::text::amount;
use super::traffic::{Service, Traffic};
use super::workload::{Pods, Rates, Workload};
use super::{Candidate, VerdictWord};

/// `rules/catalog/cost.yaml`: what is looked for in a tree.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Keys {
    pool_size: Vec<String>,
    data_source: Vec<String>,
    embedded: Vec<String>,
    payload: Vec<String>,
    state: Vec<Category>,
}

/// A tree, read and assessed.
pub struct Tree<'a> {
    pub rules: &'a [Rule],
    pub units: &'a Units,
    pub facts: &'a [FileFacts],
    pub fleet: &'a Fleet,
    /// Who talks to whom.
    pub talks: &'a [(Talk, u32)],
    pub target: Target,
    pub keys: &'a Keys,
}

/// Services that traffic and tree both know, and those that only one of them does.
#[derive(Debug, Default)]
pub(super) struct Joined {
    pub(super) candidates: Vec<(UnitIx, Candidate)>,
    pub(super) unmatched: Vec<String>,
    pub(super) without_traffic: Vec<String>,
}

/// Names without case and punctuation: `Order_Service` and `order-service` are one.
fn flat(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names by which each unit goes, one map for each way to match.
struct Index {
    ways: [(&'static str, BTreeMap<String, Option<UnitIx>>); 3],
}

impl Index {
    fn new(tree: &Tree<'_>) -> Self {
        let mut ways = [("exact", BTreeMap::new()), ("deployment", BTreeMap::new()), ("image", BTreeMap::new())];
        for (ix, unit) in tree.units.iter().filter(|(_, unit)| unit.kind.is_assessed()) {
            let (deployments, images) = pods::names(unit, tree.facts);
            let names: [BTreeSet<String>; 3] = [vec![unit.name.clone()], deployments, images]
                .map(|names| names.iter().map(|n| flat(n)).filter(|n| !n.is_empty()).collect());
            for ((_, map), names) in ways.iter_mut().zip(names) {
                for name in names {
                    // A name of two units is nobody's.
                    map.entry(name).and_modify(|known| *known = None).or_insert(Some(ix));
                }
            }
        }
        Self { ways }
    }

    /// The name itself, then what stands before a domain or behind a namespace.
    fn find(&self, service: &Service) -> Option<(UnitIx, &'static str)> {
        let name = service.name.as_str();
        let short = name.rsplit('/').next().unwrap_or(name);
        let host = short.split('.').next().unwrap_or(short);
        let deployment = service.facts.deployment.as_deref();
        let image = service.facts.image.as_deref().map(pods::image_name);
        let as_image = pods::image_name(name);
        let [exact, deployments, images] = &self.ways;
        let look = |(way, map): &(&'static str, BTreeMap<String, Option<UnitIx>>), names: &[Option<&str>]| {
            let found = names.iter().flatten().find_map(|n| map.get(&flat(n)).copied().flatten());
            found.map(|ix| (ix, *way))
        };
        look(exact, &[Some(name), Some(short), Some(host)])
            .or_else(|| look(deployments, &[deployment, Some(name), Some(short), Some(host)]))
            .or_else(|| look(images, &[image, Some(as_image)]))
    }
}

/// Joins them.
pub(super) fn join(
    tree: &Tree<'_>,
    traffic: &Traffic,
    front: Option<FrontDoor>,
    chains: &[Vec<String>],
    prices: &Prices,
) -> Joined {
    let index = Index::new(tree);
    let mut of_unit: BTreeMap<UnitIx, (Service, &'static str)> = BTreeMap::new();
    let mut out = Joined::default();
    let silent = |s: &Service| s.series.hours() == 0 && s.facts.rps.is_none() && s.facts.peak_rps.is_none();
    for service in &traffic.services {
        match index.find(service) {
            None => out.unmatched.push(service.name.clone()),
            Some((ix, way)) => match of_unit.get_mut(&ix) {
                None => _ = of_unit.insert(ix, (service.clone(), way)),
                // Its bill and its traffic may come under two names.
                Some((known, _)) if silent(service) => known.facts.fill(service.facts.clone()),
                Some((known, known_way)) if silent(known) => {
                    let mut both = service.clone();
                    both.facts.fill(known.facts.clone());
                    (*known, *known_way) = (both, way);
                }
                Some((known, _)) => {
                    out.unmatched.push(format!("{} (its unit is matched by {})", service.name, known.name));
                }
            },
        }
    }
    let named: BTreeMap<String, &str> = tree.units.iter().map(|(_, u)| (flat(&u.name), u.name.as_str())).collect();
    let calls = calls(tree, chains);
    for (ix, unit) in tree.units.iter().filter(|(_, unit)| unit.kind.is_assessed()) {
        match of_unit.get(&ix) {
            Some((service, way)) if !silent(service) => {
                let mut candidate = candidate(tree, ix, service, way, front, prices);
                candidate.workload.calls.extend(calls.get(&ix).into_iter().flatten().cloned());
                for call in &mut candidate.workload.calls {
                    if let Some(unit) = named.get(&flat(call)) {
                        *call = (*unit).to_owned();
                    }
                }
                candidate.workload.calls.sort();
                candidate.workload.calls.dedup();
                out.candidates.push((ix, candidate));
            }
            _ => out.without_traffic.push(unit.name.clone()),
        }
    }
    out
}

fn candidate(
    tree: &Tree<'_>,
    ix: UnitIx,
    service: &Service,
    way: &'static str,
    front: Option<FrontDoor>,
    prices: &Prices,
) -> Candidate {
    let unit = &tree.units[ix];
    let assessment = &tree.fleet.units[ix.0 as usize];
    let found = pods::of_unit(unit, tree.facts, prices);
    let own = match () {
        () if unit.kind == UnitKind::Job || unit.runtime.web == "none" => Some(FrontDoor::None),
        () => front,
    };
    let mut candidate = from_traffic(service, own.or(front), &found, prices);
    candidate.matched_by = way;
    let workload = &mut candidate.workload;
    workload.name.clone_from(&unit.name);
    workload.jvm = unit.languages.first().is_none_or(|l| matches!(*l, "java" | "kotlin" | "scala" | "groovy"));
    if service.facts.init_ms.is_none()
        && let Some(cold) = &assessment.cold_start
    {
        workload.init_s = f64::from(cold.estimate.p50_ms) / 1000.0;
        workload.init_p99_s = f64::from(cold.estimate.p99_ms) / 1000.0;
        candidate.assumed.retain(|a| !a.starts_with("cold start"));
    }
    workload.pool = workload.pool.or_else(|| pool(unit, tree.keys, prices));
    workload.payload_mb = workload.payload_mb.or_else(|| payload(unit, tree.keys));
    candidate.verdict = verdict(tree, assessment);
    if let Some(effort) = &assessment.effort {
        candidate.days = Some(effort.person_days);
        let libraries = effort.terms.iter().filter(|t| t.kind == TermKind::Library);
        for term in libraries {
            candidate.shares += term.person_days;
            *candidate.libraries.entry(term.what.clone()).or_default() += term.whole.unwrap_or(term.person_days);
        }
    }
    candidate
}

/// What a traffic file alone tells, with what is assumed for the rest.
pub(super) fn from_traffic(service: &Service, front: Option<FrontDoor>, found: &Found, prices: &Prices) -> Candidate {
    let facts = &service.facts;
    let assumed = &prices.assumed;
    let mut workload = Workload::new(&service.name, prices);
    let mut notes = Vec::new();
    let factor = *assumed.peak_factor;
    workload.rates = match (facts.rps, facts.peak_rps) {
        _ if service.series.hours() > 0 => service.series.rates(),
        (Some(rps), _) => Rates::steady(rps),
        (None, Some(peak)) => {
            notes.push(format!("a mean rate of 1/{} of the peak", amount(factor)));
            Rates::steady(peak / factor)
        }
        (None, None) => Rates::default(),
    };
    workload.peak_rps = facts.peak_rps.unwrap_or_else(|| {
        notes.push(format!("a peak of {} × the busiest hour's mean", amount(factor)));
        workload.rates.highest() * factor
    });
    match service.duration_ms() {
        Some(ms) => workload.duration_s = ms / 1000.0,
        None => notes.push(format!("{} ms for a request", amount(*assumed.duration_ms))),
    }
    let sigma = *assumed.duration_sigma;
    let tail = (2.326 * sigma - sigma * sigma / 2.0).exp();
    workload.p99_s = facts.p99_ms.map_or(workload.duration_s * tail, |ms| ms / 1000.0).max(workload.duration_s);
    workload.memory_mb = memory(service, found, prices, &mut notes);
    match facts.init_ms {
        Some(ms) => (workload.init_s, workload.init_p99_s) = (ms / 1000.0, ms / 1000.0),
        None => notes.push(format!("cold start of {} ms", amount(*assumed.init_ms))),
    }
    if facts.cold.is_none() {
        notes.push("share of cold requests estimated from the rate".to_owned());
    }
    workload.cold = facts.cold;
    workload.pods = pods_of(service, found, prices, &mut notes);
    workload.billed = facts.billed;
    workload.front = facts.front.or(front).unwrap_or_else(|| {
        notes.push("an HTTP API in front".to_owned());
        FrontDoor::default()
    });
    workload.pool = facts.pool;
    workload.payload_mb = facts.payload_mb;
    workload.latency_s = facts.latency_ms.map(|ms| ms / 1000.0);
    workload.calls.clone_from(&facts.calls);
    Candidate {
        name: service.name.clone(),
        matched_by: "file",
        verdict: None,
        days: None,
        shares: 0.0,
        libraries: BTreeMap::new(),
        hours: service.series.hours(),
        assumed: notes,
        workload,
    }
}

/// As told; else by the heap and what lies beside it; else what pods ask for, with as much CPU; else what is assumed.
fn memory(service: &Service, found: &Found, prices: &Prices, notes: &mut Vec<String>) -> f64 {
    let limits = &prices.limits;
    if let Some(mb) = service.facts.memory_mb {
        return mb.max(*limits.memory_min);
    }
    let by_heap = found.heap_mb.map(|mb| mb + *prices.assumed.heap_extra_mb);
    let pod_mb = service.facts.pod_mb.or(found.memory_mb);
    let by_cpu = service.facts.vcpu.or(found.vcpu).map(|vcpu| vcpu * *limits.vcpu_mb);
    let (mb, whose) = match (by_heap, pod_mb, by_cpu) {
        (Some(mb), _, _) => (mb, "its heap and what lies beside it"),
        (None, Some(pod), cpu) => (pod.max(cpu.unwrap_or(0.0)), "what its pods ask for"),
        (None, None, Some(cpu)) => (cpu.max(*prices.assumed.memory_mb), "the CPU its pods ask for"),
        (None, None, None) => (*prices.assumed.memory_mb, "nothing told"),
    };
    notes.push(format!("{} MB for a function, by {whose}", amount(mb)));
    mb.max(*limits.memory_min)
}

/// What the file says of pods, over what the tree says, over what is assumed.
fn pods_of(service: &Service, found: &Found, prices: &Prices, notes: &mut Vec<String>) -> Option<Pods> {
    let facts = &service.facts;
    let told = facts.vcpu.is_some() || facts.pod_mb.is_some() || facts.replicas.is_some();
    let base = match found.pods {
        Some(pods) => {
            notes.extend(found.assumed.iter().cloned());
            pods
        }
        None => {
            let (vcpu, gib) = (*prices.assumed.pod_vcpu, *prices.assumed.pod_gib);
            if facts.billed.is_some() && !told {
                return None;
            }
            if !told {
                notes.push(format!("today one pod of {} vCPU, {} GiB", amount(vcpu), amount(gib)));
            }
            Pods { vcpu, gib, least: 1.0, most: 1.0, job: false }
        }
    };
    let least = facts.replicas.unwrap_or(base.least);
    Some(Pods {
        vcpu: facts.vcpu.unwrap_or(base.vcpu),
        gib: facts.pod_mb.map_or(base.gib, |mb| mb / 1024.0),
        least,
        most: facts.max_replicas.unwrap_or(if facts.replicas.is_some() { least } else { base.most }).max(least),
        job: base.job,
    })
}

fn verdict(tree: &Tree<'_>, assessment: &Assessment) -> Option<VerdictWord> {
    let verdict = assessment.verdicts.get(&tree.target)?;
    let reason = verdict.reasons.first().cloned().unwrap_or_default();
    let first = reason.split(' ').next().unwrap_or_default();
    let state = tree.rules.iter().any(|r| r.id == first && tree.keys.state.contains(&r.category));
    Some(VerdictWord {
        word: verdict.decision.as_str().to_owned(),
        reason,
        state: state && verdict.decision == Decision::Keep,
    })
}

/// `*` stands for anything within a key.
fn fits(pattern: &str, key: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return pattern == key };
    let Some(mut rest) = key.strip_prefix(first) else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The effective settings whose key fits, in the order of the patterns.
fn settings<'a>(unit: &'a Unit, patterns: &'a [String]) -> impl Iterator<Item = &'a str> {
    patterns.iter().flat_map(move |pattern| {
        let held = unit.settings.iter().filter(|s| s.active && !s.overridden);
        held.filter(move |s| fits(pattern, s.key.as_str())).map(|s| s.value.trim())
    })
}

/// Connections of a pool: as set; as assumed where there is a data source; none for embedded databases.
fn pool(unit: &Unit, keys: &Keys, prices: &Prices) -> Option<f64> {
    if let Some(size) =
        settings(unit, &keys.pool_size).find_map(|v| v.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0))
    {
        return Some(size);
    }
    let source = settings(unit, &keys.data_source).any(|url| !keys.embedded.iter().any(|e| fits(e, url)));
    source.then_some(*prices.assumed.pool_size)
}

/// `10MB`, `5 MB`, `1GB`.
fn payload(unit: &Unit, keys: &Keys) -> Option<f64> {
    settings(unit, &keys.payload).find_map(|text| {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let number: f64 = text[..end].parse().ok()?;
        Some(match text[end..].trim().to_ascii_uppercase().as_str() {
            "GB" | "G" => number * 1024.0,
            "MB" | "M" => number,
            "KB" | "K" => number / 1024.0,
            _ => number / 1_048_576.0,
        })
    })
}

/// Which service calls which and waits: as its code and settings name them, and from the configuration.
fn calls(tree: &Tree<'_>, chains: &[Vec<String>]) -> BTreeMap<UnitIx, Vec<String>> {
    let mut out: BTreeMap<UnitIx, Vec<String>> = BTreeMap::new();
    for (talk, _) in tree.talks.iter().filter(|(talk, _)| talk.how == How::Http) {
        out.entry(talk.from).or_default().push(tree.units[talk.to].name.clone());
    }
    let by_name: BTreeMap<String, UnitIx> = tree.units.iter().map(|(ix, u)| (flat(&u.name), ix)).collect();
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        if let Some(ix) = by_name.get(&flat(&pair[0])) {
            out.entry(*ix).or_default().push(pair[1].clone());
        }
    }
    out
}
