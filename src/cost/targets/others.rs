//! Targets that run a server, where requests share what is billed: MicroVMs, Azure Flex, Cloud Run, Workers.

use super::lambda::{option, request_term};
use crate::cost::Settings;
use crate::cost::model::CostOption;
use crate::cost::text::{amount, term};
use crate::cost::workload::Workload;

/// Instances that are billed on average. Requests arrive at random; while at least one is there, or `tail` seconds
/// have not passed since, an instance is billed, and with `together` requests at once in each there are never fewer
/// than their number asks for.
fn billed_instances(rps: f64, seconds: f64, together: f64) -> f64 {
    let some = 1.0 - (-rps * seconds).exp();
    some.max(rps * seconds / together)
}

/// vCPU of a server: what the pod asks for, a whole one at least.
fn vcpu(workload: &Workload) -> f64 {
    workload.pods.map_or(1.0, |pods| pods.vcpu.ceil().max(1.0))
}

pub(super) fn microvm(workload: &Workload, settings: &Settings) -> CostOption {
    let prices = &settings.prices;
    let p = &prices.microvm;
    let together = *prices.cloud_run.concurrency;
    let tail = workload.duration_s + *p.idle_s;
    let running = workload.rates.average(|rps| {
        let some = 1.0 - (-rps * tail).exp();
        some.max(rps * workload.duration_s / together)
    });
    let (vcpu, gb) = (vcpu(workload), workload.gb());
    let usd = running * prices.seconds() * (vcpu * *p.vcpu_s + gb * *p.gb_s);
    let how = format!("{} machines on average × {} vCPU, {} GB", amount(running), amount(vcpu), amount(gb));
    option("lambda-microvm", vec![term("machines", usd, how)], "snapshots and what starts the machines not counted")
}

pub(super) fn azure_flex(workload: &Workload, settings: &Settings) -> CostOption {
    let prices = &settings.prices;
    let p = &prices.azure_flex;
    let sizes = [512.0, 2048.0, 4096.0];
    let mb = sizes.into_iter().find(|mb| *mb >= workload.memory_mb).unwrap_or(4096.0);
    let seconds = workload.duration_s.max(*p.min_s);
    let running = workload.rates.average(|rps| {
        let few = 1.0 - (-rps * seconds).exp();
        few.max(rps * workload.duration_s / *p.concurrency)
    });
    let gb_s = running * prices.seconds() * mb / 1024.0;
    let how = format!("{} instances on average × {} MB", amount(running), amount(mb));
    let terms = vec![request_term(workload.requests(prices), *p.request), term("instances", gb_s * *p.gb_s, how)];
    let note = if workload.memory_mb > 4096.0 { "4,096 MB are the most" } else { "" };
    option("azure-flex", terms, note)
}

/// Billed by request, and by instance with one always there.
pub(super) fn cloud_run(workload: &Workload, settings: &Settings) -> Vec<CostOption> {
    let prices = &settings.prices;
    let p = &prices.cloud_run;
    let (vcpu, gib) = (vcpu(workload), workload.gb());
    let seconds = (workload.duration_s / *p.step_s).ceil() * *p.step_s;
    let running = workload.rates.average(|rps| billed_instances(rps, seconds, *p.concurrency));
    let usd = running * prices.seconds() * (vcpu * *p.vcpu_s + gib * *p.gib_s);
    let how = |n: f64| format!("{} instances on average × {} vCPU, {} GiB", amount(n), amount(vcpu), amount(gib));
    let by_request = vec![request_term(workload.requests(prices), *p.request), term("instances", usd, how(running))];
    let always = workload.rates.average(|rps| (rps * workload.duration_s / *p.concurrency).max(1.0));
    let usd = always * prices.seconds() * (vcpu * *p.instance_vcpu_s + gib * *p.instance_gib_s);
    vec![
        option("cloud-run", by_request, "billed by request"),
        option("cloud-run-instance", vec![term("instances", usd, how(always))], "billed by instance, one always there"),
    ]
}

pub(super) fn workers(workload: &Workload, settings: &Settings) -> CostOption {
    let prices = &settings.prices;
    let p = &prices.workers;
    let requests = workload.requests(prices);
    let cpu_ms = requests * workload.duration_s * 1000.0 * *prices.assumed.cpu_share;
    let over = |used: f64, free: f64| (used - free).max(0.0);
    let terms = vec![
        term("plan", *p.month, "once for an account".to_owned()),
        request_term(over(requests, *p.free_requests), *p.request),
        term("CPU", over(cpu_ms, *p.free_cpu_ms) * *p.cpu_ms, format!("{} ms of CPU", amount(cpu_ms))),
    ];
    option("workers", terms, "128 MB of memory")
}
