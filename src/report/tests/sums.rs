//! Every total of every report is the sum of what is shown, whatever was found.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::assess::{Coefficients, INTERPLAY, assess};
use crate::findings::Finding;
use crate::report::assemble::{Sources, assemble};
use crate::report::backlog::{self, By};
use crate::report::model::{EffortReport, EffortTerm, Report};
use crate::report::parts::{self, own_terms};
use crate::report::whatif::{Fix, what_if};
use crate::rules::RuleSet;
use crate::rules::model::{Confidence, Severity, Target};
use crate::source::{FileIx, FileKind, Role, SourceFile, Workspace};
use crate::units::{Runtime, Unit, UnitIx, UnitKind, Units};

const SERVICES: usize = 4;
const LIBRARIES: usize = 3;

/// A finding as drawn: rule, unit, severity, confidence; declared, dead, suppressed.
type Drawn = (Index, usize, usize, usize, (bool, bool, bool));

fn unit(name: &str, kind: UnitKind, libraries: Vec<UnitIx>, files: u32) -> Unit {
    Unit {
        side_mains: Vec::new(),
        name: name.to_owned(),
        dir: name.into(),
        kind,
        languages: vec!["java"],
        evidence: Vec::new(),
        manifest: None,
        dependencies: Vec::new(),
        libraries,
        settings: Vec::new(),
        containers: Vec::new(),
        scripts: Vec::new(),
        objects: Vec::new(),
        runtime: Runtime { framework: "spring-boot".into(), web: "servlet".into(), ..Runtime::default() },
        files,
        test_files: files / 20,
        aside: false,
        groups: false,
    }
}

/// Services and a job that use some of the libraries; a file for each unit.
fn fleet(uses: &[Vec<bool>]) -> (Workspace, Units) {
    let library = |ix: usize| UnitIx((SERVICES + ix) as u32);
    let mut all: Vec<Unit> = (0..SERVICES)
        .map(|i| {
            let used = (0..LIBRARIES).filter(|l| uses[i][*l]).map(library).collect();
            let kind = if i == 0 { UnitKind::Job } else { UnitKind::Service };
            unit(&format!("service-{i}"), kind, used, (i * 37) as u32)
        })
        .collect();
    all.extend((0..LIBRARIES).map(|i| unit(&format!("library-{i}"), UnitKind::Library, Vec::new(), 9)));
    let file = |unit: &Unit| SourceFile { path: (*unit.dir).into(), kind: FileKind::Java, role: Role::Main };
    let files = all.iter().map(file).collect();
    let of_file = (0..all.len()).map(|i| Some(UnitIx(i as u32))).collect();
    (Workspace { files, ..Workspace::default() }, Units { all, of_file, notes: Vec::new() })
}

fn findings(drawn: &[Drawn], uses: &[Vec<bool>], rules: &RuleSet) -> Vec<Finding> {
    let of = |(rule, unit, severity, confidence, (declared, dead, suppressed)): &Drawn| {
        let mut carriers = vec![UnitIx(*unit as u32)];
        if *unit >= SERVICES {
            carriers.extend((0..SERVICES).filter(|s| uses[*s][unit - SERVICES]).map(|s| UnitIx(s as u32)));
        }
        Finding {
            rule: rule.index(rules.rules.len()),
            unit: Some(UnitIx(*unit as u32)),
            file: FileIx(*unit as u32),
            carriers,
            declared: *declared,
            severity: Severity::ALL[*severity],
            confidence: Confidence::ALL[*confidence],
            dead: *dead,
            suppressed: suppressed.then(|| "known".to_owned()),
            ..Finding::default()
        }
    };
    drawn.iter().map(of).collect()
}

/// Hundredths of a day, as shown.
fn cents(days: f64) -> i64 {
    (days * 100.0).round() as i64
}

fn sum<'t>(terms: impl Iterator<Item = &'t EffortTerm>) -> i64 {
    terms.map(|term| cents(term.person_days)).sum()
}

fn check_unit(effort: &EffortReport) {
    assert_eq!(cents(effort.person_days), sum(effort.terms.iter()));
    assert_eq!(cents(effort.low), effort.terms.iter().map(|t| cents(t.low)).sum::<i64>());
    assert_eq!(cents(effort.high), effort.terms.iter().map(|t| cents(t.high)).sum::<i64>());
    for term in &effort.terms {
        assert!(term.low <= term.person_days && term.person_days <= term.high, "{term:?}");
        if term.kind == "library" {
            assert_eq!(cents(term.person_days), sum(term.parts.iter()), "{term:?}");
        }
    }
}

