//! Linking: names to fully-qualified names, calls to their targets, fields to their use, and who
//! reaches what. Works on the whole workspace at once, in time linear in it.

mod alive;
mod answered;
mod beans;
mod callee;
mod calls;
pub mod catalog;
mod chores;
mod closure;
mod commands;
mod conditions;
mod consts;
mod fields;
mod globs;
mod graph;
mod harmless;
mod infer;
mod joins;
mod loops;
mod made;
mod pools;
mod rearm;
mod results;
mod roles;
mod rust;
mod scan;
mod scope;
mod settings_read;
mod stores;
pub mod talks;
mod tasks;
mod types;
mod upkeep;
mod waits;
mod ways;
mod whence;
mod whither;
mod works;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::code::{CallableIx, CodeFacts, ExprIx, ExprKind, FieldIx, LocalIx, Target, TypeIx};
use crate::facts::{Body, FileFacts};
use crate::source::{FileIx, Workspace};
use crate::text::{Name, Span};
use crate::units::{UnitIx, Units};

pub use callee::Callee;
pub use catalog::JavaCatalog;
pub use fields::FieldUse;
pub use globs::{Glob, braces, glob};
pub use graph::{CallId, ReachSet};
pub use infer::Ty;
pub use pools::Delay;
pub use rust::{RustPath, RustUse, Sender, Stretch};
pub use scope::FileScope;
pub use types::{Sym, TypeId, Types};

/// The linked workspace: everything that rules may ask of code.
pub struct Linked<'w> {
    pub workspace: &'w Workspace,
    pub units: &'w Units,
    /// Code facts by file; none for other kinds of files.
    pub code: Vec<Option<&'w CodeFacts>>,
    pub catalog: &'w JavaCatalog,
    pub types: Types,
    scopes: Vec<FileScope>,
    /// The expression of each lambda, by file.
    lambdas: Vec<FxHashMap<CallableIx, ExprIx>>,
    callees: Vec<Box<[(ExprIx, Callee)]>>,
    /// Types of which the set-up makes one object: see [`made`].
    made_once: FxHashSet<TypeId>,
    /// Methods that XML has called on a bean at start.
    started: FxHashSet<(TypeId, Name)>,
    /// Methods that Spring XML has called, by name.
    xml_methods: FxHashSet<Name>,
    graph: graph::Graph,
    /// What may run without being seen to; none before the graph is made.
    outsiders: Option<alive::Outsiders>,
    /// Who calls what, and where pools are used.
    calls: calls::Calls,
    /// Where the container puts pools.
    spots: beans::Spots,
    field_uses: Vec<Vec<FieldUse>>,
    rust: rust::RustCode,
    /// What each assessed unit reaches of its libraries; none where that cannot be told.
    closures: Vec<Option<closure::Closure>>,
    /// Classes that files of `META-INF` name, by the unit that these lie in.
    registered: FxHashMap<UnitIx, Vec<TypeId>>,
}

