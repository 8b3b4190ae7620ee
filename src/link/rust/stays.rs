//! What a field or static keeps that means nothing to later requests: what is set at the start, marks of work under
//! way, what only texts for people are made from.

use super::super::Linked;
use super::super::graph::ReachSet;
use super::fields::Access;
use crate::facts::code::{CallableIx, ExprIx, ExprKind};
use crate::source::FileIx;
use crate::text::{Name, Span};

impl Linked<'_> {
    /// `pub fn set_mode(mode: Mode) { *MODE.write() = mode }`: do only functions change it that nobody calls but the start?
    pub(super) fn is_set_at_start(&self, writes: &[(FileIx, CallableIx)]) -> bool {
        const STARTS: &[&str] = &["main", "run", "init", "start", "serve", "launch", "setup", "execute"];
        writes.iter().all(|(file, callable)| {
            let Some(facts) = self.facts(*file) else { return false };
            let named = self.named_callable(*file, *callable);
            let tested = |(home, call): &(FileIx, ExprIx)| {
                self.facts(*home).is_none_or(|there| self.in_test(*home, there[*call].callable))
            };
            let calls: Vec<_> = self.rust_calls_of(*file, named).iter().filter(|c| !tested(c)).collect();
            let by_start = |(home, call): &&(FileIx, ExprIx)| {
                self.facts(*home).is_some_and(|there| {
                    let from = self.named_callable(*home, there[*call].callable);
                    STARTS.contains(&there[from].name.as_str()) && !self.reach(*home, from).has(ReachSet::REQUEST)
                })
            };
            facts[named].name.starts_with("set_")
                && if calls.is_empty() { !self.reach(*file, named).any() } else { calls.iter().all(by_start) }
        })
    }

    /// Is what is in it asked for only where a value is written out for people?
    pub(super) fn is_read_for_texts(&self, access: &Access) -> bool {
        let fills = |name: &Name| {
            matches!(
                name.as_str(),
                "entry"
                    | "insert"
                    | "or_insert"
                    | "or_insert_with"
                    | "lock"
                    | "write"
                    | "unwrap"
                    | "await"
                    | "clear"
                    | "remove"
            )
        };
        let mut reads = access.calls.iter().filter(|(.., m, after)| !fills(m) || !after.iter().all(fills)).peekable();
        reads.peek().is_some()
            && reads.all(|(file, callable, ..)| {
                let named = self.named_callable(*file, *callable);
                self.facts(*file).is_some_and(|facts| facts[named].name.as_str() == "fmt")
            })
    }

    /// `busy.insert(key); let done = defer(move || busy.remove(&key)); spawn(…)`: is what a function puts in taken out
    /// again by what it leaves behind for the end of the same work?
    pub(super) fn marks_work_under_way(&self, access: &Access) -> bool {
        let does = |(.., m, after): &&(FileIx, CallableIx, Span, Name, Vec<Name>), wanted: &[&str]| {
            wanted.contains(&m.as_str()) || after.iter().any(|a| wanted.contains(&a.as_str()))
        };
        let ends = |file: FileIx, callable: CallableIx| {
            let Some(facts) = self.facts(file) else { return false };
            if facts[self.named_callable(file, callable)].name.as_str() == "drop" {
                return true;
            }
            self.lambda_argument(file, callable).is_some_and(|(call, _)| match &facts[call].kind {
                ExprKind::Call { name, .. } | ExprKind::Macro { name, .. } => {
                    let name = name.to_lowercase();
                    ["defer", "guard", "ondrop", "on_drop"].iter().any(|part| name.contains(part))
                }
                _ => false,
            })
        };
        let mut taken = access.calls.iter().filter(|c| does(c, &["remove", "take", "swap_remove"])).peekable();
        taken.peek().is_some()
            && taken.all(|(file, callable, ..)| ends(*file, *callable))
            && access.calls.iter().any(|c| does(&c, &["insert"]))
    }
}
