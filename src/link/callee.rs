//! What each call and construction resolves to.

use super::Linked;
use super::infer::Base;
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, ExprIx, ExprKind};
use crate::source::FileIx;

/// The target of a call or construction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Callee {
    /// Static type of the receiver, the class of a static call, or the constructed type.
    pub owner: Option<Sym>,
    /// The declaration in the workspace.
    pub target: Option<(TypeId, CallableIx)>,
    /// Called on a type, not on an object.
    pub on_type: bool,
}

impl Linked<'_> {
    /// Those of a file that are known, by expression.
    pub(super) fn resolve_callees(&self, file: FileIx) -> Box<[(ExprIx, Callee)]> {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return Box::default() };
        let all = (0..facts.exprs.len()).map(|i| ExprIx(i as u32));
        all.map(|expr| (expr, self.resolve_callee(file, expr))).filter(|(_, callee)| callee.owner.is_some()).collect()
    }

    fn resolve_callee(&self, file: FileIx, expr: ExprIx) -> Callee {
        let Some(facts) = self.facts(file) else { return Callee::default() };
        let e = &facts[expr];
        let around = || self.type_of_callable(file, e.callable);
        match &e.kind {
            ExprKind::Call { .. } | ExprKind::MethodRef { .. } => {
                let (base, name) = match &e.kind {
                    ExprKind::Call { base, name, .. } => (*base, name),
                    ExprKind::MethodRef { base, name } => (Some(*base), name),
                    _ => return Callee::default(),
                };
                let (owner, on_type) = match base {
                    Some(base) => match self.base(file, base, 0) {
                        Some(Base::Type(sym)) => (Some(sym), true),
                        Some(base @ Base::Value(_)) => (Some(base.sym()), false),
                        None => (None, false),
                    },
                    None => (self.unqualified_owner(file, around(), *name), false),
                };
                Callee { owner, target: owner.and_then(|o| self.find_method(o, *name)), on_type }
            }
            ExprKind::New { ty, body, .. } => {
                let owner = self.resolve_name(file, around(), ty.name);
                let target = match (owner, body) {
                    (_, Some(_)) | (None, _) | (Some(Sym::Outside(_)), _) => None,
                    (Some(Sym::Here(id)), None) => {
                        let init = self.types.methods(id, "<init>".into()).first();
                        init.map(|c| (id, *c))
                    }
                };
                Callee { owner, target, on_type: false }
            }
            _ => Callee::default(),
        }
    }
}
