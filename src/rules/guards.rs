//! Guards: the context of a site.

use super::code::{arg_fits, attribute_is, field_fits, type_is};
use super::compile::{Compiled, canonical, matches, matches_value};
use super::hits::Hits;
use super::model::{CallCondition, Guard, OneOrMany, Reach, RuntimeGuard, WorkGuard};
use super::plain::value_fits;
use super::profiles;
use super::site::{Fact, Site};
use crate::facts::code::{CallableIx, CodeFacts, ExprIx, ExprKind, Literal, Mods, Target, Usage};
use crate::facts::{Body, FileFacts};
use crate::link::{Linked, ReachSet, Sym};
use crate::rules::model::LoopKind;
use crate::source::FileIx;
use crate::units::{Runtime, UnitKind};

/// Everything that a guard may ask.
pub(super) struct Context<'a, 'w> {
    pub(super) compiled: &'a Compiled<'a>,
    pub(super) linked: &'a Linked<'w>,
    pub(super) facts: &'a [FileFacts],
    pub(super) hits: &'a Hits,
}

impl Context<'_, '_> {
    /// Does the guard hold at the site?
    pub(super) fn holds(&self, guard: &Guard, site: &Site) -> bool {
        let linked = self.linked;
        match guard {
            Guard::Any(list) => list.iter().any(|g| self.holds(g, site)),
            Guard::All(list) => list.iter().all(|g| self.holds(g, site)),
            Guard::Not(inner) => !self.holds(inner, site),
            Guard::Reachable(reach) => self.reachable(*reach, site),
            Guard::Joined(wanted) => self.expr(site).is_some_and(|expr| linked.is_joined(site.file, expr)) == *wanted,
            Guard::Used(words) => match site.fact {
                Fact::Expr(expr) => {
                    let word = |word: &str| words.list().iter().any(|w| w == word);
                    matches(words, usage_word(linked, site, expr))
                        || word("left")
                            && linked.chain_usage(site.file, expr) == Usage::Dropped
                            && linked.is_left_alone(site.file, expr)
                        || word("ignored") && linked.is_ignored(site.file, expr)
                        || word("prepared") && linked.prepares(site.file, expr)
                        || word("removed") && linked.is_removed_again(site.file, expr)
                        || word("persisted") && linked.is_persisted_later(site.file, expr)
                }
                _ => false,
            },
            Guard::GivenBack(wanted) => {
                self.expr(site).is_some_and(|expr| linked.is_given_back(site.file, expr)) == *wanted
            }
            Guard::FeedsResult(wanted) => {
                self.expr(site).is_some_and(|expr| linked.feeds_result(site.file, expr)) == *wanted
            }
            Guard::Stub(wanted) => {
                let stub = match site.fact {
                    Fact::Type(ty) => linked.is_stub(site.file, ty),
                    Fact::Method(method) => linked.is_served_by_subtype(site.file, method),
                    _ => false,
                };
                stub == *wanted
            }
            Guard::OwnType(wanted) => {
                let is = |expr: ExprIx| {
                    let made = linked.facts(site.file).map(|f| &f[expr].kind);
                    matches!(made, Some(ExprKind::New { body: None, .. }))
                        && matches!(linked.callee(site.file, expr).owner, Some(Sym::Here(_)))
                };
                matches!(site.fact, Fact::Expr(expr) if is(expr)) == *wanted
            }
            Guard::CallersWait(wanted) => {
                self.method(site).is_some_and(|(method, _)| linked.all_callers_wait(site.file, method)) == *wanted
            }
            Guard::OnlyStartsTasks(wanted) => {
                let only = match site.fact {
                    Fact::Type(ty) => linked.start_only_starts_tasks(site.file, ty),
                    _ => self.method(site).is_some_and(|(method, _)| linked.only_starts_tasks(site.file, method)),
                };
                only == *wanted
            }
            Guard::InLoop(wanted) => self.in_loop(site) == *wanted,
            Guard::HoldsCall(call) => self.holds_call(call, site),
            Guard::InType(types) => {
                let is = |ix: &crate::facts::code::TypeIx| match linked.is_java(site.file) {
                    true => type_is(linked, Sym::Here(linked.types.id(site.file, *ix)), types),
                    false => {
                        matches(types, &linked.rust_type_path(site.file, *ix))
                            || linked.rust_traits(site.file, *ix).iter().any(|t| matches(types, t))
                    }
                };
                self.around(site).iter().any(is) || self.in_impl_of(types, site)
            }
            Guard::InAnnotated(types) => self
                .around(site)
                .iter()
                .any(|ix| linked.annotations_on(site.file, Target::Type(*ix)).iter().any(|a| matches(types, a))),
            Guard::InMethod(names) => self.method(site).is_some_and(|(_, name)| matches(names, name)),
            Guard::MethodAnnotated(types) => self.method(site).is_some_and(|(callable, _)| {
                linked.annotations_on(site.file, Target::Callable(callable)).iter().any(|a| matches(types, a))
            }),
            Guard::ArgumentOf(call) => self.argument_of(call, site),
            Guard::ChainHas(names) => match site.fact {
                Fact::Expr(expr) => linked.chain(site.file, expr).iter().any(|n| matches(names, n)),
                _ => false,
            },
            Guard::ChainArgument(condition) => match site.fact {
                Fact::Expr(expr) => linked
                    .arguments_of_chain(site.file, expr)
                    .iter()
                    .any(|args| arg_fits(linked, site.file, condition, args)),
                _ => false,
            },
            Guard::Argument(condition) => match site.fact {
                Fact::Expr(expr) => match linked.facts(site.file).map(|f| &f[expr].kind) {
                    Some(ExprKind::Call { args, .. } | ExprKind::New { args, .. } | ExprKind::Macro { args, .. }) => {
                        arg_fits(linked, site.file, condition, args)
                    }
                    _ => false,
                },
                _ => false,
            },
            Guard::SameMethodCalls(names) => self.same_method_calls(names, site),
            Guard::SiblingFile(names) => self.sibling_file(names, site),
            Guard::SiblingCalls(names) => self.sibling_calls(names, site),
            Guard::LaterCalls(names) => self
                .method(site)
                .zip(linked.facts(site.file))
                .is_some_and(|((method, _), facts)| calls_one_of(facts, method, names, site.at.end)),
            Guard::CallersCall(names) => self.callers_call(names, site),
            Guard::InProfileOff(wanted) => profiles::is_off(linked, site) == *wanted,
            Guard::Scratch(wanted) => match site.fact {
                Fact::Expr(expr) => linked.on_scratch(site.file, expr) == *wanted,
                _ => !*wanted,
            },
            Guard::Socket(wanted) => match site.fact {
                Fact::Expr(expr) => linked.on_socket(site.file, expr) == *wanted,
                _ => !*wanted,
            },
            Guard::HoldsLoop(wanted) => match site.fact {
                Fact::Expr(expr) => linked.starts_loop(site.file, expr) == *wanted,
                Fact::Method(method) => linked.waits_without_end(site.file, method) == *wanted,
                _ => !*wanted,
            },
            Guard::Wrapper(wanted) => {
                self.method(site).is_some_and(|(method, _)| linked.is_rust_wrapper(site.file, method)) == *wanted
            }
            Guard::Answers(wanted) => match site.fact {
                Fact::Loop(ix) => linked.rust_loop_answers(site.file, ix) == *wanted,
                Fact::Expr(expr) => linked.rust_task_answers(site.file, expr) == *wanted,
                _ => !*wanted,
            },
            Guard::PartOfAnswer(wanted) => match site.fact {
                Fact::Expr(expr) => linked.is_part_of_answer(site.file, expr) == *wanted,
                _ => !*wanted,
            },
            Guard::Work(work) => self.work_fits(work, site),
            Guard::WrittenIn(names) => match site.fact {
                Fact::Field(field) => {
                    let writes = linked.field_use(site.file, field).writes;
                    let named = |(file, callable): (_, _)| {
                        let here = linked.named_callable(file, callable);
                        linked.facts(file).is_some_and(|f| matches(names, &f[here].name))
                    };
                    !writes.is_empty() && writes.iter().all(|(file, callable, _)| named((*file, *callable)))
                }
                _ => false,
            },
            Guard::TaskLoops(wanted) => {
                let loops = match site.fact {
                    Fact::Expr(expr) => linked.hands_loop_over(site.file, expr),
                    Fact::Type(ty) => linked.object_loops(linked.types.id(site.file, ty)),
                    _ => false,
                };
                loops == *wanted
            }
            Guard::Task(words) => words.list().iter().any(|word| self.task_is(word, site)),
            Guard::Known(words) => words.list().iter().any(|word| self.is_known(word, site)),
            Guard::OnlyMeasures(wanted) => {
                let bodies = self.task_bodies(site);
                let measures = !bodies.is_empty() && bodies.iter().all(|(f, c)| linked.only_measures(*f, *c));
                measures == *wanted
            }
            Guard::Component(wanted) => {
                let ty = self.around(site).first().copied();
                ty.is_none_or(|ty| linked.is_component(site.file, ty)) == *wanted
            }
            Guard::InDaemonLoop(wanted) => self.in_daemon_loop(site) == *wanted,
            Guard::Attribute(attribute) => match site.fact {
                Fact::Annotation(ix) => linked.facts(site.file).is_some_and(|f| {
                    attribute_is(linked, site.file, &f.annotations[ix as usize], &attribute.name, &attribute.value)
                }),
                _ => false,
            },
            Guard::Users(condition) => {
                let Some((unit, tree)) = site.unit.zip(self.compiled.tree_of(condition)) else { return false };
                let mut users = linked.shippers(unit).peekable();
                users.peek().is_some() && users.all(|ix| self.hits.holds_in_unit(linked, &tree, Some(ix)))
            }
            Guard::Unit(condition) => {
                self.compiled.tree_of(condition).is_some_and(|tree| self.hits.holds_in_unit(linked, &tree, site.unit))
            }
            Guard::File(condition) => {
                self.compiled.tree_of(condition).is_some_and(|tree| self.hits.holds_in_file(&tree, site.file))
            }
            Guard::Setting(condition) => site.unit.is_some_and(|unit| {
                let keys = canonical(&condition.key);
                linked.units[unit]
                    .settings
                    .iter()
                    .any(|s| !s.overridden && s.active && matches(&keys, &s.key) && value_fits(condition, &s.value))
            }),
            Guard::UnitKind(words) => site.unit.is_some_and(|u| matches(words, linked.units[u].kind.as_str())),
            Guard::Runtime(guard) => site.unit.is_some_and(|u| runtime_fits(guard, &linked.units[u].runtime)),
            Guard::Scope(words) => match site.fact {
                Fact::Dependency(unit, ix) => {
                    matches(words, linked.units[unit].dependencies[ix as usize].scope.as_str())
                }
                _ => false,
            },
            Guard::Path(globs) => matches(globs, &linked.workspace[site.file].path),
            Guard::Field(condition) => match site.fact {
                Fact::Field(field) => field_fits(linked, site.file, field, condition),
                // The field that the value is kept in.
                Fact::Expr(expr) if linked.is_java(site.file) => linked
                    .kept_in(site.file, expr)
                    .is_some_and(|(file, field)| field_fits(linked, file, field, condition)),
                Fact::Expr(expr) => linked
                    .fields_filled(site.file, expr)
                    .into_iter()
                    .any(|field| field_fits(linked, site.file, field, condition)),
                _ => false,
            },
            Guard::Key(globs) => matches!(site.fact, Fact::Setting(..)) && matches(&canonical(globs), &site.symbol),
            Guard::Value(globs) => {
                let text = self.value(site).or_else(|| self.literal(site)).or_else(|| self.coordinate(site));
                text.is_some_and(|v| matches_value(globs, &v))
            }
        }
    }

