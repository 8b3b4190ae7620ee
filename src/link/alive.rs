//! What may run although nothing in the tree is seen to run it: what other programs use, what is made by its name,
//! what a type outside the tree calls.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Linked;
use super::types::Sym;
use crate::facts::code::{CallableIx, CallableKind, ExprIx, ExprKind, Literal, Mods, Target, TypeKind, TypeRef};
use crate::facts::{Body, CodeFacts, FileFacts};
use crate::source::{FileIx, Role};
use crate::text::{Name, Span};
use crate::units::UnitKind;

/// Who may be used without being seen.
pub(super) struct Outsiders {
    /// By unit: a library of programs of this workspace, which show what is used of it.
    used: Vec<bool>,
    /// By type: nothing names it and nothing can make it.
    unnamed: Vec<bool>,
}

impl Outsiders {
    pub(super) fn new(linked: &Linked<'_>, facts: &[FileFacts]) -> Self {
        let mut used = vec![false; linked.units.all.len()];
        let assessed = linked.units.iter().filter(|(_, u)| u.kind.is_assessed());
        assessed.flat_map(|(_, u)| &u.libraries).for_each(|l| used[l.0 as usize] = true);
        let readable =
            |u: &crate::units::Unit| !u.languages.iter().any(|l| matches!(*l, "kotlin" | "scala" | "groovy"));
        let unnamed = match linked.units.iter().all(|(_, u)| readable(u)) {
            true => unnamed(linked, facts, &used),
            false => vec![false; linked.types.iter().count()],
        };
        Self { used, unnamed }
    }

    /// Is the callable part of a class that nothing makes?
    pub(super) fn in_unnamed(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx) -> bool {
        self.is_unnamed(linked, file, linked.type_of_callable(file, ix))
    }

    /// Is the type, or one around it, a class that nothing makes?
    pub(super) fn is_unnamed(&self, linked: &Linked<'_>, file: FileIx, ty: Option<crate::facts::code::TypeIx>) -> bool {
        let of = |ix| self.unnamed.get(linked.types.id(file, ix).0 as usize).copied().unwrap_or(false);
        linked.is_java(file) && linked.enclosing(file, ty).any(of)
    }

    /// What others may use without being seen: the public members of libraries that no program here uses, and
    /// whatever makes or loads a class (reflection, service loaders, mappers).
    pub(super) fn may_use(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx, called: bool) -> bool {
        let Some(facts) = linked.facts(file) else { return true };
        // The compiler warns of dead Rust code; what is left is used in ways not seen here.
        if !linked.is_java(file) {
            return true;
        }
        if linked.is_side_main(file, ix) || self.in_unnamed(linked, file, ix) {
            return false;
        }
        let c = &facts[ix];
        match c.kind {
            CallableKind::Constructor | CallableKind::InstanceInit => {
                !called || self.made_unseen(linked, file, facts, ix)
            }
            CallableKind::FieldInit if !c.mods.has(Mods::STATIC) => {
                !called || self.made_unseen(linked, file, facts, ix)
            }
            CallableKind::FieldInit | CallableKind::StaticInit => true,
            _ => {
                let published = linked
                    .unit(file)
                    .is_none_or(|u| linked.units[u].kind == UnitKind::Library && !self.used[u.0 as usize]);
                (published || extends_outside(linked, file, c.owner, false))
                    && (c.mods.has(Mods::PUBLIC) || c.mods.has(Mods::PROTECTED))
            }
        }
    }

    /// May objects be made by something else than the code that is seen to make them?
    fn made_unseen(&self, linked: &Linked<'_>, file: FileIx, facts: &CodeFacts, ix: CallableIx) -> bool {
        let Some(owner) = facts[ix].owner else { return true };
        let marked = facts
            .annotations
            .iter()
            .any(|a| a.target == Target::Type(owner) && !super::tasks::SILENT.contains(&a.name.last_segment()));
        let published =
            linked.unit(file).is_none_or(|u| linked.units[u].kind == UnitKind::Library && !self.used[u.0 as usize]);
        marked
            || published
            || linked.is_singleton_by_itself(file, owner)
            || extends_outside(linked, file, Some(owner), true)
    }
}

