//! What looks like threads, context of a request, or identity, and is none: a search among constants, a tool per
//! thread, a question about another's address.

use super::Linked;
use super::joins::chain_top;
use super::types::Sym;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableKind, ExprIx, ExprKind, FieldIx, Literal, Usage};
use crate::source::FileIx;
use crate::text::Span;

/// Steps of a stream, whose receiver is seldom known.
const STEPS: &[&str] = &[
    "filter",
    "map",
    "flatMap",
    "distinct",
    "sorted",
    "limit",
    "skip",
    "findAny",
    "findFirst",
    "anyMatch",
    "allMatch",
    "noneMatch",
    "count",
    "collect",
    "reduce",
    "orElse",
    "orElseThrow",
    "orElseGet",
    "toArray",
    "toList",
];

/// Starts of the names of calls that ask an object for what it holds.
const ASKS: &[&str] = &[
    "get",
    "is",
    "has",
    "name",
    "ordinal",
    "value",
    "code",
    "key",
    "id",
    "type",
    "equals",
    "compare",
    "contains",
    "starts",
    "ends",
    "matches",
    "to",
    "length",
    "size",
    "hashCode",
    "label",
    "text",
    "desc",
    "symbol",
    "groupingBy",
    "joining",
    "identity",
    "test",
];

/// More values than these are no handful.
const HANDFUL: usize = 32;

/// Types of which an object holds what it was given: no tools.
const HOLDERS: &[&str] = &[
    "java.util.*List*",
    "java.util.*Map*",
    "java.util.*Set*",
    "java.util.*Deque*",
    "java.util.*Queue*",
    "java.util.Stack",
    "java.util.Vector",
    "java.util.Collection",
    "java.util.Properties",
    "java.util.Optional",
    "java.util.concurrent.*",
    "java.lang.*",
];

/// Servers and what makes them: a pool that they are given is theirs.
const SERVERS: &[&str] = &[
    "com.sun.net.httpserver.*",
    "io.grpc.*Server*",
    "io.undertow.*",
    "org.eclipse.jetty.server.*",
    "com.linecorp.armeria.server.*",
];

/// How an address of the machine itself is written.
const LOOPBACK: &[&str] = &["127.0.0.1", "0:0:0:0:0:0:0:1", "::1", "localhost"];

/// A condition ends so many bytes before the arm that it opens.
const CONDITION: u32 = 120;

/// Calls on the builder of a cloud's client that set its address.
const OWN_ADDRESS: &[&str] =
    &["endpointOverride", "withEndpointConfiguration", "setEndpointConfiguration", "setEndpoint", "withEndpoint"];

