use super::builder::*;
use crate::facts::GradleFacts;
use crate::facts::manifest::{CatalogEntry, GradleDependency, GradleFile, GradleScope, GradleTarget};
use crate::text::Span;
use crate::units::{Scope, UnitKind};

fn shop() -> Tree {
    let settings = GradleFacts {
        includes: vec![
            ("orders".into(), Span::default()),
            (":libs:api-spec".into(), Span::default()),
            ("gone".into(), Span::default()),
        ],
        project_dirs: vec![(":libs:api-spec".into(), "specs/api".into())],
        ..gradle_file(GradleFile::Settings)
    };
    let root = GradleFacts {
        plugins: vec![gradle_plugin("java", GradleScope::Subprojects)],
        dependencies: vec![
            gradle_module(
                "classpath",
                "org.springframework.boot:spring-boot-gradle-plugin:$bootVersion",
                GradleScope::Buildscript,
            ),
            gradle_module("implementation", "com.all:all:1", GradleScope::Subprojects),
        ],
        properties: vec![entry("sourceCompatibility", "1.8")],
        ..gradle_file(GradleFile::Build)
    };
    let orders = GradleFacts {
        plugins: vec![gradle_plugin("ShopServicePlugin", GradleScope::Own)],
        dependencies: vec![
            gradle_module("compile", "org.springframework.boot:spring-boot-starter-web:$bootVersion", GradleScope::Own),
            gradle_module("componentTestCompile", "t:t:1", GradleScope::Own),
            gradle_module("apiSpecification", "s:s:1", GradleScope::Own),
            gradle_project("compile", ":libs:api-spec"),
            GradleDependency {
                configuration: "implementation".into(),
                target: GradleTarget::Catalog("bundles.kafka".into()),
                ..GradleDependency::default()
            },
        ],
        ..gradle_file(GradleFile::Build)
    };
    let convention = GradleFacts {
        plugins: vec![gradle_plugin("org.springframework.boot", GradleScope::Own)],
        dependencies: vec![gradle_module(
            "compile",
            "org.springframework.cloud:spring-cloud-starter-zipkin:",
            GradleScope::Own,
        )],
        exclusions: vec![("log4j".into(), String::new())],
        ..gradle_file(GradleFile::Build)
    };
    let catalog = |alias: &str, kind: &str, target: &str, version: &str| CatalogEntry {
        alias: alias.into(),
        kind: kind.into(),
        target: target.into(),
        version: version.into(),
        span: Span::default(),
    };
    let libs = GradleFacts {
        catalog: vec![
            catalog("kafka.clients", "library", "org.apache.kafka:kafka-clients", "3.7"),
            catalog("log4j", "library", "log4j:log4j", "1.2"),
            catalog("kafka", "bundle", "kafka-clients, log4j", ""),
        ],
        ..gradle_file(GradleFile::Catalog)
    };
    let properties =
        GradleFacts { properties: vec![entry("bootVersion", "2.2.6")], ..gradle_file(GradleFile::Properties) };
    Tree::default()
        .gradle("settings.gradle", settings)
        .gradle("build.gradle", root)
        .gradle("gradle.properties", properties)
        .gradle("gradle/libs.versions.toml", libs)
        .gradle("orders/build.gradle", orders)
        .gradle("buildSrc/src/main/groovy/ShopServicePlugin.groovy", convention)
        .spring("orders/src/main/java/com/shop/App.java")
        .class("specs/api/src/main/java/com/shop/Plain.java")
}

#[test]
fn convention_plugins_catalogs_and_scripts_above_count() {
    let found = shop().group();
    assert_eq!(found.kinds(), [". library", "buildSrc tool", "orders service", "specs/api library"]);
    let shipped = found.shipped("orders");
    for expected in [
        "com.all:all@1",
        "org.springframework.boot:spring-boot-starter-web@2.2.6",
        "org.springframework.cloud:spring-cloud-starter-zipkin",
        "org.springframework.cloud:spring-cloud-starter-sleuth",
        "org.apache.kafka:kafka-clients@3.7",
    ] {
        assert!(shipped.iter().any(|d| d == expected), "{expected} in {shipped:?}");
    }
    assert!(!shipped.iter().any(|d| d.starts_with("log4j")), "excluded by the convention plugin");
    assert_eq!(found.scope("orders", "t:t"), Some(Scope::Test));
    assert_eq!(found.scope("orders", "s:s"), Some(Scope::Build));
    let orders = found.unit("orders");
    assert_eq!(orders.runtime.framework_version, "2.2.6");
    assert_eq!(orders.runtime.java, Some(8));
    assert_eq!(orders.libraries.len(), 1);
    let zipkin = orders.dependencies.iter().find(|d| d.coordinate.ends_with("zipkin")).unwrap();
    assert_eq!(found.path(zipkin.file), "buildSrc/src/main/groovy/ShopServicePlugin.groovy");
    assert_eq!(zipkin.via[0].as_str(), "ShopServicePlugin");
}

#[test]
fn an_included_project_needs_no_script_of_its_own() {
    let found = shop().group();
    assert_eq!(found.kind("specs/api"), UnitKind::Library);
    assert!(found.shipped("specs/api").iter().any(|d| d == "com.all:all@1"));
}

#[test]
fn a_build_file_may_be_named_like_its_project() {
    let settings =
        GradleFacts { includes: vec![(":orders".to_string(), Span::default())], ..gradle_file(GradleFile::Settings) };
    let orders =
        GradleFacts { settings: vec![entry("mainClassName", "com.shop.Main")], ..gradle_file(GradleFile::Build) };
    let found = Tree::default()
        .gradle("settings.gradle", settings)
        .gradle("build.gradle", gradle_file(GradleFile::Build))
        .gradle("orders/orders.gradle", orders)
        .class("orders/src/main/java/com/shop/Plain.java")
        .unread("orders", "groovy", 2)
        .group();
    assert_eq!(found.kind("orders"), UnitKind::Service, "its main class is in a language that is not read");
    assert_eq!(found.path(found.unit("orders").manifest.unwrap()), "orders/orders.gradle");
}

#[test]
fn a_root_is_called_what_gradle_properties_say() {
    let read = |path: &str, text: &str| crate::parse::gradle::parse(path, text, &mut Vec::new());
    let name = |properties: &str| {
        let found = Tree::default()
            .gradle("stock/build.gradle", read("stock/build.gradle", "plugins { id 'org.springframework.boot' }"))
            .gradle("stock/settings.gradle", read("stock/settings.gradle", "rootProject.name = serviceName"))
            .gradle("stock/gradle.properties", read("stock/gradle.properties", properties))
            .spring("stock/src/main/java/com/shop/Stock.java")
            .group();
        found.unit("stock").name.clone()
    };
    assert_eq!(name("serviceName=shop-stock"), "shop-stock");
    assert_eq!(name("other=shop"), "stock");
}
