//! Where output goes: the console, and files written as a whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};

use super::args::Color;
use crate::report::{percent, safe};

/// Headings.
pub(super) const BOLD: Style = Style::new().bold();
/// What stands back.
pub(super) const DIM: Style = Style::new().dimmed();
const RED: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const YELLOW: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Widest text that is pleasant to read.
const MAX_WIDTH: usize = 100;

/// Standard output and error, and how talkative to be.
pub(super) struct Console {
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

impl Console {
    pub(super) fn new(color: Color, quiet: bool, verbose: bool) -> Self {
        match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self { quiet, verbose }
    }

    /// Is standard output coloured?
    pub(super) fn color(&self) -> bool {
        AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
    }

    /// Columns to write in.
    pub(super) fn width(&self) -> usize {
        terminal_size::terminal_size().map_or(MAX_WIDTH, |(width, _)| usize::from(width.0)).max(40)
    }

    /// Address of a directory for links, if the terminal makes links of them.
    pub(super) fn links(&self, root: &Path) -> String {
        let shown = self.color() && io::stdout().is_terminal() && links_are_known(|name| std::env::var(name).ok());
        root.canonicalize()
            .ok()
            .filter(|_| shown)
            .map(|root| format!("file://{}", percent(&root.to_string_lossy())))
            .unwrap_or_default()
    }

    /// Columns for running text.
    pub(super) fn text_width(&self) -> usize {
        self.width().min(MAX_WIDTH)
    }

    /// May a progress bar be drawn?
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Writes to standard output, at once.
    pub(super) fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
        write(&mut out)?;
        out.flush()
    }

    /// Tells something beside the report, on stderr, unless asked to be quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            tell(YELLOW, "note", text);
        }
    }

    /// Tells why there is nothing to show; silence would look like success.
    pub(super) fn warn(&self, text: &str) {
        tell(YELLOW, "warning", text);
    }

    /// Tells an error with its causes, on stderr.
    pub(super) fn error(&self, error: &anyhow::Error) {
        let mut text = error.to_string();
        for cause in error.chain().skip(1) {
            let cause = cause.to_string();
            // Many errors already say what their cause says.
            if !text.contains(&cause) {
                text = format!("{text}: {cause}");
            }
        }
        tell(RED, "error", &text);
    }
}

/// Does the terminal know OSC 8? Others would show rubbish, so only those that are known to.
fn links_are_known(env: impl Fn(&str) -> Option<String>) -> bool {
    if let Some(forced) = env("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    let program = env("TERM_PROGRAM").unwrap_or_default();
    set("KITTY_WINDOW_ID")
        || set("WT_SESSION")
        || set("KONSOLE_VERSION")
        || env("VTE_VERSION").and_then(|version| version.parse::<u32>().ok()).is_some_and(|version| version >= 5000)
        || matches!(program.as_str(), "iTerm.app" | "WezTerm" | "vscode" | "ghostty" | "Hyper")
}

fn tell(style: Style, label: &str, text: &str) {
    let text: Vec<_> = text.lines().map(safe).collect();
    // Nobody is left to be told that stderr is closed.
    let _ = writeln!(anstream::stderr().lock(), "{style}{label}{style:#}: {}", text.join("\n"));
}

/// Writes a file as a whole: whoever reads it meanwhile sees the old one or the new one.
pub(super) fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A pipe or device, such as /dev/stdout, cannot be replaced.
    if path.metadata().is_ok_and(|data| !data.is_file()) {
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    // The target of a link is replaced, not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}.tmp", std::process::id()));
    let draft = path.with_file_name(draft);
    let result = File::create_new(&draft).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        std::fs::rename(&draft, &path)
    });
    if result.is_err() {
        // Best effort: the error that matters is the first one.
        let _ = std::fs::remove_file(&draft);
    }
    result
}

/// Breaks running text into lines of at most `width` columns, each behind `indent`.
pub(super) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    for paragraph in text.trim().lines() {
        let mut column = 0;
        if !paragraph.trim().is_empty() {
            out.push_str(indent);
        }
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && indent.len() + column + 1 + length > width {
                out.push('\n');
                out.push_str(indent);
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(&safe(word));
            column += length;
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{links_are_known, wrap, write_file};

    #[test]
    fn links_are_for_terminals_that_know_them() {
        let with = |name: &'static str, value: &'static str| {
            links_are_known(|asked| (asked == name).then(|| value.to_owned()))
        };
        assert!(with("VTE_VERSION", "7200") && with("TERM_PROGRAM", "WezTerm") && with("FORCE_HYPERLINK", "1"));
        assert!(!with("VTE_VERSION", "4000") && !with("TERM_PROGRAM", "Apple_Terminal") && !with("TERM", "xterm"));
    }

    #[test]
    fn files_are_written_as_a_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        write_file(&path, |out| out.write_all(b"one")).unwrap();
        write_file(&path, |out| out.write_all(b"two")).unwrap();
        let failed = write_file(&path, |out| {
            out.write_all(b"thr")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(write_file(&dir.path().join("no/such/dir.json"), |_| Ok(())).is_err());
    }

    #[test]
    fn text_is_wrapped() {
        assert_eq!(wrap("one two three\n\nfour", 9, "  "), "  one two\n  three\n\n  four\n");
        assert_eq!(wrap("", 9, "  "), "");
        assert_eq!(wrap("incomprehensibilities", 9, ""), "incomprehensibilities\n");
    }
}
