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
    /// What a tool has resolved: an SBOM (`bom.json`, `*.cdx.json`, `*.spdx.json`), `dependency-tree.txt`, `gradle.lockfile`, `Cargo.lock`.
    Resolved,
    /// GitHub workflows, GitLab, Azure and Bitbucket pipelines, `Jenkinsfile`.
    Ci,
    /// `META-INF/spring.factories`, `META-INF/spring/*.imports`, `META-INF/services/*`.
    Registrations,
    /// `application*.{yml,yaml,properties,conf}`, `bootstrap*`, and other YAML or properties under resources or configuration folders.
    Settings,
    /// logback, log4j2, log4j configuration.
    Logging,
    /// `config.toml`, `fly.toml`, TOML in configuration folders.
    Toml,
    /// `web.xml`, `persistence.xml`, `ehcache.xml`, MyBatis mappers and other XML that is read for settings.
    Xml,
    /// `Dockerfile`, `*.dockerfile`, `Containerfile`.
    Container,
    /// Shell scripts, which images start.
    Script,
    /// Compose, Kubernetes, Helm, Kustomize, skaffold, serverless, SAM, Procfile: any other YAML too.
    Deploy,
}

/// The kind of a file by its path relative to the root; `None` for what is never read.
///
/// The name decides what is cheap to decide; where settings and deployments look alike by name,
/// the parser has the last word.
pub fn classify(path: &str) -> Option<FileKind> {
    let lower = path.to_ascii_lowercase();
    let (dirs, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let dirs: Vec<&str> = dirs.split('/').collect();
    // Templates of new projects: neither code nor a unit of this tree; their manifests are noted.
    if dirs.contains(&"archetype-resources") {
        return by_exact_name(name);
    }
    if let Some(kind) = by_exact_name(name) {
        return Some(kind);
    }
    if is_ci(&dirs, name) {
        return Some(FileKind::Ci);
    }
    if is_dockerfile(name) {
        return Some(FileKind::Container);
    }
    if is_resolved(name) {
        return Some(FileKind::Resolved);
    }
    if dirs.contains(&"meta-inf")
        && (name == "spring.factories" || name.ends_with(".imports") || is_service(&dirs, name))
    {
        return Some(FileKind::Registrations);
    }
    match name.rsplit_once('.')?.1 {
        "java" | "rs" if in_resources(&dirs) => None,
        "java" => Some(FileKind::Java),
        "rs" => Some(FileKind::Rust),
        "gradle" => Some(FileKind::Gradle),
        "kts" if name.ends_with(".gradle.kts") || in_build_logic(&dirs) => Some(FileKind::Gradle),
        "groovy" if in_build_logic(&dirs) => Some(FileKind::Gradle),
        "toml" if name.ends_with(".versions.toml") => Some(FileKind::Gradle),
        "toml" => toml(&dirs, name),
        "csproj" => Some(FileKind::OtherManifest),
        "sh" => Some(FileKind::Script),
        "yml" | "yaml" => yaml(&dirs, name),
        "properties" => properties(&dirs, name),
        "xml" => xml(&dirs, name),
        // HOCON of Akka and Play.
        "conf" => name.starts_with("application").then_some(FileKind::Settings),
        _ => None,
    }
}

/// `META-INF/services/org.shop.Plugin`, `META-INF/dubbo/internal/org.shop.Filter`: the name of an interface.
fn is_service(dirs: &[&str], name: &str) -> bool {
    const ENDINGS: &[&str] =
        &["xml", "properties", "mf", "json", "txt", "md", "sf", "rsa", "yml", "yaml", "kt", "java"];
    dirs.last() != Some(&"meta-inf")
        && name.rsplit_once('.').is_some_and(|(_, last)| !last.is_empty() && !ENDINGS.contains(&last))
}

fn by_exact_name(name: &str) -> Option<FileKind> {
    Some(match name {
        "pom.xml" => FileKind::Maven,
        "cargo.toml" => FileKind::Cargo,
        "gradle.properties" => FileKind::Gradle,
        "package.json" | "go.mod" | "pyproject.toml" | "requirements.txt" => FileKind::OtherManifest,
        "procfile" => FileKind::Deploy,
        _ => return None,
    })
}

fn is_dockerfile(name: &str) -> bool {
    // `dockerfile.js` is a syntax highlighter, `Dockerfile.md` a page.
    const NOT_IMAGES: &[&str] = &[
        "js",
        "jsx",
        "ts",
        "tsx",
        "vue",
        "md",
        "html",
        "css",
        "json",
        "java",
        "kt",
        "py",
        "go",
        "rb",
        "svg",
        "png",
        "sh",
        "rs",
        "toml",
        "xml",
        "gradle",
        "yml",
        "yaml",
        "properties",
        "dockerignore",
        "bak",
        "orig",
        "swp",
        "adoc",
        "rst",
    ];
    match name.split_once('.') {
        None => matches!(name, "dockerfile" | "containerfile"),
        Some(("dockerfile" | "containerfile", rest)) => !NOT_IMAGES.contains(&rest.rsplit('.').next().unwrap_or(rest)),
        Some(_) => name.ends_with(".dockerfile") || name.ends_with(".containerfile"),
    }
}

fn is_ci(dirs: &[&str], name: &str) -> bool {
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let workflow = matches!(dirs, [.., ".github", "workflows"]) || (dirs == [".circleci"]) || dirs.contains(&".gitlab");
    let stem = name.split('.').next().unwrap_or(name);
    (yaml && (workflow || name.starts_with(".gitlab-ci") || stem.starts_with("azure-pipeline")))
        || matches!(name, ".travis.yml" | "bitbucket-pipelines.yml" | "jenkinsfile")
        || name.starts_with("jenkinsfile.")
}

/// `buildscript-gradle.lockfile` is the build's own class path, `package-lock.json` another language's.
fn is_resolved(name: &str) -> bool {
    if matches!(name, "cargo.lock" | "gradle.lockfile" | "bom.json" | "sbom.json") {
        return true;
    }
    let Some((stem, ext)) = name.rsplit_once('.') else { return false };
    let tree = ["dependency-tree", "dependency_tree", "dependencytree", "deptree"].iter().any(|w| stem.contains(w));
    match ext {
        "json" => {
            tree || [".cdx", ".spdx", ".bom", ".sbom", "-bom", "-sbom", ".cyclonedx"]
                .iter()
                .any(|end| stem.ends_with(end))
        }
        "txt" | "log" => tree,
        _ => false,
    }
}

fn in_build_logic(dirs: &[&str]) -> bool {
    dirs.iter().any(|d| matches!(*d, "buildsrc" | "build-logic"))
}

/// Below `src/<set>/resources` (a Java package may be called `resources` too).
fn in_resources(dirs: &[&str]) -> bool {
    dirs.windows(3).any(|w| w[0] == "src" && w[2] == "resources")
}

/// Below a folder that people keep settings in.
fn in_settings_folder(dirs: &[&str]) -> bool {
    dirs.iter().any(|d| {
        matches!(
            *d,
            "config" | "configs" | "conf" | "cfg" | "nacos" | "apollo" | "properties" | "settings" | "profiles"
        ) || d.starts_with("config-")
            || d.ends_with("-config")
            || d.ends_with("-configs")
            || d.ends_with("-config-data")
    })
}

fn in_deploy_folder(dirs: &[&str]) -> bool {
    dirs.iter().any(|d| {
        matches!(
            *d,
            "k8s" | "kubernetes" | "kube" | "manifests" | "helm" | "charts" | "kustomize" | "overlays" | "openshift"
        ) || d.ends_with("-k8s")
            || d.ends_with("-kubernetes")
    })
}

/// Continuous integration, editors: hidden names that say nothing about how a service runs.
fn is_hidden(dirs: &[&str], name: &str) -> bool {
    name.starts_with('.') || dirs.iter().any(|d| matches!(*d, ".github" | ".circleci" | ".gitlab" | ".mvn" | ".vscode"))
}

/// `application.yml`, `bootstrap-dev.properties`, `microservice.yaml`.
fn is_application(stem: &str) -> bool {
    stem.starts_with("bootstrap")
        || stem.starts_with("microservice")
        || (stem.starts_with("application") && !stem.starts_with("applicationset"))
}

/// `user-service-dev`: the last part names an environment.
fn names_environment(stem: &str) -> bool {
    stem.rsplit_once(['-', '_']).is_some_and(|(_, last)| is_environment(last))
}

/// Words that name an environment in file names.
pub fn is_environment(word: &str) -> bool {
    matches!(
        word,
        "dev"
            | "develop"
            | "development"
            | "prod"
            | "prd"
            | "production"
            | "test"
            | "testing"
            | "local"
            | "uat"
            | "sit"
            | "qa"
            | "stage"
            | "staging"
            | "stg"
            | "pre"
            | "preprod"
            | "docker"
            | "default"
            | "cloud"
            | "ci"
    )
}

fn yaml(dirs: &[&str], name: &str) -> Option<FileKind> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let compose = ["docker-compose", "compose", "podman-compose"].iter().any(|p| stem.starts_with(p));
    let deploy_name = matches!(stem, "chart" | "skaffold" | "serverless" | "template" | "kustomization" | "samconfig")
        || stem.starts_with("values")
        || stem.contains("docker-compose");
    if is_hidden(dirs, name) {
        return None;
    }
    if stem.contains("log4j2") {
        return Some(FileKind::Logging);
    }
    if is_application(stem) {
        return Some(FileKind::Settings);
    }
    if compose || deploy_name {
        return Some(FileKind::Deploy);
    }
    if in_resources(dirs) {
        return if is_resource_data(dirs, stem) { None } else { Some(FileKind::Settings) };
    }
    if in_deploy_folder(dirs) || dirs.contains(&"templates") {
        return Some(FileKind::Deploy);
    }
    Some(if in_settings_folder(dirs) || names_environment(stem) { FileKind::Settings } else { FileKind::Deploy })
}

