//! XML that is read for settings: deployment descriptors, persistence units, caches, Spring beans, mappers.
//!
//! Keys are element paths: `web-app.session-config.session-timeout`; attributes are one level more:
//! `beans.bean.class`. Where an element only carries a name and a value (`<property name="a" value="b"/>`,
//! `<param-name>`, `<prop key>`), the name takes the element's place in the path.

use std::rc::Rc;

use roxmltree::{Document, Node, ParsingOptions};

use super::flat::{MAX_DEPTH, MAX_KEY};
use crate::facts::settings::{SettingsKind, canonical_key};
use crate::facts::{Note, Setting, SettingsFacts};
use crate::text::{Name, Span};

const MAX_SETTINGS: usize = 4_000;
const MAX_NODES: u32 = 500_000;

/// Parses XML within bounds; what is not well formed, or declares entities, is noted.
pub(super) fn document<'t>(text: &'t str, notes: &mut Vec<Note>) -> Option<Document<'t>> {
    // Entities can expand without measure, and no settings file needs its own.
    if text.contains("<!ENTITY") {
        notes.push(Note::whole("declares XML entities: not read"));
        return None;
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    // White space before the declaration is an error by the letter, and common.
    if text.trim().is_empty() {
        return None;
    }
    match Document::parse_with_options(text, options) {
        Ok(document) if is_shallow(&document) => Some(document),
        Ok(_) => {
            notes.push(Note::whole("nested too deep: not read"));
            None
        }
        Err(e) => {
            notes.push(Note::whole(format!("not well-formed XML: {e}")));
            None
        }
    }
}

/// Looking at the ancestors of each node then stays cheap.
fn is_shallow(document: &Document<'_>) -> bool {
    const DEEPEST: u32 = 256;
    let mut depths: Vec<u32> = Vec::new();
    document.descendants().all(|node| {
        let depth = node.parent().and_then(|p| depths.get(p.id().get_usize())).map_or(0, |d| d + 1);
        depths.resize(node.id().get_usize(), 0);
        depths.push(depth);
        depth <= DEEPEST
    })
}

/// The name of the first element, without parsing.
pub(super) fn root_name(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')?..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = &comment[comment.find("-->")?..];
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            rest = &rest[2..];
        } else {
            let name = rest[1..].split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
            return Some(name.rsplit(':').next().unwrap_or(name));
        }
    }
}

/// Which XML is about the running service; anything else (change logs, pages, schemas) says nothing here.
fn is_settings_root(root: &str) -> bool {
    matches!(
        root,
        "web-app"
            | "web-fragment"
            | "persistence"
            | "ehcache"
            | "config"
            | "hazelcast"
            | "hazelcast-client"
            | "infinispan"
            | "hibernate-configuration"
            | "hibernate-mapping"
            | "beans"
            | "mapper"
            | "sqlMap"
            | "configuration"
            | "Server"
            | "Context"
            | "ejb-jar"
            | "job-scheduling-data"
            | "jboss-web"
            | "weblogic-web-app"
            | "weblogic-ejb-jar"
            | "entity-mappings"
            | "blueprint"
            | "ignite"
            | "broker"
            | "dubbo"
            | "cache-config"
            | "job"
    )
}

/// Reads an XML file; empty when its root is of no interest.
pub fn parse(_path: &str, text: &str, notes: &mut Vec<Note>) -> SettingsFacts {
    let mut facts = SettingsFacts { kind: SettingsKind::Xml, ..SettingsFacts::default() };
    if !root_name(text).is_some_and(is_settings_root) {
        return facts;
    }
    let Some(document) = document(text, notes) else {
        return facts;
    };
    let root = document.root_element();
    let is_mapper = matches!(root.tag_name().name(), "mapper" | "sqlMap" | "hibernate-mapping" | "entity-mappings");
    let mut walk = Walk { text, settings: Vec::new(), full: false };
    // Depth-first without recursion: input can be nested at will.
    let mut open: Vec<(Node<'_, '_>, Rc<str>, usize)> = vec![(root, "".into(), 0)];
    while let Some((node, parent, depth)) = open.pop() {
        // Statements and mappings are no settings; that a mapper caches is.
        if is_mapper && depth == 1 && !node.tag_name().name().starts_with("cache") {
            continue;
        }
        let path: Rc<str> = walk.element(node, &parent).into();
        if walk.full || depth >= MAX_DEPTH {
            notes.push(Note::whole("too large or nested too deep: the rest is left out"));
            break;
        }
        let inner: Vec<_> = node.children().filter(Node::is_element).collect();
        open.extend(inner.into_iter().rev().map(|child| (child, path.clone(), depth + 1)));
    }
    facts.settings = walk.settings;
    facts
}

