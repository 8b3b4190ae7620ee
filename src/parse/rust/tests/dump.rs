//! Facts in a compact form for tests.

use crate::facts::CodeFacts;
use crate::facts::code::{ExprIx, ExprKind, Literal, Mods, Target, TypeRef, Usage};

pub(super) struct Dump {
    pub(super) facts: CodeFacts,
    pub(super) text: String,
}

impl Dump {
    pub(super) fn expr(&self, ix: ExprIx) -> String {
        let list = |list: &[ExprIx]| list.iter().map(|ix| self.expr(*ix)).collect::<Vec<_>>().join(", ");
        match &self.facts[ix].kind {
            ExprKind::Name(name) => name.to_string(),
            ExprKind::Local(local) => format!("${}", self.facts[*local].name),
            ExprKind::Select { base, name } => format!("{}.{name}", self.expr(*base)),
            ExprKind::Call { base: None, name, args } => format!("{name}({})", list(args)),
            ExprKind::Call { base: Some(base), name, args } => format!("{}.{name}({})", self.expr(*base), list(args)),
            ExprKind::New { ty, args, .. } => format!("new {}{{{}}}", type_ref(ty), list(args)),
            ExprKind::Lambda(callable) => format!("{:?}#{}", self.facts[*callable].kind, callable.0),
            ExprKind::Macro { name, args } => format!("{name}!({})", list(args)),
            ExprKind::Literal(Literal::Text(text)) => format!("{text:?}"),
            ExprKind::Literal(Literal::Int(int)) => int.to_string(),
            ExprKind::Literal(Literal::Float(float)) => float.to_string(),
            ExprKind::Literal(Literal::Bool(bool)) => bool.to_string(),
            ExprKind::Literal(Literal::Null) => "null".into(),
            ExprKind::Concat(parts) => format!("concat({})", list(parts)),
            ExprKind::Choice(options) => format!("choice({})", list(options)),
            ExprKind::Cast { ty, base } => format!("({} as {})", self.expr(*base), type_ref(ty)),
            ExprKind::List(elems) => format!("[{}]", list(elems)),
            ExprKind::Binary { op, left, right } => format!("({} {op} {})", self.expr(*left), self.expr(*right)),
            ExprKind::Unary { op, base } => format!("{op}{}", self.expr(*base)),
            ExprKind::This => "self".into(),
            other => format!("{other:?}"),
        }
    }

    pub(super) fn usage(&self, usage: Usage) -> String {
        match usage {
            Usage::ToLocal(local) => format!("ToLocal({})", self.facts[local].name),
            other => format!("{other:?}"),
        }
    }

    /// Calls, constructions and macros that are no base or argument: `expr -> use`.
    pub(super) fn roots(&self) -> Vec<String> {
        let shown = self.facts.exprs.iter().enumerate().filter(|(_, expr)| {
            let taken = matches!(expr.usage, Usage::Base(_) | Usage::Argument(..));
            let telling = !matches!(expr.kind, ExprKind::Other | ExprKind::Literal(_));
            !taken && telling && (expr.usage != Usage::Other)
        });
        shown.map(|(n, expr)| format!("{} -> {}", self.expr(ExprIx(n as u32)), self.usage(expr.usage))).collect()
    }

    pub(super) fn imports(&self) -> Vec<String> {
        let show = |import: &crate::facts::code::Import| {
            let mut line = import.path.to_string();
            line += if import.wildcard { "::*" } else { "" };
            line += &import.alias.map_or_else(String::new, |alias| format!(" as {alias}"));
            line += if import.reexport { " pub" } else { "" };
            line += &(if import.module.is_empty() { String::new() } else { format!(" in {}", import.module) });
            line
        };
        self.facts.imports.iter().map(show).collect()
    }

    pub(super) fn modules(&self) -> Vec<String> {
        let show = |module: &crate::facts::code::Module| {
            let mut line = format!("{}|{}", module.within, module.name);
            line += if module.external { " external" } else { "" };
            line += &module.path.as_ref().map_or_else(String::new, |path| format!(" at {path}"));
            line += if module.test { " test" } else { "" };
            line += &module.feature.map_or_else(String::new, |feature| format!(" if {feature}"));
            line
        };
        self.facts.modules.iter().map(show).collect()
    }

    pub(super) fn types(&self) -> Vec<String> {
        let show = |ty: &crate::facts::code::TypeDecl| {
            let supers: Vec<_> = ty.supers.iter().map(type_ref).collect();
            let mut line = format!("{:?} {}{}", ty.kind, ty.name, mods(ty.mods));
            line += &(if supers.is_empty() { String::new() } else { format!(": {}", supers.join(" + ")) });
            let constants: Vec<_> = ty.constants.iter().map(|name| name.as_str()).collect();
            line += &(if constants.is_empty() { String::new() } else { format!(" = {}", constants.join("|")) });
            line
        };
        self.facts.types.iter().map(show).collect()
    }

    pub(super) fn fields(&self) -> Vec<String> {
        let show = |field: &crate::facts::code::FieldDecl| {
            let owner = field.owner.map_or_else(String::new, |owner| format!("{}.", self.facts[owner].name));
            let init = field.init.map_or_else(String::new, |init| format!(" = {}", self.expr(init)));
            format!("{owner}{}: {}{init}{}", field.name, type_ref(&field.ty), mods(field.mods))
        };
        self.facts.fields.iter().map(show).collect()
    }

