//! Findings: rules met at places.

pub mod build;
pub mod fingerprint;
pub mod line_hash;
pub mod locate;
pub mod model;

pub use model::{Finding, Place, Related};

#[cfg(test)]
mod testing;
