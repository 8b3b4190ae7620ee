//! The schema of a rule file. `build.rs` includes this file to validate and embed the rules, so it
//! may use nothing but serde and std.

use std::collections::BTreeMap;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub use super::ties::{Tie, ToldAt};
pub use super::words::{Category, Confidence, Fit, Severity, Target, Tier};

/// A rule: `rules/<category>/<id>.yaml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// kebab-case; names the hostile pattern; stable for ever.
    pub id: String,
    /// One line, names what was found: "Thread pool created in service code".
    pub title: String,
    pub category: Category,
    pub severity: Severity,
    pub confidence: Confidence,
    /// Former ids: still valid in suppressions, baselines and configuration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// A good sign rather than a hostile one: shown as a booster, never as a finding.
    #[serde(default, skip_serializing_if = "is_false")]
    pub booster: bool,
    pub when: When,
    /// Changes of severity or confidence by context; the first that holds is applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjust: Vec<Adjust>,
    /// Rules that stay silent where this one meets the same construct: this one is more specific.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
    /// Where what runs or happens here is told by one of these rules, this one only informs; the first that holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told_at: Vec<ToldAt>,
    /// At most one finding per this scope; further sites are listed in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once_per: Option<Once>,
    pub effort: Effort,
    /// The pattern tells the nature of a service: its tier is at least this one, whatever the days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Tier>,
    /// What stands in for a service of this nature when it is not ported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Replacement>,
    /// How each target takes the pattern; what is not named comes from the category (`rules/catalog/targets.yaml`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<Target, Fit>,
    /// The mechanism, with the limit's number and its source.
    pub why: String,
    /// The concrete replacement.
    pub fix: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// When a rule is met: any of `any` (or all of `all`), and none of `unless`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// Alternatives: each site that meets one of them is a finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Condition>,
    /// The first member selects the sites; every other must hold somewhere in the same unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Condition>,
    /// Context in which a site is no finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<Guard>,
}

/// A condition on one fact. Names are fully qualified and may hold `*`; `{javax,jakarta}.x` stands for both.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Condition {
    /// One of several.
    Any(Vec<Condition>),
    /// The first selects the site, the others must hold in the same unit.
    All(Vec<Condition>),
    /// Only within `all`, never first: no such fact in the unit.
    Not(Box<Condition>),
    /// A method call; Java names.
    Call(CallCondition),
    /// `new T(…)`, also of a workspace subtype of T.
    New(NewCondition),
    /// An annotation, also through a meta-annotation.
    Annotation(AnnotationCondition),
    /// A declared type of a field, parameter, local or return value.
    Type(OneOrMany),
    /// A class, anonymous ones too, with one of these among its supertypes, transitively.
    Extends(ExtendsCondition),
    /// A field.
    Field(FieldCondition),
    /// A method declaration.
    Method(MethodCondition),
    /// A loop.
    Loop(LoopCondition),
    /// An import that names it.
    Import(OneOrMany),
    /// A dependency: `group:artifact`, or `cargo:crate`.
    Dependency(DependencyCondition),
    /// An application setting.
    Setting(SettingCondition),
    /// A string literal in code.
    Text(OneOrMany),
    /// A Rust path: a called function, a constructed type, a macro (`tokio::select!`), an attribute (`#[tokio::main]`).
    Rust(RustCondition),
    /// A Dockerfile instruction of the final stage.
    Container(ContainerCondition),
    /// A Kubernetes object, compose service, serverless function.
    Object(ObjectCondition),
}

/// One pattern or a list of them. Numbers and `true`/`false` need no quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    /// The patterns.
    pub fn list(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
    /// Nothing is asked.
    pub fn is_none(&self) -> bool {
        self.list().is_empty()
    }
}

/// `call:`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CallCondition {
    /// Type of the receiver or owner, supertypes included. Left out: any receiver, also an unknown one.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub on: OneOrMany,
    /// Method name.
    pub name: OneOrMany,
    /// Conditions on constant arguments; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<ArgCondition>,
    /// Number of arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arity: Option<usize>,
    /// Java: it calls a method of the tree that gives this type back, supertypes included, and does more than assign.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub gives: OneOrMany,
}

/// `new:` – a pattern, a list, or the long form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "expected a type, a list of types, or { type, args, arity }"
)]
pub enum NewCondition {
    Short(OneOrMany),
    Long {
        #[serde(rename = "type")]
        ty: OneOrMany,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        args: Vec<ArgCondition>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arity: Option<usize>,
    },
}

