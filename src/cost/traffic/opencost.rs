//! What OpenCost and Kubecost export as CSV: what workloads cost today, by their controllers, by day or by window.

use std::collections::BTreeMap;
use std::io::Read;

use super::Traffic;
use super::blocks::{Blocks, Cells, lines};
use super::csv::separator;
use super::time::hour;
use super::units::{Measure, value};

/// Hours of a month.
const MONTH_H: f64 = 730.0;

fn flat(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Is this the first line of such an export?
pub(super) fn is_header(header: &[u8]) -> bool {
    let mut cells = Cells::default();
    let mut names = Vec::new();
    if cells.split(header, separator(header), &mut names).is_err() {
        return false;
    }
    let names: Vec<String> = names.into_iter().map(flat).collect();
    let has = |any: &[&str]| names.iter().any(|n| any.contains(&n.as_str()));
    has(&["totalcost", "total"]) && has(&["cpucost", "cpu"]) && has(&["ramcost", "ram", "memory", "memorycost"])
}

/// The columns that are used.
#[derive(Default)]
struct Shape {
    name: Option<usize>,
    total: Option<usize>,
    day: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    minutes: Option<usize>,
}

impl Shape {
    fn new(names: &[&[u8]]) -> Self {
        let names: Vec<String> = names.iter().map(|n| flat(n)).collect();
        let find = |any: &[&str]| any.iter().find_map(|word| names.iter().position(|n| n == word));
        Self {
            name: find(&["controllername", "controller", "deployment", "service", "name", "pod", "container"]),
            total: find(&["totalcost", "total"]),
            day: find(&["date", "day"]),
            start: find(&["windowstart", "start"]),
            end: find(&["windowend", "end"]),
            minutes: find(&["minutes"]),
        }
    }
}

/// Cost of a name, and the hours that it covers.
#[derive(Default)]
struct Bill {
    usd: f64,
    days: BTreeMap<i32, ()>,
    hours: f64,
    line: u64,
}

/// Reads the rest of a file whose header, on line `number` from 0, has been seen.
pub(super) fn read(
    traffic: &mut Traffic,
    header: &[u8],
    number: u64,
    first: Vec<u8>,
    blocks: &mut Blocks<impl Read>,
) -> Result<(), String> {
    let separator = separator(header);
    let mut cells = Cells::default();
    let mut names = Vec::new();
    cells.split(header, separator, &mut names)?;
    let shape = Shape::new(&names);
    let (Some(name_at), Some(total_at)) = (shape.name, shape.total) else {
        return Err("costs without a name or a total".to_owned());
    };
    let mut bills: BTreeMap<String, Bill> = BTreeMap::new();
    let (mut base, mut block) = (0, Some(first));
    while let Some(bytes) = block {
        for (line, text) in lines(&bytes) {
            let at = base + line;
            if at <= number || text.trim_ascii().is_empty() {
                continue;
            }
            let (mut cells, mut row) = (Cells::default(), Vec::new());
            if let Err(problem) = cells.split(text, separator, &mut row) {
                traffic.problem(at + 1, problem);
                continue;
            }
            let cell = |ix: usize| row.get(ix).copied().unwrap_or_default().trim_ascii();
            let name = String::from_utf8_lossy(cell(name_at)).into_owned();
            // Idle capacity and what belongs to nobody have names like `__idle__`.
            if name.is_empty() || name.starts_with("__") || name.eq_ignore_ascii_case("totals") {
                continue;
            }
            match value(
                cell(total_at).trim_ascii_start().strip_prefix(b"$").unwrap_or(cell(total_at)),
                Measure::Money,
                1.0,
                false,
            ) {
                Ok(usd) => {
                    let bill = bills.entry(name).or_default();
                    bill.usd += usd;
                    if bill.line == 0 {
                        bill.line = at + 1;
                    }
                    window(&shape, &cell, bill);
                }
                Err(problem) => traffic.problem(at + 1, format!("total cost: {problem}: left out")),
            }
        }
        base += lines(&bytes).count() as u64;
        block = blocks.next().map_err(|error| error.to_string())?;
    }
    let days: BTreeMap<i32, ()> = bills.values().flat_map(|b| b.days.clone()).collect();
    for (name, bill) in bills {
        let covered = if days.is_empty() { bill.hours } else { days.len() as f64 * 24.0 };
        let Some(ix) = traffic.service(&name, bill.line) else { continue };
        let month = if covered > 0.0 { bill.usd * MONTH_H / covered } else { bill.usd };
        if covered <= 0.0 {
            traffic
                .problem(bill.line, format!("'{name}': nothing tells the time that its cost covers; taken as a month"));
        }
        if let Some(service) = traffic.services.get_mut(ix as usize) {
            service.facts.billed = Some(month);
        }
    }
    Ok(())
}

/// Adds the time that a row covers.
fn window<'a>(shape: &Shape, cell: &impl Fn(usize) -> &'a [u8], bill: &mut Bill) {
    if let Some(day) = shape.day.and_then(|ix| hour(cell(ix)).ok()) {
        bill.days.insert(day.at.div_euclid(24), ());
        return;
    }
    let at = |ix: Option<usize>| ix.and_then(|ix| hour(cell(ix)).ok());
    let hours = match (at(shape.start), at(shape.end)) {
        (Some(start), Some(end)) => f64::from(end.at.saturating_sub(start.at)),
        _ => shape.minutes.and_then(|ix| value(cell(ix), Measure::Count, 1.0, false).ok()).map_or(0.0, |m| m / 60.0),
    };
    // Several pods of a controller cover the same window.
    bill.hours = bill.hours.max(hours);
}
