//! What part functions play by what they are given to, marked with, or implement.

use super::super::Linked;
use crate::facts::code::{CallableIx, CallableKind, Mods, Target};
use crate::source::FileIx;

/// Does a call of this path start a task or thread with its argument?
pub(super) fn starts_task(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    let outside = !path.starts_with("?::");
    match name {
        "spawn" | "spawn_blocking" | "spawn_local" | "spawn_on" | "spawn_pinned" | "spawn_local_on"
        | "spawn_blocking_on" | "spawn_unchecked" | "spawn_fifo" => outside && !path.starts_with("std::process"),
        "run_interval" | "run_later" | "spawn_with_handle" | "spawn_obj" | "spawn_handler" => outside,
        _ => false,
    }
}

/// A web framework, or something that calls handlers like one.
pub(super) fn is_web(path: &str) -> bool {
    let crate_name = path.split("::").next().unwrap_or(path);
    matches!(
        crate_name,
        "axum"
            | "axum_extra"
            | "actix_web"
            | "actix_files"
            | "warp"
            | "poem"
            | "poem_openapi"
            | "salvo"
            | "hyper"
            | "hyper_util"
            | "tower"
            | "tower_http"
            | "lambda_runtime"
            | "lambda_http"
            | "utoipa_axum"
            | "aide"
            | "ntex"
            | "tide"
            | "gotham"
            | "rouille"
            | "trillium"
            | "viz"
            | "rocket"
            | "tonic"
            | "tower_service"
            | "jsonrpsee"
            | "lambda_extension"
            | "pavex"
            | "loco_rs"
    )
}

/// Calls of web frameworks whose functions run once, when the server is made.
pub(super) fn is_set_up(path: &str) -> bool {
    matches!(
        path.rsplit("::").next().unwrap_or(path),
        "configure"
            | "with_graceful_shutdown"
            | "serve_with_shutdown"
            | "bind_with_graceful_shutdown"
            | "on_ignite"
            | "attach"
            | "on_shutdown"
            | "register_metrics"
    ) || path.ends_with("HttpServer::new")
        || path.ends_with("HttpServer::from_fn")
}

/// Attributes that make a function a handler.
pub(super) fn is_route_attribute(path: &str, has_text: bool) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    let method = matches!(
        name,
        "get" | "post" | "put" | "delete" | "patch" | "head" | "options" | "trace" | "connect" | "route"
    );
    let api = matches!(name, "handler" | "endpoint" | "debug_handler" | "oai" | "rpc" | "method" | "server");
    (method && (path == name && has_text || is_web(path))) || (api && is_web(path)) || path == "utoipa::path"
}

/// Traits outside the workspace whose methods serve requests.
pub(super) fn is_request_trait(path: &str) -> bool {
    let name = path.rsplit("::").next().unwrap_or(path);
    path.contains("_server::")
        || (is_web(path)
            && matches!(
                name,
                "Service"
                    | "FromRequest"
                    | "FromRequestParts"
                    | "Handler"
                    | "IntoResponse"
                    | "Transform"
                    | "Responder"
                    | "Endpoint"
                    | "Middleware"
                    | "ResponseError"
                    | "FromData"
                    | "Fairing"
                    | "OptionalFromRequestParts"
                    | "FromRef"
                    | "Interceptor"
                    | "AsyncAuthorizeRequest"
            ))
        || (matches!(name, "Service" | "Layer") && path.starts_with("tower"))
}

impl Linked<'_> {
    /// Marked as a handler, or a method of a service.
    pub(super) fn is_rust_handler(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[callable];
        if !self.is_rust_function(file, callable) {
            return false;
        }
        match c.of_trait.as_ref() {
            Some(of) => {
                let module = super::join(self.rust.home(file).module, c.module);
                is_request_trait(&self.rust.paths.resolve(module, of.name))
            }
            None => false,
        }
    }

    /// The functions of a file that attributes make handlers.
    pub(super) fn rust_routes(&self, file: FileIx) -> Vec<CallableIx> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let mut out = Vec::new();
        for annotation in &facts.annotations {
            let has_text = !annotation.args.is_empty();
            match annotation.target {
                Target::Callable(c) => {
                    let module = super::join(self.rust.home(file).module, facts[c].module);
                    if is_route_attribute(&self.rust.paths.resolve(module, annotation.name), has_text) {
                        out.push(c);
                    }
                }
                // `#[Object] impl Query`, `#[OpenApi] impl Api`.
                Target::Type(t)
                    if matches!(
                        annotation.name.last_segment(),
                        "Object" | "Subscription" | "OpenApi" | "graphql_object"
                    ) =>
                {
                    let of_type =
                        |i: &usize| facts.callables[*i].owner == Some(t) && facts.callables[*i].of_trait.is_none();
                    let methods = (0..facts.callables.len()).filter(of_type);
                    out.extend(methods.map(|i| CallableIx(i as u32)));
                }
                _ => {}
            }
        }
        out
    }

    /// `main` of a binary.
    pub(super) fn is_rust_main(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[callable];
        let home = self.rust.home(file);
        let root = self.rust.binaries.contains(&home.module) || home.package.is_none();
        c.kind == CallableKind::Function && c.name.as_str() == "main" && c.module.is_empty() && root
    }

    /// Something outside the workspace may call it: a trait's method, an exported function.
    pub(super) fn is_rust_callback(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let c = &facts[callable];
        if let Some(of) = &c.of_trait {
            let module = super::join(self.rust.home(file).module, c.module);
            let path = self.rust.paths.resolve(module, of.name);
            return !matches!(self.rust.paths.item(path), Some(super::paths::Item::Type(..)));
        }
        let exported =
            |name: &str| matches!(name, "no_mangle" | "export_name" | "wasm_bindgen" | "pyfunction" | "ctor");
        facts.annotations.iter().any(|a| a.target == Target::Callable(callable) && exported(a.name.last_segment()))
    }

    /// A function that others may use: public, in a library.
    pub(super) fn is_rust_api(&self, file: FileIx, callable: CallableIx) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let home = self.rust.home(file);
        let in_binary = self.rust.binaries.contains(&home.root);
        !in_binary && facts[callable].mods.has(Mods::PUBLIC) && self.is_rust_function(file, callable)
    }
}
