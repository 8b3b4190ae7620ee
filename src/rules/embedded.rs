//! What the build has embedded, read when it is first asked for: a run pays for what it needs.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::Defaults;
use super::load::RuleError;
use super::model::Rule;

// `CATALOG`: the data of `rules/catalog` by name. `COUNT`: how many rules there are.
include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));
const EXAMPLES: &str = include_str!(concat!(env!("OUT_DIR"), "/examples.json"));

/// Rules in the order of their ids. The built-in ones are read when somebody looks at them.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    list: OnceLock<Vec<Rule>>,
    names: OnceLock<BTreeMap<String, usize>>,
    builtin: bool,
}

impl Rules {
    /// The rules that come with the program, not read yet.
    pub(super) fn builtin() -> Self {
        Self { builtin: true, ..Self::default() }
    }

    /// Are they the ones that come with the program, unchanged?
    pub(super) fn is_builtin(&self) -> bool {
        self.builtin
    }

    /// How many there are; nothing is read for it.
    pub fn count(&self) -> usize {
        if self.builtin { COUNT } else { self.len() }
    }

    /// Changes them.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Vec<Rule>)) {
        let mut list = self.to_vec();
        change(&mut list);
        *self = list.into();
    }

    /// Ids and aliases, with the place of their rule.
    pub(super) fn names(&self) -> &BTreeMap<String, usize> {
        self.names.get_or_init(|| {
            let of = |(ix, rule): (usize, &Rule)| {
                std::iter::once(&rule.id).chain(&rule.aliases).map(|name| (name.clone(), ix)).collect::<Vec<_>>()
            };
            self.iter().enumerate().flat_map(of).collect()
        })
    }
}

impl From<Vec<Rule>> for Rules {
    fn from(list: Vec<Rule>) -> Self {
        Self { list: list.into(), ..Self::default() }
    }
}

impl Deref for Rules {
    type Target = Vec<Rule>;
    fn deref(&self) -> &Vec<Rule> {
        // The build has checked them, and a test reads them.
        self.list.get_or_init(|| ready(&Catalog::default()).unwrap_or_default())
    }
}

impl<'a> IntoIterator for &'a Rules {
    type Item = &'a Rule;
    type IntoIter = std::slice::Iter<'a, Rule>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The built-in rules with nothing filled in.
pub(super) fn plain_rules(catalog: &Catalog) -> Result<Vec<Rule>, RuleError> {
    let mut rules: Vec<Rule> = read("rules", RULES)?;
    // Met by the engine rather than by a condition; data like all the others.
    rules.extend(catalog.read::<Vec<Rule>>("suppressions")?);
    Ok(rules)
}

/// The built-in rules, sorted, with all their targets.
pub(super) fn ready(catalog: &Catalog) -> Result<Vec<Rule>, RuleError> {
    filled_in(plain_rules(catalog)?, catalog)
}

/// Sorts rules, and gives them the targets that their category has and they do not name.
pub(super) fn filled_in(mut rules: Vec<Rule>, catalog: &Catalog) -> Result<Vec<Rule>, RuleError> {
    let defaults: Defaults = catalog.read("targets")?;
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    for rule in &mut rules {
        for (target, fit) in defaults.get(&rule.category).into_iter().flatten() {
            rule.targets.entry(*target).or_insert(*fit);
        }
    }
    Ok(rules)
}

/// The fixture of a built-in rule.
pub(super) fn example(id: &str) -> Option<String> {
    read::<BTreeMap<String, String>>("examples", EXAMPLES).ok()?.remove(id)
}

/// The data that goes with rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalog {
    own: BTreeMap<String, Value>,
}

impl Catalog {
    /// What the user has put in the place of the built-in.
    pub(super) fn own(&self) -> &BTreeMap<String, Value> {
        &self.own
    }

    pub(super) fn replace(&mut self, name: String, value: Value) {
        self.own.insert(name, value);
    }

    /// The data of a name.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<T, RuleError> {
        let fail = |reason: String| RuleError::Embedded { what: format!("data '{name}'"), reason };
        if let Some(value) = self.own.get(name) {
            return T::deserialize(value).map_err(|error| fail(error.to_string()));
        }
        let (_, json) =
            CATALOG.iter().find(|(known, _)| *known == name).ok_or_else(|| fail("there is none".to_owned()))?;
        serde_json::from_str(json).map_err(|error| fail(error.to_string()))
    }
}

fn read<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, RuleError> {
    serde_json::from_str(json).map_err(|error| RuleError::Embedded { what: what.to_owned(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::{Catalog, Rules, ready};

    #[test]
    fn the_built_in_rules_read() {
        let rules = Rules::builtin();
        assert_eq!(rules.count(), ready(&Catalog::default()).unwrap().len());
        assert_eq!(rules.count(), rules.len());
    }
}