/// Which constructors are called by other code than the constructors beside them.
pub(super) struct Makers {
    /// By id of the callable.
    called: Vec<bool>,
}

impl Makers {
    pub(super) fn new(linked: &Linked<'_>, base: &[u32], edges: &[Vec<u32>], total: u32) -> Self {
        let mut class = vec![None; total as usize];
        for (file, start) in (0..linked.code.len()).map(|i| FileIx(i as u32)).zip(base) {
            let Some(facts) = linked.facts(file).filter(|_| linked.is_java(file)) else { continue };
            for (c, id) in facts.callables.iter().zip(*start..).filter(|(c, _)| c.kind == CallableKind::Constructor) {
                class[id as usize] = Some((file, c.owner));
            }
        }
        let mut called = vec![false; total as usize];
        for (from, to) in edges.iter().zip(&class).flat_map(|(to, from)| to.iter().map(move |to| (from, *to as usize)))
        {
            called[to] |= class[to].is_some() && class[to] != *from;
        }
        Self { called }
    }

    /// Is it a constructor for tests, or one of a class that only code makes, and by another constructor?
    pub(super) fn is_beside_used(&self, linked: &Linked<'_>, file: FileIx, ix: CallableIx, id: u32) -> bool {
        let Some(facts) = linked.facts(file).filter(|_| linked.is_java(file)) else { return false };
        let c = &facts[ix];
        if c.kind != CallableKind::Constructor {
            return false;
        }
        let Some(owner) = c.owner else { return false };
        // `this(…)` of a constructor beside it, `super(…)` of a class below.
        let handed_on = |at: FileIx, word: &str| {
            linked.facts(at).is_some_and(|facts| {
                facts.exprs.iter().any(|e| match &e.kind {
                    ExprKind::Call { name, args, .. } => name.as_str() == word && args.len() == c.params.len(),
                    _ => false,
                })
            })
        };
        let below = linked.types.all_subtypes(linked.types.id(file, owner));
        if handed_on(file, "this")
            || below.iter().any(|sub| c.params.is_empty() || handed_on(linked.types[*sub].file, "super"))
        {
            return false;
        }
        let marks = |target: Target| {
            facts.annotations.iter().filter(move |a| a.target == target).map(|a| a.name.last_segment())
        };
        if marks(Target::Callable(ix)).any(|name| name == "VisibleForTesting") {
            return true;
        }
        let first = id - ix.0;
        let beside = facts.callables.iter().zip(first..).any(|(other, id)| {
            other.kind == CallableKind::Constructor && other.owner == c.owner && self.called[id as usize]
        });
        let readable = linked
            .unit(file)
            .is_none_or(|u| !linked.units[u].languages.iter().any(|l| matches!(*l, "kotlin" | "scala" | "groovy")));
        beside
            && readable
            // Mappers and containers make objects by the constructor without parameters.
            && !c.params.is_empty()
            && marks(Target::Callable(ix)).next().is_none()
            && !marks(Target::Type(owner)).any(|name| !super::tasks::SILENT.contains(&name))
            && linked.is_shipped(file)
            && !linked.is_singleton_by_itself(file, owner)
            && !linked.made_once.contains(&linked.types.id(file, owner))
    }
}

/// A type outside the tree may call what it declares, `@Override` or not; `made`: and may be what makes it.
fn extends_outside(linked: &Linked<'_>, file: FileIx, owner: Option<crate::facts::code::TypeIx>, made: bool) -> bool {
    let Some(owner) = owner else { return false };
    let id = linked.types.id(file, owner);
    let closure = linked.types.closure(linked.catalog, Sym::Here(id));
    closure.iter().any(|s| match s {
        Sym::Outside(name) if made => !name.starts_with("java."),
        Sym::Outside(name) => !matches!(name.last_segment(), "Serializable" | "Cloneable" | "Comparable"),
        Sym::Here(_) => false,
    })
}