struct Walk<'t> {
    text: &'t str,
    settings: Vec<Setting>,
    full: bool,
}

impl Walk<'_> {
    /// Emits what one element says and gives its path.
    fn element(&mut self, node: Node<'_, '_>, parent: &str) -> String {
        let span = line(self.text, node);
        let named = name_of(node);
        let path = join(parent, named.unwrap_or(&tag(node)));
        if named.is_some() {
            if let Some(value) = value_of(node) {
                self.put(&path, value, span);
            }
            return path;
        }
        let own = own_text(node);
        if !own.is_empty() || (node.attributes().len() == 0 && !node.children().any(|c| c.is_element())) {
            self.put(&path, own, span);
        }
        for attribute in node.attributes().filter(|a| !is_schema(a)) {
            self.put(&join(&path, attribute.name()), attribute.value(), span);
        }
        path
    }

    fn put(&mut self, key: &str, value: &str, span: Span) {
        self.full |= self.settings.len() >= MAX_SETTINGS;
        if !self.full && key.len() <= MAX_KEY {
            self.settings.push(Setting {
                key: Name::new(&canonical_key(key)),
                written: Name::new(key),
                value: value.chars().take(2_000).collect(),
                profile: Name::default(),
                span,
            });
        }
    }
}

/// `schemaLocation` and the like.
fn is_schema(attribute: &roxmltree::Attribute<'_, '_>) -> bool {
    attribute.namespace().is_some_and(|ns| ns.ends_with("XMLSchema-instance"))
}

/// The tag with its prefix as written, when it has another namespace than the root: `task:scheduled`.
fn tag(node: Node<'_, '_>) -> String {
    let tag = node.tag_name();
    let prefix = tag.namespace().and_then(|ns| node.lookup_prefix(ns)).filter(|p| !p.is_empty());
    match prefix {
        Some(prefix) => format!("{prefix}:{}", tag.name()),
        None => tag.name().to_owned(),
    }
}

/// The name that an element gives to its value.
fn name_of<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    match node.tag_name().name() {
        "property" | "prop" | "setting" | "param" | "entry" => node.attribute("name").or_else(|| node.attribute("key")),
        "context-param" | "init-param" => child_text(node, "param-name"),
        "env-entry" => child_text(node, "env-entry-name"),
        _ => None,
    }
}

fn value_of<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let attribute = ["value", "ref"].iter().find_map(|name| node.attribute(*name));
    let child = || ["param-value", "env-entry-value", "value"].iter().find_map(|name| child_text(node, name));
    attribute.or_else(child).or_else(|| Some(own_text(node)).filter(|text| !text.is_empty()))
}

fn child_text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|c| c.tag_name().name() == name).map(own_text)
}

/// The text directly within an element.
pub(super) fn own_text<'a>(node: Node<'a, '_>) -> &'a str {
    node.children().filter(Node::is_text).find_map(|t| t.text().map(str::trim).filter(|t| !t.is_empty())).unwrap_or("")
}

/// The first line of an element.
pub(super) fn line(text: &str, node: Node<'_, '_>) -> Span {
    let range = node.range();
    let all = text.get(range.clone()).unwrap_or("");
    let first = all.lines().next().unwrap_or("").trim_end();
    Span::new(range.start, range.start + first.len())
}

