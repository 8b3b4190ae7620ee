//! The walk: one level of directories after the other, the directories of a level in parallel.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use globset::GlobSet;
use rayon::prelude::*;

use super::ignored::{IGNORE_FILES, Ignores, exclusions};
use super::{FileKind, RelPath, Role, Skipped, SourceFile, Workspace, classify, role_of};

/// What to leave out.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// Read `.gitignore`d files too.
    pub no_ignore: bool,
    /// Keep test sources in the list.
    pub tests: bool,
    /// Globs of paths to leave out (`faasible.toml`, `--exclude`).
    pub exclude: Vec<String>,
}

/// A directory still to be listed.
struct Dir {
    path: PathBuf,
    /// Relative path with `/`; empty for the root.
    rel: String,
    ignores: Ignores,
    /// Within a server of somebody else's that was unpacked into the tree.
    unpacked: bool,
}

/// What one directory holds.
#[derive(Default)]
struct Listing {
    files: Vec<SourceFile>,
    dirs: Vec<Dir>,
    skipped: Vec<Skipped>,
    unread: BTreeMap<&'static str, u32>,
    tests: u32,
}

/// Lists and classifies the files under `root`. Links are never followed.
///
/// # Errors
/// When `root` does not exist or cannot be listed, or when a glob of `exclude` is not well formed;
/// anything below the root that fails becomes an entry of `skipped`.
pub fn walk(root: &Path, options: &WalkOptions) -> std::io::Result<Workspace> {
    let root = std::fs::canonicalize(root)?;
    std::fs::read_dir(&root)?;
    let exclude = exclusions(&options.exclude)?;
    let ignores = if options.no_ignore { Ignores::default() } else { Ignores::above(&root) };

    let mut found = Workspace { root: root.clone(), ..Workspace::default() };
    let mut level = vec![Dir { path: root, rel: String::new(), ignores, unpacked: false }];
    while !level.is_empty() {
        let listings: Vec<(String, Listing)> = level
            .into_par_iter()
            .map(|dir| {
                let listing = list(&dir, options, &exclude);
                (dir.rel, listing)
            })
            .collect();
        level = Vec::new();
        for (rel, listing) in listings {
            let rel: RelPath = if rel.is_empty() { ".".into() } else { rel.into() };
            found.files.extend(listing.files);
            found.skipped.extend(listing.skipped);
            found.unread.extend(listing.unread.into_iter().map(|(language, n)| (rel.clone(), language, n)));
            if listing.tests > 0 {
                found.tests.push((rel, listing.tests));
            }
            level.extend(listing.dirs);
        }
    }
    found.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    found.skipped.sort_unstable();
    found.unread.sort_unstable();
    found.tests.sort_unstable();
    Ok(found)
}