impl<'w> Linked<'w> {
    /// Links all code of a workspace. `known` are type names that rules name: they decide which
    /// wildcard import a simple name comes from.
    pub fn new(
        workspace: &'w Workspace,
        facts: &'w [FileFacts],
        units: &'w Units,
        catalog: &'w JavaCatalog,
        known: &[Name],
    ) -> Self {
        let code: Vec<Option<&CodeFacts>> = facts
            .iter()
            .map(|f| match &f.body {
                Body::Code(code) => Some(&**code),
                _ => None,
            })
            .collect();
        // Each of these works mostly by itself.
        let ((types, (scopes, lambdas)), (rust, xml_methods)) = rayon::join(
            || {
                rayon::join(
                    || Types::declare(workspace, units, &code),
                    || {
                        let externals = catalog.externals(known);
                        let scope =
                            |c: &Option<&CodeFacts>| c.map(|c| FileScope::new(c, &externals)).unwrap_or_default();
                        let lambdas = |c: &Option<&CodeFacts>| c.map(lambda_exprs).unwrap_or_default();
                        (code.par_iter().map(scope).collect(), code.par_iter().map(lambdas).collect())
                    },
                )
            },
            || (rust::RustCode::new(workspace, facts, &code, known), made::xml_methods(workspace, facts)),
        );
        let mut linked = Self {
            workspace,
            units,
            types,
            scopes,
            catalog,
            lambdas,
            callees: Vec::new(),
            made_once: FxHashSet::default(),
            started: FxHashSet::default(),
            xml_methods,
            graph: graph::Graph::default(),
            outsiders: None,
            calls: calls::Calls::default(),
            spots: beans::Spots::default(),
            field_uses: Vec::new(),
            rust,
            closures: Vec::new(),
            registered: FxHashMap::default(),
            code,
        };
        linked.registered = scan::registered(&linked, facts);
        linked.resolve_supertypes();
        linked.callees =
            (0..linked.code.len()).into_par_iter().map(|i| linked.resolve_callees(FileIx(i as u32))).collect();
        (linked.calls, linked.made_once) =
            rayon::join(|| calls::Calls::new(&linked, facts), || made::once(&linked, facts));
        linked.started = made::started(&linked, facts);
        linked.spots = beans::Spots::new(&linked);
        let outsiders = alive::Outsiders::new(&linked, facts);
        linked.graph = graph::Graph::new(&linked, &outsiders);
        linked.outsiders = Some(outsiders);
        let of_rust;
        (linked.field_uses, of_rust) = rayon::join(|| fields::analyse(&linked), || linked.rust_field_uses());
        for (uses, of_rust) in linked.field_uses.iter_mut().zip(of_rust) {
            uses.extend(of_rust);
        }
        linked.closures = closure::closures(&linked);
        linked
    }

