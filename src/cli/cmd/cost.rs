//! `faasible cost`.

use super::money::{configuration, request};
use super::scan::{output, write};
use crate::cli::Exit;
use crate::cli::args::CostArgs;
use crate::cli::output::Console;
use crate::cost::of_traffic;
use crate::report::{self, Format, priced};
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: &CostArgs, console: &Console) -> anyhow::Result<Exit> {
    let outputs = args.output.iter().map(|path| output(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let rules = RuleSet::empty()?;
    let file = configuration(&args.config)?;
    let Some(mut request) = request(&args.files, &args.money, &file, &rules)? else { return Ok(Exit::Nothing) };
    request.settings.target = args.target.unwrap_or(request.settings.target);
    let (costs, fleet) = of_traffic(&request);
    if costs.is_empty() {
        fleet.problems.iter().take(10).for_each(|p| console.note(&format!("{}:{}: {}", p.file, p.line, p.message)));
        console.warn("no service with requests in these files");
        return Ok(Exit::Nothing);
    }
    let report = priced::report(costs, fleet, request.settings.target);
    let mut form = report::Options { verbose: console.verbose, ..report::Options::default() };
    for (path, format) in &outputs {
        write(&report, *format, &form, path)?;
    }
    form.color = console.color();
    form.width = console.width();
    if let Some(format) = args.format.or((!console.quiet).then_some(Format::Term)) {
        console.print(|out| report::render(&report, format, &form, out))?;
    }
    Ok(Exit::Done)
}
