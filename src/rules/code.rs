//! Conditions against the facts of one source file.

use super::compile::{Compiled, Kind, LeafIx, matches, matches_value};
use super::model::{
    AnnotationCondition, ArgCondition, CallCondition, Condition, ExtendsCondition, FieldCondition, MethodCondition,
    NewCondition, OneOrMany, RustCondition,
};
use super::site::{Fact, Hit, Site};
use crate::facts::CodeFacts;
use crate::facts::code::{
    Annotation, CallableIx, CallableKind, ExprIx, ExprKind, FieldIx, Literal, Mods, Target, TypeIx, TypeKind, TypeRef,
};
use crate::link::{Linked, Sym};
use crate::source::FileIx;
use crate::text::{Name, Span};

pub(super) fn match_code(compiled: &Compiled<'_>, linked: &Linked<'_>, file: FileIx, hits: &mut Vec<Hit>) {
    let Some(facts) = linked.facts(file) else { return };
    if facts.generated || linked.is_rust_test_file(file) {
        return;
    }
    let mut matcher = Matcher { compiled, linked, facts, file, hits, found: Vec::new() };
    if linked.is_java(file) {
        matcher.java();
    } else {
        matcher.rust();
    }
    matcher.loops();
}

struct Matcher<'a, 'w> {
    compiled: &'a Compiled<'a>,
    linked: &'a Linked<'w>,
    facts: &'a CodeFacts,
    file: FileIx,
    hits: &'a mut Vec<Hit>,
    found: Vec<LeafIx>,
}

impl Matcher<'_, '_> {
    fn hit(
        &mut self,
        leaf: LeafIx,
        fact: Fact,
        at: Span,
        callable: Option<CallableIx>,
        ty: Option<TypeIx>,
        symbol: Name,
    ) {
        let ty = ty.or_else(|| callable.and_then(|c| self.linked.type_of_callable(self.file, c)));
        let unit = self.linked.unit(self.file);
        self.hits.push((leaf, Site { file: self.file, at, fact, unit, callable, ty, symbol }));
    }

    fn java(&mut self) {
        for i in 0..self.facts.exprs.len() {
            self.expr(ExprIx(i as u32));
        }
        for i in 0..self.facts.annotations.len() {
            self.annotation(i as u32);
        }
        for i in 0..self.facts.types.len() {
            self.declared_type(TypeIx(i as u32));
        }
        for i in 0..self.facts.fields.len() {
            self.field(FieldIx(i as u32));
        }
        for i in 0..self.facts.callables.len() {
            self.method(CallableIx(i as u32));
        }
        self.type_uses();
        for (i, import) in self.facts.imports.iter().enumerate() {
            self.found.clear();
            self.compiled.find(Kind::Import, import.path, &mut self.found);
            for leaf in std::mem::take(&mut self.found) {
                self.hit(leaf, Fact::Import(i as u32), import.span, None, None, import.path);
            }
        }
    }

    /// The conditions of a kind that ask for this type or one of its supertypes.
    fn find_closure(&mut self, kind: Kind, sym: Sym) -> Vec<LeafIx> {
        self.found.clear();
        for sym in self.linked.types.closure(self.linked.catalog, sym).iter() {
            self.compiled.find(kind, self.linked.types.name(*sym), &mut self.found);
        }
        self.found.sort_unstable();
        self.found.dedup();
        std::mem::take(&mut self.found)
    }

    fn expr(&mut self, ix: ExprIx) {
        let facts = self.facts;
        let e = &facts[ix];
        let (name, args): (Name, Option<&[ExprIx]>) = match &e.kind {
            ExprKind::Call { name, args, .. } => (*name, Some(args)),
            ExprKind::MethodRef { name, .. } => (*name, None),
            ExprKind::New { args, .. } => return self.construction(ix, args),
            ExprKind::Literal(Literal::Text(text)) => return self.text(ix, *text),
            _ => return,
        };
        let owner = self.linked.callee(self.file, ix).owner;
        let mut leaves = owner.map(|o| self.find_closure(Kind::Call, o)).unwrap_or_default();
        self.compiled.find(Kind::CallName, name, &mut leaves);
        leaves.sort_unstable();
        leaves.dedup();
        for leaf in leaves {
            let Condition::Call(call) = &self.compiled.leaves[leaf as usize] else { continue };
            if matches(&call.name, &name) && self.call_fits(call, args) && self.gives(call, ix) {
                let symbol = match owner {
                    Some(owner) => Name::new(&format!("{}.{name}", self.linked.types.name(owner))),
                    None => name,
                };
                self.hit(leaf, Fact::Expr(ix), e.at, Some(e.callable), None, symbol);
            }
        }
    }

