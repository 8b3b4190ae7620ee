#![no_main]

use faasible::source::FileKind;

libfuzzer_sys::fuzz_target!(|data: &[u8]| faasible_fuzz::check(data, &[(FileKind::Cargo, "Cargo.toml")]));
