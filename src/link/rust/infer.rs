//! Types of expressions and targets of calls, in one pass over each file.

use rustc_hash::{FxHashMap, FxHashSet};

use super::known;
use super::modules::{Home, join};
use super::paths::{Item, Paths};
use super::types::{Declared, Place, Rt, TypeResolver, substitute};
use crate::facts::CodeFacts;
use crate::facts::code::{
    CallableIx, CallableKind, Expr, ExprIx, ExprKind, FieldIx, Literal, LocalIx, LoopForm, Usage,
};
use crate::source::FileIx;
use crate::text::Name;

/// What a call, macro, construction or path names.
#[derive(Clone, Debug, Default)]
pub(in crate::link) struct RustCallee {
    /// In full, as far as known; `?::send` for a method of an unknown type.
    pub path: Name,
    pub target: Option<(FileIx, CallableIx)>,
    /// The field that a path or select means.
    pub field: Option<(FileIx, FieldIx)>,
}

/// The answers for one file.
#[derive(Default)]
pub(in crate::link) struct Inferred {
    pub callees: Vec<RustCallee>,
    pub types: Vec<Option<Rt>>,
    /// Where each local is used, in order.
    pub uses: FxHashMap<LocalIx, Vec<ExprIx>>,
    /// Locals by the expression they get their value from, in order.
    pub bound: FxHashMap<ExprIx, Vec<LocalIx>>,
}

pub(super) struct Infer<'a, 'w> {
    pub paths: &'a Paths,
    pub declared: &'a Declared,
    pub resolver: TypeResolver<'a, 'w>,
    pub facts: &'w CodeFacts,
    pub home: Home,
    file: FileIx,
    sources: FxHashSet<ExprIx>,
    lambdas: FxHashMap<CallableIx, ExprIx>,
    locals: Vec<Option<Option<Rt>>>,
    selves: FxHashMap<CallableIx, Option<Rt>>,
    /// Functions that are declared within functions.
    nested: FxHashMap<Name, Vec<CallableIx>>,
    out: Inferred,
}

