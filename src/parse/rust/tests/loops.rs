use crate::facts::code::{LoopExit, LoopForm};
use insta::assert_snapshot;

use super::{Dump, dump, facts};

/// The exit of the first loop of a method body.
fn exit(stmts: &str) -> LoopExit {
    let text = format!("impl S {{ async fn f(&self, mut rx: Rx, token: Token, n: u8) -> R {{ {stmts} }} }}");
    facts(&text).loops[0].exit
}

#[test]
fn loops_without_an_exit() {
    for stmts in [
        "loop { work().await; sleep(d).await; }",
        "loop { for x in y { if x { break } } }",
        "loop { let f = || { return 1 }; spawn(async { work()?; return Ok(()) }); }",
        "loop { 'a: { if done() { break 'a } } continue; }",
        "'o: loop { loop { continue 'o } }",
        "while let Some(job) = rx.recv().await { handle(job).await; }",
        "loop { fn inner() -> u8 { return 1 } inner(); }",
    ] {
        assert_eq!(exit(stmts), LoopExit::Never, "{stmts}");
    }
}

#[test]
fn loops_that_end_with_the_process_or_the_channel() {
    for stmts in [
        "loop { if token.is_cancelled() { return; } work(); }",
        "loop { if !self.running.load(Relaxed) { break } }",
        "loop { if self.running { work() } else { break } }",
        "loop { if STOP.load(SeqCst) || SHUTDOWN.get() { break } }",
        "loop { if ready && self.stop.load(R) { break } }",
        "loop { tokio::select! { _ = token.cancelled() => break, x = rx.recv() => handle(x) } }",
        "loop { tokio::select! { _ = self.shutdown.recv() => { info!(\"bye\"); return Ok(()) }, _ = tick.tick() => run().await } }",
        "loop { tokio::select! { _ = tokio::signal::ctrl_c() => { break; } Some(x) = rx.recv() => x.go(), else => break } }",
        "loop { match rx.recv().await { Some(x) => x.go(), None => break } }",
        "loop { let Some(x) = rx.recv().await else { return }; x.go(); }",
        "loop { let msg = rx.recv().await; match msg { Some(m) => m.go(), None => return } }",
        "loop { if rx.changed().await.is_err() { break } }",
        "loop { match rx.try_recv() { Ok(Command::Stop) | Err(TryRecvError::Disconnected) => break, _ => idle() } }",
        "loop { if let Ok(_) = stop_rx.try_recv() { break } }",
        "loop { if token.is_cancelled() { bail!(\"stopped\") } }",
        "loop { match cmd() { Command::Shutdown => break, other => other.go() } }",
        "loop { let Some(state) = self.weak.upgrade() else { return }; state.tick(); }",
        "loop { if tx.send(work()).await.is_err() { break } }",
        "loop { tokio::select! { c = incoming.next() => { let Some(c) = c else { break }; c.go() } _ = shutdown.recv() => return } }",
        "loop { if n == 1 { work() } else if self.is_shutdown() { break } }",
    ] {
        assert_eq!(exit(stmts), LoopExit::OnlyLifecycle, "{stmts}");
    }
}

#[test]
fn loops_that_end_by_errors() {
    for stmts in [
        "loop { work().await?; }",
        "loop { if bad() { panic!(\"x\") } }",
        "loop { match listener.accept() { Ok(s) => serve(s), Err(e) => return Err(e) } }",
        "loop { if token.is_cancelled() { break } work()?; }",
        "loop { tokio::select! { x = rx.recv() => handle(x)?, } }",
        "loop { inner_loop(); loop { work()?; } }",
    ] {
        assert_eq!(exit(stmts), LoopExit::OnlyThrow, "{stmts}");
    }
}

#[test]
fn loops_that_end_with_the_work() {
    for stmts in [
        "loop { if done() { break } }",
        "loop { match try_it() { Ok(v) => return Ok(v), Err(e) => sleep(d).await } }",
        "loop { if token.is_cancelled() { return } if done() { return } }",
        "loop { let n = read(&mut buf)?; if n == 0 { break } }",
        "'o: loop { loop { break 'o } }",
        "loop { let mut stop = false; if stop { break } }",
        "loop { if self.running { if done() { break } } }",
        "loop { let Some(line) = lines.next() else { break }; }",
        "loop { tokio::select! { res = task => break res, _ = tick.tick() => {} } }",
        "loop { match token() { Token::Close => break, Token::Eof => return, _ => {} } }",
        "loop { if pos == stop { break } }",
        "loop { let Some(res) = rx.recv().await else { return }; match res { Ok(v) => v.go(), Err(_) => return } }",
        "loop { if req.send().await.is_err() { break } }",
        "loop { tokio::select! { c = lines.next() => { let Some(c) = c else { break }; c.go() } _ = sleep(d) => {} } }",
        "loop { tick().await; if handle.state().is_exit() { break } }",
        "loop { 'inner: loop { break 'inner } return 1 }",
        "while let Some(x) = stack.pop() { if x.ok() { return x } }",
        "for x in rx { break }",
    ] {
        assert_eq!(exit(stmts), LoopExit::Conditional, "{stmts}");
    }
}

#[test]
fn an_inner_loop_is_left_by_what_leaves_the_outer_one() {
    let text = "fn f() { 'o: loop { loop { if a() { continue 'o } } } }";
    assert_snapshot!(dump(text, Dump::loops), @r"
    Loop Never endless
    Loop Conditional endless
    ");
    let text = "fn f() { 'o: loop { for x in y { while z { if a() { break 'o } } } } }";
    assert_snapshot!(dump(text, Dump::loops), @r"
    Loop Conditional endless
    ForEach Conditional from y
    While Conditional while z
    ");
}

#[test]
fn forms_flags_and_sources() {
    let text = "impl S { fn f(&self, limit: u8, running: Arc<AtomicBool>) {
        while true {}
        while !self.stop.load(Ordering::Relaxed) { work(); }
        while RUNNING.load(Acquire) && !token.is_cancelled() {}
        while running.load(Relaxed) {}
        while self.running == true {}
        while self.pos < limit {}
        while self.advance() {}
        let mut more = true; while more { more = step(); }
        while !self.ready.load(R) { guard = cv.wait(guard).unwrap(); }
        while let Some(x) = rx.recv() {}
        while let Some(x) = stack.pop() && x.ok() {}
        for msg in &self.rx {}
    } }";
    assert_snapshot!(dump(text, Dump::loops), @r"
    While Never endless
    While Never while self.stop.load(Ordering::Relaxed)
    While Never while RUNNING.load(Acquire) & token.is_cancelled()
    While Never while $running.load(Relaxed)
    While Never while self.running
    While Never
    While Never
    While Never
    While Never while self.ready.load(R) waits
    WhileLet Never from rx.recv()
    WhileLet Never from stack.pop()
    ForEach Never from self.rx
    ");
}

#[test]
fn header_and_body_are_apart() {
    let text = "fn f() { 'a: while let Some(x) = rx.recv() { x } loop { y } }";
    let loops = facts(text).loops;
    assert_eq!(loops[0].span.of(text), "while let Some(x) = rx.recv()");
    assert_eq!(loops[0].body.of(text), "{ x }");
    assert_eq!(loops[1].span.of(text), "loop");
    assert_eq!(loops[1].form, LoopForm::Loop);
}
