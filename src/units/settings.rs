//! Effective settings: files on the class path, profiles, central files, environment.

use rustc_hash::{FxHashMap, FxHashSet};

use super::deploy::{Deployed, Variable};
use super::input::{Draft, Input};
use super::model::EffectiveSetting;
use super::named::{self, Source};
use super::paths;
use crate::facts::Body;
use crate::facts::settings::{SettingsFacts, SettingsKind, canonical_key};
use crate::source::{FileIx, Role};
use crate::text::{Name, Span};

/// Placeholders within placeholders.
const MAX_DEPTH: usize = 8;
/// Values longer than this are not replaced further.
const MAX_VALUE: usize = 4096;

/// The settings files of a workspace by the unit that brings them.
pub(super) struct Files<'a> {
    input: &'a Input<'a>,
    of_unit: Vec<Vec<FileIx>>,
    /// Files kept centrally: by unit, with the profile that their name tells.
    central: FxHashMap<usize, Vec<(FileIx, Name)>>,
    /// Files that settings or deployments add by their place.
    added: FxHashMap<usize, Vec<FileIx>>,
}

/// A setting before the last word is spoken.
struct Candidate {
    key: Name,
    value: String,
    file: FileIx,
    span: Span,
    profile: Name,
    rank: u8,
}

impl<'a> Files<'a> {
    /// `deployed` is parallel to `drafts`.
    pub(super) fn new(
        input: &'a Input<'a>,
        drafts: &[Draft],
        unit_of: &[Option<usize>],
        deployed: &[Deployed],
    ) -> Self {
        let mut files = Self {
            input,
            of_unit: vec![Vec::new(); drafts.len()],
            central: FxHashMap::default(),
            added: FxHashMap::default(),
        };
        let mut loose = Vec::new();
        let mut sources = named::by_code(input, unit_of);
        for (unit, deployed) in deployed.iter().enumerate() {
            let found = deployed.variables.iter().flat_map(|v| named::by_key(&environment_key(&v.key), &v.value));
            let found: Vec<Source> = found.collect();
            if !found.is_empty() {
                sources.entry(unit).or_default().extend(found);
            }
        }
        for (ix, file, _) in input.files() {
            let Some(settings) = files.settings(ix) else { continue };
            if settings.kind != SettingsKind::Application
                || matches!(file.role, Role::Test | Role::Vendored | Role::Generated)
            {
                continue;
            }
            let unit = unit_of.get(ix.0 as usize).copied().flatten();
            if let Some(unit) = unit
                && (is_loaded(&file.path, &drafts[unit])
                    || is_passed_at_start(settings)
                    || sources.get(&unit).is_some_and(|all| all.iter().any(|s| s.names(&file.path))))
            {
                files.of_unit[unit].push(ix);
            } else {
                loose.push(ix);
            }
        }
        files.find_imported(drafts, &loose, &sources);
        files.find_central(drafts, &loose);
        files
    }

