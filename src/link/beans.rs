//! Pools that a container gives out: who gets one, by its name or by its type.

use rayon::prelude::*;

use super::Linked;
use super::calls::POOLS;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, LocalIx, Target, TypeIx, TypeRef};
use crate::source::{FileIx, Role};
use crate::units::UnitIx;

/// Annotations that say which bean is meant.
const QUALIFIERS: &[&str] = &["Qualifier", "Resource", "Named"];

/// Types that say nothing but that tasks are run.
const ANY: &[&str] = &[
    "Executor",
    "ExecutorService",
    "TaskExecutor",
    "AsyncTaskExecutor",
    "AsyncListenableTaskExecutor",
    "SchedulingTaskExecutor",
];

/// Names by which frameworks take a pool themselves.
const TAKEN: &[&str] = &["taskExecutor", "applicationTaskExecutor", "taskScheduler", "asyncExecutor"];

/// What gets a pool from the container.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Field(FieldIx),
    Parameter(LocalIx),
    /// `context.getBean("name")`.
    Asked(ExprIx),
    /// A list or map of pools, or another way that is not followed.
    Unseen,
}

struct Injected {
    file: FileIx,
    spot: Spot,
    /// Simple name of the declared type; empty where it is asked for by name alone.
    ty: String,
    /// The name that is asked for.
    asked: Option<String>,
    /// The name of the field or parameter itself.
    own: String,
}

/// Where pools are injected, which beans are pools, and which methods run on one.
#[derive(Default)]
pub(super) struct Spots {
    injected: Vec<Injected>,
    beans: Vec<(FileIx, String)>,
    /// Methods with `@Async`, and the pool that they name; the class itself where it carries it.
    later: Vec<(FileIx, Option<CallableIx>, Option<String>)>,
    /// Classes with methods that a clock runs.
    timed: Vec<(FileIx, TypeIx)>,
    /// Files that switch the clock of such methods on.
    clocked: Vec<FileIx>,
    /// Files in which the pool of `@Async` methods is chosen by code.
    chosen: Vec<FileIx>,
}

impl Spots {
    pub(super) fn new(linked: &Linked<'_>) -> Self {
        let parts: Vec<Self> = (0..linked.code.len())
            .into_par_iter()
            .map(|i| FileIx(i as u32))
            .filter(|file| linked.is_java(*file) && linked.workspace[*file].role != Role::Test)
            .map(|file| linked.facts(file).map(|facts| Self::of(linked, file, facts)).unwrap_or_default())
            .collect();
        let mut out = Self::default();
        for part in parts {
            out.injected.extend(part.injected);
            out.beans.extend(part.beans);
            out.later.extend(part.later);
            out.timed.extend(part.timed);
            out.clocked.extend(part.clocked);
            out.chosen.extend(part.chosen);
        }
        out
    }

