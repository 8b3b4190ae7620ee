//! One entry for each deployed thing, however its parts are called: mimics of shapes that real fleets have.

use super::builder::*;
use crate::facts::deploy::ObjectSource::*;
use crate::facts::manifest::{GradleFile, GradleScope};
use crate::units::UnitKind;

const BOOT: &str = "<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>";

fn pom(artifact: &str, rest: &str) -> String {
    format!("<groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{rest}")
}

fn uses(artifacts: &[&str]) -> String {
    let one = |a: &&str| {
        format!("<dependency><groupId>g</groupId><artifactId>{a}</artifactId><version>1</version></dependency>")
    };
    format!("<dependencies>{}</dependencies>", artifacts.iter().map(one).collect::<String>())
}

fn app(dir: &str) -> String {
    format!("{dir}/src/main/java/com/shop/App.java")
}

fn class(dir: &str) -> String {
    format!("{dir}/src/main/java/com/shop/Plain.java")
}

#[test]
fn an_image_that_takes_along_the_schema_of_a_library_does_not_deploy_it() {
    let found = Tree::default()
        .pom("server", &pom("server", &format!("{BOOT}{}", uses(&["cassandra"]))))
        .spring(&app("server"))
        .pom("storage/cassandra", &pom("cassandra", ""))
        .class(&class("storage/cassandra"))
        .docker(
            "docker/cassandra-with-schema/Dockerfile",
            "FROM acme/java:17\nCOPY storage/cassandra/src/main/resources/*.cql /schema/\nCMD start-cassandra\n",
        )
        .group();
    assert_eq!(found.kind("storage/cassandra"), UnitKind::Library);
    assert!(found.unit("storage/cassandra").containers.is_empty());
}

#[test]
fn a_workload_named_like_a_library_is_the_server_beside_it() {
    let found = Tree::default()
        .pom("trace", &pom("trace", ""))
        .class(&class("trace"))
        .pom("trace-server", &pom("trace-server", &format!("{BOOT}{}", uses(&["trace"]))))
        .spring(&app("trace-server"))
        .objects("docker-compose.yml", vec![object(Compose, "service", "trace", &[("image", "acme/trace:1")])])
        .group();
    assert_eq!(found.kinds(), ["trace library", "trace-server service"]);
    assert!(found.because("trace-server").contains(&"compose service trace"), "{:?}", found.because("trace-server"));
}

#[test]
fn names_with_and_without_an_ending_are_one() {
    let found = Tree::default()
        .pom("order-service", &pom("order-service", BOOT))
        .spring(&app("order-service"))
        .pom("stock", &pom("stock", BOOT))
        .spring(&app("stock"))
        .objects(
            "k8s/all.yaml",
            vec![
                object(Kubernetes, "Deployment", "order", &[("spec.replicas", "2")]),
                object(Kubernetes, "Deployment", "stock-server", &[("spec.replicas", "3")]),
            ],
        )
        .group();
    assert_eq!(found.unit("order-service").objects.len(), 1);
    assert_eq!(found.unit("stock").objects.len(), 1);
}

#[test]
fn a_folder_named_like_a_store_is_not_what_its_official_image_runs() {
    let found = Tree::default()
        .other("tools/postgres/pyproject.toml", "python", &[], false)
        .unread("tools/postgres", "python", 2)
        .objects("docker-compose.yml", vec![object(Compose, "service", "postgres", &[("image", "postgres:17")])])
        .group();
    assert_eq!(found.kinds(), ["tools/postgres library"]);
}

#[test]
fn the_image_of_a_server_takes_the_built_page_along() {
    let found = Tree::default()
        .gradle("settings.gradle", {
            let mut settings = gradle_file(GradleFile::Settings);
            settings.includes = ["core", "server"].map(|m| (format!(":{m}"), Default::default())).to_vec();
            settings
        })
        .gradle("build.gradle", {
            let mut build = gradle_file(GradleFile::Build);
            build.plugins.push(gradle_plugin("application", GradleScope::Own));
            build
        })
        .other("requirements.txt", "python", &["mkdocs"], false)
        .unread("", "python", 1)
        .gradle("core/build.gradle", gradle_file(GradleFile::Build))
        .class(&class("core"))
        .gradle("server/build.gradle", {
            let mut build = gradle_file(GradleFile::Build);
            build.plugins.push(gradle_plugin("org.springframework.boot", GradleScope::Own));
            build
        })
        .spring(&app("server"))
        .other("ui/package.json", "typescript", &["react"], true)
        .unread("ui", "typescript", 90)
        .docker(
            "docker/all/Dockerfile",
            "FROM azul/zulu-openjdk:21 AS build\nCOPY . /shop\nRUN ./gradlew build\nFROM node:20 AS ui\nCOPY ui /ui\n\
             FROM azul/zulu-openjdk:21\nCOPY --from=build /shop/server/build/libs/*boot*.jar /app.jar\nCOPY --from=ui /ui/dist /www\n\
             CMD [\"java\", \"-jar\", \"/app.jar\"]\n",
        )
        .objects(
            "docker/docker-compose.yml",
            vec![object(
                Compose,
                "service",
                "shop",
                &[("build.context", "../"), ("build.dockerfile", "docker/all/Dockerfile")],
            )],
        )
        .group();
    assert_eq!(found.kinds(), [". library", "core library", "server service", "ui frontend"]);
    assert_eq!(found.unit("server").containers.len(), 1);
    assert!(found.because("server").contains(&"compose service shop"), "{:?}", found.because("server"));
}