    fn reachable(&self, wanted: Reach, site: &Site) -> bool {
        let reach = match (site.fact, site.callable) {
            // A field is reached by what writes it.
            (Fact::Field(field), _) => {
                let mut reach = ReachSet::default();
                for (file, callable, _) in &self.linked.field_use(site.file, field).writes {
                    reach.insert(self.linked.reach(*file, *callable));
                }
                reach
            }
            (_, Some(callable)) => self.linked.reach(site.file, callable),
            _ => return false,
        };
        let reach = reach.of_service();
        match wanted {
            Reach::Request => reach.has(ReachSet::REQUEST),
            Reach::Startup => reach.has(ReachSet::STARTUP),
            Reach::Background => reach.has(ReachSet::BACKGROUND),
            Reach::OnlyStartup => reach == ReachSet::STARTUP,
            Reach::OnlyBackground => reach == ReachSet::BACKGROUND,
            Reach::Nobody => !reach.any(),
            Reach::OnlyMainOfATool if self.linked.is_command(site.file, site.ty) => {
                !reach.has(ReachSet::REQUEST) && !reach.has(ReachSet::BACKGROUND)
            }
            Reach::OnlyMainOfATool => site.unit.is_some_and(|u| match self.linked.units[u].kind {
                UnitKind::Tool => !reach.has(ReachSet::REQUEST),
                // A program beside a library: who uses the library does not run it.
                UnitKind::Library => self.linked.in_rust_binary(site.file),
                _ => false,
            }),
        }
    }

