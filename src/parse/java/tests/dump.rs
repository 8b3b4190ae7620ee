//! Compact renderings of facts, for comparing.

use crate::facts::CodeFacts;
use crate::facts::code::*;

/// `List<String>[]`.
pub(super) fn ty(t: &TypeRef) -> String {
    let args: Vec<String> = t.args.iter().map(ty).collect();
    let args = if args.is_empty() { String::new() } else { format!("<{}>", args.join(",")) };
    format!("{}{args}{}", t.name, "[]".repeat(t.dims.into()))
}

/// An expression; locals carry a `'`.
pub(super) fn expr(f: &CodeFacts, e: ExprIx) -> String {
    let list = |es: &[ExprIx]| es.iter().map(|e| expr(f, *e)).collect::<Vec<_>>().join(", ");
    match &f[e].kind {
        ExprKind::Name(n) => n.to_string(),
        ExprKind::Local(l) => format!("{}'", f[*l].name),
        ExprKind::Select { base, name } => format!("{}.{name}", expr(f, *base)),
        ExprKind::Call { base, name, args } => {
            let base = base.map(|b| format!("{}.", expr(f, b))).unwrap_or_default();
            format!("{base}{name}({})", list(args))
        }
        ExprKind::New { ty: t, args, body } => {
            format!("new {}({}){}", ty(t), list(args), if body.is_some() { "{}" } else { "" })
        }
        ExprKind::MethodRef { base, name } => format!("{}::{name}", expr(f, *base)),
        ExprKind::Lambda(_) => "->".into(),
        ExprKind::Macro { .. } => "macro".into(),
        ExprKind::Literal(Literal::Text(t)) => format!("{t:?}"),
        ExprKind::Literal(Literal::Int(i)) => i.to_string(),
        ExprKind::Literal(Literal::Float(x)) => format!("{x:?}"),
        ExprKind::Literal(Literal::Bool(b)) => b.to_string(),
        ExprKind::Literal(Literal::Null) => "null".into(),
        ExprKind::Concat(es) => format!("concat({})", list(es)),
        ExprKind::Choice(es) => format!("choice({})", list(es)),
        ExprKind::ClassLiteral(t) => format!("{}.class", ty(t)),
        ExprKind::Cast { ty: t, base } => format!("({}){}", ty(t), expr(f, *base)),
        ExprKind::List(es) => format!("[{}]", list(es)),
        ExprKind::Binary { op, left, right } => format!("({} {op} {})", expr(f, *left), expr(f, *right)),
        ExprKind::Unary { op, base } => format!("{op}{}", expr(f, *base)),
        ExprKind::This => "this".into(),
        ExprKind::Super => "super".into(),
        ExprKind::Other => "?".into(),
    }
}

