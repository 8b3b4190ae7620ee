//! Functions of libraries that nothing in the workspace runs, however generously one looks.
//!
//! The compiler warns of private code that nobody uses, but not of public functions. In a library of the
//! workspace that a deployed program is made of, a public function without a caller outside of tests is dead,
//! and so is what it alone calls. A call whose target is not known may mean any function of its name.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{Callable, CallableIx, CallableKind, ExprIx, ExprKind, Mods, Target, TypeKind, TypeRef};
use crate::source::FileIx;
use crate::text::Name;
use crate::units::UnitKind;

/// A function.
type Place = (FileIx, CallableIx);

/// Attributes that leave it to others to call the function.
const SILENT: &[&str] = &["instrument", "cfg", "async_trait", "async_recursion", "tracing", "test_case"];
/// Derived traits that do not make values out of nothing.
const PLAIN: &[&str] =
    &["Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord", "Default", "Serialize", "Display"];

/// What one file adds.
#[derive(Default)]
struct Part {
    /// Who runs whom.
    edges: Vec<(CallableIx, Place)>,
    /// Who runs any function of a name.
    names: Vec<(CallableIx, Name)>,
    /// Functions that may be dead.
    open: Vec<CallableIx>,
    /// Types that are named outside of what they implement.
    made: Vec<Name>,
}

