//! Who calls a method and who names a field, over all main code of the workspace.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::types::{Sym, TypeId};
use super::super::{Linked, ReachSet};
use super::alone::is_init_of_container;
use super::moments::asks_settings;
use super::names::BEGINNINGS;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, Target, Usage};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// More calls of one name than this are not looked through.
const MOST_CALLS: usize = 600;

/// How deep callers of callers are asked.
const DEPTH: u8 = 4;

/// Calls and fields by who uses them. Outer tests and what is declared outside the tree are left out.
#[derive(Default)]
pub(super) struct Uses {
    calls: FxHashMap<Name, Vec<(FileIx, ExprIx, Option<TypeId>)>>,
    tested: FxHashSet<Name>,
    fields: FxHashMap<(FileIx, FieldIx), Vec<(FileIx, ExprIx)>>,
    targets: FxHashSet<(FileIx, ExprIx)>,
}

impl Uses {
    pub(super) fn new(linked: &Linked<'_>) -> Self {
        use rayon::prelude::*;
        let parts: Vec<Option<Self>> =
            (0..linked.code.len()).into_par_iter().map(|i| of_file(linked, FileIx(i as u32))).collect();
        let mut out = Self::default();
        for part in parts.into_iter().flatten() {
            // Merged key by key: the order of keys does not matter, that of files does and is kept.
            #[allow(clippy::iter_over_hash_type)]
            for (name, calls) in part.calls {
                out.calls.entry(name).or_default().extend(calls);
            }
            #[allow(clippy::iter_over_hash_type)]
            for (field, places) in part.fields {
                out.fields.entry(field).or_default().extend(places);
            }
            out.tested.extend(part.tested);
            out.targets.extend(part.targets);
        }
        out
    }

    /// Where a field is named, whatever for.
    pub(super) fn of_field(&self, file: FileIx, field: FieldIx) -> &[(FileIx, ExprIx)] {
        self.fields.get(&(file, field)).map_or(&[], Vec::as_slice)
    }

    /// Is something assigned there?
    pub(super) fn is_target(&self, file: FileIx, expr: ExprIx) -> bool {
        self.targets.contains(&(file, expr))
    }

    /// Do tests call a method of this name?
    fn is_tested(&self, name: Name) -> bool {
        self.tested.contains(&name)
    }

    /// The calls that may mean this method; none where they are too many to tell.
    pub(super) fn callers(
        &self,
        linked: &Linked<'_>,
        file: FileIx,
        callable: CallableIx,
    ) -> Option<Vec<(FileIx, ExprIx)>> {
        let facts = linked.facts(file)?;
        let c = &facts[callable];
        let owner = Sym::Here(linked.types.id(file, c.owner?));
        let Some(calls) = self.calls.get(&c.name) else { return Some(Vec::new()) };
        // Others cannot call what is private; calls of one file stand together.
        let own = c.mods.has(Mods::PRIVATE).then(|| {
            let first = calls.partition_point(|(at, ..)| *at < file);
            let end = calls.partition_point(|(at, ..)| *at <= file);
            &calls[first..end]
        });
        let calls = own.unwrap_or(calls);
        if calls.len() > MOST_CALLS {
            return None;
        }
        let above = linked.types.closure(linked.catalog, owner);
        let as_many = |at: FileIx, call: ExprIx| {
            linked.facts(at).is_some_and(|facts| match &facts[call].kind {
                ExprKind::Call { args, .. } => args.len() == c.params.len(),
                _ => true,
            })
        };
        // The last of them may stand for several.
        let several = c.params.last().is_some_and(|p| facts[*p].ty.as_ref().is_some_and(|ty| ty.dims > 0));
        let alone = match owner {
            Sym::Here(id) => linked.types.methods(id, c.name).len() < 2,
            Sym::Outside(_) => true,
        };
        let means = |(at, call, on): &&(FileIx, ExprIx, Option<TypeId>)| match on {
            // Another one of the same name is meant.
            Some(_) if !alone && !several && !as_many(*at, *call) => false,
            Some(on) => {
                let on = Sym::Here(*on);
                above.contains(&on) || linked.types.closure(linked.catalog, on).contains(&owner)
            }
            // Of an unknown object: a method with as many parameters may be meant.
            None => as_many(*at, *call),
        };
        Some(calls.iter().filter(means).map(|(file, call, _)| (*file, *call)).collect())
    }

    /// Nothing in the tree runs the method: nobody calls it, or only what nobody calls, and the container does not either.
    pub(super) fn is_dead(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        self.is_dead_within(linked, file, callable, 0)
    }

