//! Rules made ready for matching: every distinct condition once, found by the symbol it asks for.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::expand::expand;
use super::model::{
    AnnotationCondition, Condition, DependencyCondition, ExtendsCondition, Guard, NewCondition, OneOrMany, Rule,
    RustCondition,
};
use crate::facts::settings::canonical_key;
use crate::link::{braces, glob};
use crate::text::Name;

/// Index of a condition in [`Compiled::leaves`].
pub type LeafIx = u32;

/// What a condition asks for, and thus in which index it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Call by owner type.
    Call,
    /// Call by method name, any owner.
    CallName,
    New,
    Annotation,
    TypeUse,
    Extends,
    Import,
    Rust,
    Dependency,
    /// Field by its type.
    FieldType,
    /// Method by its return type, or a type argument of it.
    Returns,
    /// Method by the type of a parameter.
    Param,
    /// Application setting by its key in canonical form.
    Setting,
}

/// A tree of conditions over leaves.
#[derive(Clone, Debug)]
pub enum Tree {
    Leaf(LeafIx),
    Any(Vec<Tree>),
    All(Vec<Tree>),
    Not(Box<Tree>),
}

/// All rules of a run, ready to match.
pub struct Compiled<'r> {
    pub rules: &'r [Rule],
    /// The distinct simple conditions.
    pub leaves: Vec<Condition>,
    /// What selects the sites of each rule.
    pub selects: Vec<Tree>,
    exact: FxHashMap<(Kind, Name), Vec<LeafIx>>,
    globs: FxHashMap<Kind, Vec<(String, LeafIx)>>,
    /// Conditions without a symbol, by their place in `leaves`: fields of any type.
    pub fields: Vec<LeafIx>,
    pub methods: Vec<LeafIx>,
    pub loops: Vec<LeafIx>,
    pub texts: Vec<LeafIx>,
    pub settings: Vec<LeafIx>,
    pub containers: Vec<LeafIx>,
    pub objects: Vec<LeafIx>,
    by_text: FxHashMap<String, LeafIx>,
}

impl<'r> Compiled<'r> {
    /// Compiles rules; their syntax was checked when they were loaded.
    pub fn new(rules: &'r [Rule]) -> Self {
        let mut compiled = Self {
            rules,
            leaves: Vec::new(),
            selects: Vec::new(),
            exact: FxHashMap::default(),
            globs: FxHashMap::default(),
            fields: Vec::new(),
            methods: Vec::new(),
            loops: Vec::new(),
            texts: Vec::new(),
            settings: Vec::new(),
            containers: Vec::new(),
            objects: Vec::new(),
            by_text: FxHashMap::default(),
        };
        for rule in rules {
            let any = rule.when.any.iter().map(|c| compiled.tree(c)).collect();
            let all: Vec<Tree> = rule.when.all.iter().map(|c| compiled.tree(c)).collect();
            compiled.selects.push(if all.is_empty() {
                Tree::Any(any)
            } else if rule.when.any.is_empty() {
                Tree::All(all)
            } else {
                Tree::All(std::iter::once(Tree::Any(any)).chain(all).collect())
            });
            for guard in rule.when.unless.iter().chain(rule.adjust.iter().map(|a| &a.when)) {
                compiled.guard(guard);
            }
        }
        compiled
    }