    /// The facts of a code file.
    pub fn facts(&self, file: FileIx) -> Option<&'w CodeFacts> {
        self.code.get(file.0 as usize).copied().flatten()
    }

    /// Is it Java? (else Rust)
    pub fn is_java(&self, file: FileIx) -> bool {
        self.workspace[file].kind == crate::source::FileKind::Java
    }

    /// What a call or construction resolves to.
    pub fn callee(&self, file: FileIx, expr: ExprIx) -> Callee {
        let Some(known) = self.callees.get(file.0 as usize) else { return Callee::default() };
        known.binary_search_by_key(&expr, |(expr, _)| *expr).map_or_else(|_| Callee::default(), |at| known[at].1)
    }

    /// Who reaches a callable.
    pub fn reach(&self, file: FileIx, callable: CallableIx) -> ReachSet {
        self.graph.reach(file, callable)
    }

    /// May anything at all run it, libraries' users and reflection included? What is not alive is dead code.
    pub fn is_alive(&self, file: FileIx, callable: CallableIx) -> bool {
        self.graph.is_alive(file, callable)
    }

    /// Is the type, or one around it, a class that nothing names and nothing makes?
    pub fn is_unnamed(&self, file: FileIx, ty: Option<TypeIx>) -> bool {
        self.outsiders.as_ref().is_some_and(|o| o.is_unnamed(self, file, ty))
    }

    /// Rust: does the code run only for a command of an operator, or where the program is developed?
    pub fn is_beside_service(&self, file: FileIx, at: Span, callable: Option<CallableIx>) -> bool {
        let within = || self.facts(file).is_some_and(|f| f.asides.iter().any(|aside| aside.contains(at)));
        callable.is_some_and(|callable| self.reach(file, callable).is_aside() || within())
    }

    /// Is the callable a request handler itself?
    pub fn is_handler(&self, file: FileIx, callable: CallableIx) -> bool {
        self.graph.is_handler(file, callable)
    }

    /// Does the type, or one around it, stand for a command that people run by hand?
    pub fn is_command(&self, file: FileIx, ty: Option<TypeIx>) -> bool {
        let is_shell = |ix: TypeIx| {
            self.facts(file).is_some_and(|facts| {
                facts.annotations.iter().any(|a| match a.target {
                    Target::Callable(c) => {
                        let may_be =
                            self.catalog.shell_annotations.iter().any(|s| s.last_segment() == a.name.last_segment());
                        may_be
                            && facts[c].owner == Some(ix)
                            && self.has_annotation(file, a.target, &self.catalog.shell_annotations)
                    }
                    _ => false,
                })
            })
        };
        self.enclosing(file, ty)
            .any(|ix| self.is_a(self.types.id(file, ix), &self.catalog.command_types) || is_shell(ix))
    }

    /// The methods from a request handler to what runs this, by the shortest chain of calls, both told;
    /// empty where no request comes. Lambdas are part of the method around them.
    pub fn way_from_request(&self, file: FileIx, callable: CallableIx) -> Vec<(FileIx, CallableIx)> {
        let way = self.graph.way(file, callable).into_iter();
        let mut way: Vec<_> = way.map(|(file, callable)| (file, self.named_callable(file, callable))).collect();
        way.dedup();
        way
    }

    /// What the workspace does to a field.
    pub fn field_use(&self, file: FileIx, field: FieldIx) -> FieldUse {
        self.field_uses[file.0 as usize].get(field.0 as usize).cloned().unwrap_or_default()
    }

    /// The innermost declared type around a callable.
    pub fn type_of_callable(&self, file: FileIx, callable: CallableIx) -> Option<TypeIx> {
        let facts = self.facts(file)?;
        let mut at = Some(callable);
        while let Some(ix) = at {
            let callable = &facts[ix];
            if callable.owner.is_some() {
                return callable.owner;
            }
            at = callable.outer;
        }
        None
    }

    /// A declared type and the types around it, inner first.
    pub fn enclosing_types(&self, file: FileIx, inner: Option<TypeIx>) -> Vec<TypeIx> {
        self.enclosing(file, inner).collect()
    }

    fn enclosing(&self, file: FileIx, inner: Option<TypeIx>) -> impl Iterator<Item = TypeIx> {
        let facts = self.facts(file);
        let around = move |ix: &TypeIx| {
            let decl = &facts?[*ix];
            decl.outer.or_else(|| decl.callable.and_then(|c| self.type_of_callable(file, c)))
        };
        std::iter::successors(inner.filter(|_| facts.is_some()), around).take(64)
    }

    /// The method or initialiser around a lambda; itself when it is none.
    pub fn named_callable(&self, file: FileIx, callable: CallableIx) -> CallableIx {
        let Some(facts) = self.facts(file) else { return callable };
        let mut at = callable;
        for _ in 0..256 {
            let c = &facts[at];
            match c.outer {
                Some(outer) if c.name.is_empty() => at = outer,
                _ => break,
            }
        }
        at
    }

    /// The unit of a file.
    pub fn unit(&self, file: FileIx) -> Option<UnitIx> {
        self.units.of(file)
    }

    /// The services and jobs that ship the code of a unit: itself, or those that use it as a library.
    pub fn shippers(&self, unit: UnitIx) -> impl Iterator<Item = UnitIx> {
        let ships = move |(ix, u): &(UnitIx, &crate::units::Unit)| {
            u.kind.is_assessed() && (*ix == unit || u.libraries.contains(&unit))
        };
        self.units.iter().filter(ships).map(|(ix, _)| ix)
    }

    /// Does a service or job of the tree ship the code of a file?
    pub(crate) fn is_shipped(&self, file: FileIx) -> bool {
        self.unit(file).is_some_and(|unit| self.shippers(unit).next().is_some())
    }

    /// Resolved type of a local variable or parameter.
    pub fn local_type(&self, file: FileIx, local: LocalIx) -> Option<Ty> {
        self.infer_local(file, local, 0)
    }
}

fn lambda_exprs(facts: &CodeFacts) -> FxHashMap<CallableIx, ExprIx> {
    let lambdas = facts.exprs.iter().enumerate().filter_map(|(i, e)| match e.kind {
        ExprKind::Lambda(callable) => Some((callable, ExprIx(i as u32))),
        _ => None,
    });
    lambdas.collect()
}
