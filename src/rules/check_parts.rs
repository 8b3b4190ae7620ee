//! Checks of what stands in `when` and `adjust`.

use super::check::{Problem, RuleFile, closest};
use super::model::{
    AnnotationCondition, CallCondition, Condition, DependencyCondition, FieldCondition, Guard, OneOrMany,
    RustCondition, SettingCondition,
};
use super::pattern::expand;
use super::quantity::is_limit;
use super::visit::{Part, patterns, walk};

const ANNOTATED: &[&str] = &["class", "method", "field", "parameter"];
const USED: &[&str] = &[
    "left",
    "dropped",
    "returned",
    "argument",
    "local",
    "field",
    "awaited",
    "resource",
    "chained",
    "ignored",
    "prepared",
    "persisted",
    "removed",
];
const TASK: &[&str] = &[
    "rearms",
    "tidies",
    "pool-tidies",
    "pool-loops",
    "pool-joined",
    "pool-untimed",
    "never-awaited",
    "other-branch",
    "unmentioned",
    "unstarted",
    "uncalled",
    "made-by-handlers",
    "no-delay",
    "delayed",
    "answers",
    "aborted",
    "drained",
    "asks-embedded",
    "pool-idle",
    "no-async",
    "left-alone",
    "drains",
    "never-started",
    "begins",
    "serves",
    "no-timer",
    "no-own-timer",
    "no-own-async",
    "clock-off",
    "never-made",
    "renews-cache",
    "lasts",
    "pool-detached",
];
const KNOWN: &[&str] = &[
    "temp-path",
    "only-shown",
    "only-picks",
    "beside-own-address",
    "given-addresses",
    "held-by-nobody",
    "takes-no-settings",
    "only-sets",
    "does-nothing",
    "ends-with-call",
    "ends-with-maker",
    "drains",
    "called-by-nobody",
    "long-pause",
    "short-pause",
    "only-collects",
    "answered-here",
    "pure-method",
    "loads-nothing",
    "keeps-language",
    "only-overwritten",
    "shutting-down",
    "after-failure",
    "only-reported",
    "dropping",
    "minded-by-nobody",
    "goes-round",
    "in-joined-task",
    "only-renews",
    "set-of-caller",
    "one-of-kinds",
    "of-constants",
    "tool-per-thread",
    "asks-of-another",
    "pool-of-server",
    "run-by-timer",
    "no-future",
    "anonymous",
    "counts-tries",
    "named-class",
    "of-one-call",
    "within-returned-stream",
    "stage-works",
    "stays-in-method",
    "code-unread",
    "plain-value",
];
const UNIT_KINDS: &[&str] = &["service", "job", "library", "frontend", "tool", "infra"];
const WEBS: &[&str] = &["servlet", "reactive", "http", "none"];
const SCOPES: &[&str] = &["compile", "runtime", "provided", "test", "build"];
const RUST_KINDS: &[&str] = &["call", "macro", "attribute", "type", "impl", "import"];
const LANGUAGES: &[&str] = &["java", "rust"];
const SETTING_FILES: &[&str] = &["application", "logging", "xml", "any"];

/// Adds the problems of all conditions and guards.
pub(super) fn check_parts(file: &RuleFile, out: &mut Vec<Problem>) {
    let when = &file.rule.when;
    if when.any.is_empty() && when.all.is_empty() {
        out.push(file.problem("when", "", "'when' holds no condition").help("give 'any' or 'all' at least one"));
    }
    if !when.any.is_empty() && !when.all.is_empty() {
        let help = "put the alternatives into 'all' as one '- any: [...]'";
        out.push(file.problem("when", "all", "'when' holds both 'any' and 'all'").help(help));
    }
    if matches!(when.all.first(), Some(Condition::Not(_))) || when.any.iter().any(|c| matches!(c, Condition::Not(_))) {
        out.push(file.problem(
            "when",
            "not",
            "'not' cannot select sites; it may only follow another condition of 'all'",
        ));
    }
    for adjust in &file.rule.adjust {
        if adjust.severity.is_none() && adjust.confidence.is_none() && adjust.title.is_none() && adjust.floor.is_none()
        {
            out.push(file.problem("adjust", "if", "this adjustment changes nothing"));
        }
    }
    let mut found = Vec::new();
    walk(&file.rule, &mut |part| check_part(part, &mut found));
    out.extend(found.into_iter().map(|fault| {
        let key = if locates(file, "when", &fault.needle) { "when" } else { "adjust" };
        file.problem(key, &fault.needle, fault.message).help(fault.help)
    }));
}

fn locates(file: &RuleFile, key: &str, needle: &str) -> bool {
    needle.is_empty() || file.problem(key, needle, "").source.contains(needle)
}

/// A problem before its place is known.
struct Fault {
    needle: String,
    message: String,
    help: String,
}

fn fault(needle: &str, message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { needle: needle.to_owned(), message: message.into(), help: help.into() }
}

fn check_part(part: Part<'_>, out: &mut Vec<Fault>) {
    for (key, list) in patterns(part) {
        for pattern in list.list() {
            if let Err(reason) = expand(pattern) {
                let needle = if pattern.is_empty() { key } else { pattern };
                out.push(fault(needle, format!("'{key}': {reason}"), ""));
            }
        }
    }
    match part {
        Part::Condition(condition) => check_condition(condition, out),
        Part::Guard(guard) => check_guard(guard, out),
    }
}

