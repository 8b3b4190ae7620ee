//! SPDX 2 JSON.

use std::collections::HashMap;

use serde::Deserialize;

use super::purl;
use crate::facts::ResolvedFacts;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    packages: Vec<Package>,
    #[serde(default)]
    relationships: Vec<Relationship>,
    #[serde(default)]
    document_describes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(default, rename = "SPDXID")]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version_info: String,
    #[serde(default)]
    external_refs: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    #[serde(default)]
    reference_type: String,
    #[serde(default)]
    reference_locator: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    #[serde(default)]
    spdx_element_id: String,
    #[serde(default)]
    related_spdx_element: String,
    #[serde(default)]
    relationship_type: String,
}

pub(super) fn parse(text: &str) -> Result<ResolvedFacts, serde_json::Error> {
    let document: Document = serde_json::from_str(text)?;
    let mut facts = ResolvedFacts { by: ResolvedBy::Spdx, ..ResolvedFacts::default() };
    let mut at: HashMap<&str, usize> = HashMap::new();
    let describes = |r: &&Relationship| r.relationship_type == "DESCRIBES";
    let described = document.relationships.iter().filter(describes).map(|r| r.related_spdx_element.as_str());
    let roots: Vec<&str> = described.chain(document.document_describes.iter().map(String::as_str)).collect();
    for package in &document.packages {
        let root = roots.contains(&package.id.as_str());
        let purls = package.external_refs.iter().filter(|r| r.reference_type == "purl");
        let by_purl = purls.clone().find_map(|r| purl::package(&r.reference_locator));
        // Without a URL there is only a name, at times `group:artifact`.
        let by_name = || {
            let (group, artifact) = package.name.rsplit_once(':').unwrap_or(("", &package.name));
            ResolvedPackage {
                group: group.to_owned(),
                artifact: artifact.to_owned(),
                version: package.version_info.clone(),
                ..ResolvedPackage::default()
            }
        };
        if by_purl.is_none() && !root && purls.count() > 0 {
            continue;
        }
        at.insert(&package.id, facts.packages.len());
        facts.packages.push(ResolvedPackage { root, ..by_purl.unwrap_or_else(by_name) });
    }
    for relationship in &document.relationships {
        let Relationship { spdx_element_id: a, related_spdx_element: b, relationship_type } = relationship;
        let (from, to, presence) = match relationship_type.as_str() {
            "DEPENDS_ON" | "CONTAINS" | "STATIC_LINK" | "DYNAMIC_LINK" => (a, b, Presence::Ships),
            "DEPENDENCY_OF" | "RUNTIME_DEPENDENCY_OF" | "CONTAINED_BY" => (b, a, Presence::Ships),
            "PROVIDED_DEPENDENCY_OF" => (b, a, Presence::Provided),
            "TEST_DEPENDENCY_OF" | "DEV_DEPENDENCY_OF" | "BUILD_DEPENDENCY_OF" | "BUILD_TOOL_OF" => {
                (b, a, Presence::Test)
            }
            _ => continue,
        };
        let (Some(from), Some(to)) = (at.get(from.as_str()), at.get(to.as_str())) else { continue };
        facts.packages[*from].needs.push(*to as u32);
        if presence != Presence::Ships {
            facts.packages[*to].presence = presence;
        }
        facts.has_edges = true;
    }
    Ok(facts)
}
