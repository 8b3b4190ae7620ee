//! One report per service, for code scanning: each is a category of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::report::model::{FindingReport, Report};

/// Category of what belongs to no unit.
const REST: &str = "workspace";

/// The file, category and content of each part: every service and job, also without findings, so that
/// its old alerts are closed; other units when they have any.
pub(super) fn by_service(report: &Report, file: &Path) -> Vec<(PathBuf, String, Report)> {
    let mut names: BTreeSet<&str> =
        report.units.iter().filter(|unit| unit.readiness.is_some()).map(|unit| unit.name.as_str()).collect();
    names.extend(report.findings.iter().chain(&report.suppressed).map(|finding| finding.unit.as_str()));
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for name in names {
        let mut slug = slug(if name.is_empty() { REST } else { name });
        let count = taken.entry(slug.to_ascii_lowercase()).or_default();
        *count += 1;
        if *count > 1 {
            slug = format!("{slug}~{count}");
        }
        let own = |all: &[FindingReport]| all.iter().filter(|f| f.unit == name).cloned().collect::<Vec<_>>();
        let mut part = report.clone();
        part.findings = own(&report.findings);
        part.suppressed = own(&report.suppressed);
        part.summary.suppressed = part.suppressed.len();
        let met: BTreeSet<&str> = part.findings.iter().chain(&part.suppressed).map(|f| f.rule.as_str()).collect();
        let mut rules = std::mem::take(&mut part.rules);
        rules.retain(|id, _| met.contains(id.as_str()));
        part.rules = rules;
        out.push((beside(file, &slug), slug, part));
    }
    out
}

/// `out/report.sarif` for `order` is `out/report.order.sarif`.
fn beside(file: &Path, slug: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let ending = [".sarif.json", ".sarif"].into_iter().find(|e| name.to_ascii_lowercase().ends_with(e)).unwrap_or("");
    file.with_file_name(format!("{}.{slug}{}", &name[..name.len() - ending.len()], &name[name.len() - ending.len()..]))
}

/// A name that is harmless in a file's name and a category.
fn slug(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let slug: String = name.chars().take(100).map(safe).collect();
    let slug = slug.trim_matches(['.', '-']);
    if slug.is_empty() { "unit".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_service_gets_a_file_and_every_finding_is_in_one() {
        let report = sample::report();
        let parts = by_service(&report, Path::new("out/r.sarif"));
        let names: Vec<&str> = parts.iter().map(|(path, ..)| path.to_str().unwrap()).collect();
        assert_eq!(names, ["out/r.workspace.sarif", "out/r.common.sarif", "out/r.mailer.sarif", "out/r.order.sarif"]);
        assert_eq!(parts.iter().map(|(.., part)| part.findings.len()).sum::<usize>(), report.findings.len());
        assert!(parts[2].2.findings.is_empty() && parts[2].2.rules.is_empty());
        assert_eq!((slug("../a b/ü"), slug("…")), ("a-b".to_owned(), "unit".to_owned()));
    }
}
