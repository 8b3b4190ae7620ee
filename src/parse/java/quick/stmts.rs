//! Statements.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

impl Reader<'_> {
    pub(super) fn block(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftBrace)?;
        self.statements()?;
        self.expect(T::RightBrace)?;
        Some(self.close(Kind::Block, start, mark))
    }

    /// Statements up to a brace or a label of a `switch`.
    pub(super) fn statements(&mut self) -> Option<()> {
        while !matches!(self.now(), T::RightBrace | T::Case | T::Default | T::End) {
            if !self.eat(T::Semicolon) {
                let statement = self.statement()?;
                self.kid(statement);
            }
        }
        Some(())
    }

    /// The body of a loop or branch; an empty one is a node there.
    fn branch(&mut self) -> Option<Ix> {
        if self.now() == T::Semicolon { Some(self.leaf(Kind::Semicolon)) } else { self.statement() }
    }

    pub(super) fn statement(&mut self) -> Option<Ix> {
        self.deeper()?;
        let start = self.start();
        let mark = self.mark();
        let kind = match self.now() {
            T::LeftBrace => {
                let block = self.block();
                self.depth -= 1;
                return block;
            }
            T::If => {
                self.at += 1;
                self.role(Role::Condition, Self::parens)?;
                self.role(Role::Consequence, Self::branch)?;
                if self.eat(T::Else) {
                    self.role(Role::Alternative, Self::branch)?;
                }
                Kind::If
            }
            T::While => {
                self.at += 1;
                self.role(Role::Condition, Self::parens)?;
                self.role(Role::Body, Self::branch)?;
                Kind::While
            }
            T::Do => {
                self.at += 1;
                self.role(Role::Body, Self::branch)?;
                self.expect(T::While)?;
                self.role(Role::Condition, Self::parens)?;
                self.token_kid(T::Semicolon, Kind::Semicolon)?;
                Kind::Do
            }
            T::For => self.repeat()?,
            T::Return => {
                self.at += 1;
                self.until_semicolon()?;
                Kind::Return
            }
            T::Throw => {
                self.at += 1;
                let thrown = self.expr()?;
                self.kid(thrown);
                self.expect(T::Semicolon)?;
                Kind::Throw
            }
            T::Break | T::Continue => {
                let kind = if self.now() == T::Break { Kind::Break } else { Kind::Continue };
                self.at += 1;
                if let Some(label) = self.name(Kind::Identifier) {
                    self.kid(label);
                }
                self.expect(T::Semicolon)?;
                kind
            }
            T::Try => self.attempt()?,
            T::Switch => {
                self.depth -= 1;
                return self.switch();
            }
            T::Synchronized if self.then() == T::LeftParen => {
                self.at += 1;
                let lock = self.parens()?;
                self.kid(lock);
                self.role(Role::Body, Self::block)?;
                Kind::Synchronized
            }
            T::Assert => {
                self.at += 1;
                let asserted = self.expr()?;
                self.kid(asserted);
                if self.eat(T::Colon) {
                    let message = self.expr()?;
                    self.kid(message);
                }
                self.expect(T::Semicolon)?;
                Kind::Assert
            }
            T::At | T::Final | T::Abstract | T::Static | T::Strictfp | T::Class | T::Interface | T::Enum => {
                let modifiers = self.modifiers()?;
                self.depth -= 1;
                if self.is_type_declaration() {
                    return self.type_declaration(start, modifiers);
                }
                return self.local_variable(start, modifiers);
            }
            T::Name if self.then() == T::Colon => {
                let label = self.leaf(Kind::Identifier);
                self.kid(label);
                self.at += 1;
                let labeled = self.branch()?;
                self.kid(labeled);
                Kind::Labeled
            }
            T::Name if self.is_special() => return unsure(),
            _ if self.declares(self.at) => {
                self.depth -= 1;
                return self.local_variable(start, None);
            }
            _ => {
                let expr = self.expr()?;
                self.kid(expr);
                self.expect(T::Semicolon)?;
                Kind::ExpressionStatement
            }
        };
        self.depth -= 1;
        Some(self.close(kind, start, mark))
    }

    /// Words that are keywords at the start of a statement and names elsewhere.
    fn is_special(&self) -> bool {
        matches!(self.word(self.at), "yield" | "record" | "sealed" | "non" | "open" | "module" | "with")
    }

    /// Adds what `read` reads, in a role.
    pub(super) fn role(&mut self, role: Role, read: fn(&mut Self) -> Option<Ix>) -> Option<()> {
        let made = read(self)?;
        self.kid_as(made, role);
        Some(())
    }

    fn token_kid(&mut self, token: T, kind: Kind) -> Option<()> {
        if self.now() != token {
            return unsure();
        }
        let made = self.leaf(kind);
        self.kid(made);
        Some(())
    }

    fn until_semicolon(&mut self) -> Option<()> {
        if self.now() != T::Semicolon {
            let value = self.expr()?;
            self.kid(value);
        }
        self.expect(T::Semicolon)
    }

    /// Does a declaration of variables without modifiers begin at `ix`?
    fn declares(&self, ix: usize) -> bool {
        self.after_type(ix, 0).is_some_and(|after| {
            self.kind(after) == T::Name
                && matches!(self.kind(after + 1), T::Assign | T::Semicolon | T::Comma | T::LeftBracket | T::Colon)
        })
    }

    fn local_variable(&mut self, start: u32, modifiers: Option<Ix>) -> Option<Ix> {
        let mark = self.mark();
        if let Some(modifiers) = modifiers {
            self.kid(modifiers);
        }
        self.role(Role::Type, Self::ty)?;
        self.declarators()?;
        Some(self.close(Kind::LocalVariable, start, mark))
    }

    /// `a = 1, b[];`
    pub(super) fn declarators(&mut self) -> Option<()> {
        loop {
            self.role(Role::Declarator, Self::declarator)?;
            if !self.eat(T::Comma) {
                return self.expect(T::Semicolon);
            }
        }
    }

    pub(super) fn declarator(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.declared_name()?;
        if self.eat(T::Assign) {
            self.role(Role::Value, Self::initializer)?;
        }
        Some(self.close(Kind::Declarator, start, mark))
    }

    /// A name and its dimensions.
    pub(super) fn declared_name(&mut self) -> Option<()> {
        let name = self.name(Kind::Identifier)?;
        self.kid_as(name, Role::Name);
        if let Some(dimensions) = self.dimensions() {
            self.kid_as(dimensions, Role::Dimensions);
        }
        Some(())
    }

    fn repeat(&mut self) -> Option<Kind> {
        self.at += 1;
        self.expect(T::LeftParen)?;
        let start = self.start();
        let modifiers = if matches!(self.now(), T::At | T::Final) { self.modifiers()? } else { None };
        let kind = if modifiers.is_some() || self.declares(self.at) {
            let after = self.after_type(self.at, 0)?;
            if self.kind(after + 1) == T::Colon {
                if let Some(modifiers) = modifiers {
                    self.kid(modifiers);
                }
                self.role(Role::Type, Self::ty)?;
                self.declared_name()?;
                self.expect(T::Colon)?;
                self.role(Role::Value, Self::expr)?;
                Kind::ForEach
            } else {
                let init = self.local_variable(start, modifiers)?;
                self.kid_as(init, Role::Init);
                self.head()?;
                Kind::For
            }
        } else {
            self.expressions(Role::Init, T::Semicolon)?;
            self.token_kid(T::Semicolon, Kind::Semicolon)?;
            self.head()?;
            Kind::For
        };
        self.token_kid(T::RightParen, Kind::Close)?;
        self.role(Role::Body, Self::branch)?;
        Some(kind)
    }

    /// Condition and updates of a `for`.
    fn head(&mut self) -> Option<()> {
        if self.now() != T::Semicolon {
            self.role(Role::Condition, Self::expr)?;
        }
        self.token_kid(T::Semicolon, Kind::Semicolon)?;
        self.expressions(Role::Update, T::RightParen)
    }

    fn expressions(&mut self, role: Role, end: T) -> Option<()> {
        if self.now() == end {
            return Some(());
        }
        loop {
            self.role(role, Self::expr)?;
            if !self.eat(T::Comma) {
                return Some(());
            }
        }
    }

    fn attempt(&mut self) -> Option<Kind> {
        self.at += 1;
        let mut kind = Kind::Try;
        if self.now() == T::LeftParen {
            kind = Kind::TryResources;
            self.role(Role::Resources, Self::resources)?;
        }
        self.role(Role::Body, Self::block)?;
        let mut handled = kind == Kind::TryResources;
        while self.now() == T::Catch {
            let clause = self.catch()?;
            self.kid(clause);
            handled = true;
        }
        if self.now() == T::Finally {
            let start = self.start();
            self.at += 1;
            let block = self.block()?;
            let clause = self.wrap(Kind::Finally, start, block);
            self.kid(clause);
            handled = true;
        }
        handled.then_some(kind)
    }

    fn resources(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftParen)?;
        while self.now() != T::RightParen {
            let (from, inner) = (self.start(), self.mark());
            let modifiers = if matches!(self.now(), T::At | T::Final) { self.modifiers()? } else { None };
            if modifiers.is_some() || self.declares(self.at) {
                if let Some(modifiers) = modifiers {
                    self.kid(modifiers);
                }
                self.role(Role::Type, Self::ty)?;
                self.declared_name()?;
                self.expect(T::Assign)?;
                self.role(Role::Value, Self::expr)?;
            } else {
                let held = self.primary()?;
                if !matches!(self.kind_of(held), Kind::Identifier | Kind::FieldAccess) {
                    return unsure();
                }
                self.kid(held);
            }
            let resource = self.close(Kind::Resource, from, inner);
            self.kid(resource);
            if !self.eat(T::Semicolon) {
                break;
            }
        }
        self.expect(T::RightParen)?;
        Some(self.close(Kind::Other, start, mark))
    }

    fn catch(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.at += 1;
        self.expect(T::LeftParen)?;
        let (from, inner) = (self.start(), self.mark());
        if let Some(modifiers) = self.modifiers()? {
            self.kid(modifiers);
        }
        let (first, types) = (self.start(), self.mark());
        self.types(T::Or)?;
        let types = self.close(Kind::CatchType, first, types);
        self.kid(types);
        self.declared_name()?;
        let parameter = self.close(Kind::CatchParameter, from, inner);
        self.kid(parameter);
        self.expect(T::RightParen)?;
        self.role(Role::Body, Self::block)?;
        Some(self.close(Kind::Catch, start, mark))
    }
}
