//! Loops: can they end within a request? See [`super::exits`] for what ends them from inside.

use super::exits::{Frame, is_constant};
use super::exprs::peel;
use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::Visitor;
use crate::facts::code::{ExprIx, ExprKind, Literal, Loop, LoopExit, LoopForm, Target};
use crate::text::{Name, Span};

/// Names of locals that tell whether a thread goes on.
const LOCAL_FLAGS: &[&str] =
    &["alive", "running", "isRunning", "keepRunning", "keepGoing", "active", "stopped", "terminated", "shutdown"];

/// Questions about the life of a thread, pool or connection: lifecycle flags whatever they are asked of.
const LIFE: [&str; 9] = [
    "isInterrupted",
    "interrupted",
    "isShutdown",
    "isShuttingDown",
    "isTerminated",
    "isTerminating",
    "isCancelled",
    "isClosed",
    "isDisposed",
];
/// A word in the log beside the wait is no work.
const LOGS: [&str; 5] = ["trace", "debug", "info", "warn", "error"];
const WAITS: [&str; 11] = [
    "wait",
    "await",
    "awaitNanos",
    "awaitUntil",
    "awaitUninterruptibly",
    "park",
    "parkNanos",
    "parkUntil",
    "sleep",
    "onSpinWait",
    "yield",
];

impl<'a> Visitor<'a> {
    /// `while`, `do`, `for`, for-each.
    pub(super) fn repeat(&mut self, node: Node<'a>) {
        let form = match node.kind() {
            Kind::While => LoopForm::While,
            Kind::Do => LoopForm::DoWhile,
            Kind::For => LoopForm::For,
            _ => LoopForm::ForEach,
        };
        let body = node.child(Role::Body);
        let made = self.facts.loops.len();
        let callable = self.here();
        self.facts.loops.push(Loop {
            form,
            endless: false,
            flags: Vec::new(),
            source: None,
            exit: LoopExit::Never,
            guarded_wait: false,
            callable,
            span: header(node),
            body: body.map_or(Span { start: node.span().end, end: node.span().end }, Node::span),
        });
        let scope = self.scope.mark();
        let mut condition = None;
        if form == LoopForm::ForEach {
            self.facts.loops[made].source = self.each(node);
        } else if form != LoopForm::DoWhile {
            condition = self.head(node);
        }
        self.frames.push(Frame::Loop(made));
        if let Some(body) = body {
            self.statement(body);
        }
        self.frames.pop();
        self.scope.reset(scope);
        if form == LoopForm::DoWhile {
            condition = node.child(Role::Condition).map(|c| self.expr(c));
        }
        if form != LoopForm::ForEach {
            let endless = condition.is_none_or(|c| self.truth(c) == Some(true));
            let flags = condition.filter(|_| !endless).map(|c| self.flags(c)).unwrap_or_default();
            let waits = !endless && body.is_some_and(|body| self.only_waits(body, &flags));
            let made = &mut self.facts.loops[made];
            made.endless = endless;
            made.flags = flags;
            made.guarded_wait = waits;
        }
    }

    /// The parts of a `for` or `while` head, in source order; returns the condition.
    fn head(&mut self, node: Node<'a>) -> Option<ExprIx> {
        let mut condition = None;
        for child in node.children() {
            match child.role() {
                Role::Init if child.kind() == Kind::LocalVariable => self.local_variables(child),
                Role::Init | Role::Update => self.dropped(child),
                Role::Condition => condition = Some(self.expr(child)),
                _ => {}
            }
        }
        condition
    }

    fn each(&mut self, node: Node<'a>) -> Option<ExprIx> {
        // The iterated expression does not see the variable.
        let source = node.child(Role::Value).map(|value| self.expr(value));
        if let Some(name) = node.child(Role::Name) {
            let ty = self.declared_type(node).filter(|ty| &*ty.name != "var");
            let local = self.declare(Name::new(name.text()), ty, false, name.span());
            self.facts[local].init = source;
            self.annotations(node, Target::Local(local));
        }
        source
    }

    /// The value of a constant condition.
    fn truth(&self, condition: ExprIx) -> Option<bool> {
        match &self.facts[condition].kind {
            ExprKind::Literal(Literal::Bool(value)) => Some(*value),
            ExprKind::Select { base, name } => match &self.facts[*base].kind {
                ExprKind::Name(ty) if ty.last_segment() == "Boolean" => match &**name {
                    "TRUE" => Some(true),
                    "FALSE" => Some(false),
                    _ => None,
                },
                _ => None,
            },
            ExprKind::Unary { op, base } if &**op == "!" => match &self.facts[*base].kind {
                ExprKind::Literal(Literal::Bool(value)) => Some(!value),
                _ => None,
            },
            _ => None,
        }
    }

    /// The names and calls that a condition asks, unless a local has a say.
    fn flags(&self, condition: ExprIx) -> Vec<ExprIx> {
        let mut flags = Vec::new();
        let mut pending = vec![condition];
        while let Some(expr) = pending.pop() {
            match &self.facts[expr].kind {
                ExprKind::Literal(_) => {}
                ExprKind::Unary { op, base } if &**op == "!" => pending.push(*base),
                ExprKind::Binary { op, left, right } => match &**op {
                    "&&" | "||" | "&" | "|" => pending.extend([*right, *left]),
                    "==" | "!=" if self.is_fixed(*right) => pending.push(*left),
                    "==" | "!=" if self.is_fixed(*left) => pending.push(*right),
                    _ => return Vec::new(),
                },
                ExprKind::Name(_) | ExprKind::Select { .. } | ExprKind::Call { .. } if self.is_shared(expr) => {
                    flags.push(expr);
                }
                // A local may be the flag of the thread that runs the method: its name says so.
                ExprKind::Local(local) if LOCAL_FLAGS.contains(&&*self.facts[*local].name) => flags.push(expr),
                _ => return Vec::new(),
            }
        }
        flags
    }

