//! `faasible prices`.

use std::io::{self, Write};

use super::money::{configuration, prices};
use crate::cli::Exit;
use crate::cli::args::{PricesArgs, PricesFormat};
use crate::cli::output::{BOLD, Console, DIM};
use crate::cost::prices::Prices;
use crate::report::safe;
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: &PricesArgs, console: &Console) -> anyhow::Result<Exit> {
    let rules = RuleSet::empty()?;
    let prices = prices(args.prices.as_deref(), &configuration(&args.config)?, &rules)?;
    match args.format {
        PricesFormat::Term => console.print(|out| term(&prices, out))?,
        PricesFormat::Yaml => console.print(|out| yaml(&prices, out))?,
        PricesFormat::Json => {
            let text = serde_json::to_string_pretty(&prices.list())?;
            console.print(|out| writeln!(out, "{text}"))?;
        }
    }
    Ok(Exit::Done)
}

fn term(prices: &Prices, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} · USD · as of {}", safe(&prices.region), safe(&prices.as_of))?;
    let mut last = String::new();
    for figure in prices.list() {
        let (section, name) = figure.what.split_once('.').unwrap_or(("", &figure.what));
        if section != last {
            writeln!(out, "\n{BOLD}{}{BOLD:#}", safe(section))?;
            section.clone_into(&mut last);
        }
        let (value, unit) = (figure.value.to_string(), safe(&figure.unit));
        let source = match figure.as_of.as_str() {
            own if own == prices.as_of || own.is_empty() => safe(&figure.source).into_owned(),
            own => format!("{} · {}", safe(&figure.source), safe(own)),
        };
        writeln!(out, "  {:<22} {value:>14} {unit:<20} {DIM}{source}{DIM:#}", safe(name))?;
    }
    Ok(())
}

/// In the shape of the catalog, to be changed and given back.
fn yaml(prices: &Prices, out: &mut dyn Write) -> io::Result<()> {
    let quoted = |text: &str| serde_json::Value::from(safe(text).into_owned()).to_string();
    writeln!(out, "as_of: {}\nregion: {}", quoted(&prices.as_of), quoted(&prices.region))?;
    let mut last = String::new();
    for figure in prices.list() {
        let (section, name) = figure.what.split_once('.').unwrap_or(("", &figure.what));
        if section != last {
            writeln!(out, "{section}:")?;
            section.clone_into(&mut last);
        }
        let (unit, source) = (quoted(&figure.unit), quoted(&figure.source));
        let as_of = match figure.as_of.as_str() {
            own if own == prices.as_of => String::new(),
            own => format!(", as_of: {}", quoted(own)),
        };
        writeln!(out, "  {name}: {{ value: {}, unit: {unit}, source: {source}{as_of} }}", figure.value)?;
    }
    Ok(())
}
