//! A plan: for every way to leak and every unit, how much has to be seen.

use serde::Serialize;

use super::detection::{Detection, Unit};
use super::draws::found;
use super::leak::Leak;
use super::prohibited::ProhibitedFlows;
use crate::random::Key;

/// What a plan is asked.
#[derive(Clone, Copy, Debug)]
pub struct PlanOptions {
    /// Probability with which a sample is to find the leak; also that of bounds. Between 0 and 1.
    pub confidence: f64,
    /// Samples that are drawn to try each plan.
    pub draws: u32,
}

/// How much of a sample finds a leak, or bounds it.
#[derive(Clone, Debug, Serialize)]
pub struct PowerPlan {
    /// People whom the order protects.
    pub people: u64,
    /// Days from the deadline on.
    pub days: u64,
    /// Values let out about them on these days that the order does not prohibit.
    pub other_values: u64,
    /// By way to leak.
    pub leaks: Vec<LeakPlan>,
}

/// Of one way to leak.
#[derive(Clone, Debug, Serialize)]
pub struct LeakPlan {
    /// [`Leak::id`].
    pub leak: String,
    /// [`Leak::words`].
    pub title: String,
    /// Values that the order prohibits and that leak; of a rate, that may.
    pub flows: u64,
    /// People about whom there are any.
    pub people: u64,
    /// By unit.
    pub units: Vec<UnitPlan>,
}

/// Of one unit.
#[derive(Clone, Debug, Serialize)]
pub struct UnitPlan {
    /// [`Unit::word`].
    pub unit: &'static str,
    /// How many there are.
    pub of: u64,
    /// How many show the leak; where that is chance, on average.
    pub showing: f64,
    /// The least sample that finds the leak with the confidence; none if not even all of them does.
    pub least: Option<u64>,
    /// Probability with which it does.
    pub probability: Option<f64>,
    /// Share of samples of this size that did, of those drawn to try it.
    pub drawn: Option<f64>,
    /// At several sizes of the sample, which rise.
    pub curve: Vec<CurvePoint>,
}

/// A size of the sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// How many are drawn.
    pub n: u64,
    /// Probability that the leak is found.
    pub probability: f64,
    /// If nothing is found: the largest share that can show a leak, with the confidence.
    pub bound: f64,
}

/// Makes a plan. `key` draws the samples that try it.
pub fn plan(all: &ProhibitedFlows, leaks: &[Leak], options: PlanOptions, key: Key) -> PowerPlan {
    let leak_plan = |(number, (&leak, leaked)): (usize, (&Leak, _))| {
        let unit_plan = |unit: Unit| {
            let detection = Detection::new(leak, unit, all, leaked);
            let least = detection.least(options.confidence);
            let entity = (number * Unit::ALL.len() + unit as usize) as u64;
            let sizes = sizes(detection.of(), least);
            UnitPlan {
                unit: unit.word(),
                of: detection.of(),
                showing: detection.showing(),
                least,
                probability: least.map(|n| 1.0 - detection.miss(n)),
                drawn: least.and_then(|n| found((key, entity), (leak, unit), (all, leaked), (n, options.draws))),
                curve: sizes
                    .into_iter()
                    .map(|n| CurvePoint {
                        n,
                        probability: 1.0 - detection.miss(n),
                        bound: detection.bound(n, options.confidence),
                    })
                    .collect(),
            }
        };
        LeakPlan {
            leak: leak.id(),
            title: leak.words(),
            flows: leaked.flows(),
            people: leaked.people(),
            units: Unit::ALL.map(unit_plan).into(),
        }
    };
    PowerPlan {
        people: all.people,
        days: u64::from(all.days.end - all.days.start),
        other_values: all.rest,
        leaks: leaks.iter().zip(&all.leaks).enumerate().map(leak_plan).collect(),
    }
}

/// Sizes at which a curve is drawn: 1, 1.5, 2, 3, 5, 7 and their tenfolds, all of them, and the least that is enough.
fn sizes(of: u64, least: Option<u64>) -> Vec<u64> {
    let tens = std::iter::successors(Some(1u64), |ten| ten.checked_mul(10)).take_while(|&ten| ten <= of);
    let mut sizes: Vec<u64> = tens.flat_map(|ten| [ten, ten / 2 * 3, ten * 2, ten * 3, ten * 5, ten * 7]).collect();
    sizes.extend(least);
    sizes.push(of);
    sizes.retain(|&n| n > 0 && n <= of.max(least.unwrap_or(0)));
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::LeakedFlows;

    #[test]
    fn sizes_rise_to_all_there_is() {
        assert_eq!(sizes(8, Some(4)), [1, 2, 3, 4, 5, 7, 8]);
        assert!(sizes(0, None).is_empty());
        assert_eq!(sizes(40, None), [1, 2, 3, 5, 7, 10, 15, 20, 30, 40]);
    }

    /// What is drawn finds as often as is computed, within four standard errors, for every way to leak and every unit; and one fewer would not do.
    #[test]
    fn plans_hold_when_samples_are_drawn() {
        // A tail of people with many flows, and many with none.
        let about: Vec<u32> = (0..3000u32).map(|i| if i % 3 == 0 { 0 } else { 1 + 2000 / (1 + i % 97) }).collect();
        let about_few: Vec<u32> = about.iter().zip(0u32..).map(|(&n, i)| if i % 50 == 1 { n } else { 0 }).collect();
        let all_flows: u64 = about.iter().map(|&n| u64::from(n)).sum();
        let few_flows: u64 = about_few.iter().map(|&n| u64::from(n)).sum();
        let on = |flows: u64| {
            (0..10).map(|day| if day < 3 { flows / 3 + flows % 3 * u64::from(day == 0) } else { 0 }).collect()
        };
        let whole = LeakedFlows { about, on: on(all_flows) };
        let few = LeakedFlows { about: about_few, on: on(few_flows) };
        let leaks = [Leak::All, Leak::Rate(0.0002), Leak::People(0.02)];
        let all = ProhibitedFlows { people: 3000, days: 0..10, rest: 100_000, leaks: vec![whole.clone(), whole, few] };
        let draws = 4000;
        let plan = plan(&all, &leaks, PlanOptions { confidence: 0.9, draws }, Key::new(7, 0));
        for leak in &plan.leaks {
            for unit in &leak.units {
                let (least, p) = (unit.least.expect("found"), unit.probability.expect("known"));
                assert!(p >= 0.9, "{} {}: {p}", leak.leak, unit.unit);
                let drawn = unit.drawn.expect("drawn");
                let error = (p * (1.0 - p) / f64::from(draws)).sqrt();
                assert!((drawn - p).abs() <= 4.0 * error + 1e-12, "{} {} {least}: {drawn} {p}", leak.leak, unit.unit);
                let before = unit.curve.iter().rfind(|point| point.n < least);
                assert!(before.is_none_or(|point| point.probability < 0.9));
                assert!(unit.curve.windows(2).all(|w| w[0].probability <= w[1].probability + 1e-12));
            }
        }
    }
}
