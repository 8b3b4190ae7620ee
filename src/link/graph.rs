//! Who calls whom, and from where each piece of code can be reached.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Expr, ExprIx, ExprKind, Literal, Mods, Target, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// A callable of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u32);

bitflags_lite! {
    /// From where code can be reached.
    pub struct ReachSet: u8 {
        REQUEST = 1; STARTUP = 2; BACKGROUND = 4;
        // A call-back that something outside the tree makes.
        OUTSIDE = 8;
        // A command of an operator, or what is there only while somebody works on the program.
        ASIDE = 16;
    }
}

impl ReachSet {
    /// Does anything reach it?
    pub fn any(self) -> bool {
        self.0 != 0
    }
    /// Reached by that alone, and not by the service.
    pub fn is_aside(self) -> bool {
        self.0 == Self::ASIDE.0
    }
    /// Without what lies beside the service.
    pub fn of_service(self) -> Self {
        Self(self.0 & !Self::ASIDE.0)
    }
    /// Reached after start-up: by requests, tasks or call-backs.
    pub fn at_run_time(self) -> bool {
        self.0 & !(Self::STARTUP.0 | Self::ASIDE.0) != 0
    }
}

/// The call graph with its answer.
#[derive(Default)]
pub(super) struct Graph {
    base: Vec<u32>,
    reach: Vec<ReachSet>,
    /// Conceivably run by something that is not seen here: see [`super::alive`].
    alive: Vec<bool>,
    handlers: Vec<bool>,
    /// The shortest ways from a request.
    ways: super::ways::Ways,
    /// Who may run when a callable runs, then or later.
    pub(super) edges: Vec<Vec<u32>>,
    /// Types that a callable names, sorted by callable; `true` when it makes an object of them.
    mentions: Vec<(u32, TypeId, bool)>,
    /// Called by something outside the tree.
    pub(super) seeds: Vec<bool>,
}

impl Graph {
    pub(super) fn new(linked: &Linked<'_>, outsiders: &super::alive::Outsiders) -> Self {
        let mut base = Vec::with_capacity(linked.code.len());
        let mut total = 0;
        for code in &linked.code {
            base.push(total);
            total += code.map_or(0, |c| c.callables.len() as u32);
        }
        let commands = super::commands::Commands::new(linked);
        let (java, rust): (Vec<FileIx>, Vec<FileIx>) = (0..linked.code.len())
            .map(|i| FileIx(i as u32))
            .filter(|file| linked.facts(*file).is_some())
            .partition(|file| linked.is_java(*file));
        let parts: Vec<Part> = java.par_iter().map(|file| Part::new(linked, &commands, &base, *file)).collect();
        let mut build = Build {
            linked,
            base: &base,
            edges: vec![Vec::new(); total as usize],
            later: Vec::new(),
            mentions: Vec::new(),
            seeds: Vec::new(),
            begun: Vec::new(),
        };
        let mut handlers = vec![false; total as usize];
        for part in parts {
            build.add(part, &mut handlers);
        }
        build.rust_files(&rust, &mut handlers);
        let side = build.small_mains();
        let unnamed = |id: u32| {
            let (file, callable) = place(&base, id);
            outsiders.in_unnamed(linked, file, callable)
        };
        build.seeds.retain(|(id, _)| !unnamed(*id));
        build.begun.retain(|(_, id)| !unnamed(*id));
        build.seeds.retain(|(id, set)| !(side.contains(id) && *set == ReachSet::STARTUP));
        let mut called = vec![false; total as usize];
        build.edges.iter().flatten().for_each(|to| called[*to as usize] = true);
        let makers = super::alive::Makers::new(linked, &base, &build.edges, total);
        // A lambda, or a method of a local class, runs where what it is written in runs.
        let mut within = build.later.clone();
        let mut nested = vec![false; total as usize];
        let unknown = super::alive::unknown_calls(linked);
        let of_file = |i: usize| {
            let file = FileIx(i as u32);
            let (mut within, mut generous) = (Vec::new(), Vec::new());
            let Some(facts) = linked.facts(file) else { return (within, generous) };
            for c in (0..facts.callables.len()).map(|c| CallableIx(c as u32)) {
                let id = build.id(file, c);
                if let Some(outer) = facts[c].outer.filter(|_| linked.is_java(file)) {
                    within.push((build.id(file, outer), id));
                    continue;
                }
                let named = unknown.contains(&facts[c].name) && !outsiders.in_unnamed(linked, file, c);
                // Nobody calls the constructor, and others make their objects by another one.
                let called = called[id as usize];
                if !called && makers.is_beside_used(linked, file, c, id) {
                    continue;
                }
                if !side.contains(&id) && (named || outsiders.may_use(linked, file, c, called)) {
                    generous.push((id, ReachSet::OUTSIDE));
                }
            }
            (within, generous)
        };
        let mut generous = Vec::new();
        for (inner, more) in (0..linked.code.len()).into_par_iter().map(of_file).collect::<Vec<_>>() {
            inner.iter().for_each(|(_, id)| nested[*id as usize] = true);
            within.extend(inner);
            generous.extend(more);
        }
        let left = |id: u32| {
            let (file, callable) = place(build.base, id);
            linked.is_left_to_callers(file, callable)
        };
        let begun = build.begun.iter().map(|(_, id)| (*id, ReachSet::BACKGROUND));
        generous.extend(build.seeds.iter().copied().chain(begun).filter(|(id, _)| !nested[*id as usize] && !left(*id)));
        within.sort_unstable();
        let mut alive: Vec<bool> = spread(&build.edges, &within, &generous).into_iter().map(ReachSet::any).collect();
        build.seeds.retain(|(id, _)| alive[*id as usize]);
        build.begun.retain(|(_, id)| alive[*id as usize]);
        let mut dead: Vec<_> = linked.rust_dead().into_iter().collect();
        dead.sort_unstable();
        for (file, callable) in dead {
            alive[build.id(file, callable) as usize] = false;
        }
        let reach = build.reach();
        let ways = super::ways::Ways::new(&build.edges, &handlers);
        let Build { mut edges, later, mut mentions, seeds: seeded, begun, .. } = build;
        for (from, to) in later {
            edges[from as usize].push(to);
        }
        mentions.sort_unstable();
        mentions.dedup();
        let mut seeds = vec![false; total as usize];
        for id in seeded.into_iter().map(|(id, _)| id).chain(begun.into_iter().map(|(_, id)| id)) {
            seeds[id as usize] = true;
        }
        Self { base, reach, handlers, ways, edges, mentions, seeds, alive }
    }

