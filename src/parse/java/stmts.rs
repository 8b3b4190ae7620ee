//! Statements.

use super::exits::Frame;
use super::flat::Node;
use super::kinds::{Kind, Role};
use super::typerefs::dimensions;
use super::visit::Visitor;
use crate::facts::code::{ExprKind, LoopExit, Target, Usage};
use crate::text::Name;

impl<'a> Visitor<'a> {
    /// Is this the kind of a statement?
    pub(super) fn is_statement(kind: Kind) -> bool {
        use Kind::*;
        matches!(
            kind,
            Block
                | ConstructorBody
                | ConstructorCall
                | LocalVariable
                | ExpressionStatement
                | If
                | While
                | Do
                | For
                | ForEach
                | Labeled
                | Synchronized
                | Try
                | TryResources
                | Return
                | Throw
                | Yield
                | Break
                | Continue
                | Assert
        )
    }

    /// A statement.
    pub(super) fn statement(&mut self, node: Node<'a>) {
        if !self.deeper(node) {
            return;
        }
        match node.kind() {
            Kind::Block | Kind::ConstructorBody => self.block(node),
            Kind::ExpressionStatement => {
                if let Some(expr) = node.first() {
                    self.dropped(expr);
                }
            }
            Kind::LocalVariable if self.callable.is_none() => self.fields(node),
            Kind::LocalVariable => self.local_variables(node),
            Kind::If => self.if_chain(node),
            Kind::While | Kind::Do | Kind::For | Kind::ForEach => self.repeat(node),
            Kind::Switch => self.switch(node, false),
            Kind::Try | Kind::TryResources => self.try_statement(node),
            Kind::Return => {
                if let Some(value) = node.first() {
                    let value = self.expr(value);
                    self.use_as(value, Usage::Returned);
                }
                self.exits_all(LoopExit::Conditional);
            }
            Kind::Throw => {
                let thrown = node.first().map(|e| self.expr(e));
                self.throws(thrown);
            }
            Kind::Yield => {
                if let Some(value) = node.first() {
                    let value = self.expr(value);
                    self.use_as(value, Usage::Returned);
                    if let Some(values) = self.yields.last_mut() {
                        values.push(value);
                    }
                }
            }
            Kind::Break | Kind::Continue => self.jump(node),
            Kind::Labeled => {
                let mut children = node.children();
                let label = children.next().map_or(Name::default(), |l| Name::new(l.text()));
                self.frames.push(Frame::Label(label));
                for child in children {
                    self.statement(child);
                }
                self.frames.pop();
            }
            Kind::ConstructorCall => self.constructor_call(node),
            Kind::Semicolon => {}
            Kind::Synchronized | Kind::Assert => {
                for child in node.children() {
                    self.any(child);
                }
            }
            // Expressions, declarations, what error recovery leaves: none of these comes back here.
            _ => self.any(node),
        }
        self.shallower();
    }

    fn block(&mut self, node: Node<'a>) {
        let (scope, guards) = (self.scope.mark(), self.guards.len());
        for child in node.children() {
            self.statement(child);
        }
        self.scope.reset(scope);
        self.guards.truncate(guards);
    }

    /// An expression whose value nobody takes.
    pub(super) fn dropped(&mut self, node: Node<'a>) {
        match node.kind() {
            Kind::Switch => self.switch(node, false),
            Kind::Assignment => {
                self.assignment(node);
            }
            _ => {
                let value = self.expr(node);
                self.use_as(value, Usage::Dropped);
            }
        }
    }

    pub(super) fn local_variables(&mut self, node: Node<'a>) {
        let ty = self.declared_type(node).filter(|ty| &*ty.name != "var");
        for declarator in node.children().filter(|c| c.role() == Role::Declarator) {
            let Some(name) = declarator.child(Role::Name) else { continue };
            let mut ty = ty.clone();
            if let Some(ty) = &mut ty {
                ty.dims = ty.dims.saturating_add(dimensions(declarator));
            }
            let local = self.declare(Name::new(name.text()), ty, false, name.span());
            self.annotations(node, Target::Local(local));
            if let Some(value) = declarator.child(Role::Value) {
                let value = self.expr(value);
                self.use_as(value, Usage::ToLocal(local));
                self.facts[local].init = Some(value);
            }
        }
    }

