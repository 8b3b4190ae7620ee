//! Prices, limits and assumptions: `rules/catalog/prices.yaml`, with what the user says over it.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::model::AssumptionReport;

/// A number with its origin.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Figure {
    pub value: f64,
    pub unit: String,
    pub source: String,
    /// Where it is not that of the whole file.
    #[serde(rename = "as_of", skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

impl std::ops::Deref for Figure {
    type Target = f64;
    fn deref(&self) -> &f64 {
        &self.value
    }
}

/// Sections of figures: a field each.
macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name { $(pub $field: Figure),* })*
    };
}

sections! {
    /// How long a month is.
    Month { hours }
    /// Lambda on demand, in tiers over the whole account, and with provisioned concurrency.
    Lambda {
        request, x86, x86_second, x86_third, x86_second_from, x86_third_from, arm, arm_second, arm_third,
        arm_second_from, arm_third_from, free_requests, free_gb_s, provisioned, provisioned_run,
    }
    /// What brings requests to a function.
    FrontDoors { rest_api, http_api, alb_hour, alb_lcu_hour, alb_lcu_rps }
    /// Lambda Managed Instances.
    ManagedInstances { fee, instances, instance_hour, instance_vcpu, requests_per_vcpu, utilisation, buffer }
    /// Lambda MicroVMs.
    MicroVm { vcpu_s, gb_s, idle_s }
    /// Azure Functions, Flex Consumption.
    AzureFlex { request, gb_s, min_s, concurrency }
    /// Cloud Run, billed by request or by instance.
    CloudRun { request, vcpu_s, gib_s, instance_vcpu_s, instance_gib_s, step_s, concurrency }
    /// Cloudflare Workers.
    Workers { month, request, free_requests, cpu_ms, free_cpu_ms }
    /// Nodes of a cluster and how full they are.
    Kubernetes {
        node_hour, node_vcpu, node_gib, utilisation, karpenter_utilisation, spare, zones, control_plane_hour,
    }
    /// Pods on Fargate.
    Fargate { vcpu_hour, gib_hour }
    /// What platforms allow.
    Limits {
        concurrency, unreserved, warn_share, burst, burst_s, environment_rps, memory_min, memory_max, vcpu_mb,
        function_s, rest_api_s, http_api_s, payload_mb, api_payload_mb, alb_payload_mb, init_s, db_connections,
        db_warn_share,
    }
    /// What is taken where nothing is known.
    Assumed {
        duration_ms, duration_sigma, memory_mb, heap_extra_mb, init_ms, peak_factor, ramp_s, keep_alive_s,
        environment_s, cpu_share, day_rate, horizon_months, pod_vcpu, pod_gib, pool_size,
    }
}

/// All of them; the file says what each means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Prices {
    #[serde(rename = "as_of")]
    pub as_of: String,
    pub region: String,
    pub month: Month,
    pub lambda: Lambda,
    pub front_door: FrontDoors,
    pub managed_instances: ManagedInstances,
    pub microvm: MicroVm,
    pub azure_flex: AzureFlex,
    pub cloud_run: CloudRun,
    pub workers: Workers,
    pub kubernetes: Kubernetes,
    pub fargate: Fargate,
    pub limits: Limits,
    pub assumed: Assumed,
}

impl Prices {
    /// Seconds of a month.
    pub fn seconds(&self) -> f64 {
        *self.month.hours * 3600.0
    }

    /// All figures by name, in the order of the file.
    pub fn list(&self) -> Vec<AssumptionReport> {
        let Ok(Value::Object(sections)) = serde_json::to_value(self) else { return Vec::new() };
        let mut out = Vec::new();
        for (section, figures) in sections {
            let Value::Object(figures) = figures else { continue };
            for (name, figure) in figures {
                let Ok(figure) = Figure::deserialize(figure) else { continue };
                out.push(AssumptionReport {
                    what: format!("{section}.{name}"),
                    value: figure.value,
                    unit: figure.unit,
                    source: figure.source,
                    as_of: figure.as_of.unwrap_or_else(|| self.as_of.clone()),
                });
            }
        }
        out
    }

    /// Figures that nothing can be divided by, or that are no shares.
    ///
    /// # Errors
    /// Names the first.
    pub fn check(&self) -> Result<(), String> {
        let positive = [
            "month.hours",
            "kubernetes.node-vcpu",
            "kubernetes.node-gib",
            "kubernetes.utilisation",
            "kubernetes.karpenter-utilisation",
            "managed-instances.instance-vcpu",
            "managed-instances.requests-per-vcpu",
            "managed-instances.utilisation",
            "azure-flex.concurrency",
            "cloud-run.step-s",
            "cloud-run.concurrency",
            "front-door.alb-lcu-rps",
            "limits.concurrency",
            "limits.burst",
            "limits.burst-s",
            "limits.environment-rps",
            "limits.vcpu-mb",
            "limits.db-connections",
            "assumed.keep-alive-s",
            "assumed.environment-s",
        ];
        for figure in self.list() {
            let name = figure.what.as_str();
            if positive.contains(&name) && figure.value <= 0.0 {
                return Err(format!("`{name}` must be above 0"));
            }
            if figure.unit == "share" && figure.value > 1.0 {
                return Err(format!("`{name}` is a share, from 0 to 1"));
            }
            if name == "assumed.peak-factor" && figure.value < 1.0 {
                return Err(format!("`{name}` is at least 1"));
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FigureVisitor)
    }
}

struct FigureVisitor;

impl<'de> Visitor<'de> for FigureVisitor {
    type Value = Figure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0, or a figure with `value`, `unit` and `source`")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Figure, E> {
        Ok(Figure { value: sound(value)?, source: "your own".to_owned(), ..Figure::default() })
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Figure, E> {
        self.visit_f64(value as f64)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Figure, E> {
        self.visit_f64(value as f64)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Figure, A::Error> {
        let mut figure = Figure::default();
        let mut seen = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "value" => (figure.value, seen) = (sound(map.next_value()?)?, true),
                "unit" => figure.unit = map.next_value()?,
                "source" => figure.source = map.next_value()?,
                "as_of" => figure.as_of = map.next_value()?,
                _ => return Err(de::Error::unknown_field(&key, &["value", "unit", "source", "as_of"])),
            }
        }
        if seen { Ok(figure) } else { Err(de::Error::missing_field("value")) }
    }
}

fn sound<E: de::Error>(value: f64) -> Result<f64, E> {
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(E::custom("a figure is a number from 0")) }
}

fn own(value: &Value) -> Value {
    serde_json::json!({ "value": value, "source": "your own", "as_of": "" })
}

/// The figures as given, with a bare number put into the figure that it replaces, so that its unit stays.
pub fn overlay(base: &Value, over: &mut Value) {
    let (Value::Object(base), Value::Object(over)) = (base, over) else { return };
    for (key, new) in over.iter_mut() {
        let Some(old) = base.get(key) else { continue };
        if new.is_number() && old.get("value").is_some() {
            *new = own(new);
        } else {
            // Two levels are all there are.
            if let (Some(old), Some(inner)) = (old.as_object(), new.as_object_mut()) {
                for (key, new) in inner.iter_mut() {
                    if new.is_number() && old.get(key).is_some_and(|o| o.get("value").is_some()) {
                        *new = own(new);
                    }
                }
            }
        }
    }
}
