//! Does a method, itself or a few calls on, wait in a loop that nothing of the request or the start ends?

use super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, Loop, LoopForm};
use crate::rules::model::LoopKind;
use crate::source::FileIx;
use crate::text::Span;

/// How many calls on a loop still belongs to the method.
const DEEPEST: u8 = 3;
/// Methods looked at for one question.
const MOST_METHODS: usize = 64;

impl Linked<'_> {
    /// Java: lambdas and local classes count, but for what is handed to other threads, which is told there.
    pub fn waits_without_end(&self, file: FileIx, method: CallableIx) -> bool {
        if !self.is_java(file) {
            return false;
        }
        let mut seen = vec![(file, method)];
        let mut depths = vec![0u8];
        let mut next = 0;
        while next < seen.len() && seen.len() < MOST_METHODS {
            let ((file, callable), depth) = (seen[next], depths[next]);
            next += 1;
            let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { continue };
            let body = facts[callable].body;
            let handed: Vec<Span> = facts
                .exprs_within(body)
                .filter(|(i, e)| {
                    matches!(e.kind, ExprKind::Call { .. } | ExprKind::New { .. }) && self.hands_over(file, *i, 0)
                })
                .flat_map(|(_, e)| match &e.kind {
                    ExprKind::Call { args, .. } | ExprKind::New { args, .. } => args.to_vec(),
                    _ => Vec::new(),
                })
                .map(|arg| facts[arg].span)
                .collect();
            let own = |span: Span| body.contains(span) && !handed.iter().any(|h| h.contains(span));
            if facts.loops.iter().any(|l| own(l.span) && self.waits_on(file, facts, l)) {
                return true;
            }
            if depth == DEEPEST {
                continue;
            }
            for (i, e) in facts.exprs_within(body) {
                if matches!(e.kind, ExprKind::Call { .. })
                    && own(e.span)
                    && let Some((id, target)) = self.callee(file, i).target
                {
                    let there = (self.types[id].file, target);
                    if !seen.contains(&there) {
                        seen.push(there);
                        depths.push(depth + 1);
                    }
                }
            }
        }
        false
    }

    /// A daemon's loop, `while (true)` around a poll, or `while (offline)` around a sleep. Loops that count are none.
    fn waits_on(&self, file: FileIx, facts: &CodeFacts, l: &Loop) -> bool {
        let calls = |names: &[&str]| {
            facts
                .exprs_within(l.body)
                .any(|(_, e)| matches!(&e.kind, ExprKind::Call { name, .. } if names.contains(&name.as_str())))
        };
        match self.loop_kind(file, l) {
            Some(LoopKind::Daemon | LoopKind::Consumer) => true,
            Some(LoopKind::MaybeDaemon) => calls(&["poll", "take", "receive"]),
            _ if l.form != LoopForm::While => false,
            _ if l.endless => calls(&["poll", "take", "receive"]),
            _ => calls(&["sleep"]) && asks_one_flag(facts, l),
        }
    }
}

/// `while (offline)`, `while (!found)`: one local and nothing to count or compare.
fn asks_one_flag(facts: &CodeFacts, l: &Loop) -> bool {
    let asked: Vec<(ExprIx, _)> = facts.exprs_within(l.span).collect();
    matches!(asked.as_slice(), [(_, e)] if matches!(e.kind, ExprKind::Local(_)))
}
