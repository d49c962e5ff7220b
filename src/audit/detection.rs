//! How likely a sample finds a leak: exactly, for each unit that may be drawn.

use std::collections::BTreeMap;

use super::leak::Leak;
use super::prohibited::{LeakedFlows, ProhibitedFlows};
use crate::statistics::{Marked, Silent, least, ln_binomial, most_marked};

/// What is drawn at random, without replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// People whom the order protects: all that was let out about each, on all days from the deadline on.
    People,
    /// Days from the deadline on: all that was let out about everybody whom the order protects.
    Days,
    /// Values that were let out about people whom the order protects, from the deadline on.
    Records,
}

impl Unit {
    /// All.
    pub const ALL: [Unit; 3] = [Unit::People, Unit::Days, Unit::Records];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Unit::People => "people",
            Unit::Days => "days",
            Unit::Records => "records",
        }
    }
}

/// What is drawn from, and what of it shows the leak.
#[derive(Clone, Debug)]
pub enum Detection {
    /// So many of them show it.
    Fixed(Marked),
    /// Each shows it with a chance of its own.
    Chances(Silent, Marked),
    /// Values of which some leak, each with the same chance: how many there are to draw from is chance too.
    Thinned {
        /// Values that are let out whatever leaks.
        rest: u64,
        /// Values that may leak.
        flows: u64,
        /// How likely each does.
        rate: f64,
    },
}

impl Detection {
    /// Of a leak, drawn by a unit.
    pub fn new(leak: Leak, unit: Unit, all: &ProhibitedFlows, leaked: &LeakedFlows) -> Self {
        let count = |some: u64, of: u64| Detection::Fixed(Marked { of, marked: some });
        match (unit, leak) {
            (Unit::Records, Leak::Rate(rate)) => Detection::Thinned { rest: all.rest, flows: leaked.flows(), rate },
            (Unit::Records, _) => count(leaked.flows(), all.rest + leaked.flows()),
            (Unit::People, Leak::Rate(rate)) => chances(leaked.about.iter().map(|&n| n.into()), rate),
            (Unit::Days, Leak::Rate(rate)) => chances(leaked.on.iter().copied(), rate),
            (Unit::People, _) => count(leaked.people(), all.people),
            (Unit::Days, _) => count(leaked.on.iter().filter(|&&n| n > 0).count() as u64, leaked.on.len() as u64),
        }
    }

    /// How many there are to draw from; where that is chance, on average, rounded.
    pub fn of(&self) -> u64 {
        match self {
            Detection::Fixed(marked) | Detection::Chances(_, marked) => marked.of,
            Detection::Thinned { rest, flows, rate } => rest + (*flows as f64 * rate).round() as u64,
        }
    }

    /// How many of them show the leak; where that is chance, on average.
    pub fn showing(&self) -> f64 {
        match self {
            Detection::Fixed(marked) => marked.marked as f64,
            Detection::Chances(silent, _) => silent.showing(),
            Detection::Thinned { flows, rate, .. } => *flows as f64 * rate,
        }
    }

    /// Most that can be drawn.
    fn most(&self) -> u64 {
        match self {
            Detection::Thinned { rest, flows, .. } => rest + flows,
            other => other.of(),
        }
    }

    /// Probability that a sample of `n` shows nothing of the leak.
    pub fn miss(&self, n: u64) -> f64 {
        match self {
            Detection::Fixed(marked) => libm::exp(marked.ln_none(n)),
            Detection::Chances(silent, _) => libm::exp(silent.ln_none(n)),
            Detection::Thinned { rest, flows, rate } => {
                let none = |leaked: u64| libm::exp(Marked { of: rest + leaked, marked: leaked }.ln_none(n));
                over_leaked(*flows, *rate).map(|(leaked, p)| p * none(leaked)).sum::<f64>().min(1.0)
            }
        }
    }

    /// The least sample that finds the leak with this confidence; `None` if not even all that there is does.
    pub fn least(&self, confidence: f64) -> Option<u64> {
        // What rounding makes of a miss that is exactly what is allowed must not cost another draw.
        let allowed = (1.0 - confidence) * (1.0 + 1e-12);
        least(self.most(), |n| self.miss(n) <= allowed)
    }

    /// If a sample of `n` shows nothing: the largest share of all that can, with this confidence, show it.
    pub fn bound(&self, n: u64, confidence: f64) -> f64 {
        let of = self.of().max(1);
        most_marked(0, n.min(of), of, confidence) as f64 / of as f64
    }
}

