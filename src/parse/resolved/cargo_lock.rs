//! `Cargo.lock`, read line by line: Cargo writes one key on each.

use std::collections::HashMap;

use crate::facts::ResolvedFacts;
use crate::facts::resolved::{ResolvedBy, ResolvedPackage};

pub(super) fn parse(text: &str) -> ResolvedFacts {
    let mut facts = ResolvedFacts { by: ResolvedBy::CargoLock, has_edges: true, ..ResolvedFacts::default() };
    let mut needs: Vec<Vec<&str>> = Vec::new();
    let mut in_list = false;
    let mut in_package = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') && !in_list {
            in_package = line == "[[package]]";
            if in_package {
                let package = ResolvedPackage { group: "cargo".to_owned(), root: true, ..ResolvedPackage::default() };
                facts.packages.push(package);
                needs.push(Vec::new());
            }
            continue;
        }
        let (Some(package), Some(list)) = (facts.packages.last_mut().filter(|_| in_package), needs.last_mut()) else {
            continue;
        };
        if in_list {
            list.extend(line.split('"').skip(1).step_by(2));
            in_list = !line.ends_with(']');
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let text = value.trim().trim_matches('"');
        match key.trim() {
            "name" => package.artifact = text.to_owned(),
            "version" => package.version = text.to_owned(),
            // What has a source comes from outside.
            "source" => package.root = false,
            "dependencies" => {
                list.extend(value.split('"').skip(1).step_by(2));
                in_list = !value.trim_end().ends_with(']');
            }
            _ => {}
        }
    }
    // A version is named only where there are several.
    let mut by_name: HashMap<(&str, &str), u32> = HashMap::new();
    for (package, ix) in facts.packages.iter().zip(0u32..) {
        by_name.insert((&package.artifact, &package.version), ix);
        by_name.entry((&package.artifact, "")).or_insert(ix);
    }
    let edges: Vec<Vec<u32>> = needs
        .iter()
        .map(|list| {
            let found = list.iter().filter_map(|text| {
                let mut words = text.split(' ');
                let name = words.next()?;
                by_name.get(&(name, words.next().unwrap_or(""))).copied()
            });
            found.collect()
        })
        .collect();
    for (package, edges) in facts.packages.iter_mut().zip(edges) {
        package.needs = edges;
    }
    facts
}
