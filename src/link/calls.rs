//! From a method to those who call it, and from a field that holds a pool to its uses. Test code is left out.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::code::{
    CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, Mods, Target, TypeIx, TypeKind, TypeRef,
};
use crate::facts::{Body, CodeFacts, FileFacts};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// Ends of the names of types that run tasks.
pub(super) const POOLS: &[&str] = &["Executor", "ExecutorService", "Scheduler", "Timer", "Pool"];

/// Annotations that have nobody call a method.
const SILENT: &[&str] = &["Override", "SuppressWarnings", "Deprecated", "SafeVarargs"];

/// The two look-ups.
#[derive(Default)]
pub(super) struct Calls {
    calls: FxHashMap<(TypeId, Name), Vec<(FileIx, ExprIx)>>,
    pools: FxHashMap<(FileIx, FieldIx), Vec<(FileIx, ExprIx)>>,
    /// Simple names of types and the file that names them; none where several do.
    names: FxHashMap<Name, Option<FileIx>>,
    /// Simple names of the types that fields, locals, parameters and class literals hold.
    held: FxHashSet<Name>,
    /// Names of methods called on what is not known.
    on_unknown: FxHashSet<Name>,
}

impl Calls {
    /// Does main code hold an object of a type of this simple name?
    pub(super) fn is_held(&self, name: Name) -> bool {
        self.held.contains(&name)
    }

    /// Does main code call a method of this name on something of which the type is not known?
    pub(super) fn is_called_on_unknown(&self, name: Name) -> bool {
        self.on_unknown.contains(&name)
    }

    pub(super) fn new(linked: &Linked<'_>, facts: &[FileFacts]) -> Self {
        let java = |i: usize| {
            let file = FileIx(i as u32);
            (linked.is_java(file) && linked.workspace[file].role != Role::Test).then_some(file)
        };
        let pools: FxHashSet<Name> = (0..linked.code.len())
            .filter_map(java)
            .filter_map(|file| linked.facts(file))
            .flat_map(|facts| &facts.fields)
            .filter(|f| POOLS.iter().any(|end| f.ty.name.ends_with(end)))
            .map(|f| f.name)
            .collect();
        let parts: Vec<_> = (0..linked.code.len())
            .into_par_iter()
            .filter_map(java)
            .map(|file| {
                let (mut calls, mut uses, mut unknown) = (Vec::new(), Vec::new(), FxHashSet::default());
                let Some(facts) = linked.facts(file) else {
                    return (file, calls, uses, FxHashSet::default(), unknown, FxHashSet::default());
                };
                for (i, e) in facts.exprs.iter().enumerate() {
                    let ix = ExprIx(i as u32);
                    match &e.kind {
                        ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => {
                            let callee = linked.callee(file, ix);
                            if callee.owner.is_none() {
                                unknown.insert(*name);
                            }
                            calls.extend(callee.target.map(|(id, _)| ((id, *name), ix)));
                        }
                        ExprKind::New { .. } => {
                            if let Some(Sym::Here(id)) = linked.callee(file, ix).owner {
                                calls.push(((id, Name::new("<init>")), ix));
                            }
                        }
                        ExprKind::Name(name) | ExprKind::Select { name, .. } if pools.contains(name) => {
                            uses.extend(linked.field_of(file, ix).map(|field| (field, ix)));
                        }
                        _ => {}
                    }
                }
                (file, calls, uses, type_names(facts), unknown, held_names(facts))
            })
            .collect();
        let mut out = Self::default();
        for (file, calls, uses, names, unknown, held) in parts {
            out.on_unknown.extend(unknown);
            out.held.extend(held);
            let mut names: Vec<Name> = names.into_iter().collect();
            names.sort_unstable();
            for name in names {
                out.names.entry(name).and_modify(|at| *at = None).or_insert(Some(file));
            }
            for (key, expr) in calls {
                out.calls.entry(key).or_default().push((file, expr));
            }
            for (field, expr) in uses {
                out.pools.entry(field).or_default().push((file, expr));
            }
        }
        // What a file of settings or of META-INF names is loaded by its name.
        for file in facts {
            let mut add = |text: &str| {
                let simple = text.rsplit(['.', '$']).next().unwrap_or(text);
                if simple.starts_with(char::is_uppercase) && text.len() < 200 {
                    out.names.insert(Name::new(simple.trim()), None);
                }
            };
            match &file.body {
                Body::Registrations(all) => all.iter().for_each(|r| add(&r.class)),
                Body::Settings(all) => all.settings.iter().for_each(|s| s.value.split([',', ' ']).for_each(&mut add)),
                _ => {}
            }
        }
        out
    }
}

