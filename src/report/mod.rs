//! Reports: one model, many formats, each a function of it.

pub mod model;
