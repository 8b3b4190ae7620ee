//! What becomes of a value: shown, watched, spread over, kept within one call (Java).

use super::joins::chain_top;
use super::types::Sym;
use super::{Linked, ReachSet};
use crate::facts::CodeFacts;
use crate::facts::code::{
    CallableIx, CallableKind, Expr, ExprIx, ExprKind, FieldIx, LocalIx, LoopExit, Mods, Target, TypeIx, TypeKind, Usage,
};
use crate::source::{FileIx, Role};
use crate::text::Name;

/// Ends of the names of types that write something for people to read.
const SHOWS: &[&str] = &["Logger", "Log", "PrintStream", "PrintWriter", "JobHelper", "Banner"];

/// Annotations by which a class or field takes in what the configuration says.
const CONFIGURED: &[&str] = &[
    "Value",
    "ConfigurationProperties",
    "NacosValue",
    "NacosConfigurationProperties",
    "ApolloConfig",
    "ConfigProperty",
];

/// Types whose calls only set up the settings of the program.
const SETTINGS: &[&str] = &[
    "org.springframework.core.env.*",
    "org.springframework.context.*ApplicationContext",
    "org.springframework.boot.SpringApplication",
    "java.util.Map",
    "java.util.HashMap",
    "java.util.Properties",
    "java.lang.System",
    "java.lang.String",
    "java.util.Objects",
    "org.slf4j.*",
];

/// Ends of the names of types outside the tree that call nothing but what they name themselves.
const MARKS: &[&str] = &[
    "DisposableBean",
    "InitializingBean",
    "Closeable",
    "Aware",
    "Serializable",
    "Comparable",
    "Cloneable",
    "java.lang.Object",
];

/// Calls by which sources of properties are put in their place.
const SOURCES: &[&str] = &["getEnvironment", "getPropertySources", "addFirst", "addLast", "addBefore", "addAfter"];

