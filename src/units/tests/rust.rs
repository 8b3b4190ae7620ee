use super::builder::{Code, Tree, object};
use crate::facts::code::{CallableKind, Mods};
use crate::facts::deploy::ObjectSource;
use crate::source::FileKind;
use crate::units::{Scope, UnitKind};

fn workspace() -> Tree {
    Tree::default()
        .cargo("", "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n[workspace.dependencies]\ntokio = { version = \"1\", features = [\"rt\"] }\nengine = { path = \"crates/engine\", default-features = false }\n")
        .cargo("crates/cli", "[package]\nname = \"shop-cli\"\n[[bin]]\nname = \"shop\"\npath = \"src/main.rs\"\n[dependencies]\nclap = \"4\"\ntokio = { workspace = true, features = [\"fs\"] }\nengine = { workspace = true }\njemalloc = { version = \"0.6\", optional = true, package = \"tikv-jemallocator\" }\n[dev-dependencies]\nr2d2 = \"0.8\"\n[features]\nrelease = [\"jemalloc\", \"engine/kafka\"]\n")
        .cargo("crates/engine", "[package]\nname = \"engine\"\n[dependencies]\nrdkafka = { version = \"0.36\", optional = true }\naxum = \"0.8\"\n[features]\ndefault = [\"sqlite\"]\nkafka = [\"dep:rdkafka\"]\nsqlite = []\n")
        .cargo("crates/smoke", "[package]\nname = \"smoke\"\n[dependencies]\nclap = \"4\"\n")
        .cargo("crates/old", "[package]\nname = \"old\"\n[dependencies]\ntonic = \"0.12\"\n")
        .cargo("crates/resize", "[package]\nname = \"resize\"\n[dependencies]\nlambda_runtime = \"0.13\"\n")
        .cargo("xtask", "[package]\nname = \"xtask\"\n")
        .rust("crates/cli/src/main.rs", &[("main", &["run_cli"]), ("run_cli", &["engine::start_engine"])])
        .rust("crates/engine/src/lib.rs", &[("start_engine", &["serve_http"]), ("serve_http", &["axum::serve"])])
        .rust("crates/smoke/src/main.rs", &[("main", &["check"]), ("check", &[])])
        .rust("crates/old/src/bin/proxy.rs", &[("main", &["tonic::transport::Server::builder"])])
        .rust("crates/resize/src/main.rs", &[("main", &["lambda_runtime::run"])])
        .rust("xtask/src/main.rs", &[("main", &["TcpListener::bind"])])
}

#[test]
fn one_service_of_many_crates() {
    let found = workspace().group();
    assert_eq!(found.kind("crates/cli"), UnitKind::Service);
    assert_eq!(found.kind("crates/engine"), UnitKind::Library);
    assert_eq!(found.kind("crates/smoke"), UnitKind::Tool);
    assert_eq!(found.kind("crates/old"), UnitKind::Tool, "the workspace leaves it out");
    assert_eq!(found.kind("crates/resize"), UnitKind::Service);
    assert_eq!(found.kind("xtask"), UnitKind::Tool);
    assert!(found.unit("crates/resize").runtime.lambda && !found.unit("crates/cli").runtime.lambda);
    let cli = found.unit("crates/cli");
    assert_eq!((cli.runtime.framework.as_str(), cli.runtime.web.as_str()), ("axum", "http"));
    assert!(cli.evidence.iter().any(|e| e.what.contains("axum server")));
}

#[test]
fn features_decide_what_ships() {
    let found = workspace().group();
    assert_eq!(found.scope("crates/cli", "cargo:tikv-jemallocator"), Some(Scope::Build));
    assert_eq!(found.scope("crates/cli", "cargo:rdkafka"), None);
    assert_eq!(found.scope("crates/cli", "cargo:r2d2"), Some(Scope::Test));
    let tokio = found.unit("crates/cli").dependencies.iter().find(|d| d.coordinate.as_str() == "cargo:tokio").unwrap();
    assert_eq!(tokio.features.iter().map(|f| f.as_str()).collect::<Vec<_>>(), ["fs", "rt"]);
    assert_eq!((tokio.version.as_str(), found.path(tokio.file)), ("1", "crates/cli/Cargo.toml"));
}

#[test]
fn an_image_tells_its_program_and_its_features() {
    let docker = "FROM rust AS build\nARG FEATURES=release\nRUN cargo build --release --features $FEATURES\nFROM debian\nCOPY --from=build /target/release/shop /usr/bin/shop\nENTRYPOINT [\"shop\"]\n";
    let found = workspace().docker("Dockerfile", docker).group();
    let cli = found.unit("crates/cli");
    assert_eq!(cli.containers.len(), 1);
    assert_eq!(found.scope("crates/cli", "cargo:tikv-jemallocator"), Some(Scope::Compile));
    assert_eq!(found.scope("crates/cli", "cargo:rdkafka"), Some(Scope::Compile));
}

