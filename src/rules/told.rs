//! One cause that shows at several places: a task around a loop, a loop over a subscription.
//!
//! The listener, timer or loop speaks; what only carries it is shown as information.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::eval::Match;
use super::model::{OneOrMany, Rule, Severity, Tie, ToldAt};
use super::site::{Fact, Site};
use crate::facts::code::{ExprIx, ExprKind, Usage};
use crate::link::{Linked, Sender, Stretch};
use crate::source::FileIx;
use crate::text::{Name, Span};
use crate::units::UnitIx;

/// So many bytes are a few lines of code.
const FEW_LINES: u32 = 400;

/// The places of graver findings, by rule and file.
type Told<'r> = FxHashMap<(&'r str, FileIx), Vec<(Span, Fact)>>;

/// The calls that are told, with how grave they are, by rule and unit.
type Homes<'r> = FxHashMap<(&'r str, UnitIx), Vec<(Severity, FileIx, ExprIx)>>;

/// Makes information of what is told elsewhere.
pub(super) fn tell_once(rules: &[Rule], linked: &Linked<'_>, all: &mut [Match]) {
    let mut named: FxHashSet<&str> = FxHashSet::default();
    for told_at in rules.iter().flat_map(|r| &r.told_at) {
        named.extend(told_at.rules.list().iter().map(String::as_str));
    }
    let mut told = Told::default();
    let mut grave = Told::default();
    let mut homes = Homes::default();
    for m in all.iter().filter(|m| m.severity > Severity::Info) {
        let id = rules[m.rule].id.as_str();
        if named.contains(id) {
            told.entry((id, m.site.file)).or_default().push((m.site.at, m.site.fact));
            if let Some(unit) = unit_that_runs(linked, m.site) {
                let most = homes.entry((id, unit)).or_default();
                if let Fact::Expr(call) = m.site.fact {
                    most.push((m.severity, m.site.file, call));
                }
            }
            if m.severity >= Severity::Major {
                grave.entry((id, m.site.file)).or_default().push((m.site.at, m.site.fact));
            }
        }
    }
    let titles: Vec<Option<&str>> = all.par_iter().map(|m| title(rules, linked, (&told, &grave, &homes), m)).collect();
    for (m, title) in all.iter_mut().zip(titles) {
        if let Some(title) = title {
            m.severity = Severity::Info;
            m.title = title.to_owned();
        }
    }
}

