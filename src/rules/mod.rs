//! Rules: data that names hostile facts, and the machinery that meets them with the facts.

pub mod check;
mod check_parts;
pub mod fixture;
pub mod load;
pub mod model;
pub mod pattern;
pub mod pattern_set;
pub mod quantity;
pub mod visit;

pub use load::{RuleError, RuleSet};
pub use pattern::Pattern;
pub use pattern_set::PatternSet;
