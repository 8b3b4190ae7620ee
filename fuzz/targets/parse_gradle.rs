#![no_main]

use faasible::source::FileKind;

libfuzzer_sys::fuzz_target!(|data: &[u8]| faasible_fuzz::check(data, &[(FileKind::Gradle, "build.gradle"), (FileKind::Gradle, "build.gradle.kts"), (FileKind::Gradle, "settings.gradle"), (FileKind::Gradle, "gradle/libs.versions.toml"), (FileKind::Gradle, "gradle.properties")]));
