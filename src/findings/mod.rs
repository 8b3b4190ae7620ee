//! Findings: rules met at places.

pub mod baseline;
mod beside;
pub mod build;
pub mod changed;
mod comments;
pub mod fingerprint;
pub mod line_hash;
pub mod locate;
pub mod model;
pub mod suppress;

pub use model::{Finding, Place, Related};

#[cfg(test)]
mod testing;
