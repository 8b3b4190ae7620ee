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

/// Methods that XML has called on a bean at start: `init-method`, and what an OSGi blueprint binds services with.
/// By the type of the bean, and by each type above it, one of which declares the method.
pub(super) fn started(linked: &Linked<'_>, facts: &[FileFacts]) -> FxHashSet<(TypeId, Name)> {
    let mut out = FxHashSet::default();
    for (i, file) in facts.iter().enumerate() {
        let Body::Settings(settings) = &file.body else { continue };
        let role = linked.workspace[FileIx(i as u32)].role;
        if settings.kind != SettingsKind::Xml || matches!(role, Role::Test | Role::Vendored) {
            continue;
        }
        for (class, method) in calls_at_start(&settings.settings) {
            for id in types(linked, class) {
                let all = linked.types.closure(linked.catalog, Sym::Here(id));
                out.extend(all.iter().filter_map(|s| match s {
                    Sym::Here(id) => Some((*id, Name::new(method))),
                    Sym::Outside(_) => None,
                }));
            }
        }
    }
    out
}

/// Class and method of each such call.
fn calls_at_start(settings: &[Setting]) -> impl Iterator<Item = (&str, &str)> {
    // The attributes of one element have one place.
    let beside = |s: &Setting, name: &str| {
        let same = |o: &&Setting| o.span == s.span && o.key.as_str().ends_with(name);
        settings.iter().find(same).map(|o| o.value.as_str())
    };
    let class_of = move |id: &str| {
        let bean = settings.iter().find(|s| s.key.ends_with("bean.id") && s.value == id)?;
        beside(bean, "bean.class")
    };
    settings.iter().filter_map(move |s| {
        if s.key.ends_with("bean.initmethod") {
            return Some((beside(s, "bean.class")?, s.value.as_str()));
        }
        let binds = ["referencelistener.bindmethod", "referencelistener.unbindmethod"];
        let bound = binds.iter().any(|key| s.key.ends_with(key));
        bound.then(|| Some((class_of(beside(s, "referencelistener.ref")?)?, s.value.as_str())))?
    })
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

#[cfg(test)]
mod tests {
    use crate::facts::code::CallableIx;
    use crate::link::ReachSet;
    use crate::link::closure::tests::{app, with_library};

    #[test]
    fn xml_starts_what_it_names() {
        let relay = "package lib; public class Relay { public void begin() {} public void bind(Object o) {} public void never() {} public void end() {} }";
        let blueprint = r#"<blueprint><bean id="relay" class="lib.Relay" init-method="begin" destroy-method="end"/>
            <reference-list interface="lib.Hook"><reference-listener bind-method="bind" ref="relay"/></reference-list></blueprint>"#;
        let spring =
            r#"<beans><bean class="lib.Relay" init-method="begin"><property name="x" value="1"/></bean></beans>"#;
        let started = |path: &str, xml: &str| {
            with_library(&app("", ""), &[("lib/Relay.java", relay), (path, xml)], |linked, _| {
                let (_, info) = linked.types.iter().find(|(_, t)| t.fqn.as_str() == "lib.Relay").unwrap();
                let facts = linked.facts(info.file).unwrap();
                let starts = |i: &usize| linked.reach(info.file, CallableIx(*i as u32)).has(ReachSet::STARTUP);
                let methods = (0..facts.callables.len()).filter(starts).map(|i| facts.callables[i].name.to_string());
                methods.filter(|name| ["begin", "bind", "never", "end"].contains(&name.as_str())).collect::<Vec<_>>()
            })
        };
        assert_eq!(started("OSGI-INF/blueprint/blueprint.xml", blueprint), ["begin", "bind"]);
        assert_eq!(started("spring-context.xml", spring), ["begin"]);
        assert!(started("spring-context.xml", "<beans/>").is_empty());
    }
}
