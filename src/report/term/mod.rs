//! The report for people at a terminal.

mod details;
mod findings;
mod levers;
mod paint;
mod summary;
mod survey;
mod table;
mod text;
mod units;
mod whatif;

use std::io::{self, BufWriter, Write};

use super::model::Report;
use super::options::Options;
use super::safe;
use paint::Paint;
use text::{count, grouped};

pub use survey::write_units;
pub use whatif::write_what_if;

/// What each part of the report is written with.
struct Page<'a> {
    report: &'a Report,
    options: &'a Options,
    paint: Paint,
}

/// Writes the report as text, coloured when the options say so.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { report, options, paint: Paint::new(options.color) };
    let mut out = BufWriter::new(out);
    page.header(&mut out)?;
    units::write(&page, &mut out)?;
    levers::write(&page, &mut out)?;
    if options.verbose {
        details::write(&page, &mut out)?;
    }
    let shown = findings::write(&page, &mut out)?;
    summary::write(&page, shown, &mut out)?;
    out.flush()
}

impl Page<'_> {
    fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        let Report { tool, workspace, summary, .. } = self.report;
        write!(
            out,
            "{} {} · {} · {} · {} lines · {}",
            self.paint.strong(&tool.name),
            tool.version,
            safe(&workspace.root),
            count(workspace.files, "file"),
            grouped(workspace.lines),
            count(tool.rules, "rule"),
        )?;
        if let Some(target) = summary.target {
            write!(out, " · target {target}")?;
        }
        writeln!(out)
    }

    /// A heading, and behind it what it needs to be understood, if there is room.
    fn heading(&self, title: &str, remark: &str, out: &mut dyn Write) -> io::Result<()> {
        let fits = text::width(title) + text::width(remark) <= self.options.width;
        let remark = if fits { remark } else { "" };
        writeln!(out, "\n{}{}", self.paint.strong(title), self.paint.dim(remark))
    }
}

#[cfg(test)]
mod tests;
