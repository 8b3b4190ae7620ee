//! Gates: what makes a scan end with code 1.

use crate::config::Gates;
use crate::report::model::{Report, UnitReport};

/// The gates of the configuration with those of the command line over them.
pub(super) fn over(config: &Gates, line: Gates) -> Gates {
    Gates {
        fail_on: line.fail_on.or(config.fail_on),
        max_effort: line.max_effort.or(config.max_effort),
        max_fleet_effort: line.max_fleet_effort.or(config.max_fleet_effort),
        min_readiness: line.min_readiness.or(config.min_readiness),
    }
}

/// What has failed, for people. With a baseline every finding that is new fails, unless a severity
/// is asked for.
pub(super) fn failures(report: &Report, gates: &Gates, baseline: bool) -> Vec<String> {
    let mut out = Vec::new();
    let findings = |n: usize| if n == 1 { "1 finding".to_owned() } else { format!("{n} findings") };
    if let Some(level) = gates.fail_on {
        let failing = report.findings.iter().filter(|f| f.severity >= level).count();
        if failing > 0 {
            out.push(format!("{} of severity {level} or above (--fail-on)", findings(failing)));
        }
    } else if baseline && !report.findings.is_empty() {
        out.push(format!("{} not in the baseline (--baseline)", findings(report.findings.len())));
    }
    let effort = |unit: &UnitReport| unit.readiness.and(unit.effort.as_ref()).map_or(0.0, |e| e.person_days);
    if let Some(most) = gates.max_effort {
        let over = report.units.iter().filter(|unit| effort(unit) > most);
        out.extend(over.map(|u| format!("{}: {} person-days, {most} are allowed (--max-effort)", u.name, effort(u))));
    }
    if let Some(most) = gates.max_fleet_effort.filter(|most| report.summary.person_days > *most) {
        let days = report.summary.person_days;
        out.push(format!("all services: {days} person-days, {most} are allowed (--max-fleet-effort)"));
    }
    if let Some(least) = gates.min_readiness {
        let under = report.units.iter().filter_map(|unit| Some((unit, unit.readiness.filter(|r| *r < least)?)));
        out.extend(under.map(|(u, r)| format!("{}: readiness {r}, {least} is the least (--min-readiness)", u.name)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::rules::model::Severity;

    #[test]
    fn each_gate_fails_by_itself() {
        let report = sample::report();
        let failed = |gates: Gates| failures(&report, &gates, false);
        assert_eq!(failed(Gates::default()), [] as [&str; 0]);
        assert_eq!(failures(&report, &Gates::default(), true), ["5 findings not in the baseline (--baseline)"]);
        let blockers = Gates { fail_on: Some(Severity::Blocker), ..Gates::default() };
        assert_eq!(failures(&report, &blockers, true), ["1 finding of severity blocker or above (--fail-on)"]);
        let days = failed(Gates { max_effort: Some(20.0), ..Gates::default() });
        assert_eq!(days, ["order: 23.5 person-days, 20 are allowed (--max-effort)"]);
        assert_eq!(failed(Gates { max_effort: Some(23.5), ..Gates::default() }).len(), 0);
        assert_eq!(failed(Gates { max_fleet_effort: Some(28.0), ..Gates::default() }).len(), 1);
        assert_eq!(failed(Gates { min_readiness: Some(35), ..Gates::default() }).len(), 2);
        assert_eq!(failed(Gates { min_readiness: Some(34), ..Gates::default() }).len(), 0);
    }
}
