//! Rules: data that names hostile facts, and the machinery that meets them with the facts.

pub mod model;
