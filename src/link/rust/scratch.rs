//! Whether a path lies in a temporary directory: followed through fields, accessors, locals and arguments.

use super::super::Linked;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, ExprIx, ExprKind, LocalIx, Usage};
use crate::source::FileIx;

/// Steps from a path back to where it comes from.
const REACH: u8 = 12;
/// More calls of one function are not looked at.
const MAX_CALLS: usize = 32;

/// Types that own a temporary file or directory, or its path.
const OWNERS: &[&str] = &["TempDir", "NamedTempFile", "TempPath", "SpooledTempFile", "TempFile", "Utf8TempDir"];

/// Calls whose result lies where what they are called on lies.
const KEEPS: &[&str] = &[
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
];

impl Linked<'_> {
    /// Does a call of a Rust file, or one of the chain of calls that it is part of, work on a path within a
    /// temporary directory?
    pub fn on_scratch(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| !self.is_java(file)) else { return false };
        let mut at = call;
        for _ in 0..16 {
            // Of two paths the last is the one that is written.
            if let ExprKind::Call { args, .. } = &facts[at].kind
                && !args.is_empty()
                && args.iter().any(|a| self.is_scratch(file, facts, *a, REACH))
            {
                return true;
            }
            let Usage::Base(parent) = facts[at].usage else { return false };
            at = parent;
        }
        false
    }

    fn is_scratch(&self, file: FileIx, facts: &CodeFacts, expr: ExprIx, reach: u8) -> bool {
        let Some(reach) = reach.checked_sub(1) else { return false };
        if self.rust_type_of(file, expr).is_some_and(|ty| OWNERS.contains(&ty.last_segment())) {
            return true;
        }
        match &facts[expr].kind {
            ExprKind::Select { name, .. } if names_scratch(name) => true,
            ExprKind::Local(local) if names_scratch(&facts[*local].name) => true,
            ExprKind::Local(local) => self.is_scratch_local(file, facts, *local, reach),
            ExprKind::Call { base, name, args } => {
                let path = self.rust_callee(file, expr);
                if path.starts_with("tempfile::") || path.as_str() == "std::env::temp_dir" {
                    return true;
                }
                let target = self.rust.callee(file, expr).and_then(|c| c.target);
                if let Some((home, callable)) = target
                    && self.returns_scratch(home, callable, reach)
                {
                    return true;
                }
                match base {
                    Some(base) => KEEPS.contains(&name.as_str()) && self.is_scratch(file, facts, *base, reach),
                    None => {
                        let makes = matches!(name.last_segment(), "new" | "from" | "Some" | "Ok");
                        makes
                            && target.is_none()
                            && args.first().is_some_and(|a| self.is_scratch(file, facts, *a, reach))
                    }
                }
            }
            ExprKind::Macro { name, args } => {
                name.last_segment() == "format" && args.iter().any(|a| self.is_scratch(file, facts, *a, reach))
            }
            _ => false,
        }
    }

    fn is_scratch_local(&self, file: FileIx, facts: &CodeFacts, local: LocalIx, reach: u8) -> bool {
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

    fn returns_scratch(&self, file: FileIx, callable: CallableIx, reach: u8) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let body = facts[callable].body;
        let mut returned = facts
            .exprs
            .iter()
            .enumerate()
            .filter(|(_, e)| e.callable == callable && e.usage == Usage::Returned && body.contains(e.span));
        let mut any = false;
        let all = returned.all(|(i, _)| {
            any = true;
            self.is_scratch(file, facts, ExprIx(i as u32), reach)
        });
        any && all
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
