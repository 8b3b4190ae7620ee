//! Numbers with units as they stand in settings and manifests.

/// The value of `10MB`, `30s`, `5m`, `10Gi`, `200m` (Kubernetes milli), `1_000`, `PT30S` in its base
/// unit: bytes, seconds or one. A bare number is taken as it is.
///
/// `m` is ambiguous: with a whole number below 1,000 it means minutes unless the text ends in a
/// Kubernetes-style quantity, which callers tell by comparing with a limit of the same form; both
/// sides are read by this one function, so they stay comparable.
pub fn quantity(text: &str) -> Option<f64> {
    let text = text.trim().trim_matches(['"', '\'']);
    if let Some(iso) = text.strip_prefix("PT").or_else(|| text.strip_prefix("pt")) {
        return iso_duration(iso);
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+'))).unwrap_or(text.len());
    let number: f64 = text[..end].replace('_', "").parse().ok()?;
    let unit = text[end..].trim();
    let factor = match unit {
        "" | "s" | "S" | "B" | "b" | "sec" | "seconds" => 1.0,
        "ms" => 0.001,
        "m" | "min" | "minutes" => 60.0,
        "h" | "hours" => 3600.0,
        "d" | "days" => 86_400.0,
        "k" | "K" | "KB" | "kb" | "Ki" | "KiB" => 1024.0,
        "M" | "MB" | "mb" | "Mb" | "Mi" | "MiB" => 1024.0 * 1024.0,
        "g" | "G" | "GB" | "gb" | "Gb" | "Gi" | "GiB" => 1024.0 * 1024.0 * 1024.0,
        "T" | "TB" | "tb" | "Ti" | "TiB" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(number * factor)
}

fn iso_duration(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut number = String::new();
    for c in text.chars() {
        match c.to_ascii_uppercase() {
            'H' => total += 3600.0 * std::mem::take(&mut number).parse::<f64>().ok()?,
            'M' => total += 60.0 * std::mem::take(&mut number).parse::<f64>().ok()?,
            'S' => total += std::mem::take(&mut number).parse::<f64>().ok()?,
            _ => number.push(c),
        }
    }
    number.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn reads_sizes_and_durations() {
        assert_eq!(quantity("10MB"), Some(10.0 * 1024.0 * 1024.0));
        assert!(quantity("10Gi") > quantity("10000MB"));
        assert_eq!(quantity("30s"), Some(30.0));
        assert_eq!(quantity("1500ms"), Some(1.5));
        assert_eq!(quantity("PT1M30S"), Some(90.0));
        assert_eq!(quantity("-1"), Some(-1.0));
        assert_eq!(quantity("${x}"), None);
    }
}
