#![no_main]

use faasible::source::FileKind;

libfuzzer_sys::fuzz_target!(|data: &[u8]| faasible_fuzz::check(data, &[(FileKind::Settings, "src/main/resources/application.yml"), (FileKind::Settings, "src/main/resources/application.properties"), (FileKind::Deploy, "deploy/a.yaml"), (FileKind::Deploy, "docker-compose.yml"), (FileKind::Deploy, "charts/a/templates/deployment.yaml"), (FileKind::Deploy, "Procfile")]));
