//! Whether the figures of a result can have been measured. A baseline with a median of zero, or below, or of another unit, would let
//! every regression pass.

use std::collections::BTreeSet;

use super::interleave::Budget;
use super::result::BenchResult;
use super::stage;
use super::statistics::Spread;

/// More rounds than anybody can wait for.
const MOST_ROUNDS: usize = 10_000_000;

/// What a figure can be at all, on any machine.
struct Range {
    least: f64,
    most: f64,
}

const EVENTS_PER_S: Range = Range { least: 1e-3, most: 1e15 };
const NS_PER_EVENT: Range = Range { least: 1e-6, most: 1e12 };
const OF_MEMORY: Range = Range { least: 1e-12, most: 1e3 };
const IN_RANDOM_NUMBERS: Range = Range { least: 1e-4, most: 1e9 };
const MEMORY_GB_PER_S: Range = Range { least: 1e-4, most: 1e6 };
const RANDOM_NS: Range = Range { least: 1e-4, most: 1e6 };

impl Range {
    fn check(&self, field: &str, of: &str, spread: Spread) -> Result<(), String> {
        let Spread { median, mad } = spread;
        if !(self.least..=self.most).contains(&median) {
            return Err(format!("{field}.median ({of}) is {median:?}: expected {:?} to {:?}", self.least, self.most));
        }
        if !(0.0..=self.most).contains(&mad) {
            return Err(format!("{field}.mad ({of}) is {mad:?}: expected 0 to {:?}", self.most));
        }
        Ok(())
    }
}

/// Names the first field that no benchmark can have written.
///
/// # Errors
/// The field, what it holds, and what could be there.
pub fn sound(r: &BenchResult) -> Result<(), String> {
    let least = Budget::FULL.rounds.min(Budget::QUICK.rounds);
    if !(least..=MOST_ROUNDS).contains(&r.rounds) {
        return Err(format!("rounds is {}: expected {least} to {MOST_ROUNDS}", r.rounds));
    }
    for (i, limit) in r.limits.iter().enumerate() {
        let of = stage::name("limit", limit.threads);
        MEMORY_GB_PER_S.check(&format!("limits[{i}].memory_gb_per_s"), &of, limit.memory_gb_per_s)?;
        RANDOM_NS.check(&format!("limits[{i}].random_ns"), &of, limit.random_ns)?;
    }
    let mut names = BTreeSet::new();
    for (i, stage) in r.stages.iter().enumerate() {
        let name = stage.name();
        let figures = [
            ("events_per_s", &EVENTS_PER_S, stage.events_per_s),
            ("ns_per_event", &NS_PER_EVENT, stage.ns_per_event),
            ("of_memory", &OF_MEMORY, stage.of_memory),
            ("in_random_numbers", &IN_RANDOM_NUMBERS, stage.in_random_numbers),
        ];
        for (figure, range, spread) in figures {
            range.check(&format!("stages[{i}].{figure}"), &name, spread)?;
        }
        if !names.insert(name.clone()) {
            return Err(format!("stages[{i}] is {name}, which another one is already"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::sample::result;
    use super::*;

    /// What a sample is refused for, once it is changed.
    fn refused(change: impl FnOnce(&mut BenchResult)) -> String {
        let mut r = result();
        change(&mut r);
        sound(&r).expect_err("it can't have been measured")
    }

    #[test]
    fn what_was_measured_passes() {
        assert_eq!(sound(&result()), Ok(()));
    }

    #[test]
    fn figures_that_nothing_can_have_are_named() {
        for bad in [0.0, -0.0, -3.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MIN_POSITIVE, 1e300] {
            let why = refused(|r| r.stages[1].in_random_numbers.median = bad);
            assert!(why.starts_with("stages[1].in_random_numbers.median (filter/opt-out, 1 thread) is "), "{why}");
            let why = refused(|r| r.limits[1].random_ns.median = bad);
            assert!(why.starts_with("limits[1].random_ns.median (limit, 2 threads) is "), "{why}");
            refused(|r| r.stages[3].events_per_s.median = bad);
            refused(|r| r.stages[3].ns_per_event.median = bad);
            refused(|r| r.stages[3].of_memory.median = bad);
        }
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            let why = refused(|r| r.stages[0].in_random_numbers.mad = bad);
            assert!(why.starts_with("stages[0].in_random_numbers.mad (generate, 1 thread) is "), "{why}");
            refused(|r| r.limits[0].memory_gb_per_s.mad = bad);
        }
    }

    #[test]
    fn rounds_and_stages_are_looked_at() {
        for rounds in [0, 1, 2, usize::MAX] {
            assert!(refused(|r| r.rounds = rounds).starts_with("rounds is "));
        }
        let why = refused(|r| r.stages[2] = r.stages[0].clone());
        assert_eq!(why, "stages[2] is generate, 1 thread, which another one is already");
    }
}
