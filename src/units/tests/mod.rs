//! Mimics of shapes of real repositories.

mod builder;
mod deployment;
mod exact;
mod gradle;
mod kinds;
mod maven;
mod rendered;
mod rust;
mod settings;
mod shapes;
mod traps;
