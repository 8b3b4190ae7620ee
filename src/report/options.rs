//! What a reader may ask of a report's form.

/// How to write a report; each format heeds what concerns it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Colour, for terminals.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Say all there is: reasons and remedies in full, every further place, everything skipped.
    pub verbose: bool,
    /// Show at most so many findings in the terminal, the weightiest; `None` for all.
    pub max_findings: Option<usize>,
    /// Address of the scanned root (`file:///…`), for links in terminals that know them; empty for none.
    pub links: String,
    /// Way from the repository's root to the scanned one (`services/shop`), put before the paths in
    /// SARIF, which counts from the repository's root. Empty when they are the same.
    pub prefix: String,
    /// Tells several SARIF reports on one commit apart; may be empty.
    pub category: String,
    /// Name suppressed findings in SARIF too, as suppressed.
    pub suppressed: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            verbose: false,
            max_findings: Some(20),
            links: String::new(),
            prefix: String::new(),
            category: String::new(),
            suppressed: true,
        }
    }
}
