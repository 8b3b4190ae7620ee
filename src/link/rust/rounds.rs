//! Whether a task goes on and on, and whose the loop or the set is that it belongs to.

use super::super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{ExprIx, ExprKind};
use crate::source::FileIx;
use crate::text::Span;

use super::work::task_span;

impl Linked<'_> {
    /// Does a task wait for something again and again: for a channel, a connection, the clock?
    pub fn goes_round(&self, file: FileIx, call: ExprIx) -> bool {
        if self.is_java(file) {
            return false;
        }
        self.rust_stretches_of_task(file, call).into_iter().any(|(home, span)| {
            self.facts(home).is_some_and(|facts| {
                facts.loops.iter().any(|l| span.contains(l.body) && self.loop_kind(home, l).is_some())
            })
        })
    }

    /// Does the function that starts the task around a loop wait for the end of it?
    pub fn is_in_joined_task(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let l = &facts.loops[ix as usize];
        // One that never ends is waited for by nobody.
        let waited = |task| self.value_is_waited_for(file, facts, task, 0);
        !l.endless && self.task_around(file, facts, l.body).is_some_and(waited)
    }

    /// The call that starts the innermost task around a stretch.
    fn task_around(&self, file: FileIx, facts: &CodeFacts, body: Span) -> Option<ExprIx> {
        let calls = (0..facts.exprs.len()).map(|i| ExprIx(i as u32)).filter(|call| match &facts[*call].kind {
            ExprKind::Call { args, .. } => {
                args.iter().any(|arg| task_span(facts, *arg).contains(body)) && self.starts_rust_task(file, *call)
            }
            _ => false,
        });
        calls.min_by_key(|call| facts[*call].span.end - facts[*call].span.start)
    }

    /// Is the set that gets a task one that the caller lent, who waits for what is in it?
    pub fn is_set_of_caller(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let ExprKind::Call { base: Some(base), .. } = &facts[call].kind else { return false };
        let ExprKind::Local(set) = facts[*base].kind else { return false };
        (facts[set].param || facts[set].init.is_none()) && self.rust_callee(file, call).contains("JoinSet")
    }
}
