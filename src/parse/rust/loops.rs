//! Loops: how they are written and what ends them.

use syn::{Block, Expr, ExprForLoop, ExprLoop, ExprWhile, Label, Stmt};

use crate::facts::code::{ExprIx, ExprKind, Literal, Loop, LoopExit, LoopForm, Usage};
use crate::text::{Name, Span};

use super::places::join;
use super::walker::{Value, Walker};

/// An open loop or labelled block of the body that is walked.
pub(super) struct Frame {
    label: Name,
    is_loop: bool,
    /// [`Walker::lifecycle`] where it begins: conditions further out say nothing about its exits.
    base: u32,
    exit: LoopExit,
    /// Hands values on to whoever reads the stream, and ends with that.
    yields: bool,
}

/// The parts of a loop that its forms have in common.
struct Header {
    form: LoopForm,
    endless: bool,
    flags: Vec<ExprIx>,
    source: Option<ExprIx>,
    span: Span,
}

impl Walker<'_> {
    /// Walks within a condition that (if `ends`) holds only when the process, task or channel is to end.
    pub(super) fn guarded<R>(&mut self, ends: bool, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.lifecycle += u32::from(ends);
        let result = walk(self);
        self.lifecycle -= u32::from(ends);
        result
    }

    /// `?`, `panic!` and the like leave all open loops.
    pub(super) fn throws(&mut self) {
        self.leave(0, LoopExit::OnlyThrow);
    }

    /// Leaves the frames from `first` on.
    fn leave(&mut self, first: usize, exit: LoopExit) {
        for frame in &mut self.frames[first..] {
            let exit = if self.deadline {
                LoopExit::Conditional
            } else if self.lifecycle > frame.base {
                LoopExit::OnlyLifecycle
            } else {
                exit
            };
            frame.exit = frame.exit.max(exit);
        }
    }

    /// `return`, `break`, `continue`.
    pub(super) fn jump(&mut self, expr: &Expr) {
        match expr {
            Expr::Return(of) => {
                let mut exit = LoopExit::Conditional;
                if let Some(value) = &of.expr {
                    self.value(value, Usage::Returned);
                    if is_err(value) {
                        exit = LoopExit::OnlyThrow;
                    }
                }
                self.leave(0, exit);
            }
            Expr::Break(of) => {
                if let Some(value) = &of.expr {
                    self.expr(value);
                }
                let target = self.target_frame(of.label.as_ref().map(|label| label.ident.to_string()));
                self.leave(target, LoopExit::Conditional);
            }
            Expr::Continue(of) => {
                let target = self.target_frame(of.label.as_ref().map(|label| label.ident.to_string()));
                self.leave((target + 1).min(self.frames.len()), LoopExit::Conditional);
            }
            _ => {}
        }
    }

    fn target_frame(&self, label: Option<String>) -> usize {
        let found = match label {
            Some(label) => self.frames.iter().rposition(|frame| frame.label.as_str() == label),
            None => self.frames.iter().rposition(|frame| frame.is_loop),
        };
        found.unwrap_or(self.frames.len())
    }

    /// Walks a labelled block.
    pub(super) fn labelled<R>(&mut self, label: Name, walk: impl FnOnce(&mut Self) -> R) -> R {
        self.enter(label, false);
        let result = walk(self);
        self.frames.pop();
        result
    }

    fn enter(&mut self, label: Name, is_loop: bool) {
        self.frames.push(Frame { label, is_loop, base: self.lifecycle, exit: LoopExit::Never, yields: false });
    }

    /// `yield` goes on when, and as long as, somebody reads.
    pub(super) fn yields(&mut self) {
        for frame in &mut self.frames {
            frame.yields = true;
        }
    }

    /// Walks a loop of any form.
    pub(super) fn loop_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Loop(of) => self.endless_loop(of),
            Expr::While(of) => self.while_loop(of),
            Expr::ForLoop(of) => self.for_loop(of),
            _ => {}
        }
    }

    fn endless_loop(&mut self, of: &ExprLoop) {
        let span = self.places.of(of.loop_token.span);
        let header = Header { form: LoopForm::Loop, endless: true, flags: Vec::new(), source: None, span };
        self.enter(label_name(of.label.as_ref()), true);
        self.finish_loop(header, &of.body);
    }

    fn while_loop(&mut self, of: &ExprWhile) {
        let mark = self.scope.len();
        self.enter(label_name(of.label.as_ref()), true);
        let cond = self.expr(&of.cond);
        let source = self.let_source(&of.cond, cond);
        let endless = matches!(self.facts[cond.ix].kind, ExprKind::Literal(Literal::Bool(true)));
        let flags = if source.is_some() || endless { Vec::new() } else { self.flags(cond.ix) };
        let form = if source.is_some() { LoopForm::WhileLet } else { LoopForm::While };
        let span = join(self.places.of(of.while_token.span), cond.span);
        self.finish_loop(Header { form, endless, flags, source, span }, &of.body);
        self.scope.truncate(mark);
    }

    /// For `let P = e` and `let P = e && …` the `e`.
    fn let_source(&self, cond: &Expr, value: Value) -> Option<ExprIx> {
        match cond {
            Expr::Let(_) => Some(value.ix),
            Expr::Binary(of) if matches!(&*of.left, Expr::Let(_)) => match self.facts[value.ix].kind {
                ExprKind::Binary { left, .. } => Some(left),
                _ => None,
            },
            _ => None,
        }
    }

    fn for_loop(&mut self, of: &ExprForLoop) {
        let source = self.expr(&of.expr);
        let span = join(self.places.of(of.for_token.span), source.span);
        let header =
            Header { form: LoopForm::ForEach, endless: false, flags: Vec::new(), source: Some(source.ix), span };
        let mark = self.scope.len();
        self.bind(&of.pat, None, Some(source.ix));
        self.enter(label_name(of.label.as_ref()), true);
        self.finish_loop(header, &of.body);
        self.scope.truncate(mark);
    }

    /// Walks the body of the loop whose frame is open, and closes it.
    fn finish_loop(&mut self, header: Header, body: &Block) {
        let callable = self.here();
        let ix = self.facts.loops.len();
        self.facts.loops.push(Loop {
            form: header.form,
            endless: header.endless,
            flags: header.flags,
            source: header.source,
            exit: LoopExit::Never,
            guarded_wait: header.form == LoopForm::While && !header.endless && only_waits(body),
            callable,
            span: header.span,
            body: self.places.group(&body.brace_token.span),
        });
        self.block(body, false);
        if let Some(frame) = self.frames.pop() {
            self.facts.loops[ix].exit = frame.exit;
            self.facts.loops[ix].guarded_wait |= frame.yields;
        }
    }
}

