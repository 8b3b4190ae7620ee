//! From what the other rooms found to the one report.

use std::collections::BTreeMap;

use crate::assess::{Assessment, ColdStart, Effort, Fleet, Lever, Term, Verdict};
use crate::cost::Outcome;
use crate::findings::{Finding, Related};
use crate::link::talks::Talk;
use crate::rules::RuleSet;
use crate::rules::eval::Match;
use crate::rules::model::{Category, Reach, Severity, Target};
use crate::source::{FileIx, Skipped, Workspace};
use crate::units::{Unit, UnitIx, UnitKind, Units};

use super::model::{
    ColdStartReport, ColdStartTerm, EffortReport, EffortTerm, EvidenceReport, FindingReport, FloorReport, LeverReport,
    RelatedReport, ReplacementReport, Report, RuleInfo, SCHEMA_VERSION, SkippedReport, Summary, SuppressionReport,
    TalkReport, ToolInfo, UnitReport, VerdictReport, WorkspaceInfo,
};

/// Everything that a report is made of.
pub struct Sources<'a> {
    /// As the user named it.
    pub root: &'a str,
    pub rules: &'a RuleSet,
    pub workspace: &'a Workspace,
    pub units: &'a Units,
    /// All matches: boosters are taken from them.
    pub matches: &'a [Match],
    pub findings: &'a [Finding],
    pub fleet: &'a Fleet,
    /// Who talks to whom, each with the line that says so.
    pub talks: &'a [(Talk, u32)],
    /// Where traffic was given.
    pub cost: Option<&'a Outcome>,
    pub skipped: &'a [Skipped],
    /// What else a reader should know.
    pub notes: &'a [String],
    pub bytes: u64,
    pub lines: u64,
    pub target: Target,
    /// Only units below these paths; empty for all.
    pub only: &'a [String],
}

/// Makes the report.
pub fn assemble(sources: &Sources<'_>) -> Report {
    let order = unit_order(sources);
    let shown: Vec<&Finding> = sources.findings.iter().filter(|f| f.suppressed.is_none()).collect();
    let carried = by_carrier(sources, &shown);
    let units: Vec<UnitReport> = order.iter().map(|ix| unit_report(sources, *ix, &carried[ix.0 as usize])).collect();
    let rank: BTreeMap<UnitIx, usize> = order.iter().enumerate().map(|(i, ix)| (*ix, i)).collect();
    let mut all: Vec<&Finding> = sources.findings.iter().collect();
    all.sort_by_key(|f| {
        let unit = f.unit.and_then(|u| rank.get(&u).copied()).unwrap_or(usize::MAX);
        (unit, std::cmp::Reverse(f.severity), path(sources, f.file), f.place.line, f.place.column, f.rule)
    });
    let (findings, suppressed): (Vec<&Finding>, Vec<&Finding>) = all.into_iter().partition(|f| f.suppressed.is_none());
    let mut met: BTreeMap<usize, usize> = BTreeMap::new();
    for finding in &findings {
        *met.entry(finding.rule).or_default() += 1;
    }
    for finding in &suppressed {
        met.entry(finding.rule).or_default();
    }
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: ToolInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules: sources.rules.rules.count(),
        },
        workspace: WorkspaceInfo {
            root: sources.root.replace('\\', "/"),
            files: sources.workspace.files.len(),
            bytes: sources.bytes,
            lines: sources.lines,
        },
        summary: summary(sources, &units, &findings),
        rules: met.into_iter().map(|(ix, n)| rule_info(sources, ix, n)).collect(),
        findings: findings.into_iter().map(|f| finding_report(sources, f)).collect(),
        suppressed: suppressed.into_iter().map(|f| finding_report(sources, f)).collect(),
        notes: sources.notes.to_vec(),
        units,
        levers: sources.fleet.levers.iter().map(|lever| lever_report(sources, lever)).collect(),
        cost: sources.cost.map(|outcome| outcome.fleet.clone()),
        skipped: skipped(sources),
    }
}