/// Classes that no other code, no annotation and no file of settings names, and that have no `main`.
fn unnamed(linked: &Linked<'_>, facts: &[FileFacts], used: &[bool]) -> Vec<bool> {
    let declared: FxHashSet<&str> =
        linked.types.iter().filter_map(|(_, t)| Some(linked.facts(t.file)?[t.ix].name.as_str())).collect();
    let parts: Vec<Named> =
        facts.par_iter().enumerate().map(|(i, file)| named(linked, FileIx(i as u32), file, &declared)).collect();
    let mut all = Named::default();
    for part in parts {
        all.texts.extend(part.texts);
        all.elsewhere.extend(part.elsewhere);
        all.imported.extend(part.imported);
        all.at_home.extend(part.at_home);
    }
    let Named { texts, elsewhere, imported, at_home } = all;
    let types: Vec<_> = linked.types.iter().collect();
    types
        .into_par_iter()
        .map(|(id, info)| {
            let Some(code) = linked.facts(info.file).filter(|_| linked.is_java(info.file)) else { return false };
            let decl = &code[info.ix];
            let plain = matches!(decl.kind, TypeKind::Class | TypeKind::Enum | TypeKind::Record)
                && !decl.name.is_empty()
                && decl.callable.is_none();
            let published =
                linked.unit(info.file).is_none_or(|u| linked.units[u].kind == UnitKind::Library && !used[u.0 as usize]);
            if !plain
                || published
                || elsewhere.contains(&decl.name)
                || imported.contains(&info.fqn)
                || texts.contains(&decl.name)
                || at_home.contains(&(info.file, decl.name))
            {
                return false;
            }
            let main = code
                .callables
                .iter()
                .any(|c| c.owner == Some(info.ix) && c.name.as_str() == "main" && c.mods.has(Mods::STATIC));
            let marked = code.annotations.iter().any(|a| {
                let of_member = match a.target {
                    Target::Callable(c) => code[c].owner == Some(info.ix) && a.name.as_str() != "Override",
                    Target::Type(ty) => ty == info.ix,
                    _ => false,
                };
                of_member && !super::tasks::SILENT.contains(&a.name.last_segment()) && !a.name.ends_with("Deprecated")
            });
            !main
                && !marked
                && !extends_outside(linked, info.file, Some(info.ix), true)
                && !linked.made_once.contains(&id)
                && linked.types.subtypes(id).is_empty()
        })
        .collect()
}

/// Types that files name.
#[derive(Default)]
struct Named {
    /// Within texts and settings.
    texts: FxHashSet<Name>,
    /// By a file that declares no type of that name.
    elsewhere: FxHashSet<Name>,
    /// The same, by an import: a class of another package may have the same name.
    imported: FxHashSet<Name>,
    /// By the file that declares it, outside of it.
    at_home: FxHashSet<(FileIx, Name)>,
}

/// What a file names of the types that are declared.
fn named(linked: &Linked<'_>, file: FileIx, facts: &FileFacts, declared: &FxHashSet<&str>) -> Named {
    let mut out = Named::default();
    let role = linked.workspace[file].role;
    if matches!(role, Role::Test | Role::Vendored) {
        return out;
    }
    let mut say = |text: &str| {
        out.texts
            .extend(words(text).filter(|w| w.starts_with(char::is_uppercase) && declared.contains(w)).map(Name::new));
    };
    match &facts.body {
        Body::Settings(s) => s.settings.iter().for_each(|s| say(&s.value)),
        Body::Registrations(all) => all.iter().for_each(|r| say(&r.class)),
        Body::Objects(all) => all.iter().flat_map(|o| &o.entries).for_each(|e| say(&e.value)),
        Body::Container(c) => c.stages.iter().flat_map(|s| &s.instructions).for_each(|i| say(&i.text)),
        Body::Script(all) => all.iter().for_each(|i| say(&i.text)),
        _ => {}
    }
    let Some(code) = linked.facts(file).filter(|_| linked.is_java(file)) else { return out };
    for expr in &code.exprs {
        if let ExprKind::Literal(Literal::Text(text)) = &expr.kind
            && text.len() < 300
        {
            // In a sentence for people a word is a word, but for what names a class with its package.
            let sentence = text.contains(' ') && !text.contains("new ") && !text.contains("T(");
            match sentence {
                true => text.split(' ').filter(|part| part.contains('.')).for_each(&mut say),
                false => say(text),
            }
        }
    }
    let imports: FxHashMap<&str, Name> =
        code.imports.iter().filter(|i| !i.wildcard && !i.is_static).map(|i| (i.path.last_segment(), i.path)).collect();
    names(code, &mut |name, span| {
        for part in name.split(['.', '$']).filter(|p| p.starts_with(char::is_uppercase)) {
            if !declared.contains(part) {
                continue;
            }
            if let Some(path) = imports.get(part) {
                out.imported.insert(*path);
                continue;
            }
            let part = Name::new(part);
            let own: Vec<_> = code.types.iter().filter(|t| t.name == part).collect();
            if own.is_empty() {
                out.elsewhere.insert(part);
            } else if own.iter().any(|t| !t.body.contains(span)) {
                out.at_home.insert((file, part));
            }
        }
    });
    out
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty())
}

