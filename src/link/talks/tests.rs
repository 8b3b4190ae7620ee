//! Small fleets read from disk as a scan reads them.

use std::fs;

use super::*;
use crate::link::catalog::tests::catalog;
use crate::parse::parse;
use crate::source::{self, WalkOptions};
use crate::units::{self, UnitsConfig};

const MAIN: &str = "package a; import org.springframework.boot.SpringApplication;
@org.springframework.boot.autoconfigure.SpringBootApplication
public class App { public static void main(String[] a) { SpringApplication.run(App.class, a); } }";

fn pom(name: &str, more: &str) -> String {
    format!("<project><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{more}</project>")
}

/// `from how what to`, for each tie.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let mut all: Vec<(String, String)> = Vec::new();
    for name in ["order", "stock-service", "mail"] {
        all.push((format!("{name}/pom.xml"), pom(name, "")));
        all.push((format!("{name}/src/main/java/a/App.java"), MAIN.to_owned()));
    }
    all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    for (path, text) in all {
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
    let catalog = catalog();
    let linked = Linked::new(&workspace, &facts, &units, &catalog, &[]);
    let data = serde_saphyr::from_str(include_str!("../../../rules/catalog/talks.yaml")).unwrap();
    let name = |ix: UnitIx| units[ix].name.clone();
    let talks = talks(&linked, &facts, &data);
    talks.iter().map(|t| format!("{} {} {} {}", name(t.from), t.how.as_str(), t.what, name(t.to))).collect()
}

const FEIGN: &str = "package a; import org.springframework.cloud.openfeign.FeignClient;
@FeignClient(name = \"${stock.name:STOCK-SERVICE}\", path = \"/mail\") interface Stock {}";

#[test]
fn clients_name_services() {
    assert_eq!(told(&[("order/src/main/java/a/Stock.java", FEIGN)]), ["order http stock-service stock-service"]);
    let by_url = "package a; class C { static final String MAIL = \"http://mail:8080\";
        void f(org.springframework.web.client.RestTemplate t, int id) {
            t.getForObject(\"https://stock-service/items/\" + id, String.class);
            t.getForObject(\"https://mail.example.com/\", String.class);
            t.getForObject(\"http://stock-service.shop.svc.cluster.local/x\", String.class);
        } }";
    let expected = ["order http mail mail", "order http stock-service stock-service"];
    assert_eq!(told(&[("order/src/main/java/a/C.java", by_url)]), expected);
    let by_name = "package a; class C { String host = url(\"stock-service\"); String subject = \"mail\"; \
                   static String url(String s) { return s; } }";
    assert_eq!(told(&[("order/src/main/java/a/C.java", by_name)]), ["order http stock-service stock-service"]);
    assert!(told(&[("stock-service/src/main/java/a/C.java", by_name)]).is_empty(), "nobody calls itself");
    assert!(told(&[("order/src/test/java/a/C.java", by_url)]).is_empty(), "tests call nobody");
}

#[test]
fn settings_name_services() {
    let yaml = "stock:\n  url: http://stock-service:8080/api\nmail:\n  host: mail\ngreeting: mail\n\
                eureka.client.service-url.default-zone: http://stock-service/eureka\n";
    let expected = ["order http mail mail", "order http stock-service stock-service"];
    assert_eq!(told(&[("order/src/main/resources/application.yml", yaml)]), expected);
    let yaml = "greeting: mail\neureka.client.service-url.default-zone: http://stock-service/eureka\n";
    assert!(told(&[("order/src/main/resources/application.yml", yaml)]).is_empty());
    let compose = "services:\n  order:\n    build: ./order\n    environment:\n      MAIL_ADDR: \"mail:9000\"\n  mail:\n    build: ./mail\n";
    assert_eq!(told(&[("docker-compose.yml", compose)]), ["order http mail mail"]);
}

#[test]
fn topics_join_who_writes_with_who_reads() {
    let sender = "package a; import org.springframework.kafka.core.KafkaTemplate; class S {
        @org.springframework.beans.factory.annotation.Value(\"${topic.placed}\") String topic;
        KafkaTemplate<String, String> kafka;
        void f(String other) { kafka.send(topic, \"x\"); kafka.send(\"unread\", \"x\"); kafka.send(other, \"x\"); } }";
    let reader = "package a; import org.springframework.kafka.annotation.KafkaListener; class R {
        static final String PLACED = \"orders\" + \".placed\";
        @KafkaListener(topics = {PLACED, \"unwritten\"}, groupId = \"unread\") void on(String s) {} }";
    let files = [
        ("order/src/main/java/a/S.java", sender),
        ("order/src/main/resources/application.properties", "topic.placed=orders.placed"),
        ("mail/src/main/java/a/R.java", reader),
        ("stock-service/src/main/java/a/R.java", reader),
    ];
    let expected = ["order queue orders.placed mail", "order queue orders.placed stock-service"];
    assert_eq!(told(&files), expected);
    let out = ("order/src/main/resources/application.yml", "spring.cloud.stream.bindings.place-out-0.destination: o");
    let inward = ("mail/src/main/resources/application.yml", "spring.cloud.stream.bindings.mail-in-0.destination: o");
    assert_eq!(told(&[out, inward]), ["order queue o mail"]);
}

#[test]
fn a_client_in_a_library_is_that_of_its_users() {
    let library = "<dependencies><dependency><groupId>g</groupId><artifactId>clients</artifactId><version>1</version>\
                   </dependency></dependencies>";
    let uses = "package a; class U { U(c.Stock stock) { stock.get(); } }";
    let client = "package c; import org.springframework.cloud.openfeign.FeignClient;
        @FeignClient(\"stock-service\") public interface Stock { String get(); }";
    let files = [
        ("clients/pom.xml", &*pom("clients", "")),
        ("clients/src/main/java/c/Stock.java", client),
        ("mail/pom.xml", &*pom("mail", library)),
        ("mail/src/main/java/a/U.java", uses),
    ];
    assert_eq!(told(&files), ["mail http stock-service stock-service"]);
}

#[test]
fn rust_names_services_too() {
    let files = [
        ("pay/Cargo.toml", "[package]\nname = \"pay\"\nversion = \"0.1.0\"\n[dependencies]\naxum = \"0.8\"\n"),
        (
            "pay/src/main.rs",
            "use rdkafka::producer::FutureRecord;
#[tokio::main] async fn main() { let l = tokio::net::TcpListener::bind(\"0.0.0.0:80\").await; axum::serve(l, app()).await; }
async fn call() { reqwest::get(format!(\"http://stock-service:8080/{}\", 1)).await; let r = FutureRecord::to(\"paid\"); }
async fn more() { reqwest::get(\"http://mail/x\").await; }",
        ),
        (
            "mail/src/main/java/a/R.java",
            "package a; class R { @org.springframework.kafka.annotation.KafkaListener(topics = \"paid\") void on() {} }",
        ),
    ];
    let told = told(&files);
    assert!(told.contains(&"pay http mail mail".to_owned()), "{told:?}");
    assert!(told.contains(&"pay queue paid mail".to_owned()), "{told:?}");
    assert!(told.contains(&"pay http stock-service stock-service".to_owned()), "{told:?}");
}

#[test]
fn hosts_of_urls() {
    let all = |text| hosts(text).collect::<Vec<_>>();
    assert_eq!(all("a http://b:1/c,lb://d-e https://f.g"), ["b", "d-e", "f.g"]);
    assert_eq!(all("dns:///h:9090 jdbc:mysql://db/x http:// ://x file://y"), ["h"]);
}
