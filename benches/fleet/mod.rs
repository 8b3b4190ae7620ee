//! A made-up monorepo of any size, for measuring: services in Java (Maven) and Rust that call each
//! other and share libraries, with the deployment files of a real fleet, and a hostile place in
//! about every third class of some. The same seed gives the same bytes.

mod java;
mod manifests;
mod rust;

use std::fs;
use std::io;
use std::path::Path;

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

/// Services that share a library, a parent and a folder, as those of one team do.
const TEAM: usize = 20;

/// Writes a fleet of so many services below `root`, which may not exist yet.
///
/// # Errors
/// When a directory or file cannot be written.
pub(crate) fn write(root: &Path, services: usize, seed: u64) -> io::Result<Written> {
    let mut tree = Tree { root, written: Written::default() };
    let mut dice = Dice(seed);
    let teams = services.div_ceil(TEAM);
    tree.put("pom.xml", &manifests::root_pom(teams))?;
    tree.put("Cargo.toml", &manifests::root_cargo(&(0..services).filter(|ix| is_rust(*ix)).collect::<Vec<_>>()))?;
    for team in 0..teams {
        let members: Vec<usize> = (team * TEAM..services.min((team + 1) * TEAM)).collect();
        let java: Vec<usize> = members.iter().copied().filter(|ix| !is_rust(*ix)).collect();
        tree.put(&format!("team{team}/pom.xml"), &manifests::team_pom(team, &java))?;
        java::library(&mut tree, &mut dice, team)?;
        for ix in members {
            let service = Service { ix, team, fleet: services };
            if is_rust(ix) {
                rust::service(&mut tree, &mut dice, &service)?;
            } else {
                java::service(&mut tree, &mut dice, &service)?;
            }
            tree.put(&format!("deploy/{}.yaml", service.name()), &manifests::deployment(&service, &mut dice))?;
        }
    }
    Ok(tree.written)
}

/// Every eighth service.
fn is_rust(ix: usize) -> bool {
    ix % 8 == 7
}

/// One service of the fleet.
struct Service {
    ix: usize,
    team: usize,
    /// How many services there are.
    fleet: usize,
}

impl Service {
    fn name(&self) -> String {
        service_name(self.ix)
    }

    fn dir(&self) -> String {
        format!("team{}/{}", self.team, self.name())
    }

    /// Another service, which this one asks.
    fn asks(&self) -> String {
        service_name((self.ix * 7 + 3) % self.fleet)
    }
}

fn service_name(ix: usize) -> String {
    const WORDS: [&str; 10] =
        ["order", "stock", "price", "invoice", "customer", "shipment", "review", "basket", "coupon", "ledger"];
    format!("{}-{ix}", WORDS[ix % WORDS.len()])
}

/// Where files go.
struct Tree<'a> {
    root: &'a Path,
    written: Written,
}

impl Tree<'_> {
    fn put(&mut self, path: &str, text: &str) -> io::Result<()> {
        let path = self.root.join(path);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir)?;
        }
        self.written.files += 1;
        self.written.bytes += text.len() as u64;
        fs::write(path, text)
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    /// Below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap_or(0)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}