    pub(super) fn callables(&self) -> Vec<String> {
        let show = |callable: &crate::facts::code::Callable| {
            let outer = callable.outer.map_or_else(String::new, |outer| format!("{}/", outer.0));
            let owner = callable.owner.map_or_else(String::new, |owner| format!("{}.", self.facts[owner].name));
            let params: Vec<_> = callable.params.iter().map(|local| self.local(*local)).collect();
            let mut line = format!("{outer}{:?} {owner}{}({})", callable.kind, callable.name, params.join(", "));
            line += &callable.returns.as_ref().map_or_else(String::new, |ty| format!(" -> {}", type_ref(ty)));
            line += &callable.self_type.as_ref().map_or_else(String::new, |ty| format!(" on {}", type_ref(ty)));
            line += &callable.of_trait.as_ref().map_or_else(String::new, |ty| format!(" of {}", type_ref(ty)));
            line + &mods(callable.mods)
        };
        self.facts.callables.iter().map(show).collect()
    }

    fn local(&self, ix: crate::facts::code::LocalIx) -> String {
        let local = &self.facts[ix];
        let ty = local.ty.as_ref().map_or_else(String::new, |ty| format!(": {}", type_ref(ty)));
        let init = local.init.map_or_else(String::new, |init| format!(" = {}", self.expr(init)));
        format!("{}{ty}{init}", local.name)
    }

    /// All but parameters.
    pub(super) fn locals(&self) -> Vec<String> {
        let locals = (0..self.facts.locals.len()).map(|n| crate::facts::code::LocalIx(n as u32));
        locals.filter(|ix| !self.facts[*ix].param).map(|ix| self.local(ix)).collect()
    }

    pub(super) fn annotations(&self) -> Vec<String> {
        let show = |annotation: &crate::facts::code::Annotation| {
            let target = match annotation.target {
                Target::Type(ix) => self.facts[ix].name.to_string(),
                Target::Callable(ix) => format!("{}()", self.facts[ix].name),
                Target::Field(ix) => format!(".{}", self.facts[ix].name),
                Target::Local(ix) => format!("${}", self.facts[ix].name),
                other => format!("{other:?}"),
            };
            let args: Vec<_> =
                annotation.args.iter().map(|(name, value)| format!("{name}={}", self.expr(*value))).collect();
            format!("{target} #{}({})", annotation.name, args.join(", "))
        };
        self.facts.annotations.iter().map(show).collect()
    }

    pub(super) fn assigns(&self) -> Vec<String> {
        let show = |assign: &crate::facts::code::Assign| {
            let value = assign.value.map_or_else(|| "?".into(), |value| self.expr(value));
            let lazy = if assign.lazy { " lazy" } else { "" };
            format!("{} {:?} {value}{lazy}", self.expr(assign.target), assign.op)
        };
        self.facts.assigns.iter().map(show).collect()
    }

    pub(super) fn loops(&self) -> Vec<String> {
        let show = |of: &crate::facts::code::Loop| {
            let mut line = format!("{:?} {:?}", of.form, of.exit);
            line += if of.endless { " endless" } else { "" };
            let flags: Vec<_> = of.flags.iter().map(|flag| self.expr(*flag)).collect();
            line += &(if flags.is_empty() { String::new() } else { format!(" while {}", flags.join(" & ")) });
            line += &of.source.map_or_else(String::new, |source| format!(" from {}", self.expr(source)));
            line + if of.guarded_wait { " waits" } else { "" }
        };
        self.facts.loops.iter().map(show).collect()
    }

    /// Text under the spans of all calls, and where a reader looks.
    pub(super) fn places(&self) -> Vec<String> {
        let calls =
            self.facts.exprs.iter().filter(|expr| {
                matches!(expr.kind, ExprKind::Call { .. } | ExprKind::New { .. } | ExprKind::Macro { .. })
            });
        calls.map(|expr| format!("{} @ {}", expr.span.of(&self.text), expr.at.of(&self.text))).collect()
    }
}

pub(super) fn type_ref(ty: &TypeRef) -> String {
    let args: Vec<_> = ty.args.iter().map(type_ref).collect();
    let args = if args.is_empty() { String::new() } else { format!("<{}>", args.join(", ")) };
    format!("{}{args}{}", ty.name, "[]".repeat(usize::from(ty.dims)))
}

fn mods(mods: Mods) -> String {
    let names = [
        (Mods::STATIC, "static"),
        (Mods::FINAL, "final"),
        (Mods::PUBLIC, "pub"),
        (Mods::ABSTRACT, "abstract"),
        (Mods::NATIVE, "native"),
        (Mods::ASYNC, "async"),
        (Mods::UNSAFE, "unsafe"),
        (Mods::MUTABLE, "mut"),
        (Mods::TEST, "test"),
        (Mods::DEFAULT, "default"),
        (Mods::THREAD_LOCAL, "thread-local"),
    ];
    let set: Vec<_> = names.iter().filter(|(bit, _)| mods.has(*bit)).map(|(_, name)| *name).collect();
    if set.is_empty() { String::new() } else { format!(" [{}]", set.join(" ")) }
}
