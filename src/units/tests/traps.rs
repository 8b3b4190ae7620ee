//! What looks like a service and is none, and the other way round: one mimic for each kind of trap.

use super::builder::*;
use crate::facts::deploy::ObjectSource::*;
use crate::facts::manifest::{GradleFile, GradleScope};

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

#[test]
fn aggregators_and_empty_modules_are_no_services() {
    let modules = "<packaging>pom</packaging><modules><module>orders</module><module>empty</module><module>gone</module></modules>";
    let found = Tree::default()
        .pom("", &pom("root", &format!("{modules}{BOOT}")))
        .pom("orders", &pom("orders", ""))
        .spring(&app("orders"))
        .pom("empty", &pom("empty", ""))
        .docker("Dockerfile", "FROM eclipse-temurin:17\nARG JAR\nCOPY ${JAR} app.jar\nCMD java -jar app.jar\n")
        .group();
    assert_eq!(found.kinds(), [". library", "empty library", "orders service"]);
}

#[test]
fn one_web_archive_of_many_modules_is_one_service() {
    let mut war = gradle_file(GradleFile::Build);
    war.plugins.push(gradle_plugin("war", GradleScope::Own));
    war.dependencies.push(gradle_project("implementation", ":api"));
    let mut settings = gradle_file(GradleFile::Settings);
    settings.includes = ["api", "webapp"].map(|m| (format!(":{m}"), Default::default())).to_vec();
    let gradle = Tree::default()
        .gradle("settings.gradle", settings)
        .gradle("webapp/build.gradle", war)
        .gradle("api/build.gradle", gradle_file(GradleFile::Build))
        .class("api/src/main/java/com/shop/Plain.java")
        .group();
    assert_eq!(gradle.kinds(), ["api library", "webapp service"]);

    let maven = Tree::default()
        .pom("api", &pom("api", ""))
        .class("api/src/main/java/com/shop/Plain.java")
        .pom("omod", &pom("omod", &uses(&["api"])))
        .class("omod/src/main/java/com/shop/Web.java")
        .pom("webapp", &pom("webapp", &format!("<packaging>war</packaging>{}", uses(&["api", "omod"]))))
        .group();
    assert_eq!(maven.kinds(), ["api library", "omod library", "webapp service"]);
}

#[test]
fn another_packing_of_a_service_is_not_a_second_one() {
    let found = Tree::default()
        .pom("provider", &pom("provider", BOOT))
        .spring(&app("provider"))
        .pom("war", &pom("war", &format!("<packaging>war</packaging>{}", uses(&["provider"]))))
        .pom("images/provider", &pom("provider-image", "<packaging>pom</packaging>"))
        .docker("images/provider/docker/Dockerfile", "FROM eclipse-temurin:17\nCOPY provider.deb .\nCMD start.sh\n")
        .group();
    assert_eq!(found.kinds(), ["images/provider infra", "provider service", "war library"]);
}

#[test]
fn programs_of_other_languages_that_maven_builds() {
    let found = Tree::default()
        .pom("js", &pom("js", "<packaging>pom</packaging>"))
        .other("js/package.json", "typescript", &["kafkajs"], true)
        .unread("js", "typescript", 9)
        .docker("js/docker/Dockerfile", "FROM node:20\nCMD [\"node\", \"server.js\"]\n")
        .pom("ui", &pom("ui", ""))
        .other("ui/package.json", "typescript", &["@angular/core"], true)
        .unread("ui/src", "typescript", 900)
        .pom("both", &pom("both", ""))
        .other("both/package.json", "typescript", &["@angular/core"], true)
        .unread("both/ui", "typescript", 900)
        .spring(&app("both"))
        .group();
    assert_eq!(found.kinds(), ["both service", "js service", "ui frontend"]);
}

#[test]
fn images_of_migrations_tests_and_generators() {
    let found = Tree::default()
        .pom("svc", &pom("svc", ""))
        .spring(&app("svc"))
        .docker("svc/src/main/resources/db/Dockerfile", "FROM flyway/flyway\nCOPY sql /flyway/sql\n")
        .docker("svc/src/test/resources/mock/Dockerfile", "FROM wiremock/wiremock\n")
        .docker("svc/genproto/Dockerfile", "FROM alpine\nRUN apk add protoc && protoc a.proto\n")
        .docker("codegen/Dockerfile", "FROM python:3\nRUN pip install grpcio-tools\n")
        .docker("test/traces/Dockerfile", "FROM python:3\nCMD pytest\n")
        .unread("test/traces", "python", 3)
        .docker("mailer/Dockerfile", "FROM ruby:3\nCOPY server.rb .\nCMD ruby server.rb\n")
        .unread("mailer", "ruby", 1)
        .group();
    assert_eq!(found.kinds(), ["codegen infra", "mailer service", "svc service", "test/traces tool"]);
}

#[test]
fn a_test_image_beside_the_program_says_nothing_about_it() {
    let found = Tree::default()
        .other("web/package.json", "typescript", &["next", "react", "cypress"], true)
        .unread("web", "typescript", 90)
        .docker("web/Dockerfile", "FROM node:20\nCMD [\"npm\", \"start\"]\n")
        .docker("web/Dockerfile.cypress", "FROM cypress/base\nENTRYPOINT [\"cypress\", \"run\"]\n")
        .group();
    assert_eq!(found.kinds(), ["web service"]);
}