    fn of(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts) -> Self {
        let mut out = Self::default();
        let asked = |target: Target| {
            let mut named = facts
                .annotations
                .iter()
                .filter(|a| a.target == target && QUALIFIERS.contains(&a.name.last_segment()))
                .flat_map(|a| a.args.iter().filter(|(key, _)| matches!(key.as_str(), "value" | "name")));
            named.next().map(|(_, value)| linked.constant(file, *value).unwrap_or_default())
        };
        let mut add = |spot: Spot, ty: &TypeRef, target: Target, own: &str| {
            let pool = is_pool(ty);
            if pool || ty.args.iter().any(is_pool) {
                let spot = if pool { spot } else { Spot::Unseen };
                let ty = if pool { ty } else { ty.args.iter().find(|ty| is_pool(ty)).unwrap_or(ty) };
                let ty = ty.name.last_segment().to_owned();
                out.injected.push(Injected { file, spot, ty, asked: asked(target), own: own.to_owned() });
            }
        };
        for (field, ix) in facts.fields.iter().zip(0..).map(|(f, i)| (f, FieldIx(i))) {
            let set = |ix: FieldIx| facts.assigns.iter().any(|a| linked.field_of(file, a.target) == Some((file, ix)));
            if field.init.is_none() && (is_pool(&field.ty) || field.ty.args.iter().any(is_pool)) && !set(ix) {
                add(Spot::Field(ix), &field.ty, Target::Field(ix), &field.name);
            }
        }
        for (c, ix) in facts.callables.iter().zip(0..).map(|(c, i)| (c, CallableIx(i))) {
            let made = c.kind == CallableKind::Constructor
                && c.owner.is_some_and(|o| {
                    linked.made_once.contains(&linked.types.id(file, o))
                        || facts.annotations.iter().any(|a| a.target == Target::Type(o))
                });
            let called = c.kind == CallableKind::Method && linked.is_called_from_outside(file, ix);
            for param in c.params.iter().filter(|_| made || called) {
                if let Some(ty) = &facts[*param].ty {
                    add(Spot::Parameter(*param), ty, Target::Local(*param), &facts[*param].name);
                }
            }
        }
        for (c, ix) in facts.callables.iter().zip(0..).map(|(c, i)| (c, CallableIx(i))) {
            if c.returns.as_ref().is_some_and(is_pool) {
                out.beans.extend(linked.bean_names(file, ix).unwrap_or_default().into_iter().map(|n| (file, n)));
                if c.name.as_str() == "getAsyncExecutor" {
                    out.chosen.push(file);
                }
            }
        }
        for (i, e) in facts.exprs.iter().enumerate() {
            let ExprKind::Call { name, args, .. } = &e.kind else { continue };
            if !matches!(name.as_str(), "getBean" | "getBeanByName") {
                continue;
            }
            let spot = Spot::Asked(ExprIx(i as u32));
            let name = args.first().and_then(|arg| linked.constant(file, *arg));
            if let Some(name) = name {
                out.injected.push(Injected { file, spot, ty: String::new(), asked: Some(name), own: String::new() });
            }
            if let Some(ExprKind::ClassLiteral(ty)) = args.last().map(|arg| &facts[*arg].kind)
                && args.len() == 1
                && is_pool(ty)
            {
                let ty = ty.name.last_segment().to_owned();
                out.injected.push(Injected { file, spot, ty, asked: None, own: String::new() });
            }
        }
        let switches = |a: &crate::facts::code::Annotation| a.name.last_segment() == "EnableScheduling";
        if facts.annotations.iter().any(switches) {
            out.clocked.push(file);
        }
        let timed = facts.annotations.iter().filter(|a| matches!(a.name.last_segment(), "Scheduled" | "Schedules"));
        out.timed.extend(timed.filter_map(|a| match a.target {
            Target::Callable(c) => linked.type_of_callable(file, c).map(|ty| (file, ty)),
            _ => None,
        }));
        for a in facts.annotations.iter().filter(|a| a.name.last_segment() == "Async") {
            let callable = match a.target {
                Target::Callable(c) => Some(c),
                Target::Type(_) => None,
                _ => continue,
            };
            let named = a.args.iter().find(|(key, _)| key.as_str() == "value");
            let name = named.map(|(_, value)| linked.constant(file, *value).unwrap_or_default());
            out.later.push((file, callable, name.filter(|name| !name.is_empty())));
        }
        out
    }
}

fn is_pool(ty: &TypeRef) -> bool {
    POOLS.iter().any(|end| ty.name.ends_with(end))
}

