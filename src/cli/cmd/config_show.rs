//! `faasible config show`.

use toml::Table;

use super::input::{configuration, configure, options, roots};
use crate::assess::Coefficients;
use crate::cli::Exit;
use crate::cli::args::ConfigArgs;
use crate::cli::output::Console;
use crate::report::safe;
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: &ConfigArgs, console: &Console) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(&args.rules)?;
    let roots = roots(std::slice::from_ref(&args.path))?;
    let mut file = configuration(&args.input, &roots)?;
    let mut options = options(&args.input, &roots, &file);
    configure(&mut options, &file, &rules)?;
    let coefficients: Coefficients = rules.catalog_with("effort", &options.effort)?;
    let origin = file.path.as_ref().map(|path| path.display().to_string());

    let config = &mut file.config;
    config.target = Some(options.target);
    config.scan.tests = options.walk.tests;
    config.scan.no_ignore = options.walk.no_ignore;
    config.scan.exclude = options.walk.exclude.iter().map(|glob| toml::Spanned::new(0..0, glob.clone())).collect();
    config.effort = Table::try_from(&coefficients)?;
    let text = toml::to_string(&config)?;
    console.print(|out| {
        match origin {
            Some(path) => writeln!(out, "# {} with the command line over it", safe(&path))?,
            None => writeln!(out, "# no faasible.toml; the command line over the defaults")?,
        }
        let lines: Vec<_> = text.lines().map(safe).collect();
        writeln!(out, "{}", lines.join("\n"))
    })?;
    Ok(Exit::Done)
}
