//! The report as JSON.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::model::Report;
use super::options::Options;
use super::safe::is_hidden;

/// Writes the report as indented JSON.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Report, _options: &Options, out: &mut dyn Write) -> io::Result<()> {
    pretty(report, out)
}

/// Indented JSON with a final line end. Hidden characters are escaped, so that a terminal may show it.
pub(super) fn pretty<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    value.serialize(&mut Serializer::with_formatter(&mut out, Harmless(PrettyFormatter::new())))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// One line of JSON, as harmless.
pub(super) fn line<T: Serialize>(value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Harmless(CompactFormatter)))?;
    text.push(b'\n');
    out.write_all(&text)
}

struct Harmless<F>(F);

macro_rules! delegate {
    ($($method:ident($($arg:ident: $ty:ty),*)),* $(,)?) => {
        $(fn $method<W: ?Sized + Write>(&mut self, out: &mut W $(, $arg: $ty)*) -> io::Result<()> {
            self.0.$method(out $(, $arg)*)
        })*
    };
}

impl<F: Formatter> Formatter for Harmless<F> {
    delegate! {
        begin_array(), end_array(), begin_array_value(first: bool), end_array_value(),
        begin_object(), end_object(), begin_object_key(first: bool), begin_object_value(), end_object_value(),
    }

    /// serde_json escapes only what JSON demands: control characters below the blank.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        // Most are plain, and ask for no look at each character.
        if rest.bytes().all(|b| (b' '..0x7f).contains(&b)) {
            return out.write_all(rest.as_bytes());
        }
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_hidden(*c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn snapshot() {
        insta::assert_snapshot!(sample::render(&sample::report(), write, &Options::default()));
    }

    #[test]
    fn reads_back_as_it_was() {
        let report = sample::hostile();
        let text = sample::render(&report, write, &Options::default());
        let back: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(&back).unwrap(), serde_json::to_value(&report).unwrap());
    }
}