/// Of things with so many flows each.
fn chances(flows: impl Iterator<Item = u64>, rate: f64) -> Detection {
    let mut groups: BTreeMap<u64, u64> = BTreeMap::new();
    flows.for_each(|n| *groups.entry(n).or_default() += 1);
    let of = groups.values().sum();
    let marked = groups.iter().filter(|(n, _)| **n > 0).map(|(_, people)| people).sum();
    let silent = groups.into_iter().map(|(n, people)| (libm::exp(n as f64 * libm::log1p(-rate)), people));
    Detection::Chances(Silent::new(silent), Marked { of, marked })
}

/// How many of the flows leak, with the probability of each number: binomial, but for what is less likely than 10^-20 in sum.
pub(super) fn over_leaked(flows: u64, rate: f64) -> impl Iterator<Item = (u64, f64)> {
    let mean = flows as f64 * rate;
    let reach = 10.0 * libm::sqrt(mean * (1.0 - rate)) + 50.0;
    let (from, to) = ((mean - reach).max(0.0) as u64, ((mean + reach) as u64).min(flows));
    (from..=to).map(move |n| (n, libm::exp(ln_binomial(n as f64, flows as f64, rate, 1.0 - rate))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flows(about: &[u32], on: &[u64]) -> LeakedFlows {
        LeakedFlows { about: about.to_vec(), on: on.to_vec() }
    }

    fn world(rest: u64, leaked: &LeakedFlows) -> ProhibitedFlows {
        let people = leaked.about.len() as u64;
        ProhibitedFlows { people, days: 0..leaked.on.len() as u32, rest, leaks: vec![leaked.clone()] }
    }

    /// Six people, two with flows: by hand.
    #[test]
    fn people_days_and_records_by_hand() {
        let leaked = flows(&[0, 3, 0, 0, 1, 0], &[4, 0]);
        let world = world(12, &leaked);
        let [people, days, records] = Unit::ALL.map(|unit| Detection::new(Leak::All, unit, &world, &leaked));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        // C(4, 2) / C(6, 2); one day in two; C(12, 2) / C(16, 2).
        near(people.miss(2), 6.0 / 15.0);
        near(days.miss(1), 0.5);
        near(records.miss(2), 66.0 / 120.0);
        assert_eq!((people.of(), days.of(), records.of()), (6, 2, 16));
        assert_eq!((people.least(0.6), people.least(0.61), people.least(1.0 - 1e-9)), (Some(2), Some(3), Some(5)));
        // Each flow with one chance in two: of one person the mean of 1, 1/8, 1, 1, 1/2, 1.
        let rate = |unit| Detection::new(Leak::Rate(0.5), unit, &world, &leaked);
        near(rate(Unit::People).miss(1), (4.0 + 0.125 + 0.5) / 6.0);
        near(rate(Unit::People).miss(6), 0.0625);
        near(rate(Unit::Days).miss(1), (1.0 + 0.0625) / 2.0);
        assert_eq!(rate(Unit::People).least(0.95), None);
        // Of records: 0 to 4 leaked, 1 4 6 4 1 in 16; of one drawn, 12 / (12 + k) is none of them.
        let mean: f64 =
            [1.0, 4.0, 6.0, 4.0, 1.0].iter().zip(0..).map(|(w, k)| w / 16.0 * 12.0 / (12.0 + f64::from(k))).sum();
        near(rate(Unit::Records).miss(1), mean);
    }

    #[test]
    fn nothing_is_never_found() {
        let leaked = flows(&[0, 0], &[0]);
        for unit in Unit::ALL {
            for leak in [Leak::All, Leak::Rate(0.1)] {
                let detection = Detection::new(leak, unit, &world(7, &leaked), &leaked);
                assert_eq!(detection.least(0.95), None, "{unit:?} {leak:?}");
                assert!(detection.miss(detection.of()) > 1.0 - 1e-12);
            }
        }
    }

    /// Whoever sees half of all without finding any knows less than whoever sees more.
    #[test]
    fn bounds_fall() {
        let detection = Detection::Fixed(Marked { of: 1000, marked: 3 });
        let bounds = [1, 10, 100, 500, 1000].map(|n| detection.bound(n, 0.95));
        assert!(bounds.windows(2).all(|w| w[0] > w[1]) && bounds[4] == 0.0, "{bounds:?}");
    }
}
