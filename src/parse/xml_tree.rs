//! A tolerant XML reader that gives a flat tree with places.
//!
//! Elements only: names without prefix, attributes, own text. An end tag that closes nothing, a
//! missing one, or a cut-off file costs a note and never the rest. Entities that a DTD declares are
//! not expanded, so there is nothing to blow up; depth is bounded, so callers may recurse.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::facts::Note;
use crate::text::Span;

/// Elements deeper than this are skipped.
pub const MAX_DEPTH: usize = 64;

/// Index of an element in its [`Tree`].
pub type NodeIx = usize;

/// An element.
#[derive(Debug, Default)]
pub struct Node {
    /// Local name, without prefix.
    pub name: String,
    /// Its own text, trimmed, without that of its children.
    pub text: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<NodeIx>,
    /// From `<` of the start tag to `>` of the end tag.
    pub span: Span,
}

/// The elements of a file in document order.
#[derive(Debug, Default)]
pub struct Tree {
    pub nodes: Vec<Node>,
    /// Elements without a parent: one, in well-formed files.
    pub roots: Vec<NodeIx>,
}

impl Tree {
    /// The child elements of `node`.
    pub fn children(&self, node: NodeIx) -> impl Iterator<Item = (NodeIx, &Node)> {
        self.nodes[node].children.iter().map(|ix| (*ix, &self.nodes[*ix]))
    }

    /// The child elements of `node` called `name`.
    pub fn named<'t>(&'t self, node: NodeIx, name: &'t str) -> impl Iterator<Item = (NodeIx, &'t Node)> {
        self.children(node).filter(move |(_, child)| child.name == name)
    }

    /// The first child called `name`.
    pub fn child(&self, node: NodeIx, name: &str) -> Option<NodeIx> {
        self.nodes[node].children.iter().copied().find(|ix| self.nodes[*ix].name == name)
    }

    /// The element at the end of a path of names.
    pub fn at(&self, node: NodeIx, path: &[&str]) -> Option<NodeIx> {
        path.iter().try_fold(node, |node, name| self.child(node, name))
    }

    /// The text of the first child called `name`, or `""`.
    pub fn text(&self, node: NodeIx, name: &str) -> &str {
        self.child(node, name).map_or("", |ix| self.nodes[ix].text.as_str())
    }

    /// An attribute's value.
    pub fn attribute(&self, node: NodeIx, name: &str) -> Option<&str> {
        self.nodes[node].attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads `text`; what is wrong with it becomes at most one note.
pub fn read(text: &str, notes: &mut Vec<Note>) -> Tree {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader::from_str(&text[bom..]);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    let mut builder = Builder::default();
    loop {
        let before = bom + reader.buffer_position() as usize;
        let event = reader.read_event();
        let after = bom + reader.buffer_position() as usize;
        match event {
            Ok(Event::Start(tag)) => builder.open(&tag, before, after),
            Ok(Event::Empty(tag)) => {
                builder.open(&tag, before, after);
                builder.close(after);
            }
            Ok(Event::End(tag)) => builder.end(tag.local_name().as_ref(), before, after),
            Ok(Event::Text(part)) => builder.push_text(part.as_ref()),
            Ok(Event::CData(part)) => builder.push_text(part.as_ref()),
            Ok(Event::GeneralRef(part)) => builder.push_reference(part.as_ref()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                builder.complain(before, format!("not well-formed XML: {error}"));
                if after <= before {
                    break;
                }
            }
        }
    }
    builder.finish(text.len(), notes)
}

#[derive(Default)]
struct Builder {
    tree: Tree,
    /// Open elements, outermost first.
    open: Vec<NodeIx>,
    /// Open elements beyond [`MAX_DEPTH`].
    too_deep: usize,
    problem: Option<Note>,
}

impl Builder {
    /// Only the first problem is told: the others mostly follow from it.
    fn complain(&mut self, at: usize, reason: String) {
        self.problem.get_or_insert_with(|| Note::at(Span::new(at, at), reason));
    }

    fn open(&mut self, tag: &BytesStart<'_>, start: usize, end: usize) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += 1;
            self.complain(start, format!("XML nested deeper than {MAX_DEPTH} levels is left out"));
            return;
        }
        let ix = self.tree.nodes.len();
        match self.open.last() {
            Some(parent) => self.tree.nodes[*parent].children.push(ix),
            None => self.tree.roots.push(ix),
        }
        let attributes = tag
            .attributes()
            .with_checks(false)
            .flatten()
            .map(|a| (a.key.local_name().as_ref().to_owned(), unescape(&a.value)))
            .collect();
        let name = tag.local_name().as_ref().to_owned();
        self.tree.nodes.push(Node { name, attributes, span: Span::new(start, end), ..Node::default() });
        self.open.push(ix);
    }

    fn close(&mut self, end: usize) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(ix) = self.open.pop() {
            let node = &mut self.tree.nodes[ix];
            node.span.end = Span::new(0, end).end;
            node.text = node.text.trim().to_owned();
        }
    }

    /// An end tag closes the nearest open element of its name and all within it.
    fn end(&mut self, name: &str, start: usize, end: usize) {
        if self.too_deep > 0 {
            return self.close(end);
        }
        let nodes = &self.tree.nodes;
        let Some(at) = self.open.iter().rposition(|ix| nodes[*ix].name == name) else {
            return self.complain(start, format!("not well-formed XML: </{name}> closes nothing"));
        };
        if at + 1 < self.open.len() {
            let unclosed = self.open.last().map_or("", |ix| nodes[*ix].name.as_str()).to_owned();
            self.complain(start, format!("not well-formed XML: <{unclosed}> is not closed"));
        }
        while self.open.len() > at + 1 {
            self.close(start);
        }
        self.close(end);
    }

    fn push_text(&mut self, text: &str) {
        if self.too_deep == 0
            && let Some(ix) = self.open.last()
        {
            self.tree.nodes[*ix].text.push_str(text);
        }
    }

    fn push_reference(&mut self, name: &str) {
        match resolve(name) {
            Some(c) => self.push_text(c.encode_utf8(&mut [0; 4])),
            None => self.push_text(&format!("&{name};")),
        }
    }

    fn finish(mut self, end: usize, notes: &mut Vec<Note>) -> Tree {
        if let Some(ix) = self.open.last() {
            let name = self.tree.nodes[*ix].name.clone();
            self.complain(end, format!("not well-formed XML: <{name}> is not closed"));
        }
        self.too_deep = 0;
        while !self.open.is_empty() {
            self.close(end);
        }
        notes.extend(self.problem);
        self.tree
    }
}

