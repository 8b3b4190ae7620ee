//! Members of types: fields, methods, constructors, initialisers.

use super::flat::Node;
use super::kinds::{Kind, Role};
use super::typerefs::dimensions;
use super::visit::{Visitor, index};
use crate::facts::code::{
    CallableIx, CallableKind, ExprIx, FieldDecl, FieldIx, Mods, Target, TypeKind, TypeRef, Usage,
};
use crate::text::{Name, Span};

impl<'a> Visitor<'a> {
    /// Is this the kind of a member (or type) declaration?
    pub(super) fn is_member(kind: Kind) -> bool {
        use Kind::*;
        matches!(
            kind,
            Class
                | Interface
                | Enum
                | Record
                | AnnotationType
                | Field
                | Constant
                | Method
                | AnnotationElement
                | Constructor
                | CompactConstructor
                | StaticInit
        )
    }

    /// A member; `local` types stand in code.
    pub(super) fn member(&mut self, node: Node<'a>, local: bool) {
        match node.kind() {
            Kind::Class | Kind::Interface | Kind::Enum | Kind::Record | Kind::AnnotationType => {
                self.type_decl(node, local)
            }
            Kind::Field | Kind::Constant => self.fields(node),
            Kind::Method | Kind::AnnotationElement => self.method(node),
            Kind::Constructor | Kind::CompactConstructor => self.constructor(node),
            Kind::StaticInit => {
                let keyword = Span { start: node.span().start, end: node.span().start.saturating_add(6) };
                self.initialiser(node.find(Kind::Block), CallableKind::StaticInit, Mods::STATIC, keyword, node);
            }
            Kind::Block => {
                let brace = Span { start: node.span().start, end: node.span().start.saturating_add(1) };
                self.initialiser(Some(node), CallableKind::InstanceInit, Mods::default(), brace, node);
            }
            _ => self.any(node),
        }
    }

    fn in_interface(&self) -> bool {
        let kind = self.owner.map(|owner| self.facts[owner].kind);
        matches!(kind, Some(TypeKind::Interface | TypeKind::AnnotationType))
    }

    /// A declaration of one or more fields. A local variable that error recovery leaves outside all
    /// code, or that a class-less source file declares, comes here too.
    pub(super) fn fields(&mut self, node: Node<'a>) {
        let mut mods = self.mods(node);
        if self.in_interface() {
            mods.insert(Mods::PUBLIC | Mods::STATIC | Mods::FINAL);
        }
        let ty = self.declared_type(node);
        for declarator in node.children().filter(|c| c.role() == Role::Declarator) {
            let Some(name) = declarator.child(Role::Name) else { continue };
            let text = Name::new(name.text());
            let mut ty = ty.clone().unwrap_or_else(|| untyped(name.span()));
            ty.dims = ty.dims.saturating_add(dimensions(declarator));
            let field = FieldIx(index(self.facts.fields.len()));
            self.facts.fields.push(FieldDecl {
                name: text,
                owner: self.owner,
                module: Name::default(),
                ty,
                init: None,
                mods,
                span: name.span(),
                decl: node.span(),
            });
            self.annotations(node, Target::Field(field));
            if let Some(value) = declarator.child(Role::Value) {
                let init = self.push_callable(CallableKind::FieldInit, text, mods, name.span());
                self.facts[init].body = declarator.span();
                let value = self.run(init, |visitor| visitor.expr(value));
                self.use_as(value, Usage::ToField);
                self.facts[field].init = Some(value);
            }
        }
    }

    fn run(&mut self, callable: CallableIx, visit: impl FnOnce(&mut Self) -> ExprIx) -> ExprIx {
        let outer = self.enter(callable);
        let value = visit(self);
        self.leave(outer);
        value
    }

