//! The list of units, before any rule is asked.

use std::io::{self, Write};

use anstyle::Style;

use super::paint::Paint;
use super::table::{self, Cell, Column};
use crate::report::model::UnitReport;
use crate::report::options::Options;
use crate::report::safe;

/// Writes the units as a table; all evidence under it when the options ask for everything.
///
/// # Errors
/// Those of `out`.
pub fn write_units(units: &[UnitReport], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint::new(options.color);
    let columns = [
        Column::new("UNIT").min(12),
        Column::new("KIND"),
        Column::new("LANGUAGES").expendable(3),
        Column::new("FRAMEWORK").expendable(4),
        Column::new("DIRECTORY").min(16),
        Column::new("WHY").min(24).expendable(2),
    ];
    let rows: Vec<Vec<Cell>> = units
        .iter()
        .map(|unit| {
            let why = unit.evidence.first().map_or("", |evidence| evidence.what.as_str());
            let cells = [&unit.kind, &unit.languages.join(", "), &unit.framework, &unit.dir, why];
            let name = Cell::styled(safe(&unit.name), Style::new().bold());
            std::iter::once(name).chain(cells.map(|cell| Cell::new(safe(cell)))).collect()
        })
        .collect();
    table::write(&columns, &rows, options.width, &paint, out)?;
    if options.verbose {
        for unit in units {
            writeln!(out, "\n{}", paint.strong(&safe(&unit.name)))?;
            for evidence in &unit.evidence {
                let place = evidence.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
                writeln!(out, "  {}{}", safe(&evidence.what), paint.dim(&safe(&place)))?;
            }
            if !unit.libraries.is_empty() {
                writeln!(out, "  uses {}", safe(&unit.libraries.join(", ")))?;
            }
        }
    }
    Ok(())
}
