//! Types as written.

use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::{Visitor, dotted};
use crate::facts::code::TypeRef;
use crate::text::{Name, Span};

/// Arguments nested deeper than this are left out.
const DEEPEST: u32 = 24;

impl<'a> Visitor<'a> {
    /// Is this the kind of a type?
    pub(super) fn is_type(kind: Kind) -> bool {
        use Kind::*;
        matches!(
            kind,
            TypeIdentifier
                | ScopedType
                | GenericType
                | ArrayType
                | AnnotatedType
                | Integral
                | Floating
                | Boolean
                | Void
        )
    }

    /// The type that a node writes.
    pub(super) fn type_ref(&self, node: Node<'a>) -> TypeRef {
        type_ref(node, 0)
    }

    /// The type in a node's `type` role, with the dimensions that stand after the name (`int x[]`).
    pub(super) fn declared_type(&self, node: Node<'a>) -> Option<TypeRef> {
        let mut ty = type_ref(node.child(Role::Type)?, 0);
        ty.dims = ty.dims.saturating_add(dimensions(node));
        Some(ty)
    }

    /// The types in a list, wherever it is wrapped.
    pub(super) fn type_list(&self, node: Node<'a>, into: &mut Vec<TypeRef>) {
        for child in node.children() {
            if child.kind() == Kind::TypeList {
                into.extend(child.children().filter(|c| Self::is_type(c.kind())).map(|c| type_ref(c, 0)));
            } else if Self::is_type(child.kind()) {
                into.push(type_ref(child, 0));
            }
        }
    }

    /// The names of declared type parameters.
    pub(super) fn type_params(&self, node: Node<'a>) -> Vec<Name> {
        let Some(list) = node.child(Role::TypeParameters) else { return Vec::new() };
        let parameters = list.children().filter(|c| c.kind() == Kind::TypeParameter);
        parameters
            .filter_map(|p| p.children().find(|c| matches!(c.kind(), Kind::TypeIdentifier | Kind::Identifier)))
            .map(|name| Name::new(name.text()))
            .collect()
    }
}

/// How many dimensions stand after a declared name.
pub(super) fn dimensions(node: Node<'_>) -> u8 {
    node.child(Role::Dimensions).map_or(0, count)
}

fn count(dimensions: Node<'_>) -> u8 {
    u8::try_from(dimensions.text().bytes().filter(|b| *b == b'[').count()).unwrap_or(u8::MAX)
}

fn type_ref(node: Node<'_>, depth: u32) -> TypeRef {
    let plain = |name: Name, span: Span| TypeRef { name, args: Box::default(), dims: 0, span };
    if depth > DEEPEST {
        return plain(Name::new("_"), node.span());
    }
    match node.kind() {
        Kind::ArrayType => {
            let element = node.child(Role::Element).map(|e| type_ref(e, depth + 1));
            let mut ty = element.unwrap_or_else(|| plain(Name::default(), node.span()));
            ty.dims = ty.dims.saturating_add(dimensions(node));
            ty
        }
        Kind::GenericType => {
            let mut ty = plain(Name::default(), node.span());
            for child in node.children() {
                if child.kind() == Kind::TypeArguments {
                    ty.args = child.children().map(|c| type_ref(c, depth + 1)).collect();
                } else {
                    ty.name = dotted(child.text());
                    ty.span = child.span();
                }
            }
            ty
        }
        Kind::AnnotatedType => match node.children().find(|c| Visitor::is_type(c.kind())) {
            Some(inner) => type_ref(inner, depth + 1),
            None => plain(Name::default(), node.span()),
        },
        Kind::Wildcard => match node.children().find(|c| Visitor::is_type(c.kind())) {
            Some(bound) => type_ref(bound, depth + 1),
            None => plain(Name::new("?"), node.span()),
        },
        _ => plain(dotted(node.text()), node.span()),
    }
}
