//! Output of `mvn dependency:tree`: the text, with or without Maven's `[INFO]`, and `-DoutputType=json`.

use serde::Deserialize;

use crate::facts::ResolvedFacts;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};

pub(super) fn parse_text(text: &str) -> ResolvedFacts {
    let mut facts = ResolvedFacts { by: ResolvedBy::MavenTree, ..ResolvedFacts::default() };
    // The last package at each depth.
    let mut path: Vec<u32> = Vec::new();
    for line in text.lines() {
        let line = line.strip_prefix("[INFO] ").unwrap_or(line).trim_end();
        let body = line.trim_start_matches([' ', '|', '+', '\\', '-', '├', '└', '─', '│']);
        // Each level is drawn with three characters.
        let depth = line[..line.len() - body.len()].chars().count() / 3;
        // `-Dverbose` puts in brackets what another place of the tree has.
        let Some(package) = coordinate(body, depth).filter(|_| !body.starts_with('(')) else {
            if depth == 0 {
                path.clear();
            }
            continue;
        };
        if depth > path.len() {
            continue;
        }
        path.truncate(depth);
        let ix = facts.packages.len() as u32;
        if let Some(above) = path.last() {
            facts.packages[*above as usize].needs.push(ix);
        }
        facts.packages.push(package);
        path.push(ix);
    }
    facts.has_edges = true;
    facts
}

/// `group:artifact:type[:classifier]:version[:scope]`; the root has no scope.
fn coordinate(text: &str, depth: usize) -> Option<ResolvedPackage> {
    let text = text.split_whitespace().next()?;
    let parts: Vec<&str> = text.split(':').collect();
    let plain = |part: &&str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'+'))
    };
    if !parts.iter().all(plain) {
        return None;
    }
    let (version, scope) = match (depth, parts.as_slice()) {
        (0, [_, _, _, version] | [_, _, _, _, version]) => (*version, ""),
        (1.., [_, _, _, version, scope] | [_, _, _, _, version, scope]) => (*version, *scope),
        _ => return None,
    };
    let presence = presence(scope)?;
    Some(ResolvedPackage {
        group: parts[0].to_owned(),
        artifact: parts[1].to_owned(),
        version: version.to_owned(),
        presence,
        needs: Vec::new(),
        root: depth == 0,
    })
}

fn presence(scope: &str) -> Option<Presence> {
    match scope {
        "" | "compile" | "runtime" => Some(Presence::Ships),
        "provided" | "system" => Some(Presence::Provided),
        "test" | "import" => Some(Presence::Test),
        _ => None,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    #[serde(default)]
    group_id: String,
    #[serde(default)]
    artifact_id: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    children: Vec<Node>,
}

/// The reader bounds how deep the text may nest.
pub(super) fn parse_json(text: &str) -> Result<ResolvedFacts, serde_json::Error> {
    let root: Node = serde_json::from_str(text)?;
    let mut facts = ResolvedFacts { by: ResolvedBy::MavenTree, has_edges: true, ..ResolvedFacts::default() };
    let mut open = std::collections::VecDeque::from([(root, None::<u32>)]);
    while let Some((node, above)) = open.pop_front() {
        let ix = facts.packages.len() as u32;
        if let Some(above) = above {
            facts.packages[above as usize].needs.push(ix);
        }
        facts.packages.push(ResolvedPackage {
            group: node.group_id,
            artifact: node.artifact_id,
            version: node.version,
            presence: presence(&node.scope).unwrap_or_default(),
            needs: Vec::new(),
            root: above.is_none(),
        });
        open.extend(node.children.into_iter().map(|child| (child, Some(ix))));
    }
    Ok(facts)
}
