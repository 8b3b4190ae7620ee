//! The HTML report in a real browser: `tests/browser/check.js` drives headless Chromium.
//!
//! Needs node, the packages of `tests/browser/package.json` and Chromium; without them the tests say
//! so and pass, unless `FAASIBLE_BROWSER=required`, as in `.ci/run`, which installs them.
//! `FAASIBLE_SHOTS=dir` keeps pictures.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    named.into_iter().chain(known).find(|path| path.exists())
}

/// What the tests need, or why they cannot run.
fn browser() -> Result<PathBuf, &'static str> {
    let chromium = chromium().ok_or("no Chromium: install it, or name it in CHROMIUM")?;
    let packages = here().join("tests/browser/node_modules");
    if !packages.join("playwright-core").exists() || !packages.join("axe-core").exists() {
        return Err("no playwright-core and axe-core: run `npm ci` in tests/browser");
    }
    Command::new("node").arg("--version").output().map_err(|_| "no node")?;
    Ok(chromium)
}

fn faasible(args: &[&str]) -> Vec<u8> {
    let out = Command::new(env!("CARGO_BIN_EXE_faasible")).args(args).current_dir(here()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn check(page: &Path, shots: &str) {
    let chromium = match browser() {
        Ok(path) => path,
        Err(why) => {
            assert!(std::env::var("FAASIBLE_BROWSER").as_deref() != Ok("required"), "{why}");
            eprintln!("skipped: {why}");
            return;
        }
    };
    let mut command = Command::new("node");
    command.arg(here().join("tests/browser/check.js")).arg(chromium).arg(page);
    if let Some(dir) = std::env::var_os("FAASIBLE_SHOTS") {
        let dir = Path::new(&dir).join(shots);
        std::fs::create_dir_all(&dir).unwrap();
        command.arg(dir);
    }
    let out = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(out.status.success(), "\n{}{}", text(&out.stderr), text(&out.stdout));
    eprint!("{}", text(&out.stdout));
}

#[test]
fn the_shop() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("shop.html");
    faasible(&["scan", "fixtures/shop", "--quiet", "--output", page.to_str().unwrap()]);
    check(&page, "shop");
}

/// 500 services with 20 findings each, one of them with a name that wants to be markup.
#[test]
fn a_fleet_of_five_hundred() {
    let dir = tempfile::tempdir().unwrap();
    let (json, page) = (dir.path().join("fleet.json"), dir.path().join("fleet.html"));
    let shop: Value = serde_json::from_slice(&faasible(&["scan", "fixtures/shop", "--format", "json"])).unwrap();
    std::fs::write(&json, serde_json::to_vec(&fleet(&shop, 500, 20)).unwrap()).unwrap();
    faasible(&["merge", json.to_str().unwrap(), "--output", page.to_str().unwrap()]);
    let size = page.metadata().unwrap().len();
    assert!(size < 10_000_000, "{size} bytes");
    check(&page, "fleet");
}

/// A report of many services, made of the shop's.
fn fleet(shop: &Value, services: usize, each: usize) -> Value {
    let list = |key: &str| shop[key].as_array().unwrap().clone();
    let models: Vec<Value> = list("units").into_iter().filter(|unit| !unit["readiness"].is_null()).collect();
    let samples = list("findings");
    let (mut units, mut findings) = (Vec::new(), Vec::new());
    for n in 0..services {
        let mut unit = models[n % models.len()].clone();
        let name = match n {
            7 => "<img src=x onerror=alert(1)>\"'".to_owned(),
            _ => format!("{}-{n:03}", unit["name"].as_str().unwrap()),
        };
        unit["name"] = json!(name);
        unit["dir"] = json!(format!("services/group-{}/{name}", n % 12));
        unit["libraries"] = json!([]);
        let scale = 0.4 + (n * 7919 % 1000) as f64 / 90.0;
        let effort = &mut unit["effort"];
        for field in ["person_days", "low", "high"] {
            effort[field] = json!((effort[field].as_f64().unwrap() * scale * 10.0).round() / 10.0);
        }
        let days = effort["person_days"].as_f64().unwrap();
        let tier =
            ["T1", "T2", "T3", "T4", "T5"][[2.0, 7.5, 20.0, 45.0].iter().filter(|least| days >= **least).count()];
        effort["tier"] = json!(tier);
        unit["readiness"] = json!((100.0 - days.sqrt() * 10.0 - (n * 31 % 12) as f64).clamp(2.0, 98.0) as u32);
        unit["verdicts"]["lambda"]["verdict"] =
            json!(["move", "adapt", "refactor", "refactor", "keep"][(tier.as_bytes()[1] - b'1') as usize]);
        units.push(unit);
        for m in 0..each {
            let mut finding = samples[(n * each + m) % samples.len()].clone();
            finding["unit"] = json!(name);
            finding["path"] = json!(format!("services/group-{}/{name}/src/main/java/com/example/Part{m}.java", n % 12));
            findings.push(finding);
        }
    }
    let mut report = shop.clone();
    for field in ["person_days", "low", "high"] {
        report["summary"][field] = json!(units.iter().filter_map(|unit| unit["effort"][field].as_f64()).sum::<f64>());
    }
    report["summary"]["units"] = json!({ "service": services });
    report["units"] = json!(units);
    report["findings"] = json!(findings);
    report
}
