use super::builder::*;
use crate::facts::code::CallableKind;
use crate::facts::deploy::ObjectSource::Compose;
use crate::source::FileKind;
use crate::units::{AddUnit, JoinUnits, RenameUnit, UnitKind};

const PLAIN: (&str, (&str, &str)) = ("com.shop.Tool", ("Tool", "work"));

fn pom(artifact: &str, rest: &str) -> String {
    format!("<groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{rest}")
}

fn uses(artifact: &str) -> String {
    format!(
        "<dependencies><dependency><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version></dependency></dependencies>"
    )
}

#[test]
fn a_main_in_a_library_is_no_service() {
    // naming starts Spring for its developers, but only server packs it.
    let found = Tree::default()
        .pom("naming", &pom("naming", ""))
        .spring("naming/src/main/java/com/shop/NamingApp.java")
        .pom("server", &pom("server", &uses("naming")))
        .spring("server/src/main/java/com/shop/Server.java")
        .pom("convert", &pom("convert", ""))
        .main("convert/src/main/java/com/shop/Convert.java", PLAIN.0, PLAIN.1)
        .pom("mappers", &pom("mappers", ""))
        .main("mappers/src/main/java/com/shop/Generator.java", PLAIN.0, PLAIN.1)
        .pom("admin", &pom("admin", &uses("mappers")))
        .spring("admin/src/main/java/com/shop/Admin.java")
        .group();
    assert_eq!(found.kinds(), ["admin service", "convert tool", "mappers library", "naming library", "server service"]);
}

#[test]
fn a_packed_service_that_another_one_embeds_stays_one() {
    let boot = "<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>";
    let found = Tree::default()
        .pom("portal", &pom("portal", boot))
        .spring("portal/src/main/java/com/shop/Portal.java")
        .pom("assembly", &pom("assembly", &uses("portal")))
        .spring("assembly/src/main/java/com/shop/All.java")
        .group();
    assert_eq!(found.kinds(), ["assembly service", "portal service"]);
}

#[test]
fn a_plain_program_that_migrates_a_database_is_a_job() {
    let flyway = "<dependencies><dependency><groupId>org.flywaydb</groupId><artifactId>flyway-core</artifactId><version>10</version></dependency></dependencies>";
    let found = Tree::default()
        .pom("init", &pom("init", flyway))
        .main("init/src/main/java/com/shop/Init.java", PLAIN.0, PLAIN.1)
        .docker(
            "init/Dockerfile",
            "FROM eclipse-temurin:21\nCOPY init.jar /app.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n",
        )
        .pom("shop", &pom("shop", flyway))
        .spring("shop/src/main/java/com/shop/Shop.java")
        .docker(
            "shop/Dockerfile",
            "FROM eclipse-temurin:21\nCOPY shop.jar /app.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n",
        )
        .group();
    assert_eq!(found.kinds(), ["init job", "shop service"]);
}

#[test]
fn a_main_reaches_its_server_through_helpers() {
    let mut code = Code::new("com.shop");
    code.import("org.springframework.boot.builder.*");
    let owner = code.class("Boot", &[]);
    let main = code.method("main", Some(owner), CallableKind::Method);
    code.free_call(main, "startWithConsole");
    let helper = code.method("startWithConsole", Some(owner), CallableKind::Method);
    let ty = crate::facts::code::TypeRef {
        name: "SpringApplicationBuilder".into(),
        args: Box::default(),
        dims: 0,
        span: crate::text::Span::default(),
    };
    code.facts.exprs.push(crate::facts::code::Expr {
        kind: crate::facts::code::ExprKind::New { ty: Box::new(ty), args: Box::default(), body: None },
        span: crate::text::Span::default(),
        at: crate::text::Span::default(),
        callable: helper,
        usage: crate::facts::code::Usage::Dropped,
    });
    let found = Tree::default()
        .pom("boot", &pom("boot", ""))
        .code("boot/src/main/java/com/shop/Boot.java", FileKind::Java, code)
        .group();
    assert_eq!(found.kind("boot"), UnitKind::Service);
}

