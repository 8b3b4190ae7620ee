//! Expressions: dispatch, chains of calls and selects, constructions, lambdas.

use super::flat::Node;
use super::kinds::{Kind, Role};
use super::literals::literal;
use super::visit::Visitor;
use crate::facts::code::{CallableKind, ExprIx, ExprKind, LoopExit, Mods, Usage};
use crate::text::{Name, Span};

impl<'a> Visitor<'a> {
    /// Is this the kind of an expression?
    pub(super) fn is_expression(kind: Kind) -> bool {
        use Kind::*;
        matches!(
            kind,
            Identifier
                | Call
                | New
                | FieldAccess
                | ArrayAccess
                | MethodRef
                | Lambda
                | Ternary
                | Assignment
                | Binary
                | Unary
                | Update
                | InstanceOf
                | Cast
                | ClassLiteral
                | ArrayCreation
                | ArrayInit
                | Template
                | Parens
                | This
                | Super
                | Switch
                | String
                | Char
                | True
                | False
                | Null
                | Decimal
                | Hex
                | Octal
                | Binaries
                | Float
                | HexFloat
        )
    }

    /// An expression that is used for its value.
    pub(super) fn expr(&mut self, node: Node<'a>) -> ExprIx {
        let node = peel(node);
        if !self.deeper(node) {
            return self.push(ExprKind::Other, node.span());
        }
        let made = self.shape(node);
        self.shallower();
        made
    }

    fn shape(&mut self, node: Node<'a>) -> ExprIx {
        use Kind::*;
        match node.kind() {
            Identifier => {
                let name = Name::new(node.text());
                let kind = self.local(name).map_or(ExprKind::Name(name), ExprKind::Local);
                self.push(kind, node.span())
            }
            Call | FieldAccess | ArrayAccess => self.chain(node),
            This => self.push(ExprKind::This, node.span()),
            Super => self.push(ExprKind::Super, node.span()),
            New => self.construction(node),
            Lambda => self.lambda(node),
            MethodRef => self.method_ref(node),
            Binary => self.binary(node),
            Unary => self.unary(node),
            Ternary => self.choice(node),
            Switch => self.switch_value(node),
            Assignment => self.assignment(node),
            Update => self.update(node),
            Cast => {
                let Some(value) = node.child(Role::Value) else { return self.rest(node) };
                let base = self.expr(value);
                match self.declared_type(node) {
                    Some(ty) => self.push(ExprKind::Cast { ty: Box::new(ty), base }, node.span()),
                    None => base,
                }
            }
            InstanceOf => {
                if let Some(left) = node.child(Role::Left) {
                    self.expr(left);
                }
                self.instance_pattern(node);
                self.push(ExprKind::Other, node.span())
            }
            ClassLiteral => match node.first() {
                Some(ty) if Self::is_type(ty.kind()) => {
                    let ty = self.type_ref(ty);
                    self.push(ExprKind::ClassLiteral(Box::new(ty)), node.span())
                }
                _ => self.rest(node),
            },
            ArrayInit => self.list(node, node.span()),
            ArrayCreation => match node.child(Role::Value) {
                Some(values) => self.list(values, node.span()),
                None => self.rest(node),
            },
            _ => match literal(node) {
                Some(value) => self.push(ExprKind::Literal(value), node.span()),
                None => self.rest(node),
            },
        }
    }

    /// No shape of its own; what is in it is recorded all the same.
    fn rest(&mut self, node: Node<'a>) -> ExprIx {
        for child in node.children() {
            self.any(child);
        }
        self.push(ExprKind::Other, node.span())
    }

    fn list(&mut self, values: Node<'a>, span: Span) -> ExprIx {
        let mark = self.parts.len();
        for value in values.children() {
            let value = self.expr(value);
            self.parts.push(value);
        }
        let values = self.take_parts(mark);
        self.push(ExprKind::List(values), span)
    }

    /// `a.b().c[i].d()`: left-deep and as long as people like, hence a loop.
    fn chain(&mut self, node: Node<'a>) -> ExprIx {
        let mark = self.spine.len();
        let mut next = Some(node);
        let mut innermost = None;
        while let Some(node) = next.map(peel) {
            let inner = match node.kind() {
                Kind::Call | Kind::FieldAccess => node.child(Role::Object),
                Kind::ArrayAccess => node.child(Role::Array),
                _ => {
                    innermost = Some(node);
                    break;
                }
            };
            self.spine.push(node);
            next = inner;
        }
        let mut base = innermost.map(|node| self.expr(node));
        while self.spine.len() > mark {
            let Some(node) = self.spine.pop() else { break };
            base = Some(match node.kind() {
                Kind::Call => self.call(node, base),
                Kind::FieldAccess => self.select(node, base),
                _ => {
                    if let Some(index) = node.child(Role::Index) {
                        self.expr(index);
                    }
                    self.push(ExprKind::Other, node.span())
                }
            });
        }
        base.unwrap_or_else(|| self.push(ExprKind::Other, node.span()))
    }

