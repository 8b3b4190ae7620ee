//! Fields that hold handles of metrics: figures of the process, which the monitoring collects.

use super::super::Linked;
use super::fields::behind;
use super::paths::Item;
use super::types::Rt;
use crate::facts::code::FieldIx;
use crate::source::FileIx;
use crate::text::Name;
use rustc_hash::FxHashMap;

/// Wrappers of handles of one's own, one within the other.
const DEEPEST: u8 = 3;

impl Linked<'_> {
    /// Does a field hold handles of metrics, or values that go with one and cannot grow?
    pub(super) fn rust_meters(&self, file: FileIx, field: FieldIx) -> bool {
        let Some(ty) = self.rust_field_type(file, field) else { return false };
        // Wide enums of enums have as many ways as the product of their variants: each type is looked at once.
        let mut known = FxHashMap::default();
        let mut open = vec![&ty];
        while let Some(at) = open.pop() {
            if self.is_meter(at, DEEPEST, &mut known) {
                return true;
            }
            open.extend(at.args.iter());
        }
        false
    }

    fn is_meter(&self, ty: &Rt, deep: u8, known: &mut FxHashMap<Name, bool>) -> bool {
        let ty = behind(ty);
        if let Some(known) = known.get(&ty.name) {
            return *known;
        }
        known.insert(ty.name, false);
        let is = self.is_meter_within(ty, deep, known);
        known.insert(ty.name, is);
        is
    }

    fn is_meter_within(&self, ty: &Rt, deep: u8, known: &mut FxHashMap<Name, bool>) -> bool {
        let Some(Item::Type(home, decl)) = self.rust.paths.item(ty.name) else { return is_handle(ty.name) };
        let (Some(deep), Some(facts)) = (deep.checked_sub(1), self.facts(home)) else { return false };
        let mut holds = false;
        for (i, _) in facts.fields.iter().enumerate().filter(|(_, f)| f.owner == Some(decl)) {
            let Some(of) = self.rust_field_type(home, FieldIx(i as u32)) else { continue };
            let of = behind(&of);
            if super::known::is_container(of) || of.name.ends_with("Sender") || of.name.ends_with("Receiver") {
                return false;
            }
            holds |= self.is_meter(of, deep, known);
        }
        holds
    }
}

/// `metrics::Gauge`, `prometheus::IntCounterVec`.
fn is_handle(name: Name) -> bool {
    let simple = name.last_segment().trim_end_matches("Vec");
    let simple = simple.trim_start_matches("Local").trim_start_matches("Int").trim_start_matches("UpDown");
    name.contains("::") && matches!(simple, "Gauge" | "Counter" | "Histogram")
}
