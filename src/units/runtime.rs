//! What runs a unit: framework, versions, web layer.

use super::gradle::Gradle;
use super::images;
use super::input::{Build, Draft, Input};
use super::maven::Maven;
use super::model::{Dependency, EffectiveSetting, Runtime};
use super::starts::Signs;
use crate::facts::Entry;
use crate::facts::settings::canonical_key;
use crate::source::FileIx;
use crate::text::{Name, Span};

/// First fit wins: coordinate prefix, framework.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("org.springframework.boot:spring-boot", "spring-boot"),
    ("io.quarkus:quarkus-", "quarkus"),
    ("io.micronaut:micronaut-", "micronaut"),
    ("io.dropwizard:dropwizard-core", "dropwizard"),
    ("io.helidon.", "helidon"),
    ("io.vertx:vertx-", "vertx"),
    ("io.javalin:javalin", "javalin"),
    ("com.sparkjava:spark-core", "sparkjava"),
    ("io.ktor:ktor-server", "ktor"),
    ("com.typesafe.akka:akka-http", "akka-http"),
    ("jakarta.platform:", "jakarta-ee"),
    ("javax:javaee-", "jakarta-ee"),
    ("jakarta.servlet:", "servlet"),
    ("javax.servlet:", "servlet"),
    ("cargo:axum", "axum"),
    ("cargo:actix-web", "actix-web"),
    ("cargo:rocket", "rocket"),
    ("cargo:warp", "warp"),
    ("cargo:poem", "poem"),
    ("cargo:salvo", "salvo"),
    ("cargo:tide", "tide"),
    ("cargo:tonic", "tonic"),
    ("cargo:hyper", "hyper"),
];

const SERVLET: &[&str] = &[
    "org.springframework.boot:spring-boot-starter-web",
    "org.springframework.boot:spring-boot-starter-webmvc",
    "org.springframework:spring-webmvc",
    "io.dropwizard:dropwizard-core",
    "org.eclipse.jetty:jetty-server",
    "org.apache.tomcat.embed:tomcat-embed-core",
    "org.springframework.boot:spring-boot-starter-jersey",
    "jakarta.platform:",
    "javax:javaee-",
];

const REACTIVE: &[&str] = &[
    "org.springframework.boot:spring-boot-starter-webflux",
    "org.springframework:spring-webflux",
    "io.vertx:vertx-web",
    "io.quarkus:quarkus-vertx-http",
    "io.micronaut:micronaut-http-server-netty",
    "org.springframework.cloud:spring-cloud-gateway-server",
];

const HTTP: &[&str] = &[
    "cargo:axum",
    "cargo:actix-web",
    "cargo:rocket",
    "cargo:warp",
    "cargo:poem",
    "cargo:salvo",
    "cargo:tide",
    "cargo:tonic",
    "cargo:hyper",
    "io.javalin:javalin",
    "com.sparkjava:spark-core",
    "io.ktor:ktor-server",
];

const LAMBDA: &[&str] = &[
    "cargo:lambda_runtime",
    "cargo:lambda_http",
    "cargo:lambda-extension",
    "cargo:lambda_extension",
    "io.quarkus:quarkus-amazon-lambda",
    "io.micronaut.aws:micronaut-function-aws",
    "org.springframework.cloud:spring-cloud-function-adapter-aws",
    "com.amazonaws.serverless:aws-serverless-java-container",
];

/// A dependency that ships, by the beginning of its coordinate.
pub(super) fn ships(dependencies: &[Dependency], prefix: &str) -> bool {
    dependencies.iter().any(|d| d.scope.ships() && named(d) && fits(&d.coordinate, prefix))
}

/// A crate deep below others says nothing of what the program serves: `hyper` is in every client.
fn named(dependency: &Dependency) -> bool {
    dependency.declared || !dependency.coordinate.starts_with("cargo:")
}