#[test]
fn functions_web_archives_and_batch() {
    let mut handler = Code::new("com.shop");
    handler.import("com.amazonaws.services.lambda.runtime.RequestHandler");
    handler.class("Handler", &["RequestHandler"]);
    let batch = "<dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-batch</artifactId></dependency></dependencies>";
    let found = Tree::default()
        .pom("fn", &pom("fn", ""))
        .code("fn/src/main/java/com/shop/Handler.java", FileKind::Java, handler)
        .pom("war", &pom("war", "<packaging>war</packaging>"))
        .class("war/src/main/java/com/shop/Servlet.java")
        .pom("inner", &pom("inner", "<packaging>war</packaging>"))
        .class("inner/src/main/java/com/shop/Servlet.java")
        .pom(
            "ear",
            &pom(
                "ear",
                &format!(
                    "<packaging>ear</packaging>{}",
                    uses("inner").replace("<version>1</version>", "<version>1</version><type>war</type>")
                ),
            ),
        )
        .pom("nightly", &pom("nightly", batch))
        .spring("nightly/src/main/java/com/shop/Nightly.java")
        .group();
    assert_eq!(found.kinds(), ["ear service", "fn service", "inner library", "nightly job", "war service"]);
    assert!(found.unit("fn").runtime.lambda);
}

#[test]
fn an_assembled_karaf_server_is_a_service_and_its_parts_are_none() {
    let karaf = |goal: &str| {
        format!(
            "<packaging>pom</packaging>{}<build><plugins><plugin><groupId>org.apache.karaf.tooling</groupId><artifactId>karaf-maven-plugin</artifactId><executions><execution><goals><goal>{goal}</goal></goals></execution></executions></plugin></plugins></build>",
            uses("kar")
        )
    };
    let found = Tree::default()
        .pom("package", &pom("package", &karaf("assembly")))
        .pom("kar", &pom("kar", &format!("<packaging>kar</packaging>{}", uses("bundle"))))
        .pom("bundle", &pom("bundle", "<packaging>bundle</packaging>"))
        .main("bundle/src/main/java/com/shop/Tool.java", PLAIN.0, PLAIN.1)
        .pom("features", &pom("features", &karaf("features-generate-descriptor")))
        .group();
    assert_eq!(found.kinds(), ["bundle library", "features library", "kar library", "package service"]);
}

#[test]
fn a_descriptor_for_servlet_containers_makes_a_web_archive() {
    let found = Tree::default()
        .pom("site", &pom("site", ""))
        .class("site/src/main/java/com/shop/Servlet.java")
        .settings("site/src/main/webapp/WEB-INF/web.xml", "")
        .pom("plain", &pom("plain", ""))
        .class("plain/src/main/java/com/shop/Text.java")
        .group();
    assert_eq!(found.kinds(), ["plain library", "site service"]);
}

#[test]
fn what_the_build_leaves_out_and_what_only_tests() {
    let found = Tree::default()
        .pom(
            "",
            &pom("root", "<packaging>pom</packaging><modules><module>svc</module><module>svc-it</module></modules>"),
        )
        .pom("svc", &pom("svc", ""))
        .spring("svc/src/main/java/com/shop/Svc.java")
        .pom("svc-it", &pom("svc-it", &uses("svc")))
        .spring("svc-it/src/main/java/com/shop/It.java")
        .pom("retired", &pom("retired", ""))
        .spring("retired/src/main/java/com/shop/Retired.java")
        .group();
    assert_eq!(found.kinds(), [". library", "retired tool", "svc service", "svc-it tool"]);
}