    /// The file and the callable of an id.
    pub(super) fn place(&self, id: u32) -> (FileIx, CallableIx) {
        place(&self.base, id)
    }

    pub(super) fn mentions(&self, id: u32) -> &[(u32, TypeId, bool)] {
        let start = self.mentions.partition_point(|(from, ..)| *from < id);
        let end = start + self.mentions[start..].partition_point(|(from, ..)| *from == id);
        &self.mentions[start..end]
    }

    pub(super) fn id(&self, file: FileIx, callable: CallableIx) -> usize {
        self.base.get(file.0 as usize).map_or(0, |b| (b + callable.0) as usize)
    }

    pub(super) fn reach(&self, file: FileIx, callable: CallableIx) -> ReachSet {
        self.reach.get(self.id(file, callable)).copied().unwrap_or_default()
    }

    pub(super) fn is_alive(&self, file: FileIx, callable: CallableIx) -> bool {
        self.alive.get(self.id(file, callable)).copied().unwrap_or(true)
    }

    /// The callables from a request handler to this one, both told; empty where no request comes.
    pub(super) fn way(&self, file: FileIx, callable: CallableIx) -> Vec<(FileIx, CallableIx)> {
        self.ways.to(self.id(file, callable)).into_iter().map(|id| self.place(id)).collect()
    }

    pub(super) fn is_handler(&self, file: FileIx, callable: CallableIx) -> bool {
        self.handlers.get(self.id(file, callable)).copied().unwrap_or(false)
    }
}

fn place(base: &[u32], id: u32) -> (FileIx, CallableIx) {
    // Of files without callables, which share their base with the next one, the last is meant.
    let file = base.partition_point(|b| *b <= id).saturating_sub(1);
    (FileIx(file as u32), CallableIx(id - base.get(file).copied().unwrap_or(0)))
}

