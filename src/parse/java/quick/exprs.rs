//! Expressions: assignments, operators, casts, lambdas.

use super::token::T;
use super::{Ix, Reader, unsure};
use crate::parse::java::kinds::{Kind, Role};

/// Comparisons, `instanceof` among them.
const RELATIONAL: u8 = 7;

impl Reader<'_> {
    pub(super) fn expr(&mut self) -> Option<Ix> {
        self.deeper()?;
        let made = if self.begins_lambda(self.at) { self.lambda() } else { self.assignment() };
        self.depth -= 1;
        made
    }

    pub(super) fn begins_lambda(&self, ix: usize) -> bool {
        match self.kind(ix) {
            T::Name => self.kind(ix + 1) == T::Arrow,
            T::LeftParen => self.kind(self.tokens.closing[ix] as usize + 1) == T::Arrow,
            _ => false,
        }
    }

    fn lambda(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        let parameters = if self.now() == T::Name {
            self.leaf(Kind::Identifier)
        } else {
            let plain = self.then() == T::Name && matches!(self.kind(self.at + 2), T::Comma | T::RightParen);
            if plain { self.inferred_parameters()? } else { self.parameters()? }
        };
        self.kid_as(parameters, Role::Parameters);
        if self.now() != T::Arrow {
            return unsure();
        }
        let arrow = self.leaf(Kind::Arrow);
        self.kid(arrow);
        let body = if self.now() == T::LeftBrace { self.block()? } else { self.expr()? };
        self.kid_as(body, Role::Body);
        Some(self.close(Kind::Lambda, start, mark))
    }

    fn inferred_parameters(&mut self) -> Option<Ix> {
        let start = self.start();
        let mark = self.mark();
        self.expect(T::LeftParen)?;
        loop {
            let name = self.name(Kind::Identifier)?;
            self.kid(name);
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::RightParen)?;
        Some(self.close(Kind::InferredParameters, start, mark))
    }

    fn assignment(&mut self) -> Option<Ix> {
        let start = self.start();
        let left = self.conditional()?;
        let length = match self.now() {
            T::Assign | T::Update => 1,
            // `>>=`, `>>>=`
            T::Greater => match self.greater() {
                (T::Update, length) => length,
                _ => return unsure(),
            },
            _ => return Some(left),
        };
        if !matches!(self.kind_of(left), Kind::Identifier | Kind::FieldAccess | Kind::ArrayAccess) {
            return unsure();
        }
        let mark = self.mark();
        self.kid_as(left, Role::Left);
        self.operator(length, Role::Operator);
        let right = self.expr()?;
        self.kid_as(right, Role::Right);
        Some(self.close(Kind::Assignment, start, mark))
    }

    /// Adds the operator that the next tokens make.
    fn operator(&mut self, length: usize, role: Role) {
        let start = self.start();
        self.at += length;
        let end = self.end();
        let node = self.node(Kind::Operator, start, end);
        self.kid_as(node, role);
    }

    /// What a `>` and what touches it make together, and of how many tokens.
    fn greater(&self) -> (T, usize) {
        let touches = |ix: usize| self.token(ix).end == self.token(ix + 1).start;
        let mut length = 1;
        while length < 3 && touches(self.at + length - 1) && self.kind(self.at + length) == T::Greater {
            length += 1;
        }
        let assigns = touches(self.at + length - 1) && self.kind(self.at + length) == T::Assign;
        match (length, assigns) {
            (1, false) => (T::Greater, 1),
            (1, true) => (T::LessEqual, 2),
            (length, false) => (T::ShiftLeft, length),
            (length, true) => (T::Update, length + 1),
        }
    }

    /// An expression without assignment or lambda.
    pub(super) fn conditional(&mut self) -> Option<Ix> {
        let start = self.start();
        let condition = self.binary(1)?;
        if self.now() != T::Question {
            return Some(condition);
        }
        self.deeper()?;
        let mark = self.mark();
        self.kid_as(condition, Role::Condition);
        self.at += 1;
        let consequence = self.expr()?;
        self.kid_as(consequence, Role::Consequence);
        self.expect(T::Colon)?;
        let alternative = if self.begins_lambda(self.at) { self.expr()? } else { self.conditional()? };
        self.kid_as(alternative, Role::Alternative);
        self.depth -= 1;
        Some(self.close(Kind::Ternary, start, mark))
    }

    fn binary(&mut self, least: u8) -> Option<Ix> {
        let start = self.start();
        let mut left = self.unary()?;
        loop {
            let (kind, length) = if self.now() == T::Greater { self.greater() } else { (self.now(), 1) };
            let Some(binding) = binding(kind).filter(|binding| *binding >= least) else { return Some(left) };
            let mark = self.mark();
            self.kid_as(left, Role::Left);
            if kind == T::InstanceOf {
                self.at += 1;
                self.eat(T::Final);
                let ty = self.ty()?;
                self.kid_as(ty, Role::Right);
                match self.now() {
                    T::Name => {
                        let name = self.leaf(Kind::Identifier);
                        self.kid_as(name, Role::Name);
                    }
                    T::LeftParen => return unsure(),
                    _ => {}
                }
                left = self.close(Kind::InstanceOf, start, mark);
                continue;
            }
            self.operator(length, Role::Operator);
            let right = self.binary(binding + 1)?;
            self.kid_as(right, Role::Right);
            left = self.close(Kind::Binary, start, mark);
        }
    }

    fn unary(&mut self) -> Option<Ix> {
        let start = self.start();
        match self.now() {
            T::Plus | T::Minus | T::Bang | T::Tilde => {
                self.deeper()?;
                let mark = self.mark();
                self.operator(1, Role::Operator);
                let operand = self.unary()?;
                self.kid_as(operand, Role::Operand);
                self.depth -= 1;
                // To tree-sitter `-i++` is `(-i)++`.
                if self.kind_of(operand) == Kind::Update {
                    return unsure();
                }
                Some(self.close(Kind::Unary, start, mark))
            }
            T::PlusPlus | T::MinusMinus => {
                let mark = self.mark();
                self.operator(1, Role::Other);
                let operand = self.unary()?;
                if !matches!(self.kind_of(operand), Kind::Identifier | Kind::FieldAccess | Kind::ArrayAccess) {
                    return unsure();
                }
                self.kid(operand);
                Some(self.close(Kind::Update, start, mark))
            }
            T::LeftParen => match self.cast()? {
                Cast::No => self.postfix(),
                Cast::Yes => {
                    self.deeper()?;
                    let mark = self.mark();
                    self.at += 1;
                    let ty = self.ty()?;
                    self.kid_as(ty, Role::Type);
                    self.expect(T::RightParen)?;
                    let value = if self.begins_lambda(self.at) { self.expr()? } else { self.unary()? };
                    self.kid_as(value, Role::Value);
                    self.depth -= 1;
                    Some(self.close(Kind::Cast, start, mark))
                }
            },
            _ => self.postfix(),
        }
    }

    /// Is the parenthesis at hand a cast? Gives up where only the types of the names could tell.
    fn cast(&self) -> Option<Cast> {
        let Some(after) = self.after_type(self.at + 1, 0) else { return Some(Cast::No) };
        let primitive = self.then().is_primitive();
        match self.kind(after) {
            T::RightParen if primitive => Some(Cast::Yes),
            T::RightParen => match self.kind(after + 1) {
                T::Plus | T::Minus | T::PlusPlus | T::MinusMinus => unsure(),
                next if begins_operand(next) => Some(Cast::Yes),
                _ => Some(Cast::No),
            },
            // `(A & B) x`, or a sum of bits.
            T::And if begins_operand(self.kind(self.tokens.closing[self.at] as usize + 1)) => unsure(),
            _ => Some(Cast::No),
        }
    }

    fn postfix(&mut self) -> Option<Ix> {
        let start = self.start();
        let operand = self.primary()?;
        if !matches!(self.now(), T::PlusPlus | T::MinusMinus) {
            return Some(operand);
        }
        let mark = self.mark();
        self.kid(operand);
        self.operator(1, Role::Other);
        Some(self.close(Kind::Update, start, mark))
    }
}

enum Cast {
    Yes,
    No,
}

fn begins_operand(kind: T) -> bool {
    use T::*;
    matches!(
        kind,
        Name | String
            | Char
            | Decimal
            | Hex
            | Octal
            | Float
            | True
            | False
            | Null
            | LeftParen
            | Bang
            | Tilde
            | This
            | Super
            | New
            | Switch
    ) || kind.is_primitive()
}

/// How strongly an operator binds.
fn binding(kind: T) -> Option<u8> {
    use T::*;
    Some(match kind {
        OrOr => 1,
        AndAnd => 2,
        Or => 3,
        Xor => 4,
        And => 5,
        Equal | NotEqual => 6,
        Less | Greater | LessEqual | InstanceOf => RELATIONAL,
        ShiftLeft => 8,
        Plus | Minus => 9,
        Star | Slash | Percent => 10,
        _ => return None,
    })
}
