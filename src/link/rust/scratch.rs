//! Whether a path lies in a temporary directory: followed through fields, accessors, locals and arguments.

use std::cell::Cell;

use super::super::Linked;
use super::fields::behind;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, FieldIx, LocalIx, Target, Usage};
use crate::source::FileIx;

/// Steps from a path back to where it comes from.
const REACH: u8 = 28;
/// Steps of one question, all branches taken together.
const STEPS: u32 = 600;
/// More calls of one function are not looked at.
const MAX_CALLS: usize = 32;

/// Types that own a temporary file or directory, or its path.
const OWNERS: &[&str] = &["TempDir", "NamedTempFile", "TempPath", "SpooledTempFile", "TempFile", "Utf8TempDir"];

/// Calls whose result lies where what they are called on lies.
pub(super) const KEEPS: &[&str] = &[
    "path",
    "as_path",
    "join",
    "to_path_buf",
    "to_owned",
    "into_owned",
    "as_ref",
    "as_os_str",
    "clone",
    "cloned",
    "with_extension",
    "with_file_name",
    "into_path",
    "into_temp_path",
    "display",
    "to_string",
    "to_str",
    "to_string_lossy",
    "into_boxed_path",
    "as_str",
    "into",
    "unwrap",
    "expect",
    "unwrap_or_else",
    "map_err",
    "context",
    "with_context",
    "canonicalize",
    "borrow",
    "deref",
    "parent",
    "ok",
    "ok_or",
    "ok_or_else",
    "or_else",
    "unwrap_or_default",
    // Of files, and of what reads and writes them.
    "into_inner",
    "get_ref",
    "get_mut",
    "as_file",
    "as_file_mut",
    "into_file",
    "try_clone",
    "reopen",
    "by_ref",
    "as_mut",
    "into_std",
    "take",
];
/// Calls that make something around what they are given.
const WRAPS: &[&str] = &["new", "from", "Some", "Ok", "open", "create", "from_std", "with_capacity", "build", "wrap"];

/// How far a question may still go.
#[derive(Clone, Copy)]
struct Reach<'a> {
    deep: u8,
    steps: &'a Cell<u32>,
}

impl Reach<'_> {
    fn further(self) -> Option<Self> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        Some(Self { deep: self.deep.checked_sub(1)?, ..self })
    }
}

