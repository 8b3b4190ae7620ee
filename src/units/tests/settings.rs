use super::builder::*;
use crate::facts::deploy::ObjectSource::*;

const POM: &str = "<groupId>g</groupId><artifactId>orders</artifactId><version>1</version>";

fn orders() -> Tree {
    Tree::default()
        .pom("orders", POM)
        .spring("orders/src/main/java/com/shop/App.java")
        .settings(
            "orders/src/main/resources/application.yml",
            "spring:\n  application:\n    name: order-svc\n  profiles:\n    active: production\n  datasource:\n    url: jdbc:mysql://${DB_HOST:localhost}/o\n    maximum-pool-size: 5\ncache: none\n---\nspring:\n  config:\n    activate:\n      on-profile: production\ncache: local\n",
        )
        .settings("orders/src/main/resources/application-dev.yml", "cache: dev\n")
        .settings("orders/src/test/resources/application.yml", "cache: test\n")
}

#[test]
fn profiles_decide() {
    let found = orders().group();
    assert_eq!(found.setting("orders", "cache").as_deref(), Some("local"));
    assert_eq!(found.setting("orders", "spring.datasource.url").as_deref(), Some("jdbc:mysql://localhost/o"));
    let cache: Vec<_> = found.unit("orders").settings.iter().filter(|s| s.key.as_str() == "cache").collect();
    assert_eq!(cache.iter().filter(|s| !s.active).count(), 1, "dev is there but not active");
    assert_eq!(cache.iter().filter(|s| s.overridden).count(), 1);
}

#[test]
fn deployments_override() {
    let entries = [
        ("spec.template.spec.containers[0].image", "orders"),
        ("spec.template.spec.containers[0].env[0].name", "SPRING_PROFILES_ACTIVE"),
        ("spec.template.spec.containers[0].env[0].value", "dev"),
        ("spec.template.spec.containers[0].env[1].name", "SPRING_DATASOURCE_MAXIMUM_POOL_SIZE"),
        ("spec.template.spec.containers[0].env[1].value", "1"),
        ("spec.template.spec.containers[0].envFrom[0].configMapRef.name", "orders-env"),
    ];
    let found = orders()
        .objects(
            "k8s/all.yaml",
            vec![
                object(Kubernetes, "Deployment", "orders", &entries),
                object(Kubernetes, "ConfigMap", "orders-env", &[("data.DB_HOST", "mysql")]),
            ],
        )
        .group();
    assert_eq!(found.setting("orders", "cache").as_deref(), Some("dev"));
    assert_eq!(found.setting("orders", "spring.datasource.maximumpoolsize").as_deref(), Some("1"));
    assert_eq!(found.setting("orders", "spring.datasource.url").as_deref(), Some("jdbc:mysql://mysql/o"));
}

#[test]
fn central_files_go_by_the_service_name() {
    let found = orders()
        .settings("config/orders/order-svc-production.yaml", "cache: central\n")
        .settings("config/orders/order-svc-dev.yaml", "cache: central-dev\n")
        .settings("config-repo/billing.yml", "cache: other\n")
        .group();
    assert_eq!(found.setting("orders", "cache").as_deref(), Some("central"));
}

#[test]
fn libraries_bring_settings_unless_hidden() {
    let found = Tree::default()
        .pom("svc", "<groupId>g</groupId><artifactId>svc</artifactId><version>1</version><dependencies><dependency><groupId>g</groupId><artifactId>lib</artifactId><version>1</version></dependency></dependencies>")
        .spring("svc/src/main/java/com/shop/App.java")
        .pom("lib", "<groupId>g</groupId><artifactId>lib</artifactId><version>1</version>")
        .class("lib/src/main/java/com/shop/L.java")
        .settings("lib/src/main/resources/application.properties", "a=lib\n")
        .settings("lib/src/main/resources/application.yml", "b: lib\n")
        .settings("svc/src/main/resources/application.yml", "c: svc\n")
        .group();
    assert_eq!(found.setting("svc", "a").as_deref(), Some("lib"));
    assert_eq!(found.setting("svc", "b"), None);
    assert_eq!(found.setting("svc", "c").as_deref(), Some("svc"));
}

#[test]
fn shared_central_files_hold_for_all_beside() {
    let found = orders()
        .settings("config/shared/order-svc.yml", "cache: central\n")
        .settings("config/shared/application.yml", "cache: shared\nrates: shared\n")
        .settings("other/application.yml", "rates: other\n")
        .group();
    assert_eq!(found.setting("orders", "rates").as_deref(), Some("shared"));
    assert_eq!(found.setting("orders", "cache").as_deref(), Some("central"), "what names the service wins");
}

