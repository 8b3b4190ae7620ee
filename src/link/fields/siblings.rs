//! Fields of one class that are one state: told once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::types::Sym;
use super::super::{Linked, ReachSet};
use super::FieldUse;
use super::uses::Uses;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprKind, FieldIx, Mods, TypeIx};
use crate::rules::model::FieldRole;
use crate::source::FileIx;

/// From how many fields with setters of their own on a class is a record.
const RECORD: usize = 3;

/// What a field's writers are: these methods, or its own setter alone.
#[derive(PartialEq)]
enum Writers {
    Methods(FxHashSet<(FileIx, CallableIx)>),
    Setter,
}

/// Marks plain fields that change together with one that is told already, and the cursors of copies.
pub(super) fn mark(linked: &Linked<'_>, uses: &Uses, file: FileIx, facts: &CodeFacts, found: &mut [FieldUse]) {
    let mut classes: FxHashMap<TypeIx, Vec<usize>> = FxHashMap::default();
    for (ix, field) in facts.fields.iter().enumerate() {
        if let Some(owner) = field.owner
            && !found[ix].writes.is_empty()
        {
            classes.entry(owner).or_default().push(ix);
        }
    }
    let told = |at: &FieldUse| {
        let quiet = [FieldRole::Unread, FieldRole::MadeAnew, FieldRole::OwnCount];
        at.shared && !at.roles.iter().any(|r| quiet.contains(r))
    };
    let mut twins: Vec<usize> = parts(linked, file, facts, found, &told);
    let mut cursors: Vec<usize> = Vec::new();
    // Each class by itself: the order does not matter.
    #[allow(clippy::iter_over_hash_type)]
    for fields in classes.into_values() {
        let writers: Vec<Writers> = fields.iter().map(|f| writers(linked, file, facts, &found[*f])).collect();
        let plain =
            |f: usize| found[f].roles.contains(&FieldRole::Reassigned) && told(&found[f]) && is_plain(linked, file, f);
        let setters = |i: usize| {
            let roles = &found[fields[i]].roles;
            writers[i] == Writers::Setter
                && roles.contains(&FieldRole::Reassigned)
                && !roles.contains(&FieldRole::ContentMutated)
                && told(&found[fields[i]])
                && !facts.fields[fields[i]].mods.has(Mods::STATIC)
        };
        let record = (0..fields.len()).filter(|i| setters(*i)).count() >= RECORD;
        let mut first = true;
        for i in 0..fields.len() {
            if setters(i) && record {
                if !std::mem::take(&mut first) {
                    twins.push(fields[i]);
                }
                continue;
            }
            let Writers::Methods(at) = &writers[i] else { continue };
            if is_step(linked, uses, file, facts, &fields, found, fields[i]) {
                twins.push(fields[i]);
                continue;
            }
            if is_part_of_number(linked, uses, file, facts, &fields, found, &writers, i, &told) {
                twins.push(fields[i]);
                continue;
            }
            if is_index(linked, uses, file, &fields, found, &writers, i, &told) {
                twins.push(fields[i]);
                continue;
            }
            // `all = read(); byName = index(all);` in one method: two views of one copy.
            let views = |j: usize| {
                let copy = |f: usize| {
                    let roles = &found[f].roles;
                    found[f].shared
                        && roles.contains(&FieldRole::Snapshot)
                        && roles.contains(&FieldRole::Refreshed)
                        && ![FieldRole::Twin, FieldRole::PureMemo, FieldRole::Handles].iter().any(|r| roles.contains(r))
                        && is_assigned_only(uses, file, f)
                };
                j < i && copy(fields[i]) && copy(fields[j]) && at.len() == 1 && writers[i] == writers[j]
            };
            if (0..fields.len()).any(views) {
                twins.push(fields[i]);
                continue;
            }
            if !plain(fields[i]) {
                continue;
            }
            let speaks = |j: usize| {
                // A number beside what it counts.
                let counts = matches!(facts.fields[fields[i]].ty.name.as_str(), "int" | "long");
                let parts = found[fields[j]].roles.contains(&FieldRole::Registry);
                let changed = [FieldRole::Reassigned, FieldRole::ContentMutated];
                let Writers::Methods(other) = &writers[j] else { return false };
                i != j
                    && told(&found[fields[j]])
                    && (counts && parts || found[fields[j]].roles.iter().any(|r| changed.contains(r)))
                    && at.is_subset(other)
                    && (at.len() < other.len() || j < i)
            };
            // A flag that is turned where a collection is filled.
            let guards = |j: usize| {
                let boolean = matches!(facts.fields[fields[i]].ty.name.as_str(), "boolean" | "Boolean");
                let Writers::Methods(other) = &writers[j] else { return false };
                i != j
                    && boolean
                    && facts.fields[fields[i]].mods.has(Mods::PRIVATE)
                    && told(&found[fields[j]])
                    && found[fields[j]].roles.contains(&FieldRole::ContentMutated)
                    && !at.is_disjoint(other)
            };
            if (0..fields.len()).any(|j| speaks(j) || guards(j)) {
                twins.push(fields[i]);
            } else if is_cursor(linked, uses, file, facts, &fields, found, fields[i]) {
                cursors.push(fields[i]);
            }
        }
    }
    for (list, role) in [(twins, FieldRole::Twin), (cursors, FieldRole::Cursor)] {
        for field in list {
            found[field].roles.push(role);
            found[field].roles.sort();
        }
    }
}

