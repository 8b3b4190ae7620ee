//! The report as one HTML file that needs nothing else: data as JSON, a style, a script that shows it.

mod data;

use std::io::{self, BufWriter, Write};

use super::model::Report;
use super::options::Options;
use super::safe;

const STYLE: &str = include_str!("style.css");

/// The script, in the order in which its parts need each other.
const SCRIPT: &[&str] = &[
    include_str!("script/dom.js"),
    include_str!("script/data.js"),
    include_str!("script/parts.js"),
    include_str!("script/charts.js"),
    include_str!("script/heat.js"),
    include_str!("script/table.js"),
    include_str!("script/cost.js"),
    include_str!("script/fleet.js"),
    include_str!("script/finding.js"),
    include_str!("script/service.js"),
    include_str!("script/pages.js"),
    include_str!("script/main.js"),
];

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    let title = escape(&format!("{} · {}", report.workspace.root, report.tool.name));
    let summary = &report.summary;
    // Nothing may be fetched and nothing sent, whatever a scanned tree slips in.
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <div id=\"app\"></div>\n<noscript><main><h1>{title}</h1><p>{:.1} person-days ({:.1}–{:.1}) for the whole \
         fleet. The rest of this page needs JavaScript; it loads nothing from the network.</p></main></noscript>\n\
         <script type=\"application/json\" id=\"report\">",
        summary.person_days, summary.low, summary.high,
    )?;
    out.write_all(in_script(&data::data(report).to_string()).as_bytes())?;
    out.write_all(b"</script>\n<script>\n(() => {\n\"use strict\";\n")?;
    for part in SCRIPT {
        out.write_all(part.as_bytes())?;
    }
    out.write_all(b"})();\n</script>\n</body>\n</html>\n")?;
    out.flush()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// JSON in which nothing can end the element around it; in JSON `<` stands only within strings.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests;
