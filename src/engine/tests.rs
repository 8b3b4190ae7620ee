//! Files that are broken, hostile or rendered, through the whole pipeline: a note each, and nothing else lost.

use std::fs;
use std::path::Path;

use super::{Options, Surveyed, find_units, scan};
use crate::rules::RuleSet;
use crate::rules::model::Severity;
use crate::units::UnitKind;

const APP: &str = "package shop; import org.springframework.boot.SpringApplication;
public class App { public static void main(String[] a) { SpringApplication.run(App.class); } }";

fn pom(artifact: &str, rest: &str) -> String {
    format!("<project><groupId>g</groupId><artifactId>{artifact}</artifactId><version>1</version>{rest}</project>")
}

fn put(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A healthy service beside these files.
fn survey(files: &[(&str, &str)]) -> Surveyed {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "good/pom.xml", &pom("good", ""));
    put(dir.path(), "good/src/main/java/shop/App.java", APP);
    put(dir.path(), "good/src/main/resources/application.yml", "server: {port: 8081}\n");
    for (path, text) in files {
        put(dir.path(), path, text);
    }
    let found = find_units(dir.path(), &Options { threads: 1, ..Options::default() }).unwrap();
    let good = found.units.all.iter().find(|u| &*u.dir == "good").expect("the healthy one stays");
    assert_eq!(good.kind.as_str(), "service");
    assert!(good.settings.iter().any(|s| s.key.as_str() == "server.port" && s.value == "8081"));
    found
}

/// The notes on a path.
fn notes<'s>(found: &'s Surveyed, path: &str) -> Vec<&'s str> {
    found.skipped.iter().filter(|s| s.path == path).map(|s| s.reason.as_str()).collect()
}

fn noted(path: &str, text: &str, word: &str) -> Surveyed {
    let found = survey(&[(path, text)]);
    let said = notes(&found, path);
    assert!(said.iter().any(|n| n.contains(word)), "{path}: {said:?}");
    assert_eq!(found.skipped.len(), said.len(), "nothing else is noted: {:?}", found.skipped);
    found
}

#[test]
fn a_broken_pom() {
    noted("bad/pom.xml", "<project><artifactId>bad</artifactId><dependencies><dependency>", "not well-formed");
}

#[test]
fn parents_in_a_circle_and_parents_that_are_gone() {
    let child = |own: &str, parent: &str| {
        let parent = format!(
            "<parent><groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version><relativePath>../{parent}</relativePath></parent>"
        );
        pom(own, &parent)
    };
    let found =
        survey(&[("a/pom.xml", &child("a", "b")), ("b/pom.xml", &child("b", "a")), ("c/pom.xml", &child("c", "gone"))]);
    assert_eq!(notes(&found, "a/pom.xml"), ["line 1: its parents go in a circle"]);
    assert_eq!(notes(&found, "b/pom.xml"), ["line 1: its parents go in a circle"]);
    assert_eq!(notes(&found, "c/pom.xml"), ["line 1: the parent g:gone is not in the tree"]);
    assert_eq!(found.units.all.len(), 4);
}

/// `fixtures/maven/expected.txt` is what Maven 3.8.7 itself makes of these poms, by `tests/data/maven/Effective.java`.
#[test]
fn the_class_path_is_that_of_maven() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/maven");
    let found = find_units(&root, &Options { threads: 1, ..Options::default() }).unwrap();
    let expected = fs::read_to_string(root.join("expected.txt")).unwrap();
    let mut seen = 0;
    for line in expected.lines() {
        let mut words = line.split(' ');
        let artifact = words.next().unwrap();
        let unit = found.units.all.iter().find(|u| u.name == artifact).unwrap_or_else(|| panic!("no {artifact}"));
        let shipped = unit.dependencies.iter().filter(|d| d.scope.ships());
        let shipped: Vec<String> = shipped.map(|d| format!("{}@{}", d.coordinate, d.version)).collect();
        // What a library only offers to work with is on its class path, but nobody else ships it.
        let offered = |word: &&str| unit.kind == UnitKind::Library && *word == "x:b2@1";
        assert_eq!(shipped, words.filter(|word| !offered(word)).collect::<Vec<_>>(), "{artifact}");
        seen += 1;
    }
    assert_eq!(seen, found.units.all.len());
}

