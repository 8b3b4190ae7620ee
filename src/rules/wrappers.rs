//! A project's own helpers around pools, schedules, waits and caches: the places that call them are the
//! sites, not the one line within the helper.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Compiled, LeafIx, Tree};
use super::model::{Category, Condition};
use super::site::{Fact, Hit, Site};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, Mods};
use crate::link::{Linked, Sym, TypeId};
use crate::source::FileIx;
use crate::text::Name;

/// A helper does little else than hand on; larger methods speak for themselves.
const MOST_EXPRESSIONS: usize = 40;

/// A task is followed through so many methods that only pass it on.
const MOST_STEPS: usize = 5;

/// An interface of so many implementations may do anything else.
const MOST_KINDS: usize = 3;

/// A site that a helper stands for: the matched one, or a call that leads to it.
struct Step {
    leaf: LeafIx,
    site: Site,
    /// The step that this one calls, nearer to the matched site.
    inner: Option<usize>,
    /// The matched site.
    origin: Site,
    /// Calls within the helper's own file count only where they pass a task on themselves.
    counts: bool,
}

/// What a call of a helper must hand over.
#[derive(Clone, Copy)]
struct Helper {
    step: usize,
    /// Position of the task among the parameters; nothing where any call counts.
    task: Option<usize>,
    /// How many arguments it takes; nothing where the last stands for several.
    arity: Option<usize>,
}

/// Helpers by type and name.
type Helpers = FxHashMap<(TypeId, Name), Vec<Helper>>;

/// Adds the callers of helpers and takes away the helpers' own sites where callers were found.
/// Gives the site within the helper for each caller: a guard that holds there holds for the caller.
pub(super) fn lift(
    compiled: &Compiled<'_>,
    linked: &Linked<'_>,
    counted: impl Fn(FileIx) -> bool + Sync,
    hits: &mut Vec<Hit>,
) -> FxHashMap<Site, Site> {
    let (leaves, tasks, waits) = lifted_leaves(compiled);
    let known: FxHashSet<Hit> = hits.iter().filter(|(leaf, _)| leaves.contains(leaf)).copied().collect();
    let mut steps: Vec<Step> = Vec::new();
    let mut helpers = Helpers::default();
    for (leaf, site) in hits.iter().filter(|(leaf, _)| leaves.contains(leaf)) {
        if let Some((name, task)) = helper(linked, site, tasks.contains(leaf), waits.contains(leaf)) {
            let arity = arity(linked, site);
            for name in declared(linked, name) {
                helpers.entry(name).or_default().push(Helper { step: steps.len(), task, arity });
            }
            steps.push(Step { leaf: *leaf, site: *site, inner: None, origin: *site, counts: false });
        }
    }
    let mut seen: FxHashSet<(LeafIx, Site, Site)> = FxHashSet::default();
    // Called by what is a site itself.
    let mut direct: FxHashSet<usize> = FxHashSet::default();
    for _ in 0..MOST_STEPS {
        if helpers.is_empty() {
            break;
        }
        let names: FxHashSet<Name> = helpers.keys().map(|(_, name)| *name).collect();
        let callers: Vec<(Site, Helper)> = (0..linked.code.len())
            .into_par_iter()
            .map(|i| FileIx(i as u32))
            .filter(|file| counted(*file) && linked.is_java(*file))
            .flat_map_iter(|file| callers(linked, &helpers, &names, file))
            .collect();
        helpers = Helpers::default();
        for (site, called) in callers {
            let Step { leaf, origin, site: within, .. } = steps[called.step];
            // Overloads that call each other are one helper.
            let counts = within.file != site.file;
            let passes = match called.task {
                Some(at) => passes_on(linked, &site, at).map(|(name, at)| (name, Some(at))),
                None => overload(linked, &site, &within).map(|name| (name, None)),
            };
            if called.task.is_some() && known.contains(&(leaf, site)) {
                if counts && site != origin {
                    direct.insert(called.step);
                }
                continue;
            }
            if !(counts || passes.is_some()) || !seen.insert((leaf, site, origin)) {
                continue;
            }
            if let Some((name, task)) = passes {
                let arity = arity(linked, &site);
                for name in declared(linked, name) {
                    helpers.entry(name).or_default().push(Helper { step: steps.len(), task, arity });
                }
            }
            steps.push(Step { leaf, site, inner: Some(called.step), origin, counts });
        }
    }
    told(&steps, &direct, hits)
}

