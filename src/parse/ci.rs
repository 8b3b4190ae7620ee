//! GitHub Actions, GitLab CI, Azure and Bitbucket pipelines, Jenkinsfiles: steps and matrices.

use std::collections::BTreeMap;

use super::flat::{Document, below};
use super::yaml;
use crate::facts::{CiStep, Note};
use crate::text::Span;

/// More steps are no pipeline.
const MAX_STEPS: usize = 2_000;

/// Reads a pipeline.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<CiStep> {
    let lower = path.to_ascii_lowercase();
    if !lower.ends_with(".yml") && !lower.ends_with(".yaml") {
        return jenkins(text);
    }
    let documents = yaml::parse(path, text, notes);
    documents.iter().flat_map(of_document).take(MAX_STEPS).collect()
}

/// Steps are the items of lists called so; jobs without steps (GitLab) are one step each.
fn of_document(document: &Document) -> Vec<CiStep> {
    let mut steps: BTreeMap<&str, (usize, CiStep)> = BTreeMap::new();
    let mut matrices: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for (at, entry) in document.entries.iter().enumerate() {
        let key = entry.key.as_str();
        if let Some((job, name)) = matrix_entry(key) {
            let values = matrices.entry(job).or_default().entry(name).or_default();
            // `[orders, pay]` written as one text in templates.
            let list = entry.value.trim_matches(['[', ']']).split(',').map(|v| v.trim().trim_matches(['"', '\'']));
            values.extend(list.filter(|v| !v.is_empty()).map(str::to_owned));
            continue;
        }
        let Some(step) = step_of(key) else { continue };
        let (_, found) = steps.entry(step).or_insert_with(|| (at, CiStep { span: entry.span, ..CiStep::default() }));
        found.span.end = found.span.end.max(entry.span.end);
        let inner = below(key, step).unwrap_or("");
        found.text.push_str(&format!("{inner}: {}\n", entry.value));
    }
    let mut out: Vec<(usize, CiStep)> = steps
        .into_iter()
        .map(|(key, (at, step))| {
            let around = matrices.iter().filter(|(job, _)| below(key, job).is_some());
            let matrix = around.flat_map(|(_, m)| m.iter().map(|(name, values)| (name.clone(), values.clone())));
            (at, CiStep { matrix: matrix.collect(), ..step })
        })
        .collect();
    out.sort_by_key(|(at, _)| *at);
    out.into_iter().map(|(_, step)| step).collect()
}

/// `jobs.build.strategy.matrix.service[0]` is `service` of `jobs.build`; so are `include[1].service`, GitLab's
/// `parallel.matrix[0].SERVICE[1]` and Azure's `strategy.matrix.orders.service`.
fn matrix_entry(key: &str) -> Option<(&str, String)> {
    let (job, rest) = ["strategy.matrix.", "parallel.matrix"].iter().find_map(|word| {
        let at = key.find(word)?;
        Some((key[..at].trim_end_matches('.'), &key[at + word.len()..]))
    })?;
    if rest.starts_with("exclude") {
        return None;
    }
    let name = rest.rsplit('.').next().unwrap_or(rest);
    let name = name.split('[').next().unwrap_or(name);
    (!name.is_empty()).then(|| (job, name.to_owned()))
}

/// The path of the step that an entry belongs to.
fn step_of(key: &str) -> Option<&str> {
    if let Some(at) = key.find("steps[").or_else(|| key.find("step.script")) {
        let end = key[at..].find(']').map_or(key.len(), |end| at + end + 1);
        return Some(&key[..end]);
    }
    let (job, rest) = key.split_once('.').or_else(|| key.split_once('['))?;
    // Travis has one job and its phases.
    if job.ends_with("script") || matches!(job, "deploy" | "before_deploy" | "after_success") {
        return Some(job);
    }
    let runs = ["script", "before_script", "variables"].iter().any(|word| rest.starts_with(word));
    (runs && !matches!(job, "default")).then_some(job)
}

