//! Disclosures followed one by one, against the counters.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{cnil, execute};
use outflow::exposure::{ALL, Tabulation};
use outflow::output::records::{draw, follow, subject};
use outflow::policy::Role;

/// Small communities, so that few people already make many of them.
const SMALL: [&str; 1] = ["world.community_size=256"];

#[test]
fn following_everybody_gives_the_counters_figures() {
    let scenario = cnil(2_000, 3, &SMALL);
    let (run, outcome) = execute(&scenario, 1);
    let rows = Tabulation::new(&scenario, &run.compiled, &outcome.totals).exposure();
    let everybody: BTreeSet<u64> = (0..2_000).collect();
    for policy in &scenario.policies {
        let mut values: BTreeMap<usize, u64> = BTreeMap::new();
        let mut people: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
        let result = follow(&run, policy, &everybody, |d| {
            *values.entry(d.purpose).or_default() += 1;
            people.entry(d.purpose).or_default().insert(d.subject);
            assert!(!d.rules.is_empty());
            assert_eq!(d.role == Role::Actor, d.actor == d.subject);
            Ok::<(), ()>(())
        });
        assert_eq!(result, Ok(()));
        for (index, purpose) in scenario.purposes.iter().enumerate() {
            let figure = |metric: &str| {
                let found = rows.iter().find(|r| {
                    (&*r.policy, &*r.purpose, &*r.metric) == (&*policy.id, &*purpose.id, metric)
                        && [&r.jurisdiction, &r.population, &r.category].iter().all(|c| &***c == ALL)
                });
                found.map(|r| r.value.as_f64() as u64)
            };
            assert_eq!(figure("disclosed_values"), Some(values.get(&index).copied().unwrap_or(0)));
            assert_eq!(figure("people_exposed"), Some(people.get(&index).map_or(0, |p| p.len() as u64)));
        }
    }
}

#[test]
fn a_draw_is_of_the_jurisdiction_and_even() {
    let scenario = cnil(20_000, 1, &SMALL);
    let run = outflow::simulate::Simulation::new(&scenario);
    let span = run.population.layout.spans()[0];
    let drawn = draw(&run, 0, 2_000);
    assert_eq!(drawn.len(), 2_000);
    let community = |id: &u64| run.population.public_ids.find(*id).expect("there is this person").0;
    assert!(drawn.iter().all(|id| run.population.layout.shape(community(id)).jurisdiction == 0));
    // Halves of the jurisdiction get half each: 1000 with a standard deviation of 18, as 2000 of 6000 are drawn.
    let middle = span.first + span.communities / 2;
    let before: u64 = (span.first..middle).map(|c| u64::from(run.population.layout.shape(c).people)).sum();
    let expected = 2_000.0 * before as f64 / span.people as f64;
    let got = drawn.iter().filter(|id| community(id) < middle).count() as f64;
    assert!((got - expected).abs() < 75.0, "{got} of {expected}");
    // More than there are: everybody, each once.
    assert_eq!(draw(&run, 0, 1_000_000).len() as u64, span.people);
    assert_eq!(draw(&run, 0, 50), draw(&run, 0, 50));
}

#[test]
fn a_subject_is_what_is_held_about_them() {
    let scenario = cnil(2_000, 3, &SMALL);
    let run = outflow::simulate::Simulation::new(&scenario);
    let policy = &scenario.policies[0];
    let person = run.population.public_ids.public(1, 3);
    let mut values = 0;
    let followed = follow(&run, policy, &BTreeSet::from([person]), |d| {
        assert_eq!(d.subject, person);
        values += 1;
        Ok::<(), ()>(())
    });
    assert_eq!(followed, Ok(()));
    let held = subject(&run, policy, person).expect("there is this person");
    assert!(values > 0);
    assert_eq!(held.held.iter().map(|h| h.from_own_use + h.from_others).sum::<u64>(), values);
    assert!(held.others >= held.holders);
    assert!(subject(&run, policy, 2_000).is_none());
}
