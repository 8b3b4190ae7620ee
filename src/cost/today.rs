//! What pods cost where they run: on nodes of a cluster, on nodes that Karpenter consolidates, on Fargate.

use crate::config::Home;

use super::model::{CostOption, CostTerm};
use super::prices::Prices;
use super::text::{amount, term};
use super::workload::{Pods, Workload};

/// CPU of Fargate pods, with the least and most memory of each in GiB (AWS Fargate documentation).
const FARGATE: [(f64, f64, f64); 7] = [
    (0.25, 0.5, 2.0),
    (0.5, 1.0, 4.0),
    (1.0, 2.0, 8.0),
    (2.0, 4.0, 16.0),
    (4.0, 8.0, 30.0),
    (8.0, 16.0, 60.0),
    (16.0, 32.0, 120.0),
];

/// What pods cost in each home; a measured bill stands first.
pub(super) fn options(workload: &Workload, prices: &Prices) -> Vec<CostOption> {
    let mut out = Vec::new();
    if let Some(usd) = workload.billed {
        let terms = vec![term("bill", usd, "measured, as the file says".to_owned())];
        out.push(CostOption { name: "billed".to_owned(), usd, terms, note: String::new() });
    }
    if let Some(pods) = &workload.pods {
        let k8s = &prices.kubernetes;
        out.push(nodes("kubernetes", pods, *k8s.utilisation, workload, prices));
        out.push(nodes("karpenter", pods, *k8s.karpenter_utilisation, workload, prices));
        out.push(fargate(pods, workload, prices));
    }
    out
}

/// What counts as today's cost, without its terms.
pub(super) fn usd(workload: &Workload, home: Option<Home>, prices: &Prices) -> Option<f64> {
    match (home, workload.billed, &workload.pods) {
        (None, Some(billed), _) => Some(billed),
        (_, _, Some(pods)) => {
            let k8s = &prices.kubernetes;
            let n = running(pods, workload);
            Some(match home.unwrap_or_default() {
                Home::Kubernetes => n * node_share(pods, prices) * node_month(prices) / *k8s.utilisation,
                Home::Karpenter => n * node_share(pods, prices) * node_month(prices) / *k8s.karpenter_utilisation,
                Home::Fargate => size(pods, prices).map_or(f64::INFINITY, |(hour, ..)| n * hour * *prices.month.hours),
            })
        }
        _ => None,
    }
}

/// The option that counts as today's.
pub(super) fn home(options: &[CostOption], home: Option<Home>) -> Option<&CostOption> {
    let named = |name: &str| options.iter().find(|o| o.name == name);
    match home {
        Some(home) => named(home.as_str()),
        None => named("billed").or_else(|| named(Home::default().as_str())),
    }
}

/// Pods that run at a mean: an autoscaler follows the rate from its least at none to its most at the highest hour.
fn running(pods: &Pods, workload: &Workload) -> f64 {
    let (mean, highest) = (workload.rates.mean(), workload.rates.highest());
    match pods {
        pods if pods.job => (mean * workload.duration_s).min(pods.most.max(1.0)),
        pods if pods.most <= pods.least || highest <= 0.0 => pods.least,
        pods => pods.least + (pods.most - pods.least) * mean / highest,
    }
}

fn running_words(pods: &Pods, n: f64) -> String {
    match pods {
        pods if pods.job => format!("{} pods on average, as the job runs and ends", amount(n)),
        pods if n <= pods.least => format!("{} pods", amount(n)),
        pods => format!("{} pods on average between {} and {}", amount(n), amount(pods.least), amount(pods.most)),
    }
}

/// Of a node, by what it has least of.
fn node_share(pods: &Pods, prices: &Prices) -> f64 {
    (pods.vcpu / *prices.kubernetes.node_vcpu).max(pods.gib / *prices.kubernetes.node_gib)
}

/// Spare capacity, and what outlives the loss of a zone.
fn headroom(prices: &Prices) -> f64 {
    let zones = *prices.kubernetes.zones;
    (1.0 + *prices.kubernetes.spare) * if zones > 1.0 { zones / (zones - 1.0) } else { 1.0 }
}

/// A node's month, with that headroom.
fn node_month(prices: &Prices) -> f64 {
    *prices.kubernetes.node_hour * *prices.month.hours * headroom(prices)
}

fn nodes(name: &str, pods: &Pods, utilisation: f64, workload: &Workload, prices: &Prices) -> CostOption {
    let (n, share, factor) = (running(pods, workload), node_share(pods, prices), headroom(prices));
    let usd = n * share * node_month(prices) / utilisation;
    let extra =
        if factor > 1.0 { format!(", × {} for spare capacity and zones", amount(factor)) } else { String::new() };
    let how = format!(
        "{} × {} of a node ({} vCPU, {} GiB) × ${} ÷ {} in use{extra}",
        running_words(pods, n),
        amount(share),
        amount(pods.vcpu),
        amount(pods.gib),
        amount(node_month(prices) / factor),
        amount(utilisation),
    );
    CostOption { name: name.to_owned(), usd, terms: vec![term("nodes", usd, how)], note: String::new() }
}

/// The cheapest size of pod that holds so much.
fn size(pods: &Pods, prices: &Prices) -> Option<(f64, f64, f64)> {
    FARGATE
        .iter()
        .filter(|(vcpu, _, most)| *vcpu >= pods.vcpu && *most >= pods.gib)
        .map(|(vcpu, least, _)| {
            let step = if *vcpu <= 0.25 { 0.5 } else { 1.0 };
            let gib = ((pods.gib / step).ceil() * step).max(*least);
            (vcpu * *prices.fargate.vcpu_hour + gib * *prices.fargate.gib_hour, *vcpu, gib)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

fn fargate(pods: &Pods, workload: &Workload, prices: &Prices) -> CostOption {
    let n = running(pods, workload);
    let Some((hour, vcpu, gib)) = size(pods, prices) else {
        let note = "no Fargate pod is as large".to_owned();
        return CostOption { name: "fargate".to_owned(), usd: f64::INFINITY, terms: Vec::new(), note };
    };
    let usd = n * hour * *prices.month.hours;
    let words = running_words(pods, n);
    let how = format!("{words} × {} vCPU, {} GiB at ${} an hour", amount(vcpu), amount(gib), amount(hour));
    CostOption { name: "fargate".to_owned(), usd, terms: vec![term("pods", usd, how)], note: String::new() }
}

/// What the fleet's pods share, whoever of them goes: the control plane.
pub(super) fn shared(prices: &Prices) -> CostTerm {
    let usd = *prices.kubernetes.control_plane_hour * *prices.month.hours;
    term("control plane", usd, "stays until the last service has left".to_owned())
}
