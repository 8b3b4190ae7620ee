//! `faasible scan`.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::gates;
use super::git::changed_since;
use super::input::{configuration, configure, options, roots};
use super::split::by_service;
use crate::cli::Exit;
use crate::cli::args::ScanArgs;
use crate::cli::output::{Console, write_file};
use crate::cli::progress::Progress;
use crate::config::{File, Gates};
use crate::engine;
use crate::findings::baseline::Baseline;
use crate::report::model::Report;
use crate::report::{self, Format, focus};
use crate::rules::RuleSet;
use crate::rules::model::{Confidence, Severity};

pub(in crate::cli) fn run(args: ScanArgs, console: &Console) -> anyhow::Result<Exit> {
    let outputs = args.output.iter().map(|path| output(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let rules = RuleSet::load(&args.rules)?;
    rules.notes.iter().for_each(|note| console.note(note));
    let roots = roots(&args.paths)?;
    let file = configuration(&args.input, &roots)?;
    let mut options = options(&args.input, &roots, &file);
    configure(&mut options, &file, &rules)?;
    options.target = args.target.unwrap_or(options.target);
    options.baseline = baseline(&args, &file)?;
    options.changed = args.since.as_deref().map(|rev| changed_since(&roots.root, rev)).transpose()?;
    let progress = Progress::new(console);
    options.observer = Some(progress.observer());
    let result = engine::scan(&roots.root, &options, &rules);
    progress.finish();
    let mut report = result?;

    if report.workspace.files == 0 {
        console.warn(&format!(
            "nothing to scan in {}: no source, manifest, settings or deployment files; \
             --no-ignore reads those that .gitignore names",
            roots.root.display()
        ));
        return Ok(Exit::Nothing);
    }
    if let Some(name) = &args.service {
        focus::on(&mut report, name)?;
    }
    let hidden = leave_out(&mut report, args.min_severity, args.min_confidence);
    let mut form = report::Options {
        verbose: console.verbose,
        prefix: roots.prefix,
        category: args.category.clone(),
        suppressed: !args.no_suppressed,
        ..report::Options::default()
    };
    if console.verbose || args.service.is_some() {
        form.max_findings = None;
        form.verbose = true;
    }
    progress.stage("write");
    for (path, format) in &outputs {
        if *format == Format::Sarif && args.sarif_split.is_some() {
            for (path, category, part) in by_service(&report, path) {
                write(&part, Format::Sarif, &report::Options { category, ..form.clone() }, &path)?;
            }
        } else {
            write(&report, *format, &form, path)?;
        }
    }
    form.color = console.color();
    form.width = console.width();
    form.links = console.links(&roots.root);
    if let Some(format) = args.format.or((!console.quiet).then_some(Format::Term)) {
        console.print(|out| report::render(&report, format, &form, out))?;
    }
    report.notes.iter().for_each(|note| console.note(note));
    if hidden > 0 {
        console.note(&format!("{hidden} findings below --min-severity or --min-confidence are not shown"));
    }
    if args.timings {
        console.note(&format!("timings\n{}", progress.timings().trim_end()));
    }
    let line = Gates {
        fail_on: args.fail_on,
        max_effort: args.max_effort,
        max_fleet_effort: args.max_fleet_effort,
        min_readiness: args.min_readiness,
    };
    let failures = gates::failures(&report, &gates::over(&file.config.gates, line), options.baseline.is_some());
    failures.iter().for_each(|failure| console.note(failure));
    Ok(if failures.is_empty() { Exit::Done } else { Exit::Findings })
}

/// The baseline of the command line, or else that of the configuration, which lies beside it.
fn baseline(args: &ScanArgs, file: &File) -> anyhow::Result<Option<Baseline>> {
    if let Some(path) = &args.baseline {
        return super::baseline::read(path).map(Some);
    }
    let Some((name, config)) = file.config.baseline.as_ref().zip(file.path.as_ref()) else { return Ok(None) };
    let path = config.with_file_name(name);
    let shown = path.display();
    let inside = || {
        let full = path.canonicalize().ok().filter(|full| full.is_file())?;
        full.starts_with(config.canonicalize().ok()?.parent()?).then_some(full)
    };
    // A scanned tree must not make us read what lies outside it.
    let full = inside().with_context(|| format!("no baseline {shown}: a file beside or below the configuration"))?;
    super::baseline::read(&full).map(Some)
}

fn write(report: &Report, format: Format, form: &report::Options, path: &Path) -> anyhow::Result<()> {
    write_file(path, |out| report::render(report, format, form, out))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The format of a file by its ending, before any work is done for it.
pub(super) fn output(path: &Path) -> anyhow::Result<(PathBuf, Format)> {
    let format = Format::from_extension(path).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
        anyhow!("cannot tell a format by the ending of {}; the formats are {}", path.display(), known.join(", "))
    })?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    match parent {
        Some(parent) if !parent.is_dir() => {
            Err(anyhow!("cannot write {}: there is no directory {}", path.display(), parent.display()))
        }
        _ => Ok((path.to_owned(), format)),
    }
}

/// Drops what is not to be shown; says how many. Effort and verdicts stay as they are.
fn leave_out(report: &mut Report, severity: Option<Severity>, confidence: Option<Confidence>) -> usize {
    let before = report.findings.len();
    report.findings.retain(|finding| {
        severity.is_none_or(|least| finding.severity >= least)
            && confidence.is_none_or(|least| finding.confidence >= least)
    });
    let hidden = before - report.findings.len();
    if hidden > 0 {
        report.summary.findings.clear();
        for finding in &report.findings {
            *report.summary.findings.entry(finding.severity.to_string()).or_default() += 1;
        }
    }
    hidden
}