impl Linked<'_> {
    /// The names of the bean that a method makes; none where it makes no bean, or its name is not seen.
    pub(super) fn bean_names(&self, file: FileIx, method: CallableIx) -> Option<Vec<String>> {
        let facts = self.facts(file)?;
        let of = |a: &&crate::facts::code::Annotation| {
            a.target == Target::Callable(method) && a.name.last_segment() == "Bean"
        };
        let bean = facts.annotations.iter().find(of)?;
        let given = bean.args.iter().filter(|(key, _)| matches!(key.as_str(), "value" | "name"));
        let names: Vec<Option<String>> = given.map(|(_, value)| self.constant(file, *value)).collect();
        match names.is_empty() {
            true => Some(vec![facts[method].name.to_string()]),
            false => names.into_iter().collect(),
        }
    }

    /// Who gets the pool that a bean method makes; none where that is not seen, or methods are run on it.
    pub(super) fn bean_holders(&self, file: FileIx, method: CallableIx) -> Option<Vec<(FileIx, Spot)>> {
        let facts = self.facts(file)?;
        let names = self.bean_names(file, method)?;
        let made = facts[method].returns.as_ref()?.name.last_segment();
        let unit = self.unit(file);
        let near = |at: FileIx| match (unit, self.unit(at)) {
            (Some(unit), Some(other)) => self.are_near(unit, other, false),
            (unit, other) => unit == other,
        };
        let first = facts
            .annotations
            .iter()
            .any(|a| a.target == Target::Callable(method) && a.name.last_segment() == "Primary");
        if first || names.iter().any(|n| TAKEN.contains(&n.as_str())) {
            return None;
        }
        // Methods without a name for their pool may run on this one.
        let chosen = self.spots.chosen.iter().any(|at| near(*at));
        let several = self.spots.beans.iter().any(|(at, n)| near(*at) && !names.contains(n));
        let runs = |(at, callable, name): &(FileIx, Option<CallableIx>, Option<String>)| {
            let on_it = match name {
                Some(name) => names.contains(name),
                // Of several the container takes none but the one of its own name.
                None => !chosen && !several,
            };
            near(*at) && on_it && callable.is_none_or(|c| self.is_alive(*at, c))
        };
        if self.spots.later.iter().any(runs) {
            return None;
        }
        let other =
            |name: &String| !names.contains(name) && self.spots.beans.iter().any(|(at, n)| near(*at) && n == name);
        let bound = |spot: &&Injected| {
            near(spot.file)
                && match &spot.asked {
                    Some(name) => names.contains(name),
                    None => names.contains(&spot.own) || !other(&spot.own) && fits(&spot.ty, made),
                }
        };
        let holders: Vec<(FileIx, Spot)> = self.spots.injected.iter().filter(bound).map(|s| (s.file, s.spot)).collect();
        (!holders.iter().any(|(_, spot)| *spot == Spot::Unseen)).then_some(holders)
    }

    /// Does a method with `@Async` that anybody may call run on the pool that a bean method makes, by its name, or for
    /// want of another name?
    pub(super) fn async_runs_on(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(names) = self.bean_names(file, method) else { return false };
        let unnamed = names.iter().any(|n| TAKEN.contains(&n.as_str()));
        let near = |at: FileIx| match (self.unit(file), self.unit(at)) {
            (Some(unit), Some(other)) => self.are_near(unit, other, false),
            (unit, other) => unit == other,
        };
        let alone = !self.spots.beans.iter().any(|(at, name)| near(*at) && !names.contains(name));
        self.spots.later.iter().any(|(at, callable, name)| {
            let on_it = name.as_ref().map_or(unnamed || alone, |name| names.contains(name));
            on_it && near(*at) && callable.is_none_or(|c| self.is_alive(*at, c))
        })
    }

    /// May code of one unit run in a program of the other? With `own` only in what the first ships itself.
    fn are_near(&self, a: UnitIx, b: UnitIx, own: bool) -> bool {
        let together = || self.units.iter().any(|(_, u)| u.libraries.contains(&a) && u.libraries.contains(&b));
        a == b || self.units[a].libraries.contains(&b) || !own && (self.units[b].libraries.contains(&a) || together())
    }

    /// Is there a method with `@Scheduled` in the unit, or a library that it uses, on something that is made?
    pub fn has_live_timer(&self, unit: UnitIx, own: bool) -> bool {
        self.spots.timed.iter().any(|(file, ty)| {
            self.unit(*file).is_some_and(|other| self.are_near(unit, other, own)) && self.is_component(*file, *ty)
        })
    }

    /// Is the unit shipped with programs of Spring Boot alone, none of which switches the clock of `@Scheduled` on?
    pub fn is_clock_off(&self, unit: UnitIx) -> bool {
        let mut users = self.shippers(unit).peekable();
        users.peek().is_some()
            && users.all(|user| {
                self.units[user].dependencies.iter().any(|d| d.coordinate.starts_with("org.springframework.boot:"))
            })
            && !self
                .spots
                .clocked
                .iter()
                .any(|file| self.unit(*file).is_some_and(|other| self.are_near(unit, other, false)))
    }

    /// Is there a method with `@Async` in the unit, or a library that it uses, which anybody may call?
    pub fn has_live_async(&self, unit: UnitIx, own: bool) -> bool {
        self.spots.later.iter().any(|(file, callable, _)| {
            self.unit(*file).is_some_and(|other| self.are_near(unit, other, own))
                && callable.is_none_or(|c| self.is_alive(*file, c))
        })
    }
}

/// May a bean of a declared type be injected where another is asked for?
fn fits(asked: &str, made: &str) -> bool {
    let runs = |ty: &str| ty.ends_with("Executor") || ty.ends_with("ExecutorService");
    asked == made || (ANY.contains(&asked) || ANY.contains(&made)) && runs(asked) && runs(made)
}
