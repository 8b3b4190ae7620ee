//! What the words in folders and names say a unit is for.

use super::paths;

/// Words for what tests others.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "it",
    "e2e",
    "benchmark",
    "benchmarks",
    "bench",
    "perf",
    "loadtest",
    "tester",
    "testers",
    "testkit",
    "testutil",
    "testutils",
    "loadgenerator",
    "loadgen",
    "fuzz",
    "fuzzer",
    "fuzzers",
    "fuzzing",
    "bdd",
    "cucumber",
];

/// Words for what drives others under load, whether it is deployed or not.
const LOAD: &[&str] = &[
    "loadtest",
    "loadtests",
    "loadgenerator",
    "loadgen",
    "stress",
    "stresstest",
    "benchmark",
    "benchmarks",
    "e2e",
    "fuzzers",
];

fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(['-', '_', '.']).map(str::to_ascii_lowercase)
}

/// `load-generator`, `shop-benchmarks`: it drives others, wherever it runs.
pub(super) fn is_load_name(dir: &str, name: &str) -> bool {
    let load = |text: &str| {
        let words: Vec<String> = split(text).collect();
        let pair = |pair: &[String]| {
            pair[0] == "load"
                && matches!(pair[1].as_str(), "test" | "tests" | "testing" | "tester" | "gen" | "generator")
        };
        words.iter().any(|w| LOAD.contains(&w.as_str())) || words.windows(2).any(pair)
    };
    load(paths::base(dir)) || load(name)
}

/// "Load testing for the shop": what the description of a package says.
pub(super) fn says_load(description: &str) -> bool {
    let text = description.to_ascii_lowercase();
    ["load test", "load-test", "load generator", "load generation", "stress test", "stress-test"]
        .iter()
        .any(|words| text.contains(words))
}

/// `test-images/registry`: a folder whose first word is `test` holds what tests need.
pub(super) fn lies_below_tests(dir: &str) -> bool {
    dir.split('/').any(|part| split(part).next().is_some_and(|word| matches!(word.as_str(), "test" | "tests" | "e2e")))
}

/// `integration-tests/app`, `order-e2e`: its last word is.
pub(super) fn ends_in_tests(dir: &str) -> bool {
    dir.split('/').any(|part| split(part).last().is_some_and(|word| matches!(word.as_str(), "test" | "tests" | "e2e")))
}

/// `order-it`, `e2e`, `load-test`.
pub(super) fn is_test_name(dir: &str, name: &str) -> bool {
    let tests = |text: &str| split(text).any(|word| TESTS.contains(&word.as_str()));
    tests(paths::base(dir)) || tests(name) || is_load_name(dir, name)
}

/// `orders-utils`, `dev-tools`: packages of programs beside the service.
pub(super) fn is_helper_name(name: &str) -> bool {
    let last = name.rsplit(['-', '_']).next().unwrap_or(name);
    name.contains(['-', '_']) && matches!(last, "utils" | "util" | "tools" | "tool" | "devtools" | "scripts")
}

/// `codegen/example`, `orders-example`.
pub(super) fn is_example(dir: &str, name: &str) -> bool {
    paths::base(dir) == "example" || name.ends_with("-example") || name.ends_with("_example")
}

/// `examples/rust`, `shop_examples`.
pub(super) fn lies_among_examples(dir: &str, name: &str) -> bool {
    name.ends_with("-examples") || name.ends_with("_examples") || dir.split('/').any(|part| part == "examples")
}

/// `shop-cli`, `cli`, `shopctl`.
pub(super) fn is_cli_name(dir: &str, name: &str) -> bool {
    let cli = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.split(['-', '_', '.']).any(|part| matches!(part, "cli" | "ctl")) || text.len() > 4 && text.ends_with("ctl")
    };
    cli(paths::base(dir)) || cli(name)
}

pub(super) fn in_test_dir(dir: &str) -> bool {
    dir.split('/').any(|part| matches!(part, "test" | "tests" | "e2e" | "bdd" | "fixtures" | ".antithesis"))
}

pub(super) fn is_build_dir(dir: &str) -> bool {
    dir.split('/').any(|part| {
        matches!(
            part,
            "buildSrc"
                | "build-logic"
                | "xtask"
                | ".github"
                | ".mvn"
                | ".circleci"
                | ".buildkite"
                | "build-tools"
                | "buildtools"
        )
    })
}

pub(super) fn is_archive_dir(dir: &str) -> bool {
    dir.split('/').any(is_archive)
}

fn is_archive(folder: &str) -> bool {
    matches!(folder, "docs" | "old-docs" | "doc" | "attic" | "archive" | "archived" | "deprecated")
}

/// Within a unit: a folder that holds documents or retired code, and no sources of the unit.
pub(super) fn is_side_folder(folder: &str) -> bool {
    is_archive(folder) || matches!(folder, "document" | "documents" | "documentation" | "samples" | "examples")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tests() {
        assert!(
            is_load_name("tools/load-gen", "x") && is_load_name("a", "shop-loadtest") && !is_load_name("a", "loader")
        );
        assert!(is_load_name("crates/shop-stress", "x") && !is_load_name("stressless", "x"));
        assert!(says_load("Load testing for the shop") && !says_load("Loads tests of others"));
        assert!(lies_below_tests("docker/test-images/registry") && !lies_below_tests("latest/registry"));
        assert!(lies_below_tests("test-mock-server") && !lies_below_tests("testing-modules/a"));
        assert!(ends_in_tests("shop-integrated-test/shop-http") && !ends_in_tests("ab-test-service"));
        assert!(is_test_name("svc-it", "") && !is_test_name("latest", "contest"));
    }
}
