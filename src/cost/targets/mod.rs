//! What a service costs on each target.

mod lambda;
mod others;

use crate::rules::model::Target;

use super::Settings;
use super::model::CostOption;
use super::workload::Workload;

pub(super) use lambda::{gb_seconds, tiered};

/// All ways to run it, on all targets.
pub(super) fn options(workload: &Workload, settings: &Settings) -> Vec<CostOption> {
    Target::ALL.iter().flat_map(|target| of(*target, workload, settings)).collect()
}

/// The ways to run it on a target; the first is the plain one.
pub(super) fn of(target: Target, workload: &Workload, settings: &Settings) -> Vec<CostOption> {
    match target {
        Target::Lambda => lambda::options(workload, settings),
        Target::LambdaManagedInstances => vec![lambda::managed(workload, settings)],
        Target::LambdaMicrovm => vec![others::microvm(workload, settings)],
        Target::AzureFlex => vec![others::azure_flex(workload, settings)],
        Target::CloudRun => others::cloud_run(workload, settings),
        Target::Workers if workload.jvm => Vec::new(),
        Target::Workers => vec![others::workers(workload, settings)],
    }
}

/// What a service costs on a target, in the plain way: for break-even rates and sensitivity.
pub(super) fn plain(target: Target, workload: &Workload, settings: &Settings) -> Option<CostOption> {
    match target {
        Target::Lambda => Some(lambda::on_demand(workload, settings, settings.architecture)),
        target => of(target, workload, settings).into_iter().next(),
    }
}
