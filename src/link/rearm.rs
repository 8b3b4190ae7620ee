//! What a task reaches of its own class: the loop below `run`, and the call that puts the same task on the timer again.

use super::types::Sym;
use super::{Linked, ReachSet, TypeId};
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, Usage};
use crate::source::FileIx;

/// So many methods of its own class count as part of a task.
const MOST_METHODS: usize = 48;

impl Linked<'_> {
    /// The methods of the task's class, and of those around it, that a body runs; the body first. `of` is the class of
    /// the object when the body is inherited.
    pub(super) fn own_reach(&self, file: FileIx, body: CallableIx, of: Option<TypeId>) -> Vec<(FileIx, CallableIx)> {
        let ty = of.or_else(|| self.type_of_callable(file, body).map(|ty| self.types.id(file, ty)));
        let Some(ty) = ty else { return vec![(file, body)] };
        let info = &self.types[ty];
        let around: Vec<TypeId> =
            self.enclosing_types(info.file, Some(info.ix)).iter().map(|ix| self.types.id(info.file, *ix)).collect();
        let own = |id: TypeId| {
            around.iter().any(|a| *a == id || self.types.closure(self.catalog, Sym::Here(*a)).contains(&Sym::Here(id)))
        };
        let mut out = vec![(file, body)];
        let mut next = 0;
        while next < out.len() && out.len() < MOST_METHODS {
            let (file, callable) = out[next];
            next += 1;
            let Some(facts) = self.facts(file) else { continue };
            let span = facts[callable].body;
            for (i, e) in facts.exprs_within(span) {
                let ExprKind::Call { base, name, args } = &e.kind else { continue };
                let plain = base.is_none_or(|b| {
                    matches!(facts[b].kind, ExprKind::This | ExprKind::Super | ExprKind::Select { .. })
                });
                let Some((id, _)) = self.callee(file, i).target.filter(|(id, _)| plain && own(*id)) else {
                    continue;
                };
                // The object's own version comes before the inherited one.
                let up = base.is_some_and(|b| matches!(facts[b].kind, ExprKind::Super));
                let version = around.iter().filter(|_| !up).find_map(|a| {
                    let closure = self.types.closure(self.catalog, Sym::Here(*a));
                    let here = closure.iter().filter_map(|s| match s {
                        Sym::Here(id) => Some(*id),
                        Sym::Outside(_) => None,
                    });
                    closure
                        .contains(&Sym::Here(id))
                        .then(|| here.into_iter().find_map(|t| self.overload(t, *name, args.len())))?
                });
                if let Some(found) = version.or_else(|| self.overload(id, *name, args.len()))
                    && !out.contains(&found)
                {
                    out.push(found);
                }
            }
        }
        out
    }

    /// Does a task, in its body or a method of its own below it, run a loop that ends only with the process?
    pub fn task_loops(&self, file: FileIx, body: CallableIx, of: Option<TypeId>) -> bool {
        self.own_reach(file, body, of).iter().any(|(f, c)| self.is_daemon(*f, *c))
    }

    /// Does an object of the class, put on a thread, run such a loop?
    pub fn object_loops(&self, id: TypeId) -> bool {
        self.task_of(id).iter().any(|(f, c)| self.task_loops(*f, *c, Some(id)))
    }

    /// Does what the call hands over loop?
    pub fn hands_loop_over(&self, file: FileIx, call: ExprIx) -> bool {
        self.task_roots(file, call).iter().any(|(f, c, of)| self.task_loops(*f, *c, *of))
    }

    /// Does all that the call hands over run for as long as a flag or an interruption lets it?
    pub fn hands_lasting_over(&self, file: FileIx, call: ExprIx) -> bool {
        let lasts = |(file, callable): &(FileIx, CallableIx)| {
            self.facts(*file).is_some_and(|facts| {
                let body = facts[*callable].body;
                facts.loops.iter().any(|l| body.contains(l.span) && self.lasts(*file, l))
            })
        };
        let roots = self.task_roots(file, call);
        !roots.is_empty() && roots.iter().all(|(f, c, of)| self.own_reach(*f, *c, *of).iter().any(lasts))
    }

    /// Does the call put the task that makes it on the timer again? Its first start is another place.
    pub fn rearms(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let roots = self.task_roots(file, expr);
        let within = |f: FileIx, at: ExprIx, list: &[(FileIx, CallableIx)]| {
            let Some(facts) = self.facts(f) else { return false };
            list.iter().any(|(g, c)| *g == f && facts[*c].body.contains(facts[at].span))
        };
        let method = self.named_callable(file, facts[expr].callable);
        let reach = self.reach(file, method).of_service();
        let timed = !roots.is_empty() && (reach == ReachSet::BACKGROUND || !reach.any());
        timed
            && roots.iter().all(|(f, body, of)| {
                let own = self.own_reach(*f, *body, *of);
                if !within(file, expr, &own) {
                    return false;
                }
                // Each way to the place leads through a task; one of them is started elsewhere.
                let elsewhere = |m: (FileIx, CallableIx)| {
                    self.call_sites(m.0, m.1).into_iter().filter(|(f, e)| !within(*f, *e, &own)).collect::<Vec<_>>()
                };
                if self.is_task_method(file, method) {
                    return true;
                }
                if self.is_called_from_outside(file, method) {
                    return false;
                }
                let others = elsewhere((file, method));
                let entry = (file, method) == (*f, *body);
                (!entry || !others.is_empty())
                    && others.iter().all(|(f, e)| {
                        self.facts(*f).is_some_and(|facts| {
                            let lambda = facts[facts[*e].callable].kind == CallableKind::Lambda;
                            let to = match (&facts[*e].kind, facts[*e].usage) {
                                (ExprKind::MethodRef { .. }, Usage::Argument(to, _)) => Some(to),
                                _ if lambda => self.lambda_argument(*f, facts[*e].callable).map(|(to, _)| to),
                                _ => None,
                            };
                            self.is_task_method(*f, facts[*e].callable)
                                || to.is_some_and(|to| self.hands_over(*f, to, 0))
                                || self.is_timer_task(*f, facts[*e].callable, 0)
                        })
                    })
            })
    }

    /// Is the method, or each one that calls it, put on a timer and called in no other way?
    fn is_timer_task(&self, file: FileIx, method: CallableIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 3) else { return false };
        if facts[method].kind != CallableKind::Method || self.is_called_from_outside(file, method) {
            return false;
        }
        let sites = self.call_sites(file, method);
        !sites.is_empty()
            && sites.iter().all(|(at, expr)| {
                let Some(facts) = self.facts(*at) else { return false };
                let around = facts[*expr].callable;
                let to = match (&facts[*expr].kind, facts[*expr].usage) {
                    (ExprKind::MethodRef { .. }, Usage::Argument(to, _)) => Some(to),
                    _ => self.lambda_argument(*at, around).map(|(to, _)| to),
                };
                match to.map(|to| &facts[to].kind) {
                    Some(ExprKind::Call { name, .. }) => name.starts_with("schedule"),
                    Some(_) => false,
                    None => self.is_timer_task(*at, around, depth + 1),
                }
            })
    }

    /// `run` or `call` of a task.
    fn is_task_method(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[method];
        matches!(c.name.as_str(), "run" | "call") && c.params.is_empty()
    }

    /// What a call, or the call on what is made here, hands over, with the class of the object.
    fn task_roots(&self, file: FileIx, expr: ExprIx) -> Vec<(FileIx, CallableIx, Option<TypeId>)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut exprs = vec![expr];
        if let Usage::Base(call) = facts[expr].usage {
            exprs.push(call);
        }
        // `workers.forEach(pool::submit)`
        if let (ExprKind::MethodRef { .. }, Usage::Argument(to, 0)) = (&facts[expr].kind, facts[expr].usage)
            && let ExprKind::Call { base: Some(list), name, .. } = &facts[to].kind
            && name.as_str() == "forEach"
        {
            return self.roots_of_elements(file, *list);
        }
        for expr in exprs {
            if let ExprKind::New { body: Some(ty), .. } = facts[expr].kind {
                let id = self.types.id(file, ty);
                return self.task_of(id).into_iter().map(|(f, c)| (f, c, Some(id))).collect();
            }
            let (ExprKind::Call { args, .. } | ExprKind::New { args, .. }) = &facts[expr].kind else { continue };
            let roots: Vec<_> = args.iter().flat_map(|arg| self.task_root(file, *arg)).collect();
            if !roots.is_empty() {
                return roots;
            }
        }
        Vec::new()
    }

    /// What the elements of a collection run: by their type, or by what is added to a local.
    fn roots_of_elements(&self, file: FileIx, list: ExprIx) -> Vec<(FileIx, CallableIx, Option<TypeId>)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let element = self.type_of(file, list).and_then(|ty| ty.args.into_iter().next().flatten());
        if let Some(Sym::Here(id)) = element.map(|ty| ty.sym) {
            return self.task_of(id).into_iter().map(|(f, c)| (f, c, Some(id))).collect();
        }
        let ExprKind::Local(list) = facts[list].kind else { return Vec::new() };
        let added = facts.exprs.iter().filter_map(|e| match (&e.kind, e.usage) {
            (ExprKind::Local(l), Usage::Base(call)) if *l == list => match &facts[call].kind {
                ExprKind::Call { name, args, .. } if name.as_str() == "add" => args.last().copied(),
                _ => None,
            },
            _ => None,
        });
        added.flat_map(|arg| self.task_root(file, arg)).collect()
    }
}