#[test]
fn modules_that_their_build_names_no_more_are_retired() {
    let parent = |path: &str| {
        format!("<parent><groupId>g</groupId><artifactId>root</artifactId><version>1</version>{path}</parent>")
    };
    let child = |name: &str, path: &str| {
        let packed =
            "<build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>";
        format!("{}<artifactId>{name}</artifactId>{packed}", parent(path))
    };
    let modules = "<packaging>pom</packaging><modules><module>svc</module><!-- <module>old</module> --></modules>\
        <profiles><profile><id>more</id><modules><module>extra</module></modules></profile></profiles>";
    let above = "<relativePath>../../pom.xml</relativePath>";
    let mut tree = Tree::default().pom("", &pom("root", modules));
    for dir in ["svc", "old", "extra", "imaged", "piped"] {
        tree = tree.pom(dir, &child(dir, "")).spring(&format!("{dir}/src/main/java/com/shop/{dir}/App.java"));
    }
    let found = tree
        .docker(
            "imaged/Dockerfile",
            "FROM eclipse-temurin:17\nCOPY target/imaged.jar /\nCMD [\"java\", \"-jar\", \"imaged.jar\"]\n",
        )
        .ci(".github/workflows/piped.yml", "jobs:\n  build:\n    steps:\n      - run: mvn -f piped/pom.xml package\n")
        .pom("samples/alone", &child("alone", above))
        .spring("samples/alone/src/main/java/com/shop/alone/App.java")
        .group();
    let aside: Vec<&str> = found.units.all.iter().filter(|u| u.aside).map(|u| &*u.dir).collect();
    assert_eq!(aside, ["old"]);
    assert_eq!(found.unit("old").kind, UnitKind::Tool);
    for dir in ["svc", "extra", "imaged", "piped", "samples/alone"] {
        assert_eq!(found.unit(dir).kind, UnitKind::Service, "{dir}");
    }
}

#[test]
fn what_nobody_runs_for_the_business() {
    let test = |artifact: &str| uses(artifact).replace("</dependency>", "<scope>test</scope></dependency>");
    let found = Tree::default()
        .pom(
            "svc",
            &pom("svc", &format!("{}{}", uses("core"), test("contracts")).replace("</dependencies><dependencies>", "")),
        )
        .spring("svc/src/main/java/com/shop/Svc.java")
        .pom("core", &pom("core", ""))
        .class("core/src/main/java/com/shop/Core.java")
        .pom("alone", &pom("alone", ""))
        .class("alone/src/main/java/com/shop/Alone.java")
        .pom("contracts", &pom("contracts", ""))
        .class("contracts/src/main/java/com/shop/Contract.java")
        .pom("stubs", &pom("stubs", ""))
        .class("stubs/src/main/java/com/shop/Stub.java")
        .pom("other", &pom("other", &test("stubs").replace("<groupId>g<", "<groupId>published<")))
        .spring("other/src/main/java/com/shop/Other.java")
        .pom("checks/svc-it", &pom("svc-it", &uses("helpers")))
        .spring("checks/svc-it/src/main/java/com/shop/It.java")
        .pom("checks/helpers", &pom("helpers", ""))
        .class("checks/helpers/src/main/java/com/shop/Helpers.java")
        .group();
    let aside: Vec<&str> = found.units.all.iter().filter(|u| u.aside).map(|u| &*u.dir).collect();
    assert_eq!(aside, ["checks/helpers", "checks/svc-it", "contracts", "stubs"]);
}

#[test]
fn files_beside_a_unit() {
    let found = Tree::default().pom("svc", &pom("svc", "")).class("svc/src/main/java/com/docs/A.java").group();
    let unit = found.unit("svc");
    assert!(crate::units::is_set_aside("svc/document/elk/logback.xml", unit));
    assert!(!crate::units::is_set_aside("svc/src/main/java/com/docs/A.java", unit));
    assert!(!crate::units::is_set_aside("svc/pom.xml", unit));
}

#[test]
fn other_languages_are_told_by_manifest_and_deployment() {
    let found = Tree::default()
        .other("graphql/package.json", "typescript", &["apollo-server-express"], true)
        .docker("graphql/Dockerfile", "FROM node:20\nCMD [\"npm\", \"start\"]\n")
        .unread("graphql", "typescript", 9)
        .other("web/package.json", "javascript", &["react", "cypress"], true)
        .unread("web", "javascript", 90)
        .other("load/pyproject.toml", "python", &[], false)
        .docker("load/Dockerfile", "FROM python:3\nENTRYPOINT locust --headless\n")
        .unread("load", "python", 1)
        .docker("voucher/Dockerfile", "FROM python:3\nCMD [\"python\", \"server.py\"]\n")
        .unread("voucher", "python", 1)
        .other("iac/package.json", "typescript", &["aws-cdk-lib"], false)
        .unread("iac", "typescript", 2)
        .group();
    assert_eq!(found.kinds(), ["graphql service", "iac infra", "load tool", "voucher service", "web frontend"]);
    assert_eq!(found.unit("graphql").languages, ["typescript"]);
}

