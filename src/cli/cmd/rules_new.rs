//! `faasible rules new`.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, anyhow, bail};

use crate::cli::Exit;
use crate::cli::args::NewArgs;
use crate::cli::output::Console;
use crate::rules::check::{RuleFile, check_rule, read_yaml};
use crate::rules::model::Category;

const RULE: &str = include_str!("rule_template.yaml");
const FIXTURE: &str = include_str!("fixture_template.md");

pub(in crate::cli) fn run(args: &NewArgs, console: &Console) -> anyhow::Result<Exit> {
    let (category, id) = args
        .name
        .split_once('/')
        .ok_or_else(|| anyhow!("'{}' is not of the form CATEGORY/ID, such as thread-pool/my-executor", args.name))?;
    let category: Category = category.parse().map_err(|reason: String| anyhow!("no such category: {reason}"))?;
    let text = RULE.replace("CATEGORY", category.as_str()).replace("RULE-ID", id);
    let path = args.rules.join(category.as_str()).join(format!("{id}.yaml"));
    check(&path, id, category, &text)?;
    let beside = match (args.rules.file_name(), args.rules.parent()) {
        (Some(_), Some(parent)) => parent.to_owned(),
        _ => args.rules.join(".."),
    };
    let fixture = beside.join("fixtures/rules").join(format!("{id}.md"));
    for taken in [&path, &fixture] {
        if taken.exists() {
            bail!("{} exists already; nothing was written", taken.display());
        }
    }
    write(&path, &text)?;
    write(&fixture, &FIXTURE.replace("RULE-ID", id))?;
    console.print(|out| {
        writeln!(out, "{}\n{}", path.display(), fixture.display())?;
        writeln!(out, "Describe the pattern in the first, show it in the second; then")?;
        writeln!(out, "  faasible rules test {}", args.rules.display())
    })?;
    Ok(Exit::Done)
}

/// The template must pass with this name; what can be wrong is the name.
fn check(path: &Path, id: &str, category: Category, text: &str) -> anyhow::Result<()> {
    let shown = path.display().to_string();
    let rule = read_yaml(&shown, text).map_err(|problem| anyhow!("{problem}"))?;
    let folder = Some(category.as_str().to_owned());
    let file = RuleFile { path: shown, stem: id.to_owned(), folder, text: text.to_owned(), rule };
    match check_rule(&file).first() {
        Some(problem) => bail!("'{id}' cannot be the id of a rule: {}", problem.message),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let result = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    result
        .and_then(|()| File::create_new(path)?.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{FIXTURE, RULE, check};
    use crate::rules::check::read_yaml;
    use crate::rules::fixture::{check_coverage, parse};
    use crate::rules::model::{Category, Rule};

    #[test]
    fn the_templates_pass_for_every_category() {
        for category in Category::ALL {
            let text = RULE.replace("CATEGORY", category.as_str()).replace("RULE-ID", "my-rule");
            check("x.yaml".as_ref(), "my-rule", *category, &text).unwrap();
            let rule: Rule = read_yaml("x.yaml", &text).unwrap();
            let fixture = parse("my-rule.md", &FIXTURE.replace("RULE-ID", "my-rule")).unwrap();
            assert_eq!(check_coverage(&rule, Some(&fixture)), [] as [&str; 0]);
        }
        let text = RULE.replace("CATEGORY", "other").replace("RULE-ID", "My_Rule");
        assert!(check("x.yaml".as_ref(), "My_Rule", Category::Other, &text).is_err());
    }
}