/// Resources that are no settings: texts, API descriptions, database changes, web content.
fn is_resource_data(dirs: &[&str], stem: &str) -> bool {
    let words = ["messages", "validationmessages", "openapi", "swagger", "i18n", "changelog", "git", "build-info"];
    words.iter().any(|w| stem.starts_with(w))
        || stem.ends_with("-api")
        || stem.ends_with("-openapi")
        || stem.contains("changelog")
        || dirs.iter().any(|d| {
            matches!(
                *d,
                "i18n"
                    | "locale"
                    | "locales"
                    | "static"
                    | "templates"
                    | "public"
                    | "changelog"
                    | "migration"
                    | "openapi"
                    | "lang"
            )
        })
}

fn properties(dirs: &[&str], name: &str) -> Option<FileKind> {
    let stem = name.strip_suffix(".properties").unwrap_or(name);
    if stem.contains("log4j") {
        return Some(FileKind::Logging);
    }
    if is_hidden(dirs, name) || is_build_tool_properties(stem) {
        return None;
    }
    if is_application(stem) {
        return Some(FileKind::Settings);
    }
    let settings = if in_resources(dirs) {
        !is_resource_data(dirs, stem) && !is_translation(stem)
    } else {
        in_settings_folder(dirs) || names_environment(stem)
    };
    settings.then_some(FileKind::Settings)
}