/// The title of a match that is told elsewhere.
fn title<'r>(
    rules: &'r [Rule],
    linked: &Linked<'_>,
    (told, grave, homes): (&Told<'_>, &Told<'_>, &Homes<'_>),
    m: &Match,
) -> Option<&'r str> {
    let rule = &rules[m.rule];
    if rule.told_at.is_empty() || m.severity == Severity::Info || linked.facts(m.site.file).is_none() {
        return None;
    }
    let file = m.site.file;
    if linked.is_java(file) {
        let holds = |told_at: &&ToldAt| in_method(linked, told, told_at, m.site);
        return rule.told_at.iter().find(holds).map(|told_at| told_at.title.as_str());
    }
    let by_text = |told_at: &ToldAt| told_at.by.is_of_stretches();
    let stretches = match m.site.fact {
        Fact::Loop(ix) => linked.rust_stretches_of_loop(file, ix),
        Fact::Expr(call) if rule.told_at.iter().any(by_text) => linked.rust_stretches_of_task(file, call),
        Fact::Expr(_) => Vec::new(),
        _ => return None,
    };
    let mut sources: Option<Vec<Stretch>> = None;
    let holds = |ids: &OneOrMany, at: &[Stretch]| {
        at.iter().any(|stretch| {
            ids.list().iter().any(|id| {
                let places = told.get(&(id.as_str(), stretch.0)).map_or(&[][..], Vec::as_slice);
                places.iter().any(|(at, fact)| {
                    stretch.1.contains(*at) && *fact != m.site.fact && !in_a_task(linked, *stretch, *at)
                })
            })
        })
    };
    let found = rule.told_at.iter().find(|told_at| match told_at.by {
        Tie::Work => holds(&told_at.rules, &stretches),
        Tie::Source => {
            let sources = sources.get_or_insert_with(|| linked.sources_of(&stretches));
            // What is made anew in each round does not drive the loop.
            let made_inside = |stretch: &Stretch| match m.site.fact {
                Fact::Loop(_) => stretches.first().is_some_and(|(f, s)| *f == stretch.0 && s.contains(stretch.1)),
                _ => false,
            };
            let outside: Vec<Stretch> = sources.iter().filter(|s| !made_inside(s)).copied().collect();
            holds(&told_at.rules, &outside)
        }
        Tie::Restart => match m.site.fact {
            Fact::Loop(ix) => linked.only_restarts(file, ix) && holds(&told_at.rules, &stretches),
            _ => false,
        },
        Tie::Around => match m.site.fact {
            Fact::Expr(call) => {
                let seen = &mut FxHashSet::default();
                around(linked, told, &told_at.rules, (file, linked.span_of(file, call)), Some(call), seen)
                    || drained_by_loop(linked, told, &told_at.rules, file, call)
            }
            Fact::Loop(ix) => {
                let seen = &mut FxHashSet::default();
                let span = linked.facts(file).map(|facts| facts.loops[ix as usize].body);
                span.is_some_and(|span| around(linked, told, &told_at.rules, (file, span), None, seen))
            }
            _ => false,
        },
        Tie::Accepted => stretches.first().is_some_and(|whole| {
            linked.accepts(*whole) && {
                let tasks = linked.facts(file).map(|facts| linked.tasks_within(file, facts, whole.1));
                let tasks: Vec<Stretch> = tasks.into_iter().flatten().map(|span| (file, span)).collect();
                holds(&told_at.rules, &linked.rust_stretches_from(&tasks))
            }
        }),
        Tie::Sibling => match m.site.fact {
            Fact::Expr(call) => {
                in_arm_before(linked, told, told_at, file, call)
                    || in_helper_of_an_arm(linked, told, told_at, file, call)
            }
            Fact::Loop(_) => loop_in_arm_before(linked, told, &told_at.rules, file, m.site.at),
            _ => false,
        },
        Tie::Arms => match m.site.fact {
            Fact::Expr(call) => in_arm_on_path(linked, told, told_at, file, call),
            _ => false,
        },
        Tie::Resent => match m.site.fact {
            Fact::Expr(call) => resent(linked, told, &told_at.rules, file, call),
            _ => false,
        },
        Tie::OwnTimer => match m.site.fact {
            Fact::Expr(call) => by_own_timer(linked, told, &told_at.rules, file, call),
            _ => false,
        },
        Tie::Method | Tie::Handed => false,
        Tie::Unit => match m.site.fact {
            Fact::Expr(call) => in_unit(linked, homes, told_at, m, call),
            _ => false,
        },
        Tie::Place
        | Tie::Next
        | Tie::Before
        | Tie::Undone
        | Tie::SamePlace
        | Tie::Again
        | Tie::Beside
        | Tie::Given
        | Tie::Callers
        | Tie::Fills => {
            match m.site.fact {
                // A directory is not less than what is written into it.
                Fact::Expr(call)
                    if matches!(told_at.by, Tie::Place | Tie::SamePlace | Tie::Again)
                        && m.severity >= Severity::Major =>
                {
                    of_value(linked, grave, told_at, file, call)
                }
                Fact::Expr(call) => of_value(linked, told, told_at, file, call),
                _ => false,
            }
        }
    });
    found.map(|told_at| told_at.title.as_str())
}

/// The unit of a place in Rust that somebody runs.
fn unit_that_runs(linked: &Linked<'_>, site: Site) -> Option<UnitIx> {
    let callable = site.callable.filter(|_| !linked.is_java(site.file))?;
    let runs = linked.is_alive(site.file, linked.named_callable(site.file, callable))
        && !linked.is_beside_service(site.file, site.at, site.callable);
    linked.unit(site.file).filter(|_| runs)
}