    fn call_fits(&self, call: &CallCondition, args: Option<&[ExprIx]>) -> bool {
        call.arity.is_none_or(|n| args.is_none_or(|a| a.len() == n))
            && call.args.iter().all(|c| args.is_some_and(|a| arg_fits(self.linked, self.file, c, a)))
    }

    /// Does the method of the tree that is called give back what is asked for, and is there work behind it?
    fn gives(&self, call: &CallCondition, ix: ExprIx) -> bool {
        if call.gives.is_none() {
            return true;
        }
        let linked = self.linked;
        let Some((id, target)) = linked.callee(self.file, ix).target else { return false };
        let home = linked.types[id].file;
        let Some(method) = linked.facts(home).map(|facts| &facts[target]) else { return false };
        let Some(given) = method.returns.as_ref().and_then(|ty| linked.resolve_ref(home, method.owner, ty)) else {
            return false;
        };
        let fits = |sym: &Sym| matches(&call.gives, &linked.types.name(*sym));
        linked.types.closure(linked.catalog, given.sym).iter().any(fits) && linked.is_under_way(home, target)
    }

    fn construction(&mut self, ix: ExprIx, args: &[ExprIx]) {
        let e = &self.facts[ix];
        let Some(owner) = self.linked.callee(self.file, ix).owner else { return };
        for leaf in self.find_closure(Kind::New, owner) {
            let fits = match &self.compiled.leaves[leaf as usize] {
                Condition::New(NewCondition::Long { args: conditions, arity, .. }) => {
                    arity.is_none_or(|n| args.len() == n)
                        && conditions.iter().all(|c| arg_fits(self.linked, self.file, c, args))
                }
                _ => true,
            };
            if fits {
                self.hit(leaf, Fact::Expr(ix), e.at, Some(e.callable), None, self.linked.types.name(owner));
            }
        }
    }

    fn text(&mut self, ix: ExprIx, text: Name) {
        let mut leaves = std::mem::take(&mut self.found);
        leaves.clear();
        self.compiled.find_text(&text, &mut leaves);
        for leaf in &leaves {
            let e = &self.facts[ix];
            self.hit(*leaf, Fact::Expr(ix), e.at, Some(e.callable), None, text);
        }
        self.found = leaves;
    }

    fn annotation(&mut self, ix: u32) {
        let annotation = &self.facts.annotations[ix as usize];
        let (callable, ty) = match annotation.target {
            Target::Callable(c) => (Some(c), None),
            Target::Type(t) => (None, Some(t)),
            Target::Field(f) => (None, self.facts[f].owner),
            Target::Local(l) => (Some(self.facts[l].callable), None),
            Target::Annotation(_) | Target::File => (None, None),
        };
        // On the declaration of an annotation it only gives that one its meaning.
        if ty.is_some_and(|t| self.facts[t].kind == TypeKind::AnnotationType) {
            return;
        }
        let around = ty.or_else(|| callable.and_then(|c| self.linked.type_of_callable(self.file, c)));
        let Some(sym) = self.linked.resolve_name(self.file, around, annotation.name) else { return };
        self.found.clear();
        for name in self.linked.meta_annotations(sym) {
            self.compiled.find(Kind::Annotation, name, &mut self.found);
        }
        let mut leaves = std::mem::take(&mut self.found);
        leaves.sort_unstable();
        leaves.dedup();
        for leaf in leaves {
            let fits = match &self.compiled.leaves[leaf as usize] {
                Condition::Annotation(AnnotationCondition::Long { on, attributes, without, .. }) => {
                    (on.is_none() || on.list().iter().any(|o| o == target_word(annotation.target)))
                        && attributes.iter().all(|(key, value)| {
                            attribute_is(self.linked, self.file, annotation, key, value)
                                || self.linked.meta_attribute(sym, key).iter().any(|v| matches_value(value, v))
                        })
                        && !without.list().iter().any(|w| annotation.args.iter().any(|(k, _)| k.as_str() == w))
                }
                _ => true,
            };
            if fits {
                self.hit(leaf, Fact::Annotation(ix), annotation.span, callable, ty, self.linked.types.name(sym));
            }
        }
    }