/// What could not be read, and the units whose languages are not.
fn skipped(sources: &Sources<'_>) -> Vec<SkippedReport> {
    let files = sources.skipped.iter().map(|s| SkippedReport { path: s.path.clone(), reason: s.reason.clone() });
    let units = sources.units.iter().filter(|(_, unit)| unit.kind.is_assessed()).filter_map(|(_, unit)| {
        let language = unit.languages.first().filter(|l| !Unit::ANALYSED.contains(l))?;
        let reason = match unit.is_analysed() {
            true => format!("mostly in {language}, which is not analysed yet"),
            false => format!("{} in {language}, which is not analysed yet: no effort, no verdict", unit.kind.as_str()),
        };
        Some(SkippedReport { path: unit.dir.to_string(), reason })
    });
    let mut all: Vec<SkippedReport> = files.chain(units).collect();
    all.sort();
    all
}

fn path<'a>(sources: &'a Sources<'_>, file: FileIx) -> &'a str {
    &sources.workspace[file].path
}

/// Assessed units by effort, dearest first; then the others by name.
fn unit_order(sources: &Sources<'_>) -> Vec<UnitIx> {
    let wanted = |unit: &Unit| {
        sources.only.is_empty()
            || sources.only.iter().any(|o| {
                let below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|r| r.is_empty() || r.starts_with('/'));
                below(&unit.dir, o) || below(o, &unit.dir)
            })
    };
    let mut order: Vec<UnitIx> = sources.units.iter().filter(|(_, u)| wanted(u)).map(|(ix, _)| ix).collect();
    order.sort_by(|a, b| {
        let (unit_a, unit_b) = (&sources.units[*a], &sources.units[*b]);
        let days = |ix: &UnitIx| assessment(sources, *ix).effort.as_ref().map_or(0.0, |e| e.person_days);
        let by_days = if unit_a.kind.is_assessed() { days(b).total_cmp(&days(a)) } else { std::cmp::Ordering::Equal };
        unit_b
            .kind
            .is_assessed()
            .cmp(&unit_a.kind.is_assessed())
            .then(by_days)
            .then_with(|| unit_a.name.cmp(&unit_b.name))
    });
    order
}

fn assessment<'a>(sources: &'a Sources<'_>, ix: UnitIx) -> &'a Assessment {
    &sources.fleet.units[ix.0 as usize]
}

/// The findings that each unit pays for, by category.
fn by_carrier(sources: &Sources<'_>, findings: &[&Finding]) -> Vec<BTreeMap<Category, usize>> {
    let mut carried = vec![BTreeMap::new(); sources.units.all.len()];
    for finding in findings {
        let category = sources.rules.rules[finding.rule].category;
        for unit in &finding.carriers {
            *carried[unit.0 as usize].entry(category).or_default() += 1;
        }
    }
    carried
}

fn unit_report(sources: &Sources<'_>, ix: UnitIx, categories: &BTreeMap<Category, usize>) -> UnitReport {
    let unit = &sources.units[ix];
    let assessment = assessment(sources, ix);
    let runtime = &unit.runtime;
    UnitReport {
        name: unit.name.clone(),
        dir: unit.dir.to_string(),
        kind: unit.kind.as_str().to_owned(),
        languages: unit.languages.iter().map(|l| (*l).to_owned()).collect(),
        framework: [runtime.framework.as_str(), runtime.framework_version.as_str()].join(" ").trim().to_owned(),
        libraries: unit.libraries.iter().map(|l| sources.units[*l].name.clone()).collect(),
        evidence: unit
            .evidence
            .iter()
            .map(|e| EvidenceReport {
                what: e.what.clone(),
                path: e.file.map(|f| path(sources, f).to_owned()),
                line: None,
            })
            .collect(),
        effort: assessment.effort.as_ref().map(effort_report),
        readiness: assessment.readiness,
        verdicts: assessment.verdicts.iter().map(|(target, v)| (*target, verdict_report(v))).collect(),
        boosters: if unit.kind.is_assessed() { boosters(sources, ix) } else { Vec::new() },
        categories: categories.clone(),
        talks_to: sources.talks.iter().filter(|(t, _)| t.from == ix).map(|(t, line)| talk(sources, t, *line)).collect(),
        cold_start: assessment.cold_start.as_ref().map(cold_start_report),
        cost: sources.cost.and_then(|outcome| outcome.units.get(&ix).cloned()),
    }
}

