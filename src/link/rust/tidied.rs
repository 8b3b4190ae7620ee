//! What a path grows out of: the field, or the method of the tree, that names a place on disk for a whole type.

use super::super::Linked;
use super::scratch::KEEPS;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, Usage};
use crate::source::FileIx;

/// Steps from a path back to what it grows out of.
const STEPS: usize = 16;
/// Parameters and methods are followed so far.
const DEPTH: u8 = 3;
/// More calls of one function are not looked at.
const MAX_CALLERS: usize = 8;

/// What a path grows out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// A field.
    Field(FileIx, FieldIx),
    /// A method of the tree that gives a path.
    Method(FileIx, CallableIx),
}

impl Linked<'_> {
    /// What the path that a Rust call works on grows out of: through locals, parameters and methods of the tree.
    pub fn path_roots(&self, file: FileIx, call: ExprIx) -> Vec<Root> {
        let mut out = Vec::new();
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return out };
        let Some(ExprKind::Call { name, args, .. }) = Some(&facts[call].kind) else { return out };
        let moved = matches!(name.last_segment(), "rename" | "copy" | "hard_link");
        let args: Vec<ExprIx> = match args.is_empty() {
            // `OpenOptions::new().write(true).open(path)`.
            true => self.opened_by(facts, call).into_iter().collect(),
            false => args.iter().copied().take(if moved { 2 } else { 1 }).collect(),
        };
        for arg in args {
            self.roots_of(file, facts, arg, DEPTH, &mut out);
        }
        out
    }

    /// The path of the `open` that ends a chain on options.
    fn opened_by(&self, facts: &CodeFacts, call: ExprIx) -> Option<ExprIx> {
        let mut at = call;
        for _ in 0..STEPS {
            let Usage::Base(next) = facts[at].usage else { return None };
            match &facts[next].kind {
                ExprKind::Call { name, args, .. } if name.as_str() == "open" => return args.first().copied(),
                _ => at = next,
            }
        }
        None
    }

    fn roots_of(&self, file: FileIx, facts: &CodeFacts, path: ExprIx, depth: u8, out: &mut Vec<Root>) {
        let Some(deeper) = depth.checked_sub(1) else { return };
        let mut at = path;
        for _ in 0..STEPS {
            at = match &facts[at].kind {
                ExprKind::Local(local) => match facts[*local].init {
                    Some(init) if !facts[*local].param => init,
                    _ => {
                        let around = facts[*local].callable;
                        let Some(place) = facts[around].params.iter().position(|p| p == local) else { return };
                        for (home, caller) in self.rust_calls_of(file, around).iter().take(MAX_CALLERS) {
                            let Some(there) = self.facts(*home) else { continue };
                            let ExprKind::Call { base, args, .. } = &there[*caller].kind else { continue };
                            let extra = usize::from(base.is_none() && args.len() > facts[around].params.len());
                            if let Some(arg) = args.get(place + extra) {
                                self.roots_of(*home, there, *arg, deeper, out);
                            }
                        }
                        return;
                    }
                },
                ExprKind::Select { .. } => {
                    return out.extend(self.rust_field_of(file, at).map(|(home, field)| Root::Field(home, field)));
                }
                ExprKind::Call { base: Some(base), name, .. }
                    if KEEPS.contains(&name.as_str()) && self.rust_target(file, at).is_none() =>
                {
                    *base
                }
                ExprKind::Call { base: None, name, args }
                    if args.len() == 1 && matches!(name.last_segment(), "new" | "from" | "Some" | "clone") =>
                {
                    args[0]
                }
                ExprKind::Call { .. } => return self.roots_given_by(file, at, deeper, out),
                _ => return,
            };
        }
    }

    /// A method of the tree that gives a path, and what that grows out of.
    fn roots_given_by(&self, file: FileIx, call: ExprIx, depth: u8, out: &mut Vec<Root>) {
        let Some((home, method)) = self.rust_target(file, call) else { return };
        let Some(there) = self.facts(home) else { return };
        let paths = ["PathBuf", "Path", "Utf8PathBuf", "Utf8Path", "String", "Cow"];
        let gives = there[method].returns.as_ref();
        if !gives.is_some_and(|ty| paths.contains(&ty.name.last_segment())) {
            return;
        }
        out.push(Root::Method(home, method));
        let body = there[method].body;
        for (i, e) in there.exprs.iter().enumerate() {
            if e.callable == method && e.usage == Usage::Returned && body.contains(e.span) {
                self.roots_of(home, there, ExprIx(i as u32), depth, out);
            }
        }
    }
}
