//! Reads a `pom.xml` as it is written: no interpolation, no inheritance.

use crate::facts::manifest::{MavenDependency, MavenFacts, MavenParent, MavenPlugin, MavenProfile};
use crate::facts::{Entry, Note};
use crate::parse::xml_tree::{self, NodeIx, Tree};
use crate::text::{Name, Span};

/// Reads a `pom.xml`; of an ill-formed one what can be told apart.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> MavenFacts {
    let tree = xml_tree::read(text, notes);
    if text.contains("<!ENTITY") {
        notes.push(Note::whole("entities that the file declares are left as they are written"));
    }
    let Some(project) = tree.roots.iter().copied().find(|ix| tree.nodes[*ix].name == "project") else {
        notes.push(Note::whole("no <project> element"));
        return MavenFacts::default();
    };
    let own = |name| tree.text(project, name).to_owned();
    let packaging = own("packaging");
    MavenFacts {
        parent: tree.child(project, "parent").map(|ix| parent(&tree, ix)),
        group: own("groupId"),
        artifact: own("artifactId"),
        version: own("version"),
        packaging: if packaging.is_empty() { "jar".to_owned() } else { packaging },
        packaging_span: tree.child(project, "packaging").map(|ix| tree.nodes[ix].span),
        name: own("name"),
        final_name: tree
            .at(project, &["build"])
            .map_or(String::new(), |build| tree.text(build, "finalName").to_owned()),
        modules: modules(&tree, project),
        properties: properties(&tree, project),
        dependencies: dependencies(&tree, project, &["dependencies"]),
        management: dependencies(&tree, project, &["dependencyManagement", "dependencies"]),
        plugins: plugins(&tree, project),
        profiles: children_of(&tree, project, &["profiles"], "profile").map(|ix| profile(&tree, ix)).collect(),
    }
}

/// The elements called `name` below the element at `path`; none when the path does not exist.
fn children_of<'t>(tree: &'t Tree, node: NodeIx, path: &[&str], name: &'t str) -> impl Iterator<Item = NodeIx> + 't {
    tree.at(node, path).into_iter().flat_map(move |list| tree.named(list, name).map(|(ix, _)| ix))
}

fn parent(tree: &Tree, node: NodeIx) -> MavenParent {
    MavenParent {
        group: tree.text(node, "groupId").to_owned(),
        artifact: tree.text(node, "artifactId").to_owned(),
        version: tree.text(node, "version").to_owned(),
        relative_path: tree.child(node, "relativePath").map(|ix| tree.nodes[ix].text.clone()),
        span: artifact_span(tree, node),
    }
}

/// `<modules>`, and `<subprojects>` as Maven 4 calls them.
fn modules(tree: &Tree, node: NodeIx) -> Vec<(String, Span)> {
    [("modules", "module"), ("subprojects", "subproject")]
        .into_iter()
        .flat_map(|(list, item)| children_of(tree, node, &[list], item).collect::<Vec<_>>())
        .map(|ix| (tree.nodes[ix].text.clone(), tree.nodes[ix].span))
        .filter(|(name, _)| !name.is_empty())
        .collect()
}

fn properties(tree: &Tree, node: NodeIx) -> Vec<Entry> {
    let list = tree.child(node, "properties");
    list.into_iter()
        .flat_map(|list| tree.children(list))
        .map(|(_, p)| Entry { key: Name::new(&p.name), value: p.text.clone(), span: p.span })
        .collect()
}

fn dependencies(tree: &Tree, node: NodeIx, path: &[&str]) -> Vec<MavenDependency> {
    children_of(tree, node, path, "dependency").map(|ix| dependency(tree, ix)).collect()
}

