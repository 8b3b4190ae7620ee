use super::builder::*;
use crate::facts::deploy::ObjectSource::*;
use crate::units::UnitKind;

fn shop() -> Tree {
    let pom = |artifact: &str| format!("<groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>");
    Tree::default()
        .pom("services/shop-orders", &pom("shop-orders"))
        .spring("services/shop-orders/src/main/java/com/shop/App.java")
        .pom("services/shop-users", &pom("shop-users"))
        .spring("services/shop-users/src/main/java/com/shop/App.java")
}

fn names(found: &Found, dir: &str) -> Vec<String> {
    let facts = &found.unit(dir).objects;
    facts.iter().map(|(file, at)| format!("{}#{at}", found.path(*file))).collect()
}

#[test]
fn images_tell_before_places_and_names() {
    let image = "spec.template.spec.containers[0].image";
    let found = shop()
        .objects(
            "deploy/all.yaml",
            vec![
                object(
                    Kubernetes,
                    "Deployment",
                    "backend",
                    &[
                        (image, "registry:5000/acme/shop-orders:1.2"),
                        ("spec.template.spec.volumes[0].persistentVolumeClaim.claimName", "data"),
                    ],
                ),
                object(Kubernetes, "Deployment", "shop-users", &[(image, "mongo:4")]),
                object(Kubernetes, "PersistentVolumeClaim", "data", &[]),
                object(Kubernetes, "PersistentVolumeClaim", "mongo-data", &[]),
                object(Kubernetes, "HorizontalPodAutoscaler", "scale", &[("spec.scaleTargetRef.name", "backend")]),
                object(Kubernetes, "Deployment", "shop-users", &[(image, "acme/users-of-shop")]),
            ],
        )
        .group();
    assert_eq!(names(&found, "services/shop-orders"), ["deploy/all.yaml#0", "deploy/all.yaml#2", "deploy/all.yaml#4"]);
    assert_eq!(names(&found, "services/shop-users"), ["deploy/all.yaml#5"]);
    assert!(found.unit("services/shop-orders").evidence.iter().any(|e| e.what == "Kubernetes Deployment backend"));
}

#[test]
fn rendered_copies_count_once() {
    let deployment = || {
        vec![object(
            Kubernetes,
            "Deployment",
            "shop-orders",
            &[("spec.template.spec.containers[0].image", "shop-orders")],
        )]
    };
    let found = shop()
        .objects("deploy/prod.yaml", deployment())
        .objects("services/shop-orders/k8s/base/orders.yaml", deployment())
        .objects("z/rendered.yaml", deployment())
        .group();
    assert_eq!(names(&found, "services/shop-orders"), ["services/shop-orders/k8s/base/orders.yaml#0"]);
}

#[test]
fn compose_builds_and_skaffold_images() {
    let found = shop()
        .objects(
            "docker/compose.yml",
            vec![
                object(Compose, "service", "a", &[("build.context", "../services/shop-orders")]),
                object(Compose, "service", "db", &[("image", "mysql:8")]),
            ],
        )
        .objects(
            "services/skaffold.yaml",
            vec![object(
                Skaffold,
                "Config",
                "",
                &[("build.artifacts[0].image", "u-image"), ("build.artifacts[0].context", "shop-users")],
            )],
        )
        .objects(
            "k8s/u.yaml",
            vec![object(
                Kubernetes,
                "CronJob",
                "u",
                &[("spec.jobTemplate.spec.template.spec.containers[0].image", "u-image")],
            )],
        )
        .group();
    assert_eq!(names(&found, "services/shop-orders"), ["docker/compose.yml#0"]);
    assert_eq!(names(&found, "services/shop-users"), ["k8s/u.yaml#0"]);
    assert_eq!(found.kind("services/shop-users"), UnitKind::Job);
}

#[test]
fn a_folder_of_jobs_is_a_job() {
    let job = |name: &str| {
        vec![object(Kubernetes, "Job", name, &[("spec.template.spec.containers[0].image", "acme/populate")])]
    };
    let found = shop().objects("extras/populate/a.yaml", job("a")).objects("extras/populate/b.yaml", job("b")).group();
    assert_eq!(found.kind("extras/populate"), UnitKind::Job);
    assert_eq!(found.unit("extras/populate").objects.len(), 2);
}

#[test]
fn helm_templates_go_by_their_chart() {
    let found = shop()
        .objects(
            "charts/orders/values.yaml",
            vec![object(Chart, "Values", "", &[("image.repository", "acme/shop-orders")])],
        )
        .objects(
            "charts/orders/templates/deployment.yaml",
            vec![object(
                Helm,
                "Deployment",
                "{{ .Release.Name }}",
                &[("spec.template.spec.containers[0].image", "{{ .Values.image.repository }}")],
            )],
        )
        .group();
    assert_eq!(names(&found, "services/shop-orders"), ["charts/orders/templates/deployment.yaml#0"]);
}

