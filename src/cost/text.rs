//! Numbers for people, and lines of sums.

use super::model::CostTerm;

pub(super) fn term(what: &str, usd: f64, how: String) -> CostTerm {
    CostTerm { what: what.to_owned(), usd, how }
}

/// Up to three digits that mean something, grouped in thousands, without trailing zeros.
pub(super) fn amount(value: f64) -> String {
    if !value.is_finite() {
        return "∞".to_owned();
    }
    let size = value.abs();
    let digits = match size {
        0.0 => 0,
        s if s >= 100.0 => 0,
        s => (2 - s.log10().floor() as i32).clamp(0, 12) as usize,
    };
    let text = format!("{value:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("−", w));
    let mut grouped = String::new();
    for (ix, digit) in whole.chars().enumerate() {
        if ix > 0 && (whole.len() - ix).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn three_digits_are_enough() {
        assert_eq!([0.0, 0.5, 12.0, 49.64, 0.000333].map(amount), ["0", "0.5", "12", "49.6", "0.000333"]);
        assert_eq!([24_893.4, -1_234.0, 1.0, 99.96, f64::INFINITY].map(amount), ["24,893", "−1,234", "1", "100", "∞"]);
    }
}