/// The simple names of the types that fields, locals, parameters, constructors and class literals of a file hold.
fn held_names(facts: &CodeFacts) -> FxHashSet<Name> {
    let mut todo: Vec<&TypeRef> = facts.fields.iter().map(|f| &f.ty).collect();
    todo.extend(facts.locals.iter().filter_map(|l| l.ty.as_ref()));
    todo.extend(facts.callables.iter().filter_map(|c| c.returns.as_ref()));
    todo.extend(facts.exprs.iter().filter_map(|e| match &e.kind {
        ExprKind::ClassLiteral(ty) | ExprKind::Cast { ty, .. } => Some(&**ty),
        _ => None,
    }));
    let mut out = FxHashSet::default();
    while let Some(ty) = todo.pop() {
        out.insert(Name::new(ty.name.last_segment()));
        todo.extend(ty.args.iter());
    }
    out
}

/// The simple names of all types that a file names, the places of their declarations apart.
fn type_names(facts: &CodeFacts) -> FxHashSet<Name> {
    let mut out = FxHashSet::default();
    let mut add = |name: &str| {
        out.extend(name.split('.').filter(|part| part.starts_with(char::is_uppercase)).map(Name::new));
    };
    facts.imports.iter().for_each(|i| add(&i.path));
    each_type_ref(facts, &mut |ty| add(&ty.name));
    for e in &facts.exprs {
        match &e.kind {
            ExprKind::Name(name) | ExprKind::Select { name, .. } => add(name),
            ExprKind::Literal(Literal::Text(text)) if text.len() < 200 && text.contains('.') => add(text),
            _ => {}
        }
    }
    out
}

/// Calls `see` with each type that declarations and constructions name.
fn each_type_ref<'f>(facts: &'f CodeFacts, see: &mut dyn FnMut(&'f TypeRef)) {
    let mut todo: Vec<&TypeRef> = facts.types.iter().flat_map(|t| &t.supers).collect();
    todo.extend(facts.fields.iter().map(|f| &f.ty));
    todo.extend(facts.locals.iter().filter_map(|l| l.ty.as_ref()));
    todo.extend(facts.callables.iter().filter_map(|c| c.returns.as_ref()));
    todo.extend(facts.exprs.iter().filter_map(|e| match &e.kind {
        ExprKind::New { ty, .. } | ExprKind::ClassLiteral(ty) | ExprKind::Cast { ty, .. } => Some(&**ty),
        _ => None,
    }));
    while let Some(ty) = todo.pop() {
        see(ty);
        todo.extend(ty.args.iter());
    }
}

