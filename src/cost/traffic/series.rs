//! An hourly series as running sums: what the cost needs of it, in a few kilobytes however long it is.

use super::super::workload::Rates;

/// Hours that a series may span: ten years.
const SPAN: i32 = 87_600;
/// Buckets of hours by their requests: one for none, then four for each doubling from a sixteenth on.
const BUCKETS: usize = 129;

/// Hours seen and their requests.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Of the first bit, a multiple of 64.
    base: i32,
    /// A bit for each hour that was seen.
    seen: Vec<u64>,
    /// Hours and requests of each bucket.
    buckets: Vec<(u32, f64)>,
    first: i32,
    last: i32,
    count: u32,
    requests: f64,
    highest: f64,
    /// Where the first hole was noticed.
    pub(super) hole: Option<u64>,
}

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    New,
    /// The hour has one already.
    Twice,
    /// Too far from the others.
    Far,
}

impl Series {
    /// Adds the requests of an hour; `line` is where it stands.
    pub(super) fn add(&mut self, hour: i32, requests: f64, line: u64) -> Added {
        if self.count == 0 {
            self.base = hour.div_euclid(64) * 64;
            (self.first, self.last) = (hour, hour);
            self.buckets = vec![(0, 0.0); BUCKETS];
        }
        let (first, last) = (self.first.min(hour), self.last.max(hour));
        if last.checked_sub(first).is_none_or(|span| span > SPAN) {
            return Added::Far;
        }
        if hour < self.base {
            let words = ((self.base - hour) as usize).div_ceil(64);
            self.seen.splice(0..0, std::iter::repeat_n(0, words));
            self.base -= 64 * words as i32;
        }
        let bit = (hour - self.base) as usize;
        if bit / 64 >= self.seen.len() {
            self.seen.resize(bit / 64 + 1, 0);
        }
        let word = &mut self.seen[bit / 64];
        if *word >> (bit % 64) & 1 == 1 {
            return Added::Twice;
        }
        *word |= 1 << (bit % 64);
        if self.count > 0 && hour > self.last + 1 {
            self.hole.get_or_insert(line);
        }
        (self.first, self.last) = (first, last);
        self.count += 1;
        self.requests += requests;
        self.highest = self.highest.max(requests);
        if let Some(bucket) = self.buckets.get_mut(bucket(requests)) {
            bucket.0 += 1;
            bucket.1 += requests;
        }
        Added::New
    }

    /// Hours that were told.
    pub fn hours(&self) -> u32 {
        self.count
    }

    /// Hours between the first and the last that were not told.
    pub fn missing(&self) -> u32 {
        if self.count == 0 { 0 } else { (self.last - self.first + 1) as u32 - self.count }
    }

    /// Requests of all hours.
    pub fn requests(&self) -> f64 {
        self.requests
    }

    /// Requests of the busiest hour.
    pub fn highest(&self) -> f64 {
        self.highest
    }

    /// The rates, a step for each bucket; hours that were not told are taken to be like the others.
    pub fn rates(&self) -> Rates {
        let share = |hours: u32| f64::from(hours) / f64::from(self.count.max(1));
        let full = self.buckets.iter().filter(|(hours, _)| *hours > 0);
        Rates(full.map(|(hours, requests)| (requests / f64::from(*hours) / 3600.0, share(*hours))).collect())
    }
}

fn bucket(requests: f64) -> usize {
    if requests <= 0.0 {
        return 0;
    }
    // Exponent and the two highest digits of the fraction.
    let bits = requests.to_bits();
    let steps = ((bits >> 50) as i64) - ((1023 - 4) << 2);
    1 + steps.clamp(0, BUCKETS as i64 - 2) as usize
}

/// Requests and busy seconds of the fleet in each hour.
#[derive(Clone, Debug, Default)]
pub(super) struct FleetHours {
    base: i32,
    hours: Vec<(f64, f64)>,
}

impl FleetHours {
    pub(super) fn add(&mut self, hour: i32, requests: f64, seconds: f64) {
        if self.hours.is_empty() {
            self.base = hour;
        }
        if hour < self.base {
            let more = self.base.saturating_sub(hour);
            if more > SPAN {
                return;
            }
            self.hours.splice(0..0, std::iter::repeat_n((0.0, 0.0), more as usize));
            self.base = hour;
        }
        let at = hour.saturating_sub(self.base) as usize;
        if at > 2 * SPAN as usize {
            return;
        }
        if at >= self.hours.len() {
            self.hours.resize(at + 1, (0.0, 0.0));
        }
        if let Some(slot) = self.hours.get_mut(at) {
            slot.0 += requests;
            slot.1 += seconds;
        }
    }

    /// The most requests of an hour, and the most busy seconds of an hour.
    pub(super) fn highest(&self) -> (f64, f64) {
        self.hours.iter().fold((0.0, 0.0), |(a, b), (requests, seconds)| (a.max(*requests), b.max(*seconds)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn holes_and_doubles() {
        let mut series = Series::default();
        assert_eq!([10, 11, 13].map(|h| series.add(h, 5.0, h as u64)), [Added::New; 3]);
        assert_eq!(series.add(11, 7.0, 4), Added::Twice);
        assert_eq!(series.add(10 + SPAN + 1, 7.0, 4), Added::Far);
        assert_eq!((series.missing(), series.hole), (1, Some(13)));
        // The hole is filled later: nothing is missing any more.
        assert_eq!(series.add(12, 5.0, 9), Added::New);
        assert_eq!(series.add(-200, 5.0, 9), Added::New);
        assert_eq!((series.missing(), series.hours(), series.requests()), (209, 5, 25.0));
        assert_eq!(series.add(i32::MAX, 1.0, 1), Added::Far);
        assert_eq!(series.add(i32::MIN, 1.0, 1), Added::Far);
    }

    proptest! {
        /// Buckets keep the sum and the hours, and each lies near its own values.
        #[test]
        fn rates_keep_the_sum(values in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e9f64], 1..200)) {
            let mut series = Series::default();
            for (hour, value) in values.iter().enumerate() {
                series.add(hour as i32, *value, 1);
            }
            let rates = series.rates();
            let mean = values.iter().sum::<f64>() / values.len() as f64 / 3600.0;
            prop_assert!((rates.mean() - mean).abs() <= 1e-9 * mean.max(1.0));
            prop_assert!((rates.0.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(rates.highest() * 3600.0 <= series.highest() * (1.0 + 1e-9));
            prop_assert!(rates.0.len() <= BUCKETS);
        }
    }
}