/// A Jenkinsfile is one step; its axes (`name 'SERVICE'`, `values 'a', 'b'`) are the matrix.
fn jenkins(text: &str) -> Vec<CiStep> {
    let mut matrix: Vec<(String, Vec<String>)> = Vec::new();
    let mut name = None;
    for line in text.lines().map(str::trim) {
        let quoted = || line.split(['\'', '"']).skip(1).step_by(2).map(str::to_owned);
        if line.starts_with("name ") {
            name = quoted().next();
        } else if line.starts_with("values ")
            && let Some(name) = name.take()
        {
            matrix.push((name, quoted().collect()));
        } else if let Some((list, variable)) = each(line) {
            matrix.push((variable, list));
        }
    }
    vec![CiStep { text: text.to_owned(), matrix, span: Span::new(0, text.lines().next().map_or(0, str::len)) }]
}

/// `['orders', 'pay'].each { name ->`.
fn each(line: &str) -> Option<(Vec<String>, String)> {
    let (list, rest) = line.split_once("].each")?;
    let (_, list) = list.rsplit_once('[')?;
    let variable = rest.trim_start_matches([' ', '{']).split_once("->").map_or("it", |(name, _)| name.trim());
    let values = list.split(['\'', '"']).skip(1).step_by(2).map(str::to_owned);
    Some((values.collect(), variable.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(path: &str, text: &str) -> Vec<(String, Vec<String>)> {
        let mut notes = Vec::new();
        let steps = parse(path, text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        let matrix =
            |m: Vec<(String, Vec<String>)>| m.into_iter().map(|(n, v)| format!("{n}={}", v.join(","))).collect();
        steps.into_iter().map(|s| (s.text, matrix(s.matrix))).collect()
    }

    #[test]
    fn jobs_of_github_with_their_matrix() {
        let text = "on: [push]\njobs:\n  image:\n    strategy:\n      matrix:\n        service: [orders, pay]\n        include:\n        - service: ship\n    steps:\n    - uses: actions/checkout@v4\n    - uses: docker/build-push-action@v6\n      with:\n        context: services/${{ matrix.service }}\n  lint:\n    steps:\n    - run: make lint\n";
        let found = read(".github/workflows/a.yml", text);
        assert_eq!(found.len(), 3);
        assert_eq!(
            found[1],
            (
                "uses: docker/build-push-action@v6\nwith.context: services/${{ matrix.service }}\n".to_owned(),
                vec!["service=orders,pay,ship".to_owned()]
            )
        );
        assert!(found[2].1.is_empty());
    }

    #[test]
    fn jobs_of_gitlab_azure_and_jenkins() {
        let gitlab = "build:\n  parallel:\n    matrix:\n    - SERVICE: [orders, pay]\n  script:\n  - docker build services/$SERVICE\n";
        assert_eq!(
            read(".gitlab-ci.yml", gitlab),
            [("script[0]: docker build services/$SERVICE\n".to_owned(), vec!["SERVICE=orders,pay".to_owned()])]
        );
        let azure = "jobs:\n- job: a\n  strategy:\n    matrix:\n      orders: {service: orders}\n      pay: {service: pay}\n  steps:\n  - script: docker build $(service)\n";
        assert_eq!(read("azure-pipelines.yml", azure)[0].1, ["service=orders,pay"]);
        let travis = "language: java\nafter_success:\n- docker build -t x ./orders\n";
        assert_eq!(read(".travis.yml", travis)[0].0, "[0]: docker build -t x ./orders\n");
        let jenkins = "axes { axis {\n name 'SERVICE'\n values 'orders', 'pay'\n} }\nsh 'docker build $SERVICE'\n['x'].each { m -> build(m) }\n";
        assert_eq!(read("Jenkinsfile", jenkins)[0].1, ["SERVICE=orders,pay", "m=x"]);
    }
}
