//! One test per notation.

use super::parse;
use crate::facts::manifest::{GradleFacts, GradleScope, GradleTarget};

fn read(path: &str, text: &str) -> GradleFacts {
    let mut notes = Vec::new();
    let facts = parse(path, text, &mut notes);
    assert!(notes.is_empty(), "{notes:?}");
    facts
}

/// The dependencies as `configuration target`.
fn lines(facts: &GradleFacts) -> Vec<String> {
    let target = |t: &GradleTarget| match t {
        GradleTarget::Module { group, artifact, version, platform } => {
            format!("{group}:{artifact}:{version}{}", if *platform { " platform" } else { "" })
        }
        GradleTarget::Project(path) => format!("project {path}"),
        GradleTarget::Catalog(alias) => format!("libs.{alias}"),
        GradleTarget::Unknown => "?".to_owned(),
    };
    facts.dependencies.iter().map(|d| format!("{} {}", d.configuration, target(&d.target))).collect()
}

/// The dependencies of a `dependencies` block in both languages' files.
fn groovy(body: &str) -> Vec<String> {
    lines(&read("build.gradle", &format!("dependencies {{\n{body}\n}}\n")))
}

fn kotlin(body: &str) -> Vec<String> {
    lines(&read("build.gradle.kts", &format!("dependencies {{\n{body}\n}}\n")))
}

fn pairs(entries: &[crate::facts::Entry]) -> Vec<String> {
    entries.iter().map(|e| format!("{}={}", e.key, e.value)).collect()
}

#[test]
fn string_notation() {
    assert_eq!(
        groovy("implementation 'g:a:1'\napi \"g:b\"; compile ('g:c:2:sources@jar')"),
        ["implementation g:a:1", "api g:b:", "compile g:c:2"]
    );
    assert_eq!(
        kotlin("implementation(\"g:a:1\")\n\"custom\"(\"g:b:2\")\nadd(\"kapt\", \"g:c:3\")"),
        ["implementation g:a:1", "custom g:b:2", "kapt g:c:3"]
    );
    assert_eq!(
        groovy(
            "testImplementation(\n 'g:a',\n // 'g:no'\n 'g:b',\n)\ncompile 'g:c',\n  'g:d'\ncompile(['g:e', 'g:f'])"
        ),
        [
            "testImplementation g:a:",
            "testImplementation g:b:",
            "compile g:c:",
            "compile g:d:",
            "compile g:e:",
            "compile g:f:"
        ]
    );
}

#[test]
fn map_and_positional_notation() {
    assert_eq!(
        groovy(
            "compile group: 'g', name: 'a', version: '1'\ncompile(group: 'g', name: 'b')\ncompile([group: 'g', name: 'c'], [group: 'g', name: 'd'])"
        ),
        ["compile g:a:1", "compile g:b:", "compile g:c:", "compile g:d:"]
    );
    assert_eq!(
        kotlin("implementation(group = \"g\", name = \"a\", version = \"1\")\nimplementation(\"g\", \"b\", \"2\")"),
        ["implementation g:a:1", "implementation g:b:2"]
    );
}

#[test]
fn platforms_projects_and_files() {
    assert_eq!(
        groovy(
            "implementation platform('g:bom:1')\nimplementation enforcedPlatform(libs.bom)\nimplementation platform(project(':p'))"
        ),
        ["implementation g:bom:1 platform", "implementation libs.bom", "implementation project :p"]
    );
    assert_eq!(
        groovy(
            "implementation project(':a:b')\napi project(path: ':c', configuration: 'x')\ntestImplementation(testFixtures(project(':d')))\nimplementation projects.foo.barBaz"
        ),
        [
            "implementation project :a:b",
            "api project :c",
            "testImplementation project :d",
            "implementation project :foo:barBaz"
        ]
    );
    let facts = read(
        "build.gradle",
        "dependencies { implementation files('x.jar')\n compile fileTree(dir: 'l', include: ['*.jar'])\n compile gradleApi() }",
    );
    assert_eq!(lines(&facts), ["implementation ?", "compile ?", "compile ?"]);
    assert_eq!((facts.unresolved, facts.dependencies[0].expression.as_str()), (0, "files(x.jar)"));
    assert_eq!(
        kotlin("implementation(platform(org.springframework.boot.gradle.plugin.SpringBootPlugin.BOM_COORDINATES))"),
        ["implementation org.springframework.boot:spring-boot-dependencies: platform"]
    );
}

