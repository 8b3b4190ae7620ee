//! What is known of types outside the workspace: which ones method calls see through, what their
//! methods give.

use super::types::Rt;
use crate::text::Name;

/// Pointers, guards and wrappers whose content method calls reach.
const TRANSPARENT: &[&str] = &[
    "Arc",
    "Rc",
    "Box",
    "Option",
    "Result",
    "LazyLock",
    "Lazy",
    "LazyCell",
    "OnceLock",
    "OnceCell",
    "RefCell",
    "Mutex",
    "RwLock",
    "ReentrantMutex",
    "FairMutex",
    "Data",
    "State",
    "Extension",
    "Inject",
    "Pin",
    "Cow",
    "Weak",
    "Future",
    "ArcSwap",
    "ArcSwapOption",
    "Ref",
    "RefMut",
    "MutexGuard",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "CachePadded",
    "OwnedMutexGuard",
    "ManuallyDrop",
    "Wrapping",
    "BoxFuture",
    "Instrumented",
    "Poll",
    "Saturating",
    "Assume",
];

const OPTION: &[&str] = &[
    "unwrap",
    "expect",
    "map",
    "map_err",
    "and_then",
    "ok",
    "err",
    "ok_or",
    "ok_or_else",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "is_some",
    "is_none",
    "is_ok",
    "is_err",
    "is_some_and",
    "is_none_or",
    "take",
    "replace",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_deref_mut",
    "cloned",
    "copied",
    "context",
    "with_context",
    "get_or_insert_with",
    "get_or_insert",
    "or_else",
    "or",
    "zip",
    "transpose",
    "inspect",
    "inspect_err",
    "map_or",
    "map_or_else",
    "expect_err",
    "unwrap_err",
    "wrap_err",
    "wrap_err_with",
];
const LOCK: &[&str] = &[
    "lock",
    "read",
    "write",
    "try_lock",
    "try_read",
    "try_write",
    "blocking_lock",
    "blocking_read",
    "blocking_write",
    "lock_owned",
    "read_owned",
    "write_owned",
    "try_lock_owned",
    "into_inner",
    "upgradable_read",
    "lock_arc",
    "read_arc",
    "write_arc",
    "try_lock_for",
    "read_recursive",
    "clear_poison",
    "is_poisoned",
];
const CELL: &[&str] = &["borrow", "borrow_mut", "try_borrow", "try_borrow_mut", "replace", "take", "swap"];
const ONCE: &[&str] =
    &["get", "get_or_init", "get_or_try_init", "set", "get_mut", "take", "force", "wait", "initialized", "into_inner"];
const SWAP: &[&str] = &["load", "load_full", "store", "swap", "rcu", "compare_and_swap", "map"];
const POINTER: &[&str] = &["upgrade", "downgrade", "get_ref", "strong_count", "ptr_eq", "as_ptr"];

/// Is it a wrapper that method calls see through?
pub(super) fn is_transparent(ty: &Rt) -> bool {
    !ty.args.is_empty() && TRANSPARENT.contains(&ty.name.last_segment())
}

/// Does the wrapper answer to this method itself?
pub(super) fn answers(ty: &Rt, method: &str) -> bool {
    let list = match ty.name.last_segment() {
        "Option" | "Result" => OPTION,
        "Mutex" | "RwLock" | "ReentrantMutex" | "FairMutex" => LOCK,
        "RefCell" => CELL,
        "OnceLock" | "OnceCell" => ONCE,
        "ArcSwap" | "ArcSwapOption" => SWAP,
        "Data" | "Arc" | "Rc" | "Weak" => POINTER,
        _ => return false,
    };
    list.contains(&method)
}

/// Containers: their last argument is what they hold.
pub(super) fn is_container(ty: &Rt) -> bool {
    matches!(
        ty.name.last_segment(),
        "Vec"
            | "VecDeque"
            | "HashMap"
            | "BTreeMap"
            | "HashSet"
            | "BTreeSet"
            | "DashMap"
            | "DashSet"
            | "IndexMap"
            | "SmallVec"
            | "LinkedList"
            | "BinaryHeap"
            | "LruCache"
            | "[]"
            | "Slab"
            | "Iterator"
            | "Stream"
            | "IntoIterator"
            | "FxHashMap"
            | "AHashMap"
            | "FnvHashMap"
            | "JoinSet"
            | "FuturesUnordered"
            | "FuturesOrdered"
            | "SkipMap"
            | "IndexSet"
    )
}

/// What a container holds; the type itself when it is none.
pub(super) fn element(ty: &Rt) -> Option<Rt> {
    let mut at = ty;
    for _ in 0..8 {
        if is_container(at) {
            return at.args.last().cloned();
        }
        if !is_transparent(at) {
            return None;
        }
        at = at.args.first()?;
    }
    None
}

