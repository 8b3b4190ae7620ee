//! Facts of build manifests. Versions, scopes and paths stand as written; units resolve them.

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::text::Span;

/// A `pom.xml`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MavenFacts {
    pub parent: Option<MavenParent>,
    /// As written; inherits the parent's when empty.
    pub group: String,
    pub artifact: String,
    pub version: String,
    /// `jar` when not written.
    pub packaging: String,
    /// Where that is written.
    pub packaging_span: Option<Span>,
    pub name: String,
    /// `<build><finalName>` as written: what the archive is called; empty when not written.
    pub final_name: String,
    /// `<module>` texts with their places.
    pub modules: Vec<(String, Span)>,
    pub properties: Vec<Entry>,
    pub dependencies: Vec<MavenDependency>,
    pub management: Vec<MavenDependency>,
    /// `<build><plugins>` and, with `managed`, `<pluginManagement>`.
    pub plugins: Vec<MavenPlugin>,
    pub profiles: Vec<MavenProfile>,
}

/// `<parent>`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MavenParent {
    pub group: String,
    pub artifact: String,
    pub version: String,
    /// `<relativePath>`; none when not written (Maven then looks at `../pom.xml`), empty for `<relativePath/>`.
    pub relative_path: Option<String>,
    pub span: Span,
}

/// A `<dependency>`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MavenDependency {
    pub group: String,
    pub artifact: String,
    pub version: String,
    /// Empty when not written.
    pub scope: String,
    pub classifier: String,
    /// `<type>`; empty when not written.
    pub kind: String,
    pub optional: bool,
    /// `(group, artifact)`; `*` allowed.
    pub exclusions: Vec<(String, String)>,
    /// The `<artifactId>` line: where findings point.
    pub span: Span,
}

/// A `<plugin>`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MavenPlugin {
    /// `org.apache.maven.plugins` when not written.
    pub group: String,
    pub artifact: String,
    pub version: String,
    /// Stands in `<pluginManagement>`: configures, does not run.
    pub managed: bool,
    /// `<goal>` texts.
    pub goals: Vec<String>,
    /// Leaves of `<configuration>` by dotted path: `mainClass`, `to.image`, `skip`.
    pub configuration: Vec<Entry>,
    pub span: Span,
}

/// A `<profile>`: what it adds when active.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MavenProfile {
    pub id: String,
    pub active_by_default: bool,
    /// Leaves of `<activation>` by dotted path: `jdk`, `property.name` (`!x` holds unless `x` is set).
    pub activation: Vec<Entry>,
    pub modules: Vec<(String, Span)>,
    pub properties: Vec<Entry>,
    pub dependencies: Vec<MavenDependency>,
    pub management: Vec<MavenDependency>,
    pub plugins: Vec<MavenPlugin>,
}

/// Which Gradle file it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GradleFile {
    /// `build.gradle(.kts)`, any other applied script, a convention plugin's source.
    #[default]
    Build,
    /// `settings.gradle(.kts)`.
    Settings,
    /// `gradle.properties`.
    Properties,
    /// `libs.versions.toml`.
    Catalog,
}

/// A Gradle file, read tolerantly: nothing is evaluated.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GradleFacts {
    pub file: GradleFile,
    /// `plugins { id("x") version "y" }`, `apply plugin: 'x'`, `id 'x' apply false` is left out; a plugin class by its name.
    pub plugins: Vec<GradlePlugin>,
    pub dependencies: Vec<GradleDependency>,
    /// `include 'a', ':b:c'` with their places (settings only).
    pub includes: Vec<(String, Span)>,
    /// `project(':a').projectDir = file('x')`.
    pub project_dirs: Vec<(String, String)>,
    /// `rootProject.name`.
    pub root_name: Option<String>,
    /// `apply from: 'x.gradle'`.
    pub applied_files: Vec<String>,
    /// `ext.x = '…'`, `def x = '…'`, `val x = "…"`, `x=…` in gradle.properties; `sourceCompatibility` too.
    pub properties: Vec<Entry>,
    /// `exclude group: 'g', module: 'm'` in `configurations`: dropped everywhere in this build.
    pub exclusions: Vec<(String, String)>,
    /// Catalog: alias (dots: `spring.boot.web`) to `group:artifact` and version.
    pub catalog: Vec<CatalogEntry>,
    /// `mainClass`, `mainClassName`, `jib.to.image` and the like, by dotted path. What speaks for others begins with
    /// `subprojects.`, `allprojects.` or `project(:x).`. Also `dependencyManagement.imports.mavenBom` (a coordinate each),
    /// `plugins.<id>.version` for plugins that are named but not applied, `includeBuild`.
    pub settings: Vec<Entry>,
    /// Statements that name a dependency in a way that is not read (computed names).
    pub unresolved: u32,
}

