//! What a file is for, told by where it lies.

/// The part a file plays in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs in production, as far as the path tells.
    Main,
    /// `src/test`, `tests/`, `*Test.java`.
    Test,
    /// `target/generated-sources`, `*.pb.rs`, `generated/`.
    Generated,
    /// `vendor/`, `third_party/`, `node_modules/`.
    Vendored,
    /// `buildSrc`, `.mvn`, `build.rs`, `xtask`.
    BuildTool,
    /// Cargo's `examples/` and `benches/`, `src/jmh`.
    Example,
}

/// The role of a file by its path relative to the root.
pub fn role_of(path: &str) -> Role {
    if path.contains("src/test/") { Role::Test } else { Role::Main }
}