fn list(dir: &Dir, options: &WalkOptions, exclude: &GlobSet) -> Listing {
    let mut out = Listing::default();
    let mut entries: Vec<(OsString, FileType)> = Vec::new();
    match std::fs::read_dir(&dir.path) {
        Ok(listed) => {
            for entry in listed {
                match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
                    Ok(entry) => entries.push(entry),
                    Err(e) => out.skipped.push(unlisted(&dir.rel, &e)),
                }
            }
        }
        Err(e) => out.skipped.push(unlisted(&dir.rel, &e)),
    }
    let has = |names: &[&str]| entries.iter().any(|(name, _)| names.iter().any(|n| name == *n));
    let beside = Beside {
        cargo_or_maven: has(&["Cargo.toml", "pom.xml", "build.sbt"]),
        gradle: has(&["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]),
        npm: has(&["package.json"]),
        in_github: dir.rel == ".github" || dir.rel.ends_with("/.github"),
        in_src: dir.rel.split('/').any(|segment| segment == "src"),
    };
    let unpacked = dir.unpacked || !dir.rel.is_empty() && is_unpacked(&has);
    let ignores = if !options.no_ignore && has(&IGNORE_FILES) {
        dir.ignores.clone().with(&dir.path, &IGNORE_FILES)
    } else {
        dir.ignores.clone()
    };

    for (name, kind) in &entries {
        let Some(name) = name.to_str() else {
            let path = join(&dir.rel, &name.to_string_lossy());
            if kind.is_dir() || kind.is_file() {
                out.skipped.push(Skipped { path, reason: "its name is not valid UTF-8".to_owned() });
            }
            continue;
        };
        let rel = join(&dir.rel, name);
        let path = || dir.path.join(name);
        let hidden = exclude.is_match(&rel) || (!ignores.is_empty() && ignores.hide(&path(), kind.is_dir()));
        if kind.is_dir() {
            if !hidden && !beside.leaves_out(name) && !is_cache(&dir.path, name) {
                out.dirs.push(Dir { path: path(), rel, ignores: ignores.clone(), unpacked });
            }
        } else if kind.is_file() {
            if !hidden {
                out.add_file(rel, name, options.tests, unpacked);
            }
        } else if kind.is_symlink() && !hidden {
            out.skipped.push(Skipped { path: rel, reason: "a symbolic link, not followed".to_owned() });
        }
        // Pipes, sockets and devices hold no sources.
    }
    out
}

/// A server as it is handed out: programs and settings side by side with a licence, and nothing to build it from.
fn is_unpacked(has: &dyn Fn(&[&str]) -> bool) -> bool {
    const MADE_HERE: &[&str] = &[
        "src",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "build.xml",
        "build.sbt",
        "Cargo.toml",
        "package.json",
        "go.mod",
        "pyproject.toml",
        "setup.py",
        "Makefile",
        "CMakeLists.txt",
        "Dockerfile",
        ".git",
    ];
    has(&["bin"])
        && has(&["conf", "config", "etc"])
        && has(&["LICENSE", "LICENSE.txt", "NOTICE", "NOTICE.txt", "RELEASE-NOTES", "RELEASE_NOTES"])
        && !has(MADE_HERE)
}

fn unlisted(rel: &str, error: &std::io::Error) -> Skipped {
    Skipped { path: shown(rel), reason: format!("cannot be listed: {error}") }
}

impl Listing {
    fn add_file(&mut self, rel: String, name: &str, keep_tests: bool, unpacked: bool) {
        let kind = classify(&rel);
        // Helpers of pipelines are none of the tree's programs.
        if kind != Some(FileKind::Ci) && rel.split('/').any(|part| part == ".github") {
            return;
        }
        let language = if kind.is_none() { unread_language(&rel, name) } else { None };
        if kind.is_none() && language.is_none() {
            return;
        }
        let role = if unpacked { Role::Vendored } else { role_of(&rel) };
        if role == Role::Test && (language.is_some() || name.ends_with(".java") || name.ends_with(".rs")) {
            self.tests += 1;
        }
        if let (Some(language), Role::Main) = (language, role) {
            *self.unread.entry(language).or_default() += 1;
        }
        if let Some(kind) = kind
            && (keep_tests || role != Role::Test)
        {
            self.files.push(SourceFile { path: rel.into(), kind, role });
        }
    }
}

/// What lies in the same directory: it tells build output from a package called `build`.
struct Beside {
    cargo_or_maven: bool,
    gradle: bool,
    npm: bool,
    in_src: bool,
    in_github: bool,
}

impl Beside {
    /// Version control, editors, installed packages, build output.
    fn leaves_out(&self, name: &str) -> bool {
        match name {
            ".git" | ".hg" | ".svn" | ".jj" | "CVS" | "node_modules" | "bower_components" | "__pycache__"
            | ".gradle" | ".idea" | ".vscode" | ".settings" | ".metadata" | ".terraform" | ".venv" | ".tox"
            | ".next" | ".nuxt" | ".yarn" | ".pnpm-store" | ".cargo" | ".cache" | ".mypy_cache" | ".pytest_cache"
            | ".m2" => true,
            // Only the pipelines.
            _ if self.in_github => name != "workflows",
            _ if self.in_src => false,
            "target" => self.cargo_or_maven,
            "build" => self.gradle || self.npm,
            "out" => self.gradle || self.npm || self.cargo_or_maven,
            "dist" | "coverage" => self.npm,
            _ => false,
        }
    }
}

/// Cargo and others mark the directories that they can make again.
fn is_cache(parent: &Path, name: &str) -> bool {
    matches!(name, "target" | "build" | "cache") && parent.join(name).join("CACHEDIR.TAG").exists()
}

/// The language of a source file that no parser reads yet; nothing for web content that a service only hands out.
fn unread_language(rel: &str, name: &str) -> Option<&'static str> {
    let ext = name.rsplit_once('.')?.1;
    let language = match ext {
        "kt" => "kotlin",
        "go" => "go",
        "py" => "python",
        "js" | "jsx" | "mjs" | "cjs" => "javascript",
        "ts" | "tsx" | "mts" => "typescript",
        "cs" => "csharp",
        "scala" => "scala",
        "groovy" => "groovy",
        "rb" => "ruby",
        "php" => "php",
        "ex" => "elixir",
        "cpp" | "cc" | "cxx" => "c++",
        _ => return None,
    };
    let web = matches!(language, "javascript" | "typescript");
    let handed_out = ["/resources/", "/webapp/", "/static/", "/public/", "/assets/"].iter().any(|d| rel.contains(d));
    let noise = name.ends_with(".d.ts") || name.contains(".min.") || name.contains(".config.");
    (!(web && (handed_out || noise))).then_some(language)
}

fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

