use super::builder::Tree;
use crate::units::{Scope, UnitKind};

const ROOT: &str = r#"<groupId>org.shop</groupId><artifactId>shop</artifactId><version>1</version><packaging>pom</packaging>
  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>2.7.18</version><relativePath/></parent>
  <modules><module>orders</module><module>common</module></modules>
  <properties><java.version>1.8</java.version><cache.version>3.1</cache.version></properties>
  <dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>
  <dependencyManagement><dependencies>
    <dependency><groupId>com.cache</groupId><artifactId>cache</artifactId><version>${cache.version}</version></dependency>
    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2</version><scope>test</scope></dependency>
  </dependencies></dependencyManagement>"#;

const PARENT: &str = "<parent><groupId>org.shop</groupId><artifactId>shop</artifactId><version>1</version></parent>";

fn shop() -> Tree {
    let orders = format!(
        "{PARENT}<artifactId>orders</artifactId><dependencies>
         <dependency><groupId>${{project.groupId}}</groupId><artifactId>common</artifactId><version>${{project.version}}</version>
           <exclusions><exclusion><groupId>com.jpa</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
         <dependency><groupId>com.cache</groupId><artifactId>cache</artifactId></dependency>
         <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId></dependency>
         </dependencies>
         <profiles><profile><id>nacos</id><dependencies><dependency><groupId>com.alibaba</groupId><artifactId>nacos</artifactId></dependency></dependencies></profile>
         <profile><id>eureka</id><activation><activeByDefault>true</activeByDefault></activation><dependencies><dependency><groupId>com.netflix</groupId><artifactId>eureka</artifactId></dependency></dependencies></profile></profiles>
         <build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"
    );
    let common = format!(
        "{PARENT}<artifactId>common</artifactId><dependencies>
         <dependency><groupId>com.alipay.sofa</groupId><artifactId>jraft-core</artifactId><version>1.3</version></dependency>
         <dependency><groupId>com.jpa</groupId><artifactId>jpa</artifactId><version>1</version></dependency>
         <dependency><groupId>com.opt</groupId><artifactId>opt</artifactId><version>1</version><optional>true</optional></dependency>
         </dependencies>"
    );
    Tree::default()
        .pom("", ROOT)
        .pom("orders", &orders)
        .pom("common", &common)
        .spring("orders/src/main/java/com/shop/App.java")
        .class("common/src/main/java/com/shop/Plain.java")
}

#[test]
fn the_effective_model_follows_parents_management_profiles_and_libraries() {
    let found = shop().group();
    assert_eq!(found.kinds(), [". library", "common library", "orders service"]);
    let orders = found.unit("orders");
    assert_eq!(orders.runtime.framework, "spring-boot");
    assert_eq!(orders.runtime.framework_version, "2.7.18");
    assert_eq!((orders.runtime.java, orders.runtime.web.as_str()), (Some(8), "servlet"));
    assert_eq!(orders.libraries.len(), 1);
    let shipped = found.shipped("orders");
    for expected in [
        "com.cache:cache@3.1",
        "com.netflix:eureka",
        "com.alipay.sofa:jraft-core@1.3",
        "org.rocksdb:rocksdbjni",
        "org.apache.tomcat.embed:tomcat-embed-core",
    ] {
        assert!(shipped.iter().any(|d| d == expected), "{expected} in {shipped:?}");
    }
    for absent in ["com.alibaba:nacos", "com.jpa:jpa@1", "com.opt:opt@1"] {
        assert!(!shipped.iter().any(|d| d == absent), "{absent}");
    }
    assert_eq!(found.scope("orders", "com.h2database:h2"), Some(Scope::Test));
}

#[test]
fn inherited_and_brought_dependencies_say_where_they_come_from() {
    let found = shop().group();
    let by = |coordinate: &str| {
        let dependency =
            found.unit("orders").dependencies.iter().find(|d| d.coordinate.as_str() == coordinate).unwrap();
        let via: Vec<&str> = dependency.via.iter().map(|v| v.as_str()).collect();
        (found.path(dependency.file), via, dependency.declared)
    };
    assert_eq!(by("com.cache:cache"), ("orders/pom.xml", vec![], true));
    assert_eq!(by("org.springframework.boot:spring-boot-starter-web"), ("pom.xml", vec!["shop"], true));
    assert_eq!(by("com.alipay.sofa:jraft-core"), ("common/pom.xml", vec!["common"], true));
    assert_eq!(by("org.rocksdb:rocksdbjni"), ("common/pom.xml", vec!["common", "com.alipay.sofa:jraft-core"], false));
}

#[test]
fn broken_parents_do_no_harm() {
    let cycle = |own: &str, parent: &str| {
        format!(
            "<artifactId>{own}</artifactId><groupId>g</groupId><version>1</version><parent><groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version><relativePath>../{parent}</relativePath></parent><properties><x>${{y}}</x><y>${{x}}</y></properties><dependencies><dependency><groupId>${{x}}</groupId><artifactId>d</artifactId></dependency></dependencies>"
        )
    };
    let found =
        Tree::default().pom("a", &cycle("a", "b")).pom("b", &cycle("b", "a")).pom("c", &cycle("c", "gone")).group();
    assert_eq!(found.kinds(), ["a library", "b library", "c library"]);
}

#[test]
fn a_parent_that_is_not_above_is_found_by_name() {
    let found = Tree::default()
        .pom("build/parent", "<groupId>g</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId><version>9</version></dependency></dependencies>")
        .pom("svc", "<artifactId>svc</artifactId><parent><groupId>g</groupId><artifactId>parent</artifactId><version>1</version></parent>")
        .class("svc/src/main/java/A.java")
        .group();
    assert_eq!(found.shipped("svc"), ["x:y@9"]);
}

#[test]
fn a_bom_in_the_tree_gives_versions_and_scopes() {
    let found = Tree::default()
        .pom("bom", "<groupId>g</groupId><artifactId>bom</artifactId><version>1</version><packaging>pom</packaging><dependencyManagement><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId><version>9</version><scope>runtime</scope></dependency></dependencies></dependencyManagement>")
        .pom("svc", "<groupId>g</groupId><artifactId>svc</artifactId><version>1</version><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>bom</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId></dependency></dependencies>")
        .group();
    assert_eq!(found.shipped("svc"), ["x:y@9"]);
    assert_eq!(found.scope("svc", "x:y"), Some(Scope::Runtime));
    assert_eq!(found.kind("svc"), UnitKind::Library);
}
