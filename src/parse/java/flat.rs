//! The syntax tree as one flat list in source order, made by one iterative pass of a cursor.
//!
//! Handlers look ahead, skip and ask for roles without going back to tree-sitter, and no depth of
//! nesting can overflow a stack before the visitor applies its own bound.

use tree_sitter::Tree;

use super::generated;
use super::kinds::{Kind, Role, TABLE, keeps};
use crate::text::Span;

#[derive(Clone, Copy)]
struct Entry {
    kind: Kind,
    role: Role,
    start: u32,
    end: u32,
    /// Index of the first entry after this one's subtree.
    next: u32,
}

/// The buffer that is kept from file to file.
#[derive(Default)]
pub(super) struct Buffer {
    entries: Vec<Entry>,
    open: Vec<(u32, Kind, bool)>,
}

/// What the pass saw besides the nodes.
#[derive(Default)]
pub(super) struct Seen {
    /// A comment says that the file is generated.
    pub(super) generated: bool,
    /// The first place that the parser could not understand, and its line.
    pub(super) error: Option<(Span, usize)>,
}

impl Buffer {
    /// Replaces the contents by the nodes of `tree`.
    pub(super) fn fill(&mut self, tree: &Tree, text: &str) -> Seen {
        self.entries.clear();
        self.open.clear();
        let table = &*TABLE;
        let root = tree.root_node();
        let broken = root.has_error();
        let mut seen = Seen::default();
        let mut markers = generated::Markers::default();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let entry = table.kind(node.kind_id());
            let (parent, roles) = self.open.last().map_or((Kind::Other, false), |(_, kind, roles)| (*kind, *roles));
            let mut descended = false;
            if keeps(parent, entry.kind) {
                let role =
                    if roles { cursor.field_id().map_or(Role::Other, |id| table.role(id.get())) } else { Role::Other };
                let span = Span::new(node.start_byte(), node.end_byte());
                if broken && seen.error.is_none() && (entry.kind == Kind::Error || node.is_missing()) {
                    seen.error = Some((span, node.start_position().row + 1));
                }
                markers.in_body |= matches!(entry.kind, Kind::ClassBody | Kind::InterfaceBody | Kind::EnumBody);
                let index = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
                self.entries.push(Entry { kind: entry.kind, role, start: span.start, end: span.end, next: index + 1 });
                if entry.descend && cursor.goto_first_child() {
                    self.open.push((index, entry.kind, entry.roles));
                    descended = true;
                }
            } else if matches!(entry.kind, Kind::LineComment | Kind::BlockComment) {
                markers.comment(text, Span::new(node.start_byte(), node.end_byte()));
            }
            if descended {
                continue;
            }
            while !cursor.goto_next_sibling() {
                let Some((index, ..)) = self.open.pop() else {
                    seen.generated = markers.found;
                    return seen;
                };
                let next = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
                self.entries[index as usize].next = next;
                cursor.goto_parent();
            }
        }
    }
}

/// A node of the flat tree.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    entries: &'a [Entry],
    text: &'a str,
    index: u32,
}

impl<'a> Node<'a> {
    /// The root, unless nothing was read.
    pub(super) fn root(buffer: &'a Buffer, text: &'a str) -> Option<Self> {
        (!buffer.entries.is_empty()).then_some(Self { entries: &buffer.entries, text, index: 0 })
    }

    #[inline]
    fn entry(self) -> &'a Entry {
        &self.entries[self.index as usize]
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        self.entry().kind
    }

    #[inline]
    pub(super) fn role(self) -> Role {
        self.entry().role
    }

    #[inline]
    pub(super) fn span(self) -> Span {
        let entry = self.entry();
        Span { start: entry.start, end: entry.end }
    }

    pub(super) fn text(self) -> &'a str {
        self.span().of(self.text)
    }

    /// The children that were kept: no comments, no punctuation.
    #[inline]
    pub(super) fn children(self) -> Children<'a> {
        Children { node: self, at: self.index + 1, end: self.entry().next }
    }

    /// The first child with this role.
    pub(super) fn child(self, role: Role) -> Option<Self> {
        self.children().find(|c| c.role() == role)
    }

    /// The first child of this kind.
    pub(super) fn find(self, kind: Kind) -> Option<Self> {
        self.children().find(|c| c.kind() == kind)
    }

    /// The first child.
    pub(super) fn first(self) -> Option<Self> {
        self.children().next()
    }
}

/// Iterates over the children of a node.
pub(super) struct Children<'a> {
    node: Node<'a>,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        if self.at >= self.end {
            return None;
        }
        let child = Node { index: self.at, ..self.node };
        self.at = child.entry().next;
        Some(child)
    }
}