#[test]
fn catalog_aliases() {
    assert_eq!(
        kotlin(
            "implementation(libs.spring.boot.web)\nimplementation(libs.bundles.all)\nimplementation(variantOf(libs.x) { classifier(\"y\") })\n\"implementation\"(libs.findLibrary(\"a-b_c\").get())\ntestImplementation(testLibs.junit)"
        ),
        [
            "implementation libs.spring.boot.web",
            "implementation libs.bundles.all",
            "implementation libs.x",
            "implementation libs.a.b.c",
            "testImplementation libs.junit"
        ]
    );
}

#[test]
fn variables_of_the_same_file() {
    let text = r#"
ext {
    springVersion = '5'
    set('cloud', "2021")
    versions = [ junit: '4', nested: [ a: '9' ] ]
    libraries = [ web: "g:web:$springVersion", all: ['g:x:1', "g:y:${versions.junit}"] ]
}
ext.single = "1.$springVersion"
def local = '7'
String typed = "8"
dependencies {
    compile "g:a:$springVersion", "g:b:${rootProject.ext.cloud}", "g:c:${versions.nested.a}"
    compile "g:d:$unknown"
    compile "g:e:${project.property('other')}"
    compile 'g:f:' + local
    compile group: 'g', name: 'h', version: typed
    compile "g:i:$single"
    compile libraries.web
    compile libraries.all
    compile "g:j:${-> compute(x)}"
    compile deps.missing
}
"#;
    let facts = read("build.gradle", text);
    assert_eq!(
        lines(&facts),
        [
            "compile g:a:5",
            "compile g:b:2021",
            "compile g:c:9",
            "compile g:d:$unknown",
            "compile g:e:$other",
            "compile g:f:7",
            "compile g:h:8",
            "compile g:i:1.5",
            "compile g:web:5",
            "compile g:x:1",
            "compile g:y:4",
            "compile g:j:${-> compute(x)}",
            "compile ?",
        ]
    );
    assert_eq!((facts.unresolved, facts.dependencies[12].expression.as_str()), (1, "deps.missing"));
    assert!(pairs(&facts.properties).contains(&"versions.nested.a=9".to_owned()));
}

#[test]
fn kotlin_variables() {
    let text = r#"
val ktor: String by project
val a = "1"
val b by extra("2")
val c by extra { "3" }
extra["d"] = "4"
extra.set("e", "5")
object Deps { const val web = "g:web:$a" }
dependencies {
    implementation("g:a:$a"); implementation("g:b:${b}"); implementation("g:c:$c")
    implementation("g:d:${extra["d"]}"); implementation("g:e:${property("e")}"); implementation("g:k:$ktor")
    implementation(Deps.web)
    implementation(kotlin("stdlib"))
}
"#;
    assert_eq!(
        lines(&read("build.gradle.kts", text)),
        [
            "implementation g:a:1",
            "implementation g:b:2",
            "implementation g:c:3",
            "implementation g:d:4",
            "implementation g:e:5",
            "implementation g:k:$ktor",
            "implementation g:web:1",
            "implementation org.jetbrains.kotlin:kotlin-stdlib:",
        ]
    );
}

#[test]
fn closures_exclusions_and_rich_versions() {
    let text = r#"
configurations.all { exclude group: 'log4j'; exclude module: 'tomcat' }
configurations { testImplementation { exclude group: 'test' }; compile.exclude group: 'x', module: 'y' }
configurations.testCompile { exclude group: 'no' }
dependencies {
    compile('g:a:1') { exclude group: 'e', module: 'm'; transitive = false }
    compile('g:b') { version { strictly '4' }; because 'x' }
    constraints { compile('g:no:1') }
    if (x) { compile 'g:c' } else compile 'g:d'
    ['p'].each { compile "g:$it" }
}
"#;
    let facts = read("build.gradle", text);
    assert_eq!(lines(&facts), ["compile g:a:1", "compile g:b:4", "compile g:c:", "compile g:d:", "compile g:$it:"]);
    assert_eq!(facts.dependencies[0].exclusions, [("e".to_owned(), "m".to_owned())]);
    let all: Vec<_> = facts.exclusions.iter().map(|(g, m)| format!("{g}:{m}")).collect();
    assert_eq!(all, ["log4j:*", "*:tomcat", "x:y"]);
    let facts = read(
        "build.gradle.kts",
        "dependencies { implementation(\"g:a\") { exclude(group = \"e\"); exclude(module = \"m\") } }",
    );
    assert_eq!(facts.dependencies[0].exclusions.len(), 2);
}