impl Linked<'_> {
    /// Does a call of a Rust file, or one of the chain of calls that it is part of, work on a path within a
    /// temporary directory?
    pub fn on_scratch(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let steps = Cell::new(STEPS);
        let reach = Reach { deep: REACH, steps: &steps };
        let takes = |at: ExprIx| match &facts[at].kind {
            ExprKind::Call { base, args, .. } => {
                // What is written to need not be where what is written comes from.
                let paths = if self.writes_content(file, at) { &args[..1] } else { args };
                base.is_some_and(|b| self.is_scratch(file, facts, b, reach))
                    || paths.iter().any(|a| self.is_scratch(file, facts, *a, reach))
            }
            _ => false,
        };
        let mut at = call;
        for _ in 0..16 {
            if takes(at) {
                return true;
            }
            match facts[at].usage {
                Usage::Base(parent) => at = parent,
                // Options that are opened later.
                Usage::ToLocal(local) => {
                    let opens = |used: &ExprIx| {
                        let mut chain = vec![*used];
                        while let Usage::Base(parent) = facts[chain[chain.len() - 1]].usage {
                            chain.push(parent);
                        }
                        let named = |e: &ExprIx| matches!(&facts[*e].kind, ExprKind::Call { name, .. } if name.starts_with("open"));
                        chain.iter().take(16).any(|e| named(e) && takes(*e))
                    };
                    return self.rust.uses(file, local).iter().take(16).any(opens) || {
                        // `let options = options.with_more();`
                        let next = self.rust.uses(file, local).iter().find_map(|used| {
                            let top = super::super::joins::chain_top(facts, *used);
                            match facts[top].usage {
                                Usage::ToLocal(next) if top != *used && next != local => Some(next),
                                _ => None,
                            }
                        });
                        next.is_some_and(|next| self.rust.uses(file, next).iter().take(16).any(opens))
                    };
                }
                _ => return false,
            }
        }
        false
    }

    /// `write(path, content)`.
    fn writes_content(&self, file: FileIx, call: ExprIx) -> bool {
        let path = self.rust_callee(file, call);
        path.ends_with("fs::write") || path.ends_with("::write") && path.contains("fs")
    }

    fn is_scratch(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, reach: Reach<'_>) -> bool {
        let Some(reach) = reach.further() else { return false };
        let ty = self.rust.type_of(file, expr).map(|ty| behind(ty).name);
        if ty.is_some_and(|ty| OWNERS.contains(&ty.last_segment())) {
            return true;
        }
        match &facts[expr].kind {
            ExprKind::Select { name, .. } if names_scratch(name) => true,
            ExprKind::Select { .. } => self.is_scratch_field(file, expr, reach),
            ExprKind::Local(local) if names_scratch(&facts[*local].name) => true,
            ExprKind::Local(local) => self.is_scratch_local(file, facts, *local, reach),
            ExprKind::Call { base, name, args } => {
                let path = self.rust_callee(file, expr);
                if path.starts_with("tempfile::") || path.as_str() == "std::env::temp_dir" {
                    return true;
                }
                if base.is_some() && names_scratch(name) {
                    return true;
                }
                let target = self.rust.callee(file, expr).and_then(|c| c.target);
                if let Some((home, callable)) = target
                    && self.returns_scratch(home, callable, reach)
                {
                    return true;
                }
                let wraps = WRAPS.contains(&name.last_segment());
                let within = |args: &[ExprIx]| args.first().is_some_and(|a| self.is_scratch(file, facts, *a, reach));
                match base {
                    // `tempfile().map(BufWriter::new)`.
                    Some(base) if name.as_str() == "map" => {
                        let made = args.first().map(|a| &facts[*a].kind);
                        matches!(made, Some(ExprKind::Name(path)) if path.ends_with("::new"))
                            && self.is_scratch(file, facts, *base, reach)
                    }
                    Some(base) => {
                        KEEPS.contains(&name.as_str()) && self.is_scratch(file, facts, *base, reach)
                            || wraps && within(args)
                    }
                    None => wraps && within(args),
                }
            }
            ExprKind::Macro { name, args } => {
                name.last_segment() == "format" && args.iter().any(|a| self.is_scratch(file, facts, *a, reach))
            }
            ExprKind::Choice(parts) => {
                !parts.is_empty() && parts.iter().all(|part| self.is_scratch(file, facts, *part, reach))
            }
            _ => false,
        }
    }

    /// All that a field is ever given lies in a temporary directory.
    fn is_scratch_field(&self, file: FileIx, expr: ExprIx, reach: Reach<'_>) -> bool {
        let field = self.rust_field_of(file, expr).filter(|(home, field)| !self.is_read_in(*home, *field));
        let values = field.and_then(|field| self.rust.filled.get(&field));
        values.is_some_and(|values| {
            values.len() < MAX_CALLS
                && values.iter().all(|(home, value)| {
                    self.facts(*home).is_some_and(|facts| self.is_scratch(*home, facts, *value, reach))
                })
        })
    }

    /// The type is read from settings, or from what others send: that gives the field values that nobody sees.
    fn is_read_in(&self, file: FileIx, field: FieldIx) -> bool {
        self.facts(file).is_some_and(|facts| {
            facts[field].owner.is_some_and(|owner| {
                let mut about = facts.annotations.iter().filter(|a| a.target == Target::Type(owner));
                about.any(|a| a.name.last_segment() == "Deserialize")
            })
        })
    }

    fn is_scratch_local(&self, file: FileIx, facts: &CodeFacts, local: LocalIx, reach: Reach<'_>) -> bool {
        let decl = &facts[local];
        if !decl.param {
            return decl.init.is_some_and(|init| self.is_scratch(file, facts, init, reach));
        }
        let Some(at) = facts[decl.callable].params.iter().position(|p| *p == local) else { return false };
        let calls = self.rust_calls_of(file, decl.callable);
        !calls.is_empty()
            && calls.len() < MAX_CALLS
            && calls.iter().all(|(home, call)| {
                let Some(facts) = self.facts(*home) else { return false };
                let ExprKind::Call { base, args, .. } = &facts[*call].kind else { return false };
                // `Type::method(value, path)` counts `self` among the arguments.
                let shift = usize::from(base.is_none() && args.len() > facts_params(self, file, decl.callable));
                args.get(at + shift).is_some_and(|a| self.is_scratch(*home, facts, *a, reach))
            })
    }

    /// The calls of a function outside of tests.
    pub(super) fn rust_calls_of(&self, file: FileIx, callable: CallableIx) -> &[(FileIx, ExprIx)] {
        self.rust.calls.get(&(file, callable)).map_or(&[], Vec::as_slice)
    }

    /// The arguments of these calls; none where there are more than `most`.
    pub(super) fn rust_args_of(
        &self,
        file: FileIx,
        callable: CallableIx,
        most: usize,
    ) -> impl Iterator<Item = (FileIx, &CodeFacts, &[ExprIx])> {
        let calls = self.rust_calls_of(file, callable);
        let calls = if calls.len() > most { &[] } else { calls };
        calls.iter().filter_map(|(home, call)| {
            let there = self.facts(*home)?;
            let ExprKind::Call { args, .. } = &there[*call].kind else { return None };
            Some((*home, there, &**args))
        })
    }

    fn returns_scratch(&self, file: FileIx, callable: CallableIx, reach: Reach<'_>) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let body = facts[callable].body;
        let mut returned = facts
            .exprs
            .iter()
            .enumerate()
            .filter(|(_, e)| e.callable == callable && e.usage == Usage::Returned && body.contains(e.span))
            .filter(|(_, e)| !gives_nothing(&e.kind));
        let mut any = false;
        let all = returned.all(|(i, _)| {
            any = true;
            self.is_scratch(file, facts, ExprIx(i as u32), reach)
        });
        any && all
    }
}

/// `return Err(error)`, `None`: no path and no file.
fn gives_nothing(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Call { base: None, name, .. } => name.last_segment() == "Err",
        ExprKind::Name(name) => name.last_segment() == "None",
        _ => false,
    }
}

/// `temp_dir`, `tmp_folder`.
fn names_scratch(name: &str) -> bool {
    let dir = ["dir", "folder", "directory"].iter().find_map(|end| name.strip_suffix(end));
    dir.is_some_and(|before| before.split('_').any(|word| matches!(word, "temp" | "tmp" | "temporary" | "scratch")))
}

fn facts_params(linked: &Linked<'_>, file: FileIx, callable: CallableIx) -> usize {
    linked.facts(file).map_or(0, |f| f[callable].params.len())
}
