//! Interned names: one copy of each identifier for the whole process.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, RwLock};

use rustc_hash::{FxBuildHasher, FxHasher};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const SHARDS: usize = 32;

type Shard = RwLock<HashSet<Kept, FxBuildHasher>>;

static SHARDED: LazyLock<[Shard; SHARDS]> = LazyLock::new(|| std::array::from_fn(|_| Shard::default()));

/// An interned string: cheap to copy, compared by address, ordered by text. A thin pointer, because
/// facts hold millions.
///
/// The texts live as long as the process: a scan is one run of a short-lived tool, and a name is
/// asked for far more often than it is made.
#[derive(Clone, Copy, Eq)]
pub struct Name(&'static &'static str);

static EMPTY: &str = "";

/// A name in the table, found by its text.
#[derive(PartialEq, Eq, Hash)]
struct Kept(&'static &'static str);

impl Borrow<str> for Kept {
    fn borrow(&self) -> &str {
        self.0
    }
}

impl Default for Name {
    fn default() -> Self {
        Self(&EMPTY)
    }
}

impl Name {
    /// The one `Name` of this text.
    pub fn new(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let shard = &SHARDED[(hasher.finish() >> 40) as usize % SHARDS];
        if let Ok(set) = shard.read()
            && let Some(found) = set.get(text)
        {
            return Self(found.0);
        }
        let mut set = shard.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(found) = set.get(text) {
            return Self(found.0);
        }
        let text: &'static str = Box::leak(text.into());
        let kept: &'static &'static str = Box::leak(Box::new(text));
        set.insert(Kept(kept));
        Self(kept)
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The part after the last `.` or `::`: `java.util.Map.Entry` gives `Entry`.
    pub fn last_segment(self) -> &'static str {
        let tail = self.0.rsplit("::").next().unwrap_or(self.0);
        tail.rsplit('.').next().unwrap_or(tail)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        // One text has one place.
        std::ptr::eq(self.0, other.0)
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).addr().hash(state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self.0).cmp(*other.0)
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn equal_texts_are_one_name() {
        assert_eq!(Name::new("java.util.Map"), Name::new(&format!("java.util.{}", "Map")));
        assert_ne!(Name::new("a"), Name::new("b"));
        assert_eq!(Name::new(""), Name::default());
    }

    #[test]
    fn last_segment_knows_both_separators() {
        assert_eq!(Name::new("java.util.Map.Entry").last_segment(), "Entry");
        assert_eq!(Name::new("tokio::task::spawn").last_segment(), "spawn");
        assert_eq!(Name::new("plain").last_segment(), "plain");
    }
}
