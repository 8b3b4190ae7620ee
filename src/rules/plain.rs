//! Conditions against dependencies, settings, containers and deployment objects.

use std::cmp::Ordering;

use super::compile::{Compiled, Kind, LeafIx, canonical, matches, matches_value};
use super::model::{Condition, ContainerCondition, DependencyCondition, OneOrMany, SettingCondition};
use super::quantity::compare;
use super::site::{Fact, Hit, Owners, Site, WHOLE};
use crate::facts::settings::SettingsKind;
use crate::facts::{Body, FileFacts, Instruction, ObjectFacts};
use crate::link::Linked;
use crate::source::{FileIx, FileKind};
use crate::text::{Name, Span};
use crate::units::{Dependency, EffectiveSetting, Unit, UnitIx, is_infra_image};

/// Effective dependencies and settings of one unit.
pub(super) fn match_unit(compiled: &Compiled<'_>, linked: &Linked<'_>, ix: UnitIx) -> Vec<Hit> {
    let unit = &linked.units[ix];
    let mut hits = Vec::new();
    let site = |file: FileIx, at: Span, fact: Fact, symbol: Name| Site {
        file,
        at,
        fact,
        unit: Some(ix),
        callable: None,
        ty: None,
        symbol,
    };
    let mut found = Vec::new();
    for (i, dependency) in unit.dependencies.iter().enumerate().filter(|(_, d)| d.scope.ships()) {
        found.clear();
        compiled.find(Kind::Dependency, dependency.coordinate, &mut found);
        for leaf in &found {
            if dependency_fits(&compiled.leaves[*leaf as usize], dependency) {
                let fact = Fact::Dependency(ix, i as u32);
                hits.push((*leaf, site(dependency.file, dependency.span, fact, dependency.coordinate)));
            }
        }
    }
    let mut asked: Vec<(LeafIx, usize)> = Vec::new();
    for (i, setting) in unit.settings.iter().enumerate().filter(|(_, s)| !s.overridden) {
        found.clear();
        compiled.find(Kind::Setting, setting.key, &mut found);
        asked.extend(found.iter().map(|leaf| (*leaf, i)));
    }
    asked.sort_unstable();
    asked.dedup();
    for (leaf, i) in asked {
        let Condition::Setting(condition) = &compiled.leaves[leaf as usize] else { continue };
        let setting = &unit.settings[i];
        let application = condition.file.as_deref().is_none_or(|f| f == "application");
        if application && value_fits(condition, &setting.value) {
            // What the deployment replaces by another kind of value is not where people look.
            let fits =
                |s: &EffectiveSetting| condition.not_value.is_none() || !matches_value(&condition.not_value, &s.value);
            let (i, shown) = Some(written(linked, ix, i)).filter(|(_, s)| fits(s)).unwrap_or((i, setting));
            hits.push((leaf, site(shown.file, shown.span, Fact::Setting(ix, i as u32), setting.key)));
        }
    }
    hits
}

/// Where people change a setting: the settings file that has the key, also when the deployment sets
/// another value over it.
fn written<'l>(linked: &Linked<'l>, unit: UnitIx, ix: usize) -> (usize, &'l EffectiveSetting) {
    let settings = &linked.units[unit].settings;
    let effective = &settings[ix];
    let in_deployment = |s: &EffectiveSetting| {
        matches!(linked.workspace[s.file].kind, FileKind::Deploy | FileKind::Container | FileKind::Script)
    };
    let below = settings.iter().enumerate().find(|(_, s)| s.key == effective.key && s.overridden && !in_deployment(s));
    match below {
        Some(below) if in_deployment(effective) => below,
        _ => (ix, effective),
    }
}

fn dependency_fits(condition: &Condition, dependency: &Dependency) -> bool {
    match condition {
        Condition::Dependency(DependencyCondition::Long { features, version, transitive, .. }) => {
            (*transitive || dependency.declared)
                && (features.is_none() || dependency.features.iter().any(|f| matches(features, f)))
                && (version.is_none() || version.list().iter().any(|v| dependency.version.starts_with(v.as_str())))
        }
        _ => true,
    }
}

