//! By which names the services of the tree are called.

use rustc_hash::FxHashMap;

use crate::facts::{Body, FileFacts};
use crate::link::Linked;
use crate::source::FileIx;
use crate::units::{UnitIx, UnitKind};

/// Keys under which a service gives itself a name.
const OWN_NAME: &[&str] = &["spring.application.name", "quarkus.application.name", "micronaut.application.name"];

/// Services and jobs by name, in lower case; a name of several means none of them.
pub(super) struct Names {
    units: FxHashMap<String, Option<UnitIx>>,
    /// Their lengths: what is longer or shorter holds no name.
    shortest: usize,
}

impl Names {
    pub(super) fn new(linked: &Linked<'_>, facts: &[FileFacts]) -> Self {
        let mut units: FxHashMap<String, Option<UnitIx>> = FxHashMap::default();
        let mut put = |name: &str, ix: UnitIx| {
            let known = units.entry(name.to_lowercase()).or_insert(Some(ix));
            if *known != Some(ix) {
                *known = None;
            }
        };
        for (ix, unit) in linked.units.iter().filter(|(_, u)| matches!(u.kind, UnitKind::Service | UnitKind::Job)) {
            put(unit.name.split(" (").next().unwrap_or_default(), ix);
            put(unit.dir.rsplit('/').next().unwrap_or_default(), ix);
            let own = unit.settings.iter().filter(|s| OWN_NAME.contains(&s.key.as_str()) && !s.overridden);
            own.for_each(|setting| put(setting.value.trim(), ix));
            for (file, object) in &unit.objects {
                if let Some(object) = object_name(facts, *file, *object) {
                    put(object, ix);
                }
            }
        }
        units.retain(|name, _| name.len() > 1 && name != "localhost" && !name.contains("${"));
        let shortest = units.keys().map(String::len).min().unwrap_or(usize::MAX);
        Self { units, shortest }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Is the text long enough to hold a name?
    pub(super) fn may_be_in(&self, text: &str) -> bool {
        text.len() >= self.shortest
    }

    /// The unit that a host or service name means, and the name.
    pub(super) fn find(&self, host: &str) -> Option<(UnitIx, String)> {
        let host = host.to_lowercase();
        // `order.shop.svc.cluster.local` is `order` of Kubernetes; any other domain is somebody else's.
        let name = match host.split_once('.') {
            Some((first, rest)) if rest.split('.').any(|part| part == "svc") => first,
            _ => host.as_str(),
        };
        let unit = (*self.units.get(name)?)?;
        Some((unit, name.to_owned()))
    }

    /// A name that says enough to be one without any word around it.
    pub(super) fn is_telling(&self, text: &str) -> bool {
        let (bytes, service) = (text.as_bytes(), b"service");
        let ending = bytes.len().checked_sub(service.len()).map(|at| &bytes[at..]);
        (memchr::memchr2(b'-', b'_', bytes).is_some() || ending.is_some_and(|end| end.eq_ignore_ascii_case(service)))
            && self.may_be_in(text)
            && self.find(text).is_some()
    }
}

fn object_name(facts: &[FileFacts], file: FileIx, object: u32) -> Option<&str> {
    match &facts.get(file.0 as usize)?.body {
        Body::Objects(objects) => objects.get(object as usize).map(|o| o.name.as_str()),
        _ => None,
    }
}

/// The hosts of all URLs in a text.
pub(super) fn hosts(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, separator)| {
        let scheme = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?;
        let known = ["http", "https", "lb", "ws", "wss", "grpc", "discovery", "static", "dns"];
        let rest = &text[at + separator.len()..];
        // `dns:///order:9090` has an empty authority.
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(rest.len());
        known.contains(&scheme.to_ascii_lowercase().as_str()).then_some(&rest[..end]).filter(|host| !host.is_empty())
    })
}

/// `8080`, also with a path behind it.
pub(super) fn is_port(text: &str) -> bool {
    let digits = text.split('/').next().unwrap_or_default();
    !digits.is_empty() && digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit())
}