    /// All type names and Rust paths that the rules name without a wildcard.
    pub fn known_types(&self) -> Vec<Name> {
        let typed = |k: Kind| {
            use Kind::*;
            matches!(k, Call | New | Annotation | TypeUse | Extends | Import | Rust)
        };
        let mut names: Vec<Name> = self.exact.keys().filter(|(k, _)| typed(*k)).map(|(_, n)| *n).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The conditions that ask for this symbol.
    pub fn find(&self, kind: Kind, symbol: Name, out: &mut Vec<LeafIx>) {
        if let Some(list) = self.exact.get(&(kind, symbol)) {
            out.extend(list);
        }
        if let Some(list) = self.globs.get(&kind) {
            out.extend(list.iter().filter(|(g, _)| glob(g, &symbol)).map(|(_, l)| *l));
        }
    }

    /// The tree of a condition that guards use.
    pub fn tree_of(&self, condition: &Condition) -> Option<Tree> {
        Some(match condition {
            Condition::Any(list) => Tree::Any(list.iter().filter_map(|c| self.tree_of(c)).collect()),
            Condition::All(list) => Tree::All(list.iter().filter_map(|c| self.tree_of(c)).collect()),
            Condition::Not(inner) => Tree::Not(Box::new(self.tree_of(inner)?)),
            leaf => Tree::Leaf(*self.by_text.get(&key(leaf))?),
        })
    }

    fn tree(&mut self, condition: &Condition) -> Tree {
        match condition {
            Condition::Any(list) => Tree::Any(list.iter().map(|c| self.tree(c)).collect()),
            Condition::All(list) => Tree::All(list.iter().map(|c| self.tree(c)).collect()),
            Condition::Not(inner) => Tree::Not(Box::new(self.tree(inner))),
            leaf => Tree::Leaf(self.leaf(leaf)),
        }
    }

    fn guard(&mut self, guard: &Guard) {
        match guard {
            Guard::Any(list) | Guard::All(list) => list.iter().for_each(|g| self.guard(g)),
            Guard::Not(inner) => self.guard(inner),
            Guard::Unit(condition) | Guard::File(condition) => {
                self.tree(condition);
            }
            _ => {}
        }
    }

    fn leaf(&mut self, condition: &Condition) -> LeafIx {
        let text = key(condition);
        if let Some(known) = self.by_text.get(&text) {
            return *known;
        }
        let ix = self.leaves.len() as LeafIx;
        let mut ready = condition.clone();
        expand(&mut ready);
        self.leaves.push(ready);
        self.by_text.insert(text, ix);
        match condition {
            Condition::Call(call) if call.on.is_none() => self.enter(Kind::CallName, &call.name, ix),
            Condition::Call(call) => self.enter(Kind::Call, &call.on, ix),
            Condition::New(NewCondition::Short(ty) | NewCondition::Long { ty, .. }) => self.enter(Kind::New, ty, ix),
            Condition::Annotation(AnnotationCondition::Short(ty) | AnnotationCondition::Long { ty, .. }) => {
                self.enter(Kind::Annotation, ty, ix);
            }
            Condition::Type(ty) => self.enter(Kind::TypeUse, ty, ix),
            Condition::Extends(ExtendsCondition::Short(ty) | ExtendsCondition::Long { ty, .. }) => {
                self.enter(Kind::Extends, ty, ix);
            }
            Condition::Import(path) => self.enter(Kind::Import, path, ix),
            Condition::Rust(RustCondition::Short(path) | RustCondition::Long { path, .. }) => {
                self.enter(Kind::Rust, path, ix);
            }
            Condition::Dependency(DependencyCondition::Short(of) | DependencyCondition::Long { of, .. }) => {
                self.enter(Kind::Dependency, of, ix);
            }
            Condition::Field(field) if field.ty.is_none() => self.fields.push(ix),
            Condition::Field(field) => self.enter(Kind::FieldType, &field.ty, ix),
            Condition::Method(method) => {
                self.enter(Kind::Returns, &method.returns, ix);
                self.enter(Kind::Param, &method.param, ix);
                self.methods.push(ix);
            }
            Condition::Loop(_) => self.loops.push(ix),
            Condition::Text(_) => self.texts.push(ix),
            Condition::Setting(setting) => {
                self.enter(Kind::Setting, &canonical(&setting.key), ix);
                self.settings.push(ix);
            }
            Condition::Container(_) => self.containers.push(ix),
            Condition::Object(_) => self.objects.push(ix),
            Condition::Any(_) | Condition::All(_) | Condition::Not(_) => {}
        }
        ix
    }

    fn enter(&mut self, kind: Kind, patterns: &OneOrMany, ix: LeafIx) {
        for pattern in patterns.list().iter().flat_map(|p| braces(p)) {
            if pattern.contains('*') {
                self.globs.entry(kind).or_default().push((pattern, ix));
            } else {
                self.exact.entry((kind, Name::new(&pattern))).or_default().push(ix);
            }
        }
    }
}

fn key(condition: &Condition) -> String {
    serde_json::to_string(condition).unwrap_or_default()
}

/// Relaxed binding applied to the patterns of a condition.
pub(super) fn canonical(keys: &OneOrMany) -> OneOrMany {
    OneOrMany::Many(keys.list().iter().map(|k| canonical_key(k)).collect())
}

/// Does one of the patterns (braces, `*`) match?
pub fn matches(patterns: &OneOrMany, text: &str) -> bool {
    patterns.list().iter().any(
        |p| {
            if p.contains('{') { braces(p).iter().any(|p| glob(p, text)) } else { glob(p, text) }
        },
    )
}

/// As [`matches`], letter case ignored.
pub fn matches_value(patterns: &OneOrMany, text: &str) -> bool {
    matches_lower(patterns, &lower(text))
}

/// As [`matches_value`], with a text that is in lower case already.
pub(super) fn matches_lower(patterns: &OneOrMany, text: &str) -> bool {
    patterns
        .list()
        .iter()
        .any(|p| if p.contains('{') { braces(p).iter().any(|p| glob(&lower(p), text)) } else { glob(&lower(p), text) })
}

/// The text in lower case; most already is.
pub(super) fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}
