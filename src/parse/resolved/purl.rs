//! Package URLs: `pkg:maven/group/artifact@version?type=jar`.

use crate::facts::resolved::ResolvedPackage;

/// The package that a URL names; none for other ecosystems than Maven's and Cargo's.
pub(super) fn package(purl: &str) -> Option<ResolvedPackage> {
    let rest = purl.strip_prefix("pkg:")?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (kind, path) = rest.split_once('/')?;
    let (path, version) = path.rsplit_once('@').unwrap_or((path, ""));
    let (group, artifact) = match kind.to_ascii_lowercase().as_str() {
        "maven" => path.rsplit_once('/')?,
        "cargo" => ("cargo", path),
        _ => return None,
    };
    Some(ResolvedPackage {
        group: decoded(group),
        artifact: decoded(artifact),
        version: decoded(version),
        ..ResolvedPackage::default()
    })
}

/// Percent signs taken out.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match digit(at + 1).zip(digit(at + 2)).filter(|_| bytes[at] == b'%') {
            Some((high, low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