/// Puts the outermost callers in the place of what they call.
fn told(steps: &[Step], direct: &FxHashSet<usize>, hits: &mut Vec<Hit>) -> FxHashMap<Site, Site> {
    let mut called: Vec<bool> = (0..steps.len()).map(|i| direct.contains(&i)).collect();
    let mut outer = Vec::new();
    for (i, step) in steps.iter().enumerate().rev() {
        let Some(inner) = step.inner.filter(|_| step.counts || called[i]) else { continue };
        called[inner] = true;
        if !called[i] {
            outer.push(step);
        }
    }
    outer.reverse();
    let lifted: FxHashSet<Hit> =
        steps.iter().zip(&called).filter(|(s, c)| **c && s.inner.is_none()).map(|(s, _)| (s.leaf, s.site)).collect();
    hits.retain(|hit| !lifted.contains(hit));
    hits.extend(outer.iter().map(|s| (s.leaf, s.site)));
    outer.into_iter().map(|s| (s.site, s.origin)).collect()
}

/// Conditions of the rules whose sites a helper may stand for; second, those that hand a task over; third, those that
/// say how long to wait.
fn lifted_leaves(compiled: &Compiled<'_>) -> (FxHashSet<LeafIx>, FxHashSet<LeafIx>, FxHashSet<LeafIx>) {
    fn add(tree: &Tree, out: &mut FxHashSet<LeafIx>) {
        match tree {
            Tree::Leaf(leaf) => {
                out.insert(*leaf);
            }
            Tree::Any(list) => list.iter().for_each(|t| add(t, out)),
            Tree::All(list) => list.iter().take(1).for_each(|t| add(t, out)),
            Tree::Not(_) => {}
        }
    }
    let (mut out, mut tasks, mut waits) = (FxHashSet::default(), FxHashSet::default(), FxHashSet::default());
    for (rule, tree) in compiled.rules.iter().zip(&compiled.selects) {
        if matches!(
            rule.category,
            Category::ThreadPool | Category::Scheduler | Category::LongRequest | Category::InProcessCache
        ) {
            add(tree, &mut out);
        }
        if matches!(rule.category, Category::ThreadPool | Category::Scheduler) {
            add(tree, &mut tasks);
        }
    }
    for (rule, tree) in compiled.rules.iter().zip(&compiled.selects) {
        if rule.category == Category::LongRequest {
            add(tree, &mut waits);
        }
    }
    tasks.retain(|leaf| matches!(compiled.leaves[*leaf as usize], Condition::Call(_)));
    (out, tasks, waits)
}

/// The method around a site, when it is a helper, and where among its parameters the task stands.
///
/// Static ones return what the site makes or hand a parameter of theirs on; others pass the task itself on.
fn helper(linked: &Linked<'_>, site: &Site, task: bool, waits: bool) -> Option<((TypeId, Name), Option<usize>)> {
    if task && let Some((name, at)) = passes_on(linked, site, 0) {
        return Some((name, Some(at)));
    }
    let (Fact::Expr(expr), Some(facts)) = (site.fact, linked.facts(site.file)) else { return None };
    if !linked.is_java(site.file) {
        return None;
    }
    let callable = site.callable?;
    let method = &facts[callable];
    if method.kind != CallableKind::Method || !method.mods.has(Mods::STATIC) || method.name.as_str() == "main" {
        return None;
    }
    let args = arguments(&facts[expr].kind)?;
    let of_parameter = |arg: &ExprIx| matches!(facts[*arg].kind, ExprKind::Local(l) if facts[l].param && facts[l].callable == callable);
    // A time-out that is said here is said once, whoever uses the client.
    let hands_on = args.iter().any(of_parameter) || !waits && linked.is_given_out(site.file, expr);
    (hands_on && small(facts, callable))
        .then(|| Some(((linked.types.id(site.file, method.owner?), method.name), None)))
        .flatten()
}

/// The method around a call of a helper, when it is another form of the helper.
fn overload(linked: &Linked<'_>, site: &Site, helper: &Site) -> Option<(TypeId, Name)> {
    let facts = linked.facts(site.file).filter(|_| site.file == helper.file)?;
    let (around, within) = (&facts[site.callable?], &facts[helper.callable?]);
    let same = around.name == within.name && around.owner == within.owner && around.params.len() != within.params.len();
    let owner = around.owner.filter(|_| same && around.kind == CallableKind::Method)?;
    Some((linked.types.id(site.file, owner), around.name))
}

