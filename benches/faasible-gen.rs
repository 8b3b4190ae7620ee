//! Writes a made-up fleet: `cargo run --release --example faasible-gen -- DIR SERVICES [SEED]`.

#![allow(clippy::print_stdout)]

mod fleet;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, services, rest @ ..] = args.as_slice() else {
        return Err("usage: faasible-gen DIR SERVICES [SEED]".into());
    };
    let seed = rest.first().map_or(Ok(1), |seed| seed.parse())?;
    if Path::new(dir).read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("{dir} is not empty").into());
    }
    let written = fleet::write(Path::new(dir), services.parse()?, seed)?;
    println!("{services} services, {} files, {:.1} MB", written.files, written.bytes as f64 / 1e6);
    Ok(())
}
