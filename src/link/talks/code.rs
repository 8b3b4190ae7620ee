//! What code says of whom it calls, and of what it sends and reads.

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::Names;
use super::{Annotated, Called, Kind, Said, TalksData};
use crate::facts::CodeFacts;
use crate::facts::code::{ExprIx, ExprKind, Literal, Target, TypeIx, Usage};
use crate::link::Linked;
use crate::link::globs::{braces, glob};
use crate::source::FileIx;
use crate::text::Name;

/// The listed calls that a method's name fits. Few names are many calls: each is compared once.
pub(super) type Listed<'d> = FxHashMap<Name, Vec<(&'d Called, Kind)>>;

/// All that one file says.
pub(super) fn said<'d>(
    linked: &Linked<'_>,
    file: FileIx,
    data: &'d TalksData,
    names: &Names,
    listed: &mut Listed<'d>,
) -> Vec<Said> {
    let Some(facts) = linked.facts(file) else { return Vec::new() };
    let mut reader = Reader { linked, file, facts, out: Vec::new() };
    let mut within: FxHashSet<ExprIx> = FxHashSet::default();
    for ix in 0..facts.annotations.len() {
        within.extend(facts.annotations[ix].args.iter().map(|(_, value)| *value));
        reader.annotation(ix, data);
    }
    let init = Name::new("<init>");
    for ix in (0..facts.exprs.len()).map(|i| ExprIx(i as u32)) {
        match &facts[ix].kind {
            ExprKind::Literal(Literal::Text(text)) if !within.contains(&ix) => reader.text(ix, *text, names, data),
            ExprKind::Call { args, name, .. } if !args.is_empty() => {
                reader.call(ix, args, fitting(listed, data, *name))
            }
            ExprKind::New { args, .. } if !args.is_empty() => reader.call(ix, args, fitting(listed, data, init)),
            _ => {}
        }
    }
    reader.out
}

