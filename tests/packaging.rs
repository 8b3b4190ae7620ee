//! The files by which the program is installed and run elsewhere: each is read, and what can be run
//! here is run.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(here(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap()
}

fn toml(path: &str) -> toml::Table {
    read(path).parse().unwrap()
}

/// A service with a thread pool, and a place for what a run leaves.
fn service() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let source = "package a;\nimport java.util.concurrent.*;\nimport org.springframework.boot.SpringApplication;\n\
                  import org.springframework.stereotype.Service;\n@Service class A {\n\
                  ExecutorService pool = Executors.newFixedThreadPool(2); { Desk.lend(pool); }\n\
                  public static void main(String[] a) { SpringApplication.run(A.class, a); }\n}\n";
    let sources = dir.path().join("svc/src/main/java/a");
    fs::create_dir_all(&sources).unwrap();
    fs::write(sources.join("A.java"), source).unwrap();
    let pom = "<project><groupId>g</groupId><artifactId>svc</artifactId><version>1</version></project>";
    fs::write(dir.path().join("svc/pom.xml"), pom).unwrap();
    dir
}

/// Runs a script with the program on the path.
fn script(shell: &str, text: &str, dir: &Path, variables: &[(&str, &str)]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_faasible")).parent().unwrap();
    let mut path = OsString::from(program);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new(shell);
    command.args(["-c", text]).current_dir(dir).env("PATH", path).env_remove("FAASIBLE_CACHE");
    command.envs(variables.iter().copied()).output().unwrap()
}

fn step<'a>(action: &'a Value, id: &str) -> &'a Value {
    action["runs"]["steps"].as_array().unwrap().iter().find(|step| step["id"] == id).unwrap()
}

#[test]
fn the_action_scans_and_fails_at_its_gate() {
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    for one in action["runs"]["steps"].as_array().unwrap() {
        let run = one["run"].as_str().unwrap_or("");
        assert!(!run.contains("${{"), "an expression within a script: {run}");
        assert_eq!(one.get("run").is_some(), one.get("shell").is_some());
    }
    let inputs = action["inputs"].as_object().unwrap();
    let text = read("action.yml");
    for name in inputs.keys() {
        assert!(text.contains(&format!("inputs.{name}")), "{name} is used by no step");
    }
    let scan = step(&action, "scan")["run"].as_str().unwrap();
    let gate = step(&action, "gate")["run"].as_str().unwrap();
    for (fail_on, options, expected) in
        [("", "", 0), ("major", "", 1), ("blocker", "--target cloud-run  --min-confidence low", 0), ("nonsense", "", 2)]
    {
        let dir = service();
        let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        let (output, summary, temp) = (file("output"), file("summary"), file("."));
        let out = script(
            "bash",
            scan,
            dir.path(),
            &[
                ("SCAN_PATH", "svc"),
                ("OPTIONS", options),
                ("FAIL_ON", fail_on),
                ("BASELINE", ""),
                ("CATEGORY", "nightly"),
                ("RUNNER_TEMP", &temp),
                ("FAASIBLE_CACHE", &file("cache")),
                ("GITHUB_OUTPUT", &output),
                ("GITHUB_STEP_SUMMARY", &summary),
            ],
        );
        let err = String::from_utf8_lossy(&out.stderr);
        let told = fs::read_to_string(output).unwrap();
        assert!(told.contains(&format!("code={expected}\n")), "{fail_on}: {told}{err}");
        assert_eq!(out.status.code(), Some(if expected > 1 { expected } else { 0 }), "{err}");
        if expected < 2 {
            let sarif: Value =
                serde_json::from_str(&fs::read_to_string(dir.path().join("faasible.sarif")).unwrap()).unwrap();
            assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "faasible/nightly/");
            assert!(fs::read_to_string(summary).unwrap().contains("| svc |"));
            let gate = script("bash", gate, dir.path(), &[("CODE", &expected.to_string())]);
            assert_eq!(gate.status.code(), Some(expected));
        }
    }
    let install = step(&action, "install")["run"].as_str().unwrap();
    let dir = service();
    let found = script("bash", install, dir.path(), &[("VERSION", "latest")]);
    assert_eq!(found.status.code(), Some(0), "{}", String::from_utf8_lossy(&found.stderr));
}