    /// `true`, `false`, `State.STOPPED`: what a flag may be compared to.
    fn is_fixed(&self, expr: ExprIx) -> bool {
        match &self.facts[expr].kind {
            ExprKind::Literal(literal) => matches!(literal, Literal::Bool(_)),
            ExprKind::Name(name) | ExprKind::Select { name, .. } => is_constant(name),
            _ => false,
        }
    }

    /// Does no local take part in this? Who asks for the life of a thread or pool may hold it in a local.
    fn is_shared(&self, expr: ExprIx) -> bool {
        if let ExprKind::Call { name, args, .. } = &self.facts[expr].kind
            && args.is_empty()
            && LIFE.contains(&&**name)
        {
            return true;
        }
        // The flag of the method that hands the loop over.
        if let ExprKind::Call { base: Some(base), name, .. } = &self.facts[expr].kind
            && matches!(&**name, "get" | "getAcquire" | "getPlain")
            && let ExprKind::Local(local) = self.facts[*base].kind
        {
            let flag = &self.facts[local];
            return self.callable != Some(flag.callable) && LOCAL_FLAGS.contains(&&*flag.name);
        }
        let mut pending = vec![expr];
        while let Some(expr) = pending.pop() {
            match &self.facts[expr].kind {
                ExprKind::Name(_)
                | ExprKind::Literal(_)
                | ExprKind::This
                | ExprKind::Super
                | ExprKind::ClassLiteral(_) => {}
                ExprKind::Select { base, .. } => pending.push(*base),
                ExprKind::Call { base, args, .. } => {
                    pending.extend(base.iter());
                    pending.extend(args.iter());
                }
                _ => return false,
            }
        }
        true
    }

    /// Does the body nothing but wait for the condition?
    fn only_waits(&self, body: Node<'a>, flags: &[ExprIx]) -> bool {
        let mut waits = false;
        let mut idle = true;
        let mut pending = vec![body];
        while let Some(node) = pending.pop() {
            match node.kind() {
                Kind::Block | Kind::Synchronized => {
                    pending.extend(node.children().filter(|c| c.kind() != Kind::Parens))
                }
                Kind::Try => pending.extend(node.child(Role::Body)),
                Kind::ExpressionStatement => match node.first().map(peel) {
                    Some(expr) => {
                        idle = false;
                        match waiting(expr) {
                            Some(true) => waits = true,
                            Some(false) => {}
                            None => return false,
                        }
                    }
                    None => return false,
                },
                // The remaining time and what happens when it is used up.
                Kind::LocalVariable => {
                    idle = false;
                    let values = node.children().filter_map(|c| c.child(Role::Value)).map(peel);
                    for value in values {
                        match waiting(value) {
                            Some(true) => waits = true,
                            Some(false) => {}
                            None => return false,
                        }
                    }
                }
                Kind::If => {
                    idle = false;
                    match node.child(Role::Consequence) {
                        Some(then) if super::stmts::ends_abruptly(then) => {
                            pending.extend(node.child(Role::Alternative))
                        }
                        Some(then) => {
                            pending.push(then);
                            pending.extend(node.child(Role::Alternative));
                        }
                        None => {}
                    }
                }
                Kind::Semicolon | Kind::Continue => {}
                _ => return false,
            }
        }
        // An empty body: the condition either looks at something or does the work itself.
        let looks = |flag: &ExprIx| match &self.facts[*flag].kind {
            ExprKind::Call { name, .. } => ["is", "get", "has"].iter().any(|start| name.starts_with(start)),
            _ => true,
        };
        waits || (idle && !flags.is_empty() && flags.iter().all(looks))
    }
}

/// A wait (`Some(true)`), or reckoning with times and flags (`Some(false)`).
fn waiting(expr: Node<'_>) -> Option<bool> {
    match expr.kind() {
        Kind::Call => {
            let name = expr.child(Role::Name)?.text();
            if WAITS.contains(&name) {
                return Some(true);
            }
            if LOGS.contains(&name) && expr.child(Role::Object).is_some_and(|base| is_logger(base.text())) {
                return Some(false);
            }
            matches!(name, "nanoTime" | "currentTimeMillis" | "between" | "toMillis" | "toNanos" | "now" | "interrupt")
                .then_some(false)
        }
        Kind::Assignment => waiting(peel(expr.child(Role::Right)?)),
        Kind::Binary => {
            let mut left = expr;
            for _ in 0..8 {
                if left.kind() != Kind::Binary {
                    break;
                }
                if waiting(peel(left.child(Role::Right)?))? {
                    return Some(true);
                }
                left = peel(left.child(Role::Left)?);
            }
            (left.kind() != Kind::Binary).then(|| waiting(left)).flatten()
        }
        Kind::Identifier | Kind::FieldAccess | Kind::Decimal | Kind::True | Kind::False | Kind::Null | Kind::Update => {
            Some(false)
        }
        _ => None,
    }
}

/// Keyword to closing parenthesis; of `do … while (…)` the keyword, where its body begins.
fn header(node: Node<'_>) -> Span {
    let start = node.span().start;
    let end = match node.kind() {
        Kind::Do => start.saturating_add(2),
        Kind::While => node.child(Role::Condition).map_or(node.span().end, |c| c.span().end),
        _ => node.children().filter(|c| c.kind() == Kind::Close).last().map_or(node.span().end, |c| c.span().end),
    };
    Span { start, end }
}

fn is_logger(text: &str) -> bool {
    let name = text.rsplit('.').next().unwrap_or(text);
    ["log", "logger", "LOG", "LOGGER"].contains(&name)
}
