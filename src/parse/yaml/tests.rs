use super::parse;
use crate::facts::Note;

fn read(text: &str) -> (Vec<(String, String)>, Vec<Note>) {
    let mut notes = Vec::new();
    let documents = parse("a.yml", text, &mut notes);
    (documents.iter().flat_map(|d| &d.entries).map(|e| (e.key.to_string(), e.value.clone())).collect(), notes)
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let (entries, notes) = read(text);
    let got: Vec<(&str, &str)> = entries.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(got, expected, "{notes:?}");
}

#[test]
fn nested_dotted_and_listed_keys() {
    let text = "a:\n  b.c: 1 # no\n  \"d\": 'x # y'\n  list:\n  - p\n  - q: 2\n    r: [3, {s: 4}]\n  empty: {}\n  null:\n  '[/x]': 5\nlong: >\n  one\n  two\n";
    check(
        text,
        &[
            ("a.b.c", "1"),
            ("a.d", "x # y"),
            ("a.list[0]", "p"),
            ("a.list[1].q", "2"),
            ("a.list[1].r[0]", "3"),
            ("a.list[1].r[1].s", "4"),
            ("a.empty", ""),
            ("a.null", ""),
            ("a[/x]", "5"),
            ("long", "one two\n"),
        ],
    );
}

#[test]
fn spans_are_the_line_in_bytes() {
    let text = "# ü\nname: \"é\" # c\r\nlist:\n  - a: 1\n  - b\nempty:\nlast: x";
    let documents = parse("a.yml", text, &mut Vec::new());
    let spans: Vec<&str> = documents[0].entries.iter().map(|e| e.span.of(text)).collect();
    assert_eq!(spans, ["name: \"é\"", "a: 1", "b", "empty:", "last: x"]);
}

#[test]
fn a_broken_document_spares_the_others() {
    let (entries, notes) = read("a: 1\n---\nb: [1\nc: 2\n--- # third\nd: 3\n");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(entries.contains(&("a".into(), "1".into())) && entries.contains(&("d".into(), "3".into())));
    assert!(entries.contains(&("c".into(), "2".into())));
}

#[test]
fn templates_keep_their_shape() {
    let text = "apiVersion: v1\nkind: Deployment\nmetadata:\n  name: {{ include \"x.name\" . }}-web\n  labels:\n    {{- include \"x.labels\" . | nindent 4 }}\nspec:\n  {{- if .Values.replicas }}\n  replicas: {{ .Values.replicas }}\n  {{- end }}\n  c:\n    - image: \"{{ .Values.image }}:1\"\n";
    check(
        text,
        &[
            ("apiVersion", "v1"),
            ("kind", "Deployment"),
            ("metadata.name", "{{ include \"x.name\" . }}-web"),
            ("metadata.labels", ""),
            ("spec.replicas", "{{ .Values.replicas }}"),
            ("spec.c[0].image", "{{ .Values.image }}:1"),
        ],
    );
    let (_, notes) = read(text);
    assert!(notes.is_empty());
}

#[test]
fn templates_that_bend_the_grammar_are_read_by_indentation() {
    let (entries, _) = read(
        "kind: Job\nmetadata:\n\tname: x\n{{ if a }}\n  b: \"1\n{{ end }}\nspec:\n  - image: a\n    ports:\n    - 80\n  - image: b\n",
    );
    for (key, value) in [("kind", "Job"), ("spec[0].image", "a"), ("spec[0].ports[0]", "80"), ("spec[1].image", "b")] {
        assert!(entries.contains(&(key.into(), value.into())), "{key} in {entries:?}");
    }
}

#[test]
fn maven_placeholders() {
    check("port: @server.port@\nmail: a@b.c\n", &[("port", "@server.port@"), ("mail", "a@b.c")]);
}

#[test]
fn anchors_and_merges() {
    let text = "x: &x\n  env: {A: 1, B: 2}\n  img: i\nsvc:\n  <<: *x\n  env: {C: 3}\nlist: *x\n";
    check(
        text,
        &[
            ("x.env.A", "1"),
            ("x.env.B", "2"),
            ("x.img", "i"),
            ("svc.img", "i"),
            ("svc.env.C", "3"),
            ("list.env.A", "1"),
            ("list.env.B", "2"),
            ("list.img", "i"),
        ],
    );
    check(
        "a: &a {p: 1}\nb: &b {q: 2}\nc:\n  <<: [*a, *b]\n  q: 3\n",
        &[("a.p", "1"), ("b.q", "2"), ("c.p", "1"), ("c.q", "3")],
    );
}

#[test]
fn bombs_and_depths_are_bounded() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
    }
    let (entries, notes) = read(&bomb);
    assert!(entries.len() <= 20_000 && !notes.is_empty());
    check("a: &a\n  b: *a\n  c: 1\n", &[("a.c", "1")]);
    for deep in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000), "? ".repeat(100_000)] {
        read(&deep);
    }
    let nested: String = (0..3_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert!(!read(&nested).1.is_empty());
}

proptest::proptest! {
    #[test]
    fn never_panics(text in "[ \\-a:#\n'\"\\[\\]{}&*|>%@?!,xü\r\t<]{0,80}") {
        let mut notes = Vec::new();
        for document in parse("a.yml", &text, &mut notes) {
            for entry in document.entries {
                proptest::prop_assert!((entry.span.end as usize) <= text.len());
                proptest::prop_assert!(text.is_char_boundary(entry.span.start as usize));
            }
        }
    }
}
