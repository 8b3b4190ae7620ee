//! Settings files that code, deployments and other settings name: `spring.config.name`, `spring.config.location`,
//! `spring.config.import`, `@PropertySource`.

use rustc_hash::FxHashMap;

use super::input::Input;
use super::paths;
use crate::facts::CodeFacts;
use crate::facts::code::{ExprKind, Literal};
use crate::source::Role;

/// A settings file, or several, by what names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// `classpath:db/orders.properties`: the path below the resources.
    Path(String),
    /// `spring.config.name`: the word in place of `application`.
    Name(String),
    /// `file:/etc/orders/limits.yml`: where it lies when it runs, so only its end says something.
    File(String),
    /// `file:./conf/`: a folder of `application` files.
    Folder(String),
    /// A data id on a configuration server, `*` for what only the running service knows: a tree often keeps a copy.
    Remote(String),
}

impl Source {
    /// Is this file of the unit's resources meant?
    pub(super) fn names(&self, path: &str) -> bool {
        let Some((_, below)) = path.split_once("resources/") else { return false };
        match self {
            Self::Path(wanted) if wanted.ends_with('/') => {
                paths::parent(below) == wanted.trim_end_matches('/') && is_application(below)
            }
            Self::Path(wanted) => below == wanted || paths::parent(below).is_empty() && is_profile_of(below, wanted),
            Self::Name(word) => {
                let rest = paths::stem(below).strip_prefix(word.as_str());
                !below.contains('/') && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            Self::File(_) | Self::Folder(_) | Self::Remote(_) => false,
        }
    }

    /// Is this file, outside all resources, meant by a unit in `dir`? Nearby, or with two steps of the path alike.
    pub(super) fn fits_outside(&self, path: &str, dir: &str) -> bool {
        let near = paths::within(path, dir);
        match self {
            Self::File(wanted) => {
                let tail = |text: &str| -> String {
                    let mut parts: Vec<&str> = text.rsplit('/').take(2).collect();
                    parts.reverse();
                    parts.join("/")
                };
                let alike = path == wanted || wanted.contains('/') && tail(path) == tail(wanted);
                alike || near && !dir.is_empty() && paths::base(path) == paths::base(wanted)
            }
            Self::Folder(folder) => {
                near && is_application(path) && paths::base(paths::parent(path)) == paths::base(folder)
            }
            Self::Remote(id) => is_kept_for_server(path) && is_like(paths::base(path), id),
            Self::Path(_) | Self::Name(_) => false,
        }
    }
}

/// `nacos/clientConfig/common.yml`, `config/DEFAULT_GROUP/redis.yml`: a folder that is copied to a server of settings.
fn is_kept_for_server(path: &str) -> bool {
    let mut dirs = paths::parent(path).split('/').map(str::to_ascii_lowercase);
    dirs.any(|d| d.contains("nacos") || d.contains("conf") || d == "default_group")
}

/// Is the name like the pattern, with `*` for any characters?
fn is_like(name: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or("");
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

/// `${…}` and `@…@` of a data id as `*`; nothing where all of the name is unknown.
fn data_id(text: &str) -> Option<Source> {
    let mut left = text.split(['?', '&']).next().unwrap_or(text);
    let mut id = String::new();
    while let Some(start) = left.find("${").into_iter().chain(left.find('@')).min() {
        let (skip, close) = if left[start..].starts_with("${") { (2, '}') } else { (1, '@') };
        let end = left[start + skip..].find(close)?;
        id.push_str(&left[..start]);
        id.push('*');
        left = &left[start + skip + end + 1..];
    }
    id.push_str(left);
    let known = id.split('*').next().is_some_and(|head| head.len() > 2);
    (known && !id.contains('/')).then_some(Source::Remote(id))
}

fn is_application(path: &str) -> bool {
    paths::stem(path).strip_prefix("application").is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// `orders-prod.yml` beside `orders.yml`.
fn is_profile_of(path: &str, wanted: &str) -> bool {
    paths::stem(path).strip_prefix(paths::stem(wanted)).is_some_and(|rest| rest.starts_with('-'))
}

/// What a setting or variable of this key names.
pub(super) fn by_key(key: &str, value: &str) -> Vec<Source> {
    let words = || value.split([',', ';']).map(|w| w.trim().trim_start_matches("optional:")).filter(|w| !w.is_empty());
    // Relaxed: `SPRING_CONFIG_ADDITIONALLOCATION`, `spring.config.additional-location`.
    let mut key = key.replace(['.', '-', '_'], "").to_ascii_lowercase();
    // `[0]`
    key.retain(|c| !matches!(c, '[' | ']' | '0'..='9'));
    match key.as_str() {
        "springcloudnacosconfigsharedconfigs"
        | "springcloudnacosconfigsharedconfigsdataid"
        | "springcloudnacosconfigextensionconfigs"
        | "springcloudnacosconfigextensionconfigsdataid"
        | "springcloudnacosconfigextconfigdataid"
        | "springcloudnacosconfigshareddataids" => words().filter_map(data_id).collect(),
        "springconfigname" => words().filter(|w| is_word(w)).map(|w| Source::Name(w.to_owned())).collect(),
        "springconfiglocation" | "springconfigadditionallocation" | "springconfigimport" => {
            words().filter_map(location).collect()
        }
        _ => Vec::new(),
    }
}

fn location(text: &str) -> Option<Source> {
    if let Some(id) = text.strip_prefix("nacos:") {
        return data_id(id);
    }
    if let Some(path) = text.strip_prefix("classpath:").or_else(|| text.strip_prefix("classpath*:")) {
        let path = path.trim_start_matches('/');
        return (!path.is_empty()).then(|| Source::Path(path.to_owned()));
    }
    let path = text.strip_prefix("file:").unwrap_or(text);
    // `configserver:http://…`, `vault://`, `configtree:/run/`: no file of settings.
    if path.contains("${") || path.contains(':') {
        return None;
    }
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let folder = path.trim_end_matches(['/', '*']);
    match path {
        "" => None,
        _ if path.ends_with(['/', '*']) => (!folder.is_empty()).then(|| Source::Folder(folder.to_owned())),
        _ => Some(Source::File(path.to_owned())),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The settings files that the code of each unit names.
pub(super) fn by_code(input: &Input<'_>, unit_of: &[Option<usize>]) -> FxHashMap<usize, Vec<Source>> {
    let mut out: FxHashMap<usize, Vec<Source>> = FxHashMap::default();
    for (ix, file, _) in input.files() {
        let (Some(code), Some(unit)) = (input.code(ix), unit_of.get(ix.0 as usize).copied().flatten()) else {
            continue;
        };
        if !file.path.ends_with(".java") || matches!(file.role, Role::Test | Role::Vendored) {
            continue;
        }
        let named = code.annotations.iter().filter(|a| a.name.last_segment() == "PropertySource");
        for (_, value) in named.flat_map(|a| &a.args) {
            if let ExprKind::Literal(Literal::Text(text)) = &code[*value].kind
                && let Some(path) = text.strip_prefix("classpath:")
            {
                out.entry(unit).or_default().push(Source::Path(path.trim_start_matches('/').to_owned()));
            }
        }
        // Only who starts Spring says what its files are called.
        if code.imports.iter().any(|i| i.path.starts_with("org.springframework.boot")) {
            let found = by_texts(code);
            if !found.is_empty() {
                out.entry(unit).or_default().extend(found);
            }
        }
    }
    out
}

/// `"spring.config.name=orders"`, `Map.of("spring.config.name", "orders")`, `KEY + "=" + "orders"`.
fn by_texts(code: &CodeFacts) -> Vec<Source> {
    let mut texts: Vec<(usize, &str)> = Vec::new();
    for expr in &code.exprs {
        if let ExprKind::Literal(Literal::Text(text)) = &expr.kind {
            texts.push((expr.span.start as usize, text));
        }
    }
    texts.sort_unstable();
    let mut out = Vec::new();
    for (at, (start, text)) in texts.iter().enumerate() {
        let text = text.strip_prefix("--").unwrap_or(text);
        let key_length = text.find(['=', ':']).unwrap_or(text.len());
        let (key, rest) = text.split_at(key_length);
        if !key.starts_with("spring.config.") {
            continue;
        }
        let value = match rest.trim_start_matches(['=', ':']) {
            "" => {
                // The next words, a few lines on at most; what merely asks for the key is followed by something else.
                let near = texts[at + 1..].iter().take_while(|(next, _)| next - start < MAX_DISTANCE);
                near.map(|(_, text)| *text).find(|text| *text != "=").unwrap_or("")
            }
            value => value,
        };
        out.extend(by_key(key, value));
    }
    out
}

/// Bytes between a key and its value.
const MAX_DISTANCE: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_files() {
        let path = |text: &str| Source::Path(text.to_owned());
        assert_eq!(
            by_key("spring.config.name", "orders, shared"),
            [Source::Name("orders".into()), Source::Name("shared".into())]
        );
        assert_eq!(
            by_key("spring.config.location", "classpath:/a.yml,optional:file:./conf/;file:/etc/x/b.yml"),
            [path("a.yml"), Source::Folder("conf".into()), Source::File("etc/x/b.yml".into())]
        );
        assert!(by_key("spring.config.import", "optional:configserver:http://config:8888").is_empty());
        assert!(by_key("spring.config.import", "file:${HOME}/x.yml").is_empty());
        assert!(by_key("spring.config.name", "a b").is_empty() && by_key("other", "a").is_empty());
    }

    #[test]
    fn data_ids_name_copies_in_the_tree() {
        let remote = |text: &str| Source::Remote(text.to_owned());
        assert_eq!(by_key("spring.cloud.nacos.config.sharedconfigs[0].dataid", "common.yml"), [remote("common.yml")]);
        assert_eq!(
            by_key("spring.config.import[1]", "optional:nacos:shop-${spring.profiles.active}.yml?group=A"),
            [remote("shop-*.yml")]
        );
        assert_eq!(by_key("spring.config.import", "nacos:shop-@stage@.yaml"), [remote("shop-*.yaml")]);
        assert!(by_key("spring.config.import", "nacos:${spring.application.name}.yml").is_empty());
        assert!(remote("common.yml").fits_outside("deploy/nacos/common.yml", "svc"));
        assert!(remote("shop-*.yml").fits_outside("config/shop-dev.yml", "svc"));
        assert!(!remote("common.yml").fits_outside("docs/common.yml", "svc"));
        assert!(!remote("shop-*.yml").fits_outside("config/stock-dev.yml", "svc"));
    }

    #[test]
    fn places_are_compared_by_their_ends() {
        let file = Source::File("etc/orders/limits.yml".into());
        assert!(file.fits_outside("deploy/orders/limits.yml", "svc") && file.fits_outside("svc/x/limits.yml", "svc"));
        assert!(!file.fits_outside("deploy/stock/limits.yml", "svc"));
        assert!(Source::Folder("conf".into()).fits_outside("svc/conf/application-x.yml", "svc"));
        assert!(!Source::Folder("conf".into()).fits_outside("svc/conf/logback.yml", "svc"));
    }
}
