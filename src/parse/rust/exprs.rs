//! Expressions.

use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, ExprBinary, ExprField, ExprIndex, ExprPath, ExprUnary, Member, Token, UnOp};

use crate::facts::code::{ExprIx, ExprKind, Literal, Usage};
use crate::text::{Name, Span};

use super::literals;
use super::places::join;
use super::walker::{Value, Walker};

impl Walker<'_> {
    /// An expression whose use is known.
    pub(super) fn value(&mut self, expr: &Expr, usage: Usage) -> Value {
        let value = self.expr(expr);
        self.use_as(value.ix, usage);
        value
    }

    /// An expression used for its value. Brackets, references, `?`, `.await` and blocks add no entry
    /// of their own: the entry is that of what they wrap.
    pub(super) fn expr(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Call(of) => self.call(of),
            Expr::MethodCall(of) => self.method_call(of),
            Expr::Path(of) => self.path(of),
            Expr::Lit(of) => {
                let span = self.places.of(of.lit.span());
                self.push(literals::kind_of(&of.lit), span, span)
            }
            Expr::Field(of) => self.field(of),
            Expr::Reference(of) => self.wrapped(&of.expr, Some(of.and_token.span), None),
            Expr::RawAddr(of) => self.wrapped(&of.expr, Some(of.and_token.span), None),
            Expr::Paren(of) => {
                let span = of.paren_token.span;
                self.wrapped(&of.expr, Some(span.open()), Some(span.close()))
            }
            Expr::Group(of) => self.expr(&of.expr),
            Expr::Try(of) => {
                let value = self.wrapped(&of.expr, None, Some(of.question_token.span));
                self.throws();
                value
            }
            Expr::Await(of) => {
                let value = self.wrapped(&of.base, None, Some(of.await_token.span));
                self.use_as(value.ix, Usage::Awaited);
                value
            }
            Expr::Macro(of) => match self.macro_call(&of.mac) {
                Some(value) => value,
                None => self.other(self.path_span(&of.mac.path)),
            },
            Expr::Closure(of) => self.closure(of),
            Expr::Async(of) => self.async_block(of),
            Expr::Struct(of) => self.construction(of),
            Expr::Unary(of) => self.unary(of),
            Expr::Binary(of) => self.binary(of),
            Expr::If(of) => self.if_expr(of, true).unwrap_or_else(|| self.other(self.places.of(of.if_token.span))),
            Expr::Match(of) => {
                self.match_expr(of, true).unwrap_or_else(|| self.other(self.places.of(of.match_token.span)))
            }
            Expr::Let(of) => {
                let value = self.expr(&of.expr);
                if let Some(local) = self.bind(&of.pat, None, Some(value.ix)) {
                    self.use_as(value.ix, Usage::ToLocal(local));
                }
                Value { ix: value.ix, span: join(self.places.of(of.let_token.span), value.span) }
            }
            Expr::Tuple(of) => {
                let span = self.places.group(&of.paren_token.span);
                if of.elems.is_empty() { self.other(span) } else { self.list(&of.elems, span) }
            }
            Expr::Array(of) => self.list(&of.elems, self.places.group(&of.bracket_token.span)),
            Expr::Repeat(of) => {
                let elem = self.expr(&of.expr).ix;
                self.expr(&of.len);
                self.list_of(vec![elem], self.places.group(&of.bracket_token.span))
            }
            Expr::Cast(of) => {
                let base = self.expr(&of.expr);
                let ty = self.type_ref(&of.ty);
                let span = join(base.span, ty.span);
                self.push(ExprKind::Cast { ty: Box::new(ty), base: base.ix }, span, span)
            }
            Expr::Index(of) => self.index_expr(of),
            _ => self.rarer(expr),
        }
    }

    /// Kept apart so that the function that recurses most needs little stack.
    fn rarer(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Block(of) => {
                let span = self.places.group(&of.block.brace_token.span);
                self.block_expr(of, true).unwrap_or_else(|| self.other(span))
            }
            Expr::Unsafe(of) => {
                let span = self.places.group(&of.block.brace_token.span);
                self.block(&of.block, true).unwrap_or_else(|| self.other(span))
            }
            Expr::Const(of) => {
                let span = self.places.group(&of.block.brace_token.span);
                self.block(&of.block, true).unwrap_or_else(|| self.other(span))
            }
            Expr::TryBlock(of) => {
                let span = self.places.group(&of.block.brace_token.span);
                self.block(&of.block, true).unwrap_or_else(|| self.other(span))
            }
            Expr::Loop(of) => {
                self.loop_expr(expr);
                self.other(self.places.of(of.loop_token.span))
            }
            Expr::While(of) => {
                self.loop_expr(expr);
                self.other(self.places.of(of.while_token.span))
            }
            Expr::ForLoop(of) => {
                self.loop_expr(expr);
                self.other(self.places.of(of.for_token.span))
            }
            Expr::Assign(of) => {
                self.assignment(of);
                self.other(self.places.of(of.eq_token.span))
            }
            Expr::Return(of) => {
                self.jump(expr);
                self.other(self.places.of(of.return_token.span))
            }
            Expr::Break(of) => {
                self.jump(expr);
                self.other(self.places.of(of.break_token.span))
            }
            Expr::Continue(of) => {
                self.jump(expr);
                self.other(self.places.of(of.continue_token.span))
            }
            Expr::Range(of) => {
                let mut span = Span::default();
                for end in [&of.start, &of.end].into_iter().flatten() {
                    let value = self.expr(end);
                    span = if span == Span::default() { value.span } else { join(span, value.span) };
                }
                self.other(span)
            }
            Expr::Yield(of) => {
                if let Some(inner) = &of.expr {
                    self.expr(inner);
                }
                self.yields();
                self.other(self.places.of(of.yield_token.span))
            }
            _ => self.other(Span::default()),
        }
    }

    pub(super) fn other(&mut self, span: Span) -> Value {
        self.push(ExprKind::Other, span, span)
    }

    /// The inner value, with the tokens around it.
    fn wrapped(&mut self, inner: &Expr, first: Option<proc_macro2::Span>, last: Option<proc_macro2::Span>) -> Value {
        let value = self.expr(inner);
        let first = first.map_or(value.span, |token| self.places.of(token));
        let last = last.map_or(value.span, |token| self.places.of(token));
        Value { ix: value.ix, span: join(first, last) }
    }

    fn list(&mut self, elems: &Punctuated<Expr, Token![,]>, span: Span) -> Value {
        let elems = elems.iter().map(|elem| self.expr(elem).ix).collect();
        self.list_of(elems, span)
    }

    pub(super) fn list_of(&mut self, elems: Vec<ExprIx>, span: Span) -> Value {
        let list = self.push(ExprKind::List(elems.clone().into()), span, span);
        self.arguments(&elems, list.ix);
        list
    }

    pub(super) fn path(&mut self, of: &ExprPath) -> Value {
        let span = self.whole_path_span(of.qself.as_ref(), &of.path);
        let name = self.qualified_name(of.qself.as_ref(), &of.path);
        let kind = match name.as_str() {
            "self" => ExprKind::This,
            _ => match self.local(name) {
                Some(local) => ExprKind::Local(local),
                None => ExprKind::Name(name),
            },
        };
        self.push(kind, span, span)
    }

    fn field(&mut self, of: &ExprField) -> Value {
        let base = self.expr(&of.base);
        let (name, at) = match &of.member {
            Member::Named(ident) => (self.name(ident), self.places.of(ident.span())),
            Member::Unnamed(index) => (Name::new(&index.index.to_string()), self.places.of(index.span)),
        };
        let span = join(base.span, at);
        let select = self.push(ExprKind::Select { base: base.ix, name }, span, span);
        self.use_as(base.ix, Usage::Base(select.ix));
        select
    }

    /// `a[i]`: the member `[]` of `a`.
    fn index_expr(&mut self, of: &ExprIndex) -> Value {
        let base = self.expr(&of.expr);
        self.expr(&of.index);
        let span = join(base.span, self.places.of(of.bracket_token.span.close()));
        let select = self.push(ExprKind::Select { base: base.ix, name: Name::new("[]") }, span, span);
        self.use_as(base.ix, Usage::Base(select.ix));
        select
    }

    fn unary(&mut self, of: &ExprUnary) -> Value {
        let (token, op) = match &of.op {
            UnOp::Not(token) => (token.span, "!"),
            UnOp::Neg(token) => (token.span, "-"),
            UnOp::Deref(token) => return self.wrapped(&of.expr, Some(token.span), None),
            _ => return self.expr(&of.expr),
        };
        let base = self.wrapped(&of.expr, Some(token), None);
        self.push(ExprKind::Unary { op: Name::new(op), base: base.ix }, base.span, base.span)
    }

    fn binary(&mut self, of: &ExprBinary) -> Value {
        if self.compound_assignment(of) {
            return self.other(Span::default());
        }
        let left = self.expr(&of.left);
        let right = self.expr(&of.right);
        let span = join(left.span, right.span);
        let text = |ix: ExprIx| {
            matches!(self.facts[ix].kind, ExprKind::Concat(_) | ExprKind::Literal(Literal::Text(_)))
                || matches!(&self.facts[ix].kind, ExprKind::Macro { name, .. } if name.last_segment() == "format")
        };
        let kind = if matches!(of.op, BinOp::Add(_)) && (text(left.ix) || text(right.ix)) {
            ExprKind::Concat([left.ix, right.ix].into())
        } else {
            ExprKind::Binary { op: Name::new(operator(&of.op)), left: left.ix, right: right.ix }
        };
        self.push(kind, span, span)
    }
}

fn operator(op: &BinOp) -> &'static str {
    match op {
        BinOp::Add(_) => "+",
        BinOp::Sub(_) => "-",
        BinOp::Mul(_) => "*",
        BinOp::Div(_) => "/",
        BinOp::Rem(_) => "%",
        BinOp::And(_) => "&&",
        BinOp::Or(_) => "||",
        BinOp::BitXor(_) => "^",
        BinOp::BitAnd(_) => "&",
        BinOp::BitOr(_) => "|",
        BinOp::Shl(_) => "<<",
        BinOp::Shr(_) => ">>",
        BinOp::Eq(_) => "==",
        BinOp::Lt(_) => "<",
        BinOp::Le(_) => "<=",
        BinOp::Ne(_) => "!=",
        BinOp::Ge(_) => ">=",
        BinOp::Gt(_) => ">",
        _ => "=",
    }
}
