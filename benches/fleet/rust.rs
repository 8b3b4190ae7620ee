//! A service in Rust: axum, sqlx, and a task in the background now and then.

use std::io;

use super::{Dice, Service, Tree, manifests};

pub(super) fn service(tree: &mut Tree<'_>, dice: &mut Dice, service: &Service) -> io::Result<()> {
    let dir = service.dir();
    tree.put(&format!("{dir}/Cargo.toml"), &manifests::cargo(service))?;
    let modules = 3 + dice.below(5);
    let mods: String = (0..modules).map(|n| format!("mod routes{n};\n")).collect();
    let merges: String = (0..modules).map(|n| format!("        .merge(routes{n}::router())\n")).collect();
    let background = if dice.one_in(3) {
        "    tokio::spawn(async {\n        let mut tick = tokio::time::interval(std::time::Duration::from_secs(60));\n        loop {\n            tick.tick().await;\n            sweep().await;\n        }\n    });\n"
    } else {
        ""
    };
    let sweep = if background.is_empty() { "" } else { "\nasync fn sweep() {}\n" };
    tree.put(
        &format!("{dir}/src/main.rs"),
        &format!(
            "{mods}\nuse axum::Router;\n\n#[tokio::main]\nasync fn main() {{\n{background}    let app = Router::new()\n{merges}        ;\n    \
             let listener = tokio::net::TcpListener::bind(\"0.0.0.0:8080\").await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}}\n{sweep}"
        ),
    )?;
    for n in 0..modules {
        tree.put(&format!("{dir}/src/routes{n}.rs"), &routes(n, dice))?;
    }
    Ok(())
}

fn routes(n: usize, dice: &mut Dice) -> String {
    let (state, remember) = if dice.one_in(4) {
        (
            "use std::collections::HashMap;\nuse std::sync::{LazyLock, Mutex};\n\nstatic SEEN: LazyLock<Mutex<HashMap<u64, Item>>> = LazyLock::new(Default::default);\n",
            "    SEEN.lock().unwrap().insert(id, item.clone());\n",
        )
    } else {
        ("", "")
    };
    let mut handlers = String::new();
    for field in ["price", "stock", "weight", "margin"] {
        handlers += &format!(
            "\nasync fn {field}(Path(id): Path<u64>) -> Json<Item> {{\n    let mut item = Item {{ id, {field}: 0, ..Item::default() }};\n    for step in 0..id % 10 {{\n        \
             item.{field} += i64::try_from(step).unwrap_or_default() * 3 - {n};\n    }}\n    if item.{field} < 0 {{\n        item.{field} = 0;\n    }}\n{remember}    Json(item)\n}}\n"
        );
    }
    format!(
        "use axum::extract::Path;\nuse axum::routing::get;\nuse axum::{{Json, Router}};\nuse serde::Serialize;\n{state}\n\
         #[derive(Clone, Default, Serialize)]\npub struct Item {{\n    pub id: u64,\n    pub price: i64,\n    pub stock: i64,\n    pub weight: i64,\n    pub margin: i64,\n}}\n\n\
         pub fn router() -> Router {{\n    Router::new()\n        .route(\"/{n}/price/{{id}}\", get(price))\n        .route(\"/{n}/stock/{{id}}\", get(stock))\n        \
         .route(\"/{n}/weight/{{id}}\", get(weight))\n        .route(\"/{n}/margin/{{id}}\", get(margin))\n}}\n{handlers}"
    )
}
