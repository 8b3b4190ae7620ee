//! What the code says about being started: main functions, servers, function handlers.

use rustc_hash::{FxHashMap, FxHashSet};

use super::input::Input;
use crate::facts::CodeFacts;
use crate::facts::code::{
    Annotation, CallableIx, CallableKind, Expr, ExprIx, ExprKind, Literal, LoopExit, Mods, TypeIx,
};
use crate::source::{FileIx, FileKind, Role};
use crate::text::{Name, Span};

/// Java: type, method (`new` for a construction, empty for any), what it starts.
const JAVA_STARTS: &[(&str, &str, &str)] = &[
    ("org.springframework.boot.SpringApplication", "", "Spring"),
    ("org.springframework.boot.builder.SpringApplicationBuilder", "new", "Spring"),
    ("io.quarkus.runtime.Quarkus", "run", "Quarkus"),
    ("io.micronaut.runtime.Micronaut", "", "Micronaut"),
    ("io.helidon.microprofile.server.Server", "", "Helidon"),
    ("io.helidon.webserver.WebServer", "", "Helidon"),
    ("io.vertx.core.Vertx", "vertx", "Vert.x"),
    ("io.vertx.core.Vertx", "clusteredVertx", "Vert.x"),
    ("io.vertx.core.Launcher", "", "Vert.x"),
    ("org.eclipse.jetty.server.Server", "new", "Jetty"),
    ("org.apache.catalina.startup.Tomcat", "new", "Tomcat"),
    ("io.undertow.Undertow", "builder", "Undertow"),
    ("io.netty.bootstrap.ServerBootstrap", "new", "a Netty server"),
    ("com.sun.net.httpserver.HttpServer", "create", "an HTTP server"),
    ("io.javalin.Javalin", "", "Javalin"),
    ("spark.Spark", "", "Spark Java"),
    ("ratpack.server.RatpackServer", "", "Ratpack"),
    ("io.grpc.ServerBuilder", "", "a gRPC server"),
    ("io.grpc.netty.NettyServerBuilder", "", "a gRPC server"),
    ("io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder", "", "a gRPC server"),
    ("org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory", "", "Grizzly"),
    ("org.glassfish.jersey.jdkhttp.JdkHttpServerFactory", "", "an HTTP server"),
    ("org.glassfish.jersey.netty.httpserver.NettyHttpContainerProvider", "", "a Netty server"),
    ("akka.http.javadsl.Http", "", "Akka HTTP"),
    ("org.apache.pekko.http.javadsl.Http", "", "Pekko HTTP"),
    ("akka.actor.ActorSystem", "create", "an actor system"),
    ("akka.actor.typed.ActorSystem", "create", "an actor system"),
    ("org.apache.pekko.actor.ActorSystem", "create", "an actor system"),
    ("org.apache.pekko.actor.typed.ActorSystem", "create", "an actor system"),
    ("org.wso2.msf4j.MicroservicesRunner", "new", "MSF4J"),
    ("org.wso2.msf4j.spring.MSF4JSpringApplication", "", "MSF4J"),
    ("com.linecorp.armeria.server.Server", "builder", "Armeria"),
    ("com.linecorp.armeria.server.ServerBuilder", "new", "Armeria"),
    ("org.jooby.Jooby", "run", "Jooby"),
    ("io.jooby.Jooby", "runApp", "Jooby"),
    ("io.helidon.webserver.Routing", "builder", "Helidon"),
    ("io.helidon.microprofile.cdi.Main", "", "Helidon"),
    ("org.restlet.Component", "new", "Restlet"),
    ("org.restlet.Server", "new", "Restlet"),
    ("com.hellokaton.blade.Blade", "", "Blade"),
    ("com.blade.Blade", "", "Blade"),
    ("com.networknt.server.Server", "", "Light-4j"),
    ("io.activej.http.HttpServer", "", "ActiveJ"),
    ("io.activej.http.AsyncHttpServer", "", "ActiveJ"),
    ("com.twitter.finagle.Http", "", "Finagle"),
    ("com.twitter.finagle.Thrift", "", "Finagle"),
    ("javax.xml.ws.Endpoint", "publish", "a SOAP endpoint"),
    ("jakarta.xml.ws.Endpoint", "publish", "a SOAP endpoint"),
    ("org.apache.cxf.jaxrs.JAXRSServerFactoryBean", "new", "CXF"),
    ("org.apache.cxf.jaxws.JaxWsServerFactoryBean", "new", "CXF"),
    ("org.apache.thrift.server.TSimpleServer", "new", "a Thrift server"),
    ("org.apache.thrift.server.TThreadPoolServer", "new", "a Thrift server"),
    ("org.apache.thrift.server.TNonblockingServer", "new", "a Thrift server"),
    ("org.apache.thrift.server.THsHaServer", "new", "a Thrift server"),
    ("org.apache.thrift.server.TThreadedSelectorServer", "new", "a Thrift server"),
    ("java.rmi.registry.LocateRegistry", "createRegistry", "an RMI registry"),
    ("org.glassfish.jersey.jetty.JettyHttpContainerFactory", "", "Jetty"),
    ("org.glassfish.grizzly.http.server.HttpServer", "", "Grizzly"),
    ("org.glassfish.tyrus.server.Server", "new", "a WebSocket server"),
    ("org.java_websocket.server.WebSocketServer", "new", "a WebSocket server"),
    ("com.sun.net.httpserver.HttpsServer", "create", "an HTTP server"),
    ("reactor.netty.http.server.HttpServer", "", "a Netty server"),
    ("reactor.netty.tcp.TcpServer", "", "a Netty server"),
    ("io.rsocket.core.RSocketServer", "", "an RSocket server"),
    ("org.apache.dubbo.config.ServiceConfig", "new", "Dubbo"),
    ("org.apache.dubbo.config.bootstrap.DubboBootstrap", "", "Dubbo"),
    ("org.apache.servicecomb.foundation.common.utils.BeanUtils", "init", "ServiceComb"),
    ("javax.enterprise.inject.se.SeContainerInitializer", "", "a CDI container"),
    ("jakarta.enterprise.inject.se.SeContainerInitializer", "", "a CDI container"),
    ("jakarta.ws.rs.SeBootstrap", "", "a JAX-RS server"),
    ("org.apache.camel.main.Main", "new", "Camel"),
    ("org.apache.kafka.streams.KafkaStreams", "new", "Kafka Streams"),
    ("com.linecorp.armeria.server.Server", "builder", "Armeria"),
    ("org.wso2.msf4j.MicroservicesRunner", "new", "MSF4J"),
    ("org.apache.servicecomb.foundation.common.utils.BeanUtils", "init", "ServiceComb"),
    ("org.apache.dubbo.config.bootstrap.DubboBootstrap", "", "Dubbo"),
    ("org.apache.dubbo.container.Main", "main", "Dubbo"),
    ("com.alibaba.dubbo.container.Main", "main", "Dubbo"),
    ("jakarta.xml.ws.Endpoint", "publish", "a SOAP endpoint"),
    ("javax.xml.ws.Endpoint", "publish", "a SOAP endpoint"),
    ("java.net.ServerSocket", "new", "a server socket"),
    ("java.nio.channels.ServerSocketChannel", "open", "a server socket"),
];