/// Spreads the seeds along the edges until nothing changes; `more` are further edges, sorted.
fn spread(edges: &[Vec<u32>], more: &[(u32, u32)], seeds: &[(u32, ReachSet)]) -> Vec<ReachSet> {
    let mut reach = vec![ReachSet::default(); edges.len()];
    let mut todo = Vec::new();
    for (id, set) in seeds {
        if !reach[*id as usize].has(*set) {
            reach[*id as usize].insert(*set);
            todo.push(*id);
        }
    }
    while let Some(at) = todo.pop() {
        let set = reach[at as usize];
        let start = more.partition_point(|(from, _)| *from < at);
        let further = more[start..].iter().take_while(|(from, _)| *from == at).map(|(_, to)| to);
        for next in edges[at as usize].iter().chain(further) {
            if !reach[*next as usize].has(set) {
                reach[*next as usize].insert(set);
                todo.push(*next);
            }
        }
    }
    reach
}

/// In a unit with more main methods each is a program of its own.
const MOST_MAINS: usize = 12;

struct Build<'a, 'w> {
    linked: &'a Linked<'w>,
    base: &'a [u32],
    edges: Vec<Vec<u32>>,
    /// From who hands a task over to the task itself.
    later: Vec<(u32, u32)>,
    mentions: Vec<(u32, TypeId, bool)>,
    seeds: Vec<(u32, ReachSet)>,
    /// From who begins a task to the task, which then runs by itself.
    begun: Vec<(u32, u32)>,
}

impl Build<'_, '_> {
    fn id(&self, file: FileIx, callable: CallableIx) -> u32 {
        self.base[file.0 as usize] + callable.0
    }

    fn edge(&mut self, from: u32, to: u32) {
        if from != to {
            self.edges[from as usize].push(to);
        }
    }

    /// Adds what a Java file says.
    fn add(&mut self, part: Part<'_, '_>, handlers: &mut [bool]) {
        for (from, to) in part.edges {
            self.edge(from, to);
        }
        part.handlers.into_iter().for_each(|id| handlers[id as usize] = true);
        self.later.extend(part.later);
        self.mentions.extend(part.mentions);
        self.seeds.extend(part.seeds);
    }

    /// Adds Rust files: what they call, and who calls them.
    fn rust_files(&mut self, files: &[FileIx], handlers: &mut [bool]) {
        let found: Vec<_> = files.par_iter().map(|f| (*f, self.linked.rust_edges(*f))).collect();
        let mut called = vec![false; self.edges.len()];
        // Reached by the command alone, and not by who runs any command.
        let commands: FxHashSet<_> = found.iter().flat_map(|(_, added)| added.commands.iter().copied()).collect();
        for (file, added) in &found {
            for (from, (to_file, to)) in added.edges.iter().filter(|(_, to)| !commands.contains(to)) {
                let (from, to) = (self.id(*file, *from), self.id(*to_file, *to));
                self.edge(from, to);
                called[to as usize] |= from != to;
            }
            for ((file, callable), set) in &added.seeds {
                let id = self.id(*file, *callable);
                self.seeds.push((id, *set));
                called[id as usize] = true;
            }
            for (from, (to_file, to)) in &added.begun {
                let (from, to) = (self.id(*file, *from), self.id(*to_file, *to));
                self.begun.push((from, to));
                called[to as usize] = true;
            }
            for (file, callable) in &added.handlers {
                let id = self.id(*file, *callable) as usize;
                handlers[id] = true;
            }
        }
        // Nobody here calls it, but others may.
        for (file, added) in &found {
            for callable in &added.offered {
                let id = self.id(*file, *callable);
                if !called[id as usize] {
                    self.seeds.push((id, ReachSet::OUTSIDE));
                }
            }
        }
    }

    /// From where each callable is reached. A task that only a command beside the service begins lies beside it too.
    fn reach(&self) -> Vec<ReachSet> {
        let mut seeds = self.seeds.clone();
        let mut left = self.begun.clone();
        let reached = loop {
            let reach = spread(&self.edges, &[], &seeds);
            let known = seeds.len();
            left.retain(|(from, to)| {
                let by = reach[*from as usize];
                if by.any() {
                    let set = if by.is_aside() { ReachSet::ASIDE } else { ReachSet::BACKGROUND };
                    if !reach[*to as usize].has(set) {
                        seeds.push((*to, set));
                    }
                }
                // What lies beside the service now may be reached by it later.
                !by.any() || by.is_aside()
            });
            if seeds.len() == known {
                break reach;
            }
        };
        let known = seeds.len();
        let unreached = left.into_iter().filter(|(from, _)| !reached[*from as usize].any());
        seeds.extend(unreached.map(|(_, to)| (to, ReachSet::BACKGROUND)));
        if seeds.len() == known { reached } else { spread(&self.edges, &[], &seeds) }
    }

