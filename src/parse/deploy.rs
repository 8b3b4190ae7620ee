//! Deployment files: Kubernetes, Helm, Kustomize, compose, skaffold, serverless, CloudFormation, Procfile, and build
//! configurations that name images.

use std::collections::BTreeMap;

use super::flat::{Document, below};
use super::yaml;
use crate::facts::deploy::ObjectSource;
use crate::facts::{Entry, Note, ObjectFacts};
use crate::text::{Name, Span};

/// Reads the objects of a deployment file.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<ObjectFacts> {
    let name = file_name(path);
    if name.eq_ignore_ascii_case("procfile") {
        return procfile(text);
    }
    from_documents(path, &yaml::parse(path, text, notes))
}

/// The objects of YAML documents; none for documents that deploy nothing.
pub(super) fn from_documents(path: &str, documents: &[Document]) -> Vec<ObjectFacts> {
    documents.iter().flat_map(|document| objects(path, document)).collect()
}

/// A Kubernetes object, or anything that looks like one.
pub(super) fn is_kubernetes(document: &Document) -> bool {
    document.get("kind").is_some() && (document.get("apiVersion").is_some() || document.templated)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn objects(path: &str, document: &Document) -> Vec<ObjectFacts> {
    let name = file_name(path).to_ascii_lowercase();
    let whole = |source, kind: &str, name: String| vec![object(source, kind, name, document.entries.clone())];
    let text_of = |key: &str| document.get(key).unwrap_or("").to_owned();

    if name.starts_with("chart.") {
        return whole(ObjectSource::Chart, "Chart", text_of("name"));
    }
    if name.starts_with("values") {
        return whole(ObjectSource::Chart, "Values", parent_name(path));
    }
    if name.starts_with("kustomization.") {
        return whole(ObjectSource::Kustomize, "Kustomization", parent_name(path));
    }
    if document.get("apiVersion").is_some_and(|v| v.starts_with("skaffold/")) {
        return whole(ObjectSource::Skaffold, "Config", text_of("metadata.name"));
    }
    if is_kubernetes(document) {
        return kubernetes(path, document);
    }
    if is_compose(&name, document) {
        return compose(document);
    }
    if document.has_root("service") && document.has_root("provider") {
        return serverless(document);
    }
    if document.entries.iter().any(is_resource_type) {
        return cloud_formation(document);
    }
    build_config(path, document)
}

fn object(source: ObjectSource, kind: &str, name: String, entries: Vec<Entry>) -> ObjectFacts {
    let start = entries.iter().map(|e| e.span.start).min().unwrap_or(0);
    let end = entries.iter().map(|e| e.span.end).max().unwrap_or(0);
    ObjectFacts { source, kind: Name::new(kind), name, entries, span: Span { start, end } }
}

/// The folder's name: what a chart or an overlay is called.
fn parent_name(path: &str) -> String {
    path.rsplit('/').nth(1).unwrap_or("").to_owned()
}

fn kubernetes(path: &str, document: &Document) -> Vec<ObjectFacts> {
    let source = if document.templated || in_chart(path) { ObjectSource::Helm } else { ObjectSource::Kubernetes };
    let one = |entries: Vec<Entry>| {
        let text_of =
            |key: &str| entries.iter().find(|e| e.key.as_str() == key).map_or("", |e| e.value.as_str()).to_owned();
        let kind = text_of("kind");
        let name = Some(text_of("metadata.name"))
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| text_of("metadata.generateName"));
        object(source, &kind, name, entries)
    };
    if document.get("kind") == Some("List") {
        let items = groups(document, "items", Cut::Item);
        return items.into_iter().map(|(_, entries)| one(entries)).filter(|o| !o.kind.is_empty()).collect();
    }
    vec![one(document.entries.clone())]
}

/// Charts keep what they render in `templates`.
fn in_chart(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|dir| dir == "templates")
}

fn is_compose(name: &str, document: &Document) -> bool {
    document.has_root("services")
        && (name.contains("compose")
            || document.entries.iter().any(|e| {
                let inner = below(&e.key, "services").and_then(|rest| rest.split_once('.'));
                inner.is_some_and(|(_, rest)| rest == "image" || below(rest, "build").is_some())
            }))
}

/// One object per service; `environment` and `labels` lists become maps.
fn compose(document: &Document) -> Vec<ObjectFacts> {
    let services = groups(document, "services", Cut::Key);
    let service = |(name, mut entries): (String, Vec<Entry>)| {
        for entry in &mut entries {
            let list = ["environment", "labels"]
                .into_iter()
                .find(|l| below(&entry.key, l).is_some_and(|r| r.starts_with('[')));
            if let Some(list) = list {
                let (key, value) = entry.value.split_once('=').unwrap_or((&entry.value, ""));
                entry.key = Name::new(&format!("{list}.{}", key.trim()));
                entry.value = value.trim().to_owned();
            }
        }
        object(ObjectSource::Compose, "service", name, entries)
    };
    services.into_iter().map(service).collect()
}

