//! Which conditions ask whether the process, the task or a channel is to end.
//!
//! `if token.is_cancelled() { break }` does not make a daemon less of a daemon: such exits are told
//! apart from those that depend on the work.

use syn::{Expr, Pat, Path};

use crate::facts::code::{ExprIx, ExprKind, Literal};
use crate::text::Name;

use super::walker::Walker;

/// How far values of locals and chains of calls are followed.
const REACH: u32 = 16;

impl Walker<'_> {
    /// Does a condition, when it holds (first) or fails (second), mean that the end has come?
    pub(super) fn stops(&self, ix: ExprIx) -> (bool, bool) {
        self.stops_within(ix, REACH)
    }

    fn stops_within(&self, ix: ExprIx, reach: u32) -> (bool, bool) {
        let Some(reach) = reach.checked_sub(1) else { return (false, false) };
        match &self.facts[ix].kind {
            ExprKind::Name(name) => by_name(name.last_segment()),
            ExprKind::Select { name, .. } => by_name(name.as_str()),
            ExprKind::Local(local) => {
                let local = &self.facts[*local];
                let init = local.init.map(|init| (init, &self.facts[init].kind));
                match init {
                    // `let mut stop = false;`: set by the work itself.
                    Some((_, ExprKind::Literal(Literal::Bool(_)))) => (false, false),
                    Some((init, _)) if by_name(local.name.as_str()) == (false, false) => self.stops_within(init, reach),
                    _ => by_name(local.name.as_str()),
                }
            }
            ExprKind::Call { base, name, args } => self.call_stops(*base, *name, args, reach),
            ExprKind::Unary { op, base } if op.as_str() == "!" => swap(self.stops_within(*base, reach)),
            ExprKind::Binary { op, left, right } => self.operator_stops(*op, *left, *right, reach),
            _ => (false, false),
        }
    }

    fn call_stops(&self, base: Option<ExprIx>, name: Name, args: &[ExprIx], reach: u32) -> (bool, bool) {
        let Some(base) = base else {
            return match name.last_segment() {
                "timeout" | "pin" | "new" | "fuse" | "recv" => {
                    args.last().map_or((false, false), |arg| self.stops_within(*arg, reach))
                }
                last => by_name(last),
            };
        };
        let named = by_name(name.as_str());
        if named != (false, false) {
            return named;
        }
        match name.as_str() {
            "is_err" | "is_none" if self.receives(base) => (true, false),
            "is_ok" | "is_some" if self.receives(base) => (false, true),
            "recv" | "try_recv" | "recv_async" | "recv_timeout" | "wait" | "notified" | "changed" | "has_changed"
            | "wait_for" => {
                let (then, otherwise) = self.stops_within(base, reach);
                let either = then || otherwise || self.is_signal(base);
                (either, either)
            }
            "load" | "get" | "borrow" | "borrow_and_update" | "lock" | "read" | "as_ref" | "as_mut" | "clone"
            | "unwrap" | "expect" | "is_ok" | "is_some" | "is_err" | "is_none" | "is_set" | "fuse" | "swap"
            | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else" | "into_inner" | "peek" | "map" => {
                self.stops_within(base, reach)
            }
            _ => (false, false),
        }
    }

    /// `signal.recv()`: a signal of the operating system.
    fn is_signal(&self, ix: ExprIx) -> bool {
        let name = match &self.facts[ix].kind {
            ExprKind::Local(local) => self.facts[*local].name,
            ExprKind::Name(name) | ExprKind::Select { name, .. } => *name,
            _ => return false,
        };
        words(name.last_segment()).any(|word| matches!(word.as_str(), "signal" | "signals" | "interrupt"))
    }

    fn operator_stops(&self, op: Name, left: ExprIx, right: ExprIx, reach: u32) -> (bool, bool) {
        let negated = op.as_str() == "!=";
        match op.as_str() {
            "&&" | "||" => {
                let (l, r) = (self.stops_within(left, reach), self.stops_within(right, reach));
                if op.as_str() == "&&" { (l.0 || r.0, l.1 && r.1) } else { (l.0 && r.0, l.1 || r.1) }
            }
            "==" | "!=" => {
                let equal = match &self.facts[right].kind {
                    ExprKind::Literal(Literal::Bool(value)) => {
                        let stops = self.stops_within(left, reach);
                        if *value { stops } else { swap(stops) }
                    }
                    ExprKind::Name(name) => (is_end_variant(name.last_segment()), false),
                    _ => (false, false),
                };
                if negated { swap(equal) } else { equal }
            }
            _ => (false, false),
        }
    }

    /// Asks a channel or a weak reference, which answers in the negative only when its other end is gone.
    fn receives(&self, ix: ExprIx) -> bool {
        let mut ix = ix;
        for _ in 0..REACH {
            ix = match &self.facts[ix].kind {
                // `Some(x) = rx.recv()`: what is said of `x` is said of a message.
                ExprKind::Local(local) if self.unwrapped.contains(local) => return false,
                ExprKind::Local(local) => match self.facts[*local].init {
                    Some(init) => init,
                    None => return false,
                },
                ExprKind::Call { base: Some(_), name, args } => {
                    return match name.as_str() {
                        "recv" | "recv_async" | "changed" | "recv_many" | "upgrade" => true,
                        // Not the `send()` of a request.
                        "send" | "send_async" | "blocking_send" => !args.is_empty(),
                        "next" | "try_next" => self.waits_for_end,
                        _ => false,
                    };
                }
                // crossbeam's `select! { recv(rx) -> message => … }`
                ExprKind::Call { base: None, name, .. } => return name.as_str() == "recv",
                _ => return false,
            };
        }
        false
    }

    /// [`Walker::stops`] for the condition of an `if`, its pattern included.
    pub(super) fn ends(&self, cond: &Expr, ix: ExprIx) -> (bool, bool) {
        let (then, otherwise) = self.stops(ix);
        match cond {
            Expr::Let(of) => {
                let either = then || otherwise;
                (either || self.ends_when_matched(ix, &of.pat), either || self.ends_when_unmatched(ix, &of.pat))
            }
            _ => (then, otherwise),
        }
    }

    /// Does a value of this pattern mean the end: `None` from a channel, `Command::Shutdown`?
    pub(super) fn ends_when_matched(&self, ix: ExprIx, pat: &Pat) -> bool {
        names_end(pat) || (lacks(pat) && self.receives(ix))
    }

    /// Does a value not of this pattern mean the end: not `Some(_)` from a channel?
    pub(super) fn ends_when_unmatched(&self, ix: ExprIx, pat: &Pat) -> bool {
        let (then, otherwise) = self.stops(ix);
        then || otherwise || (matches!(pat, Pat::TupleStruct(of) if !is_named(&of.path, "Err")) && self.receives(ix))
    }

    /// The conditions of a `while` that ask only for flags of the process or object; none when
    /// anything else takes part.
    pub(super) fn flags(&self, cond: ExprIx) -> Vec<ExprIx> {
        let mut flags = Vec::new();
        let mut open = vec![cond];
        while let Some(ix) = open.pop() {
            match &self.facts[ix].kind {
                ExprKind::Binary { op, left, right } if matches!(op.as_str(), "&&" | "||") => {
                    open.extend([*right, *left])
                }
                ExprKind::Binary { op, left, right } if matches!(op.as_str(), "==" | "!=") => {
                    // `self.state.load(…) == RUNNING`, but not `self.current != Token::End`.
                    let comparable = match &self.facts[*right].kind {
                        ExprKind::Literal(Literal::Bool(_)) => true,
                        ExprKind::Name(_) => matches!(self.facts[*left].kind, ExprKind::Call { .. }),
                        _ => false,
                    };
                    if !comparable {
                        return Vec::new();
                    }
                    open.push(*left);
                }
                ExprKind::Unary { op, base } if op.as_str() == "!" => open.push(*base),
                _ if self.is_flag(ix) => flags.push(ix),
                _ => return Vec::new(),
            }
        }
        flags
    }

    fn is_flag(&self, ix: ExprIx) -> bool {
        match &self.facts[ix].kind {
            ExprKind::Name(_) => true,
            ExprKind::Select { base, name } => name.as_str() != "[]" && self.is_shared(*base),
            ExprKind::Call { base: Some(base), name, .. } => {
                let atomic = matches!(name.as_str(), "load" | "get" | "is_set" | "borrow" | "read" | "lock" | "unwrap");
                by_name(name.as_str()) != (false, false)
                    || (atomic && (self.is_flag(*base) || self.stops(*base) != (false, false)))
            }
            ExprKind::Call { base: None, name, .. } => by_name(name.last_segment()) != (false, false),
            _ => false,
        }
    }

    /// Reached through `self` or a static, not through a local.
    fn is_shared(&self, ix: ExprIx) -> bool {
        match &self.facts[ix].kind {
            ExprKind::This | ExprKind::Name(_) => true,
            ExprKind::Select { base, name } => name.as_str() != "[]" && self.is_shared(*base),
            _ => false,
        }
    }
}