/// The character of a predefined entity or a character reference, without `&` and `;`.
fn resolve(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}

fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        // The longest reference that is resolved has nine characters.
        let end = tail.bytes().take(10).position(|b| b == b';');
        match end.and_then(|end| Some((end, resolve(&tail[..end])?))) {
            Some((end, c)) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, read};

    fn notes_of(text: &str) -> Vec<String> {
        let mut notes = Vec::new();
        read(text, &mut notes);
        notes.into_iter().map(|n| n.reason).collect()
    }

    #[test]
    fn reads_names_texts_attributes_and_places() {
        let text = "\u{feff}<?xml version='1.0'?><a xmlns:m='x'><!-- <no/> --><m:b k='1 &lt; 2'> x &amp; <![CDATA[<y>]]> </m:b><c/></a>";
        let mut notes = Vec::new();
        let tree = read(text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        let root = tree.roots[0];
        let b = tree.child(root, "b").unwrap();
        assert_eq!(tree.nodes[b].text, "x & <y>");
        assert_eq!(tree.attribute(b, "k"), Some("1 < 2"));
        assert!(tree.nodes[b].span.of(text).starts_with("<m:b"));
        assert!(tree.nodes[b].span.of(text).ends_with("</m:b>"));
        assert_eq!(tree.nodes[tree.child(root, "c").unwrap()].span.of(text), "<c/>");
    }

    #[test]
    fn survives_wrong_tags() {
        let mut notes = Vec::new();
        let tree = read("<a><b>1</x><c>2</a><d>3</d>", &mut notes);
        assert_eq!(notes.len(), 1);
        assert_eq!(tree.text(tree.child(tree.roots[0], "b").unwrap(), "c"), "2");
        assert_eq!(tree.nodes[tree.roots[1]].text, "3");
        assert_eq!(notes_of("<a><b>"), ["not well-formed XML: <b> is not closed"]);
        assert_eq!(notes_of("<a>x & y</a>"), Vec::<String>::new());
        assert_eq!(notes_of("<a><!-- ").len(), 1);
    }

    #[test]
    fn entities_of_a_dtd_stay_as_written() {
        let text = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>";
        let tree = read(text, &mut Vec::new());
        assert_eq!(tree.nodes[tree.roots[0]].text, "&y;");
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let text = format!("{}{}<z/>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let mut notes = Vec::new();
        let tree = read(&text, &mut notes);
        assert_eq!(tree.nodes.len(), MAX_DEPTH + 1);
        assert_eq!(tree.roots.len(), 2);
        assert_eq!(notes.len(), 1);
    }
}