    /// Main methods that run next to nothing of what the largest one of their unit runs: trials of a class.
    fn small_mains(&self) -> FxHashSet<u32> {
        let mut by_unit: FxHashMap<crate::units::UnitIx, Vec<(u32, usize)>> = FxHashMap::default();
        for i in 0..self.linked.code.len() {
            let file = FileIx(i as u32);
            let Some(facts) = self.linked.facts(file).filter(|_| self.linked.is_java(file)) else { continue };
            let Some(unit) = self.linked.unit(file) else { continue };
            for (c, callable) in facts.callables.iter().enumerate() {
                let main = callable.name.as_str() == "main" && callable.kind == CallableKind::Method;
                if main && callable.mods.has(Mods::STATIC) {
                    by_unit.entry(unit).or_default().push((self.id(file, CallableIx(c as u32)), 0));
                }
            }
        }
        let mut small = FxHashSet::default();
        for mains in by_unit.values_mut().filter(|mains| (2..=MOST_MAINS).contains(&mains.len())) {
            for (id, size) in mains.iter_mut() {
                let mut seen = FxHashSet::from_iter([*id]);
                let mut todo = vec![*id];
                while let Some(at) = todo.pop() {
                    todo.extend(self.edges[at as usize].iter().copied().filter(|next| seen.insert(*next)));
                }
                *size = seen.len();
            }
            let largest = mains.iter().map(|(_, size)| *size).max().unwrap_or(0);
            small.extend(mains.iter().filter(|(_, size)| size * 10 < largest).map(|(id, _)| *id));
        }
        small
    }
}

/// What one Java file says.
struct Part<'a, 'w> {
    linked: &'a Linked<'w>,
    commands: &'a super::commands::Commands,
    base: &'a [u32],
    edges: Vec<(u32, u32)>,
    later: Vec<(u32, u32)>,
    mentions: Vec<(u32, TypeId, bool)>,
    seeds: Vec<(u32, ReachSet)>,
    handlers: Vec<u32>,
}

impl<'a, 'w> Part<'a, 'w> {
    fn new(linked: &'a Linked<'w>, commands: &'a super::commands::Commands, base: &'a [u32], file: FileIx) -> Self {
        let mut part = Self {
            linked,
            commands,
            base,
            edges: Vec::new(),
            later: Vec::new(),
            mentions: Vec::new(),
            seeds: Vec::new(),
            handlers: Vec::new(),
        };
        if let Some(facts) = linked.facts(file) {
            part.file(file, facts);
        }
        part
    }

    fn id(&self, file: FileIx, callable: CallableIx) -> u32 {
        self.base[file.0 as usize] + callable.0
    }

    fn edge(&mut self, from: u32, to: u32) {
        self.edges.push((from, to));
    }

