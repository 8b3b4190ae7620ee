//! `switch`, in both forms.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

impl Reader<'_> {
    pub(super) fn switch(&mut self) -> Option<Ix> {
        self.deeper()?;
        let start = self.start();
        let mark = self.mark();
        self.expect(T::Switch)?;
        self.role(Role::Condition, Self::parens)?;
        self.role(Role::Body, Self::switch_block)?;
        self.depth -= 1;
        Some(self.close(Kind::Switch, start, mark))
    }

    fn switch_block(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftBrace)?;
        let mut arrows = None;
        while self.now() != T::RightBrace {
            let (from, inner) = (self.start(), self.mark());
            let label = self.label()?;
            self.kid(label);
            let arrow = self.now() == T::Arrow;
            if *arrows.get_or_insert(arrow) != arrow {
                return unsure();
            }
            let kind = if arrow {
                self.at += 1;
                self.rule()?;
                Kind::SwitchRule
            } else {
                self.expect(T::Colon)?;
                while matches!(self.now(), T::Case | T::Default) {
                    let label = self.label()?;
                    self.kid(label);
                    self.expect(T::Colon)?;
                }
                self.statements()?;
                Kind::SwitchGroup
            };
            let made = self.close(kind, from, inner);
            self.kid(made);
        }
        self.expect(T::RightBrace)?;
        Some(self.close(Kind::Other, start, mark))
    }

    fn rule(&mut self) -> Option<()> {
        let body = match self.now() {
            T::LeftBrace => self.block()?,
            T::Throw => self.statement()?,
            _ => {
                let start = self.start();
                let value = self.expr()?;
                self.expect(T::Semicolon)?;
                self.wrap(Kind::ExpressionStatement, start, value)
            }
        };
        self.kid(body);
        Some(())
    }

    /// `case A, B`, `case T t`, `default`; patterns that need more than a name are left to tree-sitter.
    fn label(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        if self.eat(T::Default) {
            return Some(self.close(Kind::SwitchLabel, start, mark));
        }
        self.expect(T::Case)?;
        if self.now() == T::Name && self.after_type(self.at, 0).is_some_and(|after| self.kind(after) == T::Name) {
            return unsure();
        }
        loop {
            let value = self.conditional()?;
            self.kid(value);
            if !self.eat(T::Comma) {
                break;
            }
        }
        Some(self.close(Kind::SwitchLabel, start, mark))
    }
}