/// Does the unit make such a call elsewhere, which is none of `calls`, and is told as gravely?
fn in_unit(linked: &Linked<'_>, homes: &Homes<'_>, told_at: &ToldAt, m: &Match, call: ExprIx) -> bool {
    let Some(unit) = linked.unit(m.site.file) else { return false };
    let least = m.severity.min(Severity::Major);
    is_named(linked, &told_at.calls, m.site.file, call)
        && told_at.rules.list().iter().filter_map(|id| homes.get(&(id.as_str(), unit))).flatten().any(
            |(severity, home, other)| {
                *severity >= least
                    && !is_named(linked, &told_at.calls, *home, *other)
                    && !is_named(linked, &told_at.besides, *home, *other)
            },
        )
}

/// Is the call one of these, by its last name or the end of its path?
fn is_named(linked: &Linked<'_>, patterns: &OneOrMany, file: FileIx, call: ExprIx) -> bool {
    let kind = linked.facts(file).map(|facts| &facts[call].kind);
    let Some(ExprKind::Call { name, .. }) = kind else { return false };
    patterns.list().iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.last_segment().starts_with(start),
        None if pattern.contains("::") => linked.rust_callee(file, call).ends_with(pattern.as_str()),
        None => name.last_segment() == pattern,
    })
}

/// Is what the call works on, or makes, told elsewhere?
fn of_value(linked: &Linked<'_>, told: &Told<'_>, told_at: &ToldAt, file: FileIx, call: ExprIx) -> bool {
    let named = |patterns: &OneOrMany, file: FileIx, call: ExprIx| is_named(linked, patterns, file, call);
    let is_one = |file: FileIx, call: ExprIx| named(&told_at.calls, file, call);
    if !told_at.calls.is_none() && !is_one(file, call) {
        return false;
    }
    let ids = told_at.rules.list();
    let within = |stretch: &Stretch, wanted: &dyn Fn(ExprIx) -> bool| {
        ids.iter().flat_map(|id| places(told, id, stretch.0)).any(|(at, fact)| {
            stretch.1.contains(*at)
                && match fact {
                    Fact::Expr(other) => {
                        (stretch.0, *other) != (file, call)
                            && !named(&told_at.besides, stretch.0, *other)
                            && wanted(*other)
                    }
                    _ => false,
                }
        })
    };
    match told_at.by {
        Tie::Place | Tie::Next => {
            let later = linked.path_given_on(file, call, told_at.by == Tie::Place);
            // A directory made in a function that gets the path lies under it.
            let under = |next: FileIx, other: ExprIx| {
                told_at.by == Tie::Place && {
                    let around = |file: FileIx, one: ExprIx| {
                        linked.facts(file).map(|facts| (file, linked.named_callable(file, facts[one].callable)))
                    };
                    around(next, other) != around(file, call)
                }
            };
            later.iter().any(|next| within(next, &|other| !is_one(next.0, other) || under(next.0, other)))
        }
        Tie::Before | Tie::Undone => {
            let deep = told_at.by == Tie::Undone;
            let told_by = |earlier: &[Stretch]| earlier.iter().any(|one| within(one, &|other| !is_one(one.0, other)));
            told_by(&linked.path_given_before(file, call, deep))
                || deep && {
                    let callers = linked.path_given_before_by_callers(file, call);
                    !callers.is_empty() && callers.iter().all(|earlier| told_by(earlier))
                }
        }
        Tie::SamePlace => {
            let roots = linked.path_roots(file, call);
            let same = |other: ExprIx| {
                !is_one(file, other) && linked.path_roots(file, other).iter().any(|root| roots.contains(root))
            };
            !roots.is_empty() && within(&(file, Span { start: 0, end: u32::MAX }), &same)
        }
        Tie::Again | Tie::Beside => {
            let Some(facts) = linked.facts(file) else { return false };
            let around = |one: ExprIx| linked.named_callable(file, facts[one].callable);
            let start = facts[call].span.start;
            let near = told_at.by == Tie::Beside;
            let before = Span { start: if near { start.saturating_sub(FEW_LINES) } else { 0 }, end: start };
            let roots = linked.path_roots(file, call);
            within(&(file, before), &|other| {
                (told_at.calls.is_none() || is_one(file, other))
                    && around(other) == around(call)
                    && (near
                        || linked.path_roots(file, other).iter().any(|root| roots.contains(root))
                        || linked.starts_alike(file, other, call))
            })
        }
        Tie::Given => linked
            .value_made_by(file, call)
            .iter()
            .any(|made| within(made, &|other| told_at.calls.is_none() || is_one(made.0, other))),
        Tie::Callers => {
            let callers = linked.callers_of_function_around(file, call);
            let told_there = |(home, caller): &(FileIx, ExprIx)| {
                let span = linked.facts(*home).map(|facts| facts[*caller].span);
                span.is_some_and(|span| within(&(*home, span), &|_| true))
            };
            !callers.is_empty() && callers.iter().all(told_there)
        }
        _ => ids.iter().flat_map(|id| places(told, id, file)).any(|(_, fact)| match fact {
            Fact::Field(field) => linked.fills_field(file, call, *field),
            _ => false,
        }),
    }
}

