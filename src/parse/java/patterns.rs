//! Pattern variables.

use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::Visitor;
use crate::text::Name;

impl<'a> Visitor<'a> {
    /// `x instanceof T t`, `x instanceof P(T t, var u)`.
    pub(super) fn instance_pattern(&mut self, node: Node<'a>) {
        if let Some(pattern) = node.child(Role::Pattern) {
            self.pattern(pattern);
        }
        if let Some(name) = node.child(Role::Name) {
            let ty = node.child(Role::Right).map(|ty| self.type_ref(ty));
            self.declare(Name::new(name.text()), ty, false, name.span());
        }
    }

    /// Declares what a pattern binds.
    pub(super) fn pattern(&mut self, node: Node<'a>) {
        if !self.deeper(node) {
            return;
        }
        match node.kind() {
            Kind::TypePattern | Kind::RecordComponent => {
                let ty = node.children().find(|c| Self::is_type(c.kind())).map(|ty| self.type_ref(ty));
                let name = node.children().filter(|c| c.kind() == Kind::Identifier).last();
                if let Some(name) = name {
                    self.declare(Name::new(name.text()), ty.filter(|ty| &*ty.name != "var"), false, name.span());
                }
            }
            _ => {
                for child in node.children() {
                    let nested = matches!(
                        child.kind(),
                        Kind::TypePattern
                            | Kind::RecordPattern
                            | Kind::RecordPatternBody
                            | Kind::RecordComponent
                            | Kind::Pattern
                    );
                    if nested {
                        self.pattern(child);
                    }
                }
            }
        }
        self.shallower();
    }
}
