//! What a row says of a service beside its time.

use super::columns::{Columns, Role};
use super::units::value;
use crate::config::FrontDoor;

/// What is told of a service; each field only where a column tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    pub deployment: Option<String>,
    pub image: Option<String>,
    /// Mean requests a second.
    pub rps: Option<f64>,
    pub peak_rps: Option<f64>,
    /// Mean, told or made of percentiles.
    pub mean_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// Memory of a function.
    pub memory_mb: Option<f64>,
    pub pod_mb: Option<f64>,
    pub vcpu: Option<f64>,
    pub replicas: Option<f64>,
    pub max_replicas: Option<f64>,
    pub cold: Option<f64>,
    pub init_ms: Option<f64>,
    pub payload_mb: Option<f64>,
    /// Slowest acceptable answer.
    pub latency_ms: Option<f64>,
    pub pool: Option<f64>,
    pub calls: Vec<String>,
    /// USD a month, as measured.
    pub billed: Option<f64>,
    pub front: Option<FrontDoor>,
}

impl Facts {
    /// Fills what is not known yet from another row.
    pub(in crate::cost) fn fill(&mut self, other: Self) {
        macro_rules! fill {
            ($($field:ident),*) => { $(self.$field = self.$field.take().or(other.$field);)* };
        }
        fill!(
            deployment,
            image,
            rps,
            peak_rps,
            mean_ms,
            p99_ms,
            memory_mb,
            pod_mb,
            vcpu,
            replicas,
            max_replicas,
            cold,
            init_ms,
            payload_mb,
            latency_ms,
            pool,
            billed,
            front
        );
        if self.calls.is_empty() {
            self.calls = other.calls;
        }
    }
}

/// Standard normal quantiles of p95 and p99.
const Z95: f64 = 1.645;
const Z99: f64 = 2.326;

/// Mean and p99 of a duration from what is told of it, taken as log-normal: the mean is p50 × e^(σ²/2), with σ from
/// two percentiles, or the one assumed.
pub(super) fn durations(
    mean: Option<f64>,
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
    sigma: f64,
) -> (Option<f64>, Option<f64>) {
    let high = p95.map(|p| (p, Z95)).or(p99.map(|p| (p, Z99)));
    let spread = |a: f64, b: f64, z: f64| if a > 0.0 && b > a { (b / a).ln() / z } else { 0.0 };
    let sigma = match (p50, high) {
        (Some(middle), Some((p, z))) => spread(middle, p, z),
        _ => sigma,
    };
    let middle = p50.or(high.map(|(p, z)| p * (-z * sigma).exp()));
    let mean = mean.or(middle.map(|m| m * (sigma * sigma / 2.0).exp()));
    let tail = p99.or(middle.or(mean.map(|m| m * (-sigma * sigma / 2.0).exp())).map(|m| m * (Z99 * sigma).exp()));
    (mean, tail)
}

/// Reads a row's cells; what is wrong with one is told, and the others are used.
pub(super) fn facts(
    columns: &Columns,
    cells: &[&[u8]],
    sigma: f64,
    comma: bool,
    tell: &mut dyn FnMut(String),
) -> Facts {
    let mut out = Facts::default();
    let (mut mean, mut p50, mut p95, mut p99) = (None, None, None, None);
    for column in &columns.known {
        let cell = cells.get(column.at).copied().unwrap_or_default().trim_ascii();
        if cell.is_empty() || matches!(column.role, Role::Service | Role::Time | Role::Series | Role::Hour(_)) {
            continue;
        }
        let Some(measure) = column.role.measure() else {
            let text = String::from_utf8_lossy(cell).into_owned();
            match column.role {
                Role::Deployment => out.deployment = Some(text),
                Role::Image => out.image = Some(text),
                Role::Calls => {
                    let names = text.split(|c: char| c.is_whitespace() || matches!(c, '|' | ';' | '>'));
                    out.calls = names.filter(|n| !n.is_empty()).map(str::to_owned).collect();
                }
                Role::FrontDoor => match FrontDoor::parse(&text.to_lowercase()) {
                    Some(front) => out.front = Some(front),
                    None => tell(format!(
                        "front door '{}' is none of none, function-url, http-api, rest-api, alb",
                        super::time::shown(cell)
                    )),
                },
                _ => {}
            }
            continue;
        };
        let number = match value(cell, measure, column.factor, comma) {
            Ok(number) => number,
            Err(problem) => {
                tell(problem);
                continue;
            }
        };
        let field = match column.role {
            Role::Requests => &mut out.rps,
            Role::Peak => &mut out.peak_rps,
            Role::Mean => &mut mean,
            Role::P50 => &mut p50,
            Role::P95 => &mut p95,
            Role::P99 => &mut p99,
            Role::Memory => &mut out.memory_mb,
            Role::PodMemory => &mut out.pod_mb,
            Role::Cpu => &mut out.vcpu,
            Role::Replicas => &mut out.replicas,
            Role::MaxReplicas => &mut out.max_replicas,
            Role::Cold => &mut out.cold,
            Role::Init => &mut out.init_ms,
            Role::Payload => &mut out.payload_mb,
            Role::Latency => &mut out.latency_ms,
            Role::Pool => &mut out.pool,
            Role::Cost => &mut out.billed,
            _ => continue,
        };
        *field = Some(number);
    }
    (out.mean_ms, out.p99_ms) = durations(mean, p50, p95, p99, sigma);
    out
}

#[cfg(test)]
mod tests {
    use super::durations;

    #[test]
    fn means_from_percentiles() {
        // exp(N(ln 100, 0.5)): p50 100, p95 227.6, mean 113.3, p99 320.
        let (mean, p99) = durations(None, Some(100.0), Some(227.6), None, 0.6);
        assert!((mean.unwrap() - 113.3).abs() < 0.1 && (p99.unwrap() - 320.0).abs() < 0.5);
        let (mean, p99) = durations(Some(80.0), None, None, Some(500.0), 0.6);
        assert_eq!((mean, p99), (Some(80.0), Some(500.0)));
        let (mean, _) = durations(None, None, Some(268.3), None, 0.6);
        assert!((mean.unwrap() - 119.7).abs() < 0.1);
        assert_eq!(durations(None, None, None, None, 0.6), (None, None));
        // Percentiles the wrong way round are no spread.
        assert_eq!(durations(None, Some(100.0), Some(50.0), None, 0.6).0, Some(100.0));
    }
}
