//! CSV: a row for each service, a row for each hour of each, or the hours of a service in one row.

use std::io::Read;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::blocks::{Blocks, Cells, lines};
use super::columns::{Column, Columns, Role};
use super::row::{Facts, durations, facts};
use super::time::{Hour, hour, shown};
use super::units::{Measure, value};
use super::{LISTED, Traffic, opencost};
use crate::cost::prices::Prices;

/// Blocks that are read ahead, for as many threads.
const AHEAD: usize = 4;
/// The longest name of a service.
const NAME: usize = 253;

/// How the rows of a file are to be read.
pub(super) struct Shape {
    separator: u8,
    comma: bool,
    columns: Columns,
    service: usize,
    time: Option<usize>,
    requests: Option<Column>,
    series: Option<Column>,
    hours: Vec<(Column, i32)>,
    timed: Vec<Column>,
    sigma: f64,
}

impl Shape {
    fn new(header: &[u8], prices: &Prices) -> Result<Self, String> {
        let separator = separator(header);
        let mut cells = Cells::default();
        let mut names = Vec::new();
        cells.split(header, separator, &mut names)?;
        let columns = Columns::read(&names);
        let named = [Role::Service, Role::Deployment, Role::Image].into_iter().find_map(|role| columns.get(role));
        let service = named.ok_or("no column 'service' in its first line")?.at;
        let hours: Vec<(Column, i32)> = columns.hours().collect();
        let time = columns.get(Role::Time).map(|c| c.at);
        let (requests, series) = (columns.get(Role::Requests), columns.get(Role::Series));
        if requests.is_none() && series.is_none() && hours.is_empty() && columns.get(Role::Peak).is_none() {
            return Err("no column with requests, such as 'requests/h' or 'rps', in its first line".to_owned());
        }
        let durations = [Role::Mean, Role::P50, Role::P95, Role::P99];
        Ok(Self {
            separator,
            comma: separator == b';',
            service,
            time: time.filter(|_| requests.is_some()),
            requests,
            series,
            hours,
            timed: columns.known.iter().copied().filter(|c| durations.contains(&c.role)).collect(),
            columns,
            sigma: *prices.assumed.duration_sigma,
        })
    }
}

/// The separator that the header has most of.
pub(super) fn separator(header: &[u8]) -> u8 {
    let count = |byte: u8| header.iter().filter(|b| **b == byte).count();
    // Of equals the last, hence the comma behind.
    [b'\t', b';', b','].into_iter().max_by_key(|byte| count(*byte)).unwrap_or(b',')
}

/// Reads a file.
pub(super) fn read(traffic: &mut Traffic, input: impl Read, prices: &Prices) -> Result<(), String> {
    let mut blocks = Blocks::new(input);
    let failed = |error: std::io::Error| error.to_string();
    let Some(mut first) = blocks.next().map_err(failed)? else { return Err("it is empty".to_owned()) };
    if first.starts_with(b"\xef\xbb\xbf") {
        first.drain(..3);
    }
    let is_header = |line: &[u8]| !line.trim_ascii().is_empty() && !line.starts_with(b"#");
    let header = lines(&first).find(|(_, line)| is_header(line));
    let Some((number, header)) = header.map(|(n, line)| (n, line.to_vec())) else {
        return Err("it holds no table".to_owned());
    };
    if opencost::is_header(&header) {
        return opencost::read(traffic, &header, number, first, &mut blocks);
    }
    let shape = Shape::new(&header, prices)?;
    for problem in &shape.columns.problems {
        traffic.problem(number + 1, problem.clone());
    }
    let start = lines(&first).take(number as usize + 1).map(|(_, line)| line.as_ptr() as usize + line.len()).last();
    let begin = start.map_or(0, |end| end - first.as_ptr() as usize);
    let begin = memchr::memchr(b'\n', &first[begin..]).map_or(first.len(), |at| begin + at + 1);
    first.drain(..begin);

    let mut merge = Merge { line: number + 2, zone_told: false, assumed_ms: *prices.assumed.duration_ms };
    let mut batch = vec![first];
    let mut read: Vec<Block> = Vec::new();
    loop {
        // One batch is put together while the next is read.
        let blocks_of = || batch.par_iter().map(|block| Block::read(block, &shape)).collect::<Vec<_>>();
        let (next, ()) = rayon::join(blocks_of, || {
            std::mem::take(&mut read).into_iter().for_each(|block| merge.add(traffic, block))
        });
        read = next;
        if read.is_empty() {
            return Ok(());
        }
        batch.clear();
        while batch.len() < AHEAD {
            match blocks.next() {
                Ok(Some(block)) => batch.push(block),
                Ok(None) => break,
                Err(error) => {
                    let read_lines: u64 = read.iter().map(|block| block.lines).sum();
                    traffic.problem(merge.line + read_lines, format!("{error}: nothing behind it was read"));
                    break;
                }
            }
        }
    }
}

