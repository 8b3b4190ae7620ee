use super::builder::{Found, Tree, gradle_file, gradle_module};
use crate::facts::manifest::{GradleFile, GradleScope};
use crate::units::Scope;

fn pom(artifact: &str, dependencies: &[&str]) -> String {
    let one = |d: &&str| {
        let parts: Vec<&str> = d.split(':').collect();
        let version = parts.get(2).map(|v| format!("<version>{v}</version>")).unwrap_or_default();
        format!(
            "<dependency><groupId>{}</groupId><artifactId>{}</artifactId>{version}</dependency>",
            parts[0], parts[1]
        )
    };
    let all: String = dependencies.iter().map(one).collect();
    format!(
        "<groupId>shop</groupId><artifactId>{artifact}</artifactId><version>1</version><dependencies>{all}</dependencies>"
    )
}

/// `orders` uses `common`, which uses Kafka; its starter would bring Tomcat by the table.
fn shop() -> Tree {
    Tree::default()
        .pom("orders", &pom("orders", &["shop:common:1", "org.springframework.boot:spring-boot-starter-web"]))
        .spring("orders/src/main/java/com/shop/App.java")
        .pom("common", &pom("common", &["org.kafka:kafka"]))
        .class("common/src/main/java/com/shop/Plain.java")
}

const TREE: &str = "[INFO] shop:orders:jar:1\n[INFO] +- shop:common:jar:1:compile\n[INFO] |  \\- org.kafka:kafka:jar:3.7:compile\n[INFO] |     \\- l:lz4:jar:1:runtime\n[INFO] +- org.springframework.boot:spring-boot-starter-web:jar:3.2.1:compile\n[INFO] |  +- org.springframework.boot:spring-boot-starter-undertow:jar:3.2.1:compile\n[INFO] |  |  \\- io.undertow:undertow-core:jar:2.3:compile\n[INFO] |  \\- jakarta:servlet:jar:6:provided\n[INFO] \\- junit:junit:jar:4:test\n";

const TOMCAT: &str = "org.apache.tomcat.embed:tomcat-embed-core";

fn has(found: &Found, dir: &str, coordinate: &str) -> bool {
    found.shipped(dir).iter().any(|d| d == coordinate)
}

#[test]
fn a_tree_takes_the_place_of_the_table_of_starters() {
    let plain = shop().group();
    assert!(has(&plain, "orders", TOMCAT) && !has(&plain, "orders", "l:lz4@1"));

    let found = shop().resolved("orders/dependency-tree.txt", TREE).group();
    assert!(!has(&found, "orders", TOMCAT), "{:?}", found.shipped("orders"));
    assert!(has(&found, "orders", "org.kafka:kafka@3.7"));
    assert_eq!(found.scope("orders", "jakarta:servlet"), None);
    assert_eq!(found.scope("orders", "junit:junit"), None);
    assert_eq!(found.way("orders", "l:lz4"), "common/pom.xml: common > org.kafka:kafka");
    assert_eq!(
        found.way("orders", "io.undertow:undertow-core"),
        "orders/pom.xml: org.springframework.boot:spring-boot-starter-web > org.springframework.boot:spring-boot-starter-undertow"
    );
    assert!(found.because("orders").contains(&"exact dependencies known (mvn dependency:tree)"));
    assert_eq!(found.unit("orders").runtime.framework_version, "3.2.1");
    // The library has no list of its own: what it got within `orders` is not all that it has.
    assert_eq!(found.shipped("common"), ["org.kafka:kafka"]);
}

#[test]
fn a_narrower_scope_of_the_tree_holds() {
    let found = Tree::default()
        .pom("a", &pom("a", &["x:y:1", "x:z:1", "x:w:1", "x:v:1"]))
        .resolved(
            "a/deptree.txt",
            "shop:a:jar:1\n+- x:y:jar:1:provided\n+- x:z:jar:1:compile\n+- x:w:jar:1:compile\n\\- x:v:jar:1:runtime\n",
        )
        .group();
    assert_eq!(found.scope("a", "x:y"), Some(Scope::Provided));
    assert_eq!(found.shipped("a").len(), 3);
}

#[test]
fn an_sbom_of_the_whole_build_speaks_for_each_module() {
    let bom = r#"{"bomFormat": "CycloneDX", "metadata": {"component": {"group": "shop", "name": "shop", "bom-ref": "p"}}, "components": [
        {"bom-ref": "o", "purl": "pkg:maven/shop/orders@1"}, {"bom-ref": "c", "purl": "pkg:maven/shop/common@1"},
        {"bom-ref": "w", "purl": "pkg:maven/org.springframework.boot/spring-boot-starter-web@3.1.0"},
        {"bom-ref": "j", "purl": "pkg:maven/org.eclipse.jetty/jetty-server@12"},
        {"bom-ref": "k", "purl": "pkg:maven/org.kafka/kafka@3.7"}, {"bom-ref": "l", "purl": "pkg:maven/l/lz4@1"}],
        "dependencies": [{"ref": "p", "dependsOn": ["o", "c"]}, {"ref": "o", "dependsOn": ["c", "w"]}, {"ref": "w", "dependsOn": ["j"]},
        {"ref": "c", "dependsOn": ["k"]}, {"ref": "k", "dependsOn": ["l"]}]}"#;
    let found = shop().pom("", &pom("shop", &[])).resolved("bom.json", bom).group();
    assert_eq!(found.shipped("common"), ["l:lz4@1", "org.kafka:kafka@3.7"]);
    assert_eq!(
        found.way("orders", "org.eclipse.jetty:jetty-server"),
        "orders/pom.xml: org.springframework.boot:spring-boot-starter-web"
    );
    assert!(!has(&found, "orders", TOMCAT));
}