/// What a function outside the workspace gives, from its path and its arguments' types.
pub(super) fn returned(path: Name, first: Option<&Rt>) -> Option<Rt> {
    let text = path.as_str();
    let (outer, name) = text.rsplit_once("::").unwrap_or(("", text));
    let channel = |module: &str, tx: &str, rx: &str| {
        Some(Rt::of("()", vec![Rt::plain(&format!("{module}::{tx}")), Rt::plain(&format!("{module}::{rx}"))]))
    };
    match (outer, name) {
        (_, "unbounded_channel") => channel(outer, "UnboundedSender", "UnboundedReceiver"),
        (_, "channel" | "bounded" | "unbounded" | "sync_channel" | "broadcast") if !outer.is_empty() => {
            channel(outer, "Sender", "Receiver")
        }
        ("tokio" | "tokio::task" | "actix_web::rt" | "actix_rt", "spawn" | "spawn_blocking" | "spawn_local") => {
            Some(Rt::of("tokio::task::JoinHandle", Vec::new()))
        }
        ("std::thread", "spawn") => Some(Rt::plain("std::thread::JoinHandle")),
        ("tokio::time", "interval" | "interval_at") => Some(Rt::plain("tokio::time::Interval")),
        ("tokio::signal::unix", "signal") => Some(Rt::plain("tokio::signal::unix::Signal")),
        ("", "Some") => Some(Rt::of("std::option::Option", vec![first?.clone()])),
        ("", "Ok") => Some(Rt::of("std::result::Result", vec![first?.clone()])),
        _ => {
            let simple = outer.rsplit("::").next().unwrap_or(outer);
            if !simple.starts_with(char::is_uppercase) {
                return None;
            }
            let wraps = matches!(name, "new" | "from" | "pin" | "clone" | "new_cyclic" | "from_ref" | "new_with");
            if wraps && TRANSPARENT.contains(&simple) {
                if let (true, Some(first)) = (name == "clone", first) {
                    return Some(first.clone());
                }
                let mut args: Vec<Rt> = first.into_iter().cloned().collect();
                if name == "pin" {
                    args = vec![Rt::of("std::pin::Pin", args)];
                }
                return Some(Rt::of(outer, args));
            }
            Some(Rt::plain(outer))
        }
    }
}

/// What a method outside the workspace gives, called on a type. Builders stay what they are.
pub(super) fn method_returned(on: &Rt, method: &str) -> Option<Rt> {
    let simple = on.name.last_segment();
    if answers(on, method) {
        return match (simple, method) {
            ("Option" | "Result", "map" | "and_then" | "map_or" | "map_or_else" | "is_some" | "is_none") => None,
            ("Option" | "Result", _) => Some(on.clone()),
            _ => on.args.first().cloned(),
        };
    }
    match method {
        "len" | "is_empty" | "to_string" | "contains" | "contains_key" | "collect" | "fold" | "sum" | "count"
        | "hash" | "eq" | "cmp" | "map" | "filter_map" | "flat_map" | "and_then" | "then" | "zip" => None,
        "build" | "finish" | "try_build" if simple.ends_with("Builder") && simple != "Builder" => {
            Some(Rt { name: Name::new(on.name.trim_end_matches("Builder")), args: on.args.clone() })
        }
        "spawn" | "spawn_blocking" | "spawn_on" | "spawn_local"
            if matches!(simple, "Handle" | "Runtime" | "Builder") && on.name.starts_with("tokio") =>
        {
            Some(Rt::plain("tokio::task::JoinHandle"))
        }
        "subscribe" if simple == "Sender" => {
            Some(Rt { name: Name::new(&on.name.replace("Sender", "Receiver")), args: on.args.clone() })
        }
        "chunks" | "chunks_exact" | "windows" | "bytes" | "chars" | "lines" | "split" | "split_at" | "as_slice"
        | "as_bytes" | "to_vec" | "into_boxed_slice"
            if !is_container(on) =>
        {
            None
        }
        // Of a stream: what it gives is not the stream.
        "next" | "try_next" | "next_field" | "next_chunk" | "poll_next" | "chunk" if !is_container(on) => None,
        "recv" | "try_recv" | "recv_async" | "blocking_recv" | "join_next" => on.args.last().cloned(),
        "get" | "get_mut" | "first" | "last" | "pop" | "pop_front" | "pop_back" | "entry" | "or_insert_with"
        | "or_default" | "or_insert" | "remove" | "next" | "peek" | "find" | "nth" | "min_by_key" | "max_by_key"
        | "insert" | "swap_remove" | "iter_next" | "value" | "value_mut"
            if is_container(on) =>
        {
            on.args.last().cloned()
        }
        _ => Some(on.clone()),
    }
}
