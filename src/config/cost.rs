//! What the user says about cost.

use serde::{Deserialize, Serialize};
use toml::Spanned;

/// `[cost]`: traffic, prices, and what is assumed of where services run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CostConfig {
    /// Files with traffic or today's cost, beside or below the configuration.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub traffic: Vec<Spanned<String>>,
    /// Prices of one's own, beside or below the configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub price_file: Option<Spanned<String>>,
    /// Person-days that may be spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<f64>,
    /// USD a person-day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<Architecture>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub front_door: Option<FrontDoor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<Home>,
    /// Take the free tier of Lambda off the fleet's bill.
    pub free_tier: bool,
    /// Services that call one another and wait, the caller first.
    pub chains: Vec<Vec<String>>,
    /// Figures that replace those of `rules/catalog/prices.yaml`, in the same shape.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, serde_json::Value>"))]
    pub prices: toml::Table,
}

/// Processors of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    #[default]
    #[serde(alias = "x86_64", alias = "x86-64")]
    X86,
    #[serde(alias = "arm64")]
    Arm,
}

/// What brings requests to a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FrontDoor {
    /// Events: queues, schedules, other functions.
    None,
    FunctionUrl,
    #[default]
    HttpApi,
    RestApi,
    Alb,
}

impl FrontDoor {
    /// As written in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::FunctionUrl => "function-url",
            Self::HttpApi => "http-api",
            Self::RestApi => "rest-api",
            Self::Alb => "alb",
        }
    }

    /// The one of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::FunctionUrl, Self::HttpApi, Self::RestApi, Self::Alb]
            .into_iter()
            .find(|f| f.as_str() == text)
    }
}

/// Where the pods run now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Home {
    #[default]
    Kubernetes,
    /// Nodes that Karpenter consolidates.
    Karpenter,
    Fargate,
}

impl Home {
    /// As written in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Karpenter => "karpenter",
            Self::Fargate => "fargate",
        }
    }
}
