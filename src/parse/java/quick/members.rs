//! Members of types, and parameters.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

impl Reader<'_> {
    /// `{ … }` of a class, interface or annotation type.
    pub(super) fn class_body(&mut self, kind: Kind) -> Option<Ix> {
        self.deeper()?;
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftBrace)?;
        self.members(kind)?;
        self.expect(T::RightBrace)?;
        self.depth -= 1;
        Some(self.close(kind, start, mark))
    }

    /// Members up to the closing brace.
    pub(super) fn members(&mut self, of: Kind) -> Option<()> {
        while self.now() != T::RightBrace {
            if !self.eat(T::Semicolon) {
                let member = self.member(of)?;
                self.kid(member);
            }
        }
        Some(())
    }

    fn member(&mut self, of: Kind) -> Option<Ix> {
        let start = self.start();
        if self.now() == T::LeftBrace {
            return if of == Kind::ClassBody { self.block() } else { unsure() };
        }
        if self.now() == T::Static && self.then() == T::LeftBrace {
            let mark = self.mark();
            let word = self.leaf(Kind::Modifier);
            self.kid(word);
            let block = self.block()?;
            self.kid(block);
            return if of == Kind::ClassBody { Some(self.close(Kind::StaticInit, start, mark)) } else { unsure() };
        }
        let modifiers = self.modifiers()?;
        if self.is_type_declaration() {
            // tree-sitter knows no records within annotation types.
            if of == Kind::AnnotationBody && self.now() == T::Name {
                return unsure();
            }
            return self.type_declaration(start, modifiers);
        }
        let mark = self.mark();
        if let Some(modifiers) = modifiers {
            self.kid(modifiers);
        }
        if self.now() == T::Less {
            self.role(Role::TypeParameters, Self::type_parameters)?;
            if self.now() == T::At {
                return unsure();
            }
        }
        let kind = match (self.now(), self.then()) {
            (T::Name, T::LeftParen) if of == Kind::ClassBody => self.constructor()?,
            (T::Name, T::LeftBrace) if of == Kind::ClassBody => {
                let name = self.leaf(Kind::Identifier);
                self.kid_as(name, Role::Name);
                self.role(Role::Body, Self::block)?;
                Kind::CompactConstructor
            }
            _ => self.field_or_method(of)?,
        };
        Some(self.close(kind, start, mark))
    }

    fn constructor(&mut self) -> Option<Kind> {
        let name = self.leaf(Kind::Identifier);
        self.kid_as(name, Role::Name);
        self.role(Role::Parameters, Self::parameters)?;
        self.thrown()?;
        self.role(Role::Body, Self::constructor_body)?;
        Some(Kind::Constructor)
    }

    fn constructor_body(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftBrace)?;
        if matches!(self.now(), T::This | T::Super) && self.then() == T::LeftParen {
            let (from, inner) = (self.start(), self.mark());
            let kind = if self.now() == T::This { Kind::This } else { Kind::Super };
            let word = self.leaf(kind);
            self.kid_as(word, Role::Constructor);
            self.role(Role::Arguments, Self::arguments)?;
            self.expect(T::Semicolon)?;
            let call = self.close(Kind::ConstructorCall, from, inner);
            self.kid(call);
        }
        self.statements()?;
        self.expect(T::RightBrace)?;
        Some(self.close(Kind::ConstructorBody, start, mark))
    }

    fn field_or_method(&mut self, of: Kind) -> Option<Kind> {
        self.role(Role::Type, Self::ty)?;
        if self.then() != T::LeftParen {
            self.declarators()?;
            return Some(if of == Kind::ClassBody { Kind::Field } else { Kind::Constant });
        }
        let name = self.name(Kind::Identifier)?;
        self.kid_as(name, Role::Name);
        if of == Kind::AnnotationBody {
            self.expect(T::LeftParen)?;
            self.expect(T::RightParen)?;
            if self.eat(T::Default) {
                self.role(Role::Value, Self::element_value)?;
            }
            self.expect(T::Semicolon)?;
            return Some(Kind::AnnotationElement);
        }
        self.role(Role::Parameters, Self::parameters)?;
        if let Some(dimensions) = self.dimensions() {
            self.kid_as(dimensions, Role::Dimensions);
        }
        self.thrown()?;
        if !self.eat(T::Semicolon) {
            self.role(Role::Body, Self::block)?;
        }
        Some(Kind::Method)
    }

    fn thrown(&mut self) -> Option<()> {
        if self.now() == T::Throws {
            let (from, inner) = (self.start(), self.mark());
            self.at += 1;
            self.types(T::Comma)?;
            let thrown = self.close(Kind::Other, from, inner);
            self.kid(thrown);
        }
        Some(())
    }

    /// `(A a, B... b)`.
    pub(super) fn parameters(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftParen)?;
        if self.now() != T::RightParen {
            loop {
                let parameter = self.parameter()?;
                self.kid(parameter);
                if !self.eat(T::Comma) {
                    break;
                }
            }
        }
        self.expect(T::RightParen)?;
        Some(self.close(Kind::Parameters, start, mark))
    }

    fn parameter(&mut self) -> Option<Ix> {
        let (start, mark) = (self.start(), self.mark());
        if let Some(modifiers) = self.modifiers()? {
            self.kid(modifiers);
        }
        let ty = self.ty()?;
        if self.eat(T::Ellipsis) {
            self.kid(ty);
            let (from, inner) = (self.start(), self.mark());
            self.declared_name()?;
            let declarator = self.close(Kind::Declarator, from, inner);
            self.kid(declarator);
            return Some(self.close(Kind::Spread, start, mark));
        }
        self.kid_as(ty, Role::Type);
        self.declared_name()?;
        Some(self.close(Kind::Parameter, start, mark))
    }
}
