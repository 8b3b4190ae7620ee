//! What becomes of files: sockets, files put in their place later, results that nobody looks at.

use super::super::Linked;
use super::scratch::KEEPS;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, LocalIx, Usage};
use crate::source::FileIx;

/// Callers of callers of callers.
const CALLERS: u8 = 4;
/// More calls of one function are not looked at.
const MAX_CALLS: usize = 16;

/// Where a path comes from within a function.
#[derive(Clone, Copy, PartialEq)]
enum Root {
    Local(LocalIx),
    Field(FileIx, FieldIx),
}

impl Linked<'_> {
    /// Does a call of a Rust file work on the path of a Unix socket: one that is bound in the same function, or in
    /// all functions that give it?
    pub fn on_socket(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        match &facts[call].kind {
            ExprKind::Call { args, .. } => args.first().is_some_and(|path| self.is_socket(file, facts, *path, CALLERS)),
            _ => false,
        }
    }

    fn is_socket(&self, file: FileIx, facts: &CodeFacts, path: ExprIx, reach: u8) -> bool {
        let Some(reach) = reach.checked_sub(1) else { return false };
        let Some(root) = self.root_of(file, facts, path) else { return false };
        let around = self.outermost(file, facts[path].callable);
        let body = facts[around].body;
        let binds = |(i, e): (usize, &crate::facts::code::Expr)| {
            let ExprKind::Call { base: None, name, args } = &e.kind else { return false };
            if name.last_segment() != "bind" || !body.contains(e.span) {
                return false;
            }
            let called = self.rust_callee(file, ExprIx(i as u32));
            let of = called.rsplit("::").nth(1).unwrap_or_default();
            of.starts_with("Unix") && args.first().is_some_and(|a| self.root_of(file, facts, *a) == Some(root))
        };
        if facts.exprs.iter().enumerate().any(binds) {
            return true;
        }
        let Root::Local(local) = root else { return false };
        let Some(at) = facts[around].params.iter().position(|p| *p == local) else { return false };
        let calls = self.rust_calls_of(file, around);
        !calls.is_empty()
            && calls.len() <= MAX_CALLS
            && calls.iter().all(|(home, call)| {
                let Some(facts) = self.facts(*home) else { return false };
                let ExprKind::Call { args, .. } = &facts[*call].kind else { return false };
                args.get(at).is_some_and(|a| self.is_socket(*home, facts, *a, reach))
            })
    }

    fn outermost(&self, file: FileIx, callable: CallableIx) -> CallableIx {
        self.named_callable(file, callable)
    }

    fn root_of(&self, file: FileIx, facts: &CodeFacts, path: ExprIx) -> Option<Root> {
        let mut at = path;
        for _ in 0..16 {
            if let Some((home, field)) = self.rust_field_of(file, at) {
                return Some(Root::Field(home, field));
            }
            at = match &facts[at].kind {
                ExprKind::Local(local) => match facts[*local].init.map(|init| (init, &facts[init].kind)) {
                    Some((init, ExprKind::Local(_) | ExprKind::Select { .. })) => init,
                    Some((init, ExprKind::Call { base: Some(_), name, .. })) if KEEPS.contains(&name.as_str()) => init,
                    _ => return Some(Root::Local(*local)),
                },
                ExprKind::Call { base: Some(base), name, .. } if KEEPS.contains(&name.as_str()) => *base,
                _ => return None,
            };
        }
        None
    }

    /// `let _ = write(…)`: whether it worked is all the same.
    pub fn is_ignored(&self, file: FileIx, expr: ExprIx) -> bool {
        self.facts(file).is_some_and(|facts| {
            let top = super::super::joins::chain_top(facts, expr);
            facts.ignored.binary_search(&top).is_ok()
        })
    }

    /// The function gives back the builder that a call is part of, and finishes nothing itself: `OpenOptions` for
    /// others to open with.
    pub fn prepares(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let path = self.rust_callee(file, call);
        let of = path.rsplit("::").nth(1).unwrap_or_default();
        let around = self.named_callable(file, facts[call].callable);
        !of.is_empty() && facts[around].returns.as_ref().is_some_and(|ty| ty.name.last_segment() == of)
    }

    /// The temporary file that a call makes is kept in a field, and some method puts that field's file in its place.
    pub fn is_persisted_later(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let top = super::super::joins::chain_top(facts, call);
        let mut values = vec![top];
        if let Usage::ToLocal(local) = facts[top].usage {
            values.extend(self.rust.uses(file, local).iter().take(16));
        }
        values.iter().any(|value| self.rust.persisted.contains(&(file, *value)))
    }
}