/// Java: does the method around the place, one of the tree that is handed its value, or the field that it goes to tell it?
fn in_method(linked: &Linked<'_>, told: &Told<'_>, told_at: &ToldAt, site: Site) -> bool {
    let (Some(facts), Some(callable)) = (linked.facts(site.file), site.callable) else { return false };
    let named_so = |name: &str| {
        told_at.calls.is_none()
            || told_at.calls.list().iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == pattern,
            })
    };
    let Fact::Expr(expr) = site.fact else { return false };
    if told_at.by == Tie::Fills {
        let Some((home, field)) = linked.kept_in(site.file, expr) else { return false };
        let mut found = told_at.rules.list().iter().flat_map(|id| places(told, id, home));
        return found.any(|(_, fact)| *fact == Fact::Field(field));
    }
    let ExprKind::Call { name, .. } = &facts[expr].kind else { return false };
    if !named_so(name) {
        return false;
    }
    if told_at.by == Tie::Work {
        return linked.task_bodies(site.file, expr).iter().any(|(home, task)| {
            let body = linked.facts(*home).map(|f| f[*task].body);
            let mut found = told_at.rules.list().iter().flat_map(|id| places(told, id, *home));
            found.any(|(at, fact)| body.is_some_and(|b| b.contains(*at)) && (*home, *fact) != (site.file, site.fact))
        });
    }
    if told_at.by == Tie::Place {
        return below_the_field(linked, told, told_at, site.file, expr);
    }
    let (home, method) = match told_at.by {
        Tie::Method => (site.file, linked.named_callable(site.file, callable)),
        Tie::Handed => {
            let Usage::Argument(to, _) = facts[expr].usage else { return false };
            let Some((id, target)) = linked.callee(site.file, to).target else { return false };
            (linked.types[id].file, target)
        }
        _ => return false,
    };
    let Some(body) = linked.facts(home).map(|f| f[method].body) else { return false };
    let mut found = told_at.rules.list().iter().flat_map(|id| places(told, id, home));
    found.any(|(at, fact)| body.contains(*at) && (home, *fact) != (site.file, site.fact))
}

/// `Files.createDirectories(root)` where another method of the class writes to `root.resolve(name)`, which is told.
fn below_the_field(linked: &Linked<'_>, told: &Told<'_>, told_at: &ToldAt, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let ExprKind::Call { base, args, .. } = &facts[call].kind else { return false };
    let field_of = |e: ExprIx| linked.field_of(file, e);
    let Some(field) = args.first().copied().or(*base).and_then(field_of) else { return false };
    let names = |e: &usize| {
        matches!(facts.exprs[*e].kind, ExprKind::Name(_) | ExprKind::Select { .. })
            && field_of(ExprIx(*e as u32)) == Some(field)
    };
    told_at.rules.list().iter().flat_map(|id| places(told, id, file)).any(|(_, fact)| match fact {
        Fact::Expr(write) if *write != call => {
            let within = facts[*write].span;
            (0..facts.exprs.len()).any(|e| within.contains(facts.exprs[e].span) && names(&e))
        }
        _ => false,
    })
}

fn places<'a>(told: &'a Told<'a>, id: &'a str, file: FileIx) -> &'a [(Span, Fact)] {
    told.get(&(id, file)).map_or(&[], Vec::as_slice)
}

/// Does a place lie in a task that the stretch starts beside itself?
fn in_a_task(linked: &Linked<'_>, (file, span): Stretch, at: Span) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    linked.tasks_within(file, facts, span).iter().any(|task| task.contains(at))
}

/// Calls of functions around a place are followed through so many functions.
const MAX_AROUND: usize = 12;

