//! `faasible rules list`.

use crate::cli::Exit;
use crate::cli::args::{ListArgs, ListFormat};
use crate::cli::output::{BOLD, Console};
use crate::report::safe;
use crate::rules::RuleSet;
use crate::rules::model::Category;

pub(in crate::cli) fn run(args: &ListArgs, console: &Console) -> anyhow::Result<Exit> {
    let set = RuleSet::load(&args.rules)?;
    set.notes.iter().for_each(|note| console.note(note));
    let width = set.rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or(0);
    console.print(|out| {
        if args.format == ListFormat::Json {
            serde_json::to_writer_pretty(&mut *out, &*set.rules)?;
            return writeln!(out);
        }
        for category in Category::ALL {
            let mut rules = set.rules.iter().filter(|rule| rule.category == *category).peekable();
            if rules.peek().is_some() {
                writeln!(out, "{BOLD}{category}{BOLD:#}")?;
            }
            for rule in rules {
                let severity = if rule.booster { "booster" } else { rule.severity.as_str() };
                writeln!(out, "  {:width$}  {severity:8} {}", safe(&rule.id), safe(&rule.title))?;
            }
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}