#[test]
fn what_is_downloaded_is_what_is_released() {
    let dist = toml("dist-workspace.toml");
    let targets: BTreeSet<&str> =
        dist["dist"]["targets"].as_array().unwrap().iter().filter_map(|t| t.as_str()).collect();
    let action = yaml("action.yml");
    let install = step(&action, "install")["run"].as_str().unwrap().to_owned();
    let wanted = install.lines().filter_map(|line| line.split_once("target=")?.1.split(' ').next());
    let wanted: BTreeSet<&str> = wanted.collect();
    assert!(wanted.len() == 4 && wanted.is_subset(&targets), "{wanted:?}");
    let package = toml("Cargo.toml");
    let binstall = &package["package"]["metadata"]["binstall"];
    assert_eq!(binstall["pkg-fmt"].as_str(), Some("txz"));
    assert_eq!(dist["dist"]["unix-archive"].as_str(), Some(".tar.xz"));
    for target in binstall["overrides"].as_table().unwrap().keys() {
        assert!(targets.contains(target.as_str()), "{target}");
    }
    assert!(package["profile"].as_table().unwrap().contains_key("dist"));
}

#[test]
fn the_template_for_gitlab_writes_its_reports() {
    let job = &yaml("ci/gitlab-template.yml")["faasible"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let dir = service();
    let variables: Vec<(String, String)> =
        job["variables"].as_object().unwrap().iter().map(|(key, value)| (key.clone(), text(value))).collect();
    let mut variables: Vec<(&str, &str)> =
        variables.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    for command in job["script"].as_array().unwrap() {
        let out = script("sh", command.as_str().unwrap(), dir.path(), &variables);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        variables.push(("FAASIBLE_OPTIONS", "--fail-on major"));
        assert_eq!(script("sh", command.as_str().unwrap(), dir.path(), &variables).status.code(), Some(1));
    }
    let reports = job["artifacts"]["reports"].as_object().unwrap().values().map(&text);
    let paths = job["artifacts"]["paths"].as_array().unwrap().iter().map(&text);
    for path in reports.chain(paths).chain([text(&job["cache"]["paths"][0])]) {
        assert!(dir.path().join(&path).exists(), "{path}");
    }
}

#[test]
fn the_hook_tells_what_is_about_to_be_committed() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_array().unwrap() {
        for key in ["id", "name", "entry", "language", "files"] {
            assert!(hook[key].is_string(), "{key}");
        }
        let dir = service();
        let entry = hook["entry"].as_str().unwrap();
        let empty = "git init -q && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m one && ";
        let out = script("sh", &format!("{empty}git add . && {entry}"), dir.path(), &[]);
        assert_eq!(out.status.code(), Some(1), "{}", String::from_utf8_lossy(&out.stderr));
        let out = script(
            "sh",
            &format!("git -c user.name=a -c user.email=a@example.com commit -q -m two && {entry}"),
            dir.path(),
            &[],
        );
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stdout));
    }
}

/// What the build reads is copied into the image, and let through to it.
#[test]
fn the_image_is_given_what_it_copies() {
    let allowed = read(".dockerignore");
    let text = read("Dockerfile");
    for line in text.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--from")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for path in &words[..words.len() - 1] {
            assert!(here(path).exists(), "{path}");
            assert!(allowed.lines().any(|line| line == format!("!{path}")), "{path}");
        }
    }
    assert!(text.contains("ENTRYPOINT [\"faasible\"]") && text.contains("USER faasible"));
}

#[test]
fn the_wheel_is_of_this_package() {
    let project = toml("pyproject.toml");
    let package = toml("Cargo.toml");
    assert_eq!(project["project"]["name"], package["package"]["name"]);
    assert_eq!(project["project"]["license"], package["package"]["license"]);
    assert_eq!(project["tool"]["maturin"]["bindings"].as_str(), Some("bin"));
    assert_eq!(project["project"]["urls"]["Repository"], package["package"]["repository"]);
}
