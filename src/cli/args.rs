//! The command line as types.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};

use super::words::word;
use crate::report::Format;
use crate::rules::model::{Confidence, Severity, Target};

/// Tells what it takes to run the services of a monorepo as functions.
#[derive(Debug, Parser)]
#[command(name = "faasible", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done · 1 a gate has failed: --fail-on and others, or new findings with --baseline · \
                        2 wrong usage, configuration or rules · 3 nothing to scan"
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) global: Global,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// Print only the report that was asked for, and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Print reasons, remedies and further places in full
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Assess the services below a directory
    Scan(Box<ScanArgs>),
    /// List the services, jobs and libraries below a directory
    Units(UnitsArgs),
    /// Write the work as epics and stories for a tracker
    Backlog(Box<BacklogArgs>),
    /// Join the JSON reports of several repositories into one
    Merge(MergeArgs),
    /// Tell what the fleet would take after some fixes
    #[command(name = "whatif")]
    WhatIf(Box<WhatIfArgs>),
    /// Fit the coefficients of effort to finished moves
    Calibrate(Box<CalibrateArgs>),
    /// Explain a rule: why it matters, what to do, with examples
    Explain(ExplainArgs),
    /// List, test and write rules
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Keep a list of known findings, so that a scan tells only new ones
    Baseline {
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Write a baseline of all findings of now
    Create(BaselineArgs),
    /// Replace a baseline by the findings of now
    Update(BaselineArgs),
    /// Drop from a baseline what is found no more
    Prune(BaselineArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct BaselineArgs {
    /// Directory to scan
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// The baseline
    #[arg(short, long, value_name = "FILE", default_value = "faasible-baseline.json", value_hint = ValueHint::FilePath)]
    pub(super) output: PathBuf,
    /// Use the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print what holds: the configuration with the command line over it, and all coefficients
    Show(ConfigArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ConfigArgs {
    /// Directory that would be scanned
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Know the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List all rules
    List(ListArgs),
    /// Check the rules of a directory and run their fixtures
    Test(TestArgs),
    /// Write a new rule and its fixture from a template
    New(NewArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ScanArgs {
    /// Directories to scan; findings are told relative to the one, or to what several have in common
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,

    /// Tell only of this service, in depth: its sum, verdicts and findings, those of its libraries too
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub(super) service: Option<String>,
    /// Format on standard output
    #[arg(short, long, value_name = "FORMAT", value_parser = word::<Format>(), help_heading = "Output")]
    pub(super) format: Option<Format>,
    /// Write a report to a file, in the format that its ending names; may be given several times
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(super) output: Vec<PathBuf>,
    /// Leave out findings below this severity; effort and verdicts still count them
    #[arg(long, value_name = "SEVERITY", value_parser = word::<Severity>(), help_heading = "Output")]
    pub(super) min_severity: Option<Severity>,
    /// Leave out findings below this confidence; effort and verdicts still count them
    #[arg(long, value_name = "CONFIDENCE", value_parser = word::<Confidence>(), help_heading = "Output")]
    pub(super) min_confidence: Option<Confidence>,
    /// Write SARIF to one file per service, each a category of its own: `report.sarif` becomes
    /// `report.<service>.sarif`
    #[arg(long, value_name = "BY", help_heading = "Output")]
    pub(super) sarif_split: Option<SarifSplit>,
    /// Category of the SARIF report, to tell several on one commit apart
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true, help_heading = "Output")]
    pub(super) category: String,
    /// Leave suppressed findings out of SARIF: GitHub takes them for open alerts
    #[arg(long, help_heading = "Output")]
    pub(super) no_suppressed: bool,
    /// Tell only findings that this baseline does not know; effort and verdicts count all
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "New findings")]
    pub(super) baseline: Option<PathBuf>,
    /// Tell only findings on lines that changed since this revision left the current branch
    #[arg(long, value_name = "REV", help_heading = "New findings")]
    pub(super) since: Option<String>,
    /// End with code 1 when a finding that is not left out has at least this severity
    #[arg(long, value_name = "SEVERITY", value_parser = word::<Severity>(), help_heading = "Gates")]
    pub(super) fail_on: Option<Severity>,
    /// End with code 1 when a service or job takes more person-days
    #[arg(long, value_name = "DAYS", value_parser = days, help_heading = "Gates")]
    pub(super) max_effort: Option<f64>,
    /// End with code 1 when the whole fleet takes more person-days
    #[arg(long, value_name = "DAYS", value_parser = days, help_heading = "Gates")]
    pub(super) max_fleet_effort: Option<f64>,
    /// End with code 1 when a service or job is less ready, from 0 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100), help_heading = "Gates")]
    pub(super) min_readiness: Option<u32>,
    /// Print how long each stage took
    #[arg(long, help_heading = "Output")]
    pub(super) timings: bool,

    /// Where the services are to move; effort is computed for it [default: lambda]
    #[arg(short, long, value_parser = word::<Target>(), help_heading = "Assessment")]
    pub(super) target: Option<Target>,
    /// Use the rules of this directory too; one of the same id replaces the built-in one
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Assessment")]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SarifSplit {
    Service,
}

fn days(text: &str) -> Result<f64, String> {
    let days: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if days.is_finite() && days >= 0.0 { Ok(days) } else { Err("person-days are a number from 0".to_owned()) }
}

/// What to read; shared by all commands that scan.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// Leave out paths that fit this glob; may be given several times
    #[arg(long, value_name = "GLOB")]
    pub(super) exclude: Vec<String>,
    /// Read files that .gitignore names
    #[arg(long)]
    pub(super) no_ignore: bool,
    /// Read test sources too
    #[arg(long)]
    pub(super) tests: bool,
    /// Read this configuration instead of the `faasible.toml` of the directory
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long)]
    pub(super) no_config: bool,
    /// Keep what was read of each file in this directory, for the next run
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, env = "FAASIBLE_CACHE")]
    pub(super) cache: Option<PathBuf>,
    /// Threads; 0 for one per core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
}