/// All names of types that a file holds, with their places.
fn names(code: &CodeFacts, see: &mut dyn FnMut(Name, Span)) {
    fn of(ty: &TypeRef, depth: u8, see: &mut dyn FnMut(Name, Span)) {
        see(ty.name, ty.span);
        if depth < 8 {
            ty.args.iter().for_each(|arg| of(arg, depth + 1, see));
        }
    }
    for import in code.imports.iter().filter(|i| !i.wildcard || i.is_static) {
        see(import.path, import.span);
    }
    code.types.iter().flat_map(|t| &t.supers).for_each(|ty| of(ty, 0, see));
    code.fields.iter().for_each(|f| of(&f.ty, 0, see));
    code.locals.iter().filter_map(|l| l.ty.as_ref()).for_each(|ty| of(ty, 0, see));
    code.callables.iter().filter_map(|c| c.returns.as_ref()).for_each(|ty| of(ty, 0, see));
    code.annotations.iter().for_each(|a| see(a.name, a.span));
    for expr in &code.exprs {
        match &expr.kind {
            ExprKind::Name(name) | ExprKind::Select { name, .. } => see(*name, expr.span),
            ExprKind::New { ty, .. } | ExprKind::ClassLiteral(ty) => of(ty, 0, see),
            _ => {}
        }
    }
}

fn is_anything(owner: Sym) -> bool {
    matches!(owner, Sym::Outside(name) if name.as_str() == "java.lang.Object")
}

/// Names of methods called on something whose type is not known (made by an annotation processor, handed
/// through a generic method): any method of such a name may be meant.
pub(super) fn unknown_calls(linked: &Linked<'_>) -> FxHashSet<Name> {
    let of_file = |i: usize| {
        let file = FileIx(i as u32);
        let mut out = FxHashSet::default();
        let Some(facts) = linked.facts(file).filter(|_| linked.is_java(file)) else { return out };
        for (ix, expr) in facts.exprs.iter().enumerate() {
            if let ExprKind::Call { base: Some(_), name, .. } | ExprKind::MethodRef { name, .. } = &expr.kind
                && linked.callee(file, ExprIx(ix as u32)).owner.is_none_or(is_anything)
            {
                out.insert(*name);
            }
        }
        out
    };
    (0..linked.code.len()).into_par_iter().map(of_file).reduce(FxHashSet::default, larger_with)
}

/// Both sets: the smaller goes into the larger.
fn larger_with(a: FxHashSet<Name>, b: FxHashSet<Name>) -> FxHashSet<Name> {
    let (mut large, small) = if a.len() < b.len() { (b, a) } else { (a, b) };
    large.extend(small);
    large
}

#[cfg(test)]
mod tests {
    use crate::facts::code::CallableIx;
    use crate::link::Linked;
    use crate::link::closure::tests::{app, with_library};
    use crate::units::UnitIx;

