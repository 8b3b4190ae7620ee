//! `faasible explain`: a rule and its fixture as a page.

use std::io::{self, Write};

use anyhow::bail;

use crate::cli::Exit;
use crate::cli::args::ExplainArgs;
use crate::cli::output::{BOLD, Console, DIM, wrap};
use crate::report::safe;
use crate::rules::RuleSet;
use crate::rules::fixture::{self, Case, Kind};
use crate::rules::model::Rule;

pub(in crate::cli) fn run(args: &ExplainArgs, console: &Console) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(&args.rules)?;
    let Some((_, rule)) = rules.find(&args.id) else {
        let hint = rules.suggest(&args.id).map(|near| format!("did you mean '{near}'? ")).unwrap_or_default();
        bail!("there is no rule '{}'; {hint}'faasible rules list' shows all", args.id);
    };
    let example = rules.example(&rule.id).and_then(|text| fixture::parse(&format!("{}.md", rule.id), &text).ok());
    let cases = example.map(|fixture| fixture.cases).unwrap_or_default();
    console.print(|out| page(rule, &cases, console.text_width(), out))?;
    Ok(Exit::Done)
}

fn page(rule: &Rule, cases: &[Case], width: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#} {DIM}({}){DIM:#}", safe(&rule.title), safe(&rule.id))?;
    let booster = if rule.booster { " · a booster: speaks for an easy move" } else { "" };
    writeln!(out, "{} · {} · confidence {}{booster}", rule.category, rule.severity, rule.confidence)?;
    if !rule.aliases.is_empty() {
        writeln!(out, "formerly {}", safe(&rule.aliases.join(", ")))?;
    }
    for (heading, text) in [("Why", &rule.why), ("What to do", &rule.fix)] {
        write!(out, "\n{BOLD}{heading}{BOLD:#}\n{}", wrap(text, width, "  "))?;
    }
    write!(out, "\n{BOLD}Effort{BOLD:#}\n{}", wrap(&effort(rule), width, "  "))?;
    writeln!(out, "\n{BOLD}Targets{BOLD:#}")?;
    for (target, fit) in &rule.targets {
        writeln!(out, "  {target:26}{fit}")?;
    }
    for (heading, kind) in [("Found", Kind::Hit), ("Not found", Kind::Ok)] {
        if let Some(case) = cases.iter().find(|case| shows(case, &rule.id, kind)) {
            // Fixtures often call their cases what they show.
            let named = if case.heading == heading { String::new() } else { format!(": {}", safe(&case.heading)) };
            writeln!(out, "\n{BOLD}{heading}{named}{BOLD:#}")?;
            example(case, rule, width, out)?;
        }
    }
    if !rule.links.is_empty() {
        writeln!(out, "\n{BOLD}More{BOLD:#}")?;
        for link in &rule.links {
            writeln!(out, "  {}", safe(link))?;
        }
    }
    Ok(())
}

/// The formula in words.
fn effort(rule: &Rule) -> String {
    let e = &rule.effort;
    if e.cap == 0.0 {
        return "none of its own".to_owned();
    }
    let more = if e.each > 0.0 {
        format!(", {} for each further one (less the more there are)", e.each)
    } else {
        String::new()
    };
    let group =
        e.group.as_ref().map(|group| format!("; shares its design with the group '{group}'")).unwrap_or_default();
    format!("{} days for the first site{more}, at most {} for one service{group}", e.first, e.cap)
}

/// Does the case show this of the rule, and for `ok` nothing else?
fn shows(case: &Case, rule: &str, kind: Kind) -> bool {
    let mut own = case.expectations.iter().filter(|expectation| expectation.rule == rule).map(|e| e.kind).peekable();
    own.peek().is_some() && if kind == Kind::Hit { own.any(|k| k == kind) } else { own.all(|k| k == kind) }
}

fn example(case: &Case, rule: &Rule, width: usize, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", wrap(&case.prose, width, "  "))?;
    let about = |path: &str| case.expectations.iter().any(|e| e.rule == rule.id && e.path == path);
    for file in case.files.iter().filter(|file| about(&file.path)) {
        writeln!(out, "  {DIM}{}{DIM:#}", safe(&file.path))?;
        for line in file.text.lines() {
            writeln!(out, "{}", format!("    {}", safe(line)).trim_end())?;
        }
    }
    Ok(())
}
