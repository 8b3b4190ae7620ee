//! Rules met at sites: conditions, guards, adjustments, and one voice per construct.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::compile::Compiled;
use super::guards::Context;
use super::hits::Hits;
use super::libraries::{Libraries, Standing};
use super::model::{Confidence, Guard, Once, Reach, Rule, Severity, Tier};
use super::plain::is_nobodys;
use super::site::{Fact, Site};
use crate::facts::FileFacts;
use crate::facts::code::{ExprIx, ExprKind, Usage};
use crate::link::{Linked, ReachSet};
use crate::source::FileIx;
use crate::text::Span;

/// A rule met at a site.
#[derive(Clone, Debug)]
pub struct Match {
    /// Index in the rules.
    pub rule: usize,
    pub site: Site,
    pub severity: Severity,
    pub confidence: Confidence,
    /// The tier is at least this one.
    pub floor: Option<Tier>,
    /// The rule's title, or what an adjustment made of it.
    pub title: String,
    /// Other rules met by the same construct.
    pub also: Vec<usize>,
    /// Further sites that this one stands for.
    pub further: Vec<Site>,
    pub reach: Vec<Reach>,
    /// The text at a setting, object or instruction.
    pub value: Option<String>,
}

/// Meets all rules with all facts.
pub fn evaluate(compiled: &Compiled<'_>, linked: &Linked<'_>, facts: &[FileFacts]) -> Vec<Match> {
    let hits = Hits::collect(compiled, linked, facts);
    let context = Context { compiled, linked, facts, hits: &hits };
    let libraries = Libraries::new(linked, facts);
    let mut all: Vec<Match> =
        (0..compiled.rules.len()).into_par_iter().flat_map_iter(|ix| meet(&context, &libraries, ix)).collect();
    sort(&mut all);
    super::repeated::tell_at_programs(linked, &libraries, &mut all);
    super::told::tell_once(compiled.rules, linked, &mut all);
    let all = once_per(compiled.rules, linked, all);
    let mut all = one_voice(compiled.rules, linked, all);
    echo(compiled.rules, &mut all);
    all
}

/// Shows code that a finding further up stands for where it is, as information: who reads the file there finds it.
fn echo(rules: &[Rule], all: &mut Vec<Match>) {
    let mut more = Vec::new();
    for m in all.iter().filter(|m| !rules[m.rule].booster) {
        // What speaks once for its subject is of no use a few lines on.
        let once = rules[m.rule].once_per == Some(Once::Subject);
        let distance = if once { OUT_OF_MIND } else { OUT_OF_SIGHT };
        let far = |s: &&Site| {
            s.file == m.site.file && matches!(s.fact, Fact::Expr(_)) && s.at.start.abs_diff(m.site.at.start) > distance
        };
        more.extend(m.further.iter().filter(far).map(|site| Match {
            rule: m.rule,
            site: *site,
            severity: Severity::Info,
            confidence: m.confidence,
            floor: None,
            title: format!("{}, told nearby", m.title),
            also: Vec::new(),
            further: Vec::new(),
            reach: m.reach.clone(),
            value: None,
        }));
    }
    all.append(&mut more);
    sort(all);
}

fn meet(context: &Context<'_, '_>, libraries: &Libraries, ix: usize) -> Vec<Match> {
    let rule = &context.compiled.rules[ix];
    let linked = context.linked;
    let sites = context.hits.select(context.linked, &context.compiled.selects[ix]);
    let mut out = Vec::new();
    for site in sites {
        let spared =
            |site: &Site| rule.when.unless.iter().any(|g| context.holds(g, site) && !informs(linked, rule, g, site));
        if spared(&site) || context.hits.within_helper(&site).is_some_and(spared) {
            continue;
        }
        let by_hand = rule.when.unless.iter().any(|g| context.holds(g, &site));
        let adjust = rule.adjust.iter().find(|a| context.holds(&a.when, &site));
        // What is told elsewhere of a helper is told elsewhere of its callers too.
        let adjust = adjust.or_else(|| {
            let within = context.hits.within_helper(&site)?;
            let there = rule.adjust.iter().find(|a| context.holds(&a.when, within));
            there.filter(|a| a.severity == Some(Severity::Info))
        });
        let mut met = Match {
            rule: ix,
            site,
            severity: adjust.and_then(|a| a.severity).unwrap_or(rule.severity),
            confidence: adjust.and_then(|a| a.confidence).unwrap_or(rule.confidence),
            floor: adjust.and_then(|a| a.floor).or(rule.floor),
            title: adjust.and_then(|a| a.title.clone()).unwrap_or_else(|| rule.title.clone()),
            also: Vec::new(),
            further: Vec::new(),
            reach: reach_words(context.linked, &site),
            value: context.value(&site),
        };
        if by_hand {
            met.severity = Severity::Info;
            met.title = format!("{}, in a command that people run", met.title);
        } else if is_nobodys(linked, &met.site) {
            met.severity = Severity::Info;
            met.title = format!("{}, of what no service here is seen to be", met.title);
        }
        if !rule.booster && met.severity > Severity::Info {
            out.extend(in_place_of(context.linked, libraries, &mut met));
        }
        out.push(met);
    }
    out
}