#[test]
fn programs_for_people_are_tools() {
    let main = &[("main", &["run"][..]), ("run", &[])];
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"*\"]\n")
        .cargo("pay-cli", "[package]\nname = \"pay-cli\"\n")
        .rust("pay-cli/src/main.rs", main)
        .docker("pay-cli/Dockerfile", "FROM rust\nCOPY . .\nENTRYPOINT [\"pay\"]\n")
        .cargo("macros", "[package]\nname = \"macros\"\n[dev-dependencies]\nsnap = { path = \"../snap\" }\n")
        .rust("macros/src/lib.rs", &[("derive", &[])])
        .docker("macros/Dockerfile", "FROM rust\nCOPY . .\n")
        .cargo("store-utils", "[package]\nname = \"store-utils\"\n")
        .rust("store-utils/src/bin/proxy.rs", &[("main", &["tonic::transport::Server::builder"])])
        .cargo("shop-utils", "[package]\nname = \"shop-utils\"\n")
        .rust("shop-utils/src/lib.rs", &[("round", &[])])
        .rust("shop-utils/src/main.rs", main)
        .cargo("probe", "[package]\nname = \"probe\"\n[dependencies]\nshop-utils = { path = \"../shop-utils\" }\n")
        .cargo("snap", "[package]\nname = \"snap\"\n")
        .rust("snap/src/lib.rs", &[("compare", &[])])
        .rust("probe/src/main.rs", main)
        .docker(
            "website/Dockerfile",
            "FROM node\nENTRYPOINT [\"sh\", \"-c\", \"prepare.sh --modules=probe,docs && serve\"]\n",
        )
        .group();
    assert_eq!(found.kind("pay-cli"), UnitKind::Tool);
    assert_eq!(found.kind("macros"), UnitKind::Library);
    assert_eq!(found.kind("store-utils"), UnitKind::Tool);
    assert_eq!(found.kind("shop-utils"), UnitKind::Library, "others ship it");
    assert_eq!(found.kind("snap"), UnitKind::Library);
    assert!(found.unit("snap").aside, "only tests use it");
    assert_eq!(found.kind("probe"), UnitKind::Tool);
    assert!(found.unit("probe").containers.is_empty());
}

#[test]
fn crates_beside_a_service_that_nothing_names_are_set_aside() {
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"*\"]\n")
        .cargo("shop", "[package]\nname = \"shop\"\n[dependencies]\ncore = { path = \"../core\" }\n")
        .rust("shop/src/main.rs", &[("main", &["axum::serve"])])
        .cargo("core", "[package]\nname = \"core\"\n")
        .rust("core/src/lib.rs", &[("run", &[])])
        .cargo("old-actors", "[package]\nname = \"old-actors\"\n")
        .rust("old-actors/src/lib.rs", &[("run", &[])])
        .cargo("redis-tester", "[package]\nname = \"redis-tester\"\n")
        .rust("redis-tester/src/lib.rs", &[("fake", &[])])
        .cargo("py", "[package]\nname = \"py\"\n[dependencies]\npyo3 = \"0.22\"\nedge = { path = \"../edge\" }\n")
        .rust("py/src/lib.rs", &[("module", &[])])
        .cargo("edge", "[package]\nname = \"edge\"\n")
        .rust("edge/src/lib.rs", &[("open", &[])])
        .group();
    let aside: Vec<&str> = found.units.all.iter().filter(|u| u.aside).map(|u| &*u.dir).collect();
    assert_eq!(aside, ["old-actors", "redis-tester"]);
}

#[test]
fn a_tool_that_ci_runs_is_not_its_product() {
    let main = &[("main", &["run"][..]), ("run", &[])];
    let steps = "jobs:\n  image:\n    steps:\n      - name: Make the image\n        run: |\n          chores images build --all\n          # Tagged as chores does it.\n          cargo run -p helper -- tag\n          docker push registry/shop\n      - uses: some/retry\n        with:\n          command: chores check && docker build .\n";
    let shipped = "jobs:\n  image:\n    steps:\n      - run: docker build -t pay -f pay/Dockerfile.prod pay\n";
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"*\"]\n")
        .cargo("chores", "[package]\nname = \"chores\"\n[dependencies]\nclap = \"4\"\n")
        .rust("chores/src/main.rs", main)
        .cargo("helper", "[package]\nname = \"helper\"\n")
        .rust("helper/src/main.rs", main)
        .cargo("pay", "[package]\nname = \"pay\"\n")
        .rust("pay/src/main.rs", main)
        .ci(".github/workflows/image.yml", steps)
        .ci(".github/workflows/pay.yml", shipped)
        .group();
    assert_eq!(found.kind("chores"), UnitKind::Tool);
    assert_eq!(found.kind("helper"), UnitKind::Tool);
    assert_eq!(found.kind("pay"), UnitKind::Service, "its folder is what the image is made of");
}