    fn declared_type(&mut self, ix: TypeIx) {
        let decl = &self.facts[ix];
        let id = self.linked.types.id(self.file, ix);
        let callable = decl.callable;
        for leaf in self.find_closure(Kind::Extends, Sym::Here(id)) {
            let (patterns, argument) = match &self.compiled.leaves[leaf as usize] {
                Condition::Extends(ExtendsCondition::Short(ty)) => (ty, None),
                Condition::Extends(ExtendsCondition::Long { ty, argument }) => (ty, Some(argument)),
                _ => continue,
            };
            // The type itself is no subtype of itself.
            let own = self.linked.types[id].fqn;
            if matches(patterns, &own) {
                continue;
            }
            let fits = argument.is_none_or(|a| {
                a.is_none() || self.linked.types[id].supers.iter().any(|(_, args)| args.iter().any(|n| matches(a, n)))
            });
            if fits {
                let symbol = if decl.name.is_empty() { decl.supers.first().map_or(own, |s| s.name) } else { own };
                self.hit(leaf, Fact::Type(ix), decl.span, callable, Some(ix), symbol);
            }
        }
    }

    fn field(&mut self, ix: FieldIx) {
        let mut leaves = std::mem::take(&mut self.found);
        leaves.clear();
        leaves.extend(&self.compiled.fields);
        self.linked.each_field_type(self.file, ix, &mut |name| {
            self.compiled.find(Kind::FieldType, name, &mut leaves);
        });
        leaves.sort_unstable();
        leaves.dedup();
        for leaf in &leaves {
            let Condition::Field(condition) = &self.compiled.leaves[*leaf as usize] else { continue };
            if field_fits_but_type(self.linked, self.file, ix, condition) {
                let field = &self.facts[ix];
                self.hit(*leaf, Fact::Field(ix), field.span, None, field.owner, field.name);
            }
        }
        self.found = leaves;
    }

    fn method(&mut self, ix: CallableIx) {
        let callable = &self.facts[ix];
        if !matches!(callable.kind, CallableKind::Method | CallableKind::Constructor | CallableKind::StaticInit) {
            return;
        }
        let mut returns = Vec::new();
        if let Some(ty) = &callable.returns {
            self.find_within(Kind::Returns, callable.owner, ty, &mut returns, 0);
        }
        let mut params = Vec::new();
        for ty in callable.params.iter().filter_map(|p| self.facts[*p].ty.as_ref()) {
            self.find_within(Kind::Param, callable.owner, ty, &mut params, 0);
        }
        for i in 0..self.compiled.methods.len() {
            let leaf = self.compiled.methods[i];
            let Condition::Method(condition) = &self.compiled.leaves[leaf as usize] else { continue };
            let typed = (condition.returns.is_none() || returns.contains(&leaf))
                && (condition.param.is_none() || params.contains(&leaf));
            if typed && self.method_fits_but_types(ix, condition) {
                // A constructor may be long: what it does is the place to look at.
                let work = (callable.kind != CallableKind::Method && condition.works == Some(true))
                    .then(|| self.linked.work_site(self.file, ix))
                    .flatten();
                self.hit(
                    leaf,
                    Fact::Method(ix),
                    work.unwrap_or(callable.span),
                    Some(ix),
                    callable.owner,
                    callable.name,
                );
            }
        }
    }

    /// The conditions of a kind that ask for the type, a supertype of it, or one of its arguments.
    fn find_within(&self, kind: Kind, around: Option<TypeIx>, ty: &TypeRef, out: &mut Vec<LeafIx>, depth: u8) {
        if let Some(sym) = self.linked.resolve_name(self.file, around, ty.name) {
            for sym in self.linked.types.closure(self.linked.catalog, sym).iter() {
                self.compiled.find(kind, self.linked.types.name(*sym), out);
            }
        }
        if depth < 8 {
            ty.args.iter().for_each(|arg| self.find_within(kind, around, arg, out, depth + 1));
        }
    }

    fn method_fits_but_types(&self, ix: CallableIx, c: &MethodCondition) -> bool {
        let (linked, file, m) = (self.linked, self.file, &self.facts[ix]);
        // Constructors and static initialisers are asked for by the names that the JVM gives them.
        let name = if m.kind == CallableKind::StaticInit { "<clinit>" } else { m.name.as_str() };
        if m.kind != CallableKind::Method && !c.name.list().iter().any(|n| n == name) {
            return false;
        }
        (c.name.is_none() || matches(&c.name, name))
            && (!c.native || m.mods.has(Mods::NATIVE))
            && (!c.synchronized || m.mods.has(Mods::SYNCHRONIZED))
            && (!c.returns_foreign
                || m.returns
                    .as_ref()
                    .is_none_or(|t| !matches!(linked.resolve_name(file, m.owner, t.name), Some(Sym::Here(_)))))
            && (c.of.is_none() || m.owner.is_some_and(|o| type_is(linked, Sym::Here(linked.types.id(file, o)), &c.of)))
            && (c.annotated.is_none()
                || linked.annotations_on(file, Target::Callable(ix)).iter().any(|a| matches(&c.annotated, a)))
            && c.handler.is_none_or(|wanted| linked.is_handler(file, ix) == wanted)
            && c.works.is_none_or(|wanted| linked.works(file, ix) == wanted)
    }

