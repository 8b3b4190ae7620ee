//! The words of rules and reports. `build.rs` includes this file as it does the schema.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),* }
        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// As written in rules, settings and reports.
            pub fn as_str(self) -> &'static str { match self { $($name::$variant => $text),* } }
        }
        impl Default for $name {
            fn default() -> Self { Self::ALL[0] }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                $name::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| {
                    let all: Vec<_> = $name::ALL.iter().map(|v| v.as_str()).collect();
                    format!("'{text}' is none of: {}", all.join(", "))
                })
            }
        }
    };
}

words! {
    /// What a pattern does that a function must not; see README for what each takes in.
    Category {
        ThreadPool => "thread-pool", Scheduler => "scheduler", MessageListener => "message-listener",
        LongRunningLoop => "long-running-loop", InProcessCache => "in-process-cache", MutableState => "mutable-state",
        ColdStart => "cold-start", StartupWork => "startup-work", ConnectionPool => "connection-pool",
        LocalFilesystem => "local-filesystem", ServerSocket => "server-socket", LongRequest => "long-request",
        ProcessNative => "process-native", ClusterCoordination => "cluster-coordination",
        EmbeddedStore => "embedded-store", Other => "other",
    }
}

words! {
    /// How much a finding stands in the way, from least to most.
    Severity { Info => "info", Minor => "minor", Major => "major", Blocker => "blocker" }
}

words! {
    /// How sure it is that the finding is real, from least to most.
    Confidence { Low => "low", Medium => "medium", High => "high" }
}

words! {
    /// How large a move is: T1 drop-in, T2 about a week, T3 one to three weeks, T4 one to two
    /// months, T5 rewrite, or better kept on containers.
    Tier { T1 => "T1", T2 => "T2", T3 => "T3", T4 => "T4", T5 => "T5" }
}

words! {
    /// Where a service could move to.
    Target {
        Lambda => "lambda", LambdaManagedInstances => "lambda-managed-instances", LambdaMicrovm => "lambda-microvm",
        AzureFlex => "azure-flex", CloudRun => "cloud-run", Workers => "workers",
    }
}

words! {
    /// How a target takes a pattern, from best to worst.
    Fit {
        /// Leave it as it is.
        Ok => "ok",
        /// Works with a small change or a caveat.
        Works => "works",
        /// Must be rebuilt.
        Hostile => "hostile",
        /// Cannot be had there.
        Impossible => "impossible",
    }
}