/// A condition on one argument.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ArgCondition {
    /// Position from 0; left out: any argument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
    /// Glob on the constant value; a Rust `Duration` counts in seconds, and what is no constant by the path it calls.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub value: OneOrMany,
    /// The constant number is at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// A Java number that is at most this, as far as its parts tell (`Math.min(100, x)`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Static type of the argument, supertypes included.
    #[serde(default, rename = "type", skip_serializing_if = "OneOrMany::is_none")]
    pub ty: OneOrMany,
    /// The condition must not hold.
    #[serde(default, skip_serializing_if = "is_false")]
    pub not: bool,
}

/// `annotation:` – a pattern, a list, or the long form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "expected an annotation, a list of them, or { type, on, where, without }"
)]
pub enum AnnotationCondition {
    Short(OneOrMany),
    Long {
        #[serde(rename = "type")]
        ty: OneOrMany,
        /// `class`, `method`, `field`, `parameter`.
        #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
        on: OneOrMany,
        /// Attribute to glob on its constant value; all must hold.
        #[serde(default, rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
        attributes: BTreeMap<String, OneOrMany>,
        /// Attributes that must be absent.
        #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
        without: OneOrMany,
    },
}

/// `extends:` – a pattern, a list, or the long form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "expected a type, a list of types, or { type, argument }"
)]
pub enum ExtendsCondition {
    Short(OneOrMany),
    Long {
        #[serde(rename = "type")]
        ty: OneOrMany,
        /// A type argument of that supertype: `ApplicationListener<ContextRefreshedEvent>`.
        #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
        argument: OneOrMany,
    },
}

/// `field:`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FieldCondition {
    /// Declared type, supertypes included; Rust: any type within it (`LazyLock<Mutex<…>>`).
    #[serde(default, rename = "type", skip_serializing_if = "OneOrMany::is_none")]
    pub ty: OneOrMany,
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "static")]
    pub is_static: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "final")]
    pub is_final: Option<bool>,
    /// Rust `static mut`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutable: Option<bool>,
    /// Shared between requests: static, or in a singleton.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
    /// What the code does to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<FieldRole>,
    /// Glob on the name.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub name: OneOrMany,
}

/// What the code does to a field, over the whole workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldRole {
    /// Reassigned outside construction and initialisation.
    Reassigned,
    /// Set only through setters that nobody in the workspace calls at run time.
    SetterOnly,
    /// Assigned once, lazily, under a null check.
    LazyInit,
    /// A collection, map or atomic whose content is changed at run time.
    ContentMutated,
    /// A map that is filled on a read miss and answers later reads.
    MemoCache,
    /// A queue with producers and a consumer.
    Queue,
    /// A collection filled by start-up or refresh code and read by requests.
    Snapshot,
    /// A collection filled by `register…`/`add…` calls at start-up.
    Registry,
    /// A flag that a loop asks whether to go on.
    Lifecycle,
    /// The time at which something was last done, and nothing else.
    Stamp,
    /// Asked for nothing but whether it is still the same.
    Compared,
    /// Counted and asked by one background task alone, or counted for names only; told beside the role.
    OwnCount,
    /// Renewed while requests are served; told beside `snapshot`, or with `content-mutated`: figures of the process itself.
    Refreshed,
    /// Holds handles of metrics and nothing that grows; told beside the role.
    Meters,
    /// A memo of what is worked out from the key alone; told beside `memo-cache`.
    PureMemo,
    /// Clients, tasks, connections: objects of the running process; told beside another role.
    Handles,
    /// Nothing that runs asks for it, but for lines of a log and texts for people; told beside another role.
    Unread,
    /// A gauge or an attribute of a management bean asks for it, and nothing else; told beside another role.
    Figures,
    /// Changed together with a field of the same class that is told; told beside another role.
    Twin,
    /// How far the task has come that fills a copy in the same class; told beside `reassigned`.
    Cursor,
    /// Made anew, or compared with its source, before each use; told beside `reassigned`.
    MadeAnew,
    /// A setting that is read at the start and again when it changes; told beside another role.
    Renewed,
    /// A copy of what lies elsewhere, loaded while it is empty or once and for all; told beside another role.
    Reloaded,
    /// A request changes it, and what another request runs asks for it; told beside another role.
    Served,
    /// It passes from a task to who asks for it, or from a request to a task; told beside another role.
    Between,
    /// Filled by nothing but start-up code and what nobody is seen to run; told beside another role.
    StartOnly,
    /// Rust: of an object that is made while a request is answered and ends with it; told beside another role.
    OneRequest,
    /// Rust: a map of times or flags, which tells only that something was seen; told beside another role.
    Marks,
}

