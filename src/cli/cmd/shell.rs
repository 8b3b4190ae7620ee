//! `faasible completions` and `faasible man`: made of the command line itself.

use clap::CommandFactory;

use crate::cli::Exit;
use crate::cli::args::{Args, CompletionsArgs};
use crate::cli::output::Console;

pub(in crate::cli) fn completions(args: &CompletionsArgs, console: &Console) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), env!("CARGO_PKG_NAME"), &mut text);
    console.print(|out| out.write_all(&text))?;
    Ok(Exit::Done)
}

pub(in crate::cli) fn manual(console: &Console) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut text)?;
    console.print(|out| out.write_all(&text))?;
    Ok(Exit::Done)
}