    fn around(&self, site: &Site) -> Vec<crate::facts::code::TypeIx> {
        self.linked.enclosing_types(site.file, site.ty)
    }

    fn method(&self, site: &Site) -> Option<(crate::facts::code::CallableIx, &'static str)> {
        let named = self.linked.named_callable(site.file, site.callable?);
        Some((named, self.linked.facts(site.file)?[named].name.as_str()))
    }

    /// The site stands in an `impl` of such a type, which another file may declare.
    fn in_impl_of(&self, types: &OneOrMany, site: &Site) -> bool {
        let ty = site.callable.and_then(|callable| self.linked.rust_impl_type(site.file, callable));
        ty.is_some_and(|ty| matches(types, &ty) || self.linked.rust_traits_of(ty).iter().any(|of| matches(types, of)))
    }

    /// The site stands in the arguments of such a call or construction, lambdas looked through.
    fn argument_of(&self, wanted: &CallCondition, site: &Site) -> bool {
        let Some(facts) = self.linked.facts(site.file) else { return false };
        let mut at = self.expr(site);
        let mut callable = site.callable;
        for _ in 0..64 {
            while let Some(expr) = at {
                at = match facts[expr].usage {
                    Usage::Argument(call, _) => {
                        if self.is_call(wanted, site, call) {
                            return true;
                        }
                        Some(call)
                    }
                    Usage::Base(parent) => Some(parent),
                    _ => None,
                };
            }
            // Out of a lambda to the call that takes it.
            let Some(inner) = callable else { return false };
            match self.linked.lambda_argument(site.file, inner) {
                Some((call, _)) => {
                    if self.is_call(wanted, site, call) {
                        return true;
                    }
                    at = Some(call);
                    callable = facts[inner].outer;
                }
                None => return false,
            }
        }
        false
    }

