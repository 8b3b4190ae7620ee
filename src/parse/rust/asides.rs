//! Branches beside the service: commands that an operator gives to the program that serves, and what is there only while
//! somebody works on it.

use syn::{Arm, Expr, ExprIf, Pat, Path, Stmt};

use crate::facts::code::{ExprKind, TypeRef};
use crate::text::Span;

use super::cfg::Cfg;
use super::walker::Walker;

/// Words of a command that goes on to serve or work.
const SERVES: &[&str] = &[
    "serve",
    "server",
    "servers",
    "start",
    "run",
    "daemon",
    "worker",
    "workers",
    "listen",
    "launch",
    "web",
    "api",
    "up",
    "consume",
    "consumer",
    "watch",
    "watcher",
    "gateway",
    "proxy",
    "http",
    "grpc",
    "all",
    "node",
    "agent",
    "bridge",
    "service",
    "services",
    "scheduler",
    "processor",
    "default",
    "main",
    "bot",
    "backend",
    "host",
];

/// Beside these in a call or a flag: what serves, though the flag names a mode of it.
const WORKS: &[&str] = &["serve", "server", "listen", "listener", "worker", "daemon", "loop", "forever", "stdio"];

/// What reads the arguments of the program.
const PARSES: &[&str] =
    &["parse", "try_parse", "parse_args", "from_args", "from_args_safe", "get_matches", "argh", "parse_from"];

/// What the arguments of the program are called.
const ARGUMENTS: &[&str] = &["args", "cli", "opts", "opt", "matches", "cmd_args", "cli_args", "arguments"];

/// What a place to work on the program is called.
const DEVELOPMENT: &[&str] =
    &["Development", "DEVELOPMENT", "is_development", "is_dev", "dev_mode", "is_dev_mode", "debug_assertions"];

impl Walker<'_> {
    /// For each arm of a `match`: does it run beside the service?
    pub(super) fn arms_aside(&self, arms: &[Arm]) -> Vec<bool> {
        let found: Vec<Option<(String, bool)>> = arms.iter().map(|arm| self.command_of(&arm.pat)).collect();
        let certain = found.iter().flatten().any(|(_, certain)| *certain);
        let commands: Vec<Option<String>> = found.into_iter().map(|f| f.map(|(name, _)| name)).collect();
        let named = || commands.iter().flatten();
        // One that serves, or what is done without a command.
        let serves = named().any(|name| says_serves(name)) || certain && commands.iter().any(Option::is_none);
        let told = named().count() > 1 || arms.len() > 1 && named().count() == 1;
        arms.iter()
            .zip(&commands)
            .map(|(arm, command)| {
                let aside = told && serves && command.as_ref().is_some_and(|name| !says_serves(name));
                aside || is_development(&arm.pat)
            })
            .collect()
    }

    /// `Command::Migrate { .. }`: the name of the variant; whether the type certainly holds commands.
    fn command_of(&self, pat: &Pat) -> Option<(String, bool)> {
        let path = path_of(pat)?;
        let [.., owner, variant] = &*path.segments.iter().collect::<Vec<_>>() else { return None };
        let mut of = owner.ident.to_string();
        if of == "Self" {
            of = self.around_type()?;
        } else if let Some(import) = self.facts.imports.iter().find(|i| i.alias.is_some_and(|a| a.as_str() == of)) {
            of = import.path.last_segment().to_owned();
        }
        let certain = is_command(&of);
        // Arguments are commands where one of them says that it serves.
        let may_be = of.starts_with("Cli") || ["Args", "Opt", "Opts", "Cli"].iter().any(|end| of.ends_with(end));
        (certain || may_be).then(|| (variant.ident.to_string(), certain))
    }

    /// `if args.create_key { create().await?; return Ok(()); }`: one thing is done for an operator in place of serving.
    pub(super) fn exits_early(&self, of: &ExprIf) -> bool {
        let Some(last) = of.then_branch.stmts.last().filter(|_| of.else_branch.is_none()) else { return false };
        let leaves = match last {
            Stmt::Expr(Expr::Return(of), _) => !of.expr.as_deref().is_some_and(is_error),
            Stmt::Expr(Expr::Call(of), _) => matches!(&*of.func, Expr::Path(path)
                if path.path.segments.last().is_some_and(|s| s.ident == "exit") && path.path.segments.len() > 1),
            _ => false,
        };
        let mut words = Vec::new();
        let root = leaves.then(|| asked(&of.cond, &mut words, 0)).flatten();
        let Some(root) = root.filter(|root| self.holds_arguments(root)) else { return false };
        let [.., flag] = &*words else { return false };
        let text = self.places.group(&of.then_branch.brace_token.span).of(self.text);
        let serves =
            has_word(flag, WORKS) || SERVES.contains(&flag.trim_start_matches("run_").trim_start_matches("start_"));
        root != *flag && !serves && !has_word(text, WORKS)
    }

    /// Is it called like the arguments of the program, and made by what reads them?
    fn holds_arguments(&self, name: &str) -> bool {
        let found = self.scope[self.floor..].iter().rev().find(|(known, _)| known.as_str() == name);
        let Some((_, local)) = found.filter(|_| ARGUMENTS.contains(&name)) else { return false };
        let local = &self.facts[*local];
        let mut at = local.init;
        for _ in 0..6 {
            match at.map(|ix| &self.facts[ix].kind) {
                Some(ExprKind::Call { name, .. }) if PARSES.contains(&name.last_segment()) => return true,
                Some(ExprKind::Call { base, .. }) => at = *base,
                _ => break,
            }
        }
        let of_program = |ty: &TypeRef| {
            let name = ty.name.last_segment();
            ["Args", "Cli", "Opts", "Opt", "ArgMatches", "Arguments"].iter().any(|end| name.ends_with(end))
        };
        let entry =
            |name: &str| matches!(name, "main" | "run" | "real_main" | "inner_main" | "try_main" | "async_main");
        local.param
            && local.ty.as_ref().is_some_and(of_program)
            && self.facts[local.callable].self_type.is_none()
            && entry(self.facts[local.callable].name.as_str())
    }

    /// The type whose `impl` is walked.
    fn around_type(&self) -> Option<String> {
        let callable = &self.facts[self.callable?];
        let written = callable.self_type.as_ref().map(|ty| ty.name.last_segment().to_owned());
        written.or_else(|| Some(self.facts[callable.owner?].name.to_string()))
    }

    /// Marks what has been walked since there were `from` expressions.
    pub(super) fn set_aside(&mut self, from: usize) {
        let walked = self.walked_since(from);
        self.facts.asides.extend(walked);
    }

    /// The text of what has been walked since there were `from` expressions.
    pub(super) fn walked_since(&self, from: usize) -> Option<Span> {
        let spans = self.facts.exprs[from..].iter().map(|e| e.span).filter(|s| *s != Span::default());
        spans.reduce(|a, b| Span { start: a.start.min(b.start), end: a.end.max(b.end) })
    }
}