    fn type_uses(&mut self) {
        let facts = self.facts;
        let fields = facts.fields.iter().map(|f| (&f.ty, f.owner, None, f.ty.span));
        let locals = facts.locals.iter().filter_map(|l| {
            l.ty.as_ref().map(|t| (t, self.linked.type_of_callable(self.file, l.callable), Some(l.callable), t.span))
        });
        let returns = facts
            .callables
            .iter()
            .enumerate()
            .filter_map(|(i, c)| c.returns.as_ref().map(|t| (t, c.owner, Some(CallableIx(i as u32)), t.span)));
        let uses: Vec<_> = fields.chain(locals).chain(returns).collect();
        for (ty, around, callable, at) in uses {
            let Some(sym) = self.linked.resolve_name(self.file, around, ty.name) else { continue };
            for leaf in self.find_closure(Kind::TypeUse, sym) {
                self.hit(leaf, Fact::TypeUse, at, callable, around, self.linked.types.name(sym));
            }
        }
    }

    fn loops(&mut self) {
        let language = if self.linked.is_java(self.file) { "java" } else { "rust" };
        for i in 0..self.facts.loops.len() {
            let l = &self.facts.loops[i];
            if self.linked.in_test(self.file, l.callable) {
                continue;
            }
            let Some(kind) = self.linked.loop_kind(self.file, l) else { continue };
            for j in 0..self.compiled.loops.len() {
                let leaf = self.compiled.loops[j];
                let Condition::Loop(condition) = &self.compiled.leaves[leaf as usize] else { continue };
                if condition.kind == kind && (condition.language.is_none() || matches(&condition.language, language)) {
                    self.hit(leaf, Fact::Loop(i as u32), l.span, Some(l.callable), None, Name::new("loop"));
                }
            }
        }
    }

    fn rust(&mut self) {
        for path in self.linked.rust_paths(self.file) {
            if path.test {
                continue;
            }
            self.found.clear();
            self.compiled.find(Kind::Rust, path.path, &mut self.found);
            for leaf in std::mem::take(&mut self.found) {
                let fits = match &self.compiled.leaves[leaf as usize] {
                    Condition::Rust(RustCondition::Long { kind, args, .. }) => {
                        let wanted = if kind.is_none() {
                            path.usage.as_str() == "call"
                        } else {
                            matches(kind, path.usage.as_str())
                        };
                        wanted
                            && args.iter().all(|c| match path.expr.map(|e| &self.facts[e].kind) {
                                Some(ExprKind::Call { args, .. }) => arg_fits(self.linked, self.file, c, args),
                                _ => false,
                            })
                    }
                    _ => matches!(path.usage.as_str(), "call" | "macro" | "attribute"),
                };
                if fits {
                    let fact = match (path.expr, path.field, path.ty, path.callable) {
                        (Some(e), ..) => Fact::Expr(e),
                        (_, Some(f), ..) => Fact::Field(f),
                        (_, _, _, Some(c)) => Fact::Method(c),
                        (_, _, Some(t), _) => Fact::Type(t),
                        _ => Fact::TypeUse,
                    };
                    self.hit(leaf, fact, path.at, path.callable, path.ty, path.path);
                }
            }
        }
        for i in 0..self.facts.fields.len() {
            let ix = FieldIx(i as u32);
            if !self.facts[ix].mods.has(Mods::TEST) {
                self.field(ix);
            }
        }
        for i in 0..self.facts.exprs.len() {
            if let ExprKind::Literal(Literal::Text(text)) = &self.facts.exprs[i].kind
                && !self.linked.in_test(self.file, self.facts.exprs[i].callable)
            {
                self.text(ExprIx(i as u32), *text);
            }
        }
    }
}

/// Is the type, or a supertype of it, one of these?
pub(super) fn type_is(linked: &Linked<'_>, sym: Sym, patterns: &OneOrMany) -> bool {
    linked.types.closure(linked.catalog, sym).iter().any(|s| matches(patterns, &linked.types.name(*s)))
}