/// `method:`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MethodCondition {
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub name: OneOrMany,
    /// Declared return type, or a type argument of it.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub returns: OneOrMany,
    /// Only where the declared return type is not declared in the tree: a type of one's own is told where it stands.
    #[serde(default, skip_serializing_if = "is_false")]
    pub returns_foreign: bool,
    /// Type of one of the parameters.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub param: OneOrMany,
    /// Only request handlers (`true`) or only others (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<bool>,
    /// Only with one of these annotations.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub annotated: OneOrMany,
    /// `native` methods.
    #[serde(default, skip_serializing_if = "is_false")]
    pub native: bool,
    /// `synchronized` methods.
    #[serde(default, skip_serializing_if = "is_false")]
    pub synchronized: bool,
    /// The owner has one of these supertypes.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub of: OneOrMany,
    /// Does more than assign: calls that do I/O, start threads or reach other services (three levels deep).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works: Option<bool>,
}

/// `loop:`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LoopCondition {
    pub kind: LoopKind,
    /// `java`, `rust`; both when left out.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub language: OneOrMany,
}

/// What a loop is, by its ends and what it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoopKind {
    /// Runs as long as the process: no exit but by lifecycle or exception.
    Daemon,
    /// Endless with an exit that depends on work, and it blocks or sleeps: perhaps a daemon.
    MaybeDaemon,
    /// Drains a channel, subscription or queue for ever.
    Consumer,
    /// Rust: waits each time round for a channel, a connection or the clock, and ends with that or with its work.
    Follows,
}

/// `dependency:` – a pattern, a list, or the long form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "expected group:artifact or cargo:crate, a list of them, or { of, features, version, transitive }"
)]
pub enum DependencyCondition {
    Short(OneOrMany),
    Long {
        /// `group:artifact` or `cargo:crate`, with `*`.
        of: OneOrMany,
        /// Cargo features, one of which must be on.
        #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
        features: OneOrMany,
        /// Version starts with one of these.
        #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
        version: OneOrMany,
        /// Count it also when another dependency brings it in (curated table); default true.
        #[serde(default = "yes", skip_serializing_if = "is_true")]
        transitive: bool,
    },
}

/// `setting:`. Keys are compared by relaxed binding; `*` stands for any text, dots included.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SettingCondition {
    pub key: OneOrMany,
    /// Globs on the value, case ignored; one must match.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub value: OneOrMany,
    /// Globs of which none may match.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub not_value: OneOrMany,
    /// The value is a number, size (`10MB`) or duration (`30s`) above this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// Below this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// `application` (default), `logging`, `xml`; `any`: wherever it is written, TOML and files that no unit reads too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// `rust:` – a path, a list, or the long form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "expected a path, a list of paths, or { path, kind, args }"
)]
pub enum RustCondition {
    Short(OneOrMany),
    Long {
        /// `std::thread::spawn`, `moka::*::Cache::builder`; a method is `path::Type::method`.
        path: OneOrMany,
        /// `call` (default), `macro`, `attribute`, `type` (the type of a field, static or parameter holds it), `impl` (a trait is implemented), `import`.
        #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
        kind: OneOrMany,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        args: Vec<ArgCondition>,
    },
}

/// `container:`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContainerCondition {
    /// `FROM`, `VOLUME`, `EXPOSE`, `RUN`, `CMD`, `ENTRYPOINT`, `ENV`, …; `SH`: a line of a script that the image starts.
    pub instruction: OneOrMany,
    /// Globs on the arguments.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub value: OneOrMany,
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub not_value: OneOrMany,
}

/// `object:`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ObjectCondition {
    /// `Deployment`, `StatefulSet`, `service` (compose), …
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub kind: OneOrMany,
    /// Glob on the dotted path; list indices are `[0]`, `*` stands for any text.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub key: OneOrMany,
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub value: OneOrMany,
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub not_value: OneOrMany,
    /// Above a number or quantity (`10Gi`, `6` CPUs).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
}

