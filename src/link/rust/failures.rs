//! Calls that only follow a failure, and those whose failure is only reported.

use super::super::Linked;
use super::super::joins::chain_top;
use crate::facts::CodeFacts;
use crate::facts::code::{Expr, ExprIx, ExprKind};
use crate::source::FileIx;
use crate::text::Span;

/// Macros that end a function with an error.
const FAILS: &[&str] = &["bail", "anyhow", "eyre", "whatever"];
/// Macros that tell people something.
const REPORTS: &[&str] = &[
    "error",
    "warn",
    "info",
    "debug",
    "trace",
    "event",
    "eprintln",
    "eprint",
    "println",
    "log_error",
    "admin_error",
    "format",
    "format_args",
];

impl Linked<'_> {
    /// `Err(e) => { remove_dir_all(path)?; return Err(e) }`: does an arm around the call end with an error?
    pub fn is_after_failure(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let at = facts[call].span;
        let arms = facts.branches.iter().flat_map(|arms| arms.iter());
        arms.filter(|arm| arm.contains(at)).any(|arm| ends_with_error(facts, *arm, at))
    }

    /// `if let Err(e) = remove_file(path) { warn!("{e}") }`: is a failure told to people, and nothing else done about it?
    pub fn is_only_reported(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let top = facts[chain_top(facts, call)].span;
        let arms = facts.branches.iter().filter(|arms| arms.len() == 1).filter_map(|arms| arms.first());
        arms.filter(|arm| arm.start >= top.end).any(|arm| {
            let between = |e: &Expr| e.span.start >= top.end && e.span.end <= arm.start;
            let within = || facts.exprs_within(*arm).map(|(_, e)| e);
            let reports: Vec<Span> = within().filter(|e| is_macro(e, REPORTS)).map(|e| e.span).collect();
            !facts.exprs.iter().any(between)
                && !reports.is_empty()
                && within().all(|e| reports.iter().any(|report| report.contains(e.span)))
        })
    }
}

fn is_macro(expr: &Expr, names: &[&str]) -> bool {
    matches!(&expr.kind, ExprKind::Macro { name, .. } if names.contains(&name.last_segment()))
}

/// Is the last thing in the arm, after the call, an `Err(…)` that stands in no arm within it?
fn ends_with_error(facts: &CodeFacts, arm: Span, call: Span) -> bool {
    let fails = |e: &Expr| {
        matches!(&e.kind, ExprKind::Call { base: None, name, .. } if name.last_segment() == "Err") || is_macro(e, FAILS)
    };
    let last = facts.exprs.iter().rfind(|e| arm.contains(e.span) && e.span.start >= call.end && fails(e));
    last.is_some_and(|last| {
        let later = |e: &Expr| arm.contains(e.span) && e.span.start >= last.span.end;
        let inner = |one: &Span| *one != arm && arm.contains(*one) && one.contains(last.span);
        !facts.exprs.iter().any(later) && !facts.branches.iter().flat_map(|arms| arms.iter()).any(inner)
    })
}