    fn method(&mut self, node: Node<'a>) {
        let Some(name) = node.child(Role::Name) else { return };
        let body = node.child(Role::Body);
        let mut mods = self.mods(node);
        if self.in_interface() {
            if !mods.has(Mods::PRIVATE) {
                mods.insert(Mods::PUBLIC);
            }
            if body.is_none() {
                mods.insert(Mods::ABSTRACT);
            }
        }
        let made = self.push_callable(CallableKind::Method, Name::new(name.text()), mods, name.span());
        let returns = self.declared_type(node).filter(|ty| &*ty.name != "void");
        let type_params = self.type_params(node);
        let callable = &mut self.facts[made];
        callable.body = node.span();
        callable.returns = returns;
        callable.type_params = type_params;
        self.annotations(node, Target::Callable(made));
        let outer = self.enter(made);
        if let Some(parameters) = node.child(Role::Parameters) {
            self.parameters(parameters, made);
        }
        if let Some(body) = body {
            self.statement(body);
        }
        // `int size() default 3`
        if let Some(value) = node.child(Role::Value) {
            self.default_value(value);
        }
        self.leave(outer);
    }

    fn default_value(&mut self, node: Node<'a>) {
        match node.kind() {
            Kind::Annotation | Kind::MarkerAnnotation => {
                let here = self.here();
                self.annotation(node, Target::Callable(here));
            }
            Kind::ElementArray => {
                if self.deeper(node) {
                    for child in node.children() {
                        self.default_value(child);
                    }
                    self.shallower();
                }
            }
            _ => {
                let value = self.expr(node);
                self.use_as(value, Usage::Returned);
            }
        }
    }

    fn constructor(&mut self, node: Node<'a>) {
        let span = node.child(Role::Name).map_or(node.span(), Node::span);
        let made = self.push_callable(CallableKind::Constructor, Name::new("<init>"), self.mods(node), span);
        self.facts[made].body = node.span();
        self.facts[made].type_params = self.type_params(node);
        self.annotations(node, Target::Callable(made));
        let outer = self.enter(made);
        match node.child(Role::Parameters) {
            Some(parameters) => self.parameters(parameters, made),
            None => self.components(made),
        }
        if let Some(body) = node.child(Role::Body) {
            self.statement(body);
        }
        self.leave(outer);
    }

    /// The parameters of a compact constructor are the record's components.
    fn components(&mut self, constructor: CallableIx) {
        let Some(owner) = self.owner else { return };
        let of_record = self.facts.fields.iter().filter(|f| f.owner == Some(owner) && !f.mods.has(Mods::STATIC));
        let components: Vec<_> = of_record.map(|f| (f.name, f.ty.clone(), f.span)).collect();
        for (name, ty, span) in components {
            let local = self.declare(name, Some(ty), true, span);
            self.facts[constructor].params.push(local);
        }
    }

    fn initialiser(&mut self, block: Option<Node<'a>>, kind: CallableKind, mods: Mods, span: Span, whole: Node<'a>) {
        let made = self.push_callable(kind, Name::default(), mods, span);
        self.facts[made].body = whole.span();
        let outer = self.enter(made);
        if let Some(block) = block {
            self.statement(block);
        }
        self.leave(outer);
    }

    /// Declares the parameters of a callable; call inside [`Visitor::enter`].
    pub(super) fn parameters(&mut self, list: Node<'a>, callable: CallableIx) {
        for node in list.children() {
            let Some((name, ty)) = self.parameter(node) else { continue };
            let local = self.declare(Name::new(name.text()), ty, true, name.span());
            self.facts[callable].params.push(local);
            self.annotations(node, Target::Local(local));
        }
    }

    /// Name and type of a formal parameter; `T... x` is one more dimension.
    pub(super) fn parameter(&self, node: Node<'a>) -> Option<(Node<'a>, Option<TypeRef>)> {
        match node.kind() {
            Kind::Parameter => {
                let ty = self.declared_type(node).filter(|ty| &*ty.name != "var");
                Some((node.child(Role::Name)?, ty))
            }
            Kind::Spread => {
                let mut ty = node.children().find(|c| Self::is_type(c.kind())).map(|t| self.type_ref(t));
                if let Some(ty) = &mut ty {
                    ty.dims = ty.dims.saturating_add(1);
                }
                Some((node.find(Kind::Declarator)?.child(Role::Name)?, ty))
            }
            _ => None,
        }
    }
}

fn untyped(span: Span) -> TypeRef {
    TypeRef { name: Name::default(), args: Box::default(), dims: 0, span }
}
