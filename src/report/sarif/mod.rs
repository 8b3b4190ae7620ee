//! sarif
use super::{model::Report, options::Options};
use std::io::{self, Write};
/// todo
pub fn write(_report: &Report, _options: &Options, _out: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
