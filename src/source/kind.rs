//! From a file's name to the parser that reads it.

/// What a file is, told by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    Java,
    Rust,
    /// `pom.xml`.
    Maven,
    /// `*.gradle`, `*.gradle.kts`, `gradle.properties`, `libs.versions.toml`, convention plugins under `buildSrc`.
    Gradle,
    /// `Cargo.toml`.
    Cargo,
    /// `package.json`, `go.mod`, `pyproject.toml`, `requirements.txt`, `*.csproj`.
    OtherManifest,
    /// `application*.{yml,yaml,properties}`, `bootstrap*`, and other YAML or properties under resources or configuration folders.
    Settings,
    /// logback, log4j2, log4j configuration.
    Logging,
    /// `web.xml`, `persistence.xml`, `ehcache.xml`, MyBatis mappers and other XML that is read for settings.
    Xml,
    /// `Dockerfile`, `*.dockerfile`, `Containerfile`.
    Container,
    /// Compose, Kubernetes, Helm, Kustomize, skaffold, serverless, SAM, Procfile: any other YAML too.
    Deploy,
}

/// The kind of a file by its path relative to the root; `None` for what is never read.
pub fn classify(path: &str) -> Option<FileKind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    Some(match lower.as_str() {
        "pom.xml" => FileKind::Maven,
        "cargo.toml" => FileKind::Cargo,
        _ if lower.ends_with(".java") => FileKind::Java,
        _ if lower.ends_with(".rs") => FileKind::Rust,
        _ => return None,
    })
}
