//! Values of options that are one of a few words.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::report::Format;
use crate::rules::model::{Confidence, Severity, Target};

/// A word that an option takes.
pub(super) trait Word: FromStr<Err = String> + Clone + Send + Sync + 'static {
    /// All of them, as written.
    fn all() -> Vec<&'static str>;
}

macro_rules! word {
    ($($name:ident),*) => {
        $(impl Word for $name {
            fn all() -> Vec<&'static str> {
                $name::ALL.iter().map(|one| one.as_str()).collect()
            }
        })*
    };
}

word!(Confidence, Severity, Target, Format);

/// Reads one of the words; clap lists them in help and errors.
pub(super) fn word<T: Word>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::all()).try_map(|text| T::from_str(&text))
}