/// What a command of a service or job does is no work for the service, but worth a look: the command may become a job.
fn informs(linked: &Linked<'_>, rule: &Rule, guard: &Guard, site: &Site) -> bool {
    let command = matches!(guard, Guard::Reachable(Reach::OnlyMainOfATool)) && !rule.booster;
    command && site.unit.is_some_and(|u| linked.units[u].kind.is_assessed())
}

/// A library that a module declares and no code of it names is worth a look, and no more: what it takes is told where
/// a module that it is made of declares it.
fn in_place_of(linked: &Linked<'_>, libraries: &Libraries, met: &mut Match) -> Option<Match> {
    let standing = libraries.standing(linked, &met.site);
    let Standing::Declared(file, at) = standing else {
        if standing == Standing::Unnamed {
            met.severity = Severity::Info;
            met.title = format!("{}, which no code here names", met.title);
        }
        return None;
    };
    let unit = met.site.unit?;
    let told = Match { site: Site { file, at, ..met.site }, ..met.clone() };
    met.severity = Severity::Info;
    met.title = format!("{}, declared again where no code names it", met.title);
    linked.units[unit].kind.is_assessed().then_some(told)
}

fn reach_words(linked: &Linked<'_>, site: &Site) -> Vec<Reach> {
    let Some(callable) = site.callable else { return Vec::new() };
    if !linked.is_java(site.file) {
        return Vec::new();
    }
    let set = linked.reach(site.file, callable);
    let mut words = Vec::new();
    if set.has(ReachSet::REQUEST) {
        words.push(Reach::Request);
    }
    if set.has(ReachSet::STARTUP) {
        words.push(Reach::Startup);
    }
    if set.has(ReachSet::BACKGROUND) {
        words.push(Reach::Background);
    }
    if !set.any() {
        words.push(Reach::Nobody);
    }
    words
}

fn sort(all: &mut [Match]) {
    all.sort_by(|a, b| {
        (a.site.file, a.site.at, a.rule, a.site.unit).cmp(&(b.site.file, b.site.at, b.rule, b.site.unit))
    });
}

/// Folds the sites of rules that speak once per unit, file, class or method.
fn once_per(rules: &[Rule], linked: &Linked<'_>, all: Vec<Match>) -> Vec<Match> {
    let mut first: FxHashMap<(usize, u64, u64, String), (usize, u32)> = FxHashMap::default();
    let mut out: Vec<Match> = Vec::with_capacity(all.len());
    for mut m in all {
        let Some(once) = rules[m.rule].once_per else {
            out.push(m);
            continue;
        };
        let unit = m.site.unit.map_or(u64::MAX, |u| u64::from(u.0));
        let file = u64::from(m.site.file.0);
        let scope = match once {
            Once::Unit => (unit, u64::MAX),
            // A line that several units inherit, and a file that deploys several, speak for each of them.
            Once::File => (file, unit),
            Once::Class => {
                (file, linked.enclosing_types(m.site.file, m.site.ty).last().map_or(u64::MAX, |t| u64::from(t.0)))
            }
            Once::Subject if attribute(linked, &m.site).is_some() => {
                (file, linked.enclosing_types(m.site.file, m.site.ty).last().map_or(u64::MAX, |t| u64::from(t.0)))
            }
            Once::Subject if matches!(m.site.fact, Fact::Setting(..)) => (file, unit),
            Once::Method | Once::Subject => {
                let method = m.site.callable.map(|c| linked.named_callable(m.site.file, c));
                let helps = |c| if once == Once::Method { linked.helped_by(m.site.file, c) } else { c };
                let method = method.map(helps);
                (file, method.map_or(u64::MAX, |c| u64::from(c.0)))
            }
        };
        let subject = if once == Once::Subject { subject(linked, &m.site) } else { String::new() };
        let key = (m.rule, scope.0, scope.1, subject);
        match first.get(&key) {
            // What is read again further down is told again.
            Some((at, last))
                if once != Once::Subject
                    || attribute(linked, &m.site).is_some()
                    || matches!(m.site.fact, Fact::Setting(..))
                    || m.site.at.start.saturating_sub(*last) < FEW_LINES =>
            {
                let kept = &mut out[*at];
                // The gravest speaks, and of those the first.
                if m.severity > kept.severity {
                    m.further = std::mem::take(&mut kept.further);
                    std::mem::swap(kept, &mut m);
                }
                if construct(linked, kept) != construct(linked, &m) {
                    kept.further.push(m.site);
                }
            }
            _ => {
                first.insert(key, (out.len(), m.site.at.start));
                out.push(m);
            }
        }
    }
    sort(&mut out);
    out
}