#[test]
fn images_in_a_folder_for_images_go_to_the_unit_of_that_name() {
    let found = Tree::default()
        .pom("server", &pom("shop-server", BOOT))
        .spring(&app("server"))
        .pom("names", &pom("names", BOOT))
        .spring(&app("names"))
        .docker(
            "distribution/docker/server/Dockerfile",
            "FROM eclipse-temurin:8\nADD bin/ /bin\nCMD [\"/bin/server.sh\"]\n",
        )
        .docker(
            "docker/Dockerfile",
            "FROM acme/java:21 AS build\nCOPY . /code\nRUN /code/bin/maven_build_or_unjar g shop-server exec\n\
             FROM acme/java:21-jre\nCOPY --from=build /install /shop\nENTRYPOINT [\"start\"]\n",
        )
        .docker("docker/names/Dockerfile", "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n")
        .group();
    assert_eq!(found.kinds(), ["docker/names infra", "names service", "server service"]);
    assert_eq!(found.unit("server").containers.len(), 2);
}

#[test]
fn a_build_of_one_module_copies_the_manifests_of_all() {
    let found = Tree::default()
        .pom("", &pom("root", "<packaging>pom</packaging><modules><module>a</module><module>b</module></modules>"))
        .pom("a", &pom("a", BOOT))
        .spring(&app("a"))
        .pom("b", &pom("b", BOOT))
        .spring(&app("b"))
        .docker(
            "Dockerfile.b",
            "FROM maven:3 AS build\nCOPY pom.xml .\nCOPY a/pom.xml a/\nCOPY b/pom.xml b/\nRUN mvn -q -pl b -am package\n\
             FROM eclipse-temurin:21-jre\nCOPY --from=build /src/app.jar /\nCMD [\"java\", \"-jar\", \"app.jar\"]\n",
        )
        .group();
    assert_eq!(found.unit("b").containers.len(), 1);
    assert_eq!(found.unit("a").containers.len(), 0);
}

#[test]
fn what_lies_among_tests_is_of_the_tests() {
    let found = Tree::default()
        .pom("shop-integrated-test/shop-http", &pom("shop-http-it", BOOT))
        .spring(&app("shop-integrated-test/shop-http"))
        .docker("shop-integrated-test/shop-http/Dockerfile", "FROM eclipse-temurin:17\nCMD java -jar app.jar\n")
        .objects(
            "shop-integrated-test/shop-http/docker-compose.yml",
            vec![object(Compose, "service", "http", &[("build.context", ".")])],
        )
        .pom("docker/test-images/registry", &pom("registry", BOOT))
        .spring(&app("docker/test-images/registry"))
        .docker("docker/test-images/registry/Dockerfile", "FROM eclipse-temurin:17\nCMD java -jar app.jar\n")
        .objects("examples/compose.yml", vec![object(Compose, "service", "registry", &[("image", "acme/registry")])])
        .pom("test-mock-server", &pom("mock-server", BOOT))
        .spring(&app("test-mock-server"))
        .pom("lab-test", &pom("lab-test", BOOT))
        .spring(&app("lab-test"))
        .objects("k8s/lab-test.yaml", vec![object(Kubernetes, "Deployment", "lab-test", &[])])
        .group();
    assert_eq!(
        found.kinds(),
        [
            "docker/test-images/registry tool",
            "lab-test service",
            "shop-integrated-test/shop-http tool",
            "test-mock-server tool"
        ]
    );
}

