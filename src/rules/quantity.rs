//! Numbers as people write them in settings: sizes, durations, CPU shares. Only std, because
//! `build.rs` checks limits with this file.

use std::cmp::Ordering;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    /// No unit, or Kubernetes' thousandths (`200m`).
    Plain,
    /// Bytes.
    Size,
    /// Milliseconds.
    Duration,
}

/// How `value` compares with the `limit` of a rule; none when one of them is no number, or they
/// count different things.
///
/// The limit says what is counted: with `29s` a plain value is milliseconds and `5m` are minutes;
/// with `10MB` a plain value is bytes; with `6` a value of `200m` is a fifth.
pub fn compare(value: &str, limit: &str) -> Option<Ordering> {
    let (dimension, limit) = parse_limit(limit)?;
    read(value, dimension)?.partial_cmp(&limit)
}

/// Can this be the limit of a rule?
pub fn is_limit(text: &str) -> bool {
    parse_limit(text).is_some()
}

fn parse_limit(text: &str) -> Option<(Dimension, f64)> {
    [Dimension::Plain, Dimension::Duration, Dimension::Size].into_iter().find_map(|dimension| {
        // `5m` as a limit is five minutes; nobody asks for thousandths.
        let minutes = dimension == Dimension::Plain && text.trim().ends_with('m');
        if minutes { None } else { read(text, dimension).map(|number| (dimension, number)) }
    })
}

fn read(text: &str, dimension: Dimension) -> Option<f64> {
    let text = text.trim().trim_matches(['"', '\'']);
    if dimension == Dimension::Duration
        && let Some(iso) = iso_duration(text)
    {
        return Some(iso);
    }
    let mut rest = text;
    let mut sum = 0.0;
    let mut parts = 0;
    while !rest.is_empty() {
        let (number, tail) = split_number(rest, parts == 0)?;
        let end = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        sum += number * factor(&tail[..end], dimension)?;
        rest = tail[end..].trim_start();
        parts += 1;
        // Only durations are written in several parts: `1h30m`.
        if !rest.is_empty() && (dimension != Dimension::Duration || end == 0) {
            return None;
        }
    }
    (parts > 0 && sum.is_finite()).then_some(sum)
}

/// The number at the beginning, and the rest without the space between.
fn split_number(text: &str, sign: bool) -> Option<(f64, &str)> {
    let body = text.strip_prefix(['-', '+']).filter(|_| sign).unwrap_or(text);
    let digits = body.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(body.len());
    if digits == 0 {
        return None;
    }
    let end = text.len() - body.len() + digits;
    let number = text[..end].replace('_', "").parse().ok()?;
    Some((number, text[end..].trim_start()))
}

fn factor(unit: &str, dimension: Dimension) -> Option<f64> {
    const KI: f64 = 1024.0;
    if unit.is_empty() {
        return Some(1.0);
    }
    match dimension {
        Dimension::Plain => (unit == "m").then_some(0.001),
        Dimension::Duration => Some(match unit.to_ascii_lowercase().as_str() {
            "ns" | "nanos" | "nanoseconds" => 1e-6,
            "us" | "µs" | "micros" | "microseconds" => 1e-3,
            "ms" | "millis" | "milliseconds" | "millisecond" => 1.0,
            "s" | "sec" | "secs" | "second" | "seconds" => 1e3,
            "m" | "min" | "mins" | "minute" | "minutes" => 60e3,
            "h" | "hr" | "hour" | "hours" => 3_600e3,
            "d" | "day" | "days" => 86_400e3,
            _ => return None,
        }),
        Dimension::Size => Some(match unit {
            // Kubernetes counts `k`, `M`, `G` decimally; Spring's `KB`, `MB`, `GB` are binary.
            "k" | "K" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            _ => match unit.to_ascii_lowercase().as_str() {
                "b" | "bytes" => 1.0,
                "kb" | "ki" | "kib" => KI,
                "m" | "mb" | "mi" | "mib" => KI * KI,
                "g" | "gb" | "gi" | "gib" => KI * KI * KI,
                "tb" | "ti" | "tib" => KI * KI * KI * KI,
                _ => return None,
            },
        }),
    }
}

/// `PT30S`, `P1DT2H`; months and years are no durations.
fn iso_duration(text: &str) -> Option<f64> {
    let body = text.strip_prefix(['P', 'p'])?;
    let (days, time) = body.split_once(['T', 't']).unwrap_or((body, ""));
    let mut sum = 0.0;
    for (mut rest, units) in [(days, "d"), (time, "hms")] {
        while !rest.is_empty() {
            let (number, tail) = split_number(rest, true)?;
            let unit = tail.chars().next()?.to_ascii_lowercase();
            if !units.contains(unit) {
                return None;
            }
            sum += number * factor(unit.encode_utf8(&mut [0; 4]), Dimension::Duration)?;
            rest = &tail[1..];
        }
    }
    (!body.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use super::{compare, is_limit};

    #[test]
    fn the_limit_says_what_is_counted() {
        for (value, limit, expected) in [
            ("30000", "29s", Some(Greater)),
            ("28000", "29s", Some(Less)),
            ("30s", "29s", Some(Greater)),
            ("5m", "29s", Some(Greater)),
            ("PT30S", "30s", Some(Equal)),
            ("P1DT1H", "24h", Some(Greater)),
            ("1h30m", "90m", Some(Equal)),
            ("30 seconds", "29s", Some(Greater)),
            ("100MB", "6MB", Some(Greater)),
            ("6291456", "6MB", Some(Equal)),
            ("10Gi", "10GB", Some(Equal)),
            ("10G", "10Gi", Some(Less)),
            ("500m", "6", Some(Less)),
            ("8", "6", Some(Greater)),
            ("-1", "6", Some(Less)),
            ("1_000", "999", Some(Greater)),
            ("\"12\"", "10", Some(Greater)),
            ("30s", "10", None),
            ("30s", "6MB", None),
            ("${TIMEOUT}", "29s", None),
            ("", "1", None),
            ("1.2.3", "1", None),
            ("5 5", "1", None),
            ("PT", "1s", Some(Less)),
            ("P1é", "1s", None),
        ] {
            assert_eq!(compare(value, limit), expected, "{value:?} against {limit:?}");
        }
    }

    #[test]
    fn limits_are_numbers() {
        for good in ["29s", "5m", "10MB", "10Gi", "6", "0.5"] {
            assert!(is_limit(good), "{good}");
        }
        for bad in ["", "much", "10 apples", "MB"] {
            assert!(!is_limit(bad), "{bad}");
        }
    }
}