#[test]
fn a_bomb_of_xml_entities() {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE project [<!ENTITY a0 \"aaaaaaaaaa\">".to_owned();
    for i in 1..20 {
        text.push_str(&format!("<!ENTITY a{i} \"{}\">", format!("&a{};", i - 1).repeat(10)));
    }
    text.push_str("]><project><groupId>g</groupId><artifactId>&a19;</artifactId></project>");
    noted("bomb/pom.xml", &text, "entities");
}

#[test]
fn a_bomb_of_yaml_aliases() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..20 {
        let list = vec![format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&format!("a{i}: &a{i} [{list}]\n"));
    }
    noted("good/src/main/resources/application-bomb.yml", &text, "");
}

#[test]
fn yaml_of_fifty_megabytes() {
    let line = "k: {a: [1, 2, 3], b: 'some text that goes on for a while'}\n";
    noted("good/config/application-big.yml", &line.repeat((50 << 20) / line.len()), "larger than");
}

#[test]
fn text_that_is_no_yaml() {
    noted(
        "deploy/broken.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [a\n bad: {\n\tx\n",
        "not valid YAML",
    );
    let template = "{{- range .Values.apps }}\nkind: Deployment\n{{ if .x }}\nmetadata: {name: {{ .name }}\n  {{- toYaml .y | nindent 2 }}\n{{ end }}{{ end }\n";
    let found = survey(&[("chart/templates/all.yaml", template), ("chart/Chart.yaml", "name: x\n")]);
    assert!(found.skipped.iter().all(|s| s.path == "chart/templates/all.yaml"), "{:?}", found.skipped);
}

#[test]
fn gradle_files_that_include_each_other() {
    let found = survey(&[
        ("settings.gradle", "include ':x', ':', ':x:x'\nincludeBuild '.'\nincludeBuild 'x'\n"),
        ("x/settings.gradle", "include ':..'\nincludeBuild '..'\n"),
        (
            "x/build.gradle",
            "apply plugin: 'java'\napply from: 'one.gradle'\ndependencies { implementation project(':x')\n implementation project(':') }\n",
        ),
        ("x/one.gradle", "apply from: 'two.gradle'\n"),
        ("x/two.gradle", "apply from: 'one.gradle'\ndependencies { implementation 'a:b:1' }\n"),
        (
            "build.gradle",
            "subprojects { apply from: \"$rootDir/build.gradle\" }\ndependencies { implementation project(':x') }\n",
        ),
    ]);
    let x = found.units.all.iter().find(|u| &*u.dir == "x").unwrap();
    assert_eq!(x.dependencies.iter().filter(|d| d.coordinate.as_str() == "a:b").count(), 1);
    assert_eq!(notes(&found, "x/build.gradle"), ["its modules depend on each other in a circle"]);
}

#[test]
fn crates_that_depend_on_each_other() {
    let cargo = |own: &str, other: &str| {
        format!(
            "[package]\nname = \"{own}\"\nversion = \"1.0.0\"\n[dependencies]\n{other} = {{ path = \"../{other}\" }}\nserde = \"1\"\n"
        )
    };
    let found = survey(&[
        ("one/Cargo.toml", &cargo("one", "two")),
        ("one/src/lib.rs", ""),
        ("two/Cargo.toml", &cargo("two", "one")),
        ("two/src/lib.rs", ""),
        ("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\", \"good\", \".\"]\n"),
    ]);
    for path in ["one/Cargo.toml", "two/Cargo.toml"] {
        assert_eq!(notes(&found, path), ["its modules depend on each other in a circle"]);
    }
}

#[test]
fn what_helm_renders_is_read_whole() {
    let rendered = "---
# Source: shop/templates/serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: good
---
# Source: shop/charts/x/crds/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: shops.acme.io
spec:
  group: acme.io
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        type: object
        properties:
          image: {type: string}
          replicas: {type: integer}
---
# Source: shop/templates/empty.yaml
---
# Source: shop/templates/list.yaml
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: good}
  data:
    SERVER_PORT: \"9000\"
    script.sh: |
      #!/bin/sh
      kind: not an object
      ---
      echo done
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: release-good
  spec:
    replicas: 3
    template:
      spec:
        containers:
        - name: good
          image: \"registry.acme.io/good:1.2\"
          envFrom: [{configMapRef: {name: good}}]
