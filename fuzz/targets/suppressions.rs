//! Comments that suppress, in every syntax.
#![no_main]

use faasible::findings::suppress::directives;
use faasible::source::FileKind;

const KINDS: [(FileKind, &str); 6] = [
    (FileKind::Java, "A.java"),
    (FileKind::Rust, "main.rs"),
    (FileKind::Maven, "pom.xml"),
    (FileKind::Settings, "application.yml"),
    (FileKind::Settings, "application.properties"),
    (FileKind::Container, "Dockerfile"),
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let (kind, path) = KINDS[usize::from(*first) % KINDS.len()];
    directives(kind, path, &String::from_utf8_lossy(rest));
});
