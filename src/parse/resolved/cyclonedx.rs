//! CycloneDX JSON, of any version of the format.

use std::collections::HashMap;

use serde::Deserialize;

use super::purl;
use crate::facts::ResolvedFacts;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};

#[derive(Deserialize)]
struct Bom {
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    components: Vec<Component>,
    #[serde(default)]
    dependencies: Vec<Needs>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    component: Option<Component>,
}

#[derive(Deserialize)]
struct Component {
    #[serde(default, rename = "bom-ref")]
    reference: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    purl: String,
    /// `required`, `optional`, `excluded`.
    #[serde(default)]
    scope: String,
    #[serde(default, rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Needs {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default, rename = "dependsOn")]
    depends_on: Vec<String>,
}

pub(super) fn parse(text: &str) -> Result<ResolvedFacts, serde_json::Error> {
    let bom: Bom = serde_json::from_str(text)?;
    let mut facts = ResolvedFacts { by: ResolvedBy::CycloneDx, ..ResolvedFacts::default() };
    let mut at: HashMap<String, u32> = HashMap::new();
    let root = bom.metadata.component.map(|c| (c, true));
    for (component, root) in root.into_iter().chain(bom.components.into_iter().map(|c| (c, false))) {
        let named = ResolvedPackage {
            group: component.group,
            artifact: component.name,
            version: component.version,
            ..ResolvedPackage::default()
        };
        // What is neither Maven's nor Cargo's (npm, files of the image) is no matter of ours.
        let package = match purl::package(&component.purl) {
            Some(package) => package,
            None if component.purl.is_empty() && component.kind != "file" || root => named,
            None => continue,
        };
        let presence = if component.scope == "excluded" { Presence::Test } else { Presence::Ships };
        // The Maven plugin has `optional` for what only provided or test code uses.
        let presence = if component.scope == "optional" && !root { Presence::Provided } else { presence };
        let ix = facts.packages.len() as u32;
        if !component.purl.is_empty() {
            at.entry(component.purl).or_insert(ix);
        }
        if !component.reference.is_empty() {
            at.insert(component.reference, ix);
        }
        facts.packages.push(ResolvedPackage { presence, root, ..package });
    }
    for needs in &bom.dependencies {
        let Some(from) = at.get(&needs.reference) else { continue };
        for to in needs.depends_on.iter().filter_map(|to| at.get(to)) {
            facts.packages[*from as usize].needs.push(*to);
            facts.has_edges = true;
        }
    }
    Ok(facts)
}
