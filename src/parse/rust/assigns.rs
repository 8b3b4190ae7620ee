//! Assignments.

use syn::{BinOp, Expr, ExprAssign, ExprBinary, Pat, UnOp};

use crate::facts::code::{Assign, AssignOp, ExprIx, ExprKind, Usage};
use crate::text::Span;

use super::places::join;
use super::walker::{Value, Walker};

impl<'t> Walker<'t> {
    pub(super) fn assignment(&mut self, of: &ExprAssign) {
        if let Expr::Infer(_) = &*of.left {
            self.value(&of.right, Usage::Dropped);
            return;
        }
        let value = self.expr(&of.right);
        self.assign_to(&of.left, Some(value), AssignOp::Set);
    }

    /// `a += b`; false when the operator is no assignment.
    pub(super) fn compound_assignment(&mut self, of: &ExprBinary) -> bool {
        let assigns = matches!(
            of.op,
            BinOp::AddAssign(_)
                | BinOp::SubAssign(_)
                | BinOp::MulAssign(_)
                | BinOp::DivAssign(_)
                | BinOp::RemAssign(_)
                | BinOp::BitXorAssign(_)
                | BinOp::BitAndAssign(_)
                | BinOp::BitOrAssign(_)
                | BinOp::ShlAssign(_)
                | BinOp::ShrAssign(_)
        );
        if assigns {
            let value = self.expr(&of.right);
            self.assign_to(&of.left, Some(value), AssignOp::Update);
        }
        assigns
    }

    fn assign_to(&mut self, left: &Expr, value: Option<Value>, op: AssignOp) {
        match left {
            Expr::Paren(of) => return self.assign_to(&of.expr, value, op),
            Expr::Tuple(of) => {
                for elem in &of.elems {
                    self.assign_to(elem, None, op);
                }
                return;
            }
            Expr::Infer(_) => return,
            _ => {}
        }
        let (target, span) = self.target(left);
        if let (ExprKind::Local(local), Expr::Path(_)) = (&self.facts[target.ix].kind, left) {
            let local = *local;
            if let (Some(value), AssignOp::Set) = (value, op) {
                self.use_as(value.ix, Usage::ToLocal(local));
            }
            return;
        }
        if let (Some(value), AssignOp::Set) = (value, op) {
            self.use_as(value.ix, Usage::ToField);
        }
        let text = target.span.of(self.text);
        let lazy = self.absent.contains(&text);
        let span = value.map_or(span, |value| join(span, value.span));
        self.add_assign(target.ix, value.map(|value| value.ix), op, lazy, span);
    }

    fn add_assign(&mut self, target: ExprIx, value: Option<ExprIx>, op: AssignOp, lazy: bool, span: Span) {
        let callable = self.here();
        self.facts.assigns.push(Assign { target, value, op, lazy, callable, span });
    }

    /// What changes: for `*x` the `x`, for `a[i]` the `a`.
    fn target(&mut self, left: &Expr) -> (Value, Span) {
        match left {
            Expr::Index(of) => {
                let base = self.expr(&of.expr);
                self.expr(&of.index);
                (base, join(base.span, self.places.of(of.bracket_token.span.close())))
            }
            Expr::Unary(of) => match &of.op {
                UnOp::Deref(star) => {
                    let inner = self.expr(&of.expr);
                    (inner, join(self.places.of(star.span), inner.span))
                }
                _ => {
                    let value = self.expr(left);
                    (value, value.span)
                }
            },
            _ => {
                let value = self.expr(left);
                (value, value.span)
            }
        }
    }

    /// What a condition says to be absent: `x.is_none()`, `x.is_empty()`, `None = x`, in a conjunction.
    pub(super) fn absences(&self, cond: &Expr) -> Vec<&'t str> {
        let mut found = Vec::new();
        let mut open = vec![cond];
        while let Some(cond) = open.pop() {
            match cond {
                Expr::Binary(of) if matches!(of.op, BinOp::And(_)) => open.extend([&*of.left, &*of.right]),
                Expr::Paren(of) => open.push(&of.expr),
                Expr::MethodCall(of) if of.method == "is_none" || of.method == "is_empty" => {
                    found.extend(self.plain_text(&of.receiver));
                }
                Expr::Let(of) if matches!(&*of.pat, Pat::Ident(ident) if ident.ident == "None") => {
                    found.extend(self.plain_text(&of.expr));
                }
                _ => {}
            }
        }
        found
    }

    /// The text of a path or field access, behind references.
    fn plain_text(&self, expr: &Expr) -> Option<&'t str> {
        let mut first = expr;
        let last = loop {
            match first {
                Expr::Reference(of) => first = &of.expr,
                Expr::Unary(of) if matches!(of.op, UnOp::Deref(_)) => first = &of.expr,
                Expr::Paren(of) => first = &of.expr,
                other => break other,
            }
        };
        let mut start = last;
        while let Expr::Field(of) = start {
            start = &of.base;
        }
        let Expr::Path(path) = start else { return None };
        let from = self.path_span(&path.path);
        let to = match last {
            Expr::Field(of) => match &of.member {
                syn::Member::Named(ident) => self.places.of(ident.span()),
                syn::Member::Unnamed(index) => self.places.of(index.span),
            },
            _ => from,
        };
        Some(join(from, to).of(self.text))
    }
}