fn swap((then, otherwise): (bool, bool)) -> (bool, bool) {
    (otherwise, then)
}

/// What a name says: `stop` means the end when it holds, `running` when it does not.
fn by_name(name: &str) -> (bool, bool) {
    let mut found = (false, false);
    if matches!(name, "is_exit" | "is_terminated") {
        // Said of something that has ended by itself: a future, a process.
        return found;
    }
    for word in words(name) {
        match word.as_str() {
            "cancel" | "cancelled" | "canceled" | "cancellation" | "shutdown" | "shutting" | "shut" | "stop"
            | "stopped" | "stopping" | "terminate" | "terminated" | "terminating" | "termination" | "quit" | "exit"
            | "exiting" | "closed" | "kill" | "killed" | "dead" | "abort" | "aborted" | "sigterm" | "sigint"
            | "sigquit" | "ctrl" | "interrupted" => found.0 = true,
            "running" | "alive" => found.1 = true,
            "not" => found = swap(found),
            _ => {}
        }
    }
    found
}

/// The words of `snake_case`, `camelCase` and `UPPER_CASE` names, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split('_').flat_map(|part| {
        let mut words: Vec<String> = Vec::new();
        let mut before_lower = false;
        for char in part.chars() {
            match words.last_mut() {
                Some(word) if !(char.is_uppercase() && before_lower) => word.extend(char.to_lowercase()),
                _ => words.push(char.to_lowercase().collect()),
            }
            before_lower = char.is_lowercase();
        }
        words
    })
}