/// So many bytes are more than three lines of code.
const OUT_OF_SIGHT: u32 = 200;

/// So many bytes are more than ten lines of code.
const OUT_OF_MIND: u32 = 500;

/// So many bytes are two or three lines of code.
const FEW_LINES: u32 = 240;

/// The language or look that is read, or set, or taken away: each is one matter of its class.
fn attribute(linked: &Linked<'_>, site: &Site) -> Option<String> {
    let Fact::Expr(expr) = site.fact else { return None };
    let (doing, name) = linked.attribute_named(site.file, expr)?;
    super::known::is_of_display(&name).then(|| format!("{doing} {name}"))
}

/// `spring.config.import[1]: nacos:b.yml`: the list, and by which scheme.
fn list_and_scheme(linked: &Linked<'_>, site: &Site) -> Option<String> {
    let Fact::Setting(unit, ix) = site.fact else { return None };
    let value = linked.units[unit].settings[ix as usize].value.trim().trim_start_matches("optional:");
    let list = site.symbol.split('[').next().unwrap_or("");
    let scheme = value.split_once(':').map_or("", |(scheme, _)| scheme);
    Some(format!("{list} {scheme}"))
}

/// The call's name and its first argument; a place of its own when that is no constant, or when nothing is read.
fn subject(linked: &Linked<'_>, site: &Site) -> String {
    if let Some(list) = list_and_scheme(linked, site) {
        return list;
    }
    let (Fact::Expr(expr), Some(facts)) = (site.fact, linked.facts(site.file)) else { return String::new() };
    if let Some(name) = attribute(linked, site) {
        return name;
    }
    // `request.getSession().getAttribute("cart")` speaks of the cart.
    let expr = match facts[expr].usage {
        Usage::Base(parent) if matches!(&facts[parent].kind, ExprKind::Call { args, .. } if !args.is_empty()) => parent,
        _ => expr,
    };
    let ExprKind::Call { name, args, .. } = &facts[expr].kind else { return String::new() };
    match args.first() {
        None => format!("{name}@{}", site.at.start),
        Some(arg) => match linked.constant(site.file, *arg) {
            Some(text) if name.starts_with("get") => format!("{name}({text})"),
            _ => format!("{name}@{}", site.at.start),
        },
    }
}

/// What makes two matches speak of the same construct.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Construct {
    /// A chain of calls, by its outermost expression.
    Chain(FileIx, ExprIx),
    /// Any other place.
    Place(FileIx, Span),
}

fn construct(linked: &Linked<'_>, m: &Match) -> Construct {
    if let (Fact::Expr(expr), Some(facts)) = (m.site.fact, linked.facts(m.site.file)) {
        let mut at = expr;
        for _ in 0..512 {
            match facts[at].usage {
                Usage::Base(parent)
                    if matches!(facts[parent].kind, ExprKind::Call { .. } | ExprKind::Select { .. }) =>
                {
                    at = parent
                }
                _ => break,
            }
        }
        // Both arms of `x = wide ? open(a) : open(b);` are one.
        if let Usage::ToLocal(local) = facts[at].usage
            && let Some(init) = facts[local].init
            && facts[init].span.contains(facts[at].span)
        {
            at = init;
        }
        return Construct::Chain(m.site.file, at);
    }
    Construct::Place(m.site.file, m.site.at)
}