impl Linked<'_> {
    /// Is the value, or the text that it becomes part of, only logged or printed? Through one local after another and
    /// the callers of a method that gives it.
    pub fn is_only_shown(&self, file: FileIx, expr: ExprIx) -> bool {
        self.is_java(file) && self.shown(file, expr, 0)
    }

    fn shown(&self, file: FileIx, expr: ExprIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 4) else { return false };
        let top = chain_top(facts, expr);
        let at = facts[top].span;
        let in_log = (0..facts.exprs.len() as u32).map(ExprIx).any(|e| match &facts[e].kind {
            ExprKind::Call { base, name, args } => {
                let within = args.iter().any(|a| facts[*a].span.contains(at));
                within && (self.is_log(file, facts, e, *base) || shows_in_map(facts, e, *name))
            }
            _ => false,
        });
        if in_log {
            return true;
        }
        match facts[top].usage {
            Usage::ToLocal(local) => self.is_shown_local(file, local, depth),
            Usage::Returned => {
                let method = facts[top].callable;
                let c = &facts[method];
                let closed = c.mods.has(Mods::STATIC) || c.mods.has(Mods::PRIVATE);
                let sites = self.call_sites(file, method);
                closed
                    && c.kind == CallableKind::Method
                    && !self.is_handler(file, method)
                    && !sites.is_empty()
                    && sites.len() < 20
                    && sites.iter().all(|(at, call)| self.shown(*at, *call, depth + 1))
            }
            // `ip != null`, `"a" + ip` given to nothing that counts.
            Usage::Other => {
                let whole = facts.exprs.iter().zip(0..).find(|(e, _)| {
                    matches!(e.kind, ExprKind::Concat(_) | ExprKind::Choice(_)) && e.span.contains(at) && e.span != at
                });
                whole.is_some_and(|(_, ix)| self.shown(file, ExprIx(ix), depth + 1)) || is_asked_for_null(facts, top)
            }
            _ => false,
        }
    }

    fn is_shown_local(&self, file: FileIx, local: LocalIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let mut uses = (0..facts.exprs.len() as u32)
            .map(ExprIx)
            .filter(|e| matches!(facts[*e].kind, ExprKind::Local(l) if l == local))
            .peekable();
        uses.peek().is_some() && !facts[local].param && uses.all(|e| self.shown(file, e, depth + 1))
    }

    fn is_log(&self, file: FileIx, facts: &CodeFacts, call: ExprIx, base: Option<ExprIx>) -> bool {
        let owner = self.callee(file, call).owner;
        let by_type = owner.is_some_and(|o| SHOWS.iter().any(|end| self.types.name(o).ends_with(end)));
        // The field that an annotation processor makes.
        let by_name = || {
            base.is_some_and(|b| {
                matches!(&facts[b].kind, ExprKind::Name(n) if matches!(n.as_str(), "log" | "logger" | "LOG" | "LOGGER"))
            })
        };
        by_type || owner.is_none() && by_name()
    }

    /// A cache with a loader that gives nothing but an empty collection.
    pub fn loads_nothing(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let top = chain_top(facts, expr);
        let ExprKind::Call { name, args, .. } = &facts[top].kind else { return false };
        let Some(loader) = args.first().filter(|_| matches!(name.as_str(), "build" | "buildAsync")) else {
            return false;
        };
        let within = facts[*loader].span;
        let is_empty = |e: &Expr| match &e.kind {
            ExprKind::New { ty, args, body: None } => {
                args.is_empty() && ["List", "Set", "Map", "Queue", "Deque"].iter().any(|end| ty.name.ends_with(end))
            }
            ExprKind::Call { name, args, .. } => {
                args.is_empty()
                    && name.starts_with("new")
                    && ["List", "Set", "Map"].iter().any(|end| name.ends_with(end))
            }
            _ => false,
        };
        let through = |e: &Expr| match e.kind {
            ExprKind::Local(local) => facts[local].init.map(|init| &facts[init]).is_some_and(is_empty),
            _ => is_empty(e),
        };
        let mut given = facts.exprs.iter().filter(|e| within.contains(e.span) && e.usage == Usage::Returned).peekable();
        let fills = facts.exprs.iter().any(|e| {
            within.contains(e.span)
                && matches!(&e.kind, ExprKind::Call { base: Some(b), .. } if matches!(facts[*b].kind, ExprKind::Local(_)))
        });
        given.peek().is_some() && given.all(through) && !fills
    }

    /// A source of random numbers by which one of several is picked, and nothing else is made.
    pub fn only_picks(&self, file: FileIx, field: FieldIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let decl = &facts[field];
        if !decl.mods.has(Mods::PRIVATE) {
            return false;
        }
        let picks = |call: ExprIx| {
            let at = facts[call].span;
            let picked = facts.exprs.iter().any(|e| match &e.kind {
                ExprKind::Call { base: Some(_), name, args } => {
                    matches!(name.as_str(), "get" | "elementAt") && args.iter().any(|a| facts[*a].span.contains(at))
                }
                _ => false,
            });
            picked
                || match facts[call].usage {
                    Usage::ToLocal(local) => {
                        let mut uses = facts
                            .exprs
                            .iter()
                            .filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local))
                            .peekable();
                        uses.peek().is_some()
                            && uses.all(|e| match e.usage {
                                Usage::Argument(to, _) => {
                                    matches!(&facts[to].kind, ExprKind::Call { base: Some(_), name, .. } if name.as_str() == "get")
                                }
                                _ => false,
                            })
                    }
                    _ => false,
                }
        };
        let mut uses = facts
            .exprs
            .iter()
            .enumerate()
            .filter(|(i, e)| {
                matches!(&e.kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if *n == decl.name)
                    && self.field_of(file, ExprIx(*i as u32)) == Some((file, field))
            })
            .peekable();
        uses.peek().is_some()
            && uses.all(|(_, e)| match e.usage {
                Usage::Base(call) => {
                    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.as_str() == "nextInt")
                        && picks(call)
                }
                // `Collections.shuffle(list, random)`
                Usage::Argument(call, 1) => {
                    matches!(&facts[call].kind, ExprKind::Call { name, .. } if name.as_str() == "shuffle")
                }
                _ => false,
            })
    }

    /// A number that is only set, to what something else has said, and read.
    pub fn is_only_overwritten(&self, file: FileIx, field: FieldIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let decl = &facts[field];
        let mine = |e: ExprIx| {
            matches!(&facts[e].kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if *n == decl.name)
                && self.field_of(file, e) == Some((file, field))
        };
        let mut set = false;
        let plain = (0..facts.exprs.len() as u32).map(ExprIx).filter(|e| mine(*e)).all(|e| match facts[e].usage {
            Usage::Base(call) => match &facts[call].kind {
                ExprKind::Call { name, args, .. } if name.as_str() == "set" => {
                    set = true;
                    let local = |a: ExprIx| match facts[a].kind {
                        ExprKind::Local(local) => facts[local].init.unwrap_or(a),
                        _ => a,
                    };
                    args.iter().all(|a| matches!(&facts[local(*a)].kind, ExprKind::Call { name, .. } if !matches!(name.as_str(), "currentTimeMillis" | "nanoTime" | "now" | "getTime")))
                }
                ExprKind::Call { name, .. } => {
                    name.starts_with("get") && !name.starts_with("getAnd") || name.ends_with("Value")
                }
                _ => false,
            },
            _ => true,
        });
        decl.mods.has(Mods::PRIVATE) && plain && set
    }

    /// A client all of whose methods are told the address to call.
    pub fn is_given_addresses(&self, file: FileIx, ty: TypeIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let is_address = |local: &LocalIx| {
            facts[*local].ty.as_ref().is_some_and(|ty| ty.name.last_segment() == "URI")
                && !facts.annotations.iter().any(|a| a.target == Target::Local(*local))
        };
        let mut methods = facts
            .callables
            .iter()
            .filter(|c| c.owner == Some(ty) && c.kind == CallableKind::Method && !c.mods.has(Mods::DEFAULT))
            .peekable();
        methods.peek().is_some() && methods.all(|m| m.params.iter().any(is_address))
    }

    /// An interface that main code implements at most: no field, parameter, local or class literal asks for it.
    pub fn is_held_by_nobody(&self, file: FileIx, ty: TypeIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let decl = &facts[ty];
        let used = self.is_shipped(file);
        decl.kind == TypeKind::Interface
            && used
            && !self.calls.is_held(decl.name)
            // Only where a class at least shows that the interface is shared with who serves it, or an interface
            // beside it is asked for by who uses the library.
            && (self.types.subtypes(self.types.id(file, ty)).iter().any(|sub| {
                self.workspace[self.types[*sub].file].role == Role::Main
            }) || self.is_beside_held(file))
    }

    /// Does code of the tree ask for an interface with an annotation that lies in the same folder?
    fn is_beside_held(&self, file: FileIx) -> bool {
        let folder = |file: FileIx| self.workspace[file].path.rsplit_once('/').map(|(dir, _)| dir);
        let near = (0..self.code.len()).map(|i| FileIx(i as u32)).filter(|other| *other != file);
        near.filter(|other| self.is_java(*other) && folder(*other) == folder(file)).any(|other| {
            self.facts(other).is_some_and(|facts| {
                facts.types.iter().zip(0..).any(|(decl, ix)| {
                    decl.kind == TypeKind::Interface
                        && facts.annotations.iter().any(|a| a.target == Target::Type(TypeIx(ix)))
                        && self.calls.is_held(decl.name)
                })
            })
        })
    }

    /// Does neither the class nor what it extends in the tree take in any configuration?
    pub fn takes_no_settings(&self, file: FileIx, ty: TypeIx) -> bool {
        if !self.is_java(file) {
            return false;
        }
        self.types.closure(self.catalog, Sym::Here(self.types.id(file, ty))).iter().all(|s| match s {
            Sym::Outside(name) => name.starts_with("java.") || !name.ends_with("Properties"),
            Sym::Here(id) => {
                let info = &self.types[*id];
                let Some(facts) = self.facts(info.file) else { return false };
                let body = facts[info.ix].body;
                let asks = facts
                    .annotations
                    .iter()
                    .any(|a| body.contains(a.span) && CONFIGURED.contains(&a.name.last_segment()));
                let reads = facts.fields.iter().any(|f| {
                    f.owner == Some(info.ix)
                        && ["Environment", "Properties", "Property", "Config", "Settings"]
                            .iter()
                            .any(|end| f.ty.name.ends_with(end))
                });
                // What its constructor is handed may be anything.
                let handed = facts
                    .locals
                    .iter()
                    .filter(|l| l.param && body.contains(l.span))
                    .filter_map(|l| l.ty.as_ref())
                    .any(|ty| ["Environment", "Properties"].iter().any(|end| ty.name.ends_with(end)));
                !asks && !reads && !handed
            }
        })
    }

    /// Does the method only assign what it has, or set properties of the program?
    pub fn only_sets(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let body = facts[method].body;
        let mut any = facts.assigns.iter().any(|a| body.contains(a.span));
        let plain = facts.exprs_within(body).all(|(call, e)| match &e.kind {
            ExprKind::Call { base, name, args } => {
                any = true;
                match self.callee(file, call).owner {
                    Some(owner @ Sym::Outside(_))
                        if SETTINGS.iter().any(|p| super::glob(p, &self.types.name(owner))) =>
                    {
                        true
                    }
                    // Setters of its own may tell others.
                    Some(_) if base.is_some() && sets_or_asks(name, args.len()) => !self.works_at(file, call),
                    None => matches!(&e.kind, ExprKind::Call { name, .. } if SOURCES.contains(&name.as_str())),
                    _ => false,
                }
            }
            ExprKind::New { ty, body: None, .. } => {
                ["Map", "Properties", "PropertySource"].iter().any(|end| ty.name.last_segment().ends_with(end))
            }
            // What the method gives back is what runs.
            ExprKind::Lambda(_) => e.usage == Usage::Returned,
            ExprKind::New { .. } | ExprKind::MethodRef { .. } => false,
            _ => true,
        });
        plain && any && !facts.loops.iter().any(|l| body.contains(l.span))
    }

    /// Do the methods of the class by which a container starts it only assign or set properties, as far as they do
    /// anything?
    pub fn start_only_sets(&self, file: FileIx, ty: TypeIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let own = |c: &&crate::facts::code::Callable| {
            c.owner == Some(ty) && c.kind == CallableKind::Method && !c.mods.has(Mods::PRIVATE)
        };
        let busy = |ix: CallableIx| {
            let body = facts[ix].body;
            facts.exprs.iter().any(|e| body.contains(e.span) && matches!(e.kind, ExprKind::Call { .. }))
        };
        let mut methods =
            facts.callables.iter().zip(0..).filter(|(c, _)| own(c)).map(|(_, i)| CallableIx(i)).peekable();
        methods.peek().is_some() && methods.all(|m| !busy(m) || self.only_sets(file, m))
    }

    /// Does the method call nothing at all and give nothing, or null?
    pub fn does_nothing(&self, file: FileIx, method: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let body = facts[method].body;
        let abstract_ = facts[method].mods.has(Mods::ABSTRACT)
            || facts[method].owner.is_some_and(|o| facts[o].kind == TypeKind::Interface);
        let acts = |e: &Expr| {
            body.contains(e.span)
                && matches!(e.kind, ExprKind::Call { .. } | ExprKind::New { .. } | ExprKind::Lambda(_))
        };
        // Annotations of the method are part of its header.
        let in_header = |e: &Expr| {
            facts.annotations.iter().any(|a| a.span.contains(e.span)) || e.span.end < facts[method].span.start
        };
        let gives = |e: &Expr| {
            body.contains(e.span)
                && e.usage == Usage::Returned
                && !matches!(e.kind, ExprKind::Literal(crate::facts::code::Literal::Null))
        };
        !abstract_ && !facts.exprs.iter().any(|e| (acts(e) || gives(e)) && !in_header(e))
    }

    /// Is what is made here part of an object that ends with the call of its method: neither a field nor a bean, nor
    /// given back?
    pub fn ends_with_call(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let named = self.named_callable(file, facts[expr].callable);
        let c = &facts[named];
        let serves = self.is_handler(file, named)
            || facts.annotations.iter().any(|a| {
                a.target == Target::Callable(named)
                    && matches!(a.name.last_segment(), "XxlJob" | "Scheduled" | "KafkaListener" | "RabbitListener")
            });
        c.kind == CallableKind::Method && serves && !self.escapes(file, expr, 0)
    }

    fn escapes(&self, file: FileIx, expr: ExprIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < 12) else { return true };
        match facts[expr].usage {
            Usage::Base(parent) => self.escapes(file, parent, depth + 1),
            Usage::Argument(to, _) => match &facts[to].kind {
                ExprKind::Call { name, .. } if matches!(name.as_str(), "put" | "putIfAbsent" | "add" | "set") => true,
                ExprKind::Call { .. } => self.callee(file, to).target.is_some() || self.escapes(file, to, depth + 1),
                ExprKind::New { .. } => self.escapes(file, to, depth + 1),
                _ => true,
            },
            Usage::ToLocal(local) => {
                let uses = facts.exprs.iter().zip(0..);
                uses.filter(|(e, _)| matches!(e.kind, ExprKind::Local(l) if l == local))
                    .any(|(_, i)| self.escapes_from_local(file, ExprIx(i), depth + 1))
            }
            Usage::Dropped | Usage::Other | Usage::Resource | Usage::Awaited => false,
            Usage::ToField => true,
            // `Response answer = client.prompt(…).call()`: what comes back is another thing.
            Usage::Returned => {
                !matches!(&facts[expr].kind, ExprKind::Call { name, .. } if matches!(name.as_str(), "content" | "map" | "stream" | "call" | "chat"))
            }
        }
    }

    /// A call on the local gives something else; what is given the local may keep it.
    fn escapes_from_local(&self, file: FileIx, expr: ExprIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file) else { return true };
        match facts[expr].usage {
            Usage::Base(_) => false,
            _ => self.escapes(file, expr, depth),
        }
    }

    /// `for (;;) { x = queue.poll(); if (x == null) break; … }`: takes what there is, and waits for nothing.
    pub fn loop_drains(&self, file: FileIx, ix: u32) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let Some(l) = facts.loops.get(ix as usize) else { return false };
        let within = || (0..facts.exprs.len() as u32).map(ExprIx).filter(|e| l.body.contains(facts[*e].span));
        let takes = |e: ExprIx| match (&facts[e].kind, facts[e].usage) {
            (ExprKind::Call { name, args, .. }, Usage::ToLocal(local))
                if args.is_empty() && matches!(name.as_str(), "poll" | "pollFirst" | "pollLast" | "peek") =>
            {
                Some(local)
            }
            _ => None,
        };
        let asks = |local: LocalIx| {
            within().any(|e| match &facts[e].kind {
                ExprKind::Binary { op, left, right } => {
                    let null =
                        |e: ExprIx| matches!(facts[e].kind, ExprKind::Literal(crate::facts::code::Literal::Null));
                    let of = |e: ExprIx| matches!(facts[e].kind, ExprKind::Local(l) if l == local);
                    op.as_str() == "==" && (of(*left) && null(*right) || null(*left) && of(*right))
                }
                _ => false,
            })
        };
        let waits = within().any(|e| match &facts[e].kind {
            ExprKind::Call { name, .. } => matches!(name.as_str(), "sleep" | "wait" | "await" | "take" | "park"),
            _ => false,
        });
        l.exit == LoopExit::Conditional && !waits && within().filter_map(takes).any(asks)
    }

    /// A method of a class in this tree that no main code calls, on its class or on anything it may stand behind:
    /// nothing outside may call it either.
    pub fn is_called_by_nobody(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let method = self.named_callable(file, callable);
        let c = &facts[method];
        let reach = self.reach(file, method);
        let run = [ReachSet::REQUEST, ReachSet::STARTUP, ReachSet::BACKGROUND].iter().any(|by| reach.has(*by));
        let Some(owner) = c.owner else { return false };
        // A library that no program of the tree uses is for others.
        let used = self.is_shipped(file);
        let overrides = facts.annotations.iter().any(|a| a.target == Target::Callable(method));
        let id = self.types.id(file, owner);
        let below = self.types.all_subtypes(id);
        let above_outside = self
            .types
            .closure(self.catalog, Sym::Here(id))
            .iter()
            .any(|s| matches!(s, Sym::Outside(n) if !MARKS.iter().any(|end| n.ends_with(end))));
        let unseen = |name: Name| self.calls.is_called_on_unknown(name) || self.xml_methods.contains(&name);
        // Code that is not read may call it.
        let readable =
            self.units.iter().all(|(_, u)| !u.languages.iter().any(|l| matches!(*l, "kotlin" | "scala" | "groovy")));
        c.kind == CallableKind::Method
            && !matches!(c.name.as_str(), "main" | "run" | "call")
            && used
            && readable
            && !run
            && !overrides
            && (c.mods.has(Mods::STATIC) || !above_outside && facts[owner].kind != TypeKind::Interface)
            && self.call_sites(file, method).is_empty()
            && below.iter().all(|sub| self.call_sites_of(*sub, c.name).is_empty())
            && !unseen(c.name)
            && self.same_name_calls(id, c.name, c.params.len())
    }

    /// No other overload of the method hands on to it by a call whose arity was not told apart.
    fn same_name_calls(&self, id: super::TypeId, name: Name, arity: usize) -> bool {
        self.call_sites_of(id, name).iter().all(|(at, call)| {
            self.facts(*at).is_some_and(|f| match &f[*call].kind {
                ExprKind::Call { args, .. } => args.len() != arity,
                _ => false,
            })
        })
    }
}

