//! A project's own helpers around pools, schedules and waits: the places that call them are the
//! sites, not the one line within the helper.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::{Compiled, LeafIx, Tree};
use super::model::Category;
use super::site::{Fact, Hit, Site};
use crate::facts::code::{CallableKind, ExprIx, ExprKind, Mods, Usage};
use crate::link::{Linked, TypeId};
use crate::source::FileIx;
use crate::text::Name;

/// A helper does little else than hand on; larger methods speak for themselves.
const MOST_EXPRESSIONS: usize = 40;

/// Adds the callers of helpers and takes away the helpers' own sites where callers were found.
/// Gives the site within the helper for each caller: a guard that holds there holds for the caller.
pub(super) fn lift(
    compiled: &Compiled<'_>,
    linked: &Linked<'_>,
    counted: impl Fn(FileIx) -> bool + Sync,
    hits: &mut Vec<Hit>,
) -> FxHashMap<Site, Site> {
    let leaves = lifted_leaves(compiled);
    let mut helpers: FxHashMap<(TypeId, Name), Vec<Hit>> = FxHashMap::default();
    for hit in hits.iter().filter(|(leaf, _)| leaves.contains(leaf)) {
        if let Some(helper) = helper(linked, &hit.1) {
            helpers.entry(helper).or_default().push(*hit);
        }
    }
    if helpers.is_empty() {
        return FxHashMap::default();
    }
    let callers: Vec<(Hit, Hit)> = (0..linked.code.len())
        .into_par_iter()
        .map(|i| FileIx(i as u32))
        .filter(|file| counted(*file) && linked.is_java(*file))
        .flat_map_iter(|file| callers(linked, &helpers, file))
        .collect();
    let lifted: FxHashSet<Hit> = callers.iter().map(|(_, inner)| *inner).collect();
    hits.retain(|hit| !lifted.contains(hit));
    hits.extend(callers.iter().map(|(outer, _)| *outer));
    callers.into_iter().map(|((_, outer), (_, inner))| (outer, inner)).collect()
}

/// Conditions of the rules whose sites a helper may stand for.
fn lifted_leaves(compiled: &Compiled<'_>) -> FxHashSet<LeafIx> {
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
    let mut out = FxHashSet::default();
    for (rule, tree) in compiled.rules.iter().zip(&compiled.selects) {
        if matches!(rule.category, Category::ThreadPool | Category::Scheduler | Category::LongRequest) {
            add(tree, &mut out);
        }
    }
    out
}

/// The static method around a site, when it returns what the site makes or hands its own parameter on.
fn helper(linked: &Linked<'_>, site: &Site) -> Option<(TypeId, Name)> {
    let (Fact::Expr(expr), Some(facts)) = (site.fact, linked.facts(site.file)) else { return None };
    if !linked.is_java(site.file) {
        return None;
    }
    let callable = site.callable?;
    let method = &facts[callable];
    if method.kind != CallableKind::Method || !method.mods.has(Mods::STATIC) || method.name.as_str() == "main" {
        return None;
    }
    let args = match &facts[expr].kind {
        ExprKind::Call { args, .. } | ExprKind::New { args, .. } => args,
        _ => return None,
    };
    let of_parameter = |arg: &ExprIx| matches!(facts[*arg].kind, ExprKind::Local(l) if facts[l].param && facts[l].callable == callable);
    let hands_on = args.iter().any(of_parameter) || linked.chain_usage(site.file, expr) == Usage::Returned;
    let small = facts.exprs.iter().filter(|e| e.callable == callable).count() <= MOST_EXPRESSIONS;
    (hands_on && small).then(|| Some((linked.types.id(site.file, method.owner?), method.name))).flatten()
}

/// Calls of helpers in a file, each with the helper's own hit.
fn callers(linked: &Linked<'_>, helpers: &FxHashMap<(TypeId, Name), Vec<Hit>>, file: FileIx) -> Vec<(Hit, Hit)> {
    let mut out = Vec::new();
    let Some(facts) = linked.facts(file).filter(|f| !f.generated) else { return out };
    for (i, expr) in facts.exprs.iter().enumerate() {
        let ExprKind::Call { name, .. } = &expr.kind else { continue };
        let Some((owner, _)) = linked.callee(file, ExprIx(i as u32)).target else { continue };
        for inner in helpers.get(&(owner, *name)).into_iter().flatten() {
            let (leaf, within) = inner;
            // Overloads that call each other are one helper.
            if within.file == file && linked.types[owner].file == file {
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
            out.push(((*leaf, site), (*leaf, *within)));
        }
    }
    out
}