---
# Source: shop/templates/hpa.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: good}
spec:
  scaleTargetRef: {kind: Deployment, name: release-good}
  maxReplicas: 9
---
# Source: shop/templates/cron.yaml
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: 'acme/good:1.2'}]}}}}
---
# Source: shop/templates/tests/test.yaml
apiVersion: v1
kind: Pod
metadata:
  name: good-test
  annotations: {helm.sh/hook: test}
spec:
  containers: [{name: wget, image: busybox}]
...
";
    let found = survey(&[("deploy/rendered.yaml", rendered)]);
    assert!(found.skipped.is_empty(), "{:?}", found.skipped);
    let file = found.workspace.files.iter().position(|f| &*f.path == "deploy/rendered.yaml").unwrap();
    let crate::facts::Body::Objects(objects) = &found.facts[file].body else { panic!("objects") };
    let kinds: Vec<&str> = objects.iter().map(|o| o.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "ServiceAccount",
            "CustomResourceDefinition",
            "ConfigMap",
            "Deployment",
            "HorizontalPodAutoscaler",
            "CronJob",
            "Pod"
        ]
    );
    let good = found.units.all.iter().find(|u| &*u.dir == "good").unwrap();
    let own: Vec<&str> = good.objects.iter().map(|(_, at)| objects[*at as usize].kind.as_str()).collect();
    assert!(
        ["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "CronJob"].iter().all(|k| own.contains(k)),
        "{own:?}"
    );
    assert!(!own.contains(&"CustomResourceDefinition") && !own.contains(&"Pod"), "{own:?}");
}

#[test]
fn rules_may_ask_for_what_runs_a_unit() {
    let rule = "id: old-runtime\ntitle: Old\ncategory: cold-start\nseverity: minor\nconfidence: high\nwhen: { any: [ { dependency: 'x:y' } ], unless: [ { not: { runtime: RUNTIME } } ] }\neffort: { first: 1, cap: 1 }\nwhy: w\nfix: f\n";
    let dir = tempfile::tempdir().unwrap();
    let parent = "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>2.7.18</version><relativePath/></parent>
        <properties><java.version>11</java.version></properties><dependencies><dependency><groupId>x</groupId><artifactId>y</artifactId><version>1</version></dependency>
        <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>";
    put(dir.path(), "svc/pom.xml", &pom("svc", parent));
    put(dir.path(), "svc/Dockerfile", "ARG BASE\nFROM ${BASE}\nCOPY target/svc.jar .\n");
    put(dir.path(), "svc/src/main/java/shop/App.java", APP);
    put(
        dir.path(),
        "compose.yml",
        "services: {svc: {build: {context: svc, args: {BASE: 'eclipse-temurin:17-jre'}}}}\n",
    );
    let met = |runtime: &str| {
        let rules = tempfile::tempdir().unwrap();
        put(rules.path(), "old-runtime.yaml", &rule.replace("RUNTIME", runtime));
        let set = RuleSet::load(&[rules.path().to_owned()]).unwrap();
        let report = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &set).unwrap();
        report.findings.iter().any(|f| f.rule == "old-runtime")
    };
    for holds in
        ["{java-from: 17}", "{java-below: 18}", "{framework: spring-boot, version: ['1.', '2.']}", "{web: servlet}"]
    {
        assert!(met(holds), "{holds}");
    }
    for fails in
        ["{java-from: 18}", "{java-below: 17}", "{framework: spring-boot, version: '3.'}", "{framework: quarkus}"]
    {
        assert!(!met(fails), "{fails}");
    }
}