#[test]
fn checked_in_output_and_generated_clients_are_no_services() {
    let found = Tree::default()
        .pom("svc", &pom("svc", ""))
        .spring(&app("svc"))
        .pom("svc/bin", &pom("svc", ""))
        .pom("svc/target/classes", &pom("svc", ""))
        .pom("client", &pom("client", ""))
        .class("client/target/generated-sources/openapi/com/shop/Api.java")
        .group();
    assert_eq!(found.kinds(), ["client library", "svc service"]);
}

#[test]
fn one_package_of_many_binaries_is_one_unit() {
    let found = Tree::default()
        .cargo("", "[package]\nname = \"registry\"\n[dependencies]\naxum = \"0.8\"\n")
        .rust("src/lib.rs", &[("serve", &["axum::serve"])])
        .rust("src/bin/server.rs", &[("main", &["registry::serve"])])
        .rust("src/bin/monitor.rs", &[("main", &["check"])])
        .rust("src/bin/migrate/main.rs", &[("main", &["check"])])
        .group();
    assert_eq!(found.kinds(), [". service"]);
}

#[test]
fn a_compose_service_built_from_a_directory_below() {
    let found = Tree::default()
        .pom("", &pom("root", "<packaging>pom</packaging><modules><module>svc/core</module></modules>"))
        .pom("svc/core", &pom("core", ""))
        .class("svc/core/src/main/java/com/shop/Plain.java")
        .objects(
            "deploy/compose.yml",
            vec![object(
                Compose,
                "service",
                "backend",
                &[("build.context", ".."), ("build.dockerfile", "svc/core/docker/Dockerfile")],
            )],
        )
        .docker("svc/core/docker/Dockerfile", "FROM eclipse-temurin:17\nCMD java -jar app.jar\n")
        .group();
    assert_eq!(found.kinds(), [". library", "svc/core service"]);
    assert!(found.because("svc/core").contains(&"compose service backend"), "{:?}", found.because("svc/core"));
}

#[test]
fn a_chart_that_names_only_the_image() {
    let values = object(
        Chart,
        "Values",
        "",
        &[("backend.image.repository", "registry.acme.io/shop/orders"), ("db.image.repository", "mysql")],
    );
    let template = object(
        Helm,
        "Deployment",
        "{{ include \"x.fullname\" . }}",
        &[("spec.template.spec.containers[0].image", "registry.acme.io/shop/orders:{{ .Values.tag }}")],
    );
    let found = Tree::default()
        .pom("orders", &pom("orders", ""))
        .main("orders/src/main/java/com/shop/Plain.java", "com.shop.Tool", ("Tool", "work"))
        .objects("chart/values.yaml", vec![values])
        .objects("chart/templates/backend.yaml", vec![template])
        .group();
    assert_eq!(found.kinds(), ["orders service"]);
}

#[test]
fn frameworks_that_a_main_starts_by_a_helper_of_theirs() {
    let found = Tree::default()
        .pom("comb", &pom("comb", ""))
        .main(&app("comb"), "org.apache.servicecomb.foundation.common.utils.BeanUtils", ("BeanUtils", "init"))
        .pom("beans", &pom("beans", ""))
        .main(&app("beans"), "org.springframework.beans.BeanUtils", ("BeanUtils", "init"))
        .cargo("fuzzers", "[package]\nname = \"fuzzers\"\n")
        .rust("fuzzers/src/bin/fuzz-index.rs", &[("main", &["TcpListener::bind"])])
        .group();
    assert_eq!(found.kinds(), ["beans tool", "comb service", "fuzzers tool"]);
}

#[test]
fn images_for_tests_of_the_whole_are_no_services() {
    let found = Tree::default()
        .pom("orders", &pom("orders", BOOT))
        .spring(&app("orders"))
        .pom("shop-integrated-test/orders-case", &pom("orders-case", BOOT))
        .spring(&app("shop-integrated-test/orders-case"))
        .docker(
            "shop-integrated-test/orders-case/Dockerfile",
            "FROM eclipse-temurin:17\nCOPY target/app.jar .\nCMD java -jar app.jar\n",
        )
        .group();
    assert_eq!(found.kinds(), ["orders service", "shop-integrated-test/orders-case tool"]);
}

#[test]
fn plugins_of_the_build_and_images_of_stores_are_set_aside() {
    let found = Tree::default()
        .pom("orders", &pom("orders", BOOT))
        .spring(&app("orders"))
        .pom("docs-plugin", &pom("docs-plugin", "<packaging>maven-plugin</packaging>"))
        .class("docs-plugin/src/main/java/com/shop/Docs.java")
        .docker("deploy/rocketmq/Dockerfile", "FROM openjdk:8\nCOPY broker /opt\nCMD /opt/bin/mqbroker\n")
        .group();
    assert_eq!(found.kinds(), ["deploy/rocketmq infra", "docs-plugin tool", "orders service"]);
    assert!(["deploy/rocketmq", "docs-plugin"].iter().all(|dir| found.unit(dir).aside));
    assert!(!found.unit("orders").aside);
}
