//! Units: what is deployed, what is shared, and what each of them brings along.

pub mod model;

pub use model::{Dependency, EffectiveSetting, Evidence, Runtime, Scope, Unit, UnitIx, UnitKind, Units};
