//! Paths as relative URIs.

use std::fmt::Write;

use serde_sarif::sarif::ArtifactLocation;

use super::ROOT;
use crate::report::options::Options;

/// Where a file of the scanned tree lies in the repository; `None` for the root itself.
pub(super) fn location(path: &str, options: &Options) -> Option<ArtifactLocation> {
    let uri = relative(&options.prefix, path)?;
    Some(ArtifactLocation { uri: Some(uri), uri_base_id: Some(ROOT.to_owned()), ..Default::default() })
}

/// Joins the two and encodes what a relative URI may not hold. A `:` is encoded too: in the first
/// segment it would make what stands before it a scheme.
fn relative(prefix: &str, path: &str) -> Option<String> {
    let segments = prefix.split('/').chain(path.split('/')).filter(|segment| !matches!(*segment, "" | "."));
    let mut uri = String::with_capacity(prefix.len() + path.len() + 1);
    for segment in segments {
        if !uri.is_empty() {
            uri.push('/');
        }
        for byte in segment.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    (!uri.is_empty()).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn encodes_what_is_not_allowed() {
        let encoded = |path| relative("", path);
        assert_eq!(encoded("a/b-c_d.java").as_deref(), Some("a/b-c_d.java"));
        assert_eq!(encoded("a b/ü%20#?.rs").as_deref(), Some("a%20b/%C3%BC%2520%23%3F.rs"));
        assert_eq!(encoded("file:x/[y]\\\x1b").as_deref(), Some("file%3Ax/%5By%5D%5C%1B"));
        assert_eq!(encoded("/abs//x").as_deref(), Some("abs/x"));
        assert_eq!(encoded("."), None);
        assert_eq!(relative("services/shop/", "./A.java").as_deref(), Some("services/shop/A.java"));
    }
}
