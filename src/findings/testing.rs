//! A finding to start from in tests.

use super::Finding;
use crate::rules::model::{Confidence, Severity};

pub(crate) fn finding() -> Finding {
    Finding { severity: Severity::Major, confidence: Confidence::High, ..Finding::default() }
}