/// Java types whose sub-class's `run` in `main` starts a server.
const JAVA_APPLICATIONS: &[(&str, &str)] = &[
    ("io.dropwizard.Application", "Dropwizard"),
    ("io.dropwizard.core.Application", "Dropwizard"),
    ("org.jooby.Jooby", "Jooby"),
    ("io.jooby.Jooby", "Jooby"),
    ("io.activej.launcher.Launcher", "ActiveJ"),
    ("io.activej.launchers.http.HttpServerLauncher", "ActiveJ"),
    ("com.twitter.server.AbstractTwitterServer", "Finagle"),
    ("io.vertx.core.Launcher", "Vert.x"),
    ("io.vertx.launcher.application.VertxApplication", "Vert.x"),
    ("org.java_websocket.server.WebSocketServer", "a WebSocket server"),
];

const LAMBDA_HANDLERS: &[&str] = &[
    "com.amazonaws.services.lambda.runtime.RequestHandler",
    "com.amazonaws.services.lambda.runtime.RequestStreamHandler",
];

/// Rust: the last two segments of a called path, what it starts.
const RUST_STARTS: &[(&str, &str)] = &[
    ("axum::serve", "an axum server"),
    ("Server::bind", "an HTTP server"),
    ("HttpServer::new", "an actix-web server"),
    ("warp::serve", "a warp server"),
    ("rocket::build", "Rocket"),
    ("rocket::custom", "Rocket"),
    ("rocket::ignite", "Rocket"),
    ("tide::new", "a tide server"),
    ("Server::new", "a server"),
    ("actix_server::Server::build", "an actix server"),
    ("actix_server::ServerBuilder::new", "an actix server"),
    ("actix_server::ServerBuilder::default", "an actix server"),
    ("TcpListener::bind", "a TCP listener"),
    ("UnixListener::bind", "a socket listener"),
    ("transport::Server::builder", "a gRPC server"),
    ("Server::builder", "a gRPC server"),
    ("http1::Builder::new", "an HTTP server"),
    ("auto::Builder::new", "an HTTP server"),
    ("server_config::ServerConfig", "a server"),
];