/// Whom a Gradle statement speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GradleScope {
    /// This project.
    #[default]
    Own,
    /// `subprojects { … }`.
    Subprojects,
    /// `allprojects { … }`.
    Allprojects,
    /// `buildscript { … }`: the build's own class path, never the service's.
    Buildscript,
}

/// A plugin of a Gradle build.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GradlePlugin {
    /// An alias of a catalog stands as `libs.plugins.x.y`.
    pub id: String,
    pub version: String,
    pub scope: GradleScope,
    /// Applied in `project(':x') { … }`.
    pub project: Option<String>,
    pub span: Span,
}

/// A dependency statement.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GradleDependency {
    /// `implementation`, `testImplementation`, `compile`, …
    pub configuration: String,
    pub target: GradleTarget,
    /// As written, when the target is unknown: `libraries.spring_web`, `files(libs/x.jar)`.
    pub expression: String,
    pub scope: GradleScope,
    /// Condition for another project: `project(':x') { dependencies { … } }`.
    pub project: Option<String>,
    pub exclusions: Vec<(String, String)>,
    pub span: Span,
}

/// What a Gradle dependency names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub enum GradleTarget {
    /// `group:artifact:version`, variables replaced where their value stands in the file, else kept as `$x`.
    Module { group: String, artifact: String, version: String, platform: bool },
    /// `project(':a:b')`; from an accessor (`projects.a.myLib`) the path is in camel case, `:a:myLib`.
    Project(String),
    /// `libs.spring.boot.web` (without `libs.`, dots only; `bundles.x`, `plugins.x`).
    Catalog(String),
    /// `files(…)`, computed names.
    #[default]
    Unknown,
}

/// A line of a version catalog.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CatalogEntry {
    /// Dots for `-` and `_`.
    pub alias: String,
    /// `library`, `plugin`, `bundle` or `version`.
    pub kind: String,
    /// `group:artifact` or plugin id; for a bundle the aliases (with dots), comma-separated; empty for a version.
    pub target: String,
    pub version: String,
    pub span: Span,
}

/// A `Cargo.toml`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CargoFacts {
    /// None for a virtual workspace manifest.
    pub package: Option<CargoPackage>,
    /// `[workspace]` is there.
    pub is_workspace: bool,
    /// Globs as written.
    pub members: Vec<String>,
    pub exclude: Vec<String>,
    pub dependencies: Vec<CargoDependency>,
    /// `[workspace.dependencies]`.
    pub workspace_dependencies: Vec<CargoDependency>,
    /// `[features]`: name to what it turns on.
    pub features: Vec<(String, Vec<String>)>,
}

/// `[package]`, with the targets declared by hand; targets found by path are added by units.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CargoPackage {
    pub name: String,
    pub version: String,
    pub edition: String,
    pub description: String,
    /// `[[bin]]`: name and path.
    pub bins: Vec<(String, Option<String>)>,
    /// `[lib] path`, `[lib] proc-macro`.
    pub lib: Option<CargoLib>,
    pub default_run: Option<String>,
    /// `autobins = false`.
    pub no_auto_bins: bool,
    /// `[package.metadata.…]` sections, for example `lambda`, `deb`.
    pub metadata: Vec<String>,
    pub span: Span,
}

/// `[lib]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CargoLib {
    pub path: Option<String>,
    pub proc_macro: bool,
}

/// Which table a Cargo dependency stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CargoSection {
    #[default]
    Normal,
    Dev,
    Build,
}

/// A Cargo dependency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CargoDependency {
    /// The name that code uses.
    pub name: String,
    /// `package = "…"` when renamed, else the same name.
    pub package: String,
    pub version: String,
    /// `path = "…"`.
    pub path: Option<String>,
    /// `workspace = true`.
    pub inherited: bool,
    pub optional: bool,
    pub default_features: bool,
    pub features: Vec<String>,
    pub section: CargoSection,
    /// `[target.'cfg(…)'.dependencies]`.
    pub target: Option<String>,
    pub span: Span,
}

/// A manifest of a language that is found but not analysed yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OtherManifest {
    /// `javascript`, `typescript`, `go`, `python`, `csharp`.
    pub language: String,
    pub name: String,
    /// Dependency names.
    pub dependencies: Vec<String>,
    /// `start`, `build`, … (package.json) by name.
    pub scripts: Vec<(String, String)>,
    /// It is meant to be run (a `start` script, `bin`, `OutputType` Exe, `main.go` seen by units).
    pub runnable: bool,
    /// `private: true` workspaces root and the like: groups others.
    pub aggregator: bool,
}