/// The value of an hour.
struct HourRow {
    /// Index in the block's names.
    name: u32,
    hour: i32,
    requests: f64,
    /// NaN where no column tells it.
    ms: f64,
    line: u32,
}

/// Index of the name, line, what it says, and requests by hour.
type ServiceRow = (u32, u64, Facts, Vec<(i32, f64)>);

/// What a block says; lines count from its first.
#[derive(Default)]
struct Block {
    names: Vec<String>,
    hours: Vec<HourRow>,
    /// Rows that say more than an hour: the service, what it says, its hours.
    rows: Vec<ServiceRow>,
    problems: Vec<(u64, String)>,
    more: usize,
    /// The first time without a zone.
    unzoned: Option<u64>,
    lines: u64,
    /// The last time as written and read: neighbours often share it.
    last: (Vec<u8>, Option<Hour>),
}

impl Block {
    fn read(bytes: &[u8], shape: &Shape) -> Self {
        let mut out = Self::default();
        let mut known: FxHashMap<&[u8], u32> = FxHashMap::default();
        let mut cells = Cells::default();
        // The cells of a line may lie in `cells`, hence new for each line with quotes; plain lines share this one.
        let mut plain: Vec<&[u8]> = Vec::new();
        let quotes = memchr::memchr(b'"', bytes).is_some();
        let count = bytes.iter().filter(|b| **b == b'\n').count() as u64 + u64::from(!bytes.ends_with(b"\n"));
        out.lines = if bytes.is_empty() { 0 } else { count };
        for (line, text) in lines(bytes) {
            if text.trim_ascii().is_empty() || text[0] == b'#' {
                continue;
            }
            if !quotes || memchr::memchr(b'"', text).is_none() {
                plain.clear();
                let mut start = 0;
                for at in memchr::memchr_iter(shape.separator, text) {
                    plain.push(&text[start..at]);
                    start = at + 1;
                }
                plain.push(&text[start..]);
                let name = plain.get(shape.service).copied().unwrap_or_default().trim_ascii();
                let (ix, new) = match known.get(name) {
                    Some(ix) => (Some(*ix), false),
                    None => {
                        let ix = out.name(name, line);
                        ix.into_iter().for_each(|ix| _ = known.insert(name, ix));
                        (ix, true)
                    }
                };
                if let Some(ix) = ix {
                    out.row(ix, new, line, &plain, shape);
                }
                continue;
            }
            let mut quoted = Vec::new();
            if let Err(problem) = cells.split(text, shape.separator, &mut quoted) {
                out.problem(line, problem);
                continue;
            }
            let name = quoted.get(shape.service).copied().unwrap_or_default().trim_ascii();
            let found = out.names.iter().position(|n| n.as_bytes() == name).map(|ix| ix as u32);
            if let Some(ix) = found.or_else(|| out.name(name, line)) {
                out.row(ix, found.is_none(), line, &quoted, shape);
            }
        }
        out
    }

