//! Operators, assignments, choices.

use super::exprs::peel;
use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::Visitor;
use crate::facts::code::{Assign, AssignOp, ExprIx, ExprKind, Literal, LocalIx, Usage};
use crate::text::{Name, Span};

/// Where an assignment goes.
enum Place {
    Local(LocalIx),
    /// An element of something local: nobody else sees it.
    Element,
    /// Anything else, with the expression that stands for it.
    Shared(ExprIx),
}

impl<'a> Visitor<'a> {
    /// `a + b * c - d`: left-deep and as long as people like, hence a loop.
    pub(super) fn binary(&mut self, node: Node<'a>) -> ExprIx {
        let mark = self.spine.len();
        let mut left = node;
        while left.kind() == Kind::Binary {
            self.spine.push(left);
            let Some(next) = left.child(Role::Left) else { break };
            left = next;
        }
        let parts = self.parts.len();
        let mut value = self.expr(left);
        let mut span = left.span();
        while self.spine.len() > mark {
            let Some(node) = self.spine.pop() else { break };
            let operator = node.child(Role::Operator).map_or("", Node::text);
            if operator != "+" && self.parts.len() > parts {
                value = self.sum(parts, span);
            }
            let right = node.child(Role::Right).map(|right| self.expr(right));
            span = node.span();
            let Some(right) = right else { continue };
            if operator == "+" {
                if self.parts.len() == parts {
                    self.parts.push(value);
                }
                self.parts.push(right);
            } else {
                value = self.push(ExprKind::Binary { op: Name::new(operator), left: value, right }, span);
            }
        }
        if self.parts.len() > parts { self.sum(parts, span) } else { value }
    }

    /// What was added up since `mark`: a concatenation unless all parts are surely numbers.
    fn sum(&mut self, mark: usize, span: Span) -> ExprIx {
        let parts = self.take_parts(mark);
        if !parts.iter().all(|part| self.is_number(*part)) {
            return self.push(ExprKind::Concat(parts), span);
        }
        let op = Name::new("+");
        let start = span.start;
        let mut parts = parts.into_iter();
        let Some(mut left) = parts.next() else { return self.push(ExprKind::Other, span) };
        for right in parts {
            let end = self.facts[right].span.end;
            left = self.push(ExprKind::Binary { op, left, right }, Span { start, end });
        }
        self.facts[left].span = span;
        self.facts[left].at = span;
        left
    }

    fn is_number(&self, expr: ExprIx) -> bool {
        match &self.facts[expr].kind {
            ExprKind::Literal(literal) => matches!(literal, Literal::Int(_) | Literal::Float(_)),
            ExprKind::Binary { .. } | ExprKind::Unary { .. } => true,
            ExprKind::Cast { ty, .. } => ty.dims == 0 && is_numeric(&ty.name),
            ExprKind::Local(local) => {
                self.facts[*local].ty.as_ref().is_some_and(|ty| ty.dims == 0 && is_numeric(&ty.name))
            }
            _ => false,
        }
    }

    pub(super) fn unary(&mut self, node: Node<'a>) -> ExprIx {
        let Some(operand) = node.child(Role::Operand) else { return self.push(ExprKind::Other, node.span()) };
        let op = Name::new(node.child(Role::Operator).map_or("", Node::text));
        let base = self.expr(operand);
        self.push(ExprKind::Unary { op, base }, node.span())
    }

    /// `a ? x : b ? y : z` is one choice among x, y, z.
    pub(super) fn choice(&mut self, node: Node<'a>) -> ExprIx {
        let mark = self.parts.len();
        let guards = self.guards.len();
        let (mut next, mut first) = (Some(node), None);
        while let Some(node) = next.take() {
            let condition = node.child(Role::Condition).map(|c| self.expr(c));
            first = first.or(condition);
            if let Some(then) = node.child(Role::Consequence) {
                let outside = self.guard(condition, true);
                let then = self.expr(then);
                self.guards.truncate(outside);
                self.parts.push(then);
            }
            match node.child(Role::Alternative).map(peel) {
                Some(otherwise) if otherwise.kind() == Kind::Ternary => {
                    self.guard(condition, false);
                    next = Some(otherwise);
                }
                Some(otherwise) => {
                    self.guard(condition, false);
                    let otherwise = self.expr(otherwise);
                    self.parts.push(otherwise);
                }
                None => {}
            }
        }
        self.guards.truncate(guards);
        let values = self.take_parts(mark);
        let made = self.push(ExprKind::Choice(values), node.span());
        self.ternary = first.map(|condition| (made, condition));
        made
    }

    /// `target = value`. Its value is that of the right side, so that `(x = make()).run()` keeps its sense.
    pub(super) fn assignment(&mut self, node: Node<'a>) -> ExprIx {
        let (Some(left), Some(right)) = (node.child(Role::Left), node.child(Role::Right)) else {
            return self.push(ExprKind::Other, node.span());
        };
        let place = self.place(left);
        let value = self.expr(right);
        let plain = node.child(Role::Operator).is_none_or(|op| op.text() == "=");
        match place {
            Place::Local(local) if plain => self.use_as(value, Usage::ToLocal(local)),
            Place::Shared(target) => {
                let op = if plain { AssignOp::Set } else { AssignOp::Update };
                let lazy = plain && self.is_lazy(left, value);
                if plain {
                    self.use_as(value, Usage::ToField);
                }
                let flags = if plain { self.known_flags() } else { Vec::new() };
                if !flags.is_empty() {
                    if lazy {
                        let here = self.here();
                        self.turned.insert((here, Name::new(super::guards::bare(left.text()))));
                    }
                    self.under_flags.push((self.facts.assigns.len(), flags));
                }
                self.push_assign(target, Some(value), op, lazy, node.span());
            }
            _ => {}
        }
        if plain { value } else { self.push(ExprKind::Other, node.span()) }
    }

    /// `x++`, `--x`.
    pub(super) fn update(&mut self, node: Node<'a>) -> ExprIx {
        if let Some(operand) = node.children().find(|c| c.kind() != Kind::Operator)
            && let Place::Shared(target) = self.place(peel(operand))
        {
            self.push_assign(target, None, AssignOp::Update, false, node.span());
        }
        self.push(ExprKind::Other, node.span())
    }

    fn place(&mut self, node: Node<'a>) -> Place {
        match node.kind() {
            Kind::Identifier => match self.local(Name::new(node.text())) {
                Some(local) => Place::Local(local),
                None => Place::Shared(self.expr(node)),
            },
            Kind::ArrayAccess => {
                // `grid[i][j] = …` changes `grid`.
                let mut array = node;
                while array.kind() == Kind::ArrayAccess {
                    if let Some(index) = array.child(Role::Index) {
                        self.expr(index);
                    }
                    let Some(inner) = array.child(Role::Array) else { break };
                    array = peel(inner);
                }
                let array = self.expr(array);
                if matches!(self.facts[array].kind, ExprKind::Local(_)) { Place::Element } else { Place::Shared(array) }
            }
            _ => Place::Shared(self.expr(node)),
        }
    }

    fn push_assign(&mut self, target: ExprIx, value: Option<ExprIx>, op: AssignOp, lazy: bool, span: Span) {
        let callable = self.here();
        self.facts.assigns.push(Assign { target, value, op, lazy, callable, span });
    }
}

fn is_numeric(name: &str) -> bool {
    matches!(name, "int" | "long" | "short" | "byte" | "char" | "double" | "float")
}
