//! Declarations of types.

use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::{Visitor, index};
use crate::facts::code::{
    CallableKind, ExprIx, ExprKind, FieldDecl, FieldIx, Mods, Target, TypeDecl, TypeIx, TypeKind, TypeRef, Usage,
};
use crate::text::{Name, Span};

impl<'a> Visitor<'a> {
    /// A declared type with all that is in it.
    pub(super) fn type_decl(&mut self, node: Node<'a>, local: bool) {
        if !self.deeper(node) {
            return;
        }
        let kind = match node.kind() {
            Kind::Interface => TypeKind::Interface,
            Kind::Enum => TypeKind::Enum,
            Kind::Record => TypeKind::Record,
            Kind::AnnotationType => TypeKind::AnnotationType,
            _ => TypeKind::Class,
        };
        let name = node.child(Role::Name);
        let mut supers = Vec::new();
        for child in node.children() {
            if matches!(child.role(), Role::Superclass | Role::Interfaces) || child.kind() == Kind::ExtendsInterfaces {
                self.type_list(child, &mut supers);
            }
        }
        let mut mods = self.mods(node);
        let nested_in = if local { None } else { self.owner.map(|outer| self.facts[outer].kind) };
        if matches!(nested_in, Some(TypeKind::Interface | TypeKind::AnnotationType)) {
            mods.insert(Mods::STATIC | Mods::PUBLIC);
        }
        if kind != TypeKind::Class && (local || nested_in.is_some()) {
            mods.insert(Mods::STATIC);
        }
        if kind == TypeKind::Record {
            mods.insert(Mods::FINAL);
        }
        let made = self.push_type(TypeDecl {
            name: name.map_or(Name::default(), |n| Name::new(n.text())),
            kind,
            outer: self.owner,
            callable: self.callable.filter(|_| local),
            module: Name::default(),
            supers,
            type_params: self.type_params(node),
            constants: Vec::new(),
            mods,
            span: name.map_or(node.span(), Node::span),
            body: node.span(),
        });
        self.annotations(node, Target::Type(made));
        let body = node.child(Role::Body);
        self.within(made, body, |visitor| {
            if kind == TypeKind::Record {
                visitor.record_header(node, body);
            }
            if let Some(body) = body {
                visitor.body(body);
            }
        });
        self.shallower();
    }

    /// `{ … }` behind `new T()` or an enum constant.
    pub(super) fn anonymous(&mut self, body: Node<'a>, of: TypeRef, span: Span) -> Option<TypeIx> {
        if !self.deeper(body) {
            return None;
        }
        let made = self.push_type(TypeDecl {
            name: Name::default(),
            kind: TypeKind::Anonymous,
            outer: self.owner,
            callable: self.callable,
            module: Name::default(),
            supers: vec![of],
            type_params: Vec::new(),
            constants: Vec::new(),
            mods: Mods::default(),
            span,
            body: body.span(),
        });
        self.within(made, Some(body), |visitor| visitor.body(body));
        self.shallower();
        Some(made)
    }

    fn push_type(&mut self, decl: TypeDecl) -> TypeIx {
        let made = TypeIx(index(self.facts.types.len()));
        self.facts.types.push(decl);
        made
    }

    /// Runs `visit` inside the body of a type: its fields hide outer locals, its code leaves no outer loop.
    fn within(&mut self, owner: TypeIx, body: Option<Node<'a>>, visit: impl FnOnce(&mut Self)) {
        let outer = self.owner.replace(owner);
        let scope = self.scope.mark();
        let floor = std::mem::replace(&mut self.floor, self.frames.len());
        if self.callable.is_some() {
            let fields = body.into_iter().flat_map(Node::children).filter(|c| c.kind() == Kind::Field);
            let declarators = fields.flat_map(Node::children).filter(|c| c.role() == Role::Declarator);
            for name in declarators.filter_map(|d| d.child(Role::Name)) {
                self.scope.set(Name::new(name.text()), None);
            }
        }
        visit(self);
        self.floor = floor;
        self.scope.reset(scope);
        self.owner = outer;
    }

    fn body(&mut self, body: Node<'a>) {
        for child in body.children() {
            match child.kind() {
                Kind::EnumConstant => self.enum_constant(child),
                Kind::EnumMembers => self.body(child),
                _ => self.member(child, false),
            }
        }
    }

    fn enum_constant(&mut self, node: Node<'a>) {
        let (Some(owner), Some(name)) = (self.owner, node.child(Role::Name)) else { return };
        let text = Name::new(name.text());
        self.facts[owner].constants.push(text);
        self.annotations(node, Target::File);
        let (arguments, body) = (node.child(Role::Arguments), node.child(Role::Body));
        if arguments.is_none_or(|a| a.first().is_none()) && body.is_none() {
            return;
        }
        let ty = TypeRef { name: self.facts[owner].name, args: Box::default(), dims: 0, span: name.span() };
        let init = self.push_callable(CallableKind::FieldInit, text, Mods::STATIC | Mods::FINAL, name.span());
        self.facts[init].body = node.span();
        let outer = self.enter(init);
        let args = arguments.map(|a| self.arguments(a)).unwrap_or_default();
        let body = body.and_then(|b| self.anonymous(b, ty.clone(), name.span()));
        let made = self.push_new(ty, args, body, node.span());
        self.use_as(made, Usage::ToField);
        self.leave(outer);
    }

    /// A record's components are final fields, and parameters of a constructor unless it writes that one out.
    fn record_header(&mut self, node: Node<'a>, body: Option<Node<'a>>) {
        let Some(header) = node.child(Role::Parameters) else { return };
        let mut count = 0;
        for component in header.children() {
            let Some((name, ty)) = self.parameter(component) else { continue };
            count += 1;
            let field = FieldIx(index(self.facts.fields.len()));
            self.facts.fields.push(FieldDecl {
                name: Name::new(name.text()),
                owner: self.owner,
                module: Name::default(),
                ty: ty.unwrap_or(TypeRef { name: Name::default(), args: Box::default(), dims: 0, span: name.span() }),
                init: None,
                mods: Mods::PRIVATE | Mods::FINAL,
                span: name.span(),
                decl: component.span(),
            });
            self.annotations(component, Target::Field(field));
        }
        let written_out = body.into_iter().flat_map(Node::children).any(|member| match member.kind() {
            Kind::CompactConstructor => true,
            Kind::Constructor => {
                let parameters = member.child(Role::Parameters).into_iter().flat_map(Node::children);
                parameters.filter(|p| matches!(p.kind(), Kind::Parameter | Kind::Spread)).count() == count
            }
            _ => false,
        });
        if !written_out {
            let span = node.child(Role::Name).map_or(node.span(), Node::span);
            let made = self.push_callable(CallableKind::Constructor, Name::new("<init>"), Mods::PUBLIC, span);
            self.facts[made].body = header.span();
            let outer = self.enter(made);
            self.parameters(header, made);
            self.leave(outer);
        }
    }

    /// `new T(args) { body }`.
    pub(super) fn push_new(&mut self, ty: TypeRef, args: Box<[ExprIx]>, body: Option<TypeIx>, span: Span) -> ExprIx {
        let at = ty.span;
        let given = args.clone();
        let made = self.push_at(ExprKind::New { ty: Box::new(ty), args, body }, span, at);
        self.use_as_arguments(&given, made);
        made
    }
}
