//! Types, names and annotations.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

impl Reader<'_> {
    /// `a.b.c`, as one node.
    pub(super) fn dotted(&mut self) -> Option<Ix> {
        let start = self.start();
        self.expect(T::Name)?;
        let mut kind = Kind::Identifier;
        while self.now() == T::Dot && self.then() == T::Name {
            self.at += 2;
            kind = Kind::ScopedIdentifier;
        }
        let end = self.end();
        Some(self.node(kind, start, end))
    }

    /// A type with its array dimensions.
    pub(super) fn ty(&mut self) -> Option<Ix> {
        let start = self.start();
        let element = self.simple_type()?;
        match self.dimensions() {
            None => Some(element),
            Some(dimensions) => {
                let mark = self.mark();
                self.kid_as(element, Role::Element);
                self.kid_as(dimensions, Role::Dimensions);
                Some(self.close(Kind::ArrayType, start, mark))
            }
        }
    }

    /// `[][]`, when it is there.
    pub(super) fn dimensions(&mut self) -> Option<Ix> {
        let start = self.start();
        let first = self.at;
        while self.now() == T::LeftBracket && self.then() == T::RightBracket {
            self.at += 2;
        }
        let end = self.end();
        (self.at > first).then(|| self.node(Kind::Dimensions, start, end))
    }

    /// A type without dimensions.
    pub(super) fn simple_type(&mut self) -> Option<Ix> {
        let kind = match self.now() {
            T::Name => {
                self.deeper()?;
                let found = self.named_type();
                self.depth -= 1;
                return found;
            }
            T::Byte | T::Short | T::Int | T::Long | T::CharType => Kind::Integral,
            T::FloatType | T::Double => Kind::Floating,
            T::Boolean => Kind::Boolean,
            T::Void => Kind::Void,
            _ => return unsure(),
        };
        Some(self.leaf(kind))
    }

    fn named_type(&mut self) -> Option<Ix> {
        let start = self.start();
        let mut found = self.leaf(Kind::TypeIdentifier);
        loop {
            match self.now() {
                T::Dot if self.then() == T::Name => {
                    self.at += 2;
                    let end = self.end();
                    found = self.node(Kind::ScopedType, start, end);
                }
                T::Less if self.kind_of(found) != Kind::GenericType => {
                    let arguments = self.type_arguments()?;
                    let mark = self.mark();
                    self.kid(found);
                    self.kid(arguments);
                    found = self.close(Kind::GenericType, start, mark);
                }
                _ => return Some(found),
            }
        }
    }

    /// `<A, ? extends B>`, `<>`.
    pub(super) fn type_arguments(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::Less)?;
        if !self.eat(T::Greater) {
            loop {
                let argument = if self.now() == T::Question { self.wildcard()? } else { self.ty()? };
                self.kid(argument);
                if !self.eat(T::Comma) {
                    break;
                }
            }
            self.expect(T::Greater)?;
        }
        Some(self.close(Kind::TypeArguments, start, mark))
    }

    fn wildcard(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::Question)?;
        if self.now() == T::Super {
            let bound = self.leaf(Kind::Super);
            self.kid(bound);
            let ty = self.ty()?;
            self.kid(ty);
        } else if self.eat(T::Extends) {
            let ty = self.ty()?;
            self.kid(ty);
        }
        Some(self.close(Kind::Wildcard, start, mark))
    }

    /// `<A, B extends C & D>` of a declaration.
    pub(super) fn type_parameters(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::Less)?;
        loop {
            let (from, inner) = (self.start(), self.mark());
            let name = self.name(Kind::TypeIdentifier)?;
            self.kid(name);
            if self.now() == T::Extends {
                let (from, inner) = (self.start(), self.mark());
                self.at += 1;
                self.types(T::And)?;
                let bound = self.close(Kind::Other, from, inner);
                self.kid(bound);
            }
            let parameter = self.close(Kind::TypeParameter, from, inner);
            self.kid(parameter);
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::Greater)?;
        Some(self.close(Kind::Other, start, mark))
    }

    /// Types between separators, as children of the node at hand.
    pub(super) fn types(&mut self, separator: T) -> Option<()> {
        loop {
            let ty = self.ty()?;
            self.kid(ty);
            if !self.eat(separator) {
                return Some(());
            }
        }
    }

    /// The index after the type that may begin at `ix`. Nothing is read.
    pub(super) fn after_type(&self, ix: usize, depth: u32) -> Option<usize> {
        let mut at = ix + 1;
        if self.kind(ix) == T::Name {
            loop {
                match self.kind(at) {
                    T::Dot if self.kind(at + 1) == T::Name => at += 2,
                    T::Less if depth < 16 => at = self.after_arguments(at, depth)?,
                    _ => break,
                }
            }
        } else if !self.kind(ix).is_primitive() {
            return None;
        }
        while self.kind(at) == T::LeftBracket && self.kind(at + 1) == T::RightBracket {
            at += 2;
        }
        Some(at)
    }

    fn after_arguments(&self, less: usize, depth: u32) -> Option<usize> {
        let mut at = less + 1;
        if self.kind(at) == T::Greater {
            return Some(at + 1);
        }
        loop {
            if self.kind(at) == T::Question {
                at += 1;
                if matches!(self.kind(at), T::Extends | T::Super) {
                    at = self.after_type(at + 1, depth + 1)?;
                }
            } else {
                at = self.after_type(at, depth + 1)?;
            }
            match self.kind(at) {
                T::Comma => at += 1,
                T::Greater => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// Annotations and modifiers before a declaration; none when there are none.
    pub(super) fn modifiers(&mut self) -> Option<Option<Ix>> {
        let start = self.start();
        let mark = self.mark();
        let first = self.at;
        loop {
            match self.now() {
                T::At if self.then() == T::Interface => break,
                T::At => {
                    let annotation = self.annotation()?;
                    self.kid(annotation);
                }
                T::Public
                | T::Protected
                | T::Private
                | T::Abstract
                | T::Static
                | T::Final
                | T::Default
                | T::Synchronized
                | T::Native
                | T::Volatile => {
                    let word = self.leaf(Kind::Modifier);
                    self.kid(word);
                }
                T::Strictfp | T::Transient => self.at += 1,
                T::Name if matches!(self.word(self.at), "sealed" | "non") => {
                    // `sealed` may be a name; `non-sealed` is three tokens here.
                    let names = matches!(self.then(), T::Class | T::Interface | T::Minus | T::Abstract | T::Public);
                    if names {
                        return unsure();
                    }
                    break;
                }
                _ => break,
            }
        }
        Some((self.at > first).then(|| self.close(Kind::Modifiers, start, mark)))
    }

    pub(super) fn annotation(&mut self) -> Option<Ix> {
        self.deeper()?;
        let start = self.start();
        let mark = self.mark();
        self.expect(T::At)?;
        let name = self.dotted()?;
        self.kid_as(name, Role::Name);
        let made = if self.now() == T::LeftParen {
            let arguments = self.annotation_arguments()?;
            self.kid_as(arguments, Role::Arguments);
            self.close(Kind::Annotation, start, mark)
        } else {
            self.close(Kind::MarkerAnnotation, start, mark)
        };
        self.depth -= 1;
        Some(made)
    }

    fn annotation_arguments(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftParen)?;
        if self.now() == T::Name && self.then() == T::Assign {
            loop {
                let (from, inner) = (self.start(), self.mark());
                let key = self.name(Kind::Identifier)?;
                self.kid_as(key, Role::Key);
                self.expect(T::Assign)?;
                let value = self.element_value()?;
                self.kid_as(value, Role::Value);
                let pair = self.close(Kind::ElementPair, from, inner);
                self.kid(pair);
                if !self.eat(T::Comma) {
                    break;
                }
            }
        } else if self.now() != T::RightParen {
            let value = self.element_value()?;
            self.kid(value);
        }
        self.expect(T::RightParen)?;
        Some(self.close(Kind::AnnotationArguments, start, mark))
    }

    pub(super) fn element_value(&mut self) -> Option<Ix> {
        match self.now() {
            T::At => self.annotation(),
            T::LeftBrace => {
                self.deeper()?;
                let start = self.start();
                let mark = self.mark();
                self.at += 1;
                while self.now() != T::RightBrace {
                    let value = self.element_value()?;
                    self.kid(value);
                    if !self.eat(T::Comma) {
                        break;
                    }
                }
                self.expect(T::RightBrace)?;
                self.depth -= 1;
                Some(self.close(Kind::ElementArray, start, mark))
            }
            _ => self.conditional(),
        }
    }
}