#[test]
fn settings_files_that_code_names() {
    let app = "package shop; import org.springframework.boot.builder.SpringApplicationBuilder; import org.springframework.context.annotation.PropertySource;
@PropertySource({\"classpath:db/pool.properties\", \"classpath:gone.properties\"})
public class App { public static void main(String[] a) { new SpringApplicationBuilder(App.class).properties(\"spring.config.name=admin\").run(a); } }";
    let found = survey(&[
        ("admin/pom.xml", &pom("admin-service", "")),
        ("admin/src/main/java/shop/App.java", app),
        ("admin/src/main/resources/admin.properties", "pool.name=a\n"),
        ("admin/src/main/resources/db/pool.properties", "pool.size=9\n"),
        ("admin/src/main/resources/db/other.properties", "pool.other=9\n"),
    ]);
    let admin = found.units.all.iter().find(|u| &*u.dir == "admin").unwrap();
    let keys: Vec<&str> = admin.settings.iter().map(|s| s.key.as_str()).collect();
    assert_eq!(keys, ["pool.name", "pool.size"]);
}

#[test]
fn main_methods_beside_the_service_are_information() {
    let exit = "System.exit(1);";
    let calls: String = (0..30).map(|n| format!("static void step{n}() {{}} ")).collect();
    let called: String = (0..30).map(|n| format!("step{n}();")).collect();
    let severities = |start: &str| {
        let dir = tempfile::tempdir().unwrap();
        let app = format!(
            "package shop; public class App {{ {calls}
            public static void main(String[] a) {{ {called} stop(); {start} }}
            static void stop() {{ {exit} }} }}"
        );
        let trial = format!(
            "package shop; class Trial {{ public static void main(String[] a) {{ run(); }}
            private static void run() {{ {exit} }} }}"
        );
        put(dir.path(), "svc/pom.xml", &pom("svc", "<packaging>war</packaging>"));
        put(dir.path(), "svc/src/main/java/shop/App.java", &app);
        put(dir.path(), "svc/src/main/java/shop/Trial.java", &trial);
        let report =
            scan(dir.path(), &Options { threads: 1, ..Options::default() }, &RuleSet::builtin().unwrap()).unwrap();
        let exits = report.findings.iter().filter(|f| f.rule == "system-exit");
        exits.map(|f| (f.path.ends_with("Trial.java"), format!("{:?}", f.severity))).collect::<Vec<_>>()
    };
    // One of them starts a framework; or it runs far more than the other.
    for start in ["org.springframework.boot.SpringApplication.run(App.class);", ""] {
        assert_eq!(severities(start), [(false, "Minor".to_owned()), (true, "Info".to_owned())], "{start}");
    }
}

#[test]
fn a_plain_chart_has_its_values_applied() {
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include \"x.fullname\" . }}\nspec:\n  replicas: {{ .Values.replicaCount }}\n  template:\n    spec:\n      containers:\n        - name: {{ .Chart.Name }}\n          image: \"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\"\n          env:\n            - name: POOL_SIZE\n              value: {{ .Values.pool | quote }}\n          {{- with .Values.resources }}\n          resources:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n";
    let found = survey(&[
        ("chart/Chart.yaml", "apiVersion: v2\nname: release\nappVersion: \"1.2\"\n"),
        ("chart/values.yaml", "replicaCount: 5\nimage: {repository: acme/good, tag: \"\"}\npool: 7\n"),
        ("chart/templates/deployment.yaml", template),
    ]);
    let good = found.units.all.iter().find(|u| &*u.dir == "good").unwrap();
    assert!(good.settings.iter().any(|s| s.key.as_str() == "pool.size" && s.value == "7"), "{:?}", good.settings);
    let (file, at) = good.objects[0];
    let crate::facts::Body::Objects(objects) = &found.facts[file.0 as usize].body else { panic!("objects") };
    assert_eq!(objects[at as usize].get("spec.replicas"), Some("5"));
    assert_eq!(objects[at as usize].get("spec.template.spec.containers[0].image"), Some("acme/good:1.2"));
}

#[test]
fn beans_of_tests_are_information() {
    let bean = |name: &str, on: &str| {
        format!(
            "package shop; import java.util.*; import org.springframework.context.annotation.Profile; import org.springframework.stereotype.Repository;
import io.micronaut.context.annotation.Requires; import io.micronaut.context.env.Environment;
@Repository {on} public class {name} {{ private final Map<String, String> all = new HashMap<>(); public void save(String id, String order) {{ all.put(id, order); }} public String find(String id) {{ return all.get(id); }} }}"
        )
    };
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "svc/pom.xml", &pom("svc", ""));
    put(dir.path(), "svc/src/main/java/shop/App.java", APP);
    let beans = [
        ("A", "@Profile(\"test\")", false),
        ("B", "@Requires(env = Environment.TEST)", false),
        ("C", "@Profile(\"integration-test\")", false),
        ("D", "@Profile(\"!test\")", true),
        ("E", "@Requires(property = \"test\")", true),
        ("F", "", true),
    ];
    let mut calls = String::new();
    for (name, on, _) in beans {
        put(dir.path(), &format!("svc/src/main/java/shop/{name}.java"), &bean(name, on));
        calls.push_str(&format!("@Autowired {name} of{name}; @PostMapping(\"/{name}\") public String call{name}(@RequestBody String body) {{ of{name}.save(\"x\", body); return of{name}.find(\"x\"); }} "));
    }
    put(
        dir.path(),
        "svc/src/main/java/shop/Calls.java",
        &format!(
            "package shop; import org.springframework.beans.factory.annotation.Autowired; import org.springframework.web.bind.annotation.*; @RestController public class Calls {{ {calls} }}"
        ),
    );
    let set = RuleSet::builtin().unwrap();
    let report = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &set).unwrap();
    for (name, on, grave) in beans {
        let path = format!("svc/src/main/java/shop/{name}.java");
        let told = report.findings.iter().find(|f| f.path == path && f.rule == "singleton-collection").unwrap();
        assert_eq!(told.severity != Severity::Info, grave, "{on}");
    }
}

