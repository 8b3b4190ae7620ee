//! Which findings come first when not all can be shown.

use std::cmp::Reverse;

use super::model::Report;

impl Report {
    /// Indices of all findings, the weightiest first: by severity, then what is reached, then by
    /// confidence; equals keep the report's order.
    pub fn by_priority(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.findings.len()).collect();
        order.sort_by_key(|&ix| {
            let finding = &self.findings[ix];
            (Reverse(finding.severity), finding.dead, Reverse(finding.confidence))
        });
        order
    }
}