/// Rust: called functions that make the program a Lambda function or extension.
const RUST_LAMBDA: &[&str] = &[
    "lambda_runtime::run",
    "lambda_http::run",
    "lambda_runtime::run_concurrent",
    "lambda_http::run_with_streaming_response",
    "lambda_extension::run",
    "Extension::new",
    "Runtime::new",
];

/// Names that say nothing about what is called.
const GENERIC: &[&str] = &[
    "new",
    "default",
    "from",
    "into",
    "clone",
    "fmt",
    "get",
    "set",
    "build",
    "builder",
    "add",
    "put",
    "push",
    "insert",
    "len",
    "is_empty",
    "isEmpty",
    "size",
    "next",
    "iter",
    "map",
    "filter",
    "collect",
    "unwrap",
    "expect",
    "to_string",
    "toString",
    "equals",
    "hashCode",
    "close",
    "drop",
    "of",
    "parse",
    "format",
    "println",
    "accept",
    "apply",
    "name",
    "id",
    "key",
    "value",
    "as_str",
    "as_ref",
    "ok",
    "err",
    "try_from",
    "eq",
    "cmp",
    "hash",
    "append",
    "<init>",
    "poll",
    "write",
    "read",
    "send",
    "test",
];

/// Functions that are followed from one main function at most, and how far.
const MAX_VISITED: usize = 4000;
const MAX_HOPS: usize = 8;

/// A main function.
#[derive(Clone, Debug)]
pub(super) struct Main {
    pub(super) file: FileIx,
    pub(super) span: Span,
    /// `package.Type`, or the binary's name.
    pub(super) name: String,
    /// What it starts, directly or through what it calls.
    pub(super) starts: Option<&'static str>,
    /// It enters a loop that only ends with the process.
    pub(super) endless: bool,
    pub(super) at: CallableIx,
}

/// What the code of one unit says.
#[derive(Clone, Debug, Default)]
pub(super) struct Signs {
    pub(super) mains: Vec<Main>,
    /// A function handler of AWS Lambda.
    pub(super) lambda: Option<(FileIx, Span, String)>,
    /// `SpringBootServletInitializer` and the like: started by a servlet container.
    pub(super) servlet: Option<(FileIx, Span)>,
    /// An application class that a framework starts without a written `main` (`@ApplicationPath`, Vert.x verticles).
    pub(super) application: Option<(FileIx, Span, &'static str)>,
}

/// Reads the signs of every unit. `bins` are the root files of Rust binaries by file.
pub(super) fn read(
    input: &Input<'_>,
    unit_of: &[Option<usize>],
    count: usize,
    bins: &FxHashMap<FileIx, String>,
) -> Vec<Signs> {
    let mut out = vec![Signs::default(); count];
    for (ix, file, _) in input.files() {
        let (Some(code), Some(Some(unit))) = (input.code(ix), unit_of.get(ix.0 as usize)) else { continue };
        let signs = &mut out[*unit];
        match file.kind {
            FileKind::Java if matches!(file.role, Role::Main | Role::Example) => java(ix, code, signs),
            FileKind::Rust => {
                if let Some(name) = bins.get(&ix) {
                    rust_main(ix, code, name, signs);
                }
            }
            _ => {}
        }
    }
    out
}

fn java(file: FileIx, code: &CodeFacts, signs: &mut Signs) {
    for (callable, at) in code.callables.iter().zip(0u32..) {
        let is_main = callable.name.as_str() == "main" && callable.kind == CallableKind::Method;
        if !is_main || !callable.mods.has(Mods::STATIC) || callable.mods.has(Mods::PRIVATE) || callable.params.len() > 1
        {
            continue;
        }
        let Some(owner) = callable.owner else { continue };
        let name = qualified(code, owner);
        let starts = annotated(code, owner).or_else(|| application(code, owner));
        signs.mains.push(Main { file, span: callable.span, name, starts, endless: false, at: CallableIx(at) });
    }
    for (decl, at) in code.types.iter().zip(0u32..) {
        for parent in &decl.supers {
            if is_one_of(code, parent.name, LAMBDA_HANDLERS) && signs.lambda.is_none() && !decl.name.is_empty() {
                signs.lambda = Some((file, decl.span, qualified(code, TypeIx(at))));
            }
            if parent.name.last_segment() == "SpringBootServletInitializer" && signs.servlet.is_none() {
                signs.servlet = Some((file, decl.span));
            }
        }
    }
    for annotation in &code.annotations {
        let what = match annotation.name.last_segment() {
            "ApplicationPath" => "a JAX-RS application",
            "QuarkusMain" => "Quarkus",
            _ => continue,
        };
        if signs.application.is_none() {
            signs.application = Some((file, annotation.span, what));
        }
    }
}

fn qualified(code: &CodeFacts, ix: TypeIx) -> String {
    let name = code[ix].name;
    if code.package.is_empty() { name.to_string() } else { format!("{}.{name}", code.package) }
}

fn annotated(code: &CodeFacts, owner: TypeIx) -> Option<&'static str> {
    let on_type = |a: &&Annotation| a.target == crate::facts::code::Target::Type(owner);
    code.annotations.iter().filter(on_type).find_map(|a| match a.name.last_segment() {
        "SpringBootApplication" | "EnableAutoConfiguration" | "SpringCloudApplication" => Some("Spring"),
        "QuarkusMain" => Some("Quarkus"),
        _ => None,
    })
}

