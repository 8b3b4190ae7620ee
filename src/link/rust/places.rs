//! A path that several calls of a function are given: a directory that is made for the file that comes next.

use std::ops::Range;

use super::super::Linked;
use super::super::joins::chain_top;
use super::scratch::KEEPS;
use super::told::Stretch;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, LocalIx, Usage};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// Functions that hand a path on are looked into so deep.
const MAX_DEPTH: u8 = 5;
/// Steps from a value back to where it comes from.
const MAX_STEPS: usize = 12;
/// More calls than this say nothing.
const MAX_CALLS: usize = 64;
/// More callers than this are not looked at.
const MAX_CALLERS: usize = 8;
/// Calls that lead from a path to another one.
const MOVES: &[&str] = &["join", "with_extension", "with_file_name", "display", "to_string"];

/// What holds a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Holder {
    Local(LocalIx),
    Field((FileIx, FieldIx)),
}

/// A path that is looked for in a function.
struct Wanted<'a> {
    /// What holds it.
    holders: &'a [Holder],
    /// The constant that it is.
    text: Option<&'a str>,
    /// The part of the function.
    within: Range<u32>,
}

impl Linked<'_> {
    /// The later calls of the same function that get the path of a call too, or one under it; `deep`: also in
    /// the tree's own functions that are called there.
    pub fn path_given_on(&self, file: FileIx, call: ExprIx, deep: bool) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let within = facts[call].span.end..u32::MAX;
        self.path_given(file, call, within, true, if deep { 0 } else { MAX_DEPTH })
    }

    /// The earlier calls of the same function that get the very path of a call too, or one under it; `deep`: also
    /// in the tree's own functions that are called there.
    pub fn path_given_before(&self, file: FileIx, call: ExprIx, deep: bool) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        self.path_given(file, call, 0..facts[call].span.start, false, if deep { MAX_DEPTH - 2 } else { MAX_DEPTH })
    }

    /// The same of each caller, where the path is a parameter; none where the function is called often.
    pub fn path_given_before_by_callers(&self, file: FileIx, call: ExprIx) -> Vec<Vec<Stretch>> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let Some(path) = path_of(facts, call) else { return Vec::new() };
        let around = self.named_callable(file, facts[call].callable);
        let holders = self.holders_of(file, facts, path, false);
        let at = facts[around].params.iter().position(|p| holders.contains(&Holder::Local(*p)));
        let calls = self.rust_calls_of(file, around);
        let Some(at) = at.filter(|_| calls.len() <= MAX_CALLERS) else { return Vec::new() };
        let of_caller = |(home, caller): &(FileIx, ExprIx)| {
            let Some(there) = self.facts(*home) else { return Vec::new() };
            let ExprKind::Call { base, args, .. } = &there[*caller].kind else { return Vec::new() };
            let extra = usize::from(base.is_none() && args.len() > facts[around].params.len());
            let Some(arg) = args.get(at + extra) else { return Vec::new() };
            let holders = self.holders_of(*home, there, *arg, false);
            let wanted = Wanted { holders: &holders, text: None, within: 0..there[*caller].span.start };
            let mut out = Vec::new();
            let around = self.named_callable(*home, there[*caller].callable);
            self.path_handed_on(*home, around, &wanted, MAX_DEPTH - 2, &mut out);
            out
        };
        calls.iter().map(of_caller).collect()
    }

    /// Is what a call makes at a path removed again, whatever happens, by the function that made it?
    pub fn is_removed_again(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let Some(path) = path_of(facts, call) else { return false };
        let holders = self.holders_of(file, facts, path, false);
        let around = self.named_callable(file, facts[call].callable);
        let at = facts[call].span;
        let always = |span: Span| {
            let mut arms = facts.branches.iter().flat_map(|arms| arms.iter());
            !arms.any(|arm| arm.contains(span) && !arm.contains(at))
        };
        !holders.is_empty()
            && facts.exprs.iter().any(|e| {
                let ExprKind::Call { base: None, name, args } = &e.kind else { return false };
                name.last_segment().starts_with("remove_")
                    && e.span.start >= at.end
                    && self.named_callable(file, e.callable) == around
                    && args.len() == 1
                    && self.holders_of(file, facts, args[0], false).iter().any(|h| holders.contains(h))
                    && always(e.span)
            })
    }

    fn path_given(&self, file: FileIx, call: ExprIx, within: Range<u32>, above: bool, depth: u8) -> Vec<Stretch> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file) else { return out };
        let Some(path) = path_of(facts, call) else { return out };
        let mut holders = self.holders_of(file, facts, path, above);
        if above && holders.is_empty() {
            holders.extend(self.holder(file, facts, path));
        }
        if depth < MAX_DEPTH && !above {
            // What a field names is often more than what one function makes.
            holders.retain(|holder| matches!(holder, Holder::Local(_)));
        }
        let text = self.constant(file, path).filter(|t| !t.is_empty());
        if !holders.is_empty() || text.is_some() {
            let around = self.named_callable(file, facts[call].callable);
            let wanted = Wanted { holders: &holders, text: text.as_deref(), within };
            self.path_handed_on(file, around, &wanted, depth, &mut out);
        }
        out
    }

    /// What holds the very path of an expression: a local, and what that was made of; `above`: or a path that it is
    /// the directory of.
    pub(super) fn holders_of(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, above: bool) -> Vec<Holder> {
        let mut out = Vec::new();
        let mut at = expr;
        for _ in 0..MAX_STEPS {
            at = match &facts[at].kind {
                ExprKind::Local(local) => {
                    out.push(Holder::Local(*local));
                    match facts[*local].init {
                        Some(init) if !facts[*local].param => init,
                        _ => break,
                    }
                }
                ExprKind::Select { .. } => {
                    out.extend(self.rust_field_of(file, at).map(Holder::Field));
                    break;
                }
                ExprKind::Call { base: Some(base), name, .. }
                    if KEEPS.contains(&name.as_str())
                        && !MOVES.contains(&name.as_str())
                        && (above || name.as_str() != "parent") =>
                {
                    *base
                }
                ExprKind::Call { base: None, name, args } if wraps(name, args) => args[0],
                _ => break,
            };
        }
        out
    }

    /// Where the values that a call is given come from: what made them, and what was called with them before.
    pub fn value_made_by(&self, file: FileIx, call: ExprIx) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return Vec::new() };
        let mut holders: Vec<Holder> = Vec::new();
        let mut out = Vec::new();
        for arg in args {
            let mut at = self.holder(file, facts, *arg);
            while let Some(holder) = at.filter(|h| !holders.contains(h) && holders.len() < MAX_STEPS) {
                holders.push(holder);
                let Holder::Local(local) = holder else { break };
                let Some(init) = facts[local].init else { break };
                out.push((file, facts[init].span));
                at = self.holder(file, facts, init);
            }
        }
        let around = self.named_callable(file, facts[call].callable);
        let before = facts[call].span.start;
        for expr in &facts.exprs {
            let ExprKind::Call { args, .. } = &expr.kind else { continue };
            if expr.span.end <= before
                && self.named_callable(file, expr.callable) == around
                && args.iter().any(|a| self.holder(file, facts, *a).is_some_and(|h| holders.contains(&h)))
            {
                out.push((file, expr.span));
            }
        }
        out
    }

    /// The calls of the function that a place stands in.
    pub fn callers_of_function_around(&self, file: FileIx, call: ExprIx) -> &[(FileIx, ExprIx)] {
        let Some(facts) = self.facts(file) else { return &[] };
        self.rust_calls_of(file, self.named_callable(file, facts[call].callable))
    }

    /// Is the value of a call put into the field, itself or wrapped?
    pub fn fills_field(&self, file: FileIx, call: ExprIx, field: FieldIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let at = facts[call].span;
        let values = self.rust.filled.get(&(file, field)).map_or(&[][..], Vec::as_slice);
        let filled = values.iter().filter(|(home, _)| *home == file).any(|(_, value)| {
            let made = match facts[*value].kind {
                ExprKind::Local(local) => facts[local].init.unwrap_or(*value),
                _ => *value,
            };
            facts[made].span.contains(at)
        });
        // `Self(Cache::new())`.
        filled
            || facts[field].name.starts_with(|c: char| c.is_ascii_digit()) && {
                let owner = facts[field].owner.map(|o| facts[o].name);
                facts.exprs.iter().any(|e| {
                    let ExprKind::Call { base: None, name, args } = &e.kind else { return false };
                    let own = facts[e.callable].self_type.as_ref().map(|t| Name::new(t.name.last_segment()));
                    (name.as_str() == "Self" && own == owner || Some(*name) == owner)
                        && args.iter().any(|a| facts[*a].span.contains(at))
                })
            }
    }

    /// The fields of the same file that the value of a call is put into.
    pub fn fields_filled(&self, file: FileIx, call: ExprIx) -> Vec<FieldIx> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let made = |f: &FieldIx| facts[*f].init.is_some_and(|init| facts[init].span.contains(facts[call].span));
        (0..facts.fields.len())
            .map(|f| FieldIx(f as u32))
            .filter(|f| made(f) || self.fills_field(file, call, *f))
            .collect()
    }

    fn path_handed_on(&self, file: FileIx, around: CallableIx, wanted: &Wanted<'_>, depth: u8, out: &mut Vec<Stretch>) {
        let Some(facts) = self.facts(file) else { return };
        for (i, expr) in facts.exprs.iter().enumerate() {
            let ExprKind::Call { base, args, .. } = &expr.kind else { continue };
            let inside = expr.span.start >= wanted.within.start && expr.span.start < wanted.within.end;
            if !inside || self.named_callable(file, expr.callable) != around {
                continue;
            }
            if out.len() >= MAX_CALLS {
                return;
            }
            let Some(at) = args.iter().position(|a| self.comes_from(file, facts, *a, wanted)) else { continue };
            out.push((file, expr.span));
            if let Some(ExprKind::Local(options)) = base.map(|b| &facts[b].kind) {
                // `options.write(true); options.open(path)`.
                let init = facts[*options].init.map(|init| facts[init].span);
                let set = self.rust.uses(file, *options).iter().map(|used| facts[chain_top(facts, *used)].span);
                out.extend(init.into_iter().chain(set).take(8).map(|span| (file, span)));
            }
            if depth >= MAX_DEPTH {
                continue;
            }
            let given = base.filter(|_| expr_is_of_value(&expr.kind));
            let targets = match self.rust.callee(file, ExprIx(i as u32)).and_then(|c| c.target) {
                Some(target) => vec![target],
                None => given.map(|given| self.functions_given(file, facts, around, given)).unwrap_or_default(),
            };
            for (home, callable) in targets {
                let Some(there) = self.facts(home) else { continue };
                let params = &there[callable].params;
                // `Type::method(value, path)` counts `self` among the arguments.
                let extra = usize::from((base.is_none() || given.is_some()) && args.len() > params.len());
                if let Some(param) = at.checked_sub(extra).and_then(|at| params.get(at)) {
                    let holders = [Holder::Local(*param)];
                    let wanted = Wanted { holders: &holders, text: None, within: 0..u32::MAX };
                    self.path_handed_on(home, callable, &wanted, depth + 1, out);
                }
            }
        }
    }

    /// `each(path)` with a parameter `each`: the functions by name that callers give for it.
    fn functions_given(
        &self,
        file: FileIx,
        facts: &CodeFacts,
        around: CallableIx,
        given: ExprIx,
    ) -> Vec<(FileIx, CallableIx)> {
        let ExprKind::Local(local) = facts[given].kind else { return Vec::new() };
        let Some(at) = facts[around].params.iter().position(|p| *p == local) else { return Vec::new() };
        let mut out = Vec::new();
        for (home, caller) in self.rust_calls_of(file, around).iter().take(MAX_CALLERS) {
            let Some(there) = self.facts(*home) else { continue };
            let ExprKind::Call { base, args, .. } = &there[*caller].kind else { continue };
            let extra = usize::from(base.is_none() && args.len() > facts[around].params.len());
            let Some(mut arg) = args.get(at + extra).copied() else { continue };
            if let ExprKind::Unary { base, .. } = there[arg].kind {
                arg = base;
            }
            out.extend(self.rust.callee(*home, arg).and_then(|c| c.target));
        }
        out
    }

    fn comes_from(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, from: &Wanted<'_>) -> bool {
        let mut open = vec![expr];
        for _ in 0..MAX_STEPS {
            let Some(at) = open.pop() else { return false };
            match self.holder(file, facts, at) {
                Some(holder) if from.holders.contains(&holder) => return true,
                Some(Holder::Local(local)) => open.extend(facts[local].init),
                Some(Holder::Field(_)) => {}
                None => match &facts[at].kind {
                    ExprKind::Choice(parts) => open.extend(parts),
                    ExprKind::Macro { name, args } if name.last_segment() == "format" => open.extend(args),
                    _ => {}
                },
            }
            if let Some(text) = from.text
                && let Some(other) = self.constant(file, at)
                && other.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            {
                return true;
            }
        }
        false
    }

    /// The local or field that a path is made of.
    fn holder(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx) -> Option<Holder> {
        let mut at = expr;
        for _ in 0..MAX_STEPS {
            at = match &facts[at].kind {
                ExprKind::Local(local) => return Some(Holder::Local(*local)),
                ExprKind::Select { .. } => return self.rust_field_of(file, at).map(Holder::Field),
                ExprKind::Call { base: Some(base), name, .. } if KEEPS.contains(&name.as_str()) => *base,
                ExprKind::Call { base: None, name, args } if wraps(name, args) => args[0],
                // A file is where its path is.
                ExprKind::Call { name, args, .. }
                    if matches!(name.last_segment(), "open" | "create" | "create_new") && args.len() == 1 =>
                {
                    args[0]
                }
                _ => return None,
            };
        }
        None
    }
}

/// `each(path)`: is a value called?
fn expr_is_of_value(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Call { base: Some(_), name, .. } if name.is_empty())
}

fn wraps(name: &str, args: &[ExprIx]) -> bool {
    matches!(name.rsplit("::").next(), Some("new" | "from" | "Some")) && args.len() == 1
}

/// The path that a call works on: its first argument, or that of the `open` that ends its chain.
fn path_of(facts: &CodeFacts, call: ExprIx) -> Option<ExprIx> {
    let mut at = call;
    for _ in 0..16 {
        let ExprKind::Call { name, args, .. } = &facts[at].kind else { return None };
        if let (Usage::Base(next), false) = (facts[at].usage, name.starts_with("open"))
            && at_options(&facts[next].kind)
        {
            at = next;
            continue;
        }
        return args.first().copied();
    }
    None
}

/// `OpenOptions::new().write(true).open(path)`: is it a call on the options?
fn at_options(kind: &ExprKind) -> bool {
    let ExprKind::Call { base: Some(_), name, .. } = kind else { return false };
    matches!(
        name.as_str(),
        "write" | "append" | "create" | "create_new" | "truncate" | "read" | "mode" | "custom_flags" | "open"
    )
}
