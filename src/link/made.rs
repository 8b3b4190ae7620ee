//! Types of which the set-up makes one object for all requests without an annotation that says so: beans of
//! Spring XML, and resource classes that the code hands to a server as an object.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::Linked;
use super::types::{Sym, TypeId};
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, Target};
use crate::facts::settings::SettingsKind;
use crate::facts::{Body, FileFacts, Setting};
use crate::source::{FileIx, Role, Workspace};
use crate::text::Name;

/// All such types.
pub(super) fn once(linked: &Linked<'_>, facts: &[FileFacts]) -> FxHashSet<TypeId> {
    let mut out = FxHashSet::default();
    for (i, file) in facts.iter().enumerate() {
        let Body::Settings(settings) = &file.body else { continue };
        let role = linked.workspace[FileIx(i as u32)].role;
        if settings.kind == SettingsKind::Xml && !matches!(role, Role::Test | Role::Vendored) {
            out.extend(beans(&settings.settings).flat_map(|class| types(linked, class)));
        }
    }
    let served = |i: usize| {
        let file = FileIx(i as u32);
        let java = linked.is_java(file) && linked.workspace[file].role != Role::Test;
        let code = linked.facts(file).filter(|_| java);
        let exprs = code.map(|code| code.exprs.iter().enumerate()).into_iter().flatten();
        exprs.filter_map(move |(e, expr)| {
            let ExprKind::New { body: None, .. } = expr.kind else { return None };
            let Some(Sym::Here(id)) = linked.callee(file, ExprIx(e as u32)).owner else { return None };
            serves(linked, id).then_some(id)
        })
    };
    out.extend((0..linked.code.len()).into_par_iter().flat_map_iter(served).collect::<Vec<_>>());
    out
}

/// Methods that endpoints, listeners and timers of Spring XML name (`<int:service-activator ref="orders" method="take"/>`).
pub(super) fn xml_methods(workspace: &Workspace, facts: &[FileFacts]) -> FxHashSet<Name> {
    let mut out = FxHashSet::default();
    for (i, file) in facts.iter().enumerate() {
        let Body::Settings(settings) = &file.body else { continue };
        let role = workspace[FileIx(i as u32)].role;
        if settings.kind == SettingsKind::Xml && !matches!(role, Role::Test | Role::Vendored) {
            let named = settings.settings.iter().filter(|s| s.key.starts_with("beans") && s.key.ends_with(".method"));
            out.extend(named.map(|s| Name::new(&s.value)));
        }
    }
    out
}

/// Has it methods that serve requests? What the container makes by itself, it may make per request.
fn serves(linked: &Linked<'_>, id: TypeId) -> bool {
    let info = &linked.types[id];
    let Some(facts) = linked.facts(info.file) else { return false };
    facts.callables.iter().zip(0u32..).any(|(callable, at)| {
        callable.kind == CallableKind::Method
            && callable.owner == Some(info.ix)
            && linked.has_annotation(info.file, Target::Callable(CallableIx(at)), &linked.catalog.request_annotations)
    })
}

/// The classes of `<bean class="…">`, but those of which the container makes one per use.
fn beans(settings: &[Setting]) -> impl Iterator<Item = &str> {
    let attribute = |s: &Setting, name: &str| s.key.strip_suffix(name).is_some_and(|rest| rest.ends_with("bean."));
    settings.iter().enumerate().filter(move |(_, s)| attribute(s, "class")).filter_map(move |(i, s)| {
        // Attributes of one element stand together.
        let near = |s: &&Setting| ["id", "name", "scope", "parent", "lazyinit"].iter().any(|a| attribute(s, a));
        let before = settings[..i].iter().rev().take_while(near);
        let after = settings[i + 1..].iter().take_while(near);
        let many = before.chain(after).any(|s| attribute(s, "scope") && s.value != "singleton");
        (!many).then_some(s.value.as_str())
    })
}

fn types(linked: &Linked<'_>, class: &str) -> Vec<TypeId> {
    let Some((package, simple)) = class.rsplit_once('.') else { return Vec::new() };
    linked.types.top(Name::new(package), Name::new(simple)).to_vec()
}