/// Does the call, or the loop, stand in a loop that is told, or in one over what a told listener gives?
fn around(
    linked: &Linked<'_>,
    told: &Told<'_>,
    ids: &OneOrMany,
    (file, at): Stretch,
    call: Option<ExprIx>,
    seen: &mut FxHashSet<Stretch>,
) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let first = seen.is_empty();
    if seen.len() > MAX_AROUND || !seen.insert((file, at)) {
        return false;
    }
    let itself = |round: &Stretch| {
        call.is_none()
            && first
            && facts
                .loops
                .iter()
                .any(|l| l.body == at && round.1.contains(l.span) && !round_holds(facts, l.body, round.1))
    };
    let rounds: Vec<Stretch> = linked.rounds_about(file, at).into_iter().filter(|r| !itself(r)).collect();
    let sources = linked.sources_of(&rounds);
    let listens = |fact: &Fact| match fact {
        Fact::Loop(ix) => {
            let body = facts.loops[*ix as usize].body;
            first && body.contains(at) && (call.is_some() || body != at)
        }
        _ => false,
    };
    let here = ids.list().iter().any(|id| {
        let of = |file: FileIx| told.get(&(id.as_str(), file)).map_or(&[][..], Vec::as_slice);
        of(file).iter().any(|(_, fact)| listens(fact))
            || sources.iter().any(|(file, span)| {
                of(*file).iter().any(|(at, fact)| matches!(fact, Fact::Expr(_)) && span.contains(*at))
            })
    });
    here || {
        // A helper for one connection or message.
        let callable = match call {
            Some(call) => facts[call].callable,
            None => match facts.loops.iter().find(|l| l.body == at) {
                Some(l) => l.callable,
                None => return false,
            },
        };
        let calls = linked.calls_of_function(file, callable);
        !calls.is_empty()
            && calls.iter().all(|(home, call)| {
                let span = linked.span_of(*home, *call);
                around(linked, told, ids, (*home, span), Some(*call), seen)
            })
    }
}

/// Is a round more than the loop whose body it is?
fn round_holds(facts: &crate::facts::CodeFacts, body: Span, round: Span) -> bool {
    facts.loops.iter().any(|l| l.body != body && l.body.contains(body) && round.contains(l.body))
}

/// Is the task kept in a field, or in the set of a field, for which a told loop of the same type waits?
fn drained_by_loop(linked: &Linked<'_>, told: &Told<'_>, ids: &OneOrMany, file: FileIx, call: ExprIx) -> bool {
    let waits = linked.drained_at(file, call);
    !waits.is_empty()
        && ids.list().iter().flat_map(|id| places(told, id, file)).any(|(_, fact)| {
            let Fact::Loop(ix) = fact else { return false };
            let runs = linked.rust_stretches_of_loop(file, *ix);
            let within = |wait: &ExprIx| {
                runs.iter().any(|(home, span)| *home == file && span.contains(linked.span_of(file, *wait)))
            };
            waits.iter().any(within)
        })
}

/// Does an arm before its own, of the same `match` or `if`, work on the same path?
fn in_arm_on_path(linked: &Linked<'_>, told: &Told<'_>, told_at: &ToldAt, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let at = facts[call].span;
    let named = |e: ExprIx, start: &str| matches!(&facts[e].kind, ExprKind::Call { name, .. } if name.last_segment().starts_with(start));
    if !told_at.calls.list().iter().any(|pattern| named(call, pattern.trim_end_matches('*'))) {
        return false;
    }
    let removes = |e: ExprIx| named(e, "remove_");
    let about = facts.branches.iter().filter(|arms| arms.iter().any(|arm| arm.contains(at)));
    let before: Vec<Span> = about.flat_map(|arms| arms.iter().copied().filter(|arm| arm.end <= at.start)).collect();
    !before.is_empty()
        && told_at.rules.list().iter().flat_map(|id| places(told, id, file)).any(|(span, fact)| match fact {
            Fact::Expr(other) => {
                before.iter().any(|arm| arm.contains(*span))
                    && removes(*other) == removes(call)
                    && linked.shares_path(file, call, *other)
            }
            _ => false,
        })
}

