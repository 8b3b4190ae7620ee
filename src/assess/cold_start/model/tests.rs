//! The published measurements that the model was held against: predicted and measured.

use super::super::coefficients::{Table, data};
use super::{Case, Estimate, estimate};

const BOOT: &str = "org.springframework.boot:spring-boot";
const JACKSON: &str = "com.fasterxml.jackson.core:jackson-databind";
const FUNCTION: &str = "org.springframework.cloud:spring-cloud-function-adapter-aws";
const SDK: &str = "software.amazon.awssdk:dynamodb";
const XRAY: &str = "com.amazonaws:aws-xray-recorder-sdk-core";
const EVENTS: &str = "com.amazonaws:aws-lambda-java-events";
const LOGBACK: &str = "ch.qos.logback:logback-classic";

fn of(case: &Case) -> Estimate {
    let data = data();
    let table = Table::new(&data);
    let e = estimate(&data, &table, case);
    assert_eq!(e.p50_ms, e.terms.iter().map(|t| t.ms).sum::<u32>(), "the median is the sum of its lines");
    e
}

fn with(java: u16, libraries: &[&str]) -> Case {
    Case {
        java: Some(java),
        libraries: libraries.iter().map(|l| (*l).to_owned()).collect(),
        memory_mb: Some(1024.0),
        c1: true,
        ..Case::default()
    }
}

#[track_caller]
fn near(predicted: u32, said: u32, measured: u32) {
    let ratio = |a: u32, b: u32| f64::from(a) / f64::from(b);
    assert!((ratio(predicted, said) - 1.0).abs() < 0.005, "{predicted}, and the table says {said}");
    let off = ratio(predicted, measured);
    assert!(off > 1.0 / 1.4 && off < 1.4, "{predicted}, and measured was {measured}");
}

#[test]
fn frameworks_sample() {
    let spring = [BOOT, JACKSON, FUNCTION, SDK, XRAY, EVENTS];
    near(of(&with(17, &spring)).p50_ms, 4519, 5312);
    near(of(&with(11, &spring)).p50_ms, 4584, 5518);
    near(of(&with(17, &["io.quarkus:quarkus-arc", JACKSON, SDK, XRAY])).p50_ms, 3144, 2525);
    near(of(&with(17, &["io.micronaut:micronaut-inject", JACKSON, EVENTS, SDK, XRAY])).p50_ms, 3944, 4609);
    near(of(&with(11, &["com.google.dagger:dagger", JACKSON, LOGBACK, SDK, XRAY, EVENTS])).p50_ms, 2934, 3213);
    let in_handler = Case { c1: false, lazy: true, ..with(11, &spring) };
    near(of(&in_handler).p50_ms, 11_517, 12_674);
}

#[test]
fn other_measurements() {
    let dynamo = with(11, &[SDK, EVENTS]);
    near(of(&dynamo).p90_ms, 2396, 2071);
    near(of(&Case { c1: false, ..dynamo }).p90_ms, 3752, 5212);
    let quarkus = Case { arm: true, ..with(25, &["io.quarkus:quarkus-arc", JACKSON, SDK]) };
    near(of(&quarkus).p50_ms, 2834, 3320);
    let container = "com.amazonaws.serverless:aws-serverless-java-container-springboot2";
    let petstore = with(11, &[BOOT, "org.springframework:spring-webmvc", container]);
    let petstore = Case { c1: false, web: true, memory_mb: Some(1769.0), ..petstore };
    near(of(&petstore).p99_ms, 7211, 6997);
    let logging = ["software.amazon.lambda:powertools-logging", JACKSON, "org.apache.logging.log4j:log4j-core"];
    near(of(&with(17, &logging)).p50_ms - of(&with(17, &[])).p50_ms, 620, 575);
}

#[test]
fn snapstart_and_native() {
    let spring = with(17, &[BOOT, JACKSON, FUNCTION, SDK, XRAY, EVENTS]);
    assert_eq!(of(&spring).snapstart, Some((904, 1356)));
    assert_eq!(of(&Case { primed: true, ..spring.clone() }).snapstart, Some((587, 881)));
    assert_eq!(of(&with(8, &[BOOT])).snapstart, None);
    let native = of(&Case { native: true, ..spring });
    assert!((480..=620).contains(&native.p50_ms) && native.snapstart.is_none(), "{native:?}");
    let image = Case { image: true, ..with(17, &[]) };
    assert_eq!(of(&image).p50_ms, 310);
}

#[test]
fn a_service_with_jpa_comes_near_the_limit_of_init() {
    let starters = ["web", "data-jpa", "actuator"].map(|s| format!("org.springframework.boot:spring-boot-starter-{s}"));
    let mut case = with(17, &[BOOT, "org.springframework:spring-webmvc", "com.zaxxer:HikariCP"]);
    case.libraries.extend(starters);
    case.libraries.push("org.apache.tomcat.embed:tomcat-embed-core".into());
    let plain = Case { web: true, ..case };
    let e = of(&plain);
    assert_eq!(e.p50_ms, 210 + 1525 + 880 + 740 + 305 + 1430 + 675 + 864, "{e:?}");
    let big = Case { beans: 150, types: 800, entities: 20, ..plain };
    let e = of(&big);
    assert!(e.warning.as_deref().is_some_and(|w| w.contains("limit of 10.0 s")), "{e:?}");
    let huge = of(&Case { java: Some(8), c1: false, ..big });
    assert!(huge.terms.iter().any(|t| t.what.starts_with("INIT stopped")), "{huge:?}");
}

#[test]
fn rust_starts_at_once() {
    let rust = Case {
        rust: true,
        libraries: ["cargo:axum", "cargo:aws-config", "cargo:aws-sdk-dynamodb", "cargo:serde"].map(Into::into).into(),
        web: true,
        ..Case::default()
    };
    let e = of(&rust);
    near(e.p50_ms, e.p50_ms, 90);
    assert_eq!((e.snapstart, e.warning), (None, None));
}

#[test]
fn libraries_outside_the_table_weigh_a_little() {
    let case = with(17, &["com.acme:a", "com.acme:b", "org.projectlombok:lombok"]);
    assert_eq!(of(&case).terms[1].what, "2 other libraries");
    assert_eq!(of(&case).p50_ms, 260);
}
