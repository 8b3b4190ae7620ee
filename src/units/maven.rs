//! The effective model of Maven projects, as far as the tree tells it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::input::{Declared, External, Input, Internal};
use super::model::Scope;
use super::paths;
use crate::facts::manifest::{MavenDependency, MavenPlugin, MavenProfile};
use crate::facts::{Entry, MavenFacts, Note};
use crate::source::FileIx;
use crate::text::{Name, Span};

/// Parents beyond this depth are not followed.
const MAX_PARENTS: usize = 24;
/// Imported BOMs within imported BOMs.
const MAX_IMPORTS: usize = 4;

/// All poms of the workspace.
pub(super) struct Maven<'a> {
    input: &'a Input<'a>,
    /// A pom and its parents in the tree, nearest first.
    chains: FxHashMap<FileIx, Vec<FileIx>>,
    /// Poms by artifact.
    by_artifact: FxHashMap<&'a str, Vec<FileIx>>,
    /// Directories that some pom names as module.
    modules: FxHashSet<String>,
    /// `dependencyManagement` of one pom by artifact, as written.
    managed: FxHashMap<FileIx, FxHashMap<&'a str, Vec<&'a MavenDependency>>>,
}

impl<'a> Maven<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        let mut by_artifact: FxHashMap<&str, Vec<FileIx>> = FxHashMap::default();
        let mut modules = FxHashSet::default();
        let mut managed = FxHashMap::default();
        let mut poms = Vec::new();
        for (ix, file, _) in input.files() {
            let Some(pom) = input.maven(ix) else { continue };
            poms.push(ix);
            by_artifact.entry(&pom.artifact).or_default().push(ix);
            let dir = paths::parent(&file.path);
            for (module, _) in pom.modules.iter().chain(pom.profiles.iter().flat_map(|p| &p.modules)) {
                let Some(path) = paths::join(dir, module) else { continue };
                modules.insert(path.strip_suffix("/pom.xml").unwrap_or(&path).to_string());
            }
            let mut by_name: FxHashMap<&str, Vec<&MavenDependency>> = FxHashMap::default();
            for dependency in &pom.management {
                by_name.entry(&dependency.artifact).or_default().push(dependency);
            }
            managed.insert(ix, by_name);
        }
        let mut maven = Self { input, chains: FxHashMap::default(), by_artifact, modules, managed };
        for pom in poms {
            let chain = maven.chain_of(pom);
            maven.chains.insert(pom, chain);
        }
        maven
    }

    /// The pom and its parents in the tree, nearest first.
    pub(super) fn chain(&self, pom: FileIx) -> &[FileIx] {
        self.chains.get(&pom).map_or(&[], Vec::as_slice)
    }

    /// The facts of the pom and of its parents.
    pub(super) fn lineage(&self, pom: FileIx) -> impl Iterator<Item = (FileIx, &'a MavenFacts)> {
        self.chain(pom).iter().filter_map(|ix| Some((*ix, self.input.maven(*ix)?)))
    }

    /// Does another pom list this directory among its modules?
    pub(super) fn is_module(&self, dir: &str) -> bool {
        self.modules.contains(dir)
    }

    /// Does some pom list a directory right below this one among its modules?
    pub(super) fn has_module_in(&self, dir: &str) -> bool {
        self.modules.iter().any(|module| !module.is_empty() && paths::parent(module) == dir)
    }

    fn chain_of(&self, pom: FileIx) -> Vec<FileIx> {
        let mut chain = vec![pom];
        while let Some(parent) = chain.last().and_then(|last| self.parent_of(*last)) {
            if chain.contains(&parent) || chain.len() >= MAX_PARENTS {
                break;
            }
            chain.push(parent);
        }
        chain
    }

    fn parent_of(&self, pom: FileIx) -> Option<FileIx> {
        let parent = self.input.maven(pom)?.parent.as_ref()?;
        let relative = parent.relative_path.as_deref().unwrap_or("../pom.xml");
        let by_path = (!relative.is_empty())
            .then(|| paths::join(self.input.dir(pom), relative))
            .flatten()
            .and_then(|path| {
                self.input.find(&path).or_else(|| self.input.find(paths::join(&path, "pom.xml")?.as_str()))
            })
            .filter(|found| self.input.maven(*found).is_some_and(|p| p.artifact == parent.artifact));
        by_path.or_else(|| {
            let candidates = self.by_artifact.get(parent.artifact.as_str())?;
            let same_group = |ix: &&FileIx| self.own_group(**ix) == parent.group;
            self.nearest(pom, candidates.iter().filter(|ix| **ix != pom).filter(same_group).copied())
        })
    }

    /// The group as written, or the written parent's.
    fn own_group(&self, pom: FileIx) -> &'a str {
        match self.input.maven(pom) {
            Some(facts) if !facts.group.is_empty() => &facts.group,
            Some(facts) => facts.parent.as_ref().map_or("", |p| &p.group),
            None => "",
        }
    }

    /// Parents that go in a circle, and parents that should lie in the tree and do not.
    pub(super) fn notes(&self) -> Vec<(FileIx, Note)> {
        let mut out = Vec::new();
        let mut poms: Vec<FileIx> = self.chains.keys().copied().collect();
        poms.sort_unstable();
        for pom in poms {
            let Some(parent) = self.input.maven(pom).and_then(|p| p.parent.as_ref()) else { continue };
            match self.parent_of(pom) {
                Some(_) if self.chain(pom).last().and_then(|last| self.parent_of(*last)) == Some(pom) => {
                    out.push((pom, Note::at(parent.span, "its parents go in a circle")));
                }
                // An empty path says that it comes from a repository, and none at all may mean that too.
                None if parent.relative_path.as_deref().is_some_and(|path| !path.is_empty()) => {
                    let reason = format!("the parent {}:{} is not in the tree", parent.group, parent.artifact);
                    out.push((pom, Note::at(parent.span, reason)));
                }
                _ => {}
            }
        }
        out
    }

    /// Of several poms the one that shares most of its path with `from`; the first on a tie.
    fn nearest(&self, from: FileIx, candidates: impl Iterator<Item = FileIx>) -> Option<FileIx> {
        let here = self.input.path(from);
        let shared = |ix: FileIx| self.input.path(ix).bytes().zip(here.bytes()).take_while(|(a, b)| a == b).count();
        candidates.map(|ix| (shared(ix), ix)).max_by_key(|(n, ix)| (*n, std::cmp::Reverse(*ix))).map(|(_, ix)| ix)
    }

    /// Replaces `${…}` from the view of a pom; what is not known stays.
    pub(super) fn resolve(&self, pom: FileIx, text: &str) -> String {
        let mut text = text.trim().to_string();
        for _ in 0..8 {
            let Some(start) = text.find("${") else { break };
            let Some(length) = text[start..].find('}') else { break };
            let Some(value) = self.property(pom, &text[start + 2..start + length]) else { break };
            if value.len() > 4096 {
                break;
            }
            text.replace_range(start..=start + length, &value);
        }
        text
    }

    /// A property from the view of a pom, not resolved further.
    pub(super) fn property(&self, pom: FileIx, name: &str) -> Option<String> {
        let key = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom."));
        if let Some(key) = key {
            let facts = self.input.maven(pom)?;
            let parent = facts.parent.as_ref();
            let known = match key {
                "groupId" => Some(self.own_group(pom).to_string()),
                "artifactId" => Some(facts.artifact.clone()),
                "name" => Some(if facts.name.is_empty() { &facts.artifact } else { &facts.name }.clone()),
                "version" if facts.version.is_empty() => parent.map(|p| p.version.clone()),
                "version" => Some(facts.version.clone()),
                "parent.groupId" => parent.map(|p| p.group.clone()),
                "parent.artifactId" => parent.map(|p| p.artifact.clone()),
                "parent.version" => parent.map(|p| p.version.clone()),
                _ => None,
            };
            if let Some(known) = known.filter(|k| !k.contains(&format!("${{{name}}}"))) {
                return Some(known);
            }
        }
        self.property_entry(pom, name).map(|(_, e)| e.value.trim().to_string())
    }

    /// Where a property is written, in the pom or its parents.
    pub(super) fn property_entry(&self, pom: FileIx, name: &str) -> Option<(FileIx, &'a Entry)> {
        self.lineage(pom).find_map(|(file, facts)| {
            let active = active(&facts.profiles).flat_map(|p| &p.properties);
            active.chain(&facts.properties).find(|e| e.key.as_str() == name).map(|e| (file, e))
        })
    }

    /// The pom in the tree with these coordinates.
    pub(super) fn find(&self, from: FileIx, group: &str, artifact: &str) -> Option<FileIx> {
        let candidates = self.by_artifact.get(artifact)?;
        let fits = |ix: &FileIx| self.resolve(*ix, self.own_group(*ix)) == group;
        self.nearest(from, candidates.iter().copied().filter(fits))
    }

    /// Version and scope that dependency management gives, to what lies below a pom's own dependencies too.
    pub(super) fn management(
        &self,
        leaf: FileIx,
        group: &str,
        artifact: &str,
    ) -> Option<(String, &'a MavenDependency)> {
        self.managed_in(leaf, leaf, group, artifact, 0)
    }

    fn managed_in(
        &self,
        leaf: FileIx,
        pom: FileIx,
        group: &str,
        artifact: &str,
        depth: usize,
    ) -> Option<(String, &'a MavenDependency)> {
        let direct = self.chain(pom).iter().find_map(|ix| {
            let entries = self.managed.get(ix)?.get(artifact)?;
            entries.iter().copied().find(|e| e.scope != "import" && self.resolve(leaf, &e.group) == group)
        });
        if let Some(entry) = direct {
            return Some((self.resolve(leaf, &entry.version), entry));
        }
        if depth >= MAX_IMPORTS {
            return None;
        }
        for (_, facts) in self.lineage(pom) {
            for bom in facts.management.iter().filter(|e| e.scope == "import") {
                let Some(found) = self.find(pom, &self.resolve(pom, &bom.group), &bom.artifact) else { continue };
                if found == pom {
                    continue;
                }
                if let Some(hit) = self.managed_in(found, found, group, artifact, depth + 1) {
                    return Some(hit);
                }
            }
        }
        None
    }

    /// All dependencies of a pom with those of its parents; `unit_of` tells the unit of a pom in the tree.
    pub(super) fn declared(&self, pom: FileIx, unit_of: &dyn Fn(FileIx) -> Option<usize>) -> Declared {
        let mut out = Declared::default();
        let mut seen = FxHashSet::default();
        let mut via = Vec::new();
        for (ix, facts) in self.lineage(pom) {
            if ix != pom {
                via.push(Name::new(&facts.artifact));
            }
            let active = active(&facts.profiles).flat_map(|p| &p.dependencies);
            for dependency in facts.dependencies.iter().chain(active) {
                let group = self.resolve(pom, &dependency.group);
                let artifact = self.resolve(pom, &dependency.artifact);
                let classifier = self.resolve(pom, &dependency.classifier);
                if !seen.insert((group.clone(), artifact.clone(), classifier, dependency.kind.clone())) {
                    continue;
                }
                self.add(&mut out, pom, (ix, dependency), (group, artifact), &via, unit_of);
            }
        }
        out
    }

    fn add(
        &self,
        out: &mut Declared,
        pom: FileIx,
        (file, dependency): (FileIx, &MavenDependency),
        (group, artifact): (String, String),
        via: &[Name],
        unit_of: &dyn Fn(FileIx) -> Option<usize>,
    ) {
        let managed = self.management(pom, &group, &artifact);
        let mut scope = self.resolve(pom, &dependency.scope);
        let mut exclusions = dependency.exclusions.clone();
        let mut version = self.resolve(pom, &dependency.version);
        if let Some((managed_version, entry)) = managed {
            if scope.is_empty() {
                scope.clone_from(&entry.scope);
            }
            if version.is_empty() {
                version = managed_version;
            }
            exclusions.extend(entry.exclusions.iter().cloned());
        }
        let scope = match scope_of(&scope) {
            None if dependency.kind == "test-jar" => Scope::Test,
            known => known.unwrap_or(Scope::Compile),
        };
        let internal = self.find(pom, &group, &artifact).filter(|found| *found != pom).and_then(unit_of);
        if let Some(unit) = internal {
            out.internals.push(Internal {
                unit,
                scope,
                optional: dependency.optional,
                exclusions,
                features: Vec::new(),
                default_features: true,
            });
            return;
        }
        out.externals.push(External {
            group,
            artifact,
            version,
            scope,
            optional: dependency.optional,
            file,
            span: dependency.span,
            via: via.to_vec(),
            exclusions,
            features: Vec::new(),
        });
    }

    /// The plugins that run for a pom: its own, its parents', and those of active profiles. The place and
    /// whether the pom names it itself come with each.
    pub(super) fn plugins(&self, pom: FileIx) -> Vec<(FileIx, &'a MavenPlugin)> {
        let mut out = Vec::new();
        for (ix, facts) in self.lineage(pom) {
            let active = active(&facts.profiles).flat_map(|p| &p.plugins);
            out.extend(facts.plugins.iter().chain(active).filter(|p| !p.managed).map(|p| (ix, p)));
        }
        out
    }

    /// Plugins of profiles that are not active by themselves, of the pom itself.
    pub(super) fn profile_plugins(&self, pom: FileIx) -> impl Iterator<Item = (&'a str, &'a MavenPlugin)> {
        let profiles = self.input.maven(pom).map_or(&[][..], |p| p.profiles.as_slice());
        let on: Vec<&str> = active(profiles).map(|p| p.id.as_str()).collect();
        let off = profiles.iter().filter(move |p| !on.contains(&p.id.as_str()));
        off.flat_map(|p| p.plugins.iter().map(|x| (p.id.as_str(), x)))
    }

    /// A plugin's configuration value by its last segment, the managed configuration of parents included.
    pub(super) fn plugin_setting(&self, pom: FileIx, artifact: &str, keys: &[&str]) -> Option<String> {
        self.plugin_entry(pom, artifact, keys).map(|(_, e)| self.resolve(pom, &e.value))
    }

    /// Where that value is written.
    pub(super) fn plugin_entry(&self, pom: FileIx, artifact: &str, keys: &[&str]) -> Option<(FileIx, &'a Entry)> {
        let plugins = self.lineage(pom).flat_map(|(file, facts)| facts.plugins.iter().map(move |p| (file, p)));
        plugins
            .filter(|(_, p)| p.artifact == artifact)
            .flat_map(|(file, p)| p.configuration.iter().map(move |e| (file, e)))
            .find(|(_, e)| keys.contains(&e.key.as_str()) || keys.contains(&e.key.last_segment()))
    }

    /// The parent outside the tree: `group:artifact` and version, with its place.
    pub(super) fn foreign_parent(&self, pom: FileIx) -> Option<(String, String, FileIx, Span)> {
        let last = *self.chain(pom).last()?;
        let parent = self.input.maven(last)?.parent.as_ref()?;
        let coordinate = format!("{}:{}", parent.group, parent.artifact);
        Some((coordinate, self.resolve(pom, &parent.version), last, parent.span))
    }
}

