//! `faasible` reads a monorepo of microservices, without building it and without a network, and
//! answers for every service what it would take to run it as functions, where exactly the work is,
//! and whether it is worth it.
//!
//! The layers, low to high; a module uses only those below it (`tests/architecture.rs` keeps it so):
//! [`text`] < [`source`] [`facts`] [`config`] < [`parse`] < [`units`] < [`link`] < [`rules`] <
//! [`findings`] < [`assess`] < [`cost`] < [`report`] < [`cache`] < [`engine`] < [`cli`].

#[macro_use]
mod bits;

pub mod assess;
pub mod cache;
pub mod cli;
pub mod config;
pub mod cost;
pub mod engine;
pub mod facts;
pub mod findings;
pub mod link;
pub mod parse;
pub mod report;
pub mod rules;
pub mod source;
pub mod text;
pub mod units;