#[test]
fn a_script_may_start_the_binary_that_an_image_takes_along() {
    let found = Tree::default()
        .cargo("server", "[workspace]\nmembers = [\"api\", \"core\"]\n")
        .cargo("server/api", "[package]\nname = \"shop-api\"\n")
        .rust("server/api/src/main.rs", &[("main", &["axum::serve"])])
        .cargo("server/core", "[package]\nname = \"core\"\n")
        .rust("server/core/src/lib.rs", &[("run", &[])])
        .docker(
            "server/Dockerfile",
            "FROM rust AS build\nCOPY . .\nFROM debian\nCOPY --from=build /app/target/release/shop-api /bin/\n\
             COPY scripts/launch /bin/\nCMD [\"/bin/launch\"]\n",
        )
        .group();
    assert_eq!(found.unit("server/api").containers.len(), 1);
}

#[test]
fn an_image_named_like_the_product_holds_what_its_dockerfile_starts() {
    let serve = &[("main", &["axum::serve"][..])];
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"crates/*\"]\n")
        .cargo("crates/shop", "[package]\nname = \"shop\"\n[dependencies]\nratatui = \"0.29\"\nscreen = { path = \"../screen\" }\n")
        .cargo("crates/screen", "[package]\nname = \"screen\"\n")
        .rust("crates/screen/src/lib.rs", &[("draw", &[])])
        .rust("crates/shop/src/main.rs", &[("main", &["UnixListener::bind"])])
        .cargo("crates/shop-server", "[package]\nname = \"shop-server\"\n")
        .rust("crates/shop-server/src/main.rs", serve)
        .docker("Dockerfile", "FROM debian\nCOPY --from=build /target/release/shop-server /usr/bin\nENTRYPOINT [\"/usr/bin/shop-server\"]\n")
        .objects("k8s/shop.yaml", vec![object(ObjectSource::Kubernetes, "Deployment", "shop", &[("spec.template.spec.containers[0].image", "ghcr.io/acme/shop:1")])])
        .group();
    assert_eq!(found.kind("crates/shop"), UnitKind::Tool, "a program for the terminal");
    assert!(found.unit("crates/screen").aside, "only that program is made of it");
    let server = found.unit("crates/shop-server");
    assert_eq!(server.kind, UnitKind::Service);
    assert!(server.evidence.iter().any(|e| e.what == "Kubernetes Deployment shop"));
    assert_eq!(server.containers.len(), 1);
}

#[test]
fn tests_beside_what_they_test_count() {
    let mut code = Code::new("");
    let test = code.method("adds_up", None, CallableKind::Function);
    code.facts.callables[test.0 as usize].mods = Mods::TEST;
    let found = Tree::default()
        .cargo("shop", "[package]\nname = \"shop\"\n")
        .rust("shop/src/main.rs", &[("main", &["axum::serve"])])
        .code("shop/src/sum.rs", FileKind::Rust, code)
        .group();
    let shop = found.unit("shop");
    assert_eq!((shop.files, shop.test_files), (2, 1));
}

/// A Rust file as it is written.
fn source(tree: Tree, path: &str, text: &str) -> Tree {
    let code = crate::parse::rust::parse(text, &mut Vec::new());
    tree.with(path, FileKind::Rust, crate::facts::Body::Code(Box::new(code)))
}

#[test]
fn a_server_that_only_the_program_itself_calls_starts_nothing() {
    let cargo = |name: &str| format!("[package]\nname = \"{name}\"\n");
    let main = |address: &str| {
        format!("fn main() {{ let addr = {address}; let l = TcpListener::bind(addr); axum::serve(l, app()); }}")
    };
    let mut tree = Tree::default().cargo("", "[workspace]\nmembers = [\"*\"]\n");
    for (name, address) in [
        ("replay", "SocketAddr::from(([127, 0, 0, 1], 0))"),
        ("probe", "\"127.0.0.1:0\""),
        ("orders", "\"0.0.0.0:8080\""),
        ("prices", "SocketAddr::from(([0, 0, 0, 0], 8080))"),
        ("orders-stress", "\"[::1]:0\""),
    ] {
        tree = source(tree.cargo(name, &cargo(name)), &format!("{name}/src/main.rs"), &main(address));
    }
    let found = tree.group();
    assert_eq!(found.kind("replay"), UnitKind::Tool);
    assert_eq!(found.kind("probe"), UnitKind::Tool);
    assert_eq!(found.kind("orders"), UnitKind::Service);
    assert_eq!(found.kind("prices"), UnitKind::Service);
    assert_eq!(found.kind("orders-stress"), UnitKind::Tool);
}

