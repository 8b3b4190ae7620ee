//! Rules made ready for matching: every distinct condition once, found by the symbol it asks for.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::expand::expand;
use super::index::Index;
use super::model::{
    AnnotationCondition, Condition, DependencyCondition, ExtendsCondition, Guard, NewCondition, OneOrMany, Rule,
    RustCondition,
};
use super::texts::Texts;
use crate::facts::settings::canonical_key;
use crate::link::{Glob, braces, glob};
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
    /// Deployment object by the key of an entry.
    Object,
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
    globs: FxHashMap<Kind, Index>,
    texts: OnceLock<Texts>,
    /// Conditions without a symbol, by their place in `leaves`: fields of any type.
    pub fields: Vec<LeafIx>,
    pub methods: Vec<LeafIx>,
    pub loops: Vec<LeafIx>,
    pub settings: Vec<LeafIx>,
    pub containers: Vec<LeafIx>,
    /// Those that ask for no entry.
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
            texts: OnceLock::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            loops: Vec::new(),
            settings: Vec::new(),
            containers: Vec::new(),
            objects: Vec::new(),
            by_text: FxHashMap::default(),
        };
        let mut globs = Globs::default();
        for rule in rules {
            let any = rule.when.any.iter().map(|c| compiled.tree(c, &mut globs)).collect();
            let all: Vec<Tree> = rule.when.all.iter().map(|c| compiled.tree(c, &mut globs)).collect();
            compiled.selects.push(if all.is_empty() {
                Tree::Any(any)
            } else if rule.when.any.is_empty() {
                Tree::All(all)
            } else {
                Tree::All(std::iter::once(Tree::Any(any)).chain(all).collect())
            });
            for guard in rule.when.unless.iter().chain(rule.adjust.iter().map(|a| &a.when)) {
                compiled.guard(guard, &mut globs);
            }
        }
        compiled.globs = globs.into_iter().map(|(kind, patterns)| (kind, Index::new(patterns))).collect();
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

    /// The conditions that ask for this symbol, some of them several times.
    pub fn find(&self, kind: Kind, symbol: Name, out: &mut Vec<LeafIx>) {
        if let Some(list) = self.exact.get(&(kind, symbol)) {
            out.extend(list);
        }
        if let Some(index) = self.globs.get(&kind) {
            index.find(&symbol, out);
        }
    }

    /// The conditions on texts that this one meets.
    pub fn find_text(&self, text: &str, out: &mut Vec<LeafIx>) {
        let texts = self.texts.get_or_init(|| {
            let leaves = self.leaves.iter().enumerate();
            Texts::new(leaves.flat_map(|(ix, leaf)| match leaf {
                Condition::Text(patterns) => patterns.list().iter().map(|p| (p.as_str(), ix as LeafIx)).collect(),
                _ => Vec::new(),
            }))
        });
        texts.find(text, out);
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

    fn tree(&mut self, condition: &Condition, globs: &mut Globs) -> Tree {
        match condition {
            Condition::Any(list) => Tree::Any(list.iter().map(|c| self.tree(c, globs)).collect()),
            Condition::All(list) => Tree::All(list.iter().map(|c| self.tree(c, globs)).collect()),
            Condition::Not(inner) => Tree::Not(Box::new(self.tree(inner, globs))),
            leaf => Tree::Leaf(self.leaf(leaf, globs)),
        }
    }

    fn guard(&mut self, guard: &Guard, globs: &mut Globs) {
        match guard {
            Guard::Any(list) | Guard::All(list) => list.iter().for_each(|g| self.guard(g, globs)),
            Guard::Not(inner) => self.guard(inner, globs),
            Guard::Unit(condition) | Guard::Users(condition) | Guard::File(condition) => {
                self.tree(condition, globs);
            }
            _ => {}
        }
    }

    fn leaf(&mut self, condition: &Condition, globs: &mut Globs) -> LeafIx {
        let text = key(condition);
        if let Some(known) = self.by_text.get(&text) {
            return *known;
        }
        let ix = self.leaves.len() as LeafIx;
        let mut ready = condition.clone();
        expand(&mut ready);
        self.by_text.insert(text, ix);
        let mut enter_in = |kind, patterns: &OneOrMany| enter(&mut self.exact, globs, kind, patterns, ix);
        match &ready {
            Condition::Call(call) if call.on.is_none() => enter_in(Kind::CallName, &call.name),
            Condition::Call(call) => enter_in(Kind::Call, &call.on),
            Condition::New(NewCondition::Short(ty) | NewCondition::Long { ty, .. }) => enter_in(Kind::New, ty),
            Condition::Annotation(AnnotationCondition::Short(ty) | AnnotationCondition::Long { ty, .. }) => {
                enter_in(Kind::Annotation, ty);
            }
            Condition::Type(ty) => enter_in(Kind::TypeUse, ty),
            Condition::Extends(ExtendsCondition::Short(ty) | ExtendsCondition::Long { ty, .. }) => {
                enter_in(Kind::Extends, ty);
            }
            Condition::Import(path) => enter_in(Kind::Import, path),
            Condition::Rust(RustCondition::Short(path) | RustCondition::Long { path, .. }) => {
                enter_in(Kind::Rust, path);
            }
            Condition::Dependency(DependencyCondition::Short(of) | DependencyCondition::Long { of, .. }) => {
                enter_in(Kind::Dependency, of);
            }
            Condition::Field(field) if field.ty.is_none() => self.fields.push(ix),
            Condition::Field(field) => enter_in(Kind::FieldType, &field.ty),
            Condition::Method(method) => {
                enter_in(Kind::Returns, &method.returns);
                enter_in(Kind::Param, &method.param);
                self.methods.push(ix);
            }
            Condition::Loop(_) => self.loops.push(ix),
            Condition::Setting(setting) => {
                enter_in(Kind::Setting, &canonical(&setting.key));
                self.settings.push(ix);
            }
            Condition::Container(_) => self.containers.push(ix),
            Condition::Object(object) if object.key.is_none() => self.objects.push(ix),
            Condition::Object(object) => enter_in(Kind::Object, &object.key),
            Condition::Text(_) | Condition::Any(_) | Condition::All(_) | Condition::Not(_) => {}
        }
        self.leaves.push(ready);
        ix
    }
}

/// Patterns with a `*`, until all are known.
type Globs = FxHashMap<Kind, Vec<(Glob, LeafIx)>>;

fn enter(
    exact: &mut FxHashMap<(Kind, Name), Vec<LeafIx>>,
    globs: &mut Globs,
    kind: Kind,
    patterns: &OneOrMany,
    ix: LeafIx,
) {
    for pattern in patterns.list().iter().flat_map(|p| braces(p)) {
        if pattern.contains('*') {
            globs.entry(kind).or_default().push((Glob::new(&pattern), ix));
        } else {
            exact.entry((kind, Name::new(&pattern))).or_default().push(ix);
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
fn matches_lower(patterns: &OneOrMany, text: &str) -> bool {
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