#[test]
fn lists_of_others_and_of_former_times_are_not_used() {
    let other = TREE.replace("shop:orders:jar", "shop:legacy:jar");
    let found = shop().resolved("orders/dependency-tree.txt", &other).group();
    assert!(has(&found, "orders", TOMCAT));
    assert!(found.because("orders").contains(&"a list of dependencies is not used: it speaks of legacy"));

    let old = "shop:orders:jar:1\n\\- com.old:gone:jar:1:compile\n";
    let found = shop().resolved("orders/dependency-tree.txt", old).group();
    assert!(has(&found, "orders", TOMCAT) && !has(&found, "orders", "com.old:gone@1"));
    let said = found.because("orders");
    assert!(
        said.contains(&"mvn dependency:tree is not used: 1 of 1 direct dependencies are missing or differ"),
        "{said:?}"
    );
}

#[test]
fn the_nearest_module_of_a_name_is_meant() {
    let found = Tree::default()
        .pom("old/api", &pom("api", &["x:y"]))
        .pom("new/api", &pom("api", &["x:y"]))
        .resolved("new/api/deptree.txt", "shop:api:jar:1\n\\- x:y:jar:2:compile\n")
        .resolved("deptree.txt", "shop:api:jar:1\n\\- x:y:jar:3:compile\n")
        .group();
    assert_eq!(found.shipped("new/api"), ["x:y@2"]);
    assert_eq!(found.shipped("old/api"), ["x:y"], "the one at the root could mean both");
}

#[test]
fn a_gradle_lock_file_keeps_paths_that_the_table_knows() {
    let mut build = gradle_file(GradleFile::Build);
    let starter = "org.springframework.boot:spring-boot-starter-web:$v";
    build.dependencies.push(gradle_module("implementation", starter, GradleScope::Own));
    let web = "org.springframework.boot:spring-boot-starter-web:3.2.1";
    let lock = format!(
        "{web}=compileClasspath,runtimeClasspath\norg.springframework.boot:spring-boot-starter-json:3.2.1=runtimeClasspath\ncom.fasterxml.jackson.core:jackson-databind:2.15=runtimeClasspath\nx:deep:1=runtimeClasspath\nx:lombok:1=compileClasspath\nx:junit:4=testRuntimeClasspath\n"
    );
    let found = Tree::default()
        .gradle("svc/build.gradle", build)
        .spring("svc/src/main/java/com/shop/App.java")
        .resolved("svc/gradle.lockfile", &lock)
        .group();
    assert!(!has(&found, "svc", TOMCAT));
    assert!(has(&found, "svc", &web.replace("web:3", "web@3")));
    assert_eq!(
        found.way("svc", "com.fasterxml.jackson.core:jackson-databind"),
        "svc/build.gradle: org.springframework.boot:spring-boot-starter-web > org.springframework.boot:spring-boot-starter-json"
    );
    assert_eq!(found.way("svc", "x:deep"), "svc/gradle.lockfile: Gradle lock file");
    assert_eq!((found.scope("svc", "x:lombok"), found.scope("svc", "x:junit")), (None, None));
}

#[test]
fn a_cargo_lock_file_tells_versions_and_what_lies_below() {
    let lock = r#"
[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "rocks",
 "mockito",
 "sqlx",
 "core",
]

[[package]]
name = "core"
version = "0.1.0"
dependencies = [
 "hyper 1.4.1",
]

[[package]]
name = "hyper"
version = "0.14.1"
source = "registry"

[[package]]
name = "hyper"
version = "1.4.1"
source = "registry"
dependencies = ["tokio"]

[[package]]
name = "tokio"
version = "1.38.0"
source = "registry"

[[package]]
name = "rocks"
version = "0.22.0"
source = "registry"
dependencies = ["bindgen", "rocks-sys"]

[[package]]
name = "rocks-sys"
version = "9.0.0"
source = "registry"

[[package]]
name = "bindgen"
version = "0.69.0"
source = "registry"
dependencies = ["clang"]

[[package]]
name = "clang"
version = "1.0.0"
source = "registry"

[[package]]
name = "mockito"
version = "1.0.0"
source = "registry"
dependencies = ["hyper 0.14.1"]

[[package]]
name = "sqlx"
version = "0.8.0"
source = "registry"
dependencies = ["sqlx-postgres", "sqlx-sqlite"]

[[package]]
name = "sqlx-postgres"
version = "0.8.0"
source = "registry"

[[package]]
name = "sqlx-sqlite"
version = "0.8.0"
source = "registry"
"#;
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"app\", \"core\"]\n")
        .cargo("app", "[package]\nname = \"app\"\n[dependencies]\nrocks = \"0.22\"\ncore = { path = \"../core\" }\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\n[dev-dependencies]\nmockito = \"1\"\n")
        .rust("app/src/main.rs", &[("main", &["serve"])])
        .cargo("core", "[package]\nname = \"core\"\n[dependencies]\nhyper = \"1\"\n")
        .rust("core/src/lib.rs", &[])
        .resolved("Cargo.lock", lock)
        .group();
    assert_eq!(
        found.shipped("app"),
        [
            "cargo:bindgen@0.69.0",
            "cargo:hyper@1.4.1",
            "cargo:rocks@0.22.0",
            "cargo:rocks-sys@9.0.0",
            "cargo:sqlx@0.8.0",
            "cargo:sqlx-postgres@0.8.0",
            "cargo:tokio@1.38.0"
        ]
    );
    assert_eq!(found.way("app", "cargo:rocks-sys"), "app/Cargo.toml: cargo:rocks");
    assert_eq!(found.way("app", "cargo:tokio"), "core/Cargo.toml: core > cargo:hyper");
    assert_eq!(found.shipped("core"), ["cargo:hyper@1.4.1", "cargo:tokio@1.38.0"]);
}
