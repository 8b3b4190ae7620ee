//! Matching: which conditions hold at which sites, over the whole workspace.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::code::match_code;
use super::compile::{Compiled, LeafIx, Tree};
use super::plain::{match_deployment, match_unit};
use super::site::{Hit, Owners, Site, WHOLE};
use super::wrappers::lift;
use crate::facts::FileFacts;
use crate::link::Linked;
use crate::source::{FileIx, Role};
use crate::units::UnitIx;

/// All hits, by condition.
pub(super) struct Hits {
    by_leaf: Vec<Vec<Site>>,
    in_unit: FxHashSet<(LeafIx, Option<UnitIx>)>,
    in_file: FxHashSet<(LeafIx, FileIx)>,
    /// Callers of the project's own helpers, with the site within the helper.
    lifted: FxHashMap<Site, Site>,
    /// The sites within such helpers.
    helpers: FxHashSet<Site>,
}

impl Hits {
    /// Matches all conditions against all facts.
    pub(super) fn collect(compiled: &Compiled<'_>, linked: &Linked<'_>, facts: &[FileFacts]) -> Self {
        let counted = |file: FileIx| linked.workspace[file].role == Role::Main;
        let owners = owners(linked);
        let mut hits: Vec<Hit> = (0..facts.len())
            .into_par_iter()
            .map(|i| FileIx(i as u32))
            .filter(|file| counted(*file))
            .flat_map_iter(|file| {
                let mut hits = Vec::new();
                match_code(compiled, linked, file, &mut hits);
                match_deployment(compiled, linked, file, &facts[file.0 as usize], &owners, &mut hits);
                hits
            })
            .collect();
        let of_units: Vec<Hit> = (0..linked.units.all.len())
            .into_par_iter()
            .flat_map_iter(|i| match_unit(compiled, linked, UnitIx(i as u32)))
            .collect();
        hits.extend(of_units);
        let lifted = lift(compiled, linked, counted, &mut hits);
        let mut by_leaf: Vec<Vec<Site>> = vec![Vec::new(); compiled.leaves.len()];
        let mut in_unit = FxHashSet::default();
        let mut in_file = FxHashSet::default();
        for (leaf, site) in hits {
            by_leaf[leaf as usize].push(site);
            in_unit.insert((leaf, site.unit));
            in_file.insert((leaf, site.file));
        }
        for sites in &mut by_leaf {
            sites.sort();
            sites.dedup();
        }
        let helpers = lifted.values().copied().collect();
        Self { by_leaf, in_unit, in_file, lifted, helpers }
    }

    /// The site within a helper that this caller stands for.
    pub(super) fn within_helper(&self, site: &Site) -> Option<&Site> {
        self.lifted.get(site)
    }

    /// Does the site lie within a helper whose callers speak for it?
    pub(super) fn is_helper(&self, site: &Site) -> bool {
        self.helpers.contains(site)
    }

    /// The sites that a tree selects.
    pub(super) fn select(&self, linked: &Linked<'_>, tree: &Tree) -> Vec<Site> {
        match tree {
            Tree::Leaf(leaf) => self.by_leaf[*leaf as usize].clone(),
            Tree::Any(list) => {
                let mut sites: Vec<Site> = list.iter().flat_map(|t| self.select(linked, t)).collect();
                sites.sort();
                sites.dedup();
                sites
            }
            Tree::All(list) => {
                let Some((first, others)) = list.split_first() else { return Vec::new() };
                let mut known: FxHashMap<Option<UnitIx>, bool> = FxHashMap::default();
                let mut sites = self.select(linked, first);
                sites.retain(|site| {
                    *known
                        .entry(site.unit)
                        .or_insert_with(|| others.iter().all(|t| self.holds_in_unit(linked, t, site.unit)))
                });
                sites
            }
            Tree::Not(_) => Vec::new(),
        }
    }

    /// Does the tree hold anywhere in the unit or in the libraries that it uses?
    pub(super) fn holds_in_unit(&self, linked: &Linked<'_>, tree: &Tree, unit: Option<UnitIx>) -> bool {
        match tree {
            Tree::Leaf(leaf) => {
                let libraries = unit.map_or(&[][..], |u| &linked.units[u].libraries);
                self.in_unit.contains(&(*leaf, unit))
                    || libraries.iter().any(|l| self.in_unit.contains(&(*leaf, Some(*l))))
            }
            Tree::Any(list) => list.iter().any(|t| self.holds_in_unit(linked, t, unit)),
            Tree::All(list) => list.iter().all(|t| self.holds_in_unit(linked, t, unit)),
            Tree::Not(inner) => !self.holds_in_unit(linked, inner, unit),
        }
    }

    /// Does the tree hold anywhere in the file?
    pub(super) fn holds_in_file(&self, tree: &Tree, file: FileIx) -> bool {
        match tree {
            Tree::Leaf(leaf) => self.in_file.contains(&(*leaf, file)),
            Tree::Any(list) => list.iter().any(|t| self.holds_in_file(t, file)),
            Tree::All(list) => list.iter().all(|t| self.holds_in_file(t, file)),
            Tree::Not(inner) => !self.holds_in_file(inner, file),
        }
    }
}

/// Whose each deployment object is: manifests often lie in a directory of their own, far from what they deploy.
fn owners(linked: &Linked<'_>) -> Owners {
    let mut owners = Owners::default();
    for (ix, unit) in linked.units.iter() {
        for object in &unit.objects {
            owners.entry(*object).or_default().push(ix);
        }
        for script in &unit.scripts {
            owners.entry((*script, WHOLE)).or_default().push(ix);
        }
    }
    owners
}