    fn file(&mut self, file: FileIx, facts: &CodeFacts) {
        let mut fields_of: FxHashMap<u32, Vec<CallableIx>> = FxHashMap::default();
        for i in 0..facts.callables.len() {
            let ix = CallableIx(i as u32);
            let id = self.id(file, ix);
            if self.linked.is_request_root(file, ix) {
                self.handlers.push(id);
                self.seeds.push((id, ReachSet::REQUEST));
            }
            if self.commands.is_by_hand(self.linked, file, ix) {
                self.seeds.push((id, ReachSet::ASIDE));
            } else if self.linked.is_background_root(file, ix) {
                self.seeds.push((id, ReachSet::BACKGROUND));
            } else if self.is_startup(file, ix) {
                self.seeds.push((id, ReachSet::STARTUP));
            } else if self.is_callback(file, facts, ix) {
                self.seeds.push((id, ReachSet::OUTSIDE));
            }
            // Who runs a command runs it by its class.
            if !self.commands.is_entry(self.linked, file, ix) || self.commands.is_apart(self.linked, file, ix) {
                self.override_edges(file, facts, ix);
            }
            if let (CallableKind::FieldInit | CallableKind::InstanceInit, Some(owner)) =
                (facts[ix].kind, facts[ix].owner)
            {
                fields_of.entry(owner.0).or_default().push(ix);
            }
        }
        // A constructor runs its type's initialisers.
        for i in 0..facts.callables.len() {
            let c = &facts.callables[i];
            if let (CallableKind::Constructor, Some(owner)) = (c.kind, c.owner) {
                for init in fields_of.get(&owner.0).into_iter().flatten() {
                    if !facts[*init].mods.has(Mods::STATIC) {
                        let (from, to) = (self.id(file, CallableIx(i as u32)), self.id(file, *init));
                        self.edge(from, to);
                    }
                }
            }
        }
        for i in 0..facts.exprs.len() {
            self.expr(file, facts, ExprIx(i as u32));
        }
    }

    /// Constructors and instance initialisers are start-up code only for what the container makes.
    fn is_startup(&self, file: FileIx, ix: CallableIx) -> bool {
        let Some(facts) = self.linked.facts(file) else { return false };
        let c = &facts[ix];
        let per_object = match c.kind {
            CallableKind::Constructor | CallableKind::InstanceInit => true,
            CallableKind::FieldInit => !c.mods.has(Mods::STATIC),
            _ => false,
        };
        if per_object && !c.owner.is_some_and(|o| self.linked.is_singleton_by_itself(file, o)) {
            return false;
        }
        if self.linked.is_side_main(file, ix) {
            return false;
        }
        self.linked.is_startup_root(file, ix)
    }

    /// `@Override` of something outside the tree that the catalogue does not place.
    fn is_callback(&self, file: FileIx, facts: &CodeFacts, ix: CallableIx) -> bool {
        let c = &facts[ix];
        if c.kind != CallableKind::Method {
            return false;
        }
        let overrides =
            facts.annotations.iter().any(|a| a.target == Target::Callable(ix) && a.name.as_str() == "Override");
        // A property that whoever makes the object sets.
        if overrides && c.name.starts_with("set") && c.params.len() == 1 && c.returns.is_none() {
            return false;
        }
        let Some(owner) = c.owner else { return false };
        let id = self.linked.types.id(file, owner);
        let anonymous = facts[owner].name.is_empty();
        if !overrides && !anonymous {
            // Annotated methods are called by whoever reads the annotation.
            return facts.annotations.iter().any(|a| {
                a.target == Target::Callable(ix)
                    && !matches!(
                        a.name.last_segment(),
                        "Deprecated"
                            | "SuppressWarnings"
                            | "Transactional"
                            | "Nullable"
                            | "NonNull"
                            | "NotNull"
                            | "SneakyThrows"
                            | "JsonIgnore"
                            | "JsonProperty"
                            | "VisibleForTesting"
                            | "Async"
                            | "Cacheable"
                            | "CacheEvict"
                            | "CachePut"
                            | "Retryable"
                            | "PreAuthorize"
                            | "Secured"
                            | "RolesAllowed"
                    )
            });
        }
        !self.linked.types[id].supers.iter().any(|(sup, _)| self.linked.find_method(*sup, c.name).is_some())
    }

    /// Calling an overridden method may run the overriding one.
    fn override_edges(&mut self, file: FileIx, facts: &CodeFacts, ix: CallableIx) {
        let c = &facts[ix];
        let (CallableKind::Method, Some(owner)) = (c.kind, c.owner) else { return };
        if c.mods.has(Mods::STATIC) || c.mods.has(Mods::PRIVATE) {
            return;
        }
        let id = self.linked.types.id(file, owner);
        let to = self.id(file, ix);
        for sup in self.linked.types.closure(self.linked.catalog, Sym::Here(id)).iter().skip(1) {
            let Sym::Here(sup) = *sup else { continue };
            let info_file = self.linked.types[sup].file;
            for over in self.linked.types.methods(sup, c.name) {
                let Some(sup_facts) = self.linked.facts(info_file) else { continue };
                if sup_facts[*over].params.len() == c.params.len() {
                    let from = self.id(info_file, *over);
                    self.edge(from, to);
                }
            }
        }
    }

