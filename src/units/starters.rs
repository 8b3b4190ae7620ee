//! What well-known starters bring in: `rules/catalog/starters.yaml`, and the images of `images.yaml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
struct Starters {
    brings: BTreeMap<String, Vec<String>>,
    terminals: Vec<String>,
    migrations: Vec<String>,
    desktops: Vec<String>,
    testing: Vec<String>,
    testing_features: Vec<String>,
    bindings: Vec<String>,
}

/// Names of images that are infrastructure.
#[derive(Debug, Default, Deserialize)]
struct Images {
    stores: Vec<String>,
    proxies: Vec<String>,
    tools: Vec<String>,
    bare: Vec<String>,
}

static STARTERS: LazyLock<Starters> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/catalog/starters.json"))).unwrap_or_default()
});

static IMAGES: LazyLock<Images> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/catalog/images.json"))).unwrap_or_default()
});

/// What a library brings in by itself, `group:artifact`.
pub(super) fn brought_by(coordinate: &str) -> &'static [String] {
    STARTERS.brings.get(coordinate).map_or(&[], Vec::as_slice)
}

/// Is this a library for programs that people use at a terminal?
pub(super) fn is_of_terminals(coordinate: &str) -> bool {
    STARTERS.terminals.iter().any(|known| known == coordinate)
}

/// Is this a library that migrates databases?
pub(super) fn migrates(coordinate: &str) -> bool {
    STARTERS.migrations.iter().any(|known| known == coordinate)
}

/// Is this a library for programs with windows of their own?
pub(super) fn is_of_desktops(coordinate: &str) -> bool {
    STARTERS.desktops.iter().any(|known| known == coordinate)
}

/// Is this a library that only tests need?
pub(super) fn is_for_tests(coordinate: &str) -> bool {
    STARTERS.testing.iter().any(|known| known == coordinate)
}

/// Is it the name of a feature of a crate that only tests turn on?
pub(super) fn is_feature_for_tests(feature: &str) -> bool {
    STARTERS.testing_features.iter().any(|known| known == feature)
}

/// Is it a crate by which programs in other languages use a crate?
pub(super) fn is_of_bindings(coordinate: &str) -> bool {
    STARTERS.bindings.iter().any(|known| known == coordinate)
}

/// What kind of infrastructure an image is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InfraImage {
    Store,
    /// A web server or proxy: it may also hand out a front end.
    Proxy,
    Tool,
}

/// Is this image a store, a proxy or a tool? Registry, tag and digest do not matter.
pub(super) fn infra_image(image: &str) -> Option<InfraImage> {
    let name = image_name(image).to_ascii_lowercase();
    let named = |list: &[String]| {
        list.iter()
            .any(|known| name.strip_prefix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
    };
    // `mysql-eureka-client` would be odd, `redis-service` is somebody's service.
    if ["-service", "-api", "-app", "-server-app", "-client"].iter().any(|end| name.ends_with(end)) {
        return None;
    }
    if named(&IMAGES.stores) {
        Some(InfraImage::Store)
    } else if named(&IMAGES.proxies) {
        Some(InfraImage::Proxy)
    } else if named(&IMAGES.tools) {
        Some(InfraImage::Tool)
    } else {
        None
    }
}

/// Is this an operating system or a tool chain, which runs nothing by itself?
pub(super) fn is_bare_image(image: &str) -> bool {
    IMAGES.bare.iter().any(|bare| bare == image_name(image))
}

/// The last segment of an image's path without tag and digest; templates give nothing.
pub(super) fn image_name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    let name = last.split(':').next().unwrap_or(last);
    if name.contains(['{', '}', '$']) { "" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        assert!(brought_by("org.springframework.boot:spring-boot-starter-data-jpa").len() >= 3);
        assert!(brought_by("com.alipay.sofa:jraft-core").iter().any(|c| c == "org.rocksdb:rocksdbjni"));
        for (starter, brings) in &STARTERS.brings {
            assert!(starter.contains(':') && brings.iter().all(|b| b.contains(':') && b != starter), "{starter}");
        }
    }

    #[test]
    fn images_are_told_by_name() {
        assert_eq!(infra_image("docker.io/library/postgres:16-alpine"), Some(InfraImage::Store));
        assert_eq!(infra_image("confluentinc/cp-kafka"), Some(InfraImage::Store));
        assert_eq!(infra_image("registry:5000/nginx@sha256:00"), Some(InfraImage::Proxy));
        assert_eq!(infra_image("grafana/grafana:10"), Some(InfraImage::Tool));
        assert_eq!(infra_image("mall/mall-auth:1.0"), None);
        assert_eq!(infra_image("acme/redis-service"), None);
        assert_eq!(image_name("{{ .Values.image }}"), "");
    }
}
