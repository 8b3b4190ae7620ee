#![no_main]

use faasible::source::FileKind;

libfuzzer_sys::fuzz_target!(|data: &[u8]| faasible_fuzz::check(data, &[(FileKind::OtherManifest, "package.json"), (FileKind::OtherManifest, "go.mod"), (FileKind::OtherManifest, "pyproject.toml"), (FileKind::OtherManifest, "requirements.txt"), (FileKind::OtherManifest, "a.csproj")]));
