//! What ends a loop from inside: every `break`, `return`, `throw` is weighed against what stands
//! around it.
//!
//! An exit that only runs on interruption or behind a lifecycle flag does not make a daemon end
//! with its work; an exception that the loop itself catches does not leave it at all.

use super::flat::Node;
use super::kinds::Kind;
use super::visit::Visitor;
use crate::facts::code::{ExprIx, ExprKind, Literal, LoopExit};
use crate::text::Name;

/// What stands around a statement, outermost first.
pub(super) enum Frame {
    /// A loop, by its index.
    Loop(usize),
    Switch,
    Label(Name),
    /// The body of a `try`, with the types it catches.
    Try(Vec<Name>),
    /// Runs only on interruption or when the service goes down.
    Lifecycle,
    /// Runs only after a failure: a `catch`.
    Failure,
}

const BROAD: [&str; 3] = ["Throwable", "Exception", "RuntimeException"];
const INTERRUPTIONS: [&str; 6] = [
    "InterruptedException",
    "InterruptedIOException",
    "ClosedByInterruptException",
    "CancellationException",
    "WakeupException",
    "ClosedWatchServiceException",
];
/// Words of names that are true when the work is over.
const STOP: [&str; 23] = [
    "shutdown",
    "shutting",
    "interrupted",
    "stop",
    "stopped",
    "stopping",
    "close",
    "closed",
    "closing",
    "terminate",
    "terminated",
    "terminating",
    "cancelled",
    "canceled",
    "disposed",
    "destroy",
    "destroyed",
    "destroying",
    "halt",
    "halted",
    "killed",
    "aborted",
    "exiting",
];
/// Words of names that are true while the work goes on.
const RUN: [&str; 6] = ["running", "run", "alive", "active", "started", "live"];

impl<'a> Visitor<'a> {
    fn exit(&mut self, of: usize, exit: LoopExit) {
        if let Some(found) = self.facts.loops.get_mut(of) {
            found.exit = found.exit.max(exit);
        }
    }

    /// All loops of the callable are left.
    pub(super) fn exits_all(&mut self, exit: LoopExit) {
        let mut exit = exit;
        for i in (self.floor..self.frames.len()).rev() {
            match self.frames[i] {
                Frame::Lifecycle => exit = LoopExit::OnlyLifecycle,
                Frame::Failure => exit = exit.min(LoopExit::OnFailure),
                Frame::Loop(of) => self.exit(of, exit),
                _ => {}
            }
        }
    }

