//! By which names deployments may call units: images that builds make, the unit's own, its folder's.

use rustc_hash::{FxHashMap, FxHashSet};

use super::input::{Build, Draft};
use super::packaging::Packaging;
use super::{paths, starters};

/// Words at the end of a name that one side says and the other leaves out.
const ENDINGS: &[&str] = &["service", "server", "svc", "app", "application", "boot", "bootstrap", "main", "starter"];

/// Names that images and objects may use for units.
pub(super) struct Names {
    by_name: FxHashMap<String, Option<usize>>,
    /// Without an ending such as `-service`, for programs alone.
    by_stem: FxHashMap<String, Option<usize>>,
}

impl Names {
    pub(super) fn new(drafts: &[Draft], packaging: &[Packaging], extra: &[(usize, String)]) -> Self {
        let mut by_name: FxHashMap<String, Option<usize>> = FxHashMap::default();
        for (unit, packaging) in packaging.iter().enumerate() {
            for image in &packaging.images {
                add(&mut by_name, starters::image_name(image), unit, &FxHashSet::default());
            }
        }
        for (unit, name) in extra {
            add(&mut by_name, name, *unit, &FxHashSet::default());
        }
        // What can be started before what others are made of: `shop` may be both a library and a service.
        let starts = |unit: usize| {
            let is_jvm = matches!(drafts[unit].build, Build::Maven(_) | Build::Gradle(_));
            let packed = packaging[unit].own && packaging[unit].runnable.is_some();
            !is_jvm || packed || !drafts[unit].containers.is_empty()
        };
        let homes = || drafts.iter().enumerate().filter(|(_, d)| d.has_sources() || !d.containers.is_empty());
        let mut by_stem: FxHashMap<String, Option<usize>> = FxHashMap::default();
        for first in [true, false] {
            let taken: FxHashSet<String> = by_name.keys().cloned().collect();
            for (unit, draft) in homes().filter(|(unit, _)| starts(*unit) == first) {
                add(&mut by_name, &draft.name, unit, &taken);
            }
            if first {
                for (unit, draft) in homes().filter(|(unit, _)| starts(*unit)) {
                    add(&mut by_stem, stem(&draft.name), unit, &FxHashSet::default());
                }
            }
        }
        for first in [true, false] {
            let taken: FxHashSet<String> = by_name.keys().cloned().collect();
            for (unit, draft) in homes().filter(|(unit, _)| starts(*unit) == first) {
                add(&mut by_name, paths::base(&draft.dir), unit, &taken);
            }
        }
        // `shop-server` is started as `shop`, though `shop` is the name of a library.
        for (unit, draft) in homes().filter(|(unit, _)| !starts(*unit)) {
            for key in [flat(&draft.name), flat(paths::base(&draft.dir))] {
                let program: Option<usize> = by_stem.get(&key).copied().flatten();
                if program.is_some() && by_name.get(&key) == Some(&Some(unit)) {
                    by_name.insert(key, program);
                }
            }
        }
        Self { by_name, by_stem }
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        match self.by_name.get(&flat(name)) {
            Some(known) => *known,
            // Whatever is called like a store is one.
            None if starters::infra_image(name).is_some() => None,
            None => self.by_stem.get(&flat(stem(name))).copied().flatten(),
        }
    }
}

/// A name that two units share tells none.
fn add(names: &mut FxHashMap<String, Option<usize>>, name: &str, unit: usize, taken: &FxHashSet<String>) {
    let key = flat(name);
    if key.len() < 2 || taken.contains(&key) {
        return;
    }
    names.entry(key).and_modify(|known| *known = known.filter(|k| *k == unit)).or_insert(Some(unit));
}

fn stem(name: &str) -> &str {
    match name.rsplit_once(['-', '_']) {
        Some((head, ending)) if ENDINGS.contains(&ending) => head,
        _ => name,
    }
}

/// `Order_Service` and `order-service` are one.
pub(super) fn flat(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
