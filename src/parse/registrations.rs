//! `META-INF/spring.factories`, `META-INF/spring/*.imports`, `META-INF/services/*`: classes that are loaded by name.

use super::properties;
use crate::facts::{Note, Registration};
use crate::text::{Name, Span};

/// Reads such a file.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> Vec<Registration> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by = name.strip_suffix(".imports").or((name != "spring.factories").then_some(name));
    let Some(by) = by else {
        let documents = properties::parse(path, text, notes);
        let entries = documents.iter().flat_map(|d| &d.entries);
        return entries.flat_map(|e| classes(e.key, &e.value, e.span)).collect();
    };
    let by = Name::new(by);
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let class = line.split('#').next().unwrap_or(line);
        // Dubbo's services have a key before the class.
        let class = class.rsplit('=').next().unwrap_or(class);
        found.extend(classes(by, class, Span::new(at, at + line.trim_end().len())));
        at += line.len();
    }
    found
}

/// The classes of a list; nested ones with a point, as sources have them.
fn classes(by: Name, list: &str, span: Span) -> impl Iterator<Item = Registration> {
    let names = list.split([',', ' ', '\t', '\n', '\r']).map(str::trim).filter(|class| class.contains('.'));
    names.map(move |class| Registration { by, class: Name::new(&class.replace('$', ".")), span })
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(path: &str, text: &str) -> Vec<String> {
        let mut notes = Vec::new();
        let found = parse(path, text, &mut notes);
        assert!(notes.is_empty());
        found.iter().map(|r| format!("{} {}", r.by.last_segment(), r.class)).collect()
    }

    #[test]
    fn both_forms_are_read() {
        let factories = "# comment\norg.springframework.boot.autoconfigure.EnableAutoConfiguration=\\\n  a.First,\\\n  a.Outer$Second\norg.springframework.context.ApplicationListener=a.Heard\n";
        assert_eq!(
            read("x/META-INF/spring.factories", factories),
            [
                "EnableAutoConfiguration a.First",
                "EnableAutoConfiguration a.Outer.Second",
                "ApplicationListener a.Heard"
            ]
        );
        let imports = "# comment\na.First\n\na.Second # because\n";
        assert_eq!(
            read("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports", imports),
            ["AutoConfiguration a.First", "AutoConfiguration a.Second"]
        );
        assert_eq!(
            read("META-INF/dubbo/a.Filter", "trace=a.Trace\n# none\na.Plain\n"),
            ["Filter a.Trace", "Filter a.Plain"]
        );
    }
}
