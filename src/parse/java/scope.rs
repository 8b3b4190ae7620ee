//! Which plain names are locals.

use rustc_hash::FxHashMap;

use super::visit::{Visitor, index};
use crate::facts::code::{Local, LocalIx, TypeRef};
use crate::text::{Name, Span};

/// The visible locals; a look-up costs the same however many there are.
#[derive(Default)]
pub(super) struct Scope {
    visible: FxHashMap<Name, Option<LocalIx>>,
    undo: Vec<(Name, Option<Option<LocalIx>>)>,
}

impl Scope {
    /// Remembers the present state for [`Scope::reset`].
    pub(super) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Forgets what was declared since the mark.
    pub(super) fn reset(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some((name, before)) = self.undo.pop() {
                match before {
                    Some(before) => self.visible.insert(name, before),
                    None => self.visible.remove(&name),
                };
            }
        }
    }

    /// From here on, `name` means this local, or (none) something that is no local.
    pub(super) fn set(&mut self, name: Name, local: Option<LocalIx>) {
        let before = self.visible.insert(name, local);
        self.undo.push((name, before));
    }

    /// The local that `name` means.
    pub(super) fn find(&self, name: Name) -> Option<LocalIx> {
        self.visible.get(&name).copied().flatten()
    }
}

impl Visitor<'_> {
    /// Adds a local and makes it visible.
    pub(super) fn declare(&mut self, name: Name, ty: Option<TypeRef>, param: bool, span: Span) -> LocalIx {
        let callable = self.here();
        let made = LocalIx(index(self.facts.locals.len()));
        self.facts.locals.push(Local { name, ty, init: None, part: None, callable, param, span });
        if &*name != "_" {
            self.scope.set(name, Some(made));
        }
        made
    }
}