    fn settings(&self, file: FileIx) -> Option<&'a SettingsFacts> {
        match self.input.body(file) {
            Some(Body::Settings(settings)) => Some(settings),
            _ => None,
        }
    }

    /// Files that settings import (`spring.config.import`), or that a deployment names and that lie outside the resources.
    fn find_imported(&mut self, drafts: &[Draft], loose: &[FileIx], sources: &FxHashMap<usize, Vec<Source>>) {
        for (unit, draft) in drafts.iter().enumerate() {
            let settings = self.of_unit[unit].iter().filter_map(|f| self.settings(*f)).flat_map(|s| &s.settings);
            let imported = settings.flat_map(|s| named::by_key(&s.key, &s.value));
            let imported: Vec<Source> = imported.collect();
            let all = || imported.iter().chain(sources.get(&unit).into_iter().flatten());
            if all().next().is_none() {
                continue;
            }
            let fits = |file: FileIx| {
                let path = self.input.path(file);
                let own = paths::within(path, &draft.dir);
                all().any(|source| source.fits_outside(path, &draft.dir) || own && source.names(path))
            };
            let found: Vec<FileIx> = loose.iter().copied().filter(|file| fits(*file)).collect();
            for file in found {
                self.added.entry(unit).or_default().push(file);
            }
        }
    }

    /// `config/orders-prod.yml`, `config-repo/orders/application.yml`: by the name that a service goes by.
    fn find_central(&mut self, drafts: &[Draft], loose: &[FileIx]) {
        let mut by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (unit, draft) in drafts.iter().enumerate() {
            let mut names = vec![draft.name.clone()];
            names.extend(self.application_name(unit));
            names.sort();
            names.dedup();
            for name in names.into_iter().filter(|n| n.len() > 1) {
                by_name.entry(name).or_default().push(unit);
            }
        }
        // Units by the folder that holds a file of theirs.
        let mut folders: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut shared: Vec<(FileIx, Name)> = Vec::new();
        for file in loose {
            let path = self.input.path(*file);
            let stem = paths::stem(path);
            let found = name_prefixes(stem).find_map(|name| Some((by_name.get(name)?, &stem[name.len()..])));
            let (units, rest) = match found {
                Some(found) => found,
                None if stem.starts_with("application") => {
                    let rest = stem.trim_start_matches("application");
                    let Some(units) = by_name.get(paths::base(paths::parent(path))) else {
                        shared.push((*file, Name::new(rest.trim_start_matches('-'))));
                        continue;
                    };
                    (units, rest)
                }
                None => continue,
            };
            folders.entry(paths::parent(path)).or_default().extend(units);
            let profile = Name::new(rest.trim_start_matches('-'));
            for unit in units {
                self.central.entry(*unit).or_default().push((*file, profile));
            }
        }
        // `config/shared/application.yml` holds for all whose files lie beside it.
        for (file, profile) in shared {
            let mut units = folders.get(paths::parent(self.input.path(file))).cloned().unwrap_or_default();
            units.sort_unstable();
            units.dedup();
            for unit in units {
                // What names the service wins over it.
                self.central.entry(unit).or_default().insert(0, (file, profile));
            }
        }
    }

    /// `spring.application.name` and its kin, as written without placeholders.
    pub(super) fn application_name(&self, unit: usize) -> Option<String> {
        let keys = ["spring.application.name", "quarkus.application.name", "micronaut.application.name"];
        let settings = self.of_unit[unit].iter().filter_map(|f| self.settings(*f)).flat_map(|s| &s.settings);
        let mut found = settings.filter(|s| keys.contains(&s.key.as_str()));
        found.find(|s| !s.value.contains("${")).map(|s| s.value.trim().to_string())
    }

    /// The settings that hold for a unit and the libraries it ships.
    /// `property` tells what the build puts in place of `@name@`.
    pub(super) fn effective(
        &self,
        unit: usize,
        libraries: &[usize],
        variables: &[Variable],
        property: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<EffectiveSetting> {
        let mut all = Vec::new();
        let own_names: FxHashSet<&str> = self.of_unit[unit].iter().map(|f| paths::base(self.input.path(*f))).collect();
        for library in libraries {
            for file in &self.of_unit[*library] {
                // The first `application.yml` on the class path hides the others.
                if !own_names.contains(paths::base(self.input.path(*file))) {
                    self.read(*file, None, 0, &mut all);
                }
            }
        }
        for file in &self.of_unit[unit] {
            let base = paths::base(self.input.path(*file));
            // What the command line names is no profile's.
            let named = self.settings(*file).is_some_and(is_passed_at_start);
            // What code names (`@PropertySource`) gives way to what the framework finds by itself.
            let rank = match base {
                _ if base.starts_with("bootstrap") => 2,
                _ if named || ["application", "micro"].iter().any(|p| base.starts_with(p)) => 3,
                _ => 1,
            };
            self.read(*file, named.then(Name::default), rank, &mut all);
        }
        for (file, profile) in self.central.get(&unit).into_iter().flatten() {
            self.read(*file, Some(*profile), 4, &mut all);
        }
        for file in self.added.get(&unit).into_iter().flatten() {
            self.read(*file, None, 5, &mut all);
        }
        for candidate in all.iter_mut().filter(|c| c.value.contains('@')) {
            if let Some(value) = filtered(&candidate.value, property) {
                candidate.value = value;
            }
        }
        let active = active_profiles(&all, variables);
        add_variables(&mut all, variables);
        settle(all, &active, variables)
    }

    fn read(&self, file: FileIx, profile: Option<Name>, rank: u8, out: &mut Vec<Candidate>) {
        let Some(settings) = self.settings(file) else { return };
        let of_file = profile.unwrap_or(settings.profile);
        // A profile's file wins over the plain one; `.properties` over YAML of the same place.
        let properties = u8::from(self.input.path(file).ends_with(".properties"));
        for setting in &settings.settings {
            let profile = if setting.profile.is_empty() { of_file } else { setting.profile };
            let rank =
                rank * 8 + 4 * u8::from(!of_file.is_empty()) + 2 * u8::from(!setting.profile.is_empty()) + properties;
            let key = Name::new(&canonical_key(&setting.key));
            out.push(Candidate { key, value: setting.value.clone(), file, span: setting.span, profile, rank });
        }
    }
}