#[test]
fn comments_and_strings_are_no_code() {
    let body = "// compile 'g:a'\n/* compile 'g:b' */ compile 'g:c' // 'x'\nprintln \"} compile 'g:d'\"\ndef u = 'http://x'\ncompile \"\"\"g:e\"\"\"";
    assert_eq!(groovy(body), ["compile g:c:", "compile g:e:"]);
    assert_eq!(groovy("if (name =~ /it's/) { compile 'g:a' }\ncompile 'g:b'"), ["compile g:a:", "compile g:b:"]);
    assert_eq!(kotlin("/* a /* b */ implementation(\"g:no\") */ implementation(\"g:a\")"), ["implementation g:a:"]);
}

#[test]
fn scopes() {
    let text = r#"
buildscript { ext.kotlin = '1'; dependencies { classpath "g:plugin:$kotlin" } }
allprojects { dependencies { compile 'g:all' } }
subprojects { apply plugin: 'java'
  afterEvaluate { dependencies { compile 'g:sub' } } }
configure(subprojects.findAll { it.name.startsWith('a') }) { dependencies { compile 'g:some' } }
configure([project(':a'), project(':b')]) { dependencies { compile 'g:two' } }
project(':x') { apply plugin: 'war'; dependencies { compile 'g:x' } }
dependencyManagement { imports { mavenBom "g:bom:1" } dependencies { dependency 'g:managed:1' } }
publishing { publications { m { pom { dependencies { compile 'g:no' } } } } }
dependencies { compile 'g:own' }
"#;
    let facts = read("build.gradle", text);
    let found: Vec<_> = facts.dependencies.iter().map(|d| (d.scope, d.project.as_deref())).collect();
    assert_eq!(lines(&facts).len(), 8, "{:?}", lines(&facts));
    assert_eq!(lines(&facts)[0], "classpath g:plugin:1");
    assert_eq!(
        found,
        [
            (GradleScope::Buildscript, None),
            (GradleScope::Allprojects, None),
            (GradleScope::Subprojects, None),
            (GradleScope::Subprojects, None),
            (GradleScope::Own, Some(":a")),
            (GradleScope::Own, Some(":b")),
            (GradleScope::Own, Some(":x")),
            (GradleScope::Own, None),
        ]
    );
    assert_eq!((facts.plugins[0].scope, facts.plugins[1].project.as_deref()), (GradleScope::Subprojects, Some(":x")));
    assert_eq!(pairs(&facts.settings), ["dependencyManagement.imports.mavenBom=g:bom:1"]);
}

#[test]
fn source_sets_and_suites() {
    let text = r#"
testing { suites { val test by getting(JvmTestSuite::class) { dependencies { implementation("g:t") } }
    register<JvmTestSuite>("it") { dependencies { implementation("g:i") } } } }
kotlin { sourceSets { val commonMain by getting { dependencies { implementation("g:m") } }
    commonTest.dependencies { implementation("g:ct") } } }
"#;
    assert_eq!(
        lines(&read("build.gradle.kts", text)),
        ["testImplementation g:t:", "itImplementation g:i:", "implementation g:m:", "commonTestImplementation g:ct:",]
    );
}

#[test]
fn plugins() {
    let text = r#"
plugins {
    id 'java'
    id("org.springframework.boot") version "3.1.0"
    id 'off' version '2' apply false
    `java-library`
    kotlin("jvm") version "1.9"
    alias(libs.plugins.jib)
    alias(libs.plugins.never) apply false
}
apply plugin: 'war'
apply(plugin = "ear")
apply plugin: FtgoServicePlugin
apply<Conventions>()
apply from: "$rootDir/gradle/x.gradle"
apply from: rootProject.file('y.gradle')
"#;
    let facts = read("build.gradle.kts", text);
    let found: Vec<_> = facts.plugins.iter().map(|p| format!("{} {}", p.id, p.version)).collect();
    assert_eq!(
        found,
        [
            "java ",
            "org.springframework.boot 3.1.0",
            "java-library ",
            "org.jetbrains.kotlin.jvm 1.9",
            "libs.plugins.jib ",
            "war ",
            "ear ",
            "FtgoServicePlugin ",
            "Conventions ",
        ]
    );
    assert_eq!(facts.applied_files, ["$rootDir/gradle/x.gradle", "$rootDir/y.gradle"]);
    assert_eq!(pairs(&facts.settings), ["plugins.off.version=2"]);
}

