//! The layers of the source tree and the manners that hold everywhere; see ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// The layers, low to high. A module may use those below its own and itself.
const LAYERS: &[&[&str]] = &[
    &["bits", "text"],
    &["source", "facts", "config"],
    &["parse"],
    &["units"],
    &["link"],
    &["rules"],
    &["findings"],
    &["assess"],
    &["cost"],
    &["report"],
    &["cache"],
    &["engine"],
    &["cli"],
    &["main"],
];

/// What may be used from below all the same: pure data and words.
const EXCEPTIONS: &[(&str, &str)] = &[("config", "rules::model"), ("units", "rules::model"), ("link", "rules::model")];

const MAX_LINES: usize = 800;

struct Source {
    path: String,
    /// The top-level module it belongs to.
    module: String,
    text: String,
    file: syn::File,
}

fn sources() -> Vec<Source> {
    let mut out = Vec::new();
    for path in rust_files(Path::new("src")) {
        let shown = path.to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).expect(&shown);
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let module = shown["src/".len()..].split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        out.push(Source { path: shown, module, text, file });
    }
    assert!(out.len() > 10, "the sources are found");
    out
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(dir).sort_by_file_name().into_iter().flatten();
    entries.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

/// Tests may do as they like.
fn is_test(source: &Source) -> bool {
    source.path.ends_with("/tests.rs") || source.path.contains("/tests/") || source.path.ends_with("/sample.rs")
}

#[derive(Default)]
struct Uses {
    /// Path behind `crate::`, and its line.
    paths: Vec<(String, usize)>,
    /// Names of macros called, and of `.name()` methods, with their line.
    macros: Vec<(String, usize)>,
    methods: Vec<(String, usize)>,
    functions: Vec<(String, usize)>,
}

impl Uses {
    fn tree(&mut self, tree: &syn::UseTree, prefix: &str) {
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &format!("{prefix}{}::", path.ident)),
            syn::UseTree::Name(name) => self.paths.push((format!("{prefix}{}", name.ident), line(&name.ident))),
            syn::UseTree::Rename(name) => self.paths.push((format!("{prefix}{}", name.ident), line(&name.ident))),
            syn::UseTree::Glob(glob) => self.paths.push((format!("{prefix}*"), line(glob))),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, prefix)),
        }
    }

    /// Macros' arguments are no syntax tree: look for `.name(` and `crate::a::b` among their tokens.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (ix, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(name) if *name == "crate" => {
                    let path: Vec<String> = tokens[ix + 1..]
                        .iter()
                        .take_while(|t| {
                            matches!(t, TokenTree::Ident(_)) || matches!(t, TokenTree::Punct(p) if p.as_char() == ':')
                        })
                        .map(ToString::to_string)
                        .collect();
                    self.paths.push((format!("crate{}", path.concat()), line(name)));
                }
                TokenTree::Ident(name) if ix > 0 => {
                    let after_dot = matches!(&tokens[ix - 1], TokenTree::Punct(p) if p.as_char() == '.');
                    if after_dot && matches!(tokens.get(ix + 1), Some(TokenTree::Group(_))) {
                        self.methods.push((name.to_string(), line(name)));
                    }
                }
                _ => {}
            }
        }
    }
}

fn line(node: &impl Spanned) -> usize {
    node.span().start().line
}

fn joined(path: &syn::Path) -> String {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::")
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, "");
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.paths.push((joined(path), line(path)));
        visit::visit_path(self, path);
    }
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            self.functions.push((joined(&path.path), line(path)));
        }
        visit::visit_expr_call(self, call);
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.methods.push((call.method.to_string(), line(&call.method)));
        visit::visit_expr_method_call(self, call);
    }
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.macros.push((joined(&call.path), line(call)));
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

fn uses(source: &Source) -> Uses {
    let mut uses = Uses::default();
    uses.visit_file(&source.file);
    uses
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The module behind `crate::`, when it may not be used there.
fn forbidden<'p>(module: &str, path: &'p str) -> Option<&'p str> {
    let inner = path.strip_prefix("crate::").or_else(|| path.strip_prefix("faasible::"))?;
    let used = inner.split("::").next()?;
    let (own, other) = (rank(module)?, rank(used)?);
    let excepted = EXCEPTIONS.iter().any(|(user, allowed)| {
        *user == module && inner.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    (used != module && other >= own && !excepted).then_some(used)
}

#[test]
fn modules_use_lower_layers_only() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !is_test(source)) {
        if source.path == "src/lib.rs" {
            continue;
        }
        if rank(&source.module).is_none() {
            found.push(format!("{}: '{}' has no layer: add it to LAYERS", source.path, source.module));
        }
        for (path, line) in uses(source).paths {
            if let Some(used) = forbidden(&source.module, &path) {
                found.push(format!("{}:{line}: {} may not use {used}", source.path, source.module));
            }
        }
    }
    found.dedup();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_check_of_layers_checks() {
    assert_eq!(forbidden("text", "crate::report::model"), Some("report"));
    assert_eq!(forbidden("source", "crate::facts"), Some("facts"));
    assert_eq!(forbidden("main", "faasible::cli::run"), None);
    assert_eq!(forbidden("units", "crate::rules::model::Reach"), None);
    assert_eq!(forbidden("units", "crate::rules::load"), Some("rules"));
    assert_eq!(forbidden("units", "crate::rules::models"), Some("rules"));
    assert_eq!(forbidden("rules", "crate::rules::load"), None);
    assert_eq!(forbidden("rules", "std::fmt"), None);
    let text = "use crate::{text::Name, report}; fn f() { g!(crate::cli::run(x.unwrap())); } #[cfg(test)] mod t { use crate::main; }";
    let mut uses = Uses::default();
    uses.visit_file(&syn::parse_file(text).unwrap());
    let paths: Vec<&str> =
        uses.paths.iter().map(|(path, _)| path.as_str()).filter(|p| p.starts_with("crate")).collect();
    assert_eq!(paths, ["crate::text::Name", "crate::report", "crate::cli::run"]);
    assert_eq!(uses.methods[0].0, "unwrap");
}

#[test]
fn no_file_is_too_long() {
    let sources = sources();
    let long: Vec<String> = sources
        .iter()
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines, {MAX_LINES} are the most"))
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn only_the_command_line_prints_and_nothing_panics_on_purpose() {
    let mut found: BTreeMap<(String, usize), String> = BTreeMap::new();
    for source in sources().iter().filter(|source| !is_test(source)) {
        let uses = uses(source);
        let mut tell = |line: usize, what: String| _ = found.insert((source.path.clone(), line), what);
        let may_print = matches!(source.module.as_str(), "cli" | "main");
        for (name, line) in uses.macros {
            let name = name.rsplit("::").next().unwrap_or_default();
            if matches!(name, "println" | "print" | "eprintln" | "eprint" | "dbg") && !may_print {
                tell(line, format!("{name}! outside cli"));
            }
            if matches!(name, "panic" | "todo" | "unimplemented") {
                tell(line, format!("{name}! outside tests"));
            }
        }
        for (name, line) in uses.functions {
            if name.ends_with("process::exit") && !may_print {
                tell(line, "process::exit outside cli".to_owned());
            }
        }
        for (name, line) in uses.methods {
            if matches!(name.as_str(), "unwrap" | "expect" | "unwrap_err" | "expect_err") {
                tell(line, format!(".{name}() outside tests"));
            }
        }
    }
    let found: Vec<String> = found.iter().map(|((path, line), what)| format!("{path}:{line}: {what}")).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