fn is_build_tool_properties(stem: &str) -> bool {
    stem.ends_with("-wrapper")
        || matches!(stem, "build" | "sonar-project" | "junit-platform" | "local" | "lombok" | "checkstyle")
}

/// `labels_de`, `texts_pt_BR`.
fn is_translation(stem: &str) -> bool {
    stem.rsplit_once('_').is_some_and(|(head, last)| {
        last.len() == 2
            && last.bytes().all(|b| b.is_ascii_lowercase())
            && !matches!(last, "db" | "mq" | "h2" | "it")
            && !head.is_empty()
    })
}

/// Tools of the build keep TOML too (`clippy.toml`, `.cargo/config.toml`): only what says that it configures a program counts.
fn toml(dirs: &[&str], name: &str) -> Option<FileKind> {
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let says = stem.contains("config") || stem.contains("settings") || matches!(stem, "fly" | "rocket");
    let hidden = name.starts_with('.') || dirs.iter().any(|d| d.starts_with('.'));
    let counts = says || is_environment(stem) || names_environment(stem) || in_settings_folder(dirs);
    (counts && !hidden).then_some(FileKind::Toml)
}

fn xml(dirs: &[&str], name: &str) -> Option<FileKind> {
    let stem = name.strip_suffix(".xml").unwrap_or(name);
    // Parts that a logging configuration includes lie in a folder of that name.
    let within = dirs.last().is_some_and(|d| matches!(*d, "logback" | "log4j2" | "log4j"));
    if stem.contains("logback") || stem.contains("log4j") || (within && name.ends_with(".xml")) {
        return Some(FileKind::Logging);
    }
    const NAMES: &[&str] = &[
        "web",
        "web-fragment",
        "persistence",
        "hibernate.cfg",
        "ejb-jar",
        "beans",
        "faces-config",
        "server",
        "context",
        "applicationcontext",
        "mybatis-config",
        "sqlmapconfig",
    ];
    let named = NAMES.contains(&stem)
        || [
            "ehcache",
            "hazelcast",
            "infinispan",
            "applicationcontext",
            "spring",
            "quartz",
            "jgroups",
            "weblogic",
            "jboss-",
        ]
        .iter()
        .any(|p| stem.starts_with(p))
        || ["mapper", "-servlet", "-context", "context", "-beans", ".hbm"].iter().any(|s| stem.ends_with(s));
    let placed = in_resources(dirs)
        || dirs.windows(3).any(|w| w[0] == "src" && w[2] == "webapp")
        || dirs.iter().any(|d| matches!(*d, "web-inf" | "meta-inf"))
        || in_settings_folder(dirs);
    (!is_hidden(dirs, name) && (named || placed)).then_some(FileKind::Xml)
}

#[cfg(test)]
mod tests {
    use super::{FileKind, classify};

    fn all(kind: Option<FileKind>, paths: &[&str]) {
        for path in paths {
            assert_eq!(classify(path), kind, "{path}");
        }
    }