impl Linked<'_> {
    /// Functions that nothing runs.
    pub(in crate::link) fn rust_dead(&self) -> FxHashSet<Place> {
        let files: Vec<FileIx> = (0..self.code.len()).map(|i| FileIx(i as u32)).collect();
        let closed: Vec<bool> = files.iter().map(|f| self.is_closed(*f)).collect();
        if !closed.contains(&true) {
            return FxHashSet::default();
        }
        let parts: Vec<Part> =
            files.par_iter().zip(&closed).map(|(file, closed)| self.alive_part(*file, *closed)).collect();
        let made: FxHashSet<Name> = parts.iter().flat_map(|p| p.made.iter().copied()).collect();
        let mut mentions: FxHashSet<Name> = FxHashSet::default();
        for file in &files {
            let Some(facts) = self.facts(*file).filter(|_| !self.is_java(*file)) else { continue };
            mentions.extend(facts.mentions.iter().copied());
        }
        let mut called: FxHashSet<Place> = FxHashSet::default();
        let mut called_names: FxHashSet<Name> = FxHashSet::default();
        for part in &parts {
            called.extend(part.edges.iter().map(|(_, to)| *to));
            called_names.extend(part.names.iter().map(|(_, name)| *name));
        }
        let mut open: FxHashSet<Place> = FxHashSet::default();
        for (file, part) in files.iter().zip(&parts) {
            let Some(facts) = self.facts(*file) else { continue };
            let is_open = |c: &CallableIx| {
                let callable = &facts[*c];
                if mentions.contains(&callable.name) {
                    return false;
                }
                match (callable.of_trait.as_ref(), callable.self_type.as_ref()) {
                    // Called through the trait, if there is a value to call it on.
                    (Some(_), Some(ty)) => {
                        let name = Name::new(ty.name.last_segment());
                        !made.contains(&name) && !mentions.contains(&name) && self.is_plain_type(*file, facts, *c)
                    }
                    (Some(_), None) => false,
                    _ if callable.mods.has(Mods::PUBLIC) => true,
                    // The compiler would have said so.
                    (None, _) => {
                        called.contains(&(*file, *c))
                            || called_names.contains(&callable.name)
                            || called_names.contains(&full_name(callable))
                    }
                }
            };
            open.extend(part.open.iter().filter(|c| is_open(c)).map(|c| (*file, *c)));
        }
        self.spread_life(&files, &parts, &made, open)
    }

    /// Takes out of the open functions those that something alive runs.
    fn spread_life(
        &self,
        files: &[FileIx],
        parts: &[Part],
        made: &FxHashSet<Name>,
        mut open: FxHashSet<Place>,
    ) -> FxHashSet<Place> {
        let mut edges: FxHashMap<Place, Vec<Place>> = FxHashMap::default();
        let mut names: FxHashMap<Place, Vec<Name>> = FxHashMap::default();
        let mut by_name: FxHashMap<Name, Vec<Place>> = FxHashMap::default();
        let mut todo: Vec<Place> = Vec::new();
        let mut heard: FxHashSet<Name> = FxHashSet::default();
        for (file, part) in files.iter().zip(parts) {
            let Some(facts) = self.facts(*file) else { continue };
            let unmade = |c: &CallableIx| {
                facts[*c].owner.is_some_and(|o| !made.contains(&facts[o].name)) && self.is_plain_type(*file, facts, *c)
            };
            // Of a type without values no method is meant that is called on one.
            for c in part.open.iter().filter(|c| !unmade(c)) {
                let name = facts[*c].name;
                by_name.entry(name).or_default().push((*file, *c));
                by_name.entry(full_name(&facts[*c])).or_default().push((*file, *c));
            }
        }
        for (file, part) in files.iter().zip(parts) {
            for (from, to) in &part.edges {
                if open.contains(&(*file, *from)) {
                    edges.entry((*file, *from)).or_default().push(*to);
                } else {
                    todo.push(*to);
                }
            }
            for (from, name) in &part.names {
                if open.contains(&(*file, *from)) {
                    names.entry((*file, *from)).or_default().push(*name);
                } else if heard.insert(*name) {
                    todo.extend(by_name.get(name).into_iter().flatten());
                }
            }
        }
        while let Some(at) = todo.pop() {
            if !open.remove(&at) {
                continue;
            }
            todo.extend(edges.remove(&at).into_iter().flatten());
            for name in names.remove(&at).into_iter().flatten() {
                if heard.insert(name) {
                    todo.extend(by_name.get(&name).into_iter().flatten());
                }
            }
        }
        open
    }

    /// A library of the workspace that a program of the workspace is made of.
    fn is_closed(&self, file: FileIx) -> bool {
        let Some(unit) = self.unit(file).filter(|_| !self.is_java(file)) else { return false };
        if self.in_rust_binary(file) || self.is_rust_test_file(file) {
            return false;
        }
        let kind = self.units[unit].kind;
        kind.is_assessed()
            || kind == UnitKind::Library
                && self.units.iter().any(|(_, u)| u.kind.is_assessed() && u.libraries.contains(&unit))
    }

    /// A type whose values come from nowhere but a construction that can be seen.
    fn is_plain_type(&self, file: FileIx, facts: &CodeFacts, callable: CallableIx) -> bool {
        let Some(owner) = facts[callable].owner else { return false };
        matches!(facts[owner].kind, TypeKind::Struct)
            && facts
                .annotations
                .iter()
                .filter(|a| a.target == Target::Type(owner))
                .all(|a| PLAIN.contains(&a.name.last_segment()))
            && !self.is_rust_test_file(file)
    }

    fn alive_part(&self, file: FileIx, closed: bool) -> Part {
        let mut part = Part::default();
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return part };
        if self.is_rust_test_file(file) || is_beside(&self.workspace[file].path) {
            return part;
        }
        if closed {
            let routes = self.rust_routes(file);
            let marked = |c: CallableIx| {
                let speaks = |a: &&crate::facts::code::Annotation| {
                    a.target == Target::Callable(c) && !SILENT.contains(&a.name.last_segment())
                };
                facts.annotations.iter().any(|a| speaks(&a))
            };
            part.open.extend((0..facts.callables.len()).map(|c| CallableIx(c as u32)).filter(|c| {
                let callable = &facts[*c];
                let body = matches!(callable.kind, CallableKind::Function | CallableKind::Method);
                let of_trait = callable.self_type.is_none() && callable.owner.is_some();
                body && !of_trait && !self.in_test(file, *c) && !routes.contains(c) && !marked(*c)
            }));
        }
        for (i, expr) in facts.exprs.iter().enumerate() {
            if self.in_test(file, expr.callable) {
                continue;
            }
            self.alive_expr(file, facts, ExprIx(i as u32), &mut part);
        }
        self.made_by_types(facts, &mut part);
        part
    }

    fn alive_expr(&self, file: FileIx, facts: &CodeFacts, ix: ExprIx, part: &mut Part) {
        let expr = &facts[ix];
        let from = self.named_callable(file, expr.callable);
        let callee = self.rust.callee(file, ix);
        let target = callee.and_then(|c| c.target);
        part.edges.extend(target.map(|to| (from, to)));
        // Of several under different conditions one is found; all are meant.
        if let Some((home, callable)) = target
            && let Some(facts) = self.facts(home)
        {
            part.names.push((from, full_name(&facts[callable])));
        }
        // `Store::open`, else the last name alone.
        let named = |name: Name| {
            let mut parts = name.rsplit("::");
            let last = parts.next().unwrap_or_default();
            match parts.next() {
                Some(of) if of.len() > 2 && of != "Self" && of.starts_with(char::is_uppercase) => {
                    Name::new(&format!("{of}::{last}"))
                }
                _ => Name::new(last),
            }
        };
        match &expr.kind {
            ExprKind::Call { base: Some(base), name, .. } => {
                // A type that was guessed from a call outside the workspace.
                let guessed = matches!(facts[*base].kind, ExprKind::Call { .. } | ExprKind::Local(_))
                    && self.rust.callee(file, *base).is_none_or(|c| c.target.is_none());
                let of_trait = target.is_some_and(|(f, c)| self.facts(f).is_some_and(|f| f[c].self_type.is_none()));
                if target.is_none() || of_trait || guessed && !self.is_sure(file, *base) {
                    part.names.push((from, *name));
                }
            }
            ExprKind::Call { base: None, name, .. } | ExprKind::Name(name) => {
                let path = callee.map(|c| c.path).unwrap_or_default();
                let outside = path.split_once("::").is_some_and(|(head, _)| {
                    head.starts_with(char::is_lowercase) && !self.rust.paths.is_root(Name::new(head))
                });
                if target.is_none() && !outside {
                    part.names.push((from, named(*name)));
                }
                self.make(facts, from, *name, part);
            }
            ExprKind::MethodRef { name, .. } => part.names.push((from, *name)),
            ExprKind::New { ty, .. } => self.make(facts, from, ty.name, part),
            _ => {}
        }
    }

    /// The type of a receiver was declared, not guessed.
    fn is_sure(&self, file: FileIx, base: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        match &facts[base].kind {
            ExprKind::Local(local) => {
                let decl = &facts[*local];
                decl.ty.is_some()
                    || decl.init.is_some_and(|init| {
                        matches!(facts[init].kind, ExprKind::New { .. })
                            || self.rust.callee(file, init).is_some_and(|c| c.target.is_some() || c.field.is_some())
                    })
            }
            _ => false,
        }
    }

    /// A path names the types in it, but for those whose methods it stands in.
    fn make(&self, facts: &CodeFacts, from: CallableIx, path: Name, part: &mut Part) {
        let own = facts[from].self_type.as_ref().map(|ty| ty.name.last_segment());
        let types = path.split("::").filter(|word| word.starts_with(char::is_uppercase));
        part.made.extend(types.filter(|word| Some(*word) != own && *word != "Self").map(Name::new));
    }

    /// Types in fields, statics, aliases, parameters, results and locals.
    fn made_by_types(&self, facts: &CodeFacts, part: &mut Part) {
        fn each(ty: &TypeRef, part: &mut Part) {
            let mut open = vec![ty];
            while let Some(at) = open.pop() {
                part.made.push(Name::new(at.name.last_segment()));
                open.extend(at.args.iter());
            }
        }
        for field in &facts.fields {
            each(&field.ty, part);
        }
        for ty in facts.types.iter().filter(|t| t.kind == TypeKind::Alias) {
            ty.supers.iter().for_each(|sup| each(sup, part));
        }
        let own = |c: CallableIx| facts[c].self_type.as_ref().map(|ty| ty.name);
        for (i, callable) in facts.callables.iter().enumerate() {
            if let Some(ty) = callable.returns.as_ref().filter(|ty| Some(ty.name) != own(CallableIx(i as u32))) {
                each(ty, part);
            }
        }
        for local in &facts.locals {
            // A parameter of a method is given what others made.
            let given = local.param && facts[local.callable].self_type.is_some();
            if let Some(ty) = local.ty.as_ref().filter(|ty| !given && Some(ty.name) != own(local.callable)) {
                each(ty, part);
            }
        }
    }
}

/// `Store::open`; of a function of its own `::open`.
fn full_name(callable: &Callable) -> Name {
    let of = callable.self_type.as_ref().map_or("", |ty| ty.name.last_segment());
    Name::new(&format!("{of}::{}", callable.name))
}

/// Programs that try the code out call nothing for a service.
fn is_beside(path: &str) -> bool {
    path.split('/')
        .any(|folder| matches!(folder, "fuzz" | "fuzzers" | "benches" | "benchmarks" | "examples" | "example"))
}
