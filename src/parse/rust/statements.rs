//! Blocks and statements.

use syn::{Attribute, Block, Expr, Local, Pat, Stmt};

use crate::facts::code::Usage;
use crate::text::Span;

use super::cfg::Cfg;
use super::walker::{Value, Walker};

/// More arms that leave one block are not looked at.
const MAX_LEAVING: usize = 8;

impl Walker<'_> {
    /// The block of a function, closure or `async`: its tail is what the callable gives back.
    pub(super) fn body(&mut self, block: &Block) {
        if let Some(value) = self.block(block, true) {
            self.use_as(value.ix, Usage::Returned);
        }
    }

    /// Walks a block. With `want`, gives the value of its tail; else the tail's value is dropped.
    pub(super) fn block(&mut self, block: &Block, want: bool) -> Option<Value> {
        self.scoped(|walker| walker.statements(&block.stmts, want))
    }

    /// Walks statements in the scope that is open.
    pub(super) fn statements(&mut self, stmts: &[Stmt], want: bool) -> Option<Value> {
        let last = stmts.len().saturating_sub(1);
        let mut tail = None;
        let mut leaving: Vec<(Span, usize)> = Vec::new();
        for (n, stmt) in stmts.iter().enumerate() {
            let wanted = want && n == last;
            match stmt {
                Stmt::Local(local) if Cfg::is_off(&local.attrs) => {}
                Stmt::Expr(expr, _) if Cfg::is_off(attributes(expr)) => {}
                Stmt::Local(local) => {
                    let otherwise = self.let_statement(local);
                    if let (Some(otherwise), true) = (otherwise, leaving.len() < MAX_LEAVING) {
                        leaving.push((otherwise, self.facts.exprs.len()));
                    }
                }
                Stmt::Item(item) => self.item(item),
                Stmt::Expr(expr, None) if wanted && !jumps(expr) => tail = Some(self.expr(expr)),
                Stmt::Expr(expr, _) => {
                    let known = self.facts.branches.len();
                    self.run(expr);
                    // The arms of the statement itself come last.
                    let then = self.facts.branches[known..].last().and_then(|arms| arms.first()).copied();
                    if let (Some(then), true) = (then, leaves(expr) && leaving.len() < MAX_LEAVING) {
                        leaving.push((then, self.facts.exprs.len()));
                    }
                }
                Stmt::Macro(of) => {
                    let value = self.macro_call(&of.mac);
                    match value {
                        Some(value) if wanted && of.semi_token.is_none() => tail = Some(value),
                        Some(value) => self.use_as(value.ix, Usage::Dropped),
                        None => {}
                    }
                }
            }
        }
        for (arm, after) in leaving {
            let rest = self.walked_since(after);
            self.facts.leaves.extend(rest.map(|rest| [arm, rest]));
        }
        tail
    }

    /// Gives the text of its `else`.
    fn let_statement(&mut self, local: &Local) -> Option<Span> {
        let mut diverged = None;
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(self.type_ref(&typed.ty))),
            pat => (pat, None),
        };
        let Some(init) = &local.init else {
            self.bind(pat, ty, None);
            return None;
        };
        let value = self.expr(&init.expr);
        if let Some((_, diverge)) = &init.diverge {
            let ends = self.ends_when_unmatched(value.ix, pat);
            let from = self.facts.exprs.len();
            self.guarded(ends, |walker| walker.run(diverge));
            diverged = self.walked_since(from);
        }
        let bound = self.bind(pat, ty, Some(value.ix));
        let usage = match (bound, pat) {
            (Some(local), _) => Usage::ToLocal(local),
            (None, Pat::Wild(_)) => Usage::Dropped,
            _ => Usage::Other,
        };
        if bound.is_none() && matches!(pat, Pat::Wild(_)) && !matches!(&*init.expr, syn::Expr::Try(_)) {
            self.facts.ignored.push(value.ix);
        }
        self.use_as(value.ix, usage);
        diverged
    }

    /// Walks an expression as a statement: its value is dropped.
    pub(super) fn run(&mut self, expr: &Expr) {
        match expr {
            Expr::If(of) => {
                self.if_expr(of, false);
            }
            Expr::Match(of) => {
                self.match_expr(of, false);
            }
            Expr::Block(of) => {
                self.block_expr(of, false);
            }
            Expr::Unsafe(of) => {
                self.block(&of.block, false);
            }
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => self.loop_expr(expr),
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => self.jump(expr),
            Expr::Assign(of) => self.assignment(of),
            Expr::Macro(of) => {
                if let Some(value) = self.macro_call(&of.mac) {
                    self.use_as(value.ix, Usage::Dropped);
                }
            }
            Expr::Binary(of) => {
                if !self.compound_assignment(of) {
                    self.expr(expr);
                }
            }
            _ => {
                self.value(expr, Usage::Dropped);
            }
        }
    }
}

/// Leaves the place without a value.
pub(super) fn jumps(expr: &Expr) -> bool {
    matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}

/// `if … { …; return x; }` without another arm.
fn leaves(expr: &Expr) -> bool {
    let Expr::If(of) = expr else { return false };
    of.else_branch.is_none()
        && matches!(of.then_branch.stmts.last(), Some(Stmt::Expr(end, _)) if matches!(end, Expr::Return(_) | Expr::Continue(_)))
}

/// The attributes of a statement that is an expression, where people write any.
fn attributes(expr: &Expr) -> &[Attribute] {
    match expr {
        Expr::Assign(of) => &of.attrs,
        Expr::Await(of) => &of.attrs,
        Expr::Block(of) => &of.attrs,
        Expr::Call(of) => &of.attrs,
        Expr::ForLoop(of) => &of.attrs,
        Expr::If(of) => &of.attrs,
        Expr::Loop(of) => &of.attrs,
        Expr::Macro(of) => &of.attrs,
        Expr::Match(of) => &of.attrs,
        Expr::MethodCall(of) => &of.attrs,
        Expr::Return(of) => &of.attrs,
        Expr::Try(of) => &of.attrs,
        Expr::Unsafe(of) => &of.attrs,
        _ => &[],
    }
}
