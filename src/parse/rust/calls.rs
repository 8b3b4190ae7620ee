//! Calls, constructions, closures and `async` blocks.

use syn::{Expr, ExprAsync, ExprCall, ExprClosure, ExprMethodCall, ExprStruct};

use crate::facts::code::{CallableKind, ExprIx, ExprKind, Mods, Usage};
use crate::text::{Name, Span};

use super::places::join;
use super::walker::{Value, Walker};

impl Walker<'_> {
    /// `a::b(x)`; a call of a value that is no path has that value as its base and no name.
    pub(super) fn call(&mut self, of: &ExprCall) -> Value {
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

    pub(super) fn method_call(&mut self, of: &ExprMethodCall) -> Value {
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

    pub(super) fn construction(&mut self, of: &ExprStruct) -> Value {
        let ty = self.path_type(&of.path);
        let mut args = Vec::new();
        for field in &of.fields {
            let value = self.value(&field.expr, Usage::ToField).ix;
            if let syn::Member::Named(name) = &field.member {
                let name = self.name(name);
                self.facts.filled.push((value, name));
            }
            args.push(value);
        }
        if let Some(rest) = &of.rest {
            self.expr(rest);
        }
        let at = ty.span;
        let span = join(at, self.places.of(of.brace_token.span.close()));
        self.push(ExprKind::New { ty: Box::new(ty), args: args.into(), body: None }, span, at)
    }

    pub(super) fn closure(&mut self, of: &ExprClosure) -> Value {
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

    pub(super) fn async_block(&mut self, of: &ExprAsync) -> Value {
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
}
