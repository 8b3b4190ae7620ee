//! `faasible backlog`.

use std::path::Path;

use anyhow::{Context, bail};

use super::input::{configuration, configure, options, read_report, roots};
use crate::cli::Exit;
use crate::cli::args::{BacklogArgs, BacklogFormat, Grouping};
use crate::cli::output::{Console, write_file};
use crate::cli::progress::Progress;
use crate::engine;
use crate::report::backlog::{self, Backlog, By, Form};
use crate::report::model::Report;
use crate::rules::RuleSet;

pub(in crate::cli) fn run(args: &BacklogArgs, console: &Console) -> anyhow::Result<Exit> {
    if args.format == BacklogFormat::GithubIssues && args.output.is_none() {
        bail!("--format github-issues writes a directory: name it with --output DIR");
    }
    let report = match &args.report {
        Some(path) => read_report(path)?,
        None => scan(args, console)?,
    };
    let by = match args.by {
        Grouping::Service => By::Service,
        Grouping::Lever => By::Lever,
    };
    let backlog = backlog::build(&report, by);
    if backlog.epics.is_empty() {
        console.warn("there is nothing to do: no service or job was assessed");
    }
    let form = match args.format {
        BacklogFormat::Markdown => Form::Markdown,
        BacklogFormat::Csv => Form::Jira,
        BacklogFormat::Github => Form::Github,
        BacklogFormat::Linear => Form::Linear,
        BacklogFormat::Azure => Form::Azure,
        BacklogFormat::GithubIssues => {
            return directory(&backlog, args.output.as_deref().unwrap_or(Path::new(".")), console);
        }
    };
    match &args.output {
        Some(path) => write_file(path, |out| backlog::write(&backlog, &report, form, out))
            .with_context(|| format!("cannot write {}", path.display()))?,
        None => console.print(|out| backlog::write(&backlog, &report, form, out))?,
    }
    Ok(Exit::Done)
}

fn scan(args: &BacklogArgs, console: &Console) -> anyhow::Result<Report> {
    let rules = RuleSet::load(&args.rules)?;
    let roots = roots(std::slice::from_ref(&args.path))?;
    let progress = Progress::new(console);
    let file = configuration(&args.input, &roots)?;
    let mut options = options(&args.input, &roots, &file);
    configure(&mut options, &file, &rules)?;
    options.target = args.target;
    options.observer = Some(progress.observer());
    let report = engine::scan(&roots.root, &options, &rules);
    progress.finish();
    Ok(report?)
}

/// Files of the same id are replaced; others stay, as a team may have added to them.
fn directory(backlog: &Backlog, dir: &Path, console: &Console) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let files = backlog::files(backlog);
    for file in &files {
        let path = dir.join(&file.name);
        write_file(&path, |out| out.write_all(file.text.as_bytes()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    console.note(&format!("{} files written to {}", files.len(), dir.display()));
    Ok(Exit::Done)
}
