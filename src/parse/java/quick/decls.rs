//! Files and type declarations.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

impl Reader<'_> {
    pub(super) fn file(&mut self) -> Option<Ix> {
        let first = self.tokens.comments.first().map_or(u32::MAX, |comment| comment.0);
        let start = first.min(self.start());
        let mark = self.mark();
        while self.now() != T::End {
            let from = self.start();
            match self.now() {
                T::Semicolon => {
                    self.at += 1;
                    continue;
                }
                T::Package | T::Import => {
                    let made = self.header()?;
                    self.kid(made);
                    continue;
                }
                _ => {}
            }
            let modifiers = self.modifiers()?;
            if !self.is_type_declaration() {
                return unsure();
            }
            let made = self.type_declaration(from, modifiers)?;
            self.kid(made);
        }
        let root = self.close(Kind::Program, start, mark);
        self.nodes[root as usize].end = self.text.len() as u32;
        Some(root)
    }

    fn header(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        let import = self.now() == T::Import;
        self.at += 1;
        if import && self.now() == T::Static {
            let word = self.leaf(Kind::Modifier);
            self.kid(word);
        }
        let name = self.dotted()?;
        self.kid(name);
        if import && self.now() == T::Dot {
            self.at += 1;
            if self.now() != T::Star {
                return unsure();
            }
            let asterisk = self.leaf(Kind::Asterisk);
            self.kid(asterisk);
        }
        self.expect(T::Semicolon)?;
        Some(self.close(if import { Kind::Import } else { Kind::Package }, start, mark))
    }

    /// Does a type declaration go on here, after its modifiers?
    pub(super) fn is_type_declaration(&self) -> bool {
        match self.now() {
            T::Class | T::Interface | T::Enum => true,
            T::At => self.then() == T::Interface,
            T::Name => {
                self.word(self.at) == "record"
                    && self.then() == T::Name
                    && matches!(self.kind(self.at + 2), T::LeftParen | T::Less)
            }
            _ => false,
        }
    }

    pub(super) fn type_declaration(&mut self, start: u32, modifiers: Option<Ix>) -> Option<Ix> {
        self.deeper()?;
        let mark = self.mark();
        if let Some(modifiers) = modifiers {
            self.kid(modifiers);
        }
        let keyword = self.now();
        self.at += if keyword == T::At { 2 } else { 1 };
        let name = self.name(Kind::Identifier)?;
        self.kid_as(name, Role::Name);
        if self.now() == T::Less {
            if matches!(keyword, T::Enum | T::At) {
                return unsure();
            }
            self.role(Role::TypeParameters, Self::type_parameters)?;
        }
        let kind = match keyword {
            T::Class => {
                if self.now() == T::Extends {
                    let (from, inner) = (self.start(), self.mark());
                    self.at += 1;
                    let ty = self.ty()?;
                    self.kid(ty);
                    let superclass = self.close(Kind::Other, from, inner);
                    self.kid_as(superclass, Role::Superclass);
                }
                self.implemented()?;
                self.role(Role::Body, |reader| reader.class_body(Kind::ClassBody))?;
                Kind::Class
            }
            T::Interface => {
                if self.now() == T::Extends {
                    let extended = self.type_list(Kind::ExtendsInterfaces)?;
                    self.kid(extended);
                }
                self.role(Role::Body, |reader| reader.class_body(Kind::InterfaceBody))?;
                Kind::Interface
            }
            T::Enum => {
                self.implemented()?;
                self.role(Role::Body, Self::enum_body)?;
                Kind::Enum
            }
            T::At => {
                self.role(Role::Body, |reader| reader.class_body(Kind::AnnotationBody))?;
                Kind::AnnotationType
            }
            _ => {
                self.role(Role::Parameters, Self::parameters)?;
                self.implemented()?;
                self.role(Role::Body, |reader| reader.class_body(Kind::ClassBody))?;
                Kind::Record
            }
        };
        self.depth -= 1;
        Some(self.close(kind, start, mark))
    }

    fn implemented(&mut self) -> Option<()> {
        if self.now() == T::Implements {
            let interfaces = self.type_list(Kind::Other)?;
            self.kid_as(interfaces, Role::Interfaces);
        }
        Some(())
    }

    /// `extends A, B`, `implements A, B`.
    fn type_list(&mut self, kind: Kind) -> Option<Ix> {
        let start = self.start();
        self.at += 1;
        let (from, mark) = (self.start(), self.mark());
        self.types(T::Comma)?;
        let list = self.close(Kind::TypeList, from, mark);
        Some(self.wrap(kind, start, list))
    }

    fn enum_body(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftBrace)?;
        while matches!(self.now(), T::Name | T::At) {
            let (from, inner) = (self.start(), self.mark());
            if let Some(modifiers) = self.modifiers()? {
                self.kid(modifiers);
            }
            let name = self.name(Kind::Identifier)?;
            self.kid_as(name, Role::Name);
            if self.now() == T::LeftParen {
                self.role(Role::Arguments, Self::arguments)?;
            }
            if self.now() == T::LeftBrace {
                self.role(Role::Body, |reader| reader.class_body(Kind::ClassBody))?;
            }
            let constant = self.close(Kind::EnumConstant, from, inner);
            self.kid(constant);
            if !self.eat(T::Comma) {
                break;
            }
        }
        if self.now() == T::Semicolon {
            let (from, inner) = (self.start(), self.mark());
            self.at += 1;
            self.members(Kind::ClassBody)?;
            let members = self.close(Kind::EnumMembers, from, inner);
            self.kid(members);
        }
        self.expect(T::RightBrace)?;
        Some(self.close(Kind::EnumBody, start, mark))
    }
}