#[test]
fn an_entry_script_tells_which_of_several_binaries_the_image_runs() {
    let docker = "FROM rust AS build\nRUN cargo build --release\nFROM debian\n\
                  COPY --from=build /app/target/release/ldap /app/target/release/move_data ./\n\
                  COPY docker-entry.sh ./\nENTRYPOINT [\"/app/docker-entry.sh\"]\nCMD [\"run\"]\n";
    let server = "fn main() { run(Server::build()); }\nuse actix_server::{Server, ServerBuilder};\n\
                  fn run(builder: ServerBuilder) { builder.bind(\"ldap\", addr(), service).run(); }\n";
    let tree = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"*\"]\n")
        .cargo("ldap", "[package]\nname = \"ldap\"\n")
        .cargo("move", "[package]\nname = \"move_data\"\n")
        .rust("move/src/main.rs", &[("main", &["copy"]), ("copy", &[])])
        .docker("Dockerfile", docker)
        .script("docker-entry.sh", "#!/bin/bash\nset -e\nexec gosu \"$UID:$GID\" /app/ldap \"$@\"\n");
    let found = source(tree, "ldap/src/main.rs", server).group();
    assert_eq!((found.kind("ldap"), found.unit("ldap").containers.len()), (UnitKind::Service, 1));
    assert!(found.unit("ldap").evidence.iter().any(|e| e.what.contains("actix server")));
    assert_eq!((found.kind("move"), found.unit("move").containers.len()), (UnitKind::Tool, 0));
}

#[test]
fn harnesses_examples_and_clients_of_the_line_are_tools() {
    let main = &[("main", &["run"][..])];
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"*\"]\n")
        .cargo("server", "[package]\nname = \"shop\"\n")
        .rust("server/src/main.rs", &[("main", &["axum::serve"])])
        .cargo("integration", "[package]\nname = \"integration\"\n[dependencies]\nassert_cmd = \"2\"\n")
        .rust("integration/src/lib.rs", &[("start", &[])])
        .cargo("core", "[package]\nname = \"core\"\n[dev-dependencies]\nassert_cmd = \"2\"\n")
        .rust("core/src/lib.rs", &[("start", &[])])
        .cargo("examples/rust", "[package]\nname = \"shop_examples\"\n")
        .rust("examples/rust/src/lib.rs", &[("show", &[])])
        .cargo("examples/served", "[package]\nname = \"served\"\n")
        .rust("examples/served/src/main.rs", &[("main", &["axum::serve"])])
        .cargo("line", "[package]\nname = \"shop-cli\"\n[[bin]]\nname = \"shop\"\npath = \"src/main.rs\"\n")
        .rust("line/src/main.rs", main)
        .objects(
            "try/docker-compose.yml",
            vec![object(ObjectSource::Compose, "service", "shop", &[("image", "acme/shop")])],
        )
        .group();
    assert_eq!(found.kind("server"), UnitKind::Service);
    assert_eq!(found.kind("integration"), UnitKind::Tool);
    assert_eq!(found.kind("core"), UnitKind::Library);
    assert_eq!(found.kind("examples/rust"), UnitKind::Tool);
    assert_eq!(found.kind("examples/served"), UnitKind::Service);
    assert_eq!(found.kind("line"), UnitKind::Tool);
}

#[test]
fn a_program_built_of_crates_of_tests_and_what_others_offer_for_tests_is_a_tool() {
    let server = &[("main", &["axum::serve"][..])];
    let found = Tree::default()
        .cargo("", "[workspace]\nmembers = [\"*\"]\n")
        .cargo("core", "[package]\nname = \"core\"\n[features]\ntest-util = []\n")
        .rust("core/src/lib.rs", &[("start", &[])])
        .cargo(
            "peer",
            "[package]\nname = \"peer\"\n[dependencies]\ntestcontainers = \"0.2\"\n\
             core = { path = \"../core\", features = [\"test-util\"] }\n",
        )
        .rust("peer/src/main.rs", server)
        .cargo(
            "shop",
            "[package]\nname = \"shop\"\n[dependencies]\ntestcontainers = \"0.2\"\ncore = { path = \"../core\" }\n",
        )
        .rust("shop/src/main.rs", server)
        .group();
    assert_eq!(found.kind("peer"), UnitKind::Tool);
    assert_eq!(found.kind("shop"), UnitKind::Service);
}