    fn is_call(&self, wanted: &CallCondition, site: &Site, call: ExprIx) -> bool {
        let Some(facts) = self.linked.facts(site.file) else { return false };
        let name = match &facts[call].kind {
            ExprKind::Call { name, .. } => *name,
            ExprKind::Macro { name, .. } => *name,
            ExprKind::New { ty, .. } => ty.name,
            _ => return false,
        };
        let name_fits = matches(&wanted.name, &name) || matches(&wanted.name, name.last_segment());
        let owner = self.linked.callee(site.file, call).owner;
        let is_new = matches!(facts[call].kind, ExprKind::New { .. });
        (name_fits || (is_new && (matches(&wanted.name, "new") || matches(&wanted.name, "<init>"))))
            && (wanted.on.is_none()
                || owner.is_some_and(|o| type_is(self.linked, o, &wanted.on))
                || self
                    .linked
                    .rust_callee(site.file, call)
                    .rsplit_once("::")
                    .is_some_and(|(o, _)| matches(&wanted.on, o)))
    }

    fn same_method_calls(&self, names: &OneOrMany, site: &Site) -> bool {
        let (Some((method, _)), Some(facts)) = (self.method(site), self.linked.facts(site.file)) else { return false };
        calls_one_of(facts, method, names, 0)
    }