impl<'a, 'w> Infer<'a, 'w> {
    pub(super) fn run(
        paths: &'a Paths,
        declared: &'a Declared,
        homes: &'a [Home],
        code: &'a [Option<&'w CodeFacts>],
        file: FileIx,
    ) -> Inferred {
        let Some(facts) = code[file.0 as usize] else { return Inferred::default() };
        let mut infer = Infer {
            paths,
            declared,
            resolver: TypeResolver { paths, homes, code },
            facts,
            home: homes[file.0 as usize],
            file,
            sources: facts.loops.iter().filter(|l| l.form == LoopForm::ForEach).filter_map(|l| l.source).collect(),
            lambdas: FxHashMap::default(),
            locals: vec![None; facts.locals.len()],
            selves: FxHashMap::default(),
            nested: FxHashMap::default(),
            out: Inferred::default(),
        };
        for (i, callable) in facts.callables.iter().enumerate() {
            if callable.kind == CallableKind::Function && callable.outer.is_some() {
                infer.nested.entry(callable.name).or_default().push(CallableIx(i as u32));
            }
        }
        for (i, local) in facts.locals.iter().enumerate() {
            if let Some(init) = local.init {
                infer.out.bound.entry(init).or_default().push(LocalIx(i as u32));
            }
        }
        for (i, expr) in facts.exprs.iter().enumerate() {
            let ix = ExprIx(i as u32);
            match expr.kind {
                ExprKind::Lambda(callable) => {
                    infer.lambdas.insert(callable, ix);
                }
                ExprKind::Local(local) => infer.out.uses.entry(local).or_default().push(ix),
                _ => {}
            }
        }
        for expr in &facts.exprs {
            let (callee, ty) = infer.expr(expr);
            infer.out.callees.push(callee);
            infer.out.types.push(ty.filter(|t| !t.is_open()));
        }
        infer.out
    }

    fn ty(&self, ix: ExprIx) -> Option<&Rt> {
        self.out.types.get(ix.0 as usize)?.as_ref()
    }

    /// The method or function around, which gives `Self` and type parameters their meaning.
    fn named(&self, callable: CallableIx) -> CallableIx {
        let mut at = callable;
        for _ in 0..128 {
            let c = &self.facts[at];
            match c.outer {
                Some(outer) if c.name.is_empty() => at = outer,
                _ => break,
            }
        }
        at
    }

    fn this(&mut self, callable: CallableIx) -> Option<Rt> {
        let named = self.named(callable);
        if let Some(known) = self.selves.get(&named) {
            return known.clone();
        }
        let c = &self.facts[named];
        let module = join(self.home.module, c.module);
        let made = match (&c.self_type, c.owner) {
            (Some(ty), _) => Some(self.resolver.resolve(Place { module, params: &c.type_params, this: None }, ty)),
            (None, Some(owner)) => {
                let decl = &self.facts[owner];
                Some(Rt { name: join(join(self.home.module, decl.module), decl.name), args: std::sync::Arc::new([]) })
            }
            (None, None) => None,
        };
        self.selves.insert(named, made.clone());
        made
    }

    fn path(&mut self, callable: CallableIx, path: Name) -> Name {
        let module = join(self.home.module, self.facts[callable].module);
        match path.as_str().strip_prefix("Self") {
            Some("") => self.this(callable).map_or(path, |t| t.name),
            Some(rest) if rest.starts_with("::") => {
                self.this(callable).map_or(path, |t| Name::new(&format!("{}{rest}", t.name)))
            }
            _ => self.paths.resolve(module, path),
        }
    }

    fn written(&mut self, callable: CallableIx, ty: &crate::facts::code::TypeRef) -> Rt {
        let this = self.this(callable);
        let named = self.named(callable);
        let c = &self.facts[named];
        let module = join(self.home.module, self.facts[callable].module);
        self.resolver.resolve(Place { module, params: &c.type_params, this: this.as_ref() }, ty)
    }

    fn local(&mut self, ix: LocalIx) -> Option<Rt> {
        if let Some(known) = &self.locals[ix.0 as usize] {
            return known.clone();
        }
        // Guards against locals that stand on each other.
        self.locals[ix.0 as usize] = Some(None);
        let local = &self.facts[ix];
        let made = match (&local.ty, local.init) {
            (Some(ty), _) => {
                let made = self.written(local.callable, ty);
                Some(made).filter(|t| t.name.as_str() != "_")
            }
            (None, Some(init)) => self.taken_from(ix, init),
            (None, None) if local.param => self.closure_parameter(local.callable),
            (None, None) => local.part.and_then(|part| self.part(local.callable, part)),
        };
        self.locals[ix.0 as usize] = Some(made.clone());
        made
    }

    /// `let (tx, rx) = …`, `for x in …`, `let x = …`.
    fn taken_from(&mut self, ix: LocalIx, init: ExprIx) -> Option<Rt> {
        let whole = self.ty(init)?.clone();
        if self.sources.contains(&init) {
            let element = known::element(&whole)?;
            // `for (name, stage) in stages`
            let mates = &self.out.bound[&init];
            if element.name.as_str() == "()" && mates.len() == element.args.len() {
                let at = mates.iter().position(|l| *l == ix)?;
                return element.args.get(at).cloned();
            }
            return Some(element);
        }
        let mut tuple = &whole;
        while known::is_transparent(tuple) {
            tuple = tuple.args.first()?;
        }
        let taken_apart = !matches!(self.facts[init].usage, Usage::ToLocal(_)) || self.out.bound[&init].len() > 1;
        if tuple.name.as_str() == "()" && (taken_apart || tuple.args.len() == 2) {
            let mates = &self.out.bound[&init];
            let at = mates.iter().position(|l| *l == ix)?;
            if mates.len() == tuple.args.len() {
                return tuple.args.get(at).cloned();
            }
            // `let (_, rx) = channel(8)`: the names tell.
            let name = self.facts[ix].name;
            let receives = name.ends_with("rx") || name.contains("recv") || name.contains("receiver");
            let sends = name.ends_with("tx") || name.contains("send");
            return match (sends, receives) {
                (true, false) => tuple.args.first().cloned(),
                (false, true) => tuple.args.get(1).cloned(),
                _ => Some(whole),
            };
        }
        Some(whole)
    }

    /// The type of a field that a pattern names: `Command::Serve::0` of a variant, `Pair::left` of a struct.
    fn part(&mut self, callable: CallableIx, part: Name) -> Option<Rt> {
        let path = self.path(callable, part);
        let (of, field) = path.as_str().rsplit_once("::")?;
        let (outer, variant) = of.rsplit_once("::").unwrap_or(("", of));
        let of_variant = self.declared.field(Name::new(outer), Name::new(&format!("{variant}::{field}")));
        let (file, field) = of_variant.or_else(|| self.declared.field(Name::new(of), Name::new(field)))?;
        self.field_type(file, field, None)
    }

    /// `things.iter().map(|thing| …)`, `option.map(|value| …)`.
    fn closure_parameter(&self, callable: CallableIx) -> Option<Rt> {
        let lambda = *self.lambdas.get(&callable)?;
        let Usage::Argument(call, _) = self.facts[lambda].usage else { return None };
        let ExprKind::Call { base: Some(base), name, .. } = &self.facts[call].kind else { return None };
        let on = self.ty(*base)?;
        let takes_content = matches!(
            name.as_str(),
            "map"
                | "and_then"
                | "for_each"
                | "filter"
                | "filter_map"
                | "flat_map"
                | "inspect"
                | "any"
                | "all"
                | "find"
                | "for_each_concurrent"
                | "then"
                | "map_ok"
                | "position"
                | "is_some_and"
                | "partition"
                | "take_while"
                | "skip_while"
                | "max_by_key"
                | "min_by_key"
                | "sort_by_key"
                | "retain"
                | "unwrap_or_else"
        );
        if !takes_content {
            return None;
        }
        let content = known::element(on).or_else(|| known::is_transparent(on).then(|| on.args[0].clone()));
        // `builder.bind(…).and_then(|builder| …)`: what a builder gives is taken for the builder itself.
        content.or_else(|| (name.as_str() == "and_then" && on.name.ends_with("Builder")).then(|| on.clone()))
    }

    fn expr(&mut self, expr: &'w Expr) -> (RustCallee, Option<Rt>) {
        let callable = expr.callable;
        let named = |path: Name| RustCallee { path, ..RustCallee::default() };
        match &expr.kind {
            ExprKind::Local(local) => (RustCallee::default(), self.local(*local)),
            ExprKind::This => (RustCallee::default(), self.this(callable)),
            ExprKind::Literal(Literal::Text(_)) => (RustCallee::default(), Some(Rt::plain("str"))),
            ExprKind::Name(name) => self.name(callable, *name),
            ExprKind::Select { base, name } => self.select(*base, *name),
            ExprKind::New { ty, .. } => {
                let made = self.written(callable, ty);
                // A variant with named fields is of the enum's type.
                (named(made.name), Some(self.variant_owner(made)))
            }
            ExprKind::Macro { name, args } => {
                let path = self.path(callable, *name);
                let ty = match name.last_segment() {
                    "gauge" | "counter" | "histogram" => Some(Rt::plain("metrics::Meter")),
                    "vec" => args.first().and_then(|a| self.ty(*a).cloned()).map(|t| Rt::of("std::vec::Vec", vec![t])),
                    _ => None,
                };
                (named(path), ty)
            }
            ExprKind::List(items) if items.len() > 1 => {
                let parts: Vec<Rt> =
                    items.iter().take(12).map(|i| self.ty(*i).cloned().unwrap_or(Rt::plain("_"))).collect();
                let same = parts.windows(2).all(|w| w[0] == w[1]);
                let ty = if same { Rt::of("[]", vec![parts[0].clone()]) } else { Rt::of("()", parts) };
                (RustCallee::default(), Some(ty))
            }
            ExprKind::List(items) => {
                let item = items.first().and_then(|i| self.ty(*i).cloned());
                (RustCallee::default(), item.map(|t| Rt::of("[]", vec![t])))
            }
            ExprKind::Choice(options) => {
                let ty = options.iter().find_map(|o| self.ty(*o).cloned());
                (RustCallee::default(), ty)
            }
            ExprKind::Cast { ty, .. } => {
                let ty = self.written(callable, ty);
                (RustCallee::default(), Some(ty))
            }
            ExprKind::Call { base: None, name, args } => self.free_call(callable, *name, args),
            ExprKind::Call { base: Some(base), name, .. } if !name.is_empty() => self.method_call(*base, *name),
            _ => (RustCallee::default(), None),
        }
    }

    fn variant_owner(&self, made: Rt) -> Rt {
        if self.paths.item(made.name).is_none()
            && let Some((outer, _)) = made.name.as_str().rsplit_once("::")
            && outer.rsplit("::").next().is_some_and(|s| s.starts_with(char::is_uppercase))
        {
            return Rt::plain(outer);
        }
        made
    }

    fn name(&mut self, callable: CallableIx, name: Name) -> (RustCallee, Option<Rt>) {
        let path = self.path(callable, name);
        match self.paths.value(path) {
            Some(Item::Static(file, field)) => {
                let ty = self.field_type(file, field, None);
                (RustCallee { path, target: None, field: Some((file, field)) }, ty)
            }
            Some(Item::Function(file, function)) => {
                (RustCallee { path, target: Some((file, function)), field: None }, None)
            }
            Some(Item::Type(..)) => {
                (RustCallee { path, ..RustCallee::default() }, Some(Rt { name: path, args: [].into() }))
            }
            _ => {
                let target = self.associated(path);
                let ty = path.as_str().rsplit_once("::").and_then(|(outer, _)| {
                    matches!(self.paths.item(Name::new(outer)), Some(Item::Type(..))).then(|| Rt::plain(outer))
                });
                (RustCallee { path, target, field: None }, ty.filter(|_| target.is_none()))
            }
        }
    }

    /// The function of this name that is declared in a function around.
    fn nested(&self, callable: CallableIx, name: Name) -> Option<CallableIx> {
        let named = self.nested.get(&name)?;
        let mut at = Some(callable);
        for _ in 0..64 {
            let here = at?;
            if let Some(found) = named.iter().find(|f| self.facts[**f].outer == Some(here)) {
                return Some(*found);
            }
            at = self.facts[here].outer;
        }
        None
    }

    /// `Type::method`.
    fn associated(&self, path: Name) -> Option<(FileIx, CallableIx)> {
        let (owner, method) = path.as_str().rsplit_once("::")?;
        self.declared.method(Name::new(owner), Name::new(method)).first().copied()
    }

    fn free_call(&mut self, callable: CallableIx, name: Name, args: &[ExprIx]) -> (RustCallee, Option<Rt>) {
        let path = self.path(callable, name);
        if let Some(function) = self.nested(callable, name) {
            let target = (self.file, function);
            return (RustCallee { path, target: Some(target), field: None }, self.returns(target, None));
        }
        let target = match self.paths.value(path) {
            Some(Item::Function(file, function)) => Some((file, function)),
            // `Tuple(x)`.
            Some(Item::Type(..)) => {
                return (RustCallee { path, ..RustCallee::default() }, Some(Rt { name: path, args: [].into() }));
            }
            _ => self.associated(path),
        };
        let ty = match target {
            Some(target) => {
                let on = path.as_str().rsplit_once("::").map(|(owner, _)| Rt::plain(owner));
                let this = on.filter(|on| matches!(self.paths.item(on.name), Some(Item::Type(..))));
                self.returns(target, this.as_ref())
            }
            None => known::returned(path, args.first().and_then(|a| self.ty(*a))),
        };
        (RustCallee { path, target, field: None }, ty)
    }

    fn method_call(&mut self, base: ExprIx, name: Name) -> (RustCallee, Option<Rt>) {
        let unknown = || RustCallee { path: Name::new(&format!("?::{name}")), ..RustCallee::default() };
        let Some(mut on) = self.ty(base).cloned() else { return (unknown(), None) };
        for _ in 0..12 {
            let targets = self.declared.method(on.name, name);
            if let Some(target) = targets.first() {
                let path = Name::new(&format!("{}::{name}", on.name));
                let ty = self.returns(*target, Some(&on));
                return (RustCallee { path, target: Some(*target), field: None }, ty);
            }
            if known::answers(&on, &name) || !known::is_transparent(&on) {
                break;
            }
            on = on.args[0].clone();
        }
        if on.is_open() {
            return (unknown(), None);
        }
        let path = Name::new(&format!("{}::{name}", on.name));
        let ty = if matches!(self.paths.item(on.name), Some(Item::Type(..))) && name.as_str() != "clone" {
            // Derived, or of a trait outside: who knows.
            matches!(name.as_str(), "unwrap" | "expect" | "to_owned" | "as_ref" | "borrow" | "into").then_some(on)
        } else {
            known::method_returned(&on, &name)
        };
        (RustCallee { path, target: None, field: None }, ty)
    }

    fn returns(&self, (file, callable): (FileIx, CallableIx), this: Option<&Rt>) -> Option<Rt> {
        let facts = self.resolver.code[file.0 as usize]?;
        let c = &facts[callable];
        if c.kind == CallableKind::Closure {
            return None;
        }
        let module = join(self.resolver.homes[file.0 as usize].module, c.module);
        let own = c
            .self_type
            .as_ref()
            .map(|ty| self.resolver.resolve(Place { module, params: &c.type_params, this: None }, ty));
        let place = Place { module, params: &c.type_params, this: own.as_ref().or(this) };
        let ty = self.resolver.resolve(place, c.returns.as_ref()?);
        // The arguments of the type that the method is called on.
        let (Some(own), Some(this)) = (own, this) else { return Some(ty) };
        let params: Vec<Name> =
            own.args.iter().map(|a| Name::new(a.name.as_str().strip_prefix('\'').unwrap_or(""))).collect();
        Some(substitute(&ty, &params, &this.args, 0))
    }

    fn field_type(&self, file: FileIx, field: FieldIx, on: Option<&Rt>) -> Option<Rt> {
        let facts = self.resolver.code[file.0 as usize]?;
        let f = &facts[field];
        let module = join(self.resolver.homes[file.0 as usize].module, f.module);
        let params = f.owner.map_or(&[][..], |o| &facts[o].type_params);
        let ty = self.resolver.resolve(Place { module, params, this: on }, &f.ty);
        Some(on.map_or_else(|| ty.clone(), |on| substitute(&ty, params, &on.args, 0)))
    }

    fn select(&mut self, base: ExprIx, name: Name) -> (RustCallee, Option<Rt>) {
        let none = (RustCallee::default(), None);
        let Some(mut on) = self.ty(base).cloned() else { return none };
        if name.as_str() == "[]" {
            let ty = known::element(&on);
            return (RustCallee { field: self.out.callees[base.0 as usize].field, ..RustCallee::default() }, ty);
        }
        for _ in 0..12 {
            if let Some((file, field)) = self.declared.field(on.name, name) {
                let ty = self.field_type(file, field, Some(&on));
                return (RustCallee { field: Some((file, field)), ..RustCallee::default() }, ty);
            }
            if on.name.as_str() == "()"
                && let Ok(at) = name.as_str().parse::<usize>()
            {
                return (RustCallee::default(), on.args.get(at).cloned());
            }
            // `Json(x).0`, `data.0`: what the wrapper holds.
            let inner = known::is_transparent(&on) || (name.as_str() == "0" && on.args.len() == 1);
            if !inner {
                return none;
            }
            on = on.args[0].clone();
            if name.as_str() == "0" && self.declared.field(on.name, name).is_none() {
                return (RustCallee::default(), Some(on));
            }
        }
        none
    }
}
