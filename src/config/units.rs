//! What the user says about units.

use serde::{Deserialize, Serialize};

/// What the user says about units, over what the tree tells (`faasible.toml`, section `units`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct UnitsConfig {
    /// Directories that are units although nothing shows it, or whose kind is another one.
    pub add: Vec<AddUnit>,
    /// Directories that are no units: their files belong to the unit above.
    pub remove: Vec<String>,
    /// New names.
    pub rename: Vec<RenameUnit>,
    /// Directories whose files, containers and objects belong to another unit.
    pub join: Vec<JoinUnits>,
}

/// An entry of [`UnitsConfig::add`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AddUnit {
    pub dir: String,
    /// `service`, `job`, `library`, `frontend`, `tool` or `infra`; decided by the evidence when empty.
    pub kind: String,
    /// The manifest's or directory's name when empty.
    pub name: String,
}

/// An entry of [`UnitsConfig::rename`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RenameUnit {
    pub dir: String,
    pub name: String,
}

/// An entry of [`UnitsConfig::join`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct JoinUnits {
    /// The unit that stays.
    pub into: String,
    /// The directories that become part of it.
    pub dirs: Vec<String>,
}