    /// Another arm of an `if` or `match` around the site makes such a call.
    fn sibling_file(&self, names: &OneOrMany, site: &Site) -> bool {
        let files = &self.linked.workspace.files;
        let own = &*self.linked.workspace[site.file].path;
        let dir = &own[..own.rfind('/').map_or(0, |at| at + 1)];
        // Files come sorted by their paths.
        let first = files.partition_point(|f| &*f.path < dir);
        files[first..].iter().take_while(|f| f.path.starts_with(dir)).any(|f| {
            let name = &f.path[dir.len()..];
            &*f.path != own
                && name.rsplit_once('.').is_some_and(|(stem, _)| !stem.contains('/') && matches(names, stem))
        })
    }

    fn sibling_calls(&self, names: &OneOrMany, site: &Site) -> bool {
        let Some(facts) = self.linked.facts(site.file) else { return false };
        let all = facts.branches.iter().map(|arms| &**arms).chain(facts.leaves.iter().map(|arms| &arms[..]));
        let about = all.filter(|arms| arms.iter().any(|arm| arm.contains(site.at)));
        let others: Vec<_> = about.flat_map(|arms| arms.iter().filter(|arm| !arm.contains(site.at))).collect();
        !others.is_empty()
            && facts.exprs.iter().enumerate().any(|(i, e)| {
                let ExprKind::Call { name, .. } = &e.kind else { return false };
                others.iter().any(|arm| arm.contains(e.span))
                    && (matches(names, name)
                        || matches(names, name.last_segment())
                        || matches(names, &self.linked.rust_callee(site.file, ExprIx(i as u32))))
            })
    }

    fn callers_call(&self, names: &OneOrMany, site: &Site) -> bool {
        let Some((method, _)) = self.method(site) else { return false };
        // A few helpers deep; what is called in a circle is asked once.
        let first = (site.file, method);
        let (mut asked, mut open) = (vec![first], vec![first]);
        while let Some((file, helper)) = open.pop() {
            let Some(facts) = self.linked.facts(file) else { return false };
            let mods = facts[helper].mods;
            let callers: Vec<(FileIx, CallableIx)> = match () {
                () if mods.has(Mods::PRIVATE) => {
                    callers_in_file(self.linked, file, facts, helper).into_iter().map(|c| (file, c)).collect()
                }
                () if mods.has(Mods::STATIC) && self.linked.is_java(file) => self.linked.calling_methods(file, helper),
                () => return false,
            };
            if callers.is_empty() || asked.len() > 8 {
                return false;
            }
            for caller in callers {
                let calls = || self.linked.facts(caller.0).is_some_and(|f| calls_one_of(f, caller.1, names, 0));
                if !asked.contains(&caller) && !calls() {
                    asked.push(caller);
                    open.push(caller);
                }
            }
        }
        true
    }

