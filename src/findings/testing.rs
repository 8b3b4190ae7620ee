//! A finding to start from in tests.

use super::{Finding, Place};
use crate::rules::model::{Confidence, Severity};
use crate::source::FileIx;
use crate::text::Span;

pub(crate) fn finding() -> Finding {
    Finding {
        rule: 0,
        unit: None,
        file: FileIx(0),
        span: Span::default(),
        place: Place::default(),
        severity: Severity::Major,
        confidence: Confidence::High,
        message: String::new(),
        symbol: String::new(),
        context: String::new(),
        carriers: Vec::new(),
        declared: false,
        reach: Vec::new(),
        dead: false,
        also: Vec::new(),
        related: Vec::new(),
        snippet: String::new(),
        snippet_column: 0,
        line_hash: String::new(),
        fingerprint: String::new(),
        suppressed: None,
    }
}
