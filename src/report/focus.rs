//! One service of a report, in depth.

use super::model::{Report, Summary};
use super::parts::is_assessed;
use super::safe;

/// There is no such service.
#[derive(Debug, thiserror::Error)]
#[error("there is no unit '{}'{}", safe(.name), hint(.near))]
pub struct Unknown {
    name: String,
    near: Vec<String>,
}

fn hint(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!("; there are: {}", safe(&near.join(", "))),
    }
}

/// Leaves in the report only this unit and what burdens it: its findings and those of its libraries.
/// A directory names a unit too.
///
/// # Errors
/// When there is none of that name.
pub fn on(report: &mut Report, name: &str) -> Result<(), Unknown> {
    let wanted = name.trim_end_matches('/');
    let found =
        report.units.iter().find(|u| u.name == wanted).or_else(|| report.units.iter().find(|u| u.dir == wanted));
    let Some(unit) = found.cloned() else { return Err(unknown(report, name)) };
    report.findings.retain(|f| f.unit == unit.name || f.burdens.contains(&unit.name));
    report.levers.retain(|lever| lever.services.contains(&unit.name));
    report.rules.retain(|id, _| report.findings.iter().any(|f| f.rule == *id));
    for (id, rule) in &mut report.rules {
        rule.findings = report.findings.iter().filter(|f| f.rule == *id).count();
    }
    let below = |path: &str| {
        unit.dir == "." || path.strip_prefix(&unit.dir).is_some_and(|r| r.is_empty() || r.starts_with('/'))
    };
    report.skipped.retain(|skipped| below(&skipped.path));
    let mut summary =
        Summary { target: report.summary.target, suppressed: report.summary.suppressed, ..Summary::default() };
    summary.units.insert(unit.kind.clone(), 1);
    if let Some(effort) = &unit.effort {
        (summary.person_days, summary.low, summary.high) = (effort.person_days, effort.low, effort.high);
        if is_assessed(&unit) {
            summary.tiers.insert(effort.tier.clone(), 1);
        }
    }
    for finding in &report.findings {
        *summary.findings.entry(finding.severity.to_string()).or_default() += 1;
    }
    report.summary = summary;
    report.units = vec![unit];
    Ok(())
}

/// Names that hold the word asked for; all when they are few.
fn unknown(report: &Report, name: &str) -> Unknown {
    const FEW: usize = 12;
    let word = name.to_lowercase();
    let names = || report.units.iter().filter(|unit| is_assessed(unit)).map(|unit| unit.name.clone());
    let mut near: Vec<String> = names().filter(|other| other.to_lowercase().contains(&word)).take(FEW).collect();
    if near.is_empty() && names().count() <= FEW {
        near = names().collect();
    }
    Unknown { name: name.to_owned(), near }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_service_keeps_what_burdens_it() {
        let mut report = sample::report();
        on(&mut report, "order").unwrap();
        assert_eq!(report.units.len(), 1);
        assert_eq!(report.findings.iter().filter(|f| f.unit == "common").count(), 1);
        assert!(report.findings.iter().all(|f| f.unit == "order" || f.burdens.contains(&"order".to_owned())));
        assert_eq!(report.summary.person_days, 23.5);
        assert_eq!(report.skipped.len(), 1);
        assert_eq!(report.rules["executor-service"].findings, 3);
        assert_eq!(report.levers.len(), 1);
    }

    #[test]
    fn levers_of_others_are_left_out() {
        let mut report = sample::report();
        report.levers[0].services = vec!["mailer".into()];
        on(&mut report, "order").unwrap();
        assert!(report.levers.is_empty());
    }

    #[test]
    fn an_unknown_service_is_told_with_those_that_are() {
        let error = on(&mut sample::report(), "ord").unwrap_err().to_string();
        assert_eq!(error, "there is no unit 'ord'; there are: order");
        let error = on(&mut sample::report(), "x").unwrap_err().to_string();
        assert_eq!(error, "there is no unit 'x'; there are: order, mailer");
    }
}