fn talk(sources: &Sources<'_>, talk: &Talk, line: u32) -> TalkReport {
    TalkReport {
        unit: sources.units[talk.to].name.clone(),
        how: talk.how.as_str().to_owned(),
        what: talk.what.clone(),
        path: path(sources, talk.file).to_owned(),
        line,
    }
}

fn effort_report(effort: &Effort) -> EffortReport {
    let floors = effort.floors.iter().map(|floor| FloorReport {
        rule: floor.rule.clone(),
        tier: floor.tier.as_str().to_owned(),
        replaced_by: floor
            .replaced_by
            .as_ref()
            .map(|by| ReplacementReport { what: by.what.clone(), person_days: by.effort }),
    });
    EffortReport {
        person_days: effort.person_days,
        low: effort.low,
        high: effort.high,
        tier: effort.tier.as_str().to_owned(),
        floors: floors.collect(),
        terms: effort.terms.iter().map(term_report).collect(),
    }
}

fn term_report(term: &Term) -> EffortTerm {
    EffortTerm {
        kind: term.kind.as_str().to_owned(),
        what: term.what.clone(),
        how: term.how.clone(),
        sites: term.sites,
        person_days: term.person_days,
        low: term.low,
        high: term.high,
        whole: term.whole,
        parts: term.parts.iter().map(term_report).collect(),
    }
}

fn verdict_report(verdict: &Verdict) -> VerdictReport {
    VerdictReport {
        verdict: verdict.decision.as_str().to_owned(),
        reasons: verdict.reasons.clone(),
        person_days: verdict.person_days,
        tier: verdict.tier.as_str().to_owned(),
        impossible: verdict.impossible.clone(),
    }
}

fn cold_start_report(cold: &ColdStart) -> ColdStartReport {
    let estimate = &cold.estimate;
    let terms = estimate.terms.iter();
    ColdStartReport {
        p50_ms: estimate.p50_ms,
        p99_ms: estimate.p99_ms,
        snapstart_p50_ms: estimate.snapstart.map(|(p50, _)| p50),
        snapstart_p99_ms: estimate.snapstart.map(|(_, p99)| p99),
        terms: terms
            .map(|t| ColdStartTerm {
                part: t.part.as_str().to_owned(),
                what: t.what.clone(),
                ms: t.ms,
                how: t.how.clone(),
            })
            .collect(),
        obstacles: cold.obstacles.clone(),
        warning: estimate.warning.clone(),
    }
}

fn lever_report(sources: &Sources<'_>, lever: &Lever) -> LeverReport {
    LeverReport {
        kind: lever.kind.as_str().to_owned(),
        what: lever.what.clone(),
        person_days: lever.person_days,
        how: lever.how.clone(),
        services: lever.services.iter().map(|u| sources.units[*u].name.clone()).collect(),
        saves: lever.saves,
        ratio: lever.ratio(),
    }
}

fn boosters(sources: &Sources<'_>, ix: UnitIx) -> Vec<String> {
    let unit = &sources.units[ix];
    let mut out: Vec<String> = sources
        .matches
        .iter()
        .filter(|m| sources.rules.rules[m.rule].booster)
        .filter(|m| m.site.unit.is_some_and(|u| u == ix || unit.libraries.contains(&u)))
        .map(|m| m.title.clone())
        .collect();
    out.sort();
    out.dedup();
    out
}

