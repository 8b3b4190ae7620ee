//! Several repositories' reports as one fleet.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Report, SCHEMA_VERSION, Summary, UnitReport};
use super::parts::is_assessed;

/// Why reports cannot be one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("name at least one report")]
    Nothing,
    /// Written by another version, whose fields mean something else.
    #[error("{0} has schema version {1}, this program knows {SCHEMA_VERSION}")]
    Schema(String, String),
    /// Days for different targets do not add up.
    #[error("{0} is for target {1}, the first report for {2}")]
    Target(String, String, String),
}

/// Joins reports, each with the name of its repository. Paths get that name in front; so do names
/// of units that several repositories have.
///
/// # Errors
/// When there is none, or they do not fit together.
pub fn merge(reports: Vec<(String, Report)>) -> Result<Report, MergeError> {
    check(&reports)?;
    let twins = twins(&reports);
    let mut reports = reports.into_iter().map(|(name, mut report)| {
        rename(&mut report, &name, &twins);
        report
    });
    let Some(mut all) = reports.next() else { return Err(MergeError::Nothing) };
    let mut count = 1;
    for report in reports {
        count += 1;
        add(&mut all, report);
    }
    if count > 1 {
        all.workspace.root = format!("{count} repositories");
    }
    for (id, rule) in &mut all.rules {
        rule.findings = all.findings.iter().filter(|f| f.rule == *id).count();
    }
    sort(&mut all);
    Ok(all)
}

fn check(reports: &[(String, Report)]) -> Result<(), MergeError> {
    let Some((_, first)) = reports.first() else { return Err(MergeError::Nothing) };
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    let word = |report: &Report| report.summary.target.map(|t| t.to_string()).unwrap_or_default();
    for (name, report) in reports {
        if major(&report.schema_version) != major(SCHEMA_VERSION) {
            return Err(MergeError::Schema(name.clone(), report.schema_version.clone()));
        }
        if report.summary.target != first.summary.target {
            return Err(MergeError::Target(name.clone(), word(report), word(first)));
        }
    }
    Ok(())
}

/// Names that more than one repository has.
fn twins(reports: &[(String, Report)]) -> BTreeSet<String> {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (repository, report) in reports {
        for unit in &report.units {
            seen.entry(&unit.name).or_default().insert(repository);
        }
    }
    seen.into_iter().filter(|(_, owners)| owners.len() > 1).map(|(name, _)| name.to_owned()).collect()
}

fn rename(report: &mut Report, repository: &str, twins: &BTreeSet<String>) {
    let path = |path: &mut String| {
        *path = if path == "." { repository.to_owned() } else { format!("{repository}/{path}") };
    };
    let name = |name: &mut String| {
        if twins.contains(name) {
            *name = format!("{repository}/{name}");
        }
    };
    for unit in &mut report.units {
        path(&mut unit.dir);
        name(&mut unit.name);
        unit.libraries.iter_mut().for_each(name);
        unit.evidence.iter_mut().filter_map(|e| e.path.as_mut()).for_each(path);
        for talk in &mut unit.talks_to {
            name(&mut talk.unit);
            path(&mut talk.path);
        }
        let terms = unit.effort.iter_mut().flat_map(|effort| &mut effort.terms);
        terms.filter(|term| term.kind == "library").for_each(|term| name(&mut term.what));
    }
    for finding in &mut report.findings {
        path(&mut finding.path);
        name(&mut finding.unit);
        finding.burdens.iter_mut().for_each(name);
        finding.related.iter_mut().chain(&mut finding.flow).for_each(|place| path(&mut place.path));
    }
    report.skipped.iter_mut().for_each(|skipped| path(&mut skipped.path));
}

fn add(all: &mut Report, other: Report) {
    all.workspace.files += other.workspace.files;
    all.workspace.bytes += other.workspace.bytes;
    all.workspace.lines += other.workspace.lines;
    all.tool.rules = all.tool.rules.max(other.tool.rules);
    add_summary(&mut all.summary, other.summary);
    all.units.extend(other.units);
    all.findings.extend(other.findings);
    for (id, rule) in other.rules {
        all.rules.entry(id).or_insert(rule);
    }
    all.skipped.extend(other.skipped);
}

fn add_summary(all: &mut Summary, other: Summary) {
    let round = |days: f64| (days * 100.0).round() / 100.0;
    all.person_days = round(all.person_days + other.person_days);
    all.low = round(all.low + other.low);
    all.high = round(all.high + other.high);
    all.suppressed += other.suppressed;
    for (own, others) in
        [(&mut all.units, other.units), (&mut all.tiers, other.tiers), (&mut all.findings, other.findings)]
    {
        others.into_iter().for_each(|(word, count)| *own.entry(word).or_default() += count);
    }
}

/// The order that a single report has.
fn sort(report: &mut Report) {
    let days = |unit: &UnitReport| unit.effort.as_ref().filter(|_| is_assessed(unit)).map_or(0.0, |e| e.person_days);
    report.units.sort_by(|a, b| {
        let assessed = is_assessed(b).cmp(&is_assessed(a));
        assessed.then(days(b).total_cmp(&days(a))).then_with(|| a.name.cmp(&b.name))
    });
    let rank: BTreeMap<String, usize> = report.units.iter().enumerate().map(|(ix, u)| (u.name.clone(), ix)).collect();
    // Stable: within a unit the order stays.
    report.findings.sort_by_key(|f| rank.get(&f.unit).copied().unwrap_or(usize::MAX));
    report.skipped.sort();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::rules::model::Target;

    #[test]
    fn two_repositories_are_one_fleet() {
        let mut other = sample::report();
        other.units.retain(|unit| unit.name != "quiet");
        other.units[0].name = "payment".into();
        other.findings.iter_mut().filter(|f| f.unit == "order").for_each(|f| f.unit = "payment".into());
        let merged = merge(vec![("a".into(), sample::report()), ("b".into(), other)]).unwrap();
        let names: Vec<&str> = merged.units.iter().map(|unit| unit.name.as_str()).collect();
        let expected = ["order", "payment", "a/mailer", "b/mailer", "a/common", "a/web", "b/common", "b/web", "quiet"];
        assert_eq!(names, expected);
        assert_eq!(merged.summary.person_days, 56.8);
        assert_eq!(merged.summary.tiers["T4"], 2);
        assert_eq!(merged.findings.len(), 10);
        assert_eq!(merged.rules["executor-service"].findings, 8);
        let shared = merged.findings.iter().find(|f| f.unit == "b/common").unwrap();
        assert_eq!(shared.path, "b/common/src/main/java/shop/Shared.java");
        assert_eq!(shared.burdens, ["b/mailer", "order"]);
        assert_eq!(merged.workspace.root, "2 repositories");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(merge(Vec::new()), Err(MergeError::Nothing)));
        let mut other = sample::report();
        other.summary.target = Some(Target::CloudRun);
        let error = merge(vec![("a".into(), sample::report()), ("b".into(), other)]).unwrap_err();
        assert_eq!(error.to_string(), "b is for target cloud-run, the first report for lambda");
        let mut other = sample::report();
        other.schema_version = "2.0".into();
        assert!(matches!(merge(vec![("a".into(), other)]), Err(MergeError::Schema(..))));
    }
}
