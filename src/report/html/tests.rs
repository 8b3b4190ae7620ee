use super::*;
use crate::report::sample;

fn page(report: &Report) -> String {
    sample::render(report, write, &Options::default())
}

#[test]
fn nothing_of_the_tree_becomes_markup() {
    let plain = page(&sample::report());
    let hostile = page(&sample::hostile());
    for tag in ["<script", "</script", "<style", "</style", "<meta", "<link", "<img"] {
        assert_eq!(plain.matches(tag).count(), hostile.matches(tag).count(), "{tag}");
    }
    assert!(hostile.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!hostile.contains("<script>alert"));
}

#[test]
fn the_data_reads_as_json() {
    for report in [sample::report(), sample::hostile()] {
        let page = page(&report);
        let (_, rest) = page.split_once("id=\"report\">").unwrap();
        let (json, _) = rest.split_once("</script>").unwrap();
        assert!(!json.contains('<'));
        let data: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(data["units"].as_array().unwrap().len(), report.units.len());
    }
}

#[test]
fn the_page_loads_nothing() {
    let own = [STYLE].into_iter().chain(SCRIPT.iter().copied()).collect::<String>();
    for word in ["url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "outerHTML", "document.write", "eval("] {
        assert!(!own.contains(word), "{word}");
    }
}