/// Context of a site. Used in `unless` and `adjust`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Guard {
    Any(Vec<Guard>),
    All(Vec<Guard>),
    Not(Box<Guard>),
    /// Who reaches the site.
    Reachable(Reach),
    /// The result is waited for within the same callable (`get`, `join`, `await`, `latch.await`, try-with-resources).
    Joined(bool),
    /// What becomes of the value: `dropped`, `returned`, `argument`, `local`, `field`, `awaited`, `resource`, `chained`;
    /// Java: `left` (dropped, or but for steps that hang on it); Rust: `ignored` (`let _ = …`), `prepared` (a builder for others), `removed` (the file is removed again there), `persisted` (put in its place by another method).
    Used(OneOrMany),
    /// A surrounding class (itself, outer ones, supertypes included) is one of these.
    InType(OneOrMany),
    /// A surrounding class carries one of these annotations.
    InAnnotated(OneOrMany),
    /// The surrounding method has one of these names.
    InMethod(OneOrMany),
    /// The surrounding method carries one of these annotations.
    MethodAnnotated(OneOrMany),
    /// The site is written in the arguments (lambdas included) of such a call or construction.
    ArgumentOf(CallCondition),
    /// A call of the same builder chain has one of these names.
    ChainHas(OneOrMany),
    /// An argument of the call or construction.
    Argument(ArgCondition),
    /// An argument of a later call of the same builder chain (`Command::new("git").arg("config")`).
    ChainArgument(ArgCondition),
    /// A call with one of these names, or a construction of such a type, comes in the same callable.
    SameMethodCalls(OneOrMany),
    /// Another source file in the same directory has a name (without its ending) like this.
    SiblingFile(OneOrMany),
    /// Rust: another arm of an `if` or `match` around the site makes such a call.
    SiblingCalls(OneOrMany),
    /// A call with one of these names, or a construction of such a type, after the site in the same callable.
    LaterCalls(OneOrMany),
    /// The method is private, and each way to it within the file leads through one that makes such a call.
    CallersCall(OneOrMany),
    /// The field is written in methods with one of these names only.
    WrittenIn(OneOrMany),
    /// The task that is handed over runs a loop without end of its own.
    TaskLoops(bool),
    /// What is known of a task, a pool or a helper; one of the words holds (see `rules::tasks`).
    Task(OneOrMany),
    /// What is known of the place over the whole workspace; one of the words holds (see `rules::known`).
    Known(OneOrMany),
    /// The method, or the task that is handed over, only copies figures of the process into metrics.
    OnlyMeasures(bool),
    /// The class is made by the container, or by code: an annotation, a bean method, `new`, an import, XML.
    Component(bool),
    /// The site lies within a daemon loop.
    InDaemonLoop(bool),
    /// The site lies within a loop of its callable.
    InLoop(bool),
    /// The body of the loop makes such a call.
    HoldsCall(CallCondition),
    /// The method does nothing but start tasks, timers and threads, which are told where they are.
    OnlyStartsTasks(bool),
    /// A lambda gives the value back without starting it: what a factory makes.
    GivenBack(bool),
    /// The task that is handed over completes what the method around it returns.
    FeedsResult(bool),
    /// The type at the site is an interface or an extended abstract class; a method of an interface that a controller implements.
    Stub(bool),
    /// The constructed type is declared in the workspace, with a name.
    OwnType(bool),
    /// The annotated method returns a future, and all its callers in the workspace wait for it.
    CallersWait(bool),
    /// The site stands in a bean (`@Profile`) or a setting of a Spring profile that nothing in the tree turns on, while it turns on others.
    InProfileOff(bool),
    /// Rust: the call works on a path within a temporary directory.
    Scratch(bool),
    /// Rust: the call works on the path of a Unix socket that the function, or each caller, binds.
    Socket(bool),
    /// Rust: the block or function that the call starts as a task holds a daemon loop. Java: the method waits in a loop without end, itself or a few calls on.
    HoldsLoop(bool),
    /// Rust: a function that starts what it is given, and is called for that; its callers are the sites.
    Wrapper(bool),
    /// Rust: what the loop, or the task that the call starts, works on comes with a channel for the answer.
    Answers(bool),
    /// Rust: the stream or task is part of the answer to a request, and ends with it.
    PartOfAnswer(bool),
    /// Rust: what the loop calls, or the task that the call starts, or the loops after a timer.
    Work(WorkGuard),
    /// The annotation's attribute has such a constant value.
    Attribute(AttributeGuard),
    /// Somewhere in the unit or the libraries it uses.
    Unit(Condition),
    /// The same for each service and job that the place burdens.
    Users(Condition),
    /// Somewhere in the same file.
    File(Condition),
    /// An effective setting of the unit.
    Setting(SettingCondition),
    /// What runs the unit, as far as its manifests and images tell; what is not known is not met.
    Runtime(RuntimeGuard),
    /// The kind of the unit: `service`, `job`, `library`, `tool`.
    UnitKind(OneOrMany),
    /// Scope of a dependency: `compile`, `runtime`, `provided`, `test`.
    Scope(OneOrMany),
    /// Glob on the file's path.
    Path(OneOrMany),
    /// A trait of a field (see `field:`).
    Field(FieldCondition),
    /// The key of the setting at the site.
    Key(OneOrMany),
    /// The value of the setting, object, instruction or string literal at the site; `group:artifact` of a dependency.
    Value(OneOrMany),
}