fn application(code: &CodeFacts, owner: TypeIx) -> Option<&'static str> {
    let supers = &code[owner].supers;
    JAVA_APPLICATIONS
        .iter()
        .find(|(name, _)| supers.iter().any(|s| is_one_of(code, s.name, &[name])))
        .map(|(_, what)| *what)
}

/// Does a name as written mean one of these types, by this file's imports?
fn is_one_of(code: &CodeFacts, written: Name, types: &[&str]) -> bool {
    types.iter().any(|full| {
        let simple = full.rsplit('.').next().unwrap_or(full);
        if written.as_str() == *full {
            return true;
        }
        if written.as_str() != simple {
            return false;
        }
        let package = &full[..full.len() - simple.len() - 1];
        let explicit = code.imports.iter().find(|i| !i.wildcard && !i.is_static && i.path.last_segment() == simple);
        match explicit {
            Some(import) => import.path.as_str() == *full,
            None => code.imports.iter().any(|i| i.wildcard && i.path.as_str() == package),
        }
    })
}

fn rust_main(file: FileIx, code: &CodeFacts, name: &str, signs: &mut Signs) {
    let found = code.callables.iter().zip(0u32..).find(|(c, _)| {
        c.kind == CallableKind::Function && c.name.as_str() == "main" && c.module.is_empty() && !c.mods.has(Mods::TEST)
    });
    let launch = code.annotations.iter().find_map(|a| match (a.name.last_segment(), a.target) {
        ("launch", crate::facts::code::Target::Callable(at)) => Some(at),
        _ => None,
    });
    let at = match (found, launch) {
        (_, Some(at)) => at,
        (Some((_, at)), None) => CallableIx(at),
        (None, None) => return,
    };
    let starts = launch.map(|_| "Rocket");
    signs.mains.push(Main { file, span: code[at].span, name: name.to_string(), starts, endless: false, at });
}

/// Functions by name, to follow calls from a main function.
pub(super) struct Callables<'a> {
    input: &'a Input<'a>,
    unit_of: &'a [Option<usize>],
    by_name: FxHashMap<Name, Vec<(FileIx, CallableIx)>>,
    /// Java: what runs when an object of a type is made, or is made by a container and started, by the type's simple name.
    by_type: FxHashMap<Name, Made>,
}

#[derive(Default)]
struct Made {
    /// Constructors, initialisers of fields, and all of a module of an injector.
    at_once: Vec<(FileIx, CallableIx)>,
    /// `start`, `run` and the like.
    started: Vec<(FileIx, CallableIx)>,
}

/// What an injector is put together from.
const MODULES: &[&str] = &["AbstractModule", "PrivateModule", "ServletModule", "AbstractBinder"];