    fn is_dead_within(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx, depth: u8) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        let named = linked.named_callable(file, callable);
        let c = &facts[named];
        let reach = linked.reach(file, named);
        let run = [ReachSet::REQUEST, ReachSet::STARTUP, ReachSet::BACKGROUND].iter().any(|by| reach.has(*by));
        if c.kind != CallableKind::Method || run || depth >= DEPTH || linked.is_handler(file, named) {
            return false;
        }
        let own = c.mods.has(Mods::PRIVATE) || c.mods.has(Mods::STATIC);
        if is_annotated(linked, file, named) || !own && overrides_unknown(linked, file, named) {
            return false;
        }
        self.callers(linked, file, named).is_some_and(|callers| {
            callers.iter().all(|(at, call)| {
                let Some(facts) = linked.facts(*at) else { return false };
                let by = linked.named_callable(*at, facts[*call].callable);
                (*at, by) == (file, named) || self.is_dead_within(linked, *at, by, depth + 1)
            })
        })
    }

    /// What is not in the tree may call the method, by what it implements or by an annotation.
    pub(super) fn may_be_called_from_outside(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        let private = linked.facts(file).is_some_and(|facts| facts[callable].mods.has(Mods::PRIVATE));
        !private && (is_annotated(linked, file, callable) || overrides_unknown(linked, file, callable))
    }

    /// `void setX(T x) { this.x = x; }` that no code calls: the container does, or nobody.
    pub(super) fn is_uncalled_setter(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        let c = &facts[callable];
        c.kind == CallableKind::Method
            && c.name.starts_with("set")
            && c.params.len() == 1
            && !overrides_unknown(linked, file, callable)
            && !is_annotated(linked, file, callable)
            && self.callers(linked, file, callable).is_some_and(|callers| callers.is_empty())
    }

    /// A setter of one value that start-up calls, and that every caller hands what the settings say.
    pub(super) fn is_handed_settings(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        let c = &facts[callable];
        let sets = c.kind == CallableKind::Method && c.name.starts_with("set") && c.params.len() == 1;
        if !sets || linked.is_handler(file, callable) || !linked.reach(file, callable).has(ReachSet::STARTUP) {
            return false;
        }
        let asks = |at: FileIx, call: ExprIx| {
            let Some(facts) = linked.facts(at) else { return false };
            let ExprKind::Call { args, .. } = &facts[call].kind else { return false };
            let [value] = args.as_ref() else { return false };
            let value = match facts[*value].kind {
                ExprKind::Local(local) => facts[local].init.unwrap_or(*value),
                _ => *value,
            };
            let within = facts[value].span;
            let mut exprs = (0..facts.exprs.len() as u32).map(ExprIx);
            exprs.any(|e| within.contains(facts[e].span) && asks_settings(linked, at, facts, e))
        };
        self.callers(linked, file, callable)
            .is_some_and(|callers| !callers.is_empty() && callers.iter().all(|(at, call)| asks(*at, *call)))
    }

    /// Each way to the code leads through a method that is called as start-up is (`startup`, `afterPropertiesSet`),
    /// whoever runs this: a page that sets the program up does what its start does.
    pub(super) fn only_by_startup(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        !is_task(linked, file, callable)
            && self.leads_from_startup(linked, file, linked.named_callable(file, callable), 0)
    }

    fn leads_from_startup(&self, linked: &Linked<'_>, file: FileIx, named: CallableIx, depth: u8) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        let c = &facts[named];
        if is_init_of_container(linked, file, named) {
            return true;
        }
        // The container calls what others can see, or what overrides a method of its own.
        let helper = c.mods.has(Mods::PROTECTED) && !overrides_unknown(linked, file, named);
        if c.kind != CallableKind::Method || depth >= DEPTH || linked.is_handler(file, named) && !helper {
            return false;
        }
        if BEGINNINGS.contains(&c.name.as_str()) {
            return true;
        }
        // Something else may call it as well.
        let known = c.mods.has(Mods::PRIVATE) || c.mods.has(Mods::STATIC) || c.name.starts_with("set");
        if is_annotated(linked, file, named) || !known && overrides_unknown(linked, file, named) {
            return false;
        }
        if c.name.starts_with("startup") || c.name.starts_with("bootstrap") {
            return linked.reach(file, named).has(ReachSet::STARTUP);
        }
        self.callers(linked, file, named).is_some_and(|callers| {
            let mut any = false;
            callers.iter().all(|(at, call)| {
                let Some(facts) = linked.facts(*at) else { return false };
                let callable = facts[*call].callable;
                let by = linked.named_callable(*at, callable);
                let itself = (*at, by) == (file, named);
                any |= !itself;
                itself
                    || matches!(facts[*call].kind, ExprKind::Call { .. })
                        && !is_task(linked, *at, callable)
                        && self.leads_from_startup(linked, *at, by, depth + 1)
            }) && any
        })
    }

    /// A door for tests: no main code calls it, and tests do or its annotation or name says so.
    pub(super) fn is_for_tests(&self, linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        let named = linked.named_callable(file, callable);
        let c = &facts[named];
        let says = || {
            c.name.starts_with("mock")
                || facts.annotations.iter().any(|a| {
                    a.target == Target::Callable(named)
                        && (a.name.ends_with("ForTest") || a.name.ends_with("ForTesting"))
                })
        };
        c.kind == CallableKind::Method
            && !linked.is_handler(file, named)
            && (self.is_tested(c.name) || says())
            && self.callers(linked, file, named).is_some_and(|callers| callers.is_empty())
            && (c.mods.has(Mods::STATIC) || !overrides_unknown(linked, file, named))
    }
}