pub(super) fn value_fits(condition: &SettingCondition, value: &str) -> bool {
    (condition.value.is_none() || matches_value(&condition.value, value))
        && (condition.not_value.is_none() || !matches_value(&condition.not_value, value))
        && beyond(condition.above.as_deref(), value, Ordering::Greater)
        && beyond(condition.below.as_deref(), value, Ordering::Less)
}

fn beyond(limit: Option<&str>, value: &str, side: Ordering) -> bool {
    limit.is_none_or(|limit| compare(value, limit) == Some(side))
}

/// The images that a workload runs.
fn images(object: &ObjectFacts) -> impl Iterator<Item = &str> {
    let images = object.entries.iter().filter(|e| e.key.as_str() == "image" || e.key.ends_with(".image"));
    images.filter(|e| !e.key.contains("initContainers")).map(|e| e.value.as_str())
}

/// A store or a tool that is only run beside the units: all its images are.
fn is_infra(object: &ObjectFacts) -> bool {
    let mut images = images(object).peekable();
    images.peek().is_some() && images.all(is_infra_image)
}

/// Is an image of the workload the unit's own, by its name? A store that lies among the manifests of a service is not.
fn builds(unit: &Unit, object: &ObjectFacts) -> bool {
    let flat = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let last = |text: &str| flat(text.rsplit('/').next().unwrap_or(text));
    images(object).any(|image| {
        let image = last(
            image
                .split(['@'])
                .next()
                .unwrap_or(image)
                .rsplit('/')
                .next()
                .map_or("", |n| n.split(':').next().unwrap_or(n)),
        );
        image == flat(&unit.name) || image == last(&unit.dir)
    })
}

fn text_fits(condition: &ContainerCondition, text: &str) -> bool {
    (condition.value.is_none() || matches_value(&condition.value, text))
        && (condition.not_value.is_none() || !matches_value(&condition.not_value, text))
}

fn line_fits(condition: &ContainerCondition, line: &Instruction) -> bool {
    matches(&condition.instruction, &line.keyword) && text_fits(condition, &line.text)
}

