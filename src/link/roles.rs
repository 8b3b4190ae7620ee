//! What part a class or method plays: singleton, request handler, start-up code, background task.

use rustc_hash::FxHashSet;

use super::Linked;
use super::catalog::Methods;
use super::globs::glob;
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, CallableKind, ExprKind, Mods, Target, TypeIx, TypeKind};
use crate::source::FileIx;
use crate::text::Name;

impl Linked<'_> {
    /// Annotation types on a target, meta-annotations of the workspace included, near ones first.
    pub fn annotations_on(&self, file: FileIx, target: Target) -> Vec<Name> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let around = match target {
            Target::Type(t) => Some(t),
            Target::Callable(c) => self.type_of_callable(file, c),
            Target::Field(f) => facts[f].owner,
            Target::Local(l) => self.type_of_callable(file, facts[l].callable),
            _ => None,
        };
        let mut out = Vec::new();
        for annotation in facts.annotations.iter().filter(|a| a.target == target) {
            match self.resolve_name(file, around, annotation.name) {
                Some(sym) => self.add_meta(sym, &mut out),
                None => out.push(annotation.name),
            }
        }
        out
    }

    /// An annotation type and those that stand on it.
    pub fn meta_annotations(&self, sym: Sym) -> Vec<Name> {
        let mut out = Vec::new();
        self.add_meta(sym, &mut out);
        out
    }

    /// What annotations on an annotation of the workspace give an attribute: `@EventListener(Ready.class) @interface OnStart`.
    pub fn meta_attribute(&self, sym: Sym, key: &str) -> Vec<String> {
        let (mut todo, mut seen, mut out) = (vec![sym], Vec::new(), Vec::new());
        while let Some(sym) = todo.pop() {
            let Sym::Here(id) = sym else { continue };
            if seen.contains(&id) || seen.len() > 64 {
                continue;
            }
            seen.push(id);
            let info = &self.types[id];
            let Some(facts) = self.facts(info.file) else { continue };
            for annotation in facts.annotations.iter().filter(|a| a.target == Target::Type(info.ix)) {
                let given = annotation.args.iter().filter(|(k, _)| k.as_str() == key);
                out.extend(given.filter_map(|(_, value)| self.constant(info.file, *value)));
                todo.extend(self.resolve_name(info.file, Some(info.ix), annotation.name));
            }
        }
        out
    }

    fn add_meta(&self, sym: Sym, out: &mut Vec<Name>) {
        let name = self.types.name(sym);
        if out.contains(&name) || out.len() > 64 {
            return;
        }
        out.push(name);
        if let Sym::Here(id) = sym {
            let info = &self.types[id];
            let Some(facts) = self.facts(info.file) else { return };
            for annotation in facts.annotations.iter().filter(|a| a.target == Target::Type(info.ix)) {
                if let Some(sym) = self.resolve_name(info.file, Some(info.ix), annotation.name) {
                    self.add_meta(sym, out);
                }
            }
        }
    }

    pub(super) fn has_annotation(&self, file: FileIx, target: Target, set: &FxHashSet<Name>) -> bool {
        self.annotations_on(file, target).iter().any(|a| set.contains(a))
    }

    pub(super) fn is_a(&self, id: TypeId, set: &FxHashSet<Name>) -> bool {
        self.types.closure(self.catalog, Sym::Here(id)).iter().any(|s| set.contains(&self.types.name(*s)))
    }

    /// Does one of the type's supertypes declare this method as listed?
    pub(super) fn overrides(&self, id: TypeId, method: Name, listed: &Methods) -> bool {
        self.types.closure(self.catalog, Sym::Here(id)).iter().any(|s| {
            listed.get(&self.types.name(*s)).is_some_and(|m| m.iter().any(|m| *m == method || glob(m, &method)))
        })
    }

    /// One instance of the type serves all requests, by its own annotations or supertypes.
    pub(super) fn is_singleton_by_itself(&self, file: FileIx, ix: TypeIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let decl = &facts[ix];
        if matches!(decl.kind, TypeKind::Interface | TypeKind::AnnotationType) {
            return false;
        }
        let annotations = self.annotations_on(file, Target::Type(ix));
        if annotations.iter().any(|a| self.catalog.not_shared_annotations.contains(a)) || self.is_scoped(file, ix) {
            return false;
        }
        annotations.iter().any(|a| self.catalog.singleton_annotations.contains(a))
            || self.made_once.contains(&self.types.id(file, ix))
            || self.is_a(self.types.id(file, ix), &self.catalog.singleton_types)
    }

    /// `@Scope("prototype")`, `@Scope("request")` and the like.
    fn is_scoped(&self, file: FileIx, ix: TypeIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.annotations.iter().filter(|a| a.target == Target::Type(ix)).any(|a| {
            self.resolve_name(file, Some(ix), a.name).map(|s| self.types.name(s)) == Some(self.catalog.scope_annotation)
                && a.args.iter().any(|(_, value)| {
                    let value = self.constant(file, *value).unwrap_or_default().to_lowercase();
                    ["prototype", "request", "session"].iter().any(|s| value.contains(s))
                })
        })
    }

    /// Code that the container runs before the first request: constructors and initialisers of
    /// anything, `@PostConstruct` and injected methods, `@Bean` methods, `main`.
    pub(super) fn is_startup_root(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[callable];
        match c.kind {
            CallableKind::StaticInit | CallableKind::InstanceInit => return true,
            CallableKind::FieldInit | CallableKind::Constructor => return true,
            CallableKind::Method => {}
            _ => return false,
        }
        if c.name.as_str() == "main" && c.mods.has(Mods::STATIC) {
            return true;
        }
        let annotations = self.annotations_on(file, Target::Callable(callable));
        if annotations.iter().any(|a| {
            self.catalog.startup_annotations.contains(a)
                || self.catalog.injection_annotations.contains(a)
                || self.catalog.bean_method_annotations.contains(a)
        }) {
            return true;
        }
        let Some(owner) = c.owner.map(|o| self.types.id(file, o)) else { return false };
        if self.started.contains(&(owner, c.name)) {
            return true;
        }
        if self.overrides(owner, c.name, &self.catalog.startup_methods) {
            return !self.listens_to_other_events(file, owner);
        }
        (annotations.iter().any(|a| a.ends_with(".EventListener")) || self.observes(file, callable))
            && self.takes_startup_event(file, callable)
    }

    /// A parameter with `@Observes` or `@ObservesAsync`: the container calls the method when such an event is fired.
    fn observes(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        facts.annotations.iter().any(|a| match a.target {
            Target::Local(l) => {
                facts[l].callable == callable && matches!(a.name.last_segment(), "Observes" | "ObservesAsync")
            }
            _ => false,
        })
    }

    /// `ApplicationListener<OrderPlaced>` is no start-up code; `ApplicationListener<ContextRefreshedEvent>` is.
    fn listens_to_other_events(&self, _file: FileIx, owner: TypeId) -> bool {
        self.types[owner].supers.iter().any(|(sup, args)| {
            matches!(
                self.types.name(*sup).as_str(),
                "org.springframework.context.ApplicationListener"
                    | "io.micronaut.context.event.ApplicationEventListener"
            ) && args.iter().any(|a| !self.catalog.startup_events.contains(&Name::new(a.last_segment())))
        })
    }

    fn takes_startup_event(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let is_event = |n: &str| self.catalog.startup_events.contains(&Name::new(n));
        let by_parameter = facts[callable]
            .params
            .iter()
            .any(|p| facts[*p].ty.as_ref().is_some_and(|t| is_event(t.name.last_segment())));
        by_parameter
            || facts.annotations.iter().filter(|a| a.target == Target::Callable(callable)).any(|a| {
                a.args.iter().any(|(_, v)| match &facts[*v].kind {
                    ExprKind::ClassLiteral(ty) => is_event(ty.name.last_segment()),
                    _ => false,
                }) || self.is_composed_of_startup_event(file, callable, a.name)
            })
    }

    /// An annotation of the workspace that stands for a listener on the start.
    fn is_composed_of_startup_event(&self, file: FileIx, callable: CallableIx, name: Name) -> bool {
        let Some(sym) = self.resolve_name(file, self.type_of_callable(file, callable), name) else { return false };
        let values = ["value", "classes"].into_iter().flat_map(|key| self.meta_attribute(sym, key));
        let event = |value: &str| value.trim_end_matches(".class").rsplit('.').next().map(Name::new);
        values.into_iter().any(|v| event(&v).is_some_and(|e| self.catalog.startup_events.contains(&e)))
    }

    /// A method that serves a request.
    pub(super) fn is_request_root(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[callable];
        if c.kind != CallableKind::Method {
            return false;
        }
        if self.has_annotation(file, Target::Callable(callable), &self.catalog.request_annotations) {
            return true;
        }
        // What the container calls once to wire the object serves nobody.
        let wired = [
            &self.catalog.injection_annotations,
            &self.catalog.startup_annotations,
            &self.catalog.bean_method_annotations,
        ];
        if wired.iter().any(|set| self.has_annotation(file, Target::Callable(callable), set)) {
            return false;
        }
        let Some(owner_ix) = c.owner else { return false };
        let owner = self.types.id(file, owner_ix);
        if self.is_a(owner, &self.catalog.request_types)
            && !self.overrides(owner, c.name, &self.catalog.startup_methods)
        {
            return !c.mods.has(Mods::PRIVATE) && !c.mods.has(Mods::STATIC);
        }
        let public = c.mods.has(Mods::PUBLIC) && !c.mods.has(Mods::STATIC);
        public
            && (self.has_annotation(file, Target::Type(owner_ix), &self.catalog.request_classes)
                || self.is_mapped_by_interface(file, callable, owner))
    }

    /// A controller's method whose mapping stands on an interface that the class implements, here or generated.
    fn is_mapped_by_interface(&self, file: FileIx, callable: CallableIx, owner: TypeId) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let (c, info) = (&facts[callable], &self.types[owner]);
        if !self.has_annotation(file, Target::Type(info.ix), &self.catalog.controller_classes) {
            return false;
        }
        let closure = self.types.closure(self.catalog, Sym::Here(owner));
        let mut declared = false;
        for sup in closure.iter().skip(1) {
            let Sym::Here(sup) = *sup else { continue };
            let at = self.types[sup].file;
            let Some(of_sup) = self.facts(at) else { continue };
            for over in self.types.methods(sup, c.name).iter().filter(|m| of_sup[**m].params.len() == c.params.len()) {
                declared = true;
                if self.has_annotation(at, Target::Callable(*over), &self.catalog.request_annotations) {
                    return true;
                }
            }
        }
        // What a generator makes of an API's description while building is not in the tree.
        let generated = |s: &Sym| match s {
            Sym::Outside(name) => self.catalog.generated_apis.iter().any(|g| glob(g, name.last_segment())),
            Sym::Here(_) => false,
        };
        let overrides = || {
            facts
                .annotations
                .iter()
                .any(|a| a.target == Target::Callable(callable) && a.name.last_segment() == "Override")
        };
        !declared && closure.iter().skip(1).any(generated) && overrides()
    }

    /// A method whose annotations say on which thread it runs, and that runs only when code calls it.
    pub(super) fn is_left_to_callers(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let mut on = facts.annotations.iter().filter(|a| a.target == Target::Callable(callable)).peekable();
        let mut moved = false;
        on.peek().is_some()
            && on.all(|a| match a.name.last_segment() {
                "Async" | "Asynchronous" => {
                    moved = true;
                    true
                }
                "Override" | "Transactional" | "SuppressWarnings" | "Deprecated" | "SneakyThrows" | "Retryable" => true,
                _ => false,
            })
            && moved
            && facts[callable].kind == CallableKind::Method
    }

    /// A method that runs on a thread of its own: schedulers, listeners, `run` of a task.
    pub(super) fn is_background_root(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[callable];
        if c.kind != CallableKind::Method {
            return false;
        }
        if self.has_annotation(file, Target::Callable(callable), &self.catalog.background_annotations)
            || (self.observes(file, callable) && !self.takes_startup_event(file, callable))
        {
            return true;
        }
        let Some(owner) = c.owner.map(|o| self.types.id(file, o)) else { return false };
        self.overrides(owner, c.name, &self.catalog.background_methods)
            || (self.made_once.contains(&owner)
                && self.xml_methods.contains(&c.name)
                && !c.mods.has(Mods::PRIVATE)
                && !c.mods.has(Mods::STATIC))
    }
}
