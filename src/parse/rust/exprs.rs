//! Expressions.

use syn::punctuated::Punctuated;
use syn::{
    BinOp, Expr, ExprAsync, ExprBinary, ExprBlock, ExprCall, ExprClosure, ExprField, ExprIf, ExprIndex, ExprMatch,
    ExprMethodCall, ExprPath, ExprStruct, ExprUnary, Member, Pat, Token, UnOp,
};

use crate::facts::code::{CallableKind, ExprIx, ExprKind, Literal, Mods, Usage};
use crate::text::{Name, Span};

use super::literals;
use super::places::join;
use super::statements::jumps;
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
                self.push(ExprKind::Cast { ty, base: base.ix }, span, span)
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

    fn path(&mut self, of: &ExprPath) -> Value {
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

    /// `a::b(x)`; a call of a value that is no path has that value as its base and no name.
    fn call(&mut self, of: &ExprCall) -> Value {
        let close = self.places.of(of.paren_token.span.close());
        let (base, name, at) = match &*of.func {
            Expr::Path(path) => {
                let name = self.qualified_name(path.qself.as_ref(), &path.path);
                let at = self.whole_path_span(path.qself.as_ref(), &path.path);
                match self.local(name) {
                    Some(_) => (Some(self.path(path)), Name::default(), at),
                    None => (None, name, at),
                }
            }
            func => {
                let base = self.expr(func);
                (Some(base), Name::default(), base.span)
            }
        };
        let args: Box<[_]> = of.args.iter().map(|arg| self.expr(arg).ix).collect();
        let span = join(at, close);
        self.finish_call(base, name, args, span, at)
    }

    fn method_call(&mut self, of: &ExprMethodCall) -> Value {
        let base = self.expr(&of.receiver);
        let args: Box<[_]> = of.args.iter().map(|arg| self.expr(arg).ix).collect();
        let span = join(base.span, self.places.of(of.paren_token.span.close()));
        let name = self.name(&of.method);
        let at = self.places.of(of.method.span());
        self.finish_call(Some(base), name, args, span, at)
    }

    fn finish_call(&mut self, base: Option<Value>, name: Name, args: Box<[ExprIx]>, span: Span, at: Span) -> Value {
        let list = args.clone();
        let call = self.push(ExprKind::Call { base: base.map(|base| base.ix), name, args }, span, at);
        if let Some(base) = base {
            self.use_as(base.ix, Usage::Base(call.ix));
        }
        self.arguments(&list, call.ix);
        if base.is_none() && matches!(name.as_str(), "std::process::exit" | "process::exit" | "std::process::abort") {
            self.throws();
        }
        call
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

    fn construction(&mut self, of: &ExprStruct) -> Value {
        let ty = self.path_type(&of.path);
        let mut args = Vec::new();
        for field in &of.fields {
            args.push(self.value(&field.expr, Usage::ToField).ix);
        }
        if let Some(rest) = &of.rest {
            self.expr(rest);
        }
        let at = ty.span;
        let span = join(at, self.places.of(of.brace_token.span.close()));
        self.push(ExprKind::New { ty, args: args.into(), body: None }, span, at)
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

    fn closure(&mut self, of: &ExprClosure) -> Value {
        let span = self.places.between(of.inputs_begin.span, of.inputs_end.span);
        let mut callable = self.new_callable(CallableKind::Closure, Name::default(), span);
        callable.returns = self.returned(&of.output);
        if of.asyncness.is_some() {
            callable.mods.insert(Mods::ASYNC);
        }
        let ix = self.add_callable(callable);
        let end = self.within(ix, true, |walker| {
            for input in &of.inputs {
                let local = walker.param(input, None);
                walker.facts[ix].params.push(local);
            }
            match &*of.body {
                Expr::Block(body) if body.label.is_none() => {
                    walker.body(&body.block);
                    walker.places.of(body.block.brace_token.span.close())
                }
                body => walker.value(body, Usage::Returned).span,
            }
        });
        let whole = join(span, end);
        self.facts[ix].body = whole;
        self.push(ExprKind::Lambda(ix), whole, span)
    }

    fn async_block(&mut self, of: &ExprAsync) -> Value {
        let keyword = self.places.of(of.async_token.span);
        let span = of.capture.as_ref().map_or(keyword, |capture| join(keyword, self.places.of(capture.span)));
        let whole = join(keyword, self.places.of(of.block.brace_token.span.close()));
        self.async_body(span, whole, |walker| walker.body(&of.block))
    }

    /// A body that runs when somebody polls it.
    pub(super) fn async_body(&mut self, span: Span, whole: Span, walk: impl FnOnce(&mut Self)) -> Value {
        let mut callable = self.new_callable(CallableKind::AsyncBlock, Name::default(), span);
        callable.mods.insert(Mods::ASYNC);
        callable.body = whole;
        let ix = self.add_callable(callable);
        self.within(ix, true, walk);
        self.push(ExprKind::Lambda(ix), whole, span)
    }

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
        let mut link = of;
        let mark = (self.scope.len(), self.lifecycle);
        let end = loop {
            let scope = self.scope.len();
            let cond = self.expr(&link.cond);
            let (then, otherwise) = self.ends(&link.cond, cond.ix);
            let absent = self.absences(&link.cond);
            let value = self.guarded(then, |walker| {
                let known = walker.absent.len();
                walker.absent.extend(absent);
                let value = walker.block(&link.then_branch, want);
                walker.absent.truncate(known);
                value
            });
            options.extend(value.map(|value| value.ix));
            self.scope.truncate(scope);
            self.lifecycle += u32::from(otherwise);
            match link.else_branch.as_ref().map(|(_, branch)| &**branch) {
                Some(Expr::If(next)) => link = next,
                Some(branch) if want && !jumps(branch) => {
                    let value = self.expr(branch);
                    options.push(value.ix);
                    break value.span;
                }
                Some(branch) => {
                    self.run(branch);
                    break cond.span;
                }
                None => break self.places.group(&link.then_branch.brace_token.span),
            }
        };
        self.lifecycle = mark.1;
        self.scope.truncate(mark.0);
        let span = join(self.places.of(of.if_token.span), end);
        self.choice(options, span, want)
    }

    pub(super) fn match_expr(&mut self, of: &ExprMatch, want: bool) -> Option<Value> {
        let scrutinee = self.expr(&of.expr);
        let (then, otherwise) = self.stops(scrutinee.ix);
        let mut options = Vec::new();
        for arm in &of.arms {
            self.scoped(|walker| {
                let mut ends = then || otherwise || walker.ends_when_matched(scrutinee.ix, &arm.pat);
                walker.bind(&arm.pat, None, Some(scrutinee.ix));
                if let Pat::Guard(guard) = &arm.pat {
                    let cond = walker.expr(&guard.guard);
                    ends |= walker.stops(cond.ix).0;
                }
                let known = walker.absent.len();
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
            });
        }
        let span = join(self.places.of(of.match_token.span), self.places.of(of.brace_token.span.close()));
        self.choice(options, span, want)
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
