//! Findings: rules met at places.

pub mod build;
pub mod model;

pub use model::{Finding, Place, Related};
