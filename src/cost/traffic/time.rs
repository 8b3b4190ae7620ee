//! Points in time, as hours since 1970 in UTC.

/// What a cell says of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hour {
    pub(super) at: i32,
    /// It names its zone, or is no date at all.
    pub(super) zoned: bool,
}

/// Numbers below this count hours from an unknown first one.
const INDEX: i64 = 200_000;
/// Seconds beyond this are milliseconds.
const MILLIS: i64 = 100_000_000_000;

/// Reads ISO 8601 dates with or without an offset, seconds or milliseconds since 1970, or the number of an hour.
pub(super) fn hour(cell: &[u8]) -> Result<Hour, String> {
    if cell.len() >= 10 && cell[4] == b'-' && cell[7] == b'-' {
        return date(cell);
    }
    let whole = cell.split(|b| *b == b'.').next().unwrap_or(cell);
    let number = digits(whole).ok_or_else(|| format!("'{}' is no time", shown(cell)))?;
    let hours = match number {
        n if n < INDEX => n,
        n if n >= MILLIS => n / 3_600_000,
        n => n / 3600,
    };
    Ok(Hour { at: hours.try_into().unwrap_or(i32::MAX), zoned: true })
}

fn date(cell: &[u8]) -> Result<Hour, String> {
    let bad = || format!("'{}' is no date", shown(cell));
    let number = |range: std::ops::Range<usize>| cell.get(range).and_then(digits);
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else { return Err(bad()) };
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return Err(bad());
    }
    let mut minutes = days(year, month, day) * 1440;
    let mut rest = &cell[10..];
    if let [b'T' | b't' | b' ', clock @ ..] = rest
        && clock.first().is_some_and(u8::is_ascii_digit)
    {
        let hour = clock.get(..2).and_then(digits).filter(|h| *h < 24).ok_or_else(bad)?;
        minutes += hour * 60;
        rest = &clock[2..];
        if let [b':', tail @ ..] = rest {
            minutes += tail.get(..2).and_then(digits).filter(|m| *m < 60).ok_or_else(bad)?;
            rest = &tail[2..];
            // Seconds and their parts do not change the hour.
            let end = rest.iter().position(|b| !matches!(b, b'0'..=b'9' | b':' | b'.')).unwrap_or(rest.len());
            rest = &rest[end..];
        }
    }
    let (offset, zoned) = offset(rest.trim_ascii()).ok_or_else(|| {
        format!("'{}': zone '{}' is not known; write an offset such as +01:00", shown(cell), shown(rest.trim_ascii()))
    })?;
    let at = (minutes - offset).div_euclid(60);
    Ok(Hour { at: at.try_into().map_err(|_| bad())?, zoned })
}

/// Minutes east of UTC, and whether anything is said of it.
fn offset(zone: &[u8]) -> Option<(i64, bool)> {
    let (sign, clock) = match zone {
        [] => return Some((0, false)),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some((0, true)),
        [b'+', clock @ ..] => (1, clock),
        [b'-', clock @ ..] => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = match clock {
        [a, b] => (digits(&[*a, *b])?, 0),
        [a, b, c, d] | [a, b, b':', c, d] => (digits(&[*a, *b])?, digits(&[*c, *d])?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some((sign * (hours * 60 + minutes), true))
}

fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.iter().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March, so that the leap day is their last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A cell in a message: what can be read of it, shortened.
pub(super) fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    let mut out: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}

/// `2026-01-31 05:00` for people.
pub(super) fn readable(hour: i32) -> String {
    let day = i64::from(hour).div_euclid(24);
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    if i64::from(hour) < INDEX {
        return format!("hour {hour}");
    }
    format!("{year:04}-{month:02}-{:02} {:02}:00 UTC", of_year - (153 * shifted + 2) / 5 + 1, hour.rem_euclid(24))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i32 {
        hour(text.as_bytes()).unwrap().at
    }

    #[test]
    fn one_moment_in_many_words() {
        let noon = 1_767_268_800 / 3600;
        for text in [
            "2026-01-01T12:00:00Z",
            "2026-01-01 12:00",
            "2026-01-01T13:00:00+01:00",
            "2026-01-01T07:00:00.000-0500",
            "2026-01-01T17:30:00+05:30",
            "2026-01-01 12:59:59 UTC",
            "1767268800",
            "1767268800.123",
            "1767268800000",
        ] {
            assert_eq!(at(text), noon, "{text}");
        }
        assert_eq!(at("2024-03-01"), at("2024-02-29") + 24);
        assert_eq!(at("17"), 17);
        assert!(!hour(b"2026-01-01 12:00").unwrap().zoned);
        assert_eq!(readable(noon), "2026-01-01 12:00 UTC");
        assert_eq!(readable(at("2024-02-29")), "2024-02-29 00:00 UTC");
        assert_eq!(readable(17), "hour 17");
    }

    #[test]
    fn what_is_no_time_is_told() {
        for bad in ["2026-13-01", "2026-02-30", "2026-01-01T25:00", "yesterday", "", "-5", "2026-01-01T1"] {
            assert!(hour(bad.as_bytes()).is_err(), "{bad}");
        }
        let error = hour(b"2026-01-01T12:00 Europe/Berlin").unwrap_err();
        assert!(error.contains("zone 'Europe/Berlin' is not known"), "{error}");
    }
}