fn fitting<'l, 'd>(listed: &'l mut Listed<'d>, data: &'d TalksData, name: Name) -> &'l [(&'d Called, Kind)] {
    listed.entry(name).or_insert_with(|| {
        let lists = [(&data.senders, Kind::Sends), (&data.readers, Kind::Reads)];
        let all = lists.into_iter().flat_map(|(list, kind)| list.iter().map(move |called| (called, kind)));
        let last = name.last_segment();
        let fits = |called: &Called| match called.name.contains('{') {
            true => braces(&called.name).iter().any(|wanted| glob(wanted, last)),
            false => glob(&called.name, last),
        };
        all.filter(|(called, _)| fits(called)).collect()
    })
}

struct Reader<'a, 'w> {
    linked: &'a Linked<'w>,
    file: FileIx,
    facts: &'a CodeFacts,
    out: Vec<Said>,
}

impl Reader<'_, '_> {
    fn say(&mut self, kind: Kind, text: String, ix: ExprIx, ty: Option<TypeIx>) {
        let expr = &self.facts[ix];
        // What stands in an annotation of a type is run by nobody: its type decides.
        let callable = ty.is_none().then_some(expr.callable);
        self.out.push(Said { kind, text, file: self.file, span: expr.span, callable, ty });
    }

    fn text(&mut self, ix: ExprIx, text: Name, names: &Names, data: &TalksData) {
        if text.contains("://") {
            self.say(Kind::Text, text.as_str().to_owned(), ix, None);
        } else if names.is_telling(&text) && !self.is_identity(ix, data) {
            self.say(Kind::Calls, text.as_str().to_owned(), ix, None);
        }
    }

    /// `withClient("order-service")` is how the order service is known to others.
    fn is_identity(&self, ix: ExprIx, data: &TalksData) -> bool {
        let Usage::Argument(call, _) = self.facts[ix].usage else { return false };
        let ExprKind::Call { name, .. } = &self.facts[call].kind else { return false };
        let name = name.last_segment().to_lowercase();
        data.identities.iter().any(|pattern| glob(pattern, &name))
    }

    fn annotation(&mut self, ix: usize, data: &TalksData) {
        let annotation = &self.facts.annotations[ix];
        let simple = annotation.name.last_segment();
        let lists = [(&data.clients, Kind::Calls), (&data.listeners, Kind::Reads)];
        let mut listed = lists.into_iter().flat_map(|(list, kind)| list.iter().map(move |entry| (entry, kind)));
        if annotation.args.is_empty() || !listed.clone().any(|(entry, _)| entry.annotation.last_segment() == simple) {
            return;
        }
        let around = match annotation.target {
            Target::Type(ty) => Some(ty),
            Target::Callable(callable) => self.linked.type_of_callable(self.file, callable),
            Target::Field(field) => self.facts[field].owner,
            _ => None,
        };
        let Some(sym) = self.linked.resolve_name(self.file, around, annotation.name) else { return };
        let name = self.linked.types.name(sym);
        let Some((Annotated { args, .. }, kind)) = listed.find(|(entry, _)| entry.annotation == name) else { return };
        for (key, value) in &annotation.args {
            if args.contains(key) {
                // Values of annotations are run by nothing that would tell the type around them.
                let constant = match &self.facts[*value].kind {
                    ExprKind::Name(name) => self.linked.find_field(self.file, around, *name),
                    _ => None,
                };
                let init = constant.and_then(|(_, file, field)| Some((file, self.linked.facts(file)?[field].init?)));
                let (file, expr) = init.unwrap_or((self.file, *value));
                self.linked.texts(file, expr).into_iter().for_each(|text| self.say(kind, text, *value, around));
            }
        }
    }

    fn call(&mut self, ix: ExprIx, args: &[ExprIx], listed: &[(&Called, Kind)]) {
        for (called, kind) in listed {
            let Some(arg) = args.get(called.arg).filter(|_| self.is_call(ix, called)) else { continue };
            self.linked.texts(self.file, *arg).into_iter().for_each(|text| self.say(*kind, text, *arg, None));
        }
    }

    fn is_call(&self, ix: ExprIx, called: &Called) -> bool {
        let java = self.linked.is_java(self.file);
        if java == called.on.contains("::") {
            return false;
        }
        if !java {
            let path = self.linked.rust_callee(self.file, ix);
            return path.rsplit_once("::").is_some_and(|(owner, _)| owner == called.on.as_str());
        }
        let Some(owner) = self.linked.callee(self.file, ix).owner else { return false };
        let closure = self.linked.types.closure(self.linked.catalog, owner);
        closure.iter().any(|sym| self.linked.types.name(*sym) == called.on)
    }
}

impl Linked<'_> {
    /// The constant texts that an expression may be: its value, the elements of a list, or what a field is
    /// given by `@Value`.
    fn texts(&self, file: FileIx, expr: ExprIx) -> Vec<String> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        match &facts[expr].kind {
            ExprKind::List(all) => return all.iter().filter_map(|one| self.constant(file, *one)).collect(),
            // `List.of("a", "b")`, `Collections.singletonList("a")`.
            ExprKind::Call { name, args, .. } if matches!(name.last_segment(), "of" | "asList" | "singletonList") => {
                return args.iter().filter_map(|one| self.constant(file, *one)).collect();
            }
            _ => {}
        }
        if let Some((owner, field)) = self.field_of(file, expr)
            && let Some(facts) = self.facts(owner)
        {
            let given = facts.annotations.iter().find(|a| {
                a.target == Target::Field(field) && matches!(a.name.last_segment(), "Value" | "ConfigProperty")
            });
            if let Some((_, value)) = given.and_then(|a| a.args.first()) {
                return self.constant(owner, *value).into_iter().collect();
            }
        }
        self.constant(file, expr).into_iter().collect()
    }
}
