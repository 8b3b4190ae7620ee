//! Relative paths as text. The root is the empty path in here and `.` in [`super::Unit::dir`].

/// The directory of a path: `a/b/pom.xml` gives `a/b`, `pom.xml` gives the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The last segment.
pub(super) fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The last segment without its extensions: `application-prod.yml` gives `application-prod`.
pub(super) fn stem(path: &str) -> &str {
    let name = base(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The directory itself and all above it, down to the root.
pub(super) fn ancestors(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(dir), |d| (!d.is_empty()).then(|| parent(d)))
}

/// Does `path` lie in `dir` (or is it `dir`)?
pub(super) fn within(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `relative` as seen from `dir`, normalised; none when it leaves the tree.
pub(super) fn join(dir: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A user's spelling of a directory: `./a/`, `.`, `a`.
pub(super) fn normal(dir: &str) -> String {
    join("", dir.trim_matches('/')).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_tree() {
        assert_eq!(join("a/b", "../c/./pom.xml").as_deref(), Some("a/c/pom.xml"));
        assert_eq!(join("a", "../../x"), None);
        assert_eq!(ancestors("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert!(within("a/b", "a") && !within("ab", "a") && within("x", ""));
        assert_eq!((normal("./a/b/").as_str(), normal(".").as_str()), ("a/b", ""));
    }
}