    fn work_fits(&self, work: &WorkGuard, site: &Site) -> bool {
        if self.linked.is_java(site.file) {
            return false;
        }
        let own = |path: &str| !work.own.is_none() && matches(&work.own, path);
        let calls = match site.fact {
            Fact::Loop(ix) => self.linked.rust_work_of_loop(site.file, ix, &own),
            Fact::Expr(expr) => self.linked.rust_work_of_call(site.file, expr, &own),
            _ => return false,
        };
        // `Change::Add(x)` only makes a value.
        let makes = |name: &str| name.rsplit("::").next().is_some_and(|last| last.starts_with(char::is_uppercase));
        let fits = |patterns: &OneOrMany, name: &str| {
            let (before, last) = name.rsplit_once("::").unwrap_or(("?", name));
            // `reqwest::get` is no `get` of a map.
            let of = before.rsplit("::").next().unwrap_or(before);
            let method = !of.starts_with(char::is_lowercase)
                || matches!(
                    of,
                    "slice" | "str" | "array" | "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" | "f64"
                );
            matches(patterns, name)
                || (method && matches(patterns, last))
                // Nothing is known of what it is called on.
                || (before == "?" && matches(patterns, &format!("?::{last}")))
        };
        (work.any.is_none() || calls.iter().any(|c| fits(&work.any, c) || own(c)))
            && (work.only.is_none()
                || calls.iter().all(|c| makes(c) || fits(&work.only, c) || fits(&work.any, c) || own(c)))
    }

    /// The expression at the site; of an anonymous class the one that makes it.
    pub(super) fn expr(&self, site: &Site) -> Option<ExprIx> {
        match site.fact {
            Fact::Expr(expr) => Some(expr),
            Fact::Type(ty) => {
                let exprs = &self.linked.facts(site.file)?.exprs;
                let makes = |kind: &ExprKind| matches!(kind, ExprKind::New { body: Some(body), .. } if *body == ty);
                exprs.iter().position(|e| makes(&e.kind)).map(|i| ExprIx(i as u32))
            }
            _ => None,
        }
    }

    fn in_loop(&self, site: &Site) -> bool {
        let Some(facts) = self.linked.facts(site.file) else { return false };
        facts.loops.iter().any(|l| l.body.contains(site.at) && Some(l.callable) == site.callable)
    }

    fn holds_call(&self, wanted: &CallCondition, site: &Site) -> bool {
        let (Fact::Loop(ix), Some(facts)) = (site.fact, self.linked.facts(site.file)) else { return false };
        let Some(l) = facts.loops.get(ix as usize) else { return false };
        let within = |span| l.body.contains(span) || l.span.contains(span);
        let holds = |expr: ExprIx| {
            if self.is_call(wanted, site, expr) {
                return true;
            }
            // `while (running) { consume(); }`: a private helper of the class is a part of the loop.
            let target = match &facts[expr].kind {
                ExprKind::Call { base: None, .. } => self.linked.callee(site.file, expr).target,
                _ => None,
            };
            target.filter(|(id, _)| self.linked.types[*id].file == site.file).is_some_and(|(_, method)| {
                facts[method].mods.has(Mods::PRIVATE)
                    && facts.exprs_within(facts[method].body).any(|(e, _)| self.is_call(wanted, site, e))
            })
        };
        (0..facts.exprs.len()).map(|i| ExprIx(i as u32)).any(|expr| within(facts[expr].span) && holds(expr))
    }

    fn in_daemon_loop(&self, site: &Site) -> bool {
        let Some(facts) = self.linked.facts(site.file) else { return false };
        facts.loops.iter().any(|l| {
            l.body.contains(site.at)
                && matches!(self.linked.loop_kind(site.file, l), Some(LoopKind::Daemon | LoopKind::Consumer))
        })
    }

