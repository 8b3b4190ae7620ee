//! Rust paths: what each call, macro, attribute, type and trait implementation names in full.

mod alive;
mod drained;
mod failures;
mod feeds;
mod fields;
mod files;
mod filled;
mod graph;
mod infer;
mod joins;
mod known;
mod meters;
mod modules;
mod paths;
mod places;
mod renews;
mod roles;
mod rounds;
mod scratch;
mod shared;
mod stays;
#[cfg(test)]
mod tests;
mod tidied;
mod told;
mod transient;
mod types;
mod work;
mod wrappers;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Mods, Target, TypeIx, TypeRef, Usage};
use crate::facts::{CodeFacts, FileFacts};
use crate::source::{FileIx, Workspace};
use crate::text::{Name, Span};

use infer::{Infer, Inferred, RustCallee};
use modules::{Home, Modules, join};
use paths::Paths;
pub use told::{Sender, Stretch};
use types::{Declared, Place, Rt, TypeResolver};

/// How a path is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RustUse {
    Call,
    Macro,
    Attribute,
    Type,
    Impl,
    Import,
}

impl RustUse {
    /// As written in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Macro => "macro",
            Self::Attribute => "attribute",
            Self::Type => "type",
            Self::Impl => "impl",
            Self::Import => "import",
        }
    }
}

/// A use of a path.
#[derive(Clone, Copy, Debug)]
pub struct RustPath {
    pub usage: RustUse,
    /// In full as far as known: `tokio::spawn`, `std::sync::Mutex`.
    pub path: Name,
    pub at: Span,
    pub expr: Option<ExprIx>,
    pub callable: Option<CallableIx>,
    pub ty: Option<TypeIx>,
    pub field: Option<FieldIx>,
    /// In test code.
    pub test: bool,
}

/// What linking finds out about the Rust code of a workspace.
#[derive(Default)]
pub(super) struct RustCode {
    homes: Vec<Home>,
    paths: Paths,
    declared: Declared,
    inferred: Vec<Inferred>,
    /// What the calls of functions that start a task with their argument start, by function.
    wrappers: FxHashMap<(FileIx, CallableIx), Name>,
    /// By function, where it is called outside of tests.
    calls: FxHashMap<(FileIx, CallableIx), Vec<(FileIx, ExprIx)>>,
    /// What fields are given outside of tests, in struct literals and assignments.
    filled: filled::Filled,
    /// Values given to fields that some method puts in their place as files: `self.file.persist(…)`.
    persisted: FxHashSet<(FileIx, ExprIx)>,
    /// Root modules of binaries.
    binaries: FxHashSet<Name>,
}

impl RustCode {
    pub(super) fn new(workspace: &Workspace, facts: &[FileFacts], code: &[Option<&CodeFacts>], known: &[Name]) -> Self {
        let is_rust = |i: usize| workspace.files[i].kind == crate::source::FileKind::Rust;
        let rust: Vec<Option<&CodeFacts>> = code.iter().enumerate().map(|(i, c)| c.filter(|_| is_rust(i))).collect();
        let mut modules = Modules::new(workspace, facts, &rust);
        let binaries = std::mem::take(&mut modules.binaries);
        let (paths, homes) = Paths::new(modules, &rust, known);
        let declared = Declared::new(&paths, &homes, &rust);
        let inferred: Vec<Inferred> = (0..rust.len())
            .into_par_iter()
            .map(|i| Infer::run(&paths, &declared, &homes, &rust, FileIx(i as u32)))
            .collect();
        let mut made = Self { homes, paths, declared, inferred, binaries, ..Self::default() };
        made.wrappers = wrappers::find(&made, &rust);
        made.calls = made.find_calls(&rust);
        made.filled = filled::find(&made, &rust);
        made.persisted = filled::persisted(&made, &rust);
        made
    }

    fn find_calls(&self, code: &[Option<&CodeFacts>]) -> FxHashMap<(FileIx, CallableIx), Vec<(FileIx, ExprIx)>> {
        let mut found: FxHashMap<_, Vec<(FileIx, ExprIx)>> = FxHashMap::default();
        for (i, inferred) in self.inferred.iter().enumerate() {
            let file = FileIx(i as u32);
            let Some(facts) = code.get(i).copied().flatten().filter(|_| !self.home(file).test) else { continue };
            for (e, callee) in inferred.callees.iter().enumerate() {
                let Some(target) = callee.target else { continue };
                let Some(expr) = facts.exprs.get(e) else { continue };
                if matches!(expr.kind, ExprKind::Call { .. }) && !facts[expr.callable].mods.has(Mods::TEST) {
                    found.entry(target).or_default().push((file, ExprIx(e as u32)));
                }
            }
        }
        found
    }

    fn home(&self, file: FileIx) -> Home {
        self.homes.get(file.0 as usize).copied().unwrap_or_default()
    }

    /// What a call, macro, construction or path names.
    fn callee(&self, file: FileIx, expr: ExprIx) -> Option<&RustCallee> {
        self.inferred.get(file.0 as usize)?.callees.get(expr.0 as usize)
    }