fn usage(f: &CodeFacts, u: Usage) -> String {
    match u {
        Usage::Base(_) => "base".into(),
        Usage::Argument(_, i) => format!("arg{i}"),
        Usage::ToLocal(l) => format!("to {}'", f[l].name),
        Usage::ToField => "to field".into(),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// All expressions that are no base and no argument: `usage: expression`.
pub(super) fn roots(f: &CodeFacts) -> Vec<String> {
    let outer = f.exprs.iter().enumerate();
    let outer = outer.filter(|(_, e)| !matches!(e.usage, Usage::Base(_) | Usage::Argument(..)));
    let inner =
        |e: &Expr| matches!(e.kind, ExprKind::Literal(_) | ExprKind::Name(_) | ExprKind::Local(_) | ExprKind::Other);
    outer
        .filter(|(_, e)| !(e.usage == Usage::Other && inner(e)))
        .map(|(i, e)| format!("{}: {}", usage(f, e.usage), expr(f, ExprIx(i as u32))))
        .collect()
}

/// `kind Owner.name(params): returns <- outer`.
pub(super) fn callables(f: &CodeFacts) -> Vec<String> {
    let one = |c: &Callable| {
        let owner = c.owner.map(|o| format!("{}.", f[o].name)).unwrap_or_default();
        let params: Vec<String> = c
            .params
            .iter()
            .map(|p| format!("{}{}", f[*p].ty.as_ref().map(|t| ty(t) + " ").unwrap_or_default(), f[*p].name))
            .collect();
        let returns = c.returns.as_ref().map(|t| format!(": {}", ty(t))).unwrap_or_default();
        let outer = c.outer.map(|o| format!(" <- {:?} {}", f[o].kind, f[o].name)).unwrap_or_default();
        format!("{:?} {owner}{}({}){returns}{outer}", c.kind, c.name, params.join(", "))
    };
    f.callables.iter().map(one).collect()
}

/// `kind Outer.Name : supers [constants]`.
pub(super) fn types(f: &CodeFacts) -> Vec<String> {
    let one = |t: &TypeDecl| {
        let outer = t.outer.map(|o| format!("{}.", f[o].name)).unwrap_or_default();
        let params = if t.type_params.is_empty() { String::new() } else { format!("{:?}", t.type_params) };
        let supers: Vec<String> = t.supers.iter().map(ty).collect();
        let constants = if t.constants.is_empty() { String::new() } else { format!(" {:?}", t.constants) };
        let local = t.callable.map(|c| format!(" in {}", f[c].name)).unwrap_or_default();
        format!("{:?} {outer}{}{params} : {}{constants}{local}", t.kind, t.name, supers.join(" "))
    };
    f.types.iter().map(one).collect()
}

/// `Owner.name type = init`.
pub(super) fn fields(f: &CodeFacts) -> Vec<String> {
    let one = |d: &FieldDecl| {
        let owner = d.owner.map(|o| f[o].name.to_string()).unwrap_or_default();
        let init = d.init.map(|e| format!(" = {}", expr(f, e))).unwrap_or_default();
        format!("{owner}.{} {}{init}", d.name, ty(&d.ty))
    };
    f.fields.iter().map(one).collect()
}

/// `type name = init`, a `*` for parameters.
pub(super) fn locals(f: &CodeFacts) -> Vec<String> {
    let one = |l: &Local| {
        let t = l.ty.as_ref().map(|t| ty(t) + " ").unwrap_or_default();
        let init = l.init.map(|e| format!(" = {}", expr(f, e))).unwrap_or_default();
        format!("{t}{}{}{init}", l.name, if l.param { "*" } else { "" })
    };
    f.locals.iter().map(one).collect()
}

/// `@Name(key=value) on target`.
pub(super) fn annotations(f: &CodeFacts) -> Vec<String> {
    let one = |a: &Annotation| {
        let args: Vec<String> = a.args.iter().map(|(k, v)| format!("{k}={}", expr(f, *v))).collect();
        let target = match a.target {
            Target::Type(t) => f[t].name.to_string(),
            Target::Callable(c) => format!("{}()", f[c].name),
            Target::Field(x) => format!("field {}", f[x].name),
            Target::Local(l) => format!("local {}", f[l].name),
            Target::Annotation(i) => format!("@{}", f.annotations[i as usize].name),
            Target::File => "file".into(),
        };
        format!("@{}({}) on {target}", a.name, args.join(", "))
    };
    f.annotations.iter().map(one).collect()
}

/// `target op value lazy`.
pub(super) fn assigns(f: &CodeFacts) -> Vec<String> {
    let one = |a: &Assign| {
        let value = a.value.map(|v| expr(f, v)).unwrap_or_default();
        let op = if a.op == AssignOp::Set { "=" } else { "~" };
        format!("{} {op} {value}{}", expr(f, a.target), if a.lazy { " lazy" } else { "" })
    };
    f.assigns.iter().map(one).collect()
}

/// `form endless flags(…) exit wait`.
pub(super) fn loops(f: &CodeFacts) -> Vec<String> {
    let one = |l: &Loop| {
        let mut out = format!("{:?}", l.form);
        if l.endless {
            out += " endless";
        }
        if !l.flags.is_empty() {
            let flags: Vec<String> = l.flags.iter().map(|e| expr(f, *e)).collect();
            out += &format!(" flags({})", flags.join(", "));
        }
        if let Some(source) = l.source {
            out += &format!(" of {}", expr(f, source));
        }
        out += &format!(" {:?}", l.exit);
        if l.guarded_wait {
            out += " wait";
        }
        out
    };
    f.loops.iter().map(one).collect()
}
