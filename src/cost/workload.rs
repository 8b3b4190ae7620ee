//! What is known of a service when its cost is computed: its load, its size, its pods.

use crate::config::FrontDoor;

use super::prices::Prices;

/// How the rate is spread over the hours of a month: mean requests a second, and the share of hours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rates(pub Vec<(f64, f64)>);

impl Rates {
    /// The same rate in every hour.
    pub fn steady(rps: f64) -> Self {
        Self(vec![(rps, 1.0)])
    }

    /// Mean requests a second.
    pub fn mean(&self) -> f64 {
        self.0.iter().map(|(rps, share)| rps * share).sum()
    }

    /// The highest hour's mean.
    pub fn highest(&self) -> f64 {
        self.0.iter().map(|(rps, _)| *rps).fold(0.0, f64::max)
    }

    /// Mean of a function of the rate over the hours.
    pub fn average(&self, of: impl Fn(f64) -> f64) -> f64 {
        self.0.iter().map(|(rps, share)| of(*rps) * share).sum()
    }
}

/// Pods as they stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pods {
    pub vcpu: f64,
    pub gib: f64,
    /// At no load.
    pub least: f64,
    /// At the highest hour; the same as `least` without an autoscaler.
    pub most: f64,
    /// Runs and ends: what counts is the time it is busy.
    pub job: bool,
}

/// A service and a month of its life.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    pub name: String,
    pub rates: Rates,
    /// Requests a second at the highest moment.
    pub peak_rps: f64,
    /// Mean seconds of a request.
    pub duration_s: f64,
    pub p99_s: f64,
    /// Memory of a function, MB of 1/1,024 GB as Lambda bills it.
    pub memory_mb: f64,
    /// Seconds of a cold start, and at p99.
    pub init_s: f64,
    pub init_p99_s: f64,
    /// Share of cold requests where it was measured.
    pub cold: Option<f64>,
    pub pods: Option<Pods>,
    /// USD a month that somebody has measured.
    pub billed: Option<f64>,
    pub front: FrontDoor,
    pub jvm: bool,
    /// Connections of its pool to a database.
    pub pool: Option<f64>,
    /// Largest request and response, MB.
    pub payload_mb: Option<f64>,
    /// Slowest acceptable answer at p99, seconds.
    pub latency_s: Option<f64>,
    /// Services that it calls and waits for.
    pub calls: Vec<String>,
}

impl Workload {
    /// A service of which nothing but its name is known.
    pub fn new(name: &str, prices: &Prices) -> Self {
        let assumed = &prices.assumed;
        Self {
            name: name.to_owned(),
            rates: Rates::default(),
            peak_rps: 0.0,
            duration_s: *assumed.duration_ms / 1000.0,
            p99_s: 0.0,
            memory_mb: *assumed.memory_mb,
            init_s: *assumed.init_ms / 1000.0,
            init_p99_s: *assumed.init_ms / 1000.0,
            cold: None,
            pods: None,
            billed: None,
            front: FrontDoor::None,
            jvm: true,
            pool: None,
            payload_mb: None,
            latency_s: None,
            calls: Vec::new(),
        }
    }

    /// Mean requests a month.
    pub fn requests(&self, prices: &Prices) -> f64 {
        self.rates.mean() * prices.seconds()
    }

    /// GB of a function.
    pub fn gb(&self) -> f64 {
        self.memory_mb / 1024.0
    }

    /// Cold starts a second at a rate.
    ///
    /// An environment lives for `keep-alive-s` after its last request, so of single requests that arrive at random
    /// a share of e^(−rate × keep-alive) is cold. Up to one request per keep-alive that number grows with the rate;
    /// above, chance would make it fall, yet real load comes in bursts: it is held where it was highest. Environments
    /// that stay busy are replaced every `environment-s`. There are never more cold starts than requests. More
    /// traffic therefore never has fewer cold starts than less.
    pub fn cold_per_second(&self, rps: f64, prices: &Prices) -> f64 {
        if let Some(share) = self.cold {
            return rps * share;
        }
        let keep = *prices.assumed.keep_alive_s;
        let lonely = if rps * keep <= 1.0 { rps * (-rps * keep).exp() } else { (-1.0f64).exp() / keep };
        let replaced = (rps * self.duration_s).max(1.0) / *prices.assumed.environment_s;
        (lonely + replaced).min(rps)
    }

    /// Share of requests that are cold.
    pub fn cold_share(&self, prices: &Prices) -> f64 {
        let mean = self.rates.mean();
        if mean > 0.0 { self.rates.average(|rps| self.cold_per_second(rps, prices)) / mean } else { 0.0 }
    }

    /// Billed seconds of a function a month: requests and their cold starts.
    pub fn busy_seconds(&self, prices: &Prices) -> f64 {
        let cold = |rps| self.cold_per_second(rps, prices) * self.init_s;
        self.rates.average(|rps| rps * self.duration_s + cold(rps)) * prices.seconds()
    }

    /// Environments needed at a rate (Little's law), no less than the limit of requests per environment asks for.
    pub fn environments(&self, rps: f64, prices: &Prices) -> f64 {
        if rps <= 0.0 {
            return 0.0;
        }
        let cold = self.cold_per_second(rps, prices) * self.init_s;
        (rps * self.duration_s + cold).max(rps / *prices.limits.environment_rps)
    }

    /// The same service with another load and another speed.
    pub fn scaled(&self, traffic: f64, duration: f64) -> Self {
        let mut out = self.clone();
        out.rates.0.iter_mut().for_each(|(rps, _)| *rps *= traffic);
        out.peak_rps *= traffic;
        out.duration_s *= duration;
        out.p99_s *= duration;
        out
    }
}
