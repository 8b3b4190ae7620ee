//! Primary expressions: names, literals, chains of calls, constructions.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

impl Reader<'_> {
    pub(super) fn primary(&mut self) -> Option<Ix> {
        let start = self.start();
        let base = match self.now() {
            T::Name => self.named()?,
            T::String => self.leaf(Kind::String),
            T::Char => self.leaf(Kind::Char),
            T::Decimal => self.leaf(Kind::Decimal),
            T::Hex => self.leaf(Kind::Hex),
            T::Octal => self.leaf(Kind::Octal),
            T::Float => self.leaf(Kind::Float),
            T::True => self.leaf(Kind::True),
            T::False => self.leaf(Kind::False),
            T::Null => self.leaf(Kind::Null),
            T::This if self.then() == T::LeftParen => return unsure(),
            T::This => self.leaf(Kind::This),
            T::Super if matches!(self.then(), T::Dot | T::ColonColon) => self.leaf(Kind::Super),
            T::LeftParen => self.parens()?,
            T::New => self.new_object(None)?,
            T::Switch => return self.switch(),
            kind if kind.is_primitive() => self.of_type()?,
            _ => return unsure(),
        };
        self.chain(start, base)
    }

    pub(super) fn parens(&mut self) -> Option<Ix> {
        let start = self.start();
        self.expect(T::LeftParen)?;
        let inner = self.expr()?;
        self.expect(T::RightParen)?;
        Some(self.wrap(Kind::Parens, start, inner))
    }

    /// What begins with a name: the name, a call, or something of a type (`A.class`, `A[]::new`).
    fn named(&mut self) -> Option<Ix> {
        let start = self.start();
        if self.then() == T::LeftParen {
            let mark = self.mark();
            let name = self.leaf(Kind::Identifier);
            self.kid_as(name, Role::Name);
            let arguments = self.arguments()?;
            self.kid_as(arguments, Role::Arguments);
            return Some(self.close(Kind::Call, start, mark));
        }
        let mut at = self.at + 1;
        while self.kind(at) == T::Dot && self.kind(at + 1) == T::Name {
            at += 2;
        }
        let typed = match self.kind(at) {
            T::Dot => self.kind(at + 1) == T::Class,
            T::LeftBracket => self.kind(at + 1) == T::RightBracket,
            T::Less => self.after_type(self.at, 0).is_some_and(|after| self.kind(after) == T::ColonColon),
            _ => false,
        };
        if typed { self.of_type() } else { Some(self.leaf(Kind::Identifier)) }
    }

    /// `int.class`, `A[]::new`.
    fn of_type(&mut self) -> Option<Ix> {
        let start = self.start();
        let ty = self.ty()?;
        if self.now() == T::ColonColon {
            return Some(ty);
        }
        self.expect(T::Dot)?;
        self.expect(T::Class)?;
        Some(self.wrap(Kind::ClassLiteral, start, ty))
    }

    /// What follows a primary expression.
    fn chain(&mut self, start: u32, base: Ix) -> Option<Ix> {
        let mut made = base;
        loop {
            let mark = self.mark();
            match self.now() {
                T::Dot => match self.then() {
                    T::Name if self.kind(self.at + 2) == T::LeftParen => {
                        self.at += 1;
                        self.kid_as(made, Role::Object);
                        made = self.call(start, mark)?;
                    }
                    T::Name => {
                        self.at += 1;
                        self.kid_as(made, Role::Object);
                        let field = self.leaf(Kind::Identifier);
                        self.kid_as(field, Role::Field);
                        made = self.close(Kind::FieldAccess, start, mark);
                    }
                    T::This => {
                        self.at += 1;
                        self.kid_as(made, Role::Object);
                        let field = self.leaf(Kind::This);
                        self.kid_as(field, Role::Field);
                        made = self.close(Kind::FieldAccess, start, mark);
                    }
                    T::Less => {
                        self.at += 1;
                        self.kid_as(made, Role::Object);
                        let arguments = self.type_arguments()?;
                        self.kid(arguments);
                        made = self.call(start, mark)?;
                    }
                    T::New if self.kind_of(made) != Kind::Super => {
                        self.at += 1;
                        made = self.new_object(Some((start, made)))?;
                    }
                    _ => return unsure(),
                },
                T::LeftBracket if self.kind_of(made) != Kind::ArrayCreation => {
                    self.at += 1;
                    self.kid_as(made, Role::Array);
                    let index = self.expr()?;
                    self.kid_as(index, Role::Index);
                    self.expect(T::RightBracket)?;
                    made = self.close(Kind::ArrayAccess, start, mark);
                }
                T::LeftBracket => return unsure(),
                T::ColonColon => {
                    self.at += 1;
                    self.kid(made);
                    if self.now() == T::Less {
                        let arguments = self.type_arguments()?;
                        self.kid(arguments);
                    }
                    let name = match self.now() {
                        T::New => self.leaf(Kind::NewKeyword),
                        _ => self.name(Kind::Identifier)?,
                    };
                    self.kid(name);
                    made = self.close(Kind::MethodRef, start, mark);
                }
                _ => return Some(made),
            }
        }
    }

    /// The name and the arguments of a call whose object was read.
    fn call(&mut self, start: u32, mark: usize) -> Option<Ix> {
        let name = self.name(Kind::Identifier)?;
        self.kid_as(name, Role::Name);
        let arguments = self.arguments()?;
        self.kid_as(arguments, Role::Arguments);
        Some(self.close(Kind::Call, start, mark))
    }

    pub(super) fn arguments(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftParen)?;
        if self.now() != T::RightParen {
            loop {
                let argument = self.expr()?;
                self.kid(argument);
                if !self.eat(T::Comma) {
                    break;
                }
            }
        }
        self.expect(T::RightParen)?;
        Some(self.close(Kind::Arguments, start, mark))
    }

    /// `new T(…) { … }`, `new T[n]`, `outer.new T()`.
    fn new_object(&mut self, outer: Option<(u32, Ix)>) -> Option<Ix> {
        self.deeper()?;
        let mark = self.mark();
        let start = outer.map_or(self.start(), |(start, _)| start);
        self.expect(T::New)?;
        if let Some((_, outer)) = outer {
            self.kid(outer);
        }
        let ty = self.simple_type()?;
        self.kid_as(ty, Role::Type);
        let made = match self.now() {
            T::LeftParen => {
                let arguments = self.arguments()?;
                self.kid_as(arguments, Role::Arguments);
                if self.now() == T::LeftBrace {
                    let body = self.class_body(Kind::ClassBody)?;
                    self.kid(body);
                }
                self.close(Kind::New, start, mark)
            }
            T::LeftBracket if outer.is_none() => {
                self.array_size()?;
                self.close(Kind::ArrayCreation, start, mark)
            }
            _ => return unsure(),
        };
        self.depth -= 1;
        Some(made)
    }

    fn array_size(&mut self) -> Option<()> {
        let mut sized = false;
        while self.now() == T::LeftBracket && self.then() != T::RightBracket {
            let start = self.start();
            self.at += 1;
            let size = self.expr()?;
            self.expect(T::RightBracket)?;
            let dimension = self.wrap(Kind::Other, start, size);
            self.kid_as(dimension, Role::Dimensions);
            sized = true;
        }
        let dimensions = self.dimensions();
        if let Some(dimensions) = dimensions {
            self.kid_as(dimensions, Role::Dimensions);
        }
        if !sized {
            dimensions?;
            let value = self.array_initializer()?;
            self.kid_as(value, Role::Value);
        }
        Some(())
    }

    /// An expression or `{ … }`.
    pub(super) fn initializer(&mut self) -> Option<Ix> {
        if self.now() == T::LeftBrace { self.array_initializer() } else { self.expr() }
    }

    fn array_initializer(&mut self) -> Option<Ix> {
        self.deeper()?;
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftBrace)?;
        while self.now() != T::RightBrace {
            let value = self.initializer()?;
            self.kid(value);
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::RightBrace)?;
        self.depth -= 1;
        Some(self.close(Kind::ArrayInit, start, mark))
    }
}
