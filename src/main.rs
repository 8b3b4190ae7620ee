//! The program: see `faasible --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    faasible::cli::run(std::env::args_os())
}