/// Does the condition hold only where the program is developed?
pub(super) fn asks_development(cond: &Expr, depth: u8) -> bool {
    if depth > 16 {
        return false;
    }
    let within = |inner: &Expr| asks_development(inner, depth + 1);
    let named = |name: &syn::Ident| DEVELOPMENT.iter().any(|word| name == word);
    match cond {
        Expr::Binary(of) => match of.op {
            syn::BinOp::Eq(_) => within(&of.left) || within(&of.right),
            syn::BinOp::And(_) => within(&of.left) || within(&of.right),
            _ => false,
        },
        Expr::MethodCall(of) => named(&of.method),
        Expr::Field(of) => matches!(&of.member, syn::Member::Named(name) if named(name)),
        Expr::Call(of) => within(&of.func),
        Expr::Path(of) => of.path.segments.last().is_some_and(|last| named(&last.ident)),
        Expr::Macro(of) => of.mac.path.is_ident("cfg") && Cfg::is_never(of.mac.tokens.clone()),
        Expr::Paren(of) => within(&of.expr),
        _ => false,
    }
}

/// What a condition asks: the words on the way, the first of them returned. `args.run.create`, `matches.get_flag("x")`.
fn asked(cond: &Expr, words: &mut Vec<String>, depth: u8) -> Option<String> {
    if depth > 16 {
        return None;
    }
    let within = |inner: &Expr, words: &mut Vec<String>| asked(inner, words, depth + 1);
    match cond {
        Expr::Path(of) => {
            let name = of.path.get_ident()?.to_string();
            words.push(name.clone());
            Some(name)
        }
        Expr::Field(of) => {
            let root = within(&of.base, words)?;
            if let syn::Member::Named(name) = &of.member {
                words.push(name.to_string());
            }
            Some(root)
        }
        Expr::MethodCall(of) => {
            let root = within(&of.receiver, words)?;
            match of.args.first() {
                Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => words.push(text.value()),
                Some(_) => return None,
                None => {}
            }
            // An absent argument is the usual way.
            (of.method != "is_none" && of.method != "is_empty").then_some(root)
        }
        Expr::Let(of) => {
            let some = matches!(&*of.pat, Pat::TupleStruct(pat) if pat.path.is_ident("Some"));
            within(&of.expr, words).filter(|_| some)
        }
        Expr::Reference(of) => within(&of.expr, words),
        Expr::Paren(of) => within(&of.expr, words),
        Expr::Unary(of) if matches!(of.op, syn::UnOp::Deref(_)) => within(&of.expr, words),
        _ => None,
    }
}

/// `Err(…)`
fn is_error(value: &Expr) -> bool {
    matches!(value, Expr::Call(of) if matches!(&*of.func, Expr::Path(path) if path.path.is_ident("Err")))
}

/// Is one of the words among those of a text?
fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

fn path_of(pat: &Pat) -> Option<&Path> {
    match pat {
        Pat::Path(of) => Some(&of.path),
        Pat::Struct(of) => Some(&of.path),
        Pat::TupleStruct(of) => {
            let wraps = of.path.segments.last().is_some_and(|s| s.ident == "Some" || s.ident == "Ok");
            if wraps { path_of(of.elems.first()?) } else { Some(&of.path) }
        }
        Pat::Reference(of) => path_of(&of.pat),
        Pat::Paren(of) => path_of(&of.pat),
        Pat::Ident(of) => path_of(&of.subpat.as_ref()?.1),
        Pat::Guard(of) => path_of(&of.pat),
        Pat::Or(of) => path_of(of.cases.first()?),
        _ => None,
    }
}

/// `Command`, `CliCommand`, `QueueSubcommand`.
fn is_command(name: &str) -> bool {
    ["Command", "Commands", "Cmd", "Cmds", "Subcommand", "SubCommand", "Subcommands", "SubCommands", "CommandLine"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn is_development(pat: &Pat) -> bool {
    path_of(pat).and_then(|p| p.segments.last()).is_some_and(|s| s.ident == "Development")
}

/// `StartWebServer`: does one of the words say that it serves?
fn says_serves(name: &str) -> bool {
    let mut word = String::new();
    let mut found = false;
    for c in name.chars() {
        if c.is_uppercase() || c == '_' {
            found |= SERVES.contains(&word.as_str());
            word.clear();
        }
        if c != '_' {
            word.extend(c.to_lowercase());
        }
    }
    found || SERVES.contains(&word.as_str())
}
