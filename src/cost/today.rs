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
            let option = match home.unwrap_or_default() {
                Home::Kubernetes => nodes("", pods, *k8s.utilisation, workload, prices),
                Home::Karpenter => nodes("", pods, *k8s.karpenter_utilisation, workload, prices),
                Home::Fargate => fargate(pods, workload, prices),
            };
            Some(option.usd)
        }
        _ => None,
    }
}

/// The option that counts as today's.
pub(super) fn home<'a>(options: &'a [CostOption], home: Option<Home>) -> Option<&'a CostOption> {
    let named = |name: &str| options.iter().find(|o| o.name == name);
    match home {
        Some(home) => named(home.as_str()),
        None => named("billed").or_else(|| named(Home::default().as_str())),
    }
}

/// Pods that run at a mean: an autoscaler follows the rate from its least at none to its most at the highest hour.
fn running(pods: &Pods, workload: &Workload) -> (f64, String) {
    let (mean, highest) = (workload.rates.mean(), workload.rates.highest());
    if pods.job {
        let busy = (mean * workload.duration_s).min(pods.most.max(1.0));
        return (busy, format!("{} pods on average, as the job runs and ends", amount(busy)));
    }
    if pods.most <= pods.least || highest <= 0.0 {
        return (pods.least, format!("{} pods", amount(pods.least)));
    }
    let n = pods.least + (pods.most - pods.least) * mean / highest;
    (n, format!("{} pods on average between {} and {}", amount(n), amount(pods.least), amount(pods.most)))
}

fn nodes(name: &str, pods: &Pods, utilisation: f64, workload: &Workload, prices: &Prices) -> CostOption {
    let k8s = &prices.kubernetes;
    let (n, how) = running(pods, workload);
    let (by_cpu, by_memory) = (pods.vcpu / *k8s.node_vcpu, pods.gib / *k8s.node_gib);
    let share = by_cpu.max(by_memory);
    let zones = *k8s.zones;
    let factor = (1.0 + *k8s.spare) * if zones > 1.0 { zones / (zones - 1.0) } else { 1.0 };
    let month = *k8s.node_hour * *prices.month.hours;
    let usd = n * share * month * factor / utilisation;
    let extra =
        if factor > 1.0 { format!(" × {} for spare capacity and zones", amount(factor)) } else { String::new() };
    let how = format!(
        "{how} × {} of a node ({} vCPU, {} GiB) × ${} ÷ {} in use{extra}",
        amount(share),
        amount(pods.vcpu),
        amount(pods.gib),
        amount(month),
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
    let (n, how) = running(pods, workload);
    let Some((hour, vcpu, gib)) = size(pods, prices) else {
        let note = "no Fargate pod is as large".to_owned();
        return CostOption { name: "fargate".to_owned(), usd: f64::INFINITY, terms: Vec::new(), note };
    };
    let usd = n * hour * *prices.month.hours;
    let how = format!("{how} × {} vCPU, {} GiB at ${} an hour", amount(vcpu), amount(gib), amount(hour));
    CostOption { name: "fargate".to_owned(), usd, terms: vec![term("pods", usd, how)], note: String::new() }
}

/// What the fleet's pods share, whoever of them goes: the control plane.
pub(super) fn shared(prices: &Prices) -> CostTerm {
    let usd = *prices.kubernetes.control_plane_hour * *prices.month.hours;
    term("control plane", usd, "stays until the last service has left".to_owned())
}
