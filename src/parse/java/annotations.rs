//! Annotations and what they say.

use super::flat::Node;
use super::kinds::{Kind, Role};
use super::visit::{Visitor, dotted, index};
use crate::facts::code::{Annotation, Mods, Target};
use crate::text::Name;

impl<'a> Visitor<'a> {
    /// The modifier bits of a declaration.
    pub(super) fn mods(&self, node: Node<'a>) -> Mods {
        let mut mods = Mods::default();
        let Some(list) = node.find(Kind::Modifiers) else { return mods };
        for word in list.children().filter(|c| c.kind() == Kind::Modifier) {
            mods.insert(match word.text() {
                "static" => Mods::STATIC,
                "final" => Mods::FINAL,
                "public" => Mods::PUBLIC,
                "private" => Mods::PRIVATE,
                "protected" => Mods::PROTECTED,
                "abstract" => Mods::ABSTRACT,
                "native" => Mods::NATIVE,
                "synchronized" => Mods::SYNCHRONIZED,
                "volatile" => Mods::VOLATILE,
                "default" => Mods::DEFAULT,
                _ => Mods::default(),
            });
        }
        mods
    }

    /// The annotations of a declaration.
    pub(super) fn annotations(&mut self, node: Node<'a>, target: Target) {
        let Some(list) = node.find(Kind::Modifiers) else { return };
        for child in list.children() {
            if matches!(child.kind(), Kind::Annotation | Kind::MarkerAnnotation) {
                self.annotation(child, target);
            }
        }
    }

    /// One annotation; those inside it follow it in the list.
    pub(super) fn annotation(&mut self, node: Node<'a>, target: Target) {
        let Some(name) = node.child(Role::Name) else { return };
        let made = index(self.facts.annotations.len());
        self.facts.annotations.push(Annotation {
            name: dotted(name.text()),
            target,
            args: Vec::new(),
            span: node.span(),
        });
        let Some(arguments) = node.child(Role::Arguments) else { return };
        for argument in arguments.children() {
            if argument.kind() != Kind::ElementPair {
                self.element(argument, Name::new("value"), made);
            } else if let (Some(key), Some(value)) = (argument.child(Role::Key), argument.child(Role::Value)) {
                self.element(value, Name::new(key.text()), made);
            }
        }
    }

    fn element(&mut self, node: Node<'a>, key: Name, annotation: u32) {
        if !self.deeper(node) {
            return;
        }
        match node.kind() {
            Kind::ElementArray => {
                for child in node.children() {
                    self.element(child, key, annotation);
                }
            }
            Kind::Annotation | Kind::MarkerAnnotation => self.annotation(node, Target::Annotation(annotation)),
            _ => {
                let value = self.expr(node);
                if let Some(annotation) = self.facts.annotations.get_mut(annotation as usize) {
                    annotation.args.push((key, value));
                }
            }
        }
        self.shallower();
    }
}