    #[test]
    fn settings_by_name_and_place() {
        all(
            Some(FileKind::Settings),
            &[
                "svc/src/main/resources/application.yml",
                "k8s/application-prod.yaml",
                "svc/bootstrap.properties",
                "microservice.yaml",
                "config/admin/shop-admin-prod.yaml",
                "config-repo/orders.yml",
                "svc/src/main/resources/db/jdbc.properties",
                "orders-dev.yml",
                "a/src/main/resources/persistence-h2.properties",
                "conf/application.conf",
            ],
        );
        all(
            None,
            &[
                "svc/src/main/resources/messages_en.properties",
                "svc/src/main/resources/i18n/texts.yml",
                "svc/src/main/resources/labels_fr.properties",
                "gradle/wrapper/gradle-wrapper.properties",
                ".github/dependabot.yml",
                "readme.properties",
            ],
        );
    }

    #[test]
    fn deployments_win_over_settings_folders() {
        all(
            Some(FileKind::Deploy),
            &[
                "config/docker-compose.yml",
                "compose.prod.yaml",
                "chart/values-prod.yaml",
                "Chart.yaml",
                "skaffold.yaml",
                "k8s/config/app.yaml",
                "helm/shop/templates/deployment.yaml",
                "Procfile",
                "orders.yml",
            ],
        );
    }

    #[test]
    fn containers_but_not_files_about_them() {
        all(Some(FileKind::Container), &["Dockerfile", "a/Dockerfile.jvm", "a/app.dockerfile", "Containerfile"]);
        all(None, &["src/dockerfile.js", "Dockerfile.md", "Dockerfile.dockerignore", "mydockerfile"]);
    }

    #[test]
    fn pipelines() {
        all(
            Some(FileKind::Ci),
            &[
                ".github/workflows/build.yml",
                ".gitlab-ci.yml",
                "ci/azure-pipelines.yaml",
                ".travis.yml",
                "Jenkinsfile",
                "a/Jenkinsfile.x",
            ],
        );
    }

    #[test]
    fn classes_that_the_container_loads() {
        all(
            Some(FileKind::Registrations),
            &[
                "a/src/main/resources/META-INF/spring.factories",
                "a/src/main/resources/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports",
            ],
        );
        all(Some(FileKind::Registrations), &["a/src/main/resources/META-INF/services/x.Y"]);
        all(None, &["spring.factories", "META-INF/native/x.so/readme.txt"]);
    }

    #[test]
    fn what_tools_resolved() {
        all(
            Some(FileKind::Resolved),
            &[
                "Cargo.lock",
                "orders/gradle.lockfile",
                "sbom/orders.cdx.json",
                "orders/bom.json",
                "x.spdx.json",
                "orders/dependency-tree.txt",
                "deptree.json",
            ],
        );
        all(
            None,
            &["buildscript-gradle.lockfile", "ui/package-lock.json", "poetry.lock", "notes.txt", "a/carbom.json"],
        );
    }

    #[test]
    fn manifests_and_build_logic() {
        all(
            Some(FileKind::Gradle),
            &["build.gradle", "a/build.gradle.kts", "gradle/libs.versions.toml", "buildSrc/src/main/groovy/X.groovy"],
        );
        all(None, &["src/main/groovy/X.groovy", "src/main/resources/archetype-resources/src/main/x.yml"]);
        all(Some(FileKind::Maven), &["src/main/resources/archetype-resources/pom.xml"]);
        all(Some(FileKind::OtherManifest), &["go.mod", "ui/package.json", "a/b.csproj", "requirements.txt"]);
        all(None, &["src/main/resources/templates/Some.java", "src/main/resources/archetype-resources/src/A.java"]);
        all(Some(FileKind::Java), &["src/main/java/com/x/resources/UserResource.java"]);
    }

    #[test]
    fn xml_and_logging() {
        all(
            Some(FileKind::Logging),
            &[
                "a/src/main/resources/logback-spring.xml",
                "a/src/main/resources/logback/file-appender.xml",
                "log4j2.yml",
                "conf/log4j.properties",
                "x/log4j.xml",
            ],
        );
        all(
            Some(FileKind::Xml),
            &["src/main/webapp/WEB-INF/web.xml", "a/src/main/resources/mapper/UserMapper.xml", "ehcache.xml"],
        );
        all(None, &["checkstyle.xml", ".idea/misc.xml", "settings.xml"]);
        all(
            Some(FileKind::Toml),
            &["config.example.toml", "examples/fly/fly.toml", "config/local.toml", "a/prod.toml"],
        );
        all(None, &["rustfmt.toml", ".cargo/config.toml", "clippy.toml", ".config/nextest.toml"]);
    }
}
