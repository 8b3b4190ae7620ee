//! Reports: one model, many formats, each a function of it.

pub mod assemble;
pub mod format;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod model;
mod options;
mod path;
mod priority;
mod safe;
pub mod sarif;
pub mod term;

pub use format::{Format, render};
pub use options::Options;
pub use safe::safe;

#[cfg(test)]
pub(crate) mod sample;