    /// What of the library nothing can run, as `Type.member`.
    fn dead(linked: &Linked<'_>, _: UnitIx) -> Vec<String> {
        let mut out = Vec::new();
        for (_, info) in linked.types.iter() {
            let facts = linked.facts(info.file).unwrap();
            for (i, c) in facts.callables.iter().enumerate().filter(|(_, c)| c.owner == Some(info.ix)) {
                if !linked.is_alive(info.file, CallableIx(i as u32)) {
                    out.push(format!("{}.{}/{}", info.fqn.last_segment(), c.name, c.params.len()));
                }
            }
        }
        out.sort();
        out
    }

    fn of(body: &str, lib: &[(&str, &str)]) -> Vec<String> {
        with_library(&app("@SpringBootApplication", body), lib, dead)
    }

    #[test]
    fn methods_that_nothing_calls() {
        let pools = "package a.lib; public class Pools {
            public static Object fixed(int n) { return null; } public static Object fixed(int n, String name) { return null; }
            public static void unused() { Runnable r = () -> inner(); later(r); } static void inner() {} static void later(Runnable r) {} }";
        assert_eq!(
            of("Pools.fixed(1, \"a\");", &[("a/lib/Pools.java", pools)]),
            ["Pools./0", "Pools.fixed/1", "Pools.inner/0", "Pools.later/1", "Pools.unused/0"]
        );
    }

    #[test]
    fn constructors_beside_the_one_that_is_called() {
        let store = "package a.lib; public class Store { public Store(Object pool, String name) {}
            public Store(int threads) {} @VisibleForTesting Store() {} public Store(Object pool, String name, int n) { this(pool, name); } }";
        let desk = "package a.lib; public class Desk { public Desk(int threads) { this(\"x\", threads); } Desk(String pool, int n) {} }";
        let bean =
            "package a.lib; @Component public class Bean { public Bean(String a) {} public Bean(String a, int n) {} }";
        let lib = [("a/lib/Store.java", store), ("a/lib/Desk.java", desk), ("a/lib/Bean.java", bean)];
        assert_eq!(
            of("new Store(null, \"a\"); new Desk(1); new Bean(\"a\");", &lib),
            ["Store.<init>/0", "Store.<init>/1", "Store.<init>/3"]
        );
    }

    #[test]
    fn methods_called_through_a_type_above() {
        let api = ("a/lib/Api.java", "package a.lib; public interface Api { void used(); void unused(); }");
        let base = "package a.lib; public abstract class Base implements Api { protected void keep(String a, int b) {}
            protected void keep(String a) {} }";
        let one =
            "package a.lib; public class One extends Base { public void used() { keep(\"a\"); } public void unused() {}
            protected void keep(String a) { keep(a, 1); } }";
        let lib = [api, ("a/lib/Base.java", base), ("a/lib/One.java", one)];
        assert_eq!(of("Api api = new One(); api.used();", &lib), ["Api.unused/0", "Base.keep/1", "One.unused/0"]);
    }

    #[test]
    fn beans_asked_for_by_their_class() {
        let beans = "package a.lib; public class Beans { public static <T> T get(Class<T> type) { return null; }
            public static Object get(String name) { return null; } }";
        let one = "package a.lib; public class One { public void used() {} public void unused() {} }";
        let lib = [("a/lib/Beans.java", beans), ("a/lib/One.java", one)];
        assert_eq!(of("Beans.get(One.class).used();", &lib), ["One.unused/0"]);
    }

    #[test]
    fn classes_that_nothing_names() {
        let flow = "package a.lib; public class Flow { java.util.Timer timer = new java.util.Timer(); public Flow() { Flow.log(); }
            static void log() {} }";
        let guava = "package a.lib; import other.lib.Flow; public class User { Flow flow; }";
        let plugin = "package a.lib; public class Plugin implements Runnable { public void run() {} }";
        let lib = [
            ("a/lib/Flow.java", flow),
            ("a/lib/Plugin.java", plugin),
            ("META-INF/services/a.lib.Hook", "# one\na.lib.Plugin\n"),
        ];
        assert_eq!(of("", &lib), ["Flow.<init>/0", "Flow.log/0", "Flow.timer/0"]);
        let of_others = [("a/lib/Flow.java", flow), ("a/lib/User.java", guava)];
        assert!(of("new User();", &of_others).contains(&"Flow.log/0".to_owned()));
    }
}
