//! `gradle.lockfile`: `group:artifact:version=compileClasspath,runtimeClasspath`.

use crate::facts::ResolvedFacts;
use crate::facts::resolved::{Presence, ResolvedBy, ResolvedPackage};

pub(super) fn parse(text: &str) -> ResolvedFacts {
    let mut facts = ResolvedFacts { by: ResolvedBy::GradleLock, ..ResolvedFacts::default() };
    for line in text.lines().map(str::trim).filter(|l| !l.starts_with('#')) {
        let Some((coordinate, configurations)) = line.split_once('=') else { continue };
        let mut parts = coordinate.split(':');
        let (Some(group), Some(artifact), Some(version), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        // `runtimeClasspath`, `productionRuntimeClasspath`; `debugRuntimeClasspath` of a variant.
        let is = |word: &str| {
            configurations
                .split(',')
                .any(|c| c.to_ascii_lowercase().ends_with(word) && !c.to_lowercase().contains("test"))
        };
        let presence = if is("runtimeclasspath") {
            Presence::Ships
        } else if is("compileclasspath") {
            Presence::Provided
        } else {
            Presence::Test
        };
        facts.packages.push(ResolvedPackage {
            group: group.to_owned(),
            artifact: artifact.to_owned(),
            version: version.to_owned(),
            presence,
            ..ResolvedPackage::default()
        });
    }
    facts
}