/// An atomic number that is changed and asked for only where another one of the class is changed: two numbers of one
/// state, `tokens` and `lastRefill`.
#[allow(clippy::too_many_arguments)]
fn is_part_of_number(
    linked: &Linked<'_>,
    uses: &Uses,
    file: FileIx,
    facts: &CodeFacts,
    fields: &[usize],
    found: &[FieldUse],
    writers: &[Writers],
    i: usize,
    told: &dyn Fn(&FieldUse) -> bool,
) -> bool {
    let number = |f: usize| {
        let field = &facts.fields[f];
        matches!(field.ty.name.last_segment(), "AtomicInteger" | "AtomicLong")
            && field.mods.has(Mods::PRIVATE)
            && found[f].roles.contains(&FieldRole::ContentMutated)
            && told(&found[f])
    };
    let Writers::Methods(at) = &writers[i] else { return false };
    if !number(fields[i]) {
        return false;
    }
    let asked: Option<Vec<(FileIx, CallableIx)>> = uses
        .of_field(file, FieldIx(fields[i] as u32))
        .iter()
        .map(|(at, e)| Some((*at, linked.named_callable(*at, linked.facts(*at)?[*e].callable))))
        .collect();
    let Some(asked) = asked else { return false };
    let made = |(at, c): &(FileIx, CallableIx)| {
        *at == file && super::moments::makes(linked, file, *c, facts.fields[fields[i]].owner)
    };
    (0..fields.len()).any(|j| {
        let Writers::Methods(other) = &writers[j] else { return false };
        i != j
            && number(fields[j])
            && at.is_subset(other)
            && (at.len() < other.len() || j < i)
            && asked.iter().all(|a| other.contains(a) || made(a))
    })
}

/// A collection that is changed only where another one of the class is, and asked only where that one is asked or
/// changed: two sides of one table.
#[allow(clippy::too_many_arguments)]
fn is_index(
    linked: &Linked<'_>,
    uses: &Uses,
    file: FileIx,
    fields: &[usize],
    found: &[FieldUse],
    writers: &[Writers],
    i: usize,
    told: &dyn Fn(&FieldUse) -> bool,
) -> bool {
    let kept = [FieldRole::ContentMutated, FieldRole::Snapshot, FieldRole::MemoCache];
    let holds = |f: usize| {
        let quiet = [FieldRole::Handles, FieldRole::Registry, FieldRole::PureMemo, FieldRole::Twin];
        let roles = &found[f].roles;
        roles.iter().any(|r| kept.contains(r))
            && !roles.iter().any(|r| quiet.contains(r))
            && told(&found[f])
            && holds_many(linked, file, f)
            && !queues(linked, file, f)
    };
    let Writers::Methods(at) = &writers[i] else { return false };
    if at.len() < 2 || !holds(fields[i]) {
        return false;
    }
    let askers = |f: usize| -> Option<FxHashSet<(FileIx, CallableIx)>> {
        let places = uses.of_field(file, FieldIx(f as u32));
        places
            .iter()
            .filter(|(at, e)| !uses.is_target(*at, *e))
            .map(|(at, e)| Some((*at, linked.named_callable(*at, linked.facts(*at)?[*e].callable))))
            .filter(|by| by.is_none_or(|(at, by)| !uses.is_dead(linked, at, by)))
            .collect()
    };
    let Some(asked) = askers(fields[i]) else { return false };
    (0..fields.len()).any(|j| {
        let Writers::Methods(other) = &writers[j] else { return false };
        i != j
            && holds(fields[j])
            && at.is_subset(other)
            && (at.len() < other.len() || j < i)
            && askers(fields[j]).is_some_and(|theirs| {
                asked.iter().all(|a| theirs.contains(a) || other.contains(a) || only_task(linked, *a))
            })
    })
}

/// Fields of a private class within another one, of which one object is held in a field that is told: its parts.
fn parts(
    linked: &Linked<'_>,
    file: FileIx,
    facts: &CodeFacts,
    found: &[FieldUse],
    told: &dyn Fn(&FieldUse) -> bool,
) -> Vec<usize> {
    let changed = [FieldRole::Reassigned, FieldRole::ContentMutated];
    let held: FxHashSet<TypeIx> = (0..found.len())
        .filter(|f| told(&found[*f]) && found[*f].roles.iter().any(|r| changed.contains(r)))
        .filter_map(|f| {
            let field = &facts.fields[f];
            let ty = linked.resolve_ref(file, field.owner, &field.ty)?;
            let Sym::Here(id) = ty.sym else { return None };
            let info = &linked.types[id];
            let within = info.file == file && facts[info.ix].mods.has(Mods::PRIVATE) && Some(info.ix) != field.owner;
            within.then_some(info.ix)
        })
        .collect();
    let part = |f: &usize| {
        let field = &facts.fields[*f];
        field.owner.is_some_and(|o| held.contains(&o))
            && !field.mods.has(Mods::STATIC)
            && found[*f].roles.iter().any(|r| changed.contains(r))
    };
    if held.is_empty() { Vec::new() } else { (0..found.len()).filter(part).collect() }
}

