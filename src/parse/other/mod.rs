//! Reads manifests of languages that are found but not analysed: `package.json`, `go.mod`,
//! `pyproject.toml`, `requirements.txt`, `setup.py`, `*.csproj`.

mod python;

use serde_json::{Map, Value};

use crate::facts::{Note, OtherManifest};
use crate::parse::xml_tree;

/// Reads one of these manifests; which, its name tells.
pub fn parse(path: &str, text: &str, notes: &mut Vec<Note>) -> OtherManifest {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "package.json" => package_json(text, notes),
        "go.mod" => go_mod(text),
        "pyproject.toml" => python::pyproject(text, notes),
        "setup.py" => python::setup(text),
        _ if name.ends_with("proj") => project(name, text, notes),
        _ if name.ends_with(".txt") => python::requirements(text),
        _ => {
            notes.push(Note::whole("a manifest of an unknown kind"));
            OtherManifest::default()
        }
    }
}

fn package_json(text: &str, notes: &mut Vec<Note>) -> OtherManifest {
    // serde_json bounds nesting itself.
    let root: Map<String, Value> = serde_json::from_str(text).unwrap_or_else(|error| {
        notes.push(Note::whole(format!("not a JSON object: {error}")));
        Map::new()
    });
    let keys = |name: &str| root.get(name).and_then(Value::as_object).into_iter().flat_map(|o| o.keys().cloned());
    let mut dependencies: Vec<String> = Vec::new();
    for section in ["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"] {
        dependencies.extend(keys(section));
    }
    let scripts: Vec<(String, String)> = root
        .get("scripts")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, script)| Some((name.clone(), script.as_str()?.to_owned())))
        .collect();
    let typed = root.contains_key("types")
        || root.contains_key("typings")
        || dependencies.iter().any(|d| matches!(d.as_str(), "typescript" | "ts-node" | "tsx" | "@types/node"));
    OtherManifest {
        language: if typed { "typescript" } else { "javascript" }.to_owned(),
        name: root.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        runnable: root.contains_key("bin") || scripts.iter().any(|(name, _)| name == "start"),
        aggregator: root.contains_key("workspaces"),
        dependencies,
        scripts,
    }
}

/// `module`, and what `require` names directly.
fn go_mod(text: &str) -> OtherManifest {
    let mut out = OtherManifest { language: "go".to_owned(), ..OtherManifest::default() };
    let mut block = "";
    for line in text.lines() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<&str> = code.split_whitespace().collect();
        let (directive, operands) = match words.as_slice() {
            [")", ..] => {
                block = "";
                continue;
            }
            [directive, "("] => {
                block = directive;
                continue;
            }
            _ if !block.is_empty() => (block, words.as_slice()),
            [directive, rest @ ..] => (*directive, rest),
            [] => continue,
        };
        let Some(first) = operands.first().map(|w| w.trim_matches(['"', '`'])) else { continue };
        match directive {
            "module" => out.name = first.to_owned(),
            "require" if comment.trim() != "indirect" => out.dependencies.push(first.to_owned()),
            _ => {}
        }
    }
    out
}

