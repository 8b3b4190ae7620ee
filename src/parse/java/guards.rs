//! Null checks around an assignment: `if (x == null) x = …`, also after `if (x != null) return x;`,
//! in double-checked locking, and through a local copy of the field.

use super::flat::Node;
use super::visit::Visitor;
use crate::facts::code::{ExprIx, ExprKind, Literal};
use crate::text::Span;

impl<'a> Visitor<'a> {
    /// From here on, what the condition says (when it `holds`, or when not) about nulls is known.
    /// Returns how many guards there were before, to go back to.
    pub(super) fn guard(&mut self, condition: Option<ExprIx>, holds: bool) -> usize {
        let before = self.guards.len();
        if let Some(condition) = condition {
            let mut found = Vec::new();
            self.known_null(condition, holds, 0, &mut found);
            self.guards.append(&mut found);
        }
        before
    }

    /// Is an assignment to this target the first one, by what stands around it or by its own value
    /// (`x = x != null ? x : …`)?
    pub(super) fn is_lazy(&self, target: Node<'a>, value: ExprIx) -> bool {
        let target = target.text();
        if self.guards.iter().any(|guard| same_place(self.source(*guard), target)) {
            return true;
        }
        let Some((_, condition)) = self.ternary.filter(|(choice, _)| *choice == value) else { return false };
        let mut found = Vec::new();
        self.known_null(condition, true, 0, &mut found);
        self.known_null(condition, false, 0, &mut found);
        found.iter().any(|guard| same_place(self.source(*guard), target))
    }

    fn known_null(&self, condition: ExprIx, holds: bool, depth: u32, found: &mut Vec<Span>) {
        if depth > 16 {
            return;
        }
        match &self.facts[condition].kind {
            ExprKind::Unary { op, base } if &**op == "!" => self.known_null(*base, !holds, depth + 1, found),
            ExprKind::Binary { op, left, right } => match (&**op, holds) {
                ("==", true) | ("!=", false) => {
                    let is_null = |e: ExprIx| matches!(self.facts[e].kind, ExprKind::Literal(Literal::Null));
                    if is_null(*right) {
                        self.operand(*left, found);
                    } else if is_null(*left) {
                        self.operand(*right, found);
                    }
                }
                ("&&", true) | ("||", false) => {
                    self.known_null(*left, holds, depth + 1, found);
                    self.known_null(*right, holds, depth + 1, found);
                }
                ("||", true) | ("&&", false) => {
                    // Known only when both sides say it.
                    let mut one = Vec::new();
                    let mut other = Vec::new();
                    self.known_null(*left, holds, depth + 1, &mut one);
                    self.known_null(*right, holds, depth + 1, &mut other);
                    one.retain(|a| other.iter().any(|b| same_place(self.source(*a), self.source(*b))));
                    found.append(&mut one);
                }
                _ => {}
            },
            ExprKind::Call { base, name, args } => match (&**name, args.as_ref(), holds) {
                ("isPresent", [], false) | ("isEmpty" | "isBlank", [], true) => {
                    if let Some(base) = base {
                        self.operand(*base, found);
                    }
                }
                ("isNull" | "isEmpty" | "isBlank" | "isNullOrEmpty", [asked], true)
                | ("nonNull" | "isNotEmpty" | "isNotBlank", [asked], false) => self.operand(*asked, found),
                _ => {}
            },
            _ => {}
        }
    }

    /// What was asked for, and what a local copies.
    fn operand(&self, expr: ExprIx, found: &mut Vec<Span>) {
        let expr = &self.facts[expr];
        found.push(expr.span);
        if let ExprKind::Local(local) = expr.kind
            && let Some(init) = self.facts[local].init
            && matches!(self.facts[init].kind, ExprKind::Name(_) | ExprKind::Select { .. })
        {
            found.push(self.facts[init].span);
        }
    }
}

/// `this.x`, `Type.x` and `x` are taken for one place.
fn same_place(a: &str, b: &str) -> bool {
    bare(a) == bare(b)
}

fn bare(text: &str) -> &str {
    match text.split_once('.') {
        Some(("this", rest)) => rest,
        Some((first, rest)) if first.starts_with(|c: char| c.is_uppercase()) && !rest.contains('.') => rest,
        _ => text,
    }
}