#[test]
fn convention_plugins() {
    let groovy = r#"
class ServicePlugin implements Plugin<Project> {
    @Override
    void apply(Project project) {
        project.apply(plugin: 'org.springframework.boot')
        project.configurations.all { exclude group: 'log4j' }
        project.dependencies {
            compile 'g:a'
        }
        project.dependencies.add("implementation", "g:b:1")
    }
}
"#;
    let facts = read("buildSrc/src/main/groovy/ServicePlugin.groovy", groovy);
    assert_eq!(lines(&facts), ["compile g:a:", "implementation g:b:1"]);
    assert_eq!(facts.plugins[0].id, "org.springframework.boot");
    assert_eq!(facts.exclusions.len(), 1);
    let java = r#"
public class JavaConventions implements Plugin<Project> {
    static final String VERSION = "3";
    public void apply(Project project) {
        project.getPluginManager().apply(SpringBootPlugin.class);
        project.getPlugins().withType(JavaPlugin.class, p -> {
            project.getDependencies().add("implementation", "g:a:" + VERSION);
            project.getDependencies().add(JavaPlugin.TEST_IMPLEMENTATION_CONFIGURATION_NAME, "g:b");
        });
    }
}
"#;
    let facts = read("buildSrc/src/main/java/JavaConventions.java", java);
    assert_eq!(facts.plugins[0].id, "SpringBootPlugin");
    assert_eq!(pairs(&facts.properties), ["JavaConventions.VERSION=3"]);
    assert_eq!(lines(&facts).len(), 2, "{:?}", lines(&facts));
    assert_eq!(lines(&facts)[0], "implementation g:a:3");
    assert_eq!(lines(&facts)[1], "testImplementation g:b:");
    let kotlin = r#"
class X : Plugin<Project> {
    override fun apply(target: Project) = with(target) {
        with(pluginManager) { apply("a.b") }
        dependencies { add("implementation", libs.findLibrary("x-y").get()) }
    }
}
object Versions { const val spring = "5" }
"#;
    let facts = read("buildSrc/src/main/kotlin/X.kt", kotlin);
    assert_eq!(lines(&facts), ["implementation libs.x.y"]);
    assert_eq!(pairs(&facts.properties), ["Versions.spring=5"]);
}

#[test]
fn properties_and_settings() {
    let text = r#"
group = 'com.acme'
sourceCompatibility = JavaVersion.VERSION_1_8
java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }
mainClassName = 'a.Main'
application { mainClass.set("b.Main") }
jib { to { image = "x/y" }
  container.jvmFlags = ['-Xmx1g', '-server'] }
tasks.named("bootJar") { enabled = false }
bootRun.enabled = true
subprojects { bootJar { enabled = false } }
repositories { maven { url 'https://x' } }
"#;
    let facts = read("build.gradle", text);
    assert_eq!(pairs(&facts.properties), ["sourceCompatibility=1.8"]);
    assert_eq!(
        pairs(&facts.settings),
        [
            "group=com.acme",
            "java.toolchain.languageVersion=17",
            "mainClassName=a.Main",
            "application.mainClass=b.Main",
            "jib.to.image=x/y",
            "jib.container.jvmFlags[0]=-Xmx1g",
            "jib.container.jvmFlags[1]=-server",
            "bootJar.enabled=false",
            "bootRun.enabled=true",
            "subprojects.bootJar.enabled=false",
        ]
    );
    let facts = read(
        "build.gradle.kts",
        "java { sourceCompatibility = JavaVersion.VERSION_21 }\nkotlin { jvmToolchain(17) }\njava { toolchain { languageVersion.set(JavaLanguageVersion.of(\"11\")) } }",
    );
    assert_eq!(pairs(&facts.properties), ["sourceCompatibility=21"]);
    assert_eq!(pairs(&facts.settings), ["kotlin.jvmToolchain=17", "java.toolchain.languageVersion=11"]);
}

