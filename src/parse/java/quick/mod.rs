//! Java without tree-sitter: the same flat tree, many times faster, for files in plain order.
//!
//! A recursive descent that gives up at the first thing it is not sure of: a syntax error, a construct
//! that is rare, a place where the grammar is ambiguous. The file then goes to tree-sitter, which
//! recovers from errors. What is read here must equal tree-sitter's tree node by node, but for how the
//! labels of a `switch` are grouped, which no fact depends on; `tests/quick.rs` compares the two.

mod decls;
mod exprs;
mod lexer;
mod members;
mod primary;
mod stmts;
mod switches;
mod token;
mod types;

use lexer::Tokens;
use token::{T, Token};

use super::flat::Entry;
use super::generated::Markers;
use super::kinds::{Kind, Role};
use crate::text::Span;

/// Files that nest deeper go to tree-sitter; a thread with a 2 MiB stack is safe up to here.
const DEEPEST: u32 = 100;
const NONE: u32 = u32::MAX;

/// Buffers that are kept from file to file.
#[derive(Default)]
pub(super) struct Quick {
    tokens: Tokens,
    nodes: Vec<Node>,
    kids: Vec<Ix>,
    open: Vec<Ix>,
}

/// A node, linked to its first child and its next sibling.
#[derive(Clone, Copy)]
struct Node {
    kind: Kind,
    role: Role,
    start: u32,
    end: u32,
    child: u32,
    next: u32,
    /// Nodes of its subtree, itself included.
    size: u32,
}

/// Index of a node.
type Ix = u32;

/// Gives up on the file.
fn unsure<X>() -> Option<X> {
    None
}

impl Quick {
    /// Fills `entries` with the flat tree of `text`, and tells whether a comment says that the file is
    /// generated. None when it is not sure; `entries` is then of no use.
    pub(super) fn read(&mut self, text: &str, entries: &mut Vec<Entry>) -> Option<bool> {
        self.tokens.read(text)?;
        self.nodes.clear();
        self.kids.clear();
        let mut reader =
            Reader { text, tokens: &self.tokens, at: 0, nodes: &mut self.nodes, kids: &mut self.kids, depth: 0 };
        let root = reader.file()?;
        let mut markers = Markers::default();
        entries.clear();
        entries.reserve(self.nodes.len());
        self.open.clear();
        self.open.push(root);
        let mut body = u32::MAX;
        while let Some(ix) = self.open.pop() {
            let node = self.nodes[ix as usize];
            let index = entries.len() as u32;
            if matches!(node.kind, Kind::ClassBody | Kind::InterfaceBody | Kind::EnumBody) {
                body = body.min(node.start);
            }
            entries.push(Entry {
                kind: node.kind,
                role: node.role,
                start: node.start,
                end: node.end,
                next: index + node.size,
            });
            self.open.extend([node.next, node.child].into_iter().filter(|ix| *ix != NONE));
        }
        for (start, end) in &self.tokens.comments {
            markers.in_body = *start > body;
            markers.comment(text, Span { start: *start, end: *end });
        }
        Some(markers.found)
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a Tokens,
    at: usize,
    nodes: &'a mut Vec<Node>,
    /// Children of the nodes that are being read; each ends by taking its own.
    kids: &'a mut Vec<Ix>,
    depth: u32,
}

impl Reader<'_> {
    fn token(&self, ix: usize) -> Token {
        let end = self.text.len() as u32;
        self.tokens.list.get(ix).copied().unwrap_or(Token { kind: T::End, start: end, end })
    }

    fn kind(&self, ix: usize) -> T {
        self.tokens.list.get(ix).map_or(T::End, |token| token.kind)
    }

    /// The kind of the token at hand.
    fn now(&self) -> T {
        self.kind(self.at)
    }

    /// The kind of the next one.
    fn then(&self) -> T {
        self.kind(self.at + 1)
    }

    fn start(&self) -> u32 {
        self.token(self.at).start
    }

    /// The end of the last token that was read.
    fn end(&self) -> u32 {
        self.token(self.at.wrapping_sub(1)).end
    }

    fn word(&self, ix: usize) -> &str {
        let token = self.token(ix);
        Span { start: token.start, end: token.end }.of(self.text)
    }

    fn eat(&mut self, kind: T) -> bool {
        let found = self.now() == kind;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, kind: T) -> Option<()> {
        self.eat(kind).then_some(())
    }

    /// Makes a node of the token at hand.
    fn leaf(&mut self, kind: Kind) -> Ix {
        let token = self.token(self.at);
        self.at += 1;
        self.node(kind, token.start, token.end)
    }

    fn node(&mut self, kind: Kind, start: u32, end: u32) -> Ix {
        self.nodes.push(Node { kind, role: Role::Other, start, end, child: NONE, next: NONE, size: 1 });
        self.nodes.len() as u32 - 1
    }

    fn name(&mut self, kind: Kind) -> Option<Ix> {
        (self.now() == T::Name).then(|| self.leaf(kind))
    }

    /// Where the children of a node begin.
    fn mark(&self) -> usize {
        self.kids.len()
    }

    fn kid(&mut self, ix: Ix) {
        self.kids.push(ix);
    }

    fn kid_as(&mut self, ix: Ix, role: Role) {
        self.nodes[ix as usize].role = role;
        self.kids.push(ix);
    }

    /// Makes a node of the children since `mark`; it ends with the last token that was read.
    fn close(&mut self, kind: Kind, start: u32, mark: usize) -> Ix {
        let end = self.end();
        let made = self.node(kind, start, end);
        let mut next = NONE;
        let mut size = 1;
        for ix in self.kids.drain(mark..).rev() {
            let kid = &mut self.nodes[ix as usize];
            kid.next = next;
            size += kid.size;
            next = ix;
        }
        let node = &mut self.nodes[made as usize];
        node.child = next;
        node.size = size;
        made
    }

    /// Makes a node of one child.
    fn wrap(&mut self, kind: Kind, start: u32, kid: Ix) -> Ix {
        let mark = self.mark();
        self.kid(kid);
        self.close(kind, start, mark)
    }

    fn kind_of(&self, ix: Ix) -> Kind {
        self.nodes[ix as usize].kind
    }

    /// Goes one level down, or gives up.
    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth < DEEPEST).then_some(())
    }
}