/// Does a condition on a field hold?
pub(super) fn field_fits(linked: &Linked<'_>, file: FileIx, ix: FieldIx, c: &FieldCondition) -> bool {
    (c.ty.is_none() || {
        let mut fits = false;
        linked.each_field_type(file, ix, &mut |name| fits |= matches(&c.ty, &name));
        fits
    }) && field_fits_but_type(linked, file, ix, c)
}

fn field_fits_but_type(linked: &Linked<'_>, file: FileIx, ix: FieldIx, c: &FieldCondition) -> bool {
    let Some(facts) = linked.facts(file) else { return false };
    let field = &facts[ix];
    let is_static = field.mods.has(Mods::STATIC);
    if c.is_static.is_some_and(|wanted| wanted != is_static)
        || c.is_final.is_some_and(|wanted| wanted != field.mods.has(Mods::FINAL))
        || c.mutable.is_some_and(|wanted| wanted != field.mods.has(Mods::MUTABLE))
        || !(c.name.is_none() || matches_value(&c.name, &field.name))
    {
        return false;
    }
    if c.shared.is_none() && c.role.is_none() {
        return true;
    }
    let usage = linked.field_use(file, ix);
    c.shared.is_none_or(|wanted| wanted == usage.shared) && c.role.is_none_or(|role| usage.roles.contains(&role))
}

/// Does a condition on arguments hold?
pub(super) fn arg_fits(linked: &Linked<'_>, file: FileIx, c: &ArgCondition, args: &[ExprIx]) -> bool {
    let fits = |arg: ExprIx| {
        let constant = linked.constant(file, arg).or_else(|| linked.configured_default(file, arg));
        (c.value.is_none()
            || match &constant {
                Some(value) => matches_value(&c.value, value),
                None if linked.is_java(file) => {
                    linked.known_parts(file, arg).is_some_and(|known| matches_value(&c.value, &known))
                }
                // What a Rust argument calls says what it is.
                None => matches(&c.value, &linked.rust_callee(file, arg)),
            })
            && c.at_least.is_none_or(|least| {
                constant
                    .as_ref()
                    .and_then(|v| v.trim_end_matches(['L', 'l', 'f', 'd']).parse::<f64>().ok())
                    .is_some_and(|v| v >= least)
            })
            && c.at_most.is_none_or(|most| linked.upper_bound(file, arg).is_some_and(|v| v <= most))
            && (c.ty.is_none() || arg_type_fits(linked, file, arg, &c.ty))
    };
    let holds = match c.at {
        Some(at) => args.get(at).is_some_and(|a| fits(*a)),
        None => args.iter().any(|a| fits(*a)),
    };
    holds != c.not
}

fn arg_type_fits(linked: &Linked<'_>, file: FileIx, arg: ExprIx, types: &OneOrMany) -> bool {
    if linked.is_java(file) {
        return linked.type_of(file, arg).is_some_and(|t| type_is(linked, t.sym, types));
    }
    linked.rust_type_of(file, arg).is_some_and(|t| matches(types, &t))
}

/// Has the annotation an attribute with such a value?
pub(super) fn attribute_is(
    linked: &Linked<'_>,
    file: FileIx,
    annotation: &Annotation,
    key: &str,
    value: &OneOrMany,
) -> bool {
    annotation
        .args
        .iter()
        .filter(|(k, _)| k.as_str() == key)
        .any(|(_, e)| attribute_values(linked, file, *e, 0).iter().any(|v| matches_value(value, v)))
}

/// A constant, a class by its name, or several of them.
fn attribute_values(linked: &Linked<'_>, file: FileIx, value: ExprIx, depth: u8) -> Vec<String> {
    let Some(facts) = linked.facts(file).filter(|_| depth < 3) else { return Vec::new() };
    match &facts[value].kind {
        ExprKind::List(items) => {
            items.iter().flat_map(|item| attribute_values(linked, file, *item, depth + 1)).collect()
        }
        ExprKind::ClassLiteral(ty) => {
            let name = linked.resolve_name(file, None, ty.name).map_or(ty.name, |sym| linked.types.name(sym));
            vec![name.to_string()]
        }
        _ => linked.constant(file, value).into_iter().collect(),
    }
}

fn target_word(target: Target) -> &'static str {
    match target {
        Target::Type(_) => "class",
        Target::Callable(_) => "method",
        Target::Field(_) => "field",
        Target::Local(_) => "parameter",
        Target::Annotation(_) => "annotation",
        Target::File => "file",
    }
}
