//! Values that an application server hands out by name, and that are texts or numbers (Java).

use super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{ExprIx, ExprKind, Usage};
use crate::source::FileIx;

/// Types of values that an environment variable holds as well.
const PLAIN: &[&str] = &["String", "Boolean", "Integer", "Long", "Short", "Double", "Float", "Character", "Byte"];

impl Linked<'_> {
    /// Is all that is looked up in the context made here cast to a text, a number or a flag?
    pub fn looks_up_plain_values(&self, file: FileIx, context: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let of_context = |base: ExprIx| match (&facts[base].kind, facts[context].usage) {
            _ if base == context => true,
            (ExprKind::Local(local), Usage::ToLocal(kept)) => *local == kept,
            _ => false,
        };
        let lookups = (0..facts.exprs.len() as u32).map(ExprIx).filter(|expr| match &facts[*expr].kind {
            ExprKind::Call { base, name, .. } => {
                matches!(name.as_str(), "lookup" | "doLookup") && (*expr == context || base.is_some_and(of_context))
            }
            _ => false,
        });
        let mut lookups = lookups.peekable();
        lookups.peek().is_some() && lookups.all(|lookup| is_cast_to_plain(facts, lookup))
    }
}

fn is_cast_to_plain(facts: &CodeFacts, expr: ExprIx) -> bool {
    facts.exprs.iter().any(|e| match &e.kind {
        ExprKind::Cast { ty, base } => *base == expr && ty.dims == 0 && PLAIN.contains(&ty.name.last_segment()),
        _ => false,
    })
}
