//! `if`, `match` and blocks.

use syn::{Expr, ExprBlock, ExprIf, ExprMatch, Pat};

use crate::facts::code::{ExprIx, ExprKind};
use crate::text::{Name, Span};

use super::asides::asks_development;
use super::places::join;
use super::statements::jumps;
use super::walker::{Value, Walker};

impl Walker<'_> {
    /// A block, with or without a label to break to.
    pub(super) fn block_expr(&mut self, of: &ExprBlock, want: bool) -> Option<Value> {
        match &of.label {
            Some(label) => {
                let label = Name::new(&label.name.ident.to_string());
                self.labelled(label, |walker| walker.block(&of.block, want))
            }
            None => self.block(&of.block, want),
        }
    }

    /// `if`, with the whole chain of `else if`; with `want`, the choice of its values.
    pub(super) fn if_expr(&mut self, of: &ExprIf, want: bool) -> Option<Value> {
        let mut options = Vec::new();
        let mut links = Vec::new();
        let mut last = None;
        let mut link = of;
        let mark = (self.scope.len(), self.lifecycle);
        let end = loop {
            let scope = self.scope.len();
            let before = self.facts.exprs.len();
            let cond = self.expr(&link.cond);
            let (then, otherwise) = self.ends(&link.cond, cond.ix);
            let absent = self.absences(&link.cond);
            let (aside, from) = (asks_development(&link.cond, 0) || self.exits_early(link), self.facts.exprs.len());
            let value = self.guarded(then, |walker| {
                let known = walker.absent.len();
                walker.absent.extend(absent);
                let value = walker.block(&link.then_branch, want);
                walker.absent.truncate(known);
                value
            });
            if aside {
                self.set_aside(from);
            }
            links.push((self.walked_since(from), self.walked_since(before)));
            options.extend(value.map(|value| value.ix));
            self.scope.truncate(scope);
            self.lifecycle += u32::from(otherwise);
            match link.else_branch.as_ref().map(|(_, branch)| &**branch) {
                Some(Expr::If(next)) => link = next,
                Some(branch) if want && !jumps(branch) => {
                    let from = self.facts.exprs.len();
                    let value = self.expr(branch);
                    last = self.walked_since(from);
                    options.push(value.ix);
                    break value.span;
                }
                Some(branch) => {
                    let from = self.facts.exprs.len();
                    self.run(branch);
                    last = self.walked_since(from);
                    break cond.span;
                }
                None => break self.places.group(&link.then_branch.brace_token.span),
            }
        };
        self.lifecycle = mark.1;
        self.scope.truncate(mark.0);
        // All that follows in the chain is the other arm of a link.
        for (then, whole) in links.into_iter().rev() {
            self.branch(then.into_iter().chain(last).collect());
            last = match (whole, last) {
                (Some(a), Some(b)) => Some(Span { start: a.start.min(b.start), end: a.end.max(b.end) }),
                (a, b) => a.or(b),
            };
        }
        let span = join(self.places.of(of.if_token.span), end);
        self.choice(options, span, want)
    }

    pub(super) fn match_expr(&mut self, of: &ExprMatch, want: bool) -> Option<Value> {
        let scrutinee = self.expr(&of.expr);
        let (then, otherwise) = self.stops(scrutinee.ix);
        let mut options = Vec::new();
        let mut arms = Vec::new();
        for (arm, aside) in of.arms.iter().zip(self.arms_aside(&of.arms)) {
            let from = self.facts.exprs.len();
            self.scoped(|walker| {
                let mut ends = then || otherwise || walker.ends_when_matched(scrutinee.ix, &arm.pat);
                walker.bind(&arm.pat, None, Some(scrutinee.ix));
                if let Pat::Guard(guard) = &arm.pat {
                    let cond = walker.expr(&guard.guard);
                    ends |= walker.stops(cond.ix).0;
                }
                let known = walker.absent.len();
                let from = walker.facts.exprs.len();
                if matches!(unguarded(&arm.pat), Pat::Ident(ident) if ident.ident == "None") {
                    let text = walker.text;
                    walker.absent.push(scrutinee.span.of(text));
                }
                walker.guarded(ends, |walker| {
                    if want && !jumps(&arm.body) {
                        options.push(walker.expr(&arm.body).ix);
                    } else {
                        walker.run(&arm.body);
                    }
                });
                walker.absent.truncate(known);
                arms.extend(walker.walked_since(from));
            });
            if aside {
                self.set_aside(from);
            }
        }
        self.branch(arms);
        let span = join(self.places.of(of.match_token.span), self.places.of(of.brace_token.span.close()));
        self.choice(options, span, want)
    }

    fn branch(&mut self, arms: Vec<Span>) {
        if !arms.is_empty() {
            self.facts.branches.push(arms.into());
        }
    }

    fn choice(&mut self, options: Vec<ExprIx>, span: Span, want: bool) -> Option<Value> {
        if !want || options.is_empty() {
            return None;
        }
        Some(self.push(ExprKind::Choice(options.into()), span, span))
    }
}

fn unguarded(pat: &Pat) -> &Pat {
    match pat {
        Pat::Guard(guard) => &guard.pat,
        pat => pat,
    }
}