    fn expr(&mut self, file: FileIx, facts: &CodeFacts, ix: ExprIx) {
        let e = &facts[ix];
        let from = self.id(file, e.callable);
        match &e.kind {
            ExprKind::Call { args, name, .. } => {
                if let Some((owner, _)) = self.linked.callee(file, ix).target {
                    self.call(from, owner, *name, Some(args.len()));
                }
            }
            ExprKind::New { args, body, .. } => {
                if let Some(Sym::Here(id)) = self.linked.callee(file, ix).owner {
                    self.mentions.push((from, id, true));
                    if body.is_none() {
                        self.construct(from, id, args.len());
                    }
                }
                if let Some(body) = body {
                    self.mentions.push((from, self.linked.types.id(file, *body), true));
                }
            }
            ExprKind::Name(name) if name.starts_with(char::is_uppercase) => self.mention(from, file, e, *name, false),
            // `Class.forName("org.shop.Orders")`, a bean named by its class.
            ExprKind::Literal(Literal::Text(text)) => {
                if let Some((package, simple)) = text.rsplit_once('.')
                    && text.len() < 200
                    && simple.starts_with(char::is_uppercase)
                    && simple.chars().all(char::is_alphanumeric)
                {
                    let types = self.linked.types.top(Name::new(package), Name::new(simple));
                    self.mentions.extend(types.iter().map(|ty| (from, *ty, true)));
                }
            }
            ExprKind::ClassLiteral(ty) => self.mention(from, file, e, ty.name, true),
            ExprKind::MethodRef { name, .. } => {
                let Some((owner, _)) = self.linked.callee(file, ix).target else { return };
                match self.runs_later(file, facts, e.usage) {
                    Later::Request => {
                        self.seed_method(owner, *name, ReachSet::REQUEST);
                        let file = self.linked.types[owner].file;
                        let methods = self.linked.types.methods(owner, *name);
                        self.later.extend(methods.iter().map(|m| (from, self.base[file.0 as usize] + m.0)));
                    }
                    Later::Background => {
                        self.seed_method(owner, *name, ReachSet::BACKGROUND);
                        let file = self.linked.types[owner].file;
                        let methods = self.linked.types.methods(owner, *name);
                        self.later.extend(methods.iter().map(|m| (from, self.base[file.0 as usize] + m.0)));
                    }
                    Later::Unknown => {
                        self.seed_method(owner, *name, ReachSet::OUTSIDE);
                        self.call(from, owner, *name, None);
                    }
                    Later::Now => self.call(from, owner, *name, None),
                }
            }
            ExprKind::Lambda(callable) => {
                let to = self.id(file, *callable);
                match self.runs_later(file, facts, e.usage) {
                    Later::Background => {
                        self.seeds.push((to, ReachSet::BACKGROUND));
                        self.later.push((from, to));
                    }
                    Later::Request => {
                        self.seeds.push((to, ReachSet::REQUEST));
                        self.later.push((from, to));
                    }
                    Later::Unknown => {
                        self.seeds.push((to, ReachSet::OUTSIDE));
                        self.edge(from, to);
                    }
                    Later::Now => self.edge(from, to),
                }
            }
            _ => {}
        }
    }

    fn mention(&mut self, from: u32, file: FileIx, e: &Expr, name: Name, made: bool) {
        let around = self.linked.type_of_callable(file, e.callable);
        if let Some(Sym::Here(id)) = self.linked.resolve_name(file, around, name) {
            self.mentions.push((from, id, made));
        }
    }

    fn call(&mut self, from: u32, owner: TypeId, name: Name, arity: Option<usize>) {
        let linked = self.linked;
        let exact = |id: TypeId, m: CallableIx| {
            let facts = linked.facts(linked.types[id].file);
            arity.is_none_or(|n| facts.is_some_and(|f| f[m].params.len() == n))
        };
        // An overload may be inherited: `update(value)` calls `update(value, key)` of the class it extends.
        let closure = linked.types.closure(linked.catalog, Sym::Here(owner));
        let above = closure.iter().filter_map(|sym| match sym {
            Sym::Here(id) => Some(*id),
            Sym::Outside(_) => None,
        });
        let told = above.clone().find(|id| linked.types.methods(*id, name).iter().any(|m| exact(*id, *m)));
        let declares = told.filter(|_| name.as_str() != "<init>").unwrap_or(owner);
        let methods = linked.types.methods(declares, name);
        let any_exact = methods.iter().any(|m| exact(declares, *m));
        let file = linked.types[declares].file;
        for m in methods.iter().filter(|m| !any_exact || exact(declares, **m)) {
            let to = self.id(file, *m);
            self.edge(from, to);
        }
    }