#[test]
fn dropwizard_is_told_its_file_at_start() {
    let found = orders()
        .settings("orders/orders-local.yml", "server:\n  applicationConnectors:\n    - type: http\nrates: dropwizard\n")
        .settings("orders/notes.yml", "rates: notes\n")
        .group();
    assert_eq!(found.setting("orders", "rates").as_deref(), Some("dropwizard"));
}

#[test]
fn settings_files_by_another_name() {
    let monitor = |call: &dyn Fn(&mut Code)| {
        let mut code = Code::new("com.shop");
        code.import("org.springframework.boot.SpringApplication");
        let owner = code.class("App", &[]);
        let main = code.method("main", Some(owner), crate::facts::code::CallableKind::Method);
        code.call(main, "SpringApplication", "run");
        call(&mut code);
        code
    };
    let java = crate::source::FileKind::Java;
    let found = Tree::default()
        .pom("a", &POM.replace("orders", "a"))
        .code("a/src/main/java/com/shop/App.java", java, monitor(&|code| code.texts(&["spring.config.name", "shop-a"])))
        .settings("a/src/main/resources/shop-a.yml", "name: by map\n")
        .settings("a/src/main/resources/other.yml", "name: other\n")
        .pom("b", &POM.replace("orders", "b"))
        .code(
            "b/src/main/java/com/shop/App.java",
            java,
            monitor(&|code| code.texts(&["--spring.config.name", "=", "shop-b"])),
        )
        .settings("b/src/main/resources/shop-b.yml", "name: by words\n")
        .settings("b/src/main/resources/shop-b-dev.yml", "name: dev\n")
        .pom("c", &POM.replace("orders", "c"))
        .spring("c/src/main/java/com/shop/App.java")
        .docker(
            "c/Dockerfile",
            "FROM eclipse-temurin:17\nENV SPRING_CONFIG_ADDITIONAL_LOCATION=file:/opt/c/limits.yml\n\
             CMD java -Dspring.config.name=shop-c -jar c.jar\n",
        )
        .settings(
            "c/src/main/resources/shop-c.yml",
            "name: by command\nspring:\n  config:\n    import: classpath:more.yml\n",
        )
        .settings("c/src/main/resources/more.yml", "more: imported\n")
        .settings("deploy/c/limits.yml", "limit: outside\n")
        .settings("deploy/d/limits.yml", "limit: of another\n")
        .group();
    assert_eq!(found.setting("a", "name").as_deref(), Some("by map"));
    assert_eq!(found.setting("b", "name").as_deref(), Some("by words"));
    assert_eq!(found.setting("c", "name").as_deref(), Some("by command"));
    assert_eq!(found.setting("c", "more").as_deref(), Some("imported"));
    assert_eq!(found.setting("c", "limit").as_deref(), Some("outside"));
}

#[test]
fn maven_fills_in_the_profile() {
    let profiles = "<profiles><profile><id>dev</id><activation><activeByDefault>true</activeByDefault></activation>\
        <properties><stage>dev</stage></properties></profile><profile><id>prod</id><properties><stage>prod</stage></properties></profile></profiles>";
    let found = Tree::default()
        .pom("svc", &format!("{}{profiles}", POM.replace("orders", "svc")))
        .spring("svc/src/main/java/com/shop/App.java")
        .settings(
            "svc/src/main/resources/application.yml",
            "spring:\n  profiles:\n    active: '@stage@'\ncache: none\nmail: a@b.c\n",
        )
        .settings("svc/src/main/resources/application-dev.yml", "cache: dev\n")
        .settings("svc/src/main/resources/application-prod.yml", "cache: prod\n")
        .group();
    assert_eq!(found.setting("svc", "cache").as_deref(), Some("dev"));
    assert_eq!(found.setting("svc", "mail").as_deref(), Some("a@b.c"));
}

#[test]
fn scripts_that_images_start_set_properties() {
    let found = orders()
        .docker(
            "orders/Dockerfile",
            "FROM eclipse-temurin:17\nCOPY bin/run.sh orders.jar /app/\nENTRYPOINT [\"/bin/sh\", \"/app/run.sh\"]\n",
        )
        .script(
            "orders/bin/run.sh",
            "export DB_HOST=db1\nOPTS=\"-Dspring.profiles.active=dev\"\nexec java $OPTS -jar /app/orders.jar\n",
        )
        .script("orders/bin/other.sh", "export DB_HOST=db2\n")
        .group();
    assert_eq!(found.setting("orders", "cache").as_deref(), Some("dev"));
    assert_eq!(found.setting("orders", "spring.datasource.url").as_deref(), Some("jdbc:mysql://db1/o"));
}
