//! Reports: one model, many formats, each a function of it.

pub mod actuals;
pub mod assemble;
pub mod backlog;
pub mod csv;
pub mod focus;
pub mod format;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod markdown_cost;
pub mod merge;
pub mod model;
mod money;
pub mod ndjson;
mod options;
pub mod parts;
mod path;
pub mod priced;
mod priority;
mod safe;
pub mod sarif;
pub mod term;
pub mod whatif;

pub use format::{Format, render};
pub use options::Options;
pub use safe::{percent, safe};

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