/// One level more; a level that would make the key too long is cut off, and so is never emitted.
fn join(parent: &str, name: &str) -> String {
    let name = if name.len() > MAX_KEY { "…" } else { name };
    match parent.len() {
        0 => name.to_owned(),
        length if length > MAX_KEY => parent.to_owned(),
        _ => format!("{parent}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, root_name};

    fn read(text: &str) -> Vec<(String, String)> {
        parse("a.xml", text, &mut Vec::new())
            .settings
            .iter()
            .map(|s| (s.written.to_string(), s.value.clone()))
            .collect()
    }

    fn has(text: &str, key: &str, value: &str) {
        let all = read(text);
        assert!(all.contains(&(key.to_owned(), value.to_owned())), "{key}={value} in {all:?}");
    }

    #[test]
    fn element_paths() {
        let web = "<?xml version='1.0'?>\n<!-- <x> -->\n<!DOCTYPE web-app PUBLIC 'a' 'b'>\n<web-app xmlns='http://java.sun.com/xml/ns'><session-config><session-timeout>30</session-timeout></session-config><distributable/><context-param><param-name>a.b</param-name><param-value>c</param-value></context-param></web-app>";
        has(web, "web-app.session-config.session-timeout", "30");
        has(web, "web-app.distributable", "");
        has(web, "web-app.a.b", "c");
        let jpa = "<persistence><persistence-unit name='p'><properties><property name='hibernate.hbm2ddl.auto' value='update'/></properties></persistence-unit></persistence>";
        has(jpa, "persistence.persistence-unit.name", "p");
        has(jpa, "persistence.persistence-unit.properties.hibernate.hbm2ddl.auto", "update");
        let beans = "<beans xmlns='http://b' xmlns:task='http://t'>\n<bean id='x' class='a.B'><property name='max' value='3'/><property name='p'><props><prop key='hibernate.x'>1</prop></props></property></bean><task:executor id='e' pool-size='5'/></beans>";
        has(beans, "beans.bean.class", "a.B");
        has(beans, "beans.bean.max", "3");
        has(beans, "beans.task:executor.pool-size", "5");
        assert!(read(beans).iter().any(|(k, v)| k.ends_with("hibernate.x") && v == "1"));
    }

    #[test]
    fn mappers_say_only_that_they_cache() {
        let text = "<!DOCTYPE mapper PUBLIC '-//mybatis.org//DTD Mapper 3.0//EN' 'x.dtd'><mapper namespace='a.B'><cache size='9'/><select id='q'>select 1</select></mapper>";
        assert_eq!(read(text), [("mapper.namespace".into(), "a.B".into()), ("mapper.cache.size".into(), "9".into())]);
    }

    #[test]
    fn other_roots_and_hostile_input() {
        assert!(read("<databaseChangeLog><a>1</a></databaseChangeLog>").is_empty());
        assert_eq!(root_name("<?x ?><!-- <no/> --><!DOCTYPE a [<!ELEMENT b ANY>]>\n<a:beans/>"), Some("beans"));
        assert_eq!(root_name("no <"), Some(""));
        let mut notes = Vec::new();
        let bomb = "<!DOCTYPE beans [<!ENTITY a 'aaaa'>]><beans><b>&a;</b></beans>";
        assert!(parse("a.xml", bomb, &mut notes).settings.is_empty() && notes.len() == 1);
        let deep = "<beans>".repeat(100_000);
        assert!(parse("a.xml", &deep, &mut notes).settings.is_empty() && notes.len() == 2);
        let deep = format!("{}{}", "<beans>".repeat(100_000), "</beans>".repeat(100_000));
        parse("a.xml", &deep, &mut notes);
        assert_eq!(notes.len(), 3);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<beans>|<!--|-->|<\\?|<|>|/|a='|'|&lt;|&|ü|\\PC|<property name='a' value='b'/>|</beans>){0,20}") {
            parse("a.xml", &text, &mut Vec::new());
        }
    }
}
