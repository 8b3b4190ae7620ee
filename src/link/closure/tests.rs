//! A service and its library, read from disk as a scan reads them.

use std::fs;

use crate::facts::FileFacts;
use crate::link::Linked;
use crate::link::catalog::tests::catalog;
use crate::parse::parse;
use crate::source::{self, WalkOptions};
use crate::units::{self, UnitIx, UnitsConfig};

const LIB_POM: &str = "<project><groupId>g</groupId><artifactId>lib</artifactId><version>1</version></project>";
const SVC_POM: &str = "<project><groupId>g</groupId><artifactId>svc</artifactId><version>1</version><dependencies>
<dependency><groupId>g</groupId><artifactId>lib</artifactId><version>1</version></dependency></dependencies>
<build><plugins><plugin><groupId>org.springframework.boot</groupId>
<artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>";

/// Which methods, initialisers and types of the library the service reaches, as `Type.member` and `Type`.
fn reached(app: &str, lib: &[(&str, &str)]) -> Vec<String> {
    with_library(app, lib, names)
}

/// Links a service and its library, and asks something of them.
pub(in crate::link) fn with_library<T>(app: &str, lib: &[(&str, &str)], ask: impl Fn(&Linked<'_>, UnitIx) -> T) -> T {
    let dir = tempfile::tempdir().unwrap();
    let mut files = vec![
        ("svc/pom.xml".to_owned(), SVC_POM.to_owned()),
        ("lib/pom.xml".to_owned(), LIB_POM.to_owned()),
        ("svc/src/main/java/a/svc/App.java".to_owned(), app.to_owned()),
    ];
    let root = |path: &str| if path.ends_with(".java") { "java" } else { "resources" };
    files.extend(lib.iter().map(|(path, text)| (format!("lib/src/main/{}/{path}", root(path)), (*text).to_owned())));
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let workspace = source::walk(dir.path(), &WalkOptions::default()).unwrap();
    let facts: Vec<FileFacts> = workspace
        .files
        .iter()
        .map(|f| parse(f.kind, &f.path, &source::read(&workspace.root, f).unwrap().text))
        .collect();
    let units = units::group(&workspace, &facts, &UnitsConfig::default());
    let service = units.iter().find(|(_, u)| u.name == "svc").map(|(ix, _)| ix).unwrap();
    assert_eq!(units[service].libraries.len(), 1, "{:?}", units.all);
    let catalog = catalog();
    ask(&Linked::new(&workspace, &facts, &units, &catalog, &[]), service)
}

fn names(linked: &Linked<'_>, service: UnitIx) -> Vec<String> {
    let mut out = Vec::new();
    for (_, info) in linked.types.iter().filter(|(_, t)| t.unit != Some(service)) {
        let facts = linked.facts(info.file).unwrap();
        if linked.reaches_type(service, info.file, info.ix) {
            out.push(info.fqn.last_segment().to_owned());
        }
        for (i, c) in facts.callables.iter().enumerate().filter(|(_, c)| c.owner == Some(info.ix)) {
            let ix = crate::facts::code::CallableIx(i as u32);
            if linked.reaches(service, info.file, Some(ix), Some(info.ix)) {
                out.push(format!("{}.{}", info.fqn.last_segment(), c.name));
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

pub(in crate::link) fn app(annotations: &str, body: &str) -> String {
    format!(
        "package a.svc; import org.springframework.boot.*; import org.springframework.boot.autoconfigure.*;
         import a.lib.*; import org.springframework.context.annotation.*;
         {annotations} public class App {{ public static void main(String[] args) {{ SpringApplication.run(App.class); {body} }} }}"
    )
}

const UTIL: (&str, &str) = (
    "a/lib/Util.java",
    "package a.lib; public class Util { static Object POOL = make(); static Object make() { return null; }
     public static void used() { helper(); } static void helper() {} public static void other() { new Third().go(); } }",
);
const THIRD: (&str, &str) =
    ("a/lib/Third.java", "package a.lib; public class Third { Object o = x(); Object x() { return 1; } void go() {} }");
const BEAN: (&str, &str) = (
    "a/lib/Job.java",
    "package a.lib; import org.springframework.stereotype.Component; import org.springframework.scheduling.annotation.Scheduled;
     @Component public class Job { final Object pool = start(); Object start() { return 1; } @Scheduled(fixedRate = 1) void tick() { Util.used(); } }",
);

#[test]
fn nothing_is_reached_of_what_nobody_names() {
    assert!(reached(&app("@SpringBootApplication", ""), &[UTIL, THIRD, BEAN]).is_empty());
}

#[test]
fn a_static_call_reaches_its_way_and_the_static_initialisers() {
    let found = reached(&app("@SpringBootApplication", "Util.used();"), &[UTIL, THIRD, BEAN]);
    // Nobody calls `other` in the whole tree: its class decides, and that one is loaded.
    assert_eq!(found, ["Util", "Util.POOL", "Util.helper", "Util.make", "Util.other", "Util.used"]);
}

#[test]
fn beans_are_reached_by_a_scan_of_their_package_only() {
    let seen = ["Job", "Job.pool", "Job.start", "Job.tick", "Util", "Util.POOL", "Util.helper", "Util.make"];
    for annotations in [
        "@SpringBootApplication(scanBasePackages = {\"a.svc\", \"a.lib\"})",
        "@SpringBootApplication @ComponentScan(\"a\")",
        "@SpringBootApplication @ComponentScan(basePackageClasses = Util.class)",
        "@SpringBootApplication @Import(Job.class)",
    ] {
        let found = reached(&app(annotations, ""), &[UTIL, THIRD, BEAN]);
        assert!(seen.iter().all(|s| found.iter().any(|f| f == s)), "{annotations}: {found:?}");
        assert!(!found.iter().any(|f| f.starts_with("Third")), "{annotations}: {found:?}");
    }
}

#[test]
fn enabling_annotations_and_auto_configurations_bring_their_classes() {
    let enable = (
        "a/lib/EnableJob.java",
        "package a.lib; import org.springframework.context.annotation.Import; @Import(Job.class) public @interface EnableJob {}",
    );
    let found = reached(&app("@SpringBootApplication @EnableJob", ""), &[UTIL, BEAN, enable]);
    assert!(found.contains(&"Job.tick".to_owned()), "{found:?}");
    let auto = (
        "a/lib/JobAutoConfiguration.java",
        "package a.lib; import org.springframework.context.annotation.*;
         @Configuration public class JobAutoConfiguration { @Bean Third third() { return new Third(); } }",
    );
    let found = reached(&app("@SpringBootApplication", ""), &[UTIL, THIRD, auto]);
    assert!(found.contains(&"JobAutoConfiguration.third".to_owned()), "{found:?}");
    assert!(found.contains(&"Third.o".to_owned()) && !found.contains(&"Util".to_owned()), "{found:?}");
}

#[test]
fn a_starter_brings_the_classes_that_it_registers() {
    let plain = (
        "a/lib/Wiring.java",
        "package a.lib; import org.springframework.context.annotation.*;
         public class Wiring { @Configuration public static class Inner { @Bean Third third() { return new Third(); } } }",
    );
    let app = app("@SpringBootApplication", "");
    assert!(reached(&app, &[UTIL, THIRD, plain]).is_empty());
    let factories = (
        "META-INF/spring.factories",
        "org.springframework.boot.autoconfigure.EnableAutoConfiguration=\\\n  a.lib.Wiring$Inner,gone.Gone\n",
    );
    let imports =
        ("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports", "a.lib.Wiring$Inner\n");
    for file in [factories, imports] {
        let found = reached(&app, &[UTIL, THIRD, plain, file]);
        assert!(found.contains(&"Inner.third".to_owned()), "{found:?}");
        assert!(found.contains(&"Third.o".to_owned()) && !found.contains(&"Util".to_owned()), "{found:?}");
    }
    let other = ("META-INF/spring.factories", "a.lib.Plugin=a.lib.Wiring$Inner\n");
    assert!(reached(&app, &[UTIL, THIRD, plain, other]).is_empty(), "loaded only by who asks for it");
}

#[test]
fn without_a_scan_to_read_every_bean_may_be_there() {
    let found = reached(&app("", ""), &[UTIL, BEAN]);
    assert!(found.contains(&"Job.pool".to_owned()), "{found:?}");
}

#[test]
fn injected_and_subclassed_types_are_made() {
    let service = app("@SpringBootApplication", "") + " class Holder { final Third third = null; }";
    let found = reached(&service, &[UTIL, THIRD]);
    assert!(found.contains(&"Third.o".to_owned()), "{found:?}");
    let service = app("@SpringBootApplication", "")
        + " class Sub extends Third { void later() { new Thread(() -> Util.used()); } }";
    let found = reached(&service, &[UTIL, THIRD]);
    assert!(found.contains(&"Third.o".to_owned()) && found.contains(&"Util.used".to_owned()), "{found:?}");
    let found = reached(&app("@SpringBootApplication", "load(\"a.lib.Third\");"), &[UTIL, THIRD]);
    assert!(found.contains(&"Third.o".to_owned()), "{found:?}");
}