#[test]
fn public_functions_of_a_library_that_nobody_calls() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "Cargo.toml", "[workspace]\nmembers = [\"svc\", \"store\"]\n");
    put(
        dir.path(),
        "svc/Cargo.toml",
        "[package]\nname = \"svc\"\n[dependencies]\nstore = { path = \"../store\" }\naxum = \"0.8\"\n",
    );
    let main = "#[tokio::main] async fn main() { let s = store::Store::new(); s.save(); let app = axum::Router::new();
        let l = tokio::net::TcpListener::bind(\"0.0.0.0:80\").await.unwrap(); axum::serve(l, app).await.unwrap(); }";
    put(dir.path(), "svc/src/main.rs", main);
    put(dir.path(), "store/Cargo.toml", "[package]\nname = \"store\"\n");
    let write = "std::fs::write(\"/data/a\", \"b\").unwrap();";
    let library = format!(
        "pub struct Store; pub struct Probe; pub trait Looks {{ fn look(&self); }}
impl Store {{ pub fn new() -> Self {{ Store }} pub fn save(&self) {{ deep(); }}
pub fn unused(&self) {{ {write} deeper(); }}
#[cfg(feature = \"x\")] pub fn twin(&self) {{}}
pub fn from_macro(&self) {{ {write} }}
}}
impl Looks for Probe {{ fn look(&self) {{
{write} }} }}
impl Looks for Store {{ fn look(&self) {{
{write} }} }}
fn deep() {{ {write} }}
fn deeper() {{ {write} }}
macro_rules! all {{ ($s:expr) => {{ $s.from_macro() }} }}
#[cfg(test)] mod tests {{ #[test] fn t() {{ super::Store.unused(); }} }}"
    );
    put(dir.path(), "store/src/lib.rs", &library);
    let set = RuleSet::builtin().unwrap();
    let report = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &set).unwrap();
    let mut told: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.rule == "file-write")
        .map(|f| (f.line, f.severity == Severity::Info))
        .collect();
    told.sort_unstable();
    // Unused, called by a macro, of a type that nobody makes, of one that is made, called, called by what is unused.
    let expected = [(3, true), (5, false), (8, true), (10, false), (11, false), (12, true)];
    assert_eq!(told, expected);
}

