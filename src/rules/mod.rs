//! Rules: data that names hostile facts, and the machinery that meets them with the facts.

pub mod check;
mod check_parts;
mod code;
pub mod compile;
mod embedded;
pub mod eval;
mod expand;
pub mod fixture;
mod guards;
mod hits;
mod index;
mod known;
mod libraries;
pub mod load;
pub mod model;
pub mod pattern;
mod plain;
mod profiles;
pub mod quantity;
mod repeated;
pub mod site;
mod tasks;
mod texts;
mod ties;
mod told;
pub mod visit;
mod words;
mod wrappers;

pub use embedded::Rules;
pub use load::{RuleError, RuleSet};