    fn construct(&mut self, from: u32, id: TypeId, arity: usize) {
        self.call(from, id, "<init>".into(), Some(arity));
        let info = &self.linked.types[id];
        let Some(facts) = self.linked.facts(info.file) else { return };
        for (i, c) in facts.callables.iter().enumerate() {
            let init = matches!(c.kind, CallableKind::FieldInit | CallableKind::InstanceInit);
            if init && c.owner == Some(info.ix) && !c.mods.has(Mods::STATIC) {
                let to = self.id(info.file, CallableIx(i as u32));
                self.edge(from, to);
            }
        }
    }

    fn seed_method(&mut self, owner: TypeId, name: Name, set: ReachSet) {
        let file = self.linked.types[owner].file;
        let ids: Vec<u32> = self.linked.types.methods(owner, name).iter().map(|m| self.id(file, *m)).collect();
        self.seeds.extend(ids.into_iter().map(|id| (id, set)));
    }

    /// When a lambda or method reference runs, by what it is given to.
    fn runs_later(&self, file: FileIx, facts: &CodeFacts, usage: Usage) -> Later {
        let Usage::Argument(call, _) = usage else {
            let Usage::ToLocal(local) = usage else { return Later::Unknown };
            // `Runnable task = () -> …; pool.execute(task);`
            let mut uses = facts.exprs.iter().filter(|e| matches!(e.kind, ExprKind::Local(l) if l == local)).peekable();
            let given = |e: &Expr| {
                matches!(e.usage, Usage::Argument(..))
                    && matches!(self.runs_later(file, facts, e.usage), Later::Background)
            };
            let later = uses.peek().is_some() && uses.all(given);
            return if later { Later::Background } else { Later::Now };
        };
        let Some(owner) = self.linked.callee(file, call).owner else {
            let now = matches!(&facts[call].kind, ExprKind::Call { name, .. } if AT_ONCE.contains(&name.as_str()));
            return if now { Later::Now } else { Later::Unknown };
        };
        let catalog = self.linked.catalog;
        let closure = self.linked.types.closure(catalog, owner);
        match &facts[call].kind {
            ExprKind::New { .. } => {
                let background =
                    closure.iter().any(|s| catalog.background_constructors.contains(&self.linked.types.name(*s)));
                if background { Later::Background } else { Later::Unknown }
            }
            ExprKind::Call { name, .. } => {
                let listed = |calls: &super::catalog::Methods| {
                    closure.iter().any(|s| {
                        let methods = calls.get(&self.linked.types.name(*s));
                        methods.is_some_and(|m| m.iter().any(|m| *m == *name || super::glob(m, name)))
                    })
                };
                if listed(&catalog.background_calls) {
                    return Later::Background;
                }
                if listed(&catalog.request_calls) {
                    return Later::Request;
                }
                let now = closure.iter().any(|s| {
                    let owner = self.linked.types.name(*s);
                    catalog.lambda_params(owner, *name).is_some() || owner.starts_with("java.util.")
                });
                if now || self.linked.callee(file, call).target.is_some() { Later::Now } else { Later::Unknown }
            }
            _ => Later::Unknown,
        }
    }
}

/// Methods that run what they are given before they return, whoever declares them.
pub(super) const AT_ONCE: &[&str] = &[
    "forEach",
    "forEachOrdered",
    "ifPresent",
    "ifPresentOrElse",
    "orElseGet",
    "orElseThrow",
    "removeIf",
    "computeIfAbsent",
    "doWithMethods",
    "doWithLocalMethods",
    "doWithFields",
    "doWithLocalFields",
];

enum Later {
    /// Within the call.
    Now,
    /// On another thread.
    Background,
    /// When a request comes in.
    Request,
    /// Whenever the callee likes.
    Unknown,
}
