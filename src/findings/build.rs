//! From matches to findings: who owns them, who pays for them, what they say.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::code::{ExprKind, FieldIx, TypeIx, Usage};
use crate::link::Linked;
use crate::rules::eval::Match;
use crate::rules::model::{Reach, Rule, Severity};
use crate::rules::site::{Fact, Site};
use crate::source::{FileIx, FileKind};
use crate::text::{Name, Span};
use crate::units::{Unit, UnitIx, UnitKind, is_set_aside};

use super::model::{Finding, Place, Related};

/// Makes findings of matches: boosters left out, one finding for a line that many units inherit.
pub fn build(rules: &[Rule], linked: &Linked<'_>, matches: &[Match]) -> Vec<Finding> {
    let dependents = dependents(linked);
    let mut by_place: BTreeMap<(FileIx, Span, usize, String), Finding> = BTreeMap::new();
    // A parent without code of its own speaks through the modules that inherit its line.
    let mut by_parent: BTreeSet<(FileIx, Span, usize, String)> = BTreeSet::new();
    for m in matches.iter().filter(|m| !rules[m.rule].booster) {
        let declared = matches!(m.site.fact, Fact::Dependency(..) | Fact::Setting(..));
        // A settings or manifest line speaks of one symbol; code sites differ by place alone.
        let key = (m.site.file, m.site.at, m.rule, if declared { m.site.symbol.to_string() } else { String::new() });
        let carriers = carriers(linked, &dependents, &m.site, declared);
        let parent = matches!(m.site.fact, Fact::Dependency(..)) && m.site.unit.is_some_and(|u| is_bare(linked, u));
        match by_place.get_mut(&key) {
            None => {
                let finding = Finding { carriers, ..finding(linked, m, declared) };
                if parent {
                    by_parent.insert(key.clone());
                }
                by_place.insert(key, finding);
            }
            Some(told) => {
                told.carriers.extend(carriers);
                if !parent && by_parent.remove(&key) {
                    let carriers = std::mem::take(&mut told.carriers);
                    *told = Finding { carriers, ..finding(linked, m, declared) };
                } else if !parent || by_parent.contains(&key) {
                    told.severity = told.severity.max(severity(linked, m));
                }
            }
        }
    }
    let mut findings: Vec<Finding> = by_place.into_values().collect();
    for finding in &mut findings {
        finding.carriers.sort();
        finding.carriers.dedup();
    }
    findings
}

/// Nothing but a manifest that others inherit from.
fn is_bare(linked: &Linked<'_>, unit: UnitIx) -> bool {
    linked.units[unit].kind == UnitKind::Library && linked.units[unit].files == 0
}

/// For each unit the assessed units that use it as a library.
fn dependents(linked: &Linked<'_>) -> Vec<Vec<UnitIx>> {
    let mut out = vec![Vec::new(); linked.units.all.len()];
    for (ix, unit) in linked.units.iter().filter(|(_, u)| u.kind.is_assessed()) {
        for library in &unit.libraries {
            out[library.0 as usize].push(ix);
        }
    }
    out
}

fn carriers(linked: &Linked<'_>, dependents: &[Vec<UnitIx>], site: &Site, declared: bool) -> Vec<UnitIx> {
    let Some(unit) = site.unit else { return Vec::new() };
    let mut out = vec![unit];
    if !declared && linked.units[unit].kind == UnitKind::Library {
        // A class that a service never loads is no burden to it.
        let users = dependents[unit.0 as usize].iter().copied();
        out.extend(users.filter(|user| linked.reaches(*user, site.file, site.callable, site.ty)));
    }
    out
}

fn finding(linked: &Linked<'_>, m: &Match, declared: bool) -> Finding {
    let further = m.further.iter().map(|s| Related {
        file: s.file,
        span: s.at,
        place: Place::default(),
        note: "also here".to_owned(),
    });
    Finding {
        rule: m.rule,
        unit: if matches!(m.site.fact, Fact::Object(..)) { m.site.unit } else { linked.unit(m.site.file) },
        file: m.site.file,
        span: m.site.at,
        carriers: Vec::new(),
        declared,
        severity: severity(linked, m),
        confidence: m.confidence,
        floor: m.floor,
        message: message(linked, m),
        symbol: m.site.symbol.to_string(),
        context: context(linked, &m.site),
        dead: is_dead(linked, m),
        reach: m.reach.clone(),
        also: m.also.clone(),
        related: further.collect(),
        flow: flow(linked, &m.site),
        ..Finding::default()
    }
}

