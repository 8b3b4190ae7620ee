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
    let (dirs, name) = path.rsplit_once('/').unwrap_or(("", path));
    let dirs: Vec<&str> = dirs.split('/').filter(|d| !d.is_empty()).collect();
    // What lies above the sources is layout; below it, names are packages and mean nothing here:
    // `src/main/java/com/x/vendor` is nobody's vendor folder.
    let src = source_root(&dirs);
    let layout = &dirs[..src.unwrap_or(dirs.len())];

    if layout.iter().any(|d| is_vendor_folder(d)) || is_template(path) {
        return Role::Vendored;
    }
    if let Some(role) = src.and_then(|at| dirs.get(at + 1)).and_then(|set| source_set_role(set)) {
        return role;
    }
    let set = src.filter(|at| dirs.get(at + 2).is_some_and(|lang| is_language_folder(lang))).map(|at| dirs[at + 1]);
    if set.is_some_and(is_test_set) {
        return Role::Test;
    }
    if layout.iter().any(|d| matches!(*d, ".devcontainer" | "playwright" | "cypress")) {
        return Role::Test;
    }
    let of_tests = |d: &str| matches!(d, "tests" | "fixtures" | ".antithesis") || is_test_folder(d);
    if src.is_none() && is_deployment(name) && layout.iter().any(|d| of_tests(d)) {
        return Role::Test;
    }
    if is_test_layout(layout, &dirs, src, name) || is_test_name(name) {
        return Role::Test;
    }
    if layout.iter().any(|d| matches!(*d, "buildSrc" | "build-logic" | ".mvn" | "xtask")) {
        return Role::BuildTool;
    }
    if name == "build.rs" && src.is_none() {
        return Role::BuildTool;
    }
    if is_generated(&dirs, name) {
        return Role::Generated;
    }
    if is_rust(name) && src.is_none() && layout.iter().any(|d| matches!(*d, "examples" | "benches")) {
        return Role::Example;
    }
    Role::Main
}

/// A pattern for new projects, which a generator fills in: `archetype-resources/`, `{{cookiecutter.name}}/`.
pub fn is_template(path: &str) -> bool {
    path.split('/').any(|part| part == "archetype-resources" || part.contains("{{") || part.contains("__artifactId__"))
}

/// Index of the `src` that holds the sources: the first one whose child is a source set, else the last.
fn source_root(dirs: &[&str]) -> Option<usize> {
    let is_set = |at: usize| dirs.get(at + 2).is_some_and(|lang| is_language_folder(lang));
    (0..dirs.len()).find(|at| dirs[*at] == "src" && is_set(*at)).or_else(|| dirs.iter().rposition(|d| *d == "src"))
}

fn is_language_folder(dir: &str) -> bool {
    matches!(dir, "java" | "kotlin" | "scala" | "groovy" | "resources" | "webapp" | "rust" | "jib" | "docker" | "proto")
}

fn is_vendor_folder(dir: &str) -> bool {
    matches!(
        dir,
        "node_modules"
            | "bower_components"
            | "vendor"
            | "vendored"
            | "third_party"
            | "third-party"
            | "thirdparty"
            | "3rdparty"
            | "external-crates"
            | "external_crates"
    )
}

/// The role that the folder after `src` gives: `test`, `it`, `integrationTest`, `component-test`, `testFixtures`, `jmh`.
fn source_set_role(set: &str) -> Option<Role> {
    let lower = set.to_ascii_lowercase();
    // A Rust module or a package below `src` is called `test_utils` or `testing` at times: only a
    // word of its own counts.
    let words_with_test = lower == "test"
        || lower == "tests"
        || lower.starts_with("test-")
        || lower.ends_with("-test")
        || lower.ends_with("-tests")
        || set.ends_with("Test")
        || set.ends_with("Tests")
        || set == "testFixtures"
        || set.starts_with("testInt");
    if words_with_test || matches!(lower.as_str(), "it" | "itest" | "e2e" | "aat" | "acceptance") {
        return Some(Role::Test);
    }
    match lower.as_str() {
        "jmh" => Some(Role::Example),
        "generated" => Some(Role::Generated),
        _ => None,
    }
}

/// A source set of Gradle or Maven that holds tests of the whole, though its name does not say so: `src/aat/java`.
fn is_test_set(set: &str) -> bool {
    matches!(
        set.to_ascii_lowercase().as_str(),
        "aat"
            | "acceptance"
            | "functional"
            | "integration"
            | "smoke"
            | "contract"
            | "pact"
            | "perf"
            | "performance"
            | "gatling"
    )
}