fn shown(rel: &str) -> String {
    if rel.is_empty() { ".".to_owned() } else { rel.to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{WalkOptions, walk};
    use crate::source::{Role, Workspace};

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            put(dir.path(), file, "");
        }
        dir
    }

    fn put(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn paths(found: &Workspace) -> Vec<&str> {
        found.files.iter().map(|f| &*f.path).collect()
    }

    fn scan(root: &Path) -> Workspace {
        walk(root, &WalkOptions::default()).unwrap()
    }

    #[test]
    fn leaves_out_output_but_not_packages_of_the_same_name() {
        let dir = tree(&[
            "a/pom.xml",
            "a/target/classes/A.java",
            "a/src/main/java/com/target/T.java",
            "g/build.gradle",
            "g/build/x/G.java",
            "g/src/main/java/com/build/B.java",
            "build/Dockerfile",
            "ui/node_modules/x/package.json",
            ".git/config.yml",
            ".github/dependabot.yml",
            ".github/actions/x/package.json",
            ".github/workflows/ci.yml",
            ".github/workflows/package.json",
            ".github/workflows/ui/main.py",
        ]);
        let expected = [
            ".github/workflows/ci.yml",
            "a/pom.xml",
            "a/src/main/java/com/target/T.java",
            "build/Dockerfile",
            "g/build.gradle",
            "g/src/main/java/com/build/B.java",
        ];
        assert_eq!(paths(&scan(dir.path())), expected);
    }

    #[test]
    fn honours_nested_ignore_files_without_a_repository() {
        let dir = tree(&["A.java", "gen/B.java", "x/C.java", "x/gen/D.java", "x/keep/E.java"]);
        put(dir.path(), ".gitignore", "gen/\n");
        put(dir.path(), "x/.gitignore", "/C.java\n!gen/\n");
        assert_eq!(paths(&scan(dir.path())), ["A.java", "x/gen/D.java", "x/keep/E.java"]);
        let all = walk(dir.path(), &WalkOptions { no_ignore: true, ..WalkOptions::default() }).unwrap();
        assert_eq!(all.files.len(), 5);
    }

    #[test]
    fn honours_the_repository_above_the_root() {
        let dir = tree(&["svc/A.java", "svc/old/B.java"]);
        put(dir.path(), ".git/HEAD", "");
        put(dir.path(), ".gitignore", "old/\n/svc\n");
        assert_eq!(paths(&scan(&dir.path().join("svc"))), ["A.java"]);
    }

    #[test]
    fn counts_tests_and_unread_languages() {
        let dir = tree(&[
            "s/src/test/java/A.java",
            "s/src/test/java/B.java",
            "s/src/test/resources/application.yml",
            "s/src/main/kotlin/K.kt",
            "s/src/main/resources/static/app.js",
            "g/main.go",
            "g/main_test.go",
        ]);
        let found = scan(dir.path());
        assert!(found.files.is_empty());
        assert_eq!(found.tests, [("g".into(), 1), ("s/src/test/java".into(), 2)]);
        assert_eq!(found.unread, [("g".into(), "go", 1), ("s/src/main/kotlin".into(), "kotlin", 1)]);
        let with = walk(dir.path(), &WalkOptions { tests: true, ..WalkOptions::default() }).unwrap();
        assert_eq!(with.files.len(), 3);
    }

    #[test]
    fn servers_unpacked_into_the_tree_are_nobodys_code() {
        let dir = tree(&[
            "infra/broker/LICENSE",
            "infra/broker/bin/run.sh",
            "infra/broker/conf/logback.xml",
            "infra/broker/data/x",
            "own/LICENSE",
            "own/bin/run.sh",
            "own/conf/logback.xml",
            "own/lib/x",
            "own/pom.xml",
            "pack/bin/run.sh",
            "pack/conf/logback.xml",
        ]);
        let found = scan(dir.path());
        let vendored: Vec<&str> = found.files.iter().filter(|f| f.role == Role::Vendored).map(|f| &*f.path).collect();
        assert_eq!(vendored, ["infra/broker/bin/run.sh", "infra/broker/conf/logback.xml"]);
        assert_eq!(found.files.len(), 7);
    }

    #[test]
    fn excludes_by_glob() {
        let dir = tree(&["a/A.java", "legacy/B.java", "x/legacy/C.java", "b/D.java"]);
        let exclude = vec!["legacy".to_owned(), "b/*.java".to_owned()];
        let found = walk(dir.path(), &WalkOptions { exclude, ..WalkOptions::default() }).unwrap();
        assert_eq!(paths(&found), ["a/A.java"]);
        let bad = WalkOptions { exclude: vec!["a[".to_owned()], ..WalkOptions::default() };
        assert!(walk(dir.path(), &bad).is_err());
        assert!(walk(&dir.path().join("none"), &WalkOptions::default()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_pipes_and_odd_names_do_no_harm() {
        use std::os::unix::ffi::OsStrExt;
        let dir = tree(&["a/A.java", "new\nline/B.java"]);
        let root = dir.path();
        std::os::unix::fs::symlink("..", root.join("a/loop")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.join("a/Out.java")).unwrap();
        put(root, "x/ok.yml", "");
        fs::write(root.join("x").join(std::ffi::OsStr::from_bytes(b"\xff.java")), "").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("a/S.java")).unwrap();
        let found = scan(root);
        assert_eq!(paths(&found), ["a/A.java", "new\nline/B.java", "x/ok.yml"]);
        let skipped: Vec<&str> = found.skipped.iter().map(|s| s.path.as_str()).collect();
        assert_eq!(skipped, ["a/Out.java", "a/loop", "x/\u{fffd}.java"]);
    }
}