/// Serverless Framework: the service as a whole, and each function.
fn serverless(document: &Document) -> Vec<ObjectFacts> {
    let name = document.get("service").or_else(|| document.get("service.name")).unwrap_or("").to_owned();
    let (functions, rest): (Vec<Entry>, Vec<Entry>) =
        document.entries.iter().cloned().partition(|e| below(&e.key, "functions").is_some());
    let mut found = vec![object(ObjectSource::Serverless, "serverless", name, rest)];
    let functions = Document { entries: functions, ..Document::default() };
    for (name, entries) in groups(&functions, "functions", Cut::Key) {
        found.push(object(ObjectSource::Serverless, "function", name, entries));
    }
    found
}

fn is_resource_type(entry: &Entry) -> bool {
    let parts = below(&entry.key, "Resources").and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(_, rest)| rest == "Type") && entry.value.contains("::")
}

/// CloudFormation and SAM: each resource by its type.
fn cloud_formation(document: &Document) -> Vec<ObjectFacts> {
    let resource = |(name, entries): (String, Vec<Entry>)| {
        let kind = entries.iter().find(|e| e.key.as_str() == "Type").map_or("", |e| e.value.as_str()).to_owned();
        object(ObjectSource::Serverless, &kind, name, entries)
    };
    groups(document, "Resources", Cut::Key).into_iter().map(resource).collect()
}

/// Anything else that names images or Dockerfiles: one object per list item, or the document as a whole.
fn build_config(path: &str, document: &Document) -> Vec<ObjectFacts> {
    let names_image = |entries: &[Entry]| {
        entries.iter().any(|e| {
            let last = e.key.rsplit('.').next().unwrap_or(&e.key).to_ascii_lowercase().replace(['-', '_'], "");
            matches!(
                last.as_str(),
                "image" | "imagename" | "dockerimage" | "dockerfile" | "dockerfilepath" | "containerimage"
            )
        })
    };
    if !names_image(&document.entries) {
        return Vec::new();
    }
    let mut items: Vec<ObjectFacts> = Vec::new();
    for (item, entries) in groups(document, "", Cut::FirstItem) {
        if !item.is_empty() && names_image(&entries) {
            let keys = ["name", "serviceName", "service", "artifactId", "id", "image", "imageName", "path", "context"];
            let name = keys
                .iter()
                .find_map(|k| entries.iter().find(|e| e.key.as_str() == *k))
                .map_or(item, |e| e.value.clone());
            items.push(object(ObjectSource::BuildConfig, "build", name, entries));
        }
    }
    if items.is_empty() {
        let stem = file_name(path).split('.').next().unwrap_or("").to_owned();
        items.push(object(ObjectSource::BuildConfig, "build", stem, document.entries.clone()));
    }
    items
}

/// Where a path below a root is cut into the name of a group and the rest.
#[derive(Clone, Copy)]
enum Cut {
    /// `web.image` into `web` and `image`.
    Key,
    /// `[0].image` into `[0]` and `image`.
    Item,
    /// `a.list[0].image` into `a.list[0]` and `image`; no name when there is no list.
    FirstItem,
}

impl Cut {
    fn apply(self, rest: &str) -> (&str, &str) {
        let at = match self {
            Self::Key => rest.find(['.', '[']),
            Self::Item => rest.find(']').map(|at| at + 1),
            Self::FirstItem => Some(rest.find(']').map_or(0, |at| at + 1)),
        };
        let (name, tail) = rest.split_at(at.unwrap_or(rest.len()));
        (name, tail.strip_prefix('.').unwrap_or(tail))
    }
}

/// The entries below `root` by group, in the order of the text, with paths relative to the group.
fn groups(document: &Document, root: &str, cut: Cut) -> Vec<(String, Vec<Entry>)> {
    let mut found: Vec<(String, Vec<Entry>)> = Vec::new();
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &document.entries {
        let key = entry.key.as_str();
        let Some(rest) = (if root.is_empty() { Some(key) } else { below(key, root) }) else {
            continue;
        };
        if rest.is_empty() {
            continue;
        }
        let (name, tail) = cut.apply(rest);
        let at = *index.entry(name).or_insert_with(|| {
            found.push((name.to_owned(), Vec::new()));
            found.len() - 1
        });
        found[at].1.push(Entry { key: Name::new(tail), value: entry.value.clone(), span: entry.span });
    }
    found
}