/// Is a loop told in an arm before, of a `match` or `if` around this one?
fn loop_in_arm_before(linked: &Linked<'_>, told: &Told<'_>, ids: &OneOrMany, file: FileIx, at: Span) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let about = facts.branches.iter().filter(|arms| arms.iter().any(|arm| arm.contains(at)));
    let before: Vec<Span> = about.flat_map(|arms| arms.iter().copied().filter(|arm| arm.end <= at.start)).collect();
    ids.list()
        .iter()
        .flat_map(|id| places(told, id, file))
        .any(|(span, fact)| matches!(fact, Fact::Loop(_)) && before.iter().any(|arm| arm.contains(*span)))
}

/// Is the same call told in an arm before, of a `match` or `if` around this one? With `calls`, one of them will do.
fn in_arm_before(linked: &Linked<'_>, told: &Told<'_>, told_at: &ToldAt, file: FileIx, call: ExprIx) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let at = facts[call].span;
    let path = linked.rust_callee(file, call);
    let one_of = |path: &str| told_at.calls.list().iter().any(|name| path.rsplit("::").next() == Some(name));
    let about = facts.branches.iter().filter(|arms| arms.iter().any(|arm| arm.contains(at)));
    let before: Vec<Span> = about.flat_map(|arms| arms.iter().copied().filter(|arm| arm.end <= at.start)).collect();
    !before.is_empty()
        && told_at.rules.list().iter().flat_map(|id| places(told, id, file)).any(|(span, fact)| match fact {
            Fact::Expr(other) if before.iter().any(|arm| arm.contains(*span)) => {
                let there = linked.rust_callee(file, *other);
                there == path || one_of(&path) && one_of(&there)
            }
            _ => false,
        })
}

/// Does the call stand in a helper that is called in one arm alone, and another arm does what it does?
fn in_helper_of_an_arm(linked: &Linked<'_>, told: &Told<'_>, told_at: &ToldAt, file: FileIx, call: ExprIx) -> bool {
    let callers = linked.calls_of_function_around(file, call);
    let [(home, caller)] = callers.as_slice() else { return false };
    let Some(facts) = linked.facts(*home).filter(|_| !told_at.calls.is_none()) else { return false };
    let at = facts[*caller].span;
    let mut about = facts.branches.iter().filter(|arms| arms.iter().any(|arm| arm.contains(at)));
    about.any(|arms| {
        let others = || arms.iter().filter(|arm| !arm.contains(at));
        let mut told = told_at.rules.list().iter().flat_map(|id| places(told, id, *home));
        told.any(|(span, _)| others().any(|arm| arm.contains(*span)))
    })
}

/// Does the call start an actor that gets its messages from its own timers, all of them told?
fn by_own_timer(linked: &Linked<'_>, told: &Told<'_>, ids: &OneOrMany, file: FileIx, call: ExprIx) -> bool {
    let Some((home, actor, messages)) = linked.messages_of_actor(file, call) else { return false };
    let timed: Vec<Name> = ids
        .list()
        .iter()
        .flat_map(|id| places(told, id, home))
        .filter_map(|(_, fact)| match fact {
            Fact::Expr(other) => linked.self_message(home, *other),
            _ => None,
        })
        .filter(|(by, _, _)| by.last_segment() == actor.last_segment())
        .map(|(_, message, _)| Name::new(message.last_segment()))
        .collect();
    messages.iter().all(|message| timed.contains(message))
}

/// Does the same actor put off the same message elsewhere, in a place that says more?
fn resent(linked: &Linked<'_>, told: &Told<'_>, ids: &OneOrMany, file: FileIx, call: ExprIx) -> bool {
    let Some((actor, message, sender)) = linked.self_message(file, call) else { return false };
    ids.list().iter().any(|id| {
        let places = told.get(&(id.as_str(), file)).map_or(&[][..], Vec::as_slice);
        places.iter().any(|(_, fact)| {
            let Fact::Expr(other) = fact else { return false };
            let same = linked.self_message(file, *other).filter(|(a, m, _)| *a == actor && *m == message);
            same.is_some_and(|(_, _, by)| match sender {
                Sender::Handler => false,
                Sender::Other => by == Sender::Handler,
                Sender::Start => by > Sender::Start,
            })
        })
    })
}
