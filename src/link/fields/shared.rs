//! Types of which one object serves all requests.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::types::{Sym, TypeId};
use super::super::{Linked, ReachSet, stores};
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, Target, TypeKind, Usage};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// Types of which one object serves all requests.
pub(super) struct Shared {
    /// Singletons.
    pub(super) whole: FxHashSet<TypeId>,
    /// Held by singletons: what they collect is shared. Their plain fields are mostly set while the holder is set up.
    contents: FxHashSet<TypeId>,
}

impl Shared {
    pub(super) fn has(&self, id: TypeId) -> bool {
        self.whole.contains(&id) || self.contents.contains(&id)
    }
}

pub(super) fn singletons(linked: &Linked<'_>) -> Shared {
    let mut set = FxHashSet::default();
    for (id, info) in linked.types.iter() {
        let Some(facts) = linked.facts(info.file) else { continue };
        if linked.is_singleton_by_itself(info.file, info.ix) {
            set.insert(id);
        }
        let decl = &facts[info.ix];
        if decl.kind == TypeKind::Enum && decl.constants.len() == 1 {
            set.insert(id);
        }
    }
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts else { continue };
        if !linked.is_java(file) {
            continue;
        }
        // `@Bean Foo foo() { return new Foo(…); }`
        for (c, callable) in facts.callables.iter().enumerate() {
            let c = CallableIx(c as u32);
            if callable.kind == CallableKind::Method
                && linked.has_annotation(file, Target::Callable(c), &linked.catalog.bean_method_annotations)
            {
                // Also through a local: `Foo foo = new Foo(); …; return foo;`.
                let declared = callable.returns.as_ref().and_then(|t| linked.resolve_ref(file, callable.owner, t));
                for (e, expr) in facts.exprs.iter().enumerate() {
                    if expr.callable == c
                        && matches!(expr.usage, Usage::Returned | Usage::ToLocal(_))
                        && let ExprKind::New { body: None, .. } = expr.kind
                        && let Some(made @ Sym::Here(id)) = linked.callee(file, ExprIx(e as u32)).owner
                        && declared
                            .as_ref()
                            .is_some_and(|d| linked.types.closure(linked.catalog, made).contains(&d.sym))
                    {
                        set.insert(id);
                    }
                }
            }
        }
        // A task that puts itself on the timer again keeps its fields from run to run.
        for expr in &facts.exprs {
            if let ExprKind::Call { name, args, .. } = &expr.kind
                && name.starts_with("schedule")
                && args.iter().any(|a| matches!(facts[*a].kind, ExprKind::This))
                && let named = &facts[linked.named_callable(file, expr.callable)]
                && named.name.as_str() == "run"
                && let Some(owner) = named.owner
            {
                set.insert(linked.types.id(file, owner));
            }
        }
        // A task that start-up code makes once and that runs again and again.
        for (e, expr) in facts.exprs.iter().enumerate() {
            // A lambda that gives one back is a factory, whoever keeps it.
            let made_anew = facts[expr.callable].kind == CallableKind::Lambda && expr.usage == Usage::Returned;
            if let ExprKind::New { body: None, .. } = expr.kind
                && !made_anew
                && linked.reach(file, expr.callable).has(ReachSet::STARTUP)
                && !linked.reach(file, expr.callable).has(ReachSet::REQUEST)
                && !is_factory(linked, file, expr)
                && let Some(Sym::Here(id)) = linked.callee(file, ExprIx(e as u32)).owner
                && linked.overrides(id, Name::new("run"), &linked.catalog.background_methods)
            {
                set.insert(id);
            }
        }
    }
    let mut held = stores::held(linked, &mut set);
    // What a singleton inherits is shared as well.
    let values = values(linked, &set, &held);
    add_supers(linked, &mut set, &values);
    add_supers(linked, &mut held, &values);
    Shared { whole: set, contents: held }
}

/// `Factory FACTORY = (target) -> new Task(target);`: one for each call.
fn is_factory(linked: &Linked<'_>, file: FileIx, made: &Expr) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    facts[made.callable].kind == CallableKind::Lambda
        && made.usage == Usage::Returned
        && facts[linked.named_callable(file, made.callable)].kind == CallableKind::FieldInit
}

/// Types below which more are made anew here and there than serve all requests: records of one kind, of which one
/// happens to be held by the container.
fn values(linked: &Linked<'_>, whole: &FxHashSet<TypeId>, held: &FxHashSet<TypeId>) -> FxHashSet<TypeId> {
    let shared = |id: &TypeId| whole.contains(id) || held.contains(id);
    let mut made: FxHashSet<TypeId> = FxHashSet::default();
    for (i, facts) in linked.code.iter().enumerate() {
        let file = FileIx(i as u32);
        let Some(facts) = facts.filter(|_| linked.is_java(file) && linked.workspace[file].role != Role::Test) else {
            continue;
        };
        for (e, expr) in facts.exprs.iter().enumerate() {
            if let ExprKind::New { body: None, .. } = expr.kind
                && let Some(Sym::Here(id)) = linked.callee(file, ExprIx(e as u32)).owner
                && !shared(&id)
            {
                made.insert(id);
            }
        }
    }
    let mut counts: FxHashMap<TypeId, (usize, usize)> = FxHashMap::default();
    for (id, _) in linked.types.iter() {
        let count = match (made.contains(&id), shared(&id)) {
            (true, _) => (1, 0),
            (_, true) => (0, 1),
            _ => continue,
        };
        for above in linked.types.closure(linked.catalog, Sym::Here(id)).iter() {
            if let Sym::Here(above) = above
                && *above != id
            {
                let sum = counts.entry(*above).or_default();
                *sum = (sum.0 + count.0, sum.1 + count.1);
            }
        }
    }
    counts.retain(|_, (made, shared)| *made >= FEW && *made > *shared * 2);
    counts.into_keys().collect()
}

/// From how many classes of records on a type above them is taken for one.
const FEW: usize = 3;

fn add_supers(linked: &Linked<'_>, set: &mut FxHashSet<TypeId>, values: &FxHashSet<TypeId>) {
    let mut supers: Vec<TypeId> = Vec::new();
    for (id, _) in linked.types.iter().filter(|(id, _)| set.contains(id)) {
        supers.extend(linked.types.closure(linked.catalog, Sym::Here(id)).iter().filter_map(|s| match s {
            Sym::Here(above) => Some(*above).filter(|above| *above == id || !values.contains(above)),
            Sym::Outside(_) => None,
        }));
    }
    set.extend(supers);
}