#[test]
fn generators_of_load_are_tools_wherever_they_run() {
    let jmeter = "<build><plugins><plugin><groupId>com.lazerycode.jmeter</groupId><artifactId>jmeter-maven-plugin</artifactId></plugin></plugins></build>";
    let shade = "<build><plugins><plugin><artifactId>maven-shade-plugin</artifactId><executions><execution><goals><goal>shade</goal></goals></execution></executions><configuration><mainClass>org.openjdk.jmh.Main</mainClass></configuration></plugin></plugins></build>";
    let found = Tree::default()
        .pom("scripts/jmeter", &pom("jmeter-scripts", jmeter))
        .pom("benchmarks", &pom("benchmarks", shade))
        .class(&class("benchmarks"))
        .other("load/ext/go.mod", "go", &["google.golang.org/grpc"], true)
        .unread("load/ext", "go", 2)
        .docker("load/Dockerfile", "FROM golang:1 AS b\nCOPY load/ext ./ext\nFROM grafana/k6:2\nCOPY --from=b /k6 /usr/bin/k6\nENTRYPOINT [\"./run.sh\"]\n")
        .other("tools/shop-loadtest/pyproject.toml", "python", &[], true)
        .unread("tools/shop-loadtest", "python", 3)
        .docker("tools/shop-loadtest/Dockerfile", "FROM python:3\nENTRYPOINT [\"/bin/bash\"]\n")
        .group();
    assert_eq!(found.kinds(), ["benchmarks tool", "load/ext tool", "scripts/jmeter tool", "tools/shop-loadtest tool"]);
}

#[test]
fn templates_for_new_projects_are_noted_and_no_units() {
    let found = Tree::default()
        .pom("archetype", &pom("archetype", "<packaging>maven-archetype</packaging>"))
        .pom("archetype/src/main/resources/archetype-resources", &pom("${artifactId}", BOOT))
        .spring("archetype/src/main/resources/archetype-resources/src/main/java/App.java")
        .cargo("template", "[package]\nname = \"{{project-name}}\"\n")
        .rust("template/src/main.rs", &[("main", &["axum::serve"])])
        .group();
    assert_eq!(found.kinds(), ["archetype library"]);
    let notes: Vec<&str> = found.units.notes.iter().map(|(file, _)| found.path(*file)).collect();
    assert_eq!(notes, ["archetype/src/main/resources/archetype-resources/pom.xml", "template/Cargo.toml"]);
}

#[test]
fn modules_of_go_go_by_their_last_word() {
    let found = Tree::default()
        .with(
            "src/catalog/go.mod",
            crate::source::FileKind::OtherManifest,
            crate::facts::Body::Other(Box::new(crate::facts::OtherManifest {
                language: "go".into(),
                name: "acme.io/shop/catalog/v2".into(),
                ..Default::default()
            })),
        )
        .unread("src/catalog", "go", 3)
        .group();
    assert_eq!(found.unit("src/catalog").name, "catalog");
}

#[test]
fn a_module_that_packs_another_hands_on_its_image() {
    let provided = uses(&["node"]).replace("</dependency>", "<scope>provided</scope></dependency>");
    let found = Tree::default()
        .pom("application", &pom("node", ""))
        .spring(&app("application"))
        .pom("msa/tb-node", &pom("tb-node", &format!("<packaging>pom</packaging>{provided}")))
        .docker("msa/tb-node/docker/Dockerfile", "FROM acme/openjdk17\nCOPY node.deb start.sh ./\nCMD [\"start.sh\"]\n")
        .objects("docker/docker-compose.yml", vec![object(Compose, "service", "core1", &[("image", "acme/tb-node:4")])])
        .group();
    assert_eq!(found.kinds(), ["application service", "msa/tb-node library"]);
    assert_eq!(found.unit("application").containers.len(), 1);
    assert!(found.because("application").contains(&"compose service core1"), "{:?}", found.because("application"));
}

#[test]
fn a_description_of_functions_above_many_modules_is_no_unit() {
    let found = Tree::default()
        .pom("functions", &pom("functions", "<packaging>pom</packaging><modules><module>buy</module></modules>"))
        .pom("functions/buy", &pom("buy", ""))
        .class(&class("functions/buy"))
        .objects(
            "functions/template.yaml",
            vec![
                object(Serverless, "AWS::Serverless::Function", "Buy", &[("Properties.CodeUri", "buy")]),
                object(Serverless, "AWS::Lambda::Function", "Other", &[("Properties.Code.S3Bucket", "x")]),
            ],
        )
        .group();
    assert_eq!(found.kinds(), ["functions library", "functions/buy service"]);
}