fn check_condition(condition: &Condition, out: &mut Vec<Fault>) {
    match condition {
        Condition::Any(inner) if inner.is_empty() => out.push(fault("any", "'any' is empty", "")),
        Condition::All(inner) => match inner.first() {
            None => out.push(fault("all", "'all' is empty", "")),
            Some(Condition::Not(_)) => out.push(fault("not", "'not' cannot be the first of 'all'", "")),
            Some(_) => {}
        },
        Condition::Call(call) => check_call(call, out),
        Condition::Annotation(AnnotationCondition::Long { on, .. }) => check_words("on", on, ANNOTATED, out),
        Condition::Loop(one) => check_words("language", &one.language, LANGUAGES, out),
        Condition::Dependency(DependencyCondition::Short(of) | DependencyCondition::Long { of, .. }) => {
            for one in of.list() {
                if !one.contains(':') {
                    out.push(fault(one, format!("'{one}' names no dependency"), "write group:artifact or cargo:crate"));
                }
            }
        }
        Condition::Rust(RustCondition::Long { kind, .. }) => check_words("kind", kind, RUST_KINDS, out),
        Condition::Setting(setting) => check_setting(setting, out),
        Condition::Field(field) => check_field(field, out),
        Condition::Container(one) => {
            for word in one.instruction.list() {
                if word.chars().any(char::is_lowercase) {
                    out.push(fault(word, format!("'{word}' is not upper case"), "FROM, RUN, VOLUME, …"));
                }
            }
            if one.instruction.is_none() {
                out.push(fault("container", "'container' names no instruction", ""));
            }
        }
        Condition::Object(one) => {
            if one.kind.is_none() && one.key.is_none() {
                out.push(fault("object", "'object' names neither 'kind' nor 'key'", ""));
            }
            check_limit("above", one.above.as_deref(), out);
        }
        _ => {}
    }
    if needs_pattern(condition) && patterns(Part::Condition(condition)).is_empty() {
        out.push(fault("", "a condition names nothing", "give it at least one pattern"));
    }
}

/// Would the condition be met by everything if it held no pattern?
fn needs_pattern(condition: &Condition) -> bool {
    matches!(
        condition,
        Condition::New(_)
            | Condition::Annotation(_)
            | Condition::Type(_)
            | Condition::Extends(_)
            | Condition::Import(_)
            | Condition::Dependency(_)
            | Condition::Text(_)
            | Condition::Rust(_)
    )
}

fn check_guard(guard: &Guard, out: &mut Vec<Fault>) {
    match guard {
        Guard::Any(inner) if inner.is_empty() => out.push(fault("any", "'any' is empty", "")),
        Guard::All(inner) if inner.is_empty() => out.push(fault("all", "'all' is empty", "")),
        Guard::Used(words) => check_words("used", words, USED, out),
        Guard::Task(words) => check_words("task", words, TASK, out),
        Guard::Known(words) => check_words("known", words, KNOWN, out),
        Guard::UnitKind(words) => check_words("unit-kind", words, UNIT_KINDS, out),
        Guard::Runtime(runtime) => {
            check_words("web", &runtime.web, WEBS, out);
            let numbers = runtime.java_from.is_some() || runtime.java_below.is_some();
            if !numbers && patterns(Part::Guard(guard)).is_empty() {
                out.push(fault(
                    "runtime",
                    "'runtime' asks for nothing",
                    "framework, version, web, java-from, java-below",
                ));
            }
        }
        Guard::Scope(words) => check_words("scope", words, SCOPES, out),
        Guard::ArgumentOf(call) | Guard::HoldsCall(call) => check_call(call, out),
        Guard::Setting(setting) => check_setting(setting, out),
        Guard::Field(field) => check_field(field, out),
        _ => {}
    }
}

fn check_call(call: &CallCondition, out: &mut Vec<Fault>) {
    if call.name.is_none() {
        out.push(fault("call", "a call needs 'name'", "write name: \"*\" for any method of the type"));
    }
    if call.on.is_none() && call.gives.is_none() && call.name.list().iter().any(|name| name == "*") {
        out.push(fault("call", "any method of any type is too much", "say 'on'"));
    }
}

fn check_field(field: &FieldCondition, out: &mut Vec<Fault>) {
    let traits =
        field.is_static.is_some() || field.is_final.is_some() || field.mutable.is_some() || field.shared.is_some();
    if field.ty.is_none() && field.name.is_none() && field.role.is_none() && !traits {
        out.push(fault("field", "'field' says nothing about the field", ""));
    }
}

fn check_setting(setting: &SettingCondition, out: &mut Vec<Fault>) {
    if setting.key.is_none() {
        out.push(fault("setting", "a setting needs 'key'", ""));
    }
    check_limit("above", setting.above.as_deref(), out);
    check_limit("below", setting.below.as_deref(), out);
    if let Some(file) = &setting.file {
        check_words("file", &OneOrMany::One(file.clone()), SETTING_FILES, out);
    }
}

fn check_limit(key: &str, limit: Option<&str>, out: &mut Vec<Fault>) {
    if let Some(limit) = limit.filter(|limit| !is_limit(limit)) {
        let help = "a number, a size (10MB, 10Gi) or a duration (30s, 5m)";
        out.push(fault(limit, format!("'{key}': '{limit}' is no number"), help));
    }
}

fn check_words(key: &str, words: &OneOrMany, known: &[&str], out: &mut Vec<Fault>) {
    for word in words.list() {
        if !known.contains(&word.as_str()) {
            let help = match closest(word, known) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("one of: {}", known.join(", ")),
            };
            out.push(fault(word, format!("'{key}': '{word}' is not known"), help));
        }
    }
}
