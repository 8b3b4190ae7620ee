//! Checks around an assignment: `if (x == null) x = …`, also after `if (x != null) return x;`,
//! in double-checked locking, and through a local copy of the field. A flag that is asked for and then
//! turned (`if (!made) { x = …; made = true; }`) is such a check for all that is set with it, and so is one for null
//! (`if (x == null) { x = …; y = …; }`).

use rustc_hash::FxHashSet;

use super::flat::Node;
use super::visit::Visitor;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, Guarded, Literal};
use crate::text::{Name, Span};

/// What is known of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Null or empty.
    Null,
    /// A local that is null or empty.
    LocalNull,
    /// A flag with this value.
    Flag(bool),
}

/// What a condition says of a place, named by its text.
pub(super) type Guard = (Span, Known);

/// What [`settle`] needs of an assignment under flags: which one it is, and the flags.
pub(super) type UnderFlags = (usize, Vec<Name>);

/// Assignments under a flag that the same method turns are made once, with it.
pub(super) fn settle(facts: &mut CodeFacts, turned: &FxHashSet<(CallableIx, Name)>, under: &[UnderFlags]) {
    for (assign, flags) in under {
        let assign = &mut facts.assigns[*assign];
        assign.lazy |= flags.iter().any(|flag| turned.contains(&(assign.callable, *flag)));
    }
}

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
        let turns = |flag: bool| matches!(self.facts[value].kind, ExprKind::Literal(Literal::Bool(v)) if v != flag);
        let mut guards = self.guards.iter().filter(|(place, _)| same_place(self.source(*place), target));
        if guards.any(|(_, known)| match known {
            Known::Null | Known::LocalNull => true,
            Known::Flag(value) => turns(*value),
        }) {
            return true;
        }
        let Some((_, condition)) = self.ternary.filter(|(choice, _)| *choice == value) else { return false };
        let mut found = Vec::new();
        self.known_null(condition, true, 0, &mut found);
        self.known_null(condition, false, 0, &mut found);
        found.iter().any(|(place, known)| !matches!(known, Known::Flag(_)) && same_place(self.source(*place), target))
    }

    /// The flags that are known here, and what is known to be null.
    pub(super) fn known_flags(&self) -> Vec<Name> {
        let flags = self.guards.iter().filter(|(_, known)| matches!(known, Known::Flag(_) | Known::Null));
        flags.map(|(place, _)| Name::new(bare(self.source(*place)))).collect()
    }

    /// Notes what is known of fields where a method of the same class is called: `if (x == null) load();`.
    pub(super) fn note_guarded(&mut self, call: ExprIx) {
        for guard in 0..self.guards.len() {
            let (place, known) = self.guards[guard];
            let place = Name::new(bare(self.source(place)));
            if known != Known::LocalNull && place.len() < 64 && !place.contains(['.', '(']) {
                self.facts.guarded.push(Guarded { call, place });
            }
        }
    }

    fn known_null(&self, condition: ExprIx, holds: bool, depth: u32, found: &mut Vec<Guard>) {
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
                    } else if let ExprKind::Literal(Literal::Bool(value)) = self.facts[*right].kind {
                        self.known_null(*left, value, depth + 1, found);
                    } else if self.is_no_number(*right) {
                        self.operand(*left, found);
                    } else if self.is_no_number(*left) {
                        self.operand(*right, found);
                    }
                }
                ("&&", true) | ("||", false) => {
                    self.known_null(*left, holds, depth + 1, found);
                    self.known_null(*right, holds, depth + 1, found);
                }
                ("||", true) | ("&&", false) => {
                    // Known only when both sides say it; `a == null || b == null` is asked of what is made together.
                    let mut one = Vec::new();
                    let mut other = Vec::new();
                    self.known_null(*left, holds, depth + 1, &mut one);
                    self.known_null(*right, holds, depth + 1, &mut other);
                    let null = |guards: &[Guard]| {
                        !guards.is_empty() && guards.iter().all(|g| matches!(g.1, Known::Null | Known::LocalNull))
                    };
                    if null(&one) && null(&other) {
                        found.append(&mut other);
                    } else {
                        let both = |a: &Guard| {
                            other.iter().any(|b| a.1 == b.1 && same_place(self.source(a.0), self.source(b.0)))
                        };
                        one.retain(both);
                    }
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
            ExprKind::Name(_) | ExprKind::Select { .. } => {
                found.push((self.facts[condition].span, Known::Flag(holds)));
            }
            _ => {}
        }
    }

    /// 0 or -1: what a number holds that was never set.
    fn is_no_number(&self, expr: ExprIx) -> bool {
        match &self.facts[expr].kind {
            ExprKind::Literal(Literal::Int(0)) => true,
            ExprKind::Unary { op, base } => {
                &**op == "-" && matches!(self.facts[*base].kind, ExprKind::Literal(Literal::Int(1)))
            }
            _ => false,
        }
    }

    /// What was asked for, and what a local copies.
    fn operand(&self, expr: ExprIx, found: &mut Vec<Guard>) {
        let expr = &self.facts[expr];
        let local = matches!(expr.kind, ExprKind::Local(_));
        found.push((expr.span, if local { Known::LocalNull } else { Known::Null }));
        if let ExprKind::Local(local) = expr.kind
            && let Some(init) = self.facts[local].init
            && matches!(self.facts[init].kind, ExprKind::Name(_) | ExprKind::Select { .. })
        {
            found.push((self.facts[init].span, Known::Null));
        }
    }
}

/// `this.x`, `Type.x` and `x` are taken for one place.
fn same_place(a: &str, b: &str) -> bool {
    bare(a) == bare(b)
}

pub(super) fn bare(text: &str) -> &str {
    match text.split_once('.') {
        Some(("this", rest)) => rest,
        Some((first, rest)) if first.starts_with(|c: char| c.is_uppercase()) && !rest.contains('.') => rest,
        _ => text,
    }
}
