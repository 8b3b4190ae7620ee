use insta::assert_snapshot;

use super::{Dump, body, dump};

#[test]
fn arguments_are_read_where_they_are_expressions() {
    let stmts = r#"
        println!("{} {x}", a.b(), x = c());
        let v = vec![d(), e()];
        let w = vec![f(); 3];
        info!(target: "t", user = %g(), ?h, "text {}", i());
        json!({ "a": j() });
        matches!(k(), Some(_) | None);
        assert!(l::<A, B>(1) < 2, "msg");
        tokio::join!(m(), n());
        let o = tokio::try_join!(o1(), o2())?;
        unknown!(a => b, q(1));
        do_it! { let r = s(); r.t(); }"#;
    assert_snapshot!(body(stmts), @r#"
    println!("{} {x}", a.b(), c()) -> Dropped
    [d(), e()] -> ToLocal(v)
    [f(), 3] -> ToLocal(w)
    info!("t", g(), h, "text {}", i()) -> Dropped
    json!() -> Dropped
    matches!(k()) -> Dropped
    assert!((l(1) < 2), "msg") -> Dropped
    m() -> Awaited
    n() -> Awaited
    tokio::join!(m(), n()) -> Dropped
    o1() -> Awaited
    o2() -> Awaited
    tokio::try_join!(o1(), o2()) -> ToLocal(o)
    unknown!(q(1)) -> Dropped
    do_it!(s(), $r.t()) -> Returned
    "#);
}

#[test]
fn select_arms_are_code() {
    let stmts = "
        tokio::select! {
            biased;
            Some(x) = rx.recv(), if ready() => handle(x),
            res = &mut task => { done(res); }
            _ = sleep(d) => return,
            else => stop(),
        }
        futures::select! { a = fut.fuse() => a.b(), complete => break, default => idle() }
        crossbeam_channel::select! { recv(rx) -> msg => got(msg), default(timeout) => late() }";
    assert_snapshot!(body(stmts), @r"
    rx.recv() -> Awaited
    task -> Awaited
    sleep(d) -> Awaited
    handle($x) -> Dropped
    done($res) -> Dropped
    stop() -> Dropped
    tokio::select!(rx.recv(), task, sleep(d)) -> Dropped
    fut.fuse() -> Awaited
    $a.b() -> Dropped
    idle() -> Dropped
    futures::select!(fut.fuse()) -> Dropped
    recv(rx) -> Awaited
    default(timeout) -> Awaited
    got($msg) -> Dropped
    late() -> Dropped
    crossbeam_channel::select!(recv(rx), default(timeout)) -> Returned
    ");
}

#[test]
fn streams_and_conditional_items() {
    let text = "
        fn s() -> impl Stream<Item = u8> { async_stream::try_stream! { loop { yield poll().await?; } } }
        cfg_if::cfg_if! { if #[cfg(unix)] { fn a() { go(); } } else { fn b() {} } }
        tonic::include_proto!(\"x.y\");
        macro_rules! m { ($a:expr) => { $a } }";
    assert_snapshot!(dump(text, Dump::callables), @r"
    Function s() -> Stream<u8>
    0/AsyncBlock () [async]
    Function a()
    Function b()
    FieldInit () [static]
    ");
    assert_snapshot!(dump(text, Dump::loops), @"Loop OnlyThrow endless waits");
    assert_snapshot!(dump(text, Dump::places), @r#"
    poll() @ poll
    async_stream::try_stream! { loop { yield poll().await?; } } @ async_stream::try_stream
    go() @ go
    tonic::include_proto!("x.y") @ tonic::include_proto
    "#);
}

#[test]
fn items_behind_a_choice_or_a_wrapper() {
    let text = "
        cfg_select! { feature = \"full\" => { pub mod inner; pub fn a() { go(); } } test => { fn t() {} } _ => {} }
        cfg_net! { pub struct Peer { name: String } impl Peer { fn greet(&self) { hello(); } } }";
    assert_snapshot!(dump(text, Dump::callables), @r"
    Function a() [pub]
    Function t() [test]
    Method Peer.greet() on Peer
    ");
    assert_snapshot!(dump(text, Dump::modules), @"|inner external");
}