/// Logging configuration, XML settings, containers, scripts that they start, and deployment objects of one file.
pub(super) fn match_deployment(
    compiled: &Compiled<'_>,
    linked: &Linked<'_>,
    file: FileIx,
    facts: &FileFacts,
    owners: &Owners,
    hits: &mut Vec<Hit>,
) {
    let around = linked.unit(file);
    let mut push = |leaf: u32, at: Span, fact: Fact, symbol: Name| {
        let mut hit = |unit: Option<UnitIx>| {
            hits.push((leaf, Site { file, at, fact, unit, callable: None, ty: None, symbol }));
        };
        let Fact::Object(object, _) = fact else { return hit(around) };
        match owners.get(&(file, object)) {
            Some(units) => units.iter().for_each(|unit| hit(Some(*unit))),
            // Beside several services, what deploys none of them (a database, a broker) is nobody's: it only informs.
            None => hit(around),
        }
    };
    match &facts.body {
        Body::Settings(settings) => {
            let word = match settings.kind {
                SettingsKind::Logging => "logging",
                SettingsKind::Xml => "xml",
                SettingsKind::Application | SettingsKind::Toml => "any",
            };
            for leaf in &compiled.settings {
                let Condition::Setting(condition) = &compiled.leaves[*leaf as usize] else { continue };
                if condition.file.as_deref() != Some(word) && condition.file.as_deref() != Some("any") {
                    continue;
                }
                let keys = canonical(&condition.key);
                for (i, setting) in settings.settings.iter().enumerate() {
                    if matches(&keys, &setting.key) && value_fits(condition, &setting.value) {
                        push(*leaf, setting.span, Fact::FileSetting(i as u32), setting.written);
                    }
                }
            }
        }
        Body::Container(container) => {
            // Only the last stage runs; its `FROM` counts as an instruction.
            let Some((s, stage)) = container.stages.iter().enumerate().next_back() else { return };
            for leaf in &compiled.containers {
                let Condition::Container(condition) = &compiled.leaves[*leaf as usize] else { continue };
                if matches(&condition.instruction, "FROM") && text_fits(condition, &stage.image) {
                    push(*leaf, stage.span, Fact::Instruction(s as u32, u32::MAX), Name::new(&stage.image));
                }
                for (i, instruction) in stage.instructions.iter().enumerate() {
                    if line_fits(condition, instruction) {
                        let fact = Fact::Instruction(s as u32, i as u32);
                        push(*leaf, instruction.span, fact, instruction.keyword);
                    }
                }
            }
        }
        Body::Script(lines) => {
            for leaf in &compiled.containers {
                let Condition::Container(condition) = &compiled.leaves[*leaf as usize] else { continue };
                for (i, line) in lines.iter().enumerate() {
                    if line_fits(condition, line) {
                        let (fact, at, symbol) = (Fact::Instruction(0, i as u32), line.span, line.keyword);
                        let of = |unit: &UnitIx| {
                            (*leaf, Site { file, at, fact, unit: Some(*unit), callable: None, ty: None, symbol })
                        };
                        hits.extend(owners.get(&(file, WHOLE)).into_iter().flatten().map(of));
                    }
                }
            }
        }
        Body::Objects(objects) => {
            let infra: Vec<bool> = objects
                .iter()
                .enumerate()
                .map(|(o, object)| {
                    let owned = owners.get(&(file, o as u32)).into_iter().flatten();
                    is_infra(object) && !owned.map(|unit| &linked.units[*unit]).any(|unit| builds(unit, object))
                })
                .collect();
            let mut found = Vec::new();
            for (o, object) in objects.iter().enumerate().filter(|(o, _)| !infra[*o]) {
                let of_kind = |wanted: &OneOrMany| wanted.is_none() || matches(wanted, &object.kind);
                for leaf in &compiled.objects {
                    let Condition::Object(condition) = &compiled.leaves[*leaf as usize] else { continue };
                    if of_kind(&condition.kind) {
                        push(*leaf, object.span, Fact::Object(o as u32, u32::MAX), object.kind);
                    }
                }
                for (e, entry) in object.entries.iter().enumerate() {
                    found.clear();
                    compiled.find(Kind::Object, entry.key, &mut found);
                    found.sort_unstable();
                    found.dedup();
                    for leaf in &found {
                        let Condition::Object(condition) = &compiled.leaves[*leaf as usize] else { continue };
                        let fits = of_kind(&condition.kind)
                            && (condition.value.is_none() || matches_value(&condition.value, &entry.value))
                            && (condition.not_value.is_none() || !matches_value(&condition.not_value, &entry.value))
                            && beyond(condition.above.as_deref(), &entry.value, Ordering::Greater);
                        if fits {
                            push(*leaf, entry.span, Fact::Object(o as u32, e as u32), entry.key);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

/// A deployment object that no unit is seen to be, beside several services.
pub(super) fn is_nobodys(linked: &Linked<'_>, site: &Site) -> bool {
    let (Fact::Object(object, _), Some(unit)) = (site.fact, site.unit) else { return false };
    !linked.units[unit].objects.contains(&(site.file, object)) && groups(linked, unit)
}

/// Do services or jobs lie below this unit, which is none itself?
fn groups(linked: &Linked<'_>, ix: UnitIx) -> bool {
    let (kind, dir) = (linked.units[ix].kind, &*linked.units[ix].dir);
    let below =
        |other: &str| dir == "." || dir.is_empty() || other.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    !kind.is_assessed() && linked.units.iter().any(|(_, unit)| unit.kind.is_assessed() && below(&unit.dir))
}
