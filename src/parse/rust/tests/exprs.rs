use insta::assert_snapshot;

use super::{Dump, body, dump};

#[test]
fn a_spawn_tells_what_becomes_of_it() {
    let stmts = "
        tokio::spawn(work());
        let _ = tokio::spawn(work());
        let _kept = tokio::spawn(work());
        tokio::spawn(work()).await??;
        let h = std::thread::spawn(move || work());
        h.join().unwrap();
        self.handle = Some(tokio::spawn(async { work().await }));
        set.push(tokio::spawn(work()));
        App { task: tokio::spawn(work()), ..base };
        tokio::spawn(last())";
    assert_snapshot!(body(stmts), @r"
    tokio::spawn(work()) -> Dropped
    tokio::spawn(work()) -> Dropped
    tokio::spawn(work()) -> ToLocal(_kept)
    tokio::spawn(work()) -> Awaited
    work() -> Returned
    std::thread::spawn(Closure#1) -> ToLocal(h)
    $h.join().unwrap() -> Dropped
    work() -> Awaited
    Some(tokio::spawn(AsyncBlock#2)) -> ToField
    set.push(tokio::spawn(work())) -> Dropped
    tokio::spawn(work()) -> ToField
    new App{tokio::spawn(work())} -> Dropped
    tokio::spawn(last()) -> Returned
    ");
}

#[test]
fn calls_keep_paths_without_turbofish() {
    let stmts = "
        <Vec<u8> as Default>::default();
        a::b::<u8>::c::<u16>(1);
        x.collect::<Vec<_>>();
        ::std::fs::write(path, &*data)?;
        p(1);
        (self.f)(2);
        r#try(3);";
    assert_snapshot!(body(stmts), @r"
    Vec::default() -> Dropped
    a::b::c(1) -> Dropped
    x.collect() -> Dropped
    std::fs::write(path, data) -> Dropped
    $p.(1) -> Dropped
    self.f.(2) -> Dropped
    try(3) -> Dropped
    ");
}

#[test]
fn values_are_kept_for_folding() {
    let stmts = r#"
        let a = Duration::from_secs(60 * 5 - 1);
        let b = -1.5e3 as f32;
        let c = "a".to_string() + "b" + &p;
        let d = [1_000u64, 0xff, b'a', 'ü'];
        let e = if x { 1 } else if y { return; } else { { 2 } };
        let f = match x { 1 => g(), _ if h() => panic!("no"), _ => (3, 4) };
        let g = !LIMIT.get();
        let h = 0xffff_ffff_ffff_ffff_u64;"#;
    assert_snapshot!(dump(&format!("fn f(p: P) {{ {stmts} }}"), Dump::locals), @r#"
    a = Duration::from_secs(((60 * 5) - 1))
    b = (-1500 as f32)
    c = concat(concat("a".to_string(), "b"), $p)
    d = [1000, 255, 97, 252]
    e = choice(1, 2)
    f = choice(g(), panic!("no"), [3, 4])
    g = !LIMIT.get()
    h = 18446744073709552000
    "#);
}

#[test]
fn locals_come_from_patterns() {
    let stmts = "
        let (tx, mut rx) = mpsc::channel(1);
        let (a, b): (u8, Vec<u8>) = (one(), two());
        let Some(x) = opt() else { return };
        let S { y, z: [z, ..], .. } = s();
        if let Ok(n) | Err(n) = res() && let Some(k) = n { use_it(k, n); }
        match q { Some(v) if v > 1 => v, None => LIMIT, w @ _ => w };
        for (i, e) in items.iter().enumerate() { i; }
        let late;
        late = make();
        { let tx = 1; tx; }
        fn inner() { tx; }
        |c: u8, State(d): State<D>| c + d;";
    assert_snapshot!(dump(&format!("fn f() {{ {stmts} }}"), Dump::locals), @r"
    tx = mpsc::channel(1)
    rx = mpsc::channel(1)
    a: u8 = one()
    b: Vec<u8> = two()
    x = opt()
    y
    z
    n = res()
    k = $n
    v = q
    w = q
    i = items.iter().enumerate()
    e = items.iter().enumerate()
    late
    tx = 1
    d: D
    ");
    assert_snapshot!(body(stmts), @r"
    mpsc::channel(1) -> ToLocal(tx)
    one() -> ToLocal(a)
    two() -> ToLocal(b)
    [one(), two()] -> ToLocal(a)
    opt() -> ToLocal(x)
    s() -> ToLocal(y)
    res() -> ToLocal(n)
    $n -> ToLocal(k)
    use_it($k, $n) -> Dropped
    $v -> Dropped
    LIMIT -> Dropped
    $w -> Dropped
    $i -> Dropped
    make() -> ToLocal(late)
    $tx -> Dropped
    tx -> Dropped
    ($c + $d) -> Returned
    Closure#2 -> Dropped
    ");
}

#[test]
fn assignments_to_what_outlives_the_function() {
    let text = "
        static mut COUNT: u8 = 0;
        impl S { fn f(&mut self, p: &mut u8) {
            self.x = make();
            COUNT += 1;
            *p = 2;
            *LOCK.lock().unwrap() = 3;
            self.map[k] = 4;
            let mut plain = 0; plain = 5; plain += 6;
            (self.a, plain) = pair();
            if self.x.is_none() { self.x = Some(1); }
            if let None = self.y && ok { self.y = Some(1); self.z = None; }
            match self.w { None => self.w = Some(1), Some(_) => self.w = None }
        } }";
    assert_snapshot!(dump(text, Dump::assigns), @r"
    self.x Set make()
    COUNT Update 1
    $p Set 2
    LOCK.lock().unwrap() Set 3
    self.map Set 4
    self.a Set ?
    self.x Set Some(1) lazy
    self.y Set Some(1) lazy
    self.z Set None
    self.w Set Some(1) lazy
    self.w Set None
    ");
}

#[test]
fn places_are_bytes_also_behind_wide_characters() {
    let text = "\u{feff}#!/usr/bin/env run\nfn f() { let s = \"üß𝄞\"; s.trim().a::<B>(x?)\n.await; let n = N { a: 1 }; std::fs::read(&s); /* é */ vec![1]; p!(s) }";
    assert_snapshot!(dump(text, Dump::places), @r"
    s.trim() @ trim
    s.trim().a::<B>(x?) @ a
    N { a: 1 } @ N
    std::fs::read(&s) @ std::fs::read
    p!(s) @ p
    ");
    let ascii = "#!/usr/bin/env run\r\n\r\nfn f() { s.trim() .len(); }";
    assert_snapshot!(dump(ascii, Dump::places), @r"
    s.trim() @ trim
    s.trim() .len() @ len
    ");
}