#[test]
fn settings_script() {
    let text = r#"
pluginManagement { plugins { id 'org.springframework.boot' version '2.7' } }
rootProject.name = 'shop'
include 'a', ':b:c'
include(
  "d"
)
if (x) { include ':e' }
include "f-$unknown"
includeBuild 'build-logic'
project(':a').projectDir = new File(settingsDir, '../a')
project(":d").projectDir = file("$rootDir/dd")
dependencyResolutionManagement { versionCatalogs { libs { version('s', '5'); library('web-x', 'g', 'web').versionRef('s'); library('y', 'g:y:1') } } }
"#;
    let facts = read("settings.gradle", text);
    assert_eq!(facts.root_name.as_deref(), Some("shop"));
    assert_eq!(facts.includes.iter().map(|i| i.0.as_str()).collect::<Vec<_>>(), ["a", ":b:c", "d", ":e"]);
    assert_eq!(facts.includes[1].1.of(text), "':b:c'");
    assert_eq!(facts.unresolved, 1);
    assert_eq!(facts.project_dirs, [(":a".to_owned(), "../a".to_owned()), (":d".to_owned(), "dd".to_owned())]);
    assert_eq!(pairs(&facts.settings), ["plugins.org.springframework.boot.version=2.7", "includeBuild=build-logic"]);
    let catalog: Vec<_> = facts.catalog.iter().map(|c| format!("{} {} {}", c.alias, c.target, c.version)).collect();
    assert_eq!(catalog, ["s  5", "web.x g:web 5", "y g:y 1"]);
}

#[test]
fn catalog_file() {
    let text = r#"
[versions]
spring = "6"
rich = { strictly = "[1,2)", prefer = "1" }
[libraries]
spring-boot_web = { module = "g:web", version.ref = "spring" }
parts = { group = "g", name = "p", version = "1" }
short = "g:s:2"
none = { module = "g:n" }
[bundles]
all-of = ["spring-boot_web", "parts"]
[plugins]
jib = { id = "com.google.jib", version.ref = "rich" }
boot = "org.boot:3"
"#;
    let facts = read("gradle/libs.versions.toml", text);
    let catalog: Vec<_> =
        facts.catalog.iter().map(|c| format!("{} {} {} {}", c.kind, c.alias, c.target, c.version)).collect();
    assert_eq!(
        catalog,
        [
            "version spring  6",
            "version rich  [1,2)",
            "library spring.boot.web g:web 6",
            "library parts g:p 1",
            "library short g:s 2",
            "library none g:n ",
            "bundle all.of spring.boot.web,parts ",
            "plugin jib com.google.jib [1,2)",
            "plugin boot org.boot 3",
        ]
    );
    assert_eq!(facts.catalog[2].span.of(text), "spring-boot_web");
}

#[test]
fn properties_file() {
    let text = "# c\nspring.version=5\r\n a : b \\\n   c\n!x=y\nflag\nu=\\u0041\n";
    let facts = read("gradle.properties", text);
    assert_eq!(pairs(&facts.properties), ["spring.version=5", "a=b c", "flag=", "u=A"]);
    assert_eq!(facts.properties[0].span.of(text), "spring.version=5");
}

#[test]
fn spans_point_at_the_argument() {
    let text = "dependencies {\n  compile(\n    'g:a',\n    'g:b'\n  )\n}";
    let facts = read("build.gradle", text);
    assert_eq!(facts.dependencies[1].span.of(text), "'g:b'");
}

#[test]
fn hostile_input_is_bounded() {
    for piece in [
        "{",
        "a{",
        "dependencies{",
        "(",
        "[",
        "a(",
        "platform(",
        "compile(",
        "a.",
        "a{}",
        "if(",
        "\"${",
        "/*",
        "compile ([",
        "object a{",
        "x -> {",
        "configure(",
        "+ a",
        "ext{x=[a:",
        "}",
        "a<",
    ] {
        let text = format!("dependencies {{ compile {}", piece.repeat(50_000));
        parse("build.gradle", &text, &mut Vec::new());
        parse("build.gradle.kts", &piece.repeat(50_000), &mut Vec::new());
        parse("settings.gradle", &format!("ext {{ x = {}", piece.repeat(20_000)), &mut Vec::new());
    }
    let doubling: String = (0..60).map(|i| format!("def a{i} = \"$a{0}$a{0}$a{0}\"\n", i + 1)).collect();
    let facts = parse("build.gradle", &format!("{doubling}dependencies {{ compile \"g:a:$a0\" }}"), &mut Vec::new());
    assert_eq!(facts.dependencies.len(), 1);
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "(dependencies|implementation|compile|platform|project|include|ext|plugins|id|val|def|x|exclude|add|apply|by|extra|version|libs|\\{|}|\\(|\\)|\\[|]|\"|'|\"\"\"|\\$\\{?|/|/\\*|\\*/|:|,|=|\\+|\\.|->|<|>|;|\n| |\\\\|`|.){0,60}") {
        for path in ["build.gradle", "build.gradle.kts", "settings.gradle", "a.java", "gradle.properties", "libs.versions.toml"] {
            parse(path, &text, &mut Vec::new());
        }
    }
}