#[test]
fn commands_run_by_hand_are_information() {
    let command = |name: &str, work: &str| {
        format!(
            "package shop; import java.nio.file.*; import java.util.concurrent.Callable; import picocli.CommandLine;
@CommandLine.Command(name = \"x\") public class {name} extends Base {{ @Override public Integer call() throws Exception {{ super.call(); {work} return 0; }} }}"
        )
    };
    let write = "Files.writeString(Path.of(\"/data/all\"), \"x\");";
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "svc/pom.xml", &pom("svc", ""));
    put(dir.path(), "svc/src/main/java/shop/App.java", APP);
    let base = "package shop; public abstract class Base implements java.util.concurrent.Callable<Integer> { public Integer call() throws Exception { return 0; } }";
    let store =
        format!("package shop; import java.nio.file.*; class Store {{ void keep() throws Exception {{ {write} }} }}");
    put(dir.path(), "svc/src/main/java/shop/Base.java", base);
    put(dir.path(), "svc/src/main/java/shop/Store.java", &store);
    for (name, work) in [("ExportCommand", write), ("ImportCommand", "new Store().keep();"), ("ServerCommand", write)] {
        put(dir.path(), &format!("svc/src/main/java/shop/{name}.java"), &command(name, work));
    }
    let set = RuleSet::builtin().unwrap();
    let report = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &set).unwrap();
    let grave = |name: &str| {
        let path = format!("svc/src/main/java/shop/{name}.java");
        report.findings.iter().find(|f| f.path == path && f.rule == "nio-file-write").unwrap().severity
            != Severity::Info
    };
    assert_eq!(["ExportCommand", "Store", "ServerCommand"].map(grave), [false, false, true]);
}

#[test]
fn the_log_of_a_server_that_lies_in_the_tree_is_information() {
    let logback = "<configuration><appender name=\"F\" class=\"ch.qos.logback.core.FileAppender\"><file>/var/log/x.log</file></appender><root><appender-ref ref=\"F\"/></root></configuration>";
    let dir = tempfile::tempdir().unwrap();
    let root = "<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging><modules><module>svc</module></modules></project>";
    put(dir.path(), "pom.xml", root);
    put(dir.path(), "svc/pom.xml", &pom("svc", ""));
    put(dir.path(), "svc/src/main/java/shop/App.java", APP);
    put(dir.path(), "svc/src/main/resources/logback.xml", logback);
    put(dir.path(), "registry/conf/registry-logback.xml", logback);
    let set = RuleSet::builtin().unwrap();
    let report = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &set).unwrap();
    let grave = |path: &str| {
        let told = report.findings.iter().find(|f| f.path == path && f.rule == "log-file-appender").unwrap();
        told.severity != Severity::Info
    };
    assert!(grave("svc/src/main/resources/logback.xml"));
    assert!(!grave("registry/conf/registry-logback.xml"));
}

#[test]
fn what_no_build_compiles_is_information() {
    let thread = |package: &str| {
        format!(
            "package shop.{package}; public class Work {{ public void work() {{ new Thread(() -> System.gc()).start(); }} }}"
        )
    };
    let dir = tempfile::tempdir().unwrap();
    let group = "<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging><modules><module>svc</module></modules></project>";
    put(dir.path(), "maven/pom.xml", group);
    put(dir.path(), "maven/src/main/java/shop/old/Work.java", &thread("old"));
    put(dir.path(), "maven/svc/pom.xml", &pom("svc", ""));
    put(dir.path(), "maven/svc/src/main/java/shop/App.java", APP);
    put(dir.path(), "gradle/settings.gradle", "include 'plugins:one'\ninclude 'plugins:two'\n");
    for name in ["one", "two", "three"] {
        put(dir.path(), &format!("gradle/plugins/{name}/build.gradle"), "plugins { id 'java' }\n");
        put(dir.path(), &format!("gradle/plugins/{name}/src/main/java/shop/{name}/Work.java"), &thread(name));
    }
    let set = RuleSet::builtin().unwrap();
    let report = scan(dir.path(), &Options { threads: 1, ..Options::default() }, &set).unwrap();
    let grave = |package: &str| {
        let end = format!("shop/{package}/Work.java");
        let mut told = report.findings.iter().filter(|f| f.path.ends_with(&end) && f.rule == "new-thread");
        told.any(|f| f.severity != Severity::Info)
    };
    assert_eq!(["old", "one", "two", "three"].map(grave), [false, true, true, false]);
}