/// The name itself, then what stands before each `-`, from the right.
fn name_prefixes(stem: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(stem), |name| name.rsplit_once('-').map(|(head, _)| head))
}

/// Dropwizard reads the file that the command line names, so only its content tells it.
fn is_passed_at_start(settings: &SettingsFacts) -> bool {
    let roots = ["server.applicationconnectors", "server.adminconnectors", "server.connector.", "database.driverclass"];
    settings.settings.iter().any(|s| roots.iter().any(|root| s.key.starts_with(root)))
}

/// Does the framework load this file by itself?
fn is_loaded(path: &str, draft: &Draft) -> bool {
    let inner = path.strip_prefix(draft.dir.as_str()).unwrap_or(path).trim_start_matches('/');
    let resources = inner.contains("resources/") || !inner.contains('/') || inner.starts_with("config/");
    // A configuration server keeps others' files in folders below its resources.
    let below = inner.split_once("resources/").map_or("", |(_, rest)| paths::parent(rest));
    let stem = paths::stem(path);
    let named = |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let known = ["application", "bootstrap", "microprofile-config", "microservice"].iter().any(|prefix| named(prefix));
    // Hibernate and its plug-ins look for a file of their own in the root of the class path.
    let hibernate = below.is_empty() && stem.starts_with("hibernate") && path.ends_with(".properties");
    let known = known || hibernate;
    let own = named(&draft.name) || named(paths::base(&draft.dir));
    resources && matches!(below, "" | "config" | "META-INF") && (known || (own && !inner.starts_with("config/")))
}

/// The profiles that deployments, or else the files, turn on.
fn active_profiles(all: &[Candidate], variables: &[Variable]) -> FxHashSet<String> {
    let mut active = FxHashSet::default();
    let mut add = |text: &str| {
        active.extend(
            text.split([',', ' '])
                .map(str::trim)
                .filter(|p| !p.is_empty() && !p.contains("${"))
                .map(ToString::to_string),
        );
    };
    let keys = ["spring.profiles.active", "quarkus.profile", "micronaut.environments"];
    for variable in variables {
        if keys.contains(&environment_key(&variable.key).as_str()) {
            add(&variable.value);
        }
    }
    let by_files = active.is_empty();
    let mut add = |text: &str| {
        active.extend(
            text.split([',', ' '])
                .map(str::trim)
                .filter(|p| !p.is_empty() && !p.contains("${"))
                .map(ToString::to_string),
        );
    };
    let written = |key: &Name| key.split('[').next().unwrap_or("").to_string();
    for setting in all.iter().filter(|s| s.profile.is_empty()) {
        let key = written(&setting.key);
        if (by_files && keys.contains(&key.as_str())) || key == "spring.profiles.include" {
            let value = setting.value.trim();
            let default = value.strip_prefix("${").and_then(|v| v.strip_suffix('}')).and_then(|v| v.split_once(':'));
            add(default.map_or(value, |(_, default)| default));
        }
    }
    // Groups: `spring.profiles.group.production[0]: db`.
    for _ in 0..4 {
        let before = active.len();
        for setting in all {
            let group = setting.key.strip_prefix("spring.profiles.group.").map(|g| g.split('[').next().unwrap_or(g));
            if group.is_some_and(|g| active.contains(g)) {
                active.extend(setting.value.split(',').map(|p| p.trim().to_string()).filter(|p| !p.is_empty()));
            }
        }
        if active.len() == before {
            break;
        }
    }
    if active.is_empty() {
        active.insert("default".to_string());
    }
    active
}

/// `SPRING_DATASOURCE_URL` and `spring.datasource.url` are one.
fn environment_key(key: &str) -> String {
    if key.contains('.') { canonical_key(key) } else { key.to_lowercase().replace('_', ".") }
}

fn add_variables(all: &mut Vec<Candidate>, variables: &[Variable]) {
    let dotless = |key: &str| key.replace(['.', '_', '-'], "").to_lowercase();
    let known: FxHashMap<String, Name> = all.iter().map(|s| (dotless(&s.key), s.key)).collect();
    for variable in variables {
        let relaxed = known.get(&dotless(&variable.key)).copied();
        let key = relaxed.unwrap_or_else(|| Name::new(&environment_key(&variable.key)));
        let (value, file, span) = (variable.value.clone(), variable.file, variable.span);
        all.push(Candidate { key, value, file, span, profile: Name::default(), rank: 200 });
    }
}