    /// `break`, `break label`, `continue label`; a plain `continue` leaves nothing.
    pub(super) fn jump(&mut self, node: Node<'a>) {
        let label = node.find(Kind::Identifier).map(|n| Name::new(n.text()));
        let is_continue = node.kind() == Kind::Continue;
        if is_continue && label.is_none() {
            return;
        }
        let mut exit = LoopExit::Conditional;
        for i in (self.floor..self.frames.len()).rev() {
            match &self.frames[i] {
                Frame::Lifecycle => exit = LoopExit::OnlyLifecycle,
                Frame::Failure => exit = exit.min(LoopExit::OnFailure),
                Frame::Switch if label.is_none() => return,
                Frame::Label(name) if label == Some(*name) => return,
                Frame::Loop(of) => {
                    let of = *of;
                    let below = i.checked_sub(1).filter(|below| *below >= self.floor).map(|below| &self.frames[below]);
                    if is_continue && matches!(below, Some(Frame::Label(name)) if label == Some(*name)) {
                        return;
                    }
                    self.exit(of, exit);
                    if label.is_none() {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    /// `throw e`: leaves the loops up to the first `try` that catches it.
    pub(super) fn throws(&mut self, thrown: Option<ExprIx>) {
        let ty = thrown.and_then(|thrown| match &self.facts[thrown].kind {
            ExprKind::New { ty, .. } => Some(ty.name.last_segment()),
            ExprKind::Local(local) => self.facts[*local].ty.as_ref().map(|ty| ty.name.last_segment()),
            _ => None,
        });
        let interrupted = ty.is_some_and(|ty| INTERRUPTIONS.contains(&ty));
        let mut exit = if interrupted { LoopExit::OnlyLifecycle } else { LoopExit::OnlyThrow };
        for i in (self.floor..self.frames.len()).rev() {
            match &self.frames[i] {
                Frame::Lifecycle => exit = LoopExit::OnlyLifecycle,
                Frame::Try(caught) => {
                    let catches = |name: &Name| BROAD.contains(&name.last_segment()) || Some(name.last_segment()) == ty;
                    if caught.iter().any(catches) {
                        return;
                    }
                }
                Frame::Loop(of) => {
                    let of = *of;
                    self.exit(of, exit);
                }
                _ => {}
            }
        }
    }

    /// Does a `catch` of these types run only on interruption?
    pub(super) fn is_interruption(types: &[Name]) -> bool {
        !types.is_empty() && types.iter().all(|ty| INTERRUPTIONS.contains(&ty.last_segment()))
    }

    /// Does this condition ask for the life of the service? `Some(true)`: it holds when the service
    /// goes down; `Some(false)`: it holds while the service runs.
    pub(super) fn lifecycle(&self, condition: ExprIx) -> Option<bool> {
        self.lifecycle_at(condition, 0)
    }

    fn lifecycle_at(&self, condition: ExprIx, depth: u32) -> Option<bool> {
        if depth > 16 {
            return None;
        }
        let ask = |expr: ExprIx| self.lifecycle_at(expr, depth + 1);
        match &self.facts[condition].kind {
            ExprKind::Unary { op, base } if &**op == "!" => ask(*base).map(|stops| !stops),
            ExprKind::Name(name) => polarity(name),
            ExprKind::Select { name, .. } => polarity(name),
            ExprKind::Call { base, name, args } if args.is_empty() => polarity(name).or_else(|| {
                // `stopped.get()`; the holder may be handed in as a parameter.
                let holder = base.filter(|_| matches!(&**name, "get" | "getPlain" | "getAcquire" | "getOpaque"))?;
                match &self.facts[holder].kind {
                    ExprKind::Local(local) => polarity(&self.facts[*local].name),
                    _ => ask(holder),
                }
            }),
            // `State.STOPPED.equals(state)`
            ExprKind::Call { base: Some(base), name, args } if &**name == "equals" && args.len() == 1 => {
                self.compared(*base, args[0], depth)
            }
            ExprKind::Binary { op, left, right } => match &**op {
                // Going down is enough on either side of `&&`, but needs both sides of `||`.
                "&&" | "&" => both(ask(*left), ask(*right), true),
                "||" | "|" => both(ask(*left), ask(*right), false),
                "==" => self.compared(*left, *right, depth),
                "!=" => self.compared(*left, *right, depth).map(|stops| !stops),
                _ => None,
            },
            _ => None,
        }
    }

    /// `running == false`, `state == State.STOPPED`.
    fn compared(&self, left: ExprIx, right: ExprIx, depth: u32) -> Option<bool> {
        for (value, other) in [(left, right), (right, left)] {
            match &self.facts[value].kind {
                ExprKind::Literal(Literal::Bool(value)) => {
                    return self.lifecycle_at(other, depth + 1).map(|stops| stops == *value);
                }
                ExprKind::Name(name) | ExprKind::Select { name, .. } if is_constant(name) => {
                    // A local may hold the state, but just as well what the work came to (`CLOSED`, `ABORTED`).
                    let local = self.is_of_local(other);
                    return polarity(name)
                        .filter(|_| !local || name.contains("SHUTDOWN") || name.contains("INTERRUPT"));
                }
                _ => {}
            }
        }
        None
    }
}

impl Visitor<'_> {
    /// A local, or a part of what it holds: `result`, `message.type`, `message.getType()`.
    fn is_of_local(&self, expr: ExprIx) -> bool {
        let mut at = expr;
        for _ in 0..16 {
            match &self.facts[at].kind {
                ExprKind::Local(_) => return true,
                ExprKind::Select { base, .. } | ExprKind::Call { base: Some(base), .. } => at = *base,
                _ => return false,
            }
        }
        false
    }
}

/// `either`: one side that goes down settles it (`&&`); one that runs settles the opposite (`||`).
fn both(left: Option<bool>, right: Option<bool>, either: bool) -> Option<bool> {
    if left == Some(either) || right == Some(either) {
        return Some(either);
    }
    left.filter(|_| left == right)
}

/// `MAX_VALUE`, `STOPPED`.
pub(super) fn is_constant(name: &str) -> bool {
    name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// What the words of a name say.
fn polarity(name: &str) -> Option<bool> {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let negated = words.iter().any(|w| w == "not" || w == "no");
    let down = words.windows(2).any(|pair| pair[0] == "shut" && pair[1] == "down");
    if down || has(&STOP) {
        Some(!negated)
    } else if has(&RUN) {
        Some(negated)
    } else {
        None
    }
}

fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (c.is_uppercase() && was_lower) {
            out.push(String::new());
        }
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
        fresh = false;
        was_lower = c.is_lowercase() || c.is_numeric();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{polarity, words};

    #[test]
    fn words_of_names() {
        assert_eq!(words("isShutDown_NOW2"), ["is", "shut", "down", "now2"]);
        assert_eq!(polarity("isShutdown"), Some(true));
        assert_eq!(polarity("shutDown"), Some(true));
        assert_eq!(polarity("keepRunning"), Some(false));
        assert_eq!(polarity("notStopped"), Some(false));
        assert_eq!(polarity("IS_CLOSED"), Some(true));
        assert_eq!(polarity("runtime"), None);
        assert_eq!(polarity("isEmpty"), None);
    }
}