/// The number of parameters of the method around a site.
fn arity(linked: &Linked<'_>, site: &Site) -> Option<usize> {
    let facts = linked.facts(site.file)?;
    let params = &facts[site.callable?].params;
    let several = params.last().is_some_and(|l| facts[*l].ty.as_ref().is_none_or(|ty| ty.dims > 0));
    (!several).then_some(params.len())
}

/// The small method around a call that passes a parameter on as the argument at a position; and which.
fn passes_on(linked: &Linked<'_>, site: &Site, at: usize) -> Option<((TypeId, Name), usize)> {
    let (Fact::Expr(expr), Some(facts)) = (site.fact, linked.facts(site.file)) else { return None };
    let callable = site.callable.filter(|_| linked.is_java(site.file))?;
    let method = &facts[callable];
    if method.kind != CallableKind::Method || method.name.as_str() == "main" {
        return None;
    }
    let mut arg = *arguments(&facts[expr].kind)?.get(at)?;
    if let ExprKind::Cast { base, .. } = facts[arg].kind {
        arg = base;
    }
    let ExprKind::Local(local) = facts[arg].kind else { return None };
    // A number is a size or a time, and no task.
    let object = facts[local].ty.as_ref().is_some_and(|t| t.name.last_segment().starts_with(char::is_uppercase));
    let position = method.params.iter().position(|p| *p == local).filter(|_| object)?;
    (small(facts, callable) && may_run(linked, site.file, arg))
        .then(|| Some(((linked.types.id(site.file, method.owner?), method.name), position)))
        .flatten()
}

/// May what is passed on be a task? An entity or event of the tree that has nothing to run is none.
fn may_run(linked: &Linked<'_>, file: FileIx, arg: ExprIx) -> bool {
    let Some(Sym::Here(id)) = linked.type_of(file, arg).map(|ty| ty.sym) else { return true };
    let outside = |s: &Sym| matches!(s, Sym::Outside(name) if !matches!(name.last_segment(), "Object" | "Serializable" | "Comparable"));
    linked.types.closure(linked.catalog, Sym::Here(id)).iter().any(outside)
        || linked.types[id].fqn.ends_with("Task")
        || ["run", "call", "execute", "process", "handle", "get", "accept", "apply"]
            .iter()
            .any(|name| linked.find_method(Sym::Here(id), Name::new(name)).is_some())
}

/// A method and those in the workspace that it overrides: callers know the interface.
fn declared(linked: &Linked<'_>, (owner, name): (TypeId, Name)) -> Vec<(TypeId, Name)> {
    let closure = linked.types.closure(linked.catalog, Sym::Here(owner));
    let here = closure.iter().filter_map(|s| match s {
        Sym::Here(id) => Some(*id),
        Sym::Outside(_) => None,
    });
    let few = |id: TypeId| linked.types.subtypes(id).len() <= MOST_KINDS;
    here.filter(|id| *id == owner || few(*id) && !linked.types.methods(*id, name).is_empty())
        .map(|id| (id, name))
        .collect()
}

fn arguments(kind: &ExprKind) -> Option<&[ExprIx]> {
    match kind {
        ExprKind::Call { args, .. } | ExprKind::New { args, .. } => Some(args),
        _ => None,
    }
}

fn small(facts: &CodeFacts, callable: CallableIx) -> bool {
    facts.exprs.iter().filter(|e| e.callable == callable).count() <= MOST_EXPRESSIONS
}

/// Calls of helpers in a file.
fn callers(linked: &Linked<'_>, helpers: &Helpers, names: &FxHashSet<Name>, file: FileIx) -> Vec<(Site, Helper)> {
    let mut out = Vec::new();
    let Some(facts) = linked.facts(file).filter(|f| !f.generated) else { return out };
    for (i, expr) in facts.exprs.iter().enumerate() {
        let ExprKind::Call { name, args, .. } = &expr.kind else { continue };
        if !names.contains(name) {
            continue;
        }
        let Some((owner, _)) = linked.callee(file, ExprIx(i as u32)).target else { continue };
        for helper in helpers.get(&(owner, *name)).into_iter().flatten() {
            if helper.task.is_some_and(|at| at >= args.len()) || helper.arity.is_some_and(|n| n != args.len()) {
                continue;
            }
            let site = Site {
                file,
                at: expr.at,
                fact: Fact::Expr(ExprIx(i as u32)),
                unit: linked.unit(file),
                callable: Some(expr.callable),
                ty: linked.type_of_callable(file, expr.callable),
                symbol: Name::new(&format!("{}.{name}", linked.types[owner].fqn)),
            };
            out.push((site, *helper));
        }
    }
    out
}