fn settle(mut all: Vec<Candidate>, active: &FxHashSet<String>, variables: &[Variable]) -> Vec<EffectiveSetting> {
    // Stable: within one rank the later mention wins.
    all.sort_by_key(|s| (s.key, s.rank));
    let mut out: Vec<EffectiveSetting> = all
        .into_iter()
        .map(|s| EffectiveSetting {
            active: is_active(&s.profile, active),
            key: s.key,
            value: s.value,
            file: s.file,
            span: s.span,
            profile: s.profile,
            overridden: false,
        })
        .collect();
    for at in 0..out.len() {
        let mut later = out[at + 1..].iter().take_while(|s| s.key == out[at].key);
        let hidden = out[at].active && later.any(|s| s.active);
        out[at].overridden = hidden;
    }
    let mut values: FxHashMap<String, String> = FxHashMap::default();
    for setting in out.iter().filter(|s| s.active && !s.overridden) {
        values.insert(setting.key.to_string(), setting.value.clone());
    }
    let environment: FxHashMap<&str, &str> = variables.iter().map(|v| (v.key.as_str(), v.value.as_str())).collect();
    for setting in &mut out {
        if setting.value.contains("${") {
            setting.value = replaced(&setting.value, &values, &environment);
        }
    }
    out
}

/// Replaces `@project.version@`, which Maven fills in while it copies resources.
fn filtered(text: &str, property: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (before, rest) = text.split_once('@')?;
    let (name, after) = rest.split_once('@')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    let value = property(name).filter(|_| is_name)?;
    Some(format!("{before}{value}{after}"))
}

/// `prod`, `!dev`, `prod | test`, `a & b`.
fn is_active(profile: &Name, active: &FxHashSet<String>) -> bool {
    let one = |text: &str| {
        let text = text.trim().trim_matches(['(', ')', '"', '\'']);
        match text.strip_prefix('!') {
            Some(not) => !active.contains(not.trim()),
            None => active.contains(text),
        }
    };
    profile.is_empty() || profile.split(['|', ',']).any(|any| any.split('&').all(one))
}

/// Replaces `${KEY:default}` where the value or the default is known.
fn replaced(text: &str, values: &FxHashMap<String, String>, environment: &FxHashMap<&str, &str>) -> String {
    let mut text = text.to_string();
    let mut from = 0;
    for _ in 0..MAX_DEPTH * 4 {
        // The innermost placeholder first, so that a default may hold another one.
        let Some(end) = text[from..].find('}').map(|e| from + e) else { break };
        let Some(start) = text[..end].rfind("${").filter(|s| *s >= from || from == 0) else {
            from = end + 1;
            continue;
        };
        let inner = &text[start + 2..end];
        let (key, default) = match inner.split_once(':') {
            Some((key, default)) => (key, Some(default.strip_prefix('-').unwrap_or(default))),
            None => (inner, None),
        };
        let value = environment
            .get(key)
            .map(ToString::to_string)
            .or_else(|| values.get(&canonical_key(key)).filter(|v| !v.contains(&text[start..=end])).cloned())
            .or_else(|| default.map(ToString::to_string));
        match value {
            Some(value) if text.len() + value.len() <= MAX_VALUE => {
                text.replace_range(start..=end, &value);
                from = 0;
            }
            _ => from = end + 1,
        }
        if from >= text.len() {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_values_then_defaults() {
        let values =
            FxHashMap::from_iter([("db.host".to_string(), "mysql".to_string()), ("a".to_string(), "${a}".to_string())]);
        let environment = FxHashMap::from_iter([("PORT", "3307")]);
        let replace = |text: &str| replaced(text, &values, &environment);
        assert_eq!(replace("jdbc:mysql://${DB.HOST:x}:${PORT:3306}/o"), "jdbc:mysql://mysql:3307/o");
        assert_eq!(replace("${X:${db.host}}"), "mysql");
        assert_eq!(replace("${UNKNOWN}/${Y:z}"), "${UNKNOWN}/z");
        assert_eq!(replace("${a}"), "${a}");
        assert_eq!(replace("}${"), "}${");
    }

    #[test]
    fn profile_expressions() {
        let active = FxHashSet::from_iter(["prod".to_string()]);
        for (text, holds) in
            [("", true), ("prod", true), ("dev", false), ("!dev", true), ("dev | prod", true), ("prod & dev", false)]
        {
            assert_eq!(is_active(&Name::new(text), &active), holds, "{text}");
        }
    }
}
