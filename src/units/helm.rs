//! Values of Helm charts, put into their templates where these only name them.

use std::collections::BTreeMap;

use crate::facts::deploy::ObjectSource;
use crate::facts::{Body, FileFacts};
use crate::source::Workspace;

/// Longer texts are scripts and files, not settings of a workload.
const MAX_VALUE: usize = 4_096;

/// By chart: `.Values.image.tag`, `.Chart.Name` and what they stand for.
type Charts = BTreeMap<String, BTreeMap<String, String>>;

/// Replaces `{{ .Values.replicas }}` and the like by what `values.yaml` of the same chart says.
pub(crate) fn apply(workspace: &Workspace, facts: &mut [FileFacts]) {
    let charts = charts(workspace, facts);
    if charts.is_empty() {
        return;
    }
    for (file, facts) in workspace.files.iter().zip(facts) {
        let Body::Objects(objects) = &mut facts.body else { continue };
        let Some((chart, _)) = file.path.split_once("/templates/") else { continue };
        let Some(known) = charts.get(chart) else { continue };
        for object in objects.iter_mut().filter(|o| o.source == ObjectSource::Helm) {
            let values = object.entries.iter_mut().map(|e| &mut e.value);
            for value in values.chain(std::iter::once(&mut object.name)) {
                if value.contains("{{") && value.len() < MAX_VALUE {
                    *value = rendered(value, known);
                }
            }
        }
    }
}

fn charts(workspace: &Workspace, facts: &[FileFacts]) -> Charts {
    let mut out = Charts::new();
    for (file, facts) in workspace.files.iter().zip(facts) {
        let Body::Objects(objects) = &facts.body else { continue };
        let (dir, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let (is_chart, is_values) = (name.starts_with("Chart."), matches!(name, "values.yaml" | "values.yml"));
        if !is_chart && !is_values {
            continue;
        }
        let known = out.entry(dir.to_owned()).or_default();
        for entry in objects.iter().filter(|o| o.source == ObjectSource::Chart).flat_map(|o| &o.entries) {
            let key = match entry.key.as_str() {
                "name" if is_chart => ".Chart.Name".to_owned(),
                "version" if is_chart => ".Chart.Version".to_owned(),
                "appVersion" if is_chart => ".Chart.AppVersion".to_owned(),
                key if is_values => format!(".Values.{key}"),
                _ => continue,
            };
            known.insert(key, entry.value.clone());
        }
    }
    out
}

/// The text with each plain action replaced; the others stay.
fn rendered(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, tail)) = after.split_once("}}") else { break };
        out.push_str(before);
        match action_value(action.trim_matches(['-', ' ']), known) {
            Some(value) => out.push_str(&value),
            None => {
                out.push_str("{{");
                out.push_str(action);
                out.push_str("}}");
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `.Values.a.b`, with `quote`, `default "x"` and the like after it.
fn action_value(action: &str, known: &BTreeMap<String, String>) -> Option<String> {
    let mut steps = action.split('|').map(str::trim);
    let mut value = known.get(steps.next()?).filter(|v| !v.contains("{{")).cloned();
    for step in steps {
        let (name, argument) = step.split_once(' ').unwrap_or((step, ""));
        match name {
            "quote" | "squote" | "int" | "int64" | "toString" | "trim" => {}
            "default" if value.as_ref().is_none_or(String::is_empty) => {
                let argument = argument.trim();
                let literal = argument.starts_with('"') || argument.bytes().all(|b| b.is_ascii_digit());
                value = known
                    .get(argument)
                    .cloned()
                    .or_else(|| (literal && !argument.is_empty()).then(|| argument.trim_matches('"').to_owned()));
            }
            "default" => {}
            _ => return None,
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_actions_are_replaced() {
        let known = [(".Values.n", "5"), (".Values.image.tag", ""), (".Chart.AppVersion", "1.2")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()));
        let known = BTreeMap::from(known);
        for (text, expected) in [
            ("{{ .Values.n }}", "5"),
            ("{{- .Values.n | quote -}}", "5"),
            ("x:{{ .Values.image.tag | default .Chart.AppVersion }}", "x:1.2"),
            ("{{ .Values.gone | default 3 }}/{{ .Values.gone | default \"a\" }}", "3/a"),
            ("{{ .Values.gone }}", "{{ .Values.gone }}"),
            ("{{ .Values.n | b64enc }}-{{ include \"x\" . }}", "{{ .Values.n | b64enc }}-{{ include \"x\" . }}"),
            ("{{ .Values.n", "{{ .Values.n"),
        ] {
            assert_eq!(rendered(text, &known), expected, "{text}");
        }
    }
}
