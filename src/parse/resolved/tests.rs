use super::parse;
use crate::facts::ResolvedFacts;
use crate::facts::resolved::Presence;

fn read(path: &str, text: &str) -> ResolvedFacts {
    let mut notes = Vec::new();
    let facts = parse(path, text, &mut notes);
    assert!(notes.is_empty(), "{notes:?}");
    facts
}

/// `group:artifact@version` and what it needs; `*` for roots, `-` for what does not ship.
fn shown(facts: &ResolvedFacts) -> Vec<String> {
    let name = |ix: usize| facts.packages[ix].artifact.clone();
    let line = |p: &crate::facts::resolved::ResolvedPackage| {
        let mark = if p.root { "*" } else { "" };
        let away = if p.presence == Presence::Ships { "" } else { "-" };
        let needs: Vec<String> = p.needs.iter().map(|n| name(*n as usize)).collect();
        format!("{mark}{away}{}:{}@{} {}", p.group, p.artifact, p.version, needs.join(" ")).trim_end().to_owned()
    };
    facts.packages.iter().map(line).collect()
}

#[test]
fn cyclonedx_with_purls_scopes_and_edges() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5",
      "metadata": {"component": {"group": "shop", "name": "orders", "version": "1", "bom-ref": "root", "purl": "pkg:maven/shop/orders@1?type=jar"}},
      "components": [
        {"type": "library", "bom-ref": "k", "purl": "pkg:maven/org.kafka/kafka@3.7%2B1?type=jar", "scope": "required"},
        {"type": "library", "bom-ref": "l", "group": "l", "name": "lz4", "version": "1"},
        {"type": "library", "bom-ref": "s", "purl": "pkg:maven/jakarta/servlet@6", "scope": "optional"},
        {"type": "library", "bom-ref": "n", "purl": "pkg:npm/left-pad@1"}],
      "dependencies": [{"ref": "root", "dependsOn": ["k", "s", "n", "gone"]}, {"ref": "k", "dependsOn": ["l"]}, {"ref": "l"}]}"#;
    let facts = read("orders/bom.json", text);
    assert_eq!(
        shown(&facts),
        ["*shop:orders@1 kafka servlet", "org.kafka:kafka@3.7+1 lz4", "l:lz4@1", "-jakarta:servlet@6"]
    );
}

#[test]
fn spdx_with_relations_in_both_directions() {
    let text = r#"{"spdxVersion": "SPDX-2.3", "documentDescribes": ["SPDXRef-o"], "packages": [
        {"SPDXID": "SPDXRef-o", "name": "shop:orders", "versionInfo": "1"},
        {"SPDXID": "SPDXRef-k", "name": "kafka", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:maven/org.kafka/kafka@3"}]},
        {"SPDXID": "SPDXRef-t", "name": "junit", "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:maven/junit/junit@4"}]}],
      "relationships": [
        {"spdxElementId": "SPDXRef-o", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-k"},
        {"spdxElementId": "SPDXRef-t", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-o"}]}"#;
    assert_eq!(
        shown(&read("x.spdx.json", text)),
        ["*shop:orders@1 kafka junit", "org.kafka:kafka@3", "-junit:junit@4"]
    );
}

#[test]
fn maven_trees_as_text_and_as_json() {
    let text = "[INFO] --- maven-dependency-plugin:3.6.0:tree (default-cli) @ orders ---\n[INFO] shop:orders:jar:1\n[INFO] +- shop:common:jar:1:compile\n[INFO] |  \\- org.kafka:kafka:jar:3:runtime\n[INFO] |     \\- (l:lz4:jar:1:compile - omitted for duplicate)\n[INFO] \\- junit:junit:jar:tests:4:test\n[INFO] ------\n[INFO] shop:pay:war:1\n[INFO] \\- l:lz4:jar:1:compile (optional)\n[INFO] BUILD SUCCESS\n";
    assert_eq!(
        shown(&read("dependency-tree.txt", text)),
        [
            "*shop:orders@1 common junit",
            "shop:common@1 kafka",
            "org.kafka:kafka@3",
            "-junit:junit@4",
            "*shop:pay@1 lz4",
            "l:lz4@1"
        ]
    );
    let json = r#"{"groupId": "shop", "artifactId": "orders", "version": "1", "type": "jar", "scope": "", "children": [
        {"groupId": "k", "artifactId": "kafka", "version": "3", "scope": "compile", "children": [{"groupId": "l", "artifactId": "lz4", "version": "1", "scope": "runtime"}]},
        {"groupId": "j", "artifactId": "junit", "version": "4", "scope": "test"}]}"#;
    let facts = read("deptree.json", json);
    assert_eq!(shown(&facts), ["*shop:orders@1 kafka junit", "k:kafka@3 lz4", "-j:junit@4", "l:lz4@1"]);
    assert!(read("dependency-tree.txt", "a page\nabout: trees\n").packages.is_empty());
}

#[test]
fn lock_files_of_gradle_and_cargo() {
    let text = "# comment\norg.kafka:kafka:3.7=compileClasspath,productionRuntimeClasspath,runtimeClasspath,testRuntimeClasspath\njunit:junit:4=testCompileClasspath,testRuntimeClasspath\nlombok:lombok:1=annotationProcessor,compileClasspath\nempty=developmentOnly\n";
    assert_eq!(shown(&read("gradle.lockfile", text)), ["org.kafka:kafka@3.7", "-junit:junit@4", "-lombok:lombok@1"]);
    let text = "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\n \"rand 0.8.5\",\n \"serde\",\n]\n\n[[package]]\nname = \"rand\"\nversion = \"0.7.3\"\nsource = \"registry+x\"\n\n[[package]]\nname = \"rand\"\nversion = \"0.8.5\"\nsource = \"registry+x\"\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.1\"\nsource = \"registry+x\"\n\n[metadata]\nname = \"no\"\n";
    assert_eq!(
        shown(&read("Cargo.lock", text)),
        ["*cargo:app@0.1.0 rand serde", "cargo:rand@0.7.3", "cargo:rand@0.8.5", "cargo:serde@1.0.1"]
    );
}

#[test]
fn broken_files_cost_a_note() {
    for text in ["{\"bomFormat\": \"CycloneDX\", \"components\": [", "{\"spdxVersion\": 1, \"packages\": 2}"] {
        let mut notes = Vec::new();
        assert!(parse("bom.json", text, &mut notes).packages.is_empty());
        assert_eq!(notes.len(), 1, "{text}");
    }
    let deep = format!("{{\"artifactId\": \"a\", \"children\": {}", "[{\"children\": ".repeat(100_000));
    let mut notes = Vec::new();
    parse("deptree.json", &deep, &mut notes);
    assert_eq!(notes.len(), 1);
    assert!(read("bom.json", "[1]").packages.is_empty());
}
