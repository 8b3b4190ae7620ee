//! The visitor's state, and the few operations that every handler uses.

use rustc_hash::FxHashSet;

use super::exits::Frame;
use super::flat::Node;
use super::guards::{Guard, UnderFlags};
use super::kinds::Kind;
use super::scope::Scope;
use crate::facts::code::{
    Callable, CallableIx, CallableKind, Expr, ExprIx, ExprKind, Import, LocalIx, Mods, TypeIx, Usage,
};
use crate::facts::{CodeFacts, Note};
use crate::text::{Name, Span};

/// How deep statements, expressions and types may nest before the rest is left out with a note.
/// Hand-written code stays below 60; the bound keeps a thread with a 2 MiB stack safe.
pub(super) const DEEPEST: u32 = 256;

/// Turns one file into facts.
pub(super) struct Visitor<'a> {
    pub(super) text: &'a str,
    pub(super) facts: CodeFacts,
    pub(super) notes: &'a mut Vec<Note>,
    /// What runs the code at hand; none between the members of a top-level type.
    pub(super) callable: Option<CallableIx>,
    /// The type whose body the code at hand is in.
    pub(super) owner: Option<TypeIx>,
    pub(super) scope: Scope,
    /// What stands around the statement at hand, within its callable from `floor` on.
    pub(super) frames: Vec<Frame>,
    pub(super) floor: usize,
    /// What is known here of fields and locals: see `guards`.
    pub(super) guards: Vec<Guard>,
    /// Assignments under flags, and the flags that are turned after they were asked for.
    pub(super) under_flags: Vec<UnderFlags>,
    pub(super) turned: FxHashSet<(CallableIx, Name)>,
    /// Values of the `switch` expressions around, innermost last.
    pub(super) yields: Vec<Vec<ExprIx>>,
    /// The latest `? :` and its condition.
    pub(super) ternary: Option<(ExprIx, ExprIx)>,
    /// Shared stacks of the chain and list walkers; each user truncates to where it began.
    pub(super) spine: Vec<Node<'a>>,
    pub(super) parts: Vec<ExprIx>,
    synthetic: Option<CallableIx>,
    depth: u32,
    cut: bool,
}

/// What [`Visitor::enter`] replaces and [`Visitor::leave`] puts back.
pub(super) struct Outer {
    callable: Option<CallableIx>,
    floor: usize,
    guards: Vec<Guard>,
    scope: usize,
}

impl<'a> Visitor<'a> {
    pub(super) fn new(text: &'a str, notes: &'a mut Vec<Note>) -> Self {
        Self {
            text,
            facts: CodeFacts::default(),
            notes,
            callable: None,
            owner: None,
            scope: Scope::default(),
            frames: Vec::new(),
            floor: 0,
            guards: Vec::new(),
            under_flags: Vec::new(),
            turned: FxHashSet::default(),
            yields: Vec::new(),
            ternary: None,
            spine: Vec::new(),
            parts: Vec::new(),
            synthetic: None,
            depth: 0,
            cut: false,
        }
    }

    /// Visits a whole file.
    pub(super) fn file(&mut self, root: Node<'a>) {
        for child in root.children() {
            self.any(child);
        }
    }

    /// Visits whatever may stand here, also the pieces that error recovery leaves.
    pub(super) fn any(&mut self, node: Node<'a>) {
        use Kind::*;
        match node.kind() {
            Package => self.package(node),
            Import => self.import(node),
            kind if Self::is_member(kind) => self.member(node, self.callable.is_some()),
            kind if Self::is_statement(kind) => self.statement(node),
            kind if Self::is_expression(kind) => {
                self.expr(node);
            }
            Modifiers | Annotation | MarkerAnnotation | TypeArguments => {}
            kind if Self::is_type(kind) => {}
            _ => {
                if self.deeper(node) {
                    for child in node.children() {
                        self.any(child);
                    }
                    self.shallower();
                }
            }
        }
    }

    fn package(&mut self, node: Node<'a>) {
        for child in node.children() {
            match child.kind() {
                Kind::Identifier | Kind::ScopedIdentifier => self.facts.package = dotted(child.text()),
                Kind::Annotation | Kind::MarkerAnnotation => self.annotation(child, crate::facts::code::Target::File),
                _ => {}
            }
        }
    }

    fn import(&mut self, node: Node<'a>) {
        let (mut path, mut wildcard, mut is_static) = (Name::default(), false, false);
        for child in node.children() {
            match child.kind() {
                Kind::Identifier | Kind::ScopedIdentifier => path = dotted(child.text()),
                Kind::Asterisk => wildcard = true,
                Kind::Modifier => is_static = true,
                _ => {}
            }
        }
        self.facts.imports.push(Import {
            path,
            alias: None,
            wildcard,
            is_static,
            reexport: false,
            module: Name::default(),
            span: node.span(),
        });
    }

