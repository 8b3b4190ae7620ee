//! Loops that only renew a value which the start has loaded already.

use super::super::Linked;
use super::super::graph::ReachSet;
use crate::facts::code::{CallableIx, ExprIx, ExprKind};
use crate::source::FileIx;

/// Calls after which something else than the value has changed.
const CHANGES: &[&str] = &[
    "insert",
    "execute",
    "save",
    "delete",
    "publish",
    "put",
    "post",
    "upload",
    "commit",
    "persist",
    "create",
    "write_all",
    "spawn",
    "try_send",
    "remove",
    "push",
    "patch",
    "set",
    "enqueue",
    "notify",
    "emit",
    "exec",
];

impl Linked<'_> {
    /// `loop { let new = fetch(&shared).await; shared.write().await.update(new); sleep(pause).await }`: does the loop change one
    /// value behind a lock and nothing else, by functions that the start calls too?
    pub fn only_renews(&self, file: FileIx, ix: u32) -> bool {
        let mut renews = false;
        let mut own: Vec<(FileIx, CallableIx)> = Vec::new();
        for (home, span) in self.rust_stretches_of_loop(file, ix) {
            let Some(there) = self.facts(home) else { return false };
            for (i, e) in there.exprs_within(span) {
                let ExprKind::Call { base, name, .. } = &e.kind else { continue };
                let last = name.last_segment();
                let callee = self.rust_callee(home, i);
                let locked = base.is_some_and(|base| {
                    let lock = |ty: &super::types::Rt| {
                        let mut at = ty;
                        for _ in 0..4 {
                            match (at.name.last_segment(), at.args.first()) {
                                ("RwLock" | "ArcSwap" | "Mutex", _) => return true,
                                ("Arc" | "Data" | "State", Some(inner)) => at = inner,
                                _ => return false,
                            }
                        }
                        false
                    };
                    self.rust.type_of(home, base).is_some_and(lock)
                });
                if locked && matches!(last, "write" | "store" | "blocking_write") {
                    renews = true;
                    continue;
                }
                let target = self.rust_target(home, i);
                own.extend(target);
                // A request for what is new, and figures of it, change nothing.
                let asks = callee.starts_with("reqwest::") || callee.contains("metrics") || callee.contains("cadence");
                let changes = CHANGES.iter().any(|word| last == *word || last.split('_').next() == Some(word));
                if target.is_none() && changes && !asks || last == "send" && !callee.starts_with("reqwest::") {
                    return false;
                }
            }
        }
        renews && own.iter().any(|(home, function)| self.is_called_by_start(*home, *function))
    }

    /// Does a function that only the start runs call it?
    fn is_called_by_start(&self, file: FileIx, function: CallableIx) -> bool {
        self.rust_calls_of(file, function).iter().any(|(home, call): &(FileIx, ExprIx)| {
            self.facts(*home).is_some_and(|there| {
                let reach = self.reach(*home, self.named_callable(*home, there[*call].callable));
                reach.has(ReachSet::STARTUP) && !reach.has(ReachSet::BACKGROUND)
            })
        })
    }
}
