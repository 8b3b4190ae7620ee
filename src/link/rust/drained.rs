//! Where tasks that a value keeps are waited for, and calls whose end nobody minds.

use super::super::Linked;
use super::super::joins::chain_names;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, Expr, ExprIx, ExprKind, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// More callers than this are not looked at.
const MAX_CALLERS: usize = 4;
/// Parts of the names of long-lived functions.
const LASTING: &[&str] =
    &["main", "run", "start", "serve", "launch", "worker", "loop", "task", "listen", "watch", "subscribe"];

impl Linked<'_> {
    /// Where the tasks of a set, or the one in a field, are waited for: `self.workers.join_next()`, `self.task.await`.
    pub fn drained_at(&self, file: FileIx, call: ExprIx) -> Vec<ExprIx> {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return Vec::new() };
        let ExprKind::Call { base, .. } = &facts[call].kind else { return Vec::new() };
        let named = |expr: ExprIx| match &facts[expr].kind {
            ExprKind::Select { name, .. } => Some(*name),
            _ => None,
        };
        let set = |(target, value): (ExprIx, Option<ExprIx>)| {
            let given = value.is_some_and(|value| facts[value].span.contains(facts[call].span));
            given.then(|| named(target)).flatten()
        };
        let assigned = || facts.assigns.iter().find_map(|a| set((a.target, a.value)));
        let Some(field) = base.and_then(named).or_else(assigned) else { return Vec::new() };
        let waits = |(i, e): &(usize, &Expr)| {
            let this = matches!(&e.kind, ExprKind::Select { name, .. } if *name == field);
            this && self.is_waited_for_at(facts, ExprIx(*i as u32))
        };
        let found = facts.exprs.iter().enumerate().filter(waits);
        found.map(|(i, _)| ExprIx(i as u32)).take(8).collect()
    }

    /// Does a chain that begins here end in an `.await` or a call that waits for tasks?
    fn is_waited_for_at(&self, facts: &CodeFacts, expr: ExprIx) -> bool {
        let joins =
            |name: Name| matches!(name.as_str(), "join_next" | "try_join_next" | "join_all" | "join_next_with_id");
        let top = super::super::joins::chain_top(facts, expr);
        facts[top].usage == Usage::Awaited || chain_names(facts, expr).any(joins)
    }

    /// Does a function that comes to an end read what another gave it empty, and give back what comes of it?
    pub(in crate::link) fn reads_a_result(&self, file: FileIx, l: &crate::facts::code::Loop) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let Some(ExprKind::Call { base: Some(base), name, .. }) = l.source.map(|s| &facts[s].kind) else {
            return false;
        };
        let ExprKind::Local(read) = facts[*base].kind else { return false };
        let function = &facts[l.callable];
        // `let mut receiver = result.receiver;`: of a value that was given, or came back from a call.
        let part = facts[read].init.is_some_and(|init| match &facts[init].kind {
            ExprKind::Select { base, .. } => match facts[*base].kind {
                ExprKind::Local(whole) => facts[whole].callable == l.callable,
                _ => false,
            },
            _ => false,
        });
        part && name.as_str().starts_with("recv")
            && !function.name.is_empty()
            && !function.name.split('_').any(|word| LASTING.contains(&word))
            && function.returns.as_ref().is_some_and(super::joins::gives_a_value)
    }

    /// Is the call made only while a value is dropped: in `drop`, or in a function that nothing but `drop` calls?
    pub fn is_while_dropping(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let drops = |home: FileIx, callable: CallableIx| {
            self.facts(home).is_some_and(|there| there[self.named_callable(home, callable)].name.as_str() == "drop")
        };
        let around = self.named_callable(file, facts[call].callable);
        let calls = self.rust_calls_of(file, around);
        drops(file, around)
            || !calls.is_empty()
                && calls.len() <= MAX_CALLERS
                && calls.iter().all(|(home, c)| self.facts(*home).is_some_and(|there| drops(*home, there[*c].callable)))
    }

    /// `let _ = tidy().await`: does the function around a call only remove files, and is its result thrown away, or only reported, by all its callers?
    pub fn is_minded_by_nobody(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let around = self.named_callable(file, facts[call].callable);
        let calls = self.rust_calls_of(file, around);
        let body = facts[around].body;
        let removes = |e: &Expr| match &e.kind {
            ExprKind::Call { name, .. } => {
                let name = name.last_segment();
                name.starts_with("remove_")
                    || ["Ok", "Err", "exists"].contains(&name)
                    || super::scratch::KEEPS.contains(&name)
            }
            _ => true,
        };
        !calls.is_empty()
            && calls.len() <= MAX_CALLERS
            && facts.exprs.iter().filter(|e| body.contains(e.span)).all(removes)
            && calls.iter().all(|(home, caller)| {
                let Some(there) = self.facts(*home) else { return false };
                let top = super::super::joins::chain_top(there, *caller);
                there.ignored.iter().any(|i| *i == top || *i == *caller) || self.is_only_reported(*home, *caller)
            })
    }

    /// Is the type around a place one of several of the tree that implement a trait of the tree with methods?
    pub fn is_one_of_kinds(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(own) = self.rust_impl_type(file, callable) else { return false };
        self.rust_traits_of(own).iter().any(|of| {
            let kinds = self.rust.declared.implementors(*of);
            kinds.len() > 1 && kinds.len() < 32 && kinds.iter().any(|kind| *kind != own && !is_stand_in(kind))
        })
    }

    /// Do two calls work on the same path?
    pub fn shares_path(&self, file: FileIx, one: ExprIx, other: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let holders = |call: ExprIx| match &facts[call].kind {
            ExprKind::Call { args, name, .. } => {
                // What is copied lies elsewhere; its copy is what matters.
                let paths =
                    if name.last_segment() == "copy" { &args[..args.len().min(2)] } else { &args[..args.len().min(1)] };
                let found: Vec<_> = paths.iter().flat_map(|path| self.holders_of(file, facts, *path, false)).collect();
                (!found.is_empty()).then_some(found)
            }
            _ => None,
        };
        let (Some(these), Some(those)) = (holders(one), holders(other)) else { return false };
        these.iter().any(|holder| those.contains(holder))
    }
}

fn is_stand_in(kind: &Name) -> bool {
    let name = kind.last_segment();
    ["Mock", "Fake", "Dummy", "Stub", "Test", "Noop", "NoOp"].iter().any(|word| name.contains(word))
}