/// Is it replaced as a whole, and never changed in place?
fn is_assigned_only(uses: &Uses, file: FileIx, field: usize) -> bool {
    uses.of_field(file, FieldIx(field as u32)).iter().any(|(at, e)| *at == file && uses.is_target(*at, *e))
}

/// A task that keeps the table up to date.
fn only_task(linked: &Linked<'_>, (file, callable): (FileIx, CallableIx)) -> bool {
    let reach = linked.reach(file, callable);
    reach.has(ReachSet::BACKGROUND) && !reach.has(ReachSet::REQUEST)
}

/// What waits there is no side of a table.
fn queues(linked: &Linked<'_>, file: FileIx, field: usize) -> bool {
    let mut found = false;
    linked.each_field_type(file, FieldIx(field as u32), &mut |name| found |= name.as_str() == "java.util.Queue");
    found
}

fn holds_many(linked: &Linked<'_>, file: FileIx, field: usize) -> bool {
    let many = ["java.util.Map", "java.util.Collection", "com.google.common.collect.Multimap"];
    let mut found = false;
    linked.each_field_type(file, FieldIx(field as u32), &mut |name| found |= many.contains(&name.as_str()));
    found
}

fn writers(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, found: &FieldUse) -> Writers {
    let at: FxHashSet<(FileIx, CallableIx)> =
        found.writes.iter().map(|(f, c, _)| (*f, linked.named_callable(*f, *c))).collect();
    let setter = at.len() == 1
        && at.iter().all(|(f, c)| {
            if *f != file {
                return false;
            }
            let c = &facts[*c];
            c.kind == CallableKind::Method && c.name.starts_with("set") && c.params.len() == 1
        });
    if setter { Writers::Setter } else { Writers::Methods(at) }
}

/// No collection and no atomic, which may well be a state of its own.
fn is_plain(linked: &Linked<'_>, file: FileIx, field: usize) -> bool {
    let mut plain = true;
    linked.each_field_type(file, FieldIx(field as u32), &mut |name| {
        plain &= !matches!(name.as_str(), "java.util.Map") && !name.starts_with("java.util.concurrent.atomic.");
        plain &= name.as_str() != "java.util.Collection";
    });
    plain
}

/// What the task that renews a copy keeps for itself between two of its steps, beside the copy that requests ask for.
fn is_step(
    linked: &Linked<'_>,
    uses: &Uses,
    file: FileIx,
    facts: &CodeFacts,
    fields: &[usize],
    found: &[FieldUse],
    field: usize,
) -> bool {
    let is_copy = |f: usize| found[f].shared && found[f].roles.contains(&FieldRole::Snapshot);
    let asked = |f: usize| {
        let places = uses.of_field(file, FieldIx(f as u32));
        let idle = |at: FileIx, e: crate::facts::code::ExprIx| {
            let callable = linked.facts(at).map(|facts| facts[e].callable);
            callable.is_some_and(|c| uses.is_dead(linked, at, c) || uses.is_for_tests(linked, at, c))
        };
        let mut asked = places.iter().filter(|(at, e)| !uses.is_target(*at, *e) && !idle(*at, *e)).peekable();
        let any = asked.peek().is_some();
        let by_tasks = asked.all(|(at, e)| {
            *at == file
                && (super::moments::makes(linked, file, facts[*e].callable, facts.fields[f].owner)
                    || only_task(linked, (file, facts[*e].callable)))
        });
        (any, by_tasks)
    };
    is_copy(field)
        && asked(field) == (true, true)
        && fields.iter().any(|other| *other != field && is_copy(*other) && !asked(*other).1)
}

/// How far the task has come that fills a copy in the same class: asked by no request.
fn is_cursor(
    linked: &Linked<'_>,
    uses: &Uses,
    file: FileIx,
    facts: &CodeFacts,
    fields: &[usize],
    found: &[FieldUse],
    field: usize,
) -> bool {
    let copies = |f: &usize| {
        let roles = &found[*f].roles;
        *f != field
            && (roles.contains(&FieldRole::MemoCache)
                || roles.contains(&FieldRole::Snapshot) && roles.contains(&FieldRole::Refreshed))
    };
    let numbers = ["long", "int", "Long", "Integer", "Date", "Timestamp", "Instant", "LocalDateTime"];
    let decl = &facts.fields[field];
    numbers.contains(&decl.ty.name.last_segment())
        && fields.iter().any(copies)
        && uses.of_field(file, FieldIx(field as u32)).iter().all(|(at, e)| {
            let Some(facts) = linked.facts(*at) else { return false };
            let reach = linked.reach(*at, facts[*e].callable);
            let getter = matches!(facts[*e].kind, ExprKind::Name(_) | ExprKind::Select { .. });
            *at == file && getter && !reach.has(ReachSet::REQUEST)
        })
}