fn fits(coordinate: &str, prefix: &str) -> bool {
    let open = prefix.ends_with([':', '-', '.']);
    if open || !prefix.starts_with("cargo:") { coordinate.starts_with(prefix) } else { coordinate == prefix }
}

/// What runs a unit, from its dependencies, manifests and code.
pub(super) fn read(
    input: &Input<'_>,
    draft: &Draft,
    dependencies: &[Dependency],
    signs: &Signs,
    is_function: bool,
    maven: &Maven<'_>,
    gradle: &Gradle<'_>,
) -> Runtime {
    // A library that can also run on Lambda does not put its users there.
    let own = |d: &&Dependency| d.scope.ships() && (d.via.is_empty() || !d.coordinate.starts_with("cargo:"));
    let by_library = dependencies.iter().filter(own).any(|d| LAMBDA.iter().any(|l| fits(&d.coordinate, l)));
    let lambda = is_function || signs.lambda.is_some() || by_library;
    let found = FRAMEWORKS.iter().find(|(prefix, _)| {
        let servlet = prefix.contains("servlet") || prefix.contains("javaee") || prefix.contains("platform");
        let known = dependencies.iter().filter(|d| named(d));
        known
            .into_iter()
            .any(|d| (d.scope.ships() || (servlet && d.scope == super::Scope::Provided)) && fits(&d.coordinate, prefix))
    });
    let framework = found.map_or(if lambda { "lambda" } else { "" }, |(_, name)| *name);
    let any = |list: &[&str]| list.iter().any(|prefix| ships(dependencies, prefix));
    let web = if any(SERVLET) {
        "servlet"
    } else if any(REACTIVE) {
        "reactive"
    } else if any(HTTP) {
        "http"
    } else if framework == "servlet" || framework == "jakarta-ee" {
        "servlet"
    } else {
        "none"
    };
    let named = found.and_then(|(prefix, _)| {
        let versions = dependencies.iter().filter(|d| d.declared && d.scope.ships() && fits(&d.coordinate, prefix));
        versions.map(|d| d.version.clone()).find(|v| !v.is_empty() && !v.contains(['$', '*']))
    });
    let version = match draft.build {
        Build::Maven(pom) => maven_version(framework, pom, maven),
        Build::Gradle(project) => gradle_version(framework, project, gradle),
        _ => None,
    };
    Runtime {
        framework: framework.to_string(),
        framework_version: version.or(named).unwrap_or_default(),
        java: java(draft, maven, gradle).map(|(java, ..)| java),
        image_java: images::java(input, draft).or_else(|| {
            let Build::Maven(pom) = draft.build else { return None };
            images::java_of(&maven.plugin_setting(pom, "jib-maven-plugin", &["from.image"])?)
        }),
        lambda,
        web: web.to_string(),
    }
}

/// The artifact ids of a framework's parent, BOM and plugin.
fn anchors(framework: &str) -> &'static [&'static str] {
    match framework {
        "spring-boot" => &["spring-boot-starter-parent", "spring-boot-dependencies", "spring-boot-maven-plugin"],
        "quarkus" => &["quarkus-bom", "quarkus-universe-bom", "quarkus-maven-plugin"],
        "micronaut" => &["micronaut-parent", "micronaut-platform", "micronaut-bom"],
        "dropwizard" => &["dropwizard-dependencies", "dropwizard-bom"],
        "helidon" => &["helidon-mp", "helidon-se", "helidon-bom"],
        "vertx" => &["vertx-stack-depchain", "vertx-dependencies"],
        _ => &[],
    }
}