/// A scope by its word; none for what is not written, which is `compile` as a rule.
pub(super) fn scope_of(word: &str) -> Option<Scope> {
    Some(match word {
        "test" => Scope::Test,
        "runtime" => Scope::Runtime,
        "provided" | "system" => Scope::Provided,
        "import" => Scope::Build,
        "compile" => Scope::Compile,
        _ => return None,
    })
}

/// The profiles of one pom that are active when nobody names any: those whose condition holds, else those that are
/// active by default.
fn active(profiles: &[MavenProfile]) -> impl Iterator<Item = &MavenProfile> {
    let triggered = profiles.iter().any(is_triggered);
    profiles.iter().filter(move |p| if triggered { is_triggered(p) } else { p.active_by_default })
}

/// Does the condition hold on a build without properties of its own, on a current JDK? Systems and files are not
/// known.
fn is_triggered(profile: &MavenProfile) -> bool {
    let get = |key: &str| profile.activation.iter().find(|e| e.key.as_str() == key).map(|e| e.value.trim());
    let known = |key: &str| matches!(key, "jdk" | "property.name" | "property.value" | "activeByDefault");
    let jdk = |jdk: &str| jdk.starts_with('!') || jdk.starts_with(['[', '(']) && jdk.ends_with(",)");
    let property = |name: &str| name.starts_with('!') || get("property.value").is_some_and(|v| v.starts_with('!'));
    profile.activation.iter().all(|e| known(&e.key))
        && (get("jdk").is_some() || get("property.name").is_some())
        && get("jdk").is_none_or(jdk)
        && get("property.name").is_none_or(property)
}
