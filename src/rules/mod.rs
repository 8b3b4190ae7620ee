//! Rules: data that names hostile facts, and the machinery that meets them with the facts.

mod code;
pub mod compile;
pub mod eval;
mod guards;
mod hits;
pub mod model;
mod plain;
pub mod quantity;
pub mod site;