#[derive(Debug, clap::Args)]
pub(super) struct UnitsArgs {
    /// Directory to look at
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) input: InputArgs,
    /// Format
    #[arg(short, long, default_value = "term")]
    pub(super) format: ListFormat,
}

#[derive(Debug, clap::Args)]
pub(super) struct BacklogArgs {
    /// Directory to scan
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// Take this JSON report instead of scanning
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "path")]
    pub(super) report: Option<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,

    /// Format; csv is for Jira, github-issues writes a directory of Markdown files
    #[arg(short, long, default_value = "markdown", help_heading = "Output")]
    pub(super) format: BacklogFormat,
    /// Write to this file or, for github-issues, into this directory
    #[arg(short, long, value_name = "PATH", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// What an epic is: a service or shared library, or a pattern over all of them
    #[arg(long, default_value = "service", help_heading = "Output")]
    pub(super) by: Grouping,

    /// Where the services are to move
    #[arg(short, long, value_parser = word::<Target>(), default_value = "lambda", help_heading = "Assessment")]
    pub(super) target: Target,
    /// Use the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Assessment")]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct WhatIfArgs {
    /// Directory to scan
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// What is fixed everywhere: a rule, a shared library or a category; may be given several times
    #[arg(long, value_name = "NAME", required = true, value_delimiter = ',')]
    pub(super) fix: Vec<String>,
    /// Take this JSON report instead of scanning
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "path")]
    pub(super) report: Option<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,

    /// Format
    #[arg(short, long, default_value = "term", help_heading = "Output")]
    pub(super) format: ListFormat,

    /// Where the services are to move [default: lambda]
    #[arg(short, long, value_parser = word::<Target>(), help_heading = "Assessment")]
    pub(super) target: Option<Target>,
    /// Use the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Assessment")]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct CalibrateArgs {
    /// Finished moves, a service and its person-days in each row
    #[arg(value_name = "ACTUALS.CSV", value_hint = ValueHint::FilePath)]
    pub(super) actuals: PathBuf,
    /// Directory to scan, in the state before the moves
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// Take this JSON report instead of scanning
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) report: Option<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,

    /// Print what would be written to `faasible.toml`, and write nothing
    #[arg(long, help_heading = "Output")]
    pub(super) dry_run: bool,

    /// Where the services were moved [default: lambda]
    #[arg(short, long, value_parser = word::<Target>(), help_heading = "Assessment")]
    pub(super) target: Option<Target>,
    /// Use the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Assessment")]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BacklogFormat {
    Markdown,
    Csv,
    Github,
    GithubIssues,
    Linear,
    Azure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Grouping {
    Service,
    Lever,
}

#[derive(Debug, clap::Args)]
pub(super) struct MergeArgs {
    /// JSON reports, each named after its repository: paths get that name in front
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(super) reports: Vec<PathBuf>,
    /// Format on standard output; json when no file is written
    #[arg(short, long, value_name = "FORMAT", value_parser = word::<Format>())]
    pub(super) format: Option<Format>,
    /// Write the report to a file, in the format that its ending names; may be given several times
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// Id of the rule, or a former id
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// Know the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Format
    #[arg(short, long, default_value = "term")]
    pub(super) format: ListFormat,
    /// List the rules of this directory too
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) rules: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    Term,
    Json,
}

#[derive(Debug, clap::Args)]
pub(super) struct TestArgs {
    /// Directory with rules; fixtures lie in it or in `fixtures/rules` beside it
    #[arg(value_name = "DIR", default_value = "rules", value_hint = ValueHint::DirPath)]
    pub(super) dir: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct NewArgs {
    /// Category and id: `thread-pool/my-executor`
    #[arg(value_name = "CATEGORY/ID")]
    pub(super) name: String,
    /// Directory for rules; the fixture goes to `fixtures/rules` beside it
    #[arg(long, value_name = "DIR", default_value = "rules", value_hint = ValueHint::DirPath)]
    pub(super) rules: PathBuf,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Args;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }
}