/// Variants that tell a loop to end.
fn is_end_variant(name: &str) -> bool {
    matches!(
        name,
        "Shutdown"
            | "ShutDown"
            | "Stop"
            | "Stopped"
            | "Quit"
            | "Exit"
            | "Terminate"
            | "Terminated"
            | "Cancel"
            | "Cancelled"
            | "Canceled"
            | "Kill"
            | "Closed"
            | "Disconnected"
    )
}

fn is_named(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// Does a pattern name a variant that tells to end?
fn names_end(pat: &Pat) -> bool {
    let ends = |path: &Path| path.segments.last().is_some_and(|last| is_end_variant(&last.ident.to_string()));
    match pat {
        Pat::Ident(ident) => is_end_variant(&ident.ident.to_string()),
        Pat::Path(path) => ends(&path.path),
        Pat::Struct(of) => ends(&of.path),
        Pat::TupleStruct(of) => ends(&of.path) || of.elems.iter().any(names_end),
        Pat::Or(or) => or.cases.iter().any(names_end),
        Pat::Reference(of) => names_end(&of.pat),
        Pat::Paren(of) => names_end(&of.pat),
        Pat::Guard(of) => names_end(&of.pat),
        _ => false,
    }
}

/// `None`, `Err(_)`, `_`.
fn lacks(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(ident) => ident.ident == "None",
        Pat::Path(path) => is_named(&path.path, "None"),
        Pat::TupleStruct(of) => is_named(&of.path, "Err"),
        Pat::Wild(_) => true,
        Pat::Or(or) => or.cases.iter().all(lacks),
        Pat::Paren(of) => lacks(&of.pat),
        _ => false,
    }
}