fn check(report: &Report, rules: &RuleSet, coefficients: &Coefficients) {
    let assessed = |name: &str| name.starts_with("service");
    let used = |name: &str| report.units.iter().any(|u| assessed(&u.name) && u.libraries.iter().any(|l| l == name));
    let mut fleet = 0;
    for unit in &report.units {
        let Some(effort) = &unit.effort else { continue };
        check_unit(effort);
        if assessed(&unit.name) || used(&unit.name) {
            fleet += sum(own_terms(unit));
        }
        for term in effort.terms.iter().flat_map(|term| term.parts.iter().chain([term])).filter(|t| t.kind == "rule") {
            let (_, rule) = rules.find(&term.what).unwrap();
            let most = rule.effort.cap * coefficients.overhead;
            assert!(term.person_days <= most + 0.005, "{} is above its cap {most}", term.what);
        }
    }
    assert_eq!(cents(report.summary.person_days), fleet);

    for lever in &report.levers {
        let carried = report.units.iter().filter(|unit| lever.services.contains(&unit.name));
        let terms = carried.flat_map(|unit| &unit.effort).flat_map(|effort| &effort.terms);
        let here = terms.flat_map(|t| t.parts.iter().chain([t]));
        let here = here.filter(|t| t.kind == lever.kind && t.what == lever.what);
        let saves: i64 = here.map(|t| cents(t.whole.unwrap_or(t.person_days))).sum();
        assert_eq!(cents(lever.saves), saves, "{lever:?}");
        assert!(lever.saves > lever.person_days && lever.services.len() > 1, "{lever:?}");
    }
    assert!(report.levers.windows(2).all(|pair| pair[0].ratio >= pair[1].ratio));
}

/// Libraries that nobody uses are told, and are no part of the fleet.
fn without_unused(mut report: Report) -> Report {
    let used: BTreeSet<String> = report.units.iter().flat_map(|unit| unit.libraries.clone()).collect();
    report.units.retain(|unit| unit.kind != "library" || used.contains(&unit.name));
    report
}

fn check_parts(report: &Report) {
    let total = cents(report.summary.person_days);
    assert_eq!(parts::parts(report).iter().map(|part| cents(part.person_days)).sum::<i64>(), total);
    for by in [By::Service, By::Lever] {
        let stories = backlog::build(report, by).epics.into_iter().flat_map(|epic| epic.stories);
        assert_eq!(cents(stories.map(|story| story.person_days).sum()), total);
    }
}

fn check_what_if(report: &Report, coefficients: &Coefficients) {
    let all: BTreeSet<Fix> = report.rules.keys().map(|id| Fix::Rule(id.clone())).collect();
    let outcome = what_if(report, &all, coefficients);
    let base: i64 = report
        .units
        .iter()
        .flat_map(|unit| &unit.effort)
        .map(|effort| sum(effort.terms.iter().filter(|t| t.kind == "base" && t.what != INTERPLAY)))
        .sum();
    assert_eq!(cents(outcome.after.person_days), base);
    let nothing = what_if(report, &BTreeSet::new(), coefficients);
    assert_eq!((nothing.before.clone(), nothing.units.len()), (nothing.after, 0));
    for id in report.rules.keys() {
        let one = what_if(report, &BTreeSet::from([Fix::Rule(id.clone())]), coefficients);
        let gained: f64 = one.units.iter().map(|unit| unit.before.person_days - unit.after.person_days).sum();
        assert_eq!(cents(gained), cents(one.fixes[0].saves), "{id}");
        for change in &one.units {
            assert!(change.after.person_days < change.before.person_days && change.after.tier <= change.before.tier);
        }
        assert!(one.after.person_days <= one.before.person_days);
    }
}

/// Read once for all cases.
static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(&[]).unwrap());

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn totals_are_the_sums_of_what_is_shown(
        drawn in prop::collection::vec((any::<Index>(), 0..SERVICES + LIBRARIES, 0usize..4, 0usize..3, any::<(bool, bool, bool)>()), 0..120),
        uses in prop::collection::vec(prop::collection::vec(any::<bool>(), LIBRARIES), SERVICES),
        target in prop::sample::select(Target::ALL),
    ) {
        let rules = &*RULES;
        let coefficients: Coefficients = rules.catalog("effort").unwrap();
        let (workspace, units) = fleet(&uses);
        let findings = findings(&drawn, &uses, rules);
        let fleet = assess(&rules.rules, &units, &findings, target, &coefficients);
        let report = assemble(&Sources {
            root: ".",
            rules,
            workspace: &workspace,
            units: &units,
            matches: &[],
            talks: &[],
            cost: None,
            findings: &findings,
            fleet: &fleet,
            skipped: &[],
            notes: &[],
            bytes: 0,
            lines: 0,
            target,
            only: &[],
        });
        check(&report, rules, &coefficients);
        let report = without_unused(report);
        check_parts(&report);
        check_what_if(&report, &coefficients);
    }
}

#[test]
fn one_noisy_rule_never_costs_more_than_its_cap() {
    let rules = &*RULES;
    let coefficients: Coefficients = rules.catalog("effort").unwrap();
    let uses = vec![vec![false; LIBRARIES]; SERVICES];
    let (_, units) = fleet(&uses);
    for (ix, rule) in rules.rules.iter().enumerate() {
        let noisy = Finding {
            rule: ix,
            unit: Some(UnitIx(1)),
            file: FileIx(1),
            carriers: vec![UnitIx(1)],
            severity: Severity::Blocker,
            confidence: Confidence::High,
            ..Finding::default()
        };
        let fleet = assess(&rules.rules, &units, &vec![noisy; 5000], Target::Lambda, &coefficients);
        let terms = fleet.units[1].effort.iter().flat_map(|effort| &effort.terms);
        let days: f64 = terms.filter(|term| term.what == rule.id).map(|term| term.person_days).sum();
        assert!(days <= rule.effort.cap * coefficients.overhead + 0.005, "{}: {days}", rule.id);
    }
}
