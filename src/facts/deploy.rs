//! Facts of containers and deployments.

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::text::{Name, Span};

/// A Dockerfile.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ContainerFacts {
    /// Build stages in order; the last one is what runs.
    pub stages: Vec<Stage>,
}

/// A build stage: `FROM` and what follows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stage {
    /// `FROM` image as written, `ARG` defaults replaced.
    pub image: String,
    /// `AS name`.
    pub name: Option<String>,
    pub span: Span,
    pub instructions: Vec<Instruction>,
}

/// One instruction, line continuations joined.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Instruction {
    /// Upper case: `RUN`, `COPY`, `EXPOSE`, `VOLUME`, `CMD`, `ENTRYPOINT`, `ENV`, `USER`, `HEALTHCHECK`, `ARG`, …
    pub keyword: Name,
    /// The arguments; exec form joined by blanks, here-documents included.
    pub text: String,
    pub span: Span,
}

/// Where an object comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectSource {
    /// A Kubernetes manifest, rendered or plain.
    #[default]
    Kubernetes,
    /// A Helm template, read tolerantly.
    Helm,
    /// A Helm `Chart.yaml` or `values.yaml`.
    Chart,
    Kustomize,
    /// One service of a compose file: kind `service`.
    Compose,
    Skaffold,
    /// `serverless.yml`, SAM or CloudFormation: kind is the function or resource type.
    Serverless,
    /// A build configuration that names images and folders.
    BuildConfig,
    /// `Procfile`, one process type each.
    Procfile,
}

/// A deployment object, flattened.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ObjectFacts {
    pub source: ObjectSource,
    /// `Deployment`, `StatefulSet`, `CronJob`, `service`, …
    pub kind: Name,
    /// `metadata.name`, or the compose service's key.
    pub name: String,
    /// All scalars by dotted path.
    pub entries: Vec<Entry>,
    pub span: Span,
}

impl ObjectFacts {
    /// The value at a dotted path.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|e| e.key.as_str() == key).map(|e| e.value.as_str())
    }
}
