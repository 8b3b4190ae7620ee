//! Facts of continuous integration: what its steps run, and over which values.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// A step of a pipeline; a whole job where steps are no unit of their own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CiStep {
    /// All that it runs and uses, a line each: `docker build orders`, `with.context: orders`.
    pub text: String,
    /// The names over which its job is repeated, with their values: `matrix.service` to `orders`, `pay`.
    pub matrix: Vec<(String, Vec<String>)>,
    pub span: Span,
}
