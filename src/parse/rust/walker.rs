//! The state of one walk over a file, and the ways to add facts.

use proc_macro2::Ident;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::CodeFacts;
use crate::facts::code::{
    Callable, CallableIx, CallableKind, Expr, ExprIx, ExprKind, FieldIx, LocalIx, Mods, TypeIx, TypeRef, Usage,
};
use crate::text::{Name, Span};

use super::loops::Frame;
use super::places::Places;

/// An expression's entry and the text it covers, brackets and `?` included.
#[derive(Clone, Copy)]
pub(super) struct Value {
    pub(super) ix: ExprIx,
    pub(super) span: Span,
}

/// Walks over the items of a file.
pub(super) struct Walker<'t> {
    pub(super) text: &'t str,
    pub(super) places: Places,
    pub(super) facts: CodeFacts,
    /// The inline module the walk is in: `a::b`.
    pub(super) module: Name,
    /// Under `#[cfg(test)]` or `#[test]`.
    pub(super) test: bool,
    /// What runs the code here; none between items.
    pub(super) callable: Option<CallableIx>,
    /// Visible locals, innermost last.
    pub(super) scope: Vec<(Name, LocalIx)>,
    /// Locals before this one belong to a function around the one walked.
    pub(super) floor: usize,
    /// Open loops and labelled blocks of the callable.
    pub(super) frames: Vec<Frame>,
    /// How many conditions around ask whether the process is to end.
    pub(super) lifecycle: u32,
    /// In a `select!` that also waits for the end of the process: its streams end only with that.
    pub(super) waits_for_end: bool,
    /// In the arm of a `select!` that a sleep from before leads to: what leaves a loop here bounds it.
    pub(super) deadline: bool,
    /// How many macros the walk is within.
    pub(super) macros: u32,
    /// Locals that stand for what is within `Some(…)` or `Ok(…)`.
    pub(super) unwrapped: FxHashSet<LocalIx>,
    /// Texts of what a condition around says to be absent: `self.cache` in `if self.cache.is_none() { … }`.
    pub(super) absent: Vec<&'t str>,
    /// Constants of an `impl` block, and its type.
    pub(super) associated: Vec<(FieldIx, Name)>,
    /// `impl Trait for Type` without a method: type, module, trait.
    pub(super) bodiless: Vec<(Name, Name, TypeRef)>,
    /// Declared types by module and name.
    pub(super) types: FxHashMap<(Name, Name), TypeIx>,
    file_scope: Option<CallableIx>,
}

impl<'t> Walker<'t> {
    pub(super) fn new(text: &'t str, places: Places) -> Self {
        Self {
            text,
            places,
            facts: CodeFacts::default(),
            module: Name::default(),
            test: false,
            callable: None,
            scope: Vec::new(),
            floor: 0,
            frames: Vec::new(),
            lifecycle: 0,
            waits_for_end: false,
            deadline: false,
            macros: 0,
            unwrapped: FxHashSet::default(),
            absent: Vec::new(),
            associated: Vec::new(),
            bodiless: Vec::new(),
            types: FxHashMap::default(),
            file_scope: None,
        }
    }

    /// The facts, with `impl` blocks joined to the types of the file.
    pub(super) fn finish(mut self) -> CodeFacts {
        for ix in 0..self.facts.callables.len() {
            let callable = &self.facts.callables[ix];
            if callable.owner.is_none()
                && let Some(ty) = &callable.self_type
            {
                let owner = self.type_named(ty.name, callable.module);
                self.facts.callables[ix].owner = owner;
            }
        }
        for (field, ty) in std::mem::take(&mut self.associated) {
            self.facts[field].owner = self.type_named(ty, self.facts[field].module);
        }
        for (ty, module, of_trait) in std::mem::take(&mut self.bodiless) {
            if let Some(ix) = self.type_named(ty, module) {
                self.facts[ix].supers.push(of_trait);
            }
        }
        self.facts.mentions.sort_unstable();
        self.facts.mentions.dedup();
        self.facts.shrink();
        self.facts
    }

    /// The type of this file that a plain name means in a module: its own, or one of a module around
    /// (`use super::*` is how a name gets into `mod tests`).
    pub(super) fn type_named(&self, name: Name, module: Name) -> Option<TypeIx> {
        let mut module = module;
        loop {
            if let Some(ix) = self.types.get(&(module, name)) {
                return Some(*ix);
            }
            if module.is_empty() {
                return None;
            }
            module = Name::new(module.as_str().rsplit_once("::").map_or("", |(outer, _)| outer));
        }
    }

