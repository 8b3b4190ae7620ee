//! How a unit is packed: which plugin makes something that runs.

use super::gradle::Gradle;
use super::input::{Build, Draft, Input};
use super::maven::Maven;
use super::model::Evidence;
use crate::source::FileIx;
use crate::text::Span;

/// What packs a unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Packaging {
    /// `jar`, `war`, `ear`, `pom`; empty when the build does not tell.
    pub(super) archive: String,
    /// A plugin makes it runnable.
    pub(super) runnable: Option<Evidence>,
    /// The unit's own manifest applies that plugin, not one above it.
    pub(super) own: bool,
    /// Only a main class in the archive's manifest: libraries have that too.
    pub(super) weak: bool,
    /// A plugin of a profile that is not active by default makes it runnable.
    pub(super) in_profile: Option<Evidence>,
    /// A plugin of such a profile is bound to build an image of it.
    pub(super) image_in_profile: bool,
    /// Plugins build an image under these names.
    pub(super) images: Vec<String>,
    /// Only its first-party plugins matter here: it groups modules.
    pub(super) aggregator: bool,
    /// The framework starts it, no `main` needs to be written.
    pub(super) needs_no_main: bool,
    /// It packs a server that runs the modules put into it (Apache Karaf).
    pub(super) server: Option<Evidence>,
    /// A plugin of its own tests or loads others.
    pub(super) testing: Option<Evidence>,
}

/// Maven plugins by artifact: what they do, and whether they alone make it runnable.
const MAVEN: &[(&str, &str)] = &[
    ("spring-boot-maven-plugin", "spring-boot-maven-plugin repackages it"),
    ("quarkus-maven-plugin", "quarkus-maven-plugin builds an application"),
    ("micronaut-maven-plugin", "micronaut-maven-plugin builds an application"),
    ("helidon-maven-plugin", "helidon-maven-plugin builds an application"),
    ("jib-maven-plugin", "jib builds an image of it"),
    ("docker-maven-plugin", "docker-maven-plugin builds an image of it"),
    ("dockerfile-maven-plugin", "dockerfile-maven-plugin builds an image of it"),
    ("tomcat7-maven-plugin", "tomcat7-maven-plugin runs it"),
    ("liberty-maven-plugin", "liberty-maven-plugin packs a server"),
    ("wildfly-maven-plugin", "wildfly-maven-plugin packs a server"),
    ("wildfly-swarm-plugin", "packed as an uber jar"),
    ("thorntail-maven-plugin", "packed as an uber jar"),
    ("payara-micro-maven-plugin", "packed as an uber jar"),
    ("appassembler-maven-plugin", "appassembler makes start scripts"),
];

/// Maven plugins that make a runnable archive when a main class is configured.
const MAVEN_WITH_MAIN: &[&str] =
    &["maven-shade-plugin", "maven-assembly-plugin", "maven-jar-plugin", "onejar-maven-plugin"];

/// Plugins that test or load others.
const TESTING: &[&str] = &["jmeter-maven-plugin", "gatling-maven-plugin", "io.gatling.gradle", "net.foragerr.jmeter"];

const GRADLE: &[(&str, &str)] = &[
    ("org.springframework.boot", "the Spring Boot plugin packs it"),
    ("spring-boot", "the Spring Boot plugin packs it"),
    ("io.quarkus", "the Quarkus plugin packs it"),
    ("io.micronaut.application", "the Micronaut application plugin packs it"),
    ("io.micronaut.minimal.application", "the Micronaut application plugin packs it"),
    ("io.ktor.plugin", "the Ktor plugin packs it"),
    ("com.google.cloud.tools.jib", "jib builds an image of it"),
    ("application", "the application plugin packs it"),
    ("com.github.johnrengelman.shadow", "packed as a shadow jar"),
    ("com.gradleup.shadow", "packed as a shadow jar"),
    ("com.bmuschko.docker-spring-boot-application", "built into an image"),
    ("com.bmuschko.docker-java-application", "built into an image"),
];

/// Reads how a unit is packed.
pub(super) fn read(input: &Input<'_>, draft: &Draft, maven: &Maven<'_>, gradle: &Gradle<'_>) -> Packaging {
    let mut out = by_build(input, draft, maven, gradle);
    // Two builds side by side may disagree; a descriptor for servlet containers says which is meant.
    let descriptor = super::paths::join(&draft.dir, "src/main/webapp/WEB-INF/web.xml");
    let is_jar = matches!(out.archive.as_str(), "" | "jar") && out.runnable.is_none();
    if is_jar && draft.has_sources() && descriptor.is_some_and(|path| input.find(&path).is_some()) {
        out.archive = "war".to_string();
    }
    out
}

fn by_build(input: &Input<'_>, draft: &Draft, maven: &Maven<'_>, gradle: &Gradle<'_>) -> Packaging {
    match draft.build {
        Build::Maven(pom) => of_maven(input, pom, maven),
        Build::Gradle(project) => of_gradle(draft, project, gradle),
        _ => Packaging::default(),
    }
}

fn evidence(what: &str, file: FileIx, span: Span) -> Evidence {
    Evidence { what: what.to_string(), file: Some(file), span: Some(span) }
}