/// Test folders outside `src`: Cargo's `tests/`, Ant's `test/java`, `__tests__`.
fn is_test_layout(layout: &[&str], dirs: &[&str], src: Option<usize>, name: &str) -> bool {
    if layout.iter().any(|d| matches!(*d, "__tests__" | "__mocks__" | "testdata" | "test-data" | "test-fixtures")) {
        return true;
    }
    if (is_rust(name) || name == "Cargo.toml") && layout.contains(&"tests") {
        return true;
    }
    // Modules that are called `test` hold main sources too: only sources lying right below count.
    src.is_none()
        && name.ends_with(".java")
        && layout.windows(2).any(|w| {
            matches!(w[0], "test" | "tests")
                && matches!(w[1], "java" | "com" | "org" | "net" | "io" | "cn" | "de" | "resources")
        })
        && !dirs.contains(&"main")
}

/// `e2e`, `shop-e2e`, `integration-tests`, `test-images`: a folder for tests of the whole, images and modules included.
pub fn is_test_folder(folder: &str) -> bool {
    const OF_THE_WHOLE: [&str; 11] = [
        "integration",
        "integrated",
        "system",
        "acceptance",
        "functional",
        "smoke",
        "load",
        "images",
        "image",
        "mock",
        "mocks",
    ];
    let lower = folder.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_', '.']).collect();
    parts.iter().any(|p| matches!(*p, "e2e" | "bdd" | "loadtest" | "loadtests" | "stresstest" | "perftest"))
        || parts.iter().any(|p| matches!(*p, "test" | "tests")) && parts.iter().any(|p| OF_THE_WHOLE.contains(p))
}

/// A Dockerfile, or a manifest or settings in YAML: what lies in a folder of tests is deployed by them.
fn is_deployment(name: &str) -> bool {
    name.starts_with("Dockerfile") || [".yaml", ".yml", "entrypoint.sh"].iter().any(|end| name.ends_with(end))
}

fn is_rust(name: &str) -> bool {
    name.ends_with(".rs")
}

/// `OrderTest.java`, `OrderIT.java`, `order_test.go`, `order.spec.ts`, `test_order.py`.
fn is_test_name(name: &str) -> bool {
    // The image in which a project's own tests run.
    let lower = name.to_ascii_lowercase();
    let of_image = lower
        .strip_prefix("dockerfile")
        .and_then(|rest| rest.strip_prefix(['.', '-', '_']))
        .or_else(|| lower.strip_suffix(".dockerfile"));
    if of_image
        .is_some_and(|words| words.split(['.', '-', '_']).any(|w| matches!(w, "test" | "tests" | "e2e" | "bench")))
    {
        return true;
    }
    let Some((stem, ext)) = name.rsplit_once('.') else {
        return false;
    };
    match ext {
        "java" | "kt" | "groovy" | "scala" => {
            ["Test", "Tests", "TestCase", "TestCases", "TestBase", "Spec", "Specification"]
                .iter()
                .any(|suffix| stem.len() > suffix.len() && stem.ends_with(suffix) && (ext != "java" || !suffix.starts_with("Spec")))
                // `OrderIT`, yet not `AUDIT`.
                || stem.strip_suffix("IT").is_some_and(|head| head.ends_with(|c: char| c.is_lowercase() || c.is_ascii_digit()))
        }
        "go" => stem.ends_with("_test"),
        "py" => stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest",
        "js" | "jsx" | "mjs" | "ts" | "tsx" => {
            stem.ends_with(".test") || stem.ends_with(".spec") || stem.ends_with(".cy")
        }
        // `docker-compose.test.yml`, `compose.e2e.yaml`.
        "yml" | "yaml" if stem.contains("compose") => {
            stem.split(['-', '_', '.']).any(|part| matches!(part, "test" | "tests" | "e2e" | "it"))
        }
        "cs" => stem.ends_with("Tests") || stem.ends_with("Test"),
        _ => false,
    }
}

fn is_generated(dirs: &[&str], name: &str) -> bool {
    name.ends_with(".pb.rs")
        || name.ends_with(".pb.go")
        || name.ends_with("_pb2.py")
        || name.ends_with("_pb2_grpc.py")
        || dirs
            .iter()
            .any(|d| matches!(*d, "generated" | "generated-sources" | "generated-src" | "generated-test-sources"))
}

