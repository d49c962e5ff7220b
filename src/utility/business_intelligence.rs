//! Business intelligence: what the parent learns about the use of its services, a model.
//!
//! WhatsApp named what it wanted: unique users over the family of services, and how their use compares ("Notice for EU users", 2017). Of these the model has three *indicators*: how many users have an account
//! with the parent too (`users_of_both`), how many people have an account with either (`users_of_family`), and how active users are who have both (`activity_of_both`, the expected share of days on which
//! they use the service). Each is estimated from what a policy lets out for the purpose, in one of these ways:
//!
//! - `linked`: accounts are matched one by one, of the users whose identifier is let out, as it is, hashed or under a key. What holds for them is taken to hold for the others.
//! - `sketch_bits=b`: the service hands over a HyperLogLog sketch of 2^b registers of those about whom anything is let out, and the parent merges it with its own: `|A| + |B| - |A or B|`. It says nothing of activity.
//! - `epsilon=e`: the service counts these matches itself, and hands over counts with Laplace noise of scale 1/e for each; for the mean activity half of `e` goes to the sum and half to the count.
//!
//! Both companies know how many accounts they have themselves. Likewise, those about whom nothing is let out are taken to be like the others: a panel of those who agree is such a policy. The *error* is relative
//! to the truth of the model's world; *usefulness* falls from 1 to 0 as the error rises to the tolerance. Nobody's counts are the truth, so all of it is a model and no measurement.

use rand::RngExt;

use super::let_out::{LetOut, by_class};
use super::sketch::Sketch;
use super::table::{RowsOf, UtilityRow};
use crate::exposure::{ALL, FigureValue};
use crate::population::{Community, person_id};
use crate::random::{Domain, PhiloxRng};
use crate::scenario::{BusinessIntelligence, Scenario};
use crate::simulate::Simulation;

/// Word of the model.
pub const MODEL: &str = "business_intelligence";
/// Expected shares of days are added up in so many parts.
const ONE: f64 = 4_294_967_296.0;

/// What the parent wants to know.
pub const INDICATORS: [(&str, &str); 3] = [
    (crate::scenario::INDICATORS[0], "people"),
    (crate::scenario::INDICATORS[1], "people"),
    (crate::scenario::INDICATORS[2], "share"),
];

/// Counters of one world: integers that merge by addition, and registers that merge by the larger.
#[derive(Clone, Debug, PartialEq)]
pub struct BusinessCounts {
    /// Users of the service, people with an account with the parent, people with both; expected activity of the last, in parts of [`ONE`].
    users: u64,
    accounts: u64,
    both: Matches,
    /// By policy.
    policies: Vec<PolicyCounts>,
    /// Of all accounts with the parent, by number of registers.
    parent: Vec<Sketch>,
}

/// People, and their expected activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Matches {
    people: u64,
    activity: u128,
}

/// What a policy lets out.
#[derive(Clone, Debug, PartialEq)]
struct PolicyCounts {
    /// Users by [`LetOut`].
    users: [u64; 4],
    /// Of those that are linked, and of all about whom anything is let out: those with both accounts.
    linked: Matches,
    told: Matches,
    /// Of all about whom anything is let out, by number of registers.
    sketches: Vec<Sketch>,
}

impl Matches {
    fn add(&mut self, other: Matches) {
        self.people += other.people;
        self.activity += other.activity;
    }

    fn mean(self) -> Option<f64> {
        (self.people > 0).then(|| self.activity as f64 / ONE / self.people as f64)
    }
}

impl BusinessCounts {
    /// Nobody, under so many policies.
    pub fn new(asked: &BusinessIntelligence, policies: usize) -> Self {
        let sketches: Vec<Sketch> = asked.sketch_bits.iter().map(|&bits| Sketch::new(bits)).collect();
        let none = PolicyCounts {
            users: [0; 4],
            linked: Matches::default(),
            told: Matches::default(),
            sketches: sketches.clone(),
        };
        BusinessCounts {
            users: 0,
            accounts: 0,
            both: Matches::default(),
            policies: vec![none; policies],
            parent: sketches,
        }
    }

