//! Kubernetes files as `helm template` and `kubectl kustomize` write them, and the overlays that they are made of.

use super::builder::*;
use crate::units::UnitKind;

/// All that a rendered chart may hold: sources in comments, empty documents, nulls, lists, custom resources.
const RENDERED: &str = r#"---
# Source: shop/templates/serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: release-name-shop
  labels:
    helm.sh/chart: shop-0.1.0
    app.kubernetes.io/version: "1.16.0"
  annotations: null
automountServiceAccountToken: true
---
# Source: shop/templates/empty.yaml
---
# Source: shop/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-env
data:
  SERVER_PORT: "8081"
  application.yaml: |
    spring:
      datasource:
        url: jdbc:mysql://db/orders
    # ---
    list: ["{{ not a template }}"]
  script.sh: |-
    #!/bin/sh
    exec java -jar app.jar
---
# Source: shop/crds/widget.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.shop.acme.io
spec:
  group: shop.acme.io
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            image: {type: string, default: "acme/orders:1"}
status:
  acceptedNames:
    kind: ""
    plural: ""
  conditions: []
  storedVersions: []
---
# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: release-name-shop
  namespace: "default"
spec:
  replicas: 3
  strategy: {}
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      creationTimestamp: null
      annotations:
        checksum/config: >-
          0123456789
          abcdef
    spec:
      securityContext:
        {}
      terminationGracePeriodSeconds: 90
      containers:
        - name: shop
          image: "registry.acme.io/shop/orders:1.16.0"
          imagePullPolicy: IfNotPresent
          env:
            - name: SPRING_PROFILES_ACTIVE
              value: "prod"
            - name: EMPTY
              value:
            - name: POOL_SIZE
              value: "10"
          envFrom:
            - configMapRef: {name: orders-env}
          resources:
            {}
          livenessProbe: null
          volumeMounts: []
---

---
# Source: shop/templates/list.yaml
apiVersion: v1
kind: List
items:
- apiVersion: batch/v1
  kind: CronJob
  metadata: {name: stock-nightly}
  spec:
    schedule: "0 3 * * *"
    jobTemplate: {spec: {template: {spec: {containers: [{name: x, image: "acme/stock:1"}], restartPolicy: Never}}}}
- apiVersion: v1
  kind: Service
  metadata: {name: release-name-shop}
  spec:
    selector: {app: orders}
    ports:
    - {port: 80, targetPort: http, protocol: TCP}
---
# Source: shop/templates/hpa.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: release-name-shop
spec:
  scaleTargetRef:
    kind: Deployment
    name: release-name-shop
  minReplicas: 2
  maxReplicas: 9
...
"#;

fn fleet() -> Tree {
    let pom = |name: &str| format!("<groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>");
    Tree::default()
        .pom("orders", &pom("orders"))
        .spring("orders/src/main/java/com/shop/App.java")
        .settings("orders/src/main/resources/application.yml", "pool:\n  size: 2\nserver:\n  port: 8080\n")
        .pom("stock", &pom("stock"))
        .main("stock/src/main/java/com/shop/Stock.java", "java.util.List", ("List", "of"))
}

#[test]
fn a_rendered_chart_is_read_whole() {
    let objects = deploy("deploy/rendered.yaml", RENDERED);
    let kinds: Vec<&str> = objects.iter().map(|o| o.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "ServiceAccount",
            "ConfigMap",
            "CustomResourceDefinition",
            "Deployment",
            "CronJob",
            "Service",
            "HorizontalPodAutoscaler"
        ]
    );
    let deployment = &objects[3];
    assert_eq!(deployment.get("spec.replicas"), Some("3"));
    assert_eq!(deployment.get("spec.template.spec.terminationGracePeriodSeconds"), Some("90"));
    assert_eq!(deployment.get("spec.template.metadata.annotations.checksum/config"), Some("0123456789 abcdef"));
    assert!(objects[1].get("data.script.sh").is_some_and(|text| text.starts_with("#!/bin/sh\nexec")));

    let found = fleet().objects("deploy/rendered.yaml", objects).group();
    assert_eq!(found.kinds(), ["orders service", "stock job"]);
    assert!(found.because("orders").contains(&"Kubernetes Deployment release-name-shop"));
    assert_eq!(found.unit("orders").objects.len(), 5, "account, deployment, settings, service and scaling");
    assert_eq!(found.setting("orders", "pool.size").as_deref(), Some("10"));
    assert_eq!(found.setting("orders", "server.port").as_deref(), Some("8081"));
}

#[test]
fn patches_of_an_overlay_make_no_units() {
    let base = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  template:\n    spec:\n      containers:\n      - name: orders\n        image: acme/orders\n";
    let job = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: sweep\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n          - name: sweep\n            image: acme/sweep\n";
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\nspec:\n  replicas: 4\n";
    let suspend = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: sweep\nspec:\n  suspend: true\n";
    let overlay = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\npatches:\n- path: patch.yaml\n- target: {kind: Deployment, name: orders}\n  patch: |-\n    - op: replace\n      path: /spec/replicas\n      value: 5\nimages:\n- name: acme/orders\n  newTag: \"2\"\n";
    let found = fleet()
        .objects("k8s/base/orders.yaml", deploy("k8s/base/orders.yaml", base))
        .objects("k8s/jobs/base/sweep.yaml", deploy("k8s/jobs/base/sweep.yaml", job))
        .objects("k8s/jobs/overlays/prod/sweep.yaml", deploy("k8s/jobs/overlays/prod/sweep.yaml", suspend))
        .objects("k8s/jobs/overlays/test/sweep.yaml", deploy("k8s/jobs/overlays/test/sweep.yaml", job))
        .objects("k8s/overlays/prod/kustomization.yaml", deploy("k8s/overlays/prod/kustomization.yaml", overlay))
        .objects("k8s/overlays/prod/patch.yaml", deploy("k8s/overlays/prod/patch.yaml", patch))
        .group();
    assert_eq!(found.kinds(), ["orders service", "stock tool", "k8s/jobs/base job"]);
    assert_eq!(found.kind("orders"), UnitKind::Service);
}
