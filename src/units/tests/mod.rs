//! Mimics of shapes of real repositories.

mod builder;
mod deployment;
mod exact;
mod gradle;
mod kinds;
mod maven;
mod rust;
mod settings;
mod traps;
