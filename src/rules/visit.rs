//! Walking through a rule's conditions and guards, whatever holds them. Only std and the model,
//! because `build.rs` checks rules with this file. Nesting is bounded when a rule is read.

use super::model::{
    AnnotationCondition, ArgCondition, CallCondition, Condition, DependencyCondition, ExtendsCondition, FieldCondition,
    Guard, MethodCondition, NewCondition, OneOrMany, Rule, RustCondition, SettingCondition,
};

/// A part of a rule.
#[derive(Clone, Copy)]
pub enum Part<'r> {
    Condition(&'r Condition),
    Guard(&'r Guard),
}

/// Calls `see` for every condition and guard of the rule, outer before inner.
pub fn walk<'r>(rule: &'r Rule, see: &mut dyn FnMut(Part<'r>)) {
    for condition in rule.when.any.iter().chain(&rule.when.all) {
        walk_condition(condition, see);
    }
    for guard in rule.when.unless.iter().chain(rule.adjust.iter().map(|adjust| &adjust.when)) {
        walk_guard(guard, see);
    }
}

fn walk_condition<'r>(condition: &'r Condition, see: &mut dyn FnMut(Part<'r>)) {
    see(Part::Condition(condition));
    match condition {
        Condition::Any(inner) | Condition::All(inner) => inner.iter().for_each(|one| walk_condition(one, see)),
        Condition::Not(inner) => walk_condition(inner, see),
        _ => {}
    }
}

fn walk_guard<'r>(guard: &'r Guard, see: &mut dyn FnMut(Part<'r>)) {
    see(Part::Guard(guard));
    match guard {
        Guard::Any(inner) | Guard::All(inner) => inner.iter().for_each(|one| walk_guard(one, see)),
        Guard::Not(inner) => walk_guard(inner, see),
        Guard::Unit(condition) | Guard::Users(condition) | Guard::File(condition) => walk_condition(condition, see),
        _ => {}
    }
}

/// The conditions that select sites: those of `any`, the first of `all`, groups taken apart.
pub fn selecting(rule: &Rule) -> Vec<&Condition> {
    let mut out = Vec::new();
    let mut open: Vec<&Condition> = rule.when.any.iter().chain(rule.when.all.first()).collect();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::Any(inner) => open.extend(inner),
            Condition::All(inner) => open.extend(inner.first()),
            Condition::Not(_) => {}
            leaf => out.push(leaf),
        }
    }
    out
}

/// The patterns that a part itself holds, with the key they stand under.
pub fn patterns<'r>(part: Part<'r>) -> Vec<(&'static str, &'r OneOrMany)> {
    let mut out = Vec::new();
    match part {
        Part::Condition(condition) => of_condition(condition, &mut out),
        Part::Guard(guard) => of_guard(guard, &mut out),
    }
    out.retain(|(_, patterns)| !patterns.is_none());
    out
}

type Patterns<'r> = Vec<(&'static str, &'r OneOrMany)>;

fn of_condition<'r>(condition: &'r Condition, out: &mut Patterns<'r>) {
    match condition {
        Condition::Any(_) | Condition::All(_) | Condition::Not(_) | Condition::Loop(_) => {}
        Condition::Call(call) => of_call(call, out),
        Condition::New(NewCondition::Short(ty)) => out.push(("new", ty)),
        Condition::New(NewCondition::Long { ty, args, .. }) => {
            out.push(("type", ty));
            args.iter().for_each(|arg| of_arg(arg, out));
        }
        Condition::Annotation(AnnotationCondition::Short(ty)) => out.push(("annotation", ty)),
        Condition::Annotation(AnnotationCondition::Long { ty, attributes, without, .. }) => {
            out.push(("type", ty));
            out.extend(attributes.values().map(|value| ("where", value)));
            out.push(("without", without));
        }
        Condition::Type(ty) => out.push(("type", ty)),
        Condition::Extends(ExtendsCondition::Short(ty)) => out.push(("extends", ty)),
        Condition::Extends(ExtendsCondition::Long { ty, argument }) => {
            out.extend([("type", ty), ("argument", argument)]);
        }
        Condition::Field(field) => of_field(field, out),
        Condition::Method(method) => of_method(method, out),
        Condition::Import(path) => out.push(("import", path)),
        Condition::Dependency(DependencyCondition::Short(of)) => out.push(("dependency", of)),
        Condition::Dependency(DependencyCondition::Long { of, features, version, .. }) => {
            out.extend([("of", of), ("features", features), ("version", version)]);
        }
        Condition::Setting(setting) => of_setting(setting, out),
        Condition::Text(text) => out.push(("text", text)),
        Condition::Rust(RustCondition::Short(path)) => out.push(("rust", path)),
        Condition::Rust(RustCondition::Long { path, args, .. }) => {
            out.push(("path", path));
            args.iter().for_each(|arg| of_arg(arg, out));
        }
        Condition::Container(container) => out.extend([
            ("instruction", &container.instruction),
            ("value", &container.value),
            ("not-value", &container.not_value),
        ]),
        Condition::Object(object) => out.extend([
            ("kind", &object.kind),
            ("key", &object.key),
            ("value", &object.value),
            ("not-value", &object.not_value),
        ]),
    }
}