impl Linked<'_> {
    /// Does no other main code name the class, no annotation, XML or registration stand for it, and nothing outside the
    /// JDK load it by what it extends?
    pub fn is_unmentioned(&self, file: FileIx, ty: TypeIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let decl = &facts[ty];
        let id = self.types.id(file, ty);
        // A class behind an interface of the tree may be loaded through it.
        let outside = |s: &Sym| match s {
            Sym::Outside(name) => !name.starts_with("java."),
            Sym::Here(id) => {
                let info = &self.types[*id];
                self.facts(info.file).is_some_and(|f| f[info.ix].kind == TypeKind::Interface)
            }
        };
        let elsewhere = match self.calls.names.get(&decl.name) {
            None => false,
            Some(at) => *at != Some(file),
        };
        let within = |span: crate::text::Span| decl.body.contains(span);
        let mut here = facts.exprs.iter().any(|e| {
            !within(e.span)
                && matches!(&e.kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if *n == decl.name)
        });
        each_type_ref(facts, &mut |ty| here |= !within(ty.span) && ty.name.last_segment() == decl.name.as_str());
        let main = self.types.methods(id, Name::new("main")).iter().any(|m| facts[*m].mods.has(Mods::STATIC));
        decl.kind == TypeKind::Class
            && !decl.name.is_empty()
            && !main
            && !elsewhere
            && !here
            && !facts.annotations.iter().any(|a| match a.target {
                Target::Type(t) => t == ty,
                Target::Callable(c) => facts[c].owner == Some(ty) && !SILENT.contains(&a.name.last_segment()),
                _ => false,
            })
            && !self.types.closure(self.catalog, Sym::Here(id)).iter().any(outside)
            && !self.made_once.contains(&id)
            && !self.registered.values().any(|list| list.contains(&id))
            && self.is_shipped(file)
    }

    /// Does other main code hand the class to the framework that starts applications?
    pub fn is_started_by_code(&self, file: FileIx, ty: TypeIx) -> bool {
        let id = self.types.id(file, ty);
        self.code.iter().enumerate().any(|(i, facts)| {
            let at = FileIx(i as u32);
            let Some(facts) = facts.filter(|_| at != file && self.is_java(at) && self.workspace[at].role != Role::Test)
            else {
                return false;
            };
            facts.exprs.iter().any(|e| {
                let (ExprKind::Call { args, .. } | ExprKind::New { args, .. }) = &e.kind else { return false };
                args.iter().any(|arg| match &facts[*arg].kind {
                    ExprKind::ClassLiteral(ty) => {
                        let around = self.type_of_callable(at, e.callable);
                        let application = match &e.kind {
                            ExprKind::New { ty, .. } => ty.name.contains("SpringApplication"),
                            ExprKind::Call { name, .. } => {
                                matches!(name.as_str(), "run" | "sources" | "child" | "parent" | "sibling" | "main")
                            }
                            _ => false,
                        };
                        application && self.resolve_name(at, around, ty.name) == Some(Sym::Here(id))
                    }
                    _ => false,
                })
            })
        })
    }

    /// The calls, constructions and method references in main code that mean a method, by the name and the number of
    /// its parameters; through what it overrides too.
    pub(super) fn call_sites(&self, file: FileIx, method: CallableIx) -> Vec<(FileIx, ExprIx)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let c = &facts[method];
        let Some(owner) = c.owner else { return Vec::new() };
        let id = self.types.id(file, owner);
        let arity = c.params.len();
        let fits = |(at, expr): &&(FileIx, ExprIx)| match self.facts(*at).map(|f| &f[*expr].kind) {
            Some(ExprKind::Call { args, .. } | ExprKind::New { args, .. }) => args.len() == arity,
            _ => true,
        };
        let of = |sym: &Sym| match sym {
            Sym::Here(id) => self.calls.calls.get(&(*id, c.name)),
            Sym::Outside(_) => None,
        };
        let closure = self.types.closure(self.catalog, Sym::Here(id));
        let inherits = c.kind == CallableKind::Method && !c.mods.has(Mods::STATIC) && !c.mods.has(Mods::PRIVATE);
        let types = if inherits { &closure[..] } else { &closure[..1] };
        types.iter().filter_map(of).flatten().filter(fits).copied().collect()
    }

    /// The methods of main code that call a method, itself left out.
    pub fn calling_methods(&self, file: FileIx, method: CallableIx) -> Vec<(FileIx, CallableIx)> {
        let sites = self.call_sites(file, method);
        let mut out: Vec<(FileIx, CallableIx)> = sites
            .into_iter()
            .filter_map(|(at, call)| Some((at, self.named_callable(at, self.facts(at)?[call].callable))))
            .filter(|by| *by != (file, method))
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The method that a private one is a part of: the only one that calls it, itself or through others like it.
    pub fn helped_by(&self, file: FileIx, method: CallableIx) -> CallableIx {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return method };
        let (mut at, mut seen) = (method, vec![method]);
        while facts[at].kind == CallableKind::Method && facts[at].mods.has(Mods::PRIVATE) && seen.len() < 10 {
            let mut callers = self.call_sites(file, at).into_iter().map(|(f, e)| {
                self.facts(f).filter(|_| f == file).map(|facts| self.named_callable(file, facts[e].callable))
            });
            let Some(Some(first)) = callers.next() else { break };
            if seen.contains(&first) || !callers.all(|c| c == Some(first)) {
                break;
            }
            seen.push(first);
            at = first;
        }
        at
    }

    /// The calls in main code that mean a method of this name on this type.
    pub(super) fn call_sites_of(&self, id: TypeId, name: Name) -> &[(FileIx, ExprIx)] {
        self.calls.calls.get(&(id, name)).map_or(&[], Vec::as_slice)
    }

    /// Where main code names a field that holds a pool; none where the field is no such one.
    pub(super) fn pool_uses(&self, file: FileIx, field: FieldIx) -> Option<&[(FileIx, ExprIx)]> {
        self.calls.pools.get(&(file, field)).map(Vec::as_slice)
    }

    /// The overload of a method that takes so many arguments.
    pub(super) fn overload(&self, id: TypeId, name: Name, arity: usize) -> Option<(FileIx, CallableIx)> {
        let file = self.types[id].file;
        let facts = self.facts(file)?;
        let fits = |m: &&CallableIx| facts[**m].params.len() == arity;
        self.types.methods(id, name).iter().find(fits).map(|m| (file, *m))
    }

    /// May a container or a type outside the tree call the method?
    pub(super) fn is_called_from_outside(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return true };
        let of = |a: &&crate::facts::code::Annotation| a.target == Target::Callable(method);
        facts.annotations.iter().filter(of).any(|a| !SILENT.contains(&a.name.last_segment()))
            || facts.annotations.iter().filter(of).any(|a| a.name.as_str() == "Override")
                && facts[method].owner.is_some_and(|owner| {
                    let id = self.types.id(file, owner);
                    !self.types[id].supers.iter().any(|(sup, _)| self.find_method(*sup, facts[method].name).is_some())
                })
    }
}