#[cfg(test)]
mod tests {
    use super::{Role, role_of};

    fn all(role: Role, paths: &[&str]) {
        for path in paths {
            assert_eq!(role_of(path), role, "{path}");
        }
    }

    #[test]
    fn deployed_by_tests_of_the_whole() {
        all(
            Role::Test,
            &[
                "shop-e2e/k8s/deployment.yml",
                "docker/test-images/shop-db/Dockerfile",
                "shop-integrated-test/orders/Dockerfile",
                "system-tests/compose.yaml",
                "docker-compose.test.yml",
                "deploy/compose.e2e.yaml",
                "ui/fixtures/docker-compose.yml",
                "crates/core/fixtures/model/entrypoint.sh",
                ".antithesis/client/Dockerfile",
            ],
        );
        all(
            Role::Main,
            &[
                "contest/k8s/deployment.yml",
                "latest-images/Dockerfile",
                "load-balancer/Dockerfile",
                "docker-compose.yml",
            ],
        );
    }

    #[test]
    fn packages_are_not_layout() {
        all(
            Role::Main,
            &[
                "svc/src/main/java/com/x/vendor/Vendor.java",
                "svc/src/main/java/com/x/build/Builder.java",
                "svc/src/main/java/com/x/test/Exam.java",
                "svc/src/main/java/com/x/examples/A.java",
                "crates/a/src/vendor/mod.rs",
                "crates/a/src/test_utils/mod.rs",
                "crates/a/src/build.rs",
                "test/core/src/main/java/com/x/A.java",
                "svc/src/main/java/com/x/Latest.java",
                "svc/src/main/java/com/x/Contest.java",
                "svc/src/main/java/com/x/AUDIT.java",
                "svc/src/main/resources/application-test.yml",
                "examples/shop/src/main.rs",
                "crates/a/src/integration/mod.rs",
                "svc/src/main/java/com/x/smoke/A.java",
                "examples/orders/src/main/java/com/x/A.java",
            ],
        );
    }

    #[test]
    fn tests_in_all_their_places() {
        all(
            Role::Test,
            &[
                "svc/src/test/java/com/x/A.java",
                "src/it/java/A.java",
                "a/src/integrationTest/java/A.java",
                "a/src/integration-test/resources/application.yml",
                "a/src/component-test/java/A.java",
                "a/src/testFixtures/java/A.java",
                "a/src/aat/java/com/x/Hooks.java",
                "svc/src/main/java/com/x/OrderTest.java",
                "svc/src/main/java/com/x/OrderIT.java",
                "svc/src/main/java/com/x/OrderManualTest.java",
                "crates/a/tests/api.rs",
                "crates/a/tests/fixtures/app/src/main.rs",
                "tests/api.rs",
                "app/test/com/x/A.java",
                "ui/src/app.spec.ts",
                "pkg/a_test.go",
                ".devcontainer/Dockerfile",
                "playwright/compose/Dockerfile",
                "tests/integration/kafka/compose.yaml",
                "tests/e2e/Dockerfile",
                "bdd/java/Dockerfile",
                "foreign/php/Dockerfile.test",
                "svc/bench.Dockerfile",
                "loadtest/docker-compose.yaml",
                "svc/src/aat/java/com/x/Steps.java",
                "svc/src/functional/java/com/x/Steps.java",
                "svc/src/smoke/resources/application.yml",
            ],
        );
    }

    #[test]
    fn the_other_roles() {
        all(Role::Example, &["crates/a/examples/x.rs", "benches/b.rs", "a/src/jmh/java/B.java"]);
        all(
            Role::BuildTool,
            &["buildSrc/src/main/groovy/X.groovy", ".mvn/wrapper/W.java", "a/build.rs", "xtask/src/main.rs"],
        );
        all(Role::Generated, &["a/target/generated-sources/x/A.java", "thrift/generated/A.java", "a/src/p.pb.rs"]);
        all(
            Role::Vendored,
            &[
                "starter/src/main/resources/archetype-resources/src/main/java/App.java",
                "templates/{{project-name}}/src/main.rs",
            ],
        );
        all(Role::Vendored, &["vendor/x/src/lib.rs", "ui/node_modules/a/package.json", "a/third_party/B.java"]);
    }
}