    /// Goes one level down, or says once that the file nests too deep and refuses.
    pub(super) fn deeper(&mut self, node: Node<'a>) -> bool {
        if self.depth >= DEEPEST {
            if !self.cut {
                self.cut = true;
                let reason = format!("nested deeper than {DEEPEST} levels: what lies deeper is not read");
                self.notes.push(Note::at(node.span(), reason));
            }
            return false;
        }
        self.depth += 1;
        true
    }

    /// Goes back up after [`Visitor::deeper`] agreed.
    pub(super) fn shallower(&mut self) {
        self.depth -= 1;
    }

    /// What runs the code at hand. Between members (annotations of types and members) nothing does:
    /// such expressions share one static `<annotations>` callable per file, made when first needed.
    pub(super) fn here(&mut self) -> CallableIx {
        if let Some(here) = self.callable.or(self.synthetic) {
            return here;
        }
        let made =
            self.push_callable(CallableKind::FieldInit, Name::new("<annotations>"), Mods::STATIC, Span::default());
        self.facts[made].owner = None;
        self.facts[made].body = Span::default();
        self.synthetic = Some(made);
        made
    }

    /// Adds a callable of the current type and callable; the rest is filled in by the caller.
    pub(super) fn push_callable(&mut self, kind: CallableKind, name: Name, mods: Mods, span: Span) -> CallableIx {
        let made = CallableIx(index(self.facts.callables.len()));
        self.facts.callables.push(Callable {
            kind,
            name,
            owner: self.owner,
            self_type: None,
            of_trait: None,
            outer: self.callable,
            module: Name::default(),
            params: Vec::new(),
            returns: None,
            type_params: Vec::new(),
            data_params: Vec::new(),
            mods,
            span,
            body: span,
        });
        made
    }

    /// Starts the code of a callable: scope, guards and exits begin anew, outer locals stay visible.
    pub(super) fn enter(&mut self, callable: CallableIx) -> Outer {
        Outer {
            callable: self.callable.replace(callable),
            floor: std::mem::replace(&mut self.floor, self.frames.len()),
            guards: std::mem::take(&mut self.guards),
            scope: self.scope.mark(),
        }
    }

    /// Ends the code of a callable.
    pub(super) fn leave(&mut self, outer: Outer) {
        self.frames.truncate(self.floor);
        self.callable = outer.callable;
        self.floor = outer.floor;
        self.guards = outer.guards;
        self.scope.reset(outer.scope);
    }

    /// Adds an expression that is looked for at its own place.
    pub(super) fn push(&mut self, kind: ExprKind, span: Span) -> ExprIx {
        self.push_at(kind, span, span)
    }

    /// Adds an expression.
    pub(super) fn push_at(&mut self, kind: ExprKind, span: Span, at: Span) -> ExprIx {
        let callable = self.here();
        let made = ExprIx(index(self.facts.exprs.len()));
        self.facts.exprs.push(Expr { kind, span, at, callable, usage: Usage::Other });
        made
    }

    /// Says what becomes of a value; casts and choices hand it on to what they are made of.
    pub(super) fn use_as(&mut self, expr: ExprIx, usage: Usage) {
        let mut pending = Vec::new();
        let mut next = Some(expr);
        while let Some(expr) = next {
            let expr = &mut self.facts[expr];
            // `(x = make()).start()`, `foo(x = make())`: that it is kept in x matters more.
            let kept = matches!(expr.usage, Usage::ToLocal(_) | Usage::ToField) && usage != Usage::ToField;
            if !kept {
                expr.usage = usage;
            }
            match &expr.kind {
                ExprKind::Cast { base, .. } => pending.push(*base),
                ExprKind::Choice(values) => pending.extend_from_slice(values),
                _ => {}
            }
            next = pending.pop();
        }
    }

    /// The parts that were pushed since `mark`.
    pub(super) fn take_parts(&mut self, mark: usize) -> Box<[ExprIx]> {
        self.parts.drain(mark..).collect()
    }

    /// The local that a plain name means here.
    pub(super) fn local(&self, name: Name) -> Option<LocalIx> {
        self.scope.find(name)
    }

    /// The source text of a span.
    pub(super) fn source(&self, span: Span) -> &'a str {
        span.of(self.text)
    }
}

/// An index as the facts store it.
pub(super) fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A dotted name without the white space, comments, annotations and type arguments that may stand in it.
pub(super) fn dotted(text: &str) -> Name {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '$');
    if text.chars().all(plain) {
        return Name::new(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut angle = 0_usize;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("/*") {
            rest.find("*/").map(|i| i + 2)
        } else if rest.starts_with("//") {
            rest.find('\n')
        } else if c == '@' {
            rest.find(char::is_whitespace)
        } else {
            None
        };
        if let Some(skipped) = skipped {
            rest = &rest[skipped..];
            continue;
        }
        match c {
            '<' => angle += 1,
            '>' => angle = angle.saturating_sub(1),
            c if angle == 0 && plain(c) => out.push(c),
            _ => {}
        }
        rest = &rest[c.len_utf8()..];
    }
    Name::new(&out)
}
