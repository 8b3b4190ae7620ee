use super::*;
use crate::findings::testing::finding;

/// Lines of the findings of rule 0 that stay, and messages about the suppressions.
fn left(path: &str, text: &str, lines: &[u32], entries: &[Entry]) -> (Vec<u32>, Vec<String>) {
    let kind = crate::source::classify(path).unwrap();
    let at = |line: u32| Place { line, column: 1, end_line: line, end_column: 2 };
    let mut findings: Vec<Finding> = lines.iter().map(|line| Finding { place: at(*line), ..finding() }).collect();
    let comments = BTreeMap::from([(FileIx(0), directives(kind, path, text))]);
    let names = ["pool", "loop", WITHOUT_REASON, UNUSED];
    let known = Known {
        find: &|name| names.iter().position(|known| *known == name),
        off: &|ix| names[ix] == "loop",
        path: &|_| path,
    };
    let (own, notes) = apply(&mut findings, &comments, entries, &known);
    let stay = findings.iter().filter(|f| f.suppressed.is_none()).map(|f| f.place.line).collect();
    (stay, own.into_iter().map(|f| format!("{}: {}", f.place.line, f.message)).chain(notes).collect())
}

#[test]
fn same_line_line_above_block_and_file() {
    let text = "a // faasible: ignore[pool] why\nb\n// faasible: ignore[pool] why\n\n// other\n@C\nd\n";
    assert_eq!(left("A.java", text, &[1, 2, 6, 7], &[]), (vec![2, 7], vec![]));
    let text = "a // faasible: ignore-next-line[pool] why\nb\n";
    assert_eq!(left("A.java", text, &[1, 2], &[]), (vec![1], vec![]));
    let text = "a\n/* faasible: ignore-start[pool] why */\nb\n/* faasible: ignore-end[pool] */\nc";
    assert_eq!(left("A.java", text, &[1, 3, 5], &[]), (vec![1, 5], vec![]));
    let text = "// faasible: ignore-file[pool]: why\na\n";
    assert_eq!(left("A.java", text, &[2, 900], &[]), (vec![], vec![]));
    let text = "/*\n * faasible: ignore[pool] why\n */\na\nb\n";
    assert_eq!(left("A.java", text, &[4, 5], &[]), (vec![5], vec![]));
}

#[test]
fn every_format() {
    for (path, text) in [
        ("a.rs", "/// faasible: ignore[pool] why\nx\n"),
        ("pom.xml", "<!-- faasible: ignore[pool] why -->\n<a/>\n"),
        ("application.yml", "# faasible: ignore[pool] why\na: b\n"),
        ("application.properties", "! faasible: ignore[pool] why\na=b\n"),
        ("Cargo.toml", "# faasible: ignore[pool] why\na = 1\n"),
        ("build.gradle.kts", "// faasible: ignore[pool] why\nx()\n"),
        ("Dockerfile", "# faasible: ignore[pool] why\nRUN x\n"),
    ] {
        assert_eq!(left(path, text, &[2], &[]), (vec![], vec![]), "{path}");
    }
    assert_eq!(left("application.yml", "a: b # faasible: ignore[pool] why\n", &[1], &[]), (vec![], vec![]));
    assert_eq!(left("pom.xml", "<a/> <!-- faasible: ignore[pool] why -->\n", &[1], &[]), (vec![], vec![]));
    assert_eq!(left("A.java", "a(\"// faasible: ignore[pool] why\")\n", &[1], &[]), (vec![1], vec![]));
    assert_eq!(left("A.java", "// write faasible: ignore[pool] why\na\n", &[2], &[]), (vec![2], vec![]));
}

#[test]
fn what_is_wrong_with_a_suppression_is_told() {
    let (stay, told) =
        left("A.java", "a // faasible: ignore[pool]\nb // faasible: ignore[pool, pol, loop] why\n", &[1], &[]);
    assert_eq!(stay, [] as [u32; 0]);
    assert_eq!(
        told,
        [
            "1: Suppression without a reason",
            "2: Suppression of 'pool' that suppresses nothing",
            "2: Suppression of 'pol', which is no rule"
        ]
    );
    let (stay, told) = left("A.java", "a // faasible: ignore because\n", &[1], &[]);
    assert_eq!((stay, told.len()), (vec![1], 1));
    assert!(told[0].contains("names no rule"));
    assert_eq!(left("A.java", "a // faasible: ignore[*] all\n", &[1], &[]), (vec![], vec![]));
}

#[test]
fn entries_of_the_configuration() {
    let entry = |rule: &str, path: &str| Entry::new(rule, path, "why");
    assert_eq!(left("a/b/A.java", "x", &[1], &[entry("pool", "a")]), (vec![], vec![]));
    assert_eq!(left("a/b/A.java", "x", &[1], &[entry("pool", "a/*/A.java")]), (vec![], vec![]));
    assert_eq!(left("a/b/A.java", "x", &[1], &[entry("*", "A.java")]), (vec![], vec![]));
    let (stay, told) = left("a/b/A.java", "x", &[1], &[entry("pool", "a/*.java")]);
    assert_eq!(stay, [1]);
    assert!(told[0].contains("suppresses nothing"));
}