/// Where nobody would act on it, a finding is information: in tests, beans of tests and retired code, in code that
/// nobody runs.
fn severity(linked: &Linked<'_>, m: &Match) -> Severity {
    let path = &linked.workspace[m.site.file].path;
    let unit = m.site.unit.map(|unit| &linked.units[unit]);
    let aside = unit.is_some_and(|u| u.aside || !u.kind.is_assessed() && is_set_aside(path, u));
    let dead = is_dead(linked, m);
    // An image that no unit is made into.
    let aside = aside
        || matches!(m.site.fact, Fact::Instruction(..)) && (unit.is_none() || is_template_beside_results(linked, path));
    let aside = aside || linked.is_switched_off(m.site.file, m.site.callable, m.site.ty);
    let aside = aside || super::beside::is_beside(linked, &m.site) || is_of_no_module(linked, m.site.file, unit);
    let aside = aside || is_not_compiled(linked, m.site.file);
    let tests = linked.is_for_tests(m.site.file, m.site.callable, m.site.ty);
    if aside || dead || tests || linked.is_beside_service(m.site.file, m.site.at, m.site.callable) {
        m.severity.min(Severity::Info)
    } else {
        m.severity
    }
}

/// Java below a package of Cargo, or in the sources of a pom that only groups modules: nothing compiles it.
fn is_not_compiled(linked: &Linked<'_>, file: FileIx) -> bool {
    if let Some(unit) = linked.unit(file).map(|u| &linked.units[u]).filter(|u| u.groups && linked.is_java(file)) {
        let own = linked.workspace[file].path.strip_prefix(if &*unit.dir == "." { "" } else { &*unit.dir });
        if own.is_some_and(|rest| rest.trim_start_matches('/').starts_with("src/main/java/")) {
            return true;
        }
    }
    let manifest = |u: UnitIx| linked.units[u].manifest.map(|m| linked.workspace[m].path.to_string());
    linked.facts(file).is_some()
        && linked.is_java(file)
        && linked.unit(file).and_then(manifest).is_some_and(|path| path.ends_with("Cargo.toml"))
}

/// Settings of a log that belong to nothing but the parent of all modules: those of some server that lies in the tree.
fn is_of_no_module(linked: &Linked<'_>, file: FileIx, unit: Option<&Unit>) -> bool {
    let parent = |u: &Unit| matches!(&*u.dir, "" | ".") && u.kind == UnitKind::Library && u.files == 0;
    linked.workspace[file].kind == FileKind::Logging && unit.is_some_and(parent)
}

/// `Dockerfile.j2` beside the Dockerfiles that are made of it.
fn is_template_beside_results(linked: &Linked<'_>, path: &str) -> bool {
    let is_template =
        |path: &str| [".j2", ".tmpl", ".tpl", ".template", ".jinja"].iter().any(|end| path.ends_with(end));
    let dir = |path: &str| path.rsplit_once('/').map_or(0, |(dir, _)| dir.len() + 1);
    let beside = |other: &str| dir(other) == dir(path) && other[..dir(other)] == path[..dir(path)];
    is_template(path)
        && linked
            .workspace
            .files
            .iter()
            .any(|f| f.kind == FileKind::Container && beside(&f.path) && !is_template(&f.path))
}

/// Of a longer chain the middle is left out.
const FLOW: usize = 16;

/// How a request comes to a site.
fn flow(linked: &Linked<'_>, site: &Site) -> Vec<Related> {
    let way = site.callable.map(|callable| linked.way_from_request(site.file, callable)).unwrap_or_default();
    let left_out = way.len().saturating_sub(FLOW);
    let mut out = Vec::with_capacity(way.len() - left_out);
    for (n, (file, callable)) in way.iter().enumerate() {
        let Some(facts) = linked.facts(*file) else { continue };
        if n >= FLOW / 2 && n < FLOW / 2 + left_out {
            continue;
        }
        let name = named(linked, *file, linked.type_of_callable(*file, *callable), Some(facts[*callable].name));
        let note = match n {
            0 => format!("{name} serves a request"),
            n if left_out > 0 && n == FLOW / 2 + left_out => format!("{left_out} calls on, {name}"),
            _ => format!("calls {name}"),
        };
        out.push(Related { file: *file, span: facts[*callable].span, place: Place::default(), note });
    }
    out
}

