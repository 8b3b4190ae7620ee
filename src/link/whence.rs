//! Where a path comes from, and what a name or number is handed on as (Java).

use super::Linked;
use crate::facts::code::{CallableKind, ExprIx, ExprKind, LocalIx, Mods, Usage};
use crate::source::FileIx;
use crate::text::Name;

/// Calls that give a directory or file for what is kept for a short while.
const TEMPORARY: &[&str] = &[
    "createTemp*",
    "createTmp*",
    "getTmpDir*",
    "getTempDir*",
    "getTempPath*",
    "getTempDirectory*",
    "newTemporaryFolder",
];

/// Calls that make a path of what they are given first.
const OF_FIRST: &[&str] = &["get", "of", "file", "newFile"];

/// Calls that go on from the path that they are made on.
const ONWARD: &[&str] = &[
    "resolve",
    "resolveSibling",
    "toPath",
    "toFile",
    "toString",
    "getPath",
    "getAbsolutePath",
    "getCanonicalPath",
    "getAbsoluteFile",
    "getCanonicalFile",
    "toAbsolutePath",
    "normalize",
    "getParentFile",
    "getParent",
    "concat",
    "append",
    "trim",
];

/// So far a path is followed.
const DEPTH: u8 = 16;

impl Linked<'_> {
    /// Does the call or construction work on a path below the directory for temporary files? Followed through locals,
    /// fields, constants, methods of the tree and the callers of a private method.
    pub fn is_on_temp_path(&self, file: FileIx, expr: ExprIx) -> bool {
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return false };
        let path = match &facts[expr].kind {
            ExprKind::New { args, .. } => args.first().copied(),
            ExprKind::Call { name, args, base } => {
                let second = ["copy", "move", "rename"].iter().any(|p| name.starts_with(p)) && args.len() > 1
                    || name.as_str() == "writeString" && self.is_path_last(file, args);
                match () {
                    () if second => args.get(1).copied(),
                    () if args.is_empty() => *base,
                    () => args.first().copied(),
                }
            }
            _ => None,
        };
        path.is_some_and(|path| self.is_temp(file, path, 0))
    }

    /// `writeString(text, path)` of a helper library, unlike `Files.writeString(path, text)`.
    fn is_path_last(&self, file: FileIx, args: &[ExprIx]) -> bool {
        let is_path = |arg: &ExprIx| {
            self.type_of(file, *arg)
                .is_some_and(|ty| matches!(self.types.name(ty.sym).as_str(), "java.io.File" | "java.nio.file.Path"))
        };
        args.len() > 1 && !is_path(&args[0])
    }

    fn is_temp(&self, file: FileIx, expr: ExprIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file).filter(|_| depth < DEPTH) else { return false };
        let on = |e: ExprIx| self.is_temp(file, e, depth + 1);
        match &facts[expr].kind {
            ExprKind::Concat(parts) => parts.first().is_some_and(|first| on(*first)),
            ExprKind::Choice(list) => !list.is_empty() && list.iter().all(|e| on(*e)),
            ExprKind::Cast { base, .. } => on(*base),
            ExprKind::Literal(_) => {
                self.constant(file, expr).is_some_and(|text| text == "/tmp" || text.starts_with("/tmp/"))
            }
            ExprKind::New { args, .. } => args.first().is_some_and(|first| on(*first)),
            ExprKind::Call { name, args, base } => {
                if TEMPORARY.iter().any(|p| super::glob(p, name)) {
                    return true;
                }
                let first = args.first().copied();
                if matches!(name.as_str(), "getProperty" | "get") && first.is_some_and(|f| self.names_temp(file, f)) {
                    return true;
                }
                if let (Some(base), true) = (base, ONWARD.contains(&name.as_str()))
                    && on(*base)
                {
                    return true;
                }
                let callee = self.callee(file, expr);
                match callee.target {
                    Some((id, method)) => self.gives_temp(self.types[id].file, method, depth + 1),
                    None => OF_FIRST.contains(&name.as_str()) && first.is_some_and(on),
                }
            }
            ExprKind::Local(local) => self.is_temp_local(file, *local, depth),
            ExprKind::Name(_) | ExprKind::Select { .. } => {
                let Some((at, field)) = self.field_of(file, expr) else { return false };
                let Some(facts) = self.facts(at) else { return false };
                let set = facts.assigns.iter().filter(|a| {
                    let named = |n: Name| n == facts[field].name;
                    matches!(&facts[a.target].kind, ExprKind::Name(n) | ExprKind::Select { name: n, .. } if named(*n))
                });
                let mut values: Vec<Option<ExprIx>> = set.map(|a| a.value).collect();
                values.extend(facts[field].init.map(Some));
                !values.is_empty() && values.iter().all(|v| v.is_some_and(|v| self.is_temp(at, v, depth + 1)))
            }
            _ => false,
        }
    }

    fn is_temp_local(&self, file: FileIx, local: LocalIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let decl = &facts[local];
        if decl.param {
            let method = &facts[decl.callable];
            let Some(at) = method.params.iter().position(|p| *p == local) else { return false };
            if method.kind != CallableKind::Method || !method.mods.has(Mods::PRIVATE) {
                return false;
            }
            let sites = self.call_sites(file, decl.callable);
            return !sites.is_empty()
                && sites.len() < 20
                && sites.iter().all(|(home, call)| {
                    let arg = self.facts(*home).and_then(|f| match &f[*call].kind {
                        ExprKind::Call { args, .. } => args.get(at).copied(),
                        _ => None,
                    });
                    arg.is_some_and(|arg| self.is_temp(*home, arg, depth + 1))
                });
        }
        let given = |e: &crate::facts::code::Expr| e.usage == Usage::ToLocal(local);
        let null = |e: ExprIx| self.constant(file, e).is_some_and(|v| v == "null");
        let mut values: Vec<ExprIx> = (0..facts.exprs.len() as u32).map(ExprIx).filter(|e| given(&facts[*e])).collect();
        values.extend(decl.init.filter(|init| !values.contains(init)));
        values.retain(|e| !null(*e));
        !values.is_empty() && values.len() < 10 && values.iter().all(|v| self.is_temp(file, *v, depth + 1))
    }

    /// Does the method of the tree return nothing else?
    fn gives_temp(&self, file: FileIx, method: crate::facts::code::CallableIx, depth: u8) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let body = facts[method].body;
        let returned = |e: &ExprIx| {
            let e = &facts[*e];
            e.usage == Usage::Returned && e.callable == method && body.contains(e.span)
        };
        let mut values = (0..facts.exprs.len() as u32).map(ExprIx).filter(returned).peekable();
        values.peek().is_some() && values.all(|v| self.is_temp(file, v, depth))
    }

    /// `"java.io.tmpdir"`, `SystemUtils.JAVA_IO_TMPDIR`
    fn names_temp(&self, file: FileIx, expr: ExprIx) -> bool {
        match self.facts(file).map(|f| &f[expr].kind) {
            Some(ExprKind::Name(name) | ExprKind::Select { name, .. })
                if name.last_segment().contains("TMPDIR") || name.last_segment().contains("TMP_DIR") =>
            {
                true
            }
            _ => self.constant(file, expr).is_some_and(|v| v == "java.io.tmpdir" || v == "TMPDIR"),
        }
    }

    /// What the call does with an attribute, and its constant name; also of what the attribute is asked for, as in
    /// `request.getSession().getAttribute("cart")`.
    pub fn attribute_named(&self, file: FileIx, expr: ExprIx) -> Option<(&'static str, String)> {
        let facts = self.facts(file).filter(|_| self.is_java(file))?;
        let expr = match facts[expr].usage {
            Usage::Base(parent) if matches!(&facts[parent].kind, ExprKind::Call { args, .. } if !args.is_empty()) => {
                parent
            }
            _ => expr,
        };
        let ExprKind::Call { name, args, .. } = &facts[expr].kind else { return None };
        let doing = ["get", "set", "put", "remove"].into_iter().find(|start| name.starts_with(start))?;
        if !name.ends_with("Attribute") && !name.ends_with("Value") {
            return None;
        }
        Some((doing, self.constant(file, *args.first()?)?))
    }

    /// The longest that a pause of the length of a parameter gets (milliseconds), by what its callers say: within a
    /// loop of a request, and anywhere in a request.
    pub fn pause_by_callers(&self, file: FileIx, call: ExprIx) -> (f64, f64) {
        let mut longest = (0.0, 0.0);
        let Some(facts) = self.facts(file).filter(|_| self.is_java(file)) else { return longest };
        let ExprKind::Call { args, .. } = &facts[call].kind else { return longest };
        let Some(first) = args.first() else { return longest };
        let number = |file: FileIx, e: ExprIx| {
            self.constant(file, e).and_then(|v| v.trim_end_matches(['L', 'l']).parse::<f64>().ok())
        };
        let (local, factor) = match &facts[*first].kind {
            ExprKind::Local(local) => (*local, 1.0),
            ExprKind::Binary { op, left, right } if op.as_str() == "*" => {
                match (&facts[*left].kind, &facts[*right].kind) {
                    (ExprKind::Local(l), _) => (*l, number(file, *right).unwrap_or(0.0)),
                    (_, ExprKind::Local(l)) => (*l, number(file, *left).unwrap_or(0.0)),
                    _ => return longest,
                }
            }
            _ => return longest,
        };
        let method = facts[local].callable;
        let Some(at) = facts[method].params.iter().position(|p| *p == local) else { return longest };
        for (home, site) in self.call_sites(file, method) {
            let Some(there) = self.facts(home) else { continue };
            let ExprKind::Call { args, .. } = &there[site].kind else { continue };
            let Some(pause) = args.get(at).and_then(|a| number(home, *a)) else { continue };
            if !self.reach(home, there[site].callable).has(super::ReachSet::REQUEST) {
                continue;
            }
            let pause = pause * factor;
            let looped =
                there.loops.iter().any(|l| l.body.contains(there[site].span) && l.callable == there[site].callable);
            if looped {
                longest.0 = f64::max(longest.0, pause);
            }
            longest.1 = f64::max(longest.1, pause);
        }
        longest
    }
}
