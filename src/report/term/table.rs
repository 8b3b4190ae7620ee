//! Tables that fit the terminal: long texts are cut, and what matters least goes first.

use std::io::{self, Write};

use anstyle::Style;

use super::paint::Paint;
use super::text::{cut, width};

const GAP: usize = 2;

/// A column and how it gives way.
pub(super) struct Column {
    pub(super) title: String,
    /// Numbers stand right.
    pub(super) right: bool,
    /// May shrink to this, though a column that is never left out only when all others are; 0 for never.
    pub(super) min: usize,
    /// Left out when there is no room, the highest first; 0 for never.
    pub(super) expendable: u8,
}

impl Column {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), right: false, min: 0, expendable: 0 }
    }

    pub(super) fn right(self) -> Self {
        Self { right: true, ..self }
    }

    pub(super) fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }

    pub(super) fn expendable(self, expendable: u8) -> Self {
        Self { expendable, ..self }
    }
}

/// A text in a table; it must be safe.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) style: Style,
}

impl Cell {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }

    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

/// Writes the rows under the columns' titles, at most `room` columns wide if that can be had.
pub(super) fn write(
    columns: &[Column],
    rows: &[Vec<Cell>],
    room: usize,
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let widths = layout(columns, rows, room);
    let titles: Vec<Cell> = columns.iter().map(|c| Cell::styled(&c.title, Style::new().dimmed())).collect();
    for row in std::iter::once(&titles).chain(rows) {
        let mut line = String::new();
        // Blanks wait until something follows them: no line ends in blanks.
        let mut blanks = 0;
        for ((column, cell), wide) in columns.iter().zip(row).zip(&widths) {
            let Some(wide) = *wide else { continue };
            let text = cut(&cell.text, wide);
            let fill = wide.saturating_sub(width(&text));
            let (before, after) = if column.right { (fill, 0) } else { (0, fill) };
            blanks += before;
            if !text.is_empty() {
                line.extend(std::iter::repeat_n(' ', blanks));
                blanks = 0;
                line.push_str(&paint.with(cell.style, &text));
            }
            blanks += after + GAP;
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The width of each column; `None` for one that is left out.
fn layout(columns: &[Column], rows: &[Vec<Cell>], room: usize) -> Vec<Option<usize>> {
    let mut widths: Vec<Option<usize>> = columns.iter().map(|c| Some(width(&c.title))).collect();
    for row in rows {
        for (wide, cell) in widths.iter_mut().zip(row) {
            *wide = (*wide).max(Some(width(&cell.text)));
        }
    }
    let natural = widths.clone();
    loop {
        let count = widths.iter().flatten().count();
        let mut over = (widths.iter().flatten().sum::<usize>() + GAP * count.saturating_sub(1)).saturating_sub(room);
        let last = columns.iter().zip(&widths).all(|(column, wide)| column.expendable == 0 || wide.is_none());
        let shrinks = |column: &Column| column.min > 0 && (last || column.expendable > 0);
        for (column, wide) in columns.iter().zip(&mut widths).rev().filter(|(column, _)| shrinks(column)) {
            if let Some(wide) = wide {
                let give = over.min(wide.saturating_sub(column.min));
                *wide -= give;
                over -= give;
            }
        }
        if over == 0 {
            break;
        }
        let left = columns.iter().enumerate().filter(|(i, c)| c.expendable > 0 && widths[*i].is_some());
        let Some((least, _)) = left.max_by_key(|(_, c)| c.expendable) else { return widths };
        widths = natural.iter().zip(&widths).map(|(natural, now)| now.and(*natural)).collect();
        widths[least] = None;
    }
    // Where a wide column went, a narrow one that went before it may have room again.
    let mut gone: Vec<usize> = (0..columns.len()).filter(|i| widths[*i].is_none()).collect();
    gone.sort_by_key(|i| columns[*i].expendable);
    for i in gone {
        let taken: usize = widths.iter().flatten().map(|wide| wide + GAP).sum();
        widths[i] = natural[i].filter(|wide| taken + wide <= room);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(room: usize) -> String {
        let columns = [
            Column::new("NAME").min(6),
            Column::new("N").right(),
            Column::new("KIND").expendable(1),
            Column::new("WHY").min(8).expendable(2),
        ];
        let row = |cells: [&str; 4]| cells.map(Cell::new).into_iter().collect();
        let rows = [row(["order-service", "12", "job", "a long reason here"]), row(["世界", "3", "", ""])];
        let mut out = Vec::new();
        write(&columns, &rows, room, &Paint::new(false), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn gives_way_step_by_step() {
        let widest = |room| table(room).lines().map(width).max();
        assert_eq!(widest(200), Some(13 + 2 + 2 + 2 + 4 + 2 + 18));
        for room in [40, 35, 30, 26, 22, 18, 10] {
            assert!(widest(room) <= Some(room), "{room}\n{}", table(room));
        }
        insta::assert_snapshot!(table(36), @r"
        NAME            N  KIND  WHY
        order-service  12  job   a long rea…
        世界            3
        ");
        insta::assert_snapshot!(table(12), @r"
        NAME       N
        order-s…  12
        世界       3
        ");
    }
}
