//! What is known of Java types outside the tree: `rules/catalog/java.yaml`.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::globs::{braces, glob};
use crate::text::Name;

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawCatalog {
    #[serde(rename = "as_of")]
    _as_of: String,
    java_lang: Vec<String>,
    packages: BTreeMap<String, Vec<String>>,
    supertypes: BTreeMap<String, Vec<String>>,
    returns: BTreeMap<String, BTreeMap<String, String>>,
    lambda_params: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    members: BTreeMap<String, BTreeMap<String, String>>,
    roles: RawRoles,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRoles {
    singleton_annotations: Vec<String>,
    singleton_types: Vec<String>,
    not_shared_annotations: Vec<String>,
    scope_annotation: String,
    injection_annotations: Vec<String>,
    bean_method_annotations: Vec<String>,
    request_annotations: Vec<String>,
    request_classes: Vec<String>,
    controller_classes: Vec<String>,
    generated_apis: Vec<String>,
    request_types: Vec<String>,
    command_types: Vec<String>,
    #[serde(default)]
    command_annotations: Vec<String>,
    #[serde(default)]
    shell_annotations: Vec<String>,
    request_calls: BTreeMap<String, Vec<String>>,
    startup_annotations: Vec<String>,
    startup_methods: BTreeMap<String, Vec<String>>,
    startup_events: Vec<String>,
    background_annotations: Vec<String>,
    background_methods: BTreeMap<String, Vec<String>>,
    background_calls: BTreeMap<String, Vec<String>>,
    background_constructors: Vec<String>,
}

/// Methods by owner type, with globs on the method name.
pub type Methods = FxHashMap<Name, Vec<Name>>;

/// Facts of Java libraries, ready for look-up.
pub struct JavaCatalog {
    java_lang: FxHashSet<Name>,
    packages: Vec<Name>,
    supertypes: FxHashMap<Name, Vec<Name>>,
    returns: FxHashMap<Name, Vec<(Name, Name)>>,
    lambda_params: FxHashMap<Name, Vec<(Name, Vec<Name>)>>,
    members: FxHashMap<Name, Vec<(Name, Name)>>,
    /// See `roles` in the file.
    pub singleton_annotations: FxHashSet<Name>,
    pub singleton_types: FxHashSet<Name>,
    pub not_shared_annotations: FxHashSet<Name>,
    pub scope_annotation: Name,
    pub injection_annotations: FxHashSet<Name>,
    pub bean_method_annotations: FxHashSet<Name>,
    pub request_annotations: FxHashSet<Name>,
    pub request_classes: FxHashSet<Name>,
    pub controller_classes: FxHashSet<Name>,
    pub generated_apis: Vec<String>,
    pub request_types: FxHashSet<Name>,
    pub command_types: FxHashSet<Name>,
    /// On classes that are one command each of a program with several.
    pub command_annotations: FxHashSet<Name>,
    /// On methods of classes in which people type commands.
    pub shell_annotations: FxHashSet<Name>,
    pub request_calls: Methods,
    pub startup_annotations: FxHashSet<Name>,
    pub startup_methods: Methods,
    pub startup_events: FxHashSet<Name>,
    pub background_annotations: FxHashSet<Name>,
    pub background_methods: Methods,
    pub background_calls: Methods,
    pub background_constructors: FxHashSet<Name>,
}

/// Names of types outside the tree, by simple name and package: what a wildcard import may bring.
#[derive(Default)]
pub struct Externals {
    by_package: FxHashSet<(Name, Name)>,
    java_lang: FxHashSet<Name>,
}

impl Externals {
    /// Does the package hold such a type, as far as known?
    pub fn has(&self, package: Name, simple: Name) -> bool {
        self.by_package.contains(&(package, simple))
    }
    /// Is it in `java.lang`?
    pub fn is_java_lang(&self, simple: Name) -> bool {
        self.java_lang.contains(&simple)
    }
}

fn names(list: &[String]) -> FxHashSet<Name> {
    list.iter().flat_map(|n| braces(n)).map(|n| Name::new(&n)).collect()
}

fn methods(map: BTreeMap<String, Vec<String>>) -> Methods {
    let mut out = Methods::default();
    for (owner, list) in map {
        for owner in braces(&owner) {
            out.entry(Name::new(&owner)).or_default().extend(list.iter().map(|m| Name::new(m)));
        }
    }
    out
}

impl JavaCatalog {
    /// Makes the catalogue ready for look-up.
    pub fn new(raw: RawCatalog) -> Self {
        let mut packages: Vec<Name> = Vec::new();
        for (package, simple) in &raw.packages {
            packages.extend(simple.iter().map(|s| Name::new(&format!("{package}.{s}"))));
        }
        let roles = raw.roles;
        Self {
            java_lang: names(&raw.java_lang),
            packages,
            supertypes: raw
                .supertypes
                .into_iter()
                .map(|(t, s)| (Name::new(&t), s.iter().map(|s| Name::new(s)).collect()))
                .collect(),
            returns: raw
                .returns
                .into_iter()
                .map(|(t, m)| (Name::new(&t), ordered(m.iter().map(|(k, v)| (Name::new(k), Name::new(v))).collect())))
                .collect(),
            lambda_params: raw
                .lambda_params
                .into_iter()
                .map(|(t, m)| {
                    let list = m.iter().map(|(k, v)| (Name::new(k), v.iter().map(|p| Name::new(p)).collect()));
                    (Name::new(&t), ordered(list.collect()))
                })
                .collect(),
            members: raw
                .members
                .into_iter()
                .flat_map(|(t, m)| {
                    let fields: Vec<_> = m.iter().map(|(k, v)| (Name::new(k), Name::new(v))).collect();
                    braces(&t).into_iter().map(move |t| (Name::new(&t), fields.clone())).collect::<Vec<_>>()
                })
                .collect(),
            singleton_annotations: names(&roles.singleton_annotations),
            singleton_types: names(&roles.singleton_types),
            not_shared_annotations: names(&roles.not_shared_annotations),
            scope_annotation: Name::new(&roles.scope_annotation),
            injection_annotations: names(&roles.injection_annotations),
            bean_method_annotations: names(&roles.bean_method_annotations),
            request_annotations: names(&roles.request_annotations),
            request_classes: names(&roles.request_classes),
            controller_classes: names(&roles.controller_classes),
            generated_apis: roles.generated_apis,
            request_types: names(&roles.request_types),
            command_types: names(&roles.command_types),
            command_annotations: names(&roles.command_annotations),
            shell_annotations: names(&roles.shell_annotations),
            request_calls: methods(roles.request_calls),
            startup_annotations: names(&roles.startup_annotations),
            startup_methods: methods(roles.startup_methods),
            startup_events: names(&roles.startup_events),
            background_annotations: names(&roles.background_annotations),
            background_methods: methods(roles.background_methods),
            background_calls: methods(roles.background_calls),
            background_constructors: names(&roles.background_constructors),
        }
    }

    /// All type names that are known: the catalogue's own and those that rules name.
    pub fn externals(&self, known: &[Name]) -> Externals {
        let all = known.iter().chain(&self.packages).chain(self.supertypes.keys()).chain(self.returns.keys());
        let sets = [
            &self.singleton_annotations,
            &self.singleton_types,
            &self.not_shared_annotations,
            &self.injection_annotations,
            &self.bean_method_annotations,
            &self.request_annotations,
            &self.request_classes,
            &self.controller_classes,
            &self.request_types,
            &self.command_types,
            &self.command_annotations,
            &self.shell_annotations,
            &self.startup_annotations,
            &self.background_annotations,
        ];
        let roles = sets.into_iter().flatten();
        let methods = self.startup_methods.keys().chain(self.background_methods.keys());
        let methods = methods.chain(self.request_calls.keys()).chain(self.members.keys());
        let mut by_package = FxHashSet::default();
        for fqn in all.chain(roles).chain(methods).chain([&self.scope_annotation]) {
            if let Some((package, simple)) = fqn.rsplit_once('.') {
                by_package.insert((Name::new(package), Name::new(simple)));
            }
        }
        Externals { by_package, java_lang: self.java_lang.clone() }
    }

    /// Direct supertypes of a type outside the tree.
    pub fn supertypes(&self, fqn: Name) -> &[Name] {
        self.supertypes.get(&fqn).map_or(&[], Vec::as_slice)
    }

    /// What a method of exactly this type returns: a type, `this`, or `$n`.
    pub fn returns(&self, owner: Name, method: Name) -> Option<Name> {
        find(self.returns.get(&owner)?, method).copied()
    }

    /// The type of a field that sub-classes of this type inherit.
    pub fn member(&self, owner: Name, field: Name) -> Option<Name> {
        self.members.get(&owner)?.iter().find(|(name, _)| *name == field).map(|(_, ty)| *ty)
    }

    /// What the parameters of a lambda given to this method are.
    pub fn lambda_params(&self, owner: Name, method: Name) -> Option<&[Name]> {
        find(self.lambda_params.get(&owner)?, method).map(Vec::as_slice)
    }
}

/// Exact names first, then globs from the longest to the shortest.
fn ordered<T>(mut list: Vec<(Name, T)>) -> Vec<(Name, T)> {
    list.sort_by_key(|(k, _)| (k.contains('*'), std::cmp::Reverse(k.len()), *k));
    list
}

fn find<T>(list: &[(Name, T)], method: Name) -> Option<&T> {
    list.iter().find(|(k, _)| *k == method || (k.contains('*') && glob(k, &method))).map(|(_, v)| v)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::JavaCatalog;
    use crate::text::Name;

    pub(crate) fn catalog() -> JavaCatalog {
        let yaml = include_str!("../../rules/catalog/java.yaml");
        JavaCatalog::new(serde_saphyr::from_str(yaml).expect("the catalogue reads"))
    }

    #[test]
    fn exact_method_names_win_over_globs() {
        let catalog = catalog();
        let executors = Name::new("java.util.concurrent.Executors");
        let of = |m: &str| catalog.returns(executors, Name::new(m)).map(Name::as_str);
        assert_eq!(of("newScheduledThreadPool"), Some("java.util.concurrent.ScheduledExecutorService"));
        assert_eq!(of("newFixedThreadPool"), Some("java.util.concurrent.ExecutorService"));
        assert_eq!(of("unknown"), None);
        assert!(catalog.request_types.contains(&Name::new("javax.servlet.Filter")));
    }
}
