//! Traffic files and prices of the command line and the configuration.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde_json::{Value, json};

use crate::cli::args::{ConfigFileArgs, MoneyArgs};
use crate::config::{Architecture, File, Problem};
use crate::cost::prices::{Prices, overlay};
use crate::cost::traffic::Traffic;
use crate::cost::{Request, Settings};
use crate::rules::RuleSet;
use crate::rules::check::read_yaml;

/// What is asked of the traffic in these files, or those of the configuration; none when there are none.
pub(super) fn request(
    files: &[PathBuf],
    money: &MoneyArgs,
    config: &File,
    rules: &RuleSet,
) -> anyhow::Result<Option<Request>> {
    let settings = settings(money, config, rules)?;
    let files = match files {
        [] => config.config.cost.traffic.iter().map(|name| beside(name.get_ref(), config)).collect::<Result<_, _>>()?,
        named => named.to_vec(),
    };
    if files.is_empty() {
        return Ok(None);
    }
    let mut traffic = Traffic::default();
    for path in files {
        traffic.read(&path, &settings.prices)?;
    }
    Ok(Some(Request { traffic, settings }))
}

fn settings(money: &MoneyArgs, file: &File, rules: &RuleSet) -> anyhow::Result<Settings> {
    let config = &file.config.cost;
    let mut prices = prices(money.prices.as_deref(), file, rules)?;
    if let Some(rate) = money.day_rate.or(config.day_rate) {
        let figure = &mut prices.assumed.day_rate;
        (figure.value, figure.source, figure.as_of) = (rate, "your own".to_owned(), Some(String::new()));
    }
    let architecture = if money.arm { Architecture::Arm } else { config.architecture.unwrap_or_default() };
    Ok(Settings {
        prices,
        architecture,
        target: file.config.target.unwrap_or_default(),
        today: config.today,
        free_tier: config.free_tier,
        budget: money.budget.or(config.budget),
        front: money.front_door.or(config.front_door),
        chains: config.chains.clone(),
    })
}

/// The built-in prices with those of a file over them, and with those that stand in the configuration over both.
pub(super) fn prices(own: Option<&Path>, file: &File, rules: &RuleSet) -> anyhow::Result<Prices> {
    let config = &file.config.cost;
    let base: Value = rules.catalog("prices")?;
    let mut over = json!({});
    let path = match (own, &config.price_file) {
        (Some(path), _) => Some(path.to_owned()),
        (None, Some(name)) => Some(beside(name.get_ref(), file)?),
        (None, None) => None,
    };
    if let Some(path) = path {
        let shown = path.to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
        over = read_yaml(&shown, &text).map_err(|problem| anyhow!(problem.to_string()))?;
        overlay(&base, &mut over);
        if let Err(error) = checked(rules, &over) {
            return Err(place(&shown, &text, &error).into());
        }
    }
    if !config.prices.is_empty() {
        let mut own = serde_json::to_value(&config.prices)?;
        overlay(&base, &mut own);
        if let Err(error) = checked(rules, &own) {
            return Err(file.problem_in("cost", &error).into());
        }
        merge(&mut over, own);
    }
    checked(rules, &over).map_err(|error| anyhow!(error))
}

fn checked(rules: &RuleSet, over: &Value) -> Result<Prices, String> {
    if !over.is_object() && !over.is_null() {
        return Err("no table of prices".to_owned());
    }
    let over = if over.is_null() { &json!({}) } else { over };
    let prices: Prices = rules.catalog_with("prices", over).map_err(|error| error.to_string())?;
    prices.check().map(|()| prices)
}

/// A problem, at the line that holds the word which it puts in quotes.
fn place(shown: &str, text: &str, error: &str) -> Problem {
    let word = error.split('`').nth(1).unwrap_or_default();
    let word = word.rsplit('.').next().unwrap_or_default();
    match text.find(&format!("{word}:")).filter(|_| !word.is_empty()) {
        Some(at) => Problem::at(shown, text, at..at + word.len(), error),
        None => Problem::whole(shown, error),
    }
}

/// Sections, and figures within them.
fn merge(into: &mut Value, from: Value) {
    let (Value::Object(into), Value::Object(from)) = (into, from) else { return };
    for (section, figures) in from {
        match (into.get_mut(&section), figures) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
            (_, figures) => _ = into.insert(section, figures),
        }
    }
}

/// A file that the configuration names. A scanned tree must not make us read what lies outside it.
fn beside(name: &str, config: &File) -> anyhow::Result<PathBuf> {
    let from = config.path.clone().unwrap_or_default();
    let path = from.with_file_name(name);
    let shown = path.display();
    let inside = || {
        let full = path.canonicalize().ok().filter(|full| full.is_file())?;
        full.starts_with(from.canonicalize().ok()?.parent()?).then_some(())
    };
    inside().with_context(|| format!("no file {shown}: one beside or below the configuration"))?;
    Ok(path)
}

/// The configuration of a command that scans nothing.
pub(super) fn configuration(args: &ConfigFileArgs) -> anyhow::Result<File> {
    if args.no_config { Ok(File::default()) } else { Ok(File::find(Path::new("."), args.config.as_deref())?) }
}
