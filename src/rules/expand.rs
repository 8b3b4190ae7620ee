//! Patterns written out, once: a match then neither splits nor allocates.

use super::model::{
    AnnotationCondition, ArgCondition, Condition, DependencyCondition, ExtendsCondition, NewCondition, OneOrMany,
    RustCondition,
};
use crate::link::braces;

/// Replaces the `{a,b}` of all patterns of a condition by what they stand for.
pub(super) fn expand(condition: &mut Condition) {
    match condition {
        Condition::Any(_) | Condition::All(_) | Condition::Not(_) => {}
        Condition::Call(call) => {
            write_out([&mut call.on, &mut call.name]);
            call.args.iter_mut().for_each(argument);
        }
        Condition::New(NewCondition::Long { ty, args, .. }) => {
            write_out([ty]);
            args.iter_mut().for_each(argument);
        }
        Condition::Annotation(AnnotationCondition::Long { ty, attributes, .. }) => {
            write_out(std::iter::once(ty).chain(attributes.values_mut()));
        }
        Condition::Extends(ExtendsCondition::Long { ty, argument }) => write_out([ty, argument]),
        Condition::New(NewCondition::Short(list))
        | Condition::Annotation(AnnotationCondition::Short(list))
        | Condition::Extends(ExtendsCondition::Short(list))
        | Condition::Dependency(DependencyCondition::Short(list))
        | Condition::Rust(RustCondition::Short(list))
        | Condition::Type(list)
        | Condition::Import(list)
        | Condition::Text(list) => write_out([list]),
        Condition::Field(field) => write_out([&mut field.ty, &mut field.name]),
        Condition::Method(m) => write_out([&mut m.name, &mut m.returns, &mut m.param, &mut m.annotated, &mut m.of]),
        Condition::Loop(l) => write_out([&mut l.language]),
        Condition::Dependency(DependencyCondition::Long { of, features, .. }) => write_out([of, features]),
        Condition::Setting(setting) => write_out([&mut setting.value, &mut setting.not_value]),
        Condition::Rust(RustCondition::Long { path, kind, args }) => {
            write_out([path, kind]);
            args.iter_mut().for_each(argument);
        }
        Condition::Container(c) => write_out([&mut c.instruction, &mut c.value, &mut c.not_value]),
        Condition::Object(o) => write_out([&mut o.kind, &mut o.key, &mut o.value, &mut o.not_value]),
    }
}

fn argument(argument: &mut ArgCondition) {
    write_out([&mut argument.value, &mut argument.ty]);
}

fn write_out<'a>(lists: impl IntoIterator<Item = &'a mut OneOrMany>) {
    for list in lists {
        if list.list().iter().any(|pattern| pattern.contains('{')) {
            *list = OneOrMany::Many(list.list().iter().flat_map(|pattern| braces(pattern)).collect());
        }
    }
}
