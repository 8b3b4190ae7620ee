//! `use`, `extern crate` and `mod`.

use syn::{Attribute, Expr, ItemExternCrate, ItemMod, ItemUse, Lit, Meta, UseTree, Visibility};

use crate::facts::code::{Import, Module};
use crate::text::Name;

use super::cfg::Cfg;
use super::walker::Walker;

impl Walker<'_> {
    /// One import per leaf of the tree.
    pub(super) fn use_item(&mut self, item: &ItemUse) {
        let start = match &item.vis {
            Visibility::Inherited => item.use_token.span,
            vis => visibility_start(vis).unwrap_or(item.use_token.span),
        };
        let whole = Import {
            path: Name::default(),
            alias: None,
            wildcard: false,
            is_static: false,
            reexport: !matches!(item.vis, Visibility::Inherited),
            module: self.module,
            span: self.places.between(start, item.semi_token.span),
        };
        self.use_tree(&item.tree, &mut Vec::new(), &whole);
    }

    fn use_tree(&mut self, tree: &UseTree, path: &mut Vec<Name>, whole: &Import) {
        let import = |path: &[Name]| {
            let names: Vec<_> = path.iter().map(|name| name.as_str()).collect();
            Import { path: Name::new(&names.join("::")), ..whole.clone() }
        };
        match tree {
            UseTree::Path(at) => {
                path.push(self.name(&at.ident));
                self.use_tree(&at.tree, path, whole);
                path.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, path, whole);
                }
            }
            UseTree::Glob(_) => {
                let import = Import { wildcard: true, ..import(path) };
                self.facts.imports.push(import);
            }
            UseTree::Name(leaf) => {
                let ends = self.push_leaf(&leaf.ident, path);
                let import = import(path);
                self.facts.imports.push(import);
                path.truncate(ends);
            }
            UseTree::Rename(leaf) => {
                let ends = self.push_leaf(&leaf.ident, path);
                let import = Import { alias: Some(self.name(&leaf.rename)), ..import(path) };
                self.facts.imports.push(import);
                path.truncate(ends);
            }
        }
    }

    /// Adds the last name, unless it is the `self` of `a::{self}`; gives the length to go back to.
    fn push_leaf(&self, ident: &proc_macro2::Ident, path: &mut Vec<Name>) -> usize {
        let ends = path.len();
        if path.is_empty() || ident != "self" {
            path.push(self.name(ident));
        }
        ends
    }

    pub(super) fn extern_crate(&mut self, item: &ItemExternCrate) {
        let import = Import {
            path: self.name(&item.ident),
            alias: item.rename.as_ref().map(|(_, rename)| self.name(rename)),
            wildcard: false,
            is_static: false,
            reexport: !matches!(item.vis, Visibility::Inherited),
            module: self.module,
            span: self.places.between(item.extern_token.span, item.semi_token.span),
        };
        self.facts.imports.push(import);
    }

    pub(super) fn module(&mut self, item: &ItemMod) {
        let name = self.name(&item.ident);
        let path = item.attrs.iter().find_map(path_attribute);
        self.facts.modules.push(Module {
            name,
            within: self.module,
            external: item.content.is_none(),
            path,
            test: self.test,
            feature: Cfg::of(&item.attrs).feature(),
        });
        let Some((_, items)) = &item.content else { return };
        let outer = self.module;
        self.module = if outer.is_empty() { name } else { Name::new(&format!("{outer}::{name}")) };
        for item in items {
            self.item(item);
        }
        self.module = outer;
    }
}

/// The first token of a visibility.
pub(super) fn visibility_start(vis: &Visibility) -> Option<proc_macro2::Span> {
    match vis {
        Visibility::Public(token) => Some(token.span),
        Visibility::Restricted(restricted) => Some(restricted.pub_token.span),
        _ => None,
    }
}

/// `#[path = "…"]`.
fn path_attribute(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attr.meta else { return None };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident("path") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