    fn call(&mut self, node: Node<'a>, base: Option<ExprIx>) -> ExprIx {
        let base = self.base_or_super(node, base);
        let name = node.child(Role::Name);
        let args = node.child(Role::Arguments).map(|a| self.arguments(a)).unwrap_or_default();
        let given = args.clone();
        let (at, name) = name.map_or((node.span(), Name::default()), |n| (n.span(), Name::new(n.text())));
        let made = self.push_at(ExprKind::Call { base, name, args }, node.span(), at);
        if let Some(base) = base {
            self.use_as(base, Usage::Base(made));
        }
        let own = base.is_none_or(|base| match &self.facts[base].kind {
            ExprKind::This => true,
            ExprKind::Name(name) => name.starts_with(char::is_uppercase),
            _ => false,
        });
        if own {
            self.note_guarded(made);
        }
        self.use_as_arguments(&given, made);
        if matches!(&*name, "exit" | "halt") && self.ends_process(base) {
            self.exits_all(LoopExit::OnlyLifecycle);
        }
        made
    }

    fn select(&mut self, node: Node<'a>, base: Option<ExprIx>) -> ExprIx {
        let (Some(base), Some(name)) = (self.base_or_super(node, base), node.child(Role::Field)) else {
            return base.unwrap_or_else(|| self.push(ExprKind::Other, node.span()));
        };
        let made = self.push(ExprKind::Select { base, name: Name::new(name.text()) }, node.span());
        self.use_as(base, Usage::Base(made));
        made
    }

    /// `Outer.super.run()` runs on `super`.
    fn base_or_super(&mut self, node: Node<'a>, base: Option<ExprIx>) -> Option<ExprIx> {
        let word = node.children().find(|c| c.kind() == Kind::Super && c.role() != Role::Object);
        word.map(|word| self.push(ExprKind::Super, word.span())).or(base)
    }

    /// The arguments of a call.
    pub(super) fn arguments(&mut self, list: Node<'a>) -> Box<[ExprIx]> {
        let mark = self.parts.len();
        for argument in list.children() {
            let argument = self.expr(argument);
            self.parts.push(argument);
        }
        self.take_parts(mark)
    }

    pub(super) fn use_as_arguments(&mut self, args: &[ExprIx], call: ExprIx) {
        for (i, arg) in args.iter().enumerate() {
            self.use_as(*arg, Usage::Argument(call, u8::try_from(i).unwrap_or(u8::MAX)));
        }
    }

    fn ends_process(&self, base: Option<ExprIx>) -> bool {
        base.is_some_and(|base| match &self.facts[base].kind {
            ExprKind::Name(name) => &**name == "System",
            ExprKind::Call { name, .. } => &**name == "getRuntime",
            _ => false,
        })
    }

    fn construction(&mut self, node: Node<'a>) -> ExprIx {
        let Some(ty) = self.declared_type(node) else { return self.rest(node) };
        // `outer.new Inner()`
        if let Some(outer) = node.first().filter(|c| c.role() == Role::Other && Self::is_expression(c.kind())) {
            self.expr(outer);
        }
        let args = node.child(Role::Arguments).map(|a| self.arguments(a)).unwrap_or_default();
        let span = Span { start: node.span().start, end: ty.span.end };
        let body = node.find(Kind::ClassBody).and_then(|body| self.anonymous(body, ty.clone(), span));
        self.push_new(ty, args, body, node.span())
    }

    fn lambda(&mut self, node: Node<'a>) -> ExprIx {
        let arrow = node.find(Kind::Arrow).map_or(node.span(), Node::span);
        let made = self.push_callable(CallableKind::Lambda, Name::default(), Mods::default(), arrow);
        self.facts[made].body = node.span();
        let outer = self.enter(made);
        match node.child(Role::Parameters) {
            Some(list) if list.kind() == Kind::Parameters => self.parameters(list, made),
            Some(list) => {
                let names = if list.kind() == Kind::Identifier { Some(list) } else { None };
                let many = list.children().filter(|c| matches!(c.kind(), Kind::Identifier | Kind::Underscore));
                for name in names.into_iter().chain(many) {
                    let local = self.declare(Name::new(name.text()), None, true, name.span());
                    self.facts[made].params.push(local);
                }
            }
            None => {}
        }
        match node.child(Role::Body) {
            Some(body) if body.kind() == Kind::Block => self.statement(body),
            Some(body) => {
                let value = self.expr(body);
                self.use_as(value, Usage::Returned);
            }
            None => {}
        }
        self.leave(outer);
        self.push(ExprKind::Lambda(made), node.span())
    }

    fn method_ref(&mut self, node: Node<'a>) -> ExprIx {
        let mut children = node.children();
        let Some(base) = children.next() else { return self.rest(node) };
        let name = children.last().map_or(Name::default(), |n| Name::new(n.text()));
        let base = if Self::is_type(base.kind()) { self.type_name(base) } else { self.expr(base) };
        let made = self.push(ExprKind::MethodRef { base, name }, node.span());
        self.use_as(base, Usage::Base(made));
        made
    }

    /// A type where a value may stand (`java.util.List::of`): the same shape as `java.util.List` elsewhere.
    fn type_name(&mut self, node: Node<'a>) -> ExprIx {
        let ty = self.type_ref(node);
        if ty.dims > 0 {
            let name = format!("{}{}", ty.name, "[]".repeat(usize::from(ty.dims)));
            return self.push(ExprKind::Name(Name::new(&name)), node.span());
        }
        let mut segments = ty.name.split('.');
        let first = Name::new(segments.next().unwrap_or(""));
        let mut made = self.push(ExprKind::Name(first), ty.span);
        for segment in segments {
            let base = made;
            made = self.push(ExprKind::Select { base, name: Name::new(segment) }, ty.span);
            self.use_as(base, Usage::Base(made));
        }
        made
    }
}

/// What stands in parentheses, however many.
pub(super) fn peel(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == Kind::Parens
        && let Some(inner) = node.first()
    {
        node = inner;
    }
    node
}