/// `factory.setTimeout(5)`, `settings.getTimeout()`, `service.registerInterceptor(it)`
fn sets_or_asks(name: &str, args: usize) -> bool {
    let word = |start: &str| name.strip_prefix(start).is_some_and(|rest| rest.starts_with(char::is_uppercase));
    let parts = ["Interceptor", "Listener", "Converter", "Handler", "Filter", "Serializer", "Module", "Formatter"];
    word("set") && args == 1
        || (word("get") || word("is")) && args == 0
        || (word("register") || word("add")) && parts.iter().any(|end| name.ends_with(end))
}

/// `info.put("host", name)` in a method that describes the program.
fn shows_in_map(facts: &CodeFacts, call: ExprIx, name: Name) -> bool {
    let method = facts[facts[call].callable].name;
    let ExprKind::Call { base: Some(base), .. } = facts[call].kind else { return false };
    let about = |text: &str| {
        let lower = text.to_lowercase();
        lower.ends_with("info") || lower.ends_with("information") || lower.contains("sysinfo")
    };
    let into = match facts[base].kind {
        ExprKind::Local(local) => about(&facts[local].name),
        _ => false,
    };
    name.as_str() == "put" && (into || about(&method))
}

fn is_asked_for_null(facts: &CodeFacts, expr: ExprIx) -> bool {
    facts.exprs.iter().any(|e| match &e.kind {
        ExprKind::Binary { op, left, right } => matches!(op.as_str(), "==" | "!=") && (*left == expr || *right == expr),
        _ => false,
    })
}
