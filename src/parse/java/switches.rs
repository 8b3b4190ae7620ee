//! `switch`, for its effects or for its value.

use super::exits::Frame;
use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::Visitor;
use crate::facts::code::{ExprIx, ExprKind};

impl<'a> Visitor<'a> {
    /// A `switch` whose value is taken.
    pub(super) fn switch_value(&mut self, node: Node<'a>) -> ExprIx {
        self.yields.push(Vec::new());
        self.switch(node, true);
        let values = self.yields.pop().unwrap_or_default();
        self.push(ExprKind::Choice(values.into()), node.span())
    }

    /// A `switch`; with `value`, the expressions behind its arrows are what it yields.
    pub(super) fn switch(&mut self, node: Node<'a>, value: bool) {
        if let Some(condition) = node.child(Role::Condition) {
            self.expr(condition);
        }
        self.frames.push(Frame::Switch);
        // A group sees the locals of the groups before it.
        let scope = self.scope.mark();
        for group in node.child(Role::Body).into_iter().flat_map(Node::children) {
            let before = self.scope.mark();
            self.facts.branches.push([group.span()].into());
            for child in group.children() {
                match child.kind() {
                    Kind::SwitchLabel => self.label(child),
                    Kind::ExpressionStatement if value && group.kind() == Kind::SwitchRule => {
                        let Some(expr) = child.first() else { continue };
                        let made = self.expr(expr);
                        if let Some(values) = self.yields.last_mut() {
                            values.push(made);
                        }
                    }
                    _ => self.statement(child),
                }
            }
            if group.kind() == Kind::SwitchRule {
                self.scope.reset(before);
            }
        }
        self.scope.reset(scope);
        self.frames.pop();
    }

    fn label(&mut self, node: Node<'a>) {
        for child in node.children() {
            match child.kind() {
                Kind::Pattern => self.pattern(child),
                Kind::Guard => {
                    if let Some(condition) = child.first() {
                        self.expr(condition);
                    }
                }
                _ => {
                    self.expr(child);
                }
            }
        }
    }
}
