//! Numbers with units, as headers and cells write them.

use super::time::shown;

/// What a number measures; each has the unit that it is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Requests a second.
    Rate,
    /// Milliseconds.
    Duration,
    /// MB of 1/1,024 GB.
    Memory,
    /// A share from 0 to 1.
    Share,
    /// vCPU.
    Cpu,
    /// USD a month.
    Money,
    /// A count.
    Count,
}

/// Seconds of a month of 730 hours, for rates that are told by the month.
const MONTH_S: f64 = 730.0 * 3600.0;

/// The factor from a unit, in lower case without blanks, to the one that is kept; none for a unit that is not known.
pub(super) fn factor(measure: Measure, unit: &str) -> Option<f64> {
    const KI: f64 = 1024.0;
    Some(match measure {
        Measure::Rate => match unit {
            "rps" | "/s" | "req/s" | "reqs/s" | "requests/s" | "persecond" | "qps" | "s" | "sec" | "second" | "hz" => 1.0,
            "rpm" | "/min" | "/m" | "req/min" | "requests/min" | "perminute" | "min" | "minute" => 1.0 / 60.0,
            "rph" | "/h" | "/hour" | "req/h" | "requests/h" | "requests/hour" | "perhour" | "hourly" | "h" | "hour" | "" => {
                1.0 / 3600.0
            }
            "/d" | "/day" | "requests/day" | "perday" | "daily" | "day" | "d" => 1.0 / 86_400.0,
            "/mo" | "/month" | "requests/month" | "permonth" | "monthly" | "month" => 1.0 / MONTH_S,
            _ => return None,
        },
        Measure::Duration => match unit {
            "ms" | "msec" | "millis" | "milliseconds" | "" => 1.0,
            "us" | "µs" | "μs" | "micros" | "microseconds" => 1e-3,
            "s" | "sec" | "secs" | "second" | "seconds" => 1e3,
            "min" | "minutes" => 6e4,
            _ => return None,
        },
        Measure::Memory => match unit {
            "mb" | "mib" | "mi" | "m" | "" => 1.0,
            "gb" | "gib" | "gi" | "g" => KI,
            "kb" | "kib" | "ki" | "k" => 1.0 / KI,
            "b" | "byte" | "bytes" => 1.0 / (KI * KI),
            _ => return None,
        },
        Measure::Share => match unit {
            "%" | "percent" | "pct" => 0.01,
            "" | "share" | "ratio" => 1.0,
            _ => return None,
        },
        Measure::Cpu => match unit {
            "" | "vcpu" | "cpu" | "core" | "cores" => 1.0,
            "m" | "millicores" | "mcpu" => 1e-3,
            _ => return None,
        },
        Measure::Money => match unit {
            "" | "$" | "usd" | "usd/month" | "$/month" | "month" | "permonth" | "usdpermonth" => 1.0,
            _ => return None,
        },
        Measure::Count => match unit {
            "" | "pods" | "connections" => 1.0,
            _ => return None,
        },
    })
}

/// A number from 0, in the unit that is kept: `column` is the factor of its header, a unit in the cell wins over it.
pub(super) fn value(cell: &[u8], measure: Measure, column: f64, comma: bool) -> Result<f64, String> {
    let cell = cell.trim_ascii();
    if let Some(number) = plain(cell) {
        return Ok(number * column);
    }
    let text = String::from_utf8_lossy(cell);
    let text = if comma { text.replace(',', ".") } else { text.into_owned() };
    let bad = || format!("'{}' is no number", shown(cell));
    let (number, factor) = match text.parse::<f64>() {
        Ok(number) => (number, column),
        Err(_) => {
            let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).ok_or_else(bad)?;
            let (number, unit) = text.split_at(end);
            let number: f64 = number.parse().map_err(|_| bad())?;
            let unit: String = unit.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            (number, factor(measure, &unit).ok_or_else(|| format!("unit '{}' is not known", shown(unit.as_bytes())))?)
        }
    };
    match number * factor {
        n if n.is_nan() || n.is_infinite() => Err(bad()),
        n if n < 0.0 => Err(format!("{} is negative", shown(cell))),
        n if measure == Measure::Share && n > 1.0 => Err(format!("{} is more than all", shown(cell))),
        // -0 is no negative number, yet would be written as one.
        n => Ok(n + 0.0),
    }
}

/// Digits with at most one point: nearly all cells.
fn plain(cell: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    if cell.is_empty() || cell.len() > 15 {
        return None;
    }
    let (mut number, mut point, mut any) = (0u64, None, false);
    for (ix, byte) in cell.iter().enumerate() {
        match byte {
            b'0'..=b'9' => (number, any) = (number * 10 + u64::from(byte - b'0'), true),
            b'.' if point.is_none() => point = Some(ix),
            _ => return None,
        }
    }
    // Both numbers are exact, so the quotient is the nearest to what is written.
    let places = point.map_or(0, |at| cell.len() - at - 1);
    any.then(|| number as f64 / POWERS[places])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, measure: Measure) -> Result<f64, String> {
        value(text.as_bytes(), measure, factor(measure, "").unwrap(), false)
    }

    #[test]
    fn numbers_with_and_without_units() {
        use Measure::{Count, Cpu, Duration, Memory, Rate, Share};
        assert_eq!(read("1.5s", Duration), Ok(1500.0));
        assert_eq!(read("120", Duration), Ok(120.0));
        assert_eq!(read("250 us", Duration), Ok(0.25));
        assert_eq!(read("2Gi", Memory), Ok(2048.0));
        assert_eq!(read("5 %", Share), Ok(0.05));
        assert_eq!(read("500m", Cpu), Ok(0.5));
        assert_eq!(read("7200", Rate), Ok(2.0));
        assert_eq!(read("1e3", Count), Ok(1000.0));
        assert_eq!(value(b"0,5", Share, 1.0, true), Ok(0.5));
        for text in ["0.1", "123.456", "0.000001", "99999999999999", "7."] {
            assert_eq!(plain(text.as_bytes()), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        let error = |text: &str| read(text, Measure::Duration).unwrap_err();
        assert_eq!(error("-3"), "-3 is negative");
        assert_eq!(error("NaN"), "'NaN' is no number");
        assert_eq!(error("inf"), "'inf' is no number");
        assert_eq!(error("1e999"), "'1e999' is no number");
        assert_eq!(error("3 fortnights"), "unit 'fortnights' is not known");
        assert_eq!(error("."), "'.' is no number");
        assert_eq!(read("120 %", Measure::Share).unwrap_err(), "120 % is more than all");
    }
}
