//! A path that several calls of a function are given: a directory that is made for the file that comes next.

use super::super::Linked;
use super::scratch::KEEPS;
use super::told::Stretch;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, LocalIx};
use crate::source::FileIx;
use crate::text::Name;

/// Functions that hand a path on are looked into so deep.
const MAX_DEPTH: u8 = 5;
/// Steps from a value back to where it comes from.
const MAX_STEPS: usize = 12;
/// More calls than this say nothing.
const MAX_CALLS: usize = 64;

/// What holds a path.
#[derive(Clone, Copy, PartialEq)]
enum Holder {
    Local(LocalIx),
    Field((FileIx, FieldIx)),
}

impl Linked<'_> {
    /// The later calls of the same function that get the path of a call too, or one under it; `deep`: also in
    /// the tree's own functions that are called there.
    pub fn path_given_on(&self, file: FileIx, call: ExprIx, deep: bool) -> Vec<Stretch> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return Vec::new() };
        let mut out = Vec::new();
        if let Some(holder) = args.first().and_then(|a| self.holder(file, facts, *a)) {
            let around = self.named_callable(file, facts[call].callable);
            self.path_handed_on(file, around, holder, facts[call].span.end, if deep { 0 } else { MAX_DEPTH }, &mut out);
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

    fn path_handed_on(
        &self,
        file: FileIx,
        around: CallableIx,
        holder: Holder,
        after: u32,
        depth: u8,
        out: &mut Vec<Stretch>,
    ) {
        let Some(facts) = self.facts(file) else { return };
        for (i, expr) in facts.exprs.iter().enumerate() {
            let ExprKind::Call { base, args, .. } = &expr.kind else { continue };
            if expr.span.start < after || self.named_callable(file, expr.callable) != around {
                continue;
            }
            if out.len() >= MAX_CALLS {
                return;
            }
            let Some(at) = args.iter().position(|a| self.comes_from(file, facts, *a, holder)) else { continue };
            out.push((file, expr.span));
            let target = self.rust.callee(file, ExprIx(i as u32)).and_then(|c| c.target);
            let Some((home, callable)) = target.filter(|_| depth < MAX_DEPTH) else { continue };
            let Some(there) = self.facts(home) else { continue };
            let params = &there[callable].params;
            // `Type::method(value, path)` counts `self` among the arguments.
            let extra = usize::from(base.is_none() && args.len() > params.len());
            if let Some(param) = at.checked_sub(extra).and_then(|at| params.get(at)) {
                self.path_handed_on(home, callable, Holder::Local(*param), 0, depth + 1, out);
            }
        }
    }

    fn comes_from(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, from: Holder) -> bool {
        let mut at = self.holder(file, facts, expr);
        for _ in 0..MAX_STEPS {
            match at {
                Some(holder) if holder == from => return true,
                Some(Holder::Local(local)) => {
                    at = facts[local].init.and_then(|init| self.holder(file, facts, init));
                }
                _ => return false,
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
                ExprKind::Call { base: None, name, args }
                    if matches!(name.last_segment(), "new" | "from" | "Some") && args.len() == 1 =>
                {
                    args[0]
                }
                _ => return None,
            };
        }
        None
    }
}