fn dependency(tree: &Tree, node: NodeIx) -> MavenDependency {
    let own = |name| tree.text(node, name).to_owned();
    let exclusion = |ix| (tree.text(ix, "groupId").to_owned(), tree.text(ix, "artifactId").to_owned());
    MavenDependency {
        group: own("groupId"),
        artifact: own("artifactId"),
        version: own("version"),
        scope: own("scope"),
        classifier: own("classifier"),
        kind: own("type"),
        optional: tree.text(node, "optional") == "true",
        exclusions: children_of(tree, node, &["exclusions"], "exclusion").map(exclusion).collect(),
        span: artifact_span(tree, node),
    }
}

/// Where findings point: the `<artifactId>`, or the whole element when it has none.
fn artifact_span(tree: &Tree, node: NodeIx) -> Span {
    tree.nodes[tree.child(node, "artifactId").unwrap_or(node)].span
}

fn plugins(tree: &Tree, node: NodeIx) -> Vec<MavenPlugin> {
    let used = children_of(tree, node, &["build", "plugins"], "plugin").map(|ix| plugin(tree, ix, false));
    let managed = children_of(tree, node, &["build", "pluginManagement", "plugins"], "plugin");
    used.chain(managed.map(|ix| plugin(tree, ix, true))).collect()
}

fn plugin(tree: &Tree, node: NodeIx, managed: bool) -> MavenPlugin {
    let group = tree.text(node, "groupId");
    let mut out = MavenPlugin {
        group: if group.is_empty() { "org.apache.maven.plugins" } else { group }.to_owned(),
        artifact: tree.text(node, "artifactId").to_owned(),
        version: tree.text(node, "version").to_owned(),
        managed,
        span: artifact_span(tree, node),
        ..MavenPlugin::default()
    };
    if let Some(ix) = tree.child(node, "configuration") {
        flatten(tree, ix, "", &mut out.configuration);
    }
    for execution in children_of(tree, node, &["executions"], "execution") {
        // The phase `none` is how an inherited execution is turned off.
        if tree.text(execution, "phase") == "none" {
            continue;
        }
        let goals = children_of(tree, execution, &["goals"], "goal").map(|ix| tree.nodes[ix].text.clone());
        out.goals.extend(goals.filter(|goal| !goal.is_empty()));
        if let Some(ix) = tree.child(execution, "configuration") {
            flatten(tree, ix, "", &mut out.configuration);
        }
    }
    out
}

/// The leaves below `node` by dotted path. The tree's depth is bounded, so is the recursion.
fn flatten(tree: &Tree, node: NodeIx, prefix: &str, out: &mut Vec<Entry>) {
    for (ix, child) in tree.children(node) {
        let key = if prefix.is_empty() { child.name.clone() } else { format!("{prefix}.{}", child.name) };
        if child.children.is_empty() {
            out.push(Entry { key: Name::new(&key), value: child.text.clone(), span: child.span });
        } else {
            flatten(tree, ix, &key, out);
        }
    }
}

