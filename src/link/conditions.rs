//! Beans that a setting switches on, which nothing in the tree sets (Java).

use super::Linked;
use crate::facts::code::{CallableIx, Target, TypeIx};
use crate::facts::settings::canonical_key;
use crate::source::FileIx;

/// The annotation that makes a bean depend on a setting.
const CONDITION: &str = "ConditionalOnProperty";

impl Linked<'_> {
    /// Is the place within a bean that exists only where a setting says `true`, which no file of the tree gives?
    pub fn is_switched_off(&self, file: FileIx, callable: Option<CallableIx>, ty: Option<TypeIx>) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        // Who uses a library outside the tree may set it.
        if !facts.annotations.iter().any(|a| a.name.last_segment() == CONDITION) || !self.is_shipped(file) {
            return false;
        }
        let method = callable.map(|c| Target::Callable(self.named_callable(file, c)));
        let around = self.enclosing_types(file, ty).into_iter().map(Target::Type);
        method.into_iter().chain(around).any(|target| {
            let on_it = |a: &&crate::facts::code::Annotation| a.target == target && a.name.last_segment() == CONDITION;
            facts.annotations.iter().filter(on_it).any(|a| {
                let arg = |names: &[&str]| {
                    a.args
                        .iter()
                        .filter(|(name, _)| names.contains(&name.as_str()))
                        .map(|(_, value)| self.constant(file, *value).unwrap_or_default())
                        .collect::<Vec<_>>()
                };
                let prefix = arg(&["prefix"]).pop();
                let keys = arg(&["name", "value"]);
                arg(&["matchIfMissing"]).is_empty()
                    && arg(&["havingValue"]).iter().any(|v| v == "true")
                    && keys.len() == 1
                    && keys.iter().all(|key| {
                        let key = match &prefix {
                            Some(prefix) => format!("{}.{key}", prefix.trim_end_matches('.')),
                            None => key.clone(),
                        };
                        !key.ends_with('.') && !key.is_empty() && !self.is_set_anywhere(&canonical_key(&key))
                    })
            })
        })
    }

    /// Does a unit of the tree give the setting a value, be it in a profile or by an environment variable?
    fn is_set_anywhere(&self, key: &str) -> bool {
        let same = |written: &str| {
            let mut letters = written.chars().filter(|c| c.is_alphanumeric());
            key.chars().filter(|c| c.is_alphanumeric()).all(|c| letters.next() == Some(c)) && letters.next().is_none()
        };
        self.units.iter().any(|(_, unit)| unit.settings.iter().any(|s| same(&s.key)))
    }
}
