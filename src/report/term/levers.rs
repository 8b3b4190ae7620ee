//! What is worth fixing once: the best levers.

use std::io::{self, Write};

use anstyle::Style;

use super::Page;
use super::table::{self, Cell, Column};
use crate::report::safe;

/// Levers that are listed.
const TOP: usize = 10;

pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let levers = &page.report.levers;
    if levers.is_empty() {
        return Ok(());
    }
    let title = if levers.len() > TOP {
        format!("Levers ({TOP} of {})", levers.len())
    } else {
        format!("Levers ({})", levers.len())
    };
    page.heading(&title, " · fixed once, saved in all who carry it · person-days", out)?;
    let columns = [
        Column::new("FIX").min(16),
        Column::new("KIND").expendable(2),
        Column::new("SPEND").right(),
        Column::new("SAVE").right(),
        Column::new("PER DAY").right(),
        Column::new("FOR").min(16).expendable(1),
    ];
    let rows: Vec<Vec<Cell>> = levers
        .iter()
        .take(TOP)
        .map(|lever| {
            vec![
                Cell::styled(safe(&lever.what), Style::new().bold()),
                Cell::new(safe(&lever.kind)),
                Cell::new(format!("{:.1}", lever.person_days)),
                Cell::new(format!("{:.1}", lever.saves)),
                Cell::new(format!("{:.1}", lever.ratio)),
                Cell::new(format!("{}: {}", lever.services.len(), safe(&lever.services.join(", ")))),
            ]
        })
        .collect();
    table::write(&columns, &rows, page.options.width, &page.paint, out)
}