/// A lambda that is handed over to run again and again, or aside: `start() { timer.schedule(() -> …); }`.
fn is_task(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    linked.named_callable(file, callable) != callable && linked.reach(file, callable).has(ReachSet::BACKGROUND)
}

fn of_file(linked: &Linked<'_>, file: FileIx) -> Option<Uses> {
    let facts = linked.facts(file).filter(|_| linked.is_java(file))?;
    let mut out = Uses::default();
    let test = linked.workspace[file].role == Role::Test;
    for (ix, expr) in facts.exprs.iter().enumerate() {
        let ix = ExprIx(ix as u32);
        match &expr.kind {
            ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => {
                let on = match linked.callee(file, ix).owner {
                    Some(Sym::Outside(_)) => continue,
                    Some(Sym::Here(id)) => Some(id),
                    None => None,
                };
                if test {
                    out.tested.insert(*name);
                } else {
                    out.calls.entry(*name).or_default().push((file, ix, on));
                }
            }
            ExprKind::Name(_) | ExprKind::Select { .. } if !test => {
                if let Some(field) = linked.field_of(file, ix) {
                    out.fields.entry(field).or_default().push((file, ix));
                }
            }
            _ => {}
        }
    }
    if !test {
        out.targets.extend(facts.assigns.iter().map(|a| (file, a.target)));
    }
    Some(out)
}

/// Its type has supertypes outside the tree, which may call it, and which say more than `Object`.
fn overrides_unknown(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let Some(owner) = linked.type_of_callable(file, callable) else { return false };
    let Some(facts) = linked.facts(file) else { return false };
    let marked =
        facts.annotations.iter().any(|a| a.target == Target::Callable(callable) && a.name.as_str() == "Override");
    let id = linked.types.id(file, owner);
    marked
        && linked.types.closure(linked.catalog, Sym::Here(id)).iter().any(|s| match s {
            Sym::Outside(name) => !matches!(name.last_segment(), "Serializable" | "Cloneable" | "Comparable"),
            Sym::Here(_) => false,
        })
}

/// Annotated with something that may have it called.
fn is_annotated(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> bool {
    let harmless =
        ["Override", "Deprecated", "SuppressWarnings", "SafeVarargs", "Nullable", "NotNull", "NonNull", "Nonnull"];
    linked.facts(file).is_some_and(|facts| {
        facts.annotations.iter().any(|a| {
            a.target == Target::Callable(callable)
                && !harmless.contains(&a.name.last_segment())
                && !a.name.ends_with("ForTest")
                && !a.name.ends_with("ForTesting")
        })
    })
}

impl Linked<'_> {
    /// The field that the value of this chain of calls is kept in: `cache = CacheBuilder.newBuilder().….build()`.
    pub fn kept_in(&self, file: FileIx, expr: ExprIx) -> Option<(FileIx, FieldIx)> {
        let facts = self.facts(file)?;
        let mut at = expr;
        for _ in 0..512 {
            match facts[at].usage {
                Usage::Base(parent) => at = parent,
                _ => break,
            }
        }
        if let Some(field) = facts.fields.iter().position(|f| f.init == Some(at)) {
            return Some((file, FieldIx(field as u32)));
        }
        let assign = facts.assigns.iter().find(|a| a.value == Some(at))?;
        self.field_of(file, assign.target)
    }
}
