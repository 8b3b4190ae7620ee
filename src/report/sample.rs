//! Reports to write in tests.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::model::*;
use super::options::Options;
use crate::rules::model::{Category, Confidence, Fit, Severity, Target};

/// What a writer writes.
pub(crate) fn render(
    report: &Report,
    write: fn(&Report, &Options, &mut dyn Write) -> io::Result<()>,
    options: &Options,
) -> String {
    let mut out = Vec::new();
    write(report, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A small shop: a dear service, an easy job, a library, a front end.
pub(crate) fn report() -> Report {
    let findings = vec![
        FindingReport {
            severity: Severity::Blocker,
            related: vec![RelatedReport {
                path: "order/src/main/java/shop/Order.java".into(),
                line: 31,
                column: 9,
                note: "also here".into(),
            }],
            flow: vec![RelatedReport {
                path: "order/src/main/java/shop/Api.java".into(),
                line: 20,
                column: 12,
                note: "Api.create serves a request".into(),
            }],
            ..finding("scheduled-task", "order", "order/src/main/java/shop/Order.java", 12)
        },
        finding("executor-service", "order", "order/src/main/java/shop/Pool Ü.java", 7),
        FindingReport {
            severity: Severity::Minor,
            confidence: Confidence::Low,
            dead: true,
            reach: vec!["nobody".into()],
            ..finding("executor-service", "order", "order/src/main/java/shop/Unused.java", 3)
        },
        FindingReport {
            burdens: vec!["mailer".into(), "order".into()],
            also: vec!["scheduled-task".into()],
            ..finding("executor-service", "common", "common/src/main/java/shop/Shared.java", 40)
        },
        FindingReport {
            severity: Severity::Info,
            context: String::new(),
            reach: Vec::new(),
            ..finding("executor-service", "", "deploy/compose.yaml", 1)
        },
    ];
    let mut report = Report {
        schema_version: SCHEMA_VERSION.into(),
        tool: ToolInfo { name: "faasible".into(), version: "0.1.0".into(), rules: 87 },
        workspace: WorkspaceInfo { root: "./shop".into(), files: 412, bytes: 2_345_678, lines: 56_789 },
        summary: Summary {
            target: Some(Target::Lambda),
            person_days: 28.4,
            low: 20.0,
            high: 41.5,
            suppressed: 3,
            ..Summary::default()
        },
        units: vec![
            unit("order", "service", Some(("T4", 23.5)), "refactor", "runs tasks on a schedule in the process"),
            unit("mailer", "job", Some(("T1", 1.0)), "move", "nothing stands in the way"),
            unit("common", "library", Some(("T2", 3.9)), "", ""),
            unit("quiet", "library", None, "", ""),
            unit("web", "frontend", None, "", ""),
        ],
        findings,
        rules: BTreeMap::from([
            ("executor-service".to_owned(), rule("Thread pool created in service code", Category::ThreadPool)),
            ("scheduled-task".to_owned(), rule("Task on a schedule", Category::Scheduler)),
        ]),
        levers: vec![LeverReport {
            kind: "library".into(),
            what: "common".into(),
            person_days: 3.9,
            how: "executor-service 3.90".into(),
            services: vec!["mailer".into(), "order".into()],
            saves: 7.8,
            ratio: 2.0,
        }],
        cost: Some(fleet_cost()),
        skipped: vec![
            SkippedReport { path: "order/src/main/java/Broken.java".into(), reason: "not valid Java".into() },
            SkippedReport { path: "vendor".into(), reason: "permission denied".into() },
        ],
        suppressed: vec![FindingReport {
            suppression: Some(SuppressionReport { in_source: true, reason: "joined before the answer".into() }),
            ..finding("executor-service", "order", "order/src/main/java/shop/Joined.java", 5)
        }],
        notes: vec!["2 entries of the baseline are found no more".into()],
    };
    count(&mut report);
    report.units[1].cost = Some(cost());
    report
}

/// What the job costs.
fn cost() -> CostReport {
    CostReport {
        name: "mail".into(),
        matched_by: "deployment".into(),
        traffic: TrafficReport {
            requests_per_month: 26_280.0,
            average_rps: 0.01,
            peak_rps: 1.0,
            hours: 168,
            duration_ms: 100.0,
            memory_mb: 1024.0,
            cold_share: 0.5,
            concurrency: 1.0,
        },
        today: 49.64,
        target: 0.71,
        target_option: "lambda".into(),
        saving: 48.93,
        decision: "move".into(),
        decided_by: "cost".into(),
        reason: "$0.71 a month instead of $49.6; pays back in 16.4 months".into(),
        payback_months: Some(16.35),
        break_even_rps: Some(10.1),
        options: vec![
            CostOption {
                name: "lambda".into(),
                usd: 0.71,
                terms: vec![CostTerm { what: "duration".into(), usd: 0.71, how: "26,280 × 0.1 s × 1 GB".into() }],
                note: String::new(),
            },
            CostOption { name: "kubernetes".into(), usd: 49.64, terms: Vec::new(), note: "two pods".into() },
        ],
        sensitivity: vec![SensitivityReport {
            what: "traffic +50 %".into(),
            today: 49.64,
            target: 1.06,
            saving: 48.58,
        }],
        quotas: vec![quota("cold-share", "minor")],
        assumed: vec!["100 ms for a request".into()],
    }
}

fn quota(id: &str, severity: &str) -> QuotaReport {
    QuotaReport {
        id: id.into(),
        severity: severity.into(),
        value: 0.5,
        limit: 0.01,
        unit: "share".into(),
        message: "mailer: 50% of the requests wait for a cold start".into(),
        remedy: "SnapStart.".into(),
    }
}

fn fleet_cost() -> FleetCost {
    FleetCost {
        files: vec!["traffic.csv".into()],
        as_of: "2026-11-23".into(),
        day_rate: 800.0,
        services: 1,
        today: 122.64,
        target: 0.71,
        saving: 121.93,
        mix: 0.71,
        shared: vec![CostTerm { what: "control plane".into(), usd: 73.0, how: "stays until the last has left".into() }],
        curve: vec![CurvePoint {
            service: "mailer".into(),
            days: 1.0,
            saving: 48.93,
            cumulative_days: 1.0,
            cumulative_saving: 48.93,
        }],
        budget: Some(BudgetReport {
            budget: 5.0,
            services: vec!["mailer".into()],
            days: 1.0,
            saving: 48.93,
            bound: 48.93,
            exact: true,
        }),
        quotas: vec![quota("account-concurrency", "blocker")],
        unmatched: vec!["stranger".into()],
        without_traffic: vec!["order".into()],
        problems: vec![ProblemReport { file: "traffic.csv".into(), line: 7, message: "'NaN' is no number".into() }],
        more_problems: 2,
        assumptions: vec![AssumptionReport {
            what: "lambda.request".into(),
            value: 2e-7,
            unit: "USD/request".into(),
            source: "aws.amazon.com/lambda/pricing".into(),
            as_of: "2026-11-23".into(),
        }],
    }
}

/// Fills the summary's counts.
pub(crate) fn count(report: &mut Report) {
    let summary = &mut report.summary;
    for unit in &report.units {
        *summary.units.entry(unit.kind.clone()).or_default() += 1;
        if let Some(effort) = unit.effort.as_ref().filter(|_| unit.readiness.is_some()) {
            *summary.tiers.entry(effort.tier.clone()).or_default() += 1;
        }
    }
    for finding in &report.findings {
        *summary.findings.entry(finding.severity.to_string()).or_default() += 1;
    }
}

/// A report in which every text of the tree wants to do harm.
pub(crate) fn hostile() -> Report {
    const EVIL: &str =
        "\x1b]0;pwned\x07\u{9b}2J\u{202e}<script>alert(1)</script>\r\n::error::x [click](https://evil.example) =1+1";
    let mut report = report();
    report.workspace.root = EVIL.into();
    for unit in &mut report.units {
        unit.name += EVIL;
        unit.dir += EVIL;
        unit.framework = EVIL.into();
        let evidence = unit.evidence.iter_mut().flat_map(|e| e.path.iter_mut().chain([&mut e.what]));
        evidence.chain(&mut unit.boosters).for_each(|text| text.push_str(EVIL));
        let talks = unit.talks_to.iter_mut().flat_map(|t| [&mut t.unit, &mut t.what, &mut t.path]);
        talks.for_each(|text| text.push_str(EVIL));
        if let Some(cold) = &mut unit.cold_start {
            let terms = cold.terms.iter_mut().flat_map(|term| [&mut term.what, &mut term.how]);
            terms.chain(&mut cold.obstacles).chain(&mut cold.warning).for_each(|text| text.push_str(EVIL));
        }
        if let Some(cost) = &mut unit.cost {
            let terms = cost.options.iter_mut().flat_map(|o| o.terms.iter_mut());
            let terms = terms.flat_map(|t| [&mut t.what, &mut t.how]);
            let quotas = cost.quotas.iter_mut().flat_map(|q| [&mut q.message, &mut q.remedy]);
            let own = [&mut cost.name, &mut cost.reason, &mut cost.decided_by, &mut cost.target_option];
            terms.chain(quotas).chain(own).chain(&mut cost.assumed).for_each(|text| text.push_str(EVIL));
        }
        for verdict in unit.verdicts.values_mut() {
            verdict.reasons.insert(0, EVIL.into());
        }
    }
    for finding in report.findings.iter_mut().chain(&mut report.suppressed) {
        finding.unit += EVIL;
        finding.path += EVIL;
        for text in [&mut finding.message, &mut finding.symbol, &mut finding.context, &mut finding.snippet] {
            text.insert_str(0, EVIL);
        }
        for related in finding.related.iter_mut().chain(&mut finding.flow) {
            related.path += EVIL;
            related.note += EVIL;
        }
        if let Some(suppression) = &mut finding.suppression {
            suppression.reason += EVIL;
        }
        finding.burdens.iter_mut().for_each(|unit| unit.push_str(EVIL));
    }
    for lever in &mut report.levers {
        lever.what += EVIL;
        lever.how += EVIL;
        lever.services.iter_mut().for_each(|unit| unit.push_str(EVIL));
    }
    if let Some(fleet) = &mut report.cost {
        let points = fleet.curve.iter_mut().map(|p| &mut p.service);
        let problems = fleet.problems.iter_mut().flat_map(|p| [&mut p.file, &mut p.message]);
        let names = fleet.unmatched.iter_mut().chain(&mut fleet.without_traffic).chain(&mut fleet.files);
        let bought = fleet.budget.iter_mut().flat_map(|b| &mut b.services);
        points.chain(problems).chain(names).chain(bought).for_each(|text| text.push_str(EVIL));
    }
    report.notes.push(EVIL.into());
    for skipped in &mut report.skipped {
        skipped.path += EVIL;
        skipped.reason += EVIL;
    }
    report
}

/// A finding on line `line`.
pub(crate) fn finding(rule: &str, unit: &str, path: &str, line: u32) -> FindingReport {
    FindingReport {
        rule: rule.into(),
        category: Category::ThreadPool,
        severity: Severity::Major,
        confidence: Confidence::High,
        unit: unit.into(),
        path: path.into(),
        line,
        column: 34,
        end_line: line,
        end_column: 56,
        message: "Thread pool created in service code: `Executors.newFixedThreadPool`".into(),
        fingerprint: format!("{line:032x}"),
        line_hash: format!("{line:x}:1"),
        symbol: "java.util.concurrent.Executors.newFixedThreadPool".into(),
        context: "Order.start".into(),
        reach: vec!["request".into(), "startup".into()],
        dead: false,
        also: Vec::new(),
        related: Vec::new(),
        flow: Vec::new(),
        burdens: Vec::new(),
        snippet: "ExecutorService größe½ = foo(newFixedThreadPool(10));".into(),
        snippet_column: 5,
        suppression: None,
    }
}

fn unit(name: &str, kind: &str, effort: Option<(&str, f64)>, verdict: &str, reason: &str) -> UnitReport {
    let assessed = !verdict.is_empty();
    UnitReport {
        name: name.into(),
        dir: name.into(),
        kind: kind.into(),
        languages: vec!["java".into()],
        framework: "spring-boot 3.2".into(),
        libraries: if assessed { vec!["common".into()] } else { Vec::new() },
        evidence: vec![EvidenceReport { what: "main class".into(), path: Some("pom.xml".into()), line: Some(3) }],
        effort: effort.map(|(tier, days)| EffortReport {
            person_days: days,
            low: days * 0.75,
            high: days * 1.5,
            tier: tier.into(),
            floors: Vec::new(),
            terms: vec![
                term("base", "Spring Boot behind an adapter", days / 4.0),
                term("rule", "executor-service", days * 3.0 / 4.0),
            ],
        }),
        readiness: assessed.then_some(34),
        verdicts: if assessed {
            let verdict = VerdictReport {
                verdict: verdict.into(),
                reasons: vec![reason.into()],
                person_days: effort.map(|(_, days)| days),
                tier: effort.map_or("", |(tier, _)| tier).into(),
                impossible: Vec::new(),
            };
            BTreeMap::from([(Target::Lambda, verdict)])
        } else {
            BTreeMap::new()
        },
        boosters: if assessed { vec!["sessions are kept in Redis".into()] } else { Vec::new() },
        categories: BTreeMap::new(),
        talks_to: (name == "order")
            .then(|| TalkReport {
                unit: "mailer".into(),
                how: "queue".into(),
                what: "orders".into(),
                path: "order/src/main/java/shop/Order.java".into(),
                line: 12,
            })
            .into_iter()
            .collect(),
        cold_start: assessed.then(|| ColdStartReport {
            p50_ms: 5210,
            p99_ms: 7294,
            snapstart_p50_ms: Some(1042),
            snapstart_p99_ms: Some(1563),
            terms: vec![
                ColdStartTerm { part: "runtime".into(), what: "Java 17 runtime".into(), ms: 210, how: String::new() },
                ColdStartTerm { part: "own".into(), what: "1000 beans".into(), ms: 5000, how: "1000 × 5".into() },
            ],
            obstacles: vec!["packed as a container image".into()],
            warning: Some("INIT takes 7.3 s at p99, near the limit of 10.0 s".into()),
        }),
        cost: None,
    }
}

fn term(kind: &str, what: &str, days: f64) -> EffortTerm {
    EffortTerm {
        kind: kind.into(),
        what: what.into(),
        how: "1.5 + 0.3".into(),
        sites: 2,
        person_days: days,
        low: days,
        high: days,
        whole: None,
        parts: Vec::new(),
    }
}

fn rule(title: &str, category: Category) -> RuleInfo {
    RuleInfo {
        title: title.into(),
        category,
        severity: Severity::Major,
        confidence: Confidence::High,
        why: "Between two requests the environment is frozen. Threads of a pool stand still with it, and what \
              they were doing is lost when it goes."
            .into(),
        fix: "Do the work within the request, or hand it to a queue. A pool of virtual threads that is joined \
              before the answer may stay."
            .into(),
        links: vec!["https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html".into()],
        targets: BTreeMap::from([(Target::Lambda, Fit::Hostile), (Target::CloudRun, Fit::Ok)]),
        findings: 2,
    }
}