/// What whoever made an object by its class calls on it.
const LIFECYCLE: &[&str] = &["start", "run", "init", "open", "bind", "listen", "configure"];

impl<'a> Callables<'a> {
    pub(super) fn new(input: &'a Input<'a>, unit_of: &'a [Option<usize>]) -> Self {
        let generic: FxHashSet<Name> = GENERIC.iter().map(|n| Name::new(n)).collect();
        let mut by_name: FxHashMap<Name, Vec<(FileIx, CallableIx)>> = FxHashMap::default();
        let mut by_type: FxHashMap<Name, Made> = FxHashMap::default();
        for (ix, file, _) in input.files() {
            if matches!(file.role, Role::Test | Role::Vendored) {
                continue;
            }
            let Some(code) = input.code(ix) else { continue };
            for (callable, at) in code.callables.iter().zip(0u32..) {
                if let Some(owner) = callable.owner.filter(|_| file.kind == FileKind::Java) {
                    let owner = &code[owner];
                    let made = by_type.entry(owner.name).or_default();
                    let module = || owner.supers.iter().any(|s| MODULES.contains(&s.name.last_segment()));
                    match callable.kind {
                        CallableKind::Constructor | CallableKind::FieldInit | CallableKind::InstanceInit => {
                            made.at_once.push((ix, CallableIx(at)));
                        }
                        CallableKind::Method if module() => made.at_once.push((ix, CallableIx(at))),
                        CallableKind::Method if LIFECYCLE.contains(&callable.name.as_str()) => {
                            made.started.push((ix, CallableIx(at)));
                        }
                        _ => {}
                    }
                }
                let named = matches!(callable.kind, CallableKind::Method | CallableKind::Function);
                if named && !callable.mods.has(Mods::TEST) && !generic.contains(&callable.name) {
                    by_name.entry(callable.name).or_default().push((ix, CallableIx(at)));
                }
            }
        }
        Self { input, unit_of, by_name, by_type }
    }

    fn is_of(&self, (file, at): (FileIx, CallableIx), owner: Name) -> bool {
        let Some(code) = self.input.code(file) else { return false };
        code[at].owner.is_some_and(|o| code[o].name == owner)
            || code[at].self_type.as_ref().is_some_and(|t| t.name.last_segment() == owner.as_str())
    }

