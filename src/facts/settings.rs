//! Facts of application settings.

use serde::{Deserialize, Serialize};

use crate::text::{Name, Span};

/// Which program reads the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingsKind {
    /// `application*.yml`, `bootstrap*.properties`, `microservice.yaml` and settings kept centrally.
    #[default]
    Application,
    /// Logback, log4j2, log4j: keys are `appender.<name>.class`, `appender.<name>.file`, `appender.<name>.referenced`.
    Logging,
    /// `web.xml`, `persistence.xml`, `ehcache.xml`, mapper XML and the like: element paths.
    Xml,
    /// `config.toml`, `fly.toml`: what a program of one's own reads.
    Toml,
}

/// A settings file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SettingsFacts {
    pub kind: SettingsKind,
    /// From the file name: `application-prod.yml` gives `prod`; empty for the default.
    pub profile: Name,
    pub settings: Vec<Setting>,
}

/// One setting, flattened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Setting {
    /// Canonical dotted key: lower case, `-` and `_` dropped within segments, `[0]` for list items (relaxed binding).
    pub key: Name,
    /// The key as written, flattened with dots.
    pub written: Name,
    /// Unquoted text; placeholders kept.
    pub value: String,
    /// Profile of its document within a multi-document file; empty when it holds for all.
    pub profile: Name,
    /// The line that sets it.
    pub span: Span,
}

/// The canonical form of a settings key for relaxed binding: `Max-File_Size` and `maxFileSize` are one.
pub fn canonical_key(written: &str) -> String {
    written.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}
