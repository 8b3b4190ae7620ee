//! Who talks to whom: calls by URL or service name, topics and queues from who writes to who reads.
//! What can be read without running anything, and no more: a name that is made at run time is missed.

mod code;
mod names;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::Linked;
use super::globs::{braces, glob};
use crate::facts::FileFacts;
use crate::facts::code::{CallableIx, TypeIx};
use crate::facts::settings::canonical_key;
use crate::source::{FileIx, Role};
use crate::text::{Name, Span};
use crate::units::{Unit, UnitIx, UnitKind};
use names::{Names, hosts};

/// `rules/catalog/talks.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TalksData {
    #[serde(rename = "as_of")]
    _as_of: String,
    clients: Vec<Annotated>,
    listeners: Vec<Annotated>,
    senders: Vec<Called>,
    readers: Vec<Called>,
    settings: Keys,
    /// Globs of methods, in lower case.
    identities: Vec<String>,
}

/// Arguments of an annotation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Annotated {
    annotation: Name,
    args: Vec<Name>,
}

/// An argument of a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Called {
    on: Name,
    name: String,
    arg: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Keys {
    sends: Vec<String>,
    reads: Vec<String>,
    not_calls: Vec<String>,
    names: Vec<String>,
}

/// How one unit speaks to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It waits for an answer.
    Http,
    /// Through a topic or queue.
    Queue,
}

impl How {
    /// As written in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Queue => "queue",
        }
    }
}

/// One unit talks to another, as told at this place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Talk {
    pub from: UnitIx,
    pub to: UnitIx,
    pub how: How,
    /// The name of the service as it is called, or of the topic.
    pub what: String,
    pub file: FileIx,
    pub span: Span,
}

/// What a place says, as written: placeholders are still in it.
struct Said {
    kind: Kind,
    text: String,
    file: FileIx,
    span: Span,
    callable: Option<CallableIx>,
    ty: Option<TypeIx>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A URL, or the name of a service.
    Calls,
    /// Any text: only a URL in it counts.
    Text,
    Sends,
    Reads,
}

/// An end of a topic or queue.
struct End {
    unit: UnitIx,
    text: String,
    file: FileIx,
    span: Span,
}

/// Finds all of it; sorted, the first place of each tie only.
pub fn talks(linked: &Linked<'_>, facts: &[FileFacts], data: &TalksData) -> Vec<Talk> {
    let names = Names::new(linked, facts);
    if names.is_empty() {
        return Vec::new();
    }
    let said: Vec<Said> = (0..linked.code.len())
        .into_par_iter()
        .map(|i| FileIx(i as u32))
        .filter(|file| linked.workspace[*file].role == Role::Main)
        .map_init(code::Listed::default, |listed, file| code::said(linked, file, data, &names, listed))
        .flatten_iter()
        .collect();
    let mut found = Found { talks: Vec::new(), sends: Vec::new(), reads: Vec::new(), names: &names };
    let users = users(linked);
    for said in &said {
        for unit in payers(linked, &users, said) {
            found.add(unit, said.kind, &filled(&linked.units[unit], &said.text), said.file, said.span);
        }
    }
    for (ix, unit) in linked.units.iter().filter(|(_, u)| u.kind.is_assessed()) {
        found.settings(ix, unit, &data.settings);
    }
    found.finish()
}

/// For each library the services and jobs that use it.
fn users(linked: &Linked<'_>) -> FxHashMap<UnitIx, Vec<UnitIx>> {
    let mut users: FxHashMap<UnitIx, Vec<UnitIx>> = FxHashMap::default();
    for (ix, unit) in linked.units.iter().filter(|(_, u)| u.kind.is_assessed()) {
        unit.libraries.iter().for_each(|library| users.entry(*library).or_default().push(ix));
    }
    users
}

fn payers(linked: &Linked<'_>, users: &FxHashMap<UnitIx, Vec<UnitIx>>, said: &Said) -> Vec<UnitIx> {
    let Some(unit) = linked.unit(said.file) else { return Vec::new() };
    match linked.units[unit].kind {
        UnitKind::Service | UnitKind::Job => vec![unit],
        UnitKind::Library => {
            let users = users.get(&unit).into_iter().flatten().copied();
            users.filter(|user| linked.reaches(*user, said.file, said.callable, said.ty)).collect()
        }
        _ => Vec::new(),
    }
}