fn of_maven(input: &Input<'_>, pom: FileIx, maven: &Maven<'_>) -> Packaging {
    let Some(facts) = input.maven(pom) else { return Packaging::default() };
    let archive = if facts.packaging.is_empty() { "jar" } else { facts.packaging.as_str() };
    let mut out = Packaging { archive: archive.to_string(), aggregator: archive == "pom", ..Packaging::default() };
    for (file, plugin) in maven.plugins(pom) {
        let own = file == pom;
        if own && TESTING.contains(&plugin.artifact.as_str()) {
            out.testing = Some(evidence("its plugin puts load on others", file, plugin.span));
        }
        if own && assembles_server(plugin, archive) {
            out.server = Some(evidence("packed as a Karaf server with its modules", file, plugin.span));
        }
        let Some(what) = runs(plugin).filter(|_| !is_skipped(plugin)) else { continue };
        // A parent's image plugin or boot plugin reaches libraries too: the unit's own word counts more.
        let weak = plugin.artifact == "maven-jar-plugin";
        if out.runnable.is_none() || (own && !out.own) || (own && out.weak && !weak) {
            out.runnable = Some(evidence(what, file, plugin.span));
            (out.own, out.weak) = (own, weak);
        }
        out.needs_no_main |= own && plugin.artifact.starts_with("quarkus");
    }
    let images = ["to.image", "images.image.name", "repository", "imageName", "image.name"];
    for artifact in ["jib-maven-plugin", "docker-maven-plugin", "dockerfile-maven-plugin", "spring-boot-maven-plugin"] {
        out.images.extend(maven.plugin_setting(pom, artifact, &images).filter(|i| !i.contains("${")));
    }
    out.image_in_profile = maven.profile_plugins(pom).any(|(_, plugin)| {
        let builds = ["jib-maven-plugin", "docker-maven-plugin", "dockerfile-maven-plugin"];
        builds.contains(&plugin.artifact.as_str()) && !plugin.goals.is_empty() && !is_skipped(plugin)
    });
    out.in_profile = maven
        .profile_plugins(pom)
        .filter(|(_, plugin)| !is_skipped(plugin))
        .find_map(|(id, plugin)| Some((id, plugin, runs(plugin)?)))
        .map(|(id, plugin, what)| evidence(&format!("{what} in profile {id}"), pom, plugin.span));
    out
}

/// `kar` and `features` make parts for such a server; only an assembly is one.
fn assembles_server(plugin: &crate::facts::manifest::MavenPlugin, archive: &str) -> bool {
    plugin.artifact == "karaf-maven-plugin"
        && !is_skipped(plugin)
        && (archive == "karaf-assembly" || plugin.goals.iter().any(|goal| goal == "assembly"))
}

fn is_skipped(plugin: &crate::facts::manifest::MavenPlugin) -> bool {
    plugin.configuration.iter().any(|e| e.key.as_str() == "skip" && e.value.trim() == "true")
}

fn runs(plugin: &crate::facts::manifest::MavenPlugin) -> Option<&'static str> {
    if let Some((_, what)) = MAVEN.iter().find(|(artifact, _)| *artifact == plugin.artifact) {
        return Some(what);
    }
    let main = plugin.configuration.iter().any(|e| e.key.last_segment() == "mainClass" && !e.value.is_empty());
    // An assembly or shading that is configured but bound to no phase does not run.
    let bound = plugin.artifact == "maven-jar-plugin" || !plugin.goals.is_empty();
    (main && bound && MAVEN_WITH_MAIN.contains(&plugin.artifact.as_str())).then_some("packed with a main class")
}

fn of_gradle(draft: &Draft, project: usize, gradle: &Gradle<'_>) -> Packaging {
    let mut out = Packaging::default();
    for (id, _, file, span) in gradle.plugins(project) {
        match id.as_str() {
            "war" => out.archive = "war".to_string(),
            "ear" => out.archive = "ear".to_string(),
            id if TESTING.contains(&id) && draft.manifest == Some(file) => {
                out.testing = Some(evidence("its plugin puts load on others", file, span));
            }
            _ => {}
        }
        let Some((_, what)) = GRADLE.iter().find(|(plugin, _)| *plugin == id) else { continue };
        let own = draft.manifest == Some(file);
        if out.runnable.is_none() || (own && !out.own) {
            out.runnable = Some(evidence(what, file, span));
            out.own = own;
        }
        out.needs_no_main |= id == "io.quarkus";
    }
    // A plugin of the house may pack it; what it starts is written out.
    let main = gradle.setting_entry(project, &["mainClassName", "mainClass"]);
    if let Some((file, entry)) =
        main.filter(|(file, e)| out.runnable.is_none() && draft.manifest == Some(*file) && !e.value.is_empty())
    {
        out.runnable = Some(evidence("its build names the main class", file, entry.span));
        out.own = true;
    }
    out.images.extend(gradle.setting(project, &["jib.to.image", "to.image"]).filter(|i| !i.contains('$')));
    // Scripts in another language beside a build of many projects are no program of it.
    let jvm = draft.languages.iter().any(|(l, _)| matches!(*l, "java" | "kotlin" | "scala" | "groovy" | "clojure"));
    let below = |dir: &str| dir != draft.dir && super::paths::within(dir, &draft.dir);
    let groups = !jvm && gradle.projects.iter().any(|p| below(&p.dir));
    // A web archive may be made of other modules alone.
    out.aggregator = (groups || !draft.has_sources()) && !matches!(out.archive.as_str(), "war" | "ear");
    out
}