    fn type_of(&self, file: FileIx, expr: ExprIx) -> Option<&Rt> {
        self.inferred.get(file.0 as usize)?.types.get(expr.0 as usize)?.as_ref()
    }

    /// Where a local is used.
    fn uses(&self, file: FileIx, local: crate::facts::code::LocalIx) -> &[ExprIx] {
        self.inferred.get(file.0 as usize).and_then(|i| i.uses.get(&local)).map_or(&[], Vec::as_slice)
    }
}

/// `size.map(LruCache::new)`: the function that is handed over is called there and then.
fn is_called_by_taker(facts: &CodeFacts, usage: Usage) -> bool {
    let Usage::Argument(taker, _) = usage else { return false };
    let ExprKind::Call { base: Some(_), name, .. } = &facts[taker].kind else { return false };
    matches!(name.as_str(), "map" | "and_then" | "unwrap_or_else" | "map_or_else" | "get_or_insert_with")
}

impl Linked<'_> {
    /// All path uses of a Rust file.
    ///
    /// A call of a workspace function that starts a task with its argument (`spawn_named(future)`)
    /// counts as a call of what that function calls, besides the one within the function itself.
    pub fn rust_paths(&self, file: FileIx) -> Vec<RustPath> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        if self.is_java(file) {
            return Vec::new();
        }
        let home = self.rust.home(file);
        if home.test {
            return Vec::new();
        }
        let mut out = Vec::new();
        for (i, expr) in facts.exprs.iter().enumerate() {
            let ix = ExprIx(i as u32);
            let Some(callee) = self.rust.callee(file, ix) else { continue };
            let usage = match &expr.kind {
                ExprKind::Call { .. } | ExprKind::New { .. } => RustUse::Call,
                ExprKind::Macro { .. } => RustUse::Macro,
                ExprKind::Name(_) if is_called_by_taker(facts, expr.usage) => RustUse::Call,
                _ => continue,
            };
            if callee.path.is_empty() {
                continue;
            }
            if self.starts_rust_task(file, ix) && self.drives_connection(file, facts, ix) {
                continue;
            }
            let test = self.in_test(file, expr.callable);
            let callable = Some(expr.callable);
            let mut add = |path| {
                out.push(RustPath { usage, path, at: expr.at, expr: Some(ix), callable, ty: None, field: None, test });
            };
            add(callee.path);
            // A wrapper that calls a wrapper starts nothing that its own callers do not.
            let around = self.named_callable(file, expr.callable);
            if let Some(started) = callee.target.and_then(|t| self.rust.wrappers.get(&t))
                && !self.rust.wrappers.contains_key(&(file, around))
            {
                add(*started);
            }
        }
        self.rust_declarations(file, facts, &mut out);
        out
    }

    /// Attributes, types of fields, implemented traits, imports.
    fn rust_declarations(&self, file: FileIx, facts: &CodeFacts, out: &mut Vec<RustPath>) {
        let home = self.rust.home(file);
        let resolve = |module: Name, name: Name| self.rust.paths.resolve(join(home.module, module), name);
        let in_test = |c: CallableIx| self.in_test(file, c);
        for annotation in &facts.annotations {
            let (callable, ty, field, test, module) = match annotation.target {
                Target::Callable(c) => (Some(c), None, None, in_test(c), facts[c].module),
                Target::Type(t) => (None, Some(t), None, facts[t].mods.has(Mods::TEST), facts[t].module),
                Target::Field(f) => (None, facts[f].owner, Some(f), facts[f].mods.has(Mods::TEST), facts[f].module),
                _ => (None, None, None, false, Name::default()),
            };
            let path = resolve(module, annotation.name);
            let usage = RustUse::Attribute;
            out.push(RustPath { usage, path, at: annotation.span, expr: None, callable, ty, field, test });
        }
        for (i, field) in facts.fields.iter().enumerate() {
            let test = field.mods.has(Mods::TEST) || field.owner.is_some_and(|o| facts[o].mods.has(Mods::TEST));
            let ix = FieldIx(i as u32);
            for path in self.rust_field_types(file, ix) {
                let (usage, at, ty) = (RustUse::Type, field.span, field.owner);
                out.push(RustPath { usage, path, at, expr: None, callable: None, ty, field: Some(ix), test });
            }
        }
        for param in facts.locals.iter().filter(|l| l.param) {
            let Some(ty) = &param.ty else { continue };
            let (callable, test) = (Some(param.callable), in_test(param.callable));
            let module = facts[param.callable].module;
            each_name(ty, &mut |name| {
                let (usage, path) = (RustUse::Type, resolve(module, name));
                out.push(RustPath { usage, path, at: ty.span, expr: None, callable, ty: None, field: None, test });
            });
        }
        let mut impls: FxHashSet<(Name, Name)> = FxHashSet::default();
        for (i, callable) in facts.callables.iter().enumerate() {
            if let (Some(of), Some(on)) = (&callable.of_trait, &callable.self_type)
                && impls.insert((of.name, on.name))
            {
                let ix = CallableIx(i as u32);
                let path = resolve(callable.module, of.name);
                let usage = RustUse::Impl;
                let (test, ty) = (in_test(ix), callable.owner);
                out.push(RustPath { usage, path, at: of.span, expr: None, callable: Some(ix), ty, field: None, test });
            }
        }
        for import in &facts.imports {
            let usage = RustUse::Import;
            let path = resolve(import.module, import.path);
            let test = facts.modules.iter().any(|m| m.test && !m.external && join(m.within, m.name) == import.module);
            let at = import.span;
            out.push(RustPath { usage, path, at, expr: None, callable: None, ty: None, field: None, test });
        }
    }

    /// The type of a field.
    fn rust_field_type(&self, file: FileIx, field: FieldIx) -> Option<Rt> {
        let facts = self.facts(file)?;
        let f = &facts[field];
        let module = join(self.rust.home(file).module, f.module);
        let params = f.owner.map_or(&[][..], |o| &facts[o].type_params);
        let resolver = TypeResolver { paths: &self.rust.paths, homes: &self.rust.homes, code: &self.code };
        Some(resolver.resolve(Place { module, params, this: None }, &f.ty))
    }

    /// All types within a field's type, resolved.
    pub(super) fn rust_field_types(&self, file: FileIx, field: FieldIx) -> Vec<Name> {
        let mut out = Vec::new();
        if let Some(ty) = self.rust_field_type(file, field) {
            let mut open = vec![&ty];
            while let Some(at) = open.pop() {
                out.push(at.name);
                open.extend(at.args.iter().rev());
            }
        }
        out
    }

    /// The path that a Rust call, macro or construction names; empty in Java.
    pub fn rust_callee(&self, file: FileIx, expr: ExprIx) -> Name {
        self.rust.callee(file, expr).map(|c| c.path).unwrap_or_default()
    }

    /// The function of the tree that a Rust call means.
    pub(super) fn rust_target(&self, file: FileIx, expr: ExprIx) -> Option<(FileIx, CallableIx)> {
        self.rust.callee(file, expr)?.target
    }

    /// The field or static that an expression of a Rust file means.
    pub(super) fn rust_field_of(&self, file: FileIx, expr: ExprIx) -> Option<(FileIx, FieldIx)> {
        self.rust.callee(file, expr)?.field
    }

    /// The type of an expression of a Rust file, without its arguments.
    pub fn rust_type_of(&self, file: FileIx, expr: ExprIx) -> Option<Name> {
        self.rust.type_of(file, expr).map(|t| t.name)
    }

    /// The full path of a type that a Rust file declares.
    pub fn rust_type_path(&self, file: FileIx, ix: TypeIx) -> Name {
        let Some(facts) = self.facts(file) else { return Name::default() };
        join(join(self.rust.home(file).module, facts[ix].module), facts[ix].name)
    }

    /// The traits that a type of a Rust file implements.
    pub fn rust_traits(&self, file: FileIx, ix: TypeIx) -> &[Name] {
        self.rust.declared.traits_of(self.rust_type_path(file, ix))
    }

    /// The type of the `impl` around a callable of a Rust file, in full, wherever it is declared.
    pub fn rust_impl_type(&self, file: FileIx, callable: CallableIx) -> Option<Name> {
        let facts = self.facts(file).filter(|_| !self.is_java(file))?;
        let method = &facts[self.named_callable(file, callable)];
        let module = join(self.rust.home(file).module, method.module);
        Some(self.rust.paths.resolve(module, method.self_type.as_ref()?.name))
    }

    /// The traits that a type implements, named in full.
    pub fn rust_traits_of(&self, ty: Name) -> &[Name] {
        self.rust.declared.traits_of(ty)
    }

    /// Is it in a binary of its package, which no other package can use?
    pub fn in_rust_binary(&self, file: FileIx) -> bool {
        self.rust.binaries.contains(&self.rust.home(file).root)
    }

    /// A type as written at the top of a Rust file.
    fn rust_written_type(&self, file: FileIx, ty: &TypeRef) -> Rt {
        let resolver = TypeResolver { paths: &self.rust.paths, homes: &self.rust.homes, code: &self.code };
        resolver.resolve(Place { module: self.rust.home(file).module, params: &[], this: None }, ty)
    }

    /// A path as written at the top of a Rust file, in full.
    pub(super) fn rust_name(&self, file: FileIx, path: Name) -> Name {
        self.rust.paths.resolve(self.rust.home(file).module, path)
    }

    /// Is the file there for tests only?
    pub fn is_rust_test_file(&self, file: FileIx) -> bool {
        self.rust.home(file).test
    }

    /// A function or method that has a body of its own.
    fn is_rust_function(&self, file: FileIx, callable: CallableIx) -> bool {
        self.facts(file).is_some_and(|f| matches!(f[callable].kind, CallableKind::Function | CallableKind::Method))
    }
}

/// All names within a written type.
fn each_name(ty: &TypeRef, add: &mut dyn FnMut(Name)) {
    let mut open = vec![ty];
    while let Some(at) = open.pop() {
        add(at.name);
        open.extend(at.args.iter().rev());
    }
}
