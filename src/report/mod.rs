//! Reports: one model, many formats, each a function of it.

pub mod format;
pub mod model;
mod options;
mod safe;

pub use format::{Format, render};
pub use options::Options;
pub use safe::safe;
