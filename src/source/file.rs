//! Reading one file: bounded in size, decoded to UTF-8.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{FileKind, Skipped, SourceFile};

/// Larger sources are generated or data.
const MAX_SOURCE: u64 = 8 << 20;
/// Larger lists of packages are broken.
const MAX_RESOLVED: u64 = 32 << 20;
/// Larger manifests and settings are data.
const MAX_OTHER: u64 = 4 << 20;

/// The text of a file. Spans count bytes of this text, which never begins with a byte order mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// What was lost on the way, for people.
    pub note: Option<String>,
}

/// Reads a file of the workspace.
///
/// # Errors
/// When it cannot be opened, is no regular file any more, is too large or is binary.
pub fn read(root: &Path, file: &SourceFile) -> Result<Decoded, Skipped> {
    let skip = |reason: String| Skipped { path: file.path.to_string(), reason };
    let limit = match file.kind {
        FileKind::Java | FileKind::Rust => MAX_SOURCE,
        FileKind::Resolved => MAX_RESOLVED,
        _ => MAX_OTHER,
    };
    let path = root.join(&*file.path);
    // Asked before opening: opening a pipe would wait for ever, and links are never followed.
    let meta = path.symlink_metadata().map_err(|e| skip(format!("cannot be read: {e}")))?;
    if !meta.is_file() {
        return Err(skip("not a regular file".to_owned()));
    }
    let too_large = || skip(format!("larger than {} MiB", limit >> 20));
    if meta.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + 1);
    File::open(&path)
        .and_then(|f| f.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|e| skip(format!("cannot be read: {e}")))?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    decode(bytes, file.path.ends_with(".properties")).ok_or_else(|| skip("binary".to_owned()))
}

/// Bytes to text; `None` for binary content. Java reads `.properties` as Latin-1 when they are not UTF-8.
fn decode(bytes: Vec<u8>, latin1: bool) -> Option<Decoded> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => return Some(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => return Some(utf16(rest, u16::from_be_bytes)),
        _ => {}
    }
    if bytes.contains(&0) {
        return None;
    }
    let (mut text, note) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(e) if latin1 => (e.as_bytes().iter().map(|b| char::from(*b)).collect(), None),
        Err(e) => {
            let lossy = String::from_utf8_lossy(e.as_bytes()).into_owned();
            (lossy, Some("not valid UTF-8: broken characters replaced".to_owned()))
        }
    };
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Some(Decoded { text, note })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut lost = !rest.is_empty();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|c| {
            c.unwrap_or_else(|_| {
                lost = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    Decoded { text, note: lost.then(|| "not valid UTF-16: broken characters replaced".to_owned()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{decode, read};
    use crate::source::{FileKind, Role, SourceFile};

    fn text(bytes: &[u8]) -> Option<String> {
        decode(bytes.to_vec(), false).map(|d| d.text)
    }

    #[test]
    fn marks_and_encodings() {
        assert_eq!(text("\u{feff}class A {}".as_bytes()).as_deref(), Some("class A {}"));
        assert_eq!(text(b"\xff\xfea\0\xe9\0").as_deref(), Some("aé"));
        assert_eq!(text(b"\xfe\xff\0a\xd8\0").as_deref(), Some("a\u{fffd}"));
        assert_eq!(text(b"\x7fELF\0\0"), None);
        assert!(decode(b"a\xffb".to_vec(), false).is_some_and(|d| d.note.is_some() && d.text == "a\u{fffd}b"));
        assert!(decode(b"a=\xfc".to_vec(), true).is_some_and(|d| d.note.is_none() && d.text == "a=ü"));
    }

    #[test]
    fn too_large_and_missing_files_are_skipped() {
        let dir = tempfile::tempdir().unwrap();
        let file = |path: &str, kind| SourceFile { path: path.into(), kind, role: Role::Main };
        std::fs::write(dir.path().join("big.yml"), vec![b'a'; (4 << 20) + 1]).unwrap();
        let big = read(dir.path(), &file("big.yml", FileKind::Settings));
        assert!(big.is_err_and(|s| s.reason.contains("4 MiB")));
        assert!(read(dir.path(), &file("none.yml", FileKind::Settings)).is_err());
        std::fs::create_dir(dir.path().join("d.yml")).unwrap();
        assert!(read(dir.path(), &file("d.yml", FileKind::Settings)).is_err());
    }
}