/// Nobody can be seen to run it, however generously one looks: code that nothing calls, a class that nothing names, a
/// field that only such code writes.
fn is_dead(linked: &Linked<'_>, m: &Match) -> bool {
    let site = &m.site;
    let dead = |file, callable| !linked.is_alive(file, linked.named_callable(file, callable));
    match (site.fact, site.callable) {
        (Fact::Field(_) | Fact::Type(_), _) if linked.is_unnamed(site.file, site.ty) => true,
        (Fact::Field(field), _) => {
            let writes = linked.field_use(site.file, field).writes;
            linked.is_java(site.file)
                && !writes.is_empty()
                && writes.iter().all(|(file, callable, _)| dead(*file, *callable))
                && !is_handed_on(linked, site.file, field)
        }
        // In Rust, who offers a function to others reaches it.
        (_, Some(callable)) => (m.reach == [Reach::Nobody] || !linked.is_java(site.file)) && dead(site.file, callable),
        _ => false,
    }
}

/// Does code that may run hand the field to others, who may fill it?
fn is_handed_on(linked: &Linked<'_>, file: FileIx, field: FieldIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let name = facts[field].name;
    facts.exprs.iter().any(|e| {
        matches!(&e.kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if *n == name)
            && matches!(e.usage, Usage::Argument(..) | Usage::Returned | Usage::ToField | Usage::ToLocal(_))
            && linked.is_alive(file, linked.named_callable(file, e.callable))
    })
}

fn message(linked: &Linked<'_>, m: &Match) -> String {
    let title = m.title.trim_end_matches('.');
    let symbol = m.site.symbol;
    let shown = match m.site.fact {
        Fact::Expr(_) => short_symbol(&symbol),
        Fact::Annotation(_) => format!("@{}", symbol.last_segment()),
        Fact::Type(_) | Fact::TypeUse => symbol.last_segment().to_owned(),
        Fact::Field(_) | Fact::Method(_) => context(linked, &m.site),
        Fact::Dependency(unit, ix) => {
            let dependency = &linked.units[unit].dependencies[ix as usize];
            let via: Vec<&str> = dependency.via.iter().map(|n| n.as_str()).collect();
            if via.is_empty() { symbol.to_string() } else { format!("{symbol} (through {})", via.join(" > ")) }
        }
        Fact::Setting(..) | Fact::FileSetting(_) | Fact::Object(..) | Fact::Instruction(..) => match &m.value {
            Some(value) if !value.is_empty() => format!("{symbol} = {}", clip(value)),
            _ => symbol.to_string(),
        },
        Fact::Loop(_) | Fact::Import(_) => String::new(),
    };
    if shown.is_empty() || title.contains(&shown) { title.to_owned() } else { format!("{title}: {shown}") }
}

/// `java.util.concurrent.Executors.newFixedThreadPool` as people say it: the last two segments.
fn short_symbol(symbol: &str) -> String {
    if symbol.contains("::") {
        return symbol.trim_start_matches("?::").to_owned();
    }
    let parts: Vec<&str> = symbol.rsplitn(3, '.').collect();
    match parts.as_slice() {
        [member, owner, ..] if owner.starts_with(char::is_uppercase) => format!("{owner}.{member}"),
        [member, ..] => (*member).to_owned(),
        [] => String::new(),
    }
}

fn clip(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// `Class.method` around a site.
fn context(linked: &Linked<'_>, site: &Site) -> String {
    let Some(facts) = linked.facts(site.file) else { return String::new() };
    let member = match site.fact {
        Fact::Field(field) => Some(facts[field].name),
        _ => site.callable.map(|c| facts[linked.named_callable(site.file, c)].name),
    };
    named(linked, site.file, site.ty, member)
}

/// `Outer.Inner.member`.
fn named(linked: &Linked<'_>, file: FileIx, ty: Option<TypeIx>, member: Option<Name>) -> String {
    let Some(facts) = linked.facts(file) else { return String::new() };
    let types = linked.enclosing_types(file, ty).into_iter().rev().map(|ix| facts[ix].name);
    let parts = types.chain(member).filter(|name| !name.is_empty());
    parts.map(|name| name.as_str()).collect::<Vec<_>>().join(".")
}