/// `web: java -jar a.jar`.
fn procfile(text: &str) -> Vec<ObjectFacts> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        let Some((name, command)) = line.split_once(':').filter(|(name, _)| !name.trim_start().starts_with('#')) else {
            continue;
        };
        let entry = Entry { key: Name::new("command"), value: command.trim().to_owned(), span };
        found.push(object(ObjectSource::Procfile, "process", name.trim().to_owned(), vec![entry]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::ObjectFacts;
    use crate::facts::deploy::ObjectSource;

    fn read(path: &str, text: &str) -> Vec<ObjectFacts> {
        let mut notes = Vec::new();
        let objects = parse(path, text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        objects
    }

    fn names(objects: &[ObjectFacts]) -> Vec<(ObjectSource, &str, &str)> {
        objects.iter().map(|o| (o.source, o.kind.as_str(), o.name.as_str())).collect()
    }

    #[test]
    fn kubernetes_documents_and_lists() {
        let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: b\nspec:\n  template:\n    spec:\n      containers:\n      - image: x:1\n";
        let found = read("k8s/a.yml", text);
        let k8s = ObjectSource::Kubernetes;
        assert_eq!(names(&found), [(k8s, "Service", "a"), (k8s, "StatefulSet", "b")]);
        assert_eq!(found[1].get("spec.template.spec.containers[0].image"), Some("x:1"));
        assert!(found[1].span.of(text).starts_with("apiVersion: apps/v1"));
        let list = "apiVersion: v1\nkind: List\nitems:\n- kind: Job\n  metadata: {name: j}\n- kind: Pod\n  metadata: {name: p}\n";
        assert_eq!(names(&read("a.yaml", list)), [(k8s, "Job", "j"), (k8s, "Pod", "p")]);
    }

    #[test]
    fn helm_and_friends() {
        let helm = "{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}-web\nspec:\n  replicas: {{ .Values.n }}\n{{- end }}\n";
        let found = read("chart/templates/d.yaml", helm);
        assert_eq!(names(&found), [(ObjectSource::Helm, "Deployment", "{{ .Release.Name }}-web")]);
        assert_eq!(
            names(&read("shop/values-prod.yaml", "image: {tag: 1}\n")),
            [(ObjectSource::Chart, "Values", "shop")]
        );
        assert_eq!(
            names(&read("x/Chart.yaml", "apiVersion: v2\nname: shop\n")),
            [(ObjectSource::Chart, "Chart", "shop")]
        );
        let skaffold = "apiVersion: skaffold/v3\nkind: Config\nmetadata: {name: s}\n";
        assert_eq!(names(&read("skaffold.yaml", skaffold)), [(ObjectSource::Skaffold, "Config", "s")]);
    }

    #[test]
    fn compose_services() {
        let text = "x-base: &base\n  restart: always\n  environment: [A=1, B]\nservices:\n  web:\n    <<: *base\n    image: w\n    ports: ['80:80']\n  db: {image: mysql, environment: {C: 2}}\nvolumes: {v: {}}\n";
        let found = read("docker-compose.yml", text);
        assert_eq!(
            names(&found),
            [(ObjectSource::Compose, "service", "web"), (ObjectSource::Compose, "service", "db")]
        );
        assert_eq!(found[0].get("environment.A"), Some("1"));
        assert_eq!(found[0].get("restart"), Some("always"));
        assert_eq!(found[1].get("environment.C"), Some("2"));
        assert_eq!(names(&read("stack.yml", "services:\n  a:\n    build: .\n")).len(), 1);
    }

    #[test]
    fn functions_resources_processes_and_images() {
        let text = "service: shop\nprovider: {name: aws}\nfunctions:\n  buy: {handler: a.B}\n";
        let sls = ObjectSource::Serverless;
        assert_eq!(names(&read("serverless.yml", text)), [(sls, "serverless", "shop"), (sls, "function", "buy")]);
        let sam = "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: !Sub 'x', Role: !GetAtt R.Arn}\n";
        assert_eq!(names(&read("template.yaml", sam)), [(sls, "AWS::Serverless::Function", "F")]);
        let found = read("Procfile", "# c: d\nweb: java -jar a.jar\nworker: w\n");
        assert_eq!(names(&found)[0], (ObjectSource::Procfile, "process", "web"));
        let build = "builds:\n- image: shop/web\n  context: web\n  dockerfile: build/Dockerfile\n- image: shop/db\n";
        let found = read("build/build-config.yml", build);
        assert_eq!(names(&found)[0], (ObjectSource::BuildConfig, "build", "shop/web"));
        assert_eq!(found.len(), 2);
        assert!(read("mkdocs.yml", "site_name: x\nnav: [a]\n").is_empty());
    }
}
