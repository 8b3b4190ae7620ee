//! The pods of a unit as its deployment objects tell, and the heap of its JVM.

use crate::facts::{Body, FileFacts, ObjectFacts};
use crate::units::Unit;

use super::prices::Prices;
use super::workload::Pods;

/// What the objects say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    pub(super) pods: Option<Pods>,
    /// MB of the largest heap.
    pub(super) heap_mb: Option<f64>,
    /// Memory that pods ask for, MB.
    pub(super) memory_mb: Option<f64>,
    pub(super) vcpu: Option<f64>,
    /// What was not told.
    pub(super) assumed: Vec<String>,
}

/// Reads the objects and Dockerfiles of a unit.
pub(super) fn of_unit(unit: &Unit, facts: &[FileFacts], prices: &Prices) -> Found {
    let mut out = Found::default();
    let objects = objects(unit, facts);
    for text in objects.iter().flat_map(|o| &o.entries).map(|e| e.value.as_str()) {
        out.heap_mb = out.heap_mb.or_else(|| heap(text));
    }
    for file in &unit.containers {
        let Some(Body::Container(container)) = facts.get(file.0 as usize).map(|f| &f.body) else { continue };
        for instruction in container.stages.iter().flat_map(|stage| &stage.instructions) {
            out.heap_mb = out.heap_mb.or_else(|| heap(&instruction.text));
        }
    }
    let Some(workload) = objects.iter().find(|o| is_workload(o)) else { return out };
    let job = matches!(workload.kind.as_str(), "Job" | "CronJob");
    out.vcpu = resource(workload, "cpu", cpu);
    let gib = resource(workload, "memory", memory_gib);
    out.memory_mb = gib.map(|gib| gib * 1024.0);
    if out.vcpu.is_none() {
        out.assumed.push(format!("{} vCPU for each pod: its object asks for none", *prices.assumed.pod_vcpu));
    }
    if gib.is_none() {
        out.assumed.push(format!("{} GiB for each pod: its object asks for none", *prices.assumed.pod_gib));
    }
    let told = number(workload, &["spec.replicas"]);
    let scaler = objects.iter().find(|o| matches!(o.kind.as_str(), "HorizontalPodAutoscaler" | "ScaledObject"));
    let least = scaler.and_then(|o| number(o, &["spec.minReplicas", "spec.minReplicaCount"]));
    let most = scaler.and_then(|o| number(o, &["spec.maxReplicas", "spec.maxReplicaCount"]));
    let least = least.or(told).unwrap_or(1.0);
    out.pods = Some(Pods {
        vcpu: out.vcpu.unwrap_or(*prices.assumed.pod_vcpu),
        gib: gib.unwrap_or(*prices.assumed.pod_gib),
        least,
        most: most.unwrap_or(least).max(least),
        job,
    });
    out
}

fn objects<'a>(unit: &Unit, facts: &'a [FileFacts]) -> Vec<&'a ObjectFacts> {
    let of = |(file, ix): &(crate::source::FileIx, u32)| match facts.get(file.0 as usize).map(|f| &f.body) {
        Some(Body::Objects(objects)) => objects.get(*ix as usize),
        _ => None,
    };
    unit.objects.iter().filter_map(of).collect()
}

/// Objects of Kubernetes that run pods.
fn is_workload(object: &ObjectFacts) -> bool {
    matches!(
        object.kind.as_str(),
        "Deployment"
            | "StatefulSet"
            | "DaemonSet"
            | "ReplicaSet"
            | "Rollout"
            | "DeploymentConfig"
            | "Job"
            | "CronJob"
            | "Pod"
    )
}

/// Names that deployments give a unit, and images they run.
pub(super) fn names(unit: &Unit, facts: &[FileFacts]) -> (Vec<String>, Vec<String>) {
    let (mut deployments, mut images) = (Vec::new(), Vec::new());
    for object in objects(unit, facts) {
        if is_workload(object) || matches!(object.kind.as_str(), "Service" | "service") {
            deployments.push(object.name.clone());
        }
        let of_image = object.entries.iter().filter(|e| e.key.last_segment() == "image");
        images.extend(of_image.filter(|e| !e.key.contains("initContainers")).map(|e| image_name(&e.value).to_owned()));
    }
    (deployments, images)
}

/// `registry.example.com:5000/shop/order:1.0` is `order`.
pub(super) fn image_name(image: &str) -> &str {
    let base = image.rsplit('/').next().unwrap_or(image);
    base.split(['@', ':']).next().unwrap_or(base)
}

fn number(object: &ObjectFacts, keys: &[&str]) -> Option<f64> {
    let value = keys.iter().find_map(|key| object.get(key))?;
    value.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)
}

/// The sum over containers of what they ask for, or else of what they are held to.
fn resource(object: &ObjectFacts, name: &str, read: fn(&str) -> Option<f64>) -> Option<f64> {
    ["requests", "limits"].into_iter().find_map(|kind| {
        let end = format!("resources.{kind}.{name}");
        let fits = |key: &str| key.ends_with(&end) && key.contains("containers[") && !key.contains("initContainers");
        let told = object.entries.iter().filter(|e| fits(e.key.as_str()));
        let sum: f64 = told.filter_map(|e| read(e.value.trim())).sum();
        (sum > 0.0).then_some(sum)
    })
}

/// `500m`, `0.5`.
fn cpu(text: &str) -> Option<f64> {
    let (number, factor) = text.strip_suffix('m').map_or((text, 1.0), |n| (n, 0.001));
    number.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0).map(|n| n * factor)
}

/// `512Mi`, `1G`, `134217728`, in GiB.
fn memory_gib(text: &str) -> Option<f64> {
    const GIB: f64 = 1_073_741_824.0;
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let bytes = match unit {
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => GIB,
        _ => return None,
    };
    number.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n * bytes / GIB)
}

/// `-Xmx512m` anywhere in a text, in MB.
fn heap(text: &str) -> Option<f64> {
    let rest = &text[text.find("-Xmx")? + 4..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number: f64 = rest[..end].parse().ok()?;
    Some(match rest[end..].bytes().next() {
        Some(b'g' | b'G') => number * 1024.0,
        Some(b'm' | b'M') => number,
        Some(b'k' | b'K') => number / 1024.0,
        _ => number / 1_048_576.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        assert_eq!((cpu("500m"), cpu("2"), cpu("{{ x }}")), (Some(0.5), Some(2.0), None));
        assert_eq!((memory_gib("512Mi"), memory_gib("1073741824"), memory_gib("2Ti")), (Some(0.5), Some(1.0), None));
        assert_eq!(heap("java -Xms64m -Xmx1g -jar a.jar"), Some(1024.0));
        assert_eq!((heap("-Xmx268435456 x"), heap("-Xmx"), heap("-Xss1m")), (Some(256.0), None, None));
        assert_eq!(image_name("registry.example.com:5000/shop/order:1.0@sha256:ab"), "order");
    }
}
