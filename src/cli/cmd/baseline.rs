//! `faasible baseline create`, `update` and `prune`.

use std::path::Path;

use anyhow::{Context, anyhow, bail};

use super::input::{configuration, configure, options, roots};
use crate::cli::Exit;
use crate::cli::args::{BaselineArgs, BaselineCommand};
use crate::cli::output::{Console, write_file};
use crate::cli::progress::Progress;
use crate::engine;
use crate::findings::baseline::{Baseline, Known};
use crate::findings::fingerprint::content;
use crate::report::model::Report;
use crate::rules::RuleSet;

pub(in crate::cli) fn run(command: BaselineCommand, console: &Console) -> anyhow::Result<Exit> {
    let (args, old) = match &command {
        BaselineCommand::Create(args) if args.output.exists() => {
            bail!("{} exists already: 'faasible baseline update' replaces it", args.output.display())
        }
        BaselineCommand::Create(args) => (args, Baseline::default()),
        BaselineCommand::Update(args) | BaselineCommand::Prune(args) => (args, read(&args.output)?),
    };
    let Some(now) = scan(args, console)? else { return Ok(Exit::Nothing) };
    let new = if matches!(command, BaselineCommand::Prune(_)) { old.pruned(&now) } else { now };
    write_file(&args.output, |out| out.write_all(new.to_text().as_bytes()))
        .with_context(|| format!("cannot write {}", args.output.display()))?;
    let gone = old.len() - old.pruned(&new).len();
    let added = new.len() - new.pruned(&old).len();
    console.note(&format!("{}: {} findings, {added} added, {gone} dropped", args.output.display(), new.len()));
    Ok(Exit::Done)
}

/// Reads a baseline.
pub(super) fn read(path: &Path) -> anyhow::Result<Baseline> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the baseline {shown}"))?;
    Baseline::parse(&text).map_err(|reason| anyhow!("{shown}: {reason}"))
}

/// All findings of now; nothing when there is nothing to scan.
fn scan(args: &BaselineArgs, console: &Console) -> anyhow::Result<Option<Baseline>> {
    let rules = RuleSet::load(&args.rules)?;
    let roots = roots(std::slice::from_ref(&args.path))?;
    let file = configuration(&args.input, &roots)?;
    let mut options = options(&args.input, &roots, &file);
    configure(&mut options, &file, &rules)?;
    let progress = Progress::new(console);
    options.observer = Some(progress.observer());
    let result = engine::scan(&roots.root, &options, &rules);
    progress.finish();
    let report = result?;
    if report.workspace.files == 0 {
        console.warn(&format!("nothing to scan in {}; nothing was written", roots.root.display()));
        return Ok(None);
    }
    Ok(Some(of(&report)))
}

fn of(report: &Report) -> Baseline {
    Baseline::new(report.findings.iter().map(|f| Known {
        path: f.path.clone(),
        rule: f.rule.clone(),
        fingerprint: f.fingerprint.clone(),
        content: content(&f.rule, &f.path, &f.context, &f.snippet),
        count: 1,
    }))
}
