//! Poms, Cargo manifests, settings, images and Kubernetes objects.

use std::fmt::Write;

use super::{Dice, Service, service_name};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  <modelVersion>4.0.0</modelVersion>\n";

pub(super) fn root_pom(teams: usize) -> String {
    let modules: String = (0..teams).map(|team| format!("    <module>team{team}</module>\n")).collect();
    format!(
        "{HEAD}  <parent>\n    <groupId>org.springframework.boot</groupId>\n    <artifactId>spring-boot-starter-parent</artifactId>\n    \
         <version>3.3.4</version>\n  </parent>\n  <groupId>com.acme</groupId>\n  <artifactId>fleet</artifactId>\n  \
         <version>1.0.0</version>\n  <packaging>pom</packaging>\n  <properties>\n    <java.version>21</java.version>\n  </properties>\n  \
         <modules>\n{modules}  </modules>\n</project>\n"
    )
}

pub(super) fn team_pom(team: usize, services: &[usize]) -> String {
    let modules: String = services.iter().map(|ix| format!("    <module>{}</module>\n", service_name(*ix))).collect();
    format!(
        "{HEAD}  <parent>\n    <groupId>com.acme</groupId>\n    <artifactId>fleet</artifactId>\n    <version>1.0.0</version>\n  </parent>\n  \
         <artifactId>team{team}</artifactId>\n  <packaging>pom</packaging>\n  <modules>\n    <module>commons</module>\n{modules}  </modules>\n</project>\n"
    )
}

fn dependency(group: &str, artifact: &str) -> String {
    format!(
        "    <dependency>\n      <groupId>{group}</groupId>\n      <artifactId>{artifact}</artifactId>\n    </dependency>\n"
    )
}

pub(super) fn library_pom(team: usize) -> String {
    let web = dependency("org.springframework.boot", "spring-boot-starter-web");
    format!(
        "{}  <artifactId>commons-{team}</artifactId>\n  <dependencies>\n{web}  </dependencies>\n</project>\n",
        child(team)
    )
}

fn child(team: usize) -> String {
    format!(
        "{HEAD}  <parent>\n    <groupId>com.acme</groupId>\n    <artifactId>team{team}</artifactId>\n    <version>1.0.0</version>\n  </parent>\n"
    )
}

pub(super) fn service_pom(service: &Service, dice: &mut Dice) -> String {
    let mut starters = vec!["web", "actuator", "validation"];
    for starter in ["data-jpa", "cache", "amqp", "data-redis", "security", "quartz"] {
        if dice.one_in(3) {
            starters.push(starter);
        }
    }
    let mut list = String::new();
    for starter in starters {
        list += &dependency("org.springframework.boot", &format!("spring-boot-starter-{starter}"));
    }
    list += &dependency("org.springframework.cloud", "spring-cloud-starter-openfeign");
    list += &dependency("com.acme", &format!("commons-{}", service.team))
        .replace("</artifactId>\n", "</artifactId>\n      <version>1.0.0</version>\n");
    format!(
        "{}  <artifactId>{}</artifactId>\n  <dependencies>\n{list}  </dependencies>\n  <build>\n    <plugins>\n      <plugin>\n        \
         <groupId>org.springframework.boot</groupId>\n        <artifactId>spring-boot-maven-plugin</artifactId>\n      </plugin>\n    </plugins>\n  \
         </build>\n</project>\n",
        child(service.team),
        service.name()
    )
}

pub(super) fn settings(service: &Service, dice: &mut Dice) -> String {
    let (name, port) = (service.name(), 8000 + dice.below(1000));
    let pool = 5 + dice.below(40);
    format!(
        "spring:\n  application:\n    name: {name}\n  datasource:\n    url: jdbc:postgresql://${{DB_HOST:db}}/{name}\n    hikari:\n      \
         maximum-pool-size: {pool}\n  jpa:\n    hibernate:\n      ddl-auto: validate\nserver:\n  port: {port}\nmanagement:\n  endpoints:\n    web:\n      \
         exposure:\n        include: health,metrics\n---\nspring:\n  config:\n    activate:\n      on-profile: local\n  datasource:\n    url: jdbc:h2:mem:{name}\n"
    )
}

pub(super) fn dockerfile(service: &Service) -> String {
    format!(
        "FROM eclipse-temurin:21-jre\nCOPY target/{}-1.0.0.jar /app.jar\nENV JAVA_OPTS=\"-Xmx512m\"\nEXPOSE 8080\n\
         ENTRYPOINT [\"sh\", \"-c\", \"java $JAVA_OPTS -jar /app.jar\"]\n",
        service.name()
    )
}

pub(super) fn deployment(service: &Service, dice: &mut Dice) -> String {
    let (name, replicas, memory) = (service.name(), 1 + dice.below(4), 256 * (1 + dice.below(6)));
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: {replicas}\n  selector:\n    matchLabels:\n      app: {name}\n  \
         template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      containers:\n        - name: {name}\n          image: registry.acme.io/{name}:1.0.0\n          \
         resources:\n            requests:\n              cpu: 250m\n              memory: {memory}Mi\n          ports:\n            - containerPort: 8080\n---\n\
         apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n  ports:\n    - port: 80\n      targetPort: 8080\n"
    )
}

pub(super) fn root_cargo(services: &[usize]) -> String {
    let mut members = String::new();
    for ix in services {
        // Writing to a string does not fail.
        let _ = writeln!(members, "  \"team{}/{}\",", ix / super::TEAM, service_name(*ix));
    }
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n[workspace.dependencies]\naxum = \"0.8\"\ntokio = {{ version = \"1\", features = [\"full\"] }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nsqlx = {{ version = \"0.8\", features = [\"postgres\"] }}\nmoka = {{ version = \"0.12\", features = [\"future\"] }}\n"
    )
}

pub(super) fn cargo(service: &Service) -> String {
    format!(
        "[package]\nname = \"{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\naxum.workspace = true\ntokio.workspace = true\nserde.workspace = true\nsqlx.workspace = true\nmoka.workspace = true\n",
        service.name()
    )
}