fn maven_version(framework: &str, pom: crate::source::FileIx, maven: &Maven<'_>) -> Option<String> {
    let anchors = anchors(framework);
    let known = |version: String| Some(version).filter(|v| !v.is_empty() && !v.contains("${"));
    for (ix, facts) in maven.lineage(pom) {
        // A BOM stands nearer than the parent when both are there.
        let boms = facts.management.iter().filter(|d| anchors.contains(&d.artifact.as_str())).map(|d| &d.version);
        let parent = facts.parent.iter().filter(|p| anchors.contains(&p.artifact.as_str())).map(|p| &p.version);
        let plugins = facts.plugins.iter().filter(|p| anchors.contains(&p.artifact.as_str())).map(|p| &p.version);
        if let Some(found) = boms
            .chain(parent)
            .chain(plugins)
            .find_map(|v| known(maven.resolve(pom, v)).or_else(|| known(maven.resolve(ix, v))))
        {
            return Some(found);
        }
    }
    let (coordinate, version, ..) = maven.foreign_parent(pom)?;
    anchors.iter().any(|a| coordinate.ends_with(&format!(":{a}"))).then_some(version).and_then(known)
}

/// A framework's plugin, the artifact that brings its release, and what a property for that is called.
fn gradle_anchors(framework: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match framework {
        "spring-boot" => ("org.springframework.boot", "spring-boot-gradle-plugin", "springBootVersion"),
        "quarkus" => ("io.quarkus", "quarkus-bom", "quarkusPlatformVersion"),
        "micronaut" => ("io.micronaut.application", "micronaut-gradle-plugin", "micronautVersion"),
        _ => return None,
    })
}

fn gradle_version(framework: &str, project: usize, gradle: &Gradle<'_>) -> Option<String> {
    let (plugin, artifact, property) = gradle_anchors(framework)?;
    let known = |version: &String| !version.is_empty() && !version.contains('$');
    let by_plugin = gradle.plugins(project).into_iter().find(|(id, version, ..)| id == plugin && known(version));
    by_plugin
        .map(|(_, version, ..)| version)
        .or_else(|| gradle.classpath_version(project, artifact).map(|(version, ..)| version).filter(known))
        .or_else(|| gradle.catalog_version(project, plugin))
        .or_else(|| gradle.setting(project, &[property]).filter(known))
}

/// The Java release of the build as a setting, where no image tells what runs it.
pub(super) fn java_setting(
    draft: &Draft,
    runtime: &Runtime,
    maven: &Maven<'_>,
    gradle: &Gradle<'_>,
) -> Option<EffectiveSetting> {
    if runtime.image_java.is_some() {
        return None;
    }
    let (java, file, span) = java(draft, maven, gradle)?;
    Some(EffectiveSetting {
        key: Name::new("build.java.release"),
        value: java.to_string(),
        file,
        span,
        profile: Name::default(),
        active: true,
        overridden: false,
    })
}

/// What the build says of the program, as settings with their places: its archive for an application server, and the
/// release of its framework.
pub(super) fn build_settings(
    input: &Input<'_>,
    draft: &Draft,
    runtime: &Runtime,
    maven: &Maven<'_>,
    gradle: &Gradle<'_>,
) -> Vec<EffectiveSetting> {
    let mut out = Vec::new();
    let mut put = |key: &str, value: &str, file: FileIx, span: Span| {
        let (key, value, profile) = (Name::new(&canonical_key(key)), value.to_owned(), Name::default());
        out.push(EffectiveSetting { key, value, file, span, profile, active: true, overridden: false });
    };
    if let Build::Maven(pom) = draft.build
        && let Some((facts, span)) = input.maven(pom).and_then(|facts| Some((facts, facts.packaging_span?)))
    {
        put("build.packaging", &facts.packaging, pom, span);
    }
    let version = runtime.framework_version.as_str();
    let place = match draft.build {
        Build::Maven(pom) => maven_place(&runtime.framework, pom, maven),
        Build::Gradle(project) => gradle_place(&runtime.framework, project, gradle),
        _ => None,
    };
    if let Some((file, span)) = place.filter(|_| !version.is_empty()) {
        put(&format!("build.framework.{}", runtime.framework), version, file, span);
    }
    out
}