    /// Adds the people of a community. `let_out`: by policy and merged class.
    pub fn add(&mut self, world: &Simulation, community: &Community, let_out: &[Vec<LetOut>]) {
        let (population, compiled) = (&world.population, &world.compiled);
        let hashes = population.key.streams(Domain::Utility, 0, 0, 0)[0];
        let shape = &community.shape;
        for local in 0..shape.people {
            let class = community.columns.class[local as usize];
            let person = &population.classes.all()[usize::from(class)];
            let hash = hashes.at(person_id(shape.number, local));
            if person.parent_account {
                self.accounts += 1;
                self.parent.iter_mut().for_each(|sketch| sketch.add(hash));
            }
            if !person.user {
                continue;
            }
            self.users += 1;
            let presence = community.columns.presence[local as usize] as usize;
            let threshold = population.people.presence[presence % population.people.presence.len()];
            let own = match person.parent_account {
                true => Matches { people: 1, activity: threshold.into() },
                false => Matches::default(),
            };
            self.both.add(own);
            let merged = usize::from(compiled.merged[usize::from(class)]);
            for (counts, let_out) in self.policies.iter_mut().zip(let_out) {
                let how = let_out[merged];
                counts.users[how as usize] += 1;
                if how <= LetOut::Pseudonymous {
                    counts.linked.add(own);
                }
                if how <= LetOut::Counted {
                    counts.told.add(own);
                    counts.sketches.iter_mut().for_each(|sketch| sketch.add(hash));
                }
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &BusinessCounts) {
        self.users += other.users;
        self.accounts += other.accounts;
        self.both.add(other.both);
        let merge = |own: &mut [Sketch], theirs: &[Sketch]| own.iter_mut().zip(theirs).for_each(|(a, b)| a.merge(b));
        merge(&mut self.parent, &other.parent);
        for (own, theirs) in self.policies.iter_mut().zip(&other.policies) {
            own.users.iter_mut().zip(theirs.users).for_each(|(sum, more)| *sum += more);
            own.linked.add(theirs.linked);
            own.told.add(theirs.told);
            merge(&mut own.sketches, &theirs.sketches);
        }
    }

    /// Rows of a world, policy by policy.
    pub fn rows(
        &self,
        scenario: &Scenario,
        asked: &BusinessIntelligence,
        noise: &dyn Fn(u64) -> PhiloxRng,
    ) -> Vec<UtilityRow> {
        let mut rows = Vec::new();
        let truths = self.indicators(self.both.people as f64, self.both.mean());
        for (policy, counts) in scenario.policies.iter().zip(&self.policies) {
            let mut to = RowsOf::new(&mut rows, &policy.id, &scenario.purposes[asked.purpose].id, MODEL);
            let mut add = |indicator, metric, parameter: &str, value, unit| {
                to.add(indicator, metric, parameter, (value, unit));
            };
            let people = [("users_identified", 0), ("users_pseudonymous", 1), ("users_counted", 2), ("users_kept", 3)];
            for (metric, how) in people {
                add(ALL, metric, "", FigureValue::Count(counts.users[how]), "people");
            }
            let estimates = self.estimates(counts, asked, noise);
            for (i, (indicator, unit)) in INDICATORS.into_iter().enumerate() {
                let truth = truths[i].unwrap_or(0.0);
                add(indicator, "truth", "", FigureValue::Ratio(truth), unit);
                for (how, estimates) in &estimates {
                    let (estimate, error) = match estimates[i] {
                        Some(estimate) if truth > 0.0 => (estimate, (estimate - truth).abs() / truth),
                        Some(estimate) => (estimate, if estimate == truth { 0.0 } else { 1.0 }),
                        // Nothing is known.
                        None => (0.0, 1.0),
                    };
                    let usefulness = 1.0 - (error / asked.tolerances[i]).min(1.0);
                    add(indicator, "estimate", how, FigureValue::Ratio(estimate), unit);
                    add(indicator, "error", how, FigureValue::Ratio(error), "relative");
                    add(indicator, "usefulness", how, FigureValue::Ratio(usefulness), "share");
                }
            }
        }
        rows
    }

    /// Indicators from how many users have both accounts, and how active they are.
    fn indicators(&self, both: f64, activity: Option<f64>) -> [Option<f64>; 3] {
        [Some(both), Some((self.users + self.accounts) as f64 - both), activity]
    }

    /// What is estimated in each way.
    fn estimates(
        &self,
        counts: &PolicyCounts,
        asked: &BusinessIntelligence,
        noise: &dyn Fn(u64) -> PhiloxRng,
    ) -> Vec<(String, [Option<f64>; 3])> {
        let [identified, pseudonymous, counted, _] = counts.users;
        let linked = identified + pseudonymous;
        let told = linked + counted;
        // Those who are not among these are taken to be like them.
        let of_all = |both: f64, among: u64, activity: Option<f64>| match among {
            0 => [None; 3],
            _ => self.indicators(both * self.users as f64 / among as f64, activity),
        };
        let mut all = vec![("linked".to_owned(), of_all(counts.linked.people as f64, linked, counts.linked.mean()))];
        for ((bits, own), parent) in asked.sketch_bits.iter().zip(&counts.sketches).zip(&self.parent) {
            let mut union = own.clone();
            union.merge(parent);
            let both = (told + self.accounts) as f64 - union.estimate();
            all.push((format!("sketch_bits={bits}"), of_all(both.clamp(0.0, told as f64), told, None)));
        }
        for (i, &epsilon) in asked.epsilon.iter().enumerate() {
            // The same noise under all policies: equal ones see equal draws.
            let mut rng = noise(i as u64);
            let [on_both, on_sum, on_count] =
                [epsilon, epsilon / 2.0, epsilon / 2.0].map(|e| laplace(&mut rng, 1.0 / e));
            let both = (counts.told.people as f64 + on_both).clamp(0.0, told as f64);
            let sum = counts.told.activity as f64 / ONE + on_sum;
            let activity = (sum / (counts.told.people as f64 + on_count).max(1.0)).clamp(0.0, 1.0);
            all.push((format!("epsilon={epsilon}"), of_all(both, told, Some(activity))));
        }
        all
    }
}

/// Rows of a policy.
pub fn rows(asked: &BusinessIntelligence) -> u64 {
    let ways = 1 + asked.sketch_bits.len() + asked.epsilon.len();
    4 + INDICATORS.len() as u64 * (1 + 3 * ways as u64)
}

/// How much of the purpose each policy keeps: the mean over indicators of the usefulness of the way that tells most.
pub fn kept(rows: &[UtilityRow], scenario: &Scenario) -> Vec<f64> {
    let of_policy = |policy: &str| {
        let most = |indicator: &str| {
            let usefulness = |row: &&UtilityRow| {
                *row.policy == *policy && *row.indicator == *indicator && row.metric == "usefulness"
            };
            rows.iter().filter(usefulness).map(|row| row.value.as_f64()).fold(0.0, f64::max)
        };
        INDICATORS.iter().map(|(indicator, _)| most(indicator)).sum::<f64>() / INDICATORS.len() as f64
    };
    scenario.policies.iter().map(|policy| of_policy(&policy.id)).collect()
}

/// By policy and merged class, how users' identifiers are let out.
pub fn let_out(world: &Simulation, asked: &BusinessIntelligence) -> Vec<Vec<LetOut>> {
    let of_policy = |policy| by_class(&world.compiled, (policy, asked.purpose), asked.identifiers);
    (0..world.compiled.policies).map(of_policy).collect()
}

/// Laplace noise with a scale: its variance is twice the square.
fn laplace(rng: &mut PhiloxRng, scale: f64) -> f64 {
    // From -1/2 to 1/2, never the ends.
    let u = (rng.random::<u64>() >> 12) as f64 / (1u64 << 52) as f64 - 0.5 + f64::EPSILON;
    -scale * u.signum() * libm::log1p(-2.0 * u.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Key;

    /// Its mean is 0, its mean size the scale, its variance twice the square.
    #[test]
    fn noise_is_that_of_laplace() {
        let mut rng = Key::new(9, 0).rng(Domain::Utility, 0, 1);
        let n = 40_000;
        let draws: Vec<f64> = (0..n).map(|_| laplace(&mut rng, 3.0)).collect();
        let mean = |of: &dyn Fn(f64) -> f64| draws.iter().map(|&x| of(x)).sum::<f64>() / f64::from(n);
        let error = f64::from(n).sqrt();
        assert!(mean(&|x| x).abs() < 4.0 * 18f64.sqrt() / error, "{}", mean(&|x| x));
        assert!((mean(&f64::abs) - 3.0).abs() < 4.0 * 3.0 / error, "{}", mean(&f64::abs));
        // The variance of squares is 24 - 4 = 20 times the fourth power.
        assert!((mean(&|x| x * x) - 18.0).abs() < 4.0 * (20f64 * 81.0).sqrt() / error, "{}", mean(&|x| x * x));
        assert!(draws.iter().all(|x| x.is_finite()));
    }
}
