#![no_main]

use faasible::source::FileKind;

libfuzzer_sys::fuzz_target!(|data: &[u8]| faasible_fuzz::check(data, &[(FileKind::Xml, "src/main/resources/beans.xml"), (FileKind::Xml, "src/main/webapp/WEB-INF/web.xml"), (FileKind::Logging, "src/main/resources/logback.xml"), (FileKind::Logging, "src/main/resources/log4j.properties"), (FileKind::Logging, "src/main/resources/log4j2.yaml")]));
