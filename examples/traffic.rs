//! Writes a traffic file to measure with: `cargo run --example traffic -- 10000 8760 long > traffic.csv`.
//!
//! `long` has a row for each hour of each service, by hour; `wide` has a row for each service.

use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |ix: usize, default: u64| args.get(ix).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (services, hours) = (number(0, 100), number(1, 168));
    let wide = args.get(2).is_some_and(|form| form == "wide");
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    // A day's wave, and a size for each service; no chance, so that every run writes the same.
    let requests = |service: u64, hour: u64| {
        let wave = [0, 0, 0, 0, 0, 1, 2, 4, 7, 9, 10, 10, 9, 9, 10, 9, 8, 7, 6, 5, 4, 2, 1, 0][(hour % 24) as usize];
        (service * 7919 % 1000) * wave / (1 + service % 5) + hour * service % 3
    };
    if wide {
        write!(out, "service")?;
        (0..hours).try_for_each(|hour| write!(out, ",h{hour}"))?;
        writeln!(out)?;
        for service in 0..services {
            write!(out, "service-{service:05}")?;
            (0..hours).try_for_each(|hour| write!(out, ",{}", requests(service, hour)))?;
            writeln!(out)?;
        }
        return out.flush();
    }
    writeln!(out, "service,time,requests")?;
    for hour in 0..hours {
        // Seconds since the first of January 2026.
        let time = 1_767_225_600 + hour * 3600;
        for service in 0..services {
            writeln!(out, "service-{service:05},{time},{}", requests(service, hour))?;
        }
    }
    out.flush()
}
