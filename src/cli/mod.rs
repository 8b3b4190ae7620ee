//! The command line: the only part that prints.

mod args;
mod cmd;
mod exit;
mod output;
mod progress;
mod words;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command, ConfigCommand, RulesCommand};
pub use exit::Exit;
use output::Console;

/// Runs the program with the arguments of the process and says how it ended. An error is told on
/// stderr, once.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // Help and version come this way too, with code 0.
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            let _ = error.print();
            return code.into();
        }
    };
    let console = Console::new(args.global.color, args.global.quiet, args.global.verbose);
    match dispatch(args, &console) {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            console.error(&error);
            Exit::Usage.into()
        }
    }
}

fn dispatch(args: Args, console: &Console) -> anyhow::Result<Exit> {
    match args.command {
        Command::Scan(args) => cmd::scan::run(*args, console),
        Command::Units(args) => cmd::units::run(args, console),
        Command::Backlog(args) => cmd::backlog::run(&args, console),
        Command::Merge(args) => cmd::merge::run(&args, console),
        Command::WhatIf(args) => cmd::whatif::run(&args, console),
        Command::Calibrate(args) => cmd::calibrate::run(&args, console),
        Command::Explain(args) => cmd::explain::run(&args, console),
        Command::Rules { command: RulesCommand::List(args) } => cmd::rules_list::run(&args, console),
        Command::Rules { command: RulesCommand::Test(args) } => cmd::rules_test::run(&args, console),
        Command::Rules { command: RulesCommand::New(args) } => cmd::rules_new::run(&args, console),
        Command::Baseline { command } => cmd::baseline::run(command, console),
        Command::Config { command: ConfigCommand::Show(args) } => cmd::config_show::run(&args, console),
        Command::Completions(args) => cmd::shell::completions(&args, console),
        Command::Man => cmd::shell::manual(console),
    }
}

/// Whoever read our output has seen enough: `faasible … | head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe))
}