#[test]
fn a_store_in_the_chart_of_a_service_is_not_the_service() {
    let workload = |image: &str, container: &str| {
        let entries =
            [("spec.template.spec.containers[0].name", container), ("spec.template.spec.containers[0].image", image)];
        vec![object(Helm, "StatefulSet", "{{ include \"x.fullname\" . }}", &entries)]
    };
    let found = shop()
        .objects(
            "charts/orders/values.yaml",
            vec![object(Chart, "Values", "", &[("image.repository", "acme/shop-orders")])],
        )
        .objects("charts/orders/templates/db.yaml", workload("{{ .Values.postgresql.image.repository }}:1", "db"))
        .objects("charts/orders/templates/broker.yaml", workload("{{ .Values.broker.image }}", "rabbitmq"))
        .objects("charts/orders/templates/own.yaml", workload("{{ .Values.image.repository }}", "orders"))
        .group();
    assert_eq!(names(&found, "services/shop-orders"), ["charts/orders/templates/own.yaml#0"]);
}

#[test]
fn ci_tells_what_is_built_into_images() {
    let workflow = "jobs:\n  image:\n    strategy:\n      matrix:\n        service: [orders, gone]\n        java: [17, 21]\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: ., tags: 'shop/${{ matrix.service }}'}\n    - run: mvn -pl billing jib:build\n  test:\n    strategy:\n      matrix:\n        module: [common]\n    steps:\n    - run: mvn -pl ${{ matrix.module }} verify\n    - run: ./gradlew :billing:check\n";
    let pom = |artifact: &str| format!("<groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>");
    let mut tree = Tree::default().ci(".github/workflows/images.yml", workflow);
    for module in ["orders", "billing", "common"] {
        tree = tree.pom(module, &pom(module)).class(&format!("{module}/src/main/java/com/shop/Plain.java"));
    }
    let found = tree.group();
    assert_eq!(found.kinds(), ["billing service", "common library", "orders service"]);
    assert_eq!(found.because("orders"), ["built into an image by CI"]);
}

#[test]
fn an_archive_is_known_by_the_name_that_maven_gives_it() {
    let jar = "<build><finalName>shop-agent-${revision}</finalName></build>";
    let user = "<groupId>com.shop</groupId><artifactId>manager</artifactId><dependencies><dependency><groupId>com.shop</groupId><artifactId>agent</artifactId></dependency></dependencies>";
    let found = Tree::default()
        .pom("agent", &format!("<groupId>com.shop</groupId><artifactId>agent</artifactId>{jar}"))
        .spring("agent/src/main/java/com/shop/App.java")
        .pom("manager", user)
        .spring("manager/src/main/java/com/shop/App.java")
        .docker(
            "script/docker/remote/Dockerfile",
            "FROM eclipse-temurin:21\nADD shop-agent-[0-9]*-bin.tar.gz /opt/\nENTRYPOINT [\"./bin/entry.sh\"]\n",
        )
        .group();
    assert_eq!(found.kind("agent"), UnitKind::Service, "others use it, and it has an image of its own");
    assert_eq!(found.unit("agent").containers.len(), 1);
}

#[test]
fn a_profile_that_builds_an_image_makes_a_program_of_a_module_that_others_use() {
    let pom = |artifact: &str, plugin: &str| {
        format!(
            "<groupId>com.shop</groupId><artifactId>{artifact}</artifactId><profiles><profile><id>release</id><build><plugins><plugin>{plugin}</plugin></plugins></build></profile></profiles>"
        )
    };
    let jib = "<groupId>com.google.cloud.tools</groupId><artifactId>jib-maven-plugin</artifactId><executions><execution><goals><goal>build</goal></goals></execution></executions>";
    let boot = "<groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>";
    let user = "<groupId>com.shop</groupId><artifactId>docs</artifactId><dependencies><dependency><groupId>com.shop</groupId><artifactId>orders</artifactId></dependency><dependency><groupId>com.shop</groupId><artifactId>console</artifactId></dependency></dependencies>";
    let found = Tree::default()
        .pom("orders", &pom("orders", jib))
        .spring("orders/src/main/java/com/shop/orders/App.java")
        .pom("console", &pom("console", boot))
        .spring("console/src/main/java/com/shop/console/App.java")
        .pom("docs", user)
        .class("docs/src/main/java/com/shop/docs/Plain.java")
        .group();
    assert_eq!(found.kind("orders"), UnitKind::Service);
    assert_eq!(found.kind("console"), UnitKind::Library, "no image is made of it");
}

#[test]
fn a_chart_of_many_services_names_them_in_its_values() {
    let pom = |artifact: &str| format!("<groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>");
    let image = ("spec.template.spec.containers[0].image", "{{ .Values.orders.image.repository }}:1");
    let workload = object(Helm, "StatefulSet", "{{ include \"shop.fullname\" . }}", &[image]);
    let found = Tree::default()
        .pom("orders", &pom("orders"))
        .spring("orders/src/main/java/com/shop/App.java")
        .pom("billing", &pom("billing"))
        .spring("billing/src/main/java/com/shop/App.java")
        .objects("deploy/templates/workload.yaml", vec![workload])
        .group();
    assert_eq!(found.unit("orders").objects.len(), 1);
    assert!(found.unit("billing").objects.is_empty());
}