fn finding_report(sources: &Sources<'_>, f: &Finding) -> FindingReport {
    let rule = &sources.rules.rules[f.rule];
    let in_library = f.unit.is_some_and(|u| sources.units[u].kind == UnitKind::Library);
    let shared = in_library || f.carriers.len() > 1;
    let burdens = f.carriers.iter().filter(|u| sources.units[**u].kind.is_assessed() && Some(**u) != f.unit);
    FindingReport {
        rule: rule.id.clone(),
        category: rule.category,
        severity: f.severity,
        confidence: f.confidence,
        unit: f.unit.map(|u| sources.units[u].name.clone()).unwrap_or_default(),
        path: path(sources, f.file).to_owned(),
        line: f.place.line,
        column: f.place.column,
        end_line: f.place.end_line,
        end_column: f.place.end_column,
        message: f.message.clone(),
        fingerprint: f.fingerprint.clone(),
        line_hash: f.line_hash.clone(),
        symbol: f.symbol.clone(),
        context: f.context.clone(),
        reach: f.reach.iter().map(|r| reach_word(*r).to_owned()).collect(),
        dead: f.dead,
        also: f.also.iter().map(|ix| sources.rules.rules[*ix].id.clone()).collect(),
        related: places(sources, &f.related),
        flow: places(sources, &f.flow),
        burdens: if shared { burdens.map(|u| sources.units[*u].name.clone()).collect() } else { Vec::new() },
        snippet: f.snippet.clone(),
        snippet_column: f.snippet_column,
        suppression: f
            .suppressed
            .as_ref()
            .map(|reason| SuppressionReport { in_source: !f.suppressed_outside, reason: reason.clone() }),
    }
}

fn places(sources: &Sources<'_>, further: &[Related]) -> Vec<RelatedReport> {
    let place = |r: &Related| RelatedReport {
        path: path(sources, r.file).to_owned(),
        line: r.place.line,
        column: r.place.column,
        note: r.note.clone(),
    };
    further.iter().map(place).collect()
}

fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Request => "request",
        Reach::Startup | Reach::OnlyStartup => "startup",
        Reach::Background | Reach::OnlyBackground => "background",
        Reach::OnlyMainOfATool => "tool",
        Reach::Nobody => "nobody",
    }
}

fn rule_info(sources: &Sources<'_>, ix: usize, findings: usize) -> (String, RuleInfo) {
    let rule = &sources.rules.rules[ix];
    let info = RuleInfo {
        title: rule.title.clone(),
        category: rule.category,
        severity: rule.severity,
        confidence: rule.confidence,
        why: rule.why.clone(),
        fix: rule.fix.clone(),
        links: rule.links.clone(),
        targets: rule.targets.clone(),
        findings,
    };
    (rule.id.clone(), info)
}

fn summary(sources: &Sources<'_>, units: &[UnitReport], findings: &[&Finding]) -> Summary {
    let mut summary = Summary {
        target: Some(sources.target),
        person_days: round(sources.fleet.person_days),
        low: round(sources.fleet.low),
        high: round(sources.fleet.high),
        suppressed: sources.findings.len() - findings.len(),
        ..Summary::default()
    };
    for unit in units {
        *summary.units.entry(unit.kind.clone()).or_default() += 1;
        if let (Some(effort), Some(_)) = (&unit.effort, unit.readiness) {
            *summary.tiers.entry(effort.tier.clone()).or_default() += 1;
        }
    }
    for severity in Severity::ALL {
        let count = findings.iter().filter(|f| f.severity == *severity).count();
        if count > 0 {
            summary.findings.insert(severity.as_str().to_owned(), count);
        }
    }
    summary
}

fn round(days: f64) -> f64 {
    (days * 100.0).round() / 100.0
}