    /// `if … else if … else`, however long.
    fn if_chain(&mut self, node: Node<'a>) {
        let (scope, frames, guards) = (self.scope.mark(), self.frames.len(), self.guards.len());
        let mut next = Some(node);
        let mut abrupt = false;
        while let Some(node) = next.take() {
            let condition = node.child(Role::Condition).map(|c| self.expr(c));
            let lifecycle = condition.and_then(|c| self.lifecycle(c));
            let arms: Vec<_> = [Role::Consequence, Role::Alternative]
                .map(|r| node.child(r).map(Node::span))
                .into_iter()
                .flatten()
                .collect();
            if let ([then], Some(asked)) = (arms.as_slice(), node.child(Role::Condition))
                && node.child(Role::Consequence).is_some_and(is_plain)
            {
                self.facts.plain.push([asked.span(), *then]);
            }
            self.facts.branches.push(arms.into());
            if let Some(then) = node.child(Role::Consequence) {
                let outside = self.guard(condition, true);
                let inner = self.frames.len();
                if lifecycle == Some(true) {
                    self.frames.push(Frame::Lifecycle);
                }
                self.statement(then);
                self.frames.truncate(inner);
                self.guards.truncate(outside);
                abrupt = ends_abruptly(then);
            }
            self.guard(condition, false);
            let Some(otherwise) = node.child(Role::Alternative) else {
                // `if (x != null) return x;` holds for the rest of the block, as do patterns of `if (!(x instanceof T t)) return;`.
                if abrupt && frames == self.frames.len() {
                    return;
                }
                break;
            };
            if lifecycle == Some(false) {
                self.frames.push(Frame::Lifecycle);
            }
            if otherwise.kind() == Kind::If {
                next = Some(otherwise);
            } else {
                self.statement(otherwise);
            }
        }
        self.frames.truncate(frames);
        self.guards.truncate(guards);
        self.scope.reset(scope);
    }

    fn try_statement(&mut self, node: Node<'a>) {
        let clauses = node.children().filter(|c| c.kind() == Kind::Catch);
        let caught: Vec<Vec<Name>> = clauses.map(|c| self.caught(c)).collect();
        let scope = self.scope.mark();
        self.frames.push(Frame::Try(caught.concat()));
        if let Some(resources) = node.child(Role::Resources) {
            for resource in resources.children() {
                self.resource(resource);
            }
        }
        if let Some(body) = node.child(Role::Body) {
            self.statement(body);
        }
        self.frames.pop();
        self.scope.reset(scope);
        let clauses = node.children().filter(|c| c.kind() == Kind::Catch);
        for (clause, caught) in clauses.zip(caught) {
            let frames = self.frames.len();
            self.frames.push(match Self::is_interruption(&caught) {
                true => Frame::Lifecycle,
                false => Frame::Failure,
            });
            if let Some(parameter) = clause.find(Kind::CatchParameter)
                && let Some(name) = parameter.child(Role::Name)
            {
                let ty = parameter.find(Kind::CatchType).and_then(Node::first).map(|ty| self.type_ref(ty));
                let local = self.declare(Name::new(name.text()), ty, true, name.span());
                self.annotations(parameter, Target::Local(local));
            }
            if let Some(body) = clause.child(Role::Body) {
                self.facts.branches.push([body.span()].into());
                self.statement(body);
            }
            self.frames.truncate(frames);
            self.scope.reset(scope);
        }
        if let Some(block) = node.find(Kind::Finally).and_then(Node::first) {
            self.statement(block);
        }
    }

    fn caught(&self, clause: Node<'a>) -> Vec<Name> {
        let types = clause.find(Kind::CatchParameter).and_then(|p| p.find(Kind::CatchType));
        types.into_iter().flat_map(Node::children).map(|ty| self.type_ref(ty).name).collect()
    }

    fn resource(&mut self, node: Node<'a>) {
        let Some(name) = node.child(Role::Name) else {
            if let Some(existing) = node.first() {
                let existing = self.expr(existing);
                self.use_as(existing, Usage::Resource);
            }
            return;
        };
        let ty = self.declared_type(node).filter(|ty| &*ty.name != "var");
        let local = self.declare(Name::new(name.text()), ty, false, name.span());
        if let Some(value) = node.child(Role::Value) {
            let value = self.expr(value);
            self.use_as(value, Usage::Resource);
            self.facts[local].init = Some(value);
        }
    }

    /// `this(…)` and `super(…)` are calls of those names.
    fn constructor_call(&mut self, node: Node<'a>) {
        let base = node.child(Role::Object).map(|o| self.expr(o));
        let word = node.child(Role::Constructor);
        let args = node.child(Role::Arguments).map(|a| self.arguments(a)).unwrap_or_default();
        let given = args.clone();
        let (at, name) = word.map_or((node.span(), Name::default()), |w| (w.span(), Name::new(w.text())));
        let made = self.push_at(ExprKind::Call { base, name, args }, node.span(), at);
        if let Some(base) = base {
            self.use_as(base, Usage::Base(made));
        }
        self.use_as_arguments(&given, made);
        self.use_as(made, Usage::Dropped);
    }
}

/// Does control never reach the end of this statement, at first sight?
pub(super) fn ends_abruptly(node: Node<'_>) -> bool {
    let mut node = node;
    for _ in 0..16 {
        match node.kind() {
            Kind::Return | Kind::Throw | Kind::Break | Kind::Continue => return true,
            Kind::Block => match node.children().last() {
                Some(last) => node = last,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// Nothing but statements of one expression each.
fn is_plain(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::ExpressionStatement => true,
        Kind::Block => node.children().all(|child| child.kind() == Kind::ExpressionStatement),
        _ => false,
    }
}