    fn name(&mut self, name: &[u8], line: u64) -> Option<u32> {
        if name.is_empty() || name.len() > NAME {
            let what = if name.is_empty() { "no name of a service" } else { "a name of more than 253 bytes" };
            self.problem(line, format!("{what}: left out"));
            return None;
        }
        self.names.push(String::from_utf8_lossy(name).into_owned());
        Some(self.names.len() as u32 - 1)
    }

    fn problem(&mut self, line: u64, message: String) {
        if self.problems.len() < LISTED { self.problems.push((line, message)) } else { self.more += 1 }
    }

    fn row(&mut self, name: u32, new: bool, line: u64, cells: &[&[u8]], shape: &Shape) {
        match shape.time.zip(shape.requests) {
            Some((time, requests)) => self.hour_row(name, new, line, cells, shape, (time, requests)),
            None => self.service_row(name, line, cells, shape),
        }
    }

    /// A row for an hour. What else it says is read of the first row of its service.
    fn hour_row(
        &mut self,
        name: u32,
        new: bool,
        line: u64,
        cells: &[&[u8]],
        shape: &Shape,
        (time, requests): (usize, Column),
    ) {
        // Even of a row whose time or requests are no good: no other row is read for it.
        let told_all = new && shape.columns.known.len() > 3;
        if told_all {
            let mut problems = Vec::new();
            let facts = facts(&shape.columns, cells, shape.sigma, shape.comma, &mut |p| problems.push(p));
            // Those of its requests are told below.
            let requests = cells.get(requests.at).map(|cell| super::time::shown(cell.trim_ascii())).unwrap_or_default();
            problems.retain(|p| requests.is_empty() || !p.contains(&requests));
            problems.into_iter().for_each(|p| self.problem(line, p));
            self.rows.push((name, line, Facts { rps: None, ..facts }, Vec::new()));
        }
        let cell = cells.get(time).copied().unwrap_or_default().trim_ascii();
        let at = match self.last.1.filter(|_| self.last.0 == cell) {
            Some(at) => at,
            None => match hour(cell) {
                Ok(at) => {
                    self.last.0.clear();
                    self.last.0.extend_from_slice(cell);
                    self.last.1 = Some(at);
                    at
                }
                Err(problem) => return self.problem(line, format!("{problem}: left out")),
            },
        };
        if !at.zoned {
            self.unzoned.get_or_insert(line);
        }
        let cell = cells.get(requests.at).copied().unwrap_or_default();
        let rps = match value(cell, Measure::Rate, requests.factor, shape.comma) {
            Ok(rps) => rps,
            Err(problem) => return self.problem(line, format!("requests: {problem}: left out")),
        };
        let mut ms = f64::NAN;
        if !shape.timed.is_empty() {
            let mut told = [None; 4];
            for column in &shape.timed {
                let cell = cells.get(column.at).copied().unwrap_or_default();
                let number = match value(cell, Measure::Duration, column.factor, shape.comma) {
                    Ok(number) => number,
                    Err(problem) => {
                        if !told_all && !cell.trim_ascii().is_empty() {
                            self.problem(line, problem);
                        }
                        continue;
                    }
                };
                let slot = match column.role {
                    Role::Mean => 0,
                    Role::P50 => 1,
                    Role::P95 => 2,
                    _ => 3,
                };
                told[slot] = Some(number);
            }
            ms = durations(told[0], told[1], told[2], told[3], shape.sigma).0.unwrap_or(f64::NAN);
        }
        self.hours.push(HourRow { name, hour: at.at, requests: rps * 3600.0, ms, line: line as u32 });
    }

