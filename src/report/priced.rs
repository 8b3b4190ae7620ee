//! A report of traffic files alone: no code was read.

use std::collections::BTreeMap;

use super::model::{CostReport, FleetCost, Report, SCHEMA_VERSION, Summary, ToolInfo, UnitReport, WorkspaceInfo};
use crate::rules::model::Target;

/// A unit for each service, with its cost and nothing else.
pub fn report(costs: Vec<CostReport>, fleet: FleetCost, target: Target) -> Report {
    let mut units: Vec<UnitReport> = costs.into_iter().map(unit).collect();
    units.sort_by(|a, b| a.name.cmp(&b.name));
    let summary = Summary {
        target: Some(target),
        units: BTreeMap::from([("service".to_owned(), units.len())]),
        ..Summary::default()
    };
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: ToolInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules: 0,
        },
        workspace: WorkspaceInfo { root: fleet.files.join(", "), files: 0, bytes: 0, lines: 0 },
        summary,
        units,
        findings: Vec::new(),
        rules: BTreeMap::new(),
        levers: Vec::new(),
        cost: Some(fleet),
        skipped: Vec::new(),
        suppressed: Vec::new(),
        notes: Vec::new(),
    }
}

fn unit(cost: CostReport) -> UnitReport {
    UnitReport {
        name: cost.name.clone(),
        dir: String::new(),
        kind: "service".to_owned(),
        languages: Vec::new(),
        framework: String::new(),
        libraries: Vec::new(),
        evidence: Vec::new(),
        effort: None,
        readiness: None,
        verdicts: BTreeMap::new(),
        boosters: Vec::new(),
        categories: BTreeMap::new(),
        talks_to: Vec::new(),
        cold_start: None,
        cost: Some(cost),
    }
}

/// Was no code read?
pub(super) fn is_money_only(report: &Report) -> bool {
    report.cost.is_some() && report.workspace.files == 0
}