fn of_guard<'r>(guard: &'r Guard, out: &mut Patterns<'r>) {
    match guard {
        Guard::Any(_) | Guard::All(_) | Guard::Not(_) | Guard::Reachable(_) | Guard::Joined(_) => {}
        Guard::Used(_) | Guard::UnitKind(_) | Guard::Scope(_) | Guard::InDaemonLoop(_) | Guard::InProfileOff(_) => {}
        Guard::Scratch(_) | Guard::Socket(_) | Guard::HoldsLoop(_) | Guard::Wrapper(_) => {}
        Guard::Answers(_) | Guard::PartOfAnswer(_) => {}
        Guard::Work(work) => out.extend([("any", &work.any), ("only", &work.only)]),
        Guard::TaskLoops(_) | Guard::OnlyMeasures(_) | Guard::Component(_) | Guard::InLoop(_) => {}
        Guard::OnlyStartsTasks(_) | Guard::GivenBack(_) | Guard::FeedsResult(_) | Guard::Stub(_) => {}
        Guard::OwnType(_) | Guard::CallersWait(_) | Guard::Task(_) | Guard::Known(_) => {}
        Guard::WrittenIn(names) => out.push(("written-in", names)),
        Guard::Unit(_) | Guard::Users(_) | Guard::File(_) => {}
        Guard::InType(names) => out.push(("in-type", names)),
        Guard::InAnnotated(names) => out.push(("in-annotated", names)),
        Guard::InMethod(names) => out.push(("in-method", names)),
        Guard::MethodAnnotated(names) => out.push(("method-annotated", names)),
        Guard::ArgumentOf(call) | Guard::HoldsCall(call) => of_call(call, out),
        Guard::ChainHas(names) => out.push(("chain-has", names)),
        Guard::Argument(arg) | Guard::ChainArgument(arg) => of_arg(arg, out),
        Guard::SameMethodCalls(names) => out.push(("same-method-calls", names)),
        Guard::SiblingFile(names) => out.push(("sibling-file", names)),
        Guard::SiblingCalls(names) => out.push(("sibling-calls", names)),
        Guard::LaterCalls(names) => out.push(("later-calls", names)),
        Guard::CallersCall(names) => out.push(("callers-call", names)),
        Guard::Attribute(attribute) => out.push(("value", &attribute.value)),
        Guard::Setting(setting) => of_setting(setting, out),
        Guard::Path(globs) => out.push(("path", globs)),
        Guard::Field(field) => of_field(field, out),
        Guard::Key(globs) => out.push(("key", globs)),
        Guard::Value(globs) => out.push(("value", globs)),
        Guard::Runtime(runtime) => {
            out.extend([("framework", &runtime.framework), ("version", &runtime.version), ("web", &runtime.web)]);
        }
    }
}

fn of_call<'r>(call: &'r CallCondition, out: &mut Patterns<'r>) {
    out.extend([("on", &call.on), ("name", &call.name), ("gives", &call.gives)]);
    call.args.iter().for_each(|arg| of_arg(arg, out));
}

fn of_arg<'r>(arg: &'r ArgCondition, out: &mut Patterns<'r>) {
    out.extend([("value", &arg.value), ("type", &arg.ty)]);
}

fn of_field<'r>(field: &'r FieldCondition, out: &mut Patterns<'r>) {
    out.extend([("type", &field.ty), ("name", &field.name)]);
}

fn of_method<'r>(method: &'r MethodCondition, out: &mut Patterns<'r>) {
    out.extend([
        ("name", &method.name),
        ("returns", &method.returns),
        ("param", &method.param),
        ("annotated", &method.annotated),
        ("of", &method.of),
    ]);
}

fn of_setting<'r>(setting: &'r SettingCondition, out: &mut Patterns<'r>) {
    out.extend([("key", &setting.key), ("value", &setting.value), ("not-value", &setting.not_value)]);
}