/// `${order.url:http://order}` as the unit's settings have it, or by its default.
fn filled(unit: &Unit, text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let Some((inner, after)) = rest.rsplit_once('}') else { return text.to_owned() };
    let (key, default) = inner.split_once(':').unwrap_or((inner, ""));
    let key = canonical_key(key);
    let setting = unit.settings.iter().find(|s| s.key.as_str() == key && s.active && !s.overridden);
    format!("{before}{}{after}", setting.map_or(default, |s| s.value.as_str()))
}

struct Found<'a> {
    talks: Vec<Talk>,
    sends: Vec<End>,
    reads: Vec<End>,
    names: &'a Names,
}

impl Found<'_> {
    fn add(&mut self, unit: UnitIx, kind: Kind, text: &str, file: FileIx, span: Span) {
        let end = |text: &str| End { unit, text: text.to_owned(), file, span };
        match kind {
            Kind::Sends if is_name(text) => self.sends.push(end(text)),
            Kind::Reads if is_name(text) => self.reads.push(end(text)),
            Kind::Sends | Kind::Reads => {}
            Kind::Calls | Kind::Text => {
                let bare = (kind == Kind::Calls).then_some(text.trim());
                for host in hosts(text).chain(bare) {
                    self.call(unit, host, file, span);
                }
            }
        }
    }

    fn call(&mut self, from: UnitIx, host: &str, file: FileIx, span: Span) {
        if let Some((to, what)) = self.names.find(host).filter(|(to, _)| *to != from) {
            self.talks.push(Talk { from, to, how: How::Http, what, file, span });
        }
    }

    fn settings(&mut self, ix: UnitIx, unit: &Unit, keys: &Keys) {
        let is = |list: &[String], key: &str| list.iter().flat_map(|g| braces(g)).any(|g| glob(&g, key));
        for setting in unit.settings.iter().filter(|s| s.active && !s.overridden) {
            let (key, value) = (setting.key.as_str(), setting.value.trim());
            let kinds = [(&keys.sends, Kind::Sends), (&keys.reads, Kind::Reads)];
            if let Some((_, kind)) = kinds.into_iter().find(|(list, _)| is(list, key)) {
                self.add(ix, kind, value, setting.file, setting.span);
            } else if self.names.may_be_in(value) && !is(&keys.not_calls, key) {
                self.add(ix, Kind::Text, value, setting.file, setting.span);
                for part in value.split(',').map(str::trim) {
                    // `order:8080`, or only `order` where the key asks for such a thing.
                    let host = part.split_once(':').filter(|(_, port)| names::is_port(port)).map(|(host, _)| host);
                    if let Some(host) = host.or_else(|| is(&keys.names, key).then_some(part)) {
                        self.call(ix, host, setting.file, setting.span);
                    }
                }
            }
        }
    }

    /// Joins those who write with those who read.
    fn finish(mut self) -> Vec<Talk> {
        let mut readers: FxHashMap<&str, Vec<UnitIx>> = FxHashMap::default();
        self.reads.iter().for_each(|end| readers.entry(&end.text).or_default().push(end.unit));
        for end in &self.sends {
            // `topic:tag` of RocketMQ.
            let topic = end.text.split(':').next().unwrap_or_default();
            let known = [end.text.as_str(), topic].into_iter().find_map(|text| Some((text, readers.get(text)?)));
            let Some((topic, units)) = known else { continue };
            let others = units.iter().filter(|to| **to != end.unit);
            self.talks.extend(others.map(|to| Talk {
                from: end.unit,
                to: *to,
                how: How::Queue,
                what: topic.to_owned(),
                file: end.file,
                span: end.span,
            }));
        }
        self.talks.sort();
        let mut seen = FxHashSet::default();
        self.talks.retain(|t| seen.insert((t.from, t.to, t.how == How::Queue, t.what.clone())));
        self.talks
    }
}

/// Could it be the name of a topic or queue? Expressions of Spring are none.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() < 250 && !text.contains("#{") && !text.contains("${") && !text.contains(' ')
}

#[cfg(test)]
mod tests;
