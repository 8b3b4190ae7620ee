//! `faasible completions` and `faasible man`: made of the command line itself.

use anyhow::{Context, bail};
use clap::CommandFactory;

use crate::cli::Exit;
use crate::cli::args::{Args, CompletionsArgs, ManArgs};
use crate::cli::output::Console;
use crate::report::safe;

pub(in crate::cli) fn completions(args: &CompletionsArgs, console: &Console) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), env!("CARGO_PKG_NAME"), &mut text);
    console.print(|out| out.write_all(&text))?;
    Ok(Exit::Done)
}

/// One page, or all of them: `faasible.1`, `faasible-scan.1`, …
pub(in crate::cli) fn manual(args: &ManArgs, console: &Console) -> anyhow::Result<Exit> {
    let mut all = Args::command();
    all.build();
    if let Some(dir) = &args.output {
        let failed = || format!("cannot write to {}", dir.display());
        std::fs::create_dir_all(dir).with_context(failed)?;
        clap_mangen::generate_to(all, dir).with_context(failed)?;
        return Ok(Exit::Done);
    }
    let mut command = &all;
    for name in &args.command {
        let Some(found) = command.find_subcommand(name) else { bail!("there is no command '{}'", safe(name)) };
        command = found;
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    console.print(|out| out.write_all(&text))?;
    Ok(Exit::Done)
}