    /// A row for a service, with its hours or its means.
    fn service_row(&mut self, name: u32, line: u64, cells: &[&[u8]], shape: &Shape) {
        let mut problems = Vec::new();
        let mut facts = facts(&shape.columns, cells, shape.sigma, shape.comma, &mut |p| problems.push(p));
        let mut hours = Vec::with_capacity(shape.hours.len());
        let mut bad = (0, String::new());
        let mut add = |hour: i32, cell: &[u8], factor: f64| match cell.trim_ascii() {
            // An empty cell is an hour that nobody has measured.
            [] => {}
            cell => match value(cell, Measure::Rate, factor, shape.comma) {
                Ok(rps) => hours.push((hour, rps * 3600.0)),
                Err(problem) => {
                    bad.0 += 1;
                    if bad.0 == 1 {
                        bad.1 = problem;
                    }
                }
            },
        };
        for (column, hour) in &shape.hours {
            add(*hour, cells.get(column.at).copied().unwrap_or_default(), column.factor);
        }
        if let Some(series) = shape.series {
            let cell = cells.get(series.at).copied().unwrap_or_default();
            let parts = cell.split(|b| matches!(b, b' ' | b'|' | b';'));
            parts.zip(0..).for_each(|(part, hour)| add(hour, part, series.factor));
        }
        if bad.0 > 0 {
            let others = if bad.0 > 1 { format!(" and {} more", bad.0 - 1) } else { String::new() };
            problems.push(format!("requests: {}{others}: left out", bad.1));
        }
        if !hours.is_empty() {
            facts.rps = None;
        }
        let silent = facts.rps.is_none() && facts.peak_rps.is_none() && hours.is_empty();
        if silent {
            let message = format!("no requests of '{}': left out", shown(self.names[name as usize].as_bytes()));
            problems.push(message);
        } else {
            self.rows.push((name, line, facts, hours));
        }
        problems.into_iter().for_each(|p| self.problem(line, p));
    }
}

/// Puts blocks together, in their order.
struct Merge {
    /// Of the next block's first line.
    line: u64,
    zone_told: bool,
    assumed_ms: f64,
}

impl Merge {
    fn add(&mut self, traffic: &mut Traffic, block: Block) {
        let first = self.line;
        self.line += block.lines;
        for (line, message) in block.problems {
            traffic.problem(first + line, message);
        }
        traffic.more_problems += block.more;
        if let Some(line) = block.unzoned.filter(|_| !self.zone_told) {
            self.zone_told = true;
            traffic.problem(first + line, "times without a zone are taken as UTC".to_owned());
        }
        let by_hour = !block.hours.is_empty();
        let mut global: Vec<Option<u32>> = vec![None; block.names.len()];
        let mut first_rows = block.rows.into_iter().peekable();
        if by_hour {
            for (name, line, facts, _) in first_rows.by_ref() {
                global[name as usize] = traffic.service(&block.names[name as usize], first + line);
                if let Some(service) = global[name as usize].and_then(|ix| traffic.services.get_mut(ix as usize)) {
                    service.facts.fill(facts);
                }
            }
        }
        for row in block.hours {
            let slot = &mut global[row.name as usize];
            let line = first + u64::from(row.line);
            if slot.is_none() {
                *slot = traffic.service(&block.names[row.name as usize], line);
            }
            if let Some(ix) = *slot {
                traffic.hour(ix, row.hour, row.requests, Some(row.ms).filter(|ms| !ms.is_nan()), self.assumed_ms, line);
            }
        }
        for (name, line, facts, hours) in first_rows {
            self.service(traffic, &block.names[name as usize], first + line, facts, hours);
        }
    }

    fn service(&self, traffic: &mut Traffic, name: &str, line: u64, facts: Facts, hours: Vec<(i32, f64)>) {
        let known = traffic.services.len();
        let Some(ix) = traffic.service(name, line) else { return };
        let file = traffic.files.len() - 1;
        let service = &mut traffic.services[ix as usize];
        if (ix as usize) < known && service.place.0 == file {
            let message = format!("a second row of '{name}' (the first is line {}): left out", service.place.1);
            return traffic.problem(line, message);
        }
        service.facts.fill(facts);
        for (hour, requests) in hours {
            traffic.hour(ix, hour, requests, None, self.assumed_ms, line);
        }
    }
}