fn label_name(label: Option<&Label>) -> Name {
    label.map_or_else(Name::default, |label| Name::new(&label.name.ident.to_string()))
}

/// `Err(…)`.
fn is_err(expr: &Expr) -> bool {
    match expr {
        Expr::Call(of) => match &*of.func {
            Expr::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "Err"),
            _ => false,
        },
        _ => false,
    }
}

/// Is the body one wait for the condition to change (`guard = condvar.wait(guard)?;`)?
fn only_waits(body: &Block) -> bool {
    let mut expr = match &body.stmts[..] {
        [Stmt::Expr(expr, _)] => expr,
        [Stmt::Local(local)] => match &local.init {
            Some(init) => &init.expr,
            None => return false,
        },
        _ => return false,
    };
    loop {
        expr = match expr {
            Expr::Assign(of) => &of.right,
            Expr::Paren(of) => &of.expr,
            Expr::Try(of) => &of.expr,
            Expr::Await(of) => &of.base,
            Expr::MethodCall(of) if of.method == "unwrap" || of.method == "expect" || of.method == "unwrap_or_else" => {
                &of.receiver
            }
            Expr::MethodCall(of) => return waits(&of.method.to_string()),
            Expr::Call(of) => match &*of.func {
                Expr::Path(path) => {
                    return path.path.segments.last().is_some_and(|last| waits(&last.ident.to_string()));
                }
                _ => return false,
            },
            _ => return false,
        };
    }
}

fn waits(name: &str) -> bool {
    matches!(
        name,
        "wait"
            | "wait_timeout"
            | "wait_while"
            | "notified"
            | "changed"
            | "park"
            | "park_timeout"
            | "spin_loop"
            | "yield_now"
    )
}