/// A line of a manifest or of settings, for one unit.
type Line = (FileIx, Span, Option<u32>);

/// On a manifest or settings line a rule that names another in `over` speaks for it in any category.
fn across_categories(rules: &[Rule], all: &[Match], dropped: &mut [bool], also: &mut [Vec<usize>]) {
    let mut lines: FxHashMap<Line, Vec<(usize, bool)>> = FxHashMap::default();
    for (i, m) in all.iter().enumerate() {
        // A rule that speaks once for a file speaks at its further lines too, and is silenced at its first one.
        for (n, site) in std::iter::once(&m.site).chain(&m.further).enumerate().filter(|_| !dropped[i]) {
            // A manifest in which nothing is shown of the one leaves the other to speak.
            if site.file == m.site.file && matches!(site.fact, Fact::Dependency(..) | Fact::Setting(..)) {
                lines.entry((site.file, site.at, site.unit.map(|u| u.0))).or_default().push((i, n == 0));
            }
        }
    }
    let mut lists: Vec<Vec<(usize, bool)>> = lines.into_values().filter(|l| l.len() > 1).collect();
    lists.sort();
    for list in lists {
        let pairs = list.iter().flat_map(|(i, _)| list.iter().filter(|(_, first)| *first).map(move |(j, _)| (*i, *j)));
        for (i, j) in pairs {
            let (speaker, silent) = (&rules[all[i].rule], &rules[all[j].rule]);
            if i != j && !dropped[i] && !dropped[j] && speaker.over.contains(&silent.id) {
                dropped[j] = true;
                let named: Vec<usize> = std::iter::once(all[j].rule).chain(also[j].clone()).collect();
                also[i].extend(named.into_iter().filter(|rule| *rule != all[i].rule));
                also[i].sort_unstable();
                also[i].dedup();
            }
        }
    }
}

/// One construct, one finding: the most specific rule speaks and names the others. A manifest or
/// settings line may carry several findings, one of each category, unless a rule speaks for the other.
fn one_voice(rules: &[Rule], linked: &Linked<'_>, all: Vec<Match>) -> Vec<Match> {
    let mut groups: FxHashMap<(Construct, Option<u32>, u8), Vec<usize>> = FxHashMap::default();
    for (i, m) in all.iter().enumerate() {
        let code = linked.facts(m.site.file).is_some();
        let category = if code { u8::MAX } else { rules[m.rule].category as u8 };
        let unit = if code { None } else { m.site.unit.map(|u| u.0) };
        groups.entry((construct(linked, m), unit, category)).or_default().push(i);
    }
    let mut dropped = vec![false; all.len()];
    let mut also: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    let mut lists: Vec<Vec<usize>> = groups.into_values().filter(|l| l.len() > 1).collect();
    lists.sort();
    for list in lists {
        let outranked =
            |i: &usize| list.iter().any(|j| j != i && rules[all[*j].rule].over.contains(&rules[all[*i].rule].id));
        let free: Vec<usize> = list.iter().copied().filter(|i| !outranked(i)).collect();
        let pool = if free.is_empty() { &list } else { &free };
        // Boosters are no findings and silence none.
        let rank = |i: &usize| {
            let m = &all[*i];
            (!rules[m.rule].booster, m.severity, m.confidence, std::cmp::Reverse(m.site.at), std::cmp::Reverse(m.rule))
        };
        let Some(winner) = pool.iter().copied().max_by_key(rank) else { continue };
        for i in list {
            if i != winner && !rules[all[i].rule].booster {
                dropped[i] = true;
                if all[i].rule != all[winner].rule && !also[winner].contains(&all[i].rule) {
                    also[winner].push(all[i].rule);
                }
            }
        }
    }
    across_categories(rules, &all, &mut dropped, &mut also);
    all.into_iter()
        .enumerate()
        .filter(|(i, _)| !dropped[*i])
        .map(|(i, mut m)| {
            m.also = std::mem::take(&mut also[i]);
            m
        })
        .collect()
}