/// An MSBuild project.
fn project(file: &str, text: &str, notes: &mut Vec<Note>) -> OtherManifest {
    let language = match file.rsplit('.').next() {
        Some("fsproj") => "fsharp",
        Some("vbproj") => "visualbasic",
        _ => "csharp",
    };
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let mut out = OtherManifest { language: language.to_owned(), name: stem.to_owned(), ..OtherManifest::default() };
    let tree = xml_tree::read(text, notes);
    let Some(root) = tree.roots.iter().copied().find(|ix| tree.nodes[*ix].name == "Project") else {
        return out;
    };
    let sdk = tree.attribute(root, "Sdk").unwrap_or_default();
    out.runnable = sdk.starts_with("Microsoft.NET.Sdk.Web") || sdk.starts_with("Microsoft.NET.Sdk.Worker");
    if sdk == "Microsoft.NET.Sdk.Web" {
        // What it serves requests with comes with the kit and is named nowhere else.
        out.dependencies.push(sdk.to_owned());
    }
    for (group, node) in tree.children(root) {
        for (ix, child) in tree.children(group) {
            match (node.name.as_str(), child.name.as_str()) {
                ("PropertyGroup", "OutputType") => {
                    out.runnable |= matches!(child.text.to_ascii_lowercase().as_str(), "exe" | "winexe");
                }
                ("PropertyGroup", "AzureFunctionsVersion" | "AWSProjectType") => out.runnable = true,
                ("PropertyGroup", "AssemblyName") if !child.text.contains('$') => out.name.clone_from(&child.text),
                ("ItemGroup", "PackageReference") => {
                    out.dependencies.extend(tree.attribute(ix, "Include").map(str::to_owned));
                }
                _ => {}
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::facts::OtherManifest;

    fn read(path: &str, text: &str) -> OtherManifest {
        let mut notes = Vec::new();
        let facts = parse(path, text, &mut notes);
        assert!(notes.is_empty(), "{notes:?}");
        facts
    }

    #[test]
    fn package_json() {
        let text = r#"{"name":"ui","private":true,"scripts":{"start":"node .","build":"tsc"},
            "dependencies":{"express":"4"},"devDependencies":{"typescript":"5"}}"#;
        let facts = read("ui/package.json", text);
        assert_eq!((facts.language.as_str(), facts.name.as_str()), ("typescript", "ui"));
        assert_eq!(facts.dependencies, ["express", "typescript"]);
        assert_eq!(facts.scripts[1], ("build".to_owned(), "tsc".to_owned()));
        assert!(facts.runnable && !facts.aggregator);
        assert!(read("package.json", r#"{"workspaces":["a"]}"#).aggregator);
        let mut notes = Vec::new();
        parse("package.json", &"[".repeat(100_000), &mut notes);
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn go_mod() {
        let text = "module acme.io/x // c\n\ngo 1.22\nrequire a.io/one v1\nrequire (\n\tb.io/two v2\n\tc.io/three v3 // indirect\n)\nreplace a.io/one => ../one\n";
        let facts = read("go.mod", text);
        assert_eq!((facts.language.as_str(), facts.name.as_str()), ("go", "acme.io/x"));
        assert_eq!(facts.dependencies, ["a.io/one", "b.io/two"]);
    }

    #[test]
    fn csproj() {
        let text = r#"<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
            <ItemGroup><PackageReference Include="Dapper" Version="2" /><ProjectReference Include="x" /></ItemGroup></Project>"#;
        let facts = read("a/Shop.Api.csproj", text);
        assert_eq!((facts.language.as_str(), facts.name.as_str(), facts.runnable), ("csharp", "Shop.Api", true));
        assert_eq!(facts.dependencies, ["Dapper"]);
    }

    #[test]
    fn python() {
        let facts = read(
            "requirements.txt",
            "# c\nflask==2.0 # x\n-r base.txt\nrequests[socks]>=2; python_version > '3'\nfoo @ https://x\n--hash=x\n",
        );
        assert_eq!(facts.dependencies, ["flask", "requests", "foo"]);
        let facts = read(
            "pyproject.toml",
            "[project]\nname = 'p'\ndependencies = ['fastapi>=0.1', 'a (>=1)']\n[project.scripts]\nrun = 'p:main'\n",
        );
        assert_eq!((facts.name.as_str(), facts.runnable), ("p", true));
        assert_eq!(facts.dependencies, ["fastapi", "a"]);
        let facts = read(
            "pyproject.toml",
            "[tool.poetry]\nname = 'p'\n[tool.poetry.dependencies]\npython = '3'\ndjango = '4'\n",
        );
        assert_eq!(facts.dependencies, ["django"]);
        let facts = read(
            "setup.py",
            "setup(\n  name='s', # name='no'\n  install_requires=['a>=1', \"b\"],\n  extras_require={'x': ['c']},\n  entry_points={'console_scripts': ['s=s:main']})\n",
        );
        assert_eq!((facts.name.as_str(), facts.runnable), ("s", true));
        assert_eq!(facts.dependencies, ["a", "b"]);
        let facts = read("setup.py", "REQS = ['a']\nsetup(name=NAME, install_requires=REQS)");
        assert_eq!(facts.dependencies, ["a"]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(name|install_requires|setup|module|require|=|\\(|\\)|\\[|]|'|\"|'''|\\\\|#|//|\n| |<|>|\\{|}|.){0,40}") {
            for path in ["package.json", "go.mod", "pyproject.toml", "requirements.txt", "setup.py", "a.csproj", "x"] {
                parse(path, &text, &mut Vec::new());
            }
        }
    }
}