#[test]
fn images_of_stores_are_infrastructure() {
    let found = Tree::default()
        .pom("svc", &pom("svc", ""))
        .spring("svc/src/main/java/com/shop/App.java")
        .docker("svc/src/main/resources/db/Dockerfile", "FROM flyway/flyway\nCOPY migration /flyway/sql\n")
        .docker("svc/src/main/docker/Dockerfile", "FROM eclipse-temurin:17\n")
        .docker("db/Dockerfile", "FROM mysql:8\nCOPY schema.sql /docker-entrypoint-initdb.d/\n")
        .docker("ui/Dockerfile", "FROM openresty/openresty\nCOPY static /usr/share/nginx/html\n")
        .docker("docker/Dockerfile", "FROM eclipse-temurin:17\nARG ARTIFACT\nCOPY ${ARTIFACT}.jar app.jar\n")
        .group();
    assert_eq!(found.kinds(), ["db infra", "docker infra", "svc service", "ui frontend"]);
    assert_eq!(found.unit("svc").containers.len(), 1, "the migration image is not the service's");
}

#[test]
fn the_user_has_the_last_word() {
    let mut tree = Tree::default()
        .pom("a", &pom("same", ""))
        .spring("a/src/main/java/com/shop/A.java")
        .pom("b", &pom("same", ""))
        .class("b/src/main/java/com/shop/B.java")
        .pom("c", &pom("c", ""))
        .class("c/src/main/java/com/shop/C.java")
        .class("legacy/src/D.java");
    tree.config.remove.push("./c/".into());
    tree.config.add.push(AddUnit { dir: "legacy".into(), kind: "job".into(), name: String::new() });
    tree.config.rename.push(RenameUnit { dir: "b".into(), name: "beta".into() });
    tree.config.join.push(JoinUnits { into: "a".into(), dirs: vec!["c".into()] });
    let found = tree.group();
    assert_eq!(found.kinds(), ["a service", "b library", "legacy job"]);
    assert_eq!(found.unit("b").name, "beta");
    assert_eq!(found.unit("a").name, "same");
    let joined = found.workspace.files.iter().position(|f| &*f.path == "c/src/main/java/com/shop/C.java").unwrap();
    assert_eq!(found.units.of(crate::source::FileIx(joined as u32)).map(|u| &*found.units[u].dir), Some("a"));
}

#[test]
fn clashing_names_get_their_directory() {
    let found = Tree::default().pom("x/api", &pom("api", "")).pom("y/api", &pom("api", "")).group();
    let names: Vec<&str> = found.units.all.iter().map(|u| u.name.as_str()).collect();
    assert_eq!(names, ["api (x/api)", "api (y/api)"]);
}

#[test]
fn an_empty_tree_has_no_units() {
    assert!(Tree::default().group().units.all.is_empty());
}

#[test]
fn a_program_put_together_from_modules() {
    let plugin = "<build><plugins><plugin><groupId>org.codehaus.mojo</groupId>\
        <artifactId>appassembler-maven-plugin</artifactId></plugin></plugins></build>";
    let tree = Tree::default()
        .pom("cli", &pom("cli", ""))
        .main("cli/src/main/java/com/shop/cli/App.java", "com.shop.cli.Server", ("Server", "run"))
        .pom("dist", &pom("dist", &format!("{}{plugin}", uses("cli"))))
        .docker("dist/Dockerfile", "FROM eclipse-temurin:21\nCOPY . /app\nENTRYPOINT [\"/app/shop\"]\n");
    let found = tree.group();
    assert_eq!(found.unit("dist").kind, UnitKind::Service);
    assert_eq!(found.unit("cli").kind, UnitKind::Library);
}

#[test]
fn a_name_in_a_deployment_makes_no_service_of_a_client() {
    let found = Tree::default()
        .pom("client", &pom("client", ""))
        .code("client/src/main/java/com/shop/Client.java", FileKind::Java, Code::new("com.shop"))
        .objects("compose.yml", vec![object(Compose, "service", "client", &[("image", "shop/demo-client:1")])])
        .group();
    assert_eq!(found.unit("client").kind, UnitKind::Library);
}
