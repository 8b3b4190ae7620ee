//! Interned names: one copy of each identifier for the whole process.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::ops::Deref;
use std::sync::{LazyLock, PoisonError, RwLock};

use rustc_hash::FxHasher;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const SHARDS: usize = 32;

static SHARDED: LazyLock<[RwLock<Shard>; SHARDS]> =
    LazyLock::new(|| std::array::from_fn(|_| RwLock::new(Shard::default())));

/// A part of the table: texts by their hash. Where two share a hash, the second stands at the next free one.
#[derive(Default)]
struct Shard {
    known: HashMap<u64, &'static &'static str, BuildHasherDefault<AsItIs>>,
    /// Room for further texts and for what points to them: one allocation for many.
    room: &'static mut [u8],
    slots: &'static mut [&'static str],
}

/// Bytes of texts, and texts, that are allocated together.
const ROOM: usize = 8 << 10;
const SLOTS: usize = 256;

impl Shard {
    fn find(&self, text: &str, mut hash: u64) -> Result<&'static &'static str, u64> {
        while let Some(found) = self.known.get(&hash) {
            if **found == text {
                return Ok(found);
            }
            hash = hash.wrapping_add(1);
        }
        Err(hash)
    }

    fn keep(&mut self, text: &str, free: u64) -> &'static &'static str {
        let text = if text.len() > ROOM / 16 { Box::leak(text.into()) } else { self.write(text) };
        if self.slots.is_empty() {
            self.slots = Box::leak(vec![""; SLOTS].into());
        }
        let kept: &'static &'static str = match std::mem::take(&mut self.slots).split_first_mut() {
            Some((slot, rest)) => {
                self.slots = rest;
                *slot = text;
                slot
            }
            None => Box::leak(Box::new(text)),
        };
        self.known.insert(free, kept);
        kept
    }

    fn write(&mut self, text: &str) -> &'static str {
        if self.room.len() < text.len() {
            self.room = Box::leak(vec![0; ROOM].into());
        }
        let (place, rest) = std::mem::take(&mut self.room).split_at_mut(text.len());
        self.room = rest;
        place.copy_from_slice(text.as_bytes());
        std::str::from_utf8(place).unwrap_or_default()
    }
}

/// Keys are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = (self.0 << 8) | u64::from(*b));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// An interned string: cheap to copy, compared by address, ordered by text. A thin pointer, because
/// facts hold millions.
///
/// The texts live as long as the process: a scan is one run of a short-lived tool, and a name is
/// asked for far more often than it is made.
#[derive(Clone, Copy, Eq)]
pub struct Name(&'static &'static str);

static EMPTY: &str = "";

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
        let hash = hasher.finish();
        let shard = &SHARDED[(hash >> 40) as usize % SHARDS];
        if let Ok(found) = shard.read().unwrap_or_else(PoisonError::into_inner).find(text, hash) {
            return Self(found);
        }
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        match shard.find(text, hash) {
            Ok(found) => Self(found),
            Err(free) => Self(shard.keep(text, free)),
        }
    }

    /// The text.
    #[inline]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The part after the last `.` or `::`: `java.util.Map.Entry` gives `Entry`.
    pub fn last_segment(self) -> &'static str {
        let bytes = self.0.as_bytes();
        let ends = |at: &usize| bytes[*at] == b'.' || (bytes[*at] == b':' && *at > 0 && bytes[*at - 1] == b':');
        let last = (0..bytes.len()).rev().find(ends);
        last.and_then(|at| self.0.get(at + 1..)).unwrap_or(self.0)
    }
}

impl PartialEq for Name {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        // One text has one place.
        std::ptr::eq(self.0, other.0)
    }
}

impl Hash for Name {
    #[inline]
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
    #[inline]
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
    fn long_and_many_names_are_kept() {
        let texts: Vec<String> = (0..9_000).map(|i| format!("{}{i}", "é".repeat(i % 1_500))).collect();
        let names: Vec<Name> = texts.iter().map(|text| Name::new(text)).collect();
        assert!(names.iter().zip(&texts).all(|(name, text)| name.as_str() == text && *name == Name::new(text)));
    }

    #[test]
    fn last_segment_knows_both_separators() {
        assert_eq!(Name::new("java.util.Map.Entry").last_segment(), "Entry");
        assert_eq!(Name::new("tokio::task::spawn").last_segment(), "spawn");
        assert_eq!(Name::new("plain").last_segment(), "plain");
        assert_eq!(Name::new("a:b").last_segment(), "a:b");
        assert_eq!((Name::new("a::").last_segment(), Name::new("a.b::c:d").last_segment()), ("", "c:d"));
    }
}