/// `work:` of a guard; all that is given must hold. Patterns with `::` mean paths, others the last name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WorkGuard {
    /// One call is one of these.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub any: OneOrMany,
    /// Every call is one of these, of `any`, or of `own`.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub only: OneOrMany,
    /// Functions of the tree itself that count by their path, as `any` does, and are not looked into.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub own: OneOrMany,
}

/// `attribute:` of a guard.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AttributeGuard {
    pub name: String,
    pub value: OneOrMany,
}

/// `runtime:`; all that is given must hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuntimeGuard {
    /// `spring-boot`, `quarkus`, `micronaut`, `dropwizard`, `servlet`, `axum`, …
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub framework: OneOrMany,
    /// The framework's version starts with one of these; `"2."` is any 2.x.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub version: OneOrMany,
    /// `servlet`, `reactive`, `http`, `none`.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub web: OneOrMany,
    /// Java feature release that it runs on (its image's, else the one it is compiled for): this or a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub java_from: Option<u16>,
    /// An earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub java_below: Option<u16>,
}

/// Who reaches a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// A request handler, at least.
    Request,
    /// Start-up code, at least.
    Startup,
    /// A background task, at least.
    Background,
    /// Start-up code and nothing else.
    OnlyStartup,
    /// Background tasks and nothing else.
    OnlyBackground,
    /// The `main` of a command-line tool and nothing else.
    OnlyMainOfATool,
    /// Nobody.
    Nobody,
}

/// A change by context.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Adjust {
    #[serde(rename = "if")]
    pub when: Guard,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Replaces the title in the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The tier is at least this one, whatever the rule says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Tier>,
}

/// Scope of `once-per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Once {
    Unit,
    File,
    Class,
    Method,
    /// Calls that read the same constant, a few lines apart in one method; what chooses the language or look of pages
    /// in one class; items of one list of settings.
    Subject,
}

/// `replaced-by:` – a managed service, and what changing over to it takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Replacement {
    pub what: String,
    /// Person-days.
    pub effort: f64,
}

/// Person-days per service: `min(cap, first + each · (n−1)^0.75)`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Effort {
    /// The first site, design and infrastructure included.
    pub first: f64,
    /// Each further site, before the exponent.
    #[serde(default)]
    pub each: f64,
    /// Never more than this for one service.
    pub cap: f64,
    /// Rules of one group share the design: the dearest `first` counts once, the others count as further sites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text or a list of texts (quote numbers with a point)")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(text.to_owned()))
    }
    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(value.to_string()))
    }
    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(value.to_string()))
    }
    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(value.to_string()))
    }
    fn visit_unit<E: serde::de::Error>(self) -> Result<OneOrMany, E> {
        Ok(OneOrMany::None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = list.next_element::<OneOrMany>()? {
            match item {
                OneOrMany::One(text) => out.push(text),
                _ => return Err(serde::de::Error::custom("a list of texts may hold nothing but texts")),
            }
        }
        Ok(OneOrMany::Many(out))
    }
}

fn is_false(b: &bool) -> bool {
    !*b
}

fn is_true(b: &bool) -> bool {
    *b
}

fn yes() -> bool {
    true
}