    /// The name of an identifier, without `r#`.
    pub(super) fn name(&self, ident: &Ident) -> Name {
        let text = self.places.of(ident.span()).of(self.text);
        Name::new(text.strip_prefix("r#").unwrap_or(text))
    }

    /// `TEST` where it applies.
    pub(super) fn mods(&self) -> Mods {
        if self.test { Mods::TEST } else { Mods::default() }
    }

    /// What runs the code here.
    pub(super) fn here(&mut self) -> CallableIx {
        self.callable.unwrap_or_else(|| self.file_scope())
    }

    /// What stands for the code between items: attributes' values and macros that make items.
    pub(super) fn file_scope(&mut self) -> CallableIx {
        if let Some(ix) = self.file_scope {
            return ix;
        }
        let mut callable = self.new_callable(CallableKind::FieldInit, Name::default(), Span::default());
        callable.module = Name::default();
        callable.outer = None;
        callable.mods = Mods::STATIC;
        let ix = self.add_callable(callable);
        self.file_scope = Some(ix);
        ix
    }

    /// A callable of the module and callable the walk is in, with nothing else said of it.
    pub(super) fn new_callable(&self, kind: CallableKind, name: Name, span: Span) -> Callable {
        Callable {
            kind,
            name,
            owner: None,
            self_type: None,
            of_trait: None,
            outer: self.callable,
            module: self.module,
            params: Vec::new(),
            returns: None,
            type_params: Vec::new(),
            data_params: Vec::new(),
            mods: self.mods(),
            span,
            body: span,
        }
    }

    pub(super) fn add_callable(&mut self, callable: Callable) -> CallableIx {
        let ix = CallableIx(index(self.facts.callables.len()));
        self.facts.callables.push(callable);
        ix
    }

    /// Walks a body: its loops, conditions and, for items (`captures` false), names are its own.
    pub(super) fn within<R>(&mut self, callable: CallableIx, captures: bool, walk: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.callable.replace(callable);
        let frames = std::mem::take(&mut self.frames);
        let lifecycle = std::mem::take(&mut self.lifecycle);
        let absent = std::mem::take(&mut self.absent);
        let waits_for_end = std::mem::take(&mut self.waits_for_end);
        let deadline = std::mem::take(&mut self.deadline);
        let (mark, floor) = (self.scope.len(), self.floor);
        if !captures {
            self.floor = mark;
        }
        let result = walk(self);
        self.scope.truncate(mark);
        self.floor = floor;
        self.waits_for_end = waits_for_end;
        self.deadline = deadline;
        self.absent = absent;
        self.lifecycle = lifecycle;
        self.frames = frames;
        self.callable = outer;
        result
    }

    /// Walks with names of its own.
    pub(super) fn scoped<R>(&mut self, walk: impl FnOnce(&mut Self) -> R) -> R {
        let mark = self.scope.len();
        let result = walk(self);
        self.scope.truncate(mark);
        result
    }

    /// The local that a name means here.
    pub(super) fn local(&self, name: Name) -> Option<LocalIx> {
        self.scope[self.floor..].iter().rev().find(|(known, _)| *known == name).map(|(_, ix)| *ix)
    }

    /// Adds an expression whose use is not known yet.
    pub(super) fn push(&mut self, kind: ExprKind, span: Span, at: Span) -> Value {
        let callable = self.here();
        let ix = ExprIx(index(self.facts.exprs.len()));
        self.facts.exprs.push(Expr { kind, span, at, callable, usage: Usage::Other });
        Value { ix, span }
    }

    /// Says what becomes of a value. One that is awaited stays awaited, whatever its result is for.
    pub(super) fn use_as(&mut self, ix: ExprIx, usage: Usage) {
        let expr = &mut self.facts[ix];
        if expr.usage == Usage::Awaited {
            return;
        }
        expr.usage = usage;
        if let ExprKind::Choice(options) = &expr.kind {
            for option in options.clone() {
                self.use_as(option, usage);
            }
        }
    }

    /// Says that these are the arguments of `of`.
    pub(super) fn arguments(&mut self, args: &[ExprIx], of: ExprIx) {
        for (n, arg) in args.iter().enumerate() {
            self.use_as(*arg, Usage::Argument(of, u8::try_from(n).unwrap_or(u8::MAX)));
        }
    }
}

/// An index into one of the fact vectors; no file has four billion of anything.
pub(super) fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