impl Linked<'_> {
    /// Java: does the stream run over the constants of an enum, or over a few values written there, and is each of them
    /// only asked for what it holds?
    pub fn is_stream_of_constants(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let mut root = expr;
        for _ in 0..64 {
            match facts[root].kind {
                ExprKind::Call { base: Some(base), .. } if matches!(facts[base].kind, ExprKind::Call { .. }) => {
                    root = base
                }
                _ => break,
            }
        }
        self.gives_constants(file, facts, root) && {
            let (from, to) = (facts[expr].span.end, facts[chain_top(facts, expr)].span.end);
            let after = |span: Span| span.end > from && span.end <= to && span.start <= to;
            facts.exprs.iter().enumerate().filter(|(_, e)| after(e.span)).all(|(i, e)| match &e.kind {
                ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. } => {
                    STEPS.contains(&name.as_str()) && e.span.start <= facts[expr].span.start
                        || self.only_asks(file, ExprIx(i as u32), name)
                }
                ExprKind::New { ty, .. } => ty.name.ends_with("Exception"),
                _ => true,
            })
        }
    }

    /// A call that asks for what an object holds, or works it out.
    fn only_asks(&self, file: FileIx, call: ExprIx, name: &str) -> bool {
        let callee = self.callee(file, call);
        match (callee.owner, callee.target) {
            (_, Some((id, target))) if !self.is_open(id, target) => !self.works(self.types[id].file, target),
            (Some(Sym::Outside(owner)), None) => {
                owner.starts_with("java.lang.")
                    || owner.starts_with("java.util.")
                    || ASKS.iter().any(|a| name.starts_with(a))
            }
            _ => ASKS.iter().any(|a| name.starts_with(a)) && !self.works_at(file, call),
        }
    }

    /// `Stream.of(values())`, `Arrays.stream(Kind.values())`, `EnumSet.allOf(Kind.class)`, `List.of("a", "b")`.
    fn gives_constants(&self, file: FileIx, facts: &CodeFacts, root: ExprIx) -> bool {
        let ExprKind::Call { name, args, .. } = &facts[root].kind else { return false };
        let values = |arg: ExprIx| match &facts[arg].kind {
            ExprKind::Call { base, name, args } => {
                let on_type = base.is_none_or(|base| match &facts[base].kind {
                    ExprKind::Name(name) | ExprKind::Select { name, .. } => name.starts_with(char::is_uppercase),
                    _ => false,
                });
                name.as_str() == "values" && args.is_empty() && on_type
            }
            ExprKind::Literal(_) => true,
            ExprKind::Name(name) | ExprKind::Select { name, .. } => {
                name.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_')
                    && self.constant(file, arg).is_some()
            }
            _ => false,
        };
        match name.as_str() {
            "allOf" => args.len() == 1,
            "of" | "stream" | "asList" => (1..=HANDFUL).contains(&args.len()) && args.iter().all(|arg| values(*arg)),
            _ => false,
        }
    }

    /// Java: does the field hold one tool per thread, made where it is first asked for and never another one?
    pub fn is_tool_per_thread(&self, file: FileIx, field: FieldIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let decl = &facts[field];
        let Some(held) = decl.ty.args.first().filter(|held| held.dims == 0) else { return false };
        let made = decl.init.is_some_and(|init| match &facts[init].kind {
            ExprKind::Call { name, .. } => name.as_str() == "withInitial",
            ExprKind::New { body, .. } => body.is_some(),
            _ => false,
        });
        let outside = match self.resolve_name(file, decl.owner, held.name) {
            Some(sym @ Sym::Outside(_)) => {
                let closure = self.types.closure(self.catalog, sym);
                let holds =
                    |s: &Sym| HOLDERS.iter().any(|p| *p != "java.lang.*" && super::glob(p, &self.types.name(*s)));
                !closure.iter().any(holds)
                    && !HOLDERS.iter().any(|p| super::glob(p, &self.types.name(sym)))
                    && !held.name.ends_with("Context")
            }
            _ => false,
        };
        let sets = |at: FileIx| {
            self.facts(at).is_some_and(|facts| {
                facts.exprs.iter().any(|e| match &e.kind {
                    ExprKind::Call { base: Some(base), name, args } => {
                        name.as_str() == "set" && args.len() == 1 && self.field_of(at, *base) == Some((file, field))
                    }
                    _ => false,
                })
            })
        };
        let private = decl.mods.has(crate::facts::code::Mods::PRIVATE);
        made && outside
            && !sets(file)
            && (private || !(0..self.code.len()).map(|i| FileIx(i as u32)).any(|at| self.is_java(at) && sets(at)))
    }

    /// Java: does the look-up only tell whether an address given to the method is one of this host, or stand in for the
    /// address of a client on the same machine?
    pub fn asks_of_another(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let ExprKind::Call { name, args, .. } = &facts[call].kind else { return false };
        if let Some(arg) = args.first() {
            let method = self.named_callable(file, facts[call].callable);
            let given = matches!(facts[*arg].kind, ExprKind::Local(l) if facts[l].param);
            let answers =
                facts[method].returns.as_ref().is_some_and(|ty| matches!(ty.name.as_str(), "boolean" | "Boolean"));
            return name.as_str() == "getByInetAddress" && given && answers;
        }
        if name.as_str() != "getLocalHost" {
            return false;
        }
        // In a helper of its own, it is its callers that ask.
        let callers = || {
            let method = self.named_callable(file, facts[call].callable);
            let is_plain = facts[method].kind == CallableKind::Method && !self.is_handler(file, method);
            if is_plain { self.call_sites(file, method) } else { Vec::new() }
        };
        self.follows_loopback(file, call) || {
            let sites = callers();
            !sites.is_empty() && sites.iter().all(|(at, site)| self.follows_loopback(*at, *site))
        }
    }

    /// Java: does the call stand in a branch that is taken for the address of the same machine?
    fn follows_loopback(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let at = facts[call].span;
        let arms = facts.branches.iter().flat_map(|arms| arms.iter()).filter(|arm| arm.contains(at));
        let loopback = |e: &crate::facts::code::Expr, i: usize| {
            let named = match &e.kind {
                ExprKind::Literal(Literal::Text(text)) => LOOPBACK.contains(&text.as_str()),
                ExprKind::Name(_) | ExprKind::Select { .. } => {
                    self.constant(file, ExprIx(i as u32)).is_some_and(|text| LOOPBACK.contains(&text.as_str()))
                }
                _ => false,
            };
            named && e.callable == facts[call].callable
        };
        arms.into_iter().any(|arm| {
            let before = |span: Span| span.end <= arm.start && arm.start - span.end < CONDITION;
            facts.exprs.iter().enumerate().any(|(i, e)| before(e.span) && loopback(e, i))
        })
    }

    /// Java: is the pool handed to a server, and used for nothing else?
    pub fn is_pool_of_server(&self, file: FileIx, pool: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let mut served = false;
        let mut fits = |at: FileIx, expr: ExprIx| {
            let Some(there) = self.facts(at) else { return false };
            match there[expr].usage {
                Usage::Argument(call, _) => {
                    let named = matches!(&there[call].kind, ExprKind::Call { name, .. } if name.ends_with("xecutor"));
                    let of = self.callee(at, call).owner.map(|owner| self.types.name(owner));
                    let server = of.is_some_and(|of| SERVERS.iter().any(|p| super::glob(p, &of)));
                    served |= named && server;
                    named && server
                }
                Usage::Base(call) => match &there[call].kind {
                    ExprKind::Call { name, .. } => {
                        ["shutdown", "close", "await", "is", "get"].iter().any(|p| name.starts_with(p))
                    }
                    _ => false,
                },
                Usage::Other => true,
                _ => there.assigns.iter().any(|a| a.target == expr),
            }
        };
        let all = match facts[pool].usage {
            Usage::Argument(..) => fits(file, pool),
            Usage::ToLocal(local) => {
                let uses =
                    facts.exprs.iter().zip(0..).filter(|(e, _)| matches!(e.kind, ExprKind::Local(l) if l == local));
                uses.map(|(_, i)| ExprIx(i)).all(|e| fits(file, e))
            }
            Usage::ToField => {
                let kept = self.kept_in(file, pool);
                let uses = kept.and_then(|(home, field)| self.pool_uses(home, field));
                uses.is_some_and(|uses| uses.iter().all(|(at, e)| fits(*at, *e)))
            }
            _ => false,
        };
        all && served
    }

    /// Java: does a timer of the same class run the same method anyway?
    pub fn is_run_by_timer(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let task = |call: ExprIx| match &facts[call].kind {
            ExprKind::Call { base: Some(base), name, args } => {
                let pool = self.field_of(file, *base)?;
                let given = args.first().filter(|arg| matches!(facts[**arg].kind, ExprKind::MethodRef { .. }))?;
                Some((pool, self.callee(file, *given).target?, *name))
            }
            _ => None,
        };
        let Some((pool, run, _)) = task(call) else { return false };
        (0..facts.exprs.len() as u32).map(ExprIx).any(|other| {
            task(other).is_some_and(|(p, r, name)| {
                p == pool && r == run && matches!(name.as_str(), "scheduleAtFixedRate" | "scheduleWithFixedDelay")
            })
        })
    }

    /// Java: is nothing given back by which one could wait for the task?
    pub fn gives_no_future(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let (ExprKind::Call { name, .. } | ExprKind::MethodRef { name, .. }) = &facts[call].kind else { return false };
        match self.callee(file, call).target {
            None => name.as_str() == "execute",
            Some((id, target)) => self.facts(self.types[id].file).is_some_and(|there| match &there[target].returns {
                None => true,
                Some(ty) => ty.dims == 0 && matches!(ty.name.as_str(), "void" | "boolean" | "Boolean" | "int" | "long"),
            }),
        }
    }

    /// Does the arm of the `if` around the call also set the address of the service: a stand-in, or a store of one's own?
    pub fn is_beside_own_address(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let at = facts[call].span;
        let arm = facts.branches.iter().filter_map(|arms| arms.first()).find(|arm| arm.contains(at));
        arm.is_some_and(|arm| {
            facts
                .exprs_within(*arm)
                .any(|(_, e)| matches!(&e.kind, ExprKind::Call { name, .. } if OWN_ADDRESS.contains(&name.as_str())))
        })
    }

    /// Java: does another arm of the same `if`, before this one, make the same call with an object of the same class?
    pub fn is_other_arm(&self, file: FileIx, call: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let shape = |call: ExprIx| match &facts[call].kind {
            ExprKind::Call { name, args, .. } => match args.first().map(|arg| &facts[*arg].kind) {
                Some(ExprKind::New { ty, body: None, .. }) => Some((*name, ty.name, args.len())),
                _ => None,
            },
            _ => None,
        };
        let Some(own) = shape(call) else { return false };
        let (at, owner) = (facts[call].span, self.callee(file, call).owner);
        let about = facts.branches.iter().filter(|arms| arms.len() > 1 && arms.iter().any(|arm| arm.contains(at)));
        let before: Vec<Span> = about.flat_map(|arms| arms.iter().copied().filter(|arm| arm.end <= at.start)).collect();
        !before.is_empty()
            && facts.exprs.iter().enumerate().any(|(i, e)| {
                let other = ExprIx(i as u32);
                before.iter().any(|arm| arm.contains(e.span))
                    && shape(other) == Some(own)
                    && self.callee(file, other).owner == owner
            })
    }
}
