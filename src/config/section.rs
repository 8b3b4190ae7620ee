//! Writing a table of numbers into the text of a configuration, everything else left as it is.

use std::collections::BTreeMap;

/// Sets the keys of the table `[name]`, which comes last when there is none yet. Comments, order and
/// other keys stay.
pub fn set_numbers(text: &str, name: &str, values: &BTreeMap<String, f64>) -> String {
    let header = format!("[{name}]");
    let mut left: BTreeMap<&str, f64> = values.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    let mut lines: Vec<String> = Vec::new();
    let mut inside = false;
    // Where keys go that the table does not have yet.
    let mut end = None;
    for line in text.lines() {
        let bare = line.trim();
        if bare.starts_with('[') {
            inside = bare.split('#').next().unwrap_or("").trim() == header;
        }
        let key = bare.split_once('=').map(|(key, _)| key.trim().trim_matches('"')).filter(|_| inside);
        match key.and_then(|key| left.remove_entry(key)) {
            Some((key, value)) => {
                let comment = bare.find('#').map(|at| format!(" {}", &bare[at..])).unwrap_or_default();
                lines.push(format!("{key} = {}{comment}", number(value)));
            }
            None => lines.push(line.to_owned()),
        }
        if inside && !bare.is_empty() {
            end = Some(lines.len());
        }
    }
    let new = left.iter().map(|(key, value)| format!("{key} = {}", number(*value)));
    match end {
        Some(at) => {
            lines.splice(at..at, new.collect::<Vec<_>>());
        }
        None => {
            if lines.last().is_some_and(|line| !line.trim().is_empty()) {
                lines.push(String::new());
            }
            lines.push(header);
            lines.extend(new);
        }
    }
    lines.join("\n") + "\n"
}

/// With a point, as TOML tells numbers from counts.
fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.1}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> BTreeMap<String, f64> {
        BTreeMap::from([("base".to_owned(), 1.25), ("state".to_owned(), 2.0)])
    }

    #[test]
    fn a_new_table_comes_last() {
        assert_eq!(set_numbers("", "effort.fitted", &values()), "[effort.fitted]\nbase = 1.25\nstate = 2.0\n");
        let text = set_numbers("# ours\ntarget = \"cloud-run\"\n", "effort.fitted", &values());
        assert_eq!(text, "# ours\ntarget = \"cloud-run\"\n\n[effort.fitted]\nbase = 1.25\nstate = 2.0\n");
    }

    #[test]
    fn comments_and_other_keys_stay() {
        let before = "[effort.fitted] # of 2026\n# why\nbase = 1.1 # packaging\nedge = 0.9\n\n[gates]\nbase = 3\n";
        let after =
            "[effort.fitted] # of 2026\n# why\nbase = 1.25 # packaging\nedge = 0.9\nstate = 2.0\n\n[gates]\nbase = 3\n";
        assert_eq!(set_numbers(before, "effort.fitted", &values()), after);
        assert_eq!(set_numbers(after, "effort.fitted", &values()), after);
    }
}