/// Where the release of a framework is written.
fn maven_place(framework: &str, pom: FileIx, maven: &Maven<'_>) -> Option<(FileIx, Span)> {
    let anchors = anchors(framework);
    let is_anchor = |artifact: &str| anchors.contains(&artifact);
    maven.lineage(pom).find_map(|(file, facts)| {
        let boms = facts.management.iter().filter(|d| is_anchor(&d.artifact)).map(|d| d.span);
        let parent = facts.parent.iter().filter(|p| is_anchor(&p.artifact)).map(|p| p.span);
        let plugins = facts.plugins.iter().filter(|p| is_anchor(&p.artifact) && !p.version.is_empty()).map(|p| p.span);
        Some((file, boms.chain(parent).chain(plugins).next()?))
    })
}

fn gradle_place(framework: &str, project: usize, gradle: &Gradle<'_>) -> Option<(FileIx, Span)> {
    let (plugin, artifact, property) = gradle_anchors(framework)?;
    let plugins = gradle.plugins(project).into_iter();
    let by_plugin = plugins.filter(|(id, version, ..)| id == plugin && !version.is_empty());
    by_plugin
        .map(|(.., file, span)| (file, span))
        .next()
        .or_else(|| gradle.classpath_version(project, artifact).map(|(_, file, span)| (file, span)))
        .or_else(|| gradle.setting_entry(project, &[property]).map(|(file, entry)| (file, entry.span)))
}

/// The Java release that a unit is compiled for, and where that is written.
fn java(draft: &Draft, maven: &Maven<'_>, gradle: &Gradle<'_>) -> Option<(u16, FileIx, Span)> {
    match draft.build {
        Build::Maven(pom) => {
            let compiler = |keys: &[&str]| maven.plugin_entry(pom, "maven-compiler-plugin", keys);
            let properties = [
                "maven.compiler.release",
                "maven.compiler.target",
                "maven.compiler.source",
                "java.version",
                "jdk.version",
                "java-version",
            ];
            let read = |(file, entry): (FileIx, &Entry)| {
                let java = release(&maven.resolve(pom, &entry.value))?;
                // `${java.version}`: where that is set.
                let name = entry.value.trim().strip_prefix("${").and_then(|v| v.strip_suffix('}'));
                let (file, entry) = name.and_then(|n| maven.property_entry(pom, n)).unwrap_or((file, entry));
                Some((java, file, entry.span))
            };
            // The compiler plugin's own words first; Spring Boot's parent reads `java.version`.
            let plugin = compiler(&["release"]).or_else(|| compiler(&["target", "source"]));
            let property = || properties.iter().find_map(|p| maven.property_entry(pom, p));
            plugin.and_then(read).or_else(|| property().and_then(read))
        }
        Build::Gradle(project) => {
            let keys = [
                "options.release",
                "release",
                "languageVersion",
                "sourceCompatibility",
                "targetCompatibility",
                "jvmTarget",
                "jvmToolchain",
                "javaVersion",
            ];
            keys.iter().find_map(|key| {
                let (file, entry) = gradle.setting_entry(project, &[key])?;
                Some((release(&entry.value)?, file, entry.span))
            })
        }
        _ => None,
    }
}

/// `1.8`, `17`, `JavaVersion.VERSION_1_8`, `JavaLanguageVersion.of(21)`.
fn release(text: &str) -> Option<u16> {
    let text = text.replace("VERSION_1_", "").replace("VERSION_", "");
    let text = text.trim().strip_prefix("1.").unwrap_or(text.trim());
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|n| (5..100).contains(n))
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn java_releases_are_read_in_all_spellings() {
        assert_eq!(release("1.8"), Some(8));
        assert_eq!(release(" 17 "), Some(17));
        assert_eq!(release("JavaVersion.VERSION_1_8"), Some(8));
        assert_eq!(release("JavaVersion.VERSION_21"), Some(21));
        assert_eq!(release("JavaLanguageVersion.of(25)"), Some(25));
        assert_eq!(release("${java.version}"), None);
    }
}