    /// The text of a string literal.
    fn literal(&self, site: &Site) -> Option<String> {
        let Fact::Expr(expr) = site.fact else { return None };
        match &self.linked.facts(site.file)?[expr].kind {
            ExprKind::Literal(Literal::Text(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    /// `group:artifact` of a dependency.
    fn coordinate(&self, site: &Site) -> Option<String> {
        let Fact::Dependency(unit, ix) = site.fact else { return None };
        Some(self.linked.units[unit].dependencies.get(ix as usize)?.coordinate.to_string())
    }

    /// The text at a setting, object entry or instruction.
    pub(super) fn value(&self, site: &Site) -> Option<String> {
        let body = &self.facts[site.file.0 as usize].body;
        match (site.fact, body) {
            (Fact::Setting(unit, ix), _) => Some(self.linked.units[unit].settings[ix as usize].value.clone()),
            (Fact::FileSetting(ix), Body::Settings(s)) => Some(s.settings[ix as usize].value.clone()),
            (Fact::Instruction(s, i), Body::Container(c)) => {
                let stage = &c.stages[s as usize];
                Some(stage.instructions.get(i as usize).map_or(&stage.image, |i| &i.text).clone())
            }
            (Fact::Instruction(_, i), Body::Script(lines)) => lines.get(i as usize).map(|line| line.text.clone()),
            (Fact::Object(o, e), Body::Objects(list)) => {
                list[o as usize].entries.get(e as usize).map(|e| e.value.clone())
            }
            _ => None,
        }
    }
}

fn runtime_fits(guard: &RuntimeGuard, runtime: &Runtime) -> bool {
    let java = runtime.java_in_use();
    (guard.framework.is_none() || matches(&guard.framework, &runtime.framework))
        && (guard.version.is_none()
            || guard.version.list().iter().any(|v| runtime.framework_version.starts_with(v.as_str())))
        && (guard.web.is_none() || matches(&guard.web, &runtime.web))
        && guard.java_from.is_none_or(|from| java.is_some_and(|java| java >= from))
        && guard.java_below.is_none_or(|below| java.is_some_and(|java| java < below))
}

fn usage_word(linked: &Linked<'_>, site: &Site, expr: ExprIx) -> &'static str {
    match linked.facts(site.file).map(|f| f[expr].usage) {
        Some(Usage::Base(_)) => match linked.chain_usage(site.file, expr) {
            Usage::Dropped => "dropped",
            Usage::Returned => "returned",
            Usage::ToField => "field",
            Usage::Resource => "resource",
            _ => "chained",
        },
        Some(Usage::Dropped) => "dropped",
        Some(Usage::Argument(..)) => "argument",
        Some(Usage::ToLocal(_)) => "local",
        Some(Usage::ToField) => "field",
        Some(Usage::Returned) => "returned",
        Some(Usage::Awaited) => "awaited",
        Some(Usage::Resource) => "resource",
        _ => "other",
    }
}

/// Does the method make such a call, from a place in the text on?
fn calls_one_of(facts: &CodeFacts, method: CallableIx, names: &OneOrMany, from: u32) -> bool {
    let body = facts[method].body;
    facts.exprs.iter().any(|e| {
        let named = |name: &str| matches(names, name) || matches(names, name.rsplit('.').next().unwrap_or(name));
        body.contains(e.span)
            && e.at.start >= from
            && match &e.kind {
                ExprKind::Call { name, .. } => matches(names, name) || matches(names, name.last_segment()),
                ExprKind::New { ty, .. } => named(&ty.name),
                _ => false,
            }
    })
}

/// The methods of the same file that call one by its name, itself left out.
fn callers_in_file(linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, method: CallableIx) -> Vec<CallableIx> {
    let called = facts[method].name;
    let mut out: Vec<CallableIx> = facts
        .exprs
        .iter()
        .filter(|e| match &e.kind {
            ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => *name == called,
            _ => false,
        })
        .map(|e| linked.named_callable(file, e.callable))
        .filter(|caller| *caller != method)
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}