fn profile(tree: &Tree, node: NodeIx) -> MavenProfile {
    let activation = tree.child(node, "activation");
    let mut conditions = Vec::new();
    if let Some(ix) = activation {
        flatten(tree, ix, "", &mut conditions);
    }
    MavenProfile {
        id: tree.text(node, "id").to_owned(),
        active_by_default: activation.is_some_and(|ix| tree.text(ix, "activeByDefault") == "true"),
        activation: conditions,
        modules: modules(tree, node),
        properties: properties(tree, node),
        dependencies: dependencies(tree, node, &["dependencies"]),
        management: dependencies(tree, node, &["dependencyManagement", "dependencies"]),
        plugins: plugins(tree, node),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::manifest::MavenFacts;

    fn read(text: &str) -> MavenFacts {
        let mut notes = Vec::new();
        let facts = parse("pom.xml", text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        facts
    }

    const POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.acme</groupId><artifactId>base</artifactId><version>1</version>
    <relativePath/>
  </parent>
  <artifactId>orders</artifactId>
  <name>Orders &amp; more</name>
  <properties><java.version>17</java.version><empty/></properties>
  <modules><module>a</module><!-- <module>b</module> --><module> c </module></modules>
  <dependencyManagement><dependencies>
    <dependency><groupId>g</groupId><artifactId>bom</artifactId><version>${v}</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>${project.groupId}</groupId>
      <artifactId>web</artifactId>
      <optional>true</optional>
      <exclusions><exclusion><groupId>x</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <!-- <dependency><groupId>no</groupId><artifactId>no</artifactId></dependency> -->
  </dependencies>
  <build>
    <plugins><plugin>
      <artifactId>maven-jar-plugin</artifactId>
      <dependencies><dependency><groupId>p</groupId><artifactId>tool</artifactId></dependency></dependencies>
      <configuration><to><image>x/y</image></to><skip/></configuration>
      <executions>
        <execution><goals><goal>jar</goal></goals><configuration><mainClass>A</mainClass></configuration></execution>
        <execution><phase>none</phase><goals><goal>off</goal></goals></execution>
      </executions>
    </plugin></plugins>
    <pluginManagement><plugins><plugin><groupId>g</groupId><artifactId>m</artifactId></plugin></plugins></pluginManagement>
  </build>
  <profiles><profile>
    <id>dev</id>
    <activation><activeByDefault>true</activeByDefault><property><name>!ci</name></property></activation>
    <dependencies><dependency><groupId>h</groupId><artifactId>h2</artifactId></dependency></dependencies>
  </profile></profiles>
</project>
"#;

    #[test]
    fn reads_what_a_pom_says() {
        let pom = read(POM);
        let parent = pom.parent.unwrap();
        assert_eq!((parent.artifact.as_str(), parent.relative_path.as_deref()), ("base", Some("")));
        assert_eq!((pom.artifact.as_str(), pom.group.as_str(), pom.packaging.as_str()), ("orders", "", "jar"));
        assert_eq!(pom.name, "Orders & more");
        assert_eq!(pom.modules.iter().map(|m| m.0.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(pom.properties[0].value, "17");
        assert_eq!(pom.properties[0].span.of(POM), "<java.version>17</java.version>");
        assert_eq!((pom.management.len(), pom.management[0].kind.as_str()), (1, "pom"));
        assert_eq!(pom.dependencies.len(), 1, "comments, exclusions and plugin dependencies are none");
        let web = &pom.dependencies[0];
        assert!(web.optional);
        assert_eq!(web.exclusions, [("x".to_owned(), "*".to_owned())]);
        assert_eq!(web.span.of(POM), "<artifactId>web</artifactId>");
    }

    #[test]
    fn reads_plugins_and_profiles() {
        let pom = read(POM);
        let [jar, managed] = pom.plugins.as_slice() else { panic!("two plugins") };
        assert_eq!((jar.group.as_str(), jar.managed, managed.managed), ("org.apache.maven.plugins", false, true));
        assert_eq!(jar.goals, ["jar"]);
        let keys: Vec<_> = jar.configuration.iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["to.image", "skip", "mainClass"]);
        let profile = &pom.profiles[0];
        assert!(profile.active_by_default);
        assert_eq!(profile.activation[1].key.as_str(), "property.name");
        assert_eq!(profile.dependencies[0].artifact, "h2");
    }

    #[test]
    fn an_ill_formed_pom_gives_what_it_has_and_a_note() {
        let mut notes = Vec::new();
        let text = "<project><artifactId>a</artifactId><dependencies><dependency><groupId>g</groupId>\
                    <artifactId>b</artifactId></dependency></dependencie></project>";
        let pom = parse("pom.xml", text, &mut notes);
        assert_eq!((pom.artifact.as_str(), pom.dependencies.len(), notes.len()), ("a", 1, 1));
        notes.clear();
        assert_eq!(parse("pom.xml", "no XML at all", &mut notes).artifact, "");
        assert_eq!(notes.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<[/?!]?(project|a|dependencies|dependency|!\\[CDATA\\[|--)>?|&[#x]?;?|.|]]>|-->){0,40}") {
            parse("pom.xml", &text, &mut Vec::new());
        }
    }
}
