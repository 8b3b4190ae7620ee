use super::body;
use super::dump::loops;

fn check(text: &str, expected: &str) {
    assert_eq!(loops(&body(text)).first().map(String::as_str), Some(expected), "{text}");
}

#[test]
fn endless_forms() {
    check("while (true) work();", "While endless Never");
    check("while (Boolean.TRUE) { work(); }", "While endless Never");
    check("while (!false) work();", "While endless Never");
    check("for (;;) work();", "For endless Never");
    check("for (int i = 0; ; i++) work();", "For endless Never");
    check("do { work(); } while ((true));", "DoWhile endless Never");
    check("for (int i = 0; i < p; i++) work();", "For Never");
    check("for (String x : xs()) work();", "ForEach of xs() Never");
    check("while (p > 1) work();", "While Never");
}

#[test]
fn spans() {
    let text = "class C { void m() { while (a()) { b(); } for (int i = 0; f(); i++) g(); for (X x : xs()) { } do { } while (true); } }";
    let f = super::read(text);
    let spans: Vec<_> = f.loops.iter().map(|l| (l.span.of(text), l.body.of(text))).collect();
    assert_eq!(
        spans,
        [
            ("while (a())", "{ b(); }"),
            ("for (int i = 0; f(); i++)", "g();"),
            ("for (X x : xs())", "{ }"),
            ("do", "{ }")
        ]
    );
}

#[test]
fn breaks_and_returns() {
    check("while (true) { if (p > 1) break; }", "While endless Conditional");
    check("while (true) { if (work()) return; }", "While endless Conditional");
    check("while (true) { switch (p) { case 1: break; } }", "While endless Never");
    check("while (true) { switch (p) { case 1 -> { return; } } }", "While endless Conditional");
    check("while (true) { for (;;) { break; } }", "While endless Never");
    check("while (true) { for (;;) { return; } }", "While endless Conditional");
    check("while (true) { if (p > 1) continue; }", "While endless Never");
    check("while (true) { run(() -> { return; }); }", "While endless Never");
    check("while (true) { new T() { void r() { return; } }; }", "While endless Never");
}

#[test]
fn labels() {
    check("outer: while (true) { for (;;) { break outer; } }", "While endless Conditional");
    check("outer: while (true) { for (;;) { continue outer; } }", "While endless Never");
    check("while (true) { inner: for (;;) { break inner; } }", "While endless Never");
    check("while (true) { block: { break block; } }", "While endless Never");
    let f = body("outer: for (String x : xs) { while (true) { continue outer; } }");
    assert_eq!(loops(&f), ["ForEach of xs Never", "While endless Conditional"]);
}

#[test]
fn throws() {
    check("while (true) { throw new X(); }", "While endless OnlyThrow");
    check("while (true) { try { throw new X(); } catch (Exception e) { log(e); } }", "While endless Never");
    check("while (true) { try { throw new X(); } catch (X | Y e) { log(e); } }", "While endless Never");
    check("while (true) { try { throw new X(); } catch (Y e) { log(e); } }", "While endless OnlyThrow");
    check("while (true) { try { work(); } catch (Throwable e) { throw e; } }", "While endless OnlyThrow");
    check("try { while (true) { throw new X(); } } catch (Exception e) { }", "While endless OnlyThrow");
    check(
        "while (true) { try (In in = open()) { throw new X(); } catch (RuntimeException e) { } }",
        "While endless Never",
    );
    check("while (true) { if (p > 1) throw new X(); if (p > 2) return; }", "While endless Conditional");
}

#[test]
fn lifecycle_exits() {
    for text in [
        "while (true) { if (isShutdown()) break; work(); }",
        "while (true) { if (Thread.currentThread().isInterrupted()) { log(); return; } }",
        "while (true) { if (!running) return; }",
        "while (true) { if (stopped.get()) return; }",
        "while (true) { if (this.closed == true) return; }",
        "while (true) { if (running) { work(); } else { break; } }",
        "while (true) { if (state == State.TERMINATED) break; }",
        "while (true) { if (state != RUNNING) break; }",
        "while (true) { if (State.STOPPED.equals(state.get())) break; }",
        "while (true) { S st = state.get(); if (st == S.SHUTDOWN) break; }",
        "while (true) { if (shutDown && p > 1) return; }",
        "while (true) { try { take(); } catch (InterruptedException e) { Thread.currentThread().interrupt(); return; } }",
        "while (true) { try { take(); } catch (InterruptedException e) { throw new RuntimeException(e); } }",
        "while (true) { if (p > 1) System.exit(1); }",
        "while (true) { if (p > 1) { work(); } else if (executor.isTerminated()) { return; } }",
        "while (true) { for (;;) { if (stop) return; } }",
    ] {
        check(text, "While endless OnlyLifecycle");
    }
    for text in [
        "while (true) { if (isShutdown() || p > 1) break; }",
        "while (true) { if (running) { if (p > 1) return; } }",
        "while (true) { if (isEmpty()) break; }",
        "while (true) { R r = work(); if (r == R.CLOSED) break; }",
        "while (true) { R r = work(); if (r.type == TYPE_STOP) break; }",
        "while (true) { R r = work(); if (r.type() == R.CLOSED) break; }",
        "while (true) { boolean stop = work(); if (stop) break; }",
        "while (true) { if (isShutdown()) break; if (work()) break; }",
        "while (true) { if (isShutdown()) { log(); } else { return; } }",
    ] {
        check(text, "While endless Conditional");
    }
    for text in [
        "while (true) { try { take(); } catch (InterruptedException | ExecutionException e) { return; } }",
        "while (true) { try { take(); } catch (Exception e) { return; } }",
    ] {
        check(text, "While endless OnFailure");
    }
}

#[test]
fn flags() {
    check("while (running) work();", "While flags(running) Never");
    check("while (!stopped.get()) work();", "While flags(stopped.get()) Never");
    check(
        "while (!Thread.currentThread().isInterrupted()) work();",
        "While flags(Thread.currentThread().isInterrupted()) Never",
    );
    check("while (this.running && !C.closed) work();", "While flags(this.running, C.closed) Never");
    check("while (running == true) work();", "While flags(running) Never");
    check("while (state != State.STOPPED) work();", "While flags(state) Never");
    check("for (; running; ) work();", "For flags(running) Never");
    check("do { work(); } while (isRunning());", "DoWhile flags(isRunning()) Never");
    check("Thread t = x; while (!t.isInterrupted()) work();", "While flags(t'.isInterrupted()) Never");
    check("boolean more = true; while (more && !Thread.interrupted()) work();", "While Never");
    check("boolean done = false; while (!done) work();", "While Never");
    check("while (it.has(p)) work();", "While Never");
    check("while ((s = read()) != null) work();", "While Never");
    check("while (field < 3) work();", "While Never");
    check("while (running) { if (work()) return; }", "While flags(running) Conditional");
}

#[test]
fn guarded_waits() {
    check("while (!done) lock.wait();", "While flags(done) Never wait");
    check("while (!done) { try { lock.wait(); } catch (InterruptedException e) { } }", "While flags(done) Never wait");
    check(
        "while (!done) { left = end - System.nanoTime(); if (left <= 0) break; cond.awaitNanos(left); }",
        "While flags(done) Conditional wait",
    );
    check("while (!done) { work(); lock.wait(); }", "While flags(done) Never");
    check("while (true) { lock.wait(); }", "While endless Never");
    check("while (!done) ;", "While flags(done) Never wait");
    check("while (step()) { }", "While flags(step()) Never");
}
