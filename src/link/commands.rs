//! Commands of an operator beside a service: `app server` serves, `app plugin install` is run by hand.

use rustc_hash::FxHashMap;

use super::Linked;
use super::types::TypeId;
use crate::facts::CodeFacts;
use crate::facts::code::{CallableIx, CallableKind, Mods, Target, TypeIx};
use crate::source::FileIx;
use crate::units::UnitIx;

/// A program of fewer commands is its command.
const FEWEST: usize = 3;

/// What runs a command.
const ENTRIES: &[&str] = &["call", "run", "execute"];

/// Words of commands that serve or work until they are stopped.
const SERVING: &[&str] = &[
    "server",
    "serve",
    "start",
    "worker",
    "daemon",
    "standalone",
    "agent",
    "listen",
    "schedul",
    "execut",
    "index",
    "run",
    "web",
    "launch",
    "exec",
    "boot",
    "consum",
    "watch",
    "master",
    "broker",
    "node",
    "proxy",
    "gateway",
    "control",
];

/// The classes of the commands of programs that have several; whether people run them by hand.
#[derive(Default)]
pub(super) struct Commands(FxHashMap<TypeId, bool>);

impl Commands {
    pub(super) fn new(linked: &Linked<'_>) -> Self {
        let mut by_unit: FxHashMap<Option<UnitIx>, Vec<(FileIx, TypeIx)>> = FxHashMap::default();
        for i in 0..linked.code.len() {
            let file = FileIx(i as u32);
            let Some(facts) = linked.facts(file).filter(|_| linked.is_java(file)) else { continue };
            for annotation in &facts.annotations {
                let Target::Type(ty) = annotation.target else { continue };
                // Most files have none: the simple name is asked first.
                let last = annotation.name.last_segment();
                let may_be = linked.catalog.command_annotations.iter().any(|c| c.last_segment() == last);
                if may_be && linked.has_annotation(file, Target::Type(ty), &linked.catalog.command_annotations) {
                    by_unit.entry(linked.unit(file)).or_default().push((file, runs(facts, ty)));
                }
            }
        }
        let of_several = by_unit.into_values().filter(|commands| commands.len() >= FEWEST).flatten();
        Self(of_several.map(|(file, ty)| (linked.types.id(file, ty), !serves(linked, file, ty))).collect())
    }

    /// Is the method what a command does?
    pub(super) fn is_entry(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx) -> bool {
        self.command(linked, file, ix).is_some()
    }

    /// Is it what a command does that people run by hand?
    pub(super) fn is_by_hand(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx) -> bool {
        self.command(linked, file, ix) == Some(true)
    }

    /// Does it serve, and is it run through an interface of the tree, its annotation being on the arguments?
    pub(super) fn is_apart(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx) -> bool {
        let Some(facts) = linked.facts(file) else { return false };
        self.command(linked, file, ix) == Some(false)
            && facts[ix].owner.is_some_and(|owner| {
                let own = linked.annotations_on(file, Target::Type(owner));
                !own.iter().any(|a| linked.catalog.command_annotations.contains(a))
            })
    }

    fn command(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx) -> Option<bool> {
        let c = linked.facts(file).filter(|_| !self.0.is_empty()).map(|facts| &facts[ix])?;
        let entry = c.kind == CallableKind::Method && !c.mods.has(Mods::STATIC) && ENTRIES.contains(&c.name.as_str());
        self.0.get(&linked.types.id(file, c.owner.filter(|_| entry)?)).copied()
    }
}

/// The class that runs it; the annotated one may only hold its arguments.
fn runs(facts: &CodeFacts, ty: TypeIx) -> TypeIx {
    let entry = |ty: TypeIx| facts.callables.iter().any(|c| c.owner == Some(ty) && ENTRIES.contains(&c.name.as_str()));
    facts[ty].outer.filter(|outer| !entry(ty) && entry(*outer)).unwrap_or(ty)
}

/// By its name, or because it is the program itself, with a `main` and commands below it.
fn serves(linked: &Linked<'_>, file: FileIx, ty: TypeIx) -> bool {
    let Some(facts) = linked.facts(file) else { return true };
    let name = facts[ty].name.to_lowercase();
    let package = facts.package.to_lowercase();
    let main = facts.callables.iter().any(|c| c.owner == Some(ty) && c.name.as_str() == "main");
    let word = |text: &str| SERVING.iter().any(|word| text.contains(word));
    main || word(&name) || package.rsplit('.').next().is_some_and(|last| matches!(last, "server" | "servers"))
}