    /// Java: what runs as `new Shop()` or whoever is given `Shop.class` makes an object.
    fn made(&self, expr: &Expr) -> Vec<(FileIx, CallableIx)> {
        let of = |ty: Name| self.by_type.get(&Name::new(ty.last_segment()));
        match &expr.kind {
            ExprKind::New { ty, .. } => of(ty.name).map(|made| made.at_once.clone()).unwrap_or_default(),
            ExprKind::ClassLiteral(ty) => {
                of(ty.name).map(|made| made.at_once.iter().chain(&made.started).copied().collect()).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// Finds what a main function starts, following calls by name within the units of `closure`.
    pub(super) fn follow(
        &self,
        main: &mut Main,
        closure: &FxHashSet<usize>,
        lambda: &mut Option<(FileIx, Span, String)>,
    ) {
        let home = self.unit_of.get(main.file.0 as usize).copied().flatten();
        let mut queue = std::collections::VecDeque::from([(main.file, main.at, 0usize)]);
        let mut seen: FxHashSet<(FileIx, CallableIx)> = queue.iter().map(|(f, c, _)| (*f, *c)).collect();
        let mut by_file: FxHashMap<FileIx, FxHashMap<CallableIx, Vec<ExprIx>>> = FxHashMap::default();
        while let Some((file, at, hops)) = queue.pop_front() {
            let Some(code) = self.input.code(file) else { continue };
            let body = code[at].body;
            main.endless |= code.loops.iter().any(|l| {
                body.contains(l.span) && l.endless && matches!(l.exit, LoopExit::Never | LoopExit::OnlyLifecycle)
            });
            let exprs = by_file.entry(file).or_insert_with(|| by_top_callable(code));
            let own = exprs.get(&at).map_or(&[][..], Vec::as_slice);
            let serves_itself = own.iter().any(|ix| binds_any_port(code, &code[*ix]));
            for ix in own {
                let expr = &code[*ix];
                if is_lambda_start(code, expr) && lambda.is_none() {
                    *lambda = Some((file, expr.span, main.name.clone()));
                }
                if main.starts.is_none() && !serves_itself {
                    main.starts = start(code, expr);
                }
                if hops >= MAX_HOPS || seen.len() >= MAX_VISITED {
                    continue;
                }
                for target in self.made(expr) {
                    let unit = self.unit_of.get(target.0.0 as usize).copied().flatten();
                    if unit.is_some_and(|u| closure.contains(&u)) && seen.insert(target) {
                        queue.push_back((target.0, target.1, hops + 1));
                    }
                }
                let Some((name, whose)) = callee(code, expr) else { continue };
                for target in self.by_name.get(&name).into_iter().flatten() {
                    let unit = self.unit_of.get(target.0.0 as usize).copied().flatten();
                    let near = match whose {
                        Whose::Type(owner) => unit.is_some_and(|u| closure.contains(&u)) && self.is_of(*target, owner),
                        Whose::Free => unit.is_some_and(|u| closure.contains(&u)),
                        Whose::SameFile => target.0 == file,
                        Whose::Value => unit.is_some() && unit == home,
                    };
                    if near && seen.insert(*target) {
                        queue.push_back((target.0, target.1, hops + 1));
                    }
                }
            }
            // A Lambda function's runtime has loops and sockets of its own.
            if main.starts.is_some() || lambda.is_some() {
                return;
            }
        }
    }
}

/// Whose function a call means, as far as its spelling tells.
#[derive(Clone, Copy)]
enum Whose {
    /// `Type.name()`: a type with this simple name.
    Type(Name),
    /// A Rust path: any crate of the program.
    Free,
    /// Java `name()`.
    SameFile,
    /// `value.name()`: followed within the unit only, or everything would reach everything.
    Value,
}

fn callee(code: &CodeFacts, expr: &Expr) -> Option<(Name, Whose)> {
    let rust = code.package.is_empty() && code.imports.iter().all(|i| !i.path.contains('.'));
    let (base, name) = match &expr.kind {
        ExprKind::Call { base, name, .. } => (*base, *name),
        ExprKind::MethodRef { base, name } => (Some(*base), *name),
        _ => return None,
    };
    let last = Name::new(name.last_segment());
    let whose = match base.and_then(|b| code.exprs.get(b.0 as usize)).map(|b| &b.kind) {
        None if rust => Whose::Free,
        None | Some(ExprKind::This) => Whose::SameFile,
        Some(ExprKind::Name(owner)) if owner.last_segment().starts_with(char::is_uppercase) => {
            Whose::Type(Name::new(owner.last_segment()))
        }
        Some(_) => Whose::Value,
    };
    Some((last, whose))
}

/// The expressions of a file by the named function they are written in, lambdas and closures included.
fn by_top_callable(code: &CodeFacts) -> FxHashMap<CallableIx, Vec<ExprIx>> {
    let mut top: Vec<CallableIx> = Vec::with_capacity(code.callables.len());
    for (callable, at) in code.callables.iter().zip(0u32..) {
        // Outer ones come first, so the entry of the outer one is known.
        let inner = matches!(callable.kind, CallableKind::Lambda | CallableKind::Closure | CallableKind::AsyncBlock);
        let outer = callable.outer.filter(|_| inner).and_then(|o| top.get(o.0 as usize).copied());
        top.push(outer.unwrap_or(CallableIx(at)));
    }
    let mut out: FxHashMap<CallableIx, Vec<ExprIx>> = FxHashMap::default();
    for (expr, ix) in code.exprs.iter().zip(0u32..) {
        if let Some(at) = top.get(expr.callable.0 as usize) {
            out.entry(*at).or_default().push(ExprIx(ix));
        }
    }
    out
}

/// What this expression starts.
fn start(code: &CodeFacts, expr: &Expr) -> Option<&'static str> {
    match &expr.kind {
        ExprKind::New { ty, .. } => java_start(code, ty.name, "new"),
        ExprKind::Call { base: Some(base), name, .. } => {
            if let Some(written) = dotted(code, *base) {
                return java_start(code, written, name);
            }
            match name.as_str() {
                "serve_with_shutdown" | "serve_with_incoming" | "serve_with_incoming_shutdown" | "serve_connection" => {
                    Some("a server")
                }
                _ => None,
            }
        }
        ExprKind::Call { base: None, name, .. } => {
            let path = rust_path(code, *name);
            let hit = RUST_STARTS.iter().find(|(start, _)| ends_with(&path, start));
            hit.map(|(_, what)| *what).filter(|_| path.contains("::")).or_else(|| static_start(code, *name))
        }
        _ => None,
    }
}

/// `TcpListener::bind("127.0.0.1:0")`: a port that nobody else knows serves the program itself.
fn binds_any_port(code: &CodeFacts, expr: &Expr) -> bool {
    let ExprKind::Call { base: None, name, args } = &expr.kind else { return false };
    name.last_segment() == "bind" && args.first().is_some_and(|address| is_any_port(code, *address, 0))
}

/// `"localhost:0"`, `([127, 0, 0, 1], 0)`, `SocketAddr::new(ip, 0)`, and locals that hold one.
fn is_any_port(code: &CodeFacts, address: ExprIx, depth: usize) -> bool {
    const MAX_DEPTH: usize = 4;
    if depth > MAX_DEPTH {
        return false;
    }
    let is_zero = |ix: &ExprIx| matches!(code[*ix].kind, ExprKind::Literal(Literal::Int(0)));
    match &code[address].kind {
        ExprKind::Literal(Literal::Text(text)) => text.ends_with(":0"),
        ExprKind::Local(local) => code[*local].init.is_some_and(|init| is_any_port(code, init, depth + 1)),
        ExprKind::List(parts) => parts.len() == 2 && is_zero(&parts[1]),
        ExprKind::Call { args, name, .. } => match &args[..] {
            [only] => is_any_port(code, *only, depth + 1),
            [_, port] => name.last_segment() == "new" && is_zero(port),
            _ => false,
        },
        _ => false,
    }
}

/// A plain name, or one written in full: `org.springframework.boot.SpringApplication`.
fn dotted(code: &CodeFacts, expr: ExprIx) -> Option<Name> {
    let mut parts = Vec::new();
    let mut at = expr;
    while parts.len() < 16 {
        match &code.exprs.get(at.0 as usize)?.kind {
            ExprKind::Name(name) if parts.is_empty() => return Some(*name),
            ExprKind::Name(name) => {
                parts.push(name.as_str());
                parts.reverse();
                return Some(Name::new(&parts.join(".")));
            }
            ExprKind::Select { base, name } => {
                parts.push(name.as_str());
                at = *base;
            }
            _ => return None,
        }
    }
    None
}

fn java_start(code: &CodeFacts, written: Name, method: &str) -> Option<&'static str> {
    let fits = |m: &str| m == method || (m.is_empty() && method != "new");
    JAVA_STARTS.iter().find(|(ty, m, _)| fits(m) && is_one_of(code, written, &[ty])).map(|(_, _, what)| *what)
}

/// `import static spark.Spark.get; get("/", …)`.
fn static_start(code: &CodeFacts, name: Name) -> Option<&'static str> {
    let import =
        code.imports.iter().filter(|i| i.is_static).find(|i| {
            if i.wildcard { i.path.as_str() == "spark.Spark" } else { i.path.last_segment() == name.as_str() }
        })?;
    let owner = if import.wildcard { import.path.as_str() } else { import.path.rsplit_once('.')?.0 };
    JAVA_STARTS
        .iter()
        .find(|(ty, m, _)| *ty == owner && (m.is_empty() || *m == name.as_str()))
        .map(|(_, _, what)| *what)
}

/// A path with its first segment replaced by what the file imports under that name.
fn rust_path(code: &CodeFacts, written: Name) -> String {
    let (first, rest) = written.split_once("::").unwrap_or((&written, ""));
    let import = code.imports.iter().find(|i| match i.alias {
        Some(alias) => alias.as_str() == first,
        None => !i.wildcard && i.path.last_segment() == first,
    });
    match import {
        Some(import) if rest.is_empty() => import.path.to_string(),
        Some(import) => format!("{}::{rest}", import.path),
        None => written.to_string(),
    }
}

fn ends_with(path: &str, tail: &str) -> bool {
    path.strip_suffix(tail).is_some_and(|head| head.is_empty() || head.ends_with("::"))
}

fn is_lambda_start(code: &CodeFacts, expr: &Expr) -> bool {
    let ExprKind::Call { name, .. } = &expr.kind else { return false };
    let path = rust_path(code, *name);
    let lambda_import = |i: &crate::facts::code::Import| i.path.starts_with("lambda_");
    RUST_LAMBDA.iter().any(|tail| {
        ends_with(&path, tail)
            && (path.contains("lambda_") || (tail.contains("Extension") && code.imports.iter().any(lambda_import)))
    })
}
